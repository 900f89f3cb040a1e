//! Log in, numbers out. Every figure is computed from the log and nothing else that the run knew; [`figures`] gives each its
//! unit and definition.

mod energy;
mod figures;
mod service;

use serde::{Deserialize, Serialize};

pub use figures::figures;

use crate::log::{Event, Limit, Log};
use crate::scenario::Text;
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
    /// `served / driver_hours`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub rides_per_driver_hour: Option<f64>,
    /// Energy taken out of the batteries.
    pub energy_used_kwh: f64,
    /// Energy put into the batteries.
    pub energy_charged_kwh: f64,
    /// Energy drawn from the grid for it.
    pub energy_drawn_kwh: f64,
    /// Lowest state of charge of any van.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub lowest_soc: Option<f64>,
    /// Fares of the rides served.
    pub fares_yen: f64,
    /// Hash of the log, 16 hexadecimal digits: equal logs, equal hashes.
    pub log_hash: String,
    /// Each van by itself.
    pub vehicles: Vec<VehicleReport>,
    /// Figures over the day.
    pub series: Series,
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
    /// Energy taken out of the battery, kWh.
    pub energy_used_kwh: f64,
    /// Energy put into the battery, kWh.
    pub energy_charged_kwh: f64,
    /// Energy drawn from the grid for it, kWh.
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
    /// Mean power drawn from the grid, kW.
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
    let mut vehicles: Vec<VehicleReport> = world
        .scenario
        .fleet
        .vehicles
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
    service::duty(log, &mut vehicles);
    energy::energy(world, log, &mut vehicles);

    let sum = |figure: fn(&VehicleReport) -> f64| vehicles.iter().map(figure).sum::<f64>();
    let vehicle_km = sum(|van| van.km);
    let empty_km = sum(|van| van.empty_km);
    let driver_hours = sum(|van| van.driver_hours);
    let served = service.waits_s.len() as u32;
    Report {
        requests: log.requests.len() as u32,
        served,
        refused: service.refused_by.iter().map(|by| by.count).sum(),
        served_share: ratio(f64::from(served), log.requests.len() as f64),
        refused_by: service.refused_by,
        passengers: service.passengers,
        mean_wait_s: mean(&service.waits_s),
        median_wait_s: quantile(&service.waits_s, 0.5),
        p95_wait_s: quantile(&service.waits_s, 0.95),
        mean_delay_s: mean(&service.delays_s),
        mean_ride_s: mean(&service.rides_s),
        mean_direct_s: mean(&service.directs_s),
        ride_factor: ratio(service.rides_s.iter().sum(), service.directs_s.iter().sum()),
        shared_share: ratio(f64::from(service.shared), f64::from(served)),
        mean_occupancy: ratio(passenger_m / 1e3, vehicle_km),
        vehicle_km,
        empty_km,
        empty_share: ratio(empty_km, vehicle_km),
        driver_hours,
        rides_per_driver_hour: ratio(f64::from(served), driver_hours),
        energy_used_kwh: sum(|van| van.energy_used_kwh),
        energy_charged_kwh: sum(|van| van.energy_charged_kwh),
        energy_drawn_kwh: sum(|van| van.energy_drawn_kwh),
        lowest_soc: vehicles.iter().filter_map(|van| van.lowest_soc).min_by(f64::total_cmp),
        fares_yen: service.fares_yen,
        log_hash: format!("{:016x}", log.hash()),
        series: series(log, &service.served_requests),
        vehicles,
    }
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
    let events = || log.rows.iter().filter(|row| row.event != Event::Request).map(|row| row.time);
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
    for session in &log.sessions {
        spread(&mut series.power_kw, session.plugged, session.unplugged.unwrap_or(last), session.drawn_kw);
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
