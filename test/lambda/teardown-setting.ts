import { expect } from '@jest/globals';
import type { Execution, Inspected, ReleaseRequest } from '../../lambda/journey.ts';
import {
  closeTeardown,
  connectLedger,
  openTeardown,
  readBatches,
  readTeardown,
} from '../../lambda/ledger/ledger.ts';
import type { Batch, LedgerNumber, NumberState, Phase, Teardown } from '../../lambda/ledger/teardown.ts';
import { fingerprintOf, generationOf } from '../../lambda/plan.ts';
import { type LocalEventBus, startLocalEventBus } from '../../local/event-bus.ts';
import { type LocalLedger, startLocalLedger } from '../../local/ledger.ts';
import { type LocalStates, startLocalStates } from '../../local/states.ts';
import { table } from '../ledger-table.ts';
import { type LedgerWire, startLedgerWire } from './ledger-wire.ts';
import { afterThisTest, at, type ChimeSetting, type ChimeSettingOptions, openChime } from './setting.ts';

/** The time-out of every function here, in ms. */
const functionTimeoutMs = 300_000;

/** An execution of the state machine, by its name. */
export function executionNamed(name: string): Execution {
  return {
    id: `arn:aws:states:us-east-1:111122223333:execution:Teardown:${name}`,
    startedAt: '2026-01-05T09:00:00.000Z',
    stateMachine: 'arn:aws:states:us-east-1:111122223333:stateMachine:Teardown',
  };
}

export const execution = executionNamed('ours');
/** ARN of the state machine that restores. */
export const restoreMachine = 'arn:aws:states:us-east-1:111122223333:stateMachine:Restore';

/** An execution of the state machine that restores, by its name. */
export function restoreNamed(name: string): Execution {
  return {
    id: `${restoreMachine.replace(':stateMachine:', ':execution:')}:${name}`,
    startedAt: '2026-01-05T09:00:00.000Z',
    stateMachine: restoreMachine,
  };
}
/** ARN of an execution that is not ours. */
export const stranger = executionNamed('another').id;
/** The name of a plan that a step has drawn up itself. */
export const aGeneration = expect.stringMatching(/^[0-9a-f]{16}$/);
export const generation = generationOf(execution.id, new Date(0));

/** Local Chime, a local ledger and local Step Functions, and the edge that leads a step to them. */
export interface Setting extends ChimeSetting {
  readonly ledger: LocalLedger;
  readonly wire: LedgerWire;
  readonly states: LocalStates;
  readonly bus: LocalEventBus;
}

export interface SettingOptions extends ChimeSettingOptions {
  readonly maxPhoneNumbers?: number;
  readonly batchConcurrency?: number;
  readonly quietDays?: number;
  readonly requireApprovedPlan?: boolean;
}

export async function openSetting(options: SettingOptions = {}): Promise<Setting> {
  const [setting, ledger, states, bus] = await Promise.all([
    openChime(options),
    startLocalLedger(table),
    startLocalStates(),
    startLocalEventBus({ now: Date.now }),
  ]);
  const wire = await startLedgerWire(String(ledger.connection.endpoint));
  afterThisTest(async () => {
    await wire.close();
    await ledger.close();
    await states.close();
    await bus.close();
  });
  const env = {
    LEDGER_TABLE: table.TableName,
    MAX_PHONE_NUMBERS: String(options.maxPhoneNumbers ?? 1_000),
    BATCH_CONCURRENCY: String(options.batchConcurrency ?? 1),
    TIMEOUT_SECONDS: String(functionTimeoutMs / 1_000),
    PROTECTION_TAG: 'teardown-protection',
    QUIET_DAYS: String(options.quietDays ?? 14),
    REQUIRE_APPROVED_PLAN: String(options.requireApprovedPlan ?? false),
    RESTORE_STATE_MACHINE_ARN: restoreMachine,
    LEDGER_RETENTION_DAYS: '365',
  };
  const dynamodb = { ...ledger.connection, endpoint: wire.url };
  const edge = { ...setting.edge, env, dynamodb, states: states.connection, events: bus.connection };
  return { ...setting, ledger, wire, states, bus, edge };
}

/** Makes an execution known to Step Functions as running; what comes back ends it. */
export function running({ states }: Setting, arn: string): () => Promise<void> {
  const { promise: result, resolve } = Promise.withResolvers<{
    status: 'ABORTED';
    history: [];
    transitions: 0;
  }>();
  const end = () => resolve({ status: 'ABORTED', history: [], transitions: 0 });
  states.add({ arn, abort: end, result });
  return async () => {
    end();
    await result;
  };
}

/** Makes an execution known to Step Functions that is over. */
export async function over(setting: Setting, arn: string): Promise<void> {
  await running(setting, arn)();
}

