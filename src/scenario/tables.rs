//! Plain tables, as other simulators use them: a road graph in metres and seconds, requests and vehicles at its nodes, no
//! dwell time, no promise but the longest wait, vans of unlimited range that stay where their last ride ends.
//!
//! | table | columns |
//! | --- | --- |
//! | nodes | `node,x_m,y_m` |
//! | edges | `from,to,length_m,time_s`, one line for each driving direction |
//! | requests | `id,t_s,o,d` and, if there, `passengers` |
//! | vehicles | `id,node,cap` |
//!
//! Other columns are ignored. Ids are any text.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::math::METERS_PER_DEGREE;

/// Longest wait for the pick-up where nothing else is said, seconds.
pub const MAX_WAIT_S: u32 = 300;

/// Direct driving times that a ride may take beyond the longest wait where nothing else is said.
pub const DETOUR_FACTOR: f64 = 1.4;

/// The text of the four tables.
pub struct Tables<'a> {
    /// Nodes.
    pub nodes: &'a str,
    /// Edges.
    pub edges: &'a str,
    /// Requests.
    pub requests: &'a str,
    /// Vehicles.
    pub vehicles: &'a str,
}

/// Names of the tables' nodes, by index into the scenario's.
pub struct Names {
    /// Nodes.
    pub nodes: Vec<String>,
}

