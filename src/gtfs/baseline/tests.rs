//! The bus of a scenario from small feeds.

use super::*;
use crate::gtfs::tests::{Small, WEDNESDAY};
use crate::scenario::Category;

/// Lines of a scenario as id, stops, offsets and departures on a day of the week.
fn lines(scenario: &Scenario, day: Weekday) -> Vec<(String, String, Vec<u32>, Vec<String>)> {
    let route = scenario.fixed_route.as_ref().expect("a bus");
    let line = |line: &Line| {
        let stops: Vec<&str> = line.stops.iter().map(|call| &*call.stop).collect();
        let today = line.departures.iter().filter(|departures| departures.days.contains(&day));
        let times = today.flat_map(|departures| &departures.times).map(|time| time.to_string()).collect();
        (line.id.clone(), stops.concat(), line.stops.iter().map(|call| call.departure_s).collect(), times)
    };
    route.lines.iter().map(line).collect()
}

#[test]
fn a_route_becomes_the_bus_of_a_scenario() {
    let made = baseline(&Small::new().feed(), &["r".into()], WEDNESDAY, &Scenario::village()).expect("a bus");
    assert_eq!(made.scenario.problems(), []);
    let offsets = vec![0, 150, 300, 450];
    assert_eq!(
        lines(&made.scenario, Weekday::Wed),
        [
            ("r".into(), "abcd".into(), offsets.clone(), vec!["08:00".into(), "09:00".into()]),
            ("r-2".into(), "dcba".into(), offsets, vec!["08:00".into()]),
        ]
    );
    assert_eq!(lines(&made.scenario, Weekday::Sat).iter().map(|line| line.3.len()).sum::<usize>(), 0);
    let outcome = &made.outcome;
    assert_eq!((outcome.lines, outcome.trips, outcome.added_stops, outcome.stretched_calls), (2, 3, 0, 0));
    // Two buses at eight, one at each end.
    assert_eq!(outcome.buses, 2);
    let error = baseline(&Small::new().feed(), &["x".into()], WEDNESDAY, &Scenario::village());
    assert_eq!(error.expect_err("no route x").en, "no route has the id \"x\": choose one of r");
}

#[test]
fn trips_with_other_times_are_a_line_of_their_own() {
    let small = Small::new().replaced("stop_times.txt", "east-9,09:07:30,09:07:30,d", "east-9,09:08:30,09:08:30,d");
    let made = baseline(&small.feed(), &[], WEDNESDAY, &Scenario::village()).expect("a bus");
    let lines = lines(&made.scenario, Weekday::Wed);
    assert_eq!(lines.iter().map(|line| line.2[3]).collect::<Vec<_>>(), [450, 450, 510]);
    assert_eq!(made.scenario.problems(), []);
}

#[test]
fn calls_are_later_where_the_roads_need_it_until_the_timetable_has_made_up_for_it() {
    // A leg takes 100 s of driving; b is left after 60 s, c after 300 s.
    let small = Small::new().replaced("stop_times.txt", "east-8,08:02:30,08:02:30,b", "east-8,08:01:00,08:01:00,b");
    let made = baseline(&small.feed(), &[], WEDNESDAY, &Scenario::village()).expect("a bus");
    let lines = lines(&made.scenario, Weekday::Wed);
    assert!(lines.iter().any(|line| line.2 == [0, 100, 300, 450]), "{lines:?}");
    assert_eq!((made.outcome.stretched_calls, made.outcome.longest_stretch_s), (1, 40));
    assert_eq!(made.scenario.problems(), []);
}

