//! What a generated town takes for granted, in both languages.

use super::{Ground, HOURS, SPEEDS_KMH, Spec, matrix};
use crate::roads::Notes;
use crate::scenario::{Speeds, Text};
use crate::walking::DETOUR;

/// Share of people of 65 and over in Japan (Statistics Bureau of Japan, Population Census 2020).
pub(super) const ELDERLY_SHARE: f64 = 0.286;

/// What the town is.
pub(super) fn about(ground: &Ground) -> Text {
    match ground {
        Ground::Map(_) => Text::new(
            "道路は地図から読み、停留所・車両・需要は仮定した町です。実在のサービスではありません。",
            "A town whose roads are read from a map, and whose stops, vans and demand are assumed. It is no real service.",
        ),
        Ground::Matrix(_) => Text::new(
            "停留所と、その間の所要時間を表から読み、車両と需要は仮定した町です。実在のサービスではありません。",
            "A town whose stops and driving times between them are read from tables, and whose vans and demand are assumed. It is no real service.",
        ),
        Ground::Feed { .. } => Text::new(
            "停留所とバスの時刻は公開されたデータ（GTFS）から読み、道路はそこから推定し、オンデマンドの車両と需要は仮定した町です。",
            "A town whose stops and bus timetable are read from a public feed (GTFS), whose roads are guessed from it, and whose on-demand vans and demand are assumed.",
        ),
    }
}

/// Whose data it is made of.
pub(super) fn sources(ground: &Ground) -> Vec<String> {
    match ground {
        Ground::Map(_) => vec!["© OpenStreetMap contributors (ODbL), if the roads are OpenStreetMap's".to_owned()],
        Ground::Matrix(_) => vec!["Driving times: a table of one's own".to_owned()],
        Ground::Feed { source } => vec![format!("GTFS: {source}")],
    }
}

/// One sentence for each thing that was not read, and for what was left out.
pub(super) fn assumptions(ground: &Ground, spec: &Spec, stops: usize) -> Vec<Text> {
    let [opens, closes] = HOURS;
    let Spec { stops_every_m, vehicles, requests, .. } = spec;
    let mut all = match ground {
        Ground::Map(notes) => of_map(notes),
        Ground::Feed { .. } => of_feed(),
        Ground::Matrix(notes) => of_matrix(notes),
    };
    if spec.stops.is_empty() {
        all.push(Text::new(
            format!("{stops} か所の停留所は、道路のどこからも約 {stops_every_m} m 以内になるように機械的に置いたもので、実在しません。"),
            format!("The {stops} stops are not real: they are placed so that every point of the roads is within about {stops_every_m} m of one."),
        ));
    } else if !matches!(ground, Ground::Matrix(_)) {
        all.push(Text::new(
            "停留所は、与えられた座標から最も近い道路の節点に移しました。",
            "Stops are moved from where they were given to the nearest node of the roads.",
        ));
    }
    if spec.depot.is_none() {
        all.push(Text::new("車庫は停留所の中央に置きました。", "The depot is put in the middle of the stops."));
    }
    let (drawn_ja, drawn_en) = match ground {
        Ground::Matrix(_) => ("どの停留所も同じ割合で", "alike at all stops"),
        _ => ("停留所の周りの交差点の数に比例し", "in proportion to the junctions around a stop"),
    };
    all.extend([
        Text::new(
            format!("車両は {vehicles} 台で、すべて e-NV200 程度の電気自動車です（座席6、車いす1、電池36 kWh、1台に6 kWの充電器1基）。"),
            format!("The {vehicles} vans are electric, of the size of an e-NV200: six seats, one place for a wheelchair, 36 kWh, a charger of 6 kW for each."),
        ),
        Text::new(
            format!("運行は毎日 {opens} 時から {closes} 時まで、運賃は大人300円均一、待ち時間は最大20分、乗車は直行の1.5倍と10分以内です。"),
            format!("The service runs every day from {opens}:00 to {closes}:00, for a fare of 300 yen, with at most 20 minutes of waiting and rides of at most 1.5 times the direct drive and 10 minutes."),
        ),
        Text::new(
            format!("需要は1日 {requests} 件で、一日じゅう同じ頻度です。出発地と目的地は{drawn_ja}、所要時間8分ごとに e 分の1に減り、400 m 未満は歩くとしました。"),
            format!("Demand is {requests} requests a day, as frequent at all hours; origins and destinations are drawn {drawn_en} and in proportion to exp(-driving time / 8 min), and less than 400 m are walked."),
        ),
        Text::new(
            "4人までの組の割合（80、15、4、1％）、車いす2％、30分から10時間前の予約30％は仮定です。",
            "The shares of parties of up to four (80, 15, 4, 1 %), of wheelchairs (2 %) and of bookings 30 minutes to 10 hours ahead (30 %) are assumed.",
        ),
        Text::new(
            format!("65歳以上の割合は、どこも日本全国と同じ{:.1}％（2020年国勢調査）と仮定しました。", 100.0 * ELDERLY_SHARE),
            format!("The share of people of 65 and over is assumed to be that of Japan everywhere, {:.1} % (census of 2020).", 100.0 * ELDERLY_SHARE),
        ),
        Text::new("日付と気温15℃は仮定です。", "The date and the temperature of 15 °C are assumed."),
    ]);
    all
}

