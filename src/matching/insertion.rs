//! Cheapest feasible insertion (Jaw et al. 1986): the request is answered at once and for good, and put where it adds least
//! driving time, and weighted time of the rider, over all vans and all pairs of gaps in their plans. O(vans x stops²), each place in constant time.

use crate::demand::Request;
use crate::fleet::{Insertion, Miss, Search};
use crate::objective::Objective;

/// The cheapest place in a van's plan.
pub(super) fn place(
    places: &Search,
    request: &Request,
    objective: &Objective,
    bound: f64,
    miss: &mut Option<Miss>,
) -> Option<Insertion> {
    places.cheapest(request, objective, bound, miss)
}
