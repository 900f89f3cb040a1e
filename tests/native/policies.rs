//! Every policy against one table of invariants, over random worlds.

use std::sync::Arc;

use noriai::fleet::Load;
use noriai::log::{Answer, Event, Log, Row};
use noriai::report::{self, Report};
use noriai::scenario::{MatchingPolicy, Scenario};
use noriai::sim::Simulation;
use noriai::units::{RequestId, Time};
use noriai::world::World;

use crate::worlds;

/// One row for each policy, with parameters that matter.
fn policies() -> Vec<MatchingPolicy> {
    vec![
        MatchingPolicy::Nearest {},
        MatchingPolicy::Insertion { waiting_weight: 0.0, riding_weight: 0.0 },
        MatchingPolicy::Insertion { waiting_weight: 0.5, riding_weight: 0.5 },
        MatchingPolicy::Batch { window_s: 20, waiting_weight: 0.5, riding_weight: 0.5 },
        pooling(10, true),
        pooling(30, false),
    ]
}

fn pooling(period_s: u32, reassign: bool) -> MatchingPolicy {
    MatchingPolicy::Pooling {
        period_s,
        answer_within_s: 30,
        reassign,
        vans_per_rider: 20,
        idle_van_s: 200.0,
        refusal_s: 400.0,
        waiting_weight: 0.3,
        riding_weight: 0.3,
    }
}

const WORLDS: u64 = 120;

fn run(scenario: &Scenario) -> (Arc<World>, Log) {
    let world = Arc::new(World::new(scenario));
    let log = Simulation::new(Arc::clone(&world)).run();
    (world, log)
}

/// Runs every policy in every world and hands the result to a check; how many rides were served in all.
fn in_all_worlds(check: impl Fn(&World, &Log, &Report, &str)) -> u32 {
    let mut served = 0;
    for policy in policies() {
        for seed in 0..WORLDS {
            let mut scenario = worlds::scenario(seed);
            assert_eq!(scenario.problems(), Vec::new(), "seed {seed}");
            scenario.policies.matching = policy.clone();
            let (world, log) = run(&scenario);
            let report = report::report(&world, &log);
            served += report.served;
            check(&world, &log, &report, &format!("{policy:?}, seed {seed}"));
        }
    }
    served
}

fn rows_of(log: &Log, van: usize) -> impl Iterator<Item = &Row> {
    log.van_rows().filter(move |row| row.vehicle.is_some_and(|id| id.index() == van))
}

fn rows_about(log: &Log, request: RequestId, event: Event) -> Vec<&Row> {
    log.rows.iter().filter(|row| row.event == event && row.request == Some(request)).collect()
}

#[test]
fn everybody_promised_a_ride_gets_it_within_all_limits_and_nobody_else() {
    let served = in_all_worlds(|_, log, _, case| {
        for (index, (request, answer)) in log.requests.iter().zip(&log.answers).enumerate() {
            let id = RequestId(index as u32);
            let (pickups, dropoffs) = (rows_about(log, id, Event::Pickup), rows_about(log, id, Event::Dropoff));
            match answer.expect("every request is answered") {
                Answer::Promised { vehicle, from, until } => {
                    let ([pickup], [dropoff]) = (&pickups[..], &dropoffs[..]) else {
                        panic!("{case}, request {index}: {} pick-ups, {} drop-offs", pickups.len(), dropoffs.len());
                    };
                    assert_eq!((pickup.vehicle, dropoff.vehicle), (Some(vehicle), Some(vehicle)), "{case}, {index}");
                    assert_eq!((pickup.node, dropoff.node), (request.origin_node, request.destination_node), "{case}");
                    assert!(from >= request.earliest && until <= request.latest_pickup, "{case}, request {index}");
                    assert!((from..=until).contains(&pickup.time), "{case}, request {index}");
                    assert!(dropoff.time <= request.latest_dropoff, "{case}, request {index}");
                    let ride = dropoff.time - pickup.time - request.dwell;
                    assert!(ride >= request.direct, "{case}, request {index}");
                    assert!(request.max_ride.is_none_or(|limit| ride <= limit), "{case}, request {index}");
                }
                Answer::Refused { .. } => assert!(pickups.is_empty() && dropoffs.is_empty(), "{case}, {index}"),
            }
        }
    });
    assert!(served > 3_000, "{served} served in all worlds");
}

