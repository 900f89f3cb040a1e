//! Measures Noriai natively; README.md says how and what.

mod charging;
#[path = "../../native/optimum/lp.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod lp;
mod measure;
mod solvers;

use std::path::PathBuf;
use std::process::ExitCode;

use measure::Findings;

/// The name of something that can be measured, and what prints its figures.
type Subject = (&'static str, fn(&Options) -> Findings);

/// What can be measured. A further subject is a file with such a function, and a line here.
const SUBJECTS: [Subject; 1] = [("charging", charging::run)];

const USAGE: &str = "usage: noriai-bench [SUBJECT ...] [--quick] [--data DIR]";

/// What the command line asks for.
pub struct Options {
    /// Small instances only.
    pub quick: bool,
    /// The shared data.
    pub data: PathBuf,
}

fn main() -> ExitCode {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let mut options = Options { quick: false, data: data.into() };
    let mut subjects = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let subject = SUBJECTS.iter().find(|(name, _)| *name == argument);
        match (argument.as_str(), subject) {
            ("--quick", _) => options.quick = true,
            ("--data", _) if arguments.len() > 0 => options.data = arguments.next().unwrap_or_default().into(),
            (_, Some(subject)) => subjects.push(subject),
            _ => {
                let names = SUBJECTS.map(|(name, _)| name).join(", ");
                eprintln!("{USAGE}\nsubjects: {names}; without one, all of them");
                return ExitCode::from(2);
            }
        }
    }
    if subjects.is_empty() {
        subjects.extend(&SUBJECTS);
    }
    let mut all = Findings::default();
    for (name, run) in subjects {
        println!("# {name}\n");
        all.extend(run(&options));
    }
    all.not_run.iter().for_each(|what| println!("not run: {what}"));
    all.wrong.iter().for_each(|what| println!("wrong: {what}"));
    println!("{} not run, {} wrong", all.not_run.len(), all.wrong.len());
    if all.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
