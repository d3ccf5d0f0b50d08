/**
 * The state of a run as it travels from step to step: ids and counts, never numbers - Step Functions keeps what it
 * sees, and a state may hold at most 256 KiB. Each type extends the one before, so that a step out of order does not
 * compile.
 */
import type { Blocker, Plan } from './plan.ts';

/** The execution that a step works for, from the context object of Step Functions. */
export interface Execution {
  /** Its ARN: who holds the teardown in the ledger. */
  readonly id: string;
  readonly startedAt: string;
}

/** From "Accept request": whatever the run was started with, wrapped. */
export interface AcceptedRequest {
  readonly request: unknown;
  readonly execution: Execution;
}

/** From "Inspect voice connector" where there is nothing to do: refused, or a plan that was only asked for. */
export interface Refused {
  readonly verdict: 'refused';
  readonly execution: Execution;
  readonly blockers: readonly Blocker[];
  readonly voiceConnectorId?: string;
}

export interface Planned {
  readonly verdict: 'planned';
  readonly answer: {
    readonly outcome: 'planned';
    readonly voiceConnectorId: string;
    readonly name: string;
    readonly phoneNumbers: number;
    readonly plan: Plan;
  };
}

/** From "Inspect voice connector": the ledger knows every number. `delete` where there is none to release. */
export interface Inspected {
  readonly verdict: 'release' | 'delete';
  readonly execution: Execution;
  readonly voiceConnectorId: string;
  readonly name: string;
  readonly phoneNumbers: number;
  readonly plan: Plan;
  readonly generation: number;
  /** Indices of the batches: what the Map goes over. */
  readonly batches: readonly number[];
}

/** One iteration of "Release phone numbers". */
export interface BatchRequest extends Pick<Inspected, 'execution' | 'voiceConnectorId' | 'generation'> {
  readonly batch: number;
}

/** From "Open deletion window". */
export interface InWindow extends Inspected {
  readonly window: {
    /** When the last number was queued plus seven days, ISO 8601. */
    readonly endsAt: string;
    readonly queued: number;
    /** Numbers that somebody else deleted before we could. */
    readonly gone: number;
  };
}

/** An error as a state machine hands it on: from Catch, or made by a step for a verdict that ends the run. */
export interface Failure {
  readonly Error: string;
  readonly Cause: string;
}

/** From "Check deletion queue". */
export interface QueueCheck {
  readonly verdict: 'gone' | 'stillQueued' | 'reclaimed' | 'stuck';
  readonly gone: number;
  readonly stillQueued: number;
  readonly reclaimed: number;
  readonly stuck: number;
  /** Only with `reclaimed` and `stuck`. */
  readonly failure?: Failure;
}

/** To "Close teardown": how the run ended, and its state at that moment. */
export type Ending =
  | { readonly outcome: 'refused'; readonly execution: Execution; readonly state: Refused }
  | { readonly outcome: 'deleted'; readonly execution: Execution; readonly state: Inspected }
  | {
      readonly outcome: 'failed';
      readonly execution: Execution;
      /** Whatever the state had come to: before the inspection only the request, after it everything. */
      readonly state: Partial<AcceptedRequest & Inspected> & { readonly failure: Failure };
    };

/** From "Close teardown": what the run answers. Errors go into the Fail state. */
export type Closing =
  | {
      readonly outcome: 'deleted';
      readonly voiceConnectorId: string;
      readonly name: string;
      readonly phoneNumbers: number;
      readonly plan: Plan;
    }
  | { readonly outcome: 'refused' | 'failed'; readonly error: string; readonly cause: string };
