import { Duration } from 'aws-cdk-lib';
import {
  Dashboard as CloudWatchDashboard,
  CustomWidget,
  GraphWidget,
  type IMetric,
  Metric,
  type MetricOptions,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { callMetricNames, metricNamespace } from '../lambda/metric-names.ts';
import { mayAskForExecutions } from './lock-rights.ts';
import type { Settings } from './settings.ts';
import { StepFunction, stepsOf } from './step-function.ts';
import type { VoiceConnectorTeardown } from './voice-connector-teardown.ts';

/** What the dashboard shows. */
export interface DashboardProps {
  /** Whose teardowns it shows. */
  readonly teardown: VoiceConnectorTeardown;
  /** As the teardown's. */
  readonly settings: Settings;
}

/** Columns of a dashboard. */
const fullWidth = 24;
/** A look at the ledger and at Step Functions begins no call after 6 s; CloudWatch waits longer than this for a widget. */
const forAnswer = Duration.seconds(15);

/**
 * The dashboard: the teardown board (a custom widget, with a Restore button for whoever may invoke its function), and graphs
 * of both workflows, their functions and the ledger.
 */
export class Dashboard extends Construct {
  /** The dashboard itself. */
  readonly dashboard: CloudWatchDashboard;
  /** Draws the board. Whoever looks at the dashboard must be allowed to invoke it. */
  readonly showBoard: StepFunction;
  /** Starts a restore. Whoever is to have a working Restore button must be allowed to invoke it. */
  readonly requestRestore: StepFunction;

  constructor(scope: Construct, id: string, { teardown, settings }: DashboardProps) {
    super(scope, id);
    const { ledger, stateMachine, restoreStateMachine } = teardown;
    const step = stepsOf(this, ledger, settings);
    this.requestRestore = step('RequestRestore', {
      timeout: forAnswer,
      environment: { RESTORE_STATE_MACHINE_ARN: restoreStateMachine.stateMachineArn },
      rights: [
        {
          statement: new PolicyStatement({
            actions: ['states:StartExecution'],
            resources: [restoreStateMachine.stateMachineArn],
          }),
        },
      ],
    });
    this.showBoard = step('ShowBoard', {
      timeout: forAnswer,
      environment: { RESTORE_FUNCTION_ARN: this.requestRestore.version.functionArn },
      rights: [ledger.allows('Scan', 'GetItem', 'Query')],
    });
    ledger.mayBeDecryptedBy([this.showBoard]);
    mayAskForExecutions(this, this.showBoard, [stateMachine, restoreStateMachine]);

    const steps = teardown.node
      .findAll()
      .filter((construct): construct is StepFunction => construct instanceof StepFunction);
    this.dashboard = new CloudWatchDashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(7),
      widgets: [
        [this.board()],
        [executionsOf('Teardowns', stateMachine), executionsOf('Restores', restoreStateMachine)],
        [
          graphOf('Duration of the steps, longest (ms)', steps, (one) =>
            one.function.metricDuration({ statistic: Stats.MAXIMUM, label: one.node.id }),
          ),
          graphOf('Errors of the steps', steps, (one) => one.function.metricErrors(sumOf(one.node.id))),
          graphOf('Throttled calls of the steps', steps, (one) =>
            one.function.metricThrottles(sumOf(one.node.id)),
          ),
        ],
        [
          new GraphWidget({
            title: 'Requests to Chime',
            width: fullWidth / 2,
            left: [
              counted(callMetricNames.calls, 'Requests'),
              counted(callMetricNames.throttled, 'Throttled: sent again later'),
            ],
          }),
          new GraphWidget({
            title: 'Throttled requests to the ledger',
            width: fullWidth / 2,
            left: [
              ledger.table.metric('ReadThrottleEvents', sumOf('Reads')),
              ledger.table.metric('WriteThrottleEvents', sumOf('Writes')),
            ],
          }),
        ],
      ],
    });
  }

  private board(): CustomWidget {
    return new CustomWidget({
      title: 'Teardown board',
      functionArn: this.showBoard.version.functionArn,
      width: fullWidth,
      height: 12,
      updateOnRefresh: true,
      // The board is as wide as its widget, and always shows the present.
      updateOnResize: false,
      updateOnTimeRangeChange: false,
    });
  }
}

function executionsOf(title: string, machine: StateMachine): GraphWidget {
  return new GraphWidget({
    title,
    width: fullWidth / 2,
    left: [
      machine.metricStarted(sumOf('Started')),
      machine.metricSucceeded(sumOf('Succeeded')),
      machine.metricFailed(sumOf('Failed')),
      machine.metricAborted(sumOf('Stopped')),
      machine.metricTimedOut(sumOf('Timed out')),
    ],
  });
}

function graphOf(
  title: string,
  steps: readonly StepFunction[],
  metricOf: (step: StepFunction) => IMetric,
): GraphWidget {
  return new GraphWidget({ title, width: fullWidth / 3, left: steps.map(metricOf) });
}

/** What all functions count together. */
function counted(metricName: string, label: string): Metric {
  return new Metric({
    ...{ namespace: metricNamespace, metricName, ...sumOf(label) },
    dimensionsMap: { service: 'voice-connector-teardown' },
  });
}

function sumOf(label: string): MetricOptions {
  return { statistic: Stats.SUM, label };
}
