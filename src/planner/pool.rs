//! Routes that were found, and the best plan that can be put together of them.
//!
//! Each ride is in one route or refused, each kind of van drives as many as there are, each station and end is used as often as
//! it may be: a set partitioning problem. The rides' constraints are put into the objective with prices (Lagrangian relaxation:
//! Held and Karp 1971, Fisher 1981), improved by subgradient steps with Polyak's length; what is left is a bound. Routes whose
//! reduced cost exceeds the gap between the best plan and the bound cannot be part of a better one and are dropped (Balas and
//! Carrera 1996 do so for covering), and the rest is searched through, cheapest reduced cost first.

use std::collections::HashMap;
use std::rc::Rc;

use super::problem::{Problem, is_pickup, ride_of};
use super::route::EPS;
use super::search::Route;

/// Routes kept, at most.
const MOST_ROUTES: usize = 300_000;
/// Steps of the prices, at most, and where a choice has been made.
const STEPS: usize = 400;
const STEPS_AFTER: usize = 40;
/// Routes are promising whose reduced cost is at most this share of the plan's cost, or that are among the first few; and not more
/// than so many.
const NEAR: f64 = 2e-3;
const FEW_PROMISING: usize = 30;
const MOST_PROMISING: usize = 3_000;
/// How much of the last step is kept where the slope has turned (Camerini, Fratta, Maffioli 1975).
const DEFLECTION: f64 = 1.5;
/// How near the bound a plan is looked for, one after the other, as a share of the gap to the best plan.
const GAPS: [f64; 7] = [0.015625, 0.03125, 0.0625, 0.125, 0.25, 0.5, 1.0];
/// Choices tried, at most, and how much work they are together: steps times routes.
const MOST_CHOICES: u64 = 20_000;
const MOST_WORK: u64 = 30_000_000;

/// Routes, the cheapest for each kind of van, set of rides, stations and end.
#[derive(Default)]
pub struct Pool {
    index: HashMap<u64, usize>,
    found: Vec<Found>,
}

struct Found {
    route: Rc<Route>,
    key: u64,
    /// Least cost of the plans that it was part of.
    plan: f64,
}

fn word(number: u64) -> u64 {
    // Steele, Lea and Flood 2014: the finaliser of SplitMix64.
    let mut z = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ z >> 31
}

impl Pool {
    /// Keeps a route of a plan with a cost. O(n).
    pub fn add(&mut self, problem: &Problem, route: &Rc<Route>, plan: f64) {
        if route.order.is_empty() {
            return;
        }
        let rides = route.order.iter().fold(0u64, |sum, &visit| sum.wrapping_add(word(u64::from(visit) + 1)));
        let key = rides
            ^ word(route.stations ^ 1 << 63)
            ^ word((problem.vans[route.van].kind as u64) << 32 | route.value.end as u64);
        match self.index.get(&key) {
            Some(&at) => {
                let found = &mut self.found[at];
                found.plan = found.plan.min(plan);
                if route.value.cost < found.route.value.cost - EPS {
                    found.route = route.clone();
                }
            }
            None => {
                if self.found.len() >= MOST_ROUTES {
                    self.found.sort_by(|a, b| a.plan.total_cmp(&b.plan));
                    self.found.truncate(MOST_ROUTES / 2);
                    self.index = self.found.iter().enumerate().map(|(at, found)| (found.key, at)).collect();
                }
                self.index.insert(key, self.found.len());
                self.found.push(Found { route: route.clone(), key, plan });
            }
        }
    }

    /// How many routes it holds.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// A plan that costs less than `best`, the cheapest of these routes if the search for it has an end: its routes, none for vans that
    /// stay empty.
    pub fn combine(&self, problem: &Problem, best: f64) -> Option<Vec<Rc<Route>>> {
        Packing::new(problem, &self.found, best).solve()
    }

    /// What serving each ride is worth in plans of these routes, and the routes that may be part of a plan that costs less than
    /// `best`, most promising first.
    pub fn outlook(&self, problem: &Problem, best: f64, from: Option<Prices>) -> Outlook {
        let mut packing = Packing::new(problem, &self.found, best);
        let mut open = packing.open();
        let steps = if from.is_some() { STEPS / 4 } else { STEPS };
        if let Some(prices) = from {
            open.prices = prices;
        }
        let bound = packing.ascend(&mut open, steps);
        let gap = packing.target - bound;
        let mut routes: Vec<(f64, Rc<Route>)> = open
            .columns
            .iter()
            .map(|&at| {
                let column = &packing.columns[at as usize];
                (packing.reduced(column, &open.prices), self.found[at as usize].route.clone())
            })
            .filter(|&(reduced, _)| reduced <= gap + EPS)
            .collect();
        routes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.hash.cmp(&b.1.hash)));
        // Near the bound, but neither too few routes nor too many.
        let least = routes.get(FEW_PROMISING).map_or(gap, |&(reduced, _)| reduced.clamp(0.0, gap));
        let most = routes.get(MOST_PROMISING).map_or(gap, |&(reduced, _)| reduced.clamp(0.0, gap));
        let gap = gap.min(NEAR * packing.target).max(least).min(most);
        routes.retain(|&(reduced, _)| reduced <= gap + EPS);
        Outlook { prices: open.prices, gap, routes }
    }
}

