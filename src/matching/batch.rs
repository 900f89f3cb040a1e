//! Batches: calls are collected for some seconds, then riders and vans are matched one to one so that as many riders as possible
//! are served, and at least cost in all; a pair costs what the cheapest insertion into the van's plan does. What one rider
//! leaves to the next is thereby weighed, unlike with [`super::insertion`], but riders of one batch are not put together
//! in a van for its sake, unlike with [`super::pooling`]. As long as riders are left who fit somewhere, they are matched with the
//! new plans; who fits nowhere is refused when the answer is due. O(riders x vans x stops²) and the assignment.

use super::assignment::assign;
use super::{Decision, MatchingPolicy, Snapshot, best_place, hopeless};
use crate::fleet::{Search, Van};
use crate::objective::Objective;
use crate::units::{RequestId, VehicleId};

/// Answers the calls collected.
pub(super) fn decide(policy: &MatchingPolicy, objective: &Objective, snapshot: &Snapshot) -> Vec<Decision> {
    let Snapshot { now, world, open, .. } = *snapshot;
    let mut decisions = Vec::new();
    let mut left: Vec<RequestId> = Vec::new();
    for &id in open {
        match hopeless(world, snapshot.request(id)) {
            Some(refusal) => decisions.push(refusal.of(id)),
            None => left.push(id),
        }
    }
    let mut vans: Vec<Van> = snapshot.vans.to_vec();
    loop {
        let planned_so_far = Snapshot { vans: &vans, ..*snapshot };
        let places: Vec<Search> = (0..vans.len() as u32).map(|van| planned_so_far.search(VehicleId(van))).collect();
        let place =
            |id: RequestId, van: usize| places[van].cheapest(snapshot.request(id), objective, f64::INFINITY, &mut None);
        let costs: Vec<Vec<(usize, f64)>> = left
            .iter()
            .map(|&id| {
                let most = objective.refusal_cost(snapshot.request(id));
                let pairs = (0..vans.len()).filter(|&van| !vans[van].done);
                pairs.filter_map(|van| Some((van, place(id, van)?.cost))).filter(|&(_, cost)| cost < most).collect()
            })
            .collect();
        let mut planned = Vec::new();
        let mut rest = Vec::new();
        for (&id, van) in left.iter().zip(assign(&costs, vans.len())) {
            let Some(van) = van else {
                rest.push(id);
                continue;
            };
            let (vehicle, insertion) = (VehicleId(van as u32), place(id, van).expect("it was found before"));
            let (plan, promise) = planned_so_far.accept(id, vehicle, &insertion);
            decisions.push(Decision::Plan { vehicle, plan: plan.clone() });
            decisions.push(Decision::Accept { request: id, promise });
            planned.push((van, plan));
        }
        left = rest;
        if planned.is_empty() {
            break;
        }
        for (van, plan) in planned {
            vans[van].plan = plan;
        }
    }
    for id in left {
        let request = snapshot.request(id);
        if policy.is_due(request, now) {
            let place =
                best_place(&Snapshot { vans: &vans, ..*snapshot }, request, objective, |places, bound, miss| {
                    places.cheapest(request, objective, bound, miss)
                });
            let refusal = place.expect_err("nobody left fits anywhere");
            decisions.push(refusal.of(id));
        }
    }
    decisions
}
