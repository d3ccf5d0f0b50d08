import { Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, type PolicyStatementProps, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { noticeSource, noticeTypes } from '../lambda/notice-types.ts';
import { delivery } from './dead-letters.ts';

/** Who is told, and what becomes of what cannot be sent. */
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
 *
 * For the same reason EventBridge may publish here without a condition: editions of its guide say that it takes none in the
 * policy of an SNS topic, and then every notice would end in the dead-letter queue. At worst, somebody in another account
 * who knows the topic's ARN has a rule of their own write to the addressee.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
 */
export class Mail extends Construct {
  /** Where notices and alarms are published. */
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
    deadLetterQueue.addToResourcePolicy(
      new PolicyStatement({
        ...may('sqs:SendMessage', deadLetterQueue.queueArn),
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }),
    );
    this.topic.addToResourcePolicy(new PolicyStatement(may('sns:Publish', this.topic.topicArn)));
    this.topic.addToResourcePolicy(mayAlarm(this.topic));
  }
}

/** Lets EventBridge do something. */
function may(action: string, resource: string): PolicyStatementProps {
  return {
    principals: [new ServicePrincipal('events.amazonaws.com')],
    actions: [action],
    resources: [resource],
  };
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
