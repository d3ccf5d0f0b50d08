/** Step: puts the numbers of one batch, off the connector by now, into the service's deletion queue. */
import { takeThrough } from './bulk.ts';
import { connectChime } from './chime/client.ts';
import { getNumber, queueNumbers } from './chime/numbers.ts';
import type { Clock } from './clock.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import type { ReleaseRequest } from './journey.ts';
import { connectLedger, readBatch, saveBatch } from './ledger.ts';
import { type Lock, lockOf } from './lock.ts';
import { Pace } from './pace.ts';
import type { ChimePort } from './ports.ts';
import { releaseOperation } from './release.ts';
import type { LedgerPort } from './teardown.ts';

interface Ports {
  readonly chime: Pick<ChimePort, 'queueNumbers' | 'getNumber'>;
  readonly ledger: Pick<LedgerPort, 'readBatch' | 'saveBatch'>;
  readonly clock: Clock;
  readonly lock: Lock;
  readonly pace: Pick<Pace, 'beginAt'>;
}

export const queuePhoneNumbers =
  ({ chime, ledger, clock, lock, pace }: Ports): Step<ReleaseRequest, void> =>
  async (request) => {
    pace.beginAt(request.pace);
    const until = await lock(request);
    const operation = releaseOperation(request.voiceConnectorId, 'unassigned', 'queued', {
      verb: 'queue',
      call: (numbers) => chime.queueNumbers(numbers),
    });
    await takeThrough(await ledger.readBatch(request), operation, {
      chime,
      clock,
      until,
      save: (batch) => ledger.saveBatch(request, batch),
    });
  };

/** The ports as they are in the cloud. */
export const portsOf = (edge: Edge): Ports => {
  const pace = new Pace(edge.clock);
  const client = connectChime(edge, pace);
  const table = connectLedger(edge);
  return {
    chime: { queueNumbers: queueNumbers(client), getNumber: getNumber(client) },
    ledger: { readBatch: readBatch(table), saveBatch: saveBatch(table) },
    clock: edge.clock,
    lock: lockOf(edge, table),
    pace,
  };
};

export const connect = (edge: Edge): Step<ReleaseRequest, void> => queuePhoneNumbers(portsOf(edge));

export const handler = onLambda(connect);
