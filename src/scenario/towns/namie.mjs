// Makes namie.json: Namie, Fukushima, as a scenario, modelled and not surveyed.
//
//     node namie.mjs            writes namie.json beside this file
//     node namie.mjs --check    exits 1 if namie.json is not what this file makes
//
// Places whose position is public are drawn where they are. Roads, rivers and coast are drawn by hand from a few
// points each; streets, woods and built-up areas are grown from a fixed seed. The same file always gives the same town.

import {
  CENTRAL_STOPS, COAST_NORTH, COAST_SOUTH, DISTRICTS, EXPRESSWAY, FAR_SEA, HAMLETS, HARBOUR, HILLS, INTERCHANGE, LABELS, LANES,
  NAMED_STOPS, OTHER_USES, PONDS, RAILWAY, RESERVOIR, RIVERS, ROADS, SITES, TOLL_ROAD,
} from './drawn/namie.mjs';
import { builtUp, pond, sketch, woodland, woods } from './kit/drawing.mjs';
import { Segments, curve, distance, inside, noise, plane, rectangle, simplify } from './kit/geometry.mjs';
import { networkOf, publish, texts } from './kit/publish.mjs';
import { CATEGORIES, COSTS, PACK, TARIFFS, TWO_WAY, loadOf, loopLine, vanBattery } from './kit/service.mjs';
import { withElderly } from './kit/stops.mjs';
import { railLine, riverLine, settle } from './kit/town.mjs';

const CENTER = [140.996, 37.4939];
const PLANE = plane(CENTER);
const { toMeters } = PLANE;

/** Share of trips by hour of the desired pick-up. */
const PROFILE = [0, 0, 0, 0, 0, 0, 0, 2, 9, 12, 12, 8, 7, 7, 8, 10, 9, 7, 4, 3, 2, 1, 0, 0];

/** Load of the roadside station by hour against its mean: cold rooms at night, kitchens and shops by day. */
const LOAD = [
  0.5, 0.49, 0.48, 0.48, 0.5, 0.58, 0.72, 0.9, 1.12, 1.32, 1.5, 1.66, 1.74, 1.68, 1.56, 1.48, 1.42, 1.36, 1.24, 1.0, 0.74, 0.6,
  0.54, 0.51,
];
const MEAN_LOAD_KW = 50;
const town = (count, ja, en, from, until) => ({
  name: { ja, en }, count,
  battery: {
    capacity_kwh: 37, initial_soc: 0.8, reserve_soc: 0.2, ...PACK, drive_kwh_per_km: 0.155, auxiliary_kw: 0.3,
    climate: { heat_below_c: 18, heating_kw_per_k: 0.06, cool_above_c: 24, cooling_kw_per_k: 0.06 },
  },
  charger: { count: 1, ...TWO_WAY },
  trips: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from, until, energy_kwh: 6 }],
});
/** The energy trial of 2022 at the roadside station. */
const SITE = {
  name: { ja: '道の駅なみえ', en: 'Michi-no-Eki Namie' }, lat: 37.4932, lng: 141.0013,
  load_kw: loadOf(LOAD, MEAN_LOAD_KW),
  load_by_month: [1.08, 1.06, 0.97, 0.9, 0.9, 0.96, 1.08, 1.16, 1.02, 0.92, 0.93, 1.04],
  solar: {
    peak_kw: 37.5, tilt_deg: 10, azimuth_deg: 180, performance: 0.8,
    cloud_by_month: [0.7, 0.7, 0.67, 0.65, 0.62, 0.56, 0.54, 0.59, 0.56, 0.6, 0.66, 0.69],
  },
  wind: {
    count: 3, rated_kw: 1, cut_in_m_s: 2.5, rated_m_s: 12.5, cut_out_m_s: 50,
    mean_by_month_m_s: [2.4, 2.5, 2.6, 2.5, 2.2, 1.9, 1.7, 1.8, 1.9, 1.9, 2.0, 2.3],
  },
  fuel_cell: { power_kw: 3.5, yen_per_kwh: 60 },
  cars: [
    town(3, '町の車・午前', 'Town car, morning', '09:00', '11:30'),
    town(2, '町の車・午後', 'Town car, afternoon', '14:00', '16:30'),
  ],
  import_limit_kw: 200, export_limit_kw: 0,
  tariff: TARIFFS.tohoku_business,
  critical_loads: [
    { name: { ja: '避難所（照明・通信・冷蔵）', en: 'Shelter: light, telephones, cold store' }, power_kw: 6 },
    { name: { ja: '診療所', en: 'Clinic' }, power_kw: 3 },
  ],
};

