use super::*;
use crate::demand;
use crate::demand::cells::RideEnd;
use crate::fleet::Load;
use crate::rng::Rng;
use crate::scenario::Channel;

/// Two rides in the village. The van fetches one rider at b and two at c, one of them in a wheelchair, brings all to d,
/// waits there, goes home and charges; a third request is refused meanwhile. The road from b to c bends at [`BEND`].
fn day() -> (Scenario, Log) {
    let mut scenario = Scenario::village();
    scenario.network.edges[1].shape = vec![BEND];
    let request = |known, origin, destination, party: Load, dwell| demand::Request {
        channel: Channel::App,
        called: Time::from_s(known),
        known: Time::from_s(known),
        earliest: Time::from_s(known),
        latest_pickup: Time::from_s(known + 1_200.0),
        latest_dropoff: Time::from_s(known + 2_000.0),
        max_ride: None,
        origin: StopId(origin),
        destination: StopId(destination),
        origin_node: NodeId(origin),
        destination_node: NodeId(destination),
        party,
        children: 0,
        direct: Time::from_s(200.0),
        dwell: Time::from_s(dwell),
    };
    let (van, one) = (VehicleId(0), Load { seats: 1, ..Load::default() });
    let requests = vec![
        request(28_800.0, 1, 3, one, 25.0),
        request(28_980.0, 2, 3, Load { wheelchairs: 1, ..one }, 145.0),
        request(31_000.0, 2, 0, one, 25.0),
    ];
    let promised =
        |from| Answer::Promised { vehicle: van, from: Time::from_s(from), until: Time::from_s(from + 900.0) };
    let answers = vec![
        Some(promised(28_860.0)),
        Some(promised(28_980.0)),
        Some(Answer::Refused { limit: Limit::Charge, nearest: Some(van), by: 0.5 }),
    ];
    use Event::*;
    let rows = [
        (28_800.0, ShiftStart, None, 0, 0, 20.0),
        (28_800.0, Request, Some(0), 1, 1, 0.0),
        (28_800.0, Accept, Some(0), 1, 1, 0.0),
        (28_800.0, Depart, None, 0, 0, 20.0),
        (28_900.0, Arrive, None, 1, 0, 19.8),
        (28_900.0, Pickup, Some(0), 1, 1, 19.8),
        (28_925.0, Depart, None, 1, 1, 19.7),
        (28_980.0, Request, Some(1), 2, 2, 0.0),
        (28_980.0, Accept, Some(1), 2, 2, 0.0),
        (29_025.0, Arrive, None, 2, 1, 19.5),
        (29_025.0, Pickup, Some(1), 2, 3, 19.5),
        (29_170.0, Depart, None, 2, 3, 19.4),
        (29_270.0, Arrive, None, 3, 3, 19.2),
        (29_270.0, Dropoff, Some(0), 3, 2, 19.2),
        (29_295.0, Dropoff, Some(1), 3, 0, 19.1),
        (30_000.0, Depart, None, 3, 0, 19.0),
        (30_100.0, Pass, None, 2, 0, 18.8),
        (30_200.0, Pass, None, 1, 0, 18.6),
        (30_300.0, Arrive, None, 0, 0, 18.4),
        (30_300.0, Plug, None, 0, 0, 18.4),
        (31_000.0, Request, Some(2), 2, 1, 0.0),
        (31_000.0, Refuse, Some(2), 2, 1, 0.0),
        (33_900.0, Unplug, None, 0, 0, 23.8),
        (64_790.0, ShiftEnd, None, 0, 0, 23.8),
    ];
    let rows = rows.map(|(time, event, request, node, load, energy_kwh)| Row {
        time: Time::from_s(time),
        event,
        vehicle: (event != Request).then_some(van),
        request: request.map(RequestId),
        node: NodeId(node),
        load,
        energy_kwh,
    });
    (scenario, Log { rows: rows.to_vec(), requests, answers, ..Log::default() })
}

/// North of the middle between b and c.
const BEND: [f64; 2] = [140.010979 * 0.5 + 140.021958 * 0.5, 35.01];

fn playback() -> Playback {
    let (scenario, log) = day();
    Playback::new(&scenario, log)
}

