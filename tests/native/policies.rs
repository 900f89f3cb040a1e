//! Every policy against one table of invariants, over random worlds.

use std::sync::{Arc, LazyLock};

use noriai::fleet::Load;
use noriai::log::{Answer, Event, Log, Row};
use noriai::report::{self, Report};
use noriai::scenario::{MatchingPolicy, Objective, RebalancingPolicy, RefusalCost, Scenario};
use noriai::sim::Simulation;
use noriai::units::{NodeId, RequestId, Time};
use noriai::world::World;

use crate::worlds;

/// One row for each policy, with parameters that matter.
pub fn policies() -> Vec<MatchingPolicy> {
    vec![
        MatchingPolicy::Nearest {},
        MatchingPolicy::Insertion { objective: Objective::default() },
        MatchingPolicy::Insertion { objective: Objective::weighing(0.5, 0.5) },
        MatchingPolicy::Anticipating {
            period_s: 60,
            answer_within_s: 120,
            iterations: 10,
            objective: Objective::weighing(0.3, 0.3),
        },
        MatchingPolicy::Anticipating {
            period_s: 30,
            answer_within_s: 30,
            iterations: 5,
            objective: Objective {
                refusal: Some(RefusalCost { base_s: 300, per_direct: 0.5 }),
                ..Objective::default()
            },
        },
        MatchingPolicy::Batch { window_s: 20, objective: Objective::weighing(0.5, 0.5) },
        pooling(10, true),
        pooling(30, false),
        fixed_route(),
        // Nobody is asked here; tests/native/script.rs asks.
        MatchingPolicy::Script { source: String::new(), time_limit_ms: 1_000 },
    ]
}

fn fixed_route() -> MatchingPolicy {
    MatchingPolicy::FixedRoute { max_walk_m: 1_500.0, walk_m_per_min: 80.0, max_wait_s: 2_700 }
}

fn pooling(period_s: u32, reassign: bool) -> MatchingPolicy {
    MatchingPolicy::Pooling {
        period_s,
        answer_within_s: 30,
        reassign,
        vans_per_rider: 20,
        idle_van_s: 200.0,
        objective: Objective {
            refusal: (!reassign).then_some(RefusalCost { base_s: 400, per_direct: 1.0 }),
            ..Objective::weighing(0.3, 0.3)
        },
    }
}

const WORLDS: u64 = 120;

fn run(scenario: &Scenario) -> (Arc<World>, Log) {
    let world = Arc::new(World::new(scenario));
    let log = Simulation::new(Arc::clone(&world)).run();
    (world, log)
}

/// A policy's day in a world.
struct Day {
    world: Arc<World>,
    log: Log,
    report: Report,
    /// Policy and seed.
    case: String,
}

/// Every policy in every world, lived through once for all tests.
static DAYS: LazyLock<Vec<Day>> = LazyLock::new(|| {
    let mut days = Vec::new();
    for policy in policies() {
        for seed in 0..WORLDS {
            let mut scenario = worlds::scenario(seed);
            assert_eq!(scenario.problems(), Vec::new(), "seed {seed}");
            scenario.policies.matching = policy.clone();
            let (world, log) = run(&scenario);
            let report = report::report(&world, &log);
            days.push(Day { world, log, report, case: format!("{policy:?}, seed {seed}") });
        }
    }
    days
});

/// Hands every policy's day in every world to a check; how many rides were served in all.
fn in_all_worlds(check: impl Fn(&World, &Log, &Report, &str)) -> u32 {
    DAYS.iter().for_each(|Day { world, log, report, case }| check(world, log, report, case));
    DAYS.iter().map(|day| day.report.served).sum()
}

fn rows_of(log: &Log, van: usize) -> impl Iterator<Item = &Row> {
    log.van_rows().filter(move |row| row.vehicle.is_some_and(|id| id.index() == van))
}

fn rows_about(log: &Log, request: RequestId, event: Event) -> Vec<&Row> {
    log.rows.iter().filter(|row| row.event == event && row.request == Some(request)).collect()
}

