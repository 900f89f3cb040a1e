//! What a van's battery gives and takes.
//!
//! Consumption is linear: so much for each metre driven and so much for each millisecond of driving or boarding (lights,
//! electronics, heating or cooling). A van that waits or is plugged in draws nothing. A [`Link`] is a battery at a charger:
//! the converter loses a fixed power, a share and a square of the power, the cells a share; near full, charging tapers off.
//! [`ageing`] tells what time and cycles do. Left out: the temperature of the cells but for its mean.

pub mod ageing;

use crate::optimum;
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

/// A vehicle's or a site's battery, compiled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BatterySpec {
    /// Usable energy.
    pub capacity_kwh: f64,
    /// Energy when the day begins.
    pub initial_kwh: f64,
    /// Energy that it should have again when the day ends.
    pub target_kwh: f64,
    /// Energy that must remain.
    pub reserve_kwh: f64,
    /// Highest power in or out, measured at the battery.
    pub max_kw: f64,
    /// State of charge from which on charging slows down.
    pub taper_from_soc: f64,
    /// Share of the highest power that is left at a full battery.
    pub taper_at_full: f64,
    /// Share lost in the cells, each way.
    pub cell_loss: f64,
    /// Wear for each kWh that the cells give, yen.
    pub wear_yen_per_kwh: f64,
    /// What driving and boarding take.
    pub consumption: Consumption,
}

impl BatterySpec {
    /// Highest power into the battery at a stored energy, kW: a straight line from the begin of the taper on.
    pub fn max_charge_kw(&self, energy_kwh: f64) -> f64 {
        let (from_soc, at_full) = (self.taper_from_soc, self.taper_at_full);
        let soc = (energy_kwh / self.capacity_kwh).min(1.0);
        if soc <= from_soc || from_soc >= 1.0 {
            return self.max_kw;
        }
        self.max_kw * (1.0 - (1.0 - at_full) * (soc - from_soc) / (1.0 - from_soc))
    }

    /// The taper as the line of [`crate::optimum::Taper`], which is in energy that the cells store; none if it never bites.
    pub fn taper_line(&self) -> Option<optimum::Taper> {
        let (from_soc, at_full) = (self.taper_from_soc, self.taper_at_full);
        (from_soc < 1.0 && at_full < 1.0).then(|| {
            let fall = (1.0 - at_full) / ((1.0 - from_soc) * self.capacity_kwh);
            optimum::Taper {
                kw_per_kwh: self.max_kw * (1.0 - self.cell_loss) * fall,
                top_kwh: from_soc * self.capacity_kwh + 1.0 / fall,
            }
        })
    }
}

/// A battery at a charger.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    /// The battery.
    pub battery: &'a BatterySpec,
    /// The charger.
    pub charger: &'a Charger,
}

impl Link<'_> {
    /// Rate at which stored energy grows when the site gives `site_kw` (takes, where negative), kW.
    pub fn stored_kw(&self, site_kw: f64) -> f64 {
        let kept = 1.0 - self.battery.cell_loss;
        match &self.charger.discharge {
            _ if site_kw > 0.0 => self.charger.losses.stored_kw(site_kw) * kept,
            Some(discharge) if site_kw < 0.0 => -discharge.losses.taken_kw(-site_kw) / kept,
            _ => 0.0,
        }
    }

    /// Highest power from the site at a stored energy, so that it does not overfill within `hours`.
    pub fn max_charge_kw(&self, energy_kwh: f64, hours: f64) -> f64 {
        let room_kw = (self.battery.capacity_kwh - energy_kwh).max(0.0) / hours / (1.0 - self.battery.cell_loss);
        let battery_kw = self.battery.max_charge_kw(energy_kwh).min(room_kw);
        if battery_kw <= NO_POWER_KW {
            0.0
        } else {
            self.charger.power_kw.min(self.charger.losses.drawn_kw(battery_kw))
        }
    }

    /// Highest power to the site that leaves `floor_kwh` after `hours`; 0 at a one-way charger.
    pub fn max_discharge_kw(&self, energy_kwh: f64, floor_kwh: f64, hours: f64) -> f64 {
        let Some(discharge) = &self.charger.discharge else { return 0.0 };
        let spare_kw = (energy_kwh - floor_kwh).max(0.0) / hours * (1.0 - self.battery.cell_loss);
        let battery_kw = self.battery.max_kw.min(spare_kw);
        if battery_kw <= NO_POWER_KW { 0.0 } else { discharge.power_kw.min(discharge.losses.given_kw(battery_kw)) }
    }

    /// Stored energy for each kWh from the site, at full power.
    pub fn charge_efficiency(&self) -> f64 {
        let site_kw = self.max_charge_kw(0.0, 1e-6);
        self.stored_kw(site_kw) / site_kw
    }

    /// Energy to the site for each kWh stored, at full power; that of charging at a one-way charger.
    pub fn discharge_efficiency(&self) -> f64 {
        let site_kw = self.max_discharge_kw(self.battery.capacity_kwh, 0.0, 1e-6);
        if site_kw > 0.0 { -site_kw / self.stored_kw(-site_kw) } else { self.charge_efficiency() }
    }
}

