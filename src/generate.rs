//! Large cases on a grid town, as plain tables: a test bed on which matching policies and their parameters are chosen.
//!
//! What makes a case hard is what makes a city hard, so the town has it: blocks of 80 x 270 m (Manhattan's), no two alike,
//! local streets that are one-way in turn, faster arterials that are not, closed pieces, a park, a river with few bridges;
//! several centres of business with homes around them, and more rides towards them than away, so that vans drift and have
//! to come back empty. Numbers that can be compared are close to those of taxi trips in Manhattan (5,000 rides of one hour,
//! New York City TLC; driven at 20 km/h): there the crow flies 2.4 km on the mean, 0.8 km at the tenth and 4.7 km at the
//! ninetieth percentile.
//!
//! Each request and each van has a random stream of its own, named by its number: twice as many requests are the same ones
//! and as many again (common random numbers, as in `demand/generate.rs`). All numbers are rounded as they are written.

use std::ops::Range;

use crate::math;
use crate::rng::Rng;
use crate::scenario::{Problem, Text};

/// Spacing of avenues, which run north, and of streets, which run east, in metres: Manhattan's.
const SPACING_M: [f64; 2] = [270.0, 80.0];
/// Vans for each km² of town, if nothing else is asked for. Between the 5 of the Manhattan case with 300 vans on 59 km² and
/// the 34 to 51 of Alonso-Mora et al. (2017), who put 2,000 to 3,000 there: dense enough that several vans can take a
/// request and it matters which, thin enough that they do not all stand around it.
const VANS_PER_KM2: f64 = 15.0;
/// Every so many avenues and streets is an arterial: one a kilometre.
const ARTERIAL_EVERY: [usize; 2] = [4, 12];
/// The first of them.
const FIRST_ARTERIAL: [usize; 2] = [2, 6];
/// Every so many streets crosses the river: every other arterial.
const BRIDGE_EVERY: usize = 24;
/// Width of the river between the avenues on its banks, in metres.
const RIVER_M: f64 = 400.0;
/// Side of the park against the town's: 5 % of the area (Central Park has 6 % of Manhattan).
const PARK_SIDE: f64 = 0.22;
/// Share of the pieces of local streets that are closed.
const CLOSED: f64 = 0.03;
/// Mean speeds on local streets and on arterials; each line of the grid has its own, within 20 %.
const SPEEDS_KMH: [f64; 2] = [18.0, 28.0];
/// Share of rides from homes to business and from business to homes; the rest goes from anywhere to anywhere. With these, a
/// sixth of the rides leaves its km² without another that comes back; in Manhattan it is a seventh.
const TOWARDS: f64 = 0.45;
const AWAY: f64 = 0.20;
/// Nobody takes a van for less, in metres as the crow flies.
const SHORTEST_M: f64 = 500.0;

/// What case to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// Number of requests.
    pub requests: u32,
    /// Number of vans.
    pub vehicles: u32,
    /// Road nodes, about; if absent, so many that there are 15 vans for each km².
    pub nodes: Option<u32>,
    /// Length of the time in which requests come, from midnight on.
    pub hours: f64,
    /// Weights of equal parts of that time; within one, requests come uniformly.
    pub profile: Vec<f64>,
    /// Weights of parties of one, two, three … passengers.
    pub parties: Vec<f64>,
    /// Seats of each van.
    pub seats: u32,
    /// Where vans stand at the begin.
    pub start: Start,
    /// Mean length of rides as the crow flies, in km, in a town without end that is the same everywhere.
    pub trip_km: f64,
    /// Seed of all random numbers.
    pub seed: u64,
}

impl Default for Spec {
    fn default() -> Spec {
        Spec {
            requests: 20_000,
            vehicles: 1_200,
            nodes: None,
            hours: 1.0,
            profile: vec![1.0],
            parties: vec![1.0],
            seats: 4,
            start: Start::Even,
            trip_km: 2.4,
            seed: 1,
        }
    }
}

