//! The site's side of the method: the powers of each slot, the peak, and the system of the slots' prices.

use super::bounds::{Aim, Bound, Pair, Reach, Slack};
use super::interior::{Goal, LOAD_FIRST};
use super::store::Matrix;
use super::{Multipliers, Problem, Schedule};

const IMPORT: usize = 0;
const EXPORT: usize = 1;
const FREE: usize = 2;
const SOURCE: usize = 3;
/// Load that is left without supply, where not everything can be had.
const UNSERVED: usize = 4;
/// Surplus that is left without use, likewise.
const UNUSED: usize = 5;
const KINDS: usize = 6;
/// Whether a kind supplies or takes.
const SIGN: [f64; KINDS] = [1.0, -1.0, 1.0, 1.0, 1.0, -1.0];

/// A power of the site in one slot.
struct Power {
    kind: usize,
    slot: usize,
    cost: f64,
    bound: Bound<f64>,
    /// Of power ≤ peak, where the peak has a price.
    peak: Option<Slack<f64>>,
    inverse: Pair<f64>,
    stiffness: f64,
    /// Set by a solve: targets of bounds and peak, and slopes along the power and along power − peak.
    target: Pair<f64>,
    peak_target: f64,
    slope: f64,
    peak_slope: f64,
}

/// Newton step of what all stores share.
#[derive(Clone, Default)]
pub(super) struct Step {
    /// Of the prices by slot; and one more that stays as it is.
    pub prices: Vec<f64>,
    peak: f64,
}

/// Powers of the site and their prices.
pub(super) struct Grid {
    size: usize,
    load_kw: Vec<f64>,
    /// By kind and slot, those alone that have any range.
    powers: Vec<Power>,
    /// The peak above its floor; nothing where it has no price.
    peak: Option<Bound<f64>>,
    peak_cost: f64,
    floor_kw: f64,
    /// Marginal price of energy by slot, yen for a kW over the slot.
    pub prices: Vec<f64>,
    step: Step,
    /// Lower triangle of the Cholesky factor, row by row.
    matrix: Vec<f64>,
    /// Response of imports to the peak, of prices to the peak, and the peak's own stiffness.
    border: Vec<f64>,
    border_prices: Vec<f64>,
    peak_stiffness: f64,
    peak_inverse: Pair<f64>,
    peak_target: Pair<f64>,
    scratch: Vec<f64>,
}

/// Response of net power to the price where nothing can move, kW per yen.
const NOTHING_MOVES: f64 = 1e-14;
/// How much stiffer than it is the stores' response is taken to be, relative: what two slots have in common may have no more
/// digits than this.
const DAMPING: f64 = 1e-12;
/// Share of the peak's price that its constraints begin with.
const PEAK_SHARE: f64 = 0.9;

