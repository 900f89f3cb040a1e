//! Stops along roads, and places moved to them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::math::{METERS_PER_DEGREE, cos};
use crate::scenario::{Edge, Network, Node, RoadClass};

/// A place moved to the roads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Snapped {
    /// The nearest node at which a van may stop.
    pub node: u32,
    /// Metres between them as the crow flies.
    pub distance_m: f64,
}

/// The node nearest to a place, those that only expressways touch apart; `None` if there is none. O(nodes + edges).
pub fn snap(network: &Network, lat: f64, lng: f64) -> Option<Snapped> {
    let plane = Plane { east_m: METERS_PER_DEGREE * cos(lat.to_radians()) };
    let place = plane.point(lat, lng);
    let distance = |node: u32| {
        let Node { lat, lng } = network.nodes[node as usize];
        (distance_m(plane.point(lat, lng), place), node)
    };
    let nearest = arms(network).zip(0..).filter(|&(arms, _)| arms > 0).map(|(_, node)| distance(node));
    let (distance_m, node) = nearest.min_by(|(a, _), (b, _)| a.total_cmp(b))?;
    Some(Snapped { node, distance_m })
}

/// Nodes for stops, by a greedy cover: junctions first, those with the most arms before others, then points of long edges, which
/// are split there; each unless there is a stop within `every_m` already. Ends once there are more than `most`. Vans do not stop on
/// expressways and national roads. O((nodes + length / every_m) log stops), and one scan of the edges.
pub(super) fn place(network: &mut Network, every_m: f64, most: usize) -> Vec<u32> {
    let plane = Plane::of(network);
    let at = |node: &Node| plane.point(node.lat, node.lng);
    let mut covered = Cover::new(every_m);
    let mut order: Vec<(Reverse<u32>, u32)> =
        arms(network).map(Reverse).zip(0..).filter(|(arms, _)| arms.0 > 0).collect();
    order.sort_unstable();
    let mut stops = Vec::new();
    for (_, node) in order {
        if stops.len() <= most && covered.add(at(&network.nodes[node as usize]), node) {
            stops.push(node);
        }
    }
    for index in 0..network.edges.len() {
        if stops.len() > most || !has_stops(network.edges[index].class) {
            continue;
        }
        let line = line(network, index);
        let mut cuts = Vec::new();
        for (section, ends) in line.windows(2).enumerate() {
            let [from, to] = [ends[0], ends[1]].map(|[lng, lat]| plane.point(lat, lng));
            // A quarter of the distance is as near as it needs to be.
            let steps = (distance_m(from, to) / (every_m / 4.0)).ceil().max(1.0) as u32;
            for step in 1..=steps {
                let share = f64::from(step) / f64::from(steps);
                let point = [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis]));
                let node = (network.nodes.len() + cuts.len()) as u32;
                let is_end = section + 2 == line.len() && step == steps;
                if !is_end && covered.add(point, node) {
                    stops.push(node);
                    cuts.push(Cut { section, share });
                }
            }
        }
        split(network, index, &line, &cuts, &plane);
    }
    stops
}

/// How much demand stops draw: for each the junctions and ends of roads that it is the nearest stop of, within `every_m`, 1 at least.
pub(super) fn weights(network: &Network, stops: &[u32], every_m: f64) -> Vec<f64> {
    let plane = Plane::of(network);
    let at = |node: u32| plane.point(network.nodes[node as usize].lat, network.nodes[node as usize].lng);
    let mut cover = Cover::new(every_m);
    for (&stop, index) in stops.iter().zip(0..) {
        cover.keep(at(stop), index);
    }
    let mut weights = vec![0.0; stops.len()];
    for node in 0..network.nodes.len() as u32 {
        if let Some(stop) = cover.nearest(at(node)) {
            weights[stop as usize] += 1.0;
        }
    }
    weights.into_iter().map(|weight: f64| weight.max(1.0)).collect()
}

/// The mean position of nodes, latitude and longitude.
pub(super) fn middle(network: &Network, nodes: impl ExactSizeIterator<Item = u32>) -> (f64, f64) {
    let count = nodes.len() as f64;
    let (lat, lng) = nodes
        .map(|node| &network.nodes[node as usize])
        .fold((0.0, 0.0), |(lat, lng), node| (lat + node.lat, lng + node.lng));
    (lat / count, lng / count)
}

/// How many ends of roads on which vans may stop are at each node.
fn arms(network: &Network) -> impl Iterator<Item = u32> {
    let mut arms = vec![0; network.nodes.len()];
    for edge in network.edges.iter().filter(|edge| has_stops(edge.class)) {
        arms[edge.from as usize] += 1;
        arms[edge.to as usize] += 1;
    }
    arms.into_iter()
}

fn has_stops(class: RoadClass) -> bool {
    !matches!(class, RoadClass::Motorway | RoadClass::Trunk)
}

