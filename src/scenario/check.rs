//! Whether a scenario's values make sense, all of them at once.
//!
//! Numbers have a range each. The wide ends of the ranges are there so that times fit 32-bit milliseconds: a pick-up is
//! asked for by 48 h, waits 24 h, and rides at most [`MAX_FACTOR`] times a way that leads over the first depot, each
//! half of it [`MAX_DRIVE_S`]: 48 + 24 + 10 x (6 + 6) = 192 h, below the 298 h of [`Time::NEVER`].
//!
//! [`Time::NEVER`]: crate::units::Time::NEVER

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::fmt::Display;

use super::*;

/// Longest driving time between the first depot and any other place, in seconds.
const MAX_DRIVE_S: f64 = 6.0 * 3_600.0;
/// Highest multiple of the direct driving time that a limit may grant.
const MAX_FACTOR: f64 = 10.0;
/// Most people in a van's seats, or in its wheelchair places, or in a party; most parcels too.
const MAX_PEOPLE: f64 = 100.0;
/// Most trips that a day may generate.
const MAX_TRIPS: f64 = 100_000.0;

const LATITUDE: Range = from(-90.0, 90.0);
const LONGITUDE: Range = from(-180.0, 180.0);
const LENGTH_M: Range = above(0.0, 100_000.0);
const SPEED_KMH: Range = from(5.0, 200.0);
/// No hour is faster than the free road.
const TRAFFIC: Range = from(1.0, 5.0);
/// A millisecond is the shortest time there is.
const DRIVE_S: Range = from(0.001, MAX_DRIVE_S);
const DAY_S: Range = from(0.0, 86_400.0);
const DWELL_S: Range = from(0.0, 3_600.0);
const DWELL_PER_PERSON_S: Range = from(0.0, 600.0);
/// From the day before to the end of the clock.
const TRIP_S: Range = from(-86_400.0, 172_800.0);
const FACTOR: Range = from(1.0, MAX_FACTOR);
const SHARE: Range = from(0.0, 1.0);
const WEIGHT: Range = from(0.0, 1e9);
const YEN: Range = from(0.0, 1e6);
const KW: Range = from(0.0, 1e6);
/// Half of a battery's energy lost in its cells is more than any has.
const CELL_LOSS: Range = from(0.0, 0.5);
/// A lower price than this has not been seen on any market.
const PRICE: Range = from(-1_000.0, 10_000.0);
/// A page that hears nothing for longer takes its worker for dead.
const TIME_LIMIT_MS: Range = from(1.0, 10_000.0);
const CELSIUS: Range = from(-60.0, 60.0);

/// The numbers that a value may be.
#[derive(Clone, Copy)]
struct Range {
    low: f64,
    high: f64,
    /// Whether `low` itself is allowed.
    with_low: bool,
}

const fn from(low: f64, high: f64) -> Range {
    Range { low, high, with_low: true }
}

const fn above(low: f64, high: f64) -> Range {
    Range { low, high, with_low: false }
}

/// `numbers!(check, "service.dwell", dwell: per_request_s in DWELL_S, …)`: each field of `dwell` within its range.
macro_rules! numbers {
    ($check:ident, $path:expr, $owner:ident: $($field:ident in $range:expr),+ $(,)?) => {$(
        $check.number(format_args!("{}.{}", $path, stringify!($field)), f64::from($owner.$field), $range);
    )+};
}

mod business;
mod crew;
mod disturbances;
mod energy;
mod route;

impl Scenario {
    /// Everything that is wrong with the values, each with its path; empty for a scenario that can be run.
    pub fn problems(&self) -> Vec<Problem> {
        let mut check = Check::default();
        let known = Known {
            zones: check.ids("fares.zones", self.fares.zones.iter().map(|zone| &*zone.id).enumerate()),
            stops: check.ids("stops", self.stops.iter().map(|stop| &*stop.id).enumerate()),
            depots: check.ids("depots", self.depots.iter().map(|depot| &*depot.id).enumerate()),
        };
        let vans = check.ids("fleet.vehicles", self.fleet.vehicles.iter().map(|vehicle| &*vehicle.id).enumerate());
        if let Some(route) = &self.fixed_route {
            check.ids("fixed_route.lines", route.lines.iter().map(|line| &*line.id).enumerate());
            check.ids("fixed_route.vehicles", route.vehicles.iter().map(|bus| &*bus.id).enumerate());
        }
        let trips = self.demand.trips.iter().enumerate();
        check.ids("demand.trips", trips.filter_map(|(i, trip)| Some((i, trip.id.as_deref()?))));
        check.document(self);
        check.network(&self.network);
        check.drawing(&self.drawing);
        check.stops(self, &known);
        check.service(&self.service);
        check.fares(&self.fares);
        check.depots(self);
        check.vehicles("fleet.vehicles", &self.fleet.vehicles, self, &known);
        check.hubs(&self.fleet.hubs, &known);
        if let Some(drivers) = &self.fleet.drivers {
            check.drivers(drivers, self, &vans);
        }
        if let Some(route) = &self.fixed_route {
            check.fixed_route(route, self, &known);
        }
        check.disturbances(self);
        if let Some(costs) = &self.costs {
            check.costs(costs);
        }
        check.business(self);
        check.demand(self, &known);
        if let Some(growth) = &self.growth {
            check.growth(growth, self);
        }
        check.policies(self);
        // Driving times mean something only on a sound network.
        if check.problems.is_empty() {
            check.reach(self);
        }
        if let (Some(route), []) = (&self.fixed_route, &*check.problems) {
            check.timetable(route, self);
        }
        check.problems
    }
}

