// Areas: contours of a field, so that woods and built-up land have outlines nobody would rule.
import { areaOf, distance, inside, simplify } from './geometry.mjs';

/** Rings around the places where `field` is above 0, on a grid of `step` metres. */
export function contours(field, [x0, y0, x1, y1], step) {
  const [columns, rows] = [Math.ceil((x1 - x0) / step) + 1, Math.ceil((y1 - y0) / step) + 1];
  const value = new Float64Array(columns * rows);
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const edge = i === 0 || j === 0 || i === columns - 1 || j === rows - 1;
      value[j * columns + i] = edge ? -1 : field([x0 + i * step, y0 + j * step]) || 1e-9;
    }
  }
  const at = (i, j) => value[j * columns + i];
  // A crossing lies on a grid edge, named by its lower corner and its direction; land is kept on the left.
  const point = (i, j, vertical) => {
    const [a, b] = [at(i, j), vertical ? at(i, j + 1) : at(i + 1, j)];
    const t = a / (a - b);
    return [x0 + (i + (vertical ? 0 : t)) * step, y0 + (j + (vertical ? t : 0)) * step];
  };
  const next = new Map();
  const key = (i, j, vertical) => (j * columns + i) * 2 + (vertical ? 1 : 0);
  const where = new Map();
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const corner = [at(i, j) > 0, at(i + 1, j) > 0, at(i + 1, j + 1) > 0, at(i, j + 1) > 0];
      const side = [[i, j, false], [i + 1, j, true], [i, j + 1, false], [i, j, true]];
      const [outs, ins] = [[], []];
      for (let k = 0; k < 4; k++) {
        if (corner[k] && !corner[(k + 1) % 4]) outs.push(k);
        if (!corner[k] && corner[(k + 1) % 4]) ins.push(k);
      }
      // Going round the cell, the line leaves land at `outs` and enters it at `ins`: it runs from an out to the next in.
      for (const k of outs) {
        const m = [1, 2, 3].map((d) => (k + d) % 4).find((d) => ins.includes(d));
        const [from, to] = [key(...side[k]), key(...side[m])];
        next.set(from, to);
        where.set(from, point(...side[k]));
      }
    }
  }
  const rings = [];
  while (next.size) {
    const ring = [];
    let [id] = next.keys();
    while (next.has(id)) {
      ring.push(where.get(id));
      const following = next.get(id);
      next.delete(id);
      id = following;
    }
    rings.push(ring);
  }
  return rings;
}

/** A closed ring with fewer points: simplified in two halves. */
function simplifyRing(ring, tolerance) {
  const far = ring.reduce((best, p, i) => (distance(p, ring[0]) > distance(ring[best], ring[0]) ? i : best), 0);
  const halves = [ring.slice(0, far + 1), [...ring.slice(far), ring[0]]];
  return halves.flatMap((half) => simplify(half, tolerance).slice(0, -1));
}

/** Areas without holes: each large hole becomes part of the outline around it, by a cut between nearest points. */
export function areas(rings, smallest, tolerance) {
  const outlines = rings.map((ring) => ({ ring, area: areaOf(ring) }));
  const sign = Math.sign(outlines.reduce((best, r) => (Math.abs(r.area) > Math.abs(best) ? r.area : best), 0));
  const outer = outlines.filter((r) => r.area * sign > smallest).map((r) => simplifyRing(r.ring, tolerance));
  for (const { ring } of outlines.filter((r) => -r.area * sign > 5 * smallest)) {
    const hole = simplifyRing(ring, tolerance);
    const around = outer.filter((o) => inside(hole[0], o)).sort((a, b) => Math.abs(areaOf(a)) - Math.abs(areaOf(b)))[0];
    if (!around) continue;
    let best = [Infinity, 0, 0];
    around.forEach((p, i) => hole.forEach((q, j) => {
      if (distance(p, q) < best[0]) best = [distance(p, q), i, j];
    }));
    const [, i, j] = best;
    around.splice(i + 1, 0, ...hole.slice(j), ...hole.slice(0, j + 1), around[i]);
  }
  return outer.filter((ring) => ring.length > 3);
}
