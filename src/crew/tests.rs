use std::sync::Arc;

use super::*;
use crate::log::{Answer, Event, Limit, Log};
use crate::rng::Rng;
use crate::scenario::{Battery, Clock, Costs, DriverShift, Driverless, Drivers, MatchingPolicy, RunningCosts, Trip};
use crate::sim::Simulation;
use crate::world::World;

fn hours(hours: f64) -> Time {
    Time::from_s(hours * 3_600.0)
}

fn breaks() -> Breaks {
    Breaks::new(&WorkRules::default())
}

#[test]
fn breaks_are_few_and_however_they_fall_nobody_drives_too_long() {
    let Breaks { driving, full, .. } = breaks();
    assert_eq!(breaks().windows(hours(8.0), hours(12.0)), []);
    // Ten hours: 3 h of driving, a break, 3 h, a break, 3 h; each may be half an hour earlier or later.
    let ten = [(10.5, 11.5), (14.0, 15.0)].map(|(from, until)| (hours(from), hours(until)));
    assert_eq!(breaks().windows(hours(8.0), hours(18.0)), ten);
    let rng = &mut Rng::new(1, "windows");
    for _ in 0..1_000 {
        let (begins, duty) = (hours(12.0 * rng.unit()), hours(20.0 * rng.unit()));
        let windows = breaks().windows(begins, begins + duty);
        let mut free = begins;
        for &(earliest, latest) in &windows {
            assert!(latest - free <= driving && latest - earliest >= full, "{begins:?} {duty:?} {windows:?}");
            free = earliest + full;
        }
        assert!(begins + duty - free <= driving, "{begins:?} {duty:?} {windows:?}");
    }
}

/// The village from 6 to 21 o'clock with two vans without batteries and a call every two minutes, more than they can serve.
fn busy(drivers: Drivers) -> Scenario {
    let mut scenario = Scenario::village();
    let hour = |hour: i32| Clock(Time(hour * Time::HOUR.0));
    (scenario.service.hours[0].opens, scenario.service.hours[0].closes) = (hour(6), hour(21));
    scenario.fleet.vehicles[0].battery = None;
    scenario.fleet.vehicles.push(Vehicle { id: "other".into(), ..scenario.fleet.vehicles[0].clone() });
    scenario.fleet.drivers = Some(drivers);
    scenario.demand.generator = None;
    let rng = &mut Rng::new(7, "calls");
    let trip = |k: u32| {
        let origin = (4.0 * rng.unit()) as usize;
        let destination = (origin + 1 + (3.0 * rng.unit()) as usize) % 4;
        let stop = |k: usize| "abcd"[k..=k].to_string();
        let request_s = f64::from(6 * 3_600 + 120 * k);
        // One in twenty is a booking.
        let ahead = if k.is_multiple_of(20) { 20_000.0 } else { 0.0 };
        Trip {
            request_s: request_s - ahead,
            earliest_pickup_s: Some(request_s),
            origin: stop(origin),
            destination: stop(destination),
            passengers: 1,
            ..Trip::default()
        }
    };
    scenario.demand.trips = (0..330).map(trip).collect();
    scenario
}

fn number(number: u32, rules: Option<WorkRules>) -> Drivers {
    Drivers { number: Some(number), shifts: Vec::new(), rules }
}

fn day(scenario: &Scenario) -> (Arc<World>, Log) {
    assert_eq!(scenario.problems(), Vec::new());
    let world = Arc::new(World::new(scenario));
    let log = Simulation::new(Arc::clone(&world)).run();
    (world, log)
}

