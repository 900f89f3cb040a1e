//! From lines drawn through shared points to a network that can be driven: the largest part in which a way leads from
//! everywhere to everywhere, one edge for each stretch between two junctions.
//!
//! A point where one road simply goes on is no junction: it becomes a point of the edge's shape, so that the table of
//! travel times has a column for each junction and not for each bend.

use std::collections::HashSet;
use std::ops::Range;

use crate::math::distance_m;
use crate::scenario::{Edge, Network, Node, RoadClass, Speeds};

/// A place in ten-millionths of a degree, as OpenStreetMap stores it: 1 cm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) lat_e7: i32,
    pub(super) lng_e7: i32,
}

impl Point {
    /// Latitude and longitude.
    pub(super) fn degrees(self) -> (f64, f64) {
        (f64::from(self.lat_e7) / 1e7, f64::from(self.lng_e7) / 1e7)
    }
}

/// Whether none of some places lies in a box (west, south, east, north in degrees), but some would with latitude and longitude swapped.
pub(super) fn lie_turned<'p>(
    places: impl Iterator<Item = &'p Point> + Clone,
    [west, south, east, north]: [f64; 4],
) -> bool {
    let within = |lat: f64, lng: f64| (south..=north).contains(&lat) && (west..=east).contains(&lng);
    let degrees = places.map(|place| place.degrees());
    !degrees.clone().any(|(lat, lng)| within(lat, lng)) && degrees.clone().any(|(lat, lng)| within(lng, lat))
}

/// What a line is to drive on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Road {
    pub(super) class: RoadClass,
    /// Driven only in the order of its points.
    pub(super) one_way: bool,
    /// Driving speed where it is known better than by class.
    pub(super) speed_kmh: Option<f64>,
}

/// Roads as they are drawn: line `n` leads through `vertices[lines[n - 1].end..lines[n].end]`, each an index into `points`.
/// Lines meet where they share a vertex.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) points: Vec<Point>,
    pub(super) vertices: Vec<u32>,
    pub(super) lines: Vec<Line>,
}

/// A line of [`Lines`].
pub(super) struct Line {
    pub(super) road: Road,
    /// One past its last vertex.
    pub(super) end: usize,
}

/// What is not in the network since no way leads there, or none leads back.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Dropped {
    /// Points of the lines.
    pub(super) points: u32,
    /// Length of the lines between them.
    pub(super) km: f64,
}

/// A straight piece of a line between two different vertices.
#[derive(Clone, Copy)]
struct Segment {
    from: u32,
    to: u32,
    line: u32,
}

impl Segment {
    fn other(&self, vertex: u32) -> u32 {
        self.from ^ self.to ^ vertex
    }
}

impl Lines {
    /// The parts of them in an area (west, south, east, north in degrees), and how many lines it cuts. O(vertices).
    pub(super) fn within(&self, [west, south, east, north]: [f64; 4]) -> (Lines, u32) {
        let inside = |place: &Point| {
            let (lat, lng) = place.degrees();
            (south..=north).contains(&lat) && (west..=east).contains(&lng)
        };
        let is_inside: Vec<bool> = self.points.iter().map(inside).collect();
        let mut part = Lines::default();
        let mut numbers = vec![NONE; self.points.len()];
        let mut cut = 0;
        let mut begin = 0;
        for line in &self.lines {
            let vertices = &self.vertices[begin..line.end];
            cut += u32::from(vertices.iter().any(|&vertex| !is_inside[vertex as usize]));
            for piece in vertices.split(|&vertex| !is_inside[vertex as usize]).filter(|piece| piece.len() > 1) {
                for &vertex in piece {
                    let number = &mut numbers[vertex as usize];
                    if *number == NONE {
                        *number = part.points.len() as u32;
                        part.points.push(self.points[vertex as usize]);
                    }
                    part.vertices.push(*number);
                }
                part.lines.push(Line { road: line.road, end: part.vertices.len() });
            }
            begin = line.end;
        }
        (part, cut)
    }

