// Driving times by clock hour. Each hour has a speed, in whole milliseconds of free road an hour; a drive ends at the first
// millisecond at which a van that had been driving since midnight would be as many whole milliseconds of free road farther as the
// drive is long.
const HOUR = 3_600_000;
const UNIT = HOUR;

/** From the report's 24 factors, if it has any: when a drive ends, and by how much a delay can grow on the way. */
export function trafficOf(factors) {
  if (!factors) return { after: (begin, free) => begin + free, growth: 1 };
  const speeds = factors.map((factor) => Math.round(UNIT / factor));
  const whole = speeds.reduce((total, speed) => total + speed * HOUR, 0);
  const units = (at) => {
    const day = Math.floor(at / (24 * HOUR));
    let rest = at - day * 24 * HOUR;
    let sum = day * whole;
    for (let hour = 0; rest > 0; hour++, rest -= HOUR) sum += Math.min(rest, HOUR) * speeds[hour];
    return sum;
  };
  const after = (begin, free) => {
    if (free === 0) return begin;
    const goal = (Math.floor(units(begin) / UNIT) + free) * UNIT;
    let at = Math.floor(goal / whole) * 24 * HOUR;
    let rest = goal - Math.floor(goal / whole) * whole;
    let hour = 0;
    for (; rest > speeds[hour] * HOUR; hour++) {
      rest -= speeds[hour] * HOUR;
      at += HOUR;
    }
    return at + Math.ceil(rest / speeds[hour]);
  };
  // Who sets out later drives in slower hours, and stands between them.
  const growth = factors.reduce((product, factor, hour) => product * Math.max(1, factors[(hour + 1) % 24] / factor), 1);
  return { after, growth };
}
