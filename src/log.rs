//! What happened, as one flat record. Report, playback, export and tests all read it, and nothing else.
//!
//! # The rows
//! Rows are in the order of time. In the rows of a van, `node` is where it is, `load` how many people are aboard (wheelchairs
//! included) and `energy_kwh` what its battery holds (0 without one), all *after* the event. The rows `request`, `accept`,
//! `refuse`, `reassign` and `late` are about the request: `node` is its origin, `load` the party's size, `energy_kwh` 0.
//!
//! | event | means |
//! | --- | --- |
//! | `shift_start`, `shift_end` | the van begins or ends its day, or its next driver's shift begins and the last one's ends |
//! | `break_start`, `break_end` | the driver's break begins or ends; the van stands at its depot without riders |
//! | `request` | a call for a ride is received |
//! | `accept` | the request is promised a ride by `vehicle`; the promised window stands in the request table |
//! | `refuse` | the request is refused; limit and nearest miss stand in the request table |
//! | `reassign` | the request, promised a ride already, goes to `vehicle` instead; the promised window stays |
//! | `depart` | the van leaves `node` |
//! | `pass` | the van drives through `node` without stopping; it took the road section from the row before |
//! | `arrive` | the van stops at `node` |
//! | `pickup`, `dropoff` | the party begins to get on or off; the van stands for the dwell time, then is free to go |
//! | `plug`, `unplug` | the van is plugged into a charger, or unplugged |
//! | `wait` | the van is at the stop at the planned time, and begins to wait for the party, which is not there |
//! | `no_show` | it gives up waiting; the party is not carried |
//! | `breakdown`, `repaired` | the van cannot go on, until it is repaired |
//! | `stuck`, `freed` | a van without a driver stops and asks for help, until a supervisor has freed it |
//! | `transfer` | the party gets off the van that has broken down; another will pick it up there, as `reassign` says |
//! | `late` | a disturbance of `vehicle` breaks a limit of the request: it will be picked up or dropped off later than promised, or be aboard for longer |
//!
//! Under the policy `fixed_route` vans are buses: they `arrive` at each stop of their line, and leave it at the timetable's time
//! or later. A party gets on and off at stops of the line; [`Walk`] has a line for each request promised a ride.
//!
//! Power stands in side tables: [`Flow`] has a line for every change of a battery's power, [`SiteRow`] one for each half hour of
//! a depot's meter, [`PlanRow`] one for each schedule that was optimised. [`BatchRow`] has one for each decision of `pooling`.
//!
//! Between `depart`/`pass` and the next `pass`/`arrive` the van drives one road section at constant speed. Energy falls
//! while driving and for the dwell time after `pickup` and `dropoff`, and changes as the flows say between `plug` and `unplug`.

pub mod write;

use serde::{Deserialize, Serialize};
use std::hash::Hasher;
use twox_hash::XxHash64;

use crate::demand::Request;
use crate::scenario::Text;
use crate::units::{DepotId, NodeId, RequestId, Time, VehicleId};

/// What a row tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Event {
    /// The van begins its day.
    ShiftStart,
    /// The van ends its day.
    ShiftEnd,
    /// A call for a ride is received.
    Request,
    /// The request is promised a ride.
    Accept,
    /// The request is refused.
    Refuse,
    /// The van leaves the node.
    Depart,
    /// The van drives through the node.
    Pass,
    /// The van stops at the node.
    Arrive,
    /// The party begins to get on.
    Pickup,
    /// The party begins to get off.
    Dropoff,
    /// The van is plugged in.
    Plug,
    /// The van is unplugged.
    Unplug,
    /// The request, promised a ride already, goes to another van.
    Reassign,
    /// The driver's break begins.
    BreakStart,
    /// The driver's break ends.
    BreakEnd,
    /// The van begins to wait for the party.
    Wait,
    /// The party has not come.
    NoShow,
    /// The van cannot go on.
    Breakdown,
    /// It can again.
    Repaired,
    /// The party gets off a van that has broken down.
    Transfer,
    /// A limit of the request will be broken.
    Late,
    /// The van, which has no driver, asks a supervisor for help.
    Stuck,
    /// It has got it, and can go on.
    Freed,
}

