// The year's account on the page: the same sums as the command line's, and prices that change them. NORIAI_BIN is the command; without
// it cargo builds and runs it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openLab, results } from './harness.mjs';

const settled = { timeout: 60_000 };

const cargo = ['cargo', 'run', '--quiet', '--locked', '--bin', 'noriai', '--'];
const [command, ...prefix] = process.env.NORIAI_BIN ? [process.env.NORIAI_BIN] : cargo;
/** What the command line finds, with prices of one's own if there are any. */
function business(prices) {
  const file = join(results, 'prices.json');
  if (prices) writeFileSync(file, JSON.stringify(prices));
  const options = ['business', '--town', 'namie', '--json', ...(prices ? ['--prices', file] : [])];
  const cwd = fileURLToPath(new URL('../../', import.meta.url));
  const { status, stdout, stderr, error } = spawnSync(command, [...prefix, ...options], { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  assert.equal(status, 0, error?.message ?? stderr);
  return JSON.parse(stdout);
}

let lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());
afterEach(async () => {
  for (const context of lab.browser.contexts()) await context.close();
});

/** The page with the room open and its year complete. */
async function open(query = '?lang=en', options = { viewport: { width: 1440, height: 900 } }) {
  const page = await lab.open(query, options);
  await page.locator('.account-opener').click();
  await page.locator('[data-headline]').waitFor(settled);
  return page;
}

/** What the page says of the year. */
const found = (page) =>
  page.evaluate(() => {
    const { quantities, parameters, figures, reach } = window.noriai.state.year.found;
    return JSON.parse(JSON.stringify({ quantities, parameters, ...figures, reach }));
  });
const shown = (yen) => Math.round(yen).toLocaleString('en-GB').replace('-', '−');
const result = (page) => page.locator('[data-total=both-result] .sum').textContent();
const becomes = (page, yen) =>
  page.waitForFunction((text) => document.querySelector('[data-total=both-result] .sum')?.textContent === text, shown(yen), settled);

test('the year is the command line’s, line by line, and comes only when it is wanted', async () => {
  const { town, seeds, ...known } = business();
  const page = await open();
  assert.deepEqual(await found(page), known);
  for (const { side, key, yen } of known.account.lines.filter(({ key }) => key !== 'fare')) {
    assert.equal(await page.locator(`[data-line="${side}.${key}"] .sum`).textContent(), shown(yen), key);
  }
  assert.equal(await result(page), shown(known.account.both.result_yen));
  assert.equal(await page.locator('[data-district]').count(), known.reach.districts.length);
  // Riders by age and by place, and in the sentence those who are served least.
  const { groups, most_forgotten, elderly_share, districts } = known.reach;
  const riders = await page.locator('[data-riders]').evaluateAll((rows) => rows.map((row) => row.dataset.riders));
  assert.deepEqual(riders, groups.map(({ kind }) => kind));
  const [all, least] = ['all', most_forgotten].map((kind) => groups.find((group) => group.kind === kind).within_15_min_share);
  assert.equal(await page.locator('[data-most-forgotten]').getAttribute('data-most-forgotten'), most_forgotten);
  assert.ok(least < all);
  const percent = (share) => `${Math.round(100 * share)}%`;
  const people = districts.toSorted((a, b) => b.people_share - a.people_share);
  assert.equal(await page.locator('[data-elderly]').first().textContent(), percent(people[0].elderly_share));
  const homes = districts.filter((district) => district.elderly_share !== undefined);
  const mean = homes.reduce((sum, district) => sum + district.people_share * district.elderly_share, 0);
  assert.ok(Math.abs(mean - elderly_share) < 1e-9);
  assert.equal(await page.locator('[data-workforce]').count(), known.workforce.length);
  // The core of the account is fetched by the room alone.
  const asked = lab.asked.filter((path) => path.includes('account_bg')).length;
  assert.ok(asked > 0);
  await lab.open();
  assert.equal(lab.asked.filter((path) => path.includes('account_bg')).length, asked);

  // What a line rests on is read by keys, and Escape leads back to the opener.
  await page.locator('[data-line="mobility.drivers"] .origin').focus();
  assert.match(await page.locator('.tooltip').textContent(), /costs\.driver_yen_per_h/);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement?.classList.contains('account-opener'));
  assert.deepEqual(page.problems(), []);
});

test('a price changes the sums as the command line’s does, belongs to the scenario, and can be taken back', async () => {
  const prices = [{ key: 'driver', value: 2500, source: 'a survey' }];
  const [usual, priced] = [business(), business(prices)];
  const page = await open();
  await page.locator('[data-group=work] summary').click();
  const field = (which) => page.locator(`[data-parameter=driver] [data-price=${which}]`);
  await field('value').fill('2,500');
  await becomes(page, priced.account.both.result_yen);
  await field('source').fill('a survey');
  await page.waitForFunction(() => window.noriai.state.result.scenario.business?.prices[0].source === 'a survey', null, settled);
  assert.deepEqual(await page.evaluate(() => window.noriai.state.result.scenario.business.prices), prices);
  const { account, parameters } = await found(page);
  assert.deepEqual({ account, parameters }, { account: priced.account, parameters: priced.parameters });

  // What is no number, or outside of its own range, is told at the field; the last good account stays.
  for (const [which, text, told] of [['value', 'much', /number/], ['low', '9000', /outside of its range/]]) {
    await field(which).fill(text);
    await page.locator('[data-parameter=driver] [role=alert]', { hasText: told }).waitFor(settled);
    assert.equal(await field(which).getAttribute('aria-invalid'), 'true');
    assert.equal(await result(page), shown(priced.account.both.result_yen));
    await field(which).blur();
  }

  // A link carries the price.
  await page.locator('.carry-opener').click();
  await page.waitForFunction(() => document.querySelector('#carry-link')?.value, null, settled);
  const link = await page.locator('#carry-link').inputValue();
  await page.keyboard.press('Escape');
  await page.locator('[data-parameter=driver] .told button').click();
  await becomes(page, usual.account.both.result_yen);
  await page.locator('.year .room-head h2').focus();
  await page.keyboard.press('Control+z');
  await becomes(page, priced.account.both.result_yen);

  const other = await lab.open(new URL(link).search + new URL(link).hash, { viewport: { width: 1440, height: 900 } });
  await other.locator('.account-opener').click();
  await becomes(other, priced.account.both.result_yen);
  assert.deepEqual([...page.problems(), ...other.problems()], []);
});

test('on a phone nothing scrolls sideways, and a policy of one’s own is refused with the reason', async () => {
  const page = await open('?lang=ja', { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await page.evaluate(() => document.querySelectorAll('.year details').forEach((details) => (details.open = true)));
  const widths = await page.evaluate(() =>
    ['.year .room-body', '.bar', 'html']
      .map((selector) => document.querySelector(selector))
      .map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
  );
  assert.deepEqual(widths, [0, 0, 0]);
  await page.locator('.year .close').click();
  await page.locator('.tabs button').first().click();
  await page.evaluate(() => document.querySelectorAll('.try details').forEach((details) => (details.open = true)));
  await page.getByRole('button', { name: '自分で書く', exact: true }).click();
  await page.waitForFunction(() => window.noriai.state.result.scenario.policies.matching.kind === 'script', null, settled);
  await page.keyboard.press('Escape');
  await page.locator('.account-opener').click();
  await page.locator('.year .refused').waitFor(settled);
  assert.deepEqual(page.problems(), []);
});
