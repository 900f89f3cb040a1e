// What can be taken away from the page and brought back: steps undone, links, and files. Trips of one's own are never in a link, and go
// out one by one only after a question.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { openLab, results } from './harness.mjs';

let lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());
afterEach(async () => {
  for (const context of lab.browser.contexts()) await context.close();
});

const settled = { timeout: 60_000 };
const golden = readFileSync(new URL('../golden/namie.log_hash', import.meta.url), 'utf8').trim();
const open = (query = '?lang=en', options = {}) => lab.open(query, { viewport: { width: 1280, height: 800 }, ...options });
const mapDrawn = (page) => page.waitForSelector('#map .overlay', settled);
const hash = (page) => page.evaluate(() => window.noriai.state.result.report.log_hash);
const becomes = (page, wanted) => page.waitForFunction((hash) => window.noriai.state.result.report.log_hash === hash, wanted, settled);
async function hashAfter(page, old) {
  await page.waitForFunction((hash) => window.noriai.state.result.report.log_hash !== hash, old, settled);
  return hash(page);
}
const button = (page, name) => page.getByRole('button', { name, exact: true });
const vans = (page) => page.getByRole('slider', { name: 'Vans' });

async function drop(page, name, text) {
  const data = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], name));
      return transfer;
    },
    [name, text],
  );
  await page.dispatchEvent('body', 'drop', { dataTransfer: data });
}

/** So many trips of one's own, from the first stop to the second; and two to the third. */
async function bringTrips(page, count = 7) {
  const old = await hash(page);
  const [a, b, c] = await page.evaluate(() => [0, 13, 26].map((index) => window.noriai.state.town.stops[index].id));
  const rows = Array.from({ length: count }, (_, index) => `${9 + index}:10,${a},${index < count - 2 ? b : c},1`);
  await drop(page, 'mine.csv', ['request_time,origin,destination,passengers', ...rows, ''].join('\n'));
  return hashAfter(page, old);
}

// --- Undo and redo -----------------------------------------------------------------------------------------------------

test('what is changed can be undone and done again, by buttons and by keys', async () => {
  const page = await open();
  const first = await hash(page);
  const [undo, redo] = [page.locator('.undo'), page.locator('.redo')];
  assert.deepEqual([await undo.getAttribute('aria-disabled'), await redo.getAttribute('aria-disabled')], ['true', 'true']);
  await button(page, 'One party at a time').click();
  const second = await hashAfter(page, first);
  const own = await bringTrips(page);

  await undo.click();
  await becomes(page, second);
  assert.equal(await page.evaluate(() => window.noriai.state.trips), undefined);
  await undo.click();
  await becomes(page, first);
  assert.equal(await undo.getAttribute('aria-disabled'), 'true');
  assert.ok(await undo.evaluate((element) => element === document.activeElement), 'the focus stays on the button');
  // Ctrl+Y and Ctrl+Shift+Z are the same.
  await page.keyboard.press('Control+y');
  await becomes(page, second);
  await page.keyboard.press('Control+Shift+Z');
  await becomes(page, own);
  assert.equal(await redo.getAttribute('aria-disabled'), 'true');
  await page.keyboard.press('Control+z');
  await becomes(page, second);

  // In a field for text the keys are the field's.
  await page.getByText('More settings').click();
  await page.locator('#seed').focus();
  await page.keyboard.press('Control+z');
  await page.waitForTimeout(300);
  assert.equal(await hash(page), second);
  assert.deepEqual(page.problems(), []);
});

test('moves of a slider are one step, and another town is one', async () => {
  const page = await open();
  const first = await hash(page);
  await vans(page).focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  await page.waitForFunction(() => window.noriai.state.result.scenario.fleet.vehicles.length === 6, null, settled);
  const six = await hash(page);
  await page.locator('#town').selectOption({ label: 'Shiojiri' });
  await hashAfter(page, six);
  assert.match(page.url(), /town=shiojiri/);
  // From the slider too.
  await page.getByRole('slider', { name: 'Vans' }).focus();
  await page.keyboard.press('Control+z');
  await becomes(page, six);
  assert.doesNotMatch(page.url(), /town=/);
  assert.equal(await vans(page).inputValue(), '6');
  await page.keyboard.press('Control+z');
  await becomes(page, first);
  assert.equal(await page.locator('.undo').getAttribute('aria-disabled'), 'true');
  assert.deepEqual(page.problems(), []);
});

