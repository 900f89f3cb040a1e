//! A planning problem as its file tells it, with the names that the file has for everything.

use serde::{Deserialize, Serialize};

use super::problem::{Problem, Ride, Van, Visit, Window};
use super::route::{Evaluator, Free};
use crate::fleet::Load;
use crate::scenario::Text;

/// A name in a file: a number of a node, or an id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Name {
    /// A number.
    Number(u32),
    /// An id.
    Id(String),
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Name::Number(number) => number.fmt(f),
            Name::Id(id) => id.fmt(f),
        }
    }
}

/// Something that cannot be planned, and why; the rest is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// Where: line and field, or path into the document.
    pub path: String,
    /// What is wrong and what would be right.
    pub message: Text,
}

/// A booking that is not served, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// Which.
    pub booking: Name,
    /// Why.
    pub reason: Text,
}

/// What the file calls everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Names {
    /// By ride.
    pub bookings: Vec<Name>,
    /// By visit: its node.
    pub visits: Vec<Name>,
    /// By van: its number from 1, its id if it has one, and the node that it starts from.
    pub vans: Vec<(u32, Option<String>, Name)>,
    /// By end: its nodes, one for each van that can use it, or one for all.
    pub ends: Vec<Vec<Name>>,
    /// By station: its node.
    pub stations: Vec<Name>,
}

/// A file, read.
#[derive(Debug, Clone)]
pub struct Instance {
    /// What can be planned.
    pub problem: Problem,
    /// What it is called.
    pub names: Names,
    /// Bookings that nobody can serve.
    pub impossible: Vec<Refusal>,
    /// What else was left out.
    pub faults: Vec<Fault>,
}

/// A booking as a file has it.
pub(super) struct Booking {
    pub name: Name,
    pub path: String,
    pub nodes: [Name; 2],
    pub visits: [Visit; 2],
    pub ride: Ride,
}

impl Instance {
    /// Takes in bookings; one that contradicts itself becomes a refusal.
    pub(super) fn book(&mut self, bookings: Vec<Booking>) {
        for Booking { name, path, nodes, visits, ride } in bookings {
            match contradiction(&visits, &ride) {
                Some((field, reason)) => self.refuse(name, format!("{path}, {field}"), reason),
                None => {
                    self.names.bookings.push(name);
                    self.names.visits.extend(nodes);
                    self.problem.visits.extend(visits);
                    self.problem.rides.push(ride);
                }
            }
        }
    }

    fn refuse(&mut self, booking: Name, path: String, reason: Text) {
        self.faults.push(Fault { path, message: reason.clone() });
        self.impossible.push(Refusal { booking, reason });
    }

    /// Leaves out vans that cannot even get home, stations that nobody can use, and bookings that no van could serve if it had
    /// nothing else to do. Then sorts vans by kind. O(rides x kinds of vans).
    pub(super) fn screen(&mut self) {
        let problem = &mut self.problem;
        let mut evaluator = Evaluator::new(problem);
        let empty: Vec<Option<f64>> =
            (0..problem.vans.len()).map(|van| evaluator.value(van, &[], Free::ALL).map(|value| value.cost)).collect();
        drop(evaluator);
        let mut kinds: Vec<Van> = Vec::new();
        let mut vans = Vec::new();
        let mut names = Vec::new();
        let own: Vec<usize> = problem.rides.iter().filter_map(|ride| ride.only).collect();
        let mut now: Vec<Option<usize>> = Vec::new();
        let all = std::mem::take(&mut problem.vans).into_iter().zip(std::mem::take(&mut self.names.vans));
        for (from, ((mut van, name), cost)) in all.zip(empty).enumerate() {
            now.push(cost.map(|_| vans.len()));
            let Some(cost) = cost else {
                let message = Text::new(
                    "勤務時間と電池残量のうちに終着の車庫へ着けません。勤務時間か、はじめの電池残量を増やしてください。この車は使いません。",
                    "cannot get to the end of its day within its shift and on its charge; give it a longer shift or more charge. \
                     It is left out",
                );
                self.faults.push(Fault { path: format!("vehicle {}", name.0), message });
                continue;
            };
            van.empty_cost = cost;
            let spec = Van { kind: 0, ..van.clone() };
            // A van with breaks of its own is like no other.
            let has_own = own.contains(&from);
            van.kind = kinds.iter().position(|other| !has_own && *other == spec).unwrap_or_else(|| {
                kinds.push(spec);
                kinds.len() - 1
            });
            vans.push(van);
            names.push(name);
        }
        problem.vans = vans;
        self.names.vans = names;
        let mut left_out = Vec::new();
        for (ride, Ride { only, .. }) in problem.rides.iter_mut().enumerate() {
            if let Some(van) = only {
                match now[*van] {
                    Some(at) => *van = at,
                    None => left_out.push(ride),
                }
            }
        }
        left_out.into_iter().rev().for_each(|ride| self.remove(ride));

        let mut evaluator = Evaluator::new(&self.problem);
        let mut firsts: Vec<usize> = Vec::new();
        for (at, van) in self.problem.vans.iter().enumerate() {
            if !firsts.iter().any(|&other| self.problem.vans[other].kind == van.kind) {
                firsts.push(at);
            }
        }
        let alone: Vec<bool> = (0..self.problem.rides.len())
            .map(|ride| {
                let order = [2 * ride as u32, 2 * ride as u32 + 1];
                let mut can = |van: usize| evaluator.value(van, &order, Free::ALL).is_some();
                match self.problem.rides[ride].only {
                    Some(van) => can(van),
                    None => firsts.iter().any(|&van| can(van)),
                }
            })
            .collect();
        for ride in (0..alone.len()).rev() {
            if alone[ride] {
                continue;
            }
            let reason = self.why_alone(ride, &firsts);
            let name = self.names.bookings[ride].clone();
            self.remove(ride);
            let path = format!("booking {name}");
            self.refuse(name, path, reason);
        }
    }