#[test]
fn a_timetable_that_can_be_driven_is_kept_to_the_second() {
    // A leg takes 100 s of driving, and is given 100 s: nothing is added for riders who may not be there.
    let mut small = Small::new();
    for (given, tight) in
        [("08:02:30,08:02:30,b", "08:01:40,08:01:40,b"), ("08:05:00,08:05:00,c", "08:03:20,08:03:20,c")]
    {
        small = small.replaced("stop_times.txt", &format!("east-8,{given}"), &format!("east-8,{tight}"));
    }
    let made = baseline(&small.feed(), &[], WEDNESDAY, &Scenario::village()).expect("a bus");
    let lines = lines(&made.scenario, Weekday::Wed);
    assert!(lines.iter().any(|line| line.2 == [0, 100, 200, 450]), "{lines:?}");
    assert_eq!((made.outcome.stretched_calls, made.outcome.longest_stretch_s), (0, 0));
    assert_eq!(made.scenario.problems(), []);
}

#[test]
fn calls_that_a_feed_limits_are_told() {
    // b of one trip is for getting on alone, c for getting off; what the ends allow says nothing. d is called at on request.
    let small = Small::new()
        .replaced("stop_times.txt", "stop_id,stop_sequence\n", "stop_id,stop_sequence,pickup_type,drop_off_type\n")
        .replaced("stop_times.txt", "east-8,08:00:00,08:00:00,a,1", "east-8,08:00:00,08:00:00,a,1,0,1")
        .replaced("stop_times.txt", "east-8,08:02:30,08:02:30,b,2", "east-8,08:02:30,08:02:30,b,2,0,1")
        .replaced("stop_times.txt", "east-8,08:05:00,08:05:00,c,3", "east-8,08:05:00,08:05:00,c,3,1,0")
        .replaced("stop_times.txt", "east-8,08:07:30,08:07:30,d,4", "east-8,08:07:30,08:07:30,d,4,1,3");
    let made = baseline(&small.feed(), &[], WEDNESDAY, &Scenario::village()).expect("a bus");
    let told: Vec<&str> = made.outcome.notes.iter().map(|note| &*note.en).collect();
    for expected in ["1 calls are for getting on alone and 1 for getting off", "1 calls are made only on request"] {
        assert!(told.iter().any(|note| note.contains(expected)), "{told:?}");
    }
}

#[test]
fn trips_that_no_bus_can_drive_are_left_out() {
    // The day ends at four in the morning; at 27:50 a bus is at d at 27:57:30 and not home by 28:00.
    let small = Small::new().replaced("stop_times.txt", "east-9,09:0", "east-9,27:5");
    let made = baseline(&small.feed(), &[], WEDNESDAY, &Scenario::village()).expect("a bus");
    assert_eq!(made.outcome.trips, 2);
    assert!(made.outcome.notes.iter().any(|note| note.en.contains("27:50")), "{:?}", made.outcome.notes);
    assert_eq!(made.scenario.problems(), []);
}

#[test]
fn stops_off_the_roads_are_left_out_and_new_ones_laid() {
    let small = Small::new()
        .replaced("stops.txt", "b,停留所b,35,140.010979", "b,停留所b,35.1,140.010979")
        .replaced("stops.txt", "c,停留所c,35,", "x,病院前,35.001,")
        .replaced("stop_times.txt", ",c,", ",x,");
    let made = baseline(&small.feed(), &[], WEDNESDAY, &Scenario::village()).expect("a bus");
    assert_eq!(lines(&made.scenario, Weekday::Wed)[0].1, "axd");
    let stop = made.scenario.stops.last().expect("a stop");
    assert_eq!((&*stop.id, stop.node, &*stop.zone, stop.category), ("x", 2, "town", Category::Clinic));
    assert_eq!(made.outcome.added_stops, 1);
    // 0.001 degrees of latitude.
    assert_eq!(made.outcome.farthest_snap_m.round(), 111.0);
    let note = &made.outcome.notes[0].en;
    assert!(note.contains("(b) is left out: it is 11120 m"), "{note}");
    assert_eq!(made.scenario.problems(), []);
}

