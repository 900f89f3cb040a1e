//! Ride pooling by batches: the request-trip-vehicle graph of Alonso-Mora, Samaranayake, Wallar, Frazzoli and Rus (2017).
//!
//! Every few seconds, all riders who wait are assigned anew: those promised a ride keep it and may change vans, those not
//! answered yet are served if that costs less than a refusal counts, all in all at least cost. Unlike there, a rider is
//! answered not at the first batch but shortly before the answer is due; until then the rider stands in a plan
//! that may still change, and which a van follows already. See [`trips`] for what one van can do and [`packing`] for
//! who does what.

mod packing;
mod trips;

use super::{Decision, MatchingPolicy, Snapshot, best_place, hopeless, is_far, promise};
use crate::fleet::{Action, Load, Van};
use crate::log::BatchRow;
use crate::objective::Objective;
use crate::units::{RequestId, Time, VehicleId};
use packing::{Choices, PROMISE, Problem};
use trips::{MOST_RIDERS, Reach, Rider};

/// The parameters of the policy.
pub(super) struct Pooling {
    pub(super) reassign: bool,
    pub(super) vans_per_rider: usize,
    /// What sending an idle van saves, in milliseconds of driving.
    pub(super) idle_van: f64,
    pub(super) objective: Objective,
}

/// What serving a rider is worth in a batch beyond the direct drive, at most, in milliseconds of driving. A rider who costs more
/// waits for a later batch, and gets the place that is left when the answer is due.
const WORTH: f64 = 4e5;

impl Pooling {
    /// What serving a rider is worth, in milliseconds of driving; a promise outweighs everything.
    fn worth(&self, rider: &Rider) -> f64 {
        match rider.promised {
            true => PROMISE,
            false => self.objective.refusal_cost(rider.request).min(f64::from(rider.request.direct.0) + WORTH),
        }
    }
}

/// Plans for all vans, answers for those who are due.
pub(super) fn decide(policy: &MatchingPolicy, pooling: &Pooling, snapshot: &Snapshot) -> Vec<Decision> {
    let Snapshot { now, world, vans, open, .. } = *snapshot;
    let mut decisions = Vec::new();
    let riders = riders(snapshot, &mut decisions);
    let due = |id: RequestId| open.contains(&id) && policy.is_due(snapshot.request(id), now);
    if riders.iter().all(|rider| rider.promised || is_far(rider.window.0, now)) {
        answer_rest(pooling, snapshot, vans.to_vec(), &riders, due, &mut decisions);
        return decisions;
    }
    let looked_at = candidates(pooling, snapshot, &riders);

    let mut reaches = Vec::new();
    let mut trips = Vec::new();
    let mut problem = Problem { vans: Vec::new(), penalty: vec![0.0; riders.len()] };
    let mut start = Vec::new();
    for (index, van) in vans.iter().enumerate() {
        let mine = &looked_at[index];
        let listed: Vec<&Rider> = mine.iter().map(|&rider| &riders[rider as usize]).collect();
        let (spec, travel) = (&world.vans[index], world.travel_of(VehicleId(index as u32)));
        let reach = Reach::new(van, spec, travel, now, &pooling.objective, |id| snapshot.request(id), &listed);
        let found = reach.trips(mine.len());
        let sets: Vec<_> = found.keys().copied().collect();
        start.push(sets.binary_search(&reach.carried).expect("the current trip is one"));
        // Sending a van that has nothing to do leaves the others free for those who call next.
        let idle = if van.is_idle() { pooling.idle_van } else { 0.0 };
        let costs = found.iter().map(|(&set, trip)| if set == 0 { trip.cost } else { trip.cost - idle }).collect();
        for &rider in mine {
            let rider = rider as usize;
            problem.penalty[rider] = pooling.worth(&riders[rider]);
        }
        problem.vans.push(Choices { riders: mine.clone(), sets, costs });
        trips.push(found.into_values().collect::<Vec<_>>());
        reaches.push(reach);
    }
    let assignment = packing::solve(&problem, start);
    decisions.push(Decision::Batch(BatchRow {
        time: now,
        requests: problem.penalty.iter().filter(|&&penalty| penalty > 0.0).count() as u32,
        trips: problem.vans.iter().map(|van| van.sets.len() as u32).sum(),
        served: problem.vans.iter().zip(&assignment.chosen).map(|(van, &choice)| van.sets[choice].count_ones()).sum(),
        value_s: assignment.value / 1e3,
        bound_s: assignment.bound / 1e3,
    }));

    let mut planned: Vec<Van> = vans.to_vec();
    let mut accepted = Vec::new();
    for (index, &choice) in assignment.chosen.iter().enumerate() {
        let (reach, trip) = (&reaches[index], &trips[index][choice]);
        let plan = match reach.is_current(trip) {
            true => vans[index].plan.clone(),
            false => reach.plan(trip, |_| None).expect("a trip that was found can be driven"),
        };
        let windows: Vec<(RequestId, (Time, Time))> = plan
            .stops()
            .iter()
            .zip(plan.schedule())
            .filter(|(stop, _)| stop.action == Action::Pickup && due(stop.request))
            .map(|(stop, at)| (stop.request, promise(world, snapshot.request(stop.request), at)))
            .collect();
        let plan = if windows.is_empty() {
            plan
        } else {
            let window = |id: RequestId| windows.iter().find(|(other, _)| *other == id).map(|(_, window)| *window);
            reach.plan(trip, |stop| window(stop.request)).expect("a promise holds the time planned")
        };
        if !windows.is_empty() || !reach.is_current(trip) {
            decisions.push(Decision::Plan { vehicle: VehicleId(index as u32), plan: plan.clone() });
        }
        planned[index].plan = plan;
        accepted.extend(windows);
    }
    decisions.extend(accepted.iter().map(|&(request, promise)| Decision::Accept { request, promise }));
    answer_rest(pooling, snapshot, planned, &riders, due, &mut decisions);
    decisions
}

