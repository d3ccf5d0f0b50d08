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

const nothingSaid: Failure = { Error: 'NumbersNotRestored', Cause: '' };
const dayMs = 24 * 60 * 60_000;

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
    const about = (voiceConnectorId: string | undefined) => subjectOf(ports, input, voiceConnectorId);
    if (input.outcome === 'refused') {
      const { voiceConnectorId, name, requestedBy, reason, blockers } = input.state;
      // A run that took a teardown over before it was refused gives it back as it was.
      await closeIfHeld(ports.ledger, voiceConnectorId, execution.id, {});
      const said = sayRefusal(blockers);
      const subject = { ...(await about(voiceConnectorId)), name, requestedBy, reason };
      return { answer: { outcome: 'refused', ...said }, notice: refusedNotice(subject, blockers, said) };
    }
    if (input.outcome === 'deleted') {
      const { voiceConnectorId, name, phoneNumbers, plan } = input.state;
      await closeOnce(ports, voiceConnectorId, execution.id, { phase: 'deleted' });
      return {
        answer: { outcome: 'deleted', voiceConnectorId, name, phoneNumbers, plan },
        notice: completedNotice(await about(voiceConnectorId)),
      };
    }
    if (input.outcome === 'restored') {
      const { voiceConnectorId, name, phoneNumbers, check } = input.state;
      await closeOnce(ports, voiceConnectorId, execution.id, {
        ...{ phase: 'restored', error: undefined, cause: undefined },
      });
      return {
        answer: { outcome: 'restored', voiceConnectorId, name, phoneNumbers, ...check.counts },
        notice: restoredNotice(await about(voiceConnectorId), check.counts.restored),
      };
    }
    if (input.outcome === 'incomplete') {
      const { voiceConnectorId, check } = input.state;
      const { phase = 'failed', failure = nothingSaid } = check;
      const said = sayFailure(failure);
      await closeOnce(ports, voiceConnectorId, execution.id, { phase, ...said });
      return {
        answer: { outcome: 'incomplete', ...said },
        notice: failedNotice(await about(voiceConnectorId), said),
      };
    }
    const said = sayFailure(input.state.failure);
    const voiceConnectorId = input.state.voiceConnectorId ?? askedFor(input.state.request);
    const endedAt = ports.clock.now().toISOString();
    await closeIfHeld(ports.ledger, voiceConnectorId, execution.id, { phase: 'failed', endedAt, ...said });
    return {
      answer: { outcome: 'failed', ...said },
      notice: failedNotice(await about(voiceConnectorId), said),
    };
  };

/**
 * An execution that ended without closing: stopped, timed out, or by an error that no state could catch. Most that EventBridge
 * tells of have closed by themselves, or have lost the teardown to another: then there is nothing to say.
 */
async function closeInterrupted(ports: Ports, interruption: Interruption): Promise<Interrupted> {
  const { executionArn, stateMachineArn, input } = interruption;
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
  const run = { execution: { id: executionArn }, workflow: undefined };
  const subject = await subjectOf(ports, run, voiceConnectorId);
  const isRestore = stateMachineArn != null && stateMachineArn === subject.teardown?.restoreStateMachine;
  const notice = interruptedNotice(isRestore ? asRestore(subject) : subject, said);
  await ports.events.publish(notice);
  return { answer, notice };
}

/** What is known of the run, by the ledger; a ledger that cannot be read makes a notice shorter, and stops nothing. */
async function subjectOf(
  { ledger, log }: Ports,
  {
    execution,
    workflow = 'teardown',
  }: { execution: { id: string }; workflow?: Subject['workflow'] | undefined },
  voiceConnectorId: string | undefined,
): Promise<Subject> {
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
  const { requestedBy, reason } = teardown ?? {};
  const subject = {
    ...{ execution: execution.id, workflow, teardown, tally, voiceConnectorId },
    ...{ requestedBy, reason },
  };
  return workflow === 'restore' ? asRestore(subject) : subject;
}

/** Who asked for the restore is not who asked for the teardown. */
function asRestore(subject: Subject): Subject {
  const { requestedBy, reason } = subject.teardown?.restoreRequest ?? {};
  return { ...subject, workflow: 'restore', requestedBy, reason };
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
  voiceConnectorId: string,
  execution: string,
  change: TeardownChange & Pick<Teardown, 'phase'>,
): Promise<void> {
  const { ledger, clock, retentionDays } = ports;
  const now = clock.now();
  const endedAt = now.toISOString();
  const expiresAt =
    isEnded(change) && retentionDays > 0
      ? Math.ceil((now.getTime() + retentionDays * dayMs) / 1_000)
      : undefined;
  try {
    await ledger.closeTeardown(voiceConnectorId, execution, {
      ...{ ...change, endedAt, closedBy: execution },
      ...(expiresAt === undefined ? {} : { expiresAt }),
    });
  } catch (error) {
    const teardown = await ledger.readTeardown(voiceConnectorId);
    const isClosed = teardown?.phase === change.phase && teardown?.closedBy === execution;
    if (!(error instanceof LockLost && isClosed)) throw error;
  }
  if (expiresAt !== undefined) await expireBatches(ports, voiceConnectorId, expiresAt);
}

/** Numbers that outlive their teardown in the ledger by an error do no harm: a run that is done does not fail for them. */
async function expireBatches({ ledger, log }: Ports, voiceConnectorId: string, at: number): Promise<void> {
  try {
    await ledger.expireBatches(voiceConnectorId, at);
  } catch (error) {
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
