//! `noriai compare`: matching policies on the same days.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use clap::Args;
use noriai::compare::{Comparison, Difference, Estimate, Findings};
use noriai::report;
use noriai::scenario::{MatchingPolicy, Scenario};
use noriai::sim::Simulation;
use noriai::world::World;

use crate::source::{Source, check, matching_policy};
use crate::{Failure, print};

#[derive(Args)]
pub struct Compare {
    #[command(flatten)]
    source: Source,
    /// Matching policies, between commas: words, or JSON as in a scenario document.
    #[arg(long, value_name = "WORD|JSON,…")]
    policies: String,
    /// Number of days, each with a seed of its own. Of plain tables, each --case DIR is a day instead.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(2..=100_000), conflicts_with = "case")]
    seeds: u32,
    /// Seed of the first day, if not the scenario's; the next is one more.
    #[arg(long, conflicts_with = "case")]
    seed: Option<u64>,
    /// Print the findings as JSON.
    #[arg(long)]
    json: bool,
}

/// The days to live through.
enum Days {
    /// A town with other seeds, from the first on.
    Seeds { world: Box<World>, first: u64, count: u32 },
    /// A scenario each, by the name of its folder.
    Cases(Vec<(String, Scenario)>),
}

impl Compare {
    /// Lives through every day under every policy, and prints what that says.
    pub fn run(&self) -> Result<(), Failure> {
        let mut scenarios = self.scenarios()?;
        let own = scenarios[0].1.policies.matching.clone();
        let names = split(&self.policies);
        let policies = names.iter().map(|name| matching_policy("--policies", name, &own));
        let policies = policies.collect::<Result<Vec<MatchingPolicy>, Failure>>()?;
        for (_, scenario) in &mut scenarios {
            for policy in &policies {
                scenario.policies.matching = policy.clone();
                check(scenario)?;
            }
        }
        let town = scenarios[0].1.name.en.clone();
        let days = self.days(scenarios)?;

        let findings = live(&days, &policies, &names).findings();
        let all: Vec<String> = (0..days.count()).map(|day| days.name(day)).collect();
        if self.json {
            let mut json = serde_json::to_value(&findings).expect("findings are JSON");
            json["town"] = town.into();
            json["days"] = all.into();
            print(&serde_json::to_string_pretty(&json).expect("findings are JSON"))
        } else {
            let title = format!("{town}, {} days: {} to {}", all.len(), all[0], all[all.len() - 1]);
            print(&table(&title, &findings))
        }
    }

    /// The scenario, or those of the folders with their names.
    fn scenarios(&self) -> Result<Vec<(String, Scenario)>, Failure> {
        if self.source.cases.is_empty() {
            let (mut scenario, _) = self.source.scenario()?;
            scenario.seed = self.seed.unwrap_or(scenario.seed);
            return Ok(vec![(String::new(), scenario)]);
        }
        let case =
            |folder: &PathBuf| self.source.case(folder).map(|(scenario, _)| (folder.display().to_string(), scenario));
        self.source.cases.iter().map(case).collect()
    }

    fn days(&self, scenarios: Vec<(String, Scenario)>) -> Result<Days, Failure> {
        let scenario = &scenarios[0].1;
        if scenarios.len() > 1 {
            Ok(Days::Cases(scenarios))
        } else if scenario.demand.generator.is_some() {
            Ok(Days::Seeds { world: Box::new(World::new(scenario)), first: scenario.seed, count: self.seeds })
        } else {
            let message = "the scenario has no demand.generator, so that every day has the same requests and nothing tells a \
                           difference from luck; give one, or several days as plain tables: --case DIR DIR …";
            Err(Failure::BadInput(message.into()))
        }
    }
}

impl Days {
    fn count(&self) -> usize {
        match self {
            Days::Seeds { count, .. } => *count as usize,
            Days::Cases(cases) => cases.len(),
        }
    }

    fn name(&self, day: usize) -> String {
        match self {
            Days::Seeds { first, .. } => format!("seed {}", first + day as u64),
            Days::Cases(cases) => cases[day].0.clone(),
        }
    }

    fn world(&self, day: usize) -> World {
        match self {
            Days::Seeds { world, first, .. } => world.with(|scenario| scenario.seed = first + day as u64),
            Days::Cases(cases) => World::new(&cases[day].1),
        }
    }
}