/// Positions by id.
struct Known<'a> {
    zones: BTreeMap<&'a str, usize>,
    stops: BTreeMap<&'a str, usize>,
    depots: BTreeMap<&'a str, usize>,
}

#[derive(Default)]
struct Check {
    problems: Vec<Problem>,
}

/// The parts of the document, in its order.
impl Check {
    fn document(&mut self, scenario: &Scenario) {
        let Scenario { version, seed, day, .. } = scenario;
        self.need(*version == VERSION, "version", || {
            Text::new(
                format!("版 {version} の文書は読めません。{VERSION} にしてください。"),
                format!("{version} is not a version that can be read: give {VERSION}"),
            )
        });
        self.need(*seed < 1 << 53, "seed", || {
            Text::new(
                format!("{seed} は大きすぎます。9007199254740991（2^53 − 1）以下の整数にしてください。"),
                format!("{seed} is too large: give a whole number up to 9007199254740991 (2^53 - 1)"),
            )
        });
        self.need(scenario.weekday().is_some(), "day.date", || {
            Text::new(
                format!("「{}」は暦にない日付です。2026-04-01 のように年-月-日で書いてください。", day.date),
                format!("\"{}\" is not a date: write year-month-day, such as 2026-04-01", day.date),
            )
        });
        numbers!(self, "day", day: outdoor_c in CELSIUS);
        self.all("day.outdoor_by_month_c", &day.outdoor_by_month_c, CELSIUS);
    }

    fn network(&mut self, network: &Network) {
        self.some("network.nodes", network.nodes.len());
        self.some("network.edges", network.edges.len());
        for (i, node) in network.nodes.iter().enumerate() {
            numbers!(self, format_args!("network.nodes[{i}]"), node: lat in LATITUDE, lng in LONGITUDE);
        }
        for (i, edge) in network.edges.iter().enumerate() {
            self.node(format_args!("network.edges[{i}].from"), edge.from, network);
            self.node(format_args!("network.edges[{i}].to"), edge.to, network);
            numbers!(self, format_args!("network.edges[{i}]"), edge: length_m in LENGTH_M);
            if let Some(time_s) = edge.time_s {
                self.number(format_args!("network.edges[{i}].time_s"), time_s, DRIVE_S);
            }
            self.points(format_args!("network.edges[{i}].shape"), &edge.shape);
        }
        let speeds = &network.speeds_kmh;
        numbers!(self, "network.speeds_kmh", speeds:
            motorway in SPEED_KMH, trunk in SPEED_KMH, primary in SPEED_KMH,
            secondary in SPEED_KMH, residential in SPEED_KMH, service in SPEED_KMH);
        self.all("network.traffic", network.traffic.as_ref().map_or(&[], |factors| factors), TRAFFIC);
    }

    fn drawing(&mut self, drawing: &Drawing) {
        let [west, south, east, north] = drawing.view;
        for (i, (value, range)) in
            [(west, LONGITUDE), (south, LATITUDE), (east, LONGITUDE), (north, LATITUDE)].into_iter().enumerate()
        {
            self.number(format_args!("drawing.view[{i}]"), value, range);
        }
        self.below("drawing.view[0]", west, ("西端", "the west"), east, ("東端", "the east"));
        self.below("drawing.view[1]", south, ("南端", "the south"), north, ("北端", "the north"));
        for (i, feature) in drawing.features.iter().enumerate() {
            let fewest = match feature.kind {
                FeatureKind::Sea | FeatureKind::Lake | FeatureKind::Wood | FeatureKind::Town | FeatureKind::Site => 3,
                FeatureKind::River | FeatureKind::Rail => 2,
                FeatureKind::Label => 1,
            };
            let count = feature.points.len();
            self.need(count >= fewest, format_args!("drawing.features[{i}].points"), || {
                Text::new(
                    format!("点が {count} 個では描けません。{fewest} 個以上にしてください。"),
                    format!("{count} points are too few to draw: give {fewest} or more"),
                )
            });
            self.points(format_args!("drawing.features[{i}].points"), &feature.points);
        }
    }

