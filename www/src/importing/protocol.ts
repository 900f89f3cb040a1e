// What the page and the worker that reads files say to each other.
import type { Notes, Outcome, Problem, Spec, Summary, Text } from '../../pkg/readers.js';

/** The bus of a feed: which of its routes, all if none is named, in the week of which date. */
export interface Bus {
  routes: string[];
  date: string;
}

/** What is to be made of the files that were read. */
export type Wish =
  /** A town of its own, with the feed's bus if there is a feed. */
  | { kind: 'town'; spec: Spec; bus?: Bus }
  /** The town shown, as JSON, with the feed's bus instead of its own. */
  | { kind: 'bus'; scenario: string; bus: Bus }
  /** The town shown, as JSON, with hours, stops and fares of the feed's on-demand service. */
  | { kind: 'flex'; scenario: string; date: string };

/** What came of it. */
export interface Made {
  /** The town, as JSON. */
  scenario: string;
  /** What became of the map's roads. */
  notes?: Notes;
  /** Stops of the feed left out since they are far from the roads. */
  farStops: number;
  outcome?: Outcome;
  /** What could not be taken over of a feed. */
  remarks: Text[];
}

/** What the files hold. */
export interface Contents {
  notes?: Notes;
  /** Some points of the roads, longitude and latitude in turn. */
  points?: Float64Array;
  feed?: Summary;
}

export type ToImporter =
  /** `swap`: latitude and longitude are the wrong way round in them. */
  | { kind: 'read'; roads?: File; feed?: File; swap: boolean }
  /** What the feed holds on another date. */
  | { kind: 'date'; date: string }
  | { kind: 'make'; wish: Wish };

export type FromImporter =
  | { kind: 'progress'; share: number; notes?: Notes }
  | ({ kind: 'read' } & Contents)
  | { kind: 'date'; feed: Summary }
  | { kind: 'made'; made: Made }
  /** Something is wrong with the files, or with what is wished of them. */
  | { kind: 'wrong'; problems: Problem[] }
  /** The core panicked, or memory ran out; its instance cannot be used any more. */
  | { kind: 'crashed'; message: string };
