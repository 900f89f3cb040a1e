//! The command line: the same core, for batches, benchmarks and clusters.

mod business;
mod charge;
mod check;
mod compare;
mod fleet;
mod generate;
mod gtfs;
mod plan;
mod run;
mod source;
mod town;
mod weights;

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use noriai::scenario::{Problem, Scenario};

/// Shared electric mobility: simulate a day, and read what it means.
#[derive(Parser)]
#[command(
    version,
    about,
    after_help = "Exit codes: 0 done, 1 a plan that breaks a rule, 2 wrong usage, 3 infeasible, 4 bad input, 130 interrupted."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Live through one day and print its figures.
    Run(Box<run::Run>),
    /// Live through the same days under several matching policies, and tell differences from luck.
    Compare(compare::Compare),
    /// Find how many vans a service needs, so that most riders are picked up in time.
    Fleet(fleet::Fleet),
    /// Make a year's account of typical days: what the service brings and costs, and what matters most.
    Business(business::Business),
    /// Find the cheapest way to charge a fleet, and prove it.
    Charge(charge::Charge),
    /// Plan bookings that are known the day before: routes, times and charging stops.
    Plan(plan::Plan),
    /// Check a plan: exit code 0 valid, 1 violated, 2 unreadable.
    Check(check::Check),
    /// Make a large case on a grid town, as plain tables.
    Generate(generate::Generate),
    /// Make a town on the roads of a map, or of driving times between its stops, as a scenario.
    Town(town::Town),
    /// Let demand come from where people are: points with a population or a floor area become the weights of stops.
    Weights(weights::Weights),
    /// Read stops, timetables and fares (GTFS, GTFS-JP, GTFS-Flex), and write a scenario's service.
    Gtfs(gtfs::Gtfs),
    /// Print the JSON Schema of a scenario.
    Schema,
}

/// Why a command did not do what it was asked to.
enum Failure {
    /// Nothing can be simulated.
    Infeasible(String),
    /// Input that cannot be used.
    BadInput(String),
    /// A plan breaks a rule.
    Violated(String),
    /// A file to be checked that cannot be read.
    Unreadable(String),
    /// Somebody pressed Ctrl-C; what there was has been printed.
    Interrupted(String),
}

impl From<Vec<Problem>> for Failure {
    fn from(problems: Vec<Problem>) -> Failure {
        let line = |problem: &Problem| match problem.path.as_str() {
            "" => problem.message.en.clone(),
            path => format!("{path}: {}", problem.message.en),
        };
        Failure::BadInput(problems.iter().map(line).collect::<Vec<_>>().join("\n"))
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match &cli.command {
        Command::Run(run) => run.run(),
        Command::Compare(compare) => compare.run(),
        Command::Fleet(fleet) => fleet.run(),
        Command::Business(business) => business.run(),
        Command::Charge(charge) => charge.run(),
        Command::Plan(plan) => plan.run(),
        Command::Check(check) => check.run(),
        Command::Generate(generate) => generate.run(),
        Command::Town(town) => town.run(),
        Command::Weights(weights) => weights.run(),
        Command::Gtfs(gtfs) => gtfs.run(),
        Command::Schema => schema(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Infeasible(message)) => fail(&message, 3),
        Err(Failure::BadInput(message)) => fail(&message, 4),
        Err(Failure::Violated(message)) => fail(&message, 1),
        Err(Failure::Unreadable(message)) => fail(&message, 2),
        // 128 + SIGINT, as shells count it.
        Err(Failure::Interrupted(message)) => fail(&message, 130),
    }
}

fn fail(message: &str, code: u8) -> ExitCode {
    eprintln!("noriai: {message}");
    ExitCode::from(code)
}

/// Prints the JSON Schema of a scenario, as generated from the types.
fn schema() -> Result<(), Failure> {
    let schema = schemars::schema_for!(Scenario);
    print(&serde_json::to_string_pretty(&schema).expect("a schema is JSON"))
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::BadInput(format!("{}: {error}", path.display())))
}

fn read(path: &Path) -> Result<String, Failure> {
    String::from_utf8(read_bytes(path)?)
        .map_err(|_| Failure::BadInput(format!("{}: not UTF-8 text; save it as UTF-8", path.display())))
}

/// A closed pipe (`| head`) is no error.
fn print(text: &str) -> Result<(), Failure> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::BadInput(error.to_string())),
        _ => Ok(()),
    }
}
