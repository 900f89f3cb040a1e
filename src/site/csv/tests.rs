use super::*;
use crate::rng::Rng;
use encoding_rs::SHIFT_JIS;

fn read(file: impl AsRef<[u8]>) -> ImportedSeries {
    import(file.as_ref(), None, false)
}

/// Line, column and English message of each problem; no values come with one.
fn problems(file: impl AsRef<[u8]>) -> Vec<(u32, String, String)> {
    let series = read(file);
    assert_eq!(series.values.is_empty(), !series.problems.is_empty());
    let describe = |problem: RowProblem| {
        assert!(!problem.message.ja.is_ascii());
        (problem.line, problem.column.unwrap_or_default(), problem.message.en)
    };
    series.problems.into_iter().map(describe).collect()
}

/// Numbers that tell their place.
fn places(count: usize) -> Vec<f64> {
    (0..count).map(|place| place as f64).collect()
}

/// A row for each half hour of some days from a date on, as JEPX writes them.
fn jepx(first: Date, days: u16) -> String {
    let mut file = String::from(
        "年月日,時刻コード,売り入札量(kWh),システムプライス(円/kWh),エリアプライス東北(円/kWh),エリアプライス東京(円/kWh)\r\n",
    );
    let mut date = first;
    for day in 0..days {
        for slot in 1..=48_u16 {
            let (year, month, day_of_month) = (date.year(), u8::from(date.month()), date.day());
            let place = day * 48 + slot - 1;
            file += &format!("{year}/{month:02}/{day_of_month:02},{slot},10{place},9.9,{place},-1\r\n");
        }
        date = date.next_day().expect("a date");
    }
    file
}

#[test]
fn reads_a_column_of_numbers() {
    let numbers: String = (0..24).map(|place| format!("{place}\n")).collect();
    let plain = read(&numbers);
    assert_eq!((plain.values, plain.column, plain.rows), (places(24), None, 24));
    assert_eq!(plain.problems, []);
    let named = read(format!("負荷 kW\n\n{numbers}\n"));
    assert_eq!((named.values, named.column.as_deref(), named.rows), (places(24), Some("負荷 kW"), 24));
    assert_eq!(named.columns, ["負荷 kW"]);
}

#[test]
fn reads_times_as_people_write_them() {
    let hours: [fn(u32) -> String; 10] = [
        |h| format!("{h}:00"),
        |h| format!("{:02}:00:00", h + 1),
        |h| format!("{h}"),
        |h| format!("{}時", h + 1),
        |h| format!("{h}:00～{}:00", h + 1),
        |h| format!("2025-04-01T{h:02}:00:00.000+09:00"),
        |h| format!("2025/4/1 {}:00", h + 1),
        |h| format!("2025年4月6日(日) {h}時00分"),
        |h| format!("２０２５/４/１　{h}：００"),
        |h| format!("20250401 {h:02}:00"),
    ];
    for hour in hours {
        let rows: String = (0..24).map(|h| format!("{},{h}\n", hour(h))).collect();
        let series = read(format!("日時,kW\n{rows}"));
        assert_eq!(series.problems, [], "{}", hour(7));
        assert_eq!((series.values, series.column.as_deref()), (places(24), Some("kW")));
        // Without a header a time must not look like a number.
        if number(&hour(7)).is_none() {
            assert_eq!(read(&rows).values, places(24), "{}", hour(7));
        }
    }
}

#[test]
fn reads_what_excel_writes() {
    // Half hours of a day; 1,000.5 + the place.
    let rows = |separator: &str, value: fn(u32) -> String| -> String {
        (0..48).map(|slot| format!("{}:{:02}{separator}{}\r\n", slot / 2, slot % 2 * 30, value(slot))).collect()
    };
    let expected: Vec<f64> = (0..48).map(|place| 1_000.5 + f64::from(place)).collect();
    let files = [
        format!("時刻,kW\r\n{}", rows(",", |slot| format!("\"1,{slot:03}.5\""))),
        format!("時刻\tkW\r\n{}", rows("\t", |slot| format!("１０{slot:02}．５"))),
        format!("Time;kW\r\n{}", rows(";", |slot| format!("10{slot:02},5"))),
        format!("Time;kW\r\n{}", rows(";", |slot| format!("1.0{slot:02},50"))),
        rows(";", |slot| format!("10{slot:02},5")),
    ];
    for file in files {
        let series = read(&file);
        assert_eq!((series.values, series.problems), (expected.clone(), vec![]), "{}", &file[..40]);
    }
    let file = format!("2025/4/1 0:00 UPDATE\r\n\r\n単位[kW],,供給力\r\nDATE,TIME,実績,予測\r\n{}", {
        (0..24).map(|h| format!("2025/4/1,{h}:00,{h},5\r\n")).collect::<String>()
    });
    let (shift_jis, ..) = SHIFT_JIS.encode(&file);
    let series = read(&shift_jis);
    assert_eq!((series.values, series.encoding, series.rows), (places(24), Encoding::ShiftJis, 24));
    assert_eq!(series.columns, ["実績", "予測"]);
    assert_eq!(read(format!("\u{feff}{file}")).column.as_deref(), Some("実績"));
}

