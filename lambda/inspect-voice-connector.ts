/**
 * Step: the door. Checks the request, takes over what an earlier run left where it is asked to, reads the connector and
 * all of its numbers, refuses what must not go on, and writes every number into the ledger before the first one is
 * touched.
 */

import { disagreements } from './agreement.ts';
import { notFound, numbersInFlight, restoreRequested, wasRestored } from './blockers.ts';
import { callsSince, connectCalls } from './calls.ts';
import { connectChime } from './chime/client.ts';
import { configurationOf } from './chime/configuration.ts';
import { getVoiceConnector, tagsOf } from './chime/connectors.ts';
import { groupsOf, sipRules } from './chime/groups.ts';
import { attachedNumbers, getNumber, hasNumbers, inventory } from './chime/numbers.ts';
import { type Circumstances, circumstancesOf } from './circumstances.ts';
import type { Clock } from './clock.ts';
import { type Edge, onLambda, required, requiredNumber, type Step } from './edge.ts';
import { connectExecutions, statusOf } from './executions.ts';
import { firstSurvey } from './first-survey.ts';
import { forecastOf } from './forecast.ts';
import { type Guards, guardsIn } from './guards.ts';
import type { AcceptedRequest, AlreadyDeleted, Inspected, Planned, Refused } from './journey.ts';
import * as store from './ledger.ts';
import { type Lock, lockOf } from './lock.ts';
import { draftOf, dropSuperseded, opened } from './opening.ts';
import { Pace } from './pace.ts';
import { type Blocker, generationOf } from './plan.ts';
import type { CallsPort, ChimePort, ExecutionsPort, Snapshot } from './ports.ts';
import { readTeardownRequest, whoAsks } from './request.ts';
import { standing } from './standing.ts';
import { type Survey, survey } from './survey.ts';
import { lockBlockers, orOvertaken, takeOverFrom } from './take-over.ts';
import { type Batch, isEnded, type LedgerPort, type Teardown } from './teardown.ts';
import { defaultCallingNumber, noWindow, ofEveryRelease } from './warnings.ts';

/** After how long the circumstances are looked at again, in ms, before a plan is opened. */
const staleMs = 60_000;

interface Ports {
  readonly chime: Pick<
    ChimePort,
    | 'getVoiceConnector'
    | 'attachedNumbers'
    | 'inventory'
    | 'getNumber'
    | 'tagsOf'
    | 'groupsOf'
    | 'hasNumbers'
    | 'sipRules'
    | 'configurationOf'
  >;
  readonly calls: CallsPort;
  readonly ledger: Pick<
    LedgerPort,
    | 'readTeardown'
    | 'readBatches'
    | 'draftBatch'
    | 'dropDraft'
    | 'openTeardown'
    | 'hasSuperseded'
    | 'dropSuperseded'
    | 'takeOver'
  >;
  readonly executions: Pick<ExecutionsPort, 'statusOf'>;
  readonly clock: Clock;
  readonly lock: Lock;
  readonly guards: Guards;
  /** How many numbers may go without their count being stated. */
  readonly maxPhoneNumbers: number;
  readonly requireApprovedPlan: boolean;
  readonly pace: Pick<Pace, 'found'>;
  /** How many batches are released at the same time. */
  readonly batchConcurrency: number;
  /** ARN of the state machine that restores. */
  readonly restoreMachine: string;
}

type Verdict = Refused | Planned | AlreadyDeleted | Inspected;

