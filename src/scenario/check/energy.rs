//! The energy side of a scenario.

use super::*;
use crate::site::profile;
use crate::units::Time;

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
                    "値が {count} 個では、どの期間か分かりません。1（一定）、24・48（1日）、168・336（月曜からの1週間）、8760・17520（1年。うるう年は 8784・17568）個のどれかにしてください。"
                ),
                format!(
                    "{count} values fit no period: give 1 (constant), 24 or 48 (a day), 168 or 336 (a week from Monday), 8760 or 17520 (a year; 8784 or 17568 in a leap year)"
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

    /// `begin`: when the site's days begin, and the ones before end.
    pub(super) fn site(&mut self, at: &str, site: &Site, begin: Time) {
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
            self.cars(&format!("{at}.cars[{i}]"), cars, begin);
        }
        for (i, load) in site.critical_loads.iter().enumerate() {
            numbers!(self, format_args!("{at}.critical_loads[{i}]"), load: power_kw in KW);
        }
        self.tariff(&format!("{at}.tariff"), &site.tariff);
    }

    fn cars(&mut self, at: &str, cars: &Cars, begin: Time) {
        numbers!(self, at, cars: count in from(1.0, 10_000.0));
        self.battery(&format!("{at}.battery"), &cars.battery);
        self.charger(&format!("{at}.charger"), &cars.charger);
        let battery = &cars.battery;
        let spare_kwh = battery.capacity_kwh * (1.0 - battery.reserve_soc);
        let midnight = Time(24 * Time::HOUR.0);
        // Begin and end in a week from Monday, and which.
        let mut week: Vec<(Time, Time, usize)> = Vec::new();
        for (i, trip) in cars.trips.iter().enumerate() {
            let at = format!("{at}.trips[{i}]");
            self.hours(&at, trip.from, trip.until);
            self.number(format_args!("{at}.energy_kwh"), trip.energy_kwh, from(0.0, spare_kwh));
            let (from, until) = (trip.from.0, trip.until.0);
            let end = Clock(begin + midnight);
            self.need(until <= begin || from >= begin && until <= end.0, format_args!("{at}.until"), || {
                let begin = Clock(begin);
                Text::new(
                    format!("{}から{}の外出は、一日の境（{begin}、翌日の{end}）を越えます。境で二つに分けてください。", trip.from, trip.until),
                    format!(
                        "from {} to {} leads over {begin} or {end}, where one day ends and the next begins: make two trips of it",
                        trip.from, trip.until
                    ),
                )
            });
            let day = |day: &Weekday| Time((*day as i32) * midnight.0);
            week.extend(trip.days.iter().map(day).map(|day| (day + from, day + until, i)));
        }
        week.sort();
        // The first trip of the week follows on the last.
        let again = week.first().map(|&(from, until, i)| (from + Time(7 * midnight.0), until, i));
        let next = week.iter().copied().skip(1).chain(again);
        for ((_, until, before), (from, _, i)) in week.iter().copied().zip(next) {
            self.need(until <= from, format_args!("{at}.trips[{i}].from"), || {
                Text::new(
                    format!("trips[{before}] と重なっています。重ならないように書いてください。"),
                    format!("overlaps trips[{before}]: give trips without overlap"),
                )
            });
        }
    }

    fn tariff(&mut self, at: &str, tariff: &Tariff) {
        self.need(parse_date(&tariff.since).is_some(), format_args!("{at}.since"), || {
            Text::new(
                format!("「{}」は暦にない日付です。2026-04-01 のように年-月-日で書いてください。", tariff.since),
                format!("\"{}\" is not a date: write year-month-day, such as 2026-04-01", tariff.since),
            )
        });
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Path and English message of each problem after a change to Namie's site.
    fn problems(change: impl FnOnce(&mut Site)) -> Vec<(String, String)> {
        let mut scenario = read(TOWNS[0].1).expect("the built-in town is valid");
        change(scenario.depots[0].site.as_mut().expect("a site"));
        scenario.problems().into_iter().map(|problem| (problem.path, problem.message.en)).collect()
    }

    #[track_caller]
    fn assert_problem(change: impl FnOnce(&mut Site), path: &str, message: &str) {
        let problems = problems(change);
        assert!(problems.len() == 1 && problems[0].0 == format!("depots[0].site.{path}"), "{path}: {problems:?}");
        assert!(problems[0].1.contains(message), "{path}: {}", problems[0].1);
    }

    fn clock(hour: i32) -> Clock {
        Clock(Time(hour * Time::HOUR.0))
    }

    fn trip(day: Weekday, from: i32, until: i32) -> CarTrip {
        CarTrip { days: vec![day], from: clock(from), until: clock(until), energy_kwh: 6.0 }
    }

    #[test]
    fn says_what_is_wrong_with_a_site() {
        assert_problem(|site| site.load_kw.0[3] = -1.0, "load_kw[3]", "-1 is too small");
        assert_problem(|site| site.load_kw.0.truncate(23), "load_kw", "23 values fit no period");
        assert_problem(|site| site.load_by_month[11] = f64::NAN, "load_by_month[11]", "not a number");
        assert_problem(|site| site.import_limit_kw = -5.0, "import_limit_kw", "-5 is too small");
        assert_problem(|site| site.solar.as_mut().expect("panels").peak_kw = -1.0, "solar.peak_kw", "too small");
        assert_problem(|site| site.wind.as_mut().expect("wind").cut_in_m_s = 13.0, "wind.cut_in_m_s", "12.5");
        assert_problem(|site| site.cars[1].charger.power_kw = 0.0, "cars[1].charger.power_kw", "above 0");
        assert_problem(|site| site.cars[0].charger.losses.fixed_kw = 6.0, "cars[0].charger.losses.fixed_kw", "6 kW");
        let steep = |site: &mut Site| {
            site.cars[0].charger.discharge.as_mut().expect("two-way").losses.quadratic_per_kw = 0.1;
        };
        assert_problem(steep, "cars[0].charger.discharge.power_kw", "cannot be given");
    }

    #[test]
    fn says_what_is_wrong_with_a_contract() {
        assert_problem(|site| site.tariff.since = "last May".into(), "tariff.since", "\"last May\" is not a date");
        assert_problem(|site| site.tariff.tax = 10.0, "tariff.tax", "up to 1");
        assert_problem(|site| site.tariff.power_factor_percent = 120.0, "tariff.power_factor_percent", "up to 100");
        let period = |from, until, months: &[u32]| Period {
            months: months.to_vec(),
            days: Vec::new(),
            from,
            until,
            yen_per_kwh: 5.0,
        };
        let time_of_use = |period: Period| {
            move |site: &mut Site| {
                site.tariff.energy = EnergyPrice::TimeOfUse { periods: vec![period], otherwise_yen_per_kwh: 9.0 };
            }
        };
        let at = |field: &str| format!("tariff.energy.periods[0].{field}");
        assert_problem(time_of_use(period(clock(22), clock(6), &[])), &at("until"), "past midnight as 29:00");
        assert_problem(time_of_use(period(clock(6), clock(22), &[1, 13])), &at("months[1]"), "from 1 up to 12");
        assert_eq!(problems(time_of_use(period(clock(22), clock(30), &[12]))), []);
    }

    #[test]
    fn cars_are_away_within_a_day_and_once_at_a_time() {
        use Weekday::{Fri, Mon, Sat, Sun};
        let with = |trips: Vec<CarTrip>| move |site: &mut Site| site.cars[0].trips = trips;
        // A site's day goes from 4:00 to 28:00.
        assert_problem(with(vec![trip(Fri, 23, 29)]), "cars[0].trips[0].until", "leads over 04:00 or 28:00");
        assert_problem(with(vec![trip(Fri, 3, 5)]), "cars[0].trips[0].until", "make two trips of it");
        assert_problem(with(vec![trip(Fri, 30, 32)]), "cars[0].trips[0].until", "28:00");
        assert_eq!(problems(with(vec![trip(Fri, 23, 28), trip(Sat, 4, 5), trip(Fri, 1, 3)])), []);
        assert_problem(with(vec![trip(Fri, 9, 12), trip(Fri, 11, 13)]), "cars[0].trips[1].from", "overlaps trips[0]");
        // Late on Friday is early on Saturday, late on Sunday early on Monday.
        assert_problem(with(vec![trip(Sat, 1, 3), trip(Fri, 25, 27)]), "cars[0].trips[1].from", "overlaps trips[0]");
        assert_problem(with(vec![trip(Mon, 1, 3), trip(Sun, 25, 28)]), "cars[0].trips[0].from", "overlaps trips[1]");
    }
}