#[test]
fn reads_jepx_by_area() {
    let file = jepx(time::macros::date!(2025 - 04 - 01), 1);
    let (shift_jis, ..) = SHIFT_JIS.encode(&file);
    for file in [file.as_bytes(), &shift_jis] {
        let series = import(file, Some("東北"), true);
        assert_eq!((series.values, series.column.as_deref()), (places(48), Some("エリアプライス東北(円/kWh)")));
        assert_eq!(series.columns.len(), 4);
        // The first of two; a name in full; none.
        assert_eq!(import(file, Some("エリアプライス"), true).values, places(48));
        assert_eq!(import(file, Some("システムプライス（円/KWH）"), false).values, [9.9; 48]);
        let none = import(file, Some("九州"), true);
        assert!(none.problems[0].message.en.contains("has \"九州\" in its name: choose from 売り入札量"), "{none:?}");
        assert_eq!(import(file, Some("東京"), false).problems.len(), 48);
    }
}

#[test]
fn turns_a_fiscal_year_to_january() {
    // April 1, 2023 to March 31, 2024 is a leap year's 366 days; January 1 is 30 + 31 + 30 + 31 + 31 + 30 + 31 + 30 + 31 =
    // 275 days after April 1, so the values begin with 275 x 48 = 13,200 and end with 13,199.
    let series = import(jepx(time::macros::date!(2023 - 04 - 01), 366).as_bytes(), Some("東北"), false);
    assert_eq!((series.problems, series.values.len()), (vec![], 17_568));
    assert_eq!((series.values[0], series.values[17_567]), (13_200.0, 13_199.0));
    // From January on nothing is turned.
    let year = import(jepx(time::macros::date!(2025 - 01 - 01), 365).as_bytes(), Some("東北"), false);
    assert_eq!(year.values, places(17_520));
    // 365 days from April 1, 2023 end on March 30.
    let short = import(jepx(time::macros::date!(2023 - 04 - 01), 365).as_bytes(), Some("東北"), false);
    assert!(short.problems[0].message.en.contains("365 dated days are not exactly one year"), "{:?}", short.problems);
}

#[test]
fn turns_a_week_to_monday() {
    // April 2, 2025 is a Wednesday: Monday is 5 days later, 5 x 48 = 240.
    let week = import(jepx(time::macros::date!(2025 - 04 - 02), 7).as_bytes(), Some("東北"), false);
    assert_eq!((week.values.len(), week.values[0], week.values[335]), (336, 240.0, 239.0));
    // Dates without times.
    let rows: String = (0..168).map(|hour| format!("2025-04-{:02},{hour}\n", 2 + hour / 24)).collect();
    assert_eq!(read(format!("date,kW\n{rows}")).values[0], 120.0);
    // Without dates it begins with Monday as it is.
    let rows: String = (0..168).map(|hour| format!("{}:00,{hour}\n", hour % 24)).collect();
    assert_eq!(read(format!("time,kW\n{rows}")).values, places(168));
}

#[test]
fn says_what_is_wrong_with_each_row() {
    let cases = [
        ("3:00,", "kW", "empty: write a number"),
        ("3:00,five", "kW", "\"five\" is not a number"),
        ("3:00,NaN", "kW", "\"NaN\" is not a number"),
        ("3:00,1 kW", "kW", "\"1 kW\" is not a number"),
        ("3:00,\"1,5\"", "kW", "\"1,5\" is not a number"),
        ("3:00,-1", "kW", "\"-1\" is negative"),
        ("3:00,1,5", "", "3 fields, but the header has 2 (\"5\" is beyond)"),
        ("soon,3", "time", "\"soon\" is neither a date nor a time"),
        ("2025-02-30 3:00,3", "time", "neither a date nor a time"),
        ("2025-04-01T03:00:00Z,3", "time", "in universal time"),
        (",3", "time", "neither a date nor a time"),
    ];
    for (row, column, message) in cases {
        let rows: String = (0..24).map(|h| if h == 3 { format!("{row}\n") } else { format!("{h}:00,{h}\n") }).collect();
        let problems = problems(format!("time,kW\n{rows}"));
        assert_eq!(problems.len(), 1, "{row}: {problems:?}");
        assert_eq!((problems[0].0, &*problems[0].1), (5, column), "{row}");
        assert!(problems[0].2.contains(message), "{row}: {}", problems[0].2);
    }
    let negative: String = (0..24).map(|h| format!("{}\n", -h)).collect();
    assert_eq!(import(negative.as_bytes(), None, true).values[23], -23.0);
}

