//! The energy side of a depot: chargers, generation, load, tariff.

use serde::{Deserialize, Serialize};

use super::Text;
use crate::site::profile::Profile;
use crate::units::Clock;

data! {
    /// A group of equal chargers.
    pub struct Charger {
        /// How many vans can be plugged in at once.
        pub count: u32,
        /// Highest power drawn from the site while charging, kW.
        pub power_kw: f64,
        /// What is lost between the site and the battery.
        pub losses: Losses,
        /// Power drawn while a vehicle is plugged in and neither charges nor discharges, kW.
        pub standby_kw: f64,
        /// Giving energy back; absent: a one-way charger.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub discharge: Option<Discharge>,
    }

    /// The way back of a two-way charger.
    pub struct Discharge {
        /// Highest power given to the site, kW.
        pub power_kw: f64,
        /// What is lost between the battery and the site.
        pub losses: Losses,
    }

    /// Power lost in a converter: `fixed_kw + proportional x p + quadratic_per_kw x p²`, p the power on the battery's side in kW.
    ///
    /// Iwafune et al. 2024 (doi 10.1016/j.segy.2024.100145) measured 0.05, 0.093, 0.003 for charging and 0.036, 0.063, 0.005 for
    /// discharging at a two-way charger of 6 kW: there and back some 80 % at half power and 63 % at a twentieth, cells left
    /// out. Schram et al. 2020 measured 79 to 88 % with the cells, at some 11 kW.
    pub struct Losses {
        /// Lost at any power but zero, kW.
        pub fixed_kw: f64,
        /// Share of p.
        pub proportional: f64,
        /// For each kW of p, share of p.
        pub quadratic_per_kw: f64,
    }

    /// Charging slows down near full: from `from_soc` on, the highest power falls in a straight line to `at_full` of it.
    pub struct Taper {
        /// State of charge where the slowing begins, between 0 and 1.
        pub from_soc: f64,
        /// Share of the highest power that is left at a full battery, between 0 and 1.
        pub at_full: f64,
    }

    /// How a battery ages and what that costs.
    pub struct Ageing {
        /// Price of a new battery, yen per kWh of capacity.
        pub replacement_yen_per_kwh: f64,
        /// Share of the capacity that is lost when it is replaced, between 0 and 1.
        pub end_of_life_loss: f64,
        /// Ageing against the cell of Schmalstieg et al. 2014.
        pub scale: f64,
        /// Age when the first day begins, years.
        pub age_years: f64,
        /// Full cycles behind it when the first day begins.
        pub full_cycles: f64,
    }

    /// A depot's connection to the grid, and what else is behind the same meter.
    pub struct Site {
        /// Name of the site.
        pub name: Text,
        /// Latitude in degrees.
        pub lat: f64,
        /// Longitude in degrees.
        pub lng: f64,
        /// Load of the building, kW: 24, 48 (a day), 168, 336 (a week from Monday), 8760 or 17520 values (a year); one value: constant.
        pub load_kw: Profile,
        /// Multiplies the load, January first.
        pub load_by_month: [f64; 12],
        /// Photovoltaic panels.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub solar: Option<Solar>,
        /// Wind turbines.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub wind: Option<Wind>,
        /// Fuel cell.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub fuel_cell: Option<FuelCell>,
        /// Stationary battery.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub battery: Option<Stationary>,
        /// Cars that are not part of the service.
        pub cars: Vec<Cars>,
        /// Highest power taken from the grid, kW.
        pub import_limit_kw: f64,
        /// Highest power given to the grid, kW; 0: generation beyond the site's needs is curtailed.
        pub export_limit_kw: f64,
        /// Contract with the utility.
        pub tariff: Tariff,
        /// What has to go on in a power cut.
        pub critical_loads: Vec<CriticalLoad>,
    }

    /// Photovoltaic panels.
    pub struct Solar {
        /// Rated power, kW.
        pub peak_kw: f64,
        /// Tilt against the horizontal, degrees.
        pub tilt_deg: f64,
        /// Direction they face, degrees clockwise from north: 180 is south.
        pub azimuth_deg: f64,
        /// Power given for each kW rated at 1 kW/m2: losses of panels, cables and inverter.
        pub performance: f64,
        /// Share of the clear sky's irradiance that comes through, January first.
        pub cloud_by_month: [f64; 12],
        /// The same, by hour or half hour; used instead of `cloud_by_month`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub cloud: Option<Profile>,
        /// Power measured or forecast, kW; used instead of everything else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub power_kw: Option<Profile>,
    }

    /// Equal wind turbines.
    pub struct Wind {
        /// How many.
        pub count: u32,
        /// Rated power of each, kW.
        pub rated_kw: f64,
        /// Wind speed from which it turns, m/s.
        pub cut_in_m_s: f64,
        /// Wind speed at which it reaches its rated power, m/s.
        pub rated_m_s: f64,
        /// Wind speed at which it stops, m/s.
        pub cut_out_m_s: f64,
        /// Mean wind speed at the hub, January first, m/s; speeds are Rayleigh distributed around it.
        pub mean_by_month_m_s: [f64; 12],
        /// Power of all of them measured or forecast, kW; used instead of the wind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(target_arch = "wasm32", tsify(optional))]
        pub power_kw: Option<Profile>,
    }

    /// A fuel cell.
    pub struct FuelCell {
        /// Highest power, kW.
        pub power_kw: f64,
        /// Cost of its fuel, yen per kWh of electricity.
        pub yen_per_kwh: f64,
    }

    /// A battery that stays at the site.
    pub struct Stationary {
        /// Usable energy, kWh.
        pub capacity_kwh: f64,
        /// State of charge when the day begins, between 0 and 1.
        pub initial_soc: f64,
        /// State of charge below which it is kept for a power cut, between 0 and 1.
        pub reserve_soc: f64,
        /// Its converter; `count` 1.
        pub charger: Charger,
        /// Charging near full.
        pub taper: Taper,
        /// Share lost in the cells, each way.
        pub cell_loss: f64,
        /// Ageing.
        pub ageing: Ageing,
    }

    /// Equal cars with the same days, each at a charger of its own when not away.
    pub struct Cars {
        /// Name of the group.
        pub name: Text,
        /// How many.
        pub count: u32,
        /// Battery; `initial_soc` is the charge when the day begins.
        pub battery: super::Battery,
        /// Its charger; `count` 1.
        pub charger: Charger,
        /// When they are away.
        pub trips: Vec<CarTrip>,
    }

    /// A regular trip of cars.
    pub struct CarTrip {
        /// Days of the week.
        pub days: Vec<super::Weekday>,
        /// Leaves the site.
        pub from: Clock,
        /// Is back and plugged in.
        pub until: Clock,
        /// Energy used, kWh, in any weather.
        pub energy_kwh: f64,
    }

    /// Something that has to go on in a power cut.
    pub struct CriticalLoad {
        /// Name.
        pub name: Text,
        /// Mean power, kW.
        pub power_kw: f64,
    }

    /// A contract for electricity, billed as Japanese contracts at high voltage below 500 kW are (for example Chubu Electric, "how
    /// charges are made up"): the demand charge is paid for the highest 30-minute mean of the month and the eleven before.
    pub struct Tariff {
        /// Name of the contract.
        pub name: Text,
        /// Where its prices were read, or that they are assumed.
        pub source: String,
        /// Date from which the prices hold, `YYYY-MM-DD`.
        pub since: String,
        /// Price of energy before the parts below.
        pub energy: EnergyPrice,
        /// Fuel cost adjustment, yen per kWh; may be negative.
        pub fuel_adjustment_yen_per_kwh: f64,
        /// Renewable energy levy, yen per kWh.
        pub levy_yen_per_kwh: f64,
        /// Demand charge, yen per kW and month.
        pub basic_yen_per_kw_month: f64,
        /// Power factor in percent: each point above 85 takes 1 % off the demand charge, each below adds 1 %.
        pub power_factor_percent: f64,
        /// Highest 30-minute mean of the eleven months before, kW.
        pub past_peak_kw: f64,
        /// Tax on all prices above, between 0 and 1; 0 where they include it, as published prices and levies do.
        pub tax: f64,
        /// Price paid for energy given to the grid, yen per kWh.
        pub export_yen_per_kwh: f64,
        /// Whether energy from batteries may be given to the grid.
        pub battery_export: bool,
        /// Carbon dioxide of energy bought, kg per kWh.
        pub co2_kg_per_kwh: Profile,
    }

    /// Energy at one price during some hours.
    pub struct Period {
        /// Months, 1 to 12; empty: all.
        pub months: Vec<u32>,
        /// Days of the week; empty: all.
        pub days: Vec<super::Weekday>,
        /// Begin.
        pub from: Clock,
        /// End; hours go on past midnight.
        pub until: Clock,
        /// Price, yen per kWh.
        pub yen_per_kwh: f64,
    }
}

