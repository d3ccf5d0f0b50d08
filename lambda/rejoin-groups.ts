/** Step: puts the connector back into the Voice Connector groups that its teardown has taken it out of. */
import { connectChime } from './chime/client.ts';
import { getVoiceConnector } from './chime/connectors.ts';
import { getGroup, setMembers } from './chime/groups.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import type { Restorable } from './journey.ts';
import { connectLedger, readTeardown, updateTeardown } from './ledger.ts';
import { type Lock, lockOf } from './lock.ts';
import type { ChimePort } from './ports.ts';
import type { LedgerPort } from './teardown.ts';

interface Ports {
  readonly chime: Pick<ChimePort, 'getVoiceConnector' | 'getGroup' | 'setMembers'>;
  readonly ledger: Pick<LedgerPort, 'readTeardown' | 'updateTeardown'>;
  readonly lock: Lock;
}

/** With the priority that it had; a group that is gone, or has it as a member again, is left as it is. */
export const rejoinGroups =
  ({ chime, ledger, lock }: Ports): Step<Restorable, void> =>
  async (state) => {
    await lock(state);
    const { voiceConnectorId, execution } = state;
    const { detachedFrom = [], snapshot } = (await ledger.readTeardown(voiceConnectorId)) ?? {};
    if (detachedFrom.length === 0 || (await chime.getVoiceConnector(voiceConnectorId)) === undefined) return;
    for (const groupId of detachedFrom) {
      const group = await chime.getGroup(groupId);
      if (group === undefined || group.members.some((each) => each.voiceConnectorId === voiceConnectorId))
        continue;
      const { priority = 1 } = snapshot?.groups.find((before) => before.groupId === groupId) ?? {};
      await chime.setMembers(group, [...group.members, { voiceConnectorId, priority }]);
    }
    await ledger.updateTeardown(voiceConnectorId, execution.id, { detachedFrom: undefined });
  };

export const connect = (edge: Edge): Step<Restorable, void> => {
  const client = connectChime(edge);
  const table = connectLedger(edge);
  return rejoinGroups({
    chime: {
      getVoiceConnector: getVoiceConnector(client),
      getGroup: getGroup(client),
      setMembers: setMembers(client),
    },
    ledger: { readTeardown: readTeardown(table), updateTeardown: updateTeardown(table) },
    lock: lockOf(edge, table),
  });
};

export const handler = onLambda(connect);
