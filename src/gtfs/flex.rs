//! On-demand service in a feed (GTFS-Flex): where and between which hours riders may be picked up, and how long before they book.
//!
//! A trip with windows instead of times goes wherever its riders want within its zones: groups of stops, areas, or single
//! stops. [`apply`] makes hours of service and meeting points of a scenario of it; what a booking rule asks for is told, since a
//! scenario's riders book as its demand says.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;
use time::Date;

use super::file::{Reader, Row};
use super::names::Names;
use super::read::{self, Ids, unknown};
use super::snap::{self, Snapper};
use super::{Feed, Trip, calendar};
use crate::scenario::{Clock, Hours, Scenario, Text, Zone as FareZone};
use crate::table::Problems;
use crate::units::Time;

/// The on-demand service of a feed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Flex {
    /// Where riders get on and off.
    pub zones: Vec<Zone>,
    /// How they book.
    pub rules: Vec<BookingRule>,
    /// When, where, on which days.
    pub trips: Vec<FlexTrip>,
}

/// A group of stops, or an area.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// Unique id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Stops of a group.
    pub stops: Vec<usize>,
    /// Rings of an area, `[lng, lat]`; what lies within an odd number of them is inside, so that holes and parts work alike.
    pub rings: Vec<Vec<[f64; 2]>>,
}

/// An entry of `booking_rules.txt`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BookingRule {
    /// Unique id.
    pub id: String,
    /// `booking_type`: 0 at once, 1 on the same day, 2 on a day before.
    pub kind: u32,
    /// Least minutes between booking and pick-up.
    pub notice_min: Option<u32>,
    /// Last day on which to book, counted back from that of the ride.
    pub last_day: Option<u32>,
    /// Until when on that day, in seconds from midnight.
    pub last_time_s: Option<i32>,
    /// Number to call.
    pub phone: String,
}

/// A trip without a timetable.
#[derive(Debug, Clone, PartialEq)]
pub struct FlexTrip {
    /// Unique id.
    pub id: String,
    /// Its route.
    pub route: usize,
    /// The days on which it runs.
    pub service: usize,
    /// In order.
    pub windows: Vec<Window>,
}

/// When riders may get on or off in a zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The zone.
    pub zone: usize,
    /// Begin in seconds after midnight of the service day.
    pub from_s: i32,
    /// End.
    pub until_s: i32,
    /// Riders get on.
    pub pickup: bool,
    /// Riders get off.
    pub drop_off: bool,
    /// How a pick-up is booked.
    pub pickup_rule: Option<usize>,
    /// How a drop-off is booked.
    pub drop_off_rule: Option<usize>,
}

/// A scenario with a feed's on-demand service, and what has to be said about it.
#[derive(Debug, Clone)]
pub struct Applied {
    /// Valid if the scenario given was.
    pub scenario: Scenario,
    /// Stops that it did not have before.
    pub added_stops: u32,
    /// What could not be taken over, and what booking rules ask for.
    pub notes: Vec<Text>,
}

/// Zones and rules by id.
#[derive(Default)]
pub(super) struct Places {
    zones: Ids,
    rules: Ids,
}

impl Zone {
    /// Whether a place, latitude and longitude, lies in the area. O(points).
    pub fn contains(&self, (lat, lng): (f64, f64)) -> bool {
        // A ray to the east crosses the border an odd number of times.
        let crossed = |a: [f64; 2], b: [f64; 2]| {
            (a[1] > lat) != (b[1] > lat) && lng < (b[0] - a[0]) * (lat - a[1]) / (b[1] - a[1]) + a[0]
        };
        let sides = self.rings.iter().flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
        sides.filter(|(a, b)| crossed(**a, **b)).count() % 2 == 1
    }
}

impl BookingRule {
    /// What it asks of a rider.
    fn text(&self) -> Text {
        match (self.kind, self.notice_min, self.last_day) {
            (0, ..) => Text::new("予約はその場でできます。", "rides may be booked at once"),
            (1, Some(minutes), _) => Text::new(
                format!("予約は乗車の {minutes} 分前までです。"),
                format!("rides are booked {minutes} minutes ahead or more"),
            ),
            (_, _, Some(days)) => {
                let until = self.last_time_s.map_or(String::new(), |time| Clock(Time(time * 1_000)).to_string());
                Text::new(
                    format!("予約は乗車の {days} 日前 {until} までです。"),
                    format!("rides are booked by {days} days before, {until}"),
                )
            }
            _ => Text::new("予約の期限は書かれていません。", "the feed does not say how long ahead rides are booked"),
        }
    }
}

/// Whether a row of `stop_times.txt` is a window.
pub(super) fn is_flexible(row: &Row) -> bool {
    !row.get("start_pickup_drop_off_window").is_empty() || !row.get("end_pickup_drop_off_window").is_empty()
}

