//! A town that can be lived in, from nothing but its roads: stops along them, a depot in their middle, vans, hours, fares and
//! demand. What is not read from a map is a usual value, and stands among the scenario's `assumptions`.

mod assumptions;
mod feed;
pub mod matrix;
pub mod own;
mod stops;

use serde::{Deserialize, Serialize};

use crate::roads::Notes;
use crate::scenario::{
    Ageing, Battery, Category, CategoryProfile, Charger, ChargingPolicy, Climate, Clock, Day, Demand, Depot, Drawing,
    Dwell, Fares, Fleet, Generator, Hours, Losses, MatchingPolicy, Network, Objective, Policies, Problem,
    RebalancingPolicy, RideLimit, Scenario, Service, Speeds, Stop, Taper, Text, VERSION, Vehicle, Weekday, Zone,
    tables,
};
use crate::units::Time;
use crate::walking::Nearest;

pub use feed::{of_feed, of_feed_on};
pub use stops::{Snapped, snap};

/// Mean driving speeds where a road says nothing of its own, those of the built-in Namie.
pub const SPEEDS_KMH: Speeds =
    Speeds { motorway: 80.0, trunk: 45.0, primary: 40.0, secondary: 32.0, residential: 22.0, service: 15.0 };

/// Most stops: the demand generator weighs each pair of them, 8 bytes each.
const MOST_STOPS: usize = 4_000;
/// Most pairs of stop and node, for each of which a driving time, a length and the time back are kept: 12 bytes each.
const MOST_PAIRS: usize = 60_000_000;
/// A place farther from any road is not in the town.
const FARTHEST_M: f64 = 500.0;

/// First and last hour of the service.
const HOURS: [i32; 2] = [7, 21];

/// What town to make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Spec {
    /// Name of the town; empty: that of the file.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub name: String,
    /// Only roads within it: west, south, east, north in degrees.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub area: Option<[f64; 4]>,
    /// Every point of the roads has a stop within about so many metres as the crow flies, and no two stops are nearer.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub stops_every_m: f64,
    /// Stops of one's own instead, each moved to the nearest node.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub stops: Vec<Place>,
    /// Where the depot is, moved to the nearest node; absent: in the middle of the stops.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub depot: Option<Place>,
    /// Number of vans.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub vehicles: u32,
    /// Requests a day.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub requests: u32,
    /// Seed of the day.
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub seed: u64,
}

/// A place with a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Place {
    /// Short unique id, as used in files of trips; empty: its number, from 1 on.
    #[serde(default)]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub id: String,
    /// Name.
    pub name: String,
    /// Name in English, if it has another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub name_en: Option<String>,
    /// Latitude in degrees.
    pub lat: f64,
    /// Longitude in degrees.
    pub lng: f64,
}

impl Default for Spec {
    fn default() -> Spec {
        Spec {
            name: String::new(),
            area: None,
            stops_every_m: 300.0,
            stops: Vec::new(),
            depot: None,
            vehicles: 10,
            requests: 300,
            seed: 1,
        }
    }
}

impl Spec {
    /// Everything that is wrong; paths are names of fields. What a scenario's own check finds is left to it.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut within = |path: &str, value: f64, least: f64, most: f64| {
            if !(least..=most).contains(&value) {
                problems.push(problem(
                    path,
                    format!("{value}: {least} 以上 {most} 以下にしてください。"),
                    format!("{value} is not possible; give a number from {least} to {most}"),
                ));
            }
        };
        within("stops_every_m", self.stops_every_m, 50.0, 5_000.0);
        within("vehicles", f64::from(self.vehicles), 1.0, 2_000.0);
        within("requests", f64::from(self.requests), 1.0, 100_000.0);
        if let Some([west, south, east, north]) = self.area
            && !(west < east && south < north)
        {
            problems.push(problem(
                "area",
                "西、南、東、北の順に、西 < 東、南 < 北 となるように書いてください。".to_owned(),
                "give west, south, east, north, the west below the east and the south below the north".to_owned(),
            ));
        }
        problems
    }
}

fn problem(path: &str, ja: String, en: String) -> Problem {
    Problem { path: path.to_owned(), message: Text { ja, en } }
}

/// Where roads are from.
enum Ground<'n> {
    /// A map; what became of its roads.
    Map(&'n Notes),
    /// A feed of timetables, and who publishes it.
    Feed { source: String },
    /// Driving times between stops; what was found in them.
    Matrix(matrix::Notes),
}

/// Makes a town on the roads of a network; `notes` say what became of the rest of them.
///
/// # Errors
/// Everything that is wrong with `spec`, or with the town that it makes.
pub fn scenario(network: Network, notes: &Notes, spec: &Spec) -> Result<Scenario, Vec<Problem>> {
    assembled(network, Ground::Map(notes), spec)
}

