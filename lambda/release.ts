/**
 * How a batch goes through a bulk operation of the service: in calls of at most 50, each number believed only when
 * the service's own answer accounts for it. Shared by the two steps of a release; which operation it is, they say.
 */
import type { Clock } from './clock.ts';
import { BatchUnfinished, NotYetReleased, type StepError } from './errors.ts';
import { lastFour } from './mask.ts';
import {
  type Batch,
  type BulkReply,
  type ChimePort,
  type LedgerNumber,
  type NumberState,
  type NumberView,
  numbersPerCall,
  type Refusal,
} from './ports.ts';
import { isQueued } from './sightings.ts';

/** Codes that pass by themselves: the number is left as it is, and the step comes back for it. */
const passingCodes = new Set(['Throttled', 'Throttling', 'ServiceFailure', 'ServiceUnavailable']);
/** Codes that no waiting helps: rights, quotas, and requests that are wrong in themselves. */
const finalCodes = new Set([
  'AccessDenied',
  'Forbidden',
  'Unauthorized',
  'ResourceLimitExceeded',
  'Validation',
]);
/**
 * How long the service may show a number differently from what it was told, in ms. AWS's own code waits 10 s after a
 * disassociation; nothing is documented. After this a refusal is taken at its word.
 */
const patienceMs = 5 * 60_000;

/** One of the two bulk operations, and how to see that a number is through it. */
export interface Operation {
  /** For messages: "disassociate", "queue". */
  readonly verb: string;
  readonly from: NumberState;
  readonly to: NumberState;
  call(numbers: readonly LedgerNumber[]): Promise<BulkReply>;
}

/** Where the release of a batch takes place. */
export interface Surroundings {
  readonly voiceConnectorId: string;
  readonly chime: Pick<ChimePort, 'getNumber'>;
  readonly clock: Clock;
  save(batch: Batch): Promise<void>;
}

/**
 * Takes the numbers of `batch` that are due through `operation` and saves the batch once, also when a call fails: the
 * next run of the step takes only what is left. A number that the service refuses for good is recorded with AWS's
 * code and message, and does not stop the others.
 *
 * Throws what stopped it; BatchUnfinished or NotYetReleased where it has to come back.
 */
export async function releaseBatch(batch: Batch, operation: Operation, world: Surroundings): Promise<void> {
  const due = batch.numbers.filter(({ state, failure }) => state === operation.from && failure === undefined);
  if (due.length === 0) return;
  const settled = new Map<string, LedgerNumber>();
  let waitingSince = batch.waitingSince;
  let comeBack: StepError | undefined;
  try {
    for (let first = 0; first < due.length; first += numbersPerCall) {
      const numbers = due.slice(first, first + numbersPerCall);
      const outcome = await settle(numbers, await operation.call(numbers), { ...world, operation, batch });
      for (const number of outcome.settled) settled.set(number.e164, number);
      comeBack =
        outcome.comeBack instanceof NotYetReleased ? outcome.comeBack : (comeBack ?? outcome.comeBack);
    }
    waitingSince =
      comeBack instanceof NotYetReleased ? (waitingSince ?? world.clock.now().toISOString()) : undefined;
  } finally {
    const hasNews = settled.size > 0 || waitingSince !== batch.waitingSince;
    if (hasNews) await world.save(progress(batch, settled, waitingSince, world.clock.now()));
  }
  if (comeBack !== undefined) throw comeBack;
}

function progress(
  { waitingSince: _over, ...batch }: Batch,
  settled: ReadonlyMap<string, LedgerNumber>,
  waitingSince: string | undefined,
  now: Date,
): Batch {
  const hasQueued = [...settled.values()].some(({ state }) => state === 'queued');
  return {
    ...batch,
    numbers: batch.numbers.map((number) => settled.get(number.e164) ?? number),
    ...(hasQueued ? { queuedAt: now.toISOString() } : {}),
    ...(waitingSince === undefined ? {} : { waitingSince }),
  };
}

interface Call extends Surroundings {
  readonly operation: Operation;
  readonly batch: Batch;
}

interface Settlement {
  readonly settled: readonly LedgerNumber[];
  readonly comeBack?: StepError | undefined;
}

async function settle(numbers: readonly LedgerNumber[], reply: BulkReply, call: Call): Promise<Settlement> {
  const settled: LedgerNumber[] = [];
  let comeBack: StepError | undefined;
  const believed = await believes(numbers, reply, call);
  for (const number of numbers) {
    const refusal = reply.refusalOf(number);
    if (refusal === undefined && believed) {
      settled.push({ ...number, state: call.operation.to });
    } else if (refusal !== undefined && passingCodes.has(refusal.code)) {
      comeBack ??= new BatchUnfinished(
        `The service could not ${call.operation.verb} every number just now: ${refusal.code}.`,
      );
    } else if (!(comeBack instanceof NotYetReleased)) {
      // One number that has not converged speaks for the others: no reads for an answer that will change.
      const judged = judge(number, refusal, await call.chime.getNumber(number), call);
      if (judged instanceof NotYetReleased) comeBack = judged;
      else settled.push(judged);
    }
  }
  return { settled, comeBack };
}

/** Whether numbers without a refusal may count as done. A reply without a list of errors is checked at one of them. */
async function believes(numbers: readonly LedgerNumber[], reply: BulkReply, call: Call): Promise<boolean> {
  if (reply.account !== 'missing') return reply.account === 'complete';
  const sample = numbers.at(-1);
  if (sample === undefined) return true;
  const judged = judge(sample, undefined, await call.chime.getNumber(sample), call);
  return (
    !(judged instanceof NotYetReleased) && judged.failure === undefined && judged.state === call.operation.to
  );
}

/** What a number is, now that the service has been asked; NotYetReleased where it is too early to say. */
function judge(
  number: LedgerNumber,
  refusal: Refusal | undefined,
  view: NumberView | undefined,
  { voiceConnectorId, operation, batch, clock }: Call,
): LedgerNumber | NotYetReleased {
  if (view === undefined) return { ...number, state: 'gone' };
  if (isQueued(view)) return { ...number, state: 'queued' };
  const elsewhere = view.associations.find(({ value }) => value !== voiceConnectorId);
  if (elsewhere !== undefined) {
    const message = `The number is now associated with ${elsewhere.name} ${elsewhere.value}; it is left there.`;
    return { ...number, failure: { code: 'Moved', message } };
  }
  const isUnassigned = view.associations.length === 0 && view.status === 'Unassigned';
  if (isUnassigned && operation.to === 'unassigned') return { ...number, state: 'unassigned' };

  const reason = refusal ?? {
    code: 'Unconfirmed',
    message: `The service accepted the call, and shows ${view.status}.`,
  };
  const waitedMs =
    batch.waitingSince === undefined ? 0 : clock.now().getTime() - Date.parse(batch.waitingSince);
  if (finalCodes.has(reason.code) || waitedMs >= patienceMs) return { ...number, failure: reason };
  return new NotYetReleased(
    `The service does not ${operation.verb} number ${lastFour(number.e164)} yet: ${reason.code}, ${reason.message}`,
  );
}
