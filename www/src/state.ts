// The one state of the page, and what follows from it without a browser.
import type { Cell, Compared, CutByPolicy, ImportedTrips, ImportedWeights, Limit, Preset, Report, Ride, Scenario, Text, TripOptions, Ways } from '../pkg/noriai.js';
import type { Year } from './account/account';
import type { Outcome, Plan } from './comparison';
import { NOTHING_DECIDED, type DecidingState } from './deciding/state';
import { NO_HISTORY, type History } from './history';
import type { Import } from './importing/importing';
import type { Lang } from './i18n/i18n';
import type { Kept } from './kept';
import type { TilesWanted } from './outside/background';
import type { RoadsQuestion } from './outside/roads';
import type { Tiles } from './outside/tiles';
import type { Asking } from './own/own';
import { TABS, type Tab } from './place';
import type { Forbidden } from './policy/sandbox';
import type { AllSeries, SeriesName, Settings } from './settings';
import type { Bag, Singles } from './share/carrying';
import type { Guest } from './share/opening';
import type { ThemeName } from './theme';
import type { Touring } from './tour';
import { OWN_TOWNS, type Town } from './towns';

/** A finished run: the scenario lived through and what came of it. */
export interface Result {
  scenario: Scenario;
  report: Report;
  rides: Ride[];
  /** Where the lines of the bus lead, if it runs. */
  ways?: Ways['ways'];
  /** Wall time from the change to the result, milliseconds. */
  took_ms: number;
}

/** Trips of one's own, as read from a file. */
export interface OwnTrips extends ImportedTrips {
  file: string;
  /** The file and how it was read, to read another of its days. */
  source: File;
  options: TripOptions;
  /** The day that the settings had before. */
  before?: string;
}

/** Weights of stops, as read from a file. */
export interface OwnWeights extends ImportedWeights {
  file: string;
}

/** What the detail panel shows. */
export type Detail =
  | { kind: 'van'; van: number }
  | { kind: 'cell'; id: string }
  | { kind: 'refusals'; limit: Limit };

export interface Heat {
  on: boolean;
  end: 'origin' | 'destination';
  resolution: number;
  /** Which calls count: all of the day, those of the hour around the clock, or those between two hours. */
  hours: 'day' | 'now' | 'chosen';
  from_h: number;
  to_h: number;
}

export type Notice =
  | { kind: 'cancelled' | 'recovered' | 'playbackFailed' | 'noMap' | 'noCore' | 'noRoom' | 'noAccount' | 'notKept' | 'notSaved' }
  | { kind: 'damagedLink' | 'newerLink' | 'otherDay' }
  | { kind: 'unknownTown'; town: string }
  | { kind: 'noLanguage'; language: string }
  | { kind: 'noTown'; town: Text }
  | { kind: 'noPolicy'; because: Forbidden }
  | { kind: 'failed' | 'invalid' | 'badTables' | 'badLink'; details: Text[] }
  | { kind: 'reportAlone' | 'forOthers'; file: string }
  | { kind: 'missingTables'; missing: string[] }
  | { kind: 'badTrips' | 'badScenario' | 'badWeights' | 'badSeriesFile'; file: string; details: Text[] };

/** What the energy view shows: the day, or a power cut. */
export type EnergyView = 'day' | 'cut';

/** The charts that have a table behind them. */
export type TableName = 'power' | 'price' | 'units' | 'cut';

/** A power cut asked about. */
export interface Cut {
  from_s: number;
  hours: number;
  /** The charging policy looked at, by its word; absent: that of the settings. */
  policy?: string;
}

export type ChartName = 'riders' | 'energy' | 'power';