/// The longest that any driver drives without half an hour of standing still without riders, in parts of ten minutes; by
/// the rows alone.
fn longest_driving(world: &World, log: &Log) -> Time {
    let mut longest = Time::ZERO;
    for van in 0..world.vans.len() {
        let rows: Vec<_> = log.van_rows().filter(|row| row.vehicle.unwrap().index() == van).collect();
        let (mut driven, mut rested, mut stood) = (Time::ZERO, Time::ZERO, Time::ZERO);
        for pair in rows.windows(2) {
            let (row, time) = (pair[0], pair[1].time - pair[0].time);
            match row.event {
                Event::Depart | Event::Pass => {
                    (driven, stood) = (driven + time, Time::ZERO);
                    longest = longest.max(driven);
                }
                Event::Pickup => stood = Time::ZERO,
                Event::ShiftEnd => (driven, rested, stood) = Default::default(),
                _ if row.load > 0 => stood = Time::ZERO,
                event => {
                    // Riders get off before the van stands empty.
                    let dwell = row.request.filter(|_| event == Event::Dropoff);
                    let time = time - dwell.map_or(Time::ZERO, |id| log.requests[id.index()].dwell);
                    let before = if stood >= Time(600_000) { stood } else { Time::ZERO };
                    stood += time;
                    if stood >= Time(600_000) {
                        rested += stood - before;
                    }
                    if rested >= Time(1_800_000) {
                        (driven, rested) = Default::default();
                    }
                }
            }
        }
    }
    longest
}

#[test]
fn every_policy_keeps_the_breaks() {
    let (world, log) = day(&busy(number(4, None)));
    assert!(longest_driving(&world, &log) > hours(4.0), "without rules somebody drives too long");
    for policy in ["nearest", "insertion", "batch", "pooling", "anticipating"] {
        let mut scenario = busy(number(4, Some(WorkRules::default())));
        scenario.policies.matching = MatchingPolicy::by_name(policy).expect("a policy");
        if let MatchingPolicy::Pooling { period_s, .. } | MatchingPolicy::Anticipating { period_s, .. } =
            &mut scenario.policies.matching
        {
            *period_s = 30;
        }
        let (world, log) = day(&scenario);
        let count = |event: Event| log.rows.iter().filter(|row| row.event == event).count();
        assert!(longest_driving(&world, &log) <= hours(4.0), "{policy}");
        assert_eq!(count(Event::BreakStart), count(Event::BreakEnd), "{policy}");
        // 15 hours are two shifts of seven and a half, for each of the two vans.
        assert_eq!((count(Event::ShiftStart), count(Event::ShiftEnd)), (4, 4), "{policy}");
        assert!(count(Event::Dropoff) > 100 && count(Event::BreakStart) > 0, "{policy}");
        for row in log.van_rows() {
            if matches!(row.event, Event::ShiftStart | Event::ShiftEnd | Event::BreakStart | Event::BreakEnd) {
                assert_eq!((row.node, row.load), (NodeId(0), 0), "{policy}: {row:?}");
            }
        }
    }
}

#[test]
fn a_van_that_stands_idle_needs_no_break() {
    let mut scenario = busy(number(4, Some(WorkRules::default())));
    scenario.demand.trips.truncate(1);
    let (_, log) = day(&scenario);
    assert!(!log.rows.iter().any(|row| row.event == Event::BreakStart));
}

#[test]
fn vans_without_a_driver_stay_at_their_depot() {
    // Three drivers: the second van has one for the first half of the day only.
    let (world, log) = day(&busy(number(3, Some(WorkRules::default()))));
    let noon = Time(13 * Time::HOUR.0 + 30 * Time::MINUTE.0);
    assert_eq!(world.vans[1].shifts.iter().map(|shift| shift.ends).collect::<Vec<_>>(), [noon]);
    let moves = |van: u32, after: Time| {
        let of_van = log.van_rows().filter(|row| row.vehicle.unwrap().0 == van && row.time > after);
        of_van.filter(|row| row.event == Event::Depart).count()
    };
    assert!(moves(0, noon) > 0 && moves(1, Time::ZERO) > 0);
    assert_eq!(moves(1, noon), 0);
    // One driver: 13 hours and no more, and the other van does not move at all.
    let mut scenario = busy(number(1, Some(WorkRules::default())));
    scenario.service.hours[0].closes = Clock(Time(19 * Time::HOUR.0));
    scenario.demand.trips.truncate(300);
    let (world, log) = day(&scenario);
    assert_eq!(world.vans[0].shifts.len(), 1);
    assert!(!log.rows.iter().any(|row| row.vehicle.is_some_and(|van| van.0 == 1) && !row.event.is_answer()));
}

