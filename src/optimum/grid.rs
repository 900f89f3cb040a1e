//! The site's side of the method: the powers of each slot, the peak, and the system of the slots' prices.

use super::bounds::{Aim, Boxed, Reach, Slack};
use super::interior::Goal;
use super::{Multipliers, Problem, Schedule};

const IMPORT: usize = 0;
const EXPORT: usize = 1;
const FREE: usize = 2;
const SOURCE: usize = 3;
/// Load that is left without supply, while looking for what is missing.
const UNSERVED: usize = 4;
const KINDS: usize = 5;
/// Whether a kind supplies or takes.
const SIGN: [f64; KINDS] = [1.0, -1.0, 1.0, 1.0, 1.0];

/// Powers of the site and their prices.
pub(super) struct Grid {
    size: usize,
    load_kw: Vec<f64>,
    /// Kind and slot of each power that has any range, by kind and slot.
    which: Vec<(usize, usize)>,
    powers: Boxed,
    cost: Vec<f64>,
    stiffness: Vec<f64>,
    slope: Vec<f64>,
    /// What the power is pulled by, then its step.
    force: Vec<f64>,
    /// The peak above its floor; without a price for it there are no constraints either.
    peak: Boxed,
    peak_cost: f64,
    /// Of the powers bought, in their order.
    peaks: Vec<Slack>,
    peak_slope: f64,
    peak_slopes: Vec<f64>,
    floor_kw: f64,
    /// Marginal price of energy by slot, yen for a kW over the slot.
    pub price: Vec<f64>,
    /// Its Newton step.
    pub price_step: Vec<f64>,
    peak_step: f64,
    /// Lower triangle of the Cholesky factor, row by row.
    matrix: Vec<f64>,
    /// Response of imports to the peak, of prices to the peak, and the peak's own stiffness.
    border: Vec<f64>,
    border_prices: Vec<f64>,
    peak_stiffness: f64,
    scratch: Vec<f64>,
}

impl Grid {
    pub fn new(problem: &Problem, goal: Goal, mu: f64) -> Grid {
        let (size, h) = (problem.slots.len(), problem.slot_h);
        let reach = problem.import_and_export_reach_kw();
        let priced = |yen: f64| if goal == Goal::Cost { h * yen } else { 0.0 };
        let width_and_cost = |kind: usize, t: usize| {
            let slot = &problem.slots[t];
            match (kind, goal) {
                (IMPORT, _) => (reach[t].0, priced(slot.buy)),
                (EXPORT, _) => (reach[t].1, priced(-slot.sell)),
                (FREE, _) => (slot.free_kw, 0.0),
                (SOURCE, _) => (slot.source_kw, priced(slot.source_yen_per_kwh)),
                (_, Goal::Missing { unserved }) => (reach[t].0 + slot.load_kw.max(0.0), h * unserved),
                (_, Goal::Cost) => (0.0, 0.0),
            }
        };
        let all = (0..KINDS).flat_map(|kind| (0..size).map(move |t| (kind, t)));
        let (which, (widths, cost)): (Vec<_>, (Vec<f64>, Vec<f64>)) = all
            .map(|(kind, t)| ((kind, t), width_and_cost(kind, t)))
            .filter(|(_, (width, _))| *width > 0.0)
            .unzip();
        let highest = reach.iter().fold(0.0f64, |most, reach| most.max(reach.0));
        let peak = Boxed::new(std::iter::once((highest - problem.peak_floor_kw).max(0.0)), mu);
        let powers = Boxed::new(widths.into_iter(), mu);
        let has_peak = goal == Goal::Cost && problem.peak_yen_per_kw > 0.0;
        let imports = which.iter().take_while(|(kind, _)| *kind == IMPORT).count();
        let room = |i: usize| problem.peak_floor_kw + peak.below[0] - powers.below[i];
        let zeros = vec![0.0; which.len()];
        Grid {
            size,
            load_kw: problem.slots.iter().map(|slot| slot.load_kw).collect(),
            peaks: if has_peak { (0..imports).map(|i| Slack::new(room(i), mu)).collect() } else { Vec::new() },
            peak_cost: problem.peak_yen_per_kw,
            peak,
            powers,
            which,
            cost,
            stiffness: zeros.clone(),
            slope: zeros.clone(),
            force: zeros,
            peak_slope: 0.0,
            peak_slopes: vec![0.0; size],
            floor_kw: problem.peak_floor_kw,
            price: vec![0.0; size],
            price_step: vec![0.0; size],
            peak_step: 0.0,
            matrix: vec![0.0; size * size],
            border: vec![0.0; size],
            border_prices: vec![0.0; size],
            peak_stiffness: 0.0,
            scratch: vec![0.0; size],
        }
    }

