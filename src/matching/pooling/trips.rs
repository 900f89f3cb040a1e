//! The trips of one van: which sets of riders it can serve together with those aboard, and in which order.
//!
//! Sets are grown by size, and a set is tried only if all its subsets with one rider less are trips (the clique condition of
//! Alonso-Mora et al. 2017, and of frequent itemsets: Agrawal and Srikant 1994): dropping a stop never makes another late. The
//! order of stops is found by insertion into the order of a subset, and by depth-first branch and bound where few stops are
//! ahead. Work is counted in sets tried and stops visited, never in time.

use std::collections::BTreeMap;

use crate::demand::Request;
use crate::fleet::{Action, Load, Plan, PlanStop, Position, Van, VanSpec};
use crate::objective::Objective;
use crate::roads::TravelTable;
use crate::units::{RequestId, Time};

/// A rider who has not been picked up.
pub(super) struct Rider<'a> {
    pub(super) id: RequestId,
    pub(super) request: &'a Request,
    /// When the pick-up may begin: as promised, or as asked for.
    pub(super) window: (Time, Time),
    pub(super) promised: bool,
    /// In whose plan the rider stands.
    pub(super) carrier: Option<usize>,
}

impl Rider<'_> {
    fn stops(&self) -> [PlanStop; 2] {
        let Request { origin_node, destination_node, earliest, latest_dropoff, dwell, party, max_ride, .. } =
            *self.request;
        let stop = |action, node, (earliest, latest), max_ride| PlanStop {
            request: self.id,
            action,
            node,
            earliest,
            latest,
            promised: None,
            dwell,
            party,
            max_ride,
        };
        [
            stop(Action::Pickup, origin_node, self.window, None),
            stop(Action::Dropoff, destination_node, (earliest, latest_dropoff), max_ride),
        ]
    }
}

/// A set of the riders that a van looks at, bit by bit.
pub(super) type Set = u32;

/// The positions of the riders in a set.
pub(super) fn members(mut set: Set) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = (set != 0).then(|| set.trailing_zeros() as usize);
        set &= set.wrapping_sub(1);
        next
    })
}

/// Riders that a van looks at, at most.
pub(super) const MOST_RIDERS: usize = 24;

/// Sets of riders that are tried for a van, at most.
const MOST_TRIES: usize = 150;

/// Stops ahead up to which the best order is searched for; beyond, riders are inserted into a good one.
const SEARCHED_STOPS: usize = 12;

/// Stops visited in one such search, at most.
const MOST_VISITS: u32 = 100;

/// A set of riders that a van can serve, and how.
pub(super) struct Trip {
    /// Driving, and the weighted time of riders, in milliseconds.
    pub(super) cost: f64,
    /// The van's stops, by index.
    pub(super) order: Vec<u16>,
}

/// One stop that a van could make.
struct Stop {
    plan: PlanStop,
    /// Latest begin, with the way home in mind.
    latest: i32,
    /// What a millisecond later costs.
    weight: f64,
    /// What its time is measured from: a moment or, if `pickup` is given, a length of time after that stop.
    since: i32,
    pickup: Option<u16>,
}

/// What a van could do: all stops of those who stay with it, and of the riders it looks at.
pub(super) struct Reach<'a> {
    spec: &'a VanSpec,
    travel: &'a TravelTable,
    at: Position,
    energy_kwh: f64,
    /// First those of riders who are served in any case, then pick-up and drop-off of each rider looked at.
    stops: Vec<Stop>,
    fixed: usize,
    /// The current order.
    current: Vec<u16>,
    /// The riders looked at who are in it.
    pub(super) carried: Set,
    /// Driving times, row by row from each stop, and last from where the van is.
    drive: Vec<i32>,
    /// Energy for the way to each stop, standing there included, laid out in the same way, kWh; empty without a battery.
    energy: Vec<f64>,
    /// Whether ride times or the battery have to be looked at.
    strict: bool,
}

