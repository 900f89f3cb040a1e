// What a visit may cost: bytes before the first figures, the size of the engine, and memory that stays what it is from run to run.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { openLab } from './harness.mjs';

/** Everything that is asked for before the first figures, gzipped. */
const FIRST_FIGURES_KB = 900;
/** The engine's module, gzipped: what it has today and a hundredth. The goal is 350. */
const ENGINE_KB = 660 * 1.01;
/** What the page's heap may differ by over fifty runs, for what the browser itself keeps. */
const HEAP_NOISE_KB = 500;

const RUNS = 50;
const WARM_UP = 10;

const dist = fileURLToPath(new URL('../../www/dist/', import.meta.url));
const gzippedKb = (file) => gzipSync(readFileSync(file), { level: 9 }).length / 1000;

let lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());
afterEach(async () => {
  for (const context of lab.browser.contexts()) await context.close();
});

test('the engine is no larger than it was', () => {
  const [engine] = readdirSync(join(dist, 'assets')).filter((name) => /^noriai_bg-.*\.wasm$/.test(name));
  const size = gzippedKb(join(dist, 'assets', engine));
  console.log(`engine ${size.toFixed(1)} kB of ${ENGINE_KB.toFixed(1)}`);
  assert.ok(size <= ENGINE_KB, `${size.toFixed(1)} kB`);
});

test('what is asked for before the first figures is small', async () => {
  const page = await lab.newPage({ reducedMotion: 'reduce' });
  const asked = [];
  page.context().on('request', (request) => asked.push({ url: request.url(), at_ms: Date.now() }));
  await page.goto(`${lab.url}?lang=en`);
  await page.waitForSelector('#map .overlay', { timeout: 60_000 });
  const figures_ms = await page.evaluate(() => performance.timeOrigin + performance.getEntriesByName('first figures')[0].startTime);
  const sizes = new Map();
  for (const { url, at_ms } of asked) {
    const path = decodeURIComponent(new URL(url).pathname.slice(new URL(lab.url).pathname.length)) || 'index.html';
    if (at_ms <= figures_ms) sizes.set(path, gzippedKb(join(dist, path)));
  }
  const sum = [...sizes.values()].reduce((total, size) => total + size, 0);
  const listed = [...sizes].map(([path, size]) => `${path} ${size.toFixed(1)}`).join(', ');
  console.log(`before the first figures ${sum.toFixed(1)} kB of ${FIRST_FIGURES_KB}: ${listed}`);
  assert.ok([...sizes.keys()].some((path) => path.endsWith('.wasm')) && [...sizes.keys()].some((path) => path.includes('namie')), listed);
  assert.ok(sum <= FIRST_FIGURES_KB, listed);
  assert.ok(asked.length > sizes.size, 'the map comes after them');
});

/** Remembers the memory of every wasm instance that is made. */
const REMEMBER = `
  self.memories = [];
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...given) => {
    const made = await instantiate.apply(WebAssembly, given);
    self.memories.push((made.instance ?? made).exports.memory);
    return made;
  };
`;

test(`${RUNS} runs in a row take no more memory than the first ${WARM_UP}`, async () => {
  const page = await lab.newPage({ reducedMotion: 'reduce' });
  await page.addInitScript(REMEMBER);
  // Workers begin with their own script.
  await page.route(/\/assets\/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: REMEMBER + (await response.text()) });
  });
  await page.goto(`${lab.url}?lang=en`);
  await page.waitForSelector('#map .overlay', { timeout: 60_000 });
  // A second worker compares the first day with other ways of charging.
  await page.waitForFunction(() => window.noriai.state.compared?.complete, null, { timeout: 60_000 });
  const cdp = await page.context().newCDPSession(page);
  const vans = page.getByRole('slider', { name: 'Vans' });

  let done = 0;
  const run = async (until) => {
    for (; done < until; done++) {
      const wanted = 2 + (done % 2);
      await vans.fill(String(wanted));
      await page.waitForFunction((count) => window.noriai.state.result.scenario.fleet.vehicles.length === count, wanted);
    }
  };
  const memory = async () => {
    // MapLibre's workers have none.
    const bytes = () => (self.memories ?? []).map(({ buffer }) => buffer.byteLength);
    const wasm = await Promise.all([page, ...page.workers()].map((each) => each.evaluate(bytes)));
    for (let round = 0; round < 2; round++) await cdp.send('HeapProfiler.collectGarbage');
    const { usedSize } = await cdp.send('Runtime.getHeapUsage');
    return { wasm: wasm.flat(), heap_kb: usedSize / 1000 };
  };
  await run(WARM_UP);
  const first = await memory();
  await run(WARM_UP + RUNS);
  const last = await memory();
  console.log(JSON.stringify({ first, last }));
  assert.ok(first.wasm.length >= 2, 'the page and the engine have an instance each');
  assert.deepEqual(last.wasm, first.wasm);
  assert.ok(last.heap_kb - first.heap_kb < HEAP_NOISE_KB, `${first.heap_kb} kB, then ${last.heap_kb} kB`);
});
