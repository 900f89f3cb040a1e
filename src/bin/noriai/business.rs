//! `noriai business`: a year's account of a town's service.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use noriai::business::{self, Account, Carbon, Parameter, Quantities, Side, Totals, Year};
use noriai::people::{self, District, GroupKind, Reach, WorkforceYear};
use noriai::report;
use noriai::scenario::{Price, Scenario};
use noriai::sim::Simulation;
use noriai::world::World;

use crate::run::charging_policy;
use crate::source::{Source, check, matching_policy};
use crate::{Failure, print, read};

/// Bars of the tornado that are printed.
const BARS: usize = 12;

#[derive(Args)]
pub struct Business {
    #[command(flatten)]
    source: Source,
    /// How often each typical day is lived through, each time with a seed of its own.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    seeds: u32,
    /// Prices that differ from the scenario's and the usual ones: JSON, a list of { "key", "value", … } as in `business.prices`.
    #[arg(long, value_name = "JSON")]
    prices: Option<PathBuf>,
    /// Matching policy, if not the scenario's: as in a scenario document, or one of its words alone.
    #[arg(long, value_name = "WORD|JSON")]
    policy: Option<String>,
    /// Charging policy, if not the scenario's: as in a scenario document, or one of its words alone.
    #[arg(long, value_name = "WORD|JSON")]
    charging: Option<String>,
    /// Print amounts, prices and the account as JSON.
    #[arg(long)]
    json: bool,
}

impl Business {
    /// Lives through typical days and prints the account that they make.
    pub fn run(&self) -> Result<(), Failure> {
        let (mut scenario, _) = self.source.scenario()?;
        if let Some(path) = &self.prices {
            let at = |error| Failure::BadInput(format!("--prices {}: {error}", path.display()));
            let prices: Vec<Price> = serde_json::from_str(&read(path)?).map_err(at)?;
            let business = scenario.business.get_or_insert_default();
            business.prices.retain(|own| prices.iter().all(|price| price.key != own.key));
            business.prices.extend(prices);
        }
        if let Some(text) = &self.policy {
            let matching = &mut scenario.policies.matching;
            *matching = matching_policy("--policy", text, matching)?;
        }
        if let Some(text) = &self.charging {
            scenario.policies.charging = charging_policy(text, scenario.policies.charging.below_soc())?;
        }
        check(&scenario)?;
        let (year, reach) = self.live(&scenario)?;
        let parameters = business::parameters(&scenario, &year);
        let account = business::account(&year, &parameters);
        let carbon = business::carbon(&year, &parameters);
        let workforce = people::workforce(&year, &parameters);
        if self.json {
            let json = serde_json::json!({
                "town": scenario.name.en, "seeds": self.seeds, "quantities": year, "parameters": parameters,
                "account": account, "carbon": carbon, "workforce": workforce, "reach": reach,
            });
            return print(&serde_json::to_string_pretty(&json).expect("an account is JSON"));
        }
        let title = format!(
            "{}, a year of {:.0} days with service, each kind lived through {} times",
            scenario.name.en, year.service_days, self.seeds
        );
        let mut lines = vec![title];
        account_lines(&account, &parameters, &mut lines);
        carbon_lines(&carbon, &mut lines);
        people_lines(&workforce, &reach, &mut lines);
        print(&lines.join("\n"))
    }

