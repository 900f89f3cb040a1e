// What the person at the page may change, and the scenario that follows from it.
import type { ChargingPolicy, MatchingPolicy, RebalancingPolicy, Scenario, Trip, Vehicle, Weekday } from '../pkg/noriai.js';

export interface Settings {
  date: string;
  outdoor_c: number;
  factor: number;
  vans: number;
  max_wait_s: number;
  detour_factor: number;
  matching: MatchingPolicy;
  rebalancing: RebalancingPolicy;
  charging: ChargingPolicy;
  seed: number;
}

const WEEKDAYS: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAY_MS = 86_400_000;

/** The settings that leave a scenario as it is. */
export function settingsOf(scenario: Scenario): Settings {
  const { day, demand, fleet, service, policies, seed } = scenario;
  return {
    date: day.date,
    outdoor_c: day.outdoor_c,
    factor: demand.factor,
    vans: fleet.vehicles.length,
    max_wait_s: service.max_wait_s,
    detour_factor: service.detour_factor,
    ...policies,
    seed,
  };
}

/** The scenario with the settings in it; trips of one's own replace the modelled demand. */
export function apply(scenario: Scenario, settings: Settings, trips?: Trip[]): Scenario {
  const { date, outdoor_c, factor, vans, max_wait_s, detour_factor, matching, rebalancing, charging, seed } = settings;
  return {
    ...scenario,
    seed,
    day: { date, outdoor_c },
    service: { ...scenario.service, max_wait_s, detour_factor },
    fleet: { vehicles: fleetOf(scenario.fleet.vehicles, vans) },
    demand: trips ? { factor: 1, trips } : { ...scenario.demand, factor },
    policies: { matching, rebalancing, charging },
  };
}

/** The first `count` vans; beyond the scenario's own, copies of them in turn under new ids. */
export function fleetOf(vehicles: Vehicle[], count: number): Vehicle[] {
  const ids = new Set(vehicles.map((vehicle) => vehicle.id));
  const fleet = vehicles.slice(0, count);
  for (let number = vehicles.length + 1; fleet.length < count; number++) {
    const id = ids.has(String(number)) ? `+${number}` : String(number);
    fleet.push({ ...vehicles[fleet.length % vehicles.length]!, id });
  }
  return fleet;
}

export interface WeekDay {
  date: string;
  /** Opening and closing, if the service runs. */
  hours?: { opens: string; closes: string };
}

/** The week, Monday first, in which a date lies. */
export function weekOf(scenario: Scenario, date: string): WeekDay[] {
  const noon = Date.parse(`${date}T12:00:00Z`);
  const sinceMonday = (new Date(noon).getUTCDay() + 6) % 7;
  return WEEKDAYS.map((weekday, index) => {
    const hours = scenario.service.hours.find((entry) => entry.days.includes(weekday));
    return { date: new Date(noon + (index - sinceMonday) * DAY_MS).toISOString().slice(0, 10), hours };
  });
}

/** When the service opens on a day, seconds from midnight. */
export function opensAt(scenario: Scenario, date: string): number | undefined {
  const hours = weekOf(scenario, date).find((day) => day.date === date)?.hours;
  if (!hours) return undefined;
  const [h = 0, min = 0, s = 0] = hours.opens.split(':').map(Number);
  return h * 3600 + min * 60 + s;
}

/** An empty trips file with the columns explained by two rows between stops of the town. */
export function tripsTemplate(scenario: Scenario): string {
  const [a, b] = scenario.stops;
  if (!a || !b) return '';
  return [
    'request_time,origin,destination,passengers,earliest,latest,wheelchairs',
    `09:10,${a.id},${b.id},1,,,`,
    `10:00,${b.id},${a.id},2,10:30,11:15,1`,
    '',
  ].join('\r\n');
}
