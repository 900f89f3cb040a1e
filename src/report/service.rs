//! Figures of the service: who was carried, who waited how long, and what it took.

use std::collections::BTreeMap;

use super::{RefusedBy, VehicleReport, ZoneRiders};
use crate::log::{Answer, Event, Log};
use crate::scenario::Zone;
use crate::units::{RequestId, Time};
use crate::world::World;

/// What happened to the riders; one entry of each list for each request served that is not freight.
#[derive(Default)]
pub(super) struct Service {
    pub waits_s: Vec<f64>,
    pub walks_s: Vec<f64>,
    pub journeys_s: Vec<f64>,
    pub delays_s: Vec<f64>,
    pub rides_s: Vec<f64>,
    pub directs_s: Vec<f64>,
    pub shared: u32,
    pub passengers: u32,
    pub parcels: u32,
    pub fares_yen: f64,
    pub riders: Vec<ZoneRiders>,
    pub refused_by: Vec<RefusedBy>,
    /// By request.
    pub served_requests: Vec<bool>,
    /// Requests of riders, served or not.
    pub rider_requests: u32,
    /// Whole minutes, the last begun one counted, from the earliest moment wanted to the pick-up; the walk to a bus among them.
    pub pickups_min: Vec<usize>,
}

pub(super) fn service(world: &World, log: &Log) -> Service {
    let mut service = Service {
        served_requests: vec![false; log.requests.len()],
        rider_requests: log.requests.iter().filter(|request| !request.is_freight()).count() as u32,
        ..Service::default()
    };
    let walks = log.walks_by_request();
    let mut pickups = vec![None; log.requests.len()];
    let mut shared = vec![false; log.requests.len()];
    let mut aboard: Vec<Vec<RequestId>> = vec![Vec::new(); world.vans.len()];
    let mut riders: BTreeMap<Option<&str>, ZoneRiders> = BTreeMap::new();
    for row in log.van_rows() {
        let Some(vehicle) = row.vehicle else { continue };
        let aboard = &mut aboard[vehicle.index()];
        match (row.event, row.request) {
            (Event::Pickup, Some(id)) => {
                // Who changes vans on the way is picked up twice.
                pickups[id.index()].get_or_insert(row.time);
                if !log.requests[id.index()].is_freight() {
                    aboard.push(id);
                }
            }
            (Event::Dropoff, Some(id)) => {
                aboard.retain(|&other| other != id);
                let Some(pickup) = pickups[id.index()] else { continue };
                let request = &log.requests[id.index()];
                service.served_requests[id.index()] = true;
                service.parcels += request.party.parcels;
                if request.is_freight() {
                    continue;
                }
                let boarded = pickup + request.dwell;
                let (to, from) = walks[id.index()].map_or_else(Default::default, |walk| (walk.to, walk.from));
                let there = row.time + from - request.earliest;
                service.waits_s.push((pickup - request.earliest - to).s());
                service.walks_s.push((to + from).s());
                service.pickups_min.push(((pickup - request.earliest).s().max(0.0) / 60.0).ceil() as usize);
                service.journeys_s.push((there + request.dwell).s());
                service.delays_s.push((there - request.dwell - request.direct).s());
                service.rides_s.push((row.time - boarded).s());
                service.directs_s.push(request.direct.s());
                service.passengers += request.party.people();
                let ticket = ticket(world, log, id, pickup);
                service.fares_yen += ticket.yen(world);
                let zone = ticket.zone.map(|zone| zone.id.as_str());
                let riders = riders
                    .entry(zone)
                    .or_insert_with(|| ZoneRiders { zone: zone.map(str::to_owned), ..ZoneRiders::default() });
                riders.people += ticket.people;
                riders.night += if ticket.night { ticket.people } else { 0 };
            }
            (Event::Transfer, Some(id)) => aboard.retain(|&other| other != id),
            (Event::Depart, _) if aboard.len() > 1 => {
                for id in aboard {
                    shared[id.index()] = true;
                }
            }
            _ => {}
        }
    }
    service.riders = riders.into_values().collect();
    service.shared = shared.iter().filter(|&&shared| shared).count() as u32;

    let mut limits: Vec<_> = log
        .answers
        .iter()
        .filter_map(|answer| match answer {
            Some(Answer::Refused { limit, .. }) => Some(*limit),
            _ => None,
        })
        .collect();
    limits.sort_unstable();
    service.refused_by =
        limits.chunk_by(|a, b| a == b).map(|group| RefusedBy { limit: group[0], count: group.len() as u32 }).collect();
    service
}

/// What a party pays for.
struct Ticket<'a> {
    people: u32,
    /// The one of the two zones with the higher fare; on a bus none.
    zone: Option<&'a Zone>,
    /// Whether there is a surcharge.
    night: bool,
}

