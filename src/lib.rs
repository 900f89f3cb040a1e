//! Noriai: a laboratory for shared electric mobility.
//!
//! A [`scenario`] describes a town, its service and a day. [`world`] compiles it; [`sim`] lives through the day, asking the
//! policies ([`matching`], [`rebalancing`], [`charging`]) what to do; the [`log`] is the one record of what happened, from
//! which [`report`] computes every figure and [`playback`] every picture. `api` (browser) and `bin/noriai` (command
//! line) are two thin skins over the same core.
//!
//! ```
//! # fn main() -> Result<(), Vec<noriai::scenario::Problem>> {
//! # let json = include_str!("scenario/towns/namie.json");
//! let scenario = noriai::scenario::read(json)?;
//! let world = std::sync::Arc::new(noriai::world::World::new(&scenario));
//! let log = noriai::sim::Simulation::new(world.clone()).run();
//! let report = noriai::report::report(&world, &log);
//! assert_eq!(report.served + report.refused, report.requests);
//! # Ok(())
//! # }
//! ```

pub mod files;
mod json;
pub mod math;
pub mod rng;
mod table;
pub mod units;
pub mod walking;

pub mod objective;
pub mod optimum;

pub mod scenario;

pub mod roads;

pub mod battery;
pub mod demand;
pub mod fleet;
pub mod gtfs;
pub mod site;
pub mod timetable;
pub mod world;

pub mod charging;
pub mod matching;
pub mod rebalancing;

pub mod log;
pub mod playback;
pub mod report;
pub mod sim;

pub mod business;
pub mod compare;
pub mod crew;
pub mod generate;
pub mod people;
pub mod planner;
pub mod sizing;
pub mod study;
pub mod town;

#[cfg(target_arch = "wasm32")]
pub mod api;
