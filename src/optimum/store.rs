//! Stores as linear-quadratic control problems, and their passes in an iteration.
//!
//! Between two iterates, the Newton step of a store minimises a separable convex quadratic in the changes of charge c, discharge
//! d and energy e, subject to the linearised dynamics
//!
//! > m e = e before + α c' − β d + ρ,  c' = c + γ e
//!
//! with α = slot length x charge efficiency, β = slot length / discharge efficiency. γ and m = 1 + α γ are 0 and 1 but for a
//! taper: completing the square in c removes the product of c and e that its barrier brings. With C' and D the
//! *compliances* (inverse stiffness) of c' and d, W = α² C' + β² D, and Π the stiffness of e with the future minimised out,
//! the Riccati recursion is P before = Π / (m² + W Π). The same run forwards gives Y, the compliance of e left by the past. From
//! these follow the response of net power c − d to the price λ in each slot: in row i, for j > i,
//! `out[j]` x (product of closed-loop factors φ between) x `inward[i]`, and `diagonal[i]`. All terms have one sign where γ = 0.
//!
//! Several stores of about as many steps make a [`Group`] and are treated alike. All numbers of a step of a group lie together,
//! in a [`Cell`]; an iteration passes over them three times, one group after the other; and what a pass can recompute
//! is not stored.

use super::bounds::{Aim, Bound, Pair, Reach, Slack};
use super::lanes::{LANES, Lanes, Number};

/// Products of closed-loop factors smaller than this, twice in a row, leave nothing of a response.
const FADED: f64 = 1e-12;

/// What does not change about some stores during the iterations. Shorter ones begin with steps in which they can do nothing.
#[derive(Default)]
pub(super) struct Group {
    /// First of its steps in the arrays of all steps.
    pub begin: usize,
    /// One past the last.
    pub end: usize,
    /// kWh stored per kW charged over a slot.
    pub alpha: Lanes,
    /// kWh taken out per kW discharged over a slot.
    pub beta: Lanes,
    /// Charge efficiency.
    pub eta: Lanes,
    /// Slope of the taper's line; 0 for a store without one.
    pub kw_per_kwh: Lanes,
    /// Energy at the begin.
    pub initial_kwh: Lanes,
    /// Cost of a kW discharged over a slot.
    pub wear: Lanes,
    /// Cost of a kWh from nowhere.
    pub phantom_cost: Lanes,
    /// First step that is one, by lane.
    pub first: [usize; LANES],
    /// Whether any can discharge.
    pub gives: bool,
}

/// The iterate in one step of a group, and the Newton step.
#[derive(Clone, Copy, Default)]
pub(super) struct Cell {
    pub charge: Bound<Lanes>,
    pub discharge: Bound<Lanes>,
    /// Above the lowest.
    pub energy: Bound<Lanes>,
    /// Of stored energy: the multiplier of the dynamics.
    pub value: Lanes,
    value_step: Lanes,
    /// Residual of the dynamics.
    rho: Lanes,
    /// Compliances of c' and d.
    c: Lanes,
    d: Lanes,
    /// What the backward recursion leaves for the solves: 1 / (m² + W Π) and Π.
    g: Lanes,
    pi: Lanes,
}

/// What does not change about a step of a group.
#[derive(Clone, Copy, Default)]
pub(super) struct Fixed {
    /// Its slots; one past the last where a store can do nothing.
    pub slots: [u32; LANES],
    /// Least energy.
    pub low_kwh: Lanes,
    /// Energy used by trips before.
    pub take_kwh: Lanes,
}

/// What only some problems have in a step of a group.
#[derive(Clone, Copy, Default)]
pub(super) struct Extra {
    /// Energy from nowhere, where not everything that is asked for can be had.
    pub phantom: Option<Bound<Lanes>>,
    pub taper: Option<Slack<Lanes>>,
    /// Compliance of phantom energy, and γ.
    compliance: Lanes,
    gamma: Lanes,
}

/// Cells of one group, and what goes with them.
pub(super) struct Part<'a> {
    pub cells: &'a mut [Cell],
    /// Empty if the problem has none.
    pub extras: &'a mut [Extra],
    pub fixed: &'a [Fixed],
    /// At least as many as cells; whatever they held before.
    pub works: &'a mut [Work],
}

