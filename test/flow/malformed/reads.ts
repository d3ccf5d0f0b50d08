import type { Operation } from '../../../local/chime/operations.ts';
import { assigned, noList, noNumber, noObject, type Shape, spoiling } from './shapes.ts';

const connector = {
  VoiceConnectorId: '<connector>',
  Name: 'Trunk',
  VoiceConnectorArn: 'arn:aws:chime:us-east-1:111122223333:vc/<connector>',
};
const group = {
  VoiceConnectorGroupId: '<group>',
  Name: 'Pool',
  VoiceConnectorItems: [{ VoiceConnectorId: '<connector>', Priority: 2 }],
};
const rule = { SipRuleId: 'r', Name: 'r', TriggerType: 'RequestUriHostname', TriggerValue: 'x' };
const aTimeAsANumber = { CreatedTimestamp: 1_575_000_000 };
const aTimeThatIsNone = { UpdatedTimestamp: 'yesterday' };
const members = (...VoiceConnectorItems: unknown[]) => ({ VoiceConnectorItems });

const shapes: Partial<Record<Operation, readonly Shape[]>> = {
  GetVoiceConnector: [
    ['no connector', {}],
    ['a connector that is null', { VoiceConnector: null }],
    ...spoiling((VoiceConnector) => ({ VoiceConnector }), connector, [
      ['a connector with a time that is a number', aTimeAsANumber],
      ['a connector with a time that is none', aTimeThatIsNone],
    ]),
  ],
  ListVoiceConnectorGroups: [
    ['no list of groups', {}],
    ['a list of groups that is null', { VoiceConnectorGroups: null }],
    ...noList('VoiceConnectorGroups'),
    ...spoiling((part) => ({ VoiceConnectorGroups: [part] }), group, [
      ['a group without an id', { VoiceConnectorGroupId: null }],
      ['a group whose id is empty', { VoiceConnectorGroupId: '' }],
      ['a group whose time is a number', aTimeAsANumber],
    ]),
    ['the same token twice', { VoiceConnectorGroups: [], NextToken: 'again' }],
  ],
  GetVoiceConnectorGroup: [
    ...noObject('VoiceConnectorGroup'),
    ...spoiling((VoiceConnectorGroup) => ({ VoiceConnectorGroup }), group, [
      ['a group without a name', { Name: null }],
      ['a group with a member that is a number', members(5)],
      ['a group with a member without an id', members({ Priority: 1 })],
      ['a group with a member without priority', members({ VoiceConnectorId: '<connector>' })],
      ['a group whose time is a number', aTimeAsANumber],
    ]),
  ],
  ListSipRules: [
    ['no list of rules', {}],
    ['a list of rules that is null', { SipRules: null }],
    ...spoiling((each) => ({ SipRules: [each] }), rule, [['a rule whose time is a number', aTimeAsANumber]]),
    ['the same token twice', { SipRules: [], NextToken: 'again' }],
  ],
  ListPhoneNumbers: [
    ['no list of numbers', {}],
    ['a list of numbers that is null', { PhoneNumbers: null }],
    ['the list in small letters', { phoneNumbers: [assigned] }],
    ...noList('PhoneNumbers'),
    ...spoiling((number) => ({ PhoneNumbers: [number] }), assigned, noNumber),
    ['the same token twice', { PhoneNumbers: [], NextToken: 'again' }],
  ],
  GetPhoneNumber: [
    ...noObject('PhoneNumber'),
    ...spoiling((PhoneNumber) => ({ PhoneNumber }), assigned, noNumber),
  ],
  RestorePhoneNumber: [
    ...noObject('PhoneNumber'),
    ...spoiling((PhoneNumber) => ({ PhoneNumber }), assigned, noNumber),
  ],
};

/** What the service is asked for, and what it may answer instead. */
export const reads = Object.entries(shapes).flatMap(([operation, list]) =>
  list.map(([what, body]) => [operation as Operation, what, body] as const),
);
