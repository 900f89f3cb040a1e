// Gets everything the page and the tests are built with. What is there already is left alone.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Missing, findCommand, root, run, step, www } from './run.mjs';
import { browserMajor, lockedVersion, nodeIsSupported } from './versions.mjs';

const WASM = 'wasm32-unknown-unknown';

/** Checks what only the user can install. */
export function checkPrerequisites() {
  if (!nodeIsSupported(process.versions.node)) {
    throw new Missing(
      `Noriai needs Node 20.19 or newer, or 22.12 or newer (this is ${process.versions.node}): ` +
        'install it from https://nodejs.org.',
    );
  }
  if (!findCommand('rustup') || !findCommand('cargo')) {
    throw new Missing('Noriai needs Rust: install rustup from https://rustup.rs and open a new shell.');
  }
  if (process.platform !== 'win32' && !findCommand('cc')) {
    throw new Missing(
      'Noriai needs a C linker (cc): install one, with `apt-get install build-essential` on Debian ' +
        'or `xcode-select --install` on macOS.',
    );
  }
}

/** Installs the packages of package-lock.json, unless exactly these are there. */
export async function npmPackages() {
  const lock = createHash('sha256').update(readFileSync(join(www, 'package-lock.json'))).digest('hex');
  // Inside node_modules, so that it goes when the packages go.
  const stamp = join(www, 'node_modules/.installed-from');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  await step('npm packages', 'npm', ['ci'], { cwd: www });
  writeFileSync(stamp, lock);
}

/** Installs the toolchain of rust-toolchain.toml with the wasm32 target, and these components. */
export async function rustToolchain(...components) {
  // rustup finds the toolchain by the folder it runs in: the repository's root.
  if ((await run('cargo', ['--version'])).code !== 0) {
    await step('Rust toolchain', 'rustup', ['toolchain', 'install']);
  }
  const installed = async (kind) => (await run('rustup', [kind, 'list', '--installed'])).output;
  if (!(await installed('target')).includes(WASM)) {
    await step('wasm32 target', 'rustup', ['target', 'add', WASM]);
  }
  if (components.length === 0) return;
  const present = await installed('component');
  const absent = components.filter((name) => !present.includes(name));
  if (absent.length > 0) await step(absent.join(', '), 'rustup', ['component', 'add', ...absent]);
}

/** Where programs are kept that are compiled once. */
const cacheFolder = () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'noriai');

/** The folder of wasm-bindgen's tools; their version has to be exactly that of the library. */
export async function wasmBindgen() {
  const version = lockedVersion(readFileSync(join(root, 'Cargo.lock'), 'utf8'), 'wasm-bindgen');
  const folder = join(cacheFolder(), `wasm-bindgen-${version}`);
  const cached = join(folder, 'bin');
  const tools = ['wasm-bindgen', 'wasm-bindgen-test-runner'];
  const onPath = findCommand('wasm-bindgen');
  for (const bin of [cached, onPath && dirname(onPath)]) {
    if (!bin || !tools.every((tool) => existsSync(join(bin, tool)))) continue;
    const { output } = await run(join(bin, 'wasm-bindgen'), ['--version']);
    if (output.trim() === `wasm-bindgen ${version}`) return bin;
  }
  // Unoptimised and without TLS it is compiled much sooner, and is slower by some tenths of a second.
  await step(
    `wasm-bindgen ${version} (once, some minutes)`,
    'cargo',
    ['install', 'wasm-bindgen-cli', '--version', version, '--no-default-features', '--root', folder, '--force'],
    { env: { CARGO_PROFILE_RELEASE_OPT_LEVEL: '0' } },
  );
  return cached;
}

const CHROMIUM = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const CHROMEDRIVER = ['chromedriver', '/usr/lib/chromium/chromedriver', '/usr/lib/chromium-browser/chromedriver'];

const FIREFOX = ['firefox', 'firefox-esr', '/Applications/Firefox.app/Contents/MacOS/firefox'];

/** The version of geckodriver that the tests were written with. */
const GECKODRIVER = '0.37.1';

/** The installed Chromium or Chrome, unless NORIAI_CHROMIUM names one. */
export const findChromium = () => process.env.NORIAI_CHROMIUM || findCommand(...CHROMIUM);

/** The installed Firefox, unless NORIAI_FIREFOX names one. */
export const findFirefox = () => process.env.NORIAI_FIREFOX || findCommand(...FIREFOX);

const geckodriverFolder = () => join(cacheFolder(), `geckodriver-${GECKODRIVER}`);

/** Its driver: the one that was compiled here, or one of the system's. */
export const findGeckodriver = () => process.env.GECKODRIVER || findCommand(join(geckodriverFolder(), 'bin/geckodriver'), 'geckodriver');

/** Compiles Firefox's driver where there is none: Debian has no package of it. */
export async function geckodriver() {
  const found = findGeckodriver();
  if (found) return found;
  await step(
    `geckodriver ${GECKODRIVER} (once, a minute or two)`,
    'cargo',
    ['install', 'geckodriver', '--version', GECKODRIVER, '--locked', '--root', geckodriverFolder(), '--force'],
    { env: { CARGO_PROFILE_RELEASE_OPT_LEVEL: '0', CARGO_PROFILE_RELEASE_DEBUG: 'false' } },
  );
  return findGeckodriver();
}

/** What of the browser, its driver and a Japanese font is here. */
async function lookForBrowser() {
  const chromium = findChromium();
  const driver = process.env.CHROMEDRIVER || findCommand(...CHROMEDRIVER);
  const version = async (path) => browserMajor((await run(path, ['--version'])).output);
  const matching = chromium && driver && (await version(chromium)) === (await version(driver));
  // A macOS or Windows has Japanese fonts, and no fontconfig to ask.
  const list = await run('fc-list', [':lang=ja']);
  const fonts = process.platform !== 'linux' || (list.code === 0 && list.output !== '');
  const packages = [
    ...(matching ? [] : ['chromium', 'chromium-driver']),
    ...(findFirefox() ? [] : ['firefox-esr']),
    // Without a screen Firefox has no WebGL.
    ...(process.platform !== 'linux' || process.env.DISPLAY || findCommand('Xvfb') ? [] : ['xvfb']),
    ...(fonts ? [] : ['fontconfig', 'fonts-noto-cjk']),
  ];
  return { chromium, driver, packages };
}

/** A Chromium with its driver, a Firefox, and a Japanese font for them; installed where that is possible. */
export async function browser() {
  let found = await lookForBrowser();
  if (found.packages.length > 0) {
    const apt = findCommand('apt-get');
    const install = ['install', '-y', '--no-install-recommends', ...found.packages];
    const needs = 'The tests need Chromium or Chrome, a chromedriver of the same version, Firefox, Xvfb and a Japanese font';
    if (!apt) {
      throw new Missing(`${needs}: install them and run this again.`);
    }
    if (process.getuid?.() !== 0) {
      throw new Missing(`${needs}: run \`sudo apt-get update && sudo apt-get ${install.join(' ')}\`.`);
    }
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await step('apt package lists', apt, ['update'], { env });
    await step(found.packages.join(', '), apt, install, { env });
    found = await lookForBrowser();
    if (found.packages.length > 0) {
      throw new Missing(`${needs}, and after their installation by apt ${found.packages.join(', ')} still do not fit.`);
    }
  }
  return found;
}
