//! Roads as a directed graph, and the table of fastest times that every other room asks.
//!
//! Times are integer milliseconds and at least 1 on every arc, so that a fastest way can be followed without storing it:
//! from each node, the first arc whose time and the rest of the way add up *exactly* ([`Roads::next_arc`]). Lengths belong to
//! the way found by this rule.

mod geojson;
mod graph;
mod hierarchy;
mod osm;
mod reader;
mod traffic;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hierarchy::Hierarchy;

use crate::scenario::{Edge, Network};
use crate::units::{EdgeId, NodeId, Time};

pub(crate) use osm::begins_pbf;
pub use reader::{Notes, Reader, RoadFile};
pub use traffic::Traffic;

/// A road section in one driving direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arc {
    /// Where it leads.
    pub to: NodeId,
    /// Driving time.
    pub time: Time,
    /// Driven length in metres.
    pub length_m: f64,
    /// The scenario's edge that it is made of.
    pub edge: EdgeId,
    /// Driven from the edge's `from` to its `to`.
    pub forward: bool,
}

/// The road network, ready to drive on.
pub struct Roads {
    positions: Vec<(f64, f64)>,
    shapes: Vec<Vec<[f64; 2]>>,
    /// Arcs out of node `n`, ordered by where they lead: `arcs[first[n]..first[n + 1]]`.
    arcs: Vec<Arc>,
    first: Vec<u32>,
    /// The same turned round, as (where it comes from, time in ms), for searches towards a target.
    into: Vec<(u32, u32)>,
    into_first: Vec<u32>,
}

impl Roads {
    /// Compiles a valid network. Of several arcs from one node to another the fastest stays (the shortest among equals), so
    /// that two node ids name one arc. O(edges log edges).
    pub fn new(network: &Network) -> Roads {
        let mut all: Vec<(u32, Arc)> = Vec::with_capacity(network.edges.len() * 2);
        for (index, edge) in network.edges.iter().enumerate() {
            let speed_kmh = network.speeds_kmh.of(edge.class);
            let seconds = edge.time_s.unwrap_or(edge.length_m * 3.6 / speed_kmh);
            let time = Time(Time::from_s(seconds).0.max(1));
            let arc = |to, forward| Arc {
                to: NodeId(to),
                time,
                length_m: edge.length_m,
                edge: EdgeId(index as u32),
                forward,
            };
            all.push((edge.from, arc(edge.to, true)));
            if !edge.one_way {
                all.push((edge.to, arc(edge.from, false)));
            }
        }
        all.retain(|&(from, arc)| from != arc.to.0);
        all.sort_by(|(from_a, a), (from_b, b)| {
            (from_a, a.to, a.time).cmp(&(from_b, b.to, b.time)).then(a.length_m.total_cmp(&b.length_m))
        });
        all.dedup_by_key(|(from, arc)| (*from, arc.to));

        let positions = network.nodes.iter().map(|node| (node.lat, node.lng)).collect();
        let shapes = network.edges.iter().map(|Edge { shape, .. }| shape.clone()).collect();
        Roads::of_arcs(positions, shapes, &all)
    }

    /// The same arcs for a vehicle that drives none of them faster than this. O(arcs log arcs).
    pub fn no_faster_than(&self, speed_kmh: f64) -> Roads {
        let slower = |arc: &Arc| Arc { time: arc.time.max(Time::from_s(arc.length_m * 3.6 / speed_kmh)), ..*arc };
        let nodes = (0..self.node_count() as u32).map(NodeId);
        let all: Vec<(u32, Arc)> =
            nodes.flat_map(|from| self.arcs(from).iter().map(move |arc| (from.0, slower(arc)))).collect();
        Roads::of_arcs(self.positions.clone(), self.shapes.clone(), &all)
    }

