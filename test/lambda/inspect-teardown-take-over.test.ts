import { describe, expect, it } from '@jest/globals';
import { retriable } from '../../lambda/errors.ts';
import { closeTeardown, connectLedger, hold, takeOver } from '../../lambda/ledger/ledger.ts';
import type { Phase } from '../../lambda/ledger/teardown.ts';
import { codesOf, inspect } from './inspection.ts';
import { inspectTeardown, restore, restoreIt, stoppable, underWay } from './restore-setting.ts';
import { changes, errorOf } from './setting.ts';
import {
  executionNamed,
  leave,
  openSetting,
  over,
  restoreNamed,
  running,
  stranger,
  teardownOf,
} from './teardown-setting.ts';

const hour = 3_600_000;
const later = '2026-01-05T09:05:00.000Z';

describe('A teardown that is running', () => {
  it('is taken over and stopped, in this order, and is then the business of the restore', async () => {
    const { setting, begun } = await underWay();
    const stopped = stoppable(setting, stranger, begun);
    expect(await restoreIt(setting, begun)).toEqual({
      verdict: 'restore',
      execution: restore,
      voiceConnectorId: begun.voiceConnectorId,
      name: 'Trunk',
      phoneNumbers: 3,
      generation: begun.inspected.generation,
      batches: [0],
    });
    expect(await stopped()).toEqual([
      { error: 'TakenOver', cause: `Taken over by ${restore.id}.`, holder: restore.id, phase: 'window' },
    ]);
    expect(await teardownOf(setting, begun.voiceConnectorId)).toMatchObject({
      phase: 'restoring',
      holder: restore.id,
      holderSince: '2026-01-05T09:00:00.000Z',
      execution: stranger,
      busyUntil: later,
    });
    expect(changes(setting.chime)).toEqual([]);
  });

  it('tells no number, and none of the connector is asked for', async () => {
    const { setting, begun } = await underWay();
    const restorable = await restoreIt(setting, begun);
    for (const e164 of begun.e164s) expect(JSON.stringify(restorable)).not.toContain(e164.slice(-10));
    expect(setting.chime.requests).toEqual([]);
  });

  it('has a function that may still be at work: the restore waits for its end, and does nothing before', async () => {
    const { setting, begun } = await underWay();
    const stopped = stoppable(setting, stranger, begun);
    await hold(connectLedger(setting.edge))(begun.voiceConnectorId, stranger, later);
    const error = await errorOf(restoreIt(setting, begun));
    expect(error.name).toBe('OldStepRunning');
    expect(error.message).toContain(later);
    expect(retriable.takingOver).toContain(error.name);
    expect(await stopped()).toHaveLength(1);
    expect(await teardownOf(setting, begun.voiceConnectorId)).toMatchObject({
      ...{ holder: restore.id, phase: 'window', clearAt: later },
    });
    await setting.clock.sleep(5 * 60_000 - 1);
    expect((await errorOf(restoreIt(setting, begun))).name).toBe('OldStepRunning');
    expect((await teardownOf(setting, begun.voiceConnectorId))?.phase).toBe('window');
    await setting.clock.sleep(1);
    expect(await restoreIt(setting, begun)).toMatchObject({ verdict: 'restore' });
    expect((await teardownOf(setting, begun.voiceConnectorId))?.phase).toBe('restoring');
  });

  it('has lost its lock by then, whatever it was about to do', async () => {
    const { setting, begun } = await underWay();
    await restoreIt(setting, begun);
    const table = connectLedger(setting.edge);
    const holding = hold(table)(begun.voiceConnectorId, stranger, '2026-01-05T10:00:00.000Z');
    expect((await errorOf(holding)).name).toBe('LockLost');
  });

  it('that goes on to its next step in that moment is looked at again', async () => {
    const { setting, begun } = await underWay();
    let isReached = false;
    setting.ledger.hooks.beforeEffect = async () => {
      setting.ledger.hooks.beforeEffect = undefined;
      isReached = true;
      await hold(connectLedger(setting.edge))(begun.voiceConnectorId, stranger, later);
    };
    const error = await errorOf(restoreIt(setting, begun));
    expect([error.name, isReached]).toEqual(['Overtaken', true]);
    expect(retriable.takingOver).toContain(error.name);
    expect((await teardownOf(setting, begun.voiceConnectorId))?.holder).toBe(stranger);
    expect((await errorOf(restoreIt(setting, begun))).name).toBe('OldStepRunning');
  });

  it('for another execution than the one that drew it up is stopped, and so is that one', async () => {
    const { setting, begun } = await underWay();
    const second = executionNamed('second').id;
    const teardown = await teardownOf(setting, begun.voiceConnectorId);
    if (teardown === undefined) throw new Error('It is there.');
    await takeOver(connectLedger(setting.edge))(teardown, second, '2026-01-05T09:00:00.000Z');
    const stopped = [stoppable(setting, second, begun), stoppable(setting, stranger, begun)];
    await restoreIt(setting, begun);
    expect(await Promise.all(stopped.map(async (of) => (await of()).length))).toEqual([1, 1]);
  });
});