/// Intermediate results of a step.
#[derive(Clone, Copy, Default)]
pub(super) struct Work {
    /// Inverse distances and targets of charge, discharge, energy and phantom.
    inverse: [Pair<Lanes>; 4],
    target: [Pair<Lanes>; 4],
    taper_target: Lanes,
    /// Slopes of c, d and phantom.
    slope_c: Lanes,
    slope_d: Lanes,
    slope_phantom: Lanes,
    /// From the way backwards, for the way forwards.
    input: Lanes,
    slope: Lanes,
    /// Stiffness of the energy.
    stiffness: Lanes,
    /// Response of the step: see the module.
    own: Lanes,
    inward: Lanes,
    out: Lanes,
    phi: Lanes,
}

/// Newton step of one step of a group.
struct Move {
    c: Lanes,
    d: Lanes,
    phantom: Lanes,
    e: Lanes,
    /// Of the value of stored energy.
    value: Lanes,
}

/// How the last iteration ended.
#[derive(Default)]
pub(super) struct Advance {
    /// Step lengths.
    pub primal: f64,
    pub dual: f64,
}

/// Sums over all stores.
#[derive(Default)]
pub(super) struct Totals {
    /// Sum of all products.
    pub gap: f64,
    pub cost: f64,
    /// Largest residual.
    pub residual: f64,
    /// Net power given, by slot and one more.
    pub given: Vec<f64>,
    /// Newton step of net power taken at old prices, by slot and one more.
    pub net: Vec<f64>,
}

/// The T x T matrix of the slots' prices.
pub(super) struct Matrix<'a> {
    /// Lower triangle, row by row.
    pub rows: &'a mut [f64],
    pub size: usize,
    /// One row.
    pub scratch: &'a mut [f64],
}

/// Adds the net power that a step takes to its slots.
#[inline(always)]
fn add_net(net: &mut [f64], step: &Move, slots: &[u32; LANES]) {
    let power = step.c - step.d;
    for lane in 0..LANES {
        net[slots[lane] as usize] += power.0[lane];
    }
}

/// Whether inverse distances are those of the last solve.
#[derive(Clone, Copy, PartialEq)]
enum Inverses {
    New,
    Known,
}

impl Work {
    #[inline(always)]
    fn invert<const GIVES: bool>(&mut self, cell: &Cell) {
        self.inverse[0] = cell.charge.inverse();
        if GIVES {
            self.inverse[1] = cell.discharge.inverse();
        }
        self.inverse[2] = cell.energy.inverse();
    }
}

impl Group {
    /// First pass: ends the last iteration, and begins the next. O(steps x T).
    pub fn begin<const GIVES: bool, const EXTRA: bool>(
        &self,
        part: &mut Part,
        last: &Advance,
        prices: &[f64],
        totals: &mut Totals,
        matrix: &mut Matrix,
    ) {
        self.advance::<GIVES, EXTRA>(part, last.primal, last.dual, totals);
        self.factor::<GIVES, EXTRA>(part, prices);
        self.respond::<GIVES, EXTRA>(part);
        for lane in 0..LANES {
            self.add_response(part, lane, matrix);
        }
        self.solve::<GIVES, EXTRA>(part, Inverses::Known, Aim::Zero, &[], |_, _, _, step, slots| {
            add_net(&mut totals.net, step, slots);
        });
    }

    /// Second pass: the predictor's step at its prices, and the steps that the corrector's terms ask for at the same prices: what
    /// makes up for the second order, and what is asked for by each unit of the centre.
    pub fn predict<const GIVES: bool, const EXTRA: bool>(
        &self,
        part: &mut Part,
        prices: &[f64],
        all: &mut Reach<f64>,
        nets: &mut [Vec<f64>; 2],
    ) {
        let mut reach = Reach::new();
        self.solve::<GIVES, EXTRA>(part, Inverses::New, Aim::Zero, prices, |cell, extra, work, step, _| {
            cell.charge.predict(step.c, work.inverse[0], &mut reach);
            if GIVES {
                cell.discharge.predict(step.d, work.inverse[1], &mut reach);
            }
            cell.energy.predict(step.e, work.inverse[2], &mut reach);
            if let Some(extra) = extra {
                if let Some(phantom) = &mut extra.phantom {
                    phantom.predict(step.phantom, work.inverse[3], &mut reach);
                }
                if let Some(taper) = &mut extra.taper {
                    taper.predict(self.left(step), None, &mut reach);
                }
            }
        });
        all.merge(&reach);
        let [second_order, unit] = nets;
        self.solve::<GIVES, EXTRA>(part, Inverses::Known, Aim::SecondOrder, &[], |_, _, _, step, slots| {
            add_net(second_order, step, slots);
        });
        self.solve::<GIVES, EXTRA>(part, Inverses::Known, Aim::Unit, &[], |_, _, _, step, slots| {
            add_net(unit, step, slots)
        });
    }

