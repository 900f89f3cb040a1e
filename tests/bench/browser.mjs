// Measures in Chromium: node tests/bench/browser.mjs [--data DIR] [--quick] [charging|playback]
//
// `charging` is the core as WebAssembly, compiled, bound and optimised as the page's is; without ../shared/data, stored instances
// are not run. `playback` is a large day on the page itself.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSite } from '../../www/tools/build.mjs';
import { bindAndOptimise, buildWasm, wasmArgs, wasmEnv } from '../../www/tools/build-wasm.mjs';
import { Missing, main, root, run, step } from '../../www/tools/run.mjs';
import {
  checkPrerequisites,
  findChromium,
  npmPackages,
  rustToolchain,
  wasmBindgen,
} from '../../www/tools/setup.mjs';

/** Stored instances, and drawn depots as vehicles and half hours. */
const STORED = ['ev1000_t96'];
const DRAWN = [
  [1000, 96],
  [5, 48],
];

/** A folder with the module, its JavaScript and an empty page. */
async function build() {
  const manifest = join(root, 'tests/bench/Cargo.toml');
  const args = ['rustc', '--manifest-path', manifest, '--release', '--lib', '--crate-type', 'cdylib', ...wasmArgs];
  await step('module, compiled', 'cargo', args, { env: wasmEnv });
  const about = ['metadata', '--manifest-path', manifest, '--no-deps', '--format-version', '1', '--quiet'];
  const target = JSON.parse((await run('cargo', about)).output).target_directory;
  const release = join(target, 'wasm32-unknown-unknown/release');
  const folder = join(release, 'bench');
  await bindAndOptimise(join(release, 'noriai_bench.wasm'), folder, await wasmBindgen());
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>bench</title>');
  return folder;
}

/** A number with three digits that count. */
const digits = (value) => value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(value))));

/** Runs in the page: milliseconds of the first solve, and the median of those that follow. */
async function measure({ json, vehicles, slots }) {
  const { Charging, default: init } = await import('./noriai_bench.js');
  await init();
  const problem = json === undefined ? Charging.draw(vehicles, slots) : Charging.read(json);
  const solve = () => {
    const begin = performance.now();
    const yen = problem.solve();
    return { yen, ms: performance.now() - begin };
  };
  const first = solve();
  const times = [];
  for (let spent = 0; times.length < 9 || (times.length < 999 && spent < 3000); spent += times.at(-1)) {
    times.push(solve().ms);
  }
  times.sort((a, b) => a - b);
  return { yen: first.yen, first: first.ms, median: times[(times.length - 1) >> 1] };
}

/** The command and the page built, and a large day on it. */
async function measurePlayback(quick) {
  await buildWasm(await wasmBindgen());
  await buildSite();
  await step('command', 'cargo', ['build', '--release', '--bin', 'noriai']);
  const about = ['metadata', '--no-deps', '--format-version', '1', '--quiet'];
  const target = JSON.parse((await run('cargo', about)).output).target_directory;
  const { launch, serve } = await import('../e2e/harness.mjs');
  const { playback } = await import('./playback.mjs');
  await playback({ launch, serve, command: join(target, 'release/noriai'), quick });
}

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { data: { type: 'string', default: join(root, '../shared/data') }, quick: { type: 'boolean', default: false } },
  });
  const wanted = (subject) => positionals.length === 0 || positionals.includes(subject);
  checkPrerequisites();
  if (!findChromium()) throw new Missing('This needs Chromium or Chrome; NORIAI_CHROMIUM may name one.');
  await npmPackages();
  await rustToolchain();
  if (wanted('playback')) await measurePlayback(values.quick);
  if (!wanted('charging')) return;
  const folder = await build();

  const problems = DRAWN.map(([vehicles, slots]) => ({ name: `drawn, ${vehicles} x ${slots}`, vehicles, slots }));
  const notRun = [];
  for (const name of STORED) {
    const file = join(values.data, 'charging', `${name}.json`);
    if (existsSync(file)) problems.unshift({ name, json: readFileSync(file, 'utf8') });
    else notRun.push(`${name}: ${file} is absent`);
  }

  // Only now, since it loads an npm package.
  const { launch, serve } = await import('../e2e/harness.mjs');
  // Without isolation, browsers round the clock to 0.1 ms.
  const headers = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  };
  const site = await serve({ folder, headers });
  const browser = await launch();
  try {
    console.log(`\nChromium ${browser.version()}\n`);
    console.log('| problem | least cost, yen | first run, ms | median, ms |\n| --- | --- | --- | --- |');
    for (const { name, ...problem } of problems) {
      // A page of its own, so that no problem is solved by what the browser has optimised for another.
      const page = await browser.newPage();
      await page.goto(site.url);
      const { yen, first, median } = await page.evaluate(measure, problem);
      await page.close();
      console.log(`| ${name} | ${yen.toFixed(3)} | ${digits(first)} | ${digits(median)} |`);
    }
  } finally {
    await browser.close();
    await site.close();
  }
  notRun.forEach((what) => console.log(`not run: ${what}`));
});
