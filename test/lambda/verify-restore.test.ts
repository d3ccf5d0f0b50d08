import { describe, expect, it } from '@jest/globals';
import type { RestoreCheck } from '../../lambda/journey.ts';
import type { NumberState } from '../../lambda/ledger/teardown.ts';
import { connect } from '../../lambda/verify-restore.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { freed, given, type Hand, purged, queued } from './hands.ts';
import { withoutIds } from './refusals.ts';
import { combined, nothing, openVerification, rewrite } from './restore-setting.ts';
import { at, changes, digitsOfANumber, errorOf, reply, run, script } from './setting.ts';
import { batchesOf, batchOf, executionNamed, statesOf, writes } from './teardown-setting.ts';

const failure = { code: 'Forbidden', message: 'No.' };

describe('Numbers that are all on the connector', () => {
  it.each(combined('numberIdForm', 'errorHeader'))('are restored (%j)', async (switches) => {
    const { setting, verify } = await openVerification({ numbers: 250, state: 'attached' }, switches);
    expect(await verify()).toEqual({ verdict: 'restored', counts: { ...nothing, restored: 250 }, looks: 1 });
    expect(changes(setting.chime)).toEqual([]);
    expect(setting.chime.calls()).toMatchObject({ ListPhoneNumbers: 3, GetPhoneNumber: 0 });
  });

  it.each(['unassigned', 'queued', 'gone', 'reclaimed'] as const)(
    'are restored whatever the ledger has of them (%s), and it is put right',
    async (state) => {
      const { setting, restoring, verify } = await openVerification({ numbers: 2, state: 'attached' });
      await rewrite(setting, restoring, (number) => ({ ...number, state, failure, wasTakenOff: true }));
      expect(await verify()).toMatchObject({ verdict: 'restored', counts: { ...nothing, restored: 2 } });
      for (const number of (await batchOf(setting, restoring)).numbers) {
        expect(number).toMatchObject({ state: 'attached' });
        expect(number).not.toHaveProperty('failure');
        expect(number).not.toHaveProperty('wasTakenOff');
      }
    },
  );

  it('are as they were in the ledger where that is right: nothing is written', async () => {
    const { setting, verify } = await openVerification({ numbers: 4, state: 'attached', batchSize: 2 });
    const before = setting.wire.calls.length;
    await verify();
    expect(writes(setting, before)).toEqual(['teardown']);
  });

  it('are restored though the list lags: the number itself shows it', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 3, state: 'attached' });
    setting.chime.faults.set(script('ListPhoneNumbers', reply({ PhoneNumbers: [] })));
    expect(await verify()).toMatchObject({ verdict: 'restored', counts: { restored: 3 } });
    expect(await statesOf(setting, restoring)).toEqual(['attached', 'attached', 'attached']);
  });

  it('are none where the plan had none', async () => {
    const { verify } = await openVerification({ numbers: 0, state: 'attached' });
    expect(await verify()).toEqual({ verdict: 'restored', counts: nothing, looks: 1 });
  });
});

describe('A number that should be on the connector, and is not,', () => {
  const cases: [string, Hand, NumberState, Partial<RestoreCheck['counts']>, RestoreCheck['verdict']][] = [
    ['because it is off it', freed, 'unassigned', { unassigned: 1 }, 'notYet'],
    ['because it was queued', queued, 'queued', { queued: 1 }, 'notYet'],
    ['because it is gone', purged, 'gone', { gone: 1 }, 'incomplete'],
    ['because another connector has it', given, 'reclaimed', { elsewhere: 1 }, 'restored'],
  ];

  it.each(cases)('%s, is noted as that', async (_why, act, state, counts, verdict) => {
    const { setting, restoring, verify } = await openVerification({ numbers: 3, state: 'attached' });
    act(setting.chime.state, at(restoring.e164s, 1));
    expect(await verify()).toMatchObject({ verdict, counts: { ...nothing, restored: 2, ...counts } });
    expect(await statesOf(setting, restoring)).toEqual(['attached', state, 'attached']);
    expect(changes(setting.chime)).toEqual([]);
  });

  it('as the service shows it late, is there soon', async () => {
    const { setting, restoring, verify } = await openVerification(
      { numbers: 3, state: 'unassigned' },
      { associationSeconds: 20 },
    );
    for (const e164 of restoring.e164s) setting.chime.state.associate(e164, restoring.voiceConnectorId);
    await rewrite(setting, restoring, (number) => ({ ...number, state: 'attached' }));
    expect(await verify()).toMatchObject({ verdict: 'notYet', batches: [0] });
    await setting.clock.sleep(20_000);
    expect(await verify()).toMatchObject({ verdict: 'restored', counts: { restored: 3 } });
  });

  it('and was given away, says to whom', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 1, state: 'attached' });
    const { voiceConnectorId } = setting.chime.state.addConnector();
    setting.chime.state.associate(at(restoring.e164s, 0), voiceConnectorId);
    await verify();
    expect((await batchOf(setting, restoring)).numbers[0]?.failure).toEqual({
      code: 'Moved',
      message: `The number is now associated with VoiceConnectorId ${voiceConnectorId}; it is left there.`,
    });
  });
});

