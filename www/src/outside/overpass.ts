// Roads of a place from a server of OpenStreetMap's data: the question, its answer, and what can go wrong with it. The interface
// is described in wiki.openstreetmap.org/wiki/Overpass_API; what is done with the answer is no matter of this room.
import type { Box } from '../state';

/** The public server that most ask; its rules are in its "Commons" (dev.overpass-api.de/overpass-doc/en/preface/commons.html). */
export const PUBLIC_SERVER = 'https://overpass-api.de/api/interpreter';

/** The largest area asked for, km²: a town. A large city of this size is some 40 MB. */
export const MOST_KM2 = 400;

/** The longest answer, bytes: what the core reads of JSON. */
export const MOST_BYTES = 64 * 2 ** 20;

/** What a server hears of who asks: the site, and not the page's address. The public ones answer nobody who does not say so much. */
export const REFERRER = 'strict-origin-when-cross-origin';

/** How long the server may work on an answer, seconds. */
const SERVER_S = 60;

/** How long nothing may come before the server counts as silent, milliseconds: it may let a question wait before its work. */
const PATIENCE_MS = 120_000;

/** How long to wait after "too many questions" where the server does not say, seconds: the public one's rule. */
export const REST_S = 30;

/** Values of `highway` that vans may drive on, each with its `_link`, as the core knows them (`src/roads/osm/tags.rs`). */
const LINKED = ['motorway', 'trunk', 'primary', 'secondary', 'tertiary'];
const ROADS = ['unclassified', 'residential', 'road', 'service', 'living_street', 'busway', 'pedestrian', 'track'];

/** Values of `service` that it leaves out in any case, and a town has thousands of. */
const YARDS = ['driveway', 'parking_aisle', 'drive-through', 'emergency_access'];

/** Why there are no roads. */
export type Failure =
  /** Too many questions from here; how long to wait. */
  | { kind: 'busy'; after_s: number }
  /** The server, or this question, took too long. */
  | { kind: 'slow' }
  /** The answer ended before its end. */
  | { kind: 'cut'; bytes: number }
  /** No answer at all. */
  | { kind: 'unreachable'; host: string }
  /** The content policy of the site that hosts the page. */
  | { kind: 'forbidden'; origin: string }
  /** The server does not serve this page. */
  | { kind: 'refused'; status: number }
  /** An error of the server, in its words. */
  | { kind: 'error'; said: string }
  /** An answer of something else. */
  | { kind: 'stranger' }
  | { kind: 'noRoads' }
  | { kind: 'tooLarge' };

/** The answer as it came, in pieces, or why there is none; neither if nobody wants it any more. */
export type Answer = { pieces: Uint8Array<ArrayBuffer>[] } | { failure: Failure } | 'cancelled';

/** The question in Overpass QL. */
export function question([west, south, east, north]: Box): string {
  const highway = [...LINKED.map((road) => `${road}(_link)?`), ...ROADS].join('|');
  const place = [south, west, north, east].join(',');
  return `[out:json][timeout:${SERVER_S}];way["highway"~"^(${highway})$"]["service"!~"^(${YARDS.join('|')})$"](${place});out geom;`;
}

/** The area of a box on the sphere, km². */
export function areaKm2([west, south, east, north]: Box): number {
  const radians = Math.PI / 180;
  // The earth's mean radius, IUGG.
  return 6371.0088 ** 2 * (east - west) * radians * (Math.sin(north * radians) - Math.sin(south * radians));
}

/** West, south, east, north as text, to some ten metres. */
export const boxText = (box: Box): string => box.map((degrees) => degrees.toFixed(4)).join(', ');

/** The same read; nothing if it is no box on the earth. */
export function boxOf(text: string): Box | undefined {
  const numbers = text.trim().split(/[\s,、，;]+/).map((part) => (part === '' ? NaN : Number(part)));
  if (numbers.length !== 4 || !numbers.every(Number.isFinite)) return undefined;
  const [west, south, east, north] = numbers as Box;
  const onEarth = west >= -180 && east <= 180 && south >= -90 && north <= 90;
  return onEarth && west < east && south < north ? [west, south, east, north] : undefined;
}

/** A place in degrees and minutes, `37°29′N 141°00′E`: without a point, at which the name of a file would end. */
export function placeText(lat: number, lng: number): string {
  const text = (degrees: number, [plus, minus]: [string, string]) => {
    const minutes = Math.round(Math.abs(degrees) * 60);
    return `${Math.floor(minutes / 60)}°${String(minutes % 60).padStart(2, '0')}′${degrees < 0 ? minus : plus}`;
  };
  return `${text(lat, ['N', 'S'])} ${text(lng, ['E', 'W'])}`;
}

