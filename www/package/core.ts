// Noriai's core on this thread, in a browser or in Node: the engine's module, the built-in towns, and days lived through at once or in
// slices. `noriai/worker` does the same beside the page.
import initialise, {
  check_scenario,
  Comparison,
  figures as figuresOf,
  random_seed,
  Simulation,
  site_figures,
  tariffs as tariffsOf,
  Town,
  usual_policies,
  type Figure,
  type Findings,
  type MatchingPolicy,
  type Preset,
  type Problem,
  type RebalancingPolicy,
  type Report,
  type Scenario,
  type UsualPolicies,
} from '../pkg/noriai.js';
import { OWN_TOWNS } from '../src/towns';
import { InvalidScenario, noScript } from './errors';
import { jsonAt, moduleOf, type Source } from './source';

export type * from '../pkg/noriai.js';
export { Comparison, line_ways as lineWays, Playback, Simulation, Study, Town, version } from '../pkg/noriai.js';
export { Cancelled, Crashed, InvalidScenario } from './errors';
export type { Source } from './source';

/** A scenario as an object, or as JSON. */
export type AnyScenario = Scenario | string;

/** A day that was lived through: its figures, and its record, for a `Playback`. */
export interface Run {
  report: Report;
  log: Uint8Array;
}

let ready: Promise<WebAssembly.Module> | undefined;

/**
 * Makes the engine ready; everything else of this module waits for it. Without a source it is the file beside this one. Whoever asks again,
 * or at the same time, gets the engine of the first who asked; after a failure, the next one tries anew. Resolves with the compiled module,
 * which `NoriaiWorker` takes as its source.
 */
export function init(source?: Source | PromiseLike<Source>): Promise<WebAssembly.Module> {
  ready ??= begin(source).catch((error: unknown) => {
    ready = undefined;
    throw error;
  });
  return ready;
}

async function begin(source?: Source | PromiseLike<Source>): Promise<WebAssembly.Module> {
  const module = await moduleOf(source);
  await initialise({ module_or_path: module });
  return module;
}

/** The words and names of the built-in towns. */
export const towns = OWN_TOWNS.map(({ id, name }) => ({ id: id!, name }));

/** The scenario of a built-in town, from its file in the package. */
export async function town(id: string): Promise<Scenario> {
  const found = OWN_TOWNS.find((each) => each.id === id);
  if (!found) throw new RangeError(`There is no town "${id}"; there are ${towns.map((each) => each.id).join(', ')}.`);
  return (await jsonAt(found.url!)) as Scenario;
}

/** Names, units and definitions of a report's figures. */
export const figures = (): Figure[] => figuresOf().figures;

/** The same of a site's account. */
export const siteFigures = (): Figure[] => site_figures().figures;

/** The built-in policies with their usual parameters. */
export const policies = (): UsualPolicies => usual_policies();

/** Contracts for electricity, each with date and source. */
export const tariffs = (): Preset[] => tariffsOf().tariffs;

/** A new seed, an integer below 2^53. */
export const randomSeed = (): number => random_seed();

const jsonOf = (scenario: AnyScenario): string => (typeof scenario === 'string' ? scenario : JSON.stringify(scenario));

/** Everything that is wrong with a scenario, with paths into it. */
export const problemsOf = (scenario: AnyScenario): Problem[] => check_scenario(jsonOf(scenario)).problems;

/** What the core throws for what is wrong with a scenario becomes the error of this package. */
function checked<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    const { problems } = error as { problems?: Problem[] };
    throw problems ? new InvalidScenario(problems) : error;
  }
}

/** Lives through a day; yields the share that is done after so many events, and returns what came of it. */
export function* slices(scenario: AnyScenario, events = 1_000): Generator<number, Run> {
  const simulation = checked(() => new Simulation(jsonOf(scenario)));
  try {
    for (let share = 0; share < 1; ) {
      share = simulation.step(events);
      if (simulation.asks) throw new InvalidScenario([noScript]);
      yield share;
    }
    return { report: simulation.report(), log: simulation.log_bytes() };
  } finally {
    simulation.free();
  }
}

/** Lives through a day in one go. Throws `InvalidScenario`. */
export function run(scenario: AnyScenario): Run {
  const day = slices(scenario);
  for (;;) {
    const { done, value } = day.next();
    if (done) return value;
  }
}

/** What takes part in a comparison. */
export interface Entrant {
  name: string;
  matching: MatchingPolicy;
  /** Absent: the scenario's. */
  rebalancing?: RebalancingPolicy;
}

/**
 * Several policies on the same days, one for each seed from `first` on: means, paired differences to the first of them, and whether these
 * are more than luck. Takes entrants times days runs.
 */
export function compare(scenario: AnyScenario, entrants: Entrant[], { days = 20, first }: { days?: number; first?: number } = {}): Findings {
  const json = jsonOf(scenario);
  const { seed, policies: own } = JSON.parse(json) as Scenario;
  const compiled = checked(() => new Town(json));
  const comparison = new Comparison(entrants.map(({ name }) => name));
  try {
    for (let day = 0; day < days; day++) {
      const ofDay = (first ?? seed) + day;
      entrants.forEach(({ matching, rebalancing = own.rebalancing }, entrant) => {
        if (matching.kind === 'script') throw new InvalidScenario([noScript]);
        const simulation = checked(() => compiled.day(ofDay, { matching, rebalancing }));
        while (simulation.step(1_000) < 1);
        comparison.add(entrant, ofDay, simulation.report());
        simulation.free();
      });
    }
    return comparison.findings();
  } finally {
    comparison.free();
    compiled.free();
  }
}
