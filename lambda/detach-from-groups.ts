/** Step: takes the connector out of its Voice Connector groups. The other members and their priorities stay as they are. */
import { connectChime } from './chime/client.ts';
import { getVoiceConnector } from './chime/connectors.ts';
import { getGroup, groupsOf, setMembers } from './chime/groups.ts';
import { hasNumbers } from './chime/numbers.ts';
import { Pace } from './chime/pace.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { LastMember, StillInGroup } from './errors.ts';
import { type SecondLook, secondLookOf } from './inspection/second-look.ts';
import type { Inspected } from './journey.ts';
import { placesIn, placesLeft } from './ledger/group-places.ts';
import { connectLedger, readTeardown, updateTeardown } from './ledger/ledger.ts';
import { type Lock, lockOf } from './ledger/lock.ts';
import type { LedgerPort } from './ledger/teardown.ts';
import type { ChimePort, Group } from './ports.ts';

interface Ports {
  readonly chime: Pick<
    ChimePort,
    'getVoiceConnector' | 'groupsOf' | 'getGroup' | 'setMembers' | 'hasNumbers'
  >;
  readonly secondLook: SecondLook;
  readonly ledger: Pick<LedgerPort, 'readTeardown' | 'updateTeardown'>;
  readonly lock: Lock;
  readonly pace: Pick<Pace, 'beginAt'>;
}

/**
 * An update replaces all members of a group, so each group is read just before. Throws what the second look finds;
 * LastMember where a group with numbers would be left without a connector - before anything is changed, unless that came
 * about in the same moment - and StillInGroup where an update shows no effect.
 */
export const detachFromGroups =
  ({ chime, secondLook, ledger, lock, pace }: Ports): Step<Inspected, void> =>
  async (state) => {
    pace.beginAt(state.pace);
    await lock(state);
    const { voiceConnectorId, execution } = state;
    const connector = await chime.getVoiceConnector(voiceConnectorId);
    if (connector === undefined) return;
    const groups = await chime.groupsOf(voiceConnectorId);
    if (groups.length === 0) return;
    // A connector that is to stay after all stays in its groups as well.
    await secondLook(connector, state);
    for (const group of groups) await refuseIfLast(chime, voiceConnectorId, group);
    // Written ahead: a restore puts it back into the groups that it was taken out of, and into no other.
    const earlier = placesLeft((await ledger.readTeardown(voiceConnectorId)) ?? {});
    const places = [...earlier, ...placesIn(groups, voiceConnectorId)];
    const byGroup = new Map(places.map((place) => [place.groupId, place]));
    await ledger.updateTeardown(voiceConnectorId, execution.id, { detachedFrom: [...byGroup.values()] });
    for (const { groupId } of groups) await leave(chime, voiceConnectorId, groupId);
  };

async function refuseIfLast(chime: Ports['chime'], voiceConnectorId: string, group: Group): Promise<void> {
  const others = without(group, voiceConnectorId);
  if (others.length > 0 || !(await chime.hasNumbers(group.groupId))) return;
  throw new LastMember(
    `Connector ${voiceConnectorId} has become the last member of Voice Connector group ${group.name} (${group.groupId}), ` +
      'which has phone numbers of its own. Add another connector to the group, or take the numbers off it; then resume.',
  );
}

async function leave(chime: Ports['chime'], voiceConnectorId: string, groupId: string): Promise<void> {
  const group = await chime.getGroup(groupId);
  if (group === undefined) return;
  const others = without(group, voiceConnectorId);
  if (others.length < group.members.length) {
    await refuseIfLast(chime, voiceConnectorId, group);
    await chime.setMembers(group, others);
  }
  const now = await chime.getGroup(groupId);
  if (now === undefined || without(now, voiceConnectorId).length === now.members.length) return;
  throw new StillInGroup(
    `Voice Connector group ${groupId} still has connector ${voiceConnectorId} as a member.`,
  );
}

function without({ members }: Group, voiceConnectorId: string) {
  return members.filter((member) => member.voiceConnectorId !== voiceConnectorId);
}

export const connect = (edge: Edge): Step<Inspected, void> => {
  const pace = new Pace(edge.clock);
  const client = connectChime(edge, pace);
  const table = connectLedger(edge);
  return detachFromGroups({
    chime: {
      getVoiceConnector: getVoiceConnector(client),
      groupsOf: groupsOf(client),
      getGroup: getGroup(client),
      setMembers: setMembers(client),
      hasNumbers: hasNumbers(client),
    },
    secondLook: secondLookOf(edge, client),
    ledger: { readTeardown: readTeardown(table), updateTeardown: updateTeardown(table) },
    lock: lockOf(edge, table),
    pace,
  });
};

export const handler = onLambda(connect);
