//! What is to be planned: rides, vans, stations, and what weighs how much. All times are minutes, all energies kWh.

use super::table::Table;
use crate::fleet::Load;

/// A place: a row of the table of driving times.
pub type Place = usize;

/// When something may begin, minutes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Earliest.
    pub from: f64,
    /// Latest.
    pub to: f64,
}

/// A pick-up or a drop-off. Those of ride `r` are visits `2 r` and `2 r + 1`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    /// Where.
    pub place: Place,
    /// When service may begin.
    pub window: Window,
    /// How long it takes.
    pub service: f64,
    /// What it takes from the battery, kWh.
    pub kwh: f64,
}

/// A party that rides.
#[derive(Debug, Clone, PartialEq)]
pub struct Ride {
    /// Room that it takes.
    pub party: Load,
    /// Longest time from the end of boarding to the begin of alighting.
    pub max_minutes: f64,
    /// Driving time from its pick-up to its drop-off.
    pub direct: f64,
    /// What not serving it costs.
    pub refusal: f64,
    /// The only van that can serve it: then it may be a pause of its driver.
    pub only: Option<usize>,
}

/// A van.
#[derive(Debug, Clone, PartialEq)]
pub struct Van {
    /// Where its day begins.
    pub start: Place,
    /// When it may leave there, and has to be back.
    pub shift: Window,
    /// Longest time from leaving to being back.
    pub max_minutes: f64,
    /// Room.
    pub room: Load,
    /// Where its day may end: indices of [`Problem::ends`].
    pub ends: Vec<usize>,
    /// What driving takes: an index into [`Problem::energy`].
    pub energy: usize,
    /// Its battery; none, and it drives without a limit.
    pub battery: Option<Battery>,
    /// Vans of one kind can be exchanged for each other.
    pub kind: usize,
    /// What it costs without rides.
    pub empty_cost: f64,
}

/// What driving takes from a battery.
#[derive(Debug, Clone, PartialEq)]
pub enum Energy {
    /// So many kWh a minute.
    PerMinute(f64),
    /// By where from and where to, kWh.
    Table(Table),
}

/// A van's battery.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Battery {
    /// When the day begins, kWh.
    pub start_kwh: f64,
    /// Full, kWh.
    pub full_kwh: f64,
    /// When the day ends, at least, kWh.
    pub end_kwh: f64,
    /// At any time, at least, kWh.
    pub least_kwh: f64,
}

/// Where vans may end their day.
#[derive(Debug, Clone, PartialEq)]
pub struct End {
    /// Where.
    pub place: Place,
    /// When.
    pub window: Window,
    /// By how many vans at most.
    pub vans: usize,
}

/// A plug, where a van without riders may stop once. One that can be used more often is several, each with a window of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// Where.
    pub place: Place,
    /// From when until when a van may be plugged in.
    pub window: Window,
    /// What the battery gains, kWh in a minute.
    pub kwh_per_minute: f64,
    /// What a kWh costs, by the weights of the problem.
    pub cost_per_kwh: f64,
}

/// What a plan is judged by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// A minute of driving.
    pub travel: f64,
    /// A minute that a ride takes longer than driving straight.
    pub excess: f64,
}

/// A planning problem, checked and compiled.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Driving times between places, minutes.
    pub travel: Table,
    /// What driving takes; each van has one of them.
    pub energy: Vec<Energy>,
    /// Pick-ups and drop-offs in turn.
    pub visits: Vec<Visit>,
    /// The rides.
    pub rides: Vec<Ride>,
    /// The vans.
    pub vans: Vec<Van>,
    /// Where they may end.
    pub ends: Vec<End>,
    /// Where they may charge.
    pub stations: Vec<Station>,
    /// What weighs how much.
    pub weights: Weights,
}

/// The ride of a visit.
pub fn ride_of(visit: u32) -> usize {
    visit as usize / 2
}

/// Whether a visit is a pick-up.
pub fn is_pickup(visit: u32) -> bool {
    visit.is_multiple_of(2)
}

/// The pick-up of a ride.
pub fn pickup_of(ride: usize) -> u32 {
    2 * ride as u32
}

/// The drop-off of a ride.
pub fn dropoff_of(ride: usize) -> u32 {
    2 * ride as u32 + 1
}

impl Station {
    /// What so many minutes of charging cost, by the weights of the problem.
    pub fn cost(&self, minutes: f64) -> f64 {
        minutes * self.kwh_per_minute * self.cost_per_kwh
    }
}

impl Problem {
    /// What a van takes for driving between two places, kWh.
    #[inline(always)]
    pub fn kwh(&self, van: &Van, from: Place, to: Place) -> f64 {
        match &self.energy[van.energy] {
            Energy::PerMinute(kwh) => kwh * self.travel.get(from, to),
            Energy::Table(table) => table.get(from, to),
        }
    }

    /// Narrows the windows of each ride's visits to what its limit, the other visit and the vans' shifts leave of them
    /// (Cordeau 2006, section 5.1.2). No plan is lost.
    pub fn tighten(&mut self) {
        for (ride, Ride { max_minutes, direct, .. }) in self.rides.iter().enumerate() {
            let [pickup, dropoff] = [2 * ride, 2 * ride + 1];
            let (first, service) = (self.visits[pickup].window, self.visits[pickup].service);
            let last = &mut self.visits[dropoff].window;
            last.from = last.from.max(first.from + service + direct);
            last.to = last.to.min(first.to + service + max_minutes);
            let last = *last;
            let first = &mut self.visits[pickup].window;
            first.from = first.from.max(last.from - max_minutes - service);
            first.to = first.to.min(last.to - direct - service);
        }
    }
}
