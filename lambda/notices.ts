/**
 * What is announced on the event bus: how a run stands, for people and programs that did not start it. Counts, names and
 * commands, never a phone number; whatever is somebody's free text is masked.
 */
import { restoreCommand, resumeCommand } from './commands.ts';
import { maskNumbers } from './mask.ts';
import type { NoticeType } from './notice-types.ts';
import type { Blocker } from './plan.ts';
import type { Tally } from './tally.ts';
import type { Phase, Teardown } from './teardown.ts';
import { deletionWindowMs } from './window.ts';
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
  /** When the numbers in the deletion queue go for good. */
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
  readonly voiceConnectorId?: string | undefined;
  readonly name?: string | undefined;
  readonly requestedBy?: string | undefined;
  readonly reason?: string | undefined;
}

/** Error and cause, as the execution ends with them. */
export interface Said {
  readonly error: string;
  readonly cause: string;
}

/** A message is a sentence to read, not a report: the rest is in `cause`. In characters. */
const longestMessage = 1_000;

export function refusedNotice(subject: Subject, blockers: readonly Blocker[], said: Said): Notice {
  const why = blockers.map(({ message }) => message).join(' ');
  return notice('Teardown Refused', subject, said, [
    `The ${subject.workflow} of ${connectorOf(subject)} was refused (${said.error}), and nothing was touched: ${why}`,
  ]);
}

export function windowOpenedNotice(subject: Subject): Notice {
  return notice('Teardown Window Opened', subject, undefined, [
    `${numbersOf(subject)} of ${connectorOf(subject)} ${isOne(subject) ? 'is' : 'are'} in the deletion queue, and calls have stopped.`,
    `After ${endOf(subject)} the numbers are gone for good; until then a restore brings them back.`,
  ]);
}

export function lastDayNotice(subject: Subject): Notice {
  return notice('Teardown Last Day', subject, undefined, [
    `Last day for ${connectorOf(subject)}: after ${endOf(subject)} its ${numbersOf(subject)} ${isOne(subject) ? 'is' : 'are'} gone for good, and the connector is deleted.`,
    'Until then a restore brings everything back.',
  ]);
}

export function completedNotice({ tally, teardown, ...run }: Subject): Notice {
  // The connector was deleted because none of them is left in the queue.
  const atTheEnd = tally && { ...tally, queued: 0, gone: tally.gone + tally.queued };
  const { windowEndsAt: _over, ...rest } = teardown ?? {};
  const subject = { ...run, tally: atTheEnd, teardown: teardown && (rest as Teardown) };
  return notice('Teardown Completed', subject, undefined, [
    `${sentence(connectorOf(subject))} is deleted, and its ${counted(subject.teardown?.phoneNumbers ?? 0, 'number')} gone.`,
  ]);
}

export function failedNotice(subject: Subject, said: Said): Notice {
  return notice('Teardown Failed', subject, said, [
    `The ${subject.workflow} of ${connectorOf(subject)} failed (${said.error}).`,
    ...whereaboutsOf(subject),
    withoutCommands(said.cause),
  ]);
}

export function interruptedNotice(subject: Subject, said: Said): Notice {
  return notice('Teardown Interrupted', subject, said, [
    `The ${subject.workflow} of ${connectorOf(subject)} was stopped before its end. Stopping is not undoing.`,
    ...whereaboutsOf(subject),
    'Restore it to take the numbers back, or resume it to finish.',
  ]);
}

export function restoredNotice(subject: Subject, restored: number): Notice {
  return notice('Connector Restored', subject, undefined, [
    `${sentence(connectorOf(subject))} is restored: ${counted(restored, 'number')} of ${subject.teardown?.phoneNumbers ?? restored} on it.`,
  ]);
}

