// Towns from files of one's own: the roads of a map, a feed of timetables, both; what is wrong with a file is told, and whatever
// happens the day shown stays. NORIAI_BIN is the command; without it cargo builds and runs it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openLab, results } from './harness.mjs';
import { zip } from './zip.mjs';

const cargo = ['cargo', 'run', '--quiet', '--bin', 'noriai', '--'];
const [command, ...prefix] = process.env.NORIAI_BIN ? [process.env.NORIAI_BIN] : cargo;
const root = fileURLToPath(new URL('../../', import.meta.url));
const data = join(root, '../shared/data');
const settled = { timeout: 60_000 };

let lab;
let folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'noriai-import-'));
  lab = await openLab();
});
after(async () => {
  await lab.close();
  rmSync(folder, { recursive: true });
});
afterEach(async () => {
  for (const context of lab.browser.contexts()) await context.close();
});

const open = (query, options) => lab.open(query, options);

const drop = (page, files) => page.locator('.drop input[type=file]').setInputFiles(files);
const bytes = (name, content) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) });
/** The day shown is that of the town made last. */
const lived = (page, name) =>
  page.waitForFunction(
    (wanted) => {
      const { result, town, progress, importing } = window.noriai.state;
      return importing?.made && !importing.making && progress === undefined && result?.scenario.network === town.network && town.name.ja === wanted;
    },
    name,
    settled,
  );
const report = (page) => page.evaluate(() => window.noriai.state.result.report);
const panel = (page) => page.getByRole('region', { name: 'A town of your own' });