// --- Links -------------------------------------------------------------------------------------------------------------

const openDialog = async (page) => {
  await button(page, 'Share and save').click();
  await page.locator('#carry[open]').waitFor();
};
const linkOf = async (page) => {
  await page.waitForFunction(() => document.querySelector('#carry-link')?.value, null, settled);
  return page.locator('#carry-link').inputValue();
};
/** What a link holds, read without the page. */
const held = (link) => JSON.parse(inflateRawSync(Buffer.from(new URL(link).hash.slice('#n1.'.length), 'base64url').subarray(4)).toString());
/** A link with other contents, as somebody might forge it. */
function forged(changes) {
  const deflated = deflateRawSync(Buffer.from(JSON.stringify(changes)));
  let sum = 0x811c9dc5;
  for (const byte of deflated) sum = Math.imul(sum ^ byte, 0x01000193);
  const four = Buffer.alloc(4);
  four.writeUInt32BE(sum >>> 0);
  return `#n1.${Buffer.concat([four, deflated]).toString('base64url')}`;
}
/** A policy of somebody's own. */
const source = `function decide({ requests }) {
  // Who comes first.
  return requests.flatMap(({ places }) => places.slice(0, 1));
}
`;

async function follow(address, options = {}) {
  const page = await lab.newPage({ reducedMotion: 'reduce', ...options });
  await page.goto(address);
  await page.waitForSelector('[data-figure=served_share]', { state: 'attached', ...settled });
  return page;
}

test('a link makes the same day on another page, and holds nothing but changes', async () => {
  const page = await open('?lang=en&town=shiojiri');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  let now = await hash(page);
  await vans(page).fill('3');
  now = await hashAfter(page, now);
  await button(page, 'Replanned').click();
  now = await hashAfter(page, now);
  await page.locator('#tariff').selectOption({ index: 2 });
  await button(page, 'Winter').click();
  now = await hashAfter(page, now);
  await openDialog(page);
  const link = await linkOf(page);
  await button(page, 'Copy').click();
  await page.getByText('Copied.').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
  assert.ok(link.startsWith(`${lab.url}#n1.`) && link.length < lab.url.length + 400, link);
  const { town, settings, log_hash } = held(link);
  assert.equal(town, 'shiojiri');
  assert.equal(settings.vans, 3);
  assert.equal(settings.matching.kind, 'anticipating');
  assert.match(settings.tariff, /^\w+$/, 'a contract by its short name');
  assert.equal(settings.seed, undefined, 'what is the town’s own is not in it');
  assert.equal(log_hash, now);
  assert.deepEqual(page.problems(), []);

  const other = await follow(link);
  assert.equal(await hash(other), now);
  // Prices are not in the record.
  const bill = (of) => of.evaluate(() => window.noriai.state.result.report.sites[0].total_yen);
  assert.equal(await bill(other), await bill(page));
  assert.equal(await other.locator('.notice').count(), 0);
  assert.equal(other.url(), link, 'the address can be passed on');
  assert.equal(await other.locator('.undo').getAttribute('aria-disabled'), 'true');
  // Once something else is set, the address does not claim it any more, and names the town.
  await vans(other).fill('2');
  await hashAfter(other, now);
  assert.equal(other.url(), `${lab.url}?town=shiojiri`);
  assert.deepEqual(other.problems(), []);
});

test('links that cannot be used are told in both languages, with the usual first day', async () => {
  const good = forged({ town: 'namie', settings: { vans: 2 } });
  const cases = [
    [good.replace(/.$/, (letter) => (letter === 'A' ? 'B' : 'A')), /damaged/, /リンクが壊れています/],
    [good.slice(0, -6), /damaged/, /リンクが壊れています/],
    ['#n2.abc', /newer version/, /新しい版/],
    [forged({ town: 'atlantis', settings: {} }), /no town “atlantis”/, /町「atlantis」/],
    [forged({ town: 'shiojiri', settings: { vans: 1e9 } }), /vans: 1000000000 is out of range/, /車の台数 1000000000/],
    [forged({ town: 'shiojiri', settings: { outdoor_c: 900 } }), /day\.outdoor_c: /, /day\.outdoor_c: /],
    [forged({ town: 'namie', settings: { matching: { kind: 'wish' } } }), /does not make a valid day/, /組み立てられない/],
  ];
  for (const [fragment, en, ja] of cases) {
    for (const [lang, words] of [['en', en], ['ja', ja]]) {
      const page = await follow(`${lab.url}?lang=${lang}${fragment}`);
      assert.match(await page.locator('.notice').textContent(settled), words, fragment);
      assert.equal(await hash(page), golden, fragment);
      assert.deepEqual(page.problems(), []);
      await page.context().close();
    }
  }
});

