//! The bus of a scenario (`fixed_route`) from routes of a feed.
//!
//! - **Days.** Each day of the week gets the trips of its date in the week, Monday to Sunday, around the date asked for, which
//!   becomes the scenario's day.
//! - **Lines.** Trips of one route and direction with the same stops and the same times between them are one line; other times
//!   make a line of their own, so that every bus leaves as the timetable says.
//! - **Times.** Those of the feed, which contain what happens at stops: a bus that is early waits, one that riders have made late goes
//!   on at once. Timetables are rounded to minutes and roads are a model: where the drive alone takes longer than the timetable
//!   gives it, the call and those after it become later, until the timetable has made up for it.
//! - **Ways.** Between calls the fastest on the scenario's roads; `shapes.txt` is read, and not driven along.
//! - **Getting on and off.** A call of a scenario is for both. Where a feed allows one alone (`pickup_type`, `drop_off_type`), or only after a
//!   call or a word to the driver, that is told; a stop that is passed through is no call.
//! - **Buses.** As many as drive every trip, each taking the next trip that it is in time for, as [`Timetable`] gives them out;
//!   none is driven by `block_id`. They are like the first bus that the scenario had; else with 30 places and without a battery.
//! - **Fare.** The most usual of the routes' fares, counting pairs of zones, the lower of equals.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::Date;

use super::snap::{self, Snapper};
use super::{Feed, Trip, calendar};
use crate::roads::{Roads, TravelTable};
use crate::scenario::{Clock, Departures, FixedRoute, Line, LineStop, Scenario, Text, Vehicle, Weekday};
use crate::table::quoted;
use crate::timetable::{Timetable, Walking};
use crate::units::{NodeId, Time};
use crate::{site, world};

/// Places in a bus of which the feed says nothing: a small community bus, standing riders included. Assumed.
const BUS_PLACES: u32 = 30;
/// Longest run of a line, in seconds, as in a scenario.
const LONGEST_S: i64 = 86_400;

/// A scenario with the bus of a feed.
#[derive(Debug, Clone)]
pub struct Baseline {
    /// Valid if the scenario given was.
    pub scenario: Scenario,
    /// What was made.
    pub outcome: Outcome,
}

/// What was made of a feed's routes, and what could not be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Outcome {
    /// Lines.
    pub lines: u32,
    /// Trips on the date.
    pub trips: u32,
    /// Buses that drive them.
    pub buses: u32,
    /// Stops that the scenario did not have before.
    pub added_stops: u32,
    /// The longest way from a stop to its node, in metres.
    pub farthest_snap_m: f64,
    /// Calls of lines that are later than the timetable says.
    pub stretched_calls: u32,
    /// By how much at most, in seconds.
    pub longest_stretch_s: u32,
    /// What could not be taken over, or is assumed.
    pub notes: Vec<Text>,
}

/// A line on its way: its stops by position in the scenario with times from the first departure, and its departures by day of
/// the week, in seconds.
struct Pattern {
    route: usize,
    direction: Option<u32>,
    headsign: Text,
    calls: Vec<(usize, i64)>,
    departures: [Vec<i32>; 7],
}

