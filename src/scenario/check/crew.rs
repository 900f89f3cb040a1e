//! What can be wrong with those who work for the service.

use super::*;

/// More often than once a minute, a van does not drive.
const STUCK_PER_H: Range = from(0.0, 60.0);

impl Check {
    /// A van without a driver, at a path.
    pub(super) fn driverless(&mut self, at: &str, vehicle: &Vehicle, scenario: &Scenario, known: &Known) {
        let Some(driverless) = &vehicle.driverless else { return };
        self.need(at.starts_with("fleet."), format_args!("{at}.driverless"), || {
            Text::new(
                "路線バスには運転者が要ります。driverless を消してください。",
                "a bus of the fixed route has a driver: remove driverless",
            )
        });
        self.need(vehicle.depot.is_some(), format_args!("{at}.depot"), || {
            Text::new(
                "運転者のいない車は営業時間のあと車庫に戻るので、車庫が要ります。depot を書いてください。",
                "a van without a driver returns to its depot after its hours: give depot",
            )
        });
        let at = format!("{at}.driverless");
        self.number(format_args!("{at}.max_speed_kmh"), driverless.max_speed_kmh, SPEED_KMH);
        self.need(driverless.stops.len() != 1, format_args!("{at}.stops"), || {
            Text::new(
                "停留所が一つでは誰も乗れません。二つ以上書くか、stops を消してください（すべての停留所）。",
                "nobody rides between one stop: give two or more, or remove stops (all stops)",
            )
        });
        for (k, stop) in driverless.stops.iter().enumerate() {
            self.reference(format_args!("{at}.stops[{k}]"), stop, &known.stops, ("停留所", "stop"));
        }
        if let (Some(opens), Some(closes)) = (driverless.opens, driverless.closes) {
            self.need(opens < closes, format_args!("{at}.closes"), || {
                Text::new(
                    format!("{closes} は始まりの {opens} より後ではありません。真夜中を越えるなら 25:00 のように書いてください。"),
                    format!("{closes} is not after the opening at {opens}: write hours past midnight as 25:00"),
                )
            });
        }
        // Driving times mean something only on a sound network.
        if self.problems.is_empty() {
            self.slow_ways(&at, driverless.max_speed_kmh, scenario);
        }
    }

    /// A larger service that is there to be tried.
    pub(super) fn growth(&mut self, growth: &Growth, scenario: &Scenario) {
        numbers!(self, "growth", growth: vans in from(1.0, 1_000.0), factor in from(0.0, 1_000.0));
        if let Some(supervisors) = growth.supervisors {
            self.number("growth.supervisors", supervisors.into(), from(0.0, 1_000.0));
            self.need(scenario.service.supervision.is_some(), "growth.supervisors", || {
                Text::new(
                    "見守る人（service.supervision）のいない運行です。supervision を書くか、supervisors を消してください。",
                    "nobody supervises this service: give service.supervision, or remove supervisors",
                )
            });
        }
    }

    /// Driving times at a speed stay within the clock, as those of the roads themselves.
    fn slow_ways(&mut self, at: &str, speed_kmh: f64, scenario: &Scenario) {
        let mut network = scenario.network.clone();
        for edge in &mut network.edges {
            let usual_s = edge.time_s.unwrap_or(edge.length_m * 3.6 / network.speeds_kmh.of(edge.class));
            edge.time_s = Some(usual_s.max(edge.length_m * 3.6 / speed_kmh));
        }
        let base = scenario.depots.first().map_or(scenario.stops[0].node, |depot| depot.node);
        let farthest = [false, true].map(|backwards| drive_ms(&network, base, backwards).into_iter().flatten().max());
        let hours = farthest.into_iter().flatten().max().unwrap_or(0) as f64 / 3.6e6;
        let most = MAX_DRIVE_S / 3_600.0;
        self.need(hours <= most, format_args!("{at}.max_speed_kmh"), || {
            Text::new(
                format!("時速 {speed_kmh} km では最も遠い所まで {hours:.1} 時間かかります。{most} 時間以内になる速さにしてください。"),
                format!("at {speed_kmh} km/h the farthest place is {hours:.1} h away: give a speed that keeps it within {most} h"),
            )
        });
    }