    /// The network of these lines: its largest strongly connected part, by points. Lengths are measured between the points as
    /// they are; positions are rounded to a millionth of a degree (11 cm). Of edges between the same two junctions each but the
    /// first has a node of its own in between, and so has a loop, so that all of them can be driven ([`crate::roads::Roads`] keeps
    /// one arc for each pair of nodes). O(segments log segments).
    pub(super) fn network(&self, speeds_kmh: Speeds) -> (Network, Dropped) {
        let all = self.segments();
        let (kept, dropped) = self.largest_part(&all);
        let draft = Draft {
            lines: self,
            at: Touching::new(self.points.len(), kept.iter().map(|segment| [segment.from, segment.to])),
            segments: kept,
            speeds: &speeds_kmh,
            nodes: Vec::new(),
            numbers: vec![NONE; self.points.len()],
            edges: Vec::new(),
            pairs: HashSet::new(),
        };
        let (nodes, edges) = draft.contracted();
        (Network { nodes, edges, speeds_kmh, traffic: None }, dropped)
    }

    fn segments(&self) -> Vec<Segment> {
        let mut segments = Vec::with_capacity(self.vertices.len());
        let mut begin = 0;
        for (line, number) in self.lines.iter().zip(0..) {
            let vertices = &self.vertices[begin..line.end];
            let pairs = vertices.windows(2).filter(|pair| pair[0] != pair[1]);
            segments.extend(pairs.map(|pair| Segment { from: pair[0], to: pair[1], line: number }));
            begin = line.end;
        }
        segments
    }

    fn largest_part(&self, segments: &[Segment]) -> (Vec<Segment>, Dropped) {
        let both = |segment: &Segment| !self.road(segment).one_way;
        let back = segments.iter().filter(|segment| both(segment)).map(|segment| (segment.to, segment.from));
        let forth = segments.iter().map(|segment| (segment.from, segment.to));
        let parts = parts(self.points.len(), &forth.chain(back).collect::<Vec<_>>());
        let mut sizes = vec![0u32; self.points.len()];
        parts.iter().for_each(|&part| sizes[part as usize] += 1);
        // Of equals the first.
        let largest = (0..sizes.len()).rev().max_by_key(|&part| sizes[part]).unwrap_or(0);
        let inside = |segment: &&Segment| {
            [segment.from, segment.to].iter().all(|&vertex| parts[vertex as usize] as usize == largest)
        };
        let outside = segments.iter().filter(|segment| !inside(segment));
        let dropped = Dropped {
            points: self.points.len() as u32 - sizes.get(largest).copied().unwrap_or(0),
            km: outside.map(|segment| self.length_m(segment)).sum::<f64>() / 1e3,
        };
        (segments.iter().filter(inside).copied().collect(), dropped)
    }

    fn road(&self, segment: &Segment) -> &Road {
        &self.lines[segment.line as usize].road
    }

    /// Along the great circle, which [`distance_m`] is within a millionth of over such a distance.
    fn length_m(&self, segment: &Segment) -> f64 {
        let place = |vertex: u32| self.points[vertex as usize].degrees();
        distance_m(place(segment.from), place(segment.to))
    }
}

const NONE: u32 = u32::MAX;

