/**
 * Step: the door of a restore. Checks the request, takes the teardown over from whatever runs it, stops that, and says
 * which batches it has touched.
 */

import { connectExecutions, statusOf, stop } from './aws/executions.ts';
import { connectChime } from './chime/client.ts';
import { getVoiceConnector } from './chime/connectors.ts';
import type { Clock } from './clock.ts';
import { type Edge, onLambda, type Step } from './edge.ts';
import { alreadyRunning, noTeardown, nothingToRestore } from './inspection/blockers.ts';
import { readRestoreRequest, whoAsks } from './inspection/request.ts';
import { standing } from './inspection/standing.ts';
import { isRunning, orOvertaken, takeOverFrom } from './inspection/take-over.ts';
import type { AcceptedRequest, Execution, Refused, Restorable, RestoreAnswered } from './journey.ts';
import * as store from './ledger/ledger.ts';
import { type Lock, lockOf } from './ledger/lock.ts';
import {
  type Batch,
  isMarker,
  type LedgerNumber,
  type LedgerPort,
  type Teardown,
} from './ledger/teardown.ts';
import { type Blocker, fingerprintOf, generationOf } from './plan.ts';
import type { ChimePort, Connector, ExecutionsPort } from './ports.ts';

interface Ports {
  readonly chime: Pick<ChimePort, 'getVoiceConnector'>;
  readonly ledger: Pick<
    LedgerPort,
    'readTeardown' | 'readBatches' | 'saveBatch' | 'refuseRuns' | 'takeOver' | 'updateTeardown'
  >;
  readonly executions: ExecutionsPort;
  readonly clock: Clock;
  readonly lock: Lock;
}

type Verdict = Refused | RestoreAnswered | Restorable;

export const inspectTeardown =
  (ports: Ports): Step<AcceptedRequest, Verdict> =>
  async ({ request: input, execution }) => {
    const { chime, ledger } = ports;
    const read = readRestoreRequest(input);
    if ('blockers' in read) return { verdict: 'refused', execution, blockers: read.blockers };
    const { voiceConnectorId, dryRun } = read.request;
    const refuse = (blocker: Blocker): Refused => ({
      ...{ verdict: 'refused', execution, voiceConnectorId, blockers: [blocker], ...whoAsks(read.request) },
    });

    const teardown = await ledger.readTeardown(voiceConnectorId);
    if (teardown === undefined || isMarker(teardown)) {
      const connector = await chime.getVoiceConnector(voiceConnectorId);
      if (connector !== undefined && !dryRun) await refuseRuns(ports, markerFor(connector, execution, ports));
      return refuse(noTeardown(voiceConnectorId, connector !== undefined, dryRun));
    }
    if (teardown.phase === 'deleted') return refuse(nothingToRestore(teardown));
    const isRestored = teardown.phase === 'restored' && teardown.error === undefined;
    const { name, phoneNumbers } = teardown;
    if (isRestored) {
      if (!dryRun) await refuseRuns(ports, teardown);
      const answer = { outcome: 'alreadyRestored', voiceConnectorId, name, phoneNumbers } as const;
      return { verdict: 'alreadyRestored', answer };
    }
    if (dryRun) {
      const machines = { teardown: teardown.stateMachine, restore: execution.stateMachine };
      const status = await standing(ports, teardown, execution, machines);
      const answer = { outcome: 'planned', voiceConnectorId, name, phoneNumbers, teardown: status } as const;
      return { verdict: 'planned', answer };
    }
    if (isOfThisMachine(teardown.holder, execution) && (await isRunning(ports, teardown, execution)))
      return refuse(alreadyRunning(teardown));

    await takeOverFrom(ports, teardown, execution, () => stopOthers(ports, teardown, execution));
    await ports.lock({ voiceConnectorId, execution });
    await ledger.updateTeardown(voiceConnectorId, execution.id, {
      phase: 'restoring',
      // A run that was started before, and comes to it later, must not undo what is restored by then.
      refusesRunsUntil: new Date(execution.startedAt).toISOString(),
      restoreRequest: whoAsks(read.request),
      // Items of earlier versions do not say it.
      restoreStateMachine: execution.stateMachine,
    });
    return {
      verdict: 'restore',
      execution,
      ...{ voiceConnectorId, name, phoneNumbers },
      generation: teardown.generation,
      batches: await touchedBatches(ports, teardown),
    };
  };