    fn stops(&mut self, scenario: &Scenario, known: &Known) {
        self.some("stops", scenario.stops.len());
        for (i, stop) in scenario.stops.iter().enumerate() {
            self.node(format_args!("stops[{i}].node"), stop.node, &scenario.network);
            self.reference(format_args!("stops[{i}].zone"), &stop.zone, &known.zones, ("運賃区域", "fare zone"));
            numbers!(self, format_args!("stops[{i}]"), stop: weight in WEIGHT);
            if let Some(share) = stop.elderly_share {
                self.number(format_args!("stops[{i}].elderly_share"), share, SHARE);
            }
        }
    }

    fn service(&mut self, service: &Service) {
        let mut seen = BTreeSet::new();
        for (i, hours) in service.hours.iter().enumerate() {
            self.need(hours.opens < hours.closes, format_args!("service.hours[{i}].closes"), || {
                Text::new(
                    format!(
                        "{} は始まりの {} より後ではありません。真夜中を越えるなら 25:00 のように書いてください。",
                        hours.closes, hours.opens
                    ),
                    format!(
                        "{} is not after the opening at {}: write hours past midnight as 25:00",
                        hours.closes, hours.opens
                    ),
                )
            });
            for (k, &day) in hours.days.iter().enumerate() {
                self.need(seen.insert(day), format_args!("service.hours[{i}].days[{k}]"), || {
                    let (ja, en) = name(day);
                    Text::new(
                        format!("{ja}の時間がもう一つあります。曜日は一度だけ書いてください。"),
                        format!("{en} has hours already: name each day of the week once"),
                    )
                });
            }
        }
        let dwell = &service.dwell;
        numbers!(self, "service", service: max_wait_s in DAY_S, detour_factor in FACTOR);
        numbers!(self, "service.dwell", dwell: per_request_s in DWELL_S,
            per_passenger_s in DWELL_PER_PERSON_S, per_wheelchair_s in DWELL_PER_PERSON_S);
        for (field, value) in [("per_child_s", dwell.per_child_s), ("per_parcel_s", dwell.per_parcel_s)] {
            if let Some(value) = value {
                self.number(format_args!("service.dwell.{field}"), value.into(), DWELL_PER_PERSON_S);
            }
        }
        if let Some(limit) = &service.ride_limit {
            numbers!(self, "service.ride_limit", limit: factor in FACTOR, slack_s in DAY_S);
        }
        if let Some(wait_s) = service.wait_for_rider_s {
            self.number("service.wait_for_rider_s", wait_s.into(), DWELL_S);
        }
        if let Some(phone) = &service.phone {
            self.phone(phone);
        }
        if let Some(supervision) = &service.supervision {
            self.supervision(supervision);
        }
        if let Some(window_s) = service.promise_window_s {
            self.number("service.promise_window_s", window_s.into(), DAY_S);
        }
    }

    fn fares(&mut self, fares: &Fares) {
        for (i, zone) in fares.zones.iter().enumerate() {
            numbers!(self, format_args!("fares.zones[{i}]"), zone: adult_yen in YEN);
        }
        if let Some(night) = &fares.night {
            numbers!(self, "fares.night", night: surcharge_yen in YEN);
        }
        numbers!(self, "fares", fares: free_share in SHARE);
    }

    fn depots(&mut self, scenario: &Scenario) {
        let (begin, _) = crate::site::day(scenario);
        let mut seen = BTreeMap::new();
        for (i, depot) in scenario.depots.iter().enumerate() {
            self.node(format_args!("depots[{i}].node"), depot.node, &scenario.network);
            let first = *seen.entry(depot.node).or_insert(i);
            self.need(first == i, format_args!("depots[{i}].node"), || {
                Text::new(
                    format!(
                        "節点 {} には depots[{first}] もあります。別の節点にするか、一つの車庫にまとめてください。",
                        depot.node
                    ),
                    format!(
                        "depots[{first}] is at node {} as well: give another node, or make one depot of both",
                        depot.node
                    ),
                )
            });
            for (k, charger) in depot.chargers.iter().enumerate() {
                self.charger(&format!("depots[{i}].chargers[{k}]"), charger);
            }
            if let Some(site) = &depot.site {
                self.site(&format!("depots[{i}].site"), site, begin);
            }
        }
    }

