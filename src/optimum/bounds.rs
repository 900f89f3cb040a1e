//! Variables between bounds and constraints with a slack, as the interior-point method sees them.

use std::ops::Range;

/// Narrowest range of a variable; narrower ones (a target equal to the capacity, no power) are widened to it.
const NARROWEST: f64 = 1e-9;

/// How far a step may go, and the sums that the centring parameter needs.
pub(super) struct Reach {
    /// Inverse of the longest step of variables and of multipliers.
    primal: f64,
    dual: f64,
    /// Σ Δ distance x multiplier, Σ distance x Δ multiplier, Σ Δ x Δ.
    sums: [f64; 3],
}

impl Reach {
    pub fn new() -> Reach {
        Reach { primal: 1e-9, dual: 1e-9, sums: [0.0; 3] }
    }

    /// Longest steps of variables and multipliers, at most 1, a share `of_way` of the way to the boundary.
    pub fn lengths(&self, of_way: f64) -> (f64, f64) {
        ((of_way / self.primal).min(1.0), (of_way / self.dual).min(1.0))
    }

    /// What a complementarity gap becomes.
    pub fn gap_after(&self, gap: f64) -> f64 {
        let (primal, dual) = self.lengths(1.0);
        let [first, second, both] = self.sums;
        gap + primal * first + dual * second + primal * dual * both
    }
}

/// What the products of distance and multiplier should become.
#[derive(Clone, Copy)]
pub(super) enum Aim {
    /// 0: the predictor of Mehrotra (1992).
    Zero,
    /// `mu`, with the predictor's second-order term: his corrector.
    Center {
        mu: f64,
        weight: f64,
    },
    /// Where the last direction leads over the given lengths, but for products far from `mu`: the centrality corrector of
    /// Gondzio (1996).
    Spread {
        mu: f64,
        primal: f64,
        dual: f64,
    },
}

/// Products within these multiples of the centre are left as they are.
const SPREAD: (f64, f64) = (0.1, 10.0);

/// How much a product that would become `product` should be changed.
#[inline(always)]
fn pull(product: f64, mu: f64) -> f64 {
    (product.clamp(SPREAD.0 * mu, SPREAD.1 * mu) - product).max(-SPREAD.1 * mu)
}

/// Variables between two bounds: distances to these, and multipliers.
pub(super) struct Boxed {
    /// Distance to the lower bound.
    pub below: Vec<f64>,
    above: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
    /// Newton step of the variable, and of its two multipliers.
    step: Vec<f64>,
    inverse_below: Vec<f64>,
    inverse_above: Vec<f64>,
    low_step: Vec<f64>,
    high_step: Vec<f64>,
}

impl Boxed {
    /// Variables of the given widths, in the middle, with multipliers on the central path of `mu`.
    pub fn new(widths: impl Iterator<Item = f64>, mu: f64) -> Boxed {
        let below: Vec<f64> = widths.map(|width| width.max(NARROWEST) / 2.0).collect();
        let low: Vec<f64> = below.iter().map(|half| mu / half).collect();
        let zeros = vec![0.0; below.len()];
        Boxed {
            above: below.clone(),
            below,
            high: low.clone(),
            low,
            step: zeros.clone(),
            inverse_below: zeros.clone(),
            inverse_above: zeros.clone(),
            low_step: zeros.clone(),
            high_step: zeros,
        }
    }

    /// Sum of distances x multipliers.
    pub fn gap(&self) -> f64 {
        let products = self.below.iter().zip(&self.low).chain(self.above.iter().zip(&self.high));
        products.map(|(distance, multiplier)| distance * multiplier).sum()
    }

    /// How many products [`Boxed::gap`] adds up.
    pub fn count(&self) -> usize {
        2 * self.below.len()
    }

    /// Looks up the inverse distances of some variables; the functions below rely on them. Writes the stiffness of the barrier.
    pub fn stiffness(&mut self, range: Range<usize>, out: &mut [f64]) {
        let distances = self.below[range.clone()].iter().zip(&self.above[range.clone()]);
        let multipliers = self.low[range.clone()].iter().zip(&self.high[range.clone()]);
        let inverses = self.inverse_below[range.clone()].iter_mut().zip(&mut self.inverse_above[range]);
        for ((((below, above), (low, high)), (inverse_below, inverse_above)), out) in
            distances.zip(multipliers).zip(inverses).zip(out)
        {
            *inverse_below = 1.0 / below;
            *inverse_above = 1.0 / above;
            *out = low * *inverse_below + high * *inverse_above;
        }
    }

