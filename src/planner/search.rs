//! Ruin and recreate: takes rides that belong together out of a few routes, and puts them back where they cost least.
//!
//! Strings of rides near a chosen one are removed and inserted one by one, some places left out by chance (slack induction by
//! string removals: Christiaens and Vanden Berghe 2020), and worse plans are accepted as in annealing (Kirkpatrick 1983). What
//! inserting a ride into a route costs is kept, since most routes stay as they are.

use std::cell::OnceCell;
use std::rc::Rc;

use super::pool::{Outlook, Pool};
use super::problem::{Problem, dropoff_of, is_pickup, pickup_of, ride_of};
use super::route::{EPS, Evaluator, Free, Value};
use crate::fleet::Load;
use crate::math;
use crate::rng::Rng;

/// Nobody's.
pub const NONE: u32 = u32::MAX;

/// A van's order of visits and what it costs.
#[derive(Debug)]
pub struct Route {
    /// Whose.
    pub van: usize,
    /// Visits in order.
    pub order: Vec<u32>,
    /// What it costs.
    pub value: Value,
    /// Of its van's kind and order.
    pub hash: u64,
    /// Stations that it charges at.
    pub stations: u64,
    ahead: OnceCell<Ahead>,
}

/// What an insertion is first checked with: by stop, the begin and the end of the van's day included.
#[derive(Debug)]
struct Ahead {
    place: Vec<usize>,
    /// Earliest end of service.
    free: Vec<f64>,
    /// Latest begin.
    latest: Vec<f64>,
    /// Rides and what they take, after it.
    aboard: Vec<(i32, Load)>,
    /// Driving from the stop before.
    drive: Vec<f64>,
    service: Vec<f64>,
    /// Cost without waiting aboard or charging.
    base: f64,
}

fn mix(hash: u64, word: u64) -> u64 {
    let product = u128::from(hash ^ word.wrapping_mul(0x9E37_79B9_7F4A_7C15)) * 0xD6E8_FEB8_6659_FD93;
    (product >> 64) as u64 ^ product as u64
}

/// A place for a ride in a route.
#[derive(Debug, Clone, Copy)]
struct Insertion {
    /// What it adds.
    cost: f64,
    pickup: u32,
    dropoff: u32,
}

/// What is known about an insertion.
#[derive(Clone, Copy)]
struct Known {
    key: u64,
    insertion: Option<Insertion>,
}

/// A plan.
#[derive(Debug, Clone)]
pub struct Solution {
    /// By van.
    pub routes: Vec<Rc<Route>>,
    /// By ride: its van, or [`NONE`].
    pub owner: Vec<u32>,
    /// Rides that are refused.
    pub refused: Vec<u32>,
    /// What it costs, refusals included.
    pub cost: f64,
    /// Stations that somebody charges at.
    stations: u64,
}

/// The search.
pub struct Search<'p> {
    problem: &'p Problem,
    evaluator: Evaluator<'p>,
    rng: Rng,
    /// By ride: others that belong together with it, nearest first.
    near: Vec<Vec<u32>>,
    known: Vec<Known>,
    /// What it has found.
    pub best: Solution,
    current: Solution,
    /// Routes of plans that were accepted.
    pool: Pool,
    scratch: Vec<u32>,
    candidates: Vec<(f64, u32, u32)>,
    limited_ends: bool,
    outlook: Option<Outlook>,
    /// Iterations so far.
    pub iterations: u64,
}

/// Routes that are varied at a time.
const SEEDS: usize = 300;
/// Rides near each ride of a route that are tried in it.
const NEIGHBOURS: usize = 15;
const KNOWN_BITS: u32 = 19;
/// Rides removed at a time, on average.
const REMOVED: f64 = 10.0;
/// Rides removed from one route, at most.
const LONGEST_STRING: f64 = 10.0;
/// Rides removed at a time, at most.
const LARGEST: usize = 30;
/// The higher, the nearer are the rides that are removed together.
const RANK_POWER: i32 = 4;
/// How often two vans exchange their ends, where these are few.
const EXCHANGE: f64 = 0.2;
/// How often insertion is by regret.
const REGRET: f64 = 0.6;
/// Share of routes left out of an insertion.
const BLINK: f64 = 0.02;
/// Rides that belong together with one, at most.
const MOST_NEAR: usize = 100;