/** A teardown under way: the state that its steps hand on, and what it works on. */
export interface Begun {
  readonly voiceConnectorId: string;
  readonly e164s: readonly string[];
  readonly inspected: Inspected;
  readonly batch: ReleaseRequest;
}

export interface BeginOptions {
  readonly numbers: number;
  /** How far the numbers are, in the account and in the ledger. Default: still on the connector. */
  readonly state?: 'attached' | 'unassigned' | 'queued';
  /** Numbers in a batch; default 500. */
  readonly batchSize?: number;
  readonly holder?: string;
  /** Default: releasing. */
  readonly phase?: Phase;
  /** Whether the release of the batches has begun; default true. */
  readonly begun?: boolean;
}

/** Seeds a connector and opens a teardown of it in the ledger. */
export async function begin(setting: Setting, options: BeginOptions): Promise<Begun> {
  const {
    numbers,
    state = 'attached',
    batchSize = 500,
    holder = execution.id,
    phase = 'releasing',
    begun = true,
  } = options;
  const { chime, clock, edge } = setting;
  const { voiceConnectorId, e164s } = chime.seedConnector({ numbers, name: 'Trunk' });
  for (const e164 of e164s) {
    if (state !== 'attached') chime.state.disassociate(e164);
    if (state === 'queued') chime.state.queue(e164);
  }
  const now = clock.now().toISOString();
  const batches: Batch[] = [];
  for (let first = 0; first < numbers; first += batchSize) {
    const inIt = e164s.slice(first, first + batchSize).map((e164) => numberOf(setting, e164, state));
    batches.push({
      index: batches.length,
      numbers: inIt,
      ...(begun ? { begunAt: now } : {}),
      ...(state === 'queued' ? { queuedAt: now } : {}),
    });
  }
  const plan = { fingerprint: fingerprintOf(voiceConnectorId, e164s), blockers: [], warnings: [] };
  const facts = { voiceConnectorId, name: 'Trunk', phoneNumbers: numbers };
  const generation = generationOf(holder, new Date(0));
  await openTeardown(connectLedger(edge))(
    {
      ...facts,
      fingerprint: plan.fingerprint,
      warnings: [],
      phase,
      holder,
      holderSince: now,
      busyUntil: now,
      execution: holder,
      generation,
      batchesToRelease: batches.length,
      startedAt: now,
      stateMachine: execution.stateMachine,
      restoreStateMachine: restoreMachine,
    },
    batches,
    now,
  );
  return {
    voiceConnectorId,
    e164s,
    inspected: {
      verdict: numbers === 0 ? 'delete' : 'release',
      execution,
      ...facts,
      plan,
      generation,
      batches: batches.map(({ index }) => index),
      detachFromGroups: false,
      overrides: [],
      pace: 0,
      releasedSince: now,
    },
    batch: { execution, voiceConnectorId, generation, batch: 0, pace: 0 },
  };
}

/** The same, of an earlier run that has ended without finishing. */
export async function leave(setting: Setting, options: Omit<BeginOptions, 'holder'>): Promise<Begun> {
  const { phase = 'failed' } = options;
  const begun = await begin(setting, { ...options, phase: 'releasing', holder: stranger });
  await closeTeardown(connectLedger(setting.edge))(begun.voiceConnectorId, stranger, { phase });
  return begun;
}

/** A number of local Chime as the ledger holds it: with the id that the service gives. */
export function numberOf({ chime }: Setting, e164: string, state: NumberState): LedgerNumber {
  const id = chime.switches.numberIdForm === 'percent' ? e164.replace('+', '%2B') : e164;
  return { id, e164, state };
}

/** The batches of the plan in force, as the ledger has them now. */
export async function batchesOf(
  setting: Setting,
  { voiceConnectorId }: Pick<Begun, 'voiceConnectorId'>,
): Promise<Batch[]> {
  const teardown = await teardownOf(setting, voiceConnectorId);
  if (teardown === undefined) return [];
  return Array.fromAsync(readBatches(connectLedger(setting.edge))(voiceConnectorId, teardown.generation));
}

/** The first batch as the ledger has it now. */
export async function batchOf(setting: Setting, begun: Begun): Promise<Batch> {
  return at(await batchesOf(setting, begun), 0);
}

/** The states of the first batch's numbers, in order. */
export async function statesOf(setting: Setting, begun: Begun): Promise<NumberState[]> {
  return (await batchOf(setting, begun)).numbers.map(({ state }) => state);
}

export function teardownOf({ edge }: Setting, voiceConnectorId: string): Promise<Teardown | undefined> {
  return readTeardown(connectLedger(edge))(voiceConnectorId);
}

/** The items of the ledger that have been written since call `from`, in order. */
export function writes({ wire }: Setting, from = 0): string[] {
  return wire.calls
    .slice(from)
    .filter(({ operation }) => operation !== 'GetItem' && operation !== 'Query')
    .map(({ item }) => item ?? '');
}
