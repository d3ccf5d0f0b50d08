/**
 * Step: deletes the connector, once nothing is attached to it, nobody has protected it and no calls went through it since
 * the release began, and makes sure that it is gone.
 */
import { callsSince, connectCalls } from './calls.ts';
import { connectChime } from './chime/client.ts';
import { deleteVoiceConnector as deleteConnector, getVoiceConnector, tagsOf } from './chime/connectors.ts';
import { attachedNumbers } from './chime/numbers.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { InUse, isPassing, Protected, StillAttached, StillThere } from './errors.ts';
import { callsOf, type Guards, guardsIn, protectionOf } from './guards.ts';
import type { Inspected } from './journey.ts';
import { connectLedger, updateTeardown } from './ledger.ts';
import { type Lock, lockOf } from './lock.ts';
import type { CallsPort, ChimePort, Connector, NumberView } from './ports.ts';
import { someOf } from './tally.ts';
import type { LedgerPort } from './teardown.ts';
import { counted } from './words.ts';

interface Ports {
  readonly chime: Pick<
    ChimePort,
    'attachedNumbers' | 'deleteVoiceConnector' | 'getVoiceConnector' | 'tagsOf'
  >;
  readonly calls: CallsPort;
  readonly guards: Guards;
  readonly ledger: Pick<LedgerPort, 'updateTeardown'>;
  readonly lock: Lock;
}

/**
 * Run again after any failure: deleting twice is success. Throws StillAttached while the service has not caught up with
 * the disassociation, or where somebody has attached numbers since; StillThere while it still shows the connector. Both
 * are retried for a while, and end the run if they stay. Protected and InUse end it at once.
 */
export const deleteVoiceConnector =
  ({ chime, calls, guards, ledger, lock }: Ports): Step<Inspected, void> =>
  async (state) => {
    await lock(state);
    const { voiceConnectorId, execution } = state;
    await ledger.updateTeardown(voiceConnectorId, execution.id, { phase: 'deleting' });
    const connector = await chime.getVoiceConnector(voiceConnectorId);
    if (connector === undefined) return;
    await refuseIfAttached(chime, voiceConnectorId);
    await refuseIfProtected(chime, connector, guards);
    if (guards.quietDays > 0 && !state.overrides.includes('InUse'))
      await refuseIfInUse(calls, connector, new Date(execution.startedAt));
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

async function refuseIfProtected(chime: Ports['chime'], connector: Connector, guards: Guards): Promise<void> {
  const protection = protectionOf(await chime.tagsOf(connector), guards);
  if (protection === undefined) return;
  throw new Protected(
    `Connector ${connector.voiceConnectorId} was protected during the run: ${protection.why}. Its numbers are gone; it ` +
      'stays. To delete it all the same, remove the tag and resume.',
  );
}

/** Passing trouble with the metrics is worth another try: a week was waited for this. */
async function refuseIfInUse(calls: CallsPort, connector: Connector, since: Date): Promise<void> {
  const found = await callsOf(calls, connector, since).catch((error: Error) => {
    if (isPassing(error)) throw error;
    return `Whether calls went through connector ${connector.voiceConnectorId} cannot be read (${error.name}: ${error.message})`;
  });
  if (found === undefined) return;
  throw new InUse(
    `${found}, after its release began. Its numbers are gone; it stays. To delete it all the same, resume with ` +
      '"overrides": ["InUse"].',
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
      tagsOf: tagsOf(client),
    },
    calls: { callsSince: callsSince(connectCalls(edge), edge) },
    guards: guardsIn(edge),
    ledger: { updateTeardown: updateTeardown(table) },
    lock: lockOf(edge, table),
  });
};

export const handler = onLambda(connect);
