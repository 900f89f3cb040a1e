//! Files of the literature: the dial-a-ride problem (Cordeau 2006) and the electric autonomous one (Bongiovanni, Kaspi, Geroliminis
//! 2019). Both are lines of numbers; times are minutes, and distances are minutes too.

use super::instance::{Booking, Instance, Name, Names};
use super::problem::{Battery, End, Energy, Problem, Ride, Station, Van, Visit, Weights, Window};
use super::table::Table;
use crate::fleet::Load;
use crate::scenario::{self, Text};

/// What refusing a ride costs where everybody is to be served: more than any plan.
const REFUSAL: f64 = 1e4;

/// Nodes of a file, at most: the table of driving times has their square.
const MOST_NODES: usize = 5_000;

/// A line of numbers and where it is.
struct Line {
    number: usize,
    values: Vec<f64>,
}

struct Lines {
    rest: std::vec::IntoIter<Line>,
    /// The last line of the file.
    last: usize,
}

type Problems = Vec<scenario::Problem>;

fn wrong(line: usize, field: &str, ja: String, en: String) -> Problems {
    let path = if field.is_empty() { format!("line {line}") } else { format!("line {line}, {field}") };
    vec![scenario::Problem { path, message: Text::new(ja, en) }]
}

impl Lines {
    fn new(text: &str) -> Result<Lines, Problems> {
        let mut lines = Vec::new();
        let mut last = 0;
        for (at, line) in text.lines().enumerate() {
            last = at + 1;
            let values: Result<Vec<f64>, (usize, &str)> = line
                .split_whitespace()
                .enumerate()
                .map(|(column, word)| {
                    word.parse().ok().filter(|number: &f64| number.is_finite()).ok_or((column + 1, word))
                })
                .collect();
            match values {
                Ok(values) if values.is_empty() => {}
                Ok(values) => lines.push(Line { number: at + 1, values }),
                Err((column, word)) => {
                    return Err(wrong(
                        at + 1,
                        &format!("column {column}"),
                        format!("「{word}」は数ではありません。数を書いてください。"),
                        format!("\"{word}\" is not a number; write one"),
                    ));
                }
            }
        }
        Ok(Lines { rest: lines.into_iter(), last })
    }

    /// The next line, which has to have some numbers.
    fn next(&mut self, what: &str, count: usize) -> Result<Line, Problems> {
        let Some(line) = self.rest.next() else {
            return Err(wrong(
                self.last + 1,
                what,
                "ファイルがここで終わっています。途中で切れていないか確かめてください。".into(),
                format!("the file ends where {what} should be; see whether it was cut off"),
            ));
        };
        if line.values.len() < count {
            return Err(wrong(
                line.number,
                what,
                format!("数が{count}個必要ですが、{}個しかありません。", line.values.len()),
                format!("{} numbers where {count} are needed", line.values.len()),
            ));
        }
        Ok(line)
    }
}

impl Line {
    /// A count or an index.
    fn whole(&self, column: usize, field: &str, most: usize) -> Result<usize, Problems> {
        let value = self.values[column];
        if value.fract() == 0.0 && value >= 0.0 && value <= most as f64 {
            return Ok(value as usize);
        }
        Err(wrong(
            self.number,
            field,
            format!("{value}ではなく、0から{most}までの整数にしてください。"),
            format!("{value} is not a whole number from 0 to {most}"),
        ))
    }

    fn positive(&self, column: usize, field: &str) -> Result<f64, Problems> {
        let value = self.values[column];
        if value > 0.0 {
            return Ok(value);
        }
        Err(wrong(
            self.number,
            field,
            format!("{value}ではなく、0より大きい数にしてください。"),
            format!("{value} is not above 0"),
        ))
    }
}

/// A node: id, x, y, service, load, earliest, latest.
struct Node {
    line: usize,
    id: u32,
    x: f64,
    y: f64,
    service: f64,
    load: i32,
    window: Window,
}

