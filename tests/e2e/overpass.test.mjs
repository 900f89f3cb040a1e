// Real roads from a server on this machine that answers as the Overpass API does, well and badly. Nothing is asked before the
// button is pressed, and nothing that goes wrong takes anything away.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { CONTENT_POLICY, listen, openLab, results } from './harness.mjs';

const settled = { timeout: 60_000 };

/** Two crossing roads in Namie, as `out geom` gives them. */
const ways = [
  [[37.49, 140.98], [37.495, 141], [37.5, 141.02]],
  [[37.48, 141], [37.495, 141], [37.51, 141]],
].map((points, way) => ({
  type: 'way',
  id: 100 + way,
  bounds: { minlat: 37.48, minlon: 140.98, maxlat: 37.51, maxlon: 141.02 },
  nodes: points.map((_, index) => (index === 1 ? 7 : 10 * way + index)),
  geometry: points.map(([lat, lon]) => ({ lat, lon })),
  tags: { highway: 'residential' },
}));
const answer = (elements, remark) =>
  JSON.stringify(
    {
      version: 0.6,
      generator: 'Overpass API 0.7.62.8 e802775f',
      osm3s: {
        timestamp_osm_base: '2026-01-01T00:00:00Z',
        copyright: 'The data included in this document is from www.openstreetmap.org. The data is made available under ODbL.',
      },
      elements,
      ...(remark && { remark }),
    },
    null,
    2,
  );
const errorPage = (said) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en"><head><title>OSM3S Response</title></head>
<body><p>The data included in this document is from www.openstreetmap.org.</p>
<p><strong style="color:#FF0000">Error</strong>: ${said} </p></body></html>`;

/** Answers with what the test sets; keeps what it was asked. */
async function openStandIn() {
  const standIn = { asked: [], answer: undefined };
  const { origin, close } = await listen(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    standIn.asked.push({ method: request.method, headers: request.headers, form: new URLSearchParams(Buffer.concat(chunks).toString()) });
    response.setHeader('access-control-allow-origin', '*');
    // On a connection used before, a browser would repeat what got no answer.
    response.shouldKeepAlive = false;
    standIn.answer(response);
  });
  return Object.assign(standIn, { origin, url: `${origin}/api/interpreter`, close });
}

const json = (text) => (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(text);
const html = (status, text, headers = {}) => (response) => response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(text);

let standIn, lab, strict;
before(async () => {
  standIn = await openStandIn();
  const policy = CONTENT_POLICY.replace("connect-src 'self'", `connect-src 'self' ${standIn.origin}`);
  lab = await openLab({ headers: { 'content-security-policy': policy } });
  strict = await openLab();
});
after(async () => {
  await lab.close();
  await strict.close();
  standIn.close();
});
afterEach(async () => {
  for (const { browser } of [lab, strict]) for (const context of browser.contexts()) await context.close();
  standIn.asked.length = 0;
});

const BOX = '140.98, 37.48, 141.02, 37.51';

/** The page with its dialog open, addressed to the stand-in. */
async function openDialog({ options = {}, query, at = lab, box = BOX, server = standIn.url } = {}) {
  const page = await at.open(query, { viewport: { width: 960, height: 720 }, ...options });
  await page.waitForSelector('#map .overlay', settled);
  if (options.isMobile) await page.locator('.tabs button').first().tap();
  await page.locator('.roads-opener').click();
  await page.locator('dialog.dialog').waitFor();
  if (server) await page.locator('#roads-server').fill(server);
  if (box) await page.locator('#roads-box').fill(box);
  return page;
}
const ask = (page) => page.locator('dialog .primary').click();
const outcome = (page, text) => page.locator('dialog .fault', { hasText: text }).waitFor(settled);
const report = (page) => page.evaluate(() => window.noriai.state.result.report);

test('the dialog says what leaves and where to, and nothing leaves before', async () => {
  const page = await openDialog({ server: null, box: null });
  const dialog = page.getByRole('dialog', { name: 'Real roads' });
  assert.equal(await dialog.getByLabel('Address').inputValue(), 'https://overpass-api.de/api/interpreter');
  assert.match(await dialog.textContent(), /the four corners below leave this machine, and go to the address below/);
  // What is written there is what the map shows.
  const [west, south, east, north] = (await dialog.getByLabel('Corners').inputValue()).split(', ').map(Number);
  assert.ok(west < 141 && 141 < east && south < 37.49 && 37.49 < north, 'Namie');
  const width = (east - west) * Math.cos((37.5 * Math.PI) / 180) * 111.195;
  const km2 = width * (north - south) * 111.195;
  const told = Number((await dialog.locator('output').textContent()).replace(/[^\d.]/g, ''));
  assert.ok(Math.abs(told - km2) < 0.02 * km2, `${told} km², and not ${km2}`);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.className), 'roads-opener');
  assert.deepEqual(page.problems(), []);
});

test('only a box of a town’s size and a safe address can be asked', async () => {
  const page = await openDialog();
  const asks = (state) => page.locator(`dialog .primary:${state}`).waitFor();
  const hint = (id, text) => page.locator(`#${id}-hint`, { hasText: text }).waitFor();
  await asks('enabled');
  await page.locator('#roads-box').fill('140, 37, 141, 38');
  await hint('roads-box', 'at most 400 km²');
  await asks('disabled');
  await page.locator('#roads-box').fill('141, 37, 140, 38');
  await hint('roads-box', 'Four numbers are needed');
  await asks('disabled');
  await page.locator('#roads-box').fill(BOX);
  await page.locator('#roads-server').fill('http://example.org/api');
  await hint('roads-server', 'begins with https://');
  await asks('disabled');
  assert.equal(standIn.asked.length, 0);
});

