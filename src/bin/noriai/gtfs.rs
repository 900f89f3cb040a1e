//! `noriai gtfs`: what a feed holds, its routes and on-demand service in a scenario, and a scenario's service as a feed.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use noriai::files::{self, FileKind};
use noriai::gtfs::baseline::{self, Outcome};
use noriai::gtfs::{self, Feed, Summary, Warning, export, flex};
use noriai::scenario::{self, Scenario, Text};
use noriai::town::{self, Spec};
use time::Date;

use crate::{Failure, print, read, read_bytes};

/// Warnings printed for people; `--json` has all.
const MOST_WARNINGS: usize = 20;

#[derive(Args)]
pub struct Gtfs {
    /// A feed: a zip archive of GTFS, GTFS-JP or GTFS-Flex.
    #[arg(value_name = "FEED.zip", required_unless_present = "export")]
    feed: Option<PathBuf>,
    /// Date, YYYY-MM-DD; if absent, the first day with the most trips.
    #[arg(long, value_name = "DATE", value_parser = date)]
    date: Option<Date>,
    /// The feed has latitude and longitude of its stops the wrong way round.
    #[arg(long, requires = "feed")]
    swap: bool,
    /// Id of a route that becomes the bus of the scenario; may be given several times, `all` for every route.
    #[arg(long = "route", value_name = "ID")]
    routes: Vec<String>,
    /// Make a town of the feed alone: its stops, its bus, and roads guessed from it.
    #[arg(long, requires = "out", conflicts_with_all = ["into", "flex"])]
    town: bool,
    /// Take over hours, stops and fares of the on-demand service.
    #[arg(long, requires = "into", conflicts_with = "routes")]
    flex: bool,
    /// Scenario into which they are put.
    #[arg(long, value_name = "SCENARIO.json", requires = "out")]
    into: Option<PathBuf>,
    /// Scenario whose service is written as GTFS-Flex.
    #[arg(long, value_name = "SCENARIO.json", requires = "out", conflicts_with_all = ["feed", "into", "date"])]
    export: Option<PathBuf>,
    /// File to write.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn date(text: &str) -> Result<Date, String> {
    scenario::parse_date(text).ok_or_else(|| "not a date: write year-month-day, such as 2026-04-01".into())
}

impl Gtfs {
    /// Reads, converts or writes.
    pub fn run(&self) -> Result<(), Failure> {
        if let (Some(scenario), Some(out)) = (&self.export, &self.out) {
            let exported = export::export(&scenario::read(&read(scenario)?)?);
            write(out, &exported.archive)?;
            notes(&exported.notes);
            return print(&format!("{}: {} bytes", out.display(), exported.archive.len()));
        }
        let path = self.feed.as_ref().expect("the parser demands a feed");
        let refused = |text: Text| Failure::BadInput(format!("{}: {}", path.display(), text.en));
        let bytes = fs::metadata(path).map_or(0, |file| file.len());
        if let Some(wrong) = files::too_large(FileKind::Feed, bytes) {
            return Err(refused(wrong));
        }
        let feed = gtfs::read(&read_bytes(path)?).map_err(refused)?;
        let feed = if self.swap { feed.swapped() } else { feed };
        let (scenario, out) = match (&self.into, &self.out) {
            (Some(into), Some(out)) => (scenario::read(&read(into)?)?, out),
            (None, Some(out)) if self.town => {
                let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                (town::of_feed(&feed, &Spec { name, ..Spec::default() })?, out)
            }
            _ => return self.summary(&feed),
        };
        let busiest = || feed.summary(None).date.and_then(|date| scenario::parse_date(&date));
        let date = self.date.or_else(busiest).or(scenario.date()).expect("a valid scenario has a date");
        warnings(&feed.warnings);
        if self.flex {
            let applied = flex::apply(&feed, date, &scenario).map_err(refused)?;
            write_scenario(out, &applied.scenario)?;
            notes(&applied.notes);
            return print(&format!("{}: on-demand service, {} more stops", out.display(), applied.added_stops));
        }
        if self.routes.is_empty() && !self.town {
            return Err(Failure::BadInput("--into: say what to take over: --route ID, --route all or --flex".into()));
        }
        let routes = if self.routes.is_empty() || self.routes == ["all"] { &[] } else { &*self.routes };
        let made = baseline::baseline(&feed, routes, date, &scenario).map_err(refused)?;
        write_scenario(out, &made.scenario)?;
        self.outcome(out, date, &made.outcome)
    }

