//! A year's amounts, from typical days that were lived through.

use serde::{Deserialize, Serialize};

use super::parameters::{fare_key, fares};
use super::typical::TypicalDay;
use crate::report::{DayMeter, DayQuantities};
use crate::scenario::{Depot, Scenario, Site, Text};

/// A year's amounts of whatever has a price. Energy at the meters is the difference to the same sites without vans.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Quantities {
    /// Days of the year.
    pub days: f64,
    /// Days with service.
    pub service_days: f64,
    /// Requests received.
    pub requests: f64,
    /// Requests served.
    pub rides: f64,
    /// People carried, by the fare that they pay.
    pub riders: Vec<YearRiders>,
    /// Parcels carried.
    pub parcels: f64,
    /// Kilometres of all people aboard.
    pub passenger_km: f64,
    /// Kilometres of all vehicles.
    pub vehicle_km: f64,
    /// Those of vehicles without a battery.
    pub fuel_km: f64,
    /// Hours of drivers.
    pub driver_h: f64,
    /// Hours of supervisors.
    pub supervisor_h: f64,
    /// Vehicles, each for the part of a year that the days make up.
    pub vehicles: f64,
    /// Chargers for them, counted in the same way.
    pub chargers: f64,
    /// Of these, two-way ones.
    pub two_way: f64,
    /// Drawn by vans for driving.
    pub driving: Amount,
    /// What vans hold more in the evenings than in the mornings.
    pub stored: Amount,
    /// Bought more than without vans.
    pub bought: Amount,
    /// Own sun and wind used more than without vans; the yen are what as much from the meter would have cost.
    pub sun: Amount,
    /// Given back by vans, at the chargers.
    pub given: Amount,
    /// Wear of that, kWh at the cells.
    pub worn: Amount,
    /// Peak billed more than without vans, kW x months.
    pub peak: Amount,
    /// From fuel cells more than without vans.
    pub fuel_cell: Amount,
    /// Sold more than without vans.
    pub sold: Amount,
    /// What the sites' other batteries hold more in the evenings, less the same without vans.
    pub others_stored: Amount,
    /// Into the vans' cells at chargers, kWh.
    pub charged_kwh: f64,
    /// Out of them by driving and boarding, kWh.
    pub used_kwh: f64,
    /// Carbon dioxide of what vans draw through meters, kg.
    pub co2_kg: f64,
    /// Drawn by vans at depots without a contract, less given back, kWh.
    pub unmetered_kwh: f64,
    /// The prices that the days were lived through with.
    pub as_run: AsRun,
}

/// An amount and what it came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Amount {
    /// How much, in kWh if nothing else is said.
    pub quantity: f64,
    /// At the prices that the days were lived through with.
    pub yen: f64,
}

/// People of a year who pay the same fare.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct YearRiders {
    /// `fare:` and the zone's id; on a bus `fare:bus`.
    pub key: String,
    /// Name of the fare.
    pub name: Text,
    /// How many.
    pub people: f64,
    /// Those of them who pay the surcharge at night.
    pub night: f64,
}

/// Prices that schedules and meters went by.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct AsRun {
    /// A kWh that a van draws, mean over the year, yen.
    pub electricity: f64,
    /// A kW of peak in a month, yen; 0 without a contract.
    pub demand: f64,
    /// A kWh sold, yen.
    pub export: f64,
    /// A kWh of the fuel cell, yen.
    pub fuel_cell: f64,
    /// A new battery of a van, yen per kWh.
    pub battery: f64,
}

/// The amounts of a day, and which typical day it is.
#[derive(Debug, Clone, PartialEq)]
struct Lived {
    day: usize,
    with_vans: bool,
    quantities: DayQuantities,
}

/// Typical days as they are lived through, in any order, and any number of times by other seeds.
#[derive(Debug, Clone)]
pub struct Year {
    scenario: Scenario,
    days: Vec<TypicalDay>,
    lived: Vec<Lived>,
}

