//! The village has stops a, b, c, d in a row, 1 km and 100 s apart, and a depot at a. Boarding and alighting take 25 s.

use std::sync::Arc;

use crate::log::{Event, Log};
use crate::report::{self, Report};
use crate::scenario::{Breakdowns, Driverless, RideLimit, Scenario, Supervision, Trip, Vehicle};
use crate::sim::Simulation;
use crate::units::RequestId;
use crate::world::World;

const NINE: f64 = 9.0 * 3_600.0;

fn trip(request_s: f64, origin: &str, destination: &str) -> Trip {
    Trip { request_s, origin: origin.into(), destination: destination.into(), passengers: 1, ..Trip::default() }
}

/// A day with these trips and so many vans, all at a.
fn village(vans: usize, trips: Vec<Trip>) -> Scenario {
    let mut scenario = Scenario::village();
    let van = scenario.fleet.vehicles[0].clone();
    scenario.fleet.vehicles = (0..vans).map(|k| Vehicle { id: k.to_string(), ..van.clone() }).collect();
    scenario.demand.generator = None;
    scenario.demand.trips = trips;
    scenario.service.promise_window_s = Some(300);
    scenario
}

fn day(scenario: &Scenario) -> (Log, Report) {
    assert_eq!(scenario.problems(), Vec::new());
    let world = Arc::new(World::new(scenario));
    let log = Simulation::new(Arc::clone(&world)).run();
    let report = report::report(&world, &log);
    (log, report)
}

/// Seconds after nine of all rows of an event about a request, with their vans.
fn times(log: &Log, event: Event, request: u32) -> Vec<(f64, u32)> {
    let rows = log.rows.iter().filter(|row| row.event == event && row.request == Some(RequestId(request)));
    rows.map(|row| (row.time.s() - NINE, row.vehicle.expect("a van").0)).collect()
}

#[test]
fn a_van_waits_for_a_rider_who_is_late_and_boards_him_then() {
    // At b after 100 s; the window promised begins with that minute, 9:01. The rider comes 90 s after that, at 150 s.
    let late = Trip { late_s: Some(90.0), ..trip(NINE, "b", "d") };
    let (log, report) = day(&village(1, vec![late]));
    assert_eq!(times(&log, Event::Wait, 0), [(100.0, 0)]);
    assert_eq!(times(&log, Event::Pickup, 0), [(150.0, 0)]);
    assert_eq!(times(&log, Event::Dropoff, 0), [(150.0 + 25.0 + 200.0, 0)]);
    assert_eq!((report.no_shows, report.waited_s, report.late_pickups), (Some(0), Some(50.0), Some(0)));
    // Somebody who is late by less than the van takes to come is not waited for.
    let (log, _) = day(&village(1, vec![Trip { late_s: Some(40.0), ..trip(NINE, "b", "d") }]));
    assert_eq!((times(&log, Event::Wait, 0), times(&log, Event::Pickup, 0)), (vec![], vec![(100.0, 0)]));
}

#[test]
fn a_van_gives_up_waiting_and_goes_on_without() {
    // At b from 100 s to 280 s; then to c, where the second rider, promised 225 s in the minute of 9:03, until 9:08, gets on at
    // 380 s, and to d at 505 s.
    let mut scenario = village(1, vec![Trip { no_show: Some(true), ..trip(NINE, "b", "d") }, trip(NINE, "c", "d")]);
    scenario.service.wait_for_rider_s = Some(180);
    let (log, report) = day(&scenario);
    assert_eq!((times(&log, Event::Wait, 0), times(&log, Event::NoShow, 0)), (vec![(100.0, 0)], vec![(280.0, 0)]));
    assert!(times(&log, Event::Pickup, 0).is_empty() && times(&log, Event::Dropoff, 0).is_empty());
    assert_eq!((times(&log, Event::Pickup, 1), times(&log, Event::Dropoff, 1)), (vec![(380.0, 0)], vec![(505.0, 0)]));
    assert_eq!((report.served, report.no_shows, report.waited_s), (1, Some(1), Some(180.0)));
    assert_eq!((report.late_pickups, report.late_rides), (Some(0), Some(0)));
    // Nobody was aboard from b to c, and the seat is free again.
    assert!(log.rows.iter().filter(|row| row.node.0 == 2 && row.event == Event::Arrive).all(|row| row.load == 0));
}

