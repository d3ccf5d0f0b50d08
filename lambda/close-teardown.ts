/**
 * Step: records how the run ended, says it in one sentence, and what is to be announced of it. The last step on every path.
 * It is also called by an event where no state of a run is left to do so, and announces that itself.
 */
import type { Clock } from './clock.ts';
import { type Edge, onLambda, requiredNumber, type Step } from './edge.ts';
import { LockLost } from './errors.ts';
import { connectEvents, publish } from './events.ts';
import type { Closed, Ending, Failure, Interrupted, Interruption } from './journey.ts';
import * as store from './ledger.ts';
import {
  completedNotice,
  failedNotice,
  interruptedNotice,
  refusedNotice,
  restoredNotice,
  type Subject,
} from './notices.ts';
import { connectorIdPattern, type EventsPort } from './ports.ts';
import { parsed, sayFailure, sayInterruption, sayRefusal } from './said.ts';
import { type Tally, tallyOf } from './tally.ts';
import { isEnded, type LedgerPort, type Teardown, type TeardownChange } from './teardown.ts';
import { dayMs } from './window.ts';

const nothingSaid: Failure = { Error: 'NumbersNotRestored', Cause: '' };

interface Ports {
  readonly ledger: Pick<LedgerPort, 'closeTeardown' | 'readTeardown' | 'readBatches' | 'expireBatches'>;
  readonly events: EventsPort;
  readonly clock: Clock;
  readonly log: Pick<Edge['log'], 'warn'>;
  /** For how many days the ledger keeps a teardown that was deleted or restored; 0: for ever. */
  readonly retentionDays: number;
}

export const closeTeardown =
  (ports: Ports): Step<Ending | Interruption, Closed | Interrupted> =>
  async (input) => {
    if ('executionArn' in input) return closeInterrupted(ports, input);
    const { execution } = input;
    const about = (facts: Facts) => subjectOf(ports, input, facts);
    if (input.outcome === 'refused') {
      const { voiceConnectorId, name, requestedBy, reason, blockers } = input.state;
      // A run that took a teardown over before it was refused gives it back as it was.
      await closeIfHeld(ports.ledger, voiceConnectorId, execution.id, {});
      const said = sayRefusal(blockers);
      const subject = { ...(await about({ voiceConnectorId, name })), requestedBy, reason };
      return { answer: { outcome: 'refused', ...said }, notice: refusedNotice(subject, blockers, said) };
    }
    if (input.outcome === 'deleted') {
      const { voiceConnectorId, name, phoneNumbers, plan } = input.state;
      const subject = await closed(ports, input, { phase: 'deleted' });
      return {
        answer: { outcome: 'deleted', voiceConnectorId, name, phoneNumbers, plan },
        notice: completedNotice(subject),
      };
    }
    if (input.outcome === 'restored') {
      const { voiceConnectorId, name, phoneNumbers, check } = input.state;
      const subject = await closed(ports, input, { phase: 'restored', error: undefined, cause: undefined });
      return {
        answer: { outcome: 'restored', voiceConnectorId, name, phoneNumbers, ...check.counts },
        notice: restoredNotice(subject, check.counts.restored),
      };
    }
    if (input.outcome === 'incomplete') {
      const { phase = 'failed', failure = nothingSaid } = input.state.check;
      const said = sayFailure(failure);
      const subject = await closed(ports, input, { phase, ...said });
      return { answer: { outcome: 'incomplete', ...said }, notice: failedNotice(subject, said) };
    }
    const said = sayFailure(input.state.failure);
    const voiceConnectorId = input.state.voiceConnectorId ?? askedFor(input.state.request);
    const endedAt = ports.clock.now().toISOString();
    const change = { phase: 'failed', endedAt, ...said } as const;
    const held = await closeIfHeld(ports.ledger, voiceConnectorId, execution.id, change);
    const known = await about({ voiceConnectorId });
    const subject = held ? asAsked(known) : { ...known, ...whoAsked(input.state.request) };
    return { answer: { outcome: 'failed', ...said }, notice: failedNotice(subject, said) };
  };

/** Closes the teardown that the run holds, and answers what there is to tell of it. */
async function closed(
  ports: Ports,
  ending: Extract<Ending, { outcome: 'deleted' | 'restored' | 'incomplete' }>,
  change: TeardownChange & Pick<Teardown, 'phase'>,
): Promise<Subject> {
  const { voiceConnectorId, name, phoneNumbers } = ending.state;
  await closeOnce(ports, ending.state, ending.execution.id, change);
  return asAsked(await subjectOf(ports, ending, { voiceConnectorId, name, phoneNumbers }));
}

/**
 * An execution that ended without closing: stopped, timed out, or by an error that no state could catch. Most that EventBridge
 * tells of have closed by themselves, or have lost the teardown to another: then there is nothing to say.
 */
async function closeInterrupted(ports: Ports, interruption: Interruption): Promise<Interrupted> {
  const { executionArn, stateMachineArn, status, input } = interruption;
  const said = sayInterruption(interruption);
  const voiceConnectorId = askedFor(parsed(input));
  const change = {
    phase: 'interrupted',
    endedAt: ports.clock.now().toISOString(),
    closedBy: executionArn,
    ...said,
  } as const;
  const answer = { outcome: 'interrupted', ...said } as const;
  if (!(await closeIfHeld(ports.ledger, voiceConnectorId, executionArn, change))) {
    // This function may have died after it had closed, and before it had said so.
    const now =
      voiceConnectorId === undefined ? undefined : await ports.ledger.readTeardown(voiceConnectorId);
    if (now?.phase !== 'interrupted' || now.closedBy !== executionArn) return { answer };
  }
  const subject = await subjectOf(ports, { execution: { id: executionArn } }, { voiceConnectorId });
  const { stateMachine = stateMachineArn } = subject.teardown ?? {};
  const workflow = stateMachineArn != null && stateMachineArn !== stateMachine ? 'restore' : 'teardown';
  const notice = interruptedNotice(asAsked({ ...subject, workflow }), said, status);
  await ports.events.publish(notice);
  return { answer, notice };
}

