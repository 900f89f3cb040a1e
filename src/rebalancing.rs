//! Where idle vans wait.
//!
//! Asked whenever a van has nothing to do. To add a policy, add a variant to [`RebalancingPolicy`] and an arm to [`decide`];
//! one that needs more than a few lines gets a file of its own under `rebalancing/`.

use serde::{Deserialize, Serialize};

use crate::matching::Snapshot;
use crate::units::{NodeId, Time, VehicleId};

/// The choice of a rebalancing policy and its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum RebalancingPolicy {
    /// Vans wait where their last ride ended.
    Stay {},
    /// Vans go back to their depot when idle for a while.
    ReturnToDepot {
        /// How long a van waits before it sets off, in seconds.
        after_s: u32,
    },
}

impl RebalancingPolicy {
    /// How often it looks at all idle vans together, if it does.
    pub fn period(&self) -> Option<Time> {
        match self {
            RebalancingPolicy::Stay {} | RebalancingPolicy::ReturnToDepot { .. } => None,
        }
    }
}

/// Where idle vans should go now, looked at together.
pub fn steer(policy: &RebalancingPolicy, _snapshot: &Snapshot) -> Vec<(VehicleId, NodeId)> {
    match policy {
        RebalancingPolicy::Stay {} | RebalancingPolicy::ReturnToDepot { .. } => Vec::new(),
    }
}

/// Where an idle van should go, and from when on.
pub fn decide(policy: &RebalancingPolicy, snapshot: &Snapshot, van: VehicleId) -> Option<(Time, NodeId)> {
    match *policy {
        RebalancingPolicy::Stay {} => None,
        RebalancingPolicy::ReturnToDepot { after_s } => {
            let home = snapshot.world.van(van).home?;
            Some((snapshot.vans[van.index()].at.ready + Time(after_s as i32 * 1_000), home))
        }
    }
}
