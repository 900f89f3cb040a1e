//! What running the service costs, by the scenario's prices.

use super::{VehicleReport, energy};
use crate::fleet::VanSpec;
use crate::log::{Flow, Log, Unit};
use crate::site::{SLOT, SiteSpec};
use crate::units::Time;
use crate::world::World;

/// Drivers, supervisors, vehicles, fuel, electricity and overhead of the day in yen; `None` without prices.
pub(super) fn operating_yen(
    world: &World,
    log: &Log,
    vehicles: &[VehicleReport],
    supervisor_hours: f64,
) -> Option<f64> {
    let costs = world.scenario.costs.as_ref()?;
    let running = if world.timetable.is_some() { &costs.fixed_route } else { &costs.on_demand };
    let vehicle_yen = |(van, spec): (&VehicleReport, &VanSpec)| {
        let fuel_yen_per_km = if spec.battery.is_none() { running.fuel_yen_per_km } else { 0.0 };
        running.vehicle_yen_per_day
            + costs.driver_yen_per_h * van.driver_hours
            + (running.vehicle_yen_per_km + fuel_yen_per_km) * van.km
    };
    let vehicles_yen: f64 = vehicles.iter().zip(&world.vans).map(vehicle_yen).sum();
    let supervisors_yen = costs.supervisor_yen_per_h.unwrap_or(0.0) * supervisor_hours;
    Some(
        vehicles_yen
            + supervisors_yen
            + electricity_yen(world, log, costs.electricity_yen_per_kwh)
            + running.overhead_yen_per_day,
    )
}

/// What vans draw at chargers, less what they give back, at the price of its half hour, whether it was bought or came from the
/// sun; where there is no contract, at a price given.
fn electricity_yen(world: &World, log: &Log, yen_per_kwh: f64) -> f64 {
    let spans = energy::spans(log);
    let vans = spans.iter().filter(|(flow, _)| matches!(flow.unit, Unit::Van(_)));
    vans.map(|(flow, hours)| flow_yen(world, flow, *hours, yen_per_kwh)).sum()
}

/// The same of one flow that lasts for some hours; negative: given back.
pub(super) fn flow_yen(world: &World, flow: &Flow, hours: f64, yen_per_kwh: f64) -> f64 {
    let site = &world.depots[flow.depot.index()].site;
    let price_h = match site.priced {
        true => {
            slot_hours(site, world.day.0, flow.time, hours).map(|(slot, hours)| site.slots[slot].buy_yen * hours).sum()
        }
        false => yen_per_kwh * hours,
    };
    flow.site_kw * price_h
}

/// The half hours that some hours from a time on lie in, each with how much of it.
pub(super) fn slot_hours(site: &SiteSpec, day: Time, from: Time, hours: f64) -> impl Iterator<Item = (usize, f64)> {
    let until = from + Time::from_s(hours * 3_600.0);
    let mut time = from;
    std::iter::from_fn(move || {
        if time >= until {
            return None;
        }
        let slot = site.slot_at(day, time);
        let next = match slot + 1 < site.slots.len() {
            true => until.min(day + Time((slot as i32 + 1) * SLOT.0)),
            false => until,
        };
        let part = (slot, (next - time).h());
        time = next;
        Some(part)
    })
}
