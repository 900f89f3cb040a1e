//! The bus that runs to a timetable: riders walk to a stop, ride without changing, and walk on.
//!
//! A party takes the trip that brings it to its destination earliest by the timetable; of equals the one with less walking,
//! then the one with less time aboard. It comes to the stop in time for the timetable, so it cannot board a late bus that
//! should have left before. The answer is given at the call, by the seats that earlier calls have left: who asks later finds
//! a bus full, takes the next best trip, or is refused. Where it would be there as soon on foot, and the walk is not longer
//! than both walks of a ride may be, it walks. O(trips x stops² + calls ahead) for each request, as a rule.

use std::cmp::Reverse;

use super::{Decision, Snapshot};
use crate::fleet::{Action, Miss, Plan, PlanStop, Position};
use crate::log::Limit;
use crate::timetable::{Timetable, Trip, walk_m};
use crate::units::{RequestId, Time, VehicleId};

/// A trip that a party could take.
struct Ride<'t> {
    trip: &'t Trip,
    bus: VehicleId,
    /// Positions on the line.
    board: usize,
    alight: usize,
    /// Time of the walks to the bus and from it.
    walks: (Time, Time),
    /// When the party would be at its destination, by the timetable.
    there: Time,
}

pub(super) fn decide(snapshot: &Snapshot, id: RequestId) -> Vec<Decision> {
    let Snapshot { world, .. } = *snapshot;
    let request = snapshot.request(id);
    let refuse = |limit, nearest, by| vec![Decision::Refuse { request: id, limit, nearest, by }];
    let timetable = world.timetable.as_ref().expect("the world of this policy has a timetable");
    let walking = timetable.walking;

    let on_foot_m = walk_m(&world.roads, request.origin_node, request.destination_node);
    let on_foot = (on_foot_m <= 2.0 * walking.max_m).then(|| request.earliest + walking.time(on_foot_m));
    if !timetable.trips.iter().any(|trip| trip.bus.is_some()) {
        return refuse(Limit::Closed, None, 0.0);
    }
    let (mut rides, nearest_m) = rides(snapshot, id, timetable);
    if rides.is_empty() && nearest_m > walking.max_m && on_foot.is_none() {
        return refuse(Limit::Walk, None, nearest_m - walking.max_m);
    }
    if !request.party.fits(world.largest_van) {
        return refuse(Limit::PartyTooLarge, None, f64::from(request.party.beyond(world.largest_van)));
    }

    rides.sort_by_key(|ride| (ride.there, ride.walks.0 + ride.walks.1, Reverse(ride.board), ride.trip.departs));
    let mut nearest: Option<(VehicleId, Miss)> = None;
    for ride in rides {
        if let Some(on_foot) = on_foot
            && on_foot <= ride.there
        {
            return refuse(Limit::OnFoot, Some(ride.bus), (ride.there - on_foot).s());
        }
        match board(snapshot, id, timetable, &ride) {
            Ok(decisions) => return decisions,
            Err(miss) if nearest.is_none_or(|(_, old)| miss.closer_than(&old)) => nearest = Some((ride.bus, miss)),
            Err(_) => {}
        }
    }
    match (on_foot, nearest) {
        (Some(_), _) => refuse(Limit::OnFoot, None, 0.0),
        (None, Some((bus, miss))) => refuse(miss.limit, Some(bus), miss.by),
        (None, None) => refuse(Limit::Closed, None, 0.0),
    }
}

/// All trips that lead from within walking distance of the origin to within walking distance of the destination, and have
/// not left when the party can be at their stop; and the least that the longer of both walks to and from any line would be,
/// in metres.
fn rides<'t>(snapshot: &Snapshot, id: RequestId, timetable: &'t Timetable) -> (Vec<Ride<'t>>, f64) {
    let Snapshot { world, .. } = *snapshot;
    let request = snapshot.request(id);
    let walking = timetable.walking;
    let (mut rides, mut nearest_m) = (Vec::new(), f64::INFINITY);
    for (index, line) in timetable.lines.iter().enumerate() {
        let trips = || timetable.trips.iter().filter(move |trip| trip.line == index && trip.bus.is_some());
        if trips().next().is_none() {
            continue;
        }
        let to_m: Vec<f64> = line.nodes.iter().map(|&node| walk_m(&world.roads, request.origin_node, node)).collect();
        let from_m: Vec<f64> =
            line.nodes.iter().map(|&node| walk_m(&world.roads, node, request.destination_node)).collect();
        for board in 0..line.nodes.len() {
            for alight in board + 1..line.nodes.len() {
                let longer_m = to_m[board].max(from_m[alight]);
                nearest_m = nearest_m.min(longer_m);
                if longer_m > walking.max_m {
                    continue;
                }
                let walks = (walking.time(to_m[board]), walking.time(from_m[alight]));
                for trip in trips() {
                    let bus = trip.bus.expect("the trip runs");
                    let departs = trip.departs + line.offsets[board];
                    let left = trip.leaves(board) < calls_made(snapshot, bus);
                    if departs < request.earliest + walks.0 || left {
                        continue;
                    }
                    let there = trip.departs + line.offsets[alight] + walks.1;
                    rides.push(Ride { trip, bus, board, alight, walks, there });
                }
            }
        }
    }
    (rides, nearest_m)
}

