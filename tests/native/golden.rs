//! Hashes of two logs. They detect changes of the current behaviour; they are no standard of what is right. The browser's
//! tests look at the same files.

use std::sync::Arc;

use noriai::scenario::{self, ChargingPolicy};
use noriai::sim::Simulation;
use noriai::world::World;

const ADVICE: &str = "if this change was meant, put the new hash into tests/golden";

fn hash(policy: Option<ChargingPolicy>) -> String {
    let (_, json) = scenario::TOWNS[0];
    let mut scenario = scenario::read(json).expect("a built-in town is valid");
    if let Some(policy) = policy {
        scenario.policies.charging = policy;
    }
    let log = Simulation::new(Arc::new(World::new(&scenario))).run();
    format!("{:016x}", log.hash())
}

#[test]
fn a_day_in_namie_is_what_it_was() {
    assert_eq!(hash(None), include_str!("../golden/namie.log_hash").trim(), "{ADVICE}");
}

#[test]
fn an_optimised_day_in_namie_is_what_it_was() {
    let optimal = ChargingPolicy::Optimal { below_soc: 0.6, discharge: true, foresight: false };
    assert_eq!(hash(Some(optimal)), include_str!("../golden/namie_optimal.log_hash").trim(), "{ADVICE}");
}
