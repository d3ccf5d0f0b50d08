import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  type IChainable,
  JsonPath,
  Pass,
  Succeed,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { StepFunction } from './step-function.ts';
import {
  acceptRequest,
  announceEnd,
  announcement,
  closing,
  failAnswering,
  failWith,
  fanOut,
  is,
  orElse,
  type StepTaskProps,
  stateKept,
  stepTask,
} from './tasks.ts';
import type { TeardownSteps } from './teardown-steps.ts';

/** How often the deletion queue is looked at once the window is over; the step gives up three days later. */
const nextCheck = Duration.hours(1);

/**
 * The teardown, from request to deleted connector. What fails on the way, or is refused, goes to one of the endings at the
 * foot of this file. The names of the states are what an operator reads in the console.
 *
 * @param batchConcurrency how many batches are released at the same time, 1 to 40
 */
export function teardownFlow(scope: Construct, steps: TeardownSteps, batchConcurrency: number): IChainable {
  const { deleted, refused, failed } = endings(scope, steps.closeTeardown);
  const step = (name: string, calls: StepFunction, props?: StepTaskProps) =>
    orElse(stepTask(scope, name, calls, props), failed);
  const answered = (name: string) => new Succeed(scope, name, { outputPath: '$.answer' });

  // Nothing is touched before the inspection has said that it may be.
  const accept = acceptRequest(scope);
  const inspect = step('Inspect voice connector', steps.inspectVoiceConnector);
  const safeToTearDown = new Choice(scope, 'Safe to tear down?')
    .when(is('$.verdict', 'planned'), answered('Plan ready'))
    .when(is('$.verdict', 'alreadyDeleted'), answered('Already deleted'))
    .otherwise(refused);
  accept.next(inspect).next(safeToTearDown);

  // Every number off the connector and into the deletion queue, batch by batch.
  const disassociate = stepTask(
    scope,
    'Disassociate phone numbers',
    steps.disassociatePhoneNumbers,
    stateKept,
  );
  const queue = stepTask(scope, 'Queue phone numbers', steps.queuePhoneNumbers, stateKept);
  const release = orElse(
    fanOut(scope, 'Release phone numbers', batchConcurrency, [disassociate, queue], {
      pace: JsonPath.numberAt('$.pace'),
    }),
    failed,
  );
  const openWindow = step('Open deletion window', steps.openDeletionWindow, { resultPath: '$.window' });
  safeToTearDown.when(is('$.verdict', 'release'), release.next(openWindow));

  // Seven days in which all of it can be undone, the last of them announced.
  const announceWindow = announcement(scope, 'Announce deletion window', {
    detailType: 'Teardown Window Opened',
    detailPath: '$.window.opened',
  });
  const waitForLastDay = new Wait(scope, 'Wait until the last day', {
    time: WaitTime.timestampPath('$.window.lastDayAt'),
  });
  const announceLastDay = announcement(scope, 'Announce last day', {
    detailType: 'Teardown Last Day',
    detailPath: '$.window.lastDay',
  });
  const waitForEnd = new Wait(scope, 'Wait until the window ends', {
    time: WaitTime.timestampPath('$.window.endsAt'),
  });
  openWindow
    .next(announceWindow)
    .next(
      new Choice(scope, 'Is the last day still to come?')
        .when(
          Condition.booleanEquals('$.window.announcesLastDay', true),
          waitForLastDay.next(announceLastDay).next(waitForEnd),
        )
        .otherwise(waitForEnd),
    );

  // The connector stays until every number is gone; the run ends here where somebody has taken one back, or one is stuck.
  const check = step('Check deletion queue', steps.checkDeletionQueue, { resultPath: '$.check' });
  const waitForCheck = new Wait(scope, 'Wait before next check', { time: WaitTime.duration(nextCheck) });
  const stop = new Pass(scope, 'Stop before the delete', {
    inputPath: '$.check.failure',
    resultPath: '$.failure',
  });
  const numbersGone = new Choice(scope, 'Are the numbers gone?')
    .when(is('$.check.verdict', 'stillQueued'), waitForCheck.next(check))
    .otherwise(stop.next(failed));
  waitForEnd.next(check).next(numbersGone);

  // Then the connector goes.
  const detach = step('Detach from groups', steps.detachFromGroups, stateKept);
  const deleteConnector = step('Delete voice connector', steps.deleteVoiceConnector, stateKept);
  deleteConnector.next(deleted);
  const toLeaveGroups = new Choice(scope, 'Is it to leave its groups?')
    .when(Condition.booleanEquals('$.detachFromGroups', true), detach.next(deleteConnector))
    .otherwise(deleteConnector);
  numbersGone.when(is('$.check.verdict', 'gone'), toLeaveGroups);
  safeToTearDown.when(is('$.verdict', 'delete'), toLeaveGroups);
  return accept;
}

/** How a teardown ends: written into the ledger, announced, and only then green or red. */
function endings(scope: Construct, closeTeardown: StepFunction) {
  const close = (outcome: 'deleted' | 'refused' | 'failed') =>
    stepTask(scope, `Close teardown (${outcome})`, closeTeardown, { payload: closing('teardown', outcome) });
  const unrecorded = failWith(scope, 'Teardown failed, unrecorded', '$.failure.Error', '$.failure.Cause');
  const failed = orElse(close('failed'), unrecorded, '$.closing')
    .next(announceEnd(scope, 'Announce failure'))
    .next(failAnswering(scope, 'Teardown failed'));
  const refused = orElse(close('refused'), unrecorded)
    .next(announceEnd(scope, 'Announce refusal'))
    .next(failAnswering(scope, 'Teardown refused'));
  const deleted = orElse(close('deleted'), failed)
    .next(announceEnd(scope, 'Announce completion'))
    .next(new Succeed(scope, 'Connector deleted', { outputPath: '$.answer' }));
  return { deleted, refused, failed };
}