impl Event {
    /// Whether it is about a request's answer and not about what a van does.
    pub fn is_answer(self) -> bool {
        matches!(self, Event::Request | Event::Accept | Event::Refuse | Event::Reassign | Event::Late)
    }

    /// The word in the written log.
    pub fn word(self) -> &'static str {
        match self {
            Event::ShiftStart => "shift_start",
            Event::ShiftEnd => "shift_end",
            Event::Request => "request",
            Event::Accept => "accept",
            Event::Refuse => "refuse",
            Event::Reassign => "reassign",
            Event::Depart => "depart",
            Event::Pass => "pass",
            Event::Arrive => "arrive",
            Event::Pickup => "pickup",
            Event::Dropoff => "dropoff",
            Event::Plug => "plug",
            Event::Unplug => "unplug",
            Event::Wait => "wait",
            Event::NoShow => "no_show",
            Event::Breakdown => "breakdown",
            Event::Repaired => "repaired",
            Event::Transfer => "transfer",
            Event::Late => "late",
            Event::Stuck => "stuck",
            Event::Freed => "freed",
            Event::BreakStart => "break_start",
            Event::BreakEnd => "break_end",
        }
    }
}

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// When.
    pub time: Time,
    /// What.
    pub event: Event,
    /// Which van.
    pub vehicle: Option<VehicleId>,
    /// Which request.
    pub request: Option<RequestId>,
    /// Where.
    pub node: NodeId,
    /// People aboard after the event, those in wheelchairs included.
    pub load: u32,
    /// Energy in the battery after the event, kWh; 0 for a van without one.
    pub energy_kwh: f64,
}

/// The limit that stood in the way of a request, in the order in which they are checked: the later, the closer the miss.
/// Those from `Cost` on are of single policies, and are never compared with others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// The service is closed at the time asked for, or would be before the ride ends.
    Closed,
    /// No road leads from origin to destination.
    NoRoad,
    /// The party is larger than any van.
    PartyTooLarge,
    /// Every van was busy, and the policy does not share, or sharing would cost others more than the ride is worth.
    Busy,
    /// No van could be at the origin in time.
    Wait,
    /// No free seat or wheelchair place on the way.
    Seats,
    /// The drop-off would be too late, or the time aboard too long.
    Ride,
    /// Riders already promised would be late, or a driver's break.
    Promise,
    /// The van could not be back at its depot when its day ends, or riders would be aboard in a driver's break.
    Shift,
    /// The battery would fall below its reserve.
    Charge,
    /// Serving it would cost more than the policy allows.
    Cost,
    /// No line leads from within walking distance of the origin to within walking distance of the destination.
    Walk,
    /// All the way on foot takes no longer than by bus.
    OnFoot,
    /// A van could have come, but a policy of one's own did not send it.
    Declined,
    /// Only vans without a driver run, and none of them serves both stops.
    Area,
}

/// What became of a request when it was called in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// A van comes between `from` and `until`.
    Promised {
        /// Which van; the last, if it was moved to another.
        vehicle: VehicleId,
        /// Earliest pick-up.
        from: Time,
        /// Latest pick-up.
        until: Time,
    },
    /// No van comes.
    Refused {
        /// The limit that the nearest miss broke.
        limit: Limit,
        /// The van that came closest, if any was looked at.
        nearest: Option<VehicleId>,
        /// By how much the limit was missed, in seconds (`Wait`, `Ride`, `Promise`, `Shift`, `Cost`, `OnFoot`), people
        /// (`Seats`), kWh (`Charge`) or metres (`Walk`).
        by: f64,
    },
}

/// How a rider of the fixed route gets to the bus, and from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    /// Whose request.
    pub request: RequestId,
    /// Where the party gets on.
    pub board: NodeId,
    /// Where it gets off.
    pub alight: NodeId,
    /// Time to walk from the origin to where it gets on.
    pub to: Time,
    /// Time to walk from where it gets off to the destination.
    pub from: Time,
}

