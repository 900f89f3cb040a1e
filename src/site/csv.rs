//! One series from a file: a load, a generation, prices, as a meter or a market writes them.
//!
//! The file is CSV as [`crate::demand::csv`] takes it: UTF-8 or Shift_JIS; commas, semicolons or tabs; full-width digits. One
//! row is one value, in the order of time. It may be
//!
//! - a single column of numbers, with or without a header;
//! - one or more columns of values beside the time, with a header;
//! - JEPX's table of spot prices: `年月日`, `時刻コード` from 1 to 48, and a column for each area.
//!
//! [`TIME_COLUMNS`] and [`SLOT_COLUMNS`] list the names of columns that tell the time; lines above a header with one of them
//! are passed over. Of several columns with values the caller chooses one by a part of its name; else the first is taken. A
//! decimal comma is understood where semicolons separate the fields, a comma between thousands elsewhere.
//!
//! There must be 24 or 48 values of a day, 168 or 336 of a week, or 8760, 8784, 17520 or 17568 of a year. Where rows have
//! times, each must follow the one before by the same hour or half hour, from midnight on; whether they mark the begin or the
//! end is the same. Where they have dates, a week may begin on any day and a year on any date: it is turned to begin on Monday
//! or January 1, so that JEPX's table of a fiscal year, from April on, can be taken as it is.
//!
//! A series with a hole is no series: there are either all the values or none, with the problems that say why.

#[cfg(test)]
mod tests;

use csv::StringRecord;
use serde::{Deserialize, Serialize};
use time::{Date, Month};

use super::profile::{is_valid_length, per_day};
use crate::scenario::Text;
use crate::table::{self, Encoding, Problems, RowProblem, Rows, narrow, normal, number, quoted};
use crate::units::Clock;

/// Most values of a series: the half hours of a leap year.
const MAX_VALUES: usize = 17_568;
/// Rows that may stand above the header.
const MAX_PREAMBLE: usize = 20;
const DAY_MIN: i64 = 1_440;

/// Columns that tell a date, a time or both. Capitals and hyphens or blanks do not matter.
pub const TIME_COLUMNS: [&str; 19] = [
    "time",
    "date",
    "datetime",
    "date_time",
    "timestamp",
    "hour",
    "day",
    "start",
    "end",
    "日時",
    "時刻",
    "時間",
    "日付",
    "年月日",
    "受渡日",
    "対象日",
    "時間帯",
    "開始",
    "終了",
];
/// Columns that count the half hours of a day from 1.
pub const SLOT_COLUMNS: [&str; 5] = ["時刻コード", "コマ", "slot", "time_code", "time_slot"];

/// What a file gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ImportedSeries {
    /// The values, in a number that a series may have; none if there is any problem.
    pub values: Vec<f64>,
    /// Name of the column that was read, if the file names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub column: Option<String>,
    /// Names of all columns with numbers, to choose from.
    pub columns: Vec<String>,
    /// Rows with anything in them, the header and what is above it not counted.
    pub rows: u32,
    /// How the text was written.
    pub encoding: Encoding,
    /// What is wrong, in the order of the file; at most 1,000 and one that counts the rest.
    pub problems: Vec<RowProblem>,
}

/// Reads one series: from the column whose name has `column` in it, or from the first one with numbers. The file may be
/// anything.
pub fn import(file: &[u8], column: Option<&str>, allow_negative: bool) -> ImportedSeries {
    let series = ImportedSeries {
        values: Vec::new(),
        column: None,
        columns: Vec::new(),
        rows: 0,
        encoding: Encoding::Utf8,
        problems: Vec::new(),
    };
    let mut import = Import { column, allow_negative, series, problems: Problems::default() };
    match table::decode(file) {
        Ok((text, encoding)) => {
            import.series.encoding = encoding;
            import.text(&table::one_line_end(&text));
        }
        Err(message) => import.problems.add(1, None, message),
    }
    let problems = import.problems.finish();
    let values = if problems.is_empty() { import.series.values } else { Vec::new() };
    ImportedSeries { values, problems, ..import.series }
}

struct Import<'a> {
    column: Option<&'a str>,
    allow_negative: bool,
    series: ImportedSeries,
    problems: Problems,
}

