// Which of many runs are not beaten by another one: at least as good in both figures, and better in one.

export interface Place {
  /** Less is better. */
  x: number;
  /** More is better. */
  y: number;
}

/** The places that no other one beats, from the least x on; of equal ones all. O(n log n). */
export function front<P extends Place>(places: P[]): P[] {
  const sorted = [...places].sort((a, b) => a.x - b.x || b.y - a.y);
  const best: P[] = [];
  for (const place of sorted) {
    const last = best.at(-1);
    if (!last || place.y > last.y || (place.y === last.y && place.x === last.x)) best.push(place);
  }
  return best;
}

/** A handful of whole numbers from one to another, both among them, evenly apart. */
export function spread(from: number, to: number, most: number): number[] {
  const count = Math.min(most, to - from + 1);
  if (count <= 1) return [from];
  return Array.from({ length: count }, (_, index) => Math.round(from + (index * (to - from)) / (count - 1)));
}

/** Round numbers between two values, some `count` of them. */
export function scale(from: number, to: number, count: number): number[] {
  const rough = (to - from) / count;
  if (!(rough > 0)) return [from];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((unit) => unit * power).find((unit) => unit >= rough)!;
  const first = Math.ceil(from / step - 1e-9);
  return Array.from({ length: Math.floor(to / step + 1e-9) - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
