// The service worker: keeps the page's own files, so that it works without a network. A version is all or nothing: every file has to
// be the one that was built, and a newer version waits until no page of the older one is left, or the only one is loaded again.

export {};

declare const self: ServiceWorkerGlobalScope;

/** Each built file, by its path from the page's folder, with its digest; `www/tools/offline.mjs` writes it here. The page is ''. */
declare const FILES: Record<string, string>;

/** Those that are kept from the first visit on; others when they are fetched. */
declare const FIRST: string[];

/** A digest of all of them. */
declare const VERSION: string;

const { scope } = self.registration;

/** A site may have the page in several folders. */
const MINE = `noriai ${scope} `;
const CACHE = MINE + VERSION;

const addressOf = (path: string): string => new URL(path, scope).href;

/** The path of a built file; none for anything else, be it of this site. */
function pathOf(address: string): string | undefined {
  const { origin, pathname } = new URL(address);
  const file = origin + pathname;
  if (!file.startsWith(scope)) return undefined;
  const path = file.slice(scope.length).replace(/^index\.html$/, '');
  return Object.hasOwn(FILES, path) ? path : undefined;
}

/** Fetches a file of this version and keeps it; a file of another version is an error. */
async function fetched(path: string): Promise<Response> {
  // Only names with a digest in them never mean something else later.
  const cache = path.startsWith('assets/') ? 'default' : 'no-cache';
  const response = await fetch(addressOf(path), { cache, integrity: FILES[path]! });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  // A server may have its own name for it, and a redirected response must not answer a navigation.
  const own = response.redirected ? new Response(response.body, response) : response;
  await (await caches.open(CACHE)).put(addressOf(path), own.clone());
  return own;
}

/** The files of this version that a former one has kept. */
async function formerlyKept(): Promise<string[]> {
  const former = (await caches.keys()).filter((name) => name.startsWith(MINE) && name !== CACHE);
  const kept = await Promise.all(former.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().flatMap(({ url }) => pathOf(url) ?? []);
}

async function install(): Promise<void> {
  const paths = new Set([...FIRST, ...(await formerlyKept())]);
  await Promise.all([...paths].map(fetched));
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(MINE) && name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

/** Lets the version that waits take over; resolves with the name of its cache. */
function takeOver(waiting: ServiceWorker): Promise<string> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<string>) => resolve(data);
    waiting.postMessage('take over', [port2]);
  });
}

async function answer(request: Request, path: string): Promise<Response> {
  const { waiting } = self.registration;
  // The page that is loaded again is still there: a single one is itself.
  const isReload = path === '' && request.mode === 'navigate' && request.cache !== 'default';
  const isAlone = async () => (await self.clients.matchAll({ type: 'window' })).length === 1;
  const cache = waiting && isReload && (await isAlone()) ? await takeOver(waiting) : CACHE;
  const kept = await (await caches.open(cache)).match(addressOf(path));
  // What a host has changed or taken away since is its own affair.
  return kept ?? fetched(path).catch(() => fetch(request));
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', ({ data, ports }) => {
  if (data !== 'take over') return;
  void self.skipWaiting();
  ports[0]?.postMessage(CACHE);
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = request.method === 'GET' ? pathOf(request.url) : undefined;
  if (path !== undefined) event.respondWith(answer(request, path));
});
