import { describe, expect, it } from '@jest/globals';
import { ListTagsForResourceCommand, pageSize } from '#chime-api';
import { connectChime } from '../../lambda/chime/client.ts';
import { getGroup, groupsOf, setMembers } from '../../lambda/chime/groups.ts';
import { hasNumbers } from '../../lambda/chime/numbers.ts';
import type { Group } from '../../lambda/ports.ts';
import type { Account } from '../../local/chime/account.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { changes, errorOf, openChime, reply, script } from './setting.ts';

const isOlderApi = ListTagsForResourceCommand === undefined;
/** Only the current API knows how a group distributes its calls. */
const distribution = isOlderApi ? {} : ({ distribution: 'PriorityWeightedDistribution' } as const);
const callDistributionType = isOlderApi ? undefined : 'PriorityWeightedDistribution';

describe('A Voice Connector group', () => {
  it('is read with everything that an update of it replaces', async () => {
    const { client, state, ours, other } = await open();
    const groupId = groupOf(state, [
      [ours, 7],
      [other, 99],
    ]);
    expect(await getGroup(client)(groupId)).toEqual({
      groupId,
      name: 'East',
      members: [
        { voiceConnectorId: ours, priority: 7 },
        { voiceConnectorId: other, priority: 99 },
      ],
      ...distribution,
    });
  });

  it('may have no members, and say nothing of its calls', async () => {
    const { client, state } = await open();
    const { voiceConnectorGroupId: groupId } = state.addGroup({ name: 'Empty', items: [] });
    expect(await getGroup(client)(groupId)).toEqual({ groupId, name: 'Empty', members: [] });
  });

  it.each(switchPositions.errorHeader)(
    'that is not there is undefined (error header %s)',
    async (errorHeader) => {
      const { client } = await open({ switches: { errorHeader } });
      expect(await getGroup(client)('nosuchgroup')).toBeUndefined();
    },
  );

  const item = { VoiceConnectorId: 'abc', Priority: 1 };
  it.each([
    ['nothing', undefined, 'the answer holds no group'],
    ['neither name nor members', { VoiceConnectorGroupId: 'g' }, 'the answer holds no group'],
    [
      'a member without id',
      { Name: 'East', VoiceConnectorItems: [{ Priority: 1 }] },
      'a member came without id',
    ],
    [
      'a member without priority',
      { Name: 'East', VoiceConnectorItems: [item, { VoiceConnectorId: 'def' }] },
      'a member came without id or priority',
    ],
  ])('of which the answer has %s is a MalformedReply', async (_what, group, why) => {
    const faults = script('GetVoiceConnectorGroup', reply({ VoiceConnectorGroup: group }));
    const { client } = await open({ faults });
    const error = await errorOf(getGroup(client)('g'));
    expect(error.name).toBe('MalformedReply');
    expect(error.message).toContain(`reading Voice Connector group g: ${why}`);
  });

  it.each([
    [
      'name',
      { VoiceConnectorItems: [item] },
      { name: 'g', members: [{ voiceConnectorId: 'abc', priority: 1 }] },
    ],
    ['list of members', { Name: 'East' }, { name: 'East', members: [] }],
    ['list of members (null)', { Name: 'East', VoiceConnectorItems: null }, { name: 'East', members: [] }],
  ])(
    'that comes without %s is read as far as it goes, and never written back',
    async (_what, group, read) => {
      const faults = script('GetVoiceConnectorGroup', reply({ VoiceConnectorGroup: group }));
      const { chime, client } = await open({ faults });
      const incomplete = await found(client, 'g');
      expect(incomplete).toEqual({ groupId: 'g', ...read, isIncomplete: true });
      expect(await errorOf(setMembers(client)(incomplete, []))).toMatchObject({
        name: 'MalformedReply',
        message: 'updating Voice Connector group g: it came without name or members',
      });
      expect(changes(chime)).toEqual([]);
    },
  );
});