struct Column {
    cost: f64,
    stations: u64,
    /// Its rides: from where to where in the list of all.
    rides: (u32, u32),
    kind: u32,
    end: u32,
}

/// What each constraint costs.
#[derive(Clone)]
pub struct Prices {
    /// What serving a ride is worth.
    pub rides: Vec<f64>,
    stations: Vec<f64>,
    ends: Vec<f64>,
    /// By kind: what a van is worth.
    vans: Vec<f64>,
}

/// What routes that are not known yet have to be worth.
pub struct Outlook {
    /// Prices of a good bound.
    pub prices: Prices,
    /// What a plan may cost more than the bound.
    pub gap: f64,
    /// Routes by their reduced cost.
    pub routes: Vec<(f64, Rc<Route>)>,
}

impl Prices {
    /// What a route of some rides has to cost less, charging and end included, to be worth it.
    pub fn extra(&self, kind: usize, route: &Route) -> f64 {
        (0..self.stations.len())
            .filter(|station| route.stations >> station & 1 == 1)
            .map(|station| self.stations[station])
            .sum::<f64>()
            + self.ends[route.value.end]
            + self.vans[kind]
    }
}

/// What is still to be decided.
#[derive(Clone)]
struct Open {
    /// Routes that can be chosen.
    columns: Vec<u32>,
    prices: Prices,
    /// By ride: still to be served or refused.
    rides: Vec<bool>,
    /// By kind: vans that are left.
    vans: Vec<usize>,
    /// By end: how often it can be used.
    ends: Vec<usize>,
    stations: u64,
    /// What has been chosen costs.
    cost: f64,
}

struct Packing<'p> {
    problem: &'p Problem,
    found: &'p [Found],
    columns: Vec<Column>,
    /// Rides of all columns, one after the other.
    rides: Vec<u32>,
    /// What the best plan costs, without what vans cost that stay empty.
    target: f64,
    best: Option<Vec<u32>>,
    chosen: Vec<u32>,
    choices: u64,
    work: u64,
}

