/** How a teardown is opened in the ledger, and what its run goes on with. */
import type { Execution, Inspected } from './journey.ts';
import type { Lock } from './lock.ts';
import { generationOf, type Plan } from './plan.ts';
import type { Snapshot } from './ports.ts';
import type { TeardownRequest } from './request.ts';
import type { Survey } from './survey.ts';
import type { LedgerPort, Teardown } from './teardown.ts';

interface Facts {
  readonly voiceConnectorId: string;
  readonly name: string;
  readonly phoneNumbers: number;
  readonly plan: Plan;
}

interface Background {
  readonly found: Survey;
  /** What the connector is now; undefined where it is gone. */
  readonly snapshot: Snapshot | undefined;
  /** The teardown that is resumed. */
  readonly earlier: Teardown | undefined;
}

/** The teardown as it is written into the ledger, held by the execution that draws it up. */
export function draftOf(
  request: TeardownRequest,
  { plan, ...facts }: Facts,
  { found: { batchesToRelease }, snapshot: current, earlier }: Background,
  { id, stateMachine }: Execution,
  now: Date,
): Teardown & { holder: string } {
  const since = now.toISOString();
  // A resumed run keeps on record who asked for the first one, and why, unless it says so anew.
  const { requestedBy = earlier?.requestedBy, reason = earlier?.reason, overrides } = request;
  // What the connector was before the first change is not what an earlier run has left of it.
  const snapshot = earlier?.snapshot ?? current;
  const detachedFrom = earlier?.detachedFrom;
  return {
    ...facts,
    fingerprint: plan.fingerprint,
    warnings: plan.warnings,
    phase: 'releasing',
    holder: id,
    holderSince: since,
    busyUntil: since,
    execution: id,
    stateMachine,
    generation: generationOf(id, now),
    batchesToRelease,
    startedAt: since,
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(detachedFrom === undefined ? {} : { detachedFrom }),
    ...(overrides === undefined || overrides.length === 0 ? {} : { overrides }),
    ...(requestedBy === undefined ? {} : { requestedBy }),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** What the run goes on with. */
export function opened(teardown: Teardown, request: TeardownRequest, execution: Execution): Inspected {
  const { voiceConnectorId, name, phoneNumbers, fingerprint, warnings, generation } = teardown;
  return {
    verdict: phoneNumbers === 0 ? 'delete' : 'release',
    execution,
    voiceConnectorId,
    name,
    phoneNumbers,
    plan: { fingerprint, blockers: [], warnings },
    generation,
    batches: Array.from({ length: teardown.batchesToRelease }, (_, index) => index),
    detachFromGroups: request.detachFromGroups === true,
    overrides: request.overrides ?? [],
  };
}

/** Under the lock: whoever takes over waits for the end of this function, so that it does not remove their plan. */
export async function dropSuperseded(
  {
    ledger,
    lock,
  }: { readonly ledger: Pick<LedgerPort, 'hasSuperseded' | 'dropSuperseded'>; readonly lock: Lock },
  { voiceConnectorId, generation }: Teardown,
  execution: Execution,
): Promise<void> {
  if (!(await ledger.hasSuperseded(voiceConnectorId, generation))) return;
  await lock({ voiceConnectorId, execution });
  await ledger.dropSuperseded(voiceConnectorId, generation);
}
