//! Questions that take more than one run: the same day under other charging policies, a power cut under each of them, a year.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::charging::{ChargingPolicy, Forecast};
use crate::log::Log;
use crate::report::energy::{SiteReport, UnitReport};
use crate::report::resilience::{self, PowerCut};
use crate::report::{self, Against, Compared, Report};
use crate::scenario::{Ageing, Scenario, Text};
use crate::sim::{self, Simulation};
use crate::units::{Clock, Time};
use crate::world::World;

/// A day, and what it would have been under other charging policies. Each is lived through when it is first asked about, and
/// kept.
pub struct Days {
    /// The scenario's own policy.
    own: ChargingPolicy,
    /// What all policies may expect of the demand, once one of them has asked.
    forecast: Option<Arc<Forecast>>,
    /// The scenario's own day first.
    days: Vec<Day>,
}

struct Day {
    world: Arc<World>,
    log: Log,
    report: Report,
}

impl Day {
    fn new(world: Arc<World>, log: Log) -> Day {
        let report = report::report(&world, &log);
        Day { world, log, report }
    }

    fn policy(&self) -> &ChargingPolicy {
        &self.world.scenario.policies.charging
    }
}

/// A power cut at one site under one charging policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct CutByPolicy {
    /// The policy's word in the scenario.
    pub policy: String,
    /// Requests served on a day without a cut.
    pub served: u32,
    /// Id of the site's depot.
    pub depot: String,
    /// What the cut would mean.
    pub cut: PowerCut,
}

impl Days {
    /// From a day that was lived through, with the forecast that its policy looked at, if it is at hand.
    pub fn new(world: Arc<World>, log: Log, forecast: Option<Arc<Forecast>>) -> Days {
        let own = world.scenario.policies.charging.clone();
        let forecast = forecast.filter(|_| !knows_the_day(&own));
        Days { own, forecast, days: vec![Day::new(world, log)] }
    }

    /// The figures of the day, compared with the same day under other charging policies.
    pub fn compared_report(&mut self) -> Report {
        let compared = self.against().into_iter().map(|against| self.compared(against)).collect();
        let mut report = self.days[0].report.clone();
        report.compare(compared);
        report
    }

    /// What the day is compared with: `immediate`; for a two-way optimum also the one-way one; for an optimum also the one
    /// with perfect foresight. For `immediate` itself, the optimum: what there is to gain.
    pub fn against(&self) -> Vec<Against> {
        if self.days[0].report.sites.is_empty() {
            return Vec::new();
        }
        match self.own {
            ChargingPolicy::Immediate { .. } => vec![Against::Optimal],
            ChargingPolicy::Optimal { discharge: true, foresight: false, .. } => {
                vec![Against::Immediate, Against::OneWay, Against::Foresight]
            }
            ChargingPolicy::Optimal { discharge: false, foresight: false, .. } => {
                vec![Against::Immediate, Against::Foresight]
            }
            _ => vec![Against::Immediate],
        }
    }

    /// The figures of one of [`Days::against`].
    pub fn compared(&mut self, against: Against) -> Compared {
        let below_soc = self.own.below_soc();
        let gives_back = !matches!(self.own, ChargingPolicy::Optimal { discharge: false, .. });
        let optimal = |discharge, foresight| ChargingPolicy::Optimal { below_soc, discharge, foresight };
        let policy = match against {
            Against::Immediate => ChargingPolicy::Immediate { below_soc },
            Against::OneWay => optimal(false, false),
            Against::Foresight => optimal(gives_back, true),
            Against::Optimal => optimal(true, false),
        };
        self.day(&policy).report.compared(against)
    }

    /// A power cut at each site with critical loads, under the scenario's policy and under every other one.
    pub fn cuts(&mut self, from: Time, hours: f64) -> Vec<CutByPolicy> {
        let policies = self.cut_policies(hours);
        policies.iter().flat_map(|policy| self.cuts_under(policy, from, hours)).collect()
    }

