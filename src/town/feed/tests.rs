use super::*;
use crate::gtfs::{Call, Service, Stop, Trip};

/// A feed of stops at these places (km to the east and north of 36° N, 137° E) and one trip along some of them.
fn feed(places: &[[f64; 2]], calls: &[usize]) -> Feed {
    let stop = |([east, north], i): (&[f64; 2], usize)| Stop {
        id: i.to_string(),
        name: Text::new(format!("駅{i}"), format!("Station {i}")),
        reading: None,
        place: Some((36.0 + north / 111.195, 137.0 + east / 111.195 / 36f64.to_radians().cos())),
        zone: String::new(),
        parent: None,
        platform: None,
        kind: 0,
    };
    let call = |(&stop, i): (&usize, i32)| Call {
        stop,
        arrival_s: 28_800 + 300 * i,
        departure_s: 28_800 + 300 * i,
        pickup: true,
        drop_off: true,
        on_request: false,
    };
    let trip = Trip {
        id: "1".to_owned(),
        route: 0,
        service: 0,
        headsign: Text::new("", ""),
        direction: None,
        block: None,
        shape: Some("way".to_owned()),
        calls: calls.iter().zip(0..).map(call).collect(),
    };
    Feed {
        stops: places.iter().zip(0..).map(stop).collect(),
        services: vec![Service::default()],
        trips: vec![trip],
        ..Feed::default()
    }
}

fn pairs(network: &Network) -> Vec<[u32; 2]> {
    let mut pairs: Vec<_> = network.edges.iter().map(|edge| sorted([edge.from, edge.to])).collect();
    pairs.sort_unstable();
    pairs
}

#[test]
fn neighbours_are_joined_and_those_behind_another_are_not() {
    // Four on a line and one beside; all are called at, out of order.
    let feed = feed(&[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [9.0, 0.0], [0.0, 1.2]], &[0, 1, 2, 3, 4]);
    let network = network(&feed, &places(&feed));
    // 1-4 is a neighbour across; 2-4 is not, 1 lies between; 0-3 is far.
    assert_eq!(pairs(&network), [[0, 1], [0, 4], [1, 2], [2, 3], [3, 4]].map(|pair| pair));
    let across = network.edges.iter().find(|edge| sorted([edge.from, edge.to]) == [0, 4]).expect("an edge");
    assert!((across.length_m - 1_560.0).abs() < 2.0 && across.class == RoadClass::Residential, "{across:?}");
}

#[test]
fn a_way_follows_its_shape() {
    let mut feed = feed(&[[0.0, 0.0], [1.0, 0.0]], &[0, 1]);
    let corner = [137.0, 36.0 + 1.0 / 111.195];
    let place = |stop: usize| feed.stops[stop].place.map(|(lat, lng)| [lng, lat]).expect("a place");
    let beyond = [place(1)[0], corner[1]];
    let way = vec![place(0), corner, beyond, place(1)];
    feed.shapes.insert("way".to_owned(), way.clone());
    let network = network(&feed, &places(&feed));
    assert_eq!(network.edges.len(), 1);
    assert_eq!(network.edges[0].shape, way);
    assert!((network.edges[0].length_m - 3_000.0).abs() < 5.0, "{}", network.edges[0].length_m);
}

#[test]
fn a_bus_is_as_fast_as_its_timetable() {
    // 4 km in 5 minutes are 48 km/h, and 1.3 times as much on the road; 1 km in 5 minutes is driven at the usual speed.
    let feed = feed(&[[0.0, 0.0], [4.0, 0.0], [5.0, 0.0]], &[0, 1, 2]);
    let network = network(&feed, &places(&feed));
    assert_eq!(network.edges.iter().map(|edge| edge.time_s).collect::<Vec<_>>(), [Some(300.0), None]);
}

#[test]
fn islands_are_joined_where_they_are_nearest() {
    let feed = feed(&[[0.0, 0.0], [1.0, 0.0], [5.0, 0.0], [6.0, 0.0]], &[]);
    let network = network(&feed, &places(&feed));
    assert_eq!(pairs(&network), [[0, 1], [1, 2], [2, 3]]);
}

#[test]
fn a_town_has_the_feeds_stops_and_can_be_lived_in() {
    let feed = feed(&[[0.0, 0.0], [1.0, 0.0], [2.0, 0.5], [1.0, 1.0]], &[0, 1, 2, 3]);
    let town = of_feed(&feed, &Spec { name: "試".to_owned(), ..Spec::default() }).expect("a town");
    assert_eq!(town.problems(), []);
    assert_eq!(
        town.stops.iter().map(|stop| &*stop.name.en).collect::<Vec<_>>(),
        ["Station 0", "Station 1", "Station 2", "Station 3"]
    );
    assert!(town.stops.iter().all(|stop| !stop.is_virtual));
}

#[test]
fn a_feed_without_places_is_refused() {
    let mut feed = feed(&[[0.0, 0.0], [1.0, 0.0]], &[0, 1]);
    feed.stops[1].place = None;
    let problems = of_feed(&feed, &Spec::default()).expect_err("one place is no town");
    assert!(problems[0].message.en.contains("at least two stops with a place"), "{problems:?}");
}