    /// Third pass: the step towards an aim, at its prices.
    pub fn correct<const GIVES: bool, const EXTRA: bool>(
        &self,
        part: &mut Part,
        aim: Aim,
        prices: &[f64],
        all: &mut Reach<f64>,
    ) {
        let mut reach = Reach::new();
        self.solve::<GIVES, EXTRA>(part, Inverses::New, aim, prices, |cell, extra, work, step, _| {
            cell.charge.correct(step.c, work.target[0], work.inverse[0], &mut reach);
            if GIVES {
                cell.discharge.correct(step.d, work.target[1], work.inverse[1], &mut reach);
            }
            cell.energy.correct(step.e, work.target[2], work.inverse[2], &mut reach);
            cell.value_step = step.value;
            if let Some(extra) = extra {
                if let Some(phantom) = &mut extra.phantom {
                    phantom.correct(step.phantom, work.target[3], work.inverse[3], &mut reach);
                }
                if let Some(taper) = &mut extra.taper {
                    taper.correct(self.left(step), work.taper_target, None, &mut reach);
                }
            }
        });
        all.merge(&reach);
    }

    /// The net power that brings residuals down at old prices.
    pub fn ask_to_restore<const GIVES: bool, const EXTRA: bool>(&self, part: &mut Part, net: &mut [f64]) {
        self.solve::<GIVES, EXTRA>(part, Inverses::New, Aim::Hold, &[], |_, _, _, step, slots| {
            add_net(net, step, slots)
        });
    }

    /// Goes along the step, and looks where that led to.
    fn advance<const GIVES: bool, const EXTRA: bool>(
        &self,
        part: &mut Part,
        primal: f64,
        dual: f64,
        totals: &mut Totals,
    ) {
        let mut before = self.initial_kwh;
        let zero = Lanes::of(0.0);
        let (mut gap, mut cost, mut residual) = (zero, zero, zero);
        for (k, (cell, fixed)) in part.cells.iter_mut().zip(part.fixed).enumerate() {
            cell.charge.advance(primal, dual);
            cell.energy.advance(primal, dual);
            cell.value += Lanes::of(dual) * cell.value_step;
            gap += cell.charge.gap() + cell.energy.gap();
            let (charge, energy) = (cell.charge.distance[0], fixed.low_kwh + cell.energy.distance[0]);
            cell.rho = before - fixed.take_kwh + self.alpha * charge - energy;
            let mut given = -charge;
            if GIVES {
                cell.discharge.advance(primal, dual);
                gap += cell.discharge.gap();
                let discharge = cell.discharge.distance[0];
                cell.rho -= self.beta * discharge;
                given += discharge;
                cost += self.wear * discharge;
            }
            if EXTRA {
                let extra = &mut part.extras[k];
                if let Some(phantom) = &mut extra.phantom {
                    phantom.advance(primal, dual);
                    gap += phantom.gap();
                    cell.rho += phantom.distance[0];
                    cost += self.phantom_cost * phantom.distance[0];
                }
                if let Some(taper) = &mut extra.taper {
                    taper.advance(primal, dual);
                    gap += taper.gap();
                    residual = residual.larger(taper.residual.abs());
                }
            }
            residual = residual.larger(cell.rho.abs());
            for lane in 0..LANES {
                totals.given[fixed.slots[lane] as usize] += given.0[lane];
            }
            before = energy;
        }
        totals.gap += gap.sum();
        totals.cost += cost.sum();
        totals.residual = totals.residual.max(residual.largest());
    }