/// Where vans stand at the begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// At any node with equal probability.
    Even,
    /// Where rides begin.
    Demand,
}

/// A generated case.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Positions of the nodes: metres east and north of the town's middle. From each node a way leads to every other.
    pub nodes: Vec<(f64, f64)>,
    /// Road sections, each in one driving direction.
    pub edges: Vec<Edge>,
    /// Requests, in the order of their times.
    pub requests: Vec<Request>,
    /// Start nodes of the vans.
    pub vehicles: Vec<u32>,
    /// Seats of each van.
    pub seats: u32,
    /// Area of the town, its river and park included, in km².
    pub area_km2: f64,
}

/// A road section in one driving direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Node at its begin.
    pub from: u32,
    /// Node at its end.
    pub to: u32,
    /// Length in metres.
    pub length_m: f64,
    /// Driving time in seconds.
    pub time_s: f64,
}

/// A call for a ride.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Request {
    /// Time of the call, in seconds.
    pub t_s: f64,
    /// Origin.
    pub from: u32,
    /// Destination.
    pub to: u32,
    /// Size of the party.
    pub passengers: u32,
}

impl Spec {
    /// Everything that is wrong; paths are names of fields.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut within = |path: &str, value: f64, least: f64, most: f64| {
            if !(least..=most).contains(&value) {
                problems.push(problem(
                    path,
                    &format!("{value}: {least} 以上 {most} 以下にしてください。"),
                    &format!("{value} is not possible; give a number from {least} to {most}"),
                ));
            }
        };
        within("requests", f64::from(self.requests), 1.0, 1e6);
        within("vehicles", f64::from(self.vehicles), 1.0, 1e5);
        within("nodes", f64::from(self.node_count()), 100.0, 1e5);
        within("hours", self.hours, 0.01, 24.0);
        within("seats", f64::from(self.seats), 1.0, 100.0);
        within("trip_km", self.trip_km, 0.5, 20.0);
        for (path, weights) in [("profile", &self.profile), ("parties", &self.parties)] {
            let usable = weights.iter().all(|weight| (0.0..=1e9).contains(weight)) && weights.iter().sum::<f64>() > 0.0;
            if !usable {
                problems.push(problem(
                    path,
                    "0 以上の重みを並べ、少なくとも 1 つは 0 より大きくしてください。",
                    "give weights from 0 to 1e9, one of them above 0",
                ));
            }
        }
        if self.parties.len() > self.seats as usize {
            let (largest, seats) = (self.parties.len(), self.seats);
            problems.push(problem(
                "parties",
                &format!("{largest} 人の組は {seats} 席の車両に乗れません。重みを減らすか席を増やしてください。"),
                &format!("a party of {largest} does not fit into {seats} seats; give fewer weights or more seats"),
            ));
        }
        problems
    }

    fn node_count(&self) -> u32 {
        let blocks_per_km2 = 1e6 / (SPACING_M[0] * SPACING_M[1]);
        let by_density = f64::from(self.vehicles) / VANS_PER_KM2 * blocks_per_km2;
        // A village has as many nodes as the park and the river need.
        self.nodes.unwrap_or((by_density as u32).clamp(100, 100_000))
    }
}

fn problem(path: &str, ja: &str, en: &str) -> Problem {
    Problem { path: path.into(), message: Text::new(ja, en) }
}

