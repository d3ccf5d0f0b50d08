import { describe, expect, test } from '@jest/globals';
import { resourcesOf } from '../../local/cloudformation.ts';
import { synthesise } from '../../local/synthesis.ts';

const { template } = synthesise();
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm');
const teardowns = [{ Name: 'StateMachineArn', Value: { Ref: 'Teardown63805531' } }];
const restores = [{ Name: 'StateMachineArn', Value: { Ref: 'TeardownRestore3939DA62' } }];
const queue = [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['TeardownDeadLetters1F43B7B7', 'QueueName'] } }];

test('Alarms look at how executions end, and at what was not delivered; never at tries, which a throttled run has many of', () => {
  const looked = alarms.map(([, { Properties = {} }]) => {
    const { Namespace, MetricName, Dimensions, Statistic } = Properties;
    return [Namespace, MetricName, Dimensions, Statistic];
  });
  expect(looked).toEqual([
    ['AWS/States', 'ExecutionsFailed', teardowns, 'Sum'],
    ['AWS/States', 'ExecutionsTimedOut', teardowns, 'Sum'],
    ['AWS/States', 'ExecutionsAborted', teardowns, 'Sum'],
    ['AWS/States', 'ExecutionsFailed', restores, 'Sum'],
    ['AWS/States', 'ExecutionsTimedOut', restores, 'Sum'],
    ['AWS/States', 'ExecutionsAborted', restores, 'Sum'],
    ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', queue, 'Maximum'],
  ]);
});

describe('Every alarm', () => {
  test.each(alarms)(
    '%s goes off at the first one within five minutes, and is quiet without data',
    (_id, alarm) => {
      expect(alarm.Properties).toMatchObject({
        Period: 300,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      });
    },
  );

  test.each(alarms)('%s says what it means to whoever gets its mail', (_id, { Properties }) => {
    expect(Properties?.AlarmDescription).toMatch(/^[A-Z].{60,}\.$/);
  });

  test.each(alarms)('%s tells nobody where there is no address', (_id, { Properties }) => {
    expect(Properties).not.toHaveProperty('AlarmActions');
  });

  test('tells the topic of the notices where there is one', () => {
    const { template: mailing } = synthesise({ notifyEmail: 'team@example.com' });
    const [[topic] = ['']] = resourcesOf(mailing, 'AWS::SNS::Topic');
    const told = resourcesOf(mailing, 'AWS::CloudWatch::Alarm').map(
      ([, { Properties }]) => Properties?.AlarmActions,
    );
    expect(told).toEqual(alarms.map(() => [{ Ref: topic }]));
  });
});
