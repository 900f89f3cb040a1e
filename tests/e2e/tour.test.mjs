// The guided tour: five steps, each with something to do, which is put back when the step is left.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openLab } from './harness.mjs';

let lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());

const settled = { timeout: 60_000 };
const state = (page, read) => page.evaluate(read);
const focused = (page, selector) => page.waitForFunction((wanted) => document.activeElement?.matches(wanted), selector, settled);

test('five steps through Namie, by keys alone; what each changes is put back', async () => {
  const page = await lab.open('?lang=en', { viewport: { width: 1440, height: 900 } });
  const settings = () => state(page, () => JSON.stringify(window.noriai.state.settings));
  const before = await settings();
  await page.locator('.tour-opener').focus();
  await page.keyboard.press('Enter');
  const acts = {
    '1 of 5': () => page.waitForFunction(() => window.noriai.state.playing, null, settled),
    '2 of 5': () => page.waitForFunction(() => window.noriai.state.result.report.vehicles.length === 2, null, settled),
    '3 of 5': () => page.waitForFunction(() => window.noriai.state.result.report.shared_share === 0, null, settled),
    '4 of 5': () => page.waitForFunction(() => window.noriai.state.result.scenario.policies.charging.kind === 'optimal', null, settled),
    '5 of 5': () => page.waitForFunction(() => window.noriai.state.outcome?.status === 'done', null, settled),
  };
  for (const [place, done] of Object.entries(acts)) {
    await focused(page, '#tour-heading');
    assert.equal(await page.locator('.tour h2 small').textContent(), place);
    await page.locator('.tour .act').press('Enter');
    await done();
    // The figures in the text are those of the day shown.
    if (place === '2 of 5') {
      const { served, requests } = await state(page, () => window.noriai.state.result.report);
      await page.getByText(`With 2 vans, ${served} of ${requests} calls are served`).waitFor(settled);
    }
    await page.locator('.tour .primary').press('Enter');
    assert.equal(await settings(), before, place);
  }
  await focused(page, '.tour-opener');
  assert.equal(await page.locator('.room:visible').count(), 0);
  assert.deepEqual(page.problems(), []);
});

test('it can be left at any step, and keeps what somebody else has changed since', async () => {
  const page = await lab.open('?lang=ja', { viewport: { width: 390, height: 844 } });
  await page.locator('.tour-opener').click();
  await page.locator('.tour .primary').click();
  await page.locator('.tour .act').click();
  await page.waitForFunction(() => window.noriai.state.settings.vans === 2, null, settled);
  assert.ok(await state(page, () => document.documentElement.scrollWidth <= 390), 'no sideways scrolling');
  await page.getByRole('button', { name: '試す', exact: true }).click();
  await page.getByRole('slider', { name: '利用の多さ' }).fill('2');
  await page.locator('body').press('Escape');
  await page.waitForFunction(() => window.noriai.state.touring === undefined, null, settled);
  assert.deepEqual(await state(page, () => [window.noriai.state.settings.vans, window.noriai.state.settings.factor]), [2, 2]);
});
