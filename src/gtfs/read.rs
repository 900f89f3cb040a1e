//! From files to a feed: ids become indices, and what does not fit is left out with a warning.

use std::collections::HashMap;

use super::file::{Reader, Row};
use super::names::Names;
use super::stop_times;
use super::{Fare, FareRule, Feed, Files, Info, Route, Stop, calendar, flex};
use crate::scenario::Text;
use crate::table::{Problems, quoted};

/// The files of a feed that are read.
pub(super) const FILES: [&str; 20] = [
    "agency.txt",
    "booking_rules.txt",
    "calendar.txt",
    "calendar_dates.txt",
    "fare_attributes.txt",
    "fare_leg_rules.txt",
    "fare_products.txt",
    "fare_rules.txt",
    "fare_transfer_rules.txt",
    "feed_info.txt",
    "frequencies.txt",
    "location_group_stops.txt",
    "location_groups.txt",
    "locations.geojson",
    "routes.txt",
    "shapes.txt",
    "stop_times.txt",
    "stops.txt",
    "translations.txt",
    "trips.txt",
];

/// Positions by id.
pub(super) type Ids = HashMap<String, usize>;

pub(super) fn feed(files: &Files) -> Result<Feed, Text> {
    let mut reader = Reader::new(files);
    for file in ["agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt"] {
        if reader.bytes(file).is_none() {
            let message = Text::new(format!("フィードに {file} がありません。"), format!("the feed has no {file}"));
            reader.warn(file, 1, message);
        }
    }
    let names = Names::read(&mut reader);
    let mut feed = Feed { agencies: agencies(&mut reader, &names), info: info(&mut reader), ..Feed::default() };
    let stop_ids;
    (feed.stops, stop_ids) = stops(&mut reader, &names);
    if feed.stops.is_empty() {
        return Err(nothing(reader));
    }
    let route_ids;
    (feed.routes, route_ids) = routes(&mut reader, &names);
    let services = calendar::read(&mut reader);
    let service_ids: Ids = services.keys().cloned().zip(0..).collect();
    feed.services = services.into_values().collect();
    feed.fares = fares(&mut reader, &route_ids);
    shapes(&mut reader, &mut feed);
    let places = flex::places(&mut reader, &names, &stop_ids, &mut feed.flex);
    stop_times::read(&mut reader, &names, &mut feed, &route_ids, &service_ids, &stop_ids, &places);
    feed.warnings = reader.finish();
    Ok(feed)
}

/// Why a feed without stops is none, with the first thing that was wrong.
fn nothing(reader: Reader) -> Text {
    let first = reader.finish().into_iter().find(|warning| warning.file == "stops.txt");
    let (ja, en) = first.map_or((String::new(), String::new()), |warning| {
        let (file, line) = (warning.file, warning.line);
        (format!("（{file} {line} 行目: {}）", warning.message.ja), format!(" ({file}:{line}: {})", warning.message.en))
    });
    Text::new(
        format!("フィードに使える停留所が一つもありません{ja}。GTFS の zip かどうか確かめてください。"),
        format!("the feed has no usable stop{en}: make sure that it is a GTFS archive"),
    )
}

pub(super) fn given_twice(id: &str) -> Text {
    let id = quoted(id);
    Text::new(
        format!("id「{id}」は前にも出てきました。初めのものを使います。"),
        format!("the id \"{id}\" was given before: the first one counts"),
    )
}

pub(super) fn unknown(row: &Row, column: &str, problems: &mut Problems) {
    let id = quoted(row.get(column));
    let message = Text::new(
        format!("「{id}」という id はフィードにないため、この行は使いません。"),
        format!("the feed has no id \"{id}\", so that this row is not used"),
    );
    problems.add(row.line, Some(column), message);
}

/// Adds what a row gave to a list, unless its id is empty or was given before.
pub(super) fn add<T>(list: &mut Vec<T>, ids: &mut Ids, row: &Row, column: &str, thing: T, problems: &mut Problems) {
    let id = row.get(column);
    if id.is_empty() {
        let message = Text::new("id が空なので、この行は使いません。", "the id is empty, so that this row is not used");
        problems.add(row.line, Some(column), message);
    } else if ids.contains_key(id) {
        problems.add(row.line, Some(column), given_twice(id));
    } else {
        ids.insert(id.to_owned(), list.len());
        list.push(thing);
    }
}

fn agencies(reader: &mut Reader, names: &Names) -> Vec<Text> {
    let mut agencies = Vec::new();
    reader.rows("agency.txt", &["agency_name"], |row, _| {
        agencies.push(names.text("agency", "agency_name", row.get("agency_id"), row.get("agency_name")));
    });
    agencies
}

fn info(reader: &mut Reader) -> Option<Info> {
    let mut info = None;
    reader.rows("feed_info.txt", &["feed_publisher_name"], |row, _| {
        let text = |column| row.get(column).to_owned();
        info.get_or_insert(Info { publisher: text("feed_publisher_name"), version: text("feed_version") });
    });
    info
}

