//! The bus that runs to a timetable: riders walk to a stop, ride without changing, and walk on.
//!
//! A party takes the trip that brings it to its destination earliest by the timetable; of equals the one with less walking,
//! then the one with less time aboard. It comes to the stop in time for the timetable, so it cannot board a late bus that
//! should have left before. The answer is given at the call, by the seats that earlier calls have left: who asks later finds
//! a bus full, takes the next best trip, or is refused. Where walking all the way takes no longer than the way by bus, from
//! leaving the origin on, and is not farther than both walks of a ride may be, it walks.
//!
//! For each request O(trips x stops²) rides are looked at, and O(calls ahead) for each that is tried; as a rule the first fits.

use std::cmp::Reverse;

use super::{Decision, Snapshot};
use crate::fleet::{Action, Miss, Plan, PlanStop, Position, first_miss};
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
    /// When it leaves where the party gets on, and when the party is at its destination, by the timetable.
    departs: Time,
    there: Time,
}

pub(super) fn decide(snapshot: &Snapshot, id: RequestId) -> Vec<Decision> {
    let Snapshot { world, .. } = *snapshot;
    let request = snapshot.request(id);
    let refuse = |limit, nearest, by| vec![Decision::Refuse { request: id, limit, nearest, by }];
    let timetable = world.timetable.as_ref().expect("the world of this policy has a timetable");
    let walking = timetable.walking;

    let on_foot_m = walk_m(&world.roads, request.origin_node, request.destination_node);
    let on_foot = (on_foot_m <= 2.0 * walking.max_m).then(|| walking.time(on_foot_m));
    if !timetable.trips.iter().any(|trip| trip.bus.is_some()) {
        return refuse(Limit::Closed, None, 0.0);
    }
    let (mut rides, nearest_m) = rides(snapshot, id, timetable);
    if nearest_m > walking.max_m {
        return refuse(Limit::Walk, None, nearest_m - walking.max_m);
    }
    if !request.party.fits(world.largest_van) {
        return refuse(Limit::PartyTooLarge, None, f64::from(request.party.beyond(world.largest_van)));
    }

    rides.sort_by_key(|ride| (ride.there, ride.walks.0 + ride.walks.1, Reverse(ride.board), ride.trip.departs));
    let mut nearest: Option<(VehicleId, Miss)> = None;
    for ride in rides {
        let by_bus = ride.there - ride.departs + ride.walks.0;
        if let Some(on_foot) = on_foot
            && on_foot <= by_bus
        {
            return refuse(Limit::OnFoot, Some(ride.bus), (by_bus - on_foot).s());
        }
        match board(snapshot, id, &ride) {
            Ok(decisions) => return decisions,
            Err(miss) if nearest.is_none_or(|(_, old)| miss.closer_than(&old)) => nearest = Some((ride.bus, miss)),
            Err(_) => {}
        }
    }
    match nearest {
        Some((bus, miss)) => refuse(miss.limit, Some(bus), miss.by),
        None => refuse(Limit::Closed, None, 0.0),
    }
}

/// All trips that lead from within walking distance of the origin to within walking distance of the destination, and have
/// not left when the party can be at their stop; and the least that the longer of both walks to and from any line would be,
/// in metres.
fn rides<'t>(snapshot: &Snapshot, id: RequestId, timetable: &'t Timetable) -> (Vec<Ride<'t>>, f64) {
    let Snapshot { world, .. } = *snapshot;
    let request = snapshot.request(id);
    let walking = timetable.walking;
    let made: Vec<usize> = (0..snapshot.vans.len() as u32).map(|bus| calls_made(snapshot, VehicleId(bus))).collect();
    let (mut rides, mut nearest_m) = (Vec::new(), f64::INFINITY);
    for (index, line) in timetable.lines.iter().enumerate() {
        let trips = || timetable.trips.iter().filter(move |trip| trip.line == index && trip.bus.is_some());
        if trips().next().is_none() {
            continue;
        }
        let walk_m = |from, to| walk_m(&world.roads, from, to);
        let to_m: Vec<f64> = line.nodes.iter().map(|&node| walk_m(request.origin_node, node)).collect();
        let from_m: Vec<f64> = line.nodes.iter().map(|&node| walk_m(node, request.destination_node)).collect();
        for (board, &to_m) in to_m.iter().enumerate() {
            for (alight, &from_m) in from_m.iter().enumerate().skip(board + 1) {
                nearest_m = nearest_m.min(to_m.max(from_m));
                if to_m.max(from_m) > walking.max_m {
                    continue;
                }
                let walks = (walking.time(to_m), walking.time(from_m));
                for trip in trips() {
                    let bus = trip.bus.expect("the trip runs");
                    let departs = trip.departs + line.offsets[board];
                    let left = trip.leaves(board) < made[bus.index()];
                    if departs < request.earliest + walks.0 || left {
                        continue;
                    }
                    let there = trip.departs + line.offsets[alight] + walks.1;
                    rides.push(Ride { trip, bus, board, alight, walks, departs, there });
                }
            }
        }
    }
    (rides, nearest_m)
}

