//! Questions that take more than one run: the same day under other charging policies, a power cut under each of them, a year.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::charging::{ChargingPolicy, Forecast};
use crate::log::Log;
use crate::report::energy::{SiteReport, UnitReport};
use crate::report::resilience::{self, PowerCut};
use crate::report::{self, Against, Compared, Report};
use crate::scenario::{Ageing, Cars, Depot, Scenario, Text};
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
    /// Own generation used / what the buildings used.
    pub own_share: f64,
    /// Paid for energy, yen.
    pub energy_yen: f64,
    /// Paid for peaks, yen: each month for its highest and that of the eleven before; a part of a month pro rata.
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
    /// Largest relative gap between the cost of any schedule and its proven bound; 0 where nothing is optimised.
    pub gap_rel: f64,
    /// Highest half-hour mean by month, in the order of time, of all sites added up, kW.
    pub peaks_kw: Vec<f64>,
    /// Peak that each month is billed for, kW.
    pub billed_kw: Vec<f64>,
}

/// A site's meter over months.
#[derive(Debug, Clone, Default)]
struct Meter {
    /// Highest half-hour mean by month, kW; the first is that of before the first day.
    peaks_kw: Vec<f64>,
    /// Demand charge of a kW and month.
    yen_per_kw: f64,
}

impl Meter {
    /// What a site knows before its first day. Which of the eleven months before had their peak is not known: it is taken to be
    /// the last of them.
    fn new(depot: &Depot) -> Meter {
        let tariff = depot.site.as_ref().map(|site| &site.tariff);
        Meter {
            peaks_kw: vec![tariff.map_or(0.0, |tariff| tariff.past_peak_kw)],
            yen_per_kw: tariff.map_or(0.0, |tariff| tariff.demand_yen_per_kw_month()),
        }
    }

    /// Peak that a month is billed for, counted from 1: the highest of it and of the eleven before.
    fn billed_kw(&self, month: usize) -> f64 {
        self.peaks_kw[month.saturating_sub(11)..=month].iter().fold(0.0, |most, kw| most.max(*kw))
    }
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
    let mut scenario = world.scenario.clone();
    let mut date = scenario.date().ok_or_else(|| Text::new("日付がありません。", "the scenario has no date"))?;
    let mut energies: Vec<Vec<f64>> = vec![Vec::new(); scenario.depots.len()];
    let mut losses: Vec<Vec<f64>> = energies.clone();
    let mut meters: Vec<Meter> = scenario.depots.iter().map(Meter::new).collect();
    // Share of each month that is lived through.
    let mut shares: Vec<f64> = Vec::new();
    for day in 0..days {
        if day == 0 || date.day() == 1 {
            shares.push(0.0);
            meters.iter_mut().for_each(|meter| meter.peaks_kw.push(0.0));
        }
        let month = shares.len();
        shares[month - 1] += 1.0 / f64::from(time::util::days_in_month(date.month(), date.year()));
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
        carry(&mut world, &energies, &meters);
        let world = Arc::new(world);
        let forecast = sim::forecast_for(&world);
        let log = Simulation::with_forecast(Arc::clone(&world), forecast).run();
        let one = report::report(&world, &log);
        report.days += 1;
        report.requests += one.requests;
        report.served += one.served;
        report.refused_for_charge += one.refused_for_charge();
        for site in &one.sites {
            let Some(depot) = world.scenario.depots.iter().position(|depot| depot.id == site.depot) else { continue };
            energies[depot] = site.units.iter().map(|unit| unit.energy.last().copied().unwrap_or(0.0)).collect();
            let peak_kw = &mut meters[depot].peaks_kw[month];
            *peak_kw = peak_kw.max(site.peak_kw);
            report.add(site);
            losses[depot].resize(site.units.len(), 0.0);
            losses[depot].iter_mut().zip(&site.units).for_each(|(loss, unit)| *loss += unit.loss);
            grow_older(&mut scenario, depot, &site.units);
        }
        date = date.next_day().unwrap_or(date);
    }
    for (month, share) in (1..).zip(&shares) {
        report.peaks_kw.push(meters.iter().map(|meter| meter.peaks_kw[month]).sum());
        report.billed_kw.push(meters.iter().map(|meter| meter.billed_kw(month)).sum());
        report.demand_yen += meters.iter().map(|meter| share * meter.yen_per_kw * meter.billed_kw(month)).sum::<f64>();
    }
    report.own_share = (report.generated_kwh + report.fuel_kwh) / report.load_kwh.max(1e-9);
    report.total_yen = report.energy_yen + report.demand_yen + report.fuel_yen + report.wear_yen - report.sold_yen;
    report.loss = losses.iter().flatten().copied().fold(0.0, f64::max);
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
        self.gap_rel = site.plans.as_ref().map_or(self.gap_rel, |plans| self.gap_rel.max(plans.gap_rel));
    }
}

