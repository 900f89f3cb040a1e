//! How a battery ages: by the calendar and by cycles, and what a kilowatt-hour wears off.
//!
//! After Schmalstieg, Käbitz, Ecker, Sauer 2014, "A holistic aging model for Li(NiMnCo)O2 based 18650 lithium-ion batteries",
//! J. Power Sources 257, 325-334 (doi 10.1016/j.jpowsour.2014.02.012), with the constants and the table of voltages as NREL's
//! BLAST-Lite has them. The lost share of the capacity is
//!
//! - by the calendar α t^0.75, t in days, α = (7.543 V - 23.75) 10⁶ exp(-6976 / T), V the open-circuit voltage, T in kelvin;
//! - by cycles β √Q, Q the charge put through one cell of 2.15 Ah in Ah, in and out,
//!   β = 0.007348 (V̄ - 3.667)² + 0.00076 + 0.004081 × depth, V̄ the quadratic mean of the voltage over the cycle.
//!
//! Both are for one lasting condition. Where conditions change, a loss goes on as if it had come about under the present
//! one (virtual time): from L, t days more lead to α ((L / α)^(4/3) + t)^(3/4), and Q more to √(L² + β² Q). So a rest or a
//! cycle may be told in any number of parts.
//!
//! `scale` multiplies every loss. 1 is the cell of 2014; 0.43 a modern car's (REVOL-E-TION's fit to Teichert's measurements
//! of a VW ID.3 cell). Cycle ageing was measured at 35 °C and 1 C and knows neither temperature nor power, the calendar's at
//! 50 °C for the states of charge. Left out: resistance, the sudden fall of worn-out cells, cold.

use serde::{Deserialize, Serialize};

use crate::math;

/// Open-circuit voltage in steps of 5 % of charge: Ecker et al. 2014 for 0 and 10 %, the rest from figure 1 of Schmalstieg
/// et al., both as in BLAST-Lite, whose 58 points were interpolated to these.
const OPEN_CIRCUIT_V: [f64; 21] = [
    3.331, 3.420, 3.491, 3.544, 3.581, 3.608, 3.627, 3.641, 3.655, 3.673, 3.697, 3.732, 3.775, 3.821, 3.869, 3.915,
    3.965, 4.019, 4.073, 4.118, 4.162,
];
/// Capacity of the cell that was measured, Ah (BLAST-Lite; nominally 2.05).
const CELL_AH: f64 = 2.15;

/// What a battery has lost so far, as shares of its capacity when new.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Age {
    /// Lost by the calendar.
    pub calendar_loss: f64,
    /// Lost by cycles.
    pub cycle_loss: f64,
}

impl Age {
    /// Some days at a state of charge from 0 to 1 and a temperature of the cells in degrees Celsius.
    pub fn rest(&mut self, soc: f64, cell_c: f64, days: f64, scale: f64) {
        let rate = scale * calendar_rate(soc, cell_c);
        if rate > 0.0 && days > 0.0 {
            let virtual_days = math::pow(self.calendar_loss / rate, 4.0 / 3.0);
            self.calendar_loss = rate * math::pow(virtual_days + days, 0.75);
        }
    }

    /// Some full cycles' worth of charge (1: the whole capacity out and in again), taken in swings of a depth around a mean
    /// state of charge, each from 0 to 1. Discharging alone is half of its cycles, charging the other half.
    pub fn cycle(&mut self, throughput_in_full_cycles: f64, depth: f64, mean_soc: f64, scale: f64) {
        let rate = scale * cycle_rate(depth, mean_voltage_v(depth, mean_soc));
        let charge_ah = 2.0 * CELL_AH * throughput_in_full_cycles;
        if rate > 0.0 && charge_ah > 0.0 {
            self.cycle_loss = (self.cycle_loss * self.cycle_loss + rate * rate * charge_ah).sqrt();
        }
    }

    /// Both losses together.
    pub fn loss(&self) -> f64 {
        self.calendar_loss + self.cycle_loss
    }
}

