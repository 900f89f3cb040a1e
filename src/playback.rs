//! The log made visible: where every van is, what it does and what its battery holds, at any time of the day, forwards or
//! backwards.
//!
//! Each van has a *track*: keys in the order of time, each of which holds until the next. [`Playback::seek`] finds every
//! van's key by bisection between two entries of a coarse index by time: O(vans x log rows), in practice a few steps for
//! each van, wherever the last seek was. Between the two rows of a road section a van has driven the same share of its way
//! as of its time.
//!
//! What a van does follows from the last row: it boards while the party of a `pickup` or `dropoff` takes its dwell time,
//! and also as long as it stands with riders aboard; a van that stands empty is idle, even if it is early for its next
//! rider. Energy changes linearly while driving, boarding and charging, and stands still otherwise.
//!
//! Places are `[lng, lat]` in degrees. Nothing here enters the log or a report, so `geo`'s bearings may differ in their
//! last bits between targets. A log that does not fit the scenario shows nonsense, but never panics: where the roads have
//! no section between two rows, the van stands still.

use std::collections::HashMap;
use std::ops::Range;

use geo::{Bearing, Haversine, Point};
use serde::{Deserialize, Serialize};

use crate::demand::cells::{self, CellQuery, Cells};
use crate::log::{Answer, Event, Flow, Limit, Log, Row, Unit};
use crate::math;
use crate::roads::Roads;
use crate::scenario::{Scenario, Stop};
use crate::units::{NodeId, RequestId, StopId, Time, VehicleId};

/// What a van does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum VanState {
    /// Its day has not begun or is over.
    OffShift = 0,
    /// It stands empty.
    Idle = 1,
    /// It drives without riders.
    Empty = 2,
    /// It drives with riders.
    Riders = 3,
    /// Riders get on or off, or wait aboard.
    Boarding = 4,
    /// It charges, or gives energy back.
    Charging = 5,
}

/// One request and what became of it. Times are in seconds from midnight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Ride {
    /// Id of the request.
    pub request: u32,
    /// When the call was received.
    pub known_s: f64,
    /// The pick-up time asked for.
    pub earliest_s: f64,
    /// Where it begins: index of the stop.
    pub origin: u32,
    /// Where it ends: index of the stop.
    pub destination: u32,
    /// Where the party gets on, if it walks there: index of the stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub board: Option<u32>,
    /// Where it gets off, if it walks on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub alight: Option<u32>,
    /// Time to walk to where it gets on, seconds; 0 without.
    pub walk_to_s: f64,
    /// Time to walk from where it gets off.
    pub walk_from_s: f64,
    /// Passengers, those in wheelchairs not counted.
    pub passengers: u32,
    /// Passengers in wheelchairs.
    pub wheelchairs: u32,
    /// Parcels.
    pub parcels: u32,
    /// Driving time from origin to destination without a detour, seconds.
    pub direct_s: f64,
    /// The party was brought to its destination.
    pub served: bool,
    /// The van that took the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub vehicle: Option<u32>,
    /// When the party began to get on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub pickup_s: Option<f64>,
    /// When the party began to get off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub dropoff_s: Option<f64>,
    /// Earliest pick-up promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub promised_from_s: Option<f64>,
    /// Latest pick-up promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub promised_until_s: Option<f64>,
    /// Another party was aboard on some part of the way.
    pub shared: bool,
    /// If refused: the limit that the nearest miss broke.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub limit: Option<Limit>,
    /// If refused: the van that came closest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub nearest: Option<u32>,
    /// If refused: by how much the limit was missed, in the limit's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub missed_by: Option<f64>,
}

/// All requests of the day, by id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Rides {
    /// The rides.
    pub rides: Vec<Ride>,
}

/// What lies ahead of a van.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PlanView {
    /// Stops for the requests that the van has accepted by now, in order.
    pub stops: Vec<PlannedStop>,
    /// The way that it will drive from where it is to the last of them. As it came to be: calls still unknown may lead
    /// it round.
    pub path: Vec<[f64; 2]>,
}

/// One stop ahead of a van.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct PlannedStop {
    /// Id of the request.
    pub request: u32,
    /// What happens there.
    pub kind: StopKind,
    /// Index of the stop.
    pub stop: u32,
    /// When, in seconds from midnight.
    pub time_s: f64,
}

/// What happens at a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum StopKind {
    /// The party gets on.
    Pickup,
    /// The party gets off.
    Dropoff,
}

/// A log that can be looked at, at any time.
pub struct Playback {
    stops: Vec<[f64; 2]>,
    capacity_kwh: Vec<Option<f64>>,
    /// Keys of van `v`: `first[v]..first[v + 1]` of `times` and `keys`.
    first: Vec<usize>,
    times: Vec<Time>,
    keys: Vec<Key>,
    index: Index,
    shapes: Shapes,
    /// Pick-ups and drop-offs of each van, in the order of time.
    visits: Vec<Vec<Visit>>,
    rides: Vec<Ride>,
    calls: Vec<Call>,
    begin: Time,
    end: Time,
    now: Now,
}

/// What holds from a time on, until the van's next key.
#[derive(Clone, Copy)]
struct Key {
    state: VanState,
    load: u8,
    motion: Motion,
    energy_kwh: f64,
    /// Energy when the next key begins.
    then_kwh: f64,
}

#[derive(Clone, Copy)]
enum Motion {
    Stands {
        place: [f64; 2],
        heading: f32,
    },
    /// Along a shape, by its index.
    Drives(u32),
}

#[derive(Clone, Copy)]
struct Visit {
    time: Time,
    request: RequestId,
    kind: StopKind,
    /// Index of the stop.
    stop: u32,
}