/// Numbers of the strongly connected parts that nodes belong to, by Tarjan (1972) with a stack of its own instead of the
/// machine's: O(nodes + arcs).
fn parts(nodes: usize, arcs: &[(u32, u32)]) -> Vec<u32> {
    let ways = Touching::new(nodes, arcs.iter().map(|(from, _)| [*from]));
    // Order of discovery, from 1; the earliest node known to be reached from here; those whose part is not complete.
    let (mut order, mut low, mut part) = (vec![0u32; nodes], vec![0u32; nodes], vec![NONE; nodes]);
    let (mut seen, mut complete) = (0, 0);
    let mut open: Vec<u32> = Vec::new();
    let mut path: Vec<(u32, usize)> = Vec::new();
    for root in 0..nodes as u32 {
        if order[root as usize] != 0 {
            continue;
        }
        path.push((root, 0));
        while let Some((node, next)) = path.last_mut() {
            let at = *node as usize;
            if *next == 0 && order[at] == 0 {
                seen += 1;
                (order[at], low[at]) = (seen, seen);
                open.push(*node);
            }
            if let Some(&arc) = ways.of(*node).get(*next) {
                *next += 1;
                let to = arcs[arc as usize].1;
                if order[to as usize] == 0 {
                    path.push((to, 0));
                } else if part[to as usize] == NONE {
                    low[at] = low[at].min(order[to as usize]);
                }
                continue;
            }
            if low[at] == order[at] {
                let begin = open.iter().rposition(|&node| node as usize == at).unwrap_or(0);
                open.drain(begin..).for_each(|node| part[node as usize] = complete);
                complete += 1;
            }
            path.pop();
            if let Some((before, _)) = path.last() {
                low[*before as usize] = low[*before as usize].min(low[at]);
            }
        }
    }
    part
}

/// Which items touch a node: `items[first[n]..first[n + 1]]`, in their order.
struct Touching {
    first: Vec<u32>,
    items: Vec<u32>,
}

impl Touching {
    fn new<const ENDS: usize>(nodes: usize, ends: impl Iterator<Item = [u32; ENDS]> + Clone) -> Touching {
        let first = super::offsets(nodes, ends.clone().flatten());
        let mut next = first.clone();
        let mut items = vec![0; first[nodes] as usize];
        for (ends, item) in ends.zip(0..) {
            for node in ends {
                items[next[node as usize] as usize] = item;
                next[node as usize] += 1;
            }
        }
        Touching { first, items }
    }

    fn of(&self, node: u32) -> &[u32] {
        &self.items[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }
}

/// A network in the making.
struct Draft<'a> {
    lines: &'a Lines,
    speeds: &'a Speeds,
    segments: Vec<Segment>,
    /// Segments by vertex.
    at: Touching,
    nodes: Vec<Node>,
    /// Number of a vertex's node, if it has one.
    numbers: Vec<u32>,
    edges: Vec<Edge>,
    /// Nodes that an edge joins already, the lower number first. Only asked, never gone through.
    pairs: HashSet<(u32, u32)>,
}

