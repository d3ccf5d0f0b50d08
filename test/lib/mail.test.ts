import { describe, expect, test } from '@jest/globals';
import { noticeTypes } from '../../lambda/notice-types.ts';
import { resourcesOf } from '../../local/cloudformation.ts';
import { type BusEvent, deliveriesOf } from '../../local/events.ts';
import { synthesise } from '../../local/synthesis.ts';
import { enveloped } from './enveloped.ts';

const { template, rules } = synthesise({ notifyEmail: 'team@example.com' });
const [[topic] = ['']] = resourcesOf(template, 'AWS::SNS::Topic');
const topicArn = `arn:aws:sns:us-east-1:123456789012:${topic}`;

test('With an address, that address is the one subscriber', () => {
  expect(resourcesOf(template, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties)).toEqual([
    { Protocol: 'email', Endpoint: 'team@example.com', TopicArn: { Ref: topic } },
  ]);
});

test('Without an address, there is nothing that could send mail', () => {
  const { template: quiet } = synthesise();
  const types = Object.values(quiet.Resources).map(({ Type }) => Type);
  expect(types.filter((type) => type.startsWith('AWS::SNS::'))).toEqual([]);
});

describe('A notice is sent as the one sentence that it is made for', () => {
  test.each(noticeTypes)('%s', (detailType) => {
    const message = "Connector Trunk (abc123): 3 numbers are in the queue. A 'restore' brings <them> back.";
    const event = enveloped(detailType, { message, execution: 'arn:…', counts: { queued: 3 } });
    expect(deliveriesOf(event, rules)).toEqual([{ arn: topicArn, input: message }]);
  });
});

describe('No mail is sent', () => {
  const sent = enveloped('Teardown Failed', { message: 'x' });
  test.each<[string, BusEvent]>([
    ['of a request', { ...sent, 'detail-type': 'Voice Connector Teardown Requested' }],
    ['of what others send', { ...sent, source: 'my.application' }],
    ['of news that nobody knows', { ...sent, 'detail-type': 'Teardown Forgotten' }],
  ])('%s', (_of, event) => {
    expect(deliveriesOf(event, rules).map(({ arn }) => arn)).not.toContain(topicArn);
  });
});

test('The topic takes messages over TLS only, from EventBridge without a condition, and from the alarms of this account', () => {
  const [[, policy] = ['', undefined]] = resourcesOf(template, 'AWS::SNS::TopicPolicy');
  const publish = { Action: 'sns:Publish', Resource: { Ref: topic } };
  expect(policy?.Properties?.PolicyDocument).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        ...publish,
        Sid: 'AllowPublishThroughSSLOnly',
        Effect: 'Deny',
        Principal: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      { ...publish, Sid: '1', Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' } },
      {
        ...publish,
        Sid: '2',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ],
  });
});

test('The dead-letter queue takes notices from this rule alone', () => {
  const [[rule] = ['']] = resourcesOf(template, 'AWS::Events::Rule').filter(([id]) => id.startsWith('Mail'));
  const [[, policy] = ['', undefined]] = resourcesOf(template, 'AWS::SQS::QueuePolicy');
  expect(policy?.Properties?.PolicyDocument).toMatchObject({
    Statement: expect.arrayContaining([
      expect.objectContaining({
        Action: 'sqs:SendMessage',
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [rule, 'Arn'] } } },
      }),
    ]),
  });
});
