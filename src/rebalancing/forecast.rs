//! Idle vans go where more calls are expected than there are vans.
//!
//! The town is divided into zones. Calls expected in a zone are those of the day so far, by origin. Vans supply a zone by how
//! soon they could be there: fully if they are there, not at all from [`REACH`] on. One idle van after the other is sent where
//! it brings most: to the zone around which most calls come for each van that is near, the drive there considered. This is
//! the greedy rule of coverage location models (Daskin 1983; for moving ambulances Jagtenberg, Bhulai, van der Mei 2015).
//! A van without a driver that has stops of its own goes to the one nearest to the zone, and brings it as much less as that is away.

use super::may_go;
use crate::matching::Snapshot;
use crate::math;
use crate::roads::TravelTable;
use crate::units::{NodeId, Time, VehicleId};

/// Zones reach this far from their middle.
const RADIUS: Time = Time(90_000);

/// A van further away does not count: a usual limit on waiting.
const REACH: Time = Time(300_000);

/// A drive of this length leaves a place 1/e of its gain. Between 10 and 50 minutes little depends on it.
const FAR: Time = Time(1_200_000);

/// Vans that a zone has at least, so that few calls without any van do not outweigh many with some.
const LEAST_SUPPLY: f64 = 1.0;

/// A division of the town's stops.
pub struct Zones {
    /// The stop in the middle of each.
    centers: Vec<NodeId>,
    /// By node: the zone whose middle is nearest.
    zone: Vec<u32>,
}

impl Zones {
    /// Every stop further than [`RADIUS`] from the middles before it becomes one. O(zones x nodes).
    pub fn new(stops: impl Iterator<Item = NodeId>, nodes: usize, travel: &TravelTable) -> Zones {
        Zones::within(RADIUS, stops, nodes, travel)
    }

    /// The same with zones that reach as far as this.
    pub(super) fn within(
        radius: Time,
        stops: impl Iterator<Item = NodeId>,
        nodes: usize,
        travel: &TravelTable,
    ) -> Zones {
        let mut nearest = vec![(i32::MAX, 0u32); nodes];
        let mut centers = Vec::new();
        for stop in stops {
            if nearest[stop.index()].0 <= radius.0 {
                continue;
            }
            for (near, &time) in nearest.iter_mut().zip(travel.times_to(stop)) {
                *near = (*near).min((time, centers.len() as u32));
            }
            centers.push(stop);
        }
        Zones { centers, zone: nearest.into_iter().map(|(_, zone)| zone).collect() }
    }

    /// The stop in the middle of each.
    pub(super) fn centers(&self) -> &[NodeId] {
        &self.centers
    }

    /// Calls by zone so far.
    fn calls(&self, snapshot: &Snapshot) -> Vec<f64> {
        let mut calls = vec![0.0; self.centers.len()];
        for request in &snapshot.world.requests[..snapshot.known] {
            calls[self.zone[request.origin_node.index()] as usize] += 1.0;
        }
        calls
    }
}

/// How much a van supplies of a place that it can reach in some time.
fn supplies(time: Time) -> f64 {
    (1.0 - time.s() / REACH.s()).max(0.0)
}

/// Where a van goes to be near the middle of a zone: there, or to the nearest of its own stops.
fn goal(own: Option<&[NodeId]>, center: NodeId, travel: &TravelTable) -> NodeId {
    let nearest = own.and_then(|stops| stops.iter().copied().min_by_key(|&stop| travel.time(stop, center)));
    nearest.unwrap_or(center)
}

