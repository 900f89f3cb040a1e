// The energy view as people use it: opened, read, scrubbed, tried with other policies and files of one's own, cut off the grid.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { openLab } from './harness.mjs';

let lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());
afterEach(async () => {
  for (const context of lab.browser.contexts()) await context.close();
});

const settled = { timeout: 60_000 };
const desktop = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const open = (options = desktop, query) => lab.open(query, options);

const report = (page) => page.evaluate(() => window.noriai.state.result.report);
const reportAfter = async (page, hash) => {
  await page.waitForFunction((old) => window.noriai.state.result.report.log_hash !== old, hash, settled);
  return report(page);
};
const compared = async (page) => {
  await page.waitForFunction(() => window.noriai.state.compared?.complete, null, settled);
  return page.evaluate(() => window.noriai.state.compared.others);
};
/** Waits for a report of a site unlike this one; the log may be the same where only prices changed. */
const siteAfter = async (page, total) => {
  await page.waitForFunction((old) => window.noriai.state.result.report.sites[0].total_yen !== old, total, settled);
  return (await report(page)).sites[0];
};
const openEnergy = async (page) => {
  await page.getByRole('banner').getByRole('button', { name: /^(Energy|エネルギー)$/ }).click();
  await page.locator('[data-plot=power] svg').waitFor();
};
const policy = (page, name) => page.getByRole('group', { name: 'Charging at the depot' }).getByRole('button', { name }).click();
const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const fixed = (value, digits = 0) => value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d)(?=\.|$))/, ',');
const amount = (value) => fixed(value, Math.abs(value) < 100 ? 1 : 0);
const twoFrames = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

test('the view opens by keyboard, takes the focus, and Escape gives it back, in both languages', async () => {
  for (const [lang, name, heading] of [
    ['en', 'Energy', 'Michi-no-Eki Namie'],
    ['ja', 'エネルギー', '道の駅なみえ'],
  ]) {
    const page = await open(desktop, `?lang=${lang}`);
    const opener = page.getByRole('banner').getByRole('button', { name, exact: true });
    await opener.focus();
    await opener.press('Enter');
    await page.getByRole('heading', { name: heading }).waitFor();
    assert.equal(await opener.getAttribute('aria-expanded'), 'true');
    await page.waitForFunction(() => document.activeElement?.id === 'energy-heading');
    const text = await page.locator('.energy').textContent();
    if (lang === 'en') assert.doesNotMatch(text, /[぀-ヿ一-鿿]/);
    await page.keyboard.press('Escape');
    await page.locator('.energy').waitFor({ state: 'hidden' });
    assert.equal(await opener.getAttribute('aria-expanded'), 'false');
    await page.waitForFunction(() => document.activeElement?.classList.contains('energy-opener'));
    assert.deepEqual(page.problems(), []);
    await page.context().close();
  }
});

test('the account says what the report says', async () => {
  const page = await open();
  await openEnergy(page);
  const { sites } = await report(page);
  const site = sites[0];
  const shown = Object.fromEntries(
    await page.locator('[data-account]').evaluateAll((rows) => rows.map((row) => [row.dataset.account, row.querySelector('b').textContent.replace('−', '-')])),
  );
  for (const key of ['total_yen', 'energy_yen', 'demand_yen', 'wear_yen']) assert.equal(shown[key], fixed(site[key]), key);
  for (const key of ['load_kwh', 'bought_kwh', 'generated_kwh', 'charged_kwh', 'billed_kw']) assert.equal(shown[key], amount(site[key]), key);
  assert.equal(shown.autarky, fixed(100 * site.autarky));
  assert.equal(shown.full_cycles, fixed(site.full_cycles, 2));
  assert.equal(shown.missed_departures, String(site.missed_departures));
  const parts = site.energy_yen + site.demand_yen + site.fuel_yen + site.wear_yen - site.sold_yen - site.stored_yen;
  assert.ok(Math.abs(parts - site.total_yen) < 1e-6);
  // Each explains itself to a keyboard.
  await page.locator('[data-account=demand_yen] .name').focus();
  await page.locator('.tooltip', { hasText: 'Demand charge x billed peak' }).waitFor();
  // Its four numbers stand side by side.
  const tops = await page.locator('.big').evaluateAll((numbers) => numbers.map((each) => each.getBoundingClientRect().top));
  assert.deepEqual(tops, Array(4).fill(tops[0]));
});

