import { describe, expect, it } from '@jest/globals';
import type { Batch } from '../../lambda/ledger/teardown.ts';
import { openRestore, rewrite } from './restore-setting.ts';
import { at } from './setting.ts';
import { batchOf, writes } from './teardown-setting.ts';

const minute = 60_000;
const nine = Date.parse('2026-01-05T09:00:00.000Z');
const longAgo = new Date(nine - 60 * minute).toISOString();

describe('A number that the service still shows in the queue', () => {
  it.each([
    ['is waited for where ten minutes are not over', 10 * minute - 1, 8, undefined],
    [
      'is waited for where it was looked at less than eight times, however long ago',
      60 * minute,
      7,
      undefined,
    ],
    [
      'is waited for where it is asked for just now, though others of its batch are late',
      undefined,
      20,
      undefined,
    ],
    ['is given up after ten minutes and eight looks', 10 * minute, 8, 'Unconfirmed'],
  ])('%s', async (_what, ago, looks, code) => {
    const { setting, restoring, restoreThem } = await openRestore(
      { numbers: 1 },
      { switches: { restoreSeconds: 3_600, restoreNotQueued: 'silent' } },
    );
    const asked = ago === undefined ? {} : { askedAt: new Date(nine - ago).toISOString() };
    const waiting: Partial<Batch> = { waitingSince: longAgo, looks };
    await rewrite(setting, restoring, (number) => ({ ...number, ...asked }), waiting);
    const end = await restoreThem().catch((error: Error) => error.name);
    expect(end).toBe(code === undefined ? 'NotYetRestored' : undefined);
    expect(at((await batchOf(setting, restoring)).numbers, 0).failure?.code).toBe(code);
  });
});

describe('A batch', () => {
  it('of which nothing is in the queue is not noted as being brought back', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 2, state: 'unassigned' });
    const before = setting.wire.calls.length;
    await restoreThem();
    expect(writes(setting, before)).toEqual(['teardown']);
    expect(await batchOf(setting, restoring)).not.toHaveProperty('undoneAt');
  });

  it('of exactly fifty numbers that was waited for is so no more once they are out of the queue', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 50 });
    await rewrite(setting, restoring, (number) => number, { waitingSince: longAgo, looks: 3 });
    await restoreThem();
    const batch = await batchOf(setting, restoring);
    expect(batch.numbers.every(({ state }) => state === 'unassigned')).toBe(true);
    expect(batch).not.toHaveProperty('waitingSince');
  });

  it('goes on where a number that had a name is gone for good', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 2 });
    await rewrite(setting, restoring, (number) => ({ ...number, name: 'Desk', callingName: 'Acme' }));
    setting.chime.state.removeNumber(at(restoring.e164s, 0));
    await restoreThem();
    const { numbers } = await batchOf(setting, restoring);
    expect(numbers.map(({ state }) => state)).toEqual(['gone', 'unassigned']);
    expect(numbers[0]).toMatchObject({ name: 'Desk', callingName: 'Acme' });
  });
});