test('another link in the address of an open page is followed; one that is damaged takes nothing away', async () => {
  const page = await open();
  const go = (fragment) => page.evaluate((hash) => (location.hash = hash), fragment);
  await vans(page).fill('5');
  const five = await hashAfter(page, golden);
  await go(forged({ town: 'shiojiri', settings: { vans: 2 }, log_hash: '0000000000000000' }));
  const other = await hashAfter(page, five);
  assert.equal(await page.evaluate(() => window.noriai.state.result.scenario.fleet.vehicles.length), 2);
  assert.match(await page.locator('.notice').textContent(), /not quite the day that was shared/);
  assert.equal(await page.locator('#town').evaluate((select) => select.selectedOptions[0].textContent), 'Shiojiri');
  await go('#n1.AAAA');
  await page.getByText('This link is damaged').waitFor();
  assert.equal(await hash(page), other);
  // The skip link is none, and what was before the link can be had back.
  await go('#figures');
  await page.locator('.undo').click();
  await becomes(page, five);
  assert.deepEqual(page.problems(), []);
});

test('own trips and series are never in a link, and the dialog says so', async () => {
  const page = await open();
  await bringTrips(page);
  await openDialog(page);
  await page.getByText('Your own trips are not in the link').waitFor();
  const link = await linkOf(page);
  assert.deepEqual(held(link), { town: 'namie', settings: {} });
  await page.keyboard.press('Escape');
  const old = await hash(page);
  const load = { name: 'load.csv', mimeType: 'text/csv', buffer: Buffer.from(`kW\n${'12\n'.repeat(24)}`) };
  await page.locator('[data-series=load] input').setInputFiles(load);
  await hashAfter(page, old);
  await openDialog(page);
  await page.getByText('Your own trips and series are not in the link').waitFor();
  assert.deepEqual(held(await linkOf(page)), { town: 'namie', settings: {} });
  const other = await follow(link.replace('#', '?lang=en#'));
  assert.equal(await hash(other), golden);

  // A town of one's own has no link at all.
  const scenario = await page.evaluate(() => JSON.stringify(window.noriai.state.result.scenario));
  await drop(other, 'mine.json', scenario);
  await hashAfter(other, golden);
  await button(other, 'Share and save').click();
  await other.getByText('a link holds no town').waitFor();
  assert.equal(await other.locator('#carry-link').count(), 0);
  assert.deepEqual([...page.problems(), ...other.problems()], []);
});

test('a policy in a link does not run before somebody agrees', async () => {
  const page = await open();
  await button(page, 'Your own').click();
  await page.locator('#editor textarea').fill(source);
  await button(page, 'Run').click();
  await page.waitForFunction((source) => window.noriai.state.result.scenario.policies.matching.source === source, source, settled);
  const own = await hash(page);
  assert.notEqual(own, golden);
  await openDialog(page);
  await page.getByText('The policy that you wrote is in the link').waitFor();
  const link = await linkOf(page);
  assert.equal(held(link).settings.matching.source, source);

  const other = await follow(link);
  const dialog = other.locator('#guest[open]');
  await dialog.waitFor();
  assert.equal(await dialog.locator('pre').textContent(), source);
  assert.equal(await hash(other), golden);
  assert.equal(await other.locator('iframe').count(), 0, 'not even its sandbox is opened');
  assert.ok(await button(other, 'Go on without it').evaluate((element) => element === document.activeElement));
  await button(other, 'Run it').click();
  await becomes(other, own);
  assert.equal(await other.locator('.notice').count(), 0);
  assert.equal(other.url(), link);

  const third = await follow(link);
  await third.locator('#guest[open]').waitFor();
  await third.keyboard.press('Escape');
  await third.locator('#guest').waitFor({ state: 'detached' });
  assert.equal(await hash(third), golden);
  assert.equal(await third.locator('iframe').count(), 0);
  assert.deepEqual([...page.problems(), ...other.problems(), ...third.problems()], []);
});