impl<'a> Reach<'a> {
    /// `riders` are those whom the van looks at; everybody else in its plan stays with it.
    pub(super) fn new(
        van: &'a Van,
        spec: &'a VanSpec,
        travel: &'a TravelTable,
        now: Time,
        objective: &Objective,
        request: impl Fn(RequestId) -> &'a Request,
        riders: &[&Rider<'a>],
    ) -> Reach<'a> {
        let at = Position { ready: van.at.ready.max(now), ..van.at };
        let position = |id: RequestId| riders.iter().position(|rider| rider.id == id);
        let mut plans: Vec<PlanStop> = Vec::new();
        let mut current = Vec::new();
        let mut carried = 0;
        let fixed = van.plan.stops().iter().filter(|stop| position(stop.request).is_none()).count();
        for stop in van.plan.stops() {
            match position(stop.request) {
                None => {
                    current.push(plans.len() as u16);
                    plans.push(*stop);
                }
                Some(rider) => {
                    carried |= 1 << rider;
                    current.push((fixed + 2 * rider) as u16 + u16::from(stop.action == Action::Dropoff));
                }
            }
        }
        plans.extend(riders.iter().flat_map(|rider| rider.stops()));

        let stops: Vec<Stop> = plans
            .iter()
            .enumerate()
            .map(|(index, stop)| {
                let home = spec.home.map_or(Time::NEVER, |home| {
                    travel.latest(spec.shift_end + at.overtime, travel.time(stop.node, home)) - stop.dwell
                });
                // Of a drop-off the pick-up, of a driver's pause the one before.
                let earlier = plans[..index].iter().rposition(|other| other.request == stop.request);
                let (weight, since) = match (stop.action, earlier) {
                    (Action::Pickup, _) => (objective.waiting, request(stop.request).earliest),
                    (Action::Dropoff, Some(_)) => {
                        let asked = request(stop.request);
                        (objective.riding, asked.dwell + asked.direct)
                    }
                    (Action::Dropoff, None) => (objective.riding, at.ready),
                    (Action::Call | Action::Break | Action::Change, _) => (0.0, Time::ZERO),
                };
                Stop {
                    plan: *stop,
                    latest: stop.latest.min(home).0,
                    weight,
                    since: since.0,
                    pickup: earlier.map(|earlier| earlier as u16),
                }
            })
            .collect();

        let n = stops.len();
        let mut drive = vec![0; (n + 1) * n];
        for (to, stop) in stops.iter().enumerate() {
            let times = travel.times_to(stop.plan.node);
            for (from, before) in stops.iter().enumerate() {
                drive[from * n + to] = times[before.plan.node.index()];
            }
            drive[n * n + to] = times[at.node.index()];
        }
        let energy = spec.battery.as_ref().map_or(Vec::new(), |battery| {
            let nodes = stops.iter().map(|stop| stop.plan.node).chain([at.node]);
            let legs = nodes.enumerate().flat_map(|(from, node)| {
                let times = &drive[from * n..][..n];
                stops.iter().zip(times).map(move |(stop, &time)| {
                    let length_m = travel.length_m(node, stop.plan.node);
                    battery.consumption.driving_kwh(length_m, travel.longest(Time(time)))
                        + stop.plan.standing_kwh(battery)
                })
            });
            legs.collect()
        });
        let strict = spec.battery.is_some() || stops.iter().any(|stop| stop.plan.max_ride.is_some());
        Reach { spec, travel, at, energy_kwh: van.energy_kwh, stops, fixed, current, carried, drive, energy, strict }
    }

    /// The plan of a trip, with other windows for some pick-ups; `None` if it cannot be kept.
    pub(super) fn plan(&self, trip: &Trip, window: impl Fn(&PlanStop) -> Option<(Time, Time)>) -> Option<Plan> {
        let stops = trip.order.iter().map(|&stop| {
            let plan = self.stops[stop as usize].plan;
            match window(&plan) {
                Some((earliest, latest)) if plan.action == Action::Pickup => PlanStop { earliest, latest, ..plan },
                _ => plan,
            }
        });
        Plan::new(stops.collect(), self.at, self.spec, self.travel)
    }

    /// Whether a trip keeps the order that the van has.
    pub(super) fn is_current(&self, trip: &Trip) -> bool {
        trip.order == self.current
    }

