// What WCAG 2.2 AA asks of every view, as far as a machine sees it: axe-core, the size of targets, where the focus is, and what is told
// and moved. docs/accessibility.md says what a person has looked at, and how each criterion is met.
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
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const DESKTOP = { viewport: { width: 1440, height: 900 } };

// --- The views ---------------------------------------------------------------------------------------------------------

const press = (page, selector) => page.locator(selector).first().click();
const gone = (page, selector) => page.locator(selector).waitFor({ state: 'detached', ...settled });
/** On a phone one of four parts is there at a time; elsewhere all are. */
const turnTo = async (page, tab) => {
  const tabs = page.locator('.tabs button');
  if (await tabs.first().isVisible()) await tabs.nth(['try', 'figures', 'day', 'map'].indexOf(tab)).click();
};
const give = (page, name, text) =>
  page.locator('.drop input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const lived = (page, kind) =>
  page.waitForFunction((wanted) => window.noriai.state.result.scenario.policies.matching.kind === wanted, kind, settled);

async function openEnergy(page) {
  await press(page, '.energy-opener');
  await page.locator('[data-plot=power] svg').waitFor(settled);
}

/** A cross of two streets as OpenStreetMap's XML. */
const CROSS = `<?xml version="1.0"?><osm version="0.6">
${[0, 1, 2, 3, 4].flatMap((at) => [`<node id="${1 + at}" lat="36.7" lon="${137.296 + 0.002 * at}"/>`, `<node id="${11 + at}" lat="${36.696 + 0.002 * at}" lon="137.3"/>`]).join('')}
<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="5"/><tag k="highway" v="residential"/></way>
<way id="2"><nd ref="11"/><nd ref="12"/><nd ref="3"/><nd ref="14"/><nd ref="15"/><tag k="highway" v="residential"/></way></osm>`;

/** How each view is reached from the day, and left for it. */
const VIEWS = [
  ['the day', async () => {}, async () => {}],
  [
    'all that can be tried',
    async (page) => {
      await turnTo(page, 'try');
      await page.evaluate(() => document.querySelectorAll('.try details').forEach((details) => (details.open = true)));
    },
    (page) => page.evaluate(() => document.querySelectorAll('.try details').forEach((details) => (details.open = false))),
  ],
  [
    'the figures, one explained',
    async (page) => {
      await turnTo(page, 'figures');
      await page.locator('.figures .name').nth(1).focus();
      await page.locator('.tooltip').waitFor();
    },
    (page) => page.keyboard.press('Escape'),
  ],
  [
    'refused calls',
    async (page) => {
      await press(page, '.reason');
      await page.locator('.detail .rides').waitFor();
    },
    async (page) => {
      await page.locator('body').press('Escape');
      await gone(page, '.detail');
    },
  ],
  ['the hours', (page) => turnTo(page, 'day'), async () => {}],
  [
    'a van',
    async (page) => {
      await turnTo(page, 'map');
      await press(page, '.vans button');
      await page.locator('.detail').waitFor();
    },
    (page) => press(page, '.vans button'),
  ],
  [
    'the demand map, and a cell',
    async (page) => {
      await press(page, '.map-panel [role=switch]');
      await page.waitForFunction(() => window.noriai.state.cells.length > 0, null, settled);
      await page.locator('.heat select').last().selectOption({ index: 1 });
      await page.locator('.detail .rides').waitFor();
    },
    async (page) => {
      await page.locator('body').press('Escape');
      await press(page, '.map-panel [role=switch]');
    },
  ],
  [
    'the question before tiles',
    (page) => page.locator('.background select').selectOption({ index: 3 }),
    (page) => page.locator('.background select').selectOption({ index: 0 }),
  ],
  [
    'share and save',
    async (page) => {
      await press(page, '.carry-opener');
      await page.waitForFunction(() => document.querySelector('#carry-link')?.value, null, settled);
    },
    async (page) => {
      await page.keyboard.press('Escape');
      await gone(page, '#carry');
    },
  ],
  ['energy', (page) => openEnergy(page), async () => {}],
  [
    'energy as tables',
    async (page) => {
      for (const toggle of await page.locator('.energy .toggle').all()) await toggle.click();
      await page.locator('.energy .table-room').first().waitFor();
    },
    async (page) => {
      for (const toggle of await page.locator('.energy .toggle').all()) await toggle.click();
    },
  ],
  [
    'a power cut',
    async (page) => {
      await page.locator('.energy .room-head .choices button').nth(1).click();
      await page.locator('.cut-answer').waitFor(settled);
    },
    (page) => press(page, '.energy .room-head .close'),
  ],
  [
    'roads of a server',
    async (page) => {
      await turnTo(page, 'try');
      await press(page, '.roads-opener');
      await page.locator('dialog[aria-labelledby=roads-heading]').waitFor();
    },
    async (page) => {
      await page.keyboard.press('Escape');
      await gone(page, 'dialog[aria-labelledby=roads-heading]');
    },
  ],
  [
    'policies compared',
    async (page) => {
      await press(page, '.compare-opener');
      await press(page, '.compare .days .choices button');
      await press(page, '.compare .primary');
      await page.waitForFunction(() => window.noriai.state.outcome?.status === 'done', null, settled);
    },
    (page) => press(page, '.compare .close'),
  ],
  [
    'a policy of one’s own',
    async (page) => {
      await turnTo(page, 'try');
      await page.locator('.matching .choices button').getByText(/^\s*(Your own|自分で書く)\s*$/).click();
      await page.locator('#editor').waitFor();
      await page.evaluate(() => (document.querySelector('#editor details').open = true));
    },
    async (page) => {
      await press(page, '#editor .icon');
      await gone(page, '#editor');
    },
  ],
  [
    'columns of a file',
    async (page) => {
      await turnTo(page, 'try');
      await give(page, 'hall.csv', '電話の時間,どこから,どこまで\n2026/5/12 10:00,a,b\n2026/5/13 10:00,a,b\n');
      await page.locator('#columns[open]').waitFor(settled);
    },
    (page) => page.keyboard.press('Escape'),
  ],
  [
    'rows with errors',
    async (page) => {
      await give(page, 'mine.csv', 'request_time,origin,destination,passengers\nnoon,a,b,1\n10:00,nowhere,b,1\n');
      await page.locator('.row-problems').waitFor(settled);
    },
    async () => {},
  ],
  [
    'a town from a file',
    async (page) => {
      await give(page, 'cross.osm', CROSS);
      await page.locator('#import .made').waitFor(settled);
      await page.evaluate(() => document.querySelectorAll('#import details').forEach((details) => (details.open = true)));
    },
    (page) => press(page, '#import .icon'),
  ],
];

// --- axe-core, and the size of targets ---------------------------------------------------------------------------------

const axe = readFileSync(new URL('../../www/node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/** What axe-core finds in the page as it is: all of it, or by one of its rules. */
async function findings(page, runOnly = { type: 'tag', values: TAGS }) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules, resultTypes: ['violations'] }), runOnly);
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}\n${failureSummary}`));
}

/** What is pressed, and smaller than 24 by 24 pixels (2.5.8). The label of a box or file field is pressed in its place. */
const smallTargets = (page) =>
  page.evaluate(() => {
    const pressed = document.querySelectorAll('button, input, select, textarea, summary, a[href], [role=slider]');
    return [...pressed].flatMap((element) => {
      const target = ['checkbox', 'file'].includes(element.type) ? (element.closest('label') ?? element) : element;
      if (!target.checkVisibility({ visibilityProperty: true })) return [];
      const { width, height } = target.getBoundingClientRect();
      return Math.min(width, height) >= 24 ? [] : [`${width.toFixed(1)} x ${height.toFixed(1)}: ${target.outerHTML.slice(0, 120)}`];
    });
  });

// Between them every language, every size, and each theme at each size: of a theme only the colours differ.
for (const [lang, theme, other, size] of [
  ['ja', 'light', 'dark', DESKTOP],
  ['en', 'dark', 'light', PHONE],
]) {
  test(`no view has a finding: ${lang}, ${size.viewport.width} pixels wide, light and dark`, async () => {
    // The link is damaged, so that the first view has a notice.
    const page = await lab.open(`?lang=${lang}&theme=${theme}#n1.AAAA`, size);
    await page.waitForSelector('#map .overlay', settled);
    const found = new Map();
    const wear = (name) => page.evaluate((theme) => (document.documentElement.dataset.theme = theme), name);
    const look = async (view) => {
      const all = [...(await findings(page)), ...(await smallTargets(page))];
      await wear(other);
      all.push(...(await findings(page, { type: 'rule', values: ['color-contrast'] })));
      await wear(theme);
      for (const each of all) found.set(each, [...(found.get(each) ?? []), view]);
    };
    await look('a notice');
    await press(page, '.notice .close');
    for (const [view, open, close] of VIEWS) {
      await open(page);
      await look(view);
      await close(page);
    }
    assert.deepEqual(Object.fromEntries(found), {});
    assert.deepEqual(page.problems(), []);
  });
}