/// Node `i`'s place.
fn node(i: u32) -> [f64; 2] {
    [140.0 + 0.010979 * f64::from(i), 35.0]
}

fn middle(a: [f64; 2], b: [f64; 2]) -> [f64; 2] {
    [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0]
}

fn assert_near(a: &[f64], b: &[f64]) {
    assert!(a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9), "{a:?} is not {b:?}");
}

#[test]
fn spans_whole_minutes() {
    let playback = playback();
    // 64,790 s is 17:59:50.
    assert_eq!(
        (playback.begin(), playback.end(), playback.vans()),
        (Time::from_s(28_800.0), Time::from_s(64_800.0), 1)
    );
}

#[test]
fn shows_place_state_load_and_charge_at_any_time() {
    let (a, b, c, d) = (node(0), node(1), node(2), node(3));
    let kwh = |from: f64, to: f64, share: f64| (from + share * (to - from)) / 40.0;
    let cases = [
        (0.0, a, 0, 0, 0.5),
        (28_799.999, a, 0, 0, 0.5),
        // Half of the way and half of its energy.
        (28_850.0, middle(a, b), 2, 0, kwh(20.0, 19.8, 0.5)),
        (28_900.0, b, 4, 1, kwh(19.8, 19.8, 0.0)),
        (28_910.0, b, 4, 1, kwh(19.8, 19.7, 0.4)),
        // The bend is half of the way; a quarter is half of its first half.
        (28_950.0, middle(b, BEND), 3, 1, kwh(19.7, 19.5, 0.25)),
        (28_975.0, BEND, 3, 1, kwh(19.7, 19.5, 0.5)),
        (29_000.0, middle(BEND, c), 3, 1, kwh(19.7, 19.5, 0.75)),
        (29_100.0, c, 4, 3, kwh(19.5, 19.4, 75.0 / 145.0)),
        (29_220.0, middle(c, d), 3, 3, kwh(19.4, 19.2, 0.5)),
        (29_280.0, d, 4, 2, kwh(19.2, 19.1, 10.0 / 25.0)),
        (29_300.0, d, 4, 0, kwh(19.1, 19.0, 5.0 / 145.0)),
        // 29,295 + 145 = 29,440: everybody is off, and the van waits.
        (29_440.0, d, 1, 0, 19.0 / 40.0),
        (29_999.0, d, 1, 0, 19.0 / 40.0),
        (30_125.0, middle(c, BEND), 2, 0, kwh(18.8, 18.6, 0.25)),
        (31_000.0, a, 5, 0, kwh(18.4, 23.8, 700.0 / 3_600.0)),
        (40_000.0, a, 1, 0, 23.8 / 40.0),
        (1e6, a, 0, 0, 23.8 / 40.0),
    ];
    let mut playback = playback();
    // Forwards, backwards and by jumps.
    let forwards: Vec<usize> = (0..cases.len()).collect();
    let jumps: Vec<usize> = (0..cases.len()).map(|i| i * 7 % cases.len()).collect();
    for order in [forwards.clone(), forwards.into_iter().rev().collect(), jumps] {
        for (time, place, state, load, charge) in order.into_iter().map(|i| &cases[i]) {
            playback.seek(Time::from_s(*time));
            assert_near(playback.positions(), place);
            assert_eq!((playback.states()[0], playback.loads()[0]), (*state, *load), "{time}");
            assert!((f64::from(playback.charge()[0]) - *charge).abs() < 1e-6, "{time}: {:?}", playback.charge());
        }
    }
}

#[test]
fn looks_where_it_drives() {
    let mut playback = playback();
    let mut heading = |time| {
        playback.seek(Time::from_s(time));
        playback.headings()[0]
    };
    assert!((heading(28_850.0) - 90.0).abs() < 0.1);
    // The bend is 500 m east and 0.01 x 111,195 = 1,112 m north: atan(500 / 1,112) = 24.2 degrees; then the same south.
    assert!((heading(28_950.0) - 24.2).abs() < 0.1);
    assert!((heading(29_000.0) - 155.8).abs() < 0.1);
    assert!((heading(29_100.0) - 155.8).abs() < 0.1, "standing, it looks as it came");
    assert!((heading(30_250.0) - 270.0).abs() < 0.1);
}