impl Import<'_> {
    fn text(&mut self, text: &str) {
        let semicolons = delimiter(text) == b';';
        let mut rows = Rows::new(text, delimiter(text));
        let mut records: Vec<(u32, StringRecord)> = Vec::new();
        let mut count = 0;
        while let Some((line, record)) = rows.next() {
            count += 1;
            // What is beyond a year is only counted.
            if records.len() < MAX_VALUES + MAX_PREAMBLE {
                records.push((line, record.clone()));
            }
        }
        self.records(&records, count, semicolons);
        rows.check_quotes(&mut self.problems);
    }

    fn records(&mut self, records: &[(u32, StringRecord)], count: usize, semicolons: bool) {
        let Some(&(first_line, _)) = records.first() else {
            self.problems.add(
                1,
                None,
                Text::new(
                    "ファイルが空です。1 時間または 30 分ごとの値を、1 行に一つずつ書いてください。",
                    "the file is empty: write one value on each line, for each hour or half hour",
                ),
            );
            return;
        };
        let header = header(records, semicolons);
        let above = header.map_or(0, |index| index + 1);
        let data = &records[above..];
        self.series.rows = (count - above) as u32;
        let layout = Layout::new(header.map(|index| &records[index].1), data, semicolons);
        let named = layout.values.iter().filter_map(|&place| layout.name(place));
        self.series.columns = named.map(str::to_owned).collect();
        let value = match layout.choose(self.column) {
            Ok(value) => value,
            Err(message) => {
                let line = header.map_or(first_line, |index| records[index].0);
                return self.problems.add(line, None, message);
            }
        };
        self.series.column = layout.name(value).map(str::to_owned);

        let stamps: Vec<Option<Stamp>> = data.iter().map(|(_, record)| layout.stamp(record).ok()).collect();
        let step_min = step_min(&stamps);
        let regular = step_min.filter(|step_min| [30, 60].contains(step_min));
        if let (Some(step_min), None) = (step_min, regular) {
            let line = data.get(1).map_or(first_line, |(line, _)| *line);
            self.problems.add(
                line,
                None,
                Text::new(
                    format!("行の間が {step_min} 分です。1 時間または 30 分ごとの値（平均）にまとめてください。"),
                    format!("the rows are {step_min} minutes apart: make means of hours or half hours of them"),
                ),
            );
        }
        for (index, (line, record)) in data.iter().enumerate() {
            if let Some(message) = table::beyond(record, layout.width) {
                self.problems.add(*line, None, message);
            }
            let time_column = layout.times.first().and_then(|&(place, _)| layout.name(place));
            match (layout.stamp(record), regular) {
                (Err((place, message)), _) => self.problems.add(*line, layout.name(place), message),
                (Ok(stamp), Some(step_min)) => {
                    let before = index.checked_sub(1).and_then(|before| stamps[before]);
                    let message = match before {
                        Some(before) => out_of_step(before, stamp, step_min),
                        None if index == 0 => late_start(stamp, step_min),
                        None => None,
                    };
                    if let Some(message) = message {
                        self.problems.add(*line, time_column, message);
                    }
                }
                (Ok(_), None) => {}
            }
            match read_value(record.get(value).unwrap_or_default(), semicolons, self.allow_negative) {
                Ok(number) => self.series.values.push(number),
                Err(message) => self.problems.add(*line, layout.name(value), message),
            }
        }
        let line = data.last().map_or(first_line, |(line, _)| *line);
        if let Err(message) = self.arrange(&stamps, regular, count - above) {
            self.problems.add(line, None, message);
        }
    }

    /// Checks that the rows are a day, a week or a year, and turns it to its beginning.
    fn arrange(&mut self, stamps: &[Option<Stamp>], step_min: Option<i64>, count: usize) -> Result<(), Text> {
        if count == 1 || !is_valid_length(count) {
            return Err(Text::new(
                format!(
                    "値が {count} 行あります。1 日（24 か 48）、1 週間（168 か 336）、1 年（8760、8784、17520、17568）のどれかになるように、1 時間または 30 分ごとに 1 行を書いてください。"
                ),
                format!(
                    "{count} rows of values are neither a day (24 or 48) nor a week (168 or 336) nor a year (8760, 8784, 17520 or 17568): give one row for each hour or half hour of one of these"
                ),
            ));
        }
        let per_day = per_day(count);
        if let Some(step_min) = step_min.filter(|&step_min| step_min * per_day as i64 != DAY_MIN) {
            let days = count as f64 * step_min as f64 / DAY_MIN as f64;
            return Err(Text::new(
                format!(
                    "{step_min} 分ごとの {count} 行は {days} 日分です。1 日、1 週間（7 日）、1 年（365 か 366 日）のどれかにしてください。"
                ),
                format!(
                    "{count} rows of {step_min} minutes are {days} days: give one day, one week (7 days) or one year (365 or 366 days)"
                ),
            ));
        }
        let Some(first_day) = stamps.first().copied().flatten().and_then(|stamp| stamp.day) else { return Ok(()) };
        let days = count / per_day;
        // With times the steps are right; dates alone must change once a day.
        let is_dated = |(row, stamp): (usize, &Option<Stamp>)| {
            stamp.is_none_or(|stamp| stamp.minute.is_some() || stamp.day == Some(first_day + (row / per_day) as i64))
        };
        if let Some(row) = stamps.iter().enumerate().position(|(row, stamp)| !is_dated((row, stamp))) {
            return Err(Text::new(
                format!(
                    "日付が順に並んでいません（{} 番目の値から）。日付ごとに {per_day} 行を、抜けなく書いてください。",
                    row + 1
                ),
                format!(
                    "the dates do not follow each other (from value {} on): give {per_day} rows for each date, without gaps",
                    row + 1
                ),
            ));
        }
        let Some(start) = turn_days(first_day, days) else {
            return Err(Text::new(
                format!(
                    "日付のある {days} 日分の値が、ちょうど 1 年になっていません。1 年後の前日までの行を、抜けなく書いてください。"
                ),
                format!(
                    "{days} dated days are not exactly one year: give all rows up to the day before the same date of the next year"
                ),
            ));
        };
        // Where a row is bad, there are fewer values, and none in the end.
        if self.series.values.len() == count {
            self.series.values.rotate_left(start * per_day);
        }
        Ok(())
    }
}

