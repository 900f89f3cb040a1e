// A matching policy of one's own: written in the page, run in its sandbox, and every way in which it can go wrong.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, afterEach, before, test } from 'node:test';
import { CONTENT_POLICY, openLab, results } from './harness.mjs';

let lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());
afterEach(async () => {
  for (const context of lab.browser.contexts()) await context.close();
});

const settled = { timeout: 30_000 };
const golden = readFileSync(new URL('../golden/namie.log_hash', import.meta.url), 'utf8').trim();

const open = (options, query, from = lab) => from.open(query, options);

const report = (page) => page.evaluate(() => window.noriai.state.result.report);

/** Opens the editor and waits for the day of the example. */
async function openEditor(page) {
  await page.getByRole('button', { name: 'Your own', exact: true }).click();
  await page.waitForFunction(() => window.noriai.state.result.scenario.policies.matching.kind === 'script', null, settled);
}

/** Types a policy into the page, runs it, and waits for its day. */
async function run(page, source) {
  const before = await report(page);
  await page.getByLabel('The policy, in JavaScript').fill(source);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForFunction(
    (text) => {
      const { result, progress } = window.noriai.state;
      return progress === undefined && result.scenario.policies.matching.source === text;
    },
    source,
    settled,
  );
  const now = await report(page);
  return { before, now };
}

/** Everybody got an answer, and the figures on the page are those of the day. */
async function endsWithFigures(page, now) {
  assert.equal(now.served + now.refused, now.requests);
  assert.ok(now.served > 0);
  assert.equal(await page.locator('[data-figure=served_share] .value b').textContent(), (100 * now.served_share).toFixed(0));
}

const outcome = (page) => page.locator('#editor-outcome').textContent();
const markedLine = (page) => page.locator('.code li.wrong').textContent();

test('the example is the built-in rule to the bit, and beats one party at a time', async () => {
  const page = await open();
  const insertion = await report(page);
  assert.equal(insertion.log_hash, golden);
  await page.getByRole('button', { name: 'One party at a time' }).click();
  await page.waitForFunction((hash) => window.noriai.state.result.report.log_hash !== hash, golden, settled);
  const nearest = await report(page);
  await openEditor(page);
  const own = await report(page);
  assert.equal(own.fault, undefined);
  assert.equal(own.log_hash, golden);
  assert.ok(own.served > nearest.served, `${own.served} served, against ${nearest.served}`);
  assert.deepEqual(page.problems(), []);
});

test('a policy typed into the page serves more than one party at a time', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'One party at a time' }).click();
  await page.waitForFunction((hash) => window.noriai.state.result.report.log_hash !== hash, golden, settled);
  const nearest = await report(page);
  await openEditor(page);
  // The soonest pick-up by any van, the driving not looked at; gaps left to the core.
  const { now } = await run(
    page,
    `const decide = ({ requests, vans }, town) =>
  requests.flatMap(({ id, places, origin_node }) => {
    const possible = vans.filter((van) => places.some((place) => place.vehicle === van.id));
    const distance = (van) => town.travel(van.node, origin_node);
    const [van] = possible.sort((a, b) => distance(a) - distance(b));
    return van ? [{ request: id, vehicle: van.id }] : [];
  });`,
  );
  assert.equal(now.fault, undefined);
  assert.ok(now.served > nearest.served, `${now.served} served, against ${nearest.served}`);
  await endsWithFigures(page, now);
  console.log(`served of ${now.requests}: ${nearest.served} one party at a time, ${now.served} by the typed policy`);
  assert.deepEqual(page.problems(), []);
});

