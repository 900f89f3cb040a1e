//! The whole boundary with JavaScript, in a real browser.
#![cfg(target_arch = "wasm32")]

use js_sys::{Array, Reflect, Uint8Array};
use noriai::api::{
    Comparison, FleetSearch, GtfsFeed, Playback, Prices, RoadReader, Simulation, Study, Town, Year, YearTown,
    check_file_size, check_scenario, export_flex, figures, import_tables, import_trips, line_ways, log_csv,
    random_seed, reach, typical_days, usual_policies, version, year_figures,
};
use noriai::compare::Entrant;
use noriai::demand::cells::CellQuery;
use noriai::demand::csv::TripOptions;
use noriai::files::FileKind;
use noriai::report::{Against, Compared, Report};
use noriai::scenario::{
    self, Behaviour, ChargingPolicy, Driverless, MatchingPolicy, Objective, RebalancingPolicy, Supervision,
};
use noriai::sizing::{Goal, Verdict};
use noriai::town::Spec;
use tsify::Ts;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_browser);

const NAMIE: &str = include_str!("../src/scenario/towns/namie.json");

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).expect("an object")
}

fn list(object: &JsValue, name: &str) -> Array {
    field(object, name).dyn_into().expect("an array")
}

fn text(object: &JsValue, name: &str) -> String {
    field(object, name).as_string().expect("a string")
}

fn ok<T>(result: Result<T, JsValue>) -> T {
    result.unwrap_or_else(|error| panic!("{error:?}"))
}

/// A typed result as plain JavaScript.
fn js(result: Result<impl Into<JsValue>, JsValue>) -> JsValue {
    ok(result).into()
}

fn finished(json: &str) -> Simulation {
    let mut simulation = ok(Simulation::new(json));
    while simulation.step(1_000) < 1.0 {}
    simulation
}

fn report(simulation: &Simulation) -> Report {
    ok(simulation.report()).to_rust().expect("a report")
}

fn playback() -> Playback {
    ok(Playback::new(NAMIE, &finished(NAMIE).log_bytes()))
}

#[wasm_bindgen_test]
fn a_day_in_namie_is_the_same_as_natively() {
    let golden = include_str!("golden/namie.log_hash").trim();
    assert_eq!(report(&finished(NAMIE)).log_hash, golden);
}

#[wasm_bindgen_test]
fn a_file_of_roads_becomes_a_town_slice_by_slice() {
    let places = [(1, 35.0, 139.0), (2, 35.0, 139.02), (3, 35.02, 139.01)];
    let nodes = places.map(|(id, lat, lng)| format!("<node id='{id}' lat='{lat}' lon='{lng}'/>")).concat();
    let way = "<way><nd ref='1'/><nd ref='2'/><nd ref='3'/><nd ref='1'/><tag k='highway' v='residential'/></way>";
    let mut reader = RoadReader::new("triangle.osm".into(), None);
    for slice in format!("<osm>{nodes}{way}</osm>").as_bytes().chunks(10) {
        ok(reader.feed(slice));
    }
    assert_eq!(ok(reader.notes()).to_rust().expect("notes").nodes_read, 3);
    let roads = ok(reader.finish());
    assert_eq!(roads.sample(2), [139.0, 35.0, 139.01, 35.02]);
    let town = js(roads.town(Ts::from_rust(&Spec { requests: 20, ..Spec::default() }).expect("options")));
    assert_eq!(field(&field(&town, "notes"), "roads_read"), 1);
    let json = text(&town, "scenario_json");
    assert_eq!(scenario::read(&json).expect("a scenario").name.en, "triangle");
    assert_eq!(report(&finished(&json)).requests, 20);

    let error = RoadReader::new("roads.zip".into(), None).feed(b"PK\x03\x04 and the rest of it").expect_err("a ZIP");
    assert_eq!(text(&error, "name"), "ScenarioError");
    assert_eq!(text(&list(&error, "problems").get(0), "path"), "roads.zip");
}

