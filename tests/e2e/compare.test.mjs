// Policies compared on the page: the same figures as the command line's, whatever happens on the way. NORIAI_BIN is the command;
// without it cargo builds and runs it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, afterEach, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openLab } from './harness.mjs';

const DAYS = 5;
const settled = { timeout: 120_000 };

const cargo = ['cargo', 'run', '--quiet', '--locked', '--bin', 'noriai', '--'];
const [command, ...prefix] = process.env.NORIAI_BIN ? [process.env.NORIAI_BIN] : cargo;
/** What the command line finds. */
function findings(policies) {
  const options = ['compare', '--town', 'namie', '--policies', policies, '--seeds', String(DAYS), '--json'];
  const cwd = fileURLToPath(new URL('../../', import.meta.url));
  const { status, stdout, stderr, error } = spawnSync(command, [...prefix, ...options], { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  assert.equal(status, 0, error?.message ?? stderr);
  const { town, days, partial, ...found } = JSON.parse(stdout);
  assert.equal(partial, false);
  return found;
}

let lab;
let known;
before(async () => {
  known = findings('nearest,insertion,pooling');
  lab = await openLab();
});
after(() => lab.close());
afterEach(async () => {
  for (const context of lab.browser.contexts()) await context.close();
});

/** Opens the comparison with few days chosen. */
async function open(options = {}, query = '?lang=en') {
  const page = await lab.open(query, { viewport: { width: 1440, height: 900 }, ...options });
  if (options.isMobile) await page.locator('.tabs button').first().click();
  await page.locator('.compare-opener').click();
  await page.getByRole('group', { name: query.includes('ja') ? '日数' : 'Days', exact: true }).getByRole('button').first().click();
  return page;
}

const begin = (page) => page.locator('.compare .primary').click();
const outcome = (page) => page.evaluate(() => window.noriai.state.outcome);
const ends = async (page, status) => {
  await page.waitForFunction((wanted) => window.noriai.state.outcome?.status === wanted, status, settled);
  return outcome(page);
};

test('the figures are those of the command line for the same seeds, and the table shows them', async () => {
  const page = await open();
  await begin(page);
  const { findings: found } = await ends(page, 'done');
  assert.deepEqual(found, known);
  const figure = known.figures.find(({ key }) => key === 'mean_wait_s');
  const rows = page.locator('.findings tbody', { hasText: 'Average wait' }).locator('tr:not(.figure-row)');
  const minutes = (seconds) => (seconds / 60).toFixed(1).replace('-', '−');
  for (const [index, { mean, half_width }] of figure.means.entries()) {
    const cells = await rows.nth(index).locator('td').allTextContents();
    assert.equal(cells[0].replaceAll('\u00a0', ' '), `${minutes(mean)} ± ${minutes(half_width)} min`);
    const difference = figure.differences.find(({ policy, against }) => policy === index && against === 0);
    if (!difference) continue;
    const sign = difference.difference.mean > 0 ? '+' : '';
    const size = `${sign}${minutes(difference.difference.mean)} ± ${minutes(difference.difference.half_width)} min`;
    const better = difference.difference.mean < 0 ? 'better' : 'worse';
    assert.equal(cells[2].replaceAll('\u00a0', ' ').trim(), `${size} ${difference.significant ? better : 'may be luck'}`);
  }
  assert.deepEqual(page.problems(), []);
});

test('a worker that dies is replaced, and the figures are the same', async () => {
  const page = await open();
  await begin(page);
  await page.waitForFunction(() => window.noriai.state.outcome.finished >= 2, null, settled);
  await page.evaluate(() => window.noriai.crashComparison());
  const { findings: found } = await ends(page, 'done');
  assert.deepEqual(found, known);
});

test('what idle vans do is compared too, and a policy with itself is the same', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Remove policy 3' }).click();
  await page.getByLabel('Policy 2: who rides with whom').selectOption('One party at a time');
  await begin(page);
  await ends(page, 'done');
  const verdicts = await page.locator('.verdict small').allTextContents();
  assert.ok(verdicts.length > 5 && verdicts.every((verdict) => verdict === 'the same'), verdicts.join());
  await page.getByLabel('Policy 2: vans without a rider').selectOption('go back to the depot');
  await begin(page);
  await page.waitForFunction(() => window.noriai.state.outcome.choices[1].rebalancing === 'return_to_depot');
  const { findings: found } = await ends(page, 'done');
  const km = found.figures.find(({ key }) => key === 'vehicle_km').differences[0].difference;
  assert.ok(km.mean > 0, 'vans drive back');
  await page.getByRole('rowheader', { name: '2 One party at a time, idle vans go back to the depot' }).first().waitFor();
});

test('a comparison that is cancelled shows means without a verdict, and the next one works', async () => {
  const page = await open();
  await page.getByRole('group', { name: 'Days', exact: true }).getByRole('button', { name: '100' }).click();
  await begin(page);
  await page.waitForFunction(() => window.noriai.state.outcome.finished >= 3, null, settled);
  await page.locator('.compare').getByRole('button', { name: 'Cancel' }).click();
  const { finished } = await ends(page, 'cancelled');
  assert.ok(finished < 300);
  await page.getByText(`Stopped after ${finished} of 300 days`).waitFor();
  assert.equal(await page.locator('.verdict').count(), 0);
  await page.waitForTimeout(500);
  assert.equal((await outcome(page)).finished, finished);
  await page.getByRole('group', { name: 'Days', exact: true }).getByRole('button', { name: '5', exact: true }).click();
  await begin(page);
  assert.deepEqual((await ends(page, 'done')).findings, known);
});

test('by the keyboard alone: opened, changed, begun, closed', async () => {
  const page = await lab.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  await page.goto(`${lab.url}?lang=en`);
  await page.waitForSelector('[data-figure=served_share]', { state: 'attached', ...settled });
  await page.getByRole('button', { name: 'Compare policies on many days' }).press('Enter');
  await page.waitForFunction(() => document.activeElement.id === 'compare-heading');
  // Past the four parts of the room, and what closes it.
  for (let tabs = 0; tabs < 7; tabs++) await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Policy 1: vans without a rider');
  await page.getByRole('button', { name: 'Add a policy' }).press('Enter');
  await page.locator('.entrants li').nth(3).waitFor();
  await page.getByRole('group', { name: 'Days', exact: true }).getByRole('button').first().press('Space');
  await page.locator('.compare .primary').press('Enter');
  await ends(page, 'done');
  await page.keyboard.press('Escape');
  await page.locator('.compare').waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement.classList.contains('compare-opener'));
  assert.deepEqual(page.problems(), []);
});

