// What WCAG 2.2 AA asks of every view, as far as a machine sees it: axe-core, the size of targets, where the focus is, and what is told
// and moved. docs/accessibility.md says how each criterion is met, and what is not.
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
const gone = (page, selector) => page.locator(selector).waitFor({ state: 'hidden', ...settled });
/** On a phone one of four parts is there at a time; elsewhere all are. */
const turnTo = async (page, tab) => {
  const tabs = page.locator('.tabs button');
  if (await tabs.first().isVisible()) await tabs.nth(['try', 'figures', 'day', 'map'].indexOf(tab)).click();
};
const give = (page, name, text) =>
  page.locator('.drop input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
const lived = (page, kind) =>
  page.waitForFunction((wanted) => window.noriai.state.result.scenario.policies.matching.kind === wanted, kind, settled);

/** A part of the room of comparisons, by its place. */
const toPart = (page, index) => page.locator('.compare .room-head .choices button').nth(index).click();

async function openEnergy(page) {
  await press(page, '.energy-opener');
  await page.locator('[data-plot=power] svg').waitFor(settled);
}

/** A cross of two streets as OpenStreetMap's XML. */
const CROSS = `<?xml version="1.0"?><osm version="0.6">
${[0, 1, 2, 3, 4].map((at) => `<node id="${1 + at}" lat="36.7" lon="${137.296 + 0.002 * at}"/>`).join('')}
${[0, 1, 3, 4].map((at) => `<node id="${11 + at}" lat="${36.696 + 0.002 * at}" lon="137.3"/>`).join('')}
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
    'the guided tour',
    async (page) => {
      await press(page, '.tour-opener');
      await page.locator('.tour').waitFor();
    },
    async (page) => {
      await press(page, '.tour .icon');
      await gone(page, '.tour');
    },
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
    async (page) => {
      await press(page, '.energy .room-head .close');
      await gone(page, '.energy');
    },
  ],
  [
    'the year’s account, with all prices',
    async (page) => {
      await press(page, '.account-opener');
      await page.locator('[data-headline]').waitFor(settled);
      await page.evaluate(() => document.querySelectorAll('.year details').forEach((details) => (details.open = true)));
    },
    async (page) => {
      await press(page, '.year .close');
      await gone(page, '.year');
    },
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
    async (page) => {
      await press(page, '.compare .close');
      await gone(page, '.compare');
    },
  ],
  [
    'a sweep',
    async (page) => {
      await turnTo(page, 'try');
      await press(page, '.decide-opener');
      await press(page, '.sweep-setup .choices button');
      await press(page, '.compare .primary');
      await page.waitForFunction(() => window.noriai.state.deciding.sweep?.status === 'done', null, settled);
      await page.locator('.point-cursor input').focus();
      await page.locator('.point.chosen').waitFor();
    },
    async () => {},
  ],
  [
    'how many vans',
    async (page) => {
      await toPart(page, 2);
      await press(page, '.sweep-setup .choices button');
      await press(page, '.compare .primary');
      await page.locator('.fleet-answer').waitFor(settled);
    },
    async () => {},
  ],
  [
    'runs that are kept',
    async (page) => {
      const kept = (count) => page.waitForFunction((runs) => window.noriai.state.deciding.runs.length === runs, count, settled);
      await press(page, '.fleet-table tbody button');
      await page.waitForFunction(() => window.noriai.state.result.scenario.fleet.vehicles.length === 1, null, settled);
      await toPart(page, 3);
      await press(page, '.compare .primary');
      await kept(1);
      await toPart(page, 2);
      await page.locator('.fleet-table tbody button').nth(1).click();
      await page.waitForFunction(() => window.noriai.state.result.scenario.fleet.vehicles.length === 2, null, settled);
      await toPart(page, 3);
      await press(page, '.compare .primary');
      await kept(2);
      await page.locator('.runs-table tbody tr').nth(1).waitFor();
      for (const box of await page.locator('.pick input').all()) await box.check();
    },
    async () => {},
  ],
  [
    'two runs side by side',
    async (page) => {
      await page.locator('.compare .primary').last().click();
      await page.locator('.pair-map .overlay').nth(1).waitFor(settled);
      await page.locator('.pair-chart').waitFor();
    },
    async (page) => {
      await press(page, '.compare .close');
      await gone(page, '.compare');
    },
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
    // On a phone all that opens lies over something; beside each other, these do.
    const onPhone = [
      ['the question before tiles'],
      ['share and save'],
      ['energy as tables', () => openEnergy(page)],
      ['a power cut'],
      ['policies compared', toTry],
    ];
    for (const [view, reach] of [['a van'], ...(size === PHONE ? onPhone : []), ['a policy of one’s own'], ['a town from a file']]) {
      const [, open, close] = VIEWS.find(([name]) => name === view);
      await reach?.();
      await open(page);
      await walk(view);
      await close(page);
    }
    assert.deepEqual(page.problems(), []);
  });
}

test('the first link leads to the figures, wherever they are', async () => {
  for (const size of [PHONE, DESKTOP]) {
    const page = await lab.open('?lang=en', size);
    await press(page, '.energy-opener');
    await page.locator('.energy').waitFor();
    await page.locator('.skip').focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.id === 'figures');
    assert.ok(await page.locator('.figures').isVisible());
    assert.ok(await page.locator('.energy').isHidden());
  }
});

test('a note stays while the pointer is on it, and goes with Escape', async () => {
  const page = await lab.open('?lang=en', DESKTOP);
  const note = page.locator('.tooltip');
  await page.locator('.figures .name').nth(1).hover();
  await note.waitFor();
  await note.hover();
  await page.waitForTimeout(600);
  assert.ok(await note.isVisible());
  await page.keyboard.press('Escape');
  await note.waitFor({ state: 'hidden' });
  await page.locator('.figures .name').nth(1).hover();
  await note.waitFor();
  await page.locator('.figures h2').hover();
  await note.waitFor({ state: 'hidden' });
});

// --- What moves, and what is told --------------------------------------------------------------------------------------

test('a finished run is told where a screen reader listens', async () => {
  const page = await lab.open('?lang=en');
  const told = page.locator('#page > [role=status]');
  const sentence = () => page.evaluate(() => {
    const { served, requests } = window.noriai.state.result.report;
    return `${served} of ${requests}`;
  });
  const before = await sentence();
  assert.match(await told.textContent(), new RegExp(before));
  await page.getByRole('slider', { name: 'Vans' }).fill('1');
  await page.waitForFunction(() => window.noriai.state.result.scenario.fleet.vehicles.length === 1, null, settled);
  const after = await sentence();
  assert.notEqual(after, before);
  await page.locator('#page > [role=status]', { hasText: after }).waitFor();
});

test('the page does not jump while it is loaded, and nothing moves by itself for whoever asked for less motion', async () => {
  for (const size of [DESKTOP, PHONE]) {
    const page = await lab.newPage({ reducedMotion: 'reduce', ...size });
    await page.addInitScript(() => {
      window.shifts = [];
      const told = ({ value, sources }) => [value, sources.map(({ node }) => node?.className ?? '')];
      const observer = new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(told)));
      observer.observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${lab.url}?lang=en`);
    await page.waitForSelector('#map .overlay', settled);
    await page.waitForTimeout(500);
    const shifts = await page.evaluate(() => window.shifts);
    const sum = shifts.reduce((total, [value]) => total + value, 0);
    console.log(`layout shift ${sum.toFixed(4)} at ${size.viewport.width} pixels`);
    // What Core Web Vitals call good (web.dev, 2020).
    assert.ok(sum < 0.1, JSON.stringify(shifts));
    await press(page, size === DESKTOP ? '.map-buttons button' : '.tabs button');
    const moving = await page.evaluate(() => document.getAnimations().map((each) => each.animationName ?? each.transitionProperty));
    assert.deepEqual(moving, []);
  }
});

