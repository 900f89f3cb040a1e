// Map tiles from a server on this machine, and in the place of the public ones: asked for only after a yes, with their names on the
// map, and told where they cannot be had.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import { CONTENT_POLICY, listen, openLab, results } from './harness.mjs';

const settled = { timeout: 60_000 };
const SIZE = 256;

/** A tile as maps have them: land, wood, a river, a road, lettering, and its edges so that tiles can be told apart. */
function tile(z, x, y) {
  const colourAt = (px, py) => {
    if (px === 0 || py === 0) return [200, 60, 60];
    if (Math.abs(px - py) < 4) return [255, 255, 255];
    if (Math.abs(px - py) < 6) return [150, 150, 150];
    if (Math.abs(128 + 40 * Math.sin(px / 40) - py) < 14) return [170, 211, 240];
    // One stroke for each of z, x and y's last digits.
    const digits = [z, x % 10, y % 10];
    const row = Math.floor((py - 20) / 16);
    if (row >= 0 && row < 3 && (py - 20) % 16 < 10 && px >= 20 && (px - 20) % 8 < 3 && (px - 20) / 8 < digits[row]) return [40, 40, 40];
    if ((px - 190) ** 2 + (py - 70) ** 2 < 1600) return [200, 225, 185];
    return [245, 243, 236];
  };
  const rows = Buffer.alloc(SIZE * (1 + 3 * SIZE));
  for (let py = 0; py < SIZE; py++) for (let px = 0; px < SIZE; px++) rows.set(colourAt(px, py), py * (1 + 3 * SIZE) + 1 + 3 * px);
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

const PLACES = /\/(\d+)\/(\d+)\/(\d+)\.png$/;
const drawn = (url) => tile(...PLACES.exec(new URL(url).pathname).slice(1).map(Number));

let standIn, lab, strict;
before(async () => {
  const { origin, close } = await listen((request, response) => {
    standIn.asked.push(request.url);
    standIn.referrers.add(request.headers.referer);
    response.writeHead(200, { 'content-type': 'image/png', 'access-control-allow-origin': '*', 'cache-control': 'max-age=600' });
    response.end(drawn(`http://tiles${request.url}`));
  });
  standIn = { asked: [], referrers: new Set(), origin, template: `${origin}/{z}/{x}/{y}.png`, close };
  const outside = `connect-src 'self' ${origin} https://cyberjapandata.gsi.go.jp https://tile.openstreetmap.org`;
  lab = await openLab({ headers: { 'content-security-policy': CONTENT_POLICY.replace("connect-src 'self'", outside) } });
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

async function open({ at = lab, query, ...options } = {}) {
  const page = await at.open(query, { viewport: { width: 960, height: 720 }, ...options });
  await page.waitForSelector('#map .overlay', settled);
  return page;
}
const background = (page) => page.locator('.background select');
const show = (page) => page.locator('.consent .primary').click();
const credit = (page, text) => page.locator('.credits a', { hasText: text }).waitFor(settled);

async function showOwn(page) {
  await background(page).selectOption({ index: 3 });
  await page.locator('#template').fill(standIn.template);
  await show(page);
  await page.locator('.consent').waitFor({ state: 'detached', ...settled });
}

test('tiles are asked for after a yes only, lie in view, and are gone with a no', async () => {
  const page = await open();
  assert.equal(await page.locator('.credits').count(), 0);
  await background(page).selectOption('Another server…');
  await page.locator('#template').fill(standIn.template.replace('{y}', 'y'));
  await page.getByText('The address needs {z}, {x} and {y}').waitFor();
  await page.locator('.consent .primary:disabled').waitFor();
  await page.locator('#template').fill(standIn.template);
  await page.getByText(`would come from ${new URL(standIn.origin).host}, which then sees the places`).waitFor();
  await page.waitForTimeout(300);
  assert.deepEqual([standIn.asked, page.foreignRequests], [[], []]);
  await show(page);
  await credit(page, new URL(standIn.origin).host);
  // The first is that of the middle of the view; then the map asks for all that it covers.
  while (standIn.asked.length < 4) await page.waitForTimeout(50);
  assert.deepEqual([...standIn.referrers], [`${new URL(lab.url).origin}/`], 'the site, and not its address');
  const [z, x, y] = PLACES.exec(standIn.asked[0]).slice(1).map(Number);
  const west = (x / 2 ** z) * 360 - 180;
  const north = (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / 2 ** z))) * 180) / Math.PI;
  assert.ok(Math.abs(west - 141) < 0.3 && Math.abs(north - 37.5) < 0.3, `Namie, and not ${west}, ${north}`);
  await page.waitForTimeout(1500);
  const before = standIn.asked.length;
  await background(page).selectOption('Roads only');
  await page.locator('.credits').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Closer' }).click();
  await page.waitForTimeout(1500);
  assert.equal(standIn.asked.length, before);
  assert.deepEqual(page.pageErrors, []);
  assert.deepEqual(page.consoleErrors, []);
});

