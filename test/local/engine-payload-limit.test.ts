import { describe, expect, test } from '@jest/globals';
import { InvalidExecutionInput } from '../../local/engine.ts';
import { machine, play, start, task } from './engine-fixture.ts';

describe('The payload limit of 262,144 bytes', () => {
  const LIMIT = 262_144;
  const text = (bytes: number) => 'x'.repeat(bytes - '""'.length);
  const catching = (...ErrorEquals: string[]) =>
    machine({
      Work: task('Work', { Catch: [{ ErrorEquals, Next: 'Caught' }], Next: 'Done' }),
      Caught: { Type: 'Pass', Result: 'caught', End: true },
      Done: { Type: 'Succeed' },
    });
  const overTheLimit = { Work: () => text(LIMIT + 1) };

  test('An input of exactly the limit starts, one byte more starts nothing', async () => {
    let started = 0;
    const definition = machine({ Count: task('Count', { ResultPath: null, End: true }) });
    const Count = () => {
      started += 1;
    };

    expect((await play(definition, { Count }, { input: text(LIMIT) })).status).toBe('SUCCEEDED');
    expect(() => start(definition, { Count }, { input: text(LIMIT + 1) })).toThrow(InvalidExecutionInput);
    expect(() => start(definition, { Count }, { input: 1n })).toThrow(InvalidExecutionInput);
    expect(started).toBe(1);
  });

  test('The limit counts bytes of UTF-8, not characters', () => {
    expect(() => start(machine({ Done: { Type: 'Succeed' } }), {}, { input: 'é'.repeat(LIMIT / 2) })).toThrow(
      /262146 bytes/,
    );
  });

  test('A result over the limit fails the task, and States.ALL does not catch that', async () => {
    const result = await play(catching('States.ALL'), overTheLimit);

    expect(result).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  test('A Catch that names the error catches it', async () => {
    const result = await play(catching('States.DataLimitExceeded'), overTheLimit);

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: 'caught' });
  });

  test('A Map that names it catches it from its iterations', async () => {
    const result = await play(
      machine({
        Each: {
          Type: 'Map',
          ItemProcessor: machine({ Work: task('Work') }),
          Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'Caught' }],
          End: true,
        },
        Caught: { Type: 'Pass', Result: 'caught', End: true },
      }),
      overTheLimit,
      { input: [1] },
    );

    expect(result.output).toBe('caught');
  });

  test('A payload over the limit is never sent', async () => {
    let invoked = 0;

    const result = await play(
      machine({
        Work: task('Work', { Parameters: { 'one.$': '$', 'two.$': '$' }, End: true }),
      }),
      {
        Work: () => {
          invoked += 1;
        },
      },
      { input: text(LIMIT / 2) },
    );

    expect(result.error).toBe('States.DataLimitExceeded');
    expect(invoked).toBe(0);
  });

  test('The output of a Map counts as a whole', async () => {
    const result = await play(
      machine({ Each: { Type: 'Map', ItemProcessor: machine({ Work: task('Work') }), End: true } }),
      { Work: () => text(LIMIT / 2) },
      { input: [1, 2] },
    );

    expect(result).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });
});
