// <noriai-lab> on a portal's page, from the portal's own origin and under the strictest policy: several of them, beside an iframe of the
// laboratory's origin.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { launch, openPortal } from './harness.mjs';

const golden = readFileSync(new URL('../golden/namie.log_hash', import.meta.url), 'utf8').trim();
const settled = { timeout: 60_000 };
const DOCUMENT = '<h1>A portal</h1><p class="long">Above</p>';

let portal, browser;
before(async () => {
  portal = await openPortal();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await portal?.close();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
});

/** The portal with elements in it, each with a finished day; what goes wrong is noted. */
async function shown(body, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on('console', (message) => message.type() === 'error' && page.problems.push(message.text()));
  page.on('pageerror', (error) => page.problems.push(error.message));
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && ![portal.origin, portal.lab].includes(origin)) page.problems.push(request.url());
  });
  await page.goto(portal.page(DOCUMENT + body));
  await page.waitForFunction(() => [...document.querySelectorAll('noriai-lab')].every(({ report }) => report), null, settled);
  return page;
}

/** Whatever breaks the policy is told to the document. */
const violations = (page) => page.evaluate(() => window.violations);
const told = (page, name, id = 'a') =>
  page.evaluate(
    ([name, id]) => window.told.filter((each) => each.name === name && each.id === id).map(({ detail }) => detail),
    [name, id],
  );
const hash = (page, id = 'a') => page.evaluate((id) => document.getElementById(id).report.log_hash, id);
const nextRun = (page, count, id = 'a') =>
  page.waitForFunction(
    ([count, id]) => window.told.filter((each) => each.name === 'run-finished' && each.id === id).length >= count,
    [count, id],
    settled,
  );

test('two elements and an iframe on one page: each its own day, and nothing of the page is touched', async () => {
  const page = await shown(`
    <noriai-lab id="a" town="namie" language="en" theme="light"></noriai-lab>
    <noriai-lab id="b" town="shiojiri" language="ja" theme="dark" panels="figures"></noriai-lab>
    <iframe title="Noriai" sandbox="allow-scripts allow-same-origin" src="${portal.lab}/embed.html?lang=en"></iframe>
  `);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  await frame.waitForFunction(() => window.noriai?.state.result, null, settled);
  assert.equal(await hash(page), golden);
  assert.equal(await frame.evaluate(() => window.noriai.state.result.report.log_hash), golden);
  assert.notEqual(await hash(page, 'b'), golden);
  for (const id of ['a', 'b']) await page.locator(`#${id} canvas.maplibregl-canvas`).waitFor(settled);
  assert.match(await page.locator('#a .headline h2').textContent(), /Namie/);
  assert.match(await page.locator('#b .headline h2').textContent(), /塩尻市/);
  const panels = await page.locator('#b').evaluate(({ shadowRoot }) =>
    ['.try', '.figures', '.day', '.map-panel'].filter((panel) => getComputedStyle(shadowRoot.querySelector(panel)).display !== 'none'),
  );
  assert.deepEqual(panels, ['.figures']);
  // One of them plays; the other stays where it is.
  const before = await page.evaluate(() => document.getElementById('b').time_s);
  await page.evaluate(() => document.getElementById('a').seek(39_960));
  assert.deepEqual(await page.evaluate(() => [document.getElementById('a').time_s, document.getElementById('b').time_s]), [39_960, before]);
  // Keys of the page are the page's.
  await page.locator('body > h1').click();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.getElementById('a').time_s), 39_960);
  await page.locator('#a .slider').focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.evaluate(() => document.getElementById('a').time_s), 40_020);
  const { title, root, styles, heading, stored } = await page.evaluate(() => ({
    title: document.title,
    root: [...document.documentElement.attributes].map(({ name, value }) => `${name}=${value}`),
    styles: document.styleSheets.length + document.adoptedStyleSheets.length,
    heading: getComputedStyle(document.querySelector('h1')).fontFamily,
    stored: localStorage.length + document.cookie.length,
  }));
  assert.deepEqual([title, root, styles, heading, stored], ['Portal', ['lang=fr'], 1, 'serif', 0]);
  assert.equal(await page.evaluate(() => window.noriai), undefined);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.problems, []);
});

