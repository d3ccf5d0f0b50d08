import { Duration } from 'aws-cdk-lib';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { deadLetterQueue } from './dead-letters.ts';
import { Interruption } from './interruption.ts';
import { Ledger } from './ledger.ts';
import { mayAskForExecutions, mayStopExecutions } from './lock-rights.ts';
import { restoreFlow } from './restore-flow.ts';
import { restoreSteps } from './restore-steps.ts';
import { readSettings, type Settings } from './settings.ts';
import { teardownFlow } from './teardown-flow.ts';
import { closingStep, teardownSteps } from './teardown-steps.ts';
import { workflow } from './workflow.ts';

/** The deletion window (7 days), the days of grace for the service to sweep (3), and room for the slowest retries (2). */
const longestRun = Duration.days(12);
/** A restore is done while the window lasts; a call a second for 100,000 numbers takes a little over a day. */
const longestRestore = Duration.days(3);

/** Settings without the e-mail address, which is the stack's; what is left out has its default (`defaultSettings`). */
export interface VoiceConnectorTeardownProps extends Partial<Omit<Settings, 'notifyEmail'>> {
  /**
   * Encrypts the ledger, instead of a key that DynamoDB owns. Its policy must leave decisions to the account's IAM
   * policies, as that of a CDK key does. It must live for as long as the ledger, which outlives the stack.
   *
   * @default - a key that DynamoDB owns, which costs nothing
   */
  readonly ledgerKey?: IKey;
}

/**
 * The workflows that retire a Voice Connector and that take it back, with their functions and their ledger. What exists
 * once in an account and Region (rules that start them by events, e-mail, alarms) is not in it: see `TeardownStack`.
 */
export class VoiceConnectorTeardown extends Construct {
  /** Remembers every teardown; outlives the stack. */
  readonly ledger: Ledger;
  /** Retires a connector. */
  readonly stateMachine: StateMachine;
  /** Takes the numbers of a teardown out of the deletion queue, and puts them back on the connector. */
  readonly restoreStateMachine: StateMachine;
  /** Holds what could not be delivered, for 14 days: of this construct's own rule, and of rules beside it. */
  readonly deadLetterQueue: IQueue;

  /** @throws Error naming every prop at fault, its value and what it may be */
  constructor(scope: Construct, id: string, props: VoiceConnectorTeardownProps = {}) {
    super(scope, id);
    const given: Record<string, unknown> = { ...props };
    const settings = readSettings(
      (key) => given[key],
      () => `correct it in the props of ${this.node.path}`,
    );
    const { batchConcurrency } = settings;
    this.ledger = new Ledger(this, 'Ledger', props.ledgerKey);
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
    this.ledger.mayBeDecryptedBy(new Set([...Object.values(down), ...Object.values(back)]));
    const stateMachines = [this.stateMachine, this.restoreStateMachine];
    for (const step of [down.inspectVoiceConnector, back.inspectTeardown])
      mayAskForExecutions(this, step, stateMachines);
    mayStopExecutions(this, back.inspectTeardown, this.stateMachine);
    const undelivered = deadLetterQueue(this, 'DeadLetters');
    this.deadLetterQueue = undelivered;
    new Interruption(this, 'Interruption', { stateMachines, closeTeardown, deadLetterQueue: undelivered });
  }

  /** Lets somebody start teardowns, and so delete connectors and numbers for good. */
  grantStart(grantee: IGrantable): Grant {
    return this.stateMachine.grantStartExecution(grantee);
  }

  /** Lets somebody take teardowns back. */
  grantRestore(grantee: IGrantable): Grant {
    return this.restoreStateMachine.grantStartExecution(grantee);
  }

  /** Teardowns that were started, dry runs among them. As for all of these metrics, by default the sum over 5 minutes. */
  metricStarted(props?: MetricOptions): Metric {
    return this.stateMachine.metricStarted(props);
  }

  /** Teardowns that deleted the connector, found it deleted, or were dry runs. */
  metricSucceeded(props?: MetricOptions): Metric {
    return this.stateMachine.metricSucceeded(props);
  }

  /** Teardowns that failed, or were refused: a refusal ends in red too. */
  metricFailed(props?: MetricOptions): Metric {
    return this.stateMachine.metricFailed(props);
  }

  /** Teardowns that took longer than 12 days. */
  metricTimedOut(props?: MetricOptions): Metric {
    return this.stateMachine.metricTimedOut(props);
  }

  /** Teardowns that somebody stopped, or that a restore took over. */
  metricAborted(props?: MetricOptions): Metric {
    return this.stateMachine.metricAborted(props);
  }

  /** Restores that were started, dry runs among them. */
  metricRestoreStarted(props?: MetricOptions): Metric {
    return this.restoreStateMachine.metricStarted(props);
  }

  /** Restores that brought everything back, found it restored, or were dry runs. */
  metricRestoreSucceeded(props?: MetricOptions): Metric {
    return this.restoreStateMachine.metricSucceeded(props);
  }

  /** Restores that failed, were refused, or could not bring everything back. */
  metricRestoreFailed(props?: MetricOptions): Metric {
    return this.restoreStateMachine.metricFailed(props);
  }

  /** Restores that took longer than 3 days. */
  metricRestoreTimedOut(props?: MetricOptions): Metric {
    return this.restoreStateMachine.metricTimedOut(props);
  }

  /** Restores that somebody stopped. */
  metricRestoreAborted(props?: MetricOptions): Metric {
    return this.restoreStateMachine.metricAborted(props);
  }
}
