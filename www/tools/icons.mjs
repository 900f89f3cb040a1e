// node tools/icons.mjs: the icons of the installed page, as PNG, drawn by Chromium from public/favicon.svg.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { www } from './run.mjs';
import { findChromium } from './setup.mjs';

const folder = join(www, 'public');
const svg = readFileSync(join(folder, 'favicon.svg'), 'utf8');

// A system may cut a maskable icon to the circle of 80 % in its middle (W3C, Web Application Manifest): the disc fills it all then.
const maskable = svg.replace('viewBox="0 0 32 32"', 'viewBox="-4 -4 40 40"').replace('r="16"', 'r="40"');

const browser = await chromium.launch({ executablePath: findChromium() });
for (const [name, size, drawing] of [
  ['icon-192.png', 192, svg],
  ['icon-512.png', 512, svg],
  ['icon-maskable-512.png', 512, maskable],
]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${drawing}`);
  await page.screenshot({ path: join(folder, name), omitBackground: true });
  await page.close();
}
await browser.close();
