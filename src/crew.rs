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

/// The scenario's shifts, by vehicle of the fleet, in the order of their begins; none for vans that nobody drives, or that do not
/// run today.
pub fn shifts(scenario: &Scenario) -> Vec<Vec<Shift>> {
    let vehicles = &scenario.fleet.vehicles;
    let mut shifts = vec![Vec::new(); vehicles.len()];
    let (Some(drivers), Some((opens, closes))) = (&scenario.fleet.drivers, scenario.hours()) else { return shifts };
    let runs = |vehicle: &Vehicle| scenario.weekday().is_some_and(|weekday| vehicle.runs_on(weekday));
    for (index, shift) in drivers.shifts.iter().enumerate() {
        let vehicle = vehicles.iter().position(|vehicle| vehicle.id == shift.vehicle);
        let vehicle = vehicle.expect("a checked shift is in a van of the fleet");
        if !runs(&vehicles[vehicle]) {
            continue;
        }
        let driver = shift.driver.clone().unwrap_or_else(|| format!("driver {}", index + 1));
        let shift = Shift { driver, begins: shift.begins.0, ends: shift.ends.0 };
        shifts[vehicle].push(shift);
    }
    if let Some(number) = drivers.number {
        let usual = drivers.rules.as_ref().map_or(Time::NEVER, |rules| Time::from_s(rules.usual_duty_h * 3_600.0));
        let parts = ((closes - opens).0 + usual.0 - 1) / usual.0;
        // Whole minutes, but for the last.
        let part = |k: i32| Time(opens.0 + ((closes - opens).0 / parts * k) / Time::MINUTE.0 * Time::MINUTE.0);
        let of_a_day = (0..parts).map(|k| (part(k), if k + 1 < parts { part(k + 1) } else { closes }));
        let driven = (0..vehicles.len())
            .filter(|&vehicle| vehicles[vehicle].depot.is_some() && vehicles[vehicle].driverless.is_none())
            .filter(|&vehicle| runs(&vehicles[vehicle]));
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
        let begins =
            before.iter().map(|&(begin, _)| begin).filter(|&other| begin <= other && other < end).chain([begin]);
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
mod tests;