test('one that throws is told with its line, and the run goes on with the built-in rule', async () => {
  const page = await open();
  await openEditor(page);
  const source = `let calls = 0;
function decide(snapshot) {
  calls += 1;
  if (calls === 5) {
    snapshot.nothing.there;
  }
  return snapshot.requests.flatMap(({ places }) => places.slice(0, 1));
}`;
  const { now } = await run(page, source);
  assert.equal(now.fault.line, 5);
  assert.match(now.fault.message.en, /TypeError.*undefined/);
  assert.match(await outcome(page), /^\s*\d\d:\d\d, line 5: .*TypeError.*From then on, the built-in rule/);
  assert.equal(await markedLine(page), '5');
  await endsWithFigures(page, now);
  // What is not an Error is thrown with its line too, and so is a text that cannot be read.
  const thrown = await run(page, `function decide() {\n\n  throw 'no idea';\n}`);
  assert.equal(thrown.now.fault.line, 3);
  assert.match(thrown.now.fault.message.en, /no idea/);
  assert.equal(thrown.now.log_hash.length, 16);
  const unreadable = await run(page, `// a comment\nfunction decide() {\n  return [;\n}`);
  assert.equal(unreadable.now.fault.line, 3);
  assert.match(unreadable.now.fault.message.en, /SyntaxError/);
  const unfinished = await run(page, `function decide() {\n  return [];\n`);
  assert.equal(unfinished.now.fault.line, 3);
  assert.match(unfinished.now.fault.message.en, /^SyntaxError/);
  const missing = await run(page, `function decides() {}`);
  assert.match(missing.now.fault.message.en, /there is no function decide/);
  const nowhere = await run(page, `function decide(snapshot, town) {\n  town.travel(0, -1);\n}`);
  assert.equal(nowhere.now.fault.line, 2);
  assert.match(nowhere.now.fault.message.en, /neither a stop nor a depot/);
  await endsWithFigures(page, nowhere.now);
  assert.deepEqual(page.problems(), []);
});

test('one that loops for ever is ended after its time', async () => {
  const page = await open();
  await openEditor(page);
  const { now } = await run(page, `function decide() {\n  for (;;);\n}`);
  assert.match(now.fault.message.en, /no answer within 1000 ms/);
  assert.match(await outcome(page), /no answer within 1000 ms/);
  await endsWithFigures(page, now);
  const early = await run(page, `for (;;);`);
  assert.match(early.now.fault.message.en, /no answer within 1000 ms/);
  await endsWithFigures(page, early.now);
  // A good one runs after it: nothing is left behind.
  await page.getByRole('button', { name: 'Back to the example' }).click();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.waitForFunction((hash) => window.noriai.state.result.report.log_hash === hash, golden, settled);
  assert.deepEqual(page.problems(), []);
});

test('one that assigns what cannot be is told which rider, which van and which limit', async () => {
  const page = await open();
  await openEditor(page);
  const wrong = [
    [`requests.flatMap(({ places }) => places.slice(0, 1).concat(places.slice(0, 1)))`, /^request \d+ is assigned twice$/],
    [`requests.map(({ id }) => ({ request: id, vehicle: 99 }))`, /^there is no vehicle 99: there are 3, counted from 0$/],
    [`[{ request: 9999, vehicle: 0 }]`, /^request 9999 was not asked about, but \d+$/],
    // Everybody at once into the first van: sooner or later somebody does not fit.
    [`requests.map(({ id }) => ({ request: id, vehicle: 0 }))`, /^request \d+ does not fit into vehicle 0 \(van 1\): .*(min|seats|kWh)/],
    [`requests.map(({ id }) => ({ request: id, vehicle: 0, pickup_gap: 7, dropoff_gap: 7 }))`, /pickup_gap 7 and dropoff_gap 7 have to be from 0 to \d/],
    [`requests.map(({ id }) => ({ request: String(id), vehicle: 0 }))`, /^the answer is not an array of { request, vehicle }: .*string/],
    [`'nobody'`, /has to return an array/],
    [`Promise.resolve([])`, /has to return an array/],
    [`[{ request: () => 1, vehicle: 0 }]`, /could not be cloned/],
  ];
  for (const [expression, message] of wrong) {
    const { now } = await run(page, `function decide({ requests }) {\n  return ${expression};\n}`);
    assert.match(now.fault.message.en, message, expression);
    assert.match(now.fault.message.ja, /[぀-ヿ一-鿿]|cloned/, expression);
    await endsWithFigures(page, now);
  }
  assert.deepEqual(page.problems(), []);
});