impl Case {
    /// Makes a case. O(nodes + requests x tries x log nodes), where a request takes some ten tries to find a destination at a
    /// likely distance in a town of 80 km², and more in proportion to the area.
    ///
    /// # Errors
    /// Everything that is wrong with `spec`.
    pub fn new(spec: &Spec) -> Result<Case, Vec<Problem>> {
        let problems = spec.problems();
        if !problems.is_empty() {
            return Err(problems);
        }
        let grid = Grid::new(spec.node_count(), &mut Rng::new(spec.seed, "streets"));
        let (nodes, edges) = grid.connected();
        let land = Land::new(&nodes, grid.area_km2(), &mut Rng::new(spec.seed, "land use"));
        let mut requests: Vec<Request> = (0..spec.requests).map(|number| land.request(spec, &nodes, number)).collect();
        requests.sort_by(|a, b| a.t_s.total_cmp(&b.t_s));
        let start = |number: u32| {
            let mut rng = Rng::new(spec.seed, &format!("van {number}"));
            match spec.start {
                Start::Even => rng.below(nodes.len()) as u32,
                Start::Demand => {
                    let (origins, _) = land.purpose(&mut rng);
                    origins.draw(&mut rng)
                }
            }
        };
        let vehicles = (0..spec.vehicles).map(start).collect();
        Ok(Case { requests, vehicles, seats: spec.seats, area_km2: grid.area_km2(), nodes, edges })
    }

    /// Name and text of each of the four tables, as [`crate::scenario::tables`] reads them.
    pub fn tables(&self) -> [(&'static str, String); 4] {
        let nodes = self.nodes.iter().enumerate().map(|(id, (x, y))| format!("{id},{x},{y}\n"));
        let edges =
            self.edges.iter().map(|Edge { from, to, length_m, time_s }| format!("{from},{to},{length_m},{time_s}\n"));
        let requests = (self.requests.iter().enumerate())
            .map(|(id, Request { t_s, from, to, passengers })| format!("{id},{t_s},{from},{to},{passengers}\n"));
        let vehicles = self.vehicles.iter().enumerate().map(|(id, node)| format!("{id},{node},{}\n", self.seats));
        [
            ("nodes.csv", "node,x_m,y_m\n".to_string() + &nodes.collect::<String>()),
            ("edges.csv", "from,to,length_m,time_s\n".to_string() + &edges.collect::<String>()),
            ("requests.csv", "id,t_s,o,d,passengers\n".to_string() + &requests.collect::<String>()),
            ("vehicles.csv", "id,node,cap\n".to_string() + &vehicles.collect::<String>()),
        ]
    }
}

/// Lines of streets, and the crossings and pieces of them that exist.
struct Grid {
    /// Where the avenues run, metres east; then the streets, metres north.
    lines_m: [Vec<f64>; 2],
    /// Their speeds.
    speeds_kmh: [Vec<f64>; 2],
    /// The river flows between this avenue and the next.
    river: usize,
    /// Avenues and streets that end at the park.
    park: [Range<usize>; 2],
    /// The pieces of street that are closed, by the crossing at their western or southern end.
    closed: [Vec<bool>; 2],
}

impl Grid {
    /// A town of about so many crossings, about as wide as long.
    fn new(nodes: u32, rng: &mut Rng) -> Grid {
        let crossings = f64::from(nodes) / (1.0 - PARK_SIDE * PARK_SIDE);
        let avenues = (crossings * SPACING_M[1] / SPACING_M[0]).sqrt().round().max(5.0);
        let counts = [avenues as usize, (crossings / avenues).round() as usize];
        // Left of the middle, so that both sides have a share.
        let river = ((0.25 + 0.15 * rng.unit()) * avenues) as usize;
        let lines_m = [0, 1].map(|axis| {
            let mut lines = vec![0.0];
            for line in 1..counts[axis] {
                let over_river = axis == 0 && line == river + 1;
                let gap = if over_river { RIVER_M } else { SPACING_M[axis] * (0.75 + 0.5 * rng.unit()) };
                lines.push(lines[line - 1] + gap.round());
            }
            let middle = (lines[lines.len() - 1] / 2.0).round();
            lines.iter().map(|line| line - middle).collect::<Vec<f64>>()
        });
        let speeds_kmh = [0, 1].map(|axis| {
            let speed = |line| SPEEDS_KMH[usize::from(arterial(axis, line))] * (0.8 + 0.4 * rng.unit());
            (0..counts[axis]).map(speed).collect()
        });
        // East of the river, with a line of streets on every side.
        let park = [0, 1].map(|axis| {
            let first = [river + 2, 1][axis];
            let size = ((PARK_SIDE * counts[axis] as f64).round() as usize).min(counts[axis] - 1 - first);
            let begin = first + rng.below(counts[axis] - first - size);
            begin..begin + size
        });
        let closed = [0, 1].map(|_| (0..counts[0] * counts[1]).map(|_| rng.unit() < CLOSED).collect());
        Grid { lines_m, speeds_kmh, river, park, closed }
    }

