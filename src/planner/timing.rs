//! When each stop of a route begins, so that riders ride no longer than they have to.
//!
//! The begins of service are a simple temporal network: each constraint is a difference that is at least so much. Least total
//! riding time under such constraints is the dual of a flow (Ahuja, Magnanti, Orlin 1993, chapter 9): a unit from each
//! pick-up to a drop-off along longest paths. It takes as many augmentations as there are rides.

use super::problem::{Problem, is_pickup, ride_of};
use super::route::{EPS, Value};

/// A stop in time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timed {
    /// What for.
    pub at: At,
    /// On arrival.
    pub arrive: f64,
    /// Begin of service, or of charging.
    pub start: f64,
    /// On leaving.
    pub depart: f64,
    /// Minutes of charging.
    pub charge: f64,
}

/// What a stop is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Begin of the van's day.
    Start,
    /// A visit.
    Visit(u32),
    /// A charging station.
    Station(usize),
    /// End of the van's day.
    End(usize),
}

/// A route in time.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    /// Its stops.
    pub stops: Vec<Timed>,
    /// Riding beyond the direct drives, minutes.
    pub excess: f64,
}

struct Arc {
    from: usize,
    to: usize,
    least: f64,
    flow: u32,
}

const ORIGIN: usize = 0;
const NEVER: f64 = f64::NEG_INFINITY;

/// The schedule with the least riding time of a route with given charging stops, as early as that allows; `None`: there is none.
/// O(n) augmentations of O(n²) each at worst.
pub fn schedule(problem: &Problem, van: usize, order: &[u32], value: &Value) -> Option<Schedule> {
    let spec = &problem.vans[van];
    // The stops, each with its place, window and how long it takes.
    let mut stops = vec![(At::Start, spec.start, spec.shift.from, spec.shift.to, 0.0)];
    let mut charges = value.charges.iter().peekable();
    for gap in 0..=order.len() {
        while let Some(charge) = charges.next_if(|charge| charge.gap == gap) {
            let at = &problem.stations[charge.station];
            let latest = at.window.to - charge.minutes;
            stops.push((At::Station(charge.station), at.place, at.window.from, latest, charge.minutes));
        }
        if let Some(&visit) = order.get(gap) {
            let at = &problem.visits[visit as usize];
            stops.push((At::Visit(visit), at.place, at.window.from, at.window.to, at.service));
        }
    }
    let home = &problem.ends[value.end];
    stops.push((At::End(value.end), home.place, home.window.from, home.window.to.min(spec.shift.to), 0.0));

    let n = stops.len();
    let mut arcs = Vec::with_capacity(4 * n);
    let mut arc = |from, to, least| arcs.push(Arc { from, to, least, flow: 0 });
    let mut boarded: Vec<(usize, usize)> = Vec::new();
    let mut supply = vec![0i32; n + 1];
    for (k, &(at, place, from, to, stands)) in stops.iter().enumerate() {
        let node = k + 1;
        if from > NEVER {
            arc(ORIGIN, node, from);
        }
        if to < f64::INFINITY {
            arc(node, ORIGIN, -to);
        }
        if let Some(next) = stops.get(k + 1) {
            arc(node, node + 1, stands + problem.travel.get(place, next.1));
        }
        if let At::Visit(visit) = at {
            let ride = ride_of(visit);
            if is_pickup(visit) {
                boarded.push((ride, node));
                supply[node] = 1;
            } else {
                let &(_, pickup) = boarded.iter().find(|&&(other, _)| other == ride)?;
                supply[node] = -1;
                let limit = problem.rides[ride].max_minutes;
                if limit.is_finite() {
                    arc(node, pickup, -(problem.visits[visit as usize - 1].service + limit));
                }
            }
        }
    }
    if spec.max_minutes.is_finite() {
        arc(n, 1, -spec.max_minutes);
    }
    let mut network = Network { arcs, far: vec![NEVER; n + 1], by: vec![usize::MAX; n + 1] };
    if !network.paths(|node| node == ORIGIN) {
        return None;
    }
    if problem.weights.excess > 0.0 {
        while network.augment(&mut supply) {}
        network.paths(|node| node == ORIGIN);
    }
    let mut timed: Vec<Timed> = Vec::with_capacity(n);
    for (k, &(at, place, _, _, stands)) in stops.iter().enumerate() {
        let begin = network.far[k + 1];
        let arrive = match timed.last() {
            None => begin,
            Some(before) => before.depart + problem.travel.get(stops[k - 1].1, place),
        };
        // Rounding does not let it begin before it has arrived.
        let start = begin.max(arrive);
        let charge = if matches!(at, At::Station(_)) { stands } else { 0.0 };
        timed.push(Timed { at, arrive, start, depart: start + stands, charge });
    }
    // The van leaves its depot just in time.
    let leaves = (timed[1].start - problem.travel.get(stops[0].1, stops[1].1)).min(spec.shift.to).max(timed[0].start);
    let late = leaves - timed[0].start;
    timed[0] = Timed { arrive: leaves, start: leaves, depart: leaves, ..timed[0] };
    timed[1].arrive += late;
    let excess = boarded
        .iter()
        .map(|&(ride, node)| {
            let off = timed.iter().find(|stop| stop.at == At::Visit(2 * ride as u32 + 1)).expect("its drop-off");
            off.start - timed[node - 1].depart - problem.rides[ride].direct
        })
        .sum();
    Some(Schedule { stops: timed, excess })
}

struct Network {
    arcs: Vec<Arc>,
    /// By node: length of the longest path to it.
    far: Vec<f64>,
    /// By node: the arc that it came by; those against the flow come after all others.
    by: Vec<usize>,
}

impl Network {
    /// Longest paths from some nodes, arcs with flow in both directions (Bellman and Ford); whether there are any.
    fn paths(&mut self, is_source: impl Fn(usize) -> bool) -> bool {
        let count = self.arcs.len();
        for (node, far) in self.far.iter_mut().enumerate() {
            *far = if is_source(node) { 0.0 } else { NEVER };
        }
        self.by.fill(usize::MAX);
        for _ in 0..=self.far.len() {
            let mut changed = false;
            for (k, arc) in self.arcs.iter().enumerate() {
                if self.far[arc.from] + arc.least > self.far[arc.to] + EPS {
                    self.far[arc.to] = self.far[arc.from] + arc.least;
                    self.by[arc.to] = k;
                    changed = true;
                }
                if arc.flow > 0 && self.far[arc.to] - arc.least > self.far[arc.from] + EPS {
                    self.far[arc.from] = self.far[arc.to] - arc.least;
                    self.by[arc.from] = count + k;
                    changed = true;
                }
            }
            if !changed {
                return true;
            }
        }
        false
    }

    /// Sends a unit along the longest path from a pick-up to a drop-off; false: all are sent.
    fn augment(&mut self, supply: &mut [i32]) -> bool {
        if !self.paths(|node| supply[node] > 0) {
            return false;
        }
        let sink = (0..supply.len()).filter(|&node| supply[node] < 0 && self.far[node] > NEVER);
        let Some(sink) = sink.max_by(|&a, &b| self.far[a].total_cmp(&self.far[b])) else { return false };
        let mut node = sink;
        while self.by[node] != usize::MAX {
            let by = self.by[node];
            let count = self.arcs.len();
            let arc = &mut self.arcs[by % count];
            if by < count {
                arc.flow += 1;
                node = arc.from;
            } else {
                arc.flow -= 1;
                node = arc.to;
            }
        }
        supply[node] -= 1;
        supply[sink] += 1;
        true
    }
}
