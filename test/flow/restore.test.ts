import { describe, expect, it } from '@jest/globals';
import { switchPositions } from '../../local/chime/switches.ts';
import {
  changingCalls,
  furnish,
  restore,
  restoreInWindow,
  serviceState,
  startAnd,
  stopIn,
  tearDown,
  teardownOf,
  worldWith,
} from './setting.ts';

describe('A restore in the window', () => {
  it.each(switchPositions.restoredNames)(
    'puts everything back as it was (names in the queue: %s), stops the teardown, and says so',
    async (restoredNames) => {
      const world = await worldWith(60, { switches: { restoredNames } });
      furnish(world);
      const before = serviceState(world);
      const { teardown, restored } = await restoreInWindow(world);

      expect(teardown).toMatchObject({ status: 'ABORTED', error: 'TakenOver' });
      expect(restored).toMatchObject({
        status: 'SUCCEEDED',
        output: {
          outcome: 'restored',
          voiceConnectorId: world.voiceConnectorId,
          name: 'Trunk',
          phoneNumbers: 60,
          ...{ restored: 60, elsewhere: 0, parked: 0, gone: 0, unassigned: 0, queued: 0 },
          ...{ namesRequested: 0, namesRefused: 0 },
        },
      });
      expect(serviceState(world)).toEqual(before);
      expect(await teardownOf(world)).toMatchObject({ phase: 'restored', closedBy: expect.any(String) });
      expect(await teardownOf(world)).not.toHaveProperty('holder');
      expect(await teardownOf(world)).not.toHaveProperty('error');
    },
  );

  it('keeps in the ledger who wanted it, and why, beside who wanted the teardown', async () => {
    const world = await worldWith(1);
    const run = startAnd(world, 'Wait until the last day', { requestedBy: 'Ada' }, () => run.abort());
    await run.result;

    await restore(world, { requestedBy: 'Bob', reason: 'The wrong trunk' });

    expect(await teardownOf(world)).toMatchObject({
      requestedBy: 'Ada',
      restoreRequest: { requestedBy: 'Bob', reason: 'The wrong trunk' },
    });
  });

  it('counts a name that the service does not take, and ends well all the same', async () => {
    const world = await worldWith(3, { switches: { restoredNames: 'dropped' } });
    furnish(world);
    const [first = ''] = world.e164s;
    const operation = 'BatchUpdatePhoneNumber';
    const refused = { operation, e164: first, code: 'Forbidden', message: 'Not this name.' } as const;
    world.chime.faults.set({ permanent: [refused] });

    const { restored } = await restoreInWindow(world);

    expect(restored.output).toMatchObject({ outcome: 'restored', restored: 3, namesRefused: 1 });
  });

  it('done twice changes nothing the second time', async () => {
    const world = await worldWith(3);
    await restoreInWindow(world);
    const changes = changingCalls(world).length;

    const again = await restore(world);

    expect(again.output).toEqual({
      outcome: 'alreadyRestored',
      voiceConnectorId: world.voiceConnectorId,
      name: 'Trunk',
      phoneNumbers: 3,
    });
    expect(changingCalls(world)).toHaveLength(changes);
  });

  it('is followed by a teardown to the end, if that is asked for', async () => {
    const world = await worldWith(60);
    await restoreInWindow(world);
    await world.clock.sleep(1_000);

    const { output } = await tearDown(world, { expectedPhoneNumbers: 60 });

    expect(output).toMatchObject({ outcome: 'deleted', phoneNumbers: 60 });
    expect(world.chime.remaining()).toEqual({ connectors: 0, numbers: 0, queued: 0 });
  });

  it('may be asked for twice at once: one does it, the other is refused', async () => {
    const world = await worldWith(60);
    const before = serviceState(world);
    await stopIn(world, 'Wait until the last day');

    const both = await Promise.all([restore(world), restore(world)]);

    expect(both.map(({ status }) => status).sort()).toEqual(['FAILED', 'SUCCEEDED']);
    expect(both.find(({ status }) => status === 'FAILED')?.error).toBe('AlreadyRunning');
    expect(serviceState(world)).toEqual(before);
  });

  it('keeps every phone number out of state and logs', async () => {
    const world = await worldWith(60);
    const { teardown, restored } = await restoreInWindow(world);

    const told = JSON.stringify([teardown, restored]) + world.lines.join('\n');

    expect(world.e164s).toHaveLength(60);
    expect(world.lines).not.toEqual([]);
    for (const e164 of world.e164s) expect(told).not.toContain(e164.slice(2));
  });

  it('comes to its end under throttling and errors', async () => {
    const world = await worldWith(120);
    const before = serviceState(world);
    world.chime.faults.set({ throttle: 0.3, serviceFailure: 0.05, replyLost: 0.1, numberErrors: 0.1 });

    const { restored } = await restoreInWindow(world);

    expect(restored.output).toMatchObject({ outcome: 'restored', restored: 120 });
    expect(serviceState(world)).toEqual(before);
  });
});

