/**
 * What the steps ask of the services, in the words of the domain. The adapters behind these are ./chime and ./aws (the
 * ledger's port is in ./ledger/teardown.ts); a step takes only the operations that it uses.
 */

import type { Notice } from './words/notices.ts';

/** What a connector's id is made of. The service would take an empty one for another request altogether. */
export const connectorIdPattern = /^[A-Za-z0-9-]{1,128}$/;

/** A connector as the service shows it. */
export interface Connector {
  readonly voiceConnectorId: string;
  readonly name: string;
  /** The Region of its media; the API may have been called in another one. */
  readonly awsRegion?: string;
  /** What SIP rules name it by. */
  readonly outboundHostName?: string;
  readonly requireEncryption?: boolean;
  readonly arn?: string;
  /** Present where Amazon Connect uses it. Only the current API tells. */
  readonly integrationType?: string;
  readonly networkType?: string;
}

/** The tags of a connector: by key; or why they are not known. */
export type Tags =
  | { readonly tags: Readonly<Record<string, string>> }
  | { readonly unreadable: string }
  /** This API knows no tags of connectors. */
  | 'unchecked';

/** A Voice Connector group with everything that an update of it replaces. */
export interface Group {
  readonly groupId: string;
  readonly name: string;
  readonly members: readonly GroupMember[];
  /** `CallDistributionType`; only in the current API. */
  readonly distribution?: 'LoadBalancedDistribution' | 'PriorityWeightedDistribution';
  /** The service has not said its name or its members: it cannot be written back as it was. */
  readonly isIncomplete?: true;
}

/** A connector in a group; priority 1 to 99. */
export interface GroupMember {
  readonly voiceConnectorId: string;
  readonly priority: number;
}

/** The place of a connector in a group. */
export interface GroupPlace {
  readonly groupId: string;
  /** Absent where an earlier version has noted the id only. */
  readonly name?: string;
  readonly priority: number;
}

/** A SIP rule: where calls to its trigger go. */
export interface SipRule {
  readonly id: string;
  readonly name: string;
  readonly triggerType: string;
  readonly triggerValue: string;
}

/** How a connector is configured, each part as the service gives it (its own field names); absent where it is not set. */
export interface Configuration {
  readonly termination?: { readonly DefaultPhoneNumber?: string | undefined };
  /** User names only: passwords cannot be read, and are not asked for. */
  readonly terminationUsernames?: readonly string[];
  readonly origination?: object;
  readonly streaming?: { readonly Disabled?: boolean | undefined };
  readonly emergencyCalling?: { readonly DNIS?: readonly object[] | undefined };
  readonly logging?: object;
  readonly proxy?: object;
  readonly externalSystems?: object;
  /** Parts that the service would not show: the name of its error, by part. */
  readonly unreadable?: Readonly<Record<string, string>>;
}

/** What a connector was before the first change: what it would take to build it again. */
export interface Snapshot {
  readonly connector: Connector;
  readonly configuration: Configuration;
  /** Absent where they are not known. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly groups: readonly GroupPlace[];
  /** ISO 8601. */
  readonly takenAt: string;
}

/** A phone number: `PhoneNumberId` and `E164PhoneNumber` exactly as the service gave them (they may differ in form). */
export interface PhoneNumber {
  readonly id: string;
  readonly e164: string;
}

/** A phone number with what it is called. */
export interface NamedNumber extends PhoneNumber {
  readonly name?: string;
  readonly callingName?: string;
}

/** What a number may be called by, in the order in which it is asked for. */
export const nameKinds = ['name', 'callingName'] as const satisfies readonly (keyof NamedNumber)[];
/** One of them. */
export type NameKind = (typeof nameKinds)[number];

/** A phone number as the service shows it now. */
export interface NumberView extends PhoneNumber {
  /** The same for every form in which this number is written: what numbers are compared by. */
  readonly key: string;
  /** `PhoneNumberStatus` of the API. */
  readonly status: string;
  readonly associations: readonly { readonly name: string; readonly value: string }[];
  /** What the account calls the number; only the current API tells. */
  readonly name?: string;
  /** What is shown to those who are called from it. */
  readonly callingName?: string;
}

/** Why the service refused one number of a bulk call: AWS's code, and its message, masked. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** What a bulk call did. Status 200 alone says nothing: each number has its own answer. */
export interface BulkReply {
  /**
   * `complete`: every number is accounted for. `missing`: the reply has no list of errors (the SDK reads an empty body
   * as success). `muddled`: it names numbers that nobody asked for, or says nothing about any. Only the first may be believed without looking.
   */
  readonly account: 'complete' | 'missing' | 'muddled';
  /** Why this number was refused; undefined where the reply names no refusal of it. */
  refusalOf(number: PhoneNumber): Refusal | undefined;
}

