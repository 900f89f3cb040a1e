// npm test: gets what is missing, runs every suite, shortest first, and counts what ran.
// `npm test -- native page` runs only these suites.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildSite } from './build.mjs';
import { buildWasm, targetFolder, wasmArgs, wasmEnv } from './build-wasm.mjs';
import { buildPackage } from './package.mjs';
import { cargoTest, nodeTest, table, verdict, vitest } from './results.mjs';
import { Missing, main, root, run, seconds, step, task, www } from './run.mjs';
import { browser, checkPrerequisites, geckodriver, npmPackages, rustToolchain, wasmBindgen } from './setup.mjs';

const results = join(www, 'test-results');
const npmTool = (name) => join(www, 'node_modules/.bin', name);
const deny = ['--', '-D', 'warnings'];
/**
 * What is compiled natively: the command with its tests. By itself it would have other features of some packages, and the library, whose
 * name is the same for both, would be compiled anew at each change between them.
 */
const native = ['--lib', '--bins', '--tests'];
const NOTHING = { passed: 0, failed: 0, notRun: 0 };

/** Runs a test runner that writes a report; one that did not get that far has counted nothing. */
async function reported(file, parse, command, args, options) {
  rmSync(file, { force: true });
  const { code, output } = await run(command, args, options);
  return { code, output, counts: existsSync(file) ? parse(readFileSync(file, 'utf8')) : NOTHING };
}

/** A suite that is one check: it passes or fails as a whole. */
const check = (name, command, args, options = {}) => ({
  name,
  needs: options.needs,
  run: async (context, onOutput) => {
    const { code, output } = await run(command, args, { ...options, onOutput });
    return { code, output, counts: { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, notRun: 0 } };
  },
});

const rustTests = (name, args, environment = () => ({})) => ({
  name,
  run: async (context, onOutput) => {
    const { code, output } = await run('cargo', ['test', '--locked', ...args], { env: environment(context), onOutput });
    return { code, output, counts: cargoTest(output) };
  },
});

/** Test files of a folder, by Node's own runner; so many of them at a time. */
const nodeTests = (name, folder, ending, { needs, environment = () => ({}), concurrency = 1 } = {}) => ({
  name,
  needs,
  run: async (context, onOutput) => {
    const files = readdirSync(folder)
      .filter((file) => file.endsWith(ending))
      .map((file) => join(folder, file));
    // Without a file it would look for tests everywhere.
    if (files.length === 0) return { code: 0, output: '', counts: NOTHING };
    const tap = join(results, `${name}.tap`);
    return reported(
      tap,
      nodeTest,
      process.execPath,
      [
        ...['--test', `--test-concurrency=${concurrency}`, '--test-timeout=600000'],
        ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
        ...['--test-reporter=tap', `--test-reporter-destination=${tap}`],
        ...files,
      ],
      { env: environment(context), onOutput },
    );
  },
});

/** Files in the repository that are made by a program have to be what it makes now. */
const generated = {
  name: 'generated files',
  needs: 'command',
  run: async (context, onOutput) => {
    const counts = { ...NOTHING };
    let log = '';
    const compare = async (file, command, args, agrees) => {
      if (!existsSync(join(root, file))) {
        counts.notRun += 1;
        log += `not run: ${file} is absent\n`;
        return;
      }
      const { code, output } = await run(command, args, { onOutput });
      const good = code === 0 && agrees(output);
      counts[good ? 'passed' : 'failed'] += 1;
      if (!good) log += `${file} is not what \`${command} ${args.join(' ')}\` makes\n${code === 0 ? '' : output}\n`;
    };
    const schema = 'www/public/scenario.schema.json';
    const isSchema = (output) => output.trim() === readFileSync(join(root, schema), 'utf8').trim();
    await compare(schema, context.command, ['schema'], isSchema);
    for (const town of ['namie', 'shiojiri', 'minato_mirai']) {
      const script = `src/scenario/towns/${town}.mjs`;
      await compare(script, process.execPath, [script, '--check'], () => true);
    }
    return { code: 0, output: log, counts };
  },
};