describe('A restore in trouble', () => {
  it('with the connector still takes every number out of the queue, in the last batch too', async () => {
    const world = await worldWith(1_200);
    world.chime.faults.set({ serviceFailure: 1, only: ['AssociatePhoneNumbersWithVoiceConnector'] });

    const { restored } = await restoreInWindow(world, undefined, { expectedPhoneNumbers: 1_200 });
    const queued = world.chime.remaining().queued;
    world.chime.faults.set({});
    const again = await restore(world);

    expect(restored).toMatchObject({ status: 'FAILED', error: 'ServiceFailureException' });
    expect(queued).toBe(0);
    expect(again.output).toMatchObject({ outcome: 'restored', restored: 1_200 });
  });

  it('through a throttle of twelve minutes, on a service that takes its time, waits for each number by itself', async () => {
    const world = await worldWith(60, { switches: { restoreSeconds: 20 } });
    const { e164s } = world;
    world.chime.hooks.beforeEffect = ({ operation, target }) => {
      if (operation !== 'RestorePhoneNumber' || target[0] !== e164s[10]) return;
      world.chime.hooks.beforeEffect = undefined;
      world.chime.faults.set({ throttle: 1, only: ['RestorePhoneNumber'] });
      world.clock.outside(() => world.clock.setTimeout(() => world.chime.faults.set({}), 12 * 60_000));
    };

    const { restored } = await restoreInWindow(world);

    expect(restored.output).toMatchObject({ outcome: 'restored', restored: 60 });
  });
});

describe('A restore of what was never torn down', () => {
  it('is refused, and a run that was started before it is too', async () => {
    const world = await worldWith(60);
    const before = serviceState(world);
    // Stalled between the request and the opening of the teardown.
    const restored = Promise.withResolvers<Awaited<ReturnType<typeof restore>>>();
    world.chime.hooks.beforeEffect = async ({ operation }) => {
      if (operation !== 'ListSipRules') return;
      world.chime.hooks.beforeEffect = undefined;
      restored.resolve(await world.clock.outside(() => restore(world)));
    };

    const run = await tearDown(world);

    expect((await restored.promise).error).toBe('NoTeardown');
    expect(run).toMatchObject({ status: 'FAILED', error: 'RestoreRequested' });
    expect(serviceState(world)).toEqual(before);
    await world.clock.sleep(1_000);
    expect((await tearDown(world)).output).toMatchObject({ outcome: 'deleted' });
  });

  it('of a connector that does not exist leaves no trace', async () => {
    const world = await worldWith(1);

    const { error } = await restore(world, { voiceConnectorId: 'nosuchconnector' });

    expect(error).toBe('NoTeardown');
    expect(await world.ledger.items()).toEqual([]);
  });
});

describe('A dry run of a restore', () => {
  it('tells how the teardown stands, and changes nothing', async () => {
    const world = await worldWith(3);
    await stopIn(world, 'Wait until the last day');
    const changes = changingCalls(world).length;

    const { output } = await restore(world, { dryRun: true });

    expect(output).toMatchObject({
      outcome: 'planned',
      phoneNumbers: 3,
      teardown: { phase: 'interrupted', queued: 3, windowEndsAt: '2026-01-12T09:00:00.000Z' },
    });
    expect(changingCalls(world)).toHaveLength(changes);
    expect((await teardownOf(world))?.phase).toBe('interrupted');
  });
});