impl<'p> Packing<'p> {
    fn new(problem: &'p Problem, found: &'p [Found], best: f64) -> Packing<'p> {
        let mut rides = Vec::new();
        let columns = found
            .iter()
            .map(|Found { route, .. }| {
                let from = rides.len() as u32;
                rides.extend(route.order.iter().filter(|&&v| is_pickup(v)).map(|&v| ride_of(v) as u32));
                Column {
                    cost: route.value.cost - problem.vans[route.van].empty_cost,
                    stations: route.stations,
                    rides: (from, rides.len() as u32),
                    kind: problem.vans[route.van].kind as u32,
                    end: route.value.end as u32,
                }
            })
            .collect();
        // Vans of one kind cost the same when they stay empty.
        let base: f64 = problem.vans.iter().map(|van| van.empty_cost).sum();
        Packing {
            problem,
            found,
            columns,
            rides,
            target: best - base,
            best: None,
            chosen: Vec::new(),
            choices: 0,
            work: 0,
        }
    }

    fn open(&self) -> Open {
        let problem = self.problem;
        let n = problem.rides.len();
        let kinds = problem.vans.iter().map(|van| van.kind + 1).max().unwrap_or(0);
        let mut vans = vec![0; kinds];
        problem.vans.iter().for_each(|van| vans[van.kind] += 1);
        // A first price: each ride's share of the cheapest route for it.
        let mut rides: Vec<f64> = problem.rides.iter().map(|ride| ride.refusal).collect();
        for column in &self.columns {
            let list = self.rides_of(column);
            let share = column.cost / list.len() as f64;
            list.iter().for_each(|&ride| rides[ride as usize] = rides[ride as usize].min(share));
        }
        Open {
            columns: (0..self.columns.len() as u32).collect(),
            prices: Prices {
                rides,
                stations: vec![0.0; problem.stations.len()],
                ends: vec![0.0; problem.ends.len()],
                vans: vec![0.0; kinds],
            },
            rides: vec![true; n],
            vans,
            ends: problem.ends.iter().map(|end| end.vans).collect(),
            stations: u64::MAX,
            cost: 0.0,
        }
    }

    fn solve(mut self) -> Option<Vec<Rc<Route>>> {
        let mut open = self.open();
        let bound = self.ascend(&mut open, STEPS);
        // As if a plan near the bound were known: few routes are left, and a search through them proves it or that there is none.
        let target = self.target;
        for share in GAPS {
            self.target = bound + share * (target - bound);
            let mut near = open.clone();
            self.drop_dear(&mut near, bound);
            self.branch(near, bound);
            if self.best.is_some() || self.work >= MOST_WORK {
                break;
            }
        }
        self.best.map(|chosen| chosen.iter().map(|&at| self.found[at as usize].route.clone()).collect())
    }

    fn rides_of(&self, column: &Column) -> &[u32] {
        &self.rides[column.rides.0 as usize..column.rides.1 as usize]
    }

    fn reduced(&self, column: &Column, prices: &Prices) -> f64 {
        let mut reduced = column.cost + prices.ends[column.end as usize] + prices.vans[column.kind as usize];
        for &ride in self.rides_of(column) {
            reduced -= prices.rides[ride as usize];
        }
        let mut stations = column.stations;
        while stations != 0 {
            reduced += prices.stations[stations.trailing_zeros() as usize];
            stations &= stations - 1;
        }
        reduced
    }

    /// Improves the prices by subgradient steps and drops routes that are too dear for a better plan; a bound for all
    /// plans.
    fn ascend(&mut self, open: &mut Open, steps: usize) -> f64 {
        let problem = self.problem;
        // Each kind of van chooses its cheapest routes, so that vans need no price but the one that follows: what the last of them
        // saves.
        let mut prices = open.prices.clone();
        prices.vans.fill(0.0);
        let mut bound = f64::NEG_INFINITY;
        let (mut length, mut since) = (1.0, 0);
        let mut chosen: Vec<Vec<(f64, u32)>> = vec![Vec::new(); open.vans.len()];
        let mut covered = vec![0i32; open.rides.len()];
        let mut stations = vec![0i32; prices.stations.len()];
        let mut ends = vec![0i32; prices.ends.len()];
        let mut direction = vec![0.0; covered.len() + stations.len() + ends.len()];
        for step in 0..steps {
            self.work += open.columns.len() as u64;
            chosen.iter_mut().for_each(Vec::clear);
            for &at in &open.columns {
                let column = &self.columns[at as usize];
                let reduced = self.reduced(column, &prices);
                if reduced < 0.0 {
                    chosen[column.kind as usize].push((reduced, at));
                }
            }
            let mut value = open.cost;
            for (ride, price) in prices.rides.iter().enumerate() {
                if open.rides[ride] {
                    value += price;
                }
            }
            for (station, price) in prices.stations.iter().enumerate() {
                if open.stations >> station & 1 == 1 {
                    value -= price;
                }
            }
            for (&left, price) in open.ends.iter().zip(&prices.ends) {
                value -= price * left as f64;
            }
            covered.fill(0);
            stations.fill(0);
            ends.fill(0);
            for (list, &vans) in chosen.iter_mut().zip(&open.vans) {
                if list.len() > vans {
                    if vans > 0 {
                        list.select_nth_unstable_by(vans - 1, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                    }
                    list.truncate(vans);
                }
                for &(reduced, at) in list.iter() {
                    value += reduced;
                    let column = &self.columns[at as usize];
                    self.rides_of(column).iter().for_each(|&ride| covered[ride as usize] += 1);
                    (0..stations.len()).filter(|s| column.stations >> s & 1 == 1).for_each(|s| stations[s] += 1);
                    ends[column.end as usize] += 1;
                }
            }
            if value > bound + 1e-7 {
                bound = value;
                open.prices.clone_from(&prices);
                for ((worth, list), &vans) in open.prices.vans.iter_mut().zip(&chosen).zip(&open.vans) {
                    let last = list.iter().map(|&(reduced, _)| reduced).fold(f64::NEG_INFINITY, f64::max);
                    *worth = if vans > 0 && list.len() == vans { -last } else { 0.0 };
                }
                since = 0;
            } else {
                since += 1;
                if since >= 12 {
                    length *= 0.6;
                    since = 0;
                    prices.clone_from(&open.prices);
                    prices.vans.fill(0.0);
                    if length < 5e-3 {
                        break;
                    }
                    continue;
                }
            }
            if bound >= self.target - 1e-6 {
                break;
            }
            let slope = covered
                .iter()
                .zip(&open.rides)
                .map(|(&count, &is_open)| if is_open { f64::from(1 - count) } else { 0.0 })
                .chain(stations.iter().zip(&prices.stations).map(|(&used, &price)| {
                    let over = f64::from(used - 1);
                    if price > 0.0 { over } else { over.max(0.0) }
                }))
                .chain(ends.iter().zip(&open.ends).zip(&prices.ends).map(|((&used, &left), &price)| {
                    let over = f64::from(used - left.min(1 << 20) as i32);
                    if price > 0.0 { over } else { over.max(0.0) }
                }));
            let slope: Vec<f64> = slope.collect();
            let against: f64 = slope.iter().zip(&direction).map(|(new, old)| new * old).sum();
            let length_of = |vector: &[f64]| vector.iter().map(|x| x * x).sum::<f64>();
            let kept = if against < 0.0 { -DEFLECTION * against / length_of(&direction) } else { 0.0 };
            for (old, new) in direction.iter_mut().zip(&slope) {
                *old = new + kept * *old;
            }
            let norm = length_of(&direction);
            if length_of(&slope) == 0.0 || norm == 0.0 {
                break;
            }
            let stride = length * (self.target * 1.001 - value).max(1e-6) / norm;
            let (rides, others) = direction.split_at(prices.rides.len());
            let (at_stations, at_ends) = others.split_at(prices.stations.len());
            for ((price, by), ride) in prices.rides.iter_mut().zip(rides).zip(&problem.rides) {
                *price = (*price + stride * by).min(ride.refusal);
            }
            for (price, by) in prices.stations.iter_mut().zip(at_stations).chain(prices.ends.iter_mut().zip(at_ends)) {
                *price = (*price + stride * by).max(0.0);
            }
            if step % 20 == 19 {
                self.drop_dear(open, bound);
            }
        }
        self.drop_dear(open, bound);
        bound
    }

    /// Drops routes that are too dear for a better plan.
    fn drop_dear(&self, open: &mut Open, bound: f64) {
        let gap = self.target - bound + 1e-6;
        let Open { columns, prices, .. } = open;
        columns.retain(|&at| self.reduced(&self.columns[at as usize], prices) <= gap);
    }

    /// Chooses the route of one ride after the other, the one with the fewest possibilities first.
    fn branch(&mut self, open: Open, bound: f64) {
        if bound >= self.target - 1e-6 || self.choices >= MOST_CHOICES || self.work >= MOST_WORK {
            return;
        }
        let mut counts = vec![0u32; open.rides.len()];
        for &at in &open.columns {
            self.rides_of(&self.columns[at as usize]).iter().for_each(|&ride| counts[ride as usize] += 1);
        }
        let left = (0..counts.len()).filter(|&ride| open.rides[ride]);
        let Some(ride) = left.min_by_key(|&ride| counts[ride]) else {
            self.target = open.cost;
            self.best = Some(self.chosen.clone());
            return;
        };
        let mut routes: Vec<(f64, u32)> = open
            .columns
            .iter()
            .filter(|&&at| self.rides_of(&self.columns[at as usize]).contains(&(ride as u32)))
            .map(|&at| (self.reduced(&self.columns[at as usize], &open.prices), at))
            .collect();
        routes.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for (reduced, at) in routes {
            if bound + reduced >= self.target - 1e-6 {
                break;
            }
            let column = &self.columns[at as usize];
            let mut next = Open { columns: Vec::new(), ..open.clone() };
            next.vans[column.kind as usize] -= 1;
            next.ends[column.end as usize] -= 1;
            next.stations &= !column.stations;
            next.cost += column.cost;
            self.rides_of(column).iter().for_each(|&ride| next.rides[ride as usize] = false);
            next.columns = open
                .columns
                .iter()
                .copied()
                .filter(|&at| {
                    let other = &self.columns[at as usize];
                    next.vans[other.kind as usize] > 0
                        && next.ends[other.end as usize] > 0
                        && other.stations & !next.stations == 0
                        && self.rides_of(other).iter().all(|&ride| next.rides[ride as usize])
                })
                .collect();
            self.choices += 1;
            self.chosen.push(at);
            let bound = self.ascend(&mut next, STEPS_AFTER);
            self.branch(next, bound);
            self.chosen.pop();
        }
        let refusal = self.problem.rides[ride].refusal;
        if bound + refusal - open.prices.rides[ride] < self.target - 1e-6 {
            let mut next = open;
            next.cost += refusal;
            next.rides[ride] = false;
            let mut columns = std::mem::take(&mut next.columns);
            columns.retain(|&at| !self.rides_of(&self.columns[at as usize]).contains(&(ride as u32)));
            next.columns = columns;
            self.choices += 1;
            let bound = self.ascend(&mut next, STEPS_AFTER);
            self.branch(next, bound);
        }
    }
}
