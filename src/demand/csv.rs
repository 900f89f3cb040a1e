//! Trips from a file, as a town hall or an operator keeps them: CSV with a header.
//!
//! Columns are found by name, in any order; capitals, blanks and hyphens do not matter, and other columns are passed over
//! (and named in the result). A trip needs a time, an origin and a destination.
//!
//! | column | Japanese | means |
//! | --- | --- | --- |
//! | `request_time` | 受付時刻 | time of the call: `HH:MM`, `HH:MM:SS` or seconds from midnight |
//! | `origin`, `destination` | 乗車停留所, 降車停留所 | id of the stop |
//! | `origin_lat`, `origin_lng`, `destination_lat`, `destination_lng` | 乗車緯度, 乗車経度, 降車緯度, 降車経度 | instead of an id: a place in degrees, taken to the nearest stop, at most 1 km away |
//! | `passengers` | 人数 | the whole party, children and those in wheelchairs included; 1 if empty, 0 for parcels alone |
//! | `earliest` | 乗車希望時刻 | earliest pick-up; at once if empty |
//! | `latest` | 到着希望時刻 | latest drop-off; the service's own limit if empty |
//! | `wheelchair` | 車いす | how many of the party ride in a wheelchair, or yes/no; none if empty |
//! | `children` | 子ども | how many of the party are children; none if empty |
//! | `parcels` | 荷物 | parcels; none if empty |
//!
//! [`COLUMNS`] lists the other names that are understood. The text may be UTF-8, with or without a byte order mark, or
//! Shift_JIS as Excel writes it (code page 932); fields end with commas, semicolons or tabs, lines as they like. Good rows
//! load; each bad field is reported with its line in the file.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashMap;

use csv::StringRecord;
use serde::{Deserialize, Serialize};

use crate::math;
use crate::scenario::{Scenario, Text, Trip};
use crate::table::{self, Problems, Rows, narrow, number, quoted, whole};
use crate::units::Clock;

pub use crate::table::{Encoding, RowProblem};

/// A place farther than this from any stop, in metres, is taken for a mistake: nobody walks 15 minutes to a stop whose
/// purpose is to be near.
const MAX_SNAP_M: f64 = 1_000.0;
/// Most people in one party, as in a scenario.
const MAX_PARTY: u32 = 100;

/// What a file gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ImportedTrips {
    /// Trips of the good rows, in the order of the file.
    pub trips: Vec<Trip>,
    /// Rows with anything in them, good and bad, the header not counted.
    pub rows: u32,
    /// How the text was written.
    pub encoding: Encoding,
    /// What is wrong, in the order of the file; at most 1,000 and one that counts the rest.
    pub problems: Vec<RowProblem>,
    /// Origins and destinations of the trips that were given as places and taken to the nearest stop.
    pub snapped: u32,
    /// The longest way from such a place to its stop, in metres.
    pub farthest_snap_m: f64,
    /// Columns that mean nothing here, as the file names them.
    pub ignored_columns: Vec<String>,
}

/// A column that is understood; its number is its place in [`COLUMNS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    RequestTime,
    Origin,
    Destination,
    OriginLat,
    OriginLng,
    DestinationLat,
    DestinationLng,
    Passengers,
    Earliest,
    Latest,
    Wheelchair,
    Children,
    Parcels,
}

/// The columns' names: first the documented one, then others that mean the same.
#[rustfmt::skip]
pub const COLUMNS: [&[&str]; 13] = [
    &["request_time", "request", "requested", "time", "受付時刻", "予約時刻", "要求時刻", "申込時刻", "依頼時刻", "時刻"],
    &["origin", "origin_stop", "from", "乗車停留所", "乗車地", "乗車場所", "乗車", "出発停留所", "出発地", "出発"],
    &["destination", "destination_stop", "to", "降車停留所", "降車地", "降車場所", "降車", "到着停留所", "到着地", "目的地", "行き先", "行先"],
    &["origin_lat", "origin_latitude", "from_lat", "乗車緯度", "乗車地緯度", "出発緯度", "出発地緯度"],
    &["origin_lng", "origin_lon", "origin_longitude", "from_lng", "from_lon", "乗車経度", "乗車地経度", "出発経度", "出発地経度"],
    &["destination_lat", "destination_latitude", "to_lat", "降車緯度", "降車地緯度", "到着緯度", "到着地緯度", "目的地緯度"],
    &["destination_lng", "destination_lon", "destination_longitude", "to_lng", "to_lon", "降車経度", "降車地経度", "到着経度", "到着地経度", "目的地経度"],
    &["passengers", "passenger", "party", "people", "人数", "乗車人数", "乗客数"],
    &["earliest", "earliest_pickup", "pickup_time", "乗車希望時刻", "希望乗車時刻", "最早乗車時刻"],
    &["latest", "latest_dropoff", "arrive_by", "到着希望時刻", "希望到着時刻", "降車期限", "最遅降車時刻"],
    &["wheelchair", "wheelchairs", "車いす", "車椅子", "車イス", "車いす数", "車椅子数"],
    &["children", "child", "子ども", "子供", "こども", "小児", "子ども数", "子供数"],
    &["parcels", "parcel", "荷物", "小荷物", "荷物数", "個数"],
];

