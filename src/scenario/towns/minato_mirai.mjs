// Makes minato_mirai.json: Yokohama's Minato Mirai and Kannai as a scenario, modelled and not surveyed.
//
//     node minato_mirai.mjs            writes minato_mirai.json beside this file
//     node minato_mirai.mjs --check    exits 1 if minato_mirai.json is not what this file makes
//
// Places whose position is public are drawn where they are; coast, parks, main streets and rails are ruled by hand, and streets
// between them are grids. The same file always gives the same town.

import {
  BLOCKS, BRIDGE, COAST, CONTROL_ROOM, DISTRICTS, FAR_SEA, ISLAND, LABELS, PARKS, RAILWAYS, RIVERS, ROADS, SITES, STOPS,
} from './drawn/minato_mirai.mjs';
import { sketch } from './kit/drawing.mjs';
import { inside, plane, rectangle } from './kit/geometry.mjs';
import { networkOf, publish, texts } from './kit/publish.mjs';
import { CATEGORIES, COSTS, TARIFFS, TWO_WAY, loadOf, vanBattery } from './kit/service.mjs';
import { withElderly } from './kit/stops.mjs';
import { railLine, settle } from './kit/town.mjs';

const PLANE = plane([139.6366, 35.4525]);
const { toMeters } = PLANE;
const VIEW = [139.6195, 35.4365, 139.658, 35.469];

/** Vans, seats and places where riders board: public. */
const VANS = 5;
const SEATS = 3;
const PLACES = 26;

/** Share of trips by hour of the desired pick-up. */
const PROFILE = [0, 0, 0, 0, 0, 0, 0, 0, 9, 10, 11, 12, 11, 11, 12, 12, 8, 0, 0, 0, 0, 0, 0, 0];

/** Load of the control room by hour against its mean: screens and radio all day, people by day. */
const LOAD = [
  0.62, 0.61, 0.6, 0.6, 0.61, 0.64, 0.72, 0.96, 1.34, 1.5, 1.52, 1.52, 1.46, 1.48, 1.5, 1.46, 1.34, 1.16, 1.0, 0.88, 0.8, 0.74, 0.68, 0.64,
];
/** The control room as a site of energy: assumed but for the contract. */
const SITE = {
  name: { ja: '遠隔管制室（PLOT48）', en: 'Remote control room (PLOT48)' }, lat: CONTROL_ROOM[2], lng: CONTROL_ROOM[1],
  load_kw: loadOf(LOAD, 24),
  load_by_month: [1.08, 1.06, 0.98, 0.9, 0.92, 1.0, 1.12, 1.14, 1.04, 0.92, 0.92, 1.02],
  solar: {
    peak_kw: 20, tilt_deg: 10, azimuth_deg: 180, performance: 0.8,
    cloud_by_month: [0.74, 0.7, 0.64, 0.63, 0.6, 0.5, 0.54, 0.6, 0.52, 0.54, 0.63, 0.72],
  },
  cars: [],
  import_limit_kw: 150, export_limit_kw: 0,
  tariff: TARIFFS.tepco_high_voltage_a,
  critical_loads: [{ name: { ja: '管制室（通信・監視）', en: 'Control room: radio, screens' }, power_kw: 5 }],
};

/** Assumed share of people of 65 and over: new towers, and older streets. */
const ELDERLY = { kitanaka: 0.13, 'yamashita-west': 0.23 };

