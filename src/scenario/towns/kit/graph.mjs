// The graph of roads: lines cut where they meet, tidied, and contracted to junctions and sections.
import { Segments, distance, lengthOf, mix, nearestOnSegment, simplify } from './geometry.mjs';

/** Classes of roads from the least to the most important. */
const RANK = ['service', 'residential', 'secondary', 'primary', 'trunk', 'motorway'];

export class Graph {
  constructor(lines, gate) {
    this.points = [];
    this.links = [];
    this.#cut(lines, gate);
  }

  /** Cuts all lines of one level where they cross or touch, into links between points. */
  #cut(lines, gate) {
    const segments = new Segments(100);
    for (const line of lines) segments.add(line.points, line);
    const places = new Map();
    const place = (p, level) => {
      // The toll gate is where the two levels meet.
      const at = gate && distance(p, gate) < 2 ? 0 : level;
      const [i, j] = [Math.round(p[0] / 2), Math.round(p[1] / 2)];
      for (let di = -1; di <= 1; di++) {
        for (let dj = -1; dj <= 1; dj++) {
          const id = places.get(`${at} ${i + di} ${j + dj}`);
          if (id !== undefined && distance(this.points[id], p) < 2) return id;
        }
      }
      places.set(`${at} ${i} ${j}`, this.points.length);
      this.points.push(p);
      return this.points.length - 1;
    };
    for (const segment of segments.all) {
      const cuts = [0, 1];
      const { a, b, owner } = segment;
      const size = distance(a, b);
      if (size === 0) continue;
      for (const other of segments.near(a, b, 2)) {
        if (other.owner === owner || other.owner.level !== owner.level) continue;
        const t = crossing(a, b, other.a, other.b);
        if (t !== null) cuts.push(t);
        for (const end of [other.a, other.b]) {
          const touch = nearestOnSegment(end, a, b);
          if (distance(end, touch.at) < 1) cuts.push(touch.t);
        }
      }
      cuts.sort((x, y) => x - y);
      for (let i = 0; i + 1 < cuts.length; i++) {
        if ((cuts[i + 1] - cuts[i]) * size < 0.01) continue;
        this.link(place(mix(a, b, cuts[i]), owner.level), place(mix(a, b, cuts[i + 1]), owner.level), owner.class);
      }
    }
  }

  link(from, to, kind) {
    if (from === to) return;
    const old = this.links.find((l) => (l.from === from && l.to === to) || (l.from === to && l.to === from));
    if (!old) this.links.push({ from, to, class: kind });
    else if (RANK.indexOf(kind) > RANK.indexOf(old.class)) old.class = kind;
  }

  /** Links by point. */
  around() {
    const around = this.points.map(() => []);
    for (const link of this.links) {
      around[link.from].push(link);
      around[link.to].push(link);
    }
    return around;
  }

  /** Lets streets that end short of another road reach it, and removes stubs. */
  tidy() {
    for (let pass = 0; pass < 3; pass++) {
      const around = this.around();
      const segments = new Segments(100);
      for (const link of this.links) segments.add([this.points[link.from], this.points[link.to]], link);
      const splits = [];
      for (let id = 0; id < this.points.length; id++) {
        if (around[id].length !== 1 || around[id][0].class !== 'residential') continue;
        const [own] = around[id];
        const before = own.from === id ? own.to : own.from;
        const p = this.points[id];
        const q = this.points[before];
        const size = distance(p, q);
        const ahead = [(p[0] - q[0]) / size, (p[1] - q[1]) / size];
        const found = segments.nearest(p, 62, (segment) => {
          if (segment.owner === own || segment.owner.class === 'motorway' || around[before].includes(segment.owner)) return false;
          const { at } = nearestOnSegment(p, segment.a, segment.b);
          const way = [at[0] - p[0], at[1] - p[1]];
          return (way[0] * ahead[0] + way[1] * ahead[1]) / (Math.hypot(...way) || 1) > 0.45;
        });
        if (found) splits.push([id, found]);
      }
      for (const [id, { segment, at }] of splits) {
        const link = segment.owner;
        const at2 = [link.from, link.to].find((end) => distance(this.points[end], at) < 14);
        if (at2 !== undefined) {
          this.link(id, at2, 'residential');
        } else if (this.links.includes(link)) {
          this.links.splice(this.links.indexOf(link), 1);
          this.points.push(at);
          const middle = this.points.length - 1;
          this.link(link.from, middle, link.class);
          this.link(middle, link.to, link.class);
          this.link(id, middle, 'residential');
        }
      }
      this.#cutStubs(88);
    }
    this.#keepLargest();
  }

  #cutStubs(shortest) {
    for (let changed = true; changed; ) {
      changed = false;
      const around = this.around();
      for (let id = 0; id < this.points.length; id++) {
        if (around[id].length !== 1 || around[id][0].class !== 'residential') continue;
        const path = [];
        let [at, link, size] = [id, around[id][0], 0];
        for (;;) {
          path.push(link);
          size += distance(this.points[link.from], this.points[link.to]);
          at = link.from === at ? link.to : link.from;
          if (around[at].length !== 2) break;
          link = around[at].find((l) => l !== link);
        }
        if (size < shortest) {
          const gone = new Set(path);
          this.links = this.links.filter((l) => !gone.has(l));
          changed = true;
          break;
        }
      }
    }
  }

  #keepLargest() {
    const around = this.around();
    const part = new Array(this.points.length).fill(-1);
    const sizes = [];
    for (let start = 0; start < part.length; start++) {
      if (part[start] >= 0) continue;
      const stack = [start];
      part[start] = sizes.length;
      let size = 0;
      while (stack.length) {
        const id = stack.pop();
        size++;
        for (const link of around[id]) {
          const other = link.from === id ? link.to : link.from;
          if (part[other] < 0) {
            part[other] = sizes.length;
            stack.push(other);
          }
        }
      }
      sizes.push(size);
    }
    const largest = sizes.indexOf(Math.max(...sizes));
    this.links = this.links.filter((l) => part[l.from] === largest);
  }

  /** Junctions, ends and changes of class become nodes, what lies between becomes the shape of a section. */
  contract() {
    const around = this.around();
    const isNode = (id) => around[id].length > 0 && (around[id].length !== 2 || around[id][0].class !== around[id][1].class);
    const nodes = [];
    const index = new Map();
    for (let id = 0; id < this.points.length; id++) {
      if (isNode(id)) {
        index.set(id, nodes.length);
        nodes.push(this.points[id]);
      }
    }
    const sections = [];
    const done = new Set();
    for (const id of index.keys()) {
      for (const first of around[id]) {
        if (done.has(first)) continue;
        let [at, link] = [id, first];
        const points = [this.points[id]];
        for (;;) {
          done.add(link);
          at = link.from === at ? link.to : link.from;
          points.push(this.points[at]);
          if (index.has(at)) break;
          link = around[at].find((l) => l !== link);
        }
        sections.push({ from: index.get(id), to: index.get(at), class: first.class, points });
      }
    }
    return new Network(nodes, sections);
  }
}