fn assembled(mut network: Network, ground: Ground, spec: &Spec) -> Result<Scenario, Vec<Problem>> {
    let problems = spec.problems();
    if !problems.is_empty() {
        return Err(problems);
    }
    let stops = stops(&mut network, spec)?;
    let depot = match &spec.depot {
        Some(depot) => moved(&network, "depot", depot)?,
        None => {
            let middle = stops::middle(&network, stops.iter().map(|stop| stop.node));
            snap(&network, middle.0, middle.1).map_or(stops[0].node, |snapped| snapped.node)
        }
    };
    if stops.len() * network.nodes.len() > MOST_PAIRS {
        let (nodes, count) = (network.nodes.len(), stops.len());
        return Err(vec![problem(
            "area",
            format!(
                "節点 {nodes} 個と停留所 {count} か所では所要時間の表が大きすぎます（積は {MOST_PAIRS} まで）。範囲を狭めるか、停留所の間隔を広げてください。"
            ),
            format!(
                "{nodes} nodes and {count} stops make too large a table of driving times (their product may be {MOST_PAIRS}): give a smaller area or stops farther apart"
            ),
        )]);
    }
    checked(furnished(network, stops, depot, &ground, spec))
}

/// Makes a town of the driving times between its places: the nodes are its stops, then its depot if that is a place of its own.
///
/// # Errors
/// Everything that is wrong with `spec`, or with the town that it makes.
pub fn of_matrix(matrix: matrix::Matrix, spec: &Spec) -> Result<Scenario, Vec<Problem>> {
    let problems = spec.problems();
    if !problems.is_empty() {
        return Err(problems);
    }
    let matrix::Matrix { network, notes } = matrix;
    let stops: Vec<Stop> = (1..).zip(&spec.stops).map(|(number, place)| stop(place, number, number - 1)).collect();
    let depot = match spec.depot {
        Some(_) => stops.len() as u32,
        None => {
            let middle = stops::middle(&network, stops.iter().map(|stop| stop.node));
            let nearest = Nearest::new(network.nodes.iter().map(|node| (node.lat, node.lng))).of(middle);
            nearest.map_or(0, |(node, _)| node as u32)
        }
    };
    checked(furnished(network, stops, depot, &Ground::Matrix(notes), spec))
}

fn checked(scenario: Scenario) -> Result<Scenario, Vec<Problem>> {
    let problems = scenario.problems();
    if problems.is_empty() { Ok(scenario) } else { Err(problems) }
}

/// A stop of one's own, the so-and-so-many from 1 on, at a node.
fn stop(place: &Place, number: u32, node: u32) -> Stop {
    Stop {
        id: if place.id.is_empty() { number.to_string() } else { place.id.clone() },
        name: Text::new(&place.name, place.name_en.as_ref().unwrap_or(&place.name)),
        node,
        zone: "all".to_owned(),
        category: Category::Home,
        weight: 1.0,
        is_virtual: false,
        elderly_share: None,
    }
}

