// The towns of the page: each is fetched when it is chosen, has vans that move and the controls it needs, and one that cannot be
// fetched leaves the town shown. NORIAI_SCREENSHOT=1 keeps pictures of all of them in www/test-results.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
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
const TOWNS = [
  { id: 'namie', en: 'Namie', ja: '浪江町', vans: 3 },
  { id: 'shiojiri', en: 'Shiojiri', ja: '塩尻市', vans: 4 },
  { id: 'minato_mirai', en: 'Yokohama Minato Mirai', ja: '横浜みなとみらい', vans: 5 },
];

const open = (query, options) => lab.open(query, options);

const report = (page) => page.evaluate(() => window.noriai.state.result.report);
const reportAfter = async (page, hash) => {
  await page.waitForFunction((old) => window.noriai.state.result.report.log_hash !== old, hash, settled);
  return report(page);
};
const choose = (page, town) => page.getByLabel('Town', { exact: true }).selectOption(town);
/** Waits for the figures of a town. */
const shown = (page, name) => page.waitForFunction((en) => window.noriai.state.result?.scenario.name.en === en, name, settled);

test('each town can be chosen, serves its riders with vans that move, and stands in the address', async () => {
  const page = await open();
  const fetched = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  for (const { id, en, vans } of [...TOWNS.slice(1), TOWNS[0]]) {
    await choose(page, en);
    await page.getByRole('heading', { name: `A day in ${en}` }).waitFor(settled);
    await shown(page, en);
    const { vehicles, served, requests } = await report(page);
    assert.equal(vehicles.length, vans);
    assert.ok(served >= 0.9 * requests, `${en}: ${served} of ${requests}`);
    await page.waitForSelector('#map .overlay', settled);
    const positions = [];
    for (const t_s of [10 * 3600, 10.5 * 3600, 11 * 3600]) {
      await page.evaluate((t) => window.noriai.seek(t), t_s);
      await page.waitForFunction((t) => window.noriai.frame?.t_s === t, t_s, settled);
      positions.push(await page.evaluate(() => [...window.noriai.frame.positions]));
    }
    assert.ok(new Set(positions.map(String)).size > 1, `${en}: vans have moved`);
    assert.equal(new URL(page.url()).searchParams.get('town'), id === 'namie' ? null : id);
    await page.getByRole('heading', { name: 'About this town' }).waitFor();
  }
  assert.ok(fetched.some((path) => /shiojiri/.test(path)) && fetched.some((path) => /minato_mirai/.test(path)));
  assert.deepEqual(page.problems(), []);
});

test('the address opens a town, and only that one is fetched', async () => {
  const page = await lab.newPage({ reducedMotion: 'reduce' });
  const fetched = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto(`${lab.url}?lang=ja&town=minato_mirai`);
  await page.getByRole('heading', { name: '横浜みなとみらいの一日' }).waitFor(settled);
  await page.waitForSelector('[data-figure=served_share]', { state: 'attached', ...settled });
  assert.deepEqual(fetched.filter((path) => /namie|shiojiri/.test(path)), []);
  assert.equal(await page.locator('#town').evaluate((select) => select.selectedIndex), 2);
  assert.deepEqual(page.problems(), []);
});

test('a town that cannot be fetched leaves the one shown, and can be tried again', async () => {
  const page = await open();
  const namie = await report(page);
  const file = /shiojiri[^/]*\.json/;
  await page.route(file, (route) => route.abort());
  await choose(page, 'Shiojiri');
  await page.getByText('Shiojiri could not be loaded, so the day shown stays.').waitFor(settled);
  assert.equal((await report(page)).log_hash, namie.log_hash);
  assert.equal(await page.locator('#town').evaluate((select) => select.selectedOptions[0].textContent), 'Namie');
  await page.getByRole('heading', { name: 'A day in Namie' }).waitFor();
  assert.equal(new URL(page.url()).searchParams.get('town'), null);
  // One that is answered with something else is no town either.
  await page.unroute(file);
  await page.route(file, (route) => route.fulfill({ status: 200, contentType: 'application/json', body: '<html>' }));
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await choose(page, 'Shiojiri');
  await page.getByText('Shiojiri could not be loaded').waitFor(settled);
  await page.unroute(file);
  await choose(page, 'Shiojiri');
  await page.getByRole('heading', { name: 'A day in Shiojiri' }).waitFor(settled);
  await shown(page, 'Shiojiri');
  assert.equal(await page.locator('.notice').count(), 0);
});