fn node(line: &Line) -> Result<Node, Problems> {
    let &[_, x, y, service, load, from, to] = &line.values[..7] else { unreachable!("seven numbers") };
    if service < 0.0 {
        return Err(wrong(
            line.number,
            "service",
            format!("{service}ではなく、0以上にしてください。"),
            format!("{service} is below 0"),
        ));
    }
    if load.fract() != 0.0 || load.abs() > 1e6 {
        return Err(wrong(
            line.number,
            "load",
            format!("{load}ではなく、整数にしてください。"),
            format!("{load} is not a whole number of people"),
        ));
    }
    Ok(Node {
        line: line.number,
        id: line.whole(0, "id", 1_000_000)? as u32,
        x,
        y,
        service,
        load: load as i32,
        window: Window { from, to },
    })
}

fn straight(nodes: &[Node], factor: f64) -> Table {
    Table::new(nodes.len(), |a, b| {
        let (dx, dy) = (nodes[a].x - nodes[b].x, nodes[a].y - nodes[b].y);
        factor * (dx * dx + dy * dy).sqrt()
    })
}

fn booking(nodes: &[Node], user: usize, [on, off]: [usize; 2], max_minutes: f64, travel: &Table) -> Booking {
    let visit = |at: usize| Visit { place: at, window: nodes[at].window, service: nodes[at].service, kwh: 0.0 };
    Booking {
        name: Name::Number(user as u32),
        path: format!("line {}", nodes[on].line),
        nodes: [on, off].map(|at| Name::Number(nodes[at].id)),
        visits: [visit(on), visit(off)],
        ride: Ride {
            party: Load { seats: nodes[on].load.max(0) as u32, ..Load::default() },
            max_minutes,
            direct: travel.get(on, off),
            refusal: REFUSAL,
            only: None,
        },
    }
}

/// Reads a dial-a-ride problem. The first line: vehicles, users, longest route, capacity, longest ride; where there are as many nodes
/// as that number of users says, it counts nodes and not users, as in the older files. A node each line.
pub fn darp(text: &str, factor: f64) -> Result<Instance, Problems> {
    let mut lines = Lines::new(text)?;
    let head = lines.next("vehicles, users, route, capacity, ride", 5)?;
    let vehicles = head.whole(0, "vehicles", 1_000)?;
    let stated = head.whole(1, "users", MOST_NODES)?;
    let route = head.positive(2, "longest route")?;
    let seats = head.whole(3, "capacity", 1_000)?;
    let ride = head.positive(4, "longest ride")?;
    let mut nodes = Vec::new();
    while lines.rest.len() > 0 {
        nodes.push(node(&lines.next("node", 7)?)?);
    }
    let users = match nodes.len() {
        count if count == 2 * stated + 1 || count == 2 * stated + 2 => stated,
        count if stated % 2 == 0 && (count == stated + 1 || count == stated + 2) => stated / 2,
        count => {
            return Err(wrong(
                lines.last,
                "nodes",
                format!(
                    "利用者{stated}人には節点が{}行必要ですが、{count}行です。ファイルが切れていないか確かめてください。",
                    2 * stated + 2
                ),
                format!("{count} nodes where {stated} users need {}; see whether the file was cut off", 2 * stated + 2),
            ));
        }
    };
    let end = if nodes.len() == 2 * users + 2 { 2 * users + 1 } else { 0 };
    let travel = straight(&nodes, factor);
    let bookings = (1..=users).map(|user| booking(&nodes, user, [user, users + user], ride, &travel)).collect();
    let depot = Name::Number(nodes[0].id);
    let mut instance = Instance {
        problem: Problem {
            travel,
            energy: vec![Energy::PerMinute(0.0)],
            visits: Vec::new(),
            rides: Vec::new(),
            vans: (0..vehicles)
                .map(|_| Van {
                    start: 0,
                    shift: nodes[0].window,
                    max_minutes: route,
                    room: Load { seats: seats as u32, ..Load::default() },
                    energy: 0,
                    ends: vec![0],
                    battery: None,
                    kind: 0,
                    empty_cost: 0.0,
                })
                .collect(),
            ends: vec![End { place: end, window: nodes[end].window, vans: vehicles }],
            stations: Vec::new(),
            weights: Weights { travel: 1.0, excess: 0.0 },
        },
        names: Names {
            vans: (1..=vehicles as u32).map(|van| (van, None, depot.clone())).collect(),
            ends: vec![vec![Name::Number(nodes[end].id)]],
            ..Names::default()
        },
        impossible: Vec::new(),
        faults: Vec::new(),
    };
    instance.book(bookings);
    instance.screen();
    Ok(instance)
}