/** The same town lived through by the command line. */
function natively(scenario) {
  const file = join(folder, 'town.json');
  writeFileSync(file, scenario);
  const { status, stdout, stderr } = spawnSync(command, [...prefix, 'run', file, '--json'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

/** A grid of streets 200 m apart as OpenStreetMap's XML, around 36.7 N, 137.3 E. */
function streets(columns, rows) {
  const id = (column, row) => 1 + column + row * columns;
  const lines = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      lines.push(`<node id="${id(column, row)}" lat="${36.7 + 0.0018 * row}" lon="${137.3 + 0.0022 * column}"/>`);
    }
  }
  const way = (number, ids) =>
    `<way id="${number}">${ids.map((each) => `<nd ref="${each}"/>`).join('')}<tag k="highway" v="residential"/></way>`;
  const range = (count, of) => Array.from({ length: count }, (_, at) => of(at));
  for (let row = 0; row < rows; row++) lines.push(way(row, range(columns, (column) => id(column, row))));
  for (let column = 0; column < columns; column++) lines.push(way(rows + column, range(rows, (row) => id(column, row))));
  return `<?xml version="1.0"?><osm version="0.6">${lines.join('\n')}</osm>`;
}

/** A feed of one line through the grid, six stops, a bus each hour on weekdays of 2026. */
const feed = (stopTimes) =>
  zip({
    'agency.txt': 'agency_id,agency_name,agency_url,agency_timezone\n1,試験町営バス,https://example.org,Asia/Tokyo\n',
    'stops.txt': `stop_id,stop_name,stop_lat,stop_lon\n${[0, 1, 2, 3, 4, 5].map((stop) => `s${stop},停留所${stop},${36.7 + 0.0018 * stop},${137.3 + 0.0022 * stop}`).join('\n')}\n`,
    'routes.txt': 'route_id,agency_id,route_short_name,route_long_name,route_type\nr,1,1,中央線,3\n',
    'calendar.txt':
      'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nw,1,1,1,1,1,0,0,20260101,20261231\n',
    'trips.txt': `route_id,service_id,trip_id\n${[8, 9, 10, 11, 12, 13, 14, 15, 16].map((hour) => `r,w,t${hour}`).join('\n')}\n`,
    'stop_times.txt':
      stopTimes ??
      `trip_id,arrival_time,departure_time,stop_id,stop_sequence\n${[8, 9, 10, 11, 12, 13, 14, 15, 16]
        .flatMap((hour) => [0, 1, 2, 3, 4, 5].map((stop) => `t${hour},${hour}:${String(10 + 2 * stop)}:00,${hour}:${String(10 + 2 * stop)}:00,s${stop},${stop + 1}`))
        .join('\n')}\n`,
  });

test('the roads of a map become a town with vans that move, and the same day as natively', async () => {
  const page = await open();
  await drop(page, [bytes('grid.osm', streets(12, 10))]);
  await lived(page, 'grid');
  const { served, requests, log_hash, vehicles } = await report(page);
  assert.ok(served > 0.9 * requests && requests > 200 && vehicles.length === 10, `${served} of ${requests}`);
  await page.getByRole('heading', { name: 'A day in grid' }).waitFor(settled);
  await panel(page).getByText('km of roads kept, of 22 roads in the file').waitFor();
  const places = [];
  for (const t_s of [10 * 3600, 10.5 * 3600]) {
    await page.evaluate((t) => window.noriai.seek(t), t_s);
    await page.waitForFunction((t) => window.noriai.frame?.t_s === t, t_s, settled);
    places.push(await page.evaluate(() => [...window.noriai.frame.positions]));
  }
  assert.notDeepEqual(places[0], places[1]);
  const made = await page.evaluate(() => window.noriai.state.importing.made.scenario);
  assert.equal(natively(made).log_hash, log_hash);
  assert.deepEqual(page.problems(), []);
});

test('a part of the map, stops farther apart, another name: the town is made again in its place', async () => {
  const page = await open();
  await drop(page, [bytes('grid.osm', streets(12, 10))]);
  await lived(page, 'grid');
  const towns = await page.getByLabel('Town', { exact: true, includeHidden: true }).locator('option').count();
  const before = await page.evaluate(() => window.noriai.state.town.stops.length);
  await panel(page).getByLabel('Name').fill('half');
  await panel(page).getByText('In degrees').click();
  await panel(page).getByLabel('East').fill('137.311');
  await panel(page).getByLabel('A stop within').fill('500');
  await panel(page).getByRole('button', { name: 'Make it again' }).click();
  await lived(page, 'half');
  const after = await page.evaluate(() => window.noriai.state.town);
  assert.ok(after.stops.length < before / 2, `${after.stops.length} stops of ${before}`);
  assert.ok(after.network.nodes.every(({ lng }) => lng < 137.3111));
  await panel(page).getByRole('button', { name: 'Close' }).click();
  assert.equal(await page.getByLabel('Town', { exact: true }).locator('option').count(), towns);
  assert.deepEqual(page.problems(), []);
});

test('a box drawn on the roads is the area', async () => {
  const page = await open();
  await drop(page, [bytes('grid.osm', streets(12, 10))]);
  await lived(page, 'grid');
  const picture = await panel(page).locator('.picture').boundingBox();
  const [x, y] = [picture.x + picture.width / 2, picture.y + picture.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y - 60, { steps: 4 });
  await page.mouse.up();
  const [west, south, east, north] = await page.evaluate(() => window.noriai.state.importing.choice.area);
  // The middle of the picture is that of the grid.
  assert.ok(Math.abs(west - (137.3 + 0.0022 * 5.5)) < 2e-4 && Math.abs(south - (36.7 + 0.0018 * 4.5)) < 2e-4);
  assert.ok(east > west && north > south && east < 137.3 + 0.0022 * 11);
});

test('a feed alone becomes a town on its stops, with its bus beside the vans', async () => {
  const page = await open('?lang=ja');
  await drop(page, [bytes('feed.zip', feed())]);
  await lived(page, '試験町営バス');
  const town = await page.evaluate(() => window.noriai.state.town);
  assert.deepEqual(town.stops.map(({ name }) => name.ja), [0, 1, 2, 3, 4, 5].map((stop) => `停留所${stop}`));
  assert.equal(town.fixed_route.lines.length, 1);
  await page.getByText('バス:1系統、この日9便、1台。').waitFor();
  await page.getByText('「比べる」で「路線バス」を選ぶと').waitFor();
  const vans = await report(page);
  await page.getByRole('region', { name: '自分の町をつくる' }).getByRole('button', { name: '閉じる' }).click();
  await page.getByRole('button', { name: '路線バス', exact: true }).click();
  await page.waitForFunction((hash) => window.noriai.state.result.report.log_hash !== hash, vans.log_hash, settled);
  const bus = await report(page);
  assert.ok(bus.served < vans.served && bus.served > 0, `${bus.served} and ${vans.served}`);
  assert.deepEqual(page.problems(), []);
});

test('a map and a feed together: the feed’s stops on the map’s roads', async () => {
  const page = await open();
  await drop(page, [bytes('grid.osm', streets(12, 10)), bytes('feed.zip', feed())]);
  await lived(page, '試験町営バス');
  const { nodes, stops, calls } = await page.evaluate(() => {
    const { network, stops, fixed_route } = window.noriai.state.town;
    return { nodes: network.nodes.length, stops: stops.length, calls: fixed_route.lines[0].stops.length };
  });
  // The corners of the grid are bends and no junctions.
  assert.deepEqual([nodes, stops, calls], [12 * 10 - 4, 6, 6]);
});

test('a day without service is told with the nearest that has it, and routes are chosen', async () => {
  const page = await open();
  await drop(page, [bytes('feed.zip', feed())]);
  await lived(page, '試験町営バス');
  await panel(page).getByLabel('Day', { exact: true }).fill('2026-06-06');
  await panel(page).getByRole('alert').getByText('2026-06-05').waitFor();
  await panel(page).getByLabel('Day', { exact: true }).fill('2026-06-08');
  await panel(page).getByRole('alert').waitFor({ state: 'detached' });
  await panel(page).getByRole('button', { name: 'Make it again' }).click();
  await page.waitForFunction(() => window.noriai.state.town.day.date === '2026-06-08', undefined, settled);
  await panel(page).getByText('1 of 1 routes that run that day').click();
  await panel(page).getByLabel('中央線').waitFor();
});

test('what is wrong with a file is told in the page’s language, and the day shown stays', async () => {
  const page = await open('?lang=ja');
  const { log_hash } = await report(page);
  const alert = page.getByRole('region', { name: '自分の町をつくる' }).getByRole('alert');
  const wrong = [
    ['cut.osm', streets(5, 5).slice(0, 900), /途中で切れている/],
    ['empty.osm.pbf', '', /空のファイルです/],
    ['picture.osm', '\x89PNG\r\n\x1a\n and the rest of a picture', /PNG の画像/],
    ['page.osm', '<!DOCTYPE html><html><body>Not found</body></html>', /ウェブページ/],
    ['cut.zip', feed().subarray(0, 400), /cut\.zip/],
    ['none.zip', zip({ 'readme.txt': 'nothing' }), /none\.zip/],
    ['fields.geojson', '{"type":"FeatureCollection","features":[]}', /道路/],
  ];
  for (const [name, content, words] of wrong) {
    await drop(page, [{ name, mimeType: 'application/octet-stream', buffer: Buffer.from(content, 'latin1') }]);
    await alert.filter({ hasText: words }).waitFor(settled);
    assert.equal((await report(page)).log_hash, log_hash, name);
  }
  assert.deepEqual(page.problems(), []);
});

test('a file of 2 GB is refused by its size, whatever it is, and the day shown stays', async () => {
  const page = await open();
  const { log_hash } = await report(page);
  for (const [name, where] of [['big.osm.pbf', '#import'], ['big.zip', '#import'], ['big.json', '.notice'], ['big.csv', '.notice']]) {
    const file = join(folder, name);
    writeFileSync(file, '');
    truncateSync(file, 2e9);
    await drop(page, [file]);
    await page.locator(where).getByText('the file has 1908 MB, more than the').waitFor(settled);
    assert.equal((await report(page)).log_hash, log_hash, name);
    rmSync(file);
  }
  assert.deepEqual(page.problems(), []);
});

test('coordinates the wrong way round are told, and read the other way', async () => {
  const page = await open();
  const line = (points) => ({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: points } });
  const at = (column, row) => [36.7 + 0.0018 * row, 137.3 + 0.0022 * column];
  const rows = [0, 1, 2, 3, 4].map((row) => line([0, 1, 2, 3, 4].map((column) => at(column, row))));
  const columns = [0, 1, 2, 3, 4].map((column) => line([0, 1, 2, 3, 4].map((row) => at(column, row))));
  await drop(page, [bytes('swapped.geojson', JSON.stringify({ type: 'FeatureCollection', features: [...rows, ...columns] }))]);
  await panel(page).getByRole('alert').filter({ hasText: 'wrong way round' }).waitFor(settled);
  await panel(page).getByRole('button', { name: 'Read with latitude and longitude swapped' }).click();
  await lived(page, 'swapped');
  const [node] = await page.evaluate(() => window.noriai.state.town.network.nodes);
  assert.ok(Math.abs(node.lat - 36.7) < 0.01 && Math.abs(node.lng - 137.3) < 0.01);
});