/// Reads zones and rules.
pub(super) fn places(reader: &mut Reader, names: &Names, stops: &Ids, flex: &mut Flex) -> Places {
    let mut places = Places::default();
    reader.rows("location_groups.txt", &["location_group_id"], |row, problems| {
        let id = row.get("location_group_id");
        let name = names.text("location_groups", "location_group_name", id, row.get("location_group_name"));
        let zone = Zone { id: id.to_owned(), name, stops: Vec::new(), rings: Vec::new() };
        read::add(&mut flex.zones, &mut places.zones, row, "location_group_id", zone, problems);
    });
    reader.rows("location_group_stops.txt", &["location_group_id", "stop_id"], |row, problems| {
        match (places.zones.get(row.get("location_group_id")), stops.get(row.get("stop_id"))) {
            (Some(&group), Some(&stop)) => flex.zones[group].stops.push(stop),
            (None, _) => unknown(row, "location_group_id", problems),
            (_, None) => unknown(row, "stop_id", problems),
        }
    });
    areas(reader, names, flex, &mut places.zones);
    reader.rows("booking_rules.txt", &["booking_rule_id"], |row, problems| {
        let rule = BookingRule {
            id: row.get("booking_rule_id").to_owned(),
            kind: row.count("booking_type").unwrap_or(0),
            notice_min: row.count("prior_notice_duration_min"),
            last_day: row.count("prior_notice_last_day"),
            last_time_s: row.time("prior_notice_last_time", problems),
            phone: row.get("phone_number").to_owned(),
        };
        read::add(&mut flex.rules, &mut places.rules, row, "booking_rule_id", rule, problems);
    });
    places
}

/// Reads `locations.geojson`: polygons with an id and perhaps a `stop_name`.
fn areas(reader: &mut Reader, names: &Names, flex: &mut Flex, ids: &mut Ids) {
    const FILE: &str = "locations.geojson";
    let Some(bytes) = reader.bytes(FILE) else { return };
    let json: Value = match serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        Ok(json) => json,
        Err(error) => {
            let message =
                Text::new(format!("GeoJSON として読めません: {error}"), format!("not readable as GeoJSON: {error}"));
            return reader.warn(FILE, error.line() as u32, message);
        }
    };
    for (number, feature) in json["features"].as_array().into_iter().flatten().enumerate() {
        let text = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let geometry = &feature["geometry"];
        let polygons: Vec<&Value> = match geometry["type"].as_str() {
            Some("Polygon") => vec![&geometry["coordinates"]],
            Some("MultiPolygon") => geometry["coordinates"].as_array().into_iter().flatten().collect(),
            _ => Vec::new(),
        };
        let point = |point: &Value| Some([point[0].as_f64()?, point[1].as_f64()?]);
        let ring = |ring: &Value| -> Option<Vec<[f64; 2]>> { ring.as_array()?.iter().map(point).collect() };
        let rings: Option<Vec<_>> =
            polygons.iter().flat_map(|p| p.as_array().into_iter().flatten()).map(ring).collect();
        let id = text(&feature["id"]).or_else(|| text(&feature["properties"]["id"]));
        match (id, rings) {
            (Some(id), Some(rings)) if !rings.is_empty() && !ids.contains_key(&id) => {
                let name = text(&feature["properties"]["stop_name"]).unwrap_or_else(|| id.clone());
                let name = names.text("locations", "stop_name", &id, &name);
                ids.insert(id.clone(), flex.zones.len());
                flex.zones.push(Zone { id, name, stops: Vec::new(), rings });
            }
            _ => {
                let message = Text::new(
                    format!(
                        "{} 番目の区域には、ほかと違う id と Polygon か MultiPolygon が要ります。使いません。",
                        number + 1
                    ),
                    format!("area {} needs an id of its own and a Polygon or MultiPolygon: it is not used", number + 1),
                );
                reader.warn(FILE, 1, message);
            }
        }
    }
}

/// The window of a row, unless something in it is not known.
pub(super) fn window(
    row: &Row,
    places: &Places,
    stops: &Ids,
    flex: &mut Flex,
    own_zones: &mut BTreeMap<usize, usize>,
    problems: &mut Problems,
) -> Option<Window> {
    let from_s = row.time("start_pickup_drop_off_window", problems);
    let (from_s, until_s) = from_s.zip(row.time("end_pickup_drop_off_window", problems))?;
    if until_s <= from_s {
        let message = Text::new(
            "窓の終わりが始まりより後ではないため、この行は使いません。",
            "the window does not end after its begin, so that this row is not used",
        );
        problems.add(row.line, Some("end_pickup_drop_off_window"), message);
        return None;
    }
    let columns = ["location_group_id", "location_id", "stop_id"];
    let column = columns.into_iter().find(|column| !row.get(column).is_empty()).unwrap_or("stop_id");
    let id = row.get(column);
    // Feeds from before the standard name groups and areas in `stop_id`.
    let zone = match (places.zones.get(id), stops.get(id)) {
        (Some(&zone), _) => zone,
        (None, Some(&stop)) if column == "stop_id" => *own_zones.entry(stop).or_insert_with(|| {
            flex.zones.push(Zone { id: id.to_owned(), name: Text::new(id, id), stops: vec![stop], rings: Vec::new() });
            flex.zones.len() - 1
        }),
        _ => {
            unknown(row, column, problems);
            return None;
        }
    };
    let mut rule = |column: &str| match (row.get(column), places.rules.get(row.get(column))) {
        ("", _) => None,
        (_, Some(&rule)) => Some(rule),
        (_, None) => {
            unknown(row, column, problems);
            None
        }
    };
    Some(Window {
        zone,
        from_s,
        until_s,
        pickup: row.get("pickup_type") != "1",
        drop_off: row.get("drop_off_type") != "1",
        pickup_rule: rule("pickup_booking_rule_id"),
        drop_off_rule: rule("drop_off_booking_rule_id"),
    })
}

