import { DeleteVoiceConnectorCommand, ListPhoneNumbersCommand } from '@aws-sdk/client-chime-sdk-voice';
import { describe, expect, test } from '@jest/globals';
import { defaultSwitches, switchPositions } from '../../../local/chime/switches.ts';
import { batchDelete, DAY, disassociate, getError, getNumber, start } from './setting.ts';

const E164 = '+12065550100';

test('every switch has positions, its default the first of them', () => {
  const first = Object.entries(switchPositions).map(([name, positions]) => [name, positions[0]]);
  expect(Object.fromEntries(first)).toEqual(defaultSwitches);
});

describe('numberIdForm', () => {
  test.each([
    ['percent', '%2B12065550100'],
    ['plus', '+12065550100'],
  ] as const)('%s writes ids as %s, in numbers and in errors', async (numberIdForm, id) => {
    const { chime, client } = await start({ switches: { numberIdForm } });
    chime.seedConnector({ numbers: 1 });
    const list = await client.send(new ListPhoneNumbersCommand({}));
    expect(list.PhoneNumbers?.[0]).toMatchObject({ PhoneNumberId: id, E164PhoneNumber: E164 });
    expect(await batchDelete(client, [id])).toMatchObject([{ PhoneNumberId: id }]);
  });
});

describe('repeatedDisassociation', () => {
  test.each(switchPositions.repeatedDisassociation)('%s', async (repeatedDisassociation) => {
    const { chime, client } = await start({ switches: { repeatedDisassociation } });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    expect(await disassociate(client, voiceConnectorId, [E164])).toEqual([]);
    const again = await disassociate(client, voiceConnectorId, [E164]);
    expect(again?.map(({ ErrorCode }) => ErrorCode)).toEqual(expected(repeatedDisassociation));
  });

  test('covers a number on another connector, which stays there', async () => {
    const { chime, client } = await start({ switches: { repeatedDisassociation: 'NotFound' } });
    chime.seedConnector({ numbers: 1 });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
    const errors = await disassociate(client, voiceConnectorId, [E164]);
    expect(errors).toMatchObject([{ ErrorCode: 'NotFound' }]);
    expect(chime.state.number(E164)?.status).toBe('Assigned');
  });
});

describe('deleteAssigned', () => {
  test.each(switchPositions.deleteAssigned)('%s', async (deleteAssigned) => {
    const { chime, client } = await start({ switches: { deleteAssigned } });
    chime.seedConnector({ numbers: 1 });
    expect(await batchDelete(client, [E164])).toMatchObject([{ ErrorCode: deleteAssigned }]);
    expect(chime.remaining().queued).toBe(0);
  });
});

describe('deleteQueued', () => {
  test.each(switchPositions.deleteQueued)('%s, and the 7 days do not start again', async (deleteQueued) => {
    const { clock, chime, client } = await start({ switches: { deleteQueued } });
    chime.seedConnector({ numbers: 1 });
    chime.state.queue(E164);
    clock.advance(DAY);
    const errors = await batchDelete(client, [E164]);
    expect(errors?.map(({ ErrorCode }) => ErrorCode)).toEqual(expected(deleteQueued));
    clock.advance(6 * DAY);
    expect(chime.remaining().numbers).toBe(0);
  });
});

describe('blockedDelete', () => {
  test.each(switchPositions.blockedDelete)('%s', async (blockedDelete) => {
    const { chime, client } = await start({ switches: { blockedDelete } });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    const input = { VoiceConnectorId: voiceConnectorId };
    const error = await getError(client.send(new DeleteVoiceConnectorCommand(input)));
    const [status, code] = blockedDelete.split(' ');
    expect(error).toMatchObject({
      name: status === '409' ? 'ConflictException' : 'BadRequestException',
      Code: code,
      $metadata: { httpStatusCode: Number(status) },
    });
    expect(chime.remaining().connectors).toBe(1);
  });
});

describe('overLimit', () => {
  test('refused: a call with 51 numbers changes none of them', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 51 });
    expect(await getError(disassociate(client, voiceConnectorId, e164s))).toMatchObject({
      name: 'BadRequestException',
    });
    expect(chime.state.numbersOn(voiceConnectorId)).toBe(51);
    expect(await disassociate(client, voiceConnectorId, e164s.slice(1))).toEqual([]);
    expect(chime.state.numbersOn(voiceConnectorId)).toBe(1);
  });

  test('accepted: a call with 51 numbers is carried out', async () => {
    const { chime, client } = await start({ switches: { overLimit: 'accepted' } });
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 51 });
    expect(await disassociate(client, voiceConnectorId, e164s)).toEqual([]);
    expect(await batchDelete(client, e164s)).toEqual([]);
    expect(chime.remaining().queued).toBe(51);
  });
});

