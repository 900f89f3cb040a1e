import { expect, test } from 'vitest';
import { front, scale, spread, type Place } from './pareto';

/** Beaten by nobody, asked one by one. */
const unbeaten = (places: Place[]): Place[] =>
  places.filter((a) => !places.some((b) => b.x <= a.x && b.y >= a.y && (b.x < a.x || b.y > a.y)));

const sorted = (places: Place[]) => places.map(({ x, y }) => [x, y]).sort(([a, b], [c, d]) => a! - c! || b! - d!);

test('the front is what brute force finds, among equal ones too', () => {
  let state = 7;
  const random = (most: number) => (state = (state * 48_271) % 2_147_483_647) % most;
  for (let round = 0; round < 300; round++) {
    // Few values, so that many are equal.
    const places = Array.from({ length: random(12) }, () => ({ x: random(6), y: random(6) }));
    expect(sorted(front(places)), JSON.stringify(places)).toEqual(sorted(unbeaten(places)));
  }
});

test('the front leads from the least x on', () => {
  const places = [
    { x: 5, y: 9 },
    { x: 1, y: 3 },
    { x: 2, y: 2 },
    { x: 3, y: 7 },
  ];
  expect(front(places)).toEqual([places[1], places[3], places[0]]);
});

test('sizes are spread evenly, with both ends', () => {
  expect(spread(1, 6, 6)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(spread(2, 20, 4)).toEqual([2, 8, 14, 20]);
  expect(spread(3, 3, 6)).toEqual([3]);
});

test('a scale has round numbers within its ends', () => {
  expect(scale(0.13, 0.98, 4)).toEqual([0.5]);
  expect(scale(0.1, 1, 5)).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
  expect(scale(310, 1240, 4)).toEqual([500, 1000]);
});
