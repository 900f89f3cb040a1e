// Stops: named ones where they are, virtual ones spread evenly over the streets and numbered by district.
import { distance, inside, noise, round } from './geometry.mjs';

/** The stops, homes with the share of people of 65 and over that `share` gives for them; the others have the town's. */
export const withElderly = (stops, share) =>
  stops.map((stop) => (stop.category === 'home' ? { ...stop, elderly_share: share(stop) } : stop));

/**
 * Puts stops at nodes of the network. `named` are [id, Japanese, English, lng, lat, category, weight]; each of `groups` spreads a
 * `count` of virtual stops over its `districts`, each of `hamlets` so many as it says. `others` are virtual stops that are no homes: the
 * nearest to [lng, lat] becomes one of this category and weight. `zone` gives a place's fare zone, `hamletWeight` how much demand a
 * stop of a hamlet draws.
 */
export function placeStops(network, { toMeters, named, groups = [], hamlets = [], others = [], zone, hamletWeight = () => 0.45 }) {
  const stops = [];
  const taken = new Set();
  const place = (node) => network.nodes[node];
  for (const [id, ja, en, lng, lat, category, weight] of named) {
    const node = network.nodeAt(toMeters([lng, lat]), (other) => !taken.has(other));
    taken.add(node);
    stops.push({ id, name: { ja, en }, node, zone: zone(place(node)), category, weight, is_virtual: false });
  }
  const fast = network.sections.filter((s) => s.class === 'trunk' || s.class === 'motorway');
  const onTrunk = new Set(fast.flatMap((s) => [s.from, s.to]));
  /** Takes up to `count` of the nodes that `accept` takes, each as far from all other stops as can be. */
  const spread = (count, accept, apart, size) => {
    const chosen = [];
    while (chosen.length < count) {
      let best = null;
      network.nodes.forEach((p, node) => {
        if (onTrunk.has(node) || taken.has(node) || !accept(p)) return;
        let away = Infinity;
        for (const other of taken) away = Math.min(away, distance(p, place(other)));
        if (away > apart && (best === null || away > best.away)) best = { node, away };
      });
      if (best === null) break;
      taken.add(best.node);
      chosen.push({ node: best.node, weight: round(size * (1 + 0.5 * noise(place(best.node), 300, 41)), 2) });
    }
    return chosen;
  };
  const virtual = [];
  for (const { districts, count } of groups) {
    const rings = districts.map((district) => ({ ...district, ring: district.outline.map(toMeters) }));
    const chosen = spread(count, (p) => rings.some(({ ring }) => inside(p, ring)), 60, 0.9);
    for (const stop of chosen) {
      const { ja, en } = rings.find(({ ring }) => inside(place(stop.node), ring));
      virtual.push({ ...stop, ja, en });
    }
  }
  for (const { ja, en, at, radius, stops: count } of hamlets) {
    const middle = toMeters(at);
    const chosen = spread(count, (p) => distance(p, middle) < radius * 1.25, 90, hamletWeight(middle));
    virtual.push(...chosen.map((stop) => ({ ...stop, ja, en })));
  }
  for (const [lng, lat, category, weight] of others) {
    const p = toMeters([lng, lat]);
    const away = (stop) => distance(p, place(stop.node));
    const nearest = virtual.filter((s) => !s.category).reduce((a, b) => (away(b) < away(a) ? b : a));
    Object.assign(nearest, { category, weight });
  }
  // Numbered within each district from north to south.
  const order = [...new Set(virtual.map((s) => s.ja))];
  virtual.sort((a, b) => order.indexOf(a.ja) - order.indexOf(b.ja) || place(b.node)[1] - place(a.node)[1]);
  const counts = new Map();
  virtual.forEach(({ ja, en, node, category = 'home', weight }, i) => {
    const number = (counts.get(ja) ?? 0) + 1;
    counts.set(ja, number);
    stops.push({
      id: `v${String(i + 1).padStart(3, '0')}`, name: { ja: `${ja} ${number}`, en: `${en} ${number}` }, node,
      zone: zone(place(node)), category, weight, is_virtual: true,
    });
  });
  return stops;
}
