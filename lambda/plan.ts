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
  | 'AlreadyRunning'
  | 'Unfinished'
  | 'PlanChanged'
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
 * The name under which a plan is in the ledger: no two executions write to the same one, nor two attempts of one
 * execution to draw it up.
 */
export function generationOf(executionArn: string, drawnUpAt: Date): string {
  return createHash('sha256').update(`${executionArn} ${drawnUpAt.toISOString()}`).digest('hex').slice(0, 16);
}

/**
 * SHA-256 over the connector's id and its sorted numbers (E.164), one a line. The same numbers give the same
 * fingerprint in whatever order the service lists them.
 */
export function fingerprintOf(voiceConnectorId: string, e164s: readonly string[]): string {
  const lines = [voiceConnectorId, ...[...e164s].sort()];
  return `sha256:${createHash('sha256').update(lines.join('\n')).digest('hex')}`;
}
