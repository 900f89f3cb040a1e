// What the pages of help say is what the page says.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DICTIONARIES } from './i18n/i18n';

const folder = new URL('../docs/', import.meta.url);
const read = (lang: string, page: string) => readFileSync(new URL(`${lang}/${page}`, folder), 'utf8');

test('every page is there in both languages, with the same number of headings and rows', () => {
  const pages = readdirSync(new URL('en/', folder));
  expect(pages.length).toBeGreaterThan(2);
  expect(readdirSync(new URL('ja/', folder))).toEqual(pages);
  const shape = (text: string) => [/^#+ /gm, /^\|/gm, /^\d+\. /gm].map((sign) => text.match(sign)?.length ?? 0);
  for (const page of pages) expect(shape(read('ja', page)), page).toEqual(shape(read('en', page)));
});

describe.each(['en', 'ja'] as const)('policies, %s', (lang) => {
  const w = DICTIONARIES[lang].try;
  const rows = new Map([...read(lang, 'policies.md').matchAll(/^\| ([^|]+) \| `(\w+)` \|/gm)].map(([, name, word]) => [word, name]));
  test('every policy is named as on the page', () => {
    expect(Object.fromEntries(rows)).toEqual({ ...w.kinds, ...w.idles, ...w.policies });
  });
});
