/**
 * Step: deletes the connector, once nothing is attached to it, nobody has protected it and no calls went through it since
 * its release began, and makes sure that it is gone.
 */
import { connectChime } from './chime/client.ts';
import { deleteVoiceConnector as deleteConnector, getVoiceConnector } from './chime/connectors.ts';
import { groupsOf } from './chime/groups.ts';
import { attachedNumbers } from './chime/numbers.ts';
import { Pace } from './chime/pace.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { InGroup, StillAttached, StillInGroup, StillThere } from './errors.ts';
import { refuseIfAttached, type SecondLook, secondLookOf } from './inspection/second-look.ts';
import type { Inspected } from './journey.ts';
import { connectLedger, updateTeardown } from './ledger/ledger.ts';
import { type Lock, lockOf } from './ledger/lock.ts';
import type { LedgerPort } from './ledger/teardown.ts';
import type { ChimePort } from './ports.ts';

interface Ports {
  readonly chime: Pick<
    ChimePort,
    'attachedNumbers' | 'deleteVoiceConnector' | 'getVoiceConnector' | 'groupsOf'
  >;
  readonly secondLook: SecondLook;
  readonly ledger: Pick<LedgerPort, 'updateTeardown'>;
  readonly lock: Lock;
  readonly pace: Pick<Pace, 'beginAt'>;
}

/**
 * Run again after any failure: deleting twice is success. Throws StillAttached while the service has not caught up with
 * the disassociation, or where somebody has attached numbers since; StillInGroup where it has not caught up with the groups
 * that the connector has left; StillThere while it still shows the connector. All are retried for a while, and end the run
 * if they stay. Protected, InUse and InGroup end it at once.
 */
export const deleteVoiceConnector =
  ({ chime, secondLook, ledger, lock, pace }: Ports): Step<Inspected, void> =>
  async (state) => {
    pace.beginAt(state.pace);
    await lock(state);
    const { voiceConnectorId, execution } = state;
    await ledger.updateTeardown(voiceConnectorId, execution.id, { phase: 'deleting' });
    const connector = await chime.getVoiceConnector(voiceConnectorId);
    if (connector === undefined) return;
    await secondLook(connector, state);
    const deletion = await chime.deleteVoiceConnector(voiceConnectorId);
    if (deletion.outcome === 'gone') return;
    if (deletion.outcome === 'blocked') {
      await refuseIfAttached(chime, voiceConnectorId);
      await refuseIfInGroup(chime, state, deletion.reason);
      throw new StillAttached(
        `The service refuses to delete connector ${voiceConnectorId}, and lists no number on it and no group with it: ${deletion.reason}`,
      );
    }
    if ((await chime.getVoiceConnector(voiceConnectorId)) !== undefined) {
      throw new StillThere(`Connector ${voiceConnectorId} was deleted, and the service still shows it.`);
    }
  };

/** Groups are asked for only now: whether they keep a connector from being deleted is not documented. */
async function refuseIfInGroup(
  chime: Pick<ChimePort, 'groupsOf'>,
  { voiceConnectorId, detachFromGroups }: Inspected,
  reason: string,
): Promise<void> {
  const groups = await chime.groupsOf(voiceConnectorId);
  if (groups.length === 0) return;
  const named = groups.map(({ groupId, name }) => `${name} (${groupId})`).join(' and of ');
  // Where it has just left its groups, the service may not have caught up.
  const Refusal = detachFromGroups ? StillInGroup : InGroup;
  throw new Refusal(
    `The service refuses to delete connector ${voiceConnectorId}, which is a member of Voice Connector group ${named}. ` +
      'Its numbers are gone; it stays. To take it out of its groups and delete it, resume with ' +
      `"detachFromGroups": true. The refusal: ${reason}`,
  );
}

/** The ports as they are in the cloud. */
export const portsOf = (edge: Edge): Ports => {
  const pace = new Pace(edge.clock);
  const client = connectChime(edge, pace);
  const table = connectLedger(edge);
  return {
    chime: {
      attachedNumbers: attachedNumbers(client),
      deleteVoiceConnector: deleteConnector(client),
      getVoiceConnector: getVoiceConnector(client),
      groupsOf: groupsOf(client),
    },
    secondLook: secondLookOf(edge, client),
    ledger: { updateTeardown: updateTeardown(table) },
    lock: lockOf(edge, table),
    pace,
  };
};

export const connect = (edge: Edge): Step<Inspected, void> => deleteVoiceConnector(portsOf(edge));

export const handler = onLambda(connect);
