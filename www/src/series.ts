// Lines of the charts: what the playback knows, read at the times of a grid.
import type { Ride } from '../pkg/noriai.js';

/** How many people wait and how many are aboard at the times of a grid. */
export function people(rides: Ride[], grid: number[]): { waiting: number[]; aboard: number[] } {
  const count = (inside: (ride: Ride, t: number) => boolean) =>
    grid.map((t) => rides.reduce((sum, ride) => (inside(ride, t) ? sum + ride.passengers + ride.wheelchairs : sum), 0));
  return {
    waiting: count(({ served, earliest_s, pickup_s }, t) => served && earliest_s <= t && t < pickup_s!),
    aboard: count(({ served, pickup_s, dropoff_s }, t) => served && pickup_s! <= t && t < dropoff_s!),
  };
}

/** A line of time and value pairs, read at the times of a grid; in per cent. */
export function sampled(series: Float64Array, grid: number[]): (number | null)[] {
  let at = 0;
  return grid.map((t) => {
    while (2 * at + 3 < series.length && series[2 * at + 2]! <= t) at++;
    const [t0, a, t1, b] = series.subarray(2 * at, 2 * at + 4);
    if (t0 === undefined || a === undefined || Number.isNaN(a) || t < t0) return null;
    if (t1 === undefined || b === undefined || t1 === t0) return 100 * a;
    return 100 * (a + (b - a) * Math.min((t - t0) / (t1 - t0), 1));
  });
}