/**
 * The bus to compare with: one small bus that goes round the centre both ways in turn. Minutes from the station to each stop,
 * one way; the other way takes as long.
 */
const LOOP = [
  ['station', 0], ['post', 2], ['gongendo', 4], ['aeon', 7], ['fureai', 9], ['michinoeki', 11], ['townhall', 12],
  ['clinic', 13], ['school', 15], ['kiyohashi', 19], ['housing', 21], ['hotel', 26], ['station', 28],
];
const WEEK = [[['mon', 'tue', 'wed'], 18], [['thu', 'fri', 'sat'], 21.5]];

const FIXED_ROUTE = {
  adult_yen: 200,
  lines: [
    loopLine({ id: 'loop-south', name: { ja: '中心部循環（南回り）', en: 'Centre loop, south first' }, calls: LOOP, first: 9, without: 13, week: WEEK }),
    loopLine({
      id: 'loop-north', name: { ja: '中心部循環（北回り）', en: 'Centre loop, north first' },
      calls: LOOP.map(([stop, min]) => [stop, 28 - min]).reverse(), first: 8.5, without: 12.5, week: WEEK,
    }),
  ],
  vehicles: [{ id: 'B1', seats: 14, wheelchair_places: 1, depot: 'michinoeki' }],
};

/** Assumed share of people of 65 and over by fare zone, so from the centre outwards, and in the public housing. */
const ELDERLY = { 1: 0.38, 2: 0.43, 3: 0.5, 4: 0.6 };
const ELDERLY_IN_HOUSING = 0.5;

