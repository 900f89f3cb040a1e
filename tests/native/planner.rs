//! The planner: against every plan there is, against published values, and what it does with bad input.

use std::fs;
use std::path::Path;

use noriai::fleet::Load;
use noriai::planner::check::check;
use noriai::planner::day::Day;
use noriai::planner::instance::{Instance, Name};
use noriai::planner::plan::Plan;
use noriai::planner::problem::{Problem, Window};
use noriai::planner::route::{Evaluator, Free, Value};
use noriai::planner::{Planner, Prepared, benchmark, timing};
use noriai::rng::Rng;
use noriai::scenario::{self, Scenario};
use noriai::world::World;

fn planned(instance: &Instance, seed: u64, iterations: u64) -> Plan {
    let prepared = Prepared::new(instance);
    let mut planner = Planner::new(&prepared, seed);
    planner.advance(iterations);
    planner.plan()
}

/// A random electric instance in the format of the literature.
fn eadarp(rng: &mut Rng, vans: usize, users: usize, width: f64) -> String {
    let mut lines = vec![format!("{vans} {users} {vans} {vans} 2 1 300")];
    let mut node = 0;
    let mut point = |rng: &mut Rng, tail: String| {
        node += 1;
        let [x, y] = [(); 2].map(|()| 20.0 * rng.unit() - 10.0);
        format!("{node} {x:.3} {y:.3} {tail}")
    };
    let mut offs = Vec::new();
    for user in 0..users {
        let at = (rng.unit() * 200.0).round();
        if user % 2 == 0 {
            lines.push(point(rng, format!("3 1 {at} {}", at + width)));
            offs.push("3 -1 0 300".to_owned());
        } else {
            lines.push(point(rng, "3 1 0 300".to_owned()));
            offs.push(format!("3 -1 {} {}", at + 20.0, at + 20.0 + width));
        }
    }
    for off in offs {
        lines.push(point(rng, off));
    }
    // Common depots, then those of the vans, then stations.
    for _ in 0..2 + 2 * vans + 2 {
        lines.push(point(rng, "0 0 0 300".to_owned()));
    }
    let first = 2 * users + 1;
    let list = |from: usize, count: usize| (from..from + count).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
    lines.push(first.to_string());
    lines.push((first + 1).to_string());
    lines.push(list(first + 2, vans));
    lines.push(list(first + 2 + vans, vans));
    lines.push(list(first + 2 + 2 * vans, 2));
    lines.push(vec!["30"; users].join(" "));
    lines.push(vec!["3"; vans].join(" "));
    lines.push(vec!["4"; vans].join(" "));
    lines.push(vec!["6"; vans].join(" "));
    lines.push("0.1 0.1".to_owned());
    lines.push("0.055".to_owned());
    lines.join("\n")
}

/// Every order of a van's rides, as visits.
fn orders(rides: &[usize]) -> Vec<Vec<u32>> {
    let Some((&ride, rest)) = rides.split_first() else { return vec![Vec::new()] };
    let mut all = Vec::new();
    for order in orders(rest) {
        for on in 0..=order.len() {
            for off in on..=order.len() {
                let mut with = order.clone();
                with.insert(off, 2 * ride as u32 + 1);
                with.insert(on, 2 * ride as u32);
                all.push(with);
            }
        }
    }
    all
}

/// The least cost of all plans in which everybody is served, of at most two vans with an end each.
fn least(problem: &Problem) -> Option<f64> {
    let mut evaluator = Evaluator::new(problem);
    let (rides, vans, stations) = (problem.rides.len(), problem.vans.len(), problem.stations.len());
    let mut best: Option<f64> = None;
    for split in 0..vans.pow(rides as u32) {
        let owner = |ride: usize| split / vans.pow(ride as u32) % vans;
        for (first, own_stations) in (0..vans).flat_map(|first| (0..1u64 << stations).map(move |set| (first, set))) {
            let cost = (0..vans).map(|van| {
                let own: Vec<usize> = (0..rides).filter(|&ride| owner(ride) == van).collect();
                let free = Free {
                    ends: 1 << ((van + first) % vans),
                    stations: if van == 0 { own_stations } else { !own_stations },
                };
                let costs = orders(&own).into_iter().filter_map(|order| Some(evaluator.value(van, &order, free)?.cost));
                costs.min_by(f64::total_cmp)
            });
            if let Some(cost) = cost.sum::<Option<f64>>() {
                best = Some(best.map_or(cost, |best| best.min(cost)));
            }
        }
    }
    best
}

