//! What a van does when it wakes: it drives on, serves a stop, waits, pauses, goes to charge or home.

use super::{Doing, State};
use crate::charging::{self, Order};
use crate::crew::Wheel;
use crate::fleet::{Action, Load, Position};
use crate::log::{Event, Session};
use crate::rebalancing;
use crate::units::{NodeId, Time, VehicleId};
use crate::world::World;

impl State {
    /// Something falls due for a van.
    pub(super) fn wake(&mut self, world: &World, van: VehicleId) {
        self.read_meters(world);
        match self.doing[van.index()] {
            Doing::Resting => {
                self.log_van(Event::ShiftStart, van, None);
                self.doing[van.index()] = Doing::Parked;
                self.act(world, van, false);
            }
            Doing::Driving => {
                if !self.break_down(world, van) && !self.get_stuck(world, van) {
                    self.act(world, van, true);
                }
            }
            Doing::Waiting => self.end_wait(world, van),
            Doing::Broken => self.go_on(world, van, Event::Repaired),
            Doing::Stuck => self.go_on(world, van, Event::Freed),
            Doing::Boarding | Doing::Parked => {
                self.doing[van.index()] = Doing::Parked;
                self.act(world, van, false);
            }
            Doing::Pausing | Doing::Changing => {
                let ends = if self.doing[van.index()] == Doing::Pausing { Event::BreakEnd } else { Event::ShiftStart };
                self.log_van(ends, van, None);
                self.wheels[van.index()] = Wheel::default();
                self.doing[van.index()] = Doing::Parked;
                self.act(world, van, false);
            }
            Doing::Over => self.plug_if_home(world, van),
        }
    }