// --- Files -------------------------------------------------------------------------------------------------------------

/** Presses a file's button and reads what the browser is given. */
async function saved(page, item) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator(`[data-item=${item}]`).click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** Size of a picture, how many colours it has, and which share of it has the one that covers most. */
const seen = (page, bytes) =>
  page.evaluate(
    async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const colours = new Map();
      for (let at = 0; at < data.length; at += 4) {
        const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
        colours.set(colour, (colours.get(colour) ?? 0) + 1);
      }
      const most = Math.max(...colours.values());
      return { width: bitmap.width, height: bitmap.height, colours: colours.size, largest: most / (data.length / 4) };
    },
    bytes.toString('base64'),
  );

test('the day is saved as a scenario, a report and a table of rides, which all open again', async () => {
  const page = await open();
  await vans(page).fill('2');
  const mine = await hashAfter(page, golden);
  await openDialog(page);
  const scenario = await saved(page, 'scenario');
  const report = await saved(page, 'report');
  const rides = await saved(page, 'rides');
  assert.deepEqual([scenario.name, report.name, rides.name], ['namie.json', 'namie-report.json', 'namie-rides.csv']);
  const shown = await page.evaluate(() => window.noriai.state.result);
  const read = JSON.parse(report.bytes);
  for (const [key, value] of Object.entries(shown.report)) assert.deepEqual(read[key], value, key);
  assert.deepEqual(read.policies, shown.scenario.policies);
  assert.deepEqual(read.changes, { town: 'namie', settings: { vans: 2 }, log_hash: mine });
  const log = (await saved(page, 'log')).bytes.toString().trim().split('\n');
  assert.equal(log[0], 't_s,event,vehicle,request,node,load,energy_kwh');
  assert.equal(log.filter((line) => line.split(',')[1] === 'dropoff').length, shown.report.served);
  const lines = rides.bytes.toString().trim().split('\r\n');
  assert.equal(lines.length, 1 + shown.rides.length);
  const row = lines[1].split(',');
  const [first] = shown.rides;
  const stop = (index) => shown.scenario.stops[index].id;
  assert.deepEqual(row.slice(2, 5), [stop(first.origin), stop(first.destination), String(first.passengers + first.wheelchairs)]);
  assert.deepEqual(page.problems(), []);
  await page.context().close();

  const other = await open();
  await drop(other, report.name, report.bytes.toString());
  await becomes(other, mine);
  await drop(other, scenario.name, scenario.bytes.toString());
  await other.waitForFunction(() => window.noriai.state.towns.length === 4, null, settled);
  await other.locator('.undo').click();
  await drop(other, rides.name, rides.bytes.toString());
  await other.getByText(`${shown.rides.length} of ${shown.rides.length} rows loaded`).waitFor(settled);
  assert.equal(await other.evaluate(() => window.noriai.state.result.report.requests), shown.rides.length);
  // A report of a town or of trips of one's own does not hold its day.
  await drop(other, 'other-report.json', JSON.stringify({ ...read, changes: undefined }));
  await other.getByText('does not hold the day that it tells of').waitFor();
  assert.deepEqual(other.problems(), []);
});

test('ways and cells are GeoJSON of the day, and are known when they come back', async () => {
  const page = await open();
  await openDialog(page);
  const ways = await saved(page, 'ways');
  const cells = await saved(page, 'cells');
  const { features } = JSON.parse(ways.bytes);
  const { nodes, km, calls } = await page.evaluate(() => {
    const { scenario, report } = window.noriai.state.result;
    return { nodes: scenario.network.nodes, km: report.vehicle_km, calls: report.requests };
  });
  const least = (name) => Math.min(...nodes.map((node) => node[name])) - 0.01;
  const most = (name) => Math.max(...nodes.map((node) => node[name])) + 0.01;
  const [west, south, east, north] = [least('lng'), least('lat'), most('lng'), most('lat')];
  let metres = 0;
  for (const { geometry, properties } of features) {
    assert.equal(geometry.coordinates.length, properties.times_s.length);
    geometry.coordinates.forEach(([lng, lat], index) => {
      assert.ok(lng > west && lng < east && lat > south && lat < north);
      if (index === 0) return;
      const [lastLng, lastLat] = geometry.coordinates[index - 1];
      metres += Math.hypot((lng - lastLng) * Math.cos((lat * Math.PI) / 180), lat - lastLat) * 111_195;
      assert.ok(properties.times_s[index] > properties.times_s[index - 1]);
    });
  }
  // Corners are cut by some metres.
  assert.ok(metres / 1000 > 0.97 * km && metres / 1000 < 1.001 * km, `${metres / 1000} of ${km} km`);
  const hexagons = JSON.parse(cells.bytes).features;
  assert.equal(hexagons.reduce((sum, { properties }) => sum + properties.calls, 0), calls);
  assert.ok(hexagons.every(({ geometry }) => geometry.coordinates[0].length === 7));
  await page.keyboard.press('Escape');
  await drop(page, ways.name, ways.bytes.toString());
  await page.getByText('was saved here for other programs').waitFor();
  assert.equal(await hash(page), golden);
  assert.deepEqual(page.problems(), []);
});