    fn vehicles(&mut self, list: &str, vehicles: &[Vehicle], scenario: &Scenario, known: &Known) {
        self.some(list, vehicles.len());
        for (i, vehicle) in vehicles.iter().enumerate() {
            let at = format!("{list}[{i}]");
            numbers!(self, at, vehicle: seats in from(0.0, MAX_PEOPLE), wheelchair_places in from(0.0, MAX_PEOPLE),
                parcel_places in from(0.0, MAX_PEOPLE));
            let places = [vehicle.seats, vehicle.wheelchair_places, vehicle.parcel_places];
            self.need(places.iter().any(|&places| places > 0), format_args!("{at}.seats"), || {
                Text::new(
                    "座席も車いす席も荷物の場所も 0 では何も運べません。どれかを 1 以上にしてください。",
                    "0 seats, wheelchair places and parcel places carry nothing: give 1 or more of one of them",
                )
            });
            if let Some(depot) = &vehicle.depot {
                self.reference(format_args!("{at}.depot"), depot, &known.depots, ("車庫", "depot"));
            }
            self.need(vehicle.depot.is_some() || vehicle.start_node.is_some(), format_args!("{at}.depot"), || {
                Text::new(
                    "車庫も出発地もない車は、どこにいるか分かりません。depot か start_node を書いてください。",
                    "without a depot and a start nobody knows where the van is: give depot or start_node",
                )
            });
            if let Some(node) = vehicle.start_node {
                self.node(format_args!("{at}.start_node"), node, &scenario.network);
            }
            if let Some(battery) = &vehicle.battery {
                self.battery(&format!("{at}.battery"), battery);
            }
            for (k, day) in vehicle.days.iter().enumerate() {
                self.need(!vehicle.days[..k].contains(day), format_args!("{at}.days[{k}]"), || {
                    let (ja, en) = name(*day);
                    Text::new(
                        format!("{ja}が二度書かれています。一つにしてください。"),
                        format!("{en} is given twice: give it once"),
                    )
                });
            }
            self.driverless(&at, vehicle, scenario, known);
        }
    }

    fn hubs(&mut self, hubs: &[Hub], known: &Known) {
        let mut places = known.stops.clone();
        places.extend(&known.depots);
        let mut seen = BTreeSet::new();
        for (i, hub) in hubs.iter().enumerate() {
            let at = format!("fleet.hubs[{i}]");
            self.reference(format_args!("{at}.place"), &hub.place, &places, ("停留所や車庫", "stop or depot"));
            self.need(seen.insert(&hub.place), format_args!("{at}.place"), || {
                Text::new(
                    format!("「{}」はもう待機場所です。一度だけ書いてください。", hub.place),
                    format!("\"{}\" is a hub already: name it once", hub.place),
                )
            });
            if let Some(vans) = hub.vans {
                self.number(format_args!("{at}.vans"), vans.into(), from(1.0, 1e6));
            }
        }
    }

    fn battery(&mut self, at: &str, battery: &Battery) {
        let climate = &battery.climate;
        numbers!(self, at, battery: capacity_kwh in above(0.0, 2_000.0), initial_soc in SHARE, reserve_soc in SHARE,
            max_charge_kw in above(0.0, 2_000.0), drive_kwh_per_km in from(0.0, 10.0), auxiliary_kw in from(0.0, 50.0),
            cell_loss in CELL_LOSS);
        self.taper(at, &battery.taper);
        self.ageing(at, &battery.ageing);
        numbers!(self, format_args!("{at}.climate"), climate: heat_below_c in CELSIUS, heating_kw_per_k in from(0.0, 10.0),
            cool_above_c in CELSIUS, cooling_kw_per_k in from(0.0, 10.0));
        let Battery { initial_soc, reserve_soc, .. } = *battery;
        self.need(initial_soc >= reserve_soc, format_args!("{at}.initial_soc"), || {
            Text::new(
                format!("{initial_soc} は reserve_soc の {reserve_soc} を下回り、朝から走れません。{reserve_soc} 以上にしてください。"),
                format!("{initial_soc} is below reserve_soc, {reserve_soc}, so that the van cannot leave: give {reserve_soc} or more"),
            )
        });
        let Climate { heat_below_c, cool_above_c, .. } = *climate;
        self.need(cool_above_c >= heat_below_c, format_args!("{at}.climate.cool_above_c"), || {
            Text::new(
                format!("{cool_above_c} ℃ では暖房（{heat_below_c} ℃ 未満）と冷房が同時に入ります。{heat_below_c} 以上にしてください。"),
                format!("{cool_above_c} would cool while it heats (below {heat_below_c}): give {heat_below_c} or more"),
            )
        });
    }

    fn demand(&mut self, scenario: &Scenario, known: &Known) {
        let demand = &scenario.demand;
        numbers!(self, "demand", demand: factor in from(0.0, 1_000.0));
        if let Some(share) = demand.elderly_share {
            self.number("demand.elderly_share", share, SHARE);
        }
        if let Some(generator) = &demand.generator {
            self.generator(scenario, generator);
        }
        for (i, trip) in demand.trips.iter().enumerate() {
            self.trip(&format_args!("demand.trips[{i}]"), trip, known);
        }
    }