    fn outcome(&self, out: &Path, date: Date, outcome: &Outcome) -> Result<(), Failure> {
        if self.json {
            return print(&serde_json::to_string_pretty(outcome).expect("an outcome is JSON"));
        }
        notes(&outcome.notes);
        let Outcome { lines, trips, buses, added_stops, farthest_snap_m, stretched_calls, longest_stretch_s, .. } =
            outcome;
        print(&format!(
            "{}: {lines} lines, {trips} trips on {date}, {buses} buses; {added_stops} more stops, at most {farthest_snap_m:.0} m \
             from their nodes; {stretched_calls} calls later than in the timetable, by up to {longest_stretch_s} s",
            out.display()
        ))
    }

    fn summary(&self, feed: &Feed) -> Result<(), Failure> {
        let summary = feed.summary(self.date);
        if self.json {
            return print(&serde_json::to_string_pretty(&summary).expect("a summary is JSON"));
        }
        warnings(&summary.warnings);
        print(&table(&summary))
    }
}

/// A summary for people.
fn table(summary: &Summary) -> String {
    let mut lines = Vec::new();
    lines.extend(summary.agencies.iter().map(both));
    lines.extend(summary.info.iter().map(|info| format!("{} {}", info.publisher, info.version)));
    lines.push(format!(
        "{} stops, {} stations, {} routes",
        summary.stops.len(),
        summary.stations,
        summary.routes.len()
    ));
    if let (Some(first), Some(last)) = (summary.service_dates.first(), summary.service_dates.last()) {
        let days = summary.service_dates.len();
        lines.push(format!("{days} days with service, {} to {}", first.date, last.date));
    }
    lines.extend(summary.no_service.iter().map(|text| text.en.clone()));
    if let (Some(date), false) = (&summary.date, summary.service_dates.is_empty()) {
        lines.push(format!("{} trips on {date}:", summary.trips));
        lines.extend(
            summary.routes.iter().map(|route| format!("{:6}  {}  {}", route.trips, route.id, both(&route.name))),
        );
    }
    for flex in &summary.flex {
        let zones: Vec<String> = flex.zones.iter().map(both).collect();
        lines.push(format!("on demand: {} in {}", both(&flex.name), zones.join(", ")));
    }
    lines.join("\n")
}

fn both(text: &Text) -> String {
    if text.ja == text.en { text.ja.clone() } else { format!("{} ({})", text.ja, text.en) }
}

fn notes(notes: &[Text]) {
    notes.iter().for_each(|note| eprintln!("{}", note.en));
}

fn warnings(warnings: &[Warning]) {
    for Warning { file, line, column, message } in warnings.iter().take(MOST_WARNINGS) {
        let column = column.as_ref().map(|column| format!(" ({column})")).unwrap_or_default();
        eprintln!("{file}:{line}{column}: {}", message.en);
    }
    if warnings.len() > MOST_WARNINGS {
        eprintln!("{} more warnings: --json without --into prints all", warnings.len() - MOST_WARNINGS);
    }
}

fn write_scenario(path: &Path, scenario: &Scenario) -> Result<(), Failure> {
    write(path, serde_json::to_string(scenario).expect("a scenario is JSON").as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|error| Failure::BadInput(format!("--out {}: {error}", path.display())))
}
