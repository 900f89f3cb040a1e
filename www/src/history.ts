// Undo and redo of all that makes the scenario: town, settings, trips and series of one's own.
import { SERIES } from './settings';
import type { State } from './state';

const PARTS = ['towns', 'chosen', 'town', 'settings', 'trips', 'weights', 'series'] as const;

/** What a person can change in the scenario, as it is at a moment. */
export type Edited = Pick<State, (typeof PARTS)[number]>;

export interface History {
  /** What there was, the oldest first. */
  past: Edited[];
  /** What was undone, the next to be done again last. */
  future: Edited[];
  /** The setting that a slider moves, and when it last did, milliseconds. */
  run?: { setting: string; at_ms: number };
}

export const NO_HISTORY: History = { past: [], future: [] };

/** Steps that can be undone at most. */
export const LONGEST = 100;

/** A slider that rests for longer begins a new step, milliseconds. */
export const REST_MS = 1_000;

export const editedOf = ({ towns, chosen, town, settings, trips, weights, series }: State): Edited => ({
  towns,
  chosen,
  town,
  settings,
  trips,
  weights,
  series,
});

/** The history with a change in it; moves of one slider are a single step. What was undone before cannot be done again after it. */
export function changed(history: History, before: Edited, after: Edited, now_ms: number): History {
  const settings = differing(before.settings, after.settings);
  const others = PARTS.some((part) => part !== 'settings' && !isSame(part, before, after));
  if (!before.settings || (settings.length === 0 && !others)) return history;
  const setting = others ? undefined : slid(settings);
  const run = setting === undefined ? undefined : { setting, at_ms: now_ms };
  const last = history.run;
  if (run && last && last.setting === run.setting && now_ms - last.at_ms < REST_MS) return { ...history, run };
  return { past: [...history.past, before].slice(-LONGEST), future: [], ...(run && { run }) };
}

export interface Step {
  edited: Edited;
  history: History;
}

/** One step back from what there is now. */
export function undone({ past, future }: History, now: Edited): Step | undefined {
  const edited = past.at(-1);
  return edited && { edited, history: { past: past.slice(0, -1), future: [...future, now] } };
}

/** The step that was undone last, once more. */
export function redone({ past, future }: History, now: Edited): Step | undefined {
  const edited = future.at(-1);
  return edited && { edited, history: { past: [...past, now], future: future.slice(0, -1) } };
}

/** Series are the same where their files are. */
const isSame = (part: (typeof PARTS)[number], a: Edited, b: Edited): boolean =>
  part === 'series' ? SERIES.every((name) => a.series[name] === b.series[name]) : a[part] === b[part];

interface Difference {
  path: string;
  before: unknown;
}

/** The values in which two settings differ. */
function differing(a: unknown, b: unknown, path = ''): Difference[] {
  if (a === b) return [];
  if (!isObject(a) || !isObject(b)) return [{ path, before: a }];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => differing(a[key], b[key], path === '' ? key : `${path}.${key}`));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The one number that a slider moves; a seed is typed or drawn, each of its own. */
const slid = ([only, ...others]: Difference[]): string | undefined =>
  only && others.length === 0 && typeof only.before === 'number' && only.path !== 'seed' ? only.path : undefined;
