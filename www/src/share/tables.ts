// The day as files for other programs: rides as a table, the ways of the vans and the cells of demand as GeoJSON (RFC 7946).
import type { Feature, FeatureCollection, Position } from 'geojson';
import type { Cell, Ride, Scenario } from '../../pkg/noriai.js';
import { csvOf, type Cell as TableCell } from '../energy';
import { EMPTY, RIDERS } from '../map/signs';
import { vehiclesOf } from '../settings';

/** By this a file is known that was made here, for other programs. */
export const MADE_HERE = 'Noriai';

const collection = (name: string, features: Feature[]): string =>
  JSON.stringify({ type: 'FeatureCollection', generator: MADE_HERE, name, features } satisfies FeatureCollection & Record<string, unknown>);

/** Whether a file that begins like this is one of them. */
export const beginsMadeHere = (text: string): boolean => new RegExp(`"generator"\\s*:\\s*"${MADE_HERE}"`).test(text);

/**
 * Every call and what became of it. Times are seconds from midnight; `missed_by` is in people, kWh or metres where the limit is, else in
 * seconds. Its first columns are those of a file of trips, so that it can be read as one.
 */
export function ridesCsv(rides: Ride[], scenario: Scenario): string {
  const vans = vehiclesOf(scenario);
  const stop = (index: number | undefined) => (index === undefined ? '' : scenario.stops[index]!.id);
  const van = (index: number | undefined) => (index === undefined ? '' : vans[index]!.id);
  const number = (value: number | undefined) => (value === undefined ? '' : { value, digits: 3 });
  const yes = (value: boolean) => (value ? 'yes' : 'no');
  const columns: [string, (ride: Ride) => TableCell][] = [
    ['request_time', (ride) => number(ride.known_s)],
    ['earliest', (ride) => number(ride.earliest_s)],
    ['origin', (ride) => stop(ride.origin)],
    ['destination', (ride) => stop(ride.destination)],
    ['passengers', (ride) => number(ride.passengers + ride.wheelchairs)],
    ['wheelchairs', (ride) => number(ride.wheelchairs)],
    ['parcels', (ride) => number(ride.parcels)],
    ['answer', (ride) => (ride.served ? 'served' : 'refused')],
    ['vehicle', (ride) => van(ride.vehicle)],
    ['promised_from_s', (ride) => number(ride.promised_from_s)],
    ['promised_until_s', (ride) => number(ride.promised_until_s)],
    ['pickup_s', (ride) => number(ride.pickup_s)],
    ['dropoff_s', (ride) => number(ride.dropoff_s)],
    ['direct_s', (ride) => number(ride.direct_s)],
    ['shared', (ride) => yes(ride.shared)],
    ['board', (ride) => stop(ride.board)],
    ['alight', (ride) => stop(ride.alight)],
    ['walk_to_s', (ride) => number(ride.walk_to_s)],
    ['walk_from_s', (ride) => number(ride.walk_from_s)],
    ['limit', (ride) => ride.limit ?? ''],
    ['nearest', (ride) => van(ride.nearest)],
    ['missed_by', (ride) => number(ride.missed_by)],
  ];
  return csvOf({ head: columns.map(([name]) => name), rows: rides.map((ride) => columns.map(([, value]) => value(ride))) });
}

/** Where the vans are at a moment; one array for all of them each, longitude and latitude in turn. */
export interface Moment {
  positions: Float64Array;
  headings: Float32Array;
  states: Uint8Array;
  loads: Uint8Array;
}

/** How far apart the moments are that ways are made of, seconds; with many vans farther, so that they stay within so many. */
const STEP_S = 5;
const MOST_MOMENTS = 2_000_000;

interface Leg {
  load: number;
  times_s: number[];
  way: Position[];
}

/**
 * A line for each stretch that a van drives with as many aboard, with the times of its points. Points are those where its heading has
 * changed from one moment to the next.
 */
export function waysGeoJson(scenario: Scenario, at: (t_s: number) => Moment, begin_s: number, end_s: number): string {
  const vans = vehiclesOf(scenario);
  const step_s = Math.max(STEP_S, Math.ceil(((end_s - begin_s) * vans.length) / MOST_MOMENTS));
  const features: Feature[] = [];
  const legs: (Leg | undefined)[] = vans.map(() => undefined);
  const close = (van: number) => {
    const leg = legs[van];
    legs[van] = undefined;
    if (!leg || leg.way.length < 2) return;
    const { load, times_s, way } = leg;
    features.push({
      type: 'Feature',
      properties: { vehicle: vans[van]!.id, aboard: load, from_s: times_s[0], until_s: times_s.at(-1), times_s },
      geometry: { type: 'LineString', coordinates: way },
    });
  };
  let before: { t_s: number; moment: Moment } | undefined;
  for (let t_s = begin_s; t_s < end_s + step_s; t_s += step_s) {
    const now = { t_s: Math.min(t_s, end_s), moment: at(Math.min(t_s, end_s)) };
    vans.forEach((_, van) => {
      const state = now.moment.states[van];
      const drives = state === EMPTY || state === RIDERS;
      const load = now.moment.loads[van]!;
      const leg = legs[van];
      if (leg) {
        if (before && before.moment.headings[van] !== now.moment.headings[van]) add(leg, before, van);
        if (!drives || leg.load !== load) {
          add(leg, now, van);
          close(van);
        }
      }
      if (!drives || legs[van]) return;
      const first: Leg = { load, times_s: [], way: [] };
      legs[van] = first;
      add(first, leg ? now : (before ?? now), van);
    });
    before = now;
  }
  legs.forEach((leg, van) => {
    if (leg && before) add(leg, before, van);
    close(van);
  });
  return collection('ways', features);
}

/** The place of a van, unless it is there already. */
function add({ times_s, way }: Leg, { t_s, moment }: { t_s: number; moment: Moment }, van: number): void {
  const place = [degrees(moment.positions[2 * van]!), degrees(moment.positions[2 * van + 1]!)];
  const last = way.at(-1);
  if (last && last[0] === place[0] && last[1] === place[1]) return;
  way.push(place);
  times_s.push(t_s);
}

/** Ten centimetres are enough. */
const degrees = (value: number): number => Number(value.toFixed(6));

/** The hexagons of the demand map. What was served of few calls is not told where calls are people's own. */
export function cellsGeoJson(cells: Cell[], own: boolean): string {
  return collection(
    'cells',
    cells.map(({ id, ring, trips, served, refused }) => ({
      type: 'Feature',
      properties: { id, calls: trips, ...(!own && { served, refused }) },
      geometry: { type: 'Polygon', coordinates: [ring] },
    })),
  );
}
