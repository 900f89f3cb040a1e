//! A town's day as a planning problem: who is known the day before is a booking; vans, shifts, breaks, depots and chargers are the
//! scenario's.
//!
//! Driving times are those of the slowest hour, so that a plan holds at every hour. A charger gives its power below the taper. Energy
//! is priced as the site buys it.

use std::collections::BTreeMap;

use super::instance::{Booking, Instance, Name, Names};
use super::problem::{Battery, End, Energy, Problem, Ride, Station, Van, Visit, Weights, Window};
use super::table::Table;
use crate::battery::Link;
use crate::fleet::Load;
use crate::roads::TravelTable;
use crate::site::SLOT;
use crate::units::{NodeId, RequestId, Time, VehicleId};
use crate::world::World;

/// What refusing a booking costs: more than any plan.
const REFUSAL: f64 = 1e4;
/// What leaving out a driver's break would cost: more than refusing anybody.
const NO_BREAK: f64 = 1e6;
/// Minutes of driving that a minute of riding beyond the direct drive is worth.
const EXCESS: f64 = 0.3;
/// Minutes of driving that a yen of energy is worth: 50 yen a minute, a driver's hour at some 3,000 yen; an assumption.
const MINUTES_PER_YEN: f64 = 0.02;
/// Uses of chargers, at most: they are a set of bits.
const MOST_USES: usize = 64;

fn minutes(time: Time) -> f64 {
    f64::from(time.0) / 60_000.0
}

/// A day's bookings and vans.
pub struct Day {
    /// The problem, with names.
    pub instance: Instance,
    /// By vehicle: its plan's number.
    vans: Vec<VehicleId>,
}

impl Day {
    /// Of a world. Bookings are the requests known before the day begins, or `all` of them.
    pub fn new(world: &World, all: bool) -> Day {
        let travel: &TravelTable = &world.travel;
        let asked =
            || (0..).map(RequestId).zip(&world.requests).filter(move |(_, request)| all || request.known < world.day.0);
        // Places, each node once.
        let mut places: BTreeMap<NodeId, usize> = BTreeMap::new();
        let mut nodes: Vec<NodeId> = Vec::new();
        let mut place = |node: NodeId| {
            *places.entry(node).or_insert_with(|| {
                nodes.push(node);
                nodes.len() - 1
            })
        };
        let pauses =
            |van: &crate::fleet::VanSpec| if world.timetable.is_none() { van.calls.clone() } else { Vec::new() };
        for (_, request) in asked() {
            place(request.origin_node);
            place(request.destination_node);
        }
        for van in &world.vans {
            place(van.start);
            van.home.map(&mut place);
            pauses(van).iter().for_each(|pause| {
                place(pause.node);
            });
        }
        for depot in &world.depots {
            place(depot.node);
        }
        // One place more: where a van without a depot ends its day, wherever it is.
        let anywhere = nodes.len();
        let drive = |from: usize, to: usize| match (nodes.get(from), nodes.get(to)) {
            (Some(&from), Some(&to)) if from != to => match travel.is_target(to) {
                true => travel.longest(travel.time(from, to)),
                false => Time::NEVER,
            },
            _ => Time::ZERO,
        };
        let table = Table::new(nodes.len() + 1, |from, to| minutes(drive(from, to)));

        let mut energy = vec![Energy::PerMinute(0.0)];
        let mut consumptions = vec![None];
        let mut ends: Vec<End> = Vec::new();
        let mut names = Names::default();
        let mut vans = Vec::new();
        let mut ids = Vec::new();
        let mut bookings = Vec::new();
        let name_of = |node: NodeId| {
            let depot = world.depots.iter().position(|depot| depot.node == node);
            let stop = world.scenario.stops.iter().find(|stop| NodeId(stop.node) == node);
            match (depot, stop) {
                (Some(depot), _) => Name::Id(world.scenario.depots[depot].id.clone()),
                (None, Some(stop)) => Name::Id(stop.id.clone()),
                (None, None) => Name::Number(node.0),
            }
        };
        let day = Window { from: minutes(world.day.0), to: minutes(world.day.1) };
        let in_service =
            (0..).map(VehicleId).zip(&world.vans).filter(|(_, van)| van.is_in_service() && van.driverless.is_none());
        for (id, spec) in in_service {
            let end = spec.home.map_or(anywhere, |home| places[&home]);
            let end = ends.iter().position(|other| other.place == end).unwrap_or_else(|| {
                ends.push(End { place: end, window: day, vans: world.vans.len() });
                names.ends.push(vec![spec.home.map_or(Name::Id(String::from("anywhere")), name_of)]);
                ends.len() - 1
            });
            let consumption = spec.battery.map(|battery| battery.consumption);
            let of_energy = consumptions.iter().position(|other| *other == consumption).unwrap_or_else(|| {
                let consumption = consumption.expect("none is the first");
                energy.push(Energy::Table(Table::new(nodes.len() + 1, |from, to| {
                    match (nodes.get(from), nodes.get(to)) {
                        (Some(&a), Some(&b)) if a != b && travel.is_target(b) => {
                            consumption.driving_kwh(travel.length_m(a, b), drive(from, to))
                        }
                        _ => 0.0,
                    }
                })));
                consumptions.push(Some(consumption));
                consumptions.len() - 1
            });
            let battery = spec.battery.map(|battery| Battery {
                start_kwh: battery.initial_kwh,
                full_kwh: battery.capacity_kwh,
                end_kwh: battery.reserve_kwh.min(battery.initial_kwh),
                least_kwh: battery.reserve_kwh.min(battery.initial_kwh),
            });
            for (number, pause) in pauses(spec).iter().enumerate() {
                let at = places[&pause.node];
                let dwell = minutes(pause.dwell);
                let visit =
                    |from: f64, to: f64, service| Visit { place: at, window: Window { from, to }, service, kwh: 0.0 };
                let (from, to) = (minutes(pause.earliest), minutes(pause.latest));
                bookings.push(Booking {
                    name: Name::Id(format!("pause {} of {}", number + 1, world.scenario.vehicles()[id.index()].id)),
                    path: String::from("crew"),
                    nodes: [name_of(pause.node), name_of(pause.node)],
                    visits: [visit(from, to, dwell), visit(from + dwell, to + dwell, 0.0)],
                    ride: Ride {
                        party: spec.capacity,
                        max_minutes: 0.0,
                        direct: 0.0,
                        refusal: NO_BREAK,
                        only: Some(vans.len()),
                    },
                });
            }
            names.vans.push((id.0 + 1, Some(world.scenario.vehicles()[id.index()].id.clone()), name_of(spec.start)));
            ids.push(id);
            vans.push(Van {
                start: places[&spec.start],
                shift: Window { from: minutes(spec.shift_begin), to: minutes(spec.shift_end) },
                max_minutes: f64::INFINITY,
                room: spec.capacity,
                ends: vec![end],
                energy: of_energy,
                battery,
                kind: 0,
                empty_cost: 0.0,
            });
        }
        let (stations, station_names) = chargers(world, |node| places[&node], name_of);
        names.stations = station_names;
        // Boarding takes energy too; of different vans, as much as of the one that takes most.
        let standing = |time: Time| {
            consumptions.iter().flatten().map(|consumption| consumption.standing_kwh(time)).fold(0.0, f64::max)
        };
        for (id, request) in asked() {
            let visit = |node: NodeId, from: Time, to: Time| Visit {
                place: places[&node],
                window: Window { from: minutes(from), to: minutes(to) },
                service: minutes(request.dwell),
                kwh: standing(request.dwell),
            };
            let (on, off) = (request.origin_node, request.destination_node);
            bookings.push(Booking {
                name: Name::Id(world.request_names[id.index()].clone()),
                path: format!("trip {}", world.request_names[id.index()]),
                nodes: [request.origin, request.destination]
                    .map(|stop| Name::Id(world.scenario.stops[stop.index()].id.clone())),
                visits: [
                    visit(on, request.earliest, request.latest_pickup),
                    visit(off, request.earliest, request.latest_dropoff),
                ],
                ride: Ride {
                    party: request.party,
                    max_minutes: request.max_ride.map_or(f64::INFINITY, minutes),
                    direct: table.get(places[&on], places[&off]),
                    refusal: REFUSAL,
                    only: None,
                },
            });
        }
        let mut instance = Instance {
            problem: Problem {
                travel: table,
                energy,
                visits: Vec::new(),
                rides: Vec::new(),
                vans,
                ends,
                stations,
                weights: Weights { travel: 1.0, excess: EXCESS },
            },
            names,
            impossible: Vec::new(),
            faults: Vec::new(),
        };
        instance.book(bookings);
        instance.screen();
        Day { instance, vans: ids }
    }

