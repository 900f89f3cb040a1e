// What the editor says of the snapshot is true: every field of the types that come from the core is in it, in every language.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DICTIONARIES } from '../i18n/i18n';

const types = readFileSync(new URL('../../pkg/noriai.d.ts', import.meta.url), 'utf8');

/** The fields of an interface, as written: `max_ride_s?`. */
function fields(name: string): string[] {
  const body = new RegExp(`interface ${name} \\{(.*?)\\n\\}`, 's').exec(types)![1]!;
  return [...body.matchAll(/^ {4}(\w+\??):/gm)].map(([, field]) => field!);
}

const shown = ['Question', 'QuestionRequest', 'QuestionPlace', 'QuestionVan', 'QuestionStop', 'QuestionTown', 'TownVan', 'Assignment', 'Load'];

test.each(Object.entries(DICTIONARIES))('the help names every field, in %s', (_, { policy }) => {
  const words = policy.types.match(/\w+\??/g)!;
  for (const name of shown) {
    expect(fields(name).length).toBeGreaterThan(1);
    expect(words).toEqual(expect.arrayContaining(fields(name)));
  }
});

test.each(Object.entries(DICTIONARIES))('the example of %s is a function that decides', (_, { policy }) => {
  const decide = new Function(`${policy.example}\nreturn decide;`)() as (snapshot: unknown) => unknown;
  const request = { earliest_s: 0, dwell_s: 30, direct_s: 100 };
  const slow = { vehicle: 0, pickup_s: 300, dropoff_s: 430, added_drive_s: 100 };
  const quick = { vehicle: 1, pickup_s: 100, dropoff_s: 230, added_drive_s: 100 };
  expect(decide({ requests: [{ ...request, places: [slow, quick] }] })).toEqual([quick]);
  expect(decide({ requests: [{ ...request, places: [] }] })).toEqual([]);
});
