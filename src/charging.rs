//! When vans charge, and when they give energy back.
//!
//! A policy answers two questions. [`decide`]: should an idle van go to its depot? [`control`]: what power should each battery
//! that is plugged in take or give in the next [`STEP`]? Both are functions of what they may see. The depot's controller keeps the
//! site's limits whatever a policy says, and the physics of [`crate::battery`] what the batteries can do.
//!
//! Service comes first: below its *floor*, a battery charges at full power under every policy. The floor is what the
//! [`Forecast`] says a van may still need today, or what a departure at a known time needs and can no longer be charged later.
//!
//! To add a policy, add a file beside `solar.rs`, a variant to [`ChargingPolicy`] and an arm to [`control`].

mod backup;
pub mod forecast;
mod immediate;
mod off_peak;
pub mod optimal;
mod peak_cap;
mod solar;

use serde::{Deserialize, Serialize};

pub use backup::hold_back;
pub use forecast::Forecast;

use crate::battery::Link;
use crate::matching::Snapshot;
use crate::site::{SiteSpec, SlotSpec};
use crate::units::{Clock, NodeId, Time, VehicleId};

/// Powers are set anew this often, and whenever a van plugs in or leaves.
pub const STEP: Time = Time(5 * Time::MINUTE.0);

/// The choice of a charging policy and its parameters. Under each of them an idle van with less than `below_soc`, between 0
/// and 1, goes to its depot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ChargingPolicy {
    /// Full power as soon as it is plugged in.
    Immediate {
        /// Goes to its depot below this.
        below_soc: f64,
    },
    /// A timer: full power between two clock times.
    OffPeak {
        /// Goes to its depot below this.
        below_soc: f64,
        /// Begin.
        from: Clock,
        /// End; hours go on past midnight.
        until: Clock,
    },
    /// With what sun and wind give beyond the site's load.
    Solar {
        /// Goes to its depot below this.
        below_soc: f64,
    },
    /// So that the site stays below a limit; two-way chargers give power where the load alone exceeds it.
    PeakCap {
        /// Goes to its depot below this.
        below_soc: f64,
        /// The limit, kW.
        limit_kw: f64,
    },
    /// The cheapest schedule for the rest of the day by the demand forecast, made anew every half hour.
    Optimal {
        /// Goes to its depot below this.
        below_soc: f64,
        /// Whether two-way chargers give energy back.
        discharge: bool,
        /// Knows the day's rides beforehand: a bound, not a policy that can be had.
        #[serde(default)]
        foresight: bool,
    },
    /// Full power at once, and the energy for a power cut always held back.
    Backup {
        /// Goes to its depot below this.
        below_soc: f64,
        /// Length of the power cut, hours.
        hours: f64,
    },
}

impl ChargingPolicy {
    /// An idle van with less than this state of charge goes to its depot.
    pub fn below_soc(&self) -> f64 {
        match *self {
            ChargingPolicy::Immediate { below_soc }
            | ChargingPolicy::OffPeak { below_soc, .. }
            | ChargingPolicy::Solar { below_soc }
            | ChargingPolicy::PeakCap { below_soc, .. }
            | ChargingPolicy::Optimal { below_soc, .. }
            | ChargingPolicy::Backup { below_soc, .. } => below_soc,
        }
    }

    /// Whether it looks at a forecast.
    pub fn needs_forecast(&self) -> bool {
        match self {
            ChargingPolicy::Immediate { .. } | ChargingPolicy::Backup { .. } => false,
            ChargingPolicy::OffPeak { .. }
            | ChargingPolicy::Solar { .. }
            | ChargingPolicy::PeakCap { .. }
            | ChargingPolicy::Optimal { .. } => true,
        }
    }
}

/// What a van with nothing to do should do about its battery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Nothing.
    None,
    /// Go to this node to charge.
    GoTo(NodeId),
    /// It is at its depot: plug in as soon as a charger is free.
    PlugIn,
}

/// Decides for one idle van.
pub fn decide(policy: &ChargingPolicy, snapshot: &Snapshot, id: VehicleId) -> Order {
    let (van, spec) = (&snapshot.vans[id.index()], snapshot.world.van(id));
    let (Some(battery), Some(home)) = (&spec.battery, spec.home) else { return Order::None };
    if van.at.node == home {
        if van.energy_kwh < battery.capacity_kwh { Order::PlugIn } else { Order::None }
    } else if van.energy_kwh < policy.below_soc() * battery.capacity_kwh {
        Order::GoTo(home)
    } else {
        Order::None
    }
}

