// What lives on the map: vans, the path ahead of the one followed, waiting riders, the rides of a list.
// A canvas of its own over the map, so that a frame of the day does not draw the whole map anew.
import type { Ride, Scenario } from '../../pkg/noriai.js';
import type { Frame } from '../app';
import { vehiclesOf } from '../settings';
import { Crowd } from './crowd';
import { BOARDING, BOLT, CHARGING, EMPTY, IDLE, OFF, OUTLINES, RIDERS, STATE_COLOURS, WINDSCREEN } from './signs';

/** What it is drawn over: MapLibre's map, or another one that is never turned or tilted. */
export interface Ground {
  getCanvasContainer(): HTMLElement;
  getCenter(): { lng: number; lat: number };
  /** A place's pixels. */
  project(place: [number, number]): { x: number; y: number };
}

export interface Scene {
  frame: Frame;
  scenario: Scenario;
  rides: Ride[];
  /** The van followed, and its path ahead. */
  followed?: { van: number; path: [number, number][] };
  /** Rides drawn as lines from origin to destination. */
  listed: Ride[];
  /** Time goes on by itself, so that places change smoothly. */
  playing: boolean;
}

const RING = 17;
const REACH = 26;
/** With more vans on this many square pixels of the map they are drawn small and without names; with fewer, in full again. */
const ROOM = 6_000;
const ROOM_AGAIN = 8_000;
/** The signs are made for a slightly smaller ring. */
const SIGN = 1.05;
/** From one parked van to the next, and from the first to the last. */
const SLOT = 25;
const ROW = 90;
/** How long a van takes to its place in the row and out of it, milliseconds: two thirds of the way. */
const EASE_MS = 90;
const FONT = '"Hiragino Sans", "Noto Sans CJK JP", "Yu Gothic UI", Meiryo, sans-serif';

const outlines = OUTLINES.map((path) => new Path2D(path));
const windscreen = new Path2D(WINDSCREEN);
const bolt = new Path2D(BOLT);

/** Below this share of charge the ring warns. */
const LOW = 0.2;

export class Overlay {
  readonly #context: CanvasRenderingContext2D;
  readonly #canvas: HTMLCanvasElement;
  #colours: Record<string, string> = {};
  /** Screen from longitude and from Mercator's latitude: two lines, as the map is never turned or tilted. */
  #east = { scale: 1, offset: 0 };
  #south = { scale: 1, offset: 0 };
  /** Van by van x and y on the screen, of the last drawing. */
  #screen = new Float64Array(0);
  /** How far each van is drawn to the right of where it is. */
  #aside = new Float64Array(0);
  #drawnAt = 0;
  /** The canvas in pixels of the page. */
  #area = new DOMRect();
  #crowded = false;
  readonly #crowd = new Crowd();

