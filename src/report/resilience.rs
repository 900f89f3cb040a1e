//! A power cut: for how long the batteries of a site carry what has to go on.
//!
//! From the moment of the cut the site is an island. Vans bring the riders home that they have promised to by then, take nobody
//! new, and come to their chargers; cars come back from their trips. Sun and wind (of the same day, again and again), then the
//! fuel cell, the stationary battery and the fullest two-way batteries supply the critical loads, each down to its reserve; a
//! surplus charges the emptiest. In steps of five minutes.

use serde::{Deserialize, Serialize};

use crate::battery::Link;
use crate::charging::STEP;
use crate::log::{Answer, Event, Log};
use crate::report::energy::SiteReport;
use crate::scenario::Text;
use crate::site::SLOT;
use crate::units::{DepotId, Time, VehicleId};
use crate::world::World;

/// Nobody asks about more than a week.
const LONGEST_H: f64 = 168.0;

/// What a power cut would mean.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PowerCut {
    /// Begin, seconds from midnight.
    pub from_s: f64,
    /// Length asked about, hours.
    pub hours: f64,
    /// For how long the critical loads are carried, hours; at most a week.
    pub held_h: f64,
    /// Critical loads, kW.
    pub critical_kw: f64,
    /// Of the energy they need over `hours`, what is not carried, kWh.
    pub unserved_kwh: f64,
    /// Rides of the day that are not driven because vans stay at their chargers.
    pub rides_lost: u32,
    /// Each battery by itself.
    pub units: Vec<CutUnit>,
    /// Length of a step of the series, seconds; they begin with the cut.
    pub step_s: f64,
    /// From sun and wind, kW.
    pub free_kw: Vec<f64>,
    /// From the fuel cell, kW.
    pub fuel_kw: Vec<f64>,
    /// From batteries, kW; negative: into them.
    pub battery_kw: Vec<f64>,
    /// Not carried, kW.
    pub unserved_kw: Vec<f64>,
    /// In all batteries at the site, above their reserves, kWh.
    pub spare_kwh: Vec<f64>,
}

/// One battery in a power cut.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct CutUnit {
    /// Id, as in the site's report.
    pub id: String,
    /// Name of a car.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub name: Option<Text>,
    /// When it is at its charger, seconds from midnight.
    pub arrives_s: f64,
    /// Energy then.
    pub energy_kwh: f64,
    /// Energy above its reserve then.
    pub spare_kwh: f64,
    /// Energy given over the hours asked about.
    pub given_kwh: f64,
    /// Energy left after them.
    pub left_kwh: f64,
}

struct Source<'a> {
    link: Link<'a>,
    arrives: Time,
    energy_kwh: f64,
    reserve_kwh: f64,
}

