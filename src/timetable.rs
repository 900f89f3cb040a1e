//! The fixed route of a day: which bus drives which trip of which line, and how far its riders walk.
//!
//! Trips are given to buses in the order of their departures (a vehicle block of GTFS is what one bus then drives in a day).
//! A trip that no bus can drive, because none is there in time, or can be home again by the end of the day, or has the
//! energy, does not run; a timetable is made for the free road, and in traffic the buses are late. Energy charged on the way does not count, so that no bus ever falls below its reserve.
//!
//! A walk is the straight line between two nodes x [`walking::DETOUR`], since walkers keep to no one-way street.

use crate::demand::Request;
use crate::fleet::{Plan, PlanStop, VanSpec};
use crate::log::Walk;
use crate::roads::{Roads, TravelTable};
use crate::scenario::{self, FixedRoute, Scenario, Weekday};
use crate::units::{NodeId, RequestId, Time, VehicleId};
use crate::walking;

/// The lines and trips of one day.
#[derive(Debug, Clone)]
pub struct Timetable {
    /// Lines, as in the scenario.
    pub lines: Vec<Line>,
    /// Trips in the order of their departures, those of several lines at one time in the order of the lines.
    pub trips: Vec<Trip>,
    /// How riders walk.
    pub walking: Walking,
}

/// A line's calls.
#[derive(Debug, Clone)]
pub struct Line {
    /// Where it calls.
    pub nodes: Vec<NodeId>,
    /// When, counted from the departure at the first.
    pub offsets: Vec<Time>,
}

/// A departure from the first stop of a line, and what follows from it.
#[derive(Debug, Clone)]
pub struct Trip {
    /// Index of the line.
    pub line: usize,
    /// When it leaves the first stop.
    pub departs: Time,
    /// Who drives it; `None`: nobody can, so that it does not run.
    pub bus: Option<VehicleId>,
    /// Position of its first call among the calls of its bus's day.
    first: usize,
    /// How many calls its bus has from its first on.
    ahead: usize,
}

impl Trip {
    /// Position, among the calls of its bus's day, of the end of its call at stop `k`, not the last.
    pub fn leaves(&self, k: usize) -> usize {
        self.first + 2 * k
    }

    /// Position of the begin of its call at stop `k`, not the first.
    pub fn reaches(&self, k: usize) -> usize {
        self.first + 2 * k - 1
    }
}

/// How riders walk to and from their bus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Walking {
    /// Longest walk to a stop, and from one, in metres.
    pub max_m: f64,
    /// Speed, metres a minute.
    pub m_per_min: f64,
}

impl Walking {
    /// Time for a distance in metres.
    pub fn time(&self, length_m: f64) -> Time {
        Time::from_s(60.0 * length_m / self.m_per_min)
    }
}

/// Length in metres of the walk from one node to another.
pub fn walk_m(roads: &Roads, from: NodeId, to: NodeId) -> f64 {
    walking::walk_m(roads.position(from), roads.position(to))
}

/// The way of each line, as `[lng, lat]` of its points: from stop to stop the fastest, which its buses drive.
pub fn ways(scenario: &Scenario) -> Vec<Vec<[f64; 2]>> {
    let roads = Roads::new(&scenario.network);
    let lines = scenario.fixed_route.iter().flat_map(|route| &route.lines);
    let way = |line: &scenario::Line| {
        let nodes: Vec<NodeId> = line.stops.iter().map(|call| node_of(scenario, &call.stop)).collect();
        let table = TravelTable::new(&roads, nodes.iter().copied(), false);
        let mut way = Vec::new();
        for pair in nodes.windows(2) {
            let mut from = pair[0];
            while let Some(arc) = roads.next_arc(&table, from, pair[1]) {
                way.extend(roads.path_shape(from, arc.to));
                from = arc.to;
            }
        }
        way.dedup();
        way
    };
    lines.map(way).collect()
}

/// The node of a stop, by its id.
fn node_of(scenario: &Scenario, id: &str) -> NodeId {
    let stop = scenario.stops.iter().find(|stop| stop.id == id);
    NodeId(stop.expect("a checked line calls at stops of the scenario").node)
}

