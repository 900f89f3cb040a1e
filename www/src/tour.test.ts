import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Scenario } from '../pkg/noriai.js';
import { settingsOf } from './settings';
import { LENGTH, stepsOf } from './tour';

const builtIn = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../src/scenario/towns/${name}.json`, import.meta.url), 'utf8')) as Scenario;
const steps = (town: Scenario) => stepsOf({ town, settings: settingsOf(town), trips: undefined });

describe('the guided tour', () => {
  test.each(['namie', 'shiojiri', 'minato_mirai'])('has five different steps in %s, and begins with the day', (name) => {
    const told = steps(builtIn(name));
    expect(told).toHaveLength(LENGTH);
    expect(new Set(told).size).toBe(LENGTH);
    expect(told[0]).toBe('watch');
  });

  test('tells of supervisors where there are some', () => {
    expect(steps(builtIn('minato_mirai'))).toContain('supervisors');
    expect(steps(builtIn('namie'))).not.toContain('supervisors');
  });

  test('asks for nothing that a town does not have', () => {
    const { fixed_route: _, growth: __, ...town } = builtIn('namie');
    const bare = { ...town, depots: town.depots.map((depot) => ({ ...depot, site: undefined })) } as Scenario;
    expect(steps(bare)).toEqual(['watch', 'fewer', 'sharing', 'carry']);
    const single = { ...bare, fleet: { ...bare.fleet, vehicles: bare.fleet.vehicles.slice(0, 1) } } as Scenario;
    expect(steps(single)).toEqual(['watch', 'sharing', 'carry']);
  });
});