test('the charts follow the clock, and a click in one sets it', async () => {
  const page = await open();
  await openEnergy(page);
  const plot = page.locator('[data-plot=power]');
  const cursorX = () => plot.locator('.energy-cursor').evaluate((line) => line.getBoundingClientRect().x + 1);
  const axis = await plot.evaluate((element) => {
    const { x, width } = element.querySelector('.ground-line').getBoundingClientRect();
    return { x, width };
  });
  const { series } = (await report(page)).sites[0];
  const span = series.step_s * series.import_kw.length;
  for (const hour of [6.25, 12, 20.75]) {
    await page.evaluate((t) => window.noriai.seek(t), hour * 3600);
    await twoFrames(page);
    assert.ok(Math.abs((await cursorX()) - (axis.x + ((hour * 3600 - series.from_s) / span) * axis.width)) < 1.5, `${hour} h`);
    const slot = Math.floor((hour * 3600 - series.from_s) / series.step_s);
    assert.equal(await page.locator('[data-flow=import]').textContent(), fixed(series.import_kw[slot], 1));
    assert.equal(await page.locator('[data-flow=load]').textContent(), fixed(series.load_kw[slot], 1));
    assert.equal(await page.locator('[data-flow=price]').textContent(), fixed(series.buy_yen[slot], 2));
  }
  const box = await plot.boundingBox();
  await page.mouse.click(axis.x + axis.width / 2, box.y + 60);
  assert.ok(Math.abs((await page.evaluate(() => window.noriai.t_s)) - (series.from_s + span / 2)) < 120);
  // Dragging goes on seeking, and the day's slider shows the same moment.
  await page.mouse.move(axis.x + 40, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(axis.x + axis.width / 4, box.y + 90, { steps: 3 });
  await page.mouse.up();
  const t_s = await page.evaluate(() => window.noriai.t_s);
  assert.ok(Math.abs(t_s - (series.from_s + span / 4)) < 120);
  await twoFrames(page);
  assert.equal(await page.getByRole('slider', { name: 'Time of day' }).getAttribute('aria-valuenow'), String(Math.round(t_s)));
});

test('the cheapest schedule shows its saving, its lower peak and its proof', async () => {
  const page = await open();
  const before = await report(page);
  await openEnergy(page);
  const [{ against, total_yen }] = await compared(page);
  assert.equal(against, 'optimal');
  const gain = before.sites[0].total_yen - total_yen;
  await page.locator('.invitation', { hasText: `${fixed(gain)} yen less` }).waitFor();
  await page.getByRole('button', { name: 'Charge at the least cost' }).click();
  const { sites } = await reportAfter(page, before.log_hash);
  const [site] = sites;
  // The same day as on the command line and in the browser's own tests, to the bit.
  const golden = readFileSync(new URL('../golden/namie_optimal.log_hash', import.meta.url), 'utf8').trim();
  assert.equal((await report(page)).log_hash, golden);
  const others = await compared(page);
  const other = (against) => others.find((entry) => entry.against === against);
  // What charging at once has to gain was told before it was chosen; charging at once is the day shown before.
  assert.ok(Math.abs(before.sites[0].total_yen - site.total_yen - gain) < 1e-6);
  assert.ok(Math.abs(other('immediate').total_yen - before.sites[0].total_yen) < 1e-6);
  assert.ok(site.total_yen < before.sites[0].total_yen);
  assert.ok(site.peak_kw < before.sites[0].peak_kw);
  await page.locator('[data-energy=total_yen]', { hasText: `${fixed(other('immediate').total_yen - site.total_yen)} yen less than charging at once` }).waitFor();
  await page.locator('[data-energy=peak_kw]', { hasText: `${fixed(other('immediate').peak_kw - site.peak_kw, 1)} kW lower than charging at once` }).waitFor();
  assert.equal(await page.locator('[data-energy=peak_kw] b').textContent(), amount(site.peak_kw));
  const row = (key) => page.locator(`[data-account=${key}] b`).textContent().then((text) => text.replace('−', '-'));
  assert.equal(await row('two_way'), fixed(other('one_way').total_yen - site.total_yen));
  assert.equal(await row('foresight'), fixed(site.total_yen - other('foresight').total_yen));
  assert.equal(await row('planned'), fixed(site.plans.planned_yen));
  assert.equal(await row('realised'), fixed(site.plans.realised_yen));
  assert.equal(await row('rides_cost'), fixed(other('immediate').served - (await report(page)).served));
  await page.locator('.certificate .hint', { hasText: `${site.plans.count} schedules; residuals` }).waitFor();
  const badge = page.locator('.badge');
  const tiny = (value) => (value === 0 ? '0' : value.toExponential(0));
  assert.match(await badge.textContent(), new RegExp(site.plans.gap_rel <= 1e-6 ? `Proven optimal, gap ${tiny(site.plans.gap_rel)}` : 'Optimal within'));
  await badge.focus();
  await page.locator('.tooltip', { hasText: `${tiny(site.plans.primal)} (primal)` }).waitFor();
  await page.locator('.tooltip', { hasText: `${tiny(site.plans.dual)} (dual)` }).waitFor();
  assert.deepEqual(page.problems(), []);
});

test('behind every chart is a table with the numbers of the report, and a file of them', async () => {
  const page = await open();
  await openEnergy(page);
  const site = (await report(page)).sites[0];
  await page.getByRole('button', { name: 'Table: Power' }).click();
  const cells = (name) =>
    page.locator(`[data-chart=${name}] tbody tr`).evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent.replace('−', '-'))));
  const power = await cells('power');
  assert.equal(power.length, site.series.import_kw.length);
  const columns = ['import', 'discharge', 'fuel', 'wind', 'solar', 'load', 'charge', 'export', 'curtailed'];
  for (const [index, row] of power.entries()) {
    const expected = columns.map((name) => site.series[`${name}_kw`][index].toFixed(2).replace(/^-(0\.00)$/, '$1'));
    assert.deepEqual(row.slice(1), expected);
  }
  assert.equal(power[0][0], '04:00');
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as CSV' }).click()]);
  const text = readFileSync(await saved.path(), 'utf8');
  assert.equal(text.trim().split('\r\n').length, power.length + 1);
  assert.equal(Number(text.split('\r\n')[1].split(',')[1]), Number(site.series.import_kw[0].toFixed(6)));
  await page.getByRole('button', { name: 'Table: Price and carbon' }).click();
  assert.deepEqual((await cells('price'))[5].slice(1), [site.series.buy_yen[5].toFixed(2), (1000 * site.series.co2_kg[5]).toFixed(0)]);
  await page.getByRole('button', { name: 'Table: Vans and cars' }).click();
  assert.equal((await cells('units')).length, site.units.reduce((sum, unit) => sum + unit.activities.length, 0));
  await page.getByRole('button', { name: 'Table: Power' }).click();
  await page.locator('[data-plot=power] svg').waitFor();
  assert.deepEqual(page.problems(), []);
});

