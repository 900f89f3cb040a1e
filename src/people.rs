//! Who drives in ten years, and whom the service reaches.
//!
//! **Workforce**: the hours that today's rides need, against those of drivers of whom there are fewer each year. What they lack, vans
//! without a driver have to carry. **Districts** and **access** are of days lived through, from their logs: how long riders wait and
//! who is refused by H3 cell, and how many people get to a clinic, a shop or a station within half an hour, where each home stop has
//! its district's mean wait.
//!
//! **Age** is no part of a request, and nobody's is drawn. Scenarios may tell the share of people of 65 and over around their stops;
//! a request then counts among the elderly with the share at its rider's home, and among those under 65 with the rest. With shares `s`
//! the expected number of elderly riders is the sum of `s`, and their mean wait the sum of `s` x wait over the sum of `s`. This rests
//! on two things: people of both ages ask for rides alike often, and at one place they wait alike. So what is found is the part of
//! the difference that comes from where people live; where older people ride more often, there are more of them than expected.

use std::collections::BTreeMap;

use h3o::{CellIndex, LatLng, Resolution};
use serde::{Deserialize, Serialize};

use crate::business::{Parameter, Quantities, value};
use crate::demand::Request;
use crate::log::{Event, Log};
use crate::math;
use crate::scenario::{Category, Channel, Scenario, Text};
use crate::units::{NodeId, Time};
use crate::world::World;

/// Years looked ahead.
const YEARS: u32 = 10;
/// Door to door.
const REACH: Time = Time(30 * Time::MINUTE.0);
/// Cells some 2.4 km wide.
const DISTRICT: Resolution = Resolution::Seven;
/// What counts as picked up soon, as in the report's `within_15_min_share`.
const SOON: Time = Time(15 * Time::MINUTE.0);
/// By how many standard errors a group has to be below all riders for it to be named: less is chance in one case of 44 for a group.
const NOTABLE: f64 = 2.0;

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
    /// All riders, and those of one kind; groups without a request are left out.
    pub groups: Vec<Group>,
    /// The group of which the smallest share was picked up within 15 minutes, of those that are below all riders by more than chance:
    /// by two standard errors of as many requests, taken to be independent. Absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub most_forgotten: Option<GroupKind>,
    /// Share of people who get to the nearest place of a category within 30 minutes, door to door; categories without a stop are left
    /// out.
    pub access: Vec<Access>,
    /// Share of people of 65 and over, by the weights of home stops; absent where the scenario does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub elderly_share: Option<f64>,
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
    /// Share of people of 65 and over among them; absent where the scenario does not tell, or where nobody lives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub elderly_share: Option<f64>,
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
    /// Requests; an expected number of `elderly` and `younger`.
    pub requests: f64,
    /// Those served.
    pub served: f64,
    /// Share of the requests picked up within 15 minutes of the earliest moment wanted, the walk to a bus included.
    pub within_15_min_share: f64,
    /// Waiting of those served, mean; absent where nobody was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mean_wait_s: Option<f64>,
}

/// What a request tells of its riders, or the place that they set out from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// All riders.
    All,
    /// Booked by phone.
    Phone,
    /// Booked in the app, where others book by phone.
    App,
    /// With a wheelchair.
    Wheelchair,
    /// With children.
    Children,
    /// Expected to be 65 or over; absent, as `younger`, where all places have the same share of them.
    Elderly,
    /// Expected to be under 65.
    Younger,
    /// From the quarter of districts (rounded up) with the highest shares of people of 65 and over, and those that equal the lowest
    /// of these; absent where this makes all districts.
    OldestDistricts,
    /// From the other districts whose share is known.
    OtherDistricts,
}

/// How many people get to a kind of place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Access {
    /// Which.
    pub category: Category,
    /// Share of people within 30 minutes.
    pub share: f64,
    /// Of those of 65 and over; absent where the scenario does not tell, or where all places have the same share of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub elderly_share: Option<f64>,
    /// Of those under 65; absent as `elderly_share`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub younger_share: Option<f64>,
}

