import type { Connector } from './connectors.ts';
import type { NumberRefusal } from './errors.ts';
import type { Group } from './groups.ts';
import { DELETION_WINDOW } from './inventory.ts';
import type { PhoneNumber } from './numbers.ts';
import { shown } from './numbers.ts';
import type { SipRule } from './sip-rules.ts';
import type { ChimeSwitches } from './switches.ts';

const ACCOUNT_ID = '111122223333';

/** ISO 8601 with milliseconds and `Z`: the SDK throws on anything else. */
const timestamp = (epochMs: number) => new Date(epochMs).toISOString();

const arn = (type: string, id: string) => `arn:aws:chime:us-east-1:${ACCOUNT_ID}:${type}/${id}`;

/** The `VoiceConnectorArn`: tags are read by it. */
export const connectorArn = (voiceConnectorId: string) => arn('vc', voiceConnectorId);

/** `VoiceConnector` as replies carry it. */
export function connectorJson(connector: Connector) {
  const { voiceConnectorId, awsRegion, name, integrationType, createdAt, updatedAt } = connector;
  return {
    VoiceConnectorId: voiceConnectorId,
    AwsRegion: awsRegion,
    Name: name,
    OutboundHostName: `${voiceConnectorId}.voiceconnector.chime.aws`,
    RequireEncryption: true,
    CreatedTimestamp: timestamp(createdAt),
    UpdatedTimestamp: timestamp(updatedAt),
    VoiceConnectorArn: connectorArn(voiceConnectorId),
    ...(integrationType === undefined ? {} : { IntegrationType: integrationType }),
    NetworkType: 'IPV4_ONLY',
  };
}

/** `VoiceConnectorGroup` as replies carry it. */
export function groupJson(group: Group) {
  const { voiceConnectorGroupId, callDistributionType } = group;
  return {
    VoiceConnectorGroupId: voiceConnectorGroupId,
    Name: group.name,
    VoiceConnectorItems: group.items.map(({ voiceConnectorId, priority }) => ({
      VoiceConnectorId: voiceConnectorId,
      Priority: priority,
    })),
    CreatedTimestamp: timestamp(group.createdAt),
    UpdatedTimestamp: timestamp(group.updatedAt),
    VoiceConnectorGroupArn: arn('vcg', voiceConnectorGroupId),
    ...(callDistributionType === undefined ? {} : { CallDistributionType: callDistributionType }),
  };
}

/** `SipRule` as replies carry it. */
export function sipRuleJson(rule: SipRule) {
  return {
    SipRuleId: rule.sipRuleId,
    Name: rule.name,
    Disabled: rule.disabled,
    TriggerType: rule.triggerType,
    TriggerValue: rule.triggerValue,
    TargetApplications: [
      { SipMediaApplicationId: rule.sipMediaApplicationId, Priority: 1, AwsRegion: 'us-east-1' },
    ],
    CreatedTimestamp: timestamp(rule.createdAt),
    UpdatedTimestamp: timestamp(rule.createdAt),
  };
}

/** `PhoneNumber` as replies carry it. */
export function numberJson(number: Readonly<PhoneNumber>, switches: ChimeSwitches) {
  const { status, holder, queuedAt, updatedAt } = shown(number);
  const voice = number.productType !== 'SipMediaApplicationDialIn';
  return {
    PhoneNumberId: phoneNumberId(number.e164, switches),
    E164PhoneNumber: number.e164,
    Country: 'US',
    Type: number.type,
    ProductType: number.productType,
    Status: status,
    Capabilities: {
      InboundCall: true,
      OutboundCall: true,
      InboundSMS: voice,
      OutboundSMS: voice,
      InboundMMS: voice,
      OutboundMMS: voice,
    },
    Associations: holder
      ? [{ Value: holder.value, Name: holder.name, AssociatedTimestamp: timestamp(holder.since) }]
      : [],
    ...(number.callingName === undefined ? {} : { CallingName: number.callingName }),
    CallingNameStatus: callingNameStatus(number),
    CreatedTimestamp: timestamp(number.createdAt),
    UpdatedTimestamp: timestamp(updatedAt),
    ...(queuedAt === undefined ? {} : { DeletionTimestamp: deletionTimestamp(queuedAt, switches) }),
    OrderId: number.orderId,
    ...(number.name === undefined ? {} : { Name: number.name }),
  };
}

function callingNameStatus({ callingName, callingNamePendingUntil }: Readonly<PhoneNumber>) {
  if (callingNamePendingUntil !== undefined) return 'UpdateInProgress';
  return callingName === undefined ? 'Unassigned' : 'UpdateSucceeded';
}

/** The reply of a bulk call. */
export function bulkJson(refusals: ReadonlyMap<string, NumberRefusal>, switches: ChimeSwitches) {
  if (refusals.size === 0 && switches.emptyErrors === 'absent') return {};
  return {
    PhoneNumberErrors: [...refusals].map(([e164, { code, message }]) => ({
      PhoneNumberId: phoneNumberId(e164, switches),
      ErrorCode: code,
      ErrorMessage: message,
    })),
  };
}

function phoneNumberId(e164: string, switches: ChimeSwitches): string {
  return switches.numberIdForm === 'percent' ? e164.replace('+', '%2B') : e164;
}

function deletionTimestamp(queuedAt: number, switches: ChimeSwitches): string {
  return timestamp(switches.deletionTimestamp === 'queuedAt' ? queuedAt : queuedAt + DELETION_WINDOW);
}
