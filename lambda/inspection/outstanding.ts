/** What a resumed run takes over from the one before it: the numbers of its ledger, as they are now. */

import { type Place, placeOf, readEach, type ViewOf, viewsOf } from '../batches/sightings.ts';
import { numberKey } from '../chime/number-key.ts';
import type { Batch, LedgerNumber, NumberState } from '../ledger/teardown.ts';
import type { ChimePort } from '../ports.ts';

/** A number with when it was queued, and when the release of its batch began (ISO 8601), as far as the ledger knows. */
export interface Outstanding {
  readonly number: LedgerNumber;
  readonly queuedAt?: string;
  readonly begunAt?: string;
}

/** A number of the earlier plan; whether a step had begun to release its batch, and a restore to take that back. */
interface Known {
  readonly number: LedgerNumber;
  readonly isBegun: boolean;
  readonly isUndone: boolean;
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
  voiceConnectorId: string,
  batches: readonly Batch[],
  attached: ReadonlySet<string>,
  now: Date,
): Promise<Outstanding[]> {
  const known = batches.flatMap(({ numbers, queuedAt, begunAt, undoneAt }) =>
    numbers
      .filter(({ e164 }) => !attached.has(numberKey(e164)))
      .map((number) => ({
        ...{ number, queuedAt },
        ...{ isBegun: begunAt !== undefined, isUndone: undoneAt !== undefined },
      })),
  );
  const { viewOf, isRead } = await viewsOf(
    chime,
    known.map(({ number }) => number),
  );
  const stateNow = (each: Known, view: ViewOf): NumberState =>
    stateAt(placeOf(view(each.number), voiceConnectorId), each);
  const certain = isRead ? viewOf : await makeSure(chime, known, viewOf, stateNow);
  return known.map((each) => {
    const { number, queuedAt } = each;
    const { failure: _settled, askedAt: _asked, isBack: _back, ...rest } = number;
    const state = stateNow(each, certain);
    if (state === 'reclaimed')
      return { number: { ...rest, state, ...(isUntouched(each) ? { wasTakenOff: true } : {}) } };
    if (state !== 'queued') return { number: { ...rest, state } };
    const isKnown = number.state === 'queued' && queuedAt !== undefined;
    return { number: { ...rest, state }, queuedAt: isKnown ? queuedAt : now.toISOString() };
  });
}

/**
 * What lists say, made sure of where it matters: a number that seems to have been taken back, or to be gone though it
 * was never queued, is read; of those that seem to have left the queue one is, and all where that one has not.
 */
async function makeSure(
  chime: Pick<ChimePort, 'inventory' | 'getNumber'>,
  known: readonly Known[],
  viewOf: ViewOf,
  stateNow: (each: Known, view: ViewOf) => NumberState,
): Promise<ViewOf> {
  const seeming = (state: NumberState): LedgerNumber[] =>
    known
      .filter((each) => each.number.state !== state && stateNow(each, viewOf) === state)
      .map(({ number }) => number);
  const purged = seeming('gone').filter(({ state }) => state === 'queued');
  const [sample] = purged;
  const isPurged = sample === undefined || (await chime.getNumber(sample)) === undefined;
  const doubted = new Set([
    ...seeming('reclaimed'),
    ...seeming('gone').filter((number) => !isPurged || number.state !== 'queued'),
  ]);
  const read = await readEach(chime, [...doubted]);
  const e164s = new Set([...doubted].map(({ e164 }) => e164));
  return (number) => (e164s.has(number.e164) ? read : viewOf)(number);
}

/** What a number is that is not on the connector, by where it is and what the ledger knew. */
function stateAt({ at }: Place, known: Known): NumberState {
  const { state, failure, wasReclaimed } = known.number;
  if (state === 'reclaimed' || wasReclaimed) return 'reclaimed';
  if (at === 'gone') return 'gone';
  if (at === 'queued' || at === 'stuck') return 'queued';
  return at === 'free' && isOurs(known) && failure?.code !== 'Moved' ? 'unassigned' : 'reclaimed';
}

/**
 * Whether a number that has no holder may have been left so by a run, or by a restore that took it out of the queue, and
 * not by somebody. What a restore has put back onto the connector, somebody has taken off again.
 */
function isOurs({ number: { state, isBack }, isBegun, isUndone }: Known): boolean {
  if (state === 'queued') return isUndone;
  return state === 'unassigned' || (state === 'attached' && isBegun && !isBack);
}

/** Whether no step had come to a number: it was on the connector, and if it is not, it was somebody who took it off. */
function isUntouched({ number: { state }, isBegun, isUndone }: Known): boolean {
  return state === 'attached' && !isBegun && !isUndone;
}
