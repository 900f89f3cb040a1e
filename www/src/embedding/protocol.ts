// What an embedded page and the page around it say to each other, by `postMessage`.
import type { Scenario, Text } from '../../pkg/noriai.js';
import { LANGS, type Lang } from '../i18n/i18n';
import { areChanges, type Changes } from '../share/changes';
import type { Finished, Selection } from './events';

/** Grows when a message changes its meaning, not when there is one more. */
export const VERSION = 1;

/** What may be asked for. Each has an answer, with the same `id`. */
export type Request =
  /** What is shown: for the first time, or again. */
  | { kind: 'hello' }
  /** A town of the page with settings other than its own, as they stand in a link. */
  | { kind: 'show'; changes: Changes }
  /** A scenario of one's own, as an object. */
  | { kind: 'load'; scenario: Scenario }
  | { kind: 'language'; language: Lang }
  | { kind: 'theme'; theme: 'light' | 'dark' }
  | { kind: 'play'; playing: boolean }
  /** A moment, seconds from midnight. */
  | { kind: 'seek'; t_s: number }
  /** The last report; without cells of few trips where the trips are one's own. */
  | { kind: 'report' };

export type Asked = Request & { noriai: typeof VERSION; id: string | number };

export type Answer =
  | { noriai: typeof VERSION; id: string | number; ok: true; value?: Told['value'] }
  /** Nothing has changed. */
  | { noriai: typeof VERSION; id: string | number; ok: false; reasons: Text[] };

/** What is told without being asked. */
export type Told =
  /** The page is there; told again in answer to `hello`. */
  | { event: 'ready'; value: { version: string; town?: string; language: string; height_px: number } }
  | { event: 'run-finished'; value: Finished }
  | { event: 'selection'; value?: Selection }
  /** The height at which nothing of the panels is out of sight, pixels. */
  | { event: 'height'; value: { height_px: number } };

export type Event = Told & { noriai: typeof VERSION };

/** What each request has to carry. */
const FORMS: { [Kind in Request['kind']]: (data: Record<string, unknown>) => boolean } = {
  hello: () => true,
  show: ({ changes }) => areChanges(changes),
  load: ({ scenario }) => typeof scenario === 'object' && scenario !== null,
  language: ({ language }) => LANGS.some((lang) => lang === language),
  theme: ({ theme }) => theme === 'light' || theme === 'dark',
  play: ({ playing }) => typeof playing === 'boolean',
  seek: ({ t_s }) => Number.isFinite(t_s),
  report: () => true,
};

/** A message that was received: a request, why it is none, or nothing if it is not for this page. */
export function requestIn(data: unknown): Asked | { id: string | number; wrong: Text } | undefined {
  if (typeof data !== 'object' || data === null || !('noriai' in data) || !('kind' in data)) return undefined;
  const { noriai, id, kind } = data as Record<string, unknown>;
  if (typeof id !== 'string' && typeof id !== 'number') return undefined;
  if (noriai !== VERSION) {
    return { id, wrong: { ja: `この版（${VERSION}）では読めないメッセージです。`, en: `noriai: this page speaks version ${VERSION}` } };
  }
  const form = Object.hasOwn(FORMS, String(kind)) ? FORMS[kind as Request['kind']] : undefined;
  if (!form) {
    const known = Object.keys(FORMS).join(', ');
    return { id, wrong: { ja: `kind: 「${String(kind)}」はありません（${known}）。`, en: `kind: "${String(kind)}" is not known; give one of ${known}` } };
  }
  if (!form(data as Record<string, unknown>)) {
    return { id, wrong: { ja: `${String(kind)}: 中身が足りないか、形が違います。`, en: `${String(kind)}: something is missing, or is not of its type` } };
  }
  return data as Asked;
}
