//! Driving times between places from elsewhere, as a network: a node for each place, an edge for each pair of the table.
//!
//! | column | means |
//! | --- | --- |
//! | `from`, `to` | ids of the places |
//! | `time_s` | driving time in seconds |
//! | `distance_m` | driven length in metres; absent: the straight line x [`DETOUR`] |
//!
//! Vans drive the fastest way, which may lead through other places: where that is faster than the pair's own time the table breaks
//! the triangle inequality, and where the table leaves a pair out there is no other. Both are counted. What a van does on its way
//! between two places is not seen: it may be redirected only at places. O(places³).

use std::collections::BTreeMap;

use super::{Place, SPEEDS_KMH};
use crate::math::distance_m;
use crate::scenario::{Edge, Network, Node, RoadClass, Text};
use crate::table::named::{Named, Names};
use crate::table::{self, Problems, RowProblem, quoted};
use crate::walking::DETOUR;

const FROM: usize = 0;
const TO: usize = 1;
const TIME: usize = 2;
const DISTANCE: usize = 3;
const COLUMNS: &[Names] = &[
    &["from", "from_id", "origin", "出発", "起点"],
    &["to", "to_id", "destination", "到着", "終点"],
    &["time_s", "time", "duration", "duration_s", "所要時間", "所要時間秒", "秒"],
    &["distance_m", "distance", "length_m", "距離", "距離m"],
];

/// Most places: each has an edge to each other.
pub const MOST_PLACES: usize = 400;
/// Longest driving time, seconds, as in a scenario.
const LONGEST_S: f64 = 21_600.0;
/// Times are told in whole seconds: what rounding does is no shorter way.
const ROUNDING_S: f64 = 1.0;
/// Pairs that are named.
const NAMED: usize = 5;

/// A network of places, and what was found on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// A node for each place and an edge for each pair.
    pub network: Network,
    /// What was found.
    pub notes: Notes,
}

/// What a table says of its pairs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Notes {
    /// Pairs with a driving time.
    pub pairs: u32,
    /// Pairs without, there or back.
    pub missing: u32,
    /// The first of them, as ids.
    pub missing_pairs: Vec<[String; 2]>,
    /// Pairs for which driving through another place is faster by more than a second.
    pub shortened: u32,
    /// By how much the one is faster where this is most, seconds.
    pub most_s: f64,
    /// The ids of that one.
    pub most_pair: Option<[String; 2]>,
    /// Pairs without a distance.
    pub without_length: u32,
}

/// Reads driving times between places: the stops, then the depot if it is a place of its own. The file may be anything.
///
/// # Errors
/// Everything that is wrong with it, by line and column.
pub fn read(places: &[Place], file: &[u8]) -> Result<Matrix, Vec<RowProblem>> {
    let mut problems = Problems::default();
    if places.len() > MOST_PLACES {
        let count = places.len();
        problems.add(
            1,
            None,
            Text::new(
                format!("場所が {count} か所あり、所要時間の表には多すぎます。{MOST_PLACES} か所までにするか、道路の地図（--roads）を使ってください。"),
                format!("{count} places are too many for a table of driving times: give at most {MOST_PLACES}, or a map of roads (--roads)"),
            ),
        );
        return Err(problems.finish());
    }
    let mut reading = Reading { places, edges: Vec::new(), times_s: vec![f64::INFINITY; places.len() * places.len()] };
    let mut notes = Notes::default();
    match table::decode(file) {
        Ok((text, _)) => reading.table(&table::one_line_end(&text), &mut notes, &mut problems),
        Err(message) => problems.add(1, None, message),
    }
    if problems.is_empty() {
        reading.look(&mut notes, &mut problems);
    }
    if !problems.is_empty() {
        return Err(problems.finish());
    }
    let nodes = places.iter().map(|place| Node { lat: place.lat, lng: place.lng }).collect();
    let network = Network { nodes, edges: reading.edges, speeds_kmh: SPEEDS_KMH, traffic: None };
    Ok(Matrix { network, notes })
}

struct Reading<'a> {
    places: &'a [Place],
    edges: Vec<Edge>,
    /// Seconds from each place to each; infinite where the table says nothing.
    times_s: Vec<f64>,
}

