//! What `browser.mjs` calls, and takes the time of.

use noriai::optimum::instance::Instance;
use noriai::optimum::{self, Outcome, Problem};
use wasm_bindgen::prelude::*;

use crate::depot;

/// A charging problem.
#[wasm_bindgen]
pub struct Charging(Problem);

#[wasm_bindgen]
impl Charging {
    /// The problem of an instance of the exchange format.
    pub fn read(json: &str) -> Result<Charging, JsError> {
        let instance = Instance::read(json).map_err(|error| JsError::new(&error.to_string()))?;
        Ok(Charging(instance.problem()))
    }

    /// A drawn problem.
    pub fn draw(vehicles: usize, slots: usize) -> Charging {
        Charging(depot::draw(vehicles, slots))
    }

    /// Solves the problem and returns the least cost in yen.
    pub fn solve(&self) -> Result<f64, JsError> {
        match optimum::solve(&self.0) {
            Outcome::Optimal(solution) => Ok(solution.certificate.cost_yen),
            Outcome::Infeasible(_) => Err(JsError::new("infeasible")),
        }
    }
}
