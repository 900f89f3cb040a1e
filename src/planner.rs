//! Tomorrow's reservations: the best plan for bookings that are known the day before.
//!
//! The static dial-a-ride problem, with batteries: rides with windows, ride-time limits and parties, vans with shifts, depots and
//! batteries, chargers that are used without riders aboard. Three parts work in turn. [`search`] changes plans by ruin and
//! recreate; every route that it meets and that may matter goes to the [`pool`]; from there, prices of rides tell which routes are
//! still worth looking for (column generation, by local search), and branch and bound puts the best plan together. What an order
//! of visits costs at least, waiting and charging included, [`route`] tells in one pass.
//!
//! The result depends on the problem, the seed and the number of iterations alone.

pub mod benchmark;
pub mod check;
pub mod day;
pub mod instance;
pub mod plan;
mod pool;
pub mod problem;
pub mod route;
mod search;
pub mod table;
pub mod timing;

use instance::Instance;
use plan::Plan;
use problem::Problem;
use search::Search;

use crate::math;

/// Iterations of ruin and recreate between two combinations of routes.
const ROUND: u64 = 30_000;
/// Temperature at which the first round, the later rounds begin, and at which all end, as a share of what a ride costs on average.
const HOT: f64 = 0.3;
const WARM: f64 = 0.15;
const COLD: f64 = 0.1;
/// Iterations that the temperature stays the same.
const SAME_TEMPERATURE: u64 = 100;
/// How often promising routes are varied at the end of a round.
const PRICINGS: usize = 3;

/// A search for the best plan that can be asked for it at any time.
pub struct Planner<'i> {
    instance: &'i Instance,
    search: Search<'i>,
    /// Iterations of this round that are done.
    done: u64,
    /// What a ride cost on average when the round began.
    mean: f64,
    temperature: f64,
}

/// An instance with narrowed windows, ready to be planned.
pub struct Prepared {
    instance: Instance,
}

impl Prepared {
    /// Of an instance.
    pub fn new(instance: &Instance) -> Prepared {
        let mut instance = instance.clone();
        instance.problem.tighten();
        Prepared { instance }
    }
}

impl<'i> Planner<'i> {
    /// A first plan: rides inserted one after the other. O(rides² x vans) or so.
    pub fn new(prepared: &'i Prepared, seed: u64) -> Planner<'i> {
        let instance = &prepared.instance;
        Planner { instance, search: Search::new(&instance.problem, seed), done: 0, mean: 0.0, temperature: 0.0 }
    }

    /// Goes on for some iterations, and with combining routes at the end of each round.
    pub fn advance(&mut self, iterations: u64) {
        for _ in 0..iterations {
            if self.done.is_multiple_of(SAME_TEMPERATURE) {
                if self.done == 0 {
                    self.mean = self.search.mean_cost();
                }
                let share = self.done as f64 / ROUND as f64;
                let hot = if self.search.iterations < ROUND { HOT } else { WARM };
                self.temperature = self.mean * hot * math::exp(share * math::ln(COLD / hot));
            }
            self.search.step(self.temperature);
            self.done += 1;
            if self.done == ROUND {
                self.search.combine(PRICINGS);
                self.done = 0;
            }
        }
    }

    /// Iterations so far.
    pub fn iterations(&self) -> u64 {
        self.search.iterations
    }

    /// What the best plan so far costs, refusals included.
    pub fn cost(&self) -> f64 {
        self.search.best.cost
    }

    /// The problem that is planned.
    pub fn problem(&self) -> &Problem {
        &self.instance.problem
    }

    /// The best plan so far, in time.
    pub fn plan(&self) -> Plan {
        Plan::new(self.instance, &self.search.best, self.search.iterations)
    }
}