#[test]
fn vans_never_carry_more_people_than_they_have_places() {
    in_all_worlds(|world, log, _, case| {
        for (van, spec) in world.vans.iter().enumerate() {
            let mut aboard = Load::default();
            for row in rows_of(log, van) {
                let party = row.request.map_or(Load::default(), |id| log.requests[id.index()].party);
                match row.event {
                    Event::Pickup => aboard = aboard + party,
                    Event::Dropoff => aboard = aboard - party,
                    _ => {}
                }
                assert!(aboard.fits(spec.capacity), "{case}, van {van}, {row:?}");
                assert_eq!(row.load, aboard.people(), "{case}, van {van}, {row:?}");
            }
            assert_eq!(aboard, Load::default(), "{case}, van {van}");
        }
    });
}

#[test]
fn vans_drive_on_roads_in_the_roads_time_and_are_home_when_their_day_ends() {
    in_all_worlds(|world, log, report, case| {
        let mut length_m = 0.0;
        for (van, spec) in world.vans.iter().enumerate() {
            let rows: Vec<&Row> = rows_of(log, van).collect();
            for pair in rows.windows(2) {
                let (before, row) = (pair[0], pair[1]);
                match row.event {
                    Event::Pass | Event::Arrive => {
                        let arc = world.roads.arc(before.node, row.node);
                        let arc = arc.unwrap_or_else(|| panic!("{case}, van {van}: no road for {row:?}"));
                        assert_eq!(row.time - before.time, arc.time, "{case}, van {van}, {row:?}");
                        length_m += arc.length_m;
                    }
                    _ => assert_eq!(row.node, before.node, "{case}, van {van}, {row:?}"),
                }
                if matches!(before.event, Event::Pickup | Event::Dropoff) {
                    let dwell = before.request.map_or(Time::ZERO, |id| log.requests[id.index()].dwell);
                    assert!(row.time >= before.time + dwell, "{case}, van {van}, {row:?}");
                }
            }
            let end = rows.iter().find(|row| row.event == Event::ShiftEnd).expect("the day ends");
            assert_eq!(Some(end.node), spec.home, "{case}, van {van}");
            assert!(end.time <= spec.shift_end, "{case}, van {van}");
        }
        assert!((report.vehicle_km * 1e3 - length_m).abs() < 1e-6, "{case}");
    });
}

#[test]
fn energy_is_conserved_and_stays_between_reserve_and_capacity() {
    in_all_worlds(|world, log, report, case| {
        for (van, spec) in world.vans.iter().enumerate() {
            let Some(battery) = spec.battery else { continue };
            let (mut driven_kwh, mut last): (f64, Option<&Row>) = (0.0, None);
            for row in rows_of(log, van) {
                let range = battery.reserve_kwh.min(battery.initial_kwh) - 1e-9..=battery.capacity_kwh + 1e-9;
                assert!(range.contains(&row.energy_kwh), "{case}, van {van}, {row:?}");
                if let (Event::Pass | Event::Arrive, Some(before)) = (row.event, last) {
                    let arc = world.roads.arc(before.node, row.node).expect("a road");
                    driven_kwh += battery.consumption.driving_kwh(arc.length_m, arc.time);
                }
                if let (Event::Pickup | Event::Dropoff, Some(id)) = (row.event, row.request) {
                    driven_kwh += battery.consumption.standing_kwh(log.requests[id.index()].dwell);
                }
                last = Some(row);
            }
            let figures = &report.vehicles[van];
            let last_kwh = last.expect("rows").energy_kwh;
            let balance = battery.initial_kwh - figures.energy_used_kwh + figures.energy_charged_kwh - last_kwh;
            assert!(balance.abs() < 1e-9 * battery.capacity_kwh, "{case}, van {van}: {balance}");
            let difference = figures.energy_used_kwh - driven_kwh;
            assert!(difference.abs() < 1e-9 * battery.capacity_kwh, "{case}, van {van}: {difference}");
        }
    });
}

#[test]
fn vans_charge_one_at_a_charger_and_without_riders() {
    let mut sessions = 0;
    for seed in 0..WORLDS {
        let (_, log) = run(&worlds::scenario(seed));
        sessions += log.sessions.len();
        let plugs = log.rows.iter().filter(|row| row.event == Event::Plug);
        assert!(plugs.into_iter().all(|row| row.load == 0), "seed {seed}: riders aboard while charging");
        // The random towns have one depot with one charger.
        for pair in log.sessions.windows(2) {
            assert!(pair[0].unplugged.is_some_and(|end| end <= pair[1].plugged), "seed {seed}: {pair:?}");
        }
    }
    assert!(sessions > 100, "{sessions} sessions");
}

