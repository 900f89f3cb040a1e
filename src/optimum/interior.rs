//! The interior-point method: iterates of the stores, and the loop.

use super::bounds::{Aim, Boxed, Reach, Slack};
use super::grid::Grid;
use super::store::{Factor, Linear, Move, Quadratic, Shape};
use super::{Certificate, Multipliers, Problem, Schedule, Solution, TOLERANCE};

/// More iterations than any feasible problem has been seen to need, several times over.
const MOST_ITERATIONS: u32 = 120;
/// Share of the way to the boundary that a step may go.
const TO_BOUNDARY: f64 = 0.9995;
/// Shortest step that is progress.
const SHORTEST: f64 = 1e-7;

/// Largest residual of a balance or of stored energy, kW or kWh.
const RESIDUAL: f64 = 1e-8;

/// What is minimised.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Goal {
    /// The cost.
    Cost,
    /// Energy that has to come from nowhere: at 1 for each kWh into stores, at `unserved` for each kWh of load.
    Missing {
        unserved: f64,
    },
}

/// The last iterate.
pub(super) struct Iterate {
    pub schedule: Schedule,
    pub multipliers: Multipliers,
    /// By store and step.
    pub phantom_kwh: Vec<Vec<f64>>,
    /// By slot.
    pub unserved_kw: Vec<f64>,
    pub iterations: u32,
}

/// The optimum; nothing if the method does not get there, as where no point is feasible.
pub(super) fn solve(problem: &Problem) -> Option<Solution> {
    let mut iterate = run(problem, Goal::Cost)?;
    super::certificate::polish(problem, &mut iterate.schedule);
    let certificate = Certificate::new(problem, &iterate.schedule, &iterate.multipliers);
    let Iterate { schedule, multipliers, iterations, .. } = iterate;
    Some(Solution { schedule, multipliers, certificate, iterations })
}

/// Runs the method; nothing if it does not converge.
pub(super) fn run(problem: &Problem, goal: Goal) -> Option<Iterate> {
    let mut interior = Interior::new(problem, goal);
    for iteration in 0..MOST_ITERATIONS {
        interior.look();
        let (gap, count) = interior.gap();
        let objective = interior.objective();
        let target = TOLERANCE * objective.abs().max(1.0);
        if std::env::var("TRACE").is_ok() { eprintln!("gap {gap:.3e} obj {objective:.6} dual {:.2e} res {:.2e}", interior.dual_left, interior.residual); }
        if gap <= target && interior.dual_left < 1e-9 && interior.residual < RESIDUAL {
            return Some(interior.write(iteration));
        }
        if !interior.step(gap, count, 0.3 * target / count as f64) {
            return None;
        }
    }
    None
}

/// The iterates for one problem; arrays of all steps of all stores, one store after the other.
struct Interior<'a> {
    problem: &'a Problem,
    goal: Goal,
    shapes: Vec<Shape>,
    slots: Vec<u32>,
    low_kwh: Vec<f64>,
    take_kwh: Vec<f64>,
    charge: Boxed,
    discharge: Boxed,
    energy: Boxed,
    /// Only while looking for what is missing; else empty.
    phantom: Boxed,
    /// Empty if no store has a taper.
    tapers: Vec<Slack>,
    value: Vec<f64>,
    quadratics: Vec<Quadratic>,
    factors: Vec<Factor>,
    linears: Vec<Linear>,
    moves: Vec<Move>,
    scratch: Vec<f64>,
    grid: Grid,
    /// Supply minus demand by slot.
    imbalance: Vec<f64>,
    /// Largest residual of the dynamics and of the balance, kWh and kW.
    residual: f64,
    /// Share of the first dual residual that is left.
    dual_left: f64,
}

