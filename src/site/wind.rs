//! A wind turbine: power at a wind speed, and the mean over the speeds that a mean stands for.
//!
//! Between cut-in and rated speed the power grows with the energy of the wind, the cube of its speed, from nothing to the
//! rated power: P = P_rated (v³ - v_in³) / (v_rated³ - v_in³), the usual cubic power curve. Above, it is the rated power, up
//! to the cut-out speed, where the turbine stops. Speeds are at the hub. Left out: density of the air, turbulence, turning
//! into the wind, and what a real machine draws while it stands.

use std::f64::consts::PI;

use crate::math;

/// A turbine's size and limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turbine {
    /// Slowest wind that turns it, m/s.
    pub cut_in_m_s: f64,
    /// Slowest wind that gives the rated power, m/s.
    pub rated_m_s: f64,
    /// Wind at which it stops, m/s.
    pub cut_out_m_s: f64,
    /// Rated power, kW.
    pub rated_kw: f64,
}

/// Power at a wind speed in m/s, kW.
pub fn power_kw(turbine: &Turbine, speed_m_s: f64) -> f64 {
    let &Turbine { cut_in_m_s, rated_m_s, cut_out_m_s, rated_kw } = turbine;
    if !(speed_m_s >= cut_in_m_s && speed_m_s < cut_out_m_s) {
        0.0
    } else if speed_m_s >= rated_m_s {
        rated_kw
    } else {
        rated_kw * (cube(speed_m_s) - cube(cut_in_m_s)) / (cube(rated_m_s) - cube(cut_in_m_s))
    }
}

/// Mean power, kW, where the wind has a mean speed in m/s and its speed is Rayleigh distributed (Weibull with shape 2, the
/// usual assumption where only the mean is known, as in IEC 61400-12-1's annual energy).
///
/// In closed form. The share of time with more than v is S(v) = exp(-c v²), c = π / (4 mean²). Integrating the power by parts
/// leaves 3 P_rated / (v_rated³ - v_in³) times the integral of v² S(v) from v_in to v_rated, less the rated power times
/// S(v_out), with the antiderivative -v S(v) / 2c - √π erfc(√c v) / 4c^(3/2).
pub fn mean_power_kw(turbine: &Turbine, mean_speed_m_s: f64) -> f64 {
    let &Turbine { cut_in_m_s, rated_m_s, cut_out_m_s, rated_kw } = turbine;
    // Beyond any storm the terms below would cancel.
    if !(mean_speed_m_s > 0.0 && mean_speed_m_s <= 100.0 && cut_out_m_s > cut_in_m_s) {
        return 0.0;
    }
    let c = PI / (4.0 * mean_speed_m_s * mean_speed_m_s);
    let beyond = |v: f64| math::exp(-c * v * v);
    if rated_m_s <= cut_in_m_s {
        return rated_kw * (beyond(cut_in_m_s) - beyond(cut_out_m_s));
    }
    let antiderivative =
        |v: f64| -v * beyond(v) / (2.0 * c) - PI.sqrt() * math::erfc(c.sqrt() * v) / (4.0 * c * c.sqrt());
    let per_cube = rated_kw / (cube(rated_m_s) - cube(cut_in_m_s));
    // The turbine may stop before it reaches its rated power.
    let top_m_s = rated_m_s.min(cut_out_m_s);
    let top_kw = per_cube * (cube(top_m_s) - cube(cut_in_m_s));
    3.0 * per_cube * (antiderivative(top_m_s) - antiderivative(cut_in_m_s)) - top_kw * beyond(cut_out_m_s)
}