/// A battery that is plugged in.
pub struct Unit<'a> {
    /// The battery at its charger.
    pub link: Link<'a>,
    /// Energy in it.
    pub energy_kwh: f64,
    /// Below this it charges at full power; above it, it may give.
    pub floor_kwh: f64,
    /// It stays at the site, and serves nobody who rides.
    pub stationary: bool,
    /// What [`optimal`] planned for the slot and is not done yet: kWh from the site, negative to it.
    pub planned_kwh: Option<f64>,
}

impl Unit<'_> {
    /// Highest power it can take during the next step, kW.
    pub fn max_charge_kw(&self) -> f64 {
        self.link.max_charge_kw(self.energy_kwh, STEP.h())
    }

    /// Highest power it can give during the next step without falling below its floor, kW.
    pub fn max_discharge_kw(&self) -> f64 {
        self.link.max_discharge_kw(self.energy_kwh, self.floor_kwh, STEP.h())
    }

    /// Whether it has to charge now.
    pub fn is_low(&self) -> bool {
        self.energy_kwh < self.floor_kwh
    }

    fn soc(&self) -> f64 {
        self.energy_kwh / self.link.battery.capacity_kwh
    }
}

/// What a policy sees of a site when it sets powers.
pub struct View<'a> {
    /// The time.
    pub now: Time,
    /// Time left in the slot.
    pub left: Time,
    /// The site.
    pub site: &'a SiteSpec,
    /// The site in this slot.
    pub slot: SlotSpec,
    /// Power that all chargers with a vehicle would draw with nothing to do, kW.
    pub standby_kw: f64,
    /// Power of the fuel cell, kW.
    pub fuel_kw: f64,
    /// What is plugged in.
    pub units: Vec<Unit<'a>>,
}

impl View<'_> {
    /// What the site takes beside its batteries, own generation taken off; negative: a surplus.
    pub fn net_kw(&self) -> f64 {
        self.slot.load_kw + self.standby_kw - self.slot.solar_kw - self.slot.wind_kw - self.fuel_kw
    }

    /// Positions of units by state of charge, lowest first.
    fn lowest_first(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.units.len()).collect();
        order.sort_by(|&a, &b| self.units[a].soc().total_cmp(&self.units[b].soc()));
        order
    }

    /// Full power for the units below their floor, nothing for the others.
    fn low_first(&self) -> Vec<f64> {
        self.units.iter().map(|unit| if unit.is_low() { unit.max_charge_kw() } else { 0.0 }).collect()
    }
}

/// Power of each unit for the next step, kW from the site, negative to it; within the site's limits.
pub fn control(policy: &ChargingPolicy, view: &View) -> Vec<f64> {
    let mut powers = match policy {
        ChargingPolicy::Immediate { .. } => immediate::control(view),
        ChargingPolicy::OffPeak { from, until, .. } => off_peak::control(view, from.0, until.0),
        ChargingPolicy::Solar { .. } => solar::control(view),
        ChargingPolicy::PeakCap { limit_kw, .. } => peak_cap::control(view, *limit_kw),
        ChargingPolicy::Optimal { .. } => optimal::control(view),
        ChargingPolicy::Backup { .. } => backup::control(view),
    };
    keep_limits(view, &mut powers);
    powers
}

/// Cuts charging to what the connection carries, and giving to what may be given.
fn keep_limits(view: &View, powers: &mut [f64]) {
    let sum = |powers: &[f64], sign: f64| powers.iter().map(|power| (sign * power).max(0.0)).sum::<f64>();
    let (charging, giving) = (sum(powers, 1.0), sum(powers, -1.0));
    // Chargers that are to be used now have no standby any more.
    let used = powers.iter().zip(&view.units).filter(|(power, _)| **power != 0.0);
    let net_kw = view.net_kw() - used.map(|(_, unit)| unit.link.charger.standby_kw).sum::<f64>();
    let export_kw = if view.site.battery_export { view.site.export_limit_kw } else { 0.0 };
    let may_give = (net_kw + charging + export_kw).max(0.0).min(giving);
    let may_charge = (view.site.import_limit_kw - net_kw + may_give).max(0.0).min(charging);
    for power in powers.iter_mut() {
        *power *= if *power > 0.0 {
            may_charge / charging
        } else if *power < 0.0 {
            may_give / giving
        } else {
            0.0
        };
    }
}
