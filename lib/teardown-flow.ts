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
  stepTask,
} from './tasks.ts';
import type { TeardownSteps } from './teardown-steps.ts';

/** How often the deletion queue is looked at once the window is over; the step gives up three days later. */
const nextCheck = Duration.hours(1);

/**
 * The teardown, from request to deleted connector: the way down first, then what happens on failure. The names of the
 * states are what an operator reads in the console.
 *
 * @param batchConcurrency how many batches are released at the same time, 1 to 40
 */
export function teardownFlow(scope: Construct, steps: TeardownSteps, batchConcurrency: number): IChainable {
  const accept = acceptRequest(scope);
  const inspect = stepTask(scope, 'Inspect voice connector', steps.inspectVoiceConnector);
  const release = fanOut(
    scope,
    'Release phone numbers',
    batchConcurrency,
    [
      stepTask(scope, 'Disassociate phone numbers', steps.disassociatePhoneNumbers, {
        resultPath: JsonPath.DISCARD,
      }),
      stepTask(scope, 'Queue phone numbers', steps.queuePhoneNumbers, { resultPath: JsonPath.DISCARD }),
    ],
    { pace: JsonPath.numberAt('$.pace') },
  );
  const openWindow = stepTask(scope, 'Open deletion window', steps.openDeletionWindow, {
    resultPath: '$.window',
  });
  const waitForLastDay = new Wait(scope, 'Wait until the last day', {
    time: WaitTime.timestampPath('$.window.lastDayAt'),
  });
  const waitForEnd = new Wait(scope, 'Wait until the window ends', {
    time: WaitTime.timestampPath('$.window.endsAt'),
  });
  const check = stepTask(scope, 'Check deletion queue', steps.checkDeletionQueue, { resultPath: '$.check' });
  const waitForCheck = new Wait(scope, 'Wait before next check', { time: WaitTime.duration(nextCheck) });
  const detach = stepTask(scope, 'Detach from groups', steps.detachFromGroups, {
    resultPath: JsonPath.DISCARD,
  });
  const deleteConnector = stepTask(scope, 'Delete voice connector', steps.deleteVoiceConnector, {
    resultPath: JsonPath.DISCARD,
  });
  const closeDeleted = stepTask(scope, 'Close teardown (deleted)', steps.closeTeardown, {
    payload: closing('teardown', 'deleted'),
  });
  const closeRefused = stepTask(scope, 'Close teardown (refused)', steps.closeTeardown, {
    payload: closing('teardown', 'refused'),
  });
  const closeFailed = stepTask(scope, 'Close teardown (failed)', steps.closeTeardown, {
    payload: closing('teardown', 'failed'),
  });

  const deleted = new Succeed(scope, 'Connector deleted', { outputPath: '$.answer' });
  deleteConnector.next(closeDeleted).next(announceEnd(scope, 'Announce completion', deleted));
  const goes = new Choice(scope, 'Is it to leave its groups?')
    .when(Condition.booleanEquals('$.detachFromGroups', true), detach.next(deleteConnector))
    .otherwise(deleteConnector);
  const refused = closeRefused.next(
    announceEnd(scope, 'Announce refusal', failAnswering(scope, 'Teardown refused')),
  );
  const failed = closeFailed.next(
    announceEnd(scope, 'Announce failure', failAnswering(scope, 'Teardown failed')),
  );
  const unrecorded = failWith(scope, 'Teardown failed, unrecorded', '$.failure.Error', '$.failure.Cause');
  const stop = new Pass(scope, 'Stop before the delete', {
    inputPath: '$.check.failure',
    resultPath: '$.failure',
  });

  accept.next(inspect).next(
    new Choice(scope, 'Safe to tear down?')
      .when(is('$.verdict', 'release'), release)
      .when(is('$.verdict', 'delete'), goes)
      .when(is('$.verdict', 'planned'), new Succeed(scope, 'Plan ready', { outputPath: '$.answer' }))
      .when(
        is('$.verdict', 'alreadyDeleted'),
        new Succeed(scope, 'Already deleted', { outputPath: '$.answer' }),
      )
      .otherwise(refused),
  );
  const lastDay = waitForLastDay.next(
    announcement(
      scope,
      'Announce last day',
      { detailType: 'Teardown Last Day', detailPath: '$.window.lastDay' },
      waitForEnd,
    ),
  );
  const untilItEnds = new Choice(scope, 'Is the last day still to come?')
    .when(Condition.booleanEquals('$.window.announcesLastDay', true), lastDay)
    .otherwise(waitForEnd);
  release
    .next(openWindow)
    .next(
      announcement(
        scope,
        'Announce deletion window',
        { detailType: 'Teardown Window Opened', detailPath: '$.window.opened' },
        untilItEnds,
      ),
    );
  waitForEnd
    .next(check)
    .next(
      new Choice(scope, 'Are the numbers gone?')
        .when(is('$.check.verdict', 'gone'), goes)
        .when(is('$.check.verdict', 'stillQueued'), waitForCheck.next(check))
        .otherwise(stop.next(failed)),
    );
  for (const state of [inspect, release, openWindow, check, detach, deleteConnector, closeDeleted])
    orElse(state, failed);
  orElse(closeRefused, unrecorded);
  orElse(closeFailed, unrecorded, '$.closing');
  return accept;
}
