/**
 * What is announced on the event bus: how a run stands, for people and programs that did not start it. Counts, names and
 * commands, never a phone number; whatever is somebody's free text is masked.
 */

import type { Said } from '../ending/said.ts';
import type { Tally } from '../ledger/tally.ts';
import type { Phase, Teardown } from '../ledger/teardown.ts';
import type { NoticeType } from '../notice-types.ts';
import type { Blocker } from '../plan.ts';
import { restoreCommand, resumeCommand } from './commands.ts';
import { maskNumbers } from './mask.ts';
import { mayRestore, tallyAsSeen, windowEndOf } from './prospects.ts';
import { counted } from './words.ts';

/** The `detail` of a notice. A field without a value is left out. Times are ISO 8601. */
export interface NoticeDetail {
  /** One sentence or a few, plain text: no double quotes, no line breaks. */
  readonly message: string;
  readonly workflow: 'teardown' | 'restore';
  readonly voiceConnectorId?: string;
  readonly name?: string;
  /** How many numbers the teardown is about. */
  readonly phoneNumbers?: number;
  /** ARN of the execution that it is about. */
  readonly execution: string;
  /** How far the teardown is, by the ledger. */
  readonly phase?: Phase;
  /** Where its numbers are. */
  readonly counts?: NoticeCounts;
  /** When the numbers in the deletion queue go for good; only where there are some. */
  readonly windowEndsAt?: string;
  readonly requestedBy?: string;
  readonly reason?: string;
  /** Name of what went wrong, or the codes of the blockers. */
  readonly error?: string;
  /** What went wrong, in words. */
  readonly cause?: string;
  /** Ready to paste; each only where it would do something. */
  readonly commands: { readonly resume?: string; readonly restore?: string };
}

/** Numbers of a teardown by where they are, as of the ledger. */
export interface NoticeCounts {
  /** In the deletion queue: they go at `windowEndsAt`. */
  readonly queued: number;
  /** Off the connector, not in the queue: billed. */
  readonly unassigned: number;
  /** Still on the connector, or on it again. */
  readonly attached: number;
  readonly gone: number;
  /** Taken back by somebody. */
  readonly reclaimed: number;
}

/** A notice as it goes onto the event bus. */
export interface Notice {
  readonly detailType: NoticeType;
  readonly detail: NoticeDetail;
}

/** What is known of the run that a notice is about. */
export interface Subject {
  /** ARN of the execution. */
  readonly execution: string;
  readonly workflow: NoticeDetail['workflow'];
  /** The teardown as the ledger has it; undefined where it has none, or where it could not be read. */
  readonly teardown?: Teardown | undefined;
  /** Undefined where the batches could not be read. */
  readonly tally?: Tally | undefined;
  /** What the run itself knows, where the ledger may know nothing. */
  readonly voiceConnectorId?: string | undefined;
  readonly name?: string | undefined;
  readonly phoneNumbers?: number | undefined;
  /** Who asked for this very run, and why. */
  readonly requestedBy?: string | undefined;
  readonly reason?: string | undefined;
}

/** A message is a sentence to read, not a report: the rest is in `cause`. In characters. */
const longestMessage = 1_000;

/** `Teardown Refused`: nothing was touched; `blockers` are the reasons, and `said` is how the run ended. */
export function refusedNotice(subject: Subject, blockers: readonly Blocker[], said: Said): Notice {
  const why = blockers.map(({ message }) => message).join(' ');
  return notice('Teardown Refused', subject, said, [
    `The ${subject.workflow} of ${connectorOf(subject)} was refused (${said.error}), and nothing was touched: ${why}`,
  ]);
}

/** `Teardown Window Opened`: the numbers are in the deletion queue, until when, and that calls have stopped. */
export function windowOpenedNotice(subject: Subject): Notice {
  const queued = subject.tally?.queued ?? 0;
  const told =
    queued === 0
      ? [`All numbers of ${connectorOf(subject)} are gone already; it is deleted next.`]
      : [
          `${counted(queued, 'number')} of ${connectorOf(subject)} ${areOrIs(queued)} in the deletion queue, and calls have stopped.`,
          `After ${endOf(subject)} ${queued === 1 ? 'it is' : 'they are'} gone for good; until then a restore brings them back.`,
        ];
  return notice('Teardown Window Opened', subject, undefined, told);
}

