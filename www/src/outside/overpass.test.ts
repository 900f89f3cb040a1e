import { expect, test } from 'vitest';
import type { Box } from '../state';
import { areaKm2, askRoads, boxOf, boxText, failureOf, MOST_BYTES, placeText, question, REST_S, serverOf, type Answer, type Asking } from './overpass';

const box: Box = [140.98, 37.48, 141.02, 37.51];
const way = '{"type":"way","id":1,"nodes":[1,2],"geometry":[{"lat":37.49,"lon":141},{"lat":37.5,"lon":141}],"tags":{"highway":"residential"}}';
const answer = (elements: string, remark = '') => `{"version":0.6,"elements":[${elements}]${remark && `,"remark":"${remark}"`}}`;
/** A page as the server makes it for an error. */
const errorPage = (said: string) => `<?xml version="1.0" encoding="UTF-8"?>\n<html><body><p><strong style="color:#FF0000">Error</strong>: ${said} </p></body></html>`;

test('the question names the roads of vans, and its box from the south', () => {
  expect(question(box)).toBe(
    '[out:json][timeout:60];way["highway"~"^(motorway(_link)?|trunk(_link)?|primary(_link)?|secondary(_link)?|tertiary(_link)?|unclassified|residential|road|service|living_street|busway|pedestrian|track)$"]["service"!~"^(driveway|parking_aisle|drive-through|emergency_access)$"](37.48,140.98,37.51,141.02);out geom;',
  );
});

test('areas on the sphere: a degree at the equator, half as much at 60°, the whole earth', () => {
  // A degree is 6371.0088 π / 180 = 111.195 km, and 111.195² = 12364.
  expect(areaKm2([0, -0.5, 1, 0.5])).toBeCloseTo(12364, -1);
  expect(areaKm2([0, 59.5, 1, 60.5])).toBeCloseTo(12364 / 2, -1);
  expect(areaKm2([-180, -90, 180, 90])).toBeCloseTo(4 * Math.PI * 6371.0088 ** 2, 0);
});

test('a box is read as it is written, and what is none is not', () => {
  expect(boxOf(boxText(box))).toEqual(box);
  expect(boxOf(' 140.98 37.48 141.02 37.51 ')).toEqual(box);
  for (const text of ['', '1,2,3', '1,2,3,4,5', '2,1,1,2', '1,2,2,1', '1,1,2,91', 'a,1,2,3', '1,,2,3']) expect(boxOf(text), text).toBe(undefined);
});

test('a place in degrees and minutes', () => {
  expect(placeText(37.49, 140.9995)).toBe('37°29′N 141°00′E');
  expect(placeText(-33.05, -71.6)).toBe('33°03′S 71°36′W');
});

test('questions go over https, or to this machine', () => {
  expect(serverOf(' https://overpass.example/api/interpreter ')?.host).toBe('overpass.example');
  expect(serverOf('http://localhost:12345/api')?.port).toBe('12345');
  for (const text of ['', 'overpass-api.de', 'http://overpass-api.de/api', 'javascript:alert(1)', 'ftp://localhost/']) expect(serverOf(text), text).toBe(undefined);
});

const response = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers });
const NOW = Date.parse('2026-01-01T00:00:00Z');
const classified: [string, number, string, object | undefined][] = [
  ['roads', 200, answer(way), undefined],
  ['nothing', 200, answer(''), { kind: 'noRoads' }],
  ['nodes alone', 200, answer('{"type":"node","id":1,"lat":1,"lon":2}'), { kind: 'noRoads' }],
  ['a timeout that is answered with 200', 200, answer('', 'runtime error: Query timed out in \\"query\\" at line 1 after 61 seconds.'), { kind: 'slow' }],
  ['the part found before one', 200, answer(way, 'runtime error: Query timed out in \\"print\\" at line 1 after 60 seconds.'), { kind: 'slow' }],
  ['no memory', 200, answer('', 'runtime error: Query run out of memory using about 2048 MB of RAM.'), { kind: 'tooLarge' }],
  ['another error', 200, answer('', 'runtime error: cannot open file'), { kind: 'error', said: 'runtime error: cannot open file' }],
  ['a remark that is no error', 200, answer(way, 'the data is of yesterday'), undefined],
  ['an end before its end', 200, answer(way).slice(0, 60), { kind: 'cut', bytes: 60 }],
  ['nothing at all', 200, '', { kind: 'cut', bytes: 0 }],
  ['a page', 200, '<!doctype html><title>Log in to the network</title>', { kind: 'stranger' }],
  ['JSON of something else', 200, '{"features":[]}', { kind: 'stranger' }],
  ['JSON of nothing', 200, 'null', { kind: 'stranger' }],
  ['too many', 429, errorPage('runtime error: open64: 0 Success /osm3s Dispatcher_Client::request_read_and_idx::rate_limited.'), { kind: 'busy', after_s: REST_S }],
  ['too busy', 504, errorPage('runtime error: open64: 0 Success /osm3s Dispatcher_Client::request_read_and_idx::timeout. The server is probably too busy to handle your request.'), { kind: 'slow' }],
  ['the same with 200', 200, errorPage('runtime error: Dispatcher_Client::request_read_and_idx::timeout. The server is probably too busy to handle your request.'), { kind: 'slow' }],
  ['a proxy’s timeout', 504, '', { kind: 'slow' }],
  ['no service for this page', 406, '<html>Not Acceptable</html>', { kind: 'refused', status: 406 }],
  ['a mistake in the question', 400, errorPage('line 1: parse error: Unknown type'), { kind: 'error', said: 'line 1: parse error: Unknown type' }],
  ['any other status', 500, 'oops', { kind: 'error', said: 'HTTP 500' }],
];
test.each(classified)('%s', (_, status, text, failure) => {
  expect(failureOf(response(status), text, NOW)).toEqual(failure);
});

