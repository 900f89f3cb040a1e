// Prices as they stand in fields: shares in per cent, all else in its unit (pure).
import type { Parameter, Price } from '../../pkg/account.js';

/** What can be changed of a price. */
export type Field = 'value' | 'low' | 'high' | 'source';

const perCent = (unit: string): number => (unit === 'share' || unit === 'share/year' ? 100 : 1);

/** Without the digits that come from counting in twos. */
const plain = (value: number): number => Number(value.toPrecision(12));

/** A number as it stands in a field of its unit. */
export const written = (value: number, unit: string): string => String(plain(value * perCent(unit)));

/** What was filled in: a number of the unit, or a text without one; nothing if it cannot be used. */
export function read(text: string, unit: string | undefined): number | string | undefined {
  if (unit === undefined) return text.trim();
  const digits = text.normalize('NFKC').replace(/[,\s]/g, '').replace('−', '-');
  const value = Number(digits);
  return digits === '' || !Number.isFinite(value) ? undefined : plain(value / perCent(unit));
}

/** The lowest and the highest that a value may be; as the core has it, 20 % aside where nothing is known. */
export function rangeOf({ value, low, high }: Parameter): { low: number; high: number } {
  const aside = 0.2 * Math.abs(value);
  return { low: low ?? value - aside, high: high ?? value + aside };
}

/** The prices with a change of one of them; an empty source is none. */
export function withPrice(prices: Price[], { key, value }: Parameter, change: Partial<Record<Field, number | string>>): Price[] {
  const { source, ...before } = prices.find((price) => price.key === key) ?? { key, value };
  const told = 'source' in change ? change.source : source;
  const price = { ...before, ...change, source: told } as Price;
  if (!price.source) delete price.source;
  return prices.some((other) => other.key === key) ? prices.map((other) => (other.key === key ? price : other)) : [...prices, price];
}