/// One stay of a van at a charger.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Which van.
    pub vehicle: VehicleId,
    /// Where.
    pub depot: DepotId,
    /// Which of the depot's places, counted through its chargers.
    pub charger: u32,
    /// Begin.
    pub plugged: Time,
    /// End; `None` while it goes on.
    pub unplugged: Option<Time>,
    /// Energy in the battery at the begin, kWh.
    pub from_kwh: f64,
}

/// A battery behind a depot's meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Unit {
    /// A van at a charger.
    Van(VehicleId),
    /// A car of the site, by its position among the site's cars.
    Car(u32),
    /// The site's stationary battery.
    Stationary,
}

/// A battery's power from a moment on, until its next line.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    /// When.
    pub time: Time,
    /// Behind whose meter.
    pub depot: DepotId,
    /// Which battery.
    pub unit: Unit,
    /// Power from the site, kW; negative to the site.
    pub site_kw: f64,
    /// Rate at which the stored energy grows, kW; negative: falls.
    pub stored_kw: f64,
    /// Stored energy at `time`, kWh.
    pub energy_kwh: f64,
    /// Whether it is at its charger. A car that leaves is not, until its next line; what it used is the difference.
    pub plugged: bool,
}

/// A depot's half hour at the meter; mean powers in kW.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct SiteRow {
    /// Begin.
    pub time: Time,
    /// Which depot.
    pub depot: DepotId,
    /// Load of the building.
    pub load_kw: f64,
    /// Drawn by chargers with nothing to do.
    pub standby_kw: f64,
    /// Offered by the panels.
    pub solar_kw: f64,
    /// Offered by the turbines.
    pub wind_kw: f64,
    /// What was used of both; the rest was curtailed.
    pub free_used_kw: f64,
    /// From the fuel cell.
    pub fuel_kw: f64,
    /// Into batteries.
    pub charge_kw: f64,
    /// Out of batteries.
    pub discharge_kw: f64,
    /// Bought.
    pub import_kw: f64,
    /// Sold.
    pub export_kw: f64,
}

/// A schedule that was optimised.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PlanRow {
    /// When.
    pub time: Time,
    /// For which depot.
    pub depot: DepotId,
    /// Cost of the schedule to the end of the day, yen.
    pub cost_yen: f64,
    /// Proven lower bound on it, yen.
    pub bound_yen: f64,
    /// (cost − bound) / max(1, cost).
    pub gap_rel: f64,
    /// Largest violation of a balance or a limit, kW or kWh.
    pub primal: f64,
    /// Largest violation of complementary slackness.
    pub dual: f64,
    /// Iterations of the interior-point method.
    pub iterations: u32,
    /// Energy that could not be planned for, kWh.
    pub shortfall_kwh: f64,
}

/// Where and why a policy of one's own was no longer asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// When.
    pub time: Time,
    /// What was wrong.
    pub message: Text,
    /// In which line of the policy, if it is known.
    pub line: Option<u32>,
}

/// A decision about all vans at once, and how far it is from the best one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BatchRow {
    /// When.
    pub time: Time,
    /// Riders who could be decided about: promised a ride or not, and not picked up.
    pub requests: u32,
    /// Trips to choose from: sets of riders that one van can serve.
    pub trips: u32,
    /// Riders who stand in a plan now.
    pub served: u32,
    /// What was minimised, in seconds of driving.
    pub value_s: f64,
    /// Proven: no choice among these trips has less, in seconds of driving.
    pub bound_s: f64,
}

/// The record of one run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Log {
    /// All rows, in the order of time.
    pub rows: Vec<Row>,
    /// The day's requests, by id.
    pub requests: Vec<Request>,
    /// The answer given to each request; `None` only while the run is not finished.
    pub answers: Vec<Option<Answer>>,
    /// Walks of the requests promised a ride, in the order of their answers; under `fixed_route` only.
    pub walks: Vec<Walk>,
    /// Stays at chargers, in the order of their begin.
    pub sessions: Vec<Session>,
    /// Powers of batteries, in the order of time.
    pub flows: Vec<Flow>,
    /// Half hours at the meters, in the order of time.
    pub sites: Vec<SiteRow>,
    /// Schedules optimised, in the order of time.
    pub plans: Vec<PlanRow>,
    /// Decisions about all vans at once, in the order of time.
    pub batches: Vec<BatchRow>,
    /// Where a matching policy of one's own was given up, if it was.
    pub fault: Option<Fault>,
}