test('each battery has its row: charge, activity told by more than colour, departures', async () => {
  const page = await open();
  await openEnergy(page);
  const site = (await report(page)).sites[0];
  const rows = page.locator('[data-plot=units] [data-unit]');
  assert.equal(await rows.count(), site.units.length);
  const activities = await rows.evaluateAll((all) => all.map((row) => row.querySelectorAll(':scope > svg > rect').length));
  assert.deepEqual(activities, site.units.map((unit) => unit.activities.length));
  // Cars depart by their timetable, vans whenever they leave their charger.
  const out = ['ride', 'drive', 'parked', 'away'];
  const leaves = ({ activities }) => activities.filter(({ kind }, index) => index > 0 && out.includes(kind) && !out.includes(activities[index - 1].kind)).length;
  const departures = await rows.evaluateAll((all) => all.map((row) => row.querySelectorAll('.target').length));
  assert.deepEqual(departures, site.units.map((unit) => (unit.name ? unit.departures.length / 2 : leaves(unit))));
  assert.ok(departures.every((count) => count > 0), departures.join());
  // At noon, a van that stands in the town is waiting and not driving.
  const waits = site.units.flatMap((unit) => unit.activities.filter(({ kind }) => kind === 'parked').map((activity) => ({ unit, ...activity })));
  const { unit: waiting, from_s, until_s } = waits.reduce((a, b) => (b.until_s - b.from_s > a.until_s - a.from_s ? b : a));
  await page.evaluate((t) => window.noriai.seek(t), (from_s + until_s) / 2);
  await twoFrames(page);
  assert.match(await page.locator(`[data-unit="${waiting.id}"] .unit-now`).textContent(), /^\d+% waiting$/);
  const shapes = await page.locator('[data-chart=units] .legend .swatch .fill').evaluateAll((all) =>
    all.map((shape) => [shape.getAttribute('fill'), shape.getAttribute('height'), shape.getAttribute('y')].join(' ')),
  );
  // With riders and charging differ by height, away and giving by pattern.
  assert.equal(new Set(shapes).size, shapes.length);
});