test('where every day has the same calls, the page says why nothing can be compared', async () => {
  const page = await open({}, '?lang=ja');
  const [a, b] = await page.evaluate(() => window.noriai.state.town.stops.slice(0, 2).map((stop) => stop.id));
  const text = `request_time,origin,destination\n10:00,${a},${b}\n`;
  await page.locator('.drop input[type=file]').setInputFiles({ name: 'mine.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByText('毎日の申し込みが同じになり').waitFor();
  assert.equal(await page.locator('.compare .primary').count(), 0);
});

test('another town begins with a comparison of its own', async () => {
  const page = await open();
  await page.getByLabel('Policy 3: who rides with whom').selectOption('Bus');
  await begin(page);
  await ends(page, 'done');
  const { fixed_route: bus, ...town } = await page.evaluate(() => window.noriai.state.town);
  assert.ok(bus);
  const text = JSON.stringify({ ...town, name: { ja: '東の町', en: 'Easton' } });
  await page.locator('.drop input[type=file]').setInputFiles({ name: 'easton.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await page.waitForFunction(() => window.noriai.state.town.name.en === 'Easton', null, settled);
  assert.equal(await outcome(page), undefined);
  await page.locator('.findings').waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('Policy 3: who rides with whom').inputValue(), 'Best combination');
  await begin(page);
  await ends(page, 'done');
  assert.deepEqual(page.problems(), []);
});

test('on a phone it fills the sheet, in Japanese too, and nothing is cut off', async () => {
  const page = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, colorScheme: 'dark' }, '?lang=ja');
  await begin(page);
  await ends(page, 'done');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  const widest = await page.locator('.findings *').evaluateAll((cells) => Math.max(...cells.map((cell) => cell.getBoundingClientRect().right)));
  assert.ok(widest <= 390, `${widest}`);
  assert.deepEqual(page.problems(), []);
});