/// What a power cut at a site, from a time and for some hours, would mean for a day that was lived through. O(steps x batteries).
pub fn power_cut(world: &World, log: &Log, site: &SiteReport, from: Time, hours: f64) -> Option<PowerCut> {
    let index = world.scenario.depots.iter().position(|depot| depot.id == site.depot)?;
    let spec = &world.depots[index];
    let hours = hours.clamp(0.0, LONGEST_H);
    let from = from.max(world.day.0).min(world.day.1 - SLOT);
    let mut sources = Vec::new();
    let mut cut = PowerCut {
        from_s: from.s(),
        hours,
        critical_kw: spec.site.critical_kw,
        rides_lost: rides_lost(world, log, DepotId(index as u32), from, hours),
        step_s: SLOT.s(),
        ..PowerCut::default()
    };
    let vans = world.vans.iter().enumerate().filter(|(_, van)| van.home == Some(spec.node) && van.battery.is_some());
    for (v, van) in vans {
        let Some(battery) = &van.battery else { continue };
        let Some(charger) = spec.chargers.get(sources.len()) else { break };
        let (arrives, energy_kwh) = van_at_home(world, log, site, VehicleId(v as u32), from);
        let reserve_soc = world.scenario.vehicles()[v].battery.as_ref().map_or(0.0, |battery| battery.reserve_soc);
        let reserve_kwh = reserve_soc * battery.capacity_kwh;
        cut.units.push(CutUnit { id: world.scenario.vehicles()[v].id.clone(), ..CutUnit::default() });
        sources.push(Source { link: Link { battery, charger }, arrives, energy_kwh, reserve_kwh });
    }
    for (i, car) in spec.site.cars.iter().enumerate() {
        let id = format!("car {}", i + 1);
        let away = car.trips.iter().find(|trip| trip.0 <= from && from < trip.1);
        let energy_kwh = energy_at(site, &id, from).unwrap_or(car.unit.battery.initial_kwh);
        cut.units.push(CutUnit { id, name: Some(car.name.clone()), ..CutUnit::default() });
        sources.push(Source {
            link: car.unit.link(),
            arrives: away.map_or(from, |trip| trip.1),
            energy_kwh: away.map_or(energy_kwh, |trip| energy_before(site, i, trip.0).unwrap_or(energy_kwh) - trip.2),
            reserve_kwh: car.unit.battery.reserve_kwh,
        });
    }
    if let Some(stationary) = &spec.site.stationary {
        let id = "stationary".to_string();
        let energy_kwh = energy_at(site, &id, from).unwrap_or(stationary.battery.initial_kwh);
        cut.units.push(CutUnit { id, ..CutUnit::default() });
        // What is kept for a power cut is there for it.
        sources.push(Source { link: stationary.link(), arrives: from, energy_kwh, reserve_kwh: 0.0 });
    }
    for (unit, source) in cut.units.iter_mut().zip(&sources) {
        unit.arrives_s = source.arrives.s();
        unit.energy_kwh = source.energy_kwh;
        unit.spare_kwh = (source.energy_kwh - source.reserve_kwh).max(0.0);
    }

    let steps = (LONGEST_H / STEP.h()).round() as i32;
    let per_slot = SLOT.0 / STEP.0;
    let mut held = None;
    for step in 0..steps {
        let now = from + Time(step * STEP.0);
        let within = f64::from(step) * STEP.h() < hours;
        if !within && held.is_some() {
            break;
        }
        let slot = spec.site.slots[((now - world.day.0).0 / SLOT.0) as usize % spec.site.slots.len()];
        let free_kw = slot.solar_kw + slot.wind_kw;
        let mut missing_kw = spec.site.critical_kw - free_kw;
        let fuel_kw = spec.site.fuel_kw.min(missing_kw.max(0.0));
        missing_kw -= fuel_kw;
        let mut order: Vec<usize> = (0..sources.len()).filter(|&i| sources[i].arrives <= now).collect();
        let spare = |source: &Source| source.energy_kwh - source.reserve_kwh;
        order.sort_by(|&a, &b| spare(&sources[b]).total_cmp(&spare(&sources[a])));
        if missing_kw < 0.0 {
            order.reverse();
        }
        let mut battery_kw = 0.0;
        for i in order {
            let source = &mut sources[i];
            let power_kw = if missing_kw > 0.0 {
                source.link.max_discharge_kw(source.energy_kwh, source.reserve_kwh, STEP.h()).min(missing_kw)
            } else {
                -source.link.max_charge_kw(source.energy_kwh, STEP.h()).min(-missing_kw)
            };
            source.energy_kwh += source.link.stored_kw(-power_kw) * STEP.h();
            missing_kw -= power_kw;
            battery_kw += power_kw;
            if within {
                cut.units[i].given_kwh += power_kw.max(0.0) * STEP.h();
            }
        }
        let unserved_kw = missing_kw.max(0.0);
        if unserved_kw > 1e-6 && held.is_none() {
            held = Some(f64::from(step) * STEP.h());
        }
        if within {
            cut.unserved_kwh += unserved_kw * STEP.h();
            for (unit, source) in cut.units.iter_mut().zip(&sources) {
                unit.left_kwh = source.energy_kwh;
            }
            if step % per_slot == 0 {
                let at_site = sources.iter().filter(|source| source.arrives <= now);
                cut.spare_kwh.push(at_site.map(|source| spare(source).max(0.0)).sum());
                [&mut cut.free_kw, &mut cut.fuel_kw, &mut cut.battery_kw, &mut cut.unserved_kw]
                    .into_iter()
                    .for_each(|series| series.push(0.0));
            }
            let share = f64::from(STEP.0) / f64::from(SLOT.0);
            for (series, power) in [
                (&mut cut.free_kw, free_kw.min(spec.site.critical_kw - fuel_kw + (-battery_kw).max(0.0))),
                (&mut cut.fuel_kw, fuel_kw),
                (&mut cut.battery_kw, battery_kw),
                (&mut cut.unserved_kw, unserved_kw),
            ] {
                if let Some(last) = series.last_mut() {
                    *last += share * power;
                }
            }
        }
    }
    cut.held_h = held.unwrap_or(LONGEST_H);
    Some(cut)
}

