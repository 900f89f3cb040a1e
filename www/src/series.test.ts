import { expect, test } from 'vitest';
import type { Ride } from '../pkg/noriai.js';
import { people, sampled, spread } from './series';
import { ride } from './testing';

const over = (rides: Ride[], grid: number[]) => {
  const { waiting, aboard } = people(rides);
  return { waiting: waiting.over(grid), aboard: aboard.over(grid) };
};

test('a line is read between its points', () => {
  // 100 % at 0 s, 80 % at 200 s, then flat: 90 % half-way.
  const line = new Float64Array([0, 1, 200, 0.8, 400, 0.8]);
  const values = sampled(line, [0, 100, 200, 300, 500]).map((value) => Math.round(value!));
  expect(values).toEqual([100, 90, 80, 80, 80]);
});

test('before its first point, and without a battery, there is no line', () => {
  expect(sampled(new Float64Array([100, 1, 200, 1]), [0])).toEqual([null]);
  expect(sampled(new Float64Array([0, NaN]), [0])).toEqual([null]);
  expect(sampled(new Float64Array(), [0])).toEqual([null]);
});

test('people wait until they are picked up and are aboard until they are dropped', () => {
  const rides = [ride({ earliest_s: 100, pickup_s: 200, dropoff_s: 300, passengers: 2, wheelchairs: 1 }), ride({ served: false })];
  expect(over(rides, [0, 100, 200, 300])).toEqual({ waiting: [0, 3, 0, 0], aboard: [0, 0, 3, 0] });
});

test('a peak between two times of the grid is not lost, and leaving is no peak', () => {
  const rides = [
    ride({ earliest_s: 110, pickup_s: 120, dropoff_s: 150, passengers: 1, wheelchairs: 0 }),
    ride({ earliest_s: 112, pickup_s: 118, dropoff_s: 120, passengers: 2, wheelchairs: 0 }),
  ];
  // From 112 s to 118 s three wait; at 120 s two get off and one gets on.
  expect(over(rides, [0, 100, 200])).toEqual({ waiting: [0, 3, 0], aboard: [0, 2, 0] });
});

test('a moment alone has the same people as in a grid', () => {
  const rides = [10, 20, 30].map((earliest_s) => ride({ earliest_s, pickup_s: earliest_s + 15, dropoff_s: earliest_s + 60 }));
  const moments = [0, 10, 24, 25, 44, 45, 89, 90, 100];
  const { waiting, aboard } = people(rides);
  // Waiting from 10 to 25, 20 to 35 and 30 to 45; aboard from 25 to 70, 35 to 80 and 45 to 90.
  expect(moments.map((t) => waiting.over([t])[0])).toEqual([0, 1, 2, 1, 1, 0, 0, 0, 0]);
  expect(moments.map((t) => aboard.over([t])[0])).toEqual([0, 0, 0, 1, 2, 3, 1, 0, 0]);
});

test('of many lines there are the lowest, the mean and the highest where they have begun', () => {
  // One falls from 100 % to 0 % in 100 s; one holds 50 % from 50 s on.
  const lines = [new Float64Array([0, 1, 100, 0]), new Float64Array([50, 0.5, 100, 0.5])];
  expect(spread(lines, [-1, 0, 50, 75])).toEqual({
    lowest: [null, 100, 50, 25],
    mean: [null, 100, 50, 37.5],
    highest: [null, 100, 50, 50],
  });
});
