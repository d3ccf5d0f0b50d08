/** A teardown as the ledger remembers it, and the port to the ledger. The adapter behind it is ./ledger.ts. */
import type { Override, Warning } from '../plan.ts';
import type { GroupPlace, NamedNumber, NameKind, Refusal, Snapshot } from '../ports.ts';

/** Numbers in a batch: one ledger item (well under DynamoDB's 400 KB), one iteration of the Map. */
export const numbersPerBatch = 500;

/**
 * Where a number of the ledger is: on the connector; off it, and billed; in the deletion queue; purged; or taken back by
 * somebody, which makes it none of ours any more.
 */
export type NumberState = 'attached' | 'unassigned' | 'queued' | 'gone' | 'reclaimed';

/** A number in the ledger. `failure` is there where the service refused it for good. */
export interface LedgerNumber extends NamedNumber {
  /** When a restore first asked for it, as long as the service still shows it in the queue. */
  readonly askedAt?: string;
  /** A restore has put it on the connector, while others of its batch are still on their way. */
  readonly isBack?: boolean;
  /** The names that it is without since the teardown, as long as they have not been asked for. */
  readonly lost?: readonly NameKind[];
  /** The names that a restore has asked for, as long as the service does not show them. */
  readonly requested?: readonly NameKind[];
  /** Somebody took it off the connector before any run had begun with its batch: a restore leaves it where it is. */
  readonly wasTakenOff?: boolean;
  /** Somebody had taken it back, and a restore has called it back since: a resumed run leaves it alone. */
  readonly wasReclaimed?: boolean;
  readonly state: NumberState;
  readonly failure?: Refusal;
}

/** One batch of a teardown. Times are ISO 8601. */
export interface Batch {
  readonly index: number;
  readonly numbers: readonly LedgerNumber[];
  /** When its release began: until then no number of it was touched. */
  readonly begunAt?: string;
  /**
   * When a restore began with it, noted before its first call: from then on it may be the restore that has taken a number
   * out of the queue, and one that is off the connector is not there yet.
   */
  readonly undoneAt?: string;
  /** When a number of it was last put into the deletion queue. */
  readonly queuedAt?: string;
  /** Since when a step has been coming back because the service had not caught up with what it was told. */
  readonly waitingSince?: string;
  /** How often it has come back since then. */
  readonly looks?: number;
}

/**
 * How far a teardown is. The first three are under way, and `restoring` is the way back; after `failed` and `interrupted`
 * it may be resumed or restored; `deleted` and `restored` are its two ends.
 */
export type Phase =
  | 'releasing'
  | 'window'
  | 'deleting'
  | 'restoring'
  | 'failed'
  | 'interrupted'
  | 'deleted'
  | 'restored';

/** Whether a teardown has come to an end, so that there is nothing to resume. */
export function isEnded({ phase }: Pick<Teardown, 'phase'>): boolean {
  return phase === 'deleted' || phase === 'restored';
}

/** Whether it is only the trace of a restore that found nothing to restore: no state machine has opened it. */
export function isMarker({ phase, stateMachine }: Pick<Teardown, 'phase' | 'stateMachine'>): boolean {
  return phase === 'restored' && stateMachine === undefined;
}

/** That a run was given overrides. Times are ISO 8601. */
export interface Overridden {
  readonly overrides: readonly Override[];
  /** ARN of the run. */
  readonly execution: string;
  readonly at: string;
  /** As this run said it, if it did. */
  readonly requestedBy?: string;
  readonly reason?: string;
}