    pub(super) fn supervision(&mut self, supervision: &Supervision) {
        numbers!(self, "service.supervision", supervision: supervisors in from(0.0, 1_000.0),
            vans_each in from(1.0, 1_000.0), stuck_per_h in STUCK_PER_H);
        // All vans of a supervisor can be helped within a day.
        let most_s = 86_400.0 / f64::from(supervision.vans_each.max(1));
        self.number("service.supervision.help_s", supervision.help_s.into(), from(0.0, most_s));
    }

    /// Drivers of the fleet; `known` are its vans.
    pub(super) fn drivers(&mut self, drivers: &Drivers, scenario: &Scenario, known: &BTreeMap<&str, usize>) {
        let at = "fleet.drivers";
        self.need(drivers.number.is_some() == drivers.shifts.is_empty(), format_args!("{at}.number"), || {
            Text::new(
                "運転者の人数（number）か勤務（shifts）の、どちらか一方だけを書いてください。",
                "give either the number of drivers or their shifts, and not both",
            )
        });
        if let Some(number) = drivers.number {
            self.number(format_args!("{at}.number"), number.into(), from(0.0, 1_000.0));
        }
        if let Some(rules) = &drivers.rules {
            self.work_rules(rules);
        }
        for (i, vehicle) in scenario.fleet.vehicles.iter().enumerate() {
            let shift = drivers.shifts.iter().position(|shift| shift.vehicle == vehicle.id);
            if vehicle.driverless.is_some() {
                self.need(shift.is_none(), format_args!("{at}.shifts[{}].vehicle", shift.unwrap_or(0)), || {
                    Text::new(
                        format!(
                            "「{}」は運転者のいない車です。別の車にするか、driverless を消してください。",
                            vehicle.id
                        ),
                        format!("\"{}\" runs without a driver: give another van, or remove its driverless", vehicle.id),
                    )
                });
                continue;
            }
            let driven = drivers.number.is_some() || shift.is_some();
            let home = vehicle.depot.as_deref().and_then(|id| scenario.depots.iter().find(|depot| depot.id == id));
            self.need(!driven || vehicle.depot.is_some(), format_args!("fleet.vehicles[{i}].depot"), || {
                Text::new(
                    "運転者は車庫で交替し休憩するので、車庫が要ります。depot を書いてください。",
                    "drivers change and rest at the depot: give depot",
                )
            });
            let start = vehicle.start_node.filter(|_| driven);
            self.need(
                start.is_none_or(|start| home.is_none_or(|home| home.node == start)),
                format_args!("fleet.vehicles[{i}].start_node"),
                || {
                    Text::new(
                        "運転者のいる車は車庫から一日を始めます。start_node を消してください。",
                        "a van with drivers begins its day at its depot: remove start_node",
                    )
                },
            );
        }
        let day = crate::site::day(scenario);
        for (i, shift) in drivers.shifts.iter().enumerate() {
            self.reference(format_args!("{at}.shifts[{i}].vehicle"), &shift.vehicle, known, ("車両", "van"));
            self.need(shift.begins < shift.ends, format_args!("{at}.shifts[{i}].ends"), || {
                let DriverShift { begins, ends, .. } = shift;
                Text::new(
                    format!("{ends} は始まりの {begins} より後ではありません。真夜中を越えるなら 25:00 のように書いてください。"),
                    format!("{ends} is not after the begin at {begins}: write hours past midnight as 25:00"),
                )
            });
            self.need(
                day.0 <= shift.begins.0 && shift.ends.0 <= day.1,
                format_args!("{at}.shifts[{i}].begins"),
                || {
                    let (from, until) = (Clock(day.0), Clock(day.1));
                    Text::new(
                        format!(
                            "勤務 {}〜{} が一日（{from}〜{until}）に収まりません。その中に収めてください。",
                            shift.begins, shift.ends
                        ),
                        format!(
                            "{} to {} is not within the day: give times from {from} to {until}",
                            shift.begins, shift.ends
                        ),
                    )
                },
            );
        }
        if self.problems.is_empty() {
            self.shifts(drivers);
        }
    }

