/**
 * How a batch goes through a bulk operation of the service: in calls of at most 50, each number believed only when
 * the service's own answer accounts for it. Shared by the steps that release and those that bring back; which operation
 * it is, they say.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../clock.ts';
import { BatchUnfinished, NotYetReleased, NotYetRestored } from '../errors.ts';
import type { Batch, LedgerNumber } from '../ledger/teardown.ts';
import { type BulkReply, type ChimePort, type NumberView, numbersPerCall, type Refusal } from '../ports.ts';
import { lastFour } from '../words/mask.ts';
import { isOutOfTime, lookedAt, progress, waitingOf } from './progress.ts';

/** Codes that pass by themselves: the number is left as it is, and the step comes back for it. */
export const passingCodes: ReadonlySet<string> = new Set([
  'Throttled',
  'Throttling',
  'ServiceFailure',
  'ServiceUnavailable',
]);
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
/**
 * How often a batch is come back for at least, before a refusal is taken at its word: a function that hung for minutes has
 * waited, and looked at nothing.
 */
export const fewestLooks = 8;

/** The service has not caught up with what it was told. */
export type NotYet = NotYetReleased | NotYetRestored;

/** A bulk operation, and how to see that a number is through it. */
export interface Operation {
  /** For messages: "disassociate", "queue". */
  readonly verb: string;
  /** Which numbers of the batch it is for; those that were refused for good are left out. */
  isDue(number: LedgerNumber): boolean;
  /** A number that went through it. */
  done(number: LedgerNumber): LedgerNumber;
  call(numbers: readonly LedgerNumber[]): Promise<BulkReply>;
  /** What has become of a number, by what the service shows of it; undefined where it is not through (yet). */
  settledAs(number: LedgerNumber, view: NumberView | undefined): LedgerNumber | undefined;
  notYet(message: string): NotYet;
}

/** Where a batch is worked on. */
export interface Surroundings {
  readonly chime: Pick<ChimePort, 'getNumber'>;
  readonly clock: Clock;
  /** Until when the function may run. */
  readonly until: Date;
  save(batch: Batch): Promise<void>;
}

/**
 * Takes the numbers of `batch` that are due through `operation` and saves the batch once, also when a call fails: the
 * next run of the step takes only what is left. A number that the service refuses for good is recorded with AWS's
 * code and message, and does not stop the others.
 *
 * Answers the batch as it is then. Throws what stopped it; BatchUnfinished, or that it is not yet so, where it has to
 * come back.
 */
export async function takeThrough(batch: Batch, operation: Operation, world: Surroundings): Promise<Batch> {
  const due = batch.numbers.filter((number) => operation.isDue(number) && number.failure === undefined);
  if (due.length === 0) return batch;
  const settled = new Map<string, LedgerNumber>();
  let waiting = waitingOf(batch);
  let comeBack: BatchUnfinished | NotYet | undefined;
  let latest = batch;
  try {
    for (let first = 0; first < due.length; first += numbersPerCall) {
      // One call is made whatever the time is: a run that did nothing would come back for ever.
      if (first > 0 && isOutOfTime(world)) throw outOfTime(operation.verb);
      const numbers = due.slice(first, first + numbersPerCall);
      const outcome = await settle(numbers, await operation.call(numbers), { ...world, operation, batch });
      for (const number of outcome.settled) settled.set(number.e164, number);
      comeBack = isNotYet(outcome.comeBack) ? outcome.comeBack : (comeBack ?? outcome.comeBack);
    }
    waiting = isNotYet(comeBack) ? lookedAt(batch, world.clock) : undefined;
  } finally {
    const hasNews = settled.size > 0 || !isDeepStrictEqual(waiting, waitingOf(batch));
    if (hasNews) {
      const hasQueued = [...settled.values()].some(({ state }) => state === 'queued');
      latest = {
        ...progress(batch, settled, waiting),
        ...(hasQueued ? { queuedAt: world.clock.now().toISOString() } : {}),
      };
      await world.save(latest);
    }
  }
  if (comeBack !== undefined) throw comeBack;
  return latest;
}

function outOfTime(verb: string): BatchUnfinished {
  return new BatchUnfinished(`There was no time to ${verb} every number of the batch; the rest follows.`);
}

function isNotYet(error: Error | undefined): error is NotYet {
  return error instanceof NotYetReleased || error instanceof NotYetRestored;
}

interface Call extends Surroundings {
  readonly operation: Operation;
  readonly batch: Batch;
}

interface Settlement {
  readonly settled: readonly LedgerNumber[];
  readonly comeBack?: BatchUnfinished | NotYet | undefined;
}

async function settle(numbers: readonly LedgerNumber[], reply: BulkReply, call: Call): Promise<Settlement> {
  const settled: LedgerNumber[] = [];
  let comeBack: BatchUnfinished | NotYet | undefined;
  for (const number of numbers) {
    const refusal = reply.refusalOf(number);
    if (refusal === undefined && reply.account === 'complete') {
      settled.push(call.operation.done(number));
    } else if (refusal !== undefined && passingCodes.has(refusal.code)) {
      comeBack ??= new BatchUnfinished(
        `The service could not ${call.operation.verb} every number just now: ${refusal.code}.`,
      );
    } else if (isOutOfTime(call)) {
      comeBack ??= outOfTime(call.operation.verb);
    } else if (!isNotYet(comeBack)) {
      // A reply without a list of errors speaks for no number: an attempt before it may have done a part of them.
      // One number that has not converged speaks for the others: no reads for an answer that will change.
      const judged = judge(number, refusal, await call.chime.getNumber(number), call);
      if (judged instanceof Error) comeBack = judged;
      else settled.push(judged);
    }
  }
  return { settled, comeBack };
}

/** What a number is, now that the service has been asked; an error where it is too early to say. */
function judge(
  number: LedgerNumber,
  refusal: Refusal | undefined,
  view: NumberView | undefined,
  { operation, batch, clock }: Call,
): LedgerNumber | NotYet {
  const settled = operation.settledAs(number, view);
  if (settled !== undefined) return settled;
  const reason = refusal ?? {
    code: 'Unconfirmed',
    message: `The service accepted the call, and shows ${view?.status ?? 'nothing'}.`,
  };
  const waitedMs =
    batch.waitingSince === undefined ? 0 : clock.now().getTime() - Date.parse(batch.waitingSince);
  const hasWaited = waitedMs >= patienceMs && (batch.looks ?? 0) >= fewestLooks;
  if (finalCodes.has(reason.code) || hasWaited) return { ...number, failure: reason };
  return operation.notYet(
    `The service does not ${operation.verb} number ${lastFour(number.e164)} yet: ${reason.code}, ${reason.message}`,
  );
}
