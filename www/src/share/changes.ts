// The changes of a scenario: a town of the page by its word, and the settings that are not the town's own. This is what a link
// and a report carry; trips, series and towns of one's own are never in it.
import type { Preset, Scenario, Text } from '../../pkg/noriai.js';
import { modelledDate, MOST_VANS, mostVans, sameTariff, settingsOf, type Settings } from '../settings';
import type { State } from '../state';

/** Settings as they are told: a contract by its short name. */
export type Told = Partial<Omit<Settings, 'tariff'> & { tariff: string }>;

export interface Changes {
  /** The town's word in the page's address. */
  town: string;
  settings: Told;
  /** Hash of the day's record, by which another version of the page knows that it makes another day. */
  log_hash?: string;
}

const KINDS: Record<keyof Settings, 'string' | 'number' | 'object'> = {
  date: 'string',
  outdoor_c: 'number',
  factor: 'number',
  vans: 'number',
  supervisors: 'number',
  max_wait_s: 'number',
  detour_factor: 'number',
  matching: 'object',
  rebalancing: 'object',
  charging: 'object',
  tariff: 'string',
  seed: 'number',
  prices: 'object',
};

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What differs from the town as built; nothing for a town of one's own. Without trips of one's own, nor the day that came with them. */
export function changesOf({
  chosen,
  town,
  settings,
  trips,
  tariffs,
}: Pick<State, 'chosen' | 'town' | 'settings' | 'trips' | 'tariffs'>): Changes | undefined {
  if (!chosen?.id || !town || !settings) return undefined;
  const { tariff, ...rest } = { ...settings, date: modelledDate(settings, trips) };
  const own = settingsOf(town);
  const changed = Object.entries(rest).filter(([name, value]) => !isSame(value, own[name as keyof Settings]));
  const preset = tariff && tariffs.find((each) => sameTariff(each.tariff, tariff));
  return { town: chosen.id, settings: { ...(Object.fromEntries(changed) as Told), ...(preset && { tariff: preset.id }) } };
}

/** Whether something read from elsewhere has the form of changes; what they ask for is checked in the town. */
export function areChanges(value: unknown): value is Changes {
  if (!isObject(value) || typeof value['town'] !== 'string' || !isObject(value['settings'])) return false;
  if (!['string', 'undefined'].includes(typeof value['log_hash'])) return false;
  return Object.entries(value['settings']).every(
    ([name, setting]) => Object.hasOwn(KINDS, name) && setting !== null && typeof setting === KINDS[name as keyof Settings],
  );
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The settings that changes make of a town; or what is wrong with them. The scenario that follows is the core's to check. */
export function settingsWith({ settings }: Changes, town: Scenario, tariffs: Preset[]): Settings | Text {
  const { tariff: id, ...told } = settings;
  const own = settingsOf(town);
  const vans = told.vans ?? own.vans;
  const most = Math.max(MOST_VANS, mostVans(town));
  // Vans are copied before the core sees them.
  if (!Number.isInteger(vans) || vans < 1 || vans > most) {
    return {
      ja: `車の台数 ${vans} は範囲外です。1から${most}までの整数にしてください。`,
      en: `vans: ${vans} is out of range; give a whole number from 1 to ${most}`,
    };
  }
  const isPrice = (price: unknown) => isObject(price) && typeof price['key'] === 'string' && typeof price['value'] === 'number';
  if (told.prices && !(Array.isArray(told.prices) && told.prices.every(isPrice))) {
    return {
      ja: '年間収支の単価を読めません。key と value を持つ値の配列にしてください。',
      en: 'prices: give an array of prices, each with key and value',
    };
  }
  const tariff = tariffs.find((preset) => preset.id === id)?.tariff;
  if (id !== undefined && !tariff) {
    const known = tariffs.map((preset) => preset.id);
    return {
      ja: `電気の契約「${id}」がありません。${known.join('、')}のどれかにしてください。`,
      en: `tariff: "${id}" is not known; give one of ${known.join(', ')}`,
    };
  }
  return { ...own, ...told, ...(tariff && { tariff }) };
}
