use super::*;
use crate::rng::Rng;
use encoding_rs::SHIFT_JIS;

fn read(file: impl AsRef<[u8]>) -> ImportedTrips {
    read_with(file, &TripOptions::default())
}

fn read_with(file: impl AsRef<[u8]>, options: &TripOptions) -> ImportedTrips {
    import(&Scenario::village(), file.as_ref(), options)
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
        ("2026/4/1,a,b,,,,", "request_time", "a date without a time"),
        ("4/1/2026 8:00,a,b,,,,", "request_time", "may be 2026-04-01 or 2026-01-04: write the year first"),
        ("NaN,a,b,,,,", "request_time", "not a time"),
        ("200000,a,b,,,,", "request_time", "out of range"),
        (",a,b,,,,", "request_time", "empty: write the time"),
        ("8:00,,b,,,,", "origin", "empty: give the id of a stop"),
        ("8:00,a,z,,,,", "destination", "no stop has the id \"z\", nor the name: give an id such as a, b, c"),
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
    // Walks are 1.3 times as long: of 111.2, 222.4 and 111.2 m the mean is 148.3, which makes 192.7 m.
    assert!((near.longest_walk_m - 289.1).abs() < 0.05, "{}", near.longest_walk_m);
    assert!((near.mean_walk_m - 192.7).abs() < 0.05, "{}", near.mean_walk_m);

    let cases = [
        ("35,", "\"\" is not a number"),
        ("35,east", "\"east\" is not a number"),
        ("95,10", "95 is out of range: give degrees from -90 to 90"),
        ("35,1400", "1400 is out of range: give degrees from -180 to 180"),
    ];
    for (place, message) in cases {
        let problems = problems(format!("{header}8:00,,{place},35,140\n"));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].2.contains(message), "{problems:?}");
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
    let options = TripOptions::default();
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
        let read = import(&scenario, &file, &options);
        let told = !read.problems.is_empty() || read.outside_count > 0;
        assert!(told || read.trips.len() + read.other_days as usize == read.rows as usize, "round {round}");
        assert_eq!(preview(&scenario, &file, &options).date, read.date, "round {round}");
        loaded += read.trips.len();
        scenario.demand.trips = read.trips;
        assert_eq!(scenario.problems(), [], "round {round}");
    }
    // Most mutations leave some of the three rows whole.
    assert!(loaded > 4_000, "{loaded}");
}

/// The days of a file with their rows.
fn days(read: &ImportedTrips) -> Vec<(&str, u32)> {
    read.dates.iter().map(|day| (&*day.date, day.rows)).collect()
}

#[test]
fn of_several_days_the_one_with_the_most_rows_is_taken_or_the_one_asked_for() {
    let file =
        "受付日時,乗車,降車\n2026-04-01T08:05,a,b\n2026/4/2 9:00,b,c\n2026年4月2日 10時5分,c,d\n2026-04-03 11:00,a,x\n";
    let most = read(file);
    assert_eq!(days(&most), [("2026-04-01", 1), ("2026-04-02", 2), ("2026-04-03", 1)]);
    assert_eq!((most.date.as_deref(), most.other_days, most.rows), (Some("2026-04-02"), 2, 4));
    // 10:05 is 36,300 s; what is wrong on another day does not matter.
    assert_eq!((most.trips, most.problems), (vec![trip(32_400.0, "b", "c"), trip(36_300.0, "c", "d")], vec![]));

    let on = |date: &str| read_with(file, &TripOptions { date: Some(date.to_owned()), ..TripOptions::default() });
    let first = on("2026/4/1");
    assert_eq!((first.date.as_deref(), first.trips), (Some("2026-04-01"), vec![trip(29_100.0, "a", "b")]));
    let none = on("2026-05-01");
    assert_eq!((none.trips.len(), none.problems.len(), none.problems[0].line), (0, 1, 1));
    assert!(none.problems[0].message.en.contains("choose from 2026-04-01, 2026-04-02, 2026-04-03"), "{none:?}");
    let undated = TripOptions { date: Some("2026-04-01".to_owned()), ..TripOptions::default() };
    let undated = read_with("request_time,origin,destination\n8:00,a,b\n", &undated);
    assert!(undated.problems[0].message.en.contains("the file has no dates"), "{undated:?}");
}

