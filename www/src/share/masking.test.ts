import { expect, test } from 'vitest';
import type { Cell, Report } from '../../pkg/noriai.js';
import { FEWEST, hidden, maskedReport, shownCells } from './masking';

test('counts of one to four are hidden, none and five are not', () => {
  expect(hidden([])).toEqual([]);
  expect(hidden([0, 5, 40])).toEqual([false, false, false]);
  expect(hidden([0, 1, 4, 5, 40])).toEqual([false, true, true, false, false]);
});

test('where the hidden ones could be worked out from the sum, the next larger are hidden too', () => {
  // 3 alone would be the sum less the rest; with the 6 beside it, 9 are left for the two.
  expect(hidden([40, 3, 6, 7])).toEqual([false, true, true, false]);
  expect(hidden([1, 2, 8, 6])).toEqual([true, true, false, true]);
  expect(hidden([3])).toEqual([true]);
});

test('of any counts, what is hidden is nothing or five and more, unless all is hidden', () => {
  let seed = 1;
  const next = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 500; round++) {
    const counts = Array.from({ length: 1 + next(12) }, () => next(9));
    const hides = hidden(counts);
    const sum = counts.reduce((all, count, index) => all + (hides[index] ? count : 0), 0);
    const whole = counts.reduce((all, count) => all + count, 0);
    expect(sum === 0 || sum >= FEWEST || sum === whole, counts.join()).toBe(true);
    counts.forEach((count, index) => expect(hides[index] || count === 0 || count >= FEWEST, counts.join()).toBe(true));
  }
});

test('cells of few trips are not on the map', () => {
  const cell = (id: string, trips: number) => ({ id, trips }) as Cell;
  expect(shownCells([cell('a', 9), cell('b', 4), cell('c', 5), cell('d', 12)]).map(({ id }) => id)).toEqual(['a', 'd']);
});

test('a report keeps the totals of the day, and no cell of few', () => {
  const report = {
    requests: 30,
    served: 27,
    refused: 3,
    mean_wait_s: 300,
    log_hash: '0',
    refused_by: [{ limit: 'wait', count: 1 }, { limit: 'seats', count: 2 }],
    vehicles: [{ id: '1', served: 13, km: 90 }, { id: '2', served: 2, km: 7 }, { id: '3', served: 12, km: 80 }],
    sites: [{ depot: 'd', total_yen: 500, units: [{ id: '1', activities: [{ kind: 'ride', from_s: 36000, until_s: 36300 }] }] }],
    // In the second step two were refused, in the third two called.
    series: { from_s: 0, step_s: 1800, requests: [10, 9, 2, 9], served: [10, 7, 2, 8], busy_vans: [1, 1, 0.2, 1], power_kw: [0, 3, 0, 0] },
  } as unknown as Report;
  const masked = maskedReport(report);
  expect(masked).toMatchObject({ requests: 30, served: 27, refused: 3, mean_wait_s: 300, masked_below: 5 });
  expect(masked.refused_by).toEqual([{ limit: 'wait', count: null }, { limit: 'seats', count: null }]);
  // With the second van alone hidden, its rides would be 27 less the others'.
  expect(masked.vehicles).toEqual([report.vehicles[0], { id: '2', served: null }, { id: '3', served: null }]);
  expect(masked.sites[0]).toMatchObject({ total_yen: 500, units: [] });
  const steps = [10, null, null, null];
  expect(masked.series).toEqual({ from_s: 0, step_s: 1800, requests: steps, served: steps, busy_vans: [], power_kw: [] });
  // What the page shows stays as it is.
  expect(report.series.busy_vans).toHaveLength(4);
});
