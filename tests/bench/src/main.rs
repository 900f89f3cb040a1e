//! Measures Noriai natively; README.md says how and what.

#[cfg(feature = "solvers")]
mod charging;
mod growth;
#[cfg(feature = "solvers")]
#[path = "../../native/optimum/lp.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod lp;
mod matching;
mod measure;
mod peers;
mod plot;
mod roads;
#[cfg(feature = "solvers")]
mod solvers;

use std::path::PathBuf;
use std::process::ExitCode;

use measure::Findings;

/// The name of something that can be measured, and what prints its figures.
type Subject = (&'static str, fn(&Options) -> Findings);

/// What can be measured. A further subject is a file with such a function, and a line here.
const SUBJECTS: &[Subject] = &[
    #[cfg(feature = "solvers")]
    ("charging", charging::run),
    ("matching", matching::run),
    ("growth", growth::run),
    ("roads", roads::run),
];

const USAGE: &str = "usage: noriai-bench [SUBJECT ...] [--quick] [--data DIR] [--plot FILE.svg]";

/// What the command line asks for.
pub struct Options {
    /// Small instances only.
    pub quick: bool,
    /// The shared data.
    pub data: PathBuf,
    /// Where the growth is drawn.
    pub plot: Option<PathBuf>,
}

fn main() -> ExitCode {
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let mut options = Options { quick: false, data: data.into(), plot: None };
    let mut subjects = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let subject = SUBJECTS.iter().find(|(name, _)| *name == argument);
        match (argument.as_str(), subject) {
            ("--quick", _) => options.quick = true,
            ("--data", _) if arguments.len() > 0 => options.data = arguments.next().unwrap_or_default().into(),
            ("--plot", _) if arguments.len() > 0 => options.plot = arguments.next().map(PathBuf::from),
            (growth::DAY, _) if arguments.len() == 2 => {
                let (requests, policy) = (arguments.next().unwrap_or_default(), arguments.next().unwrap_or_default());
                growth::one(requests.parse().expect("a number of requests"), &policy);
                return ExitCode::SUCCESS;
            }
            (_, Some(subject)) => subjects.push(subject),
            _ => {
                let names = SUBJECTS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
                eprintln!("{USAGE}\nsubjects: {names}; without one, all of them");
                return ExitCode::from(2);
            }
        }
    }
    if subjects.is_empty() {
        subjects.extend(SUBJECTS);
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