/// Voltage of a cell at rest, by its state of charge from 0 to 1; linear between the points of the table.
pub fn open_circuit_v(soc: f64) -> f64 {
    let place = unit(soc) * STEPS;
    let index = (place as usize).min(OPEN_CIRCUIT_V.len() - 2);
    let (from, to) = (OPEN_CIRCUIT_V[index], OPEN_CIRCUIT_V[index + 1]);
    from + (place - index as f64) * (to - from)
}

/// Steps of the table.
const STEPS: f64 = (OPEN_CIRCUIT_V.len() - 1) as f64;

/// Quadratic mean of the voltage over swings of a depth around a mean state of charge, exactly that of [`open_circuit_v`].
/// Where a swing would reach beyond full or empty, it ends there.
pub fn mean_voltage_v(depth: f64, mean_soc: f64) -> f64 {
    let half = unit(depth) / 2.0;
    let (from, to) = (unit(unit(mean_soc) - half), unit(unit(mean_soc) + half));
    // A narrow swing has one voltage, and the quotient below no meaning.
    if to - from < 1e-6 {
        return open_circuit_v((from + to) / 2.0);
    }
    let mut squares = 0.0;
    let mut at = from;
    for step in 1..OPEN_CIRCUIT_V.len() {
        let end = (step as f64 / STEPS).min(to);
        if end > at {
            // The mean of the squares along a straight line from a to b is (a² + ab + b²) / 3.
            let (a, b) = (open_circuit_v(at), open_circuit_v(end));
            squares += (end - at) * (a * a + a * b + b * b) / 3.0;
            at = end;
        }
    }
    (squares / (to - from)).sqrt()
}

/// α: loss after one day of rest, from new.
pub fn calendar_rate(soc: f64, cell_c: f64) -> f64 {
    let kelvin = (cell_c + 273.15).max(1.0);
    (7.543 * open_circuit_v(soc) - 23.75) * 1e6 * math::exp(-6_976.0 / kelvin)
}

/// β: loss after the first Ah through a cell, by the depth of the swings from 0 to 1 and the quadratic mean of the voltage.
pub fn cycle_rate(depth: f64, mean_voltage_v: f64) -> f64 {
    let off = mean_voltage_v - 3.667;
    7.348e-3 * off * off + 7.6e-4 + 4.081e-3 * unit(depth)
}

/// Days of rest at a state of charge and a temperature after which a loss between 0 and 1 is reached by rest alone:
/// α t^0.75 = loss. Infinite where nothing ages.
pub fn calendar_life_days(end_of_life_loss: f64, soc: f64, cell_c: f64, scale: f64) -> f64 {
    let rate = scale * calendar_rate(soc, cell_c);
    if rate > 0.0 { math::pow((end_of_life_loss / rate).max(0.0), 4.0 / 3.0) } else { f64::INFINITY }
}

/// Full cycles, in swings of a depth around a mean state of charge, after which a loss is reached by cycling alone: β √Q = loss
/// at Q = (loss / β)², 2 x 2.15 Ah to a cycle. Infinite where nothing ages.
pub fn cycle_life(end_of_life_loss: f64, depth: f64, mean_soc: f64, scale: f64) -> f64 {
    let rate = scale * cycle_rate(depth, mean_voltage_v(depth, mean_soc));
    let root_of_charge = end_of_life_loss.max(0.0) / rate;
    if rate > 0.0 { root_of_charge * root_of_charge / (2.0 * CELL_AH) } else { f64::INFINITY }
}

/// What a kWh discharged costs in wear, yen: the battery, capacity x price, gives [`cycle_life`] x capacity kWh, so price /
/// cycle life for each, whatever the capacity and however old the battery.
pub fn wear_yen_per_kwh(
    replacement_yen_per_kwh: f64,
    end_of_life_loss: f64,
    depth: f64,
    mean_soc: f64,
    scale: f64,
) -> f64 {
    let life = cycle_life(end_of_life_loss, depth, mean_soc, scale);
    if life > 0.0 { replacement_yen_per_kwh / life } else { 0.0 }
}