/** What is modelled and not surveyed: [Japanese, English]. */
const ASSUMPTIONS = [
  [
    '公開されている事実は、2025年11月27日から2026年1月30日までの実証実験のものです。2025年12月10日（水）という日付と平均気温9℃、月別の気温は仮定です。ほかの季節は、実験の期間の外を試すものです。',
    'The public facts are those of the trial from 27 November 2025 to 30 January 2026. The date, Wednesday 10 December 2025, the mean temperature of 9 °C and those by month are assumed. Other seasons lie outside of the trial and are there to be tried.',
  ],
  [
    '道路網は模式図です。海岸線、川、鉄道、公園、主な通りは町の形についての一般的な知識からおおよその位置に手で描き、そのほかの街路は格子で補ったもので、実際の道路とは一致しません。測量データではありません。高速道路は省いています。',
    'The road network is schematic: coast, rivers, railways, parks and main streets are drawn by hand, roughly where general knowledge of the town has them; other streets are filled in as grids and do not match the real ones. It is not survey data. Expressways are left out.',
  ],
  [
    '走行速度は、信号での停止を含む平均として道路の種別ごとに一律とし（国道28、主な通り25、広い街路22、街路16、構内路12 km/h）、渋滞・一方通行・通行規制は考えていません。運転者のいない車の上限は24 km/hと仮定しました。',
    'Speed depends on the class of road alone, as a mean with stops at signals (national 28, main streets 25, wide streets 22, streets 16, lanes 12 km/h); congestion, one-way streets and closures are left out. Vans without a driver are assumed to keep below 24 km/h.',
  ],
  [
    '乗降場所が横浜駅から石川町までの間に26か所あることは公開情報です。横浜駅、本社ギャラリー、みなとみらい駅、パシフィコ横浜、桜木町駅、赤レンガ倉庫、大さん橋、山下公園、関内駅、石川町駅、ランドマークタワーの位置は約200 mの精度で、これらが乗降場所であること、ほかの15か所の名称と位置は仮定です。',
    'That there are 26 places to board between Yokohama station and Ishikawacho is public. Yokohama, Minatomirai, Sakuragicho, Kannai and Ishikawacho stations, the headquarters gallery, Pacifico, the Red Brick Warehouse, Osanbashi, Yamashita Park and the Landmark Tower are placed to about 200 m; that these are among the 26, and names and places of the other 15, are assumed.',
  ],
  [
    '車両5台、乗客3人まで、火曜から金曜の8時30分から16時、無料という点は公開情報です。実験では安全員が同乗しますが、ここでは運転者のいない2027年度以降の姿として、遠隔の監視者だけで走らせます。監視者2人が3台ずつ見ること、1台・1時間あたり平均0.4回止まって助けを求め、解決に90秒かかることは仮定です。',
    'Five vans with up to three passengers, Tuesday to Friday from 8:30 to 16:00, free of charge, are public. In the trial a safety driver is on board; here the vans run as they may from fiscal 2027, without one, under remote supervision. That two supervisors watch three vans each, that a van stops and asks for help 0.4 times an hour, and that help takes 90 seconds are assumed.',
  ],
  [
    '規模を広げる設定（車両20台）は2026年度に計画されている台数です。監視者7人と利用4倍は仮定です。',
    'The growth setting has the 20 vans planned for fiscal 2026; seven supervisors and four times the demand are assumed.',
  ],
  [
    '実験の車両はセレナをもとにしたものですが、ここではすべて電気自動車とし、54 kWhを使え、朝の残量は90％、残量15％未満にはしないものと仮定しました。電力の消費は、走行1 kmあたり0.2 kWh、補機（自動運転の計算機を含む）1.3 kW、18℃を1度下回るごとに暖房0.12 kW、24℃を1度上回るごとに冷房0.1 kWと仮定しています。車いすの場所はないものとしました。',
    'The trial’s vehicles are based on the Serena; here all are assumed to be electric, with 54 kWh usable, 90 % charged in the morning and never below 15 %. Consumption is assumed: 0.2 kWh per km, 1.3 kW for auxiliaries (the computers that drive included), 0.12 kW of heating for each degree below 18 °C and 0.1 kW of cooling for each degree above 24 °C. There is no place for a wheelchair.',
  ],
  [
    '遠隔管制室（PLOT48）があることは公開情報です。その位置、そこを拠点とすること、双方向充電器（6 kW）が1台に1基、太陽光20 kW、建物の電力使用量（年間約21万kWh）とその形、停電時に支える負荷は仮定です。充電器の損失はIwafuneら（2024）の式、電池の劣化はSchmalstiegら（2014）の式によります。電池の価格は1 kWhあたり2万円（BloombergNEF 2023の139ドル）、古さは2年・150回と仮定しています。',
    'That there is a remote control room (PLOT48) is public. Its position, that vans are at home there, a two-way charger of 6 kW for each van, 20 kW of photovoltaic, a load of some 210 MWh a year and its shape, and the loads to carry in a power cut are assumed. Losses of chargers follow Iwafune et al. (2024), ageing of batteries Schmalstieg et al. (2014); a new battery costs 20,000 yen per kWh (139 US dollars, BloombergNEF 2023), and batteries are assumed to be two years and 150 cycles old.',
  ],
  [
    '参加者が約300人であることは公開情報です。1日90件という利用数、曜日・時間帯・場所ごとの分布、人数、事前予約30％は仮定した重力モデルによるものです。',
    'That some 300 riders were chosen is public. The 90 rides asked for on a day, how they spread over weekdays, hours and places, party sizes and 30 % booked ahead come from an assumed gravity model.',
  ],
  [
    '65歳以上の割合は仮定です。北仲通13％、山下町の西23％、乗る人の多くが働く人か訪れる人であるほかの場所は18％としました（全国は28.6％、2020年国勢調査）。だれが乗るかは変わりません。',
    'The share of people of 65 and over is assumed: 13 % at Kitanakadori, 23 % at Yamashita-cho West, and 18 % at all other places, where most riders work or are visitors (28.6 % in Japan, census of 2020). It does not change who rides.',
  ],
  [
    '最長15分の待ち時間、直行の1.5倍に8分を加えた乗車時間の上限、5分幅の乗車時刻の約束は仮定です。停車時間は、1件につき30秒に、1人あたり5秒を加えたものと仮定しています。',
    'The longest wait of 15 minutes, the limit on the ride of 1.5 times the direct time plus 8 minutes, and the promised pick-up window of 5 minutes are assumed, and so are stops of 30 seconds for each request plus 5 seconds for each passenger.',
  ],
  [
    '運行経費の単価は仮定です。運転士も監視者も1時間2,300円（バス運転者の平均年収453万円（令和5年賃金構造基本統計調査）を年約2,300時間で割り、事業主負担の社会保険料として約16％を加算）、車両は自動運転の装置を含めて1日12,000円、修繕費は1 kmあたり8円、受付・配車・管理は1日25,000円としました。',
    'The prices of running the service are assumed. A driver or a supervisor costs 2,300 yen an hour: the mean income of bus drivers of 4.53 million yen (wage census of 2023) over some 2,300 hours a year, and about 16 % for the employer’s share of insurance. A vehicle with what drives it costs 12,000 yen a day, repairs 8 yen a km, and bookings, dispatch and management 25,000 yen a day.',
  ],
];

