import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { VoiceConnectorTeardown } from './voice-connector-teardown.ts';

/** What the alarms look at, and whom they tell. */
export interface AlarmsProps {
  /** Whose executions and dead letters are looked at. */
  readonly teardown: VoiceConnectorTeardown;
  /** Told when an alarm goes off; nobody is, where there is none. */
  readonly topic: ITopic | undefined;
}

/** How long the metrics are summed up: five minutes, as coarse as Step Functions needs to report them. */
const period = Duration.minutes(5);

/**
 * Goes off when an execution ends in red, or when a request, a notice or a clean-up got lost. It looks at how executions
 * end, not at their tries: a run that was throttled and came through says nothing here.
 *
 * An execution that a restore has taken over ends as aborted, and so goes off too. CloudWatch cannot tell it from one
 * that somebody stopped without thinking of the numbers, and of these two it is better to hear of both.
 */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { teardown, topic }: AlarmsProps) {
    super(scope, id);
    const alarm = (name: string, metric: IMetric, alarmDescription: string): void => {
      const made = new Alarm(this, name, {
        metric,
        alarmDescription,
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      if (topic !== undefined) made.addAlarmAction(new SnsAction(topic));
    };

    alarm('TeardownFailed', teardown.metricFailed({ period }), failed('teardown'));
    alarm('TeardownTimedOut', teardown.metricTimedOut({ period }), timedOut('teardown'));
    alarm('TeardownAborted', teardown.metricAborted({ period }), abortedTeardown);
    alarm('RestoreFailed', teardown.metricRestoreFailed({ period }), failed('restore'));
    alarm('RestoreTimedOut', teardown.metricRestoreTimedOut({ period }), timedOut('restore'));
    alarm('RestoreAborted', teardown.metricRestoreAborted({ period }), abortedRestore);
    alarm(
      'DeadLetters',
      teardown.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ period }),
      'A request, a notice or the news of an interrupted run could not be delivered: read the dead-letter queue.',
    );
  }
}

function failed(workflow: string): string {
  return `A ${workflow} failed or was refused: its execution has the reason and what to do.`;
}

function timedOut(workflow: string): string {
  return `A ${workflow} took longer than any should: numbers in the deletion queue still go. Resume or restore.`;
}

const abortedTeardown =
  'A teardown was stopped. If a restore took it over, all is well. If not: stop is not undo, numbers in the deletion queue still go. Resume or restore.';
const abortedRestore =
  'A restore was stopped: numbers that are still in the deletion queue go when their window ends. Start it again.';