/// How many of its day's calls a bus has behind it.
fn calls_made(snapshot: &Snapshot, bus: VehicleId) -> usize {
    snapshot.world.van(bus).calls.len() - snapshot.vans[bus.index()].plan.calls_ahead()
}

/// Puts a party on a bus, or says what stands in the way.
fn board(snapshot: &Snapshot, id: RequestId, ride: &Ride) -> Result<Vec<Decision>, Miss> {
    let Snapshot { now, world, vans, .. } = *snapshot;
    let request = snapshot.request(id);
    let (van, spec) = (&vans[ride.bus.index()], world.van(ride.bus));
    if ride.departs > request.latest_pickup {
        return Err(Miss { limit: Limit::Wait, by: (ride.departs - request.latest_pickup).s() });
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
        promised: None,
        dwell: request.dwell,
        party: request.party,
        max_ride: None,
    };
    stops.insert(at, dropoff);
    let (at, node) = after(&stops, ride.trip.leaves(ride.board), Action::Pickup);
    stops.insert(at, PlanStop { action: Action::Pickup, node, latest: request.latest_pickup, ..dropoff });

    let from = Position { ready: van.at.ready.max(now), ..van.at };
    if let Some(miss) = first_miss(id, &stops, from, spec, &world.travel) {
        return Err(miss);
    }
    let plan = Plan::new(stops, from, spec, &world.travel).expect("no limit is in the way");
    let short = plan.missing_kwh(from.node, van.energy_kwh, spec, &world.travel);
    if short > 0.0 {
        return Err(Miss { limit: Limit::Charge, by: short });
    }
    let promise = (ride.departs, request.latest_pickup);
    Ok(vec![Decision::Plan { vehicle: ride.bus, plan }, Decision::Accept { request: id, promise }])
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::log::{Answer, Event, Log};
    use crate::scenario::{
        Clock, Departures, FixedRoute, Line, LineStop, MatchingPolicy, Scenario, Text, Vehicle, Weekday,
    };
    use crate::sim::Simulation;
    use crate::world::World;

    /// The village: a, b, c, d in a row, 1 km and 100 s apart. A line calls at all of them, at 0, 150, 300 and 450 s; boarding
    /// and alighting take 20 s and 5 s for each passenger. A walk of 1 km is 1.3 km long: 16 min 15 s at 80 m/min.
    fn village(times: &[&str], asked: &[(f64, &str, &str, u32)]) -> Scenario {
        let mut scenario = Scenario::village();
        scenario.demand.generator = None;
        let bus = Vehicle { id: "bus".into(), seats: 3, battery: None, ..scenario.fleet.vehicles[0].clone() };
        let stop = |(stop, k): (&str, u32)| LineStop { stop: stop.into(), departure_s: 150 * k };
        let times = times.iter().map(|time| Clock::parse(time).expect("a time")).collect();
        scenario.fixed_route = Some(FixedRoute {
            lines: vec![Line {
                id: "east".into(),
                name: Text::new("東", "east"),
                stops: ["a", "b", "c", "d"].into_iter().zip(0..).map(stop).collect(),
                departures: vec![Departures { days: vec![Weekday::Wed], times }],
            }],
            vehicles: vec![bus],
            adult_yen: 200.0,
        });
        scenario.policies.matching =
            MatchingPolicy::FixedRoute { max_walk_m: 400.0, walk_m_per_min: 80.0, max_wait_s: 1_800 };
        let trips = asked.iter().map(|&(request_s, origin, destination, passengers)| crate::scenario::Trip {
            request_s,
            origin: origin.into(),
            destination: destination.into(),
            passengers,
            ..Default::default()
        });
        scenario.demand.trips = trips.collect();
        scenario
    }

    fn day(scenario: &Scenario) -> (Arc<World>, Log) {
        assert_eq!(scenario.problems(), Vec::new());
        let world = Arc::new(World::new(scenario));
        let log = Simulation::new(Arc::clone(&world)).run();
        (world, log)
    }

    const NINE: f64 = 9.0 * 3_600.0;

    /// Rows of the bus as seconds after nine, event and node.
    fn rows(log: &Log) -> Vec<(f64, Event, u32)> {
        log.van_rows().map(|row| (row.time.s() - NINE, row.event, row.node.0)).collect()
    }

    fn refused(log: &Log, request: usize) -> (Limit, f64) {
        match log.answers[request] {
            Some(Answer::Refused { limit, by, .. }) => (limit, by),
            other => panic!("not refused: {other:?}"),
        }
    }

    #[test]
    fn a_bus_waits_for_its_time_at_every_stop_and_goes_home_after_its_last_trip() {
        // From b to d, asked for at 8:55. The bus is at b at 100 s and waits until 150 s, boards until 175 s, is at c at 275 s,
        // waits until 300 s and is at d at 400 s, where the rider is off at 425 s; then it drives the 300 s home.
        let (world, log) = day(&village(&["09:00"], &[(NINE - 300.0, "b", "d", 1)]));
        use Event::*;
        assert_eq!(
            rows(&log),
            [
                (0.0, ShiftStart, 0),
                (0.0, Depart, 0),
                (100.0, Arrive, 1),
                (150.0, Pickup, 1),
                (175.0, Depart, 1),
                (275.0, Arrive, 2),
                (300.0, Depart, 2),
                (400.0, Arrive, 3),
                (400.0, Dropoff, 3),
                (425.0, Depart, 3),
                (525.0, Pass, 2),
                (625.0, Pass, 1),
                (725.0, Arrive, 0),
                (725.0, ShiftEnd, 0),
            ]
        );
        // Waiting from 8:55 to 9:02:30; aboard from 175 s to 400 s; at the destination, off the bus, 725 s after 8:55.
        let report = crate::report::report(&world, &log);
        assert_eq!((report.mean_wait_s, report.mean_walk_s, report.mean_ride_s), (Some(450.0), Some(0.0), Some(225.0)));
        assert_eq!((report.mean_journey_s, report.fares_yen), (Some(725.0), 200.0));
        assert!((report.driver_hours - 725.0 / 3_600.0).abs() < 1e-12);
    }

    #[test]
    fn who_asks_when_all_seats_are_taken_waits_for_the_next_bus_or_stays_behind() {
        // All ask at 8:59. Two of three seats are taken from a to c, so that the second party, from b to d, takes the trip at
        // 9:20 and boards at 1,350 s; the third gets the seats that become free at c.
        let eight = NINE - 60.0;
        let asked = [(eight, "a", "c", 2), (eight, "b", "d", 2), (eight, "c", "d", 2), (eight, "a", "d", 3)];
        let (_, log) = day(&village(&["09:00", "09:20"], &asked));
        let boards = |id: u32| {
            log.rows
                .iter()
                .find(|row| row.event == Event::Pickup && row.request == Some(RequestId(id)))
                .map(|row| row.time.s() - NINE)
        };
        // The bus leaves a at 30 s and b at 150 s; at c the first party is off from 250 s to 280 s, and the third gets on at 300 s.
        assert_eq!((boards(0), boards(1), boards(2)), (Some(0.0), Some(1_350.0), Some(300.0)));
        // Three people to d: at 9:00 two are aboard from a on, at 9:20 two from b on. Five people are two too many.
        assert_eq!(refused(&log, 3), (Limit::Seats, 2.0));
    }

    #[test]
    fn nobody_waits_longer_than_the_limit_or_for_a_bus_that_does_not_come() {
        // Asked for at 9:00 and 10 s past: the bus has left a, the next is there at 9:31, 50 s beyond half an hour.
        let (_, log) = day(&village(&["09:00", "09:31"], &[(NINE + 10.0, "a", "c", 1), (NINE + 3_600.0, "a", "c", 1)]));
        assert_eq!(refused(&log, 0), (Limit::Wait, 50.0));
        assert_eq!(refused(&log, 1), (Limit::Closed, 0.0));
        // Against the direction of the line no bus goes at all: to board at a would take a walk of 3.9 km from d.
        let (_, log) = day(&village(&["09:00"], &[(NINE, "d", "b", 1)]));
        let (limit, by) = refused(&log, 0);
        // Board at c and alight at d, 1.3 km and 2.6 km; at b and at c, 2.6 km and 1.3 km: the longer is 2.6 km, of which 400 m
        // would do.
        assert!(limit == Limit::Walk && (by - 2_200.0).abs() < 2.0, "{limit:?} {by}");
    }

    #[test]
    fn riders_walk_at_both_ends_and_come_to_the_stop_in_time() {
        let mut scenario = village(&["09:00", "09:20"], &[(NINE - 60.0, "a", "d", 1)]);
        // The line calls at b and c only, and a walk of 1.3 km is allowed: 975 s.
        let line = &mut scenario.fixed_route.as_mut().expect("a route").lines[0];
        line.stops = line.stops[1..3].to_vec();
        line.stops[0].departure_s = 0;
        scenario.policies.matching =
            MatchingPolicy::FixedRoute { max_walk_m: 1_310.0, walk_m_per_min: 80.0, max_wait_s: 1_800 };
        let (world, log) = day(&scenario);
        let [walk] = log.walks[..] else { panic!("one walk: {:?}", log.walks) };
        assert_eq!((walk.board.0, walk.alight.0), (1, 2));
        assert!((walk.to.s() - 975.0).abs() < 1.0 && (walk.from.s() - 975.0).abs() < 1.0, "{walk:?}");
        // At b 975 s after 8:59, so that the bus of 9:00 has gone: it boards at 9:20, having waited for 1,260 - 975 s.
        let report = crate::report::report(&world, &log);
        assert!((report.mean_wait_s.expect("served") - 285.0).abs() < 1.0, "{:?}", report.mean_wait_s);
        assert!((report.mean_walk_s.expect("served") - 1_950.0).abs() < 1.0, "{:?}", report.mean_walk_s);
        // Boards until 25 s past, is at c 100 s later, takes 25 s to get off, and walks.
        let journey_s = 1_260.0 + 25.0 + 100.0 + 25.0 + 975.0;
        assert!((report.mean_journey_s.expect("served") - journey_s).abs() < 1.0, "{:?}", report.mean_journey_s);
    }

    #[test]
    fn who_is_as_fast_on_foot_walks() {
        let mut scenario = village(&["09:00"], &[(NINE - 60.0, "a", "b", 1), (NINE - 60.0, "a", "c", 1)]);
        // Uphill the bus takes 20 minutes to b; 1.3 km on foot take 975 s of them. To c walking would be too far.
        for (k, call) in scenario.fixed_route.as_mut().expect("a route").lines[0].stops.iter_mut().enumerate() {
            call.departure_s = 1_200 * k as u32;
        }
        scenario.policies.matching =
            MatchingPolicy::FixedRoute { max_walk_m: 700.0, walk_m_per_min: 80.0, max_wait_s: 1_800 };
        let (_, log) = day(&scenario);
        let (limit, by) = refused(&log, 0);
        assert!(limit == Limit::OnFoot && (by - 225.0).abs() < 1.0, "{limit:?} {by}");
        assert!(matches!(log.answers[1], Some(Answer::Promised { .. })), "{:?}", log.answers[1]);
    }

    #[test]
    fn a_timetable_runs_past_midnight() {
        // 24:30 and 25:00: from the 24th hour on, the day goes on. Service is until 26:00.
        let mut scenario = village(&["24:30", "25:00"], &[(24.0 * 3_600.0 + 1_800.0 - 60.0, "b", "c", 1)]);
        scenario.service.hours[0].closes = Clock::parse("26:00").expect("a time");
        let (_, log) = day(&scenario);
        let pickup = log.rows.iter().find(|row| row.event == Event::Pickup).expect("served");
        assert_eq!(pickup.time.s(), 24.5 * 3_600.0 + 150.0);
        assert_eq!(log.rows.last().map(|row| row.time.s()), Some(25.0 * 3_600.0 + 400.0 + 300.0));
    }

    #[test]
    fn an_electric_bus_takes_nobody_whose_boarding_its_battery_would_not_last_for() {
        let mut scenario = village(&["09:00"], &[(NINE - 60.0, "a", "d", 1)]);
        let mut battery = scenario.fleet.vehicles[0].battery.clone().expect("electric");
        // 6 km x 0.2 kWh and 600 s x 0.3 kW are 1.25 kWh, with a reserve of 4 kWh; 50 s of boarding and alighting take 15 kJ or
        // 0.0042 kWh more than the 5.252 kWh in it allow. At its depot it would charge before: not without chargers.
        battery.initial_soc = 5.252 / 40.0;
        scenario.fixed_route.as_mut().expect("a route").vehicles[0].battery = Some(battery.clone());
        scenario.depots[0].chargers.clear();
        let (_, log) = day(&scenario);
        let (limit, by) = refused(&log, 0);
        assert!(limit == Limit::Charge && (by - (1.25 + 15.0 / 3_600.0 - 1.252)).abs() < 1e-6, "{limit:?} {by}");
        // With less than the trip takes it does not run, and the check says so.
        battery.initial_soc = 5.24 / 40.0;
        scenario.fixed_route.as_mut().expect("a route").vehicles[0].battery = Some(battery);
        let problems = scenario.problems();
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].path, "fixed_route.lines[0].departures");
    }
}
