//! Where a row's trip begins and ends: stops by id or name, and places taken to the nearest stop.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::scenario::Scenario;
use crate::table::narrow;
use crate::walking::{FARTHEST_M, Nearest};

/// A place that is in the region may be this far from any stop, in degrees; it tells latitude and longitude apart.
const REGION_DEG: f64 = 1.0;

/// A place of the file that is too far from any stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct OutsidePlace {
    /// Line of the file on which its row begins.
    pub line: u32,
    /// `origin` or `destination`.
    pub column: String,
    /// Latitude, degrees, as it was read.
    pub lat: f64,
    /// Longitude, degrees.
    pub lng: f64,
    /// Metres to the nearest stop as the crow flies; absent where this is no place on Earth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub distance_m: Option<f64>,
    /// Id of that stop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub stop: Option<String>,
    /// Whether it lies in the region of the stops once latitude and longitude are swapped.
    pub swapped: bool,
}

/// What became of a place.
pub(super) enum Found {
    /// The number of its stop.
    Near(usize),
    /// Too far, or nowhere.
    Far { nearest: Option<(usize, f64)>, swapped: bool },
}

/// Stops by id, by name and by place.
pub(super) struct Stops<'a> {
    by_id: HashMap<&'a str, usize>,
    /// Names that one stop has.
    by_name: HashMap<&'a str, Option<usize>>,
    pub(super) ids: Vec<&'a str>,
    places: Vec<(f64, f64)>,
    nearest: Nearest,
    /// South, west, north, east.
    region: [f64; 4],
}

impl<'a> Stops<'a> {
    pub(super) fn new(scenario: &'a Scenario) -> Stops<'a> {
        let ids: Vec<&str> = scenario.stops.iter().map(|stop| &*stop.id).collect();
        let place =
            |node: u32| scenario.network.nodes.get(node as usize).map_or((0.0, 0.0), |node| (node.lat, node.lng));
        let places: Vec<(f64, f64)> = scenario.stops.iter().map(|stop| place(stop.node)).collect();
        let mut by_name: HashMap<&str, Option<usize>> = HashMap::new();
        for (index, stop) in scenario.stops.iter().enumerate() {
            for name in [&stop.name.ja, &stop.name.en] {
                let known = by_name.entry(name.trim()).or_insert(Some(index));
                *known = known.filter(|&other| other == index);
            }
        }
        let around = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        let region = places.iter().fold(around, |[south, west, north, east], &(lat, lng)| {
            [south.min(lat), west.min(lng), north.max(lat), east.max(lng)]
        });
        Stops {
            by_id: ids.iter().enumerate().map(|(index, id)| (*id, index)).collect(),
            by_name,
            nearest: Nearest::new(places.iter().copied()),
            places,
            ids,
            region,
        }
    }

    /// The stop of this id, or the one of this name; full-width letters may stand for narrow ones.
    pub(super) fn named(&self, value: &str) -> Option<usize> {
        let value = value.trim();
        let id = self.by_id.get(value).or_else(|| self.by_id.get(&*narrow(value))).copied();
        id.or_else(|| self.by_name.get(value).copied().flatten())
    }

    /// Where a stop is.
    pub(super) fn place(&self, stop: usize) -> (f64, f64) {
        self.places[stop]
    }

    /// Whether a place is nowhere near, but is once latitude and longitude change places. O(1).
    pub(super) fn is_swapped(&self, lat: f64, lng: f64) -> bool {
        let [south, west, north, east] = self.region;
        let within = |lat: f64, lng: f64| {
            (south - REGION_DEG..=north + REGION_DEG).contains(&lat)
                && (west - REGION_DEG..=east + REGION_DEG).contains(&lng)
        };
        !within(lat, lng) && within(lng, lat)
    }

    /// The stop that a place is taken to.
    pub(super) fn near(&self, lat: f64, lng: f64) -> Found {
        let on_earth = lat.abs() <= 90.0 && lng.abs() <= 180.0;
        let nearest = if on_earth { self.nearest.of((lat, lng)) } else { None };
        match nearest {
            Some((stop, distance_m)) if distance_m <= FARTHEST_M => Found::Near(stop),
            _ => Found::Far { nearest, swapped: self.is_swapped(lat, lng) },
        }
    }
}
