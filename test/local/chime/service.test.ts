import * as legacy from '@aws-sdk/client-chime';
import * as voice from '@aws-sdk/client-chime-sdk-voice';
import { describe, expect, test } from '@jest/globals';
import {
  associate,
  batchDelete,
  DAY,
  disassociate,
  getError,
  getNumber,
  legacyClient,
  START,
  start,
} from './setting.ts';

const E164 = '+12065550100';

describe('a connector', () => {
  test('is described by either client', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1, name: 'main trunk' });
    const input = { VoiceConnectorId: voiceConnectorId };
    const now = await client.send(new voice.GetVoiceConnectorCommand(input));
    const before = await legacyClient(chime).send(new legacy.GetVoiceConnectorCommand(input));
    expect(voiceConnectorId).toMatch(/^[a-z0-9]{22}$/);
    expect(now.VoiceConnector).toEqual({
      VoiceConnectorId: voiceConnectorId,
      AwsRegion: 'us-east-1',
      Name: 'main trunk',
      OutboundHostName: `${voiceConnectorId}.voiceconnector.chime.aws`,
      RequireEncryption: true,
      CreatedTimestamp: new Date(START),
      UpdatedTimestamp: new Date(START),
      VoiceConnectorArn: `arn:aws:chime:us-east-1:111122223333:vc/${voiceConnectorId}`,
      NetworkType: 'IPV4_ONLY',
    });
    expect(before.VoiceConnector?.Name).toBe('main trunk');
  });

  test('has the same id in every run with the same seed', async () => {
    const first = await start({ seed: 7 });
    const second = await start({ seed: 7 });
    const third = await start({ seed: 8 });
    const ids = [first, second, third].map(
      ({ chime }) => chime.seedConnector({ numbers: 0 }).voiceConnectorId,
    );
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  test('is deleted once its numbers are disassociated, and is not found after that', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 2 });
    const command = new voice.DeleteVoiceConnectorCommand({ VoiceConnectorId: voiceConnectorId });
    expect((await getError(client.send(command))).name).toBe('ConflictException');
    await disassociate(client, voiceConnectorId, e164s);
    expect((await client.send(command)).$metadata.httpStatusCode).toBe(204);
    expect((await getError(client.send(command))).name).toBe('NotFoundException');
    expect(chime.remaining()).toEqual({ connectors: 0, numbers: 2, queued: 0 });
  });

  test('that does not exist is not found by any operation', async () => {
    const { chime, client } = await start();
    chime.seedConnector({ numbers: 1 });
    const missing = { VoiceConnectorId: 'abcdef1ghij2klmno3pqr4' };
    const numbers = { ...missing, E164PhoneNumbers: [E164] };
    const errors = await Promise.all([
      getError(client.send(new voice.GetVoiceConnectorCommand(missing))),
      getError(client.send(new voice.DeleteVoiceConnectorCommand(missing))),
      getError(client.send(new voice.DisassociatePhoneNumbersFromVoiceConnectorCommand(numbers))),
      getError(client.send(new voice.AssociatePhoneNumbersWithVoiceConnectorCommand(numbers))),
    ]);
    expect(errors.map(({ name }) => name)).toEqual(Array(4).fill('NotFoundException'));
  });

  test('can be deleted by hand, which leaves its numbers unassigned', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 1 });
    chime.state.deleteConnector(voiceConnectorId);
    expect(await getNumber(client, e164s[0] ?? '')).toMatchObject({ Status: 'Unassigned', Associations: [] });
  });
});

