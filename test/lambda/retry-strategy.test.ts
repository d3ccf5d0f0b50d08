import { describe, expect, it } from '@jest/globals';
import { retryStrategy } from '../../lambda/retry-strategy.ts';
import { VirtualClock } from '../../local/clock.ts';

const throttled = { errorType: 'THROTTLING' };
const transient = { errorType: 'TRANSIENT' };

describe('A call is tried again', () => {
  it.each([
    ['throttling', throttled, [1_000, 2_000, 4_000]],
    ['passing trouble', transient, [50, 100, 200]],
  ])('up to three times after %s, with a wait that doubles on the clock', async (_what, failure, waits) => {
    const { strategy, clock } = setting(1);
    let token = await strategy.acquireInitialRetryToken();
    const waited: number[] = [];
    for (const _ of waits) {
      const before = clock.now().getTime();
      token = await strategy.refreshRetryTokenForRetry(token, failure);
      waited.push(clock.now().getTime() - before);
    }
    expect(waited).toEqual(waits);
    expect(token.getRetryCount()).toBe(3);
    const before = clock.now().getTime();
    await expect(strategy.refreshRetryTokenForRetry(token, failure)).rejects.toThrow('No attempt left');
    expect(clock.now().getTime()).toBe(before);
  });

  it('after a part of that wait that chance decides', async () => {
    expect(await firstWait(setting(0.25), throttled)).toBe(250);
    expect(await firstWait(setting(0), throttled)).toBe(0);
  });

  it('no sooner than the service asks for', async () => {
    const retryAfterHint = new Date(Date.now() + 5_000);
    const waited = await firstWait(setting(0), { ...throttled, retryAfterHint });
    expect(waited).toBeGreaterThan(4_000);
    expect(waited).toBeLessThanOrEqual(5_000);
  });

  it('no later than 20 s, whatever the service asks for', async () => {
    const retryAfterHint = new Date(Date.now() + 3_600_000);
    expect(await firstWait(setting(0), { ...throttled, retryAfterHint })).toBe(20_000);
  });

  it('at the usual time where the service asks for one that is over', async () => {
    const retryAfterHint = new Date(Date.now() - 60_000);
    expect(await firstWait(setting(1), { ...throttled, retryAfterHint })).toBe(1_000);
  });

  it('with all its attempts, however many other calls have failed', async () => {
    const { strategy } = setting(0);
    for (let call = 0; call < 200; call += 1) {
      let token = await strategy.acquireInitialRetryToken();
      for (let attempt = 0; attempt < 3; attempt += 1)
        token = await strategy.refreshRetryTokenForRetry(token, transient);
      expect(token.getRetryCount()).toBe(3);
    }
  });
});

describe('A call is not tried again', () => {
  it.each(['CLIENT_ERROR', 'SERVER_ERROR', ''])('after %p, and nothing is waited for', async (errorType) => {
    const { strategy, clock } = setting(1);
    const token = await strategy.acquireInitialRetryToken();
    await expect(strategy.refreshRetryTokenForRetry(token, { errorType })).rejects.toThrow('No attempt left');
    expect(clock.elapsedSeconds).toBe(0);
  });
});

function setting(random: number) {
  const clock = new VirtualClock();
  return { clock, strategy: retryStrategy({ clock, random: () => random }) };
}

async function firstWait(
  { clock, strategy }: ReturnType<typeof setting>,
  failure: { errorType: string; retryAfterHint?: Date },
): Promise<number> {
  const token = await strategy.acquireInitialRetryToken();
  await strategy.refreshRetryTokenForRetry(token, failure);
  return clock.now().getTime() - clock.startedAt.getTime();
}
