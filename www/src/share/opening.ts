// Days that come from elsewhere, by a link or a report: checked before they are lived through. A policy among them that somebody else
// has written does not run before whoever opens it agrees.
import { check_scenario, type MatchingPolicy, type Preset, type Scenario, type Text } from '../../pkg/noriai.js';
import type { App } from '../app';
import { sentences } from '../files';
import { both } from '../i18n/i18n';
import { apply, settingsOf, type Settings } from '../settings';
import type { Notice } from '../state';
import { addressOf, OWN_TOWNS, type Town } from '../towns';
import { settingsWith, type Changes } from './changes';
import { changesIn, isLink, type LinkFault } from './link';

/** So much is told of a town's name that nobody knows. */
const LONGEST_NAME = 40;

/** A policy that came along. */
export interface Guest {
  matching: Extract<MatchingPolicy, { kind: 'script' }>;
  /** Hash of the day that it makes. */
  log_hash?: string;
}

/** A day to be shown. */
export interface Opened {
  chosen: Town;
  town: Scenario;
  settings: Settings;
  /** A policy to be asked about; the settings are without it. */
  guest?: Guest;
  log_hash?: string;
}

/** The page's town that changes are of. */
export const townOf = ({ town }: Changes): Town | undefined => OWN_TOWNS.find(({ id }) => id === town);

/** The day that changes make of a town; or what is wrong with them. */
export function opened({ log_hash, ...changes }: Changes, chosen: Town, town: Scenario, tariffs: Preset[]): Opened | Notice {
  const bad = (details: Text[]): Notice => ({ kind: 'badLink', details });
  const settings = settingsWith(changes, town, tariffs);
  if ('ja' in settings) return bad([settings]);
  const { problems } = check_scenario(JSON.stringify(apply(town, settings)));
  if (problems.length > 0) return bad(sentences(problems));
  const { matching } = settings;
  if (matching.kind !== 'script') return { chosen, town, settings, log_hash };
  return { chosen, town, settings: { ...settings, matching: settingsOf(town).matching }, guest: { matching, log_hash } };
}

/** What the fragment of the page's address asks for: a town with changes, or why they cannot be had. */
export async function linked(fragment: string): Promise<{ chosen: Town; changes: Changes } | Notice | undefined> {
  const changes = await changesIn(fragment);
  return typeof changes === 'string' ? faulty(changes) : changes && placed(changes);
}

const faulty = (fault: LinkFault): Notice => ({ kind: fault === 'newer' ? 'newerLink' : 'damagedLink' });

function placed(changes: Changes): { chosen: Town; changes: Changes } | Notice {
  const chosen = townOf(changes);
  return chosen ? { chosen, changes } : { kind: 'unknownTown', town: changes.town.slice(0, LONGEST_NAME) };
}

export class Opening {
  /** A day is being opened: the address speaks of it. */
  #opens = false;

  constructor(private readonly app: App) {
    // An element's address is its host's.
    if (app.place.kind === 'element') return;
    window.addEventListener('hashchange', () => void this.follow(location.hash));
    // Once something else is changed, the address's link is not about the day shown any more.
    app.store.onChange(({ chosen, settings, trips, series }, before) => {
      const changed = settings !== before.settings || trips !== before.trips || series !== before.series;
      if (!changed || !before.settings || this.#opens || !isLink(location.hash)) return;
      history.replaceState(null, '', addressOf(location.href.slice(0, -location.hash.length), chosen!));
    });
  }

  /** Another link in the address of the page. */
  async follow(fragment: string): Promise<void> {
    // Before there is a town, the page begins with what the address says.
    if (!this.app.state.town) return;
    const asked = await linked(fragment);
    if (asked && 'kind' in asked) this.app.store.set({ notice: asked });
    else if (asked) await this.#open(asked.chosen, asked.changes);
  }

  /** A report that was dropped, or what the page around this one asks for; what is in its way, if anything, is told on the page too. */
  async bring(changes: Changes): Promise<Text[]> {
    const asked = placed(changes);
    if (!('kind' in asked)) return this.#open(asked.chosen, changes);
    this.app.store.set({ notice: asked });
    return [both(({ words }) => words.run.unknownTown(changes.town.slice(0, LONGEST_NAME)))];
  }

  /** Whether the policy that came along may run. */
  answer = (run: boolean): void => {
    const { guest } = this.app.state;
    this.app.store.set({ guest: undefined });
    if (guest && run) this.#during(() => this.app.runGuest(guest));
  };

  async #open(chosen: Town, changes: Changes): Promise<Text[]> {
    const town = await this.app.fetchTown(chosen);
    if (!town) return [both(({ words, texts }) => words.run.noTown(chosen.name[texts]))];
    const day = opened(changes, chosen, town, this.app.state.tariffs);
    if ('kind' in day) {
      this.app.store.set({ wanted: undefined, notice: day });
      return 'details' in day ? day.details : [];
    }
    this.#during(() => this.app.showDay(day));
    return [];
  }

  #during(change: () => void): void {
    this.#opens = true;
    change();
    this.#opens = false;
  }
}