    fn area_km2(&self) -> f64 {
        let side = |axis: usize| self.lines_m[axis][self.lines_m[axis].len() - 1] - self.lines_m[axis][0];
        side(0) * side(1) / 1e6
    }

    /// Number of a crossing.
    fn id(&self, [avenue, street]: [usize; 2]) -> u32 {
        (street * self.lines_m[0].len() + avenue) as u32
    }

    fn exists(&self, at: [usize; 2]) -> bool {
        !(self.park[0].contains(&at[0]) && self.park[1].contains(&at[1]))
    }

    /// All pieces of street, between numbers of crossings.
    fn edges(&self) -> Vec<Edge> {
        let [avenues, streets] = [0, 1].map(|axis| self.lines_m[axis].len());
        let mut edges = Vec::new();
        for street in 0..streets {
            for avenue in 0..avenues {
                let here = [avenue, street];
                // A piece of the street leads east, one of the avenue leads north.
                for (axis, next) in [(1, [avenue + 1, street]), (0, [avenue, street + 1])] {
                    let across = 1 - axis;
                    if next[across] < self.lines_m[across].len() && self.exists(here) && self.exists(next) {
                        self.piece(axis, here, next, &mut edges);
                    }
                }
            }
        }
        edges
    }

    /// The piece of a line between two crossings, in the directions in which it may be driven.
    fn piece(&self, axis: usize, here: [usize; 2], next: [usize; 2], edges: &mut Vec<Edge>) {
        let (line, across) = (here[axis], 1 - axis);
        let crosses_river = axis == 1 && here[0] == self.river;
        if crosses_river && line % BRIDGE_EVERY != FIRST_ARTERIAL[1] {
            return;
        }
        let (from, to) = (self.id(here), self.id(next));
        let rim = line == 0 || line + 1 == self.lines_m[axis].len();
        let both_ways = arterial(axis, line) || rim;
        if !both_ways && self.closed[axis][from as usize] {
            return;
        }
        let length_m = self.lines_m[across][next[across]] - self.lines_m[across][here[across]];
        let time_s = (length_m * 3.6 / self.speeds_kmh[axis][line] * 100.0).round() / 100.0;
        if both_ways || line % 2 == 0 {
            edges.push(Edge { from, to, length_m, time_s });
        }
        if both_ways || line % 2 == 1 {
            edges.push(Edge { from: to, to: from, length_m, time_s });
        }
    }

