import { describe, expect, it } from '@jest/globals';
import {
  ledgerCounts,
  type Played,
  restore,
  restoreInWindow,
  serviceState,
  startAnd,
  stopIn,
  tearDown,
  teardownOf,
  worldWith,
} from './setting.ts';

const day = 86_400_000;

describe('A restore that cannot bring everything back ends red', () => {
  it('after the window: with the count that is gone', async () => {
    const world = await worldWith(3);
    await stopIn(world, 'Wait until the last day');
    await world.clock.sleep(8 * day);

    const { status, error, cause } = await restore(world);

    expect({ status, error }).toEqual({ status: 'FAILED', error: 'NumbersGone' });
    expect(cause).toContain('3 gone for good');
    expect(await teardownOf(world)).toMatchObject({ phase: 'restored', error: 'NumbersGone' });
  });

  it('where some were purged by then: the others are on the connector again', async () => {
    const world = await worldWith(5);
    const gone = world.e164s.slice(0, 2);

    const { restored } = await restoreInWindow(world, () => {
      for (const e164 of gone) world.chime.state.removeNumber(e164);
    });

    expect(restored).toMatchObject({ status: 'FAILED', error: 'NumbersGone' });
    expect(restored.cause).toContain('3 numbers on connector');
    expect(restored.cause).toContain('2 gone for good');
    expect(world.chime.state.numbersOn(world.voiceConnectorId)).toBe(3);
  });

  it('where the connector was deleted by hand: every number is out of the queue, and it says where the snapshot is', async () => {
    const world = await worldWith(60);

    const { restored } = await restoreInWindow(world, () =>
      world.chime.state.deleteConnector(world.voiceConnectorId),
    );

    expect(restored).toMatchObject({ status: 'FAILED', error: 'ConnectorGone' });
    expect(restored.cause).toContain('60 saved from the queue, unassigned and billed');
    expect(restored.cause).toContain(`table ${world.synthesis.table.TableName}`);
    expect(world.chime.remaining()).toEqual({ connectors: 0, numbers: 60, queued: 0 });
    await world.clock.sleep(1_000);
    expect((await tearDown(world)).error).toBe('ConnectorNotFound');
    expect(world.chime.remaining()).toEqual({ connectors: 0, numbers: 60, queued: 0 });
  });

  it('where the inventory is full: it names the quota, and can be repeated', async () => {
    const world = await worldWith(60);
    const before = serviceState(world);
    const permanent = world.e164s.slice(10).map((e164) => ({
      operation: 'RestorePhoneNumber' as const,
      e164,
      code: 'ResourceLimitExceeded' as const,
      message: 'The limit is reached.',
    }));

    const { restored } = await restoreInWindow(world, () => world.chime.faults.set({ permanent }));
    world.chime.faults.set({});
    const again = await restore(world);

    expect(restored).toMatchObject({ status: 'FAILED', error: 'NumbersNotRestored' });
    expect(restored.cause).toContain('10 numbers on connector');
    expect(restored.cause).toContain('50 still in the deletion queue');
    expect(restored.cause).toContain('"Provisioned phone numbers" (L-32405DBA)');
    expect(again.output).toMatchObject({ outcome: 'restored', restored: 60 });
    expect(serviceState(world)).toEqual(before);
  });

  it('where some numbers are refused for good: the others are back, and it says how many are not', async () => {
    const world = await worldWith(60);
    const permanent = world.e164s.slice(0, 2).map((e164) => ({
      operation: 'RestorePhoneNumber' as const,
      e164,
      code: 'Forbidden' as const,
      message: `Number ${e164} is held.`,
    }));

    const { restored } = await restoreInWindow(world, () => world.chime.faults.set({ permanent }));

    expect(restored).toMatchObject({ status: 'FAILED', error: 'NumbersNotRestored' });
    expect(restored.cause).toContain('58 numbers on connector');
    expect(restored.cause).toContain('2 × Forbidden');
    expect(await ledgerCounts(world)).toEqual({ attached: 58, queued: 2 });
  });

  it('of a teardown that was finished', async () => {
    const world = await worldWith(3);
    await tearDown(world);

    const { status, error, cause } = await restore(world);

    expect({ status, error }).toEqual({ status: 'FAILED', error: 'NothingToRestore' });
    expect(cause).toContain('3 of 3 numbers are gone');
  });
});

describe('A restore that ended with something missing', () => {
  it.each([
    ['NumbersGone', (world: Played) => world.chime.state.removeNumber(String(world.e164s[0]))],
    ['ConnectorGone', (world: Played) => world.chime.state.deleteConnector(world.voiceConnectorId)],
  ])('(%s) ends with the same answer as often as it is repeated', async (error, act) => {
    const world = await worldWith(3);
    const { restored } = await restoreInWindow(world, () => act(world));
    const before = serviceState(world);

    const again = [await restore(world), await restore(world)];

    expect(restored.error).toBe(error);
    for (const { status, ...said } of again)
      expect({ status, error: said.error, cause: said.cause }).toEqual({
        status: 'FAILED',
        error,
        cause: restored.cause,
      });
    expect(serviceState(world)).toEqual(before);
  });
});

describe('A group that does not take the connector back', () => {
  it('is told once the numbers were seen to, and with them; the restore can be repeated', async () => {
    const world = await worldWith(3);
    const { state } = world.chime;
    const other = world.chime.seedConnector({ numbers: 0, name: 'Other' });
    const ids = [other.voiceConnectorId, world.voiceConnectorId];
    state.addGroup({
      name: 'East',
      items: ids.map((voiceConnectorId) => ({ voiceConnectorId, priority: 4 })),
    });
    const { groups } = serviceState(world);
    const operation = 'UpdateVoiceConnectorGroup';
    let restoring: ReturnType<typeof restore> | undefined;
    const run = startAnd(world, 'Delete voice connector', { detachFromGroups: true }, () => {
      const fault = { status: 403, code: 'Forbidden', message: 'It is locked.' };
      world.chime.faults.set({ script: [{ operation, nth: world.chime.calls()[operation] + 1, fault }] });
      restoring = restore(world);
    });
    await run.result;

    const restored = await restoring;
    const left = await teardownOf(world);
    const again = await restore(world);

    expect(restored).toMatchObject({ status: 'FAILED', error: 'NumbersGone' });
    expect(restored?.cause).toMatch(
      /3 gone for good\. Connector \w+ is not back in .*East .* priority 4: Forbidden/,
    );
    expect(left).toMatchObject({ phase: 'failed' });
    expect(serviceState(world).groups).toEqual(groups);
    expect(again).toMatchObject({ status: 'FAILED', error: 'NumbersGone' });
    expect(again.cause).not.toContain('East');
  });
});
