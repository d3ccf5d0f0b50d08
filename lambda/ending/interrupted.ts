/** How a teardown is closed whose execution ended without doing so: where no state of a run is left, only the event. */
import type { Clock } from '../clock.ts';
import type { Edge } from '../edge.ts';
import type { Interrupted, Interruption } from '../journey.ts';
import type { LedgerPort } from '../ledger/teardown.ts';
import type { EventsPort } from '../ports.ts';
import { interruptedNotice } from '../words/notices.ts';
import { closeIfHeld } from './closing.ts';
import { parsed, sayInterruption } from './said.ts';
import { asAsked, askedFor, subjectOf } from './subject.ts';

interface Ports {
  readonly ledger: Pick<LedgerPort, 'closeTeardown' | 'readTeardown' | 'readBatches'>;
  readonly events: EventsPort;
  readonly clock: Clock;
  readonly log: Pick<Edge['log'], 'warn'>;
}

/**
 * An execution that ended without closing: stopped, timed out, or by an error that no state could catch. Most that EventBridge
 * tells of have closed by themselves, or have lost the teardown to another: then there is nothing to say.
 */
export async function closeInterrupted(ports: Ports, interruption: Interruption): Promise<Interrupted> {
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
