// Asked at every call: which van takes the new rider? This is the built-in rule
// for shared rides: of all places in all vans' plans, the one that costs least.
// Every place listed keeps all promises. Whoever gets none is refused.
const WAITING = 0.5; // seconds of driving that a second of waiting is worth
const RIDING = 0.5; // the same for a second aboard beyond the direct drive

function cost(place, request) {
  const waiting = place.pickup_s - request.earliest_s;
  const detour = place.dropoff_s - place.pickup_s - request.dwell_s - request.direct_s;
  return place.added_drive_s + WAITING * waiting + RIDING * detour;
}

function decide(snapshot, town) {
  const assignments = [];
  for (const request of snapshot.requests) {
    let best;
    for (const place of request.places) {
      if (!best || cost(place, request) < cost(best, request)) best = place;
    }
    if (best) assignments.push(best);
  }
  return assignments;
}
