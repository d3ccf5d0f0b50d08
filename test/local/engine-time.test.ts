import { describe, expect, test } from '@jest/globals';
import { VirtualClock } from '../../local/clock.ts';
import { failure, machine, play, settle, start, task } from './engine-fixture.ts';

const DAY_SECONDS = 86_400;

describe('Retrying', () => {
  const throttled = (JitterStrategy: string) =>
    machine({
      Work: task('Work', {
        Retry: [
          { ErrorEquals: ['Throttled'], IntervalSeconds: 10, MaxAttempts: 4, BackoffRate: 2, JitterStrategy },
        ],
        End: true,
      }),
    });
  const timesOfAttempts = async (JitterStrategy: string, seed: string) => {
    const clock = new VirtualClock();
    const times: number[] = [];
    const result = await play(
      throttled(JitterStrategy),
      {
        Work: () => {
          times.push(clock.elapsedSeconds);
          throw failure('Throttled');
        },
      },
      { clock, seed },
    );
    return { times, result };
  };

  test('Retries wait with back-off in virtual time, and each is a transition', async () => {
    const { times, result } = await timesOfAttempts('NONE', 'any');

    expect(times).toEqual([0, 10, 30, 70, 150]);
    expect(result).toMatchObject({ status: 'FAILED', error: 'Throttled', transitions: 5 });
  });

  test('Jitter is the same for the same seed, and another for another', async () => {
    const [one, again, other] = await Promise.all(
      ['one', 'one', 'other'].map((seed) => timesOfAttempts('FULL', seed)),
    );

    expect(one?.times).toEqual(again?.times);
    expect(one?.times).not.toEqual(other?.times);
    expect(one?.times.at(-1)).toBeLessThan(150);
  });

  test('Jitter inside a Map does not depend on which iteration fails first', async () => {
    const timesOf = async (slow: number) => {
      const clock = new VirtualClock();
      const times: Record<number, number[]> = { 0: [], 1: [] };
      await play(
        machine({ Each: { Type: 'Map', ItemProcessor: throttled('FULL'), End: true } }),
        {
          Work: async (n: number) => {
            times[n]?.push(clock.elapsedSeconds);
            if (n === slow) await new Promise((resolve) => setTimeout(resolve, 2));
            if ((times[n]?.length ?? 0) < 3) throw failure('Throttled');
          },
        },
        { clock, input: [0, 1] },
      );
      return times;
    };

    expect(await timesOf(0)).toEqual(await timesOf(1));
  });
});

describe('Time-outs', () => {
  test('A task that sleeps past its TimeoutSeconds fails with States.Timeout', async () => {
    const clock = new VirtualClock();

    const result = await play(
      machine({ Work: task('Work', { TimeoutSeconds: 30, End: true }) }),
      { Work: () => clock.sleep(31_000) },
      { clock },
    );

    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(clock.elapsedSeconds).toBe(30);
  });

  test('A task without TimeoutSeconds may take hours', async () => {
    const clock = new VirtualClock();

    const result = await play(
      machine({ Work: task('Work') }),
      { Work: () => clock.sleep(7_200_000) },
      { clock },
    );

    expect(result.status).toBe('SUCCEEDED');
  });

  test('A machine times out after its TimeoutSeconds, also beyond 24.8 days', async () => {
    const clock = new VirtualClock();
    const wait = (days: number) =>
      machine(
        { Wait: { Type: 'Wait', Seconds: days * DAY_SECONDS, End: true } },
        { TimeoutSeconds: 30 * DAY_SECONDS },
      );

    const inTime = await play(wait(29), {}, { clock });
    const late = await play(wait(31), {}, { clock });
    await settle();

    expect(inTime.status).toBe('SUCCEEDED');
    expect(late.status).toBe('TIMED_OUT');
    expect(late.history.at(-1)?.type).toBe('ExecutionTimeout');
    expect(clock.elapsedSeconds).toBe(59 * DAY_SECONDS);
  });

  test('An execution that has ended moves time no further', async () => {
    const clock = new VirtualClock();

    await play(machine({ Work: task('Work') }, { TimeoutSeconds: 600 }), { Work: () => 1 }, { clock });
    await settle();

    expect(clock.elapsedSeconds).toBe(0);
  });
});

describe('Aborting', () => {
  test('Nothing is invoked after an abort: no retry, no queued iteration, no later state', async () => {
    const clock = new VirtualClock();
    const invoked: string[] = [];
    const retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 60, MaxAttempts: 5 }];
    const execution = start(
      machine({
        Each: {
          Type: 'Map',
          MaxConcurrency: 2,
          Retry: retry,
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Clean up' }],
          ItemProcessor: machine({ Work: task('Work', { Retry: retry, End: true }) }),
          Next: 'Clean up',
        },
        'Clean up': task('CleanUp'),
      }),
      {
        CleanUp: () => invoked.push('CleanUp'),
        Work: async (item: string) => {
          invoked.push(item);
          if (item === 'a') throw failure('Throttled');
          await clock.sleep(30_000);
        },
      },
      { clock, input: ['a', 'b', 'c', 'd'] },
    );

    clock.setTimeout(() => execution.abort({ error: 'Stopped', cause: 'by hand' }), 10_000);
    const result = await execution.result;
    await clock.sleep(3_600_000);
    await settle();

    expect(clock.elapsedSeconds).toBe(3610);
    expect(result).toMatchObject({ status: 'ABORTED', error: 'Stopped', cause: 'by hand' });
    expect(result.history.at(-1)?.type).toBe('ExecutionAborted');
    expect(invoked).toEqual(['a', 'b']);
  });

  test('An aborted execution moves time no further', async () => {
    const clock = new VirtualClock();
    const execution = start(machine({ Wait: { Type: 'Wait', Seconds: 1000, End: true } }), {}, { clock });

    execution.abort();
    await execution.result;
    await settle();

    expect(clock.elapsedSeconds).toBe(0);
  });

  test('The time-out of a task that was aborted moves time no further', async () => {
    const clock = new VirtualClock();
    const execution = start(
      machine({ Work: task('Work', { TimeoutSeconds: 900, End: true }) }),
      { Work: () => clock.sleep(Number.POSITIVE_INFINITY) },
      { clock },
    );

    clock.setTimeout(() => execution.abort(), 10_000);
    await execution.result;
    await settle();

    expect(clock.elapsedSeconds).toBe(10);
  });

  test('A retry that was aborted moves time no further', async () => {
    const clock = new VirtualClock();
    const Retry = [{ ErrorEquals: ['Throttled'], IntervalSeconds: 60 }];
    const execution = start(
      machine({ Work: task('Work', { Retry, End: true }) }),
      {
        Work: () => {
          throw failure('Throttled');
        },
      },
      { clock },
    );

    clock.setTimeout(() => execution.abort(), 10_000);
    await execution.result;
    await settle();

    expect(clock.elapsedSeconds).toBe(10);
  });

  test('Aborting an execution that has ended changes nothing', async () => {
    const execution = start(machine({ Done: { Type: 'Succeed' } }));

    await settle();
    execution.abort();

    expect((await execution.result).status).toBe('SUCCEEDED');
  });
});
