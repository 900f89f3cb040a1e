//! A real extract of OpenStreetMap becomes a town, which is lived in under every policy.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use noriai::report;
use noriai::rng::Rng;
use noriai::roads::{Notes, Reader, Roads, TravelTable};
use noriai::scenario::{self, MatchingPolicy, Network};
use noriai::sim::Simulation;
use noriai::town::{self, Spec};
use noriai::units::{NodeId, Time};
use noriai::world::World;

use crate::roads::dijkstra;

const HELSINKI: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/osm/helsinki.osm.pbf");

/// The file, if it is there.
fn helsinki(test: &str) -> Option<Vec<u8>> {
    let bytes = std::fs::read(HELSINKI).ok();
    if bytes.is_none() {
        println!("not run: {test}: ../shared/data is absent");
    }
    bytes
}

fn network(bytes: &[u8]) -> (Network, Notes) {
    let mut reader = Reader::default();
    bytes.chunks(100_000).try_for_each(|piece| reader.feed(piece)).expect("a file that is right");
    reader.finish().and_then(|roads| roads.network(None, town::SPEEDS_KMH)).expect("roads")
}

#[test]
fn helsinki_s_roads_are_connected_and_its_times_are_those_of_dijkstra() {
    let Some(bytes) = helsinki("helsinki_s_roads_are_connected_and_its_times_are_those_of_dijkstra") else { return };
    let (network, notes) = network(&bytes);
    assert!(notes.km > 20.0 && notes.turn_restrictions > 0 && notes.areas > 0, "{notes:?}");
    assert!(network.edges.iter().all(|edge| edge.from != edge.to));
    let roads = Roads::new(&network);
    let all = || (0..roads.node_count() as u32).map(NodeId);
    let table = TravelTable::new(&roads, all(), true);
    let mut rng = Rng::new(1, "pairs");
    for _ in 0..20 {
        let from = NodeId(rng.below(roads.node_count()) as u32);
        let times = dijkstra(&roads, from);
        for to in all() {
            assert_eq!(Some(table.time(from, to)), times[to.index()], "{} to {}", from.0, to.0);
            assert!(table.time(from, to) < Time::NEVER);
        }
    }
    // Each edge is as long as its line, and no shorter than the crow flies.
    for edge in &network.edges {
        let end = |node: u32| (network.nodes[node as usize].lat, network.nodes[node as usize].lng);
        let points = edge.shape.iter().map(|&[lng, lat]| (lat, lng));
        let points: Vec<_> = [end(edge.from)].into_iter().chain(points).chain([end(edge.to)]).collect();
        let metres: f64 = points.windows(2).map(|ends| noriai::math::distance_m(ends[0], ends[1])).sum();
        // Points are rounded to 0.1 m.
        assert!((edge.length_m - metres).abs() < 0.1 * points.len() as f64, "{edge:?}: {metres} m");
    }
}

#[test]
fn helsinki_is_lived_in_under_every_policy() {
    let Some(bytes) = helsinki("helsinki_is_lived_in_under_every_policy") else { return };
    let (network, notes) = network(&bytes);
    let spec = Spec { name: "Helsinki".to_owned(), vehicles: 6, requests: 120, ..Spec::default() };
    let town = town::scenario(network, &notes, &spec).expect("a town");
    let town = scenario::read(&serde_json::to_string(&town).expect("JSON")).expect("what is written can be read");
    let world = World::new(&town);
    for name in MatchingPolicy::NAMES {
        // The generated town has no buses.
        let Some(matching) = MatchingPolicy::by_name(name).filter(|_| name != "fixed_route") else { continue };
        let world = Arc::new(world.with(|scenario| scenario.policies.matching = matching));
        let log = Simulation::new(Arc::clone(&world)).run();
        let report = report::report(&world, &log);
        assert_eq!((report.requests, report.served + report.refused), (120, 120), "{name}");
        assert!(report.served > 100, "{name}: {} served", report.served);
    }
}

fn noriai(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_noriai")).args(arguments).output().expect("the command starts")
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("written");
    path
}

#[test]
fn the_command_makes_a_town_that_the_command_runs() {
    // Three by three crossings, 1.1 km and 0.9 km apart.
    let mut xml = "<osm>".to_owned();
    for id in 0..9 {
        xml += &format!(
            "<node id='{id}' lat='{}' lon='{}'/>",
            35.0 + f64::from(id / 3) / 100.0,
            139.0 + f64::from(id % 3) / 100.0
        );
    }
    for line in [[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 3, 6], [1, 4, 7], [2, 5, 8]] {
        let nodes = line.map(|node| format!("<nd ref='{node}'/>")).concat();
        xml += &format!("<way>{nodes}<tag k='highway' v='residential'/></way>");
    }
    let (map, out) = (file("grid.osm", &(xml + "</osm>")), file("grid.json", ""));
    let [map, out] = [&map, &out].map(|path| path.to_str().expect("UTF-8"));
    let made =
        noriai(&["town", "--roads", map, "--stops-every", "500", "--vehicles", "3", "--requests", "50", "--out", out]);
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success() && said.contains("6 roads for vans") && said.contains("3 vans"), "{said}");
    let ran = noriai(&["run", out, "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&ran.stdout).expect("a report");
    assert_eq!(report["requests"], 50);
    assert!(report["served"].as_u64() > Some(25), "{}", report["served"]);

    for (arguments, expected) in [
        (vec!["--roads", "nowhere.osm"], "nowhere.osm"),
        (vec!["--roads", map, "--area", "10,10,11,11"], "within the area"),
        (vec!["--roads", map, "--stops-every", "1"], "--stops-every: 1 is not possible"),
    ] {
        let failed = noriai(&[&["town", "--out", out], &arguments[..]].concat());
        let said = String::from_utf8_lossy(&failed.stderr);
        assert!(failed.status.code() == Some(4) && said.contains(expected), "{said}");
    }
}
