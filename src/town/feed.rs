//! A town from a feed of timetables alone, where no map is at hand: its stops, and roads that can be guessed from how buses go
//! between them.
//!
//! - Buses drive from call to call, along `shapes.txt` where the feed has it, else 1.3 times the straight line, and in no more time
//!   than the quickest of them is given.
//! - Other neighbours are joined too, or vans could only follow the buses: two stops are neighbours if no third lies in the circle
//!   with both on its rim (Gabriel and Sokal 1969), up to 1.5 km.
//! - Parts that are left without a way between them are joined where they are nearest.

use std::collections::BTreeMap;

use super::{FARTHEST_M, Ground, Place, SPEEDS_KMH, Snapped, Spec, assembled, problem, snap};
use crate::gtfs::Feed;
use crate::math::distance_m;
use crate::roads::Notes;
use crate::scenario::{Edge, Network, Node, Problem, RoadClass, Scenario, Text};
// A drive is taken to be as much longer than the straight line as a walk.
use crate::walking::DETOUR;

/// Farthest neighbours that are joined, in metres.
const FARTHEST_NEIGHBOURS_M: f64 = 1_500.0;
/// Nearest stops among which neighbours are looked for.
const NEAREST: usize = 12;
/// Most stops: each pair of them is looked at.
const MOST_STOPS: usize = 4_000;
/// A way along a shape longer than this times the straight line, and [`SLACK_M`], is a mistake of the feed or a lap.
const LONGEST_WAY: f64 = 4.0;
const SLACK_M: f64 = 500.0;

/// Latitude and longitude.
type At = (f64, f64);

/// Makes a town of a feed's stops on roads guessed from it; `spec.area` and `spec.stops` are not looked at. Its bus is made by
/// [`crate::gtfs::baseline`](mod@crate::gtfs::baseline). O(stops² log stops).
///
/// # Errors
/// Everything that is wrong with `spec`, or that the feed has too few stops with places, or too many.
pub fn of_feed(feed: &Feed, spec: &Spec) -> Result<Scenario, Vec<Problem>> {
    let places = places(feed);
    if places.len() < 2 {
        return Err(vec![problem(
            "stops.txt",
            "位置（stop_lat、stop_lon）の分かる停留所が2か所以上必要です。".to_owned(),
            "at least two stops with a place (stop_lat, stop_lon) are needed".to_owned(),
        )]);
    }
    if places.len() > MOST_STOPS {
        let count = places.len();
        return Err(vec![problem(
            "stops.txt",
            format!("停留所が {count} か所あります。{MOST_STOPS} か所までの地域に分けたデータにしてください。"),
            format!("{count} stops are too many: give a feed of a region with at most {MOST_STOPS}"),
        )]);
    }
    let spec = Spec { area: None, stops: stops(feed, &places), ..spec.clone() };
    let publisher = feed.info.as_ref().map(|info| format!("{} {}", info.publisher, info.version));
    let source = publisher.or(feed.agencies.first().map(|agency| agency.ja.clone())).unwrap_or_default();
    assembled(network(feed, &places), Ground::Feed { source: source.trim().to_owned() }, &spec)
}

/// Makes a town of a feed's stops on the roads of a map, and counts the stops that are too far from them; `spec.stops` is not looked
/// at. O(stops × nodes).
///
/// # Errors
/// Everything that is wrong with `spec`, or that no two stops are near the roads, with where both lie.
pub fn of_feed_on(feed: &Feed, network: Network, notes: &Notes, spec: &Spec) -> Result<(Scenario, u32), Vec<Problem>> {
    let places = places(feed);
    let all = stops(feed, &places);
    let is_near = |place: &Place| {
        snap(&network, place.lat, place.lng).is_some_and(|Snapped { distance_m, .. }| distance_m <= FARTHEST_M)
    };
    let (near, far): (Vec<Place>, Vec<Place>) = all.into_iter().partition(is_near);
    if near.len() < 2 {
        let stop = far.first().map_or_else(String::new, |place| format!("{:.3}, {:.3}", place.lat, place.lng));
        let road = &network.nodes[0];
        return Err(vec![problem(
            "stops.txt",
            format!(
                "停留所がこの地図の道路の近くにありません（停留所 {stop}、道路 {:.3}, {:.3}）。同じ地域の地図を選んでください。",
                road.lat, road.lng
            ),
            format!(
                "the stops are not near the roads of this map (a stop at {stop}, a road at {:.3}, {:.3}): choose a map of the same place",
                road.lat, road.lng
            ),
        )]);
    }
    let left_out = far.len() as u32;
    Ok((super::scenario(network, notes, &Spec { stops: near, ..spec.clone() })?, left_out))
}

