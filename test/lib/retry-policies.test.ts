import { describe, expect, test } from '@jest/globals';
import { retriable } from '../../lambda/errors.ts';
import { taskStates } from '../../local/engine-definition.ts';
import { machineUnderTest, restoreUnderTest } from './state-graph.ts';

/** A retry policy as the definition has it. */
interface Policy {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds?: number;
  readonly MaxAttempts: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

const throttling: Policy = {
  ErrorEquals: [
    'ThrottledClientException',
    'ThrottledClient',
    'Throttled',
    'ThrottledException',
    'Throttling',
    'ThrottlingException',
    'TooManyRequestsException',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'BatchUnfinished',
    'Lambda.TooManyRequestsException',
  ],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxDelaySeconds: 300,
  MaxAttempts: 45,
  JitterStrategy: 'FULL',
};

const serviceTrouble: Policy = {
  ErrorEquals: [
    'ServiceFailureException',
    'ServiceFailure',
    'ServiceUnavailableException',
    'ServiceUnavailable',
    'InternalServerError',
    'ServiceUnreachable',
    'MalformedReply',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.Unknown',
    'Runtime.ExitError',
    'Runtime.OutOfMemory',
    'Sandbox.Timedout',
    'States.Timeout',
  ],
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxDelaySeconds: 120,
  MaxAttempts: 20,
  JitterStrategy: 'FULL',
};

const notYetConverged: Policy = {
  ErrorEquals: ['NotYetReleased', 'NotYetRestored', 'StillAttached', 'StillInGroup', 'StillThere'],
  IntervalSeconds: 5,
  BackoffRate: 1.5,
  MaxDelaySeconds: 60,
  MaxAttempts: 30,
  JitterStrategy: 'NONE',
};

const takingOver: Policy = {
  ErrorEquals: ['OldStepRunning', 'Overtaken'],
  IntervalSeconds: 30,
  BackoffRate: 1,
  MaxAttempts: 60,
};

const policies = [throttling, serviceTrouble, notYetConverged, takingOver];

/** What no waiting helps. */
const permanent = [
  'AccessDeniedException',
  'BadEnvironment',
  'BadRequestException',
  'BadRequest',
  'ForbiddenException',
  'Forbidden',
  'InGroup',
  'InUse',
  'LastMember',
  'LedgerMismatch',
  'LockLost',
  'NotFoundException',
  'NumbersNotReleased',
  'NumbersStillQueued',
  'Protected',
  'ResourceLimitExceededException',
  'UnauthorizedClientException',
  'UnauthorizedClient',
  'UnprocessableEntityException',
  'ValidationException',
];

const machines = { teardown: machineUnderTest(), restore: restoreUnderTest() };
const { functions } = machines.teardown;
const tasks = Object.entries(machines).flatMap(([machine, { definition }]) =>
  taskStates(definition).map(([name, { Resource, Retry }]) => ({ machine, name, Resource, Retry })),
);
/** Those that call a step; the others announce something. */
const steps = tasks.filter(({ Resource }) => functions.has(String(Resource)));
const used = steps.flatMap(({ Retry = [] }) => Retry as Policy[]);

describe('Retries', () => {
  test.each(steps)("of '$name' ($machine) are these, in this order", ({ Retry }) => {
    expect(Retry).toEqual(policies);
  });

  test('are those of two machines, and of every function but those of the dashboard', () => {
    expect(new Set(steps.map(({ machine }) => machine))).toEqual(new Set(['teardown', 'restore']));
    const called = new Set(steps.map(({ Resource }) => functions.get(String(Resource))?.step));
    const all = new Set([...functions.values()].map(({ step }) => step));
    expect(all).toEqual(new Set([...called, 'ShowBoard', 'RequestRestore']));
  });

  test.each(tasks.filter((task) => !steps.includes(task)))(
    "of '$name' ($machine), which only announces, are few, and over in half a minute",
    ({ Retry }) => {
      const [policy, ...others] = Retry as Policy[];
      expect(others).toEqual([]);
      expect(policy).toEqual({
        ...{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, BackoffRate: 2 },
        ...{ MaxAttempts: 3, JitterStrategy: 'FULL' },
      });
      expect(waits(policy as Policy).reduce(sum)).toBeLessThan(30);
    },
  );

  test('cover throttling for more than an hour on average, though full jitter halves every wait', () => {
    expect(expectedSeconds(throttling)).toBeGreaterThan(1.5 * 60 * 60);
  });

  test('cover trouble at the service for about a quarter of an hour', () => {
    expect(expectedSeconds(serviceTrouble)).toBeGreaterThanOrEqual(14 * 60);
  });

  test('outlast the five minutes that a step has for a number which the service shows differently', () => {
    expect(expectedSeconds(notYetConverged)).toBeGreaterThan(4 * 5 * 60);
  });

  test('outlast what a function of the execution before may still run for, whichever it is', () => {
    const longest = Math.max(...[...functions.values()].map(({ timeoutSeconds }) => timeoutSeconds));
    expect(waits(takingOver).reduce(sum)).toBeGreaterThan(1.5 * longest);
  });

  test.each(Object.entries(machines))(
    'all together end before the machine does: %s',
    (_name, { definition }) => {
      const longest = policies.map((policy) => waits(policy).reduce(sum));
      expect(longest.reduce(sum)).toBeLessThan(days);
      expect(definition.TimeoutSeconds).toBeGreaterThan(2 * days);
    },
  );

  test.each(permanent)('are not made for %s', (error) => {
    expect(used.filter(({ ErrorEquals }) => ErrorEquals.includes(error))).toEqual([]);
  });

  test('of a step are never made for every error there is', () => {
    const named = used.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(named).not.toContain('States.ALL');
    expect(named).not.toContain('States.TaskFailed');
  });
});

test('Every group of errors that is worth another try has its policy', () => {
  const groups = Object.values(retriable).map((errors) => [...errors]);
  expect(groups).toEqual(policies.map(({ ErrorEquals }) => ErrorEquals));
});

test('No error is in two groups, where only the first would count', () => {
  const errors = Object.values(retriable).flat();
  expect(errors).toEqual([...new Set(errors)]);
});

const days = 24 * 60 * 60;

/** The longest wait before each retry, in seconds. */
function waits(policy: Policy): number[] {
  const { IntervalSeconds, BackoffRate, MaxDelaySeconds = Number.POSITIVE_INFINITY, MaxAttempts } = policy;
  return Array.from({ length: MaxAttempts }, (_, retry) =>
    Math.min(IntervalSeconds * BackoffRate ** retry, MaxDelaySeconds),
  );
}

/** How long a step is retried on average, in seconds, its own running time left out. */
function expectedSeconds(policy: Policy): number {
  const longest = waits(policy).reduce(sum);
  // Full jitter: each wait is drawn evenly from nothing to the longest.
  return policy.JitterStrategy === 'FULL' ? longest / 2 : longest;
}

function sum(total: number, one: number): number {
  return total + one;
}