    fn generator(&mut self, scenario: &Scenario, generator: &Generator) {
        let at = "demand.generator";
        numbers!(self, at, generator: trips_per_day in from(0.0, MAX_TRIPS), decay_min in above(0.0, 1e6),
            min_distance_m in from(0.0, 1e6), wheelchair_share in SHARE, booked_share in SHARE);
        if let Some(share) = generator.phone_share {
            self.number(format_args!("{at}.phone_share"), share, SHARE);
        }
        for (i, &value) in generator.by_weekday.iter().enumerate() {
            self.number(format_args!("{at}.by_weekday[{i}]"), value, from(0.0, 1_000.0));
        }
        let trips =
            generator.trips_per_day * scenario.demand.factor * generator.by_weekday.iter().copied().fold(0.0, f64::max);
        self.need(trips <= MAX_TRIPS, format_args!("{at}.trips_per_day"), || {
            Text::new(
                format!(
                    "倍率を掛けると 1 日 {trips:.0} 件になり、多すぎます。{MAX_TRIPS} 件以下になるようにしてください。"
                ),
                format!("with its factors this makes {trips:.0} trips a day, too many: stay within {MAX_TRIPS}"),
            )
        });
        self.weights(format_args!("{at}.profile"), &generator.profile, Some(24));
        self.some(format_args!("{at}.categories"), generator.categories.len());
        let mut seen = BTreeSet::new();
        for (i, profile) in generator.categories.iter().enumerate() {
            self.need(seen.insert(profile.category), format_args!("{at}.categories[{i}].category"), || {
                Text::new(
                    "この種類はもう書かれています。種類ごとに一度だけ書いてください。",
                    "this category has a profile already: give one for each category",
                )
            });
            self.weights(format_args!("{at}.categories[{i}].departs"), &profile.departs, Some(24));
            self.weights(format_args!("{at}.categories[{i}].arrives"), &profile.arrives, Some(24));
        }
        self.weights(format_args!("{at}.party_weights"), &generator.party_weights, None);
        let parties = generator.party_weights.len();
        self.need(parties as f64 <= MAX_PEOPLE, format_args!("{at}.party_weights"), || {
            Text::new(
                format!("{parties} 人までの組は大きすぎます。{MAX_PEOPLE} 人までにしてください。"),
                format!("parties of up to {parties} are too large: give up to {MAX_PEOPLE} weights"),
            )
        });
        let [shortest, longest] = generator.booked_ahead_min;
        for (i, value) in [shortest, longest].into_iter().enumerate() {
            self.number(format_args!("{at}.booked_ahead_min[{i}]"), value, from(0.0, 1_440.0));
        }
        self.need(longest >= shortest, format_args!("{at}.booked_ahead_min[1]"), || {
            Text::new(
                format!(
                    "最も長い {longest} 分が最も短い {shortest} 分を下回っています。{shortest} 以上にしてください。"
                ),
                format!("the longest, {longest}, is below the shortest, {shortest}: give {shortest} or more"),
            )
        });
        self.need(scenario.stops.is_empty() || scenario.stops.iter().any(|stop| stop.weight != 0.0), "stops[0].weight", || {
            Text::new(
                "すべての停留所の weight が 0 では、需要の起点も終点も選べません。どれかを 0 より大きくしてください。",
                "every stop has weight 0, so that no trip can be drawn: give one of them more than 0",
            )
        });
    }

    fn trip(&mut self, at: &impl Display, trip: &Trip, known: &Known) {
        self.number(format_args!("{at}.request_s"), trip.request_s, TRIP_S);
        let ready_s = trip.earliest_pickup_s.unwrap_or(trip.request_s);
        if let Some(earliest_s) = trip.earliest_pickup_s {
            self.number(format_args!("{at}.earliest_pickup_s"), earliest_s, TRIP_S);
            self.need(earliest_s >= trip.request_s, format_args!("{at}.earliest_pickup_s"), || {
                Text::new(
                    format!("{earliest_s} 秒は申し込み（{} 秒）より前です。それ以後にしてください。", trip.request_s),
                    format!("{earliest_s} is before the call at {}: give that or later", trip.request_s),
                )
            });
        }
        if let Some(latest_s) = trip.latest_dropoff_s {
            self.number(format_args!("{at}.latest_dropoff_s"), latest_s, TRIP_S);
            self.below(
                format_args!("{at}.latest_dropoff_s"),
                ready_s,
                ("乗車", "the pick-up"),
                latest_s,
                ("降車期限", "the latest drop-off"),
            );
        }
        for (field, id) in [("origin", &trip.origin), ("destination", &trip.destination)] {
            self.reference(format_args!("{at}.{field}"), id, &known.stops, ("停留所", "stop"));
        }
        self.need(trip.origin != trip.destination, format_args!("{at}.destination"), || {
            Text::new(
                format!("「{}」は乗る停留所と同じです。別の停留所にしてください。", trip.destination),
                format!("\"{}\" is where the trip begins: give another stop", trip.destination),
            )
        });
        let people = f64::from(trip.passengers) + f64::from(trip.wheelchairs) + f64::from(trip.children);
        let fewest = if trip.parcels > 0 { 0.0 } else { 1.0 };
        self.number(format_args!("{at}.passengers"), people, from(fewest, MAX_PEOPLE));
        self.number(format_args!("{at}.parcels"), trip.parcels.into(), from(0.0, MAX_PEOPLE));
    }

