use super::*;

fn pooling(period_s: u32, answer_within_s: u32, vans_per_rider: u32) -> MatchingPolicy {
    MatchingPolicy::Pooling {
        period_s,
        answer_within_s,
        reassign: true,
        vans_per_rider,
        idle_van_s: 200.0,
        objective: Objective::default(),
    }
}

/// The paths of the problems after a change to the village.
pub(super) fn paths(change: impl FnOnce(&mut Scenario)) -> Vec<String> {
    let mut scenario = Scenario::village();
    change(&mut scenario);
    let problems = scenario.problems();
    for Problem { path, message } in &problems {
        assert!(!message.ja.is_ascii() && !message.en.is_empty(), "{path}: {message:?}");
    }
    problems.into_iter().map(|problem| problem.path).collect()
}

#[test]
fn finds_nothing_wrong_with_the_village() {
    assert_eq!(Scenario::village().problems(), []);
}

#[test]
fn reports_everything_at_once_in_both_languages() {
    let mut scenario = Scenario::village();
    scenario.service.detour_factor = 0.5;
    scenario.fleet.vehicles[0].seats = 101;
    let problems = scenario.problems();
    let expected = [
        (
            "service.detour_factor",
            "0.5 は小さすぎます。1 以上 10 以下にしてください。",
            "0.5 is too small: give a number from 1 up to 10",
        ),
        (
            "fleet.vehicles[0].seats",
            "101 は大きすぎます。0 以上 100 以下にしてください。",
            "101 is too large: give a number from 0 up to 100",
        ),
    ];
    let expected = expected.map(|(path, ja, en)| Problem { path: path.to_owned(), message: Text::new(ja, en) });
    assert_eq!(problems, expected);
}

