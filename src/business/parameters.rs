//! The prices and other numbers that an account is computed from, each with its unit, range and origin.

use serde::{Deserialize, Serialize};

use super::quantities::Quantities;
use crate::scenario::{Price, Problem, Scenario, Text, Zone};

/// No price of a town's service is beyond this.
const MOST: f64 = 1e12;

/// A number of the account that can be changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Parameter {
    /// Stable id; `fare:` and its id is the fare of a zone, `fare:bus` that of a bus.
    pub key: String,
    /// Name.
    pub name: Text,
    /// Unit, such as `yen/h`; `share` lies between 0 and 1, `factor` multiplies what the days had.
    pub unit: String,
    /// Value.
    pub value: f64,
    /// The lowest that it may be; absent: 20 % below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub low: Option<f64>,
    /// The highest that it may be; absent: 20 % above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub high: Option<f64>,
    /// Of what is bought once: years until it is bought again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub life_years: Option<f64>,
    /// Where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub source: Option<String>,
    /// Why it is assumed, where it has no source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub assumption: Option<Text>,
}

impl Parameter {
    /// Lowest and highest value.
    pub fn range(&self) -> (f64, f64) {
        let aside = 0.2 * self.value.abs();
        (self.low.unwrap_or(self.value - aside), self.high.unwrap_or(self.value + aside))
    }

    /// Takes another value. A range that it lies outside of is no longer known.
    fn set(&mut self, value: f64) {
        self.value = value;
        let (low, high) = self.range();
        if !(low..=high).contains(&value) {
            (self.low, self.high) = (None, None);
        }
    }

    fn set_from(&mut self, value: f64, origin: Origin) {
        self.set(value);
        (self.source, self.assumption) = match origin {
            Origin::Source(source) => (Some(source), None),
            Origin::Assumed(why) => (None, Some(why)),
        };
    }
}

/// Where a value comes from.
enum Origin {
    Source(String),
    Assumed(Text),
}

/// The parameters of a scenario's year: usual ones, in their place what the scenario has in `fares`, `costs` and its contracts,
/// and in the place of both what its `business.prices` say. The price of electricity is the mean of what the vans drew.
pub fn parameters(scenario: &Scenario, year: &Quantities) -> Vec<Parameter> {
    let mut parameters = usual(scenario);
    let own = |field: &str| {
        Origin::Assumed(Text::new(
            format!("シナリオの {field}。根拠はシナリオの前提を参照。"),
            format!("{field} of the scenario; what it rests on stands in the scenario's assumptions"),
        ))
    };
    let mut put = |key: &str, value: Option<f64>, origin: Origin| {
        let parameter = parameters.iter_mut().find(|parameter| parameter.key == key);
        if let (Some(parameter), Some(value)) = (parameter, value) {
            parameter.set_from(value, origin);
        }
    };
    put("free_share", Some(scenario.fares.free_share), own("fares.free_share"));
    put("night", scenario.fares.night.as_ref().map(|night| night.surcharge_yen), own("fares.night"));
    if let Some(costs) = &scenario.costs {
        let (running, at) = match scenario.runs_buses() {
            true => (&costs.fixed_route, "costs.fixed_route"),
            false => (&costs.on_demand, "costs.on_demand"),
        };
        put("driver", Some(costs.driver_yen_per_h), own("costs.driver_yen_per_h"));
        put("supervisor", Some(costs.supervisor_yen_per_h.unwrap_or(0.0)), own("costs.supervisor_yen_per_h"));
        put("vehicle", Some(365.0 * running.vehicle_yen_per_day), own(&format!("{at}.vehicle_yen_per_day x 365")));
        put("maintenance", Some(running.vehicle_yen_per_km), own(&format!("{at}.vehicle_yen_per_km")));
        put("fuel", Some(running.fuel_yen_per_km), own(&format!("{at}.fuel_yen_per_km")));
        put("overhead", Some(running.overhead_yen_per_day), own(&format!("{at}.overhead_yen_per_day")));
        put("electricity", Some(costs.electricity_yen_per_kwh), own("costs.electricity_yen_per_kwh"));
    }
    let as_run = &year.as_run;
    if let Some(tariff) = scenario.depots.iter().find_map(|depot| Some(&depot.site.as_ref()?.tariff)) {
        for (key, value) in [("electricity", as_run.electricity), ("demand", as_run.demand), ("export", as_run.export)]
        {
            put(key, Some(value), Origin::Source(tariff.source.clone()));
        }
    }
    put("fuel_cell", Some(as_run.fuel_cell), own("depots[].site.fuel_cell.yen_per_kwh"));
    if as_run.battery > 0.0 {
        put("battery", Some(as_run.battery), own("battery.ageing.replacement_yen_per_kwh"));
    }
    let prices = scenario.business.iter().flat_map(|business| &business.prices);
    change(&mut parameters, prices);
    parameters
}

