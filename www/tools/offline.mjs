// Writes service-worker.js beside a built page: the script of www/src/offline, with the page's files and their digests.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const source = fileURLToPath(new URL('../src/offline/service-worker.ts', import.meta.url));
const NAME = 'service-worker.js';

const digest = (algorithm, bytes) => createHash(algorithm).update(bytes).digest('base64');

/**
 * What a first visit keeps: the page with its engine and its first town. Other towns, the readers of files and the year's account come
 * when they are wanted; policy.html is never asked of a service worker, since its frame has an origin of its own.
 */
const isFirst = (path) =>
  ['', 'favicon.svg', 'manifest.webmanifest'].includes(path) || /^assets\/(?!readers|account|embed)(namie|(?!.*\.json$))/.test(path);

export async function writeServiceWorker(folder) {
  const paths = readdirSync(folder, { recursive: true })
    .filter((name) => name !== NAME && statSync(join(folder, name)).isFile())
    .map((name) => name.split(sep).join('/'))
    .sort();
  const entry = (path) => [path === 'index.html' ? '' : path, `sha256-${digest('sha256', readFileSync(join(folder, path)))}`];
  const files = Object.fromEntries(paths.map(entry));
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    define: {
      FILES: JSON.stringify(files),
      FIRST: JSON.stringify(Object.keys(files).filter(isFirst)),
      VERSION: JSON.stringify(digest('sha256', JSON.stringify(files)).slice(0, 16)),
    },
    build: { write: false, target: 'es2022', rollupOptions: { input: source, output: { format: 'iife' } } },
  });
  const [{ output }] = [built].flat();
  writeFileSync(join(folder, NAME), output[0].code);
}
