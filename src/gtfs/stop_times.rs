//! Trips and their calls: `trips.txt`, `stop_times.txt` and `frequencies.txt`.

use std::collections::BTreeMap;

use super::file::Reader;
use super::flex::{self, Places};
use super::names::Names;
use super::read::{Ids, add, unknown};
use super::{Call, Feed, Stop, Trip};
use crate::math;
use crate::scenario::Text;
use crate::table::quoted;
use crate::units::{Clock, Time};

/// Most calls that a feed may have by `frequencies.txt`: 120 MB at 24 bytes each.
const MOST_CALLS: usize = 5_000_000;
/// Calls that take as much memory as the rest of a trip.
const TRIP_AS_CALLS: usize = 16;

/// A row of `stop_times.txt` with a stop.
struct Row {
    trip: usize,
    sequence: u32,
    line: u32,
    stop: usize,
    arrival_s: Option<i32>,
    departure_s: Option<i32>,
    pickup: bool,
    drop_off: bool,
    on_request: bool,
}

/// Reads trips into the feed; those with windows into its flexible service.
pub(super) fn read(
    reader: &mut Reader,
    names: &Names,
    feed: &mut Feed,
    routes: &Ids,
    services: &Ids,
    stops: &Ids,
    places: &Places,
) {
    let (mut trips, mut ids) = trips(reader, names, routes, services);
    let mut rows: Vec<Row> = Vec::new();
    let (mut windows, mut own_zones) = (Vec::new(), BTreeMap::new());
    let flex = &mut feed.flex;
    reader.rows("stop_times.txt", &["trip_id"], |row, problems| {
        let Some(&trip) = ids.get(row.get("trip_id")) else { return unknown(row, "trip_id", problems) };
        if flex::is_flexible(row) {
            let window = flex::window(row, places, stops, flex, &mut own_zones, problems);
            return windows.extend(window.map(|window| (trip, row.count("stop_sequence"), window)));
        }
        let Some(&stop) = stops.get(row.get("stop_id")) else { return unknown(row, "stop_id", problems) };
        let Some(sequence) = row.count("stop_sequence") else {
            let value = quoted(row.get("stop_sequence"));
            let message = Text::new(
                format!("「{value}」は順番として読めないため、この行は使いません。"),
                format!("\"{value}\" is no place in an order, so that this row is not used"),
            );
            return problems.add(row.line, Some("stop_sequence"), message);
        };
        let (arrival_s, departure_s) = (row.time("arrival_time", problems), row.time("departure_time", problems));
        // 1 means that nobody gets on or off.
        let types = [row.get("pickup_type"), row.get("drop_off_type")];
        let [pickup, drop_off] = types.map(|kind| kind != "1");
        // 2 asks for a call to the operator, 3 for a word to the driver.
        let on_request = types.iter().any(|kind| ["2", "3"].contains(kind));
        rows.push(Row { trip, sequence, line: row.line, stop, arrival_s, departure_s, pickup, drop_off, on_request });
    });
    rows.sort_by_key(|row| (row.trip, row.sequence));
    for run in rows.chunk_by(|a, b| a.trip == b.trip) {
        trips[run[0].trip].trip.calls = calls(reader, run, &feed.stops);
    }
    frequencies(reader, &mut trips, &mut ids);
    windows.sort_by_key(|&(trip, sequence, _)| (trip, sequence));
    let windows = windows.into_iter().map(|(trip, _, window)| (trip, window)).collect();
    flex::add_trips(&mut feed.flex, windows, |trip| trips[trip].trip.clone());
    for Read { trip, line, is_template } in trips {
        if is_template {
            continue;
        }
        match trip.calls.last() {
            Some(&last) if trip.calls.len() >= 2 => {
                let no_sign = trip.headsign.ja.is_empty();
                let headsign = if no_sign { feed.stops[last.stop].name.clone() } else { trip.headsign };
                feed.trips.push(Trip { headsign, ..trip });
            }
            _ if feed.flex.trips.iter().any(|flexible| flexible.id == trip.id) => {}
            _ => {
                let id = quoted(&trip.id);
                let message = Text::new(
                    format!("便「{id}」には時刻のある停留所が二つ以上ないため、使いません。"),
                    format!("the trip \"{id}\" has less than two calls with times and is not used"),
                );
                reader.warn("trips.txt", line, message);
            }
        }
    }
}

/// A trip with its line in the file.
struct Read {
    trip: Trip,
    line: u32,
    /// Its departures stand in `frequencies.txt`.
    is_template: bool,
}

fn trips(reader: &mut Reader, names: &Names, routes: &Ids, services: &Ids) -> (Vec<Read>, Ids) {
    let (mut trips, mut ids) = (Vec::new(), Ids::new());
    reader.rows("trips.txt", &["trip_id", "route_id", "service_id"], |row, problems| {
        let id = row.get("trip_id");
        let Some(&route) = routes.get(row.get("route_id")) else { return unknown(row, "route_id", problems) };
        let Some(&service) = services.get(row.get("service_id")) else { return unknown(row, "service_id", problems) };
        let optional = |column| Some(row.get(column).to_owned()).filter(|text| !text.is_empty());
        let trip = Trip {
            id: id.to_owned(),
            route,
            service,
            headsign: names.text("trips", "trip_headsign", id, row.get("trip_headsign")),
            direction: row.count("direction_id"),
            block: optional("block_id"),
            shape: optional("shape_id"),
            calls: Vec::new(),
        };
        add(&mut trips, &mut ids, row, "trip_id", Read { trip, line: row.line, is_template: false }, problems);
    });
    (trips, ids)
}

