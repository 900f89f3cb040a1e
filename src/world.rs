//! A scenario, compiled: everything that a day needs and that does not change during it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::battery::BatterySpec;
use crate::charging;
use crate::crew;
use crate::demand::{self, Presence, Request};
use crate::fleet::{DriverlessSpec, Load, VanSpec};
use crate::rebalancing::{self, Hub, Zones};
use crate::roads::{Roads, TravelTable};
use crate::scenario::{Charger, ChargingPolicy, MatchingPolicy, RebalancingPolicy, Scenario, Vehicle};
use crate::site::{self, SiteSpec};
use crate::timetable::{Timetable, Walking};
use crate::units::{DepotId, NodeId, StopId, Time, VehicleId};

/// Everything that a day needs and that does not change during it.
pub struct World {
    /// What it was made from, without network and drawing: a world is made anew for each of many days, and `roads` has the one
    /// while nobody asks for the other.
    pub scenario: Scenario,
    /// Roads.
    pub roads: Arc<Roads>,
    /// Fastest times to all stops and depots.
    pub travel: Arc<TravelTable>,
    /// The same for vans that drive no faster than a speed, one entry for each speed.
    pub slow: Vec<SlowWays>,
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
    /// Seats, wheelchair places and places for parcels of the largest van of each.
    pub largest_van: Load,
    /// Zones of the town, where the rebalancing policy looks at them.
    pub zones: Option<Zones>,
    /// Where idle vans wait, where the rebalancing policy sends them there.
    pub hubs: Vec<Hub>,
}

/// Roads as a van drives them that is limited to a speed.
#[derive(Clone)]
pub struct SlowWays {
    /// The speed.
    pub speed_kmh: f64,
    /// Roads with its times.
    pub roads: Arc<Roads>,
    /// Fastest times to all stops and depots.
    pub travel: Arc<TravelTable>,
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
        World::on_roads(rest, Arc::new(roads), Arc::new(travel), &[])
    }

    /// The same roads with another day, demand, fleet or policies: `change` is made to the scenario, which has to stay valid
    /// and keep its network, stops and depots' places.
    pub fn with(&self, change: impl FnOnce(&mut Scenario)) -> World {
        let mut scenario = self.scenario.clone();
        change(&mut scenario);
        World::on_roads(scenario, Arc::clone(&self.roads), Arc::clone(&self.travel), &self.slow)
    }

    /// `known` are slow ways on these roads that need not be made again.
    fn on_roads(scenario: Scenario, roads: Arc<Roads>, travel: Arc<TravelTable>, known: &[SlowWays]) -> World {
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
        if let (Some(drivers), false) = (&scenario.fleet.drivers, scenario.runs_buses()) {
            for (van, shifts) in vans.iter_mut().zip(crew::shifts(&scenario)) {
                if van.driverless.is_none() {
                    crew::employ(van, shifts, drivers.rules.as_ref());
                }
            }
        }
        if let Some(supervision) = &scenario.service.supervision {
            crew::supervise(&mut vans, supervision);
        }
        let slow = slow_ways(&scenario, &roads, &travel, known);
        for (van, vehicle) in vans.iter_mut().zip(scenario.vehicles()) {
            if let (Some(own), Some(given)) = (&mut van.driverless, &vehicle.driverless) {
                let ways = slow.iter().position(|ways| ways.speed_kmh == given.max_speed_kmh);
                own.ways = ways.expect("there are ways for every speed");
            }
        }
        if let ChargingPolicy::Backup { hours, .. } = scenario.policies.charging {
            depots.iter().for_each(|depot| charging::hold_back(&mut vans, depot, hours));
        }
        let calls = demand::requests(&scenario, &travel);
        let presences = calls.iter().map(|call| call.presence).collect();
        let (requests, request_names) = calls.into_iter().map(|call| (call.request, call.name)).unzip();
        let hubs = match scenario.policies.rebalancing {
            RebalancingPolicy::NearestHub { .. } => rebalancing::hubs(&scenario, roads.node_count(), &travel),
            _ => Vec::new(),
        };
        let mut world = World {
            hubs,
            zones: matches!(scenario.policies.rebalancing, RebalancingPolicy::Forecast { .. })
                .then(|| Zones::new(scenario.stops.iter().map(|stop| NodeId(stop.node)), roads.node_count(), &travel)),
            requests,
            request_names,
            presences,
            depots,
            largest_van: vans
                .iter()
                .filter(|van| van.is_in_service())
                .fold(Load::default(), |most, van| most.max(van.capacity)),
            scenario,
            roads,
            travel,
            slow,
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
        let Scenario { demand, fleet, service, .. } = &self.scenario;
        let unpunctual = self.presences.iter().any(|presence| *presence != Presence::default());
        let stuck = service.supervision.as_ref().is_some_and(|supervision| supervision.stuck_per_h > 0.0);
        unpunctual || stuck || demand.behaviour.is_some() || fleet.breakdowns.is_some()
    }

    /// A van's spec.
    pub fn van(&self, van: VehicleId) -> &VanSpec {
        &self.vans[van.index()]
    }

    /// Driving times of a van.
    pub fn travel_of(&self, van: VehicleId) -> &TravelTable {
        self.van(van).driverless.as_ref().map_or(&self.travel, |driverless| &self.slow[driverless.ways].travel)
    }

    /// The nodes of a van's own stops, if it does not serve all.
    pub fn own_stops(&self, van: VehicleId) -> Option<Vec<NodeId>> {
        let stops = &self.van(van).driverless.as_ref()?.stops;
        let node = |stop: &StopId| NodeId(self.scenario.stops[stop.index()].node);
        (!stops.is_empty()).then(|| stops.iter().map(node).collect())
    }

    /// The roads with a van's driving times.
    pub fn roads_of(&self, van: VehicleId) -> &Roads {
        self.van(van).driverless.as_ref().map_or(&self.roads, |driverless| &self.slow[driverless.ways].roads)
    }

    /// Whether riders may get on a van at a node: one without a driver may have stops of its own.
    pub fn may_stop(&self, van: VehicleId, node: NodeId) -> bool {
        self.own_stops(van).is_none_or(|own| own.contains(&node))
    }

    /// The depot at a node, if there is one.
    pub fn depot_at(&self, node: NodeId) -> Option<DepotId> {
        self.depots.iter().position(|depot| depot.node == node).map(|index| DepotId(index as u32))
    }
}