test('reading is cancelled at once, and a worker that dies does not take the page with it', async () => {
  const page = await open();
  const { log_hash } = await report(page);
  const large = join(folder, 'large.osm');
  writeFileSync(large, streets(700, 700));
  await drop(page, [large]);
  await panel(page).getByText('Reading…').waitFor(settled);
  await panel(page).getByRole('button', { name: 'Cancel' }).click();
  await panel(page).waitFor({ state: 'detached' });
  assert.equal((await report(page)).log_hash, log_hash);

  await drop(page, [large]);
  await panel(page).getByText('Reading…').waitFor(settled);
  await page.evaluate(() => window.noriai.crashImport());
  await panel(page).getByRole('alert').filter({ hasText: 'Reading failed' }).waitFor();
  assert.equal((await report(page)).log_hash, log_hash);
  await drop(page, [bytes('grid.osm', streets(12, 10))]);
  await lived(page, 'grid');
});

test('keyboard: the focus goes into the panel and back, Escape closes it', async () => {
  const page = await open();
  await drop(page, [bytes('grid.osm', streets(12, 10))]);
  await lived(page, 'grid');
  await page.waitForFunction(() => document.activeElement.id === 'import-heading');
  await page.keyboard.press('Escape');
  await panel(page).waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement.matches('.drop input'));
});

