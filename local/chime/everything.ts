import type { Configuration } from './configuration.ts';
import type { Connector } from './connectors.ts';
import type { Group, NewGroup } from './groups.ts';
import type { Holder, PhoneNumber } from './numbers.ts';
import type { SipRule } from './sip-rules.ts';

/** One number as it really is. */
interface NumberState extends Pick<PhoneNumber, 'status' | 'productType'> {
  readonly holder: Pick<Holder, 'name' | 'value'> | null;
  readonly name: string | null;
  readonly callingName: string | null;
  readonly callingNamePending: boolean;
  /** In the deletion queue. */
  readonly queued: boolean;
}

/**
 * All that the service knows, in an order of its own and without times, so that two of them can be compared: what was
 * undone must be equal to what was there before.
 */
export interface Everything {
  readonly connectors: readonly {
    readonly voiceConnectorId: string;
    readonly name: string;
    readonly awsRegion: string;
    readonly integrationType: string | null;
    readonly configuration: Configuration;
    readonly tags: Readonly<Record<string, string>>;
  }[];
  readonly groups: readonly {
    readonly voiceConnectorGroupId: string;
    readonly name: string;
    /** By priority. */
    readonly items: NewGroup['items'];
    readonly callDistributionType: string | null;
  }[];
  readonly sipRules: readonly Pick<
    SipRule,
    'sipRuleId' | 'name' | 'triggerType' | 'triggerValue' | 'disabled' | 'sipMediaApplicationId'
  >[];
  /** By E.164. */
  readonly numbers: Readonly<Record<string, NumberState>>;
}

export function everythingOf(account: {
  readonly connectors: readonly Connector[];
  readonly groups: readonly Group[];
  readonly sipRules: readonly SipRule[];
  readonly numbers: Iterable<Readonly<PhoneNumber>>;
}): Everything {
  return {
    connectors: account.connectors
      .map(({ voiceConnectorId, name, awsRegion, integrationType = null, configuration, tags }) => ({
        voiceConnectorId,
        name,
        awsRegion,
        integrationType,
        configuration: structuredClone(configuration),
        tags,
      }))
      .sort(by(({ voiceConnectorId }) => voiceConnectorId)),
    groups: account.groups
      .map(({ voiceConnectorGroupId, name, items, callDistributionType = null }) => ({
        voiceConnectorGroupId,
        name,
        items: items.toSorted(
          by(({ voiceConnectorId: id, priority }) => `${priority}`.padStart(2, '0') + id),
        ),
        callDistributionType,
      }))
      .sort(by(({ voiceConnectorGroupId }) => voiceConnectorGroupId)),
    sipRules: account.sipRules
      .map(({ serial: _serial, createdAt: _createdAt, ...rule }) => rule)
      .sort(by(({ sipRuleId }) => sipRuleId)),
    numbers: Object.fromEntries(
      [...account.numbers].sort(by(({ e164 }) => e164)).map((number) => [number.e164, stateOf(number)]),
    ),
  };
}

function stateOf(number: Readonly<PhoneNumber>): NumberState {
  const { status, productType, holder, callingNamePendingUntil, queuedAt } = number;
  return {
    status,
    productType,
    holder: holder ? { name: holder.name, value: holder.value } : null,
    name: number.name ?? null,
    callingName: number.callingName ?? null,
    callingNamePending: callingNamePendingUntil !== undefined,
    queued: queuedAt !== undefined,
  };
}

function by<Item>(key: (item: Item) => string): (a: Item, b: Item) => number {
  return (a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b)));
}
