//! One store as a linear-quadratic control problem.
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

use super::Taper;

/// What does not change about a store during the iterations.
pub(super) struct Shape {
    /// First of its steps in the arrays of all steps.
    pub begin: usize,
    /// One past the last.
    pub end: usize,
    /// kWh stored per kW charged over a slot.
    pub alpha: f64,
    /// kWh taken out per kW discharged over a slot.
    pub beta: f64,
    /// Charge efficiency.
    pub eta: f64,
    /// Energy at the begin.
    pub initial_kwh: f64,
    /// Cost of a kW discharged over a slot.
    pub wear: f64,
    /// Its taper.
    pub taper: Option<Taper>,
    /// First of its steps in the arrays of discharges; `None`: it cannot discharge.
    pub give: Option<usize>,
}

/// Quadratic of one step, in compliances of inputs and the stiffness of the energy.
#[derive(Clone, Copy, Default)]
pub(super) struct Quadratic {
    /// Compliance of c'.
    pub c: f64,
    /// Compliance of d.
    pub d: f64,
    /// Compliance of phantom energy, 0 where there is none.
    pub phantom: f64,
    /// Stiffness of e.
    pub e: f64,
    /// See the module.
    pub gamma: f64,
}

/// What the backward recursion leaves for the solves: 1 / (m² + W Π) and Π.
#[derive(Clone, Copy, Default)]
pub(super) struct Factor {
    pub g: f64,
    pub pi: f64,
}

/// Linear terms of one step: slopes times compliances for the inputs, the slope for the energy, and the dynamics' residual.
#[derive(Clone, Copy, Default)]
pub(super) struct Linear {
    /// Slope of c, λ included.
    pub c: f64,
    /// Slope of d, λ included.
    pub d: f64,
    /// Slope of phantom energy.
    pub phantom: f64,
    /// Slope of e.
    pub e: f64,
    /// Residual of the dynamics.
    pub rho: f64,
    /// Newton step of the value of stored energy, from the last solve.
    pub value: f64,
}

/// Newton step of one step of a store.
#[derive(Clone, Copy, Default)]
pub(super) struct Move {
    pub c: f64,
    pub d: f64,
    pub phantom: f64,
    pub e: f64,
    /// Of the value of stored energy (the multiplier of the dynamics).
    pub value: f64,
}

impl Shape {
    #[inline(always)]
    fn w(&self, q: &Quadratic) -> f64 {
        self.alpha * self.alpha * q.c + self.beta * self.beta * q.d + q.phantom
    }

    #[inline(always)]
    fn m(&self, q: &Quadratic) -> f64 {
        1.0 + self.alpha * q.gamma
    }

    /// The backward recursion. O(steps).
    pub fn factor(&self, quadratics: &[Quadratic], factors: &mut [Factor]) {
        let mut p = 0.0;
        for (q, factor) in quadratics.iter().zip(factors).rev() {
            let m = self.m(q);
            let pi = p + q.e;
            let g = 1.0 / (m * m + self.w(q) * pi);
            *factor = Factor { g, pi };
            p = pi * g;
        }
    }

    /// Adds the store's response to prices to the lower triangle of a T x T matrix, row by row. O(steps x T).
    pub fn add_response(
        &self,
        quadratics: &[Quadratic],
        factors: &[Factor],
        slots: &[u32],
        matrix: &mut [f64],
        size: usize,
        scratch: &mut [f64],
    ) {
        // scratch[i] x scale is the response of the energy before this step to the price in slot i. The scale carries the
        // product of the φ, so that the inner loop is one multiplication and one addition; what has faded away is dropped.
        const FADED: f64 = 1e-40;
        let Some(&first) = slots.first() else { return };
        let mut first = first as usize;
        let mut scale = 1.0;
        let mut next = first;
        let mut y_before = 0.0;
        for ((q, f), &slot) in quadratics.iter().zip(factors).zip(slots) {
            let slot = slot as usize;
            let (m, w) = (self.m(q), self.w(q));
            let inverse_m2 = 1.0 / (m * m);
            let y = (y_before + w) * inverse_m2;
            let (a, b) = (self.alpha * q.c, self.beta * q.d);
            // Response of c' − d − γ e in this slot to the energy before it.
            let out = f.g * ((a + b) * f.pi + m * q.gamma);
            scratch[next..slot].fill(0.0);
            let row = &mut matrix[slot * size..slot * size + slot + 1];
            let factor = -out * scale;
            for (entry, s) in row[first..slot].iter_mut().zip(&scratch[first..slot]) {
                *entry += factor * s;
            }
            let inverse = 1.0 / (1.0 + f.pi * y);
            let apart = self.alpha - self.beta;
            let bent = 1.0 - self.beta * q.gamma / m;
            row[slot] += inverse
                * (q.c * inverse_m2
                    + q.d * bent * bent
                    + q.phantom * (q.c + q.d) * f.pi * inverse_m2
                    + (q.c + q.d) * f.pi * y_before * inverse_m2
                    + f.pi * inverse_m2 * q.c * q.d * apart * apart
                    + q.gamma * q.gamma * (y_before + q.phantom) * inverse_m2);
            let inward =
                (a + b * (1.0 + apart * q.gamma) - q.gamma * (y_before + q.phantom)) * inverse_m2 * inverse;
            // On to the energy after this slot.
            scale *= m * f.g;
            if scale < FADED {
                first = slot;
                scale = 1.0;
            }
            scratch[slot] = inward / scale;
            next = slot + 1;
            y_before = y / (1.0 + y * q.e);
        }
    }

    /// The Newton step for given linear terms; `moves` may hold anything before. O(steps).
    pub fn solve(&self, quadratics: &[Quadratic], factors: &[Factor], linears: &[Linear], moves: &mut [Move]) {
        let mut r = 0.0;
        for (((q, f), l), out) in quadratics.iter().zip(factors).zip(linears).zip(moves.iter_mut()).rev() {
            let m = self.m(q);
            let slope = l.e - q.gamma * l.c + r;
            let input = l.rho - self.alpha * q.c * l.c + self.beta * q.d * l.d - q.phantom * l.phantom;
            // Kept for the way forwards.
            out.value = slope;
            out.e = input;
            r = f.g * (f.pi * input + m * slope);
        }
        let mut e = 0.0;
        for (((q, f), l), out) in quadratics.iter().zip(factors).zip(linears).zip(moves.iter_mut()) {
            let m = self.m(q);
            let slope = out.value;
            e = f.g * (m * (e + out.e) - self.w(q) * slope);
            let value = -(f.pi * e + slope) / m;
            *out = Move {
                c: q.c * (self.alpha * value - l.c) - q.gamma * e,
                d: q.d * (-self.beta * value - l.d),
                phantom: q.phantom * (value - l.phantom),
                e,
                value,
            };
        }
    }
}