describe('The groups of a connector', () => {
  it.each(switchPositions.groupItemsListed)(
    'are those that it is a member of, each with all of its members (members in the list: %s)',
    async (groupItemsListed) => {
      const { chime, client, state, ours, other } = await open({ switches: { groupItemsListed } });
      const first = groupOf(state, [
        [other, 1],
        [ours, 2],
      ]);
      groupOf(state, [[other, 1]]);
      const third = groupOf(state, [[ours, 3]]);
      state.addGroup({ name: 'Empty', items: [] });
      const found = await groupsOf(client)(ours);
      expect(found.map(({ groupId, members }) => [groupId, members.length])).toEqual([
        [first, 2],
        [third, 1],
      ]);
      expect(changes(chime)).toEqual([]);
    },
  );

  it('may be none', async () => {
    const { client, state, ours, other } = await open();
    groupOf(state, [[other, 1]]);
    expect(await groupsOf(client)(ours)).toEqual([]);
  });

  it('are found on every page of the list', async () => {
    const { chime, client, state, ours, other } = await open();
    for (let i = 0; i < pageSize; i += 1) groupOf(state, [[other, 1]]);
    const last = groupOf(state, [[ours, 1]]);
    expect((await groupsOf(client)(ours)).map(({ groupId }) => groupId)).toEqual([last]);
    expect(chime.calls().ListVoiceConnectorGroups).toBe(2);
  });

  it('do not have one that is deleted between the list and the look', async () => {
    const { client, ours } = await open({
      faults: script(
        'ListVoiceConnectorGroups',
        reply({ VoiceConnectorGroups: [{ VoiceConnectorGroupId: 'g' }] }),
      ),
    });
    expect(await groupsOf(client)(ours)).toEqual([]);
  });

  it.each([
    ['no list', {}, 'the answer holds no list'],
    ['a group without id', { VoiceConnectorGroups: [{ Name: 'East' }] }, 'a group came without an id'],
  ])('are a MalformedReply where the answer has %s', async (_what, body, why) => {
    const { client, ours } = await open({ faults: script('ListVoiceConnectorGroups', reply(body)) });
    expect(await errorOf(groupsOf(client)(ours))).toMatchObject({
      name: 'MalformedReply',
      message: `listing the Voice Connector groups: ${why}`,
    });
  });

  it('are found beside a foreign one that comes without its members: services leave out empty lists', async () => {
    const { chime, client, state, ours } = await open();
    state.addGroup({ name: 'Empty', items: [] });
    const theirs = groupOf(state, [[ours, 1]]);
    const bare = reply({ VoiceConnectorGroup: { Name: 'Empty' } });
    chime.faults.set({ script: [{ operation: 'GetVoiceConnectorGroup', nth: 1, fault: bare }] });
    expect((await groupsOf(client)(ours)).map(({ groupId }) => groupId)).toEqual([theirs]);
  });

  it('are a MalformedReply where one of them comes without a name: it could not be written back', async () => {
    const { chime, client, state, ours } = await open();
    const groupId = groupOf(state, [[ours, 1]]);
    const items = [{ VoiceConnectorId: ours, Priority: 1 }];
    const nameless = reply({ VoiceConnectorGroup: { VoiceConnectorItems: items } });
    chime.faults.set({ script: [{ operation: 'GetVoiceConnectorGroup', nth: 1, fault: nameless }] });
    expect(await errorOf(groupsOf(client)(ours))).toMatchObject({
      name: 'MalformedReply',
      message: `reading Voice Connector group ${groupId}: it came without name or members`,
    });
  });

  it('that may not be read are an error', async () => {
    const fault = { status: 403, code: 'AccessDenied', message: 'No.' };
    const { client, state, ours } = await open({ faults: script('GetVoiceConnectorGroup', fault) });
    groupOf(state, [[ours, 1]]);
    expect((await errorOf(groupsOf(client)(ours))).name).toBe('AccessDeniedException');
  });
});

