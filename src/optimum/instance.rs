//! The exchange format `ev-fleet-lp/1`: one site, its vehicles, and the windows in which they are plugged in.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Outcome, Problem, Slot, Solution, Step, Store, Taper};
use crate::json;

/// An instance, as its file has it. Arrays have `steps` entries; powers in kW, energies in kWh, prices in yen. Fields that
/// are not named here are ignored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    /// `ev-fleet-lp/1`.
    pub format: String,
    /// Number of slots.
    pub steps: usize,
    /// Length of a slot in hours.
    pub dt_h: f64,
    /// kWh stored for each kWh charged.
    pub eta_c: f64,
    /// kWh given for each kWh taken out.
    pub eta_d: f64,
    /// Whether nobody discharges, whatever `p_dis` says.
    #[serde(default)]
    pub v1g: bool,
    /// Price of energy bought, yen per kWh.
    pub price_buy: Vec<f64>,
    /// Price of energy sold, yen per kWh.
    pub price_sell: Vec<f64>,
    /// Load beside the vehicles.
    pub site_load_kw: Vec<f64>,
    /// Photovoltaic power on offer.
    pub pv_kw: Vec<f64>,
    /// Highest import.
    pub import_limit_kw: f64,
    /// Highest export.
    pub export_limit_kw: f64,
    /// Price of the highest import.
    pub peak_price_yen_per_kw: f64,
    /// A peak paid for already; 0 if absent.
    #[serde(default)]
    pub peak_floor_kw: f64,
    /// Wear for each kWh discharged.
    pub deg_yen_per_kwh: f64,
    /// Highest power of a fuel cell; 0 if absent.
    #[serde(default)]
    pub fuel_cell_kw: f64,
    /// Cost of its energy, yen per kWh.
    #[serde(default)]
    pub fuel_cell_yen_per_kwh: f64,
    /// Vehicles; a stationary battery is one that is plugged in all the time.
    pub evs: Vec<Ev>,
}

/// A vehicle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ev {
    /// Name or number, as the file has it; its position if absent.
    #[serde(default)]
    pub id: serde_json::Value,
    /// Least energy while plugged in, and after a trip.
    pub e_min: f64,
    /// Most energy.
    pub e_max: f64,
    /// Energy before `pre_trip_kwh`.
    pub e0: f64,
    /// Used before the first window.
    #[serde(default)]
    pub pre_trip_kwh: f64,
    /// Highest power of charging.
    pub p_chg: f64,
    /// Highest power of discharging.
    pub p_dis: f64,
    /// Least energy after the last window and its trip.
    pub e_end_min: f64,
    /// First slot, end slot (exclusive), least energy at the end, energy of the trip after it.
    pub windows: Vec<(usize, usize, f64, f64)>,
    /// Stored power falls to zero along a line from `p_chg` x `eta_c` at the first energy to zero at the second; absent: no
    /// taper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taper_kwh: Option<[f64; 2]>,
}

/// What is wrong with an instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Unreadable(pub String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a solved instance is printed as. Matrices are vehicles x slots, 0 where a vehicle is not plugged in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// `optimal` or `infeasible`.
    pub status: &'static str,
    /// Cost of the schedule.
    pub objective_yen: f64,
    /// Lower bound on the cost of any schedule.
    pub dual_objective_yen: f64,
    /// (cost − bound) / max(1, |cost|).
    pub gap_rel: f64,
    /// Wall time of the solver, milliseconds.
    pub solve_ms: f64,
    /// Iterations of the interior-point method.
    pub iterations: u32,
    /// Largest residuals of the schedule and of the multipliers.
    pub residuals: Residuals,
    /// Highest import.
    pub peak_kw: f64,
    /// Vehicles x slots.
    pub charge_kw: Vec<Vec<f64>>,
    /// Vehicles x slots.
    pub discharge_kw: Vec<Vec<f64>>,
    /// By slot.
    pub import_kw: Vec<f64>,
    /// By slot.
    pub export_kw: Vec<f64>,
    /// By slot.
    pub pv_used_kw: Vec<f64>,
    /// By slot; absent without a fuel cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fuel_cell_kw: Option<Vec<f64>>,
    /// What cannot be had, of an infeasible instance; the schedule has only that missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortfalls: Option<Vec<WindowShortfall>>,
    /// Load that cannot be supplied, of an infeasible instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site_shortfalls: Option<Vec<SlotShortfall>>,
    /// The proof, where it is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multipliers: Option<Proof>,
    /// What to know about the instance.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// Largest violations.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Residuals {
    /// Of a slot's balance, kW.
    pub balance_kw: f64,
    /// Of a limit on power or energy, kW or kWh.
    pub limits: f64,
    /// Of complementary slackness: for each variable the lesser of its reduced cost and its distance from the bound that this
    /// cost asks for.
    pub dual: f64,
    /// Highest power that a vehicle charges and discharges at once, kW.
    pub at_once_kw: f64,
}