test('a contract can be chosen, and is shown with its date and source', async () => {
  const page = await open();
  const { sites } = await report(page);
  await page.getByLabel('Contract', { exact: true }).selectOption({ label: 'Tohoku, high voltage, linked to the market (margin assumed)' });
  const site = await siteAfter(page, sites[0].total_yen);
  assert.equal(site.tariff.en, 'Tohoku, high voltage, linked to the market (margin assumed)');
  assert.ok(new Set(site.series.buy_yen).size > 10);
  await page.getByText('Prices since 2024-05-01').waitFor();
  await page.getByText('Source', { exact: true }).click();
  await page.getByText('Japan Electric Power Exchange').first().waitFor();
});

test('a load of one’s own changes the account, a broken file tells its line, and the built-in one comes back', async () => {
  const page = await open();
  const first = (await report(page)).sites[0];
  const load = page.locator('[data-series=load]');
  const input = load.locator('input[type=file]');
  const hours = Array.from({ length: 24 }, (_, hour) => `${hour}:00,${10 + hour},${50 - hour}`);
  await input.setInputFiles(file('load.csv', `time,town hall,market hall\n${hours.join('\n')}\n`));
  const hall = await siteAfter(page, first.total_yen);
  // The sixth and seventh half hours of the service day begin at 6:30 and 7:00.
  const standby = (site, index) => site.series.load_kw[index];
  assert.ok(standby(hall, 5) >= 16 && standby(hall, 5) < 16.5, `${standby(hall, 5)} kW at 6:30`);
  assert.ok(standby(hall, 6) >= 17 && standby(hall, 6) < 17.5);
  await load.getByText('24 values').waitFor();
  await load.getByLabel('Column').selectOption('market hall');
  const market = await siteAfter(page, hall.total_yen);
  assert.ok(standby(market, 6) >= 43 && standby(market, 6) < 43.5);
  const broken = hours.map((row, index) => (index === 3 ? '3:00,many,1' : row));
  await input.setInputFiles(file('broken.csv', `time,town hall,market hall\n${broken.join('\n')}\n`));
  await load.getByText('“broken.csv” was not taken').waitFor();
  assert.match(await load.locator('.row-problems li').first().textContent(), /^Line 5 .*many/);
  assert.equal((await report(page)).sites[0].total_yen, market.total_yen);
  await load.getByRole('button', { name: 'Back to the built-in series' }).click();
  assert.equal((await siteAfter(page, market.total_yen)).total_yen, first.total_yen);
  assert.deepEqual(page.problems(), []);
});

test('prices of one’s own make the contract one of the market', async () => {
  const page = await open();
  const first = (await report(page)).sites[0];
  const prices = Array.from({ length: 48 }, (_, slot) => 5 + slot);
  await page.locator('[data-series=price] input[type=file]').setInputFiles(file('spot.csv', prices.join('\n')));
  const site = await siteAfter(page, first.total_yen);
  // 8:00 is the 17th half hour of the day and the 9th of the service day; the levy of 1.4 yen stays.
  assert.ok(Math.abs(site.series.buy_yen[8] - (5 + 16 + 1.4)) < 1e-9, `${site.series.buy_yen[8]}`);
  await page.getByText('now this market price').waitFor();
});

