//! Traffic by hour: how long a drive takes depends on when it is begun.
//!
//! After Ichoua, Gendreau and Potvin ("Vehicle dispatching with time-dependent travel times", 2003): each clock hour has a
//! speed, everywhere the same share of the free road's, and a van that is on its way when the hour changes goes on at the new
//! speed. So nobody arrives earlier by leaving later (FIFO), and fastest ways stay fastest.
//!
//! [`Traffic::progress`] says how far a van that has been driving since midnight would be, in whole milliseconds of free road.
//! No speed is above the free road's, so it grows by 0 or 1 from one millisecond to the next and takes every value. A drive
//! of `d` from `t` ends at the first moment whose progress is `progress(t) + d`. Two drives in a row thereby end *exactly* when
//! one of their sum does: section by section a van is never later or earlier than its plan, and may be sent elsewhere at any
//! node without a rounded millisecond.

use crate::units::Time;

const HOUR: i64 = Time::HOUR.0 as i64;
/// Progress in a millisecond on the free road, in units of the fixed point: an hour at any speed is whole milliseconds of free road.
const UNIT: i64 = HOUR;
const DAY: i64 = 24 * HOUR;

/// Speeds by clock hour.
#[derive(Debug, Clone, PartialEq)]
pub struct Traffic {
    /// Progress in a millisecond, in units.
    speeds: [i64; 24],
    /// Progress from midnight to the begin of an hour, in units; last, that of a whole day.
    before: [i64; 25],
}

impl Traffic {
    /// From factors by which driving times are multiplied, each at least 1.
    pub fn new(factors: &[f64; 24]) -> Traffic {
        let speeds = factors.map(|factor| ((UNIT as f64 / factor).round() as i64).clamp(1, UNIT));
        let mut before = [0; 25];
        for hour in 0..24 {
            before[hour + 1] = before[hour] + HOUR * speeds[hour];
        }
        Traffic { speeds, before }
    }

    /// When a drive ends that takes `free` on the free road.
    pub fn after(&self, begin: Time, free: Time) -> Time {
        if free == Time::ZERO {
            begin
        } else if free >= Time::NEVER {
            Time::NEVER
        } else {
            self.first(self.progress(begin) + i64::from(free.0))
        }
    }

    /// When a van sets out that drives on without a stop and arrives at `end`: the first moment that does.
    pub fn before(&self, end: Time, free: Time) -> Time {
        if free == Time::ZERO { end } else { self.first(self.progress(end) - i64::from(free.0)) }
    }

    /// The last moment at which a drive can begin that ends at `end` or before.
    pub fn latest(&self, end: Time, free: Time) -> Time {
        if free == Time::ZERO { end } else { self.first(self.progress(end) - i64::from(free.0) + 1) - Time(1) }
    }

    /// The longest that a drive can take, in the slowest hour.
    pub fn longest(&self, free: Time) -> Time {
        let slowest = self.speeds.iter().min().expect("a day has hours");
        Time(div_ceil(i64::from(free.0) * UNIT, *slowest) as i32)
    }

    /// Whole milliseconds of free road from midnight to a moment.
    fn progress(&self, at: Time) -> i64 {
        let (day, of_day) = (i64::from(at.0).div_euclid(DAY), i64::from(at.0).rem_euclid(DAY));
        let hour = (of_day / HOUR) as usize;
        let units = day * self.before[24] + self.before[hour] + of_day % HOUR * self.speeds[hour];
        units.div_euclid(UNIT)
    }

    /// The first moment with some progress.
    fn first(&self, progress: i64) -> Time {
        let units = progress * UNIT;
        let (day, rest) = (units.div_euclid(self.before[24]), units.rem_euclid(self.before[24]));
        let hour = self.before[..24].partition_point(|&before| before <= rest) - 1;
        let of_hour = div_ceil(rest - self.before[hour], self.speeds[hour]);
        Time((day * DAY + hour as i64 * HOUR + of_hour) as i32)
    }
}

/// A quotient of numbers that are not negative, rounded up.
fn div_ceil(part: i64, whole: i64) -> i64 {
    (part + whole - 1) / whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    fn random(rng: &mut Rng) -> Traffic {
        Traffic::new(&std::array::from_fn(|_| if rng.unit() < 0.3 { 1.0 } else { 1.0 + 4.0 * rng.unit() }))
    }

    #[test]
    fn a_drive_goes_on_at_the_speed_of_the_next_hour() {
        let mut factors = [1.0; 24];
        (factors[7], factors[8]) = (2.0, 1.25);
        let traffic = Traffic::new(&factors);
        let clock = |hours: i32, minutes: i32| Time((hours * 60 + minutes) * Time::MINUTE.0);
        // 15 of 30 minutes of free road take until 8:00 at half the speed; the other 15 take 18.75 minutes.
        assert_eq!(traffic.after(clock(7, 30), clock(0, 30)), clock(8, 18) + Time(45_000));
        assert_eq!(traffic.before(clock(8, 18) + Time(45_000), clock(0, 30)), clock(7, 30));
        // On the free road, tomorrow too, and past midnight.
        assert_eq!(traffic.after(clock(23, 50), clock(0, 20)), clock(24, 10));
        assert_eq!(traffic.after(clock(31, 30), clock(0, 30)), clock(32, 18) + Time(45_000));
        assert_eq!(traffic.after(clock(-17, -30), clock(0, 30)), clock(-17, -30) + clock(0, 30));
        assert_eq!(traffic.longest(clock(0, 30)), clock(1, 0));
    }

    #[test]
    fn drives_in_a_row_end_exactly_when_their_sum_does_and_nobody_overtakes() {
        for seed in 0..2_000 {
            let rng = &mut Rng::new(seed, "traffic");
            let traffic = random(rng);
            let mut draw = |most: f64| Time((rng.unit() * most) as i32);
            let (begin, first, second) = (draw(2e8) - Time(20_000_000), draw(8e6), draw(8e6));
            let whole = traffic.after(begin, first + second);
            assert_eq!(traffic.after(traffic.after(begin, first), second), whole, "seed {seed}");
            assert!(traffic.after(begin + draw(5.0), first + second) >= whole, "seed {seed}");
            assert!(whole >= begin + first + second, "seed {seed}");
            assert!(whole - begin <= traffic.longest(first + second) + Time(1), "seed {seed}");
        }
    }

    #[test]
    fn the_way_back_is_the_inverse() {
        for seed in 0..2_000 {
            let rng = &mut Rng::new(seed, "traffic");
            let traffic = random(rng);
            let mut draw = |most: f64| Time(1 + (rng.unit() * most) as i32);
            let (end, free) = (draw(2e8), draw(8e6));
            let (leaves, latest) = (traffic.before(end, free), traffic.latest(end, free));
            assert!(leaves <= latest && traffic.after(latest, free) <= end, "seed {seed}");
            assert!(traffic.after(latest + Time(1), free) > end, "seed {seed}");
            assert!(traffic.after(leaves - Time(1), free) < traffic.after(leaves, free), "seed {seed}");
            assert_eq!(traffic.after(leaves, free), traffic.after(latest, free), "seed {seed}");
        }
    }
}
