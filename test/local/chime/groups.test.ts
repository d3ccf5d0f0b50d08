import * as legacy from '@aws-sdk/client-chime';
import * as voice from '@aws-sdk/client-chime-sdk-voice';
import { describe, expect, test } from '@jest/globals';
import { switchPositions } from '../../../local/chime/switches.ts';
import { associate, batchDelete, getError, getNumber, legacyClient, START, start } from './setting.ts';

const E164 = '+12065550100';
const NO_GROUP = 'ffffffff-ffff-4fff-afff-ffffffffffff';

describe('a group', () => {
  test('is described in full, and by the older client', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId, voiceConnectorGroupId } = seedGroup(chime);
    const input = { VoiceConnectorGroupId: voiceConnectorGroupId };
    const now = await client.send(new voice.GetVoiceConnectorGroupCommand(input));
    const before = await legacyClient(chime).send(new legacy.GetVoiceConnectorGroupCommand(input));
    expect(voiceConnectorGroupId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(now.VoiceConnectorGroup).toEqual({
      VoiceConnectorGroupId: voiceConnectorGroupId,
      Name: 'front desk',
      VoiceConnectorItems: [{ VoiceConnectorId: voiceConnectorId, Priority: 1 }],
      CreatedTimestamp: new Date(START),
      UpdatedTimestamp: new Date(START),
      VoiceConnectorGroupArn: expect.stringContaining(voiceConnectorGroupId),
      CallDistributionType: 'PriorityWeightedDistribution',
    });
    expect(before.VoiceConnectorGroup?.VoiceConnectorItems).toEqual([
      { VoiceConnectorId: voiceConnectorId, Priority: 1 },
    ]);
  });

  test('has the same id in every run with the same seed', async () => {
    const runs = await Promise.all([start({ seed: 7 }), start({ seed: 7 }), start({ seed: 8 })]);
    const ids = runs.map(({ chime }) => chime.state.addGroup({ name: 'a', items: [] }).voiceConnectorGroupId);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  test('that does not exist is not found', async () => {
    const { client } = await start();
    const missing = { VoiceConnectorGroupId: NO_GROUP };
    const update = { ...missing, Name: 'a', VoiceConnectorItems: [] };
    const errors = await Promise.all([
      getError(client.send(new voice.GetVoiceConnectorGroupCommand(missing))),
      getError(client.send(new voice.UpdateVoiceConnectorGroupCommand(update))),
    ]);
    expect(errors.map(({ name }) => name)).toEqual(Array(2).fill('NotFoundException'));
  });

  test('may hold a number, which a connector cannot take from it and which cannot be deleted', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId, voiceConnectorGroupId } = seedGroup(chime);
    chime.state.addNumber({ e164: E164 });
    chime.state.associate(E164, voiceConnectorGroupId, 'VoiceConnectorGroupId');
    const refused = [{ ErrorCode: 'PhoneNumberAssociationsExist' }];
    expect(await associate(client, voiceConnectorId, [E164], true)).toMatchObject(refused);
    expect(await batchDelete(client, [E164])).toMatchObject(refused);
    expect((await getNumber(client, E164))?.Associations).toMatchObject([
      { Name: 'VoiceConnectorGroupId', Value: voiceConnectorGroupId },
    ]);
    const filter = { FilterName: 'VoiceConnectorGroupId', FilterValue: voiceConnectorGroupId } as const;
    const listed = await client.send(new voice.ListPhoneNumbersCommand(filter));
    expect(listed.PhoneNumbers).toHaveLength(1);
  });
});

