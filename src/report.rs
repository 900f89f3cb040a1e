//! Log in, numbers out. Every figure is computed from the log and nothing else that the run knew; [`figures`] gives each its
//! unit and definition.

mod costs;
mod disturbances;
pub mod energy;
mod figures;
mod quantities;
pub mod resilience;
mod service;

use serde::{Deserialize, Serialize};

pub use energy::SiteReport;
#[cfg(test)]
pub(crate) use figures::DISTURBANCES;
pub use figures::{figures, site_figures};
pub use quantities::{DayMeter, DayQuantities, ZoneRiders};

use crate::crew;
use crate::log::{Event, Limit, Log, Unit};
use crate::scenario::{Channel, Text};
use crate::units::{Time, VehicleId};
use crate::world::World;

/// The figures of one run. A mean of nothing is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Report {
    /// Requests received.
    pub requests: u32,
    /// Requests whose party was brought to its destination.
    pub served: u32,
    /// Requests refused.
    pub refused: u32,
    /// `served / requests`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub served_share: Option<f64>,
    /// Refused requests by the limit that the nearest miss broke, in the order of [`Limit`].
    pub refused_by: Vec<RefusedBy>,
    /// People in the parties served.
    pub passengers: u32,
    /// Parcels brought to their destination.
    pub parcels: u32,
    /// Share of requests by phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub phone_share: Option<f64>,
    /// From the call to its end, those who waited for an operator included, mean of the requests by phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mean_phone_s: Option<f64>,
    /// Waiting, mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mean_wait_s: Option<f64>,
    /// Waiting, median.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub median_wait_s: Option<f64>,
    /// Waiting, 95th percentile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub p95_wait_s: Option<f64>,
    /// Requests of riders, those for parcels alone left out.
    pub rider_requests: u32,
    /// How many of them were served and picked up within 0, 1, 2, … minutes of the earliest moment they wanted; the last entry is
    /// all of them.
    pub picked_up_within: Vec<u32>,
    /// Share of the riders' requests that were picked up within 15 minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub within_15_min_share: Option<f64>,
    /// Walking to and from the bus, mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mean_walk_s: Option<f64>,
    /// From the time asked for to the destination, mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mean_journey_s: Option<f64>,
    /// Drop-off after the earliest possible one, mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mean_delay_s: Option<f64>,
    /// Time aboard, mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mean_ride_s: Option<f64>,
    /// Direct driving time of the rides served, mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mean_direct_s: Option<f64>,
    /// Time aboard against direct driving time, over all rides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub ride_factor: Option<f64>,
    /// Share of rides with another party aboard for some of the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub shared_share: Option<f64>,
    /// Passenger kilometres for each vehicle kilometre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mean_occupancy: Option<f64>,
    /// Kilometres driven by all vans.
    pub vehicle_km: f64,
    /// Those without riders.
    pub empty_km: f64,
    /// `empty_km / vehicle_km`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub empty_share: Option<f64>,
    /// Hours on duty of all vans.
    pub driver_hours: f64,
    /// Hours of them in which the vans drive.
    pub driving_hours: f64,
    /// Hours of them that are drivers' breaks.
    pub break_hours: f64,
    /// Hours of the supervisors of vans without a driver.
    pub supervisor_hours: f64,
    /// `served / driver_hours`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub rides_per_driver_hour: Option<f64>,
    /// Cost of a decision about all vans at once minus its proven bound, in driving time, mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub batch_gap_s: Option<f64>,
    /// Share of these decisions that are proven optimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub batches_proven: Option<f64>,
    /// Parties who were promised a ride and did not come; this and the next six where anything can go wrong only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub no_shows: Option<u32>,
    /// Time that vans waited at stops for riders who were not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub waited_s: Option<f64>,
    /// Vans that came to a party later than promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub late_pickups: Option<u32>,
    /// By how much, mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mean_late_s: Option<f64>,
    /// Parties that were dropped off later, or were aboard for longer, than their limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub late_rides: Option<u32>,
    /// Breakdowns of vans.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub breakdowns: Option<u32>,
    /// Parties aboard then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub stranded: Option<u32>,
    /// How often vans without a driver asked for help, where they may get stuck.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub stuck: Option<u32>,
    /// Time until a supervisor attended to them, mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub mean_help_s: Option<f64>,
    /// Energy taken out of the batteries; absent, as what follows, if no van has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub energy_used_kwh: Option<f64>,
    /// Energy put into the vans' batteries at chargers, less what they gave back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub energy_charged_kwh: Option<f64>,
    /// Energy taken from the site for it, less what was given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub energy_drawn_kwh: Option<f64>,
    /// Lowest state of charge of any van.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub lowest_soc: Option<f64>,
    /// Fares of the rides served.
    pub fares_yen: f64,
    /// Cost of running the service, if the scenario has prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub operating_yen: Option<f64>,
    /// `operating_yen / served`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub yen_per_ride: Option<f64>,
    /// What the fares do not pay of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub subsidy_yen_per_ride: Option<f64>,
    /// Where a matching policy of one's own was given up, if it was: from then on `insertion` decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub fault: Option<FaultReport>,
    /// Hash of the log, 16 hexadecimal digits: equal logs, equal hashes.
    pub log_hash: String,
    /// Each van by itself.
    pub vehicles: Vec<VehicleReport>,
    /// The account of each site with a contract.
    pub sites: Vec<SiteReport>,
    /// What the year's account takes of this day.
    pub quantities: DayQuantities,
    /// Figures over the day.
    pub series: Series,
    /// The same day under other charging policies, if it was lived through under them too.
    pub compared: Vec<Compared>,
    /// What the sites cost less than under `immediate`, yen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub saving_yen: Option<f64>,
    /// What giving energy back is worth: what the sites cost less than under the same policy without it, yen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub two_way_yen: Option<f64>,
    /// What the sites cost more than if the day's rides had been known, yen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub foresight_gap_yen: Option<f64>,
    /// Rides that the policy costs against `immediate`; negative: it serves more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub rides_cost: Option<i32>,
}

