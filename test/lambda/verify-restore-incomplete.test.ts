import { describe, expect, it } from '@jest/globals';
import type { LedgerNumber } from '../../lambda/ledger/teardown.ts';
import { nothing, openVerification, type Restoring, rewrite } from './restore-setting.ts';
import { at } from './setting.ts';
import { type Setting, statesOf } from './teardown-setting.ts';

const quota = {
  code: 'ResourceLimitExceeded',
  message: 'the phone number inventory is full: have the quota raised',
};

describe('Numbers that are gone for good', () => {
  it('are told by their count; all that there was is on the connector, and no other restore could do more', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 5, state: 'attached' });
    for (const e164 of restoring.e164s.slice(0, 2)) setting.chime.state.removeNumber(e164);
    expect(await verify()).toEqual({
      verdict: 'incomplete',
      counts: { ...nothing, restored: 3, gone: 2 },
      looks: 1,
      failure: {
        Error: 'NumbersGone',
        Cause: `3 numbers on connector ${restoring.voiceConnectorId}, 2 gone for good.`,
      },
      phase: 'restored',
    });
  });

  it('may be all of them, while the connector is there', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 3, state: 'queued' });
    await rewrite(setting, restoring, (number) => ({ ...number, state: 'gone' }));
    for (const e164 of restoring.e164s) setting.chime.state.removeNumber(e164);
    expect(await verify()).toMatchObject({
      verdict: 'incomplete',
      failure: {
        Error: 'NumbersGone',
        Cause: `0 numbers on connector ${restoring.voiceConnectorId}, 3 gone for good.`,
      },
      phase: 'restored',
    });
  });
});

describe('Numbers that are not restored', () => {
  it('are told with the reasons of the service, how many had each, and a few to look for', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 8, state: 'queued' });
    const forbidden = { code: 'Forbidden', message: 'Number …0107 is refused.' };
    for (const e164 of restoring.e164s.slice(0, 1))
      setting.chime.state.associate(e164, restoring.voiceConnectorId);
    await rewrite(setting, restoring, (number, i) => ({ ...number, failure: i === 7 ? forbidden : quota }));
    expect(await verify()).toEqual({
      verdict: 'incomplete',
      counts: { ...nothing, restored: 1, queued: 7 },
      looks: 1,
      failure: {
        Error: 'NumbersNotRestored',
        Cause:
          `1 number on connector ${restoring.voiceConnectorId}, 7 still in the deletion queue. Refused: ` +
          `6 × ResourceLimitExceeded (${quota.message}): …0101, …0102, …0103, …0104, …0105, and more; ` +
          '1 × Forbidden (Number … is refused.): …0107.',
      },
      phase: 'failed',
    });
  });

  it('may be out of the queue, and off the connector', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 2, state: 'unassigned' });
    const forbidden = { code: 'Forbidden', message: 'No.' };
    await rewrite(setting, restoring, (number) => ({ ...number, failure: forbidden }));
    expect(await verify()).toMatchObject({
      failure: {
        Error: 'NumbersNotRestored',
        Cause:
          `0 numbers on connector ${restoring.voiceConnectorId}, 2 saved from the queue, unassigned and billed. ` +
          'Refused: 2 × Forbidden (No.): …0100, …0101.',
      },
      phase: 'failed',
    });
  });

  it('are what another restore is for, also where others are gone', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 2, state: 'queued' });
    await rewrite(
      setting,
      restoring,
      (number, i): LedgerNumber => (i === 0 ? { ...number, failure: quota } : { ...number, state: 'gone' }),
    );
    expect(await verify()).toMatchObject({
      failure: {
        Error: 'NumbersNotRestored',
        Cause: expect.stringContaining('1 gone for good. Refused: 1 × '),
      },
      phase: 'failed',
    });
  });

  it('and were never tried to the end have no reason to tell', async () => {
    const { restoring, verify } = await openVerification({ numbers: 2, state: 'queued' });
    expect((await verify(14)).failure).toEqual({
      Error: 'NumbersNotRestored',
      Cause: `0 numbers on connector ${restoring.voiceConnectorId}, 2 still in the deletion queue.`,
    });
  });
});

