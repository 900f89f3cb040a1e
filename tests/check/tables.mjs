// Reading the tables of a run, and what both halves of the check calculate with.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const COLUMNS = {
  'log.csv': 't_s,event,vehicle,request,node,load,energy_kwh',
  'requests.csv':
    'request,channel,called_s,known_s,answer_by_s,earliest_s,latest_pickup_s,latest_dropoff_s,max_ride_s,origin_node,destination_node,seats,' +
    'wheelchairs,children,parcels,direct_s,dwell_s,answer,vehicle,promised_from_s,promised_until_s,limit,missed_by,board_node,' +
    'alight_node,walk_to_s,walk_from_s',
  'nodes.csv': 'node,lat,lng',
  'edges.csv': 'from,to,length_m,time_s',
  'vehicles.csv':
    'vehicle,seats,wheelchair_places,parcel_places,start_node,home_node,shift_begin_s,shift_end_s,capacity_kwh,initial_kwh,' +
    'reserve_kwh,kwh_per_m,kwh_per_s,max_speed_kmh',
  'areas.csv': 'vehicle,node',
  'shifts.csv': 'vehicle,driver,begins_s,ends_s',
  'timetable.csv': 'vehicle,trip,node,departs_s',
  'sessions.csv': 'vehicle,depot,charger,plugged_s,unplugged_s,from_kwh',
  'flows.csv': 't_s,depot,unit,site_kw,stored_kw,energy_kwh,plugged',
  'site.csv':
    't_s,depot,load_kw,standby_kw,solar_kw,wind_kw,free_used_kw,fuel_kw,charge_kw,discharge_kw,import_kw,export_kw,' +
    'buy_yen,sell_yen',
};
const NAMES = new Set('event vehicle request node origin_node destination_node start_node home_node'.split(' '));
for (const name of 'answer limit channel driver from to depot charger unit trip board_node alight_node'.split(' ')) NAMES.add(name);
const MAY_BE_EMPTY = new Set('vehicle request max_ride_s home_node promised_from_s promised_until_s'.split(' '));
for (const name of 'board_node alight_node walk_to_s walk_from_s departs_s shift_begin_s'.split(' ')) MAY_BE_EMPTY.add(name);
for (const name of ['limit', 'missed_by', 'shift_end_s', ...COLUMNS['vehicles.csv'].split(',').slice(8)])
  MAY_BE_EMPTY.add(name);

/** The fields of one line, quoted as RFC 4180 has it. */
const fields = (line) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  );

/** Reads a table: names stay text, times become whole milliseconds, others numbers; an empty field is undefined. */
export function read(folder, file, fail) {
  const [header, ...lines] = readFileSync(join(folder, file), 'utf8').trimEnd().split(/\r?\n/);
  if (header !== COLUMNS[file]) {
    fail(`${file}:1`, 'table', `the columns are not ${COLUMNS[file]}`);
    return [];
  }
  const columns = header.split(',');
  return lines.map((line, index) => {
    const at = `${file}:${index + 2}`;
    const cells = fields(line);
    if (cells.length !== columns.length) fail(at, 'table', `${cells.length} fields, not ${columns.length}`);
    const row = { at };
    columns.forEach((column, i) => {
      const cell = cells[i] ?? '';
      if (cell === '') {
        if (!MAY_BE_EMPTY.has(column)) fail(at, 'table', `no ${column}`);
      } else if (NAMES.has(column)) {
        row[column] = cell;
      } else {
        const isTime = column.endsWith('_s') && column !== 'kwh_per_s';
        row[column] = isTime ? Math.round(Number(cell) * 1000) : Number(cell);
        if (!Number.isFinite(row[column])) fail(at, 'table', `${column} is not a number: ${cell}`);
      }
    });
    return row;
  });
}

export const seconds = (ms) => (ms / 1000).toFixed(3);
export const sum = (values) => values.reduce((total, value) => total + value, 0);
export const share = (part, whole) => (whole > 0 ? part / whole : undefined);
/** Milliseconds as hours. */
export const hours = (ms) => ms / 3_600_000;