test('charts and the map are pictures of what the page shows', async () => {
  const page = await open();
  await mapDrawn(page);
  await page.getByRole('switch', { name: 'Demand map' }).click();
  await page.waitForTimeout(1500);
  await openDialog(page);
  const charts = await saved(page, 'charts');
  const map = await saved(page, 'map');
  assert.deepEqual([charts.name, map.name], ['namie-charts.png', 'namie-map.png']);
  const drawn = await seen(page, charts.bytes);
  assert.equal(drawn.width, 1200);
  assert.ok(drawn.height > 3 * 240 && drawn.height < 1200, `${drawn.height}`);
  assert.ok(drawn.colours > 30 && drawn.largest < 0.98, JSON.stringify(drawn));
  const { width, height } = await page.locator('#map canvas.maplibregl-canvas').evaluate(({ width, height }) => ({ width, height }));
  const shown = await seen(page, map.bytes);
  assert.equal(shown.width, width);
  assert.ok(shown.height > height + 48 && shown.height < height + 160);
  assert.ok(shown.colours > 200 && shown.largest < 0.7, JSON.stringify(shown));
  assert.deepEqual(page.problems(), []);
});

// --- Trips of one's own --------------------------------------------------------------------------------------------------

test('single trips are saved only after a question, and cells of few are left out', async () => {
  const page = await open();
  await mapDrawn(page);
  await bringTrips(page);
  await page.getByRole('switch', { name: 'Demand map' }).click();
  await button(page, 'To').click();
  await page.waitForTimeout(1500);
  await openDialog(page);
  await page.getByText('These calls are your own data').waitFor();
  const downloads = [];
  page.on('download', (download) => downloads.push(download.suggestedFilename()));
  const question = page.locator('#singles[open]');
  for (const item of ['scenario', 'charts', 'rides', 'log', 'ways']) {
    await page.locator(`[data-item=${item}]`).click();
    await question.waitFor();
    assert.match(await question.textContent(), /In a small town a single trip is a person/);
    assert.ok(await button(page, 'Do not save').evaluate((element) => element === document.activeElement));
    await page.keyboard.press('Escape');
    await page.locator('#singles').waitFor({ state: 'detached' });
    assert.ok(await page.locator(`[data-item=${item}]`).evaluate((element) => element === document.activeElement), 'the focus goes back');
  }
  await page.waitForTimeout(300);
  assert.deepEqual(downloads, []);
  await page.locator('[data-item=rides]').click();
  const [rides] = await Promise.all([page.waitForEvent('download'), button(page, 'Save it').click()]);
  assert.equal(readFileSync(await rides.path(), 'utf8').trim().split('\r\n').length, 8);

  // Seven trips: five go to one cell, two to another, which is left out, and with it the first, or the sum would tell.
  const counted = await page.evaluate(() => window.noriai.state.cells.map(({ trips }) => trips).sort());
  assert.deepEqual(counted, [2, 5]);
  const cells = JSON.parse((await saved(page, 'cells')).bytes);
  assert.deepEqual(cells.features, []);
  const report = JSON.parse((await saved(page, 'report')).bytes);
  assert.equal(report.requests, 7);
  assert.equal(report.masked_below, 5);
  assert.equal(report.changes, undefined);
  assert.ok(report.series.requests.every((count) => count === 0 || count === null), JSON.stringify(report.series));
  assert.ok(report.sites.every(({ units }) => units.length === 0));
  // The picture is the same at every time of the day, since no van and no cell is on it; the cell where all seven begin is.
  const map = async () => (await saved(page, 'map')).bytes;
  const moments = [];
  for (const t_s of [9.2 * 3600, 13.2 * 3600]) {
    await page.evaluate((t_s) => window.noriai.seek(t_s), t_s);
    await page.waitForTimeout(500);
    moments.push(await map());
  }
  assert.ok(moments[0].equals(moments[1]));
  await page.keyboard.press('Escape');
  await button(page, 'From').click();
  await page.waitForTimeout(1500);
  await openDialog(page);
  const begins = JSON.parse((await saved(page, 'cells')).bytes);
  assert.deepEqual(begins.features.map(({ properties }) => properties.calls), [7]);
  assert.equal(begins.features[0].properties.served, undefined);
  const shown = await map();
  assert.ok(!shown.equals(moments[0]));
  const { width, height } = await seen(page, shown);
  const canvas = await page.locator('#map canvas.maplibregl-canvas').evaluate(({ width, height }) => ({ width, height }));
  assert.ok(width === canvas.width && height > canvas.height + 48);
  assert.deepEqual(page.problems(), []);
});

