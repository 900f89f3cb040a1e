//! A plan as others read it: routes, visits, times, loads and charge.

use serde::{Deserialize, Serialize};

use super::day::is_pause;
use super::instance::{Fault, Instance, Name, Refusal};
use super::problem::{is_pickup, ride_of};
use super::route::{Evaluator, Free};
use super::search::Solution;
use super::timing::{self, At};
use crate::fleet::Load;
use crate::scenario::Text;

/// A plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// What it costs by the problem's weights, refusals not included.
    pub cost: f64,
    /// Driving, minutes.
    pub travel_minutes: f64,
    /// Riding beyond the direct drives, minutes.
    pub excess_minutes: f64,
    /// Whether everybody is served.
    pub feasible: bool,
    /// Bookings that are not.
    pub unserved: Vec<Name>,
    /// Why they are not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<Refusal>,
    /// What else of the file was left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
    /// Iterations of the search.
    pub iterations: u64,
    /// By van, in the order of the file.
    pub routes: Vec<PlannedRoute>,
}

/// What one van does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedRoute {
    /// Its number in the file, from 1.
    pub vehicle: u32,
    /// Its id, where the file has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where it stops; first and last the depots.
    pub visits: Vec<PlannedVisit>,
}

/// A stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedVisit {
    /// Node or place.
    pub node: Name,
    /// Whose pick-up or drop-off, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booking: Option<Name>,
    /// Arrival, minutes.
    pub arrive: f64,
    /// Begin of service, or of charging, minutes.
    pub start: f64,
    /// Departure, minutes.
    pub depart: f64,
    /// Seats taken afterwards.
    pub load: u32,
    /// Wheelchair places taken afterwards, where there are any.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub wheelchairs: u32,
    /// Stored energy afterwards, kWh; of a van with a battery.
    pub battery_kwh: Option<f64>,
    /// Minutes of charging.
    pub charge_min: f64,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Plan {
    /// Of a solution.
    pub(super) fn new(instance: &Instance, solution: &Solution, iterations: u64) -> Plan {
        let Instance { problem, names, impossible, faults } = instance;
        let mut end_names: Vec<_> = names.ends.iter().map(|names| names.iter()).collect();
        let mut routes = Vec::new();
        let (mut travel, mut excess, mut energy) = (0.0, 0.0, 0.0);
        for route in &solution.routes {
            let spec = &problem.vans[route.van];
            let (vehicle, id, start) = &names.vans[route.van];
            let schedule = timing::schedule(problem, route.van, &route.order, &route.value)
                .expect("a route that was found can be driven");
            travel += route.value.travel;
            excess += schedule.excess;
            energy += route
                .value
                .charges
                .iter()
                .map(|charge| problem.stations[charge.station].cost(charge.minutes))
                .sum::<f64>();
            let mut load = Load::default();
            let mut kwh = spec.battery.map(|battery| battery.start_kwh);
            let mut place = spec.start;
            let mut visits = Vec::with_capacity(schedule.stops.len());
            for stop in &schedule.stops {
                if matches!(stop.at, At::Visit(visit) if !is_pickup(visit) && is_pause(&problem.rides[ride_of(visit)]))
                {
                    continue;
                }
                let (at, node, booking) = match stop.at {
                    At::Start => (spec.start, start.clone(), None),
                    At::Station(station) => (problem.stations[station].place, names.stations[station].clone(), None),
                    At::End(end) => {
                        let list = &mut end_names[end];
                        let name = list.next().or(names.ends[end].last()).expect("an end has a name");
                        (problem.ends[end].place, name.clone(), None)
                    }
                    At::Visit(visit) => {
                        let party = problem.rides[ride_of(visit)].party;
                        if !is_pause(&problem.rides[ride_of(visit)]) {
                            load = if is_pickup(visit) { load + party } else { load - party };
                        }
                        let booking = names.bookings[ride_of(visit)].clone();
                        (problem.visits[visit as usize].place, names.visits[visit as usize].clone(), Some(booking))
                    }
                };
                if let Some(kwh) = &mut kwh {
                    *kwh -= problem.kwh(spec, place, at);
                    if let At::Visit(visit) = stop.at {
                        *kwh -= problem.visits[visit as usize].kwh;
                    }
                    if let At::Station(station) = stop.at {
                        *kwh += stop.charge * problem.stations[station].kwh_per_minute;
                    }
                }
                place = at;
                visits.push(PlannedVisit {
                    node,
                    booking,
                    arrive: stop.arrive,
                    start: stop.start,
                    depart: stop.depart,
                    load: load.seats,
                    wheelchairs: load.wheelchairs,
                    battery_kwh: kwh,
                    charge_min: stop.charge,
                });
            }
            routes.push(PlannedRoute { vehicle: *vehicle, id: id.clone(), visits });
        }
        let crowded = solution.refused.iter().map(|&ride| Refusal {
            booking: names.bookings[ride as usize].clone(),
            reason: why(instance, solution, ride as usize),
        });
        let refusals: Vec<Refusal> = impossible.iter().cloned().chain(crowded).collect();
        Plan {
            cost: problem.weights.travel * travel + problem.weights.excess * excess + energy,
            travel_minutes: travel,
            excess_minutes: excess,
            feasible: refusals.is_empty(),
            unserved: refusals.iter().map(|refusal| refusal.booking.clone()).collect(),
            refusals,
            faults: faults.clone(),
            iterations,
            routes,
        }
    }
}

/// Why a booking that a van alone could serve is refused.
fn why(instance: &Instance, solution: &Solution, ride: usize) -> Text {
    let problem = &instance.problem;
    let mut relaxed = problem.clone();
    relaxed.vans.iter_mut().for_each(|van| van.battery = None);
    let mut evaluator = Evaluator::new(&relaxed);
    let dropoff = 2 * ride as u32 + 1;
    let fits = solution.routes.iter().any(|route| {
        (0..=route.order.len()).any(|on| {
            (on..=route.order.len()).any(|off| {
                let mut order = route.order.clone();
                order.insert(off, dropoff);
                order.insert(on, dropoff - 1);
                evaluator.value(route.van, &order, Free::ALL).is_some()
            })
        })
    });
    if fits {
        Text::new(
            "座席と時間はありますが、電池が足りません。充電器か電池残量を増やせば乗れます。",
            "there is room and time, but not enough charge; more chargers or charge would serve it",
        )
    } else {
        Text::new(
            "この時刻には、どの車も先に決まった乗客で空きがありません。時刻を広げるか車を増やしてください。",
            "at this time every van is taken by others; widen its window or add a van",
        )
    }
}
