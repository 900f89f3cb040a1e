//! What one van's order of visits costs, or that it cannot be driven.
//!
//! Let *slack time* be clock time less the driving and service time since the van left. In slack time a schedule is a
//! sequence that never falls and only rises where the van waits; a window is an interval, and whatever is raised at a leg
//! without riders aboard costs nothing. So the least waiting with riders aboard is that within each *fragment*, from an empty
//! van to an empty van, and no fragment's depends on another's; charging takes slack time that would be waited anyway.
//! (Su, Dupin, Puchinger, arXiv 2212.04167, reach the same by enumerating fragments.) One pass over the visits tells it all,
//! unless a ride-time limit binds while riders wait aboard; then the schedule is a flow, see [`super::timing`].

use super::problem::{Battery, Problem, Ride, Van, is_pickup, ride_of};
use super::timing;
use crate::fleet::Load;

/// Comparisons of times, minutes.
pub const EPS: f64 = 1e-9;

/// Charging stops in one route, at most.
pub const MOST_CHARGES: usize = 3;

/// A stop at a charger.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Charge {
    /// Before which visit.
    pub gap: usize,
    /// Where.
    pub station: usize,
    /// How long it is plugged in, minutes.
    pub minutes: f64,
}

/// What other routes leave free, as sets of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Free {
    /// Stations.
    pub stations: u64,
    /// Ends.
    pub ends: u64,
}

impl Free {
    /// Everything.
    pub const ALL: Free = Free { stations: u64::MAX, ends: u64::MAX };
}

/// What an order of visits costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// With all weights.
    pub cost: f64,
    /// Driving, minutes.
    pub travel: f64,
    /// Riding beyond the direct drives, minutes.
    pub excess: f64,
    /// Where it ends.
    pub end: usize,
    /// Its stops at chargers.
    pub charges: Vec<Charge>,
}

/// A stop of a route with its window in slack time.
#[derive(Debug, Clone, Copy)]
struct Step {
    place: usize,
    /// Driving and service time since leaving, on arrival.
    path: f64,
    service: f64,
    from: f64,
    to: f64,
    /// Rides aboard on the way there.
    aboard: u32,
    /// Used since leaving, on arrival.
    kwh: f64,
}

/// Room for the work of [`Evaluator::value`].
pub struct Evaluator<'p> {
    problem: &'p Problem,
    steps: Vec<Step>,
    /// By ride: path at the end of its boarding.
    boarded: Vec<f64>,
    /// By ride: the step of its pick-up.
    position: Vec<usize>,
    /// By step: begin in slack time.
    level: Vec<f64>,
    /// Rides whose limit is less than they wait aboard at most.
    pub flows: u64,
}