export const inspectVoiceConnector =
  (ports: Ports): Step<AcceptedRequest, Verdict> =>
  async ({ request: input, execution }) => {
    const { chime, ledger, clock, restoreMachine } = ports;
    const read = readTeardownRequest(input, ports.requireApprovedPlan);
    if ('blockers' in read) return { verdict: 'refused', execution, blockers: read.blockers };
    const { request } = read;
    const { voiceConnectorId } = request;
    const refuse = (blockers: readonly Blocker[], name?: string): Refused => ({
      ...{ verdict: 'refused', execution, voiceConnectorId, blockers, ...whoAsks(request) },
      ...(name === undefined ? {} : { name }),
    });

    const earlier = await ledger.readTeardown(voiceConnectorId);
    const isReopened = earlier?.holder === execution.id && earlier.execution === execution.id;
    if (isReopened) {
      // This step has opened the teardown before, and died before it could say so.
      await dropSuperseded(ports, earlier, execution);
      return opened(earlier, request, execution, paceOfEach(earlier, ports));
    }
    const runStartedAt = new Date(execution.startedAt).toISOString();
    if (earlier?.refusesRunsUntil !== undefined && runStartedAt <= earlier.refusesRunsUntil)
      return refuse([restoreRequested(earlier, execution)]);

    if (request.resume === true && earlier?.phase === 'restored') return refuse([wasRestored(earlier)]);

    const open = earlier === undefined || isEnded(earlier) ? undefined : earlier;
    const lock =
      open === undefined
        ? []
        : await lockBlockers(ports, open, execution, request.resume === true, restoreMachine);
    const isHeld = lock.some(({ code }) => code === 'AlreadyRunning');
    if (!request.dryRun && isHeld) return refuse(lock);
    if (!request.dryRun && open !== undefined && lock.length === 0)
      await takeOverFrom(ports, open, execution);

    const connector = await chime.getVoiceConnector(voiceConnectorId);
    if (connector === undefined && open === undefined)
      return earlier?.phase === 'deleted'
        ? alreadyDeleted(earlier)
        : refuse([notFound(voiceConnectorId, earlier)]);
    const circumstances = async () =>
      connector === undefined ? nobodyThere : circumstancesOf(ports, connector, request);
    const lookedAt = clock.now();
    const before = await circumstances();
    const generation = generationOf(execution.id, clock.now());
    const mayBeOpened = !request.dryRun && before.blockers.length === 0;
    const found =
      open === undefined
        ? await drawnUp(ports, voiceConnectorId, mayBeOpened ? generation : undefined)
        : await survey(
            chime,
            voiceConnectorId,
            connector === undefined ? nothing() : chime.attachedNumbers(voiceConnectorId),
            ledger.readBatches(voiceConnectorId, open.generation),
            clock.now(),
          );
    // A long list: somebody may have protected the connector, or called through it, while it was read.
    const isStale = mayBeOpened && clock.now().getTime() - lookedAt.getTime() > staleMs;
    const around = isStale ? await circumstances() : before;
    const blockers = [
      ...lock,
      ...around.blockers,
      ...(found.inFlight.size === 0 ? [] : [numbersInFlight(voiceConnectorId, found.inFlight)]),
      ...disagreements(request, found, open, ports),
    ];
    const facts = {
      voiceConnectorId,
      name: connector?.name ?? earlier?.name ?? voiceConnectorId,
      phoneNumbers: found.phoneNumbers,
      plan: {
        fingerprint: found.fingerprint,
        blockers,
        warnings: [
          ...(found.phoneNumbers === 0 ? [noWindow] : ofEveryRelease(voiceConnectorId, restoreMachine)),
          ...defaultCallingWarning(around, found),
          ...around.warnings,
          ...found.warnings,
        ],
      },
    };
    if (request.dryRun) {
      const groups = request.detachFromGroups === true ? (around.snapshot?.groups.length ?? 0) : 0;
      const isThere = connector !== undefined;
      const forecast = forecastOf(voiceConnectorId, found, { groups, isThere, now: clock.now() });
      const teardown =
        open === undefined
          ? {}
          : {
              teardown: await standing(ports, open, execution, {
                teardown: execution.stateMachine,
                restore: restoreMachine,
              }),
            };
      return { verdict: 'planned', answer: { outcome: 'planned', ...facts, forecast, ...teardown } };
    }
    if (blockers.length > 0) {
      if (open === undefined && mayBeOpened) await ledger.dropDraft(voiceConnectorId, generation);
      return refuse(blockers, facts.name);
    }

    const teardown = draftOf(
      request,
      facts,
      { found, snapshot: around.snapshot, earlier: open },
      { execution, restoreMachine, generation, now: clock.now() },
    );
    const asRead = {
      drafted: open === undefined ? found.batchesToRelease : 0,
      instead: open?.generation,
    };
    await orOvertaken(() => ledger.openTeardown(teardown, found.batches, runStartedAt, asRead));
    await dropSuperseded(ports, teardown, execution);
    return opened(teardown, request, execution, paceOfEach(teardown, ports));
  };

