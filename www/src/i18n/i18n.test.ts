import { expect, test } from 'vitest';
import { en } from './en';
import { firstLanguage } from './i18n';
import { ja } from './ja';

test('the address decides, then the browser, then English', () => {
  expect(firstLanguage('?lang=ja', ['en-US'])).toBe('ja');
  expect(firstLanguage('', ['fr-FR', 'ja-JP', 'en'])).toBe('ja');
  expect(firstLanguage('', ['fr-FR'])).toBe('en');
  expect(firstLanguage('?lang=xx', ['ja'])).toBe('ja');
});

/** Every text of a dictionary by its path, functions filled with letters. */
function texts(part: unknown, path = ''): [string, string][] {
  if (typeof part === 'string') return [[path, part]];
  if (typeof part === 'function') return [[path, String((part as (...words: string[]) => string)('⟨a⟩', '⟨b⟩'))]];
  return Object.entries(part as object).flatMap(([key, value]) => texts(value, path ? `${path}.${key}` : key));
}

test('both languages say the same things', () => {
  const [english, japanese] = [texts(en), texts(ja)];
  expect(japanese.map(([path]) => path).sort()).toEqual(english.map(([path]) => path).sort());
  const said = new Map(japanese);
  for (const [path, text] of english) {
    expect(text, path).not.toBe('');
    expect(said.get(path), path).not.toBe('');
    // What is filled in must appear in both.
    for (const word of ['⟨a⟩', '⟨b⟩']) expect(said.get(path)!.includes(word), `${path} ${word}`).toBe(text.includes(word));
  }
});
