import { describe, expect, it } from '@jest/globals';
import { retriable } from '../../lambda/errors.ts';
import { connectLedger, updateTeardown } from '../../lambda/ledger/ledger.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { openGroups } from './group-setting.ts';
import { combined } from './restore-setting.ts';
import { changes, digitsOfANumber, errorOf, reply, script } from './setting.ts';
import { execution, stranger, teardownOf, writes } from './teardown-setting.ts';

const operation = 'UpdateVoiceConnectorGroup';
const distributions = [undefined, 'LoadBalancedDistribution', 'PriorityWeightedDistribution'] as const;

describe('Taking the connector out of its groups', () => {
  it.each(distributions)(
    'leaves the other members, their priorities, the name and the distribution (%s) as they are',
    async (callDistributionType) => {
      const { setting, group, members, detach } = await openGroups();
      const east = group('East', { other: 3, ours: 1, third: 99 }, callDistributionType);
      await detach();
      expect(setting.chime.state.groups.get(east)).toMatchObject({ name: 'East', callDistributionType });
      expect(members(east)).toEqual({ other: 3, third: 99 });
      expect(changes(setting.chime)).toEqual([[operation, 0]]);
    },
  );

  it.each(combined('groupItemsListed', 'errorHeader'))(
    'takes it out of each of several groups, and touches no other one (%j)',
    async (switches) => {
      const { setting, group, members, detach } = await openGroups(switches);
      const [east, north, west] = [
        group('East', { ours: 1, other: 2 }),
        group('North', { other: 1 }),
        group('West', { other: 4, ours: 7 }),
      ];
      await detach();
      expect([east, north, west].map(members)).toEqual([{ other: 2 }, { other: 1 }, { other: 4 }]);
      expect(changes(setting.chime)).toHaveLength(2);
    },
  );

  it('has nothing to do where there are none, and writes nothing', async () => {
    const { setting, group, begun, detach } = await openGroups();
    group('North', { other: 1 });
    const before = setting.wire.calls.length;
    await detach();
    expect(changes(setting.chime)).toEqual([]);
    expect(writes(setting, before)).toEqual(['teardown']);
    expect(await teardownOf(setting, begun.voiceConnectorId)).not.toHaveProperty('detachedFrom');
  });

  it.each(switchPositions.emptyGroupWithNumbers)(
    'may leave a group without members, if it has no numbers (with numbers: %s)',
    async (emptyGroupWithNumbers) => {
      const { group, members, detach } = await openGroups({ emptyGroupWithNumbers });
      const last = group('Last', { ours: 1 });
      await detach();
      expect(members(last)).toEqual({});
    },
  );
});

describe('What it is taken out of', () => {
  it('is in the ledger before the first group is changed, with the place that it has there', async () => {
    const { setting, group, begun, detach } = await openGroups();
    const places = [
      { groupId: group('East', { ours: 7, other: 2 }), name: 'East', priority: 7 },
      { groupId: group('West', { other: 2, ours: 99 }), name: 'West', priority: 99 },
    ];
    const known: unknown[] = [];
    setting.chime.hooks.beforeEffect = async ({ operation: received }) => {
      if (received === operation)
        known.push((await teardownOf(setting, begun.voiceConnectorId))?.detachedFrom);
    };
    await detach();
    expect(known).toEqual([places, places]);
  });

  it.each([
    ['with the place', { name: 'Before', priority: 5 }, { name: 'Before', priority: 5 }],
    ['by id alone', undefined, { priority: 1 }],
  ])('is added to what an earlier run has taken it out of (noted %s)', async (_how, noted, kept) => {
    const { setting, group, begun, detach } = await openGroups();
    const before = group('Before', { other: 1 });
    const change = { detachedFrom: [noted === undefined ? before : { groupId: before, ...noted }] };
    await updateTeardown(connectLedger(setting.edge))(begun.voiceConnectorId, execution.id, change);
    const east = group('East', { ours: 1, other: 2 });
    await detach();
    expect((await teardownOf(setting, begun.voiceConnectorId))?.detachedFrom).toEqual([
      { groupId: before, ...kept },
      { groupId: east, name: 'East', priority: 1 },
    ]);
  });

  it('is noted anew where somebody has put it back since an earlier run, with another priority', async () => {
    const { setting, group, begun, detach } = await openGroups();
    const east = group('East', { ours: 8, other: 2 });
    const change = { detachedFrom: [{ groupId: east, name: 'East', priority: 3 }] };
    await updateTeardown(connectLedger(setting.edge))(begun.voiceConnectorId, execution.id, change);
    await detach();
    expect((await teardownOf(setting, begun.voiceConnectorId))?.detachedFrom).toEqual([
      { groupId: east, name: 'East', priority: 8 },
    ]);
  });

  it('is not changed where the ledger does not take it down', async () => {
    const { setting, group, members, detach } = await openGroups();
    const east = group('East', { ours: 1, other: 2 });
    const before = setting.wire.calls.length;
    // The lock is the first write, this the second.
    setting.wire.refuse = ({ operation: write }) =>
      write === 'UpdateItem' && setting.wire.calls.slice(before).filter(isUpdate).length > 1;
    expect((await errorOf(detach())).name).toBe('ServiceFailureException');
    expect(members(east)).toEqual({ ours: 1, other: 2 });
    expect(changes(setting.chime)).toEqual([]);
  });
});