/// A window whose target cannot be met.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WindowShortfall {
    /// The vehicle's id.
    pub vehicle: serde_json::Value,
    /// Which of its windows, from 0.
    pub window: usize,
    /// Energy that would have to come from elsewhere during the window.
    pub missing_kwh: f64,
}

/// A slot whose load cannot be supplied, or whose surplus cannot be used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SlotShortfall {
    /// Which slot, from 0.
    pub slot: usize,
    /// Energy that is missing; negative: that is too much.
    pub missing_kwh: f64,
}

/// The multipliers from which `dual_objective_yen` follows by weak duality: add up, over all variables, the lesser of reduced
/// cost x lower bound and reduced cost x upper bound, and the constants.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proof {
    /// By slot: yen for one kW more of load over the slot.
    pub balance: Vec<f64>,
    /// By slot: of import ≤ peak, yen per kW; together at most the peak's price.
    pub peak: Vec<f64>,
    /// Vehicles x slots: value of stored energy, yen per kWh.
    pub energy: Vec<Vec<f64>>,
}

impl Instance {
    /// Reads and checks an instance.
    pub fn read(json: &str) -> Result<Instance, Unreadable> {
        let instance: Instance = crate::json::read(json).map_err(|json::Unreadable { path, reason }| {
            Unreadable(if path.is_empty() { reason } else { format!("{path}: {reason}") })
        })?;
        instance.check()?;
        Ok(instance)
    }

    fn check(&self) -> Result<(), Unreadable> {
        let need = |good: bool, message: String| if good { Ok(()) } else { Err(Unreadable(message)) };
        need(self.format == "ev-fleet-lp/1", format!("format: \"{}\" is not \"ev-fleet-lp/1\"", self.format))?;
        need(self.steps > 0, "steps: 0 slots; give 1 or more".into())?;
        let series = [
            ("price_buy", &self.price_buy, f64::MIN),
            ("price_sell", &self.price_sell, f64::MIN),
            ("site_load_kw", &self.site_load_kw, f64::MIN),
            ("pv_kw", &self.pv_kw, 0.0),
        ];
        for (name, values, least) in series {
            need(values.len() == self.steps, format!("{name}: {} numbers for {} slots", values.len(), self.steps))?;
            let bad = values.iter().position(|value| !value.is_finite() || *value < least);
            need(bad.is_none(), format!("{name}[{}]: not a number that it can be", bad.unwrap_or(0)))?;
        }
        let at_least = |name: &str, value: f64, least: f64| {
            need(value.is_finite() && value >= least, format!("{name}: {value} is not {least} or more"))
        };
        need(self.dt_h > 0.0 && self.dt_h.is_finite(), format!("dt_h: {} is not above 0", self.dt_h))?;
        for (name, value) in [("eta_c", self.eta_c), ("eta_d", self.eta_d)] {
            need(value > 0.0 && value <= 1.0, format!("{name}: {value} is not above 0 and at most 1"))?;
        }
        at_least("import_limit_kw", self.import_limit_kw, 0.0)?;
        at_least("export_limit_kw", self.export_limit_kw, 0.0)?;
        at_least("peak_price_yen_per_kw", self.peak_price_yen_per_kw, 0.0)?;
        at_least("peak_floor_kw", self.peak_floor_kw, 0.0)?;
        at_least("deg_yen_per_kwh", self.deg_yen_per_kwh, 0.0)?;
        at_least("fuel_cell_kw", self.fuel_cell_kw, 0.0)?;
        for (v, ev) in self.evs.iter().enumerate() {
            let numbers = [ev.e_min, ev.e_max, ev.e0, ev.pre_trip_kwh, ev.e_end_min];
            need(numbers.iter().all(|n| n.is_finite()), format!("evs[{v}]: a number is not finite"))?;
            at_least(&format!("evs[{v}].p_chg"), ev.p_chg, 0.0)?;
            at_least(&format!("evs[{v}].p_dis"), ev.p_dis, 0.0)?;
            need(ev.e_min <= ev.e_max, format!("evs[{v}].e_max: {} is below e_min, {}", ev.e_max, ev.e_min))?;
            let start_kwh = ev.e0 - ev.pre_trip_kwh;
            need(
                start_kwh <= ev.e_max,
                format!("evs[{v}].e0: begins with {start_kwh} kWh, above e_max, {}", ev.e_max),
            )?;
            if let Some([from, to]) = ev.taper_kwh {
                need(from < to && to > ev.e_max, format!("evs[{v}].taper_kwh: the line has to end above e_max"))?;
            }
            let mut next = 0;
            for (w, &(begin, end, target, trip)) in ev.windows.iter().enumerate() {
                let at = format!("evs[{v}].windows[{w}]");
                need(begin >= next && begin < end, format!("{at}: begins at {begin} and ends at {end}, after {next}"))?;
                need(end <= self.steps, format!("{at}: ends at {end}, after the last slot, {}", self.steps))?;
                need(
                    target.is_finite() && trip.is_finite() && trip >= 0.0,
                    format!("{at}: target or trip is no energy"),
                )?;
                next = end;
            }
        }
        Ok(())
    }

