// Words of the page in the language chosen.
import type { Text } from '../../pkg/noriai.js';
import { en } from './en';
import { ja } from './ja';

export type Lang = 'ja' | 'en';

/** Every dictionary has the keys of the English one; a missing one does not compile. */
export type Dictionary = typeof en;

export const DICTIONARIES: Record<Lang, Dictionary> = { ja, en };

/** The language asked for in the address (`?lang=en`), else the browser's first one that the page speaks, else English. */
export function firstLanguage(search: string, browser: readonly string[]): Lang {
  const known = (tag: string | null): Lang | undefined =>
    tag?.toLowerCase().startsWith('ja') ? 'ja' : tag?.toLowerCase().startsWith('en') ? 'en' : undefined;
  const asked = known(new URLSearchParams(search).get('lang'));
  return asked ?? browser.map(known).find((lang) => lang !== undefined) ?? 'en';
}

/** A text of the core in the language chosen. */
export const say = (text: Text, lang: Lang): string => text[lang];
