import type { ListedTeardown } from '../ledger-list.ts';
import type { Tally } from '../tally.ts';
import { isEnded, isMarker } from '../teardown.ts';
import { deletionWindowMs } from '../window.ts';

/** Whether a run is at work: `notKnown` where nobody has asked, or Step Functions did not answer. */
export type Liveness = 'running' | 'dead' | 'notKnown';

/** A connector on the board. */
export interface Entry {
  readonly teardown: ListedTeardown;
  readonly liveness: Liveness;
  /** What has become of its numbers, where that was read. */
  readonly tally?: Tally;
}

/** The groups of the board, the most urgent first; `earlier` ones ended long ago and are counted only. */
export const ranks = ['trouble', 'lastDay', 'underWay', 'finished', 'earlier'] as const;
export type Rank = (typeof ranks)[number];

const dayMs = 24 * 60 * 60_000;

/** For how many days a finished teardown stays on the board. */
export const daysShown = 7;

export function rankOf({ teardown, liveness }: Entry, now: Date): Rank {
  const { phase, windowEndsAt, endedAt } = teardown;
  if (isEnded(teardown)) {
    const isRecent = endedAt !== undefined && now.getTime() - Date.parse(endedAt) <= daysShown * dayMs;
    return isRecent && !isMarker(teardown) ? 'finished' : 'earlier';
  }
  if (isOver(teardown) || liveness === 'dead') return 'trouble';
  const isLastDay =
    phase === 'window' && windowEndsAt !== undefined && Date.parse(windowEndsAt) - now.getTime() <= dayMs;
  return isLastDay ? 'lastDay' : 'underWay';
}

/** Whether the ledger itself says that no run works on it. */
export function isOver({ phase }: Pick<ListedTeardown, 'phase'>): boolean {
  return phase === 'failed' || phase === 'interrupted';
}

/** When the numbers in the deletion queue go: as the ledger says, or seven days after the last was queued; in ms. */
export function windowEndOf({ teardown, tally }: Entry): number | undefined {
  if (isEnded(teardown)) return undefined;
  if (teardown.windowEndsAt !== undefined) return Date.parse(teardown.windowEndsAt);
  if (tally === undefined || tally.queued === 0 || tally.lastQueuedAt === undefined) return undefined;
  return Date.parse(tally.lastQueuedAt) + deletionWindowMs;
}

/** By rank; in a rank, by how soon the numbers go (where none are queued, after those), then by when it began or ended. */
export function byUrgency(now: Date): (a: Entry, b: Entry) => number {
  const rank = (entry: Entry) => ranks.indexOf(rankOf(entry, now));
  const end = (entry: Entry) => windowEndOf(entry) ?? Number.MAX_SAFE_INTEGER;
  const latest = ({ teardown }: Entry) => Date.parse(teardown.endedAt ?? teardown.startedAt);
  return (a, b) => rank(a) - rank(b) || end(a) - end(b) || latest(b) - latest(a);
}

/**
 * Whether a restore can still do something: the teardown is not over, its numbers are not all gone, and no restore is at
 * work already.
 */
export function mayRestore({ teardown, liveness, tally }: Entry): boolean {
  const { phase } = teardown;
  if (isEnded(teardown) || (phase === 'restoring' && liveness !== 'dead')) return false;
  if (phase === 'deleting') return false;
  return tally === undefined || tally.attached + tally.unassigned + tally.queued > 0;
}
