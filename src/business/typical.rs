//! Which days stand for a year.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::Date;

use crate::scenario::{Scenario, Weekday};
use crate::site;

/// A day that stands for others of its season and kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct TypicalDay {
    /// Its date, `YYYY-MM-DD`.
    pub date: String,
    /// Mean outdoor temperature of its month, degrees Celsius.
    pub outdoor_c: f64,
    /// Mean demand of the days that it stands for / its own.
    pub demand_factor: f64,
    /// How many days it stands for.
    pub days: f64,
    /// Of how many days in all, those without service included.
    pub of_days: f64,
}

/// The days with service among the 365 from the scenario's date on, by season and kind, one for each group: the one whose demand is
/// nearest to the mean, and of these the one nearest to the middle of the season. Seasons are three months from December on; days are
/// of a kind if they have the same hours, vehicles and departures of buses. Days without service are no part: their sites are
/// as without vans. O(365 x (vehicles + departures)).
pub fn typical_days(scenario: &Scenario) -> Vec<TypicalDay> {
    let mut groups: BTreeMap<(u8, Kind), Vec<Date>> = BTreeMap::new();
    let mut date = scenario.date();
    for _ in 0..YEAR_DAYS {
        let Some(day) = date else { break };
        if let Some(kind) = kind(scenario, site::weekday(day)) {
            groups.entry((u8::from(day.month()) % 12 / 3, kind)).or_default().push(day);
        }
        date = day.next_day();
    }
    groups.into_iter().map(|((season, _), dates)| typical_day(scenario, season, &dates)).collect()
}

const YEAR_DAYS: usize = 365;

/// Index of the hours, and which vehicles run and which departures are driven.
type Kind = (usize, Vec<bool>);

fn kind(scenario: &Scenario, weekday: Weekday) -> Option<Kind> {
    let hours = scenario.service.hours.iter().position(|hours| hours.days.contains(&weekday))?;
    let mut runs: Vec<bool> = scenario.vehicles().iter().map(|vehicle| vehicle.runs_on(weekday)).collect();
    if let (Some(route), true) = (&scenario.fixed_route, scenario.runs_buses()) {
        let departures = route.lines.iter().flat_map(|line| &line.departures);
        runs.extend(departures.map(|departures| departures.days.contains(&weekday)));
    }
    Some((hours, runs))
}

fn typical_day(scenario: &Scenario, season: u8, dates: &[Date]) -> TypicalDay {
    let demand = |date: Date| {
        let generator = scenario.demand.generator.as_ref();
        generator.map_or(1.0, |generator| generator.by_weekday[usize::from(date.weekday().number_days_from_monday())])
    };
    let mean = dates.iter().map(|&date| demand(date)).sum::<f64>() / dates.len() as f64;
    // Days from the 15th of the season's middle month, months taken to have 30.
    let from_middle = |date: Date| {
        let months = (i32::from(u8::from(date.month())) - i32::from(season) * 3 - 1 + 18) % 12 - 6;
        (months * 30 + i32::from(date.day()) - 15).abs()
    };
    let nearest = dates.iter().copied().min_by(|&a, &b| {
        let by_demand = (demand(a) - mean).abs().total_cmp(&(demand(b) - mean).abs());
        by_demand.then(from_middle(a).cmp(&from_middle(b)))
    });
    let date = nearest.expect("a group has a day");
    TypicalDay {
        date: date.to_string(),
        outdoor_c: scenario.day.outdoor_by_month_c[usize::from(u8::from(date.month())) - 1],
        demand_factor: if demand(date) > 0.0 { mean / demand(date) } else { 1.0 },
        days: dates.len() as f64,
        of_days: YEAR_DAYS as f64,
    }
}

impl TypicalDay {
    /// Makes a scenario's day this one. Without vans there are their sites alone: vans drive nowhere and have no batteries.
    pub fn enter(&self, scenario: &mut Scenario, seed: u64, with_vans: bool) {
        scenario.day.date.clone_from(&self.date);
        scenario.day.outdoor_c = self.outdoor_c;
        scenario.demand.factor *= self.demand_factor;
        scenario.seed = seed;
        if !with_vans {
            scenario.vehicles_mut().iter_mut().for_each(|vehicle| vehicle.battery = None);
            scenario.demand.generator = None;
            scenario.demand.trips.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seasons_and_kinds_of_days_add_up_to_the_days_with_service() {
        let mut scenario = Scenario::village();
        // From Wednesday, 1 April 2026, on: 52 weeks and a Wednesday, so that there are 261 weekdays.
        let days = typical_days(&scenario);
        assert_eq!(days.len(), 4);
        assert_eq!(days.iter().map(|day| day.days).sum::<f64>(), 261.0);
        // Winter comes first, its middle is 15 January 2027, a Friday; spring's is 15 April, a Wednesday.
        assert_eq!((days[0].date.as_str(), days[1].date.as_str()), ("2027-01-15", "2026-04-15"));

        // On Fridays the demand is twice that of other weekdays, and Mondays have hours of their own.
        let generator = scenario.demand.generator.as_mut().expect("the village draws its demand");
        generator.by_weekday = [1.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0];
        let mut mondays = scenario.service.hours[0].clone();
        scenario.service.hours[0].days.remove(0);
        mondays.days = vec![Weekday::Mon];
        scenario.service.hours.push(mondays);
        let days = typical_days(&scenario);
        assert_eq!(days.len(), 8);
        // Of Tuesdays to Fridays a quarter has twice the demand, some more or less as the season has them.
        let factors: Vec<f64> = days.iter().map(|day| day.demand_factor).collect();
        assert!(factors[0] > 1.2 && factors[0] < 1.3 && factors[1] == 1.0, "{factors:?}");
    }

    #[test]
    fn sites_alone_have_no_vans_to_charge() {
        let mut scenario = Scenario::village();
        let day = &typical_days(&scenario)[0];
        day.enter(&mut scenario, 7, false);
        assert_eq!((scenario.day.date.as_str(), scenario.seed), ("2027-01-15", 7));
        assert!(scenario.fleet.vehicles[0].battery.is_none() && scenario.demand.generator.is_none());
        assert_eq!(scenario.problems(), Vec::new());
    }
}
