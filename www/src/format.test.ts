import { expect, test } from 'vitest';
import { clock, Format } from './format';
import type { Language } from './i18n/language';
import english from './i18n/languages/en';
import japanese from './i18n/languages/ja';

const en = new Format(english);
const ja = new Format(japanese);

test('a clock time counts on past midnight', () => {
  expect(clock(8 * 3600 + 5 * 60 + 59)).toBe('08:05');
  expect(clock(25 * 3600)).toBe('25:00');
});

test('seconds are shown in minutes, shares in per cent', () => {
  expect(en.figure(246, 's')).toEqual({ number: '4.1', unit: 'min' });
  expect(ja.figure(246, 's')).toEqual({ number: '4.1', unit: '分' });
  expect(en.figure(0.8636, 'share')).toEqual({ number: '86', unit: '%' });
});

test('large numbers are grouped, and whole counts have no digits after the point', () => {
  expect(ja.text(12_160, 'yen')).toBe('12,160円');
  expect(en.text(44, '')).toBe('44');
  expect(en.text(1.5, '')).toBe('1.50');
});

test('a difference is that of the figures as shown, with its sign', () => {
  // 73 % after 86 %: 13 points less, although 72.7 - 86.4 = -13.7.
  expect(en.difference(0.727, 0.864, 'share')).toBe('−13 pt');
  expect(ja.difference(300, 240, 's')).toBe('+1.0分');
  expect(en.difference(2.85, 2.923, '')).toBe('−0.07');
});

test('what reads as no change is no difference', () => {
  expect(en.difference(240.4, 240, 's')).toBe('');
});

test('the day of the week is that of Japan', () => {
  expect(ja.day('2023-11-09')).toBe('11月9日(木)');
  expect(en.weekday('2023-11-09')).toBe('Thu');
});

test('a mean has half the width of its interval, and a difference of shares is told in points', () => {
  const plain = (text: string) => text.replaceAll('\u00a0', ' ');
  expect(plain(en.plusMinus(549, 18.3, 's'))).toBe('9.2 ± 0.3 min');
  expect(plain(en.plusMinus(0.9314, 0.015, 'share'))).toBe('93.1 ± 1.5%');
  expect(plain(en.plusMinus(3, undefined, ''))).toBe('3.00');
  expect(plain(en.plusMinusDifference(0.319, 0.0204, 'share'))).toBe('+31.9 ± 2.0 pt');
  expect(plain(ja.plusMinusDifference(-30, 6, 's'))).toBe('−0.5 ± 0.1分');
});

test('money of a year is told in the units of a budget', () => {
  expect(en.money(35_742_038)).toBe('35.7 million yen');
  expect(en.money(-454_132)).toBe('−454,132 yen');
  expect(ja.money(35_742_038)).toBe('3,574万円');
});

test('a language says all there is to say about its figures', () => {
  const language: Language = {
    ...english,
    locale: 'de-DE',
    unitSpace: ' ',
    units: { s: 'Min', h: 'Std', yen: 'Yen', yen_per_kwh: 'Yen/kWh', riders: 'Gäste', times: 'mal', points: 'Punkte', celsius: '°' },
    money: (yen, number) => `${number(yen / 1e6, 1)} Mio. Yen`,
  };
  const german = new Format(language);
  expect(german.text(246, 's')).toBe('4,1 Min');
  expect(german.minutes(600)).toBe('10 Min');
  expect(german.text(12_160, 'yen')).toBe('12.160 Yen');
  expect(german.text(3, 'kWh')).toBe('3,0 kWh');
  expect(german.text(0.5, 'share')).toBe('50%');
  expect(german.difference(0.727, 0.864, 'share')).toBe('−13 Punkte');
  expect(german.money(35_742_038)).toBe('35,7 Mio. Yen');
  expect(german.temperature(21)).toBe('21 °');
  expect(german.weekday('2023-11-09')).toBe('Do');
});
