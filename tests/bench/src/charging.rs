//! The charging optimum: stored instances beside general solvers, and drawn depots of growing size.

use std::path::Path;

use noriai::optimum::instance::Instance;
use noriai::optimum::{self, Outcome, Problem, Solution};
use noriai_bench::depot;

use crate::Options;
use crate::lp::Lp;
use crate::measure::{Findings, Timed, digits, median, print_table, timed};
use crate::solvers::{self, Found, LIMIT_S, Setting, clarabel, highs};

/// Vehicles that `--quick` has at most, of stored and of drawn problems.
const QUICK: (usize, usize) = (200, 1_000);

/// Relative difference of two solvers' costs above which one of them is wrong.
const SAME: f64 = 1e-6;

/// Vehicles and half hours of the drawn depots.
const DRAWN: [(usize, usize); 9] =
    [(5, 48), (50, 96), (100, 96), (200, 96), (500, 96), (1_000, 96), (2_000, 96), (5_000, 96), (10_000, 96)];

/// Measures and prints everything.
pub fn run(options: &Options) -> Findings {
    let mut findings = Findings::default();
    stored(options, &mut findings);
    drawn(options, &mut findings);
    findings
}

fn noriai(problem: &Problem) -> Result<Timed<Box<Solution>>, String> {
    median(|| match timed(|| optimum::solve(problem)) {
        (Outcome::Optimal(solution), seconds) => Ok((solution, seconds)),
        (Outcome::Infeasible(_), _) => Err("infeasible".to_string()),
    })
}

/// A stored instance.
struct Stored {
    name: String,
    problem: Problem,
}

fn stored(options: &Options, findings: &mut Findings) {
    let instances = match read(&options.data.join("charging")) {
        Ok(instances) if !instances.is_empty() => instances,
        Ok(_) => return findings.not_run.push("stored instances: no file is called ev*_t*.json".to_string()),
        Err(why) => return findings.not_run.push(format!("stored instances: {why}")),
    };
    if !solvers::hipo_is_present() {
        findings.not_run.push("HiPO: its library is absent".to_string());
    }
    let (wanted, others): (Vec<Stored>, Vec<Stored>) =
        instances.into_iter().partition(|instance| !options.quick || instance.problem.stores.len() <= QUICK.0);
    findings.not_run.extend(others.iter().map(|instance| format!("{}: not with --quick", instance.name)));
    println!("## Stored instances\n\nOne thread each; Noriai, {}.\n", solvers::versions());
    let mut rows = Vec::new();
    let mut settings = Vec::new();
    for instance in &wanted {
        eprintln!("{} ...", instance.name);
        let compared = compare(&instance.problem);
        rows.extend(compared.lines(&instance.name, &compared.best));
        settings = compared.lines(&instance.name, &compared.settings);
        findings.wrong.extend(compared.wrong(&instance.name));
    }
    let head = ["instance", "solver", "least cost, yen", "difference", "seconds", "times Noriai's"];
    print_table(head, &rows);
    println!("Every setting of HiGHS for the last of them, by one run that is to end after {LIMIT_S} s:\n");
    print_table(head, &settings);
}

/// The instances of a folder, small ones first.
fn read(folder: &Path) -> Result<Vec<Stored>, String> {
    let absent = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut instances = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(absent)? {
        let file = entry.map_err(absent)?.path();
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if file.extension().is_some_and(|ending| ending == "json") && name.starts_with("ev") && name.contains("_t") {
            let json = std::fs::read_to_string(&file).map_err(absent)?;
            let problem = Instance::read(&json).map_err(|error| format!("{name}: {error}"))?.problem();
            instances.push(Stored { name, problem });
        }
    }
    instances.sort_by_key(|Stored { name, problem }| (problem.stores.len() * problem.slots.len(), name.clone()));
    Ok(instances)
}

/// A solver, and what it found.
type Row = (String, Found);

/// What the solvers found for one problem.
struct Compared {
    /// Noriai, the fastest settings of HiGHS' simplex and interior point, and Clarabel: the median of some runs.
    best: Vec<Row>,
    /// Every setting of HiGHS, by one run.
    settings: Vec<Row>,
}

