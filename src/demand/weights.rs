//! What stops weigh in the demand, from points with a number of people or a floor area, for towns without records of trips.
//!
//! A file is CSV with a header, or GeoJSON (RFC 7946) of points with properties:
//!
//! | column | means |
//! | --- | --- |
//! | `lat`, `lng` (緯度, 経度) | the place in degrees; in GeoJSON its coordinates |
//! | one of [`WEIGHTS`] | how much is there, 0 or more, in any unit |
//!
//! A point counts for the stop nearest to it, at most [`FARTHEST_M`](crate::walking::FARTHEST_M) away. A weight is told beside other
//! stops of its category, so each category as a whole keeps the weight that it had: the file says where the houses are, not how many
//! trips begin at houses. A category without any point keeps the weights of its stops.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::scenario::{Category, Scenario, Text};
use crate::table::named::{Named, Names};
use crate::table::{self, Encoding, Problems, RowProblem, normal};
use crate::walking::{FARTHEST_M, Nearest, Walks, walk_m};

/// The columns of which the first that a file has is the weight, each after its documented name.
#[rustfmt::skip]
pub const WEIGHTS: &[&str] = &[
    "population", "pop", "人口", "人口総数", "総人口", "総数", "人口(総数)", "人口（総数）", "夜間人口", "昼間人口", "居住人口", "floor_area",
    "floor_area_m2", "gross_floor_area", "延床面積", "延べ床面積", "延べ面積", "床面積", "households", "世帯数", "employees", "従業者数", "weight",
    "重み",
];
const LAT: usize = 0;
const LNG: usize = 1;
const WEIGHT: usize = 2;
const COLUMNS: &[Names] =
    &[&["lat", "latitude", "緯度", "y"], &["lng", "lon", "long", "longitude", "経度", "x"], WEIGHTS];

/// The largest weight of a point, that of a large town.
const MOST: f64 = 1e9;
/// How the assumption begins that says where weights are from; that of an older file gives way to it.
const ASSUMED: &str = "How much demand a stop draws beside others of its category is read from";

/// What a file gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ImportedWeights {
    /// What the file calls the weight; empty if it has none.
    pub column: String,
    /// Points taken to a stop.
    pub points: u32,
    /// Sum of their weights.
    pub sum: f64,
    /// Stops that any of them was taken to.
    pub stops: u32,
    /// Points too far from any stop, which are left out.
    pub outside: u32,
    /// Sum of their weights.
    pub outside_sum: f64,
    /// Mean length of the walk from a point to its stop, weighed by nothing, in metres.
    pub mean_walk_m: f64,
    /// The longest of these walks, in metres.
    pub longest_walk_m: f64,
    /// Rows or features, good and bad.
    pub rows: u32,
    /// How the text was written.
    pub encoding: Encoding,
    /// What is wrong, by line, or in GeoJSON by the number of the feature.
    pub problems: Vec<RowProblem>,
}

/// Gives a valid scenario's stops the weights of a file, which may be anything; `name` is what the file is called. Without a single
/// point of weight near a stop the scenario stays as it is, and the result says why. O(points log stops).
pub fn import(scenario: &mut Scenario, file: &[u8], name: &str) -> ImportedWeights {
    let places: Vec<(f64, f64)> = scenario
        .stops
        .iter()
        .map(|stop| &scenario.network.nodes[stop.node as usize])
        .map(|node| (node.lat, node.lng))
        .collect();
    let mut reading = Reading {
        nearest: Nearest::new(places.iter().copied()),
        sums: vec![0.0; places.len()],
        places,
        walks: Walks::default(),
        swapped: 0,
        problems: Problems::default(),
        result: ImportedWeights {
            column: String::new(),
            points: 0,
            sum: 0.0,
            stops: 0,
            outside: 0,
            outside_sum: 0.0,
            mean_walk_m: 0.0,
            longest_walk_m: 0.0,
            rows: 0,
            encoding: Encoding::Utf8,
            problems: Vec::new(),
        },
    };
    match table::decode(file) {
        Ok((text, encoding)) => {
            reading.result.encoding = encoding;
            if text.trim_start().starts_with('{') { reading.geojson(&text) } else { reading.csv(&text) }
        }
        Err(message) => reading.problems.add(1, None, message),
    }
    reading.finish(scenario, name)
}