/// The stops: one's own, or placed along the roads.
fn stops(network: &mut Network, spec: &Spec) -> Result<Vec<Stop>, Vec<Problem>> {
    let mut all = Vec::new();
    let mut problems = Vec::new();
    for ((i, place), number) in spec.stops.iter().enumerate().zip(1..) {
        match moved(network, &format!("stops[{i}]"), place) {
            Ok(node) => all.push(stop(place, number, node)),
            Err(wrong) => problems.extend(wrong),
        }
    }
    if spec.stops.is_empty() {
        let placed = stops::place(network, spec.stops_every_m, MOST_STOPS);
        let placed = placed.into_iter().zip(1..).map(|(node, number)| Stop {
            id: number.to_string(),
            name: Text::new(format!("停留所{number}"), format!("Stop {number}")),
            node,
            zone: "all".to_owned(),
            category: Category::Home,
            weight: 1.0,
            is_virtual: true,
            elderly_share: None,
        });
        all = placed.collect();
    }
    if all.len() > MOST_STOPS {
        problems.push(problem(
            if spec.stops.is_empty() { "stops_every_m" } else { "stops" },
            format!("停留所が {MOST_STOPS} か所を超えます。間隔を広げるか、範囲（area）を狭めてください。"),
            format!("there would be more than {MOST_STOPS} stops: put them farther apart, or give a smaller area"),
        ));
    }
    if all.is_empty() && problems.is_empty() {
        problems.push(problem(
            "area",
            "車が停まれる道路がありません（自動車専用道路や国道だけです）。町の道路を含む範囲にしてください。".to_owned(),
            "there is no road on which vans may stop, only motorways and trunk roads: give an area with a town's streets".to_owned(),
        ));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let nodes: Vec<u32> = all.iter().map(|stop| stop.node).collect();
    for (stop, weight) in all.iter_mut().zip(stops::weights(network, &nodes, spec.stops_every_m)) {
        stop.weight = weight;
    }
    Ok(all)
}

/// The node nearest to a place.
fn moved(network: &Network, path: &str, place: &Place) -> Result<u32, Vec<Problem>> {
    let far = |metres: f64| {
        let km = metres / 1e3;
        vec![problem(
            path,
            format!(
                "「{}」は最も近い道路の節点まで {km:.1} km あります。町の中の座標（度）か確かめてください。",
                place.name
            ),
            format!(
                "\"{}\" is {km:.1} km from the nearest node of the roads: look at its coordinates (degrees)",
                place.name
            ),
        )]
    };
    match snap(network, place.lat, place.lng) {
        Some(Snapped { node, distance_m }) if distance_m <= FARTHEST_M => Ok(node),
        Some(Snapped { distance_m, .. }) => Err(far(distance_m)),
        None => Err(far(f64::INFINITY)),
    }
}

/// The town, with usual values for everything that roads do not tell.
fn furnished(network: Network, stops: Vec<Stop>, depot: u32, ground: &Ground, spec: &Spec) -> Scenario {
    let clock = |hour: i32| Clock(Time(hour * Time::HOUR.0));
    let all_day = vec![1.0; 24];
    Scenario {
        version: VERSION,
        name: Text::new(&spec.name, &spec.name),
        about: assumptions::about(ground),
        assumptions: assumptions::assumptions(ground, spec, stops.len()),
        sources: assumptions::sources(ground),
        seed: spec.seed,
        day: Day { date: "2026-04-01".to_owned(), outdoor_c: 15.0, outdoor_by_month_c: [15.0; 12] },
        growth: None,
        drawing: Drawing { view: tables::view(&network.nodes), features: Vec::new() },
        network,
        stops,
        service: Service {
            hours: vec![Hours {
                days: vec![
                    Weekday::Mon,
                    Weekday::Tue,
                    Weekday::Wed,
                    Weekday::Thu,
                    Weekday::Fri,
                    Weekday::Sat,
                    Weekday::Sun,
                ],
                opens: clock(HOURS[0]),
                closes: clock(HOURS[1]),
            }],
            max_wait_s: 1_200,
            detour_factor: 1.5,
            ride_limit: Some(RideLimit { factor: 1.5, slack_s: 600 }),
            promise_window_s: Some(600),
            dwell: Dwell { per_request_s: 30, per_passenger_s: 5, per_wheelchair_s: 120, ..Dwell::default() },
            wait_for_rider_s: None,
            phone: None,
            supervision: None,
        },
        fares: Fares {
            zones: vec![Zone { id: "all".to_owned(), name: Text::new("全域", "All"), adult_yen: 300.0 }],
            night: None,
            free_share: 0.0,
        },
        depots: vec![Depot {
            id: "depot".to_owned(),
            name: Text::new("車庫", "Depot"),
            node: depot,
            chargers: vec![Charger {
                count: spec.vehicles,
                power_kw: 6.0,
                losses: Losses { fixed_kw: 0.05, proportional: 0.093, quadratic_per_kw: 0.003 },
                standby_kw: 0.02,
                discharge: None,
            }],
            site: None,
        }],
        fleet: Fleet {
            vehicles: (1..=spec.vehicles).map(van).collect(),
            hubs: Vec::new(),
            breakdowns: None,
            drivers: None,
        },
        fixed_route: None,
        costs: None,
        business: None,
        demand: Demand {
            factor: 1.0,
            generator: Some(Generator {
                trips_per_day: f64::from(spec.requests),
                by_weekday: [1.0; 7],
                profile: all_day.clone(),
                categories: vec![CategoryProfile {
                    category: Category::Home,
                    departs: all_day.clone(),
                    arrives: all_day,
                }],
                decay_min: 8.0,
                min_distance_m: 400.0,
                party_weights: vec![0.8, 0.15, 0.04, 0.01],
                wheelchair_share: 0.02,
                booked_share: 0.3,
                booked_ahead_min: [30.0, 600.0],
                phone_share: None,
            }),
            trips: Vec::new(),
            behaviour: None,
            elderly_share: Some(assumptions::ELDERLY_SHARE),
        },
        policies: Policies {
            matching: MatchingPolicy::Insertion { objective: Objective::weighing(0.5, 0.5) },
            rebalancing: RebalancingPolicy::Stay {},
            charging: ChargingPolicy::Immediate { below_soc: 0.6 },
        },
    }
}

/// A van of the size of an e-NV200, as in the built-in Namie.
fn van(number: u32) -> Vehicle {
    Vehicle {
        id: number.to_string(),
        seats: 6,
        wheelchair_places: 1,
        depot: Some("depot".to_owned()),
        battery: Some(Battery {
            capacity_kwh: 36.0,
            initial_soc: 0.9,
            reserve_soc: 0.15,
            max_charge_kw: 6.8,
            taper: Taper { from_soc: 0.95, at_full: 0.3 },
            cell_loss: 0.015,
            ageing: Ageing {
                replacement_yen_per_kwh: 20_000.0,
                end_of_life_loss: 0.3,
                scale: 0.43,
                age_years: 0.0,
                full_cycles: 0.0,
            },
            drive_kwh_per_km: 0.2,
            auxiliary_kw: 0.3,
            climate: Climate { heat_below_c: 18.0, heating_kw_per_k: 0.12, cool_above_c: 24.0, cooling_kw_per_k: 0.1 },
        }),
        ..Vehicle::default()
    }
}

#[cfg(test)]
mod tests;
