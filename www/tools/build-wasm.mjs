// The Rust core as optimised WebAssembly modules with their JavaScript and TypeScript, in www/pkg.
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { run, step, www } from './run.mjs';

/** The environment of every wasm32 build, tests and lint included, so that they share what is compiled. */
export const wasmEnv = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: '-C target-feature=+simd128' };

const argsOf = (features) => ['--no-default-features', '--features', features.join(), '--target', 'wasm32-unknown-unknown'];

/** The modules, and what each is made of: the readers of files and the year's account are fetched when they are wanted. */
const MODULES = { noriai: ['engine'], readers: ['readers'], account: ['account'] };

/** Cargo's arguments of wasm32 builds that have everything in one. */
export const wasmArgs = argsOf(Object.values(MODULES).flat());

// What rustc emits by default, and simd128. Not --all-features: browsers reject what that may produce.
const FEATURES = [
  'bulk-memory',
  'bulk-memory-opt',
  'multivalue',
  'mutable-globals',
  'nontrapping-float-to-int',
  'reference-types',
  'sign-ext',
  'simd',
].map((name) => `--enable-${name}`);

// LLVM has optimised for speed already; -O3 takes three times as long as -O1 for 0.5 % of the compressed size.
const OPTIMISE = ['-O1', ...FEATURES];

/** Puts a compiled module into a folder, optimised and with its JavaScript and types; resolves with the module's path. */
export async function bindAndOptimise(compiled, folder, wasmBindgenBin) {
  const wasm = join(folder, basename(compiled).replace('.wasm', '_bg.wasm'));
  rmSync(folder, { recursive: true, force: true });
  await step(`${basename(compiled)}, JavaScript and types`, join(wasmBindgenBin, 'wasm-bindgen'), [
    ...['--target', 'web', '--out-dir', folder],
    compiled,
  ]);
  await step(`${basename(compiled)}, optimised`, process.execPath, [
    join(www, 'node_modules/binaryen/bin/wasm-opt'),
    ...OPTIMISE,
    ...[wasm, '-o', wasm],
  ]);
  return wasm;
}

/** Where cargo puts what it builds. */
export async function targetFolder() {
  const { output } = await run('cargo', ['metadata', '--no-deps', '--offline', '--format-version', '1', '--quiet']);
  return JSON.parse(output).target_directory;
}

/** The crates whose code may be in a module, without the core itself: name, version, licence, repository and folder of each. */
export async function cratesIn(module) {
  const about = ['metadata', '--offline', '--locked', '--format-version', '1', '--quiet', '--no-default-features'];
  const which = ['--features', MODULES[module].join(), '--filter-platform', 'wasm32-unknown-unknown'];
  const { packages, resolve } = JSON.parse((await run('cargo', [...about, ...which])).output);
  const byId = new Map(packages.map((each) => [each.id, each]));
  const depends = new Map(resolve.nodes.map(({ id, deps }) => [id, deps]));
  const found = new Set();
  // What only builds, tests or writes code for the compiler is not in it.
  const walk = (id) => {
    if (found.has(id) || byId.get(id).targets.some(({ kind }) => kind.includes('proc-macro'))) return;
    found.add(id);
    for (const { pkg, dep_kinds } of depends.get(id)) if (dep_kinds.some(({ kind }) => kind === null)) walk(pkg);
  };
  walk(resolve.root);
  found.delete(resolve.root);
  return [...found].map((id) => byId.get(id)).map(({ manifest_path, ...crate }) => ({ ...crate, folder: dirname(manifest_path) }));
}

/** Builds www/pkg with the wasm-bindgen in this folder; ends early when what was compiled is that of last time. */
export async function buildWasm(wasmBindgenBin) {
  const release = join(await targetFolder(), 'wasm32-unknown-unknown/release');
  const modules = join(release, 'modules');
  mkdirSync(modules, { recursive: true });
  const compiled = [];
  for (const [name, features] of Object.entries(MODULES)) {
    await step(`${name}, compiled`, 'cargo', ['build', '--release', '--lib', ...argsOf(features)], { env: wasmEnv });
    // Cargo gives both the same name.
    compiled.push(join(modules, `${name}.wasm`));
    copyFileSync(join(release, 'noriai.wasm'), compiled.at(-1));
  }

  const pkg = join(www, 'pkg');
  const stamp = join(pkg, '.built-from');
  const hash = createHash('sha256');
  for (const file of [...compiled, join(www, 'node_modules/binaryen/package.json')]) hash.update(readFileSync(file));
  const identity = hash.update(wasmBindgenBin).update(OPTIMISE.join()).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === identity) return;

  // Made beside cargo's output and copied when complete, so that a page being served never sees half of it.
  const bound = join(release, 'bindgen');
  const made = join(release, 'pkg');
  rmSync(made, { recursive: true, force: true });
  for (const file of compiled) {
    const wasm = await bindAndOptimise(file, bound, wasmBindgenBin);
    cpSync(bound, made, { recursive: true });
    const bytes = readFileSync(wasm);
    const kilobytes = (n) => `${Math.round(n / 1000)} kB`;
    console.log(`${basename(file)}  ${kilobytes(bytes.length)}, ${kilobytes(gzipSync(bytes, { level: 9 }).length)} gzipped`);
  }
  rmSync(pkg, { recursive: true, force: true });
  cpSync(made, pkg, { recursive: true });
  writeFileSync(stamp, identity);
}