    fn work_rules(&mut self, rules: &WorkRules) {
        let at = "fleet.drivers.rules";
        numbers!(self, at, rules: usual_duty_h in from(1.0, 24.0), max_duty_h in from(1.0, 24.0),
            min_rest_h in from(0.0, 24.0), max_driving_h in from(0.5, 24.0), break_min in from(1.0, 600.0),
            break_part_min in from(1.0, 600.0));
        let WorkRules { usual_duty_h, max_duty_h, max_driving_h, break_min, break_part_min, .. } = *rules;
        self.need(usual_duty_h <= max_duty_h, format_args!("{at}.usual_duty_h"), || {
            Text::new(
                format!("{usual_duty_h} 時間は上限の {max_duty_h} 時間を超えています。上限以下にしてください。"),
                format!("{usual_duty_h} h is beyond the most, {max_duty_h} h: give that or less"),
            )
        });
        self.need(f64::from(break_min) <= max_driving_h * 30.0, format_args!("{at}.break_min"), || {
            Text::new(
                format!(
                    "{break_min} 分の休憩は連続運転 {max_driving_h} 時間の半分を超えます。半分以下にしてください。"
                ),
                format!(
                    "a break of {break_min} min is more than half of {max_driving_h} h of driving: give half or less"
                ),
            )
        });
        self.need(break_part_min <= break_min, format_args!("{at}.break_part_min"), || {
            Text::new(
                format!(
                    "分割した休憩の {break_part_min} 分が全体の {break_min} 分を超えています。全体以下にしてください。"
                ),
                format!(
                    "a part of {break_part_min} min is longer than the whole of {break_min} min: give that or less"
                ),
            )
        });
    }

    /// No two shifts at a time in one van or of one driver, and no duty that is too long.
    fn shifts(&mut self, drivers: &Drivers) {
        let at = "fleet.drivers.shifts";
        let mut order: Vec<usize> = (0..drivers.shifts.len()).collect();
        order.sort_by_key(|&i| drivers.shifts[i].begins);
        for (k, &i) in order.iter().enumerate() {
            let shift = &drivers.shifts[i];
            let before = order[..k].iter().rev().find(|&&other| drivers.shifts[other].vehicle == shift.vehicle);
            if let Some(&other) = before {
                let free = drivers.shifts[other].ends;
                self.need(free <= shift.begins, format_args!("{at}[{i}].begins"), || {
                    Text::new(
                        format!(
                            "{} には {at}[{other}] が {free} までその車に乗っています。{free} 以後に始めてください。",
                            shift.begins
                        ),
                        format!("at {} {at}[{other}] still drives this van: begin at {free} or later", shift.begins),
                    )
                });
            }
        }
        let Some(rules) = &drivers.rules else { return };
        let hours = |hours: f64| Time::from_s(hours * 3_600.0);
        let full = Time(rules.break_min as i32 * Time::MINUTE.0);
        // By driver: the begin of the duty that is going on, and its end so far.
        let mut duties: BTreeMap<&str, (Time, Time)> = BTreeMap::new();
        for &i in &order {
            let shift = &drivers.shifts[i];
            let mut begins = shift.begins.0;
            if let Some(driver) = &shift.driver {
                if let Some(&(began, ended)) = duties.get(driver.as_str()) {
                    self.need(begins >= ended + full, format_args!("{at}[{i}].begins"), || {
                        let (ended, full) = (Clock(ended), rules.break_min);
                        Text::new(
                            format!("「{driver}」の前の勤務は {ended} までです。{full} 分以上あけるか、一つの勤務にまとめてください。"),
                            format!("the shift of \"{driver}\" before ends at {ended}: leave {full} min between, or make one of both"),
                        )
                    });
                    if begins - ended < hours(rules.min_rest_h) {
                        begins = began;
                    }
                }
                duties.insert(driver, (begins, shift.ends.0));
            }
            let duty = shift.ends.0 - begins;
            self.need(duty <= hours(rules.max_duty_h), format_args!("{at}[{i}].ends"), || {
                let (long, most, rest) = (duty.h(), rules.max_duty_h, rules.min_rest_h);
                let until = Clock(begins + hours(most));
                Text::new(
                    format!("拘束が {long:.1} 時間になり、上限の {most} 時間を超えます。{until} までにするか、前に {rest} 時間以上の休息を置いてください。"),
                    format!("{long:.1} h on duty are more than {most} h: end by {until}, or leave {rest} h of rest before"),
                )
            });
        }
    }

