//! What is missing at least where not everything that is asked for can be had.

use super::interior::{self, End, Goal};
use super::{Outcome, Problem, Solution};

/// What one kWh of load is worth in kWh of stores, while looking for what is missing: the load comes first.
const LOAD_FIRST: f64 = 10.0;
/// What is missing below this is rounding.
const NOTHING: f64 = 1e-6;

/// The least that is missing, and what to do with only that missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Shortfall {
    /// By store and step: energy that would have to come from elsewhere, kWh.
    pub missing_kwh: Vec<Vec<f64>>,
    /// By slot: load that cannot be supplied, kW; where negative, surplus that cannot be used.
    pub unserved_kw: Vec<f64>,
    /// The cheapest schedule with only that missing.
    pub solution: Option<Solution>,
}

/// Whether each store by itself can keep its range, with all the power it may have. O(steps), exact but for a taper.
pub(super) fn each_store_can(problem: &Problem) -> bool {
    problem.stores.iter().all(|store| {
        let (mut least, mut most) = (store.initial_kwh, store.initial_kwh);
        store.steps.iter().all(|step| {
            let charged = problem.slot_h * store.charge_efficiency * step.charge_kw;
            let discharged = problem.slot_h / store.discharge_efficiency * step.discharge_kw;
            least = (least - step.take_kwh - discharged).max(step.low_kwh);
            most = (most - step.take_kwh + charged).min(step.high_kwh);
            least <= most + NOTHING
        })
    })
}

/// Finds the least that is missing, then the cheapest schedule with that given.
pub(super) fn solve(problem: &Problem) -> Outcome {
    let goal = Goal::Missing { unserved: LOAD_FIRST };
    let End::Optimal(least) = interior::run(problem, goal) else {
        // Not seen so far: something is always feasible.
        let nothing = |store: &super::Store| vec![0.0; store.steps.len()];
        return Outcome::Infeasible(Box::new(Shortfall {
            missing_kwh: problem.stores.iter().map(nothing).collect(),
            unserved_kw: vec![0.0; problem.slots.len()],
            solution: None,
        }));
    };
    let dust = |value: f64| if value.abs() > NOTHING { value } else { 0.0 };
    let missing_kwh: Vec<Vec<f64>> =
        least.phantom_kwh.iter().map(|store| store.iter().copied().map(dust).collect()).collect();
    let unserved_kw: Vec<f64> = least.unserved_kw.iter().copied().map(dust).collect();

    let mut relaxed = problem.clone();
    // A little more room than the least, for the second search to have an interior.
    let room = |value: f64| value + 1e-7 * (1.0 + value.abs());
    for (store, missing) in relaxed.stores.iter_mut().zip(&least.phantom_kwh) {
        for (step, missing) in store.steps.iter_mut().zip(missing) {
            step.take_kwh -= room(*missing);
        }
    }
    for (slot, unserved) in relaxed.slots.iter_mut().zip(&least.unserved_kw) {
        slot.load_kw -= if slot.load_kw < 0.0 { unserved - 1e-7 * (1.0 + unserved.abs()) } else { room(*unserved) };
    }
    let solution = interior::solve(&relaxed);
    let anything = missing_kwh.iter().flatten().chain(&unserved_kw).any(|&missing| missing != 0.0);
    match solution {
        Some(solution) if !anything => Outcome::Optimal(Box::new(solution)),
        solution => Outcome::Infeasible(Box::new(Shortfall { missing_kwh, unserved_kw, solution })),
    }
}
