// What stays on the machine: a day saved as a file, and towns kept in the browser. Nothing is kept before somebody asks for it, and a
// page within another keeps nothing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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
const figures = (page) => page.waitForSelector('[data-figure=served_share]', { state: 'attached', ...settled });

const open = ({ query, ...options } = {}) => lab.open(query, { viewport: { width: 960, height: 720 }, ...options });

const report = (page) => page.evaluate(() => window.noriai.state.result.report);
async function reportAfter(page, hash) {
  await page.waitForFunction((old) => window.noriai.state.result.report.log_hash !== old, hash, settled);
  return report(page);
}
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
/** All that a browser can keep for a page. */
const stored = (page) =>
  page.evaluate(async () => ({
    databases: (await indexedDB.databases()).map(({ name }) => name),
    local: localStorage.length,
    session: sessionStorage.length,
    cookies: document.cookie,
    caches: await caches.keys(),
  }));
const NOTHING = { databases: [], local: 0, session: 0, cookies: '', caches: [] };

/** Two vans, another contract day, and two trips of one's own: a day that is nobody else's. */
async function change(page) {
  const { log_hash } = await report(page);
  const [a, b] = await page.evaluate(() => window.noriai.state.town.stops.slice(0, 2).map((stop) => stop.id));
  await drop(page, 'mine.csv', `request_time,origin,destination,passengers\n10:00,${a},${b},1\n14:00,${b},${a},2\n`);
  const own = await reportAfter(page, log_hash);
  await page.getByRole('slider', { name: 'Vans' }).fill('2');
  return reportAfter(page, own.log_hash);
}

/** Single trips are saved once that is meant. */
async function savedAfterQuestion(page) {
  const yes = page.locator('#singles[open]').getByRole('button', { name: 'Save it' });
  const [download] = await Promise.all([page.waitForEvent('download'), yes.click()]);
  return download;
}

const keep = (page) => page.getByRole('button', { name: 'Keep on this machine' }).click();
const summary = (page, count) => page.locator('.kept summary', { hasText: `On this machine (${count})` });

test('a day saved as a file makes the same day when it is dropped on another page', async () => {
  const page = await open();
  const mine = await change(page);
  await page.getByRole('button', { name: 'Share and save' }).click();
  await page.locator('[data-item=scenario]').click();
  // It has two trips of one's own.
  const download = await savedAfterQuestion(page);
  assert.equal(download.suggestedFilename(), 'namie.json');
  const text = readFileSync(await download.path(), 'utf8');
  const scenario = JSON.parse(text);
  assert.equal(scenario.fleet.vehicles.length, 2);
  assert.equal(scenario.demand.trips.length, 2);
  await page.context().close();

  const other = await open();
  const { log_hash } = await report(other);
  await drop(other, 'namie.json', text);
  assert.equal((await reportAfter(other, log_hash)).log_hash, mine.log_hash);
  // Told from the town of the same name.
  assert.equal(await other.locator('#town').evaluate((select) => select.selectedOptions[0].textContent), 'Namie (2)');
  assert.deepEqual(await stored(other), NOTHING);
  assert.deepEqual(other.problems(), []);
});

test('a town is kept when somebody asks for it, and not before; it opens after the page was loaded anew', async () => {
  const page = await open();
  const modelled = await report(page);
  const mine = await change(page);
  assert.deepEqual(await stored(page), NOTHING);
  assert.equal(await page.locator('.kept').count(), 0);
  await keep(page);
  await summary(page, 1).waitFor();
  assert.deepEqual(await stored(page), { ...NOTHING, databases: ['noriai'] });
  await keep(page);
  await summary(page, 2).waitFor();

  await page.reload();
  await figures(page);
  assert.equal((await report(page)).log_hash, modelled.log_hash, 'what is kept is not opened by itself');
  await summary(page, 2).click();
  const first = page.locator('.kept li').first();
  assert.match(await first.textContent(), /Namie\s+\d+ \w+ \d{4}, \d\d:\d\d · \d+ kB/);
  await first.getByRole('button', { name: 'Open' }).click();
  assert.equal((await reportAfter(page, modelled.log_hash)).log_hash, mine.log_hash);
  await first.getByRole('button', { name: 'Save as a file' }).click();
  const download = await savedAfterQuestion(page);
  assert.equal(JSON.parse(readFileSync(await download.path(), 'utf8')).demand.trips.length, 2);

  // Asked before it is gone.
  await first.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'No', exact: true }).click();
  await first.getByRole('button', { name: 'Delete' }).click();
  await first.locator('.yes').click();
  await summary(page, 1).waitFor();
  assert.deepEqual((await stored(page)).databases, ['noriai']);
  await first.getByRole('button', { name: 'Delete' }).click();
  await first.locator('.yes').click();
  await page.locator('.kept').waitFor({ state: 'detached' });
  assert.deepEqual(await stored(page), NOTHING, 'with the last one goes the store');
  assert.equal((await report(page)).log_hash, mine.log_hash, 'the day shown stays');
  assert.deepEqual(page.problems(), []);
});

