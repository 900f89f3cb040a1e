// Small worked examples for the unit tests.
import type { Ride, Scenario, Site, Vehicle } from '../pkg/noriai.js';

const name = (text: string) => ({ ja: text, en: text });

const van = (id: string): Vehicle => ({ id, seats: 4, wheelchair_places: 1, depot: 'd' });

/** Two stops and two vans; the service runs from Monday to Friday. */
export const town: Scenario = {
  version: 1,
  name: name('Town'),
  about: name(''),
  assumptions: [],
  sources: [],
  seed: 1,
  day: { date: '2023-11-09', outdoor_c: 13, outdoor_by_month_c: [2, 3, 6, 11, 15, 19, 23, 24, 21, 15, 10, 5] },
  network: {
    nodes: [
      { lat: 37.5, lng: 141 },
      { lat: 37.51, lng: 141 },
    ],
    edges: [{ from: 0, to: 1, length_m: 1112, class: 'residential' }],
    speeds_kmh: { motorway: 80, trunk: 50, primary: 40, secondary: 40, residential: 30, service: 20 },
  },
  drawing: { view: [140.9, 37.4, 141.1, 37.6], features: [] },
  stops: [
    { id: 'a', name: name('A'), node: 0, zone: '1', category: 'home', weight: 1, is_virtual: false },
    { id: 'b', name: name('B'), node: 1, zone: '1', category: 'shop', weight: 1, is_virtual: true },
  ],
  service: {
    hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], opens: '08:00', closes: '18:00' }],
    max_wait_s: 1200,
    detour_factor: 1.5,
    dwell: { per_request_s: 30, per_passenger_s: 5, per_wheelchair_s: 120 },
  },
  fares: { zones: [{ id: '1', name: name('1'), adult_yen: 200 }], free_share: 0 },
  depots: [{ id: 'd', name: name('D'), node: 0, chargers: [] }],
  fleet: { vehicles: [van('1'), van('2')] },
  demand: { factor: 1, trips: [] },
  policies: {
    matching: { kind: 'insertion', objective: { waiting: 0, riding: 0 } },
    rebalancing: { kind: 'stay' },
    charging: { kind: 'immediate', below_soc: 0.4 },
  },
};

const year = (value: number) => Array(12).fill(value) as Site['load_by_month'];

/** The town with a contract for its depot. */
export const powered: Scenario = {
  ...town,
  depots: [
    {
      ...town.depots[0]!,
      site: {
        name: name('Hall'),
        lat: 37.5,
        lng: 141,
        load_kw: [...Array(12).fill(20), ...Array(12).fill(40)],
        load_by_month: year(0.9),
        cars: [],
        import_limit_kw: 100,
        export_limit_kw: 0,
        critical_loads: [],
        tariff: {
          name: name('One price'),
          source: 'assumed',
          since: '2024-01-01',
          energy: { kind: 'flat', yen_per_kwh: 20 },
          fuel_adjustment_yen_per_kwh: 0,
          levy_yen_per_kwh: 0,
          basic_yen_per_kw_month: 2000,
          power_factor_percent: 100,
          past_peak_kw: 0,
          tax: 0,
          export_yen_per_kwh: 0,
          battery_export: false,
          co2_kg_per_kwh: [0.4],
        },
      },
    },
  ],
};

/** A ride of one from `a` to `b`, called and wanted at nine. */
export const ride = (change: Partial<Ride>): Ride => ({
  request: 0,
  known_s: 32400,
  earliest_s: 32400,
  origin: 0,
  destination: 1,
  walk_to_s: 0,
  walk_from_s: 0,
  passengers: 1,
  wheelchairs: 0,
  parcels: 0,
  direct_s: 120,
  served: true,
  shared: false,
  ...change,
});
