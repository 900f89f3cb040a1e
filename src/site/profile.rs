//! A series over a day, a week or a year, which of them being told by the number of its values.
//!
//! | values | over | each holds for |
//! | --- | --- | --- |
//! | 1 | always | always |
//! | 24, 48 | a day | an hour, half an hour |
//! | 168, 336 | a week from Monday | an hour, half an hour |
//! | 8760, 17520 | a year of 365 days from January 1 | an hour, half an hour |
//! | 8784, 17568 | a year of 366 days from January 1 | an hour, half an hour |
//!
//! A year's series keeps to the date: in a leap year one of 365 days gives February 29 what February 28 has, and in other years
//! one of 366 days leaves its February 29 out. It knows no days of the week.

use serde::{Deserialize, Serialize};
use time::Date;

/// Numbers of values a series may have.
pub const LENGTHS: [usize; 9] = [1, 24, 48, 168, 336, 8_760, 8_784, 17_520, 17_568];

/// Values over a day, a week or a year: 1, 24, 48, 168, 336, 8760, 8784, 17520 or 17568 of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Profile(pub Vec<f64>);

/// Whether a series may have so many values.
pub fn is_valid_length(length: usize) -> bool {
    LENGTHS.contains(&length)
}

impl Profile {
    /// The value at so many seconds after midnight of a date; 86,400 and more are the days after, negative ones those before.
    /// 0 where the number of values is none of [`LENGTHS`]. O(1).
    pub fn at(&self, date: Date, seconds_of_day: f64) -> f64 {
        let values = &self.0[..];
        if !is_valid_length(values.len()) {
            return 0.0;
        }
        if let [constant] = values {
            return *constant;
        }
        let per_day = per_day(values.len());
        let days = (seconds_of_day / 86_400.0).floor();
        let part = seconds_of_day / 86_400.0 - days;
        // Rounding may carry the last moment of a day over its end.
        let slot = ((part * per_day as f64) as usize).min(per_day - 1);
        values[self.day(date, days as i64) * per_day + slot]
    }

    /// Place in the series of a day that is so many days after a date.
    fn day(&self, date: Date, days: i64) -> usize {
        let length = self.0.len() / per_day(self.0.len());
        match length {
            1 => 0,
            7 => (i64::from(date.weekday().number_days_from_monday()) + days.rem_euclid(7)).rem_euclid(7) as usize,
            _ => {
                let Some(date) = (-4_000_000..4_000_000)
                    .contains(&days)
                    .then(|| date.checked_add(time::Duration::days(days)))
                    .flatten()
                else {
                    return 0;
                };
                let leap = time::util::is_leap_year(date.year());
                // From 0; February 28 is 58.
                let day = usize::from(date.ordinal()) - 1;
                match (leap, length) {
                    (true, 365) if day > 58 => day - 1,
                    (false, 366) if day > 58 => day + 1,
                    _ => day,
                }
            }
        }
    }
}

/// Values for each day in a series of a valid length but 1.
pub(super) fn per_day(length: usize) -> usize {
    if matches!(length, 48 | 336 | 17_520 | 17_568) { 48 } else { 24 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    /// Values that tell their place.
    fn places(length: u32) -> Profile {
        Profile((0..length).map(f64::from).collect())
    }

    const HOUR: f64 = 3_600.0;

    #[test]
    fn one_value_is_constant() {
        let constant = Profile(vec![7.5]);
        for seconds in [0.0, -1e9, 1e300, f64::NAN] {
            assert_eq!(constant.at(date!(2025 - 1 - 1), seconds), 7.5);
        }
    }

    #[test]
    fn a_day_repeats() {
        let day = date!(2025 - 4 - 1);
        // 25:30 is 1:30 of the next day: hour 1, half hour 3. A minute before midnight is the last value.
        for (seconds, hour, half) in [
            (0.0, 0.0, 0.0),
            (1_800.0, 0.0, 1.0),
            (25.5 * HOUR, 1.0, 3.0),
            (-60.0, 23.0, 47.0),
            (86_399.999, 23.0, 47.0),
        ] {
            assert_eq!((places(24).at(day, seconds), places(48).at(day, seconds)), (hour, half), "{seconds}");
        }
    }

    #[test]
    fn a_week_begins_on_monday() {
        // April 2, 2025 is a Wednesday: 2 x 24 + 6 = 54; five days later it is Monday again.
        let wednesday = date!(2025 - 4 - 2);
        assert_eq!(places(168).at(wednesday, 6.0 * HOUR), 54.0);
        assert_eq!(places(168).at(wednesday, 5.0 * 24.0 * HOUR), 0.0);
        // Sunday is three days before: 6 x 48 + 1.
        assert_eq!(places(336).at(wednesday, -3.0 * 24.0 * HOUR + 1_800.0), 289.0);
    }

    #[test]
    fn a_year_keeps_to_the_date() {
        // March 1 is day 59 (from 0) of a common year: 59 x 24 = 1416; day 60 of a leap year: 1440.
        let cases = [
            (date!(2025 - 1 - 1), 0.0, 0.0),
            (date!(2025 - 2 - 28), 1_392.0, 1_392.0),
            (date!(2025 - 3 - 1), 1_416.0, 1_440.0),
            (date!(2025 - 12 - 31), 8_736.0, 8_760.0),
            (date!(2024 - 2 - 28), 1_392.0, 1_392.0),
            (date!(2024 - 2 - 29), 1_392.0, 1_416.0),
            (date!(2024 - 3 - 1), 1_416.0, 1_440.0),
            (date!(2024 - 12 - 31), 8_736.0, 8_760.0),
        ];
        for (date, common, leap) in cases {
            assert_eq!((places(8_760).at(date, 0.0), places(8_784).at(date, 0.0)), (common, leap), "{date:?}");
            let half_hours = (places(17_520).at(date, 1_800.0), places(17_568).at(date, 1_800.0));
            assert_eq!(half_hours, (2.0 * common + 1.0, 2.0 * leap + 1.0), "{date:?}");
        }
        // New Year's Eve, 25:00.
        assert_eq!(places(8_760).at(date!(2025 - 12 - 31), 25.0 * HOUR), 1.0);
        assert_eq!(places(8_760).at(date!(2025 - 1 - 1), -HOUR), 8_759.0);
    }

    #[test]
    fn no_input_stops_it() {
        for length in [0, 1, 2, 23, 24, 48, 167, 168, 336, 8_760, 8_784, 17_520, 17_568, 17_569] {
            let profile = places(length);
            for seconds in [0.0, -0.0, -1e-300, 1e9, -1e9, 1e18, -1e300, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                for date in [Date::MIN, date!(2024 - 2 - 29), Date::MAX] {
                    let value = profile.at(date, seconds);
                    assert!((0.0..17_568.0).contains(&value));
                    assert!(is_valid_length(length as usize) || value == 0.0);
                }
            }
        }
    }

    #[test]
    fn is_written_as_a_list() {
        let json = serde_json::to_string(&Profile(vec![1.0, 2.5])).expect("numbers");
        assert_eq!(json, "[1.0,2.5]");
        assert_eq!(serde_json::from_str::<Profile>(&json).expect("a list"), Profile(vec![1.0, 2.5]));
    }
}
