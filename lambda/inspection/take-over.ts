/** Who may work on a teardown: whether an earlier run still does, and how a run takes its place. */

import type { Clock } from '../clock.ts';
import { LockLost, OldStepRunning, Overtaken } from '../errors.ts';
import type { Execution } from '../journey.ts';
import { tallyOf } from '../ledger/tally.ts';
import type { LedgerPort, Teardown } from '../ledger/teardown.ts';
import type { Blocker } from '../plan.ts';
import type { ExecutionsPort } from '../ports.ts';
import { alreadyRunning, unfinished } from './blockers.ts';

/** How long an execution that Step Functions does not know counts as running: it may be about to appear. In ms. */
const graceMs = 60 * 60_000;

interface Ports {
  readonly ledger: Pick<LedgerPort, 'readBatches' | 'takeOver'>;
  readonly executions: Pick<ExecutionsPort, 'statusOf'>;
  readonly clock: Clock;
}

/** Whether another execution than `execution` is at work on the teardown. */
export async function isRunning(
  { executions, clock }: Pick<Ports, 'executions' | 'clock'>,
  { holder, holderSince }: Pick<Teardown, 'holder' | 'holderSince'>,
  execution: Pick<Execution, 'id'>,
) {
  if (holder === undefined || holder === execution.id) return false;
  const status = await executions.statusOf(holder);
  if (status !== 'unknown') return status === 'running';
  return holderSince !== undefined && clock.now().getTime() - Date.parse(holderSince) < graceMs;
}

/** What keeps a run from working on a teardown that an earlier one has opened. */
export async function lockBlockers(
  ports: Ports,
  open: Teardown,
  execution: Execution,
  mayResume: boolean,
  restoreMachine: string,
): Promise<Blocker[]> {
  if (await isRunning(ports, open, execution)) return [alreadyRunning(open)];
  if (mayResume) return [];
  const tally = await tallyOf(ports.ledger.readBatches(open.voiceConnectorId, open.generation));
  return [unfinished(open, tally, execution, restoreMachine)];
}

/**
 * Takes the teardown over from another execution. Stopping that one does not stop a function that is already running, so
 * the new holder does nothing until the time that the old one's functions had is up.
 *
 * @param stopOld ends the old execution, where it may be running; not called before it has lost the lock
 * @throws OldStepRunning until that time, Overtaken where somebody else was quicker: the flow runs the step again
 */
export async function takeOverFrom(
  { ledger, clock }: Pick<Ports, 'ledger' | 'clock'>,
  open: Teardown,
  { id }: Execution,
  stopOld: () => Promise<void> = async () => undefined,
): Promise<void> {
  const isOurs = open.holder === id;
  const now = clock.now().toISOString();
  if (!isOurs) await orOvertaken(() => ledger.takeOver(open, id, now));
  await stopOld();
  const clearAt = isOurs ? open.clearAt : open.busyUntil;
  if (clearAt !== undefined && now < clearAt) {
    throw new OldStepRunning(
      `A function of ${isOurs ? open.execution : (open.holder ?? open.execution)} may be running until ${clearAt}; waiting for its end.`,
    );
  }
}

/** Runs a write that needs the teardown to be as it was read. */
export async function orOvertaken(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof LockLost) throw new Overtaken(`${error.message} Looking again.`);
    throw error;
  }
}