/// When a request becomes a waiting rider, and until when.
#[derive(Clone, Copy)]
struct Call {
    accepted: Time,
    earliest: Time,
    pickup: Time,
}

/// The vans at the time last sought, one element each (positions: two).
struct Now {
    time: Time,
    /// Index of each van's key.
    keys: Vec<usize>,
    positions: Vec<f64>,
    headings: Vec<f32>,
    states: Vec<u8>,
    loads: Vec<u8>,
    charge: Vec<f32>,
}

impl Playback {
    /// Prepares a log of this scenario. O(rows).
    pub fn new(scenario: &Scenario, log: Log) -> Playback {
        let roads = Roads::new(&scenario.network);
        let vans = scenario.vehicles().len();
        let node_place = |node: u32| scenario.network.nodes.get(node as usize).map(|node| [node.lng, node.lat]);
        let mut playback = Playback {
            stops: scenario.stops.iter().map(|stop| node_place(stop.node).unwrap_or_default()).collect(),
            capacity_kwh: scenario.vehicles().iter().map(|v| Some(v.battery.as_ref()?.capacity_kwh)).collect(),
            first: vec![0],
            times: Vec::new(),
            keys: Vec::new(),
            index: Index::default(),
            shapes: Shapes::default(),
            visits: vec![Vec::new(); vans],
            rides: rides(&log, &scenario.stops),
            calls: log
                .requests
                .iter()
                .map(|r| Call { accepted: Time::NEVER, earliest: r.earliest, pickup: Time::NEVER })
                .collect(),
            begin: Time::ZERO,
            end: Time::ZERO,
            now: Now {
                time: Time::ZERO,
                keys: vec![0; vans],
                positions: vec![0.0; 2 * vans],
                headings: vec![0.0; vans],
                states: vec![0; vans],
                loads: vec![0; vans],
                charge: vec![f32::NAN; vans],
            },
        };
        if let (Some(first), Some(last)) = (log.rows.first(), log.rows.last()) {
            let minute = |time: i32| Time(time.saturating_sub(time.rem_euclid(Time::MINUTE.0)));
            playback.begin = minute(first.time.0);
            playback.end = minute(last.time.0.saturating_add(Time::MINUTE.0 - 1));
        }
        for row in log.rows.iter().filter(|row| row.event == Event::Accept) {
            if let Some(call) = row.request.and_then(|request| playback.calls.get_mut(request.index())) {
                call.accepted = row.time;
            }
        }
        let mut rows_of: Vec<Vec<&Row>> = vec![Vec::new(); vans];
        for row in log.van_rows() {
            if let Some(rows) = row.vehicle.and_then(|vehicle| rows_of.get_mut(vehicle.index())) {
                rows.push(row);
            }
        }
        for (van, (rows, vehicle)) in rows_of.iter().zip(scenario.vehicles()).enumerate() {
            playback.visit(van, rows);
            let depot = scenario.depots.iter().find(|depot| Some(&depot.id) == vehicle.depot.as_ref());
            let home = vehicle.start_node.or(depot.map(|depot| depot.node)).and_then(node_place).unwrap_or_default();
            let full_kwh = vehicle.battery.as_ref().map_or(0.0, |b| b.initial_soc * b.capacity_kwh);
            playback.track(rows, &log, &roads, home, full_kwh);
        }
        playback.index = Index::new(&playback.times, &playback.first, playback.begin, playback.end);
        playback.seek(playback.begin);
        playback
    }

    /// Number of vans.
    pub fn vans(&self) -> usize {
        self.capacity_kwh.len()
    }

    /// The whole minute at or before the log's first row.
    pub fn begin(&self) -> Time {
        self.begin
    }

    /// The whole minute at or after the log's last row.
    pub fn end(&self) -> Time {
        self.end
    }

    /// Goes to a time; all that follows speaks of it.
    pub fn seek(&mut self, time: Time) {
        let now = &mut self.now;
        now.time = time;
        for van in 0..now.keys.len() {
            let end = self.first[van + 1];
            let at = self.index.find(&self.times, van, time);
            now.keys[van] = at;
            let key = self.keys[at];
            let share = share(&self.times[at..end], time);
            let (place, heading) = match key.motion {
                Motion::Stands { place, heading } => (place, heading),
                Motion::Drives(shape) => self.shapes.at(shape, share),
            };
            now.positions[2 * van..2 * van + 2].copy_from_slice(&place);
            now.headings[van] = heading;
            now.states[van] = key.state as u8;
            now.loads[van] = key.load;
            if let Some(capacity_kwh) = self.capacity_kwh[van] {
                let energy_kwh = key.energy_kwh + share * (key.then_kwh - key.energy_kwh);
                now.charge[van] = (energy_kwh / capacity_kwh) as f32;
            }
        }
    }

    /// Longitude and latitude of each van.
    pub fn positions(&self) -> &[f64] {
        &self.now.positions
    }

    /// Direction that each van looks in, degrees clockwise from north; standing, as it arrived.
    pub fn headings(&self) -> &[f32] {
        &self.now.headings
    }

    /// What each van does, as [`VanState`]s.
    pub fn states(&self) -> &[u8] {
        &self.now.states
    }

    /// People aboard each van.
    pub fn loads(&self) -> &[u8] {
        &self.now.loads
    }

    /// State of charge of each van between 0 and 1, NaN without a battery.
    pub fn charge(&self) -> &[f32] {
        &self.now.charge
    }

