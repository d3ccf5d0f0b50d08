/** A bad day: everything that goes wrong around one teardown, as data. */
import { type ChimeSwitches, defaultSwitches } from '../local/chime/switches.ts';

/** A state of a workflow. */
export interface Place {
  readonly machine: 'teardown' | 'restore';
  readonly state: string;
}

/** When something happens: as a state is entered, at a change to the service or the ledger, or at a time. */
export type Moment =
  | (Place & { readonly nth: number })
  | { readonly effect: number; readonly side: 'before' | 'after' }
  /** Hours after the first run was started. */
  | { readonly hours: number };

/** What a person may do by hand, in the console, to a number, the connector, or something that it depends on. */
export const deeds = [
  'park',
  'move',
  'putBack',
  'reclaim',
  'portOut',
  'addNumber',
  'deleteConnector',
  'protect',
  'call',
  'joinGroup',
  'failRelease',
] as const;
export type Deed = (typeof deeds)[number];

/** What services may do for some minutes. */
export const outages = ['chimeThrottles', 'chimeDown', 'ledgerThrottles', 'busDown'] as const;
export type Outage = (typeof outages)[number];

/** Something that goes wrong, or that somebody does. */
export type Mischief =
  /** All functions that run at that moment die: before or after the change, without hearing of it. */
  | { readonly kind: 'die' }
  /** They hang until their time-out. */
  | { readonly kind: 'timeOut' }
  /** The change happens so many minutes later, whatever has become of the execution. */
  | { readonly kind: 'stall'; readonly minutes: number }
  /** Stop, in the console. */
  | { readonly kind: 'stop' }
  | { readonly kind: 'restore'; readonly times: number }
  | { readonly kind: 'secondRun'; readonly resume: boolean }
  | { readonly kind: 'dryRun'; readonly machine: Place['machine'] }
  | { readonly kind: 'outage'; readonly outage: Outage; readonly minutes: number }
  /** `nth` says which number of the plan. */
  | { readonly kind: 'deed'; readonly deed: Deed; readonly nth: number };

export interface Mishap {
  readonly at: Moment;
  readonly what: Mischief;
}

/** Probabilities of what a single request may meet, 0 to 1. */
export interface Odds {
  readonly throttle: number;
  readonly serviceFailure: number;
  readonly unavailable: number;
  readonly connectionReset: number;
  readonly replyLost: number;
  readonly hang: number;
  readonly emptyReply: number;
  readonly numberErrors: number;
  readonly ledgerThrottle: number;
  readonly ledgerServiceFailure: number;
  readonly ledgerConnectionReset: number;
  readonly ledgerReplyLost: number;
  readonly busFailure: number;
}

/** A number that the service refuses for good, under one operation. */
export interface Refused {
  readonly operation:
    | 'DisassociatePhoneNumbersFromVoiceConnector'
    | 'BatchDeletePhoneNumber'
    | 'RestorePhoneNumber'
    | 'AssociatePhoneNumbersWithVoiceConnector';
  /** Which number of the plan. */
  readonly nth: number;
  readonly code: 'Forbidden' | 'AccessDenied' | 'BadRequest' | 'ResourceLimitExceeded';
}

export interface Day {
  /** How many numbers the connector has. */
  readonly numbers: number;
  /** What the first run states: nothing, the count, or the fingerprint of a plan that was looked at. */
  readonly agreement: 'none' | 'count' | 'plan';
  readonly detachFromGroups: boolean;
  /** Whether the connector has names, tags, configuration; is in a group. */
  readonly isFurnished: boolean;
  readonly switches: ChimeSwitches;
  readonly odds: Partial<Odds>;
  /** Requests a second that Chime takes. */
  readonly rateLimit?: number | undefined;
  readonly refused: readonly Refused[];
  readonly chimeAheadMinutes: number;
  readonly mishaps: readonly Mishap[];
  /** When everything works again, in hours after the first run was started; undefined: once all runs have ended. */
  readonly mendedAfterHours?: number | undefined;
  /** What the operator wants then. */
  readonly thereafter: 'resume' | 'restore' | 'restoreAndTearDown';
}

/** A day on which nothing goes wrong, to change one thing of. */
export const calmDay: Day = {
  numbers: 5,
  agreement: 'count',
  detachFromGroups: true,
  isFurnished: true,
  switches: defaultSwitches,
  odds: {},
  refused: [],
  chimeAheadMinutes: 0,
  mishaps: [],
  thereafter: 'resume',
};
