/**
 * Step: the door. Checks the request, takes over what an earlier run left where it is asked to, reads the connector and
 * all of its numbers, refuses what must not go on, and writes every number into the ledger before the first one is
 * touched.
 */
import { countMismatch, notFound, planChanged, uncounted } from './blockers.ts';
import { attachedNumbers, connectChime, getNumber, getVoiceConnector, inventory } from './chime.ts';
import type { Clock } from './clock.ts';
import { resumeCommand } from './commands.ts';
import { type Edge, onLambda, requiredNumber, type Step } from './edge.ts';
import { connectExecutions, statusOf } from './executions.ts';
import type {
  AcceptedRequest,
  AlreadyDeleted,
  Execution,
  Inspected,
  Planned,
  Refused,
  TeardownStatus,
} from './journey.ts';
import {
  connectLedger,
  dropSuperseded as dropPlans,
  hasSuperseded,
  openTeardown,
  readBatches,
  readTeardown,
  takeOver,
} from './ledger.ts';
import { type Lock, lockOf } from './lock.ts';
import { type Blocker, generationOf } from './plan.ts';
import type { ChimePort, ExecutionsPort, LedgerPort, Teardown } from './ports.ts';
import { readRequest, type TeardownRequest } from './request.ts';
import { type Survey, survey } from './survey.ts';
import { isRunning, lockBlockers, orOvertaken, takeOverFrom } from './take-over.ts';
import { tallyOf } from './tally.ts';

interface Ports {
  readonly chime: Pick<ChimePort, 'getVoiceConnector' | 'attachedNumbers' | 'inventory' | 'getNumber'>;
  readonly ledger: Pick<
    LedgerPort,
    'readTeardown' | 'readBatches' | 'openTeardown' | 'hasSuperseded' | 'dropSuperseded' | 'takeOver'
  >;
  readonly executions: ExecutionsPort;
  readonly clock: Clock;
  readonly lock: Lock;
  /** How many numbers may go without their count being stated. */
  readonly maxPhoneNumbers: number;
}

type Verdict = Refused | Planned | AlreadyDeleted | Inspected;

export const inspectVoiceConnector =
  (ports: Ports): Step<AcceptedRequest, Verdict> =>
  async ({ request: input, execution }) => {
    const { chime, ledger } = ports;
    const read = readRequest(input);
    if ('blockers' in read) return { verdict: 'refused', execution, blockers: read.blockers };
    const { request } = read;
    const { voiceConnectorId } = request;
    const refuse = (blockers: readonly Blocker[]): Refused => ({
      verdict: 'refused',
      execution,
      voiceConnectorId,
      blockers,
    });

    const earlier = await ledger.readTeardown(voiceConnectorId);
    const isReopened = earlier?.holder === execution.id && earlier.execution === execution.id;
    if (isReopened) return openedBefore(ports, earlier, execution);

    const open = earlier?.phase === 'deleted' ? undefined : earlier;
    const lock =
      open === undefined ? [] : await lockBlockers(ports, open, execution, request.resume === true);
    const isHeld = lock.some(({ code }) => code === 'AlreadyRunning');
    if (!request.dryRun && isHeld) return refuse(lock);
    if (!request.dryRun && open !== undefined && lock.length === 0)
      await takeOverFrom(ports, open, execution);

    const connector = await chime.getVoiceConnector(voiceConnectorId);
    if (connector === undefined && earlier === undefined) return refuse([notFound(voiceConnectorId)]);
    if (connector === undefined && earlier !== undefined && open === undefined)
      return alreadyDeleted(earlier);
    const found = await survey(
      chime,
      voiceConnectorId,
      connector === undefined ? nothing() : chime.attachedNumbers(voiceConnectorId),
      open === undefined ? nothing() : ledger.readBatches(voiceConnectorId, open.generation),
      ports.clock.now(),
    );
    const blockers = [...lock, ...countBlockers(request, found, open, ports.maxPhoneNumbers)];
    const facts = {
      voiceConnectorId,
      name: connector?.name ?? earlier?.name ?? voiceConnectorId,
      phoneNumbers: found.phoneNumbers,
      plan: { fingerprint: found.fingerprint, blockers, warnings: found.warnings },
    };
    if (request.dryRun) {
      const teardown = open === undefined ? {} : { teardown: await standing(ports, open, execution) };
      return { verdict: 'planned', answer: { outcome: 'planned', ...facts, ...teardown } };
    }
    if (blockers.length > 0) return refuse(blockers);

    const teardown = draft(request, facts, found, execution, ports.clock.now(), open);
    await orOvertaken(() => ledger.openTeardown(teardown, found.batches));
    await dropSuperseded(ports, teardown, execution);
    return opened(facts, teardown, indices(found.batchesToRelease), execution);
  };

