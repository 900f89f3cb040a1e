//! Energy and its cost: what vans used and charged, and the account of each site.

use serde::{Deserialize, Serialize};

use super::{VehicleReport, ratio};
use crate::battery::ageing::{self, Age};
use crate::log::{Event, Flow, Log, SiteRow, Unit};
use crate::scenario::{Ageing, Text};
use crate::site::{SLOT, SLOT_H};
use crate::units::{DepotId, Time, VehicleId};
use crate::world::World;

/// The account of one site over the day. Energies in kWh, money in yen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SiteReport {
    /// Id of its depot.
    pub depot: String,
    /// Name.
    pub name: Option<Text>,
    /// Name of the contract.
    pub tariff: Option<Text>,
    /// Used by the building.
    pub load_kwh: f64,
    /// Offered by sun and wind.
    pub generated_kwh: f64,
    /// Of it, not used.
    pub curtailed_kwh: f64,
    /// From the fuel cell.
    pub fuel_kwh: f64,
    /// Bought from the grid.
    pub bought_kwh: f64,
    /// Sold to the grid.
    pub sold_kwh: f64,
    /// Into batteries, at the chargers.
    pub charged_kwh: f64,
    /// Out of batteries, at the chargers.
    pub discharged_kwh: f64,
    /// Drawn by chargers with nothing to do.
    pub standby_kwh: f64,
    /// What the batteries hold more at the end than at the begin.
    pub stored_kwh: f64,
    /// Lost in chargers and cells.
    pub lost_kwh: f64,
    /// Of what sun and wind offered, used at the site or stored; what is sold in the same half hour is taken to be of it.
    pub self_consumed_kwh: f64,
    /// `self_consumed_kwh` / what sun and wind offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub self_consumption: Option<f64>,
    /// Own generation used, that of the fuel cell included / the same and what was bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub autarky: Option<f64>,
    /// Highest half-hour mean of what was bought, kW.
    pub peak_kw: f64,
    /// Peak that the demand charge is paid for, kW: with the eleven months before. It is the contract power of Japanese
    /// contracts below 500 kW.
    pub billed_kw: f64,
    /// Bought beyond the limit of the connection, since the load alone exceeds it: the connection would have failed.
    pub over_limit_kwh: f64,
    /// Paid for energy bought.
    pub energy_yen: f64,
    /// Paid for the peak, pro rata for the day.
    pub demand_yen: f64,
    /// Paid for fuel.
    pub fuel_yen: f64,
    /// Wear of the batteries, driving included.
    pub wear_yen: f64,
    /// Earned with energy sold.
    pub sold_yen: f64,
    /// Value of what the batteries hold more at the end.
    pub stored_yen: f64,
    /// All of it: energy + demand + fuel + wear − sold − stored.
    pub total_yen: f64,
    /// Carbon dioxide of energy bought, kg.
    pub co2_kg: f64,
    /// Full cycles of all batteries, driving included.
    pub full_cycles: f64,
    /// Departures at a known time with less energy than they needed.
    pub missed_departures: u32,
    /// The schedules that were optimised, if the policy does so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub plans: Option<PlansReport>,
    /// Each battery by itself: vans, then cars, then the stationary one.
    pub units: Vec<UnitReport>,
    /// The site by half hour.
    pub series: SiteSeries,
}

/// How good the optimised schedules were.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PlansReport {
    /// How many.
    pub count: u32,
    /// Largest relative gap between a schedule's cost and its proven bound.
    pub gap_rel: f64,
    /// Largest violation of a balance or limit, kW or kWh.
    pub primal: f64,
    /// Largest violation of complementary slackness.
    pub dual: f64,
    /// Energy that could not be planned for, kWh.
    pub shortfall_kwh: f64,
    /// Cost that the first schedule planned for the day.
    pub planned_yen: f64,
    /// What the same parts came to, less the value of what the batteries hold more than at the begin (the schedule ends as it
    /// began).
    pub realised_yen: f64,
}

