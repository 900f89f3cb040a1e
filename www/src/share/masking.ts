// What must not be told of trips of one's own: in a town of two thousand, a single trip is a person.
import type { Cell, Report, Scenario } from '../../pkg/noriai.js';

/** Cells of fewer trips than this are left out of all that leaves the machine. */
export const FEWEST = 5;

/** Whether a day has trips of its own, and not those of a model. */
export const hasOwnTrips = ({ demand }: Scenario): boolean => (demand.trips?.length ?? 0) > 0;

/**
 * Which counts of a table are to be hidden: those of 1 to 4; and where these add up to fewer than 5, so that the table's sum would tell
 * them, the next larger ones too. O(n log n).
 */
export function hidden(counts: number[]): boolean[] {
  const hides = counts.map((count) => count > 0 && count < FEWEST);
  const others = counts.map((_, index) => index).filter((index) => counts[index]! >= FEWEST);
  others.sort((a, b) => counts[b]! - counts[a]!);
  let sum = counts.reduce((all, count, index) => all + (hides[index] ? count : 0), 0);
  while (sum > 0 && sum < FEWEST && others.length > 0) {
    const next = others.pop()!;
    hides[next] = true;
    sum += counts[next]!;
  }
  return hides;
}

/** The cells of the demand map that may be told. */
export function shownCells(cells: Cell[]): Cell[] {
  const hides = hidden(cells.map(({ trips }) => trips));
  return cells.filter((_, index) => !hides[index]);
}

/** A report without its cells of few trips: `null` in the place of numbers, and nothing of what single vans did. */
export function maskedReport(report: Report) {
  const { requests, served } = report.series;
  const refused = requests.map((count, step) => count - served[step]!);
  const steps = [requests, served, refused].map(hidden);
  const shown = (counts: number[]) => counts.map((count, step) => (steps.some((hides) => hides[step]) ? null : count));
  const vans = hidden(report.vehicles.map((van) => van.served));
  const reasons = hidden(report.refused_by.map(({ count }) => count));
  return {
    ...report,
    masked_below: FEWEST,
    refused_by: report.refused_by.map(({ limit, count }, reason) => ({ limit, count: reasons[reason] ? null : count })),
    vehicles: report.vehicles.map((van, index) => (vans[index] ? { id: van.id, served: null } : van)),
    sites: report.sites.map((site) => ({ ...site, units: [] })),
    // How many vans were busy tells when there was a ride.
    series: { ...report.series, requests: shown(requests), served: shown(served), busy_vans: [], power_kw: [] },
  };
}
