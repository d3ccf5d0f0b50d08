import { Duration } from 'aws-cdk-lib';
import { Errors, JitterType, type RetryProps } from 'aws-cdk-lib/aws-stepfunctions';
import { retriable } from '../lambda/errors.ts';

/**
 * Throttling: the account's rate is shared with whatever else calls Chime, and nobody publishes it. Exponential, fully
 * jittered, capped at five minutes: on average an hour and a half before a run gives up.
 */
export const throttling: RetryProps = {
  errors: [...retriable.throttling],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxDelay: Duration.minutes(5),
  jitterStrategy: JitterType.FULL,
  maxAttempts: 45,
};

/** Trouble at the service or at Lambda, and time-outs: every step may run twice. About a quarter of an hour. */
export const serviceTrouble: RetryProps = {
  errors: [...retriable.serviceTrouble],
  interval: Duration.seconds(2),
  backoffRate: 2,
  maxDelay: Duration.minutes(2),
  jitterStrategy: JitterType.FULL,
  maxAttempts: 20,
};

/**
 * Taking over from an execution that is over: a function of it may run until its own time-out, a quarter of an hour at
 * most, and is waited for.
 */
export const takingOver: RetryProps = {
  errors: [...retriable.takingOver],
  interval: Duration.seconds(30),
  backoffRate: 1,
  maxAttempts: 60,
};

/**
 * The service has not caught up with what it was told: nothing is wrong, so no jitter, and a short cap. About 25
 * minutes; longer than the steps' own patience with a single number, so that a step decides before this gives up.
 */
export const notYetConverged: RetryProps = {
  errors: [...retriable.notYetConverged],
  interval: Duration.seconds(5),
  backoffRate: 1.5,
  maxDelay: Duration.minutes(1),
  jitterStrategy: JitterType.NONE,
  maxAttempts: 30,
};

/** Announcing: whatever is wrong with the event bus, about a quarter of a minute, and then the run goes on unannounced. */
export const announcing: RetryProps = {
  errors: [Errors.ALL],
  interval: Duration.seconds(2),
  backoffRate: 2,
  jitterStrategy: JitterType.FULL,
  maxAttempts: 3,
};
