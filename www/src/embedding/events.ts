// What is told of a day to whoever is around the page, by messages or by an element's events.
import type { Report } from '../../pkg/noriai.js';
import type { maskedReport } from '../share/masking';

export interface Finished {
  /** The town's word; absent for one of one's own. */
  town?: string;
  /** Without cells of few trips where the trips are one's own. */
  report: Report | ReturnType<typeof maskedReport>;
}

/** A van by its id, a cell of the demand map, or riders refused for a reason; nothing when what was looked at is closed. */
export type Selection = { van: string } | { cell: string } | { refused: string } | undefined;
