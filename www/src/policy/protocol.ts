// What the rooms around a policy of one's own say to each other: page, frame (policy.html), engine worker, policy worker.
import type { Assignment, Question, QuestionTown, Text } from '../../pkg/noriai.js';

/** From the page to the frame. With `start` comes the port through which the engine asks. */
export type ToFrame = { kind: 'start' } | { kind: 'stop' };

/** From the frame to the page, and from the policy worker to the frame. */
export type FromFrame =
  /** Its script runs. */
  | { kind: 'here' }
  /** A policy's worker runs, and may evaluate code. */
  | { kind: 'ready' }
  /** It may not. */
  | { kind: 'forbidden' };

/** Driving times: a row for each node that vans are sent to, a column for each node. */
export interface Travel {
  /** The nodes of the rows. */
  targets: Uint32Array<ArrayBuffer>;
  /** Seconds, row by row; Infinity where no road leads. */
  times_s: Float64Array<ArrayBuffer>;
  /** The same for vans without a driver, by their highest speed. */
  slow: { max_speed_kmh: number; times_s: Float64Array<ArrayBuffer> }[];
}

/** From the engine to the policy worker. */
export type ToPolicy =
  | { kind: 'load'; source: string; seed: number; town: QuestionTown; travel: Travel }
  | { kind: 'ask'; snapshot: Question };

/** From the policy worker to the engine. */
export type FromPolicy =
  /** It can be spoken to. */
  | { kind: 'awake' }
  | { kind: 'loaded' }
  /** Whatever the user's function returned; the core looks whether it is that. */
  | { kind: 'answer'; assignments: Assignment[] }
  | ({ kind: 'failed' } & Failure);

/** What went wrong, and in which line of the user's text, if that is known. */
export interface Failure {
  message: Text;
  line?: number;
}
