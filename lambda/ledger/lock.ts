import { type Edge, requiredNumber } from '../edge.ts';
import type { Execution } from '../journey.ts';
import { hold } from './ledger.ts';
import type { LedgerTable } from './ledger-items.ts';

/**
 * How a step begins: makes sure that its execution holds the teardown, and notes until when this run of the function
 * may last, so that whoever takes over waits for its end. Answers that time. Throws LockLost before anything has been
 * called.
 */
export type Lock = (request: {
  readonly voiceConnectorId: string;
  readonly execution: Execution;
}) => Promise<Date>;

/** The lock in the ledger. A run lasts at most as long as the function's time-out. */
export function lockOf(edge: Edge, table: LedgerTable): Lock {
  const timeoutMs = requiredNumber(edge.env, 'TIMEOUT_SECONDS') * 1_000;
  return async ({ voiceConnectorId, execution }) => {
    const until = new Date(edge.clock.now().getTime() + timeoutMs);
    await hold(table)(voiceConnectorId, execution.id, until.toISOString());
    return until;
  };
}
