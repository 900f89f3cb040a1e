//! A table whose columns are found by name, in any order; those with other names are passed over.

use std::borrow::Cow;

use csv::StringRecord;

use super::{Problems, Rows, delimiter, narrow, normal, number, quoted};
use crate::scenario::Text;

/// The names of a column: first the documented one, then others that mean the same.
pub(crate) type Names = &'static [&'static str];

/// Where the columns of a table stand, and its rows.
pub(crate) struct Named<'t> {
    rows: Rows<'t>,
    columns: &'static [Names],
    places: Vec<Option<usize>>,
    /// Line of the header.
    pub(crate) line: u32,
    /// The file's names of its columns.
    pub(crate) header: Vec<String>,
}

impl<'t> Named<'t> {
    /// Of a text whose lines end as [`super::one_line_end`] leaves them; `None` if there is nothing in it.
    pub(crate) fn new(text: &'t str, columns: &'static [Names]) -> Option<Named<'t>> {
        let mut rows = Rows::new(text, delimiter(text));
        let (line, record) = rows.next()?;
        let header: Vec<String> = record.iter().map(|name| name.trim().to_owned()).collect();
        let place = |names: &Names| {
            let place = |name: &&str| header.iter().position(|theirs| normal(theirs) == **name);
            names.iter().find_map(place)
        };
        let places = columns.iter().map(place).collect();
        Some(Named { rows, columns, places, line, header })
    }

    /// Whether the file has a column.
    pub(crate) fn has(&self, column: usize) -> bool {
        self.places[column].is_some()
    }

    /// What the file calls a column.
    pub(crate) fn own_name(&self, column: usize) -> Option<&str> {
        self.places[column].map(|place| &*self.header[place])
    }

    /// Reports which of these columns are missing; whether none is.
    pub(crate) fn need(&self, needed: &[usize], problems: &mut Problems) -> bool {
        let missing: Vec<&str> =
            needed.iter().filter(|&&column| !self.has(column)).map(|&column| self.columns[column][0]).collect();
        for name in &missing {
            let message = Text::new(
                format!("「{name}」の列がありません。見出しに加えてください。"),
                format!("there is no column \"{name}\": add it to the header"),
            );
            problems.add(self.line, Some(name), message);
        }
        missing.is_empty()
    }

    /// The next row with anything in it.
    pub(crate) fn next(&mut self) -> Option<Record<'_>> {
        let (line, record) = self.rows.next()?;
        Some(Record { line, record, columns: self.columns, places: &self.places })
    }
}

/// A row.
pub(crate) struct Record<'r> {
    /// Line of the file on which it begins.
    pub(crate) line: u32,
    record: &'r StringRecord,
    columns: &'static [Names],
    places: &'r [Option<usize>],
}

impl Record<'_> {
    /// A field without blanks around it; empty if there is none.
    pub(crate) fn text(&self, column: usize) -> &str {
        self.places[column].and_then(|place| self.record.get(place)).unwrap_or_default().trim()
    }

    /// A number within a range, or none, which is reported. Commas between thousands are passed over.
    pub(crate) fn number(&self, column: usize, least: f64, most: f64, problems: &mut Problems) -> Option<f64> {
        let text = narrow(self.text(column));
        let plain = if text.contains(',') { Cow::Owned(text.replace(',', "")) } else { text };
        let found = number(&plain);
        let within = found.filter(|number| (least..=most).contains(number));
        if within.is_none() {
            let value = quoted(&plain);
            let message = if found.is_some() {
                Text::new(
                    format!("「{value}」は範囲外です。{least} 以上 {most} 以下の数にしてください。"),
                    format!("\"{value}\" is out of range: give a number from {least} to {most}"),
                )
            } else {
                Text::new(
                    format!("「{value}」は数ではありません。12.5 のように数字で書いてください。"),
                    format!("\"{value}\" is not a number: write one, such as 12.5"),
                )
            };
            self.problem(column, message, problems);
        }
        within
    }

    /// Reports what is wrong with a field.
    pub(crate) fn problem(&self, column: usize, message: Text, problems: &mut Problems) {
        problems.add(self.line, Some(self.columns[column][0]), message);
    }
}
