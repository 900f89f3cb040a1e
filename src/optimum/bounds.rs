//! Variables between bounds and constraints with a slack, as the interior-point method sees them.
//!
//! Products of a distance from a bound and its multiplier are what the method drives to zero, all at about the same pace. In
//! pairs, the lower bound comes first.

use super::lanes::{Lanes, Number};

/// Narrowest range of a variable; narrower ones (a target equal to the capacity, no power) are widened to it.
pub(super) const NARROWEST: f64 = 1e-9;

/// Rounding of a sum, for each unit of its terms.
const NOISE: f64 = 1e-14;

/// What belongs to the lower and the upper bound.
pub(super) type Pair<T> = [T; 2];

/// What a Newton step wants the products to become.
#[derive(Clone, Copy)]
pub(super) enum Aim {
    /// 0: the predictor of Mehrotra (1992).
    Zero,
    /// What makes up for the second-order term of the predictor. A change to another step, as the next is too.
    SecondOrder,
    /// What they are: a step that only brings residuals down.
    Hold,
    /// 1.
    Unit,
    /// The first number, with the second-order term: Mehrotra's corrector.
    Center(f64),
}

impl Aim {
    /// Whether it is a step of its own, and not a change to another one.
    #[inline(always)]
    pub fn is_whole(self) -> bool {
        matches!(self, Aim::Zero | Aim::Hold | Aim::Center(_))
    }
}

/// Both inverses, by one division.
#[inline(always)]
fn inverses<T: Number>(pair: Pair<T>) -> Pair<T> {
    let both = T::of(1.0) / (pair[0] * pair[1]);
    [both * pair[1], both * pair[0]]
}

/// How far a step may go, and the sums that the centring parameter needs.
pub(super) struct Reach<T> {
    /// Inverse of the longest step of variables and of multipliers.
    primal: T,
    dual: T,
    /// Σ Δ distance x multiplier, Σ distance x Δ multiplier, Σ Δ x Δ.
    sums: [T; 3],
}

impl<T: Number> Reach<T> {
    pub fn new() -> Reach<T> {
        Reach { primal: T::of(1e-9), dual: T::of(1e-9), sums: [T::of(0.0); 3] }
    }

    #[inline(always)]
    fn take(&mut self, primal: T, dual: T) {
        self.primal = self.primal.larger(primal);
        self.dual = self.dual.larger(dual);
    }

    #[inline(always)]
    fn add(&mut self, sums: [T; 3]) {
        self.sums[0] += sums[0];
        self.sums[1] += sums[1];
        self.sums[2] += sums[2];
    }
}