impl Year {
    /// Without any day lived through yet.
    pub fn new(scenario: &Scenario, days: Vec<TypicalDay>) -> Year {
        Year { scenario: scenario.clone(), days, lived: Vec::new() }
    }

    /// Takes in the amounts of a typical day, by index; `with_vans` is false for the sites alone.
    pub fn add(&mut self, day: usize, with_vans: bool, quantities: DayQuantities) {
        self.lived.push(Lived { day, with_vans, quantities });
    }

    /// The year's amounts: each day's mean over its seeds, times how often it comes. O(days lived through).
    ///
    /// Peaks are billed for the highest of twelve months; so each of them is billed for the highest half hour of any typical day.
    ///
    /// # Errors
    /// If a day has not been lived through, or has not without vans where there is a contract.
    pub fn quantities(&self) -> Result<Quantities, Text> {
        let scenario = &self.scenario;
        let service_days = self.days.iter().map(|day| day.days).sum();
        let days: f64 = self.days.first().map_or(365.0, |day| day.of_days);
        let riders = fares(scenario).into_iter().map(|fare| YearRiders {
            key: fare.key,
            name: fare.name,
            people: 0.0,
            night: 0.0,
        });
        let mut year = Quantities { days, service_days, riders: riders.collect(), ..Quantities::default() };
        let sites: Vec<(&Depot, &Site)> =
            scenario.depots.iter().filter_map(|depot| Some((depot, depot.site.as_ref()?))).collect();
        for (index, day) in self.days.iter().enumerate() {
            for with_vans in [true, false] {
                let runs: Vec<&DayQuantities> = self.of(index, with_vans).collect();
                if runs.is_empty() && (with_vans || !sites.is_empty()) {
                    return Err(missing(day, with_vans));
                }
                let weight = day.days / runs.len().max(1) as f64;
                for run in runs {
                    if with_vans {
                        year.add_service(run, weight);
                    }
                    year.add_energy(run, if with_vans { weight } else { -weight });
                }
            }
        }
        let months = 12.0 * days / 365.0;
        for (depot, site) in &sites {
            let peak_kw = |with_vans: bool| {
                let lived = self.lived.iter().filter(|lived| lived.with_vans == with_vans);
                let meters = lived.flat_map(|lived| &lived.quantities.meters).filter(|meter| meter.depot == depot.id);
                meters.map(|meter| meter.billed_kw).fold(0.0, f64::max)
            };
            let kw = peak_kw(true) - peak_kw(false);
            year.peak.add(months * kw, months * kw * site.tariff.demand_yen_per_kw_month());
        }
        year.add_equipment(scenario, days / 365.0);
        year.as_run = as_run(scenario, &year.driving, &sites);
        // What the sun gave would have had to be bought.
        year.sun.yen = year.sun.quantity * year.as_run.electricity;
        Ok(year)
    }

    /// Whether days without vans have to be lived through: where a meter tells a difference.
    pub fn needs_sites_alone(&self) -> bool {
        self.scenario.depots.iter().any(|depot| depot.site.is_some())
    }

    fn of(&self, day: usize, with_vans: bool) -> impl Iterator<Item = &DayQuantities> {
        let lived = self.lived.iter().filter(move |lived| lived.day == day && lived.with_vans == with_vans);
        lived.map(|lived| &lived.quantities)
    }
}

fn missing(day: &TypicalDay, with_vans: bool) -> Text {
    let date = &day.date;
    match with_vans {
        true => Text::new(
            format!("{date} の日がまだ実行されていません。標準日をすべて実行してください。"),
            format!("{date} has not been lived through: live through all typical days"),
        ),
        false => Text::new(
            format!("{date} の、車両なしの拠点がまだ実行されていません。標準日をすべて実行してください。"),
            format!("{date} has not been lived through without vans: live through all typical days"),
        ),
    }
}

impl Amount {
    fn add(&mut self, quantity: f64, yen: f64) {
        self.quantity += quantity;
        self.yen += yen;
    }
}

