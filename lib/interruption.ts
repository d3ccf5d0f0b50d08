import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { EventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { delivery } from './dead-letters.ts';
import type { StepFunction } from './step-function.ts';

/** Whose executions are watched, and who closes their teardowns. */
export interface InterruptionProps {
  /** The workflows. */
  readonly stateMachines: readonly StateMachine[];
  /** Is called with the detail of each event. */
  readonly closeTeardown: StepFunction;
  /** Where the news goes that could not be delivered, or that the function could not act on. */
  readonly deadLetterQueue: IQueue;
}

/**
 * What happens when no state runs any more: somebody has pressed Stop, the execution has timed out, or an error came
 * that no state can catch. EventBridge hears of it, and the teardown is closed as `interrupted` where it is still open.
 */
export class Interruption extends Construct {
  constructor(scope: Construct, id: string, props: InterruptionProps) {
    super(scope, id);
    const { stateMachines, closeTeardown, deadLetterQueue } = props;
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
          deadLetterQueue,
          ...delivery,
        }),
      ],
    });
    // The rule only hands the event to Lambda, which calls the function later: three times at most, then it lets it drop.
    closeTeardown.role.addToPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetterQueue.queueArn] }),
    );
    new EventInvokeConfig(this, 'Dropped', {
      function: closeTeardown.function,
      retryAttempts: 2,
      onFailure: { bind: () => ({ destination: deadLetterQueue.queueArn }) },
    });
  }
}
