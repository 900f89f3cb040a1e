//! Idle vans go to the nearest hub with room.
//!
//! The rule of taxi ranks. A hub has room while fewer vans than may wait there stand there empty or are on their way to it; a
//! van that finds no room anywhere stays where it is. Vans without a driver that have stops of their own use the hubs among these.

use super::{Zones, may_go};
use crate::fleet::Load;
use crate::matching::Snapshot;
use crate::roads::TravelTable;
use crate::scenario::{Category, Scenario};
use crate::units::{NodeId, Time, VehicleId};

/// Where there is neither a hub nor a depot nor a station, every stop is within this time of a hub: a usual limit on waiting.
const REACH: Time = Time(300_000);

/// A hub, compiled.
#[derive(Debug, Clone, PartialEq)]
pub struct Hub {
    /// Where it lies.
    pub node: NodeId,
    /// How many vans may wait there; none: any number.
    pub vans: Option<u32>,
}

/// The hubs of a scenario, or those that stand in for them, as `fleet.hubs` has it.
pub(crate) fn hubs(scenario: &Scenario, nodes: usize, travel: &TravelTable) -> Vec<Hub> {
    let stops = || scenario.stops.iter().map(|stop| (&stop.id, NodeId(stop.node)));
    let depots = || scenario.depots.iter().map(|depot| (&depot.id, NodeId(depot.node)));
    let node = |place: &String| stops().chain(depots()).find(|(id, _)| *id == place).map(|(_, node)| node);
    let given = scenario.fleet.hubs.iter().filter_map(|hub| Some(Hub { node: node(&hub.place)?, vans: hub.vans }));
    let given: Vec<Hub> = given.collect();
    if !given.is_empty() {
        return given;
    }
    let stations = scenario.stops.iter().filter(|stop| stop.category == Category::Station);
    let usual = depots().map(|(_, node)| node).chain(stations.map(|stop| NodeId(stop.node)));
    let mut usual: Vec<NodeId> = usual.collect();
    if usual.is_empty() {
        usual = Zones::within(REACH, stops().map(|(_, node)| node), nodes, travel).centers().to_vec();
    }
    usual.into_iter().map(|node| Hub { node, vans: None }).collect()
}

