/** How a teardown is opened in the ledger, and what its run goes on with. */
import type { Execution, Inspected } from '../journey.ts';
import type { Lock } from '../ledger/lock.ts';
import type { LedgerPort, Overridden, Teardown } from '../ledger/teardown.ts';
import type { Plan } from '../plan.ts';
import type { Snapshot } from '../ports.ts';
import { type TeardownRequest, whoAsks } from './request.ts';
import type { Survey } from './survey.ts';

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
  readonly resumed: Teardown | undefined;
}

interface Opening {
  /** The run that opens it. */
  readonly execution: Execution;
  /** ARN of the state machine that takes it back. */
  readonly restoreMachine: string;
  /** The name of its plan. */
  readonly generation: string;
  readonly now: Date;
}

/** The teardown as it is written into the ledger, held by the execution that draws it up. */
export function teardownOpened(
  request: TeardownRequest,
  { plan, ...facts }: Facts,
  { found: { batchesToRelease }, snapshot: current, resumed }: Background,
  { execution, restoreMachine, generation, now }: Opening,
): Teardown & { holder: string } {
  const { id, stateMachine } = execution;
  const since = now.toISOString();
  // A resumed run keeps on record who asked for the first one, and why, unless it says so anew.
  const { requestedBy = resumed?.requestedBy, reason = resumed?.reason } = request;
  const { overrides = [], detachFromGroups } = request;
  const overridden = [...(resumed?.overridden ?? []), ...overriddenBy(request, id, since)];
  // What the connector was before the first change is not what an earlier run has left of it.
  const snapshot = resumed?.snapshot ?? current;
  const detachedFrom = resumed?.detachedFrom;
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
    restoreStateMachine: restoreMachine,
    generation,
    batchesToRelease,
    startedAt: since,
    releasedSince: isCarriedOn(resumed)
      ? releasedSinceOf(resumed)
      : new Date(execution.startedAt).toISOString(),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(detachedFrom === undefined ? {} : { detachedFrom }),
    ...(overrides.length === 0 ? {} : { overrides }),
    ...(detachFromGroups === true ? { detachFromGroups } : {}),
    ...(overridden.length === 0 ? {} : { overridden }),
    ...whoAsks({ requestedBy, reason }),
  };
}

/** Only with the name that this very request has: whoever asked for the first run may know nothing of it. */
function overriddenBy(
  { overrides = [], requestedBy, reason }: TeardownRequest,
  execution: string,
  at: string,
): Overridden[] {
  if (overrides.length === 0) return [];
  return [{ overrides, execution, at, ...whoAsks({ requestedBy, reason }) }];
}

/**
 * What the run goes on with.
 *
 * @param pace requests a second that each iteration of the Map begins with
 */
export function opened(
  teardown: Teardown,
  request: TeardownRequest,
  execution: Execution,
  pace: number,
): Inspected {
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
    pace,
    releasedSince: releasedSinceOf(teardown),
  };
}

/** After a restore was begun it is released anew: calls in between are what the restore was for. */
function isCarriedOn(resumed: Teardown | undefined): resumed is Teardown {
  return resumed !== undefined && resumed.refusesRunsUntil === undefined;
}

/** Items of earlier versions do not say it; a snapshot is of the first run, and kept by those that resume it. */
function releasedSinceOf({ releasedSince, snapshot, startedAt }: Teardown): string {
  return releasedSince ?? snapshot?.takenAt ?? startedAt;
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
