import { describe, expect, it } from '@jest/globals';
import type { ExecutionResult } from '../../local/engine.ts';
import type { WorldOptions } from '../../local/world.ts';
import { furnish, type Played, restore, serviceState, startAnd, tearDown, worldWith } from './setting.ts';
import { statesOfTeardown } from './teardown-states.ts';

const numbers = 12;
/** The service sweeps late, so that the states after the window still have something to restore. */
const sweptLate: WorldOptions = { switches: { purgeLateHours: 30 } };

describe('A restore that is started while the teardown is', () => {
  it.each(statesOfTeardown.beforeThePurge)('in "%s" ends with everything back', async (state) => {
    const { world, before } = await trunk(sweptLate);

    const { restored } = await restoreIn(world, state);

    expectRestored(restored);
    expect(serviceState(world)).toEqual(before);
    await tearDownAgain(world);
  });

  it.each(statesOfTeardown.opening)(
    'in "%s" ends with everything where it was: the run is refused, or taken back',
    async (state) => {
      const { world, before } = await trunk();

      const { teardown, restored } = await restoreIn(world, state);

      expect(teardown.status).not.toBe('SUCCEEDED');
      if (restored.status === 'FAILED')
        expect([restored.error, teardown.error]).toEqual(['NoTeardown', 'RestoreRequested']);
      expect(serviceState(world)).toEqual(before);
      await tearDownAgain(world);
    },
  );

  it.each(statesOfTeardown.afterThePurge)(
    'in "%s" comes too late for the numbers, and says so; the connector and its groups are as before',
    async (state) => {
      const { world, before } = await trunk();

      const { restored } = await restoreIn(world, state);

      expect(restored).toMatchObject({ status: 'FAILED', error: 'NumbersGone' });
      expect(restored.cause).toContain(`${numbers} gone for good`);
      expect(serviceState(world)).toEqual({ ...before, numbers: {} });
    },
  );

  it.each(statesOfTeardown.afterTheDelete)('in "%s" comes too late for everything', async (state) => {
    const { world } = await trunk();

    const { restored } = await restoreIn(world, state);

    expect(restored.status).toBe('FAILED');
    expect(restored.cause).toMatch(/12 (of 12 numbers are gone|gone for good)/);
    expect(world.chime.remaining()).toEqual({ connectors: 1, numbers: 0, queued: 0 });
    expect((await tearDown(world)).output).toMatchObject({ outcome: 'alreadyDeleted' });
  });

  it('is tried in every state of the teardown that is not an end', () => {
    const { opening, beforeThePurge, afterThePurge, afterTheDelete } = statesOfTeardown;
    const tried = [...opening, ...beforeThePurge, ...afterThePurge, ...afterTheDelete, 'Connector deleted'];
    expect(tried.sort()).toEqual([...statesOfTeardown.all].sort());
  });
});

describe('A restore after the teardown was stopped', () => {
  it.each(statesOfTeardown.beforeThePurge)('in "%s" ends with everything back', async (state) => {
    const { world, before } = await trunk(sweptLate);
    const run = startAnd(world, state, { detachFromGroups: true }, () => run.abort());
    await run.result;

    expectRestored(await restore(world));

    expect(serviceState(world)).toEqual(before);
    await tearDownAgain(world);
  });
});

describe('A restore while a step of the release stalls', () => {
  it.each(['DisassociatePhoneNumbersFromVoiceConnector', 'BatchDeletePhoneNumber'] as const)(
    'in %s waits for that to come to its end, and ends with everything back',
    async (stalling) => {
      const { world, before } = await trunk({ realHangMs: 1_000, requestTimeoutMs: 60_000 });
      const { promise: later, resolve: goOn } = Promise.withResolvers<void>();
      const { promise: saved, resolve: hasSaved } = Promise.withResolvers<void>();
      let restoring: Promise<ExecutionResult> | undefined;
      world.chime.hooks.beforeEffect = ({ operation }) => {
        if (operation !== stalling) return undefined;
        world.chime.hooks.beforeEffect = undefined;
        world.ledger.hooks.afterEffect = (write) => (write === 'PutItem' ? hasSaved() : undefined);
        // Four of its five minutes later the stalled call goes through, and the function carries on, to its end.
        const carryOn = () => {
          goOn();
          return saved;
        };
        world.clock.outside(() => {
          world.clock.setTimeout(() => void world.clock.busy(carryOn), 4 * 60_000);
          restoring = restore(world);
        });
        return later;
      };

      const teardown = await tearDown(world, { detachFromGroups: true });
      expectRestored(await restoring);

      expect(teardown.status).toBe('ABORTED');
      expect(serviceState(world)).toEqual(before);
      await tearDownAgain(world);
    },
  );
});

