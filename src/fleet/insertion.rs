//! Whether, and at what cost, one more ride fits into a van's plan.

mod rescheduling;

use super::plan::{NO_PATH, may_exceed};
use super::{Action, Load, Plan, PlanStop, Position, Van, VanSpec};
use crate::demand::Request;
use crate::log::Limit;
use crate::objective::Objective;
use crate::roads::{FromTarget, TravelTable};
use crate::units::{NodeId, RequestId, Time};

pub use rescheduling::first_miss;

/// A place for a ride in a plan, with what it would bring. Gap `k` is before the plan's stop `k`; the last gap is the end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Insertion {
    /// Gap of the pick-up.
    pub pickup_gap: usize,
    /// Gap of the drop-off, counted without the pick-up: equal gaps mean one right after the other.
    pub dropoff_gap: usize,
    /// Begin of boarding.
    pub pickup_at: Time,
    /// Begin of alighting.
    pub dropoff_at: Time,
    /// Driving time added to the plan.
    pub added_drive: Time,
    /// What was minimised.
    pub cost: f64,
}

/// The closest that a search came to a feasible insertion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Miss {
    /// The limit in the way; the later in the order of checks, the closer.
    pub limit: Limit,
    /// By how much it was missed: seconds, people or kWh; 0 where only the ride is too long.
    pub by: f64,
}

impl Miss {
    /// Whether it came closer to a feasible place than another did.
    pub fn closer_than(&self, other: &Miss) -> bool {
        self.limit > other.limit || self.limit == other.limit && self.by < other.by
    }

    /// The drop-off itself would be too late, unlike where only the ride is too long.
    fn is_late_arrival(&self) -> bool {
        self.limit == Limit::Ride && self.by > 0.0
    }

    /// Keeps the closer of the two.
    pub fn note(best: &mut Option<Miss>, miss: Miss) {
        if best.as_ref().is_none_or(|old| miss.closer_than(old)) {
            *best = Some(miss);
        }
    }
}

/// Looks for places for a ride in one van's plan, now.
pub struct Search<'a> {
    /// The van.
    pub van: &'a Van,
    /// What does not change about it.
    pub spec: &'a VanSpec,
    /// Driving times.
    pub travel: &'a TravelTable,
    /// Earliest time that it can set off.
    from: Time,
}

/// The pick-up's side of an insertion, shared by all places for its drop-off.
struct PickupAt {
    gap: usize,
    at: Time,
    /// Begin of service at the stop after the pick-up, when the drop-off comes later.
    next_start: i32,
    added_drive: i32,
}

/// A request, and the rows of the travel table that the search for its places reads again and again.
struct Ride<'a> {
    request: &'a Request,
    to_origin: &'a [i32],
    to_destination: &'a [i32],
    from_origin: FromTarget<'a>,
    from_destination: FromTarget<'a>,
}

impl<'a> Ride<'a> {
    fn new(request: &'a Request, travel: &'a TravelTable) -> Ride<'a> {
        let [to_origin, to_destination] =
            [request.origin_node, request.destination_node].map(|node| travel.times_to(node));
        let [from_origin, from_destination] =
            [request.origin_node, request.destination_node].map(|node| travel.from_target(node));
        Ride { request, to_origin, to_destination, from_origin, from_destination }
    }
}

/// Both visits of a feasible insertion.
struct Visits {
    pickup_at: Time,
    dropoff_at: Time,
    added_drive: i32,
}

impl Visits {
    fn cost(&self, request: &Request, objective: &Objective) -> f64 {
        let waiting = self.pickup_at - request.earliest;
        let riding = self.dropoff_at - self.pickup_at - request.dwell - request.direct;
        f64::from(self.added_drive) + objective.waiting * f64::from(waiting.0) + objective.riding * f64::from(riding.0)
    }

    fn insertion(&self, pickup_gap: usize, dropoff_gap: usize, cost: f64) -> Insertion {
        let added_drive = Time(self.added_drive);
        let Visits { pickup_at, dropoff_at, .. } = *self;
        Insertion { pickup_gap, dropoff_gap, pickup_at, dropoff_at, added_drive, cost }
    }
}