    /// Ids of the requests that have been promised a ride, are ready, and wait. O(requests).
    pub fn waiting(&self) -> Vec<u32> {
        let time = self.now.time;
        let waits = |call: &Call| call.accepted <= time && call.earliest <= time && time < call.pickup;
        self.calls.iter().zip(0..).filter(|(call, _)| waits(call)).map(|(_, request)| request).collect()
    }

    /// What lies ahead of a van; empty if there is no such van.
    pub fn plan(&self, van: VehicleId) -> PlanView {
        let time = self.now.time;
        let Some(visits) = self.visits.get(van.index()) else { return PlanView::default() };
        let ahead = &visits[visits.partition_point(|visit| visit.time <= time)..];
        let known = ahead.iter().filter(|visit| self.calls[visit.request.index()].accepted <= time);
        let stops: Vec<PlannedStop> = known.map(|visit| self.planned(visit)).collect();
        let Some(last) = stops.last() else { return PlanView::default() };
        PlanView { path: self.path(van, Time::from_s(last.time_s)), stops }
    }

    /// State of charge of a van over the day, as time in seconds, state, time, state, … with straight lines between; empty
    /// without a battery.
    pub fn charge_series(&self, van: VehicleId) -> Vec<f64> {
        let Some(capacity_kwh) = self.capacity_kwh.get(van.index()).copied().flatten() else { return Vec::new() };
        // The first key stands for the time before the log.
        let range = self.first[van.index()] + 1..self.first[van.index() + 1];
        let mut series = Vec::with_capacity(2 * range.len());
        for at in range.clone() {
            series.extend([self.times[at].s(), self.keys[at].energy_kwh / capacity_kwh]);
            let then_kwh = self.keys[at].then_kwh;
            if at + 1 < range.end && then_kwh != self.keys[at + 1].energy_kwh {
                series.extend([self.times[at + 1].s(), then_kwh / capacity_kwh]);
            }
        }
        series
    }

    /// All requests and what became of them.
    pub fn rides(&self) -> Rides {
        Rides { rides: self.rides.clone() }
    }

    /// Requests counted by hexagon.
    pub fn cells(&self, query: CellQuery) -> Cells {
        cells::cells(query, &self.rides, |stop: StopId| {
            let [lng, lat] = self.stops.get(stop.index()).copied().unwrap_or_default();
            (lat, lng)
        })
    }

    fn planned(&self, visit: &Visit) -> PlannedStop {
        PlannedStop { request: visit.request.0, kind: visit.kind, stop: visit.stop, time_s: visit.time.s() }
    }

    /// The way from where a van is to where it is at `until`.
    fn path(&self, van: VehicleId, until: Time) -> Vec<[f64; 2]> {
        let here = self.now.keys[van.index()];
        let range = here..self.first[van.index() + 1];
        let mut path = vec![[self.now.positions[2 * van.index()], self.now.positions[2 * van.index() + 1]]];
        for at in range.clone().take_while(|&at| self.times[at] < until) {
            if let Motion::Drives(shape) = self.keys[at].motion {
                let driven = if at == here { share(&self.times[at..range.end], self.now.time) } else { 0.0 };
                path.extend(self.shapes.beyond(shape, driven));
            }
        }
        path
    }

    /// Takes down a van's pick-ups and drop-offs, and what follows from them for the requests.
    fn visit(&mut self, van: usize, rows: &[&Row]) {
        let mut aboard: Vec<RequestId> = Vec::new();
        for row in rows {
            if matches!(row.event, Event::Depart | Event::Pass) && aboard.len() > 1 {
                for request in &aboard {
                    self.rides[request.index()].shared = true;
                }
            }
            let Some(request) = row.request.filter(|request| request.index() < self.rides.len()) else { continue };
            let (ride, call) = (&mut self.rides[request.index()], &mut self.calls[request.index()]);
            let kind = match row.event {
                Event::Pickup => {
                    aboard.push(request);
                    // Who changes vans on the way is picked up twice.
                    if ride.pickup_s.is_none() {
                        ride.pickup_s = Some(row.time.s());
                        call.pickup = row.time;
                    }
                    StopKind::Pickup
                }
                Event::Dropoff => {
                    aboard.retain(|&other| other != request);
                    ride.dropoff_s = Some(row.time.s());
                    ride.served = true;
                    StopKind::Dropoff
                }
                Event::Transfer => {
                    aboard.retain(|&other| other != request);
                    continue;
                }
                _ => continue,
            };
            let stop = match kind {
                StopKind::Pickup => ride.board.unwrap_or(ride.origin),
                StopKind::Dropoff => ride.alight.unwrap_or(ride.destination),
            };
            self.visits[van].push(Visit { time: row.time, request, kind, stop });
        }
    }

