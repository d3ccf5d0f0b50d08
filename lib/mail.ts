import { Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { noticeSource, noticeTypes } from '../lambda/notice-types.ts';
import { delivery } from './dead-letters.ts';

export interface MailProps {
  /** Who is told. SNS asks for a confirmation first, and sends nothing before it has one. */
  readonly email: string;
  /** Where a notice goes that could not be published to the topic. */
  readonly deadLetterQueue: IQueue;
}

/**
 * Sends each notice, and what alarms say, to one address.
 *
 * The topic has no KMS key. SNS keeps what it holds on encrypted disks anyway; what it holds is a sentence without numbers,
 * on its way into an ordinary mail. The key that AWS manages for SNS does not let EventBridge and CloudWatch publish, and
 * one of our own would cost a dollar a month to add a policy by whose fault notices stay away.
 */
export class Mail extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { email, deadLetterQueue }: MailProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Voice Connector Teardown', enforceSSL: true });
    this.topic.addSubscription(new EmailSubscription(email));
    const rule = new Rule(this, 'Notices', {
      description: 'Sends what teardowns and restores have to say by e-mail',
      eventPattern: { source: [noticeSource], detailType: [...noticeTypes] },
      targets: [
        {
          // The sentence by its path, not in a template: whatever stands in it arrives, as a JSON text in its quotes.
          bind: () => ({
            arn: this.topic.topicArn,
            input: RuleTargetInput.fromEventPath('$.detail.message'),
            deadLetterConfig: { arn: deadLetterQueue.queueArn },
            retryPolicy: {
              maximumEventAgeInSeconds: delivery.maxEventAge.toSeconds(),
              maximumRetryAttempts: delivery.retryAttempts,
            },
          }),
        },
      ],
    });
    // By hand: CDK's own target would let the rules of every AWS account publish here, and so write to the addressee.
    deadLetterQueue.addToResourcePolicy(may('sqs:SendMessage', deadLetterQueue.queueArn, rule.ruleArn));
    this.topic.addToResourcePolicy(may('sns:Publish', this.topic.topicArn, rule.ruleArn));
    this.topic.addToResourcePolicy(mayAlarm(this.topic));
  }
}

/** Lets one rule of EventBridge do something. */
function may(action: string, resource: string, rule: string): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal('events.amazonaws.com')],
    actions: [action],
    resources: [resource],
    conditions: { ArnEquals: { 'aws:SourceArn': rule } },
  });
}

/** Lets the alarms of this account publish to a topic; they need to be told once it has a policy of its own. */
function mayAlarm(topic: Topic): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(topic).account } },
  });
}
