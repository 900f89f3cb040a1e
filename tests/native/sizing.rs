//! How many vans a built-in town needs: the search against living through every number of vans, and the command line against both.

use std::process::Command;
use std::sync::Arc;

use noriai::report::{self, Report};
use noriai::scenario::{self, Scenario, TOWNS};
use noriai::sim::Simulation;
use noriai::sizing::{FleetSearch, Goal, SizedDay, Sizing, Verdict};
use noriai::world::World;
use serde_json::Value;

const DAYS: u64 = 4;

fn town(name: &str) -> Scenario {
    let (_, json) = TOWNS.iter().find(|(town, _)| *town == name).expect("a built-in town");
    scenario::read(json).expect("the built-in town is valid")
}

fn day(world: &World, seed: u64, vans: u32) -> Report {
    let world = Arc::new(world.with(|scenario| {
        scenario.seed = seed;
        scenario.fleet.resize(vans as usize);
    }));
    let log = Simulation::new(Arc::clone(&world)).run();
    report::report(&world, &log)
}

fn days(world: &World, vans: u32) -> Vec<SizedDay> {
    (1..=DAYS).map(|seed| SizedDay::from(&day(world, seed, vans))).collect()
}

fn searched(scenario: &Scenario, goal: Goal, most: u32) -> Sizing {
    let world = World::new(scenario);
    let mut search = FleetSearch::new(goal, scenario.fleet.vehicles.len() as u32, most).expect("a goal");
    while let Some(vans) = search.next() {
        search.add(vans, &days(&world, vans));
    }
    search.sizing()
}

#[test]
fn the_search_finds_what_living_through_every_number_of_vans_finds() {
    let mut scenario = town("namie");
    scenario.demand.factor = 2.5;
    let world = World::new(&scenario);
    let all: Vec<Vec<SizedDay>> = (1..=16).map(|vans| days(&world, vans)).collect();
    for (share, within_min) in [(0.5, 10), (0.8, 15), (0.9, 20)] {
        let goal = Goal { share, within_min };
        let reaches = |vans: u32| {
            let mut alone = FleetSearch::new(goal, 1, 16).expect("a goal");
            alone.add(vans, &all[vans as usize - 1]);
            alone.sizing().probes[0].reached
        };
        let scanned = (1..=16).find(|&vans| reaches(vans));
        assert!(scanned.is_some_and(|vans| vans > 1), "{goal:?}: {scanned:?}");
        assert_eq!(searched(&scenario, goal, 16).vans, scanned, "{goal:?}");
    }
}

#[test]
fn the_shares_are_those_of_the_rides() {
    let scenario = town("namie");
    let report = day(&World::new(&scenario), 1, 3);
    let all = *report.picked_up_within.last().expect("somebody is served");
    assert_eq!((all, report.rider_requests), (report.served, report.requests));
    assert!(report.picked_up_within.is_sorted());
    let within = report.within_15_min_share.expect("there are requests");
    assert!((within - f64::from(report.picked_up_within[15]) / f64::from(report.requests)).abs() < 1e-12);
}

#[test]
fn a_goal_beyond_reach_ends_the_search_with_its_reason() {
    // Nobody is there at once, even with as many vans as riders.
    let sizing = searched(&town("namie"), Goal { share: 0.95, within_min: 0 }, 200);
    assert_eq!((sizing.verdict, sizing.vans), (Verdict::VansToSpare, None));
    let last = sizing.probes.last().expect("a probe");
    assert!(2 * last.to_spare >= last.vans && last.late > 0, "{last:?}");
}

fn noriai(arguments: &[&str]) -> (bool, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_noriai")).args(arguments).output().expect("the command starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_command_line_searches_in_the_same_way() {
    let asked = ["fleet", "--town", "namie", "--share", "0.9", "--within", "20", "--seeds", "4", "--seed", "1"];
    let (ok, json, errors) = noriai(&[&asked[..], &["--json"]].concat());
    assert!(ok, "{errors}");
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let sizing: Sizing = serde_json::from_value(json.clone()).expect("a sizing");
    assert_eq!(sizing, searched(&town("namie"), Goal { share: 0.9, within_min: 20 }, 500));
    assert_eq!((&json["town"], &json["first_seed"]), (&Value::from("Namie"), &Value::from(1)));

    let vans = sizing.vans.expect("so many are enough");
    let (_, text, _) = noriai(&asked);
    assert!(text.contains(&format!("{vans} vans: 90 % of riders within 20 minutes")), "{text}");
}

#[test]
fn what_cannot_be_searched_is_told() {
    for (arguments, part) in [
        (&["--share", "95"][..], "share: 95 is no share"),
        (&["--most", "0"], "most: 0 vans"),
        (&["--policy", "fixed_route"], "under fixed_route"),
    ] {
        let (ok, _, errors) = noriai(&[&["fleet", "--town", "namie"], arguments].concat());
        assert!(!ok && errors.contains(part), "{errors}");
    }
}