/** Stops whatever worked on the teardown and still runs; what has stopped already is left alone. */
async function stopOthers(
  { executions }: Ports,
  { holder, execution: drewUp }: Teardown,
  { id }: Execution,
): Promise<void> {
  for (const arn of new Set([holder, drewUp])) {
    if (arn === undefined || arn === id) continue;
    if ((await executions.statusOf(arn)) === 'running') await executions.stop(arn, `Taken over by ${id}.`);
  }
}

/**
 * The batches in which something may have been done. What a number was refused for is forgotten: it may go another way
 * now.
 */
async function touchedBatches(
  { ledger }: Ports,
  { voiceConnectorId, generation }: Teardown,
): Promise<number[]> {
  const touched: number[] = [];
  for await (const batch of ledger.readBatches(voiceConnectorId, generation)) {
    if (!isTouched(batch)) continue;
    touched.push(batch.index);
    const isMarked =
      batch.waitingSince !== undefined ||
      batch.numbers.some(({ failure, state }) => failure !== undefined || state === 'gone');
    if (isMarked) await ledger.saveBatch({ voiceConnectorId, generation, batch: batch.index }, afresh(batch));
  }
  return touched;
}

/** A number may also be on the connector again, and be without a name that an earlier restore did not come to ask for. */
function isTouched({ begunAt, numbers }: Batch): boolean {
  const wasReached = ({ state, failure, lost }: LedgerNumber): boolean =>
    failure !== undefined || lost !== undefined || (state !== 'attached' && state !== 'reclaimed');
  return begunAt !== undefined || numbers.some(wasReached);
}

/**
 * Refusals are forgotten, and what was gone is asked for once more: a single answer does not decide over a number. What was
 * found with another holder stays there.
 */
function afresh({ waitingSince: _waited, looks: _looks, ...batch }: Batch): Batch {
  const numbers = batch.numbers.map(({ failure, askedAt: _asked, ...number }): LedgerNumber => {
    if (failure?.code === 'Moved') return { ...number, failure, state: 'reclaimed' };
    return number.state === 'gone' ? { ...number, state: 'queued' } : number;
  });
  return { ...batch, numbers };
}

/** Whether an execution is one of the machine that this one belongs to: another restore. */
function isOfThisMachine(arn: string | undefined, { stateMachine }: Execution): boolean {
  return arn?.startsWith(`${stateMachine.replace(':stateMachine:', ':execution:')}:`) === true;
}

/** Runs that are on their way, and have not opened a teardown yet, must not do so after somebody has called all back. */
async function refuseRuns({ ledger, clock }: Ports, marker: Teardown): Promise<void> {
  const refusesRunsUntil = clock.now().toISOString();
  await orOvertaken(() => ledger.refuseRuns({ ...marker, refusesRunsUntil }));
}

function markerFor(
  { voiceConnectorId, name }: Connector,
  { id }: Execution,
  { clock }: Pick<Ports, 'clock'>,
): Teardown {
  const now = clock.now();
  const at = now.toISOString();
  return {
    ...{ voiceConnectorId, name, phase: 'restored', execution: id },
    generation: generationOf(id, now),
    fingerprint: fingerprintOf(voiceConnectorId, []),
    ...{ batchesToRelease: 0, phoneNumbers: 0, warnings: [] },
    ...{ startedAt: at, endedAt: at, busyUntil: at },
  };
}

/** The ports as they are in the cloud. */
export const portsOf = (edge: Edge): Ports => {
  const table = store.connectLedger(edge);
  const states = connectExecutions(edge);
  return {
    chime: { getVoiceConnector: getVoiceConnector(connectChime(edge)) },
    ledger: {
      readTeardown: store.readTeardown(table),
      readBatches: store.readBatches(table),
      saveBatch: store.saveBatch(table),
      refuseRuns: store.refuseRuns(table),
      takeOver: store.takeOver(table),
      updateTeardown: store.updateTeardown(table),
    },
    executions: { statusOf: statusOf(states), stop: stop(states) },
    clock: edge.clock,
    lock: lockOf(edge, table),
  };
};

export const connect = (edge: Edge): Step<AcceptedRequest, Verdict> => inspectTeardown(portsOf(edge));

export const handler = onLambda(connect);
