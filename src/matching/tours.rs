//! All plans at once, to be changed and changed back: the ground on which policies that replan stand.

use super::{Snapshot, is_far};
use crate::demand::Request;
use crate::fleet::{Action, Insertion, Plan, PlanStop, Position, Van};
use crate::objective::Objective;
use crate::units::{RequestId, Time, VehicleId};

/// A party that is not picked up yet, and may go into any plan.
pub(super) struct Ride {
    pub id: RequestId,
    /// Its limits; the pick-up window is the promised one, if there is one.
    pub request: Request,
    /// It has to be served.
    pub promised: bool,
    /// The van in whose plan it stands.
    pub van: Option<VehicleId>,
    /// What leaving it out costs, in milliseconds of driving.
    refusal: f64,
    /// Vans that can be at its origin in time, with the cheapest place in each as last looked up.
    places: Vec<Place>,
}

#[derive(Clone, Copy)]
struct Place {
    van: VehicleId,
    /// Of the plan in which the place was looked up.
    version: u32,
    cheapest: Option<Insertion>,
}

/// A van's plan with what is known about it.
struct Tour {
    plan: Plan,
    /// No two plans of one van have the same; that of the snapshot is 1.
    version: u32,
    cost: f64,
}

const ORIGINAL: u32 = 1;

/// What was before some changes.
#[derive(Default)]
pub(super) struct Undo {
    tours: Vec<(VehicleId, Tour)>,
    rides: Vec<(usize, Option<VehicleId>)>,
}

/// The vans' plans, and what they cost: driving time from now on, the riders' weighted waiting and time aboard, and what it
/// costs to leave riders out, in milliseconds.
pub(super) struct Tours<'a> {
    snapshot: Snapshot<'a>,
    objective: Objective,
    /// With the plans as they are now.
    pub vans: Vec<Van>,
    pub rides: Vec<Ride>,
    version: Vec<u32>,
    next_version: u32,
    cost: Vec<f64>,
    total: f64,
}

