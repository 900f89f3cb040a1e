// The worker: lives through a day in slices, so that it hears of newer runs in between. Questions about other days are asked of
// a second one, and comparisons of policies are made by several more.
import init, {
  Simulation,
  Study,
  Town,
  type Compared,
  type CutByPolicy,
  type Problem,
} from '../pkg/noriai.js';
import { Policy } from './policy/asked';
import type { Failure } from './policy/protocol';
import type { Day, FromWorker, OwnPolicy, Question, ToWorker, Trial } from './protocol';

declare const self: DedicatedWorkerGlobalScope;

/** Events between two looks at the clock, at most; one of them may be a schedule for the rest of the day. */
const EVENTS = 32;

/** After so long it hears whether there is a newer run, milliseconds. */
const SLICE_MS = 8;

const tell = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, transfer);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// Timers are held back to 4 ms when nested; a message to oneself is not.
const breath = new MessageChannel();
const waiting: (() => void)[] = [];
breath.port2.onmessage = () => waiting.shift()?.();
const breathe = () =>
  new Promise<void>((resolve) => {
    waiting.push(resolve);
    breath.port1.postMessage(undefined);
  });

let core: Promise<unknown> | undefined;
let newest = 0;

let events = EVENTS;

/** Lives through a slice; the share of the day that is done. */
function slice(simulation: Simulation): number {
  const end = performance.now() + SLICE_MS;
  for (;;) {
    const share = simulation.step(events);
    const isOver = performance.now() >= end;
    // With a thousand vans a single decision may take longer than a slice.
    events = isOver ? Math.max(1, events >> 1) : Math.min(EVENTS, 2 * events);
    if (share >= 1 || simulation.asks || isOver) return share;
  }
}

const giveUp = (simulation: Simulation, { message: { ja, en }, line }: Failure) => simulation.give_up(ja, en, line);

/** A policy of one's own, ready to be asked; or none, if it does not even load. */
async function load(simulation: Simulation, { source, seed, limit_ms, port }: OwnPolicy): Promise<Policy> {
  const policy = new Policy(port, limit_ms);
  const times = (slow?: number) => simulation.travel_times_s(slow) as Float64Array<ArrayBuffer>;
  const speeds = [...simulation.slow_speeds_kmh()];
  const travel = {
    targets: simulation.travel_targets() as Uint32Array<ArrayBuffer>,
    times_s: times(),
    slow: speeds.map((max_speed_kmh, slow) => ({ max_speed_kmh, times_s: times(slow) })),
  };
  const failure = await policy.load(source, seed, simulation.town(), travel);
  if (failure) giveUp(simulation, failure);
  return policy;
}

/** Puts the open question to the policy. */
async function ask(simulation: Simulation, policy: Policy): Promise<void> {
  const said = await policy.decide(simulation.question());
  if ('assignments' in said) simulation.answer(said.assignments);
  else giveUp(simulation, said);
}

async function live(run: number, scenario: string, pause_ms: number, own: OwnPolicy | undefined): Promise<void> {
  await core;
  let simulation: Simulation | undefined;
  let policy: Policy | undefined;
  try {
    simulation = new Simulation(scenario);
    if (own) policy = await load(simulation, own);
    let told = performance.now();
    for (;;) {
      const share = pause_ms > 0 ? simulation.step(1) : slice(simulation);
      if (share >= 1) break;
      if (performance.now() - told > 50) {
        tell({ kind: 'progress', run, share });
        told = performance.now();
      }
      if (simulation.asks) await ask(simulation, policy!);
      else if (pause_ms === 0) await breathe();
      if (pause_ms > 0) await pause(pause_ms);
      if (run !== newest) return;
    }
    const log = simulation.log_bytes();
    tell({ kind: 'done', run, report: simulation.report(), log }, [log.buffer]);
  } finally {
    simulation?.free();
    policy?.close();
  }
}

/** The towns of the comparison under way, two at most, each compiled once for all of its days. */
const compiled = new Map<string, Town>();

function compiledTown(scenario: string): Town {
  const known = compiled.get(scenario);
  if (known) return known;
  const [oldest] = compiled;
  if (compiled.size > 1 && oldest) {
    oldest[1].free();
    compiled.delete(oldest[0]);
  }
  const town = new Town(scenario);
  compiled.set(scenario, town);
  return town;
}

async function compete({ scenario, seed, changes }: Trial): Promise<void> {
  await core;
  const day = compiledTown(scenario).day(seed, changes);
  try {
    // Nobody asks it anything else: who does not want the day any more ends this worker.
    while (day.step(EVENTS) < 1);
    tell({ kind: 'trial', report: day.report() });
  } finally {
    day.free();
  }
}

/** The newest question of each kind. */
const asked = new Map<Question['kind'], number>();

/** The day that was asked about last; whatever was lived through for it is kept for the next question. */
let studied: { scenario: string; study: Study } | undefined;

function study({ scenario, log }: Day): Study {
  if (studied?.scenario !== scenario) {
    studied?.study.free();
    studied = undefined;
    studied = { scenario, study: new Study(scenario, log) };
  }
  return studied.study;
}

async function answer(question: Question, run: number): Promise<void> {
  asked.set(question.kind, run);
  await core;
  /** Hears whatever was asked since; whether this question still counts. */
  const goesOn = async () => {
    await breathe();
    return asked.get(question.kind) === run;
  };
  if (!(await goesOn())) return;
  if (question.kind === 'cuts') {
    const cuts: CutByPolicy[] = [];
    for (let policy = 0; policy < study(question.day).policies; policy++) {
      cuts.push(...study(question.day).power_cut(policy, question.from_s, question.hours).cuts);
      if (!(await goesOn())) return;
    }
    tell({ kind: 'cuts', run, cuts });
    return;
  }
  const compared: Compared[] = [];
  for (;;) {
    const complete = compared.length === study(question.day).comparisons;
    if (complete || compared.length > 0) tell({ kind: 'compare', run, compared, complete });
    if (complete || !(await goesOn())) return;
    compared.push(study(question.day).compared(compared.length));
  }
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  switch (data.kind) {
    case 'core':
      core = init({ module_or_path: data.module });
      break;
    case 'run':
      newest = data.run;
      tell({ kind: 'progress', run: data.run, share: 0 });
      live(data.run, data.scenario, data.pause_ms, data.policy).catch((error: unknown) => {
        const problems = (error as { problems?: Problem[] }).problems;
        if (problems) tell({ kind: 'invalid', run: data.run, problems });
        else tell({ kind: 'crashed', run: data.run, message: String(error) });
      });
      break;
    case 'compare':
    case 'cuts':
      answer(data, data.run).catch((error: unknown) => tell({ kind: 'crashed', run: data.run, message: String(error) }));
      break;
    case 'trial':
      compete(data).catch((error: unknown) => tell({ kind: 'crashed', run: 0, message: String(error) }));
      break;
    case 'drop':
      asked.delete(data.of);
      break;
    case 'crash':
      throw new Error('crashed on request');
  }
};