/// What a table calls the column of weights, if these names of columns are those of points with weights.
pub(crate) fn column_of(header: &[String]) -> Option<&str> {
    let find = |names: Names| {
        let place = |name: &&str| header.iter().position(|theirs| normal(theirs) == **name);
        names.iter().find_map(place)
    };
    find(COLUMNS[LAT])?;
    find(COLUMNS[LNG])?;
    find(WEIGHTS).map(|place| &*header[place])
}

struct Reading {
    places: Vec<(f64, f64)>,
    nearest: Nearest,
    /// What each stop has got.
    sums: Vec<f64>,
    walks: Walks,
    /// Points that would be near once latitude and longitude are swapped.
    swapped: u32,
    problems: Problems,
    result: ImportedWeights,
}

impl Reading {
    fn csv(&mut self, text: &str) {
        let text = table::one_line_end(text);
        let Some(mut table) = Named::new(&text, COLUMNS) else {
            return self.problems.add(1, None, unusable("空", "empty"));
        };
        if !table.need(&[LAT, LNG, WEIGHT], &mut self.problems) {
            return;
        }
        self.result.column = table.own_name(WEIGHT).unwrap_or_default().to_owned();
        while let Some(row) = table.next() {
            self.result.rows += 1;
            let lat = row.number(LAT, -180.0, 180.0, &mut self.problems);
            let lng = row.number(LNG, -180.0, 180.0, &mut self.problems);
            let weight = row.number(WEIGHT, 0.0, MOST, &mut self.problems);
            if let (Some(lat), Some(lng), Some(weight)) = (lat, lng, weight) {
                self.point((lat, lng), weight);
            }
        }
    }

    fn geojson(&mut self, text: &str) {
        let document: Document = match serde_json::from_str(text) {
            Ok(document) => document,
            Err(error) => {
                let (ja, en) = (format!("GeoJSON として読めないファイル（{error}）"), format!("not GeoJSON ({error})"));
                return self.problems.add(error.line() as u32, None, unusable(&ja, &en));
            }
        };
        for (feature, number) in document.features.iter().zip(1..) {
            self.result.rows += 1;
            if let Err(message) = self.feature(feature) {
                self.problems.add(number, None, message);
            }
        }
        if self.result.rows == 0 {
            self.problems.add(1, None, unusable("点のない GeoJSON", "GeoJSON without a single feature"));
        }
    }

    fn feature(&mut self, Feature { geometry, properties }: &Feature) -> Result<(), Text> {
        let Some(Geometry { kind, coordinates }) = geometry else { return Err(no_point("null")) };
        let position = |value: &Value| -> Option<(f64, f64)> { Some((value[1].as_f64()?, value[0].as_f64()?)) };
        let points: Option<Vec<_>> = match &**kind {
            "Point" => position(coordinates).map(|point| vec![point]),
            "MultiPoint" => coordinates.as_array().and_then(|all| all.iter().map(position).collect()),
            other => return Err(no_point(other)),
        };
        let points = points.filter(|points| !points.is_empty()).ok_or_else(|| no_point("coordinates"))?;
        let named = |name: &&str| properties.as_ref()?.iter().find(|(key, _)| normal(key) == **name);
        let Some((key, value)) = WEIGHTS.iter().find_map(named) else {
            return Err(Text::new(
                format!("重みになる属性（{} など）がありません。", WEIGHTS[0]),
                format!("no property for the weight: add one, such as {}", WEIGHTS[0]),
            ));
        };
        let number = match value {
            Value::String(text) => table::number(&table::narrow(text.trim()).replace(',', "")),
            other => other.as_f64(),
        };
        let weight = number.filter(|weight| (0.0..=MOST).contains(weight)).ok_or_else(|| {
            Text::new(
                format!("「{key}」の値 {value} は 0 以上の数ではありません。数で書いてください。"),
                format!("\"{key}\" is {value}, not a number from 0 on: write one"),
            )
        })?;
        if self.result.column.is_empty() {
            self.result.column.clone_from(key);
        }
        // Of several points of one feature each has its share.
        points.iter().for_each(|&point| self.point(point, weight / points.len() as f64));
        Ok(())
    }