    /// Sum of the products of distance and multiplier, and their number.
    pub fn gap(&self) -> (f64, usize) {
        let slacks: f64 = self.peaks.iter().map(Slack::gap).sum();
        let peak = if self.peaks.is_empty() { (0.0, 0) } else { (self.peak.gap(), self.peak.count()) };
        (self.powers.gap() + slacks + peak.0, self.powers.count() + self.peaks.len() + peak.1)
    }

    pub fn objective(&self) -> f64 {
        let powers: f64 = self.powers.below.iter().zip(&self.cost).map(|(power, cost)| power * cost).sum();
        powers + if self.peaks.is_empty() { 0.0 } else { self.peak_cost * self.peak.below[0] }
    }

    /// Supply minus load by slot, the stores left out.
    pub fn balance(&self) -> Vec<f64> {
        let mut balance: Vec<f64> = self.load_kw.iter().map(|load| -load).collect();
        for (&(kind, t), power) in self.which.iter().zip(&self.powers.below) {
            balance[t] += SIGN[kind] * power;
        }
        balance
    }

    /// The matrix for the stores to add their responses to, and room to do so.
    pub fn matrix(&mut self) -> (&mut [f64], &mut [f64]) {
        self.matrix.fill(0.0);
        (&mut self.matrix, &mut self.scratch)
    }

    /// Adds the site's own response, and factors. `false` if the matrix is not positive definite.
    pub fn factor(&mut self) -> bool {
        let size = self.size;
        self.powers.stiffness(0..self.which.len(), &mut self.stiffness);
        let mut peak_stiffness = [0.0];
        self.peak.stiffness(0..1, &mut peak_stiffness);
        [self.peak_stiffness] = peak_stiffness;
        // A slot in which nothing can move keeps its price.
        (0..size).for_each(|t| self.matrix[t * size + t] += 1e-14);
        self.border.fill(0.0);
        for (i, (&(_, t), &stiffness)) in self.which.iter().zip(&self.stiffness).enumerate() {
            let weight = self.peaks.get(i).map_or(0.0, Slack::weight);
            let compliance = 1.0 / (stiffness + weight);
            self.matrix[t * size + t] += compliance;
            if weight > 0.0 {
                self.border[t] = compliance * weight;
                self.peak_stiffness += weight * stiffness * compliance;
            }
        }
        if !cholesky(&mut self.matrix, size) {
            return false;
        }
        if !self.peaks.is_empty() {
            self.border_prices.copy_from_slice(&self.border);
            substitute(&self.matrix, size, &mut self.border_prices);
            self.peak_stiffness += dot(&self.border, &self.border_prices);
        }
        true
    }

    /// Sets the slopes for an aim, with the share of the first dual residual that is left.
    pub fn aim(&mut self, aim: Aim, dual_left: f64) {
        self.powers.aim(0..self.which.len(), aim, &mut self.slope);
        self.slope.iter_mut().zip(&self.cost).for_each(|(slope, cost)| *slope += dual_left * cost);
        let first: f64 = self.peaks.iter().map(|peak| peak.first_multiplier).sum();
        for (slope, peak) in self.slope.iter_mut().zip(&self.peaks) {
            *slope += dual_left * peak.first_multiplier;
        }
        let mut slope = [0.0];
        self.peak.aim(0..1, aim, &mut slope);
        self.peak_slope = dual_left * (self.peak_cost - first) + slope[0];
        for (slope, peak) in self.peak_slopes.iter_mut().zip(&mut self.peaks) {
            *slope = peak.aim(aim);
        }
    }

