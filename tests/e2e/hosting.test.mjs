// The page on a host that sends what docs/hosting.md asks for, and nothing else: from its root and from a folder.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hostedHeaders, openLab } from './harness.mjs';

const settled = { timeout: 60_000 };
const document = readFileSync(new URL('../../docs/hosting.md', import.meta.url), 'utf8').replace(/\s+/g, ' ');

/** Each view that fetches something more, starts something, or could ask somebody else. */
async function walk(page) {
  await page.locator('.energy-opener').click();
  await page.locator('[data-plot=power] svg').waitFor(settled);
  await page.keyboard.press('Escape');
  await page.locator('.compare-opener').click();
  await page.locator('.compare .days .choices button').first().click();
  await page.locator('.compare .primary').click();
  await page.waitForFunction(() => window.noriai.state.outcome?.status === 'done', null, settled);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Your own', exact: true }).click();
  await page.waitForFunction(() => window.noriai.state.result.scenario.policies.matching.kind === 'script', null, settled);
  assert.equal(await page.evaluate(() => window.noriai.state.result.report.fault), undefined);
  await page.locator('#editor .icon').click();
  const [a, b] = await page.evaluate(() => window.noriai.state.town.stops.map(({ id }) => id));
  const trips = Buffer.from(`request_time,origin,destination,passengers\n10:00,${a},${b},1\n`);
  await page.locator('.drop input[type=file]').setInputFiles({ name: 'mine.csv', mimeType: 'text/csv', buffer: trips });
  await page.getByText('1 of 1 rows loaded').waitFor(settled);
  await page.locator('#town').selectOption({ label: 'Shiojiri' });
  await page.waitForFunction(() => window.noriai.state.result.scenario.name.en === 'Shiojiri', null, settled);
  await page.locator('.roads-opener').click();
  await page.locator('#roads-box').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.background select').selectOption({ index: 1 });
  await page.locator('.consent .primary').waitFor();
  await page.locator('.carry-opener').click();
  for (const item of ['map', 'charts']) {
    await Promise.all([page.waitForEvent('download'), page.locator(`[data-item=${item}]`).click()]);
  }
  await page.keyboard.press('Escape');
}

for (const [path, use] of [['/', async () => {}], ['/mobility/lab/', walk]]) {
  test(`at ${path} nothing breaks the policy, nobody else is asked, and nothing but the page’s own files is kept`, async () => {
    const lab = await openLab({ path, headersOf: hostedHeaders });
    try {
      const page = await lab.newPage({ reducedMotion: 'reduce', serviceWorkers: 'allow' });
      await page.goto(`${lab.url}?lang=en`);
      await page.waitForSelector('#map .overlay', settled);
      await page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', null, settled);
      await use(page);
      assert.deepEqual(page.problems(), []);
      assert.deepEqual(await page.context().cookies(), []);
      const stores = await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]);
      assert.deepEqual(stores, [0, 0, 0]);
      const cached = await page.evaluate(async () => (await (await caches.open((await caches.keys())[0])).keys()).map(({ url }) => url));
      assert.deepEqual(cached.filter((url) => !url.startsWith(lab.url)), []);

      const cdp = await page.context().newCDPSession(page);
      const { data, errors, url } = await cdp.send('Page.getAppManifest');
      assert.deepEqual(errors, []);
      assert.equal(url, `${lab.url}manifest.webmanifest`);
      for (const { src } of JSON.parse(data).icons) assert.ok((await page.request.get(new URL(src, url).href)).ok(), src);
    } finally {
      await lab.close();
    }
  });
}

test('what has a digest in its name is asked for once, all else every time', async () => {
  const lab = await openLab({ headersOf: hostedHeaders });
  try {
    const page = await lab.newPage({ reducedMotion: 'reduce' });
    await page.goto(lab.url);
    await page.waitForSelector('#map .overlay', settled);
    const first = lab.asked.length;
    // Another page, since browsers ask again for some of what is loaded again.
    const again = await lab.watched(page.context());
    await again.goto(lab.url);
    await again.waitForSelector('#map .overlay', settled);
    const asked = lab.asked.slice(first);
    assert.ok(asked.includes(''), asked.join());
    assert.deepEqual(asked.filter((path) => path.startsWith('assets/')), []);
  } finally {
    await lab.close();
  }
});

test('what the document asks of a host is what is tested', () => {
  const page = hostedHeaders('index.html');
  assert.ok(document.includes(`content-security-policy: ${page['content-security-policy']}`), page['content-security-policy']);
  assert.equal(hostedHeaders('policy.html')['content-security-policy'], undefined);
  for (const path of ['assets/a.js', 'service-worker.js']) {
    assert.ok(document.includes(`\`${hostedHeaders(path)['cache-control']}\``), path);
  }
});
