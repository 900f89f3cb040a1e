//! Energy: conserved over every run, within all limits under every charging policy, and never at the riders' cost.

use std::collections::BTreeMap;
use std::sync::Arc;

use noriai::log::{Event, Flow, Log, Row, Unit};
use noriai::report::energy::ActivityKind;
use noriai::report::{self, Against, Report};
use noriai::scenario::{self, ChargingPolicy, Scenario};
use noriai::sim::{self, Simulation};
use noriai::site::{SLOT, SLOT_H};
use noriai::study::{self, Days};
use noriai::units::{DepotId, Time, VehicleId};
use noriai::world::World;

use crate::worlds;

const WORLDS: u64 = 25;

fn run(scenario: &Scenario) -> (Arc<World>, Log) {
    let world = Arc::new(World::new(scenario));
    let log = Simulation::new(Arc::clone(&world)).run();
    (world, log)
}

fn in_all_worlds(check: impl Fn(&World, &Log, &str)) {
    for policy in worlds::charging_policies() {
        for seed in 0..WORLDS {
            let mut scenario = worlds::with_site(seed);
            scenario.policies.charging = policy.clone();
            assert_eq!(scenario.problems(), Vec::new(), "seed {seed}");
            let (world, log) = run(&scenario);
            check(&world, &log, &format!("{policy:?}, seed {seed}"));
        }
    }
}

/// The lines of each battery, with the hours that each holds.
fn spans(world: &World, log: &Log) -> Vec<(Flow, f64)> {
    let mut units: BTreeMap<Unit, Vec<Flow>> = BTreeMap::new();
    log.flows.iter().for_each(|flow| units.entry(flow.unit).or_default().push(*flow));
    let mut spans = Vec::new();
    for flows in units.values() {
        for (i, flow) in flows.iter().enumerate() {
            let until = flows.get(i + 1).map_or(world.day.1, |next| next.time);
            spans.push((*flow, (until - flow.time).h()));
        }
    }
    spans
}

#[test]
fn energy_is_conserved_over_a_run() {
    in_all_worlds(|world, log, case| {
        let site = &world.depots[0].site;
        let spans = spans(world, log);
        let rows =
            |value: fn(&noriai::log::SiteRow) -> f64| log.sites.iter().map(|row| SLOT_H * value(row)).sum::<f64>();
        // What came in, and what became of it.
        let bought = rows(|row| row.import_kw) + rows(|row| row.free_used_kw) + rows(|row| row.fuel_kw);
        let used = rows(|row| row.load_kw) + rows(|row| row.standby_kw) + rows(|row| row.export_kw);
        let lost: f64 = spans.iter().map(|(flow, hours)| (flow.site_kw - flow.stored_kw) * hours).sum();
        let report = report::report(world, log);
        let driven: f64 = report.vehicles.iter().map(|van| van.energy_used_kwh).sum();
        let (mut before, mut after, mut away) = (0.0, 0.0, 0.0);
        for (v, van) in world.vans.iter().enumerate() {
            let Some(battery) = &van.battery else { continue };
            before += battery.initial_kwh;
            after += report.vehicles[v].final_soc.unwrap_or(0.0) * battery.capacity_kwh;
        }
        let own = site.cars.iter().map(|car| &car.unit).chain(&site.stationary);
        before += own.map(|unit| unit.battery.initial_kwh).sum::<f64>();
        away += site.cars.iter().flat_map(|car| &car.trips).map(|trip| trip.2).sum::<f64>();
        let mut last: BTreeMap<Unit, f64> = BTreeMap::new();
        for (flow, hours) in spans.iter().filter(|(flow, _)| !matches!(flow.unit, Unit::Van(_))) {
            last.insert(flow.unit, flow.energy_kwh + flow.stored_kw * hours);
        }
        after += last.values().sum::<f64>();
        let (inside, outside) = (bought + before, used + lost + driven + away + after);
        assert!((inside - outside).abs() <= 1e-9 * inside.max(1.0), "{case}: {inside} in, {outside} out");
    });
}

