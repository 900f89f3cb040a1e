// What the page and its worker say to each other.
import type { Problem, Report } from '../pkg/noriai.js';

export type ToWorker =
  /** First message: the compiled core, so that it is fetched and compiled once for page and worker. */
  | { kind: 'core'; module: WebAssembly.Module }
  /** Live through a day; a newer run replaces one under way. `pause_ms` slows it down, for tests. */
  | { kind: 'run'; run: number; scenario: string; pause_ms: number }
  /** Fail in the middle of things, for tests. */
  | { kind: 'crash' };

export type FromWorker =
  | { kind: 'progress'; run: number; share: number }
  | { kind: 'done'; run: number; report: Report; log: Uint8Array }
  | { kind: 'invalid'; run: number; problems: Problem[] }
  /** The core panicked; its instance cannot be used any more. */
  | { kind: 'crashed'; run: number; message: string };
