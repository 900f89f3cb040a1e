//! Everything a run needs, as plain data: one JSON document.
//!
//! Units stand in the field names. Places are given in degrees (WGS 84), objects as `lat` and `lng`, lists of points as
//! `[lng, lat]` pairs like GeoJSON's. A clock time is a string, `"07:30"`. [`read`] is the only way in: it parses, then
//! [`Scenario::problems`] reports *everything* that is wrong, with its path, so that the modules behind need not check
//! again.

/// Makes a plain data type of the scenario: serde, JSON Schema and, for the browser, TypeScript.
macro_rules! data {
    ($($(#[$meta:meta])* pub struct $name:ident { $($body:tt)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
        #[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($body)* }
    )*};
}

/// Makes a closed choice of words, written in snake case.
macro_rules! words {
    ($($(#[$meta:meta])* pub enum $name:ident { $($body:tt)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
        #[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($body)* }
    )*};
}

mod business;
mod check;
mod crew;
mod demand;
mod fleet;
mod growth;
mod site;
pub mod tables;
#[cfg(test)]
mod village;

use serde::{Deserialize, Serialize};

pub use crate::charging::ChargingPolicy;
use crate::json::Unreadable;
pub use crate::matching::MatchingPolicy;
pub use crate::objective::{Objective, RefusalCost};
pub use crate::rebalancing::RebalancingPolicy;
pub use crate::units::Clock;
use crate::units::Time;
pub use business::*;
pub use crew::*;
pub use demand::*;
pub use fleet::*;
pub use site::*;

/// The version of the document that this crate reads and writes.
pub const VERSION: u32 = 1;

data! {
    /// A town, its service, its vans and one day to live through.
    pub struct Scenario {
        /// Version of the document, 1.
        pub version: u32,
        /// Name of the town or case.
        pub name: Text,
        /// One or two sentences on the service.
        pub about: Text,
        /// What is modelled and not surveyed, each a sentence.
        pub assumptions: Vec<Text>,
        /// Where the facts were read.
        pub sources: Vec<String>,
        /// Seed of everything random, below 2^53.
        pub seed: u64,
        /// The day.
        pub day: Day,
        /// Roads.
        pub network: Network,
        /// What the base map draws beside the roads.
        pub drawing: Drawing,
        /// Where riders get on and off.
        pub stops: Vec<Stop>,
        /// Hours and promises.
        pub service: Service,
        /// What a ride costs the rider.
        pub fares: Fares,
        /// Where vans stay overnight and charge.
        pub depots: Vec<Depot>,
        /// Vans.
        pub fleet: Fleet,
        /// The bus that runs to a timetable, to compare with; it runs instead of the vans under the policy `fixed_route`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub fixed_route: Option<FixedRoute>,
        /// What running the service costs; absent: rides are counted, not priced.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub costs: Option<Costs>,
        /// The year's account; absent: with usual prices where `costs` says nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub business: Option<Business>,
        /// Who wants to ride.
        pub demand: Demand,
        /// A larger service to try; absent: none is offered.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub growth: Option<Growth>,
        /// Who decides.
        pub policies: Policies,
    }

    /// The same text in both languages.
    pub struct Text {
        /// Japanese.
        pub ja: String,
        /// English.
        pub en: String,
    }

    /// The day that is lived through.
    pub struct Day {
        /// Date, `YYYY-MM-DD`; gives the day of the week.
        pub date: String,
        /// Mean outdoor temperature in degrees Celsius; it sets heating and cooling.
        pub outdoor_c: f64,
        /// Mean outdoor temperature by month, January first, for a whole year.
        pub outdoor_by_month_c: [f64; 12],
    }

    /// The road network, a directed graph.
    pub struct Network {
        /// Junctions.
        pub nodes: Vec<Node>,
        /// Road sections; each is driven both ways unless `one_way`.
        pub edges: Vec<Edge>,
        /// Driving speed by class, km/h.
        pub speeds_kmh: Speeds,
        /// By how much driving takes longer than on the free road, by clock hour, from 0:00 on: 24 factors from 1 up; absent: never.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub traffic: Option<[f64; 24]>,
    }

    /// A junction.
    pub struct Node {
        /// Latitude in degrees.
        pub lat: f64,
        /// Longitude in degrees.
        pub lng: f64,
    }

    /// A road section between two junctions.
    pub struct Edge {
        /// Index of the first node.
        pub from: u32,
        /// Index of the second node.
        pub to: u32,
        /// Driven length in metres.
        pub length_m: f64,
        /// Kind of road.
        pub class: RoadClass,
        /// Driving time in seconds, where it is known better than by length and class speed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub time_s: Option<f64>,
        /// Only from `from` to `to`.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub one_way: bool,
        /// Points between the two nodes, `[lng, lat]`, from `from` to `to`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub shape: Vec<[f64; 2]>,
    }

    /// Driving speed by class of road, in km/h.
    pub struct Speeds {
        /// Expressways.
        pub motorway: f64,
        /// National roads.
        pub trunk: f64,
        /// Prefectural roads.
        pub primary: f64,
        /// Town roads with a centre line.
        pub secondary: f64,
        /// Streets.
        pub residential: f64,
        /// Lanes and yards.
        pub service: f64,
    }

    /// What the base map draws beside the roads, and where it looks first.
    pub struct Drawing {
        /// First view: west, south, east, north in degrees.
        pub view: [f64; 4],
        /// Areas, lines and labels.
        pub features: Vec<Feature>,
    }

    /// One thing drawn on the base map.
    pub struct Feature {
        /// What it is; areas are closed by themselves.
        pub kind: FeatureKind,
        /// Label.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub name: Option<Text>,
        /// Points, `[lng, lat]`; one point for a label.
        pub points: Vec<[f64; 2]>,
    }

    /// A place where riders get on and off.
    pub struct Stop {
        /// Short unique id, as used in trip files.
        pub id: String,
        /// Name.
        pub name: Text,
        /// Index of the road node it lies at.
        pub node: u32,
        /// Id of its fare zone.
        pub zone: String,
        /// What is there; decides at which hours people come and go.
        pub category: Category,
        /// How much demand it draws beside other stops of its category, 1 for an ordinary one.
        pub weight: f64,
        /// A meeting point without a sign or a shelter.
        pub is_virtual: bool,
        /// Share of people of 65 and over among those who live around it, between 0 and 1; absent: `demand.elderly_share`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub elderly_share: Option<f64>,
    }

    /// Hours and promises of the service.
    pub struct Service {
        /// Hours of service; a day of the week that no entry names has none.
        pub hours: Vec<Hours>,
        /// Latest pick-up after the time asked for, in seconds.
        pub max_wait_s: u32,
        /// Latest drop-off: time asked for + `max_wait_s` + this factor x the direct driving time.
        pub detour_factor: f64,
        /// Limit on the time aboard; none if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub ride_limit: Option<RideLimit>,
        /// Width in seconds of the pick-up window promised when a ride is accepted, which begins with the minute of the
        /// planned pick-up; absent: the promise is the latest pick-up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub promise_window_s: Option<u32>,
        /// Time a van stands to let riders on or off.
        pub dwell: Dwell,
        /// How long a van that is at a stop waits for a rider who is not there, from the planned pick-up on, in seconds; absent: 120.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub wait_for_rider_s: Option<u32>,
        /// Who takes bookings by phone; absent: they are known at once, as those in the app.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub phone: Option<Phone>,
        /// Who watches over vans without a driver; absent: as many as are needed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub supervision: Option<Supervision>,
    }

    /// Hours of service on some days of the week.
    pub struct Hours {
        /// Days of the week.
        pub days: Vec<Weekday>,
        /// First pick-up.
        pub opens: Clock,
        /// Last drop-off, and the vans' return to their depots.
        pub closes: Clock,
    }

    /// The time aboard is at most `factor` x direct driving time + `slack_s`.
    pub struct RideLimit {
        /// Multiple of the direct driving time, at least 1.
        pub factor: f64,
        /// Seconds on top.
        pub slack_s: u32,
    }

    /// Time a van stands at a stop for one request, the same for getting on and off.
    #[derive(Default)]
    pub struct Dwell {
        /// Seconds for each request.
        pub per_request_s: u32,
        /// Seconds for each passenger of it.
        pub per_passenger_s: u32,
        /// Seconds for each wheelchair of it.
        pub per_wheelchair_s: u32,
        /// Seconds for each child of it; absent: as for a passenger.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub per_child_s: Option<u32>,
        /// Seconds for each parcel of it; absent: none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub per_parcel_s: Option<u32>,
    }

    /// Fares by zone: a ride costs the higher fare of the zones it begins and ends in.
    pub struct Fares {
        /// Zones.
        pub zones: Vec<Zone>,
        /// Surcharge in the evening.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub night: Option<NightSurcharge>,
        /// Share of passengers who ride free (young children), between 0 and 1.
        pub free_share: f64,
    }

    /// A fare zone.
    pub struct Zone {
        /// Unique id.
        pub id: String,
        /// Name.
        pub name: Text,
        /// Fare of an adult in yen.
        pub adult_yen: f64,
    }

    /// Surcharge for rides that begin late.
    pub struct NightSurcharge {
        /// For pick-ups from this time on.
        pub from: Clock,
        /// Yen for each paying passenger.
        pub surcharge_yen: f64,
    }

    /// Where vans stay overnight and charge.
    pub struct Depot {
        /// Unique id.
        pub id: String,
        /// Name.
        pub name: Text,
        /// Index of the road node it lies at.
        pub node: u32,
        /// Chargers.
        pub chargers: Vec<Charger>,
        /// What else is behind the same meter, and the contract; absent: energy is counted, not priced.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub site: Option<Site>,
    }

    /// Lines of buses and the buses that drive them; names and meaning follow GTFS where it has them. A trip is driven by a
    /// bus that can be at its first stop in time: the one with the shortest way there, then the one that waits longest.
    pub struct FixedRoute {
        /// Lines (GTFS: a route in one direction).
        pub lines: Vec<Line>,
        /// Buses; each may drive trips of every line.
        pub vehicles: Vec<Vehicle>,
        /// Fare of an adult for any ride in yen; the share of passengers who ride free is that of `fares`.
        pub adult_yen: f64,
    }

    /// A line: its stops in order, and when buses set out.
    pub struct Line {
        /// Short unique id.
        pub id: String,
        /// Name.
        pub name: Text,
        /// Two or more stops; a loop names its first stop again at the end. Riders may get on at all but the last, and off at
        /// all but the first.
        pub stops: Vec<LineStop>,
        /// When buses leave the first stop.
        pub departures: Vec<Departures>,
    }

    /// A line's call at a stop.
    pub struct LineStop {
        /// Id of the stop.
        pub stop: String,
        /// When buses leave here, in seconds after they left the first stop, which has 0; at the last, when they arrive. Each
        /// call is later than the one before by the drive at least; riders who board may make a bus late.
        pub departure_s: u32,
    }

    /// When buses leave the first stop on some days of the week.
    pub struct Departures {
        /// Days of the week.
        pub days: Vec<Weekday>,
        /// Clock times, each later than the one before.
        pub times: Vec<Clock>,
    }

    /// What running the service costs beside what its riders pay.
    pub struct Costs {
        /// An hour of a driver on duty, the employer's share of insurance included, yen.
        pub driver_yen_per_h: f64,
        /// An hour of a supervisor of vans without a driver, yen; absent: nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub supervisor_yen_per_h: Option<f64>,
        /// Electricity at depots without a contract, yen per kWh; elsewhere the contract's price of each half hour counts.
        pub electricity_yen_per_kwh: f64,
        /// Of the vans.
        pub on_demand: RunningCosts,
        /// Of the buses of the fixed route.
        pub fixed_route: RunningCosts,
    }

    /// Costs of a kind of service that depend on its vehicles and on itself.
    pub struct RunningCosts {
        /// A vehicle of the fleet, driven or not: purchase, insurance, taxes, inspection; yen a day.
        pub vehicle_yen_per_day: f64,
        /// Tyres and repairs, yen per km.
        pub vehicle_yen_per_km: f64,
        /// Fuel of vehicles without a battery, yen per km.
        pub fuel_yen_per_km: f64,
        /// Taking bookings, dispatch, management; yen a day for the whole service.
        pub overhead_yen_per_day: f64,
    }

    /// The service as it may grow, to be tried: nothing happens by itself.
    pub struct Growth {
        /// Vans; beyond those of the fleet, copies of them in turn.
        pub vans: u32,
        /// `demand.factor`.
        pub factor: f64,
        /// `service.supervision.supervisors`; absent: as they are.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub supervisors: Option<u32>,
    }

    /// Who decides.
    pub struct Policies {
        /// Which van takes which rider.
        pub matching: MatchingPolicy,
        /// Where idle vans wait.
        pub rebalancing: RebalancingPolicy,
        /// When vans charge.
        pub charging: ChargingPolicy,
    }
}

words! {
    /// Kind of road, after OpenStreetMap's `highway`.
    pub enum RoadClass {
        /// Expressway.
        Motorway,
        /// National road.
        Trunk,
        /// Prefectural road.
        Primary,
        /// Town road with a centre line.
        Secondary,
        /// Street.
        Residential,
        /// Lane or yard.
        Service,
    }

    /// What a drawn feature is.
    pub enum FeatureKind {
        /// Sea (area).
        Sea,
        /// River (line).
        River,
        /// Lake or reservoir (area).
        Lake,
        /// Wood (area).
        Wood,
        /// Built-up area (area).
        Town,
        /// Park, square or site (area).
        Site,
        /// Railway (line).
        Rail,
        /// Name of a place (one point).
        Label,
    }

    /// What is at a stop.
    pub enum Category {
        /// Homes.
        Home,
        /// Railway station.
        Station,
        /// Shops.
        Shop,
        /// Clinic or hospital.
        Clinic,
        /// Town hall and other offices of the public.
        Office,
        /// School.
        School,
        /// Factory, port or other workplace.
        Work,
        /// Sights, baths, restaurants, the roadside station.
        Leisure,
    }

    /// Day of the week.
    pub enum Weekday {
        /// Monday.
        Mon,
        /// Tuesday.
        Tue,
        /// Wednesday.
        Wed,
        /// Thursday.
        Thu,
        /// Friday.
        Fri,
        /// Saturday.
        Sat,
        /// Sunday.
        Sun,
    }
}

data! {
    /// Something wrong with a scenario, where, and what to do.
    pub struct Problem {
        /// Path into the document, as in `fleet.vehicles[2].seats`; empty for the document as a whole.
        pub path: String,
        /// What is wrong and what would be right.
        pub message: Text,
    }
}

impl Text {
    /// The same text in both languages.
    pub fn new(ja: impl Into<String>, en: impl Into<String>) -> Text {
        Text { ja: ja.into(), en: en.into() }
    }
}

impl Speeds {
    /// Speed on roads of a class, km/h.
    pub fn of(&self, class: RoadClass) -> f64 {
        match class {
            RoadClass::Motorway => self.motorway,
            RoadClass::Trunk => self.trunk,
            RoadClass::Primary => self.primary,
            RoadClass::Secondary => self.secondary,
            RoadClass::Residential => self.residential,
            RoadClass::Service => self.service,
        }
    }
}

impl Service {
    /// How long a van waits for a rider who is not at the stop.
    pub fn patience(&self) -> Time {
        Time(self.wait_for_rider_s.unwrap_or(120) as i32 * 1_000)
    }
}

impl Scenario {
    /// The scenario's date; `None` if that is not one.
    pub fn date(&self) -> Option<time::Date> {
        parse_date(&self.day.date)
    }

    /// Day of the week of the scenario's date; `None` if that is not a date.
    pub fn weekday(&self) -> Option<Weekday> {
        self.date().map(crate::site::weekday)
    }

    /// Whether the buses of the fixed route run, and not the vans.
    pub fn runs_buses(&self) -> bool {
        self.fixed_route.is_some() && matches!(self.policies.matching, MatchingPolicy::FixedRoute { .. })
    }

    /// The vehicles that run, as [`crate::units::VehicleId`] counts them: the vans, or under `fixed_route` the buses.
    pub fn vehicles(&self) -> &[Vehicle] {
        match (&self.policies.matching, &self.fixed_route) {
            (MatchingPolicy::FixedRoute { .. }, Some(bus)) => &bus.vehicles,
            _ => &self.fleet.vehicles,
        }
    }

    /// The same, to change.
    pub fn vehicles_mut(&mut self) -> &mut [Vehicle] {
        match (&self.policies.matching, &mut self.fixed_route) {
            (MatchingPolicy::FixedRoute { .. }, Some(bus)) => &mut bus.vehicles,
            _ => &mut self.fleet.vehicles,
        }
    }

    /// Opening and closing of the service on the scenario's day, if it runs at all.
    pub fn hours(&self) -> Option<(Time, Time)> {
        let weekday = self.weekday()?;
        let hours = self.service.hours.iter().find(|hours| hours.days.contains(&weekday))?;
        Some((hours.opens.0, hours.closes.0))
    }
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// A date written `YYYY-MM-DD`.
pub fn parse_date(text: &str) -> Option<time::Date> {
    let digits = |part: std::ops::Range<usize>| -> Option<u16> {
        let part = text.get(part).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))?;
        part.parse().ok()
    };
    let separated = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    let month = time::Month::try_from(month as u8).ok().filter(|_| separated)?;
    time::Date::from_calendar_date(year.into(), month, day as u8).ok()
}

data! {
    /// A contract that can be chosen by its name.
    pub struct Preset {
        /// Short name.
        pub id: String,
        /// The contract.
        pub tariff: Tariff,
    }
}

/// Contracts to choose from, each with its date and source, by name.
pub fn tariffs() -> Vec<Preset> {
    let all: std::collections::BTreeMap<String, Tariff> =
        crate::json::read(include_str!("scenario/tariffs.json")).expect("the built-in contracts are JSON");
    all.into_iter().map(|(id, tariff)| Preset { id, tariff }).collect()
}

/// The built-in towns, by name. A browser fetches the same files instead.
#[cfg(not(target_arch = "wasm32"))]
pub const TOWNS: &[(&str, &str)] = &[
    ("namie", include_str!("scenario/towns/namie.json")),
    ("shiojiri", include_str!("scenario/towns/shiojiri.json")),
    ("minato_mirai", include_str!("scenario/towns/minato_mirai.json")),
];

/// Reads a scenario and checks it. The error lists everything that is wrong; where the text is not JSON of this shape at
/// all, that is one problem with its path, line and column.
pub fn read(json: &str) -> Result<Scenario, Vec<Problem>> {
    let scenario = parse(json).map_err(|problem| vec![problem])?;
    let problems = scenario.problems();
    if problems.is_empty() { Ok(scenario) } else { Err(problems) }
}

fn parse(json: &str) -> Result<Scenario, Problem> {
    crate::json::read(json).map_err(|Unreadable { path, reason }| {
        let message =
            Text::new(format!("シナリオとして読めません: {reason}"), format!("not readable as a scenario: {reason}"));
        Problem { path, message }
    })
}
