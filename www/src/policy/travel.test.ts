import { expect, test } from 'vitest';
import { travelling } from './travel';

// Three nodes; vans are sent to the first and the last. The second van drives at most 12 km/h.
const capacity = { seats: 4, wheelchairs: 0, parcels: 0 };
const town = {
  nodes: [
    [0, 0],
    [0, 1],
    [0, 2],
  ] as [number, number][],
  stops: [0, 2],
  depots: [],
  vans: [
    { name: 'quick', capacity },
    { name: 'slow', capacity, max_speed_kmh: 12 },
  ],
  opens_s: 0,
  closes_s: 0,
};
const travel = travelling(
  {
    targets: new Uint32Array([0, 2]),
    times_s: new Float64Array([0, 10, 20, 30, 40, 0]),
    slow: [{ max_speed_kmh: 12, times_s: new Float64Array([0, 11, 21, 31, 41, 0]) }],
  },
  town,
);

test('driving times are those of the roads, or of a van', () => {
  expect([travel(1, 0), travel(1, 2), travel(2, 2)]).toEqual([10, 40, 0]);
  expect([travel(1, 2, 0), travel(1, 2, 1), travel(2, 0, 1)]).toEqual([40, 41, 21]);
});

test('nodes and vehicles that are none are told', () => {
  expect(() => travel(0, 1)).toThrow('node 1 is neither a stop nor a depot');
  expect(() => travel(3, 0)).toThrow('there is no node 3');
  expect(() => travel(0, 2, 2)).toThrow('there is no vehicle 2');
});
