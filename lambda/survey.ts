/** What there is to release: the numbers of the connector, and those that an earlier run left on their way. */
import { numberKey } from './chime.ts';
import { type Outstanding, outstandingNumbers } from './outstanding.ts';
import { fingerprintOf } from './plan.ts';
import { type Batch, type ChimePort, type LedgerNumber, type NumberView, numbersPerBatch } from './ports.ts';
import { counted } from './words.ts';

export interface Survey {
  /** How many numbers the plan has: on the connector, off it, in the queue or gone by our doing. */
  readonly phoneNumbers: number;
  readonly fingerprint: string;
  /** Numbers on the connector that an earlier run had taken off it: somebody has put them back. */
  readonly putBack: number;
  readonly warnings: readonly string[];
  /** The batches for the ledger: first those with numbers to release, then what is already on its way. */
  readonly batches: readonly Batch[];
  /** How many of the batches have numbers to release. */
  readonly batchesToRelease: number;
}

/**
 * Surveys a connector.
 *
 * @param attached pages of the numbers on it; none where the connector is gone
 * @param earlier the batches of the plan that is to be resumed; none for a fresh one
 */
export async function survey(
  chime: Pick<ChimePort, 'inventory' | 'getNumber'>,
  voiceConnectorId: string,
  attached: AsyncIterable<readonly NumberView[]>,
  earlier: AsyncIterable<Batch>,
  now: Date,
): Promise<Survey> {
  const onConnector = await numbersOn(chime, voiceConnectorId, attached);
  const known = await Array.fromAsync(earlier);
  const outstanding = await outstandingNumbers(chime, known, new Set(onConnector.keys()), now);
  const fresh = [...onConnector.values()].map(
    ({ id, e164 }): Outstanding => ({ number: { id, e164, state: 'attached' } }),
  );
  const all = [...fresh, ...outstanding];
  const planned = all.filter(({ number }) => number.state !== 'reclaimed');
  const isDue = ({ number }: Outstanding): boolean =>
    number.state === 'attached' || number.state === 'unassigned';
  const due = inBatches(all.filter(isDue), 0);
  const settled = inBatches(
    all.filter((number) => !isDue(number)),
    due.length,
  );
  return {
    phoneNumbers: planned.length,
    fingerprint: fingerprintOf(
      voiceConnectorId,
      planned.map(({ number }) => number.e164),
    ),
    putBack: putBack(known, onConnector),
    warnings: [...reclaimedWarning(all.length - planned.length), ...leftWarning(known, outstanding)],
    batches: [...due, ...settled],
    batchesToRelease: due.length,
  };
}

/**
 * The numbers on the connector, each once, though the list may shift from page to page while it is read. Which numbers
 * are listed is the service's filter to say; one that does not name the connector itself is read, and left out unless
 * that shows it there.
 */
async function numbersOn(
  chime: Pick<ChimePort, 'getNumber'>,
  voiceConnectorId: string,
  pages: AsyncIterable<readonly NumberView[]>,
): Promise<ReadonlyMap<string, NumberView>> {
  const isThere = (view: NumberView | undefined): boolean =>
    view?.associations.some(({ value }) => value === voiceConnectorId) ?? false;
  const numbers = new Map<string, NumberView>();
  for await (const page of pages) {
    for (const number of page) {
      if (isThere(number) || isThere(await chime.getNumber(number))) numbers.set(number.key, number);
    }
  }
  return numbers;
}

function inBatches(numbers: readonly Outstanding[], firstIndex: number): Batch[] {
  const batches: Batch[] = [];
  for (let first = 0; first < numbers.length; first += numbersPerBatch) {
    const slice = numbers.slice(first, first + numbersPerBatch);
    const queuedAt = slice
      .map((each) => each.queuedAt ?? '')
      .sort()
      .at(-1);
    batches.push({
      index: firstIndex + batches.length,
      numbers: slice.map(({ number }): LedgerNumber => number),
      ...(queuedAt ? { queuedAt } : {}),
    });
  }
  return batches;
}

function putBack(known: readonly Batch[], onConnector: ReadonlyMap<string, NumberView>): number {
  const released = known.flatMap(({ numbers }) =>
    numbers.filter(({ state }) => state === 'unassigned' || state === 'queued' || state === 'gone'),
  );
  return released.filter(({ e164 }) => onConnector.has(numberKey(e164))).length;
}

function reclaimedWarning(reclaimed: number): string[] {
  if (reclaimed === 0) return [];
  return [`Taken back by somebody since the earlier run, and left alone: ${counted(reclaimed, 'number')}.`];
}

/** A number that an earlier run did not note as disassociated, and that is off the connector: by that run, or by hand. */
function leftWarning(known: readonly Batch[], outstanding: readonly Outstanding[]): string[] {
  const attached = new Set(
    known.flatMap(({ numbers }) =>
      numbers.filter(({ state }) => state === 'attached').map(({ e164 }) => e164),
    ),
  );
  const left = outstanding.filter(({ number }) => number.state === 'unassigned' && attached.has(number.e164));
  if (left.length === 0) return [];
  return [
    `Off the connector since the earlier run, and still part of the plan: ${counted(left.length, 'number')}. One that is ` +
      'to be kept must be on another connector before the run is resumed.',
  ];
}