/// Requests served on the day that a cut takes away: promised after it began, by a van of the depot, to be picked up in it.
fn rides_lost(world: &World, log: &Log, depot: DepotId, from: Time, hours: f64) -> u32 {
    let until = from + Time::from_s(hours * 3_600.0);
    let home = Some(world.depots[depot.index()].node);
    let mut promised = vec![false; log.requests.len()];
    let mut lost = 0;
    for row in &log.rows {
        let Some(request) = row.request else { continue };
        let of_depot = row.vehicle.is_some_and(|van| world.van(van).home == home && world.van(van).battery.is_some());
        match row.event {
            Event::Accept if row.time <= from => promised[request.index()] = true,
            Event::Pickup if of_depot && !promised[request.index()] && row.time >= from && row.time < until => {
                lost += 1
            }
            _ => {}
        }
    }
    lost
}

/// When a van is at its charger after a cut, and with what energy.
fn van_at_home(world: &World, log: &Log, site: &SiteReport, van: VehicleId, from: Time) -> (Time, f64) {
    let spec = world.van(van);
    let (Some(battery), Some(home)) = (&spec.battery, spec.home) else { return (Time::NEVER, 0.0) };
    let id = &world.scenario.vehicles()[van.index()].id;
    // The last drop-off of a ride that was promised before the cut.
    let promised = |request: usize| matches!(log.answers.get(request), Some(Some(Answer::Promised { vehicle, .. })) if *vehicle == van);
    let mut accepted = vec![false; log.requests.len()];
    let mut last = None;
    let mut before = None;
    for row in &log.rows {
        if let (Event::Accept, Some(request)) = (row.event, row.request)
            && row.time <= from
        {
            accepted[request.index()] = true;
        }
        if row.vehicle != Some(van) || row.event.is_answer() {
            continue;
        }
        if row.time <= from {
            before = Some(row);
        } else if let (Event::Dropoff, Some(request)) = (row.event, row.request)
            && accepted[request.index()]
            && promised(request.index())
        {
            last = Some(row);
        }
    }
    let (node, time, energy_kwh) = match (last, before) {
        (Some(row), _) => (row.node, row.time, row.energy_kwh),
        (None, Some(row)) => (row.node, from, energy_at(site, id, from).unwrap_or(row.energy_kwh)),
        (None, None) => (spec.start, from, battery.initial_kwh),
    };
    let travel = world.travel_of(van);
    let drive = travel.time(node, home);
    let used_kwh = battery.consumption.driving_kwh(travel.length_m(node, home), drive);
    (time + drive, (energy_kwh - used_kwh).max(0.0))
}

/// Energy of a battery of the report at a time.
fn energy_at(site: &SiteReport, id: &str, time: Time) -> Option<f64> {
    let unit = site.units.iter().find(|unit| unit.id == id)?;
    let points: Vec<&[f64]> = unit.energy.chunks_exact(2).collect();
    let after = points.iter().position(|point| point[0] > time.s());
    match after {
        None => points.last().map(|point| point[1]),
        Some(0) => points.first().map(|point| point[1]),
        Some(next) => {
            let (a, b) = (points[next - 1], points[next]);
            Some(a[1] + (b[1] - a[1]) * (time.s() - a[0]) / (b[0] - a[0]))
        }
    }
}

fn energy_before(site: &SiteReport, car: usize, time: Time) -> Option<f64> {
    energy_at(site, &format!("car {}", car + 1), time)
}