/** The statuses of a number that is in the deletion queue, or failed in it. */
export const queueStatuses = [
  'ReleaseInProgress',
  'DeleteInProgress',
  'ReleaseFailed',
  'DeleteFailed',
] as const;
/** One of them. */
export type QueueStatus = (typeof queueStatuses)[number];

/** Chime. Bulk operations take at most `numbersPerCall` numbers. All throw the errors of ./errors.ts. */
export interface ChimePort {
  /** Reads one connector; undefined where the service does not know it. */
  getVoiceConnector(voiceConnectorId: string): Promise<Connector | undefined>;
  /** Pages through the numbers that are associated with a connector: at most 100 a page, over the older API 99. */
  attachedNumbers(voiceConnectorId: string): AsyncIterable<readonly NumberView[]>;
  /** Pages through every number of the account, or through those in one status of the deletion queue. */
  inventory(status?: QueueStatus): AsyncIterable<readonly NumberView[]>;
  /** Reads one number; undefined where it is not, or no longer, in the account. */
  getNumber(number: PhoneNumber): Promise<NumberView | undefined>;
  /** Takes up to 50 numbers off a connector, in one call; the reply is `muddled` where the connector is gone. */
  disassociateNumbers(voiceConnectorId: string, numbers: readonly PhoneNumber[]): Promise<BulkReply>;
  /** Puts up to 50 numbers into the deletion queue, in one call. */
  queueNumbers(numbers: readonly PhoneNumber[]): Promise<BulkReply>;
  /** Takes one number out of the deletion queue; a refusal may also be that it is not in there. */
  restoreNumber(number: PhoneNumber): Promise<{ view: NumberView } | { refusal: Refusal }>;
  /** Takes no number away from another connector; undefined where the connector is gone. */
  associateNumbers(voiceConnectorId: string, numbers: readonly PhoneNumber[]): Promise<BulkReply | undefined>;
  /** Asks for the names, or the calling names, of up to 50 numbers; a calling name may take 72 hours to show. */
  requestNames(kind: NameKind, numbers: readonly NamedNumber[]): Promise<BulkReply>;
  /** Reads the tags of a connector, or says why they are not known; throws only what passes. */
  tagsOf(connector: Connector): Promise<Tags>;
  /** Reads the Voice Connector groups that have this connector as a member, each as a whole. */
  groupsOf(voiceConnectorId: string): Promise<readonly Group[]>;
  /** Reads one group; undefined where it is gone. */
  getGroup(groupId: string): Promise<Group | undefined>;
  /** Throws MalformedReply, and changes nothing, where the group is incomplete. */
  setMembers(group: Group, members: readonly GroupMember[]): Promise<void>;
  /** Whether a Voice Connector group has numbers of its own. */
  hasNumbers(groupId: string): Promise<boolean>;
  /** Pages through the SIP rules of the account. */
  sipRules(): AsyncIterable<readonly SipRule[]>;
  /** Reads how a connector is configured; what the service will not show is named in `unreadable`. */
  configurationOf(voiceConnectorId: string): Promise<Configuration>;
  /** Deletes a connector; `gone` where there is none, `blocked` with AWS's reason where the refusal may pass (409 or 400). */
  deleteVoiceConnector(
    voiceConnectorId: string,
  ): Promise<{ outcome: 'accepted' | 'gone' } | { outcome: 'blocked'; reason: string }>;
}

/** BatchDeletePhoneNumber takes up to 50 numbers (Service Authorization Reference); the others name no limit. */
export const numbersPerCall = 50;
/** Step Functions, as far as a lock needs it. */
export interface ExecutionsPort {
  /** Whether an execution is running; `unknown` where Step Functions does not know it. */
  statusOf(executionArn: string): Promise<'running' | 'over' | 'unknown'>;
  /** Stops an execution; nothing happens where it is over or not known. A function that runs for it runs on. */
  stop(executionArn: string, why: string): Promise<void>;
}

/** The event bus. */
export interface EventsPort {
  /** Puts a notice on the bus; throws where the bus has not taken it. */
  publish(notice: Notice): Promise<void>;
}

/** CloudWatch, as far as it knows of calls. */
export interface CallsPort {
  /**
   * How many calls went through a connector since a time, at least; 0 where CloudWatch has no data of it. Throws where
   * its metrics cannot be read.
   */
  callsSince(connector: Connector, since: Date): Promise<number>;
}
