import type { Planned } from '../lambda/journey.ts';
import { noticeSource, noticeTypes } from '../lambda/notice-types.ts';
import type { Blocker } from '../lambda/plan.ts';
import type { ExecutionResult } from './engine.ts';
import type { EngineEvent } from './engine-history.ts';
import type { World } from './world.ts';

/** What a local run came to: what `npm start -- --json` prints. */
export interface Report {
  /**
   * How the teardown ended, or with `--undo` the restore; `refused` also where the execution could not even be started
   * with this input.
   */
  readonly outcome:
    | 'deleted'
    | 'alreadyDeleted'
    | 'planned'
    | 'refused'
    | 'failed'
    | 'interrupted'
    | 'restored';
  /** As DescribeExecution says it; NOT_STARTED where StartExecution refused the input. */
  readonly executionStatus: ExecutionResult['status'] | 'NOT_STARTED';
  readonly error?: string;
  readonly cause?: string;
  readonly blockers?: readonly Blocker[];
  readonly voiceConnectorId: string;
  readonly phoneNumbers?: number;
  readonly fingerprint?: string;
  /** Requests that local Chime received, by operation. */
  readonly apiCalls: Readonly<Record<string, number>>;
  readonly throttled: number;
  /** State transitions, as Step Functions bills them. */
  readonly transitions: number;
  readonly virtualSeconds: number;
  readonly wallSeconds: number;
  /** What is left in local Chime: `numbers` counts the queued ones too. */
  readonly chime: { readonly connectors: number; readonly numbers: number; readonly queued: number };
  /** With `--undo`: how the teardown ended that was restored. */
  readonly teardown?: Pick<ExecutionResult, 'error' | 'cause'> & { readonly executionStatus: string };
  /** With `--undo`: what local Chime holds at the end, `onConnector` of the numbers on the same connector. */
  readonly restored?: Report['chime'] & { readonly onConnector: number };
  /** What was announced on the event bus, in order. */
  readonly notices: readonly { readonly detailType: string; readonly detail: object }[];
  /** The answer of a dry run. */
  readonly answer?: Planned['answer'];
}

/** What the product has announced, in order. */
function noticesOf({ bus }: World): Report['notices'] {
  return bus.events
    .filter(({ source, 'detail-type': type }) => source === noticeSource && isNoticeType(type))
    .map(({ 'detail-type': detailType, detail }) => ({ detailType, detail }));
}

function isNoticeType(type: string): boolean {
  return (noticeTypes as readonly string[]).includes(type);
}

/** What "Inspect voice connector" found, from the history. */
interface Inspection {
  readonly phoneNumbers?: number;
  readonly plan?: { readonly fingerprint: string; readonly blockers: readonly Blocker[] };
  readonly blockers?: readonly Blocker[];
  readonly answer?: Inspection;
}

/** Sums a finished execution up. */
export function reportOf(
  world: World,
  result: ExecutionResult,
  facts: { voiceConnectorId: string; wallSeconds: number },
): Report {
  const inspection = inspectionIn(result.history);
  const blockers = inspection.blockers ?? inspection.plan?.blockers ?? [];
  const { phoneNumbers, plan } = inspection;
  return {
    outcome: outcomeOf(result, inspection),
    executionStatus: result.status,
    ...said(result),
    ...(blockers.length === 0 ? {} : { blockers }),
    ...(phoneNumbers === undefined ? {} : { phoneNumbers }),
    ...(plan === undefined ? {} : { fingerprint: plan.fingerprint }),
    ...leftovers(world),
    transitions: result.transitions,
    ...facts,
    ...(isPlanned(result.output) ? { answer: result.output } : {}),
  };
}

/** Sums up a teardown that was restored: the outcome is that of the restore. */
export function undoneReport(
  world: World,
  teardown: ExecutionResult,
  restore: ExecutionResult,
  facts: { voiceConnectorId: string; wallSeconds: number },
): Report {
  const { phoneNumbers, plan } = inspectionIn(teardown.history);
  const { status, error, cause } = restore;
  const output = restore.output as { outcome: Report['outcome'] } | undefined;
  return {
    outcome: status === 'SUCCEEDED' && output !== undefined ? output.outcome : 'failed',
    executionStatus: status,
    ...said({ error, cause }),
    ...(phoneNumbers === undefined ? {} : { phoneNumbers }),
    ...(plan === undefined ? {} : { fingerprint: plan.fingerprint }),
    ...leftovers(world),
    transitions: teardown.transitions + restore.transitions,
    ...facts,
    teardown: { executionStatus: teardown.status, ...said(teardown) },
    restored: {
      ...world.chime.remaining(),
      onConnector: world.chime.state.numbersOn(facts.voiceConnectorId),
    },
  };
}

/** The report of an input that StartExecution itself refuses. */
export function notStarted(
  world: World,
  reason: string,
  facts: { voiceConnectorId: string; wallSeconds: number },
): Report {
  const wayOut = 'Give the run a JSON object of a few hundred bytes: the fields are in the README.';
  return {
    outcome: 'refused',
    executionStatus: 'NOT_STARTED',
    error: 'InvalidInput',
    cause: reason,
    blockers: [{ code: 'InvalidInput', message: reason, wayOut }],
    ...leftovers(world),
    transitions: 0,
    ...facts,
  };
}

function isPlanned(output: unknown): output is Planned['answer'] {
  return (output as { outcome?: unknown } | undefined)?.outcome === 'planned';
}

function said({ error, cause }: { error?: string | undefined; cause?: string | undefined }) {
  return { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
}

function leftovers(world: World) {
  const { chime, clock } = world;
  return {
    apiCalls: Object.fromEntries(Object.entries(chime.calls()).filter(([, calls]) => calls > 0)),
    throttled: chime.throttled,
    virtualSeconds: Math.round(clock.elapsedSeconds),
    chime: chime.remaining(),
    notices: noticesOf(world),
  };
}

function outcomeOf({ status, output }: ExecutionResult, { blockers }: Inspection): Report['outcome'] {
  if (status === 'SUCCEEDED') return (output as { outcome: Report['outcome'] }).outcome;
  if (status === 'ABORTED' || status === 'TIMED_OUT') return 'interrupted';
  return blockers === undefined ? 'failed' : 'refused';
}

function inspectionIn(history: readonly EngineEvent[]): Inspection {
  const exit = history.find(
    ({ type, state }) => type === 'StateExited' && state?.name === 'Inspect voice connector',
  );
  const output = (exit?.state?.output ?? {}) as Inspection & { failure?: unknown };
  return output.answer ?? output;
}
