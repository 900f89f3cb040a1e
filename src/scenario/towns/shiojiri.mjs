// Makes shiojiri.json: Shiojiri, Nagano, as a scenario, modelled and not surveyed.
//
//     node shiojiri.mjs            writes shiojiri.json beside this file
//     node shiojiri.mjs --check    exits 1 if shiojiri.json is not what this file makes
//
// Places whose position is public are drawn where they are. Main roads, rivers and railways are drawn by hand from a few points
// each; streets, woods and built-up areas are grown from a fixed seed. The same file always gives the same town.

import {
  CENTRE, CENTRE_HAMLETS, CENTRE_STOPS, EAST, EAST_HAMLETS, EAST_STOPS, EXPRESSWAY, HILLS, INTERCHANGE, LABELS, LANES, OTHER_USES, PONDS,
  RAILWAYS, RIVERS, ROADS, SITES, TOLL_ROAD,
} from './drawn/shiojiri.mjs';
import { builtUp, pond, sketch, woodland, woods } from './kit/drawing.mjs';
import { Segments, distance, inside, noise, plane, rectangle, simplify } from './kit/geometry.mjs';
import { networkOf, publish, texts } from './kit/publish.mjs';
import { CATEGORIES, COSTS, TWO_WAY, calls, loadOf, loopLine, vanBattery } from './kit/service.mjs';
import { withElderly } from './kit/stops.mjs';
import { railLine, riverLine, settle } from './kit/town.mjs';

const CENTER = [137.9536, 36.115];
const PLANE = plane(CENTER);
const { toMeters } = PLANE;
const VIEW = [137.91, 36.086, 138.006, 36.159];

const DISTRICTS = [...CENTRE, ...EAST];
const HAMLETS = [...CENTRE_HAMLETS, ...EAST_HAMLETS];

/** Meeting points of the two areas, which are public: 111 in the centre and 83 in the east. */
const MEETING_POINTS = { centre: 111, east: 83 };
const beside = (total, named, hamlets) => total - named.length - hamlets.reduce((sum, { stops }) => sum + stops, 0);

const WORKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'];

/** Share of trips by hour of the desired pick-up. */
const PROFILE = [0, 0, 0, 0, 0, 0, 0, 5, 10, 12, 11, 9, 7, 7, 8, 9, 9, 8, 6, 3, 0, 0, 0, 0];

/** Load of the gymnasium by hour against its mean: little at night, halls lit from the morning to the evening. */
const LOAD = [
  0.3, 0.3, 0.3, 0.3, 0.3, 0.32, 0.4, 0.62, 1.05, 1.4, 1.5, 1.52, 1.4, 1.48, 1.52, 1.5, 1.5, 1.56, 1.7, 1.78, 1.62, 1.0, 0.42, 0.31,
];
/** The gymnasium as a site of energy: assumed but for the prices' range. */
const SITE = {
  name: { ja: '市立体育館', en: 'City Gymnasium' }, lat: 36.123, lng: 137.953,
  load_kw: loadOf(LOAD, 45),
  load_by_month: [1.16, 1.14, 1.02, 0.9, 0.86, 0.92, 1.06, 1.08, 0.94, 0.88, 0.94, 1.1],
  solar: {
    peak_kw: 50, tilt_deg: 15, azimuth_deg: 180, performance: 0.8,
    cloud_by_month: [0.72, 0.72, 0.69, 0.66, 0.64, 0.56, 0.57, 0.62, 0.58, 0.62, 0.68, 0.71],
  },
  cars: [],
  import_limit_kw: 250, export_limit_kw: 0,
  tariff: {
    name: { ja: '中部・高圧業務用（想定）', en: 'Chubu, high voltage, business (assumed)' },
    source: 'Assumed: 1,950 yen per kW and month, 20 yen/kWh from July to September, else 19, fuel adjustment and tax included, in the range of published high-voltage contracts (1,600 to 2,000 yen/kW). Levy: Ministry of Economy, Trade and Industry, fiscal year 2023. CO2: mean of Japan.',
    since: '2023-05-01',
    energy: {
      kind: 'time_of_use', otherwise_yen_per_kwh: 19,
      periods: [{ months: [7, 8, 9], days: [], from: '00:00', until: '24:00', yen_per_kwh: 20 }],
    },
    fuel_adjustment_yen_per_kwh: 0, levy_yen_per_kwh: 1.4, basic_yen_per_kw_month: 1950, power_factor_percent: 100, past_peak_kw: 0,
    tax: 0, export_yen_per_kwh: 0, battery_export: false, co2_kg_per_kwh: [0.423],
  },
  critical_loads: [
    { name: { ja: '避難所（照明・暖房の送風）', en: 'Shelter: light, fans of the heating' }, power_kw: 8 },
    { name: { ja: '通信・冷蔵', en: 'Telephones, cold store' }, power_kw: 3 },
  ],
};