/** What is modelled and not surveyed: [Japanese, English]. */
const ASSUMPTIONS = [
  [
    '公開されている事実は2021年から2023年までのもので、この一日はそれらを組み合わせています（停留所の数は2021年11月、運行時間は2022年6月、車両の台数と利用数は2022年12月、運賃は2023年1月、運行区域は2023年7月）。',
    'The public facts date from 2021 to 2023 and are combined in this one day: the number of stops from November 2021, the evening service from June 2022, vans and trips from December 2022, fares from January 2023, the area from July 2023.',
  ],
  [
    '2023年11月9日（木）という日付と、平均気温13℃は仮定です。',
    'The date, Thursday 9 November 2023, and the mean temperature of 13 °C are assumed.',
  ],
  [
    '道路網は模式図です。国道・県道・常磐自動車道・河川・鉄道・海岸線はおおよその位置に手で描き、市街地の街路、農道、集落の道は乱数で作ったもので、実際の道路とは一致しません。',
    'The road network is schematic: trunk and prefectural roads, the expressway, rivers, the railway and the coast are drawn by hand roughly where they are, while streets and lanes are grown from random numbers and do not match the real ones.',
  ],
  [
    '走行速度は道路の種別ごとに一律で（高速道路80、国道45、県道40、幹線町道32、街路22、構内路15 km/h）、信号・渋滞・一方通行・通行規制は考えていません。',
    'Speed depends on the class of road alone (expressway 80, national 45, prefectural 40, main town roads 32, streets 22, lanes 15 km/h); signals, traffic, one-way streets and closures are left out.',
  ],
  [
    '森林、市街地、ため池、小さな川、施設の敷地は地図として見やすくするための描画で、測量データではありません。',
    'Woods, built-up areas, ponds, brooks and sites are drawn to make the map readable; they are not survey data.',
  ],
  [
    '浪江駅、町役場、道の駅、イオン、請戸漁港、請戸小学校、FH2R、浪江インターチェンジ、室原、津島の位置は約200 mの精度で、ほかの施設や集会所の位置と名称は仮定です。',
    'Namie station, the town hall, the roadside station, AEON, Ukedo port and school, FH2R, the interchange, Murohara and Tsushima are placed to about 200 m; the places, and for community halls also the names, of all other stops are assumed.',
  ],
  [
    'バーチャル停留所の位置、番号、数（全体で約120か所）は、実際の停留所ではなく、街路の上に均等に置いたものです。',
    'The virtual stops are not the real ones: they are spread evenly over the streets, so that there are about 120 stops in all.',
  ],
  [
    '運行時間は、木曜から土曜は21時30分まで、日曜は運休という点だけが公開情報で、始発の8時30分と、月曜から水曜の18時終了は仮定です。',
    'Of the hours only the evening service until 21:30 from Thursday to Saturday and the Sunday without service are public; the start at 08:30 and the end at 18:00 from Monday to Wednesday are assumed.',
  ],
  [
    '運賃は4区域・大人200円から800円が公開情報で、中間の400円と600円、区域の境（2、5、10 km）、夜間加算の100円と19時という時刻、無料で乗る子どもの割合5％は仮定です。繰り返し利用の割引は含みません。',
    'Four zones and adult fares from 200 to 800 yen are public; the middle fares of 400 and 600 yen, the borders at 2, 5 and 10 km, the night surcharge of 100 yen and its start at 19:00, and 5 % of riders being young children who ride free are assumed. The discount for repeated use is left out.',
  ],
  [
    '車両は3台とも電気自動車としました（実際は2021年時点でディーゼル車2台と電気自動車1台）。',
    'All three vans are electric here; in 2021 two were diesel and one was electric.',
  ],
  [
    '車両はe-NV200程度の大きさと仮定し、電池容量40 kWhのうち36 kWhを使え、朝の残量は90％、残量15％未満にはしないものとします。座席は乗客6人と車いす1台分です。',
    'Vans are taken to be of the size of an e-NV200: 36 of 40 kWh usable, 90 % charged in the morning, never below 15 %, with six seats and one place for a wheelchair.',
  ],
  [
    '電力の消費は、走行1 kmあたり0.2 kWh、補機0.3 kW、18℃を1度下回るごとに暖房0.12 kW、24℃を1度上回るごとに冷房0.1 kWと仮定しています。',
    'Consumption is assumed: 0.2 kWh per km, 0.3 kW for auxiliaries, 0.12 kW of heating for each degree below 18 °C and 0.1 kW of cooling for each degree above 24 °C.',
  ],
  [
    '車両の拠点は道の駅なみえとし、双方向充電器（6 kW）が1台に1基あるものとします。充電器の損失はIwafuneら（2024）の式、電池の劣化はSchmalstiegら（2014）の式によります。待機電力20 W、充電率95％からの充電電力の低下、電池の中の損失（片道1.5％）、劣化30％での交換、2年・150回使った電池であることは仮定です。電池の価格は1 kWhあたり2万円（BloombergNEF 2023の139ドル）としました。',
    'The vans are based at the roadside station, each with a two-way charger of 6 kW. Losses of chargers follow Iwafune et al. (2024), ageing of batteries Schmalstieg et al. (2014). Assumed are a standby of 20 W, slower charging above 95 %, 1.5 % lost in the cells each way, and batteries that are replaced at a loss of 30 % and are two years and 150 cycles old. A new battery costs 20,000 yen per kWh (139 US dollars, BloombergNEF 2023).',
  ],
  [
    '道の駅の太陽光37.5 kW、風力1 kW 3基、燃料電池3.5 kW、町のリーフ5台は公開された事実です。電力使用量（年間約44万kWh）、その時刻別の形、パネルの傾き10度、雲と風の月別の値、町の車の外出（平日に午前3台・午後2台、各6 kWh）、水素による電力1 kWhあたり60円、契約の単価は仮定です。',
    'Public facts of the roadside station are 37.5 kW of photovoltaic, three wind turbines of 1 kW, a fuel cell of 3.5 kW and five LEAFs of the town. Assumed are its use of some 440 MWh a year and the shape of it, the panels\u2019 tilt of 10 degrees, clouds and wind by month, the cars\u2019 trips (on weekdays three in the morning and two in the afternoon, 6 kWh each), hydrogen at 60 yen for each kWh of electricity, and the prices of the contract.',
  ],
  [
    '停電時に支える負荷（避難所6 kW、診療所3 kW）は仮定です。',
    'The loads to carry in a power cut, 6 kW for a shelter and 3 kW for a clinic, are assumed.',
  ],
  [
    '一日約40件という利用数は公開情報ですが、曜日・時間帯・場所ごとの分布、人数、車いす利用2％、事前予約30％は仮定した重力モデルによるものです。',
    'About 40 trips a day is public; how they spread over weekdays, hours and places, party sizes, 2 % with a wheelchair and 30 % booked ahead come from an assumed gravity model.',
  ],
  [
    '65歳以上の割合は仮定です。町全体で40％（全国は28.6％、2020年国勢調査）、中心から2 km以内38％、5 km以内43％、10 km以内50％、それより遠い所60％、災害公営住宅50％としました。だれが乗るかは変わりません。',
    'The share of people of 65 and over is assumed: 40 % in the town (28.6 % in Japan, census of 2020), 38 % within 2 km of the centre, 43 % within 5 km, 50 % within 10 km, 60 % farther out, and 50 % in the public housing. It does not change who rides.',
  ],
  [
    '最長20分の待ち時間、直行の1.5倍に10分を加えた乗車時間の上限、10分幅の乗車時刻の約束は仮定です。',
    'The longest wait of 20 minutes, the limit on the ride of 1.5 times the direct time plus 10 minutes, and the promised pick-up window of 10 minutes are assumed.',
  ],
  [
    '停車時間は、1件につき30秒に、1人あたり5秒、車いすは1台あたり120秒を加えたものと仮定しています。',
    'A stop takes an assumed 30 seconds for each request, plus 5 seconds for each passenger and 120 seconds for each wheelchair.',
  ],
  [
    '比較のための路線バス（中心部循環、右回りと左回りを交互に1時間に1本ずつ、小型バス1台・座席14、均一200円、デマンド交通と同じ運行時間）は、ありうる姿として作ったもので、実在した路線や時刻表ではありません。各区間の所要時間は、走行と1人の乗降に要する時間を分単位に切り上げたものです。',
    'The bus to compare with (a loop round the centre, both ways in turn and each once an hour, one small bus with 14 seats, 200 yen, in the hours of the vans) is made up to be plausible; it is neither a line nor a timetable that existed. Each leg takes its drive and the boarding of one rider, rounded up to minutes.',
  ],
  [
    '運行経費の単価は仮定です。運転士は1時間2,300円（バス運転者の平均年収453万円（令和5年賃金構造基本統計調査）を年約2,300時間で割り、事業主負担の社会保険料として約16％を加算）、小型バスの燃料は1 kmあたり26円（福島県の軽油157.1円/L（2023年11月6日）を燃費6 km/Lと仮定して換算）。車両の1日あたりの費用（バン3,500円、バス6,000円）、修繕費（1 kmあたり8円、25円）、受付・配車・管理の費用（1日25,000円、5,000円）、契約のない拠点の電気1 kWhあたり30円には出典がありません。',
    'The prices of running the service are assumed. A driver costs 2,300 yen an hour: the mean income of bus drivers of 4.53 million yen (wage census of 2023) over some 2,300 hours a year, and about 16 % for the employer\u2019s share of insurance. A small bus burns 26 yen a km: diesel at 157.1 yen a litre (Fukushima, 6 November 2023) and an assumed 6 km to the litre. Without a source are a vehicle\u2019s day (van 3,500, bus 6,000 yen), repairs (8 and 25 yen a km), bookings, dispatch and management (25,000 and 5,000 yen a day) and electricity at 30 yen per kWh where there is no contract.',
  ],
  [
    '規模を広げる設定（車両6台、利用3倍）は、この町の計画ではなく、試すための値です。',
    'The growth setting, six vans and three times the demand, is no plan of the town but something to try.',
  ],
  [
    '運転士の勤務交代と休憩、小荷物の配送は含みません。',
    "Drivers' shifts and breaks, and parcels carried beside passengers, are left out.",
  ],
];