    #[inline(always)]
    fn w<const GIVES: bool>(&self, cell: &Cell, extra: Option<&Extra>) -> Lanes {
        let mut w = self.alpha * self.alpha * cell.c;
        if GIVES {
            w += self.beta * self.beta * cell.d;
        }
        extra.map_or(w, |extra| w + extra.compliance)
    }

    /// Step of the left-hand side of the taper's constraint.
    fn left(&self, step: &Move) -> Lanes {
        self.eta * step.c + self.kw_per_kwh * step.e
    }

    /// The reduced costs and the quadratic of each step, and the backward recursion. O(steps).
    fn factor<const GIVES: bool, const EXTRA: bool>(&self, part: &mut Part, prices: &[f64]) {
        let one = Lanes::of(1.0);
        let mut p = Lanes::of(0.0);
        let mut next_value = p;
        let cells = part.cells.iter_mut().zip(part.fixed);
        for (k, ((cell, fixed), work)) in cells.zip(&mut *part.works).enumerate().rev() {
            let price = Lanes(fixed.slots.map(|slot| prices[slot as usize]));
            let (mut charge_cost, mut energy_cost) = (price - self.alpha * cell.value, cell.value - next_value);
            if EXTRA {
                let own = &mut part.extras[k];
                if let Some(phantom) = &mut own.phantom {
                    phantom.balance(self.phantom_cost - cell.value, self.phantom_cost + cell.value.abs());
                }
                if let Some(taper) = &own.taper {
                    charge_cost += self.eta * taper.multiplier;
                    energy_cost += self.kw_per_kwh * taper.multiplier;
                }
            }
            let worth = price.abs() + self.alpha * cell.value.abs();
            cell.charge.balance(charge_cost, worth);
            cell.energy.balance(energy_cost, cell.value.abs() + next_value.abs());
            if GIVES {
                cell.discharge.balance(self.wear - price + self.beta * cell.value, worth + self.wear);
            }
            next_value = cell.value;
            work.invert::<GIVES>(cell);
            cell.c = one / cell.charge.stiffness(work.inverse[0]);
            if GIVES {
                cell.d = one / cell.discharge.stiffness(work.inverse[1]);
            }
            work.stiffness = cell.energy.stiffness(work.inverse[2]);
            let mut extra = None;
            let mut m2 = one;
            if EXTRA {
                let own = &mut part.extras[k];
                if let Some(phantom) = &own.phantom {
                    work.inverse[3] = phantom.inverse();
                    own.compliance = one / phantom.stiffness(work.inverse[3]);
                }
                if let Some(taper) = &own.taper {
                    let weight = taper.weight();
                    let c = cell.c / (one + weight * self.eta * self.eta * cell.c);
                    own.gamma = weight * self.eta * self.kw_per_kwh * c;
                    work.stiffness += self.kw_per_kwh * self.kw_per_kwh * weight * c / cell.c;
                    cell.c = c;
                    let m = one + self.alpha * own.gamma;
                    m2 = m * m;
                }
                extra = Some(&*own);
            }
            cell.pi = p + work.stiffness;
            cell.g = one / (m2 + self.w::<GIVES>(cell, extra) * cell.pi);
            p = cell.pi * cell.g;
        }
    }

    /// The response of net power in each step to the price in the same, and what leads from the price in one step to the net
    /// power in another: see the module. O(steps).
    fn respond<const GIVES: bool, const EXTRA: bool>(&self, part: &mut Part) {
        let (one, zero) = (Lanes::of(1.0), Lanes::of(0.0));
        let apart = self.alpha - self.beta;
        let mut y_before = zero;
        for (k, (cell, work)) in part.cells.iter().zip(&mut *part.works).enumerate() {
            let (c, d) = (cell.c, if GIVES { cell.d } else { zero });
            let (a, b) = (self.alpha * c, self.beta * d);
            let mut y = y_before + self.alpha * a + self.beta * b;
            let mut out = (a + b) * cell.pi;
            let mut own = c + d + (c + d) * cell.pi * y_before + cell.pi * c * d * apart * apart;
            let mut inward = a + b;
            work.phi = cell.g;
            if EXTRA {
                let extra = &part.extras[k];
                let (gamma, phantom) = (extra.gamma, extra.compliance);
                let m = one + self.alpha * gamma;
                let inverse_m2 = one / (m * m);
                let bent = one - self.beta * gamma / m;
                let past = y_before + phantom;
                y = (y + phantom) * inverse_m2;
                out += m * gamma;
                own = c * inverse_m2
                    + d * bent * bent
                    + inverse_m2 * ((c + d) * cell.pi * past + cell.pi * c * d * apart * apart + gamma * gamma * past);
                inward = (a + b * (one + apart * gamma) - gamma * past) * inverse_m2;
                work.phi = m * cell.g;
            }
            let inverse = one / (one + cell.pi * y);
            work.own = own * inverse;
            work.inward = inward * inverse;
            // Of c' − d − γ e in this slot to the energy before it.
            work.out = cell.g * out;
            y_before = y / (one + y * work.stiffness);
        }
    }

