/** Step: takes the numbers of one batch off the connector. From then on they carry no calls, and are still billed. */
import { connectChime, disassociateNumbers, getNumber } from './chime.ts';
import type { Clock } from './clock.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import type { BatchRequest } from './journey.ts';
import { connectLedger, readBatch, saveBatch } from './ledger.ts';
import { type Lock, lockOf } from './lock.ts';
import type { ChimePort, LedgerPort } from './ports.ts';
import { releaseBatch } from './release.ts';

interface Ports {
  readonly chime: Pick<ChimePort, 'disassociateNumbers' | 'getNumber'>;
  readonly ledger: Pick<LedgerPort, 'readBatch' | 'saveBatch'>;
  readonly clock: Clock;
  readonly lock: Lock;
}

export const disassociatePhoneNumbers =
  ({ chime, ledger, clock, lock }: Ports): Step<BatchRequest, void> =>
  async (request) => {
    const { voiceConnectorId } = request;
    await lock(request);
    await releaseBatch(
      await ledger.readBatch(request),
      {
        verb: 'disassociate',
        from: 'attached',
        to: 'unassigned',
        call: (numbers) => chime.disassociateNumbers(voiceConnectorId, numbers),
      },
      { voiceConnectorId, chime, clock, save: (batch) => ledger.saveBatch(request, batch) },
    );
  };

export const connect = (edge: Edge): Step<BatchRequest, void> => {
  const client = connectChime(edge);
  const table = connectLedger(edge);
  return disassociatePhoneNumbers({
    chime: { disassociateNumbers: disassociateNumbers(client), getNumber: getNumber(client) },
    ledger: { readBatch: readBatch(table), saveBatch: saveBatch(table) },
    clock: edge.clock,
    lock: lockOf(edge, table),
  });
};

export const handler = onLambda(connect);
