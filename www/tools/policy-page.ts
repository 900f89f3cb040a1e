// policy.html: one file with all of its script inside, so that its content policy can name that script by its hash. An address
// would not do: the page is opened with an origin of its own, for which nothing is 'self'.
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const source = (name: string) => fileURLToPath(new URL(`../src/policy/${name}`, import.meta.url));

/** A script and all that it imports as one classic script. */
async function script(name: string, define: Record<string, string> = {}): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    define,
    build: { write: false, target: 'es2022', rollupOptions: { input: source(name), output: { format: 'iife' } } },
  });
  const [result] = Array.isArray(built) ? built : [built];
  if (!result || !('output' in result)) throw new Error(`${name} was not built`);
  return result.output[0].code;
}

/** No network at all; code from text and from blobs, and workers from blobs, for the policies that run here. */
const contentPolicy = (script: string) =>
  [
    "default-src 'none'",
    `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}' 'unsafe-eval' blob:`,
    'worker-src blob:',
  ].join('; ');

async function page(): Promise<string> {
  const worker = await script('worker.ts');
  const frame = await script('frame.ts', { POLICY_WORKER: JSON.stringify(worker) });
  // What would end the element, or begin a comment in it, stands in strings only.
  const inline = frame.trim().replaceAll('</', '<\\/').replaceAll('<!--', '<\\!--');
  return [
    '<!doctype html>',
    '<meta charset="utf-8" />',
    `<meta http-equiv="content-security-policy" content="${contentPolicy(inline)}" />`,
    '<title>Noriai: policy</title>',
    `<script>${inline}</script>`,
    '',
  ].join('\n');
}

/** Serves policy.html, and writes it beside the built page. */
export const policyPage = (): Plugin => ({
  name: 'policy-page',
  configureServer(server) {
    server.middlewares.use('/policy.html', (_, response, next) => {
      page().then((html) => response.setHeader('content-type', 'text/html; charset=utf-8').end(html), next);
    });
  },
  async generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'policy.html', source: await page() });
  },
});