    /// The year's amounts, and whom the service reached on its days.
    fn live(&self, scenario: &Scenario) -> Result<(Quantities, Reach), Failure> {
        let town = World::new(scenario);
        let days = business::typical_days(scenario);
        let mut year = Year::new(scenario, days.clone());
        let mut logs = Vec::new();
        for (index, day) in days.iter().enumerate() {
            eprintln!("{} of {}: {} for {:.0} days", index + 1, days.len(), day.date, day.days);
            // Seasons draw riders of their own; without riders there is nothing to draw.
            let first = scenario.seed + index as u64 * u64::from(self.seeds);
            let alone = year.needs_sites_alone().then_some((first, false));
            let seeds = (0..u64::from(self.seeds)).map(|seed| (first + seed, true));
            for (seed, with_vans) in seeds.chain(alone) {
                let world = Arc::new(town.with(|scenario| day.enter(scenario, seed, with_vans)));
                let log = Simulation::new(Arc::clone(&world)).run();
                year.add(index, with_vans, report::report(&world, &log).quantities);
                if with_vans {
                    logs.push(log);
                }
            }
        }
        let quantities = year.quantities().map_err(|text| Failure::BadInput(text.en))?;
        Ok((quantities, people::reach(&town, &logs.iter().collect::<Vec<_>>())))
    }
}

/// A number with a comma at each thousand, without decimals.
fn whole(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let head = digits.len() % 3;
    let groups = std::iter::once(&digits[..head])
        .chain((head..digits.len()).step_by(3).map(|begin| &digits[begin..begin + 3]))
        .filter(|group| !group.is_empty());
    let sign = if value < 0.0 && digits != "0" { "-" } else { "" };
    format!("{sign}{}", groups.collect::<Vec<_>>().join(","))
}

/// A number with three digits or more.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => whole(value),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

fn account_lines(account: &Account, parameters: &[Parameter], lines: &mut Vec<String>) {
    let sides = [(Side::Mobility, "Mobility", &account.mobility), (Side::Energy, "Energy", &account.energy)];
    let total = |name: &str, totals: &Totals| format!("{name:<36}{:>64}", whole(totals.result_yen));
    for (side, name, totals) in sides {
        lines.push(format!("\n{name:<36}{:>14} {:<16}{:>16}{:>17}", "quantity", "", "yen each", "yen a year"));
        for line in account.lines.iter().filter(|line| line.side == side) {
            let assumed = if line.source.is_some() { "" } else { "   assumed" };
            let (quantity, price) = (number(line.quantity), number(line.unit_price.abs()));
            lines.push(format!(
                "{:<36}{quantity:>14} {:<16}{price:>16}{:>17}{assumed}",
                line.name.en,
                line.unit,
                whole(line.yen)
            ));
        }
        lines.push(total("Result", totals));
    }
    lines.push(String::new());
    lines.push(total("Both together", &account.both));

    let figures = &account.figures;
    let mut figure = |name: &str, value: Option<f64>, unit: &str| {
        let value = value.map_or("-".to_owned(), number);
        lines.push(format!("{name:<44}{value:>14} {unit}"));
    };
    figure("Cost of a ride", figures.cost_yen_per_ride, "yen, mobility side");
    figure("Fare of a ride", figures.fare_yen_per_ride, "yen");
    figure("Subsidy of a ride", figures.subsidy_yen_per_ride, "yen, both sides");
    figure("Cost of a vehicle kilometre", figures.cost_yen_per_km, "yen, mobility side");
    figure("Rides on a day of service", figures.rides_per_day, "");
    figure("Fare of a ride at which the result is 0", figures.break_even_fare_yen, "yen");
    figure("  all fares times", figures.break_even_fares, "");
    figure(
        "Rides on a day at which the result is 0",
        figures.break_even_rides_per_day,
        "with these drivers and vehicles",
    );

    lines.push(format!("\n{:<62}{:>22}{:>15}{:>15}", "What matters most", "low to high", "yen at low", "yen at high"));
    for swing in account.tornado.iter().take(BARS) {
        let Some(parameter) = parameters.iter().find(|parameter| parameter.key == swing.parameter) else { continue };
        let name = format!("{}, {}", parameter.name.en, parameter.unit);
        let range = format!("{} to {}", short(swing.low), short(swing.high));
        let (low, high) = (signed(swing.low_yen), signed(swing.high_yen));
        lines.push(format!("{name:<62}{range:>22}{low:>15}{high:>15}"));
    }
}

/// As few digits as tell a bound of a range.
fn short(value: f64) -> String {
    if value.abs() >= 100.0 { whole(value) } else { format!("{}", (value * 1e3).round() / 1e3) }
}