impl GroupKind {
    /// What a request tells by itself.
    const TOLD: [GroupKind; 5] =
        [GroupKind::All, GroupKind::Phone, GroupKind::App, GroupKind::Wheelchair, GroupKind::Children];

    fn has(self, request: &Request) -> bool {
        match self {
            GroupKind::Phone => request.channel == Channel::Phone,
            GroupKind::App => request.channel == Channel::App,
            GroupKind::Wheelchair => request.party.wheelchairs > 0,
            GroupKind::Children => request.children > 0,
            GroupKind::All => true,
            GroupKind::Elderly | GroupKind::Younger | GroupKind::OldestDistricts | GroupKind::OtherDistricts => false,
        }
    }
}

/// What became of a request.
struct Outcome {
    /// Whether its riders were picked up within 15 minutes.
    soon: bool,
    /// How long they waited, if they were served.
    wait_s: Option<f64>,
}

/// Requests by weight, and the waiting of those served.
#[derive(Default, Clone, Copy)]
struct Asked {
    requests: f64,
    served: f64,
    soon: f64,
    wait_s: f64,
    /// Squares of the weights, for standard errors.
    squares: f64,
}

impl Asked {
    fn add(&mut self, weight: f64, outcome: &Outcome) {
        self.requests += weight;
        self.squares += weight * weight;
        self.soon += if outcome.soon { weight } else { 0.0 };
        if let Some(wait_s) = outcome.wait_s {
            self.served += weight;
            self.wait_s += weight * wait_s;
        }
    }

    fn with(self, other: &Asked) -> Asked {
        Asked {
            requests: self.requests + other.requests,
            served: self.served + other.served,
            soon: self.soon + other.soon,
            wait_s: self.wait_s + other.wait_s,
            squares: self.squares + other.squares,
        }
    }

    fn mean_wait_s(&self) -> Option<f64> {
        (self.served > 0.0).then(|| self.wait_s / self.served)
    }

    /// Share of those picked up soon; that of nobody is 1.
    fn soon_share(&self) -> f64 {
        if self.requests > 0.0 { self.soon / self.requests } else { 1.0 }
    }

    /// Standard error of the share of weighted requests, if each is picked up soon with the probability `share`: the weighted mean of
    /// independent trials has the variance share x (1 - share) x sum of squared weights / (sum of weights)².
    fn standard_error(&self, share: f64) -> f64 {
        (share * (1.0 - share) * self.squares).sqrt() / self.requests
    }

    /// `None` if nobody asked.
    fn group(&self, kind: GroupKind) -> Option<Group> {
        (self.requests > 0.0).then(|| Group {
            kind,
            requests: self.requests,
            served: self.served,
            within_15_min_share: self.soon_share(),
            mean_wait_s: self.mean_wait_s(),
        })
    }
}

/// A share of people by their weights, those left out of whom it is not known.
#[derive(Default)]
struct Share {
    of: f64,
    among: f64,
}

impl Share {
    fn add(&mut self, weight: f64, share: Option<f64>) {
        self.of += weight * share.unwrap_or(0.0);
        self.among += if share.is_some() { weight } else { 0.0 };
    }

    fn get(&self) -> Option<f64> {
        (self.among > 0.0).then(|| self.of / self.among)
    }
}

/// The share of people of 65 and over around a stop, if it is known.
fn elderly_share(scenario: &Scenario, stop: usize) -> Option<f64> {
    scenario.stops[stop].elderly_share.or(scenario.demand.elderly_share)
}

/// The chance that a request's rider is 65 or over: the share at the end of the ride at which there are homes, and the mean of both where
/// there are homes at both or at none. `None` where neither is known.
fn elderly_chance(scenario: &Scenario, request: &Request) -> Option<f64> {
    let ends = [request.origin.index(), request.destination.index()];
    let is_home = |stop: usize| scenario.stops[stop].category == Category::Home;
    let neither = !ends.into_iter().any(is_home);
    let mut share = Share::default();
    for stop in ends.into_iter().filter(|&stop| neither || is_home(stop)) {
        share.add(1.0, elderly_share(scenario, stop));
    }
    share.get()
}