impl<'a> Tours<'a> {
    /// From the plans as they are, and the open requests given.
    /// O(riders x vans).
    pub fn new(snapshot: Snapshot<'a>, objective: Objective, open: &[RequestId]) -> Tours<'a> {
        let vans = snapshot.vans.to_vec();
        let mut rides: Vec<Ride> = Vec::new();
        let mut add = |id: RequestId, (earliest, latest_pickup), promised, van| {
            let request = Request { earliest, latest_pickup, ..*snapshot.request(id) };
            let in_reach = |&van: &VehicleId| {
                let search = snapshot.search(van);
                !search.van.done && search.soonest_arrival(&request) <= request.latest_pickup
            };
            let places = (0..vans.len() as u32).map(VehicleId).filter(in_reach);
            let places = places.map(|van| Place { van, version: 0, cheapest: None }).collect();
            rides.push(Ride { id, refusal: objective.refusal_cost(&request), request, promised, van, places });
        };
        let mut planned = vec![false; open.len()];
        for (index, van) in (0..).zip(&vans) {
            let pickups = van.plan.stops().iter().filter(|stop| stop.action == Action::Pickup);
            for stop in pickups.filter(|stop| !van.plan.stays(stop.request)) {
                let position = open.binary_search(&stop.request);
                if let Ok(position) = position {
                    planned[position] = true;
                } else if is_far(stop.earliest, snapshot.now) {
                    continue;
                }
                add(stop.request, (stop.earliest, stop.latest), position.is_err(), Some(VehicleId(index)));
            }
        }
        for (&id, _) in open.iter().zip(&planned).filter(|(_, planned)| !**planned) {
            let request = snapshot.request(id);
            add(id, (request.earliest, request.latest_pickup), false, None);
        }
        let version = vec![ORIGINAL; vans.len()];
        let mut tours = Tours {
            snapshot,
            objective,
            version,
            next_version: ORIGINAL + 1,
            cost: Vec::new(),
            total: 0.0,
            vans,
            rides,
        };
        tours.cost = (0..).map(VehicleId).zip(&tours.vans).map(|(id, van)| tours.plan_cost(id, &van.plan)).collect();
        let left_out = tours.rides.iter().filter(|ride| ride.van.is_none());
        tours.total = tours.cost.iter().sum::<f64>() + left_out.map(|ride| ride.refusal).sum::<f64>();
        tours
    }

    /// What all plans and all riders left out cost.
    pub fn total(&self) -> f64 {
        self.total
    }

    fn plan_cost(&self, id: VehicleId, plan: &Plan) -> f64 {
        let Some((first, _)) = plan.first() else { return 0.0 };
        let travel = self.snapshot.world.travel_of(id);
        let drive = travel.time(self.vans[id.index()].at.node, first.node).0 + plan.drive_ms();
        let riders = plan.stops().iter().zip(plan.schedule()).map(|(stop, start)| {
            let weight = match stop.action {
                Action::Pickup => self.objective.waiting,
                Action::Dropoff => self.objective.riding,
                Action::Call | Action::Break | Action::Change => 0.0,
            };
            weight * f64::from((start - stop.earliest).0)
        });
        f64::from(drive) + riders.sum::<f64>()
    }

    /// The cheapest place for a ride; each is looked up again only where the van's plan is another. `skip` passes over some.
    fn cheapest(&mut self, ride: usize, mut skip: impl FnMut() -> bool) -> Option<(VehicleId, Insertion)> {
        let Tours { snapshot, objective, vans, rides, version, .. } = self;
        let Ride { request, places, .. } = &mut rides[ride];
        let mut best: Option<(VehicleId, Insertion)> = None;
        for place in places.iter_mut() {
            let index = place.van.index();
            if place.version != version[index] {
                let search = Snapshot { vans, ..*snapshot }.search(place.van);
                place.version = version[index];
                place.cheapest = search.cheapest(request, objective, f64::INFINITY, &mut None);
            }
            if let Some(insertion) = place.cheapest
                && best.is_none_or(|(_, old)| insertion.cost < old.cost)
                && !skip()
            {
                best = Some((place.van, insertion));
            }
        }
        best
    }

    /// Puts a ride at its cheapest place; `false` if there is none, or if leaving it out is cheaper.
    pub fn insert(&mut self, ride: usize, skip: impl FnMut() -> bool, undo: &mut Undo) -> bool {
        let Some((van, insertion)) = self.cheapest(ride, skip) else { return false };
        let Ride { id, request, promised, refusal, .. } = &self.rides[ride];
        if !promised && insertion.cost >= *refusal {
            return false;
        }
        let search = Snapshot { vans: &self.vans, ..self.snapshot }.search(van);
        let plan = search.insert(*id, request, &insertion, (request.earliest, request.latest_pickup));
        self.total -= refusal;
        undo.rides.push((ride, None));
        self.rides[ride].van = Some(van);
        self.set_plan(van, plan, undo);
        true
    }

    /// Takes rides out of their plans.
    pub fn remove(&mut self, rides: &[usize], undo: &mut Undo) {
        let mut vans: Vec<VehicleId> = rides.iter().filter_map(|&ride| self.rides[ride].van).collect();
        vans.sort_unstable();
        vans.dedup();
        for van in vans {
            let gone = |stop: &PlanStop| {
                rides.iter().any(|&ride| self.rides[ride].id == stop.request && self.rides[ride].van == Some(van))
            };
            let stops = self.vans[van.index()].plan.stops().iter().filter(|stop| !gone(stop)).copied().collect();
            self.set_stops(van, stops, undo);
        }
        for &ride in rides {
            if let Some(van) = self.rides[ride].van.take() {
                undo.rides.push((ride, Some(van)));
                self.total += self.rides[ride].refusal;
            }
        }
    }

    /// Narrows the pick-up window of a planned ride to one that holds its planned pick-up.
    pub fn narrow(&mut self, ride: usize, (earliest, latest): (Time, Time)) {
        let Ride { id, van, .. } = self.rides[ride];
        let Some(van) = van else { return };
        let mut stops = self.vans[van.index()].plan.stops().to_vec();
        let stop = stops.iter_mut().find(|stop| stop.request == id && stop.action == Action::Pickup);
        if let Some(stop) = stop
            && (stop.earliest, stop.latest) != (earliest, latest)
        {
            (stop.earliest, stop.latest) = (earliest, latest);
            self.set_stops(van, stops, &mut Undo::default());
        }
    }

    /// When a ride that stands in a plan is picked up.
    pub fn pickup_at(&self, ride: usize) -> Option<Time> {
        let Ride { id, van, .. } = self.rides[ride];
        let plan = &self.vans[van?.index()].plan;
        let mut visits = plan.stops().iter().zip(plan.schedule());
        visits.find(|(stop, _)| stop.request == id && stop.action == Action::Pickup).map(|(_, start)| start)
    }

    fn set_stops(&mut self, van: VehicleId, stops: Vec<PlanStop>, undo: &mut Undo) {
        let Van { at, .. } = self.vans[van.index()];
        let at = Position { ready: at.ready.max(self.snapshot.now), ..at };
        let plan = Plan::new(stops, at, self.snapshot.world.van(van), self.snapshot.world.travel_of(van));
        self.set_plan(van, plan.expect("a schedule that keeps more limits keeps these"), undo);
    }

    fn set_plan(&mut self, van: VehicleId, plan: Plan, undo: &mut Undo) {
        let index = van.index();
        let cost = self.plan_cost(van, &plan);
        self.total += cost - self.cost[index];
        let old = Tour {
            plan: std::mem::replace(&mut self.vans[index].plan, plan),
            version: std::mem::replace(&mut self.version[index], self.next_version),
            cost: std::mem::replace(&mut self.cost[index], cost),
        };
        self.next_version += 1;
        undo.tours.push((van, old));
    }

    /// Takes changes back; `total` is what it was before them.
    pub fn undo(&mut self, undo: &mut Undo, total: f64) {
        while let Some((van, Tour { plan, version, cost })) = undo.tours.pop() {
            self.vans[van.index()].plan = plan;
            self.version[van.index()] = version;
            self.cost[van.index()] = cost;
        }
        while let Some((ride, van)) = undo.rides.pop() {
            self.rides[ride].van = van;
        }
        self.total = total;
    }

    /// Vans whose plan is another than in the snapshot.
    pub fn changed(&self) -> impl Iterator<Item = VehicleId> + '_ {
        (0..self.vans.len() as u32).map(VehicleId).filter(|van| self.version[van.index()] != ORIGINAL)
    }
}

impl Undo {
    /// Keeps the changes.
    pub fn keep(&mut self) {
        self.tours.clear();
        self.rides.clear();
    }
}
