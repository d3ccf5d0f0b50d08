/**
 * Step: puts the connector back into the Voice Connector groups that its teardown has taken it out of. It comes after the
 * numbers: a group that does not take it may not keep any of them off the connector.
 */
import { connectChime } from './chime/client.ts';
import { getVoiceConnector } from './chime/connectors.ts';
import { getGroup, setMembers } from './chime/groups.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { type GroupLeft, withoutGroups } from './ending/shortfall.ts';
import { isPassing, NotYetRestored, StepError } from './errors.ts';
import type { RestoreCheck, Verified } from './journey.ts';
import { placesLeft } from './ledger/group-places.ts';
import { connectLedger, readTeardown, updateTeardown } from './ledger/ledger.ts';
import { type Lock, lockOf } from './ledger/lock.ts';
import type { LedgerPort } from './ledger/teardown.ts';
import type { ChimePort, GroupMember } from './ports.ts';

interface Ports {
  readonly chime: Pick<ChimePort, 'getVoiceConnector' | 'getGroup' | 'setMembers'>;
  readonly ledger: Pick<LedgerPort, 'readTeardown' | 'updateTeardown'>;
  readonly lock: Lock;
}

/**
 * With the priority that it had; a group that is gone, or has it as a member again, is left as it is. Answers the check of
 * the numbers, and with it which groups refused the connector: these stay on record for another restore. Throws passing
 * trouble, and NotYetRestored where an update shows no effect, once every group was tried.
 */
export const rejoinGroups =
  ({ chime, ledger, lock }: Ports): Step<Verified, RestoreCheck> =>
  async (state) => {
    await lock(state);
    const { voiceConnectorId, execution, check } = state;
    const places = placesLeft((await ledger.readTeardown(voiceConnectorId)) ?? {});
    if (places.length === 0 || (await chime.getVoiceConnector(voiceConnectorId)) === undefined) return check;
    const left: GroupLeft[] = [];
    for (const { groupId, name, priority } of places) {
      try {
        await join(chime, groupId, { voiceConnectorId, priority });
      } catch (error) {
        if (!(error instanceof StepError)) throw error;
        left.push({ groupId, name, priority, error });
      }
    }
    const later = left.find(({ error }) => isPassing(error) || error instanceof NotYetRestored);
    if (later !== undefined) throw later.error;
    const refused = places.filter((place) => left.some(({ groupId }) => groupId === place.groupId));
    await ledger.updateTeardown(voiceConnectorId, execution.id, {
      detachedFrom: refused.length === 0 ? undefined : refused,
    });
    return left.length === 0 ? check : withoutGroups(check, voiceConnectorId, left);
  };

async function join(chime: Ports['chime'], groupId: string, member: GroupMember): Promise<void> {
  const isIn = ({ members }: { readonly members: readonly GroupMember[] }): boolean =>
    members.some((each) => each.voiceConnectorId === member.voiceConnectorId);
  const group = await chime.getGroup(groupId);
  if (group === undefined || isIn(group)) return;
  await chime.setMembers(group, [...group.members, member]);
  const now = await chime.getGroup(groupId);
  if (now === undefined || isIn(now)) return;
  throw new NotYetRestored(
    `Voice Connector group ${groupId} does not show connector ${member.voiceConnectorId} as a member yet.`,
  );
}

export const connect = (edge: Edge): Step<Verified, RestoreCheck> => {
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