impl Grid {
    /// All on the central path of `mu` for the given prices.
    pub fn new(problem: &Problem, goal: Goal, prices: &[f64], mu: f64) -> Grid {
        let (size, h) = (problem.slots.len(), problem.slot_h);
        let width_and_cost = |kind: usize, t: usize| {
            let slot = &problem.slots[t];
            match (kind, goal) {
                (IMPORT, _) => (slot.import_limit_kw, h * slot.buy),
                (EXPORT, _) => (slot.export_limit_kw, -h * slot.sell),
                (FREE, _) => (slot.free_kw, 0.0),
                (SOURCE, _) => (slot.source_kw, h * slot.source_yen_per_kwh),
                (UNSERVED, Goal::Elastic(yen)) => (slot.load_kw.max(0.0), h * LOAD_FIRST * yen),
                (_, Goal::Elastic(yen)) => ((-slot.load_kw).max(0.0), h * LOAD_FIRST * yen),
                (_, Goal::Cost) => (0.0, 0.0),
            }
        };
        let all = (0..KINDS).flat_map(|kind| (0..size).map(move |t| (kind, t)));
        let all = all.map(|(kind, slot)| (kind, slot, width_and_cost(kind, slot)));
        let all: Vec<_> = all.filter(|(_, _, (width, _))| *width > 0.0).collect();
        let imports = all.iter().take_while(|(kind, ..)| *kind == IMPORT).count();
        let has_peak = problem.peak_yen_per_kw > 0.0 && imports > 0;
        let peak_cost = problem.peak_yen_per_kw;
        let highest = problem.slots.iter().fold(0.0f64, |most, slot| most.max(slot.import_limit_kw));
        let peak = has_peak
            .then(|| Bound::new((highest - problem.peak_floor_kw).max(0.0), (1.0 - PEAK_SHARE) * peak_cost, mu));
        let multiplier = PEAK_SHARE * peak_cost / imports as f64;
        let power = |(kind, slot, (width, cost)): (usize, usize, (f64, f64))| {
            let own = if has_peak && kind == IMPORT { multiplier } else { 0.0 };
            let bound = Bound::new(width, cost - SIGN[kind] * prices[slot] + own, mu);
            let peak = peak
                .filter(|_| kind == IMPORT)
                .map(|peak| Slack::new(problem.peak_floor_kw + peak.distance[0] - bound.distance[0], multiplier, mu));
            Power {
                kind,
                slot,
                cost,
                bound,
                peak,
                inverse: [0.0; 2],
                stiffness: 0.0,
                target: [0.0; 2],
                peak_target: 0.0,
                slope: 0.0,
                peak_slope: 0.0,
            }
        };
        Grid {
            size,
            load_kw: problem.slots.iter().map(|slot| slot.load_kw).collect(),
            powers: all.into_iter().map(power).collect(),
            peak,
            peak_cost,
            floor_kw: problem.peak_floor_kw,
            prices: prices.to_vec(),
            step: Step { prices: vec![0.0; size + 1], peak: 0.0 },
            matrix: vec![0.0; size * size],
            border: vec![0.0; size],
            border_prices: vec![0.0; size],
            peak_stiffness: 0.0,
            peak_inverse: [0.0; 2],
            peak_target: [0.0; 2],
            scratch: vec![0.0; size],
        }
    }

    /// How many products there are.
    pub fn count(&self) -> usize {
        let peaks = self.powers.iter().filter(|power| power.peak.is_some()).count();
        2 * self.powers.len() + peaks + if self.peak.is_some() { 2 } else { 0 }
    }

    /// Sum of the products of distance and multiplier.
    pub fn gap(&self) -> f64 {
        let powers = self.powers.iter().map(|power| power.bound.gap() + power.peak.map_or(0.0, |peak| peak.gap()));
        powers.sum::<f64>() + self.peak.map_or(0.0, |peak| peak.gap())
    }

    /// Cost of the site alone.
    pub fn cost(&self) -> f64 {
        let powers: f64 = self.powers.iter().map(|power| power.cost * power.bound.distance[0]).sum();
        powers + self.peak.map_or(0.0, |peak| self.peak_cost * peak.distance[0])
    }

    /// Largest residual of the peak's constraints.
    pub fn residual(&self) -> f64 {
        self.powers.iter().filter_map(|power| power.peak).fold(0.0, |most, peak| most.max(peak.residual.abs()))
    }

    /// Adds supply minus load to each slot.
    pub fn add_balance(&self, balance: &mut [f64]) {
        balance.iter_mut().zip(&self.load_kw).for_each(|(balance, load)| *balance -= load);
        for power in &self.powers {
            balance[power.slot] += SIGN[power.kind] * power.bound.distance[0];
        }
    }

