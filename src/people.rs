//! Who drives in ten years, and whom the service reaches.
//!
//! **Workforce**: the hours that today's rides need, against those of drivers of whom there are fewer each year. What they lack, vans
//! without a driver have to carry. **Districts** and **access** are of days lived through, from their logs: how long riders wait and
//! who is refused by H3 cell, and how many people get to a clinic, a shop or a station within half an hour, where each home stop has
//! its district's mean wait.

use std::collections::BTreeMap;

use h3o::{CellIndex, LatLng, Resolution};
use serde::{Deserialize, Serialize};

use crate::business::{Parameter, Quantities, value};
use crate::demand::Request;
use crate::log::{Event, Log};
use crate::math;
use crate::scenario::{Category, Channel, Text};
use crate::units::{NodeId, Time};
use crate::world::World;

/// Years looked ahead.
const YEARS: u32 = 10;
/// Door to door.
const REACH: Time = Time(30 * Time::MINUTE.0);
/// Cells some 2.4 km wide.
const DISTRICT: Resolution = Resolution::Seven;

/// A year of the workforce.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct WorkforceYear {
    /// Years from today.
    pub year: u32,
    /// Hours of drivers that the rides would take, if vans with a driver carried them all.
    pub needed_h: f64,
    /// Hours that the drivers have.
    pub available_h: f64,
    /// Drivers for the hours needed.
    pub needed_drivers: f64,
    /// Drivers.
    pub drivers: f64,
    /// Share of these rides that vans without a driver have to carry, so that nobody is refused for lack of drivers. Rides that they
    /// carry today are not among them.
    pub driverless_share: f64,
}

/// The workforce today and in ten years: hours change by `demand_change` a year, drivers by `driver_change`, and each has `driver_year`
/// hours. Rides are taken to need the same hours of drivers each.
pub fn workforce(year: &Quantities, parameters: &[Parameter]) -> Vec<WorkforceYear> {
    let get = |key: &str| value(parameters, key);
    let hours_each = get("driver_year");
    let needed_today_h = year.driver_h * get("driver_hours");
    let for_hours = |hours: f64| if hours_each > 0.0 { hours / hours_each } else { 0.0 };
    let drivers_today = if get("drivers") > 0.0 { get("drivers") } else { for_hours(needed_today_h) };
    let after = |change: f64, years: u32| math::pow((1.0 + change).max(0.0), f64::from(years));
    (0..=YEARS)
        .map(|years| {
            let needed_h = needed_today_h * after(get("demand_change"), years);
            let drivers = drivers_today * after(get("driver_change"), years);
            let available_h = drivers * hours_each;
            WorkforceYear {
                year: years,
                needed_h,
                available_h,
                needed_drivers: for_hours(needed_h),
                drivers,
                driverless_share: if needed_h > 0.0 { (1.0 - available_h / needed_h).max(0.0) } else { 0.0 },
            }
        })
        .collect()
}

/// Whom the service reached.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Reach {
    /// Districts in which anybody lives or asked for a ride, in the order of their ids.
    pub districts: Vec<District>,
    /// Riders who need more than others; groups without a request are left out.
    pub groups: Vec<Group>,
    /// Share of people who get to the nearest place of a category within 30 minutes, door to door; categories without a stop are left
    /// out.
    pub access: Vec<Access>,
}

/// An H3 cell of resolution 7, some 2.4 km wide, and those who set out in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct District {
    /// H3 index, hexadecimal.
    pub id: String,
    /// Name of its home stop with the largest weight; without one, of the stop with the most requests.
    pub name: Text,
    /// Share of the people, by the weights of home stops.
    pub people_share: f64,
    /// Requests of riders, not of parcels.
    pub requests: u32,
    /// Those served.
    pub served: u32,
    /// Waiting of those, mean; absent where nobody was served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mean_wait_s: Option<f64>,
}

/// Riders of one kind; a request may belong to several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Group {
    /// Which.
    pub kind: GroupKind,
    /// Requests.
    pub requests: u32,
    /// Those served.
    pub served: u32,
    /// Waiting of those, mean; absent where nobody was served.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mean_wait_s: Option<f64>,
}

/// What a request tells of its riders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// Booked by phone.
    Phone,
    /// Booked in the app, where others book by phone.
    App,
    /// With a wheelchair.
    Wheelchair,
    /// With children.
    Children,
}

/// How many people get to a kind of place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Access {
    /// Which.
    pub category: Category,
    /// Share of people within 30 minutes.
    pub share: f64,
}

