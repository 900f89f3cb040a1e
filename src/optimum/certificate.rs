//! The proof: what a schedule violates and costs, and the bound that multipliers give, from the problem alone.

use super::{Multipliers, Problem, Schedule};

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

/// Largest relative gap, and largest violation in kW or kWh, of a proof.
const PROOF: f64 = 1e-6;

impl Certificate {
    /// Whether gap and violations are as small as they should be.
    pub fn is_proof(&self) -> bool {
        self.gap_rel.abs().max(self.balance_kw).max(self.limits) <= PROOF
    }

    /// Checks a schedule against a problem; `near` is the same with limits within reach, where the bound is closest. O(stores x
    /// steps).
    pub(super) fn new(
        problem: &Problem,
        near: &Problem,
        schedule: &Schedule,
        multipliers: &Multipliers,
    ) -> Certificate {
        let cost_yen = problem.cost_yen(schedule);
        let (bound_yen, dual) = bound(near, schedule, multipliers);
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
    let mut constant = 0.0;
    let mut peak_cost = problem.peak_yen_per_kw;
    for (t, slot) in problem.slots.iter().enumerate() {
        let (price, peak) = (multipliers.balance[t], multipliers.peak[t].max(0.0));
        least(h * slot.buy - price + peak, 0.0, slot.import_limit_kw, schedule.import_kw[t]);
        least(price - h * slot.sell, 0.0, slot.export_limit_kw, schedule.export_kw[t]);
        least(-price, 0.0, slot.free_kw, schedule.free_used_kw[t]);
        least(h * slot.source_yen_per_kwh - price, 0.0, slot.source_kw, schedule.source_kw[t]);
        constant += price * slot.load_kw - peak * problem.peak_floor_kw;
        peak_cost -= peak;
    }
    let highest = problem.slots.iter().fold(0.0f64, |most, slot| most.max(slot.import_limit_kw));
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

/// Takes the prices of limits away that are further away than anything can get: what is left of them is what the interior-point
/// method had not yet driven to zero.
pub(super) fn tidy(problem: &Problem, near: &Problem, multipliers: &mut Multipliers) {
    for (v, (store, near)) in problem.stores.iter().zip(&near.stores).enumerate() {
        let values = &mut multipliers.energy[v];
        let mut next = 0.0;
        for (k, (step, near)) in store.steps.iter().zip(&near.steps).enumerate().rev() {
            let tapered = store.taper.map_or(0.0, |taper| taper.kw_per_kwh * multipliers.taper[v][k].max(0.0));
            let cost = values[k] - next + tapered;
            let is_out_of_reach = if cost > 0.0 { near.low_kwh > step.low_kwh } else { near.high_kwh < step.high_kwh };
            if is_out_of_reach {
                values[k] = next - tapered;
            }
            next = values[k];
        }
    }
}

/// Whether the multipliers' bound is more than any schedule can cost, so that there can be none.
pub(super) fn proves_infeasible(problem: &Problem, schedule: &Schedule, multipliers: &Multipliers) -> bool {
    let h = problem.slot_h;
    let highest = problem.slots.iter().fold(0.0f64, |most, slot| most.max(slot.import_limit_kw));
    let mut most = problem.peak_yen_per_kw * (highest - problem.peak_floor_kw).max(0.0);
    for slot in &problem.slots {
        most += h * (slot.buy.max(0.0) * slot.import_limit_kw - slot.sell.min(0.0) * slot.export_limit_kw);
        most += h * slot.source_yen_per_kwh.max(0.0) * slot.source_kw;
    }
    for store in &problem.stores {
        let discharge: f64 = store.steps.iter().map(|step| step.discharge_kw).sum();
        most += h * store.wear_yen_per_kwh.max(0.0) * discharge;
    }
    bound(problem, schedule, multipliers).0 > most + 1e-6 * most.abs().max(1.0)
}