/// One wrong value each, and the one path that must be named.
#[test]
fn names_each_wrong_value() {
    type Change = fn(&mut Scenario);
    let cases: &[(&str, Change)] = &[
        ("version", |s| s.version = 2),
        ("seed", |s| s.seed = 1 << 53),
        ("day.date", |s| s.day.date = "2026-02-30".to_owned()),
        ("day.outdoor_c", |s| s.day.outdoor_c = f64::NAN),
        ("network.nodes[1].lat", |s| s.network.nodes[1].lat = 140.0),
        ("network.nodes[1].lng", |s| s.network.nodes[1].lng = f64::INFINITY),
        ("network.edges[2].to", |s| s.network.edges[2].to = 4),
        ("network.edges[0].length_m", |s| s.network.edges[0].length_m = 0.0),
        ("network.edges[0].time_s", |s| s.network.edges[0].time_s = Some(0.0005)),
        ("network.edges[0].shape[0][1]", |s| s.network.edges[0].shape = vec![[35.0, 140.0]]),
        ("network.speeds_kmh.service", |s| s.network.speeds_kmh.service = 0.0),
        ("drawing.view[0]", |s| s.drawing.view = [140.05, 34.99, 139.99, 35.01]),
        ("drawing.features[0].points", |s| {
            s.drawing.features = vec![Feature { kind: FeatureKind::Sea, name: None, points: vec![[140.0, 35.0]; 2] }];
        }),
        ("stops", |s| {
            s.stops.clear();
            s.demand.generator = None;
        }),
        ("stops[3].id", |s| s.stops[3].id = "a".to_owned()),
        ("stops[0].id", |s| s.stops[0].id = " ".to_owned()),
        ("stops[2].node", |s| s.stops[2].node = 4),
        ("stops[2].zone", |s| s.stops[2].zone = "sea".to_owned()),
        ("stops[0].weight", |s| s.stops[0].weight = -1.0),
        ("stops[1].elderly_share", |s| s.stops[1].elderly_share = Some(29.0)),
        ("demand.elderly_share", |s| s.demand.elderly_share = Some(f64::NAN)),
        ("stops[0].weight", |s| s.stops.iter_mut().for_each(|stop| stop.weight = 0.0)),
        ("service.hours[0].closes", |s| s.service.hours[0].closes = s.service.hours[0].opens),
        ("service.hours[1].days[0]", |s| {
            let again = Hours { days: vec![Weekday::Fri, Weekday::Sun], ..s.service.hours[0].clone() };
            s.service.hours.push(again);
        }),
        ("service.max_wait_s", |s| s.service.max_wait_s = 86_401),
        ("service.ride_limit.factor", |s| s.service.ride_limit = Some(RideLimit { factor: 0.9, slack_s: 0 })),
        ("service.promise_window_s", |s| s.service.promise_window_s = Some(86_401)),
        ("service.dwell.per_request_s", |s| s.service.dwell.per_request_s = 3_601),
        ("service.dwell.per_child_s", |s| s.service.dwell.per_child_s = Some(601)),
        ("service.dwell.per_parcel_s", |s| s.service.dwell.per_parcel_s = Some(601)),
        ("fares.zones[0].adult_yen", |s| s.fares.zones[0].adult_yen = -1.0),
        ("fares.free_share", |s| s.fares.free_share = 1.1),
        ("depots[1].node", |s| {
            let other = Depot { id: "other".to_owned(), ..s.depots[0].clone() };
            s.depots.push(other);
        }),
        ("depots[0].chargers[0].count", |s| s.depots[0].chargers[0].count = 0),
        ("depots[0].chargers[0].power_kw", |s| s.depots[0].chargers[0].power_kw = 0.0),
        ("depots[0].chargers[0].losses.proportional", |s| {
            s.depots[0].chargers[0].losses.proportional = 0.6;
        }),
        ("depots[0].chargers[0].losses.fixed_kw", |s| s.depots[0].chargers[0].losses.fixed_kw = 7.0),
        ("fleet.vehicles", |s| s.fleet.vehicles.clear()),
        ("fleet.vehicles[1].id", |s| s.fleet.vehicles.push(s.fleet.vehicles[0].clone())),
        ("fleet.vehicles[0].seats", |s| {
            s.fleet.vehicles[0].seats = 0;
            s.fleet.vehicles[0].wheelchair_places = 0;
        }),
        ("fleet.vehicles[0].depot", |s| s.fleet.vehicles[0].depot = Some("port".to_owned())),
        ("fleet.vehicles[0].depot", |s| s.fleet.vehicles[0].depot = None),
        ("fleet.vehicles[0].start_node", |s| s.fleet.vehicles[0].start_node = Some(9)),
        ("fleet.vehicles[0].days[1]", |s| s.fleet.vehicles[0].days = vec![Weekday::Mon; 2]),
        ("fleet.vehicles[0].battery.initial_soc", |s| {
            s.fleet.vehicles[0].battery.as_mut().unwrap().initial_soc = 0.09;
        }),
        ("fleet.vehicles[0].battery.climate.cool_above_c", |s| {
            s.fleet.vehicles[0].battery.as_mut().unwrap().climate.cool_above_c = 17.0;
        }),
        ("demand.factor", |s| s.demand.factor = -1.0),
        ("growth.vans", |s| s.growth = Some(Growth { vans: 0, factor: 1.0, supervisors: None })),
        ("growth.factor", |s| s.growth = Some(Growth { vans: 1, factor: -1.0, supervisors: None })),
        ("growth.supervisors", |s| s.growth = Some(Growth { vans: 1, factor: 1.0, supervisors: Some(2) })),
        ("demand.generator.trips_per_day", |s| {
            s.demand.generator.as_mut().unwrap().trips_per_day = 50_000.0;
            s.demand.factor = 3.0;
        }),
        ("demand.generator.profile", |s| s.demand.generator.as_mut().unwrap().profile.truncate(23)),
        ("demand.generator.profile", |s| s.demand.generator.as_mut().unwrap().profile.fill(0.0)),
        ("demand.generator.profile[7]", |s| s.demand.generator.as_mut().unwrap().profile[7] = -1.0),
        ("demand.generator.categories[1].arrives", |s| {
            s.demand.generator.as_mut().unwrap().categories[1].arrives.push(1.0);
        }),
        ("demand.generator.categories[1].category", |s| {
            s.demand.generator.as_mut().unwrap().categories[1].category = Category::Station;
        }),
        ("demand.generator.decay_min", |s| s.demand.generator.as_mut().unwrap().decay_min = 0.0),
        ("demand.generator.party_weights", |s| s.demand.generator.as_mut().unwrap().party_weights.clear()),
        ("demand.generator.booked_ahead_min[1]", |s| {
            s.demand.generator.as_mut().unwrap().booked_ahead_min = [60.0, 30.0];
        }),
        ("policies.matching.time_limit_ms", |s| {
            s.policies.matching = MatchingPolicy::Script { source: String::new(), time_limit_ms: 10_001 };
        }),
        ("policies.matching.objective.waiting", |s| {
            s.policies.matching = MatchingPolicy::Insertion { objective: Objective::weighing(-0.1, 0.5) };
        }),
        ("policies.matching.window_s", |s| {
            s.policies.matching = MatchingPolicy::Batch { window_s: 9, objective: Objective::default() };
        }),
        ("policies.matching.period_s", |s| s.policies.matching = pooling(0, 30, 20)),
        ("policies.matching.answer_within_s", |s| s.policies.matching = pooling(10, 9, 20)),
        ("policies.matching.answer_within_s", |s| s.policies.matching = pooling(10, 31, 20)),
        ("policies.matching.vans_per_rider", |s| s.policies.matching = pooling(10, 30, 0)),
        ("fleet.hubs[0].place", |s| s.fleet.hubs = vec![Hub { place: "port".to_owned(), vans: None }]),
        ("fleet.hubs[1].place", |s| s.fleet.hubs = vec![Hub { place: "a".to_owned(), vans: None }; 2]),
        ("fleet.hubs[0].vans", |s| s.fleet.hubs = vec![Hub { place: "yard".to_owned(), vans: Some(0) }]),
        ("policies.rebalancing.after_s", |s| {
            s.policies.rebalancing = RebalancingPolicy::NearestHub { after_s: 86_401 };
        }),
        ("policies.rebalancing.after_s", |s| {
            s.policies.rebalancing = RebalancingPolicy::ReturnToDepot { after_s: 86_401 };
        }),
        ("policies.charging.below_soc", |s| {
            s.policies.charging = ChargingPolicy::Immediate { below_soc: f64::NAN };
        }),
    ];
    for (path, change) in cases {
        assert_eq!(paths(change), [*path]);
    }
}

