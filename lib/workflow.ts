import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  DefinitionBody,
  type IChainable,
  LogLevel,
  StateMachine,
  StateMachineType,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { acceptWildcards } from './rights.ts';
import type { StepFunction } from './step-function.ts';

/** What is special about a workflow. */
export interface WorkflowProps {
  readonly flow: IChainable;
  readonly steps: readonly StepFunction[];
  readonly comment: string;
  /** After this an execution times out. */
  readonly timeout: Duration;
}

/** A state machine with the house's defaults, which may call its steps. */
export function workflow(scope: Construct, id: string, props: WorkflowProps): StateMachine {
  const machine = new StateMachine(scope, id, {
    stateMachineType: StateMachineType.STANDARD,
    definitionBody: DefinitionBody.fromChainable(props.flow),
    comment: props.comment,
    timeout: props.timeout,
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, `${id}Logs`, {
        retention: RetentionDays.ONE_YEAR,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: LogLevel.ALL,
      includeExecutionData: true,
    },
  });
  // The versions that running executions call, not only those of this deployment.
  for (const step of props.steps) step.function.grantInvoke(machine.role);
  acceptWildcards(machine, [
    { resource: '*', reason: 'X-Ray and vended log deliveries take no resource.' },
    ...props.steps.map(({ allVersions }) => ({
      resource: allVersions,
      reason:
        'A running execution calls the versions that it was started with, whatever has been deployed since.',
    })),
  ]);
  return machine;
}