#[test]
fn between_two_shifts_a_van_stands_at_its_depot() {
    let shift = |driver: &str, begins, ends| DriverShift {
        vehicle: "van".into(),
        driver: Some(driver.into()),
        begins: Clock(hours(begins)),
        ends: Clock(hours(ends)),
    };
    let shifts = vec![shift("A", 15.0, 20.0), shift("B", 6.0, 11.0)];
    let (world, log) = day(&busy(Drivers { number: None, shifts, rules: None }));
    assert_eq!(world.vans[0].shifts[0].driver, "B");
    let rows = || log.van_rows().filter(|row| row.event != Event::Arrive);
    let shifts: Vec<(Event, Time)> = rows()
        .filter(|row| matches!(row.event, Event::ShiftStart | Event::ShiftEnd))
        .map(|row| (row.event, row.time))
        .collect();
    let expected = [
        (Event::ShiftStart, hours(6.0)),
        (Event::ShiftEnd, hours(11.0)),
        (Event::ShiftStart, hours(15.0)),
        (Event::ShiftEnd, hours(20.0)),
    ];
    assert_eq!(shifts, expected);
    assert!(!rows().any(|row| row.time > hours(11.0) && row.time < hours(15.0)));
    assert!(rows().any(|row| row.event == Event::Pickup && row.time > hours(15.0)));
}

/// The village, with a van without a driver beside one with: it serves a to c, no faster than 18 km/h, until noon.
fn driverless(trips: &[(&str, &str, &str)]) -> Scenario {
    let mut scenario = Scenario::village();
    scenario.demand.generator = None;
    let stops = ["a", "b", "c"].map(str::to_owned).to_vec();
    let driverless = Driverless { stops, max_speed_kmh: 18.0, opens: None, closes: Clock::parse("12:00") };
    let van = &scenario.fleet.vehicles[0];
    // Another kind of van: fewer seats, a smaller battery.
    let battery = van.battery.clone().map(|battery| Battery { capacity_kwh: 20.0, ..battery });
    let own = Vehicle { id: "own".into(), seats: 2, battery, driverless: Some(driverless), ..van.clone() };
    scenario.fleet.vehicles.push(own);
    let trip = |&(time, origin, destination): &(&str, &str, &str)| Trip {
        request_s: Clock::parse(time).expect("a time").0.s(),
        origin: origin.into(),
        destination: destination.into(),
        passengers: 3,
        ..Trip::default()
    };
    scenario.demand.trips = trips.iter().map(trip).collect();
    scenario
}

/// Which van takes each request.
fn carriers(log: &Log) -> Vec<Result<u32, Limit>> {
    let carrier = |answer: &Option<Answer>| match answer.expect("the day is over") {
        Answer::Promised { vehicle, .. } => Ok(vehicle.0),
        Answer::Refused { limit, .. } => Err(limit),
    };
    log.answers.iter().map(carrier).collect()
}

#[test]
fn vans_of_different_kinds_carry_what_they_have_places_for() {
    let mut scenario =
        driverless(&[("09:00", "b", "c"), ("09:00", "b", "c"), ("09:00", "b", "c"), ("09:00", "a", "b")]);
    scenario.fleet.vehicles[1].driverless = None;
    scenario.fleet.vehicles[0].seats = 3;
    scenario.demand.trips[1].passengers = 2;
    scenario.demand.trips[3].passengers = 4;
    scenario.service.max_wait_s = 300;
    let (world, log) = day(&scenario);
    // Three sit in the first van, two in the second; neither has room for three more, nor time before them, and nobody for
    // four.
    assert_eq!(carriers(&log), [Ok(0), Ok(1), Err(Limit::Promise), Err(Limit::PartyTooLarge)]);
    let kwh = |van: usize| world.vans[van].battery.as_ref().map(|battery| battery.capacity_kwh);
    assert_eq!((kwh(0), kwh(1)), (Some(40.0), Some(20.0)));
    let report = crate::report::report(&world, &log);
    // Each uses its own battery: what is used is its share of its own capacity.
    for (van, kwh) in report.vehicles.iter().zip([40.0, 20.0]) {
        let used = van.lowest_soc.map(|soc| 0.5 - soc);
        assert!(van.energy_used_kwh > 0.0 && used <= Some(van.energy_used_kwh / kwh + 1e-9), "{van:?}");
    }
}

