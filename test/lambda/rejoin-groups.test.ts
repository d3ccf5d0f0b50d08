import { describe, expect, it } from '@jest/globals';
import { connectLedger, updateTeardown } from '../../lambda/ledger/ledger.ts';
import { connect } from '../../lambda/rejoin-groups.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { check, detached, operation } from './rejoin-setting.ts';
import { bringBack, restore } from './restore-setting.ts';
import { changes, errorOf, run } from './setting.ts';
import { executionNamed, openSetting, teardownOf, writes } from './teardown-setting.ts';

const distributions = [undefined, 'LoadBalancedDistribution', 'PriorityWeightedDistribution'] as const;

describe('Putting the connector back into its groups', () => {
  it.each(distributions)(
    'brings each group back to what it was before the teardown (distribution %s)',
    async (callDistributionType) => {
      const { setting, before, rejoin } = await detached((make) => {
        make('East', { other: 3, ours: 42 }, callDistributionType);
        make('West', { ours: 1, other: 2 }, callDistributionType);
        make('Alone', { ours: 9 }, callDistributionType);
        make('North', { other: 1 }, callDistributionType);
      });
      expect(setting.chime.state.everything().groups).not.toEqual(before.groups);
      await rejoin();
      expect(setting.chime.state.everything().groups).toEqual(before.groups);
      expect(changes(setting.chime).filter(([made]) => made === operation)).toHaveLength(6);
    },
  );

  it('forgets then what it was taken out of', async () => {
    const { setting, voiceConnectorId, rejoin } = await detached((make) =>
      make('East', { other: 3, ours: 2 }),
    );
    expect(await rejoin()).toEqual(check);
    expect(await teardownOf(setting, voiceConnectorId)).not.toHaveProperty('detachedFrom');
  });

  it('keeps what was changed about a group since', async () => {
    const { setting, group, ids, rejoin } = await detached((make) => make('East', { other: 3, ours: 42 }));
    const { voiceConnectorGroupId } = group('East');
    setting.chime.state.groups.update(voiceConnectorGroupId, {
      name: 'Far east',
      items: [{ voiceConnectorId: ids.other, priority: 8 }],
    });
    await rejoin();
    expect(group('Far east').items).toEqual([
      { voiceConnectorId: ids.other, priority: 8 },
      { voiceConnectorId: ids.ours, priority: 42 },
    ]);
  });

  it('is nothing to do where it was taken out of none, and nothing is asked or written', async () => {
    const setting = await openSetting();
    const { restorable } = await bringBack(setting, { numbers: 1 });
    const before = setting.wire.calls.length;
    expect(await run(setting, connect, { ...restorable, check })).toEqual(check);
    expect(setting.chime.requests).toEqual([]);
    expect(writes(setting, before)).toEqual(['teardown']);
  });

  it('is not for a group that somebody else has taken it out of', async () => {
    const { group, rejoin } = await detached(
      (make) => {
        make('East', { other: 3, ours: 2 });
        make('West', { other: 1, ours: 2 });
      },
      {},
      ({ chime }) => {
        const [, west] = chime.state.groups.items();
        const items = west?.items.slice(0, 1) ?? [];
        chime.state.groups.update(String(west?.voiceConnectorGroupId), { name: 'West', items });
      },
    );
    await rejoin();
    expect(group('East').items).toHaveLength(2);
    expect(group('West').items).toHaveLength(1);
  });
});