describe('listing groups', () => {
  test('goes in pages in the order of their creation', async () => {
    const { chime, client } = await start();
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) chime.state.addGroup({ name, items: [] });
    const list = (NextToken?: string) =>
      client.send(new voice.ListVoiceConnectorGroupsCommand({ MaxResults: 3, NextToken }));
    const first = await list();
    const second = await list(first.NextToken);
    const listed = [...(first.VoiceConnectorGroups ?? []), ...(second.VoiceConnectorGroups ?? [])];
    expect(listed.map(({ Name }) => Name)).toEqual(names);
    expect(second.NextToken).toBeUndefined();
    expect((await getError(list('Mg'))).name).toBe('BadRequestException');
  });

  test.each([
    ['present', [{ Priority: 1 }]],
    ['absent', undefined],
  ] as const)('groupItemsListed: items are %s', async (groupItemsListed, items) => {
    const { chime, client } = await start({ switches: { groupItemsListed } });
    const { voiceConnectorGroupId } = seedGroup(chime);
    const listed = await client.send(new voice.ListVoiceConnectorGroupsCommand({}));
    const alone = await client.send(
      new voice.GetVoiceConnectorGroupCommand({ VoiceConnectorGroupId: voiceConnectorGroupId }),
    );
    const [group] = listed.VoiceConnectorGroups ?? [];
    expect(group).toMatchObject({ VoiceConnectorGroupId: voiceConnectorGroupId, Name: 'front desk' });
    if (items) expect(group?.VoiceConnectorItems).toMatchObject(items);
    else expect(group).not.toHaveProperty('VoiceConnectorItems');
    expect(alone.VoiceConnectorGroup?.VoiceConnectorItems).toHaveLength(1);
  });
});

describe('updating a group', () => {
  test('replaces name and items, keeps a distribution that is left out, and answers 202 with the group', async () => {
    const { clock, chime, client } = await start();
    const { voiceConnectorGroupId } = seedGroup(chime);
    const { voiceConnectorId: other } = chime.seedConnector({ numbers: 0 });
    clock.advance(1000);
    const reply = await client.send(
      new voice.UpdateVoiceConnectorGroupCommand({
        VoiceConnectorGroupId: voiceConnectorGroupId,
        Name: 'back office',
        VoiceConnectorItems: [{ VoiceConnectorId: other, Priority: 99 }],
      }),
    );
    expect(reply.$metadata.httpStatusCode).toBe(202);
    expect(reply.VoiceConnectorGroup).toMatchObject({
      Name: 'back office',
      VoiceConnectorItems: [{ VoiceConnectorId: other, Priority: 99 }],
      CallDistributionType: 'PriorityWeightedDistribution',
      CreatedTimestamp: new Date(START),
      UpdatedTimestamp: new Date(START + 1000),
    });
    expect(chime.requests).toMatchObject([
      { operation: 'UpdateVoiceConnectorGroup', target: [voiceConnectorGroupId], changing: true },
    ]);
  });

  test('changes the distribution where it is given', async () => {
    const { chime, client } = await start();
    const { voiceConnectorGroupId } = seedGroup(chime);
    await client.send(
      new voice.UpdateVoiceConnectorGroupCommand({
        VoiceConnectorGroupId: voiceConnectorGroupId,
        Name: 'a',
        VoiceConnectorItems: [],
        CallDistributionType: 'LoadBalancedDistribution',
      }),
    );
    expect(chime.state.groups.get(voiceConnectorGroupId)).toMatchObject({
      items: [],
      callDistributionType: 'LoadBalancedDistribution',
    });
  });

  test.each<[string, (id: string) => object]>([
    ['no name', (id) => ({ Name: undefined, VoiceConnectorItems: [item(id)] })],
    ['an empty name', (id) => ({ Name: '', VoiceConnectorItems: [item(id)] })],
    ['no items', () => ({ VoiceConnectorItems: undefined })],
    ['four items', (id) => ({ VoiceConnectorItems: Array(4).fill(item(id)) })],
    ['a priority of 0', (id) => ({ VoiceConnectorItems: [item(id, 0)] })],
    ['a priority of 100', (id) => ({ VoiceConnectorItems: [item(id, 100)] })],
    ['an item without a priority', (id) => ({ VoiceConnectorItems: [{ VoiceConnectorId: id }] })],
    ['an item without a connector', () => ({ VoiceConnectorItems: [{ Priority: 1 }] })],
    ['a connector that does not exist', () => ({ VoiceConnectorItems: [item('abcdef1ghij2klmno3pqr4')] })],
    ['an unknown distribution', () => ({ VoiceConnectorItems: [], CallDistributionType: 'AtRandom' })],
  ])('is refused for %s, and nothing changes', async (_case, change) => {
    const { chime, client } = await start();
    const { voiceConnectorId, voiceConnectorGroupId } = seedGroup(chime);
    const before = chime.state.everything();
    const update = { VoiceConnectorGroupId: voiceConnectorGroupId, Name: 'a', ...change(voiceConnectorId) };
    const command = new voice.UpdateVoiceConnectorGroupCommand(
      update as voice.UpdateVoiceConnectorGroupCommandInput,
    );
    expect(await getError(client.send(command))).toMatchObject({ name: 'BadRequestException' });
    expect(chime.state.everything()).toEqual(before);
  });

  test.each(switchPositions.emptyGroupWithNumbers)(
    'emptyGroupWithNumbers: taking the last item from a group with numbers is %s',
    async (emptyGroupWithNumbers) => {
      const { chime, client } = await start({ switches: { emptyGroupWithNumbers } });
      const { voiceConnectorGroupId } = seedGroup(chime);
      chime.state.addNumber({ e164: E164 });
      chime.state.associate(E164, voiceConnectorGroupId, 'VoiceConnectorGroupId');
      const command = new voice.UpdateVoiceConnectorGroupCommand({
        VoiceConnectorGroupId: voiceConnectorGroupId,
        Name: 'a',
        VoiceConnectorItems: [],
      });
      if (emptyGroupWithNumbers === 'accepted') await client.send(command);
      else expect((await getError(client.send(command))).name).toBe('BadRequestException');
      const left = emptyGroupWithNumbers === 'accepted' ? 0 : 1;
      expect(chime.state.groups.get(voiceConnectorGroupId)?.items).toHaveLength(left);
    },
  );
});

