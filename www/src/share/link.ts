// A scenario's changes as the fragment of an address, which no browser sends to a server: `#n1.`, then in base64url (RFC 4648)
// four bytes of a checksum and, deflated (RFC 1951), the JSON.
import { areChanges, type Changes } from './changes';

const VERSION = 1;

/** Longer ones were not made here; nor were those that hold more, which a few bytes may promise. Bytes. */
const LONGEST = 1 << 17;
const LARGEST = 1 << 20;

/** Why a link says nothing: something is missing or changed in it, or a later version of the page has made it. */
export type LinkFault = 'damaged' | 'newer';

/** The address of a page with changes in it, in place of whatever else stood behind its path. */
export async function linkTo(href: string, changes: Changes): Promise<string> {
  const url = new URL(href);
  url.search = '';
  url.hash = await fragmentOf(changes);
  return url.href;
}

export async function fragmentOf(changes: Changes): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify(changes));
  const deflated = new Blob([json]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(deflated).arrayBuffer());
  return `#n${VERSION}.${base64url([...checksum(bytes), ...bytes])}`;
}

/** Whether an address's fragment is meant as a link of this page, and not as the name of a place on it. */
export const isLink = (fragment: string): boolean => /^#n\d+\./.test(fragment);

/** What the fragment of an address holds; nothing if it is no link. */
export async function changesIn(fragment: string): Promise<Changes | LinkFault | undefined> {
  const [, version, text] = /^#n(\d+)\.(.*)$/s.exec(fragment) ?? [];
  if (version === undefined || text === undefined) return undefined;
  if (Number(version) > VERSION) return 'newer';
  try {
    if (Number(version) < VERSION || text.length > LONGEST) return 'damaged';
    const deflated = fromBase64url(text).slice(4);
    // Written anew, so that letters which make no byte are noticed too.
    if (base64url([...checksum(deflated), ...deflated]) !== text) return 'damaged';
    const changes: unknown = JSON.parse(new TextDecoder().decode(await inflated(deflated)));
    return areChanges(changes) ? changes : 'damaged';
  } catch {
    return 'damaged';
  }
}

async function inflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LARGEST) {
      await reader.cancel();
      throw new RangeError('more than any link holds');
    }
    parts.push(value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** FNV-1a of 32 bits (Fowler, Noll and Vo): bare deflate would not notice a digit that was changed. */
function checksum(bytes: Uint8Array): number[] {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return [hash >>> 24, (hash >>> 16) & 255, (hash >>> 8) & 255, hash & 255];
}

function base64url(bytes: Iterable<number>): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

const fromBase64url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
