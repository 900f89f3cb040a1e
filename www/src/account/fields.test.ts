import { expect, test } from 'vitest';
import type { Parameter } from '../../pkg/account.js';
import { rangeOf, read, withPrice, written } from './fields';

const name = { ja: '', en: '' };
const driver: Parameter = { key: 'driver', name, unit: 'yen/h', value: 2300, low: 1800, high: 3000 };

test('a share stands in its field in per cent, without the digits of binary fractions', () => {
  expect(written(0.07, 'share')).toBe('7');
  expect(written(-0.025, 'share/year')).toBe('-2.5');
  expect(read('2.9', 'share/year')).toBe(0.029);
});

test('numbers are read as people write them, and anything else is none', () => {
  expect(read('1,277,500', 'yen/year')).toBe(1_277_500);
  expect(read('２３００', 'yen/h')).toBe(2300);
  expect(read('−2', 'share/year')).toBe(-0.02);
  for (const text of ['', ' ', 'many', '1e999', '2..5']) expect(read(text, 'yen'), text).toBeUndefined();
  expect(read('  wage census ', undefined)).toBe('wage census');
});

test('a number without a range may be 20 % off', () => {
  expect(rangeOf(driver)).toEqual({ low: 1800, high: 3000 });
  expect(rangeOf({ ...driver, value: -10, low: undefined, high: undefined })).toEqual({ low: -12, high: -8 });
});

test('a change keeps what else is known of a price, and its place', () => {
  const fuel = { key: 'fuel', value: 9 };
  const first = withPrice([], driver, { value: 2500 });
  expect(first).toEqual([{ key: 'driver', value: 2500 }]);
  const told = withPrice([...first, fuel], driver, { source: 'a survey' });
  expect(told).toEqual([{ key: 'driver', value: 2500, source: 'a survey' }, fuel]);
  expect(withPrice(told, driver, { low: 2000 })[0]).toEqual({ key: 'driver', value: 2500, low: 2000, source: 'a survey' });
  expect(withPrice(told, driver, { source: '' })[0]).toEqual({ key: 'driver', value: 2500 });
  // A range of one's own needs no other value.
  expect(withPrice([], driver, { high: 4000 })).toEqual([{ key: 'driver', value: 2300, high: 4000 }]);
});
