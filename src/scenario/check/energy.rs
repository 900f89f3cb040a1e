//! The energy side of a scenario.

use super::*;
use crate::site::profile;

impl Check {
    /// Every number of a list within a range.
    pub(super) fn all(&mut self, path: &str, values: &[f64], range: Range) {
        for (i, &value) in values.iter().enumerate() {
            self.number(format_args!("{path}[{i}]"), value, range);
        }
    }

    fn profile(&mut self, path: &str, profile: &profile::Profile, range: Range) {
        let count = profile.0.len();
        self.need(profile::is_valid_length(count), path, || {
            Text::new(
                format!(
                    "値が {count} 個では、どの期間か分かりません。1（一定）、24・48（1日）、168・336（月曜からの1週間）、8760・17520（1年）個のどれかにしてください。"
                ),
                format!(
                    "{count} values fit no period: give 1 (constant), 24 or 48 (a day), 168 or 336 (a week from Monday), 8760 or 17520 (a year)"
                ),
            )
        });
        self.all(path, &profile.0, range);
    }

    /// Two clock times, the first before the second.
    pub(super) fn hours(&mut self, at: &str, begin: Clock, end: Clock) {
        self.need(begin < end, format_args!("{at}.until"), || {
            Text::new(
                format!(
                    "{end} は始まりの {begin} より後ではありません。真夜中を越えるなら 29:00 のように書いてください。"
                ),
                format!("{end} is not after the begin at {begin}: write hours past midnight as 29:00"),
            )
        });
    }

    pub(super) fn charger(&mut self, at: &str, charger: &Charger) {
        numbers!(self, at, charger: count in from(1.0, 10_000.0), power_kw in above(0.0, 1_000.0), standby_kw in from(0.0, 10.0));
        self.losses(&format!("{at}.losses"), &charger.losses);
        self.need(
            charger.power_kw <= 0.0 || charger.losses.stored_kw(charger.power_kw) > 0.0,
            format_args!("{at}.losses.fixed_kw"),
            || {
                Text::new(
                    format!(
                        "{} kW の損失では充電できません。power_kw より小さくしてください。",
                        charger.losses.fixed_kw
                    ),
                    format!(
                        "a loss of {} kW leaves nothing to charge with: give less than power_kw",
                        charger.losses.fixed_kw
                    ),
                )
            },
        );
        if let Some(discharge) = &charger.discharge {
            numbers!(self, format_args!("{at}.discharge"), discharge: power_kw in above(0.0, 1_000.0));
            self.losses(&format!("{at}.discharge.losses"), &discharge.losses);
            let given_kw = discharge.losses.given_kw(discharge.losses.taken_kw(discharge.power_kw));
            self.need(given_kw >= 0.999 * discharge.power_kw, format_args!("{at}.discharge.power_kw"), || {
                Text::new(
                    format!("損失が大きく {} kW は出せません。{given_kw:.1} 以下にしてください。", discharge.power_kw),
                    format!("with these losses {} kW cannot be given: give {given_kw:.1} or less", discharge.power_kw),
                )
            });
        }
    }

    fn losses(&mut self, at: &str, losses: &Losses) {
        numbers!(self, at, losses: fixed_kw in from(0.0, 10.0), proportional in from(0.0, 0.5), quadratic_per_kw in from(0.0, 1.0));
    }

    pub(super) fn taper(&mut self, at: &str, taper: &Taper) {
        numbers!(self, format_args!("{at}.taper"), taper: from_soc in SHARE, at_full in above(0.0, 1.0));
    }

    pub(super) fn ageing(&mut self, at: &str, ageing: &Ageing) {
        numbers!(self, format_args!("{at}.ageing"), ageing: replacement_yen_per_kwh in from(0.0, 1e7),
            end_of_life_loss in above(0.0, 1.0), scale in from(0.0, 10.0), age_years in from(0.0, 50.0),
            full_cycles in from(0.0, 1e5));
    }