impl Column {
    fn name(self) -> &'static str {
        COLUMNS[self as usize][0]
    }
}

/// Reads trips for a scenario whose stops they use. The scenario must be valid; the file may be anything.
pub fn import(scenario: &Scenario, file: &[u8]) -> ImportedTrips {
    let mut import = Import {
        stops: Stops::new(scenario),
        problems: Problems::default(),
        result: ImportedTrips {
            trips: Vec::new(),
            rows: 0,
            encoding: Encoding::Utf8,
            problems: Vec::new(),
            snapped: 0,
            farthest_snap_m: 0.0,
            ignored_columns: Vec::new(),
        },
    };
    match table::decode(file) {
        Ok((text, encoding)) => {
            import.result.encoding = encoding;
            import.text(&text);
        }
        Err(message) => import.problems.add(1, None, message),
    }
    ImportedTrips { problems: import.problems.finish(), ..import.result }
}

/// Stops by id and by place.
struct Stops<'a> {
    by_id: HashMap<&'a str, usize>,
    ids: Vec<&'a str>,
    places: Vec<(f64, f64)>,
}

impl<'a> Stops<'a> {
    fn new(scenario: &'a Scenario) -> Stops<'a> {
        let ids: Vec<&str> = scenario.stops.iter().map(|stop| &*stop.id).collect();
        let place =
            |node: u32| scenario.network.nodes.get(node as usize).map_or((0.0, 0.0), |node| (node.lat, node.lng));
        Stops {
            by_id: ids.iter().enumerate().map(|(index, id)| (*id, index)).collect(),
            places: scenario.stops.iter().map(|stop| place(stop.node)).collect(),
            ids,
        }
    }

    /// The nearest stop and its distance in metres; O(stops).
    fn nearest(&self, place: (f64, f64)) -> Option<(usize, f64)> {
        let mut best: Option<(usize, f64)> = None;
        for (index, &stop) in self.places.iter().enumerate() {
            let at_least = (stop.0 - place.0).abs() * math::METERS_PER_DEGREE;
            if best.is_none_or(|(_, nearest)| at_least < nearest) {
                let distance = math::distance_m(place, stop);
                if best.is_none_or(|(_, nearest)| distance < nearest) {
                    best = Some((index, distance));
                }
            }
        }
        best
    }
}

struct Import<'a> {
    stops: Stops<'a>,
    problems: Problems,
    result: ImportedTrips,
}

impl Import<'_> {
    fn text(&mut self, text: &str) {
        let text = table::one_line_end(text);
        let mut rows = Rows::new(&text, table::delimiter(&text));
        let mut header: Option<Header> = None;
        while let Some((line, record)) = rows.next() {
            match &header {
                None => match Header::read(record, line, &mut self.problems) {
                    Some(read) => {
                        self.result.ignored_columns = read.ignored.clone();
                        header = Some(read);
                    }
                    None => return,
                },
                Some(header) => {
                    self.result.rows += 1;
                    Row { line, record, header, import: self, good: true }.read();
                }
            }
        }
        if header.is_none() {
            self.problems.add(
                1,
                None,
                Text::new(
                    format!(
                        "ファイルが空です。1 行目に見出し（{SIMPLE}）、2 行目から 1 行に 1 件の予約を書いてください。"
                    ),
                    format!("the file is empty: write a header ({SIMPLE}) on line 1 and one trip on each line below"),
                ),
            );
        }
        rows.check_quotes(&mut self.problems);
    }
}

/// The shortest header that works.
const SIMPLE: &str = "request_time,origin,destination";

/// Where each column stands in the file.
struct Header {
    places: [Option<usize>; COLUMNS.len()],
    width: usize,
    ignored: Vec<String>,
}

