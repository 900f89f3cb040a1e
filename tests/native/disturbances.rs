//! Every policy in random worlds where riders come late or not at all and vans break down.

use std::sync::{Arc, LazyLock};

use noriai::fleet::Load;
use noriai::log::{Answer, Event, Log, Row};
use noriai::report;
use noriai::rng::Rng;
use noriai::scenario::{Behaviour, Breakdowns, Driverless, Drivers, Scenario, Supervision, WorkRules};
use noriai::sim::Simulation;
use noriai::units::{RequestId, Time};
use noriai::world::World;

use crate::policies::policies;
use crate::traffic;
use crate::worlds;

/// A random world in which much goes wrong.
pub fn disturbed(seed: u64) -> Scenario {
    let mut scenario = worlds::scenario(seed);
    scenario.demand.behaviour = Some(Behaviour { late_share: 0.3, late_mean_s: 150.0, no_show_share: 0.1 });
    scenario.service.wait_for_rider_s = (!seed.is_multiple_of(3)).then_some(60 * (seed % 5) as u32);
    scenario.fleet.breakdowns =
        Some(Breakdowns { mean_km_between: Some(15.0), repair_s: 300 + 90 * (seed % 20) as u32 });
    if seed % 4 == 1 {
        scenario.network.traffic = Some(traffic::factors(&mut Rng::new(seed, "traffic")));
    }
    if seed % 5 == 2 {
        // Hours of service are short here: breaks after an hour of driving, and shifts of three.
        let rules = WorkRules { usual_duty_h: 3.0, max_driving_h: 1.0, break_min: 15, ..WorkRules::default() };
        scenario.fleet.drivers = Some(Drivers { number: Some(8), shifts: Vec::new(), rules: Some(rules) });
    }
    if seed % 5 >= 3 {
        for van in scenario.fleet.vehicles.iter_mut().step_by(2) {
            van.driverless = Some(Driverless { stops: Vec::new(), max_speed_kmh: 20.0, opens: None, closes: None });
        }
        scenario.service.supervision =
            Some(Supervision { supervisors: 1, vans_each: 9, stuck_per_h: 4.0, help_s: 60 * (seed % 9) as u32 });
    }
    scenario
}

fn run(scenario: &Scenario) -> (Arc<World>, Log) {
    let world = Arc::new(World::new(scenario));
    let log = Simulation::new(Arc::clone(&world)).run();
    (world, log)
}

fn about(log: &Log, request: RequestId, event: Event) -> Vec<&Row> {
    log.rows.iter().filter(|row| row.event == event && row.request == Some(request)).collect()
}

/// Every policy's disturbed day in some worlds, lived through once for all tests.
static DAYS: LazyLock<Vec<(Arc<World>, Log, String)>> = LazyLock::new(|| {
    let mut days = Vec::new();
    for policy in policies() {
        for seed in 0..20 {
            let mut scenario = disturbed(seed);
            assert_eq!(scenario.problems(), Vec::new(), "seed {seed}");
            scenario.policies.matching = policy.clone();
            let (world, log) = run(&scenario);
            days.push((world, log, format!("{policy:?}, seed {seed}")));
        }
    }
    days
});

fn in_all_worlds(mut check: impl FnMut(&World, &Log, &str)) {
    DAYS.iter().for_each(|(world, log, case)| check(world, log, case));
}

