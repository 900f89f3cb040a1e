//! What goes wrong: riders who come late or not at all, vans that break down, and vans without a driver that ask for help.
//!
//! Plans know nothing of it before. When something has cost a van time, riders whom it was to pick up and who would be late are
//! offered to other vans, the others' limits are moved to what is possible ([`Plan::delay`]), and the log says whose. While a van
//! waits for a rider, it is taken to be boarding until it would give up, so that nobody is promised what it may not keep.
//!
//! Riders aboard a van that has broken down change to the van that can be there first, if that is before the repair; it keeps
//! all limits of its own riders. Buses do as vans do, but wait for nobody, and nobody changes buses. Who is aboard a van without
//! a driver that asks for help stays there, since it stands in the road; supervisors free such vans in the order of their calls.
//!
//! [`Plan::delay`]: crate::fleet::Plan::delay

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::{Doing, State};
use crate::demand::{Presence, Request};
use crate::fleet::{Action, Insertion, PlanStop, Position};
use crate::log::{Answer, Event};
use crate::math;
use crate::objective::Objective;
use crate::rng::Rng;
use crate::units::{RequestId, Time, VehicleId};
use crate::world::World;

/// Seconds of driving that it is worth to reach riders without a van one second earlier: more than any detour is long.
const AT_ONCE: f64 = 1e3;

/// No van stops on its way after this, so that every day ends within the clock's range.
const LAST_STOP: Time = Time(48 * Time::HOUR.0);

/// What has gone wrong, and what is to go wrong.
pub(super) struct Disturbances {
    /// By van: the wait that goes on.
    waits: Vec<Option<Wait>>,
    /// By van: its next breakdown.
    wear: Vec<Wear>,
    /// By van: when it will next ask for help.
    trouble: Vec<Trouble>,
    /// By supervisor: free from when on.
    supervisors: Vec<Time>,
    /// Riders who have changed vans on the way, or are about to.
    transferred: BTreeSet<RequestId>,
    /// Riders of whom the log says that they are late.
    late: BTreeSet<RequestId>,
}

/// A van waits for a party.
struct Wait {
    party: RequestId,
    /// When it comes, if it does.
    comes: Time,
    pickup: PlanStop,
    /// Its drop-off, as it was before.
    dropoff: PlanStop,
    /// What the van's battery held before.
    energy_kwh: f64,
}

/// When a van breaks down.
struct Wear {
    rng: Rng,
    driven_m: f64,
    /// It breaks down once it has driven so far.
    lasts_m: f64,
    /// It breaks down at this time, too.
    at: Time,
}

/// When a van without a driver asks for help.
struct Trouble {
    rng: Rng,
    driven_h: f64,
    /// It asks once it has driven so long.
    next_h: f64,
}

impl Disturbances {
    pub(super) fn new(world: &World) -> Disturbances {
        let wear = world.scenario.vehicles().iter().enumerate().map(|(index, vehicle)| {
            let mut rng = Rng::new(world.scenario.seed, &format!("breakdowns {index}"));
            let lasts_m = next_breakdown_m(world, &mut rng);
            Wear { rng, driven_m: 0.0, lasts_m, at: vehicle.breaks_down_s.map_or(Time::NEVER, Time::from_s) }
        });
        let trouble = world.vans.iter().enumerate().map(|(index, van)| {
            let mut rng = Rng::new(world.scenario.seed, &format!("stuck {index}"));
            let next_h = if van.driverless.is_some() { next_trouble_h(world, &mut rng) } else { f64::INFINITY };
            Trouble { rng, driven_h: 0.0, next_h }
        });
        let supervisors = world.scenario.service.supervision.as_ref().map_or(0, |supervision| supervision.supervisors);
        Disturbances {
            waits: world.vans.iter().map(|_| None).collect(),
            wear: wear.collect(),
            trouble: trouble.collect(),
            supervisors: vec![Time(i32::MIN); supervisors as usize],
            transferred: BTreeSet::new(),
            late: BTreeSet::new(),
        }
    }

    /// A van drives a road section.
    pub(super) fn drive(&mut self, id: VehicleId, length_m: f64, time: Time) {
        self.wear[id.index()].driven_m += length_m;
        self.trouble[id.index()].driven_h += time.h();
    }
}

