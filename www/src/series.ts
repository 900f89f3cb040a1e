// Lines of the charts: what the playback knows, read at the times of a grid.
import type { Ride } from '../pkg/noriai.js';

/** A number of people, by time. */
export class Crowd {
  /** When it changes, and to what. */
  readonly #times: number[] = [];
  readonly #counts: number[] = [];

  /** Of rides' parties, each for a while. */
  constructor(rides: Ride[], from: (ride: Ride) => number, until: (ride: Ride) => number) {
    const changes = rides.flatMap((ride) => {
      const people = ride.passengers + ride.wheelchairs;
      return [{ t_s: from(ride), by: people }, { t_s: until(ride), by: -people }];
    });
    // Who leaves goes before who comes, so that the two are not counted together.
    changes.sort((a, b) => a.t_s - b.t_s || a.by - b.by);
    let now = 0;
    for (const { t_s, by } of changes) {
      now += by;
      this.#times.push(t_s);
      this.#counts.push(now);
    }
  }

  /** At each time of a grid the most until the next one. */
  over = (grid: number[]): number[] => {
    let next = after(this.#times, grid[0] ?? 0);
    let now = this.#counts[next - 1] ?? 0;
    return grid.map((t, index) => {
      while (next < this.#times.length && this.#times[next]! <= t) now = this.#counts[next++]!;
      let most = now;
      const end = grid[index + 1] ?? t;
      while (next < this.#times.length && this.#times[next]! < end) {
        now = this.#counts[next++]!;
        most = Math.max(most, now);
      }
      return most;
    });
  };
}

/** How many of these times, in their order, are at or before a moment. */
function after(times: ArrayLike<number>, t_s: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= t_s) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many people wait and how many are aboard. */
export function people(rides: Ride[]): { waiting: Crowd; aboard: Crowd } {
  const served = rides.filter((ride) => ride.served);
  return {
    waiting: new Crowd(served, (ride) => ride.earliest_s, (ride) => ride.pickup_s!),
    aboard: new Crowd(served, (ride) => ride.pickup_s!, (ride) => ride.dropoff_s!),
  };
}

/** A line of time and value pairs, read at the times of a grid; in per cent. */
export function sampled(series: Float64Array, grid: number[]): (number | null)[] {
  let at = 0;
  return grid.map((t) => {
    while (2 * at + 3 < series.length && series[2 * at + 2]! <= t) at++;
    const [t0, a, t1, b] = [series[2 * at], series[2 * at + 1], series[2 * at + 2], series[2 * at + 3]];
    if (t0 === undefined || a === undefined || Number.isNaN(a) || t < t0) return null;
    if (t1 === undefined || b === undefined || t1 === t0) return 100 * a;
    return 100 * (a + (b - a) * Math.min((t - t0) / (t1 - t0), 1));
  });
}

/** The lowest, mean and highest of many lines at each time of a grid. */
export function spread(lines: Float64Array[], grid: number[]): Record<'lowest' | 'mean' | 'highest', (number | null)[]> {
  const lowest = grid.map(() => Infinity);
  const highest = grid.map(() => -Infinity);
  const sum = grid.map(() => 0);
  const count = grid.map(() => 0);
  for (const line of lines) {
    sampled(line, grid).forEach((value, index) => {
      if (value === null) return;
      lowest[index] = Math.min(lowest[index]!, value);
      highest[index] = Math.max(highest[index]!, value);
      sum[index]! += value;
      count[index]! += 1;
    });
  }
  const where = (values: number[]) => values.map((value, index) => (count[index]! > 0 ? value : null));
  return { lowest: where(lowest), mean: where(sum.map((value, index) => value / count[index]!)), highest: where(highest) };
}