    /// The matrix for the stores to add their responses to, emptied.
    pub fn matrix(&mut self) -> Matrix<'_> {
        self.matrix.fill(0.0);
        Matrix { rows: &mut self.matrix, size: self.size, scratch: &mut self.scratch }
    }

    /// Adds the site's own response, and factors. `false` if the matrix is not positive definite.
    pub fn factor(&mut self) -> bool {
        let size = self.size;
        if let Some(peak) = &mut self.peak {
            let multipliers = self.powers.iter().filter_map(|power| power.peak).map(|peak| peak.multiplier);
            peak.balance(self.peak_cost - multipliers.sum::<f64>(), self.peak_cost);
            self.peak_inverse = peak.inverse();
            self.peak_stiffness = peak.stiffness(self.peak_inverse);
        }
        // A slot in which nothing can move keeps its price.
        (0..size).for_each(|t| self.matrix[t * size + t] = NOTHING_MOVES + (1.0 + DAMPING) * self.matrix[t * size + t]);
        self.border.fill(0.0);
        for power in &mut self.powers {
            let own = power.peak.map_or(0.0, |peak| peak.multiplier);
            let price = self.prices[power.slot];
            power.bound.balance(power.cost - SIGN[power.kind] * price + own, power.cost.abs() + price.abs() + own);
            power.inverse = power.bound.inverse();
            power.stiffness = power.bound.stiffness(power.inverse);
            let weight = power.peak.map_or(0.0, |peak| peak.weight());
            let compliance = 1.0 / (power.stiffness + weight);
            let t = power.slot;
            self.matrix[t * size + t] += compliance;
            if weight > 0.0 {
                self.border[t] = compliance * weight;
                self.peak_stiffness += weight * power.stiffness * compliance;
            }
        }
        if !cholesky(&mut self.matrix, size) {
            return false;
        }
        if self.peak.is_some() {
            self.border_prices.copy_from_slice(&self.border);
            substitute(&self.matrix, size, &mut self.border_prices);
            self.peak_stiffness += dot(&self.border, &self.border_prices);
        }
        true
    }

    /// Prices and peak at which slots balance to first order, for the steps of net power that the stores would make at the old
    /// prices, and the imbalance, all stores included.
    pub fn solve(&mut self, aim: Aim, net: &[f64], imbalance: &[f64]) -> Step {
        let mut prices: Vec<f64> = net.iter().zip(imbalance).map(|(net, now)| net - now).collect();
        let mut peak_slope = 0.0;
        if let Some(peak) = &self.peak {
            self.peak_target = peak.target(aim, self.peak_inverse);
            peak_slope = -peak.slope(aim, self.peak_target);
        }
        for power in &mut self.powers {
            power.target = power.bound.target(aim, power.inverse);
            power.slope = power.bound.slope(aim, power.target);
            let (mut slope, mut stiffness) = (power.slope, power.stiffness);
            if let Some(peak) = &power.peak {
                power.peak_target = peak.target(aim);
                power.peak_slope = peak.slope(aim, power.peak_target);
                slope += power.peak_slope;
                stiffness += peak.weight();
                peak_slope += power.peak_slope - peak.weight() / stiffness * slope;
            }
            prices[power.slot] += SIGN[power.kind] * slope / stiffness;
        }
        substitute(&self.matrix, self.size, &mut prices);
        let mut peak = 0.0;
        if self.peak.is_some() {
            peak = (peak_slope + dot(&self.border, &prices)) / self.peak_stiffness;
            prices.iter_mut().zip(&self.border_prices).for_each(|(price, border)| *price -= peak * border);
        }
        prices.push(0.0);
        Step { prices, peak }
    }

    /// Takes in the predictor, from the last solve.
    pub fn predict(&mut self, step: &Step, reach: &mut Reach<f64>) {
        for power in &mut self.powers {
            let (kw, left, known) = power.step(step);
            power.bound.predict(kw, power.inverse, reach);
            if let Some(peak) = &mut power.peak {
                peak.predict(left, known, reach);
            }
        }
        if let Some(peak) = &mut self.peak {
            peak.predict(step.peak, self.peak_inverse, reach);
        }
    }

    /// Takes in the corrector, from the last solve.
    pub fn correct(&mut self, step: &Step, reach: &mut Reach<f64>) {
        for power in &mut self.powers {
            let (kw, left, known) = power.step(step);
            power.bound.correct(kw, power.target, power.inverse, reach);
            if let Some(peak) = &mut power.peak {
                peak.correct(left, power.peak_target, known, reach);
            }
        }
        if let Some(peak) = &mut self.peak {
            peak.correct(step.peak, self.peak_target, self.peak_inverse, reach);
        }
        self.step = step.clone();
    }

    /// Goes along the step.
    pub fn advance(&mut self, primal: f64, dual: f64) {
        for power in &mut self.powers {
            power.bound.advance(primal, dual);
            if let Some(peak) = &mut power.peak {
                peak.advance(primal, dual);
            }
        }
        if let Some(peak) = &mut self.peak {
            peak.advance(primal, dual);
        }
        self.prices.iter_mut().zip(&self.step.prices).for_each(|(price, step)| *price += dual * step);
    }

    /// Writes down the site's part of a schedule, and its multipliers.
    pub fn write(&self, schedule: &mut Schedule, multipliers: &mut Multipliers) {
        let kw = |power: &Power| power.bound.distance[0];
        schedule.import_kw = self.of_kind(IMPORT, kw);
        schedule.export_kw = self.of_kind(EXPORT, kw);
        schedule.free_used_kw = self.of_kind(FREE, kw);
        schedule.source_kw = self.of_kind(SOURCE, kw);
        schedule.peak_kw = schedule.import_kw.iter().copied().fold(self.floor_kw, f64::max);
        multipliers.balance = self.prices.clone();
        multipliers.peak = self.of_kind(IMPORT, |power| power.peak.map_or(0.0, |peak| peak.multiplier));
    }

    /// Load left without supply, by slot; surplus left without use where negative.
    pub fn unserved_kw(&self) -> Vec<f64> {
        let unserved = self.of_kind(UNSERVED, |power| power.bound.distance[0]);
        let unused = self.of_kind(UNUSED, |power| power.bound.distance[0]);
        unserved.iter().zip(unused).map(|(unserved, unused)| unserved - unused).collect()
    }

    /// Something of one kind of powers by slot, 0 where it has no range.
    fn of_kind(&self, wanted: usize, value: impl Fn(&Power) -> f64) -> Vec<f64> {
        let mut slots = vec![0.0; self.size];
        for power in self.powers.iter().filter(|power| power.kind == wanted) {
            slots[power.slot] = value(power);
        }
        slots
    }
}

