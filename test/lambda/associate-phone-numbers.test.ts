import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/associate-phone-numbers.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { combined, onConnector, openAssociation, rewrite, untouch } from './restore-setting.ts';
import { at, changes, errorOf, run } from './setting.ts';
import { batchOf, executionNamed, statesOf, writes } from './teardown-setting.ts';

const operation = 'AssociatePhoneNumbersWithVoiceConnector';

describe('Putting a batch back onto the connector', () => {
  it('takes calls of at most 50 numbers, and writes it down', async () => {
    const { setting, restoring, associate } = await openAssociation({ numbers: 120 });
    const before = setting.wire.calls.length;
    await associate();
    expect(changes(setting.chime)).toEqual([
      [operation, 50],
      [operation, 50],
      [operation, 20],
    ]);
    expect(new Set(await statesOf(setting, restoring))).toEqual(new Set(['attached']));
    expect(setting.chime.state.numbersOn(restoring.voiceConnectorId)).toBe(120);
    expect(new Set(writes(setting, before))).toEqual(
      new Set(['teardown', `batch#${restoring.batch.generation}#000000`]),
    );
  });

  it.each(combined('numberIdForm', 'emptyErrors'))(
    'takes hold under every reading of ids and errors (%j)',
    async (switches) => {
      const { setting, restoring, associate } = await openAssociation({ numbers: 3 }, switches);
      await associate();
      expect(await statesOf(setting, restoring)).toEqual(['attached', 'attached', 'attached']);
      expect(setting.chime.state.numbersOn(restoring.voiceConnectorId)).toBe(3);
    },
  );

  it('touches no other batch, and takes only what is off the connector and was not refused', async () => {
    const { setting, restoring, associate } = await openAssociation({ numbers: 6, batchSize: 5 });
    const states = ['unassigned', 'unassigned', 'queued', 'gone', 'reclaimed'] as const;
    const failure = { code: 'Forbidden', message: 'No.' };
    await rewrite(setting, restoring, (number, i) => ({
      ...{ ...number, state: at(states, i) },
      ...(i === 0 ? { failure } : {}),
    }));
    await associate();
    expect(onConnector(setting, restoring)).toEqual([false, true, false, false, false, false]);
    expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'attached', ...states.slice(2)]);
  });

  it('repeats nothing in a second run', async () => {
    const { setting, associate } = await openAssociation({ numbers: 60 });
    await associate();
    await associate();
    expect(changes(setting.chime)).toHaveLength(2);
  });

  it('forgets that a release had begun: what is on the connector now was put there', async () => {
    const { setting, restoring, associate } = await openAssociation({ numbers: 2 });
    expect(await batchOf(setting, restoring)).toHaveProperty('begunAt');
    await associate();
    expect(await batchOf(setting, restoring)).not.toHaveProperty('begunAt');
  });

  it('is not for an execution that does not hold the teardown', async () => {
    const { setting, restoring } = await openAssociation({ numbers: 1 });
    const theirs = { ...restoring.batch, execution: executionNamed('another') };
    expect((await errorOf(run(setting, connect, theirs))).name).toBe('LockLost');
    expect(setting.chime.requests).toEqual([]);
  });
});

