// The innermost room: a worker with the user's code in it, and nothing else but the language. It is built into policy.html as
// text and started from a blob, so it inherits that page's content policy: no network from here, whatever the code finds.
// It has an origin of its own, so there is no storage either. What is taken away below is taken for repeatability: without
// clocks and foreign chance the same seed gives the same day.
import type { QuestionTown } from '../../pkg/noriai.js';
import type { FromFrame, FromPolicy, ToPolicy } from './protocol';
import { Complaint, travelling, type Travelling } from './travel';

declare const self: DedicatedWorkerGlobalScope;

/** The town as the user's function sees it. */
interface Town extends QuestionTown {
  travel: Travelling;
}

// Kept from what is taken away.
const listen = self.addEventListener.bind(self);

type Decide = (snapshot: unknown, town: Town) => unknown;

/** What stays of the global names: the language, less clocks, other threads, and what depends on the machine. */
const KEPT = new Set(
  (
    'Infinity NaN undefined globalThis eval isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI encodeURIComponent ' +
    'Object Function Boolean Symbol Number BigInt Math String RegExp JSON Reflect Proxy Promise Iterator ' +
    'Array Map Set WeakMap WeakSet ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array ' +
    'Int32Array Uint32Array Float16Array Float32Array Float64Array BigInt64Array BigUint64Array ' +
    'Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError console'
  ).split(' '),
);

/** More of a message than this is not read by anybody. */
const LONGEST = 2_000;

/** The name under which the user's text stands in a stack trace. */
const FILE = 'your-policy.js';

/** What stands before the user's text: it is strict, and has a name even where it cannot be read to its end. */
const BEFORE = `'use strict';//# sourceURL=${FILE}\n`;

/** What stands after it: its value. */
const AFTER = `\n;typeof decide === 'undefined' ? undefined : decide`;

/** The line of the topmost call from the user's text, wherever the error was thrown. */
const lineIn = (stack: unknown): number | undefined => {
  const found = typeof stack === 'string' ? new RegExp(`${FILE}:(\\d+)`).exec(stack) : null;
  return found ? Number(found[1]) : undefined;
};

/** Whether code may be evaluated here is up to the content policy. */
function mayEvaluate(): boolean {
  try {
    return new Function('return true')() as boolean;
  } catch {
    return false;
  }
}

function serve(port: MessagePort): void {
  const tell = (message: FromPolicy) => port.postMessage(message);
  let decide: Decide;
  let town: Town;
  let lines = 0;
  port.onmessage = ({ data }: MessageEvent<ToPolicy>) => {
    if (data.kind === 'load') {
      Math.random = seeded(data.seed);
      town = { ...data.town, travel: travelling(data.travel, data.town) };
      lines = data.source.split('\n').length;
      decide = load(data.source);
      tell({ kind: 'loaded' });
      return;
    }
    const assignments = decide(data.snapshot, town);
    if (!Array.isArray(assignments)) {
      throw new Complaint('decideは割り当ての配列を返してください。', 'decide has to return an array of assignments');
    }
    tell({ kind: 'answer', assignments });
  };
  // Nothing is caught, so that the engine itself says where it was thrown: of syntax errors, a stack does not.
  listen('error', (event) => {
    event.preventDefault();
    const { error } = event as { error: unknown };
    const found = lineIn((error as Error | undefined)?.stack) ?? (event.filename.endsWith(FILE) ? event.lineno : undefined);
    // One line stands before the user's first; what is missing is missed after the last.
    const line = found && Math.max(1, Math.min(found - 1, lines));
    const thrown = event.message.replace(/^Uncaught /, '').slice(0, LONGEST);
    const message = error instanceof Complaint ? { ja: error.ja, en: error.en } : { ja: thrown, en: thrown };
    tell({ kind: 'failed', message, line });
  });
  tell({ kind: 'awake' });
}

/** Evaluates the user's text. */
function load(source: string): Decide {
  // Not called by its bare name, so that the text sees nothing of this function.
  const decide: unknown = globalThis.eval(BEFORE + source + AFTER);
  if (typeof decide !== 'function') {
    throw new Complaint('関数decide(snapshot, town)がありません。', 'there is no function decide(snapshot, town)');
  }
  return decide as Decide;
}

/** A small generator of equally distributed numbers below 1 (mulberry32, Ettinger 2017). */
function seeded(seed: number): () => number {
  let state = (seed ^ (seed / 2 ** 32)) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), bits | 61)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

listen('message', ({ ports: [port] }) => serve(port!), { once: true });
const message: FromFrame = { kind: mayEvaluate() ? 'ready' : 'forbidden' };
self.postMessage(message);

for (let scope: object = self; scope !== Object.prototype; scope = Object.getPrototypeOf(scope) as object) {
  for (const name of Object.getOwnPropertyNames(scope)) {
    if (!KEPT.has(name)) Reflect.deleteProperty(scope, name);
  }
}