    /// Answers are given at decisions.
    fn answer_within(&mut self, period_s: u32, answer_within_s: u32) {
        self.need(period_s <= answer_within_s, "policies.matching.answer_within_s", || {
            Text::new(
                format!("{answer_within_s} 秒は決定の間隔（{period_s} 秒）より短いです。間隔以上にしてください。"),
                format!("{answer_within_s} s is less than the {period_s} s between decisions: give at least these"),
            )
        });
    }

    fn objective(&mut self, objective: &Objective) {
        self.number("policies.matching.objective.waiting", objective.waiting, from(0.0, 1e6));
        self.number("policies.matching.objective.riding", objective.riding, from(0.0, 1e6));
        if let Some(RefusalCost { base_s, per_direct }) = objective.refusal {
            self.number("policies.matching.objective.refusal.base_s", base_s.into(), DAY_S);
            self.number("policies.matching.objective.refusal.per_direct", per_direct, from(0.0, 1e6));
        }
    }

    fn policies(&mut self, scenario: &Scenario) {
        let policies = &scenario.policies;
        match policies.matching {
            MatchingPolicy::FixedRoute { max_walk_m, walk_m_per_min, max_wait_s } => {
                self.number("policies.matching.max_walk_m", max_walk_m, from(0.0, 10_000.0));
                self.number("policies.matching.walk_m_per_min", walk_m_per_min, from(10.0, 200.0));
                self.number("policies.matching.max_wait_s", max_wait_s.into(), DAY_S);
                self.need(scenario.fixed_route.is_some(), "policies.matching.kind", || {
                    Text::new(
                        "走らせるバスの路線がありません。fixed_route に路線と車両を書くか、ほかの方式を選んでください。",
                        "there is no line for a bus to drive: give lines and vehicles in fixed_route, or choose another policy",
                    )
                });
            }
            MatchingPolicy::Nearest {} => {}
            MatchingPolicy::Script { source: _, time_limit_ms } => {
                self.number("policies.matching.time_limit_ms", time_limit_ms.into(), TIME_LIMIT_MS);
            }
            MatchingPolicy::Insertion { ref objective } => self.objective(objective),
            MatchingPolicy::Anticipating { period_s, answer_within_s, iterations, ref objective } => {
                self.number("policies.matching.period_s", period_s.into(), from(1.0, 600.0));
                self.number("policies.matching.answer_within_s", answer_within_s.into(), from(1.0, 3_600.0));
                self.answer_within(period_s, answer_within_s);
                self.number("policies.matching.iterations", iterations.into(), from(0.0, 1e6));
                self.objective(objective);
            }
            MatchingPolicy::Batch { window_s, ref objective } => {
                self.number("policies.matching.window_s", window_s.into(), from(10.0, 60.0));
                self.objective(objective);
            }
            MatchingPolicy::Pooling {
                period_s,
                answer_within_s,
                reassign: _,
                vans_per_rider,
                idle_van_s,
                ref objective,
            } => {
                self.number("policies.matching.period_s", period_s.into(), from(1.0, 30.0));
                self.number("policies.matching.answer_within_s", answer_within_s.into(), from(1.0, 30.0));
                self.number("policies.matching.vans_per_rider", vans_per_rider.into(), from(1.0, 1e3));
                self.number("policies.matching.idle_van_s", idle_van_s, from(0.0, 3_600.0));
                self.objective(objective);
                self.answer_within(period_s, answer_within_s);
            }
        }
        match policies.rebalancing {
            RebalancingPolicy::Stay {} => {}
            RebalancingPolicy::Forecast { period_s } => {
                self.number("policies.rebalancing.period_s", period_s.into(), from(1.0, 3_600.0));
            }
            RebalancingPolicy::ReturnToDepot { after_s } | RebalancingPolicy::NearestHub { after_s } => {
                self.number("policies.rebalancing.after_s", after_s.into(), DAY_S);
            }
        }
        self.number("policies.charging.below_soc", policies.charging.below_soc(), SHARE);
        match &policies.charging {
            ChargingPolicy::Immediate { .. } | ChargingPolicy::Solar { .. } | ChargingPolicy::Optimal { .. } => {}
            ChargingPolicy::OffPeak { from, until, .. } => self.hours("policies.charging", *from, *until),
            ChargingPolicy::PeakCap { limit_kw, .. } => {
                self.number("policies.charging.limit_kw", *limit_kw, above(0.0, 1e6));
            }
            ChargingPolicy::Backup { hours, .. } => self.number("policies.charging.hours", *hours, from(0.0, 168.0)),
        }
    }

