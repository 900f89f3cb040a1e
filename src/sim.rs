//! The clock and the queue of events: the only room that changes the world.
//!
//! A van wakes when it reaches a node, has finished boarding, or something falls due while it is parked: leaving for its next
//! stop just in time, a full battery, the way home. A request wakes the matching policy. Whatever happens at one moment
//! happens in a fixed order (depots, vans by id, requests, then decisions about them, then idle vans), so the same scenario
//! gives the same log everywhere. Vans may be redirected only at nodes; a van that has time until its next stop waits where it
//! is, or goes to charge and comes back; see `driving`. What costs a van time that nobody planned is in `disturbance`.
//! Vans are plugged in from the begin of the day until its end, whenever they stand at their depot; see `yard`. A bus is a van
//! whose plan begins as the calls of its day: it waits at each stop for its time, and ends its day after the last.

mod disturbance;
mod driving;
mod yard;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use crate::charging::{ChargingPolicy, Forecast, STEP, forecast};
use crate::crew::Wheel;
use crate::fleet::{Action, Load, Plan, PlanStop, Position, Van};
use crate::log::{Answer, Event, Fault, Log, Row};
use crate::matching::script::{self, Assignment, Question};
use crate::matching::{self, Decision, MatchingPolicy, Snapshot};
use crate::rebalancing;
use crate::scenario::Text;
use crate::units::{DepotId, RequestId, Time, VehicleId};
use crate::world::World;
use disturbance::Disturbances;
use yard::Yard;

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
    /// It waits for a rider at a stop.
    Waiting,
    /// It has broken down.
    Broken,
    /// It has no driver, and waits for a supervisor.
    Stuck,
    /// Its driver has a break until it is ready.
    Pausing,
    /// Between the shifts of two drivers.
    Changing,
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
    /// What each van's driver has driven and rested.
    wheels: Vec<Wheel>,
    /// How many requests have been called in.
    known: usize,
    /// Requests not answered yet, in the order of their calls.
    open: Vec<RequestId>,
    /// When the matching policy decides next, if it does not at each call.
    decision: Time,
    /// How often it is worth deciding again although nobody has called and no van has done more than drive.
    looks: u32,
    /// By request: the van in whose plan it stands.
    carrier: Vec<Option<VehicleId>>,
    /// When idle vans are steered next.
    steering: Time,
    /// Whether a script is asked, and not replaced by its fallback.
    scripted: bool,
    /// It is asked about the open requests: nothing happens before it has answered.
    waiting: bool,
    /// By depot; none where nothing flows.
    yards: Vec<Option<Yard>>,
    /// When powers are set next.
    tick: Time,
    forecast: Option<Arc<Forecast>>,
    disturbances: Disturbances,
    log: Log,
}

impl Simulation {
    /// At the beginning of the day. Where the charging policy looks at a forecast, the days for it are lived through first.
    pub fn new(world: Arc<World>) -> Simulation {
        let forecast = forecast_for(&world);
        Simulation::with_forecast(world, forecast)
    }

    /// The same, with a forecast that is there already.
    pub fn with_forecast(world: Arc<World>, forecast: Option<Arc<Forecast>>) -> Simulation {
        let count = world.vans.len();
        let vans = (0..).map(VehicleId).zip(&world.vans).map(|(id, spec)| {
            let mut at =
                Position { node: spec.start, ready: spec.shift_begin, load: Load::default(), overtime: Time::ZERO };
            let energy_kwh = spec.battery.map_or(f64::INFINITY, |battery| battery.initial_kwh);
            // A bus drives its trips even where traffic makes it late.
            let plan = match spec.calls.is_empty() {
                true => Plan::default(),
                false => Plan::late(spec.calls.clone(), &mut at, spec, world.travel_of(id)),
            };
            // A van that nobody drives takes no riders on a day with service.
            let done = !spec.is_in_service() && world.hours.is_some() && world.timetable.is_none();
            Van { at, energy_kwh, plan, goal: None, done }
        });
        let mut state = State {
            now: Time(i32::MIN),
            vans: vans.collect(),
            doing: vec![Doing::Resting; count],
            session: vec![None; count],
            wakes: BinaryHeap::new(),
            generation: vec![0; count],
            wheels: vec![Wheel::default(); count],
            known: 0,
            open: Vec::new(),
            carrier: vec![None; world.requests.len()],
            decision: Time::NEVER,
            looks: 0,
            steering: Time::NEVER,
            scripted: false,
            waiting: false,
            yards: (0..world.depots.len() as u32)
                .map(DepotId)
                .map(|depot| (!Yard::is_idle(&world, depot)).then(|| Yard::new(&world, depot)))
                .collect(),
            tick: Time::NEVER,
            forecast,
            disturbances: Disturbances::new(&world),
            log: Log { requests: world.requests.clone(), answers: vec![None; world.requests.len()], ..Log::default() },
        };
        if state.yards.iter().any(Option::is_some) {
            state.tick = world.day.0;
        }
        if let (Some(period), Some((opens, _))) = (world.scenario.policies.rebalancing.period(), world.hours) {
            state.steering = next_multiple(opens, period);
        }
        for van in (0..count as u32).map(VehicleId) {
            state.wake_at(van, world.van(van).shift_begin);
        }
        Simulation { world, state }
    }