/** A teardown as the ledger remembers it: one per connector, the latest. */
export interface Teardown {
  readonly voiceConnectorId: string;
  readonly name: string;
  readonly phase: Phase;
  /** The lock: ARN of the execution that works on it; absent when none does. */
  readonly holder?: string;
  /** When the holder took it. */
  readonly holderSince?: string;
  /** Until when a function of this or an earlier holder may still be running. */
  readonly busyUntil: string;
  /** What `busyUntil` was when the holder took over: it waits until then before it reads or acts. */
  readonly clearAt?: string;
  /** ARN of the execution that drew up the plan. */
  readonly execution: string;
  /** Which set of batches is in force: each execution that draws up a plan has one of its own. */
  readonly generation: string;
  /** How many of its batches, from the first, had numbers to release when the plan was drawn up. */
  readonly batchesToRelease: number;
  readonly warnings: readonly Warning[];
  /** What the connector was before the first change. */
  readonly snapshot?: Snapshot;
  /** The groups that it was taken out of, noted before the first update; by id alone in items of earlier versions. */
  readonly detachedFrom?: readonly (GroupPlace | string)[];
  /** What its last run was given; none of it is inherited by the next. */
  readonly overrides?: readonly Override[];
  readonly detachFromGroups?: true;
  /** What was overridden in any of its runs, first to last. */
  readonly overridden?: readonly Overridden[];
  /** ARN of the state machine that opened it: where it is resumed. */
  readonly stateMachine?: string;
  /** ARN of the state machine that takes it back; items of earlier versions are without it. */
  readonly restoreStateMachine?: string;
  /** Runs that were started at this time or before are refused: a restore was asked for meanwhile. */
  readonly refusesRunsUntil?: string;
  readonly phoneNumbers: number;
  readonly fingerprint: string;
  readonly startedAt: string;
  /**
   * When the run was started that began to release the connector, or began anew after a restore: calls since then keep the
   * connector from being deleted. Items of earlier versions are without it.
   */
  readonly releasedSince?: string;
  readonly windowEndsAt?: string;
  /** When all of its numbers were seen to be gone. */
  readonly goneAt?: string;
  readonly endedAt?: string;
  /** ARN of the execution that brought it to its end. */
  readonly closedBy?: string;
  /** When DynamoDB may forget it, in seconds since 1970: only where it was deleted or restored. */
  readonly expiresAt?: number;
  readonly requestedBy?: string;
  /** Who wanted the last restore, and why. */
  readonly restoreRequest?: { readonly requestedBy?: string; readonly reason?: string };
  readonly reason?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** The ledger. Reads are strongly consistent. All throw the errors of ../errors.ts. */
export interface LedgerPort {
  /** What is known of a connector's teardown; undefined where the ledger has none. */
  readTeardown(voiceConnectorId: string): Promise<Teardown | undefined>;
  /**
   * Writes every batch, then the teardown that names them: a reader sees all of a plan or nothing of it. LockLost where
   * another execution, or another attempt of this one, has opened or taken over a teardown of this connector; where a restore
   * was asked for after `runStartedAt` (ISO 8601); or where batches that were drafted are missing.
   */
  openTeardown(
    teardown: Teardown & { readonly holder: string },
    batches: readonly Batch[],
    runStartedAt: string,
    drawnUp?: {
      /** How many batches were drafted before. */
      readonly drafted?: number;
      /** The plan (its generation) that was read, is held, and is to be replaced; none for a first run. */
      readonly instead?: string | undefined;
    },
  ): Promise<void>;
  /** Writes a batch of a plan that is being drawn up: nobody sees it before the plan is opened. */
  draftBatch(of: BatchAddress, batch: Batch): Promise<void>;
  /** Deletes the batches of a plan that was drawn up and not opened. */
  dropDraft(voiceConnectorId: string, generation: string): Promise<void>;
  /**
   * Puts down a teardown that is over (`restored`, without a holder), for the sake of its `refusesRunsUntil`. LockLost
   * where one has been opened.
   */
  refuseRuns(marker: Teardown & { readonly refusesRunsUntil: string }): Promise<void>;
  /** Whether there are batches of other plans than this one: superseded ones, or some that were never opened. */
  hasSuperseded(voiceConnectorId: string, generation: string): Promise<boolean>;
  /** Deletes these. Only under the lock: a plan opened meanwhile would go with them. */
  dropSuperseded(voiceConnectorId: string, generation: string): Promise<void>;
  /** Puts a new holder in the place of the one (or none) that `earlier` names; LockLost where that has changed. */
  takeOver(earlier: Teardown, holder: string, since: string): Promise<void>;
  /** Notes that `holder` has a function at work until `until`; LockLost where it is not, or no longer, the holder. */
  hold(voiceConnectorId: string, holder: string, until: string): Promise<void>;
  /** One batch; LedgerMismatch where there is none. */
  readBatch(of: BatchAddress): Promise<Batch>;
  /** Replaces one batch as a whole; LedgerMismatch where it is no longer there. */
  saveBatch(of: BatchAddress, batch: Batch): Promise<void>;
  /** Every batch of a plan, in the order of their indices. */
  readBatches(voiceConnectorId: string, generation: string): AsyncIterable<Batch>;
  /** Changes fields of a teardown; LockLost where `holder` is not its holder. */
  updateTeardown(voiceConnectorId: string, holder: string, change: TeardownChange): Promise<void>;
  /** The same, and gives the lock back. */
  closeTeardown(voiceConnectorId: string, holder: string, change: TeardownChange): Promise<void>;
  /** Has DynamoDB forget every batch of a plan from `at` on, in seconds since 1970. */
  expireBatches(voiceConnectorId: string, generation: string, at: number): Promise<void>;
}

/** Fields to set; one that is given as undefined is removed. */
export type TeardownChange = {
  readonly [Field in
    | 'phase'
    | 'windowEndsAt'
    | 'goneAt'
    | 'restoreStateMachine'
    | 'endedAt'
    | 'closedBy'
    | 'expiresAt'
    | 'error'
    | 'cause'
    | 'detachedFrom'
    | 'restoreRequest'
    | 'refusesRunsUntil']?: Teardown[Field] | undefined;
};

/** Which batch: of which connector, of which plan. */
export interface BatchAddress {
  readonly voiceConnectorId: string;
  readonly generation: string;
  readonly batch: number;
}
