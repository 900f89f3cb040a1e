//! Carbon dioxide of a passenger kilometre, beside that of a private car and a bus.

use serde::{Deserialize, Serialize};

use super::parameters::{Parameter, value};
use super::quantities::Quantities;

/// Carbon dioxide of the service's driving, and of other ways to go, g for each passenger kilometre. Makers' emissions, those of
/// roads, and the sun's own panels are left out of all of them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Carbon {
    /// Of a year's driving, kg: electricity that came through meters by the contract's factor of its half hour, own sun, wind and fuel
    /// cells as 0; electricity elsewhere, and fuel, by the factors of `grid_kg` and `fuel_kg`. What is charged counts as far as driving
    /// and boarding used it up: not what is given back, nor what is left in the evening.
    pub kg: f64,
    /// Kilometres of all people aboard, on the ways that the vans drove.
    pub passenger_km: f64,
    /// Of the service; absent where nobody rides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub g_per_km: Option<f64>,
    /// Of a private car, the parameter `car_g`.
    pub car_g_per_km: f64,
    /// Of a bus, the parameter `bus_g`.
    pub bus_g_per_km: f64,
    /// What the same passenger kilometres would have emitted in private cars, less `kg`.
    pub saved_kg: f64,
}

/// Carbon dioxide of a year as it was lived through.
pub fn carbon(year: &Quantities, parameters: &[Parameter]) -> Carbon {
    let get = |key: &str| value(parameters, key);
    let charged_kg = year.co2_kg + year.unmetered_kwh * get("grid_kg");
    let used_share = if year.charged_kwh > 0.0 { year.used_kwh / year.charged_kwh } else { 0.0 };
    let kg = used_share * charged_kg + year.fuel_km * get("fuel_kg");
    let passenger_km = year.passenger_km;
    Carbon {
        kg,
        passenger_km,
        g_per_km: (passenger_km > 0.0).then(|| 1e3 * kg / passenger_km),
        car_g_per_km: get("car_g"),
        bus_g_per_km: get("bus_g"),
        saved_kg: passenger_km * get("car_g") / 1e3 - kg,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn grams_are_as_by_hand() {
        let parameters = super::super::usual(&Scenario::village());
        let year = Quantities {
            charged_kwh: 300.0,
            used_kwh: 240.0,
            co2_kg: 100.0,
            unmetered_kwh: 50.0,
            fuel_km: 200.0,
            passenger_km: 2_000.0,
            ..Quantities::default()
        };
        let carbon = carbon(&year, &parameters);
        // Of 100 kg and 50 kWh x 0.43 kg as much as was used up, 240 of 300 kWh; and 200 km x 0.23 kg.
        let kg = 0.8 * 121.5 + 46.0;
        assert!((carbon.kg - kg).abs() < 1e-9, "{carbon:?}");
        // 143.2 kg on 2,000 km are 71.6 g each; in cars they would have been 2,000 x 128 g = 256 kg.
        assert!((carbon.g_per_km.expect("people ride") - 71.6).abs() < 1e-9, "{carbon:?}");
        assert!((carbon.saved_kg - (256.0 - kg)).abs() < 1e-9, "{carbon:?}");
    }
}