/// Distance to a van's next breakdown by chance.
fn next_breakdown_m(world: &World, rng: &mut Rng) -> f64 {
    let mean_km = world.scenario.fleet.breakdowns.as_ref().and_then(|breakdowns| breakdowns.mean_km_between);
    mean_km.map_or(f64::INFINITY, |km| -1e3 * km * math::ln(1.0 - rng.unit()))
}

/// Driving time until a van without a driver next asks for help, in hours.
fn next_trouble_h(world: &World, rng: &mut Rng) -> f64 {
    let per_h = world.scenario.service.supervision.as_ref().map_or(0.0, |supervision| supervision.stuck_per_h);
    if per_h > 0.0 { -math::ln(1.0 - rng.unit()) / per_h } else { f64::INFINITY }
}

/// Riders who are not there.
impl State {
    /// Whether the party that a van at its stop is to pick up is not there, so that it waits.
    pub(super) fn wait_for_rider(&mut self, world: &World, id: VehicleId) -> bool {
        let (&pickup, _) = self.vans[id.index()].plan.first().expect("there is a stop to serve");
        let party = pickup.request;
        if pickup.action != Action::Pickup || self.disturbances.transferred.contains(&party) {
            return false;
        }
        let Some(Answer::Promised { from, .. }) = self.log.answers[party.index()] else { return false };
        let Presence { late, no_show } = world.presences[party.index()];
        // Who takes the bus comes in time for the timetable, which waits for nobody.
        let (late, patience) = match world.timetable {
            Some(_) => (Time::ZERO, Time::ZERO),
            None => (late, world.scenario.service.patience()),
        };
        let comes = if no_show { Time::NEVER } else { from + late };
        if comes <= self.now {
            return false;
        }
        self.log_van(Event::Wait, id, Some(party));
        let gives_up = self.now + patience;
        let van = &mut self.vans[id.index()];
        let dropoff = *van.plan.stops_of(party).last().expect("who gets on gets off");
        let wait = Wait { party, comes, pickup, dropoff, energy_kwh: van.energy_kwh };
        self.disturbances.waits[id.index()] = Some(wait);
        van.at.ready = gives_up + pickup.dwell;
        van.at.load = van.at.load + pickup.party;
        van.plan.begin_first(van.at.ready);
        if let Some(battery) = world.van(id).battery {
            van.energy_kwh -= battery.consumption.standing_kwh(pickup.dwell);
        }
        self.let_go(world, id, |answered| !answered);
        self.delay(world, id);
        self.doing[id.index()] = Doing::Waiting;
        self.wake_at(id, comes.min(gives_up));
        true
    }

    /// The party that a van waits for has come, or the van gives up.
    pub(super) fn end_wait(&mut self, world: &World, id: VehicleId) {
        let wait = self.disturbances.waits[id.index()].take().expect("the van waits");
        let Wait { party, comes, pickup, dropoff, energy_kwh } = wait;
        let van = &mut self.vans[id.index()];
        van.energy_kwh = energy_kwh;
        if comes <= self.now {
            van.at.ready = self.now + pickup.dwell;
            for stop in van.plan.stops_of(party) {
                *stop = dropoff;
                stop.boarded(van.at.ready);
            }
            self.log_van(Event::Pickup, id, Some(party));
            if let Some(battery) = world.van(id).battery {
                self.vans[id.index()].energy_kwh -= battery.consumption.standing_kwh(pickup.dwell);
            }
            self.doing[id.index()] = Doing::Boarding;
            let ready = self.vans[id.index()].at.ready;
            self.wake_at(id, ready);
            self.reschedule(world, id);
        } else {
            van.at.ready = self.now;
            van.at.load = van.at.load - pickup.party;
            van.plan.strike(party);
            self.log_van(Event::NoShow, id, Some(party));
            self.doing[id.index()] = Doing::Parked;
            self.reschedule(world, id);
            self.act(world, id, false);
        }
    }
}

/// Vans that cannot go on.
impl State {
    /// Whether a van that has reached a node breaks down there. It does so only where others can be sent to.
    pub(super) fn break_down(&mut self, world: &World, id: VehicleId) -> bool {
        let wear = &mut self.disturbances.wear[id.index()];
        let node = self.vans[id.index()].at.node;
        let due = wear.driven_m >= wear.lasts_m || wear.at <= self.now;
        let Some(breakdowns) = &world.scenario.fleet.breakdowns else { return false };
        if !due || self.now > LAST_STOP || !world.travel.is_target(node) {
            return false;
        }
        wear.lasts_m = wear.driven_m + next_breakdown_m(world, &mut wear.rng);
        wear.at = Time::NEVER;
        self.log_van(Event::Arrive, id, None);
        self.log_van(Event::Breakdown, id, None);
        let until = self.now + Time(breakdowns.repair_s as i32 * 1_000);
        self.stand(id, Doing::Broken, until);
        let others = if world.timetable.is_none() { self.transfer(world, id, until) } else { Vec::new() };
        self.reschedule(world, id);
        self.wake_parked(world, others);
        true
    }

