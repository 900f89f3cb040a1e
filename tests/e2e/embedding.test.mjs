// The page within a portal of another origin, under the strict content policy of both: what it shows, what it tells, whom it hears.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { listen, openLab } from './harness.mjs';

const settled = { timeout: 60_000 };

const PORTAL = `
  window.heard = [];
  const asked = new URLSearchParams(location.search);
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
  frame.title = 'Noriai';
  frame.id = 'lab';
  frame.src = asked.get('lab');
  window.addEventListener('message', ({ data, source, origin }) => {
    if (source === frame.contentWindow && origin === new URL(frame.src).origin && data?.noriai === 1) window.heard.push(data);
  });
  let count = 0;
  window.ask = (request) =>
    new Promise((resolve) => {
      const id = 'q' + ++count;
      const answer = ({ data, source }) => source === frame.contentWindow && data?.id === id && resolve(data);
      window.addEventListener('message', answer);
      frame.contentWindow.postMessage({ noriai: 1, id, ...request }, new URL(frame.src).origin);
      setTimeout(() => resolve('no answer'), Number(request.patience ?? 30000));
    });
  document.body.append(frame);
`;

let lab, portal;
before(async () => {
  lab = await openLab();
  const policy = `default-src 'none'; script-src 'self'; style-src 'self'; frame-src ${new URL(lab.url).origin}`;
  portal = await listen((request, response) => {
    const { pathname } = new URL(request.url, 'http://portal');
    const [type, body] = {
      '/': ['text/html', '<!doctype html><link rel="stylesheet" href="/portal.css"><title>Portal</title><body><script src="/portal.js"></script>'],
      '/portal.js': ['text/javascript', PORTAL],
      '/portal.css': ['text/css', 'iframe { width: 1200px; height: 760px; border: 0 }'],
    }[pathname] ?? ['text/plain', ''];
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body);
  });
});
after(async () => {
  await lab.close();
  await portal.close();
});
afterEach(async () => {
  for (const context of lab.browser.contexts()) await context.close();
});

/** The portal with the page in it; the policy's violations of both are counted. */
async function embedded({ query = 'lang=en', parent = portal.origin, ready = true } = {}) {
  const page = await lab.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  const inside = `${lab.url}embed.html?${query}&parent=${encodeURIComponent(parent)}`;
  await page.goto(`${portal.origin}/?lab=${encodeURIComponent(inside)}`);
  const frame = await (await page.waitForSelector('#lab')).contentFrame();
  await frame.waitForSelector('[data-figure=served_share]', { state: 'attached', ...settled });
  if (ready) await page.waitForFunction(() => window.heard.some(({ event }) => event === 'ready'), null, settled);
  // The portal's own requests are no foreign ones.
  const problems = () => page.problems().filter((problem) => !problem.startsWith(`request: ${portal.origin}`));
  const told = (event) => page.evaluate((event) => window.heard.filter((each) => each.event === event).map(({ value }) => value), event);
  const ask = (request) => page.evaluate((request) => window.ask(request), request);
  return { page, frame, problems, told, ask };
}

test('a portal of another origin shows a town, asks for another and hears of its days', async () => {
  const { page, frame, problems, told, ask } = await embedded();
  const [ready] = await told('ready');
  assert.equal(ready.town, 'namie');
  const first = await ask({ kind: 'report' });
  assert.equal(first.ok, true);
  assert.equal(first.value.report.log_hash, await frame.evaluate(() => window.noriai.state.result.report.log_hash));

  assert.equal((await ask({ kind: 'show', changes: { town: 'shiojiri', settings: { vans: 3 } } })).ok, true);
  await page.waitForFunction(() => window.heard.some(({ event, value }) => event === 'run-finished' && value.town === 'shiojiri'), null, settled);
  const days = await told('run-finished');
  assert.equal(days.at(-1).report.vehicles.length, 3);
  assert.equal(days.at(-1).report.log_hash, await frame.evaluate(() => window.noriai.state.result.report.log_hash));

  await ask({ kind: 'language', language: 'ja' });
  await ask({ kind: 'theme', theme: 'dark' });
  await ask({ kind: 'seek', t_s: 36_000 });
  assert.deepEqual(await frame.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme, window.noriai.t_s]), ['ja', 'dark', 36_000]);
  assert.equal((await ask({ kind: 'hello' })).value.language, 'ja');

  await frame.locator('.vans [data-van], .vans button').first().click();
  await page.waitForFunction(() => window.heard.some(({ event, value }) => event === 'selection' && value?.van), null, settled);
  assert.deepEqual(problems(), []);
});