/// How many of its day's calls a bus has behind it.
fn calls_made(snapshot: &Snapshot, bus: VehicleId) -> usize {
    let ahead = snapshot.vans[bus.index()].plan.stops().iter().filter(|stop| stop.action == Action::Call).count();
    snapshot.world.van(bus).calls.len() - ahead
}

/// Puts a party on a bus, or says what stands in the way.
fn board(snapshot: &Snapshot, id: RequestId, timetable: &Timetable, ride: &Ride) -> Result<Vec<Decision>, Miss> {
    let Snapshot { now, world, vans, .. } = *snapshot;
    let request = snapshot.request(id);
    let (van, spec) = (&vans[ride.bus.index()], world.van(ride.bus));
    let departs = ride.trip.departs + timetable.lines[ride.trip.line].offsets[ride.board];
    if departs > request.latest_pickup {
        return Err(Miss { limit: Limit::Wait, by: (departs - request.latest_pickup).s() });
    }

    // Those who asked first get on first; all get off before the call is over.
    let made = calls_made(snapshot, ride.bus);
    let mut stops = van.plan.stops().to_vec();
    let after = |stops: &[PlanStop], call: usize, others: Action| {
        let calls = stops.iter().enumerate().filter(|(_, stop)| stop.action == Action::Call);
        let (at, call) = calls.map(|(at, stop)| (at + 1, stop)).nth(call - made).expect("the call is ahead");
        (at + stops[at..].iter().take_while(|stop| stop.action == others).count(), call.node)
    };
    let (at, node) = after(&stops, ride.trip.reaches(ride.alight), Action::Dropoff);
    let ready = request.earliest + ride.walks.0;
    let dropoff = PlanStop {
        request: id,
        action: Action::Dropoff,
        node,
        earliest: ready,
        latest: request.latest_dropoff - ride.walks.1,
        dwell: request.dwell,
        party: request.party,
        max_ride: None,
    };
    stops.insert(at, dropoff);
    let (at, node) = after(&stops, ride.trip.leaves(ride.board), Action::Pickup);
    stops.insert(at, PlanStop { action: Action::Pickup, node, latest: request.latest_pickup, ..dropoff });

    let from = Position { ready: van.at.ready.max(now), ..van.at };
    if let Some(miss) = first_miss(snapshot, id, ride.bus, from, &stops) {
        return Err(miss);
    }
    let plan = Plan::new(stops, from, spec, &world.travel).expect("no limit is in the way");
    if let (Some(battery), Some((stop, _))) = (&spec.battery, plan.first()) {
        let (time, length_m) = (world.travel.time(from.node, stop.node), world.travel.length_m(from.node, stop.node));
        let short =
            battery.consumption.driving_kwh(length_m, time) + plan.energy_kwh() + battery.reserve_kwh - van.energy_kwh;
        if short > 0.0 {
            return Err(Miss { limit: Limit::Charge, by: short });
        }
    }
    let promise = (departs, request.latest_pickup);
    Ok(vec![Decision::Plan { vehicle: ride.bus, plan }, Decision::Accept { request: id, promise }])
}

/// The first limit that a bus with these stops ahead would break.
fn first_miss(snapshot: &Snapshot, id: RequestId, bus: VehicleId, from: Position, stops: &[PlanStop]) -> Option<Miss> {
    let (travel, spec) = (&snapshot.world.travel, snapshot.world.van(bus));
    let Position { mut node, mut ready, mut load } = from;
    for stop in stops {
        let begin = (ready + travel.time(node, stop.node)).max(stop.earliest);
        let limit = match stop.action {
            _ if stop.request != id => Limit::Promise,
            Action::Pickup => Limit::Wait,
            Action::Dropoff | Action::Call => Limit::Ride,
        };
        if begin > stop.latest {
            return Some(Miss { limit, by: (begin - stop.latest).s() });
        }
        load = stop.action.load(load, stop.party);
        if !load.fits(spec.capacity) {
            return Some(Miss { limit: Limit::Seats, by: f64::from(load.beyond(spec.capacity)) });
        }
        (node, ready) = (stop.node, begin + stop.dwell);
    }
    let late = ready + spec.home.map_or(Time::ZERO, |home| travel.time(node, home)) - spec.shift_end;
    (late > Time::ZERO).then(|| Miss { limit: Limit::Shift, by: late.s() })
}
