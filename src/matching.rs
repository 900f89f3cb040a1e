//! Which van takes which rider.
//!
//! A policy is a function of what it may see, the [`Snapshot`], and returns [`Decision`]s: answers to requests and new plans of
//! vans. It changes nothing: the simulation carries the decisions out. A request is answered at the call, or, by a policy that
//! [collects requests](MatchingPolicy::period), at a later decision; until then it may stand in a plan that is not promised
//! yet. Riders promised may be moved to another van until they are picked up. To add a policy, add a file beside `insertion.rs`, a variant
//! to [`MatchingPolicy`], an arm to [`decide`], a check of its parameters to `scenario/check.rs` and a row to the policy table
//! of the tests.

mod anticipating;
mod assignment;
mod batch;
mod fixed_route;
mod insertion;
mod nearest;
mod pooling;
pub mod script;
mod tours;

use serde::{Deserialize, Serialize};

use crate::demand::Request;
use crate::fleet::{Insertion, Miss, Plan, Search, Van};
use crate::log::{BatchRow, Limit};
use crate::objective::Objective;
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
        /// What makes a place cheap.
        #[serde(default)]
        objective: Objective,
    },
    /// Calls are collected for a while, then riders and vans are matched one to one, at least cost in all.
    Batch {
        /// Seconds for which calls are collected.
        window_s: u32,
        /// What a match costs.
        #[serde(default)]
        objective: Objective,
    },
    /// Everybody who waits is assigned anew every few seconds; riders share, and may change vans until they are picked up.
    Pooling {
        /// Seconds between decisions.
        period_s: u32,
        /// Seconds from a call to its answer, at most.
        answer_within_s: u32,
        /// Whether riders promised a ride may be moved to another van.
        reassign: bool,
        /// How many vans are looked at for each rider, the nearest first.
        vans_per_rider: u32,
        /// Seconds of driving that it is worth to send a van that has nothing to do, and not a busy one.
        idle_van_s: f64,
        /// What an assignment costs.
        #[serde(default)]
        objective: Objective,
    },
    /// Requests are collected, and all plans are improved between their answers by ruin and recreate.
    Anticipating {
        /// How often plans are improved while anybody waits, in seconds.
        period_s: u32,
        /// How long a call may stay without an answer, in seconds.
        answer_within_s: u32,
        /// How many improvements are tried each time.
        iterations: u32,
        /// What plans cost.
        #[serde(default)]
        objective: Objective,
    },
    /// No vans: the buses of the scenario's `fixed_route` run to their timetable, and riders walk to its stops.
    FixedRoute {
        /// Longest walk to a stop, and again from one, in metres. 400 m is about the 300 m around a stop, as the crow flies,
        /// that Japanese town planning counts as served (MLIT, handbook on evaluating urban structure, 2014).
        max_walk_m: f64,
        /// How fast riders walk, metres a minute; 80 is what Japanese property advertisements have to count with.
        walk_m_per_min: f64,
        /// Latest boarding after the time asked for, in seconds, the walk to the stop included.
        max_wait_s: u32,
    },
    /// A function `decide(snapshot, town)` of one's own, in JavaScript. It runs only in the page, in a sandbox.
    Script {
        /// Its text.
        source: String,
        /// Longest time for each answer, milliseconds of the clock on the wall; 1,000 if absent, 10,000 at most.
        #[serde(default = "script::usual_time_limit_ms")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        time_limit_ms: u32,
    },
}

