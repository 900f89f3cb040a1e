//! Requests: who wants to ride, when, from where to where, and within which limits.

mod behaviour;
pub mod cells;
pub mod csv;
mod generate;
mod phone;
pub mod weights;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fleet::Load;
use crate::roads::TravelTable;
use crate::scenario::{Channel, MatchingPolicy, RideLimit, Scenario, Trip};
use crate::site;
use crate::units::{NodeId, StopId, Time};

pub use behaviour::Presence;
pub use generate::generate;

/// One ride asked for, with every limit that a van's plan must keep.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// How it is asked for.
    pub channel: Channel,
    /// When the rider calls, or books in the app.
    pub called: Time,
    /// When the service has received it, with a call by phone at its end; nothing is known of it before.
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
    /// Who rides, and what.
    pub party: Load,
    /// How many of its seats children take.
    pub children: u32,
    /// Driving time from origin to destination without a detour, begun at the time asked for; [`Time::NEVER`] if no road leads there.
    pub direct: Time,
    /// Time the van stands to let the party on, and again to let it off.
    pub dwell: Time,
}

impl Request {
    /// Parcels that nobody rides with.
    pub fn is_freight(&self) -> bool {
        self.party.people() == 0
    }
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
    let named = |prefix: &'static str, trips: Vec<Trip>| {
        let name = move |(index, trip): (usize, Trip)| {
            let name = trip.id.clone().unwrap_or_else(|| format!("{prefix}{index}"));
            (trip, name)
        };
        trips.into_iter().enumerate().map(name)
    };
    let trips: Vec<(Trip, String)> = named("t", scenario.demand.trips.clone()).chain(named("g", generated)).collect();
    let known = phone::known(scenario.service.phone.as_ref(), &trips);
    let mut requests: Vec<(Request, String, Trip)> = trips
        .into_iter()
        .zip(known)
        .map(|((trip, name), known)| (request(scenario, travel, &stops, &trip, known), name, trip))
        .collect();
    requests.sort_by_key(|(request, ..)| request.known);
    let mut draw = behaviour::draw(scenario);
    let calls = requests.into_iter().map(|(request, name, trip)| {
        let presence = draw((trip.late_s, trip.no_show));
        Call { request, name, presence }
    });
    calls.collect()
}

fn request(
    scenario: &Scenario,
    travel: &TravelTable,
    stops: &BTreeMap<&str, u32>,
    trip: &Trip,
    known: Time,
) -> Request {
    let service = &scenario.service;
    let [origin, destination] = [&trip.origin, &trip.destination].map(|id| StopId(stops[id.as_str()]));
    let [origin_node, destination_node] = [origin, destination].map(|stop| NodeId(scenario.stops[stop.index()].node));
    let earliest = trip.earliest_pickup_s.map_or(known, |time| Time::from_s(time).max(known));
    let direct = match travel.time(origin_node, destination_node) {
        Time::NEVER => Time::NEVER,
        free => travel.after(earliest, free) - earliest,
    };
    let party = Load { seats: trip.passengers + trip.children, wheelchairs: trip.wheelchairs, parcels: trip.parcels };
    let (max_wait_s, mut latest_dropoff, max_ride) =
        if let MatchingPolicy::FixedRoute { max_wait_s, .. } = scenario.policies.matching {
            // A bus goes where its line goes, and runs as long as its timetable says.
            (max_wait_s, site::day(scenario).1, None)
        } else {
            let most = Time::from_s(service.detour_factor * direct.s());
            let latest = earliest + Time(service.max_wait_s as i32 * 1_000) + most;
            let closes = scenario.hours().map_or(latest, |(_, closes)| closes);
            let ride = |limit: &RideLimit| Time::from_s(limit.factor * direct.s() + f64::from(limit.slack_s));
            match party.people() {
                0 => (service.max_wait_s, closes, None),
                _ => (service.max_wait_s, latest.min(closes), service.ride_limit.as_ref().map(ride)),
            }
        };
    let latest_pickup = earliest + Time(max_wait_s as i32 * 1_000);
    if let Some(latest) = trip.latest_dropoff_s {
        latest_dropoff = latest_dropoff.min(Time::from_s(latest));
    }
    let dwell = &service.dwell;
    let dwell_s = dwell.per_request_s
        + dwell.per_passenger_s * trip.passengers
        + dwell.per_wheelchair_s * trip.wheelchairs
        + dwell.per_child_s.unwrap_or(dwell.per_passenger_s) * trip.children
        + dwell.per_parcel_s.unwrap_or(0) * trip.parcels;
    Request {
        channel: trip.channel,
        called: Time::from_s(trip.request_s),
        known,
        earliest,
        latest_pickup,
        latest_dropoff,
        max_ride,
        origin,
        destination,
        origin_node,
        destination_node,
        party,
        children: trip.children,
        direct,
        dwell: Time(dwell_s as i32 * 1_000),
    }
}