    /// Appends a van's keys. It is at `home` with `energy_kwh` until its first row.
    fn track(&mut self, rows: &[&Row], log: &Log, roads: &Roads, home: [f64; 2], energy_kwh: f64) {
        let on_roads = |node: NodeId| node.index() < roads.node_count();
        let mut place = rows.first().filter(|row| on_roads(row.node)).map_or(home, |row| lng_lat(roads, row.node));
        let mut heading = 0.0;
        let mut on_shift = false;
        let van = rows.first().and_then(|row| row.vehicle);
        let own = log.flows.iter().filter(|flow| van.is_some_and(|van| flow.unit == Unit::Van(van)));
        let flows: Vec<Flow> = own.copied().collect();
        let (mut plugged, mut flow) = (false, 0);
        let energy_kwh = rows.first().map_or(energy_kwh, |row| row.energy_kwh);
        let stands = Motion::Stands { place, heading };
        let before = Key { state: VanState::OffShift, load: 0, motion: stands, energy_kwh, then_kwh: energy_kwh };
        self.push(Time(i32::MIN), before);
        for (row, next) in rows.iter().zip((1..).map(|index| rows.get(index))) {
            on_shift = (on_shift || row.event == Event::ShiftStart) && row.event != Event::ShiftEnd;
            let (state, resting) = states(row, on_shift);
            if on_roads(row.node) {
                place = lng_lat(roads, row.node);
            }
            let drives = matches!(row.event, Event::Depart | Event::Pass);
            let boards = matches!(row.event, Event::Pickup | Event::Dropoff);
            let shape = next
                .filter(|next| drives && on_roads(row.node) && on_roads(next.node))
                .and_then(|next| self.shapes.of_arc(roads, row.node, next.node));
            let motion = shape.map_or(Motion::Stands { place, heading }, Motion::Drives);
            heading = shape.map_or(heading, |shape| self.shapes.at(shape, 1.0).1);
            plugged = match row.event {
                Event::Plug => true,
                Event::Unplug | Event::Depart | Event::Pass => false,
                _ => plugged,
            };
            if plugged && !flows.is_empty() {
                let until = next.map_or(Time::NEVER, |next| next.time);
                while flows.get(flow + 1).is_some_and(|after| after.time <= row.time) {
                    flow += 1;
                }
                let mut from = (row.time, row.energy_kwh);
                loop {
                    let (site_kw, stored_kw) = match flows[flow] {
                        flow if flow.time <= from.0 && flow.plugged => (flow.site_kw, flow.stored_kw),
                        _ => (0.0, 0.0),
                    };
                    let after = flows.get(flow + 1).filter(|after| after.time < until && after.plugged);
                    let end = after.map_or(until, |after| after.time);
                    let then_kwh = match (after, next) {
                        (Some(after), _) => after.energy_kwh,
                        (None, Some(next)) => next.energy_kwh,
                        (None, None) => from.1,
                    };
                    let state = if site_kw == 0.0 || stored_kw == 0.0 { resting } else { VanState::Charging };
                    let motion = Motion::Stands { place, heading };
                    self.push(from.0, Key { state, load: 0, motion, energy_kwh: from.1, then_kwh });
                    let Some(after) = after else { break };
                    from = (end, after.energy_kwh);
                    flow += 1;
                }
                continue;
            }
            let changing = next.filter(|_| drives || boards || row.event == Event::Plug);
            let then_kwh = changing.map_or(row.energy_kwh, |next| next.energy_kwh);
            let key = Key { state, load: row.load.min(255) as u8, motion, energy_kwh: row.energy_kwh, then_kwh };
            self.push(row.time, key);
            // Once everybody is on or off, the van rests until its next row.
            let dwell =
                row.request.and_then(|request| log.requests.get(request.index())).map_or(Time::ZERO, |r| r.dwell);
            let free = Time(row.time.0.saturating_add(dwell.0));
            if boards && next.is_none_or(|next| free < next.time) {
                self.push(free, Key { state: resting, energy_kwh: then_kwh, ..key });
            }
        }
        self.first.push(self.keys.len());
    }

    fn push(&mut self, time: Time, key: Key) {
        self.times.push(time);
        self.keys.push(key);
    }
}

/// What a van does from a row on, and what once it has done that.
fn states(row: &Row, on_shift: bool) -> (VanState, VanState) {
    let resting = match (row.load, on_shift) {
        (0, true) => VanState::Idle,
        (0, false) => VanState::OffShift,
        _ => VanState::Boarding,
    };
    let state = match row.event {
        Event::Depart | Event::Pass if row.load > 0 => VanState::Riders,
        Event::Depart | Event::Pass => VanState::Empty,
        Event::Pickup | Event::Dropoff | Event::Wait => VanState::Boarding,
        Event::Plug => VanState::Charging,
        Event::ShiftStart | Event::ShiftEnd | Event::Arrive | Event::Unplug => resting,
        Event::NoShow | Event::Breakdown | Event::Repaired | Event::Transfer | Event::Stuck | Event::Freed => resting,
        Event::BreakStart | Event::BreakEnd => resting,
        Event::Request | Event::Accept | Event::Refuse | Event::Reassign | Event::Late => resting,
    };
    (state, resting)
}

fn lng_lat(roads: &Roads, node: NodeId) -> [f64; 2] {
    let (lat, lng) = roads.position(node);
    [lng, lat]
}

/// The requests of a log with their answers; rows will tell the rest.
fn rides(log: &Log, stops: &[Stop]) -> Vec<Ride> {
    let ride = |(id, request): (u32, &crate::demand::Request)| {
        let mut ride = Ride {
            request: id,
            known_s: request.known.s(),
            earliest_s: request.earliest.s(),
            origin: request.origin.0,
            destination: request.destination.0,
            board: None,
            alight: None,
            walk_to_s: 0.0,
            walk_from_s: 0.0,
            passengers: request.party.seats,
            wheelchairs: request.party.wheelchairs,
            parcels: request.party.parcels,
            direct_s: request.direct.s(),
            served: false,
            vehicle: None,
            pickup_s: None,
            dropoff_s: None,
            promised_from_s: None,
            promised_until_s: None,
            shared: false,
            limit: None,
            nearest: None,
            missed_by: None,
        };
        match log.answers.get(id as usize).copied().flatten() {
            None => {}
            Some(Answer::Promised { vehicle, from, until }) => {
                ride.vehicle = Some(vehicle.0);
                ride.promised_from_s = Some(from.s());
                ride.promised_until_s = Some(until.s());
            }
            Some(Answer::Refused { limit, nearest, by }) => {
                ride.limit = Some(limit);
                ride.nearest = nearest.map(|vehicle| vehicle.0);
                ride.missed_by = Some(by);
            }
        }
        ride
    };
    let mut rides: Vec<Ride> = (0..).zip(&log.requests).map(ride).collect();
    for walk in &log.walks {
        let Some(ride) = rides.get_mut(walk.request.index()) else { continue };
        let asked = &log.requests[walk.request.index()];
        let stop =
            |node: NodeId, own| (node != own).then(|| stops.iter().position(|stop| stop.node == node.0)).flatten();
        ride.board = stop(walk.board, asked.origin_node).map(|index| index as u32);
        ride.alight = stop(walk.alight, asked.destination_node).map(|index| index as u32);
        (ride.walk_to_s, ride.walk_from_s) = (walk.to.s(), walk.from.s());
    }
    rides
}

