//! What each figure means: its name, unit and definition, in both languages, for the page, the command line and the docs.

use super::Figure;
use crate::scenario::Text;

fn figure(key: &str, unit: &str, name: (&str, &str), definition: (&str, &str)) -> Figure {
    Figure {
        key: key.into(),
        unit: unit.into(),
        name: Text::new(name.0, name.1),
        definition: Text::new(definition.0, definition.1),
    }
}

/// The figures of what went wrong, which only days have on which something can.
#[cfg(test)]
pub(crate) const DISTURBANCES: [&str; 9] = [
    "no_shows",
    "waited_s",
    "late_pickups",
    "mean_late_s",
    "late_rides",
    "breakdowns",
    "stranded",
    "stuck",
    "mean_help_s",
];

/// The figures of [`super::Report`] that are single numbers, in the order in which people read them.
pub fn figures() -> Vec<Figure> {
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
            "parcels",
            "",
            ("運んだ荷物", "Parcels"),
            (
                "届け先で降ろした荷物の個数。待ち時間などの平均に、荷物だけの申込みは入りません。",
                "Parcels brought to their destination. Means of waiting and the like leave requests of parcels alone out.",
            ),
        ),
        figure(
            "phone_share",
            "share",
            ("電話の割合", "By phone"),
            (
                "電話での申込み ÷ 申込みの件数。残りはアプリ。",
                "Requests by phone / requests received; the others came by app.",
            ),
        ),
        figure(
            "mean_phone_s",
            "s",
            ("平均電話時間", "Mean time on the phone"),
            (
                "電話をかけてから、つながって話し終えるまで。電話での申込みの平均。",
                "From dialling to the end of the call, waiting for an operator included; mean of the requests by phone.",
            ),
        ),
        figure(
            "mean_wait_s",
            "s",
            ("平均待ち時間", "Mean wait"),
            (
                "乗車開始 − 希望した乗車時刻 − 停留所までの徒歩。運べた申込みの平均。",
                "Begin of boarding minus the pick-up time asked for, the walk to the stop not counted; mean of the requests served.",
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
            "within_15_min_share",
            "share",
            ("15分以内に乗れた割合", "Picked up within 15 min"),
            (
                "希望した最も早い時刻から15分以内に乗車が始まり、運べた申込み ÷ 乗客のすべての申込み（お断りを含む、荷物だけの申込みを除く）。バスでは停留所までの徒歩を含む。",
                "Requests served whose boarding began within 15 minutes of the earliest moment wanted, the walk to a bus included / all requests of riders, the refused ones too.",
            ),
        ),
        figure(
            "mean_walk_s",
            "s",
            ("平均徒歩時間", "Mean walk"),
            (
                "停留所までと停留所からの徒歩（直線距離の1.3倍）。バスのときだけ。運べた申込みの平均。",
                "To the stop and from it, 1.3 times the straight line; with buses only. Mean of the requests served.",
            ),
        ),
        figure(
            "mean_journey_s",
            "s",
            ("平均所要時間", "Mean journey"),
            (
                "希望した乗車時刻から目的地に着くまで（待ち時間・徒歩・乗降を含む）。運べた申込みの平均。",
                "From the pick-up time asked for to the destination: waiting, walking, riding, getting on and off; mean of the requests served.",
            ),
        ),
        figure(
            "mean_delay_s",
            "s",
            ("平均遅れ", "Mean delay"),
            (
                "降車開始（バスでは徒歩で目的地に着く時刻）− 最も早く着ける時刻（希望時刻 + 乗車の停車時間 + 直行時間）。",
                "Begin of alighting, the walk from the stop added, minus the earliest possible one: time asked for + boarding + direct drive.",
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
            "driving_hours",
            "h",
            ("運転時間", "Hours of driving"),
            ("乗務時間のうち車が走っている時間。", "Driver hours in which the van drives."),
        ),
        figure(
            "break_hours",
            "h",
            ("休憩時間", "Hours of breaks"),
            (
                "乗務時間のうち運転者の休憩。乗客を待つ時間が休憩になった分は含みません。",
                "Driver hours that are planned breaks; waiting for riders that came to one is not counted.",
            ),
        ),
        figure(
            "supervisor_hours",
            "h",
            ("遠隔監視の時間", "Supervisor hours"),
            (
                "運転者のいない車を見守る人の勤務時間の合計。",
                "Hours on duty of those who watch over vans without a driver.",
            ),
        ),
        figure(
            "rides_per_driver_hour",
            "",
            ("乗務1時間あたりの件数", "Rides per driver hour"),
            ("運べた件数 ÷ 乗務時間。", "Requests served / driver hours."),
        ),
        figure(
            "batch_gap_s",
            "s",
            ("割当ての隔たり", "Gap of batches"),
            (
                "一括割当ての費用（走行秒換算）と証明された下限との差の平均。列挙した乗合せの中での最適からの隔たりの上限。",
                "Cost of a batch minus its proven lower bound, in seconds of driving, mean: at most so far from the best choice among the trips listed.",
            ),
        ),
        figure(
            "batches_proven",
            "share",
            ("最適と証明された割当て", "Batches proven optimal"),
            (
                "下限との差が走行 0.01 秒以下の一括割当ての割合。",
                "Batches whose cost is within 0.01 s of driving of the bound / all batches.",
            ),
        ),
        figure(
            "no_shows",
            "",
            ("来なかった件数", "No-shows"),
            (
                "乗車を約束したが、車両が待っても乗客が来なかった件数。",
                "Requests promised a ride whose party had not come when the van gave up waiting.",
            ),
        ),
        figure(
            "waited_s",
            "s",
            ("乗客を待った時間", "Waiting for riders"),
            (
                "停留所に来ていない乗客を車両が待った時間の合計。",
                "Time that vans waited at stops for parties who were not there, in all.",
            ),
        ),
        figure(
            "late_pickups",
            "",
            ("遅れた迎え", "Late pick-ups"),
            (
                "約束した時間帯より後に車両が来た件数。乗客が遅れたときは、車両が待ち始めた時刻で数える。",
                "Vans that came after the promised window; where the party was late, the time at which the van began to wait counts.",
            ),
        ),
        figure(
            "mean_late_s",
            "s",
            ("迎えの遅れの平均", "Mean lateness"),
            (
                "遅れた迎えの、約束した時間帯の終わりからの遅れの平均。",
                "Late pick-ups: time after the end of the promised window, mean.",
            ),
        ),
        figure(
            "late_rides",
            "",
            ("限度を超えた乗車", "Rides beyond their limits"),
            (
                "降車期限より遅く着いたか、乗車時間の限度を超えた件数。",
                "Parties dropped off after their latest drop-off, or aboard longer than their limit.",
            ),
        ),
        figure(
            "breakdowns",
            "",
            ("故障", "Breakdowns"),
            ("車両が故障で止まった回数。", "How often a van could not go on."),
        ),
        figure(
            "stranded",
            "",
            ("故障に遭った乗車", "Stranded parties"),
            ("故障したときに車内にいた申込みの件数。", "Parties aboard vans when they broke down."),
        ),
        figure(
            "stuck",
            "",
            ("遠隔監視者への呼出", "Calls for a supervisor"),
            (
                "運転者のいない車両が止まり、遠隔監視者を呼んだ回数。",
                "How often a van without a driver stopped and asked a supervisor for help.",
            ),
        ),
        figure(
            "mean_help_s",
            "s",
            ("監視者を待つ時間", "Wait for a supervisor"),
            (
                "止まってから遠隔監視者が対応を始めるまでの時間の平均。対応にかかる時間は含まない。",
                "Mean time from when such a van stopped until a supervisor attended to it; how long helping took is not part of it.",
            ),
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
            (
                "充電器で電池に入った電力量から、戻した分を引いたもの。",
                "Energy into the batteries at chargers, less what they gave back.",
            ),
        ),
        figure(
            "energy_drawn_kwh",
            "kWh",
            ("充電器から受けた電力量", "Drawn at chargers"),
            (
                "車両が充電器から受けた電力量から、戻した分を引いたもの。",
                "Energy that vans took at chargers, less what they gave back.",
            ),
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
                "有料の乗客ごとに、乗車地と降車地のゾーンの高い方の運賃と夜間割増。バスは均一運賃。",
                "For each paying passenger the higher fare of the two zones, and the surcharge at night; on a bus its flat fare.",
            ),
        ),
        figure(
            "operating_yen",
            "yen",
            ("運行経費", "Operating cost"),
            (
                "乗務時間と遠隔監視の時間 × 人件費 + 車両の1日あたりの費用 + 走行距離 × 修繕費と燃料費 + 充電の電気代 + 受付・配車・管理の費用。",
                "Driver and supervisor hours x wage + each vehicle's day + distance x (repairs + fuel) + electricity drawn + taking bookings, dispatch and management.",
            ),
        ),
        figure(
            "yen_per_ride",
            "yen",
            ("1件あたりの経費", "Cost per ride"),
            ("運行経費 ÷ 運べた件数。", "Operating cost / requests served."),
        ),
        figure(
            "subsidy_yen_per_ride",
            "yen",
            ("1件あたりの公費", "Subsidy per ride"),
            ("（運行経費 − 運賃収入）÷ 運べた件数。", "(Operating cost - fares) / requests served."),
        ),
    ]
}

