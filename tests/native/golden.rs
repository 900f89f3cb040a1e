//! The hash of one log. It detects changes of the current behaviour; it is no standard of what is right. The browser's
//! tests look at the same file.

use std::sync::Arc;

use noriai::scenario;
use noriai::sim::Simulation;
use noriai::world::World;

#[test]
fn a_day_in_namie_is_what_it_was() {
    let (_, json) = scenario::TOWNS[0];
    let scenario = scenario::read(json).expect("a built-in town is valid");
    let log = Simulation::new(Arc::new(World::new(&scenario))).run();
    let golden = include_str!("../golden/namie.log_hash").trim();
    assert_eq!(format!("{:016x}", log.hash()), golden, "if this change was meant, put the new hash into tests/golden");
}
