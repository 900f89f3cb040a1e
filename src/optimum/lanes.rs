//! Several numbers treated alike, so that one instruction does for two of them and the others fill its latency.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// How many stores are treated at once. Powers of two; more than the registers of SSE2 and of WebAssembly can hold do not pay.
pub(super) const LANES: usize = 4;

/// What the method computes with: a number, or one for each of several stores.
pub(super) trait Number:
    Copy
    + Default
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
{
    /// The same number for all.
    fn of(number: f64) -> Self;
    /// The larger ones. Unlike `f64::max` it takes no care of NaN, and one instruction.
    fn larger(self, other: Self) -> Self;
}

impl Number for f64 {
    #[inline(always)]
    fn of(number: f64) -> f64 {
        number
    }

    #[inline(always)]
    fn larger(self, other: f64) -> f64 {
        if self > other { self } else { other }
    }
}

/// A number for each of several stores.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Lanes(pub [f64; LANES]);

impl Lanes {
    #[inline(always)]
    fn with(self, other: Lanes, operation: impl Fn(f64, f64) -> f64) -> Lanes {
        Lanes(std::array::from_fn(|lane| operation(self.0[lane], other.0[lane])))
    }

    /// Their sum.
    #[inline(always)]
    pub fn sum(self) -> f64 {
        self.0.iter().sum()
    }

    /// The largest.
    #[inline(always)]
    pub fn largest(self) -> f64 {
        self.0.iter().fold(f64::MIN, |most, &number| most.larger(number))
    }

    #[inline(always)]
    pub fn abs(self) -> Lanes {
        Lanes(self.0.map(f64::abs))
    }
}

impl Number for Lanes {
    #[inline(always)]
    fn of(number: f64) -> Lanes {
        Lanes([number; LANES])
    }

    #[inline(always)]
    fn larger(self, other: Lanes) -> Lanes {
        self.with(other, f64::larger)
    }
}

impl Add for Lanes {
    type Output = Lanes;
    #[inline(always)]
    fn add(self, other: Lanes) -> Lanes {
        self.with(other, f64::add)
    }
}

impl Sub for Lanes {
    type Output = Lanes;
    #[inline(always)]
    fn sub(self, other: Lanes) -> Lanes {
        self.with(other, f64::sub)
    }
}

impl Mul for Lanes {
    type Output = Lanes;
    #[inline(always)]
    fn mul(self, other: Lanes) -> Lanes {
        self.with(other, f64::mul)
    }
}

impl Div for Lanes {
    type Output = Lanes;
    #[inline(always)]
    fn div(self, other: Lanes) -> Lanes {
        self.with(other, f64::div)
    }
}

impl Neg for Lanes {
    type Output = Lanes;
    #[inline(always)]
    fn neg(self) -> Lanes {
        Lanes(self.0.map(f64::neg))
    }
}

impl AddAssign for Lanes {
    #[inline(always)]
    fn add_assign(&mut self, other: Lanes) {
        *self = *self + other;
    }
}

impl SubAssign for Lanes {
    #[inline(always)]
    fn sub_assign(&mut self, other: Lanes) {
        *self = *self - other;
    }
}
