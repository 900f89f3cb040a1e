//! The cheapest schedule for the rest of the day, by [`crate::optimum`], made anew every half hour (a rolling horizon).
//!
//! In the plan a van that is out is taken to be at its charger for the share of each slot that the forecast says, to use what the
//! forecast says, and to keep above what it may need; a car is away on its known trips. Energy planned for the slot is then
//! taken or given in steps: at half power or more while the site buys anyway, since converters lose most at low power, else
//! evenly.

use super::{Unit, View};
use crate::battery::Link;
use crate::charging::{Forecast, STEP};
use crate::log::PlanRow;
use crate::optimum::{self, Outcome, Problem, Slot, Step, Store};
use crate::site::{SLOT, SLOT_H, SiteSpec};
use crate::units::{DepotId, Time};

/// A battery over the rest of the day.
pub struct Ahead<'a> {
    /// The battery at its charger.
    pub link: Link<'a>,
    /// Energy in it now.
    pub energy_kwh: f64,
    /// Energy it should end the day with.
    pub target_kwh: f64,
    /// By slot of the rest of the day: share of the slot at the charger, energy used, and energy to have when it ends.
    pub slots: Vec<(f64, f64, f64)>,
}

/// What is to be planned.
pub struct Outlook<'a> {
    /// The site's depot.
    pub depot: DepotId,
    /// The time: the begin of a slot.
    pub now: Time,
    /// The site.
    pub site: &'a SiteSpec,
    /// The slot that begins.
    pub slot: usize,
    /// Power that chargers draw with nothing to do, kW.
    pub standby_kw: f64,
    /// Highest mean of a slot so far, kW.
    pub peak_kw: f64,
    /// Whether energy may be given back.
    pub discharge: bool,
    /// Batteries.
    pub units: Vec<Ahead<'a>>,
}

/// What to do in the slot that begins.
#[derive(Debug, Clone, Default)]
pub struct SlotPlan {
    /// By unit: kWh from the site, negative to it.
    pub units_kwh: Vec<f64>,
    /// Mean power of the fuel cell, kW.
    pub fuel_kw: f64,
}

/// The share of a slot at the charger below which it is not worth planning with.
const HARDLY: f64 = 0.05;

/// Plans the rest of the day. O(iterations x (units x slots² + slots³)).
pub fn plan(outlook: &Outlook) -> (SlotPlan, PlanRow) {
    let problem = problem(outlook);
    let (solution, shortfall_kwh) = match optimum::solve(&problem) {
        Outcome::Optimal(solution) => (Some(*solution), 0.0),
        Outcome::Infeasible(shortfall) => {
            let missing = shortfall.missing_kwh.iter().flatten().sum::<f64>()
                + shortfall.unserved_kw.iter().sum::<f64>() * SLOT_H;
            (shortfall.solution, missing)
        }
    };
    let solution = solution.unwrap_or_default();
    let schedule = &solution.schedule;
    let first = |powers: &[Vec<f64>], unit: usize| {
        let step = problem.stores[unit].steps.first().filter(|step| step.slot == 0);
        step.and_then(|_| powers.get(unit)?.first().copied()).unwrap_or(0.0)
    };
    let units = 0..problem.stores.len();
    let plan = SlotPlan {
        units_kwh: units
            .map(|unit| SLOT_H * (first(&schedule.charge_kw, unit) - first(&schedule.discharge_kw, unit)))
            .collect(),
        fuel_kw: schedule.source_kw.first().copied().unwrap_or(0.0),
    };
    let certificate = solution.certificate;
    let row = PlanRow {
        time: outlook.now,
        depot: outlook.depot,
        cost_yen: certificate.cost_yen,
        bound_yen: certificate.bound_yen,
        gap_rel: certificate.gap_rel,
        primal: certificate.balance_kw.max(certificate.limits),
        dual: certificate.dual,
        iterations: solution.iterations,
        shortfall_kwh,
    };
    (plan, row)
}

fn problem(outlook: &Outlook) -> Problem {
    let Outlook { site, discharge, .. } = *outlook;
    let slots = &site.slots[outlook.slot..];
    let slot = |slot: &crate::site::SlotSpec| {
        let (load_kw, free_kw) = (slot.load_kw + outlook.standby_kw, slot.solar_kw + slot.wind_kw);
        let surplus_kw = (free_kw - load_kw).max(0.0);
        Slot {
            load_kw,
            free_kw,
            buy: slot.buy_yen,
            // Where selling pays more than buying costs, the model would do both at once, which no meter counts.
            sell: slot.sell_yen.min(slot.buy_yen),
            import_limit_kw: site.import_limit_kw.max(load_kw),
            export_limit_kw: if site.battery_export {
                site.export_limit_kw
            } else {
                site.export_limit_kw.min(surplus_kw)
            },
            source_kw: site.fuel_kw,
            source_yen_per_kwh: site.fuel_yen,
        }
    };
    Problem {
        slot_h: SLOT_H,
        slots: slots.iter().map(slot).collect(),
        stores: outlook.units.iter().map(|unit| store(unit, discharge)).collect(),
        peak_yen_per_kw: site.peak_yen_per_kw,
        peak_floor_kw: site.past_peak_kw.max(outlook.peak_kw),
    }
}