    /// Positions and road sections of the part of the town in which a way leads from everywhere to everywhere: without blind
    /// alleys at closed pieces. Renumbered from 0.
    fn connected(&self) -> (Vec<(f64, f64)>, Vec<Edge>) {
        let edges = self.edges();
        let crossings = self.lines_m[0].len() * self.lines_m[1].len();
        // The park lies east of the first arterial avenue.
        let root = self.id(FIRST_ARTERIAL);
        let out = reached(crossings, root, edges.iter().map(|edge| (edge.from, edge.to)));
        let back = reached(crossings, root, edges.iter().map(|edge| (edge.to, edge.from)));
        let mut numbers = vec![None; crossings];
        let mut nodes = Vec::new();
        for (crossing, number) in
            numbers.iter_mut().enumerate().filter(|(crossing, _)| out[*crossing] && back[*crossing])
        {
            *number = Some(nodes.len() as u32);
            let avenues = self.lines_m[0].len();
            nodes.push((self.lines_m[0][crossing % avenues], self.lines_m[1][crossing / avenues]));
        }
        let renumbered = |edge: &Edge| {
            let (from, to) = (numbers[edge.from as usize]?, numbers[edge.to as usize]?);
            Some(Edge { from, to, ..*edge })
        };
        (nodes, edges.iter().filter_map(renumbered).collect())
    }
}

fn arterial(axis: usize, line: usize) -> bool {
    line % ARTERIAL_EVERY[axis] == FIRST_ARTERIAL[axis]
}

/// Which of so many nodes are reached from a root.
fn reached(nodes: usize, root: u32, edges: impl Iterator<Item = (u32, u32)>) -> Vec<bool> {
    let mut ways = vec![Vec::new(); nodes];
    edges.for_each(|(from, to)| ways[from as usize].push(to));
    let mut reached = vec![false; nodes];
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        if !std::mem::replace(&mut reached[node as usize], true) {
            open.extend(&ways[node as usize]);
        }
    }
    reached
}

/// Where people live, where they go, and everything together.
struct Land {
    homes: Shares,
    business: Shares,
    all: Shares,
}

impl Land {
    /// A centre of business in the middle and others for every 15 km², twice as many residential quarters, and a little of
    /// everything everywhere. Both fade as a bell curve.
    fn new(nodes: &[(f64, f64)], area_km2: f64, rng: &mut Rng) -> Land {
        let count = (area_km2 / 15.0).round().clamp(2.0, 20.0) as usize;
        let mut hills = |count: usize, radius_m: [f64; 2]| -> Vec<Hill> {
            let hill = |_| Hill {
                at: nodes[rng.below(nodes.len())],
                radius_m: radius_m[0] + (radius_m[1] - radius_m[0]) * rng.unit(),
                height: 0.3 + 0.7 * rng.unit(),
            };
            (0..count).map(hill).collect()
        };
        let mut centres = hills(count, [400.0, 900.0]);
        centres[0] = Hill { at: (0.0, 0.0), radius_m: 900.0, height: 1.5 };
        let quarters = hills(2 * count, [600.0, 1_400.0]);
        let sum = |hills: &[Hill], at: (f64, f64)| hills.iter().map(|hill| hill.at(at)).sum::<f64>();
        let business: Vec<f64> = nodes.iter().map(|&node| 0.05 + sum(&centres, node)).collect();
        // Where business is, homes are rarer.
        let homes =
            nodes.iter().zip(&business).map(|(&node, business)| (0.1 + sum(&quarters, node)) / (1.0 + 2.0 * business));
        let (homes, business) = (Shares::new(homes), Shares::new(business.iter().copied()));
        let all = homes.with(&business);
        Land { homes, business, all }
    }

    /// Where a ride may begin and where it may end.
    fn purpose(&self, rng: &mut Rng) -> (&Shares, &Shares) {
        match rng.unit() {
            share if share < TOWARDS => (&self.homes, &self.business),
            share if share < TOWARDS + AWAY => (&self.business, &self.homes),
            _ => (&self.all, &self.all),
        }
    }

    /// Request number `number`. Its destination follows a gravity model, drawn by rejection: the attraction of a place times
    /// exp(-distance / half the mean). In the plane this makes the distance gamma distributed with shape 2, whose
    /// coefficient of variation is 0.71; that of Manhattan's taxi trips is 0.70.
    fn request(&self, spec: &Spec, nodes: &[(f64, f64)], number: u32) -> Request {
        let mut rng = Rng::new(spec.seed, &format!("request {number}"));
        let part = rng.weighted(&spec.profile) as f64;
        let t_s = (part + rng.unit()) / spec.profile.len() as f64 * spec.hours * 3_600.0;
        let passengers = 1 + rng.weighted(&spec.parties) as u32;
        let (origins, destinations) = self.purpose(&mut rng);
        let from = origins.draw(&mut rng);
        let to = loop {
            let to = destinations.draw(&mut rng);
            let (a, b) = (nodes[from as usize], nodes[to as usize]);
            let beyond_m = (square(a.0 - b.0) + square(a.1 - b.1)).sqrt() - SHORTEST_M;
            if beyond_m >= 0.0 && rng.unit() < math::exp(-beyond_m / (spec.trip_km * 500.0)) {
                break to;
            }
        };
        Request { t_s: (t_s * 1e3).floor() / 1e3, from, to, passengers }
    }
}