/// Makes trips of windows that are ordered by trip.
pub(super) fn add_trips(flex: &mut Flex, windows: Vec<(usize, Window)>, trip: impl Fn(usize) -> Trip) {
    for run in windows.chunk_by(|a, b| a.0 == b.0) {
        let Trip { id, route, service, .. } = trip(run[0].0);
        let windows = run.iter().map(|(_, window)| window.clone()).collect();
        flex.trips.push(FlexTrip { id, route, service, windows });
    }
}

/// Gives a scenario the hours, stops and fares of a feed's on-demand service in the week of a date, which becomes its day. On each
/// day of the week it is open from the first pick-up to the last drop-off of any trip. Stops that the scenario has stay.
pub fn apply(feed: &Feed, date: Date, scenario: &Scenario) -> Result<Applied, Text> {
    let flex = &feed.flex;
    if flex.trips.is_empty() {
        return Err(Text::new(
            "このフィードにはデマンド交通（GTFS-Flex の時間帯）がありません。--route で路線を選んでください。",
            "the feed has no on-demand service (windows of GTFS-Flex): choose a route by --route",
        ));
    }
    if let Some(why) = snap::apart(feed, scenario) {
        return Err(why);
    }
    let mut scenario = scenario.clone();
    let mut notes = Vec::new();

    let mut hours: Vec<Hours> = Vec::new();
    for day in calendar::week(date) {
        let today = flex.trips.iter().filter(|trip| feed.services[trip.service].runs(day));
        let windows: Vec<&Window> = today.flat_map(|trip| &trip.windows).collect();
        let opens = windows.iter().filter(|window| window.pickup).map(|window| window.from_s).min();
        let closes = windows.iter().filter(|window| window.drop_off).map(|window| window.until_s).max();
        let Some((opens, closes)) = opens.zip(closes) else { continue };
        // A clock ends at 48 hours.
        let clock = |seconds: i32| Clock(Time(seconds.min(48 * 3_600 - 1) * 1_000));
        let (opens, closes) = (clock(opens), clock(closes));
        match hours.iter_mut().find(|hours| (hours.opens, hours.closes) == (opens, closes)) {
            Some(same) => same.days.push(crate::site::weekday(day)),
            None => hours.push(Hours { days: vec![crate::site::weekday(day)], opens, closes }),
        }
    }
    if hours.is_empty() {
        return Err(Text::new(
            format!("{date} の週にデマンド交通の運行がありません。calendar.txt の期間の日を選んでください。"),
            format!("the on-demand service does not run in the week of {date}: choose a date within calendar.txt"),
        ));
    }
    scenario.service.hours = hours;
    scenario.day.date = date.to_string();

    let mut stops: Vec<usize> = Vec::new();
    for zone in flex.trips.iter().flat_map(|trip| &trip.windows).map(|window| &flex.zones[window.zone]) {
        stops.extend(&zone.stops);
        let inside = |stop: &usize| feed.stops[*stop].place.is_some_and(|place| zone.contains(place));
        stops.extend((0..feed.stops.len()).filter(|&stop| feed.stops[stop].kind == 0).filter(inside));
    }
    stops.sort_unstable();
    stops.dedup();
    fare_zones(feed, &stops, &mut scenario);
    let mut snapper = Snapper::new(feed, scenario);
    for stop in stops {
        snapper.stop(stop);
    }
    let (scenario, snapped) = snapper.finish();
    notes.extend(snapped.notes);
    let rules = flex.trips.iter().flat_map(|trip| &trip.windows).filter_map(|window| window.pickup_rule);
    let rules: std::collections::BTreeSet<usize> = rules.collect();
    notes.extend(rules.into_iter().map(|rule| flex.rules[rule].text()));
    Ok(Applied { scenario, added_stops: snapped.added, notes })
}

/// Takes over the fare of a ride within each zone.
fn fare_zones(feed: &Feed, stops: &[usize], scenario: &mut Scenario) {
    for fare in feed.fares.iter().filter(|fare| fare.currency == "JPY") {
        for rule in fare.rules.iter().filter(|rule| !rule.origin.is_empty() && rule.origin == rule.destination) {
            if !stops.iter().any(|&stop| feed.stops[stop].zone == rule.origin) {
                continue;
            }
            match scenario.fares.zones.iter_mut().find(|zone| zone.id == rule.origin) {
                Some(zone) => zone.adult_yen = fare.price,
                None => {
                    let (id, name) = (rule.origin.clone(), Text::new(&*rule.origin, &*rule.origin));
                    scenario.fares.zones.push(FareZone { id, name, adult_yen: fare.price });
                }
            }
        }
    }
}
