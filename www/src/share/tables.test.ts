import { expect, test } from 'vitest';
import type { Cell, Report } from '../../pkg/noriai.js';
import { EMPTY, IDLE, RIDERS } from '../map/signs';
import { ride, town } from '../testing';
import { reportIn, reportJson } from './report';
import { beginsMadeHere, cellsGeoJson, ridesCsv, waysGeoJson, type Moment } from './tables';

test('rides are a table that begins as a file of trips', () => {
  const rides = [
    ride({ vehicle: 1, pickup_s: 32500.25, dropoff_s: 32700, wheelchairs: 1, shared: true }),
    ride({ request: 1, served: false, limit: 'wait', nearest: 0, missed_by: 60 }),
  ];
  const [head, first, second, end] = ridesCsv(rides, town).split('\r\n');
  expect(head).toMatch(/^request_time,earliest,origin,destination,passengers,wheelchairs,parcels,answer,vehicle,/);
  expect(first).toBe('32400,32400,a,b,2,1,0,served,2,,,32500.25,32700,120,yes,,,0,0,,,');
  expect(second).toBe('32400,32400,a,b,1,0,0,refused,,,,,,120,no,,,0,0,wait,1,60');
  expect(end).toBe('');
});

/** One van that drives north from 10 s to 30 s, then east until 50 s, with a rider from 20 s on; the other stands. */
function at(t_s: number): Moment {
  const north = Math.min(Math.max(t_s - 10, 0), 20) / 1000;
  const east = Math.min(Math.max(t_s - 30, 0), 20) / 1000;
  return {
    positions: Float64Array.of(141 + east, 37 + north, 141, 37),
    headings: Float32Array.of(t_s <= 30 ? 0 : 90, 0),
    states: Uint8Array.of(t_s < 10 || t_s >= 50 ? IDLE : t_s < 20 ? EMPTY : RIDERS, IDLE),
    loads: Uint8Array.of(t_s >= 20 && t_s < 50 ? 1 : 0, 0),
  };
}

test('ways are lines by who is aboard, with a point at each turn', () => {
  const { features } = JSON.parse(waysGeoJson(town, at, 0, 60));
  expect(features.map(({ properties }: { properties: object }) => properties)).toEqual([
    { vehicle: '1', aboard: 0, from_s: 5, until_s: 20, times_s: [5, 20] },
    { vehicle: '1', aboard: 1, from_s: 20, until_s: 50, times_s: [20, 30, 50] },
  ]);
  expect(features[1].geometry).toEqual({ type: 'LineString', coordinates: [[141, 37.01], [141, 37.02], [141.02, 37.02]] });
});

test('a day of many vans is looked at less often, and a line under way at the end is closed', () => {
  const often: number[] = [];
  const many = { ...town, fleet: { vehicles: Array.from({ length: 2000 }, (_, index) => ({ ...town.fleet.vehicles[0]!, id: `${index}` })) } };
  const moment = (t_s: number): Moment => {
    often.push(t_s);
    const states = new Uint8Array(2000);
    states[0] = EMPTY;
    return { positions: new Float64Array(4000).fill(t_s / 1e5), headings: new Float32Array(2000), states, loads: new Uint8Array(2000) };
  };
  const { features } = JSON.parse(waysGeoJson(many, moment, 0, 86_400));
  expect(often.length * 2000).toBeLessThan(2_100_000);
  expect(often.at(-1)).toBe(86_400);
  expect(features).toHaveLength(1);
  expect(features[0].properties.until_s).toBe(86_400);
});

test('cells of own trips do not tell who was refused', () => {
  const cells = [{ id: '8a', ring: [[0, 0]], trips: 7, served: 6, refused: 1 }] as unknown as Cell[];
  const properties = (own: boolean) => JSON.parse(cellsGeoJson(cells, own)).features[0].properties;
  expect(properties(false)).toEqual({ id: '8a', calls: 7, served: 6, refused: 1 });
  expect(properties(true)).toEqual({ id: '8a', calls: 7 });
});

test('what was made here for other programs is known by its beginning', () => {
  expect(beginsMadeHere(cellsGeoJson([], false))).toBe(true);
  expect(beginsMadeHere('{"type":"FeatureCollection","generator":"overpass-ide"}')).toBe(false);
});

const series = { requests: [1], served: [1] };
const report = { requests: 1, served: 1, refused_by: [], vehicles: [], sites: [], series, log_hash: 'ab' } as unknown as Report;

test('a report says what makes its day, and is known again', () => {
  const changes = { town: 'namie', settings: { vans: 2 } };
  const text = reportJson(report, town, changes);
  expect(JSON.parse(text)).toMatchObject({ requests: 1, town: 'Town', seed: 1, policies: town.policies, supervision: null });
  expect(reportIn(text)).toEqual({ town: 'Town', changes: { ...changes, log_hash: 'ab' } });
  expect(reportIn(reportJson(report, town, undefined))).toEqual({ town: 'Town' });
  expect(reportIn(text.replace('"settings"', '"sittings"'))).toEqual({ town: 'Town' });
  for (const other of [JSON.stringify(town), '{"log_hash": 1}', '{"log_hash": "ab"', '["log_hash"]']) {
    expect(reportIn(other), other).toBeUndefined();
  }
});

test('a report of trips of one’s own is masked', () => {
  const trip = { origin: 'a', destination: 'b' } as never;
  const own = { ...town, demand: { factor: 1, trips: [trip] } };
  expect(JSON.parse(reportJson(report, own, undefined))).toMatchObject({ masked_below: 5, series: { requests: [null] } });
});
