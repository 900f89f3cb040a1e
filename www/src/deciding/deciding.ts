// The rooms for deciding, fetched when the first of them opens.
import type { TemplateResult } from 'lit';
import type { App } from '../app';
import { fleetPanel } from '../panels/fleet';
import { runsPanel } from '../panels/runs';
import { sweepPanel } from '../panels/sweep';
import type { Pool, PoolListener } from '../pool';
import { FleetSizing } from './fleet';
import { Pair } from './pair';
import { Runs } from './runs';
import { Sweeping } from './sweep';

export class Deciding {
  readonly sweep: Sweeping;
  readonly fleet: FleetSizing;
  readonly runs: Runs;
  readonly pair: Pair;

  constructor(
    private readonly app: App,
    pool: (listener: PoolListener) => Pool,
  ) {
    this.sweep = new Sweeping(app, pool);
    this.fleet = new FleetSizing(app, pool);
    this.runs = new Runs(app, pool);
    this.pair = new Pair(app);
    // Charts are as wide as their room.
    window.addEventListener('resize', () => app.store.set({}));
  }

  /** What was found about the last town; runs have theirs with them. */
  forget(): void {
    this.sweep.forget();
    this.fleet.forget();
  }

  /** The part that is open. */
  panel(): TemplateResult | undefined {
    const { app } = this;
    switch (app.state.deciding.part) {
      case 'policies':
        return undefined;
      case 'sweep':
        return sweepPanel(app, this.sweep);
      case 'fleet':
        return fleetPanel(app, this.fleet);
      case 'runs':
        return runsPanel(app, this);
    }
  }
}

/** Room for a chart within the panel, pixels: as wide as style/room.css makes it. */
export function chartWidth(): number {
  const { innerWidth } = window;
  return innerWidth < 900 ? innerWidth - 32 : Math.max(320, Math.min(848, innerWidth - 336 - 176) - 56);
}

/** How long something takes, in words. */
export function duration({ words, format }: App, ms: number): string {
  const seconds = ms / 1000;
  return seconds < 90 ? words.decide.seconds(format.number(Math.max(1, Math.ceil(seconds)))) : words.decide.minutes(format.number(Math.ceil(seconds / 60)));
}
