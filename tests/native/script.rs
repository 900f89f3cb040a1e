//! A policy of one's own: what it is asked, and what becomes of its answers. Here Rust plays the script.

use std::sync::Arc;

use noriai::log::{Answer, Event, Limit, Log};
use noriai::matching::script::{Assignment, FALLBACK, Question, QuestionPlace};
use noriai::report;
use noriai::scenario::{MatchingPolicy, Objective, Scenario, Text};
use noriai::sim::Simulation;
use noriai::world::World;

use crate::worlds;

const WORLDS: u64 = 60;

fn scripted(seed: u64) -> Scenario {
    let mut scenario = worlds::scenario(seed);
    scenario.policies.matching = MatchingPolicy::Script { source: "…".into(), time_limit_ms: 1_000 };
    scenario
}

fn like_the_fallback(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    scenario.policies.matching = MatchingPolicy::Insertion { objective: FALLBACK };
    scenario
}

/// A day in which `script` is asked.
fn day(scenario: &Scenario, mut script: impl FnMut(&Question) -> Vec<Assignment>) -> Log {
    assert_eq!(scenario.problems(), Vec::new());
    let mut simulation = Simulation::new(Arc::new(World::new(scenario))).ask_script();
    while !simulation.step(50) {
        if let Some(question) = simulation.question() {
            assert!(!question.requests.is_empty());
            assert!(!simulation.step(1), "nothing happens before the answer");
            simulation.answer(&script(&question));
            assert!(!simulation.asks());
        }
    }
    simulation.into_log()
}

fn run(scenario: &Scenario) -> Log {
    Simulation::new(Arc::new(World::new(scenario))).run()
}

fn assign(place: &QuestionPlace) -> Assignment {
    Assignment {
        request: place.request,
        vehicle: place.vehicle,
        pickup_gap: Some(place.pickup_gap),
        dropoff_gap: Some(place.dropoff_gap),
    }
}

/// The fallback's rule, as a script would write it.
fn cheapest(question: &Question) -> Vec<Assignment> {
    let ms = |s: f64| (s * 1e3).round();
    let mut assignments = Vec::new();
    for request in &question.requests {
        let cost = |place: &QuestionPlace| {
            let waiting = ms(place.pickup_s) - ms(request.earliest_s);
            let riding = ms(place.dropoff_s) - ms(place.pickup_s) - ms(request.dwell_s) - ms(request.direct_s);
            ms(place.added_drive_s) + FALLBACK.waiting * waiting + FALLBACK.riding * riding
        };
        // The first of equals.
        let better = |best: Option<QuestionPlace>, place: &QuestionPlace| match best {
            Some(best) if cost(&best) <= cost(place) => Some(best),
            _ => Some(place.clone()),
        };
        assignments.extend(request.places.iter().fold(None, better).as_ref().map(assign));
    }
    assignments
}

/// The day of a script whose answers are broken by `break_it` from the `calls`-th on; what its log says of that.
fn fault(seed: u64, calls: u32, break_it: impl Fn(&Question, &mut Vec<Assignment>)) -> Option<Text> {
    let (mut asked, mut broken) = (0, 0);
    let log = day(&scripted(seed), |question| {
        asked += 1;
        let good = cheapest(question);
        let mut assignments = good.clone();
        if asked >= calls {
            break_it(question, &mut assignments);
        }
        broken += u32::from(assignments != good);
        assignments
    });
    assert!(log.answers.iter().all(Option::is_some), "seed {seed}: everybody gets an answer");
    let fault = log.fault.as_ref()?;
    assert_eq!((fault.line, broken), (None, 1), "seed {seed}: a script that has failed is not asked again");
    // The script decided as the built-in rule does until then, and the built-in rule from then on.
    assert_eq!(log.rows, run(&like_the_fallback(&scripted(seed))).rows, "seed {seed}");
    Some(fault.message.clone())
}

#[test]
fn a_script_that_decides_as_the_built_in_rule_makes_the_same_day() {
    for seed in 0..WORLDS {
        let scenario = scripted(seed);
        let built_in = run(&like_the_fallback(&scenario));
        assert_eq!(day(&scenario, cheapest).hash(), built_in.hash(), "seed {seed}");
        // And where nobody is asked, the built-in rule decides.
        assert_eq!(run(&scenario).hash(), built_in.hash(), "seed {seed}");
    }
}

#[test]
fn without_gaps_the_place_with_least_driving_is_taken() {
    for seed in 0..WORLDS {
        let mut scenario = scripted(seed);
        let log = day(&scenario, |question| {
            let best = |places: &[QuestionPlace]| {
                let least = places.iter().map(|place| place.added_drive_s).fold(f64::INFINITY, f64::min);
                places.iter().find(|place| place.added_drive_s == least).map(assign)
            };
            let requests = question.requests.iter().filter_map(|request| best(&request.places));
            requests.map(|place| Assignment { pickup_gap: None, dropoff_gap: None, ..place }).collect()
        });
        assert_eq!(log.fault, None, "seed {seed}");
        scenario.policies.matching = MatchingPolicy::Insertion { objective: Objective::default() };
        assert_eq!(log.hash(), run(&scenario).hash(), "seed {seed}");
    }
}