describe('A number of the ledger that was not touched, or is not where the ledger has it:', () => {
  it.each(combined('repeatedAssociation', 'numberIdForm'))(
    'one on the connector stays there (%j)',
    async (switches) => {
      const { setting, restoring, associate } = await openAssociation({ numbers: 3 }, switches);
      setting.chime.state.associate(at(restoring.e164s, 1), restoring.voiceConnectorId);
      await associate();
      expect(await statesOf(setting, restoring)).toEqual(['attached', 'attached', 'attached']);
      expect(onConnector(setting, restoring)).toEqual([true, true, true]);
    },
  );

  it('one that a step took off, and did not live to note it, is put back', async () => {
    const { setting, restoring, associate } = await openAssociation({ numbers: 3 });
    await rewrite(setting, restoring, (number) => ({ ...number, state: 'attached' }));
    await associate();
    expect(onConnector(setting, restoring)).toEqual([true, true, true]);
  });

  it('one that was taken off before any step had begun is left where somebody has put it', async () => {
    const { setting, restoring, associate } = await openAssociation({ numbers: 3 });
    await rewrite(setting, restoring, (number) => ({ ...number, state: 'attached' }));
    await untouch(setting, restoring);
    await associate();
    expect(changes(setting.chime)).toEqual([]);
  });

  it('one that a step queued, and did not live to note it, is to be taken out first', async () => {
    const { setting, restoring, associate } = await openAssociation({ numbers: 3 });
    setting.chime.state.queue(at(restoring.e164s, 1));
    await associate();
    const { numbers } = await batchOf(setting, restoring);
    expect(numbers.map(({ state, failure }) => [state, failure])).toEqual([
      ['attached', undefined],
      ['queued', undefined],
      ['attached', undefined],
    ]);
  });

  it('one that was purged is gone', async () => {
    const { setting, restoring, associate } = await openAssociation({ numbers: 3 });
    setting.chime.state.removeNumber(at(restoring.e164s, 1));
    await associate();
    expect(await statesOf(setting, restoring)).toEqual(['attached', 'gone', 'attached']);
  });

  it.each(['VoiceConnectorId', 'VoiceConnectorGroupId'] as const)(
    'one that somebody has given away (%s) is left there, and none of ours any more',
    async (name) => {
      const { setting, restoring, associate } = await openAssociation({ numbers: 3 });
      const { state } = setting.chime;
      const holder =
        name === 'VoiceConnectorId'
          ? state.addConnector().voiceConnectorId
          : state.addGroup({ name: 'East', items: [] }).voiceConnectorGroupId;
      state.associate(at(restoring.e164s, 1), holder, name);
      await associate();
      expect((await batchOf(setting, restoring)).numbers[1]).toMatchObject({
        state: 'reclaimed',
        failure: {
          code: 'Moved',
          message: `The number is now associated with ${name} ${holder}; it is left there.`,
        },
      });
      expect(state.number(at(restoring.e164s, 1))?.holder).toMatchObject({ name, value: holder });
      expect(onConnector(setting, restoring)).toEqual([true, false, true]);
    },
  );
});

describe('A connector that is gone', () => {
  it.each(switchPositions.errorHeader)(
    'has the numbers left unassigned (error header %s)',
    async (errorHeader) => {
      const { setting, restoring, associate } = await openAssociation({ numbers: 3 }, { errorHeader });
      setting.chime.state.deleteConnector(restoring.voiceConnectorId);
      const batch = await batchOf(setting, restoring);
      await associate();
      expect(changes(setting.chime)).toEqual([]);
      expect(await batchOf(setting, restoring)).toEqual(batch);
    },
  );

  it('as the call arrives has them left unassigned by the next run of the step', async () => {
    const { setting, restoring, associate } = await openAssociation({ numbers: 3 });
    setting.chime.hooks.beforeEffect = ({ operation: received }) => {
      if (received === operation && setting.chime.state.connector(restoring.voiceConnectorId))
        setting.chime.state.deleteConnector(restoring.voiceConnectorId);
    };
    expect((await errorOf(associate())).name).toBe('NotYetRestored');
    expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'unassigned', 'unassigned']);
    await associate();
    expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'unassigned', 'unassigned']);
  });
});

describe('A batch whose release had never begun', () => {
  it('is written once: there is nothing to undo about it', async () => {
    const { setting, restoring, associate } = await openAssociation({ numbers: 2 });
    await rewrite(setting, restoring, (number) => number, { undoneAt: '2026-01-05T09:00:00.000Z' });
    await untouch(setting, restoring);
    const before = setting.wire.calls.length;
    await associate();
    expect(writes(setting, before)).toEqual(['teardown', `batch#${restoring.batch.generation}#000000`]);
    expect(await statesOf(setting, restoring)).toEqual(['attached', 'attached']);
  });
});

describe('A service that shows an association late', () => {
  it.each(combined('repeatedAssociation', 'emptyErrors'))('is waited for (%j)', async (switches) => {
    const { setting, restoring, associate } = await openAssociation(
      { numbers: 3 },
      { ...switches, associationSeconds: 20 },
    );
    const first = await associate().catch((error: Error) => error.name);
    // An answer with a list of errors is believed; one without is made sure of.
    expect(first).toBe(switches.emptyErrors === 'absent' ? 'NotYetRestored' : undefined);
    await setting.clock.sleep(20_000);
    await associate();
    expect(await statesOf(setting, restoring)).toEqual(['attached', 'attached', 'attached']);
    expect(await batchOf(setting, restoring)).not.toHaveProperty('waitingSince');
  });
});