/// Puts routes of a feed, by their ids, all if none is given, into a scenario as the bus to compare with. The error says which id
/// is not known, or which day has service.
pub fn baseline(feed: &Feed, route_ids: &[String], date: Date, scenario: &Scenario) -> Result<Baseline, Text> {
    let routes = routes(feed, route_ids)?;
    if let Some(why) = snap::apart(feed, scenario) {
        return Err(why);
    }
    let week = calendar::week(date);
    let running = |trip: &&Trip, day: Date| feed.services[trip.service].runs(day);
    let trips: Vec<&Trip> = feed.trips.iter().filter(|trip| routes.contains(&trip.route)).collect();
    if !trips.iter().any(|trip| running(trip, date)) {
        return Err(feed.no_service(&routes, date));
    }

    let mut notes = Vec::new();
    let mut snapper = Snapper::new(feed, scenario.clone());
    let mut patterns: BTreeMap<_, Pattern> = BTreeMap::new();
    let mut too_short = 0;
    let mut limited = Limited::default();
    for trip in trips {
        let days: Vec<usize> = (0..7).filter(|&day| running(&trip, week[day])).collect();
        if days.is_empty() {
            continue;
        }
        limited.count(trip);
        let calls = calls(&mut snapper, trip);
        let [(_, first_s), _, ..] = calls[..] else {
            too_short += 1;
            continue;
        };
        let calls: Vec<_> = calls.into_iter().map(|(stop, time_s)| (stop, time_s - first_s)).collect();
        let key = (trip.route, trip.direction, calls.clone());
        let pattern = patterns.entry(key).or_insert_with(|| Pattern {
            route: trip.route,
            direction: trip.direction,
            headsign: trip.headsign.clone(),
            calls,
            departures: Default::default(),
        });
        days.into_iter().for_each(|day| pattern.departures[day].push(first_s as i32));
    }
    let (mut scenario, snapped) = snapper.finish();
    notes.extend(snapped.notes);
    notes.extend(limited.notes());
    if too_short > 0 {
        notes.push(Text::new(
            format!("使える停留所が二つ未満の {too_short} 便を除きました。"),
            format!("{too_short} trips are left out, since fewer than two of their stops can be used"),
        ));
    }

    let mut patterns: Vec<Pattern> = patterns.into_values().collect();
    let travel = travel(&scenario, &patterns);
    let (mut stretched_calls, mut longest_stretch_s) = (0, 0);
    for pattern in &mut patterns {
        let (calls, most_s) = stretch(pattern, &scenario, &travel);
        stretched_calls += calls;
        longest_stretch_s = longest_stretch_s.max(most_s);
    }
    if stretched_calls > 0 {
        notes.push(Text::new(
            format!("道路での走行に時刻表より時間がかかるため、{stretched_calls} か所の時刻を最大 {longest_stretch_s} 秒遅らせました。"),
            format!("{stretched_calls} calls are up to {longest_stretch_s} s later than in the timetable, since driving takes longer"),
        ));
    }
    let count = patterns.len();
    patterns.retain(|pattern| pattern.calls.last().is_some_and(|&(_, offset_s)| offset_s <= LONGEST_S));
    if patterns.len() < count {
        let too_long = count - patterns.len();
        notes.push(Text::new(
            format!("走行に 24 時間を超える {too_long} 系統を除きました。"),
            format!("{too_long} lines are left out, since they take more than 24 hours"),
        ));
    }
    if patterns.is_empty() {
        return Err(no_trip());
    }
    merge_departures(&mut patterns, feed, &mut notes);

    let adult_yen =
        fare(feed, &routes, &mut notes).or(scenario.fixed_route.as_ref().map(|route| route.adult_yen)).unwrap_or(0.0);
    let bus = bus(&scenario, &patterns, &mut notes);
    scenario.day.date = date.to_string();
    let mut route = FixedRoute { lines: lines(feed, &patterns, &scenario), vehicles: vec![bus], adult_yen };
    give_buses(&scenario, &mut route, &travel, &mut notes);
    if route.lines.is_empty() {
        return Err(no_trip());
    }
    let today = site::weekday(date);
    let departures = route.lines.iter().flat_map(|line| &line.departures);
    let trips = departures.filter(|departures| departures.days.contains(&today)).map(|d| d.times.len() as u32).sum();
    let outcome = Outcome {
        lines: route.lines.len() as u32,
        trips,
        buses: route.vehicles.len() as u32,
        added_stops: snapped.added,
        farthest_snap_m: snapped.farthest_m,
        stretched_calls,
        longest_stretch_s,
        notes,
    };
    scenario.sources.extend(feed.info.as_ref().map(|info| format!("GTFS: {} {}", info.publisher, info.version)));
    scenario.fixed_route = Some(route);
    Ok(Baseline { scenario, outcome })
}

fn no_trip() -> Text {
    Text::new(
        "このシナリオの道路では、どの便も走れません。停留所の近くまで道路があるか確かめてください。",
        "no trip can be driven on this scenario's roads: make sure that they lead to the stops",
    )
}

/// Indices of routes.
fn routes(feed: &Feed, ids: &[String]) -> Result<Vec<usize>, Text> {
    if ids.is_empty() {
        return Ok((0..feed.routes.len()).collect());
    }
    let index = |id: &String| {
        feed.routes.iter().position(|route| route.id == *id).ok_or_else(|| {
            let some: Vec<&str> = feed.routes.iter().map(|route| &*route.id).take(8).collect();
            let more = if feed.routes.len() > some.len() { ", …" } else { "" };
            let (id, some) = (quoted(id), some.join(", "));
            Text::new(
                format!("「{id}」という路線はありません。次の中から選んでください: {some}{more}"),
                format!("no route has the id \"{id}\": choose one of {some}{more}"),
            )
        })
    };
    ids.iter().map(index).collect()
}

