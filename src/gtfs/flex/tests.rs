//! On-demand service, read and written.

use super::*;
use crate::gtfs::export::export;
use crate::gtfs::tests::{Small, WEDNESDAY};
use crate::scenario::{Stop, Weekday};

/// The village's on-demand service: a group of a and b, an area around c, and stop d.
fn small() -> Small {
    let square = "[[[140.02,34.99],[140.03,34.99],[140.03,35.01],[140.02,35.01],[140.02,34.99]]]";
    let geojson = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","id":"east","properties":{{"stop_name":"東"}},
        "geometry":{{"type":"Polygon","coordinates":{square}}}}}]}}"#
    );
    Small::new()
        .with("location_groups.txt", "location_group_id,location_group_name\ncentre,中心\n")
        .with("location_group_stops.txt", "location_group_id,stop_id\ncentre,a\ncentre,b\n")
        .with("locations.geojson", geojson)
        .with(
            "booking_rules.txt",
            "booking_rule_id,booking_type,prior_notice_duration_min,prior_notice_last_day,prior_notice_last_time,phone_number\n\
             hour,1,60,,,0240-00-0000\nday,2,,1,17:00:00,\n",
        )
        .with("trips.txt", "trip_id,route_id,service_id\nflex,r,work\n")
        .with(
            "stop_times.txt",
            "trip_id,stop_sequence,stop_id,location_group_id,location_id,start_pickup_drop_off_window,\
             end_pickup_drop_off_window,pickup_type,drop_off_type,pickup_booking_rule_id,drop_off_booking_rule_id\n\
             flex,3,d,,,09:00:00,17:30:00,1,2,,hour\n\
             flex,1,,centre,,08:30:00,12:00:00,2,1,hour,\n\
             flex,2,,,east,09:00:00,16:00:00,2,2,day,day\n",
        )
}

/// The village with the stop a alone.
fn village() -> Scenario {
    let mut scenario = Scenario::village();
    scenario.stops.truncate(1);
    scenario
}

fn ids(scenario: &Scenario) -> Vec<&str> {
    scenario.stops.iter().map(|stop| &*stop.id).collect()
}

#[test]
fn zones_windows_and_rules_are_read() {
    let feed = small().feed();
    assert_eq!(feed.warnings, []);
    assert!(feed.trips.is_empty());
    let trip = &feed.flex.trips[0];
    let windows: Vec<_> =
        trip.windows.iter().map(|w| (&*feed.flex.zones[w.zone].id, w.from_s, w.pickup, w.drop_off)).collect();
    let expected = [("centre", 30_600, true, false), ("east", 32_400, true, true), ("d", 32_400, false, true)];
    assert_eq!(windows, expected);
    assert_eq!(trip.windows[0].pickup_rule.map(|rule| feed.flex.rules[rule].notice_min), Some(Some(60)));
    assert_eq!((feed.flex.rules[1].last_day, feed.flex.rules[1].last_time_s), (Some(1), Some(61_200)));
}

#[test]
fn an_area_holds_what_lies_in_an_odd_number_of_its_rings() {
    let square = |from: f64, to: f64| vec![[from, from], [to, from], [to, to], [from, to], [from, from]];
    let zone = Zone {
        id: "x".into(),
        name: Text::new("x", "x"),
        stops: Vec::new(),
        rings: vec![square(0.0, 9.0), square(3.0, 6.0), square(20.0, 21.0)],
    };
    let inside = [(1.0, 1.0), (4.0, 4.0), (7.0, 4.0), (20.5, 20.5), (10.0, 10.0)].map(|place| zone.contains(place));
    assert_eq!(inside, [true, false, true, true, false]);
}

#[test]
fn an_on_demand_service_gives_hours_and_stops() {
    let applied = apply(&small().feed(), WEDNESDAY, &village()).expect("a service");
    let scenario = &applied.scenario;
    assert_eq!(scenario.problems(), []);
    let hours = &scenario.service.hours[..];
    assert_eq!(hours.len(), 1);
    assert_eq!(hours[0].days, [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri]);
    assert_eq!((hours[0].opens.to_string(), hours[0].closes.to_string()), ("08:30".into(), "17:30".into()));
    assert_eq!((ids(scenario), applied.added_stops), (vec!["a", "b", "c", "d"], 3));
    let notes: Vec<&str> = applied.notes.iter().map(|note| &*note.en).collect();
    assert_eq!(notes, ["rides are booked 60 minutes ahead or more", "rides are booked by 1 days before, 17:00"]);
}

#[test]
fn without_windows_or_days_the_reason_is_given() {
    let error = |feed: &Feed, date| apply(feed, date, &village()).expect_err("no service").en;
    assert!(error(&Small::new().feed(), WEDNESDAY).contains("no on-demand service"));
    let later = WEDNESDAY.replace_year(2030).expect("a date");
    assert!(error(&small().feed(), later).contains("does not run in the week of 2030-04-01"));
}

#[test]
fn what_is_wrong_with_windows_is_named_by_line() {
    let times = "trip_id,stop_sequence,stop_id,location_group_id,start_pickup_drop_off_window,end_pickup_drop_off_window,pickup_booking_rule_id\n\
        flex,1,,centre,09:00:00,08:00:00,\nflex,2,,nowhere,09:00:00,10:00:00,\nflex,3,,centre,09:00:00,10:00:00,x\n";
    let feed = small().with("stop_times.txt", times).with("locations.geojson", "{\n\"features\": [}").feed();
    let places: Vec<String> =
        feed.warnings.iter().map(|warning| format!("{}:{}", warning.file, warning.line)).collect();
    assert_eq!(places, ["locations.geojson:2", "stop_times.txt:2", "stop_times.txt:3", "stop_times.txt:4"]);
    assert_eq!(feed.flex.trips[0].windows.len(), 1);
}

#[test]
fn what_is_exported_is_read_back_as_the_same_service() {
    let scenario = crate::scenario::read(crate::scenario::TOWNS[0].1).expect("a built-in town is valid");
    let exported = export(&scenario);
    assert_eq!(exported.archive, export(&scenario).archive);
    let feed = crate::gtfs::read(&exported.archive).expect("a feed");
    assert_eq!(feed.warnings, []);
    let date = scenario.date().expect("a date");

    // Into the town itself nothing is new.
    let again = apply(&feed, date, &scenario).expect("a service");
    assert_eq!((again.scenario == scenario, again.added_stops), (true, 0));

    // Into the bare town it is the same service.
    let mut bare = scenario.clone();
    bare.stops.truncate(1);
    bare.fares.zones.retain(|zone| zone.id == bare.stops[0].zone);
    bare.fares.zones.iter_mut().for_each(|zone| zone.adult_yen = 1.0);
    bare.service.hours.truncate(1);
    bare.fixed_route = None;
    bare.fleet.hubs.clear();
    let applied = apply(&feed, date, &bare).expect("a service").scenario;
    assert_eq!(applied.problems(), []);
    assert_eq!(applied.service, scenario.service);
    let zones = |scenario: &Scenario| -> BTreeMap<String, String> {
        scenario.fares.zones.iter().map(|zone| (zone.id.clone(), zone.adult_yen.to_string())).collect()
    };
    assert_eq!(zones(&applied), zones(&scenario));
    let stop = |stop: &Stop| (stop.id.clone(), stop.name.clone(), stop.node, stop.zone.clone());
    let stops = |scenario: &Scenario| scenario.stops.iter().map(stop).collect::<Vec<_>>();
    assert_eq!(stops(&applied), stops(&scenario));
}
