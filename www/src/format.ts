// Figures, units and times as people read them. The only module that formats.
import type { Lang } from './i18n/i18n';

const LOCALES: Record<Lang, string> = { ja: 'ja-JP', en: 'en-GB' };
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
  readonly #locale: string;
  readonly #units: Record<string, string>;
  // Making one takes long, and some are asked for in every frame.
  /** By digits after the point. */
  readonly #numbers: Intl.NumberFormat[] = [];
  /** By their options. */
  readonly #dates = new Map<string, Intl.DateTimeFormat>();

  constructor(readonly lang: Lang) {
    this.#locale = LOCALES[lang];
    this.#units =
      lang === 'ja'
        ? { s: '分', h: '時間', yen: '円', riders: '人', km: 'km', kWh: 'kWh', share: '%', kW: 'kW', kg: 'kg', g: 'g', times: '倍' }
        : { s: 'min', h: 'h', yen: 'yen', riders: 'riders', km: 'km', kWh: 'kWh', share: '%', kW: 'kW', kg: 'kg', g: 'g', times: '×' };
  }

  number(value: number, digits = 0): string {
    this.#numbers[digits] ??= new Intl.NumberFormat(this.#locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    return this.#numbers[digits].format(value).replace('-', MINUS);
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
    return { number: this.number(this.#scaled(value, unit), this.#digits(value, unit)), unit: this.#units[unit] ?? unit };
  }

  /** A quantity or a price of any size, with three digits or so. */
  amount(value: number): string {
    const size = Math.abs(value);
    return this.number(value, Number.isInteger(value) || size >= 100 ? 0 : size >= 10 ? 1 : 2);
  }

  /** What a town spends, in the large units of a budget: `35.8 million yen`, `3,584万円`. */
  money(yen: number): string {
    const size = Math.abs(yen);
    if (this.lang === 'ja') return size >= 1e4 ? `${this.number(yen / 1e4)}万円` : `${this.number(yen)}円`;
    return size >= 1e6 ? `${this.number(yen / 1e6, size < 1e7 ? 2 : 1)} million yen` : `${this.number(yen)} yen`;
  }

  /** A figure in running text. */
  text(value: number, unit: string): string {
    const { number, unit: name } = this.figure(value, unit);
    const space = this.lang === 'ja' || name === '%' || name === '' ? '' : ' ';
    return `${number}${space}${name}`;
  }

  /** What a figure gained or lost, with its sign; empty where it reads as no change. */
  difference(now: number, before: number, unit: string): string {
    const digits = this.#digits(unit === '' && Number.isInteger(now) ? before : now, unit);
    // Of the figures as shown, so that they can be added up by eye.
    const shown = (value: number) => Number(this.#scaled(value, unit).toFixed(digits));
    const change = shown(now) - shown(before);
    const size = this.number(Math.abs(change), digits);
    if (Number(change.toFixed(digits)) === 0) return '';
    const name = this.#unitOfDifference(unit);
    const space = this.lang === 'ja' || name === '' ? '' : ' ';
    return `${change > 0 ? '+' : MINUS}${size}${space}${name}`;
  }

  /** A mean and half the width of its interval, as in `9.1 ± 0.3 min`. */
  plusMinus(mean: number, half: number | undefined, unit: string): string {
    return this.#interval(mean, half, unit, this.#units[unit] ?? unit, '');
  }

  /** The same of a difference: with its sign, and of two percentages in points. */
  plusMinusDifference(mean: number, half: number | undefined, unit: string): string {
    return this.#interval(mean, half, unit, this.#unitOfDifference(unit), mean > 0 ? '+' : '');
  }

  #interval(mean: number, half: number | undefined, unit: string, name: string, sign: string): string {
    // A mean has a digit more than a count.
    const digits = unit === 'share' ? 1 : unit === '' ? 2 : this.#digits(mean, unit);
    const shown = (value: number) => this.number(this.#scaled(value, unit), digits);
    const space = this.lang === 'ja' || name === '' || name === '%' ? '' : '\u00a0';
    return `${sign}${shown(mean)}${half === undefined ? '' : `\u00a0±\u00a0${shown(half)}`}${space}${name}`;
  }

  /** A difference of two percentages is told in points. */
  #unitOfDifference(unit: string): string {
    return unit === 'share' ? (this.lang === 'ja' ? 'ポイント' : 'pt') : (this.#units[unit] ?? unit);
  }

  /** Whole minutes, as in `6 min`. */
  minutes(seconds: number): string {
    const minutes = Math.round(seconds / 60);
    return this.lang === 'ja' ? `${this.number(minutes)}分` : `${this.number(minutes)} min`;
  }

  percent(share: number): string {
    return `${this.number(share * 100)}%`;
  }

  /** The size of something sent or kept: thousands or millions of bytes. */
  bytes(count: number): string {
    return count < 1e6 ? `${this.number(Math.ceil(count / 1e3))} kB` : `${this.number(count / 1e6, 1)} MB`;
  }

  temperature(celsius: number): string {
    return this.lang === 'ja' ? `${this.number(celsius)}℃` : `${this.number(celsius)} °C`;
  }

  #date(date: string, options: Intl.DateTimeFormatOptions): string {
    // Noon in Japan, so that the day is the same whatever rounding comes.
    const moment = new Date(`${date}T12:00:00+09:00`);
    const key = JSON.stringify(options);
    const format = this.#dates.get(key) ?? new Intl.DateTimeFormat(this.#locale, { timeZone: 'Asia/Tokyo', ...options });
    this.#dates.set(key, format);
    return format.format(moment);
  }

  /** `11月9日(木)`, `Thu, 9 November`. */
  day(date: string): string {
    return this.#date(date, { weekday: 'short', month: 'long', day: 'numeric' });
  }

  /** A moment by the clock of this machine: `23 Nov 2026, 16:05`. */
  moment(ms: number): string {
    return new Intl.DateTimeFormat(this.#locale, { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
  }

  weekday(date: string): string {
    return this.#date(date, { weekday: 'short' });
  }

  dayOfMonth(date: string): string {
    return String(Number(date.slice(8)));
  }
}
