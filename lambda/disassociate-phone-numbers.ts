/** Step: takes the numbers of one batch off the connector. From then on they carry no calls, and are still billed. */

import { type BatchPorts, batchPorts } from './batches/batch-ports.ts';
import { takeThrough } from './batches/bulk.ts';
import { releaseOperation } from './batches/release.ts';
import { connectChime } from './chime/client.ts';
import { disassociateNumbers, getNumber } from './chime/numbers.ts';
import { Pace } from './chime/pace.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import type { ReleaseRequest } from './journey.ts';
import type { ChimePort } from './ports.ts';

interface Ports extends BatchPorts {
  readonly chime: Pick<ChimePort, 'disassociateNumbers' | 'getNumber'>;
  readonly pace: Pick<Pace, 'beginAt'>;
}

export const disassociatePhoneNumbers =
  ({ chime, ledger, clock, lock, pace }: Ports): Step<ReleaseRequest, void> =>
  async (request) => {
    const { voiceConnectorId } = request;
    pace.beginAt(request.pace);
    const until = await lock(request);
    const found = await ledger.readBatch(request);
    const batch = { begunAt: clock.now().toISOString(), ...found };
    // Written ahead: whoever takes over must know which numbers somebody else has taken off, and not this teardown.
    if (found.begunAt === undefined) await ledger.saveBatch(request, batch);
    const operation = releaseOperation(voiceConnectorId, 'attached', 'unassigned', {
      verb: 'disassociate',
      call: (numbers) => chime.disassociateNumbers(voiceConnectorId, numbers),
    });
    await takeThrough(batch, operation, {
      chime,
      clock,
      until,
      save: (progress) => ledger.saveBatch(request, progress),
    });
  };

/** The ports as they are in the cloud. */
export const portsOf = (edge: Edge): Ports => {
  const pace = new Pace(edge.clock);
  const client = connectChime(edge, pace);
  return {
    chime: { disassociateNumbers: disassociateNumbers(client), getNumber: getNumber(client) },
    ...batchPorts(edge),
    pace,
  };
};

export const connect = (edge: Edge): Step<ReleaseRequest, void> => disassociatePhoneNumbers(portsOf(edge));

export const handler = onLambda(connect);
