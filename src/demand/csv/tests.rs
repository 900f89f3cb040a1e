use super::*;
use crate::rng::Rng;
use encoding_rs::SHIFT_JIS;

fn read(file: impl AsRef<[u8]>) -> ImportedTrips {
    import(&Scenario::village(), file.as_ref())
}

/// Line, column and English message of each problem.
fn problems(file: impl AsRef<[u8]>) -> Vec<(u32, String, String)> {
    let describe = |problem: RowProblem| {
        assert!(!problem.message.ja.is_ascii());
        (problem.line, problem.column.unwrap_or_default(), problem.message.en)
    };
    read(file).problems.into_iter().map(describe).collect()
}

fn trip(request_s: f64, origin: &str, destination: &str) -> Trip {
    Trip { request_s, origin: origin.to_owned(), destination: destination.to_owned(), passengers: 1, ..Trip::default() }
}

#[test]
fn reads_the_documented_columns_in_any_order() {
    let read = read(
        "Destination,origin,note,Request Time,passengers,earliest,latest,wheelchair\n\
             b,a,\"shopping, weekly\",08:30,3,09:00,09:30:15,1\n\
             c,d,,36000.5,,,,\n",
    );
    // Of three passengers one is in a wheelchair; 9:30:15 is 9 x 3,600 + 30 x 60 + 15 = 34,215 s.
    let first = Trip {
        earliest_pickup_s: Some(32_400.0),
        latest_dropoff_s: Some(34_215.0),
        passengers: 2,
        wheelchairs: 1,
        ..trip(30_600.0, "a", "b")
    };
    assert_eq!(read.trips, [first, trip(36_000.5, "d", "c")]);
    assert_eq!((read.rows, read.encoding, read.snapped, &read.problems[..]), (2, Encoding::Utf8, 0, &[][..]));
    assert_eq!(read.ignored_columns, ["note"]);
}

#[test]
fn reads_children_and_parcels() {
    let read_rows =
        |rows: &str| read(format!("request_time,origin,destination,passengers,children,荷物,車いす\n{rows}\n"));
    // A family of five with a wheelchair, and two parcels that nobody rides with.
    let family = Trip { passengers: 2, wheelchairs: 1, children: 2, parcels: 1, ..trip(28_800.0, "a", "b") };
    let freight = Trip { passengers: 0, parcels: 2, ..trip(32_400.0, "b", "c") };
    assert_eq!(read_rows("8:00,a,b,5,2,1,1\n9:00,b,c,0,,2,").trips, [family, freight]);
    for (row, column, says) in [
        ("8:00,a,b,2,two,,", "children", "is not a number of children"),
        ("8:00,a,b,2,,-1,", "parcels", "is not a number of parcels"),
        ("8:00,a,b,2,2,,1", "children", "are more than the 2 passengers"),
    ] {
        let problem = &read_rows(row).problems[0];
        assert_eq!(problem.column.as_deref(), Some(column), "{row}");
        assert!(problem.message.en.contains(says) && !problem.message.ja.is_ascii(), "{problem:?}");
    }
}

#[test]
fn reads_what_excel_writes_in_japan() {
    let text =
        "受付時刻;乗車停留所;降車停留所;人数;車いす;備考\r\n８：３０;ａ;b;２;あり;通院\r\n9:05;b;c;;なし;\r\n;;;;;\r\n";
    let with_chair = Trip { passengers: 1, wheelchairs: 1, ..trip(30_600.0, "a", "b") };
    let expected = [with_chair, trip(32_700.0, "b", "c")];
    let (shift_jis, ..) = SHIFT_JIS.encode(text);
    let in_shift_jis = read(&shift_jis);
    assert_eq!((in_shift_jis.encoding, in_shift_jis.rows), (Encoding::ShiftJis, 2));
    assert_eq!(in_shift_jis.trips, expected);
    let with_mark = read(format!("\u{feff}{}", text.replace(';', "\t")));
    assert_eq!((with_mark.encoding, with_mark.problems), (Encoding::Utf8, vec![]));
    assert_eq!(with_mark.trips, expected);
}

#[test]
fn counts_the_lines_of_the_file() {
    // The header on line 2, rows on 3 to 5 (two breaks in quotes), 7 and 9.
    let file = "\nrequest_time,origin,destination,note\n8:00,a,b,\"one\ntwo\nthree\"\n\n8:00,a,x,\n,,,\n8:00,y,b,\n";
    for end in ["\n", "\r\n", "\r"] {
        let problems = problems(file.replace('\n', end));
        let places: Vec<_> = problems.iter().map(|(line, column, _)| (*line, &**column)).collect();
        assert_eq!(places, [(7, "destination"), (9, "origin")], "{end:?}");
    }
    assert_eq!(read(file).rows, 3);
}

