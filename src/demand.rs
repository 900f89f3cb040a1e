//! Requests: who wants to ride, when, from where to where, and within which limits.

mod behaviour;
pub mod cells;
pub mod csv;
mod generate;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fleet::Load;
use crate::roads::TravelTable;
use crate::scenario::{MatchingPolicy, RideLimit, Scenario, Trip};
use crate::site;
use crate::units::{NodeId, StopId, Time};

pub use behaviour::Presence;
pub use generate::generate;

/// One ride asked for, with every limit that a van's plan must keep.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// When the call is received; nothing is known of it before.
    pub known: Time,
    /// Earliest pick-up: the time asked for.
    pub earliest: Time,
    /// Latest pick-up: `earliest` + the service's longest wait, or the policy `fixed_route`'s own.
    pub latest_pickup: Time,
    /// Latest drop-off.
    pub latest_dropoff: Time,
    /// Longest time from the end of boarding to the beginning of alighting, if limited.
    pub max_ride: Option<Time>,
    /// Where it begins.
    pub origin: StopId,
    /// Where it ends.
    pub destination: StopId,
    /// The node of `origin`.
    pub origin_node: NodeId,
    /// The node of `destination`.
    pub destination_node: NodeId,
    /// Who rides.
    pub party: Load,
    /// Driving time from origin to destination without a detour, begun at the time asked for; [`Time::NEVER`] if no road leads there.
    pub direct: Time,
    /// Time the van stands to let the party on, and again to let it off.
    pub dwell: Time,
}

/// A request with what only the simulation knows of it.
pub struct Call {
    /// What is asked for.
    pub request: Request,
    /// Its name in written logs.
    pub name: String,
    /// Whether and when the party is at its stop.
    pub presence: Presence,
}

/// The day's requests: the scenario's own trips and the generated ones (`g0`, `g1` …), each with the service's limits, in
/// the order of their calls.
pub fn requests(scenario: &Scenario, travel: &TravelTable) -> Vec<Call> {
    let stops: BTreeMap<&str, u32> =
        (0..).zip(&scenario.stops).map(|(index, stop)| (stop.id.as_str(), index)).collect();
    let generated = generate(scenario, travel);
    let named = |prefix: &'static str, (index, trip): (usize, &Trip)| {
        let Trip { ref id, late_s, no_show, .. } = *trip;
        let name = id.clone().unwrap_or_else(|| format!("{prefix}{index}"));
        (request(scenario, travel, &stops, trip), name, (late_s, no_show))
    };
    let mut requests: Vec<_> = scenario.demand.trips.iter().enumerate().map(|trip| named("t", trip)).collect();
    requests.extend(generated.iter().enumerate().map(|trip| named("g", trip)));
    requests.sort_by_key(|(request, ..)| request.known);
    let mut draw = behaviour::draw(scenario);
    let calls = requests.into_iter().map(|(request, name, given)| Call { request, name, presence: draw(given) });
    calls.collect()
}

fn request(scenario: &Scenario, travel: &TravelTable, stops: &BTreeMap<&str, u32>, trip: &Trip) -> Request {
    let service = &scenario.service;
    let [origin, destination] = [&trip.origin, &trip.destination].map(|id| StopId(stops[id.as_str()]));
    let [origin_node, destination_node] = [origin, destination].map(|stop| NodeId(scenario.stops[stop.index()].node));
    let known = Time::from_s(trip.request_s);
    let earliest = trip.earliest_pickup_s.map_or(known, Time::from_s);
    let direct = match travel.time(origin_node, destination_node) {
        Time::NEVER => Time::NEVER,
        free => travel.after(earliest, free) - earliest,
    };
    let (max_wait_s, mut latest_dropoff, max_ride) =
        if let MatchingPolicy::FixedRoute { max_wait_s, .. } = scenario.policies.matching {
            // A bus goes where its line goes, and runs as long as its timetable says.
            (max_wait_s, site::day(scenario).1, None)
        } else {
            let most = Time::from_s(service.detour_factor * direct.s());
            let latest = earliest + Time(service.max_wait_s as i32 * 1_000) + most;
            let closes = scenario.hours().map_or(latest, |(_, closes)| closes);
            let ride = |limit: &RideLimit| Time::from_s(limit.factor * direct.s() + f64::from(limit.slack_s));
            (service.max_wait_s, latest.min(closes), service.ride_limit.as_ref().map(ride))
        };
    let latest_pickup = earliest + Time(max_wait_s as i32 * 1_000);
    if let Some(latest) = trip.latest_dropoff_s {
        latest_dropoff = latest_dropoff.min(Time::from_s(latest));
    }
    let dwell_s = service.dwell.per_request_s
        + service.dwell.per_passenger_s * trip.passengers
        + service.dwell.per_wheelchair_s * trip.wheelchairs;
    Request {
        known,
        earliest,
        latest_pickup,
        latest_dropoff,
        max_ride,
        origin,
        destination,
        origin_node,
        destination_node,
        party: Load { seats: trip.passengers, wheelchairs: trip.wheelchairs },
        direct,
        dwell: Time(dwell_s as i32 * 1_000),
    }
}