impl Quantities {
    fn add_service(&mut self, day: &DayQuantities, weight: f64) {
        for (sum, value) in [
            (&mut self.requests, f64::from(day.requests)),
            (&mut self.rides, f64::from(day.served)),
            (&mut self.parcels, f64::from(day.parcels)),
            (&mut self.passenger_km, day.passenger_km),
            (&mut self.vehicle_km, day.vehicle_km),
            (&mut self.fuel_km, day.fuel_km),
            (&mut self.driver_h, day.driver_h),
            (&mut self.supervisor_h, day.supervisor_h),
            (&mut self.charged_kwh, day.charged_kwh),
            (&mut self.used_kwh, day.used_kwh),
            (&mut self.co2_kg, day.co2_kg),
            (&mut self.unmetered_kwh, day.unmetered_kwh),
        ] {
            *sum += weight * value;
        }
        self.driving.add(weight * day.driving_kwh, weight * day.driving_yen);
        self.stored.add(weight * day.stored_kwh, weight * day.stored_yen);
        self.given.add(weight * day.given_kwh, weight * day.given_yen);
        self.worn.add(weight * day.worn_kwh, weight * day.wear_yen);
        for riders in &day.riders {
            let key = fare_key(riders.zone.as_deref());
            if let Some(year) = self.riders.iter_mut().find(|year| year.key == key) {
                year.people += weight * f64::from(riders.people);
                year.night += weight * f64::from(riders.night);
            }
        }
    }

    /// What the meters tell of a day; with a negative weight what they would tell without vans.
    fn add_energy(&mut self, day: &DayQuantities, weight: f64) {
        for DayMeter { bought_kwh, energy_yen, sold_kwh, sold_yen, fuel_kwh, fuel_yen, self_consumed_kwh, .. } in
            &day.meters
        {
            self.bought.add(weight * bought_kwh, weight * energy_yen);
            self.sold.add(weight * sold_kwh, weight * sold_yen);
            self.fuel_cell.add(weight * fuel_kwh, weight * fuel_yen);
            self.sun.quantity += weight * self_consumed_kwh;
        }
        self.bought.add(weight * day.unmetered_kwh, weight * day.unmetered_yen);
        self.others_stored.add(weight * day.others_stored_kwh, weight * day.others_stored_yen);
    }

    fn add_equipment(&mut self, scenario: &Scenario, years: f64) {
        self.vehicles = years * scenario.vehicles().len() as f64;
        let electric = scenario.vehicles().iter().filter(|vehicle| vehicle.battery.is_some());
        let homes: Vec<&str> = electric.filter_map(|vehicle| vehicle.depot.as_deref()).collect();
        let depots = scenario.depots.iter().filter(|depot| homes.contains(&depot.id.as_str()));
        for charger in depots.flat_map(|depot| &depot.chargers) {
            let count = years * f64::from(charger.count);
            self.chargers += count;
            self.two_way += if charger.discharge.is_some() { count } else { 0.0 };
        }
    }
}

fn as_run(scenario: &Scenario, driving: &Amount, sites: &[(&Depot, &Site)]) -> AsRun {
    let site = sites.first().map(|(_, site)| *site);
    let unmetered = scenario.costs.as_ref().map_or(0.0, |costs| costs.electricity_yen_per_kwh);
    let battery = scenario.vehicles().iter().find_map(|vehicle| vehicle.battery.as_ref());
    AsRun {
        electricity: if driving.quantity > 0.0 { driving.yen / driving.quantity } else { unmetered },
        demand: site.map_or(0.0, |site| site.tariff.demand_yen_per_kw_month()),
        export: site.map_or(0.0, |site| site.tariff.export_yen_per_kwh),
        fuel_cell: site.and_then(|site| site.fuel_cell.as_ref()).map_or(0.0, |cell| cell.yen_per_kwh),
        battery: battery.map_or(0.0, |battery| battery.ageing.replacement_yen_per_kwh),
    }
}