impl<'a> Interior<'a> {
    fn new(problem: &'a Problem, goal: Goal) -> Interior<'a> {
        let h = problem.slot_h;
        let mut shapes = Vec::with_capacity(problem.stores.len());
        let (mut begin, mut given) = (0, 0);
        for store in &problem.stores {
            let end = begin + store.steps.len();
            let two_way = store.steps.iter().any(|step| step.discharge_kw > 0.0);
            shapes.push(Shape {
                begin,
                end,
                alpha: h * store.charge_efficiency,
                beta: h / store.discharge_efficiency,
                eta: store.charge_efficiency,
                initial_kwh: store.initial_kwh,
                wear: if goal == Goal::Cost { h * store.wear_yen_per_kwh } else { 0.0 },
                taper: store.taper,
                give: two_way.then_some(given),
            });
            given += if two_way { store.steps.len() } else { 0 };
            begin = end;
        }
        let longest = shapes.iter().map(|shape| shape.end - shape.begin).max().unwrap_or(0);
        let steps = || problem.stores.iter().flat_map(|store| &store.steps);
        let price = match goal {
            Goal::Cost => problem.slots.iter().map(|slot| h * slot.buy.abs().max(slot.sell.abs())).fold(1e-3, f64::max),
            Goal::Missing { .. } => h,
        };
        let mu = price * (steps().map(|step| step.charge_kw).sum::<f64>() / begin.max(1) as f64).max(0.1);
        let mu = mu * std::env::var("MU").ok().and_then(|x| x.parse::<f64>().ok()).unwrap_or(1.0);
        let phantom = |step: &super::Step| match goal {
            Goal::Cost => None,
            Goal::Missing { .. } => Some(2.0 * step.high_kwh.abs() + step.low_kwh.abs() + step.take_kwh.abs() + 1.0),
        };
        let mut interior = Interior {
            charge: Boxed::new(steps().map(|step| step.charge_kw), mu),
            discharge: Boxed::new(
                problem
                    .stores
                    .iter()
                    .zip(&shapes)
                    .filter(|(_, shape)| shape.give.is_some())
                    .flat_map(|(store, _)| store.steps.iter().map(|step| step.discharge_kw)),
                mu,
            ),
            energy: Boxed::new(steps().map(|step| step.high_kwh - step.low_kwh), mu),
            phantom: Boxed::new(steps().filter_map(phantom), mu),
            tapers: Vec::new(),
            value: vec![0.0; begin],
            quadratics: vec![Quadratic::default(); begin],
            factors: vec![Factor::default(); begin],
            linears: vec![Linear::default(); begin],
            moves: vec![Move::default(); longest],
            scratch: vec![0.0; longest],
            grid: Grid::new(problem, goal, mu),
            imbalance: Vec::new(),
            residual: f64::INFINITY,
            dual_left: 1.0,
            slots: steps().map(|step| step.slot as u32).collect(),
            low_kwh: steps().map(|step| step.low_kwh).collect(),
            take_kwh: steps().map(|step| step.take_kwh).collect(),
            problem,
            goal,
            shapes,
        };
        if interior.shapes.iter().any(|shape| shape.taper.is_some()) {
            interior.tapers = vec![Slack::default(); begin];
            for shape in &interior.shapes {
                let Some(taper) = shape.taper else { continue };
                for i in shape.begin..shape.end {
                    let energy_kwh = interior.low_kwh[i] + interior.energy.below[i];
                    let room = taper.kw_per_kwh * (taper.top_kwh - energy_kwh) - shape.eta * interior.charge.below[i];
                    interior.tapers[i] = Slack::new(room, mu);
                }
            }
        }
        interior
    }

    /// Sum of all products of distance and multiplier, and how many there are.
    fn gap(&self) -> (f64, usize) {
        let (mut gap, mut count) = self.grid.gap();
        for boxed in [&self.charge, &self.discharge, &self.energy, &self.phantom] {
            gap += boxed.gap();
            count += boxed.count();
        }
        let tapers = self.tapers.iter().map(Slack::gap);
        count += tapers.clone().filter(|&gap| gap > 0.0).count();
        (gap + tapers.sum::<f64>(), count)
    }

    /// Powers that a store discharges with; empty if it cannot.
    fn discharges(&self, shape: &Shape) -> &[f64] {
        shape.give.map_or(&[], |give| &self.discharge.below[give..give + shape.end - shape.begin])
    }

    /// Computes the residuals of the dynamics and of the balance.
    fn look(&mut self) {
        self.imbalance = self.grid.balance();
        self.residual = 0.0;
        for shape in &self.shapes {
            let mut before = shape.initial_kwh;
            for i in shape.begin..shape.end {
                let charge = self.charge.below[i];
                let discharge = shape.give.map_or(0.0, |give| self.discharge.below[give + i - shape.begin]);
                let energy = self.low_kwh[i] + self.energy.below[i];
                let phantom = self.phantom.below.get(i).copied().unwrap_or(0.0);
                let rho = before - self.take_kwh[i] + shape.alpha * charge - shape.beta * discharge + phantom - energy;
                self.linears[i].rho = rho;
                self.residual = self.residual.max(rho.abs());
                self.imbalance[self.slots[i] as usize] += discharge - charge;
                before = energy;
            }
        }
        self.residual = self.imbalance.iter().fold(self.residual, |most, kw| most.max(kw.abs()));
    }

    fn objective(&self) -> f64 {
        let wear: f64 = self.shapes.iter().map(|shape| shape.wear * self.discharges(shape).iter().sum::<f64>()).sum();
        let phantom: f64 = self.phantom.below.iter().sum();
        self.grid.objective() + wear + phantom
    }

    /// One iteration of predictor and corrector; `false` if there is no progress.
    /// Aims no closer to the boundary than `least`, where numbers lose their digits.
    fn step(&mut self, gap: f64, count: usize, least: f64) -> bool {
        let (matrix, scratch) = self.grid.matrix();
        let size = scratch.len();
        for shape in &self.shapes {
            let range = shape.begin..shape.end;
            let count = range.len();
            let quadratics = &mut self.quadratics[range.clone()];
            let out = &mut self.scratch[..count];
            self.charge.stiffness(range.clone(), out);
            quadratics.iter_mut().zip(&*out).for_each(|(quadratic, stiffness)| quadratic.c = 1.0 / stiffness);
            self.energy.stiffness(range.clone(), out);
            quadratics.iter_mut().zip(&*out).for_each(|(quadratic, stiffness)| quadratic.e = *stiffness);
            if let Some(give) = shape.give {
                self.discharge.stiffness(give..give + count, out);
                quadratics.iter_mut().zip(&*out).for_each(|(quadratic, stiffness)| quadratic.d = 1.0 / stiffness);
            }
            if self.goal != Goal::Cost {
                self.phantom.stiffness(range.clone(), out);
                quadratics.iter_mut().zip(&*out).for_each(|(quadratic, stiffness)| quadratic.phantom = 1.0 / stiffness);
            }
            if let Some(taper) = shape.taper {
                for (quadratic, slack) in quadratics.iter_mut().zip(&self.tapers[range.clone()]) {
                    let weight = slack.weight();
                    let c = quadratic.c / (1.0 + weight * shape.eta * shape.eta * quadratic.c);
                    quadratic.gamma = weight * shape.eta * taper.kw_per_kwh * c;
                    quadratic.e += taper.kw_per_kwh * taper.kw_per_kwh * weight * c / quadratic.c;
                    quadratic.c = c;
                }
            }
            let factors = &mut self.factors[range.clone()];
            shape.factor(quadratics, factors);
            shape.add_response(quadratics, factors, &self.slots[range], matrix, size, scratch);
        }
        if !self.grid.factor() {
            return false;
        }
        let reach = self.newton(Aim::Zero);
        let centring = (reach.gap_after(gap) / gap).clamp(0.0, 1.0).powf(std::env::var("EX").ok().and_then(|x| x.parse::<f64>().ok()).unwrap_or(3.0));
        let mu = (centring * gap / count as f64).max(least);
        let (primal, dual) = reach.lengths(1.0);
        let weight = match std::env::var("W").as_deref() { Ok("pd") => primal * dual, Ok("m2") => primal.min(dual).powi(2), Ok("0") => 0.0, Ok("m") => primal.min(dual), _ => 1.0 };
        let mut reach = self.newton(Aim::Center { mu, weight });
        for _ in 0..std::env::var("MC").ok().and_then(|x| x.parse::<u32>().ok()).unwrap_or(0) {
            reach = self.newton(Aim::Center { mu, weight });
        }
        for _ in 0..std::env::var("GONDZIO").ok().and_then(|x| x.parse::<u32>().ok()).unwrap_or(0) {
            let (primal, dual) = reach.lengths(1.0);
            if primal.min(dual) > 0.9 {
                break;
            }
            let further = |length: f64| (1.1 * length + 0.1).min(1.0);
            reach = self.newton(Aim::Spread { mu, primal: further(primal), dual: further(dual) });
        }
        let (primal, dual) = reach.lengths(std::env::var("TB").ok().and_then(|x| x.parse::<f64>().ok()).unwrap_or(TO_BOUNDARY));
        if std::env::var("TRACE").is_ok() { eprintln!("   alpha {primal:.3} {dual:.3} centring {centring:.1e}"); }
        self.charge.advance(primal, dual);
        self.energy.advance(primal, dual);
        self.discharge.advance(primal, dual);
        self.phantom.advance(primal, dual);
        self.tapers.iter_mut().for_each(|taper| taper.advance(primal, dual));
        self.grid.advance(primal, dual);
        for (value, linear) in self.value.iter_mut().zip(&self.linears) {
            *value += dual * linear.value;
        }
        self.dual_left *= 1.0 - dual;
        primal.min(dual) > SHORTEST
    }

    /// The Newton step towards an aim, and how far it may go.
    fn newton(&mut self, aim: Aim) -> Reach {
        self.grid.aim(aim, self.dual_left);
        let mut net = vec![0.0; self.imbalance.len()];
        for shape in &self.shapes {
            let range = shape.begin..shape.end;
            let count = range.len();
            let linears = &mut self.linears[range.clone()];
            let out = &mut self.scratch[..count];
            self.charge.aim(range.clone(), aim, out);
            linears.iter_mut().zip(&*out).for_each(|(linear, slope)| linear.c = *slope);
            self.energy.aim(range.clone(), aim, out);
            linears.iter_mut().zip(&*out).for_each(|(linear, slope)| linear.e = *slope);
            if let Some(give) = shape.give {
                self.discharge.aim(give..give + count, aim, out);
                let wear = self.dual_left * shape.wear;
                linears.iter_mut().zip(&*out).for_each(|(linear, slope)| linear.d = wear + slope);
            }
            if self.goal != Goal::Cost {
                self.phantom.aim(range.clone(), aim, out);
                linears.iter_mut().zip(&*out).for_each(|(linear, slope)| linear.phantom = self.dual_left + slope);
            }
            if let Some(taper) = shape.taper {
                for (linear, slack) in linears.iter_mut().zip(&mut self.tapers[range.clone()]) {
                    let slope = self.dual_left * slack.first_multiplier + slack.aim(aim);
                    linear.c += shape.eta * slope;
                    linear.e += taper.kw_per_kwh * slope;
                }
            }
            let moves = &mut self.moves[..range.len()];
            shape.solve(&self.quadratics[range.clone()], &self.factors[range.clone()], &self.linears[range.clone()], moves);
            for (step, &slot) in moves.iter().zip(&self.slots[range]) {
                net[slot as usize] += step.c - step.d;
            }
        }
        self.grid.solve(&self.imbalance, &net);

        let mut reach = Reach::new();
        self.grid.take(&mut reach);
        for shape in &self.shapes {
            let range = shape.begin..shape.end;
            for i in range.clone() {
                let step = self.grid.price_step[self.slots[i] as usize];
                self.linears[i].c += step;
                self.linears[i].d -= step;
            }
            let moves = &mut self.moves[..range.len()];
            shape.solve(&self.quadratics[range.clone()], &self.factors[range.clone()], &self.linears[range.clone()], moves);
            let linears = &mut self.linears[range.clone()];
            linears.iter_mut().zip(&*moves).for_each(|(linear, step)| linear.value = step.value);
            self.charge.take(range.clone(), moves.iter().map(|step| step.c), &mut reach);
            self.energy.take(range.clone(), moves.iter().map(|step| step.e), &mut reach);
            if let Some(give) = shape.give {
                self.discharge.take(give..give + moves.len(), moves.iter().map(|step| step.d), &mut reach);
            }
            if self.goal != Goal::Cost {
                self.phantom.take(range.clone(), moves.iter().map(|step| step.phantom), &mut reach);
            }
            if let Some(taper) = shape.taper {
                for (slack, step) in self.tapers[range].iter_mut().zip(&*moves) {
                    slack.take(shape.eta * step.c + taper.kw_per_kwh * step.e, None, &mut reach);
                }
            }
        }
        reach
    }

    fn write(&self, iterations: u32) -> Iterate {
        let split = |values: &dyn Fn(&Shape, usize) -> f64| -> Vec<Vec<f64>> {
            self.shapes.iter().map(|shape| (shape.begin..shape.end).map(|i| values(shape, i)).collect()).collect()
        };
        let mut schedule = Schedule {
            charge_kw: split(&|_, i| self.charge.below[i]),
            discharge_kw: split(&|shape, i| self.discharges(shape).get(i - shape.begin).copied().unwrap_or(0.0)),
            energy_kwh: split(&|_, i| self.low_kwh[i] + self.energy.below[i]),
            ..Schedule::default()
        };
        let mut multipliers = Multipliers {
            energy: split(&|_, i| self.value[i]),
            taper: self
                .shapes
                .iter()
                .map(|shape| match shape.taper {
                    Some(_) => self.tapers[shape.begin..shape.end].iter().map(|taper| taper.multiplier).collect(),
                    None => Vec::new(),
                })
                .collect(),
            ..Multipliers::default()
        };
        self.grid.write(&mut schedule, &mut multipliers);
        let phantom_kwh = if self.goal == Goal::Cost { Vec::new() } else { split(&|_, i| self.phantom.below[i]) };
        debug_assert_eq!(self.problem.slots.len(), schedule.import_kw.len());
        Iterate { schedule, multipliers, phantom_kwh, unserved_kw: self.grid.unserved_kw(), iterations }
    }
}