/// The separator: tabs and semicolons are hardly ever anything else, so either is it once it is in most of the first lines.
fn delimiter(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(MAX_PREAMBLE).collect();
    let in_most = |byte: &u8| 2 * lines.iter().filter(|line| line.as_bytes().contains(byte)).count() > lines.len();
    [b'\t', b';'].into_iter().find(in_most).unwrap_or(b',')
}

/// Which record is the header: the first that names a time, before any row that is one of values; else the first, if it has
/// no number.
fn header(records: &[(u32, StringRecord)], semicolons: bool) -> Option<usize> {
    for (index, (_, record)) in records.iter().enumerate().take(MAX_PREAMBLE) {
        let names_time = |field: &str| {
            let name = normal(field);
            TIME_COLUMNS.contains(&&*name) || SLOT_COLUMNS.contains(&&*name)
        };
        if record.iter().any(names_time) {
            return Some(index);
        }
        let filled = || record.iter().filter(|field| !field.trim().is_empty());
        if filled().all(|field| parse(field, semicolons).is_some() || read_time(field).is_ok()) {
            break;
        }
    }
    let has_number = |record: &StringRecord| record.iter().any(|field| parse(field, semicolons).is_some());
    records.first().filter(|(_, record)| !has_number(record)).map(|_| 0)
}

/// What a column that tells the time tells.
#[derive(Clone, Copy, PartialEq)]
enum Tells {
    Time,
    Slot,
}

/// Which column is what.
struct Layout {
    names: Vec<String>,
    width: usize,
    times: Vec<(usize, Tells)>,
    /// Other columns with a number in any row.
    values: Vec<usize>,
}

