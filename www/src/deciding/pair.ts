// Two runs on one clock: a map for each that moves with the other's, drawn without MapLibre, so that it needs no second graphics context.
import { Playback, type RoadClass, type Scenario, type Text } from '../../pkg/noriai.js';
import type { App, Frame } from '../app';
import { FONT } from '../charts';
import { Overlay, type Ground } from '../map/overlay';
import { busyBox, type Box } from '../state';
import { colour } from '../theme';
import type { KeptRun } from './runs';

const mercator = (lat: number): number => (180 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
const latitude = (y: number): number => (360 / Math.PI) * Math.atan(Math.exp((y * Math.PI) / 180)) - 90;

/** Where both maps look: the middle, in degrees and Mercator's degrees, and pixels for each degree. */
interface View {
  lng: number;
  y: number;
  scale: number;
}

/** Roads from the least to the greatest, each with its width in pixels. */
const ROADS: [RoadClass, number][] = [
  ['service', 1],
  ['residential', 1.5],
  ['secondary', 2.5],
  ['primary', 3],
  ['trunk', 3.5],
  ['motorway', 4],
];
const AREAS = new Set(['sea', 'lake', 'wood', 'town', 'site']);
/** Share by which a press on a button or key comes closer. */
const CLOSER = 1.5;

/** One of the two maps. */
class Side {
  readonly #base = document.createElement('canvas');
  readonly #overlay: Overlay;
  readonly #playback: Playback;
  readonly #colour = (name: string): string => colour(name, this.host);

  constructor(
    private readonly run: KeptRun,
    private readonly host: HTMLElement,
    private readonly view: () => View,
  ) {
    host.append(this.#base);
    const ground: Ground = {
      getCanvasContainer: () => host,
      getCenter: () => ({ lng: view().lng, lat: latitude(view().y) }),
      project: ([lng, lat]) => this.#project(lng, lat),
    };
    this.#overlay = new Overlay(ground, host, this.#colour);
    this.#playback = new Playback(run.day.scenario, run.day.log);
    this.rides = this.#playback.rides().rides;
  }

  readonly rides: ReturnType<Playback['rides']>['rides'];

  get box(): Box {
    return busyBox(this.rides, this.run.scenario);
  }

  #project(lng: number, lat: number): { x: number; y: number } {
    const { clientWidth, clientHeight } = this.host;
    const { lng: east, y: north, scale } = this.view();
    return { x: clientWidth / 2 + (lng - east) * scale, y: clientHeight / 2 - (mercator(lat) - north) * scale };
  }

  /** The town. O(points of its drawing and roads). */
  drawGround(lang: keyof Text): void {
    const { clientWidth: width, clientHeight: height } = this.host;
    const ratio = window.devicePixelRatio;
    this.#base.width = Math.round(width * ratio);
    this.#base.height = Math.round(height * ratio);
    const c = this.#base.getContext('2d')!;
    c.scale(ratio, ratio);
    c.fillStyle = this.#colour('map-ground');
    c.fillRect(0, 0, width, height);
    c.lineJoin = c.lineCap = 'round';
    const { drawing, network }: Scenario = this.run.scenario;
    const trace = (places: Iterable<[number, number]>) => {
      let first = true;
      for (const [lng, lat] of places) {
        const { x, y } = this.#project(lng, lat);
        if (first) c.moveTo(x, y);
        else c.lineTo(x, y);
        first = false;
      }
    };
    for (const { kind, points } of drawing.features) {
      if (kind === 'label') continue;
      c.beginPath();
      trace(points);
      if (AREAS.has(kind)) {
        c.fillStyle = this.#colour(`map-${kind}`);
        c.fill();
      } else {
        c.strokeStyle = this.#colour(`map-${kind}`);
        c.lineWidth = kind === 'river' ? 3 : 1.5;
        c.stroke();
      }
    }
    const place = (node: number): [number, number] => [network.nodes[node]!.lng, network.nodes[node]!.lat];
    for (const casing of [true, false]) {
      for (const [road, size] of ROADS) {
        c.beginPath();
        for (const { from, to, shape, class: own } of network.edges) if (own === road) trace([place(from), ...(shape ?? []), place(to)]);
        c.strokeStyle = this.#colour(casing ? 'map-casing' : `map-${road}`);
        c.lineWidth = size + (casing ? 1.5 : 0);
        c.stroke();
      }
    }
    this.#drawNames(c, lang);
  }

  /** Names of places, above the roads and below the vans. */
  #drawNames(c: CanvasRenderingContext2D, lang: keyof Text): void {
    c.font = FONT;
    c.textAlign = 'center';
    c.lineWidth = 3;
    c.strokeStyle = this.#colour('map-halo');
    c.fillStyle = this.#colour('map-place-name');
    for (const { kind, name, points } of this.run.scenario.drawing.features) {
      if (kind !== 'label' || !name) continue;
      const { x, y } = this.#project(...points[0]!);
      c.strokeText(name[lang], x, y);
      c.fillText(name[lang], x, y);
    }
  }

  drawVans(t_s: number, playing: boolean): void {
    const { scenario } = this.run;
    const playback = this.#playback;
    playback.seek(t_s);
    const frame: Frame = {
      t_s,
      positions: playback.positions(),
      headings: playback.headings(),
      states: playback.states(),
      loads: playback.loads(),
      charge: playback.charge(),
      waiting: playback.waiting(),
    };
    this.#overlay.draw({ frame, scenario, rides: this.rides, listed: [], playing });
  }

  readColours(): void {
    this.#overlay.readColours();
  }

  close(): void {
    this.host.replaceChildren();
    this.#playback.free();
  }
}