describe('a number', () => {
  test('is described in full', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    expect(await getNumber(client, E164)).toEqual({
      PhoneNumberId: '%2B12065550100',
      E164PhoneNumber: E164,
      Country: 'US',
      Type: 'Local',
      ProductType: 'VoiceConnector',
      Status: 'Assigned',
      Capabilities: {
        InboundCall: true,
        OutboundCall: true,
        InboundSMS: true,
        OutboundSMS: true,
        InboundMMS: true,
        OutboundMMS: true,
      },
      Associations: [
        { Value: voiceConnectorId, Name: 'VoiceConnectorId', AssociatedTimestamp: new Date(START) },
      ],
      CallingNameStatus: 'Unassigned',
      CreatedTimestamp: new Date(START),
      UpdatedTimestamp: new Date(START),
      OrderId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    });
  });

  test.each([['+12065550100'], ['%2B12065550100'], ['12065550100']])('is found by the id %s', async (id) => {
    const { chime, client } = await start();
    chime.seedConnector({ numbers: 1 });
    const old = await legacyClient(chime).send(new legacy.GetPhoneNumberCommand({ PhoneNumberId: id }));
    expect((await getNumber(client, id))?.E164PhoneNumber).toBe(E164);
    expect(old.PhoneNumber?.E164PhoneNumber).toBe(E164);
  });

  test('goes from its connector through the queue and is gone after 7 days', async () => {
    const { clock, chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    clock.advance(1000);
    expect(await disassociate(client, voiceConnectorId, [E164])).toEqual([]);
    expect(await getNumber(client, E164)).toMatchObject({
      Status: 'Unassigned',
      Associations: [],
      UpdatedTimestamp: new Date(START + 1000),
    });
    clock.advance(1000);
    expect(await batchDelete(client, ['%2B12065550100'])).toEqual([]);
    expect(await getNumber(client, E164)).toMatchObject({
      Status: 'ReleaseInProgress',
      DeletionTimestamp: new Date(START + 2000),
      CreatedTimestamp: new Date(START),
    });
    expect(chime.remaining()).toEqual({ connectors: 1, numbers: 1, queued: 1 });
    clock.advance(7 * DAY - 1);
    expect((await getNumber(client, E164))?.Status).toBe('ReleaseInProgress');
    clock.advance(1);
    expect((await getError(getNumber(client, E164))).name).toBe('NotFoundException');
    const list = await client.send(new voice.ListPhoneNumbersCommand({}));
    expect(list.PhoneNumbers).toEqual([]);
    expect(chime.remaining()).toEqual({ connectors: 1, numbers: 0, queued: 0 });
  });

  test('comes back from the queue unassigned, keeps its place in time, and is not purged then', async () => {
    const { clock, chime, client } = await start();
    chime.seedConnector({ numbers: 1 });
    chime.state.queue(E164);
    clock.advance(DAY);
    const restored = await client.send(
      new voice.RestorePhoneNumberCommand({ PhoneNumberId: '%2B12065550100' }),
    );
    expect(restored.PhoneNumber).toMatchObject({
      Status: 'Unassigned',
      Associations: [],
      CreatedTimestamp: new Date(START),
      UpdatedTimestamp: new Date(START + DAY),
    });
    expect(restored.PhoneNumber).not.toHaveProperty('DeletionTimestamp');
    clock.advance(30 * DAY);
    expect(chime.remaining()).toMatchObject({ numbers: 1, queued: 0 });
  });

  test('that was restored and queued again has 7 days from then on', async () => {
    const { clock, chime } = await start();
    chime.seedConnector({ numbers: 1 });
    chime.state.queue(E164);
    clock.advance(6 * DAY);
    chime.state.restore(E164);
    chime.state.queue(E164);
    clock.advance(6 * DAY);
    expect(chime.remaining().queued).toBe(1);
    clock.advance(DAY);
    expect(chime.remaining().numbers).toBe(0);
  });

  test('that the service reports as ReleaseFailed is never purged, until that is put right', async () => {
    const { clock, chime } = await start();
    chime.seedConnector({ numbers: 1 });
    chime.state.queue(E164);
    chime.state.setStatus(E164, 'ReleaseFailed');
    clock.advance(30 * DAY);
    expect(chime.state.number(E164)?.status).toBe('ReleaseFailed');
    chime.state.setStatus(E164, 'ReleaseInProgress');
    expect(chime.state.number(E164)).toBeUndefined();
  });

  test('cannot be restored when it is not queued, unknown, or no number at all', async () => {
    const { chime, client } = await start();
    chime.seedConnector({ numbers: 1 });
    const restore = (id: string) =>
      getError(client.send(new voice.RestorePhoneNumberCommand({ PhoneNumberId: id })));
    expect(await restore(E164)).toMatchObject({ name: 'BadRequestException', Code: 'BadRequest' });
    expect(await restore('+12065559999')).toMatchObject({ name: 'NotFoundException' });
    expect(await restore('abc')).toMatchObject({ name: 'BadRequestException' });
  });

  test('is deleted on its own with 204, or refused with an error that quotes it', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    const command = new voice.DeletePhoneNumberCommand({ PhoneNumberId: E164 });
    const refusal = await getError(client.send(command));
    expect(refusal).toMatchObject({ name: 'BadRequestException', Code: 'PhoneNumberAssociationsExist' });
    expect(refusal.message).toContain(E164);
    await disassociate(client, voiceConnectorId, [E164]);
    expect((await client.send(command)).$metadata.httpStatusCode).toBe(204);
    expect(chime.remaining().queued).toBe(1);
  });

  test('in the middle of a port cannot be deleted or associated', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
    chime.state.addNumber({ e164: E164 });
    chime.state.setStatus(E164, 'PortinInProgress');
    expect(await batchDelete(client, [E164])).toMatchObject([{ ErrorCode: 'BadRequest' }]);
    expect(await associate(client, voiceConnectorId, [E164])).toMatchObject([{ ErrorCode: 'BadRequest' }]);
  });
});