impl Layout {
    fn new(header: Option<&StringRecord>, data: &[(u32, StringRecord)], semicolons: bool) -> Layout {
        let Some(first) = header.or(data.first().map(|(_, record)| record)) else {
            return Layout { names: Vec::new(), width: 0, times: Vec::new(), values: Vec::new() };
        };
        let width = first.len();
        let tells = |place: usize| {
            let name = header.map(|header| normal(&header[place]));
            match name.as_deref() {
                Some(name) if SLOT_COLUMNS.contains(&name) => Some(Tells::Slot),
                Some(name) => TIME_COLUMNS.contains(&name).then_some(Tells::Time),
                // Without names, what is a time and not a number.
                None => {
                    let field = &first[place];
                    (parse(field, semicolons).is_none() && read_time(field).is_ok()).then_some(Tells::Time)
                }
            }
        };
        let times: Vec<(usize, Tells)> =
            (0..width).filter_map(|place| tells(place).map(|tells| (place, tells))).collect();
        let has_number = |place: usize| {
            data.iter().any(|(_, record)| record.get(place).is_some_and(|field| parse(field, semicolons).is_some()))
        };
        let is_time = |place: usize| times.iter().any(|&(time, _)| time == place);
        let values = (0..width).filter(|&place| !is_time(place) && has_number(place)).collect();
        let names = header.map_or(Vec::new(), |header| header.iter().map(|name| name.trim().to_owned()).collect());
        Layout { names, width, times, values }
    }

    fn name(&self, place: usize) -> Option<&str> {
        self.names.get(place).map(|name| &**name).filter(|name| !name.is_empty())
    }

    /// The column to read: of those with the wanted words in their name the one that has nothing else, or the first.
    fn choose(&self, wanted: Option<&str>) -> Result<usize, Text> {
        let Some(&first) = self.values.first() else {
            return Err(Text::new(
                "数の列がありません。見出しの下に、1 行に一つの値を数だけで書いてください。",
                "there is no column of numbers: below the header write one value on each line, with nothing but digits",
            ));
        };
        if self.names.is_empty() && self.values.len() > 1 {
            return Err(Text::new(
                "数の列がいくつもあり、見出しがありません。time,load_kw のような見出しを 1 行目に付けてください。",
                "there are several columns of numbers and no header: add a first line such as time,load_kw",
            ));
        }
        let wanted = normal(wanted.unwrap_or_default());
        if self.names.is_empty() || wanted.is_empty() {
            return Ok(first);
        }
        let name = |place: &usize| normal(self.name(*place).unwrap_or_default());
        let exact = self.values.iter().find(|place| name(place) == wanted);
        exact.or(self.values.iter().find(|place| name(place).contains(&wanted))).copied().ok_or_else(|| {
            let names: Vec<_> = self.values.iter().filter_map(|&place| self.name(place)).map(quoted).collect();
            let (wanted, names) = (quoted(&wanted), names.join(", "));
            Text::new(
                format!("名前に「{wanted}」を含む数の列がありません。{names} から選んでください。"),
                format!("no column of numbers has \"{wanted}\" in its name: choose from {names}"),
            )
        })
    }

    /// The time that a row tells; or which column tells none, and why.
    fn stamp(&self, record: &StringRecord) -> Result<Stamp, (usize, Text)> {
        let mut stamp = Stamp { day: None, minute: None };
        for &(place, tells) in &self.times {
            let field = record.get(place).unwrap_or_default();
            let told = match tells {
                Tells::Time => read_time(field),
                Tells::Slot => read_slot(field),
            };
            let told = told.map_err(|message| (place, message))?;
            // The first column that tells something counts: of begin and end it is the begin.
            stamp = Stamp { day: stamp.day.or(told.day), minute: stamp.minute.or(told.minute) };
        }
        Ok(stamp)
    }
}

/// What a row says of its time.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stamp {
    /// Julian day.
    day: Option<i64>,
    /// Minutes from midnight.
    minute: Option<i64>,
}

impl Stamp {
    /// Minutes from another one to this one; without dates from 0 to a day.
    fn since(self, before: Stamp) -> Option<i64> {
        let minutes = self.minute? - before.minute?;
        match (self.day, before.day) {
            (Some(day), Some(day_before)) => Some((day - day_before) * DAY_MIN + minutes),
            _ => Some(minutes.rem_euclid(DAY_MIN)),
        }
    }
}

