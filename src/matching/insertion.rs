//! Cheapest feasible insertion (Jaw et al. 1986): the request is answered at once and for good, and put where it adds least
//! driving time, and weighted time of the rider, over all vans and all pairs of gaps in their plans. O(vans x stops²), each place in constant time.

use super::{Decision, Snapshot, best_of_all};
use crate::fleet::Weights;
use crate::units::RequestId;

pub(super) fn decide(snapshot: &Snapshot, id: RequestId, weights: &Weights) -> Decision {
    let request = &snapshot.world.requests[id.index()];
    best_of_all(snapshot, id, |places, bound, miss| places.cheapest(request, weights, bound, miss))
}
