// A large day on the page: plain tables, as `noriai generate` writes them, opened and lived through. How fast that is, is measured
// by tests/bench/browser.mjs. NORIAI_BIN is the command; without it cargo builds and runs it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openLab } from './harness.mjs';

const VANS = 300;
const TABLES = ['nodes', 'edges', 'requests', 'vehicles'].map((name) => `${name}.csv`);
const long = { timeout: 240_000 };

const folder = mkdtempSync(join(tmpdir(), 'noriai-large-'));
const cargo = ['cargo', 'run', '--quiet', '--locked', '--bin', 'noriai', '--'];
const [command, ...prefix] = process.env.NORIAI_BIN ? [process.env.NORIAI_BIN] : cargo;
function noriai(...args) {
  const cwd = fileURLToPath(new URL('../../', import.meta.url));
  const { status, stdout, stderr, error } = spawnSync(command, [...prefix, ...args], { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  assert.equal(status, 0, error?.message ?? stderr);
  return stdout;
}

let lab;
let report;
before(async () => {
  noriai('generate', '--requests', '5000', '--vehicles', String(VANS), '--seed', '1', '--nodes', '800', '--out', folder);
  report = JSON.parse(noriai('run', '--case', folder, '--json'));
  lab = await openLab();
});
after(async () => {
  rmSync(folder, { recursive: true });
  await lab.close();
});
afterEach(async () => {
  for (const context of lab.browser.contexts()) await context.close();
});

async function open(options = {}) {
  const page = await lab.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', ...options });
  await page.goto(`${lab.url}?lang=en`);
  await page.waitForSelector('#map .overlay', long);
  return page;
}

/** Drops files on the page. */
async function drop(page, files) {
  const transfer = await page.evaluateHandle((contents) => {
    const data = new DataTransfer();
    for (const [name, text] of contents) data.items.add(new File([text], name));
    return data;
  }, files);
  await page.dispatchEvent('#map', 'drop', { dataTransfer: transfer });
}

const table = (name) => [name, readFileSync(join(folder, name), 'utf8')];

/** Opens the large day. */
async function openLarge(options) {
  const page = await open(options);
  await page.locator('.drop input[type=file]').setInputFiles(TABLES.map((name) => join(folder, name)));
  await page.waitForFunction((vans) => window.noriai.state.result.report.vehicles.length === vans, VANS, long);
  return page;
}

/** How many small signs the next frame draws. */
const signsDrawn = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const { drawImage } = CanvasRenderingContext2D.prototype;
        let signs = 0;
        CanvasRenderingContext2D.prototype.drawImage = function (...args) {
          signs += 1;
          return drawImage.apply(this, args);
        };
        window.noriai.seek(window.noriai.t_s);
        requestAnimationFrame(() => {
          CanvasRenderingContext2D.prototype.drawImage = drawImage;
          resolve(signs);
        });
      }),
  );

test('four tables are the day of the command line, and all vans are drawn', async () => {
  const page = await openLarge();
  const shown = await page.evaluate(() => window.noriai.state.result.report);
  assert.equal(shown.log_hash, report.log_hash);
  assert.equal(await page.locator('[data-figure=served_share] .value b').textContent(), (100 * report.served_share).toFixed(0));
  // Small ones and waiting riders on the map as a whole; names again from near.
  await page.getByRole('button', { name: 'Whole town' }).click();
  await page.waitForFunction(() => window.noriai.state.crowded, null, long);
  const waiting = await page.evaluate(() => {
    const { frame, state } = window.noriai;
    return new Set([...frame.waiting].map((request) => state.result.rides[request].origin)).size;
  });
  // While the map settles, it has them drawn once more for itself.
  let drawn = 0;
  for (let tries = 0; tries < 50 && drawn !== VANS + waiting; tries++) drawn = await signsDrawn(page);
  assert.equal(drawn, VANS + waiting);
  for (let click = 0; click < 5 && (await page.evaluate(() => window.noriai.state.crowded)); click++) {
    await page.getByRole('button', { name: 'Closer' }).click();
    await page.waitForTimeout(300);
  }
  await page.waitForFunction(() => !window.noriai.state.crowded, null, long);
  assert.equal(await signsDrawn(page), 0);
  assert.deepEqual(page.problems(), []);
});

test('it plays at every speed, and all people stay counted', async () => {
  const page = await openLarge();
  for (const speed of ['60×', '600×']) {
    await page.evaluate(() => window.noriai.seek(1_800));
    await page.getByRole('group', { name: 'Speed' }).getByRole('button', { name: speed, exact: true }).click();
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.waitForFunction(() => window.noriai.t_s > 2_000, null, long);
    const pause = page.getByRole('button', { name: 'Pause', exact: true });
    if (await pause.count()) await pause.click();
  }
  const { t_s, aboard, legend } = await page.evaluate(async () => {
    window.noriai.seek(2_400);
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const legend = [...document.querySelectorAll('.chart-legend b')].map((b) => Number(b.textContent.replace(',', '')));
    return { t_s: window.noriai.t_s, aboard: [...window.noriai.frame.loads].reduce((sum, load) => sum + load, 0), legend };
  });
  assert.equal(t_s, 2_400);
  assert.ok(aboard > 100);
  assert.equal(legend[1], aboard);
  assert.deepEqual(page.problems(), []);
});

test('of many vans one is found by its name, by the keyboard, and followed', async () => {
  const page = await openLarge();
  const row = page.getByRole('group', { name: 'Vans' });
  assert.ok((await row.getByRole('button').count()) < 50);
  await page.getByText(`${VANS} of ${VANS} vans`).waitFor();
  const { id } = report.vehicles[VANS - 1];
  await page.getByRole('searchbox', { name: 'Find a van' }).fill(id);
  await row.getByRole('button', { name: new RegExp(`Van ${id}:`) }).press('Enter');
  await page.getByRole('heading', { name: `Van ${id}` }).waitFor();
  assert.equal(await page.evaluate(() => window.noriai.state.detail.van), VANS - 1);
  // The row scrolls to the last without a search.
  await page.getByRole('searchbox', { name: 'Find a van' }).fill('');
  await page.getByText(`${VANS} of ${VANS} vans`).waitFor();
  await row.evaluate((element) => (element.scrollLeft = element.scrollWidth));
  await row.getByRole('button', { name: new RegExp(`Van ${id}:`) }).waitFor();
  assert.deepEqual(page.problems(), []);
});

test('a missing table is named, with what to do; a wrong one is told with its lines', async () => {
  const page = await open();
  const { log_hash } = await page.evaluate(() => window.noriai.state.result.report);
  await drop(page, [table('nodes.csv'), table('edges.csv'), table('requests.csv')]);
  await page.getByText('there is no vehicles.csv. Drop nodes.csv, edges.csv, requests.csv and vehicles.csv together').waitFor();
  await drop(page, [table('nodes.csv'), table('edges.csv'), table('requests.csv'), ['vehicles.csv', 'id,node,cap\n1,nowhere,4\n2,0,many\n']]);
  await page.getByText('These tables do not make a town').waitFor();
  const listed = (await page.locator('.notice li').allTextContents()).join('\n');
  assert.match(listed, /vehicles:2\.node: “nowhere” is not a node/);
  assert.match(listed, /vehicles:3\.cap: “many” must be a whole number/);
  assert.equal(await page.evaluate(() => window.noriai.state.result.report.log_hash), log_hash);
  assert.deepEqual(page.problems(), []);
});
