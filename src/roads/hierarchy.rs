//! Rows of the travel table from a contraction hierarchy (Geisberger, Sanders, Schultes, Delling 2008), swept for many targets
//! at a time (PHAST: Delling, Goldberg, Nowatzyk, Werneck 2011).
//!
//! Nodes are taken out of the graph one by one, the least important first; where the fastest way between two that stay led over
//! the one taken out, an arc of the same time takes its place. In what comes out, a fastest way to a target climbs to ever more
//! important nodes and then descends. So a target's times are known after a small search up from it, against the driving
//! direction, and one pass over all nodes from the most important on. Times are integers, and equal those of a plain search.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{NO_WAY, Roads};
use crate::units::NodeId;

/// Targets that are swept together: four vectors of four lanes.
const LANES: usize = 16;

/// Nodes settled at most in the search for a way around a node. More find some more ways, and take longer than that brings.
const MOST_SETTLED: usize = 40;

/// The hierarchy. Nodes are named by their places, from the most important one on.
pub(super) struct Hierarchy {
    /// By place: the node.
    nodes: Vec<NodeId>,
    /// By node: its place.
    place: Vec<u32>,
    /// Arcs to more important nodes, as (place, time): `up[up_first[p]..up_first[p + 1]]`.
    up: Vec<(u32, i32)>,
    up_first: Vec<u32>,
    /// Arcs from more important nodes, as (place where they come from, time).
    down: Vec<(u32, i32)>,
    down_first: Vec<u32>,
}

/// An arc's other end and its time in milliseconds.
type Link = (u32, i32);

/// What is left of the graph while nodes are taken out.
struct Rest {
    out: Vec<Vec<Link>>,
    into: Vec<Vec<Link>>,
    /// Neighbours of each node that were taken out: keeps the hierarchy even.
    gone: Vec<i32>,
    /// Of the search for ways around: times by node, and which nodes have one.
    times: Vec<i32>,
    reached: Vec<u32>,
    heap: BinaryHeap<Reverse<(i32, u32)>>,
}

impl Rest {
    fn new(roads: &Roads) -> Rest {
        let nodes = roads.node_count();
        let mut out = vec![Vec::new(); nodes];
        let mut into = vec![Vec::new(); nodes];
        for from in 0..nodes as u32 {
            for arc in roads.arcs(NodeId(from)) {
                out[from as usize].push((arc.to.0, arc.time.0));
                into[arc.to.index()].push((from, arc.time.0));
            }
        }
        Rest {
            out,
            into,
            gone: vec![0; nodes],
            times: vec![NO_WAY; nodes],
            reached: Vec::new(),
            heap: BinaryHeap::new(),
        }
    }

    /// Arcs that are needed once a node is taken out: between its neighbours, where no other way that was found is as fast.
    fn shortcuts(&mut self, node: u32) -> Vec<(u32, u32, i32)> {
        let mut needed = Vec::new();
        let (into, out) = (std::mem::take(&mut self.into[node as usize]), std::mem::take(&mut self.out[node as usize]));
        let farthest = out.iter().map(|&(_, time)| time).max().unwrap_or(0);
        for &(from, before) in &into {
            self.search(from, node, before + farthest);
            for &(to, after) in out.iter().filter(|&&(to, _)| to != from) {
                if self.times[to as usize] > before + after {
                    needed.push((from, to, before + after));
                }
            }
        }
        (self.into[node as usize], self.out[node as usize]) = (into, out);
        needed
    }

    /// Times from a node without another one, up to a limit; those not found are too long. What is found is never too short.
    fn search(&mut self, from: u32, without: u32, limit: i32) {
        let Rest { out, times, reached, heap, .. } = self;
        for node in reached.drain(..) {
            times[node as usize] = NO_WAY;
        }
        heap.clear();
        times[from as usize] = 0;
        reached.push(from);
        heap.push(Reverse((0, from)));
        let mut settled = 0;
        while let Some(Reverse((time, node))) = heap.pop() {
            if time > times[node as usize] {
                continue;
            }
            settled += 1;
            if time > limit || settled > MOST_SETTLED {
                break;
            }
            for &(to, arc) in out[node as usize].iter().filter(|&&(to, _)| to != without) {
                let new = time + arc;
                let old = &mut times[to as usize];
                if new < *old {
                    if *old == NO_WAY {
                        reached.push(to);
                    }
                    *old = new;
                    heap.push(Reverse((new, to)));
                }
            }
        }
    }

    /// How much harder the graph gets without a node; the easiest goes first.
    fn importance(&mut self, node: u32) -> i32 {
        let arcs = self.into[node as usize].len() + self.out[node as usize].len();
        2 * (self.shortcuts(node).len() as i32 - arcs as i32) + self.gone[node as usize]
    }

    /// Takes a node out; its arcs, all of which lead to or come from nodes that stay.
    fn take(&mut self, node: u32) -> (Vec<Link>, Vec<Link>) {
        let shortcuts = self.shortcuts(node);
        let (into, out) = (std::mem::take(&mut self.into[node as usize]), std::mem::take(&mut self.out[node as usize]));
        for &(from, _) in &into {
            self.out[from as usize].retain(|&(to, _)| to != node);
            self.gone[from as usize] += 1;
        }
        for &(to, _) in &out {
            self.into[to as usize].retain(|&(from, _)| from != node);
            self.gone[to as usize] += 1;
        }
        for (from, to, time) in shortcuts {
            add(&mut self.out[from as usize], to, time);
            add(&mut self.into[to as usize], from, time);
        }
        (into, out)
    }
}

