/** What there is to release: the numbers of the connector, and those that an earlier run left on their way. */
import { numberKey } from '../chime/number-key.ts';
import { type Batch, type LedgerNumber, numbersPerBatch } from '../ledger/teardown.ts';
import { fingerprintOf, type Warning } from '../plan.ts';
import type { ChimePort, NamedNumber, NumberView } from '../ports.ts';
import { type Outstanding, outstandingNumbers } from './outstanding.ts';
import { offConnector, reclaimed } from './warnings.ts';

/** How many numbers of a batch are to be taken off the connector, and how many are to be queued. */
export interface Work {
  readonly disassociate: number;
  readonly queue: number;
}

/** What was found of a connector's numbers, and of those of an earlier run. */
export interface Survey {
  /** How many numbers the plan has: on the connector, off it, in the queue or gone by our doing. */
  readonly phoneNumbers: number;
  readonly fingerprint: string;
  /** Numbers on the connector that an earlier run had taken off it: somebody has put them back. */
  readonly putBack: number;
  readonly warnings: readonly Warning[];
  /** Numbers on the connector that the service is still busy with: how many, by status. */
  readonly inFlight: ReadonlyMap<string, number>;
  /** Whether a number, in whatever form it is written, is part of the plan. */
  readonly has: (e164: string) => boolean;
  /** The batches for the ledger: first those with numbers to release, then what is already on its way. */
  readonly batches: readonly Batch[];
  /** How many of the batches have numbers to release. */
  readonly batchesToRelease: number;
  /** What there is to do in each of these. */
  readonly work: readonly Work[];
  /** When a number of the plan was last queued, ISO 8601; undefined where none was. */
  readonly lastQueuedAt?: string | undefined;
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
  const outstanding = await outstandingNumbers(
    chime,
    voiceConnectorId,
    known,
    new Set(onConnector.keys()),
    now,
  );
  const before = new Map(
    known.flatMap(({ numbers, begunAt }) =>
      numbers.map((number) => [numberKey(number.e164), { number, begunAt }] as const),
    ),
  );
  const fresh = [...onConnector.values()].map((view): Outstanding => {
    const { number, begunAt } = before.get(view.key) ?? {};
    // Begun, and still shown on the connector: the service may not have caught up with a disassociation.
    const wasBegun = begunAt === undefined || number?.state === 'reclaimed' ? {} : { begunAt };
    return { number: { ...namesOf(view, number), state: 'attached' }, ...wasBegun };
  });
  const all = [...fresh, ...outstanding];
  const planned = all.filter(({ number }) => number.state !== 'reclaimed');
  const isDue = ({ number }: Outstanding): boolean =>
    number.state === 'attached' || number.state === 'unassigned';
  // A batch says of all of its numbers whether their release had begun, so these are kept apart.
  const isUntouched = ({ number, begunAt }: Outstanding): boolean =>
    number.state === 'attached' && begunAt === undefined;
  const dueNumbers = all.filter(isDue);
  const touched = inBatches(
    dueNumbers.filter((each) => !isUntouched(each)),
    0,
  );
  const due = [...touched, ...inBatches(dueNumbers.filter(isUntouched), touched.length)];
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
    inFlight: inFlight(onConnector.values()),
    has: (e164) => planned.some(({ number }) => numberKey(number.e164) === numberKey(e164)),
    batches: [...due, ...settled],
    batchesToRelease: due.length,
    work: due.map(({ numbers }) => ({
      disassociate: numbers.filter(({ state }) => state === 'attached').length,
      queue: numbers.length,
    })),
    lastQueuedAt: [...due, ...settled]
      .map(({ queuedAt = '' }) => queuedAt)
      .sort()
      .findLast((queuedAt) => queuedAt !== ''),
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
  const numbers = new Map<string, NumberView>();
  for await (const page of pages) {
    for (const number of page) {
      if (await isOn(chime, voiceConnectorId, number)) numbers.set(number.key, number);
    }
  }
  return numbers;
}

/** Whether a listed number is on a connector: where the list does not say so, the number itself does. */
export async function isOn(
  chime: Pick<ChimePort, 'getNumber'>,
  voiceConnectorId: string,
  listed: NumberView,
): Promise<boolean> {
  const says = (view: NumberView | undefined): boolean =>
    view?.associations.some(({ value }) => value === voiceConnectorId) ?? false;
  return says(listed) || says(await chime.getNumber(listed));
}

/** A number with the names that it had before any run: what a restore may have dropped since is not what it was. */
export function namesOf(view: NumberView, before: LedgerNumber | undefined): NamedNumber {
  const { id, e164 } = view;
  const name = before?.name ?? view.name;
  const callingName = before?.callingName ?? view.callingName;
  return {
    ...{ id, e164 },
    ...(name === undefined ? {} : { name }),
    ...(callingName === undefined ? {} : { callingName }),
  };
}

/** Being ported in, or provisioned: what a disassociation would do to such a number is not documented. */
export const inFlightStatuses: ReadonlySet<string> = new Set([
  'PortinInProgress',
  'PortinCancelRequested',
  'AcquireInProgress',
]);

function inFlight(views: Iterable<NumberView>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of views) {
    if (inFlightStatuses.has(status)) counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return counts;
}

function inBatches(numbers: readonly Outstanding[], firstIndex: number): Batch[] {
  const batches: Batch[] = [];
  for (let first = 0; first < numbers.length; first += numbersPerBatch) {
    const slice = numbers.slice(first, first + numbersPerBatch);
    const queuedAt = slice
      .map((each) => each.queuedAt ?? '')
      .sort()
      .at(-1);
    const begunAt = slice.find((each) => each.begunAt !== undefined)?.begunAt;
    batches.push({
      index: firstIndex + batches.length,
      numbers: slice.map(({ number }): LedgerNumber => number),
      ...(begunAt === undefined ? {} : { begunAt }),
      ...(queuedAt ? { queuedAt } : {}),
    });
  }
  return batches;
}

/** Not where a restore has begun with the batch: it may have put them back itself, and what goes after it is agreed anew. */
function putBack(known: readonly Batch[], onConnector: ReadonlyMap<string, NumberView>): number {
  const released = known.flatMap(({ numbers, undoneAt }) =>
    (undoneAt === undefined ? numbers : []).filter(
      ({ state }) => state === 'unassigned' || state === 'queued' || state === 'gone',
    ),
  );
  return released.filter(({ e164 }) => onConnector.has(numberKey(e164))).length;
}

function reclaimedWarning(count: number): Warning[] {
  return count === 0 ? [] : [reclaimed(count)];
}

/** Off the connector with no holder, and by the ledger not (yet): by a run or a restore that died, or by hand. */
function leftWarning(known: readonly Batch[], outstanding: readonly Outstanding[]): Warning[] {
  const noted = new Set(
    known.flatMap(({ numbers }) =>
      numbers.filter(({ state }) => state === 'unassigned').map(({ e164 }) => e164),
    ),
  );
  const left = outstanding.filter(({ number }) => number.state === 'unassigned' && !noted.has(number.e164));
  return left.length === 0 ? [] : [offConnector(left.length)];
}