    /// Decides what a van at a node does next. `arriving`: it has just come in and could drive through.
    pub(super) fn act(&mut self, world: &World, id: VehicleId, arriving: bool) {
        let spec = world.van(id);
        self.relax_break(world, id);
        let van = &mut self.vans[id.index()];
        let node = van.at.node;
        let departure = van.departure(world.travel_of(id));
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

        if self.vans[id.index()].at.load.people() == 0 {
            self.wheels[id.index()].stand(self.now);
        }

        // Nothing to do before `due`.
        let mut due = departure.unwrap_or(Time::NEVER);
        if self.vans[id.index()].plan.is_empty() {
            // A bus has driven its last trip, and goes home at once.
            let bus = world.timetable.is_some() && !spec.calls.is_empty();
            let travel = world.travel_of(id);
            let drive = spec.home.map(|home| travel.time(node, home));
            let day_end = spec.shift_end + self.vans[id.index()].at.overtime;
            let leave = drive.map_or(Time::NEVER, |drive| if bus { self.now } else { travel.before(day_end, drive) });
            let nothing_to_come = match bus {
                true => spec.home.is_none_or(|home| home == node),
                false => spec.home.is_none() && self.known == world.requests.len(),
            };
            if self.now >= day_end || nothing_to_come {
                self.log_van(Event::ShiftEnd, id, None);
                self.doing[id.index()] = Doing::Over;
                self.vans[id.index()].done = true;
                self.plug_if_home(world, id);
                return;
            }
            if let Some(home) = spec.home
                && home != node
                && self.now >= leave
            {
                self.send(world, id, home);
                return;
            }
            due = due.min(day_end);
            if spec.home != Some(node) {
                due = due.min(leave);
            }
        }
        if self.vans[id.index()].at.load != Load::default() {
            // Early for its next stop, with riders aboard: it waits where it is.
            self.wake_at(id, due);
            return;
        }
        let snapshot = self.snapshot(world);
        match charging::decide(&world.scenario.policies.charging, &snapshot, id) {
            Order::None => {}
            Order::GoTo(depot) => {
                if self.can_visit(world, id, depot) {
                    self.send(world, id, depot);
                    return;
                }
            }
            Order::PlugIn => self.plug(world, id),
        }
        let snapshot = self.snapshot(world);
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

    /// Shortens the next break of a van's driver, or cancels it, by what has been rested.
    fn relax_break(&mut self, world: &World, id: VehicleId) {
        let (van, spec) = (&mut self.vans[id.index()], world.van(id));
        let at = Position { ready: van.at.ready.max(self.now), ..van.at };
        if let Some(plan) = self.wheels[id.index()].relax(&van.plan, at, spec, world.travel_of(id)) {
            van.plan = plan;
        }
    }

    /// A van that stood without riders does so no longer.
    fn move_on(&mut self, world: &World, id: VehicleId) {
        if let Some(breaks) = &world.van(id).breaks {
            self.wheels[id.index()].move_on(self.now, breaks);
        }
    }

    /// Sends a parked van somewhere without a rider's order.
    fn send(&mut self, world: &World, id: VehicleId, goal: NodeId) {
        self.vans[id.index()].goal = Some(goal);
        self.drive(world, id, goal, false);
    }

    /// Whether a van can go to a node first and still keep its plan, in time and energy; a bus on a trip waits at its stops.
    fn can_visit(&self, world: &World, id: VehicleId, goal: NodeId) -> bool {
        let van = &self.vans[id.index()];
        if world.timetable.as_ref().is_some_and(|timetable| timetable.on_trip(id, van.plan.calls_ahead())) {
            return false;
        }
        let travel = world.travel_of(id);
        let Some((stop, start)) = van.plan.first() else { return true };
        let (there, onward) = (travel.time(van.at.node, goal), travel.time(goal, stop.node));
        let energy = world.van(id).battery.map_or(f64::NEG_INFINITY, |battery| {
            battery.consumption.driving_kwh(travel.length_m(van.at.node, goal), travel.longest(there))
                + battery.consumption.driving_kwh(travel.length_m(goal, stop.node), travel.longest(onward))
                + van.plan.energy_kwh()
                + battery.reserve_kwh
        });
        travel.after(self.now, there + onward) <= start && energy <= van.energy_kwh
    }

    /// Drives the next road section towards a node.
    fn drive(&mut self, world: &World, id: VehicleId, towards: NodeId, passing: bool) {
        self.unplug(world, id);
        self.move_on(world, id);
        let node = self.vans[id.index()].at.node;
        let arc =
            world.roads_of(id).next_arc(world.travel_of(id), node, towards).expect("plans only lead where roads do");
        self.log_van(if passing { Event::Pass } else { Event::Depart }, id, None);
        let van = &mut self.vans[id.index()];
        van.at = Position { node: arc.to, ready: world.travel_of(id).after(self.now, arc.time), ..van.at };
        if let Some(battery) = world.van(id).battery {
            van.energy_kwh -= battery.consumption.driving_kwh(arc.length_m, van.at.ready - self.now);
        }
        let ready = van.at.ready;
        self.wheels[id.index()].drive(ready - self.now);
        self.disturbances.drive(id, arc.length_m, ready - self.now);
        self.doing[id.index()] = Doing::Driving;
        self.wake_at(id, ready);
    }

    /// Lets a party on or off, calls at a stop of the line, or begins a driver's pause, in which the van is plugged in.
    fn serve(&mut self, world: &World, id: VehicleId, arriving: bool) {
        let stop = *self.vans[id.index()].plan.first().expect("there is a stop to serve").0;
        if !stop.action.is_pause() {
            self.unplug(world, id);
        }
        if arriving {
            self.log_van(Event::Arrive, id, None);
        }
        self.move_on(world, id);
        if stop.action == Action::Pickup && self.log.answers[stop.request.index()].is_none() {
            self.promise(world, stop.request, (self.now, self.now));
        }
        if self.wait_for_rider(world, id) {
            return;
        }
        let van = &mut self.vans[id.index()];
        let load = stop.action.load(van.at.load, stop.party);
        van.at = Position { node: stop.node, ready: self.now + stop.dwell, load, ..van.at };
        van.plan.advance(van.at, world.van(id), world.travel_of(id));
        match stop.action {
            Action::Pickup => self.log_van(Event::Pickup, id, Some(stop.request)),
            Action::Dropoff => self.log_van(Event::Dropoff, id, Some(stop.request)),
            Action::Call => {}
            Action::Break => self.log_van(Event::BreakStart, id, None),
            Action::Change => self.log_van(Event::ShiftEnd, id, None),
        }
        self.doing[id.index()] = match stop.action {
            Action::Pickup | Action::Dropoff | Action::Call => Doing::Boarding,
            Action::Break => Doing::Pausing,
            Action::Change => Doing::Changing,
        };
        if stop.action.is_pause() {
            self.plug(world, id);
        }
        let van = &mut self.vans[id.index()];
        if let Some(battery) = &world.van(id).battery {
            van.energy_kwh -= stop.standing_kwh(battery);
        }
        let ready = van.at.ready;
        self.wake_at(id, ready);
    }

    /// Plugs a van in whose day is over.
    fn plug_if_home(&mut self, world: &World, id: VehicleId) {
        if world.van(id).home == Some(self.vans[id.index()].at.node) && self.now < world.day.1 {
            self.plug(world, id);
        }
    }

    /// Plugs a van in, or lets it queue.
    pub(super) fn plug(&mut self, world: &World, id: VehicleId) {
        let node = self.vans[id.index()].at.node;
        if self.session[id.index()].is_some() || world.van(id).battery.is_none() || self.now >= world.day.1 {
            return;
        }
        let Some(depot) = world.depot_at(node) else { return };
        let Some(yard) = &mut self.yards[depot.index()] else { return };
        let Some(charger) = yard.plug(id) else { return };
        self.session[id.index()] = Some(self.log.sessions.len());
        let from_kwh = self.vans[id.index()].energy_kwh;
        let session = Session { vehicle: id, depot, charger, plugged: self.now, unplugged: None, from_kwh };
        self.log.sessions.push(session);
        self.log_van(Event::Plug, id, None);
    }

    /// Unplugs a van, if it is plugged in, and lets the next one in the queue have its place.
    pub(super) fn unplug(&mut self, world: &World, id: VehicleId) {
        let Some(depot) = world.depot_at(self.vans[id.index()].at.node) else { return };
        let State { yards, vans, log, now, .. } = self;
        let Some(yard) = &mut yards[depot.index()] else { return };
        yard.settle(world, *now, vans);
        let next = yard.unplug(id, *now, vans, log);
        if let Some(session) = self.session[id.index()].take() {
            self.log.sessions[session].unplugged = Some(self.now);
            self.log_van(Event::Unplug, id, None);
        }
        match next {
            Some(next) if matches!(self.doing[next.index()], Doing::Resting | Doing::Pausing | Doing::Changing) => {
                self.plug(world, next)
            }
            Some(next) => self.wake_at(next, self.now),
            None => {}
        }
    }
}