#[wasm_bindgen_test]
fn a_file_is_refused_by_its_size_before_it_is_read() {
    let check = |bytes| check_file_size(Ts::from_rust(&FileKind::Roads).expect("a kind"), "all.osm.pbf", bytes);
    ok(check(1e6));
    let problem = list(&check(2e9).expect_err("2 GB"), "problems").get(0);
    assert_eq!(text(&problem, "path"), "all.osm.pbf");
    assert!(text(&field(&problem, "message"), "en").contains("more than the 1024 MB"));
}

#[wasm_bindgen_test]
fn runs_are_compared_as_they_arrive() {
    let mut comparison = Comparison::new(vec!["one".into(), "other".into()]);
    for (seed, policy) in [(1, 0), (2, 0), (2, 1), (1, 1)] {
        let mut scenario = scenario::read(NAMIE).expect("the built-in town is valid");
        scenario.seed = seed;
        let simulation = finished(&serde_json::to_string(&scenario).expect("JSON"));
        ok(comparison.add(policy, seed as f64, ok(simulation.report())));
    }
    let findings = ok(comparison.findings()).to_rust().expect("findings");
    assert_eq!(findings.runs, 4);
    let km = findings.figures.iter().find(|figure| figure.key == "vehicle_km").expect("a figure");
    assert_eq!((km.means[0].days, km.differences[0].difference.mean, km.differences[0].p), (2, Some(0.0), Some(1.0)));
    assert!(comparison.add(2, 1.0, ok(finished(NAMIE).report())).is_err());
}

#[wasm_bindgen_test]
fn a_town_compiled_once_has_the_days_of_its_scenario() {
    let town = ok(Town::new(NAMIE));
    let entrant = |scenario: &scenario::Scenario, vans: Option<u32>| {
        let scenario::Policies { matching, rebalancing, .. } = scenario.policies.clone();
        Ts::from_rust(&Entrant { matching, rebalancing, charging: None, vans, factor: None }).expect("an entrant")
    };
    let mut scenario = scenario::read(NAMIE).expect("the built-in town is valid");
    scenario.seed = 7;
    scenario.policies.matching = MatchingPolicy::Nearest {};
    for vans in [None, Some(7)] {
        let mut day = ok(town.day(7.0, entrant(&scenario, vans)));
        while day.step(1_000) < 1.0 {}
        vans.into_iter().for_each(|vans| scenario.fleet.resize(vans as usize));
        let alone = finished(&serde_json::to_string(&scenario).expect("JSON"));
        assert_eq!(report(&day).log_hash, report(&alone).log_hash);
    }
    // A policy that is not valid is told with its path.
    scenario.policies.matching = MatchingPolicy::Insertion { objective: Objective::weighing(-1.0, 0.0) };
    let Err(error) = town.day(7.0, entrant(&scenario, None)) else { panic!("a negative weight") };
    assert!(text(&list(&error, "problems").get(0), "path").starts_with("policies.matching"));
}

#[wasm_bindgen_test]
fn a_fleet_is_searched_with_reports() {
    let town = ok(Town::new(NAMIE));
    let scenario = scenario::read(NAMIE).expect("the built-in town is valid");
    let goal = Goal { share: 0.9, within_min: 20 };
    let mut search = ok(FleetSearch::new(Ts::from_rust(&goal).expect("a goal"), 3, 16));
    let mut probed = 0;
    while let Some(vans) = search.next() {
        probed += 1;
        let scenario::Policies { matching, rebalancing, .. } = scenario.policies.clone();
        let entrant = Entrant { matching, rebalancing, charging: None, vans: Some(vans), factor: None };
        let days = Array::new();
        for seed in 1..=3 {
            let mut day = ok(town.day(f64::from(seed), Ts::from_rust(&entrant).expect("an entrant")));
            while day.step(1_000) < 1.0 {}
            days.push(&ok(day.report()).js_value());
        }
        ok(search.add(vans, days.into()));
    }
    let sizing = ok(search.sizing()).to_rust().expect("a sizing");
    assert_eq!((sizing.verdict, sizing.probes.len()), (Verdict::Reached, probed));
    assert!(search.add(1, "no days".into()).is_err());
    let wrong = Ts::from_rust(&Goal { share: 95.0, ..goal }).expect("a goal");
    let Err(error) = FleetSearch::new(wrong, 3, 16) else { panic!("95 is no share") };
    assert_eq!(text(&list(&error, "problems").get(0), "path"), "share");
}

