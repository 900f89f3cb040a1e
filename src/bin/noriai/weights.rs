//! `noriai weights`: where demand comes from, by points with a number of people or a floor area.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use noriai::demand::weights;
use noriai::scenario::{self, Scenario};

use crate::source::row_problem;
use crate::{Failure, read, read_bytes};

#[derive(Args)]
pub struct Weights {
    /// A scenario document.
    #[arg(value_name = "SCENARIO.json")]
    scenario: PathBuf,
    /// Points: CSV with lat, lng and, say, population or floor_area, or GeoJSON.
    #[arg(value_name = "FILE")]
    points: PathBuf,
    /// Where the scenario goes.
    #[arg(long, value_name = "FILE.json")]
    out: PathBuf,
}

impl Weights {
    /// Writes the scenario with the weights of the points, and says what became of these.
    pub fn run(&self) -> Result<(), Failure> {
        let mut scenario = scenario::read(&read(&self.scenario)?)?;
        weigh(&mut scenario, &self.points)?;
        write(&scenario, &self.out)
    }
}

/// Gives a scenario's stops the weights of a file, and says what became of it.
pub fn weigh(scenario: &mut Scenario, path: &Path) -> Result<(), Failure> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let read = weights::import(scenario, &read_bytes(path)?, &name);
    for problem in &read.problems {
        eprintln!("{}", row_problem(path, problem));
    }
    if read.sum <= 0.0 {
        return Err(Failure::BadInput(format!("{}: no weights", path.display())));
    }
    let (column, points, sum, stops) = (&read.column, read.points, read.sum, read.stops);
    eprintln!(
        "weights  {points} points, {sum} of \"{column}\" in all, to {stops} stops: a walk of {:.0} m in the mean, at most {:.0} m",
        read.mean_walk_m, read.longest_walk_m
    );
    if read.outside > 0 {
        eprintln!("outside  {} points, {} in all, farther than 1 km from any stop", read.outside, read.outside_sum);
    }
    Ok(())
}

/// Writes a scenario.
pub fn write(scenario: &Scenario, out: &Path) -> Result<(), Failure> {
    let json = serde_json::to_string(scenario).expect("a scenario is JSON");
    fs::write(out, json).map_err(|error| Failure::BadInput(format!("--out {}: {error}", out.display())))?;
    eprintln!("written to {}", out.display());
    Ok(())
}
