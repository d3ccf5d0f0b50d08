import { describe, expect, test } from '@jest/globals';
import { VirtualClock } from '../../local/clock.ts';

const DAY_MS = 86_400_000;

describe('Time of the virtual clock', () => {
  test('Seven days pass in a moment', async () => {
    const clock = new VirtualClock();
    const began = Date.now();

    await clock.sleep(7 * DAY_MS);

    expect(clock.elapsedSeconds).toBe(7 * 86_400);
    expect(clock.now().getTime() - clock.startedAt.getTime()).toBe(7 * DAY_MS);
    expect(Date.now() - began).toBeLessThan(1000);
  });

  test('Every clock starts at the same instant unless told otherwise', () => {
    expect(new VirtualClock().now()).toEqual(new VirtualClock().now());
    expect(new VirtualClock(new Date('2030-01-01T00:00:00Z')).now()).toEqual(
      new Date('2030-01-01T00:00:00Z'),
    );
  });

  test('Without a timer, time never moves', async () => {
    const clock = new VirtualClock();

    await turns(20);

    expect(clock.elapsedSeconds).toBe(0);
  });

  test('Timers fire in the order of due time, and of setting where that is the same', async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];

    clock.setTimeout((name) => fired.push(name), 20, 'late');
    clock.setTimeout((name) => fired.push(name), 10, 'first');
    clock.setTimeout((name) => fired.push(name), 10, 'second');
    await clock.sleep(30);

    expect(fired).toEqual(['first', 'second', 'late']);
  });

  test('A timer set by a timer fires before a later one', async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];

    clock.setTimeout(() => clock.setTimeout(() => fired.push('nested'), 5), 10);
    clock.setTimeout(() => fired.push('later'), 16);
    await clock.sleep(20);

    expect(fired).toEqual(['nested', 'later']);
  });

  test('A timer beyond 24.8 days waits its full time', async () => {
    const clock = new VirtualClock();

    await clock.sleep(400 * DAY_MS);

    expect(clock.elapsedSeconds).toBe(400 * 86_400);
  });

  test('A negative delay, or one that is no number, is none; an infinite one never ends', async () => {
    const clock = new VirtualClock();
    let woken = false;

    clock.setTimeout(() => {
      woken = true;
    }, Number.POSITIVE_INFINITY);
    await clock.sleep(-5);
    await clock.sleep(Number.NaN);
    await turns(10);

    expect(clock.elapsedSeconds).toBe(0);
    expect(woken).toBe(false);
  });

  test('A cleared timer neither fires nor moves time', async () => {
    const clock = new VirtualClock();
    let fired = false;

    clock.clearTimeout(
      clock.setTimeout(() => {
        fired = true;
      }, 1000),
    );
    clock.clearTimeout(undefined);
    await turns(10);

    expect(fired).toBe(false);
    expect(clock.elapsedSeconds).toBe(0);
  });

  test('Listeners hear of every jump until they stop listening', async () => {
    const clock = new VirtualClock(new Date(0));
    const heard: number[] = [];

    const stop = clock.onAdvance((now) => heard.push(now));
    await clock.sleep(10);
    await clock.sleep(20);
    stop();
    await clock.sleep(30);

    expect(heard).toEqual([10, 30]);
  });

  test('A closed clock wakes nobody', async () => {
    const clock = new VirtualClock();
    let woken = 0;
    const wake = () => {
      woken += 1;
    };

    clock.setTimeout(wake, 10);
    clock.close();
    clock.setTimeout(wake, 10);
    await turns(10);

    expect(woken).toBe(0);
    expect(clock.elapsedSeconds).toBe(0);
  });
});

describe('The Date of the virtual clock', () => {
  test('Without arguments it tells virtual time, and otherwise it is Date', () => {
    const start = new Date('2026-03-04T05:06:07.890Z');
    const { Date: Virtual } = new VirtualClock(start);

    expect(Virtual.now()).toBe(start.getTime());
    expect(new Virtual().toISOString()).toBe('2026-03-04T05:06:07.890Z');
    expect(new Virtual('2020-01-01T00:00:00Z').getTime()).toBe(Date.UTC(2020, 0, 1));
    expect(Virtual.UTC(2020, 0, 1)).toBe(Date.UTC(2020, 0, 1));
    expect(Virtual()).toBe(start.toString());
    expect(new Virtual()).toBeInstanceOf(Date);
    expect(new Date()).toBeInstanceOf(Virtual);
  });
});

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