/// One battery of a site.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct UnitReport {
    /// Name of a car; absent: a van, whose id is `id`, or the stationary battery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub name: Option<Text>,
    /// Id of a van, `car 1` …, or `stationary`.
    pub id: String,
    /// Usable energy.
    pub capacity_kwh: f64,
    /// Energy below which it must not fall.
    pub reserve_kwh: f64,
    /// Taken from the site.
    pub charged_kwh: f64,
    /// Given to the site.
    pub discharged_kwh: f64,
    /// Used by trips.
    pub used_kwh: f64,
    /// Full cycles.
    pub full_cycles: f64,
    /// Share of the capacity lost by the day.
    pub loss: f64,
    /// What that costs.
    pub wear_yen: f64,
    /// Stored energy: time in seconds, kWh, time, kWh …, linear between.
    pub energy: Vec<f64>,
    /// What it does, one after the other.
    pub activities: Vec<Activity>,
    /// Departures at known times: time in seconds, kWh to have, …
    pub departures: Vec<f64>,
}

/// What a battery does for a while.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Activity {
    /// Begin, seconds from midnight.
    pub from_s: f64,
    /// End.
    pub until_s: f64,
    /// What.
    pub kind: ActivityKind,
    /// Mean power from the site, kW; negative to it.
    pub kw: f64,
}

/// Kinds of activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// With riders, their getting on and off included.
    Ride,
    /// Driving without riders.
    Drive,
    /// A van waiting without a charger.
    Parked,
    /// A car on a trip of its own.
    Away,
    /// At a charger, with nothing to do.
    Plugged,
    /// Taking energy.
    Charging,
    /// Giving energy.
    Discharging,
}

/// The site by half hour; mean powers in kW.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct SiteSeries {
    /// Begin of the first half hour, seconds from midnight.
    pub from_s: f64,
    /// Length of a step, seconds.
    pub step_s: f64,
    /// Load of the building, standby of chargers included.
    pub load_kw: Vec<f64>,
    /// Batteries charging.
    pub charge_kw: Vec<f64>,
    /// Batteries discharging.
    pub discharge_kw: Vec<f64>,
    /// Sun, used.
    pub solar_kw: Vec<f64>,
    /// Wind, used.
    pub wind_kw: Vec<f64>,
    /// Offered by both, and not used.
    pub curtailed_kw: Vec<f64>,
    /// Fuel cell.
    pub fuel_kw: Vec<f64>,
    /// Bought.
    pub import_kw: Vec<f64>,
    /// Sold.
    pub export_kw: Vec<f64>,
    /// Price of energy bought, yen per kWh.
    pub buy_yen: Vec<f64>,
    /// Carbon dioxide of energy bought, kg per kWh.
    pub co2_kg: Vec<f64>,
}

/// Fills in what each van used, charged and drew: used is what the battery lost between two rows of the van without a charger,
/// charged what it gained with one, less what it gave back; drawn is what that took from the site.
pub(super) fn vans(world: &World, log: &Log, vehicles: &mut [VehicleReport]) {
    // By van: energy at the last row, and whether it was plugged in from then on.
    let mut last: Vec<(f64, bool)> =
        world.vans.iter().map(|van| (van.battery.map_or(0.0, |battery| battery.initial_kwh), false)).collect();
    for row in log.van_rows() {
        let Some(id) = row.vehicle else { continue };
        let Some(battery) = world.van(id).battery else { continue };
        let van = &mut vehicles[id.index()];
        let (before_kwh, plugged) = last[id.index()];
        if !plugged {
            van.energy_used_kwh += before_kwh - row.energy_kwh;
        }
        let plugged = match row.event {
            Event::Plug => true,
            Event::Unplug => false,
            _ => plugged,
        };
        last[id.index()] = (row.energy_kwh, plugged);
        let soc = row.energy_kwh / battery.capacity_kwh;
        van.lowest_soc = Some(van.lowest_soc.map_or(soc, |lowest| lowest.min(soc)));
        van.final_soc = Some(soc);
    }
    for (flow, hours) in spans(log) {
        let Unit::Van(id) = flow.unit else { continue };
        let van = &mut vehicles[id.index()];
        van.energy_charged_kwh += flow.stored_kw * hours;
        van.energy_drawn_kwh += flow.site_kw * hours;
        if let Some(battery) = world.van(id).battery {
            let soc = flow.energy_kwh / battery.capacity_kwh;
            van.lowest_soc = Some(van.lowest_soc.map_or(soc, |lowest| lowest.min(soc)));
        }
    }
}

