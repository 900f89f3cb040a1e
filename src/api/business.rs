//! The year's account, for a page: days to live through, their amounts, and what prices make of them.

use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::simulation::Simulation;
use super::{invalid, read, read_log, rust, typescript};
use crate::business::{self, Account, Carbon, Parameter, Quantities, TypicalDay};
use crate::people::{self, Reach, WorkforceYear};
use crate::report::DayQuantities;
use crate::scenario::{Price, Problem, Scenario};
use crate::world::World;

/// Days that stand for a year.
#[derive(Serialize, Tsify)]
pub struct TypicalDays {
    /// By season and kind.
    pub days: Vec<TypicalDay>,
    /// Whether each has to be lived through without vans as well.
    pub sites_alone: bool,
}

/// Prices and other numbers of an account, in the order in which they are offered.
#[derive(Serialize, Deserialize, Tsify)]
pub struct AccountParameters {
    /// All of them: change values, and leave none out.
    pub parameters: Vec<Parameter>,
}

/// Prices of somebody's own.
#[derive(Serialize, Deserialize, Tsify)]
pub struct Prices {
    /// In the place of those with the same keys.
    pub prices: Vec<Price>,
}

/// What a year's amounts come to.
#[derive(Serialize, Tsify)]
pub struct YearFigures {
    /// Money.
    pub account: Account,
    /// Carbon dioxide.
    pub carbon: Carbon,
    /// Drivers today and in ten years.
    pub workforce: Vec<WorkforceYear>,
}

/// A town compiled once, for the typical days of its year.
#[wasm_bindgen]
pub struct YearTown {
    scenario: Scenario,
    world: World,
    days: Vec<TypicalDay>,
}

#[wasm_bindgen]
impl YearTown {
    /// Compiles a scenario; throws a `ScenarioError` if it is not valid.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario_json: &str) -> Result<YearTown, JsValue> {
        let scenario = read(scenario_json)?;
        Ok(YearTown { world: World::new(&scenario), days: business::typical_days(&scenario), scenario })
    }

    /// A typical day, by index, with the demand of a seed; without vans the sites alone, for which any seed will do.
    pub fn day(&self, index: usize, seed: f64, with_vans: bool) -> Result<Simulation, JsValue> {
        let day = self.days.get(index).ok_or_else(no_day)?;
        let change = |scenario: &mut Scenario| day.enter(scenario, seed as u64, with_vans);
        let mut scenario = self.scenario.clone();
        change(&mut scenario);
        let problems = scenario.problems();
        if problems.is_empty() { Ok(Simulation::of(self.world.with(change))) } else { Err(invalid(&problems)) }
    }
}

/// Which days a year's account is made of, each with how many it stands for; throws a `ScenarioError` if the scenario is not valid.
#[wasm_bindgen]
pub fn typical_days(scenario_json: &str) -> Result<Ts<TypicalDays>, JsValue> {
    let scenario = read(scenario_json)?;
    let days = business::typical_days(&scenario);
    let sites_alone = business::Year::new(&scenario, Vec::new()).needs_sites_alone();
    typescript(&TypicalDays { days, sites_alone })
}

/// Typical days that were lived through, taken in as workers finish them.
#[wasm_bindgen]
pub struct Year {
    scenario: Scenario,
    days: usize,
    year: business::Year,
}

#[wasm_bindgen]
impl Year {
    /// Without any day lived through yet; throws a `ScenarioError` if the scenario is not valid.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario_json: &str) -> Result<Year, JsValue> {
        let scenario = read(scenario_json)?;
        let days = business::typical_days(&scenario);
        Ok(Year { days: days.len(), year: business::Year::new(&scenario, days), scenario })
    }

    /// Takes in the `quantities` of the report of a typical day, by index.
    pub fn add(&mut self, index: usize, with_vans: bool, quantities: Ts<DayQuantities>) -> Result<(), JsValue> {
        if index >= self.days {
            return Err(no_day());
        }
        self.year.add(index, with_vans, rust(&quantities)?);
        Ok(())
    }

    /// The year's amounts; throws where a day is missing.
    pub fn quantities(&self) -> Result<Ts<Quantities>, JsValue> {
        typescript(&self.of_year()?)
    }

    /// The parameters of this year's account: usual ones, the scenario's, its `business.prices`, and these prices in their place.
    pub fn parameters(&self, prices: Ts<Prices>) -> Result<Ts<AccountParameters>, JsValue> {
        let mut parameters = business::parameters(&self.scenario, &self.of_year()?);
        business::change(&mut parameters, &rust(&prices)?.prices);
        typescript(&AccountParameters { parameters })
    }
}

impl Year {
    fn of_year(&self) -> Result<Quantities, JsValue> {
        let missing = |message| invalid(&[Problem { path: String::new(), message }]);
        self.year.quantities().map_err(missing)
    }
}

/// What a year's amounts come to with these parameters, in a moment; throws a `ScenarioError` with the key where one is not right.
#[wasm_bindgen]
pub fn year_figures(quantities: Ts<Quantities>, parameters: Ts<AccountParameters>) -> Result<Ts<YearFigures>, JsValue> {
    let (year, AccountParameters { parameters }) = (rust(&quantities)?, rust(&parameters)?);
    let problems = business::problems(&parameters);
    if !problems.is_empty() {
        return Err(invalid(&problems));
    }
    typescript(&YearFigures {
        account: business::account(&year, &parameters),
        carbon: business::carbon(&year, &parameters),
        workforce: people::workforce(&year, &parameters),
    })
}

/// Whom the service reached on some days, from a scenario and the records that `Simulation`s of it made.
#[wasm_bindgen]
pub fn reach(scenario_json: &str, logs: Vec<js_sys::Uint8Array>) -> Result<Ts<Reach>, JsValue> {
    let scenario = read(scenario_json)?;
    let logs = logs.iter().map(|bytes| read_log(&bytes.to_vec())).collect::<Result<Vec<_>, _>>()?;
    typescript(&people::reach(&World::new(&scenario), &logs.iter().collect::<Vec<_>>()))
}

fn no_day() -> JsValue {
    JsError::new("there is no such typical day").into()
}