fn stops(reader: &mut Reader, names: &Names) -> (Vec<Stop>, Ids) {
    let (mut stops, mut ids) = (Vec::new(), Ids::new());
    let mut parents: Vec<(usize, u32, String)> = Vec::new();
    reader.rows("stops.txt", &["stop_id"], |row, problems| {
        let (id, name) = (row.get("stop_id"), row.get("stop_name"));
        let kind = row.count("location_type").unwrap_or(0);
        let place = place(row, kind, problems);
        let count = stops.len();
        let stop = Stop {
            id: id.to_owned(),
            name: names.text("stops", "stop_name", id, if name.is_empty() { id } else { name }),
            reading: names.reading("stops", "stop_name", id, name),
            place,
            zone: row.get("zone_id").to_owned(),
            parent: None,
            platform: Some(row.get("platform_code").to_owned()).filter(|code| !code.is_empty()),
            kind,
        };
        add(&mut stops, &mut ids, row, "stop_id", stop, problems);
        if stops.len() > count && !row.get("parent_station").is_empty() {
            parents.push((count, row.line, row.get("parent_station").to_owned()));
        }
    });
    for (stop, line, parent) in parents {
        match ids.get(&parent) {
            Some(&station) if station != stop => stops[stop].parent = Some(station),
            _ => {
                let parent = quoted(&parent);
                let message = Text::new(
                    format!("親の駅「{parent}」はフィードにありません。"),
                    format!("the feed has no station \"{parent}\""),
                );
                reader.warn("stops.txt", line, message);
            }
        }
    }
    for stop in 0..stops.len() {
        if stops[stop].place.is_none() {
            stops[stop].place = stops[stop].parent.and_then(|station| stops[station].place);
        }
    }
    (stops, ids)
}

/// Where a stop is. Nodes and boarding areas of a station (3, 4) need no place of their own.
fn place(row: &Row, kind: u32, problems: &mut Problems) -> Option<(f64, f64)> {
    if row.get("stop_lat").is_empty() && row.get("stop_lon").is_empty() {
        if kind <= 2 && row.get("parent_station").is_empty() {
            let message = Text::new(
                "座標がないため、この停留所は地図に置けません。",
                "without coordinates this stop has no place on the map",
            );
            problems.add(row.line, Some("stop_lat"), message);
        }
        return None;
    }
    let (lat, lng) = (row.number("stop_lat", problems)?, row.number("stop_lon", problems)?);
    let mut problem = |ja: &str, en: &str| {
        let message = Text::new(format!("座標 {lat}, {lng} は{ja}。"), format!("the coordinates {lat}, {lng} {en}"));
        problems.add(row.line, Some("stop_lat"), message);
    };
    if lat == 0.0 && lng == 0.0 {
        problem("海の上（緯度経度 0）なので使いません", "lie in the Gulf of Guinea and are not used");
        return None;
    }
    if lat.abs() <= 90.0 && lng.abs() <= 180.0 {
        return Some((lat, lng));
    }
    if lng.abs() <= 90.0 && lat.abs() <= 180.0 {
        problem(
            "緯度と経度が逆なので、入れ替えて使います",
            "have latitude and longitude changed: they are changed back",
        );
        return Some((lng, lat));
    }
    problem("地球上にないため使いません", "are not on Earth and are not used");
    None
}

fn routes(reader: &mut Reader, names: &Names) -> (Vec<Route>, Ids) {
    let (mut routes, mut ids) = (Vec::new(), Ids::new());
    reader.rows("routes.txt", &["route_id"], |row, problems| {
        let id = row.get("route_id");
        let (short, long) = (row.get("route_short_name"), row.get("route_long_name"));
        let name = match (long, short) {
            ("", "") => Text::new(id, id),
            ("", short) => names.text("routes", "route_short_name", id, short),
            (long, _) => names.text("routes", "route_long_name", id, long),
        };
        let kind = row.count("route_type").unwrap_or(3);
        let route = Route { id: id.to_owned(), name, short_name: short.to_owned(), kind };
        add(&mut routes, &mut ids, row, "route_id", route, problems);
    });
    (routes, ids)
}

fn fares(reader: &mut Reader, routes: &Ids) -> Vec<Fare> {
    let (mut fares, mut ids) = (Vec::new(), Ids::new());
    reader.rows("fare_attributes.txt", &["fare_id", "price"], |row, problems| {
        let Some(price) = row.number("price", problems).filter(|price| *price >= 0.0) else { return };
        let (id, currency) = (row.get("fare_id").to_owned(), row.get("currency_type").to_owned());
        add(&mut fares, &mut ids, row, "fare_id", Fare { id, price, currency, rules: Vec::new() }, problems);
    });
    reader.rows("fare_rules.txt", &["fare_id"], |row, problems| {
        let Some(&fare) = ids.get(row.get("fare_id")) else { return unknown(row, "fare_id", problems) };
        let route = match row.get("route_id") {
            "" => None,
            id => match routes.get(id) {
                Some(&route) => Some(route),
                None => return unknown(row, "route_id", problems),
            },
        };
        let zone = |column| row.get(column).to_owned();
        fares[fare].rules.push(FareRule { route, origin: zone("origin_id"), destination: zone("destination_id") });
    });
    for file in ["fare_products.txt", "fare_leg_rules.txt", "fare_transfer_rules.txt"] {
        if reader.bytes(file).is_some() {
            let message = Text::new(
                "新しい形式の運賃（Fares v2）は読みません。fare_attributes.txt の運賃を使います。",
                "fares of the second version are not read: those of fare_attributes.txt count",
            );
            reader.warn(file, 1, message);
        }
    }
    fares
}

fn shapes(reader: &mut Reader, feed: &mut Feed) {
    let mut points: Vec<(String, u32, [f64; 2])> = Vec::new();
    reader.rows("shapes.txt", &["shape_id", "shape_pt_lat", "shape_pt_lon"], |row, problems| {
        let place = row.number("shape_pt_lat", problems).zip(row.number("shape_pt_lon", problems));
        if let Some((lat, lng)) = place {
            points.push((row.get("shape_id").to_owned(), row.count("shape_pt_sequence").unwrap_or(0), [lng, lat]));
        }
    });
    points.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    for (id, _, point) in points {
        feed.shapes.entry(id).or_default().push(point);
    }
}
