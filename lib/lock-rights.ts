import { ArnFormat, type CfnElement, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { acceptWildcards, type StepFunction } from './step-function.ts';

/**
 * Lets a step ask whether an execution of its own state machine is running. The policy stands by itself: in the step's
 * role it would close a circle, from the machine to the function that it calls and back.
 */
export function mayAskForExecutions(scope: Construct, step: StepFunction, machine: StateMachine): void {
  const executions = Stack.of(scope).formatArn({
    service: 'states',
    resource: 'execution',
    resourceName: `${machine.stateMachineName}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const policy = new Policy(scope, 'MayAskForExecutions', {
    roles: [step.role],
    statements: [new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [executions] })],
  });
  const machineId = Stack.of(scope).getLogicalId(machine.node.findChild('Resource') as CfnElement);
  acceptWildcards(policy, [
    {
      resource: `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<${machineId}.Name>:*`,
      reason: 'Which execution holds the lock is known only when another one finds it.',
    },
  ]);
}