/// Begins a day with the energies and the peak that the day before left. Units are in the order of the site's report.
fn carry(world: &mut World, energies: &[Vec<f64>], meters: &[Meter]) {
    let World { depots, vans, .. } = world;
    for ((depot, energies), meter) in depots.iter_mut().zip(energies).zip(meters) {
        depot.site.past_peak_kw = meter.billed_kw(meter.peaks_kw.len() - 1);
        depot.site.peak_yen_per_kw = 12.0 * meter.yen_per_kw;
        let mut energies = energies.iter();
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
    world.assign_buses();
}

/// A day more, and its cycles, for the batteries of a depot; what they lost by it they no longer hold. Equal cars age alike, by
/// their mean.
fn grow_older(scenario: &mut Scenario, depot: usize, units: &[UnitReport]) {
    let id = scenario.depots[depot].id.clone();
    let mut units = units.iter();
    let older =
        |ageing: &mut Ageing, capacity_kwh: &mut f64, count: usize, units: &mut std::slice::Iter<UnitReport>| {
            let share = 1.0 / count.max(1) as f64;
            ageing.age_years += 1.0 / 365.0;
            for unit in units.by_ref().take(count) {
                ageing.full_cycles += share * unit.full_cycles;
                *capacity_kwh *= 1.0 - share * unit.loss;
            }
        };
    let vans = scenario.vehicles_mut().iter_mut().filter(|van| van.depot.as_deref() == Some(&id));
    for battery in vans.filter_map(|van| van.battery.as_mut()) {
        older(&mut battery.ageing, &mut battery.capacity_kwh, 1, &mut units);
    }
    if let Some(site) = &mut scenario.depots[depot].site {
        for Cars { count, battery, .. } in &mut site.cars {
            older(&mut battery.ageing, &mut battery.capacity_kwh, *count as usize, &mut units);
        }
        if let Some(battery) = &mut site.battery {
            older(&mut battery.ageing, &mut battery.capacity_kwh, 1, &mut units);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Battery;
    use crate::units::DepotId;

    fn namie() -> World {
        let (_, json) = crate::scenario::TOWNS[0];
        World::new(&crate::scenario::read(json).expect("the built-in town is valid"))
    }

    #[test]
    fn a_month_is_billed_for_the_highest_of_it_and_the_eleven_before() {
        // 50 kW before; then the first month had 90 kW, and every other one as many kW as its number.
        let mut meter = Meter { peaks_kw: (0..=13).map(f64::from).collect(), yen_per_kw: 1.0 };
        (meter.peaks_kw[0], meter.peaks_kw[1]) = (50.0, 90.0);
        let billed = |meter: &Meter| (1..=13).map(|month| meter.billed_kw(month)).collect::<Vec<f64>>();
        assert_eq!(billed(&meter)[..12], [90.0; 12]);
        // The thirteenth month looks back on the second.
        assert_eq!(billed(&meter)[12], 13.0);
        // What was before counts for eleven months.
        meter.peaks_kw[1] = 1.0;
        assert_eq!((meter.billed_kw(11), meter.billed_kw(12)), (50.0, 12.0));
    }

    #[test]
    fn electric_buses_go_on_with_what_is_left() {
        let world = namie().with(|scenario| {
            let battery = scenario.fleet.vehicles[0].battery.clone();
            let bus = &mut scenario.fixed_route.as_mut().expect("a line").vehicles[0];
            bus.battery = battery.map(|battery| Battery { capacity_kwh: 100.0, ..battery });
            scenario.policies.matching = crate::matching::MatchingPolicy::by_name("fixed_route").expect("a policy");
        });
        let (three, one) = (year(&world, 3).expect("days follow"), year(&world, 1).expect("a day"));
        assert!(three.served > one.served && three.requests > one.requests, "{three:?}");
    }

    #[test]
    fn a_day_begins_as_the_one_before_has_ended() {
        let mut world = namie();
        let meter = Meter { peaks_kw: vec![70.0, 20.0], yen_per_kw: 1_700.0 };
        // Three vans, then five cars.
        let energies: Vec<f64> = (0..8).map(|unit| 10.0 + f64::from(unit)).collect();
        carry(&mut world, std::slice::from_ref(&energies), &[meter]);
        let site = &world.depots[0].site;
        let vans = world.vans.iter().filter_map(|van| van.battery.as_ref());
        let begun: Vec<f64> =
            vans.chain(site.cars.iter().map(|car| &car.unit.battery)).map(|battery| battery.initial_kwh).collect();
        assert_eq!(begun, energies);
        // A kW more is paid for twelve months.
        assert_eq!((site.past_peak_kw, site.peak_yen_per_kw), (70.0, 12.0 * 1_700.0));
    }

    #[test]
    fn batteries_grow_older_by_what_the_day_did_to_them() {
        let mut scenario = namie().scenario;
        let unit = |full_cycles, loss| UnitReport { full_cycles, loss, ..UnitReport::default() };
        // Three vans, three cars that age alike, two more.
        let units = [0.5, 1.0, 1.5, 0.3, 0.6, 0.9, 0.0, 0.0].map(|cycles| unit(cycles, cycles / 1e3));
        grow_older(&mut scenario, DepotId(0).index(), &units);
        let van = scenario.fleet.vehicles[2].battery.as_ref().expect("electric");
        assert!((van.ageing.full_cycles - 151.5).abs() < 1e-9 && (van.capacity_kwh - 36.0 * 0.9985).abs() < 1e-9);
        let cars = &scenario.depots[0].site.as_ref().expect("a site").cars;
        assert!((cars[0].battery.ageing.full_cycles - 150.6).abs() < 1e-9, "{:?}", cars[0].battery.ageing);
        assert!((cars[0].battery.capacity_kwh - 37.0 * 0.9994).abs() < 1e-4, "{}", cars[0].battery.capacity_kwh);
        assert!((cars[1].battery.ageing.age_years - 2.0 - 1.0 / 365.0).abs() < 1e-12);
        assert_eq!(cars[1].battery.capacity_kwh, 37.0);
    }
}