/// Where and why a matching policy of one's own was given up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FaultReport {
    /// When, seconds from midnight.
    pub time_s: f64,
    /// What was wrong.
    pub message: Text,
    /// In which line of the policy, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub line: Option<u32>,
}

/// The same day under another charging policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Compared {
    /// Which.
    pub against: Against,
    /// Requests served.
    pub served: u32,
    /// Requests refused for lack of charge.
    pub refused_for_charge: u32,
    /// Cost of all sites, yen.
    pub total_yen: f64,
    /// Highest half-hour mean of all sites, kW.
    pub peak_kw: f64,
    /// Energy bought by all sites, kWh.
    pub bought_kwh: f64,
    /// Its carbon dioxide, kg.
    pub co2_kg: f64,
    /// What the first schedule of the day was to cost, if the policy makes schedules, yen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub planned_yen: Option<f64>,
    /// What the same parts came to, yen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub realised_yen: Option<f64>,
}

/// What a day is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// Charging at once, at full power.
    Immediate,
    /// The same policy without giving energy back.
    OneWay,
    /// The same policy, had it known the day's rides.
    Foresight,
    /// The cheapest schedule, with energy given back.
    Optimal,
}

impl Report {
    /// The figures that a comparison shows.
    pub fn compared(&self, against: Against) -> Compared {
        let sum = |value: fn(&SiteReport) -> f64| self.sites.iter().map(value).sum::<f64>();
        let plans = || self.sites.iter().filter_map(|site| site.plans.as_ref());
        let planned = plans().next().is_some();
        Compared {
            against,
            served: self.served,
            refused_for_charge: self.refused_for_charge(),
            total_yen: sum(|site| site.total_yen),
            peak_kw: self.sites.iter().fold(0.0, |most, site| most.max(site.peak_kw)),
            bought_kwh: sum(|site| site.bought_kwh),
            co2_kg: sum(|site| site.co2_kg),
            planned_yen: planned.then(|| plans().map(|plans| plans.planned_yen).sum()),
            realised_yen: planned.then(|| plans().map(|plans| plans.realised_yen).sum()),
        }
    }

