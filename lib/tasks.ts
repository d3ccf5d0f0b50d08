import { Duration } from 'aws-cdk-lib';
import {
  Chain,
  Condition,
  Errors,
  Fail,
  type IChainable,
  JsonPath,
  Map as MapState,
  Pass,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { EventBridgePutEvents, LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { type NoticeType, noticeSource } from '../lambda/notice-types.ts';
import { announcing, notYetConverged, serviceTrouble, takingOver, throttling } from './retry-policies.ts';
import type { StepFunction } from './step-function.ts';

/** What a task waits longer than its function may run: so that it is the function that reports its own time-out. */
const slack = Duration.seconds(60);

/** How long a single try to announce may take. */
const longestAnnouncement = Duration.seconds(30);

/** What is special about a state that calls a step. */
export interface StepTaskProps {
  /** What the step is given instead of the whole state. */
  readonly payload?: TaskInput;
  /** Where its answer goes; by default it becomes the state. */
  readonly resultPath?: string;
}

/** The state goes on as it was: what the step has done is in the ledger, or at the service. */
export const stateKept: StepTaskProps = { resultPath: JsonPath.DISCARD };

/** How every workflow begins: wraps the input, whatever it is, and tells the steps for which execution they work. */
export function acceptRequest(scope: Construct): Pass {
  return new Pass(scope, 'Accept request', {
    parameters: {
      request: JsonPath.entirePayload,
      execution: {
        id: JsonPath.executionId,
        startedAt: JsonPath.executionStartTime,
        stateMachine: JsonPath.stateMachineId,
      },
    },
  });
}

/** A state that calls a step, with the house's time-out and retry policies. */
export function stepTask(
  scope: Construct,
  name: string,
  step: StepFunction,
  props: StepTaskProps = {},
): LambdaInvoke {
  const task = new LambdaInvoke(scope, name, {
    lambdaFunction: step.version,
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
    taskTimeout: Timeout.duration(step.timeout.plus(slack)),
    ...props,
  });
  for (const policy of [throttling, serviceTrouble, notYetConverged, takingOver]) task.addRetry(policy);
  return task;
}

/**
 * A Map over the plan's batches, each of which goes through the given tasks.
 *
 * @param more what an iteration is given beyond what every one needs to find its batch
 */
export function fanOut(
  scope: Construct,
  name: string,
  maxConcurrency: number,
  tasks: LambdaInvoke[],
  more: Readonly<Record<string, unknown>> = {},
): MapState {
  const map = new MapState(scope, name, {
    itemsPath: '$.batches',
    maxConcurrency,
    itemSelector: {
      voiceConnectorId: JsonPath.stringAt('$.voiceConnectorId'),
      generation: JsonPath.stringAt('$.generation'),
      execution: JsonPath.objectAt('$.execution'),
      batch: JsonPath.numberAt('$$.Map.Item.Value'),
      ...more,
    },
    resultPath: JsonPath.DISCARD,
  });
  return map.itemProcessor(inOrder(tasks));
}

/** How a run may end by itself. */
type Outcome = 'refused' | 'failed' | 'deleted' | 'restored' | 'incomplete';

/** What "Close teardown" is given: how a run of which workflow ended, and its whole state. */
export function closing(workflow: 'teardown' | 'restore', outcome: Outcome): TaskInput {
  return TaskInput.fromObject({
    outcome,
    workflow,
    execution: JsonPath.objectAt('$.execution'),
    state: JsonPath.entirePayload,
  });
}

/** What is announced, and under which name. */
export interface AnnouncementProps {
  /** Where the state has what is announced. */
  readonly detailPath: string;
  /** The `detail-type`, where it is always the same; by default the state has it, in `$.notice`. */
  readonly detailType?: NoticeType;
}

/** A state that puts a notice on the default event bus. */
export class Announcement extends EventBridgePutEvents {
  /**
   * The run goes on whether the bus has taken the notice or not: nobody's teardown fails, or waits, because nobody could be
   * told.
   */
  public override next(next: IChainable): Chain {
    orGoOn(this, next);
    return super.next(next);
  }
}

/** Announces what has come to pass. What is next comes in any case; a state must come. */
export function announcement(
  scope: Construct,
  name: string,
  { detailPath, detailType }: AnnouncementProps,
): Announcement {
  const task = new Announcement(scope, name, {
    entries: [
      {
        source: noticeSource,
        detailType: detailType ?? JsonPath.stringAt('$.notice.detailType'),
        detail: TaskInput.fromJsonPathAt(detailPath),
      },
    ],
    resultPath: JsonPath.DISCARD,
    taskTimeout: Timeout.duration(longestAnnouncement),
  });
  task.addRetry(announcing);
  return task;
}

/** Announces how a run has ended, as its "Close teardown" says. */
export function announceEnd(scope: Construct, name: string): Announcement {
  return announcement(scope, name, { detailPath: '$.notice.detail' });
}

/**
 * Sends whatever goes wrong in `state` to `next`, with the error in `$.failure`. `States.ALL` does not cover a state
 * that has grown over 256 KiB, so that is named beside it.
 */
export function orElse<State extends LambdaInvoke | MapState | EventBridgePutEvents>(
  state: State,
  next: IChainable,
  resultPath = '$.failure',
): State {
  state.addCatch(next, { errors: ['States.DataLimitExceeded'], resultPath });
  state.addCatch(next, { errors: [Errors.ALL], resultPath });
  return state;
}

/** Lets the run go on from `next` whatever goes wrong in `state`: for what is not worth failing for. */
export function orGoOn(state: LambdaInvoke | EventBridgePutEvents, next: IChainable): void {
  orElse(state, next, JsonPath.DISCARD);
}

/** Whether a step's answer says so. */
export function is(path: string, value: string): Condition {
  return Condition.stringEquals(path, value);
}

/** Ends the run in red, with the error and the sentence found in its state. */
export function failWith(scope: Construct, name: string, errorPath: string, causePath: string): Fail {
  return new Fail(scope, name, { errorPath, causePath });
}

/** Ends the run in red, with the error and the sentence of its answer. */
export function failAnswering(scope: Construct, name: string): Fail {
  return failWith(scope, name, '$.answer.error', '$.answer.cause');
}

function inOrder(tasks: readonly LambdaInvoke[]): Chain {
  const [first, ...rest] = tasks;
  if (first === undefined) throw new Error('A Map needs at least one task.');
  return rest.reduce<Chain>((chain, task) => chain.next(task), Chain.start(first));
}
