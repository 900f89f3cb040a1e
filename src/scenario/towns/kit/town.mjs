// From what was drawn by hand to a network with its stops.
import { curve, distance, noise, simplify } from './geometry.mjs';
import { Graph } from './graph.mjs';
import { placeStops } from './stops.mjs';
import { layRoads } from './streets.mjs';

/** Nodes and edges in degrees, and stops at nodes: roads as `layRoads` draws them, stops as `placeStops` puts them. */
export function settle(plane, roads, stops) {
  const graph = new Graph(layRoads({ ...plane, ...roads }), roads.gate);
  graph.tidy();
  const network = graph.contract();
  network.merge(36);
  const placed = placeStops(network, { ...plane, ...stops });
  return { stops: placed, ...network.finish(plane) };
}

/** A river's line. Brooks, which have no name, are drawn with few points and wander between them, but not where they meet their river. */
export function riverLine({ toMeters }, river) {
  const line = curve(river.points.map(toMeters), 30);
  const wander = (p) => Math.min(150, distance(p, line.at(-1)) / 5);
  return simplify(river.ja ? line : line.map((p) => [p[0] + wander(p) * noise(p, 620, 61), p[1] + wander(p) * noise(p, 620, 62)]), 1.5);
}

/** A railway's line. */
export const railLine = ({ toMeters }, points) => simplify(curve(points.map(toMeters), 30), 1);