    /// Takes in the same day under other charging policies.
    pub fn compare(&mut self, others: Vec<Compared>) {
        let total_yen: f64 = self.sites.iter().map(|site| site.total_yen).sum();
        let of = |against: Against| others.iter().find(|other| other.against == against);
        self.saving_yen = of(Against::Immediate).map(|other| other.total_yen - total_yen);
        self.two_way_yen = of(Against::OneWay).map(|other| other.total_yen - total_yen);
        self.foresight_gap_yen = of(Against::Foresight).map(|other| total_yen - other.total_yen);
        self.rides_cost = of(Against::Immediate).map(|other| other.served as i32 - self.served as i32);
        self.compared = others;
    }

    /// Requests refused for lack of charge.
    pub fn refused_for_charge(&self) -> u32 {
        self.refused_by.iter().find(|by| by.limit == Limit::Charge).map_or(0, |by| by.count)
    }
}

/// Refusals for one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct RefusedBy {
    /// The limit that the nearest miss broke.
    pub limit: Limit,
    /// How many requests.
    pub count: u32,
}

/// The figures of one van.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct VehicleReport {
    /// Its id in the scenario.
    pub id: String,
    /// Requests served.
    pub served: u32,
    /// Kilometres driven.
    pub km: f64,
    /// Those without riders.
    pub empty_km: f64,
    /// Hours on duty.
    pub driver_hours: f64,
    /// Hours of them in which it drives.
    pub driving_hours: f64,
    /// Hours of them that are drivers' breaks.
    pub break_hours: f64,
    /// Energy taken out of the battery, kWh.
    pub energy_used_kwh: f64,
    /// Energy put into the battery at chargers, less what it gave back, kWh.
    pub energy_charged_kwh: f64,
    /// Energy taken from the site for it, less what was given back, kWh.
    pub energy_drawn_kwh: f64,
    /// Lowest state of charge; absent without a battery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub lowest_soc: Option<f64>,
    /// State of charge at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub final_soc: Option<f64>,
}

/// Figures over the day, one number for each step of time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Series {
    /// Begin of the first step, seconds from midnight.
    pub from_s: f64,
    /// Length of a step in seconds.
    pub step_s: f64,
    /// Requests by the pick-up time asked for.
    pub requests: Vec<u32>,
    /// Those of them that were served.
    pub served: Vec<u32>,
    /// Mean number of vans with riders aboard or on the way to them.
    pub busy_vans: Vec<f64>,
    /// Mean power that vans and cars take at chargers, kW; negative: give.
    pub power_kw: Vec<f64>,
}

/// What a figure means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Figure {
    /// Its field in [`Report`].
    pub key: String,
    /// Its unit: `s`, `km`, `h`, `kWh`, `yen`, `share` (between 0 and 1), or nothing for a count or a ratio.
    pub unit: String,
    /// Its name.
    pub name: Text,
    /// How it is computed.
    pub definition: Text,
}

/// The drive of a van along one road section, as the log tells it.
struct Leg {
    vehicle: VehicleId,
    load: u32,
    length_m: f64,
}