/// Minutes from row to row: an hour or half an hour, whichever is more frequent; if neither is, what the first two rows
/// have; none if the rows tell no times.
fn step_min(stamps: &[Option<Stamp>]) -> Option<i64> {
    let gaps: Vec<i64> = stamps.windows(2).filter_map(|pair| pair[1]?.since(pair[0]?)).collect();
    let count = |step: i64| gaps.iter().filter(|&&gap| gap == step).count();
    match (count(30), count(60)) {
        (0, 0) => gaps.first().copied(),
        (halves, hours) => Some(if halves > hours { 30 } else { 60 }),
    }
}

fn out_of_step(before: Stamp, stamp: Stamp, step_min: i64) -> Option<Text> {
    let gap = stamp.since(before).filter(|&gap| gap != step_min)?;
    Some(Text::new(
        format!(
            "前の行との間が {gap} 分で、{step_min} 分ではありません。1 時間または 30 分ごとの行を、抜けや重なりなく順に並べてください。"
        ),
        format!(
            "{gap} minutes after the row before, not {step_min}: give a row for each hour or half hour in order, none missing and none twice"
        ),
    ))
}

fn late_start(stamp: Stamp, step_min: i64) -> Option<Text> {
    let minute = stamp.minute.filter(|&minute| minute > step_min)?;
    let time = Clock(crate::units::Time(minute as i32 * 60_000));
    Some(Text::new(
        format!("最初の行が {time} です。0 時の行から始めてください。"),
        format!("the first row is at {time}: begin with midnight"),
    ))
}

/// How many days after a series' first one it begins when it is turned to Monday or January 1; none if it is dated and not
/// exactly a year.
fn turn_days(first_day: i64, days: usize) -> Option<usize> {
    if days == 1 {
        return Some(0);
    }
    let first = Date::from_julian_day(i32::try_from(first_day).ok()?).ok()?;
    if days == 7 {
        return Some((7 - usize::from(first.weekday().number_days_from_monday())) % 7);
    }
    let new_year = Date::from_ordinal_date(first.year() + 1, 1).ok()?;
    // A year from February 29 on ends with a February 28.
    let next = Date::from_calendar_date(first.year() + 1, first.month(), first.day())
        .or_else(|_| Date::from_calendar_date(first.year() + 1, Month::March, 1))
        .ok()?;
    if i64::from(next.to_julian_day()) - first_day != days as i64 {
        return None;
    }
    let until = (i64::from(new_year.to_julian_day()) - first_day) as usize;
    Some(if first.ordinal() == 1 { 0 } else { until })
}

/// Reads a value.
fn read_value(field: &str, semicolons: bool, allow_negative: bool) -> Result<f64, Text> {
    let value = narrow(field.trim());
    match parse(field, semicolons) {
        Some(number) if number >= 0.0 || allow_negative => Ok(number),
        Some(_) => Err(Text::new(
            format!("「{}」は負の数です。0 以上の数にしてください。", quoted(&value)),
            format!("\"{}\" is negative: give 0 or more", quoted(&value)),
        )),
        None if value.is_empty() => Err(Text::new(
            "空です。値を数で書いてください（値がない行は行ごと除くのではなく、見積もりの値を入れてください）。",
            "empty: write a number (where it is not known, an estimate; without it all later values would move)",
        )),
        None => Err(Text::new(
            format!("「{}」は数ではありません。単位を付けずに 12.5 のように書いてください。", quoted(&value)),
            format!("\"{}\" is not a number: write it like 12.5, without a unit", quoted(&value)),
        )),
    }
}

/// A number as people write it: `1234.5`, `1,234.5`; where semicolons separate the fields also `1234,5` and `1.234,5`.
fn parse(field: &str, semicolons: bool) -> Option<f64> {
    let text = narrow(field.trim());
    if let Some(plain) = number(&text) {
        return Some(plain);
    }
    match text.split_once(',') {
        Some((whole, part)) if semicolons && !part.contains(',') => {
            let whole = if whole.contains('.') { joined(whole, '.')? } else { whole.to_owned() };
            number(&format!("{whole}.{part}"))
        }
        Some(_) => {
            let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
            number(&format!("{}.{part}", joined(whole, ',')?))
        }
        None => None,
    }
}

