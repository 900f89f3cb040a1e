//! The plan of one van: its stops and their schedule.

use serde::Serialize;

use super::{Load, Position, VanSpec};
use crate::battery::BatterySpec;
use crate::roads::TravelTable;
use crate::units::{NodeId, RequestId, Time};

/// What happens at a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A party gets on.
    Pickup,
    /// A party gets off.
    Dropoff,
    /// A bus calls at a stop of its line: nobody gets on or off by this alone.
    Call,
    /// The driver has a break; nobody is aboard.
    Break,
    /// The driver's shift ends, and the next one's begins; nobody is aboard.
    Change,
}

/// One stop ahead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanStop {
    /// Whose stop; of a call [`PlanStop::NOBODY`].
    pub request: RequestId,
    /// On or off.
    pub action: Action,
    /// Where.
    pub node: NodeId,
    /// Earliest begin of boarding or alighting.
    pub earliest: Time,
    /// Latest begin.
    pub latest: Time,
    /// Where a disturbance has moved the limit, or let the party change vans on the way: the latest begin that was promised.
    /// The party stays with this van.
    pub promised: Option<Time>,
    /// How long the van stands.
    pub dwell: Time,
    /// Who gets on or off.
    pub party: Load,
    /// Of a drop-off whose pick-up is still ahead: longest time from the end of boarding to the begin of alighting.
    pub max_ride: Option<Time>,
}

impl Action {
    /// Who is aboard when this has happened to a party, with `load` aboard before.
    pub fn load(self, load: Load, party: Load) -> Load {
        match self {
            Action::Pickup => load + party,
            Action::Dropoff => load - party,
            Action::Call | Action::Break | Action::Change => load,
        }
    }

    /// The van stands for its driver's sake, without riders.
    pub fn is_pause(self) -> bool {
        matches!(self, Action::Break | Action::Change)
    }
}

impl PlanStop {
    /// Whether it can happen with `load` aboard afterwards.
    pub fn allows(&self, load: Load, capacity: Load) -> bool {
        load.fits(capacity) && !(self.action.is_pause() && load.people() > 0)
    }

    /// Energy that standing there takes: a van that pauses is switched off.
    pub fn standing_kwh(&self, battery: &BatterySpec) -> f64 {
        if self.action.is_pause() { 0.0 } else { battery.consumption.standing_kwh(self.dwell) }
    }

    /// Whose stop a bus's call or a driver's pause is.
    pub const NOBODY: RequestId = RequestId(u32::MAX);

    /// A bus's call at a node, which is over at `earliest`, or as soon as the bus is there after that.
    pub fn call(node: NodeId, earliest: Time) -> PlanStop {
        PlanStop {
            request: PlanStop::NOBODY,
            action: Action::Call,
            node,
            earliest,
            latest: Time::NEVER,
            promised: None,
            dwell: Time::ZERO,
            party: Load::default(),
            max_ride: None,
        }
    }

    /// Its party, of which this is the drop-off, is aboard at `boarded`: that turns the limit of its ride into a latest begin.
    pub fn boarded(&mut self, boarded: Time) {
        if let Some(max_ride) = self.max_ride.take() {
            let latest = boarded + max_ride;
            self.latest = self.latest.min(latest);
            self.promised = self.promised.map(|promised| promised.min(latest));
        }
    }

    /// Whether a disturbance has moved its limit to something later than what was promised.
    pub fn is_late(&self) -> bool {
        self.promised.is_some_and(|promised| self.latest > promised)
    }
}

/// "No path": loses every comparison with the length of a path, also after one was added. Two of them can be added.
pub(super) const NO_PATH: i32 = i32::MIN / 2;

/// The ordered stops ahead of a van and their schedule.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub(super) stops: Vec<PlanStop>,
    /// Earliest begin of service at each stop that keeps all limits, in milliseconds.
    pub(super) start: Vec<i32>,
    /// Latest begin of service that keeps all later limits.
    pub(super) latest: Vec<i32>,
    /// Driving and dwell time from the begin of stop 0 to the begin of stop k, without waiting.
    pub(super) prefix: Vec<i32>,
    /// Who is aboard after each stop; at a pause, who would be in the way of riding on.
    pub(super) aboard: Vec<Load>,
    /// Longest paths between stops, row by row, where a ride-time limit may bind; else empty.
    pub(super) paths: Vec<i32>,
    /// See [`Plan::energy_kwh`].
    pub(super) energy_kwh: f64,
}

impl Plan {
    /// The stops, in order.
    pub fn stops(&self) -> &[PlanStop] {
        &self.stops
    }