#[test]
fn every_half_hour_balances_and_keeps_the_sites_limits() {
    in_all_worlds(|world, log, case| {
        let site = &world.depots[0].site;
        assert_eq!(log.sites.len(), site.slots.len(), "{case}");
        for (row, slot) in log.sites.iter().zip(&site.slots) {
            let supply = row.import_kw - row.export_kw + row.free_used_kw + row.fuel_kw + row.discharge_kw;
            let demand = row.load_kw + row.standby_kw + row.charge_kw;
            assert!((supply - demand).abs() < 1e-9, "{case}: {row:?}");
            assert!(row.free_used_kw <= slot.solar_kw + slot.wind_kw + 1e-9, "{case}: {row:?}");
            assert!(
                row.fuel_kw <= site.fuel_kw + 1e-9 && row.export_kw <= site.export_limit_kw + 1e-9,
                "{case}: {row:?}"
            );
            let load_alone = (slot.load_kw + row.standby_kw - slot.solar_kw - slot.wind_kw).max(0.0);
            assert!(row.import_kw <= site.import_limit_kw.max(load_alone) + 1e-9, "{case}: {row:?}");
            if !site.battery_export {
                let surplus = (slot.solar_kw + slot.wind_kw - slot.load_kw).max(0.0);
                assert!(row.export_kw <= surplus + 1e-9, "{case}: a battery exports: {row:?}");
            }
            // The powers of the batteries add up to what the meter saw.
            let (mut charged, mut discharged) = (0.0, 0.0);
            for (flow, hours) in spans(world, log) {
                let end = flow.time + Time::from_s(hours * 3_600.0);
                let hours = (end.min(row.time + SLOT) - flow.time.max(row.time)).h().max(0.0);
                charged += flow.site_kw.max(0.0) * hours / SLOT_H;
                discharged += (-flow.site_kw).max(0.0) * hours / SLOT_H;
            }
            assert!((charged - row.charge_kw).abs() < 1e-9, "{case}: {charged} {row:?}");
            assert!((discharged - row.discharge_kw).abs() < 1e-9, "{case}: {discharged} {row:?}");
        }
    });
}

#[test]
fn batteries_stay_within_their_limits() {
    in_all_worlds(|world, log, case| {
        let site = &world.depots[0].site;
        for (flow, hours) in spans(world, log) {
            let battery = match flow.unit {
                Unit::Van(van) => world.van(van).battery.expect("only vans with a battery flow"),
                Unit::Car(car) => site.cars[car as usize].unit.battery,
                Unit::Stationary => site.stationary.as_ref().expect("a stationary battery").battery,
            };
            let after = flow.energy_kwh + flow.stored_kw * hours;
            assert!(after <= battery.capacity_kwh + 1e-9, "{case}: {flow:?}");
            assert!(flow.stored_kw >= 0.0 || after >= battery.reserve_kwh - 1e-9, "{case}: {flow:?}");
            assert!(flow.site_kw * flow.stored_kw >= 0.0, "{case}: {flow:?}");
            assert!(flow.plugged || flow.site_kw == 0.0, "{case}: {flow:?}");
            // Something is lost whenever something flows.
            assert!(flow.site_kw == 0.0 || flow.site_kw > flow.stored_kw, "{case}: {flow:?}");
        }
        // No more vans than chargers.
        for session in &log.sessions {
            let at_once = log.sessions.iter().filter(|other| {
                other.plugged <= session.plugged && other.unplugged.is_none_or(|end| end > session.plugged)
            });
            assert!(at_once.count() <= world.depots[session.depot.index()].chargers.len(), "{case}: {session:?}");
        }
    });
}

#[test]
fn no_known_departure_is_missed_where_full_power_would_make_it() {
    in_all_worlds(|world, log, case| {
        if matches!(world.scenario.policies.charging, ChargingPolicy::Immediate { .. }) {
            return;
        }
        let missed = |log: &Log, world: &World| report::report(world, log).sites[0].missed_departures;
        let below_soc = world.scenario.policies.charging.below_soc();
        let immediate = world.with(|scenario| scenario.policies.charging = ChargingPolicy::Immediate { below_soc });
        let immediate = Arc::new(immediate);
        let best = missed(&Simulation::new(Arc::clone(&immediate)).run(), &immediate);
        assert!(missed(log, world) <= best, "{case}");
    });
}

fn namie() -> Scenario {
    scenario::read(scenario::TOWNS[0].1).expect("the built-in town is valid")
}

fn live(world: &World, policy: ChargingPolicy) -> Report {
    let world = Arc::new(world.with(|scenario| scenario.policies.charging = policy));
    let log = Simulation::new(Arc::clone(&world)).run();
    report::report(&world, &log)
}