impl Reading<'_> {
    fn table(&mut self, text: &str, notes: &mut Notes, problems: &mut Problems) {
        let index: BTreeMap<&str, usize> =
            self.places.iter().enumerate().map(|(index, place)| (&*place.id, index)).collect();
        let Some(mut table) = Named::new(text, COLUMNS) else {
            let message = Text::new(
                "ファイルが空です。from,to,time_s の見出しの下に、1 行に一組ずつ書いてください。",
                "the file is empty: write a pair on each line below the header from,to,time_s",
            );
            return problems.add(1, None, message);
        };
        if !table.need(&[FROM, TO, TIME], problems) {
            return;
        }
        while let Some(row) = table.next() {
            let ends = [FROM, TO].map(|column| {
                let found = index.get(row.text(column)).copied();
                if found.is_none() {
                    let id = quoted(row.text(column));
                    let message = Text::new(
                        format!(
                            "「{id}」という id は停留所の表にありません。停留所の表に加えるか、この行を除いてください。"
                        ),
                        format!(
                            "no place of the table of stops has the id \"{id}\": add it there, or leave out this line"
                        ),
                    );
                    row.problem(column, message, problems);
                }
                found
            });
            let time_s = row.number(TIME, 0.0, LONGEST_S, problems);
            let given_m = (!row.text(DISTANCE).is_empty()).then(|| row.number(DISTANCE, 0.0, 1e6, problems));
            let ([Some(from), Some(to)], Some(time_s)) = (ends, time_s) else { continue };
            if from == to || given_m == Some(None) {
                continue;
            }
            let cell = &mut self.times_s[from * self.places.len() + to];
            if cell.is_finite() {
                let message = Text::new(
                    "同じ組が前の行にもあります。一つにしてください。",
                    "this pair stands on an earlier line too: keep one of them",
                );
                row.problem(TO, message, problems);
                continue;
            }
            // Two places at one spot are a moment apart.
            let time_s = time_s.max(0.001);
            *cell = time_s;
            notes.pairs += 1;
            notes.without_length += u32::from(given_m.is_none());
            let place = |index: usize| (self.places[index].lat, self.places[index].lng);
            let length_m = given_m.flatten().unwrap_or_else(|| DETOUR * distance_m(place(from), place(to)));
            self.edges.push(Edge {
                from: from as u32,
                to: to as u32,
                length_m: (length_m * 10.0).round().max(1.0) / 10.0,
                class: RoadClass::Service,
                time_s: Some(time_s),
                one_way: true,
                shape: Vec::new(),
            });
        }
    }

    /// Finds all fastest ways (Floyd 1962), and what they say of the pairs.
    fn look(&self, notes: &mut Notes, problems: &mut Problems) {
        let count = self.places.len();
        let mut fastest_s = self.times_s.clone();
        for through in 0..count {
            let onward = fastest_s[through * count..][..count].to_vec();
            for from in 0..count {
                let before_s = fastest_s[from * count + through];
                if before_s.is_finite() {
                    for (fastest_s, after_s) in fastest_s[from * count..][..count].iter_mut().zip(&onward) {
                        *fastest_s = fastest_s.min(before_s + after_s);
                    }
                }
            }
        }
        let mut apart = None;
        for (cell, (&time_s, &fastest_s)) in self.times_s.iter().zip(&fastest_s).enumerate() {
            let (from, to) = (cell / count, cell % count);
            if from == to {
                continue;
            }
            let ids = || [from, to].map(|place| self.places[place].id.clone());
            if fastest_s.is_infinite() && apart.is_none() {
                apart = Some(ids());
            }
            if time_s.is_infinite() {
                notes.missing += 1;
                if notes.missing_pairs.len() < NAMED {
                    notes.missing_pairs.push(ids());
                }
            } else if time_s - fastest_s > ROUNDING_S {
                notes.shortened += 1;
                if time_s - fastest_s > notes.most_s {
                    (notes.most_s, notes.most_pair) = (time_s - fastest_s, Some(ids()));
                }
            }
        }
        if let Some([from, to]) = apart {
            let message = Text::new(
                format!("「{from}」から「{to}」へは、ほかの場所を経由しても行けません。その組の行を加えてください。"),
                format!(
                    "nothing leads from \"{from}\" to \"{to}\", not even through other places: add a line for the pair"
                ),
            );
            problems.add(1, None, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roads::{Roads, TravelTable};
    use crate::town::{self, Spec, own};
    use crate::units::NodeId;

    const STOPS: &str = "id,name,lat,lng,kind\na,駅,35,140,\nb,,35,140.010979,\nc,Harbour,35,140.021958,stop\nx,車庫,35.001,140,depot\n";

    fn places() -> own::Places {
        own::read(STOPS.as_bytes()).expect("places")
    }

    fn read_times(times: &str) -> Result<Matrix, Vec<RowProblem>> {
        let own::Places { stops, depot } = places();
        let all: Vec<Place> = stops.into_iter().chain(depot).collect();
        read(&all, times.as_bytes())
    }

    /// All pairs but c to x; a to c takes longer than through b; c to b takes other time than b to c.
    const TIMES: &str = "from,to,time_s,distance_m\na,b,100,1200\nb,a,100,1200\nb,c,100,\nc,b,150,\na,c,260,2500\nc,a,300,\n\
                         x,a,20,\na,x,20,\nx,b,130,\nb,x,110,\nx,c,220,\nb,b,0,\n";

    #[test]
    fn a_table_becomes_a_network_that_drives_its_times() {
        let Matrix { network, notes } = read_times(TIMES).expect("a matrix");
        assert_eq!((network.nodes.len(), network.edges.len(), notes.pairs, notes.missing), (4, 11, 11, 1));
        assert_eq!(notes.missing_pairs, [["c".to_owned(), "x".to_owned()]]);
        // Through b: a to c takes 100 + 100 < 260, c to a 150 + 100 < 300; x to b through a 20 + 100 < 130, and to c 220 = 220.
        assert_eq!((notes.shortened, notes.most_s, notes.without_length), (3, 60.0, 8));
        assert_eq!(notes.most_pair, Some(["a".to_owned(), "c".to_owned()]));
        // 1 km east: 1.3 times the straight line.
        assert!((network.edges[2].length_m - 1_300.0).abs() < 1.0, "{:?}", network.edges[2]);
        let travel = TravelTable::new(&Roads::new(&network), (0..4).map(NodeId), false);
        for (from, to, expected_s) in
            [(0, 1, 100.0), (0, 2, 200.0), (2, 0, 250.0), (2, 1, 150.0), (3, 2, 220.0), (2, 3, 260.0)]
        {
            assert_eq!(travel.time(NodeId(from), NodeId(to)).s(), expected_s, "{from} {to}");
        }
    }

    #[test]
    fn a_town_of_a_table_has_the_stops_ids_and_the_depot() {
        let own::Places { stops, depot } = places();
        let spec = Spec { name: "mine".to_owned(), stops, depot, vehicles: 2, requests: 20, ..Spec::default() };
        let town = town::of_matrix(read_times(TIMES).expect("a matrix"), &spec).expect("a town");
        let stops: Vec<_> = town.stops.iter().map(|stop| (&*stop.id, &*stop.name.ja, stop.node)).collect();
        assert_eq!(stops, [("a", "駅", 0), ("b", "b", 1), ("c", "Harbour", 2)]);
        assert_eq!(town.depots[0].node, 3);
        assert!(town.assumptions[0].en.contains("11 pairs") && town.assumptions[0].en.contains("The 1 pairs"));
        // Without a depot of its own it is where the middle stop is.
        let all = [&spec.stops[..], spec.depot.as_slice()].concat();
        let without = Spec { stops: all, depot: None, ..spec };
        let town = town::of_matrix(read_times(TIMES).expect("a matrix"), &without).expect("a town");
        assert_eq!((town.stops.len(), town.depots[0].node), (4, 1));
    }

    #[test]
    fn says_what_is_wrong_by_line_and_column() {
        for (times, line, column, message) in [
            ("", 1, "", "the file is empty"),
            ("from,to\na,b\n", 1, "time_s", "there is no column \"time_s\""),
            ("from,to,time_s\na,z,5\n", 2, "to", "no place of the table of stops has the id \"z\""),
            ("from,to,time_s\na,b,soon\n", 2, "time_s", "\"soon\" is not a number"),
            ("from,to,time_s\na,b,-1\n", 2, "time_s", "\"-1\" is out of range"),
            ("from,to,time_s,distance_m\na,b,1,far\n", 2, "distance_m", "\"far\" is not a number"),
            ("from,to,time_s\na,b,1\na,b,2\n", 3, "to", "stands on an earlier line too"),
            ("from,to,time_s\na,b,1\nb,a,1\n", 1, "", "nothing leads from \"a\" to \"c\""),
        ] {
            let problems = read_times(times).expect_err(times);
            assert_eq!(
                (problems[0].line, problems[0].column.as_deref().unwrap_or_default()),
                (line, column),
                "{times}"
            );
            assert!(problems[0].message.en.contains(message) && !problems[0].message.ja.is_ascii(), "{problems:?}");
        }
        let many = vec![places().stops[0].clone(); MOST_PLACES + 1];
        assert!(read(&many, b"").expect_err("too many")[0].message.en.contains("401 places are too many"));
    }

    #[test]
    fn says_what_is_wrong_with_stops() {
        for (stops, line, column, message) in [
            ("id,name,lat\na,b,1\n", 1, "lng", "there is no column \"lng\""),
            ("id,lat,lng\na,35,140\na,35,141\n", 3, "id", "\"a\" stands on line 2 too"),
            ("id,lat,lng\n,35,140\n", 2, "id", "empty"),
            ("id,lat,lng\na,135,140\n", 2, "lat", "\"135\" is out of range"),
            ("id,lat,lng,kind\na,35,140,depot\nb,35,140,車庫\n", 3, "kind", "a second depot"),
            ("id,lat,lng\na,35,140\n", 1, "", "1 stops: give two or more"),
            ("", 1, "", "0 stops: give two or more"),
        ] {
            let problems = own::read(stops.as_bytes()).expect_err(stops);
            assert_eq!(
                (problems[0].line, problems[0].column.as_deref().unwrap_or_default()),
                (line, column),
                "{stops}"
            );
            assert!(problems[0].message.en.contains(message) && !problems[0].message.ja.is_ascii(), "{problems:?}");
        }
        // The table of a public timetable will do.
        let gtfs = own::read(b"stop_id,stop_name,stop_lat,stop_lon\n1,A,35,140\n2,B,35,140.01\n").expect("stops");
        assert_eq!((gtfs.stops.len(), &*gtfs.stops[1].name), (2, "B"));
    }
}