#[test]
fn everybody_promised_a_ride_gets_it_within_all_limits_and_nobody_else() {
    let served = in_all_worlds(|world, log, _, case| {
        let walks = log.walks_by_request();
        for (index, (request, answer)) in log.requests.iter().zip(&log.answers).enumerate() {
            let id = RequestId(index as u32);
            let (pickups, dropoffs) = (rows_about(log, id, Event::Pickup), rows_about(log, id, Event::Dropoff));
            match answer.expect("every request is answered") {
                Answer::Promised { vehicle, from, until } => {
                    let ([pickup], [dropoff]) = (&pickups[..], &dropoffs[..]) else {
                        panic!("{case}, request {index}: {} pick-ups, {} drop-offs", pickups.len(), dropoffs.len());
                    };
                    assert_eq!((pickup.vehicle, dropoff.vehicle), (Some(vehicle), Some(vehicle)), "{case}, {index}");
                    let ends = (request.origin_node, request.destination_node);
                    let ends = walks[index].map_or(ends, |walk| (walk.board, walk.alight));
                    assert_eq!((pickup.node, dropoff.node), ends, "{case}");
                    assert!(from >= request.earliest && until <= request.latest_pickup, "{case}, request {index}");
                    assert!((from..=until).contains(&pickup.time), "{case}, request {index}");
                    assert!(dropoff.time <= request.latest_dropoff, "{case}, request {index}");
                    let ride = dropoff.time - pickup.time - request.dwell;
                    assert!(ride >= world.travel.time(ends.0, ends.1), "{case}, request {index}");
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
            if spec.shift_begin == Time::NEVER {
                assert!(rows.iter().all(|row| matches!(row.event, Event::Plug | Event::Unplug)), "{case}, van {van}");
                continue;
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
fn buses_keep_their_timetable_and_riders_can_walk_to_them_in_time() {
    let (mut calls, mut walks) = (0, 0);
    for seed in 0..WORLDS {
        let mut scenario = worlds::scenario(seed);
        scenario.policies.matching = fixed_route();
        let (world, log) = run(&scenario);
        let timetable = world.timetable.as_ref().expect("buses run");
        for van in 0..world.vans.len() {
            // Stands of the bus: where, from when, until when.
            let mut stands: Vec<(NodeId, Time, Time)> = Vec::new();
            for row in rows_of(&log, van) {
                match row.event {
                    Event::ShiftStart | Event::Arrive => stands.push((row.node, row.time, Time::NEVER)),
                    Event::Depart => stands.last_mut().expect("it stood").2 = row.time,
                    _ => {}
                }
            }
            let mut stands = stands.into_iter().peekable();
            for trip in timetable.trips.iter().filter(|trip| trip.bus.is_some_and(|bus| bus.index() == van)) {
                let line = &timetable.lines[trip.line];
                for (k, (&node, &offset)) in line.nodes.iter().zip(&line.offsets).enumerate() {
                    let leaves = if k + 1 < line.nodes.len() { trip.departs + offset } else { Time(i32::MIN) };
                    while stands.next_if(|stand| stand.0 != node || stand.2 < leaves).is_some() {}
                    assert!(stands.peek().is_some(), "seed {seed}, bus {van}: no call {k} of the trip at {leaves:?}");
                    calls += 1;
                }
            }
        }
        for walk in &log.walks {
            let request = &log.requests[walk.request.index()];
            let on = rows_about(&log, walk.request, Event::Pickup)[0];
            assert!(on.time >= request.earliest + walk.to, "seed {seed}, {walk:?}");
            for (time, from, to) in
                [(walk.to, request.origin_node, walk.board), (walk.from, walk.alight, request.destination_node)]
            {
                let length_m = 1.3 * noriai::math::distance_m(world.roads.position(from), world.roads.position(to));
                assert!(length_m <= 1_500.0 && time == Time::from_s(length_m / 80.0 * 60.0), "seed {seed}, {walk:?}");
            }
            walks += u32::from(walk.to > Time::ZERO || walk.from > Time::ZERO);
        }
    }
    assert!(calls > 1_000 && walks > 300, "{calls} calls, {walks} walks");
}

#[test]
fn nearest_does_not_share() {
    let mut shared_by_insertion = 0.0;
    for seed in 0..WORLDS {
        let mut scenario = worlds::scenario(seed);
        for policy in [MatchingPolicy::Nearest {}, MatchingPolicy::Insertion { objective: Objective::default() }] {
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
    for Day { log, .. } in DAYS.iter() {
        limits.extend(log.answers.iter().flatten().filter_map(|answer| match answer {
            Answer::Refused { limit, .. } => Some(*limit),
            Answer::Promised { .. } => None,
        }));
    }
    use noriai::log::Limit::*;
    for limit in [Closed, PartyTooLarge, Busy, Wait, Seats, Ride, Promise, Shift, Charge, Cost, Walk, OnFoot] {
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
fn every_request_is_answered_in_time_and_reassigned_riders_keep_their_promise() {
    let mut reassigned = 0;
    for Day { world, log, case, .. } in DAYS.iter() {
        let within = world.scenario.policies.matching.answer_within();
        for (index, request) in log.requests.iter().enumerate() {
            let id = RequestId(index as u32);
            let answers: Vec<&Row> =
                log.rows.iter().filter(|row| row.request == Some(id) && row.event.is_answer()).collect();
            let [called, answer, moves @ ..] = &answers[..] else { panic!("{case}, request {index}: no answer") };
            assert_eq!((called.event, called.time), (Event::Request, request.known), "{case}, request {index}");
            assert!(matches!(answer.event, Event::Accept | Event::Refuse), "{case}, request {index}");
            assert!(answer.time - request.known <= within, "{case}, request {index}: {answer:?}");
            for row in moves {
                assert_eq!(row.event, Event::Reassign, "{case}, request {index}");
                assert!(rows_about(log, id, Event::Pickup)[0].time >= row.time, "{case}, {row:?}");
            }
            reassigned += moves.len();
        }
    }
    assert!(reassigned > 100, "{reassigned} riders moved to another van");
}

#[test]
fn no_policy_knows_a_request_before_its_call() {
    for policy in policies() {
        for seed in 0..20 {
            let mut scenario = worlds::scenario(seed);
            scenario.policies.matching = policy.clone();
            scenario.policies.rebalancing = RebalancingPolicy::Forecast { period_s: 60 };
            let (_, whole) = run(&scenario);
            let until = whole.requests[whole.requests.len() / 2].known;
            scenario.demand.trips.retain(|trip| Time::from_s(trip.request_s) < until);
            let (_, half) = run(&scenario);
            let before = |log: &Log| -> Vec<Row> { log.rows.iter().filter(|row| row.time < until).copied().collect() };
            assert!(before(&whole) == before(&half), "{policy:?}, seed {seed}");
        }
    }
}

#[test]
fn bounds_of_batches_are_not_above_their_cost() {
    let mut batches = 0;
    for Day { log, case, .. } in DAYS.iter() {
        batches += log.batches.len();
        for row in &log.batches {
            assert!(row.bound_s <= row.value_s && row.served <= row.requests, "{case}: {row:?}");
        }
    }
    assert!(batches > 1_000, "{batches} batches");
}