    /// Asks a matching policy that is a script, where it would otherwise be replaced by its fallback: then a step may end early
    /// with a [question](Simulation::question).
    pub fn ask_script(mut self) -> Simulation {
        self.state.scripted = matches!(self.world.scenario.policies.matching, MatchingPolicy::Script { .. });
        self
    }

    /// Lives through at most `events` events, or until a question is open; `true` when the day is over.
    pub fn step(&mut self, events: u32) -> bool {
        for _ in 0..events {
            if self.state.waiting {
                return false;
            }
            if !self.state.next(&self.world) {
                return true;
            }
        }
        false
    }

    /// Whether a question is open.
    pub fn asks(&self) -> bool {
        self.state.waiting
    }

    /// The open question, to be answered by [`Simulation::answer`] or [`Simulation::give_up`] before the day goes on.
    pub fn question(&self) -> Option<Question> {
        self.state.waiting.then(|| script::question(&self.state.snapshot(&self.world)))
    }

    /// Answers the open question. An answer that cannot be carried out is a fault.
    ///
    /// # Panics
    /// If no question is open.
    pub fn answer(&mut self, assignments: &[Assignment]) {
        assert!(self.state.waiting, "a question is open");
        match script::decide(&self.state.snapshot(&self.world), assignments) {
            Ok(decisions) => self.state.answered(&self.world, decisions),
            Err(message) => self.give_up(message, None),
        }
    }

    /// The script has failed, in this line if it is known: the log keeps it, and the fallback decides from now on.
    pub fn give_up(&mut self, message: Text, line: Option<u32>) {
        let time = self.state.now.max(self.world.day.0);
        self.state.log.fault = Some(Fault { time, message, line });
        self.state.scripted = false;
        if self.state.waiting {
            let decisions = matching::decide(&self.world.scenario.policies.matching, &self.state.snapshot(&self.world));
            self.state.answered(&self.world, decisions);
        }
    }

    /// Share of the day that is done, by time, between 0 and 1.
    pub fn progress(&self) -> f64 {
        let (begin, end) = self.world.day;
        let done = (self.state.now.s() - begin.s()) / (end.s() - begin.s());
        done.clamp(0.0, 1.0)
    }

    /// The forecast that its charging policy looks at.
    pub fn forecast(&self) -> Option<&Arc<Forecast>> {
        self.state.forecast.as_ref()
    }

    /// Lives through the rest of the day, without asking anybody.
    ///
    /// # Panics
    /// If it [asks a script](Simulation::ask_script).
    pub fn run(mut self) -> Log {
        assert!(!self.state.scripted, "nobody is there to be asked");
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
        let handled = self.handle(world);
        if handled && !self.waiting {
            self.control(world);
        }
        handled
    }

    /// Sets the powers at the depots, if anything has changed.
    fn control(&mut self, world: &World) {
        let State { yards, vans, forecast, log, now, .. } = self;
        for yard in yards.iter_mut().flatten() {
            yard.control(world, *now, vans, forecast.as_deref(), log);
        }
    }

    /// The time of the next wake that counts.
    fn next_wake(&mut self) -> Option<(Time, VehicleId)> {
        while let Some(&Reverse((time, van, generation))) = self.wakes.peek() {
            if generation == self.generation[van.index()] {
                return Some((time, van));
            }
            self.wakes.pop();
        }
        None
    }

    fn handle(&mut self, world: &World) -> bool {
        let call = world.requests.get(self.known).map_or(Time::NEVER, |request| request.known);
        let wake = self.next_wake();
        let wakes = wake.map_or(Time::NEVER, |(time, _)| time);
        let next = [self.tick, wakes, call, self.decision, self.steering].into_iter().min().unwrap_or(Time::NEVER);
        if next == Time::NEVER {
            return false;
        }
        self.now = next;
        if self.tick == next {
            self.tick(world);
        } else if let Some((_, van)) = wake
            && wakes == next
        {
            self.wakes.pop();
            self.wake(world, van);
        } else if call == next {
            self.call(world);
        } else if self.decision == next {
            self.decide(world);
        } else {
            self.steer(world);
        }
        true
    }

