import { expect, test } from 'vitest';
import type { Report, SiteReport, UnitReport } from '../pkg/noriai.js';
import {
  activityAt,
  bandPath,
  csvOf,
  departuresOf,
  energyAt,
  FLOWS,
  gains,
  heldBack,
  powerTable,
  shortName,
  siteOf,
  slotOf,
  stacked,
  stepPath,
  ticks,
  tiny,
  unitTable,
} from './energy';
import { clock } from './format';

const unit: UnitReport = {
  id: '1',
  capacity_kwh: 40,
  reserve_kwh: 6,
  charged_kwh: 5,
  discharged_kwh: 0,
  used_kwh: 3,
  full_cycles: 0.1,
  loss: 0,
  wear_yen: 0,
  // 20 kWh until 05:00, 25 kWh at 06:00, 22 kWh at 07:00.
  energy: [14400, 20, 18000, 20, 21600, 25, 25200, 22],
  activities: [
    { from_s: 14400, until_s: 18000, kind: 'plugged', kw: 0.02 },
    { from_s: 18000, until_s: 21600, kind: 'charging', kw: 5.6 },
    { from_s: 21600, until_s: 25200, kind: 'drive', kw: 0 },
  ],
  departures: [21600, 24],
};

test('layers stand on each other', () => {
  expect(stacked([[1, 2], [3, 0], [0.5, 1]])).toEqual([
    { low: [0, 0], high: [1, 2] },
    { low: [1, 2], high: [4, 2] },
    { low: [4, 2], high: [4.5, 3] },
  ]);
  expect(stacked([])).toEqual([]);
});

test('a band goes there along its upper edge and back along its lower one', () => {
  const up = (value: number) => 100 - 10 * value;
  // Two steps of 20 pixels from 10: 0 to 1, then 1 to 3.
  expect(bandPath({ low: [0, 1], high: [1, 3] }, 10, 20, up)).toBe('M10 100V90H30V70H50V90H30V100H10Z');
  expect(stepPath([1, 3], 10, 20, up)).toBe('M10 90H30V70H50');
  expect(bandPath({ low: [], high: [] }, 0, 1, up)).toBe('');
});

test('ticks are round', () => {
  expect(ticks(93, 5)).toEqual([0, 20, 40, 60, 80]);
  expect(ticks(9, 3)).toEqual([0, 5]);
  expect(ticks(0, 3)).toEqual([0]);
});

test('a moment falls into its half hour, and none falls outside the day', () => {
  const series = { from_s: 14400, step_s: 1800 };
  expect([0, 14400, 16199, 16200, 1e6].map((t) => slotOf(series, 48, t))).toEqual([0, 0, 0, 1, 47]);
});

test('energy is linear between its points, and holds beyond them', () => {
  // Half-way between 05:00 and 06:00: 20 + 5 / 2.
  expect([0, 14400, 19800, 21600, 23400, 90000].map((t) => energyAt(unit, t))).toEqual([20, 20, 22.5, 25, 23.5, 22]);
  expect(activityAt(unit, 18000)?.kind).toBe('charging');
  expect(activityAt(unit, 90000)).toBeUndefined();
});

test('a departure with too little energy is missed', () => {
  expect(departuresOf(unit)).toEqual([{ t_s: 21600, kwh: 24, missed: false }]);
  expect(departuresOf({ ...unit, departures: [21600, 26] })[0]!.missed).toBe(true);
});

test('a van needs at its departure what it uses until it is back, and its reserve', () => {
  const activities: UnitReport['activities'] = [
    { from_s: 14400, until_s: 18000, kind: 'charging', kw: 5 },
    { from_s: 18000, until_s: 19800, kind: 'drive', kw: 0 },
    { from_s: 19800, until_s: 21600, kind: 'parked', kw: 0 },
    { from_s: 21600, until_s: 25200, kind: 'ride', kw: 0 },
    { from_s: 25200, until_s: 28800, kind: 'plugged', kw: 0 },
    { from_s: 28800, until_s: 32400, kind: 'ride', kw: 0 },
  ];
  // 30 kWh at 05:00, 26 kWh at 07:00; 28 kWh at 08:00, 20 kWh at the end.
  const energy = [14400, 25, 18000, 30, 25200, 26, 28800, 28, 32400, 20];
  const van = { ...unit, activities, energy, departures: [] };
  expect(departuresOf(van)).toEqual([
    { t_s: 18000, kwh: 6 + 4, missed: false },
    { t_s: 28800, kwh: 6 + 8, missed: false },
  ]);
  // Out from the begin of the day on, it did not depart.
  expect(departuresOf({ ...van, activities: activities.slice(1, 4) })).toEqual([]);
});

