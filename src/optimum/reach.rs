//! Limits without what is far out of reach, which would only make numbers of very different sizes.

use super::{Problem, Step, Store};

/// The same problem with limits that are no further away than anything can get, and a margin that sees to it that only the
/// limits asked for can have a price. O(steps).
pub(super) fn within_reach(problem: &Problem) -> Problem {
    let mut near = problem.clone();
    let mut stores = vec![(0.0, 0.0); problem.slots.len()];
    let sums = |stores: &mut [(f64, f64)], problem: &Problem| {
        stores.fill((0.0, 0.0));
        for step in problem.stores.iter().flat_map(|store| &store.steps) {
            stores[step.slot].0 += step.charge_kw;
            stores[step.slot].1 += step.discharge_kw;
        }
    };
    // Nothing can give more than everything else can take, nor take more than everything else can give.
    sums(&mut stores, problem);
    for step in near.stores.iter_mut().flat_map(|store| &mut store.steps) {
        let slot = &problem.slots[step.slot];
        let taken_kw = slot.export_limit_kw + slot.load_kw.max(0.0) + stores[step.slot].0;
        step.discharge_kw = step.discharge_kw.min(with_margin(taken_kw));
    }
    sums(&mut stores, &near);
    for step in near.stores.iter_mut().flat_map(|store| &mut store.steps) {
        let slot = &problem.slots[step.slot];
        let given_kw =
            slot.import_limit_kw + slot.free_kw + slot.source_kw - slot.load_kw.min(0.0) + stores[step.slot].1;
        step.charge_kw = step.charge_kw.min(with_margin(given_kw));
    }
    sums(&mut stores, &near);
    for (slot, (charge_kw, discharge_kw)) in near.slots.iter_mut().zip(stores) {
        // Where selling pays more than buying costs, what is bought may be sold at once.
        let (sold_kw, bought_kw) =
            if slot.buy < slot.sell { (slot.export_limit_kw, slot.import_limit_kw) } else { (0.0, 0.0) };
        let taken_kw = slot.load_kw.max(0.0) + charge_kw + sold_kw;
        let given_kw = slot.free_kw + slot.source_kw + discharge_kw - slot.load_kw.min(0.0) + bought_kw;
        slot.import_limit_kw = slot.import_limit_kw.min(with_margin(taken_kw));
        slot.export_limit_kw = slot.export_limit_kw.min(with_margin(given_kw));
        slot.free_kw = slot.free_kw.min(with_margin(taken_kw + slot.export_limit_kw));
        slot.source_kw = slot.source_kw.min(with_margin(taken_kw + slot.export_limit_kw));
    }
    near.stores.iter_mut().for_each(|store| narrow(store, problem.slot_h));
    near
}

fn with_margin(kw: f64) -> f64 {
    1.0 + 1.1 * kw
}

/// Energy ranges of one store.
fn narrow(store: &mut Store, slot_h: f64) {
    let (mut least, mut most) = (store.initial_kwh, store.initial_kwh);
    for step in &mut store.steps {
        let Step { take_kwh, charge_kw, discharge_kw, low_kwh, high_kwh, .. } = *step;
        least = (least - take_kwh - slot_h / store.discharge_efficiency * discharge_kw).clamp(low_kwh, high_kwh);
        most = (most - take_kwh + slot_h * store.charge_efficiency * charge_kw).clamp(low_kwh, high_kwh);
        let margin = 1.0 + (most - least).abs();
        step.low_kwh = low_kwh.max(least - margin);
        step.high_kwh = high_kwh.min(most + margin);
    }
}
