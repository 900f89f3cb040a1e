import { expect, test } from 'vitest';
import {
  apply,
  canBeStudied,
  CHARGING,
  chargingPolicy,
  fleetOf,
  inSeason,
  matchingKinds,
  opensAt,
  ownSite,
  policyOf,
  sameTariff,
  seasonOf,
  seconds,
  settingsOf,
  sizeOf,
  tripsTemplate,
  weekOf,
  type OwnSeries,
} from './settings';
import { powered, town } from './testing';

test('unchanged settings leave the scenario as it is', () => {
  expect(apply(town, settingsOf(town))).toEqual(town);
});

test('settings go where they belong', () => {
  const scenario = apply(town, { ...settingsOf(town), factor: 2, max_wait_s: 600, outdoor_c: -3, seed: 7 });
  expect(scenario.demand.factor).toBe(2);
  expect(scenario.service.max_wait_s).toBe(600);
  expect(scenario.day).toEqual({ ...town.day, outdoor_c: -3 });
  expect(scenario.seed).toBe(7);
  expect(town.seed).toBe(1);
});

test('own trips replace the modelled demand', () => {
  const trips = [{ request_s: 32400, origin: 'a', destination: 'b', passengers: 1, wheelchairs: 0 }];
  expect(apply(town, { ...settingsOf(town), factor: 3 }, trips).demand).toEqual({ factor: 1, trips });
});

test('a smaller fleet loses its last vans, a larger one gets copies under new ids', () => {
  const ids = (count: number) => fleetOf(town.fleet.vehicles, count).map(({ id }) => id);
  expect(ids(1)).toEqual(['1']);
  expect(ids(5)).toEqual(['1', '2', '3', '4', '5']);
});

test('new ids do not meet old ones', () => {
  const vans = town.fleet.vehicles.map((van, index) => ({ ...van, id: ['3', 'x'][index]! }));
  expect(new Set(fleetOf(vans, 6).map(({ id }) => id)).size).toBe(6);
});

test('the week of a Thursday begins on Monday and knows the closed days', () => {
  const week = weekOf(town, '2023-11-09');
  expect(week.map(({ date }) => date.slice(8))).toEqual(['06', '07', '08', '09', '10', '11', '12']);
  expect(week[3]!.hours?.opens).toBe('08:00');
  expect(week[6]!.hours).toBeUndefined();
});

test('the template names stops of the town', () => {
  expect(tripsTemplate(town).split('\r\n')[1]).toBe('09:10,a,b,1,,,,,');
});

test('the service opens at its hour, or not at all', () => {
  expect(opensAt(town, '2023-11-09')).toBe(8 * 3600);
  expect(opensAt(town, '2023-11-12')).toBeUndefined();
});

test('every charging policy goes into the scenario with what it begins with, and comes back as it was', () => {
  for (const kind of CHARGING) {
    const charging = chargingPolicy(kind, 0.3, ownSite(powered));
    const scenario = apply(powered, { ...settingsOf(powered), charging });
    expect(scenario.policies.charging).toEqual(charging);
    expect(settingsOf(scenario).charging).toEqual(charging);
    expect(charging.below_soc).toBe(0.3);
  }
  // 85 % of the highest load of 40 kW, in fives.
  expect(chargingPolicy('peak_cap', 0, ownSite(powered))).toMatchObject({ limit_kw: 35 });
  expect(seconds('30:30')).toBe(30.5 * 3600);
});

const own = (values: number[]): OwnSeries => ({
  values,
  columns: [],
  rows: values.length,
  encoding: 'utf-8',
  problems: [],
  file: 'own.csv',
  source: new File([], 'a.csv'),
});

test('a contract and series of one’s own take the place of the site’s, and nothing else changes', () => {
  const site = ownSite(powered)!;
  const tariff = { ...site.tariff, name: { ja: '別', en: 'Other' } };
  const day = Array.from({ length: 24 }, (_, hour) => hour);
  const changed = ownSite(apply(powered, { ...settingsOf(powered), tariff }, undefined, { load: own(day), solar: own(day), price: own(day) }))!;
  expect(changed.load_kw).toEqual(day);
  expect(changed.load_by_month).toEqual(Array(12).fill(1));
  expect(changed.solar?.power_kw).toEqual(day);
  expect(changed.solar?.peak_kw).toBe(23);
  expect(changed.wind).toBeUndefined();
  expect(changed.tariff.energy).toEqual({ kind: 'market', spot_yen_per_kwh: day, loss: 0, adder_yen_per_kwh: 0 });
  expect(changed.tariff.basic_yen_per_kw_month).toBe(site.tariff.basic_yen_per_kw_month);
  expect(sameTariff(changed.tariff, site.tariff)).toBe(false);
  expect(apply(powered, settingsOf(powered))).toEqual(powered);
});

