import { beforeEach, expect, test } from 'vitest';
import type { Entrant, Report } from '../pkg/noriai.js';
import { Pool, type Contest } from './pool';
import type { WorkerLike } from './engine';
import type { FromWorker, ToWorker } from './protocol';

class FakeWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  heard: ToWorker[] = [];
  terminated = false;
  postMessage = (message: ToWorker) => void this.heard.push(message);
  terminate = () => (this.terminated = true);
  say = (data: FromWorker) => this.onmessage?.({ data } as MessageEvent<FromWorker>);
  fail = () => this.onerror?.({ message: 'boom', preventDefault: () => {} } as ErrorEvent);
  /** The days it was given, as `entrant/seed`. */
  get trials() {
    return this.heard.flatMap((message) => (message.kind === 'trial' ? [`${message.entrant}/${message.seed}`] : []));
  }
  /** Ends the day under way. */
  end = () => this.say({ kind: 'trial', report: {} as Report });
}

let workers: FakeWorker[];
let events: string[];
let pool: Pool;

beforeEach(() => {
  workers = [];
  events = [];
  const start = () => (workers.push(new FakeWorker()), workers.at(-1)!);
  pool = new Pool(start, {} as WebAssembly.Module, 2, {
    finished: (entrant, seed) => events.push(`${entrant}/${seed}`),
    done: () => events.push('done'),
    failed: (message) => events.push(`failed ${message}`),
  });
});

const entrant: Entrant = { matching: { kind: 'nearest' }, rebalancing: { kind: 'stay' } };
const contest: Contest = { scenario: '{}', first: 7, days: 2, entrants: [entrant, entrant] };

test('a day is lived through by all before the next one, and each worker has one at a time', () => {
  pool.run(contest);
  expect(workers.map(({ heard }) => heard[0]!.kind)).toEqual(['core', 'core']);
  expect(workers.map(({ trials }) => trials)).toEqual([['0/7'], ['1/7']]);
  workers[1]!.end();
  workers[0]!.end();
  expect(workers.map(({ trials }) => trials)).toEqual([['0/7', '1/8'], ['1/7', '0/8']]);
  workers[1]!.end();
  workers[0]!.end();
  expect(events).toEqual(['1/7', '0/7', '0/8', '1/8', 'done']);
  expect(workers.every(({ terminated }) => terminated)).toBe(true);
});

test('a worker that dies is replaced, and its day repeated', () => {
  pool.run(contest);
  workers[0]!.fail();
  expect(workers[0]!.terminated).toBe(true);
  expect(workers[2]!.trials).toEqual(['0/7']);
  for (const worker of [workers[2]!, workers[1]!, workers[2]!, workers[1]!]) worker.end();
  expect(events).toEqual(['0/7', '1/7', '0/8', '1/8', 'done']);
});

test('a day that fails twice ends the comparison', () => {
  pool.run(contest);
  workers[1]!.say({ kind: 'crashed', run: 0, message: 'no' });
  workers[2]!.say({ kind: 'crashed', run: 0, message: 'no again' });
  expect(events).toEqual(['failed no again']);
  expect(workers.every(({ terminated }) => terminated)).toBe(true);
});

test('what a cancelled worker still says is not heard', () => {
  pool.run(contest);
  pool.cancel();
  workers[0]!.end();
  workers[1]!.fail();
  expect(events).toEqual([]);
  expect(workers.length).toBe(2);
});

test('there are no more workers than days', () => {
  pool.run({ ...contest, days: 1, entrants: [entrant] });
  expect(workers.length).toBe(1);
});
