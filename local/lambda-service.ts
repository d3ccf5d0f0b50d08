import { isNativeError } from 'node:util/types';
import type { Context } from 'aws-lambda';
import type { Sandbox, VirtualClock } from './clock.ts';

/** Real milliseconds after which a handler that has not answered counts as hung. */
const REAL_HANG_MS = 30_000;

export interface FunctionInvocation {
  /** The function's name. */
  readonly name: string;
  /** Qualified ARN, whose last part is the version; by default `$LATEST` of an example account. */
  readonly functionArn?: string;
  readonly handler: (event: never, context: Context) => unknown;
  /** The function's time-out, in virtual seconds. */
  readonly timeoutSeconds: number;
  readonly payload: unknown;
  readonly clock: VirtualClock;
  readonly requestId: string;
  /** Rejects when the function's process dies, e.g. with `processDied`. */
  readonly death?: Promise<never>;
  /** Is given the hold that the invocation has on time. */
  readonly onStart?: (sandbox: Sandbox) => void;
  /** Real milliseconds without an answer after which the time-out is let pass; default 30,000. */
  readonly realHangMs?: number;
}

/** What Step Functions sees of a failed function: `name` is the error type, `message` the JSON of Lambda's answer. */
export class FunctionError extends Error {
  constructor(report: { errorType: string; errorMessage: string; trace?: readonly string[] }) {
    super(JSON.stringify(report));
    this.name = report.errorType;
  }
}

/**
 * Invokes a handler as Lambda does: payload and result pass through JSON, and the time-out counts on the virtual
 * clock. What a handler leaves behind, or still does after its time-out, is frozen: it neither holds nor moves time.
 *
 * Throws {@link FunctionError}: the handler's error, `Sandbox.Timedout`, or `Runtime.MarshalError`.
 */
export function invokeFunction(invocation: FunctionInvocation): Promise<unknown> {
  const { clock, timeoutSeconds, requestId, realHangMs = REAL_HANG_MS } = invocation;
  return clock.sandbox(async (sandbox) => {
    const timeOut = Promise.withResolvers<never>();
    const timer = clock.setTimeout(
      () => timeOut.reject(timedOut(requestId, timeoutSeconds)),
      timeoutSeconds * 1000,
    );
    const hangWatch = setTimeout(() => sandbox.giveUp(), realHangMs);
    invocation.onStart?.(sandbox);
    try {
      return await Promise.race([
        callHandler(invocation),
        timeOut.promise,
        ...(invocation.death ? [invocation.death] : []),
      ]);
    } finally {
      clock.clearTimeout(timer);
      clearTimeout(hangWatch);
    }
  });
}

/** What Step Functions sees of a function whose process has died. */
export function processDied(requestId: string): FunctionError {
  const errorMessage = `RequestId: ${requestId} Error: Runtime exited with error: signal: killed`;
  return new FunctionError({ errorType: 'Runtime.ExitError', errorMessage });
}

async function callHandler(invocation: FunctionInvocation): Promise<unknown> {
  const event = JSON.parse(JSON.stringify(invocation.payload ?? null)) as never;
  let result: unknown;
  try {
    result = await invocation.handler(event, contextOf(invocation));
  } catch (error) {
    throw asLambdaReports(error);
  }
  return marshalled(result);
}

function marshalled(result: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(result) ?? 'null');
  } catch (error) {
    const errorMessage = 'Unable to stringify response body';
    throw new FunctionError({ errorType: 'Runtime.MarshalError', errorMessage, trace: traceOf(error) });
  }
}

/** As the Node.js runtime interface client does it: errors with name, message and stack, anything else as a string. */
function asLambdaReports(error: unknown): FunctionError {
  if (!isError(error)) {
    return new FunctionError({ errorType: typeof error, errorMessage: String(error), trace: [] });
  }
  return new FunctionError({ errorType: error.name, errorMessage: error.message, trace: traceOf(error) });
}

function traceOf(error: unknown): string[] {
  return isError(error) ? (error.stack ?? '').split('\n') : [];
}

/** Also for an error of Node's own modules, which in a test may come from another realm. */
function isError(error: unknown): error is Error {
  return isNativeError(error) || error instanceof Error;
}

function timedOut(requestId: string, timeoutSeconds: number): FunctionError {
  return new FunctionError({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  });
}

function contextOf(invocation: FunctionInvocation): Context {
  const { name, clock, timeoutSeconds, requestId } = invocation;
  const { functionArn = `arn:aws:lambda:us-east-1:123456789012:function:${name}` } = invocation;
  const deadline = clock.now().getTime() + timeoutSeconds * 1000;
  return {
    functionName: name,
    functionVersion: functionArn.split(':')[7] ?? '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: '512',
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: requestId,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - clock.now().getTime()),
    done: refuseCallback,
    fail: refuseCallback,
    succeed: refuseCallback,
  };
}

function refuseCallback(): never {
  throw new Error('Callbacks are not offered by the Node.js 24 runtime: return a promise.');
}
