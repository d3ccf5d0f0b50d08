/** Step: deletes the connector, once nothing is attached to it, and makes sure that it is gone. */
import {
  attachedNumbers,
  connectChime,
  deleteVoiceConnector as deleteConnector,
  getVoiceConnector,
} from './chime.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { StillAttached, StillThere } from './errors.ts';
import type { Inspected } from './journey.ts';
import { connectLedger, updateTeardown } from './ledger.ts';
import { type Lock, lockOf } from './lock.ts';
import type { ChimePort, LedgerPort, NumberView } from './ports.ts';
import { someOf } from './tally.ts';
import { counted } from './words.ts';

interface Ports {
  readonly chime: Pick<ChimePort, 'attachedNumbers' | 'deleteVoiceConnector' | 'getVoiceConnector'>;
  readonly ledger: Pick<LedgerPort, 'updateTeardown'>;
  readonly lock: Lock;
}

/**
 * Run again after any failure: deleting twice is success. Throws StillAttached while the service has not caught up with
 * the disassociation, or where somebody has attached numbers since; StillThere while it still shows the connector. Both
 * are retried for a while, and end the run if they stay.
 */
export const deleteVoiceConnector =
  ({ chime, ledger, lock }: Ports): Step<Inspected, void> =>
  async (state) => {
    await lock(state);
    const { voiceConnectorId, execution } = state;
    await ledger.updateTeardown(voiceConnectorId, execution.id, { phase: 'deleting' });
    await refuseIfAttached(chime, voiceConnectorId);
    const deletion = await chime.deleteVoiceConnector(voiceConnectorId);
    if (deletion.outcome === 'gone') return;
    if (deletion.outcome === 'blocked') {
      await refuseIfAttached(chime, voiceConnectorId);
      throw new StillAttached(
        `The service refuses to delete connector ${voiceConnectorId}, and lists no number on it: ${deletion.reason}`,
      );
    }
    if ((await chime.getVoiceConnector(voiceConnectorId)) !== undefined) {
      throw new StillThere(`Connector ${voiceConnectorId} was deleted, and the service still shows it.`);
    }
  };

async function refuseIfAttached(chime: Ports['chime'], voiceConnectorId: string): Promise<void> {
  const attached: NumberView[] = [];
  try {
    for await (const page of chime.attachedNumbers(voiceConnectorId)) attached.push(...page);
  } catch (error) {
    // Listing the numbers of a connector that is gone may answer NotFound: then there is nothing attached.
    if (error instanceof Error && error.name === 'NotFoundException') return;
    throw error;
  }
  if (attached.length === 0) return;
  throw new StillAttached(
    `${counted(attached.length, 'number')} still attached to connector ${voiceConnectorId}: ${someOf(attached)}. ` +
      'Take them off it if they are to be kept; this run does not touch numbers that were not in its plan.',
  );
}

export const connect = (edge: Edge): Step<Inspected, void> => {
  const client = connectChime(edge);
  const table = connectLedger(edge);
  return deleteVoiceConnector({
    chime: {
      attachedNumbers: attachedNumbers(client),
      deleteVoiceConnector: deleteConnector(client),
      getVoiceConnector: getVoiceConnector(client),
    },
    ledger: { updateTeardown: updateTeardown(table) },
    lock: lockOf(edge, table),
  });
};

export const handler = onLambda(connect);