describe('A restore after the teardown has failed', () => {
  it.each([['DisassociatePhoneNumbersFromVoiceConnector'], ['BatchDeletePhoneNumber']] as const)(
    'because %s refused three numbers for good, ends with everything back',
    async (operation) => {
      const { world, before } = await trunk();
      const permanent = world.e164s.slice(0, 3).map((e164) => ({
        ...{ operation, e164, code: 'Forbidden' as const, message: 'Held for an order' },
      }));
      world.chime.faults.set({ permanent });
      expect((await tearDown(world, { detachFromGroups: true })).error).toBe('NumbersNotReleased');
      world.chime.faults.set({});

      expectRestored(await restore(world));

      expect(serviceState(world)).toEqual(before);
      await tearDownAgain(world);
    },
  );

  it('because somebody took a number back in the window, ends with everything back', async () => {
    const { world, before } = await trunk();
    const [first = ''] = world.e164s;
    const run = startAnd(world, 'Wait until the last day', { detachFromGroups: true }, () =>
      world.chime.state.restore(first),
    );
    expect((await run.result).error).toBe('NumbersReclaimed');

    const restored = await restore(world);

    // The others were purged before the check could see it.
    expect(restored).toMatchObject({ status: 'FAILED', error: 'NumbersGone' });
    expect(world.chime.state.numbersOn(world.voiceConnectorId)).toBe(1);
    expect(serviceState(world).groups).toEqual(before.groups);
  });
});

describe('A restore that does not come to its end', () => {
  it.each(statesOfTeardown.restore)('stopped in "%s", is repeated to the same end', async (state) => {
    const { world, before } = await trunk();
    const run = startAnd(world, 'Wait until the last day', { detachFromGroups: true }, () => run.abort());
    await run.result;
    let acted = false;
    const first = world.restore(
      { voiceConnectorId: world.voiceConnectorId },
      {
        onEvent: (event) => {
          if (acted || event.type !== 'StateEntered' || event.state?.name !== state) return;
          acted = true;
          queueMicrotask(() => first.abort());
        },
      },
    );
    expect((await first.result).status).toBe('ABORTED');

    const again = await restore(world);

    expect(again.status).toBe('SUCCEEDED');
    expect(serviceState(world)).toEqual(before);
    await tearDownAgain(world);
  });
});

/** A connector in two groups, with a bit of everything. */
async function trunk(options: WorldOptions = {}) {
  const world = await worldWith(numbers, options);
  furnish(world);
  const other = world.chime.seedConnector({ numbers: 0, name: 'Other' });
  for (const priority of [3, 7]) {
    world.chime.state.addGroup({
      name: `Group ${priority}`,
      items: [
        { voiceConnectorId: world.voiceConnectorId, priority },
        { voiceConnectorId: other.voiceConnectorId, priority: 1 },
      ],
    });
  }
  return { world, before: serviceState(world) };
}

/** Tears down, and restores once the teardown has come to the state. */
async function restoreIn(world: Played, state: string) {
  let restoring: Promise<ExecutionResult> | undefined;
  const run = startAnd(world, state, { detachFromGroups: true }, () => {
    restoring = restore(world);
  });
  const teardown = await run.result;
  const restored = await restoring;
  if (restored === undefined) throw new Error(`The teardown never came to "${state}".`);
  return { teardown, restored };
}

function expectRestored(result: ExecutionResult | undefined): void {
  expect(result).toMatchObject({
    status: 'SUCCEEDED',
    output: { outcome: 'restored', restored: numbers, gone: 0, elsewhere: 0, unassigned: 0, queued: 0 },
  });
}

/** What was restored can go after all. */
async function tearDownAgain(world: Played): Promise<void> {
  await world.clock.sleep(1_000);
  const { output } = await tearDown(world, { expectedPhoneNumbers: numbers, detachFromGroups: true });
  expect(output).toMatchObject({ outcome: 'deleted', phoneNumbers: numbers });
  expect(world.chime.remaining()).toEqual({ connectors: 1, numbers: 0, queued: 0 });
}