#[test]
fn waiting_makes_the_next_rider_late_where_nobody_else_can_come() {
    // The van stands at b until 700 s and is at c at 800 s, 320 s after the end of the window promised, 9:03 to 9:08.
    let mut scenario = village(1, vec![Trip { no_show: Some(true), ..trip(NINE, "b", "d") }, trip(NINE, "c", "d")]);
    scenario.service.wait_for_rider_s = Some(600);
    let (log, report) = day(&scenario);
    assert_eq!(times(&log, Event::Late, 1), [(700.0, 0)]);
    assert_eq!(times(&log, Event::Pickup, 1), [(800.0, 0)]);
    assert_eq!((report.late_pickups, report.mean_late_s), (Some(1), Some(320.0)));
    // A second van, free at a, is at c after 200 s from when the first gives up: too late. If it gives up at 250 s, the second
    // could be there at 450 s, but the first will be at c in time itself.
    scenario.fleet.vehicles.push(Vehicle { id: "1".into(), ..scenario.fleet.vehicles[0].clone() });
    scenario.service.wait_for_rider_s = Some(150);
    let (log, report) = day(&scenario);
    assert!(log.rows.iter().all(|row| row.event != Event::Reassign));
    assert_eq!((times(&log, Event::Pickup, 1), report.late_pickups), (vec![(350.0, 0)], Some(0)));
}

#[test]
fn a_rider_who_would_be_late_goes_to_a_van_that_can_be_in_time() {
    // The second rider is promised 9:20 to 9:25.
    let booked = Trip { earliest_pickup_s: Some(NINE + 1_200.0), ..trip(NINE, "c", "d") };
    let mut scenario = village(2, vec![trip(NINE, "b", "d"), booked]);
    scenario.service.ride_limit = Some(RideLimit { factor: 1.0, slack_s: 60 });
    scenario.fleet.breakdowns = Some(Breakdowns { mean_km_between: None, repair_s: 3_600 });
    scenario.fleet.vehicles[0].breaks_down_s = Some(NINE + 400.0);
    let (log, report) = day(&scenario);
    // The first rider is at d at 325 s; the van waits there for c at 1,200 s, and breaks down on its way, at c.
    assert_eq!(times(&log, Event::Dropoff, 0), [(325.0, 0)]);
    assert_eq!(times(&log, Event::Reassign, 1), [(1_200.0, 1)]);
    // The other van comes from a, 200 s away.
    assert_eq!(times(&log, Event::Pickup, 1), [(1_400.0, 1)]);
    assert_eq!((report.breakdowns, report.stranded, report.late_pickups), (Some(1), Some(0), Some(0)));
    assert_eq!(report.served, 2);
}

#[test]
fn riders_aboard_a_van_that_breaks_down_change_to_the_next_that_comes() {
    // From b at 125 s; at c at 225 s the van breaks down for an hour. The other van, at a, is there 200 s later, boards the
    // rider for 25 s, and is at d at 550 s.
    let mut scenario = village(2, vec![trip(NINE, "b", "d")]);
    scenario.fleet.breakdowns = Some(Breakdowns { mean_km_between: None, repair_s: 3_600 });
    scenario.fleet.vehicles[0].breaks_down_s = Some(NINE + 200.0);
    let (log, report) = day(&scenario);
    assert_eq!(
        (times(&log, Event::Transfer, 0), times(&log, Event::Reassign, 0)),
        (vec![(225.0, 0)], vec![(225.0, 1)])
    );
    assert_eq!(
        (times(&log, Event::Pickup, 0), times(&log, Event::Dropoff, 0)),
        (vec![(100.0, 0), (425.0, 1)], vec![(550.0, 1)])
    );
    // It waited once, for 100 s, and was aboard, or beside the road, from 125 s to 550 s; 9:00 + 1,200 s + 1.5 x 200 s is the limit.
    assert_eq!((report.served, report.mean_wait_s, report.mean_ride_s), (1, Some(100.0), Some(425.0)));
    assert_eq!((report.breakdowns, report.stranded, report.late_rides), (Some(1), Some(1), Some(0)));
    let repaired = log.rows.iter().find(|row| row.event == Event::Repaired).expect("repaired");
    assert_eq!(repaired.time.s() - NINE, 225.0 + 3_600.0);
}