/// The figures of [`super::SiteReport`] that are single numbers, in the order in which people read them.
pub fn site_figures() -> Vec<Figure> {
    vec![
        figure(
            "total_yen",
            "yen",
            ("拠点の費用", "Cost of the site"),
            (
                "電気料金 + 基本料金 + 燃料 + 電池の劣化 − 売電 − 電池に残った分。",
                "Energy + demand + fuel + wear − sold − what the batteries hold more.",
            ),
        ),
        figure(
            "energy_yen",
            "yen",
            ("電力量料金", "Energy"),
            (
                "買った電力量 × その30分の単価（調整費・賦課金・税込み）。",
                "Energy bought x the price of its half hour, all parts and tax included.",
            ),
        ),
        figure(
            "demand_yen",
            "yen",
            ("基本料金", "Demand charge"),
            (
                "契約の基本料金単価 × 最大需要電力（直近12か月の最大）、1日分。",
                "Demand charge x billed peak (highest of twelve months), pro rata for the day.",
            ),
        ),
        figure(
            "fuel_yen",
            "yen",
            ("燃料", "Fuel"),
            ("燃料電池の発電量 × 燃料の単価。", "Energy of the fuel cell x cost of its fuel."),
        ),
        figure(
            "wear_yen",
            "yen",
            ("電池の劣化", "Wear"),
            (
                "その日が電池の寿命（経年と充放電）に占める割合 × 電池の価格（走行分を含む）。",
                "Share of each battery's life that the day took, by time and by cycles, x its price; driving included.",
            ),
        ),
        figure("sold_yen", "yen", ("売電", "Sold"), ("売った電力量 × 売電単価。", "Energy sold x its price.")),
        figure(
            "stored_yen",
            "yen",
            ("電池に残った分", "Left in batteries"),
            (
                "一日の初めより多く残った電力量を平均単価で評価した額。",
                "What the batteries hold more than at the begin, at the day's mean price.",
            ),
        ),
        figure(
            "bought_kwh",
            "kWh",
            ("買った電力量", "Bought"),
            ("系統から買った電力量。", "Energy bought from the grid."),
        ),
        figure(
            "sold_kwh",
            "kWh",
            ("売った電力量", "Sold energy"),
            ("系統へ売った電力量。", "Energy sold to the grid."),
        ),
        figure("load_kwh", "kWh", ("建物の使用量", "Load"), ("建物が使った電力量。", "Energy used by the building.")),
        figure(
            "generated_kwh",
            "kWh",
            ("太陽光・風力", "Sun and wind"),
            ("太陽光と風力が発電できた電力量。", "Energy that sun and wind offered."),
        ),
        figure(
            "curtailed_kwh",
            "kWh",
            ("使えなかった分", "Curtailed"),
            ("太陽光と風力のうち使い切れなかった電力量。", "Of it, what nobody could use."),
        ),
        figure(
            "charged_kwh",
            "kWh",
            ("充電", "Charged"),
            ("充電器から電池へ送った電力量。", "Energy taken by batteries, at the chargers."),
        ),
        figure(
            "discharged_kwh",
            "kWh",
            ("放電", "Discharged"),
            ("電池から充電器へ戻した電力量。", "Energy given back by batteries, at the chargers."),
        ),
        figure(
            "lost_kwh",
            "kWh",
            ("損失", "Losses"),
            ("充電器と電池の中で失われた電力量。", "Lost in chargers and cells."),
        ),
        figure(
            "self_consumed_kwh",
            "kWh",
            ("自家消費量", "Self-consumed"),
            (
                "太陽光と風力のうち、拠点で使った、または蓄えた電力量。",
                "Energy of sun and wind that was used at the site or stored.",
            ),
        ),
        figure(
            "self_consumption",
            "share",
            ("自家消費率", "Self-consumption"),
            ("自家消費量 ÷ 太陽光と風力の発電量。", "Self-consumed energy / energy that sun and wind offered."),
        ),
        figure(
            "autarky",
            "share",
            ("自給率", "Autarky"),
            (
                "自家発電（燃料電池を含む）の使用量 ÷（その使用量 + 買った電力量）。",
                "Own generation used, the fuel cell's included / the same and what was bought.",
            ),
        ),
        figure(
            "peak_kw",
            "kW",
            ("最大需要電力", "Peak"),
            ("30分平均の受電電力の最大。", "Highest half-hour mean of what was bought."),
        ),
        figure(
            "billed_kw",
            "kW",
            ("契約電力", "Contract power"),
            (
                "基本料金の対象：当月と前11か月の最大需要電力。",
                "What the demand charge is paid for: the highest of this month and the eleven before.",
            ),
        ),
        figure(
            "over_limit_kwh",
            "kWh",
            ("受電の超過", "Beyond the limit"),
            (
                "負荷だけで受電の上限（import_limit_kw）を超えた電力量。0でなければ、この接続では足りません。",
                "Bought beyond import_limit_kw, since the load alone exceeds it; if not 0, the connection is too small.",
            ),
        ),
        figure(
            "co2_kg",
            "kg",
            ("CO₂", "CO2"),
            ("買った電力量 × 系統の排出係数。", "Energy bought x the grid's emission factor."),
        ),
        figure(
            "full_cycles",
            "",
            ("充放電回数", "Full cycles"),
            (
                "全電池の充放電量 ÷ 2 ÷ 容量の合計（走行を含む）。",
                "Energy in and out / 2 / capacity, summed over all batteries, driving included.",
            ),
        ),
        figure(
            "missed_departures",
            "",
            ("間に合わなかった出発", "Missed departures"),
            ("必要な電力量が足りないまま出発した回数。", "Departures at a known time with less energy than needed."),
        ),
    ]
}