/// The riders who wait, in the order of their calls; those whom no van could ever serve are refused at once.
fn riders<'a>(snapshot: &Snapshot<'a>, decisions: &mut Vec<Decision>) -> Vec<Rider<'a>> {
    let mut riders = Vec::new();
    for (index, van) in snapshot.vans.iter().enumerate() {
        for stop in van.plan.stops().iter().filter(|stop| stop.action == Action::Pickup) {
            riders.push(Rider {
                id: stop.request,
                request: snapshot.request(stop.request),
                window: (stop.earliest, stop.latest),
                promised: !snapshot.open.contains(&stop.request),
                carrier: Some(index),
            });
        }
    }
    for &id in snapshot.open {
        let request = snapshot.request(id);
        if riders.iter().any(|rider| rider.id == id) {
            continue;
        }
        match hopeless(snapshot.world, request) {
            Some(refusal) => decisions.push(refusal.of(id)),
            None => {
                let window = (request.earliest, request.latest_pickup);
                riders.push(Rider { id, request, window, promised: false, carrier: None });
            }
        }
    }
    riders.sort_by_key(|rider| rider.id);
    riders
}

/// By van: the riders that it looks at, its own first, then by how soon it can be with them. Riders who may not change
/// vans stay where they are, and nobody looks at them.
fn candidates(pooling: &Pooling, snapshot: &Snapshot, riders: &[Rider]) -> Vec<Vec<u32>> {
    let Snapshot { now, world, vans, .. } = *snapshot;
    let spare = spare(snapshot);
    let mut movable = vec![0; vans.len()];
    let mut offers: Vec<Vec<(i32, u32)>> = vec![Vec::new(); vans.len()];
    for (index, rider) in riders.iter().enumerate() {
        if is_far(rider.window.0, now) {
            continue;
        }
        if let Some(carrier) = rider.carrier {
            let stays = rider.promised && !pooling.reassign;
            if stays || vans[carrier].plan.stays(rider.id) || movable[carrier] == MOST_OWN_RIDERS {
                continue;
            }
            movable[carrier] += 1;
            offers[carrier].push((i32::MIN, index as u32));
        }
        let times = world.travel.times_to(rider.request.origin_node);
        let serves = |van: usize| !vans[van].done && !spare[van] && world.vans[van].serves(rider.request);
        let arrivals = vans.iter().enumerate().filter(|&(van, _)| serves(van)).map(|(van, state)| {
            let drive = match world.vans[van].driverless {
                None => times[state.at.node.index()],
                Some(_) => world.travel_of(VehicleId(van as u32)).time(state.at.node, rider.request.origin_node).0,
            };
            (state.at.ready.max(now).0 + drive, van)
        });
        let mut near: Vec<(i32, usize)> =
            arrivals.filter(|&(arrival, van)| arrival <= rider.window.1.0 && rider.carrier != Some(van)).collect();
        near.sort_unstable();
        // A rider who has a place seldom needs another: a third of the vans keeps most of what moving brings, at a fifth of the time.
        let looked_at = if rider.promised { pooling.vans_per_rider.div_ceil(3) } else { pooling.vans_per_rider };
        for &(arrival, van) in near.iter().take(looked_at) {
            offers[van].push((arrival - rider.request.earliest.0, index as u32));
        }
    }
    offers
        .into_iter()
        .map(|mut offers| {
            offers.sort_unstable();
            offers.truncate(MOST_RIDERS);
            offers.into_iter().map(|(_, rider)| rider).collect()
        })
        .collect()
}