#[wasm_bindgen_test]
fn plain_tables_become_a_scenario_or_their_problems_are_told() {
    let (nodes, edges) = ("node,x_m,y_m\na,0,0\nb,1000,0\n", "from,to,length_m,time_s\na,b,1000,100\nb,a,1000,100\n");
    let vehicles = "id,node,cap\n1,a,4\n";
    let json = ok(import_tables(nodes, edges, "id,t_s,o,d\nr,60,a,b\n", vehicles));
    let report = report(&finished(&json));
    assert_eq!((report.served, report.vehicle_km), (1, 1.0));
    let Err(error) = import_tables(nodes, edges, "id,t_s,o,d\nr,60,a,c\n", vehicles) else { panic!("no such node") };
    assert_eq!(text(&list(&error, "problems").get(0), "path"), "requests:2.d");
}

#[wasm_bindgen_test]
fn usual_policies_are_those_of_the_command_line() {
    let usual = js(usual_policies());
    let kinds = |name| list(&usual, name).iter().map(|policy| text(&policy, "kind")).collect::<Vec<_>>();
    assert_eq!(kinds("matching"), MatchingPolicy::NAMES);
    assert_eq!(kinds("rebalancing"), RebalancingPolicy::NAMES);
}

#[wasm_bindgen_test]
fn the_lines_of_the_bus_have_ways() {
    let ways = list(&js(line_ways(NAMIE)), "ways");
    assert_eq!(ways.length(), 2);
    assert!(ways.iter().all(|way| Array::from(&way).length() > 20));
}

/// Namie with the optimum that gives energy back.
fn optimal() -> String {
    let mut scenario = scenario::read(NAMIE).expect("the built-in town is valid");
    scenario.policies.charging = ChargingPolicy::Optimal { below_soc: 0.6, discharge: true, foresight: false };
    serde_json::to_string(&scenario).expect("a scenario is JSON")
}

#[wasm_bindgen_test]
fn an_optimised_day_in_namie_is_the_same_as_natively_and_compared_with_others() {
    let simulation = finished(&optimal());
    let report = report(&simulation);
    assert_eq!(report.log_hash, include_str!("golden/namie_optimal.log_hash").trim());
    let mut study = ok(Study::new(&optimal(), &simulation.log_bytes()));
    let others: Vec<Compared> =
        (0..study.comparisons()).map(|index| ok(study.compared(index)).to_rust().expect("a comparison")).collect();
    let against: Vec<Against> = others.iter().map(|other| other.against).collect();
    assert_eq!(against, [Against::Immediate, Against::OneWay, Against::Foresight]);
    assert!(others[0].total_yen > report.sites[0].total_yen, "{others:?}");
    assert!(study.compared(3).is_err());
    let plans = report.sites[0].plans.as_ref().expect("plans");
    assert!(plans.gap_rel < 1e-6 && plans.count == 48, "{plans:?}");
}

#[wasm_bindgen_test]
fn power_cuts_are_told_for_every_policy() {
    let mut study = ok(Study::new(NAMIE, &finished(NAMIE).log_bytes()));
    let policies: Vec<String> = (0..study.policies())
        .map(|policy| text(&list(&js(study.power_cut(policy, 54_000.0, 24.0)), "cuts").get(0), "policy"))
        .collect();
    assert_eq!(policies, ["immediate", "off_peak", "solar", "peak_cap", "optimal", "backup"]);
    assert!(study.power_cut(6, 54_000.0, 24.0).is_err());
}

/// Namie with a script.
fn scripted() -> String {
    let mut scenario = scenario::read(NAMIE).expect("the built-in town is valid");
    scenario.policies.matching = MatchingPolicy::Script { source: "…".into(), time_limit_ms: 1_000 };
    serde_json::to_string(&scenario).expect("a scenario is JSON")
}

