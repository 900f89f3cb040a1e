//! Feeds that Japanese towns publish, and the command line on them. What is expected was counted in the files by another program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use noriai::gtfs::{self, Feed, baseline};
use noriai::scenario::{self, Edge, MatchingPolicy, Node, RoadClass, Scenario};
use noriai::sim::Simulation;
use noriai::timetable::Timetable;
use noriai::world::World;

/// What a feed holds.
struct Town {
    file: &'static str,
    stops: usize,
    stations: u32,
    routes: usize,
    trips: usize,
    calls: usize,
    /// First and last day of service, days, and trips on all of them.
    days: (&'static str, &'static str, usize, u32),
    /// Trips on a Wednesday, a Saturday and a holiday or Sunday.
    on: [(&'static str, u32); 3],
    /// Trips of a route on the Wednesday.
    route: (&'static str, u32),
    /// Id of a stop, its name, its reading and its English name.
    stop: [&'static str; 4],
    adult_yen: f64,
}

const TOWNS: [Town; 3] = [
    Town {
        file: "city_namerikawa_gtfs.zip",
        stops: 171,
        stations: 0,
        routes: 15,
        trips: 61,
        calls: 2_816,
        days: ("2018-06-01", "2020-02-21", 628, 20_408),
        on: [("2018-12-05", 36), ("2018-12-08", 25), ("2019-01-01", 0)],
        route: ("12", 4),
        stop: ["9580_01", "滑川駅前", "なめりかわえきまえ", "Namerikawa Sta. Mae"],
        adult_yen: 100.0,
    },
    Town {
        file: "gtfs.1043.showamura_com.zip",
        stops: 146,
        stations: 76,
        routes: 12,
        trips: 32,
        calls: 1_451,
        days: ("2018-08-29", "2019-09-30", 398, 9_471),
        on: [("2018-12-05", 24), ("2018-12-08", 24), ("2018-12-09", 23)],
        route: ("R011", 3),
        stop: ["S00001AGC6000020104485H001", "永井", "ながい", "Nagai"],
        adult_yen: 100.0,
    },
    Town {
        file: "town_tateyama_gtfs.zip",
        stops: 111,
        stations: 111,
        routes: 20,
        trips: 91,
        calls: 1_313,
        days: ("2018-04-29", "2020-03-31", 347, 17_921),
        on: [("2019-04-10", 60), ("2019-04-13", 41), ("2019-04-14", 0)],
        route: ("5_2", 10),
        stop: ["1_1", "西大森北", "にしおおもりきた", "Nishioomori Kita"],
        adult_yen: 200.0,
    },
];

/// The feeds with what they hold; says so where they are absent.
fn towns(test: &str) -> Vec<(&'static Town, Feed)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/gtfs-jp"));
    if !folder.is_dir() {
        println!("not run: {test}: ../shared/data is absent");
        return Vec::new();
    }
    let read = |town: &'static Town| {
        let bytes = fs::read(folder.join(town.file)).expect("a feed");
        (town, gtfs::read(&bytes).expect("a feed that can be read"))
    };
    TOWNS.iter().map(read).collect()
}

#[test]
fn feeds_of_towns_hold_what_another_program_counts() {
    for (town, feed) in towns("feeds_of_towns_hold_what_another_program_counts") {
        let file = town.file;
        assert_eq!(feed.warnings, [], "{file}");
        for (date, trips) in town.on {
            let summary = feed.summary(scenario::parse_date(date));
            assert_eq!(summary.trips, trips, "{file} on {date}");
            assert_eq!(summary.no_service.is_some(), trips == 0, "{file} on {date}");
        }
        let summary = feed.summary(scenario::parse_date(town.on[0].0));
        assert_eq!((summary.stops.len(), summary.stations), (town.stops, town.stations), "{file}");
        assert_eq!((feed.routes.len(), feed.trips.len()), (town.routes, town.trips), "{file}");
        assert_eq!(feed.trips.iter().map(|trip| trip.calls.len()).sum::<usize>(), town.calls, "{file}");
        let route = summary.routes.iter().find(|route| route.id == town.route.0).expect("the route");
        assert_eq!(route.trips, town.route.1, "{file}");
        let dates = &summary.service_dates;
        let all = dates.iter().map(|day| day.trips).sum();
        assert_eq!((&*dates[0].date, &*dates[dates.len() - 1].date, dates.len(), all), town.days, "{file}");
        let stop = summary.stops.iter().find(|stop| stop.id == town.stop[0]).expect("the stop");
        let reading = stop.reading.as_deref().unwrap_or_default();
        assert_eq!([&*stop.name.ja, reading, &*stop.name.en], town.stop[1..], "{file}");
        assert!(feed.stops.iter().all(|stop| stop.reading.is_some() && stop.place.is_some()), "{file}");
    }
}

/// Namie's vans on roads that join the feed's stops in their order and along its trips.
fn roads(feed: &Feed) -> Scenario {
    let mut town = scenario::read(scenario::TOWNS[0].1).expect("a built-in town is valid");
    let places: Vec<(f64, f64)> = feed.stops.iter().map(|stop| stop.place.expect("a place")).collect();
    town.network.nodes = places.iter().map(|&(lat, lng)| Node { lat, lng }).collect();
    let calls = feed.trips.iter().flat_map(|trip| trip.calls.windows(2)).map(|leg| (leg[0].stop, leg[1].stop));
    let mut pairs: Vec<(usize, usize)> = (1..places.len()).map(|stop| (stop - 1, stop)).chain(calls).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let edge = |(from, to): (usize, usize)| Edge {
        from: from as u32,
        to: to as u32,
        length_m: noriai::math::distance_m(places[from], places[to]).max(1.0) * 1.2,
        class: RoadClass::Secondary,
        time_s: None,
        one_way: false,
        shape: Vec::new(),
    };
    town.network.edges = pairs.into_iter().map(edge).collect();
    town.stops.truncate(1);
    town.stops[0].node = 0;
    town.depots.iter_mut().for_each(|depot| depot.node = 0);
    town.fixed_route = None;
    town.fleet.hubs.clear();
    town
}

#[test]
fn buses_of_towns_drive_every_trip_of_the_day() {
    for (town, feed) in towns("buses_of_towns_drive_every_trip_of_the_day") {
        let (date, trips) = town.on[0];
        let date = scenario::parse_date(date).expect("a date");
        let roads = roads(&feed);
        assert_eq!(roads.problems(), [], "{}", town.file);
        let made = baseline::baseline(&feed, &[], date, &roads).expect("a bus");
        let outcome = &made.outcome;
        println!(
            "{}: {} lines, {} buses, {} more stops, {} calls later, by up to {} s",
            town.file,
            outcome.lines,
            outcome.buses,
            outcome.added_stops,
            outcome.stretched_calls,
            outcome.longest_stretch_s
        );
        assert_eq!(made.outcome.trips, trips, "{}: {:?}", town.file, made.outcome.notes);
        let mut scenario = made.scenario;
        scenario.policies.matching = MatchingPolicy::by_name("fixed_route").expect("a policy");
        assert_eq!(scenario.problems(), [], "{}", town.file);
        let world = Arc::new(World::new(&scenario));
        let timetable: &Timetable = world.timetable.as_ref().expect("buses run");
        assert_eq!(timetable.trips.iter().filter(|trip| trip.bus.is_some()).count() as u32, trips, "{}", town.file);
        let log = Simulation::new(Arc::clone(&world)).run();
        let report = noriai::report::report(&world, &log);
        assert_eq!(report.served + report.refused, report.requests, "{}", town.file);
        assert_eq!(scenario.fixed_route.expect("a bus").adult_yen, town.adult_yen, "{}", town.file);
    }
}

fn noriai(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_noriai")).args(arguments).output().expect("the command starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().expect("an exit code"), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_command_writes_a_towns_service_and_reads_it_back() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("gtfs");
    fs::create_dir_all(&folder).expect("a folder");
    let path = |name: &str| folder.join(name).to_str().expect("UTF-8").to_owned();
    fs::write(path("namie.json"), scenario::TOWNS[0].1).expect("written");
    let (code, _, error) = noriai(&["gtfs", "--export", &path("namie.json"), "--out", &path("flex.zip")]);
    assert_eq!(code, 0, "{error}");
    assert!(error.contains("surcharge of 100 yen from 19:00"), "{error}");

    let (_, summary, _) = noriai(&["gtfs", &path("flex.zip"), "--json"]);
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    let town = scenario::read(scenario::TOWNS[0].1).expect("a built-in town is valid");
    assert_eq!(summary["stops"].as_array().map(Vec::len), Some(town.stops.len()));
    assert_eq!(summary["flex"].as_array().map(Vec::len), Some(town.service.hours.len()));

    let into = ["--into", &path("namie.json"), "--out", &path("again.json"), "--date", &town.day.date];
    let (code, ..) = noriai(&[&["gtfs", &path("flex.zip"), "--flex"], &into[..]].concat());
    assert_eq!(code, 0);
    let again = scenario::read(&fs::read_to_string(path("again.json")).expect("a scenario")).expect("valid");
    assert_eq!(again, town);

    let (code, _, error) = noriai(&[&["gtfs", &path("flex.zip"), "--route", "x"], &into[..]].concat());
    assert!(code == 4 && error.contains("no route has the id \"x\""), "{error}");
    let (code, _, error) = noriai(&["gtfs", &path("namie.json")]);
    assert!(code == 4 && error.contains("this is JSON, not a zip archive"), "{error}");
}