#[test]
fn plans_are_as_cheap_as_the_cheapest_of_all() {
    let mut rng = Rng::new(1, "planner test");
    let mut compared = 0;
    for case in 0..12 {
        let text = eadarp(&mut rng, 2, 4, 15.0);
        let instance = benchmark::eadarp(&text, 0.1, 1.0).expect("an instance");
        let prepared = Prepared::new(&instance);
        let plan = planned(&instance, case, 30_000);
        check(&instance, &plan).expect("a valid plan");
        let mut planner = Planner::new(&prepared, case);
        planner.advance(1);
        if let Some(least) = least(planner.problem()).filter(|_| instance.impossible.is_empty()) {
            assert!(plan.feasible, "case {case}: {:?}", plan.refusals);
            assert!((plan.cost - least).abs() < 1e-6, "case {case}: {} instead of {least}", plan.cost);
            compared += 1;
        }
    }
    assert!(compared >= 6, "{compared} cases with everybody served");
}

/// Least riding time of an order without charging, by trying all begins on a grid is too slow; by the flow it is exact.
#[test]
fn one_pass_gives_the_riding_time_of_the_flow() {
    let mut rng = Rng::new(2, "planner test");
    let mut feasible = 0;
    for _ in 0..40 {
        let text = eadarp(&mut rng, 1, 4, 40.0);
        let mut instance = benchmark::eadarp(&text, 0.0, 1.0).expect("an instance");
        instance.problem.tighten();
        let problem = &mut instance.problem;
        problem.vans.iter_mut().for_each(|van| van.battery = None);
        let mut evaluator = Evaluator::new(problem);
        let rides: Vec<usize> = (0..problem.rides.len()).collect();
        for order in orders(&rides) {
            let value = evaluator.value(0, &order, Free::ALL);
            let whole = Value { cost: 0.0, travel: 0.0, excess: 0.0, end: 0, charges: Vec::new() };
            let loads = order.iter().try_fold(0i32, |aboard, visit| {
                let aboard = aboard + if visit % 2 == 0 { 1 } else { -1 };
                (aboard <= 3).then_some(aboard)
            });
            let flow = loads.and_then(|_| timing::schedule(problem, 0, &order, &whole));
            assert_eq!(value.is_some(), flow.is_some(), "{order:?}");
            if let (Some(value), Some(flow)) = (value, flow) {
                assert!((value.excess - flow.excess).abs() < 1e-6, "{order:?}: {} and {}", value.excess, flow.excess);
                feasible += 1;
            }
        }
    }
    assert!(feasible > 100, "{feasible} orders could be driven");
}

#[test]
fn the_same_seed_and_iterations_give_the_same_plan_in_whatever_steps() {
    let text = eadarp(&mut Rng::new(3, "planner test"), 2, 8, 15.0);
    let instance = benchmark::eadarp(&text, 0.2, 1.0).expect("an instance");
    let prepared = Prepared::new(&instance);
    let whole = planned(&instance, 7, 1_000);
    let mut planner = Planner::new(&prepared, 7);
    for step in [1, 99, 250, 650] {
        planner.advance(step);
    }
    assert_eq!(planner.plan(), whole);
    assert_eq!(whole.iterations, 1_000);
}

#[test]
fn published_values_are_reached() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data"));
    if !folder.exists() {
        println!("not run: published_values_are_reached: ../shared/data is absent");
        return;
    }
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("an instance");
    // Optimal values: Ho and others 2018, table 11. Best values: Su, Dupin, Puchinger 2022.
    for (name, optimum) in [("a2-16", 294.25), ("a3-24", 344.83), ("a4-16", 282.68), ("a5-40", 498.41)] {
        let instance = benchmark::darp(&read(&format!("darp/a/{name}.txt")), 1.0).expect("an instance");
        let plan = planned(&instance, 1, 30_000);
        check(&instance, &plan).expect("a valid plan");
        assert!(plan.feasible && plan.cost <= optimum + 0.01, "{name}: {}", plan.cost);
    }
    for (name, gamma, best) in [("a2-16", 0.7, 240.66), ("a3-18", 0.4, 236.82), ("a4-24", 0.7, 316.65)] {
        let instance = benchmark::eadarp(&read(&format!("eadarp/type-a/{name}.txt")), gamma, 1.0).expect("an instance");
        let plan = planned(&instance, 1, 30_000);
        check(&instance, &plan).expect("a valid plan");
        assert!(plan.feasible && plan.cost <= best + 0.01, "{name} {gamma}: {}", plan.cost);
    }
}

