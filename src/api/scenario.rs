//! What can be said of a scenario before a day, and what there is to choose from and to read.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::typescript;
use crate::report::{self, Figure};
use crate::scenario::{self, MatchingPolicy, Problem, RebalancingPolicy};

/// What is wrong with a scenario; empty if nothing is.
#[derive(Serialize, Tsify)]
pub struct Problems {
    /// All problems.
    pub problems: Vec<Problem>,
}

/// Contracts for electricity to choose from.
#[derive(Serialize, Tsify)]
pub struct Tariffs {
    /// In the order in which they are offered.
    pub tariffs: Vec<scenario::Preset>,
}

/// Built-in policies.
#[derive(Serialize, Tsify)]
pub struct UsualPolicies {
    /// Who rides with whom.
    pub matching: Vec<MatchingPolicy>,
    /// Where idle vans wait.
    pub rebalancing: Vec<RebalancingPolicy>,
}

/// What the report's figures mean.
#[derive(Serialize, Tsify)]
pub struct Figures {
    /// In the order in which people read them.
    pub figures: Vec<Figure>,
}

/// A new seed, drawn from the browser's entropy: an integer below 2^53.
#[wasm_bindgen]
pub fn random_seed() -> Result<f64, JsError> {
    let bits = getrandom::u64().map_err(|error| JsError::new(&error.to_string()))?;
    Ok((bits >> 11) as f64)
}

/// Checks a scenario document and reports everything that is wrong with it.
#[wasm_bindgen]
pub fn check_scenario(json: &str) -> Result<Ts<Problems>, JsValue> {
    typescript(&Problems { problems: scenario::read(json).err().unwrap_or_default() })
}

/// The built-in policies with their usual parameters.
#[wasm_bindgen]
pub fn usual_policies() -> Result<Ts<UsualPolicies>, JsValue> {
    typescript(&UsualPolicies {
        matching: MatchingPolicy::NAMES.into_iter().filter_map(MatchingPolicy::by_name).collect(),
        rebalancing: RebalancingPolicy::NAMES.into_iter().filter_map(RebalancingPolicy::by_name).collect(),
    })
}

/// Names, units and definitions of the report's figures.
#[wasm_bindgen]
pub fn figures() -> Result<Ts<Figures>, JsValue> {
    typescript(&Figures { figures: report::figures() })
}

/// Names, units and definitions of the figures of a site's account.
#[wasm_bindgen]
pub fn site_figures() -> Result<Ts<Figures>, JsValue> {
    typescript(&Figures { figures: report::site_figures() })
}

/// Contracts for electricity to choose from, each with its date and source.
#[wasm_bindgen]
pub fn tariffs() -> Result<Ts<Tariffs>, JsValue> {
    typescript(&Tariffs { tariffs: scenario::tariffs() })
}
