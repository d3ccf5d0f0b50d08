/** How a run of a step leaves a batch to the next one: in time, and with what was done and what is waited for. */
import type { Clock } from '../clock.ts';
import type { Batch, LedgerNumber } from '../ledger/teardown.ts';

/**
 * What is left of a function's time when it stops, saves what it has done and lets the workflow run it again, in ms: a
 * function that meets its time-out has saved nothing. One call, with its attempts, takes less.
 */
const reserveMs = 60_000;

/** The time that a step has. */
interface Time {
  readonly clock: Clock;
  /** Until when the function may run. */
  readonly until: Date;
}

/** Whether a function should stop here, and be run again. */
export function isOutOfTime({ clock, until }: Time): boolean {
  return clock.now().getTime() > until.getTime() - reserveMs;
}

/** That the service is waited for. */
export type Waiting = Pick<Batch, 'waitingSince' | 'looks'>;

/** Since when a batch has been waited for, and how often it was looked at; undefined where it is not. */
export function waitingOf({ waitingSince, looks }: Batch): Waiting | undefined {
  if (waitingSince === undefined) return undefined;
  return { waitingSince, ...(looks === undefined ? {} : { looks }) };
}

/** The service has been looked at, and has not caught up. */
export function lookedAt({ waitingSince, looks = 0 }: Batch, clock: Clock): Waiting {
  return { waitingSince: waitingSince ?? clock.now().toISOString(), looks: looks + 1 };
}

/** A batch after a run of a step: with what has become of its numbers, and since when the service is waited for. */
export function progress(
  { waitingSince: _since, looks: _looks, ...batch }: Batch,
  settled: ReadonlyMap<string, LedgerNumber>,
  waiting: Waiting | undefined,
): Batch {
  return {
    ...batch,
    numbers: batch.numbers.map((number) => settled.get(number.e164) ?? number),
    ...waiting,
  };
}

/** Notes that a restore begins with a batch, ahead of its first call: it may not live to say what it has done. */
export async function beginUndoing(
  batch: Batch,
  { clock, save }: { readonly clock: Clock; save(batch: Batch): Promise<void> },
): Promise<Batch> {
  if (batch.undoneAt !== undefined) return batch;
  const begun = { ...batch, undoneAt: clock.now().toISOString() };
  await save(begun);
  return begun;
}
