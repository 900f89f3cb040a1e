//! pvlib 0.16.1 as an oracle for the sun: three Japanese places, five days of 48 moments each, night included.

use std::path::Path;

use noriai::site::sun::{self, Sun};
use serde_json::Value;

/// One row of the oracle.
struct Row {
    place: String,
    time: String,
    apparent_zenith_deg: f64,
    zenith_deg: f64,
    azimuth_deg: f64,
    haurwitz_ghi: f64,
    /// Ours for the same moment.
    sun: Sun,
}

/// The oracle's document; or none, where it is absent.
fn document(test: &str) -> Option<Value> {
    let file = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/solar/pvlib-clearsky.json"));
    if !file.is_file() {
        println!("not run: {test}: ../shared/data is absent");
        return None;
    }
    let text = std::fs::read_to_string(file).expect("a readable file");
    Some(serde_json::from_str(&text).expect("JSON"))
}

fn rows(document: &Value) -> Vec<Row> {
    let mut rows = Vec::new();
    for (place, site) in document["sites"].as_object().expect("sites") {
        let (lat, lng) = (site["lat"].as_f64().expect("lat"), site["lon"].as_f64().expect("lon"));
        let columns: Vec<&str> = site["columns"].as_array().expect("columns").iter().flat_map(Value::as_str).collect();
        for row in site["rows"].as_array().expect("rows") {
            let field = |name: &str| &row[columns.iter().position(|column| *column == name).expect("a column")];
            let number = |name: &str| field(name).as_f64().expect("a number");
            let time = field("time").as_str().expect("a time");
            // 2025-01-15T00:15:00+09:00
            let part = |from: usize, to: usize| time[from..to].parse::<u16>().expect("digits");
            assert!(time.ends_with(":00+09:00"), "{time}");
            let date = time::Date::from_calendar_date(
                i32::from(part(0, 4)),
                time::Month::try_from(part(5, 7) as u8).expect("a month"),
                part(8, 10) as u8,
            )
            .expect("a date");
            let utc_hours = f64::from(part(11, 13)) + f64::from(part(14, 16)) / 60.0 - 9.0;
            rows.push(Row {
                place: place.clone(),
                time: time.to_owned(),
                apparent_zenith_deg: number("apparent_zenith"),
                zenith_deg: number("zenith"),
                azimuth_deg: number("azimuth"),
                haurwitz_ghi: number("haurwitz_ghi"),
                sun: sun::position(date.year(), date.ordinal(), utc_hours, lat, lng),
            });
        }
    }
    // 3 places x 5 days x 48 moments.
    assert_eq!(rows.len(), 720);
    rows
}

#[test]
fn the_sun_stands_where_pvlib_sees_it() {
    let Some(document) = document("the_sun_stands_where_pvlib_sees_it") else { return };
    for row in rows(&document) {
        let zenith = (row.sun.zenith_deg - row.zenith_deg).abs();
        let turn = (row.sun.azimuth_deg - row.azimuth_deg).rem_euclid(360.0);
        let azimuth = turn.min(360.0 - turn);
        // All rows, day and night; the largest differences are 0.0050 and 0.0162 degrees (high sun at noon in June).
        assert!(zenith < 0.006, "{} {}: zenith {zenith}", row.place, row.time);
        assert!(azimuth < 0.02, "{} {}: azimuth {azimuth}", row.place, row.time);
        assert!((0.0..360.0).contains(&row.sun.azimuth_deg));
    }
}

#[test]
fn refraction_is_pvlibs() {
    let Some(document) = document("refraction_is_pvlibs") else { return };
    for row in rows(&document) {
        // pvlib thins the air with height: 8 % at Shiojiri, 712 m, of a refraction of at most 0.5 degrees.
        let tolerance = if row.place == "shiojiri" { 0.04 } else { 0.002 };
        let off = (sun::apparent_zenith_deg(row.zenith_deg) - row.apparent_zenith_deg).abs();
        assert!(off < tolerance, "{} {}: {off}", row.place, row.time);
    }
}

#[test]
fn the_clear_sky_is_pvlibs() {
    let Some(document) = document("the_clear_sky_is_pvlibs") else { return };
    let mut bright = 0;
    for row in rows(&document) {
        let ours = sun::haurwitz_apparent_ghi(row.apparent_zenith_deg);
        if row.haurwitz_ghi > 1.0 {
            bright += 1;
            assert!((ours / row.haurwitz_ghi - 1.0).abs() < 0.001, "{} {}: {ours}", row.place, row.time);
        } else {
            assert!(ours < 1.1, "{} {}: {ours}", row.place, row.time);
        }
        // From the clock to the light. At sunrise 0.005 degrees are 1 % of next to nothing, and Shiojiri's air is thinner.
        let ours = sun::haurwitz_ghi(row.sun.zenith_deg);
        let off = (ours - row.haurwitz_ghi).abs();
        assert!(
            off < 0.5 && (off < 0.01 * row.haurwitz_ghi || row.haurwitz_ghi < 50.0),
            "{} {}: {ours}",
            row.place,
            row.time
        );
    }
    assert!(bright > 300, "{bright}");
}

#[test]
fn a_year_of_clear_sky_is_pvlibs() {
    let Some(document) = document("a_year_of_clear_sky_is_pvlibs") else { return };
    for (place, site) in document["sites"].as_object().expect("sites") {
        let (lat, lng) = (site["lat"].as_f64().expect("lat"), site["lon"].as_f64().expect("lon"));
        let (mut level, mut tilted) = (0.0, 0.0);
        for day in 1..=365 {
            for half_hour in 0..48 {
                let sun = sun::position(2025, day, f64::from(half_hour) / 2.0 + 0.25 - 9.0, lat, lng);
                let ghi = sun::haurwitz_ghi(sun.zenith_deg);
                level += ghi / 2e3;
                tilted += sun::plane(ghi, &sun, day, 30.0, 180.0, 0.2) / 2e3;
            }
        }
        let theirs = site["annual_clear_ghi_haurwitz_kwh_m2"].as_f64().expect("a total");
        assert!((level / theirs - 1.0).abs() < 0.002, "{place}: {level} {theirs}");
        // pvlib's total is of another clear sky (Ineichen), with 4 % less light and far less of it diffuse than Erbs et al.
        // take from the clearness: the tilt gains 13 % with ours, 20 % with theirs, and the totals differ by 1 to 4 %.
        let theirs = site["annual_clear_poa30S_kwh_m2"].as_f64().expect("a total");
        assert!((tilted / theirs - 1.0).abs() < 0.04, "{place}: {tilted} {theirs}");
    }
}