describe('A teardown that nobody works on', () => {
  it.each(['releasing', 'window', 'deleting', 'restoring', 'failed', 'interrupted'] as const)(
    'is taken over as it was left (%s)',
    async (phase: Phase) => {
      const setting = await openSetting();
      const { voiceConnectorId } = await leave(setting, { numbers: 3, state: 'queued', phase });
      expect(await inspectTeardown(setting, { voiceConnectorId })).toMatchObject({
        verdict: 'restore',
        batches: [0],
      });
      expect(await teardownOf(setting, voiceConnectorId)).toMatchObject({
        phase: 'restoring',
        holder: restore.id,
      });
    },
  );

  it('is one whose holder is dead: it is not stopped once more', async () => {
    const { setting, begun } = await underWay();
    await over(setting, stranger);
    expect(await restoreIt(setting, begun)).toMatchObject({ verdict: 'restore' });
  });

  it('is one whose holder Step Functions does not know: a restore does not wait until it does', async () => {
    const { setting, begun } = await underWay();
    expect(await restoreIt(setting, begun)).toMatchObject({ verdict: 'restore' });
    expect((await teardownOf(setting, begun.voiceConnectorId))?.holder).toBe(restore.id);
  });

  it('but whose last function may still be at work is waited for as well', async () => {
    const { setting, begun } = await underWay();
    const table = connectLedger(setting.edge);
    await hold(table)(begun.voiceConnectorId, stranger, later);
    await closeTeardown(table)(begun.voiceConnectorId, stranger, { phase: 'failed' });
    expect((await errorOf(restoreIt(setting, begun))).name).toBe('OldStepRunning');
    await setting.clock.sleep(5 * 60_000);
    expect(await restoreIt(setting, begun)).toMatchObject({ verdict: 'restore' });
  });

  it('after a restore that could not bring all of it back may be restored again', async () => {
    const { setting, begun } = await underWay();
    await closeTeardown(connectLedger(setting.edge))(begun.voiceConnectorId, stranger, {
      ...{ phase: 'restored', error: 'NumbersGone', cause: '1 gone for good.' },
    });
    expect(await restoreIt(setting, begun)).toMatchObject({ verdict: 'restore' });
  });
});

describe('Another restore', () => {
  it('that holds the teardown and runs is left to it', async () => {
    const { setting, begun } = await underWay({ holder: restoreNamed('first').id, phase: 'restoring' });
    running(setting, restoreNamed('first').id);
    await setting.clock.sleep(5 * hour);
    const items = await setting.ledger.items();
    const refused = await restoreIt(setting, begun);
    expect(refused).toMatchObject({ verdict: 'refused', blockers: [{ code: 'AlreadyRunning' }] });
    expect(JSON.stringify(refused)).toContain(restoreNamed('first').id);
    expect(await setting.ledger.items()).toEqual(items);
    expect(setting.chime.requests).toEqual([]);
  });

  it('that Step Functions does not know counts as running for an hour: it may be about to', async () => {
    const { setting, begun } = await underWay({ holder: restoreNamed('first').id, phase: 'restoring' });
    await setting.clock.sleep(hour - 1);
    expect(await restoreIt(setting, begun)).toMatchObject({ verdict: 'refused' });
    await setting.clock.sleep(1);
    expect(await restoreIt(setting, begun)).toMatchObject({ verdict: 'restore' });
  });

  it('that is over is taken over from', async () => {
    const { setting, begun } = await underWay({ holder: restoreNamed('first').id, phase: 'restoring' });
    await over(setting, restoreNamed('first').id);
    expect(await restoreIt(setting, begun)).toMatchObject({ verdict: 'restore' });
    expect((await teardownOf(setting, begun.voiceConnectorId))?.holder).toBe(restore.id);
  });

  it('keeps a teardown from being resumed while it runs', async () => {
    const { setting, begun } = await underWay({ holder: restoreNamed('first').id, phase: 'restoring' });
    running(setting, restoreNamed('first').id);
    const resumed = await inspect(setting, { voiceConnectorId: begun.voiceConnectorId, resume: true });
    expect(codesOf(resumed)).toEqual(['AlreadyRunning']);
  });
});
