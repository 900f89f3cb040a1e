//! `noriai charge`: the charging optimum of an instance in a file.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use noriai::optimum::instance::Instance;

use crate::{Failure, print, read};

#[derive(Args)]
pub struct Charge {
    /// An instance, as `ev-fleet-lp/1`.
    #[arg(value_name = "FILE.json")]
    file: PathBuf,
    /// Print the multipliers that prove the bound, too.
    #[arg(long)]
    multipliers: bool,
}

impl Charge {
    /// Prints the cheapest schedule, or what is missing for there to be one.
    pub fn run(&self) -> Result<(), Failure> {
        let instance = Instance::read(&read(&self.file)?)
            .map_err(|error| Failure::BadInput(format!("{}: {error}", self.file.display())))?;
        let begin = Instant::now();
        let mut answer = instance.solve(self.multipliers);
        answer.solve_ms = begin.elapsed().as_secs_f64() * 1e3;
        print(&serde_json::to_string(&answer).expect("an answer is JSON"))?;
        match answer.shortfalls {
            None => Ok(()),
            Some(_) => {
                let message = "not everything that is asked for can be had; see shortfalls and site_shortfalls";
                Err(Failure::Infeasible(format!("{}: {message}", self.file.display())))
            }
        }
    }
}