/// Puts prices in the place of the parameters that they name; those that none has are left out.
pub fn change<'a>(parameters: &mut [Parameter], prices: impl IntoIterator<Item = &'a Price>) {
    for price in prices {
        let Some(parameter) = parameters.iter_mut().find(|parameter| parameter.key == price.key) else { continue };
        let origin = match &price.source {
            Some(source) => Origin::Source(source.clone()),
            None => Origin::Assumed(Text::new("利用者が入力した値。", "as entered")),
        };
        parameter.set_from(price.value, origin);
        parameter.low = price.low.or(parameter.low);
        parameter.high = price.high.or(parameter.high);
        parameter.life_years = price.life_years.or(parameter.life_years);
    }
}

/// The usual ones, and the scenario's fares.
pub(crate) fn usual(scenario: &Scenario) -> Vec<Parameter> {
    let field = if scenario.runs_buses() { "fixed_route.adult_yen" } else { "fares.zones" };
    let fare = |Fare { key, name, adult_yen }| Parameter {
        key,
        name: Text::new(format!("運賃：{}", name.ja), format!("Fare: {}", name.en)),
        unit: "yen/ride".into(),
        value: adult_yen,
        low: None,
        high: None,
        life_years: None,
        source: None,
        assumption: Some(Text::new(
            format!("シナリオの {field}。根拠はシナリオの出典と前提を参照。"),
            format!("{field} of the scenario; see its sources and assumptions"),
        )),
    };
    fares(scenario).into_iter().map(fare).chain(built_in()).collect()
}

fn built_in() -> Vec<Parameter> {
    serde_json::from_str(include_str!("parameters.json")).expect("the built-in parameters are JSON")
}

/// A fare of a scenario.
pub(super) struct Fare {
    pub key: String,
    pub name: Text,
    pub adult_yen: f64,
}

/// Those of its zones, or that of its bus.
pub(super) fn fares(scenario: &Scenario) -> Vec<Fare> {
    match (&scenario.fixed_route, scenario.runs_buses()) {
        (Some(route), true) => {
            vec![Fare { key: fare_key(None), name: Text::new("バス", "bus"), adult_yen: route.adult_yen }]
        }
        _ => {
            let fare = |zone: &Zone| Fare {
                key: fare_key(Some(&zone.id)),
                name: zone.name.clone(),
                adult_yen: zone.adult_yen,
            };
            scenario.fares.zones.iter().map(fare).collect()
        }
    }
}

/// Key of the fare of a zone, or of a bus.
pub(super) fn fare_key(zone: Option<&str>) -> String {
    format!("fare:{}", zone.unwrap_or("bus"))
}