/// Each line of the flows, with the hours until the next one of its battery.
pub(super) fn spans(log: &Log) -> Vec<(Flow, f64)> {
    let end = log.sites.last().map_or(Time::ZERO, |row| row.time + SLOT);
    let mut open: std::collections::BTreeMap<(DepotId, Unit), usize> = std::collections::BTreeMap::new();
    let mut spans: Vec<(Flow, f64)> = Vec::with_capacity(log.flows.len());
    for flow in &log.flows {
        if let Some(before) = open.insert((flow.depot, flow.unit), spans.len()) {
            spans[before].1 = (flow.time - spans[before].0.time).h();
        }
        spans.push((*flow, 0.0));
    }
    for &before in open.values() {
        if spans[before].0.plugged {
            spans[before].1 = (end - spans[before].0.time).h().max(0.0);
        }
    }
    spans
}

/// The accounts of all sites with a contract.
pub(super) fn sites(world: &World, log: &Log) -> Vec<SiteReport> {
    let spans = spans(log);
    let depots = (0..world.depots.len() as u32).map(DepotId);
    depots
        .filter(|depot| world.depots[depot.index()].site.priced)
        .map(|depot| site(world, log, depot, &spans))
        .collect()
}

fn site(world: &World, log: &Log, depot: DepotId, spans: &[(Flow, f64)]) -> SiteReport {
    let spec = &world.depots[depot.index()].site;
    let rows: Vec<&SiteRow> = log.sites.iter().filter(|row| row.depot == depot).collect();
    let slot = |row: &SiteRow| spec.slots[spec.slot_at(world.day.0, row.time)];
    let sum = |value: &dyn Fn(&SiteRow) -> f64| rows.iter().map(|row| SLOT_H * value(row)).sum::<f64>();
    let offered = |row: &SiteRow| row.solar_kw + row.wind_kw;
    let units = units(world, log, depot, spans);

    let used_by_trips: f64 = units.iter().map(|unit| unit.used_kwh).sum();
    let change =
        |unit: &UnitReport| unit.energy.last().copied().unwrap_or(0.0) - unit.energy.get(1).copied().unwrap_or(0.0);
    let stored_kwh: f64 = units.iter().map(change).sum();
    let (charged_kwh, discharged_kwh) = (sum(&|row| row.charge_kw), sum(&|row| row.discharge_kw));
    let (bought_kwh, sold_kwh) = (sum(&|row| row.import_kw), sum(&|row| row.export_kw));
    let (generated_kwh, used_kwh) = (sum(&offered), sum(&|row| row.free_used_kw));
    let fuel_kwh = sum(&|row| row.fuel_kw);
    // By half hour: what batteries sell beyond the own generation was bought.
    let self_consumed_kwh = sum(&|row| (row.free_used_kw - row.export_kw).max(0.0));
    let own_kwh = sum(&|row| (row.free_used_kw + row.fuel_kw - row.export_kw).max(0.0));
    let peak_kw = rows.iter().fold(0.0f64, |most, row| most.max(row.import_kw));
    let billed_kw = peak_kw.max(spec.past_peak_kw);
    let energy_yen = sum(&|row| row.import_kw * slot(row).buy_yen);
    let sold_yen = sum(&|row| row.export_kw * slot(row).sell_yen);
    let demand_yen = spec.demand_yen_per_kw * billed_kw;
    let wear_yen: f64 = units.iter().map(|unit| unit.wear_yen).sum();
    let stored_yen = stored_kwh * stored_value_yen(world, depot);
    let fuel_yen = fuel_kwh * spec.fuel_yen;
    let plans = plans(
        world,
        log,
        depot,
        energy_yen - sold_yen + fuel_yen + spec.peak_yen_per_kw * (billed_kw - spec.past_peak_kw) - stored_yen,
    );
    SiteReport {
        depot: world.scenario.depots[depot.index()].id.clone(),
        name: world.scenario.depots[depot.index()].site.as_ref().map(|site| site.name.clone()),
        tariff: world.scenario.depots[depot.index()].site.as_ref().map(|site| site.tariff.name.clone()),
        load_kwh: sum(&|row| row.load_kw),
        generated_kwh,
        curtailed_kwh: generated_kwh - used_kwh,
        fuel_kwh,
        bought_kwh,
        sold_kwh,
        charged_kwh,
        discharged_kwh,
        standby_kwh: sum(&|row| row.standby_kw),
        stored_kwh,
        lost_kwh: charged_kwh - discharged_kwh - used_by_trips - stored_kwh,
        self_consumed_kwh,
        self_consumption: ratio(self_consumed_kwh, generated_kwh),
        autarky: ratio(own_kwh, own_kwh + bought_kwh),
        peak_kw,
        billed_kw,
        over_limit_kwh: sum(&|row| (row.import_kw - spec.import_limit_kw).max(0.0)),
        energy_yen,
        demand_yen,
        fuel_yen,
        wear_yen,
        sold_yen,
        stored_yen,
        total_yen: energy_yen + demand_yen + fuel_yen + wear_yen - sold_yen - stored_yen,
        co2_kg: sum(&|row| row.import_kw * slot(row).co2_kg),
        full_cycles: units.iter().map(|unit| unit.full_cycles).sum(),
        missed_departures: missed_departures(&units),
        plans,
        series: series(&rows, slot),
        units,
    }
}

