import { Duration } from 'aws-cdk-lib';
import { Choice, type IChainable, Pass, Succeed, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { RestoreSteps } from './restore-steps.ts';
import type { StepFunction } from './step-function.ts';
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
  type StepTaskProps,
  stateKept,
  stepTask,
} from './tasks.ts';

/** How long the service is given to catch up before the numbers are looked at, each time: a look must not see the past. */
const nextLook = Duration.minutes(2);

/**
 * The way back, from request to restored connector. What fails on the way, or is refused, goes to one of the endings at the
 * foot of this file.
 *
 * @param batchConcurrency how many batches are restored at the same time, 1 to 40; two are taken out of the queue at least
 */
export function restoreFlow(scope: Construct, steps: RestoreSteps, batchConcurrency: number): IChainable {
  const { restored, incomplete, refused, failed } = endings(scope, steps.closeTeardown);
  const step = (name: string, calls: StepFunction, props?: StepTaskProps) =>
    orElse(stepTask(scope, name, calls, props), failed);
  const answered = (name: string) => new Succeed(scope, name, { outputPath: '$.answer' });

  // The teardown is halted, and nothing of it is at work any more, before anything is brought back.
  const accept = acceptRequest(scope);
  const inspect = step('Inspect teardown', steps.inspectTeardown);
  const anythingToRestore = new Choice(scope, 'Is there anything to restore?')
    .when(is('$.verdict', 'planned'), answered('Restore planned'))
    .when(is('$.verdict', 'alreadyRestored'), answered('Already restored'))
    .otherwise(refused);
  accept.next(inspect).next(anythingToRestore);

  // Every number out of the queue first: nothing that goes wrong with a connector may keep another batch in there.
  // One call for each number, against the end of the window: two batches at a time, at least.
  const restore = stepTask(scope, 'Restore phone numbers', steps.restorePhoneNumbers, stateKept);
  const takeOut = orElse(
    fanOut(scope, 'Take phone numbers out of the queue', Math.max(2, batchConcurrency), [restore]),
    failed,
  );
  anythingToRestore.when(is('$.verdict', 'restore'), takeOut);

  // Then onto the connector, and their names: no number stays off it for want of one.
  const associate = stepTask(scope, 'Associate phone numbers', steps.associatePhoneNumbers, stateKept);
  const requestNames = stepTask(scope, 'Request names', steps.requestNames, stateKept);
  orGoOn(requestNames, new Pass(scope, 'Names left as they are'));
  const bringBack = orElse(
    fanOut(scope, 'Bring phone numbers back', batchConcurrency, [associate, requestNames]),
    failed,
  );
  takeOut.next(bringBack);

  // What the service does not show back goes through it again, for half an hour.
  const waitForLook = new Wait(scope, 'Wait before next look', { time: WaitTime.duration(nextLook) });
  const verify = step('Verify restore', steps.verifyRestore, { resultPath: '$.check' });
  const takeMissing = new Pass(scope, 'Take what is missing', {
    inputPath: '$.check.batches',
    resultPath: '$.batches',
  });
  const numbersBack = new Choice(scope, 'Are the numbers back?').when(
    is('$.check.verdict', 'notYet'),
    takeMissing.next(takeOut),
  );
  bringBack.next(waitForLook).next(verify).next(numbersBack);

  // The groups last: one that does not take the connector back must not keep a number off it.
  const rejoin = step('Rejoin groups', steps.rejoinGroups, { resultPath: '$.check' });
  const everythingBack = new Choice(scope, 'Is everything back?')
    .when(is('$.check.verdict', 'restored'), restored)
    .otherwise(incomplete);
  numbersBack.otherwise(rejoin.next(everythingBack));
  return accept;
}

/** How a restore ends: written into the ledger, announced, and only then green or red. */
function endings(scope: Construct, closeTeardown: StepFunction) {
  const close = (outcome: 'restored' | 'incomplete' | 'refused' | 'failed') =>
    stepTask(scope, `Close teardown (${outcome})`, closeTeardown, { payload: closing('restore', outcome) });
  const unrecorded = failWith(scope, 'Restore failed, unrecorded', '$.failure.Error', '$.failure.Cause');
  const failed = orElse(close('failed'), unrecorded, '$.closing')
    .next(announceEnd(scope, 'Announce failure'))
    .next(failAnswering(scope, 'Restore failed'));
  const refused = orElse(close('refused'), unrecorded)
    .next(announceEnd(scope, 'Announce refusal'))
    .next(failAnswering(scope, 'Restore refused'));
  const incomplete = orElse(close('incomplete'), failed)
    .next(announceEnd(scope, 'Announce shortfall'))
    .next(failAnswering(scope, 'Restore incomplete'));
  const restored = orElse(close('restored'), failed)
    .next(announceEnd(scope, 'Announce restore'))
    .next(new Succeed(scope, 'Connector restored', { outputPath: '$.answer' }));
  return { restored, incomplete, refused, failed };
}
