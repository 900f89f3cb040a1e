//! The year's account of the built-in towns: it adds up, and is what the reports of its days say.

use std::sync::Arc;

use noriai::business::{self, Account, Parameter, Quantities, Side, TypicalDay, Year};
use noriai::matching::MatchingPolicy;
use noriai::report::{self, Report};
use noriai::scenario::{self, Business, ChargingPolicy, Price, Scenario, TOWNS};
use noriai::sim::Simulation;
use noriai::world::World;

fn town(name: &str) -> Scenario {
    let (_, json) = TOWNS.iter().find(|(town, _)| *town == name).expect("a built-in town");
    scenario::read(json).expect("the built-in town is valid")
}

fn live(world: World) -> Report {
    let world = Arc::new(world);
    let log = Simulation::new(Arc::clone(&world)).run();
    report::report(&world, &log)
}

/// The scenario's own day as if it were the whole year, with its report and that of its sites alone.
fn one_day(scenario: &Scenario) -> (Quantities, Report, Report) {
    let day = TypicalDay {
        date: scenario.day.date.clone(),
        outdoor_c: scenario.day.outdoor_c,
        demand_factor: 1.0,
        days: 1.0,
        of_days: 1.0,
    };
    let world = World::new(scenario);
    let [with, alone] =
        [true, false].map(|with_vans| live(world.with(|scenario| day.enter(scenario, scenario.seed, with_vans))));
    let mut year = Year::new(scenario, vec![day]);
    year.add(0, true, with.quantities.clone());
    year.add(0, false, alone.quantities.clone());
    (year.quantities().expect("all days are there"), with, alone)
}

/// A year of typical days, each lived through once.
fn year(scenario: &Scenario) -> Quantities {
    let world = World::new(scenario);
    let days = business::typical_days(scenario);
    let mut year = Year::new(scenario, days.clone());
    for (index, day) in days.iter().enumerate() {
        for with_vans in [true, false] {
            year.add(index, with_vans, live(world.with(|scenario| day.enter(scenario, 1, with_vans))).quantities);
        }
    }
    year.quantities().expect("all days are there")
}

fn with(parameters: &[Parameter], key: &str, value: f64) -> Vec<Parameter> {
    let mut changed = parameters.to_vec();
    let parameter = changed.iter_mut().find(|parameter| parameter.key == key).expect("a known key");
    parameter.value = value;
    changed
}

fn yen(account: &Account, key: &str) -> f64 {
    account.lines.iter().filter(|line| line.key == key).map(|line| line.yen).sum()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6 * a.abs().max(b.abs()).max(1.0)
}

const V2G: ChargingPolicy = ChargingPolicy::Optimal { below_soc: 0.6, discharge: true, foresight: false };

/// Namie and Minato Mirai as they are, Namie giving energy back, and Namie's bus.
fn cases() -> Vec<(&'static str, Scenario)> {
    let mut giving = town("namie");
    giving.policies.charging = V2G;
    let mut bus = town("namie");
    bus.policies.matching = MatchingPolicy::by_name("fixed_route").expect("a policy");
    vec![("namie", town("namie")), ("minato_mirai", town("minato_mirai")), ("giving", giving), ("bus", bus)]
}

#[test]
fn a_day_costs_and_earns_what_its_report_says() {
    for (name, scenario) in cases() {
        let (quantities, report, _) = one_day(&scenario);
        let account = business::account(&quantities, &business::parameters(&scenario, &quantities));
        let lines = ["drivers", "supervisors", "vehicles", "maintenance", "fuel", "overhead"];
        let others: f64 = lines.iter().map(|key| -yen(&account, key)).sum();
        let electricity = report.operating_yen.expect("the town has prices") - others;
        // The report takes what is given back off all that vans draw; the account leaves both to the energy side.
        let day = &report.quantities;
        let for_driving = (electricity + day.given_yen) * (1.0 - day.worn_kwh / day.charged_kwh.max(1e-9));
        assert!(close(for_driving, -yen(&account, "electricity")), "{name}: {for_driving}");
        assert_eq!(day.given_kwh > 0.0, name == "giving", "{name}");
        let fares: f64 = account.lines.iter().filter(|line| line.key.starts_with("fare:")).map(|line| line.yen).sum();
        assert!(close(fares + yen(&account, "night"), report.fares_yen), "{name}: {fares} {}", report.fares_yen);
    }
}

#[test]
fn energy_is_paid_once_and_at_the_meter() {
    for (name, scenario) in cases() {
        let (quantities, report, alone) = one_day(&scenario);
        let account = business::account(&quantities, &business::parameters(&scenario, &quantities));
        // What the meters say more than without vans, whatever is told by itself of it.
        let meters = |report: &Report| {
            report.sites.iter().map(|site| site.energy_yen + site.fuel_yen - site.sold_yen).sum::<f64>()
        };
        let told: f64 = ["bought", "sun", "given", "fuel_cell", "sold"].iter().map(|key| yen(&account, key)).sum();
        assert!(close(-told, meters(&report) - meters(&alone)), "{name}: {told}");
        // The charge for the peak, of a day of the year.
        let peaks = |report: &Report| report.sites.iter().map(|site| site.demand_yen).sum::<f64>();
        assert!(close(-yen(&account, "peak"), peaks(&report) - peaks(&alone)), "{name}");
        // What is left in batteries, vans and others.
        let stored = |report: &Report| report.sites.iter().map(|site| site.stored_yen).sum::<f64>();
        let kept = yen(&account, "stored") + yen(&account, "others_stored");
        assert!(close(kept, stored(&report) - stored(&alone)), "{name}: {kept}");
        // One side pays the other.
        assert!(close(yen(&account, "electricity"), -yen(&account, "vans")), "{name}");
        assert!(close(account.both.result_yen, account.mobility.result_yen + account.energy.result_yen), "{name}");
    }
}

