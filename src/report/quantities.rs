//! What the year's account is made of: a day's amounts of whatever has a price ([`crate::business`]).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{SiteReport, VehicleReport, costs, energy};
use crate::log::{Log, SiteRow, Unit};
use crate::units::DepotId;
use crate::world::World;

/// Amounts of one day. Money at the prices that the day was lived through with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct DayQuantities {
    /// Requests received.
    pub requests: u32,
    /// Requests served.
    pub served: u32,
    /// Parcels brought to their destination.
    pub parcels: u32,
    /// Hours of drivers.
    pub driver_h: f64,
    /// Hours of supervisors.
    pub supervisor_h: f64,
    /// Kilometres of all vehicles.
    pub vehicle_km: f64,
    /// People carried, by the zone whose fare they pay.
    pub riders: Vec<ZoneRiders>,
    /// Kilometres of all people aboard.
    pub passenger_km: f64,
    /// Kilometres of vehicles without a battery.
    pub fuel_km: f64,
    /// Drawn at chargers for driving, kWh: what vans draw, less the share of it that they give back.
    pub driving_kwh: f64,
    /// The same at the price of its half hour.
    pub driving_yen: f64,
    /// Given back by vans, kWh at the chargers.
    pub given_kwh: f64,
    /// The same at the price of its half hour.
    pub given_yen: f64,
    /// Given back by vans, kWh at the cells.
    pub worn_kwh: f64,
    /// What that costs of the batteries' lives, as a schedule prices it.
    pub wear_yen: f64,
    /// Drawn by vans less given back, at depots without a contract, kWh.
    pub unmetered_kwh: f64,
    /// The same in yen.
    pub unmetered_yen: f64,
    /// What vans hold more at the end than at the begin, kWh.
    pub stored_kwh: f64,
    /// Its value, as in [`SiteReport::stored_yen`].
    pub stored_yen: f64,
    /// What the sites' other batteries hold more, kWh.
    pub others_stored_kwh: f64,
    /// Its value.
    pub others_stored_yen: f64,
    /// Into the vans' cells at chargers, kWh.
    pub charged_kwh: f64,
    /// Out of them by driving and boarding, kWh.
    pub used_kwh: f64,
    /// Carbon dioxide of what vans draw at depots with a contract, kg: of each half hour the part of the site's energy that came through
    /// the meter.
    pub co2_kg: f64,
    /// What each site's meter says; its depots without a contract are left out.
    pub meters: Vec<DayMeter>,
}

/// A day at the meter of a site, as in [`SiteReport`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct DayMeter {
    /// Id of its depot.
    pub depot: String,
    /// Bought from the grid.
    pub bought_kwh: f64,
    /// Paid for it.
    pub energy_yen: f64,
    /// Sold to the grid.
    pub sold_kwh: f64,
    /// Earned with it.
    pub sold_yen: f64,
    /// From the fuel cell.
    pub fuel_kwh: f64,
    /// Paid for it.
    pub fuel_yen: f64,
    /// Of sun and wind used at the site.
    pub self_consumed_kwh: f64,
    /// Peak that the demand charge is paid for, kW.
    pub billed_kw: f64,
}

/// People who pay the fare of a zone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct ZoneRiders {
    /// Id of the zone; absent: on a bus, which has one fare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub zone: Option<String>,
    /// How many.
    pub people: u32,
    /// Those of them who pay the surcharge at night.
    pub night: u32,
}

/// Energy of vans at one price or another.
#[derive(Default)]
struct Energy {
    site_kwh: f64,
    cells_kwh: f64,
    yen: f64,
}

