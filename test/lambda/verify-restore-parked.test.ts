import { describe, expect, it } from '@jest/globals';
import { connect as connectAssociate } from '../../lambda/associate-phone-numbers.ts';
import { closeTeardown, connectLedger } from '../../lambda/ledger/ledger.ts';
import { connect } from '../../lambda/verify-restore.ts';
import type { Account } from '../../local/chime/account.ts';
import {
  bringBack,
  inspectTeardown,
  nothing,
  onConnector,
  restore,
  rewrite,
  untouch,
} from './restore-setting.ts';
import { at, changes, reply, run, script } from './setting.ts';
import { openSetting, restoreNamed, statesOf } from './teardown-setting.ts';

describe('A number that somebody took off the connector before any step had begun with its batch', () => {
  it('is left where it was put, and told as parked', async () => {
    const setting = await openSetting();
    const restoring = await bringBack(setting, { numbers: 3, state: 'attached' });
    await untouch(setting, restoring);
    setting.chime.state.disassociate(at(restoring.e164s, 1));
    const check = await run(setting, connect, { ...restoring.restorable, batches: [] });
    expect(check).toEqual({
      verdict: 'restored',
      counts: { ...nothing, restored: 2, parked: 1 },
      looks: 1,
    });
    expect(await statesOf(setting, restoring)).toEqual(['attached', 'reclaimed', 'attached']);
    expect(changes(setting.chime)).toEqual([]);
  });

  it.each([
    ['is in the queue', (account: Account, e164: string) => account.queue(e164)],
    ['is gone', (account: Account, e164: string) => account.removeNumber(e164)],
  ])('is left alone also where it %s by a later look', async (_what, act) => {
    const setting = await openSetting();
    const restoring = await bringBack(setting, { numbers: 2, state: 'attached' });
    const { state } = setting.chime;
    await rewrite(setting, restoring, (number, i) =>
      i === 0 ? { ...number, state: 'reclaimed', wasTakenOff: true } : number,
    );
    state.disassociate(at(restoring.e164s, 0));
    act(state, at(restoring.e164s, 0));
    expect(await run(setting, connect, restoring.restorable)).toMatchObject({
      verdict: 'restored',
      counts: { ...nothing, restored: 1, parked: 1 },
    });
  });

  it('and gave to another connector is told as elsewhere, and left alone when it is free again', async () => {
    const setting = await openSetting();
    const restoring = await bringBack(setting, { numbers: 2, state: 'attached' });
    await untouch(setting, restoring);
    const { state } = setting.chime;
    state.associate(at(restoring.e164s, 0), state.addConnector().voiceConnectorId);
    expect(await run(setting, connect, restoring.restorable)).toMatchObject({
      verdict: 'restored',
      counts: { ...nothing, restored: 1, elsewhere: 1 },
    });
    state.disassociate(at(restoring.e164s, 0));
    expect(await run(setting, connect, restoring.restorable)).toMatchObject({
      verdict: 'restored',
      counts: { ...nothing, restored: 1, parked: 1 },
    });
  });

  it('is unassigned like all of them where the connector is gone', async () => {
    const setting = await openSetting();
    const restoring = await bringBack(setting, { numbers: 2, state: 'attached' });
    await untouch(setting, restoring);
    setting.chime.state.deleteConnector(restoring.voiceConnectorId);
    expect(await run(setting, connect, { ...restoring.restorable, batches: [] })).toMatchObject({
      verdict: 'incomplete',
      counts: { ...nothing, unassigned: 2 },
      failure: { Error: 'ConnectorGone' },
    });
  });

  it('is not taken for one that this restore has put back, and that shows late', async () => {
    const setting = await openSetting({ switches: { associationSeconds: 20 } });
    const restoring = await bringBack(setting, { numbers: 3, state: 'unassigned' });
    await run(setting, connectAssociate, restoring.batch);
    const check = await run(setting, connect, restoring.restorable);
    expect(check).toMatchObject({ verdict: 'notYet', batches: [0] });
    await setting.clock.sleep(20_000);
    await run(setting, connectAssociate, restoring.batch);
    expect(await run(setting, connect, { ...restoring.restorable, check })).toMatchObject({
      verdict: 'restored',
      counts: { ...nothing, restored: 3 },
    });
    expect(onConnector(setting, restoring)).toEqual([true, true, true]);
  });

  it('is not taken for one that an earlier look has shown on the connector, and this one does not', async () => {
    const setting = await openSetting();
    const restoring = await bringBack(setting, { numbers: 4, state: 'unassigned', batchSize: 2 });
    for (const batch of [0, 1]) await run(setting, connectAssociate, { ...restoring.batch, batch });
    setting.chime.state.disassociate(at(restoring.e164s, 3));
    const first = await run(setting, connect, restoring.restorable);
    expect(first).toMatchObject({ verdict: 'notYet', batches: [1] });
    setting.chime.state.disassociate(at(restoring.e164s, 0));
    const check = await run(setting, connect, { ...restoring.restorable, batches: [1], check: first });
    expect(check).toMatchObject({ verdict: 'notYet', counts: { ...nothing, restored: 2, unassigned: 2 } });
    expect(check.batches).toEqual([0, 1]);
  });

  it.each([true, false])(
    'is not taken for one that an earlier restore has put back, as it was told (release begun: %p)',
    async (isBegun) => {
      const setting = await openSetting();
      const restoring = await bringBack(setting, { numbers: 2, state: 'unassigned' });
      if (!isBegun) await untouch(setting, restoring);
      // The service accepts the call, and does nothing; the restore fails elsewhere before it has looked.
      setting.chime.faults.set(
        script('AssociatePhoneNumbersWithVoiceConnector', reply({ PhoneNumberErrors: [] })),
      );
      await run(setting, connectAssociate, restoring.batch);
      await closeTeardown(connectLedger(setting.edge))(restoring.voiceConnectorId, restore.id, {
        phase: 'failed',
      });
      await setting.clock.sleep(5 * 60_000);

      const by = restoreNamed('second');
      const again = await inspectTeardown(setting, { voiceConnectorId: restoring.voiceConnectorId }, by);
      if (again.verdict !== 'restore') throw new Error('It is restored again.');
      for (const batch of again.batches)
        await run(setting, connectAssociate, { ...restoring.batch, execution: by, batch });
      const check = await run(setting, connect, again);
      expect(check).toMatchObject({ verdict: 'notYet', counts: { ...nothing, unassigned: 2 }, batches: [0] });
      await run(setting, connectAssociate, { ...restoring.batch, execution: by });
      expect(await run(setting, connect, { ...again, check })).toMatchObject({ verdict: 'restored' });
      expect(onConnector(setting, restoring)).toEqual([true, true]);
    },
  );
});
