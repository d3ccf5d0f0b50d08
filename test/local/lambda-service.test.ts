import { describe, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { VirtualClock } from '../../local/clock.ts';
import { type FunctionInvocation, invokeFunction } from '../../local/lambda-service.ts';

describe('An invocation', () => {
  test('Payload and result pass through JSON', async () => {
    const payload = { when: new Date(0), nothing: undefined, list: [1] };
    let received: unknown;

    const result = await invoke({
      payload,
      handler: (event: { list: number[] }) => {
        received = structuredClone(event);
        event.list.push(2);
        return { when: new Date(1), nothing: undefined, map: new Map([[1, 2]]) };
      },
    });

    expect(received).toEqual({ when: '1970-01-01T00:00:00.000Z', list: [1] });
    expect(payload.list).toEqual([1]);
    expect(result).toEqual({ when: '1970-01-01T00:00:00.001Z', map: {} });
  });

  test('No payload and no result are null', async () => {
    let received: unknown = 'nothing yet';

    const result = await invoke({
      payload: undefined,
      handler: (event: unknown) => {
        received = event;
      },
    });

    expect([received, result]).toEqual([null, null]);
  });

  test('The context names function, version and request, and counts down in virtual time', async () => {
    const clock = new VirtualClock();
    let context: Context | undefined;
    const remaining: number[] = [];

    await invoke({
      clock,
      timeoutSeconds: 10,
      handler: async (_event: unknown, given: Context) => {
        context = given;
        remaining.push(given.getRemainingTimeInMillis());
        await clock.sleep(4000);
        remaining.push(given.getRemainingTimeInMillis());
      },
    });

    expect(context).toMatchObject({
      functionName: 'Inspect',
      functionVersion: '3',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:Inspect:3',
      memoryLimitInMB: '512',
      awsRequestId: 'request-1',
    });
    expect(remaining).toEqual([10_000, 6_000]);
  });
});

describe('A handler’s error', () => {
  test('It arrives as its name, with message and trace as JSON', async () => {
    const error = await failureOf({
      handler: async () => {
        throw new NumbersAttached('3 numbers are still attached');
      },
    });

    const cause = JSON.parse(error.message);
    expect(error.name).toBe('NumbersAttached');
    expect(Object.keys(cause)).toEqual(['errorType', 'errorMessage', 'trace']);
    expect(cause).toMatchObject({
      errorType: 'NumbersAttached',
      errorMessage: '3 numbers are still attached',
    });
    expect(cause.trace[0]).toContain('3 numbers are still attached');
    expect(cause.trace.length).toBeGreaterThan(1);
  });

  test('Something thrown that is no Error is reported by its type', async () => {
    const error = await failureOf({
      handler: () => {
        throw 'a string';
      },
    });

    expect(error.name).toBe('string');
    expect(JSON.parse(error.message)).toEqual({ errorType: 'string', errorMessage: 'a string', trace: [] });
  });

  test('A result that is no JSON is an error of the runtime', async () => {
    const error = await failureOf({ handler: () => ({ big: 1n }) });

    expect(error.name).toBe('Runtime.MarshalError');
  });
});

describe('The time-out of a function', () => {
  test('A handler that sleeps past it fails as Lambda reports that', async () => {
    const clock = new VirtualClock();
    let wentOn = false;

    const error = await failureOf({
      clock,
      timeoutSeconds: 3,
      handler: async () => {
        await clock.sleep(3500);
        wentOn = true;
      },
    });
    await clock.sleep(60_000);

    expect(error.name).toBe('Sandbox.Timedout');
    expect(JSON.parse(error.message)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: request-1 Error: Task timed out after 3.00 seconds',
    });
    expect(clock.elapsedSeconds).toBe(63);
    expect(wentOn).toBe(false);
  });

  test('A handler in time leaves no timer behind', async () => {
    const clock = new VirtualClock();

    await invoke({ clock, timeoutSeconds: 900, handler: () => clock.sleep(1000) });
    await new Promise((resolve) => setTimeout(resolve, 5));

    expect(clock.elapsedSeconds).toBe(1);
  });

  test('A handler that hangs in real time is timed out', async () => {
    const clock = new VirtualClock();

    const error = await failureOf({
      clock,
      timeoutSeconds: 30,
      realHangMs: 3,
      handler: () => clock.busy(() => new Promise(() => undefined)),
    });

    expect(error.name).toBe('Sandbox.Timedout');
    expect(clock.elapsedSeconds).toBe(30);
  });
});

class NumbersAttached extends Error {
  override readonly name = 'NumbersAttached';
}

function invoke(given: Partial<FunctionInvocation> & Pick<FunctionInvocation, 'handler'>): Promise<unknown> {
  return invokeFunction({
    name: 'Inspect',
    functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:Inspect:3',
    timeoutSeconds: 30,
    payload: {},
    clock: new VirtualClock(),
    requestId: 'request-1',
    ...given,
  });
}

async function failureOf(given: Parameters<typeof invoke>[0]): Promise<Error> {
  const error = await invoke(given).catch((caught: unknown) => caught);
  if (error instanceof Error) return error;
  throw new Error('The invocation did not fail.');
}