impl<'a> Search<'a> {
    /// A search at time `now`.
    pub fn new(van: &'a Van, spec: &'a VanSpec, travel: &'a TravelTable, now: Time) -> Search<'a> {
        Search { van, spec, travel, from: van.at.ready.max(now) }
    }

    /// When the van could be at the request's origin if it went there first.
    pub fn soonest_arrival(&self, request: &Request) -> Time {
        self.travel.arrival(self.van.at.node, request.origin_node, self.from)
    }

    /// The cheapest feasible place with a cost below `bound`; the first of equals. The cost is added driving time in
    /// milliseconds plus the new rider's weighted time. O(n²) places, each in constant time; those behind one that is too late are
    /// not looked at. Where there is none, `miss` becomes the closest that any search given the same `miss` came.
    pub fn cheapest(
        &self,
        request: &Request,
        objective: &Objective,
        mut bound: f64,
        miss: &mut Option<Miss>,
    ) -> Option<Insertion> {
        let mut best = None;
        if !self.spec.serves(request) {
            Miss::note(miss, Miss { limit: Limit::Area, by: 0.0 });
            return None;
        }
        if self.travel.has_traffic() {
            return self.cheapest_rescheduled(request, objective, bound, miss);
        }
        let ride = Ride::new(request, self.travel);
        let stops = &self.van.plan.stops;
        for pickup_gap in 0..=stops.len() {
            let pickup = match self.pickup(&ride, pickup_gap) {
                Ok(pickup) => pickup,
                Err(found) => {
                    Miss::note(miss, found);
                    if found.limit == Limit::Wait {
                        break; // Later gaps are later still, by the triangle inequality.
                    }
                    continue;
                }
            };
            // Limits on ride time can only move the pick-up back from here.
            let least_waiting_cost = objective.waiting * f64::from((pickup.at - request.earliest).0);
            if f64::from(pickup.added_drive) + least_waiting_cost >= bound {
                continue;
            }
            for dropoff_gap in pickup_gap..=stops.len() {
                if dropoff_gap > pickup_gap
                    && let Err(found) = self.pass(request, &pickup, self.van.plan.aboard[dropoff_gap - 1])
                {
                    Miss::note(miss, found);
                    break;
                }
                match self.dropoff(&ride, &pickup, dropoff_gap, bound - least_waiting_cost) {
                    Ok(Some(visits)) => {
                        let cost = visits.cost(request, objective);
                        if cost < bound {
                            bound = cost;
                            best = Some(visits.insertion(pickup_gap, dropoff_gap, cost));
                        }
                    }
                    Ok(None) => {}
                    Err(found) => {
                        Miss::note(miss, found);
                        if found.is_late_arrival() {
                            break; // Later gaps are later still, by the triangle inequality.
                        }
                    }
                }
            }
        }
        best
    }

    /// The insertion at two given gaps, or the first limit that it breaks. Constant time but for the seats between the gaps.
    pub fn try_gaps(&self, request: &Request, pickup_gap: usize, dropoff_gap: usize) -> Result<Insertion, Miss> {
        if !self.spec.serves(request) {
            return Err(Miss { limit: Limit::Area, by: 0.0 });
        }
        if self.travel.has_traffic() {
            return self.rescheduled(request, pickup_gap, dropoff_gap);
        }
        let ride = Ride::new(request, self.travel);
        let pickup = self.pickup(&ride, pickup_gap)?;
        if dropoff_gap > pickup_gap {
            let aboard = self.van.plan.aboard[pickup_gap..dropoff_gap].iter();
            self.pass(request, &pickup, aboard.fold(Load::default(), |most, &load| most.max(load)))?;
        }
        let visits = self.dropoff(&ride, &pickup, dropoff_gap, f64::INFINITY)?.expect("no cost reaches infinity");
        Ok(visits.insertion(pickup_gap, dropoff_gap, f64::from(visits.added_drive)))
    }

    /// The plan with a ride put at a place that this search found, its pick-up window narrowed to `promise`.
    ///
    /// # Panics
    /// If the place was found for another van, time or request.
    pub fn insert(&self, id: RequestId, request: &Request, place: &Insertion, promise: (Time, Time)) -> Plan {
        let stops = self.stops_with(id, request, (place.pickup_gap, place.dropoff_gap), promise);
        Plan::new(stops, self.position(), self.spec, self.travel).expect("an insertion that was found fits")
    }

    /// Where and when the van can be sent somewhere.
    fn position(&self) -> Position {
        Position { ready: self.from, ..self.van.at }
    }

    /// The plan's stops with those of a ride in two gaps.
    fn stops_with(
        &self,
        id: RequestId,
        request: &Request,
        (pickup_gap, dropoff_gap): (usize, usize),
        promise: (Time, Time),
    ) -> Vec<PlanStop> {
        let stop = |action, node, (earliest, latest), max_ride| PlanStop {
            request: id,
            action,
            node,
            earliest,
            latest,
            promised: None,
            dwell: request.dwell,
            party: request.party,
            max_ride,
        };
        let mut stops = self.van.plan.stops.clone();
        let window = (request.earliest, request.latest_dropoff);
        stops.insert(dropoff_gap, stop(Action::Dropoff, request.destination_node, window, request.max_ride));
        stops.insert(pickup_gap, stop(Action::Pickup, request.origin_node, promise, None));
        stops
    }

    /// When the van has to be home.
    fn day_end(&self) -> Time {
        self.spec.shift_end + self.van.at.overtime
    }

    /// The van's own driving time from origin to destination.
    fn direct(&self, request: &Request) -> Time {
        match self.spec.driverless {
            None => request.direct,
            Some(_) => self.travel.time(request.origin_node, request.destination_node),
        }
    }

    /// Where the van comes from at a gap.
    pub fn node_before(&self, gap: usize) -> NodeId {
        if gap == 0 { self.van.at.node } else { self.van.plan.stops[gap - 1].node }
    }

    /// Driving time between the neighbours of a gap, 0 at the end.
    fn drive_across(&self, gap: usize) -> i32 {
        let plan = &self.van.plan;
        match (gap, plan.stops.get(gap)) {
            (_, None) => 0,
            (0, Some(next)) => self.travel.time(self.van.at.node, next.node).0,
            (_, Some(_)) => plan.prefix[gap] - plan.prefix[gap - 1] - plan.stops[gap - 1].dwell.0,
        }
    }

    #[inline(always)] // Together with what follows: in WebAssembly, a result returned by memory costs as much as the search for it.
    fn pickup(&self, &Ride { request, to_origin, from_origin, .. }: &Ride, gap: usize) -> Result<PickupAt, Miss> {
        let plan = &self.van.plan;
        let to_pickup = Time(to_origin[self.node_before(gap).index()]);
        let at = (plan.free_at(gap, self.from) + to_pickup).max(request.earliest);
        if at > request.latest_pickup {
            return Err(Miss { limit: Limit::Wait, by: (at - request.latest_pickup).s() });
        }
        let full = plan.load_before(gap, self.van.at.load) + request.party;
        if !full.fits(self.spec.capacity) {
            return Err(Miss { limit: Limit::Seats, by: f64::from(full.beyond(self.spec.capacity)) });
        }
        let (next_start, from_pickup) = match plan.stops.get(gap) {
            Some(next) => {
                let from_pickup = from_origin.to(next.node);
                ((at + request.dwell + from_pickup).0, from_pickup.0)
            }
            None => (0, 0),
        };
        Ok(PickupAt { gap, at, next_start, added_drive: to_pickup.0 + from_pickup - self.drive_across(gap) })
    }

    /// Whether the party can stay aboard beyond the stop after its pick-up, among at most `aboard` others.
    fn pass(&self, request: &Request, pickup: &PickupAt, aboard: Load) -> Result<(), Miss> {
        let full = aboard + request.party;
        if !full.fits(self.spec.capacity) {
            // Riders get off for a driver's pause, parcels do not.
            match aboard.is_parcels_only() {
                true if !request.is_freight() => return Err(Miss { limit: Limit::Shift, by: 0.0 }),
                true if full.parcels <= self.spec.capacity.parcels => {}
                _ => return Err(Miss { limit: Limit::Seats, by: f64::from(full.beyond(self.spec.capacity)) }),
            }
        }
        let late = pickup.next_start - self.van.plan.latest[pickup.gap];
        if late > 0 {
            return Err(Miss { limit: Limit::Promise, by: Time(late).s() });
        }
        Ok(())
    }

    /// The two visits with the drop-off at `gap`; `None` if the added driving time reaches `bound`.
    #[inline(always)]
    fn dropoff(&self, ride: &Ride, pickup: &PickupAt, gap: usize, bound: f64) -> Result<Option<Visits>, Miss> {
        let &Ride { request, to_destination, from_origin, from_destination, .. } = ride;
        let plan = &self.van.plan;
        let (to_dropoff, free_before, across) = if gap == pickup.gap {
            // What the pick-up added for going on to the next stop is not driven.
            let on = plan.stops.get(gap).map_or(0, |next| from_origin.to(next.node).0);
            (self.direct(request), pickup.at + request.dwell, on)
        } else {
            let before = &plan.stops[gap - 1];
            let pushed = pickup.next_start + plan.prefix[gap - 1] - plan.prefix[pickup.gap];
            let begin = Time(pushed.max(plan.start[gap - 1]));
            (Time(to_destination[before.node.index()]), begin + before.dwell, self.drive_across(gap))
        };
        let next = plan.stops.get(gap);
        let from_dropoff = next.map_or(0, |next| from_destination.to(next.node).0);
        let at = (free_before + to_dropoff).max(request.earliest);
        if at > request.latest_dropoff {
            return Err(Miss { limit: Limit::Ride, by: (at - request.latest_dropoff).s() });
        }
        let added_drive = pickup.added_drive + to_dropoff.0 + from_dropoff - across;
        if f64::from(added_drive) >= bound {
            return Ok(None);
        }
        let free = at + request.dwell;
        if next.is_some() {
            let late = free.0 + from_dropoff - plan.latest[gap];
            if late > 0 {
                return Err(Miss { limit: Limit::Promise, by: Time(late).s() });
            }
        } else if let Some(home) = self.spec.home {
            let late = free + self.travel.time(request.destination_node, home) - self.day_end();
            if late > Time::ZERO {
                return Err(Miss { limit: Limit::Shift, by: late.s() });
            }
        }
        let may_bind = request
            .max_ride
            .is_some_and(|limit| may_exceed(request.earliest + request.dwell, request.latest_dropoff, limit));
        let (pickup_at, dropoff_at) = if may_bind || !plan.paths.is_empty() {
            self.exact(request, pickup.gap, gap).ok_or(Miss { limit: Limit::Ride, by: 0.0 })?
        } else {
            (pickup.at, at)
        };
        let missing_kwh = self.missing_kwh(request, pickup.gap, gap);
        if missing_kwh > 0.0 {
            return Err(Miss { limit: Limit::Charge, by: missing_kwh });
        }
        Ok(Some(Visits { pickup_at, dropoff_at, added_drive }))
    }

    /// Begin of boarding and of alighting if all limits, ride times included, can be kept with the two stops in these gaps;
    /// by the longest paths among the points that a new cycle can pass through.
    fn exact(&self, request: &Request, pickup_gap: usize, dropoff_gap: usize) -> Option<(Time, Time)> {
        const ORIGIN: usize = 0;
        const PICKUP: usize = 1;
        const DROPOFF: usize = 2;
        let plan = &self.van.plan;
        let n = plan.stops.len();
        // The neighbours, each once, as indices into the plan.
        let mut old = [0usize; 4];
        let mut count = 0;
        for gap in [pickup_gap, dropoff_gap] {
            for stop in [gap.checked_sub(1), (gap < n).then_some(gap)].into_iter().flatten() {
                if !old[..count].contains(&stop) {
                    old[count] = stop;
                    count += 1;
                }
            }
        }
        let old = &old[..count];
        let point = |stop: usize| 3 + old.iter().position(|&other| other == stop).expect("a neighbour");
        let size = 3 + count;
        let mut path = [[NO_PATH; 8]; 8];
        let mut at_least = |from: usize, to: usize, length: i32| path[from][to] = path[from][to].max(length);

        for (a, &i) in old.iter().enumerate() {
            at_least(ORIGIN, 3 + a, plan.start[i]);
            at_least(3 + a, ORIGIN, -plan.latest[i]);
            for (b, &j) in old.iter().enumerate() {
                let direct = match plan.paths.is_empty() {
                    false => plan.paths[i * n + j],
                    true if i <= j => plan.prefix[j] - plan.prefix[i],
                    true => NO_PATH,
                };
                at_least(3 + a, 3 + b, direct.max(plan.start[j] - plan.latest[i]));
            }
        }
        let mut latest_dropoff = request.latest_dropoff;
        if dropoff_gap == n
            && let Some(home) = self.spec.home
        {
            let drive = self.travel.time(request.destination_node, home);
            latest_dropoff = latest_dropoff.min(self.day_end() - request.dwell - drive);
        }
        at_least(ORIGIN, PICKUP, request.earliest.0);
        at_least(PICKUP, ORIGIN, -request.latest_pickup.0);
        at_least(ORIGIN, DROPOFF, request.earliest.0);
        at_least(DROPOFF, ORIGIN, -latest_dropoff.0);
        if let Some(limit) = request.max_ride {
            at_least(DROPOFF, PICKUP, -(request.dwell + limit).0);
        }
        for (new, gap, node) in
            [(PICKUP, pickup_gap, request.origin_node), (DROPOFF, dropoff_gap, request.destination_node)]
        {
            let after_pickup = new == DROPOFF && pickup_gap == dropoff_gap;
            if after_pickup {
                at_least(PICKUP, DROPOFF, (request.dwell + self.direct(request)).0);
            } else if gap == 0 {
                at_least(ORIGIN, new, (self.from + self.travel.time(self.van.at.node, node)).0);
            } else {
                let before = &plan.stops[gap - 1];
                at_least(point(gap - 1), new, (before.dwell + self.travel.time(before.node, node)).0);
            }
            if let Some(next) = plan.stops.get(gap) {
                at_least(new, point(gap), (request.dwell + self.travel.time(node, next.node)).0);
            }
        }
        for via in 0..size {
            let onward = path[via];
            for row in &mut path[..size] {
                let there = row[via];
                row.iter_mut().zip(onward).for_each(|(path, onward)| *path = (*path).max(there + onward));
            }
        }
        (0..size)
            .all(|point| path[point][point] <= 0)
            .then(|| (Time(path[ORIGIN][PICKUP]), Time(path[ORIGIN][DROPOFF])))
    }

    /// Energy that the battery would lack to do the plan with the ride, and to be at the depot with its reserve; not
    /// positive if it suffices.
    fn missing_kwh(&self, request: &Request, pickup_gap: usize, dropoff_gap: usize) -> f64 {
        let Some(battery) = &self.spec.battery else { return f64::NEG_INFINITY };
        let consumption = &battery.consumption;
        let leg = |from: NodeId, to: Option<NodeId>| match to {
            Some(to) => {
                let longest = self.travel.longest(self.travel.time(from, to));
                consumption.driving_kwh(self.travel.length_m(from, to), longest)
            }
            None => 0.0,
        };
        let plan = &self.van.plan;
        let after = |gap: usize| plan.stops.get(gap).map(|stop| stop.node).or(self.spec.home);
        let (origin, destination) = (request.origin_node, request.destination_node);
        let mut needed =
            plan.energy_kwh + leg(self.van.at.node, after(0)) + 2.0 * consumption.standing_kwh(request.dwell);
        let before = self.node_before(pickup_gap);
        needed += leg(before, Some(origin)) - leg(before, after(pickup_gap));
        if pickup_gap == dropoff_gap {
            needed += leg(origin, Some(destination));
        } else {
            needed += leg(origin, after(pickup_gap));
            let before = self.node_before(dropoff_gap);
            needed += leg(before, Some(destination)) - leg(before, after(dropoff_gap));
        }
        needed += leg(destination, after(dropoff_gap));
        needed + battery.reserve_kwh - self.van.energy_kwh
    }
}
