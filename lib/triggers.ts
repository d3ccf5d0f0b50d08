import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { noticeSource } from '../lambda/notice-types.ts';
import { delivery } from './dead-letters.ts';
import type { VoiceConnectorTeardown } from './voice-connector-teardown.ts';

/** What an event is called that starts a teardown, or a restore. Its source is that of the notices. */
export const requestTypes = {
  /** Starts a teardown. */
  teardown: 'Voice Connector Teardown Requested',
  /** Starts a restore. */
  restore: 'Voice Connector Restore Requested',
} as const;

/**
 * Starts the workflows by events on the account's default bus: an event's detail is the input, as it is. Once in an
 * account and Region: a second set of these rules would start every request twice.
 */
export class Triggers extends Construct {
  constructor(scope: Construct, id: string, teardown: VoiceConnectorTeardown) {
    super(scope, id);
    const starts = (name: string, detailType: string, machine: StateMachine): Rule =>
      new Rule(this, name, {
        description: `Starts an execution for each "${detailType}"`,
        eventPattern: { source: [noticeSource], detailType: [detailType] },
        targets: [
          new SfnStateMachine(machine, {
            input: RuleTargetInput.fromEventPath('$.detail'),
            // A role for each rule; by default CDK gives the machine one that any rule could share.
            role: new Role(this, `${name}Role`, { assumedBy: new ServicePrincipal('events.amazonaws.com') }),
            deadLetterQueue: teardown.deadLetterQueue,
            ...delivery,
          }),
        ],
      });
    starts('Teardown', requestTypes.teardown, teardown.stateMachine);
    starts('Restore', requestTypes.restore, teardown.restoreStateMachine);
  }
}