/** `Teardown Last Day`: 24 hours are left to bring the numbers back. */
export function lastDayNotice(subject: Subject): Notice {
  const queued = subject.tally?.queued ?? 0;
  return notice('Teardown Last Day', subject, undefined, [
    `Last day for ${connectorOf(subject)}: after ${endOf(subject)} its ${counted(queued, 'number')} ${areOrIs(queued)} gone for good, and the connector is deleted.`,
    'Until then a restore brings everything back.',
  ]);
}

/** `Teardown Completed`: numbers and connector are gone. */
export function completedNotice(subject: Subject): Notice {
  const numbers = subject.phoneNumbers ?? subject.teardown?.phoneNumbers ?? 0;
  const gone =
    numbers === 0 ? 'it had no numbers' : `its ${counted(numbers, 'number')} ${areOrIs(numbers)} gone`;
  return notice('Teardown Completed', subject, undefined, [
    `${sentence(connectorOf(subject))} is deleted; ${gone}.`,
  ]);
}

/** `Teardown Failed`: a run of either workflow ended in red; says where the numbers are. */
export function failedNotice(subject: Subject, said: Said): Notice {
  return notice('Teardown Failed', subject, said, [
    `The ${subject.workflow} of ${connectorOf(subject)} failed (${said.error}).`,
    ...whereaboutsOf(subject),
    withoutCommands(said.cause),
  ]);
}

/**
 * `Teardown Interrupted`: a run ended from outside; says where the numbers are, and what can still be done.
 *
 * @param status of the execution: `ABORTED`, `TIMED_OUT` or `FAILED`
 */
export function interruptedNotice(subject: Subject, said: Said, status: string): Notice {
  const { resume, restore } = commandsFor(subject);
  const ways = [
    ...(restore === undefined ? [] : ['restore it to take the numbers back']),
    ...(resume === undefined ? [] : ['resume it to finish']),
  ];
  return notice('Teardown Interrupted', subject, said, [
    `The ${subject.workflow} of ${connectorOf(subject)} ${fates[status] ?? `ended as ${status}`}.`,
    ...whereaboutsOf(subject),
    ...(ways.length === 0 ? [] : [`${sentence(ways.join(', or '))}.`]),
  ]);
}

/** What an end from outside means. */
const fates: Readonly<Record<string, string>> = {
  ABORTED: 'was stopped before its end; stopping is not undoing',
  TIMED_OUT: 'ran out of time before its end',
  FAILED: 'failed, and could not record it',
};

/** `Connector Restored`: `restored` numbers are on the connector again. */
export function restoredNotice(subject: Subject, restored: number): Notice {
  const { phoneNumbers = subject.teardown?.phoneNumbers ?? restored } = subject;
  return notice('Connector Restored', subject, undefined, [
    `${sentence(connectorOf(subject))} is restored: ${counted(restored, 'number')} of ${phoneNumbers} on it.`,
  ]);
}

function notice(
  detailType: NoticeType,
  subject: Subject,
  said: Said | undefined,
  sentences: readonly string[],
): Notice {
  const { execution, workflow, teardown, requestedBy, reason } = subject;
  const { voiceConnectorId = teardown?.voiceConnectorId, name = teardown?.name } = subject;
  const { phoneNumbers = teardown?.phoneNumbers } = subject;
  const detail: NoticeDetail = {
    message: plain(sentences.join(' ')),
    workflow,
    ...given({ voiceConnectorId: masked(voiceConnectorId), name: masked(name), phoneNumbers }),
    execution,
    ...given({ phase: teardown?.phase, counts: countsOf(subject), windowEndsAt: endsAt(subject) }),
    ...given({ requestedBy: masked(requestedBy), reason: masked(reason) }),
    ...given({ error: said?.error, cause: masked(said?.cause) }),
    commands: commandsFor(subject),
  };
  return { detailType, detail };
}