  constructor(
    private readonly map: Ground,
    stage: HTMLElement,
    private readonly colour: (name: string) => string,
  ) {
    this.#canvas = document.createElement('canvas');
    this.#canvas.className = 'overlay';
    // Its vans are buttons beside it, and its riders are in the sentence.
    this.#canvas.setAttribute('aria-hidden', 'true');
    map.getCanvasContainer().append(this.#canvas);
    // Asked in every frame it would make the browser lay out the page anew.
    const measure = () => (this.#area = stage.getBoundingClientRect());
    measure();
    new ResizeObserver(measure).observe(stage);
    this.#context = this.#canvas.getContext('2d')!;
    this.readColours();
  }

  readColours(): void {
    const names = ['ink', 'paper', 'accent', 'on-accent', 'muted', 'ring', 'ring-rest', 'ring-low', 'map-halo', 'refused', ...STATE_COLOURS];
    this.#colours = Object.fromEntries(names.map((name) => [name, this.colour(name)]));
    this.#crowd.forget();
  }

  /** What it draws on. */
  get canvas(): HTMLCanvasElement {
    return this.#canvas;
  }

  /** Whether there are so many vans that they are drawn small. */
  get crowded(): boolean {
    return this.#crowded;
  }

  /** The van nearest to a point of the screen, if it is close enough to be meant. */
  vanAt(x: number, y: number): number | undefined {
    let best: number | undefined;
    let reach = REACH ** 2;
    for (let van = 0; van < this.#screen.length / 2; van++) {
      const distance = (this.#screen[2 * van]! - x) ** 2 + (this.#screen[2 * van + 1]! - y) ** 2;
      if (distance < reach) {
        reach = distance;
        best = van;
      }
    }
    return best;
  }

  /** Where a van was drawn. */
  placeOf(van: number): { x: number; y: number } {
    return { x: this.#screen[2 * van]!, y: this.#screen[2 * van + 1]! };
  }

  draw(scene: Scene): void {
    const { frame } = scene;
    this.#fit();
    this.#project();
    const vans = frame.states.length;
    if (this.#aside.length !== vans) {
      this.#screen = new Float64Array(2 * vans);
      this.#aside = new Float64Array(vans);
    }
    for (let van = 0; van < vans; van++) {
      this.#screen[2 * van] = this.#x(frame.positions[2 * van]!);
      this.#screen[2 * van + 1] = this.#y(frame.positions[2 * van + 1]!);
    }
    this.#park(scene);
    this.#drawListed(scene);
    if (scene.followed) this.#drawPath(scene.followed.path);
    const seen = this.#seen(vans);
    const room = (this.#area.width * this.#area.height) / Math.max(seen.length, 1);
    this.#crowded = room < (this.#crowded ? ROOM_AGAIN : ROOM);
    this.#drawWaiting(scene);
    const others = seen.filter((van) => van !== scene.followed?.van);
    if (this.#crowded) this.#crowd.vans(this.#context, frame, this.#screen, others, this.#colours);
    else for (const van of others) this.#drawVan(scene, van, false);
    if (scene.followed && scene.followed.van < vans) this.#drawVan(scene, scene.followed.van, true);
  }

  /** The vans within the canvas. */
  #seen(vans: number): number[] {
    const { width, height } = this.#area;
    const seen: number[] = [];
    for (let van = 0; van < vans; van++) {
      const [x, y] = [this.#screen[2 * van]!, this.#screen[2 * van + 1]!];
      if (x > -REACH && x < width + REACH && y > -REACH && y < height + REACH) seen.push(van);
    }
    return seen;
  }

  #fit(): void {
    const { width, height } = this.#area;
    const ratio = window.devicePixelRatio;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== across || this.#canvas.height !== down) {
      this.#canvas.width = across;
      this.#canvas.height = down;
      this.#canvas.style.width = `${width}px`;
      this.#canvas.style.height = `${height}px`;
    }
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#context.clearRect(0, 0, width, height);
  }

  #project(): void {
    const { lng, lat } = this.map.getCenter();
    const a = this.map.project([lng, lat]);
    const b = this.map.project([lng + 0.1, lat - 0.1]);
    this.#east.scale = (b.x - a.x) / 0.1;
    this.#east.offset = a.x - lng * this.#east.scale;
    this.#south.scale = (b.y - a.y) / (mercator(lat - 0.1) - mercator(lat));
    this.#south.offset = a.y - mercator(lat) * this.#south.scale;
  }

  #x = (lng: number): number => lng * this.#east.scale + this.#east.offset;
  #y = (lat: number): number => mercator(lat) * this.#south.scale + this.#south.offset;

  /** Vans that stand at one place are set side by side, or only the last would be seen. */
  #park({ frame: { states, positions }, playing }: Scene): void {
    const parked = new Map<string, number[]>();
    for (let van = 0; van < states.length; van++) {
      if (states[van] !== IDLE && states[van] !== CHARGING && states[van] !== OFF) continue;
      const place = `${positions[2 * van]} ${positions[2 * van + 1]}`;
      const row = parked.get(place);
      if (row) row.push(van);
      else parked.set(place, [van]);
    }
    const wanted = new Float64Array(states.length);
    for (const row of parked.values()) {
      const slot = Math.min(SLOT, ROW / (row.length - 1));
      row.forEach((van, index) => (wanted[van] = index * slot));
    }
    // A van drives off from where it stood in the row, and not with a leap.
    const now = performance.now();
    const share = playing ? 1 - Math.exp((this.#drawnAt - now) / EASE_MS) : 1;
    this.#drawnAt = now;
    for (let van = 0; van < states.length; van++) {
      this.#aside[van]! += share * (wanted[van]! - this.#aside[van]!);
      this.#screen[2 * van]! += this.#aside[van]!;
    }
  }

  #drawPath(path: [number, number][]): void {
    const c = this.#context;
    if (path.length < 2) return;
    c.beginPath();
    for (const [lng, lat] of path) c.lineTo(this.#x(lng), this.#y(lat));
    c.lineJoin = c.lineCap = 'round';
    c.strokeStyle = this.#colours['map-halo']!;
    c.lineWidth = 8;
    c.stroke();
    c.strokeStyle = this.#colours['accent']!;
    c.lineWidth = 4;
    c.stroke();
  }

  #drawListed({ listed, scenario }: Scene): void {
    const c = this.#context;
    const place = (stop: number) => {
      const { lng, lat } = scenario.network.nodes[scenario.stops[stop]!.node]!;
      return [this.#x(lng), this.#y(lat)] as const;
    };
    for (const served of [true, false]) {
      const rides = listed.filter((ride) => ride.served === served);
      c.strokeStyle = c.fillStyle = this.#colours[served ? 'ink' : 'accent']!;
      c.lineWidth = 1.5;
      c.setLineDash(served ? [] : [5, 4]);
      c.beginPath();
      for (const ride of rides) {
        const [x1, y1] = place(ride.origin);
        const [x2, y2] = place(ride.destination);
        c.moveTo(x1, y1);
        // Bent a little, so that there and back are two lines.
        c.quadraticCurveTo((x1 + x2) / 2 + (y2 - y1) / 8, (y1 + y2) / 2 - (x2 - x1) / 8, x2, y2);
      }
      c.stroke();
      c.setLineDash([]);
      c.beginPath();
      for (const ride of rides) {
        const [x, y] = place(ride.origin);
        c.moveTo(x + 4, y);
        c.arc(x, y, 4, 0, 2 * Math.PI);
      }
      c.fill();
    }
  }

  #drawWaiting({ frame, rides, scenario }: Scene): void {
    const people = new Map<number, number>();
    for (const request of frame.waiting) {
      const ride = rides[request]!;
      // Who walks to a bus waits where it calls.
      const stop = ride.board ?? ride.origin;
      people.set(stop, (people.get(stop) ?? 0) + ride.passengers + ride.wheelchairs);
    }
    const c = this.#context;
    const places = [...people].map(([stop, count]) => {
      const { lng, lat } = scenario.network.nodes[scenario.stops[stop]!.node]!;
      return { x: this.#x(lng), y: this.#y(lat), count };
    });
    if (this.#crowded) {
      this.#crowd.waiting(c, places, this.#colours);
      return;
    }
    for (const { x, y, count } of places) {
      // A pin whose head holds a person, or a number when there are more.
      c.beginPath();
      c.arc(x, y - 20, 10, 0.75 * Math.PI, 0.25 * Math.PI);
      c.lineTo(x, y);
      c.closePath();
      c.fillStyle = this.#colours['accent']!;
      c.strokeStyle = this.#colours['map-halo']!;
      c.lineWidth = 3;
      c.stroke();
      c.fill();
      c.fillStyle = this.#colours['on-accent']!;
      if (count > 1) this.#text(String(count), x, y - 19.5, 'bold 14px ');
      else {
        c.beginPath();
        c.arc(x, y - 23.4, 2.8, 0, 2 * Math.PI);
        c.fill();
        c.beginPath();
        c.arc(x, y - 15.2, 5, Math.PI, 0);
        c.fill();
      }
    }
  }

  #drawVan({ frame, scenario }: Scene, van: number, followed: boolean): void {
    const state = frame.states[van]!;
    const x = this.#screen[2 * van]!;
    const y = this.#screen[2 * van + 1]!;
    const c = this.#context;
    const colours = this.#colours;
    c.save();
    c.translate(x, y);
    if (state !== OFF) this.#drawRing(frame.charge[van]!, followed);

    // Off duty it is a dot without a ring; while riders board, a square that does not turn.
    c.save();
    c.scale(SIGN, SIGN);
    if (state !== BOARDING && state !== OFF) c.rotate((frame.headings[van]! * Math.PI) / 180);
    const shade = colours[STATE_COLOURS[state]!]!;
    const hollow = state === IDLE || state === OFF;
    c.fillStyle = hollow ? colours['paper']! : shade;
    c.fill(outlines[state]!);
    c.lineWidth = hollow ? 2 : 1;
    c.strokeStyle = shade;
    c.stroke(outlines[state]!);
    if (state === EMPTY) {
      c.fillStyle = colours['paper']!;
      c.fill(windscreen);
    }
    c.restore();

    c.fillStyle = colours['on-accent']!;
    if (state === CHARGING) c.fill(bolt);
    if (state === RIDERS || state === BOARDING) this.#text(String(frame.loads[van]!), 0, 0.5, 'bold 14px ');

    this.#nameplate(vehiclesOf(scenario)[van]!.id, followed);
    c.restore();
  }

  /** The charge: a ring that is full at noon and empties backwards. */
  #drawRing(charge: number, followed: boolean): void {
    const c = this.#context;
    c.beginPath();
    c.arc(0, 0, RING + (followed ? 4 : 2.5), 0, 2 * Math.PI);
    c.fillStyle = followed ? this.#colours['accent']! : this.#colours['map-halo']!;
    c.fill();
    c.beginPath();
    c.arc(0, 0, RING, 0, 2 * Math.PI);
    c.fillStyle = this.#colours['paper']!;
    c.fill();
    if (Number.isNaN(charge)) return;
    c.lineWidth = 3;
    c.beginPath();
    c.arc(0, 0, RING - 1.5, 0, 2 * Math.PI);
    c.strokeStyle = this.#colours['ring-rest']!;
    c.stroke();
    c.beginPath();
    c.arc(0, 0, RING - 1.5, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * charge);
    c.strokeStyle = this.#colours[charge < LOW ? 'ring-low' : 'ring']!;
    c.stroke();
  }

  #nameplate(id: string, followed: boolean): void {
    const c = this.#context;
    c.font = `bold 14px ${FONT}`;
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    const y = RING + 12;
    c.lineWidth = 4;
    c.lineJoin = 'round';
    c.strokeStyle = this.#colours['map-halo']!;
    c.strokeText(id, 0, y);
    c.fillStyle = this.#colours[followed ? 'accent' : 'ink']!;
    c.fillText(id, 0, y);
  }

  #text(text: string, x: number, y: number, font: string): void {
    const c = this.#context;
    c.font = font + FONT;
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    c.fillText(text, x, y);
  }
}

const mercator = (lat: number): number => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