test('a policy of one’s own goes into the scenario whole, and is not studied', () => {
  const matching = { kind: 'script', source: 'function decide() {}', time_limit_ms: 1_000 } as const;
  const scenario = apply(town, { ...settingsOf(town), matching });
  expect(scenario.policies.matching).toEqual(matching);
  expect([canBeStudied(town), canBeStudied(scenario)]).toEqual([true, false]);
});

test('a policy is the town’s own where it is of that kind, else a usual one', () => {
  const own = { kind: 'return_to_depot', after_s: 60 } as const;
  const usual = [{ kind: 'stay' } as const, { kind: 'return_to_depot', after_s: 300 } as const];
  expect(policyOf<(typeof usual)[number] | typeof own>('return_to_depot', own, usual)).toBe(own);
  expect(policyOf<(typeof usual)[number] | typeof own>('stay', own, usual)).toBe(usual[0]);
});

test('only a town with a line offers the bus', () => {
  expect(matchingKinds(town)).not.toContain('fixed_route');
  expect(matchingKinds({ ...town, fixed_route: { lines: [], vehicles: [], adult_yen: 200 } })).toContain('fixed_route');
});

test('a season has the same day of the week and its month’s temperature, and the town’s own season its own day', () => {
  expect(inSeason(town, '2023-11-09', 'summer')).toEqual({ date: '2023-08-17', outdoor_c: 24 });
  expect(inSeason(town, '2023-11-09', 'winter')).toEqual({ date: '2023-01-12', outdoor_c: 2 });
  expect(inSeason(town, '2023-08-13', 'autumn')).toEqual({ date: '2023-11-12', outdoor_c: 13 });
  expect(inSeason(town, town.day.date, 'autumn')).toEqual({ date: town.day.date, outdoor_c: town.day.outdoor_c });
  expect(['2023-12-01', '2024-02-29', '2024-03-01', '2023-11-30'].map(seasonOf)).toEqual(['winter', 'winter', 'spring', 'autumn']);
});

test('a grown service has its vans, its demand and its supervisors', () => {
  const supervised = { ...town, service: { ...town.service, supervision: { supervisors: 1, vans_each: 2 } }, growth: { vans: 4, factor: 3, supervisors: 2 } };
  const own = settingsOf(supervised);
  expect(sizeOf(supervised, own)).toBe('today');
  const grown = { ...own, ...supervised.growth };
  expect(sizeOf(supervised, grown)).toBe('growth');
  expect(sizeOf(supervised, { ...grown, vans: 5 })).toBeUndefined();
  const { fleet, demand, service } = apply(supervised, grown);
  expect([fleet.vehicles.length, demand.factor, service.supervision]).toEqual([4, 3, { supervisors: 2, vans_each: 2 }]);
});

test('a smaller fleet keeps its hubs, and no driver in a van that is gone', () => {
  const shift = (vehicle: string) => ({ vehicle, begins: '08:00', ends: '17:00' });
  const fleet = { ...town.fleet, hubs: [{ place: 'a' }], drivers: { shifts: [shift('1'), shift('2')] } };
  const applied = apply({ ...town, fleet }, { ...settingsOf(town), vans: 1 }).fleet;
  expect([applied.hubs, applied.drivers]).toEqual([[{ place: 'a' }], { shifts: [shift('1')] }]);
  expect(apply({ ...town, fleet }, settingsOf(town)).fleet).toEqual(fleet);
});

test('prices of the year’s account are the scenario’s, those of fares only where it has the fare', () => {
  const prices = [{ key: 'driver', value: 2500 }, { key: 'fare:bus', value: 100 }];
  const priced = apply(town, { ...settingsOf(town), prices });
  expect(priced.business).toEqual({ prices: [prices[0]] });
  expect(settingsOf(priced).prices).toEqual([prices[0]]);
  expect(apply(town, settingsOf(town))).not.toHaveProperty('business');
});