/// Kept within 0 and 1; 0 for NaN.
fn unit(x: f64) -> f64 {
    if x > 0.0 { x.min(1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEAR: f64 = 365.25;

    fn rested(soc: f64, cell_c: f64, days: f64) -> f64 {
        let mut age = Age::default();
        age.rest(soc, cell_c, days, 1.0);
        age.loss()
    }

    fn cycled(cycles: f64, depth: f64, mean_soc: f64) -> f64 {
        let mut age = Age::default();
        age.cycle(cycles, depth, mean_soc, 1.0);
        age.loss()
    }

    #[test]
    fn voltages_between_the_points_lie_on_the_line() {
        assert_eq!(
            [-1.0, 0.0, 0.5, 1.0, 2.0, f64::NAN].map(open_circuit_v),
            [3.331, 3.331, 3.697, 4.162, 4.162, 3.331]
        );
        // 52 % is two fifths of the way from 3.697 to 3.732.
        assert!((open_circuit_v(0.52) - 3.711).abs() < 1e-12);
    }

    #[test]
    fn the_mean_voltage_is_quadratic() {
        // From 50 to 55 %: sqrt((3.697² + 3.697 x 3.732 + 3.732²) / 3) = sqrt((13.667809 + 13.797204 + 13.927824) / 3)
        // = sqrt(13.797612) = 3.714514.
        assert!((mean_voltage_v(0.05, 0.525) - 3.714_514).abs() < 1e-6, "{}", mean_voltage_v(0.05, 0.525));
        for (depth, mean_soc) in [(0.9, 0.5), (0.33, 0.71), (1.0, 0.5), (0.8, 0.9), (1e-3, 0.2), (0.0, 0.3)] {
            let (from, to) = (unit(mean_soc - depth / 2.0), unit(mean_soc + depth / 2.0));
            let voltage = |part: u32| open_circuit_v(from + (f64::from(part) + 0.5) / 1e5 * (to - from));
            let squares: f64 = (0..100_000).map(|part| voltage(part) * voltage(part)).sum();
            let exact = (squares / 1e5).sqrt();
            assert!((mean_voltage_v(depth, mean_soc) - exact).abs() < 1e-8, "{depth} {mean_soc}");
        }
    }

    #[test]
    fn years_of_rest_by_the_published_constants() {
        // From the constants alone, elsewhere. The first: (7.543 x 3.627 - 23.75) x 10⁶ exp(-6976 / 288.15) = 1.10e-4 a day,
        // times 365^0.75 = 83.5. Elsewhere had the table of 58 points, hence the tolerance.
        for (soc, cell_c, years, loss) in [
            (0.3, 15.0, 1.0, 0.0092),
            (0.3, 15.0, 10.0, 0.0518),
            (0.3, 25.0, 10.0, 0.1168),
            (0.5, 15.0, 1.0, 0.0106),
            (0.5, 15.0, 10.0, 0.0595),
            (0.5, 25.0, 10.0, 0.1340),
            (0.8, 15.0, 1.0, 0.0157),
            (0.8, 25.0, 10.0, 0.1994),
            (1.0, 15.0, 10.0, 0.1099),
            (1.0, 25.0, 10.0, 0.2475),
        ] {
            let ours = rested(soc, cell_c, years * 365.0);
            assert!((ours - loss).abs() < 0.000_1, "{soc} {cell_c} {years}: {ours}");
        }
    }

    #[test]
    fn a_thousand_cycles_by_the_published_constants() {
        // The voltage at 50 %, 3.697 V: 0.007348 x 0.03² + 0.00076 + 0.004081 x 0.1 = 0.0011747, times sqrt(4300) = 65.574
        // is 0.0770.
        for (depth, loss) in [(0.1, 0.0770), (0.3, 0.1306), (0.6, 0.2108), (0.9, 0.2911)] {
            let at_the_mean = cycle_rate(depth, open_circuit_v(0.5)) * 4_300_f64.sqrt();
            assert!((at_the_mean - loss).abs() < 0.000_06, "{depth}: {at_the_mean}");
            // A deep swing's mean voltage is a little higher, which is up to 2 % more loss.
            let ours = cycled(1_000.0, depth, 0.5);
            assert!((1.0..1.02).contains(&(ours / at_the_mean)), "{depth}: {ours}");
        }
    }

    #[test]
    fn parts_age_like_the_whole() {
        let mut age = Age { calendar_loss: 0.01, cycle_loss: 0.02 };
        let mut parts = age;
        age.rest(0.7, 20.0, 100.0, 0.43);
        age.cycle(100.0, 0.4, 0.6, 0.43);
        for _ in 0..1_000 {
            parts.rest(0.7, 20.0, 0.1, 0.43);
            parts.cycle(0.1, 0.4, 0.6, 0.43);
        }
        assert!((age.calendar_loss - parts.calendar_loss).abs() < 1e-13, "{age:?} {parts:?}");
        assert!((age.cycle_loss - parts.cycle_loss).abs() < 1e-13, "{age:?} {parts:?}");
    }

    #[test]
    fn what_is_lost_slows_what_follows() {
        // A year at 25 degrees after a year at 35 takes less than a year at 25 from new, and more than nothing.
        let mut age = Age::default();
        age.rest(0.5, 35.0, YEAR, 1.0);
        let before = age.loss();
        age.rest(0.5, 25.0, YEAR, 1.0);
        let then = age.loss() - before;
        assert!(then > 0.0 && then < rested(0.5, 25.0, YEAR), "{then}");
    }

    #[test]
    fn warm_and_full_ages_faster_and_deep_swings_too() {
        for step in 0..40 {
            let (low, high) = (f64::from(step), f64::from(step + 1));
            assert!(rested(0.5, low, YEAR) < rested(0.5, high, YEAR), "{low} degrees");
            assert!(rested(low / 40.0, 20.0, YEAR) < rested(high / 40.0, 20.0, YEAR), "{low} of 40 charged");
            assert!(cycled(100.0, low / 40.0, 0.5) < cycled(100.0, high / 40.0, 0.5), "{low} of 40 deep");
            assert!(cycled(low, 0.5, 0.5) < cycled(high, 0.5, 0.5), "{low} cycles");
        }
    }

    #[test]
    fn wear_ends_where_the_battery_does() {
        let (price, end, depth, mean_soc, scale) = (20_000.0, 0.3, 0.3, 0.5, 0.43);
        let wear = wear_yen_per_kwh(price, end, depth, mean_soc, scale);
        // 40 kWh cost 800,000 yen; so many full cycles of 40 kWh are paid with it, and lose 30 %.
        let cycles = 40.0 * price / wear / 40.0;
        let mut age = Age::default();
        age.cycle(cycles, depth, mean_soc, scale);
        assert!((age.loss() - end).abs() < 1e-12, "{age:?}");
        // By hand with the voltage at the mean: 0.43 x 0.0019909 = 0.00085609; (0.3 / 0.00085609)² = 122,801 Ah are 28,558
        // cycles: 0.700 yen.
        assert!((wear / 0.700 - 1.0).abs() < 0.01, "{wear}");
        // Twice the price, twice the wear; without ageing none.
        assert!((wear_yen_per_kwh(2.0 * price, end, depth, mean_soc, scale) / wear - 2.0).abs() < 1e-12);
        assert_eq!(wear_yen_per_kwh(price, end, depth, mean_soc, 0.0), 0.0);
    }

    #[test]
    fn nonsense_changes_nothing() {
        let mut age = Age { calendar_loss: 0.01, cycle_loss: 0.02 };
        for x in [0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
            age.rest(0.5, 20.0, x, 1.0);
            age.rest(0.5, 20.0, 1.0, x);
            age.rest(0.5, if x == 0.0 { f64::NAN } else { x - 273.15 }, 1.0, 1.0);
            age.cycle(x, 0.5, 0.5, 1.0);
            age.cycle(1.0, 0.5, 0.5, x);
        }
        assert_eq!(age, Age { calendar_loss: 0.01, cycle_loss: 0.02 });
    }
}