/// Reads an electric autonomous dial-a-ride problem; `gamma` is the least final charge as a share of the battery. The first line:
/// vehicles, users, origin depots, destination depots, stations, replications, horizon. A node each line, then a line each: common
/// origin, common destination, origins, destinations, stations, ride-time limits, capacities, start charges, battery capacities,
/// recharge rates, discharge rate; known values, which are not read; and, in some files, a matrix of driving times.
pub fn eadarp(text: &str, gamma: f64, factor: f64) -> Result<Instance, Problems> {
    let mut lines = Lines::new(text)?;
    let head = lines.next("vehicles, users, origins, destinations, stations, replications, horizon", 7)?;
    let vehicles = head.whole(0, "vehicles", 1_000)?;
    let users = head.whole(1, "users", MOST_NODES / 2)?;
    let stations = head.whole(4, "stations", 64)?;
    let copies = head.whole(5, "replications", 64)?.max(1);
    let horizon = head.positive(6, "horizon")?;
    let mut nodes: Vec<Node> = Vec::new();
    // Nodes are numbered from 1 on; the line after them, with the common origin, is shorter.
    while lines.rest.as_slice().first().is_some_and(|line| line.values.len() == 7)
        && lines.rest.as_slice()[0].values[0] == (nodes.len() + 1) as f64
        && nodes.len() < MOST_NODES
    {
        nodes.push(node(&lines.next("node", 7)?)?);
    }
    if nodes.len() < 2 * users {
        let line = lines.rest.as_slice().first().map_or(lines.last, |line| line.number);
        return Err(wrong(
            line,
            "node",
            format!("利用者{users}人には節点が少なくとも{}行必要ですが、{}行です。", 2 * users, nodes.len()),
            format!(
                "{} nodes where {users} users need at least {}: id, x, y, service, load, earliest, latest",
                nodes.len(),
                2 * users
            ),
        ));
    }
    let count = nodes.len();
    let places = |line: &Line, field: &str| -> Result<Vec<usize>, Problems> {
        (0..line.values.len())
            .map(|column| match line.whole(column, field, count)? {
                0 => Err(wrong(
                    line.number,
                    field,
                    "節点の番号は1からです。".into(),
                    "nodes are numbered from 1 on".into(),
                )),
                id => Ok(id - 1),
            })
            .collect()
    };
    lines.next("common origin", 1)?;
    lines.next("common destination", 1)?;
    let origins = places(&lines.next("origin of each vehicle", vehicles)?, "origin of each vehicle")?;
    let destinations = places(&lines.next("destinations", 1)?, "destinations")?;
    let at_stations = if stations == 0 { Vec::new() } else { places(&lines.next("stations", stations)?, "stations")? };
    let limits = lines.next("ride-time limits", users)?.values;
    let capacities = lines.next("capacities", vehicles)?;
    let starts = lines.next("start charges", vehicles)?.values;
    let batteries = lines.next("battery capacities", vehicles)?;
    let rates = if stations == 0 { None } else { Some(lines.next("recharge rates", stations)?) };
    let discharge = lines.next("discharge rate", 1)?;
    let kwh_per_minute = discharge.values[0];
    if kwh_per_minute < 0.0 {
        return Err(wrong(
            discharge.number,
            "discharge rate",
            format!("{kwh_per_minute}ではなく、0以上にしてください。"),
            format!("{kwh_per_minute} is below 0"),
        ));
    }
    // Known values, if there are any.
    let _ = lines.rest.next();
    let travel = if lines.rest.len() > 0 {
        let mut cells = Vec::with_capacity(count * count);
        for _ in 0..count {
            cells.push(lines.next("matrix", count)?.values);
        }
        Table::new(count, |a, b| factor * cells[a][b])
    } else {
        straight(&nodes, factor)
    };

    let mut vans = Vec::with_capacity(vehicles);
    let mut ends: Vec<End> = Vec::new();
    let mut end_names: Vec<Vec<Name>> = Vec::new();
    // Depots at the same place are one, so that vans can be told to be alike.
    let alike = |a: usize, b: usize| {
        nodes[a].window == nodes[b].window
            && (0..count).all(|c| travel.get(a, c) == travel.get(b, c) && travel.get(c, a) == travel.get(c, b))
    };
    for &place in &destinations {
        match ends.iter().position(|end| alike(end.place, place)) {
            Some(at) => {
                ends[at].vans += 1;
                end_names[at].push(Name::Number(nodes[place].id));
            }
            None => {
                let window = Window { from: nodes[place].window.from, to: nodes[place].window.to.min(horizon) };
                ends.push(End { place, window, vans: 1 });
                end_names.push(vec![Name::Number(nodes[place].id)]);
            }
        }
    }
    let mut names = Names { ends: end_names, ..Names::default() };
    for van in 0..vehicles {
        let origin = origins[van];
        let start = origins[..van].iter().copied().find(|&other| alike(other, origin)).unwrap_or(origin);
        let full_kwh = batteries.positive(van, "battery capacity")?;
        vans.push(Van {
            start,
            shift: Window { from: nodes[origin].window.from, to: horizon },
            max_minutes: f64::INFINITY,
            room: Load { seats: capacities.whole(van, "capacity", 1_000)? as u32, ..Load::default() },
            energy: 0,
            ends: (0..ends.len()).collect(),
            battery: Some(Battery {
                start_kwh: starts[van].min(full_kwh),
                full_kwh,
                end_kwh: gamma * full_kwh,
                least_kwh: 0.0,
            }),
            kind: 0,
            empty_cost: 0.0,
        });
        names.vans.push((van as u32 + 1, None, Name::Number(nodes[origin].id)));
    }
    let mut chargers = Vec::new();
    for (at, &place) in at_stations.iter().enumerate() {
        let rates = rates.as_ref().expect("stations have rates");
        let rate = rates.positive(at.min(rates.values.len() - 1), "recharge rate")?;
        // A station may be used once; copies of it are further stations.
        let times = if at_stations.len() > stations { 1 } else { copies };
        for _ in 0..times {
            let window = Window { from: nodes[place].window.from, to: nodes[place].window.to.min(horizon) };
            chargers.push(Station { place, window, kwh_per_minute: rate, cost_per_kwh: 0.0 });
            names.stations.push(Name::Number(nodes[place].id));
        }
    }
    let bookings =
        (0..users).map(|user| booking(&nodes, user + 1, [user, users + user], limits[user], &travel)).collect();
    let mut instance = Instance {
        problem: Problem {
            travel,
            energy: vec![Energy::PerMinute(kwh_per_minute)],
            visits: Vec::new(),
            rides: Vec::new(),
            vans,
            ends,
            stations: chargers,
            weights: Weights { travel: 0.75, excess: 0.25 },
        },
        names,
        impossible: Vec::new(),
        faults: Vec::new(),
    };
    instance.book(bookings);
    instance.screen();
    Ok(instance)
}