test('roads come with one click: asked as the interface wants it, and a town is made on them', async () => {
  const page = await openDialog();
  standIn.answer = json(answer(ways));
  await ask(page);
  await page.locator('dialog[aria-labelledby=roads-heading]').waitFor({ state: 'detached', ...settled });
  // It has the name of the town whose middle it holds.
  await page.getByRole('heading', { name: 'A day in Namie (OpenStreetMap)' }).waitFor(settled);
  const nodes = await page.evaluate(() => window.noriai.state.town.network.nodes);
  assert.ok(nodes.length >= 5 && nodes.every(({ lat, lng }) => 37.48 <= lat && lat <= 37.51 && 140.98 <= lng && lng <= 141.02), JSON.stringify(nodes));
  await page.locator('.credits a', { hasText: '© OpenStreetMap contributors' }).waitFor(settled);
  assert.equal(standIn.asked.length, 1);
  const [{ method, headers, form }] = standIn.asked;
  assert.equal(method, 'POST');
  assert.equal(headers['content-type'], 'application/x-www-form-urlencoded;charset=UTF-8');
  assert.equal(headers.referer, `${new URL(lab.url).origin}/`, 'the site, and not its address');
  assert.equal(headers.cookie, undefined);
  assert.deepEqual([...form.keys()], ['data']);
  assert.match(form.get('data'), /^\[out:json\]\[timeout:60\];way\["highway"~"[^"]*"\]\["service"!~"[^"]*"\]\(37\.48,140\.98,37\.51,141\.02\);out geom;$/);
  // Nobody else was asked.
  assert.deepEqual(page.foreignRequests, [standIn.url]);
  assert.deepEqual(page.pageErrors, []);
});

const failures = [
  ['too many questions', html(429, errorPage('runtime error: open64: 0 Success /osm3s_osm_base Dispatcher_Client::request_read_and_idx::rate_limited.'), { 'retry-after': '3', 'access-control-expose-headers': 'retry-after' }), 'It may be asked again in 3 s'],
  ['too busy', html(504, errorPage('runtime error: open64: 0 Success /osm3s_osm_base Dispatcher_Client::request_read_and_idx::timeout. The server is probably too busy to handle your request.')), 'The server took too long'],
  ['out of time, with 200', json(answer([], 'runtime error: Query timed out in "query" at line 1 after 61 seconds.')), 'The server took too long'],
  ['cut off midway', (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(answer(ways).slice(0, 300), () => response.destroy());
  }, 'The connection broke off'],
  ['ended midway without a word', json(answer(ways).slice(0, 300)), 'The connection broke off after 1 kB'],
  ['a page to log in', html(200, '<!doctype html><title>Welcome</title>'), 'no answer of the Overpass API'],
  ['no roads', json(answer([])), 'no road for vans'],
  ['not for this site', html(406, '<html><body>Not Acceptable</body></html>'), 'does not answer this site (HTTP 406)'],
  ['a mistake in the question', html(400, errorPage('line 1: parse error: Unknown type "wy"')), 'line 1: parse error: Unknown type "wy"'],
  ['nobody there', (response) => response.destroy(), 'cannot be reached'],
];
test('whatever goes wrong is told with its remedy, in both languages, and nothing is lost', async () => {
  const page = await openDialog();
  const { log_hash } = await report(page);
  for (const [name, respond, said] of failures) {
    standIn.answer = respond;
    await page.locator('dialog .primary:enabled').waitFor(settled);
    await ask(page);
    await outcome(page, said);
    await page.evaluate(() => document.querySelector('.bar [lang=ja]').click());
    await page.locator('dialog .fault', { hasText: /[぀-ヿ一-鿿]/ }).waitFor();
    await page.evaluate(() => document.querySelector('.bar [lang=en]').click());
    await outcome(page, said);
    assert.equal(await page.locator('#roads-box').inputValue(), BOX, name);
    assert.equal((await report(page)).log_hash, log_hash, name);
  }
  assert.equal(standIn.asked.length, failures.length);
  // Asked once more, it works.
  standIn.answer = json(answer(ways));
  await ask(page);
  await page.locator('dialog[aria-labelledby=roads-heading]').waitFor({ state: 'detached', ...settled });
  assert.deepEqual(page.pageErrors, []);
});

