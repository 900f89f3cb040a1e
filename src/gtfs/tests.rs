//! Small feeds, and what may be wrong with them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use time::Date;
use time::macros::date;

use super::*;
use crate::scenario::Scenario;

/// A Wednesday.
pub(super) const WEDNESDAY: Date = date!(2026 - 04 - 01);

/// Files of a feed, to be changed.
pub(super) struct Small(BTreeMap<&'static str, String>);

impl Small {
    /// A line from a to d in the village of [`Scenario::village`], and back, with 150 s between stops; on weekdays in 2026.
    pub(super) fn new() -> Small {
        let stop = |(id, k): (&str, u32)| format!("{id},停留所{id},35,{}\n", 140.0 + 0.010979 * f64::from(k));
        let stops: String = ["a", "b", "c", "d"].into_iter().zip(0..).map(stop).collect();
        let trip = |id: &str, stops: &str, hour: u32| -> String {
            let call = |(stop, k): (char, u32)| {
                let time = format!("{hour:02}:{:02}:{:02}", 150 * k / 60, 150 * k % 60);
                format!("{id},{time},{time},{stop},{}\n", k + 1)
            };
            stops.chars().zip(0..).map(call).collect()
        };
        let times = ["east-8", "east-9"].iter().zip(8..).map(|(id, hour)| trip(id, "abcd", hour)).collect::<String>();
        Small(BTreeMap::from([
            (
                "agency.txt",
                "agency_id,agency_name,agency_url,agency_timezone\n1,村,https://example.org,Asia/Tokyo\n".into(),
            ),
            ("stops.txt", format!("stop_id,stop_name,stop_lat,stop_lon\n{stops}")),
            ("routes.txt", "route_id,route_long_name,route_type\nr,村バス,3\n".into()),
            ("trips.txt", "trip_id,route_id,service_id\neast-8,r,work\neast-9,r,work\nwest-8,r,work\n".into()),
            (
                "stop_times.txt",
                format!(
                    "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n{times}{}",
                    trip("west-8", "dcba", 8),
                ),
            ),
            ("calendar.txt", format!("{CALENDAR}work,1,1,1,1,1,0,0,20260101,20261231\n")),
        ]))
    }

    pub(super) fn with(mut self, file: &'static str, text: impl Into<String>) -> Small {
        self.0.insert(file, text.into());
        self
    }

    fn without(mut self, file: &str) -> Small {
        self.0.remove(file);
        self
    }

    pub(super) fn replaced(mut self, file: &'static str, from: &str, to: &str) -> Small {
        let text = self.0.get_mut(file).expect("a file");
        assert!(text.contains(from), "{file} has no {from}");
        *text = text.replace(from, to);
        self
    }

    pub(super) fn zip(&self) -> Vec<u8> {
        archive::pack(self.0.iter().map(|(name, text)| (*name, Cow::Borrowed(text.as_bytes()))))
    }

    pub(super) fn feed(&self) -> Feed {
        super::read(&self.zip()).expect("a feed")
    }
}

const CALENDAR: &str = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n";

/// Warnings as `file:line`.
fn places(feed: &Feed) -> Vec<String> {
    feed.warnings.iter().map(|warning| format!("{}:{}", warning.file, warning.line)).collect()
}

fn times(feed: &Feed, trip: &str) -> Vec<(i32, i32)> {
    let trip = feed.trips.iter().find(|own| own.id == trip).expect("the trip");
    trip.calls.iter().map(|call| (call.arrival_s, call.departure_s)).collect()
}

fn trips_on(feed: &Feed, date: Date) -> u32 {
    feed.service_dates(&[]).get(&date).copied().unwrap_or(0)
}

#[test]
fn reads_a_small_feed_without_a_warning() {
    let feed = Small::new().feed();
    assert_eq!(feed.warnings, []);
    assert_eq!((feed.stops.len(), feed.routes.len(), feed.trips.len()), (4, 1, 3));
    assert_eq!(times(&feed, "west-8"), [(28_800, 28_800), (28_950, 28_950), (29_100, 29_100), (29_250, 29_250)]);
    // Without a sign, a trip goes to its last stop.
    assert_eq!(feed.trips[2].headsign.ja, "停留所a");
    assert_eq!(trips_on(&feed, WEDNESDAY), 3);
    assert_eq!(trips_on(&feed, date!(2026 - 04 - 04)), 0);
}

#[test]
fn says_what_bytes_are_instead_of_an_archive() {
    for (bytes, word) in [
        (&b""[..], "an empty file"),
        (b"\xef\xbb\xbf <!doctype html>", "a web page"),
        (b"Rar!\x1a\x07\x00", "RAR"),
        (b"{\"error\":404}", "JSON"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"stop_id,stop_name\n", "another kind of file"),
    ] {
        let error = super::read(bytes).expect_err("no feed");
        assert!(error.en.contains(word) && !error.ja.is_empty(), "{error:?}");
    }
}

#[test]
fn a_truncated_or_damaged_archive_is_told_from_another_file() {
    let zip = Small::new().zip();
    for length in [4, 40, zip.len() / 2, zip.len() - 1] {
        let error = super::read(&zip[..length]).expect_err("cut off");
        assert!(error.en.contains("cut off or damaged"), "{length}: {error:?}");
    }
    // A byte of the first file's content: what is expanded is not what was packed.
    let mut zip = zip;
    let inside = zip.windows(10).position(|part| part == b"agency.txt").expect("a name") + 20;
    zip[inside] ^= 0x55;
    let error = super::read(&zip).expect_err("damaged");
    assert!(error.en.contains("agency.txt in the archive cannot be expanded"), "{error:?}");
}

#[test]
fn any_single_byte_may_be_wrong_without_harm() {
    let zip = Small::new().zip();
    let mut refused = 0;
    for at in 0..zip.len() {
        let mut zip = zip.clone();
        zip[at] = !zip[at];
        refused += u32::from(super::read(&zip).is_err());
    }
    assert!(refused > 0);
}

#[test]
fn a_bomb_is_not_expanded_beyond_the_limit() {
    let zeros = vec![b'0'; 3 << 20];
    let zip = archive::pack([("stops.txt", Cow::Borrowed(&zeros[..]))]);
    assert!(zip.len() < 10_000, "{} bytes", zip.len());
    let [two, three, four] = [2 << 20, 3 << 20, 4 << 20];
    // Of all files together, and of one.
    for (most_bytes, expected) in [([two, four], "with stops.txt"), ([four, two], "stops.txt in the archive")] {
        let error = archive::expand_within(&zip, &["stops.txt"], most_bytes).expect_err("too large");
        assert!(error.en.starts_with(expected) && error.en.contains("2 MB") && error.ja.contains("2 MB"), "{error:?}");
    }
    assert_eq!(
        archive::expand_within(&zip, &["stops.txt"], [three, three]).expect("exactly so large")["stops.txt"],
        zeros
    );
    // What means nothing is not expanded at all.
    assert!(archive::expand_within(&zip, &["trips.txt"], [1, 1]).expect("nothing").is_empty());
}

#[test]
fn files_may_lie_in_a_folder_but_not_in_two() {
    let small = Small::new();
    let inside = |folders: &[&str]| {
        let names: Vec<(String, &str)> =
            folders.iter().flat_map(|f| small.0.iter().map(move |(n, text)| (format!("{f}{n}"), &**text))).collect();
        archive::pack(names.iter().map(|(name, text)| (&**name, Cow::Borrowed(text.as_bytes()))))
    };
    assert_eq!(super::read(&inside(&["Feed/2026/", "__MACOSX/Feed/2026/"])).expect("a feed").trips.len(), 3);
    let error = super::read(&inside(&["one/", "two/"])).expect_err("two feeds");
    assert!(error.en.contains("more than one feed (one/ and two/)"), "{error:?}");
    let outer = archive::pack([("feed.zip", Cow::Owned(small.zip()))]);
    assert!(super::read(&outer).expect_err("an archive in another").en.contains("feed.zip"));
}

#[test]
fn an_empty_feed_is_refused_with_what_is_wrong() {
    for (feed, word) in [
        (archive::pack([]), "no usable stop"),
        (Small::new().without("stops.txt").zip(), "the feed has no stops.txt"),
        (Small::new().with("stops.txt", "").zip(), "no usable stop"),
        (Small::new().with("stops.txt", "id,name\n1,x\n").zip(), "stops.txt:1: there is no column stop_id"),
        (Small::new().with("stops.txt", "\u{0}\u{1}").zip(), "UTF-16"),
    ] {
        let error = super::read(&feed).expect_err("no feed");
        assert!(error.en.contains(word), "{error:?}");
    }
}

#[test]
fn the_same_feed_is_read_however_its_text_is_written() {
    let plain = Small::new().feed();
    let rewritten = |write: &dyn Fn(&str) -> Vec<u8>| {
        let files: Vec<_> = Small::new().0.into_iter().map(|(name, text)| (name, Cow::Owned(write(&text)))).collect();
        super::read(&archive::pack(files)).expect("a feed")
    };
    type Write = fn(&str) -> Vec<u8>;
    let ways: [(&str, Write); 7] = [
        ("byte order mark", |text| format!("\u{feff}{text}").into()),
        ("CRLF", |text| text.replace('\n', "\r\n").into()),
        ("CR", |text| text.replace('\n', "\r").into()),
        ("Shift_JIS", |text| encoding_rs::SHIFT_JIS.encode(text).0.into_owned()),
        ("blank lines", |text| text.replace('\n', "\n\n ,,\n").into()),
        ("blanks around values", |text| text.replace(',', " , ").into()),
        ("quotes", |text| {
            let quoted = |line: &str| line.split(',').map(|field| format!("\"{field}\"")).collect::<Vec<_>>().join(",");
            text.lines().map(|line| quoted(line) + "\n").collect::<String>().into()
        }),
    ];
    for (way, write) in ways {
        let feed = rewritten(&write);
        assert_eq!(feed.warnings, [], "{way}");
        assert_eq!((&feed.stops, &feed.routes, &feed.trips), (&plain.stops, &plain.routes, &plain.trips), "{way}");
    }
}

#[test]
fn names_are_translated_in_both_forms() {
    let old = "trans_id,lang,translation\n停留所a,ja-Hrkt,ていりゅうじょえー\n停留所a,en-US,Stop A\n停留所a,ko,가\n村バス,en,Village bus\n";
    let new = "table_name,field_name,language,translation,record_id,record_sub_id,field_value\n\
        stops,stop_name,ja-Hrkt,ていりゅうじょえー,a,,\nstops,stop_name,en,Stop A,a,,\n\
        routes,route_long_name,en,Village bus,,,村バス\nstops,stop_name,en,not this,,,停留所a\n";
    for translations in [old, new] {
        let feed = Small::new().with("translations.txt", translations).feed();
        assert_eq!(feed.warnings, []);
        let stop = &feed.stops[0];
        assert_eq!((&*stop.name.ja, &*stop.name.en), ("停留所a", "Stop A"));
        assert_eq!(stop.reading.as_deref(), Some("ていりゅうじょえー"));
        assert_eq!(feed.routes[0].name.en, "Village bus");
        // What is not translated stands as it is.
        assert_eq!((&*feed.stops[1].name.en, &feed.stops[1].reading), ("停留所b", &None));
    }
}

#[test]
fn exceptions_count_before_the_day_of_the_week() {
    let exceptions = "service_id,date,exception_type\nwork,20260401,2\nwork,20260404,1\n";
    let feed = Small::new().with("calendar_dates.txt", exceptions).feed();
    assert_eq!([1, 2, 4].map(|day| trips_on(&feed, WEDNESDAY.replace_day(day).expect("a day"))), [0, 3, 3]);
    // Dates alone.
    let feed = Small::new().without("calendar.txt").with("calendar_dates.txt", exceptions).feed();
    assert_eq!(feed.service_dates(&[]).into_iter().collect::<Vec<_>>(), [(date!(2026 - 04 - 04), 3)]);
    let feed = Small::new()
        .with("calendar_dates.txt", "service_id,date,exception_type\nwork,20260231,1\nwork,20260401,3\n")
        .feed();
    assert_eq!(places(&feed), ["calendar_dates.txt:2", "calendar_dates.txt:3"]);
}

#[test]
fn a_day_without_service_names_the_nearest_with_one() {
    let feed = Small::new().feed();
    let scenario = Scenario::village();
    for (day, nearest) in [
        (date!(2026 - 04 - 04), "2026-04-03"),
        (date!(2026 - 04 - 05), "2026-04-06"),
        (date!(2027 - 05 - 01), "2026-12-31"),
    ] {
        let error = baseline::baseline(&feed, &[], day, &scenario).expect_err("no service");
        let expected =
            format!("no trip runs on {day}: the nearest day with service is {nearest} (2026-01-01 to 2026-12-31)");
        assert_eq!(error.en, expected);
        assert_eq!(feed.summary(Some(day)).no_service.map(|text| text.en), Some(expected));
    }
}

#[test]
fn times_go_on_past_midnight() {
    let feed = Small::new().replaced("stop_times.txt", "09:0", "25:1").feed();
    assert_eq!(times(&feed, "east-9")[0], (25 * 3_600 + 600, 25 * 3_600 + 600));
    assert_eq!(feed.warnings, []);
}

#[test]
fn missing_times_are_laid_by_distance() {
    let text = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n\
        east-8,08:00:00,,a,1\neast-8,,,c,5\neast-8,,,d,7\neast-8,08:05:00,08:06:00,a,9\n\
        east-9,,,a,1\neast-9,09:00:00,09:00:00,b,2\neast-9,09:01:00,09:01:00,c,3\n";
    let feed = Small::new().with("stop_times.txt", text).feed();
    // 2 km, 1 km and 3 km in 300 s.
    assert_eq!(times(&feed, "east-8"), [(28_800, 28_800), (28_900, 28_900), (28_950, 28_950), (29_100, 29_160)]);
    assert_eq!(times(&feed, "east-9").len(), 2);
    assert_eq!(places(&feed), ["stop_times.txt:6", "trips.txt:4"]);
}

#[test]
fn what_does_not_fit_is_left_out_with_its_line() {
    let cases: [(&str, Small, &[&str], usize); 11] = [
        (
            "unknown route",
            Small::new().replaced("trips.txt", "east-9,r", "east-9,x"),
            &["trips.txt:3", "stop_times.txt:6", "stop_times.txt:7", "stop_times.txt:8", "stop_times.txt:9"],
            2,
        ),
        (
            "unknown service",
            Small::new().replaced("trips.txt", "west-8,r,work", "west-8,r,play"),
            &["trips.txt:4", "stop_times.txt:10", "stop_times.txt:11", "stop_times.txt:12", "stop_times.txt:13"],
            2,
        ),
        (
            "unknown stop",
            Small::new().replaced("stop_times.txt", "08:02:30,08:02:30,b", "08:02:30,08:02:30,x"),
            &["stop_times.txt:3"],
            3,
        ),
        ("stop given twice", Small::new().replaced("stops.txt", "\nd,", "\nd,d,35,140\nd,"), &["stops.txt:6"], 3),
        (
            "trip given twice",
            Small::new().replaced("trips.txt", "west-8,r,work", "west-8,r,work\nwest-8,r,work"),
            &["trips.txt:5"],
            3,
        ),
        (
            "call given twice",
            Small::new().replaced("stop_times.txt", "west-8,08:02:30,08:02:30,c,2", "west-8,08:02:30,08:02:30,c,1"),
            &["stop_times.txt:11"],
            3,
        ),
        (
            "earlier time",
            Small::new().replaced("stop_times.txt", "west-8,08:05:00,08:05:00", "west-8,08:01:00,08:01:00"),
            &["stop_times.txt:12"],
            3,
        ),
        (
            "no time",
            Small::new().replaced("stop_times.txt", "west-8,08:05:00,08:05:00", "west-8,8h,8h"),
            &["stop_times.txt:12", "stop_times.txt:12"],
            3,
        ),
        ("no coordinates", Small::new().replaced("stops.txt", "停留所a,35,140", "停留所a,,"), &["stops.txt:2"], 3),
        ("one field too many", Small::new().replaced("routes.txt", "村バス,3", "村バス,3,4"), &["routes.txt:2"], 3),
        (
            "no such station",
            Small::new().with(
                "stops.txt",
                "stop_id,stop_name,stop_lat,stop_lon,parent_station\n\
            a,a,35,140,x\nb,b,35,140.01,\nc,c,35,140.02,\nd,d,35,140.03,\n",
            ),
            &["stops.txt:2"],
            3,
        ),
    ];
    for (case, small, expected, trips) in cases {
        let feed = small.feed();
        assert_eq!(places(&feed), expected, "{case}: {:?}", feed.warnings);
        assert_eq!(feed.trips.len(), trips, "{case}");
    }
}

#[test]
fn coordinates_that_cannot_be_are_put_right_or_left_out() {
    let place = |text: &str| {
        let feed = Small::new().replaced("stops.txt", "停留所a,35,140", &format!("停留所a,{text}")).feed();
        (feed.stops[0].place, feed.warnings.len())
    };
    assert_eq!(place("140.0,35.0"), (Some((35.0, 140.0)), 1));
    assert_eq!(place("0,0.0"), (None, 1));
    assert_eq!(place("350,1400"), (None, 1));
    assert_eq!(place("３５．５,140"), (Some((35.5, 140.0)), 0));
}

#[test]
fn platforms_have_their_stations_place() {
    let stops = "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,platform_code\n\
        s,駅,35,140,1,,\na,駅,,,0,s,2\nb,b,35,140.01,,,\nc,c,35,140.02,,,\nd,d,35,140.03,,,\n";
    let feed = Small::new().with("stops.txt", stops).feed();
    let a = &feed.stops[1];
    assert_eq!((a.place, a.parent, a.platform.as_deref()), (Some((35.0, 140.0)), Some(0), Some("2")));
    let summary = feed.summary(None);
    assert_eq!((summary.stops.len(), summary.stations), (4, 1));
    assert_eq!(feed.warnings, []);
}

#[test]
fn frequencies_become_trips() {
    let frequencies =
        "trip_id,start_time,end_time,headway_secs\neast-8,06:00:00,07:00:00,1200\neast-8,23:50:00,24:30:00,1800\n";
    let feed = Small::new().with("frequencies.txt", frequencies).feed();
    let ids: Vec<&str> = feed.trips.iter().map(|trip| &*trip.id).collect();
    assert_eq!(
        ids,
        ["east-9", "west-8", "east-8@06:00", "east-8@06:20", "east-8@06:40", "east-8@23:50", "east-8@24:20"]
    );
    assert_eq!(times(&feed, "east-8@24:20")[3], (87_600 + 450, 87_600 + 450));
    let feed = Small::new()
        .with("frequencies.txt", "trip_id,start_time,end_time,headway_secs\neast-8,06:00:00,07:00:00,0\n")
        .feed();
    assert_eq!(places(&feed), ["frequencies.txt:2"]);
}

#[test]
fn fares_of_the_second_version_are_named() {
    let feed = Small::new().with("fare_products.txt", "fare_product_id,amount\n1,200\n").feed();
    assert_eq!(places(&feed), ["fare_products.txt:1"]);
}
