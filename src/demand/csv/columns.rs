//! Which column of a file is which.

use csv::StringRecord;
use serde::{Deserialize, Serialize};

use crate::scenario::Text;
use crate::table::{narrow, normal, number, quoted};

/// A column that is understood; its number is its place in [`COLUMNS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
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
    Date,
}

/// How many there are.
const COUNT: usize = 14;

/// The columns' names: first the documented one, then others that mean the same.
#[rustfmt::skip]
pub const COLUMNS: [&[&str]; COUNT] = [
    &["request_time", "request", "requested", "requested_at", "time", "受付時刻", "受付時間", "受付日時", "予約時刻", "予約日時", "要求時刻", "申込時刻", "申込日時", "依頼時刻", "依頼日時", "時刻", "日時"],
    &["origin", "origin_stop", "from", "乗車停留所", "乗車地", "乗車場所", "乗車バス停", "乗車", "乗り場", "のりば", "出発停留所", "出発地", "出発"],
    &["destination", "destination_stop", "to", "降車停留所", "降車地", "降車場所", "降車バス停", "降車", "降り場", "おりば", "降りば", "到着停留所", "到着地", "目的地", "行き先", "行先"],
    &["origin_lat", "origin_latitude", "from_lat", "pickup_latitude", "乗車緯度", "乗車地緯度", "出発緯度", "出発地緯度"],
    &["origin_lng", "origin_lon", "origin_longitude", "from_lng", "from_lon", "pickup_longitude", "乗車経度", "乗車地経度", "出発経度", "出発地経度"],
    &["destination_lat", "destination_latitude", "to_lat", "dropoff_latitude", "降車緯度", "降車地緯度", "到着緯度", "到着地緯度", "目的地緯度"],
    &["destination_lng", "destination_lon", "destination_longitude", "to_lng", "to_lon", "dropoff_longitude", "降車経度", "降車地経度", "到着経度", "到着地経度", "目的地経度"],
    &["passengers", "passenger", "party", "people", "人数", "乗車人数", "利用人数", "乗客数"],
    &["earliest", "earliest_pickup", "pickup_time", "乗車希望時刻", "乗車希望日時", "希望乗車時刻", "最早乗車時刻"],
    &["latest", "latest_dropoff", "arrive_by", "到着希望時刻", "到着希望日時", "希望到着時刻", "降車期限", "最遅降車時刻"],
    &["wheelchair", "wheelchairs", "車いす", "車椅子", "車イス", "車いす数", "車椅子数"],
    &["children", "child", "子ども", "子供", "こども", "小児", "子ども数", "子供数"],
    &["parcels", "parcel", "荷物", "小荷物", "荷物数", "個数"],
    &["date", "day", "service_date", "日付", "年月日", "利用日", "乗車日", "運行日"],
];

/// The shortest header that works.
pub(super) const SIMPLE: &str = "request_time,origin,destination";

/// A column and its name in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ColumnName {
    /// The documented name of the column.
    pub column: String,
    /// What the file calls it; empty: it has none.
    pub header: String,
}

impl Column {
    pub(super) fn name(self) -> &'static str {
        COLUMNS[self as usize][0]
    }
}

/// Where each column stands in the file.
pub(super) struct Header {
    pub(super) places: [Option<usize>; COUNT],
    pub(super) width: usize,
    /// The names that the file gives its columns.
    pub(super) names: Vec<String>,
    /// What is wrong with it, each with the column that it is about.
    pub(super) problems: Vec<(Option<&'static str>, Text)>,
}

impl Header {
    /// Reads the first record. `columns` says where those of [`COLUMNS`] named in it are: under which name of the file, or nowhere
    /// if that is empty; the others are found by their names.
    pub(super) fn read(record: &StringRecord, columns: &[ColumnName]) -> Header {
        let names: Vec<String> = record.iter().map(|field| field.trim().to_owned()).collect();
        let mut header = Header { places: [None; COUNT], width: record.len(), names, problems: Vec::new() };
        let mut told = [false; COUNT];
        for ColumnName { column: ours, header: theirs } in columns {
            let Some(column) = COLUMNS.iter().position(|names| names[0] == ours.trim()) else {
                header.problems.push((None, unknown(ours)));
                continue;
            };
            told[column] = true;
            let wanted = normal(theirs);
            let place = header.names.iter().position(|name| normal(name) == wanted);
            match place {
                _ if wanted.is_empty() => {}
                Some(place) => header.places[column] = Some(place),
                None => header.problems.push((Some(COLUMNS[column][0]), absent(theirs, &header.names))),
            }
        }
        for place in 0..header.width {
            let name = normal(&header.names[place]);
            let Some(column) = COLUMNS.iter().position(|names| names.contains(&&*name)) else { continue };
            if told[column] || header.places.contains(&Some(place)) {
                continue;
            }
            if header.places[column].is_none() {
                header.places[column] = Some(place);
            } else {
                let field = quoted(&header.names[place]);
                let text = Text::new(
                    format!("「{field}」と同じ意味の列が二つあります。一つにしてください。"),
                    format!("\"{field}\" is a second column of this meaning: keep one"),
                );
                header.problems.push((Some(COLUMNS[column][0]), text));
            }
        }
        header.need();
        header
    }

