// What the base map draws beside the roads.
import { areas, contours } from './areas.mjs';
import { Segments, distance, inside, noise } from './geometry.mjs';

/** Collects features of a drawing, whose points are given in metres. */
export function sketch({ toDegrees }) {
  const features = [];
  const feature = (kind, points, name) =>
    features.push({ kind, ...(name?.ja ? { name: { ja: name.ja, en: name.en } } : {}), points: points.map((p) => toDegrees(p)) });
  return { features, feature };
}

/**
 * How wooded a place is, above 0 for woods: what the land has by itself, hills as `{ at, radius }`, less along rivers (so wide their
 * valleys as `valley` says) and around places that are `open`.
 */
export function woodland({ base, hills, water, valley, open }) {
  return (p) => {
    let height = base(p) + 0.6 * noise(p, 1500, 11) + 0.3 * noise(p, 620, 12) + 0.14 * noise(p, 260, 13);
    for (const { at, radius } of hills) height += Math.max(0, 0.95 * (1 - distance(p, at) / radius));
    const river = water.nearest(p, 450);
    if (river) height -= Math.max(0, 1.7 * (1 - river.away / valley(p, river.segment.owner)));
    for (const { at, radius } of open) height -= Math.max(0, 2 * (1 - distance(p, at) / radius));
    return height;
  };
}

/** Outlines of woods within a box of metres. Where they go on beyond what is computed, the outline does too, far out. */
export function woods(height, [west, south, east, north], step = 125) {
  const beyond = ([x, y]) => [
    x < west + step ? x - 60000 : x > east - step ? x + 60000 : x,
    y < south + step ? y - 12000 : y > north - step ? y + 9000 : y,
  ];
  return areas(contours(height, [west, south, east, north], step), 90000, 13).map((ring) => ring.map(beyond));
}

/** Built-up land: along streets, but only in districts and hamlets, since lanes through fields have none. Boxes are in metres. */
export function builtUp({ toMeters }, { districts, hamlets, edges, nodes }, boxes) {
  const streets = new Segments(120);
  for (const edge of edges) {
    if (edge.class !== 'residential' && edge.class !== 'service') continue;
    streets.add([nodes[edge.from], ...edge.shape, nodes[edge.to]].map(toMeters), edge);
  }
  const rings = districts.map((d) => d.outline.map(toMeters));
  const outline = new Segments(150);
  for (const ring of rings) outline.add([...ring, ring[0]], ring);
  const round = hamlets.map((h) => ({ at: toMeters(h.at), radius: h.radius * 1.2 }));
  const built = (p) => {
    const street = streets.nearest(p, 110);
    if (!street) return -60;
    const near = rings.some((ring) => inside(p, ring))
      ? 60
      : Math.max(...round.map((h) => h.radius - distance(p, h.at)), 60 - (outline.nearest(p, 120)?.away ?? 120));
    return Math.min(58 + 14 * noise(p, 130, 21) - street.away, near);
  };
  return boxes.flatMap((box) => areas(contours(built, box, 36), 30000, 6));
}

/** The shores of a pond that nobody ruled. */
export function pond(middle, radius, number) {
  return Array.from({ length: 14 }, (_, k) => {
    const angle = (k / 14) * 2 * Math.PI;
    const r = radius * (0.8 + 0.45 * noise([k % 14 < 7 ? k * 30 : (14 - k) * 30, number * 500], 70, 31));
    return [middle[0] + r * Math.cos(angle), middle[1] + 0.7 * r * Math.sin(angle)];
  });
}