test('the public servers are asked at their addresses and named on the map, in both languages', async () => {
  const page = await open();
  const asked = [];
  await page.context().route(/gsi\.go\.jp|openstreetmap\.org/, (route) => {
    asked.push(route.request());
    return route.fulfill({ contentType: 'image/png', headers: { 'access-control-allow-origin': '*' }, body: drawn(route.request().url()) });
  });
  await background(page).selectOption('GSI Tiles, pale (Japan)');
  await page.getByText('would come from cyberjapandata.gsi.go.jp').waitFor();
  assert.equal(asked.length, 0);
  await show(page);
  await credit(page, 'GSI Tiles');
  assert.equal(await page.locator('.credits a').getAttribute('href'), 'https://maps.gsi.go.jp/development/ichiran.html');
  assert.match(asked[0].url(), /^https:\/\/cyberjapandata\.gsi\.go\.jp\/xyz\/pale\/\d+\/\d+\/\d+\.png$/);
  // While another is considered, the one agreed to stays.
  await background(page).selectOption('OpenStreetMap');
  await page.getByText('would come from tile.openstreetmap.org').waitFor();
  await credit(page, 'GSI Tiles');
  asked.length = 0;
  await show(page);
  await credit(page, '© OpenStreetMap contributors');
  assert.equal(await page.locator('.credits a').getAttribute('href'), 'https://www.openstreetmap.org/copyright');
  const [first] = asked.filter((request) => request.url().includes('openstreetmap'));
  assert.match(first.url(), /^https:\/\/tile\.openstreetmap\.org\/\d+\/\d+\/\d+\.png$/);
  await page.evaluate(() => document.querySelector('.bar [lang=ja]').click());
  await background(page).selectOption('地理院タイル(淡色地図)');
  await show(page);
  await credit(page, '地理院タイル');
  assert.deepEqual(page.pageErrors, []);
});

test('a town on the roads of OpenStreetMap names it, whatever lies below', async () => {
  const page = await open();
  const town = await page.evaluate(() => window.noriai.state.town);
  const mine = { ...town, name: { ja: '道の町', en: 'Roadville' }, sources: ['© OpenStreetMap contributors (ODbL)'] };
  const transfer = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], 'roadville.json', { type: 'application/json' }));
    return data;
  }, JSON.stringify(mine));
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await page.getByRole('heading', { name: 'A day in Roadville' }).waitFor(settled);
  await credit(page, '© OpenStreetMap contributors');
  await showOwn(page);
  await page.locator('.credits a').nth(1).waitFor();
  // Neither the legend nor a panel lies over it.
  const seen = await page.locator('.credits').evaluate((credits) => [...credits.children].every((link) => {
    return [...link.getClientRects()].every(({ left, top, width, height }) => document.elementFromPoint(left + width / 2, top + height / 2) === link);
  }));
  assert.equal(seen, true);
});

test('what stands in the way is told where it was asked, and the roads stay alone', async () => {
  const forbidden = await open({ at: strict });
  await background(forbidden).selectOption('OpenStreetMap');
  await show(forbidden);
  await forbidden.locator('.consent .fault', { hasText: 'add https://tile.openstreetmap.org to its directive connect-src' }).waitFor(settled);
  assert.equal(await forbidden.locator('.credits').count(), 0);
  await forbidden.evaluate(() => document.querySelector('.bar [lang=ja]').click());
  await forbidden.locator('.consent .fault', { hasText: 'connect-src に https://tile.openstreetmap.org を加える' }).waitFor();
  assert.deepEqual(forbidden.pageErrors, []);
  await forbidden.context().close();

  const page = await open();
  await background(page).selectOption('OpenStreetMap');
  await show(page);
  await page.locator('.consent .fault', { hasText: 'tile.openstreetmap.org cannot be reached' }).waitFor(settled);
  await page.context().route(/openstreetmap\.org/, (route) => route.fulfill({ status: 404, headers: { 'access-control-allow-origin': '*' } }));
  await show(page);
  await page.locator('.consent .fault', { hasText: 'has no tile of this place (HTTP 404)' }).waitFor(settled);
  await background(page).selectOption('Roads only');
  await page.locator('.consent').waitFor({ state: 'detached' });
  assert.deepEqual(page.pageErrors, []);
});

if (process.env.NORIAI_SCREENSHOT) {
  test('pictures of tiles', async () => {
    for (const [name, viewport] of [['wide', { width: 1440, height: 900 }], ['narrow', { width: 390, height: 844 }]]) {
      for (const [lang, theme] of [['ja', 'light'], ['en', 'dark']]) {
        const page = await open({ viewport, isMobile: name === 'narrow', hasTouch: name === 'narrow', query: `?lang=${lang}&theme=${theme}` });
        if (name === 'narrow') await page.locator('.tabs button').nth(3).tap();
        await background(page).selectOption({ index: 1 });
        await page.waitForTimeout(500);
        await page.screenshot({ path: join(results, `tiles-asked-${name}-${lang}-${theme}.png`) });
        await showOwn(page);
        await page.waitForTimeout(2500);
        await page.screenshot({ path: join(results, `tiles-${name}-${lang}-${theme}.png`) });
        await page.context().close();
      }
    }
  });
}
