import { afterEach, expect } from '@jest/globals';
import type { RequestRecord } from '../../local/chime/request-log.ts';
import type { Execution, ExecutionResult } from '../../local/engine.ts';
import { openWorld, type World, type WorldOptions } from '../../local/world.ts';

export interface Played extends World {
  readonly voiceConnectorId: string;
  readonly e164s: readonly string[];
  /** What the functions have logged. */
  readonly lines: readonly string[];
}

const open: World[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((world) => world.close()));
});

/** A world with one connector in it; closed after the test. */
export async function worldWith(numbers: number, options: WorldOptions = {}): Promise<Played> {
  const lines: string[] = [];
  const world = await openWorld({ ...options, onLog: (line) => lines.push(line) });
  open.push(world);
  return { ...world, ...world.chime.seedConnector({ numbers, name: 'Trunk' }), lines };
}

/** Starts a teardown of the world's connector and waits for its end. */
export function tearDown(world: Played, request: Record<string, unknown> = {}): Promise<ExecutionResult> {
  return world.start({ voiceConnectorId: world.voiceConnectorId, ...request }).result;
}

/** Tears down, and calls `act` once the execution has come to the state (its Wait, say). */
export function tearDownAnd(world: Played, state: string, act: () => void): Promise<ExecutionResult> {
  return startAnd(world, state, {}, act).result;
}

/** Starts a teardown, and calls `act` once the execution has come to the state. */
export function startAnd(
  world: Played,
  state: string,
  request: Record<string, unknown>,
  act: () => void,
): Execution {
  let acted = false;
  return world.start(
    { voiceConnectorId: world.voiceConnectorId, ...request },
    {
      onEvent: (event) => {
        if (acted || event.type !== 'StateEntered' || event.state?.name !== state) return;
        acted = true;
        // Not in the middle of the engine's own step.
        queueMicrotask(act);
      },
    },
  );
}

/** Tears down, and stops the execution once it has come to the state. */
export async function stopIn(world: Played, state: string, request: Record<string, unknown> = {}) {
  const run = startAnd(world, state, request, () => run.abort());
  return { arn: run.arn, ...(await run.result) };
}

/** Nothing is left in the service, every number is gone by the ledger or was queued, and the teardown is closed. */
export async function expectAllGone(world: Played): Promise<void> {
  expect(world.chime.remaining()).toEqual({ connectors: 0, numbers: 0, queued: 0 });
  const counts = await ledgerCounts(world);
  expect((counts.queued ?? 0) + (counts.gone ?? 0)).toBe(world.e164s.length);
  const teardown = await teardownOf(world);
  expect(teardown).toMatchObject({ phase: 'deleted' });
  expect(teardown).not.toHaveProperty('holder');
}

/** From now on the service refuses for good to put this number into the deletion queue. */
export function refuseToQueue({ chime }: Pick<World, 'chime'>, e164: string): void {
  const refusal = {
    operation: 'BatchDeletePhoneNumber',
    code: 'Forbidden',
    message: 'Not for you.',
  } as const;
  chime.faults.set({ permanent: [{ ...refusal, e164 }] });
}

export function changingCalls(world: World): RequestRecord[] {
  return world.chime.requests.filter(({ changing }) => changing);
}

/** The names of the states that an execution went through, in order. */
export function statesOf({ history }: ExecutionResult): string[] {
  return history.flatMap(({ type, state }) => (type === 'StateEntered' && state ? [state.name] : []));
}

/** The ledger's item about the connector. */
export async function teardownOf(world: Played): Promise<Record<string, unknown> | undefined> {
  return (await world.ledger.items()).find(({ item }) => item === 'teardown');
}

/** Every number in the ledger, by how far it is: `{ queued: 117, attached: 3 }`. */
export async function ledgerCounts(world: Played): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { numbers } of await world.ledger.items()) {
    for (const { state } of (numbers ?? []) as { state: string }[]) counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

/** Starts a restore of the world's connector and waits for its end. */
export function restore(world: Played, request: Record<string, unknown> = {}): Promise<ExecutionResult> {
  return world.restore({ voiceConnectorId: world.voiceConnectorId, ...request }).result;
}

/** Every state of the service, but for what a new calling name does while it is pending. */
export function serviceState(world: Played) {
  const { numbers, ...others } = world.chime.state.everything();
  const settled = Object.entries(numbers).map(([e164, { callingNamePending: _pending, ...number }]) => [
    e164,
    number,
  ]);
  return { ...others, numbers: Object.fromEntries(settled) };
}

/** Gives the connector a bit of everything that can be configured, so that a test sees what is lost. */
export function furnish(world: Played): void {
  const { voiceConnectorId, e164s, chime } = world;
  const { state } = chime;
  state.configure(voiceConnectorId, {
    termination: {
      CpsLimit: 1,
      DefaultPhoneNumber: e164s[0],
      CallingRegions: ['US'],
      CidrAllowedList: ['10.0.0.0/27'],
      Disabled: false,
    },
    terminationCredentials: ['pbx-1', 'pbx-2'],
    origination: {
      Routes: [{ Host: '198.51.100.12', Port: 5060, Protocol: 'UDP', Priority: 1, Weight: 5 }],
      Disabled: false,
    },
    streamingConfiguration: { DataRetentionInHours: 24, Disabled: false, StreamingNotificationTargets: [] },
    emergencyCallingConfiguration: {
      DNIS: [{ EmergencyPhoneNumber: '+12065550911', CallingCountry: 'US' }],
    },
    loggingConfiguration: { EnableSIPLogs: true, EnableMediaMetricLogs: false },
    externalSystemsConfiguration: { SessionBorderControllerTypes: ['RIBBON_SBC'] },
  });
  state.tag(voiceConnectorId, { team: 'voice' });
  e164s.slice(0, 5).forEach((e164, i) => {
    state.rename(e164, { name: `Desk ${i}`, callingName: `Acme ${i}` });
  });
}

/** Tears down, and in the middle of the window does `first` by hand and restores. */
export async function restoreInWindow(
  world: Played,
  first: () => void = () => undefined,
  request: Record<string, unknown> = {},
) {
  let restoring: Promise<ExecutionResult> | undefined;
  const run = startAnd(world, 'Wait until the last day', request, () => {
    world.clock.outside(() =>
      world.clock.setTimeout(() => {
        first();
        restoring = restore(world);
      }, 3.5 * 86_400_000),
    );
  });
  const teardown = await run.result;
  const restored = await restoring;
  if (restored === undefined) throw new Error(`The teardown never came to its window: ${statesOf(teardown)}`);
  return { teardown, restored };
}
