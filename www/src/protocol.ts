// What the page and its workers say to each other.
import type { Compared, CutByPolicy, Entrant, Problem, Report } from '../pkg/noriai.js';

/** A day that was lived through: its scenario as JSON, and its record. */
export interface Day {
  scenario: string;
  log: Uint8Array;
}

/** A question that takes whole days more: the same day under other policies, or a power cut under each of them. */
export type Question = { kind: 'compare'; day: Day } | { kind: 'cuts'; day: Day; from_s: number; hours: number };

/** A matching policy of one's own, and where it can be asked. */
export interface OwnPolicy {
  source: string;
  seed: number;
  limit_ms: number;
  port: MessagePort;
}

/** A day of several: a scenario, as JSON, with what one that takes part changes in it, on the day of a seed. */
export interface Trial {
  scenario: string;
  /** By its number. */
  entrant: number;
  seed: number;
  changes: Entrant;
}

export type ToWorker =
  /** First message: the compiled core, so that it is fetched and compiled once for page and workers. */
  | { kind: 'core'; module: WebAssembly.Module }
  /** Live through a day; a newer run replaces one under way. `pause_ms` slows it down, for tests. */
  | { kind: 'run'; run: number; scenario: string; pause_ms: number; policy?: OwnPolicy }
  /** Answer a question; a newer one of the kind replaces it. */
  | (Question & { run: number })
  /** Live through a day of a comparison. */
  | ({ kind: 'trial' } & Trial)
  /** The answer to a question is not wanted any more. */
  | { kind: 'drop'; of: Question['kind'] }
  /** Fail in the middle of things, for tests. */
  | { kind: 'crash' };

export type FromWorker =
  | { kind: 'progress'; run: number; share: number }
  | { kind: 'done'; run: number; report: Report; log: Uint8Array }
  | { kind: 'invalid'; run: number; problems: Problem[] }
  /** All comparisons so far; more come until it is complete. */
  | { kind: 'compare'; run: number; compared: Compared[]; complete: boolean }
  | { kind: 'cuts'; run: number; cuts: CutByPolicy[] }
  | { kind: 'trial'; report: Report }
  /** The core panicked; its instance cannot be used any more. */
  | { kind: 'crashed'; run: number; message: string };