/** The loop that ran before: a bus round the centre, both ways in turn. */
const LOOP = [
  'station', 'enpark', 'daimon-shops', 'health', 'cityhall', 'daimon-clinic', 'takade-shops', 'takade', 'gym',
  'school', 'station',
];
const WEEK = [[WORKDAYS, 19], [['sat'], 18], [['sun'], 18]];

/** Assumed share of people of 65 and over, by how names of stops begin. */
const ELDERLY = Object.entries({ 大門: 0.29, 高出: 0.25, 広丘: 0.24, 桔梗ヶ原: 0.26, 塩尻町: 0.3, 柿沢: 0.37, 東山: 0.37 });
const ELDERLY_ELSEWHERE = 0.31;

/** What is modelled and not surveyed: [Japanese, English]. */
const ASSUMPTIONS = [
  [
    '公開されている事実は2021年から2022年までのもので、この一日は2022年10月の東部地区（塩尻東）の開始後の姿です。2023年11月9日（木）という日付と平均気温9℃、月別の気温は仮定です。',
    'The public facts date from 2021 and 2022; this day is one after the eastern area was added in October 2022. The date, Thursday 9 November 2023, the mean temperature of 9 °C and those by month are assumed.',
  ],
  [
    '道路網は模式図です。国道19・20・153号、長野自動車道、主な市道、河川、鉄道は町の形についての一般的な知識からおおよその位置に手で描き、そのほかの街路は乱数で作ったもので、実際の道路とは一致しません。測量データではありません。',
    'The road network is schematic: National Routes 19, 20 and 153, the Nagano Expressway, main town roads, rivers and railways are drawn by hand, roughly where general knowledge of the town has them; all other streets are grown from random numbers and do not match the real ones. It is not survey data.',
  ],
  [
    '走行速度は道路の種別ごとに一律で（高速道路80、国道38、県道34、幹線市道30、街路20、構内路15 km/h）、信号・渋滞・一方通行・通行規制は考えていません。',
    'Speed depends on the class of road alone (expressway 80, national 38, prefectural 34, main town roads 30, streets 20, lanes 15 km/h); signals, traffic, one-way streets and closures are left out.',
  ],
  [
    '森林、市街地、ため池、小さな川、施設の敷地は地図として見やすくするための描画です。',
    'Woods, built-up areas, ponds, brooks and sites are drawn to make the map readable.',
  ],
  [
    '塩尻駅、市役所、えんぱーく、広丘駅、みどり湖駅、洗馬駅、松本歯科大学の位置は約200 mの精度です。ほかの停留所は、名称も位置も仮定です（「大門の診療所」などは、その地区にありそうな施設を置いたもので、特定の施設ではありません）。',
    'Shiojiri, Hirooka, Midoriko and Seba stations, the city hall, Enpark and Matsumoto Dental University are placed to about 200 m. Names and places of all other stops are assumed: “Daimon Clinic” and the like stand for what such a district may have, not for one establishment.',
  ],
  [
    '乗降地点の数（中心部111か所、東部83か所、計194か所）は公開情報ですが、その位置は、街路の上に均等に置いたものです。地区の境も大まかです。',
    'The numbers of meeting points are public (111 in the centre, 83 in the east, 194 in all); their places are not: they are spread evenly over the streets. The borders of the districts are rough.',
  ],
  [
    '運行時間（平日7時から20時、土曜9時から20時、日曜・祝日9時から18時）と車両の数（平日4台、土日祝3台）は公開情報です。祝日は日曜日で代えてください。',
    'The hours are public (weekdays 7:00 to 20:00, Saturdays 9:00 to 20:00, Sundays and holidays 9:00 to 18:00), and so are the vans (four on weekdays, three on weekends and holidays). For a holiday, look at a Sunday.',
  ],
  [
    '運賃は大人200円、小学生・障害者100円が公開情報です。半額の人の割合10％は仮定で、平均の運賃が同じになるよう、5％が無料として計算しています。',
    'Fares are public: 200 yen for adults, 100 yen for primary school children and disabled riders. That 10 % of riders pay half is assumed; it is computed as 5 % who ride free, which gives the same mean fare.',
  ],
  [
    '車両は電気自動車とし、乗客8人と車いす1台が乗れ、電池は60 kWh（うち54 kWhを使用）と仮定しました。実際の車両は公開情報からは分かりません。電力の消費は、走行1 kmあたり0.2 kWh、補機0.3 kW、18℃を1度下回るごとに暖房0.12 kW、24℃を1度上回るごとに冷房0.1 kWと仮定しています。',
    'Vans are assumed to be electric, with eight seats, a place for a wheelchair and 54 of 60 kWh usable; what they really are is not known from the public facts. Consumption is assumed: 0.2 kWh per km, 0.3 kW for auxiliaries, 0.12 kW of heating for each degree below 18 °C and 0.1 kW of cooling for each degree above 24 °C.',
  ],
  [
    '拠点を市立体育館とし、双方向充電器（6 kW）が1台に1基、太陽光50 kW、建物の電力使用量（年間約39万kWh）とその形、契約の単価、停電時に支える負荷を仮定しました。いずれも実在の設備ではありません。充電器の損失はIwafuneら（2024）の式、電池の劣化はSchmalstiegら（2014）の式によります。電池の価格は1 kWhあたり2万円（BloombergNEF 2023の139ドル）、古さは2年・150回と仮定しています。',
    'The depot is assumed to be at the city gymnasium, with a two-way charger of 6 kW for each van, 50 kW of photovoltaic, a load of some 390 MWh a year and its shape, the contract’s prices and the loads to carry in a power cut; none of it is real equipment. Losses of chargers follow Iwafune et al. (2024), ageing of batteries Schmalstieg et al. (2014); a new battery costs 20,000 yen per kWh (139 US dollars, BloombergNEF 2023), and batteries are assumed to be two years and 150 cycles old.',
  ],
  [
    '平日の利用数150件は仮定です（東部の目標は1日50人）。曜日・時間帯・場所ごとの分布、人数、車いす利用2％、事前予約40％は仮定した重力モデルによるものです。規模を広げる設定（車両8台、利用2.5倍）は、この町の計画ではなく、試すための値です。',
    'That 150 rides are asked for on a weekday is assumed (the target of the eastern area was 50 riders a day); how they spread over weekdays, hours and places, party sizes, 2 % with a wheelchair and 40 % booked ahead come from an assumed gravity model. The growth setting, eight vans and 2.5 times the demand, is no plan of the town but something to try.',
  ],
  [
    '65歳以上の割合は仮定です。市全体で28％（全国は28.6％、2020年国勢調査）、広丘・高出・桔梗ヶ原で24〜26％、大門29％、塩尻町30％、柿沢と東山37％、ほかの集落31％としました。だれが乗るかは変わりません。',
    'The share of people of 65 and over is assumed: 28 % in the city (28.6 % in Japan, census of 2020), 24 to 26 % in Hirooka, Takade and Kikyogahara, 29 % in Daimon, 30 % in Shiojiri-machi, 37 % in Kakizawa and Higashiyama, 31 % in the other villages. It does not change who rides.',
  ],
  [
    '乗降の時刻を予約時に約束することは公開情報です。最長25分の待ち時間、直行の1.6倍に10分を加えた乗車時間の上限、10分幅の乗車時刻の約束は仮定です。停車時間は、1件につき30秒に、1人あたり5秒、車いすは1台あたり120秒を加えたものと仮定しています。',
    'That times of pick-up and drop-off are promised at booking is public. The longest wait of 25 minutes, the limit on the ride of 1.6 times the direct time plus 10 minutes, and the promised pick-up window of 10 minutes are assumed, and so are stops of 30 seconds for each request, plus 5 seconds for each passenger and 120 seconds for each wheelchair.',
  ],
  [
    '比較のための路線バスは、廃止された中心部の循環バスを想定したものですが、停留所、時刻表（右回りと左回りを交互に1時間に1本ずつ）、車両（小型バス1台・座席14）、運賃（均一200円）は仮定です。各区間の所要時間は、走行と1人の乗降に要する時間を分単位に切り上げたものです。',
    'The bus to compare with stands for the loop round the centre that was withdrawn; its stops, timetable (both ways in turn, each once an hour), vehicle (one small bus with 14 seats) and fare (200 yen) are assumed. Each leg takes its drive and the boarding of one rider, rounded up to minutes.',
  ],
  [
    '運行経費の単価は仮定です。運転士は1時間2,300円（バス運転者の平均年収453万円（令和5年賃金構造基本統計調査）を年約2,300時間で割り、事業主負担の社会保険料として約16％を加算）、小型バスの燃料は1 kmあたり26円。車両の1日あたりの費用（バン3,500円、バス6,000円）、修繕費（1 kmあたり8円、25円）、受付・配車・管理の費用（1日25,000円、5,000円）には出典がありません。',
    'The prices of running the service are assumed. A driver costs 2,300 yen an hour: the mean income of bus drivers of 4.53 million yen (wage census of 2023) over some 2,300 hours a year, and about 16 % for the employer’s share of insurance. A small bus burns 26 yen a km. Without a source are a vehicle’s day (van 3,500, bus 6,000 yen), repairs (8 and 25 yen a km), and bookings, dispatch and management (25,000 and 5,000 yen a day).',
  ],
  [
    '運転士の勤務交代と休憩は含みません。',
    "Drivers' shifts and breaks are left out.",
  ],
];