    /// Whether a van that has reached a node asks for help there, and stands until the next supervisor who is free has given it.
    pub(super) fn get_stuck(&mut self, world: &World, id: VehicleId) -> bool {
        let Disturbances { trouble, supervisors, .. } = &mut self.disturbances;
        let trouble = &mut trouble[id.index()];
        if trouble.driven_h < trouble.next_h || self.now > LAST_STOP {
            return false;
        }
        trouble.next_h = trouble.driven_h + next_trouble_h(world, &mut trouble.rng);
        let supervision = world.scenario.service.supervision.as_ref().expect("who gets stuck is watched over");
        let free = supervisors.iter_mut().min().expect("who drives is watched over");
        let until = (*free).max(self.now) + Time(supervision.help_s as i32 * 1_000);
        *free = until;
        self.log_van(Event::Arrive, id, None);
        self.log_van(Event::Stuck, id, None);
        self.stand(id, Doing::Stuck, until);
        self.reschedule(world, id);
        true
    }

    /// A van cannot go on before a moment.
    fn stand(&mut self, id: VehicleId, doing: Doing, until: Time) {
        let van = &mut self.vans[id.index()];
        (van.at.ready, van.goal) = (until, None);
        self.doing[id.index()] = doing;
        self.wake_at(id, until);
    }

    /// A van that could not go on does.
    pub(super) fn go_on(&mut self, world: &World, id: VehicleId, event: Event) {
        self.log_van(event, id, None);
        self.doing[id.index()] = Doing::Parked;
        self.act(world, id, false);
    }

    /// Riders aboard a van that cannot go on before `until` change to those that can be there sooner, which it gives.
    fn transfer(&mut self, world: &World, id: VehicleId, until: Time) -> Vec<VehicleId> {
        let mut others = Vec::new();
        let stops = self.vans[id.index()].plan.stops();
        let waiting = |party| stops.iter().any(|stop| stop.request == party && stop.action == Action::Pickup);
        let dropoffs = stops.iter().filter(|stop| stop.action == Action::Dropoff && !waiting(stop.request));
        for dropoff in dropoffs.copied().collect::<Vec<_>>() {
            let (party, node) = (dropoff.request, self.vans[id.index()].at.node);
            let ride = Request {
                known: self.now,
                earliest: self.now,
                latest_pickup: until,
                latest_dropoff: Time::NEVER,
                max_ride: None,
                origin_node: node,
                destination_node: dropoff.node,
                direct: world.travel.time(node, dropoff.node),
                ..world.requests[party.index()]
            };
            let soonest = Objective::weighing(AT_ONCE, 0.0);
            let Some((other, place)) = self.place_elsewhere(world, id, &ride, &soonest) else { continue };
            let van = &mut self.vans[id.index()];
            van.plan.strike(party);
            van.at.load = van.at.load - dropoff.party;
            self.log_van(Event::Transfer, id, Some(party));
            self.disturbances.transferred.insert(party);
            let mut plan = self.snapshot(world).search(other).insert(party, &ride, &place, (self.now, place.pickup_at));
            for stop in plan.stops_of(party).filter(|stop| stop.action == Action::Dropoff) {
                stop.latest = dropoff.promised.unwrap_or(dropoff.latest);
            }
            self.take_plan(world, other, plan);
            self.reschedule(world, other);
            others.push(other);
        }
        others
    }
}

/// Plans that cannot be kept.
impl State {
    /// Something has cost a van time: who would be late goes to other vans where they can be in time, and the log says who is
    /// late all the same.
    pub(super) fn reschedule(&mut self, world: &World, id: VehicleId) {
        let others = self.let_go(world, id, |_| true);
        self.delay(world, id);
        let late = self.vans[id.index()].plan.stops().iter().filter(|stop| stop.is_late()).map(|stop| stop.request);
        for party in late.filter(|&party| party != PlanStop::NOBODY).collect::<Vec<_>>() {
            if self.disturbances.late.insert(party) {
                self.log_request(world, Event::Late, Some(id), party);
            }
        }
        self.wake_parked(world, others);
    }

