import { describe, expect, it } from '@jest/globals';
import { switchPositions } from '../../local/chime/switches.ts';
import { inspect } from './inspection.ts';
import { codesIn, planned, refused, warningsOf } from './refusals.ts';
import { at, errorOf, reply, script } from './setting.ts';
import { openSetting, type SettingOptions } from './teardown-setting.ts';

const leave = 'Say "detachFromGroups": true, and it is taken out of the group once its numbers are gone.';
const helpTheGroup =
  'Add another connector to that group, or take the numbers off it; then say "detachFromGroups": true.';

describe('A connector that is a member of a Voice Connector group', () => {
  it.each(switchPositions.groupItemsListed)(
    'is refused, once for each group (members in the list of groups: %s)',
    async (groupItemsListed) => {
      const { setting, request, group } = await open({ switches: { groupItemsListed } });
      const { voiceConnectorId } = request;
      const [east, west] = [group('East', 'ours', 'other'), group('West', 'other', 'ours')];
      group('North', 'other');
      expect(await refused(setting, request)).toEqual([
        {
          code: 'InGroup',
          message: `Connector ${voiceConnectorId} is a member of Voice Connector group East (${east}).`,
          wayOut: leave,
        },
        {
          code: 'InGroup',
          message: `Connector ${voiceConnectorId} is a member of Voice Connector group West (${west}).`,
          wayOut: leave,
        },
      ]);
    },
  );

  it('may go where it is to leave them, and the plan says which these are', async () => {
    const { setting, request, group } = await open();
    group('East', 'ours', 'other');
    group('West', 'ours', 'other');
    group('North', 'other');
    const leaving = { ...request, detachFromGroups: true };
    expect(await warningsOf(setting, leaving)).toEqual([
      {
        code: 'LeavesGroups',
        message:
          'Before it is deleted, the connector will be taken out of 2 Voice Connector groups: East, West.',
        wayOut: 'Leave "detachFromGroups" out if it is to stay.',
      },
    ]);
    const { forecast } = await planned(setting, leaving);
    expect(forecast.calls).toMatchObject({ UpdateVoiceConnectorGroup: 2 });
    const released = await inspect(setting, leaving);
    expect(released).toMatchObject({ verdict: 'release', detachFromGroups: true });
    expect(setting.chime.calls().UpdateVoiceConnectorGroup).toBe(0);
  });

  it('is found wherever the group is in a list of several pages', async () => {
    const { setting, request, group } = await open();
    for (let i = 0; i < 120; i += 1) group(`Group ${i}`, i === 110 ? 'ours' : 'other');
    const [blocker, ...others] = await refused(setting, request);
    expect([blocker?.code, others]).toEqual(['InGroup', []]);
    expect(blocker?.message).toContain('group Group 110 (');
  });

  it('is none where the groups have other members', async () => {
    const { setting, request, group } = await open();
    group('North', 'other');
    expect(await warningsOf(setting, { ...request, detachFromGroups: true })).toEqual([]);
    expect(await inspect(setting, request)).toMatchObject({ verdict: 'release', detachFromGroups: false });
  });
});

describe('The last member of a group', () => {
  it.each([{}, { detachFromGroups: true }])(
    'that has numbers of its own is refused, whatever is asked (%j): they would ring nowhere',
    async (asked) => {
      const { setting, request, group, giveNumber } = await open();
      const last = group('Last', 'ours');
      giveNumber(last);
      expect(await refused(setting, { ...request, ...asked })).toEqual([
        {
          code: 'InGroup',
          message: `Connector ${request.voiceConnectorId} is the last member of Voice Connector group Last (${last}), which has phone numbers of its own.`,
          wayOut: helpTheGroup,
        },
      ]);
    },
  );

  it('that has no numbers is a member like any other', async () => {
    const { setting, request, group } = await open();
    group('Last', 'ours');
    expect(at(await refused(setting, request), 0).wayOut).toBe(leave);
    expect(codesIn(await warningsOf(setting, { ...request, detachFromGroups: true }))).toEqual([
      'LeavesGroups',
    ]);
  });

  it('is not one that has others beside it, whatever numbers the group has', async () => {
    const { setting, request, group, giveNumber } = await open();
    giveNumber(group('Shared', 'ours', 'other'));
    expect(codesIn((await planned(setting, { ...request, detachFromGroups: true })).plan.blockers)).toEqual(
      [],
    );
  });
});

describe('Groups that cannot be read', () => {
  it.each([
    ['ListVoiceConnectorGroups', { status: 403, code: 'Forbidden', message: 'No.' }, 'ForbiddenException'],
    ['ListVoiceConnectorGroups', 'throttle', 'ThrottledClientException'],
    ['ListVoiceConnectorGroups', reply({}), 'MalformedReply'],
    ['GetVoiceConnectorGroup', { status: 403, code: 'Forbidden', message: 'No.' }, 'ForbiddenException'],
    ['GetVoiceConnectorGroup', reply({ VoiceConnectorGroup: {} }), 'MalformedReply'],
    ['ListSipRules', 'throttle', 'ThrottledClientException'],
    ['ListSipRules', reply({}), 'MalformedReply'],
  ] as const)(
    '(%s: %j) end the step: nobody knows what depends on the connector',
    async (operation, fault, name) => {
      const { setting, request, group } = await open();
      group('North', 'other');
      setting.chime.faults.set(script(operation, ...Array(6).fill(fault)));
      expect((await errorOf(inspect(setting, request))).name).toBe(name);
      expect(await setting.ledger.items()).toEqual([]);
    },
  );

  it('to the end, as one of other connectors comes without its members, are no reason to stay', async () => {
    const { setting, request, group } = await open();
    group('North', 'other');
    const bare = reply({ VoiceConnectorGroup: { Name: 'North' } });
    setting.chime.faults.set(script('GetVoiceConnectorGroup', bare));
    expect(await inspect(setting, request)).toMatchObject({ verdict: 'release' });
  });

  it('because they were deleted meanwhile are none', async () => {
    const { setting, request, group } = await open();
    group('North', 'ours', 'other');
    const gone = { status: 404, code: 'NotFound', message: 'No such group.' };
    setting.chime.faults.set(script('GetVoiceConnectorGroup', gone));
    expect(await inspect(setting, request)).toMatchObject({ verdict: 'release' });
  });
});

async function open(options: SettingOptions = {}) {
  const setting = await openSetting(options);
  const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 3, name: 'Trunk' });
  const other = setting.chime.state.addConnector().voiceConnectorId;
  const group = (name: string, ...members: ('ours' | 'other')[]): string => {
    const items = members.map((member, i) => ({
      voiceConnectorId: member === 'ours' ? voiceConnectorId : other,
      priority: i + 1,
    }));
    return setting.chime.state.addGroup({ name, items }).voiceConnectorGroupId;
  };
  const giveNumber = (groupId: string): void => {
    setting.chime.state.addNumber({ e164: '+13125550199' });
    setting.chime.state.associate('+13125550199', groupId, 'VoiceConnectorGroupId');
  };
  return { setting, request: { voiceConnectorId }, group, giveNumber };
}
