import type { ListedTeardown } from '../ledger/ledger-list.ts';
import type { Tally } from '../ledger/tally.ts';
import { isEnded } from '../ledger/teardown.ts';
import { dayMs } from '../window.ts';
import { endedShort, mayRestore, windowEndOf } from '../words/prospects.ts';

/** Whether a run is at work: `notKnown` where nobody has asked, or Step Functions did not answer. */
export type Liveness = 'running' | 'dead' | 'notKnown';

/** A connector on the board. */
export interface Entry {
  readonly teardown: ListedTeardown;
  readonly liveness: Liveness;
  /** What has become of its numbers, settled; undefined where that was not read. */
  readonly tally?: Tally;
}

/**
 * The groups of the board, the most urgent first. The last two ended long ago and are counted only: `leftOver` with something
 * missing, `earlier` in order.
 */
export const ranks = ['trouble', 'lastDay', 'underWay', 'finished', 'leftOver', 'earlier'] as const;
/** One of them. */
export type Rank = (typeof ranks)[number];

/** Whether a rank has rows. */
export function isShown(rank: Rank): boolean {
  return rank !== 'leftOver' && rank !== 'earlier';
}

/** For how many days a finished teardown stays on the board. */
export const daysShown = 7;
/** For how many days one stays in trouble that ended with something missing; then it is only said that there are some. */
export const shortDaysShown = 30;

/** Where on the board a connector stands at a time. */
export function rankOf(entry: Entry, now: Date): Rank {
  const { teardown, liveness } = entry;
  if (endedShort(teardown)) return hasEndedWithin(shortDaysShown, teardown, now) ? 'trouble' : 'leftOver';
  if (isEnded(teardown)) return hasEndedWithin(daysShown, teardown, now) ? 'finished' : 'earlier';
  if (isOver(teardown) || liveness === 'dead') return 'trouble';
  const end = endOf(entry);
  const isLastDay = teardown.phase === 'window' && end !== undefined && end - now.getTime() <= dayMs;
  return isLastDay ? 'lastDay' : 'underWay';
}

function hasEndedWithin(days: number, { endedAt }: ListedTeardown, now: Date): boolean {
  return endedAt !== undefined && now.getTime() - Date.parse(endedAt) <= days * dayMs;
}

/** Whether the ledger itself says that no run works on it. */
export function isOver({ phase }: Pick<ListedTeardown, 'phase'>): boolean {
  return phase === 'failed' || phase === 'interrupted';
}

/** When the numbers in the deletion queue go, in ms since 1970; undefined where none are, or `isEndUnknown`. */
export function endOf({ teardown, tally }: Entry): number | undefined {
  const end = windowEndOf(teardown, tally);
  return end === undefined ? undefined : Date.parse(end);
}

/** Whether numbers may be in the deletion queue though nobody has seen since when. */
export function isEndUnknown(entry: Entry): boolean {
  const { teardown, tally } = entry;
  if (isEnded(teardown) || teardown.goneAt !== undefined || tally?.queued === 0) return false;
  return endOf(entry) === undefined;
}

/**
 * By rank; in a rank, by how soon the numbers go (where none are queued, after those), then by when it began or ended. In
 * trouble, those come first of which that is not known: their time may be nearly up, and nobody looks after them.
 */
export function byUrgency(now: Date): (a: Entry, b: Entry) => number {
  const rank = (entry: Entry) => ranks.indexOf(rankOf(entry, now));
  const end = (entry: Entry) =>
    isEndUnknown(entry) && rankOf(entry, now) === 'trouble' ? 0 : (endOf(entry) ?? Number.MAX_SAFE_INTEGER);
  const latest = ({ teardown }: Entry) => Date.parse(teardown.endedAt ?? teardown.startedAt);
  return (a, b) => rank(a) - rank(b) || end(a) - end(b) || latest(b) - latest(a);
}

/** Whether a restore can still do something; one that has died is as good as one that has failed. */
export function isRestorable({ teardown, liveness, tally }: Entry): boolean {
  const hasDied = teardown.phase === 'restoring' && liveness === 'dead';
  return mayRestore(hasDied ? { ...teardown, phase: 'failed' } : teardown, tally);
}
