import { describe, expect, test } from '@jest/globals';
import { VirtualClock } from '../../local/clock.ts';
import { failure, machine, play, settle, task } from './engine-fixture.ts';

describe('A Map whose iteration failed', () => {
  test('It starts no further iteration', async () => {
    const started: number[] = [];

    const result = await play(
      machine({
        Each: { Type: 'Map', MaxConcurrency: 2, ItemProcessor: machine({ Work: task('Work') }), End: true },
      }),
      {
        Work: (n: number) => {
          started.push(n);
          if (n === 0) throw failure('Odd');
          return new Promise((resolve) => setTimeout(resolve, 3));
        },
      },
      { input: [0, 1, 2, 3, 4] },
    );
    await new Promise((resolve) => setTimeout(resolve, 10));

    expect(result).toMatchObject({ status: 'FAILED', error: 'Odd' });
    expect(started).toEqual([0, 1]);
  });

  test('Its other iterations go no step further, neither to a retry nor to the next state', async () => {
    const clock = new VirtualClock();
    const invoked: string[] = [];

    const result = await play(
      machine({
        Each: {
          Type: 'Map',
          ItemProcessor: machine({
            Work: task('Work', {
              Retry: [{ ErrorEquals: ['Throttled'], IntervalSeconds: 60, MaxAttempts: 5 }],
              Next: 'After',
            }),
            After: task('After'),
          }),
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Wait' }],
          End: true,
        },
        Wait: { Type: 'Wait', Seconds: 3600, Next: 'Clean up' },
        'Clean up': task('CleanUp'),
      }),
      {
        CleanUp: () => 'cleaned up',
        After: (n: number) => void invoked.push(`After ${n}`),
        Work: async (item: string) => {
          invoked.push(`Work ${item}`);
          if (item === 'retries') throw failure('Throttled');
          await clock.sleep(item === 'fails' ? 10_000 : 20_000);
          if (item === 'fails') throw failure('Odd');
          return item;
        },
      },
      { clock, input: ['retries', 'fails', 'is slow'] },
    );

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: 'cleaned up' });
    expect(invoked).toEqual(['Work retries', 'Work fails', 'Work is slow']);
    expect(clock.elapsedSeconds).toBe(3610);
  });

  test('The abandoned iterations hold no time-outs that would move time', async () => {
    const clock = new VirtualClock();

    const result = await play(
      machine({
        Each: {
          Type: 'Map',
          ItemProcessor: machine({
            Kind: {
              Type: 'Choice',
              Choices: [{ Variable: '$', StringEquals: 'waits', Next: 'Wait' }],
              Default: 'Work',
            },
            Wait: { Type: 'Wait', Seconds: 5000, End: true },
            Work: task('Work'),
          }),
          End: true,
        },
      }),
      {
        Work: () => {
          throw failure('Odd');
        },
      },
      { clock, input: ['waits', 'fails'] },
    );
    await settle();

    expect(result.error).toBe('Odd');
    expect(clock.elapsedSeconds).toBe(0);
  });

  test('A retry of the Map runs all its iterations again', async () => {
    const invoked: number[] = [];

    const result = await play(
      machine({
        Each: {
          Type: 'Map',
          MaxConcurrency: 1,
          ItemProcessor: machine({ Work: task('Work') }),
          Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 1 }],
          End: true,
        },
      }),
      {
        Work: (n: number) => {
          invoked.push(n);
          if (invoked.length === 2) throw failure('Odd');
          return n;
        },
      },
      { input: [1, 2, 3] },
    );

    expect(result.output).toEqual([1, 2, 3]);
    expect(invoked).toEqual([1, 2, 1, 2, 3]);
  });
});

describe('A Parallel whose branch failed', () => {
  test('Its other branches go no step further', async () => {
    const clock = new VirtualClock();
    let after = 0;

    const result = await play(
      machine({
        Both: {
          Type: 'Parallel',
          Branches: [
            machine({ Fails: task('Fails') }),
            machine({ Slow: task('Slow', { Next: 'After' }), After: task('After') }),
          ],
          Catch: [{ ErrorEquals: ['Odd'], Next: 'Wait' }],
          End: true,
        },
        Wait: { Type: 'Wait', Seconds: 60, End: true },
      }),
      {
        Fails: () => {
          throw failure('Odd');
        },
        Slow: () => clock.sleep(5000),
        After: () => {
          after += 1;
        },
      },
      { clock },
    );

    expect(result.status).toBe('SUCCEEDED');
    expect(after).toBe(0);
  });
});

describe('The context object', () => {
  test('It tells execution, machine and state', async () => {
    const clock = new VirtualClock(new Date('2026-01-05T09:00:00Z'));
    let payload: unknown;

    await play(
      machine({
        Wait: { Type: 'Wait', Seconds: 90, Next: 'Work' },
        Work: task('Work', { Parameters: { 'context.$': '$$', 'id.$': '$$.Execution.Id' }, End: true }),
      }),
      {
        Work: (given: unknown) => {
          payload = given;
        },
      },
      { clock, input: { id: 1 } },
    );

    expect(payload).toEqual({
      id: 'arn:aws:states:us-east-1:123456789012:execution:Teardown:run-1',
      context: {
        Execution: {
          Id: 'arn:aws:states:us-east-1:123456789012:execution:Teardown:run-1',
          Input: { id: 1 },
          Name: 'run-1',
          RoleArn: 'arn:aws:iam::123456789012:role/Teardown',
          StartTime: '2026-01-05T09:00:00.000Z',
        },
        StateMachine: {
          Id: 'arn:aws:states:us-east-1:123456789012:stateMachine:Teardown',
          Name: 'Teardown',
        },
        State: { Name: 'Work', EnteredTime: '2026-01-05T09:01:30.000Z', RetryCount: 0 },
      },
    });
  });

  test('Concurrent iterations see their own item, in the ItemSelector and in their states', async () => {
    const result = await play(
      machine({
        Each: {
          Type: 'Map',
          ItemsPath: '$.batches',
          MaxConcurrency: 2,
          ItemSelector: {
            'id.$': '$.id',
            'batch.$': '$$.Map.Item.Value',
            'index.$': '$$.Map.Item.Index',
          },
          ItemProcessor: machine({
            Pause: task('Pause', { ResultPath: null, Next: 'Work' }),
            Work: task('Work', {
              Parameters: { 'input.$': '$', 'item.$': '$$.Map.Item.Value', 'of.$': '$$.Execution.Input.id' },
              End: true,
            }),
          }),
          ResultPath: '$.done',
          End: true,
        },
      }),
      { Pause: () => new Promise((resolve) => setTimeout(resolve, 2)), Work: (given: unknown) => given },
      { input: { id: 'c', batches: ['x', 'y', 'z'] } },
    );

    expect(result.output).toEqual({
      id: 'c',
      batches: ['x', 'y', 'z'],
      done: ['x', 'y', 'z'].map((batch, index) => ({
        input: { id: 'c', batch, index },
        item: batch,
        of: 'c',
      })),
    });
  });

  test('Retries are counted', async () => {
    const counts: number[] = [];

    await play(
      machine({
        Work: task('Work', {
          Parameters: { 'count.$': '$$.State.RetryCount' },
          Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }],
          End: true,
        }),
      }),
      {
        Work: ({ count }: { count: number }) => {
          counts.push(count);
          throw failure('Odd');
        },
      },
    );

    expect(counts).toEqual([0, 1, 2]);
  });
});
