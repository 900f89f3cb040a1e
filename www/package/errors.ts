// What can go wrong, by name.
import type { Problem } from '../pkg/noriai.js';

/** A scenario that cannot be lived through, with everything that is wrong with it. */
export class InvalidScenario extends Error {
  override readonly name = 'InvalidScenario';

  constructor(readonly problems: Problem[]) {
    super(problems.map(({ path, message }) => (path ? `${path}: ${message.en}` : message.en)).join('\n'));
  }
}

/** A run that somebody did not want any more; the reason of a signal is its `cause`. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** The engine failed twice on the same scenario; its worker was replaced. */
export class Crashed extends Error {
  override readonly name = 'Crashed';
}

/** A policy in JavaScript has to be asked by somebody. */
export const noScript: Problem = {
  path: 'policies.matching',
  message: {
    ja: 'JavaScriptの配車方策（script）はここでは動きません。組み込みの方策を選ぶか、Simulationのquestionとanswerで答えてください。',
    en: 'a policy in JavaScript (script) does not run here; choose a built-in policy, or answer with question and answer of Simulation',
  },
};