describe('convergenceSeconds', () => {
  test.each([20, 90])(
    'for %d s reads are old and deletes are refused, then not',
    async (convergenceSeconds) => {
      const { clock, chime, client } = await start({ switches: { convergenceSeconds } });
      const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
      const before = await getNumber(client, E164);
      clock.advance(5000);
      expect(await disassociate(client, voiceConnectorId, [E164])).toEqual([]);
      clock.advance(convergenceSeconds * 1000 - 1);
      const input = { VoiceConnectorId: voiceConnectorId };
      const filter = { FilterName: 'VoiceConnectorId', FilterValue: voiceConnectorId } as const;
      expect(await getNumber(client, E164)).toEqual(before);
      const oldList = await client.send(new ListPhoneNumbersCommand({ ...filter, Status: 'Assigned' }));
      expect(oldList.PhoneNumbers).toEqual([before]);
      expect(await batchDelete(client, [E164])).toMatchObject([
        { ErrorCode: 'PhoneNumberAssociationsExist' },
      ]);
      const blocked = await getError(client.send(new DeleteVoiceConnectorCommand(input)));
      expect(blocked.name).toBe('ConflictException');
      clock.advance(1);
      expect(await getNumber(client, E164)).toMatchObject({ Status: 'Unassigned', Associations: [] });
      expect((await client.send(new ListPhoneNumbersCommand(filter))).PhoneNumbers).toEqual([]);
      expect(await batchDelete(client, [E164])).toEqual([]);
      await client.send(new DeleteVoiceConnectorCommand(input));
      expect(chime.remaining()).toEqual({ connectors: 0, numbers: 1, queued: 1 });
    },
  );

  test('a number that is associated again meanwhile stays associated', async () => {
    const { clock, chime } = await start({ switches: { convergenceSeconds: 20 } });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    chime.state.disassociate(E164);
    chime.state.associate(E164, voiceConnectorId);
    clock.advance(60_000);
    expect(chime.state.numbersOn(voiceConnectorId)).toBe(1);
  });
});

describe('queuedListed', () => {
  test.each([
    ['always', 2],
    ['byStatus', 1],
  ] as const)('%s: without a status %d of 2 numbers are listed', async (queuedListed, listed) => {
    const { chime, client } = await start({ switches: { queuedListed } });
    chime.seedConnector({ numbers: 2 });
    chime.state.queue(E164);
    const all = await client.send(new ListPhoneNumbersCommand({}));
    const queued = await client.send(new ListPhoneNumbersCommand({ Status: 'ReleaseInProgress' }));
    expect(all.PhoneNumbers).toHaveLength(listed);
    expect(queued.PhoneNumbers).toHaveLength(1);
    expect((await getNumber(client, E164))?.Status).toBe('ReleaseInProgress');
  });
});

describe('deletionTimestamp', () => {
  test.each([
    ['queuedAt', 0],
    ['purgedAt', 7 * DAY],
  ] as const)('%s', async (deletionTimestamp, later) => {
    const { clock, chime, client } = await start({ switches: { deletionTimestamp } });
    chime.seedConnector({ numbers: 1 });
    chime.state.queue(E164);
    expect((await getNumber(client, E164))?.DeletionTimestamp?.getTime()).toBe(clock.ms + later);
  });
});

describe('errorHeader', () => {
  test.each([
    ['present', 'NotFoundException'],
    ['absent', 'NotFound'],
  ] as const)('%s: the SDK names the error %s', async (errorHeader, name) => {
    const { client } = await start({ switches: { errorHeader } });
    expect(await getError(getNumber(client, E164))).toMatchObject({ name, Code: 'NotFound' });
  });
});

describe('purgeLateHours', () => {
  test.each(switchPositions.purgeLateHours)('%d hours after the 7 days', async (purgeLateHours) => {
    const { clock, chime } = await start({ switches: { purgeLateHours } });
    chime.seedConnector({ numbers: 1 });
    chime.state.queue(E164);
    clock.advance(7 * DAY + purgeLateHours * 3_600_000 - 1);
    expect(chime.remaining()).toMatchObject({ numbers: 1, queued: 1 });
    clock.advance(1);
    expect(chime.remaining()).toMatchObject({ numbers: 0, queued: 0 });
  });
});

describe('emptyErrors', () => {
  test.each([
    ['list', []],
    ['absent', undefined],
  ] as const)('%s: a bulk reply without errors', async (emptyErrors, errors) => {
    const { chime, client } = await start({ switches: { emptyErrors } });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    expect(await disassociate(client, voiceConnectorId, [E164])).toEqual(errors);
    expect(await disassociate(client, voiceConnectorId, ['+12065559999'])).toHaveLength(1);
  });
});

const expected = (position: string) => (position === 'silent' ? [] : [position]);