test('while a town is on its way the select says so, and the last one chosen wins', async () => {
  const page = await open();
  let answer;
  const held = new Promise((resolve) => (answer = resolve));
  await page.route(/shiojiri[^/]*\.json/, async (route) => {
    await held;
    await route.continue();
  });
  await choose(page, 'Shiojiri');
  await page.getByText('on its way…').waitFor();
  await page.getByRole('heading', { name: 'A day in Namie' }).waitFor();
  await choose(page, 'Yokohama Minato Mirai');
  await shown(page, 'Yokohama Minato Mirai');
  answer();
  await page.waitForTimeout(500);
  await page.getByRole('heading', { name: 'A day in Yokohama Minato Mirai' }).waitFor();
  assert.deepEqual(page.problems(), []);
});

test('controls follow the town: days without service, seasons, growth, supervisors', async () => {
  const page = await open('?lang=en&town=minato_mirai');
  const struck = page.getByRole('group', { name: 'Day', exact: true }).locator('s');
  assert.deepEqual(await struck.allTextContents(), ['Mon', 'Sat', 'Sun']);
  const winter = await report(page);
  await page.getByRole('group', { name: 'Season' }).getByRole('button', { name: 'Summer' }).click();
  const summer = await reportAfter(page, winter.log_hash);
  assert.equal(await page.evaluate(() => window.noriai.state.result.scenario.day.date), '2025-08-13');
  assert.equal(summer.requests, winter.requests);
  await page.getByRole('group', { name: 'Service' }).getByRole('button', { name: 'Grown' }).click();
  const grown = await reportAfter(page, summer.log_hash);
  assert.equal(grown.vehicles.filter(({ km }) => km > 0).length, 20);
  assert.ok(grown.served > 3 * summer.served);
  await page.getByRole('slider', { name: 'Supervisors' }).fill('1');
  const watched = await reportAfter(page, grown.log_hash);
  assert.equal(watched.vehicles.filter(({ km }) => km > 0).length, 3, 'a supervisor watches three vans');
  await choose(page, 'Namie');
  await shown(page, 'Namie');
  assert.equal(await page.getByRole('slider', { name: 'Supervisors' }).count(), 0);
  assert.deepEqual(await struck.allTextContents(), ['Sun']);
  assert.deepEqual(page.problems(), []);
});

test('fewer vans run in Shiojiri on a Sunday', async () => {
  const page = await open('?lang=en&town=shiojiri');
  const thursday = await report(page);
  assert.equal(thursday.vehicles.filter(({ km }) => km > 0).length, 4);
  await page.getByRole('group', { name: 'Day', exact: true }).getByRole('button', { name: 'Sun' }).click();
  const sunday = await reportAfter(page, thursday.log_hash);
  assert.equal(sunday.vehicles.filter(({ km }) => km > 0).length, 3);
  await page.getByText('09:00–18:00').waitFor();
});

if (process.env.NORIAI_SCREENSHOT) {
  for (const { id } of TOWNS) {
    test(`pictures of ${id}`, async () => {
      for (const [name, viewport] of [['wide', { width: 1440, height: 900 }], ['narrow', { width: 390, height: 844 }]]) {
        for (const [lang, theme] of [['ja', 'light'], ['ja', 'dark'], ['en', 'light'], ['en', 'dark']]) {
          const page = await open(`?lang=${lang}&theme=${theme}&town=${id}`, { viewport });
          await page.waitForSelector('#map .overlay', settled);
          await page.waitForTimeout(2500);
          await page.screenshot({ path: join(results, `${id}-${name}-${lang}-${theme}.png`) });
          await page.context().close();
        }
      }
    });
  }
}

test('what the town is stands one press away, on a phone too', async () => {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    const page = await open('?lang=en&town=shiojiri', { viewport });
    await page.getByRole('button', { name: 'About this town' }).click();
    await page.waitForFunction(() => document.activeElement.id === 'about');
    const box = await page.locator('#about').boundingBox();
    assert.ok(box.y > 0 && box.y < viewport.height - 40, `${box.y}`);
    await page.locator('p.about').waitFor();
  }
});