impl GroupKind {
    const ALL: [GroupKind; 4] = [GroupKind::Phone, GroupKind::App, GroupKind::Wheelchair, GroupKind::Children];

    fn has(self, request: &Request) -> bool {
        match self {
            GroupKind::Phone => request.channel == Channel::Phone,
            GroupKind::App => request.channel == Channel::App,
            GroupKind::Wheelchair => request.party.wheelchairs > 0,
            GroupKind::Children => request.children > 0,
        }
    }
}

/// Requests, and the waiting of those served.
#[derive(Default)]
struct Asked {
    requests: u32,
    served: u32,
    wait_s: f64,
}

impl Asked {
    fn add(&mut self, wait_s: Option<f64>) {
        self.requests += 1;
        self.served += u32::from(wait_s.is_some());
        self.wait_s += wait_s.unwrap_or(0.0);
    }

    fn mean_wait_s(&self) -> Option<f64> {
        (self.served > 0).then(|| self.wait_s / f64::from(self.served))
    }
}

/// Sums of a district.
#[derive(Default)]
struct Sums {
    asked: Asked,
    /// Requests by stop.
    stops: BTreeMap<usize, u32>,
    weight: f64,
    /// Home stops: stop, node and weight.
    homes: Vec<(usize, NodeId, f64)>,
}

impl Sums {
    /// The stop that names it; of equals the first.
    fn namesake(&self) -> Option<usize> {
        let home = self.homes.iter().rev().max_by(|a, b| a.2.total_cmp(&b.2)).map(|home| home.0);
        home.or_else(|| self.stops.iter().rev().max_by_key(|(_, requests)| **requests).map(|(stop, _)| *stop))
    }
}

/// By request: its first pick-up, and when it was dropped off, if it was served.
fn rides(log: &Log) -> Vec<Option<(Time, Time)>> {
    let (mut pickups, mut rides) = (vec![None; log.requests.len()], vec![None; log.requests.len()]);
    for row in log.van_rows() {
        let Some(id) = row.request else { continue };
        match row.event {
            Event::Pickup => drop(pickups[id.index()].get_or_insert(row.time)),
            Event::Dropoff => rides[id.index()] = pickups[id.index()].map(|pickup| (pickup, row.time)),
            _ => {}
        }
    }
    rides
}

