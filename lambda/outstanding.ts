/** What a resumed run takes over from the one before it: the numbers of its ledger, as they are now. */
import { numberKey } from './chime/number-key.ts';
import type { ChimePort, NumberView } from './ports.ts';
import { isQueued, lookAt, readEach, type ViewOf } from './sightings.ts';
import type { Batch, LedgerNumber } from './teardown.ts';

/** A number with when it was queued, and when the release of its batch began (ISO 8601), as far as the ledger knows. */
export interface Outstanding {
  readonly number: LedgerNumber;
  readonly queuedAt?: string;
  readonly begunAt?: string;
}

/** A number of the earlier plan, and whether a step had begun to release its batch. */
interface Known {
  readonly number: LedgerNumber;
  readonly isBegun: boolean;
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
  const known = batches.flatMap(({ numbers, queuedAt, begunAt }) =>
    numbers
      .filter(({ e164 }) => !attached.has(numberKey(e164)))
      .map((number) => ({ number, queuedAt, isBegun: begunAt !== undefined })),
  );
  const { viewOf, isRead } = await lookAt(
    chime,
    known.map(({ number }) => number),
  );
  const certain = isRead ? viewOf : await makeSure(chime, known, viewOf);
  return known.map(({ number, queuedAt, isBegun }) => {
    const view = certain(number);
    const { failure: _settled, ...rest } = number;
    const state = stateNow(number, isBegun, view);
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
): Promise<ViewOf> {
  const seeming = (state: LedgerNumber['state']): LedgerNumber[] =>
    known
      .filter(
        ({ number, isBegun }) =>
          number.state !== state && stateNow(number, isBegun, viewOf(number)) === state,
      )
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

/**
 * Where a number is that is not on the connector, by what the ledger knew and what the service shows. One that is off it
 * though no step had begun to release its batch was taken off by somebody.
 */
function stateNow(
  { state, failure }: LedgerNumber,
  isBegun: boolean,
  view: NumberView | undefined,
): LedgerNumber['state'] {
  if (state === 'reclaimed') return 'reclaimed';
  if (view === undefined) return 'gone';
  if (isQueued(view) || view.status === 'ReleaseFailed' || view.status === 'DeleteFailed') return 'queued';
  const isOurs = state === 'unassigned' || (state === 'attached' && isBegun);
  const isFree = view.status === 'Unassigned' && view.associations.length === 0;
  return isFree && isOurs && failure?.code !== 'Moved' ? 'unassigned' : 'reclaimed';
}
