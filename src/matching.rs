//! Which van takes which rider.
//!
//! A policy is a function of what it may see, the [`Snapshot`], and returns one [`Decision`] for each waiting request. It
//! changes nothing: the simulation carries the decisions out. To add a policy, add a file beside `insertion.rs`, a variant
//! to [`MatchingPolicy`], an arm to [`decide`], a check of its parameters to `scenario/check.rs` and a row to the policy table
//! of the tests.

mod insertion;
mod nearest;
pub mod script;

use serde::{Deserialize, Serialize};

use crate::fleet::{Insertion, Miss, Plan, Search, Van, Weights};
use crate::log::Limit;
use crate::units::{RequestId, Time, VehicleId};
use crate::world::World;

/// The choice of a matching policy and its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum MatchingPolicy {
    /// The free van that is closest takes the party, and nobody else until it is off: a taxi.
    Nearest {},
    /// The cheapest place in any van's plan; riders share.
    Insertion {
        /// Seconds of driving that one second of the new rider's waiting is worth; 0 looks at driving alone.
        waiting_weight: f64,
        /// Seconds of driving that one second of the new rider's time aboard, beyond the direct drive, is worth.
        riding_weight: f64,
    },
    /// A function `decide(snapshot, town)` of one's own, in JavaScript. It runs only in the page, in a sandbox.
    Script {
        /// Its text.
        source: String,
        /// Longest time for each answer, milliseconds of the clock on the wall.
        time_limit_ms: u32,
    },
}

/// What a policy may see.
#[derive(Clone, Copy)]
pub struct Snapshot<'a> {
    /// The time.
    pub now: Time,
    /// Roads, specs and the requests known by now.
    pub world: &'a World,
    /// The vans, by id.
    pub vans: &'a [Van],
    /// Requests to be answered, in the order of their calls.
    pub requests: &'a [RequestId],
}

/// The answer to a request.
#[derive(Debug, Clone)]
pub enum Decision {
    /// A van takes it.
    Accept {
        /// Which request.
        request: RequestId,
        /// Which van.
        vehicle: VehicleId,
        /// Its new plan.
        plan: Plan,
        /// Earliest and latest pick-up promised.
        promise: (Time, Time),
    },
    /// No van takes it.
    Refuse {
        /// Which request.
        request: RequestId,
        /// The limit that the nearest miss broke.
        limit: Limit,
        /// The van that came closest.
        nearest: Option<VehicleId>,
        /// By how much the limit was missed: seconds, people or kWh.
        by: f64,
    },
}

/// Answers the snapshot's requests. A script cannot be called from here: what [`script::decide`] makes of its answers takes
/// this function's place, and where it cannot be asked, [`script::FALLBACK`] decides.
pub fn decide(policy: &MatchingPolicy, snapshot: &Snapshot) -> Vec<Decision> {
    let answer = |&request: &RequestId| match policy {
        MatchingPolicy::Nearest {} => nearest::decide(snapshot, request),
        MatchingPolicy::Insertion { waiting_weight, riding_weight } => {
            insertion::decide(snapshot, request, &Weights { waiting: *waiting_weight, riding: *riding_weight })
        }
        MatchingPolicy::Script { .. } => script::fallback(snapshot, request),
    };
    snapshot.requests.iter().map(answer).collect()
}

/// Looks through the vans for the best place, by `search` with the bound and the nearest miss so far, and makes the decision
/// of it. Requests that no van could ever serve are refused at once.
fn best_of_all(
    snapshot: &Snapshot,
    id: RequestId,
    mut search: impl FnMut(&Search, f64, &mut Option<Miss>) -> Option<Insertion>,
) -> Decision {
    let Snapshot { now, world, vans, .. } = *snapshot;
    let request = &world.requests[id.index()];
    if let Some(refused) = never(world, id) {
        return refused;
    }

    let mut best: Option<(Search, VehicleId, Insertion)> = None;
    let mut nearest: Option<(VehicleId, Miss)> = None;
    for (index, van) in vans.iter().enumerate().filter(|(_, van)| !van.done) {
        let vehicle = VehicleId(index as u32);
        let places = Search::new(van, world.van(vehicle), &world.travel, now);
        let mut miss = None;
        let bound = best.as_ref().map_or(f64::INFINITY, |(.., insertion)| insertion.cost);
        let late = places.soonest_arrival(request) - request.latest_pickup;
        if late > Time::ZERO {
            miss = Some(Miss { limit: Limit::Wait, by: late.s() });
        } else if let Some(insertion) = search(&places, bound, &mut miss) {
            best = Some((places, vehicle, insertion));
        }
        if let (None, Some(miss)) = (&best, miss)
            && nearest.is_none_or(|(_, old)| miss.closer_than(&old))
        {
            nearest = Some((vehicle, miss));
        }
    }
    match (best, nearest) {
        (Some((places, vehicle, insertion)), _) => {
            let promise = promise(world, id, insertion.pickup_at);
            let plan = places.insert(id, request, &insertion, promise);
            Decision::Accept { request: id, vehicle, plan, promise }
        }
        (None, Some((vehicle, miss))) => refuse(id, miss.limit, Some(vehicle), miss.by),
        (None, None) => refuse(id, Limit::Busy, None, 0.0),
    }
}

/// The refusal of a request that no van could ever serve.
fn never(world: &World, id: RequestId) -> Option<Decision> {
    let request = &world.requests[id.index()];
    let largest = world.largest_van;
    let closed = world.hours.is_none_or(|(opens, closes)| request.latest_pickup < opens || request.earliest >= closes);
    if closed {
        Some(refuse(id, Limit::Closed, None, 0.0))
    } else if request.direct == Time::NEVER {
        Some(refuse(id, Limit::NoRoad, None, 0.0))
    } else if !request.party.fits(largest) {
        Some(refuse(id, Limit::PartyTooLarge, None, f64::from(request.party.beyond(largest))))
    } else {
        None
    }
}

fn refuse(request: RequestId, limit: Limit, nearest: Option<VehicleId>, by: f64) -> Decision {
    Decision::Refuse { request, limit, nearest, by }
}

/// The pick-up window promised for a planned pick-up: it begins with the minute of the planned pick-up and is as wide as the
/// service promises, within the request's own limits.
fn promise(world: &World, request: RequestId, pickup_at: Time) -> (Time, Time) {
    let request = &world.requests[request.index()];
    match world.scenario.service.promise_window_s {
        None => (request.earliest, request.latest_pickup),
        Some(window_s) => {
            let minute = Time(pickup_at.0 - pickup_at.0.rem_euclid(Time::MINUTE.0));
            let from = minute.max(request.earliest);
            (from, request.latest_pickup.min(from + Time(window_s as i32 * 1_000)))
        }
    }
}
