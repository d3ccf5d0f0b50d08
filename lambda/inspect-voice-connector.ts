/**
 * Step: the door. Checks the request, takes over what an earlier run left where it is asked to, reads the connector and
 * all of its numbers, refuses what must not go on, and writes every number into the ledger before the first one is
 * touched.
 */

import { callsSince, connectCalls } from './aws/calls.ts';
import { connectExecutions, statusOf } from './aws/executions.ts';
import { connectChime } from './chime/client.ts';
import { configurationOf } from './chime/configuration.ts';
import { getVoiceConnector, tagsOf } from './chime/connectors.ts';
import { groupsOf, sipRules } from './chime/groups.ts';
import { attachedNumbers, getNumber, hasNumbers, inventory } from './chime/numbers.ts';
import { Pace } from './chime/pace.ts';
import { type Edge, onLambda, required, requiredNumber, type Step } from './edge.ts';
import { notFound, restoreRequested, wasRestored } from './inspection/blockers.ts';
import { forecastOf } from './inspection/forecast.ts';
import { guardsIn } from './inspection/guards.ts';
import { type Inspection, type InspectionPorts, inspection } from './inspection/inspection.ts';
import { dropSuperseded, opened, teardownOpened } from './inspection/opening.ts';
import { readTeardownRequest, type TeardownRequest, whoAsks } from './inspection/request.ts';
import { standing } from './inspection/standing.ts';
import { lockBlockers, orOvertaken, takeOverFrom } from './inspection/take-over.ts';
import type { AcceptedRequest, AlreadyDeleted, Execution, Inspected, Planned, Refused } from './journey.ts';
import * as store from './ledger/ledger.ts';
import { type Lock, lockOf } from './ledger/lock.ts';
import { isEnded, type LedgerPort, type Teardown } from './ledger/teardown.ts';
import type { Blocker } from './plan.ts';
import type { ChimePort, Connector, ExecutionsPort } from './ports.ts';

interface Ports extends InspectionPorts {
  readonly chime: InspectionPorts['chime'] & Pick<ChimePort, 'getVoiceConnector'>;
  readonly ledger: InspectionPorts['ledger'] &
    Pick<LedgerPort, 'readTeardown' | 'openTeardown' | 'hasSuperseded' | 'dropSuperseded' | 'takeOver'>;
  readonly executions: Pick<ExecutionsPort, 'statusOf'>;
  readonly lock: Lock;
  readonly requireApprovedPlan: boolean;
  readonly pace: Pick<Pace, 'found'>;
  /** How many batches are released at the same time. */
  readonly batchConcurrency: number;
}

/** What a dry run is about. */
interface DryRun {
  readonly connector: Connector | undefined;
  readonly open: Teardown | undefined;
  readonly execution: Execution;
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
    const seen = await inspection(ports, request, { connector, earlier, open, lock, execution });
    const { facts, found } = seen;
    if (request.dryRun) return planned(ports, request, { ...seen, connector, open, execution });
    if (facts.plan.blockers.length > 0) {
      if (seen.draft !== undefined) await ledger.dropDraft(voiceConnectorId, seen.draft);
      return refuse(facts.plan.blockers, facts.name);
    }

    const teardown = teardownOpened(
      request,
      facts,
      { found, snapshot: seen.snapshot, resumed: open },
      { execution, restoreMachine, generation: seen.generation, now: clock.now() },
    );
    const asRead = {
      drafted: open === undefined ? found.batchesToRelease : 0,
      instead: open?.generation,
    };
    await orOvertaken(() => ledger.openTeardown(teardown, found.batches, runStartedAt, asRead));
    await dropSuperseded(ports, teardown, execution);
    return opened(teardown, request, execution, paceOfEach(teardown, ports));
  };

/** The answer of a dry run: the plan, what is to come of it, and how a teardown that is open stands. */
async function planned(
  ports: Ports,
  request: TeardownRequest,
  { facts, found, snapshot, connector, open, execution }: Inspection & DryRun,
): Promise<Planned> {
  const groups = request.detachFromGroups === true ? (snapshot?.groups.length ?? 0) : 0;
  const isThere = connector !== undefined;
  const now = ports.clock.now();
  const forecast = forecastOf(facts.voiceConnectorId, found, { groups, isThere, now });
  const machines = { teardown: execution.stateMachine, restore: ports.restoreMachine };
  const teardown = open === undefined ? {} : { teardown: await standing(ports, open, execution, machines) };
  return { verdict: 'planned', answer: { outcome: 'planned', ...facts, forecast, ...teardown } };
}

/** What each of the functions that release batches at the same time may begin with, of the rate that was found here. */
function paceOfEach(
  { batchesToRelease }: Teardown,
  { pace, batchConcurrency }: Pick<Ports, 'pace' | 'batchConcurrency'>,
): number {
  return pace.found / Math.max(1, Math.min(batchesToRelease, batchConcurrency));
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
