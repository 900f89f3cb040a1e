//! Vans and their plans.
//!
//! A [`Plan`] is the ordered list of stops ahead of a van. Its schedule is a *simple temporal network* (Dechter, Meiri,
//! Pearl 1991): begins of service are variables; driving, dwell times, time windows and ride-time limits are bounds on
//! their differences. The network's longest paths give for every stop the earliest begin that keeps all limits — waiting
//! before a pick-up so that the ride stays short included — and the latest begin that still does. With these, whether a
//! ride fits into two given gaps is decided in constant time, and exactly:
//!
//! - with time windows alone, by the earliest begins, the latest begins and prefix sums of driving and dwell times, the
//!   push-forward and slack of Savelsbergh (1992);
//! - with ride-time limits, by the longest paths among at most seven points: the two new stops, their four neighbours and
//!   the origin of time. Every cycle that an insertion makes passes through these.
//!
//! Both rely on the triangle inequality of driving times, which fastest ways on roads fulfil.

mod insertion;
mod plan;

use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

pub use insertion::{Insertion, Miss, Search, first_miss};
pub use plan::{Action, Plan, PlanStop};

use crate::battery::BatterySpec;
use crate::crew::{Breaks, Shift};
use crate::demand::Request;
use crate::roads::TravelTable;
use crate::units::{NodeId, StopId, Time};

/// People by what they sit on, and parcels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Load {
    /// Seats.
    pub seats: u32,
    /// Wheelchair places.
    pub wheelchairs: u32,
    /// Parcels.
    pub parcels: u32,
}

/// So many people aboard leave no seat for anybody in any van.
const NO_SEAT: u32 = 1_000_000;

impl Load {
    /// How many people.
    pub fn people(self) -> u32 {
        self.seats + self.wheelchairs
    }

    /// Whether it fits into `capacity`.
    pub fn fits(self, capacity: Load) -> bool {
        // Without jumps: this is asked for each place that is looked at.
        (self.seats <= capacity.seats) & (self.wheelchairs <= capacity.wheelchairs) & (self.parcels <= capacity.parcels)
    }

    /// People and parcels beyond `capacity`.
    pub fn beyond(self, capacity: Load) -> u32 {
        self.seats.saturating_sub(capacity.seats)
            + self.wheelchairs.saturating_sub(capacity.wheelchairs)
            + self.parcels.saturating_sub(capacity.parcels)
    }

    /// Nobody may ride on, only parcels.
    pub(crate) fn parcels_only(self) -> Load {
        Load { seats: NO_SEAT, wheelchairs: NO_SEAT, ..self }
    }

    /// Whether it is what [`Load::parcels_only`] gives.
    pub(crate) fn is_parcels_only(self) -> bool {
        self.seats >= NO_SEAT
    }

    /// The larger of each.
    pub fn max(self, other: Load) -> Load {
        Load {
            seats: self.seats.max(other.seats),
            wheelchairs: self.wheelchairs.max(other.wheelchairs),
            parcels: self.parcels.max(other.parcels),
        }
    }
}

impl Add for Load {
    type Output = Load;
    fn add(self, other: Load) -> Load {
        Load {
            seats: self.seats + other.seats,
            wheelchairs: self.wheelchairs + other.wheelchairs,
            parcels: self.parcels + other.parcels,
        }
    }
}

impl Sub for Load {
    type Output = Load;
    fn sub(self, other: Load) -> Load {
        Load {
            seats: self.seats - other.seats,
            wheelchairs: self.wheelchairs - other.wheelchairs,
            parcels: self.parcels - other.parcels,
        }
    }
}

/// What does not change about a van, or a bus, during a day.
#[derive(Debug, Clone, PartialEq)]
pub struct VanSpec {
    /// Seats, wheelchair places and places for parcels.
    pub capacity: Load,
    /// Where it begins its day.
    pub start: NodeId,
    /// Where it has to be when its day ends; `None`: anywhere.
    pub home: Option<NodeId>,
    /// When its day begins; [`Time::NEVER`]: it stays where it is.
    pub shift_begin: Time,
    /// When its day ends; a bus ends it earlier, once it is home from its last trip.
    pub shift_end: Time,
    /// What its plan begins with: the calls of a bus, the changes and breaks of a van's drivers.
    pub calls: Vec<PlanStop>,
    /// Its drivers, in the order of their shifts, where the scenario says who drives.
    pub shifts: Vec<Shift>,
    /// When they break off driving, if there are rules.
    pub breaks: Option<Breaks>,
    /// What holds for it, if it runs without a driver.
    pub driverless: Option<DriverlessSpec>,
    /// Its battery, if it has a limited one.
    pub battery: Option<BatterySpec>,
}

/// What holds for a van without a driver.
#[derive(Debug, Clone, PartialEq)]
pub struct DriverlessSpec {
    /// Stops that it serves; none: all.
    pub stops: Vec<StopId>,
    /// Which of the world's slow ways it drives.
    pub ways: usize,
}

impl VanSpec {
    /// Whether both ends of a request are among the stops that it serves.
    pub fn serves(&self, request: &Request) -> bool {
        self.driverless.as_ref().is_none_or(|DriverlessSpec { stops, .. }| {
            stops.is_empty() || stops.contains(&request.origin) && stops.contains(&request.destination)
        })
    }

    /// Whether it leaves its depot on this day.
    pub fn is_in_service(&self) -> bool {
        self.shift_begin < Time::NEVER
    }
}

/// Where and when a van can next be sent somewhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Where it is, or the next node of the road it is on.
    pub node: NodeId,
    /// When it is there, and free to go.
    pub ready: Time,
    /// Who is aboard then.
    pub load: Load,
    /// By how much a disturbance has moved the end of its day.
    pub overtime: Time,
}

/// A van as a policy sees it.
#[derive(Debug, Clone)]
pub struct Van {
    /// Where and when it can next be sent somewhere.
    pub at: Position,
    /// Energy in the battery then, kWh; infinite without a battery.
    pub energy_kwh: f64,
    /// Stops ahead.
    pub plan: Plan,
    /// Where it goes when no stop is ahead, or before the next has to be driven to.
    pub goal: Option<NodeId>,
    /// Its day is over; it takes no more riders.
    pub done: bool,
}

impl Van {
    /// Nobody is aboard, and no ride is ahead.
    pub fn is_idle(&self) -> bool {
        self.plan.last_ride().is_none() && self.at.load == Load::default()
    }

    /// When it has to leave for the next stop of its plan to be there just in time.
    pub fn departure(&self, travel: &TravelTable) -> Option<Time> {
        let (stop, start) = self.plan.first()?;
        Some(travel.before(start, travel.time(self.at.node, stop.node)))
    }
}
