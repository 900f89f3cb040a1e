//! A scenario, compiled: everything that a day needs and that does not change during it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::battery::BatterySpec;
use crate::charging;
use crate::demand::{self, Presence, Request};
use crate::fleet::{Load, VanSpec};
use crate::rebalancing::Zones;
use crate::roads::{Roads, TravelTable};
use crate::scenario::{Charger, ChargingPolicy, MatchingPolicy, RebalancingPolicy, Scenario, Vehicle};
use crate::site::{self, SiteSpec};
use crate::timetable::{Timetable, Walking};
use crate::units::{DepotId, NodeId, Time, VehicleId};

/// Everything that a day needs and that does not change during it.
pub struct World {
    /// What it was made from, without network and drawing: a world is made anew for each of many days, and `roads` has the one
    /// while nobody asks for the other.
    pub scenario: Scenario,
    /// Roads.
    pub roads: Arc<Roads>,
    /// Fastest times to all stops and depots.
    pub travel: Arc<TravelTable>,
    /// The day's requests, in the order of their calls.
    pub requests: Vec<Request>,
    /// Their names in written logs.
    pub request_names: Vec<String>,
    /// Whether and when their parties are at their stops; not for policies.
    pub presences: Vec<Presence>,
    /// The vans, or under `fixed_route` the buses.
    pub vans: Vec<VanSpec>,
    /// Lines and trips of the day under `fixed_route`.
    pub timetable: Option<Timetable>,
    /// Depots, as in the scenario's `depots`.
    pub depots: Vec<DepotSpec>,
    /// First and last moment of the day; the vans charge from its begin to its end.
    pub day: (Time, Time),
    /// Opening and closing of the service, if it runs on this day.
    pub hours: Option<(Time, Time)>,
    /// Seats and wheelchair places of the largest van of each.
    pub largest_van: Load,
    /// Zones of the town, where the rebalancing policy looks at them.
    pub zones: Option<Zones>,
}

/// A depot, compiled.
pub struct DepotSpec {
    /// Where it lies.
    pub node: NodeId,
    /// One entry for each van that can charge at once, in the scenario's order.
    pub chargers: Vec<Charger>,
    /// What else is behind the meter.
    pub site: SiteSpec,
}

impl World {
    /// Compiles a scenario that [`crate::scenario::read`] has checked. Most of the time goes into the table of fastest ways,
    /// O((stops + depots) x edges x log nodes).
    pub fn new(scenario: &Scenario) -> World {
        let roads = Roads::new(&scenario.network);
        let stops = scenario.stops.iter().map(|stop| NodeId(stop.node));
        let depots = scenario.depots.iter().map(|depot| NodeId(depot.node));
        let buses = scenario.fixed_route.iter().flat_map(|route| &route.vehicles);
        // Lengths are for the batteries, and for the generator's shortest trips.
        let with_lengths = scenario.demand.generator.is_some()
            || scenario.fleet.vehicles.iter().chain(buses).any(|vehicle| vehicle.battery.is_some());
        let travel =
            TravelTable::new(&roads, stops.chain(depots), with_lengths).under(scenario.network.traffic.as_ref());
        let mut rest = scenario.clone();
        (rest.network.nodes, rest.network.edges, rest.drawing.features) = (Vec::new(), Vec::new(), Vec::new());
        World::on_roads(rest, Arc::new(roads), Arc::new(travel))
    }

    /// The same roads with another day, demand, fleet or policies: `change` is made to the scenario, which has to stay valid
    /// and keep its network, stops and depots' places.
    pub fn with(&self, change: impl FnOnce(&mut Scenario)) -> World {
        let mut scenario = self.scenario.clone();
        change(&mut scenario);
        World::on_roads(scenario, Arc::clone(&self.roads), Arc::clone(&self.travel))
    }