/// What a kWh in a battery is worth: what it would cost to charge it, at the day's mean price.
pub(super) fn stored_value_yen(world: &World, depot: DepotId) -> f64 {
    let spec = &world.depots[depot.index()].site;
    let mean = spec.slots.iter().map(|slot| slot.buy_yen).sum::<f64>() / spec.slots.len().max(1) as f64;
    let depot = &world.depots[depot.index()];
    let mut vans = world.vans.iter().filter(|van| van.home == Some(depot.node));
    let van = vans.find_map(|van| Some((van.battery.as_ref()?, depot.chargers.first()?)));
    let efficiency = match (van, spec.cars.first(), &spec.stationary) {
        (Some((battery, charger)), ..) => crate::battery::Link { battery, charger }.charge_efficiency(),
        (None, Some(car), _) => car.unit.link().charge_efficiency(),
        (None, None, Some(stationary)) => stationary.link().charge_efficiency(),
        (None, None, None) => 1.0,
    };
    mean / efficiency
}

fn plans(world: &World, log: &Log, depot: DepotId, paid_yen: f64) -> Option<PlansReport> {
    let rows = || log.plans.iter().filter(|plan| plan.depot == depot);
    let first = rows().next()?;
    let worst = |value: fn(&crate::log::PlanRow) -> f64| rows().map(value).fold(0.0, f64::max);
    let wear_yen: f64 = spans(log)
        .iter()
        .filter(|(flow, _)| flow.depot == depot)
        .map(|(flow, hours)| (-flow.stored_kw).max(0.0) * hours * wear_rate(world, flow))
        .sum();
    Some(PlansReport {
        count: rows().count() as u32,
        gap_rel: worst(|plan| plan.gap_rel),
        primal: worst(|plan| plan.primal),
        dual: worst(|plan| plan.dual),
        shortfall_kwh: worst(|plan| plan.shortfall_kwh),
        planned_yen: first.cost_yen,
        realised_yen: paid_yen + wear_yen,
    })
}

