//! Plug in, full power: what vehicles do when nobody tells them otherwise, and what every other policy is compared with.

use super::{Unit, View};

pub(super) fn control(view: &View) -> Vec<f64> {
    let power = |unit: &Unit| if unit.stationary { 0.0 } else { unit.max_charge_kw() };
    view.units.iter().map(power).collect()
}