/** Where the segment a-b crosses c-d, as a share of a-b, or null. */
function crossing(a, b, c, d) {
  const [rx, ry, sx, sy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]];
  const cross = rx * sy - ry * sx;
  if (Math.abs(cross) < 1e-9) return null;
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross;
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross;
  return t > 0 && t < 1 && u >= 0 && u <= 1 ? t : null;
}

class Network {
  constructor(nodes, sections) {
    this.nodes = nodes;
    this.sections = sections;
  }

  /** Makes one junction of two that are closer than `reach`. */
  merge(reach) {
    const degree = () => {
      const degrees = new Array(this.nodes.length).fill(0);
      const ranks = new Array(this.nodes.length).fill(0);
      for (const s of this.sections) {
        for (const end of [s.from, s.to]) {
          degrees[end]++;
          ranks[end] = Math.max(ranks[end], RANK.indexOf(s.class) * 100 + degrees[end]);
        }
      }
      return ranks;
    };
    for (;;) {
      const short = this.sections.find((s) => s.from !== s.to && s.class !== 'motorway' && lengthOf(s.points) < reach);
      if (!short) break;
      const ranks = degree();
      const [keep, drop] = ranks[short.from] >= ranks[short.to] ? [short.from, short.to] : [short.to, short.from];
      this.sections.splice(this.sections.indexOf(short), 1);
      for (const s of this.sections) {
        if (s.from === drop) {
          s.from = keep;
          s.points = [this.nodes[keep], ...s.points.slice(1)];
        }
        if (s.to === drop) {
          s.to = keep;
          s.points = [...s.points.slice(0, -1), this.nodes[keep]];
        }
      }
      this.sections = this.sections.filter((s) => s.from !== s.to || lengthOf(s.points) > 150);
    }
    this.#openTriangles(240);
    // Of two short sections between the same junctions the shorter is enough.
    const same = (a, b) => (a.from === b.from && a.to === b.to) || (a.from === b.to && a.to === b.from);
    const size = new Map(this.sections.map((s) => [s, lengthOf(s.points)]));
    this.sections = this.sections.filter((s) => s.class !== 'residential' || !this.sections.some((o) =>
      o !== s && same(o, s) && size.get(o) + size.get(s) < 260 && (size.get(o) < size.get(s) || o.class !== s.class)));
    const used = [...new Set(this.sections.flatMap((s) => [s.from, s.to]))].sort((a, b) => a - b);
    const number = new Map(used.map((id, i) => [id, i]));
    this.nodes = used.map((id) => this.nodes[id]);
    for (const s of this.sections) [s.from, s.to] = [number.get(s.from), number.get(s.to)];
  }

