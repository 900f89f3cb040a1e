import { expect, test } from 'vitest';
import { meansTables, tablesAmong } from './files';

test('tables are known by what their names end with', () => {
  const found = tablesAmong(['case1-Vehicles.CSV', 'nodes.csv', 'notes.txt', 'edges.csv']);
  expect([...found]).toEqual([['vehicles', 0], ['nodes', 1], ['edges', 3]]);
  expect(meansTables(found)).toBe(true);
});

test('requests alone are trips between the stops of a town', () => {
  expect(meansTables(tablesAmong(['requests.csv']))).toBe(false);
  expect(meansTables(tablesAmong(['trips.csv']))).toBe(false);
});
