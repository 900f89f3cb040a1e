//! The only caller of transcendental functions.
//!
//! `std`'s `sin`, `exp`, `ln` and `pow` give other bits on wasm32 than on x86-64, and a log must be the same on both, so
//! everything goes through `libm`. `sqrt`, `+`, `-`, `*` and `/` are exact by IEEE 754 and need no detour.

/// e to the power of `x`.
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// Cosine of an angle in radians.
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
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