test('all that is kept can be deleted at once, and another tab’s deletion is noticed', async () => {
  const page = await open();
  for (const count of [1, 2, 3]) {
    await keep(page);
    await summary(page, count).waitFor();
  }
  const tab = await page.context().newPage();
  await tab.goto(`${lab.url}?lang=en`);
  await summary(tab, 3).click(settled);
  await summary(page, 3).click();
  await page.getByRole('button', { name: 'Delete all' }).click();
  await page.getByText('Delete all 3 for good?').waitFor();
  await page.locator('.yes').click();
  await page.locator('.kept').waitFor({ state: 'detached' });
  assert.deepEqual((await stored(page)).databases, []);
  await tab.locator('.kept li').first().getByRole('button', { name: 'Open' }).click();
  await tab.locator('.kept').waitFor({ state: 'detached' });
  assert.deepEqual((await stored(tab)).databases, []);
  assert.deepEqual(page.problems(), []);
});

test('a page within another offers to keep nothing, and does not look whether there is anything', async () => {
  const page = await lab.newPage({ viewport: { width: 1000, height: 720 } });
  await page.addInitScript(() => {
    window.touched = [];
    for (const name of ['open', 'databases', 'deleteDatabase']) {
      const real = indexedDB[name];
      IDBFactory.prototype[name] = function (...args) {
        window.touched.push(name);
        return real.apply(this, args);
      };
    }
  });
  const host = new URL('portal.html', lab.url).href;
  await page.route(host, (route) => route.fulfill({ contentType: 'text/html', body: '<iframe src="./?lang=en" style="width:960px;height:700px"></iframe>' }));
  await page.goto(host);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('button', { name: 'Share and save' }).waitFor(settled);
  await frame.locator('[data-figure=served_share]').waitFor(settled);
  assert.equal(await frame.locator('.keeper').count(), 0);
  const inner = page.frames().find((each) => each.url().includes('lang=en'));
  assert.deepEqual(await inner.evaluate(() => window.touched), []);
  // By itself it looks, and does not write.
  await page.goto(`${lab.url}?lang=en`);
  await page.locator('.keeper:enabled').waitFor(settled);
  assert.deepEqual(await page.evaluate(() => window.touched), ['databases']);
});

test('a store that is full or forbidden is told, with what can be done instead', async () => {
  const page = await open();
  const { log_hash } = await report(page);
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(lab.url).origin, quotaSize: 1000 });
  await keep(page);
  await page.getByText('There is not enough room').waitFor(settled);
  assert.equal(await page.locator('.kept').count(), 0);
  await page.context().close();

  for (const [lang, words] of [['en', 'Save it as a file instead'], ['ja', '代わりにファイルに保存']]) {
    const closed = await lab.newPage({ viewport: { width: 960, height: 720 } });
    await closed.addInitScript(() => {
      for (const name of ['open', 'databases']) {
        IDBFactory.prototype[name] = () => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        };
      }
    });
    await closed.goto(`${lab.url}?lang=${lang}`);
    await figures(closed);
    await closed.locator('.keeper').click();
    await closed.getByText(words).waitFor(settled);
    assert.equal((await report(closed)).log_hash, log_hash);
    assert.deepEqual(closed.problems(), []);
    await closed.context().close();
  }
});

if (process.env.NORIAI_SCREENSHOT) {
  test('pictures of what is kept', async () => {
    for (const [name, viewport] of [['wide', { width: 1440, height: 900 }], ['narrow', { width: 390, height: 844 }]]) {
      for (const [lang, theme] of [['ja', 'light'], ['en', 'dark']]) {
        const page = await open({ viewport, isMobile: name === 'narrow', hasTouch: name === 'narrow', query: `?lang=${lang}&theme=${theme}` });
        if (name === 'narrow') await page.locator('.tabs button').first().tap();
        for (const count of [1, 2]) {
          await page.locator('.keeper').click();
          await page.waitForFunction((wanted) => window.noriai.state.kept.length === wanted, count);
        }
        await page.locator('.kept summary').click();
        await page.locator('.kept li').last().getByRole('button').last().click();
        await page.waitForTimeout(1500);
        await page.screenshot({ path: join(results, `kept-${name}-${lang}-${theme}.png`) });
        await page.context().close();
      }
    }
  });
}
