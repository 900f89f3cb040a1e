// Driving times as a policy of one's own asks for them.
import type { QuestionTown } from '../../pkg/noriai.js';
import type { Travel } from './protocol';

/** A complaint of the policy's own room, in both languages. */
export class Complaint extends Error {
  constructor(
    readonly ja: string,
    readonly en: string,
  ) {
    super(en);
  }
}

/**
 * Seconds of driving from any node to the node of a stop or depot, Infinity where no road leads there; for a van by its number, or as
 * the roads allow.
 */
export type Travelling = (from: number, to: number, vehicle?: number) => number;

export function travelling({ targets, times_s, slow }: Travel, { nodes, vans }: QuestionTown): Travelling {
  const rows = new Map([...targets].map((node, row) => [node, row]));
  const ofSpeed = new Map(slow.map((ways) => [ways.max_speed_kmh, ways.times_s]));
  const ofVan = vans.map(({ max_speed_kmh: speed }) => (speed === undefined ? undefined : ofSpeed.get(speed)) ?? times_s);
  return (from, to, vehicle) => {
    const row = rows.get(to);
    if (row === undefined) {
      throw new Complaint(
        `travel: ノード${to}は停留所でも車庫でもありません。`,
        `travel: node ${to} is neither a stop nor a depot`,
      );
    }
    if (!(from in nodes)) throw new Complaint(`travel: ノード${from}はありません。`, `travel: there is no node ${from}`);
    const times = vehicle === undefined ? times_s : ofVan[vehicle];
    if (!times) throw new Complaint(`travel: 番号${vehicle}の車両はありません。`, `travel: there is no vehicle ${vehicle}`);
    return times[row * nodes.length + from]!;
  };
}