    pub(super) fn phone(&mut self, phone: &Phone) {
        let at = "service.phone";
        numbers!(self, at, phone: operators in from(1.0, 1_000.0), call_s in from(0.0, 3_600.0));
        let (opens, closes) = (phone.opens.unwrap_or_default(), phone.closes.unwrap_or(Clock(Time(24 * Time::HOUR.0))));
        self.need(opens < closes, format_args!("{at}.closes"), || {
            Text::new(
                format!("{closes} は始まりの {opens} より後ではありません。真夜中を越えるなら 25:00 のように書いてください。"),
                format!("{closes} is not after the opening at {opens}: write hours past midnight as 25:00"),
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::paths;
    use super::*;

    #[test]
    fn names_what_is_wrong_with_vans_without_a_driver() {
        let van = |change: fn(&mut Scenario, &mut Driverless)| {
            paths(|s| {
                let stops = ["a", "b"].map(str::to_owned).to_vec();
                let mut driverless = Driverless { stops, max_speed_kmh: 19.0, opens: None, closes: None };
                change(s, &mut driverless);
                s.fleet.vehicles[0].driverless = Some(driverless);
            })
        };
        let at = |field: &str| [format!("fleet.vehicles[0].driverless.{field}")];
        assert_eq!(van(|_, _| {}), [""; 0]);
        assert_eq!(van(|_, d| d.max_speed_kmh = 4.0), at("max_speed_kmh"));
        assert_eq!(van(|_, d| d.stops.truncate(1)), at("stops"));
        assert_eq!(van(|_, d| d.stops[1] = "z".to_owned()), at("stops[1]"));
        assert_eq!(van(|_, d| (d.opens, d.closes) = (Clock::parse("19:00"), Clock::parse("18:00"))), at("closes"));
        // 100 km at 36 km/h are 2.8 h, at 5 km/h 20 h.
        let far = van(|s, d| {
            s.network.edges[2].length_m = 100_000.0;
            d.max_speed_kmh = 5.0;
        });
        assert_eq!(far, at("max_speed_kmh"));
        let homeless = van(|s, _| (s.fleet.vehicles[0].depot, s.fleet.vehicles[0].start_node) = (None, Some(0)));
        assert_eq!(homeless, ["fleet.vehicles[0].depot"]);
        let driven = van(|s, _| {
            let shifts = vec![shift("van", None, "08:00", "12:00")];
            s.fleet.drivers = Some(Drivers { number: None, shifts, rules: None });
        });
        assert_eq!(driven, ["fleet.drivers.shifts[0].vehicle"]);
        let nobody = paths(|s| s.service.supervision = Some(Supervision { supervisors: 1, ..Supervision::default() }));
        assert_eq!(nobody, ["service.supervision.vans_each"]);
        let never = Supervision { supervisors: 1, vans_each: 3, stuck_per_h: -1.0, help_s: 28_801 };
        let never = paths(|s| s.service.supervision = Some(never));
        assert_eq!(never, ["service.supervision.stuck_per_h", "service.supervision.help_s"]);
    }

    fn shift(vehicle: &str, driver: Option<&str>, begins: &str, ends: &str) -> DriverShift {
        let clock = |text| Clock::parse(text).expect("a time");
        let driver = driver.map(str::to_owned);
        DriverShift { vehicle: vehicle.to_owned(), driver, begins: clock(begins), ends: clock(ends) }
    }

    /// The village, open from 6 to 24 o'clock, with two vans and these shifts under the Japanese standard.
    fn with(shifts: Vec<DriverShift>, change: impl FnOnce(&mut Drivers)) -> Vec<String> {
        paths(|s| {
            s.service.hours[0].opens = Clock(Time(6 * Time::HOUR.0));
            s.service.hours[0].closes = Clock(Time(24 * Time::HOUR.0));
            s.fleet.vehicles.push(Vehicle { id: "other".to_owned(), ..s.fleet.vehicles[0].clone() });
            let mut drivers = Drivers { number: None, shifts, rules: Some(WorkRules::default()) };
            change(&mut drivers);
            s.fleet.drivers = Some(drivers);
        })
    }

    #[test]
    fn names_shifts_that_break_the_standard() {
        let shifts = |shifts: &[(&str, Option<&str>, &str, &str)]| {
            with(shifts.iter().map(|&(van, driver, begins, ends)| shift(van, driver, begins, ends)).collect(), |_| {})
        };
        assert_eq!(shifts(&[("van", None, "06:00", "21:00"), ("van", None, "21:00", "24:00")]), [""; 0]);
        assert_eq!(shifts(&[("van", None, "06:00", "21:01")]), ["fleet.drivers.shifts[0].ends"]);
        // Four hours are no rest: 6 to 22 o'clock is one duty of 16 hours. Nine hours are.
        let split = [("van", Some("A"), "06:00", "12:00"), ("other", Some("A"), "16:00", "22:00")];
        assert_eq!(shifts(&split), ["fleet.drivers.shifts[1].ends"]);
        assert_eq!(shifts(&[("van", Some("A"), "06:00", "11:00"), ("van", Some("A"), "20:00", "28:00")]), [""; 0]);
        assert_eq!(
            shifts(&[("van", None, "06:00", "12:00"), ("van", None, "11:59", "18:00")]),
            ["fleet.drivers.shifts[1].begins"]
        );
        assert_eq!(
            shifts(&[("van", Some("A"), "06:00", "12:00"), ("other", Some("A"), "12:29", "18:00")]),
            ["fleet.drivers.shifts[1].begins"]
        );
        assert_eq!(shifts(&[("bus", None, "06:00", "12:00")]), ["fleet.drivers.shifts[0].vehicle"]);
        assert_eq!(shifts(&[("van", None, "12:00", "11:00")]), ["fleet.drivers.shifts[0].ends"]);
        assert_eq!(shifts(&[("van", None, "03:00", "12:00")]), ["fleet.drivers.shifts[0].begins"]);
    }

    #[test]
    fn names_what_is_wrong_with_drivers() {
        let one = || vec![shift("van", None, "06:00", "12:00")];
        assert_eq!(with(Vec::new(), |_| {}), ["fleet.drivers.number"]);
        assert_eq!(with(one(), |d| d.number = Some(2)), ["fleet.drivers.number"]);
        let rules = |change: fn(&mut WorkRules)| with(one(), |d| change(d.rules.as_mut().unwrap()));
        assert_eq!(rules(|r| r.usual_duty_h = 16.0), ["fleet.drivers.rules.usual_duty_h"]);
        assert_eq!(rules(|r| r.break_min = 121), ["fleet.drivers.rules.break_min"]);
        assert_eq!(rules(|r| r.break_part_min = 31), ["fleet.drivers.rules.break_part_min"]);
        assert_eq!(rules(|r| r.max_driving_h = f64::NAN)[0], "fleet.drivers.rules.max_driving_h");
        let drivers = Drivers { number: Some(1), shifts: Vec::new(), rules: None };
        let homeless = paths(|s| {
            s.fleet.drivers = Some(drivers.clone());
            (s.fleet.vehicles[0].depot, s.fleet.vehicles[0].start_node) = (None, Some(0));
        });
        assert_eq!(homeless, ["fleet.vehicles[0].depot"]);
        let elsewhere = paths(|s| {
            s.fleet.drivers = Some(drivers.clone());
            s.fleet.vehicles[0].start_node = Some(2);
        });
        assert_eq!(elsewhere, ["fleet.vehicles[0].start_node"]);
    }

    #[test]
    fn names_what_is_wrong_with_the_phone() {
        let hour = |hour: i32| Some(Clock(Time(hour * Time::HOUR.0)));
        let phone = |operators, call_s, opens, closes| {
            paths(|s| s.service.phone = Some(Phone { operators, call_s, opens, closes }))
        };
        assert_eq!(phone(2, 180, hour(8), hour(26)), [""; 0]);
        assert_eq!(phone(0, 180, None, None), ["service.phone.operators"]);
        assert_eq!(phone(2, 3_601, None, None), ["service.phone.call_s"]);
        assert_eq!(phone(2, 180, hour(17), hour(8)), ["service.phone.closes"]);
        let share = paths(|s| s.demand.generator.as_mut().unwrap().phone_share = Some(1.1));
        assert_eq!(share, ["demand.generator.phone_share"]);
    }
}
