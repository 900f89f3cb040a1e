//! Insertions in traffic: what a stop more costs the next depends on the hour, so each place is judged by the schedule of the whole
//! plan. Exact as in constant times, but O(n) for each place, or more where ride-time limits bind.

use super::{Insertion, Miss, Search, Visits};
use crate::demand::Request;
use crate::fleet::{Action, Plan, PlanStop, Position, VanSpec};
use crate::log::Limit;
use crate::objective::Objective;
use crate::roads::TravelTable;
use crate::units::{RequestId, Time};

/// Stands for the ride looked for; no request has it.
const NEW: RequestId = RequestId(u32::MAX - 1);

impl Search<'_> {
    /// See [`Search::cheapest`].
    pub(super) fn cheapest_rescheduled(
        &self,
        request: &Request,
        objective: &Objective,
        mut bound: f64,
        miss: &mut Option<Miss>,
    ) -> Option<Insertion> {
        let mut best = None;
        let gaps = self.van.plan.stops.len();
        for pickup_gap in 0..=gaps {
            let free = self.van.plan.free_at(pickup_gap, self.from);
            let at = self.travel.arrival(self.node_before(pickup_gap), request.origin_node, free).max(request.earliest);
            if at > request.latest_pickup {
                // Later gaps are later still, by the triangle inequality.
                Miss::note(miss, Miss { limit: Limit::Wait, by: (at - request.latest_pickup).s() });
                break;
            }
            for dropoff_gap in pickup_gap..=gaps {
                match self.rescheduled(request, pickup_gap, dropoff_gap) {
                    Ok(place) => {
                        let visits = Visits {
                            pickup_at: place.pickup_at,
                            dropoff_at: place.dropoff_at,
                            added_drive: place.added_drive.0,
                        };
                        let cost = visits.cost(request, objective);
                        if cost < bound {
                            bound = cost;
                            best = Some(Insertion { cost, ..place });
                        }
                    }
                    Err(found) => {
                        Miss::note(miss, found);
                        if found.is_late_arrival() {
                            break;
                        }
                    }
                }
            }
        }
        best
    }

    /// See [`Search::try_gaps`]. Driving added is that of the free road.
    pub(super) fn rescheduled(
        &self,
        request: &Request,
        pickup_gap: usize,
        dropoff_gap: usize,
    ) -> Result<Insertion, Miss> {
        let (at, window) = (self.position(), (request.earliest, request.latest_pickup));
        let stops = self.stops_with(NEW, request, (pickup_gap, dropoff_gap), window);
        if let Some(miss) = first_miss(NEW, &stops, at, self.spec, self.travel) {
            return Err(miss);
        }
        let too_long = Miss { limit: Limit::Ride, by: 0.0 };
        let plan = Plan::new(stops, at, self.spec, self.travel).ok_or(too_long)?;
        let missing_kwh = plan.missing_kwh(at.node, self.van.energy_kwh, self.spec, self.travel);
        if missing_kwh > 0.0 {
            return Err(Miss { limit: Limit::Charge, by: missing_kwh });
        }
        let drive = |plan: &Plan| {
            plan.stops.first().map_or(0, |first| self.travel.time(at.node, first.node).0) + plan.drive_ms()
        };
        let added_drive = drive(&plan) - drive(&self.van.plan);
        let visits = Visits {
            pickup_at: Time(plan.start[pickup_gap]),
            dropoff_at: Time(plan.start[dropoff_gap + 1]),
            added_drive,
        };
        Ok(visits.insertion(pickup_gap, dropoff_gap, f64::from(added_drive)))
    }
}

/// The first limit that a van with these stops ahead would break, those on ride times not looked at; `id` is the newest ride.
pub fn first_miss(
    id: RequestId,
    stops: &[PlanStop],
    from: Position,
    spec: &VanSpec,
    travel: &TravelTable,
) -> Option<Miss> {
    let Position { mut node, mut ready, mut load, overtime } = from;
    for stop in stops {
        let begin = travel.arrival(node, stop.node, ready).max(stop.earliest);
        let limit = match stop.action {
            _ if stop.request != id => Limit::Promise,
            Action::Pickup => Limit::Wait,
            Action::Dropoff | Action::Call | Action::Break | Action::Change => Limit::Ride,
        };
        if begin > stop.latest {
            return Some(Miss { limit, by: (begin - stop.latest).s() });
        }
        load = stop.action.load(load, stop.party);
        if stop.action.is_pause() && load.people() > 0 {
            return Some(Miss { limit: Limit::Shift, by: 0.0 });
        }
        if !load.fits(spec.capacity) {
            return Some(Miss { limit: Limit::Seats, by: f64::from(load.beyond(spec.capacity)) });
        }
        (node, ready) = (stop.node, begin + stop.dwell);
    }
    let home = spec.home.map_or(ready, |home| travel.arrival(node, home, ready));
    let late = home - spec.shift_end - overtime;
    (late > Time::ZERO).then(|| Miss { limit: Limit::Shift, by: late.s() })
}
