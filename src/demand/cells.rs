//! Demand on a hexagon grid: which rides begin or end where, counted in cells of H3 (Uber 2018, <https://h3geo.org>).
//!
//! A picture and not part of the log: the cells' corners come from trigonometric functions whose last bits may differ
//! between targets, which nobody can see. Coordinates are in degrees, `[lng, lat]`.

use std::collections::BTreeMap;

use h3o::{CellIndex, LatLng, Resolution};
use serde::{Deserialize, Serialize};

use crate::playback::Ride;
use crate::units::StopId;

/// Which rides to count, and how finely.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(deny_unknown_fields)]
pub struct CellQuery {
    /// Which end of the rides.
    pub end: RideEnd,
    /// Pick-ups asked for from this time on, in seconds from midnight.
    pub from_s: f64,
    /// Pick-ups asked for before this time.
    pub to_s: f64,
    /// H3 resolution, 0 to 15; a cell of 8 is some 900 m wide, of 9 some 350 m.
    pub resolution: u8,
}

/// An end of a ride.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum RideEnd {
    /// Where it begins.
    Origin,
    /// Where it ends.
    Destination,
}

/// The cells in which anything was asked for, in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Cells {
    /// The cells.
    pub cells: Vec<Cell>,
}

/// One hexagon (or, rarely on Earth, pentagon) and the requests in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Cell {
    /// H3 index, hexadecimal.
    pub id: String,
    /// Corners, the first repeated at the end, counterclockwise.
    pub ring: Vec<[f64; 2]>,
    /// Centre.
    pub center: [f64; 2],
    /// Requests, served or refused.
    pub trips: u32,
    /// Requests that were served.
    pub served: u32,
    /// Requests that were not.
    pub refused: u32,
    /// Ids of the requests.
    pub requests: Vec<u32>,
}

/// Counts rides by cell. `position` gives a stop's latitude and longitude; places that are none, and resolutions that do
/// not exist, count nothing.
pub fn cells(query: CellQuery, rides: &[Ride], position: impl Fn(StopId) -> (f64, f64)) -> Cells {
    let Ok(resolution) = Resolution::try_from(query.resolution) else { return Cells::default() };
    let mut by_cell: BTreeMap<CellIndex, Vec<&Ride>> = BTreeMap::new();
    for ride in rides.iter().filter(|ride| (query.from_s..query.to_s).contains(&ride.earliest_s)) {
        let stop = match query.end {
            RideEnd::Origin => ride.origin,
            RideEnd::Destination => ride.destination,
        };
        let (lat, lng) = position(StopId(stop));
        if let Ok(place) = LatLng::new(lat, lng) {
            by_cell.entry(place.to_cell(resolution)).or_default().push(ride);
        }
    }
    Cells { cells: by_cell.into_iter().map(|(index, rides)| cell(index, &rides)).collect() }
}

fn cell(index: CellIndex, rides: &[&Ride]) -> Cell {
    let point = |place: LatLng| [place.lng(), place.lat()];
    let mut ring: Vec<[f64; 2]> = index.boundary().iter().copied().map(point).collect();
    ring.extend(ring.first().copied());
    let served = rides.iter().filter(|ride| ride.served).count() as u32;
    Cell {
        id: index.to_string(),
        ring,
        center: point(index.into()),
        trips: rides.len() as u32,
        served,
        refused: rides.len() as u32 - served,
        requests: rides.iter().map(|ride| ride.request).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Limit;

    fn ride(request: u32, earliest_s: f64, origin: u32, served: bool) -> Ride {
        Ride {
            request,
            known_s: earliest_s,
            earliest_s,
            origin,
            destination: 1 - origin,
            board: None,
            alight: None,
            walk_to_s: 0.0,
            walk_from_s: 0.0,
            passengers: 1,
            wheelchairs: 0,
            parcels: 0,
            direct_s: 100.0,
            served,
            vehicle: None,
            pickup_s: None,
            dropoff_s: None,
            promised_from_s: None,
            promised_until_s: None,
            shared: false,
            limit: (!served).then_some(Limit::Wait),
            nearest: None,
            missed_by: None,
        }
    }

    /// Stop 0 is in San Francisco, the place of the examples of H3's documentation; stop 1 in Namie.
    fn position(stop: StopId) -> (f64, f64) {
        [(37.7752702151959, -122.418307270836), (37.4939, 140.9914)][stop.index()]
    }

    #[test]
    fn counts_what_began_in_the_cell_in_time() {
        let rides =
            [ride(0, 100.0, 0, true), ride(1, 199.0, 0, false), ride(2, 200.0, 0, true), ride(3, 150.0, 1, true)];
        let query = CellQuery { end: RideEnd::Origin, from_s: 100.0, to_s: 200.0, resolution: 9 };
        let cells = cells(query, &rides, position).cells;
        // The cell that H3's documentation gives for this place at resolution 9.
        let cell = cells.iter().find(|cell| cell.id == "8928308280fffff").expect("San Francisco");
        assert_eq!((cell.trips, cell.served, cell.refused, &*cell.requests), (2, 1, 1, &[0, 1][..]));
        assert_eq!((cell.ring.len(), cell.ring[0]), (7, cell.ring[6]));
        assert!((cell.center[0] + 122.4183).abs() < 0.005 && (cell.center[1] - 37.7752).abs() < 0.005, "{cell:?}");
        assert_eq!(cells.iter().map(|cell| cell.trips).sum::<u32>(), 3);
        assert!(cells.is_sorted_by_key(|cell| &cell.id));
    }

    #[test]
    fn counts_where_rides_end() {
        let query = CellQuery { end: RideEnd::Destination, from_s: 0.0, to_s: 1e9, resolution: 8 };
        let cells = cells(query, &[ride(0, 0.0, 0, true), ride(1, 0.0, 0, true)], position).cells;
        assert_eq!(cells.len(), 1);
        assert!((cells[0].center[0] - 140.99).abs() < 0.01, "{cells:?}");
    }

    #[test]
    fn counts_nothing_where_there_is_no_grid_or_no_place() {
        let query = CellQuery { end: RideEnd::Origin, from_s: 0.0, to_s: 1e9, resolution: 16 };
        assert_eq!(cells(query, &[ride(0, 0.0, 0, true)], position), Cells::default());
        let query = CellQuery { resolution: 8, ..query };
        assert_eq!(cells(query, &[ride(0, 0.0, 0, true)], |_| (f64::NAN, 0.0)), Cells::default());
    }
}
