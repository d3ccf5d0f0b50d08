import { describe, expect, it } from '@jest/globals';
import { retryStrategy } from '../../lambda/aws/retry-strategy.ts';
import { Pace } from '../../lambda/chime/pace.ts';
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

describe('A call at a pace', () => {
  it('waits for its turn, also when it was throttled, and tells the pace', async () => {
    const { strategy, clock, pace } = paced();
    for (let i = 0; i < 21; i += 1) await strategy.acquireInitialRetryToken();
    const token = await strategy.acquireInitialRetryToken();
    expect(clock.elapsedSeconds).toBe(0.1);
    await strategy.refreshRetryTokenForRetry(token, throttled);
    expect(pace.found).toBeLessThan(5);
    expect(clock.elapsedSeconds).toBeGreaterThan(0.2);
    strategy.recordSuccess();
    expect(pace.found).toBeGreaterThan(3);
  });

  it('is tried six times where it is throttled, and no more than four times after other trouble', async () => {
    for (const [failure, tries] of [
      [throttled, 6],
      [transient, 4],
    ] as const) {
      const { strategy } = paced();
      let token = await strategy.acquireInitialRetryToken();
      for (let i = 1; i < tries; i += 1) token = await strategy.refreshRetryTokenForRetry(token, failure);
      await expect(strategy.refreshRetryTokenForRetry(token, failure)).rejects.toThrow('No attempt left');
    }
  });

  it('waits as long as the service asks for', async () => {
    const { strategy, clock } = paced();
    const token = await strategy.acquireInitialRetryToken();
    await strategy.refreshRetryTokenForRetry(token, {
      ...throttled,
      retryAfterHint: new Date(Date.now() + 5_000),
    });
    expect(clock.elapsedSeconds).toBeGreaterThan(4);
  });
});

function paced() {
  const clock = new VirtualClock();
  const pace = new Pace(clock);
  return { clock, pace, strategy: retryStrategy({ clock, random: () => 0 }, pace) };
}

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