    /// Names what cannot be reached from the first depot, or cannot return to it, or lies too far off; without a depot, from
    /// the first stop.
    fn reach(&mut self, scenario: &Scenario) {
        let (base, ja, en) = match scenario.depots.first() {
            Some(depot) => (depot.node, format!("車庫「{}」", depot.id), format!("depot \"{}\"", depot.id)),
            None => {
                let stop = &scenario.stops[0];
                (stop.node, format!("停留所「{}」", stop.id), format!("stop \"{}\"", stop.id))
            }
        };
        let out_ms = drive_ms(&scenario.network, base, false);
        let back_ms = drive_ms(&scenario.network, base, true);
        let depots =
            scenario.depots.iter().enumerate().map(|(i, depot)| (format!("depots[{i}].node"), depot.node, true));
        let stops = scenario.stops.iter().enumerate().map(|(i, stop)| (format!("stops[{i}].node"), stop.node, true));
        // A van has to come from where it starts, not to go there again.
        let buses = scenario.fixed_route.as_ref().map_or(&[][..], |route| &route.vehicles);
        let starts = [("fleet.vehicles", &*scenario.fleet.vehicles), ("fixed_route.vehicles", buses)];
        let starts = starts.into_iter().flat_map(|(list, vehicles)| {
            let starts = vehicles.iter().enumerate();
            starts.filter_map(move |(i, vehicle)| Some((format!("{list}[{i}].start_node"), vehicle.start_node?, false)))
        });
        for (path, node, both_ways) in depots.chain(stops).chain(starts) {
            self.need(!both_ways || out_ms[node as usize].is_some(), &path, || {
                Text::new(
                    format!("{ja}から節点 {node} へ行く道がありません。道路（network.edges）をつなぐか、one_way を確かめてください。"),
                    format!("no road leads from {en} to node {node}: join the roads (network.edges) or look at one_way"),
                )
            });
            self.need(back_ms[node as usize].is_some(), &path, || {
                Text::new(
                    format!("節点 {node} から{ja}へ行く道がありません。道路（network.edges）をつなぐか、one_way を確かめてください。"),
                    format!("no road leads from node {node} to {en}: join the roads (network.edges) or look at one_way"),
                )
            });
        }
        for (times, from_ja, from_en) in [(&out_ms, "から", "from"), (&back_ms, "まで", "to")] {
            let reached = times.iter().zip(0..).filter_map(|(time, node)| Some(((*time)?, node)));
            let Some((farthest_ms, node)) = reached.max() else { continue };
            let (hours, most) = (farthest_ms as f64 / 3.6e6, MAX_DRIVE_S / 3_600.0);
            self.need(hours <= most, format_args!("network.nodes[{node}]"), || {
                Text::new(
                    format!(
                        "{ja}{from_ja}車で {hours:.1} 時間かかり、遠すぎます。{most} 時間以内の道路網にしてください。"
                    ),
                    format!("{hours:.1} h of driving {from_en} {en} are too far: keep the network within {most} h"),
                )
            });
        }
    }
}

/// The kinds of checks.
impl Check {
    fn need(&mut self, holds: bool, path: impl Display, message: impl FnOnce() -> Text) {
        if !holds {
            self.problems.push(Problem { path: path.to_string(), message: message() });
        }
    }

    /// Within a range; NaN is in none.
    fn number(&mut self, path: impl Display, value: f64, range: Range) {
        let Range { low, high, with_low } = range;
        let high_enough = if with_low { value >= low } else { value > low };
        self.need(high_enough && value <= high, path, || {
            let (ja, en) = match value {
                _ if value.is_nan() => ("数ではありません", "not a number"),
                _ if high_enough => ("大きすぎます", "too large"),
                _ => ("小さすぎます", "too small"),
            };
            let (from_ja, from_en) = if with_low { ("以上", "from") } else { ("より大きく", "above") };
            Text::new(
                format!("{value} は{ja}。{low} {from_ja} {high} 以下にしてください。"),
                format!("{value} is {en}: give a number {from_en} {low} up to {high}"),
            )
        });
    }

    /// The lower of two values really below the higher one; each has a name in Japanese and English.
    fn below(&mut self, path: impl Display, low: f64, low_name: (&str, &str), high: f64, high_name: (&str, &str)) {
        self.need(low < high, path, || {
            Text::new(
                format!("{}の {high} が{}の {low} より大きくありません。大きくしてください。", high_name.0, low_name.0),
                format!("{}, {high}, is not beyond {}, {low}: it must be greater", high_name.1, low_name.1),
            )
        });
    }

