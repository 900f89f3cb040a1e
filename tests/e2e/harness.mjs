// The built page, as a partner portal would host it: in a folder of its own, under a strict content policy,
// opened in a real Chromium that reaches nothing else.
//
//     const lab = await openLab();
//     const page = await lab.newPage({ locale: 'ja-JP' });
//     await page.goto(lab.url);
//     assert.deepEqual(page.problems(), []);
//     await lab.close();
import { createReadStream, mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../../www/tools/setup.mjs';

const www = fileURLToPath(new URL('../../www/', import.meta.url));
// The packages are the page's; this folder has none.
export const { chromium } = createRequire(join(www, 'package.json'))('playwright-core');

/** Where screenshots, downloads and the like may be left. */
export const results = join(www, 'test-results');
mkdirSync(results, { recursive: true });

/** The strictest policy that partners send; a document or worker that breaks it logs an error. */
export const PORTAL_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "font-src 'self'",
].join('; ');

/** What the page's own host may add: `frame-src` is for policy.html, which is sent without it and carries its own, stricter one. */
export const CONTENT_POLICY = `${PORTAL_POLICY}; frame-src 'self'`;

/** What docs/hosting.md asks of a host. */
const hosting = JSON.parse(readFileSync(new URL('../../docs/hosting.json', import.meta.url), 'utf8'));

/** The headers that it asks for a file, but for its type. */
export function hostedHeaders(path) {
  const headers = Object.assign({}, ...hosting.rules.filter((rule) => new RegExp(rule.path).test(path)).map((rule) => rule.headers));
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join('; ')]));
}

const strictHeaders = (path) => (path === 'policy.html' ? {} : { 'content-security-policy': CONTENT_POLICY });

/** A server of this machine at a free port, with its origin and its end. */
export async function listen(answer) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

/** Serves a folder below a path of a free local port; `headersOf` a file's path, and `headers` of all. `asked` lists the files. */
export async function serve({ folder = join(www, 'dist'), path = '/some/portal/', headers = {}, headersOf = strictHeaders } = {}) {
  const asked = [];
  const { origin, close } = await listen((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const inside = pathname.startsWith(path) ? decodeURIComponent(pathname.slice(path.length)) : undefined;
    const file = inside !== undefined && join(folder, normalize(`/${inside}`), inside === '' ? 'index.html' : '');
    if (inside !== undefined) asked.push(inside);
    if (!file || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': hosting.types[extname(file)] ?? 'application/octet-stream',
      ...headersOf(inside),
      ...headers,
    });
    createReadStream(file).pipe(response);
  });
  return { url: origin + path, asked, close };
}

/** Starts Chromium with WebGL drawn by the processor. */
export function launch(options = {}) {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      '--no-sandbox',
      '--no-first-run',
      '--disable-quic',
      '--disable-sync',
      '--disable-background-networking',
      '--disable-component-update',
      // A machine without a graphics card: WebGL is emulated. Chromium would draw the page itself by the emulated card too, which
      // no user's browser does and which takes ten times as long.
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--disable-gpu-compositing',
      // Not even a name of another host is looked up.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
    ...options,
  });
}

/** The served site and the browser of one test file. */
export async function openLab(options = {}) {
  const site = await serve(options);
  const browser = await launch();
  const host = new URL(site.url).host;

  /** A page of its own context; options are Playwright's: locale, viewport, reducedMotion ... It keeps no files unless told to. */
  async function newPage({ locale = 'en-GB', viewport = { width: 1280, height: 800 }, serviceWorkers = 'block', ...rest } = {}) {
    const context = await browser.newContext({ locale, viewport, serviceWorkers, ...rest });
    return watched(context);
  }

  /** One more page of a context. */
  async function watched(context) {
    const page = await context.newPage();
    page.consoleErrors = [];
    page.pageErrors = [];
    page.foreignRequests = [];
    page.on('console', (message) => {
      if (message.type() === 'error') page.consoleErrors.push(message.text());
    });
    page.on('pageerror', (error) => page.pageErrors.push(error.message));
    // Of the context, so that the requests of workers are seen too.
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http') && url.host !== host) page.foreignRequests.push(request.url());
    });
    /** All that must not happen while a page is used, for one assertion. */
    page.problems = () => [
      ...page.consoleErrors.map((text) => `console: ${text}`),
      ...page.pageErrors.map((text) => `exception: ${text}`),
      ...page.foreignRequests.map((text) => `request: ${text}`),
    ];
    return page;
  }

  /** The page with its first figures; the day is paused. */
  async function open(query = '?lang=en', options = {}) {
    const page = await newPage({ reducedMotion: 'reduce', ...options });
    await page.goto(site.url + query);
    await page.waitForSelector('[data-figure=served_share]', { state: 'attached', timeout: 60_000 });
    return page;
  }

  return {
    url: site.url,
    browser,
    asked: site.asked,
    stopServing: site.close,
    newPage,
    watched,
    open,
    close: async () => {
      await browser.close();
      await site.close();
    },
  };
}

/**
 * A portal of its own origin that hosts the package's files beside its page, and the laboratory's site at another origin. `page(body)` is
 * the address of a page with that body, which notes what elements tell and whatever breaks the policy.
 */
export async function openPortal() {
  const site = await serve({ path: '/' });
  const lab = new URL(site.url).origin;
  const headers = { 'content-security-policy': `${PORTAL_POLICY}; frame-src ${lab}` };
  const types = { ...hosting.types, '.html': 'text/html; charset=utf-8' };
  const files = { '/portal.js': PORTAL_SCRIPT, '/portal.css': PORTAL_STYLE, '/favicon.ico': '' };
  const server = await listen((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://portal');
    const file = join(www, 'dist-package', normalize(pathname));
    const body = pathname === '/portal.html' ? PORTAL_PAGE.replace('<!-- body -->', searchParams.get('body')) : files[pathname];
    if (body === undefined && !statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[extname(pathname)] ?? 'application/octet-stream', ...headers });
    response.end(body ?? readFileSync(file));
  });
  return {
    origin: server.origin,
    lab,
    page: (body) => `${server.origin}/portal.html?body=${encodeURIComponent(body)}`,
    close: async () => {
      await server.close();
      await site.close();
    },
  };
}

const PORTAL_PAGE = `<!doctype html>
<html lang="fr">
  <head>
    <meta charset="utf-8" />
    <title>Portal</title>
    <link rel="stylesheet" href="portal.css" />
    <script src="portal.js"></script>
    <script type="module" src="element.js"></script>
  </head>
  <body><!-- body --></body>
</html>`;

const PORTAL_SCRIPT = `
  window.told = [];
  window.violations = [];
  window.errors = [];
  const { error } = console;
  console.error = (...said) => {
    errors.push(said.join(' '));
    error(...said);
  };
  window.addEventListener('error', ({ message }) => errors.push(message));
  window.addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)));
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => violations.push(violatedDirective + ' ' + blockedURI));
  // Events of elements do not bubble, but are caught on the way down.
  for (const name of ['run-finished', 'selection', 'error'])
    document.addEventListener(name, ({ target, detail }) => target.id && told.push({ name, id: target.id, detail: detail ?? null }), true);
`;

const PORTAL_STYLE = `
  h1 { font-family: serif }
  iframe { width: 1000px; height: 700px; border: 0 }
  noriai-lab { margin-bottom: 20px }
  .green { --noriai-accent: rgb(0, 128, 96) }
  .green::part(bar) { border-bottom-width: 7px }
  .narrow { width: 380px }
`;