/** Where the facts were read. */
const SOURCES = [
  'netdenjd 257991 (stops and vehicles, November 2021)',
  'minyu-net 2022-06-07 (stops, vehicles, evening service)',
  'minyu-net 2022-12-20 (stops, vehicles, trips a day, fares)',
  'netdenjd 277949 (fares from January 2023)',
  'mirai-work.life 2630 (waiting time in the centre)',
  'sip-cafe 5709 (earlier trial around Michi-no-Eki Namie)',
  'evsmart (area and population)',
  'ligare 2023-07-19 (Tsushima, Murohara, Suenomori)',
  'nikkeibp 2022-01-14 (energy trial at Michi-no-Eki Namie)',
  'BloombergNEF 2023-11-27 (price of battery packs)',
  'Schmalstieg et al. 2014, doi 10.1016/j.jpowsour.2014.02.012 (ageing of batteries)',
  'Ministry of Health, Labour and Welfare, Basic Survey on Wage Structure 2023, as computed by Yahoo! News Japan (income of bus drivers)',
  'Agency for Natural Resources and Energy, retail prices of 6 November 2023, trucknews.biz p110802 (diesel in Fukushima)',
  'Statistics Bureau of Japan, Population Census 2020 (people of 65 and over in Japan)',
  'Iwafune et al. 2024, doi 10.1016/j.segy.2024.100145, as quoted in public code (losses of two-way chargers)',
];