    fn point(&mut self, place: (f64, f64), weight: f64) {
        let near = |place: (f64, f64)| self.nearest.of(place).filter(|&(_, distance_m)| distance_m <= FARTHEST_M);
        match near(place) {
            Some((stop, _)) => {
                self.sums[stop] += weight;
                self.result.points += 1;
                self.result.sum += weight;
                self.walks.add(walk_m(place, self.places[stop]));
            }
            None => {
                self.swapped += u32::from(near((place.1, place.0)).is_some());
                self.result.outside += 1;
                self.result.outside_sum += weight;
            }
        }
    }

    fn finish(mut self, scenario: &mut Scenario, name: &str) -> ImportedWeights {
        if self.result.sum > 0.0 {
            self.result.stops = self.sums.iter().filter(|&&sum| sum > 0.0).count() as u32;
            give(scenario, &self.sums);
            let ImportedWeights { column, points, sum, outside, .. } = &self.result;
            scenario.assumptions.retain(|text| !text.en.starts_with(ASSUMED));
            scenario.assumptions.push(Text::new(
                format!("停留所ごとの需要の重みは、「{name}」の「{column}」による {points} 点（合計 {sum}）を最寄りの停留所に割り当て、種類ごとの合計を変えずに配分したものです。{outside} 点は 1 km 以内に停留所がなく、除きました。"),
                format!("{ASSUMED} \"{column}\" of \"{name}\": {points} points, {sum} in all, each taken to its nearest stop, while categories keep their totals. {outside} points are farther than 1 km from any stop and left out."),
            ));
            let source = format!("{name} ({column})");
            if !scenario.sources.contains(&source) {
                scenario.sources.push(source);
            }
        } else if self.problems.is_empty() {
            let message = if self.swapped > 0 {
                unusable(
                    "緯度と経度が逆で、停留所の近くに点のないファイル",
                    "of points with latitude and longitude the wrong way round: swap them",
                )
            } else {
                unusable(
                    "停留所の 1 km 以内に重みのある点が一つもないファイル",
                    "without a single point of weight within 1 km of a stop",
                )
            };
            self.problems.add(1, None, message);
        }
        ImportedWeights {
            mean_walk_m: self.walks.mean_m(),
            longest_walk_m: self.walks.longest_m,
            problems: self.problems.finish(),
            ..self.result
        }
    }
}

/// Shares out the weight of each category by these sums.
fn give(scenario: &mut Scenario, sums: &[f64]) {
    let mut totals: BTreeMap<Category, [f64; 2]> = BTreeMap::new();
    for (stop, sum) in scenario.stops.iter().zip(sums) {
        let [before, now] = totals.entry(stop.category).or_default();
        (*before, *now) = (*before + stop.weight, *now + sum);
    }
    for (stop, sum) in scenario.stops.iter_mut().zip(sums) {
        let [before, now] = totals[&stop.category];
        if now > 0.0 {
            stop.weight = (1e6 * sum * before / now).round() / 1e6;
        }
    }
}

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    geometry: Option<Geometry>,
    properties: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: Value,
}

fn no_point(kind: &str) -> Text {
    Text::new(
        format!("点ではありません（{kind}）。Point の地物にしてください。"),
        format!("this is no point ({kind}): give features that are Points"),
    )
}

