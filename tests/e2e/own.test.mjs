// A town's own numbers on the page: trips whose headers differ, of several days, with places outside or swapped; weights of points;
// and a file of a million rows.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { openLab } from './harness.mjs';

const settled = { timeout: 60_000 };
/** Longest time for which the page may not answer while a file is read, milliseconds; the machine of a test may be slow. */
const FROZEN_MS = 1_000;

let lab;
let folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'noriai-own-'));
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

const give = (page, name, text) =>
  page.locator('.drop input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const report = (page) => page.evaluate(() => window.noriai.state.result.report);
const reportAfter = async (page, hash) => {
  await page.waitForFunction((old) => window.noriai.state.result.report.log_hash !== old, hash, settled);
  return report(page);
};
/** Id and place of the first stops of the town. */
const stopsOf = (page, count) =>
  page.evaluate((n) => {
    const { stops, network } = window.noriai.state.town;
    return stops.slice(0, n).map(({ id, node }) => ({ id, lat: network.nodes[node].lat, lng: network.nodes[node].lng }));
  }, count);

test('a file with other headers and two days is asked about, by keys alone, and loads what was said', async () => {
  const page = await open();
  const modelled = await report(page);
  const { date } = await page.evaluate(() => window.noriai.state.settings);
  const [a, b] = await stopsOf(page, 2);
  const rows = [`2026/5/12 10:00,${a.id},${b.id},x`, `2026/5/13 9:00,${b.id},${a.id},x`, `2026/5/13 14:00,${a.id},${b.id},x`];
  await give(page, 'hall.csv', `電話の時間,どこから,どこまで,備考\n${rows.join('\n')}\n`);
  const dialog = page.getByRole('dialog', { name: 'What is in this file?' });
  await dialog.waitFor();
  // Header and samples are shown, needed columns are marked, and nothing loads before they are named.
  assert.deepEqual(await dialog.locator('th').allTextContents(), ['電話の時間', 'どこから', 'どこまで', '備考']);
  assert.equal(await dialog.locator('tbody tr').count(), 3);
  await dialog.getByText('Still needed: Time of the call, Origin (stop), Destination (stop)').waitFor();
  assert.ok(await dialog.getByRole('button', { name: 'Load' }).isDisabled());
  for (const [label, header] of [['Time of the call', '電話の時間'], ['Origin (stop)', 'どこから'], ['Destination (stop)', 'どこまで']]) {
    const select = dialog.getByLabel(label);
    assert.match(await dialog.locator('label', { hasText: label }).textContent(), /needed/);
    await select.focus();
    await select.selectOption(header);
    await page.waitForFunction(() => window.noriai.state.reading === undefined, undefined, settled);
  }
  // The days are known with the times: the one with more rows is offered.
  const day = dialog.getByLabel('Day');
  assert.equal(await day.inputValue(), '2026-05-13');
  assert.equal((await report(page)).log_hash, modelled.log_hash);
  await dialog.getByRole('button', { name: 'Load' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('2 of 2 rows loaded').waitFor();
  const own = await reportAfter(page, modelled.log_hash);
  assert.equal(own.requests, 2);
  await page.getByText('1 rows of other days are left out.').waitFor();
  assert.equal(await page.evaluate(() => window.noriai.state.result.scenario.day.date), '2026-05-13');
  // Another day afterwards, and back to the modelled day.
  await page.locator('.imported').getByLabel('Day').selectOption('2026-05-12');
  assert.equal((await reportAfter(page, own.log_hash)).requests, 1);
  const other = await report(page);
  await page.getByRole('button', { name: 'Back to the modelled demand' }).click();
  assert.equal((await reportAfter(page, other.log_hash)).log_hash, modelled.log_hash);
  assert.equal(await page.evaluate(() => window.noriai.state.settings.date), date);
  assert.deepEqual(page.problems(), []);
});

test('the dialog can be left, is Japanese, fits a phone, and keeps its colours in the dark', async () => {
  const page = await open('?lang=ja', { viewport: { width: 375, height: 720 }, colorScheme: 'dark' });
  const { log_hash } = await report(page);
  await give(page, 'hall.csv', '受付,どこから,どこまで\n8:00,a,b\n');
  const dialog = page.getByRole('dialog', { name: 'このファイルの内容を確かめてください' });
  await dialog.waitFor();
  const box = await dialog.boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 375 && box.height <= 720, JSON.stringify(box));
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 375);
  const [paper, ink] = await dialog.evaluate((element) => {
    const { backgroundColor, color } = getComputedStyle(element);
    return [backgroundColor, color].map((text) => text.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0));
  });
  assert.ok(paper < 150 && ink > 500, `${paper} ${ink}`);
  assert.match(await dialog.getByRole('status').textContent(), /まだ必要な列/);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  assert.equal(await page.evaluate(() => window.noriai.state.asking), undefined);
  await page.waitForTimeout(300);
  assert.equal((await report(page)).log_hash, log_hash);
  assert.deepEqual(page.problems(), []);
});