test('a power cut: the sentence and the table say what the data say', async () => {
  for (const lang of ['en', 'ja']) {
    const page = await open(desktop, `?lang=${lang}`);
    await openEnergy(page);
    await page.getByRole('button', { name: lang === 'en' ? 'Power cut' : '停電', exact: true }).click();
    const ask = async (change) => {
      await page.waitForFunction(
        ([from_s, hours]) => {
          const cut = window.noriai.state.cuts?.[0]?.cut;
          return cut?.from_s === from_s && cut.hours === hours;
        },
        change,
        settled,
      );
      return page.evaluate(() => window.noriai.state.cuts);
    };
    const cuts = await ask([15 * 3600, 24]);
    assert.equal(cuts.length, 6);
    const check = async ({ cut }) => {
      const held = cut.held_h < 10 ? cut.held_h.toFixed(1) : cut.held_h.toFixed(0);
      const loads = lang === 'en' ? 'Shelter and clinic would be supplied for' : '避難所と診療所に';
      const hours = cut.held_h >= 168 ? '' : lang === 'en' ? ` ${held} hours` : `${held}時間`;
      const lost =
        lang === 'en'
          ? cut.rides_lost === 0 ? 'every ride would be driven.' : `${cut.rides_lost} rides would not be driven.`
          : cut.rides_lost === 0 ? '運べなくなる乗車はありません。' : `運べなくなる乗車は${cut.rides_lost}件です。`;
      const sentence = page.locator('.cut-sentence', { hasText: loads + hours });
      await sentence.waitFor();
      assert.ok((await sentence.textContent()).includes(lost), await sentence.textContent());
      const givers = await page.locator('.givers tbody tr').evaluateAll((rows) => rows.map((row) => row.children[4].textContent.replace(/ ?kWh/, '')));
      assert.deepEqual(givers, cut.units.map((unit) => amount(unit.given_kwh)));
    };
    await check(cuts.find((entry) => entry.policy === 'immediate'));
    for (const { policy, served, cut } of cuts) {
      const cells = await page.locator(`[data-policy=${policy}] td`).allTextContents();
      assert.deepEqual(cells.slice(1, 3), [String(cut.rides_lost), String(served)]);
      if (cut.held_h < 168) assert.match(cells[0], new RegExp(`^${amount(cut.held_h)}`));
    }
    // Another policy, another hour, another length.
    await page.locator('[data-policy=optimal] button').click();
    await check(cuts.find((entry) => entry.policy === 'optimal'));
    await page.getByRole('slider', { name: lang === 'en' ? 'Power fails at' : '停電の開始' }).fill('9.5');
    await page.getByRole('slider', { name: lang === 'en' ? 'For' : '長さ', exact: true }).fill('48');
    const later = await ask([9.5 * 3600, 48]);
    await check(later.find((entry) => entry.policy === 'optimal'));
    assert.deepEqual(page.problems(), []);
    await page.context().close();
  }
});

test('a reserve for a power cut says what it leaves to drive, and warns where that is too little', async () => {
  const page = await open();
  const first = await report(page);
  await policy(page, 'For a power cut');
  await page.waitForFunction(() => window.noriai.state.result.scenario.policies.charging.kind === 'backup', null, settled);
  const day = await report(page);
  // The default is one that serves people.
  assert.ok(day.served >= first.served - 1, `${day.served} of ${first.served}`);
  const note = page.locator('.reserve');
  const { reserve_kwh, capacity_kwh } = day.sites[0].units[0];
  await note.getByText(`A van keeps ${amount(reserve_kwh)} kWh of its ${amount(capacity_kwh)} kWh; ${amount(capacity_kwh - reserve_kwh)} kWh are left to drive.`).waitFor();
  assert.equal(await note.locator('.warning').count(), 0);
  await page.getByRole('slider', { name: 'Power cut to be ready for' }).fill('48');
  await page.waitForFunction(() => window.noriai.state.result.scenario.policies.charging.hours === 48, null, settled);
  const longer = await report(page);
  const refused = longer.refused_by.find(({ limit }) => limit === 'charge').count;
  assert.ok(refused > 1);
  await note.getByText('nothing is left to drive').waitFor();
  await note.locator('.warning', { hasText: `${refused} calls are refused for lack of charge` }).waitFor();
  await openEnergy(page);
  await compared(page);
  assert.equal(await page.locator('[data-account=rides_cost] b').textContent(), String(first.served - longer.served));
  assert.deepEqual(page.problems(), []);
});

test('a slider of a power cut is answered from days that were lived through before', async () => {
  const page = await open();
  await openEnergy(page);
  await page.getByRole('button', { name: 'Power cut', exact: true }).click();
  await page.locator('.cut-sentence').waitFor(settled);
  const first = await page.evaluate(() => window.noriai.state.cuts);
  await page.getByRole('slider', { name: 'Power fails at' }).fill('20');
  await page.waitForFunction(() => window.noriai.state.cuts[0].cut.from_s === 72000, null, settled);
  const later = await page.evaluate(() => window.noriai.state.cuts);
  assert.deepEqual(later.map(({ policy, depot, served }) => [policy, depot, served]), first.map(({ policy, depot, served }) => [policy, depot, served]));
  assert.notDeepEqual(later, first);
});