fn stops(feed: &Feed, places: &BTreeMap<usize, (u32, At)>) -> Vec<Place> {
    let place = |(&stop, &(_, (lat, lng))): (&usize, &(u32, At))| {
        let Text { ja, en } = feed.stops[stop].name.clone();
        Place { id: feed.stops[stop].id.clone(), name: ja, name_en: Some(en), lat, lng }
    };
    places.iter().map(place).collect()
}

/// The stops where buses call, or all if none does, as nodes by number.
fn places(feed: &Feed) -> BTreeMap<usize, (u32, At)> {
    let mut called: Vec<usize> = feed.trips.iter().flat_map(|trip| &trip.calls).map(|call| call.stop).collect();
    if called.is_empty() {
        called = (0..feed.stops.len()).filter(|&stop| feed.stops[stop].kind == 0).collect();
    }
    called.sort_unstable();
    called.dedup();
    let placed = called.into_iter().filter_map(|stop| Some((stop, feed.stops[stop].place?)));
    placed.zip(0..).map(|((stop, place), number)| (stop, (number, place))).collect()
}

fn network(feed: &Feed, stops: &BTreeMap<usize, (u32, At)>) -> Network {
    let nodes: Vec<At> = stops.values().map(|&(_, place)| place).collect();
    let apart_m = |a: u32, b: u32| distance_m(nodes[a as usize], nodes[b as usize]);
    let mut edges: BTreeMap<[u32; 2], Edge> = BTreeMap::new();
    let straight = |[from, to]: [u32; 2], class: RoadClass| Edge {
        from,
        to,
        // Two stops on one spot are still two.
        length_m: (apart_m(from, to) * DETOUR).max(1.0),
        class,
        time_s: None,
        one_way: false,
        shape: Vec::new(),
    };
    for trip in &feed.trips {
        let shape = trip.shape.as_ref().and_then(|id| feed.shapes.get(id)).map_or(&[][..], Vec::as_slice);
        let known: Vec<_> = trip.calls.iter().filter_map(|call| Some((stops.get(&call.stop)?, call))).collect();
        let mut at = known.first().and_then(|((_, first), _)| along(shape, 0, *first, 0.0)).unwrap_or(0);
        for pair in known.windows(2) {
            let [(&(from, start), leaves), (&(to, place), comes)] = [pair[0], pair[1]];
            if from == to {
                continue;
            }
            let end = along(shape, at, place, apart_m(from, to));
            let edge = edges.entry(sorted([from, to])).or_insert_with(|| {
                let edge = straight([from, to], RoadClass::Secondary);
                let way = end.map(|end| &shape[at..=end]).unwrap_or_default();
                let length_m = length_m([start, place], way);
                if way.is_empty() || length_m > LONGEST_WAY * apart_m(from, to) + SLACK_M {
                    return edge;
                }
                Edge { length_m: length_m.max(1.0), shape: way.to_vec(), ..edge }
            });
            let given_s = f64::from(comes.arrival_s - leaves.departure_s);
            let usual_s = edge.length_m / (SPEEDS_KMH.secondary / 3.6);
            // Timetables are in minutes: none at all is not a time.
            if given_s > 0.0 && given_s < edge.time_s.unwrap_or(usual_s) {
                edge.time_s = Some(given_s);
            }
            at = end.unwrap_or(at);
        }
    }
    for pair in neighbours(&nodes) {
        edges.entry(pair).or_insert_with(|| straight(pair, RoadClass::Residential));
    }
    let mut edges: Vec<Edge> = edges.into_values().collect();
    while let Some(pair) = gap(&nodes, &edges) {
        edges.push(straight(pair, RoadClass::Secondary));
    }
    let nodes = nodes.iter().map(|&(lat, lng)| Node { lat, lng }).collect();
    Network { nodes, edges, speeds_kmh: SPEEDS_KMH, traffic: None }
}

