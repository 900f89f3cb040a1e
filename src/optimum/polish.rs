//! Makes the schedule of an interior point exact.

use super::{Multipliers, Problem, Schedule, Slot, Step, Store};

/// Powers below this, kW, are rounding; and so are those of all stores in a slot together.
const DUST_KW: f64 = 1e-9;

/// Nothing is charged and discharged at once unless that pays, stored energy follows from the powers and stays in its range, and
/// slots balance to the last digit. Goes through the day from slot to slot: what an interior point leaves to be rounded goes where
/// it costs least. Begins anew without a slot in which losing energy turns out to be of use. O(stores x steps) each time.
///
/// Charging and discharging at once loses energy. At an optimum that is of no use in a slot in which energy has a marginal price
/// above 0, and of no harm where the price is 0; it pays where the price is below 0, which takes a negative price of buying in
/// some slot or a surplus that has to be got rid of.
pub(super) fn polish(problem: &Problem, rough: &Schedule, multipliers: &Multipliers) -> Schedule {
    let offered = problem.slots.iter().map(|slot| problem.slot_h * slot.buy.abs().max(slot.sell.abs()));
    let none = 1e-6 * offered.chain(multipliers.balance.iter().map(|price| price.abs())).fold(1e-3, f64::max);
    let mut nets: Vec<bool> = multipliers.balance.iter().map(|&price| price > -none).collect();
    let ranges: Vec<Vec<(f64, f64)>> =
        problem.stores.iter().map(|store| lasting_ranges(store, problem.slot_h)).collect();
    let mut steps = vec![Vec::new(); problem.slots.len()];
    for (v, store) in problem.stores.iter().enumerate() {
        store.steps.iter().enumerate().for_each(|(k, step)| steps[step.slot].push((v, k)));
    }
    loop {
        let mut day = Day {
            problem,
            multipliers,
            ranges: &ranges,
            energy_kwh: problem.stores.iter().map(|store| store.initial_kwh).collect(),
            schedule: rough.clone(),
        };
        let mut kept = false;
        for (t, steps) in steps.iter().enumerate() {
            let (left_kw, costs) = day.slot(t, steps, nets[t]);
            // More energy than there is a use for, or none that costs nothing: losing it was of use.
            if nets[t] && (left_kw > DUST_KW || (costs > none && multipliers.balance[t] < none)) {
                nets[t] = false;
                kept = true;
            }
        }
        if kept {
            continue;
        }
        let mut schedule = day.schedule;
        schedule.peak_kw = schedule.import_kw.iter().copied().fold(problem.peak_floor_kw, f64::max);
        // Full stores may have spoilt something later.
        let yen = problem.cost_yen(rough);
        let spoilt = problem.cost_yen(&schedule) > yen + 1e-6 * yen.abs().max(1.0);
        let worthless = nets.iter_mut().zip(&multipliers.balance).filter(|(net, price)| **net && **price < none);
        if !spoilt || worthless.map(|(net, _)| *net = false).count() == 0 {
            return schedule;
        }
    }
}

/// For each step, the energies from which the rest of the way can be gone. With a taper, energy after a step is at most (energy
/// before + slot x slope x top) / (1 + slot x slope).
fn lasting_ranges(store: &Store, slot_h: f64) -> Vec<(f64, f64)> {
    let mut ranges = vec![(0.0, 0.0); store.steps.len()];
    let (mut least, mut most) = (f64::NEG_INFINITY, f64::INFINITY);
    for (range, step) in ranges.iter_mut().zip(&store.steps).rev() {
        (least, most) = (least.max(step.low_kwh), most.min(step.high_kwh));
        *range = (least, most);
        let straight = least - slot_h * store.charge_efficiency * step.charge_kw;
        let tapered = store.taper.map_or(straight, |taper| {
            let slope = slot_h * taper.kw_per_kwh;
            straight.max(least * (1.0 + slope) - slope * taper.top_kwh)
        });
        least = step.take_kwh + tapered;
        most += step.take_kwh + slot_h / store.discharge_efficiency * step.discharge_kw;
    }
    ranges
}

/// The day as far as it is exact.
struct Day<'a> {
    problem: &'a Problem,
    multipliers: &'a Multipliers,
    ranges: &'a [Vec<(f64, f64)>],
    /// By store.
    energy_kwh: Vec<f64>,
    schedule: Schedule,
}

/// What can give more or take less, and the cost of the next kW over the slot.
#[derive(Clone, Copy)]
enum Way {
    Free,
    Export,
    Source,
    Import,
    Stores,
}

