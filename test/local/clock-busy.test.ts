import { describe, expect, test } from '@jest/globals';
import { VirtualClock } from '../../local/clock.ts';

describe('Busy work', () => {
  test('Time stands still while real work runs', async () => {
    const clock = new VirtualClock();
    let woken = false;
    clock.setTimeout(() => {
      woken = true;
    }, 1000);

    await clock.busy(() => realMs(5));
    const wokenWhileBusy = woken;
    await turns(10);

    expect(wokenWhileBusy).toBe(false);
    expect(woken).toBe(true);
  });

  test('Time moves while busy work sleeps, and stands again when it wakes', async () => {
    const clock = new VirtualClock();
    clock.setTimeout(() => undefined, 5000);

    const awake = await clock.busy(async () => {
      await clock.sleep(3000);
      await realMs(5);
      return clock.elapsedSeconds;
    });

    expect(awake).toBe(3);
  });

  test('What is due at once fires although somebody is busy', async () => {
    const clock = new VirtualClock();

    await clock.busy(async () => {
      await Promise.all([clock.sleep(0), new Promise<void>((resolve) => clock.setTimeout(resolve, 0))]);
    });

    expect(clock.elapsedSeconds).toBe(0);
  });

  test('Two parallel sleeps give back one hold, not that of a neighbour too', async () => {
    const clock = new VirtualClock();
    const sleepers = clock.busy(() => Promise.all([clock.sleep(1000), clock.sleep(2000)]));

    const neighbour = await clock.busy(async () => {
      await realMs(5);
      return clock.elapsedSeconds;
    });
    await sleepers;

    expect(neighbour).toBe(0);
    expect(clock.elapsedSeconds).toBe(2);
  });

  test('A sleep outside busy work gives nobody’s hold back', async () => {
    const clock = new VirtualClock();
    const sleeper = clock.sleep(1000);

    const seen = await clock.busy(async () => {
      await realMs(5);
      return clock.elapsedSeconds;
    });
    await sleeper;

    expect(seen).toBe(0);
    expect(clock.elapsedSeconds).toBe(1);
  });

  test('Time stands for narrower busy work although its neighbour in the same work sleeps', async () => {
    const clock = new VirtualClock();

    const seen = await clock.busy(async () => {
      const backOff = clock.busy(() => clock.sleep(1000));
      const duringRequest = await clock.busy(async () => {
        await realMs(5);
        return clock.elapsedSeconds;
      });
      await backOff;
      return duringRequest;
    });

    expect(seen).toBe(0);
    expect(clock.elapsedSeconds).toBe(1);
  });

  test('Work that fails, even at once, gives its hold back', async () => {
    const clock = new VirtualClock();
    const failing = clock.busy(() => {
      throw new Error('at once');
    });

    await expect(failing).rejects.toThrow('at once');
    await clock.sleep(10);

    expect(clock.elapsedSeconds).toBe(0.01);
  });

  test('What busy work starts outside of itself has a hold of its own', async () => {
    const clock = new VirtualClock();
    let detached = Promise.resolve();

    await clock.busy(async () => {
      detached = clock.outside(() => clock.sleep(1000));
      await realMs(5);
    });
    const atEnd = clock.elapsedSeconds;
    await detached;

    expect(atEnd).toBe(0);
    expect(clock.elapsedSeconds).toBe(1);
  });

  test('Time does not jump before promises and turns of the event loop that follow have settled', async () => {
    const clock = new VirtualClock();
    clock.setTimeout(() => undefined, 1000);

    await clock.busy(async () => undefined);
    for (let i = 0; i < 100; i += 1) await Promise.resolve();
    const settled = clock.elapsedSeconds;

    expect(settled).toBe(0);
  });
});

describe('A sandbox', () => {
  test('What it leaves behind is frozen when it has answered', async () => {
    const clock = new VirtualClock();
    let woken = 0;
    const wake = () => {
      woken += 1;
    };

    await clock.sandbox(async () => {
      void clock.sleep(500).then(wake);
      clock.setTimeout(wake, 500);
      void realMs(2).then(() => clock.sleep(100).then(wake));
    });
    await realMs(5);
    await turns(10);

    expect(woken).toBe(0);
    expect(clock.elapsedSeconds).toBe(0);
  });

  test('Busy work that it leaves behind holds nothing', async () => {
    const clock = new VirtualClock();
    const forever = new Promise<void>(() => undefined);

    await clock.sandbox(async () => {
      void clock.busy(() => forever);
    });
    await clock.sleep(1000);

    expect(clock.elapsedSeconds).toBe(1);
  });

  test('One that has given up lets time move although it has not answered', async () => {
    const clock = new VirtualClock();
    const outcome = clock.sandbox(async (sandbox) => {
      void clock.busy(() => new Promise<void>(() => undefined));
      sandbox.giveUp();
      return new Promise<string>((resolve) => clock.setTimeout(resolve, 1000, 'timed out'));
    });

    await expect(outcome).resolves.toBe('timed out');
  });
});

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

function realMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
