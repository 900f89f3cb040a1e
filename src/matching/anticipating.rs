//! Insertion, improved all the time by ruin and recreate over all plans.
//!
//! A request is put at its cheapest place at once, but promised only when its answer is due; until then the next decisions may move
//! it, or leave it out for others. Riders promised may be moved to another van until they are picked up. Each decision takes
//! some riders who are near each other out of their plans and puts them back one by one, at their cheapest places but for a few
//! that are passed over; what is not worse is kept (ruin and recreate: Schrimpf et al. 2000; adjacent removal and insertion
//! with blinks: Christiaens and Vanden Berghe 2020). As many riders as possible come first, unless the policy may refuse for
//! cost. Idle vans are steered by the rebalancing policy.

use super::tours::{Tours, Undo};
use super::{Decision, MatchingPolicy, Refusal, Snapshot, best_place, hopeless, promise};
use crate::log::Limit;
use crate::objective::Objective;
use crate::rng::Rng;
use crate::units::{RequestId, Time};

/// Riders taken out at most in one iteration. Christiaens and Vanden Berghe take out 10 on average, of plans that nobody is
/// driving yet.
const MOST_OUT: f64 = 8.0;

/// Iterations for each rider, at most: beyond, few riders are only moved to and fro.
const ENOUGH: u32 = 5;

/// Probability with which a place is passed over (Christiaens and Vanden Berghe 2020).
const BLINK: f64 = 0.01;

pub(super) fn decide(
    policy: &MatchingPolicy,
    iterations: u32,
    objective: &Objective,
    snapshot: &Snapshot,
) -> Vec<Decision> {
    let mut decisions = Vec::new();
    let mut open: Vec<RequestId> = Vec::new();
    for &id in snapshot.open {
        match hopeless(snapshot.world, snapshot.request(id)) {
            Some(refusal) => decisions.push(refusal.of(id)),
            None => open.push(id),
        }
    }
    let mut tours = Tours::new(*snapshot, *objective, &open);
    let mut rng = Rng::new(snapshot.world.scenario.seed, &format!("replan {}", snapshot.now.0));
    insert_all(&mut tours);
    let enough = tours.rides.len() as u32 * ENOUGH;
    improve(&mut tours, snapshot, iterations.min(enough), &mut rng);
    insert_all(&mut tours);

    // Answers that cannot wait for the next decision.
    let mut answers = Vec::new();
    for ride in 0..tours.rides.len() {
        let (id, promised) = (tours.rides[ride].id, tours.rides[ride].promised);
        if promised || !policy.is_due(snapshot.request(id), snapshot.now) {
            continue;
        }
        answers.push(match tours.pickup_at(ride) {
            Some(pickup_at) => {
                let promise = promise(snapshot.world, snapshot.request(id), pickup_at);
                tours.narrow(ride, promise);
                Decision::Accept { request: id, promise }
            }
            None => why_not(snapshot, objective, &tours, ride).of(id),
        });
    }
    let plan = |vehicle| Decision::Plan { vehicle, plan: tours.vans[vehicle.index()].plan.clone() };
    decisions.extend(tours.changed().map(plan));
    decisions.extend(answers);
    decisions
}

fn insert_all(tours: &mut Tours) {
    let mut undo = Undo::default();
    for ride in 0..tours.rides.len() {
        if tours.rides[ride].van.is_none() {
            tours.insert(ride, || false, &mut undo);
            undo.keep();
        }
    }
}

/// Why a rider is left out of the plans as they are now.
fn why_not(snapshot: &Snapshot, objective: &Objective, tours: &Tours, ride: usize) -> Refusal {
    let request = &tours.rides[ride].request;
    let now = Snapshot { vans: &tours.vans, ..*snapshot };
    let place =
        best_place(&now, request, objective, |search, bound, miss| search.cheapest(request, objective, bound, miss));
    // Where others have been put in since, it may have become just cheap enough.
    place.err().unwrap_or(Refusal { limit: Limit::Cost, nearest: None, by: 0.0 })
}

/// Ruin and recreate. O(iterations x riders), and a look at the vans in reach of a rider for each plan that changes.
fn improve(tours: &mut Tours, snapshot: &Snapshot, iterations: u32, rng: &mut Rng) {
    let count = tours.rides.len();
    let travel = &snapshot.world.travel;
    let mut undo = Undo::default();
    let mut near: Vec<(i32, usize)> = Vec::with_capacity(count);
    for _ in 0..if count > 0 { iterations } else { 0 } {
        let before = tours.total();

        // Riders whose origins are near each other, or their whole rides.
        let seed = &tours.rides[rng.below(count)].request;
        let whole_ride = rng.unit() < 0.5;
        near.clear();
        near.extend(tours.rides.iter().map(|ride| &ride.request).enumerate().map(|(index, request)| {
            let origins = travel.time(request.origin_node, seed.origin_node);
            let destinations = travel.time(request.destination_node, seed.destination_node);
            ((origins + if whole_ride { destinations } else { Time::ZERO }).0, index)
        }));
        let out = (1 + (rng.unit() * MOST_OUT) as usize).min(count);
        near.select_nth_unstable(out - 1);
        let mut out: Vec<usize> = near[..out].iter().map(|&(_, ride)| ride).collect();
        tours.remove(&out, &mut undo);
        out.sort_unstable();
        out.extend(
            (0..count)
                .filter(|&ride| tours.rides[ride].van.is_none() && out.binary_search(&ride).is_err())
                .collect::<Vec<_>>(),
        );

        order(&mut out, tours, rng);
        let kept =
            out.iter().all(|&ride| tours.insert(ride, || rng.unit() < BLINK, &mut undo) || !tours.rides[ride].promised);
        if kept && tours.total() <= before {
            undo.keep();
        } else {
            tours.undo(&mut undo, before);
        }
    }
}

/// The order in which riders are put back: those promised first, and otherwise at random, the most urgent, the longest or the
/// shortest ride first.
fn order(rides: &mut [usize], tours: &Tours, rng: &mut Rng) {
    let request = |ride: usize| &tours.rides[ride].request;
    match rng.below(4) {
        0 => (1..rides.len()).rev().for_each(|last| rides.swap(last, rng.below(last + 1))),
        1 => rides.sort_by_key(|&ride| request(ride).latest_pickup),
        2 => rides.sort_by_key(|&ride| std::cmp::Reverse(request(ride).direct)),
        _ => rides.sort_by_key(|&ride| request(ride).direct),
    }
    rides.sort_by_key(|&ride| !tours.rides[ride].promised);
}
