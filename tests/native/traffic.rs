//! Plans and days in traffic.

use std::sync::Arc;

use noriai::fleet::{Load, Plan, Position, Search, Van};
use noriai::log::{Answer, Event};
use noriai::objective::Objective;
use noriai::rng::Rng;
use noriai::scenario::{RebalancingPolicy, Scenario};
use noriai::sim::Simulation;
use noriai::units::{NodeId, RequestId, Time};
use noriai::world::World;

use crate::plans::{Town, check_schedule, random_stops, request, spec, town};
use crate::policies::policies;
use crate::worlds;
use crate::worlds::whole;

/// A factor for each hour, often the free road.
pub fn factors(rng: &mut Rng) -> [f64; 24] {
    std::array::from_fn(|_| if rng.unit() < 0.4 { 1.0 } else { 1.0 + 1.5 * rng.unit() })
}

/// The same town in traffic, which changes at some moment of the test's hours.
fn in_traffic(seed: u64, name: &str, factors: &[f64; 24]) -> Town {
    let town = town(&mut Rng::new(seed, name));
    Town { travel: town.travel.under(Some(factors)), ..town }
}

const STILL: [f64; 24] = [1.0; 24];

#[test]
fn traffic_that_never_slows_anybody_changes_nothing() {
    let (mut kept, mut places) = (0, 0);
    for seed in 0..2_000 {
        let (free, still) = (town(&mut Rng::new(seed, "still")), in_traffic(seed, "still", &STILL));
        let rng = &mut Rng::new(seed, "rides");
        let (spec, stops) = (spec(rng, &free), random_stops(rng, &free));
        let at = Position { node: NodeId(0), ready: Time::ZERO, load: Load::default(), overtime: Time::ZERO };
        let plans = [&free, &still].map(|town| Plan::new(stops.clone(), at, &spec, &town.travel));
        let schedules = plans.each_ref().map(|plan| plan.as_ref().map(|plan| plan.schedule().collect::<Vec<_>>()));
        assert_eq!(schedules[0], schedules[1], "seed {seed}");
        let [Some(one), Some(other)] = plans else { continue };
        kept += 1;
        let van = |plan| Van { at, energy_kwh: f64::INFINITY, plan, goal: None, done: false };
        let vans = [van(one), van(other)];
        let request = request(rng, &free);
        let search = |k: usize, town| Search::new(&vans[k], &spec, town, Time::ZERO);
        let searches = [search(0, &free.travel), search(1, &still.travel)];
        for (i, j) in (0..=stops.len()).flat_map(|i| (i..=stops.len()).map(move |j| (i, j))) {
            let [one, other] = searches.each_ref().map(|search| search.try_gaps(&request, i, j).ok());
            assert_eq!(one, other, "seed {seed}, gaps {i} and {j}");
            places += u32::from(one.is_some());
        }
        let objective = Objective::weighing(0.5, 0.25);
        let [one, other] =
            searches.each_ref().map(|search| search.cheapest(&request, &objective, f64::INFINITY, &mut None));
        assert_eq!(one, other, "seed {seed}");
    }
    assert!(kept > 200 && places > 1_000, "{kept} plans, {places} places");
}

#[test]
fn plans_in_traffic_keep_all_limits_and_are_kept_while_they_are_driven() {
    let (mut kept, mut waited) = (0, 0);
    for seed in 0..6_000 {
        let rng = &mut Rng::new(seed, "driven");
        let town = in_traffic(seed, "driven", &factors(rng));
        let (spec, mut stops) = (spec(rng, &town), random_stops(rng, &town));
        // The hour changes while the plan is driven.
        let later = Time(Time::HOUR.0 - whole(rng, 0, 1_800) as i32 * 1_000);
        stops.iter_mut().for_each(|stop| (stop.earliest, stop.latest) = (stop.earliest + later, stop.latest + later));
        let mut spec = spec;
        spec.shift_end += later;
        let mut at = Position { node: NodeId(0), ready: later, load: Load::default(), overtime: Time::ZERO };
        let Some(mut plan) = Plan::new(stops, at, &spec, &town.travel) else { continue };
        kept += 1;
        waited += u32::from(check_schedule(&plan, at, &town.travel, seed));
        let begins: Vec<Time> = plan.schedule().collect();
        // The van serves one stop after the other; what is left keeps its times, and can be planned anew at any moment.
        for begin in begins {
            let (&stop, start) = plan.first().expect("a stop is ahead");
            assert_eq!(start, begin, "seed {seed}");
            let again = Plan::new(plan.stops().to_vec(), at, &spec, &town.travel).expect("a plan that was kept");
            assert!(again.schedule().eq(plan.schedule()), "seed {seed}");
            let load = stop.action.load(at.load, stop.party);
            at = Position { node: stop.node, ready: start + stop.dwell, load, ..at };
            plan.advance(at, &spec, &town.travel);
        }
    }
    assert!(kept > 500 && waited > 10, "{kept} plans, {waited} with waiting for the sake of a ride");
}

