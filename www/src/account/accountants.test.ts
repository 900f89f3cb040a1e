import { expect, test } from 'vitest';
import type { DayQuantities, TypicalDays } from '../../pkg/account.js';
import { Accountants, SEEDS, trials, type AccountWorker } from './accountants';
import type { FromAccountant, ToAccountant } from './protocol';

const day = { date: '2024-01-16', outdoor_c: 3, demand_factor: 1, days: 39, of_days: 365 };
const plan: TypicalDays = { days: [day, day], sites_alone: true };
const ALL = 2 * (SEEDS + 1);

/** A worker that answers when it is told to. */
class Desk implements AccountWorker {
  asked: ToAccountant[] = [];
  ended = false;
  onmessage: AccountWorker['onmessage'] = null;
  onerror: AccountWorker['onerror'] = null;
  postMessage = (message: ToAccountant) => void this.asked.push(message);
  terminate = () => void (this.ended = true);

  say = (data: FromAccountant) => this.onmessage!({ data } as MessageEvent<FromAccountant>);

  /** Answers the last question. */
  answer(): void {
    const message = this.asked.at(-1)!;
    if (message.kind === 'plan') this.say({ kind: 'plan', plan });
    else if (message.kind === 'day') this.say({ kind: 'day', lived: { ...message.trial, quantities: {} as DayQuantities } });
    else if (message.kind === 'year') this.say({ kind: 'year', quantities: {} as never, reach: {} as never, priced: {} as never });
  }
}

function office() {
  const desks: Desk[] = [];
  const told: string[] = [];
  const accountants = new Accountants(
    () => {
      desks.push(new Desk());
      return desks.at(-1)!;
    },
    {
      progress: (finished, all) => told.push(`${finished}/${all}`),
      year: () => told.push('year'),
      priced: (edit) => told.push(`priced ${edit}`),
      wrong: (edit) => told.push(`wrong ${edit}`),
      failed: (message) => told.push(`failed: ${message}`),
    },
  );
  /** All answer in turn until nobody is left to. */
  const work = () => {
    for (let round = 0; round < 3 * ALL && told.at(-1) !== 'year'; round++) {
      const open = desks.filter((desk) => !desk.ended);
      open[round % open.length]!.answer();
    }
  };
  return { accountants, desks, told, work };
}

test('each kind of day has riders of its own, and the sites alone once', () => {
  const all = trials(plan, 100);
  expect(all).toHaveLength(ALL);
  expect(all[0]).toEqual({ index: 0, seed: 100, with_vans: true });
  expect(all.at(-1)).toEqual({ index: 1, seed: 105, with_vans: false });
  expect(trials({ ...plan, sites_alone: false }, 1)).toHaveLength(2 * SEEDS);
});

test('two workers share the days, and one keeps the year, in the order of the plan', () => {
  const { accountants, desks, told, work } = office();
  accountants.run('{}', 7, []);
  work();
  expect(told.slice(-2)).toEqual([`${ALL}/${ALL}`, 'year']);
  expect(desks.map(({ ended }) => ended).sort()).toEqual([false, true]);
  const keeper = desks.find(({ ended }) => !ended)!;
  const year = keeper.asked.at(-1) as ToAccountant & { kind: 'year' };
  expect(year.lived.map(({ index, seed, with_vans }) => ({ index, seed, with_vans }))).toEqual(trials(plan, 7));

  accountants.price(3, [{ key: 'driver', value: 1 }]);
  expect(keeper.asked.at(-1)).toEqual({ kind: 'prices', edit: 3, prices: [{ key: 'driver', value: 1 }] });
  keeper.say({ kind: 'wrong', edit: 3, problems: [] });
  expect(told.at(-1)).toBe('wrong 3');
});

test('a worker that dies is replaced and its day repeated, once', () => {
  const { accountants, desks, told, work } = office();
  accountants.run('{}', 7, []);
  desks[0]!.answer();
  const lost = desks[0]!.asked.at(-1);
  desks[0]!.say({ kind: 'crashed', message: 'out of memory' });
  expect(desks[0]!.ended).toBe(true);
  expect(desks.at(-1)!.asked).toEqual([lost]);
  work();
  expect(told.at(-1)).toBe('year');

  accountants.run('{}', 7, []);
  desks.at(-1)!.say({ kind: 'crashed', message: 'once' });
  desks.at(-1)!.say({ kind: 'crashed', message: 'twice' });
  expect(told.at(-1)).toBe('failed: twice');
  expect(desks.every(({ ended }) => ended)).toBe(true);
});

test('what was cancelled says nothing more', () => {
  const { accountants, desks, told } = office();
  accountants.run('{}', 7, []);
  desks[0]!.answer();
  accountants.cancel();
  const before = [...told];
  desks[0]!.answer();
  expect(told).toEqual(before);
});
