//! What a generated town takes for granted, in both languages.

use super::{HOURS, SPEEDS_KMH, Spec, matrix};
use crate::roads::Notes;
use crate::scenario::{Speeds, Text};
use crate::walking::DETOUR;

/// What a map does not say of driving, and what of it was left out.
pub(super) fn of_map(notes: &Notes) -> Vec<Text> {
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

/// What a table of driving times says and does not say.
pub(super) fn of_matrix(notes: &matrix::Notes) -> Vec<Text> {
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

/// What neither a map nor a table of driving times says: one sentence each.
pub(super) fn of_town(spec: &Spec, stops: usize) -> Vec<Text> {
    let [opens, closes] = HOURS;
    let Spec { stops_every_m, vehicles, requests, .. } = spec;
    let mut all = Vec::new();
    all.push(if spec.stops.is_empty() {
        Text::new(
            format!("{stops} か所の停留所は、道路のどこからも約 {stops_every_m} m 以内になるように機械的に置いたもので、実在しません。"),
            format!("The {stops} stops are not real: they are placed so that every point of the roads is within about {stops_every_m} m of one."),
        )
    } else {
        Text::new(
            "停留所は、与えられた座標から最も近い道路の節点に移しました。",
            "Stops are moved from where they were given to the nearest node of the roads.",
        )
    });
    if spec.depot.is_none() {
        all.push(Text::new("車庫は停留所の中央に置きました。", "The depot is put in the middle of the stops."));
    }
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
            format!("需要は1日 {requests} 件で、一日じゅう同じ頻度です。出発地と目的地は停留所の周りの交差点の数に比例し、所要時間8分ごとに e 分の1に減り、400 m 未満は歩くとしました。"),
            format!("Demand is {requests} requests a day, as frequent at all hours; origins and destinations are drawn in proportion to the junctions around a stop and to exp(-driving time / 8 min), and less than 400 m are walked."),
        ),
        Text::new(
            "4人までの組の割合（80、15、4、1％）、車いす2％、30分から10時間前の予約30％は仮定です。",
            "The shares of parties of up to four (80, 15, 4, 1 %), of wheelchairs (2 %) and of bookings 30 minutes to 10 hours ahead (30 %) are assumed.",
        ),
        Text::new("日付と気温15℃は仮定です。", "The date and the temperature of 15 °C are assumed."),
    ]);
    all
}