impl Header {
    fn read(record: &StringRecord, line: u32, problems: &mut Problems) -> Option<Header> {
        let mut header = Header { places: [None; COLUMNS.len()], width: record.len(), ignored: Vec::new() };
        let mut sound = true;
        for (place, field) in record.iter().enumerate() {
            let name = narrow(field).trim().to_lowercase().replace([' ', '-'], "_");
            match COLUMNS.iter().position(|names| names.contains(&&*name)) {
                Some(column) if header.places[column].is_none() => header.places[column] = Some(place),
                Some(column) => {
                    sound = false;
                    problems.add(
                        line,
                        Some(COLUMNS[column][0]),
                        Text::new(
                            format!("「{}」と同じ意味の列が二つあります。一つにしてください。", quoted(field)),
                            format!("\"{}\" is a second column of this meaning: keep one", quoted(field)),
                        ),
                    );
                }
                None if name.is_empty() => {}
                None => header.ignored.push(quoted(field).into_owned()),
            }
        }
        if header.places.iter().all(Option::is_none) {
            problems.add(line, None, Text::new(
                format!("見出しがありません（「{}」は列の名前ではありません）。1 行目に {SIMPLE} のような見出しを付けてください。", quoted(&record[0])),
                format!("there is no header (\"{}\" names no column): add a first line such as {SIMPLE}", quoted(&record[0])),
            ));
            return None;
        }
        let has = |column: Column| header.places[column as usize].is_some();
        let mut need = |present: bool, column: Column, ja: &str, en: &str| {
            if !present {
                sound = false;
                problems.add(line, Some(column.name()), Text::new(ja, en));
            }
        };
        need(
            has(Column::RequestTime),
            Column::RequestTime,
            "受付時刻の列がありません。見出しに request_time（または 受付時刻）を加えてください。",
            "there is no column with the time of the call: add request_time to the header",
        );
        need(
            has(Column::Origin) || has(Column::OriginLat) && has(Column::OriginLng),
            Column::Origin,
            "乗る場所の列がありません。origin（停留所の id）か、origin_lat と origin_lng（緯度と経度）を加えてください。",
            "there is no column with the origin: add origin (id of a stop), or origin_lat and origin_lng",
        );
        need(
            has(Column::Destination) || has(Column::DestinationLat) && has(Column::DestinationLng),
            Column::Destination,
            "降りる場所の列がありません。destination（停留所の id）か、destination_lat と destination_lng（緯度と経度）を加えてください。",
            "there is no column with the destination: add destination (id of a stop), or destination_lat and destination_lng",
        );
        sound.then_some(header)
    }
}

/// One row on its way to become a trip.
struct Row<'r, 'i, 's> {
    line: u32,
    record: &'r StringRecord,
    header: &'r Header,
    import: &'i mut Import<'s>,
    good: bool,
}

