//! The clock and the queue of events: the only room that changes the world.
//!
//! A van wakes when it reaches a node, has finished boarding, or something falls due while it is parked: leaving for its next
//! stop just in time, a full battery, the way home. A request wakes the matching policy. Whatever happens at one moment
//! happens in a fixed order (vans by id, then requests), so the same scenario gives the same log everywhere. Vans may be
//! redirected only at nodes; a van that has time until its next stop waits where it is, or goes to charge and comes back.
//! Charging goes on after the service has closed, until midnight.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::Arc;

use crate::battery::stored_kw;
use crate::charging::{self, Order};
use crate::fleet::{Action, Load, Plan, Position, Van};
use crate::log::{Answer, Event, Log, Row, Session};
use crate::matching::{self, Decision, Snapshot};
use crate::rebalancing;
use crate::units::{DepotId, NodeId, RequestId, Time, VehicleId};
use crate::world::World;

/// A day being lived through, in steps.
pub struct Simulation {
    world: Arc<World>,
    state: State,
}

/// What a van is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// Its day has not begun.
    Resting,
    /// It stands free at its position.
    Parked,
    /// It drives to its position.
    Driving,
    /// Riders get on or off until it is ready.
    Boarding,
    /// Its day is over; it may still charge.
    Over,
}

struct State {
    now: Time,
    vans: Vec<Van>,
    doing: Vec<Doing>,
    /// Index of the van's open session.
    session: Vec<Option<usize>>,
    /// Wakes of vans; a wake counts if its generation is the van's.
    wakes: BinaryHeap<Reverse<(Time, VehicleId, u32)>>,
    generation: Vec<u32>,
    next_request: usize,
    /// By depot: who is at each charger, and who waits for one.
    chargers: Vec<Vec<Option<VehicleId>>>,
    queues: Vec<VecDeque<VehicleId>>,
    log: Log,
}

impl Simulation {
    /// At the beginning of the day.
    pub fn new(world: Arc<World>) -> Simulation {
        let count = world.vans.len();
        let opens = world.hours.map_or(Time::ZERO, |(opens, _)| opens);
        let vans = world.vans.iter().map(|spec| Van {
            at: Position { node: spec.start, ready: opens, load: Load::default() },
            energy_kwh: spec.battery.map_or(f64::INFINITY, |battery| battery.initial_kwh),
            plan: Plan::default(),
            goal: None,
            done: false,
        });
        let mut state = State {
            now: Time(i32::MIN),
            vans: vans.collect(),
            doing: vec![Doing::Resting; count],
            session: vec![None; count],
            wakes: BinaryHeap::new(),
            generation: vec![0; count],
            next_request: 0,
            chargers: world.depots.iter().map(|depot| vec![None; depot.chargers.len()]).collect(),
            queues: vec![VecDeque::new(); world.depots.len()],
            log: Log { requests: world.requests.clone(), answers: vec![None; world.requests.len()], ..Log::default() },
        };
        if world.hours.is_some() {
            for van in (0..count as u32).map(VehicleId) {
                state.wake_at(van, opens);
            }
        }
        Simulation { world, state }
    }

    /// Lives through at most `events` events; `true` when the day is over.
    pub fn step(&mut self, events: u32) -> bool {
        (0..events).any(|_| !self.state.next(&self.world))
    }

    /// Share of the day that is done, by time, between 0 and 1.
    pub fn progress(&self) -> f64 {
        let Some((opens, closes)) = self.world.hours else { return 0.0 };
        let done = (self.state.now.s() - opens.s()) / (closes.s() - opens.s());
        done.clamp(0.0, 1.0)
    }

    /// Lives through the rest of the day.
    pub fn run(mut self) -> Log {
        while !self.step(u32::MAX) {}
        self.into_log()
    }

    /// The record, finished or not.
    pub fn into_log(self) -> Log {
        self.state.log
    }

    /// The record so far.
    pub fn log(&self) -> &Log {
        &self.state.log
    }
}

