import { expect, test } from 'vitest';
import { apply, fleetOf, opensAt, settingsOf, tripsTemplate, weekOf } from './settings';
import { town } from './testing';

test('unchanged settings leave the scenario as it is', () => {
  expect(apply(town, settingsOf(town))).toEqual(town);
});

test('settings go where they belong', () => {
  const scenario = apply(town, { ...settingsOf(town), factor: 2, max_wait_s: 600, outdoor_c: -3, seed: 7 });
  expect(scenario.demand.factor).toBe(2);
  expect(scenario.service.max_wait_s).toBe(600);
  expect(scenario.day).toEqual({ date: '2023-11-09', outdoor_c: -3 });
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
  expect(tripsTemplate(town).split('\r\n')[1]).toBe('09:10,a,b,1,,,');
});

test('the service opens at its hour, or not at all', () => {
  expect(opensAt(town, '2023-11-09')).toBe(8 * 3600);
  expect(opensAt(town, '2023-11-12')).toBeUndefined();
});