test('whom it gives no van is refused, and told apart from whom nobody could serve', async () => {
  const page = await open();
  await openEditor(page);
  const { now } = await run(page, `function decide() {\n  return [];\n}`);
  assert.equal(now.fault, undefined);
  assert.equal(now.served, 0);
  const declined = now.refused_by.find(({ limit }) => limit === 'declined');
  assert.ok(declined.count > now.requests / 2, JSON.stringify(now.refused_by));
});

test('chance follows the seed, so a day can be repeated', async () => {
  const page = await open();
  await openEditor(page);
  const dice = (name) => `// ${name}
function decide({ requests }) {
  return requests.flatMap(({ places }) => (places.length ? [places[Math.floor(Math.random() * places.length)]] : []));
}`;
  const first = await run(page, dice('first'));
  const second = await run(page, dice('second'));
  assert.equal(first.now.fault, undefined);
  assert.notEqual(first.now.log_hash, golden);
  assert.equal(second.now.log_hash, first.now.log_hash);
});

test('nothing is in reach of a policy but the language', async () => {
  const page = await open();
  await openEditor(page);
  // What is there at all, as the policy sees it.
  const { now } = await run(
    page,
    `function decide() {
  const names = [];
  for (let scope = globalThis; scope !== Object.prototype; scope = Object.getPrototypeOf(scope)) {
    names.push(...Object.getOwnPropertyNames(scope));
  }
  throw new Error(names.join(' '));
}`,
  );
  const names = now.fault.message.en.replace(/^.*Error: /, '').split(' ');
  assert.ok(names.includes('Array') && names.includes('Map'));
  const never = 'self fetch XMLHttpRequest WebSocket WebSocketStream EventSource WebTransport Worker SharedWorker importScripts postMessage BroadcastChannel MessageChannel indexedDB caches navigator location Date performance Intl Temporal crypto setTimeout WebAssembly SharedArrayBuffer Atomics';
  assert.deepEqual(names.filter((name) => never.split(' ').includes(name)), []);
  // Each by its name, and what has no name to be taken away.
  const attempts = [
    ['fetch("/")', /fetch is not defined/],
    ['new XMLHttpRequest()', /XMLHttpRequest is not defined/],
    ['new WebSocket("wss://example.org")', /WebSocket is not defined/],
    ['new EventSource("/")', /EventSource is not defined/],
    ['importScripts("/worker.js")', /importScripts is not defined/],
    ['parent.document', /parent is not defined/],
    ['top.location', /top is not defined/],
    ['localStorage.x', /localStorage is not defined/],
    ['indexedDB.open("x")', /indexedDB is not defined/],
    ['caches.open("x")', /caches is not defined/],
    ['postMessage(1)', /postMessage is not defined/],
    ['new Date()', /Date is not defined/],
    ['Function("return fetch")()', /fetch is not defined/],
    ['decide.constructor("return self")()', /self is not defined/],
  ];
  for (const [expression, message] of attempts) {
    const { now } = await run(page, `function decide() {\n  return ${expression};\n}`);
    assert.match(now.fault.message.en, message, expression);
  }
  assert.deepEqual(page.problems(), []);
});

/** Another host, which answers everybody, and counts who came. */
async function stranger() {
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    const [type, body] = {
      '/image.svg': ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
      '/events': ['text/event-stream', 'data: here\n\n'],
    }[request.url] ?? ['text/javascript', ''];
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': type }).end(body);
  });
  server.on('upgrade', (_, socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: `127.0.0.1:${server.address().port}`, calls: () => calls, close: () => (server.closeAllConnections(), server.close()) };
}

