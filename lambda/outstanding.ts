/** What a resumed run takes over from the one before it: the numbers of its ledger, as they are now. */
import { numberKey } from './chime.ts';
import type { Batch, ChimePort, LedgerNumber, NumberView } from './ports.ts';
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
  const certain = isRead ? viewOf : await makeSure(chime, numbersOf(known), viewOf);
  return known.map(({ number, queuedAt }) => {
    const view = certain(number);
    const { failure: _settled, ...rest } = number;
    const state = stateNow(number, view);
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
  numbers: readonly LedgerNumber[],
  viewOf: ViewOf,
): Promise<ViewOf> {
  const seems = (state: LedgerNumber['state']) => (number: LedgerNumber) =>
    number.state !== state && stateNow(number, viewOf(number)) === state;
  const purged = numbers.filter(seems('gone')).filter(({ state }) => state === 'queued');
  const [sample] = purged;
  const isPurged = sample === undefined || (await chime.getNumber(sample)) === undefined;
  const doubted = new Set([
    ...numbers.filter(seems('reclaimed')),
    ...numbers.filter(seems('gone')).filter((number) => !isPurged || number.state !== 'queued'),
  ]);
  const read = await readEach(chime, [...doubted]);
  const e164s = new Set([...doubted].map(({ e164 }) => e164));
  return (number) => (e164s.has(number.e164) ? read : viewOf)(number);
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

function numbersOf(known: readonly Outstanding[]): LedgerNumber[] {
  return known.map(({ number }) => number);
}
