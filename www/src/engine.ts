// The page's side of the worker: starts runs, replaces a worker that fails, repeats the run once.
import type { Problem, Report } from '../pkg/noriai.js';
import type { FromWorker, OwnPolicy, ToWorker } from './protocol';

export interface Run {
  report: Report;
  log: Uint8Array;
}

export interface Listener {
  progress(share: number): void;
  done(run: Run): void;
  invalid(problems: Problem[]): void;
  /** The worker was replaced and the run is repeated. */
  repeated(): void;
  /** The repeated run failed as well. */
  failed(message: string): void;
}

/** What the engine needs of a worker; tests give it one without a browser. */
export interface WorkerLike {
  postMessage(message: ToWorker, transfer?: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** A worker that says nothing for so long while it should be running is dead. A city's travel times come in one piece. */
const SILENCE_MS = 60_000;

export class Engine {
  #worker: WorkerLike;
  #run = 0;
  #current?: { scenario: string; policy?: () => OwnPolicy; repeated: boolean };
  #silence?: ReturnType<typeof setTimeout>;

  constructor(
    private readonly start: () => WorkerLike,
    private readonly module: WebAssembly.Module,
    private readonly listener: Listener,
    private readonly pause_ms = 0,
  ) {
    this.#worker = this.#spawn();
  }

  get running(): boolean {
    return this.#current !== undefined;
  }

  /** Lives through a day, with a policy of one's own if there is one: started anew for every attempt. A run under way is dropped. */
  run(scenario: string, policy?: () => OwnPolicy): void {
    this.#current = { scenario, policy, repeated: false };
    this.#post();
  }

  /** Ends the run under way at once, whatever it is doing. */
  cancel(): void {
    this.#finish();
    this.#replace();
  }

  /** Ends it for good. */
  close(): void {
    this.#finish();
    this.#worker.terminate();
  }

  /** Makes the worker fail, for tests. */
  crash(): void {
    this.#worker.postMessage({ kind: 'crash' });
  }

  #post(): void {
    this.#run += 1;
    const { scenario, policy: start } = this.#current!;
    const policy = start?.();
    const { pause_ms } = this;
    this.#worker.postMessage({ kind: 'run', run: this.#run, scenario, pause_ms, policy }, policy ? [policy.port] : []);
    this.#listen();
  }

  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#crashed('no answer'), SILENCE_MS);
  }

  #finish(): void {
    clearTimeout(this.#silence);
    this.#current = undefined;
  }

  #spawn(): WorkerLike {
    const worker = this.start();
    worker.postMessage({ kind: 'core', module: this.module });
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#crashed(event.message);
    };
    return worker;
  }

  #replace(): void {
    this.#worker.terminate();
    this.#worker = this.#spawn();
  }

  #crashed(message: string): void {
    this.#replace();
    if (!this.#current) return;
    if (this.#current.repeated) {
      this.#finish();
      this.listener.failed(message);
      return;
    }
    this.#current.repeated = true;
    this.#post();
    this.listener.repeated();
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'trial' || message.run !== this.#run || !this.#current) return;
    switch (message.kind) {
      case 'progress':
        this.#listen();
        this.listener.progress(message.share);
        break;
      case 'done':
        this.#finish();
        this.listener.done(message);
        break;
      case 'invalid':
        this.#finish();
        this.listener.invalid(message.problems);
        break;
      case 'crashed':
        this.#crashed(message.message);
        break;
      case 'compare':
      case 'cuts':
        break;
    }
  }
}
