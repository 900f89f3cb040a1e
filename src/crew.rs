//! Who drives which van, when, and when drivers rest; and which vans without a driver run.
//!
//! A van's plan has the stops of its drivers from the morning on: a [`Change`](Action::Change) between two shifts, which has
//! its time, and breaks. How much will be driven is not known beforehand, so breaks are laid as if all the time were: however
//! they fall within their windows, no more than the longest driving time lies between two of them, or between one and the
//! shift's begin or end. [`Wheel`] counts what is driven and rested during the day, and by it breaks become shorter, or fall
//! away.

use crate::fleet::{Action, Plan, PlanStop, Position, VanSpec};
use crate::roads::TravelTable;
use crate::scenario::{Scenario, Supervision, Vehicle, WorkRules};
use crate::units::{NodeId, Time};

/// A driver in a van.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Name of the driver.
    pub driver: String,
    /// Begin.
    pub begins: Time,
    /// End.
    pub ends: Time,
}

/// When drivers break off driving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breaks {
    /// Longest driving time without a full break.
    pub driving: Time,
    /// A full break.
    pub full: Time,
    /// The shortest part of one.
    pub part: Time,
}

impl Breaks {
    fn new(rules: &WorkRules) -> Breaks {
        let minutes = |minutes: u32| Time(minutes as i32 * Time::MINUTE.0);
        Breaks {
            driving: Time::from_s(rules.max_driving_h * 3_600.0),
            full: minutes(rules.break_min),
            part: minutes(rules.break_part_min),
        }
    }

    /// Windows for the begins of as few breaks as leave each of them room for its own length at least.
    fn windows(&self, begins: Time, ends: Time) -> Vec<(Time, Time)> {
        let (driving, full) = (self.driving.0, self.full.0);
        let duty = (ends - begins).0;
        if duty <= driving {
            return Vec::new();
        }
        // With n breaks, (duty - n full) / (n + 1) are driven between two; that has to leave `full` of `driving`.
        let count = (duty - driving + full + driving - 1) / driving;
        let driven = (duty - count * full) / (count + 1);
        let room = driving - driven;
        let window = |k: i32| {
            let earliest = begins.0 + k * (driven + full) - full - room / 2;
            (Time(earliest), Time(earliest + room))
        };
        (1..=count).map(window).collect()
    }
}

/// The scenario's shifts, by vehicle of the fleet, in the order of their begins; none for vans that nobody drives.
pub fn shifts(scenario: &Scenario) -> Vec<Vec<Shift>> {
    let vehicles = &scenario.fleet.vehicles;
    let mut shifts = vec![Vec::new(); vehicles.len()];
    let (Some(drivers), Some((opens, closes))) = (&scenario.fleet.drivers, scenario.hours()) else { return shifts };
    for (index, shift) in drivers.shifts.iter().enumerate() {
        let vehicle = vehicles.iter().position(|vehicle| vehicle.id == shift.vehicle);
        let driver = shift.driver.clone().unwrap_or_else(|| format!("driver {}", index + 1));
        let shift = Shift { driver, begins: shift.begins.0, ends: shift.ends.0 };
        shifts[vehicle.expect("a checked shift is in a van of the fleet")].push(shift);
    }
    if let Some(number) = drivers.number {
        let usual = drivers.rules.as_ref().map_or(Time::NEVER, |rules| Time::from_s(rules.usual_duty_h * 3_600.0));
        let parts = ((closes - opens).0 + usual.0 - 1) / usual.0;
        // Whole minutes, but for the last.
        let part = |k: i32| Time(opens.0 + ((closes - opens).0 / parts * k) / Time::MINUTE.0 * Time::MINUTE.0);
        let of_a_day = (0..parts).map(|k| (part(k), if k + 1 < parts { part(k + 1) } else { closes }));
        let driven = (0..vehicles.len())
            .filter(|&vehicle| vehicles[vehicle].depot.is_some() && vehicles[vehicle].driverless.is_none());
        let all = driven.flat_map(|vehicle| of_a_day.clone().map(move |times| (vehicle, times)));
        for (driver, (vehicle, (begins, ends))) in (1..=number).zip(all) {
            shifts[vehicle].push(Shift { driver: format!("driver {driver}"), begins, ends });
        }
    }
    shifts.iter_mut().for_each(|shifts| shifts.sort_by_key(|shift| shift.begins));
    shifts
}