/// The policies between commas; those inside of JSON do not count.
fn split(text: &str) -> Vec<String> {
    let mut depth = 0;
    let outside = |sign: char| {
        depth += i32::from("{[".contains(sign)) - i32::from("}]".contains(sign));
        depth == 0 && sign == ','
    };
    text.split(outside).map(|policy| policy.trim().to_string()).collect()
}

/// Lives through every day under every policy, on all cores but one, and says so on the way.
fn live(days: &Days, policies: &[MatchingPolicy], names: &[String]) -> Comparison {
    let mut comparison = Comparison::new(names.to_vec());
    let threads = thread::available_parallelism().map_or(1, |cores| cores.get() - 1).max(1);
    let next = AtomicUsize::new(0);
    let (sender, finished) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads.min(days.count()) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let day = next.fetch_add(1, Ordering::Relaxed);
                    if day >= days.count() {
                        break;
                    }
                    let world = days.world(day);
                    for (index, policy) in policies.iter().enumerate() {
                        let world = Arc::new(world.with(|scenario| scenario.policies.matching = policy.clone()));
                        let log = Simulation::new(Arc::clone(&world)).run();
                        // Somebody listens until all have gone.
                        let _ = sender.send((day, index, report::report(&world, &log)));
                    }
                }
            });
        }
        drop(sender);
        let runs = days.count() * policies.len();
        for (run, (day, index, report)) in (1..).zip(&finished) {
            let (day_name, name) = (days.name(day), &names[index]);
            eprintln!("{run} of {runs}: {day_name}, {name}: {} of {} served", report.served, report.requests);
            comparison.add(index, day as u64, &report);
        }
    });
    comparison
}

/// The findings for reading: means by policy, then each pair that differs at all.
fn table(title: &str, findings: &Findings) -> String {
    let mut lines = vec![title.to_string(), String::new()];
    for (number, policy) in (1..).zip(&findings.policies) {
        lines.push(format!("{number}  {policy}"));
    }
    let heads: String = (1..=findings.policies.len()).map(|number| format!("{number:>24}")).collect();
    lines.push(format!("\n{:<24}{heads}", "Mean, 95 % interval"));
    let all = report::figures();
    for (figure, found) in all.iter().zip(&findings.figures) {
        let means: String =
            found.means.iter().map(|mean| format!("{:>24}", interval(mean, &figure.unit, false))).collect();
        lines.push(format!("{:<24}{means}", figure.name.en));
    }
    for pair in 0..findings.figures.first().map_or(0, |found| found.differences.len()) {
        let Difference { policy, against, .. } = findings.figures[0].differences[pair];
        let head = format!("{} less {}", policy + 1, against + 1);
        lines.push(format!("\n{head:<24}{:>24}{:>12}", "by day", "p, adjusted"));
        let title_only = lines.len();
        for (figure, found) in all.iter().zip(&findings.figures) {
            let Difference { difference, p_adjusted: Some(p), significant, .. } = &found.differences[pair] else {
                continue;
            };
            if difference.mean == Some(0.0) && difference.half_width == Some(0.0) {
                continue;
            }
            let p = if *p < 1e-4 { "< 0.0001".to_string() } else { format!("{p:.4}") };
            let verdict = if *significant { "" } else { "   may be luck" };
            lines.push(format!(
                "{:<24}{:>24}{p:>12}{verdict}",
                figure.name.en,
                interval(difference, &figure.unit, true)
            ));
        }
        if lines.len() == title_only {
            lines.push("the same on every day".to_string());
        }
    }
    lines.push(
        "\nStudent's t, paired by day; p adjusted by Holm for all differences. Not listed: what never differs."
            .to_string(),
    );
    lines.join("\n")
}

/// A mean and half the width of its interval; with a sign, if it is a difference.
fn interval(estimate: &Estimate, unit: &str, signed: bool) -> String {
    let Some(mean) = estimate.mean else { return "-".to_string() };
    let (scale, digits, unit) = match unit {
        "share" => (100.0, 1, " %".to_string()),
        "" => (1.0, 2, String::new()),
        unit => (1.0, 1, format!(" {unit}")),
    };
    let sign = if signed && mean > 0.0 { "+" } else { "" };
    let half_width = estimate.half_width.map(|half_width| format!(" ± {:.digits$}", scale * half_width));
    format!("{sign}{:.digits$}{}{unit}", scale * mean, half_width.unwrap_or_default())
}
