// npm start: gets what is missing, builds the core, serves the page. Options: --port 5173, --host.
import { parseArgs } from 'node:util';
import { buildWasm } from './build-wasm.mjs';
import { main, www } from './run.mjs';
import { checkPrerequisites, npmPackages, rustToolchain, wasmBindgen } from './setup.mjs';

await main(async () => {
  const { values } = parseArgs({ options: { port: { type: 'string' }, host: { type: 'boolean' } } });
  checkPrerequisites();
  await npmPackages();
  await rustToolchain();
  await buildWasm(await wasmBindgen());

  // Only here now, after npm ci on a fresh machine.
  const { createServer } = await import('vite');
  const port = values.port ? { port: Number(values.port), strictPort: true } : {};
  const server = await createServer({ root: www, server: { ...port, host: values.host } });
  await server.listen();
  server.printUrls();
});