/// Lives through a day; what answers a question is told the question.
fn answered(json: &str, answer: impl Fn(&JsValue) -> JsValue) -> Simulation {
    let mut simulation = ok(Simulation::new(json));
    while simulation.step(1_000) < 1.0 {
        if simulation.asks() {
            let question = js(simulation.question());
            assert!(simulation.step(1_000) < 1.0 && simulation.asks(), "nothing happens before the answer");
            ok(simulation.answer(answer(&question)));
        }
    }
    simulation
}

#[wasm_bindgen_test]
fn a_script_is_asked_and_its_answer_carried_out() {
    let first_places = |question: &JsValue| -> JsValue {
        let first = |request| list(&request, "places").into_iter().next();
        list(question, "requests").into_iter().filter_map(first).collect::<Array>().into()
    };
    let simulation = answered(&scripted(), first_places);
    let report = report(&simulation);
    assert_eq!((report.fault.clone(), report.served + report.refused), (None, report.requests));
    assert!(report.served > report.requests / 2 && report.log_hash != include_str!("golden/namie.log_hash").trim());
    assert!(Study::new(&scripted(), &simulation.log_bytes()).is_err(), "other days would not be its own");

    let town = js(simulation.town());
    let (nodes, targets) = (list(&town, "nodes").length(), simulation.travel_targets());
    assert_eq!(simulation.travel_times_s(None).len(), targets.len() * nodes as usize);
    assert_eq!(simulation.travel_times_s(None)[targets[0] as usize], 0.0, "from the first target to itself");
    assert_eq!(simulation.slow_speeds_kmh(), [0.0; 0]);
    let mut slow = scenario::read(&scripted()).expect("a scenario");
    slow.fleet.vehicles[1].driverless =
        Some(Driverless { stops: Vec::new(), max_speed_kmh: 12.0, opens: None, closes: None });
    let slow = ok(Simulation::new(&serde_json::to_string(&slow).expect("a scenario is JSON")));
    assert_eq!(slow.slow_speeds_kmh(), [12.0]);
    let [usual, slower] = [None, Some(0)].map(|ways| slow.travel_times_s(ways));
    assert!(usual == simulation.travel_times_s(None) && usual.iter().zip(&slower).all(|(usual, slow)| usual <= slow));
    assert!(slower.iter().sum::<f64>() > 2.0 * usual.iter().sum::<f64>());
    assert!(list(&town, "stops").iter().all(|node| targets.contains(&(node.as_f64().expect("a node") as u32))));
}

#[wasm_bindgen_test]
fn an_answer_of_another_kind_is_a_fault_and_the_day_goes_on() {
    let golden = include_str!("golden/namie.log_hash").trim();
    let answers =
        ["null", "7", "[{}]", "[{\"request\": \"first\", \"vehicle\": 0}]", "[{\"request\": 1.5, \"vehicle\": 0}]"];
    for answer in answers {
        let simulation = answered(&scripted(), |_| js_sys::JSON::parse(answer).expect("JSON"));
        let report = report(&simulation);
        let fault = report.fault.expect("a fault");
        assert!(fault.message.en.starts_with("the answer is not an array of { request, vehicle }"), "{fault:?}");
        assert!(report.log_hash != golden && report.served > 0, "{answer}");
    }
    let mut simulation = ok(Simulation::new(&scripted()));
    assert!(simulation.question().is_err() && simulation.answer(Array::new().into()).is_err(), "nothing is asked yet");
    simulation.give_up("だめ".into(), "no".into(), Some(3));
    while simulation.step(1_000) < 1.0 {
        assert!(!simulation.asks());
    }
    assert_eq!(report(&simulation).fault.expect("a fault").line, Some(3));
}

#[wasm_bindgen_test]
fn contracts_and_series_can_be_chosen() {
    let tariffs = list(&js(noriai::api::tariffs()), "tariffs");
    assert!(tariffs.length() >= 3);
    let day: String = (0..24).map(|hour| format!("{hour}:00,{hour}.5\n")).collect();
    let series = js(noriai::api::import_series(format!("time,kw\n{day}").as_bytes(), "", false));
    assert_eq!((list(&series, "values").length(), list(&series, "problems").length()), (24, 0));
    let wrong = js(noriai::api::import_series(b"time,kw\n0:00,x\n", "", false));
    assert!(list(&wrong, "problems").length() > 0 && list(&wrong, "values").length() == 0);
}

