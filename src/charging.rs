//! When vans charge.
//!
//! Asked whenever a van with a battery has nothing to do. To add a policy, add a variant to [`ChargingPolicy`] and an arm to
//! [`decide`]; one that needs more than a few lines gets a file of its own under `charging/`.

use serde::{Deserialize, Serialize};

use crate::matching::Snapshot;
use crate::units::{NodeId, VehicleId};

/// The choice of a charging policy and its parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ChargingPolicy {
    /// Plugs in whenever parked at the depot, and goes there when idle and low.
    Immediate {
        /// An idle van with less than this state of charge goes to its depot, between 0 and 1.
        below_soc: f64,
    },
}

/// What a van with nothing to do should do about its battery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Nothing.
    None,
    /// Go to this node to charge.
    GoTo(NodeId),
    /// It is at its depot: plug in as soon as a charger is free.
    PlugIn,
}

/// Decides for one idle van.
pub fn decide(policy: &ChargingPolicy, snapshot: &Snapshot, id: VehicleId) -> Order {
    let (van, spec) = (&snapshot.vans[id.index()], snapshot.world.van(id));
    let (Some(battery), Some(home)) = (&spec.battery, spec.home) else { return Order::None };
    match *policy {
        ChargingPolicy::Immediate { below_soc } => {
            if van.at.node == home {
                if van.energy_kwh < battery.capacity_kwh { Order::PlugIn } else { Order::None }
            } else if van.energy_kwh < below_soc * battery.capacity_kwh {
                Order::GoTo(home)
            } else {
                Order::None
            }
        }
    }
}