    fn remove(&mut self, ride: usize) {
        self.names.bookings.remove(ride);
        self.names.visits.drain(2 * ride..2 * ride + 2);
        self.problem.visits.drain(2 * ride..2 * ride + 2);
        self.problem.rides.remove(ride);
    }

    /// Which limit is in the way of a booking that no van could serve.
    fn why_alone(&self, ride: usize, firsts: &[usize]) -> Text {
        let problem = &self.problem;
        let party = problem.rides[ride].party;
        let fits = |van: &Van| party.fits(van.room);
        if !problem.vans.iter().any(fits) {
            return Text::new(
                format!(
                    "{}人・車いす{}台が乗れる車がありません。人数を減らすか、大きな車を加えてください。",
                    party.seats, party.wheelchairs
                ),
                format!(
                    "no van has room for {} people and {} wheelchairs; make the party smaller or add a larger van",
                    party.seats, party.wheelchairs
                ),
            );
        }
        let mut relaxed = problem.clone();
        for van in &mut relaxed.vans {
            van.battery = None;
        }
        let order = [2 * ride as u32, 2 * ride as u32 + 1];
        let mut evaluator = Evaluator::new(&relaxed);
        if firsts.iter().any(|&van| evaluator.value(van, &order, Free::ALL).is_some()) {
            return Text::new(
                "どの車の電池でも、充電しても、行って帰れません。電池残量か充電器を増やしてください。",
                "no van's battery lasts for going there and home, charging included; give it more charge or a nearer charger",
            );
        }
        Text::new(
            "どの車も、勤務時間のうちに迎えて送り、終着の車庫へ着けません。時刻か勤務時間を変えてください。",
            "no van can fetch, bring and be back within its shift; change the times or the shift",
        )
    }
}

/// What is wrong with a booking by itself: the field, and why.
fn contradiction(visits: &[Visit; 2], ride: &Ride) -> Option<(&'static str, Text)> {
    for (Visit { window: Window { from, to }, .. }, ja, en) in
        [(&visits[0], "乗車", "pick-up"), (&visits[1], "降車", "drop-off")]
    {
        if from > to {
            return Some((
                "latest",
                Text::new(
                    format!("{ja}の最も遅い時刻{to}が、最も早い時刻{from}より前です。入れかえてください。"),
                    format!("the latest {en}, {to}, is before the earliest, {from}; exchange them"),
                ),
            ));
        }
    }
    let [on, off] = visits;
    if ride.party == Load::default() {
        return Some((
            "load",
            Text::new("乗る人がいません。1人以上にしてください。", "nobody rides; give a load of 1 or more"),
        ));
    }
    if ride.direct > ride.max_minutes + 1e-9 {
        return Some((
            "ride-time limit",
            Text::new(
                format!(
                    "まっすぐ走っても{:.1}分かかり、乗車時間の上限{}分を超えます。上限を増やしてください。",
                    ride.direct, ride.max_minutes
                ),
                format!(
                    "driving straight takes {:.1} minutes, longer than the limit of {}; raise the limit",
                    ride.direct, ride.max_minutes
                ),
            ),
        ));
    }
    let reached = on.window.from + on.service + ride.direct;
    if reached > off.window.to + 1e-9 {
        return Some((
            "latest",
            Text::new(
                format!(
                    "最も早く乗っても{reached:.1}に着き、最も遅い降車{}に間に合いません。どちらかの時刻を変えてください。",
                    off.window.to
                ),
                format!(
                    "boarding at the earliest, it arrives at {reached:.1}, after the latest drop-off, {}; change one of them",
                    off.window.to
                ),
            ),
        ));
    }
    let needed = off.window.from - ride.max_minutes - on.service;
    if needed > on.window.to + 1e-9 {
        return Some((
            "ride-time limit",
            Text::new(
                format!(
                    "最も遅く乗っても、最も早い降車{}まで乗車時間の上限{}分を超えて乗ることになります。時刻か上限を変えてください。",
                    off.window.from, ride.max_minutes
                ),
                format!(
                    "boarding at the latest, it still rides longer than {} minutes until the earliest drop-off, {}; change the \
                     times or the limit",
                    ride.max_minutes, off.window.from
                ),
            ),
        ));
    }
    None
}
