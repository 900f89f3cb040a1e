//! Questions of several days.

use std::sync::Arc;

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::{from_js, invalid, read, read_log, rust, typescript};
use crate::compare::{self, Estimate, Findings};
use crate::report::{Compared, Report};
use crate::scenario::MatchingPolicy;
use crate::sizing::{self, Goal, SizedDay, Sizing};
use crate::study::{self, CutByPolicy};
use crate::units::Time;
use crate::world::World;

/// A power cut under one charging policy.
#[derive(Serialize, Tsify)]
pub struct PowerCuts {
    /// One for each site with critical loads.
    pub cuts: Vec<CutByPolicy>,
}

/// A finished day under other charging policies. Each is lived through when it is first asked about.
#[wasm_bindgen]
pub struct Study(study::Days);

#[wasm_bindgen]
impl Study {
    /// From a scenario and the record that a `Simulation` of it made.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario_json: &str, log_bytes: &[u8]) -> Result<Study, JsValue> {
        let (scenario, log) = (read(scenario_json)?, read_log(log_bytes)?);
        if let MatchingPolicy::Script { .. } = scenario.policies.matching {
            return Err(JsError::new("a day whose matching policy is a script cannot be lived through here").into());
        }
        Ok(Study(study::Days::new(Arc::new(World::new(&scenario)), log, None)))
    }

    /// How many comparisons there are.
    #[wasm_bindgen(getter)]
    pub fn comparisons(&self) -> u32 {
        self.0.against().len() as u32
    }

    /// One of them; lives through the day that it needs.
    pub fn compared(&mut self, index: u32) -> Result<Ts<Compared>, JsValue> {
        let against = self.0.against();
        let against = against.get(index as usize).ok_or_else(|| JsError::new("there is no such comparison"))?;
        typescript(&self.0.compared(*against))
    }

    /// How many charging policies a power cut is looked at under.
    #[wasm_bindgen(getter)]
    pub fn policies(&self) -> u32 {
        self.0.cut_policies(0.0).len() as u32
    }

    /// A power cut under one of them: begin in seconds from midnight, length in hours.
    pub fn power_cut(&mut self, policy: u32, from_s: f64, hours: f64) -> Result<Ts<PowerCuts>, JsValue> {
        let policies = self.0.cut_policies(hours);
        let policy = policies.get(policy as usize).ok_or_else(|| JsError::new("there is no such policy"))?;
        typescript(&PowerCuts { cuts: self.0.cuts_under(policy, Time::from_s(from_s), hours) })
    }
}

/// Runs of several matching policies on the same days, taken in as workers finish them.
#[wasm_bindgen]
pub struct Comparison {
    comparison: compare::Comparison,
    policies: u32,
}

#[wasm_bindgen]
impl Comparison {
    /// Of policies with these names, without any run yet.
    #[wasm_bindgen(constructor)]
    pub fn new(policies: Vec<String>) -> Comparison {
        Comparison { policies: policies.len() as u32, comparison: compare::Comparison::new(policies) }
    }

    /// Takes in the report of a policy, by index, on the day of a seed.
    pub fn add(&mut self, policy: u32, seed: f64, report: Ts<Report>) -> Result<(), JsValue> {
        if policy >= self.policies {
            return Err(JsError::new("there is no such policy").into());
        }
        let report = report.js_value();
        let figure = |key: &str| js_sys::Reflect::get(&report, &key.into()).ok()?.as_f64();
        self.comparison.add_figures(policy as usize, seed as u64, figure);
        Ok(())
    }

    /// What the runs say so far.
    pub fn findings(&self) -> Result<Ts<Findings>, JsValue> {
        typescript(&self.comparison.findings())
    }
}

/// The mean of a figure on several days, with its interval.
#[wasm_bindgen]
pub fn estimate(values: Vec<f64>) -> Result<Ts<Estimate>, JsValue> {
    typescript(&compare::estimate(&values))
}

/// A search for the fewest vans that reach a goal; what it asks for, workers live through.
#[wasm_bindgen]
pub struct FleetSearch(sizing::FleetSearch);

#[wasm_bindgen]
impl FleetSearch {
    /// For a scenario with so many vans of its own, and a largest fleet; throws a `ScenarioError` if that or the goal is not valid.
    #[wasm_bindgen(constructor)]
    pub fn new(goal: Ts<Goal>, own: u32, most: u32) -> Result<FleetSearch, JsValue> {
        let search = sizing::FleetSearch::new(rust(&goal)?, own, most);
        search.map(FleetSearch).map_err(|problems| invalid(&problems))
    }

    /// How many vans to probe next; none once the search has ended.
    pub fn next(&self) -> Option<u32> {
        self.0.next()
    }

    /// Takes in the reports of all days with so many vans, or what the search needs of them.
    pub fn add(
        &mut self,
        vans: u32,
        #[wasm_bindgen(unchecked_param_type = "SizedDay[]")] days: JsValue,
    ) -> Result<(), JsValue> {
        let days: Vec<SizedDay> = from_js(&days).map_err(|reason| JsError::new(&reason))?;
        self.0.add(vans, &days);
        Ok(())
    }

    /// What it says so far.
    pub fn sizing(&self) -> Result<Ts<Sizing>, JsValue> {
        typescript(&self.0.sizing())
    }
}
