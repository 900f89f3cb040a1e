//! The proof: what a schedule violates and costs, and the bound that multipliers give, from the problem alone.

use super::{Multipliers, Problem, Schedule, Step, Store};

/// How good a schedule is, and how that is known.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Certificate {
    /// Cost of the schedule.
    pub cost_yen: f64,
    /// No schedule costs less: weak duality at the multipliers.
    pub bound_yen: f64,
    /// (cost − bound) / max(1, |cost|).
    pub gap_rel: f64,
    /// Largest amount by which a slot's powers do not balance, kW.
    pub balance_kw: f64,
    /// Largest amount by which stored energy leaves its range or a power its limits, kWh or kW.
    pub limits: f64,
    /// Largest amount by which the multipliers' reduced costs have the wrong sign for the schedule: the dual residual, yen
    /// for each kW or kWh.
    pub dual: f64,
    /// Largest power that a store charges and discharges at once, kW.
    pub at_once_kw: f64,
}

impl Certificate {
    /// Checks a schedule against a problem. O(stores x steps).
    pub fn new(problem: &Problem, schedule: &Schedule, multipliers: &Multipliers) -> Certificate {
        let cost_yen = problem.cost_yen(schedule);
        let (bound_yen, dual) = bound(problem, schedule, multipliers);
        let mut certificate = Certificate {
            cost_yen,
            bound_yen,
            gap_rel: (cost_yen - bound_yen) / cost_yen.abs().max(1.0),
            dual,
            ..Certificate::default()
        };
        let mut balance: Vec<f64> = problem.slots.iter().map(|slot| -slot.load_kw).collect();
        let mut limits = 0.0f64;
        let mut within = |value: f64, low: f64, high: f64| limits = limits.max(low - value).max(value - high);
        for (t, slot) in problem.slots.iter().enumerate() {
            let (bought, sold) = (schedule.import_kw[t], schedule.export_kw[t]);
            let (free, source) = (schedule.free_used_kw[t], schedule.source_kw[t]);
            balance[t] += bought - sold + free + source;
            within(bought, 0.0, slot.import_limit_kw.min(schedule.peak_kw));
            within(sold, 0.0, slot.export_limit_kw);
            within(free, 0.0, slot.free_kw);
            within(source, 0.0, slot.source_kw);
        }
        for (v, store) in problem.stores.iter().enumerate() {
            let mut energy_kwh = store.initial_kwh;
            for (k, step) in store.steps.iter().enumerate() {
                let (charge, discharge) = (schedule.charge_kw[v][k], schedule.discharge_kw[v][k]);
                let stored_kw = store.charge_efficiency * charge - discharge / store.discharge_efficiency;
                energy_kwh += problem.slot_h * stored_kw - step.take_kwh;
                within(charge, 0.0, step.charge_kw);
                within(discharge, 0.0, step.discharge_kw);
                within(energy_kwh, step.low_kwh, step.high_kwh);
                if let Some(taper) = store.taper {
                    let line = taper.kw_per_kwh * (taper.top_kwh - energy_kwh);
                    within(store.charge_efficiency * charge, f64::NEG_INFINITY, line);
                }
                certificate.at_once_kw = certificate.at_once_kw.max(charge.min(discharge));
                balance[step.slot] += discharge - charge;
            }
        }
        certificate.limits = limits;
        certificate.balance_kw = balance.iter().fold(0.0, |most, kw| most.max(kw.abs()));
        certificate
    }
}