/** The numbers as they are known to be; undefined where nobody could count them. */
function talliedIn({ teardown, tally }: Subject): Tally | undefined {
  return teardown === undefined || tally === undefined ? undefined : tallyAsSeen(teardown, tally);
}

function countsOf(subject: Subject): NoticeCounts | undefined {
  const tally = talliedIn(subject);
  if (tally === undefined) return undefined;
  const { queued, unassigned, attached, gone, reclaimed } = tally;
  return { queued, unassigned, attached, gone, reclaimed };
}

function endsAt(subject: Subject): string | undefined {
  const { teardown } = subject;
  return teardown === undefined ? undefined : windowEndOf(teardown, talliedIn(subject));
}

/** What can be done about it: only what would do something, and no resuming of what is under way. */
function commandsFor(subject: Subject): NoticeDetail['commands'] {
  const { teardown } = subject;
  if (teardown === undefined) return {};
  const { voiceConnectorId, stateMachine, restoreStateMachine, phase, refusesRunsUntil } = teardown;
  // After a restore was begun nothing is resumed without looking at a plan again.
  const mayResume = (phase === 'failed' || phase === 'interrupted') && refusesRunsUntil === undefined;
  return {
    ...(mayResume && stateMachine !== undefined ? { resume: resumeCommand(stateMachine, teardown) } : {}),
    ...(mayRestore(teardown, talliedIn(subject)) && restoreStateMachine !== undefined
      ? { restore: restoreCommand(restoreStateMachine, voiceConnectorId) }
      : {}),
  };
}

/** Where the numbers are, in a sentence. */
function whereaboutsOf(subject: Subject): string[] {
  const tally = talliedIn(subject);
  if (tally === undefined) return [];
  const { queued, unassigned, attached, gone } = tally;
  const inQueue =
    queued === 0
      ? '0 in the deletion queue'
      : `${queued} in the deletion queue, which still ${queued === 1 ? 'goes' : 'go'} (the last at ${endOf(subject)})`;
  return [
    `Numbers: ${inQueue}; ${unassigned} unassigned and billed; ${attached} on the connector; ${gone} gone.`,
  ];
}

function connectorOf({ voiceConnectorId, name, teardown }: Subject): string {
  const id = voiceConnectorId ?? teardown?.voiceConnectorId;
  if (id === undefined) return 'a connector that the request does not name properly';
  const called = name ?? teardown?.name;
  return called === undefined || called === id ? `connector ${id}` : `connector ${called} (${id})`;
}

function endOf(subject: Subject): string {
  return endsAt(subject) ?? 'seven days in the queue';
}

function areOrIs(count: number): string {
  return count === 1 ? 'is' : 'are';
}

/** A cause may end in commands, full of quotes: they stand in the detail, and the sentence ends before them. */
function withoutCommands(cause: string): string {
  const command = cause.search(/ aws (stepfunctions|chime-sdk-voice) /);
  if (command < 0) return cause;
  const before = cause.slice(0, command);
  const end = Math.max(...['. ', '; ', ': '].map((stop) => before.lastIndexOf(stop)));
  // Up to the sentence that introduces the command, which ends in a colon or not at all.
  return before.slice(0, end + 1).replace(/[;:]$/, '.');
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Text that a template of EventBridge and a mail survive: one line, masked, no double quotes, of bounded length. */
function plain(text: string): string {
  const line = maskNumbers(text)
    .replace(/"/g, "'")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\\]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= longestMessage ? line : `${characters.slice(0, longestMessage - 1).join('')}…`;
}

function masked(text: string | undefined): string | undefined {
  return text === undefined ? undefined : maskNumbers(text);
}

/** The fields that have a value. */
function given<T extends object>(fields: T): { [Field in keyof T]?: Exclude<T[Field], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
