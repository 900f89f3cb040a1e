import { expect, test } from 'vitest';
import type { WorkerLike } from '../engine';
import type { FromWorker, ToWorker } from '../protocol';
import { Reader, type Reading } from './reader';

class FakeWorker implements WorkerLike {
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;
  heard: ToWorker[] = [];
  terminated = false;
  postMessage = (message: ToWorker) => void this.heard.push(message);
  terminate = () => (this.terminated = true);
  say = (data: unknown) => this.onmessage?.({ data } as MessageEvent<FromWorker>);
}

function reader() {
  const workers: FakeWorker[] = [];
  const start = () => (workers.push(new FakeWorker()), workers.at(-1)!);
  return { workers, reader: new Reader(start, {} as WebAssembly.Module, new Blob(['a,b']), '{}') };
}

const look: Reading = { of: 'preview', options: { columns: [], swap: false } };

test('one worker answers one question after the other', async () => {
  const { workers, reader: it } = reader();
  const first = it.ask(look);
  workers[0]!.say({ kind: 'read', read: { preview: { rows: 1 } } });
  expect(await first).toEqual({ preview: { rows: 1 } });
  const second = it.ask({ of: 'weights', name: 'people.csv' });
  workers[0]!.say({ kind: 'read', read: { weights: {} } });
  expect(await second).toEqual({ weights: {} });
  expect(workers.length).toBe(1);
  expect(workers[0]!.heard.map(({ kind }) => kind)).toEqual(['core', 'read', 'read']);
});

test('a newer question ends the worker of the one before', async () => {
  const { workers, reader: it } = reader();
  void it.ask(look);
  const newer = it.ask(look);
  expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
  workers[0]!.say({ kind: 'read', read: { preview: { rows: 1 } } });
  workers[1]!.say({ kind: 'read', read: { preview: { rows: 2 } } });
  expect(await newer).toEqual({ preview: { rows: 2 } });
});

test('a worker that fails, or a town that is not valid, is an error', async () => {
  const { workers, reader: it } = reader();
  const broken = it.ask(look);
  workers[0]!.onerror!({ message: 'out of memory', preventDefault: () => {} } as ErrorEvent);
  await expect(broken).rejects.toThrow('out of memory');
  expect(workers[0]!.terminated).toBe(true);
  const invalid = it.ask(look);
  workers[1]!.say({ kind: 'invalid', run: 0, problems: [{ path: 'stops' }] });
  await expect(invalid).rejects.toMatchObject({ problems: [{ path: 'stops' }] });
});