/// The calls of a trip: position of the stop in the scenario and departure, of the last the arrival. Stops passed through and
/// stops left out are none; two calls in a row at one stop are one.
fn calls(snapper: &mut Snapper, trip: &Trip) -> Vec<(usize, i64)> {
    let mut calls: Vec<(usize, i64)> = Vec::with_capacity(trip.calls.len());
    let mut arrival_s = 0;
    for call in trip.calls.iter().filter(|call| call.pickup || call.drop_off) {
        let Some(stop) = snapper.stop(call.stop) else { continue };
        match calls.last_mut() {
            Some(last) if last.0 == stop => last.1 = call.departure_s.into(),
            _ => {
                calls.push((stop, call.departure_s.into()));
                arrival_s = call.arrival_s.into();
            }
        }
    }
    if let Some(last) = calls.last_mut() {
        last.1 = arrival_s;
    }
    calls
}

/// Calls that a feed limits and a scenario does not, of all trips of the week.
#[derive(Default)]
struct Limited {
    pickup_only: u32,
    drop_off_only: u32,
    on_request: u32,
}

impl Limited {
    fn count(&mut self, trip: &Trip) {
        // At the first nobody gets off anyway, at the last nobody gets on.
        let (first, last) = (trip.calls.first(), trip.calls.last());
        for call in &trip.calls {
            self.pickup_only += u32::from(call.pickup && !call.drop_off && Some(call) != first);
            self.drop_off_only += u32::from(call.drop_off && !call.pickup && Some(call) != last);
            self.on_request += u32::from(call.on_request);
        }
    }

    fn notes(&self) -> Vec<Text> {
        let Limited { pickup_only, drop_off_only, on_request } = self;
        let mut notes = Vec::new();
        if pickup_only + drop_off_only > 0 {
            notes.push(Text::new(
                format!("乗車専用が {pickup_only} か所、降車専用が {drop_off_only} か所ありますが、シナリオではどこでも乗り降りできます。"),
                format!("{pickup_only} calls are for getting on alone and {drop_off_only} for getting off: in the scenario riders do both everywhere"),
            ));
        }
        if *on_request > 0 {
            notes.push(Text::new(
                format!("事前の連絡や運転士への申し出があるときだけ停まる所が {on_request} か所ありますが、バスは必ず回ります。"),
                format!("{on_request} calls are made only on request, by phone or to the driver: the bus makes them always"),
            ));
        }
        notes
    }
}

fn node(scenario: &Scenario, stop: usize) -> NodeId {
    NodeId(scenario.stops[stop].node)
}

fn travel(scenario: &Scenario, patterns: &[Pattern]) -> TravelTable {
    let calls = patterns.iter().flat_map(|pattern| &pattern.calls).map(|&(stop, _)| node(scenario, stop));
    let depots = scenario.depots.iter().map(|depot| NodeId(depot.node));
    TravelTable::new(&Roads::new(&scenario.network), calls.chain(depots), true).under(scenario.network.traffic.as_ref())
}

/// Makes calls later where the roads need it; how many, and by how many seconds at most.
fn stretch(pattern: &mut Pattern, scenario: &Scenario, travel: &TravelTable) -> (u32, u32) {
    let (mut count, mut most_s) = (0, 0);
    for k in 1..pattern.calls.len() {
        let ((from, before_s), (to, given_s)) = (pattern.calls[k - 1], pattern.calls[k]);
        let drive_s = travel.time(node(scenario, from), node(scenario, to)).s();
        let earliest_s = before_s + drive_s.ceil() as i64;
        if earliest_s > given_s {
            pattern.calls[k].1 = earliest_s;
            count += 1;
            most_s = most_s.max((earliest_s - given_s) as u32);
        }
    }
    (count, most_s)
}