fn compare(problem: &Problem) -> Compared {
    let lp = Lp::cost(problem);
    // Noriai's cost leaves out what is billed anyway.
    let floor_yen = problem.peak_yen_per_kw * problem.peak_floor_kw;
    let less_floor = |found: Found| found.map(|(yen, seconds)| (yen - floor_yen, seconds));
    let ours = noriai(problem).map(|(solution, seconds)| (solution.certificate.cost_yen, seconds));
    let mut compared = Compared { best: vec![("Noriai".to_string(), ours)], settings: Vec::new() };
    for settings in [Setting::simplex(), Setting::interior_point()] {
        let mut fastest = (settings[0], f64::INFINITY);
        for setting in settings {
            let found = less_floor(highs(&lp, setting));
            if let Ok((_, seconds)) = found
                && seconds < fastest.1
            {
                fastest = (setting, seconds);
            }
            compared.settings.push((setting.to_string(), found));
        }
        let found = less_floor(median(|| highs(&lp, fastest.0)));
        compared.best.push((fastest.0.to_string(), found));
    }
    compared.best.push(("Clarabel".to_string(), less_floor(median(|| clarabel(&lp)))));
    compared
}

impl Compared {
    /// The lines of some of the solvers in the table.
    fn lines(&self, instance: &str, rows: &[Row]) -> Vec<[String; 6]> {
        let ours = self.best[0].1.as_ref();
        let line = |(solver, found): &Row| {
            let (cost, difference, time, times) = match (found, ours) {
                (Ok((yen, seconds)), Ok((our_yen, our_seconds))) => (
                    format!("{yen:.3}"),
                    format!("{:.0e}", difference(*yen, *our_yen)),
                    digits(*seconds),
                    digits(seconds / our_seconds),
                ),
                (Ok((yen, seconds)), Err(_)) => (format!("{yen:.3}"), String::new(), digits(*seconds), String::new()),
                (Err(why), _) => (format!("none: {why}"), String::new(), String::new(), String::new()),
            };
            [instance.to_string(), solver.clone(), cost, difference, time, times]
        };
        rows.iter().map(line).collect()
    }

    /// Who does not find what Noriai finds.
    fn wrong(&self, instance: &str) -> Vec<String> {
        let ours = match &self.best[0].1 {
            Ok((yen, _)) => *yen,
            Err(why) => return vec![format!("{instance}: Noriai: {why}")],
        };
        let another = |found: &Found| found.as_ref().is_ok_and(|(yen, _)| difference(*yen, ours).abs() > SAME);
        let rows = self.best.iter().chain(&self.settings).filter(|(_, found)| another(found));
        rows.map(|(solver, _)| format!("{instance}: {solver} and Noriai find different costs")).collect()
    }
}

/// How much of our cost theirs is above it.
fn difference(theirs: f64, ours: f64) -> f64 {
    (theirs - ours) / ours.abs().max(1.0)
}

fn drawn(options: &Options, findings: &mut Findings) {
    println!("## Drawn depots\n");
    let mut rows = Vec::new();
    let mut growth = Vec::new();
    for (vehicles, slots) in DRAWN {
        let name = format!("{vehicles} vehicles x {slots}");
        if options.quick && vehicles > QUICK.1 {
            findings.not_run.push(format!("{name}: not with --quick"));
            continue;
        }
        eprintln!("{name} ...");
        let (solution, seconds) = match noriai(&depot::draw(vehicles, slots)) {
            Ok(found) => found,
            Err(why) => {
                findings.wrong.push(format!("{name}: {why}"));
                continue;
            }
        };
        if slots == 96 {
            growth.push((vehicles as f64, seconds, seconds / f64::from(solution.iterations)));
        }
        rows.push([
            vehicles.to_string(),
            slots.to_string(),
            digits(1e3 * seconds),
            solution.iterations.to_string(),
            digits(1e6 * seconds / vehicles as f64),
            digits(1e6 * seconds / vehicles as f64 / f64::from(solution.iterations)),
            format!("{:.0e}", solution.certificate.gap_rel),
        ]);
    }
    print_table(["vehicles", "half hours", "ms", "iterations", "µs for each vehicle", "and iteration", "gap"], &rows);
    let time = exponent(growth.iter().map(|&(vehicles, seconds, _)| (vehicles, seconds)));
    let iteration = exponent(growth.iter().map(|&(vehicles, _, seconds)| (vehicles, seconds)));
    println!(
        "With 96 half hours, time grows with the number of vehicles to the power of {time:.2}, that of an iteration to the \
         power of {iteration:.2}.\n"
    );
}

/// The slope of the least-squares line through the logarithms of points.
fn exponent(points: impl Iterator<Item = (f64, f64)>) -> f64 {
    let logs: Vec<(f64, f64)> = points.map(|(x, y)| (x.ln(), y.ln())).collect();
    let count = logs.len() as f64;
    let (mean_x, mean_y) = logs.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / count, b + y / count));
    let squares = logs.iter().map(|(x, y)| ((x - mean_x) * (y - mean_y), (x - mean_x) * (x - mean_x)));
    let (xy, xx) = squares.fold((0.0, 0.0), |(a, b), (xy, xx)| (a + xy, b + xx));
    xy / xx
}