export interface State {
  lang: Lang;
  theme: ThemeName;
  /** Those that can be chosen: the page's own, and those dropped on it. */
  towns: Town[];
  /** Those kept in this browser, the latest first; absent where none may be. Those to be deleted if that is meant. */
  kept?: Kept[];
  forgetting?: number[];
  /** The one that is shown, and another that is on its way. */
  chosen?: Town;
  wanted?: Town;
  /** The town as built; absent until it is loaded. */
  town?: Scenario;
  settings?: Settings;
  trips?: OwnTrips;
  /** What became of the file from which the town shown has its weights. */
  weights?: OwnWeights;
  /** Name of a file that is being read. */
  reading?: string;
  /** A file of trips about which something has to be said first. */
  asking?: Asking;
  /** Load, generation and prices of one's own. */
  series: AllSeries;
  /** A file of one of them that could not be read. */
  badSeries?: { name: SeriesName; own: AllSeries[SeriesName] };
  /** What was changed before, to be undone. */
  history: History;
  /** The dialog to share and save, if it is open; and the question about single trips. */
  carrying?: Bag;
  singles?: Singles;
  /** Where the guided tour is, if it is under way. */
  touring?: Touring;
  /** A policy that came with a link, about which is asked. */
  guest?: Guest;
  /** Contracts to choose from. */
  tariffs: Preset[];
  /** Share of the run under way that is done; absent when none is. */
  progress?: number;
  result?: Result;
  /** The report before the last, for comparison. */
  previous?: Report;
  /** The day shown under other charging policies, as far as it has been lived through under them. */
  compared?: { others: Compared[]; complete: boolean };
  /** The energy view, if it is open. */
  energy?: EnergyView;
  /** The depot whose site it shows, where there are several; absent: the first. */
  site?: string;
  /** Charts that show their table instead. */
  tables: TableName[];
  cut: Cut;
  /** What the power cut would mean under each policy; the last answer stays until there is a new one. */
  cuts?: CutByPolicy[];
  /** A question that could not be answered. */
  unanswered?: 'compare' | 'cuts';
  /** Whether the editor of one's own matching policy is open. */
  editor: boolean;
  /** The text in it; absent: the example. */
  draft?: string;
  /** Whether policies of one's own can run: not known before somebody wants it. */
  room?: 'open' | Forbidden;
  /** Files on their way to a town. */
  importing?: Import;
  /** Whether the comparison of policies is open; what is chosen for the next one, and what the last one says. */
  comparing: boolean;
  plan: Plan;
  outcome?: Outcome;
  /** Whether the year's account is open, and what it says. */
  accounting: boolean;
  year?: Year;
  /** What stands in its other parts. */
  deciding: DecidingState;
  /** The dialog for real roads, if it is open. */
  roads?: RoadsQuestion;
  /** Tiles under the map's roads, and others that are not agreed to yet. */
  tiles?: Tiles;
  tilesWanted?: TilesWanted;
  detail?: Detail;
  heat: Heat;
  cells: Cell[];
  /** Whether the map shows so many vans that they are drawn small. */
  crowded: boolean;
  /** Of many vans: what the wanted one's name holds, and how far their row is scrolled, pixels. */
  vans: { text: string; left: number };
  chart: ChartName;
  /** The panels that are shown. */
  panels: readonly Tab[];
  tab: Tab;
  tryOpen: boolean;
  playing: boolean;
  speed: number;
  notice?: Notice;
}

/** A comparison that every town can make. */
export const FIRST_PLAN: Plan = {
  choices: [
    { matching: 'nearest', rebalancing: 'stay' },
    { matching: 'insertion', rebalancing: 'stay' },
    { matching: 'pooling', rebalancing: 'stay' },
  ],
  days: 20,
};

export function initialState(lang: Lang, theme: ThemeName, panels: readonly Tab[] = TABS): State {
  return {
    lang,
    theme,
    towns: OWN_TOWNS,
    series: {},
    history: NO_HISTORY,
    tariffs: [],
    tables: [],
    cut: { from_s: 15 * 3600, hours: 24 },
    editor: false,
    comparing: false,
    accounting: false,
    plan: FIRST_PLAN,
    deciding: NOTHING_DECIDED,
    heat: { on: false, end: 'origin', resolution: 9, hours: 'day', from_h: 9, to_h: 12 },
    cells: [],
    crowded: false,
    vans: { text: '', left: 0 },
    chart: 'riders',
    panels,
    tab: panels.includes('day') ? 'day' : panels[0]!,
    tryOpen: true,
    playing: false,
    speed: 60,
  };
}

type Listener = (state: State, before: State) => void;

/** Holds the state; every change makes a new one and tells it to all who listen. */
export class Store {
  #state: State;
  #listeners: Listener[] = [];

  constructor(state: State) {
    this.#state = state;
  }

  get state(): State {
    return this.#state;
  }

  set(change: Partial<State>): void {
    const before = this.#state;
    this.#state = { ...before, ...change };
    for (const listener of this.#listeners) listener(this.#state, before);
  }

  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }
}

/** The span of desired pick-ups that the demand map counts. */
export function heatSpan(heat: Heat, t_s: number): { from_s: number; to_s: number } {
  switch (heat.hours) {
    case 'day':
      return { from_s: 0, to_s: 48 * 3600 };
    case 'now': {
      // In steps of ten minutes, so that the cells do not flicker while time plays.
      const middle = Math.round(t_s / 600) * 600;
      return { from_s: middle - 1800, to_s: middle + 1800 };
    }
    case 'chosen':
      return { from_s: heat.from_h * 3600, to_s: heat.to_h * 3600 };
  }
}

/** Rides that are listed, and drawn on the map, at most. */
export const LISTED = 200;

