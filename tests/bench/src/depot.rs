//! Charging problems drawn from a seed: a depot by half hours from midnight, as in the instances of `../shared/data`.
//!
//! Everything of the site grows with the fleet, so that depots differ in size alone. Eight of ten vehicles give back;
//! each makes two trips a day and comes home from them with at least 15 % of its capacity.

use std::f64::consts::PI;

use noriai::math;
use noriai::optimum::{Problem, Slot, Step, Store};
use noriai::rng::Rng;

const SLOT_H: f64 = 0.5;
const SLOTS_A_DAY: usize = 48;

/// Yen per kW of the highest import, for each day.
const PEAK_YEN_PER_KW: f64 = 62.5;

/// Capacity in kWh, charging and discharging power in kW, and how many of ten vehicles are like this.
const MODELS: [(f64, f64, f64, f64); 5] = [
    (18.0, 2.9, 0.0, 2.0),
    (18.0, 6.0, 6.0, 3.0),
    (36.0, 6.0, 6.0, 3.0),
    (55.0, 6.0, 10.0, 1.0),
    (63.0, 6.0, 6.0, 1.0),
];

/// A depot with so many vehicles, over so many half hours.
pub fn draw(vehicles: usize, slots: usize) -> Problem {
    let mut rng = Rng::new(1, "depot");
    let fleet = vehicles as f64;
    Problem {
        slot_h: SLOT_H,
        slots: (0..slots).map(|slot| site(slot, fleet, &mut rng)).collect(),
        stores: (0..vehicles).map(|_| vehicle(slots, &mut rng)).collect(),
        peak_yen_per_kw: PEAK_YEN_PER_KW * (slots as f64 / SLOTS_A_DAY as f64),
        peak_floor_kw: 0.0,
    }
}

fn between(low: f64, high: f64, rng: &mut Rng) -> f64 {
    low + (high - low) * rng.unit()
}

/// A price with a morning and an evening peak and a valley at noon, load of the working day, sun from six to eighteen.
fn site(slot: usize, fleet: f64, rng: &mut Rng) -> Slot {
    let hour = (slot % SLOTS_A_DAY) as f64 * SLOT_H;
    let bell = |around: f64, width: f64| math::exp(-((hour - around) / width) * ((hour - around) / width));
    let buy = 21.0 + 5.0 * bell(7.0, 1.5) - 6.0 * bell(12.0, 3.0) + 11.0 * bell(18.0, 2.0) + between(-0.5, 0.5, rng);
    Slot {
        load_kw: fleet * (0.35 + 0.4 * bell(13.0, 4.0) + between(-0.02, 0.02, rng)),
        free_kw: fleet * 1.2 * math::sin(PI * (hour - 6.0) / 12.0).max(0.0) * between(0.8, 1.0, rng),
        buy,
        sell: 0.9 * buy - 10.0,
        import_limit_kw: 1.9 * fleet,
        export_limit_kw: 1.2 * fleet,
        ..Slot::default()
    }
}

/// A vehicle that is away from about seven to twelve and from about two to five.
fn vehicle(slots: usize, rng: &mut Rng) -> Store {
    let (capacity_kwh, charge_kw, discharge_kw, _) = MODELS[rng.weighted(&MODELS.map(|(.., share)| share))];
    let low_kwh = 0.15 * capacity_kwh;
    let mut steps: Vec<Step> = Vec::new();
    let mut take_kwh = 0.0;
    let mut home = 0;
    let plugged =
        |slot, take_kwh| Step { slot, take_kwh, charge_kw, discharge_kw, low_kwh, high_kwh: 0.95 * capacity_kwh };
    for day in (0..slots).step_by(SLOTS_A_DAY) {
        for (leaves, returns) in [(14.0, 24.0), (28.0, 34.0)] {
            let leaves = day + between(leaves - 2.0, leaves + 2.0, rng) as usize;
            let trip_kwh = between(0.1, 0.25, rng) * capacity_kwh;
            for slot in home..leaves.min(slots) {
                steps.push(plugged(slot, std::mem::take(&mut take_kwh)));
            }
            if let Some(last) = steps.last_mut() {
                last.low_kwh = low_kwh + trip_kwh;
            }
            take_kwh = trip_kwh;
            home = day + between(returns - 2.0, returns + 2.0, rng) as usize;
        }
    }
    for slot in home..slots {
        steps.push(plugged(slot, std::mem::take(&mut take_kwh)));
    }
    if let Some(last) = steps.last_mut() {
        last.low_kwh = 0.55 * capacity_kwh;
    }
    Store {
        initial_kwh: between(0.5, 0.75, rng) * capacity_kwh,
        charge_efficiency: 0.95,
        discharge_efficiency: 0.95,
        wear_yen_per_kwh: 3.0,
        taper: None,
        steps,
    }
}
