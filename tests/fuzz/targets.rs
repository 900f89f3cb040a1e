//! What is done with the bytes of each target: the same entry that the product uses, and what has to be true of whatever it
//! accepts. `fuzz.rs` hands over found bytes, `tests/native/fuzz.rs` those that were kept.

use std::str::from_utf8;
use std::sync::{Arc, LazyLock};

use noriai::demand::{self, csv::TripOptions};
use noriai::gtfs::{self, Feed, Files, baseline, export, flex};
use noriai::optimum::instance::Instance;
use noriai::report;
use noriai::roads::Reader;
use noriai::scenario::tables::{self, Tables};
use noriai::scenario::{self, MatchingPolicy, Network, Problem, Scenario, Text};
use noriai::sim::Simulation;
use noriai::site;
use noriai::town::{self, Place, Spec};
use noriai::world::World;

/// What takes the bytes of a target.
type Target = (&'static str, fn(&[u8]));

/// The targets, each with a program in `Cargo.toml` and a folder in `corpus/`.
pub const TARGETS: [Target; 15] = [
    ("charging_json", charging),
    ("geojson", roads),
    ("gtfs_flex", gtfs_tables),
    ("gtfs_tables", gtfs_tables),
    ("gtfs_zip", |bytes| feed(gtfs::read(bytes))),
    ("matrix_csv", matrix),
    ("osm_pbf", roads),
    ("osm_xml", roads),
    ("overpass_json", roads),
    ("plain_tables", plain_tables),
    ("scenario_json", scenario_json),
    ("series_csv", series),
    ("stops_csv", stops),
    ("trips_csv", trips),
    ("weights", weights),
];

/// Feeds a target, by its name.
#[allow(dead_code, reason = "the tests go through all of them")]
pub fn run(name: &str, bytes: &[u8]) {
    let (_, target) = TARGETS.iter().find(|(own, _)| *own == name).expect("a program has a target's name");
    target(bytes);
}

/// A village of four stops in a row, which feeds and trips are about: its Wednesday is 2026-04-01.
static VILLAGE: LazyLock<Scenario> =
    LazyLock::new(|| scenario::read(include_str!("village.json")).expect("the village is valid"));

/// More than this takes too long to be lived through again and again.
const MOST: usize = 40;

/// Parts of one input, each after a line `--- NAME`, as `(name, text)`.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        match (line.strip_prefix(b"--- "), parts.last_mut()) {
            (Some(name), _) => parts.push((String::from_utf8_lossy(name).trim().to_owned(), Vec::new())),
            (None, Some((_, text))) => text.extend_from_slice(line),
            (None, None) => {}
        }
    }
    parts
}

/// A message says something in both languages.
fn says(text: &Text) {
    assert!(!text.ja.is_empty() && !text.en.is_empty(), "{text:?}");
}

fn say(problems: &[Problem]) {
    assert!(!problems.is_empty(), "refused for nothing");
    problems.iter().for_each(|problem| says(&problem.message));
}

/// A file of roads at once and in slices is the same, and makes a town.
fn roads(bytes: &[u8]) {
    let read = |piece: usize| {
        let mut reader = Reader::default();
        bytes.chunks(piece).try_for_each(|piece| reader.feed(piece))?;
        reader.finish()?.network(None, town::SPEEDS_KMH)
    };
    let whole = read(bytes.len().max(1));
    for piece in [1, 7, 64] {
        assert_eq!(read(piece), whole, "in pieces of {piece}");
    }
    match whole {
        Err(text) => says(&text),
        Ok((network, notes)) => {
            leads_everywhere(&network);
            let spec = Spec { vehicles: 1, requests: 1, ..Spec::default() };
            match town::scenario(network, &notes, &spec) {
                Ok(town) => accepted(&town),
                Err(problems) => say(&problems),
            }
        }
    }
}

fn leads_everywhere(network: &Network) {
    let mut reached = vec![false; network.nodes.len()];
    let mut open = vec![0];
    while let Some(node) = open.pop() {
        if std::mem::replace(&mut reached[node as usize], true) {
            continue;
        }
        for edge in &network.edges {
            assert!(edge.from != edge.to && edge.length_m > 0.0, "{edge:?}");
            if edge.from == node {
                open.push(edge.to);
            }
            if edge.to == node && !edge.one_way {
                open.push(edge.from);
            }
        }
    }
    assert!(!reached.contains(&false), "a part that cannot be reached");
}

/// Files of a feed, one after the other.
fn gtfs_tables(bytes: &[u8]) {
    feed(gtfs::read_files(&Files::from_iter(parts(bytes))));
}

/// A feed's references hold; its buses and its service on demand make scenarios that are valid.
fn feed(read: Result<Feed, Text>) {
    let feed = match read {
        Ok(feed) => feed,
        Err(text) => return says(&text),
    };
    feed.warnings.iter().for_each(|warning| says(&warning.message));
    for trip in &feed.trips {
        assert!(trip.route < feed.routes.len() && trip.service < feed.services.len() && trip.calls.len() >= 2);
        let mut latest_s = i32::MIN;
        for call in &trip.calls {
            assert!(call.stop < feed.stops.len() && call.arrival_s >= latest_s && call.departure_s >= call.arrival_s);
            latest_s = call.departure_s;
        }
    }
    let date = time::macros::date!(2026 - 04 - 01);
    assert_eq!(feed.summary(None).no_service, None);
    match town::of_feed(&feed, &Spec { requests: 1, ..Spec::default() }) {
        Ok(scenario) => assert_eq!(scenario.problems(), []),
        Err(problems) => say(&problems),
    }
    feed.summary(Some(date));
    match baseline::baseline(&feed, &[], date, &VILLAGE) {
        Ok(made) => assert_eq!(made.scenario.problems(), []),
        Err(text) => says(&text),
    }
    match flex::apply(&feed, date, &VILLAGE) {
        Ok(applied) => {
            assert_eq!(applied.scenario.problems(), []);
            gtfs::read(&export::export(&applied.scenario).archive).expect("what is written can be read");
        }
        Err(text) => says(&text),
    }
}