impl Day<'_> {
    /// Makes one slot exact, and returns the power that is left over, below 0 what is missing; and what that costs beyond the slot's
    /// marginal price.
    fn slot(&mut self, t: usize, steps: &[(usize, usize)], nets: bool) -> (f64, f64) {
        let slot = &self.problem.slots[t];
        let mut left_kw = -slot.load_kw;
        let mut dust_kw = DUST_KW;
        for &(v, k) in steps {
            let (store, step) = (&self.problem.stores[v], &self.problem.stores[v].steps[k]);
            let (charge, discharge) = (&mut self.schedule.charge_kw[v][k], &mut self.schedule.discharge_kw[v][k]);
            *charge = charge.clamp(0.0, step.charge_kw);
            *discharge = discharge.clamp(0.0, step.discharge_kw);
            if nets && store.charge_efficiency * store.discharge_efficiency <= 1.0 && charge.min(*discharge) > 0.0 {
                let stored_kw = stored_kw(store, *charge, *discharge);
                *charge = stored_kw.max(0.0) / store.charge_efficiency;
                *discharge = (-stored_kw).max(0.0) * store.discharge_efficiency;
            }
            for power in [charge, discharge] {
                if *power < dust_kw {
                    dust_kw -= *power;
                    *power = 0.0;
                }
            }
            let (least, most) = self.room_kwh(v, k);
            let rise_kwh = self.rise_kwh(v, k);
            self.raise(v, k, rise_kwh.clamp(least, most.max(least)) - rise_kwh);
            left_kw += self.schedule.discharge_kw[v][k] - self.schedule.charge_kw[v][k];
        }
        left_kw += self.site_kw(t, slot);
        let mut costs = 0.0;
        for (way, price) in self.ways(t, slot, left_kw < 0.0) {
            let before_kw = left_kw;
            left_kw = self.shift(t, way, steps, left_kw);
            costs += ((before_kw - left_kw) * (self.multipliers.balance[t] - price)).max(0.0);
        }
        for &(v, k) in steps {
            self.energy_kwh[v] += self.rise_kwh(v, k);
            self.schedule.energy_kwh[v][k] = self.energy_kwh[v];
        }
        (left_kw, costs)
    }

    /// What the site itself supplies, with limits kept and nothing bought and sold at once unless that pays.
    fn site_kw(&mut self, t: usize, slot: &Slot) -> f64 {
        let Schedule { import_kw, export_kw, free_used_kw, source_kw, .. } = &mut self.schedule;
        let (import, export) = (&mut import_kw[t], &mut export_kw[t]);
        let limits = [slot.import_limit_kw, slot.export_limit_kw, slot.free_kw, slot.source_kw];
        let powers = [&mut *import, &mut *export, &mut free_used_kw[t], &mut source_kw[t]];
        for (power, limit) in powers.into_iter().zip(limits) {
            *power = if *power < DUST_KW { 0.0 } else { power.min(limit) };
        }
        if slot.buy >= slot.sell {
            let both = import.min(*export);
            *import -= both;
            *export -= both;
        }
        *import - *export + free_used_kw[t] + source_kw[t]
    }

    /// In which order to supply what is missing, cheapest first, or to save what is left over, dearest first. Stores that can do
    /// either can do so at the slot's marginal price.
    fn ways(&self, t: usize, slot: &Slot, is_missing: bool) -> [(Way, f64); 5] {
        let h = self.problem.slot_h;
        // More at the peak raises it; less in one of its slots alone does not lower it.
        let is_peak = is_missing && self.schedule.import_kw[t] > self.schedule.peak_kw - DUST_KW;
        let peak = if is_peak { self.problem.peak_yen_per_kw } else { 0.0 };
        let mut ways = [
            (Way::Free, 0.0),
            (Way::Export, h * slot.sell),
            (Way::Source, h * slot.source_yen_per_kwh),
            (Way::Stores, self.multipliers.balance[t]),
            (Way::Import, h * slot.buy + peak),
        ];
        ways.sort_by(|a, b| if is_missing { a.1.total_cmp(&b.1) } else { b.1.total_cmp(&a.1) });
        ways
    }

    /// Makes up for what is left over in one way, and returns what is left then.
    fn shift(&mut self, t: usize, way: Way, steps: &[(usize, usize)], left_kw: f64) -> f64 {
        let slot = &self.problem.slots[t];
        let (power, limit, sign) = match way {
            Way::Free => (&mut self.schedule.free_used_kw[t], slot.free_kw, 1.0),
            Way::Source => (&mut self.schedule.source_kw[t], slot.source_kw, 1.0),
            Way::Import => (&mut self.schedule.import_kw[t], slot.import_limit_kw, 1.0),
            Way::Export => (&mut self.schedule.export_kw[t], slot.export_limit_kw, -1.0),
            Way::Stores => return self.shift_stores(steps, left_kw),
        };
        let moved = (*power - sign * left_kw).clamp(0.0, limit) - *power;
        *power += moved;
        left_kw + sign * moved
    }

    fn shift_stores(&mut self, steps: &[(usize, usize)], mut left_kw: f64) -> f64 {
        let h = self.problem.slot_h;
        for &(v, k) in steps {
            if left_kw == 0.0 {
                break;
            }
            let (store, step) = (&self.problem.stores[v], &self.problem.stores[v].steps[k]);
            let (least, most) = self.room_kwh(v, k);
            let rise_kwh = self.rise_kwh(v, k);
            let (charge, discharge) = (&mut self.schedule.charge_kw[v][k], &mut self.schedule.discharge_kw[v][k]);
            let (by_charge, by_discharge) = (h * store.charge_efficiency, h / store.discharge_efficiency);
            // Where energy is left over discharge less, then charge more; where it is missing charge less, then discharge more.
            let room_kwh = if left_kw > 0.0 { (most - rise_kwh).max(0.0) } else { (least - rise_kwh).min(0.0) };
            let mut discharge_less = |left_kw: &mut f64, room_kwh: &mut f64| {
                let kw = left_kw.abs().min(room_kwh.abs() / by_discharge).copysign(*left_kw);
                let moved = *discharge - (*discharge - kw).clamp(0.0, step.discharge_kw);
                *discharge -= moved;
                *left_kw -= moved;
                *room_kwh -= moved * by_discharge;
            };
            let mut charge_more = |left_kw: &mut f64, room_kwh: &mut f64| {
                let kw = left_kw.abs().min(room_kwh.abs() / by_charge).copysign(*left_kw);
                let moved = (*charge + kw).clamp(0.0, step.charge_kw) - *charge;
                *charge += moved;
                *left_kw -= moved;
                *room_kwh -= moved * by_charge;
            };
            let mut room_kwh = room_kwh;
            if left_kw > 0.0 {
                discharge_less(&mut left_kw, &mut room_kwh);
                charge_more(&mut left_kw, &mut room_kwh);
            } else {
                charge_more(&mut left_kw, &mut room_kwh);
                discharge_less(&mut left_kw, &mut room_kwh);
            }
        }
        left_kw
    }

    /// By how much energy has to and may rise in a step, trips before it included.
    fn room_kwh(&self, v: usize, k: usize) -> (f64, f64) {
        let (store, step) = (&self.problem.stores[v], &self.problem.stores[v].steps[k]);
        let ((least, most), before) = (self.ranges[v][k], self.energy_kwh[v]);
        let begin = before - step.take_kwh;
        let reach = store.taper.map_or(most, |taper| {
            let slope = self.problem.slot_h * taper.kw_per_kwh;
            most.min((begin + slope * taper.top_kwh) / (1.0 + slope))
        });
        (least - before, reach - before)
    }

    /// By how much energy rises in a step.
    fn rise_kwh(&self, v: usize, k: usize) -> f64 {
        let store = &self.problem.stores[v];
        let powers = stored_kw(store, self.schedule.charge_kw[v][k], self.schedule.discharge_kw[v][k]);
        self.problem.slot_h * powers - store.steps[k].take_kwh
    }

    /// Changes the powers of a step by as little as lets energy rise by so much more.
    fn raise(&mut self, v: usize, k: usize, more_kwh: f64) {
        let (store, Step { charge_kw, discharge_kw, .. }) = (&self.problem.stores[v], self.problem.stores[v].steps[k]);
        let mut more_kw = more_kwh / self.problem.slot_h;
        let mut shift = |power: &mut f64, high: f64, each: f64| {
            let moved = (*power + more_kw / each).clamp(0.0, high) - *power;
            *power += moved;
            more_kw -= moved * each;
        };
        let (charge, discharge) = (&mut self.schedule.charge_kw[v][k], &mut self.schedule.discharge_kw[v][k]);
        if more_kwh > 0.0 {
            shift(discharge, discharge_kw, -1.0 / store.discharge_efficiency);
            shift(charge, charge_kw, store.charge_efficiency);
        } else if more_kwh < 0.0 {
            shift(charge, charge_kw, store.charge_efficiency);
            shift(discharge, discharge_kw, -1.0 / store.discharge_efficiency);
        }
    }
}

fn stored_kw(store: &Store, charge_kw: f64, discharge_kw: f64) -> f64 {
    store.charge_efficiency * charge_kw - discharge_kw / store.discharge_efficiency
}