/// Where each van is in its track at every 1/[`Index::STEPS`] of the day.
#[derive(Default)]
struct Index {
    begin: Time,
    /// Milliseconds of a step.
    step: i64,
    /// For each van `STEPS + 1` keys: the one at the begin of each step, and the last one.
    keys: Vec<usize>,
}

impl Index {
    /// Steps of some eight minutes, in which a van has a handful of keys.
    const STEPS: usize = 128;

    fn new(times: &[Time], first: &[usize], begin: Time, end: Time) -> Index {
        let step = (i64::from(end.0) - i64::from(begin.0)) / Index::STEPS as i64 + 1;
        let mut keys = Vec::with_capacity((first.len() - 1) * (Index::STEPS + 1));
        for range in first.windows(2).map(|pair| pair[0]..pair[1]) {
            let mut at = range.start;
            for count in 0..Index::STEPS as i64 {
                // Seeking before the begin ends up in the first step, so that begins with the van's first key.
                while count > 0 && at + 1 < range.end && i64::from(times[at + 1].0) <= i64::from(begin.0) + count * step
                {
                    at += 1;
                }
                keys.push(at);
            }
            keys.push(range.end - 1);
        }
        Index { begin, step, keys }
    }

    /// The last of a van's keys that is not after `time`; a track's first key is before all time.
    fn find(&self, times: &[Time], van: usize, time: Time) -> usize {
        let count = (i64::from(time.0) - i64::from(self.begin.0)) / self.step;
        let count = count.clamp(0, Index::STEPS as i64 - 1) as usize;
        let keys = &self.keys[van * (Index::STEPS + 1)..];
        keys[count] + times[keys[count] + 1..=keys[count + 1]].partition_point(|&other| other <= time)
    }
}

/// How much of the time from a van's key (the first of `times`) to its next one has passed; 0 if there is none.
fn share(times: &[Time], time: Time) -> f64 {
    let &[from, to, ..] = times else { return 0.0 };
    let (from, to) = (f64::from(from.0), f64::from(to.0));
    if to > from { ((f64::from(time.0) - from) / (to - from)).clamp(0.0, 1.0) } else { 0.0 }
}

/// Lines to drive along, all in one place.
#[derive(Default)]
struct Shapes {
    by_arc: HashMap<(NodeId, NodeId), Option<u32>>,
    /// Points of shape `s`: `ranges[s]` of the rest.
    ranges: Vec<Range<usize>>,
    points: Vec<[f64; 2]>,
    /// Metres from the shape's beginning.
    along_m: Vec<f64>,
    /// Direction from here to the next point.
    headings: Vec<f32>,
}

impl Shapes {
    /// The shape of the road section between two nodes, if there is one.
    fn of_arc(&mut self, roads: &Roads, from: NodeId, to: NodeId) -> Option<u32> {
        if let Some(&known) = self.by_arc.get(&(from, to)) {
            return known;
        }
        let shape = roads.arc(from, to).map(|_| self.add(roads.path_shape(from, to)));
        self.by_arc.insert((from, to), shape);
        shape
    }

    fn add(&mut self, mut points: Vec<[f64; 2]>) -> u32 {
        // Equal neighbours have no direction.
        points.dedup();
        let start = self.points.len();
        let mut along_m = 0.0;
        for (index, &point) in points.iter().enumerate() {
            let next = points.get(index + 1);
            let heading = match next {
                Some(next) => Haversine.bearing(Point::from(point), Point::from(*next)) as f32,
                None => self.headings[start..].last().copied().unwrap_or(0.0),
            };
            self.points.push(point);
            self.along_m.push(along_m);
            self.headings.push(heading);
            along_m += next.map_or(0.0, |next| math::distance_m((point[1], point[0]), (next[1], next[0])));
        }
        self.ranges.push(start..self.points.len());
        self.ranges.len() as u32 - 1
    }

    /// Place and direction after a share of a shape's length.
    fn at(&self, shape: u32, share: f64) -> ([f64; 2], f32) {
        let (at, part) = self.find(shape, share);
        let ([lng, lat], heading) = (self.points[at], self.headings[at]);
        if part == 0.0 {
            return ([lng, lat], heading);
        }
        let [next_lng, next_lat] = self.points[at + 1];
        ([lng + part * (next_lng - lng), lat + part * (next_lat - lat)], heading)
    }

    /// The points of a shape after a share of its length.
    fn beyond(&self, shape: u32, share: f64) -> &[[f64; 2]] {
        let (at, _) = self.find(shape, share);
        &self.points[at + 1..self.ranges[shape as usize].end]
    }