/** Runs in a frame or a worker: what it can reach, with nothing taken away. */
const REACH = `async (host) => {
  const tried = {};
  const attempt = async (name, action) => {
    try {
      const value = await action();
      tried[name] = 'reached ' + typeof value;
    } catch (error) {
      tried[name] = error?.name ?? String(error);
    }
  };
  const event = (target) =>
    new Promise((resolve, reject) => {
      target.onload = target.onopen = target.onsuccess = () => resolve('open');
      target.onerror = () => reject(new Error('error'));
    });
  await attempt('fetch', () => fetch('http://' + host + '/'));
  await attempt('XMLHttpRequest', () => {
    const request = new XMLHttpRequest();
    request.open('GET', 'http://' + host + '/');
    request.send();
    return event(request);
  });
  await attempt('WebSocket', () => event(new WebSocket('ws://' + host + '/')));
  await attempt('EventSource', () => event(new EventSource('http://' + host + '/events')));
  await attempt('import()', () => import('http://' + host + '/module.js'));
  await attempt('import(data)', () => import('data:text/javascript,export default 1'));
  if (typeof importScripts === 'function') await attempt('importScripts', () => importScripts('http://' + host + '/script.js'));
  await attempt('indexedDB', () => event(indexedDB.open('x')));
  await attempt('caches', () => caches.open('x'));
  if (typeof document === 'object') {
    await attempt('img', () => {
      const image = new Image();
      const loaded = event(image);
      image.src = 'http://' + host + '/image.svg';
      return loaded;
    });
    await attempt('localStorage', () => localStorage.length);
    await attempt('cookie', () => document.cookie);
  }
  if (typeof document === 'object' && parent !== self) {
    await attempt('parent', () => parent.document.title);
    await attempt('top', () => top.location.href);
    await attempt('parent.noriai', () => parent.noriai.state);
    await attempt('navigation', () => {
      top.location.href = 'http://' + host + '/';
      return 'navigated';
    });
  }
  return tried;
}`;

/** The same in a worker as the frame starts them, but without the script that takes names away. */
const inWorkerOf = (frame, host) =>
  frame.evaluate(
    ([reach, host]) =>
      new Promise((resolve, reject) => {
        const script = `(${reach})('${host}').then((tried) => postMessage(tried))`;
        const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
      }),
    [REACH, host],
  );

test('frame and worker reach no network, no page and no storage, even with nothing taken away', async () => {
  const page = await open();
  await openEditor(page);
  const other = await stranger();
  const frame = page.frames().find((each) => each.url().endsWith('policy.html'));
  assert.equal(await page.locator('iframe').getAttribute('sandbox'), 'allow-scripts');
  assert.equal(await frame.evaluate(() => self.origin), 'null');
  const meta = await frame.locator('meta[http-equiv=content-security-policy]').getAttribute('content');
  assert.match(meta, /^default-src 'none'; script-src 'sha256-[\w+/=]+' 'unsafe-eval' blob:; worker-src blob:$/);
  const inFrame = await frame.evaluate(`(${REACH})('${other.host}')`);
  const inWorker = await inWorkerOf(frame, other.host);
  console.log('frame ', JSON.stringify(inFrame));
  console.log('worker', JSON.stringify(inWorker));
  for (const tried of [inFrame, inWorker]) {
    assert.ok(Object.keys(tried).length >= 9);
    for (const [name, what] of Object.entries(tried)) assert.doesNotMatch(what, /^reached/, name);
  }
  assert.ok(page.url().startsWith(lab.url));
  assert.equal(other.calls(), 0);
  // Where nothing forbids it, the same attempts succeed: it is the sandbox that stops them.
  const free = await openLab({ headers: { 'content-security-policy': "default-src * data: blob: 'unsafe-inline' 'unsafe-eval'" } });
  const unbound = await open({}, '', free);
  const outside = { ...(await unbound.evaluate(`(${REACH})('${other.host}')`)), ...(await inWorkerOf(unbound, other.host)) };
  console.log('free  ', JSON.stringify(outside));
  const reached = 'fetch XMLHttpRequest EventSource import() import(data) importScripts img indexedDB caches localStorage'.split(' ');
  for (const name of reached) assert.match(outside[name], /^reached/, name);
  assert.ok(other.calls() >= 5);
  await free.close();
  other.close();
});

