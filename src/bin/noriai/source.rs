//! What a command is about: a scenario document, a built-in town, or plain tables.

use std::path::{Path, PathBuf};

use clap::Args;
use noriai::demand::csv::{
    self as trips_csv, ColumnName, ImportedTrips, MOST_TRIPS, OutsidePlace, RowProblem, TripOptions,
};
use noriai::scenario::tables::{self, Names, Tables};
use noriai::scenario::{self, MatchingPolicy, RebalancingPolicy, Scenario};
use serde::de::DeserializeOwned;

use crate::{Failure, read, read_bytes};

#[derive(Args)]
#[command(group = clap::ArgGroup::new("source").required(true).args(["scenario", "town", "nodes", "case"]))]
#[command(group = clap::ArgGroup::new("tables").multiple(true).args(["nodes", "case"]))]
pub struct Source {
    /// A scenario document.
    #[arg(value_name = "SCENARIO.json")]
    scenario: Option<PathBuf>,
    /// A built-in town.
    #[arg(long, value_parser = towns())]
    town: Option<String>,
    /// Trips to use instead of the scenario's demand, or the requests of plain tables (CSV).
    #[arg(long, value_name = "CSV")]
    requests: Option<PathBuf>,
    /// What the file of trips calls its columns, where these are not found by name: request_time=受付日時,origin=乗車
    #[arg(long, value_name = "COLUMN=HEADER", value_delimiter = ',', value_parser = column_name, requires = "requests")]
    columns: Vec<ColumnName>,
    /// Of a file of trips with several days the one to live through; the one with the most trips if absent.
    #[arg(long, value_name = "YYYY-MM-DD", requires = "requests")]
    date: Option<String>,
    /// Latitude and longitude stand in each other's columns of the file of trips.
    #[arg(long, requires = "requests")]
    swap: bool,
    /// Plain tables: nodes (node,x_m,y_m).
    #[arg(long, value_name = "CSV", requires_all = ["edges", "requests", "vehicles"])]
    nodes: Option<PathBuf>,
    /// Plain tables: edges (from,to,length_m,time_s).
    #[arg(long, value_name = "CSV", requires = "nodes")]
    edges: Option<PathBuf>,
    /// Plain tables: vehicles (id,node,cap).
    #[arg(long, value_name = "CSV", requires = "nodes")]
    vehicles: Option<PathBuf>,
    /// Folder of plain tables: nodes.csv, edges.csv, requests.csv and vehicles.csv, as `generate` writes them.
    #[arg(id = "case", long, value_name = "DIR", num_args = 1.., conflicts_with = "requests")]
    pub cases: Vec<PathBuf>,
    /// Plain tables: longest wait for the pick-up, in seconds.
    #[arg(long, default_value_t = tables::MAX_WAIT_S, requires = "tables")]
    max_wait_s: u32,
    /// Plain tables: drop-off by request + longest wait + this factor x direct driving time.
    #[arg(long, default_value_t = tables::DETOUR_FACTOR, requires = "tables")]
    detour_factor: f64,
}

fn towns() -> Vec<&'static str> {
    scenario::TOWNS.iter().map(|(name, _)| *name).collect()
}