const BELOW: f64 = 0.6;

#[test]
fn in_namie_the_optimum_serves_the_same_rides_at_lower_cost_and_peak() {
    let world = World::new(&namie());
    let immediate = live(&world, ChargingPolicy::Immediate { below_soc: BELOW });
    let one_way = live(&world, ChargingPolicy::Optimal { below_soc: BELOW, discharge: false, foresight: false });
    let two_way = live(&world, ChargingPolicy::Optimal { below_soc: BELOW, discharge: true, foresight: false });
    let figures = |report: &Report| (report.served, report.sites[0].total_yen, report.sites[0].peak_kw);
    let [(served, cost, peak), one, two] = [figures(&immediate), figures(&one_way), figures(&two_way)];
    assert_eq!((one.0, two.0), (served, served));
    assert!(two.1 < one.1 && one.1 < cost, "{two:?} {one:?} {cost}");
    assert!(two.2 < one.2 && one.2 < peak, "{two:?} {one:?} {peak}");
    assert_eq!([immediate, one_way].map(|report| report.sites[0].missed_departures), [0, 0]);
    assert_eq!(two_way.sites[0].missed_departures, 0);
    let plans = two_way.sites[0].plans.as_ref().expect("an optimum has plans");
    assert_eq!(plans.count, 48);
    assert!(plans.gap_rel < 1e-6 && plans.primal < 1e-6 && plans.shortfall_kwh < 1e-6, "{plans:?}");
}

#[test]
fn service_comes_first_under_every_policy() {
    // Half the battery and twice the riders: charge is scarce.
    let mut hard = namie();
    hard.demand.factor = 2.0;
    for van in &mut hard.fleet.vehicles {
        van.battery.as_mut().expect("electric vans").capacity_kwh = 16.0;
    }
    assert_eq!(hard.problems(), Vec::new());
    let base = World::new(&hard);
    let policies = || {
        worlds::charging_policies().into_iter().filter(|policy| {
            !matches!(
                policy,
                ChargingPolicy::Immediate { .. }
                    | ChargingPolicy::Backup { .. }
                    | ChargingPolicy::Optimal { foresight: true, .. }
            )
        })
    };
    let days: Vec<(Report, Vec<Report>)> = (1..=20)
        .map(|seed| {
            let day = base.with(|scenario| scenario.seed = seed);
            (
                live(&day, ChargingPolicy::Immediate { below_soc: 0.5 }),
                policies().map(|policy| live(&day, policy)).collect(),
            )
        })
        .collect();
    let short: u32 = days.iter().map(|(immediate, _)| immediate.refused_for_charge()).sum();
    assert!(short > 0, "charge is not scarce");
    for (p, policy) in policies().enumerate() {
        let refused: u32 = days.iter().map(|(_, others)| others[p].refused_for_charge()).sum();
        assert!(refused <= short, "{policy:?}: {refused} refused for lack of charge, {short} under immediate");
        // One-sided paired t-test at 95 %: 1.729 standard errors with 19 degrees of freedom.
        let differences: Vec<f64> =
            days.iter().map(|(immediate, others)| f64::from(others[p].served) - f64::from(immediate.served)).collect();
        let mean = differences.iter().sum::<f64>() / 20.0;
        let variance = differences.iter().map(|difference| (difference - mean).powi(2)).sum::<f64>() / 19.0;
        let error = (variance / 20.0).sqrt();
        assert!(mean >= -1.729 * error, "{policy:?}: {mean} riders fewer, standard error {error}");
    }
}

#[test]
fn the_forecast_is_not_the_future() {
    let world = World::new(&namie());
    let optimal = world.with(|scenario| {
        scenario.policies.charging = ChargingPolicy::Optimal { below_soc: BELOW, discharge: true, foresight: false };
    });
    let forecast = sim::forecast_for(&optimal).expect("an optimum looks at a forecast");
    let own = sim::forecast_for(&optimal.with(|scenario| {
        scenario.policies.charging = ChargingPolicy::Optimal { below_soc: BELOW, discharge: true, foresight: true };
    }));
    let own = own.expect("foresight is a forecast too");
    assert!(forecast.use_kwh != own.use_kwh && forecast.home != own.home);
    // A van uses something on a mean day, and not more than on the worst.
    for v in 0..world.vans.len() {
        let day: f64 = forecast.use_kwh[v].iter().sum();
        assert!(day > 1.0 && day <= forecast.need_kwh[v][0] + 1e-9, "van {v}: {day} of {}", forecast.need_kwh[v][0]);
    }
}

