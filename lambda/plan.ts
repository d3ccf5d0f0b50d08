import { createHash } from 'node:crypto';
import { type RollKey, rollKey, sorted } from './roll.ts';

/** A reason to refuse: a code, a sentence, and the way out. */
export interface Blocker {
  readonly code: BlockerCode;
  readonly message: string;
  readonly wayOut: string;
}

/** The reasons to refuse: a teardown, a restore (the last two), or either. */
export const blockerCodes = [
  'InvalidInput',
  'ConnectorNotFound',
  'AlreadyRunning',
  'RestoreRequested',
  'Unfinished',
  'Protected',
  'InUse',
  'InGroup',
  'SipRules',
  'ManagedByConnect',
  'NumbersInFlight',
  'PlanChanged',
  'NoPhoneNumbers',
  'TooManyNumbers',
  'CountMismatch',
  'NoTeardown',
  'NothingToRestore',
] as const;
/** The code of a blocker. */
export type BlockerCode = (typeof blockerCodes)[number];

/** The blockers that a request may override. */
export const overridable = ['InUse'] as const satisfies readonly BlockerCode[];
/** One of them. */
export type Override = (typeof overridable)[number];

/** Like a blocker, but it refuses nothing: what an operator should know before, and what can be done about it. */
export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
  readonly wayOut: string;
}

/** The code of a warning. */
export type WarningCode =
  | 'CallsStop'
  | 'NoWindow'
  | 'PortOutUnseen'
  | 'EmergencyCalling'
  | 'DefaultCallingNumber'
  | 'CredentialsGo'
  | 'StreamingGoes'
  | 'LeavesGroups'
  | 'CallsOverridden'
  | 'Unchecked'
  | 'Unreadable'
  | 'Reclaimed'
  | 'OffConnector';

/** What a run would do, and why it would not. */
export interface Plan {
  /** Identifies the connector and its numbers: `sha256:` and 64 hex digits. */
  readonly fingerprint: string;
  readonly blockers: readonly Blocker[];
  readonly warnings: readonly Warning[];
}

/**
 * The name under which a plan is in the ledger: no two executions write to the same one, nor two attempts of one
 * execution to draw it up.
 */
export function generationOf(executionArn: string, drawnUpAt: Date): string {
  return createHash('sha256').update(`${executionArn} ${drawnUpAt.toISOString()}`).digest('hex').slice(0, 16);
}

/**
 * SHA-256 over the connector's id and its sorted numbers (E.164), one a line. The same numbers give the same
 * fingerprint in whatever order, and in whatever form, the service lists them.
 */
export function fingerprintOf(voiceConnectorId: string, e164s: readonly string[]): string {
  return fingerprintOfRoll(voiceConnectorId, e164s.map(rollKey));
}

/** The same, of numbers that are known by their keys. */
export function fingerprintOfRoll(voiceConnectorId: string, keys: Iterable<RollKey>): string {
  const hash = createHash('sha256').update(voiceConnectorId);
  for (const e164 of sorted(keys)) hash.update(`\n${e164}`);
  return `sha256:${hash.digest('hex')}`;
}