    /// From arcs ordered by where they come from and lead to.
    fn of_arcs(positions: Vec<(f64, f64)>, shapes: Vec<Vec<[f64; 2]>>, all: &[(u32, Arc)]) -> Roads {
        let nodes = positions.len();
        let first = offsets(nodes, all.iter().map(|(from, _)| *from));
        let mut turned: Vec<(u32, u32, u32)> =
            all.iter().map(|(from, arc)| (arc.to.0, *from, arc.time.0 as u32)).collect();
        turned.sort_unstable();
        Roads {
            positions,
            shapes,
            arcs: all.iter().map(|(_, arc)| *arc).collect(),
            first,
            into_first: offsets(nodes, turned.iter().map(|(to, ..)| *to)),
            into: turned.into_iter().map(|(_, from, time)| (from, time)).collect(),
        }
    }

    /// Number of nodes.
    pub fn node_count(&self) -> usize {
        self.positions.len()
    }

    /// Latitude and longitude of a node, in degrees.
    pub fn position(&self, node: NodeId) -> (f64, f64) {
        self.positions[node.index()]
    }

    /// Arcs out of a node, ordered by where they lead.
    pub fn arcs(&self, from: NodeId) -> &[Arc] {
        &self.arcs[self.first[from.index()] as usize..self.first[from.index() + 1] as usize]
    }

    /// The arc from one node to another, if there is one.
    pub fn arc(&self, from: NodeId, to: NodeId) -> Option<&Arc> {
        let arcs = self.arcs(from);
        arcs.binary_search_by_key(&to, |arc| arc.to).ok().map(|index| &arcs[index])
    }

    /// Points of the arc from one node to another as `[lng, lat]`, both ends included; a straight line if there is no arc.
    pub fn path_shape(&self, from: NodeId, to: NodeId) -> Vec<[f64; 2]> {
        let end = |node: NodeId| {
            let (lat, lng) = self.position(node);
            [lng, lat]
        };
        let mut points = vec![end(from)];
        if let Some(arc) = self.arc(from, to) {
            let shape = &self.shapes[arc.edge.index()];
            if arc.forward { points.extend(shape) } else { points.extend(shape.iter().rev()) }
        }
        points.push(end(to));
        points
    }

    /// The first arc of the fastest way to a target of the table; `None` at the target, or where no way leads there.
    pub fn next_arc(&self, table: &TravelTable, from: NodeId, target: NodeId) -> Option<&Arc> {
        let times = table.times_to(target);
        let rest = times[from.index()];
        self.arcs(from).iter().find(|arc| times[arc.to.index()] != NO_WAY && arc.time.0 + times[arc.to.index()] == rest)
    }
}

/// Where each node's run begins in a list sorted by node, and one past the end.
fn offsets(nodes: usize, sorted: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut first = vec![0; nodes + 1];
    for node in sorted {
        first[node as usize + 1] += 1;
    }
    for node in 0..nodes {
        first[node + 1] += first[node];
    }
    first
}

const NO_WAY: i32 = Time::NEVER.0;
const NO_ROW: u32 = u32::MAX;

/// Targets for which a hierarchy is not worth making: on Manhattan's 4,333 nodes it takes as long as some 1,270 searches save.
const FEW_TARGETS: usize = 1_024;
/// Arcs out of a node in the mean; roads have three or four. Where more meet, as in a table of times between all places, no node is
/// less important than another, and taking one out of the graph takes longer than searching it.
const DENSE: usize = 20;

/// Targets up to which the times between them are kept a second time, turned round: 256 MB more.
const MOST_TURNED: usize = 8_192;

/// Fastest driving times and their lengths, from every node to each of some target nodes. Times are those of the free road;
/// [`TravelTable::arrival`] and the like say when a drive ends or begins in the [`Traffic`] of its hour.
///
/// Memory: 4 bytes for each pair of node and target, 8 with lengths; 4 more for each pair of up to [`MOST_TURNED`] targets.
pub struct TravelTable {
    nodes: usize,
    /// Row of a target node.
    rows: Vec<u32>,
    times: Vec<i32>,
    /// Times between targets, turned round: by the row of where a drive begins, then by that of where it leads. Empty if there
    /// are too many.
    turned: Vec<i32>,
    lengths_m: Vec<f32>,
    traffic: Option<Traffic>,
}