#[test]
fn a_power_cut_is_carried_for_as_long_as_the_energy_lasts() {
    let world = World::new(&namie());
    let world = Arc::new(world.with(|scenario| {
        // Nothing but five cars with 37 kWh each, full, and 9 kW to carry at night.
        let site = scenario.depots[0].site.as_mut().expect("a site");
        (site.solar, site.wind, site.fuel_cell) = (None, None, None);
        for cars in &mut site.cars {
            (cars.battery.initial_soc, cars.battery.reserve_soc) = (1.0, 0.2);
            cars.trips.clear();
        }
        scenario.depots[0].chargers.clear();
    }));
    let log = Simulation::new(Arc::clone(&world)).run();
    let report = report::report(&world, &log);
    let cut =
        report::resilience::power_cut(&world, &log, &report.sites[0], Time(20 * Time::HOUR.0), 12.0).expect("a site");
    // 5 x 37 kWh x 0.8 = 148 kWh; at 6 kW from one and 3 kW from another, with 0.036 + 0.063 p + 0.005 p² lost in each converter
    // (p = 6.683 and 3.290: 6.683 + 3.290 = 9.973 kW) and 1.5 % in the cells: 148 / (9.973 / 0.985) = 14.62 h.
    assert!((cut.held_h - 14.6).abs() < 0.35, "{}", cut.held_h);
    assert_eq!(cut.unserved_kwh, 0.0);
    let given: f64 = cut.units.iter().map(|unit| unit.given_kwh).sum();
    assert!((given - 9.0 * 12.0).abs() < 1e-9, "{given}");
    assert!(cut.battery_kw.iter().all(|kw| (kw - 9.0).abs() < 1e-9), "{:?}", cut.battery_kw);
}

fn days(world: &World, policy: ChargingPolicy) -> Days {
    let world = Arc::new(world.with(|scenario| scenario.policies.charging = policy));
    let log = Simulation::new(Arc::clone(&world)).run();
    Days::new(world, log, None)
}

#[test]
fn the_reserve_for_a_day_without_power_holds_at_any_hour_and_leaves_the_rides() {
    let world = World::new(&namie());
    let policy = ChargingPolicy::Backup { below_soc: BELOW, hours: 24.0 };
    let immediate = live(&world, ChargingPolicy::Immediate { below_soc: BELOW });
    let mut days = days(&world, policy.clone());
    let reserves: Vec<f64> = days.compared_report().sites[0].units.iter().map(|unit| unit.reserve_kwh).collect();
    assert!(reserves[0] > 5.4 + 1.0, "something is held back: {reserves:?}");
    for half in 8..56 {
        let from = Time(half * SLOT.0);
        let cut = &days.cuts_under(&policy, from, 24.0)[0];
        assert!(cut.cut.held_h >= 24.0, "{} h from {}", cut.cut.held_h, from.h());
        assert!(cut.served + 1 >= immediate.served, "{} of {}", cut.served, immediate.served);
    }
}

#[test]
fn a_reserve_that_takes_the_whole_battery_costs_rides_and_the_report_says_how_many() {
    let world = World::new(&namie());
    let mut days = days(&world, ChargingPolicy::Backup { below_soc: BELOW, hours: 48.0 });
    let report = days.compared_report();
    let immediate = live(&world, ChargingPolicy::Immediate { below_soc: BELOW });
    assert!(report.served < immediate.served, "{} {}", report.served, immediate.served);
    assert_eq!(report.rides_cost, Some(immediate.served as i32 - report.served as i32));
    assert!(report.refused_for_charge() > 0);
    let cuts = days.cuts(Time(18 * Time::HOUR.0), 48.0);
    let held = |word: &str| cuts.iter().find(|cut| cut.policy == word).expect("every policy").cut.held_h;
    assert!(held("backup") > held("immediate"), "{} {}", held("backup"), held("immediate"));
}

