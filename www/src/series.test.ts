import { expect, test } from 'vitest';
import { people, sampled } from './series';
import { ride } from './testing';

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
  expect(people(rides, [0, 100, 200, 300])).toEqual({ waiting: [0, 3, 0, 0], aboard: [0, 0, 3, 0] });
});

test('a peak between two times of the grid is not lost, and leaving is no peak', () => {
  const rides = [
    ride({ earliest_s: 110, pickup_s: 120, dropoff_s: 150, passengers: 1, wheelchairs: 0 }),
    ride({ earliest_s: 112, pickup_s: 118, dropoff_s: 120, passengers: 2, wheelchairs: 0 }),
  ];
  // From 112 s to 118 s three wait; at 120 s two get off and one gets on.
  expect(people(rides, [0, 100, 200])).toEqual({ waiting: [0, 3, 0], aboard: [0, 2, 0] });
});
