import { expect, test } from 'vitest';
import { beginsPoints, meansTables, sourcesAmong, tablesAmong } from './files';

test('tables are known by what their names end with', () => {
  const found = tablesAmong(['case1-Vehicles.CSV', 'nodes.csv', 'notes.txt', 'edges.csv']);
  expect([...found]).toEqual([['vehicles', 0], ['nodes', 1], ['edges', 3]]);
  expect(meansTables(found)).toBe(true);
});

test('requests alone are trips between the stops of a town', () => {
  expect(meansTables(tablesAmong(['requests.csv']))).toBe(false);
  expect(meansTables(tablesAmong(['trips.csv']))).toBe(false);
});

test('GeoJSON of points is told from roads by its geometries', () => {
  const feature = (type: string) => `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type": "${type}"`;
  expect(beginsPoints(feature('Point'))).toBe(true);
  expect(beginsPoints(feature('MultiPoint'))).toBe(true);
  expect(beginsPoints(feature('LineString'))).toBe(false);
  expect(beginsPoints(feature('Point') + feature('LineString'))).toBe(false);
});

test('roads and feeds are known by their names, JSON by how it begins', async () => {
  const file = (name: string, text = '') => new File([text], name);
  const overpass = file('answer.json', '{"version":0.6,"elements":[');
  const scenario = file('town.json', '{"version":1,"name":{"ja":"町","en":"Town"}');
  expect(await sourcesAmong([file('Kyoto.osm.PBF')])).toMatchObject({ roads: { name: 'Kyoto.osm.PBF' } });
  expect(await sourcesAmong([file('feed.zip'), overpass])).toMatchObject({ roads: { name: 'answer.json' }, archive: { name: 'feed.zip' } });
  expect(await sourcesAmong([file('roads.json', '{ "type": "FeatureCollection", "features": []}')])).toBeDefined();
  expect(await sourcesAmong([scenario])).toBeUndefined();
  expect(await sourcesAmong([file('trips.csv', 'request_time,origin')])).toBeUndefined();
});
