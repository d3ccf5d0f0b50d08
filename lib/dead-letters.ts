import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** How long EventBridge tries to deliver an event, and how often: the most that it offers, which is also its default. */
export const delivery = { maxEventAge: Duration.hours(24), retryAttempts: 185 } as const;

/** Where events go that could not be delivered: kept for 14 days, the most that SQS offers. */
export function deadLetterQueue(scope: Construct, id: string): Queue {
  const queue = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SQS3',
    reason: 'It is a dead-letter queue itself: of rules and of asynchronous calls, which are not looked at.',
  });
  return queue;
}
