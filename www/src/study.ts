// Questions that take whole days more than the one shown: asked of a worker of their own, so that new figures never wait.
import type { Compared, CutByPolicy } from '../pkg/noriai.js';
import type { WorkerLike } from './engine';
import type { FromWorker, Question } from './protocol';

export interface StudyListener {
  /** What is known so far; more comes until it is complete. */
  compared(compared: Compared[], complete: boolean): void;
  cuts(cuts: CutByPolicy[]): void;
  /** A question has no answer; the worker was replaced. */
  failed(kind: Question['kind']): void;
}

export class Study {
  #worker?: WorkerLike;
  #run = 0;
  /** The newest question of each kind that has no answer yet. */
  #asked = new Map<Question['kind'], number>();

  constructor(
    private readonly start: () => WorkerLike,
    private readonly module: WebAssembly.Module,
    private readonly listener: StudyListener,
  ) {}

  /** Asks; an older question of the kind is dropped. */
  ask(question: Question): void {
    this.#worker ??= this.#spawn();
    this.#run += 1;
    this.#asked.set(question.kind, this.#run);
    this.#worker.postMessage({ ...question, run: this.#run });
  }

  /** What is still to be answered is not wanted any more. */
  drop(kind: Question['kind']): void {
    if (this.#asked.delete(kind)) this.#worker?.postMessage({ kind: 'drop', of: kind });
  }

  /** Ends whatever it is about. */
  close(): void {
    this.#asked.clear();
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #spawn(): WorkerLike {
    const worker = this.start();
    worker.postMessage({ kind: 'core', module: this.module });
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#failed();
    };
    return worker;
  }

  #failed(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    const lost = [...this.#asked.keys()];
    this.#asked.clear();
    for (const kind of lost) this.listener.failed(kind);
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'crashed') this.#failed();
    if (message.kind !== 'compare' && message.kind !== 'cuts') return;
    if (message.run !== this.#asked.get(message.kind)) return;
    const complete = message.kind === 'cuts' || message.complete;
    if (complete) this.#asked.delete(message.kind);
    if (message.kind === 'compare') this.listener.compared(message.compared, complete);
    else this.listener.cuts(message.cuts);
  }
}
