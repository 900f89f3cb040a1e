import { expect, test } from 'vitest';
import { Reader, type FromReader, type ReaderWorker, type Reading } from './reader';

class FakeWorker implements ReaderWorker {
  onmessage: ReaderWorker['onmessage'] = null;
  onerror: ReaderWorker['onerror'] = null;
  heard: Reading[] = [];
  terminated = false;
  postMessage = (message: Reading) => void this.heard.push(message);
  terminate = () => (this.terminated = true);
  say = (data: unknown) => this.onmessage?.({ data } as MessageEvent<FromReader>);
}

function reader() {
  const workers: FakeWorker[] = [];
  const start = () => (workers.push(new FakeWorker()), workers.at(-1)!);
  return { workers, reader: new Reader(start) };
}

const file = new File(['a,b'], 'people.csv');
const look: Reading = { of: 'preview', file, scenario: '{}', options: { columns: [], swap: false } };

test('one worker answers one question after the other', async () => {
  const { workers, reader: it } = reader();
  const first = it.ask(look);
  workers[0]!.say({ read: { preview: { rows: 1 } } });
  expect(await first).toEqual({ preview: { rows: 1 } });
  const second = it.ask({ of: 'weights', file, scenario: '{}' });
  workers[0]!.say({ read: { weights: {} } });
  expect(await second).toEqual({ weights: {} });
  expect(workers.length).toBe(1);
  expect(workers[0]!.heard.map(({ of }) => of)).toEqual(['preview', 'weights']);
});

test('a newer question ends the worker of the one before', async () => {
  const { workers, reader: it } = reader();
  void it.ask(look);
  const newer = it.ask(look);
  expect(workers.map(({ terminated }) => terminated)).toEqual([true, false]);
  workers[0]!.say({ read: { preview: { rows: 1 } } });
  workers[1]!.say({ read: { preview: { rows: 2 } } });
  expect(await newer).toEqual({ preview: { rows: 2 } });
});

test('a worker that fails, or a town that is not valid, is an error', async () => {
  const { workers, reader: it } = reader();
  const broken = it.ask(look);
  workers[0]!.onerror!({ message: 'out of memory', preventDefault: () => {} } as ErrorEvent);
  await expect(broken).rejects.toThrow('out of memory');
  expect(workers[0]!.terminated).toBe(true);
  const invalid = it.ask(look);
  workers[1]!.say({ problems: [{ path: 'stops' }] });
  await expect(invalid).rejects.toMatchObject({ problems: [{ path: 'stops' }] });
});
