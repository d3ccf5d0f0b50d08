import { ListPhoneNumbersCommand } from '@aws-sdk/client-chime-sdk-voice';
import { describe, expect, test } from '@jest/globals';
import { switchPositions } from '../../../local/chime/switches.ts';
import {
  associate,
  batchDelete,
  DAY,
  getError,
  getNumber,
  listOn,
  restore,
  START,
  start,
} from './setting.ts';

const E164 = '+12065550100';

describe('restoreNotQueued', () => {
  test.each([
    ['BadRequest', 400, 'BadRequestException'],
    ['NotFound', 404, 'NotFoundException'],
  ] as const)('%s: a number that is not in the queue is a %d', async (restoreNotQueued, status, name) => {
    const { chime, client } = await start({ switches: { restoreNotQueued } });
    chime.seedConnector({ numbers: 1 });
    expect(await getError(restore(client, E164))).toMatchObject({
      name,
      Code: restoreNotQueued,
      $metadata: { httpStatusCode: status },
    });
    expect(chime.state.number(E164)?.status).toBe('Assigned');
  });

  test('silent: the number is answered as it is', async () => {
    const { chime, client } = await start({ switches: { restoreNotQueued: 'silent' } });
    chime.seedConnector({ numbers: 1 });
    const before = await getNumber(client, E164);
    expect(await restore(client, E164)).toEqual(before);
  });

  test.each(switchPositions.restoreNotQueued)(
    '%s: a number that is gone is a 404',
    async (restoreNotQueued) => {
      const { clock, chime, client } = await start({ switches: { restoreNotQueued } });
      chime.seedConnector({ numbers: 1 });
      chime.state.queue(E164);
      clock.advance(7 * DAY);
      expect((await getError(restore(client, E164))).name).toBe('NotFoundException');
    },
  );
});

describe('restoreSeconds', () => {
  test.each([20, 90])(
    'for %d s reads show the number in the queue, then unassigned',
    async (restoreSeconds) => {
      const { clock, chime, client } = await start({
        switches: { restoreSeconds, queuedListed: 'byStatus' },
      });
      const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
      chime.state.queue(E164);
      const queued = await getNumber(client, E164);
      clock.advance(DAY);
      expect(await restore(client, E164)).toEqual(queued);
      clock.advance(restoreSeconds * 1000 - 1);
      expect(queued).toMatchObject({ Status: 'ReleaseInProgress', DeletionTimestamp: new Date(START) });
      expect(await getNumber(client, E164)).toEqual(queued);
      expect((await client.send(new ListPhoneNumbersCommand({}))).PhoneNumbers).toEqual([]);
      expect(await associate(client, voiceConnectorId, [E164])).toMatchObject([{ ErrorCode: 'BadRequest' }]);
      expect(chime.remaining()).toEqual({ connectors: 1, numbers: 1, queued: 0 });
      clock.advance(1);
      const restored = await getNumber(client, E164);
      expect(restored).toMatchObject({ Status: 'Unassigned', UpdatedTimestamp: new Date(START + DAY) });
      expect(restored).not.toHaveProperty('DeletionTimestamp');
      expect(await associate(client, voiceConnectorId, [E164])).toEqual([]);
      expect(await listOn(client, voiceConnectorId)).toEqual([E164]);
    },
  );

  test('the purge is off at once, even in the last second of the 7 days', async () => {
    const { clock, chime, client } = await start({ switches: { restoreSeconds: 90 } });
    chime.seedConnector({ numbers: 1 });
    chime.state.queue(E164);
    clock.advance(7 * DAY - 1000);
    await restore(client, E164);
    clock.advance(2000);
    expect((await getNumber(client, E164))?.Status).toBe('ReleaseInProgress');
    clock.advance(DAY);
    expect((await getNumber(client, E164))?.Status).toBe('Unassigned');
  });

  test('a number may be queued again meanwhile, and has 7 days from then on', async () => {
    const { clock, chime, client } = await start({ switches: { restoreSeconds: 90 } });
    chime.seedConnector({ numbers: 1 });
    chime.state.queue(E164);
    clock.advance(DAY);
    await restore(client, E164);
    clock.advance(10_000);
    expect(await batchDelete(client, [E164])).toEqual([]);
    clock.advance(7 * DAY - 1);
    expect(await getNumber(client, E164)).toMatchObject({
      Status: 'ReleaseInProgress',
      DeletionTimestamp: new Date(START + DAY + 10_000),
    });
    clock.advance(1);
    expect(chime.remaining().numbers).toBe(0);
  });

  test('a repeated restoration is judged by how the number really is', async () => {
    const { chime, client } = await start({ switches: { restoreSeconds: 90 } });
    chime.seedConnector({ numbers: 1 });
    chime.state.queue(E164);
    await restore(client, E164);
    expect((await getError(restore(client, E164))).name).toBe('BadRequestException');
  });
});

describe('restoredNames', () => {
  test.each([
    ['kept', { Name: 'front desk', CallingName: 'ACME', CallingNameStatus: 'UpdateSucceeded' }],
    ['dropped', { CallingNameStatus: 'Unassigned' }],
  ] as const)('%s', async (restoredNames, names) => {
    const { chime, client } = await start({ switches: { restoredNames } });
    chime.state.addNumber({ e164: E164, name: 'front desk', callingName: 'ACME' });
    await batchDelete(client, [E164]);
    const restored = await restore(client, E164);
    expect(restored).toMatchObject(names);
    if (restoredNames === 'dropped') {
      expect(restored).not.toHaveProperty('Name');
      expect(restored).not.toHaveProperty('CallingName');
    }
  });
});