#[test]
fn riders_aboard_wait_for_the_repair_where_nobody_comes_sooner() {
    // Repaired at 225 + 1,800 s, the van is at d at 2,125 s; the limit was 1,200 + 300 s after nine.
    let mut scenario = village(1, vec![trip(NINE, "b", "d")]);
    scenario.fleet.breakdowns = Some(Breakdowns { mean_km_between: None, repair_s: 1_800 });
    scenario.fleet.vehicles[0].breaks_down_s = Some(NINE + 200.0);
    let (log, report) = day(&scenario);
    assert_eq!((times(&log, Event::Late, 0), times(&log, Event::Dropoff, 0)), (vec![(225.0, 0)], vec![(2_125.0, 0)]));
    assert_eq!((report.stranded, report.late_rides, report.late_pickups), (Some(1), Some(1), Some(0)));
    // A second van, 200 s away, is not sent if the repair takes 190 s.
    scenario.fleet.vehicles.push(Vehicle { id: "1".into(), breaks_down_s: None, ..scenario.fleet.vehicles[0].clone() });
    scenario.fleet.breakdowns = Some(Breakdowns { mean_km_between: None, repair_s: 190 });
    let (log, _) = day(&scenario);
    assert_eq!(times(&log, Event::Dropoff, 0), [(225.0 + 190.0 + 100.0, 0)]);
}

#[test]
fn a_van_that_breaks_down_in_the_evening_is_home_late() {
    // From b to d, asked for 700 s before 18:00; the van is at c at 225 s, repaired at 825 s, off at d at 925 + 25 s, and home 300 s later:
    // 550 s after 18:00.
    let mut scenario = village(1, vec![trip(2.0 * NINE - 700.0, "b", "d")]);
    scenario.fleet.breakdowns = Some(Breakdowns { mean_km_between: None, repair_s: 600 });
    scenario.fleet.vehicles[0].breaks_down_s = Some(2.0 * NINE - 500.0);
    let (log, _) = day(&scenario);
    let end = log.rows.iter().find(|row| row.event == Event::ShiftEnd).expect("the day ends");
    assert_eq!((end.time.s() - 2.0 * NINE, end.node.0), (550.0, 0));
}

#[test]
fn a_new_request_does_not_add_to_the_lateness_of_others() {
    // As above: the second rider is late by 320 s, at c at 800 s. Somebody who asks at 750 s for a ride from b to c cannot be
    // taken in between, and after that is picked up at 9:15 or later.
    let mut scenario = village(1, vec![Trip { no_show: Some(true), ..trip(NINE, "b", "d") }, trip(NINE, "c", "d")]);
    scenario.demand.trips.push(trip(NINE + 690.0, "b", "c"));
    scenario.service.wait_for_rider_s = Some(600);
    let (log, _) = day(&scenario);
    assert_eq!(times(&log, Event::Pickup, 1), [(800.0, 0)]);
    assert!(times(&log, Event::Pickup, 2)[0].0 > 900.0);
}