/// The least that the Lagrangian takes over the boxes of all variables; and the largest product of a reduced cost with the way
/// from the schedule to the cheaper bound, for each unit of that way.
fn bound(problem: &Problem, schedule: &Schedule, multipliers: &Multipliers) -> (f64, f64) {
    let h = problem.slot_h;
    let mut bound = 0.0;
    let mut dual = 0.0f64;
    let mut least = |cost: f64, low: f64, high: f64, value: f64| {
        bound += cost * if cost >= 0.0 { low } else { high };
        // A variable away from both of its bounds should have no reduced cost.
        let room = if cost >= 0.0 { value - low } else { high - value };
        dual = dual.max(cost.abs().min(room.max(0.0)));
    };
    let reach = problem.import_and_export_reach_kw();
    let mut constant = 0.0;
    let mut peak_cost = problem.peak_yen_per_kw;
    for (t, slot) in problem.slots.iter().enumerate() {
        let (price, peak) = (multipliers.balance[t], multipliers.peak[t].max(0.0));
        least(h * slot.buy - price + peak, 0.0, reach[t].0, schedule.import_kw[t]);
        least(price - h * slot.sell, 0.0, reach[t].1, schedule.export_kw[t]);
        least(-price, 0.0, slot.free_kw, schedule.free_used_kw[t]);
        least(h * slot.source_yen_per_kwh - price, 0.0, slot.source_kw, schedule.source_kw[t]);
        constant += price * slot.load_kw - peak * problem.peak_floor_kw;
        peak_cost -= peak;
    }
    let highest = reach.iter().fold(0.0f64, |most, reach| most.max(reach.0));
    let above_kw = (highest - problem.peak_floor_kw).max(0.0);
    least(peak_cost, 0.0, above_kw, schedule.peak_kw - problem.peak_floor_kw);
    for (v, store) in problem.stores.iter().enumerate() {
        let values = &multipliers.energy[v];
        for (k, step) in store.steps.iter().enumerate() {
            let price = multipliers.balance[step.slot];
            let value = values[k];
            let next = values.get(k + 1).copied().unwrap_or(0.0);
            let (mut charge, mut energy) = (price - h * store.charge_efficiency * value, value - next);
            if let Some(taper) = store.taper {
                let multiplier = multipliers.taper[v][k].max(0.0);
                charge += store.charge_efficiency * multiplier;
                energy += taper.kw_per_kwh * multiplier;
                constant -= multiplier * taper.kw_per_kwh * taper.top_kwh;
            }
            let discharge = h * store.wear_yen_per_kwh - price + h / store.discharge_efficiency * value;
            least(charge, 0.0, step.charge_kw, schedule.charge_kw[v][k]);
            least(discharge, 0.0, step.discharge_kw, schedule.discharge_kw[v][k]);
            least(energy, step.low_kwh, step.high_kwh, schedule.energy_kwh[v][k]);
            constant += value * step.take_kwh;
        }
        constant -= values.first().copied().unwrap_or(0.0) * store.initial_kwh;
    }
    (bound + constant, dual)
}

/// Whether the multipliers' bound is more than any schedule can cost, so that there can be none.
pub(super) fn proves_infeasible(problem: &Problem, schedule: &Schedule, multipliers: &Multipliers) -> bool {
    let h = problem.slot_h;
    let reach = problem.import_and_export_reach_kw();
    let highest = reach.iter().fold(0.0f64, |most, reach| most.max(reach.0));
    let mut most = problem.peak_yen_per_kw * (highest - problem.peak_floor_kw).max(0.0);
    for (slot, reach) in problem.slots.iter().zip(&reach) {
        most += h * (slot.buy.max(0.0) * reach.0 - slot.sell.min(0.0) * reach.1);
        most += h * slot.source_yen_per_kwh.max(0.0) * slot.source_kw;
    }
    for store in &problem.stores {
        let discharge: f64 = store.steps.iter().map(|step| step.discharge_kw).sum();
        most += h * store.wear_yen_per_kwh.max(0.0) * discharge;
    }
    bound(problem, schedule, multipliers).0 > most + 1e-6 * most.abs().max(1.0)
}

/// Makes a schedule of an interior point exact: nothing is charged and discharged at once where that only loses energy, stored
/// energy follows from the powers and stays in its range, and slots balance to the last digit.
pub(super) fn polish(problem: &Problem, schedule: &mut Schedule) {
    let rough = schedule.clone();
    // Where both prices allow for it, losing energy is of no use; unless there is too much of it.
    let mut netted: Vec<bool> = problem.slots.iter().map(|slot| slot.buy >= slot.sell.max(0.0)).collect();
    for _ in 0..2 {
        let left = polish_once(problem, schedule, &netted);
        let unbalanced: Vec<usize> = (0..left.len()).filter(|&t| netted[t] && left[t] > 1e-7).collect();
        if unbalanced.is_empty() {
            break;
        }
        unbalanced.iter().for_each(|&t| netted[t] = false);
        *schedule = rough.clone();
    }
    schedule.peak_kw = schedule.import_kw.iter().copied().fold(problem.peak_floor_kw, f64::max);
}

