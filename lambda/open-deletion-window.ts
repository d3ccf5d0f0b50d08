/** Step: makes sure that every number of the plan is in the deletion queue, and says when the window ends. */
import { connectChime } from './chime/client.ts';
import { inventory } from './chime/numbers.ts';
import { Pace } from './chime/pace.ts';
import type { Clock } from './clock.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { NumbersNotReleased } from './errors.ts';
import type { Inspected, InWindow } from './journey.ts';
import { connectLedger, readBatches, readTeardown, updateTeardown } from './ledger/ledger.ts';
import { type Lock, lockOf } from './ledger/lock.ts';
import { reasonsOf, tallyOf } from './ledger/tally.ts';
import type { Batch, LedgerPort } from './ledger/teardown.ts';
import type { ChimePort } from './ports.ts';
import { type RollKey, rollKey } from './roll.ts';
import { dayMs, deletionWindowMs } from './window.ts';
import { lastDayNotice, windowOpenedNotice } from './words/notices.ts';
import { counted } from './words/words.ts';

interface Ports {
  readonly chime: Pick<ChimePort, 'inventory'>;
  readonly ledger: Pick<LedgerPort, 'readBatches' | 'readTeardown' | 'updateTeardown'>;
  readonly clock: Clock;
  readonly lock: Lock;
  readonly pace: Pick<Pace, 'beginAt'>;
  readonly log: Pick<Edge['log'], 'warn'>;
}

export const openDeletionWindow =
  ({ chime, ledger, clock, lock, pace, log }: Ports): Step<Inspected, InWindow['window']> =>
  async (state) => {
    pace.beginAt(state.pace);
    await lock(state);
    const { voiceConnectorId, generation, execution } = state;
    const roll = new Set<RollKey>();
    const tally = await tallyOf(rolled(ledger.readBatches(voiceConnectorId, generation), roll));
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
      isListed: await isListed(chime, roll, log),
      lastDayAt: lastDayAt.toISOString(),
      // A run that is resumed on the last day has an earlier one behind it, or announces the open window just now.
      announcesLastDay: lastDayAt > clock.now(),
      opened: windowOpenedNotice(subject).detail,
      lastDay: lastDayNotice(subject).detail,
    };
  };

/** The same batches; the numbers of them that are in the queue are put on the roll. */
async function* rolled(batches: AsyncIterable<Batch>, roll: Set<RollKey>): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    for (const { state, e164 } of batch.numbers) if (state === 'queued') roll.add(rollKey(e164));
    yield batch;
  }
}

/**
 * Whether the list of what is in the queue shows one of these numbers, on its first page: whether lists name queued numbers is
 * not documented. What cannot be read now is not known, and nothing waits for it.
 */
async function isListed(
  chime: Ports['chime'],
  roll: ReadonlySet<RollKey>,
  log: Ports['log'],
): Promise<boolean> {
  if (roll.size === 0) return false;
  try {
    for await (const page of chime.inventory('ReleaseInProgress'))
      return page.some(({ e164, status }) => status === 'ReleaseInProgress' && roll.has(rollKey(e164)));
  } catch (error) {
    log.warn('Whether the service lists queued numbers is not known', error as Error);
  }
  return false;
}

/** A whole second: a Wait state drops milliseconds, and would end too early. At once where nothing is in the queue. */
function windowEnd(lastQueuedAt: string | undefined, now: Date): Date {
  const end = lastQueuedAt === undefined ? now.getTime() : Date.parse(lastQueuedAt) + deletionWindowMs;
  return new Date(Math.ceil(end / 1_000) * 1_000);
}

export const connect = (edge: Edge): Step<Inspected, InWindow['window']> => {
  const table = connectLedger(edge);
  const pace = new Pace(edge.clock);
  return openDeletionWindow({
    chime: { inventory: inventory(connectChime({ ...edge, attempts: 1 }, pace)) },
    pace,
    ledger: {
      readBatches: readBatches(table),
      readTeardown: readTeardown(table),
      updateTeardown: updateTeardown(table),
    },
    clock: edge.clock,
    lock: lockOf(edge, table),
    log: edge.log,
  });
};

export const handler = onLambda(connect);
