import { expect, test } from 'vitest';
import { fetchLanguage, firstLanguage, LANGS, languageName, languageOf } from './i18n';
import english from './languages/en';
import japanese from './languages/ja';

test('the address decides, then the browser, then English', () => {
  expect(firstLanguage('?lang=ja', ['en-US'])).toBe('ja');
  expect(firstLanguage('?lang=JA-jp', ['en-US'])).toBe('ja');
  expect(firstLanguage('', ['fr-FR', 'ja-JP', 'en'])).toBe('ja');
  expect(firstLanguage('', ['fr-FR'])).toBe('en');
  expect(firstLanguage('?lang=xx', ['ja'])).toBe('ja');
  expect(firstLanguage('?lang=toString', ['ja'])).toBe('ja');
});

test('languages are called by their own names, and by those of others', () => {
  expect([languageName('ja'), languageName('en'), languageName('en', 'ja')]).toEqual(['日本語', 'English', '英語']);
});

test('several names in a sentence', () => {
  expect(english.listed(['Shelter', 'Clinic', 'Pump'])).toBe('Shelter, clinic and pump');
  expect(english.listed(['Shelter'])).toBe('Shelter');
  expect(japanese.listed(['避難所', '診療所'])).toBe('避難所と診療所');
});

/** Every text of a dictionary by its path, functions filled with letters. */
function texts(part: unknown, path = ''): [string, string][] {
  if (typeof part === 'string') return [[path, part]];
  if (typeof part === 'function') return [[path, String((part as (...words: string[]) => string)('⟨a⟩', '⟨b⟩'))]];
  return Object.entries(part as object).flatMap(([key, value]) => texts(value, path ? `${path}.${key}` : key));
}

test.each(LANGS.filter((lang) => lang !== 'en'))('%s says what English says', async (lang) => {
  await fetchLanguage(lang);
  const said = new Map(texts(languageOf(lang)!.words));
  const all = texts(english.words);
  expect([...said.keys()].sort()).toEqual(all.map(([path]) => path).sort());
  for (const [path, text] of all) {
    expect(text, path).not.toBe('');
    expect(said.get(path), path).not.toBe('');
    // What is filled in must appear in both.
    for (const word of ['⟨a⟩', '⟨b⟩']) expect(said.get(path)!.includes(word), `${path} ${word}`).toBe(text.includes(word));
  }
});
