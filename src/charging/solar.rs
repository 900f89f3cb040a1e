//! Follow the surplus: what sun and wind give beyond the site's load goes into the emptiest battery first. A stationary battery
//! gives back when there is none.

use super::View;

pub(super) fn control(view: &View) -> Vec<f64> {
    let mut powers = view.low_first();
    let mut surplus_kw = -view.net_kw() - powers.iter().sum::<f64>();
    for i in view.lowest_first() {
        let unit = &view.units[i];
        if surplus_kw > 0.0 && !unit.is_low() {
            powers[i] = unit.max_charge_kw().min(surplus_kw);
            surplus_kw -= powers[i];
        } else if surplus_kw < 0.0 && unit.stationary {
            powers[i] = -unit.max_discharge_kw().min(-surplus_kw);
            surplus_kw -= powers[i];
        }
    }
    powers
}
