//! What the policies of matching weigh against each other. The unit is a second of driving: the weights say what other things
//! are worth in it. Limits are not weighed: they hold.

use serde::{Deserialize, Serialize};

use crate::demand::Request;

/// What serving riders may cost. By default driving time alone counts, and nobody is refused for cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// Seconds of driving that one second of a rider's waiting is worth.
    #[serde(default)]
    pub waiting: f64,
    /// Seconds of driving that one second of a rider's time aboard, beyond the direct drive, is worth.
    #[serde(default)]
    pub riding: f64,
    /// Refuse riders who would cost more than this; absent: nobody is refused for cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub refusal: Option<RefusalCost>,
}

/// What serving a rider may cost at most: driving time added and the rider's weighted time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RefusalCost {
    /// Seconds for any ride.
    pub base_s: u32,
    /// Seconds on top for each second of its direct driving time.
    pub per_direct: f64,
}

/// Leaving a rider out costs more than any detour: a day of driving, in milliseconds.
const NEVER_FOR_COST: f64 = 8.64e7;

impl Objective {
    /// Weights on a rider's time, and nobody refused for cost.
    pub const fn weighing(waiting: f64, riding: f64) -> Objective {
        Objective { waiting, riding, refusal: None }
    }

    /// What leaving a request out costs, in milliseconds of driving.
    pub fn refusal_cost(&self, request: &Request) -> f64 {
        self.refusal.map_or(NEVER_FOR_COST, |RefusalCost { base_s, per_direct }| {
            f64::from(base_s) * 1e3 + per_direct * f64::from(request.direct.0)
        })
    }
}