describe('A step that died', () => {
  it('after an update whose answer it has not seen is run again, and all is well', async () => {
    const { setting, group, members, begun, detach } = await openGroups();
    const [east, west] = [group('East', { ours: 1, other: 2 }), group('West', { ours: 1, other: 2 })];
    // Both groups are read to find out about them; then the first before its update, and after.
    const fault = { status: 403, code: 'Forbidden', message: 'Nothing more.' };
    setting.chime.faults.set({ script: [{ operation: 'GetVoiceConnectorGroup', nth: 4, fault }] });
    expect((await errorOf(detach())).name).toBe('ForbiddenException');
    expect([east, west].map(members)).toEqual([{ other: 2 }, { ours: 1, other: 2 }]);
    setting.chime.faults.set({});
    await detach();
    expect([east, west].map(members)).toEqual([{ other: 2 }, { other: 2 }]);
    expect(changes(setting.chime)).toHaveLength(2);
    expect((await teardownOf(setting, begun.voiceConnectorId))?.detachedFrom).toMatchObject([
      { groupId: east },
      { groupId: west },
    ]);
  });

  it('is not one whose answer was lost on the way', async () => {
    const { setting, group, members, detach } = await openGroups();
    const east = group('East', { ours: 1, other: 2 });
    setting.chime.faults.set(script(operation, 'replyLost'));
    await detach();
    expect(members(east)).toEqual({ other: 2 });
  });
});

describe('The last member of a group that has numbers', () => {
  it.each(switchPositions.emptyGroupWithNumbers)(
    'stays, and so it does in its other groups: nothing is changed (the service itself: %s)',
    async (emptyGroupWithNumbers) => {
      const { setting, group, members, begun, detach } = await openGroups({ emptyGroupWithNumbers });
      const east = group('East', { ours: 1, other: 2 });
      const last = group('Last', { ours: 1 });
      setting.chime.state.addNumber({ e164: '+13125550199' });
      setting.chime.state.associate('+13125550199', last, 'VoiceConnectorGroupId');
      const error = await errorOf(detach());
      expect(error).toMatchObject({
        name: 'LastMember',
        message:
          `Connector ${begun.voiceConnectorId} has become the last member of Voice Connector group Last (${last}), which ` +
          'has phone numbers of its own. Add another connector to the group, or take the numbers off it; then resume.',
      });
      expect(Object.values(retriable).flat()).not.toContain(error.name);
      expect([east, last].map(members)).toEqual([{ ours: 1, other: 2 }, { ours: 1 }]);
      expect(changes(setting.chime)).toEqual([]);
      expect(await teardownOf(setting, begun.voiceConnectorId)).not.toHaveProperty('detachedFrom');
    },
  );
});