/// A bell curve over a place.
struct Hill {
    at: (f64, f64),
    radius_m: f64,
    height: f64,
}

impl Hill {
    fn at(&self, (x, y): (f64, f64)) -> f64 {
        let squared = (square(x - self.at.0) + square(y - self.at.1)) / square(self.radius_m);
        self.height * math::exp(-squared / 2.0)
    }
}

/// Shares of nodes, added up, so that one is drawn in O(log nodes).
struct Shares(Vec<f64>);

impl Shares {
    fn new(weights: impl Iterator<Item = f64>) -> Shares {
        let mut sums: Vec<f64> = weights
            .scan(0.0, |sum, weight| {
                *sum += weight;
                Some(*sum)
            })
            .collect();
        let whole = sums[sums.len() - 1];
        sums.iter_mut().for_each(|sum| *sum /= whole);
        Shares(sums)
    }

    /// Half of these and half of others.
    fn with(&self, other: &Shares) -> Shares {
        Shares(self.0.iter().zip(&other.0).map(|(a, b)| (a + b) / 2.0).collect())
    }

    fn draw(&self, rng: &mut Rng) -> u32 {
        let at = rng.unit();
        // The last sum is 1, which no draw reaches.
        self.0.partition_point(|&sum| sum <= at) as u32
    }
}