/// The village with so many vans without a driver, as fast as the others, that ask one supervisor for help every minute or so.
fn unattended(vans: usize, help_s: u32, trips: Vec<Trip>) -> Scenario {
    let mut scenario = village(vans, trips);
    for van in &mut scenario.fleet.vehicles {
        van.driverless = Some(Driverless { stops: Vec::new(), max_speed_kmh: 36.0, opens: None, closes: None });
    }
    scenario.service.supervision =
        Some(Supervision { supervisors: 1, vans_each: vans as u32, stuck_per_h: 60.0, help_s });
    scenario
}

/// Times in seconds at which vans got stuck and were freed, in the order of their calls.
fn helped(log: &Log) -> Vec<(u32, f64, f64)> {
    let rows = || log.rows.iter().enumerate();
    let stuck = rows().filter(|(_, row)| row.event == Event::Stuck).map(|(at, row)| {
        let freed = rows().skip(at).find(|(_, other)| other.event == Event::Freed && other.vehicle == row.vehicle);
        (row.vehicle.expect("a van").0, row.time.s(), freed.expect("it is freed").1.time.s())
    });
    stuck.collect()
}

#[test]
fn a_van_without_a_driver_stands_until_it_has_been_helped_with_its_riders_aboard() {
    // Without help needed, at b after 100 s, and 25 + 200 s later at d; each stop on the way takes 7 minutes more.
    let mut scenario = unattended(1, 420, vec![trip(NINE, "b", "d")]);
    let (mut before, mut after) = (0, 0);
    for seed in 0..20 {
        scenario.seed = seed;
        let (log, report) = day(&scenario);
        let helped = helped(&log);
        assert!(helped.iter().all(|(_, stuck, freed)| freed - stuck == 420.0), "{helped:?}");
        let ends = [Event::Pickup, Event::Dropoff].map(|event| times(&log, event, 0)[0].0);
        let stops = ends.map(|end| helped.iter().filter(|(_, stuck, _)| stuck - NINE <= end).count());
        assert_eq!(ends, [100.0 + 420.0 * stops[0] as f64, 325.0 + 420.0 * stops[1] as f64], "seed {seed}");
        assert!(log.rows.iter().all(|row| row.event != Event::Transfer), "seed {seed}");
        assert_eq!((report.stuck, report.breakdowns), (Some(helped.len() as u32), Some(0)));
        // Promised until 9:06; after 1,200 + 1.5 x 200 s the ride is late.
        assert_eq!(report.late_pickups, Some(u32::from(ends[0] > 360.0)), "seed {seed}");
        assert_eq!(report.late_rides, Some(u32::from(ends[1] > 1_500.0)), "seed {seed}");
        before += stops[0];
        after += stops[1] - stops[0];
    }
    assert!(before > 5 && after > 10, "{before} stops on the way to the rider, {after} with him aboard");
    scenario.service.supervision = None;
    let (log, report) = day(&scenario);
    assert_eq!((helped(&log), report.stuck), (Vec::new(), None));
}

#[test]
fn a_supervisor_helps_one_van_after_the_other_in_the_order_of_their_calls() {
    let ends = ["b", "c", "d"];
    let trips = (0..24).map(|k| trip(NINE + 120.0 * f64::from(k), "a", ends[k as usize % 3])).collect();
    let scenario = unattended(4, 300, trips);
    let (log, report) = day(&scenario);
    let mut free = 0.0;
    let mut waits = Vec::new();
    for (van, stuck, freed) in helped(&log) {
        let attended = stuck.max(free);
        free = attended + 300.0;
        assert_eq!(freed, free, "van {van}, stuck at {stuck}");
        waits.push(attended - stuck);
    }
    assert!(waits.iter().filter(|&&wait| wait > 0.0).count() > 3, "{waits:?}");
    assert_eq!(report.stuck, Some(waits.len() as u32));
    let mean = waits.iter().sum::<f64>() / waits.len() as f64;
    assert!((report.mean_help_s.expect("some were stuck") - mean).abs() < 1e-9, "{report:?}");
}
