//! Idle vans go where more calls are expected than there are vans.
//!
//! The town is divided into zones. Calls expected in a zone are those of the day so far, by origin. Vans supply a zone by how
//! soon they could be there: fully if they are there, not at all from [`REACH`] on. One idle van after the other is sent where
//! it brings most: to the zone around which most calls come for each van that is near, the drive there considered. This is
//! the greedy rule of coverage location models (Daskin 1983; for moving ambulances Jagtenberg, Bhulai, van der Mei 2015).

use crate::matching::Snapshot;
use crate::math;
use crate::roads::TravelTable;
use crate::units::{NodeId, Time, VehicleId};
use crate::world::World;

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
        let mut nearest = vec![(i32::MAX, 0u32); nodes];
        let mut centers = Vec::new();
        for stop in stops {
            if nearest[stop.index()].0 <= RADIUS.0 {
                continue;
            }
            for (near, &time) in nearest.iter_mut().zip(travel.times_to(stop)) {
                *near = (*near).min((time, centers.len() as u32));
            }
            centers.push(stop);
        }
        Zones { centers, zone: nearest.into_iter().map(|(_, zone)| zone).collect() }
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

/// Where idle vans should go. O(idle vans x zones x (idle vans + zones)).
pub(super) fn steer(snapshot: &Snapshot, zones: &Zones) -> Vec<(VehicleId, NodeId)> {
    let Snapshot { now, world, .. } = *snapshot;
    let calls = zones.calls(snapshot);
    let times: Vec<&[i32]> = zones.centers.iter().map(|&center| world.travel.times_to(center)).collect();
    let mut supply = vec![LEAST_SUPPLY; zones.centers.len()];
    // Idle vans, each with what the drive leaves of a zone's gain.
    let mut idle: Vec<(VehicleId, Vec<f64>)> = Vec::new();
    for (id, van) in (0..).map(VehicleId).zip(snapshot.vans).filter(|(_, van)| !van.done) {
        let stops = van.plan.stops();
        if let Some(last) = van.plan.last_ride() {
            let free = van.plan.free_at(last + 1, van.at.ready) - now;
            let travel = world.travel_of(id);
            for (supply, &center) in supply.iter_mut().zip(&zones.centers) {
                *supply += supplies(free + travel.time(stops[last].node, center));
            }
        } else {
            let left = |&center: &NodeId| {
                let time = world.travel_of(id).time(van.at.node, center);
                if may_go(world, snapshot, id, center, time) { math::exp(-time.s() / FAR.s()) } else { 0.0 }
            };
            idle.push((id, zones.centers.iter().map(left).collect()));
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
        for (index, (_, left)) in idle.iter().enumerate() {
            for (zone, (gain, left)) in gain.iter().zip(left).enumerate() {
                if gain * left > best.0 {
                    best = (gain * left, index, Some(zone));
                }
            }
        }
        let (_, index, Some(zone)) = best else { break };
        let (van, _) = idle.swap_remove(index);
        supply.iter_mut().zip(&between[zone]).for_each(|(supply, share)| *supply += share);
        if zones.zone[snapshot.vans[van.index()].at.node.index()] as usize != zone {
            moves.push((van, zones.centers[zone]));
        }
    }
    moves
}

/// Whether an idle van can go somewhere, `time` away, and still be at its depot in time, without being sent to charge before.
fn may_go(world: &World, snapshot: &Snapshot, id: VehicleId, goal: NodeId, time: Time) -> bool {
    let (spec, van) = (world.van(id), &snapshot.vans[id.index()]);
    if time >= Time::NEVER {
        return false;
    }
    let Some(home) = spec.home else { return true };
    // A van without a driver may have stops of its own to stay at.
    if spec.driverless.as_ref().is_some_and(|driverless| !driverless.stops.is_empty()) {
        return false;
    }
    let travel = world.travel_of(id);
    let back = travel.time(goal, home);
    if travel.after(snapshot.now, time + back) > spec.shift_end {
        return false;
    }
    let Some(battery) = &spec.battery else { return true };
    let needed_kwh = battery.consumption.driving_kwh(travel.length_m(van.at.node, goal), travel.longest(time))
        + battery.consumption.driving_kwh(travel.length_m(goal, home), travel.longest(back))
        + battery.reserve_kwh;
    let low_kwh = world.scenario.policies.charging.below_soc() * battery.capacity_kwh;
    van.energy_kwh - needed_kwh > low_kwh.max(0.0)
}