#[test]
fn names_each_wrong_value_of_a_trip() {
    type Change = fn(&mut Trip);
    let cases: &[(&str, Change)] = &[
        ("request_s", |t| t.request_s = f64::NEG_INFINITY),
        ("earliest_pickup_s", |t| t.earliest_pickup_s = Some(35_999.0)),
        ("latest_dropoff_s", |t| t.latest_dropoff_s = Some(36_000.0)),
        ("latest_dropoff_s", |t| t.latest_dropoff_s = Some(172_801.0)),
        ("origin", |t| t.origin = "z".to_owned()),
        ("destination", |t| t.destination = "a".to_owned()),
        ("passengers", |t| t.passengers = 0),
        ("passengers", |t| t.wheelchairs = u32::MAX),
        ("passengers", |t| t.children = 100),
        ("parcels", |t| t.parcels = 101),
    ];
    let good = Trip {
        request_s: 36_000.0,
        origin: "a".to_owned(),
        destination: "b".to_owned(),
        passengers: 1,
        ..Trip::default()
    };
    assert_eq!(paths(|s| s.demand.trips = vec![good.clone()]), [""; 0]);
    for (field, change) in cases {
        let mut trip = good.clone();
        change(&mut trip);
        assert_eq!(paths(|s| s.demand.trips = vec![good.clone(), trip]), [format!("demand.trips[1].{field}")]);
    }
    let named = Trip { id: Some("17".to_owned()), ..good.clone() };
    assert_eq!(paths(|s| s.demand.trips = vec![named.clone(), good, named]), ["demand.trips[2].id"]);
}

#[test]
fn names_the_stops_that_no_road_reaches() {
    // Without the middle section c and d are cut off, both ways.
    let cut = paths(|s| drop(s.network.edges.remove(1)));
    assert_eq!(cut, ["stops[2].node", "stops[2].node", "stops[3].node", "stops[3].node"]);
    // With the last section one way, d is a trap.
    let mut trap = Scenario::village();
    trap.network.edges[2].one_way = true;
    let problems = trap.problems();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].path, "stops[3].node");
    assert!(problems[0].message.en.starts_with("no road leads from node 3 to depot \"yard\""), "{problems:?}");
    // A van may come down a one-way road in the morning.
    assert_eq!(
        paths(|s| {
            s.network.nodes.push(Node { lat: 35.01, lng: 140.0 });
            s.network.edges.push(Edge { from: 4, to: 0, one_way: true, ..s.network.edges[0].clone() });
            s.fleet.vehicles[0].start_node = Some(4);
        }),
        [""; 0]
    );
}

#[test]
fn refuses_a_network_that_is_too_wide_for_the_clock() {
    // 100 + 100 + 21,600 s are 6 h 3 min 20 s from the depot to d, and back.
    let far = paths(|s| s.network.edges[2].time_s = Some(21_600.0));
    assert_eq!(far, ["network.nodes[3]", "network.nodes[3]"]);
}

#[test]
fn takes_namie_as_it_is() {
    let namie = crate::scenario::parse(include_str!("../towns/namie.json")).expect("Namie is a scenario");
    assert_eq!(namie.problems(), []);
}