impl Row<'_, '_, '_> {
    fn read(mut self) {
        if let Some(message) = table::beyond(self.record, self.header.width) {
            self.problem(None, message);
        }
        let request_s = self.time(Column::RequestTime);
        if self.field(Column::RequestTime).is_empty() {
            self.problem(
                Some(Column::RequestTime),
                Text::new(
                    "空です。受付時刻を 08:30 のように書いてください。",
                    "empty: write the time of the call, such as 08:30",
                ),
            );
        }
        let origin = self.place(Column::Origin, Column::OriginLat, Column::OriginLng);
        let destination = self.place(Column::Destination, Column::DestinationLat, Column::DestinationLng);
        let wheelchairs = self.wheelchairs();
        let children = self.count(Column::Children, ("子どもの数", "a number of children"));
        let parcels = self.count(Column::Parcels, ("荷物の数", "a number of parcels"));
        let people = self.people();
        let earliest_s = self.time(Column::Earliest);
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
            if let Some(distance_m) = place.snapped_m {
                result.snapped += 1;
                result.farthest_snap_m = result.farthest_snap_m.max(distance_m);
            }
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

    /// The column's value without blanks around it, full-width digits and signs made narrow; empty if there is none.
    fn field(&self, column: Column) -> Cow<'_, str> {
        let place = self.header.places[column as usize];
        narrow(place.and_then(|place| self.record.get(place)).unwrap_or_default().trim())
    }

    /// A time in seconds; none if empty, or if wrong, which is then reported.
    fn time(&mut self, column: Column) -> Option<f64> {
        let value = self.field(column);
        if value.is_empty() {
            return None;
        }
        let seconds = Clock::parse(&value).map(|clock| clock.0.s()).or_else(|| number(&value));
        let message = match seconds {
            Some(seconds) if (-86_400.0..=172_800.0).contains(&seconds) => return Some(seconds),
            Some(_) => Text::new(
                format!("「{}」は範囲外です。0 時からの秒数で -86400 以上 172800 以下にしてください。", quoted(&value)),
                format!("\"{}\" is out of range: seconds from midnight go from -86400 to 172800", quoted(&value)),
            ),
            None => Text::new(
                format!(
                    "「{}」は時刻ではありません。日付なしで 08:30 か 08:30:00、または 0 時からの秒数で書いてください。",
                    quoted(&value)
                ),
                format!(
                    "\"{}\" is not a time: write 08:30 or 08:30:00 without a date, or seconds from midnight",
                    quoted(&value)
                ),
            ),
        };
        self.problem(Some(column), message);
        None
    }

    /// A stop by its id, or by a place near it.
    fn place(&mut self, id: Column, lat: Column, lng: Column) -> Option<Place> {
        // As written: an id may have full-width letters.
        let place = self.header.places[id as usize];
        let value = place.and_then(|place| self.record.get(place)).unwrap_or_default().trim();
        if !value.is_empty() {
            let stop = self.import.stops.by_id.get(value).or_else(|| self.import.stops.by_id.get(&*narrow(value)));
            if let Some(&stop) = stop {
                return Some(Place { stop, snapped_m: None });
            }
            let known = self.import.stops.ids.iter().take(3).copied().collect::<Vec<_>>().join(", ");
            let message = Text::new(
                format!(
                    "「{}」という id の停留所はありません。{known} などの id を書くか、緯度と経度の列を使ってください。",
                    quoted(value)
                ),
                format!(
                    "no stop has the id \"{}\": give an id such as {known}, or use the columns for latitude and longitude",
                    quoted(value)
                ),
            );
            self.problem(Some(id), message);
            return None;
        }
        if self.field(lat).is_empty() && self.field(lng).is_empty() {
            self.problem(
                Some(id),
                Text::new(
                    "空です。停留所の id か、緯度と経度を書いてください。",
                    "empty: give the id of a stop, or latitude and longitude",
                ),
            );
            return None;
        }
        let (latitude, longitude) = (self.degrees(lat), self.degrees(lng));
        let (latitude, longitude) = (latitude?, longitude?);
        let near = |place: (f64, f64)| {
            let on_earth = place.0.abs() <= 90.0 && place.1.abs() <= 180.0;
            if on_earth { self.import.stops.nearest(place) } else { None }
        };
        let nearest = near((latitude, longitude));
        if let Some((stop, distance_m)) = nearest.filter(|&(_, distance_m)| distance_m <= MAX_SNAP_M) {
            return Some(Place { stop, snapped_m: Some(distance_m) });
        }
        // Within the region once swapped.
        let swapped = near((longitude, latitude)).is_some_and(|(_, distance_m)| distance_m <= 100.0 * MAX_SNAP_M);
        let (column, message) = match nearest {
            _ if swapped => (
                lat,
                Text::new(
                    format!(
                        "緯度 {latitude}、経度 {longitude} は入れ替わっています。緯度に {longitude}、経度に {latitude} を書いてください。"
                    ),
                    format!(
                        "latitude {latitude} and longitude {longitude} are swapped: write {longitude} as latitude and {latitude} as longitude"
                    ),
                ),
            ),
            Some((stop, distance_m)) => {
                let (id, km) = (self.import.stops.ids[stop], distance_m / 1e3);
                (
                    lat,
                    Text::new(
                        format!(
                            "({latitude}, {longitude}) は最も近い停留所「{id}」から {km:.1} km 離れています。停留所から 1 km 以内の場所にしてください。"
                        ),
                        format!(
                            "({latitude}, {longitude}) is {km:.1} km from the nearest stop, \"{id}\": give a place within 1 km of a stop"
                        ),
                    ),
                )
            }
            None if latitude.abs() > 90.0 => (
                lat,
                Text::new(
                    format!("緯度 {latitude} は範囲外です。-90 以上 90 以下の度で書いてください。"),
                    format!("latitude {latitude} is out of range: give degrees from -90 to 90"),
                ),
            ),
            None => (
                lng,
                Text::new(
                    format!("経度 {longitude} は範囲外です。-180 以上 180 以下の度で書いてください。"),
                    format!("longitude {longitude} is out of range: give degrees from -180 to 180"),
                ),
            ),
        };
        self.problem(Some(column), message);
        None
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

/// A stop, and how far it was from the place that was given.
struct Place {
    stop: usize,
    snapped_m: Option<f64>,
}

fn clock(seconds: f64) -> String {
    if seconds >= 0.0 { Clock(crate::units::Time::from_s(seconds)).to_string() } else { format!("{seconds} s") }
}
