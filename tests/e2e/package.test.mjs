// The npm package as it would be published: what is in it, and its examples, built and opened under the strictest policy of a host.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { launch, PORTAL_POLICY, serve } from './harness.mjs';

const www = fileURLToPath(new URL('../../www/', import.meta.url));
const { resolve } = createRequire(join(www, 'package.json'));
const golden = readFileSync(new URL('../golden/namie.log_hash', import.meta.url), 'utf8').trim();
const settled = { timeout: 60_000 };

/** All that may be in it, and has to be. */
const CONTENT = [
  /^(index|worker|element|engine-worker|map-worker)\.js$/,
  /^[a-z]+-[\w-]{8}\.js$/,
  /^noriai_bg\.wasm$/,
  /^scenario\.schema\.json$/,
  /^towns\/(namie|shiojiri|minato_mirai)\.json$/,
  /^types\/(package|src|pkg)\/([a-z]+\/)?[a-z]+\.d\.ts$/,
  /^(LICENSE-MIT|LICENSE-APACHE|THIRD-PARTY\.txt|README\.md|package\.json)$/,
];

/** What a download of it may weigh: half of it is the engine, a fourth the map. */
const MOST_BYTES = 1_600_000;

let folder, packed, browser;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'noriai-package-'));
  const npm = (args) => execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  [packed] = JSON.parse(npm(['pack', '--json', join(www, 'dist-package')]));
  cpSync(join(www, 'examples'), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  npm(['install', '--offline', '--no-audit', '--no-fund', `./${packed.filename}`]);
  symlinkSync(join(folder, 'node_modules'), join(folder, 'plain/node_modules'));
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

test('the package has what it should have, and nothing else', () => {
  const names = packed.files.map(({ path }) => path);
  assert.deepEqual(names.filter((name) => !CONTENT.some((pattern) => pattern.test(name))), []);
  for (const pattern of CONTENT) assert.ok(names.some((name) => pattern.test(name)), String(pattern));
  assert.ok(packed.size < MOST_BYTES, `${packed.size} bytes`);
  const version = /^version = "([^"]+)"/m.exec(readFileSync(new URL('../../Cargo.toml', import.meta.url), 'utf8'))[1];
  const manifest = JSON.parse(readFileSync(join(folder, 'node_modules/noriai/package.json'), 'utf8'));
  assert.deepEqual([manifest.name, manifest.version, manifest.dependencies], ['noriai', version, undefined]);
  const exported = Object.values(manifest.exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
  for (const path of exported.filter((path) => !path.includes('*'))) assert.ok(names.includes(path.slice(2)), path);
  const notices = readFileSync(join(folder, 'node_modules/noriai/THIRD-PARTY.txt'), 'utf8');
  const noticed = new Set([...notices.matchAll(/^-{80}\n\n([\w-]+) ([\d.]+) \(.+\)$/gm)].map(([, name]) => name));
  for (const name of ['lit', 'maplibre-gl', 'uplot', 'std']) assert.ok(noticed.has(name), name);
  // What the core asks for by name is in its module, but for the command line's parser and what writes code for the compiler.
  const [, dependencies] = /^\[dependencies\]\n([\s\S]*?)\n\[/m.exec(readFileSync(new URL('../../Cargo.toml', import.meta.url), 'utf8'));
  const asked = [...dependencies.matchAll(/^([\w-]+) = (?!.*optional)/gm)].map(([, name]) => name);
  assert.ok(asked.length > 10, `${asked}`);
  for (const name of asked) assert.ok(noticed.has(name), name);
  assert.ok(!noticed.has('clap') && !noticed.has('serde_derive'));
  assert.match(notices, /Permission is hereby granted/);
});

test('its types are enough for a strict compiler, and wrong use is told', () => {
  const use = (name, text) => {
    writeFileSync(join(folder, `${name}.ts`), text);
    const compiler = join(www, 'node_modules/typescript/bin/tsc');
    const options = [
      ...['--ignoreConfig', '--noEmit', '--strict', '--skipLibCheck', 'false', '--types', ''],
      ...['--module', 'nodenext', '--target', 'es2022', '--lib', 'esnext,dom,dom.iterable'],
    ];
    try {
      return execFileSync(process.execPath, [compiler, ...options, `${name}.ts`], { cwd: folder, encoding: 'utf8' });
    } catch (error) {
      return error.stdout;
    }
  };
  const good = `
    import { init, run, slices, town, towns, compare, policies, problemsOf, Playback, type Report } from 'noriai';
    import { NoriaiWorker, InvalidScenario } from 'noriai/worker';
    import { type NoriaiLab } from 'noriai/element';
    export async function all(element: NoriaiLab): Promise<Report> {
      const worker = new NoriaiWorker({ source: init() });
      const scenario = await town(towns[0]!.id);
      element.scenario = scenario;
      const { report } = await worker.run(scenario, { signal: AbortSignal.timeout(1000), onProgress: (share) => share.toFixed(2) });
      const { matching } = policies();
      compare(scenario, matching.map((matching) => ({ name: matching.kind, matching })), { days: 2 });
      for (const share of slices(scenario)) share.toFixed();
      return problemsOf(scenario).length > 0 ? run(scenario).report : report;
    }
    export const reasons = (error: unknown) => (error instanceof InvalidScenario ? error.problems.map(({ message }) => message.ja) : []);
    export { Playback };
    document.querySelector('noriai-lab')?.seek(36_000);
  `;
  assert.equal(use('good', good), '');
  assert.match(use('bad', "import { run } from 'noriai';\nrun({ version: 1 });\n"), /is not assignable to parameter of type 'AnyScenario'/);
});

test('in Node it lives through a day, checks a scenario and compares policies', () => {
  const node = (...args) => execFileSync(process.execPath, args, { cwd: join(folder, 'node'), encoding: 'utf8' });
  assert.match(node('batch.js'), new RegExp(`\\t${golden}\\n$`));
  const script = `
    import { readFileSync } from 'node:fs';
    import { createRequire } from 'node:module';
    import { compare, figures, init, InvalidScenario, policies, problemsOf, run, slices, town } from 'noriai';
    const wasm = createRequire(import.meta.url).resolve('noriai/noriai_bg.wasm');
    const [first, second] = await Promise.all([init(readFileSync(wasm)), init()]);
    const namie = await town('namie');
    let invalid;
    try { run({ ...namie, fleet: { ...namie.fleet, vehicles: [] } }); } catch (error) { invalid = error; }
    let shares = 0;
    for (const share of slices(namie, 100)) shares += share <= 1;
    const [nearest, insertion] = policies().matching;
    const found = compare(namie, [{ name: 'a', matching: nearest }, { name: 'b', matching: insertion }], { days: 2, first: 5 });
    console.log(JSON.stringify({
      same: first === second, figures: figures().length > 10, problems: problemsOf(namie), shares: shares > 1,
      invalid: invalid instanceof InvalidScenario && invalid.problems, found: Object.keys(found),
    }));
  `;
  const { same, figures, problems, shares, invalid, found } = JSON.parse(node('--input-type=module', '-e', script));
  assert.deepEqual([same, figures, problems, shares], [true, true, [], true]);
  assert.match(invalid[0].path, /^fleet/);
  assert.match(invalid[0].message.ja, /[\u3040-\u30ff\u4e00-\u9fff]/);
  assert.ok(found.length > 0);
});

/** Builds an example; resolves with the folder to be served. */
const BUILDS = {
  async vite(root) {
    const { build } = await import(pathToFileURL(resolve('vite')).href.replace('/index.cjs', '/index.js'));
    await build({ root, configFile: join(root, 'vite.config.js'), logLevel: 'error' });
    return join(root, 'dist');
  },
  async webpack(root) {
    const { default: webpack } = await import(pathToFileURL(resolve('webpack')).href);
    const { default: config } = await import(pathToFileURL(join(root, 'webpack.config.js')).href);
    const stats = await new Promise((done, fail) => webpack({ context: root, ...config }, (error, stats) => (error ? fail(error) : done(stats))));
    assert.deepEqual(stats.toJson({ all: false, errors: true, warnings: true }).errors, []);
    return join(root, 'public');
  },
  plain: (root) => root,
};

for (const [name, build] of Object.entries(BUILDS)) {
  test(`the example ${name} runs under the strictest policy, with worker and element`, async () => {
    const site = await serve({ folder: await build(join(folder, name)), path: '/', headersOf: () => ({ 'content-security-policy': PORTAL_POLICY }) });
    const page = await browser.newPage();
    const problems = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('requestfailed', (request) => problems.push(request.url()));
    try {
      await page.goto(`${site.url}index.html`);
      await page.locator('output', { hasText: golden }).waitFor(settled);
      await page.locator('noriai-lab canvas.maplibregl-canvas').waitFor(settled);
      assert.equal(await page.evaluate(() => document.querySelector('noriai-lab').report.log_hash), golden);
      // The favicon is nobody's.
      assert.deepEqual(problems.filter((problem) => !/favicon|404/.test(problem)), []);
    } finally {
      await page.close();
      await site.close();
    }
  });
}

test('the worker client tells progress, is cancelled, replaces a worker that fails, and names what goes wrong', async () => {
  const site = await serve({ folder: join(folder, 'plain'), path: '/', headersOf: () => ({ 'content-security-policy': PORTAL_POLICY }) });
  const page = await browser.newPage();
  try {
    await page.goto(`${site.url}index.html`);
    const outcome = await page.evaluate(async () => {
      const base = new URL('node_modules/noriai/', location.href).href;
      const { init, town } = await import(`${base}index.js`);
      const { NoriaiWorker, InvalidScenario, Cancelled, Crashed } = await import(`${base}worker.js`);
      const source = await init();
      const namie = await town('namie');
      /** Workers of which so many fail when they are asked to run. */
      const failing = (failures) => () => {
        const worker = new Worker(new URL('engine-worker.js', base), { type: 'module' });
        const post = worker.postMessage.bind(worker);
        worker.postMessage = (message, transfer) => post(message.kind === 'run' && failures-- > 0 ? { kind: 'crash' } : message, transfer);
        return worker;
      };
      const ended = (promise) => promise.then(({ report }) => report.log_hash, (error) => error);
      const shares = [];
      const worker = new NoriaiWorker({ source });
      const whole = await ended(worker.run(JSON.stringify(namie), { onProgress: (share) => shares.push(share) }));
      const older = ended(worker.run(namie));
      const newer = ended(worker.run(namie));
      const asking = new AbortController();
      const invalid = await ended(new NoriaiWorker({ source }).run({ ...namie, fleet: { ...namie.fleet, vehicles: [] } }));
      const unreadable = await ended(new NoriaiWorker({ source }).run('no scenario'));
      const script = await ended(new NoriaiWorker({ source }).run({ ...namie, policies: { ...namie.policies, matching: { kind: 'script', source: '' } } }));
      const [first, second] = [await older, await newer];
      const busy = ended(worker.run(namie, { signal: asking.signal }));
      asking.abort('enough');
      const aborted = await busy;
      const late = await ended(worker.run(namie, { signal: asking.signal }));
      const afterwards = await ended(worker.run(namie));
      const repeated = await ended(new NoriaiWorker({ source, start: failing(1) }).run(namie));
      const lost = await ended(new NoriaiWorker({ source, start: failing(9) }).run(namie));
      const missing = await ended(new NoriaiWorker({ source: `${base}nothing.wasm` }).run(namie));
      const unused = ended(worker.run(namie));
      worker.dispose();
      return {
        hashes: [whole, second, afterwards, repeated],
        shares: shares.length > 0 && shares.every((share) => share >= 0 && share <= 1),
        kinds: [first instanceof Cancelled, aborted instanceof Cancelled, late instanceof Cancelled, (await unused) instanceof Cancelled],
        because: aborted.cause,
        problems: [invalid, unreadable, script].map((error) => error instanceof InvalidScenario && error.problems[0]),
        lost: [lost instanceof Crashed, lost.name],
        missing: missing.message,
        disposed: (await ended(worker.run(namie))) instanceof Cancelled,
      };
    });
    assert.deepEqual(outcome.hashes, [golden, golden, golden, golden]);
    assert.deepEqual([outcome.shares, outcome.kinds, outcome.because, outcome.disposed], [true, [true, true, true, true], 'enough', true]);
    assert.match(outcome.problems[0].path, /^fleet/);
    assert.match(outcome.problems[2].path, /^policies\.matching$/);
    for (const { message } of outcome.problems) assert.match(message.ja, /[\u3040-\u30ff\u4e00-\u9fff]/);
    assert.deepEqual(outcome.lost, [true, 'Crashed']);
    assert.match(outcome.missing, /nothing\.wasm: 404$/);
  } finally {
    await page.close();
    await site.close();
  }
});
