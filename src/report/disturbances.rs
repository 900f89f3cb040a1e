//! Figures of what went wrong: riders who did not come, vans that broke down, promises that were not kept.

use super::mean;
use crate::log::{Answer, Event, Log};
use crate::units::{RequestId, Time};
use crate::world::World;

/// What went wrong on a day; absent from the report where nothing can.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Disturbances {
    pub no_shows: u32,
    pub waited_s: f64,
    pub late_pickups: u32,
    pub mean_late_s: Option<f64>,
    pub late_rides: u32,
    pub breakdowns: u32,
    pub stranded: u32,
    pub stuck: Option<u32>,
    pub mean_help_s: Option<f64>,
}

pub(super) fn disturbances(world: &World, log: &Log) -> Option<Disturbances> {
    if !world.is_disturbed() {
        return None;
    }
    let mut found = Disturbances::default();
    let walks = log.walks_by_request();
    let mut waits: Vec<Option<Time>> = vec![None; log.requests.len()];
    let mut boarded: Vec<Option<Time>> = vec![None; log.requests.len()];
    let mut aboard: Vec<Vec<RequestId>> = vec![Vec::new(); world.vans.len()];
    let mut late_s = Vec::new();
    let mut stuck: Vec<Option<Time>> = vec![None; world.vans.len()];
    let mut help_s = Vec::new();
    let supervision = world.scenario.service.supervision.as_ref();
    let helping_s = supervision.map_or(0.0, |supervision| supervision.help_s.into());
    for row in log.van_rows() {
        let Some(vehicle) = row.vehicle else { continue };
        let aboard = &mut aboard[vehicle.index()];
        if row.event == Event::Breakdown {
            found.breakdowns += 1;
            found.stranded += aboard.len() as u32;
        }
        match row.event {
            Event::Stuck => stuck[vehicle.index()] = Some(row.time),
            Event::Freed => {
                let since = stuck[vehicle.index()].take().expect("who is freed was stuck");
                help_s.push((row.time - since).s() - helping_s);
            }
            _ => {}
        }
        let Some(id) = row.request else { continue };
        let (request, waited) = (&log.requests[id.index()], &mut waits[id.index()]);
        if let (Event::Pickup | Event::NoShow, Some(since)) = (row.event, *waited) {
            found.waited_s += (row.time - since).s();
        }
        match row.event {
            Event::Wait => *waited = Some(row.time),
            Event::NoShow => found.no_shows += 1,
            Event::Pickup => {
                aboard.push(id);
                // Who changes vans on the way is picked up twice; who comes late does not make the van late.
                if let (None, Some(Answer::Promised { until, .. })) = (boarded[id.index()], log.answers[id.index()]) {
                    let late = waited.take().unwrap_or(row.time) - until;
                    late_s.extend((late > Time::ZERO).then(|| late.s()));
                    boarded[id.index()] = Some(row.time + request.dwell);
                }
            }
            Event::Transfer => aboard.retain(|&other| other != id),
            Event::Dropoff => {
                aboard.retain(|&other| other != id);
                let Some(boarded) = boarded[id.index()] else { continue };
                let walk = walks[id.index()].map_or(Time::ZERO, |walk| walk.from);
                let too_long = request.max_ride.is_some_and(|limit| row.time - boarded > limit);
                found.late_rides += u32::from(row.time + walk > request.latest_dropoff || too_long);
            }
            _ => {}
        }
    }
    (found.late_pickups, found.mean_late_s) = (late_s.len() as u32, mean(&late_s));
    let may_get_stuck = supervision.is_some_and(|supervision| supervision.stuck_per_h > 0.0);
    (found.stuck, found.mean_help_s) = (may_get_stuck.then_some(help_s.len() as u32), mean(&help_s));
    Some(found)
}