/// Returns what is left over in each slot.
fn polish_once(problem: &Problem, schedule: &mut Schedule, netted: &[bool]) -> Vec<f64> {
    let mut left: Vec<f64> = problem.slots.iter().map(|slot| -slot.load_kw).collect();
    for (v, store) in problem.stores.iter().enumerate() {
        let (charge, discharge) = (&mut schedule.charge_kw[v], &mut schedule.discharge_kw[v]);
        let loses = store.charge_efficiency * store.discharge_efficiency <= 1.0;
        for (k, step) in store.steps.iter().enumerate() {
            if loses && netted[step.slot] && charge[k].min(discharge[k]) > 0.0 {
                let stored_kw = store.charge_efficiency * charge[k] - discharge[k] / store.discharge_efficiency;
                charge[k] = stored_kw.max(0.0) / store.charge_efficiency;
                discharge[k] = (-stored_kw).max(0.0) * store.discharge_efficiency;
            }
        }
        schedule.energy_kwh[v] = keep_in_range(problem.slot_h, store, charge, discharge);
        for ((step, charge), discharge) in store.steps.iter().zip(charge).zip(discharge) {
            left[step.slot] += *discharge - *charge;
        }
    }
    for (t, slot) in problem.slots.iter().enumerate() {
        let Schedule { import_kw, export_kw, free_used_kw, source_kw, .. } = &mut *schedule;
        let (import, export) = (&mut import_kw[t], &mut export_kw[t]);
        let (free, source) = (&mut free_used_kw[t], &mut source_kw[t]);
        *free = free.clamp(0.0, slot.free_kw);
        *source = source.clamp(0.0, slot.source_kw);
        if slot.buy >= slot.sell {
            let both = import.min(*export);
            *import -= both;
            *export -= both;
        }
        let left = &mut left[t];
        *left += *import - *export + *free + *source;
        // The dearest way out first.
        let mut shift = |power: &mut f64, high: f64, sign: f64| {
            let moved = (*power - sign * *left).clamp(0.0, high) - *power;
            *power += moved;
            *left += sign * moved;
        };
        shift(import, slot.import_limit_kw, 1.0);
        shift(source, slot.source_kw, 1.0);
        if slot.sell > 0.0 {
            shift(export, slot.export_limit_kw, -1.0);
        }
        shift(free, slot.free_kw, 1.0);
        shift(export, slot.export_limit_kw, -1.0);
    }
    left
}

/// Changes powers by as little as takes stored energy into its range, and returns that energy: backwards, what must at least and
/// may at most be stored for the rest of the way; forwards, the powers.
fn keep_in_range(slot_h: f64, store: &Store, charge: &mut [f64], discharge: &mut [f64]) -> Vec<f64> {
    // Energy after a step is at most (energy before + slot x slope x top) / (1 + slot x slope) with a taper.
    let taper = store.taper.map(|taper| (slot_h * taper.kw_per_kwh, taper.top_kwh));
    let stored = |step: &Step| slot_h * store.charge_efficiency * step.charge_kw;
    let given = |step: &Step| slot_h / store.discharge_efficiency * step.discharge_kw;
    let mut ranges = vec![(0.0, 0.0); store.steps.len()];
    let (mut least, mut most) = (f64::NEG_INFINITY, f64::INFINITY);
    for (range, step) in ranges.iter_mut().zip(&store.steps).rev() {
        (least, most) = (least.max(step.low_kwh), most.min(step.high_kwh));
        *range = (least, most);
        let straight = least - stored(step);
        least =
            step.take_kwh + taper.map_or(straight, |(slope, top)| straight.max(least * (1.0 + slope) - slope * top));
        most += step.take_kwh + given(step);
    }
    let mut before = store.initial_kwh;
    let mut energy_kwh = Vec::with_capacity(ranges.len());
    for (k, (step, (least, most))) in store.steps.iter().zip(ranges).enumerate() {
        let (charge, discharge) = (&mut charge[k], &mut discharge[k]);
        *charge = charge.clamp(0.0, step.charge_kw);
        *discharge = discharge.clamp(0.0, step.discharge_kw);
        let begin = before - step.take_kwh;
        let stored_kw = store.charge_efficiency * *charge - *discharge / store.discharge_efficiency;
        let reach = taper.map_or(most, |(slope, top)| most.min((begin + slope * top) / (1.0 + slope)));
        let wanted = (begin + slot_h * stored_kw).min(reach).max(least);
        let mut more_kw = (wanted - begin) / slot_h - stored_kw;
        let mut shift = |power: &mut f64, high: f64, each: f64| {
            let moved = (*power + more_kw / each).clamp(0.0, high) - *power;
            *power += moved;
            more_kw -= moved * each;
        };
        if wanted > begin + slot_h * stored_kw {
            shift(discharge, step.discharge_kw, -1.0 / store.discharge_efficiency);
            shift(charge, step.charge_kw, store.charge_efficiency);
        } else if wanted < begin + slot_h * stored_kw {
            shift(charge, step.charge_kw, store.charge_efficiency);
            shift(discharge, step.discharge_kw, -1.0 / store.discharge_efficiency);
        }
        let stored_kw = store.charge_efficiency * *charge - *discharge / store.discharge_efficiency;
        before = begin + slot_h * stored_kw;
        energy_kwh.push(before);
    }
    energy_kwh
}
