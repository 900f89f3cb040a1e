//! RidePy as an oracle: best insertion with an immediate answer, on taxi trips in Manhattan. RidePy 2.10 serves 512 of the
//! 1,000 requests of case S with a mean wait of 177 s and a mean delay of 342 s, and 62.8 % of the 5,000 of case M with a mean wait of
//! 181 s. It drives the lengths of the streets at 20 km/h, and so do we here; with the table's times, which are rounded to 0.01 s,
//! other places are the cheapest, and 511 and 62.7 % are served.

use std::path::Path;
use std::sync::Arc;

use noriai::report::{self, Report};
use noriai::scenario::tables::{self, Tables};
use noriai::sim::Simulation;
use noriai::world::World;

fn folder() -> Option<&'static Path> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/manhattan"));
    folder.is_dir().then_some(folder)
}

/// A case lived through with every street driven at 20 km/h.
fn at_20_km_per_h(folder: &Path, case: &str) -> Report {
    let read = |name: String| std::fs::read_to_string(folder.join(name)).expect("a table of the case");
    let [nodes, edges, requests, vehicles] =
        ["nodes.csv".into(), "edges.csv".into(), format!("req_{case}.csv"), format!("veh_{case}.csv")].map(read);
    let tables = Tables { nodes: &nodes, edges: &edges, requests: &requests, vehicles: &vehicles };
    let (mut scenario, _) = tables::read(&tables, 300, 1.4).expect("valid tables");
    scenario.network.speeds_kmh.residential = 20.0;
    scenario.network.edges.iter_mut().for_each(|edge| edge.time_s = None);
    let world = Arc::new(World::new(&scenario));
    let log = Simulation::new(Arc::clone(&world)).run();
    report::report(&world, &log)
}

#[test]
fn best_insertion_serves_what_ridepy_serves() {
    let Some(folder) = folder() else {
        println!("not run: best_insertion_serves_what_ridepy_serves: ../shared/data is absent");
        return;
    };
    // To a tenth of a second, as docs/benchmarks.md tells it beside RidePy.
    let tenths = |seconds: Option<f64>| (10.0 * seconds.expect("riders")).round();
    let small = at_20_km_per_h(folder, "S");
    assert_eq!((small.served, tenths(small.mean_wait_s), tenths(small.mean_delay_s)), (512, 1_774.0, 3_420.0));
    let large = at_20_km_per_h(folder, "M");
    assert_eq!((large.requests, large.served, tenths(large.mean_wait_s)), (5_000, 3_141, 1_802.0));
}