/** What the run itself knows of its connector. */
type Facts = Pick<Subject, 'voiceConnectorId' | 'name' | 'phoneNumbers'>;

/** What is known of the run, by the ledger; a ledger that cannot be read makes a notice shorter, and stops nothing. */
async function subjectOf(
  { ledger, log }: Ports,
  {
    execution,
    workflow = 'teardown',
  }: Pick<Ending, 'workflow'> & { readonly execution: { readonly id: string } },
  facts: Facts,
): Promise<Subject> {
  const { voiceConnectorId } = facts;
  let teardown: Teardown | undefined;
  let tally: Tally | undefined;
  if (voiceConnectorId !== undefined) {
    try {
      teardown = await ledger.readTeardown(voiceConnectorId);
      if (teardown !== undefined)
        tally = await tallyOf(ledger.readBatches(voiceConnectorId, teardown.generation));
    } catch (error) {
      log.warn('The notice is without what the ledger knows', error as Error);
    }
  }
  return { ...facts, execution: execution.id, workflow, teardown, tally };
}

/** By whom a run was asked for that held the teardown: who asked for the restore is not who asked for the teardown. */
function asAsked(subject: Subject): Subject {
  const { teardown, workflow } = subject;
  const { requestedBy, reason } = (workflow === 'restore' ? teardown?.restoreRequest : teardown) ?? {};
  return { ...subject, requestedBy, reason };
}

/** By whom a run was asked for that never came to note it. */
function whoAsked(request: unknown): Pick<Subject, 'requestedBy' | 'reason'> {
  const { requestedBy, reason } = (request ?? {}) as { requestedBy?: unknown; reason?: unknown };
  return {
    requestedBy: typeof requestedBy === 'string' ? requestedBy : undefined,
    reason: typeof reason === 'string' ? reason : undefined,
  };
}

/** A run that ended before it held a teardown, or that has lost it to another, has nothing to record: answers whether it has. */
async function closeIfHeld(
  ledger: Ports['ledger'],
  voiceConnectorId: string | undefined,
  execution: string,
  change: TeardownChange,
): Promise<boolean> {
  if (voiceConnectorId === undefined) return false;
  try {
    await ledger.closeTeardown(voiceConnectorId, execution, change);
    return true;
  } catch (error) {
    if (!(error instanceof LockLost)) throw error;
    return false;
  }
}

/** Closing twice is success: this step may have died after the first time. */
async function closeOnce(
  ports: Ports,
  { voiceConnectorId, generation }: Pick<Teardown, 'voiceConnectorId' | 'generation'>,
  execution: string,
  change: TeardownChange & Pick<Teardown, 'phase'>,
): Promise<void> {
  const { ledger, clock, log, retentionDays } = ports;
  const now = clock.now();
  // Where somebody has to look after numbers yet, nothing is forgotten.
  const isForgotten = isEnded(change) && change.error === undefined && retentionDays > 0;
  const expiresAt = Math.ceil((now.getTime() + retentionDays * dayMs) / 1_000);
  try {
    await ledger.closeTeardown(voiceConnectorId, execution, {
      ...{ ...change, endedAt: now.toISOString(), closedBy: execution },
      ...(isForgotten ? { expiresAt } : {}),
    });
  } catch (error) {
    const teardown = await ledger.readTeardown(voiceConnectorId);
    const isClosed = teardown?.phase === change.phase && teardown.closedBy === execution;
    if (!(error instanceof LockLost && isClosed)) throw error;
  }
  if (!isForgotten) return;
  try {
    await ledger.expireBatches(voiceConnectorId, generation, expiresAt);
  } catch (error) {
    // Numbers that outlive their teardown in the ledger do no harm: a run that is done does not fail for them.
    log.warn('The batches stay in the ledger for ever', error as Error);
  }
}

function askedFor(request: unknown): string | undefined {
  if (typeof request !== 'object' || request === null || !('voiceConnectorId' in request)) return undefined;
  const { voiceConnectorId } = request;
  const isId = typeof voiceConnectorId === 'string' && connectorIdPattern.test(voiceConnectorId);
  return isId ? voiceConnectorId : undefined;
}

/** The ports as they are in the cloud. */
export const portsOf = (edge: Edge): Ports => {
  const table = store.connectLedger(edge);
  return {
    ledger: {
      closeTeardown: store.closeTeardown(table),
      readTeardown: store.readTeardown(table),
      readBatches: store.readBatches(table),
      expireBatches: store.expireBatches(table),
    },
    events: { publish: publish(connectEvents(edge)) },
    clock: edge.clock,
    log: edge.log,
    retentionDays: requiredNumber(edge.env, 'LEDGER_RETENTION_DAYS'),
  };
};

export const connect = (edge: Edge): Step<Ending | Interruption, Closed | Interrupted> =>
  closeTeardown(portsOf(edge));

export const handler = onLambda(connect);