/// Makes a scenario of plain tables. Pick-up within `max_wait_s` of the request, drop-off within that plus `detour_factor`
/// times the direct driving time. All problems of all tables are reported, with table, line and column.
pub fn read(tables: &Tables, max_wait_s: u32, detour_factor: f64) -> Result<(Scenario, Names), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut names = Vec::new();
    let mut index = BTreeMap::new();
    let mut nodes = Vec::new();
    for row in rows("nodes", tables.nodes, &["node", "x_m", "y_m"], false, &mut problems) {
        let [Some(x_m), Some(y_m)] = [1, 2].map(|column| row.number(column, &mut problems)) else { continue };
        if index.insert(row.text(0).to_string(), nodes.len() as u32).is_some() {
            problems.push(row.problem(
                0,
                "同じ節点が前の行にもあります",
                "stands in an earlier line too; keep one of them",
            ));
        }
        names.push(row.text(0).to_string());
        // The plane is laid down where the equator meets the zero meridian, where degrees are as long both ways.
        nodes.push(Node { lat: y_m / METERS_PER_DEGREE, lng: x_m / METERS_PER_DEGREE });
    }
    let node = |row: &Row, column: usize, problems: &mut Vec<Problem>| {
        let found = index.get(row.text(column)).copied();
        if found.is_none() {
            problems.push(row.problem(column, "節点表にない節点です", "is not a node of the nodes table"));
        }
        found
    };

    let mut edges = Vec::new();
    for row in rows("edges", tables.edges, &["from", "to", "length_m", "time_s"], false, &mut problems) {
        let ends = [0, 1].map(|column| node(&row, column, &mut problems));
        let numbers = [2, 3].map(|column| row.positive(column, &mut problems));
        if let ([Some(from), Some(to)], [Some(length_m), Some(time_s)]) = (ends, numbers) {
            let class = class(3.6 * length_m / time_s);
            edges.push(Edge { from, to, length_m, class, time_s: Some(time_s), one_way: true, shape: Vec::new() });
        }
    }

    let mut trips = Vec::new();
    let mut stops = BTreeSet::new();
    let mut last_s: f64 = 0.0;
    for row in rows("requests", tables.requests, &["id", "t_s", "o", "d", "passengers"], true, &mut problems) {
        let time = row.number(1, &mut problems);
        let ends = [2, 3].map(|column| node(&row, column, &mut problems));
        let passengers = if row.text(4).is_empty() { Some(1) } else { row.count(4, &mut problems) };
        if let (Some(request_s), [Some(origin), Some(destination)], Some(passengers)) = (time, ends, passengers) {
            stops.extend([origin, destination]);
            last_s = last_s.max(request_s);
            trips.push(Trip {
                id: Some(row.text(0).to_string()),
                request_s,
                origin: row.text(2).to_string(),
                destination: row.text(3).to_string(),
                passengers,
                ..Trip::default()
            });
        }
    }

    let mut vehicles = Vec::new();
    for row in rows("vehicles", tables.vehicles, &["id", "node", "cap"], false, &mut problems) {
        let start = node(&row, 1, &mut problems);
        let seats = row.count(2, &mut problems);
        if let (Some(start), Some(seats)) = (start, seats) {
            vehicles.push(Vehicle {
                id: row.text(0).to_string(),
                seats,
                start_node: Some(start),
                ..Vehicle::default()
            });
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }

    // Vans without a home end their day with their last ride, so closing late costs nothing and is never the limit.
    let closes = Clock(Time::from_s((last_s + f64::from(max_wait_s) + 6.0 * 3_600.0).min(172_799.0).floor()));
    let zone = "all".to_string();
    let scenario = Scenario {
        version: VERSION,
        name: Text::new("表から作った町", "the town of your tables"),
        about: Text::new("利用者の表から作ったシナリオです。", "A scenario made of the user's own tables."),
        assumptions: Vec::new(),
        sources: Vec::new(),
        seed: 1,
        day: Day { date: "2026-01-05".into(), outdoor_c: 20.0, outdoor_by_month_c: [20.0; 12] },
        drawing: Drawing { view: view(&nodes), features: Vec::new() },
        network: Network {
            speeds_kmh: Speeds {
                motorway: 80.0,
                trunk: 50.0,
                primary: 40.0,
                secondary: 30.0,
                residential: 20.0,
                service: 10.0,
            },
            traffic: None,
            edges,
            nodes,
        },
        stops: stops
            .into_iter()
            .map(|node: u32| Stop {
                id: names[node as usize].clone(),
                name: Text::new(&names[node as usize], &names[node as usize]),
                node,
                zone: zone.clone(),
                category: Category::Home,
                weight: 1.0,
                is_virtual: true,
                elderly_share: None,
            })
            .collect(),
        service: Service {
            hours: vec![Hours { days: vec![Weekday::Mon], opens: Clock(Time::ZERO), closes }],
            max_wait_s,
            detour_factor,
            ride_limit: None,
            promise_window_s: None,
            wait_for_rider_s: None,
            phone: None,
            supervision: None,
            dwell: Dwell::default(),
        },
        fares: Fares {
            zones: vec![Zone { id: zone, name: Text::new("全域", "All"), adult_yen: 0.0 }],
            night: None,
            free_share: 0.0,
        },
        depots: Vec::new(),
        fleet: Fleet { vehicles, hubs: Vec::new(), breakdowns: None, drivers: None },
        fixed_route: None,
        costs: None,
        business: None,
        growth: None,
        demand: Demand { factor: 1.0, generator: None, trips, behaviour: None, elderly_share: None },
        policies: Policies {
            matching: MatchingPolicy::Insertion { objective: Objective::default() },
            rebalancing: RebalancingPolicy::Stay {},
            charging: ChargingPolicy::Immediate { below_soc: 0.0 },
        },
    };
    let problems = scenario.problems();
    if problems.is_empty() { Ok((scenario, Names { nodes: names })) } else { Err(problems) }
}

/// A class for a driving speed in km/h: only how thick the map draws a road, since its time is given.
fn class(kmh: f64) -> RoadClass {
    match kmh {
        ..25.0 => RoadClass::Residential,
        ..40.0 => RoadClass::Secondary,
        ..60.0 => RoadClass::Primary,
        _ => RoadClass::Trunk,
    }
}

/// The box around all nodes, with a margin.
pub(crate) fn view(nodes: &[Node]) -> [f64; 4] {
    const MARGIN: f64 = 0.002;
    let Some(&Node { lat, lng }) = nodes.first() else { return [-MARGIN, -MARGIN, MARGIN, MARGIN] };
    nodes.iter().fold([lng, lat, lng, lat], |[west, south, east, north], &Node { lat, lng }| {
        [west.min(lng - MARGIN), south.min(lat - MARGIN), east.max(lng + MARGIN), north.max(lat + MARGIN)]
    })
}

/// A line of a table.
struct Row<'a> {
    table: &'static str,
    line: u64,
    columns: &'a [&'static str],
    /// The needed columns in their order, then the optional one.
    fields: Vec<String>,
}

