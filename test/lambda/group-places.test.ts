import { describe, expect, it } from '@jest/globals';
import { placesIn, placesLeft } from '../../lambda/ledger/group-places.ts';
import { connectLedger, updateTeardown } from '../../lambda/ledger/ledger.ts';
import type { GroupPlace, Snapshot } from '../../lambda/ports.ts';
import { connect as connectRejoin } from '../../lambda/rejoin-groups.ts';
import { bringBack, nothing, restore } from './restore-setting.ts';
import { run } from './setting.ts';
import { openSetting } from './teardown-setting.ts';

const east: GroupPlace = { groupId: 'e', name: 'East', priority: 7 };
const snapshot: Snapshot = {
  connector: { voiceConnectorId: 'ours', name: 'Trunk' },
  configuration: {},
  groups: [east],
  takenAt: '2026-01-05T09:00:00.000Z',
};

describe('The places of a connector', () => {
  it('are those in groups that it is a member of', () => {
    const members = [
      { voiceConnectorId: 'other', priority: 1 },
      { voiceConnectorId: 'ours', priority: 7 },
    ];
    const groups = [
      { groupId: 'e', name: 'East', members },
      { groupId: 'w', name: 'West', members: members.slice(0, 1) },
    ];
    expect(placesIn(groups, 'ours')).toEqual([east]);
  });

  it('that it was taken out of are those noted then, whatever they were at the snapshot', () => {
    const places = [
      { ...east, priority: 9 },
      { groupId: 'w', name: 'West', priority: 3 },
    ];
    expect(placesLeft({ detachedFrom: places, snapshot })).toEqual(places);
    expect(placesLeft({ snapshot })).toEqual([]);
  });

  it('of which only the id was noted are those of the snapshot, or the first', () => {
    expect(placesLeft({ detachedFrom: ['e', 'w'], snapshot })).toEqual([east, { groupId: 'w', priority: 1 }]);
    expect(placesLeft({ detachedFrom: ['e'] })).toEqual([{ groupId: 'e', priority: 1 }]);
  });
});

describe('A restore', () => {
  it('gives the connector its place back also in a group that it joined after the snapshot', async () => {
    const setting = await openSetting();
    const { voiceConnectorId, restorable } = await bringBack(setting, { numbers: 1 });
    const { state } = setting.chime;
    const { voiceConnectorGroupId: groupId } = state.addGroup({ name: 'West', items: [] });
    const change = { detachedFrom: [{ groupId, name: 'West', priority: 42 }] };
    await updateTeardown(connectLedger(setting.edge))(voiceConnectorId, restore.id, change);
    const check = { verdict: 'restored', counts: nothing, looks: 1 } as const;
    await run(setting, connectRejoin, { ...restorable, check });
    expect(state.groups.get(groupId)?.items).toEqual([{ voiceConnectorId, priority: 42 }]);
  });
});