impl State {
    /// Handles the next event; `false` if there is none.
    fn next(&mut self, world: &World) -> bool {
        while let Some(&Reverse((time, van, generation))) = self.wakes.peek() {
            if generation != self.generation[van.index()] {
                self.wakes.pop();
                continue;
            }
            if world.requests.get(self.next_request).is_some_and(|request| request.known < time) {
                break;
            }
            self.wakes.pop();
            self.now = time;
            self.wake(world, van);
            return true;
        }
        match world.requests.get(self.next_request) {
            Some(request) => {
                self.now = request.known;
                let id = RequestId(self.next_request as u32);
                self.next_request += 1;
                self.answer(world, id);
                if self.next_request == world.requests.len() {
                    self.dismiss_idle_vans();
                }
                true
            }
            None => false,
        }
    }

    /// With the last request answered, vans without a home have nothing to wait for.
    fn dismiss_idle_vans(&mut self) {
        for van in (0..self.vans.len() as u32).map(VehicleId) {
            if self.doing[van.index()] == Doing::Parked && self.vans[van.index()].plan.is_empty() {
                self.wake_at(van, self.now);
            }
        }
    }

    /// Asks the matching policy, and carries out what it decides.
    fn answer(&mut self, world: &World, id: RequestId) {
        self.log_request(world, Event::Request, None, id);
        self.read_meters(world);
        let snapshot = Snapshot { now: self.now, world, vans: &self.vans, requests: &[id] };
        for decision in matching::decide(&world.scenario.policies.matching, &snapshot) {
            match decision {
                Decision::Accept { request, vehicle, plan, promise: (from, until) } => {
                    self.log_request(world, Event::Accept, Some(vehicle), request);
                    self.log.answers[request.index()] = Some(Answer::Promised { vehicle, from, until });
                    self.vans[vehicle.index()].plan = plan;
                    if self.doing[vehicle.index()] == Doing::Parked {
                        self.act(world, vehicle, false);
                    }
                }
                Decision::Refuse { request, limit, nearest, by } => {
                    self.log_request(world, Event::Refuse, nearest, request);
                    self.log.answers[request.index()] = Some(Answer::Refused { limit, nearest, by });
                }
            }
        }
    }

    /// Brings the energy of vans at chargers up to now.
    fn read_meters(&mut self, world: &World) {
        for depot in &self.chargers {
            for van in depot.iter().flatten() {
                let Some(session) = self.session[van.index()] else { continue };
                let session = &self.log.sessions[session];
                let capacity = world.van(*van).battery.map_or(0.0, |battery| battery.capacity_kwh);
                let stored = session.from_kwh + session.stored_kw * (self.now - session.plugged).h();
                self.vans[van.index()].energy_kwh = stored.min(capacity);
            }
        }
    }

    /// Something falls due for a van.
    fn wake(&mut self, world: &World, van: VehicleId) {
        self.read_meters(world);
        match self.doing[van.index()] {
            Doing::Resting => {
                self.log_van(Event::ShiftStart, van, None);
                self.doing[van.index()] = Doing::Parked;
                self.act(world, van, false);
            }
            Doing::Driving => self.act(world, van, true),
            Doing::Boarding | Doing::Parked => {
                self.doing[van.index()] = Doing::Parked;
                self.act(world, van, false);
            }
            Doing::Over => self.charge(world, van),
        }
    }