impl Row<'_> {
    fn text(&self, column: usize) -> &str {
        &self.fields[column]
    }

    fn number(&self, column: usize, problems: &mut Vec<Problem>) -> Option<f64> {
        let number = self.text(column).parse().ok().filter(|number: &f64| number.is_finite());
        if number.is_none() {
            problems.push(self.problem(column, "数値ではありません", "is not a number"));
        }
        number
    }

    fn positive(&self, column: usize, problems: &mut Vec<Problem>) -> Option<f64> {
        let number = self.number(column, problems)?;
        if number <= 0.0 {
            problems.push(self.problem(column, "0 より大きくしてください", "must be more than 0"));
        }
        Some(number).filter(|&number| number > 0.0)
    }

    fn count(&self, column: usize, problems: &mut Vec<Problem>) -> Option<u32> {
        let count = self.text(column).parse().ok().filter(|&count: &u32| count > 0);
        if count.is_none() {
            problems.push(self.problem(column, "1 以上の整数にしてください", "must be a whole number from 1"));
        }
        count
    }

    fn problem(&self, column: usize, ja: &str, en: &str) -> Problem {
        let value = self.text(column);
        problem(self.table, self.line, self.columns[column], format!("「{value}」: {ja}"), format!("“{value}” {en}"))
    }
}

fn problem(table: &str, line: u64, column: &str, ja: String, en: String) -> Problem {
    let path = if column.is_empty() { format!("{table}:{line}") } else { format!("{table}:{line}.{column}") };
    Problem { path, message: Text { ja, en } }
}

/// The rows of a table that has the needed columns, the last of which may be absent if `optional`.
fn rows<'a>(
    table: &'static str,
    text: &str,
    columns: &'a [&'static str],
    optional: bool,
    problems: &mut Vec<Problem>,
) -> Vec<Row<'a>> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = match reader.headers() {
        Ok(header) => header.clone(),
        Err(error) => {
            problems.push(problem(table, 1, "", format!("読めません: {error}"), format!("not readable: {error}")));
            return Vec::new();
        }
    };
    let mut positions = Vec::new();
    for (index, &column) in columns.iter().enumerate() {
        let position = header.iter().position(|name| name == column);
        if position.is_none() && !(optional && index + 1 == columns.len()) {
            let ja = format!("列「{column}」がありません。見出し行に加えてください");
            problems.push(problem(
                table,
                1,
                column,
                ja,
                format!("column “{column}” is missing; add it to the header line"),
            ));
            return Vec::new();
        }
        positions.push(position);
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => rows.push(Row {
                table,
                line: record.position().map_or(0, csv::Position::line),
                columns,
                fields: positions
                    .iter()
                    .map(|position| position.and_then(|position| record.get(position)).unwrap_or_default().to_string())
                    .collect(),
            }),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                problems.push(problem(
                    table,
                    line,
                    "",
                    format!("読めません: {error}"),
                    format!("not readable: {error}"),
                ));
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_shows_all_nodes_wherever_they_lie_and_fast_roads_are_thick() {
        // 111.2 km make a degree: a town near 4.5 degrees east and 32 degrees north of where the plane is laid down. A kilometre
        // in 120 s is 30 km/h, in 60 s 60 km/h.
        let tables = Tables {
            nodes: "node,x_m,y_m\na,500000,3560000\nb,501000,3560000\n",
            edges: "from,to,length_m,time_s\na,b,1000,120\nb,a,1000,60\n",
            requests: "id,t_s,o,d\nr,60,a,b\n",
            vehicles: "id,node,cap\n1,a,4\n",
        };
        let (scenario, _) = read(&tables, MAX_WAIT_S, DETOUR_FACTOR).expect("tables that are right");
        let [west, south, east, north] = scenario.drawing.view;
        for Node { lat, lng } in &scenario.network.nodes {
            assert!(west < *lng && *lng < east && south < *lat && *lat < north);
        }
        assert!(west > 4.0 && south > 31.0, "{west} {south}: the origin is no part of the town");
        let classes: Vec<RoadClass> = scenario.network.edges.iter().map(|edge| edge.class).collect();
        assert_eq!(classes, [RoadClass::Secondary, RoadClass::Trunk]);
    }
}
