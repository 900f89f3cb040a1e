//! Reading a map, and its travel times.

use std::fs;

use noriai::scenario::Network;
use noriai_bench::travel::{self, PAIRS, TARGETS, Travel};

use crate::Options;
use crate::matching::manhattan;
use crate::measure::{Findings, digits, median, print_table, timed};

/// Measures and prints everything.
pub fn run(options: &Options) -> Findings {
    let mut findings = Findings::default();
    let (mut reading, mut times) = (Vec::new(), Vec::new());
    for (name, network) in networks(options, &mut reading, &mut findings) {
        eprintln!("{name} ...");
        times.extend(measured(name, &network, options.quick));
    }
    print_table(["file", "MB", "s", "MB/s", "nodes", "edges"], &reading);
    print_table(["roads", "nodes", "targets", "table, s", "rows a second", "pairs a second", "table, MB"], &times);
    println!("Load of the machine during the last minute: {}\n", load());
    findings
}

/// The networks that are there, and what reading the map took.
fn networks(
    options: &Options,
    reading: &mut Vec<[String; 6]>,
    findings: &mut Findings,
) -> Vec<(&'static str, Network)> {
    let mut networks = Vec::new();
    let file = options.data.join("osm/helsinki.osm.pbf");
    let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()));
    let read = |bytes: Vec<u8>| {
        let (network, seconds) = median(|| {
            let (network, seconds) = timed(|| travel::read(&bytes));
            network.map(|network| (network, seconds))
        })?;
        Ok((network, seconds, bytes.len() as f64 / 1e6))
    };
    match bytes.and_then(read) {
        Ok((network, seconds, mb)) => {
            let [nodes, edges] = [network.nodes.len(), network.edges.len()].map(|count| count.to_string());
            reading.push(["Helsinki".into(), digits(mb), digits(seconds), digits(mb / seconds), nodes, edges]);
            networks.push(("Helsinki", network));
        }
        Err(why) => findings.not_run.push(format!("Helsinki: {why}")),
    }
    match manhattan(&options.data.join("manhattan"), "S") {
        Ok(scenario) => networks.push(("Manhattan", scenario.network)),
        Err(why) => findings.not_run.push(format!("Manhattan: {why}")),
    }
    networks
}

/// Tables of some targets and of all: how long each takes, and how fast it is asked.
fn measured(name: &str, network: &Network, quick: bool) -> Vec<[String; 7]> {
    let travel = Travel::new(network);
    let row = |targets: usize| {
        let never = "nothing here can fail";
        let (table, table_s) = median(|| Ok::<_, ()>(timed(|| travel.table(targets)))).expect(never);
        let pairs = travel.pairs(targets);
        let (_, pairs_s) =
            median(|| Ok::<_, ()>(timed(|| std::hint::black_box(travel::look(&table, &pairs))))).expect(never);
        [
            name.to_owned(),
            travel.nodes().to_string(),
            targets.to_string(),
            digits(table_s),
            format!("{:.0}", targets as f64 / table_s),
            format!("{:.1e}", PAIRS as f64 / pairs_s),
            digits(table.bytes() as f64 / 1e6),
        ]
    };
    // Of small maps all nodes are fewer.
    let mut counts: Vec<_> = TARGETS
        .into_iter()
        .filter(|&targets| !quick || targets < usize::MAX)
        .map(|targets| targets.min(travel.nodes()))
        .collect();
    counts.dedup();
    counts.into_iter().map(row).collect()
}

/// How many programs wanted a core, as Linux counts it.
fn load() -> String {
    let all = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    all.split(' ').next().filter(|one| !one.is_empty()).unwrap_or("not known").to_owned()
}
