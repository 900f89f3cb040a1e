// Servers of map tiles: pictures of the land, to lie under roads and vans.
import type { Text } from '../../pkg/noriai.js';
import type { Box } from '../state';
import { isSafe, REFERRER } from './overpass';

export type TilesKind = 'gsi' | 'osm' | 'own';

export interface Tiles {
  kind: TilesKind;
  /** The address of a tile, with `{z}`, `{x}` and `{y}` in it. */
  template: string;
  minzoom: number;
  maxzoom: number;
  /** Whom the map names while it shows them, and where their terms are. */
  credit: Text;
  terms: string;
}

/** Those that can be chosen by name. Zooms and terms as of 2026. */
export const SERVERS: Record<Exclude<TilesKind, 'own'>, Tiles> = {
  // maps.gsi.go.jp/development/ichiran.html
  gsi: {
    kind: 'gsi',
    template: 'https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png',
    minzoom: 5,
    maxzoom: 18,
    credit: { ja: '地理院タイル', en: 'GSI Tiles (地理院タイル)' },
    terms: 'https://maps.gsi.go.jp/development/ichiran.html',
  },
  // operations.osmfoundation.org/policies/tiles
  osm: {
    kind: 'osm',
    template: 'https://tile.openstreetmap.org/{z}/{x}/{y}.png',
    minzoom: 0,
    maxzoom: 19,
    credit: { ja: '© OpenStreetMap contributors', en: '© OpenStreetMap contributors' },
    terms: 'https://www.openstreetmap.org/copyright',
  },
};

/** Where the terms of OpenStreetMap's data are, which roads made from it carry too. */
export const OSM_CREDIT = SERVERS.osm;

/** A tile's address. */
export const tileUrl = (template: string, z: number, x: number, y: number): string =>
  template.replaceAll('{z}', String(z)).replaceAll('{x}', String(x)).replaceAll('{y}', String(y));

/** A server of one's own, by an address that may be relative to the page's; or what is wrong with it. */
export function ownTiles(text: string, page: string): Tiles | 'noPlaces' | 'noServer' {
  const written = text.trim();
  if (!['{z}', '{x}', '{y}'].every((place) => written.includes(place))) return 'noPlaces';
  const example = URL.canParse(tileUrl(written, 0, 0, 0), page) ? new URL(tileUrl(written, 0, 0, 0), page) : undefined;
  if (!example || !(isSafe(example) || example.origin === new URL(page).origin)) return 'noServer';
  // An address is written with other letters for the braces.
  const template = new URL(written, page).href.replaceAll('%7B', '{').replaceAll('%7D', '}');
  return { kind: 'own', template, minzoom: 0, maxzoom: 18, credit: { ja: example.host, en: example.host }, terms: example.origin };
}

/** The server behind a template. */
export const serverOfTiles = ({ template }: Tiles): URL => new URL(tileUrl(template, 0, 0, 0));

/** The tile in the middle of a box, at a zoom at which some two of them are as wide as the box (Web Mercator). */
export function middleTile([west, south, east, north]: Box, { minzoom, maxzoom }: Tiles): { z: number; x: number; y: number } {
  const z = Math.min(maxzoom, Math.max(minzoom, Math.floor(Math.log2(360 / (east - west))) + 1));
  const radians = ((south + north) / 2) * (Math.PI / 180);
  const x = ((west + east) / 2 + 180) / 360;
  const y = (1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2;
  return { z, x: Math.floor(x * 2 ** z), y: Math.floor(y * 2 ** z) };
}

/** Why there are no tiles. */
export type TilesFailure =
  | { kind: 'forbidden'; origin: string }
  | { kind: 'unreachable'; host: string }
  | { kind: 'status'; host: string; status: number }
  | { kind: 'noPicture'; host: string };

/** Asks for one tile, to know before the map is covered with nothing; the map then has it from the browser's cache. */
export async function tryTile(
  tiles: Tiles,
  box: Box,
  isForbidden: () => Promise<boolean>,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<TilesFailure | undefined> {
  const { host, origin } = serverOfTiles(tiles);
  const { z, x, y } = middleTile(box, tiles);
  try {
    const response = await fetch(tileUrl(tiles.template, z, x, y), { credentials: 'same-origin', referrerPolicy: REFERRER });
    if (!response.ok) return { kind: 'status', host, status: response.status };
    const picture = (await response.blob()).type.startsWith('image/');
    return picture ? undefined : { kind: 'noPicture', host };
  } catch {
    return (await isForbidden()) ? { kind: 'forbidden', origin } : { kind: 'unreachable', host };
  }
}
