import { describe, expect, it } from '@jest/globals';
import { Pace } from '../../lambda/chime/pace.ts';
import { draw } from '../../local/chime/draw.ts';
import { VirtualClock } from '../../local/clock.ts';

/** Requests a second, from the slowest limit to one that nobody meets. */
const limits = [2, 5, 10, 20];

describe('A client that knows no rate', () => {
  it('makes twenty calls as they come, and goes on with ten a second', async () => {
    const { pace, clock } = setting();
    const at: number[] = [];
    for (let i = 0; i < 24; i += 1) {
      await pace.turn();
      at.push(clock.now().getTime() - clock.startedAt.getTime());
    }
    expect(at.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 0));
    expect(at.slice(20)).toEqual([0, 100, 200, 300]);
  });

  it('makes no call as it comes any more, once one was throttled', async () => {
    const { pace, clock } = setting();
    await pace.turn();
    pace.throttled();
    await pace.turn();
    expect(clock.elapsedSeconds).toBeGreaterThan(0.1);
  });

  it('grows faster with each call that is taken, up to fifty a second', async () => {
    const { pace, clock } = setting();
    await callsTake(pace, clock, 200);
    expect(await callsTake(pace, clock, 100)).toBeCloseTo(2, 1);
  });

  it('slows down to less than a half at the first throttle, and by less each time after', async () => {
    const { pace } = setting();
    const kept: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      const before = pace.found || 10;
      pace.throttled();
      kept.push(pace.found / before);
      for (let taken = 0; taken < 3; taken += 1) pace.accepted();
    }
    expect(kept[0]).toBeLessThan(0.5);
    for (const [i, share] of kept.slice(1).entries()) expect(share).toBeGreaterThan(kept[i] ?? 1);
  });

  it('is never slower than two calls a second, and gives the attempts of one call their turns within 5 s', async () => {
    const { pace, clock } = setting();
    for (let i = 0; i < 50; i += 1) pace.throttled();
    expect(pace.found).toBe(2);
    const before = clock.now().getTime();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      pace.throttled();
      await pace.turn();
    }
    expect(clock.now().getTime() - before).toBeLessThanOrEqual(5_000);
  });

  it.each(limits)(
    'spends at most a tenth of its requests on being refused, at %d a second',
    async (limit) => {
      for (const burst of [2, limit, 2 * limit]) {
        const service = limitedTo(limit, burst);
        for (let call = 0; call < 500; call += 1) await service.call(service.pace);
        expect(service.refused / service.requests).toBeLessThanOrEqual(0.1);
      }
    },
  );

  it.each(limits)('uses nearly all that it may, at %d a second', async (limit) => {
    for (const burst of [2, limit, 2 * limit]) {
      const { pace, clock, call } = limitedTo(limit, burst);
      for (let i = 0; i < 500; i += 1) await call(pace);
      const seconds = (clock.now().getTime() - clock.startedAt.getTime()) / 1_000;
      expect(seconds).toBeLessThanOrEqual((1.15 * 500) / limit);
    }
  });

  it('finds its rate again where the service takes more than before, and where it takes less', async () => {
    const service = limitedTo(2, 2);
    for (let i = 0; i < 100; i += 1) await service.call(service.pace);
    service.limit = 20;
    for (let i = 0; i < 300; i += 1) await service.call(service.pace);
    expect(service.pace.found).toBeGreaterThan(10);
    service.limit = 2;
    for (let i = 0; i < 100; i += 1) await service.call(service.pace);
    expect(service.pace.found).toBeLessThan(3);
  });

  it('comes back within two minutes from an hour in which nothing was taken', async () => {
    const service = limitedTo(0, 0);
    const until = service.clock.now().getTime() + 3_600_000;
    while (service.clock.now().getTime() < until) {
      await service.pace.turn();
      service.pace.throttled();
      await service.clock.sleep(60_000);
    }
    Object.assign(service, { limit: 2 });
    const back = service.clock.now().getTime();
    while (service.pace.found < 1.5) await service.call(service.pace);
    expect(service.clock.now().getTime() - back).toBeLessThan(120_000);
  });
});

describe('A client that is refused by chance, whatever its rate', () => {
  it.each([2, 5, 10])('(%d %) is slowed down to two a second at worst', async (percent) => {
    const { pace, clock } = setting();
    for (let call = 0; call < 1_000; call += 1) {
      await pace.turn();
      await clock.sleep(100);
      if (draw('chance', percent, call) < percent / 100) pace.throttled();
      else pace.accepted();
    }
    expect(clock.elapsedSeconds).toBeLessThan(percent === 10 ? 510 : 300);
  });

  it('is slowed down to no less than it was made for', async () => {
    const pace = new Pace(setting().clock, 8);
    for (let i = 0; i < 50; i += 1) pace.throttled();
    expect(pace.found).toBe(8);
  });
});

describe('A client that was told a rate', () => {
  it('begins with that', async () => {
    const { pace, clock } = setting();
    pace.beginAt(2);
    expect(pace.found).toBe(2);
    expect(await callsTake(pace, clock, 10)).toBeCloseTo(5, 0);
  });

  it('leaves a turn to whoever made the call before', async () => {
    const { pace, clock } = setting();
    pace.beginAt(2);
    await pace.turn();
    expect(clock.elapsedSeconds).toBe(0.5);
  });

  it('does not listen where it knows better by itself', async () => {
    const { pace } = setting();
    await pace.turn();
    pace.beginAt(1);
    expect(pace.found).toBe(0);
  });

  it('wastes little beside a second one, once each has half of what there is', async () => {
    const service = limitedTo(4, 4);
    const pair = [0, 1].map(() => new Pace(service.clock));
    for (const pace of pair) pace.beginAt(2);
    await Promise.all(
      pair.map(async (pace) => {
        for (let i = 0; i < 200; i += 1) await service.call(pace);
      }),
    );
    expect(service.refused / service.requests).toBeLessThanOrEqual(0.1);
    const seconds = (service.clock.now().getTime() - service.clock.startedAt.getTime()) / 1_000;
    expect(seconds).toBeLessThan((2 * 400) / 4);
  });
});

function setting() {
  const clock = new VirtualClock();
  return { clock, pace: new Pace(clock) };
}

/** Seconds that `calls` take, all of them accepted and answered at once. */
async function callsTake(pace: Pace, clock: VirtualClock, calls: number): Promise<number> {
  const before = clock.elapsedSeconds;
  for (let i = 0; i < calls; i += 1) {
    await pace.turn();
    pace.accepted();
  }
  return clock.elapsedSeconds - before;
}

/** A service that takes `limit` requests a second, and `burst` at once; an answer takes 50 ms. */
function limitedTo(limit: number, burst: number) {
  const { clock, pace } = setting();
  let tokens = burst;
  let at = clock.now().getTime();
  const service = {
    ...{ clock, pace, limit, requests: 0, refused: 0 },
    /** One call, tried until it is taken. */
    async call(by: Pace): Promise<void> {
      for (;;) {
        await by.turn();
        const now = clock.now().getTime();
        tokens = Math.min(Math.max(1, burst), tokens + ((now - at) / 1_000) * service.limit);
        at = now;
        const isTaken = tokens >= 1;
        if (isTaken) tokens -= 1;
        service.requests += 1;
        await clock.sleep(50);
        if (isTaken) return by.accepted();
        service.refused += 1;
        by.throttled();
      }
    },
  };
  return service;
}