    pub(super) fn site(&mut self, at: &str, site: &Site) {
        numbers!(self, at, site: lat in LATITUDE, lng in LONGITUDE, import_limit_kw in KW, export_limit_kw in KW);
        self.profile(&format!("{at}.load_kw"), &site.load_kw, KW);
        self.all(&format!("{at}.load_by_month"), &site.load_by_month, from(0.0, 1_000.0));
        if let Some(solar) = &site.solar {
            let at = format!("{at}.solar");
            numbers!(self, at, solar: peak_kw in KW, tilt_deg in from(0.0, 180.0), azimuth_deg in from(0.0, 360.0),
                performance in from(0.0, 1.5));
            self.all(&format!("{at}.cloud_by_month"), &solar.cloud_by_month, from(0.0, 1.5));
            if let Some(cloud) = &solar.cloud {
                self.profile(&format!("{at}.cloud"), cloud, from(0.0, 1.5));
            }
            if let Some(power_kw) = &solar.power_kw {
                self.profile(&format!("{at}.power_kw"), power_kw, KW);
            }
        }
        if let Some(wind) = &site.wind {
            let at = format!("{at}.wind");
            numbers!(self, at, wind: count in from(0.0, 10_000.0), rated_kw in KW, cut_in_m_s in from(0.0, 50.0),
                rated_m_s in above(0.0, 50.0), cut_out_m_s in above(0.0, 100.0));
            self.below(
                format_args!("{at}.cut_in_m_s"),
                wind.cut_in_m_s,
                ("起動風速", "the cut-in speed"),
                wind.rated_m_s,
                ("定格風速", "the rated speed"),
            );
            self.all(&format!("{at}.mean_by_month_m_s"), &wind.mean_by_month_m_s, from(0.0, 50.0));
            if let Some(power_kw) = &wind.power_kw {
                self.profile(&format!("{at}.power_kw"), power_kw, KW);
            }
        }
        if let Some(cell) = &site.fuel_cell {
            numbers!(self, format_args!("{at}.fuel_cell"), cell: power_kw in KW, yen_per_kwh in PRICE);
        }
        if let Some(battery) = &site.battery {
            let at = format!("{at}.battery");
            numbers!(self, at, battery: capacity_kwh in above(0.0, 1e6), initial_soc in SHARE, reserve_soc in SHARE,
                cell_loss in CELL_LOSS);
            self.charger(&format!("{at}.charger"), &battery.charger);
            self.taper(&at, &battery.taper);
            self.ageing(&at, &battery.ageing);
        }
        for (i, cars) in site.cars.iter().enumerate() {
            self.cars(&format!("{at}.cars[{i}]"), cars);
        }
        for (i, load) in site.critical_loads.iter().enumerate() {
            numbers!(self, format_args!("{at}.critical_loads[{i}]"), load: power_kw in KW);
        }
        self.tariff(&format!("{at}.tariff"), &site.tariff);
    }

    fn cars(&mut self, at: &str, cars: &Cars) {
        numbers!(self, at, cars: count in from(1.0, 10_000.0));
        self.battery(&format!("{at}.battery"), &cars.battery);
        self.charger(&format!("{at}.charger"), &cars.charger);
        let battery = &cars.battery;
        let spare_kwh = battery.capacity_kwh * (1.0 - battery.reserve_soc);
        let mut latest: BTreeMap<Weekday, Clock> = BTreeMap::new();
        for (i, trip) in cars.trips.iter().enumerate() {
            let at = format!("{at}.trips[{i}]");
            self.hours(&at, trip.from, trip.until);
            self.number(format_args!("{at}.energy_kwh"), trip.energy_kwh, from(0.0, spare_kwh));
            for &day in &trip.days {
                let before = latest.insert(day, trip.until);
                self.need(before.is_none_or(|before| before <= trip.from), format_args!("{at}.from"), || {
                    let (ja, en) = name(day);
                    Text::new(
                        format!("{ja}の前の外出と重なっています。時刻の順に、重ならないように書いてください。"),
                        format!("overlaps the trip before on {en}: give trips in the order of time, without overlap"),
                    )
                });
            }
        }
    }

    fn tariff(&mut self, at: &str, tariff: &Tariff) {
        numbers!(self, at, tariff: fuel_adjustment_yen_per_kwh in PRICE, levy_yen_per_kwh in PRICE,
            basic_yen_per_kw_month in from(0.0, 1e6), power_factor_percent in from(0.0, 100.0), past_peak_kw in KW,
            tax in SHARE, export_yen_per_kwh in PRICE);
        self.profile(&format!("{at}.co2_kg_per_kwh"), &tariff.co2_kg_per_kwh, from(0.0, 10.0));
        match &tariff.energy {
            EnergyPrice::Flat { yen_per_kwh } => {
                self.number(format_args!("{at}.energy.yen_per_kwh"), *yen_per_kwh, PRICE)
            }
            EnergyPrice::TimeOfUse { periods, otherwise_yen_per_kwh } => {
                self.number(format_args!("{at}.energy.otherwise_yen_per_kwh"), *otherwise_yen_per_kwh, PRICE);
                for (i, period) in periods.iter().enumerate() {
                    let at = format!("{at}.energy.periods[{i}]");
                    self.hours(&at, period.from, period.until);
                    self.number(format_args!("{at}.yen_per_kwh"), period.yen_per_kwh, PRICE);
                    for (k, &month) in period.months.iter().enumerate() {
                        self.number(format_args!("{at}.months[{k}]"), f64::from(month), from(1.0, 12.0));
                    }
                }
            }
            EnergyPrice::Market { spot_yen_per_kwh, loss, adder_yen_per_kwh } => {
                self.profile(&format!("{at}.energy.spot_yen_per_kwh"), spot_yen_per_kwh, PRICE);
                self.number(format_args!("{at}.energy.loss"), *loss, from(0.0, 0.5));
                self.number(format_args!("{at}.energy.adder_yen_per_kwh"), *adder_yen_per_kwh, PRICE);
            }
        }
    }
}
