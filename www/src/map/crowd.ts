// Many vans at once: each a small sign without ring and name. They are copied from a sheet of signs drawn once, which is what a
// graphics card does fastest; a path of a thousand arrows would be cut into triangles anew in every frame.
import type { Frame } from '../app';
import { BOARDING, CHARGING, EMPTY, IDLE, OFF, OUTLINES, RIDERS, STATE_COLOURS } from './signs';

/** Those who stand lie below those who drive. */
const ORDER = [OFF, IDLE, CHARGING, EMPTY, BOARDING, RIDERS];

/** Directions in which a sign is drawn. */
const HEADINGS = 32;

/** Side of a sign with its edge, pixels. */
const CELL = 20;

/** Half the length of a driving van, and the size of a standing one beside its large sign. */
const LENGTH = 7;
const STANDING = 0.6;

/** Sizes of the dots of waiting riders: radius 3 for one, and so on. */
const SIZES = 4;

export class Crowd {
  /** A picture and not a canvas, which is copied from faster. */
  #sheet?: ImageBitmap;
  #ratio = 0;

  /** To be called when colours change. */
  forget(): void {
    this.#ratio = 0;
  }

  /** Draws these vans; `screen` has x and y of every van in turn. */
  vans(c: CanvasRenderingContext2D, frame: Frame, screen: Float64Array, vans: number[], colours: Record<string, string>): void {
    this.#prepare(colours);
    for (const state of ORDER) {
      for (const van of vans) {
        if (frame.states[van] !== state) continue;
        const turn = Math.round((frame.headings[van]! / 360) * HEADINGS);
        this.#copy(c, ((turn % HEADINGS) + HEADINGS) % HEADINGS, state, screen[2 * van]!, screen[2 * van + 1]!);
      }
    }
  }

  /** Draws places where riders wait: dots, the larger the more people. */
  waiting(c: CanvasRenderingContext2D, places: { x: number; y: number; count: number }[], colours: Record<string, string>): void {
    this.#prepare(colours);
    for (const { x, y, count } of places) this.#copy(c, Math.min(Math.ceil(Math.sqrt(count)), SIZES) - 1, ORDER.length, x, y);
  }

  #copy(c: CanvasRenderingContext2D, column: number, row: number, x: number, y: number): void {
    const side = CELL * this.#ratio;
    c.drawImage(this.#sheet!, column * side, row * side, side, side, x - CELL / 2, y - CELL / 2, CELL, CELL);
  }

  #prepare(colours: Record<string, string>): void {
    const ratio = Math.ceil(window.devicePixelRatio);
    if (ratio === this.#ratio) return;
    this.#ratio = ratio;
    const canvas = new OffscreenCanvas(HEADINGS * CELL * ratio, (ORDER.length + 1) * CELL * ratio);
    const c = canvas.getContext('2d')!;
    c.lineJoin = 'round';
    const at = (column: number, row: number) => c.setTransform(ratio, 0, 0, ratio, (column + 0.5) * CELL * ratio, (row + 0.5) * CELL * ratio);
    for (const state of ORDER) {
      for (let turn = 0; turn < HEADINGS; turn++) {
        at(turn, state);
        if (state !== OFF && state !== BOARDING) c.rotate((turn / HEADINGS) * 2 * Math.PI);
        const shade = colours[STATE_COLOURS[state]!]!;
        const hollow = state === IDLE || state === OFF;
        const path = outline(state);
        c.strokeStyle = hollow ? shade : colours['map-halo']!;
        c.lineWidth = 2;
        c.fillStyle = hollow ? colours['paper']! : shade;
        c.stroke(path);
        c.fill(path);
      }
    }
    for (let size = 0; size < SIZES; size++) {
      at(size, ORDER.length);
      c.beginPath();
      c.arc(0, 0, 3 + size, 0, 2 * Math.PI);
      c.strokeStyle = colours['map-halo']!;
      c.lineWidth = 2;
      c.stroke();
      c.fillStyle = colours['refused']!;
      c.fill();
    }
    this.#sheet = canvas.transferToImageBitmap();
  }
}

/** A small sign, front upwards. */
function outline(state: number): Path2D {
  const path = new Path2D();
  if (state === BOARDING) path.rect(-4, -4, 8, 8);
  else if (state === EMPTY || state === RIDERS) {
    // An arrow: tip, right, notch, left.
    path.moveTo(0, -LENGTH);
    path.lineTo(0.65 * LENGTH, 0.7 * LENGTH);
    path.lineTo(0, 0.35 * LENGTH);
    path.lineTo(-0.65 * LENGTH, 0.7 * LENGTH);
    path.closePath();
  } else path.addPath(new Path2D(OUTLINES[state]), new DOMMatrix().scale(STANDING));
  return path;
}