    /// The policies under which a power cut of so many hours is looked at: one of each kind, with the scenario's own
    /// parameters where it has them.
    pub fn cut_policies(&self, hours: f64) -> Vec<ChargingPolicy> {
        let below_soc = self.own.below_soc();
        let depots = &self.days[0].world.depots;
        let limit_kw =
            depots.iter().flat_map(|depot| &depot.site.slots).fold(1.0f64, |most, slot| most.max(slot.load_kw));
        let night = |hour: i32| Clock(Time(hour * Time::HOUR.0));
        let mut policies = vec![
            ChargingPolicy::Immediate { below_soc },
            ChargingPolicy::OffPeak { below_soc, from: night(22), until: night(32) },
            ChargingPolicy::Solar { below_soc },
            ChargingPolicy::PeakCap { below_soc, limit_kw },
            ChargingPolicy::Optimal { below_soc, discharge: true, foresight: false },
            ChargingPolicy::Backup { below_soc, hours },
        ];
        for policy in policies.iter_mut().filter(|policy| word(policy) == word(&self.own)) {
            *policy = self.own.clone();
        }
        policies
    }

    /// A power cut at each site with critical loads, under one policy.
    pub fn cuts_under(&mut self, policy: &ChargingPolicy, from: Time, hours: f64) -> Vec<CutByPolicy> {
        let day = self.day(policy);
        let cut = |site: &SiteReport| {
            let cut =
                resilience::power_cut(&day.world, &day.log, site, from, hours).filter(|cut| cut.critical_kw > 0.0)?;
            Some(CutByPolicy { policy: word(policy), served: day.report.served, depot: site.depot.clone(), cut })
        };
        day.report.sites.iter().filter_map(cut).collect()
    }

    /// The day under a policy.
    fn day(&mut self, policy: &ChargingPolicy) -> &Day {
        let index = match self.days.iter().position(|day| day.policy() == policy) {
            Some(index) => index,
            None => {
                // Lengths of power cuts come one after the other, and none comes back.
                self.days.retain(|day| {
                    *day.policy() == self.own || word(day.policy()) != "backup" || word(policy) != "backup"
                });
                let world = Arc::new(self.days[0].world.with(|scenario| scenario.policies.charging = policy.clone()));
                let forecast = self.forecast(&world);
                let log = Simulation::with_forecast(Arc::clone(&world), forecast).run();
                self.days.push(Day::new(world, log));
                self.days.len() - 1
            }
        };
        &self.days[index]
    }

    /// What the policy of a world may expect.
    fn forecast(&mut self, world: &World) -> Option<Arc<Forecast>> {
        let policy = &world.scenario.policies.charging;
        if !policy.needs_forecast() {
            return None;
        }
        if let ChargingPolicy::Optimal { below_soc, discharge, foresight: true } = *policy {
            let blind = ChargingPolicy::Optimal { below_soc, discharge, foresight: false };
            return Some(Arc::new(Forecast::new(world, std::slice::from_ref(&self.day(&blind).log))));
        }
        if self.forecast.is_none() {
            self.forecast = sim::forecast_for(world);
        }
        self.forecast.clone()
    }
}

fn knows_the_day(policy: &ChargingPolicy) -> bool {
    matches!(policy, ChargingPolicy::Optimal { foresight: true, .. })
}

/// A policy's word in the scenario.
pub fn word(policy: &ChargingPolicy) -> String {
    let word = match policy {
        ChargingPolicy::Immediate { .. } => "immediate",
        ChargingPolicy::OffPeak { .. } => "off_peak",
        ChargingPolicy::Solar { .. } => "solar",
        ChargingPolicy::PeakCap { .. } => "peak_cap",
        ChargingPolicy::Optimal { .. } => "optimal",
        ChargingPolicy::Backup { .. } => "backup",
    };
    word.to_string()
}

