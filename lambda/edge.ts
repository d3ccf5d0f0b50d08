import { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { productMetrics, writeMetrics } from './aws/measure.ts';
import { type Clock, systemClock } from './clock.ts';
import { BadEnvironment } from './errors.ts';
import { maskNumbers } from './words/mask.ts';

/** What surrounds a step: the parts of the outside world that are not a service. */
export interface Edge {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** A number in [0, 1), for the jitter of back-offs. */
  random(): number;
  readonly log: Logger;
  /** Where calls are counted; nowhere, if undefined. */
  readonly metrics?: Metrics;
  /** How long a call to a service may go without an answer, in ms. */
  readonly requestTimeoutMs: number;
  /** How often a call is tried at most, the first time included; by default as often as a workflow can wait for. */
  readonly attempts?: number;
  /** Where the services are; what is left out comes from the SDK's default chain (`AWS_ENDPOINT_URL…`, Region, role). */
  readonly chime: Connection;
  readonly dynamodb: Connection;
  readonly states: Connection;
  readonly cloudwatch: Connection;
  readonly events: Connection;
}

/** Settings of an SDK client. */
export interface Connection {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What carries the requests; by default the SDK's own handler, with the time-outs of `clientSettings`. */
  readonly requestHandler?: NonNullable<DynamoDBClientConfig['requestHandler']>;
}

/** A step with its ports connected: what is left is from input to output. */
export type Step<Input, Output> = (input: Input) => Promise<Output>;

/** The edge of a deployed function. */
function lambdaEdge(): Edge {
  return {
    env: process.env,
    clock: systemClock,
    random: Math.random,
    log: new Logger(),
    metrics: productMetrics(),
    requestTimeoutMs: 15_000,
    chime: {},
    dynamodb: {},
    states: {},
    cloudwatch: {},
    events: {},
  };
}

/**
 * The Lambda handler of a step. Its ports are connected once per execution environment, at the first call; nothing
 * else outlives an invocation. Logs carry the execution's id, and an error leaves with its numbers masked, whatever
 * raised it.
 */
export function onLambda<Input, Output>(
  connect: (edge: Edge) => Step<Input, Output>,
  makeEdge: () => Edge = lambdaEdge,
): (input: Input, context: Context) => Promise<Output> {
  let connected: { edge: Edge; step: Step<Input, Output> } | undefined;
  return async (input, context) => {
    connected ??= connectTo(makeEdge(), connect);
    const { edge, step } = connected;
    edge.log.addContext(context);
    edge.log.resetKeys();
    edge.log.appendKeys({ execution: executionIn(input) });
    try {
      const output = await step(input);
      edge.log.info('Step done', { output });
      return output;
    } catch (error) {
      const masked = maskError(error);
      edge.log.error('Step failed', masked);
      throw masked;
    } finally {
      if (edge.metrics !== undefined) writeMetrics(edge.metrics, executionIn(input));
    }
  };
}

/** A required environment variable. */
export function required(env: Edge['env'], name: string): string {
  const value = env[name];
  if (!value)
    throw new BadEnvironment(
      `The function's environment variable ${name} is missing: deploy the stack again.`,
    );
  return value;
}

/** A required environment variable that is a whole number, 0 or more. */
export function requiredNumber(env: Edge['env'], name: string): number {
  const value = Number(required(env, name));
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new BadEnvironment(
      `The function's environment variable ${name} must be a whole number: deploy the stack again.`,
    );
  }
  return value;
}

function connectTo<Input, Output>(edge: Edge, connect: (edge: Edge) => Step<Input, Output>) {
  return { edge, step: connect(edge) };
}

/** The ARN of the execution that an input is about: a step's, or that of a status change. */
function executionIn(input: unknown): string | undefined {
  const { execution, executionArn } = (input ?? {}) as {
    execution?: { id?: unknown };
    executionArn?: unknown;
  };
  const arn = execution?.id ?? executionArn;
  return typeof arn === 'string' ? arn : undefined;
}

/** The same error, its numbers masked, without the objects (replies, causes) that hang on to unmasked ones. */
function maskError(error: unknown): Error {
  const original = error instanceof Error ? error : new Error(String(error));
  const masked = new Error(maskNumbers(original.message));
  masked.name = original.name;
  masked.stack = maskNumbers(original.stack ?? `${masked.name}: ${masked.message}`);
  return masked;
}
