//! What `browser.mjs` calls, and takes the time of.

use std::sync::Arc;

use noriai::log::Log;
use noriai::optimum::instance::Instance;
use noriai::optimum::{self, Outcome, Problem};
use noriai::report;
use noriai::roads::TravelTable;
use noriai::scenario::{Network, Scenario};
use noriai::sim::Simulation;
use noriai::units::NodeId;
use noriai::world::World;
use wasm_bindgen::prelude::*;

use crate::days::{self, Setting};
use crate::depot;
use crate::travel::{self, Travel};

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

/// Roads of a map, and a table of their travel times.
#[wasm_bindgen]
pub struct Map {
    network: Network,
    travel: Travel,
    table: Option<TravelTable>,
    pairs: Vec<(NodeId, NodeId)>,
}

#[wasm_bindgen]
impl Map {
    /// That of a file of roads.
    pub fn read(bytes: &[u8]) -> Result<Map, JsError> {
        travel::read(bytes).map(Map::of).map_err(|error| JsError::new(&error))
    }

    /// That of four tables.
    pub fn tables(nodes: &str, edges: &str, requests: &str, vehicles: &str) -> Result<Map, JsError> {
        let scenario = days::of_tables([nodes, edges, requests, vehicles]).map_err(|error| JsError::new(&error))?;
        Ok(Map::of(scenario.network))
    }

    /// How many nodes it has.
    pub fn nodes(&self) -> usize {
        self.travel.nodes()
    }

    /// How many edges it has.
    pub fn edges(&self) -> usize {
        self.network.edges.len()
    }

    /// Makes the table of so many targets; its bytes.
    pub fn table(&mut self, targets: usize) -> usize {
        self.table.insert(self.travel.table(targets)).bytes()
    }

    /// Draws pairs to look up; how many.
    pub fn draw(&mut self, targets: usize) -> usize {
        self.pairs = self.travel.pairs(targets);
        self.pairs.len()
    }

    /// Looks the pairs up; the sum of their times.
    pub fn look(&self) -> f64 {
        self.table.as_ref().map_or(0.0, |table| travel::look(table, &self.pairs))
    }
}

impl Map {
    fn of(network: Network) -> Map {
        Map { travel: Travel::new(&network), network, table: None, pairs: Vec::new() }
    }
}

/// A day to be matched.
#[wasm_bindgen]
pub struct Day(Scenario);

#[wasm_bindgen]
impl Day {
    /// That of four tables.
    pub fn read(nodes: &str, edges: &str, requests: &str, vehicles: &str) -> Result<Day, JsError> {
        days::of_tables([nodes, edges, requests, vehicles]).map(Day).map_err(|error| JsError::new(&error))
    }

    /// One of the comparison of policies.
    pub fn draw(requests: u32, vehicles: u32, seed: u32) -> Day {
        Day(days::drawn(&days::town(requests, vehicles, u64::from(seed))))
    }

    /// One of the measurement of growth.
    pub fn grow(requests: u32) -> Day {
        Day(days::drawn(&days::grown(requests)))
    }

    /// Namie, so many times.
    pub fn namie(times: u32) -> Day {
        Day(days::namie(times))
    }

    /// Computes its travel times, under policies by the name of their setting.
    pub fn prepare(&self, setting: &str) -> Result<Matching, JsError> {
        let found = Setting::all().into_iter().find(|other| other.name == setting);
        let mut scenario = self.0.clone();
        found.ok_or_else(|| JsError::new("no such setting"))?.choose(&mut scenario);
        Ok(Matching { world: Arc::new(World::new(&scenario)), log: None })
    }
}

/// A day, ready to be lived through.
#[wasm_bindgen]
pub struct Matching {
    world: Arc<World>,
    log: Option<Log>,
}

#[wasm_bindgen]
impl Matching {
    /// Lives through the day.
    pub fn run(&mut self) {
        self.log = Some(Simulation::new(Arc::clone(&self.world)).run());
    }

    /// The share of requests that was served, once the day was lived through.
    pub fn served(&self) -> Option<f64> {
        self.log.as_ref().and_then(|log| report::report(&self.world, log).served_share)
    }
}
