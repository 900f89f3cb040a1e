//! On which days trips run: `calendar.txt` and the exceptions of `calendar_dates.txt`. A feed may have either or both.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use time::{Date, Duration};

use super::Feed;
use super::file::Reader;
use crate::scenario::Text;
use crate::table::quoted;

/// Days of service under one id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Service {
    /// Unique id.
    pub id: String,
    /// Whether it runs on Mondays, Tuesdays …, within `span`.
    pub weekdays: [bool; 7],
    /// First and last date of the days of the week.
    pub span: Option<(Date, Date)>,
    /// Dates on which it runs besides.
    pub added: BTreeSet<Date>,
    /// Dates on which it does not run.
    pub removed: BTreeSet<Date>,
}

/// A date with service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ServiceDay {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Trips on it.
    pub trips: u32,
}

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Service {
    /// Whether it runs on a date. An exception counts before the day of the week.
    pub fn runs(&self, date: Date) -> bool {
        let weekday = self.weekdays[usize::from(date.weekday().number_days_from_monday())];
        let regular = weekday && self.span.is_some_and(|(from, until)| (from..=until).contains(&date));
        !self.removed.contains(&date) && (regular || self.added.contains(&date))
    }

    /// All dates on which it runs. O(days).
    fn dates(&self) -> BTreeSet<Date> {
        let mut dates = self.added.clone();
        if let Some((from, until)) = self.span {
            dates.extend(days(from).take_while(|&date| date <= until));
        }
        dates.retain(|&date| self.runs(date));
        dates
    }
}

/// Dates from one on.
pub(super) fn days(from: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(from), |date| date.next_day())
}

impl Feed {
    /// Every date with service and its trips, of some routes or, if none is given, of all. O(services x days).
    pub fn service_dates(&self, routes: &[usize]) -> BTreeMap<Date, u32> {
        let mut trips = vec![0; self.services.len()];
        for trip in self.trips.iter().filter(|trip| routes.is_empty() || routes.contains(&trip.route)) {
            trips[trip.service] += 1;
        }
        let mut dates = BTreeMap::new();
        for (service, &trips) in self.services.iter().zip(&trips).filter(|(_, trips)| **trips > 0) {
            for date in service.dates() {
                *dates.entry(date).or_default() += trips;
            }
        }
        dates
    }

    /// Why there is no service on a date, and which day to choose instead: the nearest with service, the later of two.
    pub(super) fn no_service(&self, routes: &[usize], date: Date) -> Text {
        let dates = self.service_dates(routes);
        let distance = |day: &Date| (*day - date).whole_days().abs();
        match dates
            .keys()
            .rev()
            .min_by_key(|day| distance(day))
            .zip(dates.first_key_value().zip(dates.last_key_value()))
        {
            Some((nearest, ((first, _), (last, _)))) => Text::new(
                format!(
                    "{date} に走る便はありません。いちばん近い運行日は {nearest} です（{first} から {last} まで）。"
                ),
                format!("no trip runs on {date}: the nearest day with service is {nearest} ({first} to {last})"),
            ),
            None => Text::new(
                "この路線にはどの日にも走る便がありません。calendar.txt を確かめるか、別の路線を選んでください。",
                "no trip runs here on any day: look at calendar.txt, or choose another route",
            ),
        }
    }
}

/// The seven dates from Monday to Sunday around a date.
pub(super) fn week(date: Date) -> [Date; 7] {
    let monday = date.checked_sub(Duration::days(date.weekday().number_days_from_monday().into())).unwrap_or(date);
    std::array::from_fn(|day| monday.checked_add(Duration::days(day as i64)).unwrap_or(monday))
}

/// All services, by their ids.
pub(super) fn read(reader: &mut Reader) -> BTreeMap<String, Service> {
    let mut services: BTreeMap<String, Service> = BTreeMap::new();
    reader.rows("calendar.txt", &["service_id", "start_date", "end_date"], |row, problems| {
        let id = row.get("service_id").to_owned();
        let (Some(from), Some(until)) = (row.date("start_date", problems), row.date("end_date", problems)) else {
            return;
        };
        if until < from {
            problems.add(
                row.line,
                Some("end_date"),
                Text::new(
                    format!("終わり（{until}）が始まり（{from}）より前なので、曜日による運行はありません。"),
                    format!(
                        "the end, {until}, is before the begin, {from}, so that its days of the week have no service"
                    ),
                ),
            );
        }
        let weekdays = DAYS.map(|day| row.get(day) == "1");
        let service = Service { id: id.clone(), weekdays, span: Some((from, until)), ..Service::default() };
        match services.entry(id) {
            Entry::Vacant(place) => {
                place.insert(service);
            }
            Entry::Occupied(first) => {
                problems.add(row.line, Some("service_id"), super::read::given_twice(first.key()));
            }
        }
    });
    reader.rows("calendar_dates.txt", &["service_id", "date", "exception_type"], |row, problems| {
        let id = row.get("service_id");
        let Some(date) = row.date("date", problems) else { return };
        let service =
            services.entry(id.to_owned()).or_insert_with(|| Service { id: id.to_owned(), ..Service::default() });
        let dates = match row.get("exception_type") {
            "1" => &mut service.added,
            "2" => &mut service.removed,
            other => {
                let other = quoted(other);
                let message = Text::new(
                    format!("「{other}」は例外の種類ではありません。1（運行）か 2（運休）にしてください。"),
                    format!("\"{other}\" is no kind of exception: write 1 (runs) or 2 (does not run)"),
                );
                return problems.add(row.line, Some("exception_type"), message);
            }
        };
        dates.insert(date);
    });
    services
}