/** Where the facts were read. */
const SOURCES = [
  'nishitetsu 2021 (population, community buses)',
  'nikkeibp 030302339 (riders, drivers, licence)',
  'work-master 2022246499 (regular service from April 2022)',
  'chiholog 2021-12-08 (111 meeting points in the centre; booking)',
  'shimintimes 2022-06 (83 meeting points in the east, vehicles, fares, hours, target, cost of the trial)',
  'livedoor 20909412 (hours; booking)',
  'BloombergNEF 2023-11-27 (price of battery packs)',
  'Schmalstieg et al. 2014, doi 10.1016/j.jpowsour.2014.02.012 (ageing of batteries)',
  'Iwafune et al. 2024, doi 10.1016/j.segy.2024.100145, as quoted in public code (losses of two-way chargers)',
  'Statistics Bureau of Japan, Population Census 2020 (people of 65 and over in Japan)',
  'Ministry of Health, Labour and Welfare, Basic Survey on Wage Structure 2023, as computed by Yahoo! News Japan (income of bus drivers)',
];

/** What the base map draws beside the roads. */
function draw({ rivers, railways, edges, nodes }) {
  const { features, feature } = sketch(PLANE);
  const water = new Segments(300);
  RIVERS.forEach((river, i) => water.add(rivers[i], river));
  const hilly = woodland({
    base: ([x, y]) => {
      // Mountains east, south and west of a basin that opens to the north.
      const bend = 900 * noise([x, y], 3200, 14);
      const east = Math.max(0, Math.min(1, (x + bend - 3300) / 2600));
      const west = Math.max(0, Math.min(1, (-x + bend - 4000) / 2200));
      const south = Math.max(0, Math.min(1, (-y + bend - 2100) / 2200));
      return -0.72 + 1.5 * Math.max(east, west, south);
    },
    hills: HILLS.map(([lng, lat, radius]) => ({ at: toMeters([lng, lat]), radius: radius * 1.2 })),
    water,
    valley: (p, river) => river.valley,
    open: [
      ...HAMLETS.map((h) => ({ at: toMeters(h.at), radius: h.radius * 1.5 })),
      ...SITES.map((s) => ({ at: toMeters(s.at), radius: Math.max(...s.size) * 0.85 })),
      { at: toMeters(INTERCHANGE), radius: 500 },
      { at: toMeters([137.951, 36.118]), radius: 2000 },
      { at: toMeters([137.951, 36.147]), radius: 1900 },
      { at: toMeters([137.972, 36.108]), radius: 1100 },
    ],
  });
  for (const ring of woods(hilly, [...toMeters([137.85, 36.03]), ...toMeters([138.07, 36.23])], 130)) feature('wood', ring);
  const box = [[137.91, 36.085], [138.01, 36.16]].flatMap(toMeters);
  for (const ring of builtUp(PLANE, { districts: DISTRICTS, hamlets: HAMLETS, edges, nodes }, [box])) feature('town', ring);
  for (const site of SITES) feature('site', rectangle(toMeters(site.at), site), site);
  PONDS.forEach(([lng, lat, radius, ja, en], i) => feature('lake', pond(toMeters([lng, lat]), radius, i), { ja, en }));
  RIVERS.forEach((river, i) => feature('river', simplify(rivers[i], 2.5), river));
  RAILWAYS.forEach((railway, i) => feature('rail', railways[i], railway));
  for (const [ja, en, lng, lat] of LABELS) feature('label', [toMeters([lng, lat])], { ja, en });
  return { view: VIEW, features };
}