#[test]
fn delays_move_limits_by_no_more_than_they_have_to() {
    let (mut late, mut in_time) = (0, 0);
    for seed in 0..4_000 {
        let rng = &mut Rng::new(seed, "delays");
        let town = if seed % 2 == 0 { town(rng) } else { in_traffic(seed, "delays", &factors(rng)) };
        let (spec, stops) = (spec(rng, &town), random_stops(rng, &town));
        let mut at = Position { node: NodeId(0), ready: Time::ZERO, load: Load::default(), overtime: Time::ZERO };
        let Some(plan) = Plan::new(stops.clone(), at, &spec, &town.travel) else { continue };
        at.ready = Time(whole(rng, 1, 1_800) as i32 * 1_000);
        let mut delayed = plan.clone();
        delayed.delay(&mut at, &spec, &town.travel);
        check_schedule(&delayed, at, &town.travel, seed);
        let possible = Plan::new(stops.clone(), Position { overtime: Time::ZERO, ..at }, &spec, &town.travel);
        let moved = delayed.stops().iter().any(|stop| stop.promised.is_some()) || at.overtime > Time::ZERO;
        assert_eq!(possible.is_none(), moved, "seed {seed}");
        for ((stop, begin), old) in delayed.stops().iter().zip(delayed.schedule()).zip(&stops) {
            assert_eq!(stop.promised.unwrap_or(stop.latest), old.latest, "seed {seed}");
            let room = stop.latest - begin;
            assert!(
                !stop.is_late() || room <= Time(1) || stop.max_ride != old.max_ride,
                "seed {seed}: {room:?} of room"
            );
        }
        if moved {
            late += 1
        } else {
            in_time += 1
        }
        // Back in time, the limits are what they were.
        let mut back = Position { ready: Time::ZERO, overtime: Time::ZERO, ..at };
        let lifted = delayed.stops().iter().zip(&stops).any(|(stop, old)| stop.max_ride != old.max_ride);
        delayed.delay(&mut back, &spec, &town.travel);
        assert!(lifted || delayed.stops() == stops, "seed {seed}");
        assert_eq!(back.overtime, Time::ZERO, "seed {seed}");
    }
    assert!(late > 100 && in_time > 100, "{late} late, {in_time} in time");
}

fn rush(seed: u64) -> Scenario {
    let mut scenario = worlds::scenario(seed);
    scenario.network.traffic = Some(factors(&mut Rng::new(seed, "traffic")));
    scenario.policies.rebalancing = match seed % 3 {
        0 => RebalancingPolicy::Forecast { period_s: 300 },
        _ => scenario.policies.rebalancing,
    };
    scenario
}

#[test]
fn under_every_policy_sections_take_their_hours_time_and_every_limit_is_kept() {
    let (mut served, mut slowed) = (0, 0);
    for policy in policies() {
        for seed in 0..18 {
            let mut scenario = rush(seed);
            scenario.policies.matching = policy.clone();
            assert_eq!(scenario.problems(), Vec::new(), "seed {seed}");
            let world = Arc::new(World::new(&scenario));
            let log = Simulation::new(Arc::clone(&world)).run();
            let case = format!("{policy:?}, seed {seed}");
            for (index, spec) in world.vans.iter().enumerate() {
                let rows: Vec<_> =
                    log.van_rows().filter(|row| row.vehicle.is_some_and(|van| van.index() == index)).collect();
                for pair in rows.windows(2).filter(|pair| matches!(pair[1].event, Event::Pass | Event::Arrive)) {
                    let arc = world.roads.arc(pair[0].node, pair[1].node).expect("a road");
                    assert_eq!(pair[1].time, world.travel.after(pair[0].time, arc.time), "{case}, {:?}", pair[1]);
                    slowed += u32::from(pair[1].time - pair[0].time > arc.time);
                }
                if let (Some(battery), true) = (spec.battery, rows.len() > 2) {
                    let lowest = rows.iter().map(|row| row.energy_kwh).fold(battery.initial_kwh, f64::min);
                    assert!(lowest >= battery.reserve_kwh.min(battery.initial_kwh) - 1e-9, "{case}, van {index}");
                }
                if let Some(end) = rows.iter().find(|row| row.event == Event::ShiftEnd) {
                    assert!(end.time <= spec.shift_end && Some(end.node) == spec.home, "{case}, van {index}");
                }
            }
            for (index, (request, answer)) in log.requests.iter().zip(&log.answers).enumerate() {
                let row = |event| {
                    log.rows.iter().find(|row| row.event == event && row.request == Some(RequestId(index as u32)))
                };
                let Some(Answer::Promised { from, until, .. }) = *answer else { continue };
                let (pickup, dropoff) = (row(Event::Pickup).expect("on"), row(Event::Dropoff).expect("off"));
                assert!((from..=until).contains(&pickup.time), "{case}, request {index}");
                assert!(dropoff.time <= request.latest_dropoff, "{case}, request {index}");
                let ride = dropoff.time - pickup.time - request.dwell;
                assert!(request.max_ride.is_none_or(|limit| ride <= limit), "{case}, request {index}");
                served += 1;
            }
        }
    }
    assert!(served > 1_000 && slowed > 10_000, "{served} served, {slowed} sections in traffic");
}