/** Where the facts were read. */
const SOURCES = [
  'livedoor 29700651 (days, hours, fare, riders)',
  'bsrweb 746263 (days, hours, riders)',
  'livedoor 29701872 (vehicles, seats, boarding places, plans)',
  'autonomousvehicleinternational (plans for driverless service)',
  'impress 2052527 (safety driver, remote control room)',
  'nippon.com (remote control room)',
  'TEPCO Energy Partner, high voltage A (contract)',
  'BloombergNEF 2023-11-27 (price of battery packs)',
  'Schmalstieg et al. 2014, doi 10.1016/j.jpowsour.2014.02.012 (ageing of batteries)',
  'Iwafune et al. 2024, doi 10.1016/j.segy.2024.100145, as quoted in public code (losses of two-way chargers)',
  'Statistics Bureau of Japan, Population Census 2020 (people of 65 and over in Japan)',
  'Ministry of Health, Labour and Welfare, Basic Survey on Wage Structure 2023, as computed by Yahoo! News Japan (income of bus drivers)',
];

/** The harbour, with a cut under the bridge to its island, so that one ring says both. */
const SEA = [...COAST.slice(0, BRIDGE + 1), ...ISLAND, ISLAND[0], ...COAST.slice(BRIDGE), ...FAR_SEA];

/** What the base map draws beside the roads. */
function draw(sea, railways) {
  const { features, feature } = sketch(PLANE);
  for (const { points, ...name } of PARKS) feature('wood', points.map(toMeters), name);
  for (const outline of [...BLOCKS, ...DISTRICTS.map((district) => district.outline)]) feature('town', outline.map(toMeters));
  for (const site of SITES) feature('site', rectangle(toMeters(site.at), site));
  feature('sea', sea);
  for (const river of RIVERS) feature('river', river.points.map(toMeters), river);
  RAILWAYS.forEach((railway, i) => feature('rail', railways[i], railway));
  for (const [ja, en, lng, lat] of LABELS) feature('label', [toMeters([lng, lat])], { ja, en });
  return { view: VIEW, features };
}

