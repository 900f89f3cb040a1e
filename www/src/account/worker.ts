// Lives through typical days, and keeps the year that they make. It fetches its module itself: most visits want no account.
import init, { reach, typical_days, Year, year_figures, YearTown, type Price, type Problem } from '../../pkg/account.js';
import type { FromAccountant, Lived, Priced, ToAccountant, Trial } from './protocol';

declare const self: DedicatedWorkerGlobalScope;

/** Nobody asks anything else meanwhile: who does not want the day any more ends this worker. */
const EVENTS = 1024;

const tell = (message: FromAccountant, transfer: Transferable[] = []) => self.postMessage(message, transfer);

const core = init();
/** The town that was compiled last, for all of its days. */
let compiled: { scenario: string; town: YearTown } | undefined;
let year: Year | undefined;

function live(scenario: string, { index, seed, with_vans }: Trial): Lived {
  if (compiled?.scenario !== scenario) {
    compiled?.town.free();
    compiled = undefined;
    compiled = { scenario, town: new YearTown(scenario) };
  }
  const day = compiled.town.day(index, seed, with_vans);
  try {
    while (day.step(EVENTS) < 1);
    const { quantities } = day.report();
    return { index, seed, with_vans, quantities, ...(with_vans && { log: day.log_bytes() }) };
  } finally {
    day.free();
  }
}

function priced(prices: Price[]): Priced {
  const { parameters } = year!.parameters({ prices });
  return { parameters, figures: year_figures(year!.quantities(), { parameters }) };
}

async function answer(data: ToAccountant): Promise<void> {
  await core;
  switch (data.kind) {
    case 'plan':
      tell({ kind: 'plan', plan: typical_days(data.scenario) });
      break;
    case 'day': {
      const lived = live(data.scenario, data.trial);
      tell({ kind: 'day', lived }, lived.log ? [lived.log.buffer] : []);
      break;
    }
    case 'year': {
      year?.free();
      year = new Year(data.scenario);
      for (const { index, with_vans, quantities } of data.lived) year.add(index, with_vans, quantities);
      const logs = data.lived.flatMap(({ log }) => log ?? []);
      tell({ kind: 'year', quantities: year.quantities(), reach: reach(data.scenario, logs), priced: priced(data.prices) });
      break;
    }
    case 'prices':
      tell({ kind: 'prices', edit: data.edit, priced: priced(data.prices) });
      break;
    case 'crash':
      throw new Error('crashed on request');
  }
}

self.onmessage = ({ data }: MessageEvent<ToAccountant>) => {
  answer(data).catch((error: unknown) => {
    const { problems } = error as { problems?: Problem[] };
    if (problems && data.kind === 'prices') tell({ kind: 'wrong', edit: data.edit, problems });
    else tell({ kind: 'crashed', message: String(error) });
  });
};