/// A town of driving times between four places is valid.
fn matrix(bytes: &[u8]) {
    let place = |id: u8| Place {
        id: id.to_string(),
        name: id.to_string(),
        name_en: None,
        lat: 36.0 + f64::from(id) / 100.0,
        lng: 137.0,
    };
    let stops: Vec<Place> = (1..=4).map(place).collect();
    match town::matrix::read(&stops, bytes) {
        Ok(read) => match town::of_matrix(read, &Spec { stops, requests: 1, ..Spec::default() }) {
            Ok(scenario) => assert_eq!(scenario.problems(), []),
            Err(problems) => say(&problems),
        },
        Err(problems) => problems.iter().for_each(|problem| says(&problem.message)),
    }
}

/// Stops that are read are somewhere.
fn stops(bytes: &[u8]) {
    match town::own::read(bytes) {
        Ok(places) => {
            assert!(places.stops.len() >= 2);
            assert!(places.stops.iter().all(|place| place.lat.abs() <= 90.0 && place.lng.abs() <= 180.0));
        }
        Err(problems) => problems.iter().for_each(|problem| says(&problem.message)),
    }
}

/// Points leave a scenario valid.
fn weights(bytes: &[u8]) {
    let mut scenario = VILLAGE.clone();
    let imported = demand::weights::import(&mut scenario, bytes, "points");
    imported.problems.iter().for_each(|problem| says(&problem.message));
    assert_eq!(scenario.problems(), []);
}

/// A scenario with the trips of a file is valid.
fn trips(bytes: &[u8]) {
    demand::csv::preview(&VILLAGE, bytes, &TripOptions::default());
    let imported = demand::csv::import(&VILLAGE, bytes, &TripOptions::default());
    imported.problems.iter().for_each(|problem| says(&problem.message));
    assert!(imported.trips.len() <= imported.rows as usize);
    let mut scenario = VILLAGE.clone();
    scenario.demand.trips = imported.trips;
    assert_eq!(scenario.problems(), []);
}

/// Tables that are read are a valid scenario.
fn plain_tables(bytes: &[u8]) {
    let Ok(text) = from_utf8(bytes) else { return };
    let parts = parts(text.as_bytes());
    let part = |name: &str| {
        let found = parts.iter().find(|(own, _)| own == name);
        found.map_or("", |(_, text)| from_utf8(text).expect("cut at the ends of lines"))
    };
    let tables =
        Tables { nodes: part("nodes"), edges: part("edges"), requests: part("requests"), vehicles: part("vehicles") };
    match tables::read(&tables, tables::MAX_WAIT_S, tables::DETOUR_FACTOR) {
        Ok((scenario, names)) => {
            assert_eq!(names.nodes.len(), scenario.network.nodes.len());
            accepted(&scenario);
        }
        Err(problems) => say(&problems),
    }
}

/// A series has a length that it may have, or none.
fn series(bytes: &[u8]) {
    for (column, allow_negative) in [(None, true), (Some("東京"), false)] {
        let series = site::csv::import(bytes, column, allow_negative);
        series.problems.iter().for_each(|problem| says(&problem.message));
        assert_eq!(series.values.is_empty(), !series.problems.is_empty());
        assert!(series.values.iter().all(|value| value.is_finite() && (allow_negative || *value >= 0.0)));
        assert!([0, 24, 48, 168, 336, 8_760, 8_784, 17_520, 17_568].contains(&series.values.len()));
    }
}

fn scenario_json(bytes: &[u8]) {
    let Ok(text) = from_utf8(bytes) else { return };
    match scenario::read(text) {
        Ok(scenario) => accepted(&scenario),
        Err(problems) => say(&problems),
    }
}

/// What is accepted passes its own check, is the same once written and read, and can be lived in.
fn accepted(scenario: &Scenario) {
    assert_eq!(scenario.problems(), []);
    let json = serde_json::to_string(scenario).expect("a scenario is JSON");
    assert_eq!(scenario::read(&json).as_ref(), Ok(scenario));

    let generated =
        scenario.demand.generator.as_ref().map_or(0.0, |generator| generator.trips_per_day * scenario.demand.factor);
    let few = [scenario.network.nodes.len(), scenario.vehicles().len(), scenario.demand.trips.len()];
    let scripted = matches!(scenario.policies.matching, MatchingPolicy::Script { .. });
    if few.iter().any(|&count| count > MOST) || generated > MOST as f64 || scripted {
        return;
    }
    if scenario.hours().is_some() {
        let world = Arc::new(World::new(scenario));
        let log = Simulation::new(Arc::clone(&world)).run();
        let report = report::report(&world, &log);
        assert_eq!(report.served + report.refused, report.requests);
    }
}

/// The optimum of an instance costs no less than its bound.
fn charging(bytes: &[u8]) {
    let Ok(text) = from_utf8(bytes) else { return };
    let Ok(instance) = Instance::read(text) else { return };
    let problem = instance.problem();
    if problem.slots.len() <= MOST && problem.stores.len() <= MOST {
        let answer = instance.solve(true);
        assert!(answer.residuals.limits >= 0.0, "{:?}", answer.residuals);
    }
}
