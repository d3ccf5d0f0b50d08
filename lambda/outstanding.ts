/** What a resumed run takes over from the one before it: the numbers of its ledger, as they are now. */
import { numberKey } from './chime.ts';
import type { Batch, ChimePort, LedgerNumber, NumberView, PhoneNumber } from './ports.ts';
import { isQueued, lookAt, readEach, type ViewOf } from './sightings.ts';

/** A number with when it was queued (ISO 8601), as far as the ledger knows. */
export interface Outstanding {
  readonly number: LedgerNumber;
  readonly queuedAt?: string;
}

/**
 * The numbers of an earlier plan as the service shows them now. Those that are on the connector (`attached`) are left
 * to the caller. What somebody has taken back since - restored, moved to another connector - becomes `reclaimed`: it
 * stays on record and is not touched. Only a number itself, read, decides that.
 *
 * @param now when a number was queued of which nobody knows: its window then is counted from here, which is too long
 *   rather than too short
 */
export async function outstandingNumbers(
  chime: Pick<ChimePort, 'inventory' | 'getNumber'>,
  batches: readonly Batch[],
  attached: ReadonlySet<string>,
  now: Date,
): Promise<Outstanding[]> {
  const known = batches.flatMap(({ numbers, queuedAt }) =>
    numbers
      .filter(({ e164 }) => !attached.has(numberKey(e164)))
      .map((number): Outstanding => (queuedAt === undefined ? { number } : { number, queuedAt })),
  );
  const { viewOf, isRead } = await lookAt(chime, numbersOf(known));
  const doubted = known.filter(({ number }) => stateNow(number, viewOf(number)) === 'reclaimed');
  const read: ViewOf = isRead ? viewOf : await readEach(chime, numbersOf(doubted));
  const isDoubted = new Set(doubted.map(({ number }) => number.e164));
  return known.map(({ number, queuedAt }) => {
    const view = (isDoubted.has(number.e164) ? read : viewOf)(number);
    const { failure: _settled, ...rest } = number;
    const state = stateNow(number, view);
    if (state !== 'queued') return { number: { ...rest, state } };
    const isKnown = number.state === 'queued' && queuedAt !== undefined;
    return { number: { ...rest, state }, queuedAt: isKnown ? queuedAt : now.toISOString() };
  });
}

/** Where a number is that is not on the connector, by what the ledger knew and what the service shows. */
function stateNow({ state, failure }: LedgerNumber, view: NumberView | undefined): LedgerNumber['state'] {
  if (state === 'reclaimed') return 'reclaimed';
  if (view === undefined) return 'gone';
  if (isQueued(view) || view.status === 'ReleaseFailed' || view.status === 'DeleteFailed') return 'queued';
  const wasReleased = state === 'queued' || state === 'gone';
  const isFree = view.status === 'Unassigned' && view.associations.length === 0;
  return isFree && !wasReleased && failure?.code !== 'Moved' ? 'unassigned' : 'reclaimed';
}

function numbersOf(known: readonly Outstanding[]): PhoneNumber[] {
  return known.map(({ number }) => number);
}
