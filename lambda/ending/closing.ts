/** How the end of a run gets into the ledger, once, and only by the run that holds the teardown. */
import type { Clock } from '../clock.ts';
import type { Edge } from '../edge.ts';
import { LockLost } from '../errors.ts';
import { isEnded, type LedgerPort, type Teardown, type TeardownChange } from '../ledger/teardown.ts';
import { dayMs } from '../window.ts';

interface Ports {
  readonly ledger: Pick<LedgerPort, 'closeTeardown' | 'readTeardown' | 'expireBatches'>;
  readonly clock: Clock;
  readonly log: Pick<Edge['log'], 'warn'>;
  /** For how many days the ledger keeps a teardown that was deleted or restored; 0: for ever. */
  readonly retentionDays: number;
}

/** A run that ended before it held a teardown, or that has lost it to another, has nothing to record: answers whether it has. */
export async function closeIfHeld(
  ledger: Pick<LedgerPort, 'closeTeardown'>,
  voiceConnectorId: string | undefined,
  execution: string,
  change: TeardownChange,
): Promise<boolean> {
  if (voiceConnectorId === undefined) return false;
  try {
    await ledger.closeTeardown(voiceConnectorId, execution, change);
    return true;
  } catch (error) {
    if (!(error instanceof LockLost)) throw error;
    return false;
  }
}

/** Closing twice is success: this step may have died after the first time. */
export async function closeOnce(
  ports: Ports,
  { voiceConnectorId, generation }: Pick<Teardown, 'voiceConnectorId' | 'generation'>,
  execution: string,
  change: TeardownChange & Pick<Teardown, 'phase'>,
): Promise<void> {
  const { ledger, clock, log, retentionDays } = ports;
  const now = clock.now();
  // Where somebody has to look after numbers yet, nothing is forgotten.
  const isForgotten = isEnded(change) && change.error === undefined && retentionDays > 0;
  const expiresAt = Math.ceil((now.getTime() + retentionDays * dayMs) / 1_000);
  try {
    await ledger.closeTeardown(voiceConnectorId, execution, {
      ...{ ...change, endedAt: now.toISOString(), closedBy: execution },
      ...(isForgotten ? { expiresAt } : {}),
    });
  } catch (error) {
    const teardown = await ledger.readTeardown(voiceConnectorId);
    const isClosed = teardown?.phase === change.phase && teardown.closedBy === execution;
    if (!(error instanceof LockLost && isClosed)) throw error;
  }
  if (!isForgotten) return;
  try {
    await ledger.expireBatches(voiceConnectorId, generation, expiresAt);
  } catch (error) {
    // Numbers that outlive their teardown in the ledger do no harm: a run that is done does not fail for them.
    log.warn('The batches stay in the ledger for ever', error as Error);
  }
}