    /// All trips that were found among the first `count` riders looked at, the current one always among them.
    pub(super) fn trips(&self, count: usize) -> BTreeMap<Set, Trip> {
        let mut trips = BTreeMap::new();
        let cost = self.walk(&self.current, f64::INFINITY, &mut Vec::new()).expect("a plan is kept");
        let current = self.better(Trip { cost, order: self.current.clone() });
        let without = |set: Set| {
            let order: Vec<u16> = current
                .order
                .iter()
                .copied()
                .filter(|&stop| self.rider(stop).is_none_or(|r| set >> r & 1 == 0))
                .collect();
            self.cost(&order, f64::INFINITY).map(|cost| self.better(Trip { cost, order }))
        };
        let Some(nobody) = without(self.carried) else {
            return BTreeMap::from([(self.carried, current)]);
        };
        // Next to the current trip first, so that it can be changed step by step whatever the limits on work.
        for rider in members(self.carried) {
            if let Some(trip) = without(1 << rider) {
                trips.insert(self.carried & !(1 << rider), trip);
            }
        }
        for rider in (0..count).filter(|rider| self.carried >> rider & 1 == 0) {
            if let Some(trip) = self.with(&current, rider) {
                trips.insert(self.carried | 1 << rider, trip);
            }
        }
        trips.insert(0, nobody);
        trips.insert(self.carried, current);

        let mut tries = 0;
        let mut level: Vec<Set> = vec![0];
        while !level.is_empty() {
            let mut next = Vec::new();
            for set in level {
                let first_free = (Set::BITS - set.leading_zeros()) as usize;
                for rider in first_free..count {
                    let larger = set | 1 << rider;
                    if trips.contains_key(&larger) {
                        next.push(larger);
                    } else if members(set).all(|member| trips.contains_key(&(larger & !(1 << member)))) {
                        tries += 1;
                        if tries > MOST_TRIES {
                            return trips;
                        }
                        if let Some(trip) = self.with(&trips[&set], rider) {
                            trips.insert(larger, trip);
                            next.push(larger);
                        }
                    }
                }
            }
            level = next;
        }
        trips
    }

    /// The rider looked at whose stop it is.
    fn rider(&self, stop: u16) -> Option<usize> {
        (stop as usize).checked_sub(self.fixed).map(|after| after / 2)
    }

    /// A trip and one rider more, in the best order that is found.
    fn with(&self, trip: &Trip, rider: usize) -> Option<Trip> {
        let pickup = (self.fixed + 2 * rider) as u16;
        let mut best: Option<Trip> = None;
        let mut places = self.places(trip, pickup);
        places.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut begin = vec![0; self.stops.len()];
        for (cost, first, second) in places {
            // What is looked at strictly can only cost more.
            if best.as_ref().is_some_and(|best| cost >= best.cost) {
                break;
            }
            let mut order = trip.order.clone();
            order.insert(second, pickup + 1);
            order.insert(first, pickup);
            if self.strict {
                self.walk(&order, f64::INFINITY, &mut begin);
            }
            if let Some(cost) = self.strictly(&order, cost, &begin)
                && best.as_ref().is_none_or(|best| cost < best.cost)
            {
                best = Some(Trip { cost, order });
            }
        }
        if trip.order.len() + 2 > SEARCHED_STOPS {
            return best;
        }
        let start = best.unwrap_or_else(|| {
            let order = trip.order.iter().copied().chain([pickup, pickup + 1]).collect();
            Trip { cost: f64::INFINITY, order }
        });
        Some(self.better(start)).filter(|trip| trip.cost < f64::INFINITY)
    }

    /// The places for a pick-up and its drop-off in a trip, as `walk` finds and prices them: cost and the two gaps. What comes
    /// before the pick-up is driven once; what comes after the drop-off only until the van is as empty and as early as without.
    fn places(&self, trip: &Trip, pickup: u16) -> Vec<(f64, usize, usize)> {
        let order = &trip.order;
        let mut begin = vec![0; self.stops.len()];
        let mut without = Vec::with_capacity(order.len() + 1);
        let mut state = Drive { from: self.stops.len(), time: self.at.ready.0, load: self.at.load, cost: 0.0 };
        for &stop in order {
            without.push(state);
            state = self.go(state, stop, &mut begin).expect("a trip is kept");
        }
        without.push(state);
        let end = state.cost;
        let before = begin.clone();

        let mut places = Vec::new();
        for first in 0..=order.len() {
            if let Some(&passed) = first.checked_sub(1).map(|last| &order[last]) {
                begin[passed as usize] = before[passed as usize];
            }
            let Some(mut riding) = self.go(without[first], pickup, &mut begin) else { continue };
            for second in first..=order.len() {
                if second > first {
                    match self.go(riding, order[second - 1], &mut begin) {
                        Some(on) => riding = on,
                        None => break,
                    }
                }
                let Some(mut state) = self.go(riding, pickup + 1, &mut begin) else { continue };
                let mut cost = None;
                for next in second..order.len() {
                    let stop = order[next] as usize;
                    let Some(on) = self.go(state, order[next], &mut begin) else { break };
                    if begin[stop] == before[stop] && without[next].load == Load::default() {
                        cost = Some(on.cost + end - without[next + 1].cost);
                        break;
                    }
                    state = on;
                    if next + 1 == order.len() {
                        cost = Some(state.cost);
                    }
                }
                if second == order.len() {
                    cost = Some(state.cost);
                }
                places.extend(cost.map(|cost| (cost, first, second)));
            }
        }
        places
    }