impl Timetable {
    /// The walks of a party whose ride is in a bus's plan.
    ///
    /// # Panics
    /// If it is not.
    pub fn walk(&self, roads: &Roads, id: RequestId, request: &Request, plan: &Plan) -> Walk {
        let mut nodes = plan.stops().iter().filter(|stop| stop.request == id).map(|stop| stop.node);
        let (board, alight) = nodes.next().zip(nodes.next()).expect("the ride is in the plan");
        let time = |from, to| self.walking.time(walk_m(roads, from, to));
        let (to, from) = (time(request.origin_node, board), time(alight, request.destination_node));
        Walk { request: id, board, alight, to, from }
    }

    /// Whether a bus with so many calls ahead has begun a trip and not ended it. O(trips).
    pub fn on_trip(&self, bus: VehicleId, ahead: usize) -> bool {
        ahead > 0 && !self.trips.iter().any(|trip| trip.bus == Some(bus) && trip.ahead == ahead)
    }

    /// Compiles the lines for a day of the week and gives its trips to the buses: to the one with the shortest way to the first
    /// stop, then to the one that is free earliest. The buses get their calls and the begin of their day; they are free within
    /// `day`. O(trips x buses).
    pub fn new(
        scenario: &Scenario,
        route: &FixedRoute,
        weekday: Weekday,
        walking: Walking,
        travel: &TravelTable,
        day: (Time, Time),
        buses: &mut [VanSpec],
    ) -> Timetable {
        let lines: Vec<Line> = route
            .lines
            .iter()
            .map(|line| Line {
                nodes: line.stops.iter().map(|call| node_of(scenario, &call.stop)).collect(),
                offsets: line.stops.iter().map(|call| Time(call.departure_s as i32 * 1_000)).collect(),
            })
            .collect();
        let mut trips: Vec<Trip> = Vec::new();
        for (line, document) in route.lines.iter().enumerate() {
            let today = document.departures.iter().filter(|departures| departures.days.contains(&weekday));
            let times = today.flat_map(|departures| &departures.times);
            trips.extend(times.map(|departs| Trip { line, departs: departs.0, bus: None, first: 0, ahead: 0 }));
        }
        trips.sort_by_key(|trip| (trip.departs, trip.line));

        for bus in buses.iter_mut() {
            (bus.shift_begin, bus.shift_end) = (Time::NEVER, day.1);
            bus.calls.clear();
        }
        let mut at: Vec<Free> = buses.iter().map(|bus| Free { node: bus.start, time: day.0, used_kwh: 0.0 }).collect();
        for trip in &mut trips {
            let line = &lines[trip.line];
            let able = (0..buses.len()).filter_map(|bus| {
                let after = at[bus].drive(&buses[bus], line, trip.departs, travel, day.1)?;
                Some((travel.time(at[bus].node, line.nodes[0]), at[bus].time, bus, after))
            });
            let Some((empty, _, bus, after)) = able.min_by_key(|&(empty, free, bus, _)| (empty, free, bus)) else {
                continue;
            };
            let spec = &mut buses[bus];
            if spec.calls.is_empty() {
                spec.shift_begin = travel.before(trip.departs, empty);
            }
            (trip.bus, trip.first) = (Some(VehicleId(bus as u32)), spec.calls.len());
            at[bus] = after;
            spec.calls.extend(line.calls(trip.departs));
        }
        for trip in &mut trips {
            trip.ahead = trip.bus.map_or(0, |bus| buses[bus.index()].calls.len() - trip.first);
        }
        Timetable { lines, trips, walking }
    }
}

impl Line {
    /// The calls of a trip as stops of a plan. A bus leaves for the first just in time. To each other stop it drives at once,
    /// so that it has two: one that is over when the bus is there, and one, not at the last, that is over when it may leave.
    fn calls(&self, departs: Time) -> Vec<PlanStop> {
        let times = self.offsets.iter().map(|&offset| departs + offset);
        let ends: Vec<PlanStop> =
            self.nodes.iter().zip(times).map(|(&node, time)| PlanStop::call(node, time)).collect();
        let mut calls = vec![ends[0]];
        for pair in ends.windows(2) {
            calls.extend([PlanStop { earliest: pair[0].earliest, ..pair[1] }, pair[1]]);
        }
        calls.pop();
        calls
    }
}

/// Where and when a bus has driven its trips so far.
struct Free {
    node: NodeId,
    time: Time,
    used_kwh: f64,
}