/** The rides that the detail panel is about, in the order of the day. */
export function ridesOf(detail: Detail | undefined, rides: Ride[], cells: Cell[]): Ride[] {
  if (detail?.kind === 'refusals') return rides.filter((ride) => !ride.served && ride.limit === detail.limit);
  if (detail?.kind !== 'cell') return [];
  const requests = new Set(cells.find((cell) => cell.id === detail.id)?.requests);
  return rides.filter((ride) => requests.has(ride.request)).sort((a, b) => a.earliest_s - b.earliest_s);
}

/**
 * Where a day begins to be worth watching: half an hour before the service or the first ride wanted. The night before it is
 * there to be looked at, but playing does not begin in it.
 */
export function playsFrom(rides: Ride[], begin_s: number, opens_s: number | undefined): number {
  const first = rides.reduce((soonest, ride) => Math.min(soonest, ride.earliest_s), opens_s ?? Infinity);
  return Number.isFinite(first) ? Math.max(begin_s, Math.floor(first / 1800 - 1) * 1800) : begin_s;
}

/** Where the slider begins: with the sites' accounts, and not with the first booking in the night; else where playing does. */
export function shownFrom(report: Report, begin_s: number, opens_s: number): number {
  const accounts = report.sites.map(({ series }) => series.from_s);
  return accounts.length > 0 ? Math.max(begin_s, Math.min(...accounts, opens_s)) : opens_s;
}

/** The moment to begin with: two minutes before most calls are under way at once, so that there is something to see. */
export function firstScene(rides: Ride[], begin_s: number): number {
  const served = rides.filter((ride) => ride.served);
  const changes = served.flatMap((ride) => [
    { t_s: ride.earliest_s, by: 1 },
    { t_s: ride.dropoff_s!, by: -1 },
  ]);
  changes.sort((a, b) => a.t_s - b.t_s || a.by - b.by);
  let [underWay, most, busiest_s] = [0, 0, begin_s + 120];
  for (const { t_s, by } of changes) {
    underWay += by;
    if (underWay > most) [most, busiest_s] = [underWay, t_s];
  }
  return Math.max(begin_s, busiest_s - 120);
}

/** West, south, east, north in degrees. */
export type Box = [number, number, number, number];

/** Share of all rides' ends that the first view holds along each axis: some four fifths in all, and the rest lie far out. */
const SEEN = 0.85;

/** The box around the places where most rides begin and end, so that a first look falls where vans are. */
export function busyBox(rides: Ride[], { stops, network, drawing }: Scenario): Box {
  const places = rides.flatMap(({ origin, destination }) => [origin, destination].map((stop) => network.nodes[stops[stop]!.node]!));
  if (places.length === 0) return drawing.view;
  const middle = (values: number[]): [number, number] => {
    values.sort((a, b) => a - b);
    const cut = Math.round(((1 - SEEN) / 2) * (values.length - 1));
    return [values[cut]!, values[values.length - 1 - cut]!];
  };
  const [west, east] = middle(places.map(({ lng }) => lng));
  const [south, north] = middle(places.map(({ lat }) => lat));
  return [west, south, east, north];
}

/** How much larger the first view may become for a van. */
const WIDER = 1.4;

/** A box widened for places (longitude and latitude in turn) that lie a little outside of it. */
export function widened(box: Box, places: Float64Array): Box {
  const [width, height] = [box[2] - box[0], box[3] - box[1]];
  let wide = box;
  for (let at = 0; at < places.length; at += 2) {
    const [lng, lat] = [places[at]!, places[at + 1]!];
    const next: Box = [Math.min(wide[0], lng), Math.min(wide[1], lat), Math.max(wide[2], lng), Math.max(wide[3], lat)];
    if (next[2] - next[0] <= WIDER * width && next[3] - next[1] <= WIDER * height) wide = next;
  }
  return wide;
}

/** Whether any van has a battery; a bus may have none, and its 0 kWh would look like a saving. */
export const hasBatteries = ({ lowest_soc }: Report): boolean => lowest_soc !== undefined;

/** Whether a change of a figure is good for riders or operator: 1 if more is better, -1 if less is, 0 if neither. */
export const DIRECTION: Record<string, -1 | 0 | 1> = {
  served_share: 1,
  within_15_min_share: 1,
  mean_wait_s: -1,
  p95_wait_s: -1,
  ride_factor: -1,
  shared_share: 0,
  late_pickups: -1,
  no_shows: 0,
  breakdowns: -1,
  stuck: -1,
  vehicle_km: -1,
  rides_per_driver_hour: 1,
  batches_proven: 1,
  fares_yen: 1,
  mean_walk_s: -1,
  mean_journey_s: -1,
  yen_per_ride: -1,
  empty_share: -1,
  energy_used_kwh: -1,
  energy_drawn_kwh: -1,
  lowest_soc: 1,
};