test('of two sites each has its account and its power cut', async () => {
  const page = await open();
  const town = JSON.parse(readFileSync(new URL('../../src/scenario/towns/namie.json', import.meta.url), 'utf8'));
  const hall = structuredClone(town.depots[0]);
  Object.assign(hall, { id: 'hall', node: town.stops[0].node });
  hall.chargers[0].count = town.depots[0].chargers[0].count - 2;
  town.depots[0].chargers[0].count = 2;
  hall.site.name = { ja: '町役場', en: 'Town hall' };
  hall.site.critical_loads = [{ name: { ja: '避難所', en: 'Shelter' }, power_kw: 4 }];
  town.depots.push(hall);
  town.fleet.vehicles[2].depot = 'hall';
  await page.locator('.drop input[type=file]').setInputFiles({ name: 'two.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(town)) });
  await page.waitForFunction(() => window.noriai.state.result.report.sites.length === 2, null, settled);
  await openEnergy(page);
  const { sites } = await report(page);
  const account = () => page.locator('[data-account=total_yen] b').textContent();
  assert.equal(await account(), fixed(sites[0].total_yen));
  await page.getByLabel('Site', { exact: true }).selectOption({ label: 'Town hall' });
  assert.equal(await account(), fixed(sites[1].total_yen));
  assert.equal(await page.locator('[data-plot=units] [data-unit]').count(), sites[1].units.length);
  await page.getByRole('button', { name: 'Power cut', exact: true }).click();
  await page.locator('.cut-sentence', { hasText: 'Shelter would be supplied' }).waitFor(settled);
  assert.equal(await page.locator('.givers tbody tr').count(), sites[1].units.length);
  await page.locator('.critical li', { hasText: '4.0 kW' }).waitFor();
  assert.deepEqual(page.problems(), []);
});

test('the comparison of an older day is never shown with a newer one', async () => {
  const page = await open();
  await openEnergy(page);
  for (const name of ['Cheapest', 'With the sun', 'At set hours']) await policy(page, name);
  await page.waitForFunction(() => window.noriai.state.result.scenario.policies.charging.kind === 'off_peak', null, settled);
  const others = await compared(page);
  assert.deepEqual(others.map(({ against }) => against), ['immediate']);
  const { sites } = await report(page);
  const less = others[0].total_yen - sites[0].total_yen;
  const said = less > 0 ? `${fixed(less)} yen less` : `${fixed(-less)} yen more`;
  await page.locator('[data-energy=total_yen]', { hasText: said }).waitFor();
});

test('everything in the view has a name, and nothing is wider than a phone', async () => {
  const page = await open(phone);
  await page.getByRole('banner').getByRole('button', { name: 'Energy', exact: true }).tap();
  await page.locator('[data-plot=power] svg').waitFor();
  const nameless = () =>
    page.locator('.energy').evaluate((panel) =>
      [...panel.querySelectorAll('button, input, select, [role=img], [role=region]')]
        .filter((element) => !(element.textContent.trim() || element.getAttribute('aria-label') || element.labels?.length))
        .map((element) => element.outerHTML.slice(0, 120)),
    );
  assert.deepEqual(await nameless(), []);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  const small = await page.locator('.energy').evaluate((panel) =>
    [...panel.querySelectorAll('*')].filter((element) => element.textContent.trim() && parseFloat(getComputedStyle(element).fontSize) < 14).length,
  );
  assert.equal(small, 0);
  const box = await page.locator('.energy').boundingBox();
  assert.deepEqual([box.x, box.y, box.width, box.height], [0, 48, 390, 796]);
  await page.getByRole('button', { name: 'Power cut', exact: true }).tap();
  await page.locator('.cut-sentence').waitFor(settled);
  assert.deepEqual(await nameless(), []);
  // What every van gives is read without scrolling.
  assert.ok(await page.locator('.givers').evaluate((room) => room.scrollWidth <= room.clientWidth));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  await page.getByRole('button', { name: 'Close the energy view' }).tap();
  await page.locator('.energy').waitFor({ state: 'hidden' });
  assert.deepEqual(page.problems(), []);
});
