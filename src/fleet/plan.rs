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
            dwell: Time::ZERO,
            party: Load::default(),
            max_ride: None,
        }
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
            last_latest = last_latest.min(spec.shift_end - last.dwell - drive);
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
        let done = self.stops.remove(0);
        if done.action == Action::Pickup {
            let dropoff = self.stops.iter_mut().find(|stop| stop.request == done.request);
            if let Some(stop) = dropoff
                && let Some(max_ride) = stop.max_ride.take()
            {
                stop.latest = stop.latest.min(at.ready + max_ride);
            }
        }
        let kept = self.schedule_stops(at, spec, travel);
        debug_assert!(kept, "a van on schedule keeps its plan");
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
