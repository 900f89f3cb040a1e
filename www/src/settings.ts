// What the person at the page may change, and the scenario that follows from it.
import type {
  ChargingPolicy,
  ImportedSeries,
  MatchingPolicy,
  Price,
  RebalancingPolicy,
  Scenario,
  Site,
  Tariff,
  Trip,
  Vehicle,
  Weekday,
} from '../pkg/noriai.js';

export interface Settings {
  date: string;
  outdoor_c: number;
  factor: number;
  vans: number;
  /** Who watches over vans without a driver; absent where the service has none. */
  supervisors?: number;
  max_wait_s: number;
  detour_factor: number;
  matching: MatchingPolicy;
  rebalancing: RebalancingPolicy;
  charging: ChargingPolicy;
  /** A contract other than the site's own. */
  tariff?: Tariff;
  seed: number;
  /** Prices of the year's account in the place of usual ones; absent where there are none. */
  prices?: Price[];
}

const WEEKDAYS: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAY_MS = 86_400_000;

/** The settings that leave a scenario as it is. */
export function settingsOf(scenario: Scenario): Settings {
  const { day, demand, fleet, service, policies, seed, business } = scenario;
  return {
    date: day.date,
    outdoor_c: day.outdoor_c,
    factor: demand.factor,
    vans: fleet.vehicles.length,
    ...(service.supervision && { supervisors: service.supervision.supervisors }),
    max_wait_s: service.max_wait_s,
    detour_factor: service.detour_factor,
    ...policies,
    seed,
    ...(business?.prices && { prices: business.prices }),
  };
}

/** The vehicles that run, by the numbers that a day's record gives them: the vans, or the buses of the fixed route. */
export const vehiclesOf = (scenario: Scenario): Vehicle[] =>
  runsBus(scenario) ? scenario.fixed_route!.vehicles : scenario.fleet.vehicles;

/** Whether the buses of the fixed route run instead of the vans. */
export const runsBus = ({ policies, fixed_route: route }: Scenario): boolean => policies.matching.kind === 'fixed_route' && route !== undefined;

/** Series of one's own that can take the place of a site's. */
export const SERIES = ['load', 'solar', 'wind', 'price'] as const;
export type SeriesName = (typeof SERIES)[number];

/** One of them as read from a file. */
export interface OwnSeries extends ImportedSeries {
  file: string;
  /** What the file holds, to read another of its columns. */
  source: File;
}
export type AllSeries = Partial<Record<SeriesName, OwnSeries>>;

/** The scenario with the settings in it; trips and series of one's own replace the modelled ones. */
export function apply(scenario: Scenario, settings: Settings, trips?: Trip[], series: AllSeries = {}): Scenario {
  const { date, outdoor_c, factor, vans, supervisors, max_wait_s, detour_factor, matching, rebalancing, charging, seed } = settings;
  const { fleet, service } = scenario;
  const made: Scenario = {
    ...scenario,
    seed,
    day: { ...scenario.day, date, outdoor_c },
    service: {
      ...service,
      max_wait_s,
      detour_factor,
      ...(service.supervision && supervisors !== undefined && { supervision: { ...service.supervision, supervisors } }),
    },
    fleet: withVans(fleet, vans),
    demand: trips ? { factor: 1, trips } : { ...scenario.demand, factor },
    policies: { matching, rebalancing, charging },
    depots: scenario.depots.map((depot, index) =>
      depot.site && index === siteOf(scenario) ? { ...depot, site: withOwn(depot.site, settings.tariff, series) } : depot,
    ),
  };
  return settings.prices ? withPrices(made, settings.prices) : made;
}

/** The scenario with other prices of the year's account: those of fares that it has. */
export const withPrices = (scenario: Scenario, prices: Price[]): Scenario => ({
  ...scenario,
  business: { ...scenario.business, prices: prices.filter(({ key }) => !key.startsWith('fare:') || (key === 'fare:bus') === runsBus(scenario)) },
});

/** The prices that a scenario has of its own. */
export const ownPrices = ({ business }: Scenario): Price[] | undefined => business?.prices;

/** Whether a day can be lived through under other charging policies too: a policy of one's own is asked once only. */
export const canBeStudied = ({ policies }: Scenario): boolean => policies.matching.kind !== 'script';

/** The depot whose site the settings change: the first one that has a contract. */
export const siteOf = (scenario: Scenario): number => scenario.depots.findIndex(({ site }) => site !== undefined);

/** The site that the settings change. */
export const ownSite = (scenario: Scenario | undefined): Site | undefined => scenario?.depots[siteOf(scenario)]?.site;

