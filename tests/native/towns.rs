//! The built-in towns: what is public about them, and that their services carry most of those who ask.

use std::sync::Arc;

use noriai::report::{self, Report};
use noriai::scenario::{self, Category, Clock, Scenario, TOWNS, Vehicle, Weekday};
use noriai::sim::Simulation;
use noriai::world::World;

fn town(name: &str) -> Scenario {
    let (_, json) = TOWNS.iter().find(|(word, _)| *word == name).expect("a built-in town");
    scenario::read(json).expect("a built-in town is valid")
}

fn day(scenario: &Scenario) -> Report {
    let world = Arc::new(World::new(scenario));
    report::report(&world, &Simulation::new(world.clone()).run())
}

fn hours(scenario: &Scenario, date: &str) -> Option<(Clock, Clock)> {
    let mut scenario = scenario.clone();
    scenario.day.date = date.into();
    scenario.hours().map(|(opens, closes)| (Clock(opens), Clock(closes)))
}

fn clock(from: &str, until: &str) -> Option<(Clock, Clock)> {
    Clock::parse(from).zip(Clock::parse(until))
}

/// With the vans, the demand and the supervisors of the town's `growth`.
fn grown(mut scenario: Scenario) -> Scenario {
    let growth = scenario.growth.take().expect("a town that may grow");
    let own = scenario.fleet.vehicles.clone();
    for number in own.len()..growth.vans as usize {
        let copy = Vehicle { id: (number + 1).to_string(), ..own[number % own.len()].clone() };
        scenario.fleet.vehicles.push(copy);
    }
    scenario.demand.factor = growth.factor;
    if let (Some(supervisors), Some(supervision)) = (growth.supervisors, &mut scenario.service.supervision) {
        supervision.supervisors = supervisors;
    }
    scenario
}

#[test]
fn every_town_serves_nine_calls_of_ten_within_its_longest_wait() {
    for (name, json) in TOWNS {
        assert!(json.len() < 400_000, "{name}: {} bytes", json.len());
        let scenario = town(name);
        for (name, scenario) in [(name.to_string(), scenario.clone()), (format!("{name}, grown"), grown(scenario))] {
            let report = day(&scenario);
            assert!(report.served * 10 >= report.requests * 9, "{name}: {} of {}", report.served, report.requests);
            let most_s = f64::from(scenario.service.max_wait_s);
            assert!(report.p95_wait_s.is_some_and(|wait_s| wait_s <= most_s), "{name}: {:?}", report.p95_wait_s);
        }
    }
}

#[test]
fn every_town_says_in_two_languages_what_is_modelled_and_where_facts_were_read() {
    for (name, _) in TOWNS {
        let scenario = town(name);
        assert!(scenario.assumptions.len() >= 10 && scenario.sources.len() >= 8, "{name}");
        for text in scenario.assumptions.iter().chain([&scenario.about]) {
            assert!(text.ja.chars().any(|c| ('ぁ'..='ん').contains(&c)), "{name}: {}", text.ja);
            assert!(!text.en.is_empty() && text.en.chars().all(|c| c < 'ぁ'), "{name}: {}", text.en);
        }
        let spoken = |text: &str| scenario.assumptions.iter().any(|each| each.en.to_lowercase().contains(text));
        assert!(spoken("schematic") && spoken("assumed"), "{name}");
    }
}

#[test]
fn shares_of_people_of_65_and_over_are_those_of_the_town_and_said_to_be_assumed() {
    for (name, _) in TOWNS {
        let scenario = town(name);
        let share = scenario.demand.elderly_share.expect(name);
        let homes = scenario.stops.iter().filter(|stop| stop.category == Category::Home);
        let (mut people, mut elderly) = (0.0, 0.0);
        for stop in homes {
            people += stop.weight;
            elderly += stop.weight * stop.elderly_share.expect(&stop.id);
        }
        assert!((elderly / people - share).abs() < 0.01, "{name}: {} and {share}", elderly / people);
        let assumed = "the share of people of 65 and over is assumed";
        assert!(scenario.assumptions.iter().any(|text| text.en.to_lowercase().starts_with(assumed)), "{name}");
    }
}

#[test]
fn shiojiri_has_its_meeting_points_hours_and_vans() {
    let scenario = town("shiojiri");
    assert_eq!(scenario.stops.len(), 111 + 83);
    let [thursday, saturday, sunday] = ["2023-11-09", "2023-11-11", "2023-11-12"];
    assert_eq!(hours(&scenario, thursday), clock("07:00", "20:00"));
    assert_eq!(hours(&scenario, saturday), clock("09:00", "20:00"));
    assert_eq!(hours(&scenario, sunday), clock("09:00", "18:00"));
    assert!(scenario.fares.zones.iter().all(|zone| zone.adult_yen == 200.0));
    for (date, vans) in [(thursday, 4), (saturday, 3), (sunday, 3)] {
        let mut scenario = scenario.clone();
        scenario.day.date = date.into();
        let report = day(&scenario);
        let on_duty = report.vehicles.iter().filter(|van| van.driver_hours > 0.0).count();
        let driven = report.vehicles.iter().filter(|van| van.km > 0.0).count();
        assert_eq!((on_duty, driven), (vans, vans), "{date}");
    }
}

#[test]
fn minato_mirai_has_its_places_days_and_vans_without_drivers() {
    let scenario = town("minato_mirai");
    assert_eq!(scenario.stops.len(), 26);
    for (date, runs) in
        ["2025-12-08", "2025-12-09", "2025-12-10", "2025-12-11", "2025-12-12", "2025-12-13", "2025-12-14"]
            .into_iter()
            .zip([false, true, true, true, true, false, false])
    {
        let expected = if runs { clock("08:30", "16:00") } else { None };
        assert_eq!(hours(&scenario, date), expected, "{date}");
    }
    let vans = &scenario.fleet.vehicles;
    assert_eq!((vans.len(), scenario.growth.as_ref().map(|growth| growth.vans)), (5, Some(20)));
    assert!(vans.iter().all(|van| van.seats == 3 && van.driverless.is_some()));
    let report = day(&scenario);
    assert_eq!((report.fares_yen, report.driver_hours), (0.0, 0.0));
    assert!(report.vehicles.iter().all(|van| van.km > 0.0), "all five are watched over");
}

#[test]
fn a_van_that_does_not_run_today_has_no_driver_either() {
    let mut scenario = town("shiojiri");
    scenario.day.date = "2023-11-12".into();
    assert_eq!(scenario.fleet.vehicles[3].days.first(), Some(&Weekday::Mon));
    scenario.fleet.drivers = Some(scenario::Drivers { number: Some(4), shifts: Vec::new(), rules: None });
    let report = day(&scenario);
    let hours: Vec<f64> = report.vehicles.iter().map(|van| van.driver_hours).collect();
    assert_eq!(hours, [9.0, 9.0, 9.0, 0.0]);
}