#[test]
fn riders_wait_from_the_promise_to_the_pickup() {
    let mut playback = playback();
    for (time, waiting) in [(28_799.0, &[][..]), (28_800.0, &[0]), (28_900.0, &[]), (28_990.0, &[1]), (31_500.0, &[])] {
        playback.seek(Time::from_s(time));
        assert_eq!(playback.waiting(), waiting, "{time}");
    }
}

#[test]
fn a_plan_holds_what_is_promised_by_now() {
    let mut playback = playback();
    let stop = |request, kind, stop, time_s| PlannedStop { request, kind, stop, time_s };
    let (p0, d0) = (stop(0, StopKind::Pickup, 1, 28_900.0), stop(0, StopKind::Dropoff, 3, 29_270.0));
    let (p1, d1) = (stop(1, StopKind::Pickup, 2, 29_025.0), stop(1, StopKind::Dropoff, 3, 29_295.0));
    let (b, c, d) = (node(1), node(2), node(3));
    let cases = [
        (28_850.0, vec![p0, d0], vec![middle(node(0), b), b, BEND, c, d]),
        (28_979.0, vec![d0], vec![[0.0; 2], c, d]),
        (29_000.0, vec![p1, d0, d1], vec![middle(BEND, c), c, d]),
        (29_280.0, vec![d1], vec![d]),
        (29_295.0, vec![], vec![]),
    ];
    for (time, stops, mut path) in cases {
        playback.seek(Time::from_s(time));
        if let Some(here) = path.first_mut() {
            here.copy_from_slice(playback.positions());
        }
        let plan = playback.plan(VehicleId(0));
        assert_eq!(plan.stops, stops, "{time}");
        assert_near(plan.path.as_flattened(), path.as_flattened());
    }
    assert_eq!(playback.plan(VehicleId(1)), PlanView::default());
}

#[test]
fn tells_what_became_of_each_ride() {
    let rides = playback().rides().rides;
    let times = |ride: &Ride| (ride.served, ride.pickup_s, ride.dropoff_s, ride.promised_from_s, ride.shared);
    assert_eq!(times(&rides[0]), (true, Some(28_900.0), Some(29_270.0), Some(28_860.0), true));
    assert_eq!(times(&rides[1]), (true, Some(29_025.0), Some(29_295.0), Some(28_980.0), true));
    assert_eq!(times(&rides[2]), (false, None, None, None, false));
    assert_eq!((rides[1].passengers, rides[1].wheelchairs, rides[1].vehicle), (1, 1, Some(0)));
    assert_eq!((rides[2].limit, rides[2].nearest, rides[2].missed_by), (Some(Limit::Charge), Some(0), Some(0.5)));
    let cells =
        playback().cells(CellQuery { end: RideEnd::Destination, from_s: 28_800.0, to_s: 31_000.0, resolution: 9 });
    assert_eq!((cells.cells.len(), cells.cells[0].trips, &*cells.cells[0].requests), (1, 2, &[0, 1][..]));
}

#[test]
fn the_charge_series_is_what_seeking_shows() {
    let mut playback = playback();
    let series = playback.charge_series(VehicleId(0));
    assert_eq!(series[..4], [28_800.0, 0.5, 28_800.0, 0.5]);
    assert_eq!(series[series.len() - 2..], [64_790.0, 23.8 / 40.0]);
    let points: Vec<(f64, f64)> = series.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    assert!(points.is_sorted_by_key(|point| point.0));
    for pair in points.windows(2) {
        playback.seek(Time::from_s((pair[0].0 + pair[1].0) / 2.0));
        let middle = (pair[0].1 + pair[1].1) / 2.0;
        assert!(pair[0].0 == pair[1].0 || (f64::from(playback.charge()[0]) - middle).abs() < 1e-6, "{pair:?}");
    }
    assert_eq!(playback.charge_series(VehicleId(1)), [0.0; 0]);
}