    /// Least energy at the end of a window.
    fn least_kwh(&self, ev: &Ev, window: usize) -> f64 {
        let (_, _, target, trip) = ev.windows[window];
        let after = if window + 1 == ev.windows.len() { ev.e_min.max(ev.e_end_min) } else { ev.e_min };
        target.max(after + trip)
    }

    /// The problem that the instance states. Where a window asks for more than the battery holds, its target is the full battery.
    pub fn problem(&self) -> Problem {
        let slot = |t: usize| Slot {
            load_kw: self.site_load_kw[t],
            free_kw: self.pv_kw[t],
            buy: self.price_buy[t],
            sell: self.price_sell[t],
            import_limit_kw: self.import_limit_kw,
            export_limit_kw: self.export_limit_kw,
            source_kw: self.fuel_cell_kw,
            source_yen_per_kwh: self.fuel_cell_yen_per_kwh,
        };
        let store = |ev: &Ev| {
            let mut steps = Vec::new();
            let mut take_kwh = ev.pre_trip_kwh;
            for (w, &(begin, end, _, trip)) in ev.windows.iter().enumerate() {
                for slot in begin..end {
                    let low_kwh = if slot + 1 == end { self.least_kwh(ev, w).min(ev.e_max) } else { ev.e_min };
                    steps.push(Step {
                        slot,
                        take_kwh: std::mem::take(&mut take_kwh),
                        charge_kw: ev.p_chg,
                        discharge_kw: if self.v1g { 0.0 } else { ev.p_dis },
                        low_kwh,
                        high_kwh: ev.e_max,
                    });
                }
                take_kwh = trip;
            }
            let line = |[from, to]: [f64; 2]| Taper { kw_per_kwh: ev.p_chg * self.eta_c / (to - from), top_kwh: to };
            Store {
                initial_kwh: ev.e0,
                charge_efficiency: self.eta_c,
                discharge_efficiency: self.eta_d,
                wear_yen_per_kwh: self.deg_yen_per_kwh,
                taper: ev.taper_kwh.map(line),
                steps,
            }
        };
        Problem {
            slot_h: self.dt_h,
            slots: (0..self.steps).map(slot).collect(),
            stores: self.evs.iter().map(store).collect(),
            peak_yen_per_kw: self.peak_price_yen_per_kw,
            peak_floor_kw: self.peak_floor_kw,
        }
    }

