//! The fixed route and the costs.

use super::*;
use crate::roads::{Roads, TravelTable};
use crate::site;
use crate::timetable::{Timetable, Walking};
use crate::units::{NodeId, Time};
use crate::world;

/// Highest price of a day or an hour: a van costs less to buy.
const DAY_YEN: Range = from(0.0, 1e7);

impl Check {
    pub(super) fn costs(&mut self, costs: &Costs) {
        numbers!(self, "costs", costs: driver_yen_per_h in YEN, electricity_yen_per_kwh in from(0.0, 10_000.0));
        if let Some(yen) = costs.supervisor_yen_per_h {
            self.number("costs.supervisor_yen_per_h", yen, YEN);
        }
        for (at, running) in [("costs.on_demand", &costs.on_demand), ("costs.fixed_route", &costs.fixed_route)] {
            numbers!(self, at, running: vehicle_yen_per_day in DAY_YEN, vehicle_yen_per_km in YEN, fuel_yen_per_km in YEN,
                overhead_yen_per_day in DAY_YEN);
        }
    }

    pub(super) fn fixed_route(&mut self, route: &FixedRoute, scenario: &Scenario, known: &Known) {
        self.vehicles("fixed_route.vehicles", &route.vehicles, scenario, known);
        numbers!(self, "fixed_route", route: adult_yen in YEN);
        self.some("fixed_route.lines", route.lines.len());
        for (i, line) in route.lines.iter().enumerate() {
            let at = format!("fixed_route.lines[{i}]");
            let count = line.stops.len();
            self.need(count >= 2, format_args!("{at}.stops"), || {
                Text::new(
                    format!("停留所が {count} か所では路線になりません。2 か所以上にしてください。"),
                    format!("{count} stops make no line: give 2 or more"),
                )
            });
            for (k, call) in line.stops.iter().enumerate() {
                let at = format!("{at}.stops[{k}]");
                self.reference(format_args!("{at}.stop"), &call.stop, &known.stops, ("停留所", "stop"));
                numbers!(self, at, call: departure_s in DAY_S);
            }
            if let Some(first) = line.stops.first() {
                self.need(first.departure_s == 0, format_args!("{at}.stops[0].departure_s"), || {
                    Text::new(
                        format!("始発の停留所からの秒数なので、ここは {} でなく 0 です。", first.departure_s),
                        format!("seconds count from here, so that this is 0 and not {}", first.departure_s),
                    )
                });
            }
            for (k, departures) in line.departures.iter().enumerate() {
                for (j, pair) in departures.times.windows(2).enumerate() {
                    self.need(pair[0] < pair[1], format_args!("{at}.departures[{k}].times[{}]", j + 1), || {
                        Text::new(
                            format!(
                                "{} は前の発車の {} より後ではありません。早い順に書いてください。",
                                pair[1], pair[0]
                            ),
                            format!(
                                "{} is not after the departure before it, {}: give them in order",
                                pair[1], pair[0]
                            ),
                        )
                    });
                }
            }
        }
    }