function withOwn(site: Site, tariff: Tariff | undefined, series: AllSeries): Site {
  const values = (name: SeriesName) => {
    const read = series[name]?.values;
    return read && read.length > 0 ? read : undefined;
  };
  const [load, solar, wind, price] = SERIES.map(values);
  const contract = tariff ?? site.tariff;
  return {
    ...site,
    tariff: price
      ? { ...contract, energy: { kind: 'market', spot_yen_per_kwh: price, loss: 0, adder_yen_per_kwh: 0 } }
      : contract,
    // A load that was measured has its seasons in it.
    ...(load && { load_kw: load, load_by_month: monthly(1) }),
    ...(solar && { solar: { ...(site.solar ?? someSolar(most(solar))), power_kw: solar } }),
    ...(wind && { wind: { ...(site.wind ?? someWind(most(wind))), power_kw: wind } }),
  };
}

const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b), 0.1);
const monthly = (value: number) => Array(12).fill(value) as Site['load_by_month'];

/** What stands beside a measured power where the site has no panels or turbines of its own; the power alone counts. */
const someSolar = (peak_kw: number): NonNullable<Site['solar']> => ({
  peak_kw,
  tilt_deg: 20,
  azimuth_deg: 180,
  performance: 0.8,
  cloud_by_month: monthly(0.6),
});
const someWind = (rated_kw: number): NonNullable<Site['wind']> => ({
  count: 1,
  rated_kw,
  cut_in_m_s: 2.5,
  rated_m_s: 12.5,
  cut_out_m_s: 25,
  mean_by_month_m_s: monthly(4),
});

export type MatchingKind = MatchingPolicy['kind'];

/** In the order in which they are offered: from the simplest on. */
const MATCHING: MatchingKind[] = ['nearest', 'insertion', 'batch', 'pooling', 'anticipating', 'fixed_route', 'script'];

/** Matching policies to choose from in a town. */
export const matchingKinds = (town: Scenario): MatchingKind[] => MATCHING.filter((kind) => kind !== 'fixed_route' || town.fixed_route);

export type RebalancingKind = RebalancingPolicy['kind'];
export const REBALANCING: RebalancingKind[] = ['stay', 'return_to_depot', 'nearest_hub', 'forecast'];

/** The largest fleet that is offered, unless the town has more. */
const VANS = 12;

/** The largest fleet that settings may have, as large as one that is searched for. */
export const MOST_VANS = 500;

/** The largest fleet that is offered in a town. */
export const mostVans = ({ fleet, growth }: Scenario): number => Math.max(VANS, fleet.vehicles.length, growth?.vans ?? 0);

/** The day of the settings without trips of one's own: the day that came with the trips goes with them. */
export const modelledDate = ({ date }: Settings, trips: { date?: string; before?: string } | undefined): string =>
  date === trips?.date ? (trips.before ?? date) : date;

/** A policy of a kind as the command line takes it by its word: the town's own, if that is its kind, else a usual one. */
export function policyOf<P extends { kind: string }>(kind: P['kind'], own: P, usual: P[]): P {
  return own.kind === kind ? own : usual.find((policy) => policy.kind === kind)!;
}

export type ChargingKind = ChargingPolicy['kind'];
export const CHARGING: ChargingKind[] = ['immediate', 'off_peak', 'solar', 'peak_cap', 'optimal', 'backup'];

/** A charging policy with what its own parameters begin with when it is chosen. */
export function chargingPolicy(kind: ChargingKind, below_soc: number, site: Site | undefined): ChargingPolicy {
  switch (kind) {
    case 'immediate':
    case 'solar':
      return { kind, below_soc };
    case 'off_peak':
      return { kind, below_soc, from: '22:00', until: '32:00' };
    case 'peak_cap':
      return { kind, below_soc, limit_kw: startingLimit(site) };
    case 'optimal':
      return { kind, below_soc, discharge: true, foresight: false };
    case 'backup':
      return { kind, below_soc, hours: 24 };
  }
}

/** A limit a little below the site's highest load, kW, in fives. */
export function startingLimit(site: Site | undefined): number {
  if (!site) return 50;
  return Math.max(5, Math.round((0.85 * most(site.load_kw)) / 5) * 5);
}

/** `30:00` in seconds. */
export function seconds(clock: string): number {
  const [h = 0, min = 0, s = 0] = clock.split(':').map(Number);
  return h * 3600 + min * 60 + s;
}