    /// Writes the slope of the barrier, the multipliers' own included.
    pub fn aim(&mut self, range: Range<usize>, aim: Aim, out: &mut [f64]) {
        let (low, high) = (&self.low[range.clone()], &self.high[range.clone()]);
        let (low_step, high_step) = (&mut self.low_step[range.clone()], &mut self.high_step[range.clone()]);
        let inverses = self.inverse_below[range.clone()].iter().zip(&self.inverse_above[range.clone()]);
        let rows = low_step.iter_mut().zip(high_step).zip(low.iter().zip(high)).zip(out);
        match aim {
            Aim::Zero => {
                for (((low_step, high_step), (low, high)), out) in rows {
                    (*low_step, *high_step) = (0.0, 0.0);
                    *out = low - high;
                }
            }
            Aim::Center { mu, weight } => {
                for ((((target, other), (low, high)), out), ((below, above), step)) in
                    rows.zip(inverses.zip(&self.step[range]))
                {
                    *target = (mu - weight * step * *target) * below;
                    *other = (mu + weight * step * *other) * above;
                    *out = (low - *target) - (high - *other);
                }
            }
            Aim::Spread { mu, primal, dual } => {
                let distances = self.below[range.clone()].iter().zip(&self.above[range.clone()]);
                for (((((target, other), (low, high)), out), ((inverse_below, inverse_above), step)), (below, above)) in
                    rows.zip(inverses.zip(&self.step[range])).zip(distances)
                {
                    let low_pull = pull((below + primal * step) * (low + dual * *target), mu);
                    let high_pull = pull((above - primal * step) * (high + dual * *other), mu);
                    *target += low + (low * step + low_pull) * inverse_below;
                    *other += high + (high_pull - high * step) * inverse_above;
                    *out = (low - *target) - (high - *other);
                }
            }
        }
    }

    /// Takes in the Newton steps of some variables.
    pub fn take(&mut self, range: Range<usize>, steps: impl Iterator<Item = f64>, reach: &mut Reach) {
        self.step[range.clone()].iter_mut().zip(steps).for_each(|(own, step)| *own = step);
        let step = &self.step[range.clone()];
        let sides = [
            (1.0, &self.below, &self.low, &self.inverse_below, &mut self.low_step),
            (-1.0, &self.above, &self.high, &self.inverse_above, &mut self.high_step),
        ];
        for (sign, distance, multiplier, inverse, multiplier_step) in sides {
            let (mut primal, mut dual, mut sums) = (reach.primal, reach.dual, reach.sums);
            let own = distance[range.clone()].iter().zip(&multiplier[range.clone()]).zip(&inverse[range.clone()]);
            for (((distance, multiplier), inverse), (step, target)) in
                own.zip(step.iter().zip(&mut multiplier_step[range.clone()]))
            {
                let step = sign * step;
                let move_by = *target - multiplier - multiplier * step * inverse;
                *target = move_by;
                primal = primal.max(-step * inverse);
                dual = dual.max(-move_by / multiplier);
                sums[0] += step * multiplier;
                sums[1] += distance * move_by;
                sums[2] += step * move_by;
            }
            (reach.primal, reach.dual, reach.sums) = (primal, dual, sums);
        }
    }

    /// Goes along the steps.
    pub fn advance(&mut self, primal: f64, dual: f64) {
        let go = |values: &mut [f64], steps: &[f64], length: f64| {
            values.iter_mut().zip(steps).for_each(|(value, step)| *value += length * step);
        };
        go(&mut self.below, &self.step, primal);
        go(&mut self.above, &self.step, -primal);
        go(&mut self.low, &self.low_step, dual);
        go(&mut self.high, &self.high_step, dual);
    }
}

/// A constraint `left ≤ limit`, with its slack and multiplier.
#[derive(Clone, Copy, Default)]
pub(super) struct Slack {
    slack: f64,
    pub multiplier: f64,
    /// At the begin.
    pub first_multiplier: f64,
    /// limit − left − slack.
    residual: f64,
    step: f64,
    multiplier_step: f64,
}

impl Slack {
    /// For `room` = limit − left.
    pub fn new(room: f64, mu: f64) -> Slack {
        let slack = room.max(1e-2);
        Slack { slack, multiplier: mu / slack, first_multiplier: mu / slack, residual: room - slack, ..Slack::default() }
    }

    pub fn gap(&self) -> f64 {
        self.slack * self.multiplier
    }

    /// Stiffness along the left-hand side.
    pub fn weight(&self) -> f64 {
        self.multiplier / self.slack
    }

    /// Slope along the left-hand side, the multiplier's own included.
    pub fn aim(&mut self, aim: Aim) -> f64 {
        let target = match aim {
            Aim::Zero => 0.0,
            Aim::Center { mu, weight } => (mu - weight * self.step * self.multiplier_step) / self.slack,
            Aim::Spread { mu, primal, dual } => {
                let product =
                    (self.slack + primal * self.step) * (self.multiplier + dual * self.multiplier_step);
                let pulled = self.multiplier * self.step + pull(product, mu);
                self.multiplier_step + self.multiplier + pulled / self.slack
            }
        };
        self.multiplier_step = target;
        target - self.multiplier - self.weight() * self.residual
    }

    /// Takes in the Newton step of the left-hand side. `multiplier_step` is the multiplier's where that is known from
    /// elsewhere: of a stiff constraint, rounding of its slack, times the stiffness, would else end up in the multiplier.
    pub fn take(&mut self, left_step: f64, multiplier_step: Option<f64>, reach: &mut Reach) {
        self.step = self.residual - left_step;
        self.multiplier_step =
            multiplier_step.unwrap_or(self.multiplier_step - self.multiplier - self.weight() * self.step);
        reach.primal = reach.primal.max(-self.step / self.slack);
        reach.dual = reach.dual.max(-self.multiplier_step / self.multiplier);
        reach.sums[0] += self.step * self.multiplier;
        reach.sums[1] += self.slack * self.multiplier_step;
        reach.sums[2] += self.step * self.multiplier_step;
    }

    pub fn advance(&mut self, primal: f64, dual: f64) {
        self.slack += primal * self.step;
        self.multiplier += dual * self.multiplier_step;
        self.residual *= 1.0 - primal;
    }
}