#[test]
fn a_power_cut_is_told_for_every_site_with_critical_loads() {
    let mut scenario = namie();
    // The third van and its charger move to the town hall; the port has a contract and nothing that has to go on.
    let (mut hall, mut port) = (scenario.depots[0].clone(), scenario.depots[0].clone());
    scenario.depots[0].chargers[0].count = 2;
    (hall.id, hall.node, hall.chargers[0].count) = ("hall".into(), scenario.stops[0].node, 1);
    (port.id, port.node) = ("port".into(), scenario.stops[1].node);
    let site = hall.site.as_mut().expect("a site");
    (site.cars, site.solar, site.wind, site.fuel_cell) = (Vec::new(), None, None, None);
    site.critical_loads.truncate(1);
    port.site.as_mut().expect("a site").critical_loads.clear();
    scenario.fleet.vehicles[2].depot = Some("hall".into());
    scenario.depots.extend([hall, port]);
    assert_eq!(scenario.problems(), Vec::new());
    let world = World::new(&scenario);
    let mut days = days(&world, ChargingPolicy::Immediate { below_soc: BELOW });
    let cuts = days.cuts(Time(5 * Time::HOUR.0), 12.0);
    let policies = ["immediate", "off_peak", "solar", "peak_cap", "optimal", "backup"];
    let told: Vec<(&str, &str)> = cuts.iter().map(|cut| (cut.policy.as_str(), cut.depot.as_str())).collect();
    let expected: Vec<(&str, &str)> =
        policies.iter().flat_map(|policy| [(*policy, "michinoeki"), (*policy, "hall")]).collect();
    assert_eq!(told, expected);
    for pair in cuts.chunks(2) {
        assert_eq!((pair[0].cut.critical_kw, pair[1].cut.critical_kw), (9.0, 6.0));
        assert_eq!((pair[0].cut.units.len(), pair[1].cut.units.len()), (2 + 5, 1));
        // One van with at most 30.6 kWh to spare carries 6 kW for less than six hours.
        assert!(pair[1].cut.held_h < 6.0 && pair[0].cut.held_h > pair[1].cut.held_h, "{pair:?}");
    }
}

#[test]
fn a_comparison_is_what_living_through_the_other_policy_gives() {
    let world = World::new(&namie());
    let optimal = |discharge, foresight| ChargingPolicy::Optimal { below_soc: BELOW, discharge, foresight };
    let immediate = ChargingPolicy::Immediate { below_soc: BELOW };
    let others = |against: Against| match against {
        Against::Immediate => immediate.clone(),
        Against::OneWay => optimal(false, false),
        Against::Foresight => optimal(true, true),
        Against::Optimal => optimal(true, false),
    };
    for own in [optimal(true, false), immediate.clone(), ChargingPolicy::Solar { below_soc: BELOW }] {
        let mut days = days(&world, own.clone());
        assert!(!days.against().is_empty(), "{own:?}");
        for against in days.against() {
            assert_eq!(days.compared(against), live(&world, others(against)).compared(against), "{own:?} {against:?}");
        }
    }
}

#[test]
fn a_van_s_driving_and_its_waiting_are_told_apart() {
    let (world, log) = run(&namie());
    let site = &report::report(&world, &log).sites[0];
    for (v, unit) in site.units.iter().take(world.vans.len()).enumerate() {
        // Empty on the road: from the row that leaves a node to the next one.
        let rows: Vec<&Row> = log.van_rows().filter(|row| row.vehicle == Some(VehicleId(v as u32))).collect();
        let empty =
            rows.windows(2).filter(|pair| matches!(pair[0].event, Event::Depart | Event::Pass) && pair[0].load == 0);
        let expected: f64 = empty.map(|pair| (pair[1].time - pair[0].time).s()).sum();
        let of = |kind: ActivityKind| -> f64 {
            let spans = unit.activities.iter().filter(|activity| activity.kind == kind);
            spans.map(|activity| activity.until_s - activity.from_s).sum()
        };
        assert!((of(ActivityKind::Drive) - expected).abs() < 1e-6, "van {v}: {} {expected}", of(ActivityKind::Drive));
        assert!(expected > 0.0 && of(ActivityKind::Parked) > 0.0 && of(ActivityKind::Away) == 0.0, "van {v}");
    }
    let cars = &site.units[world.vans.len()..];
    assert!(cars.iter().all(|car| car.activities.iter().any(|activity| activity.kind == ActivityKind::Away)));
}