impl<'p> Search<'p> {
    /// Begins with all rides inserted one after the other.
    pub fn new(problem: &'p Problem, seed: u64) -> Search<'p> {
        let limited_ends = problem.ends.len() > 1 && problem.ends.iter().any(|end| end.vans < problem.vans.len());
        let mut evaluator = Evaluator::new(problem);
        let start = stay(problem, &mut evaluator, vec![None; problem.vans.len()]);
        let nothing = Known { key: 0, insertion: None };
        let mut search = Search {
            problem,
            evaluator,
            rng: Rng::new(seed, "planner"),
            near: near(problem),
            known: vec![nothing; 1 << KNOWN_BITS],
            best: start.clone(),
            current: start,
            pool: Pool::default(),
            scratch: Vec::new(),
            candidates: Vec::new(),
            limited_ends,
            outlook: None,
            iterations: 0,
        };
        let mut first = search.current.clone();
        search.recreate(&mut first);
        search.current = first.clone();
        search.best = first;
        search
    }

    /// One change of the plan, accepted at a temperature even where it costs more.
    pub fn step(&mut self, temperature: f64) {
        self.iterations += 1;
        let mut next = self.current.clone();
        if !self.ruin(&mut next) {
            return;
        }
        self.recreate(&mut next);
        let accepted = next.cost < self.current.cost - temperature * math::ln(self.rng.unit().max(1e-300));
        for (new, old) in next.routes.iter().zip(&self.current.routes) {
            // Also a route of a plan that is too dear may be part of a better one.
            if !Rc::ptr_eq(new, old)
                && !new.order.is_empty()
                && (accepted
                    || self.outlook.as_ref().is_some_and(|outlook| self.worth(new, outlook) <= 2.0 * outlook.gap))
            {
                self.pool.add(self.problem, new, next.cost);
            }
        }
        if accepted {
            if next.cost < self.best.cost - EPS {
                self.best = next.clone();
            }
            self.current = next;
        }
    }

    /// Takes a plan with a route for some vans, if it is better.
    fn take(&mut self, routes: Vec<Option<Rc<Route>>>) {
        let mut plan = stay(self.problem, &mut self.evaluator, routes);
        for route in &plan.routes {
            for &visit in &route.order {
                plan.owner[ride_of(visit)] = route.van as u32;
            }
        }
        plan.refused.retain(|&ride| plan.owner[ride as usize] == NONE);
        plan.measure(self.problem);
        if plan.cost < self.best.cost - EPS {
            self.best = plan;
        }
    }

    /// What serving a ride costs, on average.
    pub fn mean_cost(&self) -> f64 {
        let served = self.best.owner.len() - self.best.refused.len();
        self.best.routes.iter().map(|route| route.value.cost).sum::<f64>() / served.max(1) as f64
    }

    /// Puts the best plan together of all routes that are known, after looking for some that may be missing; goes on from there.
    pub fn combine(&mut self, pricings: usize) {
        if self.problem.rides.is_empty() || self.problem.vans.is_empty() {
            return;
        }
        self.price(pricings);
        if let Some(found) = self.pool.combine(self.problem, self.best.cost) {
            let mut routes: Vec<Option<Rc<Route>>> = vec![None; self.problem.vans.len()];
            for route in found {
                let kind = self.problem.vans[route.van].kind;
                let free = (0..routes.len()).find(|&van| routes[van].is_none() && self.problem.vans[van].kind == kind);
                let van = free.expect("no more routes than vans of a kind");
                routes[van] = Some(Rc::new(Route::new(self.problem, van, route.order.clone(), route.value.clone())));
            }
            self.take(routes);
        }
        self.current = self.best.clone();
    }

    /// Looks for routes that the best plan may lack: of promising ones, rides are taken out and others put in, as long as
    /// prices say that it pays (column generation by local search).
    fn price(&mut self, rounds: usize) {
        let mut prices = None;
        for _ in 0..rounds {
            let before = self.pool.len();
            let outlook = self.pool.outlook(self.problem, self.best.cost, prices.take());
            let count = outlook.routes.len().min(SEEDS);
            for (_, route) in &outlook.routes {
                self.elsewhere(route);
            }
            for (_, route) in &outlook.routes[..count] {
                self.vary(route, &outlook);
            }
            let done = self.pool.len() == before;
            prices = Some(outlook.prices.clone());
            self.outlook = Some(outlook);
            if done {
                break;
            }
        }
    }

    /// The same route with another end, or without one of its stations: another van may need them more.
    fn elsewhere(&mut self, route: &Rc<Route>) {
        let ends = &self.problem.vans[route.van].ends;
        let other_ends = ends.iter().filter(|_| self.limited_ends).map(|&end| Free { ends: 1 << end, ..Free::ALL });
        let used = route.value.charges.iter().map(|charge| 1u64 << charge.station);
        let other_stations = used.map(|station| Free { stations: !station, ..Free::ALL });
        for free in other_ends.chain(other_stations).collect::<Vec<_>>() {
            if let Some(value) = self.evaluator.value(route.van, &route.order, free) {
                let route = Rc::new(Route::new(self.problem, route.van, route.order.clone(), value));
                self.pool.add(self.problem, &route, self.best.cost);
            }
        }
    }

    fn vary(&mut self, route: &Rc<Route>, outlook: &Outlook) {
        let problem = self.problem;
        let rides: Vec<u32> = route.order.iter().filter(|&&v| is_pickup(v)).map(|&v| ride_of(v) as u32).collect();
        let mut near: Vec<u32> = Vec::new();
        for &ride in &rides {
            near.extend(self.near[ride as usize].iter().take(NEIGHBOURS).filter(|other| !rides.contains(other)));
        }
        near.sort_unstable();
        near.dedup();
        for out in 0..=2 * rides.len() {
            let gone: Vec<u32> = match out {
                0 => Vec::new(),
                k if k <= rides.len() => vec![rides[k - 1]],
                _ => {
                    let first = self.below(rides.len());
                    let span = 2 + self.below(3);
                    rides[first..(first + span).min(rides.len())].to_vec()
                }
            };
            let rest: Vec<u32> =
                route.order.iter().copied().filter(|&v| !gone.contains(&(ride_of(v) as u32))).collect();
            let Some(value) = self.evaluator.value(route.van, &rest, Free::ALL) else { continue };
            let mut base = Rc::new(Route::new(problem, route.van, rest, value));
            let mut taken = rides.clone();
            loop {
                let mut best: Option<(f64, u32, Insertion)> = None;
                for &ride in &near {
                    if taken.contains(&ride) {
                        continue;
                    }
                    if let Some(place) = self.insertion(&base, ride as usize, Free::ALL) {
                        let worth = place.cost - outlook.prices.rides[ride as usize];
                        if best.is_none_or(|(least, ..)| worth < least) {
                            best = Some((worth, ride, place));
                        }
                        if worth < outlook.gap.max(0.0) {
                            let order = inserted(&base, ride, place);
                            self.offer(route.van, order, outlook);
                        }
                    }
                }
                match best {
                    Some((worth, ride, place)) if worth < outlook.gap / 2.0 => {
                        taken.push(ride);
                        let order = inserted(&base, ride, place);
                        let value = self.evaluator.value(route.van, &order, Free::ALL).expect("an insertion fits");
                        base = Rc::new(Route::new(problem, route.van, order, value));
                        if worth >= 0.0 {
                            break;
                        }
                    }
                    _ => break,
                }
            }
            if !base.order.is_empty() && self.worth(&base, outlook) <= outlook.gap {
                self.pool.add(problem, &base, self.best.cost);
            }
        }
    }

    fn offer(&mut self, van: usize, order: Vec<u32>, outlook: &Outlook) {
        let value = self.evaluator.value(van, &order, Free::ALL).expect("an insertion fits");
        let route = Rc::new(Route::new(self.problem, van, order, value));
        if self.worth(&route, outlook) <= outlook.gap {
            self.pool.add(self.problem, &route, self.best.cost);
        }
    }

    fn worth(&self, route: &Route, outlook: &Outlook) -> f64 {
        let rides = route.order.iter().filter(|&&v| is_pickup(v)).map(|&v| outlook.prices.rides[ride_of(v)]);
        route.value.cost - self.problem.vans[route.van].empty_cost - rides.sum::<f64>()
            + outlook.prices.extra(self.problem.vans[route.van].kind, route)
    }

    fn below(&mut self, count: usize) -> usize {
        self.rng.below(count)
    }

    /// Takes some rides out; false: what is left cannot be driven.
    fn ruin(&mut self, plan: &mut Solution) -> bool {
        let rides = self.problem.rides.len();
        if rides == 0 || self.problem.vans.is_empty() {
            return false;
        }
        if self.limited_ends && self.rng.unit() < EXCHANGE {
            self.exchange_ends(plan);
        }
        let seed = self.below(rides);
        let mut gone: Vec<u32> = Vec::new();
        match self.below(10) {
            0..=4 => self.strings(plan, seed, &mut gone),
            5..=7 => self.related(plan, seed, &mut gone),
            8 => {
                let count = self.how_many(rides);
                for _ in 0..count {
                    gone.push(self.below(rides) as u32);
                }
            }
            _ => {
                // All of one or two vans near each other.
                let van = plan.owner[seed];
                let near = &self.near[seed];
                let other =
                    near.iter().map(|&ride| plan.owner[ride as usize]).find(|&other| other != van && other != NONE);
                let both = [Some(van), other.filter(|_| plan.owner.len() < 2 * LARGEST)];
                for van in both.into_iter().flatten().filter(|&van| van != NONE) {
                    let order = &plan.routes[van as usize].order;
                    gone.extend(order.iter().filter(|&&visit| is_pickup(visit)).map(|&visit| ride_of(visit) as u32));
                }
                gone.truncate(2 * LARGEST);
            }
        }
        self.remove(plan, &gone)
    }

    /// Two vans end each where the other did, if they can: a van goes on ending where it does as long as others hold what is nearer.
    fn exchange_ends(&mut self, plan: &mut Solution) {
        let [a, b] = [(); 2].map(|()| self.below(self.problem.vans.len()));
        let [to, from] = [a, b].map(|van| Free {
            ends: 1 << plan.routes[van].value.end,
            ..plan.free(self.problem, van, self.limited_ends)
        });
        let [first, second] = [(a, from.ends, to), (b, to.ends, from)].map(|(van, ends, free)| {
            let route = &plan.routes[van];
            let value = self.evaluator.value(van, &route.order, Free { ends, ..free })?;
            Some(Rc::new(Route::new(self.problem, van, route.order.clone(), value)))
        });
        if let (Some(first), Some(second), true) = (first, second, a != b) {
            plan.replace(first);
            plan.replace(second);
        }
    }

    fn how_many(&mut self, rides: usize) -> usize {
        let most = LARGEST.min(rides * 3 / 10 + 2);
        2 + self.below(most - 1)
    }

    /// Rides near a ride, nearer ones more likely (Shaw 1998; Ropke and Pisinger 2006).
    fn related(&mut self, plan: &Solution, seed: usize, gone: &mut Vec<u32>) {
        let count = self.how_many(plan.owner.len());
        gone.push(seed as u32);
        while gone.len() < count {
            let from = gone[self.below(gone.len())] as usize;
            let near = self.near[from].len();
            if near == 0 {
                return;
            }
            let rank = self.rng.unit().powi(RANK_POWER) * near as f64;
            gone.push(self.near[from][rank as usize]);
        }
    }

    /// Takes rides out of their routes; false: what is left cannot be driven.
    fn remove(&mut self, plan: &mut Solution, gone: &[u32]) -> bool {
        let mut touched: Vec<u32> = Vec::new();
        for &ride in gone {
            let van = plan.owner[ride as usize];
            if van != NONE {
                plan.owner[ride as usize] = NONE;
                plan.refused.push(ride);
                if !touched.contains(&van) {
                    touched.push(van);
                }
            }
        }
        for van in touched {
            let order = &plan.routes[van as usize].order;
            let rest: Vec<u32> = order.iter().copied().filter(|&v| plan.owner[ride_of(v)] == van).collect();
            let free = plan.free(self.problem, van as usize, self.limited_ends);
            match self.evaluator.value(van as usize, &rest, free) {
                Some(value) => plan.replace(Rc::new(Route::new(self.problem, van as usize, rest, value))),
                None => return false,
            }
        }
        true
    }

    /// Strings of rides out of routes near a ride.
    fn strings(&mut self, plan: &Solution, seed: usize, gone: &mut Vec<u32>) {
        let rides = self.problem.rides.len();
        let used = plan.routes.iter().filter(|route| !route.order.is_empty()).count().max(1);
        let mean = (rides - plan.refused.len()) as f64 / used as f64;
        let longest = LONGEST_STRING.min(mean).max(1.0);
        let most = 4.0 * REMOVED / (1.0 + longest) - 1.0;
        let strings = (1.0 + self.rng.unit() * most) as usize;
        let mut ruined: Vec<usize> = Vec::with_capacity(strings);
        let near = std::mem::take(&mut self.near[seed]);
        for &ride in std::iter::once(&(seed as u32)).chain(&near) {
            if ruined.len() >= strings {
                break;
            }
            let van = plan.owner[ride as usize];
            if van == NONE || ruined.contains(&(van as usize)) {
                continue;
            }
            ruined.push(van as usize);
            let route = &plan.routes[van as usize];
            let count = route.order.len() / 2;
            let longest = (count as f64).min(longest);
            let length = (1.0 + self.rng.unit() * longest) as usize;
            let length = length.min(count);
            // The string: rides in the order of their pick-ups, with a gap that stays in every second one.
            let order: Vec<u32> =
                route.order.iter().copied().filter(|&v| is_pickup(v)).map(|v| ride_of(v) as u32).collect();
            let at = order.iter().position(|&other| other == ride).expect("the ride is in its route");
            let kept = if length > 1 && length < count && self.rng.unit() < 0.5 {
                let mut kept = 1;
                while length + kept < count && self.rng.unit() > 0.5 {
                    kept += 1;
                }
                kept
            } else {
                0
            };
            let span = length + kept;
            let from = at.saturating_sub(span - 1);
            let to = at.min(count - span);
            let begin = from + self.rng.below(to - from + 1);
            let skip = begin + self.rng.below(length);
            gone.extend((begin..begin + span).filter(|&k| kept == 0 || k < skip || k >= skip + kept).map(|k| order[k]));
        }
        self.near[seed] = near;
    }

    /// Puts refused rides where they cost least.
    fn recreate(&mut self, plan: &mut Solution) {
        let mut waiting = std::mem::take(&mut plan.refused);
        // In a random order first: what is equal stays in it.
        for k in (1..waiting.len()).rev() {
            let other = self.below(k + 1);
            waiting.swap(k, other);
        }
        if waiting.len() <= 2 * LARGEST && self.rng.unit() < REGRET {
            self.regret(plan, waiting);
            plan.measure(self.problem);
            return;
        }
        let problem = self.problem;
        let slack = |ride: u32| {
            let [a, b] =
                [pickup_of(ride as usize), dropoff_of(ride as usize)].map(|v| problem.visits[v as usize].window);
            (a.to - a.from).min(b.to - b.from)
        };
        match self.below(11) {
            0..=3 => {}
            4..=5 => waiting.sort_by(|&a, &b| slack(a).total_cmp(&slack(b))),
            6..=7 => {
                waiting.sort_by(|&a, &b| problem.rides[b as usize].direct.total_cmp(&problem.rides[a as usize].direct))
            }
            8..=9 => waiting.sort_by(|&a, &b| {
                let at = |ride: u32| problem.visits[pickup_of(ride as usize) as usize].window.from;
                at(a).total_cmp(&at(b))
            }),
            _ => {
                waiting.sort_by(|&a, &b| problem.rides[a as usize].direct.total_cmp(&problem.rides[b as usize].direct))
            }
        }
        for ride in waiting {
            let mut best: Option<(usize, Insertion)> = None;
            let mut empty_kinds: u64 = 0;
            for van in 0..plan.routes.len() {
                let route = plan.routes[van].clone();
                if route.order.is_empty() {
                    let kind = 1u64 << (problem.vans[van].kind % 64);
                    if empty_kinds & kind != 0 {
                        continue;
                    }
                    empty_kinds |= kind;
                }
                if self.rng.unit() < BLINK {
                    continue;
                }
                let free = plan.free(problem, van, self.limited_ends);
                if let Some(found) = self.insertion(&route, ride as usize, free)
                    && best.is_none_or(|(_, best)| found.cost < best.cost)
                {
                    best = Some((van, found));
                }
            }
            match best {
                Some((van, place)) if place.cost < problem.rides[ride as usize].refusal => {
                    let free = plan.free(problem, van, self.limited_ends);
                    let mut order = plan.routes[van].order.clone();
                    insert(&mut order, ride as usize, place.pickup as usize, place.dropoff as usize);
                    let value = self.evaluator.value(van, &order, free).expect("an insertion that was found fits");
                    plan.owner[ride as usize] = van as u32;
                    plan.replace(Rc::new(Route::new(problem, van, order, value)));
                }
                _ => plan.refused.push(ride),
            }
        }
        plan.measure(problem);
    }

    /// Inserts the ride first that loses most where it has to wait for another route (Ropke and Pisinger 2006).
    fn regret(&mut self, plan: &mut Solution, mut waiting: Vec<u32>) {
        let problem = self.problem;
        let depth = 2 + self.below(3);
        let vans = plan.routes.len();
        // A van that stays empty stands for all of its kind.
        let asked = |plan: &Solution, van: usize| {
            !plan.routes[van].order.is_empty()
                || !(0..van).any(|other| {
                    plan.routes[other].order.is_empty() && problem.vans[other].kind == problem.vans[van].kind
                })
        };
        let mut places: Vec<Option<Insertion>> = Vec::with_capacity(waiting.len() * vans);
        for &ride in &waiting {
            for van in 0..vans {
                let place = if asked(plan, van) {
                    let free = plan.free(problem, van, self.limited_ends);
                    let route = plan.routes[van].clone();
                    self.insertion(&route, ride as usize, free)
                } else {
                    None
                };
                places.push(place);
            }
        }
        let noise = 0.05 * self.rng.unit();
        while !waiting.is_empty() {
            let mut first: Option<(f64, usize, usize)> = None;
            for (k, &ride) in waiting.iter().enumerate() {
                let refusal = problem.rides[ride as usize].refusal;
                let mut costs = [refusal; 5];
                let mut best = None;
                for van in 0..vans {
                    let Some(place) = places[k * vans + van] else { continue };
                    if place.cost < costs[0] {
                        best = Some(van);
                    }
                    let mut cost = place.cost;
                    for kept in &mut costs[..depth] {
                        if cost < *kept {
                            std::mem::swap(&mut cost, kept);
                        }
                    }
                }
                let Some(van) = best else { continue };
                let regret: f64 = costs[1..depth].iter().map(|cost| cost - costs[0]).sum();
                let regret = regret * (1.0 + noise * self.rng.unit());
                if first.is_none_or(|(most, ..)| regret > most) {
                    first = Some((regret, k, van));
                }
            }
            let Some((_, k, van)) = first else { break };
            let ride = waiting.swap_remove(k);
            let place = places[k * vans + van].expect("the best place");
            let last = waiting.len() * vans;
            places.copy_within(last..last + vans, k * vans);
            places.truncate(last);
            let free = plan.free(problem, van, self.limited_ends);
            let mut order = plan.routes[van].order.clone();
            insert(&mut order, ride as usize, place.pickup as usize, place.dropoff as usize);
            let value = self.evaluator.value(van, &order, free).expect("an insertion that was found fits");
            plan.owner[ride as usize] = van as u32;
            let (was, stations) = (plan.routes[van].order.is_empty(), plan.stations);
            plan.replace(Rc::new(Route::new(problem, van, order, value)));
            // Whoever may use other stations now is asked again.
            let all = was || plan.stations != stations || self.limited_ends;
            for (k, &ride) in waiting.iter().enumerate() {
                for other in 0..vans {
                    if other == van || all {
                        places[k * vans + other] = if asked(plan, other) {
                            let free = plan.free(problem, other, self.limited_ends);
                            let route = plan.routes[other].clone();
                            self.insertion(&route, ride as usize, free)
                        } else {
                            None
                        };
                    }
                }
            }
        }
        plan.refused.extend(waiting);
    }

    /// The cheapest place for a ride in a route.
    fn insertion(&mut self, route: &Rc<Route>, ride: usize, free: Free) -> Option<Insertion> {
        if self.problem.rides[ride].only.is_some_and(|van| van != route.van) {
            return None;
        }
        let mut key = mix(route.hash, ride as u64 + 1);
        key = mix(key, free.stations);
        if self.limited_ends {
            key = mix(key, free.ends);
        }
        let slot = (key >> (64 - KNOWN_BITS)) as usize;
        if self.known[slot].key == key {
            return self.known[slot].insertion;
        }
        let insertion = self.find(route, ride, free);
        self.known[slot] = Known { key, insertion };
        insertion
    }

    fn find(&mut self, route: &Rc<Route>, ride: usize, free: Free) -> Option<Insertion> {
        let problem = self.problem;
        let ahead = route.ahead(problem);
        let spec = &problem.vans[route.van];
        let party = problem.rides[ride].party;
        let (weight, excess_weight) = (problem.weights.travel, problem.weights.excess);
        let [on, off] = [pickup_of(ride), dropoff_of(ride)].map(|visit| problem.visits[visit as usize]);
        let most = problem.rides[ride].max_minutes;
        let travel = &problem.travel;
        let n = route.order.len();
        let fits = |k: usize| (ahead.aboard[k].1 + party).fits(spec.room);
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.clear();
        for i in 0..=n {
            let reached = ahead.free[i] + travel.get(ahead.place[i], on.place);
            if reached > on.window.to + EPS {
                break;
            }
            if !fits(i) {
                continue;
            }
            let at = reached.max(on.window.from);
            // The van may wait, so the ride may begin as late as this.
            let left = at + on.service;
            let to_on = travel.get(ahead.place[i], on.place);
            let before = f64::from(ahead.aboard[i].0);
            // Straight to the drop-off.
            {
                let at = (left + problem.rides[ride].direct).max(off.window.from);
                if at <= off.window.to + EPS {
                    let next = at + off.service + travel.get(off.place, ahead.place[i + 1]);
                    if next <= ahead.latest[i + 1] + EPS {
                        let added = to_on + problem.rides[ride].direct + travel.get(off.place, ahead.place[i + 1])
                            - ahead.drive[i + 1];
                        let excess = before * (added + on.service + off.service);
                        candidates.push((weight * added + excess_weight * excess, i as u32, i as u32));
                    }
                }
            }
            if i == n {
                break;
            }
            let from_on = travel.get(on.place, ahead.place[i + 1]);
            let mut next = left + from_on;
            let mut path = from_on;
            let added_on = to_on + from_on - ahead.drive[i + 1];
            let mut excess = before * (added_on + on.service);
            for j in i + 1..=n {
                // The van stops at j with the ride aboard.
                if next > ahead.latest[j] + EPS || !fits(j) || path > most + EPS {
                    break;
                }
                let free_at = next.max(ahead.free[j] - ahead.service[j]) + ahead.service[j];
                path += ahead.service[j];
                let to_off = travel.get(ahead.place[j], off.place);
                let at = (free_at + to_off).max(off.window.from);
                let rides = path + to_off;
                if at <= off.window.to + EPS && rides <= most + EPS {
                    let from_off = travel.get(off.place, ahead.place[j + 1]);
                    if at + off.service + from_off <= ahead.latest[j + 1] + EPS {
                        let added = to_off + from_off - ahead.drive[j + 1];
                        let others = excess + f64::from(ahead.aboard[j].0) * (added + off.service);
                        let total = others + rides - problem.rides[ride].direct;
                        candidates.push((weight * (added + added_on) + excess_weight * total, i as u32, j as u32));
                    }
                }
                next = free_at + ahead.drive[j + 1];
                path += ahead.drive[j + 1];
                let _ = &mut excess;
            }
        }
        candidates.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut best: Option<Insertion> = None;
        let mut order = std::mem::take(&mut self.scratch);
        let paid = route.value.cost - ahead.base;
        for &(added, pickup, dropoff) in &candidates {
            if best.is_some_and(|best| added - paid >= best.cost - EPS) {
                break;
            }
            order.clear();
            order.extend_from_slice(&route.order);
            insert(&mut order, ride, pickup as usize, dropoff as usize);
            if let Some(value) = self.evaluator.value(route.van, &order, free) {
                let cost = value.cost - route.value.cost;
                if best.is_none_or(|best| cost < best.cost) {
                    best = Some(Insertion { cost, pickup, dropoff });
                }
            }
        }
        self.scratch = order;
        self.candidates = candidates;
        best
    }
}

/// A plan with the given routes, in which all other vans stay empty.
fn stay(problem: &Problem, evaluator: &mut Evaluator, routes: Vec<Option<Rc<Route>>>) -> Solution {
    let mut left: Vec<usize> = problem.ends.iter().map(|end| end.vans).collect();
    routes.iter().flatten().for_each(|route| left[route.value.end] -= 1);
    let routes = routes
        .into_iter()
        .enumerate()
        .map(|(van, route)| {
            route.unwrap_or_else(|| {
                let ends = (0..left.len()).filter(|&end| left[end] > 0).fold(0, |ends, end| ends | 1 << end);
                let value = evaluator.value(van, &[], Free { ends, ..Free::ALL });
                // Where no end is left for it, it stays at the one nearest: the file has fewer ends than vans.
                let value =
                    value.or_else(|| evaluator.value(van, &[], Free::ALL)).expect("a van without rides gets home");
                left[value.end] = left[value.end].saturating_sub(1);
                Rc::new(Route::new(problem, van, Vec::new(), value))
            })
        })
        .collect();
    let count = problem.rides.len();
    let mut plan =
        Solution { routes, owner: vec![NONE; count], refused: (0..count as u32).collect(), cost: 0.0, stations: 0 };
    plan.measure(problem);
    plan
}

fn inserted(route: &Route, ride: u32, place: Insertion) -> Vec<u32> {
    let mut order = route.order.clone();
    insert(&mut order, ride as usize, place.pickup as usize, place.dropoff as usize);
    order
}

/// Puts a ride's visits before those at two gaps.
fn insert(order: &mut Vec<u32>, ride: usize, pickup: usize, dropoff: usize) {
    order.insert(dropoff, dropoff_of(ride));
    order.insert(pickup, pickup_of(ride));
}

impl Route {
    /// Of a van.
    pub fn new(problem: &Problem, van: usize, order: Vec<u32>, value: Value) -> Route {
        let hash = order.iter().fold(mix(0x51_7C_C1_B7, problem.vans[van].kind as u64 + 1), |hash, &visit| {
            mix(hash, u64::from(visit) + 1)
        });
        let stations = value.charges.iter().fold(0, |set, charge| set | 1 << charge.station);
        Route { van, order, value, hash, stations, ahead: OnceCell::new() }
    }

