// The rooms for deciding: a sweep whose points open their runs, a search for vans that is the command line's, and two runs on one clock.
// NORIAI_BIN is the command; without it cargo builds and runs it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, afterEach, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openLab } from './harness.mjs';

const settled = { timeout: 60_000 };

const cargo = ['cargo', 'run', '--quiet', '--locked', '--bin', 'noriai', '--'];
const [command, ...prefix] = process.env.NORIAI_BIN ? [process.env.NORIAI_BIN] : cargo;
/** What the command line prints as JSON. */
function told(...options) {
  const cwd = fileURLToPath(new URL('../../', import.meta.url));
  const { status, stdout, stderr, error } = spawnSync(command, [...prefix, ...options, '--json'], { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
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

const open = () => lab.open('?lang=en', { viewport: { width: 1440, height: 900 } });
const deciding = (page) => page.evaluate(() => window.noriai.state.deciding);
const toPart = (page, name) => page.getByRole('group', { name: 'What is compared' }).getByRole('button', { name, exact: true }).click();
const ended = (page, what) => page.waitForFunction((name) => window.noriai.state.deciding[name]?.status === 'done', what, settled);
/** Waits for a day with so many vans, and gives its report. */
async function lived(page, vans) {
  await page.waitForFunction(
    (count) => window.noriai.state.progress === undefined && window.noriai.state.result.scenario.fleet.vehicles.length === count,
    vans,
    settled,
  );
  return page.evaluate(() => window.noriai.state.result.report);
}

test('a sweep shows its points as they come, and each opens the run that it stands for', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Find what is best' }).press('Enter');
  await page.waitForFunction(() => document.activeElement.id === 'compare-heading');
  await page.getByLabel('from', { exact: true }).fill('2');
  await page.getByLabel('to', { exact: true }).fill('4');
  await page.getByRole('group', { name: 'Days each' }).getByRole('button', { name: '1', exact: true }).click();
  await page.getByText('6 combinations × 1 days = 6 days').waitFor();
  await page.getByRole('button', { name: 'Begin the sweep' }).click();
  await ended(page, 'sweep');
  const { sweep } = await deciding(page);
  assert.equal(sweep.finished, 6);
  assert.equal(await page.locator('.pareto .point').count(), 6);
  assert.equal(await page.locator('.sweep-table tbody tr').count(), 6);

  // The cursor goes from the cheapest on; Enter opens.
  await page.getByLabel('Combination under the cursor').press('ArrowRight');
  const order = sweep.points.map((point, index) => ({ index, x: point.means.yen_per_ride.mean, y: point.means.served_share.mean }));
  order.sort((a, b) => a.x - b.x || a.y - b.y);
  const { sweep: moved } = await deciding(page);
  assert.equal(moved.chosen, order[1].index);
  const chosen = sweep.points[order[1].index];
  await page.getByLabel('Combination under the cursor').press('Enter');
  const opened = await lived(page, chosen.vans);
  assert.equal(opened.served_share, chosen.values.served_share[0]);
  assert.equal(opened.yen_per_ride, chosen.values.yen_per_ride[0]);

  await page.locator('.sweep-table').getByRole('button', { name: 'Served', exact: true }).click();
  assert.equal(await page.locator('.sweep-table th[aria-sort]').getAttribute('aria-sort'), 'descending');
  const most = sweep.points.reduce((best, point) => Math.max(best, point.means.served_share.mean), 0);
  const first = await page.locator('.sweep-table tbody tr').first().locator('.amount').nth(1).textContent();
  assert.equal(first.replaceAll('\u00a0', ' ').trim(), `${(100 * most).toFixed(1)}%`);

  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.activeElement.classList.contains('decide-opener'));
  assert.deepEqual(page.problems(), []);
});

test('how many vans are needed is what the command line finds, or why no number is enough', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'Find what is best' }).click();
  await toPart(page, 'How many vans?');
  await page.getByLabel('Share of riders, %').fill('90');
  await page.getByLabel('Minutes').fill('20');
  await page.getByRole('group', { name: 'Days', exact: true }).getByRole('button', { name: '5', exact: true }).click();
  await page.getByRole('button', { name: 'Search' }).click();
  await ended(page, 'fleet');
  const { fleet } = await deciding(page);
  const { town, first_seed, ...sizing } = told('fleet', '--town', 'namie', '--share', '0.9', '--within', '20', '--seeds', '5');
  assert.deepEqual(fleet.sizing, sizing);
  assert.deepEqual([town, first_seed], ['Namie', fleet.first]);
  await page.getByText(`noriai fleet --town namie --share 0.9 --within 20`).waitFor();
  await page.locator('.fleet-answer').getByRole('button', { name: 'Open this run' }).click();
  await lived(page, sizing.vans);

  await page.getByLabel('Minutes').fill('0');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('No number of vans reaches 90% within 0 minutes.').waitFor(settled);
  await page.locator('.missed').getByText('Picked up, but later').waitFor();
  assert.deepEqual(page.problems(), []);
});

