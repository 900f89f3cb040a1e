//! A row of the file, which becomes a trip or says why it cannot.

use std::borrow::Cow;

use csv::StringRecord;
use time::Date;

use super::columns::{Column, Header};
use super::days::{Chosen, clock, explained, field};
use super::places::{Found, OutsidePlace};
use super::{Import, MOST_TRIPS};
use crate::scenario::{Text, Trip};
use crate::table::{self, number, quoted, whole};
use crate::walking::walk_m;

/// Most people in one party, as in a scenario.
const MAX_PARTY: u32 = 100;

/// One row on its way to become a trip.
pub(super) struct Row<'r, 'i, 's> {
    pub(super) line: u32,
    pub(super) record: &'r StringRecord,
    pub(super) header: &'r Header,
    pub(super) days: &'r Chosen,
    /// The row's own date.
    pub(super) day: Option<Date>,
    pub(super) import: &'i mut Import<'s>,
    pub(super) good: bool,
}

impl Row<'_, '_, '_> {
    pub(super) fn read(mut self) {
        if let Some(message) = table::beyond(self.record, self.header.width) {
            self.problem(None, message);
        }
        let earliest_s = self.time(Column::Earliest);
        let called = if self.header.has(Column::RequestTime) { Column::RequestTime } else { Column::Earliest };
        let request_s = self.time(called);
        if self.field(called).is_empty() {
            self.problem(
                Some(called),
                Text::new("空です。時刻を 08:30 のように書いてください。", "empty: write the time, such as 08:30"),
            );
        }
        if self.good && self.days.date.is_some() && self.day.is_none() {
            self.problem(
                Some(Column::Date),
                Text::new(
                    "日付がありません。ほかの行には日付があるので、この行にも書いてください。",
                    "no date: other rows have one, so give one here too",
                ),
            );
        }
        let origin = self.place(Column::Origin, Column::OriginLat, Column::OriginLng);
        let destination = self.place(Column::Destination, Column::DestinationLat, Column::DestinationLng);
        let wheelchairs = self.wheelchairs();
        let children = self.count(Column::Children, ("子どもの数", "a number of children"));
        let parcels = self.count(Column::Parcels, ("荷物の数", "a number of parcels"));
        let people = self.people();
        let latest_s = self.time(Column::Latest);

        let (Some(request_s), Some(origin), Some(destination)) = (request_s, origin, destination) else { return };
        let (Some(people), Some(wheelchairs), Some(children), Some(parcels)) = (people, wheelchairs, children, parcels)
        else {
            return;
        };
        if origin.stop == destination.stop {
            let id = self.import.stops.ids[origin.stop];
            self.problem(Some(Column::Destination), Text::new(
                format!("乗る停留所も降りる停留所も「{id}」です。別の停留所（または離れた場所）にしてください。"),
                format!("\"{id}\" is both where the trip begins and where it ends: give another stop or a place farther off"),
            ));
        }
        if wheelchairs > people {
            self.problem(Some(Column::Wheelchair), Text::new(
                format!("車いす {wheelchairs} 人が人数の {people} 人を超えています。人数には車いすの方も含めてください。"),
                format!("{wheelchairs} in wheelchairs are more than the {people} passengers: count them among the passengers"),
            ));
        }
        let adults = people.checked_sub(wheelchairs + children);
        if adults.is_none() && wheelchairs <= people {
            self.problem(Some(Column::Children), Text::new(
                format!("子ども {children} 人と車いす {wheelchairs} 人が人数の {people} 人を超えています。人数にはどちらも含めてください。"),
                format!("{children} children and {wheelchairs} in wheelchairs are more than the {people} passengers: count them among the passengers"),
            ));
        }
        if people + parcels == 0 {
            self.problem(
                Some(Column::Passengers),
                Text::new(
                    "人も荷物も 0 です。どちらかを 1 以上にしてください。",
                    "neither passengers nor parcels: give 1 or more of either",
                ),
            );
        }
        if let Some(earliest_s) = earliest_s.filter(|&earliest_s| earliest_s < request_s) {
            self.problem(
                Some(Column::Earliest),
                Text::new(
                    format!(
                        "{} は受付時刻の {} より前です。それ以後にしてください。",
                        clock(earliest_s),
                        clock(request_s)
                    ),
                    format!(
                        "{} is before the call at {}: give that time or a later one",
                        clock(earliest_s),
                        clock(request_s)
                    ),
                ),
            );
        }
        let ready_s = earliest_s.unwrap_or(request_s);
        if let Some(latest_s) = latest_s.filter(|&latest_s| latest_s <= ready_s) {
            self.problem(
                Some(Column::Latest),
                Text::new(
                    format!(
                        "{} では、{} より後に乗って着くことができません。もっと遅くしてください。",
                        clock(latest_s),
                        clock(ready_s)
                    ),
                    format!(
                        "{} is not after the earliest pick-up at {}: give a later time",
                        clock(latest_s),
                        clock(ready_s)
                    ),
                ),
            );
        }
        let Some(passengers) = adults.filter(|_| self.good) else { return };
        let result = &mut self.import.result;
        for place in [&origin, &destination] {
            if let Some(length_m) = place.walk_m {
                self.import.walks.add(length_m);
            }
        }
        if result.trips.len() == MOST_TRIPS {
            result.beyond += 1;
            return;
        }
        result.trips.push(Trip {
            request_s,
            earliest_pickup_s: earliest_s,
            latest_dropoff_s: latest_s,
            origin: self.import.stops.ids[origin.stop].to_owned(),
            destination: self.import.stops.ids[destination.stop].to_owned(),
            passengers,
            wheelchairs,
            children,
            parcels,
            ..Trip::default()
        });
    }

    fn problem(&mut self, column: Option<Column>, message: Text) {
        self.good = false;
        self.import.problems.add(self.line, column.map(Column::name), message);
    }

    fn field(&self, column: Column) -> Cow<'_, str> {
        field(self.header, self.record, column)
    }

    /// A time in seconds; none if empty, or if wrong, which is then reported.
    fn time(&mut self, column: Column) -> Option<f64> {
        let value = self.field(column);
        if value.is_empty() {
            return None;
        }
        let (zone_s, is_call) = (self.import.zone_s, column == Column::RequestTime);
        match self.days.time_s(&value, self.day, zone_s, is_call) {
            Ok((seconds, has_offset)) => {
                self.import.result.offsets += u32::from(has_offset);
                Some(seconds)
            }
            Err(reason) => {
                let message = explained(&reason, &value);
                self.problem(Some(column), message);
                None
            }
        }
    }

    /// A stop by its id or name, or by a place near it.
    fn place(&mut self, id: Column, lat: Column, lng: Column) -> Option<Place> {
        // As written: an id may have full-width letters.
        let place = self.header.places[id as usize];
        let value = place.and_then(|place| self.record.get(place)).unwrap_or_default().trim();
        if let Some(stop) = self.import.stops.named(value) {
            return Some(Place { stop, walk_m: None });
        }
        if self.field(lat).is_empty() && self.field(lng).is_empty() {
            let message = if value.is_empty() {
                Text::new(
                    "空です。停留所の id か、緯度と経度を書いてください。",
                    "empty: give the id of a stop, or latitude and longitude",
                )
            } else {
                let known = self.import.stops.ids.iter().take(3).copied().collect::<Vec<_>>().join(", ");
                let value = quoted(value);
                Text::new(
                    format!(
                        "「{value}」という id や名前の停留所はありません。{known} などの id を書くか、緯度と経度の列を使ってください。"
                    ),
                    format!(
                        "no stop has the id \"{value}\", nor the name: give an id such as {known}, or use the columns for latitude and longitude"
                    ),
                )
            };
            self.problem(Some(id), message);
            return None;
        }
        let (latitude, longitude) = (self.degrees(lat), self.degrees(lng));
        let (mut latitude, mut longitude) = (latitude?, longitude?);
        if self.import.swap {
            (latitude, longitude) = (longitude, latitude);
        }
        match self.import.stops.near(latitude, longitude) {
            Found::Near(stop) => {
                let walk_m = walk_m((latitude, longitude), self.import.stops.place(stop));
                Some(Place { stop, walk_m: Some(walk_m) })
            }
            Found::Far { nearest: None, swapped: false } => {
                let (column, value, most) =
                    if latitude.abs() > 90.0 { (lat, latitude, 90) } else { (lng, longitude, 180) };
                let message = Text::new(
                    format!("{value} は範囲外です。-{most} 以上 {most} 以下の度で書いてください。"),
                    format!("{value} is out of range: give degrees from -{most} to {most}"),
                );
                self.problem(Some(column), message);
                None
            }
            Found::Far { nearest, swapped } => {
                self.good = false;
                self.import.outside(OutsidePlace {
                    line: self.line,
                    column: id.name().to_owned(),
                    lat: latitude,
                    lng: longitude,
                    distance_m: nearest.map(|(_, distance_m)| distance_m),
                    stop: nearest.map(|(stop, _)| self.import.stops.ids[stop].to_owned()),
                    swapped,
                });
                None
            }
        }
    }

    fn degrees(&mut self, column: Column) -> Option<f64> {
        let value = self.field(column);
        let degrees = number(&value);
        if degrees.is_none() {
            let message = Text::new(
                format!("「{}」は数ではありません。37.4939 のように度（10 進）で書いてください。", quoted(&value)),
                format!("\"{}\" is not a number: give decimal degrees, such as 37.4939", quoted(&value)),
            );
            self.problem(Some(column), message);
        }
        degrees
    }

    fn people(&mut self) -> Option<u32> {
        let value = self.field(Column::Passengers);
        if value.is_empty() {
            return Some(1);
        }
        let people = whole(&value).filter(|&people| people <= MAX_PARTY);
        if people.is_none() {
            let message = Text::new(
                format!("「{}」は人数として読めません。0 以上 {MAX_PARTY} 以下の整数にしてください。", quoted(&value)),
                format!(
                    "\"{}\" is not a number of passengers: give a whole number from 0 to {MAX_PARTY}",
                    quoted(&value)
                ),
            );
            self.problem(Some(Column::Passengers), message);
        }
        people
    }

    fn count(&mut self, column: Column, (ja, en): (&str, &str)) -> Option<u32> {
        let value = self.field(column);
        if value.is_empty() {
            return Some(0);
        }
        let count = whole(&value).filter(|&count| count <= MAX_PARTY);
        if count.is_none() {
            let message = Text::new(
                format!("「{}」は{ja}として読めません。0 以上 {MAX_PARTY} 以下の整数にしてください。", quoted(&value)),
                format!("\"{}\" is not {en}: give a whole number from 0 to {MAX_PARTY}", quoted(&value)),
            );
            self.problem(Some(column), message);
        }
        count
    }

    fn wheelchairs(&mut self) -> Option<u32> {
        let value = self.field(Column::Wheelchair);
        let wheelchairs = match &*value.to_lowercase() {
            "" | "no" | "n" | "false" | "なし" | "無" | "無し" | "いいえ" | "×" | "-" => Some(0),
            "yes" | "y" | "true" | "あり" | "有" | "有り" | "はい" | "○" | "〇" => Some(1),
            other => whole(other).filter(|&count| count <= MAX_PARTY),
        };
        if wheelchairs.is_none() {
            let message = Text::new(
                format!("「{}」は車いすの数として読めません。整数か、あり／なしで書いてください。", quoted(&value)),
                format!("\"{}\" is not a number of wheelchairs: give a whole number, or yes or no", quoted(&value)),
            );
            self.problem(Some(Column::Wheelchair), message);
        }
        wheelchairs
    }
}

/// A stop, and how far people walk to it from the place that was given instead.
struct Place {
    stop: usize,
    walk_m: Option<f64>,
}