fn ticket<'a>(world: &'a World, log: &Log, id: RequestId, pickup: Time) -> Ticket<'a> {
    let fares = &world.scenario.fares;
    let request = &log.requests[id.index()];
    let people = request.party.people();
    if world.timetable.is_some() {
        return Ticket { people, zone: None, night: false };
    }
    let zone = |stop: usize| fares.zones.iter().find(|zone| zone.id == world.scenario.stops[stop].zone);
    let zones = [request.origin, request.destination].map(|stop| zone(stop.index()));
    Ticket {
        people,
        zone: zones.into_iter().flatten().max_by(|a, b| a.adult_yen.total_cmp(&b.adult_yen)),
        night: fares.night.as_ref().is_some_and(|night| pickup >= night.from.0),
    }
}

impl Ticket<'_> {
    /// Fare: for each paying passenger that of the zone, and the surcharge at night; on a bus its flat fare.
    fn yen(&self, world: &World) -> f64 {
        let fares = &world.scenario.fares;
        let paying = f64::from(self.people) * (1.0 - fares.free_share);
        let night_yen = fares.night.as_ref().filter(|_| self.night).map_or(0.0, |night| night.surcharge_yen);
        match (self.zone, &world.timetable, &world.scenario.fixed_route) {
            (None, Some(_), Some(route)) => paying * route.adult_yen,
            (zone, ..) => paying * (zone.map_or(0.0, |zone| zone.adult_yen) + night_yen),
        }
    }
}

/// Fills in drivers' hours on duty, of driving and of breaks, and requests served of each van.
pub(super) fn duty(world: &World, log: &Log, vehicles: &mut [VehicleReport]) {
    let mut began = vec![None; vehicles.len()];
    let mut rests = vec![Time::ZERO; vehicles.len()];
    let mut last: Vec<Option<(Event, Time)>> = vec![None; vehicles.len()];
    for row in log.van_rows() {
        let Some(vehicle) = row.vehicle else { continue };
        let van = &mut vehicles[vehicle.index()];
        if let Some((Event::Depart | Event::Pass, time)) = last[vehicle.index()].replace((row.event, row.time)) {
            van.driving_hours += (row.time - time).h();
        }
        match row.event {
            Event::BreakStart => rests[vehicle.index()] = row.time,
            Event::BreakEnd => van.break_hours += (row.time - rests[vehicle.index()]).h(),
            Event::ShiftStart => began[vehicle.index()] = Some(row.time),
            Event::ShiftEnd => {
                if let Some(began) = began[vehicle.index()].take() {
                    van.driver_hours += (row.time - began).h();
                }
            }
            Event::Dropoff => van.served += 1,
            _ => {}
        }
    }
    for (van, _) in vehicles.iter_mut().zip(&world.vans).filter(|(_, spec)| spec.driverless.is_some()) {
        (van.driver_hours, van.driving_hours) = (0.0, 0.0);
    }
}

/// The stretches of time in which a van has a party or parcels aboard or is on its way to them, in the order of their ends.
pub(super) fn busy(log: &Log) -> Vec<(Time, Time)> {
    let vans = log.van_rows().filter_map(|row| row.vehicle).max().map_or(0, |van| van.index() + 1);
    // Since when a van has been under way empty; that counts if a pick-up follows.
    let mut empty: Vec<Option<Time>> = vec![None; vans];
    let mut busy: Vec<Option<Time>> = vec![None; vans];
    let mut aboard = vec![0; vans];
    let mut stretches = Vec::new();
    for row in log.van_rows() {
        let Some(vehicle) = row.vehicle.map(|van| van.index()) else { continue };
        match row.event {
            Event::Depart if busy[vehicle].is_none() => empty[vehicle] = Some(row.time),
            Event::Pickup => {
                aboard[vehicle] += 1;
                let began = empty[vehicle].take().unwrap_or(row.time);
                busy[vehicle].get_or_insert(began);
            }
            Event::Dropoff | Event::Transfer => {
                aboard[vehicle] -= 1;
                let dwell = match row.request {
                    Some(id) if row.event == Event::Dropoff => log.requests[id.index()].dwell,
                    _ => Time::ZERO,
                };
                if aboard[vehicle] == 0
                    && let Some(began) = busy[vehicle].take()
                {
                    stretches.push((began, row.time + dwell));
                }
            }
            Event::NoShow | Event::Breakdown | Event::Stuck => empty[vehicle] = None,
            Event::Plug | Event::ShiftEnd | Event::BreakStart => empty[vehicle] = None,
            _ => {}
        }
    }
    stretches
}