/// An edge's points, `[lng, lat]`, both ends included.
fn line(network: &Network, edge: usize) -> Vec<[f64; 2]> {
    let Edge { from, to, shape, .. } = &network.edges[edge];
    let end = |node: u32| [network.nodes[node as usize].lng, network.nodes[node as usize].lat];
    [end(*from)].into_iter().chain(shape.iter().copied()).chain([end(*to)]).collect()
}

/// Where an edge is cut: on which section of its line, and which share of that is before.
struct Cut {
    section: usize,
    share: f64,
}

/// Splits an edge, whose place the first piece takes; length and time are shared out by the length of the line.
fn split(network: &mut Network, index: usize, line: &[[f64; 2]], cuts: &[Cut], plane: &Plane) {
    if cuts.is_empty() {
        return;
    }
    let millionths = |degrees: f64| (degrees * 1e6).round() / 1e6;
    let whole = network.edges[index].clone();
    let mut pieces: Vec<Vec<[f64; 2]>> = vec![vec![line[0]]];
    let mut next = cuts.iter().peekable();
    for (section, ends) in line.windows(2).enumerate() {
        while let Some(cut) = next.next_if(|cut| cut.section == section) {
            let point = [0, 1].map(|axis| millionths(ends[0][axis] + cut.share * (ends[1][axis] - ends[0][axis])));
            // There is a last piece.
            pieces.last_mut().into_iter().for_each(|piece| piece.push(point));
            pieces.push(vec![point]);
        }
        pieces.last_mut().into_iter().for_each(|piece| piece.push(ends[1]));
    }
    let metres = |points: &[[f64; 2]]| -> f64 {
        points
            .windows(2)
            .map(|ends| distance_m(plane.point(ends[0][1], ends[0][0]), plane.point(ends[1][1], ends[1][0])))
            .sum()
    };
    let lengths: Vec<f64> = pieces.iter().map(|points| metres(points)).collect();
    let total = lengths.iter().sum::<f64>();
    let mut from = whole.from;
    for (number, (points, length)) in pieces.iter().zip(&lengths).enumerate() {
        let share = length / total;
        let part = |value: f64| ((value * share * 100.0).round() / 100.0).max(0.01);
        let to = if number + 1 == pieces.len() { whole.to } else { network.nodes.len() as u32 };
        let edge = Edge {
            from,
            to,
            length_m: part(whole.length_m),
            time_s: whole.time_s.map(part),
            shape: points[1..points.len() - 1].to_vec(),
            ..whole
        };
        if number + 1 < pieces.len() {
            let [lng, lat] = points[points.len() - 1];
            network.nodes.push(Node { lat, lng });
        }
        if number == 0 {
            network.edges[index] = edge;
        } else {
            network.edges.push(edge);
        }
        from = to;
    }
}

/// A plane laid on a town, in metres.
struct Plane {
    /// Metres for each degree of longitude.
    east_m: f64,
}

impl Plane {
    fn of(network: &Network) -> Plane {
        let lats = network.nodes.iter().map(|node| node.lat);
        let (south, north) = lats.fold((f64::MAX, f64::MIN), |(south, north), lat| (south.min(lat), north.max(lat)));
        Plane { east_m: METERS_PER_DEGREE * cos(((south + north) / 2.0).to_radians()) }
    }

    fn point(&self, lat: f64, lng: f64) -> [f64; 2] {
        [lng * self.east_m, lat * METERS_PER_DEGREE]
    }
}

fn distance_m(a: [f64; 2], b: [f64; 2]) -> f64 {
    ((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1])).sqrt()
}

/// Points of a plane in squares as wide as a radius, so that those within it are in nine of them.
struct Cover {
    radius_m: f64,
    squares: BTreeMap<[i32; 2], Vec<([f64; 2], u32)>>,
}

impl Cover {
    fn new(radius_m: f64) -> Cover {
        Cover { radius_m, squares: BTreeMap::new() }
    }

    fn square(&self, point: [f64; 2]) -> [i32; 2] {
        point.map(|metres| (metres / self.radius_m).floor() as i32)
    }

    /// The number of the nearest point within the radius.
    fn nearest(&self, point: [f64; 2]) -> Option<u32> {
        let [x, y] = self.square(point);
        let squares = (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| [x, y]));
        let near = squares.filter_map(|square| self.squares.get(&square)).flatten();
        let near = near.map(|&(other, number)| (distance_m(point, other), number));
        let (distance_m, number) = near.min_by(|(a, _), (b, _)| a.total_cmp(b))?;
        (distance_m < self.radius_m).then_some(number)
    }

    fn keep(&mut self, point: [f64; 2], number: u32) {
        let square = self.square(point);
        self.squares.entry(square).or_default().push((point, number));
    }

    /// Keeps a point unless there is one within the radius; whether it did.
    fn add(&mut self, point: [f64; 2], number: u32) -> bool {
        let free = self.nearest(point).is_none();
        if free {
            self.keep(point, number);
        }
        free
    }
}