function notice(
  detailType: NoticeType,
  subject: Subject,
  said: Said | undefined,
  sentences: readonly string[],
): Notice {
  const { execution, workflow, teardown, tally } = subject;
  const { voiceConnectorId = teardown?.voiceConnectorId, name = teardown?.name } = subject;
  const { requestedBy = teardown?.requestedBy, reason = teardown?.reason } = subject;
  const detail: NoticeDetail = {
    message: plain(sentences.join(' ')),
    workflow,
    ...given({ voiceConnectorId, name: masked(name), phoneNumbers: teardown?.phoneNumbers }),
    execution,
    ...given({ phase: teardown?.phase, counts: countsOf(tally), windowEndsAt: windowEndOf(subject) }),
    ...given({ requestedBy: masked(requestedBy), reason: masked(reason) }),
    ...given({ error: said?.error, cause: masked(said?.cause) }),
    commands: commandsFor(teardown),
  };
  return { detailType, detail };
}

function countsOf(tally: Tally | undefined): NoticeCounts | undefined {
  if (tally === undefined) return undefined;
  const { queued, unassigned, attached, gone, reclaimed } = tally;
  return { queued, unassigned, attached, gone, reclaimed };
}

/** The window's end as it was announced; before that, when the number that was queued last would go. */
function windowEndOf({ teardown, tally }: Subject): string | undefined {
  if (teardown?.windowEndsAt !== undefined) return teardown.windowEndsAt;
  if (tally === undefined || tally.queued === 0 || tally.lastQueuedAt === undefined) return undefined;
  return new Date(Date.parse(tally.lastQueuedAt) + deletionWindowMs).toISOString();
}

/** What can be done about it: nothing where it has ended well, and no resuming of what is under way. */
function commandsFor(teardown: Teardown | undefined): NoticeDetail['commands'] {
  if (teardown === undefined || teardown.phase === 'deleted') return {};
  if (teardown.phase === 'restored' && teardown.error === undefined) return {};
  const { voiceConnectorId, stateMachine, restoreStateMachine, phase, refusesRunsUntil } = teardown;
  // After a restore was begun nothing is resumed without looking at a plan again.
  const mayResume = (phase === 'failed' || phase === 'interrupted') && refusesRunsUntil === undefined;
  return {
    ...(mayResume && stateMachine !== undefined ? { resume: resumeCommand(stateMachine, teardown) } : {}),
    ...(restoreStateMachine === undefined
      ? {}
      : { restore: restoreCommand(restoreStateMachine, voiceConnectorId) }),
  };
}

/** Where the numbers are, in a sentence. */
function whereaboutsOf(subject: Subject): string[] {
  const { tally } = subject;
  if (tally === undefined) return [];
  const { queued, unassigned, attached, gone } = tally;
  const inQueue =
    queued === 0
      ? '0 in the deletion queue'
      : `${queued} in the deletion queue, which still ${queued === 1 ? 'goes' : 'go'} (the last at ${endOf(subject)})`;
  return [
    `Numbers: ${inQueue}; ${unassigned} unassigned and billed; ${attached} still on the connector; ${gone} gone.`,
  ];
}

function connectorOf({ voiceConnectorId, name, teardown }: Subject): string {
  const id = voiceConnectorId ?? teardown?.voiceConnectorId;
  if (id === undefined) return 'a connector that the request does not name properly';
  const called = name ?? teardown?.name;
  return called === undefined || called === id ? `connector ${id}` : `connector ${called} (${id})`;
}

function numbersOf({ tally, teardown }: Subject): string {
  return counted(tally?.queued ?? teardown?.phoneNumbers ?? 0, 'number');
}

function isOne({ tally, teardown }: Subject): boolean {
  return (tally?.queued ?? teardown?.phoneNumbers) === 1;
}

function endOf(subject: Subject): string {
  return windowEndOf(subject) ?? 'seven days in the queue';
}

/** A cause may give commands, full of quotes: they stand in the detail, not in the sentence. */
function withoutCommands(cause: string): string {
  return cause.replace(/[^.;:]*[:;.]?\s*aws [a-z-]+ .*$/s, '').trim();
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