#[test]
fn lines_add_up_to_totals() {
    let scenario = town("namie");
    let quantities = year(&scenario);
    assert_eq!((quantities.days, quantities.service_days), (365.0, 313.0));
    let account = business::account(&quantities, &business::parameters(&scenario, &quantities));
    for (side, totals) in [(Side::Mobility, account.mobility), (Side::Energy, account.energy)] {
        let sum: f64 = account.lines.iter().filter(|line| line.side == side).map(|line| line.yen).sum();
        assert!(close(sum, totals.result_yen) && close(totals.income_yen - totals.cost_yen, sum), "{side:?}");
    }
    for line in &account.lines {
        assert!(close(line.quantity * line.unit_price, line.yen), "{line:?}");
        assert!(line.source.is_some() || line.assumption.is_some(), "{line:?}");
    }
    // Some forty rides a day, six days a week.
    assert!((30.0..50.0).contains(&account.figures.rides_per_day.expect("days")), "{:?}", account.figures);
}

#[test]
fn break_evens_put_back_give_zero() {
    let scenario = town("shiojiri");
    let (quantities, ..) = one_day(&scenario);
    let parameters = business::parameters(&scenario, &quantities);
    let figures = business::account(&quantities, &parameters).figures;
    for (key, factor) in [("fares", figures.break_even_fares), ("rides", figures.break_even_rides)] {
        let factor = factor.expect("it breaks even somewhere");
        let again = business::account(&quantities, &with(&parameters, key, factor));
        assert!(factor > 1.0 && again.both.result_yen.abs() < 1e-6 * again.both.cost_yen, "{key}: {:?}", again.both);
        if key == "fares" {
            let (fare, asked) = (again.figures.fare_yen_per_ride, figures.break_even_fare_yen);
            assert!(close(fare.expect("rides"), asked.expect("rides")), "{fare:?} {asked:?}");
        }
    }
}

#[test]
fn each_bar_of_the_tornado_is_what_the_account_says_at_its_ends() {
    let scenario = town("shiojiri");
    let (quantities, ..) = one_day(&scenario);
    let parameters = business::parameters(&scenario, &quantities);
    let account = business::account(&quantities, &parameters);
    assert!(account.tornado.len() > 10, "{:?}", account.tornado);
    let result = |key: &str, value: f64| {
        business::account(&quantities, &with(&parameters, key, value)).both.result_yen - account.both.result_yen
    };
    for swing in &account.tornado {
        assert!(close(result(&swing.parameter, swing.low), swing.low_yen), "{swing:?}");
        assert!(close(result(&swing.parameter, swing.high), swing.high_yen), "{swing:?}");
    }
    assert!(account.tornado.windows(2).all(|pair| pair[0].width() >= pair[1].width()));
    // What is not in it moves nothing.
    for parameter in &parameters {
        let (low, high) = parameter.range();
        let moved = result(&parameter.key, low).abs().max(result(&parameter.key, high).abs());
        let shown = account.tornado.iter().any(|swing| swing.parameter == parameter.key);
        assert!(shown || moved < 1e-6 * account.both.cost_yen, "{}: {moved}", parameter.key);
    }
}

#[test]
fn a_day_that_is_missing_is_named() {
    let scenario = town("namie");
    let days = business::typical_days(&scenario);
    let error = Year::new(&scenario, days.clone()).quantities().expect_err("nothing was lived through");
    assert!(error.en.contains(&days[0].date) && error.ja.contains(&days[0].date), "{error:?}");
}

#[test]
fn a_scenario_carries_prices_of_its_own() {
    let mut scenario = town("namie");
    let own = Price { key: "driver".into(), value: 2_000.0, source: Some("a contract".into()), ..Price::default() };
    scenario.business = Some(Business { prices: vec![own] });
    let json = serde_json::to_string(&scenario).expect("a scenario is JSON");
    let scenario = scenario::read(&json).expect("it is valid");
    let (quantities, ..) = one_day(&scenario);
    let account = business::account(&quantities, &business::parameters(&scenario, &quantities));
    let drivers = account.lines.iter().find(|line| line.key == "drivers").expect("there are drivers");
    assert_eq!((drivers.unit_price, drivers.source.as_deref()), (-2_000.0, Some("a contract")));
}

#[test]
fn wrong_prices_are_told_with_field_and_remedy() {
    let price = |key: &str, value| Price { key: key.into(), value, ..Price::default() };
    let problems = |prices: Vec<Price>| {
        let mut scenario = town("namie");
        scenario.business = Some(Business { prices });
        scenario.problems()
    };
    assert_eq!(problems(vec![price("driver", 2_500.0), price("fare:2", 350.0)]), Vec::new());
    for (prices, path) in [
        (vec![price("drivr", 1.0)], "business.prices[0].key"),
        (vec![price("fuel", 1.0), price("fuel", 2.0)], "business.prices[1].key"),
        (vec![price("fuel", 1e300)], "business.prices[0]"),
        (vec![price("pass_share", 1.2)], "business.prices[0]"),
        (vec![Price { low: Some(9.0), ..price("fuel", 1.0) }], "business.prices[0]"),
        (vec![Price { life_years: Some(0.0), ..price("charger", 1e5) }], "business.prices[0]"),
    ] {
        let found = problems(prices.clone());
        assert_eq!(found.len(), 1, "{prices:?}: {found:?}");
        assert_eq!(found[0].path, path, "{found:?}");
        assert!(!found[0].message.ja.is_empty() && !found[0].message.en.is_empty());
    }
}
