//! `noriai compare`: policies on the same days.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use clap::Args;
use noriai::compare::{Comparison, Difference, Entrant, Estimate, Findings};
use noriai::report::{self, Report};
use noriai::scenario::{Policies, Scenario};
use noriai::sim::Simulation;
use noriai::world::World;

use crate::source::{Source, check, matching_policy, rebalancing_policy};
use crate::{Failure, print};

#[derive(Args)]
pub struct Compare {
    #[command(flatten)]
    source: Source,
    /// Policies, between commas: each for matching or, with a +, for matching and rebalancing, the scenario's own if absent;
    /// words, or JSON as in a scenario document.
    #[arg(long, value_name = "MATCHING[+REBALANCING],…")]
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
        let own = scenarios[0].1.policies.clone();
        let names = split(&self.policies, ',');
        let entrants = names.iter().map(|name| entrant(name, &own)).collect::<Result<Vec<Entrant>, Failure>>()?;
        for (_, scenario) in &mut scenarios {
            for entrant in &entrants {
                entrant.enter(scenario);
                check(scenario)?;
            }
        }
        let town = scenarios[0].1.name.en.clone();
        let days = self.days(scenarios)?;

        let all: Vec<String> = (0..days.count()).map(|day| days.name(day)).collect();
        let planned = all.len() * entrants.len();
        let findings = live(days, entrants, &names).findings();
        let partial = (findings.runs as usize) < planned;
        let so_far = format!("{} of {planned} runs", findings.runs);
        if self.json {
            let mut json = serde_json::to_value(&findings).expect("findings are JSON");
            json["town"] = town.into();
            json["days"] = all.into();
            json["partial"] = partial.into();
            print(&serde_json::to_string_pretty(&json).expect("findings are JSON"))?;
        } else {
            let mut title = format!("{town}, {} days: {} to {}", all.len(), all[0], all[all.len() - 1]);
            if partial {
                title += &format!("\nPARTIAL: {so_far}. Means may be of different days, and what differs may be luck.");
            }
            print(&table(&title, &findings))?;
        }
        if partial { Err(Failure::Interrupted(format!("interrupted after {so_far}"))) } else { Ok(()) }
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

/// What stands between signs; those inside of JSON do not count.
fn split(text: &str, separator: char) -> Vec<String> {
    let mut depth = 0;
    let outside = |sign: char| {
        depth += i32::from("{[".contains(sign)) - i32::from("}]".contains(sign));
        depth == 0 && sign == separator
    };
    text.split(outside).map(|policy| policy.trim().to_string()).collect()
}

/// The policies of an entry; `own` are the scenario's.
fn entrant(name: &str, own: &Policies) -> Result<Entrant, Failure> {
    let (matching, rebalancing) = match &split(name, '+')[..] {
        [matching] => (matching.clone(), None),
        [matching, rebalancing] => (matching.clone(), Some(rebalancing.clone())),
        _ => {
            let message = format!("--policies {name}: more than one +; give MATCHING or MATCHING+REBALANCING");
            return Err(Failure::BadInput(message));
        }
    };
    let rebalancing = rebalancing.map(|word| rebalancing_policy("--policies", &word, &own.rebalancing)).transpose()?;
    Ok(Entrant {
        matching: matching_policy("--policies", &matching, &own.matching)?,
        rebalancing: rebalancing.unwrap_or_else(|| own.rebalancing.clone()),
        charging: None,
        vans: None,
        factor: None,
    })
}

/// What the threads that live through days, and the one that listens for Ctrl-C, tell.
enum News {
    /// A run is finished: of a day, under an entrant.
    Run(usize, usize, Box<Report>),
    /// Nobody wants to wait for the rest.
    Interrupted,
    /// All threads have ended.
    Over,
}

/// Lives through every day under every entrant's policies, on all cores but one, and says so on the way. After Ctrl-C it gives
/// what is finished; days that are not end with the process.
fn live(days: Days, entrants: Vec<Entrant>, names: &[String]) -> Comparison {
    let mut comparison = Comparison::new(names.to_vec());
    let (days, entrants) = (Arc::new(days), Arc::new(entrants));
    let threads = thread::available_parallelism().map_or(1, |cores| cores.get() - 1).max(1);
    let next = Arc::new(AtomicUsize::new(0));
    let (sender, news) = mpsc::channel();
    let interrupted = sender.clone();
    // Somebody listens until all is told, or no longer cares.
    ctrlc::set_handler(move || drop(interrupted.send(News::Interrupted))).expect("nobody else handles Ctrl-C");
    let worker = |_| {
        let (sender, next, days, entrants) = (sender.clone(), next.clone(), days.clone(), entrants.clone());
        thread::spawn(move || {
            loop {
                let day = next.fetch_add(1, Ordering::Relaxed);
                if day >= days.count() {
                    break;
                }
                let world = days.world(day);
                for (index, entrant) in entrants.iter().enumerate() {
                    let world = Arc::new(world.with(|scenario| entrant.enter(scenario)));
                    let log = Simulation::new(Arc::clone(&world)).run();
                    drop(sender.send(News::Run(day, index, Box::new(report::report(&world, &log)))));
                }
            }
        })
    };
    let workers: Vec<_> = (0..threads.min(days.count())).map(worker).collect();
    thread::spawn(move || {
        workers.into_iter().for_each(|worker| drop(worker.join()));
        drop(sender.send(News::Over));
    });
    let runs = days.count() * entrants.len();
    for (run, news) in (1..=runs).zip(news) {
        let (day, index, report) = match news {
            News::Run(day, index, report) => (day, index, report),
            News::Interrupted => break,
            News::Over => panic!("a run has failed, as said above"),
        };
        let (day_name, name) = (days.name(day), &names[index]);
        eprintln!("{run} of {runs}: {day_name}, {name}: {} of {} served", report.served, report.requests);
        comparison.add(index, day as u64, &report);
    }
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