/// A year of days, each of which begins with the charge, the age and the billed peak that the one before left.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct YearReport {
    /// Days lived through.
    pub days: u32,
    /// Requests received.
    pub requests: u32,
    /// Requests served.
    pub served: u32,
    /// Requests refused for lack of charge.
    pub refused_for_charge: u32,
    /// Used by the sites' buildings, kWh.
    pub load_kwh: f64,
    /// Offered by sun and wind, kWh.
    pub generated_kwh: f64,
    /// From fuel cells, kWh.
    pub fuel_kwh: f64,
    /// Bought, kWh.
    pub bought_kwh: f64,
    /// Sold, kWh.
    pub sold_kwh: f64,
    /// Given back by batteries, kWh.
    pub discharged_kwh: f64,
    /// Own generation used / all that was used.
    pub own_share: f64,
    /// Paid for energy, yen.
    pub energy_yen: f64,
    /// Paid for peaks, yen: each month the highest of it and those before.
    pub demand_yen: f64,
    /// Paid for fuel, yen.
    pub fuel_yen: f64,
    /// Wear of batteries, yen.
    pub wear_yen: f64,
    /// Earned with energy sold, yen.
    pub sold_yen: f64,
    /// All of it, yen.
    pub total_yen: f64,
    /// Carbon dioxide, kg.
    pub co2_kg: f64,
    /// Departures at a known time with less energy than they needed.
    pub missed_departures: u32,
    /// Highest share of a battery's capacity that was lost.
    pub loss: f64,
    /// Highest half-hour mean by month of all sites together, in the order of time, kW.
    pub peaks_kw: Vec<f64>,
    /// Peak that each month is billed for, kW.
    pub billed_kw: Vec<f64>,
}

/// Lives through `days` days from the scenario's date on.
///
/// Each day has demand of its own, and the month's temperature. A kW of peak is worth avoiding for as long as it is billed:
/// this month and the eleven after.
///
/// # Errors
/// If days do not follow on each other, since a service goes on past four in the morning or opens before.
pub fn year(world: &World, days: u32) -> Result<YearReport, Text> {
    let mut report = YearReport::default();
    let mut energies: Vec<Vec<f64>> = Vec::new();
    let mut billed_kw: Vec<f64> = world.depots.iter().map(|depot| depot.site.past_peak_kw).collect();
    let mut month = None;
    let mut date = world.scenario.date().ok_or_else(|| Text::new("日付がありません。", "the scenario has no date"))?;
    let mut losses: Vec<f64> = Vec::new();
    let mut scenario = world.scenario.clone();
    for day in 0..days {
        let mut world = world.with(|next| {
            next.fleet = scenario.fleet.clone();
            next.depots = scenario.depots.clone();
            next.day.date = date.to_string();
            next.day.outdoor_c = next.day.outdoor_by_month_c[usize::from(u8::from(date.month())) - 1];
            next.seed = crate::charging::forecast::seed(next.seed, 1_000 + u64::from(day));
        });
        if world.day != (Time(4 * Time::HOUR.0), Time(28 * Time::HOUR.0)) {
            return Err(Text::new(
                format!(
                    "{date} の運行は朝4時をまたぐため、日をつなげられません。運行時間を 4:00 から 28:00 までにしてください。"
                ),
                format!(
                    "the service of {date} goes past four in the morning, so that days do not follow on each other: keep it between 04:00 and 28:00"
                ),
            ));
        }
        carry(&mut world, &energies, &billed_kw);
        let world = Arc::new(world);
        let forecast = sim::forecast_for(&world);
        let log = Simulation::with_forecast(Arc::clone(&world), forecast).run();
        let one = report::report(&world, &log);
        report.days += 1;
        report.requests += one.requests;
        report.served += one.served;
        report.refused_for_charge += one.refused_for_charge();
        if month != Some(date.month()) {
            month = Some(date.month());
            report.peaks_kw.push(0.0);
            report.billed_kw.push(0.0);
        }
        energies = vec![Vec::new(); world.depots.len()];
        for site in &one.sites {
            let Some(depot) = world.scenario.depots.iter().position(|depot| depot.id == site.depot) else { continue };
            energies[depot] = site.units.iter().map(|unit| unit.energy.last().copied().unwrap_or(0.0)).collect();
            billed_kw[depot] = billed_kw[depot].max(site.peak_kw);
            let tariff = scenario.depots[depot].site.as_ref().map(|site| &site.tariff);
            let in_month = f64::from(time::util::days_in_month(date.month(), date.year()));
            // A month is billed for its highest peak: what a day adds to it is billed for the month's other days too.
            report.demand_yen +=
                tariff.map_or(0.0, |tariff| tariff.demand_yen_per_kw_month()) * billed_kw[depot] / in_month;
            report.add(site);
            let units = site.units.iter();
            losses.resize(losses.len().max(units.len()), 0.0);
            losses.iter_mut().zip(units).for_each(|(loss, unit)| *loss += unit.loss);
            grow_older(&mut scenario, depot, &site.units);
        }
        let peaks: f64 = one.sites.iter().map(|site| site.peak_kw).sum();
        if let (Some(peak), Some(billed)) = (report.peaks_kw.last_mut(), report.billed_kw.last_mut()) {
            *peak = peak.max(peaks);
            *billed = billed_kw.iter().sum();
        }
        date = date.next_day().unwrap_or(date);
    }
    let own_kwh = report.load_kwh.max(1e-9);
    report.own_share = (report.generated_kwh + report.fuel_kwh) / own_kwh;
    report.total_yen = report.energy_yen + report.demand_yen + report.fuel_yen + report.wear_yen - report.sold_yen;
    report.loss = losses.iter().copied().fold(0.0, f64::max);
    Ok(report)
}

