import { describe, expect, it } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { type Edge, onLambda, required, requiredNumber, type Step } from '../../lambda/edge.ts';
import { ServiceError } from '../../lambda/errors.ts';
import { VirtualClock } from '../../local/clock.ts';
import { loggerTo } from '../../local/logs.ts';
import { digitsOfANumber, errorOf } from './setting.ts';

const execution = { id: 'arn:aws:states:us-east-1:111122223333:execution:Teardown:one', startedAt: 'now' };

describe('The handler of a step', () => {
  it('gives the step its input and answers with its output', async () => {
    const { handler } = open(() => async (input: { a: number }) => ({ b: input.a + 1 }));
    expect(await handler({ a: 1 }, context())).toEqual({ b: 2 });
  });

  it('connects at the first call, and only once', async () => {
    let connected = 0;
    const { handler, edgesMade } = open(() => {
      connected += 1;
      return async () => connected;
    });
    expect(connected).toBe(0);
    expect([await handler({}, context()), await handler({}, context())]).toEqual([1, 1]);
    expect(edgesMade()).toBe(1);
  });

  it('connects again where that failed before', async () => {
    let attempts = 0;
    const { handler } = open(() => {
      attempts += 1;
      if (attempts === 1) throw new Error('Not yet.');
      return async () => 'done';
    });
    await errorOf(handler({}, context()));
    expect(await handler({}, context())).toBe('done');
  });
});

describe('An error that escapes a step', () => {
  it('keeps its name, which Retry and Catch go by', async () => {
    const { handler } = failing(new ServiceError('ForbiddenException', 'No.', 403));
    expect(await errorOf(handler({}, context()))).toMatchObject({
      name: 'ForbiddenException',
      message: 'No.',
    });
  });

  it('leaves with its numbers masked, in message and stack, and without what hangs on it', async () => {
    const original = new TypeError('Number +12065550100 is odd.', { cause: new Error('+12065550101') });
    Object.assign(original, { $response: '+12065550102' });
    const { handler } = failing(original);
    const error = await errorOf(handler({}, context()));
    expect(error).toMatchObject({ name: 'TypeError', message: 'Number …0100 is odd.' });
    expect(error.stack).toContain('edge.test.ts');
    expect(error.stack).not.toMatch(/\+1206/);
    expect(Object.getOwnPropertyNames(error).sort()).toEqual(['message', 'name', 'stack']);
  });

  it('is an error even where something else was thrown', async () => {
    const { handler } = failing('+12065550100');
    expect(await errorOf(handler({}, context()))).toMatchObject({ name: 'Error', message: '…0100' });
  });
});

describe('The log', () => {
  it('carries the id of the execution and of the request with every line', async () => {
    const { handler, lines } = open((edge) => async () => edge.log.info('Half way'));
    await handler({ execution }, context('request-1'));
    expect(lines().map(({ message }) => message)).toEqual(['Half way', 'Step done']);
    for (const line of lines()) {
      expect(line).toMatchObject({ execution: execution.id, function_request_id: 'request-1' });
    }
  });

  it('does not carry the execution of the call before', async () => {
    const { handler, lines } = open((edge) => async (input: object) => {
      if ('execution' in input) edge.log.appendKeys({ left: 'over' });
    });
    await handler({ execution }, context());
    await handler({}, context('request-2'));
    const [first, second] = lines();
    expect(first).toMatchObject({ execution: execution.id });
    expect(second).toMatchObject({ function_request_id: 'request-2' });
    expect(second).not.toHaveProperty('execution');
    expect(second).not.toHaveProperty('left');
  });

  it.each([null, 'text', { execution: null }, { execution: { id: 7 } }])(
    'does without an execution where the input is %p',
    async (input) => {
      const { handler, lines } = open(() => async () => 'done');
      await handler(input, context());
      expect(lines()).toMatchObject([{ message: 'Step done', output: 'done' }]);
      expect(lines()[0]).not.toHaveProperty('execution');
    },
  );

  it('tells of an error without the numbers in it', async () => {
    const original = new Error('Number +12065550100', { cause: new Error('%2B12065550101') });
    const { handler, lines, text } = failing(original);
    await errorOf(handler({ execution }, context()));
    expect(lines()).toMatchObject([{ level: 'ERROR', message: 'Step failed', execution: execution.id }]);
    expect(text()).toContain('…0100');
    expect(text()).not.toMatch(/1206555/);
  });

  it('does not show the input', async () => {
    const { handler, text } = open(() => async () => undefined);
    await handler({ execution, phoneNumber: '+12065550100' }, context());
    expect(text().replaceAll(/"(timestamp|[\w-]*arn|execution)":"[^"]*"/g, '')).not.toMatch(digitsOfANumber);
  });
});

describe('A variable of the environment', () => {
  it('is read', () => {
    expect(required({ LEDGER_TABLE: 'table' }, 'LEDGER_TABLE')).toBe('table');
  });

  it.each([
    ['0', 0],
    ['14', 14],
  ])('that is a number (%p) is read as one', (value, number) => {
    expect(requiredNumber({ QUIET_DAYS: value }, 'QUIET_DAYS')).toBe(number);
  });

  it.each([undefined, '', 'many', '-1', '1.5', 'Infinity'])(
    'that is %p instead of a number is a fault of the deployment',
    (value) => {
      expect(() => requiredNumber({ QUIET_DAYS: value }, 'QUIET_DAYS')).toThrow(
        expect.objectContaining({ name: 'BadEnvironment', message: expect.stringContaining('QUIET_DAYS') }),
      );
    },
  );

  it.each([undefined, ''])('that is %p is a fault of the deployment', (value) => {
    expect(() => required({ LEDGER_TABLE: value }, 'LEDGER_TABLE')).toThrow(
      expect.objectContaining({ name: 'BadEnvironment', message: expect.stringContaining('LEDGER_TABLE') }),
    );
  });
});

function open<Input, Output>(connect: (edge: Edge) => Step<Input, Output>) {
  const written: string[] = [];
  let made = 0;
  const handler = onLambda(connect, () => {
    made += 1;
    return {
      env: {},
      clock: new VirtualClock(),
      random: () => 0.5,
      log: loggerTo((line) => written.push(line)),
      requestTimeoutMs: 1_000,
      chime: {},
      dynamodb: {},
      states: {},
      cloudwatch: {},
      events: {},
    };
  });
  return {
    handler,
    edgesMade: () => made,
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    text: () => written.join('\n'),
  };
}

function failing(thrown: unknown) {
  return open(() => async (_input: unknown) => {
    throw thrown;
  });
}

function context(awsRequestId = 'request'): Context {
  const unused = (): void => undefined;
  return {
    functionName: 'InspectVoiceConnector',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:InspectVoiceConnector:1',
    memoryLimitInMB: '256',
    awsRequestId,
    logGroupName: 'group',
    logStreamName: 'stream',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => 1_000,
    done: unused,
    fail: unused,
    succeed: unused,
  };
}