    /// A request is called in.
    fn call(&mut self, world: &World) {
        let id = RequestId(self.known as u32);
        self.known += 1;
        self.open.push(id);
        self.looks = LOOKS;
        self.log_request(world, Event::Request, None, id);
        match world.scenario.policies.matching.period() {
            None => self.decide(world),
            Some(period) => self.decision = self.decision.min(next_multiple(self.now, period)),
        }
        if self.known == world.requests.len() {
            self.dismiss_idle_vans();
        }
    }

    /// A step of the depots' controllers. In the first, the vans that begin their day at their depot are plugged in; in the
    /// last, all are unplugged.
    fn tick(&mut self, world: &World) {
        let vans = (0..self.vans.len() as u32).map(VehicleId);
        let State { yards, vans: states, forecast, log, now, .. } = self;
        for yard in yards.iter_mut().flatten() {
            yard.tick(world, *now, states, forecast.as_deref(), log);
        }
        self.tick = Time::NEVER;
        if self.now >= world.day.1 {
            vans.for_each(|van| self.unplug(world, van));
            return;
        }
        if self.now == world.day.0 {
            for van in vans.filter(|van| world.van(*van).home == Some(world.van(*van).start)) {
                self.plug(world, van);
            }
        }
        let blocking: Vec<VehicleId> =
            self.yards.iter().flatten().filter_map(|yard| yard.blocks(world, &self.vans)).collect();
        blocking.into_iter().for_each(|van| self.unplug(world, van));
        self.tick = self.now + STEP;
    }

    /// With the last request answered, vans without a home have nothing to wait for.
    fn dismiss_idle_vans(&mut self) {
        for van in (0..self.vans.len() as u32).map(VehicleId) {
            if self.doing[van.index()] == Doing::Parked && self.vans[van.index()].plan.is_empty() {
                self.wake_at(van, self.now);
            }
        }
    }

    /// Asks the matching policy, and carries out what it decides; a script answers later.
    fn decide(&mut self, world: &World) {
        let matching = &world.scenario.policies.matching;
        let is_due = |&open: &RequestId| matching.is_due(&world.requests[open.index()], self.now);
        if self.looks == 0 && !self.open.iter().any(is_due) {
            return self.decide_later(world);
        }
        self.looks = self.looks.saturating_sub(1);
        self.read_meters(world);
        let snapshot = self.snapshot(world);
        if self.scripted && !script::asked(&snapshot).is_empty() {
            self.waiting = true;
            return;
        }
        let decisions = matching::decide(matching, &snapshot);
        self.carry_out(world, decisions);
    }

    /// The script's answer to the open question ends the event that asked it.
    fn answered(&mut self, world: &World, decisions: Vec<Decision>) {
        self.waiting = false;
        self.carry_out(world, decisions);
        self.control(world);
    }

    fn carry_out(&mut self, world: &World, decisions: Vec<Decision>) {
        let mut changed = Vec::new();
        for decision in decisions {
            match decision {
                Decision::Plan { vehicle, plan } => {
                    self.take_plan(world, vehicle, plan);
                    changed.push(vehicle);
                }
                Decision::Accept { request, promise } => self.promise(world, request, promise),
                Decision::Refuse { request, limit, nearest, by } => {
                    self.log_request(world, Event::Refuse, nearest, request);
                    self.answer(request, Answer::Refused { limit, nearest, by });
                }
                Decision::Batch(row) => self.log.batches.push(row),
            }
        }
        for vehicle in changed {
            if self.doing[vehicle.index()] == Doing::Parked {
                self.act(world, vehicle, false);
            }
        }
        self.decide_later(world);
    }

    fn decide_later(&mut self, world: &World) {
        self.decision = match world.scenario.policies.matching.period() {
            Some(period) if !self.open.is_empty() => next_multiple(self.now, period),
            _ => Time::NEVER,
        };
    }

    fn snapshot<'a>(&'a self, world: &'a World) -> Snapshot<'a> {
        Snapshot { now: self.now, world, known: self.known, vans: &self.vans, open: &self.open }
    }