test('without its sandbox, policy.html runs nobody’s code', async () => {
  const page = await open();
  const heard = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe');
        const heard = [];
        addEventListener('message', ({ source, data }) => source === frame.contentWindow && heard.push(data));
        frame.onload = () => {
          frame.contentWindow.postMessage({ kind: 'start' }, '*', [new MessageChannel().port1]);
          setTimeout(() => resolve(heard), 500);
        };
        frame.src = './policy.html';
        document.body.append(frame);
      }),
  );
  assert.deepEqual(heard, []);
});

test('where the site forbids it, the editor says why, in the language of the page, and the day stays', async () => {
  const without = CONTENT_POLICY.split('; ').filter((directive) => !directive.startsWith('frame-src'));
  const cases = [
    [[...without, "frame-src 'none'"].join('; '), /forbids frames.*frame-src 'self'/, /フレームを禁じています/],
    [without.join('; '), /forbids frames.*frame-src 'self'/, /フレームを禁じています/],
    // The frame may be opened, and then gets the page's policy, which forbids its script.
    [CONTENT_POLICY, /policy.html did not start/, /policy.htmlが動きませんでした/],
    // The script may run, and then may not evaluate anything.
    [`${CONTENT_POLICY}; script-src-elem 'self' 'unsafe-inline'`, /start no worker or evaluate no code/, /ワーカーかコードの実行を禁じています/],
  ];
  for (const [policy, en, ja] of cases) {
    const strict = await openLab({ headers: { 'content-security-policy': policy } });
    try {
      const page = await open({}, '?lang=en', strict);
      await page.getByRole('button', { name: 'Your own', exact: true }).click();
      const reason = page.locator('.editor .forbidden');
      await reason.waitFor(settled);
      assert.match(await reason.textContent(), en, policy);
      assert.equal(await page.getByRole('button', { name: 'Run', exact: true }).isDisabled(), true);
      await page.getByRole('button', { name: 'Switch to Japanese' }).click();
      await page.locator('.editor .forbidden', { hasText: ja }).waitFor(settled);
      assert.equal((await report(page)).log_hash, golden);
      assert.equal(await page.evaluate(() => window.noriai.state.settings.matching.kind), 'insertion');
      assert.deepEqual(page.pageErrors, []);
    } finally {
      await strict.close();
    }
  }
});

test('the text stays when other settings change, and when another rule is tried in between', async () => {
  const page = await open();
  await openEditor(page);
  const source = `// mine\nfunction decide({ requests }) {\n  return requests.flatMap(({ places }) => places.slice(0, 1));\n}`;
  const { now } = await run(page, source);
  await page.getByRole('slider', { name: 'Vans' }).fill('2');
  await page.waitForFunction(() => window.noriai.state.result.report.vehicles.length === 2, null, settled);
  assert.equal(await page.evaluate(() => window.noriai.state.result.scenario.policies.matching.source), source);
  await page.getByRole('group', { name: 'Who rides with whom' }).getByRole('button', { name: 'Shared rides' }).click();
  await page.waitForFunction(() => window.noriai.state.result.scenario.policies.matching.kind === 'insertion', null, settled);
  await page.getByRole('slider', { name: 'Vans' }).fill('3');
  await openEditor(page);
  await page.waitForFunction((hash) => window.noriai.state.result.report.log_hash === hash, now.log_hash, settled);
  assert.equal(await page.getByLabel('The policy, in JavaScript').inputValue(), source);
});