#[test]
fn a_van_without_a_driver_keeps_to_its_stops_its_hours_and_its_speed() {
    let trips = [("09:00", "b", "c"), ("10:00", "b", "d"), ("11:59", "a", "b"), ("13:00", "a", "b")];
    for policy in ["nearest", "insertion", "batch", "pooling", "anticipating"] {
        let mut scenario = driverless(&trips);
        scenario.fleet.vehicles[1].seats = 8;
        scenario.fleet.vehicles.remove(0);
        scenario.policies.matching = MatchingPolicy::by_name(policy).expect("a policy");
        let (world, log) = day(&scenario);
        // d is not among its stops, and at noon it has to be back.
        let answers = carriers(&log);
        assert_eq!(&answers[..2], [Ok(0), Err(Limit::Area)], "{policy}");
        assert!(answers[2].is_err() && answers[3].is_err(), "{policy}: {answers:?}");
        // 1 km at 18 km/h is 200 s; the request's own direct drive is that of the roads.
        assert_eq!(world.requests[0].direct, Time(100_000), "{policy}");
        let rows: Vec<_> = log.van_rows().collect();
        let drives = rows.windows(2).filter(|pair| matches!(pair[0].event, Event::Depart | Event::Pass));
        let times: Vec<Time> = drives.map(|pair| pair[1].time - pair[0].time).collect();
        assert!(times.len() >= 4 && times.iter().all(|&time| time == Time(200_000)), "{policy}: {times:?}");
        let end = rows.iter().rfind(|row| row.event == Event::ShiftEnd).expect("its day ends");
        assert_eq!((end.time, end.node), (Time(12 * Time::HOUR.0), NodeId(0)), "{policy}");
    }
}

#[test]
fn with_a_driver_beside_it_the_rest_is_served_too() {
    let mut scenario = driverless(&[("10:00", "b", "d"), ("13:00", "a", "b")]);
    scenario.fleet.drivers = Some(number(1, None));
    let running = RunningCosts {
        vehicle_yen_per_day: 0.0,
        vehicle_yen_per_km: 0.0,
        fuel_yen_per_km: 0.0,
        overhead_yen_per_day: 0.0,
    };
    scenario.costs = Some(Costs {
        driver_yen_per_h: 2_000.0,
        supervisor_yen_per_h: Some(3_000.0),
        electricity_yen_per_kwh: 0.0,
        on_demand: running.clone(),
        fixed_route: running,
    });
    scenario.service.supervision = Some(Supervision { supervisors: 1, vans_each: 3, ..Supervision::default() });
    let (world, log) = day(&scenario);
    assert_eq!(carriers(&log), [Ok(0), Ok(0)]);
    // Ten hours of the driver, four of the supervisor, and none of a driver in the other van.
    let report = crate::report::report(&world, &log);
    assert_eq!((report.driver_hours, report.supervisor_hours), (10.0, 4.0));
    assert_eq!(report.vehicles[1].driver_hours, 0.0);
    assert_eq!(report.operating_yen, Some(10.0 * 2_000.0 + 4.0 * 3_000.0));
}

#[test]
fn no_more_vans_run_than_are_watched_over() {
    let mut scenario = driverless(&[]);
    for (id, opens) in [("second", "08:00"), ("afternoon", "12:00"), ("late", "17:00")] {
        let mut van = Vehicle { id: id.into(), ..scenario.fleet.vehicles[1].clone() };
        let own = van.driverless.as_mut().expect("no driver");
        (own.opens, own.closes) = (Clock::parse(opens), None);
        scenario.fleet.vehicles.push(van);
    }
    let runs = |supervisors: u32, vans_each: u32| -> Vec<bool> {
        let supervision = Some(Supervision { supervisors, vans_each, ..Supervision::default() });
        let world = World::new(&Scenario {
            service: crate::scenario::Service { supervision, ..scenario.service.clone() },
            ..scenario.clone()
        });
        world.vans.iter().map(VanSpec::is_in_service).collect()
    };
    // The first runs until noon, the second all day, so that one supervisor of one has the first, and in the afternoon another.
    assert_eq!(runs(1, 1), [true, true, false, true, false]);
    assert_eq!(runs(2, 1), [true, true, true, true, false]);
    assert_eq!(runs(1, 3), [true; 5]);
    assert_eq!(runs(0, 3), [true, false, false, false, false]);
}
