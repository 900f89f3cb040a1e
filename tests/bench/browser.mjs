// Measures the core as WebAssembly in Chromium: node tests/bench/browser.mjs [SUBJECT ...] [--quick] [--data DIR]
//
// Subjects are charging, matching, growth, roads, playback and extract; without one, all of them. The module is compiled, bound and
// optimised as the page's is; playback is a large day on the page itself, extract a large file of roads. Without ../shared/data, stored instances and cases are not run.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSite } from '../../www/tools/build.mjs';
import { bindAndOptimise, buildWasm, targetFolder, wasmEnv } from '../../www/tools/build-wasm.mjs';
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
  const args = ['rustc', '--manifest-path', manifest, '--release', '--lib', '--crate-type', 'cdylib', '--no-default-features', '--target', 'wasm32-unknown-unknown'];
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
async function solve({ json, vehicles, slots }) {
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

/** Runs in the page: a day, up to five times; once if it takes long. */
async function live({ make, given, policy }) {
  const { Day, default: init } = await import('./noriai_bench.js');
  const { memory } = await init();
  const day = Day[make](...given);
  const timed = (work) => {
    const begin = performance.now();
    const found = work();
    return { found, s: (performance.now() - begin) / 1e3 };
  };
  const { found: ready, s: prepare } = timed(() => day.prepare(policy));
  const runs = [timed(() => ready.run())];
  while (runs.length < 5 && runs[0].s < 3) runs.push(timed(() => ready.run()));
  const times = runs.map((run) => run.s).sort((a, b) => a - b);
  const median = times[(times.length - 1) >> 1];
  return { served: ready.served(), prepare, first: runs[0].s, median, mb: memory.buffer.byteLength / 1e6 };
}

/** Runs in the page: reading a map, and tables of its travel times. The file comes as base64. */
async function drive({ base64, tables, counts }) {
  const { Map, default: init } = await import('./noriai_bench.js');
  const { memory } = await init();
  const bytes = base64 && Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  // Three times at least, until a second has passed.
  const median = (work) => {
    const times = [];
    let found;
    for (let spent = 0; times.length < 3 || (spent < 1 && times.length < 99); spent += times.at(-1)) {
      const begin = performance.now();
      found = work(found);
      times.push((performance.now() - begin) / 1e3);
    }
    times.sort((a, b) => a - b);
    return { found, s: times[(times.length - 1) >> 1] };
  };
  const { found: map, s: read } = median((before) => {
    before?.free();
    return bytes ? Map.read(bytes) : Map.tables(...tables);
  });
  // Of small maps all nodes are fewer.
  const rows = [...new Set(counts.map((count) => Math.min(count ?? map.nodes(), map.nodes())))].map((targets) => {
    const table = median(() => map.table(targets));
    const pairs = map.draw(targets);
    return { targets, s: table.s, pairs: pairs / median(() => map.look()).s, mb: table.found / 1e6 };
  });
  const { byteLength } = memory.buffer;
  return { read, mb: (bytes?.length ?? 0) / 1e6, nodes: map.nodes(), edges: map.edges(), rows, memory: byteLength / 1e6 };
}

const POLICIES = ['nearest', 'insertion', 'batch', 'pooling', 'anticipating', 'anticipating, forecast'];

/** Requests of growing towns. */
const GROWTH = [1_000, 3_000, 10_000, 30_000, 100_000];

/** Days on which matching is measured, and the policies on each. */
function matchingDays(data, quick, notRun) {
  const policies = quick ? POLICIES.filter((policy) => policy !== 'pooling') : POLICIES;
  const days = [1, 10].map((times) => ({ name: `Namie, demand and vans x ${times}`, make: 'namie', given: [times], policies }));
  for (const name of ['S', 'M']) {
    const files = ['nodes', 'edges', `req_${name}`, `veh_${name}`].map((table) => join(data, 'manhattan', `${table}.csv`));
    const absent = files.find((file) => !existsSync(file));
    if (absent) notRun.push(`Manhattan ${name}: ${absent} is absent`);
    else {
      const given = files.map((file) => readFileSync(file, 'utf8'));
      days.push({ name: `Manhattan ${name}`, make: 'read', given, policies });
    }
  }
  days.push({ name: '1,000 requests, 60 vans', make: 'draw', given: [1_000, 60, 1], policies });
  days.push({ name: '5,000 requests, 300 vans', make: 'draw', given: [5_000, 300, 1], policies });
  days.push({ name: '20,000 requests, 1,200 vans', make: 'grow', given: [20_000], policies: ['insertion'] });
  return days;
}

const SUBJECTS = {
  async charging(measure, { data }, notRun) {
    const problems = DRAWN.map(([vehicles, slots]) => ({ name: `drawn, ${vehicles} x ${slots}`, vehicles, slots }));
    for (const name of STORED) {
      const file = join(data, 'charging', `${name}.json`);
      if (existsSync(file)) problems.unshift({ name, json: readFileSync(file, 'utf8') });
      else notRun.push(`${name}: ${file} is absent`);
    }
    console.log('| problem | least cost, yen | first run, ms | median, ms |\n| --- | --- | --- | --- |');
    for (const { name, ...problem } of problems) {
      const { yen, first, median } = await measure(solve, problem);
      console.log(`| ${name} | ${yen.toFixed(3)} | ${digits(first)} | ${digits(median)} |`);
    }
  },

  async matching(measure, { data, quick }, notRun) {
    console.log('| day | policy | served, % | preparation, s | first run, s | median, s |');
    console.log('| --- | --- | --- | --- | --- | --- |');
    for (const { name, policies, ...day } of matchingDays(data, quick, notRun)) {
      for (const policy of policies) {
        const { served, prepare, first, median } = await measure(live, { ...day, policy });
        const seconds = [prepare, first, median].map(digits).join(' | ');
        console.log(`| ${name} | ${policy} | ${(100 * served).toFixed(1)} | ${seconds} |`);
      }
    }
  },

  async roads(measure, { data, quick }, notRun) {
    const helsinki = join(data, 'osm/helsinki.osm.pbf');
    const tables = ['nodes', 'edges', 'req_S', 'veh_S'].map((table) => join(data, 'manhattan', `${table}.csv`));
    // Without a count: all nodes.
    const counts = quick ? [100, 1024] : [100, 1024, null];
    const maps = [];
    if (existsSync(helsinki)) {
      maps.push({ name: 'Helsinki', base64: readFileSync(helsinki).toString('base64'), counts });
    } else notRun.push(`Helsinki: ${helsinki} is absent`);
    const absent = tables.find((file) => !existsSync(file));
    if (absent) notRun.push(`Manhattan: ${absent} is absent`);
    else maps.push({ name: 'Manhattan', tables: tables.map((file) => readFileSync(file, 'utf8')), counts });
    const lines = [];
    console.log('| roads | nodes | targets | table, s | rows a second | pairs a second | table, MB |');
    console.log('| --- | --- | --- | --- | --- | --- | --- |');
    for (const { name, ...map } of maps) {
      const { read, mb, nodes, edges, rows, memory } = await measure(drive, map);
      if (mb > 0) lines.push(`${name}: ${digits(mb)} MB read in ${digits(read)} s, ${digits(mb / read)} MB/s`);
      lines.push(`${name}: ${nodes} nodes, ${edges} edges, ${memory.toFixed(0)} MB of memory in the end`);
      for (const { targets, s, pairs, mb: table } of rows) {
        const figures = [digits(s), (targets / s).toFixed(0), pairs.toExponential(1), digits(table)].join(' | ');
        console.log(`| ${name} | ${nodes} | ${targets} | ${figures} |`);
      }
    }
    console.log(`\n${lines.join('\n')}`);
  },

  async growth(measure, { quick }, notRun) {
    console.log('| requests | served, % | preparation, s | day, s | memory, MB |\n| --- | --- | --- | --- | --- |');
    for (const requests of GROWTH) {
      if (quick && requests > 10_000) {
        notRun.push(`${requests} requests: not with --quick`);
        continue;
      }
      try {
        const day = { make: 'grow', given: [requests], policy: 'insertion' };
        const { served, prepare, median, mb } = await measure(live, day);
        const seconds = [prepare, median].map(digits).join(' | ');
        console.log(`| ${requests} | ${(100 * served).toFixed(1)} | ${seconds} | ${mb.toFixed(0)} |`);
      } catch (error) {
        notRun.push(`${requests} requests: ${error.message.split('\n')[0]}`);
      }
    }
  },
};

/** What is measured on the page itself. */
const ON_PAGE = {
  async playback(browser, quick) {
    await step('command', 'cargo', ['build', '--release', '--bin', 'noriai']);
    const { playback } = await import('./playback.mjs');
    await playback({ ...browser, command: join(await targetFolder(), 'release/noriai'), quick });
  },
  async extract(browser, quick) {
    const { extract } = await import('./extract.mjs');
    await extract({ ...browser, quick });
  },
};

await main(async () => {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string', default: join(root, '../shared/data') },
      quick: { type: 'boolean', default: false },
    },
  });
  const all = [...Object.keys(SUBJECTS), ...Object.keys(ON_PAGE)];
  const wanted = positionals.length > 0 ? positionals : all;
  const unknown = wanted.find((subject) => !all.includes(subject));
  if (unknown) throw new Missing(`${unknown} is not a subject: give ${all.join(', ')}.`);
  checkPrerequisites();
  if (!findChromium()) throw new Missing('This needs Chromium or Chrome; NORIAI_CHROMIUM may name one.');
  await npmPackages();
  await rustToolchain();
  const onPage = wanted.filter((subject) => subject in ON_PAGE);
  if (onPage.length > 0) {
    await buildWasm(await wasmBindgen());
    await buildSite();
    const browser = await import('../e2e/harness.mjs');
    for (const subject of onPage) await ON_PAGE[subject](browser, options.quick);
  }
  const subjects = wanted.filter((subject) => subject in SUBJECTS);
  if (subjects.length === 0) return;
  const folder = await build();

  // Only now, since it loads an npm package.
  const { launch, serve } = await import('../e2e/harness.mjs');
  // Without isolation, browsers round the clock to 0.1 ms.
  const headers = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  };
  const site = await serve({ folder, headers });
  const browser = await launch();
  const notRun = [];
  try {
    console.log(`\nChromium ${browser.version()}\n`);
    for (const subject of subjects) {
      console.log(`## ${subject}\n`);
      // A page for each measurement, so that none is helped by what the browser has optimised for another.
      const measure = async (work, given) => {
        const page = await browser.newPage();
        try {
          await page.goto(site.url);
          return await page.evaluate(work, given);
        } finally {
          await page.close();
        }
      };
      await SUBJECTS[subject](measure, options, notRun);
      console.log('');
    }
  } finally {
    await browser.close();
    await site.close();
  }
  notRun.forEach((what) => console.log(`not run: ${what}`));
});
