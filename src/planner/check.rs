//! Whether a plan keeps every rule of its problem: everything is computed again from the file and the plan's own stops, with
//! nothing of the search.

use std::collections::HashMap;

use super::day::is_pause;
use super::instance::{Instance, Name};
use super::plan::{Plan, PlannedVisit};
use super::problem::Van;
use crate::fleet::Load;

/// Times may differ by this, minutes, and energies by this, kWh: what rounding of a written plan makes.
const SMALL: f64 = 1e-6;
/// Costs may differ by this share.
const COST_SMALL: f64 = 1e-6;

/// The first rule that a plan breaks.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    /// Where: route and visit, counted from 1.
    pub path: String,
    /// Which rule, and by how much.
    pub message: String,
}

type Checked = Result<(), Violation>;

fn broken(path: &str, message: String) -> Checked {
    Err(Violation { path: path.to_owned(), message })
}

/// What a stop is, by its node.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stop {
    Visit(usize),
    Station(usize),
}

/// Checks a plan. O(its stops) and a table of names.
pub fn check(instance: &Instance, plan: &Plan) -> Checked {
    let Instance { problem, names, .. } = instance;
    let mut known: HashMap<String, Vec<Stop>> = HashMap::new();
    for (visit, name) in names.visits.iter().enumerate() {
        known.entry(name.to_string()).or_default().push(Stop::Visit(visit));
    }
    for (station, name) in names.stations.iter().enumerate() {
        known.entry(name.to_string()).or_default().push(Stop::Station(station));
    }
    let mut served: Vec<Option<usize>> = vec![None; problem.rides.len()];
    let mut charged = vec![false; problem.stations.len()];
    let mut ended: HashMap<String, usize> = HashMap::new();
    let mut driven = vec![false; problem.vans.len()];
    let (mut travel, mut excess, mut energy) = (0.0, 0.0, 0.0);
    for (at, route) in plan.routes.iter().enumerate() {
        let path = format!("routes[{at}]");
        let Some(van) = names.vans.iter().position(|van| van.0 == route.vehicle) else {
            return broken(&path, format!("there is no vehicle {}", route.vehicle));
        };
        if std::mem::replace(&mut driven[van], true) {
            return broken(&path, format!("vehicle {} has two routes", route.vehicle));
        }
        let [first, middle @ .., last] = &route.visits[..] else {
            return broken(&path, "a route has at least its two depots".into());
        };
        let spec = &problem.vans[van];
        let at_visit = |k: usize| format!("{path}.visits[{k}]");
        if first.node != names.vans[van].2 {
            return broken(
                &at_visit(0),
                format!("vehicle {} starts at node {}, not {}", route.vehicle, names.vans[van].2, first.node),
            );
        }
        let Some(end) = spec.ends.iter().copied().find(|&end| names.ends[end].contains(&last.node)) else {
            return broken(
                &at_visit(route.visits.len() - 1),
                format!("vehicle {} cannot end at node {}", route.vehicle, last.node),
            );
        };
        *ended.entry(last.node.to_string()).or_default() += 1;

        let mut place = spec.start;
        let mut kwh = spec.battery.map(|battery| battery.start_kwh);
        let mut load = Load::default();
        // By ride aboard: when it left its pick-up.
        let mut aboard: HashMap<usize, f64> = HashMap::new();
        within(&at_visit(0), "leaving", first.depart, spec.shift.from, spec.shift.to)?;
        stands(&at_visit(0), first, 0.0)?;
        state(&at_visit(0), first, load, kwh)?;
        let mut departed = first.depart;
        for (k, visit) in middle.iter().enumerate() {
            let path = at_visit(k + 1);
            let Some(stop) = which(&known, visit, instance, &served, &charged) else {
                return broken(
                    &path,
                    format!("node {} is no pick-up, drop-off or station that is left to be visited", visit.node),
                );
            };
            let (to, service) = match stop {
                Stop::Visit(visit) => (problem.visits[visit].place, problem.visits[visit].service),
                Stop::Station(station) => (problem.stations[station].place, visit.charge_min),
            };
            let drive = problem.travel.get(place, to);
            travel += drive;
            arrives(&path, visit, departed + drive)?;
            stands(&path, visit, service)?;
            if let Some(kwh) = &mut kwh {
                *kwh -= problem.kwh(spec, place, to);
                if let Stop::Visit(visited) = stop {
                    *kwh -= problem.visits[visited].kwh;
                }
                enough(&path, spec, *kwh)?;
            }
            match stop {
                Stop::Visit(visited) => {
                    let ride = visited / 2;
                    let spec_visit = &problem.visits[visited];
                    within(&path, "service", visit.start, spec_visit.window.from, spec_visit.window.to)?;
                    let party = problem.rides[ride].party;
                    if problem.rides[ride].only.is_some_and(|only| only != van) {
                        return broken(&path, format!("{} is another van's", names.bookings[ride]));
                    }
                    if is_pause(&problem.rides[ride]) {
                        served[ride] = Some(van);
                        if !aboard.is_empty() {
                            return broken(&path, "a pause with riders aboard".into());
                        }
                    } else if visited % 2 == 0 {
                        served[ride] = Some(van);
                        load = load + party;
                        aboard.insert(ride, visit.start + spec_visit.service);
                    } else {
                        let Some(boarded) = aboard.remove(&ride) else {
                            return broken(
                                &path,
                                format!("booking {} gets off without having got on", names.bookings[ride]),
                            );
                        };
                        load = load - party;
                        let rides = visit.start - boarded;
                        let most = problem.rides[ride].max_minutes;
                        if rides > most + SMALL {
                            return broken(
                                &path,
                                format!("booking {} rides {rides} minutes, longer than {most}", names.bookings[ride]),
                            );
                        }
                        excess += rides - problem.rides[ride].direct;
                    }
                    if !load.fits(spec.room) {
                        return broken(&path, format!("{load:?} in room for {:?}", spec.room));
                    }
                }
                Stop::Station(station) => {
                    let charger = &problem.stations[station];
                    charged[station] = true;
                    within(&path, "charging", visit.start, charger.window.from, charger.window.to)?;
                    within(&path, "the end of charging", visit.depart, charger.window.from, charger.window.to)?;
                    if !aboard.is_empty() {
                        return broken(&path, "charges with riders aboard".into());
                    }
                    let (Some(kwh), Some(battery)) = (&mut kwh, &spec.battery) else {
                        return broken(&path, "charges without a battery".into());
                    };
                    energy += charger.cost(visit.charge_min);
                    *kwh += visit.charge_min * charger.kwh_per_minute;
                    if *kwh > battery.full_kwh + SMALL {
                        return broken(&path, format!("{kwh} kWh in a battery of {}", battery.full_kwh));
                    }
                }
            }
            state(&path, visit, load, kwh)?;
            place = to;
            departed = visit.depart;
        }
        let path = at_visit(route.visits.len() - 1);
        if let Some(ride) = aboard.keys().min() {
            return broken(&path, format!("booking {} is still aboard", names.bookings[*ride]));
        }
        let home = &problem.ends[end];
        let drive = problem.travel.get(place, home.place);
        travel += drive;
        arrives(&path, last, departed + drive)?;
        within(
            &path,
            "the end of the day",
            last.arrive,
            home.window.from.min(last.start),
            home.window.to.min(spec.shift.to),
        )?;
        if last.arrive - first.depart > spec.max_minutes + SMALL {
            return broken(
                &path,
                format!("the route takes {} minutes, longer than {}", last.arrive - first.depart, spec.max_minutes),
            );
        }
        if let (Some(kwh), Some(battery)) = (&mut kwh, &spec.battery) {
            *kwh -= problem.kwh(spec, place, home.place);
            enough(&path, spec, *kwh)?;
            if *kwh < battery.end_kwh - SMALL {
                return broken(&path, format!("ends with {kwh} kWh, less than {}", battery.end_kwh));
            }
        }
        state(&path, last, Load::default(), kwh)?;
    }
    for (end, list) in names.ends.iter().enumerate() {
        // A name for each use, or one for all.
        let most = if list.len() > 1 { 1 } else { problem.ends[end].vans };
        for name in list {
            if ended.get(&name.to_string()).copied().unwrap_or(0) > most {
                return broken("routes", format!("more than {most} vans end at node {name}"));
            }
        }
    }
    if let Some(van) = driven.iter().position(|driven| !driven) {
        return broken("routes", format!("vehicle {} has no route", names.vans[van].0));
    }
    let unserved: Vec<&Name> = instance
        .impossible
        .iter()
        .map(|refusal| &refusal.booking)
        .chain(served.iter().zip(&names.bookings).filter(|(van, _)| van.is_none()).map(|(_, name)| name))
        .collect();
    if let Some(name) = unserved.iter().find(|name| !plan.unserved.contains(name)) {
        return broken("unserved", format!("booking {name} is neither served nor listed"));
    }
    if let Some(name) = plan.unserved.iter().find(|name| !unserved.contains(name)) {
        return broken("unserved", format!("booking {name} is listed, but served or unknown"));
    }
    if plan.feasible != unserved.is_empty() {
        return broken("feasible", format!("{} with {} bookings unserved", plan.feasible, unserved.len()));
    }
    let cost = problem.weights.travel * travel + problem.weights.excess * excess + energy;
    if (plan.cost - cost).abs() > COST_SMALL * cost.abs().max(1.0) {
        return broken("cost", format!("{} is stated, the routes cost {cost}", plan.cost));
    }
    Ok(())
}