fn cube(x: f64) -> f64 {
    x * x * x
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The machine of the check values: 1 kW from 12.5 m/s on, turning from 2.5 m/s on.
    const SMALL: Turbine = Turbine { cut_in_m_s: 2.5, rated_m_s: 12.5, cut_out_m_s: 50.0, rated_kw: 1.0 };

    /// The mean power by the midpoint rule, on 20,000 strips below the rated speed and 20,000 above.
    fn integrated_kw(turbine: &Turbine, mean_m_s: f64) -> f64 {
        const STRIPS: u32 = 20_000;
        let density =
            |v: f64| PI * v / (2.0 * mean_m_s * mean_m_s) * math::exp(-PI / 4.0 * (v / mean_m_s) * (v / mean_m_s));
        let between = |from: f64, to: f64| -> f64 {
            let width = (to - from) / f64::from(STRIPS);
            let speed = |strip: u32| from + (f64::from(strip) + 0.5) * width;
            (0..STRIPS).map(|strip| power_kw(turbine, speed(strip)) * density(speed(strip)) * width).sum()
        };
        let top = turbine.rated_m_s.clamp(turbine.cut_in_m_s, turbine.cut_out_m_s);
        // exp(-π / 4 x 20²) of the time is beyond 20 times the mean.
        let least = |v: f64| v.min(20.0 * mean_m_s);
        between(least(turbine.cut_in_m_s), least(top)) + between(least(top), least(turbine.cut_out_m_s))
    }

    #[test]
    fn power_follows_the_cube_of_the_speed() {
        // (7.5³ - 2.5³) / (12.5³ - 2.5³) = (421.875 - 15.625) / (1953.125 - 15.625) = 406.25 / 1937.5 = 0.209677.
        assert!((power_kw(&SMALL, 7.5) - 0.209_677).abs() < 1e-6);
        let speeds = [-1.0, 0.0, 2.4, 2.5, 12.5, 49.9, 50.0, f64::NAN, f64::INFINITY];
        assert_eq!(speeds.map(|v| power_kw(&SMALL, v)), [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn the_mean_power_is_the_integral() {
        let turbines = [
            SMALL,
            Turbine { cut_in_m_s: 3.0, rated_m_s: 11.0, cut_out_m_s: 25.0, rated_kw: 3_000.0 },
            // Stops before its rated power; jumps to it; turns in any wind.
            Turbine { cut_in_m_s: 3.0, rated_m_s: 15.0, cut_out_m_s: 10.0, rated_kw: 5.0 },
            Turbine { cut_in_m_s: 5.0, rated_m_s: 4.0, cut_out_m_s: 20.0, rated_kw: 5.0 },
            Turbine { cut_in_m_s: 0.0, rated_m_s: 10.0, cut_out_m_s: 100.0, rated_kw: 5.0 },
        ];
        for turbine in turbines {
            for mean_m_s in [0.2, 1.0, 2.0, 5.0, 9.0, 30.0] {
                let (closed, integrated) = (mean_power_kw(&turbine, mean_m_s), integrated_kw(&turbine, mean_m_s));
                let tolerance = 1e-7 * turbine.rated_kw;
                assert!((closed - integrated).abs() <= tolerance, "{turbine:?} {mean_m_s}: {closed} {integrated}");
            }
        }
    }

    #[test]
    fn a_year_at_each_mean_speed() {
        // kWh in 8,766 h for each kW, integrated elsewhere with strips of 0.3 mm/s.
        for (mean_m_s, kwh) in [(2.0, 33.43), (2.5, 89.92), (3.0, 181.81), (4.0, 493.16), (5.0, 995.40)] {
            let ours = mean_power_kw(&SMALL, mean_m_s) * 8_766.0;
            assert!((ours - kwh).abs() < 0.01, "{mean_m_s}: {ours}");
        }
    }

    #[test]
    fn the_mean_power_stays_between_nothing_and_the_rated_power() {
        for step in 0..=10_000 {
            let kw = mean_power_kw(&SMALL, 0.01 * f64::from(step));
            assert!((-1e-12..=1.0).contains(&kw), "{step}: {kw}");
        }
        for mean_m_s in [0.0, -1.0, 1e300, f64::NAN, f64::INFINITY] {
            assert_eq!(mean_power_kw(&SMALL, mean_m_s), 0.0);
        }
    }
}
