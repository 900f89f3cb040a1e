//! A timer: full power between two clock times.

use super::{Unit, View};
use crate::units::Time;

pub(super) fn control(view: &View, from: Time, until: Time) -> Vec<f64> {
    const MIDNIGHT: Time = Time(24 * Time::HOUR.0);
    let clock = Time(view.now.0.rem_euclid(MIDNIGHT.0));
    let within = |clock: Time| from <= clock && clock < until;
    let on = within(clock) || within(clock + MIDNIGHT);
    let power = |unit: &Unit| if (on || unit.is_low()) && !unit.stationary { unit.max_charge_kw() } else { 0.0 };
    view.units.iter().map(power).collect()
}