/// What a stop of a plan is. Several stops may share a node: the booking tells, or which of them is still to come.
fn which(
    known: &HashMap<String, Vec<Stop>>,
    visit: &PlannedVisit,
    Instance { problem, names, .. }: &Instance,
    served: &[Option<usize>],
    charged: &[bool],
) -> Option<Stop> {
    known.get(&visit.node.to_string())?.iter().copied().find(|&stop| match stop {
        Stop::Station(station) => {
            let open = problem.stations[station].window;
            let fits = visit.start >= open.from - SMALL && visit.depart <= open.to + SMALL;
            // What fits no window is told as such, by the last of them.
            let is_last = !known[&visit.node.to_string()]
                .iter()
                .any(|other| matches!(other, Stop::Station(other) if *other > station));
            visit.booking.is_none() && !charged[station] && (fits || is_last)
        }
        Stop::Visit(at) => {
            let named = visit.booking.as_ref().is_none_or(|booking| *booking == names.bookings[at / 2]);
            named && visit.charge_min == 0.0 && (at % 2 == 1 || served[at / 2].is_none())
        }
    })
}

fn within(path: &str, what: &str, time: f64, from: f64, to: f64) -> Checked {
    if time < from - SMALL {
        return broken(path, format!("{what} begins at {time}, before {from}"));
    }
    if time > to + SMALL {
        return broken(path, format!("{what} begins at {time}, after {to}"));
    }
    Ok(())
}