fn wear_rate(world: &World, flow: &Flow) -> f64 {
    let site = &world.depots[flow.depot.index()].site;
    match flow.unit {
        Unit::Van(van) => world.van(van).battery.map_or(0.0, |battery| battery.wear_yen_per_kwh),
        Unit::Car(car) => site.cars[car as usize].unit.battery.wear_yen_per_kwh,
        Unit::Stationary => site.stationary.as_ref().map_or(0.0, |unit| unit.battery.wear_yen_per_kwh),
    }
}

fn missed_departures(units: &[UnitReport]) -> u32 {
    let short = |unit: &UnitReport| {
        let departures = unit.departures.chunks_exact(2).filter(|departure| {
            let (time, needed) = (departure[0], departure[1]);
            let at = unit.energy.chunks_exact(2).rfind(|point| point[0] <= time);
            at.is_some_and(|point| point[1] < needed - 1e-6)
        });
        departures.count() as u32
    };
    units.iter().map(short).sum()
}

fn series(rows: &[&SiteRow], slot: impl Fn(&SiteRow) -> crate::site::SlotSpec) -> SiteSeries {
    let column = |value: &dyn Fn(&SiteRow) -> f64| rows.iter().map(|row| value(row)).collect::<Vec<f64>>();
    let share = |row: &SiteRow| ratio(row.free_used_kw, row.solar_kw + row.wind_kw).unwrap_or(0.0);
    SiteSeries {
        from_s: rows.first().map_or(0.0, |row| row.time.s()),
        step_s: SLOT.s(),
        load_kw: column(&|row| row.load_kw + row.standby_kw),
        charge_kw: column(&|row| row.charge_kw),
        discharge_kw: column(&|row| row.discharge_kw),
        solar_kw: column(&|row| row.solar_kw * share(row)),
        wind_kw: column(&|row| row.wind_kw * share(row)),
        curtailed_kw: column(&|row| (row.solar_kw + row.wind_kw) * (1.0 - share(row))),
        fuel_kw: column(&|row| row.fuel_kw),
        import_kw: column(&|row| row.import_kw),
        export_kw: column(&|row| row.export_kw),
        buy_yen: column(&|row| slot(row).buy_yen),
        co2_kg: column(&|row| slot(row).co2_kg),
    }
}

fn units(world: &World, log: &Log, depot: DepotId, spans: &[(Flow, f64)]) -> Vec<UnitReport> {
    let spec = &world.depots[depot.index()];
    let outdoor_c = world.scenario.day.outdoor_c;
    let mut units = Vec::new();
    for (v, van) in world.vans.iter().enumerate() {
        let (Some(battery), true) = (&van.battery, van.home == Some(spec.node)) else { continue };
        let Some(ageing) = world.scenario.vehicles()[v].battery.as_ref().map(|battery| &battery.ageing) else {
            continue;
        };
        let unit = Unit::Van(VehicleId(v as u32));
        let id = world.scenario.vehicles()[v].id.clone();
        let mut report = UnitReport { id, ..new_unit(battery) };
        fill(&mut report, world, log, unit, depot, spans);
        age(&mut report, ageing, outdoor_c);
        units.push(report);
    }
    let cars = spec.site.cars.iter().enumerate().map(|(i, car)| {
        let trips = car.trips.iter().flat_map(|trip| [trip.0.s(), car.unit.battery.reserve_kwh + trip.2]);
        let base = UnitReport {
            name: Some(car.name.clone()),
            id: format!("car {}", i + 1),
            departures: trips.collect(),
            ..new_unit(&car.unit.battery)
        };
        (Unit::Car(i as u32), base, &car.unit.ageing)
    });
    let stationary = spec.site.stationary.iter().map(|battery| {
        (Unit::Stationary, UnitReport { id: "stationary".into(), ..new_unit(&battery.battery) }, &battery.ageing)
    });
    for (unit, mut report, ageing) in cars.chain(stationary) {
        fill(&mut report, world, log, unit, depot, spans);
        age(&mut report, ageing, outdoor_c);
        units.push(report);
    }
    units
}