    /// Decides what a van at a node does next. `arriving`: it has just come in and could drive through.
    fn act(&mut self, world: &World, id: VehicleId, arriving: bool) {
        let spec = world.van(id);
        let van = &mut self.vans[id.index()];
        let node = van.at.node;
        let departure = van.departure(&world.travel);
        if let Some((stop, _)) = van.plan.first()
            && departure.is_some_and(|departure| departure <= self.now)
        {
            let towards = stop.node;
            van.goal = None;
            if towards == node {
                self.serve(world, id, arriving);
            } else {
                self.drive(world, id, towards, arriving);
            }
            return;
        }
        if let Some(goal) = van.goal {
            if goal != node && self.can_visit(world, id, goal) {
                self.drive(world, id, goal, arriving);
                return;
            }
            self.vans[id.index()].goal = None;
        }
        if arriving {
            self.log_van(Event::Arrive, id, None);
            self.doing[id.index()] = Doing::Parked;
        }

        // Nothing to do before `due`.
        let mut due = departure.unwrap_or(Time::NEVER);
        if self.vans[id.index()].plan.is_empty() {
            let leave = spec.home.map_or(Time::NEVER, |home| spec.shift_end - world.travel.time(node, home));
            let nothing_to_come = spec.home.is_none() && self.next_request == world.requests.len();
            if self.now >= spec.shift_end || nothing_to_come {
                self.log_van(Event::ShiftEnd, id, None);
                self.doing[id.index()] = Doing::Over;
                self.vans[id.index()].done = true;
                self.charge(world, id);
                return;
            }
            if let Some(home) = spec.home
                && home != node
                && self.now >= leave
            {
                self.send(world, id, home);
                return;
            }
            due = due.min(spec.shift_end);
            if spec.home != Some(node) {
                due = due.min(leave);
            }
        }
        if self.vans[id.index()].at.load != Load::default() {
            // Early for its next stop, with riders aboard: it waits where it is.
            self.wake_at(id, due);
            return;
        }
        let snapshot = Snapshot { now: self.now, world, vans: &self.vans, requests: &[] };
        match charging::decide(&world.scenario.policies.charging, &snapshot, id) {
            Order::None => self.unplug(world, id),
            Order::GoTo(depot) => {
                if self.can_visit(world, id, depot) {
                    self.send(world, id, depot);
                    return;
                }
            }
            Order::PlugIn => due = due.min(self.plug(world, id)),
        }
        let snapshot = Snapshot { now: self.now, world, vans: &self.vans, requests: &[] };
        if let Some((time, goal)) = rebalancing::decide(&world.scenario.policies.rebalancing, &snapshot, id)
            && goal != node
        {
            if time > self.now {
                due = due.min(time);
            } else if self.can_visit(world, id, goal) {
                self.send(world, id, goal);
                return;
            }
        }
        self.wake_at(id, due);
    }

    /// Sends a parked van somewhere without a rider's order.
    fn send(&mut self, world: &World, id: VehicleId, goal: NodeId) {
        self.vans[id.index()].goal = Some(goal);
        self.drive(world, id, goal, false);
    }

    /// Whether a van can go to a node first and still keep its plan, in time and energy.
    fn can_visit(&self, world: &World, id: VehicleId, goal: NodeId) -> bool {
        let van = &self.vans[id.index()];
        let travel = &world.travel;
        let Some((stop, start)) = van.plan.first() else { return true };
        let there = travel.time(van.at.node, goal);
        let onward = travel.time(goal, stop.node);
        let energy = world.van(id).battery.map_or(f64::NEG_INFINITY, |battery| {
            battery.consumption.driving_kwh(travel.length_m(van.at.node, goal), there)
                + battery.consumption.driving_kwh(travel.length_m(goal, stop.node), onward)
                + van.plan.energy_kwh()
                + battery.reserve_kwh
        });
        self.now + there + onward <= start && energy <= van.energy_kwh
    }

    /// Drives the next road section towards a node.
    fn drive(&mut self, world: &World, id: VehicleId, towards: NodeId, passing: bool) {
        self.unplug(world, id);
        let node = self.vans[id.index()].at.node;
        let arc = world.roads.next_arc(&world.travel, node, towards).expect("plans only lead where roads do");
        self.log_van(if passing { Event::Pass } else { Event::Depart }, id, None);
        let van = &mut self.vans[id.index()];
        van.at = Position { node: arc.to, ready: self.now + arc.time, load: van.at.load };
        if let Some(battery) = world.van(id).battery {
            van.energy_kwh -= battery.consumption.driving_kwh(arc.length_m, arc.time);
        }
        self.doing[id.index()] = Doing::Driving;
        let ready = van.at.ready;
        self.wake_at(id, ready);
    }

    /// Lets a party on or off.
    fn serve(&mut self, world: &World, id: VehicleId, arriving: bool) {
        self.unplug(world, id);
        if arriving {
            self.log_van(Event::Arrive, id, None);
        }
        let van = &mut self.vans[id.index()];
        let stop = *van.plan.first().expect("there is a stop to serve").0;
        let (event, load) = match stop.action {
            Action::Pickup => (Event::Pickup, van.at.load + stop.party),
            Action::Dropoff => (Event::Dropoff, van.at.load - stop.party),
        };
        van.at = Position { node: stop.node, ready: self.now + stop.dwell, load };
        van.plan.advance(van.at, world.van(id), &world.travel);
        self.log_van(event, id, Some(stop.request));
        let van = &mut self.vans[id.index()];
        if let Some(battery) = world.van(id).battery {
            van.energy_kwh -= battery.consumption.standing_kwh(stop.dwell);
        }
        self.doing[id.index()] = Doing::Boarding;
        let ready = van.at.ready;
        self.wake_at(id, ready);
    }

