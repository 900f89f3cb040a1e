// The pages of help: linked from the page, whole, without a script, and readable by everybody.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openLab } from './harness.mjs';

const www = fileURLToPath(new URL('../../www/', import.meta.url));
const dist = `${www}dist/`;
const axe = readFileSync(`${www}node_modules/axe-core/axe.min.js`, 'utf8');
const pages = ['ja', 'en'].flatMap((lang) => readdirSync(`${dist}docs/${lang}`).map((page) => `docs/${lang}/${page}`));

let lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());

test('from the page to the guide in its language, and back', async () => {
  const page = await lab.open('?lang=en');
  const [guide] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: 'Guide' }).click()]);
  assert.equal(await guide.locator('h1').textContent(), 'How to use Noriai');
  await guide.getByRole('link', { name: '日本語' }).click();
  assert.equal(await guide.locator('h1').textContent(), '使い方');
  await guide.locator('.back').click();
  await guide.waitForFunction(() => window.noriai?.state.lang === 'ja' && window.noriai.state.result, null, { timeout: 60_000 });
});

test('every link leads somewhere, nothing breaks the strict policy, no page is wider than its window', async () => {
  const page = await lab.newPage({ viewport: { width: 390, height: 844 } });
  const known = new Set(pages);
  const ids = {};
  const wanted = [];
  for (const path of pages) {
    await page.goto(lab.url + path);
    ids[path] = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id));
    assert.equal(new Set(ids[path]).size, ids[path].length, `${path}: ids twice`);
    assert.equal(await page.evaluate(() => document.scripts.length), 0);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${path} is too wide`);
    const links = await page.evaluate(() => [...document.querySelectorAll('a')].map(({ href }) => href));
    for (const link of links.filter((link) => link.startsWith(lab.url))) wanted.push([path, decodeURIComponent(link.slice(lab.url.length))]);
  }
  assert.deepEqual(page.problems(), []);
  for (const [path, link] of wanted) {
    const [target, id] = link.split('#');
    assert.ok(known.has(target) || target.startsWith('index.html'), `${path}: ${link}`);
    if (id) assert.ok(ids[target].includes(id), `${path}: ${link}`);
  }
});

test('axe-core finds nothing, light and dark', async () => {
  // The reference is the same in both languages and takes long; colours are those of every page.
  const seen = { light: pages.filter((path) => path !== 'docs/ja/api.html'), dark: ['docs/ja/policies.html', 'docs/en/how-to.html'] };
  for (const [colorScheme, paths] of Object.entries(seen)) {
    const page = await lab.newPage({ colorScheme });
    for (const path of paths) {
      await page.goto(lab.url + path);
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        const { violations } = await window.axe.run({ resultTypes: ['violations'] });
        return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 100)}`);
      });
      assert.deepEqual(found, [], `${path}, ${colorScheme}`);
    }
    await page.context().close();
  }
});

test('the reference has every export of the module', () => {
  const declared = readFileSync(`${www}pkg/noriai.d.ts`, 'utf8');
  const names = [...declared.matchAll(/^export (?:declare )?(?:function|class|interface|type) (\w+)/gm)].map(([, name]) => name);
  const page = readFileSync(`${dist}docs/en/api.html`, 'utf8');
  const missing = names.filter((name) => !page.includes(`>${name}</h3>`));
  assert.ok(names.length > 100);
  assert.deepEqual(missing, ['InitInput', 'InitOutput', 'SyncInitInput', 'initSync'].filter((name) => names.includes(name)));
});
