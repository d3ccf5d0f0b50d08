import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { connectorRights, onGroupsAndRules, onNumbers } from './chime-rights.ts';
import type { Ledger } from './ledger.ts';
import type { Settings } from './settings.ts';
import { type StepFunction, stepsOf } from './step-function.ts';

/** The steps of the restore, by the names that they also have as states, files and specifications. */
export interface RestoreSteps {
  readonly inspectTeardown: StepFunction;
  readonly restorePhoneNumbers: StepFunction;
  readonly associatePhoneNumbers: StepFunction;
  readonly requestNames: StepFunction;
  readonly rejoinGroups: StepFunction;
  readonly verifyRestore: StepFunction;
  readonly closeTeardown: StepFunction;
}

/** One call for each of 500 numbers, one after the other; the step stops by itself before its time is up. */
const forOneByOne = Duration.minutes(14);

/** Makes the steps' functions, each with the rights that its code uses. */
export function restoreSteps(
  scope: Construct,
  ledger: Ledger,
  settings: Settings,
  closeTeardown: StepFunction,
): RestoreSteps {
  const step = stepsOf(scope, ledger, settings);
  const onConnectors = connectorRights(scope, settings.chimeApi);

  return {
    inspectTeardown: step('InspectTeardown', {
      timeout: Duration.minutes(5),
      rights: [onConnectors('GetVoiceConnector'), ledger.allows('GetItem', 'PutItem', 'UpdateItem', 'Query')],
    }),
    restorePhoneNumbers: step('RestorePhoneNumbers', {
      timeout: forOneByOne,
      rights: [
        onNumbers('RestorePhoneNumber', 'GetPhoneNumber'),
        ledger.allows('GetItem', 'PutItem', 'UpdateItem'),
      ],
    }),
    associatePhoneNumbers: step('AssociatePhoneNumbers', {
      timeout: Duration.minutes(5),
      rights: [
        onConnectors('GetVoiceConnector', 'AssociatePhoneNumbersWithVoiceConnector'),
        onNumbers('GetPhoneNumber'),
        ledger.allows('GetItem', 'PutItem', 'UpdateItem'),
      ],
    }),
    requestNames: step('RequestNames', {
      timeout: Duration.minutes(2),
      rights: [
        onNumbers('BatchUpdatePhoneNumber', 'GetPhoneNumber'),
        ledger.allows('GetItem', 'PutItem', 'UpdateItem'),
      ],
    }),
    rejoinGroups: step('RejoinGroups', {
      timeout: Duration.minutes(2),
      rights: [
        onConnectors('GetVoiceConnector'),
        onGroupsAndRules('GetVoiceConnectorGroup', 'UpdateVoiceConnectorGroup'),
        ledger.allows('GetItem', 'UpdateItem'),
      ],
    }),
    verifyRestore: step('VerifyRestore', {
      timeout: Duration.minutes(14),
      rights: [
        onConnectors('GetVoiceConnector'),
        onNumbers('ListPhoneNumbers', 'GetPhoneNumber'),
        ledger.allows('GetItem', 'PutItem', 'UpdateItem', 'Query'),
      ],
    }),
    closeTeardown,
  };
}
