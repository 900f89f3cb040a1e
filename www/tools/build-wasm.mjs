// The Rust core as an optimised WebAssembly module with its JavaScript and TypeScript, in www/pkg.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { run, step, www } from './run.mjs';

/** The environment of every wasm32 build, tests and lint included, so that they share what is compiled. */
export const wasmEnv = { CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: '-C target-feature=+simd128' };

/** Cargo's arguments of every wasm32 build. */
export const wasmArgs = ['--no-default-features', '--target', 'wasm32-unknown-unknown'];

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
  await step('JavaScript and types', join(wasmBindgenBin, 'wasm-bindgen'), [
    ...['--target', 'web', '--out-dir', folder],
    compiled,
  ]);
  await step('core, optimised', process.execPath, [
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

/** Builds www/pkg with the wasm-bindgen in this folder; ends early when the compiled core is that of last time. */
export async function buildWasm(wasmBindgenBin) {
  await step('core, compiled', 'cargo', ['build', '--release', '--lib', ...wasmArgs], { env: wasmEnv });

  const release = join(await targetFolder(), 'wasm32-unknown-unknown/release');
  const compiled = join(release, 'noriai.wasm');
  const pkg = join(www, 'pkg');
  const stamp = join(pkg, '.built-from');
  const identity = createHash('sha256')
    .update(readFileSync(compiled))
    .update(wasmBindgenBin)
    .update(readFileSync(join(www, 'node_modules/binaryen/package.json')))
    .update(OPTIMISE.join())
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === identity) return;

  // Made beside cargo's output and copied when complete, so that a page being served never sees half of it.
  const bound = join(release, 'bindgen');
  const wasm = await bindAndOptimise(compiled, bound, wasmBindgenBin);
  rmSync(pkg, { recursive: true, force: true });
  mkdirSync(pkg);
  cpSync(bound, pkg, { recursive: true });
  writeFileSync(stamp, identity);

  const bytes = readFileSync(wasm);
  const kilobytes = (n) => `${Math.round(n / 1000)} kB`;
  console.log(`core  ${kilobytes(bytes.length)}, ${kilobytes(gzipSync(bytes, { level: 9 }).length)} gzipped`);
}
