// What makes a language of the page. Each is one file of `languages`, named by its tag: adding one is all that a language takes.
import type { Text } from '../../pkg/noriai.js';
import type { en } from './en';

/** Every dictionary has the keys of the English one; a missing one does not compile. */
export type Dictionary = typeof en;

export interface Language {
  /** Whose numbers and dates, as `Intl` takes it. */
  locale: string;
  /** Which of their two languages the core and the towns speak to its readers. Names on the map and pages of help are in it too. */
  texts: keyof Text;
  /** Between a number and its unit; a per cent sign follows its number closely. */
  unitSpace: '' | ' ';
  /** Those units that are not written alike everywhere. `s` is that of minutes, in which seconds are shown; `points` are of per cent. */
  units: Record<'s' | 'h' | 'yen' | 'yen_per_kwh' | 'riders' | 'times' | 'points' | 'celsius', string>;
  /** What a town spends, in the large units of a budget; `number` writes a number with some digits after the point, or none. */
  money(yen: number, number: (value: number, digits?: number) => string): string;
  /** Between short remarks that follow each other. */
  comma: string;
  /** Between two sentences. */
  sentenceSpace: '' | ' ';
  /** Several names in a sentence, the first at its beginning. */
  listed(names: string[]): string;
  words: Dictionary;
}