#[test]
fn notices_rows_that_are_missing_or_twice() {
    let rows = |hours: &[u32]| -> String {
        let rows: String = hours.iter().map(|h| format!("2025/4/{} {}:00,5\n", 1 + h / 24, h % 24)).collect();
        format!("日時,kW\n{rows}")
    };
    // 3:00 is missing, and 10:00 is there twice: 24 rows all the same.
    let hours: Vec<u32> =
        (0..24).filter(|&h| h != 3).flat_map(|h| if h == 10 { vec![h, h] } else { vec![h] }).collect();
    let found = problems(rows(&hours));
    let places: Vec<_> = found.iter().map(|(line, column, _)| (*line, &**column)).collect();
    // 4:00 is on line 5 (0, 1, 2, 4 on 2 to 5), the second 10:00 on line 12.
    assert_eq!(places, [(5, "日時"), (12, "日時")], "{found:?}");
    assert!(found[0].2.contains("120 minutes after the row before, not 60"), "{found:?}");
    assert!(found[1].2.contains("0 minutes after the row before, not 60"), "{found:?}");
    // From 5:00 to 5:00.
    let late = problems(rows(&(5..29).collect::<Vec<_>>()));
    assert_eq!((late.len(), late[0].0, late[0].2.contains("the first row is at 05:00")), (1, 2, true), "{late:?}");
    // Two days of hours are not one of half hours.
    let two = problems(rows(&(0..48).collect::<Vec<_>>()));
    assert!(two.len() == 1 && two[0].2.contains("48 rows of 60 minutes are 2 days"), "{two:?}");
    // Dates that do not change when a day is over.
    let dates: String = (0..168).map(|hour| format!("2025-04-{:02},{hour}\n", 2 + hour / 25)).collect();
    let dates = problems(format!("date,kW\n{dates}"));
    assert!(dates.len() == 1 && dates[0].2.contains("(from value 25 on)"), "{dates:?}");
    // Quarters of an hour.
    let quarters: String = (0..96).map(|q| format!("{}:{:02},1\n", q / 4, q % 4 * 15)).collect();
    let quarters = problems(format!("time,kW\n{quarters}"));
    assert!(quarters.len() == 2 && quarters[0].2.contains("15 minutes apart"), "{quarters:?}");
}

#[test]
fn says_what_is_wrong_with_the_file() {
    let utf_16: Vec<u8> = "\u{feff}1\n2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let long = "1\n".repeat(20_000);
    let cases: &[(&[u8], u32, &str)] = &[
        (b"", 1, "the file is empty"),
        (b"\n ,\n", 1, "the file is empty"),
        (b"time,kW\n", 1, "no column of numbers"),
        (b"kW\nfive\n", 1, "no column of numbers"),
        (b"1\n", 1, "1 rows of values are neither a day"),
        (b"kW\n1\n2\n3\n", 4, "3 rows of values are neither a day (24 or 48)"),
        (long.as_bytes(), 17_588, "20000 rows of values"),
        (b"1,2\n1,2\n", 1, "several columns of numbers and no header"),
        (b"PK\x03\x04\x14\x00", 1, "this is a workbook"),
        (&utf_16, 1, "UTF-16"),
    ];
    for (file, line, message) in cases {
        let found = problems(file);
        assert_eq!((found.len(), found[0].0), (1, *line), "{found:?}");
        assert!(found[0].2.contains(message), "{found:?}");
    }
    // An open quote makes one row of 22.
    let rows: String = (0..24).map(|h| if h == 2 { "\"2\n".to_owned() } else { format!("{h}\n") }).collect();
    let open = problems(format!("kW\n{rows}"));
    assert!(open.iter().any(|(line, _, message)| *line == 4 && message.contains("never closed")), "{open:?}");
}

#[test]
fn survives_any_file_and_gives_all_values_or_none() {
    let rows: String = (0..24).map(|h| format!("2025/4/{}(火) {h}:00,\"1,{h:03}.5\",{h}\r\n", 1 + h / 24)).collect();
    let good = format!("令和7年度,,\r\n日時,負荷(kW),東北\r\n{rows}");
    let (shift_jis, ..) = SHIFT_JIS.encode(&good);
    let mut rng = Rng::new(1, "mutations");
    let mut below = |limit: usize| (rng.unit() * limit as f64) as usize;
    let mut whole = 0;
    for round in 0..4_000 {
        let mut file = if round % 2 == 0 { good.as_bytes().to_vec() } else { shift_jis.to_vec() };
        for _ in 0..=below(3) {
            let at = below(file.len());
            match below(5) {
                0 => file[at] = below(256) as u8,
                1 => file.insert(at, b",;\t\"\r\n0-.:/T()"[below(14)]),
                2 => drop(file.remove(at)),
                3 if below(4) == 0 => file.truncate(at + 1),
                _ => drop(file.drain(..at / 8)),
            }
        }
        let series = import(&file, [None, Some("東北"), Some("")][below(3)], round % 3 == 0);
        assert_eq!(series.values.is_empty(), !series.problems.is_empty(), "round {round}");
        assert!(series.values.is_empty() || series.values.len() == 24, "round {round}");
        assert!(series.values.iter().all(|value| value.is_finite()), "round {round}");
        whole += usize::from(!series.values.is_empty());
    }
    assert!((100..3_900).contains(&whole), "{whole}");
}
