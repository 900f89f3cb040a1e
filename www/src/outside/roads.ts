// Real roads for a town: the dialog's state, and what its buttons do. Nothing leaves the machine before `ask`.
import type { App } from '../app';
import type { Box } from '../state';
import { Watch } from './forbidden';
import { areaKm2, askRoads, boxOf, boxText, MOST_KM2, placeText, PUBLIC_SERVER, serverOf, type Failure } from './overpass';

/** What stands in the dialog while it is open. */
export interface RoadsQuestion {
  /** West, south, east and north in degrees, as written. */
  box: string;
  /** Where the question goes. */
  server: string;
  /** Bytes of the answer so far; absent while nothing is asked. */
  bytes?: number;
  failure?: Failure;
  /** How long this server wants to be left alone, seconds. */
  rest_s?: number;
}

export class RealRoads {
  /** Kept while the page is open, and nowhere else. */
  #server = PUBLIC_SERVER;
  #asked?: AbortController;
  /** When a server may be asked again, by its address, as `performance.now()`. */
  readonly #rests = new Map<string, number>();
  #clock?: ReturnType<typeof setInterval>;

  constructor(private readonly app: App) {}

  get #question(): RoadsQuestion | undefined {
    return this.app.state.roads;
  }

  #set(change: Partial<RoadsQuestion>): void {
    if (this.#question) this.app.store.set({ roads: { ...this.#question, ...change } });
  }

  /** Opens the dialog for what the map shows. */
  open = (): void => {
    const { app } = this;
    const box = app.mapView?.() ?? app.state.town?.drawing.view;
    if (!box) return;
    app.store.set({ roads: { box: boxText(box), server: this.#server } });
    this.#rest();
  };

  close = (): void => {
    this.cancel();
    clearInterval(this.#clock);
    this.app.store.set({ roads: undefined });
  };

  write(change: Partial<Pick<RoadsQuestion, 'box' | 'server'>>): void {
    this.#set({ ...change, failure: undefined });
    if (change.server !== undefined) this.#rest();
  }

  /** What stands in the way of asking, if anything does. */
  obstacle({ box, server }: RoadsQuestion): 'noBox' | 'tooWide' | 'noServer' | undefined {
    const read = boxOf(box);
    if (!read) return 'noBox';
    if (areaKm2(read) > MOST_KM2) return 'tooWide';
    return serverOf(server) ? undefined : 'noServer';
  }

  /** The one place from which the corners leave. */
  ask = async (): Promise<void> => {
    const question = this.#question;
    if (!question || question.bytes !== undefined || question.rest_s !== undefined || this.obstacle(question)) return;
    const [box, server] = [boxOf(question.box)!, serverOf(question.server)!];
    this.#server = question.server;
    const asked = (this.#asked = new AbortController());
    const watch = new Watch(server.origin);
    this.#set({ bytes: 0, failure: undefined });
    const answer = await askRoads({
      server,
      box,
      signal: asked.signal,
      progress: (bytes) => this.#asked === asked && this.#set({ bytes }),
      isForbidden: watch.isForbidden,
    });
    watch.end();
    if (answer === 'cancelled') return;
    this.#set({ bytes: undefined });
    if ('failure' in answer) {
      const { failure } = answer;
      this.#set({ failure });
      if (failure.kind === 'busy') {
        this.#rests.set(question.server, performance.now() + 1000 * failure.after_s);
        this.#rest();
      }
      return;
    }
    this.close();
    await this.app.load([new File(answer.pieces, `${this.#name(box)}.json`, { type: 'application/json' })]);
  };

  /** Ends the question under way; the dialog stays. */
  cancel = (): void => {
    this.#asked?.abort();
    this.#asked = undefined;
    this.#set({ bytes: undefined });
  };

  /** Counts the time down that the server wants to be left alone. */
  #rest(): void {
    clearInterval(this.#clock);
    const until = this.#rests.get(this.#question?.server ?? '') ?? 0;
    const tell = () => {
      const rest_s = Math.ceil((until - performance.now()) / 1000);
      if (rest_s <= 0) clearInterval(this.#clock);
      this.#set({ rest_s: rest_s > 0 ? rest_s : undefined });
    };
    tell();
    if (this.#question?.rest_s !== undefined) this.#clock = setInterval(tell, 1000);
  }

  /** A name for the town to be: that of the one shown, if its middle is asked for, else the place. */
  #name([west, south, east, north]: Box): string {
    const { chosen, town } = this.app.state;
    const [left, bottom, right, top] = town!.drawing.view;
    const [x, y] = [(left + right) / 2, (bottom + top) / 2];
    if (chosen?.id && west < x && x < east && south < y && y < north) return `${this.app.say(chosen.name)} (OpenStreetMap)`;
    return `OpenStreetMap ${placeText((south + north) / 2, (west + east) / 2)}`;
  }
}