#[test]
fn everybody_promised_a_ride_gets_it_or_does_not_come_and_whoever_is_late_is_told() {
    let (mut served, mut late, mut absent, mut transferred, mut reassigned) = (0, 0, 0, 0, 0);
    in_all_worlds(|world, log, case| {
        let walks = log.walks_by_request();
        for (index, (request, answer)) in log.requests.iter().zip(&log.answers).enumerate() {
            let id = RequestId(index as u32);
            let rows = |event| about(log, id, event);
            let (pickups, dropoffs, waits) = (rows(Event::Pickup), rows(Event::Dropoff), rows(Event::Wait));
            let Some(Answer::Promised { until, vehicle, .. }) = *answer else {
                assert!(pickups.is_empty() && waits.is_empty(), "{case}, request {index}");
                continue;
            };
            if let [no_show] = rows(Event::NoShow)[..] {
                let wait = waits.last().expect("it was waited for");
                assert!(no_show.time - wait.time <= world.scenario.service.patience(), "{case}, request {index}");
                assert!(pickups.is_empty() && dropoffs.is_empty(), "{case}, request {index}");
                absent += 1;
                continue;
            }
            let transfers = rows(Event::Transfer).len();
            assert_eq!((pickups.len(), dropoffs.len()), (transfers + 1, 1), "{case}, request {index}");
            assert_eq!(dropoffs[0].vehicle, Some(vehicle), "{case}, request {index}");
            let offered = waits.first().unwrap_or(&pickups[0]).time;
            let walk = walks[index].map_or(Time::ZERO, |walk| walk.from);
            let ride = dropoffs[0].time - pickups[0].time - request.dwell;
            let beyond = offered > until
                || dropoffs[0].time + walk > request.latest_dropoff
                || request.max_ride.is_some_and(|limit| ride > limit);
            assert!(!beyond || !rows(Event::Late).is_empty(), "{case}, request {index} is late and nobody says so");
            served += 1;
            late += u32::from(beyond);
            transferred += transfers;
            reassigned += rows(Event::Reassign).len();
        }
    });
    // All of it has to occur.
    assert!(served > 1_000 && late > 50 && absent > 100, "{served} served, {late} late, {absent} absent");
    assert!(transferred > 5 && reassigned > transferred, "{transferred} transferred, {reassigned} reassigned");
}

#[test]
fn vans_carry_no_more_than_they_can_and_end_their_day_at_home_with_their_reserve() {
    let mut overtime = 0;
    in_all_worlds(|world, log, case| {
        for (van, spec) in world.vans.iter().enumerate() {
            let rows: Vec<&Row> =
                log.van_rows().filter(|row| row.vehicle.is_some_and(|id| id.index() == van)).collect();
            let mut aboard = Load::default();
            for row in &rows {
                let party = row.request.map_or(Load::default(), |id| log.requests[id.index()].party);
                match row.event {
                    Event::Pickup => aboard = aboard + party,
                    Event::Dropoff | Event::Transfer => aboard = aboard - party,
                    _ => {}
                }
                assert!(aboard.fits(spec.capacity) && row.load == aboard.people(), "{case}, van {van}, {row:?}");
            }
            if let Some(battery) = spec.battery {
                let lowest = rows.iter().map(|row| row.energy_kwh).fold(battery.initial_kwh, f64::min);
                assert!(
                    lowest >= battery.reserve_kwh.min(battery.initial_kwh) - 1e-9,
                    "{case}, van {van}: {lowest} kWh"
                );
            }
            if spec.shift_begin < Time::NEVER {
                let end = rows.iter().find(|row| row.event == Event::ShiftEnd).expect("the day ends");
                assert_eq!(Some(end.node), spec.home, "{case}, van {van}");
                overtime += u32::from(end.time > spec.shift_end);
            }
        }
    });
    assert!(overtime > 5, "{overtime} vans were home late");
}

#[test]
fn a_disturbed_day_is_the_same_whatever_its_steps_and_another_with_another_seed() {
    for policy in policies() {
        let mut scenario = disturbed(7);
        scenario.policies.matching = policy.clone();
        let (world, log) = run(&scenario);
        let mut steps = Simulation::new(Arc::clone(&world));
        while !steps.step(1) {}
        assert_eq!(steps.log().hash(), log.hash(), "{policy:?}");
        assert_eq!(Log::from_bytes(&log.to_bytes()).expect("a log").hash(), log.hash(), "{policy:?}");
        scenario.seed += 1;
        let (_, other) = run(&scenario);
        assert_ne!(other.hash(), log.hash(), "{policy:?}");
    }
}

#[test]
fn a_day_without_anything_to_go_wrong_is_what_it_would_be_without_the_rules() {
    let mut scenario = worlds::scenario(3);
    let (_, plain) = run(&scenario);
    scenario.demand.behaviour = Some(Behaviour { late_share: 0.0, late_mean_s: 300.0, no_show_share: 0.0 });
    scenario.fleet.breakdowns = Some(Breakdowns { mean_km_between: None, repair_s: 600 });
    scenario.service.wait_for_rider_s = Some(600);
    let (world, log) = run(&scenario);
    assert_eq!(log.hash(), plain.hash());
    let figures = report::report(&world, &log);
    assert_eq!((figures.no_shows, figures.breakdowns, figures.late_pickups), (Some(0), Some(0), Some(0)));
}