/// Adds an arc, or makes the one that is there faster.
fn add(links: &mut Vec<Link>, end: u32, time: i32) {
    match links.iter_mut().find(|(other, _)| *other == end) {
        Some((_, old)) => *old = (*old).min(time),
        None => links.push((end, time)),
    }
}

impl Hierarchy {
    /// Takes out all nodes, in an order that depends on the roads alone. Some 20 microseconds for each on streets of a town.
    pub(super) fn new(roads: &Roads) -> Hierarchy {
        let nodes = roads.node_count();
        let mut rest = Rest::new(roads);
        let mut queue: BinaryHeap<Reverse<(i32, u32)>> =
            (0..nodes as u32).map(|node| Reverse((rest.importance(node), node))).collect();
        let mut taken = Vec::with_capacity(nodes);
        while let Some(Reverse((_, node))) = queue.pop() {
            // Others around it may have gone since it was looked at.
            let importance = rest.importance(node);
            if queue.peek().is_some_and(|Reverse(next)| (importance, node) > *next) {
                queue.push(Reverse((importance, node)));
                continue;
            }
            taken.push((node, rest.take(node)));
        }
        taken.reverse();

        let mut place = vec![0; nodes];
        for (index, (node, _)) in (0..).zip(&taken) {
            place[*node as usize] = index;
        }
        let (mut up, mut down) = (Vec::new(), Vec::new());
        let (mut up_first, mut down_first) = (vec![0], vec![0]);
        for (_, (into, out)) in &taken {
            up.extend(out.iter().map(|&(to, time)| (place[to as usize], time)));
            down.extend(into.iter().map(|&(from, time)| (place[from as usize], time)));
            up_first.push(up.len() as u32);
            down_first.push(down.len() as u32);
        }
        Hierarchy {
            nodes: taken.iter().map(|(node, _)| NodeId(*node)).collect(),
            place,
            up,
            up_first,
            down,
            down_first,
        }
    }

    /// Fills the rows of some targets, one after the other: by node, the time to the target. O(nodes + arcs) for each.
    pub(super) fn fill(&self, targets: &[NodeId], rows: &mut [i32]) {
        let nodes = self.nodes.len();
        let mut times = vec![[NO_WAY; LANES]; nodes];
        let mut open = BinaryHeap::new();
        for (targets, rows) in targets.chunks(LANES).zip(rows.chunks_mut(LANES * nodes)) {
            times.fill([NO_WAY; LANES]);
            for (lane, target) in targets.iter().enumerate() {
                self.climb(self.place[target.index()], lane, &mut times, &mut open);
            }
            for here in 0..nodes {
                let (before, rest) = times.split_at_mut(here);
                let range = self.up_first[here] as usize..self.up_first[here + 1] as usize;
                for &(above, time) in &self.up[range] {
                    let onward = &before[above as usize];
                    rest[0].iter_mut().zip(onward).for_each(|(here, onward)| *here = (*here).min(onward + time));
                }
            }
            for (lane, row) in rows.chunks_exact_mut(nodes).enumerate() {
                for (node, times) in self.nodes.iter().zip(&times) {
                    row[node.index()] = times[lane];
                }
            }
        }
    }

    /// The search up from a target, against the driving direction: each node after all less important ones that lead there.
    fn climb(&self, target: u32, lane: usize, times: &mut [[i32; LANES]], open: &mut BinaryHeap<u32>) {
        times[target as usize][lane] = 0;
        open.push(target);
        while let Some(here) = open.pop() {
            let time = times[here as usize][lane];
            let range = self.down_first[here as usize] as usize..self.down_first[here as usize + 1] as usize;
            for &(above, arc) in &self.down[range] {
                let old = &mut times[above as usize][lane];
                if *old == NO_WAY {
                    open.push(above);
                }
                *old = (*old).min(time + arc);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{Case, Spec};
    use crate::roads::search;
    use crate::scenario::{Network, tables};

    /// The roads of a drawn town.
    fn town(nodes: u32, seed: u64) -> Network {
        let case = Case::new(&Spec { nodes: Some(nodes), requests: 1, vehicles: 1, seed, ..Spec::default() });
        let [nodes, edges, requests, vehicles] = case.expect("a valid case").tables().map(|(_, table)| table);
        let tables = tables::Tables { nodes: &nodes, edges: &edges, requests: &requests, vehicles: &vehicles };
        tables::read(&tables, 300, 1.4).expect("valid tables").0.network
    }

    /// Rows of the hierarchy against those of plain searches.
    fn compare(network: &Network, case: &str) {
        let roads = Roads::new(network);
        let nodes = roads.node_count();
        let targets: Vec<NodeId> = (0..nodes as u32).rev().map(NodeId).collect();
        let mut rows = vec![0; nodes * nodes];
        Hierarchy::new(&roads).fill(&targets, &mut rows);
        let mut heap = BinaryHeap::new();
        for (row, &target) in rows.chunks_exact(nodes).zip(&targets) {
            let mut times = vec![NO_WAY; nodes];
            search(&roads, target, &mut times, &mut heap);
            assert_eq!(row, times, "{case}, target {target:?}");
        }
    }

    #[test]
    fn rows_are_those_of_plain_searches() {
        for seed in 1..=4 {
            let mut network = town(300, seed);
            compare(&network, &format!("seed {seed}"));
            // Many ways that take equally long.
            network.edges.iter_mut().for_each(|edge| edge.time_s = Some((edge.length_m / 100.0).ceil()));
            compare(&network, &format!("seed {seed}, whole seconds"));
            // One-way streets, and parts that cannot be reached or left.
            network.edges.iter_mut().step_by(2).for_each(|edge| edge.one_way = true);
            network.edges.retain(|edge| edge.from % 7 != 0);
            compare(&network, &format!("seed {seed}, in parts"));
        }
    }
}