#[test]
fn nearest_does_not_share() {
    let mut shared_by_insertion = 0.0;
    for seed in 0..WORLDS {
        let mut scenario = worlds::scenario(seed);
        for policy in
            [MatchingPolicy::Nearest {}, MatchingPolicy::Insertion { waiting_weight: 0.0, riding_weight: 0.0 }]
        {
            scenario.policies.matching = policy.clone();
            let (world, log) = run(&scenario);
            let shared = report::report(&world, &log).shared_share.unwrap_or(0.0);
            match policy {
                MatchingPolicy::Nearest {} => assert_eq!(shared, 0.0, "seed {seed}"),
                _ => shared_by_insertion += shared,
            }
        }
    }
    assert!(shared_by_insertion > 1.0, "insertion shares");
}

#[test]
fn all_kinds_of_refusal_occur_and_name_a_miss() {
    let mut limits = std::collections::BTreeSet::new();
    in_all_worlds(|_, log, report, case| {
        let refused: u32 = report.refused_by.iter().map(|by| by.count).sum();
        assert_eq!(refused + report.served, report.requests, "{case}");
        for answer in log.answers.iter().flatten() {
            if let Answer::Refused { by, .. } = answer {
                assert!(*by >= 0.0 && by.is_finite(), "{case}: {answer:?}");
            }
        }
    });
    for policy in policies() {
        for seed in 0..WORLDS {
            let mut scenario = worlds::scenario(seed);
            scenario.policies.matching = policy.clone();
            let (_, log) = run(&scenario);
            limits.extend(log.answers.iter().flatten().filter_map(|answer| match answer {
                Answer::Refused { limit, .. } => Some(*limit),
                Answer::Promised { .. } => None,
            }));
        }
    }
    use noriai::log::Limit::*;
    for limit in [Closed, PartyTooLarge, Busy, Wait, Seats, Ride, Promise, Shift, Charge] {
        assert!(limits.contains(&limit), "{limit:?} never occurred: {limits:?}");
    }
}

#[test]
fn the_same_scenario_gives_the_same_log_in_steps_of_any_size() {
    for seed in 0..20 {
        let (world, log) = run(&worlds::scenario(seed));
        let mut simulation = Simulation::new(world);
        let mut progress = 0.0;
        while !simulation.step(7) {
            assert!(simulation.progress() >= progress, "seed {seed}");
            progress = simulation.progress();
        }
        assert_eq!(simulation.into_log(), log, "seed {seed}");
        let bytes = log.to_bytes();
        assert_eq!(Log::from_bytes(&bytes).expect("a log"), log, "seed {seed}");
        assert!(Log::from_bytes(&bytes[..bytes.len() / 2]).is_none(), "seed {seed}");
    }
}

#[test]
fn every_request_is_answered_in_time_and_in_a_window_that_stays() {
    let moved = std::cell::Cell::new(0);
    in_all_worlds(|world, log, _, case| {
        let within = world.scenario.policies.matching.answer_within();
        for (index, request) in log.requests.iter().enumerate() {
            let id = RequestId(index as u32);
            let answers = [Event::Accept, Event::Refuse].map(|event| rows_about(log, id, event)).concat();
            let [answer] = answers[..] else { panic!("{case}, request {index}: {} answers", answers.len()) };
            assert!((request.known..=request.known + within).contains(&answer.time), "{case}, request {index}");
            for row in rows_about(log, id, Event::Reassign) {
                assert!(row.time >= answer.time, "{case}, {row:?}");
                assert!(rows_about(log, id, Event::Pickup)[0].time >= row.time, "{case}, {row:?}");
                moved.set(moved.get() + 1);
            }
        }
    });
    assert!(moved.get() > 50, "{} riders changed vans", moved.get());
}

#[test]
fn nothing_depends_on_requests_that_are_not_known_yet() {
    for policy in policies() {
        for seed in 0..20 {
            let mut scenario = worlds::scenario(seed);
            scenario.policies.matching = policy.clone();
            let (world, whole) = run(&scenario);
            let until = world.requests[world.requests.len() / 2].known;
            scenario.demand.trips.retain(|trip| Time::from_s(trip.request_s) < until);
            let (_, part) = run(&scenario);
            let before = |log: &Log| log.rows.iter().filter(|row| row.time < until).copied().collect::<Vec<Row>>();
            assert_eq!(before(&whole), before(&part), "{policy:?}, seed {seed}");
        }
    }
}

#[test]
fn bounds_of_batches_are_not_above_their_cost() {
    let mut batches = 0;
    for seed in 0..WORLDS {
        let mut scenario = worlds::scenario(seed);
        scenario.policies.matching = pooling(10, true);
        let (_, log) = run(&scenario);
        batches += log.batches.len();
        for row in &log.batches {
            assert!(row.bound_s <= row.value_s && row.served <= row.requests, "seed {seed}: {row:?}");
        }
    }
    assert!(batches > 1_000, "{batches} batches");
}