/// The ways for each speed that a van of the scenario is limited to.
fn slow_ways(scenario: &Scenario, roads: &Roads, travel: &TravelTable, known: &[SlowWays]) -> Vec<SlowWays> {
    let mut slow: Vec<SlowWays> = Vec::new();
    for speed_kmh in scenario.vehicles().iter().filter_map(|vehicle| Some(vehicle.driverless.as_ref()?.max_speed_kmh)) {
        if slow.iter().any(|ways| ways.speed_kmh == speed_kmh) {
            continue;
        }
        slow.push(match known.iter().find(|ways| ways.speed_kmh == speed_kmh) {
            Some(ways) => ways.clone(),
            None => {
                let roads = roads.no_faster_than(speed_kmh);
                let travel = TravelTable::new(&roads, travel.targets(), travel.has_lengths())
                    .under(scenario.network.traffic.as_ref());
                SlowWays { speed_kmh, roads: Arc::new(roads), travel: Arc::new(travel) }
            }
        });
    }
    slow
}

/// Compiles vehicles of a scenario. The day does not begin without service, nor for those that do not run on it.
pub(crate) fn specs(vehicles: &[Vehicle], scenario: &Scenario) -> Vec<VanSpec> {
    let (hours, weekday) = (scenario.hours(), scenario.weekday());
    let depots: BTreeMap<&str, NodeId> =
        scenario.depots.iter().map(|depot| (depot.id.as_str(), NodeId(depot.node))).collect();
    let spec = |vehicle: &Vehicle| {
        let home = vehicle.depot.as_ref().map(|depot| depots[depot.as_str()]);
        let (begin, end) = crew::day_of(vehicle, hours.filter(|_| weekday.is_some_and(|day| vehicle.runs_on(day))));
        VanSpec {
            capacity: Load {
                seats: vehicle.seats,
                wheelchairs: vehicle.wheelchair_places,
                parcels: vehicle.parcel_places,
            },
            start: vehicle.start_node.map(NodeId).or(home).expect("a checked van has a depot or a start"),
            home,
            shift_begin: begin,
            shift_end: end,
            calls: Vec::new(),
            shifts: Vec::new(),
            breaks: None,
            driverless: vehicle.driverless.as_ref().map(|driverless| {
                let stop = |id: &String| (0..).map(StopId).zip(&scenario.stops).find(|(_, stop)| stop.id == *id);
                DriverlessSpec { stops: driverless.stops.iter().filter_map(|id| Some(stop(id)?.0)).collect(), ways: 0 }
            }),
            battery: vehicle.battery.as_ref().map(|battery| BatterySpec::new(battery, scenario.day.outdoor_c)),
        }
    };
    vehicles.iter().map(spec).collect()
}
