import { describe, expect, test } from '@jest/globals';
import { VirtualClock } from '../../local/clock.ts';
import type { EngineEvent } from '../../local/engine-history.ts';
import { failure, functionArn, machine, play, start, task } from './engine-fixture.ts';

const DAY_SECONDS = 86_400;

describe('An execution', () => {
  test('It hands the state from task to task and gives the last output', async () => {
    const result = await play(
      machine({
        Double: task('Double', { Next: 'Add' }),
        Add: task('Add', { ResultPath: '$.sum', End: true }),
      }),
      { Double: ({ n }: { n: number }) => ({ n: n * 2 }), Add: ({ n }: { n: number }) => n + 1 },
      { input: { n: 4 } },
    );

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { n: 8, sum: 9 }, transitions: 2 });
    expect(result).not.toHaveProperty('error');
  });

  test('A function is invoked with its ARN, the plain payload and the name of the state', async () => {
    const calls: unknown[] = [];

    await play(
      machine({ 'Inspect voice connector': task('Inspect') }),
      {},
      { input: { id: 'abc' }, invoke: async (...call) => void calls.push(call) },
    );

    expect(calls).toEqual([[functionArn('Inspect'), { id: 'abc' }, 'Inspect voice connector']]);
  });

  test('Payloads and results pass through JSON', async () => {
    const input = { kept: [1] };

    const result = await play(
      machine({ Work: task('Work') }),
      {
        Work: (payload: { kept: number[] }) => {
          payload.kept.push(2);
          return {
            when: new Date(0),
            gone: undefined,
            of: new (class Numbers {
              count = 3;
            })(),
          };
        },
      },
      { input },
    );

    expect(input).toEqual({ kept: [1] });
    expect(result.output).toStrictEqual({ when: '1970-01-01T00:00:00.000Z', of: { count: 3 } });
  });

  test('Waiting seven days takes seven virtual days and no real time', async () => {
    const clock = new VirtualClock();
    const began = Date.now();

    const result = await play(
      machine({ Wait: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'Done' }, Done: { Type: 'Succeed' } }),
      {},
      { clock, input: { seconds: 7 * DAY_SECONDS } },
    );

    expect(result.status).toBe('SUCCEEDED');
    expect(clock.elapsedSeconds).toBe(7 * DAY_SECONDS);
    expect(Date.now() - began).toBeLessThan(2000);
  });

  test('A Wait until a timestamp ends at that virtual time', async () => {
    const clock = new VirtualClock(new Date('2026-01-01T00:00:00Z'));

    await play(
      machine({ Wait: { Type: 'Wait', TimestampPath: '$.until', End: true } }),
      {},
      { clock, input: { until: '2026-02-10T12:00:00Z' } },
    );

    expect(clock.now().toISOString()).toBe('2026-02-10T12:00:00.000Z');
  });

  test('Time stands still while a function works', async () => {
    const clock = new VirtualClock();
    const seen: number[] = [];

    await play(
      machine({ Work: task('Work', { TimeoutSeconds: 5, End: true }) }),
      {
        Work: async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          seen.push(clock.elapsedSeconds);
          await clock.sleep(2000);
          seen.push(clock.elapsedSeconds);
        },
      },
      { clock },
    );

    expect(seen).toEqual([0, 2]);
  });

  test('History is complete, in order, in virtual time, and told as it happens', async () => {
    const clock = new VirtualClock(new Date(0));
    const told: EngineEvent[] = [];

    const { history, transitions } = await play(
      machine({
        Wait: { Type: 'Wait', Seconds: 60, Next: 'Each' },
        Each: { Type: 'Map', ItemProcessor: machine({ Work: task('Work') }), End: true },
      }),
      { Work: (n: number) => n },
      { clock, input: [7, 8], onEvent: (event) => told.push(event) },
    );

    expect(history.map(({ type, state, index, timestamp }) => [type, state?.name, index, timestamp])).toEqual(
      [
        ['ExecutionStarted', undefined, undefined, 0],
        ['StateEntered', 'Wait', undefined, 0],
        ['StateExited', 'Wait', undefined, 60_000],
        ['StateEntered', 'Each', undefined, 60_000],
        ['MapIterationStarted', undefined, 0, 60_000],
        ['StateEntered', 'Work', 0, 60_000],
        ['MapIterationStarted', undefined, 1, 60_000],
        ['StateEntered', 'Work', 1, 60_000],
        ['StateExited', 'Work', 0, 60_000],
        ['MapIterationSucceeded', undefined, 0, 60_000],
        ['StateExited', 'Work', 1, 60_000],
        ['MapIterationSucceeded', undefined, 1, 60_000],
        ['StateExited', 'Each', undefined, 60_000],
        ['ExecutionSucceeded', undefined, undefined, 60_000],
      ],
    );
    expect(history[4]).toMatchObject({ parentState: { name: 'Each', type: 'Map', input: [7, 8] }, input: 7 });
    expect(told).toEqual(history);
    expect(transitions).toBe(4);
  });

  test('A machine that is not valid does not start', () => {
    expect(() => start(machine({ Work: task('Work', { Next: 'Nowhere' }) }))).toThrow(/Nowhere|invalid/);
    expect(() => start(machine({ Work: { Type: 'Task', Resource: 'no ARN', End: true } }))).toThrow(
      'invalid',
    );
  });
});

