/**
 * The state of a run as it travels from step to step: ids and counts, never numbers - Step Functions keeps what it
 * sees, and a state may hold at most 256 KiB. The type of its input says what a step needs of those before it: it cannot read
 * what is not there yet.
 */
import type { VerdictFailure } from './errors.ts';
import type { Forecast } from './inspection/forecast.ts';
import type { Phase } from './ledger/teardown.ts';
import type { Blocker, Override, Plan } from './plan.ts';
import type { Notice, NoticeDetail } from './words/notices.ts';

/** The execution that a step works for, from the context object of Step Functions. */
export interface Execution {
  /** Its ARN: who holds the teardown in the ledger. */
  readonly id: string;
  readonly startedAt: string;
  /** ARN of its state machine. */
  readonly stateMachine: string;
}

/** From "Accept request": whatever the run was started with, wrapped. */
export interface AcceptedRequest {
  readonly request: unknown;
  readonly execution: Execution;
}

/** From "Inspect voice connector", or "Inspect teardown", where the request is refused. */
export interface Refused {
  readonly verdict: 'refused';
  readonly execution: Execution;
  readonly blockers: readonly Blocker[];
  readonly voiceConnectorId?: string;
  readonly name?: string;
  readonly requestedBy?: string;
  readonly reason?: string;
}

/** From "Inspect voice connector" where only the plan was asked for: the answer of a dry run. */
export interface Planned {
  readonly verdict: 'planned';
  readonly answer: {
    readonly outcome: 'planned';
    readonly voiceConnectorId: string;
    readonly name: string;
    readonly phoneNumbers: number;
    readonly plan: Plan;
    readonly forecast: Forecast;
    /** Where a teardown of this connector is under way, or was left unfinished. */
    readonly teardown?: TeardownStatus;
  };
}

/** How an open teardown stands, by the ledger. */
export interface TeardownStatus {
  readonly phase: Phase;
  /** ARN of the execution that holds it, or was the last to do so. */
  readonly execution: string;
  readonly isRunning: boolean;
  readonly attached: number;
  readonly unassigned: number;
  readonly queued: number;
  readonly gone: number;
  readonly reclaimed: number;
  readonly windowEndsAt?: string;
  readonly resumeCommand?: string;
  readonly restoreCommand: string;
}

