//! The only caller of transcendental functions.
//!
//! `std`'s `sin`, `exp`, `ln` and `pow` give other bits on wasm32 than on x86-64, and a log must be the same on both, so
//! everything goes through `libm`. `sqrt`, `+`, `-`, `*` and `/` are exact by IEEE 754 and need no detour.

/// e to the power of `x`.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// Natural logarithm; NaN below zero.
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// `x` to the power of `y`.
pub fn pow(x: f64, y: f64) -> f64 {
    libm::pow(x, y)
}

/// Sine of an angle in radians.
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of an angle in radians.
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

/// Tangent of an angle in radians.
pub fn tan(x: f64) -> f64 {
    libm::tan(x)
}

/// Angle in radians from -π/2 to π/2 whose sine is `x`; NaN outside -1 to 1.
pub fn asin(x: f64) -> f64 {
    libm::asin(x)
}

/// Angle in radians from 0 to π whose cosine is `x`; NaN outside -1 to 1.
pub fn acos(x: f64) -> f64 {
    libm::acos(x)
}

/// Angle in radians from -π to π of the point `(x, y)`.
pub fn atan2(y: f64, x: f64) -> f64 {
    libm::atan2(y, x)
}

/// The complementary error function, 2/√π times the integral of exp(-t²) from `x` to infinity.
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Probability that a value of Student's t distribution ("The probable error of a mean", 1908) lies between -`t` and `t`, `t`
/// not negative, with `degrees` > 0 of freedom: the finite sums of Abramowitz and Stegun (1964), 26.7.3 and 26.7.4, which are
/// exact for whole degrees. O(degrees).
pub fn student_within(t: f64, degrees: u32) -> f64 {
    let root = f64::from(degrees).sqrt();
    let angle = atan2(t, root);
    let (sine, cosine) = (sin(angle), cos(angle));
    // Odd: cos + 2/3 cos³ + 2·4/(3·5) cos⁵ …; even: 1 + 1/2 cos² + 1·3/(2·4) cos⁴ …; up to the power of degrees - 2.
    let odd = degrees % 2 == 1;
    let (mut term, mut sum) = (if odd { cosine } else { 1.0 }, 0.0);
    for power in (degrees % 2..degrees.max(2) - 1).step_by(2) {
        sum += term;
        term *= cosine * cosine * f64::from(power + 1) / f64::from(power + 2);
    }
    let within = if odd { (angle + sine * sum) * std::f64::consts::FRAC_2_PI } else { sine * sum };
    within.min(1.0)
}

/// The `t` within which a share of Student's t distribution lies: the inverse of [`student_within`], for shares from 0 to
/// 0.999, by bisection to the last bit.
pub fn student_t(share: f64, degrees: u32) -> f64 {
    // With one degree, the widest, 0.999 lies within 637.
    let (mut low, mut high) = (0.0, 1_024.0);
    loop {
        let middle = (low + high) / 2.0;
        if middle <= low || middle >= high {
            return middle;
        }
        if student_within(middle, degrees) < share { low = middle } else { high = middle }
    }
}

/// Metres per degree of latitude on a sphere of the Earth's mean radius, 6,371,008.8 m (IUGG): π R / 180.
pub const METERS_PER_DEGREE: f64 = 111_195.080_233_532_9;

/// Distance in metres between two places given as `(lat, lng)` in degrees, by the equirectangular approximation: within
/// 0.1 % of the great circle over a town (some 100 km at Japan's latitudes).
pub fn distance_m(a: (f64, f64), b: (f64, f64)) -> f64 {
    let north = (b.0 - a.0) * METERS_PER_DEGREE;
    let east = (b.1 - a.1) * METERS_PER_DEGREE * cos((a.0 + b.0) / 2.0 * std::f64::consts::PI / 180.0);
    (north * north + east * east).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Distance, Haversine, Point};

    #[test]
    fn student_agrees_with_the_published_table() {
        // Abramowitz and Stegun (1964), table 26.10: t within which 0.9, 0.95 and 0.99 of the distribution lie.
        for (degrees, row) in [
            (1, [6.314, 12.706, 63.657]),
            (2, [2.920, 4.303, 9.925]),
            (3, [2.353, 3.182, 5.841]),
            (4, [2.132, 2.776, 4.604]),
            (9, [1.833, 2.262, 3.250]),
            (19, [1.729, 2.093, 2.861]),
            (30, [1.697, 2.042, 2.750]),
            (120, [1.658, 1.980, 2.617]),
        ] {
            for (share, t) in [0.9, 0.95, 0.99].into_iter().zip(row) {
                assert!(
                    (student_t(share, degrees) - t).abs() < 5.1e-4,
                    "{degrees}, {share}: {}",
                    student_t(share, degrees)
                );
                assert!((student_within(student_t(share, degrees), degrees) - share).abs() < 1e-14);
            }
            assert_eq!(student_within(0.0, degrees), 0.0);
        }
        // One degree is Cauchy's distribution: half of it lies within 1.
        assert!((student_within(1.0, 1) - 0.5).abs() < 1e-15);
    }

    #[test]
    fn distance_agrees_with_the_great_circle() {
        // Namie station to Tsushima, some 22 km.
        let (a, b) = ((37.4939, 140.9914), (37.5608, 140.7553));
        let exact = Haversine.distance(Point::new(a.1, a.0), Point::new(b.1, b.0));
        assert!((distance_m(a, b) / exact - 1.0).abs() < 1e-3);
    }
}