/// The calls of a trip. One time of a call stands for both. Times that are missing between others are laid by the straight
/// distances between the stops, or evenly where these are not known; at the ends of a trip, calls without times are left out.
/// A time earlier than the one before it is set to that.
fn calls(reader: &mut Reader, rows: &[Row], stops: &[Stop]) -> Vec<Call> {
    let mut warn = |line, ja: &str, en: &str| reader.warn("stop_times.txt", line, Text::new(ja, en));
    let mut kept: Vec<&Row> = Vec::with_capacity(rows.len());
    for row in rows {
        if kept.last().is_some_and(|last| last.sequence == row.sequence) {
            let (ja, en) = (
                "同じ便に同じ順番の行があるため、この行は使いません。",
                "its trip has a row with this stop_sequence already: this one is not used",
            );
            warn(row.line, ja, en);
        } else {
            kept.push(row);
        }
    }
    let timed = |row: &&Row| row.arrival_s.is_some() || row.departure_s.is_some();
    let first = kept.iter().position(timed).unwrap_or(kept.len());
    let end = kept.iter().rposition(timed).map_or(first, |last| last + 1);
    if end - first < kept.len() && end > first {
        let outside = kept.iter().enumerate().find(|(at, _)| *at < first || *at >= end);
        let line = outside.map_or(kept[0].line, |(_, row)| row.line);
        let (ja, en) = (
            "便の最初か最後に時刻がないため、そこは使いません。",
            "a trip needs a time at its first and last call: those without are not used",
        );
        warn(line, ja, en);
    }

    let mut calls: Vec<Call> = Vec::with_capacity(end - first);
    let mut latest_s = 0;
    for (at, row) in kept[first..end].iter().enumerate() {
        let given = row.arrival_s.or(row.departure_s).zip(row.departure_s.or(row.arrival_s));
        let (arrival_s, departure_s) = given.unwrap_or_else(|| {
            let next = at + kept[first + at..end].iter().position(timed).expect("the last one has a time");
            let to_s = kept[first + next].arrival_s.or(kept[first + next].departure_s).unwrap_or(latest_s);
            let way = &kept[first + at - 1..=first + next];
            let time_s = latest_s + (f64::from(to_s - latest_s) * first_share(way, stops)).round() as i32;
            (time_s, time_s)
        });
        if arrival_s < latest_s || departure_s < arrival_s {
            let (ja, en) = (
                "前の時刻より早いので、前と同じ時刻として扱います。",
                "a time is earlier than the one before it, and is taken to be the same",
            );
            warn(row.line, ja, en);
        }
        let arrival_s = arrival_s.max(latest_s);
        latest_s = departure_s.max(arrival_s);
        calls.push(Call {
            stop: row.stop,
            arrival_s,
            departure_s: latest_s,
            pickup: row.pickup,
            drop_off: row.drop_off,
            on_request: row.on_request,
        });
    }
    calls
}

/// The share of the first leg in a way over several stops.
fn first_share(way: &[&Row], stops: &[Stop]) -> f64 {
    let place = |row: &&Row| stops[row.stop].place;
    let legs: Option<Vec<f64>> =
        way.windows(2).map(|leg| Some(math::distance_m(place(&leg[0])?, place(&leg[1])?))).collect();
    match legs {
        Some(legs) if legs.iter().sum::<f64>() > 0.0 => legs[0] / legs.iter().sum::<f64>(),
        _ => 1.0 / (way.len() - 1) as f64,
    }
}

/// Makes trips of the departures at regular intervals; both kinds of `exact_times` run as written.
fn frequencies(reader: &mut Reader, trips: &mut Vec<Read>, ids: &mut Ids) {
    let size = |trip: &Trip| trip.calls.len() + TRIP_AS_CALLS;
    let mut calls: usize = trips.iter().map(|read| size(&read.trip)).sum();
    let given = trips.len();
    reader.rows("frequencies.txt", &["trip_id", "start_time", "end_time", "headway_secs"], |row, problems| {
        let Some(&template) = ids.get(row.get("trip_id")) else { return unknown(row, "trip_id", problems) };
        let Some((from_s, to_s)) = row.time("start_time", problems).zip(row.time("end_time", problems)) else { return };
        let headway_s = row.count("headway_secs").filter(|&headway| (1..=86_400).contains(&headway));
        let Some(headway_s) = headway_s else {
            let value = quoted(row.get("headway_secs"));
            let message = Text::new(
                format!("「{value}」は間隔（秒）として読めないため、この行は使いません。"),
                format!("\"{value}\" is no interval in seconds, so that this row is not used"),
            );
            return problems.add(row.line, Some("headway_secs"), message);
        };
        trips[template].is_template = template < given;
        let Some(first) = trips[template].trip.calls.first().copied() else { return };
        for departs_s in (from_s..to_s).step_by(headway_s as usize) {
            calls += size(&trips[template].trip);
            if calls > MOST_CALLS {
                let message = Text::new(
                    format!("便が多すぎます（{MOST_CALLS} 停車を超える）。ここから先は使いません。"),
                    format!("too many trips (more than {MOST_CALLS} calls): from here on they are left out"),
                );
                return problems.add(row.line, Some("headway_secs"), message);
            }
            let later_s = departs_s - first.departure_s;
            let mut trip = trips[template].trip.clone();
            trip.id = format!("{}@{}", trip.id, Clock(Time(departs_s * 1_000)));
            trip.calls.iter_mut().for_each(|call| {
                call.arrival_s += later_s;
                call.departure_s += later_s;
            });
            trips.push(Read { trip, line: row.line, is_template: false });
        }
    });
}