test('a report of fewer than five trips asks too, and so does a table of what vans did', async () => {
  const page = await open();
  await bringTrips(page, 4);
  await openDialog(page);
  await page.locator('[data-item=report]').click();
  await page.locator('#singles[open]').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await button(page, 'Energy').click();
  const table = page.locator('[data-chart=units]');
  await table.getByRole('button', { name: 'Table' }).click();
  await table.getByRole('button', { name: 'Save as CSV' }).click();
  await page.getByText('“units.csv” tells of single trips').waitFor();
  const [units] = await Promise.all([page.waitForEvent('download'), button(page, 'Save it').click()]);
  assert.match(readFileSync(await units.path(), 'utf8'), /with riders/);
  assert.deepEqual(page.problems(), []);
});

// --- The keyboard --------------------------------------------------------------------------------------------------------

test('the dialog is opened, used and closed by keys, and gives the focus back', async () => {
  const page = await open('?lang=ja');
  const opener = button(page, '共有・保存');
  await opener.focus();
  await page.keyboard.press('Enter');
  await page.locator('#carry[open]').waitFor();
  const link = await linkOf(page);
  const inside = () => page.evaluate(() => document.activeElement.closest('dialog')?.id ?? '');
  const order = [];
  for (let press = 0; press < 12; press++) {
    assert.equal(await inside(), 'carry');
    order.push(await page.evaluate(() => document.activeElement.dataset.item ?? document.activeElement.id ?? ''));
    await page.keyboard.press('Tab');
  }
  assert.deepEqual(order.filter((name) => name !== ''), ['carry-link', 'scenario', 'report', 'map', 'charts', 'rides', 'log', 'ways', 'cells']);
  // Keys of the page are not the dialog's: nothing is undone behind it.
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Escape');
  await page.locator('#carry').waitFor({ state: 'detached' });
  assert.ok(await opener.evaluate((element) => element === document.activeElement));
  assert.match(link, /#n1\./);
  assert.deepEqual(page.problems(), []);
});

test('bar and dialogs fit the narrowest phone in both languages', async () => {
  for (const lang of ['en', 'ja']) {
    const page = await open(`?lang=${lang}`, { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true });
    const opener = page.locator('.carry-opener');
    assert.equal((await opener.textContent()).trim(), lang === 'en' ? 'Share and save' : '共有・保存', 'read aloud, if not seen');
    await opener.tap();
    const box = await page.locator('#carry[open]').boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 320 && box.height <= 640, JSON.stringify(box));
    assert.equal(await page.locator('#carry').evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth), 0);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320);
    await page.context().close();
  }
});

