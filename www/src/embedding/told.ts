// What is told of a day to whoever is around it: a finished one, and what is looked at. Of people's own trips no cell of few.
import type { Text } from '../../pkg/noriai.js';
import type { App } from '../app';
import { both } from '../i18n/i18n';
import { noticeText } from '../panels/run';
import { hasOwnTrips, maskedReport, shownCells } from '../share/masking';
import type { Notice, State } from '../state';
import type { Finished, Selection } from './events';

/** The day shown. */
export function finished({ state }: App): Finished {
  const { report, scenario } = state.result!;
  return { town: state.chosen?.id, report: hasOwnTrips(scenario) ? maskedReport(report) : report };
}

/** What is looked at, if anything. */
export function selected(app: App): Selection {
  const { detail, cells, result }: State = app.state;
  switch (detail?.kind) {
    case undefined:
      return undefined;
    case 'van':
      return { van: app.van(detail.van) };
    case 'refusals':
      return { refused: detail.limit };
    case 'cell': {
      const mayTell = !hasOwnTrips(result!.scenario) || shownCells(cells).some(({ id }) => id === detail.id);
      return mayTell ? { cell: detail.id } : undefined;
    }
  }
}

/** What a notice says, with its details. */
export function reasonsOf(notice: Notice): Text[] {
  return [both((language) => noticeText(notice, language)), ...('details' in notice ? notice.details : [])];
}