/// A whole number without the separators between its thousands.
fn joined(whole: &str, separator: char) -> Option<String> {
    let (sign, digits) = if whole.starts_with(['-', '+']) { whole.split_at(1) } else { ("", whole) };
    let groups: Vec<&str> = digits.split(separator).collect();
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let sound = (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
    (sound && groups.iter().all(|group| digits(group))).then(|| sign.to_owned() + &groups.concat())
}

/// Reads the number of a half hour, from 1.
fn read_slot(field: &str) -> Result<Stamp, Text> {
    let text = narrow(field.trim());
    let slot = table::whole(&text).filter(|slot| (1..=48).contains(slot));
    slot.map(|slot| Stamp { day: None, minute: Some(i64::from(slot - 1) * 30) }).ok_or_else(|| {
        Text::new(
            format!("「{}」は時刻コードではありません。1 から 48 の整数にしてください。", quoted(&text)),
            format!("\"{}\" is not the number of a half hour: give a whole number from 1 to 48", quoted(&text)),
        )
    })
}

/// Reads a date, a time or both: `2025-04-01`, `2025/4/1 0:30`, `20250401`, `2025年4月1日 0時30分`, `0:30～1:00` (its begin), an
/// hour from 0 to 24, ISO 8601 with the offset of local time.
fn read_time(field: &str) -> Result<Stamp, Text> {
    let text = narrow(field.trim());
    stamp_of(&text).ok_or_else(|| {
        let shown = quoted(&text);
        if text.ends_with(['Z', 'z']) {
            return Text::new(
                format!("「{shown}」は協定世界時です。日本時間の 2025-04-01 00:30 のように書いてください。"),
                format!("\"{shown}\" is in universal time: write local time, such as 2025-04-01 00:30"),
            );
        }
        Text::new(
            format!(
                "「{shown}」は日時ではありません。2025-04-01 00:30、2025-04-01、00:30 のどれかの形で書いてください。"
            ),
            format!("\"{shown}\" is neither a date nor a time: write 2025-04-01 00:30, 2025-04-01 or 00:30"),
        )
    })
}

fn stamp_of(text: &str) -> Option<Stamp> {
    let mut text = text.to_owned();
    // A day of the week in brackets.
    while let Some((open, close)) = text.find('(').and_then(|open| Some((open, open + text[open..].find(')')?))) {
        text.replace_range(open..=close, " ");
    }
    let text = text.replace(['年', '月'], "/").replace('日', " ").replace('時', ":").replace('分', "");
    let mut stamp = Stamp { day: None, minute: None };
    let mut words = 0;
    for word in text.split(|c: char| c.is_whitespace() || c == 'T') {
        if word.is_empty() {
            continue;
        }
        words += 1;
        if word.contains(':') && stamp.minute.is_none() {
            stamp.minute = Some(minute_of(word)?);
        } else if let Some(day) = day_of(word).filter(|_| stamp.day.is_none()) {
            stamp.day = Some(day);
        } else if words == 1 {
            // An hour alone, and nothing after it.
            let hour = number(word).filter(|hour| (0.0..=24.0).contains(hour) && (hour * 2.0).fract() == 0.0)?;
            stamp.minute = Some((hour * 60.0) as i64);
        } else {
            return None;
        }
    }
    (words > 0).then_some(stamp)
}

/// `0:30`, `00:30:00.000`, `0:` (from 0時), `0:30~1:00`, `00:30:00+09:00`; whole minutes.
fn minute_of(word: &str) -> Option<i64> {
    let begin = word.split(['~', '〜', '-', '+', '.']).next()?;
    let clock = if begin.ends_with(':') { Clock::parse(&format!("{begin}00")) } else { Clock::parse(begin) }?;
    Some(i64::from(clock.0.0) / 60_000)
}

/// Julian day of `2025-04-01`, `2025/4/1`, `2025.4.1` or `20250401`.
fn day_of(word: &str) -> Option<i64> {
    let digits =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u16>().ok()).flatten();
    let (year, month, day) = if word.len() == 8 && word.is_ascii() && !word.contains(['-', '/', '.']) {
        (digits(&word[..4])?, digits(&word[4..6])?, digits(&word[6..])?)
    } else {
        let mut parts = word.split(['-', '/', '.']);
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if year.len() != 4 || parts.next().is_some() {
            return None;
        }
        (digits(year)?, digits(month)?, digits(day)?)
    };
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()?;
    Some(i64::from(date.to_julian_day()))
}
