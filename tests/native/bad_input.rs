//! What is said of files that are not what they should be: in both languages what is wrong, where, and what to do.

use std::io::{Cursor, Write};

use noriai::demand::{self, csv::TripOptions};
use noriai::gtfs::{self, baseline, flex};
use noriai::roads::Reader;
use noriai::scenario::{self, Scenario, Text};
use noriai::site;
use noriai::town::{self, Spec};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A way to read bytes that says why it does not.
type Entry = fn(&[u8]) -> Vec<Text>;

/// A name, how it is read, the bytes, and words of the message in Japanese and English.
type Row = (&'static str, Entry, Vec<u8>, [&'static [&'static str]; 2]);

fn roads(bytes: &[u8]) -> Vec<Text> {
    road_file(bytes, None)
}

fn road_file(bytes: &[u8], area: Option<[f64; 4]>) -> Vec<Text> {
    let mut reader = Reader::default();
    let fed = bytes.chunks(1_000).try_for_each(|piece| reader.feed(piece));
    fed.and_then(|()| reader.finish()?.network(area, town::SPEEDS_KMH)).err().into_iter().collect()
}

fn roads_of_helsinki(bytes: &[u8]) -> Vec<Text> {
    road_file(bytes, Some([24.9, 60.1, 25.0, 60.2]))
}

/// As a town on them.
fn town_on(bytes: &[u8]) -> Vec<Text> {
    let mut reader = Reader::default();
    reader.feed(bytes).expect("roads");
    let (network, notes) = reader.finish().and_then(|file| file.network(None, town::SPEEDS_KMH)).expect("roads");
    let made = town::scenario(network, &notes, &Spec::default());
    made.err().unwrap_or_default().into_iter().map(|problem| problem.message).collect()
}

fn village() -> Scenario {
    scenario::read(include_str!("../fuzz/village.json")).expect("the village is valid")
}

/// As the bus of the village on its Wednesday.
fn feed(bytes: &[u8]) -> Vec<Text> {
    let date = village().date().expect("a date");
    gtfs::read(bytes).and_then(|feed| baseline::baseline(&feed, &[], date, &village())).err().into_iter().collect()
}

/// As its service on demand.
fn on_demand(bytes: &[u8]) -> Vec<Text> {
    let date = village().date().expect("a date");
    gtfs::read(bytes).and_then(|feed| flex::apply(&feed, date, &village())).err().into_iter().collect()
}

fn trips(bytes: &[u8]) -> Vec<Text> {
    demand::csv::import(&village(), bytes, &TripOptions::default())
        .problems
        .into_iter()
        .map(|problem| problem.message)
        .collect()
}

fn series(bytes: &[u8]) -> Vec<Text> {
    site::csv::import(bytes, None, false).problems.into_iter().map(|problem| problem.message).collect()
}

/// A file that was kept as a seed for fuzzing, and is right.
fn kept(path: &str) -> Vec<u8> {
    let path = format!("{}/tests/fuzz/corpus/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn cut(mut bytes: Vec<u8>, by: usize) -> Vec<u8> {
    bytes.truncate(bytes.len() - by);
    bytes
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        writer.start_file(*name, options).expect("memory takes files");
        writer.write_all(content).expect("memory takes bytes");
    }
    writer.finish().expect("memory takes an archive").into_inner()
}

/// A feed of the corpus with something replaced in all of its files.
fn feed_with(path: &str, from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(kept(path)).expect("UTF-8");
    assert!(text.contains(from), "{from}");
    let text = text.replace(from, to);
    let files = text.split("--- ").skip(1).map(|part| part.split_once('\n').expect("a name"));
    zip(&files.map(|(name, text)| (name, text.as_bytes())).collect::<Vec<_>>())
}

fn geojson(extra: &str, coordinates: &str) -> Vec<u8> {
    format!(r#"{{"type":"Feature",{extra}"properties":{{}},"geometry":{{"type":"LineString","coordinates":{coordinates}}}}}"#)
        .into_bytes()
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

/// One line for each kind of bad input.
fn rows() -> Vec<Row> {
    let swapped: [&[&str]; 2] = [&["緯度と経度が逆", "--swap"], &["wrong way round", "--swap"]];
    vec![
        // Roads.
        ("a PBF that is cut off", roads, cut(kept("osm_pbf/town.osm.pbf"), 3), [&["途中で切れている", "もう一度ダウンロード"], &["not whole", "download it again"]]),
        ("XML that is cut off", roads, cut(kept("osm_xml/town.osm"), 20), [&["途中で切れている"], &["cut off", "download it again"]]),
        ("JSON that is cut off", roads, cut(kept("overpass_json/geom.json"), 20), [&["途中で切れて"], &["cut off", "line 1"]]),
        ("a blob that would be gigabytes", roads, kept("osm_pbf/bomb.osm.pbf"), [&["上限 33554432 バイト"], &["limit of 33554432"]]),
        ("a picture named .osm", roads, PNG.to_vec(), [&["PNG の画像", ".osm.pbf か .osm"], &["a PNG picture", "give .osm.pbf or .osm"]]),
        ("a table named .osm", roads, b"node,x_m,y_m\n1,2,3\n".to_vec(), [&["道路でない", "GeoJSON を選んで"], &["not a file of roads", "GeoJSON"]]),
        ("a feed as roads", roads, kept("gtfs_zip/small.zip"), [&["zip の書庫", "展開"], &["zip archive", "unpack"]]),
        ("a GeoPackage", roads, b"SQLite format 3\0 and the rest of it".to_vec(), [&["GeoPackage"], &["GeoPackage"]]),
        ("a shapefile", roads, b"\0\0\x27\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec(), [&["シェープファイル"], &["a shapefile"]]),
        ("an empty file of roads", roads, Vec::new(), [&["空のファイル"], &["empty", "download it again"]]),
        ("no roads at all", roads, b"<osm><node id='1' lat='35' lon='140'/></osm>".to_vec(), [&["車が通れる道路", "書き出して"], &["no road", "export"]]),
        ("roads that lead nowhere", roads, geojson("", "[[140,35]]"), [&["道路が 1 本ありますが", "範囲を確かめ"], &["of 1 roads none", "look at the area"]]),
        ("GeoJSON of Japan, swapped", roads, geojson("", "[[35,139],[35.01,139]]"), swapped),
        ("XML of Japan, swapped", roads, b"<osm><node id='1' lat='139' lon='35'/><node id='2' lat='139.1' lon='35'/><way><nd ref='1'/><nd ref='2'/><tag k='highway' v='road'/></way></osm>".to_vec(), swapped),
        ("GeoJSON of Helsinki, swapped beside its own bbox", roads, geojson(r#""bbox":[24.9,60.1,25,60.2],"#, "[[60.17,24.94],[60.18,24.95]]"), swapped),
        ("XML of Helsinki, swapped beside its own bounds", roads, b"<osm><bounds minlat='60.1' minlon='24.9' maxlat='60.2' maxlon='25'/><node id='1' lat='24.94' lon='60.17'/><node id='2' lat='24.95' lon='60.17'/><way><nd ref='1'/><nd ref='2'/><tag k='highway' v='road'/></way></osm>".to_vec(), swapped),
        ("GeoJSON of Helsinki, swapped in the area asked for", roads_of_helsinki, geojson("", "[[60.17,24.94],[60.18,24.95]]"), swapped),
        ("another country's roads in the area asked for", roads_of_helsinki, geojson("", "[[140,35],[140.01,35]]"), [&["範囲の中"], &["within the area"]]),
        ("roads on which no van may stop", town_on, kept("osm_xml/ring.osm"), [&["停まれる道路がありません", "範囲"], &["no road on which vans may stop", "give an area"]]),
        // Feeds.
        ("a zip that is cut off", feed, cut(kept("gtfs_zip/small.zip"), 100), [&["途中で切れている", "もう一度ダウンロード"], &["cut off or damaged", "download it again"]]),
        ("a zip of nothing", feed, zip(&[]), [&["停留所が一つもありません", "GTFS の zip"], &["no usable stop", "GTFS archive"]]),
        ("a picture as a feed", feed, PNG.to_vec(), [&["PNG の画像", "GTFS の zip"], &["a PNG picture", "feed's zip"]]),
        ("a map as a feed", feed, kept("osm_pbf/town.osm.pbf"), [&["地図（.osm.pbf）"], &["a map of OpenStreetMap"]]),
        ("an empty file as a feed", feed, Vec::new(), [&["空のファイル"], &["an empty file"]]),
        ("a feed whose stops have no place", feed, feed_with("gtfs_tables/small", "stop_lat,stop_lon", "x,y"), [&["便も走れません"], &["no trip can be driven"]]),
        ("a feed of stops alone", feed, zip(&[("stops.txt", b"stop_id,stop_lat,stop_lon\na,35,140\n")]), [&["どの日にも走る便がありません"], &["no trip runs here on any day"]]),
        ("a feed without service on the day", feed, feed_with("gtfs_tables/small", "20260101,20261231", "20260601,20261231"), [&["2026-04-01", "2026-04-04"], &["no trip runs on 2026-04-01", "2026-04-04"]]),
        ("a feed of another town", feed, feed_with("gtfs_tables/small", ",35,140", ",36.5,137"), [&["km 離れています", "緯度 36.50", "同じ町"], &["km from this scenario's roads", "latitude 36.50", "of one town"]]),
        ("a feed on demand of another town", on_demand, feed_with("gtfs_flex/small", ",35,140", ",36.5,137"), [&["km 離れています"], &["km from this scenario's roads"]]),
        ("a feed on demand without a service on demand", on_demand, kept("gtfs_zip/small.zip"), [&["デマンド交通", "路線"], &["no on-demand service", "choose a route"]]),
        // Trips and series.
        ("a map named .csv", trips, kept("osm_pbf/town.osm.pbf"), [&["バイナリ", "CSV"], &["not text", "CSV"]]),
        ("a picture named .csv", trips, PNG.to_vec(), [&["バイナリ"], &["not text"]]),
        ("a workbook named .csv", trips, zip(&[("xl/workbook.xml", b"<workbook/>")]), [&["Excel", "CSV UTF-8"], &["workbook", "CSV UTF-8"]]),
        ("no trips", trips, Vec::new(), [&["空です"], &["empty"]]),
        ("a map as a series", series, kept("osm_pbf/town.osm.pbf"), [&["バイナリ"], &["not text"]]),
        ("a series that is too short", series, b"1\n2\n3\n".to_vec(), [&["値が 3 行", "24 か 48"], &["3", "24 or 48"]]),
    ]
}

#[test]
fn trips_of_another_town_are_listed_with_how_far_they_are() {
    let file = b"time,origin_lat,origin_lng,destination_lat,destination_lng\n8:00,60.17,24.94,60.18,24.95\n";
    let imported = demand::csv::import(&village(), file, &TripOptions::default());
    assert_eq!((imported.trips.len(), imported.outside_count), (0, 2));
    assert!(
        imported.outside.iter().all(|place| place.line == 2 && place.distance_m.is_some_and(|metres| metres > 1e6)),
        "{:?}",
        imported.outside
    );
}

#[test]
fn bad_input_is_told_in_both_languages_with_a_remedy() {
    for (name, read, bytes, [ja, en]) in rows() {
        let texts = read(&bytes);
        let has = |words: &[&str], language: fn(&Text) -> &str| {
            texts.iter().any(|text| words.iter().all(|word| language(text).contains(word)))
        };
        assert!(has(ja, |text| &text.ja) && has(en, |text| &text.en), "{name}: {texts:#?}");
    }
}

#[test]
fn roads_that_are_the_wrong_way_round_can_be_swapped_back() {
    for (extra, coordinates) in
        [("", "[[35,139],[35.01,139]]"), (r#""bbox":[24.9,60.1,25,60.2],"#, "[[60.17,24.94],[60.18,24.95]]")]
    {
        let mut reader = Reader::new(true);
        reader.feed(&geojson(extra, coordinates)).expect("GeoJSON");
        let (network, _) = reader.finish().and_then(|roads| roads.network(None, town::SPEEDS_KMH)).expect("roads");
        assert!(network.nodes.iter().all(|node| node.lng > 24.0 && node.lat > 34.0 && node.lat < 61.0), "{network:?}");
    }
    // Swapped once too often.
    let mut reader = Reader::new(true);
    reader.feed(&geojson("", "[[139,35],[139,35.01]]")).expect("read at the end");
    let error = reader.finish().err().expect("nowhere");
    assert!(error.en.contains("without --swap") && error.ja.contains("--swap なし"), "{error:?}");
}

#[test]
fn a_million_rows_of_stop_times_are_read() {
    // 20 calls on each of 50,000 trips.
    let mut stop_times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n".to_owned();
    let mut trips = "trip_id,route_id,service_id\n".to_owned();
    for trip in 0..50_000 {
        trips += &format!("{trip},r,work\n");
        for call in 0..20 {
            let (hour, minute) = (6 + trip % 12, 2 * call);
            let stop = ['a', 'b', 'c', 'd'][call % 4];
            stop_times += &format!("{trip},{hour:02}:{minute:02}:00,{hour:02}:{minute:02}:00,{stop},{call}\n");
        }
    }
    let stops = "stop_id,stop_name,stop_lat,stop_lon\na,a,35,140\nb,b,35,140.01\nc,c,35,140.02\nd,d,35,140.03\n";
    let calendar = "service_id,monday,wednesday,start_date,end_date\nwork,1,1,20260101,20261231\n";
    let zip = zip(&[
        ("agency.txt", b"agency_name\nA\n"),
        ("stops.txt", stops.as_bytes()),
        ("routes.txt", b"route_id,route_long_name,route_type\nr,R,3\n"),
        ("trips.txt", trips.as_bytes()),
        ("stop_times.txt", stop_times.as_bytes()),
        ("calendar.txt", calendar.as_bytes()),
    ]);
    let feed = gtfs::read(&zip).expect("a feed");
    assert_eq!((feed.warnings.as_slice(), feed.trips.len()), (&[][..], 50_000));
    assert_eq!(feed.trips.iter().map(|trip| trip.calls.len()).sum::<usize>(), 1_000_000);
}
