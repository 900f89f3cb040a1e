// Days lived through in a worker: the page stays free, and a run can be ended whatever it is doing.
import type { Scenario } from '../pkg/noriai.js';
import { Engine, type Run } from '../src/engine';
import { Cancelled, Crashed, InvalidScenario, noScript } from './errors';
import { moduleOf, type Source } from './source';

export { Cancelled, Crashed, InvalidScenario } from './errors';
export type { Run } from '../src/engine';
export type { Problem, Report, Scenario } from '../pkg/noriai.js';
export type { Source } from './source';

export interface WorkerOptions {
  /** Where the engine comes from; what `init` resolves with is not compiled again. Absent: the file beside this one. */
  source?: Source | PromiseLike<Source>;
  /** Starts the worker's script, where a bundler or a policy needs it to come from elsewhere. */
  start?: () => Worker;
}

export interface RunOptions {
  /** Ends the run; its promise is then rejected with `Cancelled`. */
  signal?: AbortSignal;
  /** Called with the share of the day that is done, 0 to 1. */
  onProgress?: (share: number) => void;
}

interface Asked {
  done: (run: Run) => void;
  refuse: (error: Error) => void;
  onProgress?: (share: number) => void;
}

const start = () => new Worker(new URL('./engine-worker.js', import.meta.url), { type: 'module' });

/**
 * A worker that lives through one day at a time. One that fails is replaced and its run repeated once; for several days at once, make
 * several.
 */
export class NoriaiWorker {
  readonly #options: WorkerOptions;
  #starting?: Promise<Engine>;
  #engine?: Engine;
  #asked?: Asked;
  #disposed = false;

  /** Nothing is fetched before the first run. */
  constructor(options: WorkerOptions = {}) {
    this.#options = options;
  }

  /** Lives through a day. A run under way is cancelled. Rejects with `InvalidScenario`, `Cancelled` or `Crashed`. */
  async run(scenario: Scenario | string, { signal, onProgress }: RunOptions = {}): Promise<Run> {
    if (this.#disposed) throw new Cancelled('this worker was disposed of');
    const json = typeof scenario === 'string' ? scenario : JSON.stringify(scenario);
    const ended = () => new Cancelled('the run was cancelled', { cause: signal?.reason });
    if (signal?.aborted) throw ended();
    this.#end('a newer run has begun');
    const { promise, done, refuse } = deferred<Run>();
    const asked: Asked = { done, refuse, onProgress };
    this.#asked = asked;
    const abort = () => {
      if (this.#asked === asked) this.cancel(ended());
    };
    signal?.addEventListener('abort', abort);
    try {
      const engine = await Promise.race([this.#ready(), promise.then(() => undefined)]);
      if (this.#asked === asked) {
        if (usesScript(json)) this.#settle(({ refuse }) => refuse(new InvalidScenario([noScript])));
        else engine?.run(json);
      }
      return await promise;
    } finally {
      signal?.removeEventListener('abort', abort);
      if (this.#asked === asked) this.#asked = undefined;
    }
  }

  /** Ends the run under way, if there is one. */
  cancel(error: Cancelled = new Cancelled('the run was cancelled')): void {
    if (!this.#asked) return;
    if (this.#engine?.running) this.#engine.cancel();
    this.#settle(({ refuse }) => refuse(error));
  }

  /** Ends everything and frees the worker; it cannot be used any more. */
  dispose(): void {
    this.cancel(new Cancelled('this worker was disposed of'));
    this.#disposed = true;
    this.#engine?.close();
  }

  #end(message: string): void {
    // The engine itself drops a run when it gets the next.
    this.#settle(({ refuse }) => refuse(new Cancelled(message)));
  }

  #settle(how: (asked: Asked) => void): void {
    const asked = this.#asked;
    this.#asked = undefined;
    if (asked) how(asked);
  }

  #ready(): Promise<Engine> {
    this.#starting ??= this.#begin().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    return this.#starting;
  }

  async #begin(): Promise<Engine> {
    const module = await moduleOf(this.#options.source);
    if (this.#disposed) throw new Cancelled('this worker was disposed of');
    this.#engine = new Engine(this.#options.start ?? start, module, {
      progress: (share) => this.#asked?.onProgress?.(share),
      done: ({ report, log }) => this.#settle(({ done }) => done({ report, log })),
      invalid: (problems) => this.#settle(({ refuse }) => refuse(new InvalidScenario(problems))),
      repeated: () => {},
      failed: (message) => this.#settle(({ refuse }) => refuse(new Crashed(message))),
    });
    return this.#engine;
  }
}

function deferred<T>() {
  let done!: (value: T) => void;
  let refuse!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    done = yes;
    refuse = no;
  });
  return { promise, done, refuse };
}

/** Whether a scenario's matching policy is a script; what is no JSON is for the engine to refuse. */
function usesScript(json: string): boolean {
  try {
    return (JSON.parse(json) as Partial<Scenario>).policies?.matching?.kind === 'script';
  } catch {
    return false;
  }
}