test('a run is cancelled while the policy is asked, and the next one works', async () => {
  const page = await open();
  const { log_hash } = await report(page);
  const town = await page.evaluate(() => window.noriai.state.town);
  // A town that brings its policy along, with ten seconds for each answer.
  const matching = { kind: 'script', source: 'function decide() {\n  for (;;);\n}', time_limit_ms: 10_000 };
  const stuck = { ...town, name: { ja: '止まる町', en: 'Stuck' }, policies: { ...town.policies, matching } };
  await page.locator('.drop input[type=file]').setInputFiles({ name: 'stuck.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(stuck)) });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('The figures are those of the last finished day').waitFor();
  assert.equal((await report(page)).log_hash, log_hash);
  // A newer run takes the place of one whose policy does not answer.
  await page.getByRole('slider', { name: 'Vans' }).fill('4');
  await page.getByRole('button', { name: 'Cancel' }).waitFor();
  const begin = Date.now();
  await page.getByRole('button', { name: 'One party at a time' }).click();
  await page.waitForFunction(() => window.noriai.state.result.scenario.policies.matching.kind === 'nearest', null, settled);
  assert.ok(Date.now() - begin < 8_000, 'nobody waits for the answer');
  const nearest = await report(page);
  assert.equal(nearest.vehicles.length, 4);
  assert.equal(nearest.fault, undefined);
  // The policy that the town brought is in the editor.
  await page.getByRole('button', { name: 'Your own', exact: true }).click();
  assert.equal(await page.getByLabel('The policy, in JavaScript').inputValue(), matching.source);
  await page.getByText('no answer within 10000 ms').first().waitFor(settled);
  assert.deepEqual(page.problems(), []);
});

test('comparisons under other charging do not run with a policy of one’s own, and the energy view says so', async () => {
  const page = await open();
  await openEditor(page);
  await page.getByRole('button', { name: 'Energy' }).first().click();
  await page.locator('.energy').getByText('Power cut').click();
  await page.locator('.energy').getByText('Not compared: a matching policy of your own').waitFor();
  assert.equal(await page.locator('.editor').count(), 0);
  assert.deepEqual(page.problems(), []);
});

test('the keyboard writes, indents, runs and leaves', async () => {
  const page = await open();
  await openEditor(page);
  const field = page.getByLabel('The policy, in JavaScript');
  await field.fill('');
  await field.focus();
  await page.keyboard.type('function decide() {\n');
  await page.keyboard.press('Tab');
  await page.keyboard.type('const none = [];\nreturn none;\n');
  assert.equal(await field.inputValue(), 'function decide() {\n  const none = [];\n  return none;\n  ');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('}');
  await page.keyboard.press('Control+Enter');
  await page.waitForFunction(() => window.noriai.state.result.report.served === 0, null, settled);
  await field.focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Run');
  await page.keyboard.press('Escape');
  await page.locator('.editor').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Edit the policy');
});

test('pictures of the editor, in both languages, light and dark, wide and on a phone', async () => {
  for (const [lang, scheme, viewport] of [
    ['en', 'light', { width: 1440, height: 900 }],
    ['ja', 'dark', { width: 1440, height: 900 }],
    ['ja', 'light', { width: 390, height: 844 }],
    ['en', 'dark', { width: 390, height: 844 }],
  ]) {
    const page = await open({ viewport, colorScheme: scheme }, `?lang=${lang}`);
    if (viewport.width < 900) await page.locator('.tabs button').first().click();
    await page.locator('.matching .choices button').last().click();
    await page.waitForFunction(() => window.noriai.state.result.scenario.policies.matching.kind === 'script', null, settled);
    const name = `${results}/editor-${lang}-${scheme}-${viewport.width}`;
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${name}.png` });
    await page.locator('.code textarea').fill('function decide(snapshot) {\n  return snapshot.calls.map(({ id }) => ({ request: id, vehicle: 0 }));\n}\n');
    await page.locator('.editor .primary').click();
    await page.locator('.editor .fault').waitFor(settled);
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${name}-fault.png` });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    await page.context().close();
  }
});