/// Of roads on a map.
fn of_map(notes: &Notes) -> Vec<Text> {
    let Speeds { motorway, trunk, primary, secondary, residential, service } = SPEEDS_KMH;
    vec![
        Text::new(
            format!(
                "道路ごとの走行速度は、制限速度が地図にあればその8割、なければ種別ごとに一律（高速道路{motorway}、国道{trunk}、県道{primary}、幹線町道{secondary}、街路{residential}、構内路{service} km/h）です。信号と渋滞は考えていません。"
            ),
            format!(
                "Vans drive at 80 % of a road's limit where the map has one, and otherwise by its class (expressways {motorway}, national roads {trunk}, prefectural roads {primary}, main town roads {secondary}, streets {residential}, lanes {service} km/h); signals and traffic are left out."
            ),
        ),
        Text::new(
            format!(
                "右左折の禁止（{} 件）は守りません。道路上の車止め、時間帯や重さによる規制も考えていません。",
                notes.turn_restrictions
            ),
            format!(
                "Turn restrictions ({}) are not kept; barriers on the road and limits by hour or weight are left out.",
                notes.turn_restrictions
            ),
        ),
        Text::new(
            format!(
                "フェリー {} 本、広場 {} か所、向きが時間で変わる道路 {} 本、車が通れないか駐車場や敷地の中だけの道路 {} 本は除きました。",
                notes.ferries, notes.areas, notes.reversible, notes.closed
            ),
            format!(
                "Left out are {} ferries, {} squares, {} roads whose direction changes with the hour, and {} roads that are closed to vans or lead only to parking places and houses.",
                notes.ferries, notes.areas, notes.reversible, notes.closed
            ),
        ),
        Text::new(
            format!(
                "互いに行き来できない道路 {:.1} km（点 {} 個）は除きました。",
                notes.dropped_km, notes.dropped_points
            ),
            format!(
                "{:.1} km of roads ({} points) without a way there and back are left out.",
                notes.dropped_km, notes.dropped_points
            ),
        ),
    ]
}

/// Of driving times from a table.
fn of_matrix(notes: &matrix::Notes) -> Vec<Text> {
    let matrix::Notes { pairs, missing, shortened, without_length, .. } = notes;
    vec![Text::new(
        format!(
            "走行時間は {pairs} 組の表によるもので、一日じゅう同じです。地図の線は実際の道路ではありません。表にない {missing} 組と、ほかの場所を経由したほうが速い {shortened} 組では、経由した時間が使われます。距離のない {without_length} 組は、直線距離の {DETOUR} 倍としました。"
        ),
        format!(
            "Driving times are those of a table of {pairs} pairs, the same at all hours; lines on the map are not roads. The {missing} pairs that it leaves out, and {shortened} for which driving through another place is faster, take the time of that way. The {without_length} pairs without a distance are {DETOUR} times as long as the straight line."
        ),
    )]
}

/// Of roads guessed from timetables.
fn of_feed() -> Vec<Text> {
    let Speeds { secondary, residential, .. } = SPEEDS_KMH;
    vec![
        Text::new(
            format!(
                "地図の道路ではありません。バスが続けて停まる停留所のあいだをつなぎ（経路の形 shapes.txt があればそれに沿い、なければ直線の1.3倍、{secondary} km/h か、時刻表のほうが速ければその時間）、そのほか1.5 km以内の隣り合う停留所を直線の1.3倍の道（{residential} km/h）でつないだ推定です。どの道も両方向に走れるとしました。本物の道路を読み込むと正確になります。"
            ),
            format!(
                "The roads are not a map's: they join stops at which a bus calls one after the other (along shapes.txt where the feed has it, else 1.3 times the straight line, at {secondary} km/h, or as fast as the quickest bus where that is faster), and other neighbouring stops up to 1.5 km apart (1.3 times the straight line, at {residential} km/h), and are driven both ways. Read real roads for exact figures."
            ),
        ),
        Text::new("信号、渋滞、右左折の規制は考えていません。", "Signals, traffic and turn restrictions are left out."),
    ]
}
