/**
 * Step: takes the numbers of one batch out of the deletion queue, one after the other, as the service has no bulk call
 * for it. From then on they are safe, and still carry no calls.
 */

import { type BatchPorts, batchPorts } from './batches/batch-ports.ts';
import { fewestLooks } from './batches/bulk.ts';
import { beginUndoing, isOutOfTime, lookedAt, progress, waitingOf } from './batches/progress.ts';
import { movedTo, placeOf } from './batches/sightings.ts';
import { connectChime } from './chime/client.ts';
import { getNumber, restoreNumber } from './chime/numbers.ts';
import { Pace } from './chime/pace.ts';
import type { Clock } from './clock.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { BatchUnfinished, NotYetRestored, ServiceError } from './errors.ts';
import type { BatchRequest } from './journey.ts';
import type { Batch, LedgerNumber } from './ledger/teardown.ts';
import { type ChimePort, type NumberView, nameKinds, type Refusal } from './ports.ts';
import { counted } from './words/words.ts';

/** Numbers after which the progress is saved: what a function that dies has to look at again. */
const numbersPerSave = 50;
/** How long a number may go on showing as queued after the service was told to restore it, in ms. Nothing is documented. */
const patienceMs = 10 * 60_000;
/** Refusals that concern the caller, not the number: the next one would meet the same. */
const refusesAll = new Set(['AccessDenied', 'Unauthorized', 'UnauthorizedClient']);
const inventoryFull = 'ResourceLimitExceeded';
/** Refusals that no waiting helps. */
const refusesForGood = new Set(['Forbidden', inventoryFull]);

/** The slowest that numbers are called back, in requests a second. */
const urgent = 8;

interface Ports extends BatchPorts {
  readonly chime: Pick<ChimePort, 'restoreNumber' | 'getNumber'>;
}

/**
 * A number counts as out of the queue when the service shows it so. One that it refuses for good is recorded with AWS's
 * code and does not stop the others; a full inventory stops the batch, as the others would meet the same. Throws what
 * stopped it, BatchUnfinished when its time is up, NotYetRestored where the service has not caught up.
 */
export const restorePhoneNumbers =
  ({ chime, ledger, clock, lock }: Ports): Step<BatchRequest, void> =>
  async (request) => {
    const until = await lock(request);
    const found = await ledger.readBatch(request);
    const due = found.numbers.filter(({ state, failure }) => state === 'queued' && failure === undefined);
    if (due.length === 0) return;
    const batch = await beginUndoing(found, { clock, save: (begun) => ledger.saveBatch(request, begun) });
    const settled = new Map<string, LedgerNumber>();
    const asked = new Set<string>();
    let waiting = waitingOf(batch);
    const saved = { numbers: 0, waiting };
    const save = async () => {
      if (settled.size === saved.numbers && waiting === saved.waiting) return;
      await ledger.saveBatch(request, progress(batch, settled, waiting));
      Object.assign(saved, { numbers: settled.size, waiting });
    };
    try {
      for (const number of due) {
        if (isOutOfTime({ clock, until }))
          throw new BatchUnfinished(
            `${settled.size} of ${due.length} numbers are restored; the rest follows.`,
          );
        const outcome = await restoreOne(
          chime,
          request.voiceConnectorId,
          number,
          hasPatience(number, batch, clock),
        );
        if (outcome === 'notYet') {
          if (asked.size === 0) waiting = lookedAt(batch, clock);
          asked.add(number.e164);
          settled.set(number.e164, { askedAt: clock.now().toISOString(), ...number });
          continue;
        }
        settled.set(number.e164, outcome);
        if (outcome.failure?.code === inventoryFull) {
          for (const other of due)
            if (!settled.has(other.e164) && !asked.has(other.e164))
              settled.set(other.e164, refusedToo(other, outcome));
          break;
        }
        if (settled.size - saved.numbers >= numbersPerSave) await save();
      }
      if (asked.size === 0) waiting = undefined;
    } finally {
      await save();
    }
    if (asked.size > 0)
      throw new NotYetRestored(
        `The service still shows ${counted(asked.size, 'restored number')} in the deletion queue.`,
      );
  };

async function restoreOne(
  chime: Ports['chime'],
  voiceConnectorId: string,
  number: LedgerNumber,
  isPatient: boolean,
): Promise<LedgerNumber | 'notYet'> {
  const reply = await chime.restoreNumber(number);
  const refusal = 'refusal' in reply ? reply.refusal : undefined;
  if (refusal !== undefined && refusesAll.has(refusal.code))
    throw new ServiceError(`${refusal.code}Exception`, refusal.message);
  if (refusal !== undefined && refusesForGood.has(refusal.code))
    return { ...number, failure: explained(refusal) };
  // A refusal may also say that the number is not in the queue (any more).
  const view = 'view' in reply ? reply.view : await chime.getNumber(number);
  const restored = whereItIs(number, view, voiceConnectorId);
  if (restored !== undefined) return restored;
  if (isPatient) return 'notYet';
  const failure = refusal ?? {
    code: 'Unconfirmed',
    message: 'The service accepted it, and shows no effect.',
  };
  return { ...number, failure };
}

/** Where a number is that was called out of the queue; undefined while it is still in there. */
function whereItIs(
  number: LedgerNumber,
  view: NumberView | undefined,
  voiceConnectorId: string,
): LedgerNumber | undefined {
  const place = placeOf(view, voiceConnectorId);
  const lost = nameKinds.filter((kind) => number[kind] !== undefined && number[kind] !== view?.[kind]);
  const { askedAt: _answered, lost: _lost, requested: _requested, ...rest } = number;
  const named = { ...rest, ...(lost.length === 0 ? {} : { lost }) };
  switch (place.at) {
    case 'gone':
      return { ...number, state: 'gone' };
    case 'queued':
      return undefined;
    case 'elsewhere':
      return movedTo(number, 'reclaimed', place.holder);
    case 'here':
      return { ...named, state: 'attached' };
    case 'free':
      return { ...named, state: 'unassigned' };
    default: {
      const { status: code } = place;
      return { ...number, failure: { code, message: `The service shows the number as ${code}.` } };
    }
  }
}

function explained({ code, message }: Refusal): Refusal {
  if (code !== inventoryFull) return { code, message };
  return {
    code,
    message:
      'the phone number inventory is full: have the quota "Provisioned phone numbers" (L-32405DBA) of Amazon Chime SDK ' +
      'raised in Service Quotas, or release other numbers; then restore again',
  };
}

/** Where the inventory is full for one number it is for the others: not to be tried one by one. */
function refusedToo(number: LedgerNumber, { failure }: LedgerNumber): LedgerNumber {
  return failure === undefined ? number : { ...number, failure };
}

/** Each number has its own: one that is asked for late, after a throttle, has not been waited for yet. */
function hasPatience({ askedAt }: LedgerNumber, { looks = 0 }: Batch, clock: Clock): boolean {
  return (
    askedAt === undefined || looks < fewestLooks || clock.now().getTime() - Date.parse(askedAt) < patienceMs
  );
}

export const connect = (edge: Edge): Step<BatchRequest, void> => {
  // What is called back late in the window is lost if this gives way.
  const client = connectChime(edge, new Pace(edge.clock, urgent));
  return restorePhoneNumbers({
    chime: { restoreNumber: restoreNumber(client), getNumber: getNumber(client) },
    ...batchPorts(edge),
  });
};

export const handler = onLambda(connect);