fn new_unit(battery: &crate::battery::BatterySpec) -> UnitReport {
    UnitReport {
        capacity_kwh: battery.capacity_kwh,
        reserve_kwh: battery.reserve_kwh,
        energy: vec![0.0, battery.initial_kwh],
        ..UnitReport::default()
    }
}

/// Energies and activities of one battery, in the order of time.
fn fill(report: &mut UnitReport, world: &World, log: &Log, unit: Unit, depot: DepotId, spans: &[(Flow, f64)]) {
    report.energy[0] = world.day.0.s();
    let mut changes: Vec<(Time, ActivityKind, f64)> = Vec::new();
    // Points of a van from its rows, in one order of time with those of its flows.
    let mut points: Vec<(Time, f64)> = Vec::new();
    if let Unit::Van(van) = unit {
        let mut plugged = false;
        for row in log.van_rows().filter(|row| row.vehicle == Some(van)) {
            points.push((row.time, row.energy_kwh));
            plugged = match row.event {
                Event::Plug => true,
                Event::Unplug => false,
                _ => plugged,
            };
            let kind = match row.event {
                _ if plugged => continue,
                Event::Pickup | Event::Dropoff => ActivityKind::Ride,
                Event::Depart | Event::Pass if row.load > 0 => ActivityKind::Ride,
                Event::Depart | Event::Pass => ActivityKind::Drive,
                _ => ActivityKind::Parked,
            };
            changes.push((row.time, kind, 0.0));
            // The last rider is off: it stands there until its next row.
            if let (Event::Dropoff, Some(request), 0) = (row.event, row.request, row.load) {
                changes.push((row.time + log.requests[request.index()].dwell, ActivityKind::Parked, 0.0));
            }
        }
    }
    let mut away_kwh = None;
    for &(flow, hours) in spans.iter().filter(|(flow, _)| flow.depot == depot && flow.unit == unit) {
        points.push((flow.time, flow.energy_kwh));
        if flow.plugged {
            report.charged_kwh += flow.site_kw.max(0.0) * hours;
            report.discharged_kwh += (-flow.site_kw).max(0.0) * hours;
            let kind = match flow.site_kw {
                power if power > 0.0 => ActivityKind::Charging,
                power if power < 0.0 => ActivityKind::Discharging,
                _ => ActivityKind::Plugged,
            };
            // A power set at the moment at which the van leaves is none.
            if hours > 0.0 {
                changes.push((flow.time, kind, flow.site_kw));
            }
            if let Some(before) = away_kwh.take() {
                report.used_kwh += before - flow.energy_kwh;
            }
        } else if matches!(unit, Unit::Car(_)) {
            away_kwh = Some(flow.energy_kwh);
            changes.push((flow.time, ActivityKind::Away, 0.0));
        }
        if flow.plugged && hours > 0.0 {
            points.push((flow.time + Time::from_s(hours * 3_600.0), flow.energy_kwh + flow.stored_kw * hours));
        }
    }
    points.sort_by_key(|point| point.0);
    changes.sort_by_key(|change| change.0);
    for (time, energy_kwh) in points {
        report.energy.extend([time.s(), energy_kwh]);
    }
    if let Unit::Van(van) = unit {
        let mut vehicles = vec![VehicleReport::default(); world.vans.len()];
        vans(world, log, &mut vehicles);
        report.used_kwh = vehicles[van.index()].energy_used_kwh;
    }
    let end = world.day.1.s();
    for (i, &(time, kind, kw)) in changes.iter().enumerate() {
        let until_s = changes.get(i + 1).map_or(end, |next| next.0.s());
        match report.activities.last_mut() {
            _ if until_s <= time.s() => {}
            Some(last) if last.kind == kind && last.until_s == time.s() => {
                let (before, now) = (last.until_s - last.from_s, until_s - time.s());
                last.kw = (last.kw * before + kw * now) / (before + now);
                last.until_s = until_s;
            }
            _ => report.activities.push(Activity { from_s: time.s(), until_s, kind, kw }),
        }
    }
}

