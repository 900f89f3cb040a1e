//! Matching policies: what each brings on days of Manhattan and of drawn towns, and how long it takes.

use std::path::Path;
use std::sync::Arc;

use noriai::math;
use noriai::report;
use noriai::scenario::Scenario;
use noriai::sim::Simulation;
use noriai::units::Time;
use noriai::world::World;
use noriai_bench::days::{self, Setting};

use crate::Options;
use crate::measure::{Findings, digits, print_table, timed};
use crate::peers::{self, Peer};

/// Seeds of the days, and of what policies draw.
const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];

/// Requests and vans of the drawn towns.
const DRAWN: [(u32, u32); 2] = [(1_000, 60), (5_000, 300)];

/// Requests of a town that only fast policies are measured on.
const LARGE: u32 = 20_000;
const FAST: [&str; 2] = ["nearest", "insertion"];

/// What `--quick` leaves out.
const SLOW: &str = "pooling";

/// The share that an interval holds.
const CONFIDENCE: f64 = 0.95;

/// What one day under one setting comes to.
struct Outcome {
    /// Share of the requests.
    served: f64,
    wait_s: f64,
    /// Share of the direct driving time of all requests.
    direct: f64,
    /// That it took.
    seconds: f64,
}

/// One line of the table: outcomes by seed.
struct Line {
    name: &'static str,
    outcomes: Vec<Outcome>,
}

/// Measures and prints everything.
pub fn run(options: &Options) -> Findings {
    let mut findings = Findings::default();
    let mut settings = Setting::all();
    let mut seeds = &SEEDS[..];
    if options.quick {
        settings.retain(|setting| setting.name != SLOW);
        seeds = &SEEDS[..1];
        findings.not_run.push(format!("{SLOW}, and seeds but the first: not with --quick"));
    }
    for (case, peers) in [("S", &peers::S[..]), ("M", &peers::M[..])] {
        match manhattan(&options.data.join("manhattan"), case) {
            Ok(scenario) => {
                println!("## Manhattan {case}\n");
                let day = |seed| Scenario { seed, ..scenario.clone() };
                print(&lines(&settings, seeds, false, day, &mut findings), peers);
            }
            Err(why) => findings.not_run.push(format!("Manhattan {case}: {why}")),
        }
    }
    for (requests, vans) in DRAWN {
        println!("## Drawn towns: {requests} requests, {vans} vans\n");
        let day = |seed| days::drawn(&days::town(requests, vans, seed));
        print(&lines(&settings, seeds, true, day, &mut findings), &[]);
    }
    let (fast, slow): (Vec<Setting>, Vec<Setting>) =
        settings.into_iter().partition(|setting| FAST.contains(&setting.name));
    println!("## A drawn town: {LARGE} requests, {} vans\n", days::grown(LARGE).vehicles);
    print(&lines(&fast, &seeds[..1], true, |_| days::drawn(&days::grown(LARGE)), &mut findings), &[]);

    println!("## Namie\n");
    let settings: Vec<Setting> = fast.into_iter().chain(slow).collect();
    print(&lines(&settings, &SEEDS[..1], true, |_| days::namie(1), &mut findings), &[]);
    println!("## Namie, ten times its demand, vans and chargers\n");
    print(&lines(&settings, &SEEDS[..1], true, |_| days::namie(10), &mut findings), &[]);
    findings
}

/// A case of taxi trips.
pub fn manhattan(folder: &Path, case: &str) -> Result<Scenario, String> {
    let read = |name: String| {
        let file = folder.join(name);
        std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))
    };
    let (nodes, edges) = (read("nodes.csv".into())?, read("edges.csv".into())?);
    let (requests, vehicles) = (read(format!("req_{case}.csv"))?, read(format!("veh_{case}.csv"))?);
    days::of_tables([&nodes, &edges, &requests, &vehicles])
}

