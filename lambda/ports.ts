/**
 * What the steps ask of the world, in the words of the domain. The adapters behind these are ./chime.ts and
 * ./ledger.ts; a step takes only the operations that it uses.
 */

/** What a connector's id is made of. The service would take an empty one for another request altogether. */
export const connectorIdPattern = /^[A-Za-z0-9-]{1,128}$/;

/** A connector, as far as a teardown needs to know it. */
export interface Connector {
  readonly voiceConnectorId: string;
  readonly name: string;
}

/** A phone number: `PhoneNumberId` and `E164PhoneNumber` exactly as the service gave them (they may differ in form). */
export interface PhoneNumber {
  readonly id: string;
  readonly e164: string;
}

/** A phone number as the service shows it now. */
export interface NumberView extends PhoneNumber {
  /** The same for every form in which this number is written: what numbers are compared by. */
  readonly key: string;
  /** `PhoneNumberStatus` of the API. */
  readonly status: string;
  readonly associations: readonly { readonly name: string; readonly value: string }[];
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
  refusalOf(number: PhoneNumber): Refusal | undefined;
}

/** The statuses of a number that is in the deletion queue, or failed in it. */
export const queueStatuses = [
  'ReleaseInProgress',
  'DeleteInProgress',
  'ReleaseFailed',
  'DeleteFailed',
] as const;
export type QueueStatus = (typeof queueStatuses)[number];

/** Chime. Bulk operations take at most `numbersPerCall` numbers. All throw the errors of ./errors.ts. */
export interface ChimePort {
  getVoiceConnector(voiceConnectorId: string): Promise<Connector | undefined>;
  attachedNumbers(voiceConnectorId: string): AsyncIterable<readonly NumberView[]>;
  inventory(status?: QueueStatus): AsyncIterable<readonly NumberView[]>;
  getNumber(number: PhoneNumber): Promise<NumberView | undefined>;
  disassociateNumbers(voiceConnectorId: string, numbers: readonly PhoneNumber[]): Promise<BulkReply>;
  queueNumbers(numbers: readonly PhoneNumber[]): Promise<BulkReply>;
  deleteVoiceConnector(
    voiceConnectorId: string,
  ): Promise<{ outcome: 'accepted' | 'gone' } | { outcome: 'blocked'; reason: string }>;
}

/** BatchDeletePhoneNumber takes up to 50 numbers (Service Authorization Reference); the others name no limit. */
export const numbersPerCall = 50;
/** Numbers in a batch: one ledger item (well under DynamoDB's 400 KB), one iteration of the Map. */
export const numbersPerBatch = 500;

/**
 * Where a number of the ledger is: on the connector; off it, and billed; in the deletion queue; purged; or taken back by
 * somebody, which makes it none of ours any more.
 */
export type NumberState = 'attached' | 'unassigned' | 'queued' | 'gone' | 'reclaimed';

/** A number in the ledger. `failure` is there where the service refused it for good. */
export interface LedgerNumber extends PhoneNumber {
  readonly state: NumberState;
  readonly failure?: Refusal;
}

/** One batch of a teardown. Times are ISO 8601. */
export interface Batch {
  readonly index: number;
  readonly numbers: readonly LedgerNumber[];
  /** When a number of it was last put into the deletion queue. */
  readonly queuedAt?: string;
  /** Since when a step has been coming back because the service had not caught up with what it was told. */
  readonly waitingSince?: string;
}

/**
 * How far a teardown is. The first three are under way; after `failed` and `interrupted` it may be resumed; after
 * `deleted` there is nothing left to do.
 */
export type Phase = 'releasing' | 'window' | 'deleting' | 'failed' | 'interrupted' | 'deleted';

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
  readonly warnings: readonly string[];
  readonly phoneNumbers: number;
  readonly fingerprint: string;
  readonly startedAt: string;
  readonly windowEndsAt?: string;
  readonly endedAt?: string;
  readonly requestedBy?: string;
  readonly reason?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** The ledger. Reads are strongly consistent. All throw the errors of ./errors.ts. */
export interface LedgerPort {
  readTeardown(voiceConnectorId: string): Promise<Teardown | undefined>;
  /**
   * Writes every batch, then the teardown that names them: a reader sees all of a plan or nothing of it. LockLost where
   * another execution has opened or taken over a teardown of this connector.
   */
  openTeardown(teardown: Teardown & { readonly holder: string }, batches: readonly Batch[]): Promise<void>;
  /** Whether there are batches of other plans than this one: superseded ones, or some that were never opened. */
  hasSuperseded(voiceConnectorId: string, generation: string): Promise<boolean>;
  /** Deletes these. Only under the lock: a plan opened meanwhile would go with them. */
  dropSuperseded(voiceConnectorId: string, generation: string): Promise<void>;
  /** Puts a new holder in the place of the one (or none) that `earlier` names; LockLost where that has changed. */
  takeOver(earlier: Teardown, holder: string, since: string): Promise<void>;
  /** Notes that `holder` has a function at work until `until`; LockLost where it is not, or no longer, the holder. */
  hold(voiceConnectorId: string, holder: string, until: string): Promise<void>;
  readBatch(of: BatchAddress): Promise<Batch>;
  saveBatch(of: BatchAddress, batch: Batch): Promise<void>;
  readBatches(voiceConnectorId: string, generation: string): AsyncIterable<Batch>;
  /** Changes fields of a teardown; LockLost where `holder` is not its holder. */
  updateTeardown(voiceConnectorId: string, holder: string, change: TeardownChange): Promise<void>;
  /** The same, and gives the lock back. */
  closeTeardown(voiceConnectorId: string, holder: string, change: TeardownChange): Promise<void>;
}

export type TeardownChange = Partial<
  Pick<Teardown, 'phase' | 'windowEndsAt' | 'endedAt' | 'error' | 'cause'>
>;

/** Step Functions, as far as a lock needs it. */
export interface ExecutionsPort {
  /** Whether an execution is running; `unknown` where Step Functions does not know it. */
  statusOf(executionArn: string): Promise<'running' | 'over' | 'unknown'>;
}

/** Which batch: of which connector, of which plan. */
export interface BatchAddress {
  readonly voiceConnectorId: string;
  readonly generation: string;
  readonly batch: number;
}
