// npm run build: the page as a static site in www/dist, for any folder of any web server.
import { join } from 'node:path';
import { buildWasm } from './build-wasm.mjs';
import { main, step, www } from './run.mjs';
import { checkPrerequisites, npmPackages, rustToolchain, wasmBindgen } from './setup.mjs';

/** Builds www/dist from www/pkg. */
export const buildSite = () => step('site', join(www, 'node_modules/.bin/vite'), ['build'], { cwd: www });

if (process.argv[1] === import.meta.filename) {
  await main(async () => {
    checkPrerequisites();
    await npmPackages();
    await rustToolchain();
    await buildWasm(await wasmBindgen());
    await buildSite();
    console.log('The site is in www/dist.');
  });
}
