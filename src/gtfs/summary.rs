//! What a feed holds, for people and pages.

use serde::{Deserialize, Serialize};
use time::Date;

use super::{Feed, Info, ServiceDay, Warning};
use crate::scenario::Text;

/// What a feed holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Summary {
    /// Companies.
    pub agencies: Vec<Text>,
    /// Publisher and version, if the feed names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub info: Option<Info>,
    /// Stops and platforms; stations, entrances and the like are not among them.
    pub stops: Vec<StopSummary>,
    /// Stations.
    pub stations: u32,
    /// Routes in the feed's order.
    pub routes: Vec<RouteSummary>,
    /// The date that trips are counted on, `YYYY-MM-DD`; none if no trip runs on any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub date: Option<String>,
    /// Trips on it.
    pub trips: u32,
    /// All dates with service, in order.
    pub service_dates: Vec<ServiceDay>,
    /// Why no trip runs on the date, and which date to choose instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub no_service: Option<Text>,
    /// On-demand services.
    pub flex: Vec<FlexSummary>,
    /// What is wrong with the feed.
    pub warnings: Vec<Warning>,
}

/// A stop or platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct StopSummary {
    /// Unique id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// The name in kana.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub reading: Option<String>,
    /// Platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub platform: Option<String>,
    /// Longitude and latitude in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub place: Option<[f64; 2]>,
}

/// A route and its service on the date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct RouteSummary {
    /// Unique id.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Trips on the date.
    pub trips: u32,
}

/// An on-demand service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FlexSummary {
    /// Id of its trip.
    pub trip: String,
    /// Name of its route.
    pub name: Text,
    /// Names of its zones.
    pub zones: Vec<Text>,
}

impl Feed {
    /// What the feed holds; trips are counted on a date or, if none is given, on the first of the days with the most of them.
    pub fn summary(&self, date: Option<Date>) -> Summary {
        let dates = self.service_dates(&[]);
        let busiest = dates.iter().rev().max_by_key(|(_, trips)| **trips).map(|(date, _)| *date);
        let on = date.or(busiest);
        let mut trips = vec![0; self.routes.len()];
        for trip in self.trips.iter().filter(|trip| on.is_some_and(|date| self.services[trip.service].runs(date))) {
            trips[trip.route] += 1;
        }
        let routes = self.routes.iter().zip(&trips);
        let stops = self.stops.iter().filter(|stop| stop.kind == 0);
        let flex = self.flex.trips.iter().map(|trip| {
            let mut zones: Vec<usize> = trip.windows.iter().map(|window| window.zone).collect();
            zones.dedup();
            FlexSummary {
                trip: trip.id.clone(),
                name: self.routes[trip.route].name.clone(),
                zones: zones.into_iter().map(|zone| self.flex.zones[zone].name.clone()).collect(),
            }
        });
        Summary {
            agencies: self.agencies.clone(),
            info: self.info.clone(),
            stops: stops
                .map(|stop| StopSummary {
                    id: stop.id.clone(),
                    name: stop.name.clone(),
                    reading: stop.reading.clone(),
                    platform: stop.platform.clone(),
                    place: stop.place.map(|(lat, lng)| [lng, lat]),
                })
                .collect(),
            stations: self.stops.iter().filter(|stop| stop.kind == 1).count() as u32,
            routes: routes
                .map(|(route, &trips)| RouteSummary { id: route.id.clone(), name: route.name.clone(), trips })
                .collect(),
            date: on.map(|date| date.to_string()),
            trips: trips.iter().sum(),
            service_dates: dates.iter().map(|(date, &trips)| ServiceDay { date: date.to_string(), trips }).collect(),
            no_service: on
                .filter(|date| !dates.contains_key(date) && !self.trips.is_empty())
                .map(|date| self.no_service(&[], date)),
            flex: flex.collect(),
            warnings: self.warnings.clone(),
        }
    }
}
