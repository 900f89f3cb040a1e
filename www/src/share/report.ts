// A report as a file: its figures and the scenario's rules, as `noriai run --json` prints them; and the changes that make its day again,
// if a town of the page and settings do.
import type { Report, Scenario } from '../../pkg/noriai.js';
import { areChanges, type Changes } from './changes';
import { FEWEST, hasOwnTrips, maskedReport } from './masking';

export function reportJson(report: Report, scenario: Scenario, changes: Changes | undefined): string {
  const { name, seed, policies, network, service, fleet } = scenario;
  return JSON.stringify(
    {
      ...(hasOwnTrips(scenario) ? maskedReport(report) : report),
      town: name.en,
      seed,
      policies,
      ...(network.traffic && { traffic: network.traffic }),
      phone: service.phone ?? null,
      work_rules: fleet.drivers?.rules ?? null,
      supervision: service.supervision ?? null,
      ...(changes && { changes: { ...changes, log_hash: report.log_hash } }),
    },
    null,
    2,
  );
}

/** Whether the figures of a day speak of so few that they are single trips. */
export const isOfFew = ({ requests }: Report): boolean => requests < FEWEST;

/** A report that was read: its town, and the changes that make its day, if it has them. Nothing where a text is no report. */
export function reportIn(text: string): { town: string; changes?: Changes } | undefined {
  // A large scenario need not be read twice.
  if (!text.includes('"log_hash"')) return undefined;
  try {
    const { log_hash, town, changes } = JSON.parse(text) as Record<string, unknown>;
    if (typeof log_hash !== 'string') return undefined;
    return { town: typeof town === 'string' ? town : '', ...(areChanges(changes) && { changes }) };
  } catch {
    return undefined;
  }
}
