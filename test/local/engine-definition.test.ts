import { describe, expect, test } from '@jest/globals';
import { UnsupportedDefinition } from '../../local/engine-definition.ts';
import { machine, play, start, task } from './engine-fixture.ts';

describe('Choices', () => {
  const chosen = async (rule: Record<string, unknown>, input: unknown) => {
    const { output, error } = await play(
      machine({
        Choice: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
        Yes: { Type: 'Pass', Result: 'yes', End: true },
        No: { Type: 'Pass', Result: 'no', End: true },
      }),
      {},
      { input },
    );
    return error ?? output;
  };

  test.each([
    [{ Variable: '$.a', IsPresent: false }, {}, 'yes'],
    [{ Variable: '$.a', IsPresent: false }, { a: 1 }, 'no'],
    [{ Variable: '$.a', IsPresent: true }, { a: null }, 'yes'],
    [{ Variable: '$.a', IsNull: false }, { a: 1 }, 'yes'],
    [{ Variable: '$.a', IsString: false }, { a: 1 }, 'yes'],
    [
      {
        And: [
          { Variable: '$.a', IsPresent: true },
          { Variable: '$.a', BooleanEquals: false },
        ],
      },
      { a: false },
      'yes',
    ],
    [
      {
        And: [
          { Variable: '$.a', IsPresent: true },
          { Variable: '$.a', BooleanEquals: true },
        ],
      },
      {},
      'no',
    ],
    [
      {
        Or: [
          { Variable: '$.a', IsPresent: false },
          { Variable: '$.a', NumericEquals: 0 },
        ],
      },
      { a: 0 },
      'yes',
    ],
    [{ Not: { Variable: '$.a', IsPresent: false } }, { a: 0 }, 'yes'],
    [{ Variable: '$.a', NumericLessThan: 10 }, { a: 5 }, 'yes'],
    [{ Variable: '$.a', NumericLessThan: 10 }, { a: '5' }, 'no'],
    [{ Variable: '$.a', NumericGreaterThanPath: '$.b' }, { a: 5, b: 4 }, 'yes'],
    [{ Variable: '$.a', StringMatches: 'sha256:*' }, { a: 'sha256:00' }, 'yes'],
    [{ Variable: '$.a', StringMatches: '*' }, { a: 5 }, 'no'],
    [{ Variable: '$.a', TimestampLessThan: '2026-01-01T00:00:00Z' }, { a: '2025-12-31T23:59:59Z' }, 'yes'],
    [{ Variable: '$.a', NumericEquals: 1 }, {}, 'States.Runtime'],
  ])('%j on %j: %s', async (rule, input, expected) => {
    expect(await chosen(rule, input)).toBe(expected);
  });
});

describe('What the local engine cannot play is refused', () => {
  const processor = machine({ Work: task('Work') });

  test.each([
    ['Assign', { Type: 'Pass', Assign: { a: 1 }, End: true }],
    ['HeartbeatSeconds', task('Work', { HeartbeatSeconds: 5, TimeoutSeconds: 10, End: true })],
    ['JSONata', { Type: 'Succeed', QueryLanguage: 'JSONata' }],
    ['ToleratedFailureCount', { Type: 'Map', ItemProcessor: processor, ToleratedFailureCount: 1, End: true }],
    [
      'a Distributed Map',
      {
        Type: 'Map',
        ItemProcessor: { ...processor, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
        End: true,
      },
    ],
    [
      'waitForTaskToken',
      {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Parameters: {},
        End: true,
      },
    ],
    ['a Pass state with the Result false', { Type: 'Pass', Result: false, End: true }],
  ])('%s', (what, state) => {
    const refused = () => start(machine({ Odd: state }));

    expect(refused).toThrow(UnsupportedDefinition);
    expect(refused).toThrow(what);
  });

  test('Inside a Map too', () => {
    const inner = machine({ Odd: { Type: 'Pass', Result: 0, End: true } });

    expect(() => start(machine({ Each: { Type: 'Map', ItemProcessor: inner, End: true } }))).toThrow(
      "state 'Odd'",
    );
  });
});

describe('Paths', () => {
  test.each([
    ['$.list[*].n', { list: [{ n: 1 }] }, [1]],
    ['$.list[*].n', { list: [] }, []],
    ['$.list[?(@.n > 1)].n', { list: [{ n: 1 }] }, []],
    ["$['detail-type']", { 'detail-type': 'x' }, 'x'],
    ['$.nothing', { nothing: null }, null],
  ])('%s of %j is %j', async (path, input, expected) => {
    const { output } = await play(
      machine({ Read: { Type: 'Pass', Parameters: { 'value.$': path }, End: true } }),
      {},
      { input },
    );

    expect(output).toEqual({ value: expected });
  });
});

describe('A Task that is no Lambda function', () => {
  test('It is invoked with the resource of its integration', async () => {
    const { output } = await play(
      machine({
        Announce: {
          Type: 'Task',
          Resource: 'arn:aws:states:::events:putEvents',
          Parameters: { Entries: [{ Source: 'voice-connector-teardown', 'Detail.$': '$' }] },
          End: true,
        },
      }),
      {},
      { input: { a: 1 }, invoke: async (resource, payload) => ({ resource, payload }) },
    );

    expect(output).toEqual({
      resource: 'arn:aws:states:::events:putEvents',
      payload: { Entries: [{ Source: 'voice-connector-teardown', Detail: { a: 1 } }] },
    });
  });
});
