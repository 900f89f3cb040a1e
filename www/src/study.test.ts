import { beforeEach, expect, test } from 'vitest';
import type { Compared } from '../pkg/noriai.js';
import type { WorkerLike } from './engine';
import type { FromWorker, ToWorker } from './protocol';
import { Study } from './study';

class FakeWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  heard: ToWorker[] = [];
  postMessage = (message: ToWorker) => void this.heard.push(message);
  terminate = () => {};
  say = (data: FromWorker) => this.onmessage?.({ data } as MessageEvent<FromWorker>);
  fail = () => this.onerror?.({ message: 'boom', preventDefault: () => {} } as ErrorEvent);
}

const day = (scenario: string) => ({ scenario, log: new Uint8Array() });

let workers: FakeWorker[];
let events: string[];
let study: Study;

beforeEach(() => {
  workers = [];
  events = [];
  study = new Study(
    () => (workers.push(new FakeWorker()), workers.at(-1)!),
    {} as WebAssembly.Module,
    {
      compared: (compared, complete) => events.push(complete ? 'compared' : `compared ${compared.length}`),
      cuts: () => events.push('cuts'),
      failed: (kind) => events.push(`failed ${kind}`),
    },
  );
});

test('there is no second worker before there is a question', () => {
  expect(workers).toHaveLength(0);
  study.ask({ kind: 'compare', day: day('{}') });
  expect(workers[0]!.heard.map(({ kind }) => kind)).toEqual(['core', 'compare']);
});

test('only the newest answer of a kind is heard, and none that was dropped', () => {
  study.ask({ kind: 'compare', day: day('{"a":1}') });
  study.ask({ kind: 'cuts', day: day('{"a":1}'), from_s: 0, hours: 1 });
  study.ask({ kind: 'compare', day: day('{"a":2}') });
  workers[0]!.say({ kind: 'compare', run: 1, compared: [], complete: true });
  expect(events).toEqual([]);
  workers[0]!.say({ kind: 'cuts', run: 2, cuts: [] });
  workers[0]!.say({ kind: 'compare', run: 3, compared: [], complete: true });
  expect(events).toEqual(['cuts', 'compared']);
  study.ask({ kind: 'compare', day: day('{}') });
  study.drop('compare');
  workers[0]!.say({ kind: 'compare', run: 4, compared: [], complete: true });
  expect(events).toHaveLength(2);
});

test('comparisons come one by one, and the worker hears that no more are wanted', () => {
  study.ask({ kind: 'compare', day: day('{}') });
  const one = {} as Compared;
  workers[0]!.say({ kind: 'compare', run: 1, compared: [one], complete: false });
  workers[0]!.say({ kind: 'compare', run: 1, compared: [one, one], complete: false });
  study.drop('compare');
  expect(workers[0]!.heard.at(-1)).toEqual({ kind: 'drop', of: 'compare' });
  workers[0]!.say({ kind: 'compare', run: 1, compared: [one, one, one], complete: true });
  expect(events).toEqual(['compared 1', 'compared 2']);
  // Nothing is under way that could be dropped.
  study.drop('compare');
  expect(workers[0]!.heard).toHaveLength(3);
});

test('a worker that dies leaves its questions unanswered, and the next one has a new worker', () => {
  study.ask({ kind: 'compare', day: day('{}') });
  workers[0]!.fail();
  expect(events).toEqual(['failed compare']);
  study.ask({ kind: 'compare', day: day('{}') });
  expect(workers).toHaveLength(2);
  workers[1]!.say({ kind: 'compare', run: 2, compared: [], complete: true });
  expect(events).toEqual(['failed compare', 'compared']);
});
