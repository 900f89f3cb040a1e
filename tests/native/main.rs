//! Tests of the core on the machine itself. Cases that read `../shared/data` print `not run:` where it is absent.
#![cfg(not(target_arch = "wasm32"))]

mod bad_input;
mod business;
mod cli;
mod disturbances;
mod energy;
mod fuzz;
mod golden;
mod gtfs;
mod manhattan;
mod optimum;
mod osm;
mod planner;
mod plans;
mod policies;
mod roads;
mod script;
mod sizing;
mod sun;
mod towns;
mod traffic;
mod worlds;