/// Price of energy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum EnergyPrice {
    /// The same at all times.
    Flat {
        /// Price, yen per kWh.
        yen_per_kwh: f64,
    },
    /// By season, day and hour: the first period that matches.
    TimeOfUse {
        /// Periods.
        periods: Vec<Period>,
        /// Price at all other times, yen per kWh.
        otherwise_yen_per_kwh: f64,
    },
    /// The market's price by half hour, divided by 1 − `loss`, plus `adder_yen_per_kwh`.
    Market {
        /// Spot price, yen per kWh.
        spot_yen_per_kwh: Profile,
        /// Share lost in the grid.
        loss: f64,
        /// Use of the grid, and the retailer's margin.
        adder_yen_per_kwh: f64,
    },
}

impl Losses {
    /// Power on the site's side while charging with `battery_kw` at the battery.
    pub fn drawn_kw(&self, battery_kw: f64) -> f64 {
        if battery_kw > 0.0 { battery_kw + self.lost_kw(battery_kw) } else { 0.0 }
    }

    /// Power on the site's side while discharging with `battery_kw` at the battery; not below 0.
    pub fn given_kw(&self, battery_kw: f64) -> f64 {
        if battery_kw > 0.0 { (battery_kw - self.lost_kw(battery_kw)).max(0.0) } else { 0.0 }
    }