/// What is wrong with parameters that come from elsewhere: one that is missing, a value that is no number, a range without its
/// value, a life of no time. Each problem's path is the parameter's key.
pub fn problems(parameters: &[Parameter]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut tell = |key: &str, ja: String, en: String| {
        problems.push(Problem { path: key.to_owned(), message: Text::new(ja, en) });
    };
    for usual in built_in() {
        if !parameters.iter().any(|parameter| parameter.key == usual.key) {
            let ja = "この値がありません。parameters が返す一覧を使い、値だけを変えてください。";
            tell(
                &usual.key,
                ja.into(),
                "missing: take the list that `parameters` gives and change values alone".into(),
            );
        }
    }
    for parameter in parameters {
        let Parameter { key, value, unit, .. } = parameter;
        let (low, high) = parameter.range();
        let finite = value.is_finite() && low.is_finite() && high.is_finite();
        if !finite || value.abs() > MOST {
            tell(
                key,
                format!("{value} は使えません。{MOST:e} までの数にしてください。"),
                format!("{value} cannot be used: give a number up to {MOST:e}"),
            );
        } else if !(low..=high).contains(value) {
            tell(
                key,
                format!("値 {value} が範囲 {low}～{high} の外です。範囲を広げるか、値を直してください。"),
                format!("{value} lies outside of its range, {low} to {high}: widen the range, or change the value"),
            );
        }
        if unit == "share" && !(0.0..=1.0).contains(value) {
            tell(
                key,
                format!("{value} は割合ではありません。0 から 1 にしてください。"),
                format!("{value} is no share: give 0 to 1"),
            );
        }
        if parameter.life_years.is_some_and(|years| !(years > 0.0 && years <= 1_000.0)) {
            tell(
                key,
                "耐用年数は 0 年より長く 1000 年以下にしてください。".into(),
                "give life_years above 0, up to 1000".into(),
            );
        }
    }
    problems
}

/// Value of a parameter; 0 if it is missing, which [`problems`] tells.
pub(crate) fn value(parameters: &[Parameter], key: &str) -> f64 {
    parameters.iter().find(|parameter| parameter.key == key).map_or(0.0, |parameter| parameter.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_parameter_has_either_a_source_or_a_reason() {
        let parameters = usual(&Scenario::village());
        assert_eq!(problems(&parameters), Vec::new());
        for parameter in &parameters {
            assert!(parameter.source.is_some() != parameter.assumption.is_some(), "{}", parameter.key);
        }
        let mut keys: Vec<&str> = parameters.iter().map(|parameter| parameter.key.as_str()).collect();
        keys.sort_unstable();
        assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "{keys:?}");
    }

    #[test]
    fn a_usual_range_holds_as_long_as_the_value_lies_in_it() {
        let mut parameters = usual(&Scenario::village());
        let range = |parameters: &[Parameter]| {
            parameters.iter().find(|parameter| parameter.key == "driver").map(Parameter::range)
        };
        let price = |value| Price { key: "driver".into(), value, ..Price::default() };
        change(&mut parameters, &[price(2_000.0)]);
        assert_eq!(range(&parameters), Some((1_800.0, 3_000.0)));
        change(&mut parameters, &[price(1_000.0)]);
        assert_eq!(range(&parameters), Some((800.0, 1_200.0)));
        change(&mut parameters, &[Price { high: Some(1_500.0), ..price(1_000.0) }]);
        assert_eq!(range(&parameters), Some((800.0, 1_500.0)));
    }

    #[test]
    fn what_is_wrong_is_told_by_its_key() {
        let mut parameters = usual(&Scenario::village());
        let mut set = |key: &str, change: fn(&mut Parameter)| {
            parameters.iter_mut().filter(|parameter| parameter.key == key).for_each(change);
        };
        set("driver", |driver| driver.value = f64::NAN);
        set("pass_share", |share| share.value = 1.5);
        set("charger", |charger| charger.life_years = Some(0.0));
        set("fuel", |fuel| fuel.low = Some(50.0));
        parameters.retain(|parameter| parameter.key != "overhead");
        let keys: Vec<String> = problems(&parameters).into_iter().map(|problem| problem.path).collect();
        assert_eq!(keys, ["overhead", "pass_share", "driver", "fuel", "charger"]);
    }
}
