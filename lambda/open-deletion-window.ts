/** Step: makes sure that every number of the plan is in the deletion queue, and says when the window ends. */
import type { Clock } from './clock.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { NumbersNotReleased } from './errors.ts';
import type { Inspected, InWindow } from './journey.ts';
import { connectLedger, readBatches, readTeardown, updateTeardown } from './ledger.ts';
import { type Lock, lockOf } from './lock.ts';
import { lastDayNotice, windowOpenedNotice } from './notices.ts';
import { reasonsOf, tallyOf } from './tally.ts';
import type { LedgerPort } from './teardown.ts';
import { dayMs, deletionWindowMs } from './window.ts';
import { counted } from './words.ts';

interface Ports {
  readonly ledger: Pick<LedgerPort, 'readBatches' | 'readTeardown' | 'updateTeardown'>;
  readonly clock: Clock;
  readonly lock: Lock;
}

export const openDeletionWindow =
  ({ ledger, clock, lock }: Ports): Step<Inspected, InWindow['window']> =>
  async (state) => {
    await lock(state);
    const { voiceConnectorId, generation, execution } = state;
    const tally = await tallyOf(ledger.readBatches(voiceConnectorId, generation));
    const { unreleased, queued, gone } = tally;
    if (unreleased.length > 0) {
      throw new NumbersNotReleased(
        `Could not release ${counted(unreleased.length, 'phone number')}: ${reasonsOf(unreleased)}. ` +
          `${queued} are in the deletion queue (${gone} were gone already), ${tally.unassigned} are unassigned and billed, ` +
          `${tally.attached} still attached; connector ${voiceConnectorId} is untouched.`,
      );
    }
    const endsAt = windowEnd(tally.lastQueuedAt, clock.now()).toISOString();
    await ledger.updateTeardown(voiceConnectorId, execution.id, { phase: 'window', windowEndsAt: endsAt });
    const teardown = await ledger.readTeardown(voiceConnectorId);
    const { requestedBy, reason } = teardown ?? {};
    const subject = {
      execution: execution.id,
      workflow: 'teardown',
      teardown,
      tally,
      requestedBy,
      reason,
    } as const;
    const lastDayAt = new Date(Date.parse(endsAt) - dayMs);
    return {
      ...{ endsAt, queued, gone },
      lastDayAt: lastDayAt.toISOString(),
      // A run that is resumed on the last day has an earlier one behind it, or announces the open window just now.
      announcesLastDay: lastDayAt > clock.now(),
      opened: windowOpenedNotice(subject).detail,
      lastDay: lastDayNotice(subject).detail,
    };
  };

/** A whole second: a Wait state drops milliseconds, and would end too early. At once where nothing is in the queue. */
function windowEnd(lastQueuedAt: string | undefined, now: Date): Date {
  const end = lastQueuedAt === undefined ? now.getTime() : Date.parse(lastQueuedAt) + deletionWindowMs;
  return new Date(Math.ceil(end / 1_000) * 1_000);
}

export const connect = (edge: Edge): Step<Inspected, InWindow['window']> => {
  const table = connectLedger(edge);
  return openDeletionWindow({
    ledger: {
      readBatches: readBatches(table),
      readTeardown: readTeardown(table),
      updateTeardown: updateTeardown(table),
    },
    clock: edge.clock,
    lock: lockOf(edge, table),
  });
};

export const handler = onLambda(connect);