describe('A group that', () => {
  it('is gone is left, and the others are seen to', async () => {
    const { setting, group, ids, rejoin } = await detached((make) => {
      make('East', { other: 3, ours: 2 });
      make('West', { other: 1, ours: 7 });
    });
    const gone = { status: 404, code: 'NotFound', message: 'No such group.' };
    const nth = setting.chime.calls().GetVoiceConnectorGroup + 1;
    setting.chime.faults.set({ script: [{ operation: 'GetVoiceConnectorGroup', nth, fault: gone }] });
    await rejoin();
    expect(group('East').items).toHaveLength(1);
    expect(group('West').items).toContainEqual({ voiceConnectorId: ids.ours, priority: 7 });
  });

  it('was deleted right after the update is not waited for', async () => {
    const { setting, rejoin } = await detached((make) => make('East', { other: 3, ours: 2 }));
    const gone = { status: 404, code: 'NotFound', message: 'No such group.' };
    // Read before its update, and after.
    const nth = setting.chime.calls().GetVoiceConnectorGroup + 2;
    setting.chime.faults.set({ script: [{ operation: 'GetVoiceConnectorGroup', nth, fault: gone }] });
    expect(await rejoin()).toEqual(check);
  });

  it('has it as a member again is left as somebody made it', async () => {
    const { setting, group, ids, rejoin } = await detached((make) => make('East', { other: 3, ours: 2 }));
    const { voiceConnectorGroupId } = group('East');
    const items = [{ voiceConnectorId: ids.ours, priority: 50 }];
    setting.chime.state.groups.update(voiceConnectorGroupId, { name: 'East', items });
    const changed = changes(setting.chime).length;
    await rejoin();
    expect(group('East').items).toEqual(items);
    expect(changes(setting.chime)).toHaveLength(changed);
  });

  it('it was never taken out of, as the teardown died before, is left as it is', async () => {
    const { setting, group, ids, voiceConnectorId, rejoin } = await detached(() => undefined);
    const items = [{ voiceConnectorId: ids.ours, priority: 5 }];
    const { voiceConnectorGroupId } = setting.chime.state.addGroup({ name: 'East', items });
    const change = { detachedFrom: [voiceConnectorGroupId] };
    await updateTeardown(connectLedger(setting.edge))(voiceConnectorId, restore.id, change);
    await rejoin();
    expect(group('East').items).toEqual(items);
    expect(await teardownOf(setting, voiceConnectorId)).not.toHaveProperty('detachedFrom');
  });
});

describe('A step that died', () => {
  it.each(['replyLost', 'died'])('after the update (%s) is run again, and all is well', async (how) => {
    const { setting, group, ids, voiceConnectorId, rejoin } = await detached((make) =>
      make('East', { other: 3, ours: 2 }),
    );
    const nth = setting.chime.calls()[operation] + 1;
    if (how === 'replyLost') setting.chime.faults.set({ script: [{ operation, nth, fault: 'replyLost' }] });
    else {
      const before = setting.wire.calls.length;
      setting.wire.refuse = ({ operation: write }) =>
        write === 'UpdateItem' &&
        setting.wire.calls.slice(before).filter((call) => call.operation === write).length > 1;
      expect((await errorOf(rejoin())).name).toBe('ServiceFailureException');
      setting.wire.refuse = () => false;
    }
    await rejoin();
    expect(group('East').items).toEqual([
      { voiceConnectorId: ids.other, priority: 3 },
      { voiceConnectorId: ids.ours, priority: 2 },
    ]);
    expect(await teardownOf(setting, voiceConnectorId)).not.toHaveProperty('detachedFrom');
  });
});

describe('A connector that is gone', () => {
  it.each(switchPositions.errorHeader)('can be in no group (error header %s)', async (errorHeader) => {
    const { setting, group, voiceConnectorId, rejoin } = await detached(
      (make) => make('East', { other: 3, ours: 2 }),
      { errorHeader },
    );
    setting.chime.state.deleteConnector(voiceConnectorId);
    const changed = changes(setting.chime).length;
    await rejoin();
    expect(group('East').items).toHaveLength(1);
    expect(changes(setting.chime)).toHaveLength(changed);
    expect((await teardownOf(setting, voiceConnectorId))?.detachedFrom).toHaveLength(1);
  });
});

describe('An execution that does not hold the teardown', () => {
  it('calls nothing', async () => {
    const { setting, restorable } = await detached((make) => make('East', { other: 3, ours: 2 }));
    const requests = setting.chime.requests.length;
    const theirs = { ...restorable, check, execution: executionNamed('another') };
    expect((await errorOf(run(setting, connect, theirs))).name).toBe('LockLost');
    expect(setting.chime.requests).toHaveLength(requests);
  });
});
