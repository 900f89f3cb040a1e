// A large day on the page: how long it takes to be there, and what a frame costs while it plays, pans and zooms.
//
// Frames are the times between two calls of `requestAnimationFrame`; what is ours of them is the time spent in those calls, map
// library included, and, as a mean, the processor's time in scripts, which other programs on the machine do not lengthen. On a machine
// without a graphics card WebGL is drawn by the processor, in time that is not ours.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../www/tools/run.mjs';

const SPEEDS = [10, 60, 300, 600];
const FRAMES = 120;

/** Counts frames from before the page's own scripts. */
function instrument() {
  const frames = { begins: [], spent: new Map() };
  window.benchFrames = frames;
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) =>
    ask((now) => {
      const begin = performance.now();
      callback(now);
      frames.spent.set(now, (frames.spent.get(now) ?? 0) + performance.now() - begin);
    });
  const beat = (now) => {
    frames.begins.push(now);
    ask(beat);
  };
  ask(beat);
}

/** Runs in the page: frames from now on, as the time from one to the next and as the time that is ours, milliseconds. */
function frames(count) {
  const { benchFrames: counted } = window;
  counted.begins.length = 0;
  counted.spent.clear();
  return new Promise((resolve) => {
    const look = () => {
      if (counted.begins.length <= count) {
        setTimeout(look, 50);
        return;
      }
      const begins = counted.begins.slice(0, count + 1);
      resolve({
        between: begins.slice(1).map((begin, index) => begin - begins[index]),
        ours: begins.slice(1).map((begin) => counted.spent.get(begin) ?? 0),
      });
    };
    look();
  });
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Makes the tables, opens them on the page and prints what was measured, as Markdown. `quick` is a smaller day; `count` frames each. */
export async function playback({ launch, serve, command, quick = false, count = quick ? 30 : FRAMES }) {
  const folder = mkdtempSync(join(tmpdir(), 'noriai-playback-'));
  const [requests, vehicles, nodes] = quick ? [5_000, 300, 1_000] : [20_000, 1_200, 3_000];
  const spec = { requests, vehicles, seed: 1, nodes, 'trip-km': 3, out: folder };
  const options = Object.entries(spec).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const made = spawnSync(command, ['generate', ...options], { cwd: root, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.error?.message ?? made.stderr);
  // Isolated, so that the browser tells its memory and does not round its clock.
  const headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
  const site = await serve({ headers });
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    await page.addInitScript(instrument);
    await page.goto(`${site.url}?lang=en`);
    await page.waitForSelector('#map .overlay', { timeout: 120_000 });
    const renderer = await page.evaluate(() => {
      const gl = document.createElement('canvas').getContext('webgl2');
      return gl.getParameter(gl.getExtension('WEBGL_debug_renderer_info').UNMASKED_RENDERER_WEBGL);
    });
    console.log(`\n${made.stdout.trim().replace(/^.*: /, '')}, ${vehicles} vans; Chromium ${browser.version()}, ${renderer}\n`);

    const begin = performance.now();
    const tables = ['nodes', 'edges', 'requests', 'vehicles'].map((name) => join(folder, `${name}.csv`));
    await page.locator('.drop input[type=file]').setInputFiles(tables);
    await page.waitForFunction((count) => window.noriai.state.town.fleet.vehicles.length === count, vehicles, { timeout: 120_000 });
    const read_ms = performance.now() - begin;
    await page.waitForFunction((count) => window.noriai.state.result.report.vehicles.length === count, vehicles, { timeout: 600_000 });
    const day = await page.evaluate(() => ({ took_ms: window.noriai.state.result.took_ms, hash: window.noriai.state.result.report.log_hash }));
    await page.waitForTimeout(3_000);
    const memory = await page.evaluate(async () => (await performance.measureUserAgentSpecificMemory()).bytes);
    console.log(`tables read after ${Math.round(read_ms)} ms, the day (log ${day.hash}) lived through after ${Math.round(day.took_ms)} ms more; memory of page and workers ${Math.round(memory / 1e6)} MB\n`);

    console.log('| what happens | frame, median ms | 95 % | ours, median ms | 95 % | processor, mean ms |\n| --- | --- | --- | --- | --- | --- |');
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const scripts_ms = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1e3 * metrics.find(({ name }) => name === 'ScriptDuration').value;
    };
    /** Counts frames from now on and prints what they take. */
    const measure = async (what) => {
      const before = await scripts_ms();
      const { between, ours } = await page.evaluate(frames, count);
      const scripts = ((await scripts_ms()) - before) / count;
      const cells = [quantile(between, 0.5), quantile(between, 0.95), quantile(ours, 0.5), quantile(ours, 0.95), scripts];
      console.log(`| ${what} | ${cells.map((ms) => ms.toFixed(1)).join(' | ')} |`);
    };
    const stage = await page.locator('.stage').boundingBox();
    const [x, y] = [stage.x + stage.width / 2, stage.y + stage.height / 2];
    await measure('nothing');
    const seek = () => page.evaluate(() => window.noriai.seek(1_800));
    for (const speed of SPEEDS) {
      await seek();
      await page.getByRole('group', { name: 'Speed' }).getByRole('button', { name: `${speed}×`, exact: true }).click();
      await page.getByRole('button', { name: 'Play', exact: true }).click();
      await measure(`playing, ${speed} times`);
      const pause = page.getByRole('button', { name: 'Pause', exact: true });
      if (await pause.count()) await pause.click();
    }
    /** Moves the mouse while frames are counted. */
    const while_ = async (what, act) => {
      let over = false;
      const measured = measure(what).finally(() => (over = true));
      for (let step = 0; !over; step++) await act(step);
      await measured;
    };
    const pan = async (step) => page.mouse.move(x + 120 * Math.sin(step / 8), y + 60 * Math.cos(step / 8));
    await seek();
    await page.mouse.move(x, y);
    await page.mouse.down();
    await while_('panning, paused', pan);
    await page.mouse.up();
    await page.mouse.move(x, y);
    await while_('zooming, paused', async (step) => {
      await page.mouse.wheel(0, step % 40 < 20 ? -60 : 60);
      await page.waitForTimeout(30);
    });
    await page.getByRole('button', { name: 'Whole town' }).click();
    await page.waitForTimeout(1_000);
    await page.getByRole('group', { name: 'Speed' }).getByRole('button', { name: '60×', exact: true }).click();
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await page.mouse.move(x, y);
    await page.mouse.down();
    await while_('panning, playing 60 times', pan);
    await page.mouse.up();
    for (let click = 0; click < 3; click++) {
      await page.getByRole('button', { name: 'Closer' }).click();
      await page.waitForTimeout(600);
    }
    await measure('playing 60 times, three zooms closer');
    await page.getByRole('switch', { name: 'Demand map' }).check();
    await page.getByRole('button', { name: 'Hour shown' }).click();
    await measure('the same with the demand map');
  } finally {
    await browser.close();
    await site.close();
    rmSync(folder, { recursive: true });
  }
}
