import * as legacy from '@aws-sdk/client-chime';
import { describe, expect, test } from '@jest/globals';
import { switchPositions } from '../../../local/chime/switches.ts';
import type { UpdateItem } from './setting.ts';
import { batchUpdate, getError, getNumber, legacyClient, START, start, update } from './setting.ts';

const E164 = '+12065550100';
const OTHER = '+12065550101';
const HOUR = 3_600_000;

describe('the names of a number', () => {
  test('are what it was added with, and can be changed by hand at once', async () => {
    const { chime, client } = await start();
    chime.state.addNumber({ e164: E164, name: 'front desk', callingName: 'ACME' });
    const added = await getNumber(client, E164);
    chime.state.rename(E164, { callingName: 'ACME Inc' });
    const renamed = await getNumber(client, E164);
    chime.state.rename(E164, { name: '', callingName: '' });
    const without = await getNumber(client, E164);
    expect(added).toMatchObject({
      Name: 'front desk',
      CallingName: 'ACME',
      CallingNameStatus: 'UpdateSucceeded',
    });
    expect(renamed).toMatchObject({
      Name: 'front desk',
      CallingName: 'ACME Inc',
      CallingNameStatus: 'UpdateSucceeded',
    });
    expect(without).toMatchObject({ CallingNameStatus: 'Unassigned' });
    expect(without).not.toHaveProperty('Name');
    expect(without).not.toHaveProperty('CallingName');
  });

  test('set by hand end a pending update', async () => {
    const { chime, client } = await start();
    chime.seedConnector({ numbers: 1 });
    await update(client, { CallingName: 'ACME' });
    chime.state.rename(E164, { callingName: 'ACME Inc' });
    expect((await getNumber(client, E164))?.CallingNameStatus).toBe('UpdateSucceeded');
  });
});

describe('updating a number', () => {
  test('changes its name at once and answers the number', async () => {
    const { clock, chime, client } = await start();
    chime.seedConnector({ numbers: 1 });
    clock.advance(1000);
    const updated = await update(client, { Name: 'front desk' });
    expect(updated).toMatchObject({
      E164PhoneNumber: E164,
      Status: 'Assigned',
      Name: 'front desk',
      CallingNameStatus: 'Unassigned',
      UpdatedTimestamp: new Date(START + 1000),
    });
    expect(await getNumber(client, E164)).toEqual(updated);
    expect(chime.requests[0]).toMatchObject({
      operation: 'UpdatePhoneNumber',
      target: [E164],
      changing: true,
    });
  });

  test('leaves a calling name pending for 72 hours', async () => {
    const { clock, chime, client } = await start();
    chime.seedConnector({ numbers: 1 });
    const updated = await update(client, { CallingName: 'ACME' });
    clock.advance(72 * HOUR - 1);
    const pending = await getNumber(client, E164);
    clock.advance(1);
    const settled = await getNumber(client, E164);
    expect(updated).toMatchObject({ CallingName: 'ACME', CallingNameStatus: 'UpdateInProgress' });
    expect(pending).toEqual(updated);
    expect(settled).toEqual({ ...updated, CallingNameStatus: 'UpdateSucceeded' });
  });

  test('takes names away where they are empty', async () => {
    const { clock, chime, client } = await start();
    chime.state.addNumber({ e164: E164, name: 'front desk', callingName: 'ACME' });
    await update(client, { Name: '' });
    await update(client, { CallingName: '' });
    clock.advance(72 * HOUR);
    const number = await getNumber(client, E164);
    expect(number).toMatchObject({ CallingNameStatus: 'Unassigned' });
    expect(number).not.toHaveProperty('Name');
    expect(number).not.toHaveProperty('CallingName');
  });

  test('changes the product type of a number that nobody has', async () => {
    const { chime, client } = await start();
    chime.seedConnector({ numbers: 1 });
    chime.state.addNumber({ e164: '+12065551000' });
    const ProductType = 'SipMediaApplicationDialIn';
    expect(await update(client, { PhoneNumberId: '+12065551000', ProductType })).toMatchObject({
      ProductType,
    });
    expect((await getError(update(client, { ProductType }))).name).toBe('BadRequestException');
    expect(await update(client, { ProductType: 'VoiceConnector' })).toMatchObject({ Status: 'Assigned' });
  });

  test.each<[string, UpdateItem]>([
    ['nothing to change', {}],
    ['a calling name of one letter', { CallingName: 'A' }],
    ['a calling name of 16 letters', { CallingName: 'ABCDEFGHIJKLMNOP' }],
    ['a calling name with a sign', { CallingName: 'ACME & Co' }],
    ['a name with a sign', { Name: 'desk #1' }],
    ['a name of 257 letters', { Name: 'a'.repeat(257) }],
    ['an unknown product type', { ProductType: 'Fax' as 'VoiceConnector' }],
    ['an id that is none', { PhoneNumberId: 'abc', Name: 'desk' }],
  ])('is refused for %s', async (_case, item) => {
    const { chime, client } = await start();
    chime.seedConnector({ numbers: 1 });
    const before = chime.state.everything();
    expect((await getError(update(client, item))).name).toBe('BadRequestException');
    expect(chime.state.everything()).toEqual(before);
  });

  test('is refused in the deletion queue and while a restoration is under way, and not found once it is gone', async () => {
    const { clock, chime, client } = await start({ switches: { restoreSeconds: 20 } });
    chime.state.addNumber({ e164: E164 });
    chime.state.queue(E164);
    expect((await getError(update(client, { Name: 'desk' }))).name).toBe('BadRequestException');
    chime.state.restore(E164);
    expect((await getError(update(client, { Name: 'desk' }))).name).toBe('BadRequestException');
    clock.advance(20_000);
    expect(await update(client, { Name: 'desk' })).toMatchObject({ Name: 'desk' });
    chime.state.removeNumber(E164);
    expect((await getError(update(client, { Name: 'desk' }))).name).toBe('NotFoundException');
  });

  test('fails as a whole with a permanent fault', async () => {
    const fault = { e164: E164, code: 'Conflict', message: 'The number is locked.' } as const;
    const { chime, client } = await start({
      faults: { permanent: [{ operation: 'UpdatePhoneNumber', ...fault }] },
    });
    chime.seedConnector({ numbers: 1 });
    expect(await getError(update(client, { Name: 'desk' }))).toMatchObject({
      name: 'ConflictException',
      message: fault.message,
    });
  });

  test('speaks the older namespace as well', async () => {
    const { chime } = await start();
    chime.seedConnector({ numbers: 2 });
    const client = legacyClient(chime);
    const alone = await client.send(
      new legacy.UpdatePhoneNumberCommand({ PhoneNumberId: E164, CallingName: 'ACME' }),
    );
    const items = [{ PhoneNumberId: OTHER, CallingName: 'ACME' }];
    const batch = await client.send(
      new legacy.BatchUpdatePhoneNumberCommand({ UpdatePhoneNumberRequestItems: items }),
    );
    expect(alone.PhoneNumber).toMatchObject({ CallingName: 'ACME', CallingNameStatus: 'UpdateInProgress' });
    expect(batch.PhoneNumberErrors).toEqual([]);
    expect(chime.state.number(OTHER)?.callingName).toBe('ACME');
  });
});

