import { expect, test } from 'vitest';
import { town } from '../testing';
import { canBeChecked, sorted, type KeptRun } from './runs';

const run = (id: number, change: Partial<KeptRun>, served?: number): KeptRun =>
  ({ id, name: String(id), pinned: false, scenario: town, report: { served_share: served }, ...change }) as KeptRun;
const ids = (runs: KeptRun[]) => runs.map(({ id }) => id);

test('pinned runs come first, and a run without the figure last', () => {
  const runs = [run(1, {}, 0.5), run(2, {}), run(3, { pinned: true }, 0.1), run(4, {}, 0.9)];
  expect(ids(sorted(runs, undefined))).toEqual([3, 1, 2, 4]);
  expect(ids(sorted(runs, { key: 'served_share', down: true }))).toEqual([3, 4, 1, 2]);
  expect(ids(sorted(runs, { key: 'served_share', down: false }))).toEqual([3, 1, 4, 2]);
  expect(ids(sorted([run(1, { name: 'b' }), run(2, { name: 'a' })], { key: 'name', down: false }))).toEqual([2, 1]);
});

test('runs of modelled days can be checked, others not', () => {
  const modelled = { ...town, demand: { ...town.demand, generator: {} } } as typeof town;
  const [a, b] = [run(1, { scenario: modelled }), run(2, { scenario: modelled })];
  expect(canBeChecked(a, b)).toBe(true);
  expect(canBeChecked(a, run(4, {}))).toBe(false);
});