    /// Drives to the next stop and serves it; `None` if it is too late or there is no room.
    fn go(&self, Drive { from, time, load, cost }: Drive, to: u16, begin: &mut [i32]) -> Option<Drive> {
        let stop = &self.stops[to as usize];
        let drive = self.drive[from * self.stops.len() + to as usize];
        let start = self.travel.after(Time(time), Time(drive)).max(stop.plan.earliest).0;
        let load = stop.plan.action.load(load, stop.plan.party);
        if start > stop.latest || !stop.plan.allows(load, self.spec.capacity) {
            return None;
        }
        begin[to as usize] = start;
        let cost = cost + f64::from(drive) + self.time_cost(stop, start, begin);
        Some(Drive { from: to as usize, time: start + stop.plan.dwell.0, load, cost })
    }

    /// The best order of a trip's stops that is found, if it is better.
    fn better(&self, trip: Trip) -> Trip {
        if trip.order.len() > SEARCHED_STOPS {
            return trip;
        }
        let position = |stop: u16| trip.order.iter().position(|&other| other == stop);
        let needs = trip
            .order
            .iter()
            .map(|&stop| self.stops[stop as usize].pickup.and_then(position).map_or(0, |position| 1 << position));
        let mut search = Search {
            reach: self,
            needs: needs.collect(),
            stops: trip.order.clone(),
            begin: vec![0; self.stops.len()],
            path: Vec::with_capacity(trip.order.len()),
            visits: 0,
            best: trip,
        };
        let all = (1 << search.stops.len()) - 1;
        search.visit(self.stops.len(), self.at.ready.0, self.at.load, 0.0, all);
        search.best
    }

    fn cost(&self, order: &[u16], bound: f64) -> Option<f64> {
        let mut begin = Vec::new();
        let cost = self.walk(order, bound, &mut begin)?;
        self.strictly(order, cost, &begin)
    }

    /// Drives an order as early as possible: what it costs, if windows and seats are kept and it costs less than `bound`.
    /// `begin` takes the begin of service at each stop of the van.
    fn walk(&self, order: &[u16], bound: f64, begin: &mut Vec<i32>) -> Option<f64> {
        begin.resize(self.stops.len(), 0);
        let mut state = Drive { from: self.stops.len(), time: self.at.ready.0, load: self.at.load, cost: 0.0 };
        for &to in order {
            state = self.go(state, to, begin).filter(|state| state.cost < bound)?;
        }
        Some(state.cost)
    }

    fn time_cost(&self, stop: &Stop, start: i32, begin: &[i32]) -> f64 {
        let since = stop.since + stop.pickup.map_or(0, |pickup| begin[pickup as usize]);
        stop.weight * f64::from(start - since)
    }

    /// Energy that the battery would lack to drive an order and to be at the depot with its reserve; see
    /// [`Plan::missing_kwh`].
    fn missing_kwh(&self, order: &[u16]) -> f64 {
        let Some(battery) = &self.spec.battery else { return f64::NEG_INFINITY };
        let n = self.stops.len();
        let mut from = n;
        let mut needed_kwh = battery.reserve_kwh;
        for &to in order {
            needed_kwh += self.energy[from * n + to as usize];
            from = to as usize;
        }
        let last = if from == n { self.at.node } else { self.stops[from].plan.node };
        if let Some(home) = self.spec.home {
            let (length_m, time) = (self.travel.length_m(last, home), self.travel.time(last, home));
            needed_kwh += battery.consumption.driving_kwh(length_m, self.travel.longest(time));
        }
        needed_kwh - self.energy_kwh
    }

