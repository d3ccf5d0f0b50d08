/**
 * Step: records how the run ended, says it in one sentence, and what is to be announced of it. The last step on every path.
 * It is also called by an event where no state of a run is left to do so, and announces that itself.
 */

import { connectEvents, publish } from './aws/events.ts';
import type { Clock } from './clock.ts';
import { type Edge, onLambda, requiredNumber, type Step } from './edge.ts';
import { closeIfHeld, closeOnce } from './ending/closing.ts';
import { closeInterrupted } from './ending/interrupted.ts';
import { sayFailure, sayRefusal } from './ending/said.ts';
import { asAsked, askedFor, type Facts, subjectOf, whoAsked } from './ending/subject.ts';
import type { VerdictFailure } from './errors.ts';
import type { Closed, Ending, Interrupted, Interruption } from './journey.ts';
import * as store from './ledger/ledger.ts';
import type { LedgerPort, Teardown, TeardownChange } from './ledger/teardown.ts';
import type { EventsPort } from './ports.ts';
import {
  completedNotice,
  failedNotice,
  refusedNotice,
  restoredNotice,
  type Subject,
} from './words/notices.ts';

const nothingSaid: VerdictFailure = { Error: 'NumbersNotRestored', Cause: '' };

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
