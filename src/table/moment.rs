//! Dates and clock times as people, Excel and other programs write them in Japan.
//!
//! | written | means |
//! | --- | --- |
//! | `8:05`, `08:05:30`, `8時5分`, `午後3:05`, `3:05 PM`, `25:10` | a clock time; hours go on past midnight, to 47 |
//! | `2026-04-01`, `2026/4/1`, `2026.4.1`, `20260401`, `2026年4月1日(水)`, `令和8年4月1日`, `R8.4.1` | a date |
//! | `4/13/2026`, `13/4/2026` | a date whose order the 13 tells; `4/1/2026` needs another row's 13 |
//! | `2026-04-01T08:05`, `2026/4/1 8:05`, `2026-03-31T23:05:00Z`, `2026-04-01 08:05+09:00` | both, ISO 8601's offset from universal time included |

use time::{Date, Month};

/// The year before the first of Reiwa, which began in 2019.
const REIWA: i32 = 2018;

/// What a field tells; what it does not tell is absent.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Moment {
    /// The date.
    pub(crate) day: Option<Day>,
    /// Seconds from the date's midnight.
    pub(crate) time_s: Option<f64>,
    /// Seconds by which the clock is ahead of universal time.
    pub(crate) offset_s: Option<i32>,
}

/// A date as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Day {
    /// There is one way to read it.
    Certain(Date),
    /// One of them has the month first, the other the day.
    Either {
        /// As in `month/day/year`.
        month_first: Date,
        /// As in `day/month/year`.
        day_first: Date,
    },
}

/// Which comes first where the year is last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// As in the United States.
    MonthFirst,
    /// As in Europe.
    DayFirst,
}

impl Day {
    /// The date, if it is certain, or becomes so once the order is known.
    pub(crate) fn date(self, order: Option<Order>) -> Option<Date> {
        match (self, order) {
            (Day::Certain(date), _) => Some(date),
            (Day::Either { month_first, .. }, Some(Order::MonthFirst)) => Some(month_first),
            (Day::Either { day_first, .. }, Some(Order::DayFirst)) => Some(day_first),
            (Day::Either { .. }, None) => None,
        }
    }
}

impl Moment {
    /// Reads a field whose full-width letters have been made narrow; `None` if it is neither date nor time.
    pub(crate) fn parse(text: &str) -> Option<Moment> {
        let plain = plain(text);
        let mut moment = Moment::default();
        let mut half: Option<f64> = None;
        for word in plain.split_whitespace() {
            match word {
                "AM" if half.is_none() => half = Some(0.0),
                "PM" if half.is_none() => half = Some(12.0),
                "Z" | "UTC" | "GMT" if moment.offset_s.is_none() => moment.offset_s = Some(0),
                "JST" if moment.offset_s.is_none() => moment.offset_s = Some(9 * 3_600),
                _ if moment.time_s.is_some() && moment.offset_s.is_none() && word.starts_with(['+', '-']) => {
                    moment.offset_s = Some(offset(word)?);
                }
                _ if word.contains(':') && moment.time_s.is_none() => {
                    let (time, after) = word.split_at(word.find(['Z', '+', '-']).unwrap_or(word.len()));
                    moment.time_s = Some(clock(time)?);
                    if !after.is_empty() {
                        moment.offset_s = Some(offset(after)?);
                    }
                }
                _ if moment.day.is_none() => moment.day = Some(day(word)?),
                _ => return None,
            }
        }
        if let Some(noon_h) = half {
            // 12:30 AM is half an hour after midnight, 12:30 PM after noon.
            let time_s = moment.time_s.filter(|time_s| *time_s < 13.0 * 3_600.0)?;
            moment.time_s = Some(time_s % (12.0 * 3_600.0) + noon_h * 3_600.0);
        }
        (moment.day.is_some() || moment.time_s.is_some()).then_some(moment)
    }

    /// What it tells of the order of month and day: the one in which the number above 12 is a day.
    pub(crate) fn order(text: &str) -> Option<Order> {
        // Most dates begin with the year.
        if text.bytes().take(3).filter(u8::is_ascii_digit).count() == 3 {
            return None;
        }
        let plain = plain(text);
        plain.split_whitespace().find_map(|word| match year_last(word)? {
            (13.., 1..=12, _) => Some(Order::DayFirst),
            (1..=12, 13.., _) => Some(Order::MonthFirst),
            _ => None,
        })
    }
}

