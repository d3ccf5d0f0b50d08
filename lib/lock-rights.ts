import { ArnFormat, type CfnElement, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { acceptWildcards } from './rights.ts';
import type { StepFunction } from './step-function.ts';

/** Lets a step ask whether an execution of one of the workflows is running. */
export function mayAskForExecutions(
  scope: Construct,
  step: StepFunction,
  machines: readonly StateMachine[],
): void {
  allow(scope, `${step.node.id}MayAsk`, step, 'states:DescribeExecution', machines);
}

/** Lets a step stop an execution of a workflow, which it has taken over. */
export function mayStopExecutions(scope: Construct, step: StepFunction, machine: StateMachine): void {
  allow(scope, `${step.node.id}MayStop`, step, 'states:StopExecution', [machine]);
}

/**
 * The policy stands by itself: in the step's role it would close a circle, from the machine to the function that it calls
 * and back.
 */
function allow(
  scope: Construct,
  id: string,
  step: StepFunction,
  action: string,
  machines: readonly StateMachine[],
): void {
  const stack = Stack.of(scope);
  const policy = new Policy(scope, id, {
    roles: [step.role],
    statements: [
      new PolicyStatement({
        actions: [action],
        resources: machines.map((machine) =>
          stack.formatArn({
            service: 'states',
            resource: 'execution',
            resourceName: `${machine.stateMachineName}:*`,
            arnFormat: ArnFormat.COLON_RESOURCE_NAME,
          }),
        ),
      }),
    ],
  });
  acceptWildcards(
    policy,
    machines.map((machine) => {
      const machineId = stack.getLogicalId(machine.node.findChild('Resource') as CfnElement);
      return {
        resource: `arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:<${machineId}.Name>:*`,
        reason: 'Which execution holds the lock is known only when another one finds it.',
      };
    }),
  );
}