    fn on_roads(scenario: Scenario, roads: Arc<Roads>, travel: Arc<TravelTable>) -> World {
        let hours = scenario.hours();
        let day = site::day(&scenario);
        let date = scenario.date().expect("a checked scenario has a date");
        let depots: Vec<DepotSpec> = scenario
            .depots
            .iter()
            .map(|depot| DepotSpec {
                node: NodeId(depot.node),
                chargers: depot
                    .chargers
                    .iter()
                    .flat_map(|charger| std::iter::repeat_n(charger.clone(), charger.count as usize))
                    .collect(),
                site: SiteSpec::new(depot, date, day.0, day.1),
            })
            .collect();
        let mut vans = specs(scenario.vehicles(), &scenario);
        if let ChargingPolicy::Backup { hours, .. } = scenario.policies.charging {
            depots.iter().for_each(|depot| charging::hold_back(&mut vans, depot, hours));
        }
        let calls = demand::requests(&scenario, &travel);
        let presences = calls.iter().map(|call| call.presence).collect();
        let (requests, request_names) = calls.into_iter().map(|call| (call.request, call.name)).unzip();
        let mut world = World {
            zones: matches!(scenario.policies.rebalancing, RebalancingPolicy::Forecast { .. })
                .then(|| Zones::new(scenario.stops.iter().map(|stop| NodeId(stop.node)), roads.node_count(), &travel)),
            requests,
            request_names,
            presences,
            depots,
            largest_van: vans.iter().fold(Load::default(), |most, van| most.max(van.capacity)),
            scenario,
            roads,
            travel,
            vans,
            timetable: None,
            day,
            hours,
        };
        world.assign_buses();
        world
    }

    /// Gives the trips of the fixed route to the buses, if they run, by the energy with which their day begins.
    pub(crate) fn assign_buses(&mut self) {
        let World { scenario, travel, vans, day, timetable, .. } = self;
        if let (&MatchingPolicy::FixedRoute { max_walk_m, walk_m_per_min, .. }, Some(route), Some(weekday)) =
            (&scenario.policies.matching, &scenario.fixed_route, scenario.weekday())
        {
            let walking = Walking { max_m: max_walk_m, m_per_min: walk_m_per_min };
            *timetable = Some(Timetable::new(scenario, route, weekday, walking, travel, *day, vans));
        }
    }

    /// Whether anything can go wrong that no plan knows of.
    pub fn is_disturbed(&self) -> bool {
        let Scenario { demand, fleet, .. } = &self.scenario;
        let unpunctual = self.presences.iter().any(|presence| *presence != Presence::default());
        unpunctual || demand.behaviour.is_some() || fleet.breakdowns.is_some()
    }

    /// A van's spec.
    pub fn van(&self, van: VehicleId) -> &VanSpec {
        &self.vans[van.index()]
    }

    /// The depot at a node, if there is one.
    pub fn depot_at(&self, node: NodeId) -> Option<DepotId> {
        self.depots.iter().position(|depot| depot.node == node).map(|index| DepotId(index as u32))
    }
}

/// Compiles vehicles of a scenario. Without service on its day their day does not begin.
pub(crate) fn specs(vehicles: &[Vehicle], scenario: &Scenario) -> Vec<VanSpec> {
    let hours = scenario.hours();
    let depots: BTreeMap<&str, NodeId> =
        scenario.depots.iter().map(|depot| (depot.id.as_str(), NodeId(depot.node))).collect();
    let spec = |vehicle: &Vehicle| {
        let home = vehicle.depot.as_ref().map(|depot| depots[depot.as_str()]);
        VanSpec {
            capacity: Load { seats: vehicle.seats, wheelchairs: vehicle.wheelchair_places },
            start: vehicle.start_node.map(NodeId).or(home).expect("a checked van has a depot or a start"),
            home,
            shift_begin: hours.map_or(Time::NEVER, |(opens, _)| opens),
            shift_end: hours.map_or(Time::ZERO, |(_, closes)| closes),
            calls: Vec::new(),
            battery: vehicle.battery.as_ref().map(|battery| BatterySpec::new(battery, scenario.day.outdoor_c)),
        }
    };
    vehicles.iter().map(spec).collect()
}
