//! The travel-time table against Dijkstra's algorithm in its plainest form, and against the arcs.

use noriai::rng::Rng;
use noriai::roads::{Roads, TravelTable};
use noriai::units::{NodeId, Time};

use crate::worlds;

/// Times from a node to all others, by Dijkstra (1959) without a heap: O(nodes²).
pub fn dijkstra(roads: &Roads, from: NodeId) -> Vec<Option<Time>> {
    let mut times: Vec<Option<Time>> = vec![None; roads.node_count()];
    let mut done = vec![false; roads.node_count()];
    times[from.index()] = Some(Time::ZERO);
    while let Some(node) = (0..done.len()).filter(|&n| !done[n] && times[n].is_some()).min_by_key(|&n| times[n]) {
        done[node] = true;
        for arc in roads.arcs(NodeId(node as u32)) {
            let new = times[node].expect("reached") + arc.time;
            if times[arc.to.index()].is_none_or(|old| new < old) {
                times[arc.to.index()] = Some(new);
            }
        }
    }
    times
}

#[test]
fn the_table_agrees_with_dijkstra_and_its_ways_can_be_driven() {
    for seed in 0..40 {
        let rng = &mut Rng::new(seed, "roads");
        let nodes = worlds::whole(rng, 3, 60) as usize;
        let mut network = worlds::network(rng, nodes);
        // Every other network has parts that cannot be reached.
        if seed % 2 == 1 {
            network.edges.retain(|edge| edge.from % 5 != 0);
        }
        let roads = Roads::new(&network);
        let all = || (0..nodes as u32).map(NodeId);
        let table = TravelTable::new(&roads, all(), true);
        for from in all() {
            let (expected, turned) = (dijkstra(&roads, from), table.from_target(from));
            for to in all() {
                let case = format!("seed {seed}, {} to {}", from.0, to.0);
                assert_eq!(table.time(from, to), expected[to.index()].unwrap_or(Time::NEVER), "{case}");
                assert_eq!(turned.to(to), table.time(from, to), "{case}");
                if expected[to.index()].is_none() {
                    assert!(table.length_m(from, to).is_infinite(), "{case}");
                    continue;
                }
                let (mut node, mut time, mut length_m) = (from, Time::ZERO, 0.0);
                while let Some(arc) = roads.next_arc(&table, node, to) {
                    (node, time, length_m) = (arc.to, time + arc.time, length_m + arc.length_m);
                }
                assert_eq!((node, time), (to, table.time(from, to)), "{case}");
                assert!((length_m - table.length_m(from, to)).abs() < 1e-2, "{case}");
            }
        }
    }
}
