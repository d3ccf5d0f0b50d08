import type { ListPhoneNumbersCommandInput } from '@aws-sdk/client-chime-sdk-voice';
import {
  type ChimeSDKVoiceClient,
  ListPhoneNumbersCommand,
  ListVoiceConnectorsCommand,
} from '@aws-sdk/client-chime-sdk-voice';
import { describe, expect, test } from '@jest/globals';
import { getError, start } from './setting.ts';

describe('listing numbers', () => {
  test('pages through a connector without repeating or missing one', async () => {
    const { chime, client } = await start();
    chime.seedConnector({ numbers: 30 });
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 250 });
    const { pages, numbers } = await listAll(client, onConnector(voiceConnectorId));
    expect(pages).toBe(3);
    expect(numbers).toEqual(e164s);
  });

  test('ends with the last full page', async () => {
    const { chime, client } = await start();
    chime.seedConnector({ numbers: 20 });
    expect((await listAll(client, { MaxResults: 10 })).pages).toBe(2);
  });

  test('stays right while numbers of the connector go between two pages', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 300 });
    const query = { ...onConnector(voiceConnectorId), MaxResults: 100 };
    const first = await client.send(new ListPhoneNumbersCommand(query));
    for (const e164 of e164s.slice(0, 150)) chime.state.disassociate(e164);
    const rest = await listAll(client, query, first.NextToken);
    expect(rest.numbers).toEqual(e164s.slice(150));
  });

  test('shows a number that came back between two pages at its old place', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 30 });
    for (const e164 of e164s.slice(10)) chime.state.disassociate(e164);
    const query = { ...onConnector(voiceConnectorId), MaxResults: 10 };
    for (const e164 of e164s.slice(20).reverse()) chime.state.associate(e164, voiceConnectorId);
    const { numbers } = await listAll(client, query);
    expect(numbers).toEqual([...e164s.slice(0, 10), ...e164s.slice(20)]);
  });

  test('filters by status, product type and holder', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 5 });
    chime.state.disassociate('+12065550100');
    chime.state.queue('+12065550101');
    chime.state.associate('+12065550102', 'rule-1', 'SipRuleId');
    chime.state.addNumber({ e164: '+12065551000', productType: 'SipMediaApplicationDialIn' });
    const list = async (query: ListPhoneNumbersCommandInput) => (await listAll(client, query)).numbers;
    expect(await list({ Status: 'Unassigned' })).toEqual(['+12065550100', '+12065551000']);
    expect(await list({ Status: 'ReleaseInProgress' })).toEqual(['+12065550101']);
    expect(await list({ Status: 'Unassigned', ProductType: 'VoiceConnector' })).toEqual(['+12065550100']);
    expect(await list(onConnector(voiceConnectorId))).toEqual(['+12065550103', '+12065550104']);
    expect(await list({ FilterName: 'SipRuleId', FilterValue: 'rule-1' })).toEqual(['+12065550102']);
    expect(await list({ ...onConnector(voiceConnectorId), Status: 'Unassigned' })).toEqual([]);
    expect(await list(onConnector('abcdef1ghij2klmno3pqr4'))).toEqual([]);
  });

  test.each<[string, object]>([
    ['an unknown status', { Status: 'Lost' }],
    ['an unknown product type', { ProductType: 'Fax' }],
    ['an unknown filter', { FilterName: 'Colour', FilterValue: 'red' }],
    ['a filter without a value', { FilterName: 'VoiceConnectorId' }],
    ['an empty page', { MaxResults: 0 }],
    ['a page of 101', { MaxResults: 101 }],
    ['a token that was made up', { NextToken: 'Mg' }],
  ])('refuses %s', async (_case, query) => {
    const { client } = await start();
    const error = await getError(client.send(new ListPhoneNumbersCommand(query)));
    expect(error.name).toBe('BadRequestException');
  });

  test('refuses a token that belongs to other filters', async () => {
    const { chime, client } = await start();
    chime.seedConnector({ numbers: 3 });
    const page = await client.send(new ListPhoneNumbersCommand({ MaxResults: 1, Status: 'Assigned' }));
    const foreign = { MaxResults: 1, NextToken: page.NextToken };
    expect((await getError(client.send(new ListPhoneNumbersCommand(foreign)))).name).toBe(
      'BadRequestException',
    );
  });

  test('has pages of 99 where the older namespace is played', async () => {
    const { chime, client } = await start({ pageLimit: 99 });
    chime.seedConnector({ numbers: 100 });
    const page = await client.send(new ListPhoneNumbersCommand({}));
    expect(page.PhoneNumbers).toHaveLength(99);
    const error = await getError(client.send(new ListPhoneNumbersCommand({ MaxResults: 100 })));
    expect(error.name).toBe('BadRequestException');
  });
});

test('connectors are listed in pages in the order of their creation', async () => {
  const { chime, client } = await start();
  const ids = Array.from({ length: 5 }, () => chime.seedConnector({ numbers: 0 }).voiceConnectorId);
  const first = await client.send(new ListVoiceConnectorsCommand({ MaxResults: 3 }));
  chime.state.deleteConnector(ids[0] ?? '');
  const second = await client.send(
    new ListVoiceConnectorsCommand({ MaxResults: 3, NextToken: first.NextToken }),
  );
  const listed = [...(first.VoiceConnectors ?? []), ...(second.VoiceConnectors ?? [])];
  expect(listed.map(({ VoiceConnectorId }) => VoiceConnectorId)).toEqual(ids);
  expect(second.NextToken).toBeUndefined();
});

describe('100,000 numbers', () => {
  test('are unique North American ones, released in batches and listed to the last page', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 100_000 });
    expect(new Set(e164s).size).toBe(100_000);
    expect(e164s.every((e164) => /^\+1[2-9]\d\d[2-9]\d{6}$/.test(e164))).toBe(true);
    // Release in batches as the product does it, listing one page in between.
    for (let i = 0; i < 100_000; i += 50) {
      for (const e164 of e164s.slice(i, i + 50)) chime.state.disassociate(e164);
      chime.state.numbers({ holder: { name: 'VoiceConnectorId', value: voiceConnectorId } }, 0, 100);
    }
    for (const e164 of e164s) chime.state.queue(e164);
    let pages = 0;
    for (let after: number | undefined = 0; after !== undefined; pages += 1) {
      after = chime.state.numbers({ status: 'ReleaseInProgress' }, after, 100).next;
    }
    expect(pages).toBe(1000);
    expect(
      (await client.send(new ListPhoneNumbersCommand(onConnector(voiceConnectorId)))).PhoneNumbers,
    ).toEqual([]);
  });
});

const onConnector = (id: string) => ({ FilterName: 'VoiceConnectorId', FilterValue: id }) as const;

async function listAll(client: ChimeSDKVoiceClient, query: ListPhoneNumbersCommandInput, token?: string) {
  const numbers: (string | undefined)[] = [];
  let pages = 0;
  let NextToken = token;
  do {
    const page = await client.send(new ListPhoneNumbersCommand({ ...query, NextToken }));
    numbers.push(...(page.PhoneNumbers ?? []).map(({ E164PhoneNumber }) => E164PhoneNumber));
    pages += 1;
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return { pages, numbers };
}