const VIEW = [140.947, 37.4675, 141.0515, 37.5455];

// ---------------------------------------------------------------------------------------------------------------------
// The land.

/** A road winds in the mountains west of Murohara, more than its few points can say. */
function wind(p) {
  const depth = Math.max(0, Math.min(1, (-5600 - p[0]) / 600));
  return [p[0] + 85 * depth * noise(p, 230, 51), p[1] + 85 * depth * noise(p, 230, 52)];
}

/** What the base map draws beside the roads. */
function draw({ sea, rivers, railway, edges, nodes }) {
  const { features, feature } = sketch(PLANE);
  const water = new Segments(300);
  RIVERS.forEach((river, i) => water.add(rivers[i], river));
  const shore = new Segments(300);
  shore.add([...COAST_SOUTH, ...HARBOUR, ...COAST_NORTH].map(toMeters), null);
  const hilly = woodland({
    base: (p) => {
      const foot = p[0] + 1100 * noise(p, 3800, 14);
      const rise = Math.max(0, Math.min(1, (-1200 - foot) / 4800));
      // The upland around Tsushima is open again, with fields between the woods.
      const upland = Math.max(0, Math.min(1, (-15500 - p[0]) / 4000));
      return -0.42 + 1.25 * rise - 0.25 * upland;
    },
    hills: HILLS.map(([lng, lat, radius]) => ({ at: toMeters([lng, lat]), radius: radius * 1.2 })),
    water,
    valley: (p, river) => river.valley * (p[0] < -6500 ? 0.55 + 0.3 * noise(p, 900, 15) : 1),
    open: [
      ...HAMLETS.map((h) => ({ at: toMeters(h.at), radius: h.radius * 1.5 })),
      ...SITES.map((s) => ({ at: toMeters(s.at), radius: Math.max(...s.size) * 0.85 })),
      { at: toMeters(INTERCHANGE), radius: 500 },
      { at: toMeters(CENTER), radius: 1900 },
    ],
  });
  const wood = (p) => {
    const height = hilly(p);
    if (p[0] <= 1500) return height;
    if (inside(p, sea)) return -1;
    const beach = shore.nearest(p, 350);
    return beach ? height - 1.2 * (1 - beach.away / 350) : height;
  };
  for (const ring of woods(wood, [...toMeters([140.64, 37.39]), ...toMeters([141.04, 37.65])])) feature('wood', ring);
  const boxes = [[[140.9, 37.465], [141.045, 37.525]], [[140.74, 37.54], [140.82, 37.57]]];
  const built = builtUp(PLANE, { districts: DISTRICTS, hamlets: HAMLETS, edges, nodes }, boxes.map((box) => box.flatMap(toMeters)));
  for (const ring of built) feature('town', ring);
  for (const site of SITES) feature('site', rectangle(toMeters(site.at), site), site);
  feature('sea', sea);
  feature('lake', curve([...RESERVOIR.points, RESERVOIR.points[0]].map(toMeters), 60), RESERVOIR);
  PONDS.forEach(([lng, lat, radius], i) => feature('lake', pond(toMeters([lng, lat]), radius, i)));
  RIVERS.forEach((river, i) => feature('river', simplify(rivers[i], 2.5), river));
  feature('rail', railway, { ja: 'JR常磐線', en: 'JR Joban Line' });
  for (const [ja, en, lng, lat] of LABELS) feature('label', [toMeters([lng, lat])], { ja, en });
  return { view: VIEW, features };
}

