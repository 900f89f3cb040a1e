import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Policy, type PortLike } from './asked';
import type { FromPolicy, ToPolicy } from './protocol';

class FakePort implements PortLike {
  onmessage: PortLike['onmessage'] = null;
  heard: ToPolicy[] = [];
  closed = false;
  postMessage = (message: ToPolicy) => void this.heard.push(message);
  close = () => void (this.closed = true);
  say = (data: FromPolicy) => this.onmessage!.call(this as unknown as MessagePort, { data } as MessageEvent<FromPolicy>);
}

let port: FakePort;
let policy: Policy;
beforeEach(() => {
  vi.useFakeTimers();
  port = new FakePort();
  policy = new Policy(port, 1_000);
});
afterEach(() => void vi.useRealTimers());

const travel = () => ({ targets: new Uint32Array(1), times_s: new Float64Array(1), slow: [] });
const town = { nodes: [], stops: [], depots: [], vans: [], opens_s: 0, closes_s: 0 };
const snapshot = { now_s: 0, requests: [], vans: [] };

/** Lets what waits for a message go on. */
const settle = () => vi.advanceTimersByTimeAsync(0);

async function loaded() {
  const load = policy.load('…', 7, town, travel());
  port.say({ kind: 'awake' });
  await settle();
  port.say({ kind: 'loaded' });
  return load;
}

test('a policy gets its text once the worker is awake, then questions', async () => {
  const load = policy.load('text', 7, town, travel());
  expect(port.heard).toEqual([]);
  port.say({ kind: 'awake' });
  await settle();
  expect(port.heard).toMatchObject([{ kind: 'load', source: 'text', seed: 7 }]);
  port.say({ kind: 'loaded' });
  expect(await load).toBeUndefined();
  const said = policy.decide(snapshot);
  expect(port.heard.at(-1)).toEqual({ kind: 'ask', snapshot });
  port.say({ kind: 'answer', assignments: [{ request: 1, vehicle: 2 }] });
  expect(await said).toEqual({ assignments: [{ request: 1, vehicle: 2 }], kind: 'answer' });
});

test('a worker that was awake before anybody listened is not waited for', async () => {
  port.say({ kind: 'awake' });
  void policy.load('text', 7, town, travel());
  await settle();
  expect(port.heard).toHaveLength(1);
});

test('a text that fails to load says why', async () => {
  const load = policy.load('…', 7, town, travel());
  port.say({ kind: 'awake' });
  await settle();
  const message = { ja: 'だめ', en: 'no' };
  port.say({ kind: 'failed', message, line: 3 });
  expect(await load).toMatchObject({ message, line: 3 });
});

test('an answer that does not come is not waited for longer than the limit', async () => {
  await loaded();
  const said = policy.decide(snapshot);
  await vi.advanceTimersByTimeAsync(999);
  let over = false;
  void said.then(() => (over = true));
  await settle();
  expect(over).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await said).toMatchObject({ message: { en: 'there was no answer within 1000 ms' } });
});

test('a worker that does not come is not waited for either', async () => {
  const load = policy.load('…', 7, town, travel());
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await load).toMatchObject({ message: { en: 'there was no answer within 4000 ms' } });
  expect(port.heard).toEqual([]);
});
