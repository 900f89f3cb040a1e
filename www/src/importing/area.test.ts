import { expect, test } from 'vitest';
import { boxOf, sizeKm, townArea } from './area';

/** Points every `step` degrees in a box. */
function grid(west: number, south: number, east: number, north: number, step: number): number[] {
  const points: number[] = [];
  for (let lng = west; lng <= east; lng += step) for (let lat = south; lat <= north; lat += step) points.push(lng, lat);
  return points;
}

test('a box is as large as it is on the ground', () => {
  expect(boxOf(new Float64Array([139, 35, 139.5, 34.5, 139.2, 35.25]))).toEqual([139, 34.5, 139.5, 35.25]);
  const [width, height] = sizeKm([139, 60, 140, 61]);
  // Half as wide as high at 60 degrees.
  expect(width).toBeCloseTo(111.2 * Math.cos((60.5 * Math.PI) / 180), 1);
  expect(height).toBeCloseTo(111.2, 1);
});

test('a town is taken whole', () => {
  expect(townArea(new Float64Array(grid(139, 35, 139.2, 35.2, 0.01)))).toBeUndefined();
});

test('of a larger map the densest square is offered', () => {
  const sparse = grid(138, 35, 140, 36, 0.05);
  const dense = grid(139.3, 35.3, 139.38, 35.38, 0.002);
  const [west, south, east, north] = townArea(new Float64Array([...sparse, ...dense]))!;
  expect(west).toBeLessThan(139.3);
  expect(south).toBeLessThan(35.3);
  expect(east).toBeGreaterThan(139.38);
  expect(north).toBeGreaterThan(35.38);
  const [width, height] = sizeKm([west, south, east, north]);
  expect(width).toBeCloseTo(12, 0);
  expect(height).toBeCloseTo(12, 5);
});