impl MatchingPolicy {
    /// The words of the built-in policies, as `kind` of a scenario's.
    pub const NAMES: [&'static str; 6] = ["nearest", "insertion", "batch", "pooling", "anticipating", "fixed_route"];

    /// The policy of a word, with usual parameters.
    pub fn by_name(name: &str) -> Option<MatchingPolicy> {
        match name {
            "nearest" => Some(MatchingPolicy::Nearest {}),
            "insertion" => Some(MatchingPolicy::Insertion { objective: Objective::default() }),
            "batch" => Some(MatchingPolicy::Batch { window_s: 10, objective: Objective::weighing(0.3, 0.3) }),
            "pooling" => Some(MatchingPolicy::Pooling {
                period_s: 5,
                answer_within_s: 30,
                reassign: true,
                vans_per_rider: 15,
                idle_van_s: 400.0,
                objective: Objective::weighing(0.6, 0.6),
            }),
            "anticipating" => Some(MatchingPolicy::Anticipating {
                period_s: 5,
                answer_within_s: 30,
                iterations: 100,
                objective: Objective::weighing(0.3, 0.3),
            }),
            "fixed_route" => {
                Some(MatchingPolicy::FixedRoute { max_walk_m: 400.0, walk_m_per_min: 80.0, max_wait_s: 3_600 })
            }
            _ => None,
        }
    }
}

/// What a policy may see.
#[derive(Clone, Copy)]
pub struct Snapshot<'a> {
    /// The time.
    pub now: Time,
    /// Roads, specs, and the day's requests, of which a policy looks at the first `known` only.
    pub world: &'a World,
    /// How many requests have been called in by now.
    pub known: usize,
    /// The vans, by id.
    pub vans: &'a [Van],
    /// Requests that are not answered yet, in the order of their calls.
    pub open: &'a [RequestId],
}

impl<'a> Snapshot<'a> {
    /// A request that is known by now.
    pub fn request(&self, id: RequestId) -> &'a Request {
        &self.world.requests[..self.known][id.index()]
    }

    /// Looks for places in a van's plan.
    pub(crate) fn search(&self, vehicle: VehicleId) -> Search<'a> {
        Search::new(&self.vans[vehicle.index()], self.world.van(vehicle), self.world.travel_of(vehicle), self.now)
    }

    /// The plan with a request at the place found for it, and the pick-up promised.
    fn accept(&self, id: RequestId, vehicle: VehicleId, place: &Insertion) -> (Plan, (Time, Time)) {
        let request = self.request(id);
        let promise = promise(self.world, request, place.pickup_at);
        (self.search(vehicle).insert(id, request, place, promise), promise)
    }
}

/// What is to be done.
#[derive(Debug, Clone)]
pub enum Decision {
    /// The van has a new plan. It serves everybody aboard; riders promised who leave one plan come into another.
    Plan {
        /// Which van.
        vehicle: VehicleId,
        /// Its stops from now on.
        plan: Plan,
    },
    /// The request, which stands in a plan, is promised a ride. A rider who is picked up is promised one thereby.
    Accept {
        /// Which request.
        request: RequestId,
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
    /// How good the decision is; for the log.
    Batch(BatchRow),
}

/// Answers requests that are open. A script cannot be called from here: what [`script::decide`] makes of its answers takes the
/// place of this; where nobody can be asked, [`script::FALLBACK`] decides.
pub fn decide(policy: &MatchingPolicy, snapshot: &Snapshot) -> Vec<Decision> {
    match policy {
        MatchingPolicy::Nearest {} => one_by_one(snapshot, &Objective::default(), |places, request, bound, miss| {
            nearest::place(places, request, snapshot.now, bound, miss)
        }),
        MatchingPolicy::Insertion { objective } => insert_one_by_one(snapshot, objective),
        MatchingPolicy::Batch { objective, .. } => batch::decide(policy, objective, snapshot),
        &MatchingPolicy::Pooling { reassign, vans_per_rider, idle_van_s, objective, .. } => {
            let vans_per_rider = vans_per_rider as usize;
            let pooling = pooling::Pooling { reassign, vans_per_rider, idle_van: idle_van_s * 1e3, objective };
            pooling::decide(policy, &pooling, snapshot)
        }
        MatchingPolicy::Anticipating { iterations, objective, .. } => {
            anticipating::decide(policy, *iterations, objective, snapshot)
        }
        MatchingPolicy::FixedRoute { .. } => {
            snapshot.open.iter().flat_map(|&request| fixed_route::decide(snapshot, request)).collect()
        }
        MatchingPolicy::Script { .. } => insert_one_by_one(snapshot, &script::FALLBACK),
    }
}

impl MatchingPolicy {
    /// How often it decides, if not at each call.
    pub fn period(&self) -> Option<Time> {
        match self {
            MatchingPolicy::Nearest {}
            | MatchingPolicy::Insertion { .. }
            | MatchingPolicy::FixedRoute { .. }
            | MatchingPolicy::Script { .. } => None,
            MatchingPolicy::Batch { window_s: seconds, .. }
            | MatchingPolicy::Pooling { period_s: seconds, .. }
            | MatchingPolicy::Anticipating { period_s: seconds, .. } => Some(Time(*seconds as i32 * 1_000)),
        }
    }

