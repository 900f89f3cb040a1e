// What the page and the workers of the year's account say to each other.
import type { AccountParameters, DayQuantities, Price, Problem, Quantities, Reach, TypicalDays, YearFigures } from '../../pkg/account.js';

/** A typical day to be lived through, by its index; without vans the sites alone. */
export interface Trial {
  index: number;
  seed: number;
  with_vans: boolean;
}

/** What came of it: its amounts, and with vans its record. */
export interface Lived extends Trial {
  quantities: DayQuantities;
  log?: Uint8Array;
}

/** What a year comes to with some prices. */
export interface Priced extends AccountParameters {
  figures: YearFigures;
}

export type ToAccountant =
  /** Which days stand for the year of a scenario. */
  | { kind: 'plan'; scenario: string }
  | { kind: 'day'; scenario: string; trial: Trial }
  /** All days were lived through: the year of them, which stays for other prices. */
  | { kind: 'year'; scenario: string; lived: Lived[]; prices: Price[] }
  /** The same year with other prices; `edit` comes back with the answer. */
  | { kind: 'prices'; edit: number; prices: Price[] }
  /** Fail in the middle of things, for tests. */
  | { kind: 'crash' };

export type FromAccountant =
  | { kind: 'plan'; plan: TypicalDays }
  | { kind: 'day'; lived: Lived }
  | { kind: 'year'; quantities: Quantities; reach: Reach; priced: Priced }
  | { kind: 'prices'; edit: number; priced: Priced }
  /** Prices that cannot be used; each problem's path is the key of one. */
  | { kind: 'wrong'; edit: number; problems: Problem[] }
  /** The core panicked, or could not be fetched. */
  | { kind: 'crashed'; message: string };
