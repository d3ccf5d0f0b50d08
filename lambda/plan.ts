import { createHash } from 'node:crypto';

/** A reason to refuse: a code, a sentence, and the way out. */
export interface Blocker {
  readonly code: BlockerCode;
  readonly message: string;
  readonly wayOut: string;
}

export type BlockerCode =
  | 'InvalidInput'
  | 'ConnectorNotFound'
  | 'Unfinished'
  | 'NoPhoneNumbers'
  | 'TooManyNumbers'
  | 'CountMismatch';

/** What a run would do, and why it would not. */
export interface Plan {
  /** Identifies the connector and its numbers: `sha256:` and 64 hex digits. */
  readonly fingerprint: string;
  readonly blockers: readonly Blocker[];
  readonly warnings: readonly string[];
}

/**
 * SHA-256 over the connector's id and its sorted numbers (E.164), one a line. The same numbers give the same
 * fingerprint in whatever order the service lists them.
 */
export function fingerprintOf(voiceConnectorId: string, e164s: readonly string[]): string {
  const lines = [voiceConnectorId, ...[...e164s].sort()];
  return `sha256:${createHash('sha256').update(lines.join('\n')).digest('hex')}`;
}

/** Refuses a number of phone numbers that nobody asked to release. */
export function countBlockers(
  found: number,
  expected: number | undefined,
  most: number,
  voiceConnectorId: string,
): Blocker[] {
  if (expected !== undefined && expected !== found) {
    return [
      {
        code: 'CountMismatch',
        message: `Connector ${voiceConnectorId} has ${found} phone numbers, and expectedPhoneNumbers says ${expected}.`,
        wayOut:
          'Look at a plan ("dryRun": true), find out which numbers came or went, and state the count that is right.',
      },
    ];
  }
  if (expected === undefined && found === 0) {
    return [
      {
        code: 'NoPhoneNumbers',
        message: `Connector ${voiceConnectorId} has no phone numbers: is it the right one, in the right Region, and not an outbound-only trunk in use?`,
        wayOut: 'To delete it at once, which cannot be undone, say "expectedPhoneNumbers": 0.',
      },
    ];
  }
  if (expected === undefined && found > most) {
    return [
      {
        code: 'TooManyNumbers',
        message: `Connector ${voiceConnectorId} has ${found} phone numbers, more than the ${most} that may go without being counted (setting maxPhoneNumbers).`,
        wayOut: `If all of them are to go, say "expectedPhoneNumbers": ${found}.`,
      },
    ];
  }
  return [];
}
