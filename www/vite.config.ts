import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { writeServiceWorker } from './tools/offline.mjs';
import { docs } from './tools/docs.ts';
import { policyPage } from './tools/policy-page.ts';

const dist = fileURLToPath(new URL('dist', import.meta.url));

export default defineConfig({
  // The service worker last: it knows all files.
  plugins: [policyPage(), docs(), { name: 'offline', apply: 'build', closeBundle: () => writeServiceWorker(dist) }],
  // Relative addresses: the built site works from any folder of any host.
  base: './',
  build: {
    target: 'es2022',
    rolldownOptions: { input: ['index.html', 'embed.html'] },
    // No data: addresses, which a strict content policy forbids for fonts, workers and fetched documents.
    assetsInlineLimit: 0,
    // MapLibre alone is larger than Vite's default of 500.
    chunkSizeWarningLimit: 1500,
  },
  worker: { format: 'es' },
  // It is one ES module already, and finds its worker beside itself.
  optimizeDeps: { exclude: ['maplibre-gl'] },
  // The built-in towns are read from ../src/scenario/towns.
  server: { fs: { allow: ['..'] } },
  test: { include: ['src/**/*.test.ts'] },
});
