//! What is missing at least where not everything that is asked for can be had.

use super::interior::{self, End, Goal, Iterate};
use super::reach;
use super::{Outcome, Problem, Solution};

/// What is missing below this is rounding.
const NOTHING: f64 = 1e-6;

/// What is given beyond the least that is missing, kWh and kW.
const ROOM: f64 = 1e-7;
/// How much dearer energy from nowhere is than any other.
const DEAR: f64 = 100.0;

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

/// Finds the least that is missing, and the cheapest schedule with only that missing.
pub(super) fn solve(problem: &Problem, near: &Problem) -> Outcome {
    let End::Optimal(least) = interior::run(near, Goal::Elastic(dearest(problem))) else {
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
    if missing_kwh.iter().flatten().chain(&unserved_kw).all(|&missing| missing == 0.0) {
        return Outcome::Optimal(Box::new(least.into_solution(problem, near)));
    }
    let solution = least.clone().into_solution(&with_given(problem, &least, 0.0), &with_given(near, &least, 0.0));
    // The price of what is missing hides the last digits of the cost. There may be more of them without it.
    let given = with_given(problem, &least, ROOM);
    let solution = interior::solve(&given, &reach::within_reach(&given)).unwrap_or(solution);
    Outcome::Infeasible(Box::new(Shortfall { missing_kwh, unserved_kw, solution: Some(solution) }))
}

/// The problem with what is missing given, and a little more, so that there is more than one way to do with it.
fn with_given(problem: &Problem, least: &Iterate, room: f64) -> Problem {
    let mut given = problem.clone();
    for (store, missing) in given.stores.iter_mut().zip(&least.phantom_kwh) {
        store.steps.iter_mut().zip(missing).for_each(|(step, missing)| step.take_kwh -= missing + room);
    }
    for (slot, unserved) in given.slots.iter_mut().zip(&least.unserved_kw) {
        slot.load_kw -= unserved + room.copysign(*unserved);
    }
    given
}

/// A price that no energy can be worth, yen per kWh: the dearest there is, the peak's with it, lost on the way into a store and out
/// of it again.
fn dearest(problem: &Problem) -> f64 {
    let prices = problem.slots.iter().flat_map(|slot| [slot.buy, slot.sell, slot.source_yen_per_kwh]);
    let price = prices.fold(problem.peak_yen_per_kw / problem.slot_h, |most, yen| most.max(yen.abs())).max(1.0);
    let efficiency = |store: &super::Store| (store.charge_efficiency * store.discharge_efficiency).min(1.0);
    let least = problem.stores.iter().map(efficiency).fold(1.0, f64::min);
    let wear = problem.stores.iter().fold(0.0f64, |most, store| most.max(store.wear_yen_per_kwh.abs()));
    DEAR * (price + wear) / (least * least)
}
