// What the rooms for deciding hold: the sweep, the search for a fleet, and the runs that are kept.
import type { Sizing } from '../../pkg/noriai.js';
import type { MatchingKind, Settings } from '../settings';
import type { KeptRun, Pairing, RunSort } from './runs';
import type { Sweep, SweepPlan } from './sweep';

/** The parts of the room. */
export const PARTS = ['policies', 'sweep', 'fleet', 'runs'] as const;
export type Part = (typeof PARTS)[number];

/** What is asked of the next search. */
export interface FleetPlan {
  share: number;
  within_min: number;
  matching: MatchingKind;
  factor: number;
  days: number;
}

/** A search, ended or not. */
export interface FleetFound {
  plan: FleetPlan;
  /** Seed of the first day. */
  first: number;
  /** What was set at the left, and whether the site had series of one's own. */
  settings: Settings;
  series: boolean;
  sizing: Sizing;
  /** Vans that are being probed, and days finished with them. */
  probing?: { vans: number; finished: number };
  status: 'running' | 'done' | 'cancelled' | 'failed';
}

export interface DecidingState {
  part: Part;
  sweepPlan?: SweepPlan;
  sweep?: Sweep;
  fleetPlan?: FleetPlan;
  fleet?: FleetFound;
  runs: KeptRun[];
  sort?: RunSort;
  /** Two runs side by side. */
  pair?: Pairing;
}

export const NOTHING_DECIDED: DecidingState = { part: 'policies', runs: [] };
