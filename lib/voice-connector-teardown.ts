import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Interruption } from './interruption.ts';
import { Ledger } from './ledger.ts';
import { mayAskForExecutions } from './lock-rights.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { acceptWildcards } from './step-function.ts';
import { teardownFlow } from './teardown-flow.ts';
import { teardownSteps } from './teardown-steps.ts';

/** The deletion window (7 days), the days of grace for the service to sweep (3), and room for the slowest retries (2). */
const longestRun = Duration.days(12);

/** The workflow that retires a Voice Connector, with its functions and its ledger. */
export class VoiceConnectorTeardown extends Construct {
  readonly ledger: Ledger;
  readonly stateMachine: StateMachine;

  /** @param props see `Settings`; what is left out has its default (`defaultSettings`). */
  constructor(scope: Construct, id: string, props: Partial<Settings> = {}) {
    super(scope, id);
    const settings: Settings = { ...defaultSettings, ...props };
    this.ledger = new Ledger(this, 'Ledger');
    const steps = teardownSteps(this, this.ledger, settings);
    this.stateMachine = new StateMachine(this, 'Teardown', {
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromChainable(teardownFlow(this, steps, settings.batchConcurrency)),
      comment: 'Retires an Amazon Chime SDK Voice Connector and its phone numbers',
      timeout: longestRun,
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'TeardownLogs', {
          retention: RetentionDays.ONE_YEAR,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: true,
      },
    });
    mayAskForExecutions(this, steps.inspectVoiceConnector, this.stateMachine);
    new Interruption(this, 'Interruption', {
      stateMachine: this.stateMachine,
      closeTeardown: steps.closeTeardown,
    });
    // The versions that running executions call, not only those of this deployment.
    for (const step of Object.values(steps)) step.function.grantInvoke(this.stateMachine.role);
    acceptWildcards(this.stateMachine, [
      { resource: '*', reason: 'X-Ray and vended log deliveries take no resource.' },
      ...Object.values(steps).map(({ allVersions }) => ({
        resource: allVersions,
        reason:
          'A running execution calls the versions that it was started with, whatever has been deployed since.',
      })),
    ]);
  }
}