fn store(unit: &Ahead, discharge: bool) -> Store {
    let battery = unit.link.battery;
    let charge_efficiency = unit.link.charge_efficiency();
    let charge_kw = unit.link.max_charge_kw(0.0, SLOT_H);
    let discharge_kw = if discharge { unit.link.max_discharge_kw(battery.capacity_kwh, 0.0, 1e-3) } else { 0.0 };
    let mut steps = Vec::new();
    let mut take_kwh = 0.0;
    // What could be in the battery at most: nothing more is asked for.
    let mut most_kwh = unit.energy_kwh;
    for (slot, &(share, use_kwh, need_kwh)) in unit.slots.iter().enumerate() {
        take_kwh += use_kwh;
        if share < HARDLY {
            continue;
        }
        most_kwh = (most_kwh - take_kwh + SLOT_H * charge_efficiency * share * charge_kw).min(battery.capacity_kwh);
        if let Some(line) = battery.taper_line() {
            // The taper holds at the energy after the slot: stored power ≤ line there.
            let before = most_kwh - SLOT_H * charge_efficiency * share * charge_kw;
            let reach = (before + SLOT_H * line.kw_per_kwh * line.top_kwh) / (1.0 + SLOT_H * line.kw_per_kwh);
            most_kwh = most_kwh.min(reach.max(before));
        }
        let last = slot + 1 == unit.slots.len();
        let wanted_kwh = if last { unit.target_kwh.max(need_kwh) } else { need_kwh };
        let low_kwh = wanted_kwh.max(battery.reserve_kwh).min(most_kwh - 1e-6 * battery.capacity_kwh);
        steps.push(Step {
            slot,
            take_kwh: std::mem::take(&mut take_kwh),
            charge_kw: share * charge_kw,
            discharge_kw: share * discharge_kw,
            low_kwh,
            high_kwh: battery.capacity_kwh.max(low_kwh + 1e-6),
        });
    }
    Store {
        initial_kwh: unit.energy_kwh,
        charge_efficiency,
        discharge_efficiency: unit.link.discharge_efficiency(),
        // The cells give more than the site gets.
        wear_yen_per_kwh: battery.wear_yen_per_kwh / unit.link.discharge_efficiency(),
        taper: battery.taper_line(),
        steps,
    }
}

/// A van's slots of the rest of the day: at the charger outside its service (`opens` to `closes`) and as the forecast says
/// within. It begins its service with what the whole of it may take, and keeps what it may need soon.
pub fn van_slots(
    forecast: &Forecast,
    van: usize,
    day: (Time, Time),
    service: (Time, Time),
    from_slot: usize,
    plugged: bool,
    reserve_kwh: f64,
) -> Vec<(f64, f64, f64)> {
    let count = ((day.1 - day.0).0 / SLOT.0) as usize;
    let slot = |slot: usize| {
        let begin = day.0 + Time(slot as i32 * SLOT.0);
        let on_duty = begin + SLOT > service.0 && begin < service.1;
        let now = slot == from_slot;
        let home = match (on_duty, now) {
            (_, true) => f64::from(u8::from(plugged)),
            (false, false) => 1.0,
            (true, false) => forecast.home[van][slot],
        };
        let use_kwh = if now && plugged { 0.0 } else { forecast.use_kwh[van][slot] };
        let opens_next = begin < service.0 && begin + SLOT >= service.0;
        let ahead_kwh = if opens_next { &forecast.need_kwh } else { &forecast.soon_kwh };
        (home, use_kwh, reserve_kwh + if on_duty || opens_next { ahead_kwh[van][slot + 1] } else { 0.0 })
    };
    (from_slot..count).map(slot).collect()
}

/// Powers for the next step, so that what is planned for the slot is done by its end.
pub(super) fn control(view: &View) -> Vec<f64> {
    let left_h = view.left.h();
    let buying = view.net_kw() > 0.0;
    let power = |unit: &Unit| {
        if unit.is_low() {
            return unit.max_charge_kw();
        }
        let planned_kwh = unit.planned_kwh.unwrap_or(0.0);
        let even_kw = planned_kwh.abs() / left_h;
        let charger = unit.link.charger;
        let full_kw = if planned_kwh > 0.0 {
            charger.power_kw
        } else {
            charger.discharge.as_ref().map_or(0.0, |discharge| discharge.power_kw)
        };
        let step_h = STEP.h().min(left_h);
        let wanted_kw = if buying { even_kw.max(full_kw / 2.0).min(planned_kwh.abs() / step_h) } else { even_kw };
        // A crumb is not worth switching the converter on.
        if wanted_kw < 0.02 * full_kw {
            0.0
        } else if planned_kwh > 0.0 {
            wanted_kw.min(unit.max_charge_kw())
        } else {
            -wanted_kw.min(unit.max_discharge_kw())
        }
    };
    view.units.iter().map(power).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{TOWNS, read};
    use crate::world::World;

    #[test]
    fn a_kwh_given_to_the_site_wears_off_what_the_cells_give_for_it() {
        let world = World::new(&read(TOWNS[0].1).expect("the built-in town is valid"));
        let unit = &world.depots[0].site.cars[0].unit;
        let ahead = Ahead { link: unit.link(), energy_kwh: 20.0, target_kwh: 20.0, slots: vec![(1.0, 0.0, 0.0); 4] };
        let store = store(&ahead, true);
        // 6 kW: p − 0.036 − 0.063 p − 0.005 p² = 6 at p = 6.680 kW before the converter, 6.680 / 0.985 = 6.782 kW out of the cells.
        let site_kw = unit.link().max_discharge_kw(37.0, 0.0, 1e-3);
        let cells_kw = -unit.link().stored_kw(-site_kw);
        assert!((cells_kw - 6.782).abs() < 1e-3, "{cells_kw}");
        let (planned, worn) = (store.wear_yen_per_kwh * site_kw, unit.battery.wear_yen_per_kwh * cells_kw);
        assert!((planned - worn).abs() < 1e-12 && worn > 1.0, "{planned} {worn}");
    }
}