    /// Charges a van whose day is over, until it is full or the day ends at midnight.
    fn charge(&mut self, world: &World, id: VehicleId) {
        let midnight = world.hours.map_or(Time::ZERO, |(_, closes)| closes.max(Time(24 * Time::HOUR.0)));
        let snapshot = Snapshot { now: self.now, world, vans: &self.vans, requests: &[] };
        let order = charging::decide(&world.scenario.policies.charging, &snapshot, id);
        if order == Order::PlugIn && self.now < midnight {
            let full = self.plug(world, id);
            self.wake_at(id, full.min(midnight));
        } else {
            self.unplug(world, id);
        }
    }

    /// Plugs a van in, or lets it queue; when it would be full.
    fn plug(&mut self, world: &World, id: VehicleId) -> Time {
        let van = &self.vans[id.index()];
        let (Some(battery), Some(depot)) = (world.van(id).battery, world.depot_at(van.at.node)) else {
            return Time::NEVER;
        };
        let session = match self.session[id.index()] {
            Some(session) => self.log.sessions[session],
            None => {
                let places = &mut self.chargers[depot.index()];
                let Some(place) = places.iter().position(Option::is_none) else {
                    let queue = &mut self.queues[depot.index()];
                    if !queue.contains(&id) {
                        queue.push_back(id);
                    }
                    return Time::NEVER;
                };
                places[place] = Some(id);
                let charger = &world.depots[depot.index()].chargers[place];
                let stored_kw = stored_kw(charger, battery.max_charge_kw);
                let session = Session {
                    vehicle: id,
                    depot,
                    charger: place as u32,
                    plugged: self.now,
                    unplugged: None,
                    from_kwh: van.energy_kwh,
                    stored_kw,
                    drawn_kw: stored_kw / charger.efficiency,
                };
                self.session[id.index()] = Some(self.log.sessions.len());
                self.log.sessions.push(session);
                self.log_van(Event::Plug, id, None);
                session
            }
        };
        let hours = (battery.capacity_kwh - session.from_kwh) / session.stored_kw;
        // The next whole millisecond, so that at the wake it is full.
        session.plugged + Time((hours * 3.6e6).floor().min(f64::from(Time::NEVER.0)) as i32 + 1)
    }

    /// Unplugs a van, if it is plugged in, and lets the next one in the queue have its place.
    fn unplug(&mut self, world: &World, id: VehicleId) {
        let depot = world.depot_at(self.vans[id.index()].at.node);
        let Some(depot) = depot else { return };
        self.queues[depot.index()].retain(|&other| other != id);
        let Some(session) = self.session[id.index()].take() else { return };
        let session = &mut self.log.sessions[session];
        session.unplugged = Some(self.now);
        let DepotId(depot) = session.depot;
        self.chargers[depot as usize][session.charger as usize] = None;
        self.log_van(Event::Unplug, id, None);
        if let Some(next) = self.queues[depot as usize].pop_front() {
            self.wake_at(next, self.now);
        }
    }

    fn wake_at(&mut self, van: VehicleId, time: Time) {
        let generation = &mut self.generation[van.index()];
        *generation += 1;
        if time < Time::NEVER {
            self.wakes.push(Reverse((time, van, *generation)));
        }
    }

    fn log_van(&mut self, event: Event, vehicle: VehicleId, request: Option<RequestId>) {
        let van = &self.vans[vehicle.index()];
        self.log.rows.push(Row {
            time: self.now,
            event,
            vehicle: Some(vehicle),
            request,
            node: van.at.node,
            load: van.at.load.people(),
            energy_kwh: if van.energy_kwh.is_finite() { van.energy_kwh } else { 0.0 },
        });
    }

    fn log_request(&mut self, world: &World, event: Event, vehicle: Option<VehicleId>, id: RequestId) {
        let request = &world.requests[id.index()];
        self.log.rows.push(Row {
            time: self.now,
            event,
            vehicle,
            request: Some(id),
            node: request.origin_node,
            load: request.party.people(),
            energy_kwh: 0.0,
        });
    }
}