/// Whom the service reached on some days of a town; `world` is any of these days.
///
/// From a home stop it takes the district's mean wait (the town's where nobody asked), getting on and off for one passenger, and the
/// direct drive to the nearest stop of the category times the days' time aboard against direct drives. A district in which everybody was
/// refused reaches nothing. Walks to stops are left out. O(rows + homes x stops).
pub fn reach(world: &World, logs: &[&Log]) -> Reach {
    let scenario = &world.scenario;
    let district = |stop: usize| {
        let (lat, lng) = world.roads.position(NodeId(scenario.stops[stop].node));
        LatLng::new(lat, lng).ok().map(|place| place.to_cell(DISTRICT))
    };
    let mut districts: BTreeMap<CellIndex, Sums> = BTreeMap::new();
    for (index, stop) in scenario.stops.iter().enumerate().filter(|(_, stop)| stop.category == Category::Home) {
        let Some(cell) = district(index) else { continue };
        let sums = districts.entry(cell).or_default();
        sums.weight += stop.weight;
        sums.homes.push((index, NodeId(stop.node), stop.weight));
    }
    let mut town = Asked::default();
    let mut groups = GroupKind::ALL.map(|kind| (kind, Asked::default()));
    let (mut aboard_s, mut direct_s) = (0.0, 0.0);
    for log in logs {
        let walks = log.walks_by_request();
        let rides = rides(log);
        for (index, request) in log.requests.iter().enumerate().filter(|(_, request)| !request.is_freight()) {
            let Some(cell) = district(request.origin.index()) else { continue };
            let sums = districts.entry(cell).or_default();
            *sums.stops.entry(request.origin.index()).or_default() += 1;
            let walk = walks[index].map_or(Time::ZERO, |walk| walk.to);
            let wait_s = rides[index].map(|(pickup, _)| (pickup - request.earliest - walk).s());
            let its_groups = groups.iter_mut().filter(|(kind, _)| kind.has(request)).map(|(_, asked)| asked);
            its_groups.chain([&mut sums.asked, &mut town]).for_each(|asked| asked.add(wait_s));
            let Some((pickup, dropoff)) = rides[index] else { continue };
            aboard_s += (dropoff - pickup - request.dwell).s();
            direct_s += request.direct.s();
        }
    }
    let people: f64 = districts.values().map(|sums| sums.weight).sum();
    let ride_factor = if direct_s > 0.0 { aboard_s / direct_s } else { 1.0 };
    let dwell_s = f64::from(scenario.service.dwell.per_request_s + scenario.service.dwell.per_passenger_s);
    let share = |category: Category| {
        let stops = || scenario.stops.iter().filter(|stop| stop.category == category).map(|stop| NodeId(stop.node));
        stops().next()?;
        let mut reached = 0.0;
        for sums in districts.values().filter(|sums| sums.asked.served > 0 || sums.asked.requests == 0) {
            let Some(wait_s) = sums.asked.mean_wait_s().or(town.mean_wait_s()) else { continue };
            for (_, home, weight) in &sums.homes {
                let direct_s = stops().map(|stop| world.travel.time(*home, stop).s()).fold(f64::INFINITY, f64::min);
                if wait_s + 2.0 * dwell_s + ride_factor * direct_s <= REACH.s() {
                    reached += weight;
                }
            }
        }
        (people > 0.0).then(|| Access { category, share: reached / people })
    };
    Reach {
        access: [Category::Clinic, Category::Shop, Category::Station].into_iter().filter_map(share).collect(),
        districts: districts
            .iter()
            .map(|(cell, sums)| District {
                id: cell.to_string(),
                name: sums.namesake().map_or_else(|| Text::new("", ""), |stop| scenario.stops[stop].name.clone()),
                people_share: if people > 0.0 { sums.weight / people } else { 0.0 },
                requests: sums.asked.requests,
                served: sums.asked.served,
                mean_wait_s: sums.asked.mean_wait_s(),
            })
            .collect(),
        groups: groups
            .into_iter()
            .filter(|(kind, asked)| asked.requests > 0 && (*kind != GroupKind::App || asked.requests < town.requests))
            .map(|(kind, asked)| Group {
                kind,
                requests: asked.requests,
                served: asked.served,
                mean_wait_s: asked.mean_wait_s(),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::business;
    use crate::scenario::{Scenario, Trip};
    use crate::sim::Simulation;

    #[test]
    fn vans_without_a_driver_carry_what_drivers_cannot() {
        let mut parameters = business::usual(&Scenario::village());
        let year = Quantities { driver_h: 4_000.0, ..Quantities::default() };
        let years = workforce(&year, &parameters);
        // 4,000 h are two drivers with 2,000 h each; a year later 2.5 % fewer.
        assert_eq!((years.len(), years[0].drivers, years[0].driverless_share), (11, 2.0, 0.0));
        assert!((years[1].available_h - 3_900.0).abs() < 1e-9 && (years[1].driverless_share - 0.025).abs() < 1e-9);
        // Five drivers have hours to spare, for a while: 10,000 h x 0.975^n fall below 4,000 h after 37 years.
        parameters.iter_mut().filter(|parameter| parameter.key == "drivers").for_each(|drivers| drivers.value = 5.0);
        assert!(workforce(&year, &parameters).iter().all(|year| year.driverless_share == 0.0));
    }

    #[test]
    fn who_lives_too_far_from_the_station_does_not_get_there() {
        let mut scenario = Scenario::village();
        // a is the station; b, c and d are homes 100 s apart, but from c to d the road is bad.
        scenario.network.edges[2].time_s = Some(1_500.0);
        scenario.demand.generator = None;
        scenario.demand.trips = vec![Trip {
            request_s: 9.0 * 3_600.0,
            origin: "b".into(),
            destination: "a".into(),
            passengers: 1,
            ..Trip::default()
        }];
        let world = Arc::new(World::new(&scenario));
        let log = Simulation::new(Arc::clone(&world)).run();
        let reach = reach(&world, &[&log]);
        let asked: Vec<&District> = reach.districts.iter().filter(|district| district.requests > 0).collect();
        assert_eq!((asked.len(), asked[0].served, asked[0].mean_wait_s), (1, 1, Some(100.0)));
        // Nobody calls by phone, so that the app is no group of its own.
        assert_eq!((asked[0].name.en.as_str(), reach.groups.len()), (scenario.stops[1].name.en.as_str(), 0));
        assert!((reach.districts.iter().map(|district| district.people_share).sum::<f64>() - 1.0).abs() < 1e-12);
        // A wait of 100 s, twice 25 s at stops, and a drive of 100 s, 200 s and 1,700 s: 1,850 s from d are more than 30 minutes.
        // There is neither a clinic nor a shop.
        assert_eq!(reach.access.len(), 1);
        assert!((reach.access[0].share - 2.0 / 3.0).abs() < 1e-12, "{:?}", reach.access);
    }
}