    fn lost_kw(&self, battery_kw: f64) -> f64 {
        self.fixed_kw + battery_kw * (self.proportional + self.quadratic_per_kw * battery_kw)
    }

    /// Power at the battery when charging draws `drawn_kw`; the inverse of [`Losses::drawn_kw`].
    pub fn stored_kw(&self, drawn_kw: f64) -> f64 {
        solve(self.quadratic_per_kw, 1.0 + self.proportional, drawn_kw - self.fixed_kw)
    }

    /// Power at the battery when discharging gives `given_kw`; the inverse of [`Losses::given_kw`].
    pub fn taken_kw(&self, given_kw: f64) -> f64 {
        if given_kw <= 0.0 {
            return 0.0;
        }
        solve(-self.quadratic_per_kw, 1.0 - self.proportional, given_kw + self.fixed_kw)
    }
}

/// The positive solution of `quadratic x p² + linear x p = power` that grows with `power`; 0 for a power that is not positive.
fn solve(quadratic: f64, linear: f64, power: f64) -> f64 {
    if power <= 0.0 {
        return 0.0;
    }
    // A discharge beyond the vertex cannot be given: the vertex is the most.
    let root = (linear * linear + 4.0 * quadratic * power).max(0.0).sqrt();
    2.0 * power / (linear + root)
}
