//! Trips from a file, as a town hall or an operator keeps them: CSV with a header.
//!
//! Columns are found by name, in any order; capitals, blanks and hyphens do not matter, and other columns are passed over
//! (and named in the result). [`TripOptions::columns`] finds those with other names. A trip needs a time, an origin and a
//! destination.
//!
//! | column | Japanese | means |
//! | --- | --- | --- |
//! | `request_time` | 受付時刻 | time of the call, as below; if there is no such column that of the desired pick-up |
//! | `origin`, `destination` | 乗車停留所, 降車停留所 | id of the stop, or its name |
//! | `origin_lat`, `origin_lng`, `destination_lat`, `destination_lng` | 乗車緯度, 乗車経度, 降車緯度, 降車経度 | instead: a place in degrees, taken to the nearest stop, at most [`FARTHEST_M`](crate::walking::FARTHEST_M) away |
//! | `passengers` | 人数 | the whole party, children and those in wheelchairs included; 1 if empty, 0 for parcels alone |
//! | `earliest` | 乗車希望時刻 | earliest pick-up; at once if empty |
//! | `latest` | 到着希望時刻 | latest drop-off; the service's own limit if empty |
//! | `wheelchair` | 車いす | how many of the party ride in a wheelchair, or yes/no; none if empty |
//! | `children` | 子ども | how many of the party are children; none if empty |
//! | `parcels` | 荷物 | parcels; none if empty |
//! | `date` | 利用日 | date of the ride, for times without one |
//!
//! Times may be `HH:MM`, `HH:MM:SS`, seconds from midnight, or a date and a time as ISO 8601, Excel or people in Japan write
//! them (`src/table/moment.rs` lists the forms). One with an offset from universal time is taken to the town's clock, where that is
//! known. Of a file with several days one is taken: that of a trip is its `date`, else the date of its desired pick-up, else of
//! the call.
//!
//! [`COLUMNS`] lists the other names that are understood. The text may be UTF-8, with or without a byte order mark, or
//! Shift_JIS as Excel writes it (code page 932); fields end with commas, semicolons or tabs, lines as they like. Good rows
//! load; each bad field is reported with its line in the file. The file is read twice, once for its days; O(rows log stops).

mod columns;
mod days;
mod places;
mod preview;
mod row;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::scenario::{Scenario, Text, Trip};
use crate::table::{self, Problems, Rows};
use crate::walking::Walks;

pub use crate::table::{Encoding, RowProblem};
pub use columns::{COLUMNS, ColumnName};
pub use places::OutsidePlace;
pub use preview::{Preview, PreviewColumn, preview};

use columns::{Header, SIMPLE};
use days::{Chosen, Days, iso};
use places::Stops;
use row::Row;

/// Most trips of a day, as many as one may generate: a simulation keeps a table of all, and each log row names one.
pub const MOST_TRIPS: usize = 100_000;
/// Places outside that are listed; the others are counted.
const MOST_OUTSIDE: usize = 1_000;

/// How a file is to be read where it does not say so itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct TripOptions {
    /// What the file calls columns that are not found by name, or that its name would mislead.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub columns: Vec<ColumnName>,
    /// Of several days the one to take, as in `2026-04-01`; absent: the one with the most rows.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub date: Option<String>,
    /// Whether latitude and longitude stand in each other's columns.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub swap: bool,
}

/// A day of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct DayRows {
    /// Date, `YYYY-MM-DD`.
    pub date: String,
    /// Its rows, good and bad.
    pub rows: u32,
}

/// What a file gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ImportedTrips {
    /// Trips of the good rows of the day, in the order of the file; at most [`MOST_TRIPS`].
    pub trips: Vec<Trip>,
    /// Rows with anything in them, good and bad and of all days, the header not counted.
    pub rows: u32,
    /// How the text was written.
    pub encoding: Encoding,
    /// What is wrong, in the order of the file; at most 1,000 and one that counts the rest.
    pub problems: Vec<RowProblem>,
    /// The days of the file, at most 1,000; none if it has no dates.
    pub dates: Vec<DayRows>,
    /// The one that was taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub date: Option<String>,
    /// Rows of other days, which are left out.
    pub other_days: u32,
    /// Good rows beyond [`MOST_TRIPS`], which are left out.
    pub beyond: u32,
    /// Places too far from any stop, whose rows are left out; the first 1,000.
    pub outside: Vec<OutsidePlace>,
    /// All of these.
    pub outside_count: u32,
    /// Whether most places are in the region of the stops only once latitude and longitude are swapped.
    pub looks_swapped: bool,
    /// Origins and destinations of the trips that were given as places and taken to the nearest stop.
    pub snapped: u32,
    /// Mean length of the walk from such a place to its stop, in metres.
    pub mean_walk_m: f64,
    /// The longest of these walks, in metres.
    pub longest_walk_m: f64,
    /// Times with an offset from universal time.
    pub offsets: u32,
    /// Hours by which the clock that these were taken to is ahead of universal time; absent: the town's is not known, so that they
    /// count as they are written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub clock_ahead_h: Option<f64>,
    /// Columns that mean nothing here, as the file names them.
    pub ignored_columns: Vec<String>,
}