/// Computes all figures from a log of this world. O(rows log rows).
pub fn report(world: &World, log: &Log) -> Report {
    let legs = legs(world, log);
    let service = service::service(world, log);
    let picked_up_within = cumulated(&service.pickups_min);
    let wrong = disturbances::disturbances(world, log);
    let wrong = wrong.as_ref();
    let mut vehicles: Vec<VehicleReport> = world
        .scenario
        .vehicles()
        .iter()
        .map(|vehicle| VehicleReport { id: vehicle.id.clone(), ..VehicleReport::default() })
        .collect();
    let mut passenger_m = 0.0;
    for leg in &legs {
        let km = leg.length_m / 1e3;
        let van = &mut vehicles[leg.vehicle.index()];
        van.km += km;
        if leg.load == 0 {
            van.empty_km += km;
        }
        passenger_m += leg.length_m * f64::from(leg.load);
    }
    service::duty(world, log, &mut vehicles);
    let supervisor_hours = crew::supervisor_hours(&world.vans, world.scenario.service.supervision.as_ref());
    energy::vans(world, log, &mut vehicles);

    let sum = |figure: fn(&VehicleReport) -> f64| vehicles.iter().map(figure).sum::<f64>();
    let vehicle_km = sum(|van| van.km);
    let empty_km = sum(|van| van.empty_km);
    let driver_hours = sum(|van| van.driver_hours);
    let served = service.served_requests.iter().filter(|&&served| served).count() as u32;
    let rides = service.waits_s.len() as f64;
    let operating_yen = costs::operating_yen(world, log, &vehicles, supervisor_hours);
    let for_a_ride = |yen: f64| ratio(yen, f64::from(served));
    let calls = log.requests.iter().filter(|request| request.channel == Channel::Phone);
    let calls_s: Vec<f64> = calls.map(|request| (request.known - request.called).s()).collect();
    let gaps_s: Vec<f64> = log.batches.iter().map(|row| row.value_s - row.bound_s).collect();
    let proven = gaps_s.iter().filter(|&&gap_s| gap_s <= 0.01).count() as f64;
    let sites = energy::sites(world, log);
    let quantities = DayQuantities {
        requests: log.requests.len() as u32,
        served,
        parcels: service.parcels,
        supervisor_h: supervisor_hours,
        riders: service.riders,
        passenger_km: passenger_m / 1e3,
        ..quantities::quantities(world, log, &vehicles, &sites)
    };
    let lowest_soc = vehicles.iter().filter_map(|van| van.lowest_soc).min_by(f64::total_cmp);
    Report {
        requests: log.requests.len() as u32,
        served,
        refused: service.refused_by.iter().map(|by| by.count).sum(),
        served_share: ratio(f64::from(served), log.requests.len() as f64),
        refused_by: service.refused_by,
        passengers: service.passengers,
        parcels: service.parcels,
        phone_share: ratio(calls_s.len() as f64, log.requests.len() as f64),
        mean_phone_s: mean(&calls_s),
        mean_wait_s: mean(&service.waits_s),
        median_wait_s: quantile(&service.waits_s, 0.5),
        p95_wait_s: quantile(&service.waits_s, 0.95),
        rider_requests: service.rider_requests,
        within_15_min_share: ratio(f64::from(at_most(&picked_up_within, 15)), f64::from(service.rider_requests)),
        picked_up_within,
        mean_walk_s: mean(&service.walks_s),
        mean_journey_s: mean(&service.journeys_s),
        mean_delay_s: mean(&service.delays_s),
        mean_ride_s: mean(&service.rides_s),
        mean_direct_s: mean(&service.directs_s),
        ride_factor: ratio(service.rides_s.iter().sum(), service.directs_s.iter().sum()),
        shared_share: ratio(f64::from(service.shared), rides),
        mean_occupancy: ratio(passenger_m / 1e3, vehicle_km),
        vehicle_km,
        empty_km,
        empty_share: ratio(empty_km, vehicle_km),
        driver_hours,
        driving_hours: sum(|van| van.driving_hours),
        break_hours: sum(|van| van.break_hours),
        supervisor_hours,
        rides_per_driver_hour: ratio(f64::from(served), driver_hours),
        batch_gap_s: mean(&gaps_s),
        batches_proven: ratio(proven, gaps_s.len() as f64),
        no_shows: wrong.map(|wrong| wrong.no_shows),
        waited_s: wrong.map(|wrong| wrong.waited_s),
        late_pickups: wrong.map(|wrong| wrong.late_pickups),
        mean_late_s: wrong.and_then(|wrong| wrong.mean_late_s),
        late_rides: wrong.map(|wrong| wrong.late_rides),
        breakdowns: wrong.map(|wrong| wrong.breakdowns),
        stranded: wrong.map(|wrong| wrong.stranded),
        stuck: wrong.and_then(|wrong| wrong.stuck),
        mean_help_s: wrong.and_then(|wrong| wrong.mean_help_s),
        energy_used_kwh: lowest_soc.map(|_| sum(|van| van.energy_used_kwh)),
        energy_charged_kwh: lowest_soc.map(|_| sum(|van| van.energy_charged_kwh)),
        energy_drawn_kwh: lowest_soc.map(|_| sum(|van| van.energy_drawn_kwh)),
        lowest_soc,
        fares_yen: service.fares_yen,
        operating_yen,
        yen_per_ride: operating_yen.and_then(for_a_ride),
        subsidy_yen_per_ride: operating_yen.and_then(|yen| for_a_ride(yen - service.fares_yen)),
        fault: log.fault.as_ref().map(|fault| FaultReport {
            time_s: fault.time.s(),
            message: fault.message.clone(),
            line: fault.line,
        }),
        log_hash: format!("{:016x}", log.hash()),
        sites,
        quantities,
        series: series(log, &service.served_requests),
        compared: Vec::new(),
        saving_yen: None,
        two_way_yen: None,
        foresight_gap_yen: None,
        rides_cost: None,
        vehicles,
    }
}