/// Orders departures. Two buses of a line at one time are one in a scenario.
fn merge_departures(patterns: &mut [Pattern], feed: &Feed, notes: &mut Vec<Text>) {
    for pattern in patterns.iter_mut() {
        let mut doubled = 0;
        for times in &mut pattern.departures {
            times.sort_unstable();
            let count = times.len();
            times.dedup();
            doubled = doubled.max(count - times.len());
        }
        if doubled > 0 {
            let name = &feed.routes[pattern.route].name;
            notes.push(Text::new(
                format!("「{}」には同じ時刻に同じ停留所を回る便が {doubled} 本あり、1 本にまとめました。", name.ja),
                format!("\"{}\" has {doubled} trips at the time of another with the same stops: they are one", name.en),
            ));
        }
    }
    let first = |pattern: &Pattern| pattern.departures.iter().flatten().min().copied();
    patterns.sort_by_key(|pattern| (pattern.route, pattern.direction, first(pattern)));
}

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

fn lines(feed: &Feed, patterns: &[Pattern], scenario: &Scenario) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for pattern in patterns {
        let route = &feed.routes[pattern.route];
        let mut id = route.id.clone();
        let mut number = 1;
        while lines.iter().any(|line| line.id == id) {
            number += 1;
            id = format!("{}-{number}", route.id);
        }
        let name = |route: &str, sign: &str| if sign.is_empty() { route.into() } else { format!("{route} → {sign}") };
        let mut departures: Vec<Departures> = Vec::new();
        for (day, times) in WEEK.into_iter().zip(&pattern.departures).filter(|(_, times)| !times.is_empty()) {
            // A scenario's clock ends at 48 hours; no bus could drive later.
            let times = times.iter().filter(|&&time| time < 48 * 3_600);
            let times: Vec<Clock> = times.map(|time| Clock(Time(time * 1_000))).collect();
            match departures.iter_mut().find(|same| same.times == times) {
                Some(same) => same.days.push(day),
                None => departures.push(Departures { days: vec![day], times }),
            }
        }
        lines.push(Line {
            id,
            name: Text::new(name(&route.name.ja, &pattern.headsign.ja), name(&route.name.en, &pattern.headsign.en)),
            stops: pattern
                .calls
                .iter()
                .map(|&(stop, offset_s)| LineStop {
                    stop: scenario.stops[stop].id.clone(),
                    departure_s: offset_s as u32,
                })
                .collect(),
            departures,
        });
    }
    lines
}

/// What each bus is like.
fn bus(scenario: &Scenario, patterns: &[Pattern], notes: &mut Vec<Text>) -> Vehicle {
    if let Some(bus) = scenario.fixed_route.as_ref().and_then(|route| route.vehicles.first()) {
        return Vehicle { breaks_down_s: None, ..bus.clone() };
    }
    notes.push(Text::new(
        format!("バスは定員 {BUS_PLACES} 人の軽油車と仮定しました（フィードには書かれていません）。"),
        format!("buses are assumed to have {BUS_PLACES} places and no battery: the feed does not say"),
    ));
    let depot = scenario.depots.first().map(|depot| depot.id.clone());
    let first = patterns.first().and_then(|pattern| pattern.calls.first());
    let start_node = first.map(|&(stop, _)| scenario.stops[stop].node).filter(|_| depot.is_none());
    Vehicle { seats: BUS_PLACES, depot, start_node, ..Vehicle::default() }
}

/// Gives a route, which has one bus, as many as drive every trip on every day. A trip that a bus of its own cannot drive, such as
/// one that ends after the day, is left out.
fn give_buses(scenario: &Scenario, route: &mut FixedRoute, travel: &TravelTable, notes: &mut Vec<Text>) {
    let bus = route.vehicles[0].clone();
    let numbered = |count: usize| (1..=count).map(|k| Vehicle { id: format!("bus-{k}"), ..bus.clone() }).collect();
    let walking = Walking { max_m: 0.0, m_per_min: 1.0 };
    let undriven = |route: &FixedRoute, weekday: Weekday| -> Vec<(usize, Time)> {
        let mut specs = world::specs(&route.vehicles, scenario);
        let timetable = Timetable::new(scenario, route, weekday, walking, travel, site::day(scenario), &mut specs);
        timetable.trips.iter().filter(|trip| trip.bus.is_none()).map(|trip| (trip.line, trip.departs)).collect()
    };
    let mut count = WEEK.into_iter().map(|day| at_once(route, day)).max().unwrap_or(1).max(1);
    route.vehicles = numbered(count);
    while let Some((day, left)) =
        WEEK.into_iter().map(|day| (day, undriven(route, day))).find(|(_, left)| !left.is_empty())
    {
        if count < on(route, day).count() {
            count += 1;
            route.vehicles = numbered(count);
            continue;
        }
        for (line, departs) in left {
            let line = &mut route.lines[line];
            let (id, clock) = (&line.id, Clock(departs));
            notes.push(Text::new(
                format!("「{id}」の {clock} 発は、一日のうちに車庫へ戻れないなどのため走れず、除きました。"),
                format!(
                    "\"{id}\" at {clock} cannot be driven and is left out: no bus would be home by the end of the day"
                ),
            ));
            drop_departure(line, day, departs);
        }
    }
    route.lines.retain_mut(|line| {
        line.departures.retain(|departures| !departures.times.is_empty());
        !line.departures.is_empty()
    });
}