test('what cannot be done is refused with reasons in both languages, and the day shown stays', async () => {
  const { frame, problems, ask } = await embedded();
  const hash = () => frame.evaluate(() => window.noriai.state.result.report.log_hash);
  const before = await hash();
  const wrong = [
    [{ kind: 'dance' }, /^kind: "dance" is not known; give one of hello/],
    [{ kind: 'show', changes: { town: 'atlantis', settings: {} } }, /atlantis/],
    [{ kind: 'show', changes: { town: 'namie', settings: { vans: 0 } } }, /^vans: 0 is out of range/],
    [{ kind: 'show' }, /^show: something is missing/],
    [{ kind: 'load', scenario: { version: 1 } }, /not readable as a scenario: missing field/],
    [{ kind: 'seek', t_s: 'noon' }, /^seek: something is missing/],
    [{ noriai: 2, kind: 'hello' }, /^noriai: this page speaks version 1$/],
  ];
  for (const [request, reason] of wrong) {
    const answer = await ask(request);
    assert.equal(answer.ok, false, JSON.stringify(request));
    assert.match(answer.reasons[0].en, reason);
    assert.match(answer.reasons[0].ja, /[\u3040-\u30ff\u4e00-\u9fff]/);
  }
  assert.equal(await hash(), before);
  assert.deepEqual(problems(), []);
});

test('a scenario of the portal is lived through; of its own trips no cell of few leaves', async () => {
  const { page, frame, told, ask, problems } = await embedded();
  const scenario = await frame.evaluate(() => structuredClone(window.noriai.state.town));
  const [from, to] = scenario.stops.slice(0, 2).map(({ id }) => id);
  const trip = (index) => ({ request_s: 36_000 + 3_600 * (index % 3), origin: from, destination: to, passengers: 1 });
  scenario.demand.trips = Array.from({ length: 7 }, (_, index) => trip(index));
  const answer = await ask({ kind: 'load', scenario });
  assert.equal(answer.ok, true, JSON.stringify(answer));
  await page.waitForFunction(() => window.heard.some(({ event, value }) => event === 'run-finished' && value.report.masked_below), null, settled);
  const { report } = (await told('run-finished')).at(-1);
  assert.equal(report.masked_below, 5);
  assert.ok(report.series.requests.every((count) => count === null || count === 0 || count >= 5), JSON.stringify(report.series.requests));
  assert.deepEqual(problems(), []);
});

test('nobody else is heard or told: not another origin, and not where no origin is named', async () => {
  for (const parent of ['http://127.0.0.1:1', 'null', '*', `${portal.origin}/`]) {
    const { page, frame, ask } = await embedded({ parent, ready: false });
    assert.equal(await ask({ kind: 'theme', theme: 'dark', patience: 500 }), 'no answer', parent);
    assert.notEqual(await frame.evaluate(() => document.documentElement.dataset.theme), 'dark');
    assert.deepEqual(await page.evaluate(() => window.heard), []);
    await page.context().close();
  }
});

test('panels are those that the address names, and nothing is stored or fetched from others', async () => {
  const { page, frame, problems } = await embedded({ query: 'lang=en&panels=day' });
  const shown = await frame.evaluate(() =>
    ['.try', '.figures', '.day', '.map-panel'].filter((panel) => getComputedStyle(document.querySelector(panel)).display !== 'none'),
  );
  assert.deepEqual(shown, ['.day']);
  const { width } = await frame.locator('#map').evaluate((map) => ({ width: map.clientWidth }));
  assert.equal(width, 1200);
  await page.context().close();

  const whole = await embedded();
  await whole.frame.locator('.hint', { hasText: 'come from other servers' }).waitFor(settled);
  assert.equal(await whole.frame.locator('.roads-opener').count(), 0);
  assert.equal(await whole.frame.locator('.background').count(), 0);
  assert.equal(await whole.frame.locator('.keeper').count(), 0);
  const stored = await whole.frame.evaluate(async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]);
  assert.deepEqual(stored, ['', 0, 0, 0]);
  assert.deepEqual([...problems(), ...whole.problems()], []);
});

test('the page tells at which height nothing is out of sight', async () => {
  const { page, frame, told } = await embedded();
  const height = async () => (await told('height')).at(-1).height_px;
  const hidden = () => frame.evaluate(() => Math.max(0, ...[...document.querySelectorAll('#page > .sheet')].map((panel) => panel.scrollHeight - panel.clientHeight)));
  await page.waitForFunction(() => window.heard.some(({ event }) => event === 'height'), null, settled);
  assert.ok((await hidden()) > 0);
  const wanted = await height();
  await page.locator('#lab').evaluate((element, px) => element.style.setProperty('height', `${px}px`), wanted);
  await page.waitForTimeout(500);
  assert.ok((await hidden()) <= 1, `${await hidden()} px are still hidden`);
});
