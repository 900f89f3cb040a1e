// The year's account: what it is of, how far it is, what it says, and its prices.
import type { Parameter, Price, Problem, Quantities, Reach, Text } from '../../pkg/account.js';
import type { TemplateResult } from 'lit';
import type { App } from '../app';
import { accountBody } from '../panels/account';
import { apply, ownPrices, type Settings } from '../settings';
import type { State } from '../state';
import '../style/account.css';
import { Accountants, type AccountWorker } from './accountants';
import { read, withPrice, type Field } from './fields';
import type { Priced } from './protocol';

/** What an account is of. */
type Of = Pick<State, 'town' | 'settings' | 'trips' | 'series'>;

/** A year that was lived through. */
export interface Found extends Priced {
  of: Of;
  quantities: Quantities;
  reach: Reach;
}

/** The room's state. */
export interface Year {
  status: 'running' | 'done' | 'cancelled' | 'failed';
  finished: number;
  /** Not known before the days are. */
  all?: number;
  /** The last year that was finished; it stays until the next one is. */
  found?: Found;
  /** What is wrong with the last edit, by the parameter's key. */
  errors: Record<string, Text>;
  /** The field that is being filled in, as it stands there. */
  typing?: { key: string; field: Field; text: string };
}

export const NO_YEAR: Year = { status: 'cancelled', finished: 0, errors: {} };

/** A typical day asks a policy of one's own hundreds of times, and it has one sandbox. */
export const canBeAccounted = ({ settings }: State): boolean => settings?.matching.kind !== 'script';

/** The settings that make a year: typical days have dates and temperatures of their own, and prices make no day. */
const ofYear = (settings: Settings | undefined): string =>
  JSON.stringify({ ...settings, date: undefined, outdoor_c: undefined, prices: undefined });

/** Whether something of the scenario has changed since. */
export const isStale = (state: State, of: Of): boolean =>
  state.town !== of.town || state.trips !== of.trips || state.series !== of.series || ofYear(state.settings) !== ofYear(of.settings);

/** The prices of the scenario shown. */
const pricesOf = ({ town, settings }: Pick<State, 'town' | 'settings'>): Price[] =>
  (town && settings && ownPrices(apply(town, settings))) ?? [];

export class Accounting {
  readonly #accountants: Accountants;
  /** What the year under way is of. */
  #of?: Of;
  #edit = 0;
  /** Prices that were asked about last. */
  #asked?: Price[];

  constructor(
    private readonly app: App,
    start: () => AccountWorker,
  ) {
    this.#accountants = new Accountants(start, {
      progress: (finished, all) => this.#set({ finished, all }),
      year: (quantities, reach, priced) => {
        this.#set({ status: 'done', found: { ...priced, of: this.#of!, quantities, reach }, errors: {} });
        this.#follow();
      },
      priced: (edit, priced) => {
        const { found } = this.year;
        if (edit !== this.#edit || !found) return;
        this.#set({ found: { ...found, ...priced }, errors: {} });
        const asked = this.#asked!;
        if (JSON.stringify(asked) !== JSON.stringify(pricesOf(app.state))) app.price(asked);
      },
      wrong: (edit, problems) => {
        if (edit === this.#edit) this.#set({ errors: byKey(problems) });
      },
      failed: (message) => {
        console.error(message);
        this.#set({ status: 'failed' });
      },
    });
    app.store.set({ year: NO_YEAR });
    app.store.onChange((state, before) => {
      // Undone, done again, or brought by a link.
      if (state.settings?.prices !== before.settings?.prices || state.town !== before.town) this.#follow();
      if (state.town !== before.town && this.year.found) this.#set({ found: undefined, errors: {} });
    });
  }

  get year(): Year {
    return this.app.state.year ?? NO_YEAR;
  }

  body = (): TemplateResult => accountBody(this.app, this, this.year);

  /** Opened: the year of what is shown, if there is none yet. */
  opened(): void {
    const { state } = this.app;
    const { status, found } = this.year;
    if (status !== 'running' && canBeAccounted(state) && (!found || isStale(state, found.of))) this.begin();
  }

  begin = (): void => {
    const { town, settings, trips, series } = this.app.state;
    if (!town || !settings) return;
    this.#of = { town, settings, trips, series };
    const own = trips && trips.trips.length > 0 ? trips.trips : undefined;
    const scenario = apply(town, settings, own, series);
    this.#asked = ownPrices(scenario) ?? [];
    this.#set({ status: 'running', finished: 0, all: undefined });
    // Prices come apart, so that they can change while the year stays.
    this.#accountants.run(JSON.stringify({ ...scenario, business: undefined }), scenario.seed, this.#asked);
  };

  cancel = (): void => {
    this.#accountants.cancel();
    this.#set({ status: 'cancelled' });
  };

  crash = (): void => this.#accountants.crash();

  /** What is being filled in; a number that can be used counts at once. */
  type(parameter: Parameter, field: Field, text: string): void {
    const { key } = parameter;
    this.#set({ typing: { key, field, text } });
    const value = read(text, field === 'source' ? undefined : parameter.unit);
    if (value === undefined) {
      this.#edit += 1;
      this.#set({ errors: { [key]: NUMBER } });
      return;
    }
    this.#ask(withPrice(pricesOf(this.app.state), parameter, { [field]: value }));
  }

  /** The field was left: what could not be used goes, and the last good value stands there again. */
  typed = (): void => this.#set({ typing: undefined, errors: {} });

  /** As the town has it, or as usual. */
  reset(key: string): void {
    const own = this.app.state.town?.business?.prices?.find((price) => price.key === key);
    const others = pricesOf(this.app.state).filter((price) => price.key !== key);
    this.#set({ typing: undefined });
    this.#ask(own ? [...others, own] : others);
  }

  /** Takes prices that were changed elsewhere. */
  #follow(): void {
    const { found, status } = this.year;
    if (status !== 'done' || !found || found.of.town !== this.app.state.town) return;
    const prices = pricesOf(this.app.state);
    if (JSON.stringify(prices) !== JSON.stringify(this.#asked)) this.#ask(prices);
  }

  #ask(prices: Price[]): void {
    this.#asked = prices;
    this.#edit += 1;
    this.#accountants.price(this.#edit, prices);
  }

  #set(change: Partial<Year>): void {
    this.app.store.set({ year: { ...this.year, ...change } });
  }
}

const NUMBER: Text = { ja: '数を入れてください。', en: 'Give a number.' };

const byKey = (problems: Problem[]): Record<string, Text> => Object.fromEntries(problems.map(({ path, message }) => [path, message]));
