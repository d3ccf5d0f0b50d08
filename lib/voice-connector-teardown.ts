import { Duration } from 'aws-cdk-lib';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Interruption } from './interruption.ts';
import { Ledger } from './ledger.ts';
import { mayAskForExecutions, mayStopExecutions } from './lock-rights.ts';
import { restoreFlow } from './restore-flow.ts';
import { restoreSteps } from './restore-steps.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { teardownFlow } from './teardown-flow.ts';
import { closingStep, teardownSteps } from './teardown-steps.ts';
import { workflow } from './workflow.ts';

/** The deletion window (7 days), the days of grace for the service to sweep (3), and room for the slowest retries (2). */
const longestRun = Duration.days(12);
/** A restore is done while the window lasts; a call a second for 100,000 numbers takes a little over a day. */
const longestRestore = Duration.days(3);

/** The workflows that retire a Voice Connector and that take it back, with their functions and their ledger. */
export class VoiceConnectorTeardown extends Construct {
  readonly ledger: Ledger;
  /** Retires a connector. */
  readonly stateMachine: StateMachine;
  /** Takes the numbers of a teardown out of the deletion queue, and puts them back on the connector. */
  readonly restoreStateMachine: StateMachine;

  /** @param props see `Settings`; what is left out has its default (`defaultSettings`). */
  constructor(scope: Construct, id: string, props: Partial<Settings> = {}) {
    super(scope, id);
    const settings: Settings = { ...defaultSettings, ...props };
    const { batchConcurrency } = settings;
    this.ledger = new Ledger(this, 'Ledger');
    const closeTeardown = closingStep(this, this.ledger, settings);
    const back = restoreSteps(this, this.ledger, settings, closeTeardown);
    this.restoreStateMachine = workflow(this, 'Restore', {
      flow: restoreFlow(new Construct(this, 'RestoreFlow'), back, batchConcurrency),
      steps: Object.values(back),
      comment: 'Takes the numbers of a teardown back, as long as its deletion window lasts',
      timeout: longestRestore,
    });
    const down = teardownSteps(this, this.ledger, settings, {
      closeTeardown,
      restoreMachineArn: this.restoreStateMachine.stateMachineArn,
    });
    this.stateMachine = workflow(this, 'Teardown', {
      flow: teardownFlow(this, down, batchConcurrency),
      steps: Object.values(down),
      comment: 'Retires an Amazon Chime SDK Voice Connector and its phone numbers',
      timeout: longestRun,
    });
    const machines = [this.stateMachine, this.restoreStateMachine];
    for (const step of [down.inspectVoiceConnector, back.inspectTeardown])
      mayAskForExecutions(this, step, machines);
    mayStopExecutions(this, back.inspectTeardown, this.stateMachine);
    new Interruption(this, 'Interruption', { stateMachines: machines, closeTeardown });
  }
}