/// Date and time in words of figures and signs, with blanks between them.
fn plain(text: &str) -> String {
    let mut text = text.to_uppercase();
    // A day of the week in brackets.
    while let Some((open, close)) = text.find('(').and_then(|open| Some((open, open + text[open..].find(')')?))) {
        text.replace_range(open..=close, " ");
    }
    for (from, to) in [
        ("午前", " AM "),
        ("午後", " PM "),
        ("A.M.", " AM "),
        ("P.M.", " PM "),
        ("AM", " AM "),
        ("PM", " PM "),
        ("令和元年", "R1/"),
        ("令和", "R"),
        ("年", "/"),
        ("月", "/"),
        ("日", " "),
        ("時", ":"),
        ("分", ":"),
        ("秒", " "),
    ] {
        if text.contains(from) {
            text = text.replace(from, to);
        }
    }
    // ISO 8601's letter between date and time.
    match text.split_once('T') {
        Some((date, time)) if date.ends_with(|c: char| c.is_ascii_digit()) => format!("{date} {time}"),
        _ => text,
    }
}

/// Seconds of `8:05`, `08:05:30.5`, `8:5:` (from 8時5分), `8:` (from 8時).
fn clock(word: &str) -> Option<f64> {
    let parts: Vec<&str> = word.strip_suffix(':').unwrap_or(word).split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [hours] => (hours, "0", "0"),
        [hours, minutes] => (hours, minutes, "0"),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    let (seconds, part) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let hours = digits(hours, 2).filter(|&hours| hours < 48)?;
    let minutes = digits(minutes, 2).filter(|&minutes| minutes < 60)?;
    let seconds = digits(seconds, 2).filter(|&seconds| seconds < 60)?;
    digits(part, 9)?;
    let part: f64 = format!("0.{part}").parse().ok()?;
    Some(f64::from(hours * 3_600 + minutes * 60 + seconds) + part)
}

/// Seconds ahead of universal time: `Z`, `+09:00`, `+0900`, `-5`.
fn offset(word: &str) -> Option<i32> {
    if word == "Z" {
        return Some(0);
    }
    let (sign, rest) = word.split_at(1);
    let (hours, minutes) = match rest.split_once(':') {
        Some(parts) => parts,
        None => rest.split_at_checked(2).unwrap_or((rest, "")),
    };
    let hours = digits(hours, 2).filter(|&hours| hours <= 14)?;
    let minutes = if minutes.is_empty() { 0 } else { digits(minutes, 2).filter(|&minutes| minutes < 60)? };
    let ahead = (hours * 3_600 + minutes * 60) as i32;
    Some(if sign == "-" { -ahead } else { ahead })
}

/// `2026-04-01`, `2026/4/1`, `2026.4.1`, `20260401`, `R8/4/1`, `4/1/2026`.
fn day(word: &str) -> Option<Day> {
    if word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return date(digits(&word[..4], 4)?, digits(&word[4..6], 2)?, digits(&word[6..], 2)?).map(Day::Certain);
    }
    if let Some((first, second, year)) = year_last(word) {
        let (month_first, day_first) = (date(year, first, second), date(year, second, first));
        return match (month_first, day_first) {
            (Some(month_first), Some(day_first)) if month_first != day_first => {
                Some(Day::Either { month_first, day_first })
            }
            (date, other) => date.or(other).map(Day::Certain),
        };
    }
    let [year, month, day] = parts(word)?;
    let year = match year.strip_prefix('R') {
        Some(year) => digits(year, 2)? + REIWA as u32,
        None => digits(year, 4).filter(|_| year.len() == 4)?,
    };
    date(year, digits(month, 2)?, digits(day, 2)?).map(Day::Certain)
}

/// The three numbers of a date whose year comes last.
fn year_last(word: &str) -> Option<(u32, u32, u32)> {
    let [first, second, year] = parts(word)?;
    let year = digits(year, 4).filter(|_| year.len() == 4)?;
    Some((digits(first, 2)?, digits(second, 2)?, year))
}

