// The engine's side of a policy of one's own: asks it, and does not wait for ever. The port leads straight to the policy's
// worker, so that no question waits for a page that is drawing its map.
import type { Assignment, Question, QuestionTown } from '../../pkg/noriai.js';
import type { Failure, FromPolicy, ToPolicy, Travel } from './protocol';

/** How long a worker may take to be there, milliseconds. With the longest limit for an answer, the page does not take the engine for dead. */
const START_MS = 4_000;

/** What a policy said: its assignments, or why there are none. */
export type Said = { assignments: Assignment[] } | Failure;

/** What it needs of a port; tests give it one without a browser. */
export type PortLike = Pick<MessagePort, 'postMessage' | 'close' | 'onmessage'>;

export class Policy {
  #heard?: (message: FromPolicy) => void;
  /** What came before anybody listened. */
  #early: FromPolicy[] = [];

  constructor(
    private readonly port: PortLike,
    private readonly limit_ms: number,
  ) {
    port.onmessage = ({ data }: MessageEvent<FromPolicy>) => {
      if (this.#heard) this.#heard(data);
      else this.#early.push(data);
    };
  }

  /** Hands over the user's text and the town; what went wrong, if anything did. */
  async load(source: string, seed: number, town: QuestionTown, travel: Travel): Promise<Failure | undefined> {
    const awake = await this.#hear(START_MS);
    if (awake.kind === 'failed') return awake;
    const tables = [travel, ...travel.slow].map(({ times_s }) => times_s.buffer);
    this.port.postMessage({ kind: 'load', source, seed, town, travel } satisfies ToPolicy, [travel.targets.buffer, ...tables]);
    const loaded = await this.#hear(this.limit_ms);
    return loaded.kind === 'failed' ? loaded : undefined;
  }

  async decide(snapshot: Question): Promise<Said> {
    this.port.postMessage({ kind: 'ask', snapshot } satisfies ToPolicy);
    const said = await this.#hear(this.limit_ms);
    return said.kind === 'answer' ? said : (said as Failure);
  }

  close(): void {
    this.port.close();
  }

  #hear(limit_ms: number): Promise<FromPolicy> {
    const early = this.#early.shift();
    if (early) return Promise.resolve(early);
    return new Promise((resolve) => {
      const hear = (message: FromPolicy) => {
        clearTimeout(late);
        this.#heard = undefined;
        resolve(message);
      };
      const late = setTimeout(() => hear({ kind: 'failed', message: tooLate(limit_ms) }), limit_ms);
      this.#heard = hear;
    });
  }
}

const tooLate = (limit_ms: number) => ({
  ja: `${limit_ms}ミリ秒以内に答えがありませんでした。`,
  en: `there was no answer within ${limit_ms} ms`,
});