#[test]
fn a_day_of_its_own_column_holds_for_times_without_one_and_calls_come_before_it() {
    let read = read(
        "利用日,受付時刻,乗車希望時刻,乗車,降車\n\
         2026/4/2,2026/4/1 18:00,9:00,a,b\n20260402,8:00,,b,c\n令和8年4月2日,2026/3/1 12:00,10:00,c,d\n,8:00,,a,b\n",
    );
    // Booked at 18:00 on the day before, 6 h before midnight; and a month before, which counts as a day before.
    let booked = |request_s: f64, pickup_s: f64, origin: &str, destination: &str| Trip {
        earliest_pickup_s: Some(pickup_s),
        ..trip(request_s, origin, destination)
    };
    assert_eq!(
        read.trips,
        [booked(-21_600.0, 32_400.0, "a", "b"), trip(28_800.0, "b", "c"), booked(-86_400.0, 36_000.0, "c", "d")]
    );
    assert_eq!((days(&read), read.other_days), (vec![("2026-04-02", 3)], 0));
    // A row without a date is of no day.
    assert_eq!((read.problems.len(), read.problems[0].line, read.problems[0].column.as_deref()), (1, 5, Some("date")));
}

#[test]
fn the_desired_pick_up_will_do_for_the_call() {
    let read = read("乗車日,乗車希望時刻,乗車,降車\n2026/4/2,9:00,a,b\n");
    assert_eq!(read.trips, [Trip { earliest_pickup_s: Some(32_400.0), ..trip(32_400.0, "a", "b") }]);
}

#[test]
fn times_with_an_offset_are_taken_to_the_towns_clock_where_it_is_known() {
    let file = "request_time,origin,destination\n2026-03-31T23:05:00Z,a,b\n2026-04-01T09:00:00+09:00,b,c\n2026-04-01 10:00,c,d\n";
    // The village lies in Japan: 23:05 of the day before is 8:05.
    let in_japan = read(file);
    let expected = [trip(29_100.0, "a", "b"), trip(32_400.0, "b", "c"), trip(36_000.0, "c", "d")];
    assert_eq!((in_japan.trips, in_japan.offsets, in_japan.clock_ahead_h), (expected.to_vec(), 2, Some(9.0)));
    let mut elsewhere = Scenario::village();
    elsewhere.network.nodes.iter_mut().for_each(|node| node.lng -= 100.0);
    elsewhere.depots.iter_mut().for_each(|depot| depot.site = None);
    let kept = import(&elsewhere, file.as_bytes(), &TripOptions::default());
    assert_eq!((kept.clock_ahead_h, days(&kept)), (None, vec![("2026-03-31", 1), ("2026-04-01", 2)]));
    assert_eq!(kept.trips, expected[1..]);
}

#[test]
fn month_and_day_change_places_only_where_another_row_tells_their_order() {
    let header = "request_time,origin,destination\n";
    let month_first = read(format!("{header}4/1/2026 8:05 AM,a,b\n4/13/2026 8:05 PM,b,c\n4/1/2026 9:00 AM,c,d\n"));
    assert_eq!(days(&month_first), [("2026-04-01", 2), ("2026-04-13", 1)]);
    assert_eq!(month_first.trips, [trip(29_100.0, "a", "b"), trip(32_400.0, "c", "d")]);
    let day_first = read(format!("{header}13/4/2026 8:00,a,b\n1/4/2026 8:00,a,b\n"));
    assert_eq!(days(&day_first), [("2026-04-01", 1), ("2026-04-13", 1)]);
    let both = read(format!("{header}13/4/2026 8:00,a,b\n4/13/2026 8:00,a,b\n1/4/2026 8:00,b,c\n"));
    assert!(both.problems[0].message.en.contains("may be 2026-01-04 or 2026-04-01"), "{:?}", both.problems);
}

fn named(column: &str, header: &str) -> ColumnName {
    ColumnName { column: column.to_owned(), header: header.to_owned() }
}

#[test]
fn columns_with_other_names_are_named_by_an_option() {
    let file = "電話を受けた時,のりば,おりば,origin\n8:00,a,b,z\n9:00,b,c,z\n";
    let columns =
        vec![named("request_time", "電話を受けた時"), named("origin", "のりば"), named("destination", "おりば")];
    let told = read_with(file, &TripOptions { columns: columns.clone(), ..TripOptions::default() });
    assert_eq!((told.trips.len(), told.problems), (2, vec![]));
    // What is named wins over what has the name; and may be named as nothing.
    assert_eq!(told.ignored_columns, ["origin"]);
    let mut nothing = columns.clone();
    nothing[1].header.clear();
    let problems = read_with(file, &TripOptions { columns: nothing, ..TripOptions::default() }).problems;
    assert!(problems.len() == 1 && problems[0].message.en.contains("no column with the origin"), "{problems:?}");
    for (wrong, message) in [
        (
            named("origin", "のりばん"),
            "the file has no column \"のりばん\": choose from 電話を受けた時, のりば, おりば, origin",
        ),
        (named("start", "のりば"), "there is no column \"start\" here: choose from request_time, origin, destination"),
    ] {
        let columns = [columns.clone(), vec![wrong]].concat();
        let problems = read_with(file, &TripOptions { columns, ..TripOptions::default() }).problems;
        assert!(problems[0].message.en.contains(message), "{problems:?}");
    }
}