#[wasm_bindgen_test]
fn progress_grows_to_exactly_one() {
    let mut simulation = ok(Simulation::new(NAMIE));
    assert!(simulation.prepare_s() >= 0.0);
    let (mut progress, mut steps) = (0.0, 0);
    while progress < 1.0 {
        let next = simulation.step(50);
        assert!(next >= progress && next <= 1.0);
        (progress, steps) = (next, steps + 1);
    }
    assert!(steps > 10, "{steps} steps");
    assert_eq!(simulation.step(50), 1.0);
}

#[wasm_bindgen_test]
fn figures_explain_numbers_of_the_report() {
    // Figures of batches are those of `pooling` alone, those of calls want somebody who calls, and others want trouble.
    let mut rare = scenario::read(NAMIE).expect("the built-in town is valid");
    rare.policies.matching = MatchingPolicy::by_name("pooling").expect("a policy");
    rare.demand.generator.as_mut().expect("a generator").phone_share = Some(0.5);
    rare.demand.behaviour = Some(Behaviour { late_share: 0.5, late_mean_s: 1_200.0, no_show_share: 0.1 });
    for van in &mut rare.fleet.vehicles {
        van.driverless = Some(Driverless { stops: Vec::new(), max_speed_kmh: 30.0, opens: None, closes: None });
    }
    rare.service.supervision = Some(Supervision { supervisors: 1, vans_each: 9, stuck_per_h: 10.0, help_s: 1_200 });
    let rare = serde_json::to_string(&rare).expect("JSON");
    let reports = [NAMIE, &rare].map(|json| js(finished(json).report()));
    let figures = list(&js(figures()), "figures");
    assert!(figures.length() > 20);
    for figure in figures.iter() {
        let key = text(&figure, "key");
        assert!(reports.iter().any(|report| field(report, &key).as_f64().is_some()), "{key}");
        assert!(!text(&field(&figure, "definition"), "ja").is_empty(), "{key}");
    }
}

#[wasm_bindgen_test]
fn an_invalid_scenario_throws_an_error_that_lists_all_problems() {
    let bad = NAMIE.replace("\"max_wait_s\":", "\"max_wait\":");
    let error = Simulation::new(&bad).err().expect("an error");
    assert_eq!(text(&error, "name"), "ScenarioError");
    assert_eq!(list(&error, "problems").length(), 1);
    let problems = js(check_scenario("{\"version\":"));
    assert!(text(&field(&list(&problems, "problems").get(0), "message"), "ja").contains("シナリオ"));
    assert_eq!(list(&js(check_scenario(NAMIE)), "problems").length(), 0);
    assert!(Playback::new("", &[]).is_err());
    assert!(import_trips("[]", b"", no_options()).is_err());
}

#[wasm_bindgen_test]
fn the_log_is_a_table_of_what_happened() {
    let day = finished(NAMIE);
    let table = ok(log_csv(NAMIE, &day.log_bytes()));
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("t_s,event,vehicle,request,node,load,energy_kwh"));
    let of = |event: &str| table.lines().filter(|line| line.split(',').nth(1) == Some(event)).count();
    let Report { requests, served, .. } = report(&day);
    assert_eq!((of("request"), of("dropoff")), (requests as usize, served as usize));
}

#[wasm_bindgen_test]
fn a_log_that_is_none_is_an_error() {
    assert!(log_csv(NAMIE, &[1, 2, 3]).is_err());
    let error = Playback::new(NAMIE, &[1, 2, 3]).err().expect("an error");
    assert!(error.dyn_into::<js_sys::Error>().is_ok());
}

fn no_options() -> Ts<TripOptions> {
    Ts::from_rust(&TripOptions::default()).expect("options")
}