#[test]
fn says_what_is_wrong_with_each_field() {
    let cases = [
        ("8:60,a,b,,,,", "request_time", "\"8:60\" is not a time"),
        ("2026/4/1 8:00,a,b,,,,", "request_time", "without a date"),
        ("NaN,a,b,,,,", "request_time", "not a time"),
        ("200000,a,b,,,,", "request_time", "out of range"),
        (",a,b,,,,", "request_time", "empty: write the time"),
        ("8:00,,b,,,,", "origin", "empty: give the id of a stop"),
        ("8:00,a,z,,,,", "destination", "no stop has the id \"z\": give an id such as a, b, c"),
        ("8:00,a,a,,,,", "destination", "\"a\" is both"),
        ("8:00,a,b,0,,,", "passengers", "neither passengers nor parcels"),
        ("8:00,a,b,101,,,", "passengers", "from 0 to 100"),
        ("8:00,a,b,1.5,,,", "passengers", "\"1.5\" is not a number of passengers"),
        ("8:00,a,b,1,7:59,,", "earliest", "07:59 is before the call at 08:00"),
        ("8:00,a,b,1,soon,,", "earliest", "\"soon\" is not a time"),
        ("8:00,a,b,1,8:10,8:10,", "latest", "08:10 is not after the earliest pick-up at 08:10"),
        ("8:00,a,b,1,,,maybe", "wheelchair", "\"maybe\" is not a number of wheelchairs"),
        ("8:00,a,b,1,,,2", "wheelchair", "2 in wheelchairs are more than the 1 passengers"),
        ("8:00,a,b,1,,,,9", "", "8 fields, but the header has 7 (\"9\" is beyond)"),
    ];
    for (row, column, message) in cases {
        let file = format!("request_time,origin,destination,passengers,earliest,latest,wheelchair\n8:00,a,b\n{row}\n");
        let problems = problems(&file);
        assert_eq!(problems.len(), 1, "{row}: {problems:?}");
        assert_eq!((problems[0].0, &*problems[0].1), (3, column), "{row}");
        assert!(problems[0].2.contains(message), "{row}: {}", problems[0].2);
        assert_eq!(read(&file).trips, [trip(28_800.0, "a", "b")]);
    }
    // Two bad fields, two problems; a field that a long text fills is cut.
    let long = "x".repeat(1_000);
    let both = problems(format!("request_time,origin,destination\n{long},a,{long}\n"));
    assert_eq!(both.len(), 2);
    assert!(both.iter().all(|(.., message)| message.contains('…') && message.len() < 200), "{both:?}");
}

#[test]
fn takes_places_to_the_nearest_stop() {
    let header = "request_time,origin,origin_lat,origin_lng,destination_lat,destination_lng\n";
    // 0.001 degrees north of a are 111.2 m, 0.002 north of b 222.4 m.
    let near = read(format!("{header}8:00,,35.001,140,35.002,140.010979\n9:00,d,,,35.001,140\n"));
    assert_eq!(near.trips, [trip(28_800.0, "a", "b"), trip(32_400.0, "d", "a")]);
    assert_eq!((near.snapped, near.problems), (3, vec![]));
    assert!((near.farthest_snap_m - 222.4).abs() < 0.05, "{}", near.farthest_snap_m);

    let cases = [
        // 0.05 degrees are 5.6 km.
        ("35.05,140", "(35.05, 140) is 5.6 km from the nearest stop, \"a\""),
        ("140,35", "latitude 140 and longitude 35 are swapped"),
        ("35,", "\"\" is not a number"),
        ("35,east", "\"east\" is not a number"),
        ("95,10", "latitude 95 is out of range"),
        ("35,1400", "longitude 1400 is out of range"),
    ];
    for (place, message) in cases {
        let problems = problems(format!("{header}8:00,,{place},35,140\n"));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].2.contains(message), "{problems:?}");
    }
}

#[test]
fn the_nearest_stop_is_what_a_full_scan_finds() {
    let scenario = Scenario::village();
    let stops = Stops::new(&scenario);
    let mut rng = Rng::new(1, "places");
    for _ in 0..1_000 {
        let place = (34.98 + 0.04 * rng.unit(), 139.98 + 0.08 * rng.unit());
        let slow = stops.places.iter().map(|&stop| math::distance_m(place, stop)).fold(f64::INFINITY, f64::min);
        assert_eq!(stops.nearest(place).map(|(_, distance_m)| distance_m), Some(slow), "{place:?}");
    }
}

