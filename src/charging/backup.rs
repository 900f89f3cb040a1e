//! Full power at once. The energy for the power cut is held back by the vans' reserve, which the plans of rides keep; see
//! [`crate::world::World::new`].

use super::{Unit, View};

pub(super) fn control(view: &View) -> Vec<f64> {
    view.units.iter().map(Unit::max_charge_kw).collect()
}
