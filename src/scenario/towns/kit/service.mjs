// What the towns share of service and energy.
import { readFileSync } from 'node:fs';

/** What categories give and take by hour, for a stop of weight 1; homes are many, so that the others' numbers are larger. */
export const CATEGORIES = Object.entries({
  //                                     from 7 to 21 h
  home: {
    departs: [0, 0, 0, 0, 0, 0, 0, 1, 1.5, 1.5, 1.3, 0.9, 0.8, 0.9, 0.8, 0.6, 0.4, 0.5, 0.5, 0.2, 0.1, 0.1, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 0.1, 0.1, 0.2, 0.4, 1, 1.1, 0.8, 0.9, 1.3, 1.5, 1.6, 1.6, 1.6, 1.6, 1.6, 0, 0],
  },
  station: {
    departs: [0, 0, 0, 0, 0, 0, 0, 6, 14, 12, 9, 8, 7, 7, 7, 8, 10, 13, 14, 12, 8, 4, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 12, 16, 12, 9, 6, 6, 8, 9, 12, 13, 12, 8, 5, 4, 2, 0, 0],
  },
  shop: {
    departs: [0, 0, 0, 0, 0, 0, 0, 0, 1, 8, 20, 26, 18, 12, 16, 18, 18, 16, 12, 5, 1, 0, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 1, 10, 24, 24, 18, 12, 16, 18, 15, 12, 10, 6, 2, 0, 0, 0, 0],
  },
  clinic: {
    departs: [0, 0, 0, 0, 0, 0, 0, 0, 2, 14, 24, 26, 12, 1, 6, 12, 12, 4, 0, 0, 0, 0, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 6, 30, 28, 18, 5, 1, 12, 12, 8, 2, 0, 0, 0, 0, 0, 0, 0],
  },
  office: {
    departs: [0, 0, 0, 0, 0, 0, 0, 0, 1, 4, 6, 7, 6, 4, 5, 6, 6, 8, 4, 1, 0, 0, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 4, 10, 9, 8, 5, 4, 7, 6, 5, 3, 1, 0, 0, 0, 0, 0, 0],
  },
  school: {
    departs: [0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0.5, 0.5, 1, 1, 1, 4, 10, 9, 5, 2, 0, 0, 0, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 10, 8, 2, 1, 1, 1, 1, 1, 2, 2, 2, 1, 0, 0, 0, 0, 0],
  },
  work: {
    departs: [0, 0, 0, 0, 0, 0, 0, 0, 0.5, 1, 1, 2, 3, 2, 2, 3, 6, 12, 8, 3, 1, 0, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 10, 10, 5, 3, 2, 3, 4, 3, 2, 1, 1, 0, 0, 0, 0, 0, 0],
  },
  leisure: {
    departs: [0, 0, 0, 0, 0, 0, 0, 0, 0.5, 1, 2, 3, 4, 5, 5, 5, 4, 4, 4, 7, 12, 14, 0, 0],
    arrives: [0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 4, 6, 6, 4, 4, 3, 3, 5, 8, 5, 1, 0, 0, 0],
  },
}).map(([category, { departs, arrives }]) => ({ category, departs, arrives }));

/** A two-way charger of the size sold to homes and offices in Japan; losses by power after Iwafune et al. 2024. */
export const TWO_WAY = {
  power_kw: 6, losses: { fixed_kw: 0.05, proportional: 0.093, quadratic_per_kw: 0.003 }, standby_kw: 0.02,
  discharge: { power_kw: 6, losses: { fixed_kw: 0.036, proportional: 0.063, quadratic_per_kw: 0.005 } },
};
/** What the packs of vans and cars have in common. */
export const PACK = {
  max_charge_kw: 6.8, taper: { from_soc: 0.95, at_full: 0.3 }, cell_loss: 0.015,
  ageing: { replacement_yen_per_kwh: 20000, end_of_life_loss: 0.3, scale: 0.43, age_years: 2, full_cycles: 150 },
};

/** Contracts for electricity, by name. */
export const TARIFFS = JSON.parse(readFileSync(new URL('../../tariffs.json', import.meta.url), 'utf8'));

/** A van with a battery of so many usable kWh. */
export const vanBattery = (capacity_kwh) => ({
  capacity_kwh, initial_soc: 0.9, reserve_soc: 0.15, ...PACK, drive_kwh_per_km: 0.2, auxiliary_kw: 0.3,
  climate: { heat_below_c: 18, heating_kw_per_k: 0.12, cool_above_c: 24, cooling_kw_per_k: 0.1 },
});

/** Load by hour of the day, kW, from its shape around 1 and its mean. */
export const loadOf = (shape, mean_kw) => shape.map((share) => Number((share * mean_kw).toFixed(1)));

/** `9.5` hours as `09:30`. */
export const clock = (h) => `${String(Math.floor(h)).padStart(2, '0')}:${String(Math.round((h % 1) * 60)).padStart(2, '0')}`;

/** What running vans and a small bus costs; each town's assumptions say where the prices come from. */
export const COSTS = {
  driver_yen_per_h: 2300,
  electricity_yen_per_kwh: 30,
  on_demand: { vehicle_yen_per_day: 3500, vehicle_yen_per_km: 8, fuel_yen_per_km: 14, overhead_yen_per_day: 25000 },
  fixed_route: { vehicle_yen_per_day: 6000, vehicle_yen_per_km: 25, fuel_yen_per_km: 26, overhead_yen_per_day: 5000 },
};

/**
 * A way of a bus loop on `week`, a list of [days, closing hour]: hourly from a first departure, without the one in the driver's
 * break. `calls` are stops with the minutes after the first.
 */
export function loopLine({ id, name, calls, first, without, week }) {
  const departures = week.map(([days, closes]) => {
    const hours = Array.from({ length: 24 }, (_, k) => first + k).filter((h) => h !== without && h + calls.at(-1)[1] / 60 <= closes);
    return { days, times: hours.map(clock) };
  });
  return { id, name, stops: calls.map(([stop, min]) => ({ stop, departure_s: 60 * min })), departures };
}

/**
 * Calls of a bus at these nodes: [stop, minutes after the first], each leg its drive and a rider's boarding, rounded up to minutes.
 * `network` and its speeds are the scenario's.
 */
export function calls({ nodes, edges, speeds_kmh }, stops, boarding_s) {
  const ways = nodes.map(() => []);
  for (const { from, to, length_m, class: kind } of edges) {
    const seconds = (length_m * 3.6) / speeds_kmh[kind];
    ways[from].push([to, seconds]);
    ways[to].push([from, seconds]);
  }
  // Dijkstra, with the nearest open node found by looking at all of them.
  const drive = (start, end) => {
    const times = new Map([[start, 0]]);
    const done = new Set();
    for (;;) {
      const [node, time] = [...times].filter(([n]) => !done.has(n)).reduce((a, b) => (b[1] < a[1] ? b : a));
      if (node === end) return time;
      done.add(node);
      for (const [next, more] of ways[node]) times.set(next, Math.min(times.get(next) ?? Infinity, time + more));
    }
  };
  let minutes = 0;
  return stops.map(({ id, node }, i) => {
    if (i > 0) minutes += Math.ceil((drive(stops[i - 1].node, node) + boarding_s) / 60);
    return [id, minutes];
  });
}