/// Every setting on the days of every seed; where the seed draws nothing but a policy's choices, the others have one day.
fn lines(
    settings: &[Setting],
    seeds: &[u64],
    days_differ: bool,
    day: impl Fn(u64) -> Scenario,
    findings: &mut Findings,
) -> Vec<Line> {
    let mut lines: Vec<Line> =
        settings.iter().map(|setting| Line { name: setting.name, outcomes: Vec::new() }).collect();
    let mut world: Option<World> = None;
    for (index, &seed) in seeds.iter().enumerate() {
        // The table of travel times of a town that stays is made once.
        let of_day = match &world {
            Some(world) if !days_differ => world.with(|scenario| scenario.seed = seed),
            _ => World::new(&day(seed)),
        };
        for (setting, line) in settings.iter().zip(&mut lines) {
            if index == 0 || days_differ || setting.draws() {
                eprintln!("seed {seed}, {} ...", setting.name);
                let world = Arc::new(of_day.with(|scenario| setting.choose(scenario)));
                line.outcomes.push(measure(&world, setting.name, seed, findings));
            }
        }
        world = Some(of_day);
    }
    lines
}

/// Lives through a day until three seconds have passed, five times at most; the time is the median.
fn measure(world: &Arc<World>, name: &str, seed: u64, findings: &mut Findings) -> Outcome {
    let live = || timed(|| Simulation::new(Arc::clone(world)).run());
    let (log, first_s) = live();
    let mut times = vec![first_s];
    while times.len() < 5 && times.iter().sum::<f64>() < 3.0 {
        let (again, again_s) = live();
        if again.hash() != log.hash() {
            findings.wrong.push(format!("{name}, seed {seed}: the same day was another"));
        }
        times.push(again_s);
    }
    times.sort_by(f64::total_cmp);
    let seconds = times[(times.len() - 1) / 2];
    let report = report::report(world, &log);
    // Who is nowhere near a road has no direct drive.
    let drivable = world.requests.iter().filter(|request| request.direct < Time::NEVER);
    let direct_s: f64 = drivable.map(|request| request.direct.s()).sum();
    Outcome {
        served: report.served_share.unwrap_or(0.0),
        wait_s: report.mean_wait_s.unwrap_or(0.0),
        direct: report.mean_direct_s.unwrap_or(0.0) * f64::from(report.served) / direct_s,
        seconds,
    }
}

fn print(lines: &[Line], peers: &[Peer]) {
    let ours = lines.iter().map(|Line { name, outcomes }| {
        let mean = |of: fn(&Outcome) -> f64, decimals| interval(&outcomes.iter().map(of).collect::<Vec<_>>(), decimals);
        [
            name.to_string(),
            mean(|day| 100.0 * day.served, 1),
            mean(|day| day.wait_s, 0),
            mean(|day| 100.0 * day.direct, 1),
            digits(outcomes.iter().map(|day| day.seconds).sum::<f64>() / outcomes.len() as f64),
        ]
    });
    let told = |value: Option<f64>, decimals: usize| value.map_or(String::new(), |value| format!("{value:.decimals$}"));
    let theirs = peers.iter().map(|peer| {
        let served = format!("{:.1}", peer.served);
        [peer.tool.to_string(), served, told(peer.wait_s, 0), told(peer.direct, 1), peer.seconds.to_string()]
    });
    let rows: Vec<[String; 5]> = ours.chain(theirs).collect();
    print_table(["policy", "served, %", "mean wait, s", "of direct driving time, %", "seconds"], &rows);
}

/// A mean, and by Student half the width of its 95 % interval where there are several values.
fn interval(values: &[f64], decimals: usize) -> String {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    if values.len() < 2 {
        return format!("{mean:.decimals$}");
    }
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    let half_width = math::student_t(CONFIDENCE, values.len() as u32 - 1) * (variance / n).sqrt();
    format!("{mean:.decimals$} ± {half_width:.*}", decimals.max(1))
}
