// The worker: lives through a day in slices, so that it hears of newer runs in between. Questions about other days are asked of
// a second one.
import init, { Simulation, type Problem } from '../pkg/noriai.js';
import type { FromWorker, Question, ToWorker } from './protocol';

declare const self: DedicatedWorkerGlobalScope;

/** Events in one slice; a slice takes a few milliseconds at most. */
const SLICE = 2_000;

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

async function live(run: number, scenario: string, pause_ms: number): Promise<void> {
  await core;
  let simulation: Simulation | undefined;
  try {
    simulation = new Simulation(scenario);
    let told = performance.now();
    for (;;) {
      const share = simulation.step(pause_ms > 0 ? 1 : SLICE);
      if (share >= 1) break;
      if (performance.now() - told > 50) {
        tell({ kind: 'progress', run, share });
        told = performance.now();
      }
      await (pause_ms > 0 ? pause(pause_ms) : breathe());
      if (run !== newest) return;
    }
    const log = simulation.log_bytes();
    tell({ kind: 'done', run, report: simulation.report(), log }, [log.buffer]);
  } finally {
    simulation?.free();
  }
}

/** The newest question of each kind. */
const asked = new Map<Question['kind'], number>();

async function answer(question: Question, run: number): Promise<void> {
  asked.set(question.kind, run);
  await core;
  // Whatever was asked since then is heard first.
  await breathe();
  if (asked.get(question.kind) !== run) return;
  const simulation = new Simulation(question.scenario);
  try {
    if (question.kind === 'cuts') {
      tell({ kind: 'cuts', run, cuts: simulation.power_cuts(question.from_s, question.hours).cuts });
      return;
    }
    while (simulation.step(SLICE) < 1);
    tell({ kind: 'compare', run, compared: simulation.compared_report().compared });
  } finally {
    simulation.free();
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
      live(data.run, data.scenario, data.pause_ms).catch((error: unknown) => {
        const problems = (error as { problems?: Problem[] }).problems;
        if (problems) tell({ kind: 'invalid', run: data.run, problems });
        else tell({ kind: 'crashed', run: data.run, message: String(error) });
      });
      break;
    case 'compare':
    case 'cuts':
      answer(data, data.run).catch((error: unknown) => tell({ kind: 'crashed', run: data.run, message: String(error) }));
      break;
    case 'crash':
      throw new Error('crashed on request');
  }
};