#[test]
fn the_check_names_what_is_wrong_with_a_plan() {
    let text = eadarp(&mut Rng::new(5, "planner test"), 2, 8, 30.0);
    let instance = benchmark::eadarp(&text, 0.3, 1.0).expect("an instance");
    let good = planned(&instance, 1, 3_000);
    check(&instance, &good).expect("a valid plan");
    assert!(good.feasible);
    let broken = |change: &dyn Fn(&mut Plan)| {
        let mut plan = good.clone();
        change(&mut plan);
        check(&instance, &plan).expect_err("a violation")
    };
    let longest = (0..2).max_by_key(|&route| good.routes[route].visits.len()).expect("two routes");
    type Change<'c> = &'c dyn Fn(&mut Plan);
    let cases: [(&str, Change); 12] = [
        ("stated", &|plan| plan.cost -= 1.0),
        ("neither served nor listed", &|plan| {
            let visits = &mut plan.routes[longest].visits;
            let booking = visits[1].booking.clone();
            visits.retain(|visit| visit.booking.is_none() || visit.booking != booking);
        }),
        ("is listed", &|plan| plan.unserved.push(Name::Number(1))),
        ("starts at node", &|plan| plan.routes[0].visits[0].node = Name::Number(1)),
        ("two routes", &|plan| plan.routes[1].vehicle = plan.routes[0].vehicle),
        ("no vehicle 9", &|plan| plan.routes[0].vehicle = 9),
        ("has no route", &|plan| {
            let other = 1 - longest;
            if plan.routes[other].visits.len() == 2 {
                plan.routes.remove(other);
            } else {
                plan.routes[other].visits.drain(1..);
                plan.routes.remove(other);
                plan.unserved.clear();
            }
        }),
        ("arrives at", &|plan| plan.routes[longest].visits[2].arrive -= 1.0),
        ("before it arrives", &|plan| {
            plan.routes[longest].visits[1].start = plan.routes[longest].visits[1].arrive - 1.0
        }),
        ("minutes of service", &|plan| plan.routes[longest].visits[1].depart -= 1.0),
        ("is stated where", &|plan| plan.routes[longest].visits[1].load += 1),
        ("kWh are stated", &|plan| plan.routes[longest].visits[1].battery_kwh = Some(5.9)),
    ];
    for (part, change) in cases {
        let violation = broken(change);
        let expected = match part {
            // A ride that is missing shows in the times and loads of what follows, or in the list.
            "neither served nor listed" => ["neither served nor listed", "arrives at", "stated"]
                .iter()
                .any(|part| violation.message.contains(part)),
            "has no route" => ["has no route", "neither served"].iter().any(|part| violation.message.contains(part)),
            part => violation.message.contains(part),
        };
        assert!(expected, "{part}: {violation:?}");
    }
}

#[test]
fn what_contradicts_itself_is_named_and_the_rest_is_planned() {
    let text = eadarp(&mut Rng::new(6, "planner test"), 2, 6, 30.0);
    let change = |line: usize, column: usize, value: &str| {
        let mut lines: Vec<Vec<String>> =
            text.lines().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect();
        lines[line][column] = value.to_owned();
        lines.iter().map(|line| line.join(" ")).collect::<Vec<_>>().join("\n")
    };
    // Of user 1: latest before earliest, too many people, and a ride-time limit shorter than the drive.
    for (line, column, value, part) in
        [(1, 6, "-5", "exchange them"), (1, 4, "9", "no van has room"), (25 + 1, 0, "0.1", "raise the limit")]
    {
        let line = if line == 26 { text.lines().count() - 6 } else { line };
        let instance = benchmark::eadarp(&change(line, column, value), 0.1, 1.0).expect("readable");
        let plan = planned(&instance, 1, 500);
        assert!(plan.unserved.contains(&Name::Number(1)), "{part}: {:?}", plan.unserved);
        let reason = &plan.refusals.iter().find(|refusal| refusal.booking == Name::Number(1)).expect("a reason").reason;
        assert!(reason.en.contains(part) && !reason.ja.is_empty(), "{reason:?}");
        assert!(plan.unserved.len() <= 2, "the rest is planned: {:?}", plan.refusals);
        check(&instance, &plan).expect("a valid plan");
    }
    // A van without charge cannot get home.
    let starts = text.lines().count() - 4;
    let instance = benchmark::eadarp(&change(starts, 0, "0"), 0.9, 1.0).expect("readable");
    assert!(instance.faults.iter().any(|fault| fault.path == "vehicle 1"), "{:?}", instance.faults);
}