/** What each of the functions that release batches at the same time may begin with, of the rate that was found here. */
function paceOfEach(
  { batchesToRelease }: Teardown,
  { pace, batchConcurrency }: Pick<Ports, 'pace' | 'batchConcurrency'>,
): number {
  return pace.found / Math.max(1, Math.min(batchesToRelease, batchConcurrency));
}

/**
 * The first survey of a connector, whose batches go into the ledger as they come: under a name that nobody reads before the
 * plan is opened. Nothing is written without a name.
 */
async function drawnUp(
  { chime, ledger }: Pick<Ports, 'chime' | 'ledger'>,
  voiceConnectorId: string,
  generation: string | undefined,
): Promise<Survey> {
  const keep = async (batch: Batch): Promise<void> => {
    if (generation === undefined) return;
    await ledger.draftBatch({ voiceConnectorId, generation, batch: batch.index }, batch);
  };
  try {
    return await firstSurvey(chime, voiceConnectorId, chime.attachedNumbers(voiceConnectorId), keep);
  } catch (error) {
    // What cannot be removed now is removed by the next run that opens a plan.
    if (generation !== undefined) await ledger.dropDraft(voiceConnectorId, generation).catch(() => undefined);
    throw error;
  }
}

function defaultCallingWarning({ snapshot }: { readonly snapshot?: Snapshot | undefined }, { has }: Survey) {
  const number = snapshot?.configuration.termination?.DefaultPhoneNumber;
  return number !== undefined && has(number) ? [defaultCallingNumber(number)] : [];
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

/** A connector that is gone has no circumstances: what it was, the earlier run has noted. */
const nobodyThere: Pick<Circumstances, 'blockers' | 'warnings'> & { readonly snapshot?: undefined } = {
  blockers: [],
  warnings: [],
};

async function* nothing(): AsyncGenerator<never> {
  // Where the connector is gone it has no numbers; a fresh plan has no batches of an earlier one.
}

/** The ports as they are in the cloud. */
export const portsOf = (edge: Edge): Ports => {
  const pace = new Pace(edge.clock);
  const client = connectChime(edge, pace);
  const table = store.connectLedger(edge);
  return {
    chime: {
      getVoiceConnector: getVoiceConnector(client),
      attachedNumbers: attachedNumbers(client),
      inventory: inventory(client),
      getNumber: getNumber(client),
      tagsOf: tagsOf(client),
      groupsOf: groupsOf(client),
      hasNumbers: hasNumbers(client),
      sipRules: sipRules(client),
      configurationOf: configurationOf(client),
    },
    calls: { callsSince: callsSince(connectCalls(edge), edge) },
    ledger: {
      readTeardown: store.readTeardown(table),
      readBatches: store.readBatches(table),
      draftBatch: store.draftBatch(table),
      dropDraft: store.dropDraft(table),
      openTeardown: store.openTeardown(table),
      hasSuperseded: store.hasSuperseded(table),
      dropSuperseded: store.dropSuperseded(table),
      takeOver: store.takeOver(table),
    },
    executions: { statusOf: statusOf(connectExecutions(edge)) },
    clock: edge.clock,
    lock: lockOf(edge, table),
    guards: guardsIn(edge),
    maxPhoneNumbers: requiredNumber(edge.env, 'MAX_PHONE_NUMBERS'),
    requireApprovedPlan: required(edge.env, 'REQUIRE_APPROVED_PLAN') === 'true',
    restoreMachine: required(edge.env, 'RESTORE_STATE_MACHINE_ARN'),
    pace,
    batchConcurrency: requiredNumber(edge.env, 'BATCH_CONCURRENCY'),
  };
};

export const connect = (edge: Edge): Step<AcceptedRequest, Verdict> => inspectVoiceConnector(portsOf(edge));

export const handler = onLambda(connect);