    /// Looks at limits on ride time and at the battery too; the cost with the waiting for the sake of ride times.
    fn strictly(&self, order: &[u16], cost: f64, begin: &[i32]) -> Option<f64> {
        if !self.strict {
            return Some(cost);
        }
        let too_long = order.iter().any(|&stop| {
            let Stop { plan, pickup, .. } = &self.stops[stop as usize];
            match (plan.max_ride, *pickup) {
                (Some(limit), Some(pickup)) => begin[stop as usize] - begin[pickup as usize] - plan.dwell.0 > limit.0,
                _ => false,
            }
        });
        if self.missing_kwh(order) > 0.0 {
            return None;
        }
        if !too_long {
            return Some(cost);
        }
        let stops = order.iter().map(|&stop| self.stops[stop as usize].plan).collect();
        let plan = Plan::new(stops, self.at, self.spec, self.travel)?;
        let mut exact = vec![0; self.stops.len()];
        let mut total = 0.0;
        let n = self.stops.len();
        let mut from = n;
        for (&stop, start) in order.iter().zip(plan.schedule()) {
            exact[stop as usize] = start.0;
            total += f64::from(self.drive[from * n + stop as usize]);
            total += self.time_cost(&self.stops[stop as usize], start.0, &exact);
            from = stop as usize;
        }
        Some(total)
    }
}

/// A van on its way: the stop it comes from, when it leaves it and with whom, and what it has cost so far.
#[derive(Clone, Copy)]
struct Drive {
    from: usize,
    time: i32,
    load: Load,
    cost: f64,
}

/// Depth-first branch and bound over the orders of a few stops.
struct Search<'r, 'a> {
    reach: &'r Reach<'a>,
    stops: Vec<u16>,
    /// By position in `stops`, the bit of the stop that has to come before.
    needs: Vec<u32>,
    begin: Vec<i32>,
    path: Vec<u16>,
    visits: u32,
    best: Trip,
}

impl Search<'_, '_> {
    /// Goes on from stop `from`, which the van leaves at `time`; `ahead` are the positions in `stops` not visited yet.
    fn visit(&mut self, from: usize, time: i32, load: Load, cost: f64, ahead: u32) {
        let reach = self.reach;
        if ahead == 0 {
            if let Some(cost) = reach.strictly(&self.path, cost, &self.begin)
                && cost < self.best.cost
            {
                self.best.cost = cost;
                self.best.order.clone_from(&self.path);
            }
            return;
        }
        self.visits += 1;
        if self.visits > MOST_VISITS {
            return;
        }
        // Every stop ahead is reached at the earliest if it comes next: by the triangle inequality, that bounds all orders.
        let n = reach.stops.len();
        let row = &reach.drive[from * n..][..n];
        let (mut farthest, mut later) = (0, 0.0);
        let mut children = [(0, 0u8); SEARCHED_STOPS];
        let mut count = 0;
        for position in members(ahead) {
            let index = self.stops[position] as usize;
            let stop = &reach.stops[index];
            let start = reach.travel.after(Time(time), Time(row[index])).max(stop.plan.earliest).0;
            if start > stop.latest {
                return;
            }
            farthest = farthest.max(row[index]);
            if self.needs[position] & ahead == 0 {
                later += reach.time_cost(stop, start, &self.begin);
                children[count] = (start, position as u8);
                count += 1;
            }
        }
        if cost + f64::from(farthest) + later >= self.best.cost {
            return;
        }
        let children = &mut children[..count];
        children.sort_unstable();
        for &(start, position) in children.iter() {
            let index = self.stops[position as usize] as usize;
            let stop = &reach.stops[index];
            let load = stop.plan.action.load(load, stop.plan.party);
            if !stop.plan.allows(load, reach.spec.capacity) {
                continue;
            }
            self.begin[index] = start;
            let cost = cost + f64::from(row[index]) + reach.time_cost(stop, start, &self.begin);
            self.path.push(index as u16);
            self.visit(index, start + stop.plan.dwell.0, load, cost, ahead & !(1 << position));
            self.path.pop();
        }
    }
}
