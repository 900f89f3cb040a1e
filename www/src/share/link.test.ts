import { expect, test } from 'vitest';
import { apply, settingsOf, type Settings } from '../settings';
import { powered } from '../testing';
import { OWN_TOWNS, type Town } from '../towns';
import { areChanges, changesOf, settingsWith, type Changes } from './changes';
import { changesIn, fragmentOf, isLink, linkTo } from './link';

const [namie] = OWN_TOWNS;
const preset = { id: 'green', tariff: { ...powered.depots[0]!.site!.tariff, name: { ja: '緑', en: 'Green' } } };
const base = { chosen: namie as Town, town: powered, tariffs: [preset] };
const with_ = (settings: Partial<Settings>) => changesOf({ ...base, settings: { ...settingsOf(powered), ...settings } });
const source = 'function decide() {\n  return []; // 何もしない\n}\n';
const some: Partial<Settings> = { vans: 4, seed: 7, matching: { kind: 'script', source }, tariff: preset.tariff };

test('only what differs from the town is told, a contract by its short name', () => {
  expect(with_({})).toEqual({ town: 'namie', settings: {} });
  expect(with_(some)).toEqual({ town: 'namie', settings: { vans: 4, seed: 7, matching: some.matching, tariff: 'green' } });
});

test('a town of one’s own has no changes to tell', () => {
  expect(changesOf({ ...base, chosen: { ...namie, id: undefined }, settings: settingsOf(powered) })).toBeUndefined();
});

test('the day that came with trips of one’s own is not told, a day chosen since is', () => {
  const trips = { date: '2023-10-02', before: powered.day.date } as never;
  const on = (date: string) => changesOf({ ...base, trips, settings: { ...settingsOf(powered), date } });
  expect(on('2023-10-02')!.settings).toEqual({});
  expect(on('2023-10-03')!.settings).toEqual({ date: '2023-10-03' });
});

test('a link holds the changes, and makes the same scenario', async () => {
  const changes = { ...with_(some)!, log_hash: '0123456789abcdef' };
  const link = await linkTo('https://lab.example/portal/?lang=ja&town=shiojiri#figures', changes);
  expect(link).toMatch(/^https:\/\/lab\.example\/portal\/#n1\.[\w-]+$/);
  const read = await changesIn(new URL(link).hash);
  expect(read).toEqual(changes);
  const settings = settingsWith(read as Changes, powered, [preset]) as Settings;
  expect(apply(powered, settings)).toEqual(apply(powered, { ...settingsOf(powered), ...some }));
});

test('a link with any letter changed, left out or added is damaged', async () => {
  const fragment = await fragmentOf(with_(some)!);
  for (let at = '#n1.'.length; at < fragment.length; at++) {
    const other = fragment[at] === 'A' ? 'B' : 'A';
    expect(await changesIn(fragment.slice(0, at) + other + fragment.slice(at + 1)), `${at}`).toBe('damaged');
    expect(await changesIn(fragment.slice(0, at)), `${at}`).toBe('damaged');
  }
  for (const text of [`${fragment}A`, `${fragment}%3E`, '#n1.', '#n1.%', '#n0.AAAA', `#n1.${'A'.repeat(1 << 18)}`]) {
    expect(await changesIn(text), text.slice(0, 40)).toBe('damaged');
  }
});

test('a link of a later version is told from a damaged one, and other fragments are no links', async () => {
  expect(await changesIn('#n2.whatever comes')).toBe('newer');
  expect(await changesIn('#n10.AAAA')).toBe('newer');
  for (const fragment of ['', '#figures', '#n', '#n1', '#name.of.a.place']) {
    expect(isLink(fragment)).toBe(false);
    expect(await changesIn(fragment)).toBeUndefined();
  }
});

test('what has another form than changes is not taken for them', async () => {
  const bad: unknown[] = [
    undefined,
    [],
    { town: 'namie' },
    { town: 1, settings: {} },
    { town: 'namie', settings: [] },
    { town: 'namie', settings: { vans: '4' } },
    { town: 'namie', settings: { matching: null } },
    { town: 'namie', settings: { speed: 1 } },
    { town: 'namie', settings: { toString: 1 } },
    { town: 'namie', settings: {}, log_hash: 1 },
  ];
  for (const value of bad) expect(areChanges(value), JSON.stringify(value)).toBe(false);
  expect(await changesIn(await fragmentOf(bad[5] as Changes))).toBe('damaged');
});

test('a link that holds more than any other is not unpacked', async () => {
  const large = { town: 'namie', settings: { date: ' '.repeat(1 << 21) } };
  const fragment = await fragmentOf(large);
  expect(fragment.length).toBeLessThan(8_000);
  expect(await changesIn(fragment)).toBe('damaged');
});

test('settings out of range are told in both languages', () => {
  const of = (settings: Changes['settings']) => settingsWith({ town: 'namie', settings }, powered, [preset]);
  for (const vans of [0, -1, 2.5, 501, 1e9, NaN]) {
    expect(of({ vans }), `${vans}`).toMatchObject({ en: expect.stringMatching(/^vans: .* 1 to 500$/) });
  }
  expect(of({ vans: 13 })).toMatchObject({ vans: 13 });
  const grey = { ja: expect.stringContaining('「grey」'), en: expect.stringContaining('give one of green') };
  expect(of({ tariff: 'grey' })).toMatchObject(grey);
  const driver = { key: 'driver', value: 2500 };
  expect(of({ prices: [driver] })).toMatchObject({ prices: [driver] });
  for (const prices of [driver, [null], [{ key: 'driver' }]]) {
    expect(of({ prices: prices as never }), JSON.stringify(prices)).toMatchObject({ en: expect.stringMatching(/^prices: /) });
  }
});
