import { beforeEach, afterEach, expect, test, vi } from 'vitest';
import { Engine, type WorkerLike } from './engine';
import type { FromWorker, ToWorker } from './protocol';

class FakeWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  heard: ToWorker[] = [];
  terminated = false;
  transferred: Transferable[] = [];
  postMessage = (message: ToWorker, transfer: Transferable[] = []) => {
    this.heard.push(message);
    this.transferred = transfer;
  };
  terminate = () => (this.terminated = true);
  say = (data: FromWorker) => this.onmessage?.({ data } as MessageEvent<FromWorker>);
  fail = () => this.onerror?.({ message: 'boom', preventDefault: () => {} } as ErrorEvent);
  get runs() {
    return this.heard.filter((message) => message.kind === 'run');
  }
}

let workers: FakeWorker[];
let events: string[];
let engine: Engine;
const last = () => workers.at(-1)!;

beforeEach(() => {
  vi.useFakeTimers();
  workers = [];
  events = [];
  engine = new Engine(
    () => (workers.push(new FakeWorker()), last()),
    {} as WebAssembly.Module,
    {
      progress: (share) => events.push(`progress ${share}`),
      done: () => events.push('done'),
      invalid: () => events.push('invalid'),
      repeated: () => events.push('repeated'),
      failed: (message) => events.push(`failed ${message}`),
    },
  );
});
afterEach(() => void vi.useRealTimers());

const done = (run: number): FromWorker => ({ kind: 'done', run, report: {} as never, log: new Uint8Array() });

test('a worker gets the core first, then runs', () => {
  engine.run('{}');
  expect(last().heard.map(({ kind }) => kind)).toEqual(['core', 'run']);
  last().say({ kind: 'progress', run: 1, share: 0.5 });
  last().say(done(1));
  expect(events).toEqual(['progress 0.5', 'done']);
  expect(engine.running).toBe(false);
});

test('what an older run still says is not heard', () => {
  engine.run('{"a":1}');
  engine.run('{"a":2}');
  last().say(done(1));
  expect(events).toEqual([]);
  last().say(done(2));
  expect(events).toEqual(['done']);
});

test('cancelling ends the worker and starts another', () => {
  engine.run('{}');
  engine.cancel();
  expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
  expect(engine.running).toBe(false);
  expect(last().runs).toEqual([]);
});

test('a worker that dies is replaced and its run repeated once', () => {
  engine.run('{"day":1}');
  last().fail();
  expect(workers).toHaveLength(2);
  expect(last().runs).toMatchObject([{ scenario: '{"day":1}' }]);
  last().fail();
  expect(events).toEqual(['repeated', 'failed boom']);
  expect(last().runs).toEqual([]);
});

test('a core that panics is replaced with its worker', () => {
  engine.run('{}');
  last().say({ kind: 'crashed', run: 1, message: 'unreachable' });
  expect(workers).toHaveLength(2);
  last().say(done(2));
  expect(events).toEqual(['repeated', 'done']);
});

test('a worker that falls silent is replaced', () => {
  engine.run('{}');
  vi.advanceTimersByTime(59_000);
  last().say({ kind: 'progress', run: 1, share: 0.1 });
  vi.advanceTimersByTime(59_000);
  expect(workers).toHaveLength(1);
  vi.advanceTimersByTime(2_000);
  expect(workers).toHaveLength(2);
});

test('a worker that dies at rest is replaced without a word', () => {
  last().fail();
  expect(workers).toHaveLength(2);
  expect(events).toEqual([]);
});

test('a policy of one’s own gets a port of its own for every attempt', () => {
  const ports: object[] = [];
  const policy = () => {
    const port = {} as MessagePort;
    ports.push(port);
    return { source: 'text', seed: 1, limit_ms: 1_000, port };
  };
  engine.run('{}', policy);
  expect(last().transferred).toEqual([ports[0]]);
  last().fail();
  expect(ports).toHaveLength(2);
  expect(last().transferred).toEqual([ports[1]]);
  expect(last().runs).toMatchObject([{ policy: { source: 'text' } }]);
  engine.run('{}');
  expect(last().transferred).toEqual([]);
});
