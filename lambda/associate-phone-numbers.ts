/** Step: puts the numbers of one batch back onto the connector. From then on they carry calls again. */

import { type BatchPorts, batchPorts } from './batches/batch-ports.ts';
import { type Operation, takeThrough } from './batches/bulk.ts';
import { beginUndoing } from './batches/progress.ts';
import { movedTo, placeOf } from './batches/sightings.ts';
import { connectChime } from './chime/client.ts';
import { getVoiceConnector } from './chime/connectors.ts';
import { associateNumbers, getNumber } from './chime/numbers.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { NotYetRestored } from './errors.ts';
import type { BatchRequest } from './journey.ts';
import type { Batch, LedgerNumber } from './ledger/teardown.ts';
import type { ChimePort } from './ports.ts';

interface Ports extends BatchPorts {
  readonly chime: Pick<ChimePort, 'getVoiceConnector' | 'associateNumbers' | 'getNumber'>;
}

/**
 * Where the connector is gone the numbers stay unassigned. One that somebody has given to another connector stays there,
 * and is none of ours any more.
 */
export const associatePhoneNumbers =
  ({ chime, ledger, clock, lock }: Ports): Step<BatchRequest, void> =>
  async (request) => {
    const { voiceConnectorId } = request;
    const until = await lock(request);
    if ((await chime.getVoiceConnector(voiceConnectorId)) === undefined) return;
    const world = { chime, clock, until, save: (progress: Batch) => ledger.saveBatch(request, progress) };
    const batch = await beginUndoing(await ledger.readBatch(request), world);
    const latest = await takeThrough(batch, associationWith(voiceConnectorId, batch, chime), world);
    if (latest.begunAt !== undefined) await ledger.saveBatch(request, undone(latest));
  };

/** A batch whose release has been undone: what is attached now is on the connector, as if nothing had begun. */
function undone({ begunAt: _undone, ...batch }: Batch): Batch {
  return { ...batch, numbers: batch.numbers.map(({ isBack: _back, ...number }) => number) };
}

function done(number: LedgerNumber): LedgerNumber {
  return { ...number, state: 'attached', isBack: true };
}

/** A step that had begun may have taken numbers off the connector without living to note it. */
function associationWith(
  voiceConnectorId: string,
  { begunAt }: Batch,
  chime: Pick<ChimePort, 'associateNumbers'>,
): Operation {
  return {
    verb: 'associate',
    isDue: ({ state, isBack }) =>
      state === 'unassigned' || (state === 'attached' && begunAt !== undefined && !isBack),
    done,
    call: async (numbers) => {
      const reply = await chime.associateNumbers(voiceConnectorId, numbers);
      // The connector has just been deleted: each number tells where it is.
      return reply ?? { account: 'muddled', refusalOf: () => undefined };
    },
    settledAs: (number, view) => {
      const place = placeOf(view, voiceConnectorId);
      switch (place.at) {
        case 'gone':
          return { ...number, state: 'gone' };
        case 'elsewhere':
          return movedTo(number, 'reclaimed', place.holder);
        case 'here':
          return done(number);
        case 'queued':
        case 'stuck':
          // It was queued by a step that did not live to note it: to be taken out first.
          return { ...number, state: 'queued' };
        default:
          return undefined;
      }
    },
    notYet: (message) => new NotYetRestored(message),
  };
}

export const connect = (edge: Edge): Step<BatchRequest, void> => {
  const client = connectChime(edge);
  return associatePhoneNumbers({
    chime: {
      getVoiceConnector: getVoiceConnector(client),
      associateNumbers: associateNumbers(client),
      getNumber: getNumber(client),
    },
    ...batchPorts(edge),
  });
};

export const handler = onLambda(connect);
