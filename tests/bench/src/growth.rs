//! How time and memory grow with the number of requests, in towns whose area, vans and roads grow in proportion.
//!
//! Each day is lived through in a process of its own, so that its peak of memory is its own too.

use std::process::Command;
use std::sync::Arc;

use noriai::report;
use noriai::sim::Simulation;
use noriai::world::World;
use noriai_bench::days::{self, Setting};

use crate::Options;
use crate::measure::{Findings, digits, print_table, timed};
use crate::plot::{Axis, Panel, Series, svg};

/// Requests of the days.
const SIZES: [u32; 5] = [1_000, 3_000, 10_000, 30_000, 100_000];

/// Policies, and the most requests that they are measured with, within minutes.
const POLICIES: [(&str, u32); 2] = [("insertion", 100_000), ("anticipating", 10_000)];

/// The option with which this program measures one day: `--day REQUESTS POLICY`; not for people.
pub const DAY: &str = "--day";

/// Requests that `--quick` has at most.
const QUICK: u32 = 10_000;

/// What one day takes.
struct Taken {
    nodes: f64,
    table_mb: f64,
    served: f64,
    prepare_s: f64,
    live_s: f64,
    /// Peak of the process, the drawing of the town included; only Linux tells it.
    peak_mb: Option<f64>,
}

/// Measures and prints everything, and draws it where `--plot` says so.
pub fn run(options: &Options) -> Findings {
    let mut findings = Findings::default();
    let mut measured: Vec<(&str, u32, Taken)> = Vec::new();
    for (policy, most) in POLICIES {
        for requests in SIZES.into_iter().filter(|&requests| requests <= most) {
            if options.quick && requests > QUICK {
                findings.not_run.push(format!("{requests} requests, {policy}: not with --quick"));
                continue;
            }
            eprintln!("{requests} requests, {policy} ...");
            match of_a_process(requests, policy) {
                Ok(taken) => measured.push((policy, requests, taken)),
                Err(why) => findings.wrong.push(format!("{requests} requests, {policy}: {why}")),
            }
        }
    }
    let rows: Vec<[String; 9]> = measured
        .iter()
        .map(|(policy, requests, taken)| {
            [
                policy.to_string(),
                requests.to_string(),
                days::grown(*requests).vehicles.to_string(),
                format!("{:.0}", taken.nodes),
                format!("{:.1}", taken.served),
                digits(taken.prepare_s),
                digits(taken.live_s),
                digits(taken.table_mb),
                taken.peak_mb.map_or(String::new(), |mb| format!("{mb:.0}")),
            ]
        })
        .collect();
    let head = [
        "policy",
        "requests",
        "vans",
        "nodes",
        "served, %",
        "preparation, s",
        "day, s",
        "travel times, MB",
        "peak, MB",
    ];
    print_table(head, &rows);
    if let Some(file) = &options.plot
        && let Err(error) = std::fs::write(file, draw(&measured))
    {
        findings.wrong.push(format!("{}: {error}", file.display()));
    }
    findings
}

/// Measures one day, and prints [`Taken`] in the order of its fields; what [`of_a_process`] starts.
pub fn one(requests: u32, policy: &str) {
    let mut scenario = days::drawn(&days::grown(requests));
    let setting = Setting::all().into_iter().find(|setting| setting.name == policy).expect("a policy that is measured");
    setting.choose(&mut scenario);
    let (world, prepare_s) = timed(|| Arc::new(World::new(&scenario)));
    let (log, live_s) = timed(|| Simulation::new(Arc::clone(&world)).run());
    let peak_mb = peak_kb().map_or(f64::NAN, |kb| kb / 1e3);
    let table_mb = world.travel.bytes() as f64 / 1e6;
    let served = 100.0 * report::report(&world, &log).served_share.unwrap_or(0.0);
    println!("{} {table_mb} {served} {prepare_s} {live_s} {peak_mb}", world.roads.node_count());
}

fn of_a_process(requests: u32, policy: &str) -> Result<Taken, String> {
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new(this).args([DAY, &requests.to_string(), policy]).output();
    let output = output.map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let &[nodes, table_mb, served, prepare_s, live_s, peak_mb] = &numbers[..] else {
        return Err(format!("six numbers were expected: {text}"));
    };
    let peak_mb = Some(peak_mb).filter(|mb| !mb.is_nan());
    Ok(Taken { nodes, table_mb, served, prepare_s, live_s, peak_mb })
}

/// The most memory that this process had, as Linux counts it.
fn peak_kb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse().ok())
}

fn draw(measured: &[(&str, u32, Taken)]) -> String {
    let series = |name: &str, policy: &str, value: fn(&Taken) -> Option<f64>| {
        let of_policy = measured.iter().filter(|(other, ..)| *other == policy);
        let points = of_policy.filter_map(|(_, requests, taken)| Some((f64::from(*requests), value(taken)?)));
        Series { name: name.to_string(), points: points.collect() }
    };
    let mut seconds = vec![series("preparation", "insertion", |taken| Some(taken.prepare_s))];
    seconds.extend(POLICIES.map(|(policy, _)| series(policy, policy, |taken| Some(taken.live_s))));
    let memory = vec![
        series("peak", "insertion", |taken| taken.peak_mb),
        series("travel times", "insertion", |taken| Some(taken.table_mb)),
    ];
    let requests = Axis { from: 1e3, to: 1e5, unit: "requests" };
    svg(&[
        Panel { title: "Time", x: requests, y: Axis { from: 1e-3, to: 1e3, unit: "s" }, series: seconds },
        Panel { title: "Memory", x: requests, y: Axis { from: 0.1, to: 1e4, unit: "MB" }, series: memory },
    ])
}