// --- The focus ---------------------------------------------------------------------------------------------------------

/** Tabs through all there is, and says of each stop that cannot be seen what it is. */
async function hiddenStops(page) {
  const hidden = [];
  // From the top; in a dialog, from where it has put the focus.
  await page.locator('.skip').evaluate((link) => link.focus());
  const seen = new Set();
  for (;;) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body) return undefined;
      window.focused ??= [];
      const number = window.focused.indexOf(element);
      if (number >= 0) return { number };
      // A hidden field has its label's ring.
      const shown = element.classList.contains('visually-hidden') ? element.closest('label') : element;
      const { left, top, width, height } = shown.getBoundingClientRect();
      // Its middle; of what is as large as the map, one of its sides is enough.
      const places = width * height > innerWidth * innerHeight / 8 ? [0.05, 0.5, 0.95] : [0.5];
      const seen = places.some((across) =>
        places.some((down) => {
          const above = document.elementFromPoint(left + across * width, top + down * height);
          return above !== null && (shown.contains(above) || above.contains(shown));
        }),
      );
      return { number: window.focused.push(element) - 1, html: seen ? undefined : shown.outerHTML.slice(0, 160) };
    });
    if (!stop || seen.has(stop.number)) break;
    seen.add(stop.number);
    if (stop.html) hidden.push(stop.html);
  }
  await page.evaluate(() => delete window.focused);
  return { hidden, stops: seen.size };
}

for (const size of [PHONE, DESKTOP]) {
  test(`wherever Tab goes, the focus is in the window and nothing lies over it: ${size.viewport.width} pixels wide`, async () => {
    const page = await lab.open('?lang=en', size);
    await page.waitForSelector('#map .overlay', settled);
    const walk = async (view) => {
      const { hidden, stops } = await hiddenStops(page);
      assert.deepEqual(hidden, [], view);
      assert.ok(stops >= 6, `${view}: ${stops} stops`);
    };
    for (const tab of size === PHONE ? ['try', 'figures', 'day', 'map'] : ['try']) {
      await turnTo(page, tab);
      await walk(tab);
    }
    const toTry = () => turnTo(page, 'try');
    for (const [view, reach] of [
      ['a van'],
      ['the question before tiles'],
      ['share and save'],
      ['energy as tables', () => openEnergy(page)],
      ['a power cut'],
      ['policies compared', toTry],
      ['a policy of one’s own'],
      ['a town from a file'],
    ]) {
      const [, open, close] = VIEWS.find(([name]) => name === view);
      await reach?.();
      await open(page);
      await walk(view);
      await close(page);
    }
    assert.deepEqual(page.problems(), []);
  });
}