#[test]
fn a_preview_shows_header_samples_days_and_guesses() {
    let file = "No,電話の受付時刻,乗車のバス停,降車のバス停,人数\n1,2026/4/1 8:00,a,b,1\n2,2026/4/2 8:00,a,b,1\n3,2026/4/2 8:10,a,b,\n4,2026/4/2 8:20,a,b,\n5,,,,\n6,,,,\n";
    let scenario = Scenario::village();
    let seen = preview(&scenario, file.as_bytes(), &TripOptions::default());
    assert_eq!(seen.headers, ["No", "電話の受付時刻", "乗車のバス停", "降車のバス停", "人数"]);
    assert_eq!((seen.samples.len(), &*seen.samples[1][1], seen.rows), (5, "2026/4/2 8:00", 6));
    assert_eq!((seen.missing.join(","), seen.can_be_mapped), (SIMPLE.to_owned(), true));
    let guess =
        |column: &str| seen.columns.iter().find(|each| each.column == column).map(|each| (&*each.header, each.needed));
    assert_eq!(guess("request_time"), Some(("電話の受付時刻", true)));
    assert_eq!((guess("origin"), guess("destination")), (Some(("乗車のバス停", true)), Some(("降車のバス停", true))));
    assert_eq!((guess("passengers"), guess("latest")), (Some(("人数", false)), Some(("", false))));
    // Days are known once the column with the time is.
    assert_eq!(seen.dates.len(), 0);
    let columns = vec![named("request_time", "電話の受付時刻")];
    let dated = preview(&scenario, file.as_bytes(), &TripOptions { columns, ..TripOptions::default() });
    assert_eq!(
        dated.dates,
        [DayRows { date: "2026-04-01".into(), rows: 1 }, DayRows { date: "2026-04-02".into(), rows: 3 }]
    );
    assert_eq!((dated.date.as_deref(), dated.missing.join(",")), (Some("2026-04-02"), "origin,destination".to_owned()));
    // Neither a letter nor a table without a header has columns to name.
    for file in ["Dear town hall,\nthank you.\n", "8:00,a,b\n9:00,b,c\n", ""] {
        let seen = preview(&scenario, file.as_bytes(), &TripOptions::default());
        assert!(!seen.can_be_mapped && seen.problems.len() == 1, "{seen:?}");
    }
}

#[test]
fn places_outside_are_listed_with_their_distance_and_swapped_ones_can_be_swapped() {
    let header = "request_time,origin,origin_lat,origin_lng,destination\n";
    // 0.05 degrees are 5.6 km.
    let far = read(format!("{header}8:00,,35.05,140,b\n8:00,,35.001,140,b\n8:00,,-35,-140,b\n"));
    assert_eq!((far.trips.len(), far.problems.len(), far.outside_count, far.looks_swapped), (1, 0, 2, false));
    let OutsidePlace { line, column, lat, lng, distance_m, stop, swapped } = &far.outside[0];
    assert_eq!(
        (*line, &**column, *lat, *lng, stop.as_deref(), *swapped),
        (2, "origin", 35.05, 140.0, Some("a"), false)
    );
    assert!((distance_m.expect("a distance") - 5_560.0).abs() < 1.0, "{distance_m:?}");

    let file = format!("{header}8:00,,140,35.001,b\n9:00,a,,,b\n");
    let wrong = read(&file);
    assert_eq!((wrong.trips.len(), wrong.problems.len(), wrong.looks_swapped), (1, 0, true));
    assert!(wrong.outside[0].swapped && wrong.outside[0].distance_m.is_none(), "{wrong:?}");
    assert!(preview(&Scenario::village(), file.as_bytes(), &TripOptions::default()).looks_swapped);
    let right = read_with(&file, &TripOptions { swap: true, ..TripOptions::default() });
    assert_eq!((right.trips.len(), right.outside_count, right.looks_swapped, right.snapped), (2, 0, false, 1));
}

#[test]
fn a_stop_may_be_given_by_its_name_and_an_unknown_one_by_its_place() {
    let mut scenario = Scenario::village();
    scenario.stops[1].name = Text::new("役場前", "Town hall");
    let file = "request_time,origin,destination,destination_lat,destination_lng\n8:00,役場前,自宅,35.001,140\n9:00,a,Town hall,,\n";
    let read = import(&scenario, file.as_bytes(), &TripOptions::default());
    assert_eq!(read.trips, [trip(28_800.0, "b", "a"), trip(32_400.0, "a", "b")]);
}

#[test]
fn trips_beyond_the_most_of_a_day_are_counted() {
    let file = format!("request_time,origin,destination\n{}", "8:00,a,b\n".repeat(MOST_TRIPS + 3));
    let read = read(file);
    assert_eq!((read.trips.len(), read.beyond, read.problems.len()), (MOST_TRIPS, 3, 0));
}
