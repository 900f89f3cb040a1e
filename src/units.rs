//! Units and ids: what numbers mean inside the crate.
//!
//! Time is an integer, so that equality and order are exact and the same on every target. Energy, power, money and
//! distance are `f64` whose unit stands in the name (`energy_kwh`, `length_m`).

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment of the service day, or a length of time, in integer milliseconds. Moments count from local midnight; the
/// range of ±24 days lets bookings of earlier days be negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Time(pub i32);

impl Time {
    /// Local midnight, or no time at all.
    pub const ZERO: Time = Time(0);
    /// 83 hours: later than anything that happens; sums of a handful of such times do not overflow.
    pub const NEVER: Time = Time(300_000_000);
    /// One second.
    pub const SECOND: Time = Time(1_000);
    /// One minute.
    pub const MINUTE: Time = Time(60_000);
    /// One hour.
    pub const HOUR: Time = Time(3_600_000);

    /// From seconds, rounded to the nearest millisecond; kept within ±[`Time::NEVER`], and 0 for NaN.
    pub fn from_s(seconds: f64) -> Time {
        let never = f64::from(Time::NEVER.0);
        Time((seconds * 1e3).round().clamp(-never, never) as i32)
    }

    /// In seconds.
    pub fn s(self) -> f64 {
        f64::from(self.0) / 1e3
    }

    /// In hours.
    pub fn h(self) -> f64 {
        f64::from(self.0) / 3.6e6
    }
}

impl Add for Time {
    type Output = Time;
    fn add(self, other: Time) -> Time {
        Time(self.0 + other.0)
    }
}

impl AddAssign for Time {
    fn add_assign(&mut self, other: Time) {
        self.0 += other.0;
    }
}

impl Sub for Time {
    type Output = Time;
    fn sub(self, other: Time) -> Time {
        Time(self.0 - other.0)
    }
}

/// A clock time as people write it, `"07:30"` or `"07:30:15"`; hours go on past midnight (`"25:10"`, at most `"47:59:59"`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Clock(#[cfg_attr(target_arch = "wasm32", tsify(type = "string"))] pub Time);

impl Clock {
    /// Reads `HH:MM` or `HH:MM:SS`.
    pub fn parse(text: &str) -> Option<Clock> {
        let mut parts = text.trim().split(':');
        let mut field = |limit: u32| -> Option<Option<u32>> {
            match parts.next() {
                None => Some(None),
                Some(digits) if (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) => {
                    let value: u32 = digits.parse().ok()?;
                    (value < limit).then_some(Some(value))
                }
                Some(_) => None,
            }
        };
        let (hours, minutes, seconds) = (field(48)??, field(60)??, field(60)?.unwrap_or(0));
        if parts.next().is_some() {
            return None;
        }
        Some(Clock(Time(((hours * 60 + minutes) * 60 + seconds) as i32 * 1_000)))
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.0.div_euclid(1_000);
        let (h, m, s) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        if s == 0 { write!(f, "{h:02}:{m:02}") } else { write!(f, "{h:02}:{m:02}:{s:02}") }
    }
}

impl Serialize for Clock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Clock, D::Error> {
        let text = String::deserialize(deserializer)?;
        Clock::parse(&text)
            .ok_or_else(|| de::Error::invalid_value(de::Unexpected::Str(&text), &"a clock time such as \"07:30\""))
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for Clock {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Clock".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "Clock time HH:MM or HH:MM:SS; hours go on past midnight, to 47.",
            "pattern": "^([0-3]?[0-9]|4[0-7]):[0-5]?[0-9](:[0-5]?[0-9])?$"
        })
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u32);

        impl $name {
            /// Position in the vector that the id indexes.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A junction of the road network: an index into `Roads`' nodes and the scenario's `network.nodes`.
    NodeId,
    /// A directed road section: an index into `Roads`' edges.
    EdgeId,
    /// A stop: an index into the scenario's `stops`.
    StopId,
    /// A depot: an index into the scenario's `depots`.
    DepotId,
    /// A van: an index into the scenario's `vehicles()`, which are its `fleet.vehicles` or, under the policy `fixed_route`, its
    /// buses.
    VehicleId,
    /// A ride request: an index into the day's requests, ordered by the time of the call.
    RequestId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_clock_times_past_midnight() {
        // 25 h 10 min = 90,600 s.
        assert_eq!(Clock::parse("25:10"), Some(Clock(Time(90_600_000))));
        assert_eq!(Clock::parse("7:05:09").map(|c| c.to_string()).as_deref(), Some("07:05:09"));
    }

    #[test]
    fn refuses_what_is_not_a_clock_time() {
        for text in ["", "7", "07:60", "48:00", "07:00:61", "a:b", "07:00:00:00", "-1:00", "+7:00"] {
            assert_eq!(Clock::parse(text), None, "{text:?}");
        }
    }
}
