//! Tests of the core on the machine itself. Cases that read `../shared/data` print `not run:` where it is absent.
#![cfg(not(target_arch = "wasm32"))]

mod cli;
mod disturbances;
mod energy;
mod golden;
mod gtfs;
mod manhattan;
mod optimum;
mod osm;
mod plans;
mod policies;
mod roads;
mod script;
mod sun;
mod traffic;
mod worlds;
