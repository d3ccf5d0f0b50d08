import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Right } from './rights.ts';
import type { Settings } from './settings.ts';

/** Actions on numbers have no resource type and no condition keys: `*` is the only resource that IAM takes for them. */
export function onNumbers(...operations: string[]): Right {
  return everywhere(operations, `IAM takes no resource for ${operations.join(', ')}.`);
}

/**
 * Groups and SIP rules have no resource type of their own. Which resource an update of a group is authorised against (its
 * members, or none) is not documented.
 */
export function onGroupsAndRules(...operations: string[]): Right {
  return everywhere(
    operations,
    `IAM knows no resource of groups and SIP rules for ${operations.join(', ')}.`,
  );
}

/** The connectors of this account and Region; nobody documents which resource the older API is authorised against. */
export function connectorRights(
  scope: Construct,
  chimeApi: Settings['chimeApi'],
): (...operations: string[]) => Right {
  const isScoped = chimeApi === 'chime-sdk-voice';
  const resource = isScoped
    ? Stack.of(scope).formatArn({ service: 'chime', resource: 'vc', resourceName: '*' })
    : '*';
  const wildcard = isScoped
    ? {
        resource: 'arn:<AWS::Partition>:chime:<AWS::Region>:<AWS::AccountId>:vc/*',
        reason: 'Which connector is to go is said when a run is started, long after the deployment.',
      }
    : { resource, reason: 'No resource is documented for connectors in the older API.' };
  return (...operations) => ({
    statement: new PolicyStatement({ actions: chime(operations), resources: [resource] }),
    wildcard,
  });
}

/**
 * Denies the operations on connectors that have the tag, whatever its value: also to a step whose own look came too early.
 * It works on the endpoints of the current API, which know the tags of connectors.
 */
export function unlessProtected(protectionTag: string, ...operations: string[]): Right {
  return {
    statement: new PolicyStatement({
      effect: Effect.DENY,
      actions: chime(operations),
      resources: ['*'],
      conditions: { Null: { [`aws:ResourceTag/${protectionTag}`]: 'false' } },
    }),
  };
}

/**
 * Deleting a connector with logging on also removes its log delivery, with the caller's rights: the dependent actions
 * that the Service Authorization Reference lists for DeleteVoiceConnector.
 */
export function logDeliveryOfConnectors(): Right {
  const actions = [
    'logs:CreateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:GetLogDelivery',
    'logs:ListLogDeliveries',
  ];
  return {
    statement: new PolicyStatement({ actions, resources: ['*'] }),
    wildcard: {
      resource: '*',
      reason: 'IAM takes no resource for log deliveries, which go with a connector.',
    },
  };
}

/** The call metrics of connectors. */
export function callMetrics(): Right {
  const actions = ['cloudwatch:ListMetrics', 'cloudwatch:GetMetricData'];
  return {
    statement: new PolicyStatement({ actions, resources: ['*'] }),
    wildcard: { resource: '*', reason: 'IAM takes no resource for reading metrics.' },
  };
}

function everywhere(operations: readonly string[], reason: string): Right {
  return {
    statement: new PolicyStatement({ actions: chime(operations), resources: ['*'] }),
    wildcard: { resource: '*', reason },
  };
}

function chime(operations: readonly string[]): string[] {
  return operations.map((operation) => `chime:${operation}`);
}