test('attributes and properties that change take effect, and wrong ones are told in both languages', async () => {
  const page = await shown('<noriai-lab id="a" language="en" theme="light" policy="nearest"></noriai-lab>');
  const nearest = await hash(page);
  assert.notEqual(nearest, golden);
  const lab = page.locator('#a');
  const set = (name, value) =>
    lab.evaluate((element, [name, value]) => (value === null ? element.removeAttribute(name) : element.setAttribute(name, value)), [name, value]);
  await set('policy', null);
  await nextRun(page, 2);
  assert.equal(await hash(page), golden);
  const paper = () => lab.locator('.bar').evaluate((bar) => getComputedStyle(bar).backgroundColor);
  const light = await paper();
  await set('theme', 'dark');
  await set('language', 'ja');
  await set('panels', 'day');
  await lab.locator('.day .clock').waitFor(settled);
  assert.notEqual(await paper(), light);
  await lab.locator('h2', { hasText: '浪江町' }).first().waitFor(settled);
  await page.waitForFunction(() => getComputedStyle(document.getElementById('a').shadowRoot.querySelector('.figures')).display === 'none');
  await set('town', 'shiojiri');
  await nextRun(page, 3);
  assert.equal((await told(page, 'run-finished')).at(-1).town, 'shiojiri');

  const shiojiri = await hash(page);
  await set('town', 'atlantis');
  await set('policy', 'magic');
  await lab.evaluate((element) => (element.scenario = { ...element.scenario, fleet: { vehicles: [] } }));
  const errors = (await told(page, 'error')).map(({ reasons }) => reasons[0]);
  assert.match(errors[0].en, /^town: there is no "atlantis"; give one of namie, shiojiri, minato_mirai$/);
  assert.match(errors[1].en, /^policy: "magic" cannot be chosen; give one of nearest, insertion/);
  assert.match(errors[2].en, /^fleet/);
  for (const { ja } of errors) assert.match(ja, /[\u3040-\u30ff\u4e00-\u9fff]/);
  assert.equal(await hash(page), shiojiri);

  await lab.evaluate((element) => (element.scenario = { ...element.scenario, seed: 7 }));
  await nextRun(page, 4);
  assert.equal((await told(page, 'run-finished')).at(-1).town, undefined);
  assert.notEqual(await hash(page), shiojiri);
  await page.locator('#a canvas.maplibregl-canvas').waitFor(settled);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(page.problems, []);
});

test('what is looked at is told; a host sets colours and reaches parts; a narrow one is laid out as a phone', async () => {
  const page = await shown('<noriai-lab id="a" class="green narrow" language="en" theme="light" panels="figures day map"></noriai-lab>');
  const lab = page.locator('#a');
  const looks = await lab.evaluate(({ shadowRoot }) => ({
    accent: getComputedStyle(shadowRoot.querySelector('.play')).backgroundColor,
    border: getComputedStyle(shadowRoot.querySelector('.bar')).borderBottomWidth,
    tabs: getComputedStyle(shadowRoot.querySelector('.tabs')).display,
    files: shadowRoot.querySelectorAll('input[type=file], .carry-opener, .roads-opener').length,
    over: shadowRoot.querySelector('.bar').scrollWidth - shadowRoot.querySelector('.bar').clientWidth,
  }));
  assert.deepEqual(looks, { accent: 'rgb(0, 128, 96)', border: '7px', tabs: 'grid', files: 0, over: 0 });
  await lab.getByRole('button', { name: 'Map', exact: true }).click();
  await lab.locator('.vans button').first().click();
  assert.deepEqual((await told(page, 'selection')).at(-1), { van: '1' });
  await page.keyboard.press('Escape');
  assert.equal((await told(page, 'selection')).at(-1), null);
  assert.equal(await page.evaluate(() => window.scrollY), 0);
  assert.deepEqual(page.problems, []);
});

test('an element taken out frees its workers and its map, and begins anew when it is put back', async () => {
  const page = await shown('<noriai-lab id="a" language="en"></noriai-lab>');
  await page.locator('#a canvas.maplibregl-canvas').waitFor(settled);
  const workers = () => page.workers().length;
  assert.ok(workers() > 0);
  const lost = await page.evaluate(async () => {
    const element = document.getElementById('a');
    const gl = element.shadowRoot.querySelector('canvas.maplibregl-canvas').getContext('webgl2');
    // Moved within the page it goes on.
    const inside = element.shadowRoot.querySelector('.stage');
    document.body.prepend(element);
    await new Promise((resolve) => setTimeout(resolve));
    const stays = element.shadowRoot.querySelector('.stage') === inside;
    window.taken = element;
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { stays, lost: gl.isContextLost(), left: element.shadowRoot.childElementCount };
  });
  assert.deepEqual(lost, { stays: true, lost: true, left: 0 });
  await page.waitForFunction(() => window.taken.report === undefined);
  for (let waited = 0; workers() > 1 && waited < 50; waited++) await page.waitForTimeout(100);
  // MapLibre keeps a pool of its own for the next map.
  assert.ok(page.workers().every((worker) => worker.url().includes('map-worker')), page.workers().map((worker) => worker.url()).join());
  await page.evaluate(() => document.body.append(window.taken));
  await nextRun(page, 2);
  assert.equal(await hash(page), golden);
  await page.locator('#a canvas.maplibregl-canvas').waitFor(settled);
  assert.deepEqual(page.problems, []);
});
