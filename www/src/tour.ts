// The guided tour: five steps through the town that is shown, each with something to do. What a step changed is put back when it is left.
import type { App } from './app';
import { hasSpread } from './comparison';
import { ownSite, type Settings } from './settings';
import type { Tab } from './place';
import type { State } from './state';

export const STEPS = ['watch', 'supervisors', 'fewer', 'sharing', 'energy', 'grown', 'bus', 'carry'] as const;
export type StepName = (typeof STEPS)[number];

/** How many steps a tour has. */
export const LENGTH = 5;

/** Where a tour is. */
export interface Touring {
  steps: StepName[];
  at: number;
  /** The settings before the step's own change, and those after it; absent until it is made. */
  changed?: { from: Settings; to: Settings };
}

/** What can be told of a town, in the order in which it is told; the last is always how to take it away. */
export function stepsOf({ town, settings, trips }: Pick<State, 'town' | 'settings' | 'trips'>): StepName[] {
  if (!town || !settings) return [];
  const there: Record<StepName, boolean> = {
    watch: true,
    supervisors: settings.supervisors !== undefined && settings.supervisors > 1,
    fewer: settings.vans > 1,
    sharing: true,
    energy: ownSite(town) !== undefined,
    grown: town.growth !== undefined,
    bus: town.fixed_route !== undefined && hasSpread({ town, trips } as State),
    carry: true,
  };
  const all = STEPS.filter((step) => step !== 'carry' && there[step]);
  // A larger service is told only where there is room for it.
  const told = all.length >= LENGTH ? all.filter((step) => step !== 'grown') : all;
  return told.length >= LENGTH ? told.slice(0, LENGTH) : [...told, 'carry'];
}

/** Where on a phone a step is to be seen. */
const TAB: Record<StepName, Tab> = {
  watch: 'day',
  supervisors: 'figures',
  fewer: 'figures',
  sharing: 'figures',
  energy: 'day',
  grown: 'figures',
  bus: 'day',
  carry: 'figures',
};

export class Tour {
  constructor(private readonly app: App) {}

  begin = (): void => this.#go({ steps: stepsOf(this.app.state), at: 0 });

  end = (): void => {
    this.#putBack();
    this.app.showEnergy(undefined);
    this.app.store.set({ touring: undefined });
  };

  step(by: 1 | -1): void {
    const { touring } = this.app.state;
    if (!touring) return;
    const at = touring.at + by;
    if (at >= touring.steps.length) {
      this.end();
      return;
    }
    this.#putBack();
    this.#go({ steps: touring.steps, at: Math.max(0, at) });
  }

  #go(touring: Touring): void {
    const { app } = this;
    const step = touring.steps[touring.at];
    if (!step) return;
    app.pause();
    // First: while it is under way, the card has the focus, and not the room that it opens.
    app.store.set({ touring, tab: TAB[step], detail: undefined });
    if (step === 'bus') app.showPart('policies');
    else app.showEnergy(step === 'energy' ? 'day' : undefined);
  }

  /** What the step's button does. */
  act = (): void => {
    const { app } = this;
    const { touring, settings, town } = app.state;
    if (!touring || !settings || !town) return;
    switch (touring.steps[touring.at]!) {
      case 'watch':
        app.toggle();
        break;
      case 'supervisors':
        this.#change({ supervisors: Math.max(0, settings.supervisors! - 1) });
        break;
      case 'fewer':
        this.#change({ vans: Math.max(1, settings.vans - 1) });
        break;
      case 'sharing':
        this.#change({ matching: app.matching(settings.matching.kind === 'nearest' ? 'insertion' : 'nearest') });
        break;
      case 'energy':
        this.#change({ charging: { kind: 'optimal', below_soc: settings.charging.below_soc, discharge: false, foresight: false } });
        break;
      case 'grown':
        this.#change({ ...town.growth });
        break;
      case 'bus':
        if (app.state.outcome?.status === 'running') break;
        app.comparing.plan({ choices: [{ matching: 'fixed_route', rebalancing: 'stay' }, { matching: 'insertion', rebalancing: 'stay' }], days: 5 });
        app.comparing.begin();
        break;
      case 'carry':
        app.carrying.open();
        break;
    }
  };

  #change(change: Partial<Settings>): void {
    const { app } = this;
    const { touring, settings } = app.state;
    app.change(change);
    app.store.set({ touring: { ...touring!, changed: { from: touring!.changed?.from ?? settings!, to: app.state.settings! } } });
  }

  /** The settings before the step, unless somebody else has changed them since. */
  #putBack(): void {
    const { touring, settings } = this.app.state;
    if (touring?.changed && touring.changed.to === settings) this.app.change(touring.changed.from);
  }
}