/// Whether places differ in their share of people of 65 and over; where they do not, nothing can be said of those.
fn ages_differ(scenario: &Scenario) -> bool {
    let mut shares = (0..scenario.stops.len()).filter_map(|stop| elderly_share(scenario, stop));
    shares.next().is_some_and(|first| shares.any(|share| share != first))
}

/// Sums of a district.
#[derive(Default)]
struct Sums {
    asked: Asked,
    /// Requests by stop.
    stops: BTreeMap<usize, u32>,
    weight: f64,
    elderly: Share,
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
/// refused reaches nothing. Walks to stops are left out. O(rows + homes x stops + districts log districts).
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
        sums.elderly.add(stop.weight, elderly_share(scenario, index));
        sums.homes.push((index, NodeId(stop.node), stop.weight));
    }
    let mut told = GroupKind::TOLD.map(|kind| (kind, Asked::default()));
    let [mut elderly, mut younger] = [Asked::default(); 2];
    let ages_differ = ages_differ(scenario);
    let (mut aboard_s, mut direct_s) = (0.0, 0.0);
    for log in logs {
        let walks = log.walks_by_request();
        let rides = rides(log);
        for (index, request) in log.requests.iter().enumerate().filter(|(_, request)| !request.is_freight()) {
            let Some(cell) = district(request.origin.index()) else { continue };
            let sums = districts.entry(cell).or_default();
            *sums.stops.entry(request.origin.index()).or_default() += 1;
            let walk = walks[index].map_or(Time::ZERO, |walk| walk.to);
            let outcome = Outcome {
                soon: rides[index].is_some_and(|(pickup, _)| pickup - request.earliest <= SOON),
                wait_s: rides[index].map(|(pickup, _)| (pickup - request.earliest - walk).s()),
            };
            let its_groups = told.iter_mut().filter(|(kind, _)| kind.has(request)).map(|(_, asked)| asked);
            its_groups.chain([&mut sums.asked]).for_each(|asked| asked.add(1.0, &outcome));
            if let (true, Some(chance)) = (ages_differ, elderly_chance(scenario, request)) {
                elderly.add(chance, &outcome);
                younger.add(1.0 - chance, &outcome);
            }
            let Some((pickup, dropoff)) = rides[index] else { continue };
            aboard_s += (dropoff - pickup - request.dwell).s();
            direct_s += request.direct.s();
        }
    }
    let [(_, town), ..] = told;
    let people: f64 = districts.values().map(|sums| sums.weight).sum();
    let old = districts.values().fold(Share::default(), |all, sums| Share {
        of: all.of + sums.elderly.of,
        among: all.among + sums.elderly.among,
    });
    let ride_factor = if direct_s > 0.0 { aboard_s / direct_s } else { 1.0 };
    let dwell_s = f64::from(scenario.service.dwell.per_request_s + scenario.service.dwell.per_passenger_s);
    let share = |category: Category| {
        let stops = || scenario.stops.iter().filter(|stop| stop.category == category).map(|stop| NodeId(stop.node));
        stops().next()?;
        let [mut reached, mut elderly, mut younger] = [0.0; 3];
        for sums in districts.values().filter(|sums| sums.asked.served > 0.0 || sums.asked.requests == 0.0) {
            let Some(wait_s) = sums.asked.mean_wait_s().or(town.mean_wait_s()) else { continue };
            for (stop, home, weight) in &sums.homes {
                let direct_s = stops().map(|stop| world.travel.time(*home, stop).s()).fold(f64::INFINITY, f64::min);
                if wait_s + 2.0 * dwell_s + ride_factor * direct_s <= REACH.s() {
                    reached += weight;
                    if let Some(share) = elderly_share(scenario, *stop) {
                        elderly += weight * share;
                        younger += weight * (1.0 - share);
                    }
                }
            }
        }
        // The two are not summed in the same order, and may differ in the last bit.
        let of = |reached: f64, people: f64| (ages_differ && people > 0.0).then(|| (reached / people).min(1.0));
        (people > 0.0).then(|| Access {
            category,
            share: reached / people,
            elderly_share: of(elderly, old.of),
            younger_share: of(younger, old.among - old.of),
        })
    };
    let mut groups = told.to_vec();
    groups.retain(|(kind, asked)| *kind != GroupKind::App || asked.requests < town.requests);
    groups.extend([(GroupKind::Elderly, elderly), (GroupKind::Younger, younger)]);
    if let (true, Some([oldest, others])) = (ages_differ, by_age(districts.values())) {
        groups.extend([(GroupKind::OldestDistricts, oldest), (GroupKind::OtherDistricts, others)]);
    }
    Reach {
        access: [Category::Clinic, Category::Shop, Category::Station].into_iter().filter_map(share).collect(),
        most_forgotten: most_forgotten(&town, &groups),
        elderly_share: old.get(),
        districts: districts
            .iter()
            .map(|(cell, sums)| District {
                id: cell.to_string(),
                name: sums.namesake().map_or_else(|| Text::new("", ""), |stop| scenario.stops[stop].name.clone()),
                people_share: if people > 0.0 { sums.weight / people } else { 0.0 },
                elderly_share: sums.elderly.get(),
                requests: sums.asked.requests as u32,
                served: sums.asked.served as u32,
                mean_wait_s: sums.asked.mean_wait_s(),
            })
            .collect(),
        groups: groups.into_iter().filter_map(|(kind, asked)| asked.group(kind)).collect(),
    }
}