    /// A van gets a new plan; riders promised who were in another's are its own now.
    fn take_plan(&mut self, world: &World, vehicle: VehicleId, plan: Plan) {
        for stop in plan.stops().iter().filter(|stop| stop.action == Action::Pickup) {
            self.carrier[stop.request.index()] = Some(vehicle);
            if let Some(Answer::Promised { vehicle: promised, .. }) = &mut self.log.answers[stop.request.index()]
                && *promised != vehicle
            {
                *promised = vehicle;
                self.log_request(world, Event::Reassign, Some(vehicle), stop.request);
            }
        }
        let late = plan.stops().iter().any(PlanStop::is_late);
        self.vans[vehicle.index()].plan = plan;
        if late {
            // What the plan has gained is not to be lost to others again.
            self.delay(world, vehicle);
        }
    }

    /// A request that stands in a plan is promised a ride.
    fn promise(&mut self, world: &World, request: RequestId, (from, until): (Time, Time)) {
        let vehicle = self.carrier[request.index()].expect("a request promised a ride stands in a plan");
        self.log_request(world, Event::Accept, Some(vehicle), request);
        if let Some(timetable) = &world.timetable {
            let (asked, plan) = (&world.requests[request.index()], &self.vans[vehicle.index()].plan);
            self.log.walks.push(timetable.walk(&world.roads, request, asked, plan));
        }
        self.answer(request, Answer::Promised { vehicle, from, until });
    }

    /// A request is answered for good.
    fn answer(&mut self, request: RequestId, answer: Answer) {
        self.open.retain(|&open| open != request);
        self.log.answers[request.index()] = Some(answer);
    }

    /// Asks the rebalancing policy where idle vans should go.
    fn steer(&mut self, world: &World) {
        self.read_meters(world);
        let policy = &world.scenario.policies.rebalancing;
        for (van, goal) in rebalancing::steer(policy, &self.snapshot(world)) {
            self.vans[van.index()].goal = Some(goal);
            if self.doing[van.index()] == Doing::Parked {
                self.act(world, van, false);
            }
        }
        let more = self.vans.iter().any(|van| !van.done);
        self.steering = policy.period().filter(|_| more).map_or(Time::NEVER, |period| next_multiple(self.now, period));
    }

    /// Brings the energy of vans at chargers up to now.
    fn read_meters(&mut self, world: &World) {
        let State { yards, vans, now, .. } = self;
        yards.iter_mut().flatten().for_each(|yard| yard.settle(world, *now, vans));
    }

    fn wake_at(&mut self, van: VehicleId, time: Time) {
        let generation = &mut self.generation[van.index()];
        *generation += 1;
        if time < Time::NEVER {
            self.wakes.push(Reverse((time, van, *generation)));
        }
    }

    fn log_van(&mut self, event: Event, vehicle: VehicleId, request: Option<RequestId>) {
        if !matches!(event, Event::Pass | Event::Depart | Event::Arrive) {
            self.looks = LOOKS;
        }
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

/// How often a policy with a period decides before anything has to happen for it to decide again: in a second look it often
/// finds more.
const LOOKS: u32 = 2;

/// The first multiple of a period after a time.
fn next_multiple(time: Time, period: Time) -> Time {
    Time((time.0.div_euclid(period.0) + 1) * period.0)
}

/// The forecast that a world's charging policy looks at, if it does: from days drawn by other seeds and lived through under
/// `immediate` and, where the policy replans, [the quick one](MatchingPolicy::quick); or, for perfect foresight, from the day
/// itself.
pub fn forecast_for(world: &World) -> Option<Arc<Forecast>> {
    let policy = &world.scenario.policies.charging;
    if !policy.needs_forecast() {
        return None;
    }
    if let ChargingPolicy::Optimal { below_soc, discharge, foresight: true } = *policy {
        let blind = ChargingPolicy::Optimal { below_soc, discharge, foresight: false };
        let day = Simulation::new(Arc::new(world.with(|scenario| scenario.policies.charging = blind))).run();
        return Some(Arc::new(Forecast::new(world, &[day])));
    }
    if world.scenario.demand.generator.is_none() || world.hours.is_none() {
        return Some(Arc::new(Forecast::blind(world)));
    }
    let below_soc = policy.below_soc();
    let days: Vec<Log> = (1..=forecast::DAYS)
        .map(|day| {
            let world = world.with(|scenario| {
                scenario.seed = forecast::seed(scenario.seed, day);
                scenario.demand.trips.clear();
                scenario.policies.charging = ChargingPolicy::Immediate { below_soc };
                scenario.policies.matching = scenario.policies.matching.quick();
            });
            Simulation::new(Arc::new(world)).run()
        })
        .collect();
    Some(Arc::new(Forecast::new(world, &days)))
}