#[test]
fn whom_it_does_not_assign_is_refused_though_a_van_could_have_come() {
    let mut declined = 0;
    for seed in 0..WORLDS {
        let mut possible = Vec::new();
        let log = day(&scripted(seed), |question| {
            possible.extend(question.requests.iter().map(|request| (request.id, !request.places.is_empty())));
            Vec::new()
        });
        assert_eq!(log.fault, None);
        for (id, possible) in possible {
            match log.answers[id as usize] {
                Some(Answer::Refused { limit, nearest, .. }) => {
                    assert_eq!(limit == Limit::Declined, possible, "seed {seed}, request {id}");
                    assert!(nearest.is_some() || !possible, "seed {seed}, request {id}");
                    declined += u32::from(possible);
                }
                other => panic!("seed {seed}, request {id}: {other:?}"),
            }
        }
        assert!(log.rows.iter().all(|row| row.event != Event::Pickup));
    }
    assert!(declined > 1_000, "{declined} declined");
}

#[test]
fn a_broken_answer_is_told_in_both_languages_and_the_built_in_rule_goes_on() {
    let first = |assignments: &mut Vec<Assignment>| assignments.first().copied();
    let mut told = [0; 5];
    for seed in 0..WORLDS {
        let calls = 1 + (seed % 4) as u32;
        let mut check = |kind: usize, message: Option<Text>, ja: &str, en: &str| {
            let Some(message) = message else { return };
            assert!(message.ja.contains(ja) && message.en.contains(en), "seed {seed}: {message:?}");
            told[kind] += 1;
        };
        let twice = fault(seed, calls, |_, assignments| {
            let again = first(assignments);
            // Without gaps it would fit; it is refused all the same.
            assignments.extend(again.map(|again| Assignment { pickup_gap: None, dropoff_gap: None, ..again }));
        });
        // Where there is nobody to assign, the answer is not broken.
        check(0, twice, "2回割り当てられています", "is assigned twice");
        let no_van = fault(seed, calls, |question, assignments| {
            let request = question.requests[0].id;
            *assignments = vec![Assignment { request, vehicle: 99, pickup_gap: None, dropoff_gap: None }];
        });
        check(1, no_van, "番号99の車両はありません", "there is no vehicle 99");
        let nobody = fault(seed, calls, |_, assignments| {
            *assignments = vec![Assignment { request: 9_999, vehicle: 0, pickup_gap: None, dropoff_gap: None }];
        });
        check(2, nobody, "申し込み9999は今聞かれていません", "request 9999 was not asked about");
        let gaps = fault(seed, calls, |question, assignments| {
            let request = question.requests[0].id;
            *assignments = vec![Assignment { request, vehicle: 0, pickup_gap: Some(3), dropoff_gap: Some(2) }];
        });
        check(3, gaps, "番号0の車両", "does not fit into vehicle 0");
        let half = fault(seed, calls, |question, assignments| {
            let request = question.requests[0].id;
            *assignments = vec![Assignment { request, vehicle: 0, pickup_gap: Some(0), dropoff_gap: None }];
        });
        check(4, half, "番号0の車両", "does not fit into vehicle 0");
    }
    assert!(told.iter().all(|&count| count > WORLDS / 3), "{told:?}");
}

#[test]
fn a_place_that_breaks_a_limit_is_told_with_the_limit_and_by_how_much() {
    let mut limits: Vec<String> = Vec::new();
    for seed in 0..WORLDS {
        // Everybody into the first van, until somebody does not fit.
        let log = day(&scripted(seed), |question| {
            let requests = question.requests.iter();
            requests
                .map(|request| Assignment { request: request.id, vehicle: 0, pickup_gap: None, dropoff_gap: None })
                .collect()
        });
        let Some(fault) = log.fault else { continue };
        let (who, why) = fault.message.en.split_once(": ").expect("who, and why");
        assert!(who.starts_with("request ") && who.contains(" does not fit into vehicle 0 (van "), "{who}");
        limits.push(why.to_owned());
    }
    for part in ["the pick-up would be", "seats short", "other riders would be", "kWh short"] {
        assert!(limits.iter().any(|limit| limit.contains(part)), "{part}: {limits:#?}");
    }
}

#[test]
fn a_script_that_fails_by_itself_is_in_the_report_with_time_and_line() {
    let scenario = scripted(1);
    let world = Arc::new(World::new(&scenario));
    let mut simulation = Simulation::new(Arc::clone(&world)).ask_script();
    while !simulation.asks() {
        assert!(!simulation.step(1));
    }
    let now_s = simulation.question().expect("a question").now_s;
    simulation.give_up(Text::new("だめでした", "it failed"), Some(7));
    while !simulation.step(50) {
        assert!(!simulation.asks());
    }
    let report = report::report(&world, simulation.log());
    let fault = report.fault.expect("a fault");
    assert_eq!((fault.time_s, fault.line, fault.message.en.as_str()), (now_s, Some(7), "it failed"));
    assert_eq!(report.served + report.refused, report.requests);
    assert_eq!(simulation.log().rows, run(&like_the_fallback(&scenario)).rows);

    // Before it is asked at all.
    let mut simulation = Simulation::new(Arc::clone(&world)).ask_script();
    simulation.give_up(Text::new("読めません", "it cannot be read"), None);
    while !simulation.step(50) {}
    let fault = simulation.log().fault.as_ref().expect("a fault");
    assert_eq!(fault.time, world.day.0);
    let bytes = simulation.log().to_bytes();
    assert_eq!(Log::from_bytes(&bytes).as_ref(), Some(simulation.log()), "the record keeps it");
}
