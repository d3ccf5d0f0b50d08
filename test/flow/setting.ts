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

/** Nothing is left in the service, every number is gone by the ledger or was queued, and the teardown is closed. */
export async function expectAllGone(world: Played): Promise<void> {
  expect(world.chime.remaining()).toEqual({ connectors: 0, numbers: 0, queued: 0 });
  const counts = await ledgerCounts(world);
  expect((counts.queued ?? 0) + (counts.gone ?? 0)).toBe(world.e164s.length);
  const teardown = await teardownOf(world);
  expect(teardown).toMatchObject({ phase: 'deleted' });
  expect(teardown).not.toHaveProperty('holder');
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