test('swapped places are noticed and put right, and places outside are listed with line and distance', async () => {
  const page = await open();
  const { log_hash } = await report(page);
  const [a, b] = await stopsOf(page, 2);
  const header = 'request_time,origin_lat,origin_lng,destination';
  // One place near a, and one 0.5 degrees north of it.
  const rows = [`10:00,${a.lng},${a.lat + 0.001},${b.id}`, `11:00,${a.lng},${a.lat + 0.5},${b.id}`];
  await give(page, 'swapped.csv', `${header}\n${rows.join('\n')}\n`);
  const dialog = page.getByRole('dialog', { name: 'What is in this file?' });
  await dialog.getByText('Most places lie in this town only once').waitFor();
  assert.ok(await dialog.getByRole('switch', { name: 'Swap latitude and longitude' }).isChecked());
  await dialog.getByRole('button', { name: 'Load' }).click();
  assert.equal((await reportAfter(page, log_hash)).requests, 1);
  await page.getByText('1 of 2 rows loaded').waitFor();
  await page.getByText('1 places are too far from any stop').waitFor();
  const listed = await page.locator('.outside li').allTextContents();
  assert.equal(listed.length, 1);
  assert.match(listed[0], /^Line 3 Origin \(stop\) \([\d.]+, [\d.]+\) \d+\.\d km from stop \S+$/);
  await page.getByText(/1 places taken to the nearest stop: a walk of \d+ m on average, \d+ m at most/).waitFor();
  assert.deepEqual(page.problems(), []);
});

test('points with a population become the weights of the stops, as a town of its own', async () => {
  const page = await open();
  const before = await report(page);
  const [a, b] = await stopsOf(page, 2);
  await give(page, 'people.csv', `lat,lng,人口総数\n${a.lat},${a.lng},300\n${b.lat},${b.lng},100\n${a.lat + 1},${a.lng},7\n`);
  await page.getByText('Demand comes from 2 points (人口総数, 400 in all), taken to 2 stops').waitFor();
  await page.getByText('1 points (7 in all) are farther than 1 km from any stop and left out').waitFor();
  await reportAfter(page, before.log_hash);
  const { weights, told } = await page.evaluate(() => {
    const { town } = window.noriai.state;
    return { weights: town.stops.slice(0, 2).map(({ weight }) => weight), told: town.assumptions.some(({ en }) => en.includes('people.csv')) };
  });
  assert.ok(told && weights[0] > 0 && weights[1] > 0, JSON.stringify(weights));
  await page.getByLabel('Town', { exact: true }).selectOption('Namie');
  await page.waitForFunction((hash) => window.noriai.state.result.report.log_hash === hash, before.log_hash, settled);
  assert.equal(await page.locator('.weighed').count(), 0);
  // GeoJSON says the same; a file without a point in the town changes nothing.
  const point = (lng, lat, population) => ({ type: 'Feature', properties: { population }, geometry: { type: 'Point', coordinates: [lng, lat] } });
  await give(page, 'people.geojson', JSON.stringify({ type: 'FeatureCollection', features: [point(a.lng, a.lat, 5)] }));
  await page.getByText('Demand comes from 1 points (population, 5 in all), taken to 1 stops').waitFor();
  await give(page, 'far.csv', 'lat,lng,population\n10,10,5\n');
  await page.getByText('“far.csv” has no weights for the stops of this town').waitFor();
  assert.deepEqual(page.problems(), []);
});

test('a million rows are read while the page goes on answering, and the limit of a day is told', async (t) => {
  const page = await open();
  const [a, b] = await stopsOf(page, 2);
  const line = (index) => `${String(7 + (index % 12)).padStart(2, '0')}:${String(index % 60).padStart(2, '0')},${a.lat},${a.lng},${b.lat},${b.lng},1`;
  const file = join(folder, 'million.csv');
  const lines = Array.from({ length: 1_000_000 }, (_, index) => line(index));
  writeFileSync(file, `request_time,origin_lat,origin_lng,destination_lat,destination_lng,passengers\n${lines.join('\n')}\n`);
  // How long the page's thread was away at most, until the trips are there.
  await page.evaluate(() => {
    window.longest_ms = 0;
    let last = performance.now();
    window.beat = setInterval(() => {
      const now = performance.now();
      window.longest_ms = Math.max(window.longest_ms, now - last);
      last = now;
    }, 10);
  });
  const began = performance.now();
  await page.locator('.drop input[type=file]').setInputFiles(file);
  await page.waitForFunction(() => window.noriai.state.trips !== undefined, undefined, { timeout: 120_000 });
  const took_ms = performance.now() - began;
  const { longest_ms, trips, beyond } = await page.evaluate(() => {
    clearInterval(window.beat);
    const { trips } = window.noriai.state;
    return { longest_ms: window.longest_ms, trips: trips.trips.length, beyond: trips.beyond };
  });
  t.diagnostic(`read in ${took_ms.toFixed(0)} ms, the page away for ${longest_ms.toFixed(0)} ms at most`);
  assert.deepEqual([trips, beyond], [100_000, 900_000]);
  assert.ok(longest_ms < FROZEN_MS, `${longest_ms} ms`);
  await page.getByText('A day may have 100,000 calls at most').waitFor();
  assert.deepEqual(page.problems(), []);
});
