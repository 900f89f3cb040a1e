//! On which day a row's trip is, and when on it.

use std::collections::BTreeMap;

use csv::StringRecord;
use time::{Date, Duration};

use super::columns::{Column, Header};
use super::{DayRows, TripOptions};
use crate::scenario::{Scenario, Text};
use crate::table::moment::{Day, Moment, Order};
use crate::table::{narrow, number, quoted};
use crate::units::{Clock, Time};

/// Days that are listed.
const MOST_DAYS: usize = 1_000;
/// Japan Standard Time ahead of universal time, seconds.
const JST_S: i32 = 9 * 3_600;
/// Latitudes and longitudes between which Japan lies, from Hateruma to Etorofu.
const JAPAN: [(f64, f64); 2] = [(24.0, 46.0), (122.9, 149.0)];

/// Columns that tell a row's day, the first that does.
const TELLING: [Column; 3] = [Column::Date, Column::Earliest, Column::RequestTime];

const DAY_S: f64 = 86_400.0;
/// First and last second, from the day's midnight, of which a trip may speak.
const SPAN_S: [f64; 2] = [-DAY_S, 2.0 * DAY_S];

/// A date as it is written everywhere here.
pub(super) fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

/// Seconds by which a scenario's clock is ahead of universal time, where that is known: the contracts and the sun of its sites are
/// Japan's, and so is a town that lies there.
pub(super) fn zone_s(scenario: &Scenario) -> Option<i32> {
    let [(south, north), (west, east)] = JAPAN;
    let in_japan = |lat: f64, lng: f64| (south..=north).contains(&lat) && (west..=east).contains(&lng);
    let has_site = scenario.depots.iter().any(|depot| depot.site.is_some());
    let first = scenario.network.nodes.first();
    (has_site || first.is_some_and(|node| in_japan(node.lat, node.lng))).then_some(JST_S)
}

/// What a first reading of a file finds: its days, and in which order they write month and day.
#[derive(Default)]
pub(super) struct Days {
    /// Rows by day; those without a date stand under `None`.
    written: BTreeMap<Option<Day>, u32>,
    month_first: bool,
    day_first: bool,
}

impl Days {
    /// Takes in a row.
    pub(super) fn add(&mut self, header: &Header, record: &StringRecord, zone_s: Option<i32>) {
        let mut first = None;
        for column in TELLING {
            let field = field(header, record, column);
            match Moment::order(&field) {
                Some(Order::MonthFirst) => self.month_first = true,
                Some(Order::DayFirst) => self.day_first = true,
                None => {}
            }
            first = first.or_else(|| day(&field, column, zone_s));
        }
        *self.written.entry(first).or_default() += 1;
    }

    /// The order in which rows agree.
    fn order(&self) -> Option<Order> {
        match (self.month_first, self.day_first) {
            (true, false) => Some(Order::MonthFirst),
            (false, true) => Some(Order::DayFirst),
            _ => None,
        }
    }

    /// The days and how many rows each has, in their order.
    fn rows(&self) -> Vec<(Date, u32)> {
        let mut days: BTreeMap<Date, u32> = BTreeMap::new();
        for (day, rows) in &self.written {
            if let Some(date) = day.and_then(|day| day.date(self.order())) {
                *days.entry(date).or_default() += rows;
            }
        }
        days.into_iter().collect()
    }

    /// The day to take: the one asked for, else the one with the most rows, of equals the first.
    ///
    /// # Errors
    /// The day asked for is none of the file's.
    pub(super) fn choose(&self, options: &TripOptions) -> Result<Chosen, Text> {
        let days = self.rows();
        let most = days.iter().max_by_key(|&&(date, rows)| (rows, std::cmp::Reverse(date))).map(|(date, _)| *date);
        let date = match &options.date {
            Some(wanted) => {
                let read = Moment::parse(&narrow(wanted.trim())).and_then(|moment| moment.day?.date(None));
                let found = days.iter().find(|(date, _)| Some(*date) == read);
                Some(found.ok_or_else(|| no_such_day(wanted, &days))?.0)
            }
            None => most,
        };
        let mut listed = days;
        if listed.len() > MOST_DAYS {
            listed.sort_by_key(|&(date, rows)| (Some(date) != most, std::cmp::Reverse(rows), date));
            listed.truncate(MOST_DAYS);
            listed.sort_unstable();
        }
        let dates = listed.into_iter().map(|(date, rows)| DayRows { date: iso(date), rows }).collect();
        Ok(Chosen { date, order: self.order(), dates })
    }
}

fn no_such_day(wanted: &str, days: &[(Date, u32)]) -> Text {
    let wanted = quoted(wanted);
    let known: Vec<String> = days.iter().take(10).map(|(date, _)| iso(*date)).collect();
    if known.is_empty() {
        return Text::new(
            format!("ファイルに日付がないため、「{wanted}」の行を選べません。日付の指定を外してください。"),
            format!("the file has no dates, so none can be chosen: leave out \"{wanted}\""),
        );
    }
    let (known, more) = (known.join(", "), if days.len() > 10 { " …" } else { "" });
    Text::new(
        format!("「{wanted}」の行はありません。{known}{more} から選んでください。"),
        format!("no row is of \"{wanted}\": choose from {known}{more}"),
    )
}