/// Below this a battery's charge is as good as at its limit.
const NO_POWER_KW: f64 = 1e-6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Ageing, Climate, Discharge, Losses, Taper};

    fn battery() -> Battery {
        Battery {
            capacity_kwh: 36.0,
            initial_soc: 1.0,
            reserve_soc: 0.1,
            max_charge_kw: 6.0,
            taper: Taper { from_soc: 0.8, at_full: 0.2 },
            cell_loss: 0.02,
            ageing: Ageing {
                replacement_yen_per_kwh: 20_000.0,
                end_of_life_loss: 0.3,
                scale: 0.43,
                age_years: 0.0,
                full_cycles: 0.0,
            },
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

    fn spec() -> BatterySpec {
        BatterySpec {
            capacity_kwh: 36.0,
            initial_kwh: 36.0,
            target_kwh: 36.0,
            reserve_kwh: 3.6,
            max_kw: 6.0,
            taper_from_soc: 0.8,
            taper_at_full: 0.2,
            cell_loss: 0.02,
            wear_yen_per_kwh: 0.0,
            consumption: Consumption::default(),
        }
    }

    fn charger() -> Charger {
        let losses = |fixed_kw, proportional, quadratic_per_kw| Losses { fixed_kw, proportional, quadratic_per_kw };
        Charger {
            count: 1,
            power_kw: 6.0,
            losses: losses(0.05, 0.093, 0.003),
            standby_kw: 0.02,
            discharge: Some(Discharge { power_kw: 6.0, losses: losses(0.036, 0.063, 0.005) }),
        }
    }

    #[test]
    fn a_converter_loses_what_its_curve_says() {
        // 3 kW at the battery: 3 + 0.05 + 0.279 + 0.027 = 3.356 kW drawn; 3 − 0.036 − 0.189 − 0.045 = 2.730 kW given.
        let (battery, charger) = (spec(), charger());
        let link = Link { battery: &battery, charger: &charger };
        assert!((link.stored_kw(3.356) - 3.0 * 0.98).abs() < 1e-12, "{}", link.stored_kw(3.356));
        assert!((link.stored_kw(-2.730) + 3.0 / 0.98).abs() < 1e-12, "{}", link.stored_kw(-2.730));
        assert_eq!(link.stored_kw(0.0), 0.0);
    }

    #[test]
    fn the_round_trip_is_worse_at_low_power() {
        let (battery, charger) = (spec(), charger());
        let link = Link { battery: &battery, charger: &charger };
        let round_trip = |kw: f64| link.stored_kw(kw) / kw * (-kw / link.stored_kw(-kw));
        assert!((0.58..0.66).contains(&round_trip(0.3)), "{}", round_trip(0.3));
        assert!((0.74..0.80).contains(&round_trip(3.0)), "{}", round_trip(3.0));
    }

    #[test]
    fn charging_tapers_in_a_straight_line() {
        let battery = spec();
        assert_eq!(battery.max_charge_kw(28.8), 6.0);
        // Half way from 80 % to full: half way from 1 to 0.2, 0.6 of 6 kW.
        assert!((battery.max_charge_kw(32.4) - 3.6).abs() < 1e-12);
        assert!((battery.max_charge_kw(36.0) - 1.2).abs() < 1e-12);
        // The same line in energy stored by the cells.
        let line = battery.taper_line().expect("it tapers");
        assert!((line.kw_per_kwh * (line.top_kwh - 32.4) - 3.6 * 0.98).abs() < 1e-12, "{line:?}");
    }

    #[test]
    fn nothing_is_overfilled_or_emptied_below_the_floor() {
        let (battery, charger) = (spec(), charger());
        let link = Link { battery: &battery, charger: &charger };
        // 0.1 kWh of room, or to spare, in a quarter of an hour.
        let charge = link.stored_kw(link.max_charge_kw(35.9, 0.25)) * 0.25;
        let discharge = link.stored_kw(-link.max_discharge_kw(10.1, 10.0, 0.25)) * 0.25;
        assert!((charge - 0.1).abs() < 1e-9 && (discharge + 0.1).abs() < 1e-9, "{charge} {discharge}");
        assert_eq!((link.max_charge_kw(36.0, 0.25), link.max_discharge_kw(10.0, 10.0, 0.25)), (0.0, 0.0));
    }
}