    /// Finds out what is missing.
    fn need(&mut self) {
        if self.places.iter().all(Option::is_none) {
            let first = quoted(self.names.first().map_or("", String::as_str));
            let text = Text::new(
                format!(
                    "見出しがありません（「{first}」は列の名前ではありません）。1 行目に {SIMPLE} のような見出しを付けてください。"
                ),
                format!("there is no header (\"{first}\" names no column): add a first line such as {SIMPLE}"),
            );
            self.problems.push((None, text));
            return;
        }
        for column in self.missing() {
            let (ja, en) = match column {
                Column::RequestTime => (
                    "受付時刻の列がありません。見出しに request_time（または 受付時刻）を加えてください。",
                    "there is no column with the time of the call: add request_time to the header",
                ),
                Column::Origin => (
                    "乗る場所の列がありません。origin（停留所の id）か、origin_lat と origin_lng（緯度と経度）を加えてください。",
                    "there is no column with the origin: add origin (id of a stop), or origin_lat and origin_lng",
                ),
                _ => (
                    "降りる場所の列がありません。destination（停留所の id）か、destination_lat と destination_lng（緯度と経度）を加えてください。",
                    "there is no column with the destination: add destination (id of a stop), or destination_lat and destination_lng",
                ),
            };
            self.problems.push((Some(column.name()), Text::new(ja, en)));
        }
    }

    /// Whether the file has a column.
    pub(super) fn has(&self, column: Column) -> bool {
        self.places[column as usize].is_some()
    }

    /// The places of a row, latitude and longitude as they are written, where both are numbers.
    pub(super) fn degrees(&self, record: &StringRecord) -> impl Iterator<Item = (f64, f64)> {
        let ends = [(Column::OriginLat, Column::OriginLng), (Column::DestinationLat, Column::DestinationLng)];
        let degrees = |column: Column| number(&narrow(record.get(self.places[column as usize]?)?.trim()));
        ends.map(|(lat, lng)| degrees(lat).zip(degrees(lng))).into_iter().flatten()
    }

    /// Needed columns that the file has not: an origin may be a stop or a place. The desired pick-up will do for the call.
    pub(super) fn missing(&self) -> Vec<Column> {
        let has = |column: Column| self.has(column);
        let mut missing = Vec::new();
        if !has(Column::RequestTime) && !has(Column::Earliest) {
            missing.push(Column::RequestTime);
        }
        for (stop, lat, lng) in [
            (Column::Origin, Column::OriginLat, Column::OriginLng),
            (Column::Destination, Column::DestinationLat, Column::DestinationLng),
        ] {
            let is_placed = has(stop) || (has(lat) && has(lng));
            if !is_placed {
                missing.push(stop);
            }
        }
        missing
    }

    /// Columns that mean nothing here, as the file names them.
    pub(super) fn ignored(&self) -> Vec<String> {
        let unused = |(place, name): &(usize, &String)| !name.is_empty() && !self.places.contains(&Some(*place));
        self.names.iter().enumerate().filter(unused).map(|(_, name)| quoted(name).into_owned()).collect()
    }

    /// For each column the name under which the file has it; for needed ones that are missing a guess by a part of the name.
    pub(super) fn guesses(&self) -> Vec<Option<&str>> {
        let missing = self.missing();
        let own = |column: usize| self.places[column].map(|place| &*self.names[place]);
        let guess = |column: usize| {
            let is_missing = missing.iter().any(|missing| *missing as usize == column);
            let free = || (0..self.width).filter(|place| !self.places.contains(&Some(*place)));
            let part_of = |place: usize| {
                let name = normal(&self.names[place]);
                // A name of one letter, or "to", is part of any word.
                let parts = COLUMNS[column].iter().filter(|part| part.chars().count() > 1 && part.len() > 2);
                parts.filter(|part| name.contains(**part)).map(|part| part.len()).max()
            };
            let best = free().filter_map(|place| Some((part_of(place)?, place)));
            // The longest part, and of equals the first column.
            let best = best.max_by_key(|&(length, place)| (length, std::cmp::Reverse(place)));
            best.filter(|_| is_missing).map(|(_, place)| &*self.names[place])
        };
        (0..COUNT).map(|column| own(column).or_else(|| guess(column))).collect()
    }
}

fn unknown(ours: &str) -> Text {
    let known: Vec<&str> = COLUMNS.iter().map(|names| names[0]).collect();
    let (ours, known) = (quoted(ours), known.join(", "));
    Text::new(
        format!("「{ours}」という列はここにはありません。{known} から選んでください。"),
        format!("there is no column \"{ours}\" here: choose from {known}"),
    )
}

fn absent(theirs: &str, names: &[String]) -> Text {
    let (theirs, names) =
        (quoted(theirs), names.iter().take(30).map(|name| quoted(name)).collect::<Vec<_>>().join(", "));
    Text::new(
        format!("ファイルに「{theirs}」という列はありません。{names} から選んでください。"),
        format!("the file has no column \"{theirs}\": choose from {names}"),
    )
}