    /// Solves the instance; `multipliers`: with the proof. `solve_ms` is left at 0: the core has no clock.
    pub fn solve(&self, multipliers: bool) -> Answer {
        let problem = self.problem();
        match super::solve(&problem) {
            Outcome::Optimal(solution) => {
                let mut answer = self.answer(&problem, Some(&solution), multipliers);
                let beyond = self.beyond_capacity();
                if !beyond.is_empty() {
                    answer.status = "infeasible";
                    answer.shortfalls = Some(beyond);
                    answer.site_shortfalls = Some(Vec::new());
                }
                answer
            }
            Outcome::Infeasible(shortfall) => {
                let mut answer = self.answer(&problem, shortfall.solution.as_ref(), multipliers);
                let mut windows = self.beyond_capacity();
                for (v, (ev, missing)) in self.evs.iter().zip(&shortfall.missing_kwh).enumerate() {
                    let mut missing = missing.iter();
                    for (w, &(begin, end, ..)) in ev.windows.iter().enumerate() {
                        let missing_kwh: f64 = missing.by_ref().take(end - begin).sum();
                        if missing_kwh == 0.0 {
                            continue;
                        }
                        let vehicle = self.id(v);
                        match windows.iter_mut().find(|known| known.vehicle == vehicle && known.window == w) {
                            Some(known) => known.missing_kwh += missing_kwh,
                            None => windows.push(WindowShortfall { vehicle, window: w, missing_kwh }),
                        }
                    }
                }
                let slots = shortfall.unserved_kw.iter().enumerate().filter(|(_, kw)| **kw != 0.0);
                answer.status = "infeasible";
                answer.shortfalls = Some(windows);
                answer.site_shortfalls =
                    Some(slots.map(|(slot, kw)| SlotShortfall { slot, missing_kwh: kw * self.dt_h }).collect());
                answer
            }
        }
    }

    fn id(&self, vehicle: usize) -> serde_json::Value {
        match &self.evs[vehicle].id {
            serde_json::Value::Null => vehicle.into(),
            id => id.clone(),
        }
    }

    /// Windows that ask for more than the battery holds.
    fn beyond_capacity(&self) -> Vec<WindowShortfall> {
        let mut windows = Vec::new();
        for (v, ev) in self.evs.iter().enumerate() {
            for window in 0..ev.windows.len() {
                let missing_kwh = self.least_kwh(ev, window) - ev.e_max;
                if missing_kwh > 1e-6 {
                    windows.push(WindowShortfall { vehicle: self.id(v), window, missing_kwh });
                }
            }
        }
        windows
    }

    fn answer(&self, problem: &Problem, solution: Option<&Solution>, multipliers: bool) -> Answer {
        let empty = Solution::default();
        let Solution { schedule, multipliers: proof, certificate, iterations } = solution.unwrap_or(&empty);
        let spread = |rows: &[Vec<f64>]| -> Vec<Vec<f64>> {
            let row = |(store, values): (&Store, &Vec<f64>)| {
                let mut slots = vec![0.0; self.steps];
                store.steps.iter().zip(values).for_each(|(step, value)| slots[step.slot] = *value);
                slots
            };
            problem.stores.iter().zip(rows).map(row).collect()
        };
        let at_once = "energy can be bought for less than 0 or than it is sold for: charging and discharging at once, or buying \
                       and selling at once, can be the optimum";
        let cheap = self.price_buy.iter().zip(&self.price_sell).any(|(buy, sell)| *buy < sell.max(0.0));
        Answer {
            status: "optimal",
            objective_yen: certificate.cost_yen,
            dual_objective_yen: certificate.bound_yen,
            gap_rel: certificate.gap_rel,
            solve_ms: 0.0,
            iterations: *iterations,
            residuals: Residuals {
                balance_kw: certificate.balance_kw,
                limits: certificate.limits,
                dual: certificate.dual,
                at_once_kw: certificate.at_once_kw,
            },
            peak_kw: schedule.import_kw.iter().copied().fold(0.0, f64::max),
            charge_kw: spread(&schedule.charge_kw),
            discharge_kw: spread(&schedule.discharge_kw),
            import_kw: schedule.import_kw.clone(),
            export_kw: schedule.export_kw.clone(),
            pv_used_kw: schedule.free_used_kw.clone(),
            fuel_cell_kw: (self.fuel_cell_kw > 0.0).then(|| schedule.source_kw.clone()),
            shortfalls: None,
            site_shortfalls: None,
            multipliers: multipliers.then(|| Proof {
                balance: proof.balance.clone(),
                peak: proof.peak.clone(),
                energy: spread(&proof.energy),
            }),
            warnings: if cheap { vec![at_once.into()] } else { Vec::new() },
        }
    }
}