    /// Adds a store's response to prices to the lower triangle of a T x T matrix, row by row. O(steps x T).
    fn add_response(&self, part: &Part, lane: usize, matrix: &mut Matrix) {
        // scratch[i] x scale is the response of the energy before this step to the price in slot i. The scale carries the
        // product of the φ, so that the inner loop is one multiplication and one addition.
        let Matrix { rows, size, scratch } = matrix;
        let begin = self.first[lane];
        let Some(first) = part.fixed.get(begin) else { return };
        let mut first = first.slots[lane] as usize;
        let (mut scale, mut next, mut rescaled) = (1.0, first, first);
        for (work, fixed) in part.works.iter().zip(part.fixed).skip(begin) {
            let slot = fixed.slots[lane] as usize;
            scratch[next..slot].fill(0.0);
            let row = &mut rows[slot * *size..slot * *size + slot + 1];
            let factor = -work.out.0[lane] * scale;
            for (entry, s) in row[first..slot].iter_mut().zip(&scratch[first..slot]) {
                *entry += factor * s;
            }
            row[slot] += work.own.0[lane];
            scale *= work.phi.0[lane];
            if scale < FADED {
                // What was small before the last time has faded away.
                first = rescaled;
                rescaled = slot;
                scratch[first..slot].iter_mut().for_each(|s| *s *= scale);
                scale = 1.0;
            }
            scratch[slot] = work.inward.0[lane] / scale;
            next = slot + 1;
        }
    }

