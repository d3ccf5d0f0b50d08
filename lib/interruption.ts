import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { StepFunction } from './step-function.ts';

export interface InterruptionProps {
  readonly stateMachines: readonly StateMachine[];
  readonly closeTeardown: StepFunction;
}

/**
 * What happens when no state runs any more: somebody has pressed Stop, the execution has timed out, or an error came
 * that no state can catch. EventBridge hears of it, and the teardown is closed as `interrupted` where it is still open.
 */
export class Interruption extends Construct {
  constructor(scope: Construct, id: string, { stateMachines, closeTeardown }: InterruptionProps) {
    super(scope, id);
    new Rule(this, 'Rule', {
      description: 'Closes a teardown whose execution has ended without closing it',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: stateMachines.map(({ stateMachineArn }) => stateMachineArn),
        },
      },
      targets: [
        new LambdaFunction(closeTeardown.function, {
          // The detail as it is: its texts are full of quotes, which no template has to survive.
          event: RuleTargetInput.fromEventPath('$.detail'),
          maxEventAge: Duration.hours(24),
          retryAttempts: 185,
        }),
      ],
    });
  }
}