/** Fare zone by the distance to the town hall or the station, whichever is nearer. */
function zoneOf(p) {
  const hubs = NAMED_STOPS.filter(([id]) => id === 'townhall' || id === 'station').map((s) => toMeters([s[3], s[4]]));
  const away = Math.min(...hubs.map((hub) => distance(p, hub)));
  return away < 2000 ? '1' : away < 5000 ? '2' : away < 10000 ? '3' : '4';
}

// ---------------------------------------------------------------------------------------------------------------------
// The document.

function makeScenario() {
  const coast = [...curve(COAST_SOUTH.map(toMeters), 90), ...HARBOUR.map(toMeters), ...curve(COAST_NORTH.map(toMeters), 90).slice(1)];
  const sea = [...simplify(coast, 4), ...FAR_SEA.map(toMeters)];
  const rivers = RIVERS.map((river) => riverLine(PLANE, river));
  const railway = railLine(PLANE, RAILWAY);

  const ponds = PONDS.map(([lng, lat, radius]) => ({ at: toMeters([lng, lat]), radius }));
  const sites = SITES.map((site) => rectangle(toMeters(site.at), site));
  const gate = toMeters(INTERCHANGE);
  const roads = {
    gate, rivers, railways: [railway], wander: wind, expressway: EXPRESSWAY, districts: DISTRICTS, hamlets: HAMLETS,
    roads: [...ROADS, TOLL_ROAD, ...LANES],
    blocked: (p) =>
      inside(p, sea) || sites.some((site) => inside(p, site)) || ponds.some((each) => distance(p, each.at) <= each.radius + 30),
  };
  const { stops, nodes, edges } = settle(PLANE, roads, {
    named: NAMED_STOPS, groups: [{ districts: DISTRICTS, count: CENTRAL_STOPS }], hamlets: HAMLETS, others: OTHER_USES, zone: zoneOf,
    // Few people have moved back to the mountains.
    hamletWeight: (middle) => (zoneOf(middle) === '4' ? 0.15 : 0.45),
  });
  const byId = new Map(stops.map((s) => [s.id, s]));

  return {
    version: 1,
    name: { ja: '浪江町', en: 'Namie' },
    about: {
      ja: '福島県浪江町の「なみえスマートモビリティ」は、アプリや電話、町なかのデジタル停留所から呼べる乗合サービスで、住民の帰還が進む町の足になっています。これは公開情報をもとに組み立てたモデルであり、実測の結果でも実際の利用記録でもありません。',
      en: 'Namie Smart Mobility, in Fukushima, runs shared vans that riders call by app, by phone or at digital stops, in a town to which people are returning. This is a model built from public information; it is neither a survey nor a record of real rides.',
    },
    assumptions: texts(ASSUMPTIONS),
    sources: SOURCES,
    seed: 1,
    day: {
      date: '2023-11-09', outdoor_c: 13,
      outdoor_by_month_c: [2.2, 2.6, 5.7, 10.7, 15.5, 18.9, 22.6, 24.2, 21, 15.5, 9.9, 4.7],
    },
    network: networkOf({ nodes, edges }, { motorway: 80, trunk: 45, primary: 40, secondary: 32, residential: 22, service: 15 }),
    drawing: draw({ sea, rivers, railway, edges, nodes }),
    stops: withElderly(stops, ({ id, zone }) => (id === 'housing' ? ELDERLY_IN_HOUSING : ELDERLY[zone])),
    service: {
      hours: [
        { days: ['mon', 'tue', 'wed'], opens: '08:30', closes: '18:00' },
        { days: ['thu', 'fri', 'sat'], opens: '08:30', closes: '21:30' },
      ],
      max_wait_s: 1200,
      detour_factor: 1.5,
      ride_limit: { factor: 1.5, slack_s: 600 },
      promise_window_s: 600,
      dwell: { per_request_s: 30, per_passenger_s: 5, per_wheelchair_s: 120 },
    },
    fares: {
      zones: [
        { id: '1', name: { ja: '中心部（2 km以内）', en: 'Centre (within 2 km)' }, adult_yen: 200 },
        { id: '2', name: { ja: '近郊（5 km以内）', en: 'Near (within 5 km)' }, adult_yen: 400 },
        { id: '3', name: { ja: '周辺（10 km以内）', en: 'Outer (within 10 km)' }, adult_yen: 600 },
        { id: '4', name: { ja: '津島方面（10 km以上）', en: 'Tsushima side (10 km and more)' }, adult_yen: 800 },
      ],
      night: { from: '19:00', surcharge_yen: 100 },
      free_share: 0.05,
    },
    depots: [
      {
        id: 'michinoeki', name: { ja: '道の駅なみえ', en: 'Michi-no-Eki Namie' }, node: byId.get('michinoeki').node,
        chargers: [{ count: 3, ...TWO_WAY }],
        site: SITE,
      },
    ],
    fleet: {
      vehicles: ['1', '2', '3'].map((id) => ({
        id, seats: 6, wheelchair_places: 1, depot: 'michinoeki',
        battery: vanBattery(36),
      })),
    },
    fixed_route: FIXED_ROUTE,
    costs: COSTS,
    demand: {
      factor: 1,
      generator: {
        trips_per_day: 40,
        by_weekday: [1, 0.95, 0.95, 1.1, 1.2, 0.8, 0],
        profile: PROFILE,
        categories: CATEGORIES,
        decay_min: 8,
        min_distance_m: 400,
        party_weights: [0.8, 0.15, 0.04, 0.01],
        wheelchair_share: 0.02,
        booked_share: 0.3,
        booked_ahead_min: [30, 600],
      },
      trips: [],
      elderly_share: 0.4,
    },
    growth: { factor: 3, vans: 6 },
    policies: {
      // Half a second of driving for a second of the rider's: shorter waits and detours for nearly the same distance.
      matching: { kind: 'insertion', objective: { waiting: 0.5, riding: 0.5 } },
      rebalancing: { kind: 'stay' },
      charging: { kind: 'immediate', below_soc: 0.6 },
    },
  };
}

publish(import.meta.url, makeScenario(), { nodes: [300, 600], stops: 125 });