  /** Where three streets make a triangle with a smaller perimeter, the longest is one too many. */
  #openTriangles(perimeter) {
    const between = (a, b) => this.sections.find((s) => (s.from === a && s.to === b) || (s.from === b && s.to === a));
    for (const section of [...this.sections]) {
      if (section.class !== 'residential' || lengthOf(section.points) > perimeter / 2) continue;
      for (const other of this.sections) {
        if (other === section || (other.from !== section.from && other.to !== section.from)) continue;
        const corner = other.from === section.from ? other.to : other.from;
        const third = corner === section.to ? undefined : between(corner, section.to);
        const sides = third && [section, other, third].map((s) => lengthOf(s.points));
        if (sides && sides[0] === Math.max(...sides) && sides[0] + sides[1] + sides[2] < perimeter) {
          this.sections.splice(this.sections.indexOf(section), 1);
          break;
        }
      }
    }
  }

  /** The nearest node on a street within `reach`, or null. */
  nearestNode(p, reach, accept = () => true) {
    let best = null;
    this.nodes.forEach((node, id) => {
      const away = distance(node, p);
      if (away <= reach && accept(id) && (best === null || away < distance(this.nodes[best], p))) best = id;
    });
    return best;
  }

  /** A node for a stop: a junction close by, else a new one on the road, at the end of a short lane if it is far. */
  nodeAt(p, accept) {
    const close = this.nearestNode(p, 22, accept);
    if (close !== null) return close;
    let best = null;
    for (const section of this.sections) {
      if (section.class === 'motorway') continue;
      for (let i = 0; i + 1 < section.points.length; i++) {
        const { at } = nearestOnSegment(p, section.points[i], section.points[i + 1]);
        const away = distance(p, at);
        if (best === null || away < best.away) best = { section, i, at, away };
      }
    }
    const { section, i, at, away } = best;
    const lane = away > 30;
    let node = [section.from, section.to].find((end) => distance(this.nodes[end], at) < 25 && (lane || accept(end)));
    if (node === undefined) {
      node = this.nodes.push(at) - 1;
      this.sections.push({ ...section, from: node, points: [at, ...section.points.slice(i + 1)] });
      section.to = node;
      section.points = [...section.points.slice(0, i + 1), at];
    }
    if (!lane) return node;
    const end = this.nodes.push(p) - 1;
    this.sections.push({ from: node, to: end, class: 'service', points: [this.nodes[node], p] });
    return end;
  }

  /** Nodes and edges in degrees. */
  finish({ toDegrees }) {
    return {
      nodes: this.nodes.map((p) => toDegrees(p, 6)),
      edges: this.sections.map((s) => ({
        from: s.from, to: s.to, class: s.class, shape: simplify(s.points, 1.6).slice(1, -1).map((p) => toDegrees(p)),
      })),
    };
  }
}
