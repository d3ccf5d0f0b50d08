import * as legacy from '@aws-sdk/client-chime';
import { ListSipRulesCommand, paginateListSipRules } from '@aws-sdk/client-chime-sdk-voice';
import { describe, expect, test } from '@jest/globals';
import { getError, legacyClient, START, start } from './setting.ts';

describe('listing SIP rules', () => {
  test('describes each in full, also for the older client', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
    const triggerValue = `${voiceConnectorId}.voiceconnector.chime.aws`;
    const { sipRuleId } = chime.state.addSipRule({
      name: 'to the menu',
      triggerType: 'RequestUriHostname',
      triggerValue,
    });
    const now = await client.send(new ListSipRulesCommand({}));
    const before = await legacyClient(chime).send(new legacy.ListSipRulesCommand({}));
    expect(now.SipRules).toEqual([
      {
        SipRuleId: sipRuleId,
        Name: 'to the menu',
        Disabled: false,
        TriggerType: 'RequestUriHostname',
        TriggerValue: triggerValue,
        TargetApplications: [
          { SipMediaApplicationId: expect.any(String), Priority: 1, AwsRegion: 'us-east-1' },
        ],
        CreatedTimestamp: new Date(START),
        UpdatedTimestamp: new Date(START),
      },
    ]);
    expect(before.SipRules).toEqual(now.SipRules);
  });

  test('goes in pages, also through the paginator of the SDK', async () => {
    const { chime, client } = await start();
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) addRule(chime, name);
    const pages: (string | undefined)[][] = [];
    for await (const { SipRules } of paginateListSipRules({ client, pageSize: 2 }, {})) {
      pages.push((SipRules ?? []).map(({ Name }) => Name));
    }
    expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  test('stays right while rules go between two pages', async () => {
    const { chime, client } = await start();
    const ids = ['a', 'b', 'c', 'd'].map((name) => addRule(chime, name).sipRuleId);
    const first = await client.send(new ListSipRulesCommand({ MaxResults: 2 }));
    for (const id of ids.slice(0, 3)) chime.state.removeSipRule(id);
    const second = await client.send(new ListSipRulesCommand({ MaxResults: 2, NextToken: first.NextToken }));
    expect(second.SipRules?.map(({ Name }) => Name)).toEqual(['d']);
    expect(second.NextToken).toBeUndefined();
  });

  test('can be limited to the rules of one application', async () => {
    const { chime, client } = await start();
    addRule(chime, 'a');
    const { sipMediaApplicationId } = addRule(chime, 'b');
    const reply = await client.send(
      new ListSipRulesCommand({ SipMediaApplicationId: sipMediaApplicationId }),
    );
    expect(reply.SipRules?.map(({ Name }) => Name)).toEqual(['b']);
  });

  test('says which rules are disabled', async () => {
    const { chime, client } = await start();
    const rule = { name: 'off', triggerType: 'ToPhoneNumber', triggerValue: '+12065550100' } as const;
    chime.state.addSipRule({ ...rule, disabled: true });
    expect((await client.send(new ListSipRulesCommand({}))).SipRules).toMatchObject([{ Disabled: true }]);
  });

  test.each([
    ['an empty page', { MaxResults: 0 }],
    ['a page of 101', { MaxResults: 101 }],
    ['a token that was made up', { NextToken: 'Mg' }],
  ])('refuses %s', async (_case, query) => {
    const { client } = await start();
    expect((await getError(client.send(new ListSipRulesCommand(query)))).name).toBe('BadRequestException');
  });
});

test('a SIP rule that does not exist cannot be removed', async () => {
  const { chime } = await start();
  const { sipRuleId } = addRule(chime, 'a');
  chime.state.removeSipRule(sipRuleId);
  expect(() => chime.state.removeSipRule(sipRuleId)).toThrow(sipRuleId);
});

function addRule(chime: Awaited<ReturnType<typeof start>>['chime'], name: string) {
  return chime.state.addSipRule({ name, triggerType: 'ToPhoneNumber', triggerValue: '+12065550100' });
}
