import { ListVoiceConnectorsCommand } from '@aws-sdk/client-chime-sdk-voice';
import { describe, expect, test } from '@jest/globals';
import { batchDelete, getError, start, voiceClient } from './setting.ts';

describe('A rate limit', () => {
  test('takes a burst, then as many requests as the time since allows, and answers 429 to the others', async () => {
    let now = 0;
    const { chime } = await start({ now: () => now, faults: { rateLimit: { perSecond: 2, burst: 3 } } });
    const client = voiceClient(chime, 1);
    const taken = async (requests: number): Promise<number> => {
      const before = chime.throttled;
      for (let i = 0; i < requests; i += 1)
        await client.send(new ListVoiceConnectorsCommand({})).catch(() => undefined);
      return requests - (chime.throttled - before);
    };

    expect(await taken(5)).toBe(3);
    now += 1_000;
    expect(await taken(5)).toBe(2);
    now += 60_000;
    expect(await taken(5)).toBe(3);
    expect(chime.requests.filter(({ fault }) => fault === 'rateLimit')).toHaveLength(7);
  });
});

describe('An empty reply', () => {
  test('looks to the SDK like success, and nothing happens', async () => {
    const { chime, client } = await start({ faults: { emptyReply: 1 } });
    chime.state.addNumber({ e164: '+12065550100' });

    const errors = await batchDelete(client, ['+12065550100']);

    expect(errors).toBeUndefined();
    expect(chime.remaining().queued).toBe(0);
    expect(chime.requests).toMatchObject([{ status: 200, fault: 'emptyReply' }]);
  });

  test('ends with the plan that has it', async () => {
    const { chime, client } = await start({ faults: { throttle: 1 } });
    chime.state.addNumber({ e164: '+12065550100' });
    await getError(batchDelete(client, ['+12065550100']));
    chime.faults.set({});
    expect(await batchDelete(client, ['+12065550100'])).toEqual([]);
  });
});