/// Where idle vans should go. O(idle vans x zones x (idle vans + zones)).
pub(super) fn steer(snapshot: &Snapshot, zones: &Zones) -> Vec<(VehicleId, NodeId)> {
    let Snapshot { now, world, .. } = *snapshot;
    let calls = zones.calls(snapshot);
    let times: Vec<&[i32]> = zones.centers.iter().map(|&center| world.travel.times_to(center)).collect();
    let mut supply = vec![LEAST_SUPPLY; zones.centers.len()];
    // Idle vans, each with what the drive leaves of a zone's gain, and its own stops.
    let mut idle: Vec<(VehicleId, Vec<f64>, Option<Vec<NodeId>>)> = Vec::new();
    for (id, van) in (0..).map(VehicleId).zip(snapshot.vans).filter(|(_, van)| !van.done) {
        let stops = van.plan.stops();
        if let Some(last) = van.plan.last_ride() {
            let free = van.plan.free_at(last + 1, van.at.ready) - now;
            let travel = world.travel_of(id);
            for (supply, &center) in supply.iter_mut().zip(&zones.centers) {
                *supply += supplies(free + travel.time(stops[last].node, center));
            }
        } else {
            let own = world.own_stops(id);
            let goal = |center: NodeId| goal(own.as_deref(), center, &world.travel);
            let left = |&center: &NodeId| {
                let goal = goal(center);
                if !may_go(snapshot, id, goal) {
                    return 0.0;
                }
                let near = if goal == center { 1.0 } else { supplies(world.travel_of(id).time(goal, center)) };
                near * math::exp(-world.travel_of(id).time(van.at.node, goal).s() / FAR.s())
            };
            idle.push((id, zones.centers.iter().map(left).collect(), own));
        }
    }
    let between: Vec<Vec<f64>> = (zones.centers.iter())
        .map(|center| times.iter().map(|times| supplies(Time(times[center.index()]))).collect())
        .collect();

    let mut moves = Vec::new();
    while !idle.is_empty() {
        let gain = between.iter().map(|shares| {
            let calls_per_van = calls.iter().zip(&supply).map(|(calls, supply)| calls / supply);
            calls_per_van.zip(shares).map(|(calls, share)| calls * share).sum::<f64>()
        });
        let gain: Vec<f64> = gain.collect();
        let mut best = (0.0, 0, None);
        for (index, (_, left, _)) in idle.iter().enumerate() {
            for (zone, (gain, left)) in gain.iter().zip(left).enumerate() {
                if gain * left > best.0 {
                    best = (gain * left, index, Some(zone));
                }
            }
        }
        let (_, index, Some(zone)) = best else { break };
        let (van, _, own) = idle.swap_remove(index);
        let goal = goal(own.as_deref(), zones.centers[zone], &world.travel);
        let zone = zones.zone[goal.index()] as usize;
        supply.iter_mut().zip(&between[zone]).for_each(|(supply, share)| *supply += share);
        if zones.zone[snapshot.vans[van.index()].at.node.index()] as usize != zone {
            moves.push((van, goal));
        }
    }
    moves
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::scenario::{Driverless, RebalancingPolicy, Scenario, Trip};
    use crate::sim::Simulation;
    use crate::world::World;

    /// Where the village's van is at ten o'clock, if the calls from nine on have all come from d, and its own stops are these.
    fn at_ten(own: &[&str]) -> u32 {
        let mut scenario = Scenario::village();
        scenario.fleet.vehicles[0].battery = None;
        let stops = own.iter().map(|stop| stop.to_string()).collect();
        scenario.fleet.vehicles[0].driverless =
            Some(Driverless { stops, max_speed_kmh: 36.0, opens: None, closes: None });
        scenario.demand.generator = None;
        // Too many for the van: it stays idle.
        let call = |k: u32| Trip {
            request_s: f64::from(32_400 + 60 * k),
            origin: "d".into(),
            destination: "a".into(),
            passengers: 9,
            ..Trip::default()
        };
        scenario.demand.trips = (0..20).map(call).collect();
        scenario.policies.rebalancing = RebalancingPolicy::Forecast { period_s: 30 };
        assert_eq!(scenario.problems(), []);
        let log = Simulation::new(Arc::new(World::new(&scenario))).run();
        let rows = log.rows.iter().filter(|row| row.vehicle == Some(VehicleId(0)));
        rows.take_while(|row| row.time < Time(10 * Time::HOUR.0)).last().expect("a row of the van").node.0
    }

    #[test]
    fn a_van_without_a_driver_waits_at_its_own_stop_nearest_to_the_calls() {
        assert_eq!(at_ten(&[]), 3);
        assert_eq!(at_ten(&["a", "c"]), 2);
        assert_eq!(at_ten(&["a", "b"]), 1);
    }
}