/// Gives a van its drivers: its day is from the first shift to the last, and its plan begins with their changes and breaks.
pub fn employ(spec: &mut VanSpec, shifts: Vec<Shift>, rules: Option<&WorkRules>) {
    let (Some(first), Some(last)) = (shifts.first(), shifts.last()) else {
        (spec.shift_begin, spec.shift_end) = (Time::NEVER, Time::ZERO);
        return;
    };
    let home = spec.home.expect("a checked van with drivers has a depot");
    (spec.shift_begin, spec.shift_end) = (first.begins, last.ends);
    spec.breaks = rules.map(Breaks::new);
    for (k, shift) in shifts.iter().enumerate() {
        if k > 0 {
            let (ends, begins) = (shifts[k - 1].ends, shift.begins);
            spec.calls.push(pause(Action::Change, home, (ends, ends), begins - ends));
        }
        let Some(breaks) = &spec.breaks else { continue };
        let windows = breaks.windows(shift.begins, shift.ends).into_iter();
        spec.calls.extend(windows.map(|window| pause(Action::Break, home, window, breaks.full)));
    }
    spec.shifts = shifts;
}

/// Begin and end of a vehicle's day: the hours of service, and of a van without a driver no more than its own; without any, it
/// does not begin.
pub fn day_of(vehicle: &Vehicle, hours: Option<(Time, Time)>) -> (Time, Time) {
    const NONE: (Time, Time) = (Time::NEVER, Time::ZERO);
    let Some((opens, closes)) = hours else { return NONE };
    let Some(driverless) = &vehicle.driverless else { return (opens, closes) };
    let begin = driverless.opens.map_or(opens, |own| own.0.max(opens));
    let end = driverless.closes.map_or(closes, |own| own.0.min(closes));
    if begin < end { (begin, end) } else { NONE }
}

/// Lets only as many vans without a driver run at a time as are watched over, the first in the fleet.
pub fn supervise(vans: &mut [VanSpec], supervision: &Supervision) {
    let most = (supervision.supervisors * supervision.vans_each) as usize;
    for van in (0..vans.len()).filter(|&van| vans[van].driverless.is_some()).collect::<Vec<_>>() {
        let (begin, end) = (vans[van].shift_begin, vans[van].shift_end);
        let runs = |other: &&VanSpec| other.driverless.is_some() && other.is_in_service();
        let before: Vec<(Time, Time)> =
            vans[..van].iter().filter(runs).map(|other| (other.shift_begin, other.shift_end)).collect();
        // Most run at a time when one of them begins.
        let begins = before.iter().map(|&(begin, _)| begin).filter(|&other| begin <= other && other < end).chain([begin]);
        let at = |time: Time| before.iter().filter(|&&(begin, end)| begin <= time && time < end).count();
        if begins.map(at).max().unwrap_or(0) >= most {
            (vans[van].shift_begin, vans[van].shift_end) = (Time::NEVER, Time::ZERO);
        }
    }
}

/// Hours of all supervisors: as long as any van without a driver is in service.
pub fn supervisor_hours(vans: &[VanSpec], supervision: Option<&Supervision>) -> f64 {
    let runs = || vans.iter().filter(|van| van.driverless.is_some() && van.is_in_service());
    let (begin, end) = (runs().map(|van| van.shift_begin).min(), runs().map(|van| van.shift_end).max());
    match (supervision, begin, end) {
        (Some(supervision), Some(begin), Some(end)) => f64::from(supervision.supervisors) * (end - begin).h(),
        _ => 0.0,
    }
}

fn pause(action: Action, node: NodeId, (earliest, latest): (Time, Time), dwell: Time) -> PlanStop {
    PlanStop { action, latest, dwell, ..PlanStop::call(node, earliest) }
}

/// What a driver has driven and rested since the last full break.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wheel {
    driven: Time,
    rested: Time,
    /// Since when the van has stood without riders.
    stands: Option<Time>,
}