test('the map is moved without dragging, by keys and by single presses', async () => {
  const page = await lab.open('?lang=en', DESKTOP);
  await page.waitForSelector('#map .overlay', settled);
  // What is seen is what the dialog for roads begins with.
  const view = async () => {
    await press(page, '.roads-opener');
    const box = (await page.locator('#roads-box').inputValue()).split(',').map(Number);
    await page.keyboard.press('Escape');
    await gone(page, 'dialog[aria-labelledby=roads-heading]');
    return box;
  };
  const [west, , east] = await view();
  const map = page.locator('#map canvas').first();
  await map.press('ArrowRight');
  await page.waitForTimeout(500);
  const [moved] = await view();
  assert.ok(moved > west, `${moved} is east of ${west}`);
  const box = await map.boundingBox();
  await page.mouse.dblclick(box.x + 0.8 * box.width, box.y + 0.4 * box.height);
  await page.waitForTimeout(800);
  const [nearWest, , nearEast] = await view();
  assert.ok(nearEast - nearWest < 0.7 * (east - west) && nearWest > (west + east) / 2, `${nearWest} to ${nearEast} of ${west} to ${east}`);
  await page.getByRole('button', { name: 'Wider' }).click();
  await page.waitForTimeout(500);
  const [farWest, , farEast] = await view();
  assert.ok(farEast - farWest > nearEast - nearWest);
});

