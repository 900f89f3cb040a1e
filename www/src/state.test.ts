import { expect, test } from 'vitest';
import { busyBox, firstScene, heatSpan, initialState, playsFrom, ridesOf, shownFrom, Store, widened } from './state';
import { ride, town } from './testing';

test('a change tells the state before and after', () => {
  const store = new Store(initialState('en', 'light'));
  const seen: [string, string][] = [];
  store.onChange((state, before) => seen.push([before.lang, state.lang]));
  store.set({ lang: 'ja' });
  expect(seen).toEqual([['en', 'ja']]);
  expect(store.state.theme).toBe('light');
});

test('the demand map counts the hour around the clock, in steps of ten minutes', () => {
  const { heat } = initialState('en', 'light');
  // 9:04 counts as 9:00, 9:06 as 9:10.
  expect(heatSpan({ ...heat, hours: 'now' }, 32400 + 240)).toEqual({ from_s: 30600, to_s: 34200 });
  expect(heatSpan({ ...heat, hours: 'now' }, 32400 + 360)).toEqual({ from_s: 31200, to_s: 34800 });
  expect(heatSpan({ ...heat, hours: 'chosen', from_h: 9, to_h: 12 }, 0)).toEqual({ from_s: 32400, to_s: 43200 });
});

test('a cell lists its rides in the order of the day, a reason its refusals', () => {
  const rides = [
    ride({ request: 0, earliest_s: 40000 }),
    ride({ request: 1, earliest_s: 33000, served: false, limit: 'wait' }),
    ride({ request: 2, served: false, limit: 'seats' }),
  ];
  const cells = [{ id: 'c', ring: [], center: [0, 0], trips: 2, served: 1, refused: 1, requests: [0, 1] }] as never;
  expect(ridesOf({ kind: 'cell', id: 'c' }, rides, cells).map(({ request }) => request)).toEqual([1, 0]);
  expect(ridesOf({ kind: 'refusals', limit: 'seats' }, rides, cells).map(({ request }) => request)).toEqual([2]);
  expect(ridesOf({ kind: 'van', van: 0 }, rides, cells)).toEqual([]);
});

test('the first visit begins two minutes before most calls are under way', () => {
  const rides = [
    ride({ earliest_s: 32900, dropoff_s: 33300 }),
    ride({ earliest_s: 35900, dropoff_s: 36500 }),
    ride({ earliest_s: 36000, dropoff_s: 36400 }),
    ride({ earliest_s: 36500, dropoff_s: 36900 }),
    ...[1, 2, 3].map(() => ride({ earliest_s: 40000, served: false })),
  ];
  expect(firstScene(rides, 30000)).toBe(35880);
  expect(firstScene(rides, 35950)).toBe(35950);
  expect(firstScene([], 30000)).toBe(30000);
});

test('a day plays from half an hour before the service or the first ride wanted', () => {
  const rides = [ride({ earliest_s: 9.2 * 3600 })];
  // Booked at three in the night, service from 8:30.
  expect(playsFrom(rides, 3 * 3600, 8.5 * 3600)).toBe(8 * 3600);
  // A trip of one's own wanted at 5:10, before the service.
  expect(playsFrom([ride({ earliest_s: 5.2 * 3600 })], 3 * 3600, 8.5 * 3600)).toBe(4.5 * 3600);
  expect(playsFrom(rides, 9 * 3600, 8.5 * 3600)).toBe(9 * 3600);
  expect(playsFrom([], 3600, undefined)).toBe(3600);
});

test('a first look falls where rides begin and end, and not on the one far out', () => {
  const nodes = [0, 1, 2, 100].map((km) => ({ lat: 37.5 + km / 100, lng: 141 }));
  const stops = nodes.map((_, node) => ({ ...town.stops[0]!, node }));
  const scenario = { ...town, network: { ...town.network, nodes }, stops };
  const near = Array.from({ length: 30 }, (_, index) => ride({ origin: index % 2, destination: 1 + (index % 2) }));
  const [west, south, east, north] = busyBox([...near, ride({ origin: 3, destination: 0 })], scenario);
  expect([west, east]).toEqual([141, 141]);
  expect(south).toBeCloseTo(37.5);
  expect(north).toBeCloseTo(37.52);
  expect(busyBox([], scenario)).toEqual(town.drawing.view);
});

test('the first view is widened for a van at its edge, and not for one far off', () => {
  expect(widened([10, 20, 12, 22], new Float64Array([12.5, 21, 11, 19.8, 30, 21]))).toEqual([10, 19.8, 12.5, 22]);
});

test('the slider begins with the account of a site, else with the service', () => {
  const report = (from: number[]) => ({ sites: from.map((from_s) => ({ series: { from_s } })) }) as never;
  // Booked at three in the night, accounts from four, service half an hour before 8:30.
  expect(shownFrom(report([4 * 3600]), 3 * 3600, 8 * 3600)).toBe(4 * 3600);
  expect(shownFrom(report([]), 3 * 3600, 8 * 3600)).toBe(8 * 3600);
});