    /// The point passed last, and the part driven of the way to the next one (0 at the end of the shape).
    fn find(&self, shape: u32, share: f64) -> (usize, f64) {
        let Range { start, end } = self.ranges[shape as usize];
        let along = &self.along_m[start..end];
        let driven = share * along[along.len() - 1];
        let at = along.partition_point(|&metres| metres <= driven).max(1) - 1;
        match along.get(at + 1) {
            Some(next) => (start + at, (driven - along[at]) / (next - along[at])),
            None => (start + at, 0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand;
    use crate::demand::cells::RideEnd;
    use crate::fleet::Load;
    use crate::rng::Rng;
    use crate::scenario::Channel;

    /// Two rides in the village. The van fetches one rider at b and two at c, one of them in a wheelchair, brings all to d,
    /// waits there, goes home and charges; a third request is refused meanwhile. The road from b to c bends at [`BEND`].
    fn day() -> (Scenario, Log) {
        let mut scenario = Scenario::village();
        scenario.network.edges[1].shape = vec![BEND];
        let request = |known, origin, destination, party: Load, dwell| demand::Request {
            channel: Channel::App,
            called: Time::from_s(known),
            known: Time::from_s(known),
            earliest: Time::from_s(known),
            latest_pickup: Time::from_s(known + 1_200.0),
            latest_dropoff: Time::from_s(known + 2_000.0),
            max_ride: None,
            origin: StopId(origin),
            destination: StopId(destination),
            origin_node: NodeId(origin),
            destination_node: NodeId(destination),
            party,
            children: 0,
            direct: Time::from_s(200.0),
            dwell: Time::from_s(dwell),
        };
        let (van, one) = (VehicleId(0), Load { seats: 1, ..Load::default() });
        let requests = vec![
            request(28_800.0, 1, 3, one, 25.0),
            request(28_980.0, 2, 3, Load { wheelchairs: 1, ..one }, 145.0),
            request(31_000.0, 2, 0, one, 25.0),
        ];
        let promised =
            |from| Answer::Promised { vehicle: van, from: Time::from_s(from), until: Time::from_s(from + 900.0) };
        let answers = vec![
            Some(promised(28_860.0)),
            Some(promised(28_980.0)),
            Some(Answer::Refused { limit: Limit::Charge, nearest: Some(van), by: 0.5 }),
        ];
        use Event::*;
        let rows = [
            (28_800.0, ShiftStart, None, 0, 0, 20.0),
            (28_800.0, Request, Some(0), 1, 1, 0.0),
            (28_800.0, Accept, Some(0), 1, 1, 0.0),
            (28_800.0, Depart, None, 0, 0, 20.0),
            (28_900.0, Arrive, None, 1, 0, 19.8),
            (28_900.0, Pickup, Some(0), 1, 1, 19.8),
            (28_925.0, Depart, None, 1, 1, 19.7),
            (28_980.0, Request, Some(1), 2, 2, 0.0),
            (28_980.0, Accept, Some(1), 2, 2, 0.0),
            (29_025.0, Arrive, None, 2, 1, 19.5),
            (29_025.0, Pickup, Some(1), 2, 3, 19.5),
            (29_170.0, Depart, None, 2, 3, 19.4),
            (29_270.0, Arrive, None, 3, 3, 19.2),
            (29_270.0, Dropoff, Some(0), 3, 2, 19.2),
            (29_295.0, Dropoff, Some(1), 3, 0, 19.1),
            (30_000.0, Depart, None, 3, 0, 19.0),
            (30_100.0, Pass, None, 2, 0, 18.8),
            (30_200.0, Pass, None, 1, 0, 18.6),
            (30_300.0, Arrive, None, 0, 0, 18.4),
            (30_300.0, Plug, None, 0, 0, 18.4),
            (31_000.0, Request, Some(2), 2, 1, 0.0),
            (31_000.0, Refuse, Some(2), 2, 1, 0.0),
            (33_900.0, Unplug, None, 0, 0, 23.8),
            (64_790.0, ShiftEnd, None, 0, 0, 23.8),
        ];
        let rows = rows.map(|(time, event, request, node, load, energy_kwh)| Row {
            time: Time::from_s(time),
            event,
            vehicle: (event != Request).then_some(van),
            request: request.map(RequestId),
            node: NodeId(node),
            load,
            energy_kwh,
        });
        (scenario, Log { rows: rows.to_vec(), requests, answers, ..Log::default() })
    }

    /// North of the middle between b and c.
    const BEND: [f64; 2] = [140.010979 * 0.5 + 140.021958 * 0.5, 35.01];

    fn playback() -> Playback {
        let (scenario, log) = day();
        Playback::new(&scenario, log)
    }

    /// Node `i`'s place.
    fn node(i: u32) -> [f64; 2] {
        [140.0 + 0.010979 * f64::from(i), 35.0]
    }

    fn middle(a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
        [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]
    }

    fn assert_near(a: &[f64], b: &[f64]) {
        assert!(a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9), "{a:?} is not {b:?}");
    }

    #[test]
    fn spans_whole_minutes() {
        let playback = playback();
        // 64,790 s is 17:59:50.
        assert_eq!(
            (playback.begin(), playback.end(), playback.vans()),
            (Time::from_s(28_800.0), Time::from_s(64_800.0), 1)
        );
    }

    #[test]
    fn shows_place_state_load_and_charge_at_any_time() {
        let (a, b, c, d) = (node(0), node(1), node(2), node(3));
        let kwh = |from: f64, to: f64, share: f64| (from + share * (to - from)) / 40.0;
        let cases = [
            (0.0, a, 0, 0, 0.5),
            (28_799.999, a, 0, 0, 0.5),
            // Half of the way and half of its energy.
            (28_850.0, middle(a, b), 2, 0, kwh(20.0, 19.8, 0.5)),
            (28_900.0, b, 4, 1, kwh(19.8, 19.8, 0.0)),
            (28_910.0, b, 4, 1, kwh(19.8, 19.7, 0.4)),
            // The bend is half of the way; a quarter is half of its first half.
            (28_950.0, middle(b, BEND), 3, 1, kwh(19.7, 19.5, 0.25)),
            (28_975.0, BEND, 3, 1, kwh(19.7, 19.5, 0.5)),
            (29_000.0, middle(BEND, c), 3, 1, kwh(19.7, 19.5, 0.75)),
            (29_100.0, c, 4, 3, kwh(19.5, 19.4, 75.0 / 145.0)),
            (29_220.0, middle(c, d), 3, 3, kwh(19.4, 19.2, 0.5)),
            (29_280.0, d, 4, 2, kwh(19.2, 19.1, 10.0 / 25.0)),
            (29_300.0, d, 4, 0, kwh(19.1, 19.0, 5.0 / 145.0)),
            // 29,295 + 145 = 29,440: everybody is off, and the van waits.
            (29_440.0, d, 1, 0, 19.0 / 40.0),
            (29_999.0, d, 1, 0, 19.0 / 40.0),
            (30_125.0, middle(c, BEND), 2, 0, kwh(18.8, 18.6, 0.25)),
            (31_000.0, a, 5, 0, kwh(18.4, 23.8, 700.0 / 3_600.0)),
            (40_000.0, a, 1, 0, 23.8 / 40.0),
            (1e6, a, 0, 0, 23.8 / 40.0),
        ];
        let mut playback = playback();
        // Forwards, backwards and by jumps.
        let forwards: Vec<usize> = (0..cases.len()).collect();
        let jumps: Vec<usize> = (0..cases.len()).map(|i| i * 7 % cases.len()).collect();
        for order in [forwards.clone(), forwards.into_iter().rev().collect(), jumps] {
            for (time, place, state, load, charge) in order.into_iter().map(|i| &cases[i]) {
                playback.seek(Time::from_s(*time));
                assert_near(playback.positions(), place);
                assert_eq!((playback.states()[0], playback.loads()[0]), (*state, *load), "{time}");
                assert!((f64::from(playback.charge()[0]) - *charge).abs() < 1e-6, "{time}: {:?}", playback.charge());
            }
        }
    }

    #[test]
    fn looks_where_it_drives() {
        let mut playback = playback();
        let mut heading = |time| {
            playback.seek(Time::from_s(time));
            playback.headings()[0]
        };
        assert!((heading(28_850.0) - 90.0).abs() < 0.1);
        // The bend is 500 m east and 0.01 x 111,195 = 1,112 m north: atan(500 / 1,112) = 24.2 degrees; then the same south.
        assert!((heading(28_950.0) - 24.2).abs() < 0.1);
        assert!((heading(29_000.0) - 155.8).abs() < 0.1);
        assert!((heading(29_100.0) - 155.8).abs() < 0.1, "standing, it looks as it came");
        assert!((heading(30_250.0) - 270.0).abs() < 0.1);
    }

    #[test]
    fn riders_wait_from_the_promise_to_the_pickup() {
        let mut playback = playback();
        for (time, waiting) in
            [(28_799.0, &[][..]), (28_800.0, &[0]), (28_900.0, &[]), (28_990.0, &[1]), (31_500.0, &[])]
        {
            playback.seek(Time::from_s(time));
            assert_eq!(playback.waiting(), waiting, "{time}");
        }
    }

    #[test]
    fn a_plan_holds_what_is_promised_by_now() {
        let mut playback = playback();
        let stop = |request, kind, stop, time_s| PlannedStop { request, kind, stop, time_s };
        let (p0, d0) = (stop(0, StopKind::Pickup, 1, 28_900.0), stop(0, StopKind::Dropoff, 3, 29_270.0));
        let (p1, d1) = (stop(1, StopKind::Pickup, 2, 29_025.0), stop(1, StopKind::Dropoff, 3, 29_295.0));
        let (b, c, d) = (node(1), node(2), node(3));
        let cases = [
            (28_850.0, vec![p0, d0], vec![middle(node(0), b), b, BEND, c, d]),
            (28_979.0, vec![d0], vec![[0.0; 2], c, d]),
            (29_000.0, vec![p1, d0, d1], vec![middle(BEND, c), c, d]),
            (29_280.0, vec![d1], vec![d]),
            (29_295.0, vec![], vec![]),
        ];
        for (time, stops, mut path) in cases {
            playback.seek(Time::from_s(time));
            if let Some(here) = path.first_mut() {
                here.copy_from_slice(playback.positions());
            }
            let plan = playback.plan(VehicleId(0));
            assert_eq!(plan.stops, stops, "{time}");
            assert_near(plan.path.as_flattened(), path.as_flattened());
        }
        assert_eq!(playback.plan(VehicleId(1)), PlanView::default());
    }

    #[test]
    fn tells_what_became_of_each_ride() {
        let rides = playback().rides().rides;
        let times = |ride: &Ride| (ride.served, ride.pickup_s, ride.dropoff_s, ride.promised_from_s, ride.shared);
        assert_eq!(times(&rides[0]), (true, Some(28_900.0), Some(29_270.0), Some(28_860.0), true));
        assert_eq!(times(&rides[1]), (true, Some(29_025.0), Some(29_295.0), Some(28_980.0), true));
        assert_eq!(times(&rides[2]), (false, None, None, None, false));
        assert_eq!((rides[1].passengers, rides[1].wheelchairs, rides[1].vehicle), (1, 1, Some(0)));
        assert_eq!((rides[2].limit, rides[2].nearest, rides[2].missed_by), (Some(Limit::Charge), Some(0), Some(0.5)));
        let cells =
            playback().cells(CellQuery { end: RideEnd::Destination, from_s: 28_800.0, to_s: 31_000.0, resolution: 9 });
        assert_eq!((cells.cells.len(), cells.cells[0].trips, &*cells.cells[0].requests), (1, 2, &[0, 1][..]));
    }

    #[test]
    fn the_charge_series_is_what_seeking_shows() {
        let mut playback = playback();
        let series = playback.charge_series(VehicleId(0));
        assert_eq!(series[..4], [28_800.0, 0.5, 28_800.0, 0.5]);
        assert_eq!(series[series.len() - 2..], [64_790.0, 23.8 / 40.0]);
        let points: Vec<(f64, f64)> = series.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        assert!(points.is_sorted_by_key(|point| point.0));
        for pair in points.windows(2) {
            playback.seek(Time::from_s((pair[0].0 + pair[1].0) / 2.0));
            let middle = (pair[0].1 + pair[1].1) / 2.0;
            assert!(pair[0].0 == pair[1].0 || (f64::from(playback.charge()[0]) - middle).abs() < 1e-6, "{pair:?}");
        }
        assert_eq!(playback.charge_series(VehicleId(1)), [0.0; 0]);
    }

    #[test]
    fn a_van_at_a_charger_is_shown_as_the_flows_tell() {
        let mut scenario = Scenario::village();
        scenario.demand.trips.clear();
        let world = std::sync::Arc::new(crate::world::World::new(&scenario));
        let log = crate::sim::Simulation::new(world).run();
        let mut playback = Playback::new(&scenario, log.clone());
        assert!(log.flows.len() > 4, "{:?}", log.flows);
        let mut charging = 0;
        for flow in log.flows.iter().filter(|flow| flow.plugged) {
            playback.seek(flow.time);
            assert!((f64::from(playback.charge()[0]) - flow.energy_kwh / 40.0).abs() < 1e-6, "{flow:?}");
            assert_eq!(playback.states()[0] == VanState::Charging as u8, flow.stored_kw > 0.0, "{flow:?}");
            charging += u32::from(flow.stored_kw > 0.0);
        }
        assert!(charging > 1);
    }

    #[test]
    fn a_van_without_a_battery_has_no_charge() {
        let (mut scenario, log) = day();
        scenario.fleet.vehicles[0].battery = None;
        let playback = Playback::new(&scenario, log);
        assert!(playback.charge()[0].is_nan());
        assert_eq!(playback.charge_series(VehicleId(0)), [0.0; 0]);
    }

    #[test]
    fn an_empty_log_leaves_the_vans_at_home() {
        let mut playback = Playback::new(&Scenario::village(), Log::default());
        playback.seek(Time::HOUR);
        assert_near(playback.positions(), &node(0));
        assert_eq!((playback.states(), playback.charge()), (&[0][..], &[0.5][..]));
        assert_eq!((playback.begin(), playback.end()), (Time::ZERO, Time::ZERO));
    }

    #[test]
    fn survives_a_log_that_does_not_fit() {
        let (scenario, log) = day();
        let mut rng = Rng::new(1, "mutations");
        let mut below = |limit: usize| (rng.unit() * limit as f64) as u32;
        for _ in 0..2_000 {
            let mut log = log.clone();
            for _ in 0..3 {
                let (here, there) = (below(log.rows.len()) as usize, below(log.rows.len()) as usize);
                let row = &mut log.rows[here];
                match below(8) {
                    0 => row.node = NodeId(below(9)),
                    1 => row.vehicle = Some(VehicleId(below(3))),
                    2 => row.request = Some(RequestId(below(5))),
                    3 => row.time = Time(i32::MAX - below(9) as i32),
                    4 => row.time = Time(i32::MIN + below(9) as i32),
                    5 => row.load = u32::MAX - below(9),
                    6 => log.rows.swap(here, there),
                    _ => log.requests[below(3) as usize].origin = StopId(below(9)),
                }
            }
            log.answers.truncate(below(4) as usize);
            let mut playback = Playback::new(&scenario, log);
            for time in [i32::MIN, 28_850_000, 64_000_000, 29_000_000, 29_250_000, i32::MAX] {
                playback.seek(Time(time));
                playback.plan(VehicleId(0));
                playback.waiting();
                assert!(playback.positions().iter().all(|degrees| degrees.is_finite()));
            }
            playback.cells(CellQuery { end: RideEnd::Origin, from_s: 0.0, to_s: 1e9, resolution: 8 });
            playback.charge_series(VehicleId(0));
        }
    }

    #[test]
    fn a_simulated_day_shows_each_row_as_it_was_written() {
        let scenario = Scenario::village();
        let world = std::sync::Arc::new(crate::world::World::new(&scenario));
        let log = crate::sim::Simulation::new(world).run();
        let rows: Vec<Row> = log.van_rows().copied().collect();
        let mut playback = Playback::new(&scenario, log.clone());
        assert!(rows.len() > 100, "{}", rows.len());
        for (row, next) in rows.iter().zip(&rows[1..]) {
            if row.time == next.time {
                continue;
            }
            playback.seek(row.time);
            assert_near(playback.positions(), &node(row.node.0));
            assert_eq!(u32::from(playback.loads()[0]), row.load);
            assert!((f64::from(playback.charge()[0]) - row.energy_kwh / 40.0).abs() < 1e-6, "{row:?}");
            if matches!(row.event, Event::Depart | Event::Pass) {
                playback.seek(Time((row.time.0 + next.time.0) / 2));
                assert_near(playback.positions(), &middle(node(row.node.0), node(next.node.0)));
            }
        }
        let served = playback.rides().rides.iter().filter(|ride| ride.served).count();
        let promised = log.answers.iter().filter(|answer| matches!(answer, Some(Answer::Promised { .. }))).count();
        assert_eq!(served, promised);
    }
}
