//! `noriai fleet`: how many vans a service needs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use clap::Args;
use noriai::report;
use noriai::scenario::MatchingPolicy;
use noriai::sim::Simulation;
use noriai::sizing::{FleetSearch, Goal, MOST_VANS, SizedDay, Sizing, Verdict};
use noriai::world::World;

use crate::source::{Source, check, matching_policy};
use crate::{Failure, print};

#[derive(Args)]
pub struct Fleet {
    #[command(flatten)]
    source: Source,
    /// Share of all riders' requests, the refused ones too, that are to be picked up in time.
    #[arg(long, default_value_t = 0.95)]
    share: f64,
    /// In time: within so many minutes of the earliest moment wanted.
    #[arg(long, value_name = "MINUTES", default_value_t = 15)]
    within: u32,
    /// Number of days that each fleet lives through, each with a seed of its own.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(2..=10_000))]
    seeds: u32,
    /// Seed of the first day, if not the scenario's; the next is one more.
    #[arg(long)]
    seed: Option<u64>,
    /// Matching policy, if not the scenario's: as in a scenario document, or one of its words alone.
    #[arg(long, value_name = "WORD|JSON")]
    policy: Option<String>,
    /// Factor on the demand, if not the scenario's.
    #[arg(long)]
    factor: Option<f64>,
    /// The largest fleet that is probed.
    #[arg(long, default_value_t = MOST_VANS)]
    most: u32,
    /// Print the answer and all probes as JSON.
    #[arg(long)]
    json: bool,
}

impl Fleet {
    /// Probes fleets until the smallest that is enough is known, or that none is, and prints that.
    pub fn run(&self) -> Result<(), Failure> {
        let (mut scenario, _) = self.source.scenario()?;
        scenario.seed = self.seed.unwrap_or(scenario.seed);
        scenario.demand.factor = self.factor.unwrap_or(scenario.demand.factor);
        if let Some(text) = &self.policy {
            let matching = &mut scenario.policies.matching;
            *matching = matching_policy("--policy", text, matching)?;
        }
        check(&scenario)?;
        if let MatchingPolicy::FixedRoute { .. } = scenario.policies.matching {
            let message =
                "policies.matching: under fixed_route the buses run and vans do not; give another by --policy";
            return Err(Failure::BadInput(message.into()));
        }
        if scenario.demand.generator.is_none() {
            let message = "the scenario has no demand.generator, so that every day has the same requests and nothing can be said \
                           of other days; give one";
            return Err(Failure::BadInput(message.into()));
        }
        let goal = Goal { share: self.share, within_min: self.within };
        let mut search = FleetSearch::new(goal, scenario.fleet.vehicles.len() as u32, self.most)?;
        let town = World::new(&scenario);
        while let Some(vans) = search.next() {
            search.add(vans, &self.live(&town, vans));
            let sizing = search.sizing();
            let probe = sizing.probes.iter().find(|probe| probe.vans == vans).expect("it was added");
            eprintln!("{vans} vans on {} days: {} of {} in time", probe.days, probe.in_time, probe.requests);
        }
        let sizing = search.sizing();
        if self.json {
            let mut json = serde_json::to_value(&sizing).expect("a sizing is JSON");
            json["town"] = scenario.name.en.clone().into();
            json["first_seed"] = scenario.seed.into();
            return print(&serde_json::to_string_pretty(&json).expect("a sizing is JSON"));
        }
        print(&table(&scenario.name.en, &sizing))
    }

    /// The days with so many vans, on all cores, in the order of their seeds.
    fn live(&self, town: &World, vans: u32) -> Vec<SizedDay> {
        let first = town.scenario.seed;
        let next = AtomicU32::new(0);
        let work = || {
            let mut days = Vec::new();
            loop {
                let day = next.fetch_add(1, Ordering::Relaxed);
                if day >= self.seeds {
                    return days;
                }
                let world = Arc::new(town.with(|scenario| {
                    scenario.seed = first + u64::from(day);
                    scenario.fleet.resize(vans as usize);
                }));
                let log = Simulation::new(Arc::clone(&world)).run();
                days.push((day, SizedDay::from(&report::report(&world, &log))));
            }
        };
        let threads = thread::available_parallelism().map_or(1, |cores| cores.get());
        let mut days: Vec<(u32, SizedDay)> = thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            workers.into_iter().flat_map(|worker| worker.join().expect("a day can be lived through")).collect()
        });
        days.sort_by_key(|(day, _)| *day);
        days.into_iter().map(|(_, day)| day).collect()
    }
}

/// The answer in a sentence, and what was probed.
fn table(town: &str, sizing: &Sizing) -> String {
    let percent = |share: Option<f64>| share.map_or("-".to_owned(), |share| format!("{:.1} %", 100.0 * share));
    let Goal { share, within_min } = sizing.goal;
    let goal = format!("{:.4} % of riders within {within_min} minutes", 100.0 * share).replace(".0000 %", " %");
    let most = sizing.probes.last();
    let answer = match (sizing.verdict, sizing.vans) {
        (Verdict::Reached, Some(vans)) => format!("{vans} vans: {goal}, with 95 % confidence."),
        (Verdict::OutOfReach, _) => {
            format!(
                "No number of vans brings {goal}: more requests than that allows are refused whatever vans there are."
            )
        }
        (Verdict::VansToSpare, _) => format!(
            "No number of vans brings {goal}: with {} vans, {} carry nobody all day.",
            most.map_or(0, |probe| probe.vans),
            most.map_or(0, |probe| probe.to_spare)
        ),
        _ => format!("Up to {} vans do not bring {goal}.", most.map_or(0, |probe| probe.vans)),
    };
    let mut lines = vec![format!("{town}. {answer}"), String::new()];
    lines.push(format!(
        "{:>8}{:>8}{:>12}{:>12}{:>12}{:>12}",
        "vans", "days", "requests", "in time", "share", "at least"
    ));
    for probe in &sizing.probes {
        lines.push(format!(
            "{:>8}{:>8}{:>12}{:>12}{:>12}{:>12}{}",
            probe.vans,
            probe.days,
            probe.requests,
            probe.in_time,
            percent(probe.share),
            percent(probe.at_least),
            if probe.reached { "   enough" } else { "" }
        ));
    }
    if let Some(probe) = most.filter(|_| sizing.vans.is_none()) {
        lines.push(format!("\nWith {} vans, on {} days", probe.vans, probe.days));
        lines.push(format!("{:<24}{:>8}", "picked up later", probe.late));
        for by in &probe.refused_by {
            let limit = serde_json::to_value(by.limit).expect("a word");
            lines.push(format!("{:<24}{:>8}", format!("refused: {}", limit.as_str().unwrap_or_default()), by.count));
        }
    }
    lines.push("\nAt least: one-sided, 95 %, Student's t on days.".to_owned());
    lines.join("\n")
}