impl TravelTable {
    /// A few targets are searched from against the driving direction (Dijkstra 1959): O(targets x edges x log nodes). For many, a
    /// contraction hierarchy is made first, and gives the same times in O(targets x nodes) on roads.
    pub fn new(roads: &Roads, targets: impl IntoIterator<Item = NodeId>, with_lengths: bool) -> TravelTable {
        let nodes = roads.node_count();
        let mut rows = vec![NO_ROW; nodes];
        let mut order = Vec::new();
        for target in targets {
            if rows[target.index()] == NO_ROW {
                rows[target.index()] = order.len() as u32;
                order.push(target);
            }
        }
        let mut table = TravelTable {
            nodes,
            rows,
            times: vec![NO_WAY; nodes * order.len()],
            turned: Vec::new(),
            lengths_m: Vec::new(),
            traffic: None,
        };
        if order.len() < FEW_TARGETS || roads.arcs.len() > DENSE * nodes {
            let mut heap = BinaryHeap::new();
            for (times, &target) in table.times.chunks_exact_mut(nodes.max(1)).zip(&order) {
                search(roads, target, times, &mut heap);
            }
        } else {
            Hierarchy::new(roads).fill(&order, &mut table.times);
        }
        if order.len() <= MOST_TURNED {
            table.turned = turned(&table.times, nodes, &order);
        }
        if with_lengths {
            table.lengths_m = vec![f32::INFINITY; table.times.len()];
            let mut by_time: Vec<u32> = (0..nodes as u32).collect();
            for (row, &target) in order.iter().enumerate() {
                let times = &table.times[row * nodes..][..nodes];
                by_time.sort_unstable_by_key(|&node| times[node as usize]);
                for &node in &by_time {
                    let node = NodeId(node);
                    let length = match roads.next_arc(&table, node, target) {
                        _ if node == target => 0.0,
                        Some(arc) => arc.length_m as f32 + table.lengths_m[row * nodes + arc.to.index()],
                        None => f32::INFINITY,
                    };
                    table.lengths_m[row * nodes + node.index()] = length;
                }
            }
        }
        table
    }

    /// The same roads in traffic, by the factors of [`Traffic::new`]; without any, on the free road all day.
    pub fn under(self, factors: Option<&[f64; 24]>) -> TravelTable {
        TravelTable { traffic: factors.map(Traffic::new), ..self }
    }

    /// Whether driving times depend on the hour.
    pub fn has_traffic(&self) -> bool {
        self.traffic.is_some()
    }

    /// When a drive ends that takes `free` on the free road.
    pub fn after(&self, begin: Time, free: Time) -> Time {
        self.traffic.as_ref().map_or(begin + free, |traffic| traffic.after(begin, free))
    }

    /// When a van sets out that arrives at `end` without a stop, as early as that is.
    pub fn before(&self, end: Time, free: Time) -> Time {
        self.traffic.as_ref().map_or(end - free, |traffic| traffic.before(end, free))
    }

    /// The last moment at which a drive can begin that ends at `end` or before.
    pub fn latest(&self, end: Time, free: Time) -> Time {
        self.traffic.as_ref().map_or(end - free, |traffic| traffic.latest(end, free))
    }

    /// The longest that a drive can take at any hour.
    pub fn longest(&self, free: Time) -> Time {
        self.traffic.as_ref().map_or(free, |traffic| traffic.longest(free))
    }

    /// When a van is at a target that leaves a node at `begin`.
    pub fn arrival(&self, from: NodeId, target: NodeId, begin: Time) -> Time {
        self.after(begin, self.time(from, target))
    }

    /// Driving times in milliseconds from every node to a target.
    ///
    /// # Panics
    /// If `target` is not one of the table's targets.
    pub fn times_to(&self, target: NodeId) -> &[i32] {
        &self.times[self.row(target) * self.nodes..][..self.nodes]
    }