impl ImportedTrips {
    fn new() -> ImportedTrips {
        ImportedTrips {
            trips: Vec::new(),
            rows: 0,
            encoding: Encoding::Utf8,
            problems: Vec::new(),
            dates: Vec::new(),
            date: None,
            other_days: 0,
            beyond: 0,
            outside: Vec::new(),
            outside_count: 0,
            looks_swapped: false,
            snapped: 0,
            mean_walk_m: 0.0,
            longest_walk_m: 0.0,
            offsets: 0,
            clock_ahead_h: None,
            ignored_columns: Vec::new(),
        }
    }
}

/// Reads trips for a scenario whose stops they use. The scenario must be valid; the file may be anything.
pub fn import(scenario: &Scenario, file: &[u8], options: &TripOptions) -> ImportedTrips {
    let mut import = Import {
        stops: Stops::new(scenario),
        zone_s: days::zone_s(scenario),
        swap: options.swap,
        walks: Walks::default(),
        problems: Problems::default(),
        result: ImportedTrips::new(),
    };
    match table::decode(file) {
        Ok((text, encoding)) => {
            import.result.encoding = encoding;
            import.text(&table::one_line_end(&text), options);
        }
        Err(message) => import.problems.add(1, None, message),
    }
    let Import { walks, zone_s, problems, result, .. } = import;
    ImportedTrips {
        problems: problems.finish(),
        snapped: walks.count,
        mean_walk_m: walks.mean_m(),
        longest_walk_m: walks.longest_m,
        clock_ahead_h: zone_s.map(|zone_s| f64::from(zone_s) / 3_600.0),
        ..result
    }
}

/// What the first reading of a file finds.
struct Scan {
    header: Header,
    /// Line of the header.
    line: u32,
    days: Days,
    rows: u32,
    looks_swapped: bool,
}

impl Scan {
    /// Reads all rows for their days and places; `None` if there is not even a header.
    fn new(text: &str, scenario_stops: &Stops, zone_s: Option<i32>, options: &TripOptions) -> Option<Scan> {
        let mut rows = Rows::new(text, table::delimiter(text));
        let (line, record) = rows.next()?;
        let header = Header::read(record, &options.columns);
        let mut scan = Scan { header, line, days: Days::default(), rows: 0, looks_swapped: false };
        let (mut places, mut swapped) = (0_u32, 0_u32);
        while let Some((_, record)) = rows.next() {
            scan.rows += 1;
            scan.days.add(&scan.header, record, zone_s);
            for place in scan.header.degrees(record) {
                let (lat, lng) = if options.swap { (place.1, place.0) } else { place };
                places += 1;
                swapped += u32::from(scenario_stops.is_swapped(lat, lng));
            }
        }
        scan.looks_swapped = 2 * swapped > places;
        Some(scan)
    }
}

struct Import<'a> {
    stops: Stops<'a>,
    /// Seconds by which the town's clock is ahead of universal time.
    zone_s: Option<i32>,
    swap: bool,
    walks: Walks,
    problems: Problems,
    result: ImportedTrips,
}

impl Import<'_> {
    fn text(&mut self, text: &str, options: &TripOptions) {
        let Some(scan) = Scan::new(text, &self.stops, self.zone_s, options) else {
            return self.problems.add(1, None, empty());
        };
        self.result.ignored_columns = scan.header.ignored();
        self.result.looks_swapped = scan.looks_swapped;
        for (column, message) in &scan.header.problems {
            self.problems.add(scan.line, *column, message.clone());
        }
        if !scan.header.problems.is_empty() {
            return;
        }
        match scan.days.choose(options) {
            Ok(chosen) => {
                self.result.dates.clone_from(&chosen.dates);
                self.result.date = chosen.date.map(iso);
                self.rows(text, &scan.header, &chosen);
            }
            Err(message) => self.problems.add(scan.line, Some("date"), message),
        }
    }

    fn rows(&mut self, text: &str, header: &Header, days: &Chosen) {
        let mut rows = Rows::new(text, table::delimiter(text));
        rows.next();
        while let Some((line, record)) = rows.next() {
            self.result.rows += 1;
            let day = days.date.and_then(|_| days.day(header, record, self.zone_s));
            if day.is_some() && day != days.date {
                self.result.other_days += 1;
                continue;
            }
            Row { line, record, header, days, day, import: self, good: true }.read();
        }
        rows.check_quotes(&mut self.problems);
    }

    fn outside(&mut self, place: OutsidePlace) {
        self.result.outside_count += 1;
        if self.result.outside.len() < MOST_OUTSIDE {
            self.result.outside.push(place);
        }
    }
}

fn empty() -> Text {
    Text::new(
        format!("ファイルが空です。1 行目に見出し（{SIMPLE}）、2 行目から 1 行に 1 件の予約を書いてください。"),
        format!("the file is empty: write a header ({SIMPLE}) on line 1 and one trip on each line below"),
    )
}