fn parts(word: &str) -> Option<[&str; 3]> {
    let parts: Vec<&str> = word.split(['-', '/', '.']).collect();
    parts.try_into().ok()
}

fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?).ok()
}

/// A number of at most so many digits and nothing else.
fn digits(text: &str, most: usize) -> Option<u32> {
    let sound = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if sound { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn read(text: &str) -> Option<(Option<Day>, Option<f64>, Option<i32>)> {
        Moment::parse(text).map(|moment| (moment.day, moment.time_s, moment.offset_s))
    }

    #[test]
    fn reads_dates_and_times_as_they_are_written_in_japan_and_elsewhere() {
        let day = Some(Day::Certain(date!(2026 - 04 - 01)));
        // 8 x 3,600 + 5 x 60 = 29,100 s.
        for (text, expected) in [
            ("8:05", (None, Some(29_100.0), None)),
            ("08:05:30", (None, Some(29_130.0), None)),
            ("25:10", (None, Some(90_600.0), None)),
            ("8時5分", (None, Some(29_100.0), None)),
            ("8時", (None, Some(28_800.0), None)),
            ("午後3時05分", (None, Some(54_300.0), None)),
            ("12:30 AM", (None, Some(1_800.0), None)),
            ("12:30 pm", (None, Some(45_000.0), None)),
            ("2026-04-01", (day, None, None)),
            ("2026/4/1(水)", (day, None, None)),
            ("20260401", (day, None, None)),
            ("令和8年4月1日", (day, None, None)),
            ("R8.4.1", (day, None, None)),
            ("2026年4月1日 8時5分", (day, Some(29_100.0), None)),
            ("2026/4/1 8:05", (day, Some(29_100.0), None)),
            ("2026-04-01T08:05", (day, Some(29_100.0), None)),
            ("2026-04-01T08:05:30.5", (day, Some(29_130.5), None)),
            ("2026-04-01T08:05:00Z", (day, Some(29_100.0), Some(0))),
            ("2026-04-01T08:05:00+09:00", (day, Some(29_100.0), Some(32_400))),
            ("2026-04-01 08:05:00 +0900", (day, Some(29_100.0), Some(32_400))),
            ("2026-04-01 08:05 -05:30", (day, Some(29_100.0), Some(-19_800))),
            ("2026-04-01 08:05 JST", (day, Some(29_100.0), Some(32_400))),
            ("令和元年5月7日", (Some(Day::Certain(date!(2019 - 05 - 07))), None, None)),
            ("4/13/2026 8:05 AM", (Some(Day::Certain(date!(2026 - 04 - 13))), Some(29_100.0), None)),
            ("13/4/2026", (Some(Day::Certain(date!(2026 - 04 - 13))), None, None)),
            ("4/4/2026", (Some(Day::Certain(date!(2026 - 04 - 04))), None, None)),
        ] {
            assert_eq!(read(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_date_with_two_readings_waits_for_the_order() {
        let day = Moment::parse("4/1/2026 8:05 AM").and_then(|moment| moment.day).expect("a date");
        assert_eq!(day.date(None), None);
        assert_eq!(day.date(Some(Order::MonthFirst)), Some(date!(2026 - 04 - 01)));
        assert_eq!(day.date(Some(Order::DayFirst)), Some(date!(2026 - 01 - 04)));
        assert_eq!(Moment::order("4/13/2026 8:05"), Some(Order::MonthFirst));
        assert_eq!(Moment::order("13/4/2026"), Some(Order::DayFirst));
        assert_eq!(Moment::order("4/1/2026").or(Moment::order("2026/4/13")), None);
    }

    #[test]
    fn refuses_what_is_neither() {
        for text in [
            "",
            "soon",
            "8",
            "8:60",
            "48:00",
            "8:05:61",
            "8:05:00:00",
            "13:05 PM",
            "2026-13-01",
            "2026-02-29",
            "26-04-01",
            "2026/4",
            "2026-04-01 2026-04-02",
            "8:05 9:05",
            "+09:00",
            "AM",
            "2026-04-01T08:05+15:00",
            "R8",
            "8:05:1.",
            "T8:05",
            "(",
            "2026-04-01 AM",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