test('without WebGL the map says so, and figures, charts and tables work', async () => {
  const page = await lab.newPage({ reducedMotion: 'reduce', ...DESKTOP });
  await page.addInitScript(() => {
    const { getContext } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      return kind.startsWith('webgl') ? null : getContext.call(this, kind, ...rest);
    };
  });
  await page.goto(`${lab.url}?lang=en`);
  await page.getByText('The map cannot be drawn').waitFor(settled);
  assert.match(await page.locator('[data-figure=served_share] b').textContent(), /^\d+$/);
  await press(page, '.vans button');
  await page.locator('.detail').waitFor();
  await page.getByRole('slider', { name: 'Time of day' }).press('ArrowRight');
  await openEnergy(page);
  await press(page, '.energy .toggle');
  await page.locator('.energy tbody tr').first().waitFor();
  await page.getByRole('slider', { name: 'Vans' }).fill('1');
  await page.waitForFunction(() => window.noriai.state.result.scenario.fleet.vehicles.length === 1, null, settled);
  assert.deepEqual([page.pageErrors, page.foreignRequests], [[], []]);
  assert.ok(page.consoleErrors.every((text) => /WebGL/i.test(text)), page.consoleErrors.join('\n'));
});

// --- Larger letters ----------------------------------------------------------------------------------------------------

/** Buttons whose words do not fit, and whether anything is wider than the window. */
const tooWide = (page) =>
  page.evaluate(() => {
    const shown = [...document.querySelectorAll('button')].filter((each) => each.checkVisibility());
    const cut = shown.filter((each) => each.scrollWidth > each.clientWidth + 1);
    const over = document.documentElement.scrollWidth - innerWidth;
    return [...cut.map((each) => each.textContent.trim()), ...(over > 0 ? [`the page by ${over} pixels`] : [])];
  });

test('at 400 % there is nothing to scroll sideways, and with wide letters no word is cut', async () => {
  // A window of 1280 by 1024 pixels at 400 % (1.4.10).
  const page = await lab.open('?lang=en', { viewport: { width: 320, height: 256 } });
  for (const tab of ['try', 'figures', 'day', 'map']) {
    await turnTo(page, tab);
    assert.deepEqual(await tooWide(page), [], tab);
  }
  for (const wanted of ['energy', 'share and save']) {
    const [, open] = VIEWS.find(([view]) => view === wanted);
    await open(page);
    assert.deepEqual(await tooWide(page), [], wanted);
    await page.keyboard.press('Escape');
  }
  for (const lang of ['en', 'ja']) {
    const wide = await lab.open(`?lang=${lang}`, DESKTOP);
    // The distances of 1.4.12.
    await wide.evaluate(() => {
      const spaced = new CSSStyleSheet();
      spaced.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }');
      document.adoptedStyleSheets = [spaced];
    });
    assert.deepEqual(await tooWide(wide), [], lang);
  }
});