/// Of values how many are at most 0, 1, 2, … up to the largest.
fn cumulated(values: &[usize]) -> Vec<u32> {
    let mut counts = vec![0; values.iter().max().map_or(0, |most| most + 1)];
    for &value in values {
        counts[value] += 1;
    }
    let mut sum = 0;
    counts.iter_mut().for_each(|count| {
        sum += *count;
        *count = sum;
    });
    counts
}

/// The entry at an index of such a list.
pub(crate) fn at_most(cumulated: &[u32], value: usize) -> u32 {
    cumulated.get(value).or(cumulated.last()).copied().unwrap_or(0)
}

/// The road sections driven, in the order of the log.
fn legs(world: &World, log: &Log) -> Vec<Leg> {
    let mut last = vec![None; world.vans.len()];
    let mut legs = Vec::new();
    for row in log.van_rows() {
        let Some(vehicle) = row.vehicle else { continue };
        let before = last[vehicle.index()].replace((row.node, row.load));
        if let (Event::Pass | Event::Arrive, Some((node, load))) = (row.event, before) {
            let length_m = world.roads.arc(node, row.node).map_or(0.0, |arc| arc.length_m);
            legs.push(Leg { vehicle, load, length_m });
        }
    }
    legs
}

/// Figures in steps of a quarter of an hour, from the first full hour of the log to its last.
fn series(log: &Log, served: &[bool]) -> Series {
    const STEP: Time = Time(15 * Time::MINUTE.0);
    let flows = || log.flows.iter().map(|flow| flow.time);
    let events = || log.rows.iter().filter(|row| row.event != Event::Request).map(|row| row.time).chain(flows());
    let asked = || log.requests.iter().map(|request| request.earliest);
    let (Some(first), Some(last)) = (events().chain(asked()).min(), events().chain(asked()).max()) else {
        return Series { step_s: STEP.s(), ..Series::default() };
    };
    let from = Time(first.0.div_euclid(Time::HOUR.0) * Time::HOUR.0);
    let steps = ((last - from).0 / STEP.0 + 1) as usize;
    let mut series = Series {
        from_s: from.s(),
        step_s: STEP.s(),
        requests: vec![0; steps],
        served: vec![0; steps],
        busy_vans: vec![0.0; steps],
        power_kw: vec![0.0; steps],
    };
    for (request, &served) in log.requests.iter().zip(served) {
        let step = ((request.earliest - from).0 / STEP.0) as usize;
        series.requests[step] += 1;
        series.served[step] += u32::from(served);
    }
    let spread = |values: &mut Vec<f64>, begin: Time, end: Time, value: f64| {
        let steps = (begin - from).0 / STEP.0..=((end - from).0 / STEP.0).min(values.len() as i32 - 1);
        for step in steps {
            let (step_begin, step_end) = (from + Time(step * STEP.0), from + Time((step + 1) * STEP.0));
            let overlap = end.min(step_end) - begin.max(step_begin);
            values[step as usize] += value * f64::from(overlap.0) / f64::from(STEP.0);
        }
    };
    for (begin, end) in service::busy(log) {
        spread(&mut series.busy_vans, begin, end, 1.0);
    }
    for (flow, hours) in energy::spans(log).into_iter().filter(|(flow, _)| flow.unit != Unit::Stationary) {
        spread(&mut series.power_kw, flow.time, flow.time + Time::from_s(hours * 3_600.0), flow.site_kw);
    }
    series
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

fn mean(values: &[f64]) -> Option<f64> {
    ratio(values.iter().sum(), values.len() as f64)
}

/// The smallest value that at least a share `q` of the values do not exceed (nearest rank).
fn quantile(values: &[f64], q: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (q * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::scenario::{Costs, RunningCosts, Scenario, Trip};
    use crate::sim::Simulation;

    fn trip(origin: &str, destination: &str, passengers: u32) -> Trip {
        Trip {
            request_s: 9.0 * 3_600.0,
            origin: origin.into(),
            destination: destination.into(),
            passengers,
            ..Trip::default()
        }
    }

    fn day(scenario: &Scenario) -> Report {
        assert_eq!(scenario.problems(), Vec::new());
        let world = Arc::new(World::new(scenario));
        let log = Simulation::new(Arc::clone(&world)).run();
        report(&world, &log)
    }

    /// Four stops a, b, c, d in a row, 1 km or 100 s apart, and a van at a. At 9:00 two ask for a ride from b to d, one from c
    /// to d. Boarding and alighting take 20 s and 5 s for each passenger: 30 s and 25 s.
    fn two_parties() -> Report {
        let mut scenario = Scenario::village();
        scenario.demand.generator = None;
        scenario.demand.trips = vec![trip("b", "d", 2), trip("c", "d", 1)];
        let running = RunningCosts {
            vehicle_yen_per_day: 3_000.0,
            vehicle_yen_per_km: 10.0,
            fuel_yen_per_km: 1e6,
            overhead_yen_per_day: 5_000.0,
        };
        scenario.costs = Some(Costs {
            driver_yen_per_h: 2_000.0,
            supervisor_yen_per_h: None,
            electricity_yen_per_kwh: 30.0,
            on_demand: running.clone(),
            fixed_route: RunningCosts { overhead_yen_per_day: 1e6, ..running },
        });
        day(&scenario)
    }

    fn close(ours: impl Into<Option<f64>>, expected: f64) -> bool {
        ours.into().is_some_and(|ours| (ours - expected).abs() < 1e-9)
    }

    #[test]
    fn figures_of_riders_are_as_by_hand() {
        let report = two_parties();
        assert_eq!((report.requests, report.served, report.refused, report.passengers), (2, 2, 0, 3));
        // At b after 100 s; boarded at 130 s; at c at 230 s; boarded at 255 s; at d at 355 s, where the second party gets off
        // first, the other one at 380 s.
        assert!(close(report.mean_wait_s, (100.0 + 230.0) / 2.0), "{:?}", report.mean_wait_s);
        assert_eq!((report.median_wait_s, report.p95_wait_s), (Some(100.0), Some(230.0)));
        // Aboard from 130 s to 380 s and from 255 s to 355 s, against 200 s and 100 s direct.
        assert!(close(report.mean_ride_s, (250.0 + 100.0) / 2.0), "{:?}", report.mean_ride_s);
        assert!(close(report.ride_factor, 350.0 / 300.0), "{:?}", report.ride_factor);
        // Without any waiting they would get off at 30 + 200 s and 25 + 100 s.
        assert!(close(report.mean_delay_s, (150.0 + 230.0) / 2.0), "{:?}", report.mean_delay_s);
        assert_eq!(report.shared_share, Some(1.0));
        assert_eq!(report.fares_yen, 900.0);
        // 100 s are within two minutes, 230 s within four.
        assert_eq!((report.rider_requests, &report.picked_up_within[..]), (2, &[0, 0, 1, 1, 2][..]));
        assert_eq!(report.within_15_min_share, Some(1.0));
        assert_eq!([0, 3, 9].map(|minutes| at_most(&report.picked_up_within, minutes)), [0, 1, 2]);
        assert_eq!(at_most(&[], 15), 0);
    }

    #[test]
    fn figures_of_vans_are_as_by_hand() {
        let report = two_parties();
        // a to d and back; empty from a to b and on the way home.
        assert!(close(report.vehicle_km, 6.0) && close(report.empty_share, 4.0 / 6.0), "{report:?}");
        // Two people from b to c, three from c to d.
        assert!(close(report.mean_occupancy, 5.0 / 6.0), "{:?}", report.mean_occupancy);
        assert!(close(report.driver_hours, 10.0) && close(report.rides_per_driver_hour, 0.2), "{report:?}");
        // 6 km x 0.2 kWh, and 0.3 kW for 600 s of driving and 110 s of boarding and alighting.
        assert!(close(report.energy_used_kwh, 1.2 + 0.3 * 710.0 / 3_600.0), "{:?}", report.energy_used_kwh);
        let drawn_kwh = report.energy_drawn_kwh.expect("the van has a battery");
        assert!(close(report.energy_charged_kwh.map(|kwh| kwh * 1.1), drawn_kwh), "{drawn_kwh}");
        // Busy from leaving a at 9:00 until the last party is off at 380 + 30 s.
        let busy: f64 = report.series.busy_vans.iter().map(|vans| vans * report.series.step_s).sum();
        assert!(close(busy, 410.0), "{busy}");
        let drawn: f64 = report.series.power_kw.iter().map(|kw| kw * report.series.step_s / 3_600.0).sum();
        assert!((drawn - drawn_kwh).abs() < 1e-5, "{drawn}");
    }

    #[test]
    fn costs_are_as_by_hand() {
        let report = two_parties();
        // Ten hours of a driver, a van's day, 6 km, electricity, overhead; the van is electric and burns no fuel.
        let expected = 20_000.0 + 3_000.0 + 60.0 + 30.0 * report.energy_drawn_kwh.expect("a battery") + 5_000.0;
        let yen = report.operating_yen.expect("there are prices");
        assert!((yen - expected).abs() < 1e-4, "{yen} {expected}");
        assert!(
            close(report.yen_per_ride, yen / 2.0) && close(report.subsidy_yen_per_ride, (yen - 900.0) / 2.0),
            "{report:?}"
        );
    }

    #[test]
    fn amounts_for_the_account_are_as_by_hand() {
        let report = two_parties();
        let day = &report.quantities;
        assert_eq!(day.riders, [ZoneRiders { zone: Some("town".into()), people: 3, night: 0 }]);
        // Two people for 2 km, one for 1 km.
        assert!(close(day.passenger_km, 5.0) && day.fuel_km == 0.0, "{day:?}");
        let (drawn_kwh, used_kwh) =
            (report.energy_drawn_kwh.expect("a battery"), report.energy_used_kwh.expect("a battery"));
        assert!((day.driving_kwh - drawn_kwh).abs() < 1e-9 && (day.driving_yen - 30.0 * drawn_kwh).abs() < 1e-6);
        assert!(close(day.used_kwh, used_kwh) && (day.charged_kwh * 1.1 - drawn_kwh).abs() < 1e-9, "{day:?}");
        // The yard has no contract: everything is drawn at the price given, and what is left in the evening is worth it.
        assert!((day.unmetered_kwh - drawn_kwh).abs() < 1e-9 && day.co2_kg == 0.0, "{day:?}");
        assert!((day.stored_kwh - (day.charged_kwh - used_kwh)).abs() < 1e-9, "{day:?}");
        assert!((day.stored_yen - 30.0 * day.stored_kwh).abs() < 1e-9 && day.others_stored_kwh == 0.0, "{day:?}");
    }

    #[test]
    fn parcels_ride_beside_passengers() {
        let mut scenario = Scenario::village();
        scenario.demand.generator = None;
        scenario.fleet.vehicles[0].parcel_places = 2;
        scenario.service.ride_limit = Some(crate::scenario::RideLimit { factor: 1.0, slack_s: 60 });
        let dwell = &mut scenario.service.dwell;
        (dwell.per_child_s, dwell.per_parcel_s) = (Some(8), Some(3));
        let freight = |parcels| Trip { parcels, request_s: 9.0 * 3_600.0 + 120.0, ..trip("b", "d", 0) };
        // A parent, a child and two parcels; once they are aboard a parcel that has to wait for a place, and three that never
        // have one.
        let family = Trip { children: 1, parcels: 2, ..trip("b", "d", 1) };
        scenario.demand.trips = vec![family, freight(1), freight(3)];
        assert_eq!(scenario.problems(), Vec::new());
        let world = Arc::new(World::new(&scenario));
        // 20 s, 5 s for the parent, 8 s for the child and 3 s for each parcel.
        assert_eq!(world.requests[0].dwell, Time(39_000));
        assert_eq!((world.requests[0].children, world.requests[0].party.seats), (1, 2));
        // Parcels do not mind how long they ride, as long as they are there before the service closes.
        assert!(world.requests[0].max_ride.is_some() && world.requests[1].max_ride.is_none());
        assert_eq!(world.requests[1].latest_dropoff, world.hours.expect("it runs").1);
        let log = Simulation::new(Arc::clone(&world)).run();
        let report = report(&world, &log);
        assert_eq!((report.served, report.passengers, report.parcels), (2, 2, 3));
        assert_eq!(report.refused_by, [RefusedBy { limit: Limit::PartyTooLarge, count: 1 }]);
        // The means are the family's: at b after 100 s, 200 s direct. The parcel rides alone, and shares with nobody.
        assert_eq!(
            (report.mean_wait_s, report.mean_ride_s, report.shared_share),
            (Some(100.0), Some(200.0), Some(0.0))
        );
        // Fares for two; parcels pay nothing.
        assert_eq!(report.fares_yen, 600.0);
        let pickups: Vec<Time> = log.rows.iter().filter(|row| row.event == Event::Pickup).map(|row| row.time).collect();
        let dropoff = log.rows.iter().find(|row| row.event == Event::Dropoff).expect("the family gets off");
        assert!(pickups[1] > dropoff.time, "{pickups:?}");
        // Busy with the parcel too: from 9:00 until it is off.
        let last = log.rows.iter().rfind(|row| row.event == Event::Dropoff).expect("the parcel gets off");
        let busy: f64 = report.series.busy_vans.iter().map(|vans| vans * report.series.step_s).sum();
        assert!(close(busy, (last.time - Time(9 * Time::HOUR.0)).s() + 23.0), "{busy}");
    }

    #[test]
    fn a_call_after_the_end_of_the_day_is_refused() {
        // Thirty o'clock is six the next morning; the day ends at four.
        let mut scenario = Scenario::village();
        scenario.demand.generator = None;
        scenario.demand.trips = vec![Trip { request_s: 30.0 * 3_600.0, ..trip("a", "b", 1) }];
        assert_eq!(day(&scenario).refused_by, [RefusedBy { limit: Limit::Closed, count: 1 }]);
    }

    #[test]
    fn a_day_without_requests_has_no_means() {
        let mut scenario = Scenario::village();
        scenario.demand.generator = None;
        let report = day(&scenario);
        assert_eq!(
            (report.requests, report.mean_wait_s, report.served_share, report.mean_occupancy),
            (0, None, None, None)
        );
    }

    #[test]
    fn quantiles_are_nearest_ranks() {
        // 95 % of 20 values is the 19th.
        let values: Vec<f64> = (1..=20).rev().map(f64::from).collect();
        assert_eq!((quantile(&values, 0.95), quantile(&values, 0.5)), (Some(19.0), Some(10.0)));
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn every_figure_with_a_definition_is_a_number_of_the_report() {
        let values = serde_json::to_value(two_parties()).expect("JSON");
        for figure in figures() {
            // Only some policies decide in batches, nobody calls by phone, and nothing goes wrong.
            let absent = figure.key.starts_with("batch")
                || figure.key == "mean_phone_s"
                || DISTURBANCES.contains(&figure.key.as_str());
            assert_eq!(values[&figure.key].is_number(), !absent, "{}", figure.key);
        }
    }
}
