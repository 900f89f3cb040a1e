//! A scenario's on-demand service as a GTFS-Flex archive: for route planners, and for the next tool.
//!
//! All stops are one group in which riders may travel from any to any other, on each day of the week within its hours; names are
//! Japanese with English translations; fares are given for each pair of zones. The same scenario gives the same bytes, and
//! [`super::flex::apply`] finds the same hours, stops and fares in them. What the format has no place for is noted: limits on
//! waiting and detours, surcharges, what kind of place a stop is.

use std::borrow::Cow;
use std::collections::BTreeMap;

use time::{Date, Duration};

use super::{archive, calendar};
use crate::scenario::{Scenario, Text, Weekday};
use crate::units::Time;

/// Id of the route, the company and the rule for bookings, of which there is one each.
const ONE: &str = "on-demand";
/// An address that nobody has (RFC 2606), since the format demands one.
const NO_ADDRESS: &str = "https://example.org/";

/// An archive and what it does not say.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    /// The bytes of the zip archive.
    pub archive: Vec<u8>,
    /// What of the scenario has no place in the format, or had to be made up.
    pub notes: Vec<Text>,
}

/// Writes a valid scenario's service.
pub fn export(scenario: &Scenario) -> Exported {
    let mut notes = Vec::new();
    let mut tables = Tables::default();
    let mut note = |ja: &str, en: &str| notes.push(Text::new(ja, en));
    let name = &scenario.name;
    let address = address(&scenario.sources).unwrap_or_else(|| {
        note(
            "出典に URL がないため、事業者の URL は仮のもの（example.org）です。agency.txt を書き直してください。",
            "no source has an address, so that the company's is a placeholder (example.org): correct agency.txt",
        );
        NO_ADDRESS
    });
    let monday = calendar::week(scenario.date().expect("a valid scenario has a date"))[0];
    let (first, last) = (date(monday), date(monday.saturating_add(Duration::days(53 * 7 - 1))));

    tables.add(
        "agency.txt",
        "agency_id,agency_name,agency_url,agency_timezone,agency_lang",
        &[ONE, &name.ja, address, "Asia/Tokyo", "ja"],
    );
    tables.translate("agency", "agency_name", ONE, name);
    tables.add(
        "feed_info.txt",
        "feed_publisher_name,feed_publisher_url,feed_lang,feed_start_date,feed_end_date,feed_version",
        &[&name.ja, address, "ja", &first, &last, &scenario.day.date],
    );
    let route = Text::new(format!("{} デマンド交通", name.ja), format!("{} on-demand", name.en));
    tables.add("routes.txt", "route_id,agency_id,route_long_name,route_type", &[ONE, ONE, &route.ja, "3"]);
    tables.translate("routes", "route_long_name", ONE, &route);

    let mut group = String::from("all");
    while scenario.stops.iter().any(|stop| stop.id == group) {
        group.push('-');
    }
    tables.add("location_groups.txt", "location_group_id,location_group_name", &[&group, &name.ja]);
    tables.translate("location_groups", "location_group_name", &group, name);
    for stop in &scenario.stops {
        let node = &scenario.network.nodes[stop.node as usize];
        let (lat, lng) = (node.lat.to_string(), node.lng.to_string());
        tables.add(
            "stops.txt",
            "stop_id,stop_name,stop_lat,stop_lon,zone_id,location_type",
            &[&stop.id, &stop.name.ja, &lat, &lng, &stop.zone, "0"],
        );
        tables.translate("stops", "stop_name", &stop.id, &stop.name);
        tables.add("location_group_stops.txt", "location_group_id,stop_id", &[&group, &stop.id]);
    }

    let message = "予約は、乗車したいときにその場で、または前もってできます。";
    tables.add("booking_rules.txt", "booking_rule_id,booking_type,message", &[ONE, "0", message]);
    for (number, hours) in scenario.service.hours.iter().enumerate() {
        let service = format!("hours-{}", number + 1);
        let runs = |day: Weekday| if hours.days.contains(&day) { "1" } else { "0" };
        use Weekday::*;
        tables.add(
            "calendar.txt",
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
            &[&service, runs(Mon), runs(Tue), runs(Wed), runs(Thu), runs(Fri), runs(Sat), runs(Sun), &first, &last],
        );
        tables.add("trips.txt", "trip_id,route_id,service_id", &[&service, ONE, &service]);
        let (opens, closes) = (clock(hours.opens.0), clock(hours.closes.0));
        // 2: after booking; 1: not at all. Two rows of one group are a ride within it.
        for (sequence, pickup, drop_off) in [("1", "2", "1"), ("2", "1", "2")] {
            tables.add(
                "stop_times.txt",
                "trip_id,stop_sequence,location_group_id,start_pickup_drop_off_window,end_pickup_drop_off_window,\
                 pickup_type,drop_off_type,pickup_booking_rule_id,drop_off_booking_rule_id",
                &[&service, sequence, &group, &opens, &closes, pickup, drop_off, ONE, ONE],
            );
        }
    }

    let zones = &scenario.fares.zones;
    for zone in zones {
        let price = zone.adult_yen.to_string();
        tables.once(
            "fare_attributes.txt",
            "fare_id,price,currency_type,payment_method,transfers",
            &[&format!("yen-{price}"), &price, "JPY", "0", "0"],
        );
        for other in zones {
            let fare = format!("yen-{}", zone.adult_yen.max(other.adult_yen));
            tables.add(
                "fare_rules.txt",
                "fare_id,route_id,origin_id,destination_id",
                &[&fare, ONE, &zone.id, &other.id],
            );
        }
    }
    if let Some(night) = &scenario.fares.night {
        let (from, yen) = (night.from, night.surcharge_yen);
        note(
            &format!("{from} からの割増（{yen} 円）は書けません。"),
            &format!("the surcharge of {yen} yen from {from} has no place in the format"),
        );
    }
    note(
        "待ち時間・迂回・乗車時間の約束、停留所の種類と重みは書けません。",
        "promises of waiting, detours and time aboard, and the stops' categories and weights have no place in the format",
    );
    let archive = archive::pack(tables.files());
    Exported { archive, notes }
}

