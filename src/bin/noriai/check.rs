//! `noriai check`: whether a plan keeps every rule of its problem.

use std::path::PathBuf;

use clap::Args;
use noriai::planner::check::check;
use noriai::planner::plan::Plan;

use crate::plan::Source;
use crate::{Failure, print, read};

#[derive(Args)]
pub struct Check {
    #[command(flatten)]
    source: Source,
    /// A plan, as `noriai plan --json` prints it.
    #[arg(value_name = "PLAN.json")]
    plan: PathBuf,
}

impl Check {
    /// Says that the plan is valid, or names the first rule that it breaks.
    pub fn run(&self) -> Result<(), Failure> {
        let unreadable = |failure| match failure {
            Failure::BadInput(message) => Failure::Unreadable(message),
            other => other,
        };
        let instance = self.source.read().map_err(unreadable)?;
        let text = read(&self.plan).map_err(unreadable)?;
        let plan: Plan = serde_json::from_str(&text)
            .map_err(|error| Failure::Unreadable(format!("{}: {error}", self.plan.display())))?;
        match check(&instance, &plan) {
            Ok(()) => print(&format!("valid: cost {:.6}, {} unserved", plan.cost, plan.unserved.len())),
            Err(violation) => {
                Err(Failure::Violated(format!("{}: {}: {}", self.plan.display(), violation.path, violation.message)))
            }
        }
    }
}