impl YearReport {
    fn add(&mut self, site: &SiteReport) {
        for (sum, value) in [
            (&mut self.load_kwh, site.load_kwh),
            (&mut self.generated_kwh, site.generated_kwh - site.curtailed_kwh),
            (&mut self.fuel_kwh, site.fuel_kwh),
            (&mut self.bought_kwh, site.bought_kwh),
            (&mut self.sold_kwh, site.sold_kwh),
            (&mut self.discharged_kwh, site.discharged_kwh),
            (&mut self.energy_yen, site.energy_yen),
            (&mut self.fuel_yen, site.fuel_yen),
            (&mut self.wear_yen, site.wear_yen),
            (&mut self.sold_yen, site.sold_yen),
            (&mut self.co2_kg, site.co2_kg),
        ] {
            *sum += value;
        }
        self.missed_departures += site.missed_departures;
    }
}

/// Begins a day with the energies and the peak that the day before left. Units are in the order of the site's report.
fn carry(world: &mut World, energies: &[Vec<f64>], billed_kw: &[f64]) {
    let World { depots, vans, scenario, .. } = world;
    for (index, depot) in depots.iter_mut().enumerate() {
        let tariff = scenario.depots[index].site.as_ref().map(|site| &site.tariff);
        depot.site.past_peak_kw = billed_kw[index];
        depot.site.peak_yen_per_kw = tariff.map_or(0.0, |tariff| 12.0 * tariff.demand_yen_per_kw_month());
        let mut energies = energies.get(index).into_iter().flatten();
        let home = depot.node;
        let vans = vans.iter_mut().filter(|van| van.home == Some(home)).filter_map(|van| van.battery.as_mut());
        let cars = depot.site.cars.iter_mut().map(|car| &mut car.unit.battery);
        let stationary = depot.site.stationary.iter_mut().map(|unit| &mut unit.battery);
        for battery in vans.chain(cars).chain(stationary) {
            if let Some(energy_kwh) = energies.next() {
                battery.initial_kwh = energy_kwh.clamp(0.0, battery.capacity_kwh);
            }
        }
    }
}

/// A day more, and its cycles, for the batteries of a depot.
fn grow_older(scenario: &mut Scenario, depot: usize, units: &[UnitReport]) {
    let id = scenario.depots[depot].id.clone();
    let mut units = units.iter();
    let older = |ageing: &mut Ageing, units: usize, reports: &mut std::slice::Iter<UnitReport>| {
        let cycles: f64 = reports.by_ref().take(units).map(|unit| unit.full_cycles).sum();
        ageing.age_years += 1.0 / 365.0;
        ageing.full_cycles += cycles / units.max(1) as f64;
    };
    let vans = scenario.fleet.vehicles.iter_mut().filter(|van| van.depot.as_deref() == Some(&id));
    for battery in vans.filter_map(|van| van.battery.as_mut()) {
        older(&mut battery.ageing, 1, &mut units);
    }
    if let Some(site) = &mut scenario.depots[depot].site {
        for cars in &mut site.cars {
            older(&mut cars.battery.ageing, cars.count as usize, &mut units);
        }
        if let Some(battery) = &mut site.battery {
            older(&mut battery.ageing, 1, &mut units);
        }
    }
}
