// The languages of the page, and the one chosen.
import type { Text } from '../../pkg/noriai.js';
import type { Dictionary, Language } from './language';
import en from './languages/en';
import ja from './languages/ja';

export type { Dictionary, Language } from './language';

/** The tag of a language, as in `?lang=en`: the name of its file. */
export type Lang = string;

/** The core's own two are always there: what is told to others is told in both. */
const own: Record<keyof Text, Language> = { ja, en };

/** All others are fetched when they are chosen. */
const others = Object.fromEntries(
  Object.entries(import.meta.glob<Language>(['./languages/*.ts', '!./languages/{ja,en}.ts'], { import: 'default' })).map(([path, load]) => [
    path.slice('./languages/'.length, -'.ts'.length),
    load,
  ]),
);

const spoken = new Map<Lang, Language>(Object.entries(own));

/** The tags of all languages of the page. */
export const LANGS: readonly Lang[] = [...Object.keys(own), ...Object.keys(others)];

/** A language, if it is there already. */
export const languageOf = (lang: Lang): Language | undefined => spoken.get(lang);

/** Fetches a language of `LANGS` that is not there yet; throws if it cannot be had. */
export async function fetchLanguage(lang: Lang): Promise<void> {
  if (!spoken.has(lang)) spoken.set(lang, await others[lang]!());
}

const primary = (tag: string): string => tag.split('-')[0]!;

/** The language of a tag, whatever its region. */
function known(tag: string): Lang | undefined {
  const wanted = tag.toLowerCase();
  return LANGS.find((lang) => lang.toLowerCase() === wanted) ?? LANGS.find((lang) => primary(lang.toLowerCase()) === primary(wanted));
}

/** The language asked for in the address (`?lang=en`), else the browser's first one that the page speaks, else English. */
export function firstLanguage(search: string, browser: readonly string[]): Lang {
  const asked = known(new URLSearchParams(search).get('lang') ?? '');
  return asked ?? browser.map(known).find((lang) => lang !== undefined) ?? 'en';
}

/** The name of a language in another one, or in itself: `Japanese`, `日本語`. */
export const languageName = (lang: Lang, within: Lang = lang): string => new Intl.DisplayNames([within], { type: 'language' }).of(lang) ?? lang;

/** A sentence of the page in both languages of the core. */
export const both = (sentence: (language: Language) => string): Text => ({ ja: sentence(ja), en: sentence(en) });

/** The words of the core's own languages. */
export const DICTIONARIES: Record<keyof Text, Dictionary> = { ja: ja.words, en: en.words };