impl Source {
    /// The scenario asked for, and the names of its nodes if it was made of plain tables.
    pub fn scenario(&self) -> Result<(Scenario, Option<Names>), Failure> {
        if let (Some(nodes), Some(edges), Some(requests), Some(vehicles)) =
            (&self.nodes, &self.edges, &self.requests, &self.vehicles)
        {
            return self.tables([nodes, edges, requests, vehicles]).map(|(scenario, names)| (scenario, Some(names)));
        }
        match &self.cases[..] {
            [] => {}
            [folder] => return self.case(folder).map(|(scenario, names)| (scenario, Some(names))),
            _ => return Err(Failure::BadInput("--case: a run has one day; give one folder".into())),
        }
        let town = self.town.as_ref().and_then(|town| scenario::TOWNS.iter().find(|(name, _)| name == town));
        let mut scenario = match (&self.scenario, town) {
            (Some(path), _) => scenario::read(&read(path)?)?,
            (None, Some((_, json))) => scenario::read(json)?,
            (None, None) => unreachable!("the parser demands a source"),
        };
        if let Some(path) = &self.requests {
            let options = TripOptions { columns: self.columns.clone(), date: self.date.clone(), swap: self.swap };
            let imported = trips_csv::import(&scenario, &read_bytes(path)?, &options);
            tell(path, &imported);
            if imported.trips.is_empty() {
                return Err(Failure::BadInput(format!("{}: no row is a usable trip", path.display())));
            }
            scenario.demand.generator = None;
            scenario.demand.trips = imported.trips;
            if let Some(date) = imported.date {
                scenario.day.date = date;
            }
        }
        Ok((scenario, None))
    }

    /// The scenario of a folder of plain tables.
    pub fn case(&self, folder: &Path) -> Result<(Scenario, Names), Failure> {
        let files = TABLES.map(|name| folder.join(name));
        self.tables(files.each_ref()).map_err(|failure| match failure {
            Failure::BadInput(message) => Failure::BadInput(format!("--case {}\n{message}", folder.display())),
            other => other,
        })
    }

    fn tables(&self, files: [&PathBuf; 4]) -> Result<(Scenario, Names), Failure> {
        read_tables(files, self.max_wait_s, self.detour_factor)
    }
}

/// A scenario in a file, or in a folder of plain tables.
pub fn of_file(path: &Path) -> Result<Scenario, Failure> {
    if path.is_dir() {
        let files = TABLES.map(|name| path.join(name));
        return Ok(read_tables(files.each_ref(), tables::MAX_WAIT_S, tables::DETOUR_FACTOR)?.0);
    }
    Ok(scenario::read(&read(path)?)?)
}

const TABLES: [&str; 4] = ["nodes.csv", "edges.csv", "requests.csv", "vehicles.csv"];

fn read_tables(
    [nodes, edges, requests, vehicles]: [&PathBuf; 4],
    max_wait_s: u32,
    detour_factor: f64,
) -> Result<(Scenario, Names), Failure> {
    let [nodes, edges, requests, vehicles] = [read(nodes)?, read(edges)?, read(requests)?, read(vehicles)?];
    let tables = Tables { nodes: &nodes, edges: &edges, requests: &requests, vehicles: &vehicles };
    Ok(tables::read(&tables, max_wait_s, detour_factor)?)
}

/// A column and its name in a file, `COLUMN=HEADER`.
fn column_name(text: &str) -> Result<ColumnName, String> {
    let (column, header) = text.split_once('=').ok_or("write COLUMN=HEADER, such as origin=乗車")?;
    Ok(ColumnName { column: column.trim().to_owned(), header: header.trim().to_owned() })
}