fn arrives(path: &str, visit: &PlannedVisit, earliest: f64) -> Checked {
    if visit.arrive < earliest - SMALL {
        return broken(path, format!("arrives at {}, which takes until {earliest}", visit.arrive));
    }
    Ok(())
}

fn stands(path: &str, visit: &PlannedVisit, minutes: f64) -> Checked {
    if visit.start < visit.arrive - SMALL {
        return broken(path, format!("begins at {}, before it arrives at {}", visit.start, visit.arrive));
    }
    if minutes < -SMALL || visit.depart < visit.start + minutes - SMALL {
        return broken(
            path,
            format!("departs at {}, {minutes} minutes of service after {}", visit.depart, visit.start),
        );
    }
    Ok(())
}

fn enough(path: &str, spec: &Van, kwh: f64) -> Checked {
    let least = spec.battery.map_or(f64::NEG_INFINITY, |battery| battery.least_kwh);
    if kwh < least - SMALL {
        return broken(path, format!("{kwh} kWh are left on arrival, less than {least}"));
    }
    Ok(())
}

/// What the plan says about load and battery.
fn state(path: &str, visit: &PlannedVisit, load: Load, kwh: Option<f64>) -> Checked {
    if visit.load != load.seats || visit.wheelchairs != load.wheelchairs {
        return broken(
            path,
            format!(
                "a load of {} and {} wheelchairs is stated where {} and {} are aboard",
                visit.load, visit.wheelchairs, load.seats, load.wheelchairs
            ),
        );
    }
    match (visit.battery_kwh, kwh) {
        (Some(stated), Some(kwh)) if (stated - kwh).abs() > SMALL => {
            broken(path, format!("{stated} kWh are stated where {kwh} are left"))
        }
        _ => Ok(()),
    }
}