    /// Nothing ahead.
    pub fn is_empty(&self) -> bool {
        self.stops.is_empty()
    }

    /// Position of the last stop that is not a pause of the driver; `None`: the van is free.
    pub fn last_ride(&self) -> Option<usize> {
        self.stops.iter().rposition(|stop| !stop.action.is_pause())
    }

    /// How many calls of a bus are ahead.
    pub fn calls_ahead(&self) -> usize {
        self.stops.iter().filter(|stop| stop.action == Action::Call).count()
    }

    /// The next stop and when service begins there.
    pub fn first(&self) -> Option<(&PlanStop, Time)> {
        self.stops.first().map(|stop| (stop, Time(self.start[0])))
    }

    /// Begin of service at each stop.
    pub fn schedule(&self) -> impl Iterator<Item = Time> + '_ {
        self.start.iter().map(|&start| Time(start))
    }

    /// Latest begin of service at each stop that keeps all later limits.
    pub fn latest(&self) -> impl Iterator<Item = Time> + '_ {
        self.latest.iter().map(|&latest| Time(latest))
    }

    /// Who is aboard before stop `gap`, for a van with `load` aboard now.
    pub fn load_before(&self, gap: usize, load: Load) -> Load {
        match gap.checked_sub(1).map(|before| self.aboard[before]) {
            None => load,
            Some(aboard) if aboard.is_parcels_only() => Load { parcels: aboard.parcels, ..Load::default() },
            Some(aboard) => aboard,
        }
    }

    /// When the van has finished what comes before stop `gap`, for a van that is free at `ready`.
    pub fn free_at(&self, gap: usize, ready: Time) -> Time {
        if gap == 0 { ready } else { Time(self.start[gap - 1]) + self.stops[gap - 1].dwell }
    }

    /// Driving time from the first stop to the last, in milliseconds.
    pub fn drive_ms(&self) -> i32 {
        let stands: i32 = self.stops.iter().rev().skip(1).map(|stop| stop.dwell.0).sum();
        self.prefix.last().map_or(0, |prefix| prefix - stands)
    }

    /// Energy from the begin of service at the first stop to the end, return to the home depot included, kWh.
    pub fn energy_kwh(&self) -> f64 {
        self.energy_kwh
    }

    /// Energy that a van at `node` with `energy_kwh` in its battery would lack to do the plan and to be at the depot with its
    /// reserve; not positive if it suffices.
    pub fn missing_kwh(&self, node: NodeId, energy_kwh: f64, spec: &VanSpec, travel: &TravelTable) -> f64 {
        let Some(battery) = &spec.battery else { return f64::NEG_INFINITY };
        let to_first = self.stops.first().map(|stop| stop.node).or(spec.home).map_or(0.0, |first| {
            battery.consumption.driving_kwh(travel.length_m(node, first), travel.longest(travel.time(node, first)))
        });
        to_first + self.energy_kwh + battery.reserve_kwh - energy_kwh
    }

    /// Makes a plan of the given stops for a van at a position; `None` if they cannot all be kept. The battery is not
    /// looked at. O(n), O(n²) for each ride-time limit that may bind.
    pub fn new(stops: Vec<PlanStop>, at: Position, spec: &VanSpec, travel: &TravelTable) -> Option<Plan> {
        let mut plan = Plan { stops, ..Plan::default() };
        plan.schedule_stops(at, spec, travel).then_some(plan)
    }

    /// A plan of stops that a van has to make even where it cannot keep their limits, or those of its day; see [`Plan::delay`].
    pub fn late(stops: Vec<PlanStop>, at: &mut Position, spec: &VanSpec, travel: &TravelTable) -> Plan {
        let mut plan = Plan { stops, ..Plan::default() };
        plan.delay(at, spec, travel);
        plan
    }

    fn schedule_stops(&mut self, from: Position, spec: &VanSpec, travel: &TravelTable) -> bool {
        let mut load = from.load;
        let Plan { stops, start, latest, prefix, aboard, paths, energy_kwh } = self;
        let n = stops.len();
        let battery = spec.battery.as_ref();
        for list in [&mut *start, latest, prefix, paths] {
            list.clear();
        }
        aboard.clear();
        *energy_kwh = 0.0;
        let mut elapsed = 0;
        let mut within = true;
        for k in 0..n {
            let stop = &stops[k];
            if k > 0 {
                let before = &stops[k - 1];
                let drive = travel.time(before.node, stop.node);
                elapsed += before.dwell.0 + drive.0;
                if let Some(battery) = battery {
                    let length_m = travel.length_m(before.node, stop.node);
                    *energy_kwh += battery.consumption.driving_kwh(length_m, travel.longest(drive));
                }
            }
            if let Some(battery) = battery {
                *energy_kwh += stop.standing_kwh(battery);
            }
            prefix.push(elapsed);
            load = stop.action.load(load, stop.party);
            within &= stop.allows(load, spec.capacity);
            aboard.push(if stop.action.is_pause() { load.parcels_only() } else { load });
        }
        let Some(last) = stops.last() else { return true };
        let mut last_latest = last.latest;
        if let Some(home) = spec.home {
            let drive = travel.time(last.node, home);
            last_latest = last_latest.min(travel.latest(spec.shift_end + from.overtime, drive) - last.dwell);
            if let Some(battery) = battery {
                *energy_kwh += battery.consumption.driving_kwh(travel.length_m(last.node, home), travel.longest(drive));
            }
        }

        // Windows alone: one pass forwards, one backwards.
        let drive = |k: usize| Time(prefix[k] - prefix[k - 1]) - stops[k - 1].dwell;
        let mut at = travel.arrival(from.node, stops[0].node, from.ready);
        for k in 0..n {
            if k > 0 {
                at = travel.after(at + stops[k - 1].dwell, drive(k));
            }
            at = at.max(stops[k].earliest);
            start.push(at.0);
        }
        latest.resize(n, 0);
        let mut at = last_latest;
        for k in (0..n).rev() {
            if k + 1 < n {
                at = travel.latest(at, drive(k + 1)) - stops[k].dwell;
            }
            at = at.min(stops[k].latest);
            latest[k] = at.0;
        }
        if travel.has_traffic() {
            let kept = put_off(stops, start, drive, travel);
            return within && kept && start.iter().zip(latest.iter()).all(|(start, latest)| start <= latest);
        }

        // Ride-time limits that the windows do not imply: close the network under each of them in turn.
        for dropoff in 0..n {
            let Some((pickup, max_ride)) = binding_limit(stops, dropoff) else { continue };
            if paths.is_empty() {
                paths.extend((0..n * n).map(|cell| {
                    let (i, j) = (cell / n, cell % n);
                    if i <= j { prefix[j] - prefix[i] } else { NO_PATH }
                }));
            }
            let back = -(stops[pickup].dwell.0 + max_ride.0);
            if paths[pickup * n + dropoff] + back > 0 {
                return false;
            }
            let onward = paths[pickup * n..][..n].to_vec();
            for row in paths.chunks_exact_mut(n) {
                let there = row[dropoff];
                if there > NO_PATH / 2 {
                    row.iter_mut().zip(&onward).for_each(|(path, onward)| *path = (*path).max(there + back + onward));
                }
            }
        }
        if !paths.is_empty() {
            let (windows_start, windows_latest) = (start.clone(), latest.clone());
            for k in 0..n {
                start[k] = (0..n).map(|i| windows_start[i] + paths[i * n + k]).max().unwrap_or(0);
                latest[k] = (0..n).map(|j| windows_latest[j] - paths[k * n + j]).min().unwrap_or(0);
            }
        }
        within && start.iter().zip(latest.iter()).all(|(start, latest)| start <= latest)
    }

    /// The first stop has begun: takes it off the plan. The van will have finished there at `at`.
    pub fn advance(&mut self, at: Position, spec: &VanSpec, travel: &TravelTable) {
        self.begin_first(at.ready);
        let kept = self.schedule_stops(at, spec, travel);
        debug_assert!(kept, "a van on schedule keeps its plan");
    }

    /// Takes the first stop off, where the van stands until `done`; what is left has to be scheduled anew, by [`Plan::delay`].
    pub fn begin_first(&mut self, done: Time) {
        let first = self.stops.remove(0);
        if first.action == Action::Pickup {
            self.stops_of(first.request).for_each(|dropoff| dropoff.boarded(done));
        }
    }

    /// Something outside the plan has brought the van to where and when it is now: reschedules. A limit that cannot be kept any
    /// more is moved to the earliest that is possible, and one moved before goes back as far as it can; so is the end of the
    /// van's day, by the overtime of `at`. No limit is left with more room than it needs, so that nobody else's request makes
    /// it later still.
    pub fn delay(&mut self, at: &mut Position, spec: &VanSpec, travel: &TravelTable) {
        at.overtime = Time::ZERO;
        let limit = |stop: &mut PlanStop| {
            let late = stop.is_late();
            let limit = std::mem::replace(&mut stop.latest, Time::NEVER);
            if late { stop.promised.take().unwrap_or(limit) } else { limit }
        };
        let limits: Vec<Time> = self.stops.iter_mut().map(limit).collect();
        self.schedule_stops(*at, spec, travel);
        for (k, &limit) in limits.iter().enumerate() {
            let start = Time(self.start[k]);
            let too_long = ride_ahead(&self.stops, k)
                .is_some_and(|(pickup, most)| start - Time(self.start[pickup]) - self.stops[pickup].dwell > most);
            let stop = &mut self.stops[k];
            stop.latest = limit.max(start);
            if too_long {
                // In this traffic, no waiting before the ride makes it short enough.
                (stop.max_ride, stop.latest) = (None, stop.latest.max(limit + Time(1)));
            }
            if stop.latest > limit {
                stop.promised.get_or_insert(limit);
            }
        }
        if let Some(home) = spec.home {
            let free = self.free_at(self.stops.len(), at.ready);
            let last = self.stops.last().map_or(at.node, |stop| stop.node);
            at.overtime = (travel.arrival(last, home, free) - spec.shift_end).max(Time::ZERO);
        }
        let kept = self.schedule_stops(*at, spec, travel);
        debug_assert!(kept, "limits that were moved are kept");
    }

    /// Takes a party's stops off the plan; those of others have to be scheduled anew, by [`Plan::delay`].
    pub fn strike(&mut self, request: RequestId) {
        self.stops.retain(|stop| stop.request != request);
    }

    /// A party's stops ahead: its pick-up, unless it is aboard, and its drop-off.
    pub fn stops_of(&mut self, request: RequestId) -> impl Iterator<Item = &mut PlanStop> {
        self.stops.iter_mut().filter(move |stop| stop.request == request)
    }

    /// Whether a party has to stay with this van, since a disturbance has broken its promise or its ride.
    pub fn stays(&self, request: RequestId) -> bool {
        self.stops.iter().any(|stop| stop.request == request && stop.promised.is_some())
    }
}