export class Pair {
  #sides: Side[] = [];
  #hosts: HTMLElement[] = [];
  #view: View = { lng: 0, y: 0, scale: 1 };
  /** Language and theme of what is drawn. */
  #dress = '';
  /** Listens until the maps are closed. */
  #open?: AbortController;

  constructor(private readonly app: App) {
    app.onFrame(() => this.#draw());
  }

  /** The rides of both runs, in their order. */
  get rides(): Side['rides'][] {
    return this.#sides.map(({ rides }) => rides);
  }

  /** Opens both maps in the places for them. */
  open(hosts: HTMLElement[], runs: KeptRun[]): void {
    this.close();
    this.#hosts = hosts;
    this.#sides = runs.map((run, index) => new Side(run, hosts[index]!, () => this.#view));
    this.#open = new AbortController();
    const resized = new ResizeObserver(() => this.#drawAll());
    this.#open.signal.addEventListener('abort', () => resized.disconnect());
    for (const host of hosts) {
      this.#listen(host, this.#open.signal);
      resized.observe(host);
    }
    this.whole();
    // The chart needs their rides.
    this.app.store.set({});
  }

  close(): void {
    this.#open?.abort();
    this.#open = undefined;
    for (const side of this.#sides) side.close();
    this.#sides = [];
  }

  /** Where most rides of both are. */
  whole = (): void => {
    const boxes = this.#sides.map(({ box }) => box);
    const [host] = this.#hosts;
    if (boxes.length === 0 || !host) return;
    const [west, south] = [0, 1].map((side) => Math.min(...boxes.map((box) => box[side]!))) as [number, number];
    const [east, north] = [2, 3].map((side) => Math.max(...boxes.map((box) => box[side]!))) as [number, number];
    const [width, height] = [Math.max(east - west, 1e-4), Math.max(mercator(north) - mercator(south), 1e-4)];
    const scale = 0.84 * Math.min(host.clientWidth / width, host.clientHeight / height);
    this.#look({ lng: (west + east) / 2, y: (mercator(south) + mercator(north)) / 2, scale });
  };

  /** By a factor, around a point of the maps, or else their middle. */
  zoom(by: number, [dx, dy]: [number, number] = [0, 0]): void {
    const { lng, y, scale } = this.#view;
    const next = Math.min(Math.max(scale * by, 500), 2e6);
    const gained = 1 / scale - 1 / next;
    this.#look({ lng: lng + dx * gained, y: y - dy * gained, scale: next });
  }

  closer = (): void => this.zoom(CLOSER);
  farther = (): void => this.zoom(1 / CLOSER);

  #move(dx: number, dy: number): void {
    const { lng, y, scale } = this.#view;
    this.#look({ lng: lng - dx / scale, y: y + dy / scale, scale });
  }

  #look(view: View): void {
    this.#view = view;
    this.#drawAll();
  }

  #drawAll(): void {
    for (const side of this.#sides) side.drawGround(this.app.language.texts);
    this.#draw();
  }

  #draw(): void {
    if (this.#sides.length === 0) return;
    const { theme, lang, playing } = this.app.state;
    const dress = `${theme} ${lang}`;
    if (dress !== this.#dress) {
      this.#dress = dress;
      for (const side of this.#sides) {
        side.readColours();
        side.drawGround(this.app.language.texts);
      }
    }
    for (const side of this.#sides) side.drawVans(this.app.clock.t_s, playing);
  }

  #listen(host: HTMLElement, signal: AbortSignal): void {
    const fromMiddle = ({ clientX, clientY }: MouseEvent): [number, number] => {
      const { left, top, width, height } = host.getBoundingClientRect();
      return [clientX - left - width / 2, clientY - top - height / 2];
    };
    let moved = 0;
    host.addEventListener('pointerdown', (event) => {
      host.setPointerCapture(event.pointerId);
      moved = 0;
    }, { signal });
    host.addEventListener('pointermove', (event) => {
      if (!host.hasPointerCapture(event.pointerId)) return;
      moved += Math.abs(event.movementX) + Math.abs(event.movementY);
      this.#move(event.movementX, event.movementY);
    }, { signal });
    // Who does not drag, clicks to centre.
    host.addEventListener('click', (event) => {
      const [dx, dy] = fromMiddle(event);
      if (moved < 4) this.#move(-dx, -dy);
    }, { signal });
    host.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.zoom(2 ** (-event.deltaY / 400), fromMiddle(event));
    }, { signal, passive: false });
    host.addEventListener('keydown', (event) => {
      const steps: Record<string, () => void> = {
        ArrowLeft: () => this.#move(48, 0),
        ArrowRight: () => this.#move(-48, 0),
        ArrowUp: () => this.#move(0, 48),
        ArrowDown: () => this.#move(0, -48),
        '+': this.closer,
        '-': this.farther,
      };
      const step = event.altKey || event.ctrlKey || event.metaKey ? undefined : steps[event.key];
      if (!step) return;
      event.preventDefault();
      // The page's own keys step through time.
      event.stopPropagation();
      step();
    }, { signal });
  }
}
