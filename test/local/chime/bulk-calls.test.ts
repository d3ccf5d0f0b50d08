import * as legacy from '@aws-sdk/client-chime';
import { describe, expect, test } from '@jest/globals';
import { associate, batchDelete, disassociate, getError, getNumber, legacyClient, start } from './setting.ts';

const E164 = '+12065550100';

describe('associating', () => {
  test('gives unassigned numbers to the connector, and is silent about those that it has', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    chime.state.addNumber({ e164: '+12065551000' });
    expect(await associate(client, voiceConnectorId, [E164, '+12065551000'])).toEqual([]);
    expect(chime.state.numbersOn(voiceConnectorId)).toBe(2);
  });

  test('takes a number from another connector only by force', async () => {
    const { chime, client } = await start();
    chime.seedConnector({ numbers: 1 });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
    expect(await associate(client, voiceConnectorId, [E164])).toMatchObject([
      { PhoneNumberId: '%2B12065550100', ErrorCode: 'PhoneNumberAssociationsExist' },
    ]);
    expect(await associate(client, voiceConnectorId, [E164], true)).toEqual([]);
    expect((await getNumber(client, E164))?.Associations?.[0]?.Value).toBe(voiceConnectorId);
  });

  test('refuses numbers that are queued, unknown, or held by a SIP rule even by force', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 2 });
    chime.state.queue('+12065550100');
    chime.state.associate('+12065550101', 'rule-1', 'SipRuleId');
    const numbers = ['+12065550100', '+12065550101', '+12065559999'];
    const errors = await associate(client, voiceConnectorId, numbers, true);
    expect(errors?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      'BadRequest',
      'PhoneNumberAssociationsExist',
      'NotFound',
    ]);
  });
});

describe('a bulk call', () => {
  test('carries out what it can and names the rest', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 3 });
    await disassociate(client, voiceConnectorId, e164s.slice(0, 2));
    const errors = await batchDelete(client, [...e164s, '+12065559999']);
    expect(errors?.map(({ PhoneNumberId, ErrorCode }) => [PhoneNumberId, ErrorCode])).toEqual([
      ['%2B12065550102', 'PhoneNumberAssociationsExist'],
      ['%2B12065559999', 'NotFound'],
    ]);
    expect(errors?.[0]?.ErrorMessage).toContain('+12065550102');
    expect(chime.remaining().queued).toBe(2);
  });

  test.each([
    ['an empty list', []],
    ['a number that is none', ['+12065550100', 'abc']],
    ['a percent-encoded number, where E.164 is asked for', ['%2B12065550100']],
  ])('is refused as a whole for %s', async (_case, numbers) => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    const error = await getError(disassociate(client, voiceConnectorId, numbers));
    expect(error).toMatchObject({ name: 'BadRequestException', Code: 'BadRequest' });
    expect(chime.state.numbersOn(voiceConnectorId)).toBe(1);
  });

  test('speaks the older namespace as well', async () => {
    const { chime } = await start();
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 2 });
    const client = legacyClient(chime);
    const numbers = { VoiceConnectorId: voiceConnectorId, E164PhoneNumbers: [...e164s] };
    await client.send(new legacy.DisassociatePhoneNumbersFromVoiceConnectorCommand(numbers));
    await client.send(new legacy.BatchDeletePhoneNumberCommand({ PhoneNumberIds: [...e164s] }));
    expect(chime.remaining().queued).toBe(2);
    await client.send(new legacy.RestorePhoneNumberCommand({ PhoneNumberId: E164 }));
    await client.send(
      new legacy.AssociatePhoneNumbersWithVoiceConnectorCommand({ ...numbers, E164PhoneNumbers: [E164] }),
    );
    const input = { VoiceConnectorId: voiceConnectorId };
    const error = await getError(client.send(new legacy.DeleteVoiceConnectorCommand(input)));
    expect(error.name).toBe('ConflictException');
    expect(chime.calls()).toMatchObject({ RestorePhoneNumber: 1, DeleteVoiceConnector: 1, Unknown: 0 });
  });
});
