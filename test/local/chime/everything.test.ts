import { describe, expect, test } from '@jest/globals';
import { associate, batchDelete, disassociate, restore, start } from './setting.ts';

const E164 = '+12065550100';

describe('everything', () => {
  test('is the whole account in plain JSON, without times', async () => {
    const { chime } = await start();
    const { voiceConnectorId } = chime.seedConnector({
      numbers: 1,
      name: 'main trunk',
      integrationType: 'CONNECT_ANALYTICS_CONNECTOR',
    });
    chime.state.configure(voiceConnectorId, { loggingConfiguration: { EnableSIPLogs: true } });
    chime.state.tag(voiceConnectorId, { team: 'voice' });
    const items = [{ voiceConnectorId, priority: 1 }];
    const { voiceConnectorGroupId } = chime.state.addGroup({ name: 'front desk', items });
    const trigger = { triggerType: 'ToPhoneNumber', triggerValue: '+12065551000' } as const;
    const rule = chime.state.addSipRule({ name: 'menu', ...trigger });
    chime.state.addNumber({ e164: '+12065551000', name: 'desk', callingName: 'ACME' });
    chime.state.update('+12065551000', { callingName: 'ACME Inc' });
    chime.state.addNumber({ e164: '+12065550000', productType: 'SipMediaApplicationDialIn' });
    chime.state.queue('+12065550000');

    const everything = chime.state.everything();

    const plain = { name: null, callingName: null, callingNamePending: false, queued: false, holder: null };
    expect(everything).toEqual({
      connectors: [
        {
          voiceConnectorId,
          name: 'main trunk',
          awsRegion: 'us-east-1',
          integrationType: 'CONNECT_ANALYTICS_CONNECTOR',
          configuration: { loggingConfiguration: { EnableSIPLogs: true } },
          tags: { team: 'voice' },
        },
      ],
      groups: [{ voiceConnectorGroupId, name: 'front desk', items, callDistributionType: null }],
      sipRules: [
        {
          sipRuleId: rule.sipRuleId,
          name: 'menu',
          ...trigger,
          disabled: false,
          sipMediaApplicationId: rule.sipMediaApplicationId,
        },
      ],
      numbers: {
        '+12065550000': {
          ...plain,
          status: 'ReleaseInProgress',
          productType: 'SipMediaApplicationDialIn',
          queued: true,
        },
        [E164]: {
          ...plain,
          status: 'Assigned',
          productType: 'VoiceConnector',
          holder: { name: 'VoiceConnectorId', value: voiceConnectorId },
        },
        '+12065551000': {
          ...plain,
          status: 'Unassigned',
          productType: 'VoiceConnector',
          name: 'desk',
          callingName: 'ACME Inc',
          callingNamePending: true,
        },
      },
    });
    expect(JSON.parse(JSON.stringify(everything))).toEqual(everything);
  });

  test('is the same again after what was done is undone, whatever the order and the time', async () => {
    const { clock, chime, client } = await start();
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 3 });
    const { voiceConnectorId: other } = chime.seedConnector({ numbers: 0 });
    const items = [voiceConnectorId, other].map((id) => ({ voiceConnectorId: id, priority: 10 }));
    const { voiceConnectorGroupId } = chime.state.addGroup({ name: 'both', items });
    const before = chime.state.everything();
    await disassociate(client, voiceConnectorId, e164s);
    await batchDelete(client, e164s);
    const between = chime.state.everything();
    clock.advance(3_600_000);
    for (const e164 of e164s.toReversed()) await restore(client, e164);
    await associate(client, voiceConnectorId, e164s.toReversed());
    chime.state.groups.update(voiceConnectorGroupId, { name: 'both', items: items.toReversed() });
    expect(between).not.toEqual(before);
    expect(chime.state.everything()).toEqual(before);
  });

  test('tells how the account really is, not what reads still show', async () => {
    const switches = { convergenceSeconds: 20, associationSeconds: 20, restoreSeconds: 20 };
    const { chime } = await start({ switches });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    const states = [
      () => chime.state.disassociate(E164),
      () => chime.state.queue(E164),
      () => chime.state.restore(E164),
      () => chime.state.associate(E164, voiceConnectorId),
    ].map((act) => {
      act();
      const { status, queued, holder } = chime.state.everything().numbers[E164] ?? {};
      return [status, queued, holder?.value];
    });
    expect(states).toEqual([
      ['Unassigned', false, undefined],
      ['ReleaseInProgress', true, undefined],
      ['Unassigned', false, undefined],
      ['Assigned', false, voiceConnectorId],
    ]);
  });

  test('is not changed by what happens later', async () => {
    const { chime } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    chime.state.tag(voiceConnectorId, { team: 'voice' });
    const before = chime.state.everything();
    const copy = structuredClone(before);
    chime.state.tag(voiceConnectorId, { team: 'video' });
    chime.state.configure(voiceConnectorId, { proxy: { Disabled: true } });
    chime.state.deleteConnector(voiceConnectorId);
    expect(before).toEqual(copy);
    expect(chime.state.everything().connectors).toEqual([]);
  });
});