describe('Setting the members of a group', () => {
  it('replaces them, and leaves everything else about it as it is', async () => {
    const { chime, client, state, ours, other } = await open();
    const groupId = groupOf(state, [
      [other, 1],
      [ours, 2],
    ]);
    groupOf(state, [[ours, 3]]);
    const before = state.everything();
    const group = await found(client, groupId);
    await setMembers(client)(group, group.members.slice(0, 1));
    const items = [{ voiceConnectorId: other, priority: 1 }];
    expect(state.everything()).toEqual({
      ...before,
      groups: before.groups.map((each) =>
        each.voiceConnectorGroupId === groupId ? { ...each, items } : each,
      ),
    });
    expect(changes(chime)).toEqual([['UpdateVoiceConnectorGroup', 0]]);
  });

  it('to what they were before leaves nothing changed', async () => {
    const { client, state, ours, other } = await open();
    const groupId = groupOf(state, [
      [other, 5],
      [ours, 5],
    ]);
    const before = state.everything();
    const group = await found(client, groupId);
    await setMembers(client)(group, []);
    await setMembers(client)(group, group.members);
    expect(state.everything()).toEqual(before);
  });

  it('says its name and its distribution again: an update without them might change them', async () => {
    const { client, state, ours } = await open();
    const groupId = groupOf(state, [[ours, 1]]);
    const group = await found(client, groupId);
    state.groups.update(groupId, {
      ...{ name: 'Renamed', items: [] },
      callDistributionType: 'LoadBalancedDistribution',
    });
    await setMembers(client)(group, group.members);
    expect(state.groups.get(groupId)).toMatchObject({
      name: 'East',
      items: [{ voiceConnectorId: ours, priority: 1 }],
      callDistributionType: callDistributionType ?? 'LoadBalancedDistribution',
    });
  });

  it('of one that is gone is an error', async () => {
    const { client } = await open();
    const error = await errorOf(
      setMembers(client)({ groupId: 'nosuchgroup', name: 'East', members: [] }, []),
    );
    expect(error.name).toBe('NotFoundException');
    expect(error.message).toContain('updating Voice Connector group nosuchgroup');
  });

  it.each(switchPositions.emptyGroupWithNumbers)(
    'to none, while it has numbers, is for the service to say (%s)',
    async (how) => {
      const { client, state, ours } = await open({ switches: { emptyGroupWithNumbers: how } });
      const groupId = groupOf(state, [[ours, 1]]);
      state.addNumber({ e164: '+13125550199' });
      state.associate('+13125550199', groupId, 'VoiceConnectorGroupId');
      const ended = await setMembers(client)(await found(client, groupId), []).catch(({ name }) => name);
      expect(ended).toBe(how === 'accepted' ? undefined : 'BadRequestException');
      expect(state.groups.get(groupId)?.items).toHaveLength(how === 'accepted' ? 0 : 1);
    },
  );
});

describe('Whether a group has numbers of its own', () => {
  it('is not said by those of its members', async () => {
    const { client, state, ours } = await open();
    const groupId = groupOf(state, [[ours, 1]]);
    state.addNumber({ e164: '+13125550198', connectorId: ours });
    expect(await hasNumbers(client)(groupId)).toBe(false);
    state.addNumber({ e164: '+13125550199' });
    state.associate('+13125550199', groupId, 'VoiceConnectorGroupId');
    expect(await hasNumbers(client)(groupId)).toBe(true);
  });

  it('is read on past a page that is empty', async () => {
    const number = { PhoneNumberId: '+12065550100', E164PhoneNumber: '+12065550100', Status: 'Assigned' };
    const pages = [reply({ PhoneNumbers: [], NextToken: 'a' }), reply({ PhoneNumbers: [number] })];
    const { client } = await open({ faults: script('ListPhoneNumbers', ...pages) });
    expect(await hasNumbers(client)('g')).toBe(true);
  });
});

async function open(options: Parameters<typeof openChime>[0] = {}) {
  const setting = await openChime(options);
  const { state } = setting.chime;
  const [ours, other] = [state.addConnector().voiceConnectorId, state.addConnector().voiceConnectorId];
  return { ...setting, client: connectChime(setting.edge), state, ours, other };
}

/** Adds a group of these connectors, each with its priority. */
function groupOf(state: Account, members: readonly [voiceConnectorId: string, priority: number][]): string {
  const items = members.map(([voiceConnectorId, priority]) => ({ voiceConnectorId, priority }));
  return state.addGroup({ name: 'East', items, callDistributionType }).voiceConnectorGroupId;
}

async function found(client: ReturnType<typeof connectChime>, groupId: string): Promise<Group> {
  const group = await getGroup(client)(groupId);
  if (group === undefined) throw new Error('There is a group.');
  return group;
}