#[test]
fn trips_with_one_stop_on_the_roads_are_left_out_and_counted() {
    let mut small = Small::new();
    for id in ['b', 'c', 'd'] {
        small = small.replaced("stops.txt", &format!("停留所{id},35,"), &format!("停留所{id},36,"));
    }
    // A trip between a and a new stop beside c keeps the feed usable.
    let small = small.replaced("stops.txt", "\nb,", "\nx,x,35,140.021958\nb,").replaced(
        "stop_times.txt",
        "west-8,08:00:00,08:00:00,d,",
        "west-8,08:00:00,08:00:00,x,",
    );
    let made = baseline(&small.feed(), &[], WEDNESDAY, &Scenario::village()).expect("a bus");
    assert_eq!(made.outcome.trips, 1);
    let note = |note: &Text| note.en.contains("2 trips are left out, since fewer than two of their stops can be used");
    assert!(made.outcome.notes.iter().any(note), "{:?}", made.outcome.notes);
    assert_eq!(made.scenario.problems(), []);
}

#[test]
fn a_feed_of_another_town_is_refused() {
    let elsewhere = Small::new().replaced("stops.txt", ",35,", ",36,").feed();
    let error = baseline(&elsewhere, &[], WEDNESDAY, &Scenario::village()).expect_err("no roads");
    // A degree of latitude is 111.2 km.
    assert!(error.en.contains("111 km from this scenario's roads") && error.en.contains("latitude 36.00"), "{error:?}");
    assert!(error.ja.contains("111 km") && error.ja.contains("経度 140.02"), "{error:?}");
}

#[test]
fn a_feed_that_is_the_wrong_way_round_can_be_swapped_back() {
    // A village at 24 degrees north and 60 east, which are as good the other way round.
    let mut village = Scenario::village();
    village.network.nodes.iter_mut().for_each(|node| (node.lat, node.lng) = (node.lat - 11.0, node.lng - 80.0));
    let straight = Small::new().replaced("stops.txt", ",35,140", ",24,60").feed();
    assert!(baseline(&straight, &[], WEDNESDAY, &village).is_ok());
    let turned = straight.swapped();
    let error = baseline(&turned, &[], WEDNESDAY, &village).expect_err("swapped");
    assert!(error.en.contains("--swap") && error.ja.contains("緯度と経度が逆"), "{error:?}");
    assert!(baseline(&turned.swapped(), &[], WEDNESDAY, &village).is_ok());
}

#[test]
fn without_a_depot_buses_begin_where_their_first_line_does() {
    let mut village = Scenario::village();
    village.depots.clear();
    village.fleet.vehicles[0].depot = None;
    village.fleet.vehicles[0].start_node = Some(0);
    assert_eq!(village.problems(), []);
    let made = baseline(&Small::new().feed(), &[], WEDNESDAY, &village).expect("a bus");
    assert_eq!(made.scenario.problems(), []);
    assert_eq!(made.scenario.fixed_route.expect("a bus").vehicles[0].start_node, Some(0));
}

#[test]
fn the_fare_is_the_most_usual_of_the_routes() {
    let fare = |attributes: &str, rules: &str| {
        let small = Small::new()
            .with("fare_attributes.txt", format!("fare_id,price,currency_type\n{attributes}"))
            .with("fare_rules.txt", format!("fare_id,route_id,origin_id,destination_id\n{rules}"));
        let made = baseline(&small.feed(), &[], WEDNESDAY, &Scenario::village()).expect("a bus");
        made.scenario.fixed_route.expect("a bus").adult_yen
    };
    let three = "f1,100,JPY\nf2,200,JPY\nf3,300,JPY\n";
    assert_eq!(fare(three, "f3,r,a,b\nf2,r,a,c\nf2,r,a,d\n"), 200.0);
    assert_eq!(fare(three, "f3,r,a,b\nf2,r,a,c\n"), 200.0);
    assert_eq!(fare("f1,150,JPY\n", ""), 150.0);
    assert_eq!(fare("f1,2,EUR\n", ""), 0.0);
}
