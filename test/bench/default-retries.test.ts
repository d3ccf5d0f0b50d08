import { ChimeSDKVoiceClient } from '@aws-sdk/client-chime-sdk-voice';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { DefaultRetries } from '../../bench/default-retries.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('The retries of a client that was told nothing', () => {
  test.each(['THROTTLING', 'TRANSIENT', 'CLIENT_ERROR'] as const)(
    "are those of the SDK's own strategy, after an error of the kind %s",
    async (errorType) => {
      // The original sleeps in real time; like this, not at all.
      jest.spyOn(Math, 'random').mockReturnValue(0);
      const client = new ChimeSDKVoiceClient({ region: 'us-east-1' });
      const original = await client.config.retryStrategy();
      const ours = new DefaultRetries({ sleep: async () => undefined }, () => 0);

      const told = await Promise.all(
        [original, ours].map((strategy) => story(strategy as Strategy, errorType)),
      );

      expect(told[1]).toEqual(told[0]);
      client.destroy();
    },
  );

  test('wait up to one and two seconds after throttling, and up to 50 and 100 ms after passing trouble', async () => {
    const slept: number[] = [];
    const sleep = async (ms: number) => {
      slept.push(ms);
    };
    for (const errorType of ['THROTTLING', 'TRANSIENT']) {
      const strategy = new DefaultRetries({ sleep }, () => 0.5);
      const second = await strategy.refreshRetryTokenForRetry(await strategy.acquireInitialRetryToken(), {
        errorType,
      });
      await strategy.refreshRetryTokenForRetry(second, { errorType });
    }
    expect(slept).toEqual([500, 1_000, 25, 50]);
  });
});

interface Strategy {
  getCapacity(): number;
  acquireInitialRetryToken(scope: string): Promise<Token>;
  refreshRetryTokenForRetry(token: Token, info: { error: Error; errorType: string }): Promise<Token>;
  recordSuccess(token: Token): void;
}
type Token = Awaited<ReturnType<DefaultRetries['acquireInitialRetryToken']>>;

/** Calls that fail until no retry is left, and one that is saved by its first: what may still be spent after each. */
async function story(strategy: Strategy, errorType: string): Promise<(number | string)[]> {
  const told: (number | string)[] = [];
  const retry = (token: Token) =>
    strategy.refreshRetryTokenForRetry(token, { error: new Error('No'), errorType });
  for (let call = 0; call < 60; call += 1) {
    let token = await strategy.acquireInitialRetryToken('');
    try {
      for (;;) {
        token = await retry(token);
        told.push(token.getRetryCount(), strategy.getCapacity());
        if (call % 7 === 0) break;
      }
      strategy.recordSuccess(token);
      told.push('saved');
    } catch (error) {
      told.push((error as Error).message, strategy.getCapacity());
    }
  }
  return told;
}