impl Draft<'_> {
    fn contracted(mut self) -> (Vec<Node>, Vec<Edge>) {
        let mut done = vec![false; self.segments.len()];
        let vertices = || 0..self.lines.points.len() as u32;
        let junctions = vertices().filter(|&vertex| !self.at.of(vertex).is_empty() && !self.goes_on(vertex));
        // Roads in a ring without any junction begin at their first vertex.
        let begins: Vec<u32> = junctions.chain(vertices()).collect();
        for begin in begins {
            for index in 0..self.at.of(begin).len() {
                let first = self.at.of(begin)[index];
                if !done[first as usize] {
                    let chain = self.chain(begin, first, &mut done);
                    self.add(&chain);
                }
            }
        }
        (self.nodes, self.edges)
    }

    /// Whether a road simply goes on here: two pieces of the same kind, and if they are one-way, one in and one out.
    fn goes_on(&self, vertex: u32) -> bool {
        let &[a, b] = self.at.of(vertex) else { return false };
        let [a, b] = [a, b].map(|segment| &self.segments[segment as usize]);
        let [road_a, road_b] = [a, b].map(|segment| self.lines.road(segment));
        let same = road_a.class == road_b.class && road_a.one_way == road_b.one_way;
        same && (!road_a.one_way || (a.to == vertex) != (b.to == vertex))
    }

    /// The stretch that leaves a vertex by a segment, to the next junction or back to where it began: the vertices on the way, and
    /// the segments between them.
    fn chain(&self, begin: u32, first: u32, done: &mut [bool]) -> Chain {
        let mut chain = Chain { vertices: vec![begin], segments: Vec::new() };
        let (mut vertex, mut segment) = (begin, first);
        loop {
            done[segment as usize] = true;
            vertex = self.segments[segment as usize].other(vertex);
            chain.vertices.push(vertex);
            chain.segments.push(segment);
            if vertex == begin || !self.goes_on(vertex) {
                break;
            }
            let &[a, b] = self.at.of(vertex) else { break };
            segment = if a == segment { b } else { a };
        }
        let first = &self.segments[first as usize];
        if self.lines.road(first).one_way && first.to == begin {
            chain.vertices.reverse();
            chain.segments.reverse();
        }
        chain
    }

    /// Adds a stretch as one edge, or as several if it would be a loop or beside another.
    fn add(&mut self, chain: &Chain) {
        let last = chain.segments.len();
        let (from, to) = (chain.vertices[0], chain.vertices[last]);
        let pieces = match self.pair(from, to) {
            _ if from == to => 3,
            pair if self.pairs.contains(&pair) => 2,
            _ => 1,
        };
        let cuts: Vec<usize> = (0..=pieces).map(|piece| last * piece / pieces).collect();
        for cut in cuts.windows(2).filter(|cut| cut[0] < cut[1]) {
            self.edge(chain, cut[0]..cut[1]);
        }
    }

    fn pair(&mut self, from: u32, to: u32) -> (u32, u32) {
        let (from, to) = (self.node(from), self.node(to));
        (from.min(to), from.max(to))
    }

    fn node(&mut self, vertex: u32) -> u32 {
        let number = &mut self.numbers[vertex as usize];
        if *number == NONE {
            *number = self.nodes.len() as u32;
            let [lng, lat] = self.lines.points[vertex as usize].rounded();
            self.nodes.push(Node { lat, lng });
        }
        *number
    }

    fn edge(&mut self, chain: &Chain, part: Range<usize>) {
        let pair = self.pair(chain.vertices[part.start], chain.vertices[part.end]);
        self.pairs.insert(pair);
        let road = *self.lines.road(&self.segments[chain.segments[part.start] as usize]);
        let class_kmh = self.speeds.of(road.class);
        let (mut length_m, mut time_s) = (0.0, 0.0);
        for &segment in &chain.segments[part.clone()] {
            let segment = &self.segments[segment as usize];
            let metres = self.lines.length_m(segment);
            length_m += metres;
            time_s += metres * 3.6 / self.lines.road(segment).speed_kmh.unwrap_or(class_kmh);
        }
        // Two points may lie at one place; an edge has to have a length.
        let length_m = hundredths(length_m).max(0.01);
        let time_s = hundredths(time_s).max(0.01);
        let by_class = (time_s - length_m * 3.6 / class_kmh).abs() < 0.01;
        let edge = Edge {
            from: self.node(chain.vertices[part.start]),
            to: self.node(chain.vertices[part.end]),
            length_m,
            class: road.class,
            time_s: (!by_class).then_some(time_s),
            one_way: road.one_way,
            shape: chain.vertices[part.start + 1..part.end]
                .iter()
                .map(|&vertex| self.lines.points[vertex as usize].rounded())
                .collect(),
        };
        self.edges.push(edge);
    }
}

/// A stretch of road: vertices, and the segments between them.
struct Chain {
    vertices: Vec<u32>,
    segments: Vec<u32>,
}

impl Point {
    /// From degrees; `None` where that is no place on Earth.
    pub(super) fn of_degrees(lat: f64, lng: f64) -> Option<Point> {
        let on_earth = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lng);
        on_earth.then(|| Point { lat_e7: (lat * 1e7).round() as i32, lng_e7: (lng * 1e7).round() as i32 })
    }

    /// Longitude and latitude in degrees, to a millionth.
    fn rounded(self) -> [f64; 2] {
        [self.lng_e7, self.lat_e7].map(|e7| (f64::from(e7) / 10.0).round() / 1e6)
    }
}

fn hundredths(x: f64) -> f64 {
    (x * 100.0).round() / 100.0
}