describe('A group that', () => {
  it('has numbers, and keeps another member, is no reason to stay', async () => {
    const { setting, group, members, detach } = await openGroups();
    const east = group('East', { ours: 1, other: 2 });
    setting.chime.state.addNumber({ e164: '+13125550199' });
    setting.chime.state.associate('+13125550199', east, 'VoiceConnectorGroupId');
    await detach();
    expect(members(east)).toEqual({ other: 2 });
  });

  it('was deleted meanwhile is left', async () => {
    const { setting, group, members, detach } = await openGroups();
    const [, west] = [group('East', { ours: 1, other: 2 }), group('West', { ours: 1, other: 2 })];
    const gone = { status: 404, code: 'NotFound', message: 'No such group.' };
    // Each group is read once to find out about it, then once before the update.
    const fault = { operation: 'GetVoiceConnectorGroup', nth: 3, fault: gone } as const;
    setting.chime.faults.set({ script: [fault] });
    await detach();
    expect(members(west)).toEqual({ other: 2 });
  });

  it('was deleted right after the update is one that it has left', async () => {
    const { setting, group, members, detach } = await openGroups();
    const east = group('East', { ours: 1, other: 2 });
    const gone = { status: 404, code: 'NotFound', message: 'No such group.' };
    // Read to find out about it, before its update, and after.
    setting.chime.faults.set({ script: [{ operation: 'GetVoiceConnectorGroup', nth: 3, fault: gone }] });
    await detach();
    expect(members(east)).toEqual({ other: 2 });
  });

  it('got another member meanwhile keeps that one', async () => {
    const { setting, group, members, detach, ids } = await openGroups();
    const east = group('East', { ours: 1, other: 2 });
    setting.chime.hooks.afterEffect = ({ operation: received }) => {
      if (received !== 'GetVoiceConnectorGroup') return;
      setting.chime.hooks.afterEffect = undefined;
      const items = [...(setting.chime.state.groups.get(east)?.items ?? [])];
      items.push({ voiceConnectorId: ids.third, priority: 5 });
      setting.chime.state.groups.update(east, { name: 'Far east', items });
    };
    await detach();
    expect(members(east)).toEqual({ other: 2, third: 5 });
    expect(setting.chime.state.groups.get(east)?.name).toBe('Far east');
  });

  it('lost its other members meanwhile, and has numbers, is not left without any', async () => {
    const { setting, group, members, detach } = await openGroups({ emptyGroupWithNumbers: 'accepted' });
    const east = group('East', { ours: 1, other: 2 });
    setting.chime.state.addNumber({ e164: '+13125550199' });
    setting.chime.state.associate('+13125550199', east, 'VoiceConnectorGroupId');
    setting.chime.hooks.afterEffect = ({ operation: received }) => {
      if (received !== 'GetVoiceConnectorGroup') return;
      setting.chime.hooks.afterEffect = undefined;
      const items = setting.chime.state.groups.get(east)?.items.slice(0, 1) ?? [];
      setting.chime.state.groups.update(east, { name: 'East', items });
    };
    expect((await errorOf(detach())).name).toBe('LastMember');
    expect(members(east)).toEqual({ ours: 1 });
  });

  it('shows it as a member after the update is looked at again later', async () => {
    const { setting, group, members, detach } = await openGroups();
    const east = group('East', { ours: 1, other: 2 });
    const body = JSON.stringify({ VoiceConnectorGroup: {} });
    const fault = { status: 202, contentType: 'application/json', body };
    setting.chime.faults.set(script(operation, fault));
    const error = await errorOf(detach());
    expect(error.name).toBe('StillInGroup');
    expect(error.message).toContain(east);
    expect(retriable.notYetConverged).toContain(error.name);
    await detach();
    expect(members(east)).toEqual({ other: 2 });
  });

  it.each([
    ['comes without its members afterwards has none', 3],
    ['comes without its members before the update is not written back', 2],
  ])('%s', async (_what, nth) => {
    const { setting, group, members, detach } = await openGroups();
    const last = group('Last', { ours: 1 });
    // Read to find out about it, before its update, and after.
    const bare = reply({ VoiceConnectorGroup: { Name: 'Last' } });
    setting.chime.faults.set({ script: [{ operation: 'GetVoiceConnectorGroup', nth, fault: bare }] });
    const isDone = nth === 3;
    if (isDone) await detach();
    else expect((await errorOf(detach())).name).toBe('StillInGroup');
    expect(members(last)).toEqual(isDone ? {} : { ours: 1 });
    expect(changes(setting.chime)).toHaveLength(isDone ? 1 : 0);
  });

  it('may not be changed ends the step', async () => {
    const { setting, group, members, detach } = await openGroups();
    const east = group('East', { ours: 1, other: 2 });
    const fault = { status: 403, code: 'AccessDenied', message: 'Not for +12065550100.' };
    setting.chime.faults.set(script(operation, fault));
    const error = await errorOf(detach());
    expect(error.name).toBe('AccessDeniedException');
    expect(error.message.replace(east, '')).not.toMatch(digitsOfANumber);
    expect(members(east)).toEqual({ ours: 1, other: 2 });
  });
});

describe('An execution that has lost the teardown', () => {
  it('calls nothing', async () => {
    const { setting, group, members, detach } = await openGroups({}, stranger);
    const east = group('East', { ours: 1, other: 2 });
    expect((await errorOf(detach())).name).toBe('LockLost');
    expect(setting.chime.requests).toEqual([]);
    expect(members(east)).toEqual({ ours: 1, other: 2 });
  });
});

function isUpdate({ operation }: { readonly operation: string }): boolean {
  return operation === 'UpdateItem';
}
