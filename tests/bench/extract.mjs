// A large extract dropped on the page: how long it takes to be read, how long the page stands still meanwhile, and the memory of the
// whole tab, with its workers and what the browser itself needs for it.
//
// The extract is made up: blocks of nodes scattered over a country, streets between them and, as in real ones, more buildings, which
// are no roads. https://wiki.openstreetmap.org/wiki/PBF_Format
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

/** Elements of a block, as in OpenStreetMap's own files. */
const BLOCK = 8_000;
/** Nodes of a way; one way in this many is a street. */
const WAY = 8;
const STREETS = 4;

/** https://protobuf.dev/programming-guides/encoding */
const varint = (value) => {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
};
const zigzag = (value) => varint(value < 0 ? -2 * value - 1 : 2 * value);
const number = (field, value) => Buffer.from([...varint(8 * field), ...varint(value)]);
const bytes = (field, ...contents) => {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([...varint(8 * field + 2), ...varint(content.length)]), content]);
};
const text = (field, value) => bytes(field, Buffer.from(value));
const packed = (field, values, encode) => bytes(field, Buffer.from(values.flatMap(encode)));
const deltas = (values) => values.map((value, at) => value - (at > 0 ? values[at - 1] : 0));

/** A blob of the file: its length, its header, its bytes. */
function blob(kind, content) {
  const body = Buffer.concat([number(2, content.length), bytes(3, deflateSync(content, { level: 6 }))]);
  const header = Buffer.concat([text(1, kind), number(3, body.length)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  return Buffer.concat([length, header, body]);
}

const WORDS = ['', 'highway', 'residential', 'building', 'yes'];
const block = (group) => blob('OSMData', Buffer.concat([bytes(1, ...WORDS.map((word) => text(1, word))), bytes(2, group)]));

/** Writes a file of at least so many bytes; how many nodes and ways it has. */
function write(path, wanted) {
  // Numbers that look drawn, the same each time: https://en.wikipedia.org/wiki/Lehmer_random_number_generator
  let state = 1;
  const draw = (below) => (state = (state * 48_271) % 2_147_483_647) % below;
  const file = openSync(path, 'w');
  const made = { nodes: 0, ways: 0, written: 0 };
  const put = (content) => (made.written += writeSync(file, content));
  put(blob('OSMHeader', Buffer.concat([text(4, 'OsmSchema-V0.6'), text(4, 'DenseNodes')])));
  const ways = [];
  while (made.written < wanted) {
    // Degrees in units of 1e-7, some 5 to 20 m from one node to the next.
    let [lat, lng] = [350_000_000 + draw(20_000_000), 1_350_000_000 + draw(40_000_000)];
    const nodes = Array.from({ length: BLOCK }, (_, at) => {
      lat += draw(2_000) - 1_000;
      lng += draw(2_000) - 1_000;
      return { id: made.nodes + at + 1, lat, lng };
    });
    const of = (field, key) => packed(field, deltas(nodes.map((node) => node[key])), zigzag);
    put(block(bytes(2, of(1, 'id'), of(8, 'lat'), of(9, 'lng'))));
    for (let at = 0; at + WAY < BLOCK; at += WAY - 1) {
      const [key, value] = ways.length % STREETS === 0 ? [1, 2] : [3, 4];
      const refs = nodes.slice(at, at + WAY).map(({ id }) => id);
      ways.push(bytes(3, number(1, ways.length + 1), packed(2, [key], varint), packed(3, [value], varint), packed(8, deltas(refs), zigzag)));
    }
    made.nodes += BLOCK;
  }
  made.ways = ways.length;
  for (let at = 0; at < ways.length; at += BLOCK) put(block(Buffer.concat(ways.slice(at, at + BLOCK))));
  closeSync(file);
  return made;
}

/** The most memory that each of the browser's tabs has taken, MB; read where Linux tells it. */
function tabs() {
  const most = [];
  for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('--type=renderer')) continue;
      most.push(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1024);
    } catch {
      // It has ended meanwhile.
    }
  }
  return most.sort((a, b) => b - a);
}

/** Makes the file, drops it on the page and prints what was measured. */
export async function extract({ launch, serve, quick = false }) {
  const folder = mkdtempSync(join(tmpdir(), 'noriai-extract-'));
  const site = await serve();
  const browser = await launch();
  try {
    const file = join(folder, 'country.osm.pbf');
    const { nodes, ways } = write(file, quick ? 5e6 : 40e6);
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
    await page.goto(`${site.url}?lang=en`);
    await page.waitForSelector('#map .overlay', { timeout: 120_000 });
    await page.evaluate(() => {
      window.gaps = [];
      let before = performance.now();
      const beat = (now) => {
        window.gaps.push(now - before);
        before = now;
        requestAnimationFrame(beat);
      };
      requestAnimationFrame(beat);
    });
    const before = tabs()[0];
    const begin = performance.now();
    await page.locator('.drop input[type=file]').setInputFiles(file);
    await page.waitForFunction(() => window.noriai.state.importing && window.noriai.state.importing.reading === undefined, null, { timeout: 600_000 });
    const read_s = (performance.now() - begin) / 1e3;
    const { gaps, notes, problems } = await page.evaluate(() => {
      const { notes, problems, crashed } = window.noriai.state.importing;
      return { gaps: window.gaps.sort((a, b) => a - b), notes, problems: [...problems, ...(crashed ? ['crashed'] : [])] };
    });
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    const mb = statSync(file).size / 1e6;
    console.log(`\n${mb.toFixed(0)} MB, ${nodes} nodes, ${ways} ways of which ${notes.roads_read} are roads; Chromium ${browser.version()}\n`);
    console.log(`read in ${read_s.toFixed(1)} s; the page stood still for ${gaps[Math.floor(0.95 * gaps.length)].toFixed(0)} ms (95 %), ${gaps.at(-1).toFixed(0)} ms at most`);
    console.log(`memory of the tab at most ${tabs()[0].toFixed(0)} MB, before the file ${before.toFixed(0)} MB`);
  } finally {
    await browser.close();
    await site.close();
    rmSync(folder, { recursive: true });
  }
}