describe('severalDetails', () => {
  test.each(switchPositions.severalDetails)('name and calling name at once: %s', async (severalDetails) => {
    const { chime, client } = await start({ switches: { severalDetails } });
    chime.seedConnector({ numbers: 2 });
    const both = { Name: 'desk', CallingName: 'ACME' };
    const alone = await update(client, both).catch((error: Error) => error.name);
    const batch = await batchUpdate(client, [{ ...both, PhoneNumberId: OTHER }]);
    if (severalDetails === 'accepted') {
      expect(alone).toMatchObject(both);
      expect(batch).toEqual([]);
    } else {
      expect(alone).toBe('BadRequestException');
      expect(batch).toMatchObject([{ ErrorCode: 'BadRequest' }]);
      expect(chime.state.number(OTHER)?.name).toBeUndefined();
    }
  });
});

describe('pendingCallingName', () => {
  test.each(switchPositions.pendingCallingName)(
    'a calling name while another is pending: %s',
    async (pendingCallingName) => {
      const { clock, chime, client } = await start({ switches: { pendingCallingName } });
      chime.seedConnector({ numbers: 1 });
      await update(client, { CallingName: 'ACME' });
      clock.advance(71 * HOUR);
      const codes = pendingCallingName === 'accepted' ? [] : [pendingCallingName];
      const errors = await batchUpdate(client, [{ CallingName: 'ACME Inc' }]);
      expect(errors?.map(({ ErrorCode }) => ErrorCode)).toEqual(codes);
      expect(await update(client, { Name: 'desk' })).toMatchObject({ Name: 'desk' });
      clock.advance(HOUR);
      const status = pendingCallingName === 'accepted' ? 'UpdateInProgress' : 'UpdateSucceeded';
      expect((await getNumber(client, E164))?.CallingNameStatus).toBe(status);
      clock.advance(71 * HOUR);
      expect(await update(client, { CallingName: 'ACME Ltd' })).toMatchObject({ CallingName: 'ACME Ltd' });
    },
  );
});