/// The nearest hub with room for an idle van, if it may go there. O(hubs x vans).
pub(super) fn goal(snapshot: &Snapshot, id: VehicleId) -> Option<NodeId> {
    let Snapshot { world, vans, .. } = *snapshot;
    // A bus waits where its next trip begins.
    if world.timetable.is_some() {
        return None;
    }
    let own = world.own_stops(id);
    let has_room = |hub: &Hub| {
        let others = (0..).map(VehicleId).zip(vans).filter(|(other, _)| *other != id);
        let waiting = others
            .filter(|(_, van)| van.goal == Some(hub.node) || van.at.node == hub.node && van.at.load == Load::default());
        hub.vans.is_none_or(|most| waiting.count() < most as usize)
    };
    let times = world.travel_of(id);
    let hubs = world.hubs.iter().filter(|hub| own.as_ref().is_none_or(|own| own.contains(&hub.node)) && has_room(hub));
    let goal = hubs.min_by_key(|hub| times.time(vans[id.index()].at.node, hub.node))?.node;
    may_go(snapshot, id, goal).then_some(goal)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::scenario::{self, Driverless, RebalancingPolicy, Trip, Vehicle};
    use crate::sim::Simulation;
    use crate::world::World;

    /// The village with two vans without batteries, each booked for a ride from a to c at eight, when the service opens.
    fn two_rides(hubs: &[(&str, Option<u32>)], after_s: u32) -> Scenario {
        let mut scenario = Scenario::village();
        scenario.fleet.vehicles[0].battery = None;
        scenario.fleet.vehicles.push(Vehicle { id: "other".into(), ..scenario.fleet.vehicles[0].clone() });
        let hub = |&(place, vans): &(&str, Option<u32>)| scenario::Hub { place: place.into(), vans };
        scenario.fleet.hubs = hubs.iter().map(hub).collect();
        scenario.demand.generator = None;
        let trip = Trip {
            request_s: 25_200.0,
            earliest_pickup_s: Some(28_800.0),
            origin: "a".into(),
            destination: "c".into(),
            passengers: 8,
            ..Trip::default()
        };
        scenario.demand.trips = vec![trip.clone(), trip];
        scenario.policies.rebalancing = RebalancingPolicy::NearestHub { after_s };
        assert_eq!(scenario.problems(), []);
        scenario
    }

    /// The nodes where the vans of a day are at a time.
    fn nodes_at(scenario: &Scenario, clock_s: i32) -> Vec<u32> {
        let world = Arc::new(World::new(scenario));
        let log = Simulation::new(Arc::clone(&world)).run();
        let node = |van| {
            let rows = log.rows.iter().filter(|row| row.vehicle == Some(VehicleId(van)));
            rows.take_while(|row| row.time <= Time(clock_s * 1_000)).last().expect("a row of the van").node.0
        };
        (0..world.vans.len() as u32).map(node).collect()
    }

    const NOON: i32 = 43_200;

    #[test]
    fn an_idle_van_waits_at_the_nearest_hub_with_room() {
        // From c, b and d are equally far: the first is taken, until it is full.
        assert_eq!(nodes_at(&two_rides(&[("b", None), ("d", None)], 0), NOON), [1, 1]);
        assert_eq!(nodes_at(&two_rides(&[("b", Some(1)), ("d", None)], 0), NOON), [1, 3]);
        // Without room anywhere the second stays where its ride ended; the depot is a hub like others.
        assert_eq!(nodes_at(&two_rides(&[("b", Some(1))], 0), NOON), [1, 2]);
        assert_eq!(nodes_at(&two_rides(&[("yard", None)], 0), NOON), [0, 0]);
    }

    #[test]
    fn it_sets_off_when_idle_for_long_enough() {
        // Eight people get on in 20 + 8 x 5 = 60 s, ride for 200 s and get off in 60 s; 600 s later the van leaves.
        let scenario = two_rides(&[("d", None)], 600);
        let leaves = 28_800 + 60 + 200 + 60 + 600;
        assert_eq!([leaves + 99, leaves + 100].map(|time| nodes_at(&scenario, time)[0]), [2, 3]);
    }

    #[test]
    fn a_van_without_a_driver_uses_hubs_among_its_stops() {
        let mut scenario = two_rides(&[("b", None), ("d", None)], 0);
        let stops = ["a", "c", "d"].map(String::from).to_vec();
        let driverless = Driverless { stops, max_speed_kmh: 36.0, opens: None, closes: None };
        scenario.fleet.vehicles[0].driverless = Some(driverless);
        assert_eq!(nodes_at(&scenario, NOON), [3, 1]);
    }

    #[test]
    fn depots_and_stations_stand_in_for_hubs_and_else_stops_within_reach() {
        let mut scenario = two_rides(&[], 0);
        scenario.stops.iter_mut().for_each(|stop| stop.category = Category::Home);
        let hubs =
            |scenario: &Scenario| -> Vec<u32> { World::new(scenario).hubs.iter().map(|hub| hub.node.0).collect() };
        assert_eq!(hubs(&scenario), [0]);
        scenario.stops[3].category = Category::Station;
        assert_eq!(hubs(&scenario), [0, 3]);
        // Without both, a stop every five minutes: d is 300 s from a at 36 km/h, and further at 30.
        scenario.stops[3].category = Category::Home;
        scenario.depots.clear();
        for van in &mut scenario.fleet.vehicles {
            (van.depot, van.start_node) = (None, Some(0));
        }
        assert_eq!(hubs(&scenario), [0]);
        scenario.network.speeds_kmh.secondary = 30.0;
        assert_eq!(hubs(&scenario), [0, 3]);
    }
}