#[test]
fn a_van_at_a_charger_is_shown_as_the_flows_tell() {
    let mut scenario = Scenario::village();
    scenario.demand.trips.clear();
    let world = std::sync::Arc::new(crate::world::World::new(&scenario));
    let log = crate::sim::Simulation::new(world).run();
    let mut playback = Playback::new(&scenario, log.clone());
    assert!(log.flows.len() > 4, "{:?}", log.flows);
    let mut charging = 0;
    for flow in log.flows.iter().filter(|flow| flow.plugged) {
        playback.seek(flow.time);
        assert!((f64::from(playback.charge()[0]) - flow.energy_kwh / 40.0).abs() < 1e-6, "{flow:?}");
        assert_eq!(playback.states()[0] == VanState::Charging as u8, flow.stored_kw > 0.0, "{flow:?}");
        charging += u32::from(flow.stored_kw > 0.0);
    }
    assert!(charging > 1);
}

#[test]
fn a_van_without_a_battery_has_no_charge() {
    let (mut scenario, log) = day();
    scenario.fleet.vehicles[0].battery = None;
    let playback = Playback::new(&scenario, log);
    assert!(playback.charge()[0].is_nan());
    assert_eq!(playback.charge_series(VehicleId(0)), [0.0; 0]);
}

#[test]
fn an_empty_log_leaves_the_vans_at_home() {
    let mut playback = Playback::new(&Scenario::village(), Log::default());
    playback.seek(Time::HOUR);
    assert_near(playback.positions(), &node(0));
    assert_eq!((playback.states(), playback.charge()), (&[0][..], &[0.5][..]));
    assert_eq!((playback.begin(), playback.end()), (Time::ZERO, Time::ZERO));
}

#[test]
fn survives_a_log_that_does_not_fit() {
    let (scenario, log) = day();
    let mut rng = Rng::new(1, "mutations");
    let mut below = |limit: usize| (rng.unit() * limit as f64) as u32;
    for _ in 0..2_000 {
        let mut log = log.clone();
        for _ in 0..3 {
            let (here, there) = (below(log.rows.len()) as usize, below(log.rows.len()) as usize);
            let row = &mut log.rows[here];
            match below(8) {
                0 => row.node = NodeId(below(9)),
                1 => row.vehicle = Some(VehicleId(below(3))),
                2 => row.request = Some(RequestId(below(5))),
                3 => row.time = Time(i32::MAX - below(9) as i32),
                4 => row.time = Time(i32::MIN + below(9) as i32),
                5 => row.load = u32::MAX - below(9),
                6 => log.rows.swap(here, there),
                _ => log.requests[below(3) as usize].origin = StopId(below(9)),
            }
        }
        log.answers.truncate(below(4) as usize);
        let mut playback = Playback::new(&scenario, log);
        for time in [i32::MIN, 28_850_000, 64_000_000, 29_000_000, 29_250_000, i32::MAX] {
            playback.seek(Time(time));
            playback.plan(VehicleId(0));
            playback.waiting();
            assert!(playback.positions().iter().all(|degrees| degrees.is_finite()));
        }
        playback.cells(CellQuery { end: RideEnd::Origin, from_s: 0.0, to_s: 1e9, resolution: 8 });
        playback.charge_series(VehicleId(0));
    }
}

#[test]
fn a_simulated_day_shows_each_row_as_it_was_written() {
    let scenario = Scenario::village();
    let world = std::sync::Arc::new(crate::world::World::new(&scenario));
    let log = crate::sim::Simulation::new(world).run();
    let rows: Vec<Row> = log.van_rows().copied().collect();
    let mut playback = Playback::new(&scenario, log.clone());
    assert!(rows.len() > 100, "{}", rows.len());
    for (row, next) in rows.iter().zip(&rows[1..]) {
        if row.time == next.time {
            continue;
        }
        playback.seek(row.time);
        assert_near(playback.positions(), &node(row.node.0));
        assert_eq!(u32::from(playback.loads()[0]), row.load);
        assert!((f64::from(playback.charge()[0]) - row.energy_kwh / 40.0).abs() < 1e-6, "{row:?}");
        if matches!(row.event, Event::Depart | Event::Pass) {
            playback.seek(Time((row.time.0 + next.time.0) / 2));
            assert_near(playback.positions(), &middle(node(row.node.0), node(next.node.0)));
        }
    }
    let served = playback.rides().rides.iter().filter(|ride| ride.served).count();
    let promised = log.answers.iter().filter(|answer| matches!(answer, Some(Answer::Promised { .. }))).count();
    assert_eq!(served, promised);
}