#[wasm_bindgen_test]
fn trips_are_imported_with_bad_rows_by_line() {
    let file = "request_time,origin,destination\n09:00,station,townhall\n09:10,station,nowhere\n";
    let imported = js(import_trips(NAMIE, file.as_bytes(), no_options()));
    assert_eq!(list(&imported, "trips").length(), 1);
    let problems = list(&imported, "problems");
    assert_eq!(field(&problems.get(0), "line").as_f64(), Some(3.0));
    let binary = js(import_trips(NAMIE, &[0, 159, 146, 150], no_options()));
    assert_eq!(list(&binary, "trips").length(), 0);
    assert!(list(&binary, "problems").length() > 0);
}

#[wasm_bindgen_test]
fn ten_thousand_rows_are_imported() {
    let mut file = "request_time,origin,destination\n".to_string();
    for row in 0..10_000 {
        file += &format!("{:02}:{:02},station,townhall\n", 8 + row % 10, row % 60);
    }
    assert_eq!(list(&js(import_trips(NAMIE, file.as_bytes(), no_options())), "trips").length(), 10_000);
}

#[wasm_bindgen_test]
fn playback_goes_to_any_time_in_any_direction() {
    let mut playback = playback();
    let vans = playback.vans() as usize;
    assert_eq!(vans, 3);
    let (begin, end) = (playback.begin_s(), playback.end_s());
    assert!(begin < end && begin % 60.0 == 0.0 && end % 60.0 == 0.0);
    let mut seen = [false; 6];
    let mut forwards = Vec::new();
    let times = || (0..=200).map(|step| begin + (end - begin) * f64::from(step) / 200.0);
    for time in times() {
        playback.seek(time);
        playback.states().iter().for_each(|&state| seen[state as usize] = true);
        assert!(playback.positions().iter().all(|degrees| degrees.is_finite()));
        assert!(playback.charge().iter().all(|share| (0.0..=1.0).contains(share)));
        assert_eq!(
            (playback.positions().len(), playback.headings().len(), playback.loads().len()),
            (2 * vans, vans, vans)
        );
        forwards.push((playback.positions(), playback.states(), playback.waiting()));
    }
    assert_eq!(seen, [true; 6], "every state occurs in a day");
    for (time, expected) in times().collect::<Vec<_>>().into_iter().zip(forwards).rev() {
        playback.seek(time);
        assert_eq!((playback.positions(), playback.states(), playback.waiting()), expected, "at {time}");
    }
    for time in [f64::NAN, f64::INFINITY, -1e300, 0.0] {
        playback.seek(time);
        assert!(playback.positions().iter().all(|degrees| degrees.is_finite()));
    }
}

#[wasm_bindgen_test]
fn rides_and_cells_count_the_same_requests_as_the_report() {
    let simulation = finished(NAMIE);
    let report = report(&simulation);
    let playback = ok(Playback::new(NAMIE, &simulation.log_bytes()));
    let rides = list(&js(playback.rides()), "rides");
    assert_eq!(rides.length(), report.requests);
    let served = rides.iter().filter(|ride| field(ride, "served").is_truthy()).count();
    assert_eq!(served as u32, report.served);
    for end in ["origin", "destination"] {
        let query = js_sys::Object::new();
        let set = |name: &str, value: JsValue| Reflect::set(&query, &name.into(), &value).expect("an object");
        set("end", end.into());
        set("from_s", 0.0.into());
        set("to_s", 172_800.0.into());
        set("resolution", 9.into());
        let query: Ts<CellQuery> = Ts::new_unchecked(query.into());
        let cells = list(&js(playback.cells(query)), "cells");
        let trips: f64 = cells.iter().map(|cell| field(&cell, "trips").as_f64().expect("a count")).sum();
        assert_eq!(trips as u32, report.requests, "{end}");
    }
}

#[wasm_bindgen_test]
fn plans_and_charge_can_be_looked_at_for_every_van() {
    let mut playback = playback();
    let mut planned = 0;
    for hour in 8..22 {
        playback.seek(f64::from(hour) * 3_600.0);
        for van in 0..playback.vans() {
            planned += list(&js(playback.plan(van)), "stops").length();
        }
    }
    assert!(planned > 0);
    for van in 0..playback.vans() {
        let series = playback.charge_series(van);
        assert!(series.len() > 4 && series.len().is_multiple_of(2));
        assert!(series.chunks(2).zip(series.chunks(2).skip(1)).all(|(a, b)| a[0] <= b[0]));
    }
    assert_eq!(list(&js(playback.plan(99)), "stops").length(), 0);
    assert!(playback.charge_series(99).is_empty());
}

