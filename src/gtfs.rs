//! Stops, timetables and fares as bus companies publish them: GTFS, with what Japan (GTFS-JP) and on-demand services
//! (GTFS-Flex) add to it.
//!
//! [`read`] makes a [`Feed`] of a zip archive. Nothing that is wrong with a feed ends the reading while something useful is left:
//! it becomes a [`Warning`] with file and line. [`baseline`](mod@baseline) makes the bus of a scenario of it, [`flex`] the hours
//! and meeting points of an on-demand service, and [`export`] writes a scenario's service as GTFS-Flex.
//!
//! Source: the General Transit Feed Specification, <https://gtfs.org/documentation/schedule/reference/>, and the standard bus
//! information format of the Japanese ministry of transport (GTFS-JP). Fares of the second version are named and not read.

mod archive;
pub mod baseline;
mod calendar;
pub mod export;
mod file;
pub mod flex;
mod names;
mod read;
mod snap;
mod stop_times;
mod summary;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use archive::Files;
pub use calendar::{Service, ServiceDay};
pub use flex::Flex;
pub use summary::{FlexSummary, RouteSummary, StopSummary, Summary};

use crate::scenario::Text;

/// Something wrong with a feed, and what was done about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Warning {
    /// File of the archive.
    pub file: String,
    /// Line of the file, from 1; also 1 for what concerns all of it.
    pub line: u32,
    /// Name of the column, if it is one field's problem.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub column: Option<String>,
    /// What is wrong, and what was done.
    pub message: Text,
}

/// A feed. References are indices into its lists, and hold.
#[derive(Debug, Clone, Default)]
pub struct Feed {
    /// Names of the companies.
    pub agencies: Vec<Text>,
    /// Stops, their platforms and stations.
    pub stops: Vec<Stop>,
    /// Routes.
    pub routes: Vec<Route>,
    /// Days of service.
    pub services: Vec<Service>,
    /// Trips with a timetable of two calls or more; those of `frequencies.txt` one by one.
    pub trips: Vec<Trip>,
    /// Fares of the first version.
    pub fares: Vec<Fare>,
    /// Ways by id, points as `[lng, lat]`.
    pub shapes: BTreeMap<String, Vec<[f64; 2]>>,
    /// On-demand service.
    pub flex: Flex,
    /// Who publishes the feed, and its version.
    pub info: Option<Info>,
    /// What is wrong with it.
    pub warnings: Vec<Warning>,
}

impl Feed {
    /// The same with latitude and longitude of stops and ways swapped, for a feed that has them the wrong way round.
    pub fn swapped(mut self) -> Feed {
        for (lat, lng) in self.stops.iter_mut().filter_map(|stop| stop.place.as_mut()) {
            std::mem::swap(lat, lng);
        }
        self.shapes.values_mut().flatten().for_each(|point| point.reverse());
        self
    }
}

/// A place of `stops.txt`.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// Unique id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// The name in kana.
    pub reading: Option<String>,
    /// Latitude and longitude in degrees; of its station if it has none.
    pub place: Option<(f64, f64)>,
    /// Fare zone; empty if it has none.
    pub zone: String,
    /// Its station.
    pub parent: Option<usize>,
    /// Platform, as signs say it.
    pub platform: Option<String>,
    /// `location_type`: 0 a stop or platform, 1 a station, 2 an entrance, 3 a node, 4 a boarding area.
    pub kind: u32,
}

/// A route.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Unique id.
    pub id: String,
    /// The long name, else the short one, else the id.
    pub name: Text,
    /// Number or the like; may be empty.
    pub short_name: String,
    /// `route_type`, 3 for a bus.
    pub kind: u32,
}

/// A trip of a vehicle with its timetable.
#[derive(Debug, Clone, PartialEq)]
pub struct Trip {
    /// Unique id; of `frequencies.txt` followed by `@` and the departure.
    pub id: String,
    /// Its route.
    pub route: usize,
    /// The days on which it runs.
    pub service: usize,
    /// Where it goes, as its sign says; the last stop's name if the feed says nothing.
    pub headsign: Text,
    /// `direction_id`.
    pub direction: Option<u32>,
    /// Trips of one vehicle have one block.
    pub block: Option<String>,
    /// Its way.
    pub shape: Option<String>,
    /// Two calls or more in order; no time is earlier than the one before.
    pub calls: Vec<Call>,
}

/// A trip's call at a stop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Call {
    /// The stop.
    pub stop: usize,
    /// Arrival in seconds after midnight of the service day; goes on past 24 hours.
    pub arrival_s: i32,
    /// Departure.
    pub departure_s: i32,
    /// Riders get on.
    pub pickup: bool,
    /// Riders get off.
    pub drop_off: bool,
    /// Only for riders who have called the operator, or tell the driver.
    pub on_request: bool,
}

/// An entry of `fare_attributes.txt` with its rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Fare {
    /// Unique id.
    pub id: String,
    /// Price in its currency.
    pub price: f64,
    /// `JPY`.
    pub currency: String,
    /// Where it counts; everywhere if there is none.
    pub rules: Vec<FareRule>,
}

/// Where a fare counts; a field that is absent says nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct FareRule {
    /// The route.
    pub route: Option<usize>,
    /// Zone where a ride begins.
    pub origin: String,
    /// Zone where it ends.
    pub destination: String,
}

/// `feed_info.txt`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Info {
    /// Who publishes the feed.
    pub publisher: String,
    /// Its version.
    pub version: String,
}

/// Reads a feed from the bytes of its zip archive; any bytes may come. The error says why nothing is left.
pub fn read(archive: &[u8]) -> Result<Feed, Text> {
    read_files(&archive::expand(archive, &read::FILES)?)
}

/// The same from files that are expanded already.
pub fn read_files(files: &Files) -> Result<Feed, Text> {
    read::feed(files)
}