    fn ahead(&self, problem: &Problem) -> &Ahead {
        self.ahead.get_or_init(|| {
            let n = self.order.len();
            let spec = &problem.vans[self.van];
            let home = &problem.ends[self.value.end];
            let mut ahead = Ahead {
                place: Vec::with_capacity(n + 2),
                free: Vec::with_capacity(n + 2),
                latest: vec![0.0; n + 2],
                aboard: Vec::with_capacity(n + 2),
                drive: Vec::with_capacity(n + 2),
                service: Vec::with_capacity(n + 2),
                base: 0.0,
            };
            ahead.place.push(spec.start);
            ahead.free.push(spec.shift.from);
            ahead.aboard.push((0, Load::default()));
            ahead.drive.push(0.0);
            ahead.service.push(0.0);
            let (mut rides, mut load) = (0, Load::default());
            let (mut travel, mut excess) = (0.0, 0.0);
            for &visit in &self.order {
                let at = &problem.visits[visit as usize];
                let drive = problem.travel.get(*ahead.place.last().expect("the start"), at.place);
                let begin = (ahead.free.last().expect("the start") + drive).max(at.window.from);
                travel += drive;
                excess += f64::from(rides) * (drive + at.service);
                let ride = &problem.rides[ride_of(visit)];
                if is_pickup(visit) {
                    rides += 1;
                    load = load + ride.party;
                } else {
                    rides -= 1;
                    load = load - ride.party;
                    excess -= at.service + ride.direct;
                }
                ahead.place.push(at.place);
                ahead.free.push(begin + at.service);
                ahead.aboard.push((rides, load));
                ahead.drive.push(drive);
                ahead.service.push(at.service);
            }
            let drive = problem.travel.get(*ahead.place.last().expect("the start"), home.place);
            travel += drive;
            ahead.place.push(home.place);
            ahead.free.push(0.0);
            ahead.aboard.push((0, Load::default()));
            ahead.drive.push(drive);
            ahead.service.push(0.0);
            ahead.base = problem.weights.travel * travel + problem.weights.excess * excess;
            ahead.latest[n + 1] = home.window.to.min(spec.shift.to);
            for k in (0..=n).rev() {
                let latest = ahead.latest[k + 1] - ahead.drive[k + 1] - ahead.service[k];
                let to = if k == 0 { spec.shift.to } else { problem.visits[self.order[k - 1] as usize].window.to };
                ahead.latest[k] = latest.min(to);
            }
            ahead
        })
    }
}

impl Solution {
    /// What a van may use.
    fn free(&self, problem: &Problem, van: usize, limited_ends: bool) -> Free {
        let stations = !(self.stations & !self.routes[van].stations);
        let mut ends = u64::MAX;
        if limited_ends {
            for (end, spec) in problem.ends.iter().enumerate() {
                let others = self.routes.iter().filter(|route| route.van != van && route.value.end == end);
                if others.count() >= spec.vans {
                    ends &= !(1 << end);
                }
            }
        }
        Free { stations, ends }
    }