fn signed(yen: f64) -> String {
    format!("{}{}", if yen > 0.0 { "+" } else { "" }, whole(yen))
}

fn carbon_lines(carbon: &Carbon, lines: &mut Vec<String>) {
    let of = |name: &str, grams: Option<f64>| format!("{name:<44}{:>14} g", grams.map_or("-".to_owned(), number));
    lines.push("\nCarbon dioxide of a passenger kilometre".to_owned());
    lines.push(of("This service", carbon.g_per_km));
    lines.push(of("Private car", Some(carbon.car_g_per_km)));
    lines.push(of("Bus", Some(carbon.bus_g_per_km)));
}

fn people_lines(workforce: &[WorkforceYear], reach: &Reach, lines: &mut Vec<String>) {
    let driven: Vec<&WorkforceYear> = workforce.iter().step_by(5).filter(|year| year.needed_h > 0.0).collect();
    if !driven.is_empty() {
        lines.push(format!("\n{:<12}{:>16}{:>16}{:>24}", "In years", "hours needed", "hours there", "without drivers"));
    }
    for year in driven {
        let share = format!("{:.1} %", 100.0 * year.driverless_share);
        lines.push(format!("{:<12}{:>16}{:>16}{share:>24}", year.year, whole(year.needed_h), whole(year.available_h)));
    }
    let percent = |share: Option<f64>| share.map_or("-".to_owned(), |share| format!("{:.1} %", 100.0 * share));
    let wait = |seconds: Option<f64>| seconds.map_or("-".to_owned(), |wait_s| format!("{wait_s:.0} s"));
    lines.push(format!(
        "\n{:<20}{:>12}{:>14}{:>12}{:>12}{:>16}",
        "District (H3)", "people", "65 and over", "requests", "served", "mean wait"
    ));
    for district in &reach.districts {
        let (people, elderly) = (percent(Some(district.people_share)), percent(district.elderly_share));
        let (District { id, requests, served, .. }, wait) = (district, wait(district.mean_wait_s));
        lines.push(format!("{id:<20}{people:>12}{elderly:>14}{requests:>12}{served:>12}{wait:>16}"));
    }
    lines.push(format!("\n{:<38}{:>12}{:>12}{:>12}{:>16}", "Riders", "requests", "served", "in 15 min", "mean wait"));
    for group in &reach.groups {
        let mark = if reach.most_forgotten == Some(group.kind) { "   most forgotten" } else { "" };
        let (requests, served) = (whole(group.requests), whole(group.served));
        let (soon, wait) = (percent(Some(group.within_15_min_share)), wait(group.mean_wait_s));
        lines.push(format!("{:<38}{requests:>12}{served:>12}{soon:>12}{wait:>16}{mark}", riders(group.kind)));
    }
    lines.push(String::new());
    for access in &reach.access {
        let category = serde_json::to_value(access.category).expect("a word");
        let name = format!("Within 30 minutes of a {}", category.as_str().unwrap_or_default());
        let by_age = match (access.elderly_share, access.younger_share) {
            (Some(elderly), Some(younger)) => {
                format!(", {} from 65 on, {} below", percent(Some(elderly)), percent(Some(younger)))
            }
            _ => String::new(),
        };
        lines.push(format!("{name:<44}{:>14} of people{by_age}", percent(Some(access.share))));
    }
}

fn riders(kind: GroupKind) -> &'static str {
    match kind {
        GroupKind::All => "All",
        GroupKind::Phone => "Booked by phone",
        GroupKind::App => "Booked in the app",
        GroupKind::Wheelchair => "With a wheelchair",
        GroupKind::Children => "With children",
        GroupKind::Elderly => "65 and over, expected",
        GroupKind::Younger => "Under 65, expected",
        GroupKind::OldestDistricts => "From the oldest quarter of districts",
        GroupKind::OtherDistricts => "From other districts",
    }
}