/// What the day did to a battery: rest at the mean charge, and swings between the lowest and the highest. Its cost is the share
/// of the battery's life that it took: rest and swings each have a life, the time or the cycles that would alone wear the battery
/// out, and shares add up (linear damage; Miner 1945). So a cycle costs the same whenever in the battery's life it is made.
fn age(report: &mut UnitReport, spec: &Ageing, outdoor_c: f64) {
    let points = || report.energy.chunks_exact(2).map(|point| (point[0], point[1]));
    let (mut moved, mut area, mut time) = (0.0, 0.0, 0.0);
    for ((t0, e0), (t1, e1)) in points().zip(points().skip(1)) {
        moved += (e1 - e0).abs();
        area += (e0 + e1) / 2.0 * (t1 - t0);
        time += t1 - t0;
    }
    let capacity = report.capacity_kwh;
    let (low, high) = points().fold((f64::INFINITY, 0.0f64), |(low, high), (_, e)| (low.min(e), high.max(e)));
    let mean_soc = ratio(area, time * capacity).unwrap_or(report.energy[1] / capacity);
    let depth = (high - low) / capacity;
    let days = time / 86_400.0;
    report.full_cycles = moved / 2.0 / capacity;
    let mut age = Age::default();
    age.rest(mean_soc, outdoor_c, spec.age_years * 365.0, spec.scale);
    age.cycle(spec.full_cycles, depth, mean_soc, spec.scale);
    let before = age.loss();
    age.rest(mean_soc, outdoor_c, days, spec.scale);
    age.cycle(report.full_cycles, depth, mean_soc, spec.scale);
    report.loss = age.loss() - before;
    let Ageing { end_of_life_loss, scale, .. } = *spec;
    let spent = days / ageing::calendar_life_days(end_of_life_loss, mean_soc, outdoor_c, scale)
        + report.full_cycles / ageing::cycle_life(end_of_life_loss, depth, mean_soc, scale);
    report.wear_yen = spent * spec.replacement_yen_per_kwh * capacity;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{TOWNS, read};

    #[test]
    fn a_plan_pays_for_cycles_what_the_report_counts() {
        let world = World::new(&read(TOWNS[0].1).expect("the built-in town is valid"));
        let car = &world.depots[0].site.cars[0].unit;
        let capacity = car.battery.capacity_kwh;
        // From 85 to 35 % and back, as wear is priced, against a day of rest at their mean of 60 %.
        let day = |high: f64, low: f64| {
            let kwh = |soc: f64| soc * capacity;
            let energy = vec![0.0, kwh(high), 43_200.0, kwh(low), 86_400.0, kwh(high)];
            let mut report = UnitReport { energy, capacity_kwh: capacity, ..UnitReport::default() };
            age(&mut report, &car.ageing, 20.0);
            report
        };
        let (cycled, rested) = (day(0.85, 0.35), day(0.6, 0.6));
        assert_eq!((cycled.full_cycles, rested.full_cycles), (0.5, 0.0));
        let planned_yen = 0.5 * capacity * car.battery.wear_yen_per_kwh;
        assert!((cycled.wear_yen - rested.wear_yen - planned_yen).abs() < 1e-9, "{cycled:?} {planned_yen}");
        assert!(rested.wear_yen > 0.0 && planned_yen > 1.0);
    }
}