impl Wheel {
    /// The van stands without riders.
    pub fn stand(&mut self, now: Time) {
        self.stands.get_or_insert(now);
    }

    /// It stands so no longer; long enough, that was a part of a break, or all of it.
    pub fn move_on(&mut self, now: Time, breaks: &Breaks) {
        let Some(since) = self.stands.take() else { return };
        if now - since >= breaks.part {
            self.rested += now - since;
        }
        if self.rested >= breaks.full {
            *self = Wheel::default();
        }
    }

    /// It drives for a while.
    pub fn drive(&mut self, time: Time) {
        self.driven += time;
    }

    /// The plan with its next break as short and as late as the driver's day so far allows, or without it; `None` if nothing
    /// changes.
    pub fn relax(&self, plan: &Plan, at: Position, spec: &VanSpec, travel: &TravelTable) -> Option<Plan> {
        let breaks = spec.breaks.as_ref()?;
        let now = at.ready;
        let mut wheel = *self;
        wheel.move_on(now, breaks);
        let anew = wheel.anew(plan, now, spec).and_then(|stops| Plan::new(stops, at, spec, travel));
        let stops = wheel.shorter(anew.as_ref().unwrap_or(plan), now, spec, breaks);
        let shorter = |stops| Plan::new(stops, at, spec, travel).expect("a shorter or a later break keeps all limits");
        stops.map(shorter).or(anew)
    }

    /// The breaks of a van without riders ahead, laid anew from now on, if that puts them off.
    fn anew(&self, plan: &Plan, now: Time, spec: &VanSpec) -> Option<Vec<PlanStop>> {
        let first = plan.stops().first().filter(|stop| stop.action == Action::Break)?;
        if plan.last_ride().is_some() {
            return None;
        }
        let change = plan.stops().iter().position(|stop| stop.action == Action::Change);
        let ends = change.map_or(spec.shift_end, |change| plan.stops()[change].earliest);
        let breaks = spec.breaks.as_ref()?;
        // As if all that was driven had been driven until now.
        let windows = breaks.windows(now - self.driven, ends);
        let later = windows.first().is_none_or(|&(earliest, _)| earliest > first.earliest);
        let mut stops: Vec<PlanStop> =
            windows.into_iter().map(|window| pause(Action::Break, first.node, window, breaks.full)).collect();
        stops.extend(change.into_iter().flat_map(|change| &plan.stops()[change..]));
        later.then_some(stops)
    }