impl Power {
    /// Newton step of the power, of power − peak, and of the peak's multiplier where that is better known from here.
    fn step(&self, step: &Step) -> (f64, f64, Option<f64>) {
        let force = SIGN[self.kind] * step.prices[self.slot] - self.slope;
        let Some(peak) = &self.peak else { return (force / self.stiffness, 0.0, None) };
        let weight = peak.weight();
        let kw = (force + weight * step.peak - self.peak_slope) / (self.stiffness + weight);
        let known = (weight > self.stiffness).then_some(force - self.stiffness * kw);
        (kw, kw - step.peak, known)
    }
}

/// Cholesky factorisation of the lower triangle, in place; `false` if the matrix is not positive definite.
fn cholesky(matrix: &mut [f64], size: usize) -> bool {
    for row in 0..size {
        let (above, current) = matrix.split_at_mut(row * size);
        for column in 0..row {
            let other = &above[column * size..column * size + column + 1];
            let sum = current[column] - dot(&current[..column], &other[..column]);
            current[column] = sum / other[column];
        }
        let square = current[row] - dot(&current[..row], &current[..row]);
        if square.is_nan() || square <= 0.0 {
            return false;
        }
        current[row] = square.sqrt();
    }
    true
}

/// Solves with a Cholesky factor, in place.
fn substitute(matrix: &[f64], size: usize, right: &mut [f64]) {
    for row in 0..size {
        let sum = right[row] - dot(&matrix[row * size..row * size + row], &right[..row]);
        right[row] = sum / matrix[row * size + row];
    }
    for row in (0..size).rev() {
        right[row] /= matrix[row * size + row];
        let value = right[row];
        for (other, entry) in right[..row].iter_mut().zip(&matrix[row * size..]) {
            *other -= entry * value;
        }
    }
}

/// Scalar product, in four sums so that it can be done four at a time.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (a4, b4) = (a.chunks_exact(4), b.chunks_exact(4));
    let rest: f64 = a4.remainder().iter().zip(b4.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a4.zip(b4) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums[0] + sums[1] + sums[2] + sums[3] + rest
}