    /// Finds the Newton step for an aim and for steps of the prices, which are 0 where there are none, and hands it over from the
    /// first step of the group to the last. O(steps).
    #[inline(always)]
    fn solve<const GIVES: bool, const EXTRA: bool>(
        &self,
        part: &mut Part,
        inverses: Inverses,
        aim: Aim,
        prices: &[f64],
        mut hand: impl FnMut(&mut Cell, Option<&mut Extra>, &Work, &Move, &[u32; LANES]),
    ) {
        let mut r = Lanes::of(0.0);
        let cells = part.cells.iter().zip(part.fixed);
        for (k, ((cell, fixed), work)) in cells.zip(&mut *part.works).enumerate().rev() {
            if inverses == Inverses::New {
                work.invert::<GIVES>(cell);
            }
            work.target[0] = cell.charge.target(aim, work.inverse[0]);
            work.target[2] = cell.energy.target(aim, work.inverse[2]);
            work.slope_c = cell.charge.slope(aim, work.target[0]);
            let mut slope_e = cell.energy.slope(aim, work.target[2]);
            if GIVES {
                work.target[1] = cell.discharge.target(aim, work.inverse[1]);
                work.slope_d = cell.discharge.slope(aim, work.target[1]);
            }
            if !prices.is_empty() {
                let price = Lanes(fixed.slots.map(|slot| prices[slot as usize]));
                work.slope_c += price;
                if GIVES {
                    work.slope_d -= price;
                }
            }
            let mut input = if aim.is_whole() { cell.rho } else { Lanes::of(0.0) };
            let mut slope = r;
            let mut m = Lanes::of(1.0);
            if EXTRA {
                let own = &part.extras[k];
                if let Some(phantom) = &own.phantom {
                    if inverses == Inverses::New {
                        work.inverse[3] = phantom.inverse();
                    }
                    work.target[3] = phantom.target(aim, work.inverse[3]);
                    work.slope_phantom = phantom.slope(aim, work.target[3]);
                    input -= own.compliance * work.slope_phantom;
                }
                if let Some(taper) = &own.taper {
                    work.taper_target = taper.target(aim);
                    let along = taper.slope(aim, work.taper_target);
                    work.slope_c += self.eta * along;
                    slope_e += self.kw_per_kwh * along;
                    slope -= own.gamma * work.slope_c;
                    m += self.alpha * own.gamma;
                }
            }
            input -= self.alpha * cell.c * work.slope_c;
            if GIVES {
                input += self.beta * cell.d * work.slope_d;
            }
            slope += slope_e;
            r = cell.g * (cell.pi * input + if EXTRA { m * slope } else { slope });
            (work.input, work.slope) = (input, slope);
        }
        let mut e = Lanes::of(0.0);
        let cells = part.cells.iter_mut().zip(part.fixed);
        for (k, ((cell, fixed), work)) in cells.zip(&*part.works).enumerate() {
            let extra = if EXTRA { Some(&mut part.extras[k]) } else { None };
            let w = self.w::<GIVES>(cell, extra.as_deref());
            let mut step = Move { d: Lanes::of(0.0), phantom: Lanes::of(0.0), c: e, e, value: e };
            match &extra {
                None => {
                    step.value = -cell.g * (cell.pi * (e + work.input) + work.slope);
                    e = cell.g * (e + work.input - w * work.slope);
                    step.c = cell.c * (self.alpha * step.value - work.slope_c);
                }
                Some(extra) => {
                    let m = Lanes::of(1.0) + self.alpha * extra.gamma;
                    step.value = -cell.g * (cell.pi * (e + work.input) + m * work.slope);
                    e = cell.g * (m * (e + work.input) - w * work.slope);
                    step.c = cell.c * (self.alpha * step.value - work.slope_c) - extra.gamma * e;
                    if extra.phantom.is_some() {
                        step.phantom = extra.compliance * (step.value - work.slope_phantom);
                    }
                }
            }
            step.e = e;
            if GIVES {
                step.d = cell.d * (-self.beta * step.value - work.slope_d);
            }
            hand(cell, extra, work, &step, &fixed.slots);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    const STEPS: usize = 7;
    const SLOTS: usize = 12;

    /// A group at some point, with numbers of very different sizes, factored.
    fn group(rng: &mut Rng, has_extras: bool) -> (Group, Vec<Cell>, Vec<Extra>, Vec<Fixed>, Vec<Work>) {
        let mut number = |low: f64, high: f64| low + (high - low) * rng.unit();
        let mut some = |low: f64, high: f64| Lanes(std::array::from_fn(|_| number(low, high)));
        let mut bound = || {
            let size = some(-4.0, 1.0);
            let mut bound = Bound::<Lanes>::default();
            for side in 0..2 {
                bound.distance[side] = Lanes(size.0.map(|size| 10f64.powf(size)));
                bound.multiplier[side] = some(0.01, 2.0);
            }
            bound
        };
        let mut cells: Vec<Cell> = (0..STEPS)
            .map(|_| Cell { charge: bound(), discharge: bound(), energy: bound(), ..Cell::default() })
            .collect();
        let mut extras = vec![Extra::default(); if has_extras { STEPS } else { 0 }];
        for extra in &mut extras {
            extra.phantom = Some(bound());
            let mut taper = Slack::default();
            for lane in 0..LANES {
                taper.set(lane, &Slack::new(1.0 + lane as f64, 0.5, 0.1));
            }
            extra.taper = Some(taper);
        }
        cells.iter_mut().for_each(|cell| cell.value = some(-2.0, 2.0));
        let group = Group {
            end: STEPS,
            alpha: Lanes::of(0.5 * 0.95),
            beta: Lanes::of(0.5 / 0.9),
            eta: Lanes::of(0.95),
            kw_per_kwh: Lanes::of(if has_extras { 0.7 } else { 0.0 }),
            gives: true,
            ..Group::default()
        };
        let fixed = (0..STEPS).map(|k| Fixed { slots: [1 + k as u32 + k as u32 / 3; LANES], ..Fixed::default() });
        (group, cells, extras, fixed.collect(), vec![Work::default(); STEPS])
    }

    /// Steps of c, d, phantom, e and value of lane 0, and the slopes of charge, discharge, phantom and energy without the prices.
    fn solved<const EXTRA: bool>(group: &Group, part: &mut Part, prices: &[f64]) -> Vec<[f64; 5]> {
        let mut steps = Vec::new();
        group.solve::<true, EXTRA>(part, Inverses::New, Aim::Zero, prices, |_, _, _, step, _| {
            steps.push([step.c, step.d, step.phantom, step.e, step.value].map(|lanes| lanes.0[0]));
        });
        steps
    }

    /// The Newton step is where the gradient of the Lagrangian is zero and the dynamics hold; and the response of net power to
    /// prices is what the matrix says.
    fn check<const EXTRA: bool>(seed: u64) {
        let mut rng = Rng::new(seed, "store");
        let (group, mut cells, mut extras, fixed, mut works) = group(&mut rng, EXTRA);
        let mut part = Part { cells: &mut cells, extras: &mut extras, fixed: &fixed, works: &mut works };
        group.factor::<true, EXTRA>(&mut part, &[0.0; SLOTS + 1]);
        group.respond::<true, EXTRA>(&mut part);
        let (mut rows, mut scratch) = (vec![0.0; SLOTS * SLOTS], vec![0.0; SLOTS]);
        group.add_response(&part, 0, &mut Matrix { rows: &mut rows, size: SLOTS, scratch: &mut scratch });

        let base = solved::<EXTRA>(&group, &mut part, &[]);
        let (alpha, beta, eta, line) = (group.alpha.0[0], group.beta.0[0], group.eta.0[0], group.kw_per_kwh.0[0]);
        for (k, &[c, d, phantom, e, value]) in base.iter().enumerate() {
            let [before, next] = [k.checked_sub(1).map_or(0.0, |k| base[k][3]), base.get(k + 1).map_or(0.0, |s| s[4])];
            let dynamics = before + alpha * c - beta * d + phantom - e;
            assert!(dynamics.abs() < 1e-9 * (1.0 + e.abs()), "seed {seed}: dynamics {dynamics}");
            let cell = &part.cells[k];
            let gradient = |bound: &Bound<Lanes>, step: f64| {
                let inverse = bound.inverse().map(|lanes| Lanes::of(lanes.0[0]));
                let (slope, stiffness) = (bound.slope(Aim::Zero, [Lanes::of(0.0); 2]), bound.stiffness(inverse));
                let terms = (slope.0[0], stiffness.0[0] * step);
                (terms.0 + terms.1, terms.0.abs() + terms.1.abs())
            };
            let (mut along, mut weight) = (0.0, 0.0);
            if EXTRA && let Some(taper) = &part.extras[k].taper {
                along = taper.slope(Aim::Zero, Lanes::of(0.0)).0[0];
                weight = taper.weight().0[0];
            }
            let pull = along + weight * (eta * c + line * e);
            for (bound, step, other) in [
                (cell.charge, c, eta * pull - alpha * value),
                (cell.discharge, d, beta * value),
                (cell.energy, e, line * pull + value - next),
            ] {
                let (sum, size) = gradient(&bound, step);
                let size = size + other.abs() + eta * weight * (eta * c.abs() + line * e.abs());
                assert!((sum + other).abs() < 1e-9 * size, "seed {seed}, step {k}: {} of {size}", sum + other);
            }
        }
        for column in 0..SLOTS {
            let mut prices = vec![0.0; SLOTS + 1];
            prices[column] = 1.0;
            let moved = solved::<EXTRA>(&group, &mut part, &prices);
            for (k, (moved, base)) in moved.iter().zip(&base).enumerate() {
                let row = fixed[k].slots[0] as usize;
                if row < column {
                    continue;
                }
                let response = (base[0] - base[1]) - (moved[0] - moved[1]);
                let stated = rows[row * SLOTS + column];
                let size = 1e-9 * (rows[row * SLOTS + row].abs() + base[0].abs() + base[1].abs() + stated.abs());
                assert!((response - stated).abs() < size, "seed {seed}, {row} to {column}: {response} is not {stated}");
            }
        }
    }

    #[test]
    fn newton_steps_and_responses_solve_the_quadratic_program() {
        (0..40).for_each(check::<false>);
    }

    #[test]
    fn newton_steps_and_responses_solve_it_with_tapers_and_phantoms() {
        (0..40).for_each(check::<true>);
    }
}