/** Whether two contracts are the same one. */
export const sameTariff = (a: Tariff, b: Tariff): boolean => a.name.en === b.name.en && a.since === b.since;

/** The fleet with so many vans; drivers whose van is not among them have no shift. */
function withVans(fleet: Scenario['fleet'], count: number): Scenario['fleet'] {
  const vehicles = fleetOf(fleet.vehicles, count);
  const shifts = fleet.drivers?.shifts?.filter(({ vehicle }) => vehicles.some(({ id }) => id === vehicle));
  return { ...fleet, vehicles, ...(shifts && { drivers: { ...fleet.drivers, shifts } }) };
}

/** The first `count` vans; beyond the scenario's own, copies of them in turn under new ids. */
export function fleetOf(vehicles: Vehicle[], count: number): Vehicle[] {
  const ids = new Set(vehicles.map((vehicle) => vehicle.id));
  const fleet = vehicles.slice(0, count);
  for (let number = vehicles.length + 1; fleet.length < count; number++) {
    const id = ids.has(String(number)) ? `+${number}` : String(number);
    fleet.push({ ...vehicles[fleet.length % vehicles.length]!, id });
  }
  return fleet;
}

export interface WeekDay {
  date: string;
  /** Opening and closing, if the service runs. */
  hours?: { opens: string; closes: string };
}

/** The week, Monday first, in which a date lies. */
export function weekOf(scenario: Scenario, date: string): WeekDay[] {
  const noon = Date.parse(`${date}T12:00:00Z`);
  const sinceMonday = (new Date(noon).getUTCDay() + 6) % 7;
  return WEEKDAYS.map((weekday, index) => {
    const hours = scenario.service.hours.find((entry) => entry.days.includes(weekday));
    return { date: new Date(noon + (index - sinceMonday) * DAY_MS).toISOString().slice(0, 10), hours };
  });
}

export const SEASONS = ['winter', 'spring', 'summer', 'autumn'] as const;
export type Season = (typeof SEASONS)[number];

/** The season of a date: winter from December on. */
export const seasonOf = (date: string): Season => SEASONS[Math.floor((Number(date.slice(5, 7)) % 12) / 3)]!;

/** The months that stand for the seasons, the coldest and the hottest among them. */
const MONTHS: Record<Season, number> = { winter: 1, spring: 4, summer: 8, autumn: 10 };

/**
 * The same day of the week in another season: in the middle of its month, at that month's mean temperature. In the season of the town's own
 * day it is that day's week and temperature.
 */
export function inSeason({ day }: Scenario, date: string, season: Season): Pick<Settings, 'date' | 'outdoor_c'> {
  const month = MONTHS[season];
  const own = season === seasonOf(day.date);
  const weekday = (utc: number) => (new Date(utc).getUTCDay() + 6) % 7;
  const noon = Date.parse(`${own ? day.date : `${day.date.slice(0, 4)}-${String(month).padStart(2, '0')}-15`}T12:00:00Z`);
  const same = noon + (weekday(Date.parse(`${date}T12:00:00Z`)) - weekday(noon)) * DAY_MS;
  return { date: new Date(same).toISOString().slice(0, 10), outdoor_c: own ? day.outdoor_c : day.outdoor_by_month_c[month - 1]! };
}

/** The service as it is, or as the town's file sees it grow. */
export type Size = 'today' | 'growth';

/** Which of them the settings have, if any. */
export function sizeOf(town: Scenario, { vans, factor, supervisors }: Settings): Size | undefined {
  const has = (size: Pick<Settings, 'vans' | 'factor' | 'supervisors'>) =>
    size.vans === vans && size.factor === factor && (size.supervisors ?? supervisors) === supervisors;
  if (has(settingsOf(town))) return 'today';
  return town.growth && has(town.growth) ? 'growth' : undefined;
}

/** When the service opens on a day, seconds from midnight. */
export function opensAt(scenario: Scenario, date: string): number | undefined {
  const hours = weekOf(scenario, date).find((day) => day.date === date)?.hours;
  return hours && seconds(hours.opens);
}

/** An empty trips file with the columns explained by two rows between stops of the town. */
export function tripsTemplate(scenario: Scenario): string {
  const [a, b] = scenario.stops;
  if (!a || !b) return '';
  return [
    'request_time,origin,destination,passengers,earliest,latest,wheelchairs,children,parcels',
    `09:10,${a.id},${b.id},1,,,,,`,
    `10:00,${b.id},${a.id},3,10:30,11:15,1,1,`,
    '',
  ].join('\r\n');
}