#[wasm_bindgen_test]
fn seeds_are_new_and_exact_integers() {
    let (first, second) = (random_seed().expect("entropy"), random_seed().expect("entropy"));
    assert!(first != second && first.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&first));
    assert_eq!(version(), env!("CARGO_PKG_VERSION"));
}

#[wasm_bindgen_test]
fn a_towns_service_is_written_as_a_feed_and_read_back() {
    let archive = ok(export_flex(NAMIE));
    assert!(list(&js(archive.notes()), "notes").length() > 0);
    let feed = ok(GtfsFeed::new(&archive.bytes()));
    let summary = ok(feed.summary(None)).to_rust().expect("a summary");
    let town = scenario::read(NAMIE).expect("the built-in town is valid");
    assert_eq!((summary.stops.len(), summary.flex.len()), (town.stops.len(), town.service.hours.len()));
    let applied = js(feed.flex(&town.day.date, NAMIE));
    assert_eq!(scenario::read(&text(&applied, "scenario")).expect("a valid scenario"), town);

    // Whatever cannot be used is an error in both languages.
    let error = feed.baseline(vec!["x".into()], "2023-11-09", NAMIE).map(|_| ()).expect_err("no such route");
    assert_eq!(text(&error, "name"), "FeedError");
    assert!(text(&field(&error, "text"), "ja").contains("「x」という路線はありません"));
    for error in [
        GtfsFeed::new(b"<html>").map(|_| ()).expect_err("a page"),
        feed.summary(Some("2023-02-31".into())).map(|_| ()).expect_err("no date"),
    ] {
        assert_eq!(text(&error, "name"), "FeedError");
    }
}

#[wasm_bindgen_test]
fn a_year_s_account_follows_its_prices() {
    let town = ok(YearTown::new(NAMIE));
    let mut year = ok(Year::new(NAMIE));
    let typical = js(typical_days(NAMIE));
    assert_eq!(field(&typical, "sites_alone"), true);
    assert!(year.quantities().is_err(), "no day was lived through");
    for index in 0..list(&typical, "days").length() as usize {
        for with_vans in [true, false] {
            let mut day = ok(town.day(index, 1.0, with_vans));
            while day.step(1_000) < 1.0 {}
            let quantities = report(&day).quantities;
            ok(year.add(index, with_vans, Ts::from_rust(&quantities).expect("amounts")));
        }
    }
    assert!(town.day(99, 1.0, true).is_err());

    let none = Ts::from_rust(&Prices { prices: Vec::new() }).expect("prices");
    let mut parameters = ok(year.parameters(none)).to_rust().expect("parameters");
    let result_yen = |parameters: &_| {
        let figures = js(year_figures(ok(year.quantities()), Ts::from_rust(parameters).expect("parameters")));
        field(&field(&field(&figures, "account"), "both"), "result_yen").as_f64().expect("yen")
    };
    let before = result_yen(&parameters);
    let hours = field(&js(year.quantities()), "driver_h").as_f64().expect("hours");
    parameters.parameters.iter_mut().filter(|price| price.key == "driver").for_each(|price| price.value += 100.0);
    assert!((before - result_yen(&parameters) - 100.0 * hours).abs() < 1e-3);

    parameters.parameters.retain(|price| price.key != "driver");
    let parameters = Ts::from_rust(&parameters).expect("parameters");
    let Err(error) = year_figures(ok(year.quantities()), parameters) else { panic!("a price is missing") };
    assert_eq!(text(&list(&error, "problems").get(0), "path"), "driver");
}

#[wasm_bindgen_test]
fn a_day_tells_whom_it_reached() {
    let reached = js(reach(NAMIE, vec![Uint8Array::from(&finished(NAMIE).log_bytes()[..])]));
    assert!(list(&reached, "districts").length() > 5);
    assert_eq!(list(&reached, "access").length(), 3);
}
