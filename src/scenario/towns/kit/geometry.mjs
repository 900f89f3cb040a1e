// Numbers and geometry. Everything is computed in metres east and north of a town's centre and written in degrees.

const METERS_PER_DEGREE = 111195.08;

/** From degrees `[lng, lat]` to metres `[x, y]` around a centre, and back. */
export function plane([lng0, lat0]) {
  const east = METERS_PER_DEGREE * Math.cos((lat0 * Math.PI) / 180);
  return {
    toMeters: ([lng, lat]) => [(lng - lng0) * east, (lat - lat0) * METERS_PER_DEGREE],
    toDegrees: ([x, y], digits = 5) => [round(lng0 + x / east, digits), round(lat0 + y / METERS_PER_DEGREE, digits)],
  };
}

export const round = (value, digits) => Number(value.toFixed(digits));
export const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
export const mix = (a, b, t) => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
export const lengthOf = (points) => points.slice(1).reduce((sum, point, i) => sum + distance(points[i], point), 0);

/** Mulberry32: a small generator with 32 bits of state, enough for jitter. */
export function generator(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, between: (low, high) => low + (high - low) * next(), chance: (p) => next() < p };
}

/** Smooth noise between -1 and 1 that changes over `scale` metres. */
export function noise([x, y], scale, seed) {
  const lattice = (i, j) => {
    let h = Math.imul(i, 374761393) + Math.imul(j, 668265263) + Math.imul(seed, 974634977);
    h = Math.imul(h ^ (h >>> 13), 1274126177);
    return (((h ^ (h >>> 16)) >>> 0) / 4294967296) * 2 - 1;
  };
  const [u, v] = [x / scale, y / scale];
  const [i, j] = [Math.floor(u), Math.floor(v)];
  const smooth = (t) => t * t * (3 - 2 * t);
  const [a, b] = [smooth(u - i), smooth(v - j)];
  const low = lattice(i, j) * (1 - a) + lattice(i + 1, j) * a;
  const high = lattice(i, j + 1) * (1 - a) + lattice(i + 1, j + 1) * a;
  return low * (1 - b) + high * b;
}

/** Centripetal Catmull-Rom curve through the points, as a line with a point about every `step` metres. */
export function curve(points, step = 20) {
  const line = [points[0]];
  for (let i = 0; i + 1 < points.length; i++) {
    const [p1, p2] = [points[i], points[i + 1]];
    const p0 = points[i - 1] ?? mix(p1, p2, -1);
    const p3 = points[i + 2] ?? mix(p2, p1, -1);
    const t1 = Math.sqrt(distance(p0, p1));
    const t2 = t1 + Math.sqrt(distance(p1, p2));
    const t3 = t2 + Math.sqrt(distance(p2, p3));
    const pieces = Math.max(1, Math.ceil(distance(p1, p2) / step));
    for (let k = 1; k < pieces; k++) {
      const t = t1 + ((t2 - t1) * k) / pieces;
      const a1 = mix(p0, p1, t / t1);
      const a2 = mix(p1, p2, (t - t1) / (t2 - t1));
      const a3 = mix(p2, p3, (t - t2) / (t3 - t2));
      const b1 = mix(a1, a2, t / t2);
      const b2 = mix(a2, a3, (t - t1) / (t3 - t1));
      line.push(mix(b1, b2, (t - t1) / (t2 - t1)));
    }
    line.push(p2);
  }
  return line;
}

/** Nearest point of a segment: its place along the segment (0 to 1) and itself. */
export function nearestOnSegment(p, a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const square = dx * dx + dy * dy;
  const t = square === 0 ? 0 : Math.max(0, Math.min(1, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square));
  return { t, at: [a[0] + dx * t, a[1] + dy * t] };
}

/** Douglas-Peucker: drops points that lie within `tolerance` metres of the line without them. */
export function simplify(points, tolerance) {
  if (points.length < 3) return points;
  const [first, last] = [points[0], points.at(-1)];
  let [worst, index] = [0, 0];
  for (let i = 1; i + 1 < points.length; i++) {
    const off = distance(points[i], nearestOnSegment(points[i], first, last).at);
    if (off > worst) [worst, index] = [off, i];
  }
  if (worst <= tolerance) return [first, last];
  return [...simplify(points.slice(0, index + 1), tolerance).slice(0, -1), ...simplify(points.slice(index), tolerance)];
}

export function inside([x, y], ring) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}

/** The corners of a rectangle around a point, so wide and deep in metres, turned by degrees. */
export function rectangle(middle, { size: [width, depth], angle }) {
  const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  return [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([i, j]) => {
    const [u, v] = [(i * width) / 2, (j * depth) / 2];
    return [middle[0] + u * c - v * s, middle[1] + u * s + v * c];
  });
}

/** Segments of lines, found by place. */
export class Segments {
  constructor(cell = 150) {
    this.cell = cell;
    this.cells = new Map();
    this.all = [];
  }

  add(points, owner) {
    for (let i = 0; i + 1 < points.length; i++) {
      const segment = { a: points[i], b: points[i + 1], owner, index: i };
      this.all.push(segment);
      for (const key of this.#keys(segment.a, segment.b, 0)) {
        if (!this.cells.has(key)) this.cells.set(key, []);
        this.cells.get(key).push(segment);
      }
    }
  }

  /** All segments whose cells come within `reach` of the box of a and b. */
  near(a, b, reach) {
    const found = new Set();
    for (const key of this.#keys(a, b, reach)) for (const segment of this.cells.get(key) ?? []) found.add(segment);
    return found;
  }

  /** The nearest segment to a point within `reach`, if any, with distance and point. */
  nearest(p, reach, accept = () => true) {
    let best = null;
    for (const segment of this.near(p, p, reach)) {
      if (!accept(segment)) continue;
      const { t, at } = nearestOnSegment(p, segment.a, segment.b);
      const away = distance(p, at);
      if (away <= reach && (best === null || away < best.away)) best = { segment, t, at, away };
    }
    return best;
  }

  #keys(a, b, reach) {
    const range = (k) => [
      Math.floor((Math.min(a[k], b[k]) - reach) / this.cell),
      Math.floor((Math.max(a[k], b[k]) + reach) / this.cell),
    ];
    const [[x0, x1], [y0, y1]] = [range(0), range(1)];
    const keys = [];
    for (let x = x0; x <= x1; x++) for (let y = y0; y <= y1; y++) keys.push(x * 100003 + y);
    return keys;
  }
}

/** Length of a line of degrees, with the scale of the middle latitude of each segment. */
export function lengthInDegrees(points) {
  let sum = 0;
  for (let i = 0; i + 1 < points.length; i++) {
    const [[x0, y0], [x1, y1]] = [points[i], points[i + 1]];
    sum += Math.hypot((x1 - x0) * Math.cos(((y0 + y1) * Math.PI) / 360), y1 - y0) * METERS_PER_DEGREE;
  }
  return sum;
}

export const areaOf = (ring) => ring.reduce((sum, [x, y], i) => {
  const [x2, y2] = ring[(i + 1) % ring.length];
  return sum + (x * y2 - x2 * y) / 2;
}, 0);