describe('deleting a member of a group', () => {
  test.each(['409 VoiceConnectorGroupAssociationsExist', '400 BadRequest'] as const)(
    'groupMemberDelete: is a %s, until it has left the group',
    async (groupMemberDelete) => {
      const { chime, client } = await start({ switches: { groupMemberDelete } });
      const { voiceConnectorId, voiceConnectorGroupId } = seedGroup(chime);
      const command = new voice.DeleteVoiceConnectorCommand({ VoiceConnectorId: voiceConnectorId });
      const [status, Code] = groupMemberDelete.split(' ');
      expect(await getError(client.send(command))).toMatchObject({
        name: status === '409' ? 'ConflictException' : 'BadRequestException',
        Code,
        $metadata: { httpStatusCode: Number(status) },
      });
      await client.send(
        new voice.UpdateVoiceConnectorGroupCommand({
          VoiceConnectorGroupId: voiceConnectorGroupId,
          Name: 'front desk',
          VoiceConnectorItems: [],
        }),
      );
      expect((await client.send(command)).$metadata.httpStatusCode).toBe(204);
    },
  );

  test('groupMemberDelete: accepted, it leaves the group, and other members stay', async () => {
    const { chime, client } = await start({ switches: { groupMemberDelete: 'accepted' } });
    const first = chime.seedConnector({ numbers: 0 }).voiceConnectorId;
    const second = chime.seedConnector({ numbers: 0 }).voiceConnectorId;
    const items = [first, second].map((voiceConnectorId) => ({ voiceConnectorId, priority: 5 }));
    const { voiceConnectorGroupId } = chime.state.addGroup({ name: 'both', items });
    await client.send(new voice.DeleteVoiceConnectorCommand({ VoiceConnectorId: first }));
    expect(chime.state.groups.get(voiceConnectorGroupId)?.items).toEqual([
      { voiceConnectorId: second, priority: 5 },
    ]);
  });

  test('is refused for its numbers first', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId } = seedGroup(chime);
    chime.state.addNumber({ e164: E164, connectorId: voiceConnectorId });
    const command = new voice.DeleteVoiceConnectorCommand({ VoiceConnectorId: voiceConnectorId });
    expect((await getError(client.send(command))).Code).toBe('PhoneNumberAssociationsExist');
  });
});

function item(VoiceConnectorId: string, Priority = 1) {
  return { VoiceConnectorId, Priority };
}

/** A group with one connector that has no numbers. */
function seedGroup(chime: Awaited<ReturnType<typeof start>>['chime']) {
  const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
  const { voiceConnectorGroupId } = chime.state.addGroup({
    name: 'front desk',
    items: [{ voiceConnectorId, priority: 1 }],
    callDistributionType: 'PriorityWeightedDistribution',
  });
  return { voiceConnectorId, voiceConnectorGroupId };
}
