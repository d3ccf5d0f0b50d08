import { describe, expect, it } from '@jest/globals';
import { boardOf, openBoard, type PlantOptions, plant, rowsIn, textOf } from './board-setting.ts';

describe('A restore that could not bring everything back', () => {
  const short = {
    phase: 'restored',
    error: 'ConnectorGone',
    cause: '3 saved from the queue, unassigned and billed.',
    numbers: { unassigned: 3, gone: 1, reclaimed: 1 },
  } as const;

  it('is trouble, by what the ledger has counted, and with the reason', async () => {
    const setting = await openBoard();
    await plant(setting, { ...short, endedAgo: 26 });
    const page = await boardOf(setting);
    expect(textOf(page)).toMatch(/^1 in trouble Looked at/);
    const [row = ''] = rowsIn(page);
    expect(row).toContain('Restore fell short 1 d 2 h ago');
    expect(row).toContain('0 of 4 back 3 unassigned and billed, 1 gone for good, 1 taken back');
    expect(row).toContain('ConnectorGone 3 saved from the queue, unassigned and billed.');
    expect(row).not.toMatch(/5 numbers|left until|not known/);
    expect(page).not.toContain('class="row row-good"');
  });

  it('is that also where nothing at all is left', async () => {
    const setting = await openBoard();
    await plant(setting, { ...short, phase: 'deleted', numbers: { queued: 2, gone: 1 }, endedAgo: 1 });
    const page = await boardOf(setting);
    expect(rowsIn(page)[0]).toContain('0 of 3 back 3 gone for good');
    expect(page).not.toContain('<cwdb-action');
  });

  it('may be repeated, as it may have been the time that was short', async () => {
    const setting = await openBoard();
    await plant(setting, { ...short, numbers: { attached: 4, unassigned: 1 }, endedAgo: 1 });
    expect(await boardOf(setting)).toContain('<cwdb-action');
  });

  it('stays there for 30 days, below those whose numbers still go', async () => {
    const setting = await openBoard();
    await plant(setting, { ...short, name: 'Short', endedAgo: 30 * 24 });
    await plant(setting, { name: 'Failed', phase: 'failed', endsIn: 100, endedAgo: 20 });
    expect(rowsIn(await boardOf(setting)).map((row) => row.split(' ')[0])).toEqual(['Failed', 'Short']);
  });

  it.each([[[]], [[{ endsIn: 50 }]]])(
    'is not forgotten after that: it is said that there are some, beside %j',
    async (others: PlantOptions[]) => {
      const setting = await openBoard();
      for (const other of others) await plant(setting, other);
      await plant(setting, { ...short, endedAgo: 30 * 24 + 1 });
      const page = await boardOf(setting);
      expect(rowsIn(page)).toHaveLength(others.length);
      expect(textOf(page)).toContain('1 teardown ended with something missing more than 30 days ago.');
      expect(textOf(page)).not.toContain('earlier');
    },
  );
});