function makeScenario() {
  const sea = SEA.map(toMeters);
  const railways = RAILWAYS.map(({ points }) => railLine(PLANE, points));
  const sites = SITES.map((site) => rectangle(toMeters(site.at), site));
  const parks = PARKS.map(({ points }) => points.map(toMeters));
  const roads = {
    rivers: RIVERS.map(({ points }) => points.map(toMeters)), railways, districts: DISTRICTS, roads: ROADS,
    blocked: (p) => [sea, ...sites, ...parks].some((ring) => inside(p, ring)),
  };
  const [home, ...place] = CONTROL_ROOM;
  const settled = settle(PLANE, roads, { named: [...STOPS, [home, '', '', ...place, 'work', 0]], zone: () => '1' });
  const stops = settled.stops.filter(({ id }) => id !== home);
  const depot = settled.stops.find(({ id }) => id === home);
  const battery = { ...vanBattery(54), auxiliary_kw: 1.3 };

  return {
    version: 1,
    name: { ja: '横浜みなとみらい', en: 'Yokohama Minato Mirai' },
    about: {
      ja: '横浜のみなとみらい・桜木町・関内では、2025年11月から2026年1月まで、乗客3人までの自動運転車5台が26か所の乗降場所を結ぶ実証実験が行われました。遠隔の管制室が車両を見守り、2026年度には20台まで、2027年度からは運転者のいないサービスが計画されています。これは公開情報をもとに、運転者のいない姿として組み立てたモデルであり、実測の結果でも実際の利用記録でもありません。',
      en: 'In Yokohama’s Minato Mirai, Sakuragicho and Kannai, five vehicles that drive themselves, with up to three passengers each, linked 26 boarding places in a trial from November 2025 to January 2026, watched over from a remote control room. Up to 20 are planned for fiscal 2026, and service without drivers from fiscal 2027. This is a model of that, built from public information; it is neither a survey nor a record of real rides.',
    },
    assumptions: texts(ASSUMPTIONS),
    sources: SOURCES,
    seed: 1,
    day: {
      date: '2025-12-10', outdoor_c: 9,
      outdoor_by_month_c: [6.1, 6.7, 9.7, 14.5, 18.8, 21.8, 25.6, 27, 23.7, 18.5, 13.4, 8.7],
    },
    network: networkOf(settled, { motorway: 60, trunk: 28, primary: 25, secondary: 22, residential: 16, service: 12 }),
    drawing: draw(sea, railways),
    stops: withElderly(stops, ({ id }) => ELDERLY[id]),
    service: {
      hours: [{ days: ['tue', 'wed', 'thu', 'fri'], opens: '08:30', closes: '16:00' }],
      max_wait_s: 900,
      detour_factor: 1.5,
      ride_limit: { factor: 1.5, slack_s: 480 },
      promise_window_s: 300,
      dwell: { per_request_s: 30, per_passenger_s: 5, per_wheelchair_s: 120 },
      supervision: { supervisors: 2, vans_each: 3, stuck_per_h: 0.4, help_s: 90 },
    },
    fares: { zones: [{ id: '1', name: { ja: '無料', en: 'Free of charge' }, adult_yen: 0 }], free_share: 0 },
    depots: [
      {
        id: home, name: { ja: '遠隔管制室（PLOT48）', en: 'Remote control room (PLOT48)' }, node: depot.node,
        chargers: [{ count: VANS, ...TWO_WAY }],
        site: SITE,
      },
    ],
    fleet: {
      vehicles: Array.from({ length: VANS }, (_, i) => ({
        id: String(i + 1), seats: SEATS, wheelchair_places: 0, depot: home, battery, driverless: { max_speed_kmh: 24 },
      })),
    },
    costs: { ...COSTS, supervisor_yen_per_h: 2300, on_demand: { ...COSTS.on_demand, vehicle_yen_per_day: 12000 } },
    demand: {
      factor: 1,
      generator: {
        trips_per_day: 90,
        by_weekday: [0, 0.95, 1, 1, 1.1, 0, 0],
        profile: PROFILE,
        categories: CATEGORIES,
        decay_min: 9,
        min_distance_m: 600,
        party_weights: [0.66, 0.28, 0.06],
        wheelchair_share: 0,
        booked_share: 0.3,
        booked_ahead_min: [30, 240],
      },
      trips: [],
      elderly_share: 0.18,
    },
    growth: { factor: 4, vans: 20, supervisors: 7 },
    policies: {
      matching: { kind: 'insertion', objective: { waiting: 0.5, riding: 0.5 } },
      rebalancing: { kind: 'stay' },
      charging: { kind: 'immediate', below_soc: 0.6 },
    },
  };
}

publish(import.meta.url, makeScenario(), { nodes: [150, 600], stops: PLACES });