const pageTests = {
  name: 'page',
  needs: 'wasm',
  run: (context, onOutput) => {
    const json = join(results, 'page.json');
    const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${json}`];
    return reported(json, vitest, npmTool('vitest'), args, { cwd: www, onOutput });
  },
};

const browserTests = rustTests('browser', ['--test', 'browser', ...wasmArgs], ({ bin, driver }) => ({
  ...wasmEnv,
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: join(bin, 'wasm-bindgen-test-runner'),
  CHROMEDRIVER: driver,
  WASM_BINDGEN_TEST_TIMEOUT: '300',
  WASM_BINDGEN_TEST_WEBDRIVER_JSON: join(results, 'webdriver.json'),
}));

const suites = [
  nodeTests('tools', join(www, 'tools'), '.test.mjs'),
  check('format', 'cargo', ['fmt', '--check']),
  check('lint native', 'cargo', ['clippy', '--locked', '--all-targets', ...deny]),
  check('lint wasm32', 'cargo', ['clippy', '--locked', '--lib', '--test', 'browser', ...wasmArgs, ...deny], {
    env: wasmEnv,
  }),
  rustTests('native', [...native, '--', '--show-output']),
  rustTests('doc', ['--doc']),
  nodeTests('check', join(root, 'tests/check'), '.test.mjs', {
    needs: 'command',
    environment: ({ command }) => ({ NORIAI_BIN: command }),
    concurrency: availableParallelism(),
  }),
  generated,
  browserTests,
  check('types', npmTool('tsc'), ['--noEmit', '--project', www], { needs: 'wasm' }),
  pageTests,
  nodeTests('e2e', join(root, 'tests/e2e'), '.test.mjs', {
    needs: 'site, command and driver',
    environment: ({ chromium, command }) => ({ NORIAI_CHROMIUM: chromium, NORIAI_BIN: command }),
  }),
];

/** What suites need built before; the site contains the wasm module. */
const builds = {
  command: () => step('command and tests, compiled', 'cargo', ['test', '--locked', '--no-run', ...native]),
  wasm: ({ bin }) => buildWasm(bin),
  site: async (context) => {
    await build('wasm', context);
    await buildSite();
    await buildPackage();
  },
  'site, command and driver': async (context) => {
    await geckodriver();
    await build('command', context);
    await build('site', context);
  },
};
const built = new Map();
/** Builds once; a failure is remembered for the next suite that needs the same. */
function build(name, context) {
  if (!built.has(name)) built.set(name, builds[name](context));
  return built.get(name);
}

async function runSuite(suite, context) {
  const start = performance.now();
  let outcome;
  try {
    if (suite.needs) await build(suite.needs, context);
    outcome = await task(suite.name, (onOutput) => suite.run(context, onOutput));
  } catch (error) {
    outcome = { code: 1, output: error.message, counts: NOTHING };
  }
  const result = verdict(outcome.counts, outcome.code);
  const log = join(results, `${suite.name}.log`);
  writeFileSync(log, outcome.output);
  if (result.failed > 0) {
    console.log(`\n${outcome.output.trim().split('\n').slice(-200).join('\n')}`);
    console.log(`${suite.name} failed${result.note && ` (${result.note})`}; all of its output is in ${log}\n`);
  }
  return { name: suite.name, ...result, seconds: seconds(start) };
}

await main(async () => {
  const wanted = process.argv.slice(2);
  const names = suites.map(({ name }) => name);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown) throw new Missing(`There is no suite "${unknown}"; there are: ${names.join(', ')}.`);
  const chosen = wanted.length > 0 ? suites.filter(({ name }) => wanted.includes(name)) : suites;

  checkPrerequisites();
  await npmPackages();
  await rustToolchain('rustfmt', 'clippy');
  const context = {
    ...(await browser()),
    bin: await wasmBindgen(),
    command: join(await targetFolder(), 'debug/noriai'),
  };
  mkdirSync(results, { recursive: true });
  writeFileSync(
    join(results, 'webdriver.json'),
    JSON.stringify({
      'goog:chromeOptions': { binary: context.chromium, args: ['disable-quic', 'disable-background-networking'] },
    }),
  );

  // The module's last step keeps one core busy: what suites need is built beside those that need nothing.
  for (const { needs } of chosen) if (needs) build(needs, context).catch(() => {});

  const done = [];
  for (const suite of chosen) done.push(await runSuite(suite, context));

  const rows = done.map((suite) => [
    suite.name,
    ...[suite.passed, suite.failed, suite.notRun].map(String),
    suite.seconds.toFixed(1),
  ]);
  console.log(`\n${table([['suite', 'passed', 'failed', 'not run', 'seconds'], ...rows])}\n`);
  const total = (key) => done.reduce((sum, suite) => sum + suite[key], 0);
  console.log(`${total('passed')} passed, ${total('failed')} failed, ${total('notRun')} skipped`);
  process.exitCode = total('failed') > 0 ? 1 : 0;
});