    /// A quick policy whose vans drive about as much: what days lived through for a forecast can do with.
    pub fn quick(&self) -> MatchingPolicy {
        match self {
            MatchingPolicy::Batch { objective, .. }
            | MatchingPolicy::Pooling { objective, .. }
            | MatchingPolicy::Anticipating { objective, .. } => MatchingPolicy::Insertion { objective: *objective },
            MatchingPolicy::Nearest {}
            | MatchingPolicy::Insertion { .. }
            | MatchingPolicy::FixedRoute { .. }
            | MatchingPolicy::Script { .. } => self.clone(),
        }
    }

    /// How long after its call a request is answered, at the latest.
    pub fn answer_within(&self) -> Time {
        const USUAL: Time = Time(30_000);
        match self {
            MatchingPolicy::Nearest {}
            | MatchingPolicy::Insertion { .. }
            | MatchingPolicy::FixedRoute { .. }
            | MatchingPolicy::Script { .. } => Time::ZERO,
            MatchingPolicy::Batch { window_s, .. } => Time(*window_s as i32 * 1_000).max(USUAL),
            MatchingPolicy::Pooling { answer_within_s, .. } | MatchingPolicy::Anticipating { answer_within_s, .. } => {
                Time(*answer_within_s as i32 * 1_000)
            }
        }
    }