test('what is held back is that of the van that holds back most, and not of a car', () => {
  const units = [unit, { ...unit, id: '2', reserve_kwh: 30 }, { ...unit, id: 'car 1', name: { ja: '車', en: 'Car' }, reserve_kwh: 40 }];
  const report = { vehicles: [{ id: '1' }, { id: '2' }], sites: [{ units }], refused_by: [{ limit: 'wait', count: 1 }, { limit: 'charge', count: 5 }] };
  expect(heldBack(report as never)).toEqual({ reserve_kwh: 30, capacity_kwh: 40, refused: 5 });
  expect(heldBack({ ...report, sites: [] } as never)).toBeUndefined();
});

test('the first site is shown until another is chosen', () => {
  const sites = [{ depot: 'a' }, { depot: 'b' }];
  expect([undefined, 'b', 'gone'].map((depot) => siteOf(sites, depot)?.depot)).toEqual(['a', 'b', 'a']);
  expect(siteOf([], 'a')).toBeUndefined();
});

test('the comparison is what others cost more, and foresight less', () => {
  const sites = [{ total_yen: 100, co2_kg: 10, peak_kw: 60 }] as SiteReport[];
  const other = { served: 42, refused_for_charge: 0, peak_kw: 87, bought_kwh: 1, co2_kg: 12 };
  const compared = [
    { against: 'immediate' as const, total_yen: 130, ...other },
    { against: 'one_way' as const, total_yen: 110, ...other },
    { against: 'foresight' as const, total_yen: 95, ...other },
  ];
  const report = { sites, served: 40 } as Report;
  expect(gains(report, compared)).toEqual({
    total_yen: 100,
    saving_yen: 30,
    peak_saving_kw: 27,
    co2_saving_kg: 2,
    two_way_yen: 10,
    foresight_yen: 5,
    rides_cost: 2,
  });
  expect(gains(report, undefined)).toEqual({ total_yen: 100 });
  expect(gains(report, [{ against: 'optimal', total_yen: 70, ...other }])).toEqual({ total_yen: 100, to_gain_yen: 30 });
});

test('tables hold the series, and CSV its whole numbers', () => {
  const kw = Object.fromEntries(FLOWS.map((name, index) => [`${name}_kw`, [index + 0.123456789]]));
  const series = { from_s: 14400, step_s: 1800, buy_yen: [20], co2_kg: [0.4], ...kw } as never;
  const table = powerTable(series, (name) => name, 'Time, of day', clock);
  expect(table.head.slice(0, 2)).toEqual(['Time, of day', 'import']);
  expect(table.rows[0]!.slice(0, 3)).toEqual(['04:00', { value: 0.123456789, digits: 2 }, { value: 1.123456789, digits: 2 }]);
  expect(csvOf(table).split('\r\n')[1]!.split(',').slice(0, 3)).toEqual(['04:00', '0.123457', '1.123457']);
  expect(csvOf(table)).toMatch(/^"Time, of day",import/);
});

test('a battery’s table tells what it does with its energy before and after', () => {
  const { rows } = unitTable([unit], [], () => 'Van 1', (kind) => kind, clock);
  expect(rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : cell.value)))).toEqual([
    ['Van 1', '04:00', '05:00', 'plugged', 0.02, 20, 20, ''],
    ['Van 1', '05:00', '06:00', 'charging', 5.6, 20, 25, ''],
    ['Van 1', '06:00', '07:00', 'drive', 0, 25, 22, 24],
  ]);
});

test('short names, and numbers next to nothing', () => {
  expect(shortName('Shelter: light, telephones')).toBe('Shelter');
  expect(shortName('避難所（照明・通信）')).toBe('避難所');
  expect([3.2e-9, 0, 12].map(tiny)).toEqual(['3e-9', '0', '1e1']);
});