test('runs are kept, named, sorted and opened again; two of them go by one clock, and more days tell their difference from luck', async () => {
  const page = await open();
  const keep = page.locator('.run-keeper');
  await keep.click();
  await page.getByText('This run is kept').waitFor();
  const before = await page.evaluate(() => window.noriai.state.result.report.log_hash);
  await page.getByRole('slider', { name: 'Vans' }).fill('1');
  await lived(page, 1);
  await keep.click();
  await page.getByRole('button', { name: 'Runs (2)' }).click();
  await page.getByLabel('Name of the run: Namie, 1 vans, Shared rides').fill('One van');
  await page.getByRole('button', { name: 'Calls served', exact: true }).last().click();
  /** The table is drawn a moment after a press. */
  const listed = (names) =>
    page.waitForFunction(
      (wanted) => JSON.stringify([...document.querySelectorAll('.runs-table tbody input[type=text]')].map(({ value }) => value)) === wanted,
      JSON.stringify(names),
      settled,
    );
  await listed(['Namie, 3 vans, Shared rides', 'One van']);
  await page.getByRole('button', { name: 'Pin: One van' }).click();
  await listed(['One van', 'Namie, 3 vans, Shared rides']);

  for (const box of await page.locator('.pick input').all()) await box.check();
  await page.getByRole('button', { name: 'Side by side' }).click();
  await page.locator('.pair-map .overlay').nth(1).waitFor(settled);
  /** The two drawings of vans and roads, as they are now. */
  const pictures = () => page.locator('.pair-map .overlay').evaluateAll((drawn) => drawn.map((canvas) => canvas.toDataURL()));
  const early = await pictures();
  assert.notEqual(early[0], early[1]);
  await page.evaluate(() => window.noriai.seek(15 * 3600));
  await page.waitForTimeout(300);
  const late = await pictures();
  assert.ok(late[0] !== early[0] && late[1] !== early[1], 'both maps follow the clock');
  await page.locator('.pair-now').getByText('At 15:00').waitFor();
  await page.locator('.pair-map').first().press('+');
  assert.notEqual((await pictures())[1], late[1], 'and each other');

  await page.getByRole('button', { name: 'Check over 10 days' }).click();
  await page.waitForFunction(() => window.noriai.state.deciding.pair.check?.status === 'done', null, settled);
  const served = page.locator('.pair-table [data-figure=served_share] .verdict').last();
  assert.match(await served.textContent(), /worse/);

  await page.getByRole('button', { name: 'Back to all runs' }).click();
  await page.getByRole('button', { name: 'Open the run: Namie, 3 vans, Shared rides' }).click();
  assert.equal((await lived(page, 3)).log_hash, before);
  await page.getByRole('button', { name: 'Remove: One van' }).click();
  await page.getByRole('button', { name: 'Remove: One van' }).waitFor({ state: 'detached' });
  await listed(['Namie, 3 vans, Shared rides']);
  assert.deepEqual(page.problems(), []);
});