#[test]
fn says_what_is_wrong_with_the_file() {
    let utf_16: Vec<u8> = "\u{feff}request_time".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: &[(&[u8], &str)] = &[
        (b"", "the file is empty"),
        (b"\n \n,,\n", "the file is empty"),
        (b"8:00,a,b\n9:00,b,c\n", "there is no header (\"8:00\" names no column)"),
        (b"request_time,origin\n8:00,a\n", "no column with the destination"),
        (b"request_time,origin,destination_lat\n8:00,a,1\n", "no column with the destination"),
        (b"origin,destination\na,b\n", "no column with the time of the call"),
        (b"request_time,origin,destination,from\n8:00,a,b,c\n", "\"from\" is a second column"),
        (b"PK\x03\x04\x14\x00", "this is a workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not text at all"),
        (&utf_16, "UTF-16"),
    ];
    for (file, message) in cases {
        let read = read(file);
        assert_eq!((read.trips.len(), read.rows, read.problems.len()), (0, 0, 1), "{:?}", read.problems);
        assert_eq!(read.problems[0].line, 1);
        assert!(read.problems[0].message.en.contains(message), "{:?}", read.problems);
    }
}

#[test]
fn notices_a_quote_that_swallows_the_rest() {
    let problems = problems("request_time,origin,destination\n8:00,a,b\n8:00,a,\"b\n8:00,a,c\n8:00,b,c\n");
    assert_eq!(problems.len(), 2);
    assert_eq!((problems[1].0, problems[1].2.contains("never closed")), (3, true), "{problems:?}");
    // An odd quote inside a field does no harm.
    assert_eq!(read("request_time,origin,destination,note\n8:00,a,b,5\" disk\n8:00,a,c,\n").trips.len(), 2);
}

#[test]
fn damage_spoils_only_the_rows_it_touches() {
    // 0xff is nothing in UTF-8 and nothing in Shift_JIS.
    let file = b"request_time,origin,destination,note\n8:00,a,b,\xff\xe5\xba\x97\n8:00,a,\xff,\n8:00,a,c,\n";
    let read = read(file);
    assert_eq!((read.trips.len(), read.problems.len(), read.problems[0].line), (2, 1, 3), "{:?}", read.problems);
}

#[test]
fn keeps_a_thousand_problems_and_counts_the_rest() {
    let file = format!("request_time,origin,destination\n{}", "8:00,a,x\n".repeat(1_200));
    let read = read(file);
    assert_eq!((read.rows, read.problems.len()), (1_200, 1_001));
    // The thousand first ones stand on the lines 2 to 1,001.
    assert_eq!(read.problems[1_000].line, 1_002);
    assert!(read.problems[1_000].message.en.starts_with("200 more problems"), "{:?}", read.problems[1_000]);
}

#[test]
fn survives_any_file_and_loads_only_valid_trips() {
    let good = "request_time,origin,destination,destination_lat,destination_lng,人数,earliest,latest,wheelchair,備考\r\n\
                    8:00,a,b,,,2,8:10,9:00,1,\"通院,\n往復\"\r\n9:00,c,,35.0,140.01,,,,あり,\r\n36000,d,a,,,3,,,no,駅\r\n";
    let (shift_jis, ..) = SHIFT_JIS.encode(good);
    let mut rng = Rng::new(1, "mutations");
    let mut below = |limit: usize| (rng.unit() * limit as f64) as usize;
    let mut scenario = Scenario::village();
    let mut loaded = 0;
    for round in 0..4_000 {
        let mut file = if round % 2 == 0 { good.as_bytes().to_vec() } else { shift_jis.to_vec() };
        for _ in 0..=below(4) {
            let at = below(file.len());
            match below(5) {
                0 => file[at] = below(256) as u8,
                1 => file.insert(at, b",;\t\"\r\n0-.:"[below(10)]),
                2 => drop(file.remove(at)),
                3 => file.truncate(at + 1),
                _ => file.extend_from_within(at..),
            }
        }
        let read = import(&scenario, &file);
        assert!(!read.problems.is_empty() || read.trips.len() == read.rows as usize, "round {round}");
        loaded += read.trips.len();
        scenario.demand.trips = read.trips;
        assert_eq!(scenario.problems(), [], "round {round}");
    }
    // Most mutations leave some of the three rows whole.
    assert!(loaded > 4_000, "{loaded}");
}