    /// Vans that stand look at their new plans.
    fn wake_parked(&mut self, world: &World, vans: Vec<VehicleId>) {
        for van in vans {
            if self.doing[van.index()] == Doing::Parked {
                self.act(world, van, false);
            }
        }
    }

    /// Schedules a van's plan anew from where and when it is, with limits moved where they have to be.
    pub(super) fn delay(&mut self, world: &World, id: VehicleId) {
        let van = &mut self.vans[id.index()];
        let mut at = Position { ready: van.at.ready.max(self.now), ..van.at };
        van.plan.delay(&mut at, world.van(id), world.travel_of(id));
        van.at.overtime = at.overtime;
        for &party in &self.disturbances.transferred {
            van.plan.stops_of(party).for_each(|stop| _ = stop.promised.get_or_insert(stop.latest));
        }
    }

    /// Takes riders who wait and would be late out of a van's plan: who has an answer if another van can be there in time, who
    /// has none anyway; the policy will see to them. `which` says by this whether they are looked at. Gives the other vans.
    fn let_go(&mut self, world: &World, id: VehicleId, which: impl Fn(bool) -> bool) -> Vec<VehicleId> {
        let mut others = Vec::new();
        let mut seen = BTreeSet::new();
        while let Some(party) = self.first_late(world, id, &seen) {
            seen.insert(party);
            let answered = self.log.answers[party.index()].is_some();
            if world.timetable.is_some() || !which(answered) {
                continue;
            }
            if answered {
                let ride = self.ride_ahead(world, id, party);
                let place = self.place_elsewhere(world, id, &ride, &Objective::default());
                let Some((other, place)) = place else { continue };
                let window = (ride.earliest, ride.latest_pickup);
                let plan = self.snapshot(world).search(other).insert(party, &ride, &place, window);
                self.vans[id.index()].plan.strike(party);
                self.take_plan(world, other, plan);
                others.push(other);
            } else {
                self.vans[id.index()].plan.strike(party);
                self.carrier[party.index()] = None;
            }
        }
        others
    }

    /// The first party, but for those seen, that a van is to pick up and that would be late.
    fn first_late(&self, world: &World, id: VehicleId, seen: &BTreeSet<RequestId>) -> Option<RequestId> {
        let van = &self.vans[id.index()];
        let (mut plan, mut at) = (van.plan.clone(), van.at);
        plan.delay(&mut at, world.van(id), world.travel_of(id));
        let waits = |party| plan.stops().iter().any(|stop| stop.request == party && stop.action == Action::Pickup);
        let late = plan.stops().iter().filter(|stop| stop.is_late()).map(|stop| stop.request);
        late.filter(|party| !seen.contains(party)).find(|&party| waits(party))
    }

    /// What a party that stands in a van's plan was promised.
    fn ride_ahead(&self, world: &World, id: VehicleId, party: RequestId) -> Request {
        let stops = self.vans[id.index()].plan.stops().iter().filter(|stop| stop.request == party);
        let mut ride = world.requests[party.index()];
        for stop in stops {
            let latest = stop.promised.unwrap_or(stop.latest);
            match stop.action {
                Action::Pickup => {
                    (ride.origin_node, ride.earliest, ride.latest_pickup) = (stop.node, stop.earliest, latest)
                }
                _ => (ride.destination_node, ride.latest_dropoff, ride.max_ride) = (stop.node, latest, stop.max_ride),
            }
        }
        ride.direct = world.travel.time(ride.origin_node, ride.destination_node);
        ride
    }

    /// The best place for a ride in another van's plan.
    fn place_elsewhere(
        &self,
        world: &World,
        id: VehicleId,
        ride: &Request,
        objective: &Objective,
    ) -> Option<(VehicleId, Insertion)> {
        let mut best: Option<(VehicleId, Insertion)> = None;
        let may_take = |&other: &VehicleId| {
            other != id && !self.vans[other.index()].done && world.may_stop(other, ride.origin_node)
        };
        for other in (0..self.vans.len() as u32).map(VehicleId).filter(may_take) {
            let bound = best.map_or(f64::INFINITY, |(_, place)| place.cost);
            if let Some(place) = self.snapshot(world).search(other).cheapest(ride, objective, bound, &mut None) {
                best = Some((other, place));
            }
        }
        best
    }
}
