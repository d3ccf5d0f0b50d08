import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Ledger } from './ledger.ts';
import type { Settings } from './settings.ts';
import { type Right, StepFunction, type StepProps } from './step-function.ts';

/** The steps of the teardown, by the names that they also have as states, files and specifications. */
export interface TeardownSteps {
  readonly inspectVoiceConnector: StepFunction;
  readonly disassociatePhoneNumbers: StepFunction;
  readonly queuePhoneNumbers: StepFunction;
  readonly openDeletionWindow: StepFunction;
  readonly checkDeletionQueue: StepFunction;
  readonly deleteVoiceConnector: StepFunction;
  readonly closeTeardown: StepFunction;
}

/** Reading an inventory of 100,000 numbers takes a thousand calls, one after the other. */
const forReadingAll = Duration.minutes(14);
/** Ten calls for a batch, each with its retries. */
const forOneBatch = Duration.minutes(5);

/** Makes the steps' functions, each with the rights that its code uses. */
export function teardownSteps(scope: Construct, ledger: Ledger, settings: Settings): TeardownSteps {
  const step = (id: string, props: Omit<StepProps, 'chimeApi'>): StepFunction =>
    new StepFunction(scope, id, {
      ...props,
      chimeApi: settings.chimeApi,
      environment: { LEDGER_TABLE: ledger.table.tableName, ...props.environment },
    });
  const onConnectors = connectorRights(scope, settings.chimeApi);

  return {
    inspectVoiceConnector: step('InspectVoiceConnector', {
      timeout: forReadingAll,
      environment: { MAX_PHONE_NUMBERS: String(settings.maxPhoneNumbers) },
      rights: [
        onConnectors('GetVoiceConnector'),
        onNumbers('ListPhoneNumbers', 'GetPhoneNumber'),
        ledger.allows('GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'),
      ],
    }),
    disassociatePhoneNumbers: step('DisassociatePhoneNumbers', {
      timeout: forOneBatch,
      rights: [
        onConnectors('DisassociatePhoneNumbersFromVoiceConnector'),
        onNumbers('GetPhoneNumber'),
        ledger.allows('GetItem', 'PutItem', 'UpdateItem'),
      ],
    }),
    queuePhoneNumbers: step('QueuePhoneNumbers', {
      timeout: forOneBatch,
      rights: [
        onNumbers('BatchDeletePhoneNumber', 'GetPhoneNumber'),
        ledger.allows('GetItem', 'PutItem', 'UpdateItem'),
      ],
    }),
    openDeletionWindow: step('OpenDeletionWindow', {
      timeout: Duration.minutes(2),
      rights: [ledger.allows('GetItem', 'Query', 'UpdateItem')],
    }),
    checkDeletionQueue: step('CheckDeletionQueue', {
      timeout: forReadingAll,
      rights: [
        onNumbers('ListPhoneNumbers', 'GetPhoneNumber'),
        ledger.allows('GetItem', 'Query', 'UpdateItem'),
      ],
    }),
    deleteVoiceConnector: step('DeleteVoiceConnector', {
      timeout: Duration.minutes(5),
      rights: [
        onConnectors('DeleteVoiceConnector', 'GetVoiceConnector'),
        onNumbers('ListPhoneNumbers'),
        logDeliveryOfConnectors(),
        ledger.allows('GetItem', 'UpdateItem'),
      ],
    }),
    closeTeardown: step('CloseTeardown', {
      timeout: Duration.minutes(1),
      rights: [ledger.allows('GetItem', 'UpdateItem')],
    }),
  };
}

/** Actions on numbers have no resource type and no condition keys: `*` is the only resource that IAM takes for them. */
function onNumbers(...operations: string[]): Right {
  return {
    statement: new PolicyStatement({ actions: chime(operations), resources: ['*'] }),
    wildcard: { resource: '*', reason: `IAM takes no resource for ${operations.join(', ')}.` },
  };
}

/**
 * Deleting a connector with logging on also removes its log delivery, with the caller's rights: the dependent actions
 * that the Service Authorization Reference lists for DeleteVoiceConnector.
 */
function logDeliveryOfConnectors(): Right {
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

/** The connectors of this account and Region; nobody documents which resource the older API is authorised against. */
function connectorRights(
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

function chime(operations: readonly string[]): string[] {
  return operations.map((operation) => `chime:${operation}`);
}
