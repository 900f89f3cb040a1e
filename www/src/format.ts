// Figures, units and times as people read them. The only module that formats.
import type { Language } from './i18n/language';

const MINUS = '−';

/** A number as shown, and its unit apart, so that the two can be set in different sizes. */
export interface Shown {
  number: string;
  unit: string;
}

/** A clock time of the service day, `08:05`; hours go on past midnight. */
export function clock(t_s: number): string {
  const minutes = Math.floor(t_s / 60);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(((minutes % 60) + 60) % 60)}`;
}

export class Format {
  // Making one takes long, and some are asked for in every frame.
  /** By digits after the point. */
  readonly #numbers: Intl.NumberFormat[] = [];
  /** By their options. */
  readonly #dates = new Map<string, Intl.DateTimeFormat>();

  constructor(private readonly language: Language) {}

  number(value: number, digits = 0): string {
    this.#numbers[digits] ??= new Intl.NumberFormat(this.language.locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    return this.#numbers[digits].format(value).replace('-', MINUS);
  }

  /** A unit's name: that of the language, else what all of them write. */
  unit(unit: string): string {
    const units: Record<string, string> = this.language.units;
    return unit === 'share' ? '%' : (units[unit] ?? unit);
  }

  /** A number with a unit's name behind it. */
  #with(number: string, name: string, space: string = this.language.unitSpace): string {
    return `${number}${name === '' || name === '%' ? '' : space}${name}`;
  }

  /** The digits after the point that suit a value of a unit. */
  #digits(value: number, unit: string): number {
    if (unit === 's') return 1;
    if (unit === 'share' || unit === 'yen') return 0;
    if (unit === 'times') return 2;
    if (unit === '') return Number.isInteger(value) ? 0 : 2;
    return Math.abs(value) < 100 ? 1 : 0;
  }

  /** Seconds are shown in minutes, shares in per cent. */
  #scaled(value: number, unit: string): number {
    return unit === 's' ? value / 60 : unit === 'share' ? value * 100 : value;
  }

  /** A figure of the report, by its unit there. */
  figure(value: number, unit: string): Shown {
    return { number: this.number(this.#scaled(value, unit), this.#digits(value, unit)), unit: this.unit(unit) };
  }

  /** A quantity or a price of any size, with three digits or so. */
  amount(value: number): string {
    const size = Math.abs(value);
    return this.number(value, Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : 2);
  }

  /** What a town spends, in the large units of a budget: `35.8 million yen`, `3,584万円`. */
  money(yen: number): string {
    return this.language.money(yen, (value, digits) => this.number(value, digits));
  }

  /** A figure in running text. */
  text(value: number, unit: string): string {
    const { number, unit: name } = this.figure(value, unit);
    return this.#with(number, name);
  }

  /** What a figure gained or lost, with its sign; empty where it reads as no change. */
  difference(now: number, before: number, unit: string): string {
    const digits = this.#digits(unit === '' && Number.isInteger(now) ? before : now, unit);
    // Of the figures as shown, so that they can be added up by eye.
    const shown = (value: number) => Number(this.#scaled(value, unit).toFixed(digits));
    const change = shown(now) - shown(before);
    const size = this.number(Math.abs(change), digits);
    if (Number(change.toFixed(digits)) === 0) return '';
    return `${change > 0 ? '+' : MINUS}${this.#with(size, this.#unitOfDifference(unit))}`;
  }

  /** A mean and half the width of its interval, as in `9.1 ± 0.3 min`. */
  plusMinus(mean: number, half: number | undefined, unit: string): string {
    return this.#interval(mean, half, unit, this.unit(unit), '');
  }

  /** The same of a difference: with its sign, and of two percentages in points. */
  plusMinusDifference(mean: number, half: number | undefined, unit: string): string {
    return this.#interval(mean, half, unit, this.#unitOfDifference(unit), mean > 0 ? '+' : '');
  }

  #interval(mean: number, half: number | undefined, unit: string, name: string, sign: string): string {
    // A mean has a digit more than a count.
    const digits = unit === 'share' ? 1 : unit === '' ? 2 : this.#digits(mean, unit);
    const shown = (value: number) => this.number(this.#scaled(value, unit), digits);
    const range = `${sign}${shown(mean)}${half === undefined ? '' : `\u00a0±\u00a0${shown(half)}`}`;
    return this.#with(range, name, this.language.unitSpace && '\u00a0');
  }

  /** A difference of two percentages is told in points. */
  #unitOfDifference(unit: string): string {
    return this.unit(unit === 'share' ? 'points' : unit);
  }

  /** Whole minutes, as in `6 min`. */
  minutes(seconds: number): string {
    return this.#with(this.number(Math.round(seconds / 60)), this.unit('s'));
  }

  percent(share: number): string {
    return `${this.number(share * 100)}%`;
  }

  /** The size of something sent or kept: thousands or millions of bytes. */
  bytes(count: number): string {
    return count < 1e6 ? `${this.number(Math.ceil(count / 1e3))} kB` : `${this.number(count / 1e6, 1)} MB`;
  }

  temperature(celsius: number): string {
    return this.#with(this.number(celsius), this.unit('celsius'));
  }

  #date(date: string, options: Intl.DateTimeFormatOptions): string {
    // Noon in Japan, so that the day is the same whatever rounding comes.
    const moment = new Date(`${date}T12:00:00+09:00`);
    const key = JSON.stringify(options);
    const format = this.#dates.get(key) ?? new Intl.DateTimeFormat(this.language.locale, { timeZone: 'Asia/Tokyo', ...options });
    this.#dates.set(key, format);
    return format.format(moment);
  }

  /** `11月9日(木)`, `Thu, 9 November`. */
  day(date: string): string {
    return this.#date(date, { weekday: 'short', month: 'long', day: 'numeric' });
  }

  /** A moment by the clock of this machine: `23 Nov 2026, 16:05`. */
  moment(ms: number): string {
    return new Intl.DateTimeFormat(this.language.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
  }

  weekday(date: string): string {
    return this.#date(date, { weekday: 'short' });
  }

  dayOfMonth(date: string): string {
    return String(Number(date.slice(8)));
  }
}