/// The day whose rows are taken.
pub(super) struct Chosen {
    /// None if the file has no dates.
    pub(super) date: Option<Date>,
    order: Option<Order>,
    /// All days of the file.
    pub(super) dates: Vec<DayRows>,
}

/// Why a field is no time.
pub(super) enum NoTime {
    Unreadable,
    WithoutTime,
    Ambiguous(Date, Date),
    OutOfRange,
}

impl Chosen {
    /// The date of a row.
    pub(super) fn day(&self, header: &Header, record: &StringRecord, zone_s: Option<i32>) -> Option<Date> {
        TELLING.into_iter().find_map(|column| day(&field(header, record, column), column, zone_s)?.date(self.order))
    }

    /// Seconds from the chosen day's midnight that a field tells in a row of `row_day`, and whether it had an offset from universal
    /// time. What was asked for more than a day before is known when the day begins, so that it counts as asked for one before.
    pub(super) fn time_s(
        &self,
        text: &str,
        row_day: Option<Date>,
        zone_s: Option<i32>,
        is_call: bool,
    ) -> Result<(f64, bool), NoTime> {
        let within = |seconds: f64| (SPAN_S[0]..=SPAN_S[1]).contains(&seconds);
        if let Some(seconds) = number(text) {
            return if within(seconds) { Ok((seconds, false)) } else { Err(NoTime::OutOfRange) };
        }
        let moment = Moment::parse(text).ok_or(NoTime::Unreadable)?;
        let (day, time_s) = local(moment, zone_s);
        let mut time_s = time_s.ok_or(NoTime::WithoutTime)?;
        if let (Some(Day::Either { month_first, day_first }), None) = (day, self.order) {
            return Err(NoTime::Ambiguous(month_first, day_first));
        }
        let own = day.and_then(|day| day.date(self.order)).or(row_day);
        if let (Some(own), Some(date)) = (own, self.date) {
            time_s += DAY_S * (own - date).whole_days() as f64;
        }
        if is_call {
            time_s = time_s.max(SPAN_S[0]);
        }
        if within(time_s) { Ok((time_s, moment.offset_s.is_some())) } else { Err(NoTime::OutOfRange) }
    }
}

/// The day that a field of one of these columns tells; a date without a time is no time.
fn day(field: &str, column: Column, zone_s: Option<i32>) -> Option<Day> {
    if field.is_empty() || column != Column::Date && number(field).is_some() {
        return None;
    }
    let (day, time_s) = local(Moment::parse(field)?, zone_s);
    day.filter(|_| column == Column::Date || time_s.is_some())
}

/// Date and time on the clock of the town, where that is known, else as they are written.
fn local(moment: Moment, zone_s: Option<i32>) -> (Option<Day>, Option<f64>) {
    let Moment { day, time_s: Some(time_s), offset_s: Some(offset_s) } = moment else {
        return (moment.day, moment.time_s);
    };
    let Some(zone_s) = zone_s else { return (day, Some(time_s)) };
    let moved = time_s + f64::from(zone_s - offset_s);
    let within = moved.rem_euclid(DAY_S);
    match day {
        Some(Day::Certain(date)) => {
            let days = ((moved - within) / DAY_S) as i64;
            (date.checked_add(Duration::days(days)).map(Day::Certain), Some(within))
        }
        other => (other, Some(within)),
    }
}

/// A column's value without blanks around it, full-width digits and signs made narrow; empty if there is none.
pub(super) fn field<'r>(header: &Header, record: &'r StringRecord, column: Column) -> std::borrow::Cow<'r, str> {
    let place = header.places[column as usize];
    narrow(place.and_then(|place| record.get(place)).unwrap_or_default().trim())
}

/// Why a field is no time, and what to write.
pub(super) fn explained(reason: &NoTime, value: &str) -> Text {
    let value = quoted(value);
    match reason {
        NoTime::OutOfRange => Text::new(
            format!(
                "「{value}」は範囲外です。選んだ日の前日から翌日までの時刻、または 0 時からの秒数で -86400 以上 172800 以下にしてください。"
            ),
            format!(
                "\"{value}\" is out of range: give a time from the day before the chosen one to the day after it, or from -86400 to 172800 seconds from midnight"
            ),
        ),
        NoTime::WithoutTime => Text::new(
            format!("「{value}」は日付だけです。2026-04-01 08:30 のように時刻も書いてください。"),
            format!("\"{value}\" is a date without a time: write both, such as 2026-04-01 08:30"),
        ),
        NoTime::Ambiguous(a, b) => Text::new(
            format!(
                "「{value}」は {} とも {} とも読めます。年を先に 2026-04-01 08:30 のように書いてください。",
                iso(*a),
                iso(*b)
            ),
            format!("\"{value}\" may be {} or {}: write the year first, such as 2026-04-01 08:30", iso(*a), iso(*b)),
        ),
        NoTime::Unreadable => Text::new(
            format!(
                "「{value}」は時刻ではありません。08:30、2026-04-01 08:30、または 0 時からの秒数で書いてください。"
            ),
            format!("\"{value}\" is not a time: write 08:30, 2026-04-01 08:30, or seconds from midnight"),
        ),
    }
}

/// A time for a message.
pub(super) fn clock(seconds: f64) -> String {
    if seconds >= 0.0 { Clock(Time::from_s(seconds)).to_string() } else { format!("{seconds} s") }
}