impl<'p> Evaluator<'p> {
    /// For a problem.
    pub fn new(problem: &'p Problem) -> Evaluator<'p> {
        Evaluator {
            problem,
            steps: Vec::new(),
            boarded: vec![0.0; problem.rides.len()],
            position: vec![0; problem.rides.len()],
            level: Vec::new(),
            flows: 0,
        }
    }

    /// What a van's order of visits costs at least; `None`: it cannot be driven. O(n), and O(n g s) or more with a charging stop
    /// at one of g legs without riders and s stations.
    pub fn value(&mut self, van: usize, order: &[u32], free: Free) -> Option<Value> {
        let problem = self.problem;
        let spec = &problem.vans[van];
        let mut place = spec.start;
        let mut path = 0.0;
        let mut travel = 0.0;
        let mut kwh = 0.0;
        let (mut load, mut aboard) = (Load::default(), 0u32);
        let mut excess = 0.0;
        // Of the route: latest begin so far, in slack time, and the rise that cannot be avoided.
        let mut earliest = spec.shift.from;
        let mut least_to = spec.shift.to;
        let mut rise: f64 = 0.0;
        // Of the fragment.
        let (mut begins, mut fragment_to, mut wait, mut slack) = (0, f64::INFINITY, 0.0f64, f64::INFINITY);
        let mut limited = false;
        self.steps.clear();
        self.steps.push(Step {
            place,
            path: 0.0,
            service: 0.0,
            from: spec.shift.from,
            to: spec.shift.to,
            aboard: 0,
            kwh: 0.0,
        });
        for &visit in order {
            let at = &problem.visits[visit as usize];
            let ride = ride_of(visit);
            let drive = problem.travel.get(place, at.place);
            travel += drive;
            path += drive;
            kwh += problem.kwh(spec, place, at.place) + at.kwh;
            place = at.place;
            let (from, to) = (at.window.from - path, at.window.to - path);
            earliest = earliest.max(from);
            if earliest > to + EPS {
                return None;
            }
            least_to = least_to.min(to);
            rise = rise.max(from - least_to);
            self.steps.push(Step { place, path, service: at.service, from, to, aboard, kwh });
            if is_pickup(visit) {
                load = load + problem.rides[ride].party;
                if !load.fits(spec.room) {
                    return None;
                }
                if aboard == 0 {
                    (begins, fragment_to, wait, slack) = (self.steps.len() - 1, f64::INFINITY, 0.0, f64::INFINITY);
                }
                aboard += 1;
                self.boarded[ride] = path + at.service;
            }
            fragment_to = fragment_to.min(to);
            wait = wait.max(from - fragment_to);
            if !is_pickup(visit) {
                let Ride { party, max_minutes, direct, .. } = &problem.rides[ride];
                load = load - *party;
                let rides = path - self.boarded[ride];
                if rides > max_minutes + EPS {
                    return None;
                }
                slack = slack.min(max_minutes - rides);
                excess += rides - direct;
                aboard -= 1;
                if aboard == 0 && wait > EPS {
                    limited |= wait > slack + EPS;
                    if problem.weights.excess > 0.0 {
                        excess += self.waiting(begins);
                    }
                }
            }
            path += at.service;
        }
        let end = spec.ends.iter().copied().filter(|end| free.ends >> end & 1 == 1).min_by(|&a, &b| {
            let drive = |end: usize| problem.travel.get(place, problem.ends[end].place);
            drive(a).total_cmp(&drive(b))
        })?;
        let home = &problem.ends[end];
        let drive = problem.travel.get(place, home.place);
        travel += drive;
        path += drive;
        kwh += problem.kwh(spec, place, home.place);
        let (from, to) = (home.window.from - path, home.window.to.min(spec.shift.to) - path);
        earliest = earliest.max(from);
        if earliest > to + EPS {
            return None;
        }
        least_to = least_to.min(to);
        rise = rise.max(from - least_to);
        if path + rise > spec.max_minutes + EPS {
            return None;
        }
        self.steps.push(Step { place: home.place, path, service: 0.0, from, to, aboard: 0, kwh });

        let mut charging = Charged::default();
        let base = problem.weights.travel * travel + problem.weights.excess * excess;
        if let Some(battery) = &spec.battery
            && battery.start_kwh - kwh < battery.end_kwh.max(battery.least_kwh) - EPS
        {
            charging = self.charge(spec, battery, free)?;
        }
        let Charged { detour, cost, charges } = charging;
        let mut value = Value { cost: base + cost, travel: travel + detour, excess, end, charges };
        if limited && problem.weights.excess == 0.0 && value.charges.is_empty() {
            return self.kept(spec, order).then_some(value);
        }
        if limited || (spec.max_minutes.is_finite() && !value.charges.is_empty()) {
            self.flows += 1;
            let schedule = timing::schedule(problem, van, order, &value)?;
            value.cost += problem.weights.excess * (schedule.excess - value.excess);
            value.excess = schedule.excess;
        }
        Some(value)
    }

    /// Whether there is a schedule that keeps the ride-time limits too: the earliest one, by raising what is too early.
    fn kept(&mut self, van: &Van, order: &[u32]) -> bool {
        let problem = self.problem;
        let last = self.steps.len() - 1;
        self.level.clear();
        let mut at = f64::NEG_INFINITY;
        for step in &self.steps {
            at = at.max(step.from);
            self.level.push(at);
        }
        for (k, &visit) in order.iter().enumerate() {
            if is_pickup(visit) {
                self.position[ride_of(visit)] = k + 1;
            }
        }
        loop {
            let mut raised = false;
            for (k, &visit) in order.iter().enumerate() {
                if is_pickup(visit) {
                    continue;
                }
                let ride = ride_of(visit);
                let on = self.position[ride];
                let (from, to) = (&self.steps[on], &self.steps[k + 1]);
                let slack = problem.rides[ride].max_minutes - (to.path - from.path - from.service);
                let least = self.level[k + 1] - slack.max(0.0);
                if least > self.level[on] + EPS {
                    self.raise(on, least);
                    raised = true;
                }
            }
            let least = self.level[last] - (van.max_minutes - self.steps[last].path).max(0.0);
            if least > self.level[0] + EPS {
                self.raise(0, least);
                raised = true;
            }
            if self.level.iter().zip(&self.steps).any(|(&level, step)| level > step.to + EPS) {
                return false;
            }
            if !raised {
                return true;
            }
        }
    }

    /// Raises a step's begin to a level, and those of later ones that this pushes.
    fn raise(&mut self, from: usize, level: f64) {
        for at in &mut self.level[from..] {
            if *at >= level {
                break;
            }
            *at = level;
        }
    }

    /// Minutes that rides wait aboard, at least, in the fragment that begins at a step and ends at the last one.
    fn waiting(&self, begins: usize) -> f64 {
        let steps = &self.steps[begins..];
        let n = steps.len();
        // A rise to level `v` can happen at the leg to step k if all steps before can be below `v`, and all from k on above.
        let mut earliest = f64::NEG_INFINITY;
        let mut legs: Vec<(u32, f64, f64)> = Vec::with_capacity(n);
        let first = steps.iter().map(|step| step.to).fold(f64::INFINITY, f64::min);
        for k in 1..n {
            earliest = earliest.max(steps[k - 1].from);
            let latest = steps[k..].iter().map(|step| step.to).fold(f64::INFINITY, f64::min);
            if latest > earliest {
                legs.push((steps[k].aboard, earliest, latest));
            }
        }
        let last = steps.iter().map(|step| step.from).fold(f64::NEG_INFINITY, f64::max);
        let most = legs.iter().map(|&(aboard, ..)| aboard).max().unwrap_or(0);
        // With each number of rides, the levels that need at least as many aboard.
        (0..most)
            .map(|fewer| {
                let mut level = first;
                let mut open = 0.0;
                for &(_, from, to) in legs.iter().filter(|&&(aboard, ..)| aboard <= fewer) {
                    if from > level {
                        open += from.min(last) - level;
                    }
                    level = level.max(to).min(last);
                    if level >= last {
                        break;
                    }
                }
                open + (last - level).max(0.0)
            })
            .sum()
    }

    /// The cheapest charging stops that bring the van home with enough.
    fn charge(&self, van: &Van, battery: &Battery, free: Free) -> Option<Charged> {
        let problem = self.problem;
        let mut places: Vec<(f64, usize, usize)> = Vec::new();
        for k in 1..self.steps.len() {
            if self.steps[k].aboard > 0 {
                continue;
            }
            let (a, b) = (self.steps[k - 1].place, self.steps[k].place);
            for (station, at) in problem.stations.iter().enumerate() {
                if free.stations >> station & 1 == 1 {
                    let detour =
                        problem.travel.get(a, at.place) + problem.travel.get(at.place, b) - problem.travel.get(a, b);
                    places.push((detour, k - 1, station));
                }
            }
        }
        places.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut search = Charging { evaluator: self, van, battery, places: &places, best: None };
        let mut chosen = Vec::new();
        for count in 1..=MOST_CHARGES.min(places.len()) {
            search.choose(count, 0, 0.0, &mut chosen);
            // One stop more is tried only where none was found: it would have to be much nearer to be better.
            if search.best.is_some() && count > 1 {
                break;
            }
        }
        search.best
    }
}

/// A stay at a charger, in slack time.
#[derive(Clone, Copy, Default)]
struct Stay {
    /// Earliest begin.
    from: f64,
    /// Latest end.
    to: f64,
    /// Used since leaving, on arrival, kWh.
    used: f64,
    /// Detours so far, minutes.
    late: f64,
}

struct Charging<'e, 'p> {
    evaluator: &'e Evaluator<'p>,
    van: &'e Van,
    battery: &'e Battery,
    places: &'e [(f64, usize, usize)],
    best: Option<Charged>,
}

/// Charging stops and what they add.
#[derive(Default)]
struct Charged {
    /// Driving, minutes.
    detour: f64,
    /// Driving and energy, with their weights.
    cost: f64,
    charges: Vec<Charge>,
}

impl Charging<'_, '_> {
    fn choose(&mut self, count: usize, from: usize, detour: f64, chosen: &mut Vec<(usize, usize)>) {
        for at in from..self.places.len() {
            let (added, gap, station) = self.places[at];
            // Places are sorted by their detour, so the rest is longer still.
            let bound = self.best.as_ref().map_or(f64::INFINITY, |best| best.cost);
            let weight = self.evaluator.problem.weights.travel;
            if weight * (detour + added * count as f64) >= bound - EPS {
                return;
            }
            if chosen.iter().any(|&(other, taken)| other == gap || taken == station) {
                continue;
            }
            chosen.push((gap, station));
            if count == 1 {
                let mut stops = chosen.clone();
                stops.sort_unstable();
                if let Some(charges) = self.evaluator.minutes(self.van, self.battery, &stops) {
                    let stations = &self.evaluator.problem.stations;
                    let energy = |charge: &Charge| stations[charge.station].cost(charge.minutes);
                    let detour = detour + added;
                    let cost = weight * detour + charges.iter().map(energy).sum::<f64>();
                    if cost < bound {
                        self.best = Some(Charged { detour, cost, charges });
                    }
                }
            } else {
                self.choose(count - 1, at + 1, detour + added, chosen);
            }
            chosen.pop();
        }
    }
}

impl Evaluator<'_> {
    /// How long to charge at each of some stops, as early as possible; `None`: not enough, or too late.
    fn minutes(&self, van: &Van, battery: &Battery, stops: &[(usize, usize)]) -> Option<Vec<Charge>> {
        let problem = self.problem;
        let steps = &self.steps;
        let last = steps.len() - 1;
        let mut stays = [Stay::default(); MOST_CHARGES];
        // Slack time falls by the detours before a step.
        let (mut late, mut more) = (0.0, 0.0);
        let mut earliest = f64::NEG_INFINITY;
        let mut k = 0;
        for (&(gap, station), stay) in stops.iter().zip(&mut stays) {
            while k <= gap {
                earliest = earliest.max(steps[k].from - late);
                if earliest > steps[k].to - late + EPS {
                    return None;
                }
                k += 1;
            }
            let at = &problem.stations[station];
            let (before, after) = (&steps[gap], &steps[gap + 1]);
            let there = problem.travel.get(before.place, at.place);
            let path = before.path + before.service + there + late;
            earliest = earliest.max(at.window.from - path);
            let on_arrival = before.kwh + more + problem.kwh(van, before.place, at.place);
            late += there + problem.travel.get(at.place, after.place) - problem.travel.get(before.place, after.place);
            more += problem.kwh(van, before.place, at.place) + problem.kwh(van, at.place, after.place)
                - problem.kwh(van, before.place, after.place);
            *stay = Stay { from: earliest, to: at.window.to - path, used: on_arrival, late };
        }
        while k <= last {
            earliest = earliest.max(steps[k].from - late);
            if earliest > steps[k].to - late + EPS {
                return None;
            }
            k += 1;
        }
        // Latest levels, from the end.
        let mut latest = f64::INFINITY;
        let mut k = last;
        for (&(gap, _), stay) in stops.iter().zip(&mut stays).rev() {
            while k > gap {
                latest = latest.min(steps[k].to - stay.late);
                k -= 1;
            }
            latest = latest.min(stay.to);
            stay.to = latest;
        }
        let mut need = steps[last].kwh + more + battery.end_kwh.max(battery.least_kwh) - battery.start_kwh;
        let mut level = f64::NEG_INFINITY;
        let mut gained = 0.0;
        let mut charges = Vec::with_capacity(stops.len());
        for (&(gap, station), stay) in stops.iter().zip(&stays) {
            level = stay.from.max(level);
            let stored = battery.start_kwh + gained - stay.used;
            if stored < battery.least_kwh - EPS {
                return None;
            }
            let rate = problem.stations[station].kwh_per_minute;
            let room = (battery.full_kwh - stored).min(need) / rate;
            let minutes = (stay.to - level).min(room).max(0.0);
            level += minutes;
            gained += minutes * rate;
            need -= minutes * rate;
            charges.push(Charge { gap, station, minutes });
        }
        (need <= EPS).then_some(charges)
    }
}
