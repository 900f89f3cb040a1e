//! What a file looks like, before it is read in earnest: for whoever has to say which column is which.

use serde::{Deserialize, Serialize};

use super::columns::{COLUMNS, Column, SIMPLE};
use super::places::Stops;
use super::{DayRows, Encoding, RowProblem, Scan, TripOptions, days, empty};
use crate::demand::weights;
use crate::scenario::Scenario;
use crate::table::moment::Moment;
use crate::table::{self, Problems, Rows, number, quoted};

/// Rows that are shown.
const SAMPLES: usize = 5;
/// Columns that are shown.
const MOST_COLUMNS: usize = 100;

/// What a file looks like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Preview {
    /// The file's names of its columns, at most 100.
    pub headers: Vec<String>,
    /// The fields of its first rows, at most five; long ones are cut.
    pub samples: Vec<Vec<String>>,
    /// The columns that are understood, and what the file seems to call them.
    pub columns: Vec<PreviewColumn>,
    /// Needed columns that are not found by their names, so that somebody has to name or confirm them.
    pub missing: Vec<String>,
    /// Whether naming columns may help: the first row looks like a header of enough columns.
    pub can_be_mapped: bool,
    /// The days of the file, at most 1,000; none if it has no dates.
    pub dates: Vec<DayRows>,
    /// The one that is taken if nobody chooses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub date: Option<String>,
    /// Whether most places are in the region of the stops only once latitude and longitude are swapped.
    pub looks_swapped: bool,
    /// What the file calls the column of weights, if it is one of points with weights and no trips; then
    /// [`weights`](crate::demand::weights) reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub weights: Option<String>,
    /// Rows with anything in them, the header not counted.
    pub rows: u32,
    /// How the text was written.
    pub encoding: Encoding,
    /// What is wrong with the file or its header.
    pub problems: Vec<RowProblem>,
}

/// A column that is understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PreviewColumn {
    /// Its documented name.
    pub column: String,
    /// The file's name of it, found or guessed; empty: none.
    pub header: String,
    /// Whether a trip needs it; a place with latitude and longitude will do instead of a stop.
    pub needed: bool,
}

/// Looks at a file with the options that it would be read with. The file may be anything.
pub fn preview(scenario: &Scenario, file: &[u8], options: &TripOptions) -> Preview {
    let mut preview = Preview {
        headers: Vec::new(),
        samples: Vec::new(),
        columns: Vec::new(),
        missing: Vec::new(),
        can_be_mapped: false,
        dates: Vec::new(),
        date: None,
        looks_swapped: false,
        weights: None,
        rows: 0,
        encoding: Encoding::Utf8,
        problems: Vec::new(),
    };
    let mut problems = Problems::default();
    match table::decode(file) {
        Ok((text, encoding)) => {
            preview.encoding = encoding;
            preview.read(&table::one_line_end(&text), scenario, options, &mut problems);
        }
        Err(message) => problems.add(1, None, message),
    }
    Preview { problems: problems.finish(), ..preview }
}

impl Preview {
    fn read(&mut self, text: &str, scenario: &Scenario, options: &TripOptions, problems: &mut Problems) {
        let Some(scan) = Scan::new(text, &Stops::new(scenario), days::zone_s(scenario), options) else {
            return problems.add(1, None, empty());
        };
        let header = &scan.header;
        for (column, message) in &header.problems {
            problems.add(scan.line, *column, message.clone());
        }
        match scan.days.choose(options) {
            Ok(chosen) => (self.date, self.dates) = (chosen.date.map(days::iso), chosen.dates),
            Err(message) => problems.add(scan.line, Some(Column::Date.name()), message),
        }
        (self.rows, self.looks_swapped) = (scan.rows, scan.looks_swapped);
        self.missing = header.missing().into_iter().map(|column| column.name().to_owned()).collect();
        let is_trips = self.missing.is_empty();
        self.weights = weights::column_of(&header.names).filter(|_| !is_trips).map(str::to_owned);
        let is_value = |name: &String| number(name).is_some() || Moment::parse(name).is_some();
        let needed = SIMPLE.split(',').count();
        let named = header.names.iter().filter(|name| !name.is_empty()).count();
        self.can_be_mapped = named >= needed && !header.names.iter().any(is_value);
        self.headers = header.names.iter().take(MOST_COLUMNS).cloned().collect();
        let named = COLUMNS.iter().zip(header.guesses());
        self.columns = named
            .map(|(names, guess)| PreviewColumn {
                column: names[0].to_owned(),
                header: guess.unwrap_or_default().to_owned(),
                needed: SIMPLE.split(',').any(|needed| needed == names[0]),
            })
            .collect();
        let mut rows = Rows::new(text, table::delimiter(text));
        rows.next();
        while self.samples.len() < SAMPLES
            && let Some((_, record)) = rows.next()
        {
            let fields = record.iter().take(MOST_COLUMNS);
            self.samples.push(fields.map(|field| quoted(field.trim()).into_owned()).collect());
        }
    }
}
