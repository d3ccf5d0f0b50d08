import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  type IChainable,
  JsonPath,
  Pass,
  Succeed,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { RestoreSteps } from './restore-steps.ts';
import {
  acceptRequest,
  announceEnd,
  closing,
  failAnswering,
  failWith,
  fanOut,
  is,
  orElse,
  orGoOn,
  stepTask,
} from './tasks.ts';

/** How long the service is given to catch up before the numbers are looked at, each time: a look must not see the past. */
const nextLook = Duration.minutes(2);

/**
 * The way back, from request to restored connector: the way through first, then what happens on failure.
 *
 * @param batchConcurrency how many batches are restored at the same time, 1 to 40; two are taken out of the queue at least
 */
export function restoreFlow(scope: Construct, steps: RestoreSteps, batchConcurrency: number): IChainable {
  const accept = acceptRequest(scope);
  const inspect = stepTask(scope, 'Inspect teardown', steps.inspectTeardown);
  const requestNames = stepTask(scope, 'Request names', steps.requestNames, { resultPath: JsonPath.DISCARD });
  // Every number out of the queue first: nothing that goes wrong with a connector may keep another batch in there.
  // One call for each number, against the end of the window.
  const atOnce = Math.max(2, batchConcurrency);
  const takeOut = fanOut(scope, 'Take phone numbers out of the queue', atOnce, [
    stepTask(scope, 'Restore phone numbers', steps.restorePhoneNumbers, { resultPath: JsonPath.DISCARD }),
  ]);
  const bringBack = fanOut(scope, 'Bring phone numbers back', batchConcurrency, [
    stepTask(scope, 'Associate phone numbers', steps.associatePhoneNumbers, { resultPath: JsonPath.DISCARD }),
    requestNames,
  ]);
  const waitForLook = new Wait(scope, 'Wait before next look', { time: WaitTime.duration(nextLook) });
  const verify = stepTask(scope, 'Verify restore', steps.verifyRestore, { resultPath: '$.check' });
  const takeMissing = new Pass(scope, 'Take what is missing', {
    inputPath: '$.check.batches',
    resultPath: '$.batches',
  });
  // The numbers first: a group that does not take the connector back must not keep any of them off it.
  const rejoin = stepTask(scope, 'Rejoin groups', steps.rejoinGroups, { resultPath: '$.check' });
  const closeRestored = stepTask(scope, 'Close teardown (restored)', steps.closeTeardown, {
    payload: closing('restore', 'restored'),
  });
  const closeIncomplete = stepTask(scope, 'Close teardown (incomplete)', steps.closeTeardown, {
    payload: closing('restore', 'incomplete'),
  });
  const closeRefused = stepTask(scope, 'Close teardown (refused)', steps.closeTeardown, {
    payload: closing('restore', 'refused'),
  });
  const closeFailed = stepTask(scope, 'Close teardown (failed)', steps.closeTeardown, {
    payload: closing('restore', 'failed'),
  });

  const back = new Succeed(scope, 'Connector restored', { outputPath: '$.answer' });
  const restored = closeRestored.next(announceEnd(scope, 'Announce restore', back));
  const incomplete = closeIncomplete.next(
    announceEnd(scope, 'Announce shortfall', failAnswering(scope, 'Restore incomplete')),
  );
  const refused = closeRefused.next(
    announceEnd(scope, 'Announce refusal', failAnswering(scope, 'Restore refused')),
  );
  const failed = closeFailed.next(
    announceEnd(scope, 'Announce failure', failAnswering(scope, 'Restore failed')),
  );
  const unrecorded = failWith(scope, 'Restore failed, unrecorded', '$.failure.Error', '$.failure.Cause');

  accept.next(inspect).next(
    new Choice(scope, 'Is there anything to restore?')
      .when(is('$.verdict', 'restore'), takeOut)
      .when(is('$.verdict', 'planned'), new Succeed(scope, 'Restore planned', { outputPath: '$.answer' }))
      .when(
        is('$.verdict', 'alreadyRestored'),
        new Succeed(scope, 'Already restored', { outputPath: '$.answer' }),
      )
      .otherwise(refused),
  );
  takeOut
    .next(bringBack)
    .next(waitForLook)
    .next(verify)
    .next(
      new Choice(scope, 'Are the numbers back?')
        .when(is('$.check.verdict', 'notYet'), takeMissing.next(takeOut))
        .otherwise(rejoin),
    );
  rejoin.next(
    new Choice(scope, 'Is everything back?')
      .when(is('$.check.verdict', 'restored'), restored)
      .otherwise(incomplete),
  );
  orGoOn(requestNames, new Pass(scope, 'Names left as they are'));
  for (const state of [inspect, takeOut, bringBack, verify, rejoin, closeRestored, closeIncomplete])
    orElse(state, failed);
  orElse(closeRefused, unrecorded);
  orElse(closeFailed, unrecorded, '$.closing');
  return accept;
}
