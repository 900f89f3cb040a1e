//! The cheapest way to run a site's batteries: the fleet charging problem, solved to a proven optimum.
//!
//! # The problem
//! Time is cut into T slots of `slot_h` hours; powers are constant in a slot. In each slot the site buys, sells, uses what the
//! sun and the wind offer (the rest is curtailed) and may run a source of its own (a fuel cell); *stores* — vans, cars,
//! stationary batteries — charge and discharge while they are plugged in. Minimise
//!
//! > Σ slots `slot_h` x (`buy` x import − `sell` x export + `source_yen_per_kwh` x source) + `peak_yen_per_kw` x peak
//! > + Σ stores `wear_yen_per_kwh` x `slot_h` x discharge
//!
//! subject, in each slot, to import − export + free used + source + Σ discharge − Σ charge = load, all within their limits, and
//! import ≤ peak, peak ≥ `peak_floor_kw` (what is billed anyway); and for each store, over the slots in which it is plugged in,
//!
//! > e = e before − `take_kwh` + `slot_h` x (`charge_efficiency` x charge − discharge / `discharge_efficiency`),
//! > `low_kwh` ≤ e ≤ `high_kwh`,
//!
//! and, where a store has a [`Taper`], `charge_efficiency` x charge ≤ its line at the e after the slot. Efficiencies are
//! constant and the taper is linear, so this is a linear program. The simulation applies the full physics of
//! [`crate::battery`]; what this leaves out is its difference between planned and realised cost.
//!
//! # The method
//! A primal-dual interior-point method (Mehrotra 1992) on bounded variables. What makes it fast is the structure. Given the
//! marginal price λ of energy in each slot, every store is a linear-quadratic control problem with a scalar state, solved by
//! one Riccati recursion; its response to λ is a *semiseparable* matrix of rank one (Vandebril, Van Barel, Mastronardi
//! 2008), so that all of them add up to a dense T x T system at T²/2 multiplications a store. One more row and column hold the
//! peak. O(iterations x (stores x T² + T³)) time, O(stores x T) memory.
//!
//! What keeps ten digits when bounds become active, and where optima are many: limits further away than anything can get are
//! drawn near (`reach`); in `store` no difference of like numbers is formed; and what rounding of the prices has left
//! unbalanced is taken away by a step in which only *changes* of prices occur. Last, `polish` makes the schedule exact, slot by
//! slot. Where nothing is feasible, or only just, energy from nowhere at a price above any other gives the
//! problem an interior, and tells what is missing (`shortfall`).
//!
//! # The proof
//! Every variable has finite bounds, so *any* multipliers give a lower bound on the cost (weak duality): for each variable take
//! the cheaper end of its range at its reduced cost. [`Certificate`] reports this bound, computed from the multipliers and
//! the problem alone, beside the cost of the schedule and the largest violation of any constraint.

mod bounds;
mod certificate;
mod grid;
pub mod instance;
mod interior;
mod lanes;
mod polish;
mod reach;
mod shortfall;
mod store;

pub use certificate::Certificate;
pub use shortfall::Shortfall;

/// A site with its stores, over some slots.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Problem {
    /// Length of a slot in hours.
    pub slot_h: f64,
    /// What the site is like in each slot.
    pub slots: Vec<Slot>,
    /// Vans, cars and stationary batteries.
    pub stores: Vec<Store>,
    /// Price of the highest import, yen per kW.
    pub peak_yen_per_kw: f64,
    /// A peak that is paid for already, kW.
    pub peak_floor_kw: f64,
}

/// The site in one slot; powers are means in kW.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Slot {
    /// What has to be supplied beside the stores.
    pub load_kw: f64,
    /// What sun and wind offer for nothing.
    pub free_kw: f64,
    /// Price of energy bought, yen per kWh.
    pub buy: f64,
    /// Price paid for energy sold, yen per kWh.
    pub sell: f64,
    /// Highest import.
    pub import_limit_kw: f64,
    /// Highest export.
    pub export_limit_kw: f64,
    /// Highest power of the site's own source.
    pub source_kw: f64,
    /// Cost of its energy, yen per kWh.
    pub source_yen_per_kwh: f64,
}

/// Something that stores energy and is plugged in at times.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Store {
    /// Energy at the begin.
    pub initial_kwh: f64,
    /// kWh stored for each kWh taken from the site.
    pub charge_efficiency: f64,
    /// kWh given to the site for each kWh taken out.
    pub discharge_efficiency: f64,
    /// Cost of wear for each kWh given to the site.
    pub wear_yen_per_kwh: f64,
    /// Limit on charging when nearly full.
    pub taper: Option<Taper>,
    /// The slots in which it is plugged in, in order.
    pub steps: Vec<Step>,
}

/// Stored power is at most `kw_per_kwh` x (`top_kwh` − energy after the slot).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taper {
    /// Slope of the line.
    pub kw_per_kwh: f64,
    /// Where the line reaches zero; above every `high_kwh`.
    pub top_kwh: f64,
}

