//! What a van's battery gives and takes.
//!
//! Consumption is linear: so much for each metre driven and so much for each millisecond of driving or boarding (lights,
//! electronics, heating or cooling). A van that waits or is plugged in draws nothing. Charging stores energy at a constant
//! rate, the lower of what the charger gives and the battery takes. Left out so far: taper near full, losses in the battery,
//! temperature of the cells, ageing.

use crate::scenario::{Battery, Charger};
use crate::units::Time;

/// Energy for driving and boarding.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Consumption {
    /// kWh for each metre driven.
    pub per_m_kwh: f64,
    /// kWh for each millisecond of driving or boarding.
    pub per_ms_kwh: f64,
}

impl Consumption {
    /// Of a battery's van at an outdoor temperature in degrees Celsius: auxiliaries plus heating below one temperature and
    /// cooling above another, each linear in the difference.
    pub fn new(battery: &Battery, outdoor_c: f64) -> Consumption {
        let climate = &battery.climate;
        let heating_kw = climate.heating_kw_per_k * (climate.heat_below_c - outdoor_c).max(0.0);
        let cooling_kw = climate.cooling_kw_per_k * (outdoor_c - climate.cool_above_c).max(0.0);
        Consumption {
            per_m_kwh: battery.drive_kwh_per_km / 1e3,
            per_ms_kwh: (battery.auxiliary_kw + heating_kw + cooling_kw) / 3.6e6,
        }
    }

    /// kWh for driving a length in a time.
    pub fn driving_kwh(&self, length_m: f64, time: Time) -> f64 {
        self.per_m_kwh * length_m + self.standing_kwh(time)
    }

    /// kWh for boarding or alighting that takes a time.
    pub fn standing_kwh(&self, time: Time) -> f64 {
        self.per_ms_kwh * f64::from(time.0)
    }
}

/// Power that goes into the battery when a van is plugged into a charger, kW.
pub fn stored_kw(charger: &Charger, max_charge_kw: f64) -> f64 {
    (charger.power_kw * charger.efficiency).min(max_charge_kw)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Climate;

    fn battery() -> Battery {
        Battery {
            capacity_kwh: 36.0,
            initial_soc: 1.0,
            reserve_soc: 0.1,
            max_charge_kw: 6.0,
            drive_kwh_per_km: 0.2,
            auxiliary_kw: 0.3,
            climate: Climate { heat_below_c: 18.0, heating_kw_per_k: 0.1, cool_above_c: 24.0, cooling_kw_per_k: 0.2 },
        }
    }

    #[test]
    fn driving_in_the_cold_takes_heat() {
        // 10 km x 0.2 = 2 kWh; half an hour at 0.3 kW + 8 K x 0.1 kW/K = 1.1 kW is 0.55 kWh.
        let kwh = Consumption::new(&battery(), 10.0).driving_kwh(10_000.0, Time(1_800_000));
        assert!((kwh - 2.55).abs() < 1e-12, "{kwh}");
    }

    #[test]
    fn mild_weather_takes_auxiliaries_only_and_heat_takes_cooling() {
        // One hour: 0.3 kWh at 20 degrees; at 30 degrees 6 K x 0.2 kW/K = 1.2 kWh more.
        let standing = |outdoor_c| Consumption::new(&battery(), outdoor_c).standing_kwh(Time::HOUR);
        assert!((standing(20.0) - 0.3).abs() < 1e-12);
        assert!((standing(30.0) - 1.5).abs() < 1e-12);
    }

    #[test]
    fn charging_power_is_limited_by_both_sides() {
        let charger = |power_kw| Charger { count: 1, power_kw, efficiency: 0.9 };
        assert_eq!(stored_kw(&charger(5.0), 6.0), 4.5);
        assert_eq!(stored_kw(&charger(50.0), 6.0), 6.0);
    }
}