describe('Failing', () => {
  test('An error that nothing catches fails the execution with its name and message', async () => {
    const result = await play(machine({ Work: task('Work') }), {
      Work: () => {
        throw failure('NumbersAttached', '{"errorType":"NumbersAttached"}');
      },
    });

    expect(result).toMatchObject({
      status: 'FAILED',
      error: 'NumbersAttached',
      cause: '{"errorType":"NumbersAttached"}',
    });
  });

  test('A Catch gets Error and Cause, and the ResultPath of it may be the whole state', async () => {
    const caughtInto = (ResultPath: string) =>
      play(
        machine({
          Work: task('Work', {
            Catch: [{ ErrorEquals: ['States.ALL'], ResultPath, Next: 'Done' }],
            End: true,
          }),
          Done: { Type: 'Succeed' },
        }),
        {
          Work: () => {
            throw failure('Odd', 'why');
          },
        },
        { input: { id: 1 } },
      );

    expect((await caughtInto('$.error')).output).toEqual({ id: 1, error: { Error: 'Odd', Cause: 'why' } });
    expect((await caughtInto('$')).output).toEqual({ Error: 'Odd', Cause: 'why' });
    expect((await caughtInto("$['error']")).output).toEqual({ id: 1, error: { Error: 'Odd', Cause: 'why' } });
  });

  test('Fail takes its error and cause from paths', async () => {
    const result = await play(
      machine({ Fail: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' } }),
      {},
      { input: { error: { Error: 'Odd', Cause: 'why' } } },
    );

    expect(result).toMatchObject({ status: 'FAILED', error: 'Odd', cause: 'why' });
  });

  test('Fail takes its cause from an intrinsic function and the context', async () => {
    const result = await play(
      machine({
        Fail: {
          Type: 'Fail',
          Error: 'Odd',
          CausePath: "States.Format('{} in {}', $.why, $$.Execution.Name)",
        },
      }),
      {},
      { input: { why: 'left' } },
    );

    expect(result).toMatchObject({ status: 'FAILED', error: 'Odd', cause: 'left in run-1' });
  });

  test('A Fail without error and cause makes none up', async () => {
    const result = await play(machine({ Fail: { Type: 'Fail' } }));

    expect(result.status).toBe('FAILED');
    expect(result).not.toHaveProperty('error');
    expect(result).not.toHaveProperty('cause');
  });

  test('A path to nothing is a runtime error that States.ALL does not catch', async () => {
    const result = await play(
      machine({
        Work: task('Work', {
          Parameters: { 'id.$': '$.missing' },
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }],
          End: true,
        }),
        Done: { Type: 'Succeed' },
      }),
    );

    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});