/// Tables by file, on their way to be written.
#[derive(Default)]
struct Tables {
    files: BTreeMap<&'static str, Vec<Vec<String>>>,
}

impl Tables {
    /// Adds a row; the first one also makes the header.
    fn add(&mut self, file: &'static str, header: &str, row: &[&str]) {
        let owned = |row: &[&str]| row.iter().map(|field| field.to_string()).collect();
        let rows = self.files.entry(file).or_insert_with(|| vec![header.split(',').map(str::to_owned).collect()]);
        rows.push(owned(row));
    }

    /// Adds a row unless it is there.
    fn once(&mut self, file: &'static str, header: &str, row: &[&str]) {
        if !self.files.get(file).is_some_and(|rows| rows.iter().any(|own| own == row)) {
            self.add(file, header, row);
        }
    }

    /// The English name of a record.
    fn translate(&mut self, table: &str, field: &str, record: &str, name: &Text) {
        let header = "table_name,field_name,language,translation,record_id";
        self.add("translations.txt", header, &[table, field, "en", &name.en, record]);
    }

    fn files(&self) -> impl Iterator<Item = (&'static str, Cow<'static, [u8]>)> {
        self.files.iter().map(|(name, rows)| {
            let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
            rows.iter().for_each(|row| writer.write_record(row).expect("memory takes rows of one width"));
            (*name, writer.into_inner().expect("memory takes bytes").into())
        })
    }
}

/// `YYYYMMDD`.
fn date(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day())
}

/// `HH:MM:SS`.
fn clock(time: Time) -> String {
    let seconds = time.0 / 1_000;
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// The first address among the sources.
fn address(sources: &[String]) -> Option<&str> {
    sources.iter().find_map(|source| {
        let from = source.find("https://").or_else(|| source.find("http://"))?;
        source[from..].split(|c: char| c.is_whitespace() || "、。，（）()<>\"".contains(c)).next()
    })
}