    /// The stops with the next break as short and as late as may be, or gone. It ends no earlier for being shorter, since the one
    /// after it counts from its end; so every limit that the plan keeps is kept.
    fn shorter(&self, plan: &Plan, now: Time, spec: &VanSpec, breaks: &Breaks) -> Option<Vec<PlanStop>> {
        let mut stops = plan.stops().to_vec();
        let mut changed = false;
        while let Some(next) = stops.iter().position(|stop| stop.action.is_pause()) {
            if stops[next].action == Action::Change {
                break;
            }
            let after = stops[next + 1..].iter().find(|stop| stop.action.is_pause());
            let until = after.map_or(spec.shift_end, |stop| stop.latest);
            if self.driven + (until - now) <= breaks.driving {
                stops.remove(next);
                changed = true;
                continue;
            }
            let stop = &mut stops[next];
            let dwell = (breaks.full - self.rested).max(breaks.part).min(stop.dwell);
            let latest = stop.latest.max(now + breaks.driving - self.driven);
            changed |= (dwell, latest) != (stop.dwell, stop.latest);
            stop.earliest += stop.dwell - dwell;
            (stop.dwell, stop.latest) = (dwell, latest);
            break;
        }
        changed.then_some(stops)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::log::{Answer, Event, Limit, Log};
    use crate::rng::Rng;
    use crate::scenario::{Battery, Clock, Costs, DriverShift, Driverless, Drivers, MatchingPolicy, RunningCosts, Trip};
    use crate::sim::Simulation;
    use crate::world::World;

    fn hours(hours: f64) -> Time {
        Time::from_s(hours * 3_600.0)
    }

    fn breaks() -> Breaks {
        Breaks::new(&WorkRules::default())
    }

    #[test]
    fn breaks_are_few_and_however_they_fall_nobody_drives_too_long() {
        let Breaks { driving, full, .. } = breaks();
        assert_eq!(breaks().windows(hours(8.0), hours(12.0)), []);
        // Ten hours: 3 h of driving, a break, 3 h, a break, 3 h; each may be half an hour earlier or later.
        let ten = [(10.5, 11.5), (14.0, 15.0)].map(|(from, until)| (hours(from), hours(until)));
        assert_eq!(breaks().windows(hours(8.0), hours(18.0)), ten);
        let rng = &mut Rng::new(1, "windows");
        for _ in 0..1_000 {
            let (begins, duty) = (hours(12.0 * rng.unit()), hours(20.0 * rng.unit()));
            let windows = breaks().windows(begins, begins + duty);
            let mut free = begins;
            for &(earliest, latest) in &windows {
                assert!(latest - free <= driving && latest - earliest >= full, "{begins:?} {duty:?} {windows:?}");
                free = earliest + full;
            }
            assert!(begins + duty - free <= driving, "{begins:?} {duty:?} {windows:?}");
        }
    }

    /// The village from 6 to 21 o'clock with two vans without batteries and a call every two minutes, more than they can serve.
    fn busy(drivers: Drivers) -> Scenario {
        let mut scenario = Scenario::village();
        let hour = |hour: i32| Clock(Time(hour * Time::HOUR.0));
        (scenario.service.hours[0].opens, scenario.service.hours[0].closes) = (hour(6), hour(21));
        scenario.fleet.vehicles[0].battery = None;
        scenario.fleet.vehicles.push(Vehicle { id: "other".into(), ..scenario.fleet.vehicles[0].clone() });
        scenario.fleet.drivers = Some(drivers);
        scenario.demand.generator = None;
        let rng = &mut Rng::new(7, "calls");
        let trip = |k: u32| {
            let origin = (4.0 * rng.unit()) as usize;
            let destination = (origin + 1 + (3.0 * rng.unit()) as usize) % 4;
            let stop = |k: usize| "abcd"[k..=k].to_string();
            let request_s = f64::from(6 * 3_600 + 120 * k);
            // One in twenty is a booking.
            let ahead = if k % 20 == 0 { 20_000.0 } else { 0.0 };
            Trip {
                request_s: request_s - ahead,
                earliest_pickup_s: Some(request_s),
                origin: stop(origin),
                destination: stop(destination),
                passengers: 1,
                ..Trip::default()
            }
        };
        scenario.demand.trips = (0..330).map(trip).collect();
        scenario
    }

    fn number(number: u32, rules: Option<WorkRules>) -> Drivers {
        Drivers { number: Some(number), shifts: Vec::new(), rules }
    }

    fn day(scenario: &Scenario) -> (Arc<World>, Log) {
        assert_eq!(scenario.problems(), Vec::new());
        let world = Arc::new(World::new(scenario));
        let log = Simulation::new(Arc::clone(&world)).run();
        (world, log)
    }

    /// The longest that any driver drives without half an hour of standing still without riders, in parts of ten minutes; by
    /// the rows alone.
    fn longest_driving(world: &World, log: &Log) -> Time {
        let mut longest = Time::ZERO;
        for van in 0..world.vans.len() {
            let rows: Vec<_> = log.van_rows().filter(|row| row.vehicle.unwrap().index() == van).collect();
            let (mut driven, mut rested, mut stood) = (Time::ZERO, Time::ZERO, Time::ZERO);
            for pair in rows.windows(2) {
                let (row, time) = (pair[0], pair[1].time - pair[0].time);
                match row.event {
                    Event::Depart | Event::Pass => {
                        (driven, stood) = (driven + time, Time::ZERO);
                        longest = longest.max(driven);
                    }
                    Event::Pickup => stood = Time::ZERO,
                    Event::ShiftEnd => (driven, rested, stood) = Default::default(),
                    _ if row.load > 0 => stood = Time::ZERO,
                    event => {
                        // Riders get off before the van stands empty.
                        let dwell = row.request.filter(|_| event == Event::Dropoff);
                        let time = time - dwell.map_or(Time::ZERO, |id| log.requests[id.index()].dwell);
                        let before = if stood >= Time(600_000) { stood } else { Time::ZERO };
                        stood += time;
                        if stood >= Time(600_000) {
                            rested += stood - before;
                        }
                        if rested >= Time(1_800_000) {
                            (driven, rested) = Default::default();
                        }
                    }
                }
            }
        }
        longest
    }

    #[test]
    fn every_policy_keeps_the_breaks() {
        let (world, log) = day(&busy(number(4, None)));
        assert!(longest_driving(&world, &log) > hours(4.0), "without rules somebody drives too long");
        for policy in ["nearest", "insertion", "batch", "pooling", "anticipating"] {
            let mut scenario = busy(number(4, Some(WorkRules::default())));
            scenario.policies.matching = MatchingPolicy::by_name(policy).expect("a policy");
            if let MatchingPolicy::Pooling { period_s, .. } | MatchingPolicy::Anticipating { period_s, .. } =
                &mut scenario.policies.matching
            {
                *period_s = 30;
            }
            let (world, log) = day(&scenario);
            let count = |event: Event| log.rows.iter().filter(|row| row.event == event).count();
            assert!(longest_driving(&world, &log) <= hours(4.0), "{policy}");
            assert_eq!(count(Event::BreakStart), count(Event::BreakEnd), "{policy}");
            // 15 hours are two shifts of seven and a half, for each of the two vans.
            assert_eq!((count(Event::ShiftStart), count(Event::ShiftEnd)), (4, 4), "{policy}");
            assert!(count(Event::Dropoff) > 100 && count(Event::BreakStart) > 0, "{policy}");
            for row in log.van_rows() {
                if matches!(row.event, Event::ShiftStart | Event::ShiftEnd | Event::BreakStart | Event::BreakEnd) {
                    assert_eq!((row.node, row.load), (NodeId(0), 0), "{policy}: {row:?}");
                }
            }
        }
    }

    #[test]
    fn a_van_that_stands_idle_needs_no_break() {
        let mut scenario = busy(number(4, Some(WorkRules::default())));
        scenario.demand.trips.truncate(1);
        let (_, log) = day(&scenario);
        assert!(!log.rows.iter().any(|row| row.event == Event::BreakStart));
    }

    #[test]
    fn vans_without_a_driver_stay_at_their_depot() {
        // Three drivers: the second van has one for the first half of the day only.
        let (world, log) = day(&busy(number(3, Some(WorkRules::default()))));
        let noon = Time(13 * Time::HOUR.0 + 30 * Time::MINUTE.0);
        assert_eq!(world.vans[1].shifts.iter().map(|shift| shift.ends).collect::<Vec<_>>(), [noon]);
        let moves = |van: u32, after: Time| {
            let of_van = log.van_rows().filter(|row| row.vehicle.unwrap().0 == van && row.time > after);
            of_van.filter(|row| row.event == Event::Depart).count()
        };
        assert!(moves(0, noon) > 0 && moves(1, Time::ZERO) > 0);
        assert_eq!(moves(1, noon), 0);
        // One driver: 13 hours and no more, and the other van does not move at all.
        let mut scenario = busy(number(1, Some(WorkRules::default())));
        scenario.service.hours[0].closes = Clock(Time(19 * Time::HOUR.0));
        scenario.demand.trips.truncate(300);
        let (world, log) = day(&scenario);
        assert_eq!(world.vans[0].shifts.len(), 1);
        assert!(!log.rows.iter().any(|row| row.vehicle.is_some_and(|van| van.0 == 1) && !row.event.is_answer()));
    }

    #[test]
    fn between_two_shifts_a_van_stands_at_its_depot() {
        let shift = |driver: &str, begins, ends| DriverShift {
            vehicle: "van".into(),
            driver: Some(driver.into()),
            begins: Clock(hours(begins)),
            ends: Clock(hours(ends)),
        };
        let shifts = vec![shift("A", 15.0, 20.0), shift("B", 6.0, 11.0)];
        let (world, log) = day(&busy(Drivers { number: None, shifts, rules: None }));
        assert_eq!(world.vans[0].shifts[0].driver, "B");
        let rows = || log.van_rows().filter(|row| row.event != Event::Arrive);
        let shifts: Vec<(Event, Time)> = rows()
            .filter(|row| matches!(row.event, Event::ShiftStart | Event::ShiftEnd))
            .map(|row| (row.event, row.time))
            .collect();
        let expected = [
            (Event::ShiftStart, hours(6.0)),
            (Event::ShiftEnd, hours(11.0)),
            (Event::ShiftStart, hours(15.0)),
            (Event::ShiftEnd, hours(20.0)),
        ];
        assert_eq!(shifts, expected);
        assert!(!rows().any(|row| row.time > hours(11.0) && row.time < hours(15.0)));
        assert!(rows().any(|row| row.event == Event::Pickup && row.time > hours(15.0)));
    }

    /// The village, with a van without a driver beside one with: it serves a to c, no faster than 18 km/h, until noon.
    fn driverless(trips: &[(&str, &str, &str)]) -> Scenario {
        let mut scenario = Scenario::village();
        scenario.demand.generator = None;
        let stops = ["a", "b", "c"].map(str::to_owned).to_vec();
        let driverless = Driverless { stops, max_speed_kmh: 18.0, opens: None, closes: Clock::parse("12:00") };
        let van = &scenario.fleet.vehicles[0];
        // Another kind of van: fewer seats, a smaller battery.
        let battery = van.battery.clone().map(|battery| Battery { capacity_kwh: 20.0, ..battery });
        let own = Vehicle { id: "own".into(), seats: 2, battery, driverless: Some(driverless), ..van.clone() };
        scenario.fleet.vehicles.push(own);
        let trip = |&(time, origin, destination): &(&str, &str, &str)| Trip {
            request_s: Clock::parse(time).expect("a time").0.s(),
            origin: origin.into(),
            destination: destination.into(),
            passengers: 3,
            ..Trip::default()
        };
        scenario.demand.trips = trips.iter().map(trip).collect();
        scenario
    }

    /// Which van takes each request.
    fn carriers(log: &Log) -> Vec<Result<u32, Limit>> {
        let carrier = |answer: &Option<Answer>| match answer.expect("the day is over") {
            Answer::Promised { vehicle, .. } => Ok(vehicle.0),
            Answer::Refused { limit, .. } => Err(limit),
        };
        log.answers.iter().map(carrier).collect()
    }

    #[test]
    fn vans_of_different_kinds_carry_what_they_have_places_for() {
        let mut scenario = driverless(&[("09:00", "b", "c"), ("09:00", "b", "c"), ("09:00", "b", "c"), ("09:00", "a", "b")]);
        scenario.fleet.vehicles[1].driverless = None;
        scenario.fleet.vehicles[0].seats = 3;
        scenario.demand.trips[1].passengers = 2;
        scenario.demand.trips[3].passengers = 4;
        scenario.service.max_wait_s = 300;
        let (world, log) = day(&scenario);
        // Three sit in the first van, two in the second; neither has room for three more, nor time before them, and nobody for
        // four.
        assert_eq!(carriers(&log), [Ok(0), Ok(1), Err(Limit::Promise), Err(Limit::PartyTooLarge)]);
        let kwh = |van: usize| world.vans[van].battery.as_ref().map(|battery| battery.capacity_kwh);
        assert_eq!((kwh(0), kwh(1)), (Some(40.0), Some(20.0)));
        let report = crate::report::report(&world, &log);
        // Each uses its own battery: what is used is its share of its own capacity.
        for (van, kwh) in report.vehicles.iter().zip([40.0, 20.0]) {
            let used = van.lowest_soc.map(|soc| 0.5 - soc);
            assert!(van.energy_used_kwh > 0.0 && used <= Some(van.energy_used_kwh / kwh + 1e-9), "{van:?}");
        }
    }

    #[test]
    fn a_van_without_a_driver_keeps_to_its_stops_its_hours_and_its_speed() {
        let trips = [("09:00", "b", "c"), ("10:00", "b", "d"), ("11:59", "a", "b"), ("13:00", "a", "b")];
        for policy in ["nearest", "insertion", "batch", "pooling", "anticipating"] {
            let mut scenario = driverless(&trips);
            scenario.fleet.vehicles[1].seats = 8;
            scenario.fleet.vehicles.remove(0);
            scenario.policies.matching = MatchingPolicy::by_name(policy).expect("a policy");
            let (world, log) = day(&scenario);
            // d is not among its stops, and at noon it has to be back.
            let answers = carriers(&log);
            assert_eq!(&answers[..2], [Ok(0), Err(Limit::Area)], "{policy}");
            assert!(answers[2].is_err() && answers[3].is_err(), "{policy}: {answers:?}");
            // 1 km at 18 km/h is 200 s; the request's own direct drive is that of the roads.
            assert_eq!(world.requests[0].direct, Time(100_000), "{policy}");
            let rows: Vec<_> = log.van_rows().collect();
            let drives = rows.windows(2).filter(|pair| matches!(pair[0].event, Event::Depart | Event::Pass));
            let times: Vec<Time> = drives.map(|pair| pair[1].time - pair[0].time).collect();
            assert!(times.len() >= 4 && times.iter().all(|&time| time == Time(200_000)), "{policy}: {times:?}");
            let end = rows.iter().rfind(|row| row.event == Event::ShiftEnd).expect("its day ends");
            assert_eq!((end.time, end.node), (Time(12 * Time::HOUR.0), NodeId(0)), "{policy}");
        }
    }

    #[test]
    fn with_a_driver_beside_it_the_rest_is_served_too() {
        let mut scenario = driverless(&[("10:00", "b", "d"), ("13:00", "a", "b")]);
        scenario.fleet.drivers = Some(number(1, None));
        let running = RunningCosts {
            vehicle_yen_per_day: 0.0,
            vehicle_yen_per_km: 0.0,
            fuel_yen_per_km: 0.0,
            overhead_yen_per_day: 0.0,
        };
        scenario.costs = Some(Costs {
            driver_yen_per_h: 2_000.0,
            supervisor_yen_per_h: Some(3_000.0),
            electricity_yen_per_kwh: 0.0,
            on_demand: running.clone(),
            fixed_route: running,
        });
        scenario.service.supervision = Some(Supervision { supervisors: 1, vans_each: 3 });
        let (world, log) = day(&scenario);
        assert_eq!(carriers(&log), [Ok(0), Ok(0)]);
        // Ten hours of the driver, four of the supervisor, and none of a driver in the other van.
        let report = crate::report::report(&world, &log);
        assert_eq!((report.driver_hours, report.supervisor_hours), (10.0, 4.0));
        assert_eq!(report.vehicles[1].driver_hours, 0.0);
        assert_eq!(report.operating_yen, Some(10.0 * 2_000.0 + 4.0 * 3_000.0));
    }

    #[test]
    fn no_more_vans_run_than_are_watched_over() {
        let mut scenario = driverless(&[]);
        for (id, opens) in [("second", "08:00"), ("afternoon", "12:00"), ("late", "17:00")] {
            let mut van = Vehicle { id: id.into(), ..scenario.fleet.vehicles[1].clone() };
            let own = van.driverless.as_mut().expect("no driver");
            (own.opens, own.closes) = (Clock::parse(opens), None);
            scenario.fleet.vehicles.push(van);
        }
        let runs = |supervisors: u32, vans_each: u32| -> Vec<bool> {
            let supervision = Some(Supervision { supervisors, vans_each });
            let world = World::new(&Scenario {
                service: crate::scenario::Service { supervision, ..scenario.service.clone() },
                ..scenario.clone()
            });
            world.vans.iter().map(VanSpec::is_in_service).collect()
        };
        // The first runs until noon, the second all day, so that one supervisor of one has the first, and in the afternoon another.
        assert_eq!(runs(1, 1), [true, true, false, true, false]);
        assert_eq!(runs(2, 1), [true, true, true, true, false]);
        assert_eq!(runs(1, 3), [true; 5]);
        assert_eq!(runs(0, 3), [true, false, false, false, false]);
    }
}
