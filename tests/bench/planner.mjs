// The planner against published values: every instance of `../shared/data/darp` and `../shared/data/eadarp`, some seeds each, two jobs side by
// side. What is done is kept in a file, and a run goes on from it.
//
//     node tests/bench/planner.mjs [--seconds 30] [--seeds 5] [--only a8] [--out target/planner]
//
// Writes runs.jsonl, the best plan of each instance as JSON, and table.md with the median of the seeds.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const data = join(root, '../shared/data');
if (!existsSync(data)) {
  console.log('not run: ../shared/data is absent');
  process.exit(0);
}
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    seeds: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    out: { type: 'string', default: join(root, 'target/planner') },
    bin: { type: 'string', default: join(root, 'target/release/noriai') },
  },
});
const seconds = Number(values.seconds);
mkdirSync(values.out, { recursive: true });

const rows = (file) => {
  const [head, ...lines] = readFileSync(join(data, file), 'utf8').trim().split('\n').map((line) => line.split(','));
  return lines.map((line) => Object.fromEntries(head.map((name, at) => [name, line[at]])));
};
const instances = [
  ...rows('darp/best_known.csv').map(({ instance, value }) => ({
    name: instance,
    known: Number(value),
    file: join(data, `darp/a/${instance}.txt`),
    format: ['--format', 'darp'],
  })),
  ...rows('eadarp/best_known.csv').map(({ instance, gamma, best_reported }) => ({
    name: `${instance} ${gamma}`,
    known: Number(best_reported),
    file: join(data, `eadarp/type-a/${instance}.txt`),
    format: ['--format', 'eadarp', '--gamma', gamma],
  })),
].filter(({ name }) => name.includes(values.only));

const kept = join(values.out, 'runs.jsonl');
const runs = existsSync(kept) ? readFileSync(kept, 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line)) : [];
const run = (command) =>
  new Promise((done) => {
    const child = spawn(values.bin, command, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (part) => (text += part));
    child.on('error', (error) => done({ code: -1, text: String(error) }));
    child.on('close', (code) => done({ code, text }));
  });

const jobs = instances
  .flatMap((instance) => Array.from({ length: Number(values.seeds) }, (_, seed) => ({ instance, seed: seed + 1 })))
  .filter(({ instance, seed }) => !runs.some((run) => run.name === instance.name && run.seed === seed && run.seconds === seconds));
console.log(`${jobs.length} runs of ${seconds} s to do`);

async function worker() {
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    const { instance, seed } = job;
    const told = await run(['plan', instance.file, ...instance.format, '--seconds', `${seconds}`, '--seed', `${seed}`, '--json']);
    if (told.code !== 0) throw new Error(`${instance.name}: noriai plan ends with ${told.code}`);
    const plan = JSON.parse(told.text);
    const file = join(values.out, `${instance.name.replace(' ', '-')}.json`);
    const best = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    const candidate = `${file}.new`;
    writeFileSync(candidate, told.text);
    const check = await run(['check', instance.file, candidate, ...instance.format]);
    if (check.code === 0 && plan.feasible && (!best || plan.cost < best.cost)) writeFileSync(file, told.text);
    const line = { name: instance.name, seed, seconds, cost: plan.cost, feasible: plan.feasible && check.code === 0, iterations: plan.iterations };
    runs.push(line);
    appendFileSync(kept, `${JSON.stringify(line)}\n`);
    console.log(`${line.name} seed ${seed}: ${line.cost.toFixed(3)} (known ${instance.known})${line.feasible ? '' : ' NOT VALID'}`);
  }
}
await Promise.all([worker(), worker()]);

const table = ['| instance | known | median | gap % | best | seeds | valid | iterations a second |', '| --- | --- | --- | --- | --- | --- | --- | --- |'];
const gaps = { darp: [], eadarp: [] };
for (const { name, known, format } of instances) {
  const own = runs.filter((run) => run.name === name && run.seconds === seconds);
  if (own.length === 0) continue;
  const costs = own.map((run) => run.cost).sort((a, b) => a - b);
  const median = costs[Math.floor((costs.length - 1) / 2)];
  const gap = 100 * (median / known - 1);
  gaps[format[1]].push(gap);
  const rate = own.reduce((sum, run) => sum + run.iterations, 0) / own.length / seconds;
  const valid = own.filter((run) => run.feasible).length;
  table.push(
    `| ${name} | ${known} | ${median.toFixed(3)} | ${gap.toFixed(3)} | ${costs[0].toFixed(3)} | ${own.length} | ${valid} | ${rate.toFixed(0)} |`,
  );
}
for (const [kind, list] of Object.entries(gaps)) {
  if (list.length > 0) {
    const mean = list.reduce((sum, gap) => sum + gap, 0) / list.length;
    table.push('', `${kind}: ${list.length} instances, mean gap ${mean.toFixed(4)} %, largest ${Math.max(...list).toFixed(3)} %.`);
  }
}
writeFileSync(join(values.out, 'table.md'), `${table.join('\n')}\n`);
console.log(table.join('\n'));