/// Says what became of a file of trips.
fn tell(path: &Path, imported: &ImportedTrips) {
    let ImportedTrips { dates, other_days, beyond, outside, outside_count, problems, .. } = imported;
    for problem in problems {
        eprintln!("{}", row_problem(path, problem));
    }
    let file = path.display();
    for OutsidePlace { line, column, lat, lng, distance_m, stop, swapped } in outside {
        let far = match (distance_m, stop) {
            (Some(metres), Some(stop)) => format!("{:.1} km from the nearest stop, \"{stop}\"", metres / 1e3),
            _ => "nowhere on Earth".to_owned(),
        };
        let remedy = if *swapped { "; latitude and longitude seem swapped, see --swap" } else { "" };
        eprintln!("{file}:{line} ({column}): ({lat}, {lng}) is {far}{remedy}");
    }
    let unlisted = *outside_count as usize - outside.len();
    if unlisted > 0 {
        eprintln!("{file}: {unlisted} more places are too far from any stop");
    }
    if let (Some(date), 2..) = (&imported.date, dates.len()) {
        let days: Vec<String> = dates.iter().map(|day| format!("{} ({})", day.date, day.rows)).collect();
        eprintln!("{file}: {} days: {}", days.len(), days.join(", "));
        eprintln!("{file}: took {date}, left out {other_days} rows of other days; another can be chosen with --date");
    }
    if *beyond > 0 {
        eprintln!("{file}: left out {beyond} trips beyond the first {MOST_TRIPS}, the most that a day may have");
    }
    if imported.snapped > 0 {
        let (mean_m, longest_m) = (imported.mean_walk_m, imported.longest_walk_m);
        eprintln!(
            "{file}: {} places taken to the nearest stop, a walk of {mean_m:.0} m in the mean and at most {longest_m:.0} m",
            imported.snapped
        );
    }
    if imported.offsets > 0 {
        let clock = match imported.clock_ahead_h {
            Some(hours) => format!("were taken to the town's clock, {hours:+} h"),
            None => "count as they are written: the town's clock is not known".to_owned(),
        };
        eprintln!("{file}: {} times with an offset from universal time {clock}", imported.offsets);
    }
}

/// Whether a scenario can be lived through: it is right, and its day has service.
pub fn check(scenario: &Scenario) -> Result<(), Failure> {
    let problems = scenario.problems();
    if !problems.is_empty() {
        return Err(problems.into());
    }
    if let MatchingPolicy::Script { .. } = scenario.policies.matching {
        let message = "policies.matching: a policy in JavaScript runs only in the page; give another by --policy";
        return Err(Failure::BadInput(message.into()));
    }
    match scenario.hours() {
        Some(_) => Ok(()),
        None => Err(Failure::Infeasible(format!(
            "no service on {}: choose a day.date on which service.hours are given",
            scenario.day.date
        ))),
    }
}

/// A matching policy from the command line: JSON as in a scenario, or a word: then with the parameters of `own`, the
/// scenario's policy, if that is its word, else with usual ones.
pub fn matching_policy(option: &str, text: &str, own: &MatchingPolicy) -> Result<MatchingPolicy, Failure> {
    policy(option, text, own, MatchingPolicy::by_name, &MatchingPolicy::NAMES)
}

/// A rebalancing policy in the same way.
pub fn rebalancing_policy(option: &str, text: &str, own: &RebalancingPolicy) -> Result<RebalancingPolicy, Failure> {
    policy(option, text, own, RebalancingPolicy::by_name, &RebalancingPolicy::NAMES)
}

fn policy<P: Clone + DeserializeOwned>(
    option: &str,
    text: &str,
    own: &P,
    by_name: impl Fn(&str) -> Option<P>,
    names: &[&str],
) -> Result<P, Failure> {
    if text.starts_with('{') {
        return serde_json::from_str(text).map_err(|error| Failure::BadInput(format!("{option} {text}: {error}")));
    }
    let policy = by_name(text).ok_or_else(|| {
        let known = names.join(", ");
        Failure::BadInput(format!("{option} {text}: not known; give one of {known}, or JSON as in a scenario"))
    })?;
    let is_own = std::mem::discriminant(&policy) == std::mem::discriminant(own);
    Ok(if is_own { own.clone() } else { policy })
}

/// A line about a row of a file.
pub fn row_problem(path: &Path, problem: &RowProblem) -> String {
    let column = problem.column.as_ref().map(|column| format!(" ({column})")).unwrap_or_default();
    format!("{}:{}{column}: {}", path.display(), problem.line, problem.message.en)
}

/// All of them, of the file of an option.
pub fn row_problems(option: &str, path: &Path, problems: &[RowProblem]) -> Failure {
    let lines: Vec<String> = problems.iter().map(|problem| row_problem(path, problem)).collect();
    Failure::BadInput(format!("{option}\n{}", lines.join("\n")))
}