test('a server that wants to be left alone is, though the dialog is closed, and another may be asked', async () => {
  const page = await openDialog();
  standIn.answer = html(429, '', { 'retry-after': '600', 'access-control-expose-headers': 'retry-after' });
  await ask(page);
  await outcome(page, '600 s');
  await page.keyboard.press('Escape');
  await page.locator('.roads-opener').click();
  await page.locator('dialog .primary:disabled', { hasText: /Ask in 5\d\d s|Ask in 600 s/ }).waitFor();
  await page.locator('#roads-server').fill(`${standIn.url}?other`);
  await page.locator('dialog .primary:enabled', { hasText: /^\s*Ask\s*$/ }).waitFor();
  await page.locator('#roads-server').fill(standIn.url);
  await page.locator('dialog .primary:disabled').waitFor();
  assert.equal(standIn.asked.length, 1);
});

test('a slow answer shows how much has come, and can be stopped', async () => {
  const page = await openDialog();
  let left;
  const gone = new Promise((resolve) => (left = resolve));
  standIn.answer = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(`{"elements":[${' '.repeat(200_000)}`);
    response.on('close', left);
  };
  await ask(page);
  await page.getByText('201 kB received').waitFor(settled);
  assert.equal(await page.locator('#roads-box').isDisabled(), true);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.locator('dialog .primary:enabled').waitFor();
  await gone;
  assert.equal(await page.locator('dialog .fault').count(), 0);
  // Closing the dialog ends a question too.
  const before = standIn.asked.length;
  const ended = new Promise((resolve) => {
    standIn.answer = (response) => response.on('close', resolve);
  });
  await ask(page);
  await page.getByText('The server is at work').waitFor();
  while (standIn.asked.length === before) await page.waitForTimeout(20);
  await page.keyboard.press('Escape');
  await ended;
  assert.deepEqual(page.pageErrors, []);
});

test('where the hosting site’s content policy forbids it, the directive and what to add are named', async () => {
  const page = await openDialog({ at: strict });
  const { log_hash } = await report(page);
  await ask(page);
  await outcome(page, `can add ${standIn.origin} to its directive connect-src`);
  await page.evaluate(() => document.querySelector('.bar [lang=ja]').click());
  await outcome(page, `connect-src に ${standIn.origin} を加える`);
  assert.equal(standIn.asked.length, 0);
  assert.equal((await report(page)).log_hash, log_hash);
  assert.deepEqual(page.pageErrors, []);
});

test('without a network the public server cannot be reached, and the page says so', async () => {
  const policy = CONTENT_POLICY.replace("connect-src 'self'", "connect-src 'self' https://overpass-api.de");
  const open = await openLab({ headers: { 'content-security-policy': policy } });
  try {
    const page = await openDialog({ at: open, server: null });
    await ask(page);
    await outcome(page, 'overpass-api.de cannot be reached');
  } finally {
    await open.close();
  }
});

test('on a phone the dialog lies within the window, and its keys are its own', async () => {
  const page = await openDialog({ options: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } });
  const box = await page.locator('dialog.dialog').boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.y >= 0 && box.y + box.height <= 844, JSON.stringify(box));
  const cut = await page.locator('dialog *').evaluateAll((all) => all.filter((each) => each.scrollWidth > each.clientWidth + 1 && each.tagName !== 'INPUT' && getComputedStyle(each).display !== 'inline').map((each) => each.className));
  assert.deepEqual(cut, []);
  const playing = await page.evaluate(() => window.noriai.state.playing);
  await page.locator('dialog h2').click();
  await page.keyboard.press('Space');
  assert.equal(await page.evaluate(() => window.noriai.state.playing), playing);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
});

if (process.env.NORIAI_SCREENSHOT) {
  test('pictures of the dialog', async () => {
    for (const [name, viewport] of [['wide', { width: 1440, height: 900 }], ['narrow', { width: 390, height: 844 }]]) {
      for (const [lang, theme] of [['ja', 'light'], ['en', 'dark']]) {
        const page = await openDialog({ options: { viewport, isMobile: name === 'narrow', hasTouch: name === 'narrow' }, query: `?lang=${lang}&theme=${theme}` });
        await page.waitForTimeout(1500);
        await page.screenshot({ path: join(results, `roads-${name}-${lang}-${theme}.png`) });
        standIn.answer = html(504, '');
        await ask(page);
        await page.locator('dialog .fault').waitFor();
        await page.screenshot({ path: join(results, `roads-failed-${name}-${lang}-${theme}.png`) });
        await page.context().close();
      }
    }
  });
}