test('the server says how long to wait, in seconds or by a date', () => {
  const after = (value: string) => failureOf(response(429, { 'retry-after': value }), '', NOW);
  expect(after('7')).toEqual({ kind: 'busy', after_s: 7 });
  expect(after('Thu, 01 Jan 2026 00:01:30 GMT')).toEqual({ kind: 'busy', after_s: 90 });
  expect(after('Wed, 31 Dec 2025 00:00:00 GMT')).toEqual({ kind: 'busy', after_s: 1 });
  expect(after('soon')).toEqual({ kind: 'busy', after_s: REST_S });
});

const ask = (change: Partial<Asking>): Promise<Answer> =>
  askRoads({
    server: new URL('https://overpass.example/api'),
    box,
    signal: new AbortController().signal,
    progress: () => {},
    isForbidden: () => Promise.resolve(false),
    ...change,
  });
const stream = (pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>) => new Response(new ReadableStream({ pull }));
const encoded = (text: string) => new TextEncoder().encode(text);

test('the answer is handed over as it came, and told while it comes', async () => {
  const text = answer(way);
  const halves = [text.slice(0, 40), text.slice(40)];
  const told: number[] = [];
  const asked: [unknown, RequestInit | undefined][] = [];
  const got = await ask({
    progress: (bytes) => told.push(bytes),
    fetch: (url, init) => {
      asked.push([url, init]);
      return Promise.resolve(stream((controller) => (halves.length > 0 ? controller.enqueue(encoded(halves.shift()!)) : controller.close())));
    },
  });
  if (got === 'cancelled' || 'failure' in got) throw new Error(JSON.stringify(got));
  expect(await new Blob(got.pieces).text()).toBe(text);
  expect(told).toEqual([40, text.length]);
  expect(asked).toHaveLength(1);
  const [[url, init]] = asked as [[URL, RequestInit]];
  expect([url.href, init.method, init.credentials]).toEqual(['https://overpass.example/api', 'POST', 'omit']);
  expect([...(init.body as URLSearchParams)]).toEqual([['data', question(box)]]);
});

test('a request that fails was forbidden, or nobody is there', async () => {
  const fetch = () => Promise.reject(new TypeError('Failed to fetch'));
  expect(await ask({ fetch })).toEqual({ failure: { kind: 'unreachable', host: 'overpass.example' } });
  expect(await ask({ fetch, isForbidden: () => Promise.resolve(true) })).toEqual({ failure: { kind: 'forbidden', origin: 'https://overpass.example' } });
});

test('a connection that breaks says how far the answer had come', async () => {
  let pieces = 0;
  const broken = () => stream((controller) => (pieces++ === 0 ? controller.enqueue(encoded('{"el')) : controller.error(new TypeError('network error'))));
  expect(await ask({ fetch: () => Promise.resolve(broken()) })).toEqual({ failure: { kind: 'cut', bytes: 4 } });
});

test('an answer that does not end is ended', async () => {
  const piece = new Uint8Array(MOST_BYTES / 4 + 1);
  let pieces = 0;
  const endless = stream((controller) => {
    pieces += 1;
    controller.enqueue(piece);
  });
  expect(await ask({ fetch: () => Promise.resolve(endless) })).toEqual({ failure: { kind: 'tooLarge' } });
  expect(pieces).toBeLessThan(7);
});

/** A server that is silent until the request is aborted, before its headers or after its first byte. */
const silent = (after: 'nothing' | 'a byte') => (_: unknown, init?: RequestInit) =>
  new Promise<Response>((resolve, reject) => {
    const aborted = (end: (reason: unknown) => void) => init!.signal!.addEventListener('abort', () => end(init!.signal!.reason));
    if (after === 'nothing') aborted(reject);
    else
      resolve(
        new Response(
          new ReadableStream({
            start: (controller) => {
              controller.enqueue(encoded('{'));
              aborted((reason) => controller.error(reason));
            },
          }),
        ),
      );
  });

test.each(['nothing', 'a byte'] as const)('a server that is silent after %s is slow, and can be left before', async (after) => {
  expect(await ask({ fetch: silent(after), patience_ms: 20 })).toEqual({ failure: { kind: 'slow' } });
  const leave = new AbortController();
  setTimeout(() => leave.abort(), 20);
  expect(await ask({ fetch: silent(after), signal: leave.signal })).toBe('cancelled');
});