// Files that are not part of the project; where they are absent the test counts as not run.
const extract = join(data, 'osm/helsinki.osm.pbf');
test('an extract of Helsinki, from the file to a day with vans', { skip: !existsSync(extract) && 'not run: ../shared/data is absent' }, async () => {
  const page = await open('?lang=en', { viewport: { width: 1440, height: 900 } });
  await page.waitForSelector('#map .overlay', settled);
  await drop(page, [extract]);
  await lived(page, 'helsinki');
  const { served, requests, log_hash } = await report(page);
  assert.ok(served > 0.95 * requests, `${served} of ${requests}`);
  assert.equal(natively(await page.evaluate(() => window.noriai.state.importing.made.scenario)).log_hash, log_hash);
  if (process.env.NORIAI_SCREENSHOT) await page.screenshot({ path: join(results, 'import-helsinki.png') });
});

const namerikawa = join(data, 'gtfs-jp/city_namerikawa_gtfs.zip');
test('a feed of Namerikawa, from the file to its bus beside vans', { skip: !existsSync(namerikawa) && 'not run: ../shared/data is absent' }, async () => {
  const page = await open('?lang=ja', { viewport: { width: 1440, height: 900 } });
  await page.waitForSelector('#map .overlay', settled);
  await drop(page, [{ name: 'namerikawa.zip', mimeType: 'application/zip', buffer: readFileSync(namerikawa) }]);
  await lived(page, '滑川市');
  const { served, requests } = await report(page);
  assert.ok(served > 0.9 * requests, `${served} of ${requests}`);
  assert.ok(await page.evaluate(() => window.noriai.state.town.fixed_route.lines.length > 5));
  if (process.env.NORIAI_SCREENSHOT) await page.screenshot({ path: join(results, 'import-namerikawa.png') });
});