describe('A restore that is not through', () => {
  it('goes once more over the batches that have numbers left, and over no other', async () => {
    const { setting, restoring, verify } = await openVerification({
      numbers: 8,
      state: 'attached',
      batchSize: 2,
    });
    freed(setting.chime.state, at(restoring.e164s, 3));
    queued(setting.chime.state, at(restoring.e164s, 7));
    expect(await verify()).toEqual({
      verdict: 'notYet',
      counts: { ...nothing, restored: 6, unassigned: 1, queued: 1 },
      looks: 1,
      batches: [1, 3],
    });
  });

  it('does so as long as there is a number that was not refused for good', async () => {
    const { setting, restoring, verify } = await openVerification({
      numbers: 4,
      state: 'queued',
      batchSize: 2,
    });
    await rewrite(setting, restoring, (number) => ({ ...number, failure }));
    expect(await verify()).toMatchObject({ verdict: 'notYet', batches: [1] });
  });

  it.each([
    [undefined, 1, 'notYet'],
    [1, 2, 'notYet'],
    [13, 14, 'notYet'],
    [14, 15, 'incomplete'],
    [15, 16, 'incomplete'],
  ] as const)('is looked at 15 times (so far: %p), then given up', async (before, looks, verdict) => {
    const { verify } = await openVerification({ numbers: 3, state: 'queued' });
    const check = await verify(before);
    expect(check).toMatchObject({ verdict, looks });
    if (verdict === 'incomplete')
      expect(check).toMatchObject({ failure: { Error: 'NumbersNotRestored' }, phase: 'failed' });
  });

  it('is restored if the last look shows it so', async () => {
    const { verify } = await openVerification({ numbers: 3, state: 'attached' });
    expect(await verify(14)).toMatchObject({ verdict: 'restored', looks: 15 });
  });
});

describe('The check', () => {
  it.each(switchPositions.errorHeader)(
    'of a connector that is gone lists nothing (error header %s)',
    async (errorHeader) => {
      const { setting, restoring, verify } = await openVerification(
        { numbers: 2, state: 'unassigned' },
        { errorHeader },
      );
      setting.chime.state.deleteConnector(restoring.voiceConnectorId);
      await verify();
      expect(setting.chime.calls().ListPhoneNumbers).toBe(0);
    },
  );

  it('tells no number, whatever it finds', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 6, state: 'attached' });
    const hands: readonly Hand[] = [freed, queued, purged, given];
    hands.forEach((act, i) => {
      act(setting.chime.state, at(restoring.e164s, i));
    });
    await rewrite(setting, restoring, (number) => ({
      ...number,
      failure: { code: 'Forbidden', message: 'Number …0100 is refused.' },
    }));
    const check = await verify(14);
    expect(check.verdict).toBe('incomplete');
    expect(withoutIds(JSON.stringify(check))).not.toMatch(digitsOfANumber);
  });

  it('fails with the error of the service, and notes nothing that it has not seen', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 250, state: 'attached' });
    const batches = await batchesOf(setting, restoring);
    const fault = { status: 403, code: 'Forbidden', message: 'Not +12065550100.' };
    setting.chime.faults.set({ script: [{ operation: 'ListPhoneNumbers', nth: 2, fault }] });
    const error = await errorOf(verify());
    expect(error.name).toBe('ForbiddenException');
    expect(withoutIds(error.message)).not.toMatch(digitsOfANumber);
    expect(await batchesOf(setting, restoring)).toEqual(batches);
  });

  it('is not for an execution that does not hold the teardown', async () => {
    const { setting, restoring } = await openVerification({ numbers: 1, state: 'attached' });
    const theirs = { ...restoring.restorable, execution: executionNamed('another') };
    expect((await errorOf(run(setting, connect, theirs))).name).toBe('LockLost');
    expect(setting.chime.requests).toEqual([]);
  });
});
