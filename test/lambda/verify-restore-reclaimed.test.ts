import { describe, expect, it } from '@jest/globals';
import type { LedgerNumber } from '../../lambda/ledger/teardown.ts';
import { freed, given, type Hand, purged, queued, stuck } from './hands.ts';
import { nothing, openVerification, rewrite, untouch } from './restore-setting.ts';
import { at, changes } from './setting.ts';
import { batchOf } from './teardown-setting.ts';

const moved = { code: 'Moved', message: 'The number is now associated with another; it is left there.' };
const forbidden = { code: 'Forbidden', message: 'No.' };

describe('A number that somebody took back from the teardown', () => {
  it.each([
    ['in the inventory', freed, 'unassigned', undefined],
    ['in the inventory, and was with another holder before', freed, 'unassigned', moved],
    ['in the queue again', queued, 'queued', undefined],
    ['where the service has failed to release it', stuck, 'queued', undefined],
  ] as const)('and that is %s by now is called back', async (_where, act, state, failure) => {
    const { setting, restoring, verify } = await reclaimed(act, failure);
    expect(await verify()).toMatchObject({
      ...{ verdict: 'notYet', batches: [0] },
      counts: { ...nothing, restored: 2, [state]: 1 },
    });
    const [number] = (await batchOf(setting, restoring)).numbers;
    expect(number).toMatchObject({ state, wasReclaimed: true });
    expect(number).not.toHaveProperty('failure');
    expect(changes(setting.chime)).toEqual([]);
  });

  it.each([undefined, moved])(
    'and that is with another holder is left there (known before: %p)',
    async (failure) => {
      const { setting, restoring, verify } = await reclaimed(given, failure);
      expect(await verify()).toEqual({
        ...{ verdict: 'restored', looks: 1 },
        counts: { ...nothing, restored: 2, elsewhere: 1 },
      });
      const [number] = (await batchOf(setting, restoring)).numbers;
      expect(number).toMatchObject({ state: 'reclaimed', failure: { code: 'Moved' } });
      expect(number).not.toHaveProperty('wasTakenOff');
    },
  );

  it('and let go is gone for good, which is told', async () => {
    const { verify } = await reclaimed(purged);
    expect(await verify()).toMatchObject({
      ...{ verdict: 'incomplete', failure: { Error: 'NumbersGone' } },
      counts: { ...nothing, restored: 2, gone: 1 },
    });
  });

  it('is called back also where its batch was never begun with: a resumed run has drawn it up', async () => {
    const { setting, restoring, verify } = await reclaimed(freed);
    await untouch(setting, restoring);
    expect(await verify()).toMatchObject({ verdict: 'notYet', batches: [0], counts: { unassigned: 1 } });
  });
});

describe('A number that the ledger has on the connector', () => {
  it.each([
    ['free', freed, 'unassigned'],
    ['queued', queued, 'queued'],
  ] as const)(
    'and is %s by now is not one that somebody had taken back: a resumed run owes it',
    async (_where, act, state) => {
      const { setting, restoring, verify } = await open({ state: 'attached' }, act);
      expect(await verify()).toMatchObject({ verdict: 'notYet', counts: { restored: 2, [state]: 1 } });
      const [number] = (await batchOf(setting, restoring)).numbers;
      expect(number).toMatchObject({ state });
      expect(number).not.toHaveProperty('wasReclaimed');
    },
  );
});

describe('A number that is about to be reported as refused', () => {
  it.each([
    ['queued', freed, 'unassigned'],
    ['unassigned', queued, 'queued'],
  ] as const)('(as %s) and has come further since is taken round again', async (state, act, now) => {
    const { setting, restoring, verify } = await refused(state, act);
    expect(await verify()).toMatchObject({ verdict: 'notYet', batches: [0] });
    const [number] = (await batchOf(setting, restoring)).numbers;
    expect(number).toMatchObject({ state: now });
    expect(number).not.toHaveProperty('failure');
  });

  it.each([
    ['queued', given, { elsewhere: 1 }],
    ['unassigned', given, { elsewhere: 1 }],
    ['unassigned', purged, { gone: 1 }],
  ] as const)('(as %s) is told as what has become of it', async (state, act, counts) => {
    const { verify } = await refused(state, act);
    expect((await verify()).counts).toEqual({ ...nothing, restored: 2, ...counts });
  });

  it.each([
    ['queued', queued],
    ['unassigned', freed],
  ] as const)('(as %s) and is as it was keeps its reason, and nothing is written', async (state, act) => {
    const { setting, restoring, verify } = await refused(state, act);
    const before = await batchOf(setting, restoring);
    expect(await verify()).toMatchObject({
      ...{ verdict: 'incomplete', phase: 'failed' },
      failure: { Error: 'NumbersNotRestored', Cause: expect.stringContaining('1 × Forbidden') },
    });
    expect(await batchOf(setting, restoring)).toEqual(before);
  });
});

function reclaimed(act: Hand, failure?: LedgerNumber['failure']) {
  return open({ state: 'reclaimed', ...(failure === undefined ? {} : { failure }) }, act);
}

function refused(state: 'queued' | 'unassigned', act: Hand) {
  return open({ state, failure: forbidden }, act);
}

/** Three numbers, of which the ledger knows the first in this way, and to which this has happened. */
async function open(known: Pick<LedgerNumber, 'state' | 'failure'>, act: Hand) {
  const opened = await openVerification({ numbers: 3, state: 'attached' });
  const { setting, restoring } = opened;
  await rewrite(setting, restoring, (number, i) => (i === 0 ? { ...number, ...known } : number));
  act(setting.chime.state, at(restoring.e164s, 0));
  return opened;
}