fn sorted([a, b]: [u32; 2]) -> [u32; 2] {
    [a.min(b), a.max(b)]
}

fn at([lng, lat]: [f64; 2]) -> At {
    (lat, lng)
}

/// The point of a shape nearest to a stop, from a point on and no farther along than a bus drives to it.
fn along(shape: &[[f64; 2]], from: usize, stop: At, apart_m: f64) -> Option<usize> {
    let most_m = LONGEST_WAY * apart_m + SLACK_M;
    let mut driven_m = 0.0;
    let mut nearest: Option<(f64, usize)> = None;
    for index in from..shape.len() {
        driven_m += if index > from { distance_m(at(shape[index - 1]), at(shape[index])) } else { 0.0 };
        if driven_m > most_m {
            break;
        }
        let off_m = distance_m(at(shape[index]), stop);
        if nearest.is_none_or(|(best_m, _)| off_m < best_m) {
            nearest = Some((off_m, index));
        }
    }
    nearest.map(|(_, index)| index)
}

/// From one stop to the other through the points of a way.
fn length_m([from, to]: [At; 2], way: &[[f64; 2]]) -> f64 {
    let points: Vec<At> = [from].into_iter().chain(way.iter().map(|&point| at(point))).chain([to]).collect();
    points.windows(2).map(|ends| distance_m(ends[0], ends[1])).sum()
}

/// Pairs of neighbouring nodes.
fn neighbours(nodes: &[At]) -> Vec<[u32; 2]> {
    let mut pairs = Vec::new();
    for (a, &from) in nodes.iter().enumerate() {
        let mut near: Vec<(f64, usize)> =
            nodes.iter().map(|&to| distance_m(from, to)).zip(0..).filter(|&(_, b)| b != a).collect();
        near.sort_unstable_by(|(a, i), (b, j)| a.total_cmp(b).then(i.cmp(j)));
        near.truncate(NEAREST);
        for (rank, &(m, b)) in near.iter().enumerate().filter(|(_, near)| near.0 <= FARTHEST_NEIGHBOURS_M) {
            // A third stop in the circle is nearer than the other end. By Thales it sees the two at more than a right angle.
            let between = |&(nearer_m, c): &(f64, usize)| {
                let other_m = distance_m(nodes[c], nodes[b]);
                nearer_m * nearer_m + other_m * other_m < m * m
            };
            if !near[..rank].iter().any(between) {
                pairs.push(sorted([a as u32, b as u32]));
            }
        }
    }
    pairs
}

/// The two nearest nodes between which there is no way, one of them reached from the first; none if all are.
fn gap(nodes: &[At], edges: &[Edge]) -> Option<[u32; 2]> {
    let mut ways = vec![Vec::new(); nodes.len()];
    for edge in edges {
        ways[edge.from as usize].push(edge.to);
        ways[edge.to as usize].push(edge.from);
    }
    let mut reached = vec![false; nodes.len()];
    let mut open = vec![0];
    while let Some(node) = open.pop() {
        if !std::mem::replace(&mut reached[node as usize], true) {
            open.extend(&ways[node as usize]);
        }
    }
    let (inside, outside): (Vec<usize>, Vec<usize>) = (0..nodes.len()).partition(|&node| reached[node]);
    let pairs = outside.iter().flat_map(|&b| inside.iter().map(move |&a| [a, b]));
    let nearest = pairs.map(|[a, b]| (distance_m(nodes[a], nodes[b]), [a as u32, b as u32]));
    nearest.min_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, pair)| pair)
}

#[cfg(test)]
mod tests;
