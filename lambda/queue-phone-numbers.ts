/** Step: puts the numbers of one batch, off the connector by now, into the service's deletion queue. */

import { type BatchPorts, batchPorts } from './batches/batch-ports.ts';
import { takeThrough } from './batches/bulk.ts';
import { releaseOperation } from './batches/release.ts';
import { connectChime } from './chime/client.ts';
import { getNumber, queueNumbers } from './chime/numbers.ts';
import { Pace } from './chime/pace.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import type { ReleaseRequest } from './journey.ts';
import type { ChimePort } from './ports.ts';

interface Ports extends BatchPorts {
  readonly chime: Pick<ChimePort, 'queueNumbers' | 'getNumber'>;
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
  return {
    chime: { queueNumbers: queueNumbers(client), getNumber: getNumber(client) },
    ...batchPorts(edge),
    pace,
  };
};

export const connect = (edge: Edge): Step<ReleaseRequest, void> => queuePhoneNumbers(portsOf(edge));

export const handler = onLambda(connect);