/// Vans that have nothing to do and stand where enough others like them do, with more in their batteries. Those without a
/// driver may have stops of their own, and are never spare.
fn spare(snapshot: &Snapshot) -> Vec<bool> {
    const ENOUGH: usize = 3;
    let Snapshot { world, vans, .. } = *snapshot;
    let mut idle: Vec<usize> =
        (0..vans.len()).filter(|&van| vans[van].is_idle() && world.vans[van].driverless.is_none()).collect();
    let kind = |van: usize| {
        let Load { seats, wheelchairs, parcels } = world.vans[van].capacity;
        (vans[van].at.node, seats, wheelchairs, parcels, world.vans[van].shift_end)
    };
    idle.sort_by(|&a, &b| kind(a).cmp(&kind(b)).then(vans[b].energy_kwh.total_cmp(&vans[a].energy_kwh)));
    let mut spare = vec![false; vans.len()];
    for alike in idle.chunk_by(|&a, &b| kind(a) == kind(b)) {
        alike.iter().skip(ENOUGH).for_each(|&van| spare[van] = true);
    }
    spare
}

/// Riders in a van's plan who may change to another, at most; those with the earliest calls.
const MOST_OWN_RIDERS: usize = 8;

/// Riders whose answer is due and who are in no plan get the best place that is left, or are refused.
fn answer_rest(
    pooling: &Pooling,
    snapshot: &Snapshot,
    mut planned: Vec<Van>,
    riders: &[Rider],
    due: impl Fn(RequestId) -> bool,
    decisions: &mut Vec<Decision>,
) {
    let stands: Vec<RequestId> = planned.iter().flat_map(|van| van.plan.stops()).map(|stop| stop.request).collect();
    for rider in riders.iter().filter(|rider| due(rider.id) && !stands.contains(&rider.id)) {
        let (id, request) = (rider.id, rider.request);
        let after = Snapshot { vans: &planned, ..*snapshot };
        let place = best_place(&after, request, &pooling.objective, |places, bound, miss| {
            places.cheapest(request, &pooling.objective, bound, miss)
        });
        match place {
            Ok((vehicle, insertion)) => {
                let (plan, promise) = after.accept(id, vehicle, &insertion);
                planned[vehicle.index()].plan = plan.clone();
                decisions.extend([Decision::Plan { vehicle, plan }, Decision::Accept { request: id, promise }]);
            }
            Err(refusal) => decisions.push(refusal.of(id)),
        }
    }
}
