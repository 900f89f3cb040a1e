import { expect, test } from 'vitest';
import { changed, editedOf, LONGEST, NO_HISTORY, redone, REST_MS, undone, type Edited, type History } from './history';
import { settingsOf, type Settings } from './settings';
import { initialState } from './state';
import { town } from './testing';

const start: Edited = editedOf({ ...initialState('en', 'light'), town, settings: settingsOf(town) });
const set = (edited: Edited, settings: Partial<Settings>): Edited => ({ ...edited, settings: { ...edited.settings!, ...settings } });

/** Takes steps one after another, each some milliseconds after the last. */
function after(apart_ms: number, ...states: Edited[]): History {
  let history = NO_HISTORY;
  let before = start;
  states.forEach((state, index) => {
    history = changed(history, before, state, index * apart_ms);
    before = state;
  });
  return history;
}

test('what is undone can be done again, step by step', () => {
  const [monday, tuesday] = [set(start, { date: '2023-11-06' }), set(start, { date: '2023-11-07' })];
  const back = undone(after(0, monday, tuesday), tuesday)!;
  expect(back.edited.settings!.date).toBe('2023-11-06');
  const further = undone(back.history, back.edited)!;
  expect(further.edited).toBe(start);
  expect(undone(further.history, further.edited)).toBeUndefined();
  const forth = redone(further.history, further.edited)!;
  expect(forth.edited).toBe(monday);
  expect(redone(redone(forth.history, forth.edited)!.history, tuesday)).toBeUndefined();
});

test('a change after undoing leaves nothing to do again', () => {
  const monday = set(start, { date: '2023-11-06' });
  const { edited, history } = undone(after(0, monday), monday)!;
  expect(history.future).toHaveLength(1);
  expect(changed(history, edited, set(start, { seed: 2 }), 0).future).toEqual([]);
});

test('a run of a slider is one step, until it rests', () => {
  const run = [3, 4, 5].map((vans) => set(start, { vans }));
  expect(after(REST_MS - 1, ...run).past).toEqual([start]);
  expect(after(REST_MS, ...run).past).toEqual([start, run[0], run[1]]);
  // Of policies too, whose numbers lie deeper.
  const below = (below_soc: number) => set(start, { charging: { kind: 'immediate', below_soc } });
  expect(after(10, below(0.5), below(0.6)).past).toEqual([start]);
});

test('two sliders, a choice and a seed are steps of their own', () => {
  const vans = set(start, { vans: 5 });
  expect(after(10, vans, set(vans, { factor: 2 })).past).toHaveLength(2);
  expect(after(10, set(start, { seed: 2 }), set(start, { seed: 3 })).past).toHaveLength(2);
  const stay = (kind: 'nearest' | 'insertion') => set(start, { matching: { kind } });
  expect(after(10, stay('nearest'), stay('insertion')).past).toHaveLength(2);
  // Undoing ends a run: the next move is a step.
  const { history, edited } = undone(after(10, vans), vans)!;
  expect(changed(history, edited, set(start, { vans: 4 }), 20).past).toEqual([start]);
});

test('a choice of what is chosen already is no step; a town, trips and series are', () => {
  expect(after(0, set(start, { date: start.settings!.date }), { ...start, series: {} })).toBe(NO_HISTORY);
  const read = { values: [1], rows: 1, encoding: 'utf-8' as const, columns: [], problems: [] };
  const load = { ...start, series: { load: { ...read, file: 'load.csv', source: new File([], 'load.csv') } } };
  const other = { ...load, town: { ...town, seed: 2 } };
  expect(after(0, load, other).past).toEqual([start, load]);
});

test('nothing is a step before there is a town, and the oldest step is forgotten', () => {
  expect(changed(NO_HISTORY, { ...start, settings: undefined }, start, 0)).toBe(NO_HISTORY);
  const many = Array.from({ length: LONGEST + 2 }, (_, index) => set(start, { seed: 2 + index }));
  const { past } = after(0, ...many);
  expect(past).toHaveLength(LONGEST);
  expect(past[0]!.settings!.seed).toBe(3);
});
