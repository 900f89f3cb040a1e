// npm run package: the npm package `noriai` in www/dist-package, from www/package, www/src and www/pkg. Nothing of it is committed.
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { buildWasm, cratesIn } from './build-wasm.mjs';
import { main, root, run, step, www } from './run.mjs';
import { checkPrerequisites, npmPackages, rustToolchain, wasmBindgen } from './setup.mjs';

export const packageFolder = join(www, 'dist-package');

const sources = join(www, 'package');

/** The files of towns that the code asks for. */
const towns = new Set();

/** A style sheet with those that it imports in it. */
function flat(file) {
  const text = readFileSync(file, 'utf8');
  return text.replace(/@import '([^']+)';/g, (_, name) => flat(join(dirname(file), name)));
}

/**
 * What Vite does for the page: style sheets as text for the shadow trees, texts, and addresses of files. These stay
 * `new URL('name', import.meta.url)`, which bundlers know, so all that is built lies in one folder.
 */
const files = {
  name: 'files',
  async resolveId(id, importer) {
    const [path, query] = id.split('?');
    if (!query && !path.endsWith('.css')) return undefined;
    const found = await this.resolve(path, importer, { skipSelf: true });
    // A name of its own: by its ending, rolldown would take it for what it is made of.
    return { id: `\0${query ?? 'style'}:${found.id}`, moduleSideEffects: false };
  },
  load(id) {
    const [kind, path] = id.startsWith('\0') ? id.slice(1).split(/:(.*)/) : [];
    if (path === undefined || path === '') return undefined;
    const file = (address) => ({ code: `export default new URL('./${address}', import.meta.url).href;`, moduleType: 'js' });
    const text = (value) => ({ code: `export default ${JSON.stringify(value)};`, moduleType: 'js' });
    switch (kind) {
      case 'style':
        return text('');
      case 'inline':
        return text(flat(path));
      case 'raw':
        return text(readFileSync(path, 'utf8'));
      case 'url':
        towns.add(path);
        return file(`towns/${basename(path)}`);
      case 'worker&url':
        return file('map-worker.js');
      default:
        return undefined;
    }
  },
};

/** The packages whose code is in a bundle. */
const bundled = new Set();

async function bundle(input, more = {}) {
  // Only here now, after npm ci on a fresh machine.
  const { rolldown } = await import('rolldown');
  const { viteImportGlobPlugin } = await import('rolldown/experimental');
  const build = await rolldown({ input, plugins: [files, viteImportGlobPlugin({ root: www })], transform: { target: 'es2022' }, tsconfig: join(www, 'tsconfig.json') });
  const { output } = await build.write({
    dir: packageFolder,
    format: 'es',
    minify: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    ...more,
  });
  await build.close();
  for (const { moduleIds = [] } of output) {
    for (const id of moduleIds) {
      const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
      if (name) bundled.add(name);
    }
  }
}

/** The declarations that are reached from the package's entries. */
async function declarations() {
  const made = join(packageFolder, '.types');
  await step('types', join(www, 'node_modules/.bin/tsc'), [
    ...['--project', www, '--noEmit', 'false', '--emitDeclarationOnly', '--declaration', '--outDir', made, '--rootDir', www],
  ]);
  cpSync(join(www, 'pkg'), join(made, 'pkg'), { recursive: true, filter: (path) => !/\.(wasm|js)$|built-from/.test(path) });
  const wanted = ['core', 'worker', 'element'].map((name) => join(made, `package/${name}.d.ts`));
  const copied = new Set();
  while (wanted.length > 0) {
    const file = wanted.pop();
    if (copied.has(file)) continue;
    copied.add(file);
    // Node's resolution of types wants file names whole, and no declaration is of a style sheet.
    const text = readFileSync(file, 'utf8')
      .replace(/^import '[^']*\.css[^']*';\n/gm, '')
      .replace(/(from |import\()(['"])(\.[^'"]+)\2/g, (_, word, quote, path) => {
        const target = join(dirname(file), path.replace(/\.js$/, ''));
        wanted.push(`${target}.d.ts`);
        return `${word}${quote}${path.replace(/\.js$/, '')}.js${quote}`;
      });
    const place = join(packageFolder, 'types', relative(made, file));
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }
  rmSync(made, { recursive: true });
}

/** The texts of licences in a folder; not Apache's long one where another is offered instead. */
function licences(folder, expression) {
  const all = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|unlicense|notice)/i.test(name));
  const others = / OR |\//.test(expression) ? all.filter((name) => !/apache/i.test(name)) : all;
  return (others.length > 0 ? others : all).map((name) => readFileSync(join(folder, name), 'utf8').trim());
}