    /// The vehicle of a route's number.
    pub fn vehicle(&self, number: u32) -> Option<VehicleId> {
        self.vans.iter().copied().find(|id| id.0 + 1 == number)
    }
}

/// The depots' chargers: one for each plug and hour of a price, each to be used once.
fn chargers(
    world: &World,
    place: impl Fn(NodeId) -> usize,
    name_of: impl Fn(NodeId) -> Name,
) -> (Vec<Station>, Vec<Name>) {
    let batteries: Vec<_> = world.vans.iter().filter_map(|van| van.battery.as_ref()).collect();
    let mut stations = Vec::new();
    let mut names = Vec::new();
    if batteries.is_empty() {
        return (stations, names);
    }
    let plugs: usize = world.depots.iter().map(|depot| depot.chargers.len()).sum();
    // As many periods as there are bits for; a price is the mean of its period.
    let periods = (MOST_USES / plugs.max(1)).clamp(1, 6);
    let (from, to) = world.hours.unwrap_or(world.day);
    for depot in &world.depots {
        for charger in &depot.chargers {
            let kw = batteries
                .iter()
                .map(|battery| {
                    let link = Link { battery, charger };
                    link.stored_kw(link.max_charge_kw(0.0, 1e-3))
                })
                .fold(f64::INFINITY, f64::min);
            if kw <= 0.0 || !kw.is_finite() {
                continue;
            }
            for period in 0..periods {
                if stations.len() == MOST_USES {
                    break;
                }
                let at =
                    |period: usize| Time(from.0 + ((to.0 - from.0) as i64 * period as i64 / periods as i64) as i32);
                let slots = &depot.site.slots;
                let slot = |time: Time| (((time - world.day.0).0 / SLOT.0).max(0) as usize).min(slots.len());
                let within = &slots[slot(at(period))..slot(at(period + 1)).max(slot(at(period)))];
                let price = within.iter().map(|slot| slot.buy_yen).sum::<f64>() / within.len().max(1) as f64;
                stations.push(Station {
                    place: place(depot.node),
                    window: Window { from: minutes(at(period)), to: minutes(at(period + 1)) },
                    kwh_per_minute: kw / 60.0,
                    cost_per_kwh: price * MINUTES_PER_YEN,
                });
                names.push(name_of(depot.node));
            }
        }
    }
    (stations, names)
}

/// Whether a ride takes all of a van: a pause of its driver.
pub(super) fn is_pause(ride: &Ride) -> bool {
    ride.only.is_some() && ride.max_minutes == 0.0 && ride.party != Load::default()
}
