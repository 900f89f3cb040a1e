// Lines of the charts: what the playback knows, read at the times of a grid.
import type { Ride } from '../pkg/noriai.js';

/** How many people wait and how many are aboard: at each time of a grid the most until the next one. */
export function people(rides: Ride[], grid: number[]): { waiting: number[]; aboard: number[] } {
  const served = rides.filter((ride) => ride.served);
  const most = (from: (ride: Ride) => number, until: (ride: Ride) => number) => {
    const changes = served.flatMap((ride) => {
      const people = ride.passengers + ride.wheelchairs;
      return [{ t_s: from(ride), by: people }, { t_s: until(ride), by: -people }];
    });
    // Who leaves goes before who comes, so that the two are not counted together.
    changes.sort((a, b) => a.t_s - b.t_s || a.by - b.by);
    let [next, now] = [0, 0];
    const step = () => (now += changes[next++]!.by);
    return grid.map((t, index) => {
      while (next < changes.length && changes[next]!.t_s <= t) step();
      let most = now;
      const end = grid[index + 1] ?? t;
      while (next < changes.length && changes[next]!.t_s < end) most = Math.max(most, step());
      return most;
    });
  };
  return {
    waiting: most((ride) => ride.earliest_s, (ride) => ride.pickup_s!),
    aboard: most((ride) => ride.pickup_s!, (ride) => ride.dropoff_s!),
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