fn unusable(ja: &str, en: &str) -> Text {
    Text::new(
        format!("{ja}です。lat、lng と人口などの列がある CSV、または点の GeoJSON にしてください。"),
        format!("a file that is {en}; give CSV with the columns lat, lng and, say, population, or GeoJSON of points"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stops a to d lie 1 km apart on a line from west to east at 35 degrees north, 140 degrees east.
    fn read(file: &str) -> (Scenario, ImportedWeights) {
        let mut scenario = Scenario::village();
        let read = import(&mut scenario, file.as_bytes(), "people.csv");
        assert_eq!(scenario.problems(), []);
        (scenario, read)
    }

    fn weights(scenario: &Scenario) -> Vec<f64> {
        scenario.stops.iter().map(|stop| stop.weight).collect()
    }

    #[test]
    fn points_count_for_their_nearest_stop_and_a_category_keeps_its_total() {
        let before = Scenario::village();
        let total: f64 = weights(&before).iter().sum();
        // Two points near a, one near b, one 5.6 km north of everything.
        let file = "lat,lng,人口総数,世帯数\n35.001,140,\"1,000\",9\n35,140.001,500,9\n35.002,140.010979,4500,9\n35.05,140,70,9\n";
        let (after, read) = read(file);
        assert_eq!((read.points, read.sum, read.stops, read.outside, read.outside_sum), (3, 6_000.0, 2, 1, 70.0));
        assert_eq!((&*read.column, read.rows, read.problems.len()), ("人口総数", 4, 0));
        // Walks of 111.2, 91.1 and 222.4 m, times 1.3.
        assert!((read.longest_walk_m - 289.1).abs() < 0.1 && (read.mean_walk_m - 184.0).abs() < 0.2, "{read:?}");
        let shares: Vec<f64> = weights(&after).iter().map(|weight| weight / total).collect();
        for (share, expected) in shares.iter().zip([0.25, 0.75, 0.0, 0.0]) {
            assert!((share - expected).abs() < 1e-6, "{shares:?}");
        }
        let told =
            |scenario: &Scenario| scenario.assumptions.iter().filter(|text| text.en.contains("people.csv")).count();
        assert_eq!((told(&after), after.sources.last().map(String::as_str)), (1, Some("people.csv (人口総数)")));
        // A second file takes the place of the first.
        let mut again = after.clone();
        import(&mut again, file.as_bytes(), "people.csv");
        assert_eq!(again, after);
    }

    #[test]
    fn other_categories_keep_their_weights() {
        let mut scenario = Scenario::village();
        scenario.stops[2].category = Category::Clinic;
        scenario.stops[2].weight = 7.0;
        import(&mut scenario, b"lat,lng,population\n35,140,10\n", "people.csv");
        assert_eq!(scenario.stops[2].weight, 7.0);
    }

    #[test]
    fn geojson_of_points_says_the_same() {
        let point = |coordinates: &str, kind: &str, properties: &str| {
            format!(
                r#"{{"type":"Feature","geometry":{{"type":"{kind}","coordinates":{coordinates}}},"properties":{properties}}}"#
            )
        };
        let features = [
            point("[140, 35.001]", "Point", r#"{"floor_area": 300}"#),
            point("[[140.01, 35], [140.011, 35]]", "MultiPoint", r#"{"floor_area": "1,000"}"#),
            point("[[140, 35], [140.01, 35]]", "LineString", r#"{"floor_area": 1}"#),
            point("[140, 35]", "Point", r#"{"floor_area": -1}"#),
            point("[140, 35]", "Point", r#"{"height": 3}"#),
        ];
        let (_, read) = read(&format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")));
        assert_eq!((read.points, read.sum, read.stops, &*read.column), (3, 1_300.0, 2, "floor_area"));
        let problems: Vec<_> = read.problems.iter().map(|problem| (problem.line, &*problem.message.en)).collect();
        assert_eq!(problems.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4, 5]);
        assert!(
            problems[0].1.contains("LineString")
                && problems[1].1.contains("-1")
                && problems[2].1.contains("population")
        );
    }

    #[test]
    fn without_a_usable_point_the_scenario_stays_and_the_reason_is_told() {
        let before = Scenario::village();
        for (file, message) in [
            ("", "a file that is empty"),
            ("lat,lng\n35,140\n", "there is no column \"population\""),
            ("lat,lng,population\n36,140,10\n", "without a single point of weight within 1 km"),
            ("lat,lng,population\n140,35,10\n", "latitude and longitude the wrong way round"),
            ("lat,lng,population\n35,140,0\n", "without a single point of weight"),
            ("lat,lng,population\n35,140,*\n", "\"*\" is not a number"),
            ("lat,lng,population\n35,140,-3\n", "\"-3\" is out of range"),
            ("{\"type\":", "not GeoJSON"),
            ("{\"type\":\"FeatureCollection\",\"features\":[]}", "without a single feature"),
        ] {
            let (after, read) = read(file);
            assert_eq!(after, before, "{file}");
            assert!(read.problems[0].message.en.contains(message), "{file}: {:?}", read.problems);
            assert!(!read.problems[0].message.ja.is_ascii());
        }
    }
}
