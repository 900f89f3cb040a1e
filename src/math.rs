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
    fn distance_agrees_with_the_great_circle() {
        // Namie station to Tsushima, some 22 km.
        let (a, b) = ((37.4939, 140.9914), (37.5608, 140.7553));
        let exact = Haversine.distance(Point::new(a.1, a.0), Point::new(b.1, b.0));
        assert!((distance_m(a, b) / exact - 1.0).abs() < 1e-3);
    }
}
