//! `noriai plan`: the best plan for bookings that are known the day before.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use clap::{Args, ValueEnum};
use noriai::planner::day::Day;
use noriai::planner::instance::Instance;
use noriai::planner::plan::Plan as Planned;
use noriai::planner::{Planner, Prepared, benchmark};
use noriai::world::World;

use crate::{Failure, print, read, source};

/// What a file of bookings is.
#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub enum Format {
    /// Dial-a-ride, as Cordeau 2006.
    Darp,
    /// Electric autonomous dial-a-ride, as Bongiovanni and others 2019.
    Eadarp,
    /// A scenario: who is known before the day begins is a booking.
    Noriai,
}

/// A file of bookings and how to read it.
#[derive(Args)]
pub struct Source {
    /// Bookings, vans and stations; of `noriai` a scenario, or a folder of plain tables.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What the file is.
    #[arg(long, value_enum)]
    format: Format,
    /// Least final charge, as a share of the battery; of `eadarp`.
    #[arg(long, default_value_t = 0.1)]
    gamma: f64,
    /// Plan every request, whenever it is called in; of `noriai`.
    #[arg(long)]
    all: bool,
    /// Multiplies all driving times.
    #[arg(long, default_value_t = 1.0)]
    travel_factor: f64,
}

impl Source {
    pub fn read(&self) -> Result<Instance, Failure> {
        let share = |name: &str, value: f64, range: std::ops::RangeInclusive<f64>| {
            if range.contains(&value) {
                return Ok(());
            }
            let message = format!("--{name}: {value} is not from {} to {}", range.start(), range.end());
            Err(Failure::BadInput(message))
        };
        share("gamma", self.gamma, 0.0..=1.0)?;
        share("travel-factor", self.travel_factor, 0.01..=100.0)?;
        if self.format == Format::Noriai {
            let scenario = source::of_file(&self.file)?;
            return Ok(Day::new(&World::new(&scenario), self.all).instance);
        }
        let text = read(&self.file)?;
        let instance = match self.format {
            Format::Noriai => unreachable!("read above"),
            Format::Darp => benchmark::darp(&text, self.travel_factor),
            Format::Eadarp => benchmark::eadarp(&text, self.gamma, self.travel_factor),
        };
        instance.map_err(|problems| match Failure::from(problems) {
            Failure::BadInput(message) => Failure::BadInput(format!("{}: {message}", self.file.display())),
            other => other,
        })
    }
}

#[derive(Args)]
pub struct Plan {
    #[command(flatten)]
    source: Source,
    /// How long to look for better plans. The same number of iterations gives the same plan.
    #[arg(long, default_value_t = 10.0, conflicts_with = "iterations")]
    seconds: f64,
    /// How many iterations to look for better plans instead.
    #[arg(long)]
    iterations: Option<u64>,
    /// Seed of the search.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print the plan as JSON.
    #[arg(long)]
    json: bool,
}

/// Iterations between two looks at the clock.
const STEP: u64 = 100;

impl Plan {
    /// Prints the best plan that was found.
    pub fn run(&self) -> Result<(), Failure> {
        static INTERRUPTED: AtomicBool = AtomicBool::new(false);
        let _ = ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed));
        let begin = Instant::now();
        let instance = self.source.read()?;
        let prepared = Prepared::new(&instance);
        let mut planner = Planner::new(&prepared, self.seed);
        loop {
            let left = match self.iterations {
                Some(most) => most - planner.iterations(),
                None if begin.elapsed().as_secs_f64() < self.seconds => STEP,
                None => 0,
            };
            if left == 0 || INTERRUPTED.load(Ordering::Relaxed) {
                break;
            }
            planner.advance(left.min(STEP));
        }
        let plan = planner.plan();
        for fault in &plan.faults {
            eprintln!("noriai: {}: {}", fault.path, fault.message.en);
        }
        if self.json {
            print(&serde_json::to_string(&plan).expect("a plan is JSON"))
        } else {
            print(&text(&plan, begin.elapsed().as_secs_f64()))
        }
    }
}

fn text(plan: &Planned, seconds: f64) -> String {
    let mut lines = vec![
        format!("cost        {:.3}", plan.cost),
        format!("feasible    {}", plan.feasible),
        format!("driving     {:.1} min", plan.travel_minutes),
        format!("excess      {:.1} min of riding beyond the direct drives", plan.excess_minutes),
        format!("unserved    {}", plan.unserved.len()),
        format!("iterations  {} in {seconds:.1} s", plan.iterations),
    ];
    for refusal in &plan.refusals {
        lines.push(format!("booking {}: {}", refusal.booking, refusal.reason.en));
    }
    for route in &plan.routes {
        let stops: Vec<String> =
            route.visits.iter().map(|visit| format!("{}@{:.1}", visit.node, visit.start)).collect();
        lines.push(format!("vehicle {}: {}", route.vehicle, stops.join(" ")));
    }
    lines.join("\n")
}
