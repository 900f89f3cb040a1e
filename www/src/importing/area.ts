// Which part of a map becomes the town, where the map is larger than a town.
import type { Box } from '../state';

/** A map up to so many kilometres along each side is taken whole. */
const WHOLE_KM = 25;

/** Side of the square that is offered of a larger one, kilometres. */
const TOWN_KM = 12;

/** Kilometres of a degree of latitude. */
const DEGREE_KM = 111.195;

/** Kilometres of a degree of longitude at a latitude. */
const eastKm = (lat: number): number => DEGREE_KM * Math.cos((lat * Math.PI) / 180);

/** The box around points, longitude and latitude in turn. */
export function boxOf(points: Float64Array): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at < points.length; at += 2) {
    const [lng, lat] = [points[at]!, points[at + 1]!];
    box[0] = Math.min(box[0], lng);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lng);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

/** Width and height of a box, kilometres. */
export function sizeKm([west, south, east, north]: Box): [number, number] {
  return [(east - west) * eastKm((south + north) / 2), (north - south) * DEGREE_KM];
}

/** The square with the most points of roads, if the map is larger than a town; else nothing, and all of it is taken. */
export function townArea(points: Float64Array): Box | undefined {
  const box = boxOf(points);
  const [width, height] = sizeKm(box);
  if (Math.max(width, height) <= WHOLE_KM) return undefined;
  const [west, south, , north] = box;
  const east = eastKm((south + north) / 2);
  // Points in squares of 1 km, summed up from the south-west, so that every window is four look-ups.
  const [columns, rows] = [Math.ceil(width) + 1, Math.ceil(height) + 1];
  const sums = new Float64Array((columns + 1) * (rows + 1));
  const at = (column: number, row: number) => row * (columns + 1) + column;
  for (let point = 0; point < points.length; point += 2) {
    const column = Math.floor((points[point]! - west) * east);
    const row = Math.floor((points[point + 1]! - south) * DEGREE_KM);
    sums[at(column + 1, row + 1)]! += 1;
  }
  for (let row = 1; row <= rows; row++) {
    for (let column = 1; column <= columns; column++) {
      sums[at(column, row)]! += sums[at(column - 1, row)]! + sums[at(column, row - 1)]! - sums[at(column - 1, row - 1)]!;
    }
  }
  let [most, left, bottom] = [-1, 0, 0];
  for (let row = 0; row + TOWN_KM <= rows || row === 0; row++) {
    for (let column = 0; column + TOWN_KM <= columns || column === 0; column++) {
      const [right, top] = [Math.min(column + TOWN_KM, columns), Math.min(row + TOWN_KM, rows)];
      const count = sums[at(right, top)]! - sums[at(column, top)]! - sums[at(right, row)]! + sums[at(column, row)]!;
      if (count > most) [most, left, bottom] = [count, column, row];
    }
  }
  return [west + left / east, south + bottom / DEGREE_KM, west + (left + TOWN_KM) / east, south + (bottom + TOWN_KM) / DEGREE_KM];
}
