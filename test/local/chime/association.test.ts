import { DeleteVoiceConnectorCommand, ListPhoneNumbersCommand } from '@aws-sdk/client-chime-sdk-voice';
import { describe, expect, test } from '@jest/globals';
import { switchPositions } from '../../../local/chime/switches.ts';
import { associate, batchDelete, disassociate, getError, getNumber, listOn, start } from './setting.ts';

const E164 = '+12065550100';

describe('repeatedAssociation', () => {
  test.each(switchPositions.repeatedAssociation)('%s, and the number stays', async (repeatedAssociation) => {
    const { chime, client } = await start({ switches: { repeatedAssociation } });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    const before = await getNumber(client, E164);
    for (const force of [false, true]) {
      const errors = await associate(client, voiceConnectorId, [E164], force);
      const codes = repeatedAssociation === 'silent' ? [] : [repeatedAssociation];
      expect(errors?.map(({ ErrorCode }) => ErrorCode)).toEqual(codes);
    }
    expect(await getNumber(client, E164)).toEqual(before);
  });
});

describe('associationSeconds', () => {
  const setting = async (switches = {}) => {
    const { clock, chime, client } = await start({ switches: { associationSeconds: 20, ...switches } });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
    chime.state.addNumber({ e164: E164 });
    return { clock, chime, client, voiceConnectorId };
  };

  test('reads show the number unassigned for so long, then on the connector', async () => {
    const { clock, client, voiceConnectorId } = await setting();
    const before = await getNumber(client, E164);
    clock.advance(5000);
    expect(await associate(client, voiceConnectorId, [E164])).toEqual([]);
    const at = new Date(clock.ms);
    clock.advance(19_999);
    expect(await getNumber(client, E164)).toEqual(before);
    expect(await listOn(client, voiceConnectorId)).toEqual([]);
    const unassigned = await client.send(new ListPhoneNumbersCommand({ Status: 'Unassigned' }));
    expect(unassigned.PhoneNumbers).toEqual([before]);
    clock.advance(1);
    expect(await getNumber(client, E164)).toMatchObject({
      Status: 'Assigned',
      Associations: [{ Value: voiceConnectorId, AssociatedTimestamp: at }],
      UpdatedTimestamp: at,
    });
    expect(await listOn(client, voiceConnectorId)).toEqual([E164]);
  });

  test('the association counts at once: the number cannot be deleted, nor the connector', async () => {
    const { chime, client, voiceConnectorId } = await setting();
    await associate(client, voiceConnectorId, [E164]);
    expect(chime.state.number(E164)).toMatchObject({ status: 'Assigned' });
    expect(chime.state.numbersOn(voiceConnectorId)).toBe(0);
    expect(await batchDelete(client, [E164])).toMatchObject([{ ErrorCode: 'PhoneNumberAssociationsExist' }]);
    const command = new DeleteVoiceConnectorCommand({ VoiceConnectorId: voiceConnectorId });
    expect((await getError(client.send(command))).name).toBe('ConflictException');
  });

  test('a repeated association is judged by how the number really is', async () => {
    const { client, voiceConnectorId } = await setting({ repeatedAssociation: 'Conflict' });
    await associate(client, voiceConnectorId, [E164]);
    const again = await associate(client, voiceConnectorId, [E164]);
    expect(again).toMatchObject([{ ErrorCode: 'Conflict' }]);
  });

  test('a number that is disassociated meanwhile stays unassigned', async () => {
    const { clock, client, voiceConnectorId } = await setting();
    await associate(client, voiceConnectorId, [E164]);
    expect(await disassociate(client, voiceConnectorId, [E164])).toEqual([]);
    clock.advance(60_000);
    expect(await listOn(client, voiceConnectorId)).toEqual([]);
    expect((await getNumber(client, E164))?.Status).toBe('Unassigned');
  });

  test('a connector that is deleted by hand meanwhile leaves the number unassigned', async () => {
    const { clock, chime, client, voiceConnectorId } = await setting();
    await associate(client, voiceConnectorId, [E164]);
    chime.state.deleteConnector(voiceConnectorId);
    clock.advance(60_000);
    expect(await getNumber(client, E164)).toMatchObject({ Status: 'Unassigned', Associations: [] });
  });
});