    fn replace(&mut self, route: Rc<Route>) {
        let van = route.van;
        self.stations = self.stations & !self.routes[van].stations | route.stations;
        self.routes[van] = route;
    }

    /// Adds up what it costs.
    fn measure(&mut self, problem: &Problem) {
        self.cost = self.routes.iter().map(|route| route.value.cost).sum::<f64>()
            + self.refused.iter().map(|&ride| problem.rides[ride as usize].refusal).sum::<f64>();
        self.stations = self.routes.iter().fold(0, |set, route| set | route.stations);
    }
}

/// By ride: others near it in space and time, nearest first. O(n² log n).
fn near(problem: &Problem) -> Vec<Vec<u32>> {
    let count = problem.rides.len();
    let mid = |visit: u32| {
        let window = problem.visits[visit as usize].window;
        (window.from + window.to) / 2.0
    };
    (0..count)
        .map(|ride| {
            let apart = |other: usize| {
                let between = |a: u32, b: u32| {
                    let [from, to] = [a, b].map(|visit| problem.visits[visit as usize].place);
                    problem.travel.get(from, to) + 0.5 * (mid(a) - mid(b)).abs()
                };
                between(pickup_of(ride), pickup_of(other)) + between(dropoff_of(ride), dropoff_of(other))
            };
            let mut others: Vec<(f64, u32)> =
                (0..count).filter(|&other| other != ride).map(|other| (apart(other), other as u32)).collect();
            others.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            others.truncate(MOST_NEAR);
            others.into_iter().map(|(_, other)| other).collect()
        })
        .collect()
}
