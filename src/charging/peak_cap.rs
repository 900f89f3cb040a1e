//! Keep the site under a limit: batteries below their floor charge anyway, the others share what is left, the emptiest first.
//! Where the limit is exceeded, the fullest two-way batteries give what they hold above their floor.

use super::View;

pub(super) fn control(view: &View, limit_kw: f64) -> Vec<f64> {
    let mut powers = view.low_first();
    let mut room_kw = limit_kw - view.net_kw() - powers.iter().sum::<f64>();
    let mut order = view.lowest_first();
    if room_kw < 0.0 {
        order.reverse();
    }
    for i in order {
        let unit = &view.units[i];
        if unit.is_low() {
            continue;
        }
        let power =
            if room_kw > 0.0 { unit.max_charge_kw().min(room_kw) } else { -unit.max_discharge_kw().min(-room_kw) };
        powers[i] = power;
        room_kw -= power;
    }
    powers
}
