// A third language is one file more: a copy of the page is built with one, whose words are those of English in brackets.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openLab } from './harness.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** English in brackets, with German numbers and dates; the tag is Unicode's for such a language. */
const TAG = 'en-XA';
const LANGUAGE = `
import english from './en';
import type { Language } from '../language';

type Part = string | ((...words: never[]) => string) | { [key: string]: Part };

function bracketed(part: Part): Part {
  if (typeof part === 'string') return '⟦' + part + '⟧';
  if (typeof part === 'function') return (...words) => '⟦' + part(...words) + '⟧';
  return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, bracketed(each)]));
}

export default {
  ...english,
  locale: 'de-DE',
  units: bracketed(english.units),
  words: bracketed(english.words as Part),
} as Language;
`;

let folder, lab;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'noriai-language-'));
  const copy = join(folder, 'www');
  mkdirSync(copy);
  for (const name of ['src', 'public', 'tools', 'index.html', 'embed.html', 'vite.config.ts', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, 'www', name), join(copy, name), { recursive: true });
  }
  // Only read.
  for (const name of ['pkg', 'docs', 'node_modules']) symlinkSync(join(root, 'www', name), join(copy, name));
  for (const name of ['src', 'docs', 'Cargo.toml']) symlinkSync(join(root, name), join(folder, name));
  writeFileSync(join(copy, `src/i18n/languages/${TAG}.ts`), LANGUAGE);
  const { build } = await import(join(root, 'www/node_modules/vite/dist/node/index.js'));
  await build({ root: copy, configFile: join(copy, 'vite.config.ts'), logLevel: 'error' });
  lab = await openLab({ folder: join(copy, 'dist') });
});
after(async () => {
  await lab?.close();
  rmSync(folder, { recursive: true });
});

/** All that the page says at this moment, each text by itself. */
const said = (page) =>
  page.evaluate(() => {
    const walker = document.createTreeWalker(document.querySelector('#page'), NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) if (walker.currentNode.parentElement.checkVisibility()) texts.push(walker.currentNode.data.trim());
    for (const each of document.querySelectorAll('#page [aria-label]')) if (each.checkVisibility()) texts.push(each.ariaLabel);
    return texts.filter((text) => /[a-z]{3}/i.test(text));
  });

test('the first screen, its figures and the choice of a language speak it', async () => {
  const page = await lab.open(`?lang=${TAG}`, { viewport: { width: 1440, height: 900 } });
  assert.equal(await page.locator('html').getAttribute('lang'), TAG);
  const texts = await said(page);
  // Without brackets are only the names of towns and of the core, what `Intl` writes, and units of all languages.
  const own = await page.evaluate(() => {
    const { town, tariffs } = window.noriai.state;
    const names = (part) => (part && typeof part === 'object' ? (typeof part.en === 'string' ? [part.en] : Object.values(part).flatMap(names)) : []);
    return [...names(town), ...names(tariffs), 'kWh', 'Do., 9. November'];
  });
  const bare = texts.filter((text) => !/[⟦⟧]/.test(text) && !own.includes(text));
  assert.ok(texts.length > 60, `${texts.length}`);
  assert.deepEqual(bare, []);
  assert.match(await page.locator('[data-figure=mean_wait_s]').textContent(), /\d,\d\s*⟦min⟧/);

  const choice = page.getByRole('combobox', { name: '⟦Language⟧' });
  assert.deepEqual(await choice.locator('option').allTextContents(), ['日本語', 'English', 'English (Pseudo-Accents)']);
  assert.equal(await choice.inputValue(), TAG);
  await choice.selectOption('ja');
  await page.getByRole('heading', { name: '浪江' }).first().waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'ja');
  await page.getByRole('combobox', { name: '言語' }).selectOption(TAG);
  await page.getByRole('heading', { name: '⟦A day in Namie⟧' }).waitFor();
  assert.deepEqual(page.problems(), []);
  await page.context().close();
});

test('it is fetched when it is chosen, and one that cannot be had is told', async () => {
  const page = await lab.newPage({ reducedMotion: 'reduce', locale: 'ja-JP' });
  const asked = [];
  let broken = true;
  await page.route(new RegExp(`/assets/${TAG}-`), (route) => {
    asked.push(route.request().url());
    return broken ? route.abort() : route.continue();
  });
  await page.goto(lab.url);
  await page.waitForSelector('[data-figure=served_share]', { state: 'attached', timeout: 60_000 });
  const choice = page.getByRole('combobox', { name: '言語' });
  assert.deepEqual(asked, []);
  await choice.selectOption(TAG);
  await page.getByRole('alert').filter({ hasText: '読み込めませんでした' }).waitFor();
  assert.equal(await choice.inputValue(), 'ja');
  assert.equal(asked.length, 1);
  broken = false;
  await choice.selectOption(TAG);
  await page.getByRole('heading', { name: '⟦A day in Namie⟧' }).waitFor();
  await page.context().close();
});