function makeScenario() {
  const rivers = RIVERS.map((river) => riverLine(PLANE, river));
  const railways = RAILWAYS.map(({ points }) => railLine(PLANE, points));
  const sites = SITES.map((site) => rectangle(toMeters(site.at), site));
  const ponds = PONDS.map(([lng, lat, radius]) => ({ at: toMeters([lng, lat]), radius }));
  const roads = {
    gate: toMeters(INTERCHANGE), rivers, railways, expressway: EXPRESSWAY, districts: DISTRICTS, hamlets: HAMLETS,
    roads: [...ROADS, TOLL_ROAD, ...LANES],
    blocked: (p) => sites.some((site) => inside(p, site)) || ponds.some((each) => distance(p, each.at) <= each.radius + 30),
  };
  const { stops, nodes, edges } = settle(PLANE, roads, {
    named: [...CENTRE_STOPS, ...EAST_STOPS],
    groups: [
      { districts: CENTRE, count: beside(MEETING_POINTS.centre, CENTRE_STOPS, CENTRE_HAMLETS) },
      { districts: EAST, count: beside(MEETING_POINTS.east, EAST_STOPS, EAST_HAMLETS) },
    ],
    hamlets: HAMLETS, others: OTHER_USES, zone: () => '1',
  });
  const network = networkOf({ nodes, edges }, { motorway: 80, trunk: 38, primary: 34, secondary: 30, residential: 20, service: 15 });
  const byId = new Map(stops.map((s) => [s.id, s]));
  const dwell = { per_request_s: 30, per_passenger_s: 5, per_wheelchair_s: 120 };
  const round = (ids) => calls(network, ids.map((id) => byId.get(id)), dwell.per_request_s + dwell.per_passenger_s);

  return {
    version: 1,
    name: { ja: '塩尻市', en: 'Shiojiri' },
    about: {
      ja: '長野県塩尻市（人口約6万7千人）の「のるーと塩尻」は、市街地の循環バスに代えて2022年4月に本格運行を始めたAIオンデマンドバスです。アプリや電話で呼ぶと、194か所の乗降地点のあいだを乗り合わせで走り、乗降の時刻は予約のときに約束されます。これは公開情報をもとに組み立てたモデルであり、実測の結果でも実際の利用記録でもありません。',
      en: 'Noruuto Shiojiri, in a city of some 67,000 people in Nagano, is an on-demand bus that took the place of the loop bus round the centre in April 2022. Riders call it by app or phone; it carries them together between 194 meeting points, and promises times of pick-up and drop-off when they book. This is a model built from public information; it is neither a survey nor a record of real rides.',
    },
    assumptions: texts(ASSUMPTIONS),
    sources: SOURCES,
    seed: 1,
    day: {
      date: '2023-11-09', outdoor_c: 9,
      outdoor_by_month_c: [-0.6, 0.2, 4.3, 10.6, 16.2, 20.1, 24.2, 25, 20.4, 13.8, 7.9, 2.3],
    },
    network,
    drawing: draw({ rivers, railways, edges, nodes }),
    stops: withElderly(stops, ({ name }) => ELDERLY.find(([begin]) => name.ja.startsWith(begin))?.[1] ?? ELDERLY_ELSEWHERE),
    service: {
      hours: [
        { days: WORKDAYS, opens: '07:00', closes: '20:00' },
        { days: ['sat'], opens: '09:00', closes: '20:00' },
        { days: ['sun'], opens: '09:00', closes: '18:00' },
      ],
      max_wait_s: 1500,
      detour_factor: 1.6,
      ride_limit: { factor: 1.6, slack_s: 600 },
      promise_window_s: 600,
      dwell,
    },
    fares: {
      zones: [{ id: '1', name: { ja: '全域', en: 'Everywhere' }, adult_yen: 200 }],
      free_share: 0.05,
    },
    depots: [
      {
        id: 'gym', name: { ja: '市立体育館', en: 'City Gymnasium' }, node: byId.get('gym').node,
        chargers: [{ count: 4, ...TWO_WAY }],
        site: SITE,
      },
    ],
    fleet: {
      vehicles: ['1', '2', '3', '4'].map((id) => ({
        id, seats: 8, wheelchair_places: 1, depot: 'gym',
        ...(id === '4' ? { days: WORKDAYS } : {}),
        battery: vanBattery(54),
      })),
    },
    fixed_route: {
      adult_yen: 200,
      lines: [
        loopLine({ id: 'loop-south', name: { ja: '市街地循環（南回り）', en: 'Centre loop, south first' }, calls: round(LOOP), first: 9, without: 13, week: WEEK }),
        loopLine({
          id: 'loop-north', name: { ja: '市街地循環（北回り）', en: 'Centre loop, north first' }, calls: round([...LOOP].reverse()),
          first: 9.5, without: 12.5, week: WEEK,
        }),
      ],
      vehicles: [{ id: 'B1', seats: 14, wheelchair_places: 1, depot: 'gym' }],
    },
    costs: COSTS,
    demand: {
      factor: 1,
      generator: {
        trips_per_day: 150,
        by_weekday: [1.05, 0.95, 1, 1, 1.1, 0.7, 0.45],
        profile: PROFILE,
        categories: CATEGORIES,
        decay_min: 7,
        min_distance_m: 500,
        party_weights: [0.82, 0.14, 0.03, 0.01],
        wheelchair_share: 0.02,
        booked_share: 0.4,
        booked_ahead_min: [30, 600],
      },
      trips: [],
      elderly_share: 0.28,
    },
    growth: { factor: 2.5, vans: 8 },
    policies: {
      matching: { kind: 'insertion', objective: { waiting: 0.5, riding: 0.5 } },
      rebalancing: { kind: 'stay' },
      charging: { kind: 'immediate', below_soc: 0.6 },
    },
  };
}

publish(import.meta.url, makeScenario(), { nodes: [400, 900], stops: MEETING_POINTS.centre + MEETING_POINTS.east });