/** A server's address, if questions may go there: over https, or to this machine. */
export function serverOf(text: string): URL | undefined {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  return url && isSafe(url) ? url : undefined;
}

/** Whether what is asked and answered can be read by nobody on the way. */
export const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));

export interface Asking {
  server: URL;
  box: Box;
  /** Ends it. */
  signal: AbortSignal;
  /** Told of the bytes that have come. */
  progress: (bytes: number) => void;
  /** Whether the page's content policy has forbidden the request that has just failed. */
  isForbidden: () => Promise<boolean>;
  fetch?: typeof fetch;
  patience_ms?: number;
}

/** Asks for the roads of a box. */
export async function askRoads({ server, box, signal, progress, isForbidden, fetch = globalThis.fetch, patience_ms = PATIENCE_MS }: Asking): Promise<Answer> {
  const giveUp = new AbortController();
  let patience = setTimeout(() => giveUp.abort(), patience_ms);
  const failed = (failure: Failure): Answer => (signal.aborted ? 'cancelled' : { failure: giveUp.signal.aborted ? { kind: 'slow' } : failure });
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    const response = await fetch(server, {
      method: 'POST',
      // The form's type needs no permission asked beforehand.
      body: new URLSearchParams({ data: question(box) }),
      signal: AbortSignal.any([signal, giveUp.signal]),
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: REFERRER,
    }).catch(() => undefined);
    if (!response) return failed((await isForbidden()) ? { kind: 'forbidden', origin: server.origin } : { kind: 'unreachable', host: server.host });
    const reader = response.body!.getReader();
    for (;;) {
      const piece = await reader.read().catch(() => undefined);
      if (!piece) return failed({ kind: 'cut', bytes });
      if (piece.done) break;
      clearTimeout(patience);
      patience = setTimeout(() => giveUp.abort(), patience_ms);
      pieces.push(piece.value);
      bytes += piece.value.length;
      if (bytes > MOST_BYTES) {
        giveUp.abort();
        return { failure: { kind: 'tooLarge' } };
      }
      progress(bytes);
    }
    const failure = failureOf(response, await new Blob(pieces).text(), Date.now());
    return failure ? failed(failure) : { pieces };
  } finally {
    clearTimeout(patience);
  }
}

/** What is wrong with an answer, if anything is; `now_ms` is the clock's time. */
export function failureOf({ status, headers }: Pick<Response, 'status' | 'headers'>, text: string, now_ms: number): Failure | undefined {
  const said = saidIn(text);
  if (status === 429 || /rate_limited/.test(said ?? '')) return { kind: 'busy', after_s: restOf(headers.get('retry-after'), now_ms) };
  if ([408, 502, 503, 504].includes(status) || /timeout|too busy/.test(said ?? '')) return { kind: 'slow' };
  if ([401, 403, 406].includes(status)) return { kind: 'refused', status };
  if (said) return { kind: 'error', said };
  if (status !== 200) return { kind: 'error', said: `HTTP ${status}` };
  return failureIn(text);
}

/** The same of the text alone. */
function failureIn(text: string): Failure | undefined {
  let answer: { elements?: unknown; remark?: unknown };
  try {
    answer = JSON.parse(text) as typeof answer;
  } catch {
    return text.trimStart().startsWith('{') || text === '' ? { kind: 'cut', bytes: new Blob([text]).size } : { kind: 'stranger' };
  }
  if (!Array.isArray(answer?.elements)) return { kind: 'stranger' };
  // What was found until then stands before it, and is not all.
  if (typeof answer.remark === 'string' && /error/i.test(answer.remark)) {
    if (/timed out|timeout/i.test(answer.remark)) return { kind: 'slow' };
    return /out of memory/i.test(answer.remark) ? { kind: 'tooLarge' } : { kind: 'error', said: answer.remark };
  }
  const hasRoad = answer.elements.some((element: { type?: string } | null) => element?.type === 'way');
  return hasRoad ? undefined : { kind: 'noRoads' };
}

/** The sentence in a page of the server's about an error. */
function saidIn(text: string): string | undefined {
  if (!text.trimStart().startsWith('<')) return undefined;
  return /<strong[^>]*>Error<\/strong>:\s*([^<]*)/.exec(text)?.[1]?.trim();
}

/** Seconds to wait by `Retry-After`, a number or a date; the server has to let pages read it. */
function restOf(header: string | null, now_ms: number): number {
  if (header === null || header.trim() === '') return REST_S;
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : Math.ceil((Date.parse(header) - now_ms) / 1000);
  return Number.isFinite(seconds) ? Math.max(1, seconds) : REST_S;
}
