//! What each figure means: its name, unit and definition, in both languages, for the page, the command line and the docs.

use super::Figure;
use crate::scenario::Text;

/// The figures of [`super::Report`] that are single numbers, in the order in which people read them.
pub fn figures() -> Vec<Figure> {
    let figure = |key: &str, unit: &str, name: (&str, &str), definition: (&str, &str)| Figure {
        key: key.into(),
        unit: unit.into(),
        name: Text::new(name.0, name.1),
        definition: Text::new(definition.0, definition.1),
    };
    vec![
        figure(
            "requests",
            "",
            ("予約・呼出", "Requests"),
            ("その日に受けた乗車の申込みの件数。", "Calls for a ride received that day."),
        ),
        figure(
            "served",
            "",
            ("運べた件数", "Served"),
            (
                "乗車し、目的地で降りた申込みの件数。",
                "Requests whose party was picked up and brought to its destination.",
            ),
        ),
        figure(
            "refused",
            "",
            ("お断り", "Refused"),
            ("どの車両でも約束を守れないため断った件数。", "Requests refused because no van could keep all limits."),
        ),
        figure(
            "served_share",
            "share",
            ("運べた割合", "Share served"),
            ("運べた件数 ÷ 申込みの件数。", "Requests served / requests received."),
        ),
        figure(
            "passengers",
            "",
            ("乗客数", "Passengers"),
            ("運べた申込みの人数の合計。", "People in the parties served."),
        ),
        figure(
            "mean_wait_s",
            "s",
            ("平均待ち時間", "Mean wait"),
            (
                "乗車開始 − 希望した乗車時刻。運べた申込みの平均。",
                "Begin of boarding minus the pick-up time asked for; mean of the requests served.",
            ),
        ),
        figure(
            "median_wait_s",
            "s",
            ("待ち時間の中央値", "Median wait"),
            ("半数の申込みの待ち時間はこれ以下。", "Half of the requests served wait at most this long."),
        ),
        figure(
            "p95_wait_s",
            "s",
            ("待ち時間の95パーセンタイル", "95th percentile of waits"),
            (
                "95%の申込みの待ち時間はこれ以下（最近順位法）。",
                "95 % of the requests served wait at most this long (nearest rank).",
            ),
        ),
        figure(
            "mean_delay_s",
            "s",
            ("平均遅れ", "Mean delay"),
            (
                "降車開始 − 最も早く着ける時刻（希望時刻 + 乗車の停車時間 + 直行時間）。",
                "Begin of alighting minus the earliest possible one: time asked for + boarding + direct drive.",
            ),
        ),
        figure(
            "mean_ride_s",
            "s",
            ("平均乗車時間", "Mean time aboard"),
            (
                "乗車完了から降車開始まで。運べた申込みの平均。",
                "From the end of boarding to the begin of alighting; mean of the requests served.",
            ),
        ),
        figure(
            "mean_direct_s",
            "s",
            ("平均直行時間", "Mean direct drive"),
            ("寄り道なしの所要時間。運べた申込みの平均。", "Driving time without detour; mean of the requests served."),
        ),
        figure(
            "ride_factor",
            "",
            ("遠回りの倍率", "Ride against direct"),
            ("乗車時間の合計 ÷ 直行時間の合計。", "Total time aboard / total direct driving time."),
        ),
        figure(
            "shared_share",
            "share",
            ("相乗りの割合", "Shared rides"),
            (
                "走行中に別の申込みの人と同乗した申込み ÷ 運べた件数。",
                "Requests served that rode some of the way with another party / requests served.",
            ),
        ),
        figure(
            "mean_occupancy",
            "",
            ("平均乗車人数", "Mean occupancy"),
            ("人キロ ÷ 車両キロ。", "Passenger kilometres / vehicle kilometres."),
        ),
        figure(
            "vehicle_km",
            "km",
            ("走行距離", "Distance driven"),
            ("全車両が走った道路の長さの合計。", "Length of all road sections driven by all vans."),
        ),
        figure(
            "empty_km",
            "km",
            ("空車走行", "Driven empty"),
            ("乗客なしで走った距離。", "Distance driven without riders."),
        ),
        figure(
            "empty_share",
            "share",
            ("空車の割合", "Empty share"),
            ("空車走行 ÷ 走行距離。", "Distance driven empty / distance driven."),
        ),
        figure(
            "driver_hours",
            "h",
            ("乗務時間", "Driver hours"),
            ("全車両の勤務開始から終了までの合計。", "From the begin to the end of duty, all vans."),
        ),
        figure(
            "rides_per_driver_hour",
            "",
            ("乗務1時間あたりの件数", "Rides per driver hour"),
            ("運べた件数 ÷ 乗務時間。", "Requests served / driver hours."),
        ),
        figure(
            "energy_used_kwh",
            "kWh",
            ("使った電力量", "Energy used"),
            (
                "走行・停車・空調で電池から出た電力量。",
                "Energy out of the batteries for driving, boarding and climate.",
            ),
        ),
        figure(
            "energy_charged_kwh",
            "kWh",
            ("充電した電力量", "Energy charged"),
            ("電池に入った電力量。", "Energy into the batteries."),
        ),
        figure(
            "energy_drawn_kwh",
            "kWh",
            ("受電量", "Drawn from the grid"),
            ("充電した電力量 ÷ 充電器の効率。", "Energy charged / efficiency of the charger."),
        ),
        figure(
            "lowest_soc",
            "share",
            ("最低充電率", "Lowest charge"),
            (
                "その日に最も少なくなった車両の充電率（使用可能容量に対して）。",
                "Lowest state of charge of any van, of its usable capacity.",
            ),
        ),
        figure(
            "fares_yen",
            "yen",
            ("運賃収入", "Fares"),
            (
                "有料の乗客ごとに、乗車地と降車地のゾーンの高い方の運賃と夜間割増。",
                "For each paying passenger the higher fare of the two zones, and the surcharge at night.",
            ),
        ),
    ]
}
