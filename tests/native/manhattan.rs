//! RidePy as an oracle: best insertion with an immediate answer, on taxi trips in Manhattan. RidePy 2.10 serves 512 of the
//! 1,000 requests of case S with a mean wait of 177 s and a mean delay of 342 s. Ours serves 511: among equally fast ways
//! and equally cheap places each program takes another, and what follows differs.

use std::path::Path;
use std::sync::Arc;

use noriai::report;
use noriai::scenario::tables::{self, Tables};
use noriai::sim::Simulation;
use noriai::world::World;

fn folder() -> Option<&'static Path> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/manhattan"));
    folder.is_dir().then_some(folder)
}

#[test]
fn best_insertion_serves_what_ridepy_serves() {
    let Some(folder) = folder() else {
        println!("not run: best_insertion_serves_what_ridepy_serves: ../shared/data is absent");
        return;
    };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a table of the case");
    let (nodes, edges, requests, vehicles) =
        (read("nodes.csv"), read("edges.csv"), read("req_S.csv"), read("veh_S.csv"));
    let tables = Tables { nodes: &nodes, edges: &edges, requests: &requests, vehicles: &vehicles };
    let (scenario, _) = tables::read(&tables, 300, 1.4).expect("valid tables");
    let world = Arc::new(World::new(&scenario));
    let log = Simulation::new(Arc::clone(&world)).run();
    let report = report::report(&world, &log);
    let within = |ours: f64, theirs: f64| (ours / theirs - 1.0).abs() < 0.01;
    assert!(within(f64::from(report.served), 512.0), "{} served", report.served);
    assert!(within(report.mean_wait_s.expect("served"), 177.0), "{:?}", report.mean_wait_s);
    assert!(within(report.mean_delay_s.expect("served"), 342.0), "{:?}", report.mean_delay_s);
}