    /// Legs that are too fast, and departures that no bus can drive.
    pub(super) fn timetable(&mut self, route: &FixedRoute, scenario: &Scenario) {
        let node = |id: &str| {
            let stop = scenario.stops.iter().find(|stop| stop.id == id);
            NodeId(stop.expect("the line's stops are known").node)
        };
        let calls = route.lines.iter().flat_map(|line| &line.stops).map(|call| node(&call.stop));
        let depots = scenario.depots.iter().map(|depot| NodeId(depot.node));
        let electric = route.vehicles.iter().any(|bus| bus.battery.is_some());
        let travel = TravelTable::new(&Roads::new(&scenario.network), calls.chain(depots), electric)
            .under(scenario.network.traffic.as_ref());
        let before = self.problems.len();
        for (i, line) in route.lines.iter().enumerate() {
            for (k, pair) in line.stops.windows(2).enumerate() {
                let drive_s = travel.time(node(&pair[0].stop), node(&pair[1].stop)).s();
                // Published times are the buses' own, with all that happens at stops: who boards makes a bus late, and where
                // there is time to spare it waits.
                let needed_s = drive_s.ceil();
                let given_s = f64::from(pair[1].departure_s) - f64::from(pair[0].departure_s);
                self.need(given_s >= needed_s, format_args!("fixed_route.lines[{i}].stops[{}].departure_s", k + 1), || {
                    let (from, to) = (&pair[0].stop, &pair[1].stop);
                    let least = f64::from(pair[0].departure_s) + needed_s;
                    Text::new(
                        format!("「{from}」から「{to}」まで {given_s} 秒では、走行の {needed_s} 秒に足りません。{least} 以上にしてください。"),
                        format!("{given_s} s from \"{from}\" to \"{to}\" are less than {needed_s} s of driving: give {least} or more"),
                    )
                });
            }
        }
        if self.problems.len() > before {
            return;
        }

        let day = site::day(scenario);
        let walking = Walking { max_m: 0.0, m_per_min: 1.0 };
        let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
        for weekday in days {
            let mut buses = world::specs(&route.vehicles, scenario);
            let timetable = Timetable::new(scenario, route, weekday, walking, &travel, day, &mut buses);
            if let Some(trip) = timetable.trips.iter().find(|trip| trip.bus.is_none()) {
                let (line, time) = (&route.lines[trip.line].id, Clock(trip.departs));
                let (ja, en) = name(weekday);
                let (begins, ends) = (Clock(day.0), Clock(Time(day.1.0.min(48 * Time::HOUR.0 - 1_000))));
                self.problems.push(Problem {
                    path: format!("fixed_route.lines[{}].departures", trip.line),
                    message: Text::new(
                        format!("{ja}の {time} 発「{line}」を運転できる車両がありません（間に合わない、{begins} から {ends} までに車庫へ戻れない、または電池が足りない）。fixed_route.vehicles を増やすか、発車の間隔を広げてください。"),
                        format!("no bus can drive \"{line}\" at {time} on {en}: none is there in time, or home between {begins} and {ends}, or has the energy; give more fixed_route.vehicles or fewer departures"),
                    ),
                });
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The village with a line from a to d: legs of 100 s, and 25 s to board.
    fn village() -> Scenario {
        let mut scenario = Scenario::village();
        let stop = |(stop, k): (&str, u32)| LineStop { stop: stop.into(), departure_s: 125 * k };
        let time = |text| Clock::parse(text).expect("a time");
        scenario.fixed_route = Some(FixedRoute {
            lines: vec![Line {
                id: "east".into(),
                name: Text::new("東", "east"),
                stops: ["a", "b", "c", "d"].into_iter().zip(0..).map(stop).collect(),
                departures: vec![Departures { days: vec![Weekday::Sun], times: vec![time("09:00"), time("10:00")] }],
            }],
            vehicles: scenario.fleet.vehicles.clone(),
            adult_yen: 200.0,
        });
        let running = RunningCosts {
            vehicle_yen_per_day: 1.0,
            vehicle_yen_per_km: 1.0,
            fuel_yen_per_km: 1.0,
            overhead_yen_per_day: 1.0,
        };
        scenario.costs = Some(Costs {
            driver_yen_per_h: 1.0,
            supervisor_yen_per_h: None,
            electricity_yen_per_kwh: 1.0,
            on_demand: running.clone(),
            fixed_route: running,
        });
        scenario.policies.matching =
            MatchingPolicy::FixedRoute { max_walk_m: 400.0, walk_m_per_min: 80.0, max_wait_s: 3_600 };
        scenario
    }

    fn problems(change: impl FnOnce(&mut Scenario, &mut FixedRoute)) -> Vec<Problem> {
        let mut scenario = village();
        let mut route = scenario.fixed_route.take().expect("a route");
        change(&mut scenario, &mut route);
        scenario.fixed_route = Some(route);
        scenario.problems()
    }

    #[test]
    fn names_each_wrong_value_of_lines_and_costs() {
        type Change = fn(&mut Scenario, &mut FixedRoute);
        let cases: &[(&str, Change)] = &[
            ("fixed_route.lines", |_, r| r.lines.clear()),
            ("fixed_route.vehicles", |_, r| r.vehicles.clear()),
            ("fixed_route.vehicles[0].depot", |_, r| r.vehicles[0].depot = Some("nowhere".into())),
            ("fixed_route.adult_yen", |_, r| r.adult_yen = -1.0),
            ("fixed_route.lines[1].id", |_, r| r.lines.push(r.lines[0].clone())),
            ("fixed_route.lines[0].stops", |_, r| r.lines[0].stops.truncate(1)),
            ("fixed_route.lines[0].stops[2].stop", |_, r| r.lines[0].stops[2].stop = "x".into()),
            ("fixed_route.lines[0].stops[0].departure_s", |_, r| r.lines[0].stops[0].departure_s = 1),
            ("fixed_route.lines[0].stops[3].departure_s", |_, r| r.lines[0].stops[3].departure_s = 349),
            ("fixed_route.lines[0].stops[3].departure_s", |_, r| r.lines[0].stops[3].departure_s = 86_401),
            ("fixed_route.lines[0].departures[0].times[1]", |_, r| r.lines[0].departures[0].times.swap(0, 1)),
            ("policies.matching.max_walk_m", |s, _| {
                s.policies.matching =
                    MatchingPolicy::FixedRoute { max_walk_m: -1.0, walk_m_per_min: 80.0, max_wait_s: 60 };
            }),
            ("policies.matching.walk_m_per_min", |s, _| {
                s.policies.matching =
                    MatchingPolicy::FixedRoute { max_walk_m: 1.0, walk_m_per_min: 0.0, max_wait_s: 60 };
            }),
            ("policies.matching.max_wait_s", |s, _| {
                s.policies.matching =
                    MatchingPolicy::FixedRoute { max_walk_m: 1.0, walk_m_per_min: 80.0, max_wait_s: 86_401 };
            }),
            ("costs.driver_yen_per_h", |s, _| s.costs.as_mut().unwrap().driver_yen_per_h = f64::NAN),
            ("costs.fixed_route.fuel_yen_per_km", |s, _| s.costs.as_mut().unwrap().fixed_route.fuel_yen_per_km = -1.0),
        ];
        assert_eq!(problems(|_, _| {}), []);
        for (path, change) in cases {
            let found: Vec<String> = problems(*change).into_iter().map(|problem| problem.path).collect();
            assert_eq!(found, [*path]);
        }
    }

    #[test]
    fn a_bus_needs_a_line() {
        let mut scenario = village();
        scenario.fixed_route = None;
        let problems = scenario.problems();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].path, "policies.matching.kind");
    }

    #[test]
    fn a_leg_that_is_too_fast_is_named_with_what_it_needs() {
        let problems = problems(|_, route| route.lines[0].stops[1].departure_s = 99);
        assert!(
            problems[0].message.en.contains("99 s from \"a\" to \"b\"") && problems[0].message.en.contains("give 100"),
            "{problems:?}"
        );
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn a_departure_that_no_bus_can_drive_is_named_on_whatever_day_it_is() {
        // At d at 9:06:15, the bus is at a again at 9:11:15.
        let late = |text: &'static str| {
            problems(move |_, route| route.lines[0].departures[0].times[1] = Clock::parse(text).expect("a time"))
        };
        assert_eq!(late("09:11:15"), []);
        let problems = late("09:11:14");
        assert_eq!(problems.len(), 1);
        assert!(problems[0].message.en.contains("\"east\" at 09:11:14 on Sunday"), "{problems:?}");
        // The day ends at four in the morning: at d at 27:59:15, the bus is not home by 28:00.
        assert_eq!(late("27:53")[0].path, "fixed_route.lines[0].departures");
    }
}
