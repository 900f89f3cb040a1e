// The embedded page's end of the conversation: it hears its own parent alone, and only from origins that its address names.
import { check_scenario, version, type Text } from '../../pkg/noriai.js';
import type { App } from '../app';
import { sentences } from '../files';
import type { State } from '../state';
import { requestIn, VERSION, type Answer, type Asked, type Event, type Told } from './protocol';
import { finished, selected } from './told';

export class Channel {
  readonly #parent = window.parent;
  /** Of the parent: told by the browser, or known once it has spoken, or taken to be the only one that may. */
  #origin?: string;
  #height_px = 0;

  constructor(
    private readonly app: App,
    private readonly origins: readonly string[],
  ) {
    if (origins.length === 0 || this.#parent === window) return;
    const origin = location.ancestorOrigins?.[0] ?? (origins.length === 1 ? origins[0] : undefined);
    if (origin !== undefined && origins.includes(origin)) this.#origin = origin;
    window.addEventListener('message', (message) => void this.#hear(message));
    app.store.onChange((state, before) => this.#changed(state, before));
    new ResizeObserver(() => this.#measure()).observe(document.body);
    this.#tell(this.#ready());
  }

  async #hear({ data, origin, source }: MessageEvent<unknown>): Promise<void> {
    if (source !== this.#parent || !this.origins.includes(origin)) return;
    const asked = requestIn(data);
    if (!asked) return;
    this.#origin = origin;
    const refused = 'wrong' in asked ? [asked.wrong] : await this.#do(asked);
    const head = { noriai: VERSION, id: asked.id } as const;
    const answer: Answer = refused.length > 0 ? { ...head, ok: false, reasons: refused } : { ...head, ok: true, value: this.#value(asked as Asked) };
    this.#parent.postMessage(answer, origin);
  }

  /** Does what is asked; what is in its way. */
  async #do(asked: Asked): Promise<Text[]> {
    const { app } = this;
    switch (asked.kind) {
      case 'hello':
        return [];
      case 'show':
        return app.opening.bring(asked.changes);
      case 'load': {
        const json = JSON.stringify(asked.scenario);
        const { problems } = check_scenario(json);
        if (problems.length > 0) return sentences(problems);
        await app.load([new File([json], 'scenario.json')]);
        return [];
      }
      case 'language':
        await app.setLang(asked.language);
        return [];
      case 'theme':
        app.setTheme(asked.theme);
        return [];
      case 'play':
        if (asked.playing) app.play();
        else app.pause();
        return [];
      case 'seek':
        app.seek(asked.t_s);
        return [];
      case 'report':
        return app.state.result ? [] : [{ ja: 'まだ一日が終わっていません。', en: 'no day is finished yet' }];
    }
  }

  #value({ kind }: Asked): Told['value'] {
    if (kind === 'hello') return this.#ready().value;
    return kind === 'report' ? finished(this.app) : undefined;
  }

  #ready(): Told & { event: 'ready' } {
    const { lang, chosen } = this.app.state;
    return { event: 'ready', value: { version: version(), town: chosen?.id, language: lang, height_px: this.#height_px } };
  }

  #changed(state: State, before: State): void {
    if (state.result && state.result !== before.result) this.#tell({ event: 'run-finished', value: finished(this.app) });
    if (state.detail !== before.detail) this.#tell({ event: 'selection', value: selected(this.app) });
    requestAnimationFrame(() => this.#measure());
  }

  /** How high the page would be if each panel that scrolls showed all of it. */
  #measure(): void {
    const hidden = [...document.querySelectorAll('#page > .sheet')].map(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
    const height_px = window.innerHeight + Math.max(0, ...hidden);
    if (height_px === this.#height_px) return;
    this.#height_px = height_px;
    this.#tell({ event: 'height', value: { height_px } });
  }

  #tell(told: Told): void {
    const event: Event = { noriai: VERSION, ...told };
    if (this.#origin !== undefined) this.#parent.postMessage(event, this.#origin);
  }
}