/// Who set out in the quarter of districts, rounded up, with the highest shares of people of 65 and over, and who in the others. Of
/// equal shares none is left out; `None` if that leaves no others.
fn by_age<'a>(districts: impl Iterator<Item = &'a Sums>) -> Option<[Asked; 2]> {
    let shares: Vec<(f64, &Sums)> = districts.filter_map(|sums| Some((sums.elderly.get()?, sums))).collect();
    let mut sorted: Vec<f64> = shares.iter().map(|(share, _)| *share).collect();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let least = *sorted.get(sorted.len().div_ceil(4).checked_sub(1)?)?;
    let (oldest, others): (Vec<_>, Vec<_>) = shares.into_iter().partition(|(share, _)| *share >= least - 1e-9);
    let asked = |of: &[(f64, &Sums)]| of.iter().fold(Asked::default(), |asked, (_, sums)| asked.with(&sums.asked));
    (!others.is_empty()).then(|| [asked(&oldest), asked(&others)])
}

/// The group of which the smallest share was picked up soon, of those notably below all riders; of equals the first.
fn most_forgotten(town: &Asked, groups: &[(GroupKind, Asked)]) -> Option<GroupKind> {
    let share = town.soon_share();
    let notable = groups.iter().filter(|(_, asked)| {
        asked.requests > 0.0 && asked.soon_share() < share - NOTABLE * asked.standard_error(share)
    });
    notable.min_by(|(_, a), (_, b)| a.soon_share().total_cmp(&b.soon_share())).map(|(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::business;
    use crate::scenario::Trip;
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
        let mut scenario = aged();
        // a is the station; b, c and d are homes 100 s apart, but from c to d the road is bad.
        scenario.network.edges[2].time_s = Some(1_500.0);
        scenario.demand.trips = vec![Trip {
            request_s: 9.0 * 3_600.0,
            origin: "b".into(),
            destination: "a".into(),
            passengers: 1,
            ..Trip::default()
        }];
        let reach = of(&scenario);
        let asked: Vec<&District> = reach.districts.iter().filter(|district| district.requests > 0).collect();
        assert_eq!((asked.len(), asked[0].served, asked[0].mean_wait_s), (1, 1, Some(100.0)));
        assert_eq!(asked[0].name, scenario.stops[1].name);
        // Nobody calls by phone, so that the app is no group of its own.
        assert!(reach.groups.iter().all(|group| group.kind != GroupKind::App));
        assert!((reach.districts.iter().map(|district| district.people_share).sum::<f64>() - 1.0).abs() < 1e-12);
        // A wait of 100 s, twice 25 s at stops, and a drive of 100 s, 200 s and 1,700 s: 1,850 s from d are more than 30 minutes.
        // There is neither a clinic nor a shop.
        assert_eq!(reach.access.len(), 1);
        assert!((reach.access[0].share - 2.0 / 3.0).abs() < 1e-12, "{:?}", reach.access);
        // Of people of 65 and over, 0.2 + 0.4 of 0.2 + 0.4 + 0.8 live in b and c, of the others 0.8 + 0.6 of 0.8 + 0.6 + 0.2.
        let by_age = [reach.access[0].elderly_share, reach.access[0].younger_share].map(Option::unwrap_or_default);
        assert!((by_age[0] - 3.0 / 7.0).abs() < 1e-12 && (by_age[1] - 7.0 / 8.0).abs() < 1e-12, "{by_age:?}");
    }

    /// The village with shares of people of 65 and over: b tells 0.2, d 0.8, and the town 0.4 for the others.
    fn aged() -> Scenario {
        let mut scenario = Scenario::village();
        (scenario.stops[1].elderly_share, scenario.stops[3].elderly_share) = (Some(0.2), Some(0.8));
        scenario.demand.elderly_share = Some(0.4);
        scenario.demand.generator = None;
        scenario
    }

    fn of(scenario: &Scenario) -> Reach {
        let world = Arc::new(World::new(scenario));
        let log = Simulation::new(Arc::clone(&world)).run();
        reach(&world, &[&log])
    }

    fn group(reach: &Reach, kind: GroupKind) -> &Group {
        reach.groups.iter().find(|group| group.kind == kind).expect("a group")
    }

    fn near(value: f64, expected: f64) -> bool {
        (value - expected).abs() < 1e-12
    }

    #[test]
    fn riders_of_an_age_are_weighed_by_the_share_where_their_homes_are() {
        let mut scenario = aged();
        scenario.stops[3].weight = 2.0;
        let trip = |hour: f64, origin: &str, destination: &str| Trip {
            request_s: hour * 3_600.0,
            origin: origin.into(),
            destination: destination.into(),
            passengers: 1,
            ..Trip::default()
        };
        // The van waits at a, the station: 100 s to b, home on the way out. From a it brings somebody home to d without a wait. From d it
        // takes 100 s to c, and the ride from home to home may be of either's. The last one asks a minute before the end, and is refused.
        scenario.demand.trips =
            vec![trip(9.0, "b", "a"), trip(10.0, "a", "d"), trip(11.0, "c", "d"), trip(17.0 + 59.0 / 60.0, "d", "a")];
        let reach = of(&scenario);
        let [all, elderly, younger] =
            [GroupKind::All, GroupKind::Elderly, GroupKind::Younger].map(|kind| group(&reach, kind));
        assert_eq!((all.requests, all.served, all.within_15_min_share), (4.0, 3.0, 0.75));
        // Chances are 0.2, 0.8, (0.4 + 0.8) / 2 = 0.6 and 0.8, 2.4 in all; of these 1.6 are served, and wait
        // (0.2 x 100 s + 0.6 x 100 s) / 1.6 = 50 s.
        assert!(near(elderly.requests, 2.4) && near(elderly.served, 1.6), "{elderly:?}");
        assert!(
            near(elderly.within_15_min_share, 2.0 / 3.0) && near(elderly.mean_wait_s.unwrap(), 50.0),
            "{elderly:?}"
        );
        // The others are 1.6, of whom 0.8 + 0.2 + 0.4 = 1.4 are served and wait (80 s + 40 s) / 1.4.
        assert!(near(younger.requests, 1.6) && near(younger.mean_wait_s.unwrap(), 120.0 / 1.4), "{younger:?}");
        // Of four people's weights, b and c have 0.2 + 0.4, and d, with two, 1.6.
        assert!(near(reach.elderly_share.unwrap(), 0.55));
        let of_districts: f64 =
            reach.districts.iter().map(|each| each.people_share * each.elderly_share.unwrap_or_default()).sum();
        assert!(near(of_districts, 0.55), "{:?}", reach.districts);
        // The same with the share of everybody at each place is no news, and is left out.
        scenario.stops.iter_mut().for_each(|stop| stop.elderly_share = None);
        let alike = of(&scenario);
        assert_eq!(alike.groups.iter().map(|group| group.kind).collect::<Vec<_>>(), [GroupKind::All]);
        assert!(near(alike.elderly_share.unwrap(), 0.4) && alike.access[0].elderly_share.is_none());
        // Without any share nothing is said of it.
        scenario.demand.elderly_share = None;
        let unknown = of(&scenario);
        assert_eq!(unknown.elderly_share, None);
        assert!(unknown.districts.iter().all(|district| district.elderly_share.is_none()));
    }

    #[test]
    fn the_quarter_of_districts_where_most_are_old_stands_against_the_others() {
        let district = |share: f64, requests: f64, wait_s: f64| Sums {
            elderly: Share { of: share, among: 1.0 },
            asked: Asked { requests, served: requests, soon: requests, wait_s: requests * wait_s, squares: requests },
            ..Sums::default()
        };
        // A quarter of five is two, rounded up. Where nobody lives, no share is known.
        let nobody = Sums { asked: Asked { requests: 9.0, ..Asked::default() }, ..Sums::default() };
        let mut districts = [
            district(0.2, 10.0, 60.0),
            district(0.5, 3.0, 200.0),
            district(0.3, 10.0, 60.0),
            district(0.4, 1.0, 400.0),
            district(0.1, 20.0, 60.0),
            nobody,
        ];
        let [oldest, others] = by_age(districts.iter()).unwrap();
        assert_eq!((oldest.requests, oldest.mean_wait_s()), (4.0, Some(250.0)));
        assert_eq!((others.requests, others.mean_wait_s()), (40.0, Some(60.0)));
        // Who equals the lowest of the oldest is one of them; all alike leave no others.
        districts[2].elderly.of = 0.4;
        assert_eq!(by_age(districts.iter()).unwrap()[0].requests, 14.0);
        districts.iter_mut().for_each(|sums| sums.elderly.of = 0.4);
        assert!(by_age(districts[..5].iter()).is_none());
    }

    #[test]
    fn the_most_forgotten_are_named_if_they_are_more_than_chance() {
        let asked = |requests: f64, share: f64, weight: f64| Asked {
            requests,
            served: requests,
            soon: requests * share,
            wait_s: 0.0,
            squares: requests * weight,
        };
        let town = asked(1_000.0, 0.9, 1.0);
        // Of nine requests the standard error is sqrt(0.9 x 0.1 / 9) = 0.1: six of nine are 0.23 below, seven 0.12.
        let few = |soon: f64| (GroupKind::Children, asked(9.0, soon / 9.0, 1.0));
        assert_eq!(most_forgotten(&town, &[few(7.0)]), None);
        assert_eq!(most_forgotten(&town, &[(GroupKind::All, town), few(6.0)]), Some(GroupKind::Children));
        // Chances of 0.25 make 100 expected requests of 400: sqrt(0.09 x 25) / 100 = 0.015, where 100 of 100 had 0.03.
        let elderly = |share| (GroupKind::Elderly, asked(100.0, share, 0.25));
        assert_eq!(most_forgotten(&town, &[elderly(0.88)]), None);
        assert_eq!(most_forgotten(&town, &[elderly(0.86), few(7.0)]), Some(GroupKind::Elderly));
        assert_eq!(most_forgotten(&Asked::default(), &[]), None);
    }
}
