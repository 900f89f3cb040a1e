import { expect, test } from 'vitest';
import type { Preview } from '../../pkg/noriai.js';
import { firstOptions, hasQuestions, withColumn } from './own';

const clear: Preview = {
  headers: ['when', 'from', 'to'],
  samples: [],
  columns: [
    { column: 'request_time', header: 'when', needed: true },
    { column: 'origin', header: 'from', needed: true },
  ],
  missing: [],
  can_be_mapped: true,
  dates: [{ date: '2026-04-01', rows: 3 }],
  date: '2026-04-01',
  looks_swapped: false,
  rows: 3,
  encoding: 'utf-8',
  problems: [],
};
const twoDays = [...clear.dates, { date: '2026-04-02', rows: 1 }];

test('where everything is clear nothing is asked', () => {
  expect(hasQuestions(clear)).toBe(false);
  expect(hasQuestions({ ...clear, missing: ['origin'] })).toBe(true);
  expect(hasQuestions({ ...clear, dates: twoDays })).toBe(true);
  expect(hasQuestions({ ...clear, looks_swapped: true })).toBe(true);
  // Naming columns does not help a letter.
  expect(hasQuestions({ ...clear, missing: ['origin'], can_be_mapped: false })).toBe(false);
});

test('a dialog begins with what was found and guessed', () => {
  const options = firstOptions({ ...clear, looks_swapped: true });
  expect(options).toEqual({
    columns: [
      { column: 'request_time', header: 'when' },
      { column: 'origin', header: 'from' },
    ],
    date: '2026-04-01',
    swap: true,
  });
  expect(withColumn(options, 'origin', 'to')).toEqual({
    columns: [
      { column: 'request_time', header: 'when' },
      { column: 'origin', header: 'to' },
    ],
    swap: true,
  });
});
