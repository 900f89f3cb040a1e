use super::*;
use crate::math::distance_m;
use crate::scenario::{Edge, Node, RoadClass};

/// A street of 3 km from west to east at 35 degrees north with a bend in its middle, and an expressway north of it.
fn network() -> Network {
    // 1 km east is 0.010979 degrees there.
    let node = |km: f64, north: f64| Node { lat: 35.0 + north, lng: 139.0 + 0.010979 * km };
    let edge =
        |from, to, length_m, class, shape| Edge { from, to, length_m, class, time_s: None, one_way: false, shape };
    Network {
        nodes: vec![node(0.0, 0.0), node(3.0, 0.0), node(0.0, 0.02), node(3.0, 0.02)],
        edges: vec![
            Edge {
                time_s: Some(300.0),
                ..edge(0, 1, 3_000.0, RoadClass::Residential, vec![[139.0 + 0.010979 * 1.5, 35.0]])
            },
            edge(0, 2, 2_224.0, RoadClass::Motorway, Vec::new()),
            edge(2, 3, 3_000.0, RoadClass::Motorway, Vec::new()),
            edge(3, 1, 2_224.0, RoadClass::Motorway, Vec::new()),
        ],
        speeds_kmh: SPEEDS_KMH,
        traffic: None,
    }
}

fn made(spec: &Spec) -> Scenario {
    scenario(network(), &Notes::default(), spec).expect("a town")
}

#[test]
fn stops_cover_the_streets_and_edges_are_split_for_them() {
    let town = made(&Spec { stops_every_m: 400.0, ..Spec::default() });
    let place = |node: u32| (town.network.nodes[node as usize].lat, town.network.nodes[node as usize].lng);
    let stops: Vec<(f64, f64)> = town.stops.iter().map(|stop| place(stop.node)).collect();
    for (i, &a) in stops.iter().enumerate() {
        assert!(a.0 < 35.01, "no stop on the expressway: {a:?}");
        assert!(stops[..i].iter().all(|&b| distance_m(a, b) >= 399.0), "{a:?}");
    }
    for metre in 0..3_000 {
        let point = (35.0, 139.0 + 0.010979e-3 * f64::from(metre));
        // The greedy cover looks at points 100 m apart.
        assert!(stops.iter().any(|&stop| distance_m(stop, point) <= 450.0), "{metre} m");
    }
    let street = || town.network.edges.iter().filter(|edge| edge.class == RoadClass::Residential);
    assert!(street().count() > 4);
    let sum = |part: fn(&Edge) -> f64| street().map(part).sum::<f64>();
    assert!((sum(|edge| edge.length_m) - 3_000.0).abs() < 0.1);
    assert!((sum(|edge| edge.time_s.unwrap_or(0.0)) - 300.0).abs() < 0.1);
}

#[test]
fn a_place_is_moved_to_the_nearest_node_that_is_no_expressway_s() {
    let network = network();
    // 111.2 m north of the street's eastern end; the expressway's node is nearer to the second.
    let near = snap(&network, 35.001, 139.0 + 0.010979 * 3.0).expect("a node");
    assert!(near.node == 1 && (near.distance_m - 111.2).abs() < 0.1, "{near:?}");
    assert_eq!(snap(&network, 35.019, 139.0).expect("a node").node, 0);
    let named = |lat, lng| Place { id: String::new(), name: "home".to_owned(), name_en: None, lat, lng };
    let spec = Spec {
        stops: vec![named(35.001, 139.0), named(35.0, 139.033)],
        depot: Some(named(35.0, 139.033)),
        ..Spec::default()
    };
    let town = made(&spec);
    assert_eq!((town.stops[0].node, town.stops[1].node, town.depots[0].node), (0, 1, 1));
    let far = Spec { stops: vec![named(35.001, 139.0), named(36.0, 139.0)], ..Spec::default() };
    let problems = scenario(network, &Notes::default(), &far).expect_err("a stop 111 km away");
    assert_eq!((problems.len(), &*problems[0].path), (1, "stops[1]"));
    assert!(problems[0].message.en.contains("111.2 km"), "{}", problems[0].message.en);
}

#[test]
fn everything_that_is_wrong_is_named() {
    let wrong =
        Spec { stops_every_m: f64::NAN, vehicles: 0, requests: 0, area: Some([1.0, 0.0, 0.0, 1.0]), ..Spec::default() };
    let paths: Vec<String> = wrong.problems().into_iter().map(|problem| problem.path).collect();
    assert_eq!(paths, ["stops_every_m", "vehicles", "requests", "area"]);
}

#[test]
fn the_town_says_what_is_assumed_in_both_languages() {
    let town = made(&Spec::default());
    assert!(town.assumptions.len() >= 10);
    assert!(town.assumptions.iter().all(|text| !text.en.is_empty() && text.ja != text.en));
    let (vans, requests) = (town.fleet.vehicles.len(), town.demand.generator.expect("a generator").trips_per_day);
    assert_eq!((vans, requests), (10, 300.0));
}
