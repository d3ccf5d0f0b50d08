import {
  BatchUpdatePhoneNumberCommand,
  DeleteVoiceConnectorCommand,
  ListPhoneNumbersCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-chime-sdk-voice';
import { describe, expect, test } from '@jest/globals';
import type { RequestRecord } from '../../../local/chime/request-log.ts';
import { batchDelete, disassociate, getError, getNumber, START, start } from './setting.ts';

const E164 = '+12065550100';

describe('the request log', () => {
  test('tells what was asked, when, of what, and how it was answered', async () => {
    const { clock, chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    const filter = { FilterName: 'VoiceConnectorId', FilterValue: voiceConnectorId } as const;
    await client.send(new ListPhoneNumbersCommand(filter));
    clock.advance(60_000);
    await disassociate(client, voiceConnectorId, [E164]);
    await batchDelete(client, ['%2B12065550100']);
    await getError(getNumber(client, '+12065559999'));
    expect(chime.requests).toEqual([
      record(1, { operation: 'ListPhoneNumbers', target: [voiceConnectorId] }),
      record(2, {
        at: START + 60_000,
        operation: 'DisassociatePhoneNumbersFromVoiceConnector',
        target: [voiceConnectorId, E164],
        changing: true,
      }),
      record(3, {
        at: START + 60_000,
        operation: 'BatchDeletePhoneNumber',
        target: [E164],
        changing: true,
      }),
      record(4, {
        at: START + 60_000,
        operation: 'GetPhoneNumber',
        target: ['+12065559999'],
        status: 404,
        errorCode: 'NotFound',
      }),
    ]);
  });

  test('names the numbers of a batch update, and the resource whose tags are read', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 2 });
    const ids = ['%2B12065550100', '+12065550101'];
    const items = ids.map((PhoneNumberId) => ({ PhoneNumberId, Name: 'desk' }));
    await client.send(new BatchUpdatePhoneNumberCommand({ UpdatePhoneNumberRequestItems: items }));
    const arn = `arn:aws:chime:us-east-1:111122223333:vc/${voiceConnectorId}`;
    await client.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
    expect(chime.requests).toEqual([
      record(1, { operation: 'BatchUpdatePhoneNumber', target: [E164, '+12065550101'], changing: true }),
      record(2, { operation: 'ListTagsForResource', target: [arn] }),
    ]);
  });

  test('counts every request, those with a fault included', async () => {
    const { chime, client } = await start({ faults: { throttle: 1 } });
    await getError(getNumber(client, E164));
    await getError(getNumber(client, E164));
    expect(chime.calls()).toMatchObject({ GetPhoneNumber: 2, DeleteVoiceConnector: 0 });
    expect(chime.throttled).toBe(2);
  });
});

describe('hooks', () => {
  test('let a test change the account just before a request is carried out', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 2 });
    await disassociate(client, voiceConnectorId, e164s);
    chime.hooks.beforeEffect = async ({ operation }) => {
      if (operation === 'BatchDeletePhoneNumber') chime.state.associate(E164, voiceConnectorId);
    };
    expect(await batchDelete(client, e164s)).toMatchObject([{ ErrorCode: 'PhoneNumberAssociationsExist' }]);
  });

  test('let a test act after the effect and before the answer, and tell it the status', async () => {
    const seen: string[] = [];
    const { chime, client } = await start({
      afterEffect: ({ operation, status }) => {
        seen.push(`${operation} ${status} ${chime.remaining().connectors}`);
      },
    });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
    const command = new DeleteVoiceConnectorCommand({ VoiceConnectorId: voiceConnectorId });
    await client.send(command);
    await getError(client.send(command));
    expect(seen).toEqual(['DeleteVoiceConnector 204 0', 'DeleteVoiceConnector 404 0']);
  });

  test('do not run for a request that a fault keeps from being carried out', async () => {
    let runs = 0;
    const count = () => {
      runs += 1;
    };
    const { client } = await start({ faults: { throttle: 1 }, beforeEffect: count, afterEffect: count });
    await getError(getNumber(client, E164));
    expect(runs).toBe(0);
  });

  test('that throw make the request a 500, so that no test mistakes it for success', async () => {
    const { client } = await start({
      beforeEffect: () => {
        throw new Error('the hook is broken');
      },
    });
    const error = await getError(getNumber(client, E164));
    expect(error).toMatchObject({ name: 'ServiceFailureException' });
    expect(error.message).toContain('the hook is broken');
  });
});

function record(sequence: number, rest: Partial<RequestRecord>) {
  return { sequence, at: START, changing: false, status: 200, ...rest };
}