impl Reach<f64> {
    /// Takes in that of several stores.
    pub fn merge(&mut self, other: &Reach<Lanes>) {
        self.take(other.primal.largest(), other.dual.largest());
        self.add(other.sums.map(Lanes::sum));
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

/// A variable between two bounds.
#[derive(Clone, Copy, Default)]
pub(super) struct Bound<T> {
    /// Distances to the bounds.
    pub distance: Pair<T>,
    pub multiplier: Pair<T>,
    /// Newton step of the variable.
    step: T,
    /// Newton step of the multipliers; after [`Bound::predict`], the products of the steps of distance and multiplier.
    multiplier_step: Pair<T>,
}

impl Bound<f64> {
    /// A variable of the given width and reduced cost, on the central path: products are `mu`, and the difference of the
    /// multipliers is the cost.
    pub fn new(width: f64, cost: f64, mu: f64) -> Bound<f64> {
        let width = width.max(NARROWEST);
        // At (1 + t) half widths from the lower bound, cost = mu / distance below − mu / distance above asks for
        // t / (1 − t²) = q; and 1 ± t follow without cancellation.
        let q = -cost * width / (4.0 * mu);
        let root = (1.0 + 4.0 * q * q).sqrt();
        let unit = width / 2.0 / (1.0 + root);
        let far = unit * (1.0 + root + 2.0 * q.abs());
        let near = unit * (1.0 + 1.0 / (root + 2.0 * q.abs()));
        let distance = if q > 0.0 { [far, near] } else { [near, far] };
        Bound { distance, multiplier: distance.map(|distance| mu / distance), ..Bound::default() }
    }
}

impl Bound<Lanes> {
    /// Sets one lane.
    pub fn set(&mut self, lane: usize, bound: &Bound<f64>) {
        for side in 0..2 {
            self.distance[side].0[lane] = bound.distance[side];
            self.multiplier[side].0[lane] = bound.multiplier[side];
        }
    }
}

impl<T: Number> Bound<T> {
    /// Sum of both products.
    #[inline(always)]
    pub fn gap(&self) -> T {
        self.distance[0] * self.multiplier[0] + self.distance[1] * self.multiplier[1]
    }

    #[inline(always)]
    pub fn inverse(&self) -> Pair<T> {
        inverses(self.distance)
    }

    /// Lets the difference of the multipliers be the reduced cost again, which rounding would make it drift away from. The reduced
    /// cost is a sum of numbers as large as `size`, and known no better than that: what is in that noise stays, as it would be
    /// a large change to multipliers that are nearly 0.
    #[inline(always)]
    pub fn balance(&mut self, cost: T, size: T) {
        let (drift, noise, zero) = (cost - (self.multiplier[0] - self.multiplier[1]), T::of(NOISE) * size, T::of(0.0));
        self.multiplier[0] += (drift - noise).larger(zero);
        self.multiplier[1] += (-drift - noise).larger(zero);
    }

    /// Stiffness of the barrier.
    #[inline(always)]
    pub fn stiffness(&self, inverse: Pair<T>) -> T {
        self.multiplier[0] * inverse[0] + self.multiplier[1] * inverse[1]
    }

    /// What the multipliers should become, a change to their steps where the aim is no whole one.
    #[inline(always)]
    pub fn target(&self, aim: Aim, inverse: Pair<T>) -> Pair<T> {
        let [first, second] = self.multiplier_step;
        let products = match aim {
            Aim::Zero => return [T::of(0.0); 2],
            Aim::Hold => return self.multiplier,
            Aim::Unit => return inverse,
            Aim::SecondOrder => [-first, -second],
            Aim::Center(mu) => [T::of(mu) - first, T::of(mu) - second],
        };
        [products[0] * inverse[0], products[1] * inverse[1]]
    }

    /// Slope of the barrier towards a target.
    #[inline(always)]
    pub fn slope(&self, aim: Aim, target: Pair<T>) -> T {
        match aim {
            Aim::Zero => self.multiplier[0] - self.multiplier[1],
            Aim::Hold => T::of(0.0),
            Aim::Center(_) => (self.multiplier[0] - self.multiplier[1]) - (target[0] - target[1]),
            Aim::SecondOrder | Aim::Unit => target[1] - target[0],
        }
    }

    /// Takes in the step of the predictor.
    #[inline(always)]
    pub fn predict(&mut self, step: T, inverse: Pair<T>, reach: &mut Reach<T>) {
        let ([below, above], [low, high]) = (self.distance, self.multiplier);
        let (down, up) = (step * inverse[0], step * inverse[1]);
        let (low_step, high_step) = (-low - low * down, high * up - high);
        let one = T::of(1.0);
        reach.take((-down).larger(up), (one + down).larger(one - up));
        reach.add([step * (low - high), below * low_step + above * high_step, step * (low_step - high_step)]);
        self.step = step;
        self.multiplier_step = [step * low_step, -step * high_step];
    }

    /// Takes in the step towards a target.
    #[inline(always)]
    pub fn correct(&mut self, step: T, target: Pair<T>, inverse: Pair<T>, reach: &mut Reach<T>) {
        let [low, high] = self.multiplier;
        let (down, up) = (step * inverse[0], step * inverse[1]);
        let (low_step, high_step) = (target[0] - low - low * down, target[1] - high + high * up);
        let inverse = inverses(self.multiplier);
        reach.take((-down).larger(up), (-low_step * inverse[0]).larger(-high_step * inverse[1]));
        self.step = step;
        self.multiplier_step = [low_step, high_step];
    }

    /// Goes along the step.
    #[inline(always)]
    pub fn advance(&mut self, primal: f64, dual: f64) {
        let (primal, dual) = (T::of(primal), T::of(dual));
        self.distance[0] += primal * self.step;
        self.distance[1] -= primal * self.step;
        self.multiplier[0] += dual * self.multiplier_step[0];
        self.multiplier[1] += dual * self.multiplier_step[1];
    }
}

/// A constraint `left ≤ limit`, with its slack and multiplier.
#[derive(Clone, Copy, Default)]
pub(super) struct Slack<T> {
    slack: T,
    pub multiplier: T,
    /// limit − left − slack.
    pub residual: T,
    step: T,
    multiplier_step: T,
}

impl Slack<f64> {
    /// For `room` = limit − left, with the slack that brings the product to `mu`.
    pub fn new(room: f64, multiplier: f64, mu: f64) -> Slack<f64> {
        let slack = mu / multiplier;
        Slack { slack, multiplier, residual: room - slack, ..Slack::default() }
    }
}

impl Slack<Lanes> {
    /// Sets one lane.
    pub fn set(&mut self, lane: usize, slack: &Slack<f64>) {
        self.slack.0[lane] = slack.slack;
        self.multiplier.0[lane] = slack.multiplier;
        self.residual.0[lane] = slack.residual;
    }
}

impl<T: Number> Slack<T> {
    pub fn gap(&self) -> T {
        self.slack * self.multiplier
    }

    /// Stiffness along the left-hand side.
    pub fn weight(&self) -> T {
        self.multiplier / self.slack
    }

    /// As [`Bound::target`].
    pub fn target(&self, aim: Aim) -> T {
        let product = match aim {
            Aim::Zero => T::of(0.0),
            Aim::Hold => return self.multiplier,
            Aim::Unit => T::of(1.0),
            Aim::SecondOrder => -self.multiplier_step,
            Aim::Center(mu) => T::of(mu) - self.multiplier_step,
        };
        product / self.slack
    }

    /// Slope along the left-hand side towards a target.
    pub fn slope(&self, aim: Aim, target: T) -> T {
        if aim.is_whole() { target - self.multiplier - self.weight() * self.residual } else { target }
    }

    /// The steps of slack and multiplier for a step of the left-hand side. `known` is the multiplier's where it follows from
    /// elsewhere: of a stiff constraint, rounding of its slack, times the stiffness, would else end up in the multiplier.
    fn steps(&self, left_step: T, target: T, known: Option<T>) -> (T, T) {
        let step = self.residual - left_step;
        (step, known.unwrap_or(target - self.multiplier - self.weight() * step))
    }

    /// Takes in the step of the predictor.
    pub fn predict(&mut self, left_step: T, known: Option<T>, reach: &mut Reach<T>) {
        let (step, multiplier_step) = self.steps(left_step, T::of(0.0), known);
        reach.take(-step / self.slack, -multiplier_step / self.multiplier);
        reach.add([step * self.multiplier, self.slack * multiplier_step, step * multiplier_step]);
        (self.step, self.multiplier_step) = (step, step * multiplier_step);
    }

    /// Takes in the step towards a target.
    pub fn correct(&mut self, left_step: T, target: T, known: Option<T>, reach: &mut Reach<T>) {
        (self.step, self.multiplier_step) = self.steps(left_step, target, known);
        reach.take(-self.step / self.slack, -self.multiplier_step / self.multiplier);
    }

    /// Goes along the step.
    pub fn advance(&mut self, primal: f64, dual: f64) {
        self.slack += T::of(primal) * self.step;
        self.multiplier += T::of(dual) * self.multiplier_step;
        self.residual = T::of(1.0 - primal) * self.residual;
    }
}