    /// Whether a request is answered now: the next decision would be too late, or waiting for it brings nothing.
    pub(crate) fn is_due(&self, request: &Request, now: Time) -> bool {
        self.period().is_none_or(|period| now + period > request.known + self.answer_within())
            || is_far(request.earliest, now)
    }
}

/// Whether a pick-up is so far ahead that replanning brings nothing: much will change until then. Such a ride is answered at
/// once, and stays where it is.
fn is_far(earliest: Time, now: Time) -> bool {
    const AHEAD: Time = Time(10 * Time::MINUTE.0);
    earliest > now + AHEAD
}

/// Why no van takes a request.
struct Refusal {
    limit: Limit,
    nearest: Option<VehicleId>,
    by: f64,
}

impl Refusal {
    fn of(self, request: RequestId) -> Decision {
        Decision::Refuse { request, limit: self.limit, nearest: self.nearest, by: self.by }
    }
}

fn insert_one_by_one(snapshot: &Snapshot, objective: &Objective) -> Vec<Decision> {
    one_by_one(snapshot, objective, |places, request, bound, miss| {
        insertion::place(places, request, objective, bound, miss)
    })
}

/// Answers each open request by itself, with the best place in any van's plan.
fn one_by_one(
    snapshot: &Snapshot,
    objective: &Objective,
    search: impl Fn(&Search, &Request, f64, &mut Option<Miss>) -> Option<Insertion>,
) -> Vec<Decision> {
    debug_assert!(snapshot.open.len() <= 1, "a policy without a period is asked at each call");
    let mut decisions = Vec::new();
    for &id in snapshot.open {
        let request = snapshot.request(id);
        let place = hopeless(snapshot.world, request).map_or_else(
            || best_place(snapshot, request, objective, |places, bound, miss| search(places, request, bound, miss)),
            Err,
        );
        match place {
            Ok((vehicle, insertion)) => {
                let (plan, promise) = snapshot.accept(id, vehicle, &insertion);
                decisions.extend([Decision::Plan { vehicle, plan }, Decision::Accept { request: id, promise }]);
            }
            Err(refusal) => decisions.push(refusal.of(id)),
        }
    }
    decisions
}

/// Why no van could ever serve a request, if that is so.
fn hopeless(world: &World, request: &Request) -> Option<Refusal> {
    let refuse = |limit, by| Some(Refusal { limit, nearest: None, by });
    let Some((opens, closes)) = world.hours else { return refuse(Limit::Closed, 0.0) };
    if request.latest_pickup < opens || request.earliest >= closes {
        refuse(Limit::Closed, 0.0)
    } else if request.direct == Time::NEVER {
        refuse(Limit::NoRoad, 0.0)
    } else if !request.party.fits(world.largest_van) {
        refuse(Limit::PartyTooLarge, f64::from(request.party.beyond(world.largest_van)))
    } else if !world.vans.iter().any(|van| van.is_in_service() && van.serves(request))
        && world.vans.iter().any(|van| !van.serves(request))
    {
        refuse(Limit::Area, 0.0)
    } else {
        None
    }
}

/// Looks through the vans for the best place, by `search` with the bound and the nearest miss so far; one that costs too much
/// is none. Most vans are too far away: they cost one look into a row of the travel table each, before any plan is looked at.
fn best_place(
    snapshot: &Snapshot,
    request: &Request,
    objective: &Objective,
    mut search: impl FnMut(&Search, f64, &mut Option<Miss>) -> Option<Insertion>,
) -> Result<(VehicleId, Insertion), Refusal> {
    let Snapshot { now, world, vans, .. } = *snapshot;
    let to_origin = world.travel.times_to(request.origin_node);
    let mut in_reach = Vec::new();
    // Of the others, the one that would be there first.
    let mut too_late: Option<(Time, VehicleId)> = None;
    for (vehicle, van) in (0..).map(VehicleId).zip(vans).filter(|(_, van)| !van.done) {
        let arrival = van.at.ready.max(now) + Time(to_origin[van.at.node.index()]);
        let reaches = arrival <= request.latest_pickup;
        // What the van can serve is looked up last: most are neither in reach nor the soonest.
        if !(reaches || too_late.is_none_or(|(soonest, _)| arrival < soonest)) || !world.van(vehicle).serves(request) {
            continue;
        }
        match reaches {
            true => in_reach.push(vehicle),
            false => too_late = Some((arrival, vehicle)),
        }
    }

    let mut best: Option<(VehicleId, Insertion)> = None;
    let late = |(arrival, vehicle): (Time, VehicleId)| {
        (vehicle, Miss { limit: Limit::Wait, by: (arrival - request.latest_pickup).s() })
    };
    let mut nearest: Option<(VehicleId, Miss)> = too_late.map(late);
    for vehicle in in_reach {
        let places = snapshot.search(vehicle);
        let bound = best.map_or(f64::INFINITY, |(_, insertion)| insertion.cost);
        let mut miss = None;
        if let Some(insertion) = search(&places, bound, &mut miss) {
            best = Some((vehicle, insertion));
        } else if let Some(miss) = miss
            && nearest.is_none_or(|(first, old)| miss.closer_than(&old) || miss == old && vehicle < first)
        {
            nearest = Some((vehicle, miss));
        }
    }
    let Some((vehicle, insertion)) = best else {
        return Err(match nearest {
            Some((vehicle, miss)) => Refusal { limit: miss.limit, nearest: Some(vehicle), by: miss.by },
            None => Refusal { limit: Limit::Busy, nearest: None, by: 0.0 },
        });
    };
    let beyond = insertion.cost - objective.refusal_cost(request);
    if beyond >= 0.0 {
        return Err(Refusal { limit: Limit::Cost, nearest: Some(vehicle), by: beyond / 1e3 });
    }
    Ok((vehicle, insertion))
}

/// The pick-up window promised for a planned pick-up: it begins with the minute of the planned pick-up and is as wide as the
/// service promises, within the request's own limits.
pub(crate) fn promise(world: &World, request: &Request, pickup_at: Time) -> (Time, Time) {
    match world.scenario.service.promise_window_s {
        None => (request.earliest, request.latest_pickup),
        Some(window_s) => {
            let minute = Time(pickup_at.0 - pickup_at.0.rem_euclid(Time::MINUTE.0));
            let from = minute.max(request.earliest);
            (from, request.latest_pickup.min(from + Time(window_s as i32 * 1_000)))
        }
    }
}
