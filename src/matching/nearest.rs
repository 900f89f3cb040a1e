//! The closest free van, one party at a time: how a taxi rank works, and the baseline that sharing has to beat.
//!
//! A van is free for a request if, at the time asked for, it has nobody aboard and is not on its way to anybody; for a booking
//! that means between the rides it has taken on. The closest is the one with the shortest drive to the origin. O(vans x
//! stops).

use crate::demand::Request;
use crate::fleet::{Insertion, Load, Miss, Search};
use crate::log::Limit;
use crate::units::Time;

/// The gap in a van's plan in which it is free, with the drive to the origin as its cost.
pub(super) fn place(
    places: &Search,
    request: &Request,
    now: Time,
    bound: f64,
    miss: &mut Option<Miss>,
) -> Option<Insertion> {
    let mut best: Option<Insertion> = None;
    for gap in 0..=places.van.plan.stops().len() {
        if places.van.plan.load_before(gap, places.van.at.load) != Load::default() {
            continue;
        }
        if let Some(busy) = busy_after(places, gap, request.earliest.max(now)) {
            Miss::note(miss, Miss { limit: Limit::Busy, by: busy.s() });
            continue;
        }
        let cost = f64::from(places.travel.time(places.node_before(gap), request.origin_node).0);
        if cost >= best.map_or(bound, |best| best.cost) {
            continue;
        }
        match places.try_gaps(request, gap, gap) {
            Ok(place) => best = Some(Insertion { cost, ..place }),
            Err(found) => Miss::note(miss, found),
        }
    }
    best
}

/// How long after the time asked for the van becomes free in a gap; `None` if it is free by then.
fn busy_after(places: &Search, gap: usize, asked: Time) -> Option<Time> {
    let van = places.van;
    // On its way to a depot or a waiting place, a van is as good as idle.
    let on_its_way = gap == 0 && van.departure(places.travel).is_none_or(|departure| departure > van.at.ready);
    let free = if on_its_way { Time(i32::MIN) } else { van.plan.free_at(gap, van.at.ready) };
    (free > asked).then(|| free - asked)
}
