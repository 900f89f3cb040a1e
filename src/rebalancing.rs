//! Where idle vans wait.
//!
//! Asked whenever a van has nothing to do. To add a policy, add a variant to [`RebalancingPolicy`] and an arm to [`decide`];
//! one that needs more than a few lines gets a file of its own under `rebalancing/`.

mod forecast;
mod nearest_hub;

pub use forecast::Zones;
pub use nearest_hub::Hub;
pub(crate) use nearest_hub::hubs;

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
    /// Vans go to the nearest of the scenario's `fleet.hubs` that has room when idle for a while.
    NearestHub {
        /// How long a van waits before it sets off, in seconds.
        after_s: u32,
    },
    /// Idle vans go where more calls are expected than there are vans.
    Forecast {
        /// How often idle vans are looked at, in seconds.
        period_s: u32,
    },
}

impl RebalancingPolicy {
    /// The words of all policies.
    pub const NAMES: [&'static str; 4] = ["stay", "return_to_depot", "nearest_hub", "forecast"];

    /// The policy of a word, with usual parameters.
    pub fn by_name(name: &str) -> Option<RebalancingPolicy> {
        match name {
            "stay" => Some(RebalancingPolicy::Stay {}),
            "return_to_depot" => Some(RebalancingPolicy::ReturnToDepot { after_s: 300 }),
            "nearest_hub" => Some(RebalancingPolicy::NearestHub { after_s: 0 }),
            "forecast" => Some(RebalancingPolicy::Forecast { period_s: 30 }),
            _ => None,
        }
    }

    /// How often it looks at all idle vans together, if it does.
    pub fn period(&self) -> Option<Time> {
        match self {
            RebalancingPolicy::Stay {}
            | RebalancingPolicy::ReturnToDepot { .. }
            | RebalancingPolicy::NearestHub { .. } => None,
            RebalancingPolicy::Forecast { period_s } => Some(Time(*period_s as i32 * 1_000)),
        }
    }
}

/// Where idle vans should go now, looked at together.
pub fn steer(policy: &RebalancingPolicy, snapshot: &Snapshot) -> Vec<(VehicleId, NodeId)> {
    match policy {
        RebalancingPolicy::Stay {} | RebalancingPolicy::ReturnToDepot { .. } | RebalancingPolicy::NearestHub { .. } => {
            Vec::new()
        }
        RebalancingPolicy::Forecast { .. } => {
            snapshot.world.zones.as_ref().map_or(Vec::new(), |zones| forecast::steer(snapshot, zones))
        }
    }
}

/// Where an idle van should go, and from when on.
pub fn decide(policy: &RebalancingPolicy, snapshot: &Snapshot, van: VehicleId) -> Option<(Time, NodeId)> {
    let (after_s, goal) = match *policy {
        RebalancingPolicy::Stay {} | RebalancingPolicy::Forecast { .. } => return None,
        RebalancingPolicy::ReturnToDepot { after_s } => (after_s, snapshot.world.van(van).home?),
        RebalancingPolicy::NearestHub { after_s } => (after_s, nearest_hub::goal(snapshot, van)?),
    };
    Some((snapshot.vans[van.index()].at.ready + Time(after_s as i32 * 1_000), goal))
}

/// Whether an idle van can go somewhere and still be at its depot in time, without being sent to charge before.
fn may_go(snapshot: &Snapshot, id: VehicleId, goal: NodeId) -> bool {
    let Snapshot { now, world, vans, .. } = *snapshot;
    let (spec, van, travel) = (world.van(id), &vans[id.index()], world.travel_of(id));
    let time = travel.time(van.at.node, goal);
    if time >= Time::NEVER {
        return false;
    }
    let Some(home) = spec.home else { return true };
    let back = travel.time(goal, home);
    if travel.after(now, time + back) > spec.shift_end {
        return false;
    }
    let Some(battery) = &spec.battery else { return true };
    let needed_kwh = battery.consumption.driving_kwh(travel.length_m(van.at.node, goal), travel.longest(time))
        + battery.consumption.driving_kwh(travel.length_m(goal, home), travel.longest(back))
        + battery.reserve_kwh;
    let low_kwh = world.scenario.policies.charging.below_soc() * battery.capacity_kwh;
    van.energy_kwh - needed_kwh > low_kwh.max(0.0)
}
