import { DELETION_WINDOW } from './account.ts';
import type { Connector } from './connectors.ts';
import type { NumberRefusal } from './errors.ts';
import type { PhoneNumber } from './numbers.ts';
import { shown } from './numbers.ts';
import type { ChimeSwitches } from './switches.ts';

const ACCOUNT_ID = '111122223333';

/** ISO 8601 with milliseconds and `Z`: the SDK throws on anything else. */
const timestamp = (epochMs: number) => new Date(epochMs).toISOString();

/** `VoiceConnector` as replies carry it. */
export function connectorJson(connector: Connector) {
  const { voiceConnectorId, awsRegion, name, createdAt, updatedAt } = connector;
  return {
    VoiceConnectorId: voiceConnectorId,
    AwsRegion: awsRegion,
    Name: name,
    OutboundHostName: `${voiceConnectorId}.voiceconnector.chime.aws`,
    RequireEncryption: true,
    CreatedTimestamp: timestamp(createdAt),
    UpdatedTimestamp: timestamp(updatedAt),
    VoiceConnectorArn: `arn:aws:chime:us-east-1:${ACCOUNT_ID}:vc/${voiceConnectorId}`,
    NetworkType: 'IPV4_ONLY',
  };
}

/** `PhoneNumber` as replies carry it. */
export function numberJson(number: Readonly<PhoneNumber>, switches: ChimeSwitches) {
  const { status, holder, updatedAt } = shown(number);
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
    CallingNameStatus: number.callingName === undefined ? 'Unassigned' : 'UpdateSucceeded',
    CreatedTimestamp: timestamp(number.createdAt),
    UpdatedTimestamp: timestamp(updatedAt),
    ...(number.queuedAt === undefined
      ? {}
      : { DeletionTimestamp: deletionTimestamp(number.queuedAt, switches) }),
    OrderId: number.orderId,
  };
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