/// One slot in which a store is plugged in.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Step {
    /// Which slot.
    pub slot: usize,
    /// Energy used by trips since the step before.
    pub take_kwh: f64,
    /// Highest power taken from the site.
    pub charge_kw: f64,
    /// Highest power given to the site.
    pub discharge_kw: f64,
    /// Least energy after the slot.
    pub low_kwh: f64,
    /// Most energy after the slot.
    pub high_kwh: f64,
}

/// What to do, and the proof that nothing is cheaper.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Solution {
    /// What to do.
    pub schedule: Schedule,
    /// Marginal prices, and more: what proves the bound.
    pub multipliers: Multipliers,
    /// How good it is, and how that is known.
    pub certificate: Certificate,
    /// Iterations of the interior-point method.
    pub iterations: u32,
}

/// Powers in kW for each slot, and for each store and each of its steps.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schedule {
    /// Bought.
    pub import_kw: Vec<f64>,
    /// Sold.
    pub export_kw: Vec<f64>,
    /// Used of what sun and wind offer.
    pub free_used_kw: Vec<f64>,
    /// The site's own source.
    pub source_kw: Vec<f64>,
    /// Billed peak, at least the highest import and the floor.
    pub peak_kw: f64,
    /// By store and step: power taken from the site.
    pub charge_kw: Vec<Vec<f64>>,
    /// By store and step: power given to the site.
    pub discharge_kw: Vec<Vec<f64>>,
    /// By store and step: energy after the slot.
    pub energy_kwh: Vec<Vec<f64>>,
}

/// Lagrange multipliers, in yen for each unit of a constraint's right-hand side.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Multipliers {
    /// By slot: of the site's balance, yen per kW of load over the slot.
    pub balance: Vec<f64>,
    /// By slot: of import ≤ peak, yen per kW.
    pub peak: Vec<f64>,
    /// By store and step: value of stored energy, yen per kWh.
    pub energy: Vec<Vec<f64>>,
    /// By store and step: of the taper's line, yen per kW; empty for a store without one.
    pub taper: Vec<Vec<f64>>,
}

/// What solving a [`Problem`] led to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The cheapest schedule.
    Optimal(Box<Solution>),
    /// Not everything that is asked for can be had: what is missing at least, and the cheapest schedule with only that missing.
    Infeasible(Box<Shortfall>),
}

/// Relative gap at which the method stops.
pub const TOLERANCE: f64 = 1e-8;

/// Solves a problem.
///
/// # Panics
/// If a number of the problem is not finite, a step's slot is out of range or not after the one before, an efficiency is not
/// positive or a store's energy range is empty.
pub fn solve(problem: &Problem) -> Outcome {
    problem.assert_sound();
    let near = reach::within_reach(problem);
    if shortfall::each_store_can(problem)
        && let Some(solution) = interior::solve(problem, &near)
    {
        return Outcome::Optimal(Box::new(solution));
    }
    shortfall::solve(problem, &near)
}

impl Problem {
    fn assert_sound(&self) {
        assert!(self.slot_h > 0.0 && self.slot_h.is_finite(), "slot_h {}", self.slot_h);
        let finite = |numbers: &[f64]| numbers.iter().all(|number| number.is_finite());
        for (t, slot) in self.slots.iter().enumerate() {
            let limits = [slot.free_kw, slot.import_limit_kw, slot.export_limit_kw, slot.source_kw];
            let prices = [slot.load_kw, slot.buy, slot.sell, slot.source_yen_per_kwh];
            assert!(finite(&prices) && finite(&limits) && limits.iter().all(|&kw| kw >= 0.0), "slot {t}: {slot:?}");
        }
        for (v, store) in self.stores.iter().enumerate() {
            assert!(store.charge_efficiency > 0.0 && store.discharge_efficiency > 0.0, "store {v}: efficiency");
            let mut next = 0;
            for step in &store.steps {
                assert!(step.slot >= next && step.slot < self.slots.len(), "store {v}: slot {}", step.slot);
                next = step.slot + 1;
                let numbers = [step.take_kwh, step.charge_kw, step.discharge_kw, step.low_kwh, step.high_kwh];
                assert!(finite(&numbers) && step.low_kwh <= step.high_kwh, "store {v}: {step:?}");
                assert!(step.charge_kw >= 0.0 && step.discharge_kw >= 0.0, "store {v}: {step:?}");
            }
        }
    }

    /// Cost of a schedule in yen, what is billed anyway for the peak's floor left out.
    pub fn cost_yen(&self, schedule: &Schedule) -> f64 {
        let mut yen = self.peak_yen_per_kw * (schedule.peak_kw - self.peak_floor_kw);
        for (t, slot) in self.slots.iter().enumerate() {
            yen += self.slot_h
                * (slot.buy * schedule.import_kw[t] - slot.sell * schedule.export_kw[t]
                    + slot.source_yen_per_kwh * schedule.source_kw[t]);
        }
        for (store, discharge) in self.stores.iter().zip(&schedule.discharge_kw) {
            yen += store.wear_yen_per_kwh * self.slot_h * discharge.iter().sum::<f64>();
        }
        yen
    }
}