    /// Prices and peak at which slots balance to first order, for an imbalance (all stores included) and the steps of net
    /// power that the stores would make at the old prices.
    pub fn solve(&mut self, imbalance: &[f64], net: &[f64]) {
        let size = self.size;
        let mut peak_slope = -self.peak_slope;
        self.price_step.iter_mut().zip(net.iter().zip(imbalance)).for_each(|(step, (net, now))| *step = net - now);
        for (i, &(kind, t)) in self.which.iter().enumerate() {
            let (mut slope, mut stiffness) = (self.slope[i], self.stiffness[i]);
            if let Some(peak) = self.peaks.get(i) {
                slope += self.peak_slopes[i];
                stiffness += peak.weight();
                peak_slope += self.peak_slopes[i] - peak.weight() / stiffness * slope;
            }
            self.price_step[t] += SIGN[kind] * slope / stiffness;
        }
        substitute(&self.matrix, size, &mut self.price_step);
        self.peak_step = 0.0;
        if !self.peaks.is_empty() {
            self.peak_step = (peak_slope + dot(&self.border, &self.price_step)) / self.peak_stiffness;
            for (price, border) in self.price_step.iter_mut().zip(&self.border_prices) {
                *price -= self.peak_step * border;
            }
        }
    }

    /// Takes in the steps that follow from the prices.
    pub fn take(&mut self, reach: &mut Reach) {
        for (i, &(kind, t)) in self.which.iter().enumerate() {
            let (force, stiffness) = (SIGN[kind] * self.price_step[t] - self.slope[i], self.stiffness[i]);
            self.force[i] = force / stiffness;
            if let Some(peak) = self.peaks.get_mut(i) {
                let weight = peak.weight();
                let step = (force + weight * self.peak_step - self.peak_slopes[i]) / (stiffness + weight);
                let multiplier_step = (weight > stiffness).then(|| force - stiffness * step);
                peak.take(step - self.peak_step, multiplier_step, reach);
                self.force[i] = step;
            }
        }
        self.powers.take(0..self.which.len(), self.force.iter().copied(), reach);
        if !self.peaks.is_empty() {
            self.peak.take(0..1, std::iter::once(self.peak_step), reach);
        }
    }

    pub fn advance(&mut self, primal: f64, dual: f64) {
        self.powers.advance(primal, dual);
        self.peak.advance(primal, dual);
        self.peaks.iter_mut().for_each(|peak| peak.advance(primal, dual));
        self.price.iter_mut().zip(&self.price_step).for_each(|(price, step)| *price += dual * step);
    }

    /// Writes down the site's part of a schedule, and its multipliers.
    pub fn write(&self, schedule: &mut Schedule, multipliers: &mut Multipliers) {
        let powers = |kind: usize| self.of_kind(kind, &self.powers.below);
        schedule.import_kw = powers(IMPORT);
        schedule.export_kw = powers(EXPORT);
        schedule.free_used_kw = powers(FREE);
        schedule.source_kw = powers(SOURCE);
        schedule.peak_kw = schedule.import_kw.iter().copied().fold(self.floor_kw, f64::max);
        multipliers.balance = self.price.clone();
        let peaks: Vec<f64> = self.peaks.iter().map(|peak| peak.multiplier).collect();
        multipliers.peak = self.of_kind(IMPORT, &peaks);
    }

    /// Load left without supply, by slot.
    pub fn unserved_kw(&self) -> Vec<f64> {
        self.of_kind(UNSERVED, &self.powers.below)
    }

    /// Values of one kind of powers by slot, 0 where it has no range.
    fn of_kind(&self, wanted: usize, values: &[f64]) -> Vec<f64> {
        let mut slots = vec![0.0; self.size];
        for (&(kind, t), value) in self.which.iter().zip(values) {
            if kind == wanted {
                slots[t] = *value;
            }
        }
        slots
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
