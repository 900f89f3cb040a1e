//! The plan of one van: its stops and their schedule.

use serde::Serialize;

use super::{Load, Position, VanSpec};
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
            Action::Call => load,
        }
    }
}

impl PlanStop {
    /// Whose stop a bus's call is.
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

/// "No path": loses every comparison with the length of a path.
pub(super) const NO_PATH: i32 = i32::MIN / 4;

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
    /// Who is aboard after each stop.
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
        if gap == 0 { load } else { self.aboard[gap - 1] }
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
            battery.consumption.driving_kwh(travel.length_m(node, first), travel.time(node, first))
        });
        to_first + self.energy_kwh + battery.reserve_kwh - energy_kwh
    }

    /// Makes a plan of the given stops for a van at a position; `None` if they cannot all be kept. The battery is not
    /// looked at. O(n), O(n²) for each ride-time limit that may bind.
    pub fn new(stops: Vec<PlanStop>, at: Position, spec: &VanSpec, travel: &TravelTable) -> Option<Plan> {
        let mut plan = Plan { stops, ..Plan::default() };
        plan.schedule_stops(at, spec, travel).then_some(plan)
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
                    *energy_kwh += battery.consumption.driving_kwh(length_m, drive);
                }
            }
            if let Some(battery) = battery {
                *energy_kwh += battery.consumption.standing_kwh(stop.dwell);
            }
            prefix.push(elapsed);
            load = stop.action.load(load, stop.party);
            within &= load.fits(spec.capacity);
            aboard.push(load);
        }
        let Some(last) = stops.last() else { return true };
        let mut last_latest = last.latest;
        if let Some(home) = spec.home {
            let drive = travel.time(last.node, home);
            last_latest = last_latest.min(spec.shift_end + from.overtime - last.dwell - drive);
            if let Some(battery) = battery {
                *energy_kwh += battery.consumption.driving_kwh(travel.length_m(last.node, home), drive);
            }
        }

        // Windows alone: one pass forwards, one backwards.
        let mut at = from.ready.0 + travel.time(from.node, stops[0].node).0;
        for k in 0..n {
            if k > 0 {
                at += prefix[k] - prefix[k - 1];
            }
            at = at.max(stops[k].earliest.0);
            start.push(at);
        }
        latest.resize(n, 0);
        let mut at = last_latest.0;
        for k in (0..n).rev() {
            if k + 1 < n {
                at -= prefix[k + 1] - prefix[k];
            }
            at = at.min(stops[k].latest.0);
            latest[k] = at;
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
            for i in 0..n {
                let there = paths[i * n + dropoff];
                for j in 0..n {
                    let onward = paths[pickup * n + j];
                    if there != NO_PATH && onward != NO_PATH {
                        paths[i * n + j] = paths[i * n + j].max(there + back + onward);
                    }
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
        for stop in self.stops.iter_mut().filter(|stop| stop.is_late()) {
            stop.latest = stop.promised.take().unwrap_or(stop.latest);
        }
        self.schedule_stops(*at, spec, travel);
        // Earliest begins do not depend on latest ones.
        for (stop, &start) in self.stops.iter_mut().zip(&self.start) {
            if start > stop.latest.0 {
                stop.promised.get_or_insert(stop.latest);
                stop.latest = Time(start);
            }
        }
        if let Some(home) = spec.home {
            let free = self.free_at(self.stops.len(), at.ready);
            let last = self.stops.last().map_or(at.node, |stop| stop.node);
            at.overtime = (free + travel.time(last, home) - spec.shift_end).max(Time::ZERO);
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
    let max_ride = stop.max_ride?;
    let pickup = stops[..dropoff].iter().position(|other| other.request == stop.request)?;
    let (boarding, alighting) = (&stops[pickup], stop);
    may_exceed(boarding.earliest + boarding.dwell, alighting.latest, max_ride).then_some((pickup, max_ride))
}

/// Whether a ride between the earliest end of boarding and the latest begin of alighting can be longer than its limit.
pub(super) fn may_exceed(boarded: Time, latest_dropoff: Time, max_ride: Time) -> bool {
    latest_dropoff - boarded > max_ride
}