fn square(x: f64) -> f64 {
    x * x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::tables::{self, Tables};

    fn small() -> Spec {
        Spec { requests: 2_000, vehicles: 120, ..Spec::default() }
    }

    fn case(spec: &Spec) -> Case {
        Case::new(spec).expect("a spec that is right")
    }

    #[test]
    fn a_seed_repeats_its_tables_and_another_draws_others() {
        let tables = |seed| case(&Spec { seed, ..small() }).tables();
        assert_eq!(tables(1), tables(1));
        for ((name, one), (_, other)) in tables(1).iter().zip(&tables(2)) {
            assert_ne!(one, other, "{name}");
        }
    }

    #[test]
    fn more_requests_and_vans_leave_the_first_as_they_are() {
        let spec = Spec { nodes: Some(400), ..small() };
        let more = case(&Spec { requests: 4_000, vehicles: 240, ..spec.clone() });
        let less = case(&spec);
        assert_eq!(less.vehicles, more.vehicles[..120]);
        assert_eq!((&less.nodes, &less.edges), (&more.nodes, &more.edges));
        let half = more.requests.iter().filter(|request| less.requests.contains(request)).count();
        assert_eq!(half, 2_000);
    }

    #[test]
    fn every_node_is_reached_from_every_other() {
        // A town has the size asked for, less its closed pieces, and the density that its vans ask for.
        for (seed, nodes) in [(1, 100), (2, 250), (3, 1_000), (4, 4_000), (5, 4_000)] {
            let case = case(&Spec { seed, nodes: Some(nodes), ..small() });
            assert!(
                (0.85..1.1).contains(&(case.nodes.len() as f64 / f64::from(nodes))),
                "{nodes}: {}",
                case.nodes.len()
            );
            let edges = || case.edges.iter();
            // All from one and one from all is all from all.
            let all = case.nodes.len();
            assert!(reached(all, 0, edges().map(|edge| (edge.from, edge.to))).iter().all(|&reached| reached), "{seed}");
            assert!(reached(all, 0, edges().map(|edge| (edge.to, edge.from))).iter().all(|&reached| reached), "{seed}");
        }
        let town = case(&Spec { requests: 1, ..Spec::default() });
        assert!((1_200.0 / town.area_km2 / VANS_PER_KM2 - 1.0).abs() < 0.1, "{} km²", town.area_km2);
    }

    #[test]
    fn rides_are_as_long_as_in_manhattan_and_flow_towards_business() {
        let town = case(&Spec::default());
        let mut km: Vec<f64> = Vec::new();
        // Rides that begin in a cell of 1 km², less those that end there.
        let mut left = std::collections::BTreeMap::new();
        for request in &town.requests {
            let [from, to] = [request.from, request.to].map(|node| town.nodes[node as usize]);
            km.push((square(from.0 - to.0) + square(from.1 - to.1)).sqrt() / 1e3);
            for ((x, y), change) in [(from, 1), (to, -1)] {
                *left.entry(((x / 1e3).floor() as i32, (y / 1e3).floor() as i32)).or_insert(0) += change;
            }
        }
        km.sort_by(f64::total_cmp);
        let at = |share: f64| km[(share * km.len() as f64) as usize];
        let mean = km.iter().sum::<f64>() / km.len() as f64;
        for (ours, theirs) in [(mean, 2.4), (at(0.1), 0.8), (at(0.5), 1.9), (at(0.9), 4.7)] {
            assert!((ours / theirs - 1.0).abs() < 0.15, "{ours} km, and in Manhattan {theirs} km");
        }
        // So many rides would have to be driven back empty; 0.14 of the 5,000 in Manhattan.
        let drift = left.values().map(|&balance: &i32| f64::from(balance.abs())).sum::<f64>() / 2.0 / km.len() as f64;
        assert!((0.12..0.22).contains(&drift), "{drift}");
    }

    #[test]
    fn times_keep_to_the_hours_and_to_the_profile() {
        // Two of three requests in the second half of two hours; five standard deviations are 5 x sqrt(2,000 x 2/9) = 105.
        let times: Vec<f64> = case(&Spec { hours: 2.0, profile: vec![1.0, 2.0], ..small() })
            .requests
            .iter()
            .map(|request| request.t_s)
            .collect();
        assert!(times.is_sorted() && times[0] >= 0.0 && times[1_999] < 7_200.0);
        let late = times.iter().filter(|&&t_s| t_s >= 3_600.0).count() as f64;
        assert!((late - 1_333.0).abs() < 105.0, "{late}");
    }

    #[test]
    fn the_tables_are_read_and_lived_through() {
        let spec =
            Spec { requests: 300, vehicles: 30, parties: vec![0.8, 0.15, 0.05], start: Start::Demand, ..small() };
        let tables = case(&spec).tables();
        let [nodes, edges, requests, vehicles] = [0, 1, 2, 3].map(|table: usize| tables[table].1.as_str());
        let tables = Tables { nodes, edges, requests, vehicles };
        let (scenario, _) = tables::read(&tables, 300, 1.4).expect("tables that are right");
        let world = std::sync::Arc::new(crate::world::World::new(&scenario));
        let log = crate::sim::Simulation::new(world.clone()).run();
        let report = crate::report::report(&world, &log);
        assert_eq!((report.requests, report.vehicles.len()), (300, 30));
        assert!(report.served > 150 && report.passengers > report.served, "{report:?}");
    }

    #[test]
    fn everything_that_is_wrong_is_named() {
        let wrong = Spec {
            requests: 0,
            vehicles: 0,
            nodes: Some(3),
            hours: f64::NAN,
            profile: Vec::new(),
            parties: vec![1.0, 0.0, -1.0],
            seats: 2,
            trip_km: 0.0,
            ..Spec::default()
        };
        let paths: Vec<String> = wrong.problems().into_iter().map(|problem| problem.path).collect();
        assert_eq!(paths, ["requests", "vehicles", "nodes", "hours", "trip_km", "profile", "parties", "parties"]);
    }
}
