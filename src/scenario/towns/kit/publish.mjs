// A town's document: what must hold of it, how it is written, and the command line that all generators have.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { inside, lengthInDegrees, round } from './geometry.mjs';

/** Most that a town may weigh when it is fetched, bytes after gzip. */
const MOST_BYTES = 150_000;

/** A network and its speeds as the scenario has them. */
export const networkOf = ({ nodes, edges }, speeds_kmh) => ({
  speeds_kmh,
  nodes: nodes.map(([lng, lat]) => ({ lat, lng })),
  edges: edges.map(({ from, to, class: kind, shape }) => ({
    from, to, length_m: round(lengthInDegrees([nodes[from], ...shape, nodes[to]]), 1), class: kind,
    ...(shape.length ? { shape } : {}),
  })),
});

/** Pairs of [Japanese, English] as texts. */
export const texts = (pairs) => pairs.map(([ja, en]) => ({ ja, en }));

/** JSON with one item a line for lists of objects, so that a change shows as the lines that changed. */
function write(value, indent = '') {
  const inner = `${indent}  `;
  const flat = JSON.stringify(value);
  const isObject = typeof value === 'object' && value !== null;
  if (!isObject || flat.length < 100) return flat;
  if (Array.isArray(value)) {
    if (typeof value[0] !== 'object') return flat;
    return `[\n${value.map((item) => inner + JSON.stringify(item)).join(',\n')}\n${indent}]`;
  }
  return `{\n${Object.entries(value).map(([k, v]) => `${inner}${JSON.stringify(k)}: ${write(v, inner)}`).join(',\n')}\n${indent}}`;
}

/** Everything that must hold of a town, whatever its script draws. */
function problems(scenario, expected) {
  const found = [];
  const { nodes, edges } = scenario.network;
  const next = nodes.map(() => []);
  for (const { from, to } of edges) {
    next[from].push(to);
    next[to].push(from);
  }
  const seen = new Set([0]);
  for (const id of seen) for (const other of next[id]) seen.add(other);
  if (seen.size !== nodes.length) found.push(`${nodes.length - seen.size} nodes cannot be reached`);
  const [fewest, most] = expected.nodes;
  if (nodes.length < fewest || nodes.length > most) found.push(`${nodes.length} nodes, not ${fewest} to ${most}`);
  for (const { kind, points } of scenario.drawing.features) {
    const wet = kind === 'sea' ? nodes.filter((n) => inside([n.lng, n.lat], points)) : [];
    if (wet.length) found.push(`in the sea: ${JSON.stringify(wet)}`);
  }
  if (scenario.stops.length !== expected.stops) found.push(`${scenario.stops.length} stops, not ${expected.stops}`);
  const ids = new Set(scenario.stops.map((s) => s.id));
  if (ids.size !== scenario.stops.length) found.push('two stops with one id');
  const places = new Set(scenario.stops.map((s) => s.node));
  if (places.size !== scenario.stops.length) found.push('two stops at one node');
  for (const { category, departs, arrives } of scenario.demand.generator.categories) {
    if (departs.length !== 24 || arrives.length !== 24) found.push(`${category}: not 24 hours`);
  }
  return found;
}

/**
 * Writes the scenario as JSON beside its script, or, with `--check`, exits 1 if that file is another. `expected` says how many `nodes`,
 * from and to, and how many `stops` it has.
 */
export function publish(script, scenario, expected) {
  const source = basename(fileURLToPath(script));
  const path = fileURLToPath(script).replace(/\.mjs$/, '.json');
  const text = `${write(scenario)}\n`;
  const bytes = gzipSync(text).length;
  const wrong = problems(scenario, expected);
  if (bytes > MOST_BYTES) wrong.push(`${bytes} bytes compressed, not ${MOST_BYTES} at most`);
  if (wrong.length) {
    console.error(`${source}: ${wrong.join('; ')}`);
    process.exit(1);
  }
  if (process.argv.includes('--check')) {
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
      console.error(`${basename(path)} is not what ${source} makes: run \`node src/scenario/towns/${source}\``);
      process.exit(1);
    }
    return;
  }
  writeFileSync(path, text);
  const { nodes, edges } = scenario.network;
  console.log(`${basename(path)}: ${nodes.length} nodes, ${edges.length} edges, ${scenario.stops.length} stops, ${text.length} characters, ${bytes} bytes compressed`);
}
