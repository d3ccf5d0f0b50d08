/**
 * The errors that leave a step. Their names are a contract: Retry and Catch of the state machine match them by name
 * (see `retriable` below), and operators read them in the console. So each name is written out - a minified bundle
 * renames classes, never strings.
 */

/** An error that the workflow may see: a literal name, and a sentence for the operator. What is behind it is left out: it may hold numbers. */
export abstract class StepError extends Error {
  abstract override readonly name: string;
}

/** An AWS service refused a whole call. `name` is the service's own (`ForbiddenException`), the message is masked. */
export class ServiceError extends StepError {
  override readonly name: string;
  /** HTTP status of the answer; absent where no answer came. */
  readonly status: number | undefined;

  constructor(name: string, message: string, status?: number) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

/** No usable answer came: connection reset, time-out. Whether the call had its effect is unknown. */
export class ServiceUnreachable extends StepError {
  override readonly name = 'ServiceUnreachable';
}

/** An answer came that the SDK or the adapter cannot read. Whether the call had its effect is unknown. */
export class MalformedReply extends StepError {
  override readonly name = 'MalformedReply';
}

/**
 * Some numbers of a batch were refused for a passing reason, or the time of the step was up before them; run again, it takes
 * only these.
 */
export class BatchUnfinished extends StepError {
  override readonly name = 'BatchUnfinished';
}

/** Numbers that were disassociated still count as associated: the service has not caught up yet. */
export class NotYetReleased extends StepError {
  override readonly name = 'NotYetReleased';
}

/** The connector cannot be deleted yet: numbers are still attached, or the service believes so. */
export class StillAttached extends StepError {
  override readonly name = 'StillAttached';
}

/** The connector was deleted but the service still shows it. */
export class StillThere extends StepError {
  override readonly name = 'StillThere';
}

/** Numbers that the service refused to release for good; the run ends before the wait. */
export class NumbersNotReleased extends StepError {
  override readonly name = 'NumbersNotReleased';
}

/** The deletion window and the days of grace behind it are over, and numbers are still in the queue. */
export class NumbersStillQueued extends StepError {
  override readonly name = 'NumbersStillQueued';
}

/** The ledger lacks what an earlier step wrote. */
export class LedgerMismatch extends StepError {
  override readonly name = 'LedgerMismatch';
}

/** Another execution holds the teardown: this one may do nothing more. */
export class LockLost extends StepError {
  override readonly name = 'LockLost';
}

/** This execution has taken the teardown over, and a function of the one before it may still be running. */
export class OldStepRunning extends StepError {
  override readonly name = 'OldStepRunning';
}

/** Another execution has opened or taken over the teardown since this one looked: the inspection looks again. */
export class Overtaken extends StepError {
  override readonly name = 'Overtaken';
}

/** Somebody has put the protection tag on the connector since it was inspected, or its tags cannot be read. */
export class Protected extends StepError {
  override readonly name = 'Protected';
}

/** Calls went through the connector since its release began. */
export class InUse extends StepError {
  override readonly name = 'InUse';
}

/** The connector became a member of a group since it was inspected, and is not to be taken out of groups. */
export class InGroup extends StepError {
  override readonly name = 'InGroup';
}

/** Taking the connector out of its group would leave a group that has numbers without any connector. */
export class LastMember extends StepError {
  override readonly name = 'LastMember';
}

/** The group still has the connector as a member, though it was to be taken out. */
export class StillInGroup extends StepError {
  override readonly name = 'StillInGroup';
}

/** Numbers that were taken out of the deletion queue, or put on the connector, do not show that yet. */
export class NotYetRestored extends StepError {
  override readonly name = 'NotYetRestored';
}

/** A setting of the function is missing or unreadable: a fault of the deployment, not of the request. */
export class BadEnvironment extends StepError {
  override readonly name = 'BadEnvironment';
}

/**
 * The errors of verdicts, each with the workflow that ends with it: what a step answers instead of throwing it, as the run
 * goes on to be closed.
 */
export const verdictErrors = {
  /** Somebody has taken numbers of the plan back while the window was waited out; the connector stays. */
  NumbersReclaimed: 'teardown',
  /** The service failed to release numbers that are in the deletion queue; the connector stays. */
  NumbersStuck: 'teardown',
  /** Numbers are neither back nor gone: the service refused them, or has not shown them where they belong. */
  NumbersNotRestored: 'restore',
  /** All that could be is back; the other numbers are gone for good. */
  NumbersGone: 'restore',
  /** There is no connector to put the numbers back on. */
  ConnectorGone: 'restore',
  /** Every number is back, and the connector is not in every group that it was taken out of. */
  GroupsNotRejoined: 'restore',
} as const;
/** The name of one of them. */
export type VerdictError = keyof typeof verdictErrors;

/** A verdict that ends a run in red, in the form in which a state machine hands errors on (`Failure` in ./journey.ts). */
export interface VerdictFailure {
  readonly Error: VerdictError;
  /** A sentence for the operator, without numbers. */
  readonly Cause: string;
}

/**
 * Which errors are worth another try, by the reason they have in common; the flow gives each group a retry policy.
 * Services name an error `XException` in the error header and `X` in the body's code, so both are listed: an adapter
 * settles on one, but Retry matches exact names and must not depend on it. What is not listed is never retried:
 * refusals (`ForbiddenException`, `BadRequestException`) do not get better by asking again.
 */
export const retriable = {
  throttling: [
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
  serviceTrouble: [
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
  notYetConverged: ['NotYetReleased', 'NotYetRestored', 'StillAttached', 'StillInGroup', 'StillThere'],
  takingOver: ['OldStepRunning', 'Overtaken'],
} as const satisfies Record<string, readonly string[]>;

const passing: ReadonlySet<string> = new Set([...retriable.throttling, ...retriable.serviceTrouble]);

/** Whether an error is one that passes by itself: throttling, or trouble at a service. */
export function isPassing({ name }: Error): boolean {
  return passing.has(name);
}