/// Begin and end of each trip on a day of the week, in seconds.
fn on(route: &FixedRoute, day: Weekday) -> impl Iterator<Item = (i32, i32)> {
    route.lines.iter().flat_map(move |line| {
        let runs_s = line.stops.last().map_or(0, |call| call.departure_s as i32);
        let today = line.departures.iter().filter(move |departures| departures.days.contains(&day));
        today.flat_map(|departures| &departures.times).map(move |time| {
            let departs_s = time.0.0 / 1_000;
            (departs_s, departs_s + runs_s)
        })
    })
}

/// Most trips that are on their way at one time: fewer buses cannot do.
fn at_once(route: &FixedRoute, day: Weekday) -> usize {
    let mut changes: Vec<(i32, i32)> = on(route, day).flat_map(|(begin, end)| [(begin, 1), (end, -1)]).collect();
    changes.sort_unstable();
    let counts = changes.iter().scan(0, |count, (_, change)| {
        *count += change;
        Some(*count)
    });
    counts.max().unwrap_or(0) as usize
}

/// Takes a departure of one day of the week away.
fn drop_departure(line: &mut Line, day: Weekday, departs: Time) {
    let Some(at) = line.departures.iter().position(|departures| departures.days.contains(&day)) else { return };
    let mut own = Departures { days: vec![day], times: line.departures[at].times.clone() };
    own.times.retain(|time| time.0 != departs);
    line.departures[at].days.retain(|&other| other != day);
    line.departures.retain(|departures| !departures.days.is_empty());
    line.departures.push(own);
}

/// The adult fare in yen, and a note where it stands for several.
fn fare(feed: &Feed, routes: &[usize], notes: &mut Vec<Text>) -> Option<f64> {
    // Prices in hundredths, since floats have no order.
    let mut counts: BTreeMap<i64, u32> = BTreeMap::new();
    let mut everywhere: BTreeMap<i64, u32> = BTreeMap::new();
    for fare in feed.fares.iter().filter(|fare| fare.currency == "JPY" && fare.price <= 1e6) {
        let price = (fare.price * 100.0).round() as i64;
        if fare.rules.is_empty() {
            *everywhere.entry(price).or_default() += 1;
        }
        for _ in fare.rules.iter().filter(|rule| rule.route.is_none_or(|route| routes.contains(&route))) {
            *counts.entry(price).or_default() += 1;
        }
    }
    let counts = if counts.is_empty() { everywhere } else { counts };
    let usual = counts.iter().max_by_key(|(price, count)| (**count, -**price)).map(|(price, _)| *price as f64 / 100.0);
    match (usual, counts.first_key_value().zip(counts.last_key_value())) {
        (Some(usual), Some(((lowest, _), (highest, _)))) if counts.len() > 1 => {
            let (lowest, highest) = (*lowest as f64 / 100.0, *highest as f64 / 100.0);
            notes.push(Text::new(
                format!("運賃は {lowest} 円から {highest} 円まであり、最も多い {usual} 円を一律としました。"),
                format!("fares are {lowest} to {highest} yen: the most usual, {usual} yen, stands for all"),
            ));
        }
        (None, _) => notes.push(Text::new(
            "フィードに円の運賃がないため、運賃は変えていません（なければ 0 円）。",
            "the feed has no fares in yen: the fare stays as it was, or 0",
        )),
        _ => {}
    }
    usual
}
