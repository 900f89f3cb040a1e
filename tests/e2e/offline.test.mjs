// The page without a network, after a first visit; and what becomes of a visit when there is a new version.
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeServiceWorker } from '../../www/tools/offline.mjs';
import { listen, openLab } from './harness.mjs';

const dist = fileURLToPath(new URL('../../www/dist/', import.meta.url));
const golden = readFileSync(new URL('../golden/namie.log_hash', import.meta.url), 'utf8').trim();
const settled = { timeout: 60_000 };
const keeping = { reducedMotion: 'reduce', serviceWorkers: 'allow' };

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'noriai-offline-'));
});
after(() => rmSync(folder, { recursive: true }));

/** The page from a folder that can change. */
async function openCopy(name) {
  const copy = join(folder, name);
  cpSync(dist, copy, { recursive: true });
  return { copy, lab: await openLab({ folder: copy }) };
}

async function visit(lab, page, query = '?lang=en') {
  await page.goto(lab.url + query);
  await page.waitForSelector('#map .overlay', settled);
}
/** Once this resolves, the page's files are kept, and asked of the service worker. */
const kept = (page) => page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', null, settled);
/** Waits for what has to be waited for inside, too. */
async function until(page, isSo) {
  while (!(await page.evaluate(isSo))) await new Promise((resolve) => setTimeout(resolve, 50));
}
const hash = (page) => page.evaluate(() => window.noriai.state.result.report.log_hash);
/** All that is kept, cache by cache. */
const caches = (page) =>
  page.evaluate(async () => {
    const names = await self.caches.keys();
    return Promise.all(names.map(async (name) => (await (await self.caches.open(name)).keys()).map(({ url }) => url)));
  });

test('a second visit needs no server, and has towns that were opened before', async () => {
  const { lab } = await openCopy('second');
  try {
    const page = await lab.newPage(keeping);
    let figuresAt;
    await page.exposeFunction('figuresThere', () => (figuresAt ??= lab.asked.length));
    await page.addInitScript(() => {
      const look = () => (performance.getEntriesByName('first figures').length > 0 ? window.figuresThere() : setTimeout(look));
      look();
    });
    await visit(lab, page);
    await kept(page);
    assert.ok(lab.asked.indexOf('service-worker.js') >= figuresAt, 'nothing is kept before the first figures');
    const files = (await caches(page)).flat();
    assert.ok(files.every((url) => url.startsWith(lab.url)), files.join('\n'));
    assert.ok(files.some((url) => url.endsWith('.wasm')) && files.every((url) => !/readers|shiojiri/.test(url)), files.join('\n'));
    await page.locator('#town').selectOption({ label: 'Shiojiri' });
    await page.waitForFunction((namie) => window.noriai.state.result.report.log_hash !== namie, golden, settled);
    const shiojiri = await hash(page);
    assert.deepEqual(page.problems(), []);

    await lab.stopServing();
    const again = await lab.watched(page.context());
    await visit(lab, again);
    assert.equal(await hash(again), golden);
    await visit(lab, again, '?lang=ja&town=shiojiri');
    assert.equal(await hash(again), shiojiri);
    assert.deepEqual(again.problems(), []);
  } finally {
    await lab.close();
  }
});

test('a new version takes the place of the old one at the next load, whole, and only where nobody else shows the old one', async () => {
  const { copy, lab } = await openCopy('versions');
  const html = join(copy, 'index.html');
  const version = (page) => page.evaluate(() => document.querySelector('meta[name=version]')?.content ?? '1');
  try {
    const page = await lab.newPage(keeping);
    await visit(lab, page);
    await kept(page);

    // The second version has another style under another name, and the first one's is gone.
    const style = readdirSync(join(copy, 'assets')).find((name) => /^main-.*\.css$/.test(name));
    renameSync(join(copy, 'assets', style), join(copy, 'assets/main-second.css'));
    appendFileSync(join(copy, 'assets/main-second.css'), ':root{--second:1}');
    const marked = '<meta name="version" content="2" /><title>';
    const second = readFileSync(html, 'utf8').replace(style, 'main-second.css').replace('<title>', marked);
    writeFileSync(html, second);
    await writeServiceWorker(copy);

    await page.reload();
    await page.waitForSelector('#map .overlay', settled);
    assert.equal(await version(page), '1');
    await until(page, async () => (await navigator.serviceWorker.getRegistration()).waiting !== null);
    const other = await lab.watched(page.context());
    await visit(lab, other);
    await other.reload();
    assert.equal(await version(other), '1', 'the first page shows the old one still');
    await other.close();
    const [active] = page.context().serviceWorkers();
    await until(active, async () => (await self.clients.matchAll({ type: 'window' })).length === 1);

    await page.reload();
    await page.waitForSelector('#map .overlay', settled);
    assert.equal(await version(page), '2');
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--second')), '1');
    await until(page, async () => (await self.caches.keys()).length === 1);
    assert.ok((await caches(page)).flat().some((url) => url.endsWith('main-second.css')));

    // A third one arrives in parts: the page is not the one that its service worker was made for.
    writeFileSync(html, second.replace('content="2"', 'content="3"'));
    await writeServiceWorker(copy);
    writeFileSync(html, second.replace('content="2"', 'content="4"'));
    const failed = await page.evaluate(async () => {
      const { installing } = await (await navigator.serviceWorker.getRegistration()).update();
      await new Promise((resolve) => (installing.state === 'redundant' ? resolve() : (installing.onstatechange = resolve)));
      return installing.state;
    });
    assert.equal(failed, 'redundant');
    await lab.stopServing();
    await page.reload();
    await page.waitForSelector('#map .overlay', settled);
    assert.equal(await version(page), '2');
    assert.equal(await hash(page), golden);
    assert.deepEqual([page.pageErrors, page.foreignRequests], [[], []]);
  } finally {
    await lab.close();
  }
});

test('within another page nothing is kept, and no manifest is asked for', async () => {
  const lab = await openLab();
  const portal = await listen((_, response) => {
    const document = `<!doctype html><title>Portal</title><iframe src="${lab.url}" width="900" height="700"></iframe>`;
    response.writeHead(200, { 'content-type': 'text/html' }).end(document);
  });
  try {
    const page = await lab.newPage(keeping);
    await page.goto(portal.origin);
    const frame = page.frames().find((each) => each.url().startsWith(lab.url));
    await frame.waitForSelector('#map .overlay', settled);
    await page.waitForTimeout(500);
    assert.equal(await frame.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
    assert.deepEqual(await caches(frame), []);
    assert.ok(!lab.asked.some((path) => /service-worker|manifest/.test(path)), lab.asked.join('\n'));
    assert.deepEqual([page.consoleErrors, page.pageErrors], [[], []]);
  } finally {
    await portal.close();
    await lab.close();
  }
});
