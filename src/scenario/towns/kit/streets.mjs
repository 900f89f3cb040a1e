// Roads of a town: main roads as drawn, then streets that keep clear of them, of water, of the railway and of sites.
import { Segments, curve, distance, generator, inside, lengthOf, mix, nearestOnSegment, noise, simplify } from './geometry.mjs';

/**
 * Lines of all roads, each with its class and level. `roads` are curves through few points; an end near an earlier one joins it,
 * unless the road is `open`; one that is `winding` goes through its points as `wander` moves them. `expressway` lies a level
 * higher and meets the others at the `gate` alone. In `districts` and `hamlets` streets are grown where none of `rivers` and
 * `railways` is near and nothing is `blocked`.
 */
export function layRoads({ toMeters, roads, wander, expressway = [], gate, rivers, railways, blocked, districts, hamlets = [] }) {
  const lines = [];
  const laid = new Segments();
  for (const road of roads) {
    const points = road.points.map(toMeters);
    if (!road.open) {
      for (const end of [0, points.length - 1]) {
        const join = laid.nearest(points[end], 130);
        if (join) points[end] = join.at;
      }
    }
    const drawn = road.winding ? curve(points, 70).map(wander) : points;
    const line = { class: road.class, level: 0, points: simplify(curve(drawn), 0.8) };
    lines.push(line);
    laid.add(line.points, line);
  }

  const overpass = new Segments();
  for (const road of expressway) {
    const points = road.points.map(toMeters);
    // Ramps end on the carriageway, wherever the curve has put it.
    if (road.class !== 'motorway') points[points.length - 1] = overpass.nearest(points.at(-1), 200).at;
    const line = { class: road.class, level: 1, points: simplify(curve(points), 0.8) };
    lines.push(line);
    overpass.add(line.points, line);
  }

  const water = new Segments();
  for (const river of rivers) water.add(river, river);
  const rail = new Segments();
  for (const railway of railways) rail.add(railway, railway);
  const free = (p) =>
    !water.nearest(p, 48) && !rail.nearest(p, 26) && !overpass.nearest(p, 50) && !blocked(p) && !(gate && distance(p, gate) <= 260);

  const grow = (district, seed) => {
    const grown = [];
    for (const street of district.grid ? grid(district) : streets(district, generator(seed))) {
      const parts = clear(street, (p, direction) => {
        if (!inside(p, district.ring) || !free(p)) return false;
        const beside = laid.nearest(p, 58);
        if (!beside) return true;
        const along = [beside.segment.b[0] - beside.segment.a[0], beside.segment.b[1] - beside.segment.a[1]];
        return Math.abs(along[0] * direction[0] + along[1] * direction[1]) / Math.hypot(...along) < 0.8;
      });
      for (const points of parts) grown.push({ class: 'residential', level: 0, points: simplify(points, 3) });
    }
    // Only now, so that a district keeps clear of its neighbours and not of itself.
    for (const line of grown) laid.add(line.points, line);
    lines.push(...grown);
  };
  districts.forEach((district, i) => grow({ ...district, ring: district.outline.map(toMeters) }, 100 + i));
  hamlets.forEach((hamlet, i) => {
    const middle = toMeters(hamlet.at);
    const ring = [];
    for (let k = 0; k < 16; k++) {
      const angle = (k / 16) * 2 * Math.PI;
      const radius = hamlet.radius * (1 + 0.25 * noise([k * 40, i * 400], 60, 9));
      ring.push([middle[0] + radius * Math.cos(angle), middle[1] + radius * Math.sin(angle)]);
    }
    grow({ step: [165, 260], gaps: 0.32, ...hamlet, ring }, 200 + i);
  });
  return lines;
}

/** Long streets in one direction and shorter ones across, as ladders whose rungs often do not line up. */
function streets({ ring, angle, step, gaps = 0.13 }, random) {
  const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const turn = ([x, y]) => [x * c + y * s, -x * s + y * c];
  const back = ([u, v]) => {
    const p = [u * c - v * s, u * s + v * c];
    const bend = Math.min(30, step[0] / 4);
    return [p[0] + bend * noise(p, 330, 1), p[1] + bend * noise(p, 330, 2)];
  };
  const turned = ring.map(turn);
  const [u0, u1] = [Math.min(...turned.map((p) => p[0])), Math.max(...turned.map((p) => p[0]))];
  const [v0, v1] = [Math.min(...turned.map((p) => p[1])), Math.max(...turned.map((p) => p[1]))];
  const lines = [];
  const draw = (a, b) => {
    const pieces = Math.max(2, Math.ceil(distance(a, b) / 40));
    lines.push(Array.from({ length: pieces + 1 }, (_, k) => back(mix(a, b, k / pieces))));
  };
  let rungs = [];
  let previous = null;
  for (let u = u0 + random.between(10, 50); u < u1; u += random.between(...step)) {
    const tilt = random.between(-14, 14);
    const at = (v) => [u + (tilt * (v - v0)) / (v1 - v0), v];
    for (let v = v0; v < v1; ) {
      const next = Math.min(v1, v + random.between(140, 320));
      if (!random.chance(gaps)) draw(at(v), at(next));
      v = next;
    }
    if (previous) {
      const kept = rungs.filter(() => random.chance(0.5));
      rungs = [];
      for (let v = v0 + random.between(10, 70); v < v1; v += random.between(step[0] * 0.85, step[1] * 1.15)) {
        // A rung that goes on where the last one ended makes a crossing, any other a T.
        const line = kept.find((k) => Math.abs(k - v) < 45) ?? v;
        if (random.chance(gaps)) continue;
        const end = line + random.between(-12, 12);
        draw(previous(line), at(end));
        rungs.push(end);
      }
    }
    previous = at;
  }
  return lines;
}

/** Straight streets both ways, so far apart in metres: a town laid out by plan. */
function grid({ ring, angle, step: [across, along] }) {
  const [c, s] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const turned = ring.map(([x, y]) => [x * c + y * s, -x * s + y * c]);
  const back = ([u, v]) => [u * c - v * s, u * s + v * c];
  const [us, vs] = [0, 1].map((k) => turned.map((p) => p[k]));
  const [[u0, u1], [v0, v1]] = [us, vs].map((values) => [Math.min(...values), Math.max(...values)]);
  const lines = [];
  const draw = (a, b) => {
    const pieces = Math.max(2, Math.ceil(distance(a, b) / 40));
    lines.push(Array.from({ length: pieces + 1 }, (_, k) => back(mix(a, b, k / pieces))));
  };
  for (let u = u0 + across / 2; u < u1; u += across) draw([u, v0], [u, v1]);
  for (let v = v0 + along / 2; v < v1; v += along) draw([u0, v], [u1, v]);
  return lines;
}

/** The parts of a line, at least 45 m long, on which every point is free. */
function clear(line, isFree) {
  const parts = [];
  let part = [];
  const end = () => {
    if (part.length > 1 && lengthOf(part) > 45) parts.push(part);
    part = [];
  };
  for (let i = 0; i + 1 < line.length; i++) {
    const [a, b] = [line[i], line[i + 1]];
    const size = distance(a, b);
    const direction = [(b[0] - a[0]) / size, (b[1] - a[1]) / size];
    const pieces = Math.ceil(size / 8);
    for (let k = i === 0 ? 0 : 1; k <= pieces; k++) {
      const p = mix(a, b, k / pieces);
      if (isFree(p, direction)) part.push(p);
      else end();
    }
  }
  end();
  return parts;
}
