// The element and the iframe on a portal's page in Firefox, which reads content policies and shadow trees by its own engine.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { openPortal } from './harness.mjs';
import { findFirefox, findGeckodriver } from '../../www/tools/setup.mjs';

const golden = readFileSync(new URL('../golden/namie.log_hash', import.meta.url), 'utf8').trim();

let portal, screen, driver, session;

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A screen of no machine, since Firefox draws WebGL on one alone, even without windows; resolves with its name. */
async function openScreen() {
  screen = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [number] = await once(screen.stdout, 'data');
  return `:${String(number).trim()}`;
}

/** A command of W3C WebDriver; resolves with its value. */
async function command(address, body, method = 'POST') {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(address, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

before(async () => {
  portal = await openPortal();
  const port = await freePort();
  const env = { ...process.env, ...(process.platform === 'linux' && !process.env.DISPLAY && { DISPLAY: await openScreen() }) };
  driver = spawn(findGeckodriver(), ['--host', '127.0.0.1', '--port', String(port), '--websocket-port', String(await freePort())], { stdio: 'ignore', env });
  const address = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    try {
      await command(`${address}/status`, undefined, 'GET');
      break;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const prefs = {
    'webgl.force-enabled': true,
    'intl.accept_languages': 'en-GB',
    // It asks nobody but the page's servers.
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
  };
  const options = { binary: findFirefox(), args: ['-headless', '--width=1280', '--height=900'], prefs };
  const { sessionId } = await command(`${address}/session`, { capabilities: { alwaysMatch: { 'moz:firefoxOptions': options } } });
  session = `${address}/session/${sessionId}`;
  await command(`${session}/timeouts`, { script: 60_000 });
});
after(async () => {
  if (session) await command(session, undefined, 'DELETE');
  driver?.kill();
  screen?.kill();
  await portal?.close();
});

/** What a script on the page returns. */
const execute = (script, ...args) => command(`${session}/execute/sync`, { script, args });

/** Waits until a script on the page returns something, and resolves with it. */
async function until(script) {
  for (let tries = 0; tries < 300; tries++) {
    const value = await execute(script);
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`not so within a minute: ${script}`);
}

test('elements and an iframe live through the same day as everywhere, under the strictest policy', async () => {
  const body = `
    <noriai-lab id="a" language="en" theme="light"></noriai-lab>
    <noriai-lab id="b" town="shiojiri" language="ja" theme="dark" class="narrow"></noriai-lab>
    <iframe title="Noriai" sandbox="allow-scripts allow-same-origin" src="${portal.lab}/embed.html?lang=en"></iframe>
  `;
  await command(`${session}/url`, { url: portal.page(body) });
  const days = await until(`
    const days = [...document.querySelectorAll('noriai-lab')].map(({ report }) => report?.log_hash);
    return days.every(Boolean) && days;
  `);
  assert.equal(days[0], golden);
  assert.notEqual(days[1], golden);
  const maps = `[...document.querySelectorAll('noriai-lab')].every(({ shadowRoot }) => shadowRoot.querySelector('canvas.maplibregl-canvas'))`;
  await until(`return ${maps}`);
  const looks = await execute(`
    return [...document.querySelectorAll('noriai-lab')].map(({ shadowRoot }) => ({
      paper: getComputedStyle(shadowRoot.querySelector('.bar')).backgroundColor,
      tabs: getComputedStyle(shadowRoot.querySelector('.tabs')).display,
      heading: shadowRoot.querySelector('h2').textContent,
    }));
  `);
  assert.deepEqual(looks.map(({ paper, tabs }) => [paper, tabs]), [
    ['rgb(251, 248, 241)', 'none'],
    ['rgb(20, 26, 35)', 'grid'],
  ]);
  assert.match(looks[1].heading, /塩尻市/);
  // Pressed as a person does: an element within a shadow tree.
  const key = 'shadow-6066-11e4-a52e-4f735466cecf';
  const [, lab] = Object.entries(await command(`${session}/element`, { using: 'css selector', value: '#a' }))[0];
  const { [key]: root } = await command(`${session}/element/${lab}/shadow`, undefined, 'GET');
  const button = await command(`${session}/shadow/${root}/element`, { using: 'css selector', value: '.vans button' });
  await command(`${session}/element/${Object.values(button)[0]}/click`, {});
  assert.deepEqual(await until('return window.told.findLast(({ name }) => name === "selection")?.detail'), { van: '1' });
  assert.deepEqual(await execute('return [...window.violations, ...window.errors]'), []);
  assert.deepEqual(await execute('return window.told.filter(({ name }) => name === "error")'), []);
  assert.equal(await execute('return document.title'), 'Portal');

  const frame = await command(`${session}/element`, { using: 'css selector', value: 'iframe' });
  await command(`${session}/frame`, { id: frame });
  const { hash, errors } = await until(`
    const { state } = window.noriai ?? {};
    return state?.result && { hash: state.result.report.log_hash, errors: state.notice ?? [] };
  `);
  assert.deepEqual([hash, errors], [golden, []]);
});