describe('Numbers that somebody has put elsewhere', () => {
  it('are told where the restore cannot do all, as they are where it can', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 3, state: 'attached' });
    const { state } = setting.chime;
    state.associate(at(restoring.e164s, 0), state.addConnector().voiceConnectorId);
    expect(await verify()).toEqual({
      verdict: 'restored',
      counts: { ...nothing, restored: 2, elsewhere: 1 },
      looks: 1,
    });
    state.removeNumber(at(restoring.e164s, 1));
    expect(await verify()).toMatchObject({
      verdict: 'incomplete',
      counts: { ...nothing, restored: 1, elsewhere: 1, gone: 1 },
      failure: { Error: 'NumbersGone', Cause: expect.stringContaining('1 left where somebody has put it') },
    });
  });
});

describe('A connector that is gone', () => {
  it('has its numbers saved all the same; the run says how many, and where the snapshot is', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 3, state: 'unassigned' });
    deleteIt(setting, restoring);
    const { voiceConnectorId } = restoring;
    expect(await verify()).toEqual({
      verdict: 'incomplete',
      counts: { ...nothing, unassigned: 3 },
      looks: 1,
      failure: {
        Error: 'ConnectorGone',
        Cause:
          `Connector ${voiceConnectorId} is gone: nothing can be put back on it, 3 saved from the queue, unassigned and ` +
          `billed. What the connector was is in the ledger (table ${setting.edge.env.LEDGER_TABLE}, voiceConnectorId ` +
          `"${voiceConnectorId}", item "teardown", attribute "snapshot").`,
      },
      phase: 'restored',
    });
  });

  it('is not waited for; numbers in the queue are', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 3, state: 'queued' });
    setting.chime.state.restore(at(restoring.e164s, 0));
    await rewrite(
      setting,
      restoring,
      (number, i): LedgerNumber => (i === 0 ? { ...number, state: 'unassigned' } : number),
    );
    deleteIt(setting, restoring);
    expect(await verify()).toMatchObject({ verdict: 'notYet', batches: [0] });
    expect(await verify(14)).toMatchObject({
      verdict: 'incomplete',
      counts: { ...nothing, unassigned: 1, queued: 2 },
      failure: { Error: 'ConnectorGone', Cause: expect.stringContaining(', 2 still in the deletion queue.') },
      phase: 'failed',
    });
  });

  it('had numbers on it by the ledger: each is looked for where it is now', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 4, state: 'attached' });
    const { state } = setting.chime;
    deleteIt(setting, restoring);
    state.queue(at(restoring.e164s, 1));
    state.removeNumber(at(restoring.e164s, 2));
    state.associate(at(restoring.e164s, 3), state.addConnector().voiceConnectorId);
    expect(await verify()).toMatchObject({
      verdict: 'notYet',
      counts: { ...nothing, unassigned: 1, queued: 1, gone: 1, elsewhere: 1 },
      batches: [0],
    });
    expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'queued', 'gone', 'reclaimed']);
  });

  it('and none of whose numbers is left leaves a teardown that is done', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 3, state: 'queued' });
    deleteIt(setting, restoring);
    await rewrite(setting, restoring, (number) => ({ ...number, state: 'gone' }));
    expect(await verify()).toMatchObject({
      verdict: 'incomplete',
      counts: { ...nothing, gone: 3 },
      failure: {
        Error: 'ConnectorGone',
        Cause: expect.stringContaining('put back on it, 3 gone for good. What'),
      },
      phase: 'deleted',
    });
  });

  it('and all of whose numbers others have leaves nothing to restore', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 2, state: 'attached' });
    const { state } = setting.chime;
    deleteIt(setting, restoring);
    for (const e164 of restoring.e164s) state.associate(e164, state.addConnector().voiceConnectorId);
    expect(await verify()).toMatchObject({
      verdict: 'incomplete',
      counts: { ...nothing, elsewhere: 2 },
      failure: { Error: 'ConnectorGone' },
      phase: 'restored',
    });
  });

  it('with a full inventory leaves what another restore can still save', async () => {
    const { setting, restoring, verify } = await openVerification({ numbers: 2, state: 'queued' });
    deleteIt(setting, restoring);
    await rewrite(setting, restoring, (number) => ({ ...number, failure: quota }));
    expect(await verify()).toMatchObject({
      verdict: 'incomplete',
      failure: {
        Error: 'ConnectorGone',
        Cause: expect.stringContaining('Refused: 2 × ResourceLimitExceeded'),
      },
      phase: 'failed',
    });
  });
});

function deleteIt({ chime }: Setting, { voiceConnectorId }: Restoring): void {
  chime.state.deleteConnector(voiceConnectorId);
}