#[test]
fn own_generation_is_used_sold_or_lost() {
    in_all_worlds(|world, log, case| {
        let site = &report::report(world, log).sites[0];
        let shares = [site.self_consumption.unwrap_or(0.0), site.autarky.unwrap_or(0.0)];
        assert!(shares.iter().all(|share| (-1e-9..=1.0 + 1e-9).contains(share)), "{case}: {shares:?}");
        // What is neither used nor lost is sold; batteries may sell more.
        let sold = site.generated_kwh - site.curtailed_kwh - site.self_consumed_kwh;
        assert!((-1e-9..=site.sold_kwh + 1e-9).contains(&sold), "{case}: {sold} of {}", site.sold_kwh);
        let import_limit_kw = world.depots[0].site.import_limit_kw;
        let over = log.sites.iter().any(|row| row.import_kw > import_limit_kw + 1e-9);
        assert_eq!(site.over_limit_kwh > 1e-9, over, "{case}");
    });
}

#[test]
fn a_connection_too_small_for_the_load_is_reported() {
    let mut small = namie();
    small.depots[0].site.as_mut().expect("a site").import_limit_kw = 40.0;
    let (world, log) = run(&small);
    let site = &report::report(&world, &log).sites[0];
    assert!(site.over_limit_kwh > 100.0 && site.missed_departures == 0, "{}", site.over_limit_kwh);
}

#[test]
fn a_car_that_leaves_with_too_little_is_counted_and_comes_back_empty() {
    let mut short = namie();
    let cars = &mut short.depots[0].site.as_mut().expect("a site").cars[0];
    cars.battery.initial_soc = 0.2;
    let at = |minute: i32| noriai::units::Clock(Time(minute * Time::MINUTE.0));
    (cars.trips[0].from, cars.trips[0].until, cars.trips[0].energy_kwh) = (at(270), at(330), 29.0);
    assert_eq!(short.problems(), Vec::new());
    let (world, log) = run(&short);
    let site = &report::report(&world, &log).sites[0];
    assert_eq!(site.missed_departures, 3);
    let lowest = site.units.iter().flat_map(|unit| unit.energy.chunks_exact(2)).map(|point| point[1]);
    assert_eq!(lowest.fold(f64::INFINITY, f64::min), 0.0);
    // It used what it had: 7.4 kWh and half an hour of charging.
    assert!((7.4..11.0).contains(&site.units[3].used_kwh), "{}", site.units[3].used_kwh);
}

#[test]
fn a_price_of_selling_above_that_of_buying_is_no_money_machine() {
    let mut dear = namie();
    let site = dear.depots[0].site.as_mut().expect("a site");
    site.export_limit_kw = 100.0;
    (site.tariff.export_yen_per_kwh, site.tariff.battery_export) = (60.0, true);
    let world = World::new(&dear);
    let report = live(&world, ChargingPolicy::Optimal { below_soc: BELOW, discharge: true, foresight: false });
    let plans = report.sites[0].plans.as_ref().expect("an optimum has plans");
    assert!((plans.planned_yen / plans.realised_yen - 1.0).abs() < 0.02, "{plans:?}");
}

#[test]
fn every_plan_is_proven_whatever_peak_is_billed_already() {
    for (past_peak_kw, basic_yen) in [(50.0, 2_000.0), (90.0, 2_000.0), (120.0, 2_000.0), (70.0, 24_000.0)] {
        let mut scenario = namie();
        let tariff = &mut scenario.depots[0].site.as_mut().expect("a site").tariff;
        (tariff.past_peak_kw, tariff.basic_yen_per_kw_month) = (past_peak_kw, basic_yen);
        let optimal = ChargingPolicy::Optimal { below_soc: BELOW, discharge: true, foresight: false };
        let report = live(&World::new(&scenario), optimal);
        let plans = report.sites[0].plans.as_ref().expect("an optimum has plans");
        assert!(plans.gap_rel < 1e-6 && plans.primal < 1e-6, "{past_peak_kw} kW: {plans:?}");
    }
}

