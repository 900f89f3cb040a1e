//! Reading the feed's tables: columns by name, blanks around values cut off, and what is wrong with file and line.

use csv::StringRecord;
use time::Date;

use super::{Files, Warning};
use crate::scenario::Text;
use crate::table::{self, Problems, Rows, narrow, number, quoted};

/// A feed's files on their way to be read, and what was wrong with them so far.
pub(super) struct Reader<'f> {
    files: &'f Files,
    warnings: Vec<Warning>,
}

/// A row, by the header's names.
pub(super) struct Row<'r> {
    /// Line of the file on which it begins.
    pub line: u32,
    header: &'r [String],
    record: &'r StringRecord,
}

impl<'f> Reader<'f> {
    pub(super) fn new(files: &'f Files) -> Reader<'f> {
        Reader { files, warnings: Vec::new() }
    }

    /// The bytes of a file.
    pub(super) fn bytes(&self, name: &str) -> Option<&'f [u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    pub(super) fn warn(&mut self, file: &str, line: u32, message: Text) {
        self.warnings.push(Warning { file: file.to_owned(), line, column: None, message });
    }

    pub(super) fn finish(self) -> Vec<Warning> {
        self.warnings
    }

    /// Hands every row of a file to `each`, with the place for what is wrong with it. No row of a file that is absent, or is no
    /// table, or lacks one of the columns `needed`; the last two are warnings.
    pub(super) fn rows(&mut self, name: &str, needed: &[&str], mut each: impl FnMut(&Row, &mut Problems)) {
        let Some(bytes) = self.bytes(name) else { return };
        let mut problems = Problems::default();
        match table::decode(bytes) {
            Ok((text, _)) => read(&table::one_line_end(&text), needed, &mut problems, &mut each),
            Err(message) => problems.add(1, None, message),
        }
        let warnings = problems.finish().into_iter();
        self.warnings.extend(warnings.map(|problem| Warning {
            file: name.to_owned(),
            line: problem.line,
            column: problem.column,
            message: problem.message,
        }));
    }
}

fn read(text: &str, needed: &[&str], problems: &mut Problems, each: &mut impl FnMut(&Row, &mut Problems)) {
    let mut rows = Rows::new(text, table::delimiter(text));
    let Some((line, record)) = rows.next() else { return };
    let header: Vec<String> = record.iter().map(|name| narrow(name).trim().to_lowercase()).collect();
    let absent: Vec<&str> = needed.iter().filter(|name| !header.iter().any(|own| own == *name)).copied().collect();
    if !absent.is_empty() {
        let absent = absent.join(", ");
        problems.add(
            line,
            None,
            Text::new(
                format!("列 {absent} がないため、このファイルは使いません。見出しに加えてください。"),
                format!("there is no column {absent}, so that this file is not used: add it to the header"),
            ),
        );
        return;
    }
    while let Some((line, record)) = rows.next() {
        if let Some(message) = table::beyond(record, header.len()) {
            problems.add(line, None, message);
        }
        each(&Row { line, header: &header, record }, problems);
    }
    rows.check_quotes(problems);
}

impl Row<'_> {
    /// A field without blanks around it; empty if the file has no such column.
    pub(super) fn get(&self, column: &str) -> &str {
        let place = self.header.iter().position(|name| name == column);
        place.and_then(|place| self.record.get(place)).map_or("", str::trim)
    }

    /// A whole number; empty or anything else is none.
    pub(super) fn count(&self, column: &str) -> Option<u32> {
        narrow(self.get(column)).parse().ok()
    }

    /// A clock time in seconds; what is not empty and none is a problem.
    pub(super) fn time(&self, column: &str, problems: &mut Problems) -> Option<i32> {
        let value = self.get(column);
        let time = time(&narrow(value));
        if time.is_none() && !value.is_empty() {
            let value = quoted(value);
            problems.add(
                self.line,
                Some(column),
                Text::new(
                    format!("「{value}」は時刻として読めません。08:30:00 のように書いてください。"),
                    format!("\"{value}\" is not a time: write it as 08:30:00"),
                ),
            );
        }
        time
    }

    /// A date; what is none is a problem.
    pub(super) fn date(&self, column: &str, problems: &mut Problems) -> Option<Date> {
        let value = self.get(column);
        let date = date(&narrow(value));
        if date.is_none() {
            let value = quoted(value);
            problems.add(
                self.line,
                Some(column),
                Text::new(
                    format!("「{value}」は日付として読めません。20260401 のように書いてください。"),
                    format!("\"{value}\" is not a date: write it as 20260401"),
                ),
            );
        }
        date
    }

    /// A finite number; what is none is a problem.
    pub(super) fn number(&self, column: &str, problems: &mut Problems) -> Option<f64> {
        let value = self.get(column);
        let number = number(&narrow(value));
        if number.is_none() {
            let value = quoted(value);
            problems.add(
                self.line,
                Some(column),
                Text::new(format!("「{value}」は数ではありません。"), format!("\"{value}\" is not a number")),
            );
        }
        number
    }
}

/// Seconds from midnight of `H:MM:SS`, `HH:MM:SS` or `HH:MM`; hours go on past midnight, to 99.
fn time(text: &str) -> Option<i32> {
    let mut parts = text.split(':');
    let mut part = |most: i32| {
        let digits = parts.next()?;
        let plain = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|&value: &i32| plain && value <= most)
    };
    let (hours, minutes, seconds) = (part(99)?, part(59)?, if text.matches(':').count() == 2 { part(59)? } else { 0 });
    parts.next().is_none().then_some((hours * 60 + minutes) * 60 + seconds)
}

/// `YYYYMMDD`, of a year from 1970 to 2199.
fn date(text: &str) -> Option<Date> {
    let plain = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let digits: u32 = text.parse().ok().filter(|_| plain)?;
    let month = time::Month::try_from((digits / 100 % 100) as u8).ok()?;
    let year = (digits / 10_000) as i32;
    Date::from_calendar_date(year, month, (digits % 100) as u8).ok().filter(|_| (1970..2200).contains(&year))
}