impl Free {
    /// The same after one more trip; `None` if the bus cannot drive it.
    fn drive(&self, bus: &VanSpec, line: &Line, departs: Time, travel: &TravelTable, until: Time) -> Option<Free> {
        let to = |from: NodeId, to: NodeId| {
            let time = travel.time(from, to);
            let kwh = bus.battery.map_or(0.0, |battery| {
                battery.consumption.driving_kwh(travel.length_m(from, to), travel.longest(time))
            });
            (time, kwh)
        };
        let (empty, empty_kwh) = to(self.node, line.nodes[0]);
        let legs_kwh: f64 = line.nodes.windows(2).map(|leg| to(leg[0], leg[1]).1).sum();
        let last = *line.nodes.last()?;
        let (home, home_kwh) = bus.home.map_or((Time::ZERO, 0.0), |home| to(last, home));
        let time = departs + *line.offsets.last()?;
        let used_kwh = self.used_kwh + empty_kwh + legs_kwh;
        let lasts = bus.battery.is_none_or(|b| b.initial_kwh - used_kwh - home_kwh >= b.reserve_kwh);
        let in_time = self.time + empty <= departs && time + home <= until;
        (in_time && lasts).then_some(Free { node: last, time, used_kwh })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Clock, Departures, LineStop, Text, Vehicle};
    use crate::world::{self, World};

    /// Lines east (a to d) and west (d to a) through the village, 450 s each, with one or two buses at a.
    fn blocks(east: &[&str], west: &[&str], buses: usize) -> Vec<Option<u32>> {
        let mut scenario = Scenario::village();
        let stop = |(stop, k): (&str, u32)| LineStop { stop: stop.into(), departure_s: 150 * k };
        let line = |id: &str, stops: [&str; 4], times: &[&str]| crate::scenario::Line {
            id: id.into(),
            name: Text::new(id, id),
            stops: stops.into_iter().zip(0..).map(stop).collect(),
            departures: vec![Departures {
                days: vec![Weekday::Wed],
                times: times.iter().map(|time| Clock::parse(time).expect("a time")).collect(),
            }],
        };
        let bus = Vehicle { battery: None, ..scenario.fleet.vehicles[0].clone() };
        let route = FixedRoute {
            lines: vec![line("east", ["a", "b", "c", "d"], east), line("west", ["d", "c", "b", "a"], west)],
            vehicles: (0..buses).map(|k| Vehicle { id: k.to_string(), ..bus.clone() }).collect(),
            adult_yen: 200.0,
        };
        scenario.demand.generator = None;
        let world = World::new(&scenario);
        let mut specs = world::specs(&route.vehicles, &scenario);
        let walking = Walking { max_m: 400.0, m_per_min: 80.0 };
        let timetable = Timetable::new(&scenario, &route, Weekday::Wed, walking, &world.travel, world.day, &mut specs);
        timetable.trips.iter().map(|trip| trip.bus.map(|bus| bus.0)).collect()
    }

    #[test]
    fn a_way_passes_every_stop_of_its_line_in_order() {
        let scenario = scenario::read(scenario::TOWNS[0].1).expect("a built-in town is valid");
        let route = scenario.fixed_route.as_ref().expect("Namie has a bus");
        let ways = ways(&scenario);
        assert_eq!(ways.len(), route.lines.len());
        for (line, way) in route.lines.iter().zip(ways) {
            let mut rest = way.iter();
            for call in &line.stops {
                let node = &scenario.network.nodes[node_of(&scenario, &call.stop).index()];
                assert!(rest.any(|point| *point == [node.lng, node.lat]), "{call:?}");
            }
        }
    }

    #[test]
    fn one_bus_goes_to_and_fro() {
        // East at 9:00 is at d at 9:07:30, in time for 9:10; that is at a at 9:17:30.
        assert_eq!(blocks(&["09:00", "09:20"], &["09:10"], 1), [Some(0), Some(0), Some(0)]);
        // At 9:05 it is not there yet, and does not drive the trip; from a to d empty takes 300 s.
        assert_eq!(blocks(&["09:00"], &["09:05"], 1), [Some(0), None]);
    }

    #[test]
    fn two_buses_share_two_lines_so_that_neither_drives_empty() {
        // West at 9:00 takes a drive of 300 s to d, which bus 1 makes; bus 0 stands at a. At 9:20 they have changed places, and
        // each takes the trip that begins where it stands.
        let trips = blocks(&["09:00", "09:20"], &["09:00", "09:20"], 2);
        assert_eq!(trips, [Some(0), Some(1), Some(1), Some(0)]);
    }
}