impl Log {
    /// The rows that are about a van, not about a request's answer.
    pub fn van_rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| !row.event.is_answer())
    }

    /// By request: its walk, if it has one.
    pub fn walks_by_request(&self) -> Vec<Option<Walk>> {
        let mut walks = vec![None; self.requests.len()];
        for walk in &self.walks {
            walks[walk.request.index()] = Some(*walk);
        }
        walks
    }

    /// XXH64 of everything in the log: equal logs, equal hashes, on every target.
    pub fn hash(&self) -> u64 {
        let mut hasher = XxHash64::with_seed(0);
        let optional = |id: Option<u32>| id.unwrap_or(u32::MAX);
        for row in &self.rows {
            let mut bytes = [0u8; 29];
            bytes[0..4].copy_from_slice(&row.time.0.to_le_bytes());
            bytes[4] = row.event as u8;
            bytes[5..9].copy_from_slice(&optional(row.vehicle.map(|v| v.0)).to_le_bytes());
            bytes[9..13].copy_from_slice(&optional(row.request.map(|r| r.0)).to_le_bytes());
            bytes[13..17].copy_from_slice(&row.node.0.to_le_bytes());
            bytes[17..21].copy_from_slice(&row.load.to_le_bytes());
            bytes[21..29].copy_from_slice(&row.energy_kwh.to_bits().to_le_bytes());
            hasher.write(&bytes);
        }
        for answer in &self.answers {
            match *answer {
                None => hasher.write(&[0]),
                Some(Answer::Promised { vehicle, from, until }) => {
                    hasher.write(&[1]);
                    for number in [vehicle.0 as i32, from.0, until.0] {
                        hasher.write(&number.to_le_bytes());
                    }
                }
                Some(Answer::Refused { limit, nearest, by }) => {
                    hasher.write(&[2, limit as u8]);
                    hasher.write(&optional(nearest.map(|v| v.0)).to_le_bytes());
                    hasher.write(&by.to_bits().to_le_bytes());
                }
            }
        }
        for walk in &self.walks {
            for number in [walk.request.0, walk.board.0, walk.alight.0] {
                hasher.write(&number.to_le_bytes());
            }
            [walk.to, walk.from].iter().for_each(|time| hasher.write(&time.0.to_le_bytes()));
        }
        for session in &self.sessions {
            let ids = [session.vehicle.0, session.depot.0, session.charger];
            let times = [session.plugged.0, session.unplugged.map_or(i32::MAX, |time| time.0)];
            ids.iter().for_each(|id| hasher.write(&id.to_le_bytes()));
            times.iter().for_each(|time| hasher.write(&time.to_le_bytes()));
            hasher.write(&session.from_kwh.to_bits().to_le_bytes());
        }
        for flow in &self.flows {
            hasher.write(&flow.time.0.to_le_bytes());
            for number in [flow.site_kw, flow.stored_kw, flow.energy_kwh] {
                hasher.write(&number.to_bits().to_le_bytes());
            }
        }
        for row in &self.sites {
            for number in [row.import_kw, row.export_kw, row.free_used_kw, row.fuel_kw] {
                hasher.write(&number.to_bits().to_le_bytes());
            }
        }
        for row in &self.batches {
            for number in [row.time.s(), row.value_s, row.bound_s] {
                hasher.write(&number.to_bits().to_le_bytes());
            }
        }
        if let Some(fault) = &self.fault {
            hasher.write(&fault.time.0.to_le_bytes());
        }
        hasher.finish()
    }

    /// As compact bytes, for handing to another thread; read back by [`Log::from_bytes`].
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("a log is plain data of known length")
    }

    /// From [`Log::to_bytes`]; `None` if the bytes are not a log.
    pub fn from_bytes(bytes: &[u8]) -> Option<Log> {
        postcard::from_bytes(bytes).ok()
    }
}
