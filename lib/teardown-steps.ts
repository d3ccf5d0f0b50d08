import { Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import {
  callMetrics,
  connectorRights,
  logDeliveryOfConnectors,
  onGroupsAndRules,
  onNumbers,
  unlessProtected,
} from './chime-rights.ts';
import type { Ledger } from './ledger.ts';
import type { Right } from './rights.ts';
import type { Settings } from './settings.ts';
import { type StepFunction, stepsOf } from './step-function.ts';

/** The steps of the teardown, by the names that they also have as states, files and specifications. */
export interface TeardownSteps {
  readonly inspectVoiceConnector: StepFunction;
  readonly disassociatePhoneNumbers: StepFunction;
  readonly queuePhoneNumbers: StepFunction;
  readonly openDeletionWindow: StepFunction;
  readonly checkDeletionQueue: StepFunction;
  readonly detachFromGroups: StepFunction;
  readonly deleteVoiceConnector: StepFunction;
  readonly closeTeardown: StepFunction;
}

/** Reading an inventory of 100,000 numbers takes a thousand calls, one after the other. */
const forReadingAll = Duration.minutes(14);
/** Ten calls for a batch, each with its retries. */
const forOneBatch = Duration.minutes(5);

/** What the teardown needs of the way back. */
export interface WayBack {
  /** The step that both workflows end with. */
  readonly closeTeardown: StepFunction;
  /** ARN of the state machine that restores: for the commands that messages give. */
  readonly restoreMachineArn: string;
}

/** Makes the steps' functions, each with the rights that its code uses. */
export function teardownSteps(
  scope: Construct,
  ledger: Ledger,
  settings: Settings,
  { closeTeardown, restoreMachineArn }: WayBack,
): TeardownSteps {
  const step = stepsOf(scope, ledger, settings);
  const onConnectors = connectorRights(scope, settings.chimeApi);
  // With the older API too, which knows no tags: a run that began before the API was changed goes on with the code of then.
  const tags = onConnectors('ListTagsForResource');
  const guards = { PROTECTION_TAG: settings.protectionTag, QUIET_DAYS: String(settings.quietDays) };

  return {
    inspectVoiceConnector: step('InspectVoiceConnector', {
      timeout: forReadingAll,
      environment: {
        ...guards,
        MAX_PHONE_NUMBERS: String(settings.maxPhoneNumbers),
        REQUIRE_APPROVED_PLAN: String(settings.requireApprovedPlan),
        BATCH_CONCURRENCY: String(settings.batchConcurrency),
        RESTORE_STATE_MACHINE_ARN: restoreMachineArn,
      },
      rights: [
        onConnectors('GetVoiceConnector', ...configurationReads),
        tags,
        onNumbers('ListPhoneNumbers', 'GetPhoneNumber'),
        onGroupsAndRules('ListVoiceConnectorGroups', 'GetVoiceConnectorGroup', 'ListSipRules'),
        callMetrics(),
        ledger.allows('GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'),
      ],
    }),
    disassociatePhoneNumbers: step('DisassociatePhoneNumbers', {
      timeout: forOneBatch,
      rights: [
        onConnectors('DisassociatePhoneNumbersFromVoiceConnector'),
        unlessProtected(settings.protectionTag, 'DisassociatePhoneNumbersFromVoiceConnector'),
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
      rights: [onNumbers('ListPhoneNumbers'), ledger.allows('GetItem', 'Query', 'UpdateItem')],
    }),
    checkDeletionQueue: step('CheckDeletionQueue', {
      timeout: forReadingAll,
      rights: [
        onNumbers('ListPhoneNumbers', 'GetPhoneNumber'),
        ledger.allows('GetItem', 'Query', 'UpdateItem'),
      ],
    }),
    detachFromGroups: step('DetachFromGroups', {
      timeout: Duration.minutes(5),
      environment: guards,
      rights: [
        onConnectors('GetVoiceConnector'),
        tags,
        onGroupsAndRules('ListVoiceConnectorGroups', 'GetVoiceConnectorGroup', 'UpdateVoiceConnectorGroup'),
        onNumbers('ListPhoneNumbers'),
        callMetrics(),
        ledger.allows('GetItem', 'UpdateItem'),
      ],
    }),
    deleteVoiceConnector: step('DeleteVoiceConnector', {
      timeout: Duration.minutes(5),
      environment: guards,
      rights: [
        onConnectors('DeleteVoiceConnector', 'GetVoiceConnector'),
        unlessProtected(settings.protectionTag, 'DeleteVoiceConnector'),
        tags,
        onGroupsAndRules('ListVoiceConnectorGroups', 'GetVoiceConnectorGroup'),
        onNumbers('ListPhoneNumbers'),
        callMetrics(),
        logDeliveryOfConnectors(),
        ledger.allows('GetItem', 'UpdateItem'),
      ],
    }),
    closeTeardown,
  };
}

/** The step that both workflows end with. */
export function closingStep(scope: Construct, ledger: Ledger, settings: Settings): StepFunction {
  return stepsOf(
    scope,
    ledger,
    settings,
  )('CloseTeardown', {
    // It counts all numbers for its notice: 200 items of the ledger for 100,000.
    timeout: Duration.minutes(3),
    environment: { LEDGER_RETENTION_DAYS: String(settings.ledgerRetentionDays) },
    rights: [ledger.allows('GetItem', 'Query', 'UpdateItem'), mayAnnounce(scope)],
  });
}

/** Notices go to the default event bus. */
function mayAnnounce(scope: Construct): Right {
  const bus = Stack.of(scope).formatArn({
    service: 'events',
    resource: 'event-bus',
    resourceName: 'default',
  });
  return { statement: new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus] }) };
}

/** What a snapshot reads: everything about a connector but its secrets. External systems are not in the older API. */
const configurationReads = [
  'GetVoiceConnectorTermination',
  'ListVoiceConnectorTerminationCredentials',
  'GetVoiceConnectorOrigination',
  'GetVoiceConnectorStreamingConfiguration',
  'GetVoiceConnectorEmergencyCallingConfiguration',
  'GetVoiceConnectorLoggingConfiguration',
  'GetVoiceConnectorProxy',
  'GetVoiceConnectorExternalSystemsConfiguration',
];
