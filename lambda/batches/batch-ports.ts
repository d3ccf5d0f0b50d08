/** What every step that works on one batch needs beside Chime. */
import type { Clock } from '../clock.ts';
import type { Edge } from '../edge.ts';
import { connectLedger, readBatch, saveBatch } from '../ledger/ledger.ts';
import { type Lock, lockOf } from '../ledger/lock.ts';
import type { LedgerPort } from '../ledger/teardown.ts';

/** The batch as the ledger has it, the lock, and the time. */
export interface BatchPorts {
  readonly ledger: Pick<LedgerPort, 'readBatch' | 'saveBatch'>;
  readonly clock: Clock;
  readonly lock: Lock;
}

/** These ports as they are in the cloud. */
export function batchPorts(edge: Edge): BatchPorts {
  const table = connectLedger(edge);
  return {
    ledger: { readBatch: readBatch(table), saveBatch: saveBatch(table) },
    clock: edge.clock,
    lock: lockOf(edge, table),
  };
}