    /// Weights that something can be drawn by.
    fn weights(&mut self, path: impl Display + Copy, weights: &[f64], length: Option<usize>) {
        let count = weights.len();
        self.need(length.is_none_or(|length| count == length), path, || {
            let length = length.unwrap_or_default();
            Text::new(
                format!("数が {count} 個あります。1 時間に一つ、{length} 個にしてください。"),
                format!("{count} numbers: give {length}, one for each hour"),
            )
        });
        for (i, &weight) in weights.iter().enumerate() {
            self.number(format_args!("{path}[{i}]"), weight, WEIGHT);
        }
        self.need(weights.iter().any(|&weight| weight != 0.0), path, || {
            Text::new(
                "0 より大きい数が一つもありません。少なくとも一つを 0 より大きくしてください。",
                "nothing here is greater than 0: give at least one number above 0",
            )
        });
    }

    fn points(&mut self, path: impl Display, points: &[[f64; 2]]) {
        for (i, &[lng, lat]) in points.iter().enumerate() {
            self.number(format_args!("{path}[{i}][0]"), lng, LONGITUDE);
            self.number(format_args!("{path}[{i}][1]"), lat, LATITUDE);
        }
    }

    fn some(&mut self, path: impl Display, count: usize) {
        self.need(count > 0, path, || {
            Text::new("一つもありません。一つ以上書いてください。", "there is none: give at least one")
        });
    }

    fn node(&mut self, path: impl Display, node: u32, network: &Network) {
        let count = network.nodes.len();
        self.need((node as usize) < count, path, || {
            Text::new(
                format!(
                    "節点 {node} はありません。節点（network.nodes）は {count} 個で、0 から数えた番号を書いてください。"
                ),
                format!("there is no node {node}: network.nodes has {count}, counted from 0"),
            )
        });
    }

    /// Positions by id; an id given twice or empty is a problem.
    fn ids<'a>(&mut self, list: &str, ids: impl Iterator<Item = (usize, &'a str)>) -> BTreeMap<&'a str, usize> {
        let mut known = BTreeMap::new();
        for (i, id) in ids {
            self.need(!id.trim().is_empty(), format_args!("{list}[{i}].id"), || {
                Text::new("id が空です。短い名前を付けてください。", "the id is empty: give a short name")
            });
            let first = *known.entry(id).or_insert(i);
            self.need(first == i, format_args!("{list}[{i}].id"), || {
                Text::new(
                    format!("「{id}」は {list}[{first}] の id と同じです。別の id にしてください。"),
                    format!("\"{id}\" is the id of {list}[{first}] as well: give another"),
                )
            });
        }
        known
    }

    fn reference(&mut self, path: impl Display, id: &str, known: &BTreeMap<&str, usize>, kind: (&str, &str)) {
        self.need(known.contains_key(id), path, || {
            let some: Vec<&str> = known.keys().copied().take(4).collect();
            let more = if known.len() > some.len() { ", …" } else { "" };
            let some = some.join(", ");
            Text::new(
                format!("「{id}」という id の{}はありません。次の中から書いてください: {some}{more}", kind.0),
                format!("no {} has the id \"{id}\": give one of {some}{more}", kind.1),
            )
        });
    }
}

/// Fastest driving time from a node to every other, or from every other to it, in milliseconds; `None` where no road
/// leads. Dijkstra (1959) on 64 bits, since nothing bounds the sum before this is known.
fn drive_ms(network: &Network, start: u32, backwards: bool) -> Vec<Option<u64>> {
    let mut ways = vec![Vec::new(); network.nodes.len()];
    for edge in &network.edges {
        let seconds = edge.time_s.unwrap_or(edge.length_m * 3.6 / network.speeds_kmh.of(edge.class));
        let time_ms = (seconds * 1e3).round() as u64;
        let (from, to) = if backwards { (edge.to, edge.from) } else { (edge.from, edge.to) };
        ways[from as usize].push((to, time_ms));
        if !edge.one_way {
            ways[to as usize].push((from, time_ms));
        }
    }
    let mut times = vec![None; network.nodes.len()];
    let mut heap = BinaryHeap::from([Reverse((0, start))]);
    while let Some(Reverse((time, node))) = heap.pop() {
        if times[node as usize].is_none() {
            times[node as usize] = Some(time);
            heap.extend(ways[node as usize].iter().map(|&(to, more)| Reverse((time + more, to))));
        }
    }
    times
}

fn name(day: Weekday) -> (&'static str, &'static str) {
    match day {
        Weekday::Mon => ("月曜日", "Monday"),
        Weekday::Tue => ("火曜日", "Tuesday"),
        Weekday::Wed => ("水曜日", "Wednesday"),
        Weekday::Thu => ("木曜日", "Thursday"),
        Weekday::Fri => ("金曜日", "Friday"),
        Weekday::Sat => ("土曜日", "Saturday"),
        Weekday::Sun => ("日曜日", "Sunday"),
    }
}