#[test]
fn unreadable_files_are_told_by_line_and_field() {
    let text = eadarp(&mut Rng::new(7, "planner test"), 2, 4, 30.0);
    let first = |text: &str| benchmark::eadarp(text, 0.1, 1.0).expect_err("unreadable").remove(0);
    let cut = text.lines().take(text.lines().count() - 1).collect::<Vec<_>>().join("\n");
    let problem = first(&cut);
    assert!(problem.path.contains("discharge rate") && problem.message.en.contains("cut off"), "{problem:?}");
    let problem = first(&text.replacen("0.055", "much", 1));
    assert_eq!(problem.path, format!("line {}, column 1", text.lines().count()));
    assert!(problem.message.ja.contains("much"), "{problem:?}");
    assert!(first("").message.en.contains("cut off"));
    assert!(first("2 4 2").path.starts_with("line 1"));
    let darp = |text: &str| benchmark::darp(text, 1.0).expect_err("unreadable").remove(0);
    assert!(darp("1 1 480 3 30\n0 0 0 0 0 0 480\n1 1 1 3 1 0 480").message.en.contains("cut off"));
    assert!(darp("x").path.contains("column 1"));
    assert_eq!(darp("1 1 480 3 30\n0 0 0 -1 0 0 480").path, "line 2, service");
}

fn namie(change: impl FnOnce(&mut Scenario)) -> World {
    let mut scenario = scenario::read(include_str!("../../src/scenario/towns/namie.json")).expect("a scenario");
    change(&mut scenario);
    World::new(&scenario)
}

/// Namie with so many more trips, all of them booked the day before.
fn tomorrow(factor: f64) -> World {
    namie(|scenario| {
        scenario.demand.factor = factor;
        let generator = scenario.demand.generator.as_mut().expect("a generator");
        (generator.booked_share, generator.booked_ahead_min) = (1.0, [1_440.0, 1_440.0]);
    })
}

#[test]
fn a_towns_bookings_are_planned() {
    let world = tomorrow(1.5);
    let day = Day::new(&world, false);
    assert!(day.instance.problem.rides.len() >= 50, "{}", day.instance.problem.rides.len());
    let plan = planned(&day.instance, 1, 1_000);
    check(&day.instance, &plan).expect("a valid plan");
    let served = day.instance.problem.rides.len() - plan.unserved.len();
    assert!(served * 10 >= day.instance.problem.rides.len() * 9, "{served} served, {:?}", plan.refusals);
    let room = world.vans.iter().fold(Load::default(), |most, van| most.max(van.capacity));
    for visit in plan.routes.iter().flat_map(|route| &route.visits) {
        assert!(visit.load <= room.seats && visit.start >= visit.arrive);
    }
    // Who calls on the day itself is no booking.
    let calls = namie(|_| {});
    let known = calls.requests.iter().filter(|request| request.known < calls.day.0).count();
    assert_eq!(Day::new(&calls, false).instance.names.bookings.len(), known);
    assert_eq!(Day::new(&calls, true).instance.names.bookings.len(), calls.requests.len());
}

#[test]
fn windows_are_narrowed_without_losing_a_plan() {
    let text = eadarp(&mut Rng::new(8, "planner test"), 1, 3, 40.0);
    let instance = benchmark::eadarp(&text, 0.0, 1.0).expect("an instance");
    let mut tight = instance.problem.clone();
    tight.tighten();
    let narrower = |a: Window, b: Window| a.from >= b.from && a.to <= b.to;
    assert!(tight.visits.iter().zip(&instance.problem.visits).all(|(a, b)| narrower(a.window, b.window)));
    assert_ne!(tight.visits, instance.problem.visits);
    assert_eq!(least(&tight), least(&instance.problem));
}
