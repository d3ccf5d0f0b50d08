/** What is still to come of a teardown, and can still be done about it: one rule for notices and for the board. */
import type { Tally } from '../ledger/tally.ts';
import { isEnded, type Teardown } from '../ledger/teardown.ts';
import { deletionWindowMs } from '../window.ts';

type Known = Pick<Teardown, 'phase' | 'error' | 'windowEndsAt' | 'goneAt'>;

/** Whether it ended, though not with everything deleted or everything back: somebody has to look after the rest. */
export function endedShort(teardown: Pick<Teardown, 'phase' | 'error'>): boolean {
  return isEnded(teardown) && teardown.error !== undefined;
}

/** The ledger's count of the numbers; what was seen to be gone counts as such, though each was only queued by us. */
export function tallyAsSeen<T extends Tally>({ phase, goneAt }: Known, tally: T): T {
  if (goneAt === undefined && phase !== 'deleted') return tally;
  return { ...tally, queued: 0, gone: tally.gone + tally.queued };
}

/**
 * When the numbers in the deletion queue go, ISO 8601: as it was announced, or seven days after the last was queued.
 * Undefined where none is in the queue, or nobody has counted them and no window was opened.
 *
 * @param tally as seen ({@link tallyAsSeen}); undefined where it was not read
 */
export function windowEndOf(teardown: Known, tally: Tally | undefined): string | undefined {
  if (isEnded(teardown) || teardown.goneAt !== undefined || tally?.queued === 0) return undefined;
  if (teardown.windowEndsAt !== undefined) return teardown.windowEndsAt;
  if (tally?.lastQueuedAt === undefined) return undefined;
  return new Date(Date.parse(tally.lastQueuedAt) + deletionWindowMs).toISOString();
}

/**
 * Whether a restore could still do something: numbers are left that are not gone, and neither is everything back nor a
 * restore at work.
 *
 * @param tally as seen ({@link tallyAsSeen}); undefined where it was not read
 */
export function mayRestore(teardown: Known, tally: Tally | undefined): boolean {
  if (teardown.phase === 'deleted' || teardown.phase === 'deleting' || teardown.phase === 'restoring')
    return false;
  if (teardown.goneAt !== undefined) return false;
  const left = tally === undefined || tally.unassigned + tally.queued > 0;
  if (teardown.phase === 'restored') return teardown.error !== undefined && left;
  return left || tally.attached > 0;
}