/// Adds up energy, kilometres and hours of a day; who was carried is left to be filled in. O(flows log flows).
pub(super) fn quantities(world: &World, log: &Log, vehicles: &[VehicleReport], sites: &[SiteReport]) -> DayQuantities {
    let unmetered_yen_per_kwh = world.scenario.costs.as_ref().map_or(0.0, |costs| costs.electricity_yen_per_kwh);
    let mut day = DayQuantities::default();
    let metered_kg = co2_kg_per_kwh(world, log);
    let (mut drawn, mut given) = (Energy::default(), Energy::default());
    for (flow, hours) in energy::spans(log) {
        let Unit::Van(id) = flow.unit else { continue };
        let site = &world.depots[flow.depot.index()].site;
        let yen = costs::flow_yen(world, &flow, hours, unmetered_yen_per_kwh);
        let side = if flow.site_kw > 0.0 { &mut drawn } else { &mut given };
        side.site_kwh += flow.site_kw.abs() * hours;
        side.cells_kwh += flow.stored_kw.abs() * hours;
        side.yen += yen.abs();
        if !site.priced {
            day.unmetered_kwh += flow.site_kw * hours;
            day.unmetered_yen += yen;
        }
        if flow.site_kw < 0.0 {
            let wear_yen_per_kwh = world.van(id).battery.map_or(0.0, |battery| battery.wear_yen_per_kwh);
            day.wear_yen += flow.stored_kw.abs() * hours * wear_yen_per_kwh;
        } else if site.priced {
            let slots = costs::slot_hours(site, world.day.0, flow.time, hours);
            let kg = |(slot, hours)| hours * metered_kg.get(&(flow.depot, slot)).unwrap_or(&0.0);
            day.co2_kg += flow.site_kw * slots.map(kg).sum::<f64>();
        }
    }
    // What is given back was drawn before, at the same mean price as the rest.
    let for_driving = match drawn.cells_kwh > 0.0 {
        true => 1.0 - (given.cells_kwh / drawn.cells_kwh).min(1.0),
        false => 1.0,
    };
    (day.driving_kwh, day.driving_yen) = (for_driving * drawn.site_kwh, for_driving * drawn.yen);
    day.charged_kwh = drawn.cells_kwh;
    (day.given_kwh, day.given_yen, day.worn_kwh) = (given.site_kwh, given.yen, given.cells_kwh);

    for site in sites {
        day.meters.push(DayMeter {
            depot: site.depot.clone(),
            bought_kwh: site.bought_kwh,
            energy_yen: site.energy_yen,
            sold_kwh: site.sold_kwh,
            sold_yen: site.sold_yen,
            fuel_kwh: site.fuel_kwh,
            fuel_yen: site.fuel_yen,
            self_consumed_kwh: site.self_consumed_kwh,
            billed_kw: site.billed_kw,
        });
        day.others_stored_kwh += site.stored_kwh;
        day.others_stored_yen += site.stored_yen;
    }
    for (report, van) in vehicles.iter().zip(&world.vans) {
        day.vehicle_km += report.km;
        day.driver_h += report.driver_hours;
        if van.battery.is_none() {
            day.fuel_km += report.km;
            continue;
        }
        day.used_kwh += report.energy_used_kwh;
        let stored_kwh = report.energy_charged_kwh - report.energy_used_kwh;
        let home = world.depots.iter().position(|depot| van.home == Some(depot.node) && depot.site.priced);
        let stored_yen = stored_kwh
            * match home {
                Some(depot) => energy::stored_value_yen(world, DepotId(depot as u32)),
                None => unmetered_yen_per_kwh,
            };
        day.stored_kwh += stored_kwh;
        day.stored_yen += stored_yen;
        if home.is_some() {
            day.others_stored_kwh -= stored_kwh;
            day.others_stored_yen -= stored_yen;
        }
    }
    day
}

/// By depot and half hour: carbon dioxide of a kWh used at the site, whose own generation has none.
fn co2_kg_per_kwh(world: &World, log: &Log) -> BTreeMap<(DepotId, usize), f64> {
    let rate = |row: &SiteRow| {
        let site = &world.depots[row.depot.index()].site;
        let slot = site.slot_at(world.day.0, row.time);
        let from_meter = row.import_kw / (row.import_kw + row.free_used_kw + row.fuel_kw).max(1e-9);
        ((row.depot, slot), from_meter * site.slots[slot].co2_kg)
    };
    log.sites.iter().filter(|row| world.depots[row.depot.index()].site.priced).map(rate).collect()
}