    /// Driving times from one target to the others; where many are asked for, faster than one by one.
    ///
    /// # Panics
    /// If `target` is not one of the table's targets.
    pub fn from_target(&self, target: NodeId) -> FromTarget<'_> {
        let targets = self.times.len() / self.nodes;
        let row = self.row(target) * targets;
        FromTarget { table: self, target, times: self.turned.get(row..row + targets) }
    }

    /// Driving time from a node to a target; [`Time::NEVER`] if no way leads there.
    pub fn time(&self, from: NodeId, target: NodeId) -> Time {
        Time(self.times_to(target)[from.index()])
    }

    /// Length in metres of the fastest way from a node to a target; infinite if there is none.
    ///
    /// # Panics
    /// If the table was made without lengths.
    pub fn length_m(&self, from: NodeId, target: NodeId) -> f64 {
        f64::from(self.lengths_m[self.row(target) * self.nodes + from.index()])
    }

    /// Whether a node is one of the table's targets.
    pub fn is_target(&self, node: NodeId) -> bool {
        self.rows[node.index()] != NO_ROW
    }

    /// Whether it was made with lengths.
    pub fn has_lengths(&self) -> bool {
        !self.lengths_m.is_empty()
    }

    /// The targets, in the order of the rows.
    pub fn targets(&self) -> Vec<NodeId> {
        let mut targets: Vec<NodeId> = (0..self.rows.len() as u32).map(NodeId).collect();
        targets.retain(|target| self.rows[target.index()] != NO_ROW);
        targets.sort_by_key(|target| self.rows[target.index()]);
        targets
    }

    /// Memory that the times and lengths take.
    pub fn bytes(&self) -> usize {
        size_of_val(&self.times[..]) + size_of_val(&self.turned[..]) + size_of_val(&self.lengths_m[..])
    }

    fn row(&self, target: NodeId) -> usize {
        let row = self.rows[target.index()];
        assert_ne!(row, NO_ROW, "node {} is not a target of the travel table", target.0);
        row as usize
    }
}

/// Rows of times to targets, turned round: rows of times from them.
fn turned(times: &[i32], nodes: usize, targets: &[NodeId]) -> Vec<i32> {
    // A few rows are written at a time, so that what is read beside each other is in the cache.
    const ROWS: usize = 16;
    let count = targets.len();
    let mut turned = vec![NO_WAY; count * count];
    for (rows, from) in turned.chunks_mut(ROWS * count).zip(targets.chunks(ROWS)) {
        for (to, times) in times.chunks_exact(nodes).enumerate() {
            for (row, from) in rows.chunks_exact_mut(count).zip(from) {
                row[to] = times[from.index()];
            }
        }
    }
    turned
}

/// Driving times from one target of a table to the others.
#[derive(Clone, Copy)]
pub struct FromTarget<'a> {
    table: &'a TravelTable,
    target: NodeId,
    times: Option<&'a [i32]>,
}

impl FromTarget<'_> {
    /// Driving time to a target, [`Time::NEVER`] if no way leads there.
    ///
    /// # Panics
    /// If `target` is not one of the table's targets.
    pub fn to(&self, target: NodeId) -> Time {
        match self.times {
            Some(times) => Time(times[self.table.row(target)]),
            None => self.table.time(self.target, target),
        }
    }
}

fn search(roads: &Roads, target: NodeId, times: &mut [i32], heap: &mut BinaryHeap<Reverse<u64>>) {
    times[target.index()] = 0;
    heap.push(Reverse(u64::from(target.0)));
    while let Some(Reverse(entry)) = heap.pop() {
        let (time, node) = ((entry >> 32) as i32, entry as u32 as usize);
        if time > times[node] {
            continue;
        }
        let range = roads.into_first[node] as usize..roads.into_first[node + 1] as usize;
        for &(from, arc_time) in &roads.into[range] {
            let new = time + arc_time as i32;
            if new < times[from as usize] {
                times[from as usize] = new;
                heap.push(Reverse((new as u64) << 32 | u64::from(from)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn too_many_targets_to_be_turned_round_are_looked_up_one_by_one() {
        let roads = Roads::new(&Scenario::village().network);
        let all = || (0..roads.node_count() as u32).map(NodeId);
        let turned = TravelTable::new(&roads, all(), false);
        let table = TravelTable { turned: Vec::new(), ..TravelTable::new(&roads, all(), false) };
        for (from, to) in all().flat_map(|from| all().map(move |to| (from, to))) {
            assert_eq!(table.from_target(from).to(to), turned.from_target(from).to(to), "{from:?} to {to:?}");
        }
    }
}
