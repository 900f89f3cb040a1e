import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Scenario } from '../pkg/noriai.js';
import { addressOf, dropped, firstTown, OWN_TOWNS } from './towns';
import { town } from './testing';

test('the names that are shown before a town is fetched are those of its file', () => {
  const named = OWN_TOWNS.map(({ id }) => {
    const file = new URL(`../../src/scenario/towns/${id}.json`, import.meta.url);
    return (JSON.parse(readFileSync(file, 'utf8')) as Scenario).name;
  });
  expect(OWN_TOWNS.map(({ name }) => name)).toEqual(named);
});

test('the address says which town is first, and an unknown one is none', () => {
  expect(firstTown('?lang=ja&town=shiojiri').id).toBe('shiojiri');
  expect([firstTown('').id, firstTown('?town=nowhere').id]).toEqual(['namie', 'namie']);
});

test('a town of a name that is there already has a number', () => {
  const [first, second] = [dropped(town, OWN_TOWNS), dropped(town, [...OWN_TOWNS, dropped(town)])];
  expect([first.name.en, second.name.en]).toEqual(['Town', 'Town (2)']);
  expect(dropped(town, [first, second]).name).toEqual({ ja: 'Town (3)', en: 'Town (3)' });
});

test('the address keeps the town and what else it says', () => {
  const [namie, shiojiri] = OWN_TOWNS;
  expect(addressOf('https://a.b/c/?lang=ja', shiojiri!)).toBe('https://a.b/c/?lang=ja&town=shiojiri');
  expect(addressOf('https://a.b/c/?town=shiojiri&lang=ja', namie)).toBe('https://a.b/c/?lang=ja');
  expect(addressOf('https://a.b/c/?town=shiojiri', dropped(town))).toBe('https://a.b/c/');
});
