//! What OpenStreetMap's tags mean to a public service van, after the wiki's pages of each key.

use crate::roads::graph::Road;
use crate::scenario::RoadClass;

/// Mean driving speed where a limit is known, as a share of it: `speed_reduction` of OSRM's profile for cars.
pub(crate) const SHARE_OF_LIMIT: f64 = 0.8;

/// Who may pass if this is said of a road, and vans may not. Riders are picked up where they live and shop: `destination`,
/// `customers`, `residents` and `permissive` are open to them.
const CLOSED: [&str; 8] =
    ["no", "private", "agricultural", "forestry", "agricultural;forestry", "delivery", "emergency", "military"];

/// Parts of a car park or a house's own drive: stops are on the street before them.
const YARDS: [&str; 4] = ["driveway", "parking_aisle", "drive-through", "emergency_access"];

/// Kilometres in a mile and in a sea mile.
const MILE_KM: f64 = 1.609_344;
const SEA_MILE_KM: f64 = 1.852;

/// What a way is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::roads) enum Way {
    /// A road that vans may drive on; `turned`: one-way against the order of its points.
    Road { road: Road, turned: bool },
    /// A road that they may not, or have no reason to.
    Closed,
    /// A road whose direction changes with the hour.
    Reversible,
    /// A square.
    Area,
    /// A ferry.
    Ferry,
    /// No road at all.
    Other,
}

/// What a way with these tags is.
pub(in crate::roads) fn way<'t>(tag: impl Fn(&str) -> Option<&'t str>) -> Way {
    let Some(highway) = tag("highway") else {
        return if tag("route") == Some("ferry") { Way::Ferry } else { Way::Other };
    };
    let Some((class, open)) = class(highway) else { return Way::Other };
    if tag("area") == Some("yes") {
        return Way::Area;
    }
    if !may_pass(&tag, open) || tag("service").is_some_and(|service| YARDS.contains(&service)) {
        return Way::Closed;
    }
    let Some(direction) = direction(&tag, highway) else { return Way::Reversible };
    // Slower than a walk is a slip of the keyboard.
    let limit = limit_kmh(&tag, direction).filter(|limit| (5.0..=200.0).contains(limit));
    let road = Road {
        class,
        one_way: direction != Direction::Both,
        speed_kmh: limit.map(|limit| (limit * SHARE_OF_LIMIT).max(5.0)),
    };
    Way::Road { road, turned: direction == Direction::Backward }
}

/// The class of a value of `highway`, and whether it is open to cars if nothing is said.
fn class(highway: &str) -> Option<(RoadClass, bool)> {
    Some(match highway {
        "motorway" | "motorway_link" => (RoadClass::Motorway, true),
        "trunk" | "trunk_link" => (RoadClass::Trunk, true),
        "primary" | "primary_link" => (RoadClass::Primary, true),
        "secondary" | "secondary_link" | "tertiary" | "tertiary_link" => (RoadClass::Secondary, true),
        "unclassified" | "residential" | "road" => (RoadClass::Residential, true),
        "service" | "living_street" => (RoadClass::Service, true),
        "busway" | "pedestrian" | "track" => (RoadClass::Service, false),
        _ => return None,
    })
}

/// The most special of the keys of access that apply counts (`motorcar` before `motor_vehicle` before `vehicle` before `access`);
/// what is open to buses is open to these vans. Roads for others need to be opened for motor vehicles by name.
fn may_pass<'t>(tag: &impl Fn(&str) -> Option<&'t str>, open: bool) -> bool {
    let says = |key: &str| tag(key).map(|value| !CLOSED.contains(&value));
    if says("psv") == Some(true) || says("bus") == Some(true) {
        return true;
    }
    let by_name = says("motorcar").or_else(|| says("motor_vehicle"));
    if open {
        by_name.or_else(|| says("vehicle")).or_else(|| says("access")).unwrap_or(true)
    } else {
        by_name == Some(true)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Direction {
    Both,
    Forward,
    Backward,
}

/// `None` where it changes with the hour.
fn direction<'t>(tag: &impl Fn(&str) -> Option<&'t str>, highway: &str) -> Option<Direction> {
    if [tag("oneway:psv"), tag("oneway:bus")].contains(&Some("no")) {
        return Some(Direction::Both);
    }
    let implied = highway == "motorway" || matches!(tag("junction"), Some("roundabout" | "circular"));
    match tag("oneway") {
        Some("yes" | "true" | "1") => Some(Direction::Forward),
        Some("-1" | "reverse") => Some(Direction::Backward),
        Some("reversible") => None,
        None if implied => Some(Direction::Forward),
        // At `alternating` a signal lets one side go after the other.
        _ => Some(Direction::Both),
    }
}

/// The speed limit in the directions that may be driven; the lower one where they differ.
fn limit_kmh<'t>(tag: &impl Fn(&str) -> Option<&'t str>, direction: Direction) -> Option<f64> {
    let keys = match direction {
        Direction::Both => &["maxspeed:forward", "maxspeed:backward"][..],
        Direction::Forward => &["maxspeed:forward"],
        Direction::Backward => &["maxspeed:backward"],
    };
    let read = |key: &str| tag(key).and_then(speed_kmh);
    let by_direction = keys.iter().filter_map(|key| read(key)).reduce(f64::min);
    by_direction.or_else(|| read("maxspeed")).or_else(|| read("maxspeed:type"))
}

/// A value of `maxspeed` in km/h; `None` where there is no limit (`none`), it changes (`signals`, `variable`), or it is not known.
fn speed_kmh(value: &str) -> Option<f64> {
    let value = value.trim();
    if let Some((country, place)) = value.split_once(':') {
        return statutory_kmh(country, place);
    }
    if value == "walk" {
        return Some(7.0);
    }
    let digits = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    let (number, unit) = value.split_at(digits);
    let number: f64 = number.parse().ok()?;
    match unit.trim() {
        "" | "km/h" | "kmh" | "kph" => Some(number),
        "mph" => Some(number * MILE_KM),
        "knots" => Some(number * SEA_MILE_KM),
        _ => None,
    }
}

/// Limits by law, as in `JP:urban` or `DE:zone:30`: those of Japan and of some countries that differ from most of Europe, after the
/// wiki's "Default speed limits".
fn statutory_kmh(country: &str, place: &str) -> Option<f64> {
    match (country, place) {
        ("JP", "urban" | "rural" | "nsl") => Some(60.0),
        ("JP", "motorway") => Some(100.0),
        ("GB" | "UK", "urban") => Some(30.0 * MILE_KM),
        ("GB" | "UK", "rural" | "nsl_single") => Some(60.0 * MILE_KM),
        ("GB" | "UK", "motorway" | "nsl_dual") => Some(70.0 * MILE_KM),
        ("DE" | "AT", "living_street") => Some(7.0),
        ("DE" | "AT", "rural") => Some(100.0),
        ("DE", "motorway") => None,
        ("DK" | "FI" | "FR" | "NL" | "NO", "rural") => Some(80.0),
        (_, "living_street") => Some(20.0),
        (_, "urban") => Some(50.0),
        (_, "rural") => Some(90.0),
        (_, "motorway") => Some(130.0),
        (_, zone) => zone.strip_prefix("zone").unwrap_or(zone).trim_start_matches(':').parse().ok(),
    }
}

#[cfg(test)]
mod tests;
