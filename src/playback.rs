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
mod tests;