/** What others have written and this package carries, with its licences. */
async function notices() {
  const notice = ({ name, version, license, repository, folder }) =>
    [`${name} ${version} (${license})`, repository ?? '', ...(folder ? licences(folder, license) : [])].filter((text) => text !== '').join('\n\n');
  const npm = [...bundled].sort().map((name) => {
    const folder = join(www, 'node_modules', name);
    const { repository, ...about } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return { ...about, repository: repository?.url ?? repository, folder };
  });
  const { output } = await run('rustc', ['--version']);
  const rust = { name: 'std', version: output.split(' ')[1], license: 'MIT OR Apache-2.0', repository: 'https://github.com/rust-lang/rust' };
  const crates = (await cratesIn('noriai')).sort((a, b) => (a.name < b.name ? -1 : 1));
  const part = (heading, all) => [heading, ...all.map(notice)];
  return [...part('In the JavaScript: npm packages', npm), ...part('In noriai_bg.wasm: Rust crates', [rust, ...crates])].join(
    `\n\n${'-'.repeat(80)}\n\n`,
  );
}

/** Version and licence are those of Cargo.toml. */
function manifest() {
  const cargo = readFileSync(join(root, 'Cargo.toml'), 'utf8');
  const field = (name) => new RegExp(`^${name} = "([^"]+)"`, 'm').exec(cargo)[1];
  const entry = (name, file = name) => ({ types: `./types/package/${name}.d.ts`, default: `./${file}.js` });
  return {
    name: 'noriai',
    version: field('version'),
    description: JSON.parse(readFileSync(join(www, 'package.json'), 'utf8')).description,
    license: field('license'),
    keywords: ['ridesharing', 'dial-a-ride', 'electric-vehicles', 'simulation', 'web-component', 'wasm'],
    type: 'module',
    engines: { node: '>=20.16' },
    types: './types/package/core.d.ts',
    exports: {
      '.': entry('core', 'index'),
      './worker': entry('worker'),
      './element': entry('element'),
      './noriai_bg.wasm': './noriai_bg.wasm',
      './engine-worker.js': './engine-worker.js',
      './scenario.schema.json': './scenario.schema.json',
      './towns/*.json': './towns/*.json',
      './package.json': './package.json',
    },
    sideEffects: ['./element.js', './engine-worker.js', './map-worker.js'],
  };
}

/** Builds www/dist-package from www/pkg. */
export async function buildPackage() {
  rmSync(packageFolder, { recursive: true, force: true });
  mkdirSync(join(packageFolder, 'towns'), { recursive: true });
  const entry = (name) => join(sources, `${name}.ts`);
  await bundle({ index: entry('core'), worker: entry('worker'), element: entry('element') });
  // In one piece, whatever a bundler makes of the rest.
  await bundle({ 'engine-worker': entry('engine-worker') }, { codeSplitting: false });
  bundled.add('maplibre-gl');
  await declarations();
  const copy = (from, to = basename(from)) => copyFileSync(from, join(packageFolder, to));
  copy(join(www, 'node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs'), 'map-worker.js');
  copy(join(www, 'pkg/noriai_bg.wasm'));
  copy(join(www, 'public/scenario.schema.json'));
  for (const town of towns) copy(town, `towns/${basename(town)}`);
  for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) copy(join(root, licence));
  copy(join(sources, 'README.md'));
  writeFileSync(join(packageFolder, 'THIRD-PARTY.txt'), `${await notices()}\n`);
  writeFileSync(join(packageFolder, 'package.json'), `${JSON.stringify(manifest(), undefined, 2)}\n`);
}

if (process.argv[1] === import.meta.filename) {
  await main(async () => {
    checkPrerequisites();
    await npmPackages();
    await rustToolchain();
    await buildWasm(await wasmBindgen());
    await buildPackage();
    console.log('The package is in www/dist-package: npm pack ./www/dist-package');
  });
}
