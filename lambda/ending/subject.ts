/** Whom and what a notice about the end of a run is about: by the ledger, and by what the run was asked for. */
import type { Edge } from '../edge.ts';
import type { Ending } from '../journey.ts';
import { type Tally, tallyOf } from '../ledger/tally.ts';
import type { LedgerPort, Teardown } from '../ledger/teardown.ts';
import { connectorIdPattern } from '../ports.ts';
import type { Subject } from '../words/notices.ts';

interface Ports {
  readonly ledger: Pick<LedgerPort, 'readTeardown' | 'readBatches'>;
  readonly log: Pick<Edge['log'], 'warn'>;
}

/** What the run itself knows of its connector. */
export type Facts = Pick<Subject, 'voiceConnectorId' | 'name' | 'phoneNumbers'>;

/** What is known of the run, by the ledger; a ledger that cannot be read makes a notice shorter, and stops nothing. */
export async function subjectOf(
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
export function asAsked(subject: Subject): Subject {
  const { teardown, workflow } = subject;
  const { requestedBy, reason } = (workflow === 'restore' ? teardown?.restoreRequest : teardown) ?? {};
  return { ...subject, requestedBy, reason };
}

/** By whom a run was asked for that never came to note it. */
export function whoAsked(request: unknown): Pick<Subject, 'requestedBy' | 'reason'> {
  const { requestedBy, reason } = (request ?? {}) as { requestedBy?: unknown; reason?: unknown };
  return {
    requestedBy: typeof requestedBy === 'string' ? requestedBy : undefined,
    reason: typeof reason === 'string' ? reason : undefined,
  };
}

/** The connector that a run was asked to work on; undefined where the request names none. */
export function askedFor(request: unknown): string | undefined {
  if (typeof request !== 'object' || request === null || !('voiceConnectorId' in request)) return undefined;
  const { voiceConnectorId } = request;
  const isId = typeof voiceConnectorId === 'string' && connectorIdPattern.test(voiceConnectorId);
  return isId ? voiceConnectorId : undefined;
}