/** Numbers that are not those agreed on: by their count, stated or not, or by the plan that is to be resumed. */
function countBlockers(
  { voiceConnectorId, expectedPhoneNumbers: expected }: TeardownRequest,
  found: Survey,
  open: Teardown | undefined,
  most: number,
): Blocker[] {
  const isAsStated = expected === undefined || expected === found.phoneNumbers;
  if (!isAsStated) return [countMismatch(voiceConnectorId, found.phoneNumbers, expected)];
  if (open === undefined)
    return expected === undefined ? uncounted(voiceConnectorId, found.phoneNumbers, most) : [];
  const isUnchanged = open.fingerprint === found.fingerprint && found.putBack === 0;
  // A count that the first run may have stated already agrees to nothing new.
  const isAgreedAnew = expected !== undefined && expected !== open.phoneNumbers && found.putBack === 0;
  return isUnchanged || isAgreedAnew ? [] : [planChanged(open, found.phoneNumbers, found.putBack)];
}

function draft(
  request: TeardownRequest,
  { plan, ...facts }: Pick<Inspected, 'voiceConnectorId' | 'name' | 'phoneNumbers' | 'plan'>,
  { batchesToRelease }: Survey,
  { id }: Execution,
  now: Date,
  earlier: Teardown | undefined,
): Teardown & { holder: string } {
  const since = now.toISOString();
  // A resumed run keeps on record who asked for the first one, and why, unless it says so anew.
  const { requestedBy = earlier?.requestedBy, reason = earlier?.reason } = request;
  return {
    ...facts,
    fingerprint: plan.fingerprint,
    warnings: plan.warnings,
    phase: 'releasing',
    holder: id,
    holderSince: since,
    busyUntil: since,
    execution: id,
    generation: generationOf(id, now),
    batchesToRelease,
    startedAt: since,
    ...(requestedBy === undefined ? {} : { requestedBy }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function opened(
  facts: Pick<Inspected, 'voiceConnectorId' | 'name' | 'phoneNumbers' | 'plan'>,
  { generation }: Teardown,
  batches: readonly number[],
  execution: Execution,
): Inspected {
  return {
    verdict: facts.phoneNumbers === 0 ? 'delete' : 'release',
    execution,
    ...facts,
    generation,
    batches,
  };
}

/** This step has opened the teardown before, and died before it could say so. */
async function openedBefore(ports: Ports, teardown: Teardown, execution: Execution): Promise<Inspected> {
  await dropSuperseded(ports, teardown, execution);
  const { voiceConnectorId, name, phoneNumbers, fingerprint, warnings, batchesToRelease } = teardown;
  const facts = { voiceConnectorId, name, phoneNumbers, plan: { fingerprint, blockers: [], warnings } };
  return opened(facts, teardown, indices(batchesToRelease), execution);
}

/** Under the lock: whoever takes over waits for the end of this function, so that it does not remove their plan. */
async function dropSuperseded(
  { ledger, lock }: Ports,
  { voiceConnectorId, generation }: Teardown,
  execution: Execution,
): Promise<void> {
  if (!(await ledger.hasSuperseded(voiceConnectorId, generation))) return;
  await lock({ voiceConnectorId, execution });
  await ledger.dropSuperseded(voiceConnectorId, generation);
}

function alreadyDeleted({
  voiceConnectorId,
  name,
  phoneNumbers,
  fingerprint,
  warnings,
}: Teardown): AlreadyDeleted {
  const plan = { fingerprint, blockers: [], warnings };
  return {
    verdict: 'alreadyDeleted',
    answer: { outcome: 'alreadyDeleted', voiceConnectorId, name, phoneNumbers, plan },
  };
}

/** How a teardown that is under way, or was left unfinished, stands. */
async function standing(ports: Ports, open: Teardown, execution: Execution): Promise<TeardownStatus> {
  const { voiceConnectorId, generation, phase, windowEndsAt } = open;
  const { attached, unassigned, queued, gone, reclaimed } = await tallyOf(
    ports.ledger.readBatches(voiceConnectorId, generation),
  );
  return {
    phase,
    execution: open.holder ?? open.execution,
    isRunning: await isRunning(ports, open, execution),
    ...{ attached, unassigned, queued, gone, reclaimed },
    ...(windowEndsAt === undefined ? {} : { windowEndsAt }),
    resumeCommand: resumeCommand(execution.stateMachine, voiceConnectorId),
  };
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

async function* nothing(): AsyncGenerator<never> {
  // Where the connector is gone it has no numbers; a fresh plan has no batches of an earlier one.
}

export const connect = (edge: Edge): Step<AcceptedRequest, Verdict> => {
  const client = connectChime(edge);
  const table = connectLedger(edge);
  return inspectVoiceConnector({
    chime: {
      getVoiceConnector: getVoiceConnector(client),
      attachedNumbers: attachedNumbers(client),
      inventory: inventory(client),
      getNumber: getNumber(client),
    },
    ledger: {
      readTeardown: readTeardown(table),
      readBatches: readBatches(table),
      openTeardown: openTeardown(table),
      hasSuperseded: hasSuperseded(table),
      dropSuperseded: dropPlans(table),
      takeOver: takeOver(table),
    },
    executions: { statusOf: statusOf(connectExecutions(edge)) },
    clock: edge.clock,
    lock: lockOf(edge, table),
    maxPhoneNumbers: requiredNumber(edge.env, 'MAX_PHONE_NUMBERS'),
  });
};

export const handler = onLambda(connect);