/** From "Inspect voice connector" where an earlier run has done it all. */
export interface AlreadyDeleted {
  readonly verdict: 'alreadyDeleted';
  readonly answer: Omit<Planned['answer'], 'outcome' | 'forecast' | 'teardown'> & {
    readonly outcome: 'alreadyDeleted';
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
  readonly generation: string;
  /** Indices of the batches that have numbers to release: what the Map goes over. */
  readonly batches: readonly number[];
  /** Whether the connector is to be taken out of its groups before it is deleted. */
  readonly detachFromGroups: boolean;
  readonly overrides: readonly Override[];
  /** Requests a second that each iteration of the Map begins with, where the inspection was throttled; 0 where it was not. */
  readonly pace: number;
  /** Since when the connector's calls count that keep it from being deleted, ISO 8601: see the ledger's field. */
  readonly releasedSince: string;
}

/** One iteration of a Map over batches. */
export interface BatchRequest extends Pick<Inspected, 'execution' | 'voiceConnectorId' | 'generation'> {
  readonly batch: number;
}

/** One iteration of "Release phone numbers". */
export interface ReleaseRequest extends BatchRequest, Pick<Inspected, 'pace'> {}

/** From "Open deletion window". */
export interface InWindow extends Inspected {
  readonly window: {
    /** A day before the end, ISO 8601. */
    readonly lastDayAt: string;
    /** Whether that day is still to come: it is announced once, also where a run is resumed. */
    readonly announcesLastDay: boolean;
    /** What is announced: that the window is open, and that its last day has come. */
    readonly opened: NoticeDetail;
    readonly lastDay: NoticeDetail;
    /**
     * Whether the list of the service has shown one of our numbers in the queue: what it does not show later is gone. Runs of
     * earlier versions do not say.
     */
    readonly isListed?: boolean;
    /** When the last number was queued plus seven days, ISO 8601. */
    readonly endsAt: string;
    readonly queued: number;
    /** Numbers that somebody else deleted before we could. */
    readonly gone: number;
  };
}

/** From "Inspect teardown": the restore holds the teardown, and nothing of the run before it is at work any more. */
export interface Restorable {
  readonly verdict: 'restore';
  readonly execution: Execution;
  readonly voiceConnectorId: string;
  readonly name: string;
  readonly phoneNumbers: number;
  readonly generation: string;
  /** Indices of the batches that the teardown has touched: what the Map goes over. */
  readonly batches: readonly number[];
}

/** From "Inspect teardown" where there is nothing to do: an earlier restore has done it, or this one was only a question. */
export interface RestoreAnswered {
  readonly verdict: 'planned' | 'alreadyRestored';
  readonly answer: {
    readonly outcome: 'planned' | 'alreadyRestored';
    readonly voiceConnectorId: string;
    readonly name: string;
    readonly phoneNumbers: number;
    readonly teardown?: TeardownStatus;
  };
}

/** What a restore has come to, by number of phone numbers. */
export interface Restored {
  readonly voiceConnectorId: string;
  readonly name: string;
  readonly phoneNumbers: number;
  /** On the connector again, or never taken off it. */
  readonly restored: number;
  /** Left with the holder that somebody has given them to: another connector, say. */
  readonly elsewhere: number;
  /** Left where they are, as somebody had taken them off the connector before the teardown came to them. */
  readonly parked: number;
  /** Purged: nothing can bring them back. */
  readonly gone: number;
  /** Out of the queue, but not on the connector: it is gone, or the service refuses. */
  readonly unassigned: number;
  /** Still in the deletion queue. */
  readonly queued: number;
  /** On the connector, and do not show a name or calling name yet that was asked for: it may take 72 hours. */
  readonly namesRequested: number;
  /** On the connector, and without a name or calling name that they had: the service has not taken the request. */
  readonly namesRefused: number;
}

/**
 * From "Verify restore", and from "Rejoin groups", which adds what it could not do. `notYet`: the service has not caught
 * up, or numbers have to go through it once more.
 */
export interface RestoreCheck {
  readonly verdict: 'restored' | 'notYet' | 'incomplete';
  readonly counts: Omit<Restored, 'voiceConnectorId' | 'name' | 'phoneNumbers'>;
  /** Only with `notYet`: indices of the batches that have numbers to go through it again. */
  readonly batches?: readonly number[];
  /** How often it was looked at. */
  readonly looks: number;
  /** Only with `incomplete`. */
  readonly failure?: VerdictFailure;
  /** Only with `incomplete`: how the teardown is to be left; `failed` where another restore could do more. */
  readonly phase?: 'failed' | 'restored' | 'deleted';
}

/** A restore whose numbers were verified. */
export interface Verified extends Restorable {
  readonly check: RestoreCheck;
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
  readonly failure?: VerdictFailure;
}

/** To "Close teardown": how the run ended, and its state at that moment. */
export type Ending = { readonly workflow?: 'teardown' | 'restore' } & EndState;

type EndState =
  | { readonly outcome: 'refused'; readonly execution: Execution; readonly state: Refused }
  | { readonly outcome: 'deleted'; readonly execution: Execution; readonly state: Inspected }
  | { readonly outcome: 'restored'; readonly execution: Execution; readonly state: Verified }
  | { readonly outcome: 'incomplete'; readonly execution: Execution; readonly state: Verified }
  | {
      readonly outcome: 'failed';
      readonly execution: Execution;
      /** Whatever the state had come to: before the inspection only the request, after it everything. */
      readonly state: Partial<AcceptedRequest> & {
        readonly voiceConnectorId?: string;
        readonly failure: Failure;
      };
    };

/** The `detail` of EventBridge's "Step Functions Execution Status Change": an execution that came to an end by itself. */
export interface Interruption {
  readonly executionArn: string;
  readonly stateMachineArn?: string | null;
  readonly status: string;
  /** The execution's input as a JSON text; missing where it was too large for the event. */
  readonly input?: string | null;
  readonly error?: string | null;
  readonly cause?: string | null;
}

/** From "Close teardown": what the run answers, and what is announced of it. */
export interface Closed {
  readonly answer: Closing;
  readonly notice: Notice;
}

/** From the same, called by an event; without a notice where there was nothing to close. */
export interface Interrupted {
  readonly answer: { readonly outcome: 'interrupted'; readonly error: string; readonly cause: string };
  readonly notice?: Notice;
}

/** What the run answers. Errors go into the Fail state. */
export type Closing =
  | {
      readonly outcome: 'deleted';
      readonly voiceConnectorId: string;
      readonly name: string;
      readonly phoneNumbers: number;
      readonly plan: Plan;
    }
  | (Restored & { readonly outcome: 'restored' })
  | {
      readonly outcome: 'refused' | 'failed' | 'incomplete';
      readonly error: string;
      readonly cause: string;
    };