/// The pick-up's index and the limit of a drop-off's ride time, if its pick-up is ahead and the windows of the two do not
/// keep the limit by themselves.
fn binding_limit(stops: &[PlanStop], dropoff: usize) -> Option<(usize, Time)> {
    let stop = &stops[dropoff];
    let (pickup, max_ride) = ride_ahead(stops, dropoff)?;
    let (boarding, alighting) = (&stops[pickup], stop);
    may_exceed(boarding.earliest + boarding.dwell, alighting.latest, max_ride).then_some((pickup, max_ride))
}

/// The pick-up's index and the limit of a drop-off's ride time, if its pick-up is ahead.
fn ride_ahead(stops: &[PlanStop], dropoff: usize) -> Option<(usize, Time)> {
    let stop = &stops[dropoff];
    let max_ride = stop.max_ride?;
    let pickup = stops[..dropoff].iter().position(|other| other.request == stop.request)?;
    Some((pickup, max_ride))
}

/// Keeps ride-time limits in traffic: puts off a pick-up for as long as its ride would be too long, and what comes after it, and
/// again, until nothing changes; the earliest begins that keep all of them, since a drive begun later never ends earlier.
/// `false` if there are none within the limits, or they have not been found in [`MOST_DELAYS`] steps.
fn put_off(stops: &[PlanStop], start: &mut [i32], drive: impl Fn(usize) -> Time, travel: &TravelTable) -> bool {
    for _ in 0..MOST_DELAYS {
        let too_long = (0..stops.len()).find_map(|dropoff| {
            let (pickup, max_ride) = binding_limit(stops, dropoff)?;
            let least = start[dropoff] - max_ride.0 - stops[pickup].dwell.0;
            (start[pickup] < least).then_some((pickup, least))
        });
        let Some((pickup, least)) = too_long else { return true };
        start[pickup] = least;
        for k in pickup + 1..stops.len() {
            let at = travel.after(Time(start[k - 1]) + stops[k - 1].dwell, drive(k));
            start[k] = start[k].max(at.0);
        }
        if start.iter().zip(stops).any(|(&start, stop)| start > stop.latest.0) {
            return false;
        }
    }
    false
}

/// A ride that this many delays have not made short enough is one that traffic makes too long.
const MOST_DELAYS: u32 = 10_000;

/// Whether a ride between the earliest end of boarding and the latest begin of alighting can be longer than its limit.
pub(super) fn may_exceed(boarded: Time, latest_dropoff: Time, max_ride: Time) -> bool {
    latest_dropoff - boarded > max_ride
}