if (process.env.NORIAI_SCREENSHOT) {
  test('pictures of the dialogs and of what is saved', async () => {
    for (const [name, viewport] of [['wide', { width: 1440, height: 900 }], ['narrow', { width: 390, height: 844 }]]) {
      for (const [lang, theme] of [['ja', 'light'], ['en', 'dark'], ['en', 'light'], ['ja', 'dark']]) {
        const narrow = name === 'narrow';
        const page = await open(`?lang=${lang}&theme=${theme}`, { viewport, isMobile: narrow, hasTouch: narrow });
        const picture = (what) => page.screenshot({ path: join(results, `carry-${what}-${name}-${lang}-${theme}.png`) });
        await mapDrawn(page);
        await page.waitForTimeout(1500);
        if (narrow) await page.locator('.tabs button').first().tap();
        await picture('page');
        await page.locator('.carry-opener').click();
        await linkOf(page);
        await picture('dialog');
        for (const item of ['map', 'charts']) {
          const [download] = await Promise.all([page.waitForEvent('download'), page.locator(`[data-item=${item}]`).click()]);
          await download.saveAs(join(results, `carry-file-${item}-${name}-${lang}-${theme}.png`));
        }
        await page.keyboard.press('Escape');
        await bringTrips(page);
        await page.locator('.carry-opener').click();
        await page.waitForTimeout(300);
        await picture('own');
        await page.locator('[data-item=rides]').click();
        await page.waitForTimeout(300);
        await picture('singles');
        await page.context().close();
        const damaged = await follow(`${lab.url}?lang=${lang}&theme=${theme}#n1.AAAA`, { viewport, isMobile: narrow, hasTouch: narrow });
        await damaged.waitForTimeout(1500);
        await damaged.screenshot({ path: join(results, `carry-damaged-${name}-${lang}-${theme}.png`) });
        await damaged.context().close();
        const fragment = forged({ town: 'namie', settings: { matching: { kind: 'script', source } } });
        const guest = await follow(`${lab.url}?lang=${lang}&theme=${theme}${fragment}`, { viewport, isMobile: narrow, hasTouch: narrow });
        await guest.waitForTimeout(1500);
        await guest.screenshot({ path: join(results, `carry-guest-${name}-${lang}-${theme}.png`) });
        await guest.context().close();
      }
    }
  });
}

// --- On paper ----------------------------------------------------------------------------------------------------------

/** Prints from the dialog, up to the browser's own part. */
async function printed(page) {
  await page.evaluate(() => (window.print = () => (window.printed = true)));
  await button(page, 'Share and save').click();
  await button(page, 'Print').click();
  await page.waitForFunction(() => window.printed, null, settled);
}
const onPaper = (page, selector) => page.locator(`#print ${selector}`).allTextContents();

test('the printed report has map, charts, all figures and the hash of the day, in the colours of paper', async () => {
  const page = await open('?lang=en&theme=dark');
  await mapDrawn(page);
  await printed(page);
  const { report, figures } = await page.evaluate(() => ({
    report: window.noriai.state.result.report,
    figures: Object.fromEntries([...document.querySelectorAll('#print tr[data-figure]')].map((row) => [row.dataset.figure, row.cells[1].textContent])),
  }));
  assert.equal(figures.requests, String(report.requests));
  assert.equal(figures.served_share, `${Math.round(100 * report.served_share)}%`);
  assert.equal(figures.vehicle_km, `${Math.round(report.vehicle_km)} km`);
  assert.ok((await onPaper(page, 'code')).includes(golden));
  // Of the printed page nothing is to be seen on the screen, and the theme is what it was.
  assert.equal(await page.locator('#print').isVisible(), false);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  const paper = await page.evaluate(async () => {
    const images = [...document.querySelectorAll('#print img')];
    return images.map((image) => {
      const canvas = new OffscreenCanvas(1, 1);
      const c = canvas.getContext('2d');
      // The lower right corner: the paper around what is drawn.
      c.drawImage(image, image.naturalWidth - 2, image.naturalHeight - 2, 1, 1, 0, 0, 1, 1);
      return [...c.getImageData(0, 0, 1, 1).data.slice(0, 3)].every((light) => light > 200);
    });
  });
  assert.deepEqual(paper, [true, true]);
  // The browser tells when it has printed.
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
  assert.ok(pages >= 3 && pages <= 8, `${pages} pages`);
  assert.deepEqual(await onPaper(page, '*'), []);
  assert.deepEqual(page.problems(), []);
});

test('of own trips, what is printed has no charts and no count of few', async () => {
  const page = await open();
  await mapDrawn(page);
  await bringTrips(page);
  await printed(page);
  assert.equal(await page.locator('#print img').count(), 1);
  assert.equal(await page.locator('#print .print-charts').count(), 0);
  const refused = await page.evaluate(() => window.noriai.state.result.report.refused_by.filter(({ count }) => count > 0).map(({ count }) => count));
  const shown = await onPaper(page, '.print-refused b');
  assert.equal(shown.length, refused.length);
  for (const count of shown) assert.ok(count === 'fewer than 5' || Number(count) >= 5, count);
});
