import { expect, test } from 'vitest';
import type { Box } from '../state';
import { middleTile, ownTiles, SERVERS, serverOfTiles, tileUrl, tryTile, type Tiles } from './tiles';

const PAGE = 'https://town.example/portal/index.html';
const own = (text: string) => ownTiles(text, PAGE);

test('an address of one’s own has three places, and is safe or the page’s', () => {
  expect((own('https://tiles.example/{z}/{x}/{y}.png?key=a') as Tiles).template).toBe('https://tiles.example/{z}/{x}/{y}.png?key=a');
  expect((own(' tiles/{z}/{y}/{x}.webp ') as Tiles).template).toBe('https://town.example/portal/tiles/{z}/{y}/{x}.webp');
  expect((own('http://localhost:8080/{z}/{x}/{y}') as Tiles).template).toBe('http://localhost:8080/{z}/{x}/{y}');
  expect((ownTiles('/t/{z}/{x}/{y}.png', 'http://intranet/portal/') as Tiles).template, 'where the page itself is not safe').toBe('http://intranet/t/{z}/{x}/{y}.png');
  for (const text of ['', 'https://tiles.example/{z}/{x}.png', 'https://tiles.example/']) expect(own(text), text).toBe('noPlaces');
  for (const text of ['http://tiles.example/{z}/{x}/{y}.png', 'ftp://a/{z}/{x}/{y}', 'data:{z}{x}{y}', 'https://{z}{x}{y}:x/']) expect(own(text), text).toBe('noServer');
});

test('the tile in the middle of Namie, and of the whole world', () => {
  // At zoom 12 the world has 4096 tiles across: (141 + 180) / 360 · 4096 = 3652.3. Mercator's y of 37.49°, which is 0.6543 rad, is
  // ln tan(π / 4 + 0.3272) = 0.7067, and (1 − 0.7067 / π) / 2 · 4096 = 1587.3.
  const namie: Box = [140.925, 37.44, 141.075, 37.54];
  expect(middleTile(namie, SERVERS.osm)).toEqual({ z: 12, x: 3652, y: 1587 });
  expect(middleTile([-180, -85, 180, 85], SERVERS.osm)).toEqual({ z: 1, x: 1, y: 1 });
  expect(middleTile([-180, -85, 180, 85], SERVERS.gsi).z).toBe(5);
  expect(middleTile([141, 37.49, 141.0001, 37.4901], SERVERS.gsi).z).toBe(18);
});

const box: Box = [140.9, 37.4, 141.1, 37.6];
const tile = (response: () => Promise<Response>, forbidden = false) => tryTile(SERVERS.osm, box, () => Promise.resolve(forbidden), response);
const picture = () => new Response(new Blob(['png'], { type: 'image/png' }), { headers: { 'content-type': 'image/png' } });

test('one tile tells whether there are any', async () => {
  const host = serverOfTiles(SERVERS.osm).host;
  const asked: unknown[] = [];
  const counting: typeof fetch = (url) => {
    asked.push(url);
    return Promise.resolve(picture());
  };
  expect(await tryTile(SERVERS.osm, box, () => Promise.resolve(false), counting)).toBe(undefined);
  const { z, x, y } = middleTile(box, SERVERS.osm);
  expect(asked).toEqual([tileUrl(SERVERS.osm.template, z, x, y)]);
  expect(await tile(() => Promise.resolve(new Response('', { status: 404 })))).toEqual({ kind: 'status', host, status: 404 });
  expect(await tile(() => Promise.resolve(new Response('<html>', { headers: { 'content-type': 'text/html' } })))).toEqual({ kind: 'noPicture', host });
  expect(await tile(() => Promise.reject(new TypeError()))).toEqual({ kind: 'unreachable', host });
  expect(await tile(() => Promise.reject(new TypeError()), true)).toEqual({ kind: 'forbidden', origin: 'https://tile.openstreetmap.org' });
});