#[test]
fn days_of_a_year_follow_on_each_other() {
    let world = World::new(&namie());
    let week = study::year(&world, 8).expect("days that follow on each other");
    assert_eq!((week.days, week.peaks_kw.len()), (8, 1));
    // From the ninth to the sixteenth of November: 8 of 30 days, billed for the highest of all days.
    assert_eq!(week.billed_kw, week.peaks_kw);
    let demand_yen = 8.0 / 30.0 * 1_700.0 * week.peaks_kw[0];
    assert!((week.demand_yen - demand_yen).abs() < 1e-6, "{} {demand_yen}", week.demand_yen);
    let parts = week.energy_yen + week.demand_yen + week.fuel_yen + week.wear_yen - week.sold_yen;
    assert!((week.total_yen - parts).abs() < 1e-6 && week.loss > 0.0, "{week:?}");
    let day = study::year(&world, 1).expect("a day");
    assert!(week.served > 5 * day.served && week.load_kwh > 7.9 * day.load_kwh, "{week:?} {day:?}");
}

#[test]
fn a_year_leads_over_new_year_and_a_leap_day() {
    let world = World::new(&namie());
    // 22 days of November, then whole months with 29 days of February, then 7 of November: 22 + 31 + 31 + 29 = 113.
    let live = |days: u32| study::year(&world, days).expect("days that follow on each other");
    let (winter, year) = (live(113), live(365));
    assert_eq!((winter.peaks_kw.len(), year.peaks_kw.len()), (4, 13));
    let months = [22.0 / 30.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 7.0 / 30.0];
    for report in [winter, year] {
        let kw_months: f64 = months.iter().zip(&report.billed_kw).map(|(share, kw)| share * kw).sum();
        assert!((report.demand_yen - 1_700.0 * kw_months).abs() < 1e-5, "{report:?}");
    }
}

#[test]
fn sites_of_a_year_have_accounts_of_their_own() {
    let mut two = namie();
    let mut other = two.depots[0].clone();
    other.id = "other".into();
    other.node += 1;
    two.depots.push(other);
    assert_eq!(two.problems(), Vec::new());
    let (one, two) = (study::year(&World::new(&namie()), 3), study::year(&World::new(&two), 3));
    let (one, two) = (one.expect("days"), two.expect("days"));
    // The other site has no vans; its cars are older by no more than those of the first.
    assert!((two.load_kwh - 2.0 * one.load_kwh).abs() < 1e-6 && two.demand_yen > 1.5 * one.demand_yen);
    assert!((two.loss - one.loss).abs() < 1e-12, "{} {}", two.loss, one.loss);
}

#[test]
fn an_optimum_that_does_not_give_back_never_does() {
    for seed in 0..WORLDS {
        let mut scenario = worlds::with_site(seed);
        scenario.policies.charging = ChargingPolicy::Optimal { below_soc: 0.5, discharge: false, foresight: false };
        let (_, log) = run(&scenario);
        assert!(log.flows.iter().all(|flow| flow.site_kw >= 0.0), "seed {seed}");
    }
}

#[test]
fn nothing_flows_before_the_day_begins() {
    for seed in 0..WORLDS {
        let mut scenario = worlds::with_site(seed);
        // Booked the evening before.
        scenario.demand.trips.iter_mut().for_each(|trip| {
            trip.earliest_pickup_s = trip.earliest_pickup_s.or(Some(trip.request_s));
            trip.request_s = -3_600.0;
        });
        let (world, log) = run(&scenario);
        assert!(log.flows.iter().all(|flow| flow.time >= world.day.0), "seed {seed}");
        assert!(log.answers.iter().all(Option::is_some), "seed {seed}");
    }
}

#[test]
fn without_a_contract_every_policy_charges_at_once() {
    let hash = |policy: ChargingPolicy| {
        let mut scenario = worlds::scenario(3);
        scenario.policies.charging = policy;
        run(&scenario).1.hash()
    };
    let immediate = hash(ChargingPolicy::Immediate { below_soc: 0.5 });
    for policy in
        worlds::charging_policies().into_iter().filter(|policy| !matches!(policy, ChargingPolicy::Backup { .. }))
    {
        assert_eq!(hash(policy.clone()), immediate, "{policy:?}");
    }
}

#[test]
fn depots_without_a_contract_have_no_account() {
    let (world, log) = run(&worlds::scenario(3));
    assert!(report::report(&world, &log).sites.is_empty());
    assert!(log.plans.is_empty() && log.sites.iter().all(|row| row.depot == DepotId(0)));
}
