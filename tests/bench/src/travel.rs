//! What is measured of a map: how fast it is read, and its travel times.

use noriai::rng::Rng;
use noriai::roads::{Reader, Roads, TravelTable};
use noriai::scenario::Network;
use noriai::town;
use noriai::units::NodeId;

/// Pairs that are looked up together.
pub const PAIRS: usize = 1_000_000;

/// Targets of the tables; the first of them are too few for a hierarchy, which the core makes from 1,024 on.
pub const TARGETS: [usize; 3] = [100, 1_024, usize::MAX];

/// The network of a file of roads.
pub fn read(bytes: &[u8]) -> Result<Network, String> {
    let mut reader = Reader::default();
    let fed = bytes.chunks(1 << 20).try_for_each(|piece| reader.feed(piece));
    let read = fed.and_then(|()| reader.finish()?.network(None, town::SPEEDS_KMH));
    read.map(|(network, _)| network).map_err(|wrong| wrong.en)
}

/// Roads with nodes drawn from them.
pub struct Travel {
    roads: Roads,
    /// All nodes in a drawn order; the first are targets.
    nodes: Vec<NodeId>,
}

impl Travel {
    /// Compiles a network.
    pub fn new(network: &Network) -> Travel {
        let roads = Roads::new(network);
        let mut nodes: Vec<NodeId> = (0..roads.node_count() as u32).map(NodeId).collect();
        let mut rng = Rng::new(1, "targets");
        for last in (1..nodes.len()).rev() {
            nodes.swap(last, rng.below(last + 1));
        }
        Travel { roads, nodes }
    }

    /// How many nodes it has.
    pub fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// The travel table of so many targets, or of all nodes, without lengths.
    pub fn table(&self, targets: usize) -> TravelTable {
        TravelTable::new(&self.roads, self.nodes.iter().take(targets).copied(), false)
    }

    /// Pairs of any node and a target of the table.
    pub fn pairs(&self, targets: usize) -> Vec<(NodeId, NodeId)> {
        let mut rng = Rng::new(1, "pairs");
        let mut node = |count: usize| self.nodes[rng.below(count)];
        (0..PAIRS).map(|_| (node(self.nodes.len()), node(targets.min(self.nodes.len())))).collect()
    }
}

/// The sum of the times of pairs in milliseconds, one after the other.
pub fn look(table: &TravelTable, pairs: &[(NodeId, NodeId)]) -> f64 {
    pairs.iter().map(|&(from, to)| f64::from(table.time(from, to).0)).sum()
}
