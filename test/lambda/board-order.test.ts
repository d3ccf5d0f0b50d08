import { describe, expect, it } from '@jest/globals';
import { closeTeardown, connectLedger } from '../../lambda/ledger/ledger.ts';
import { boardOf, openBoard, plant, plantMany, rowsIn, textOf, withStates } from './board-setting.ts';
import type { Setting } from './teardown-setting.ts';

describe('The order of the board', () => {
  it('is trouble, the last day, what is under way, and what is done', async () => {
    const setting = await openBoard();
    await plant(setting, { name: 'Done', phase: 'deleted', endedAgo: 20 });
    await plant(setting, { name: 'Waiting', endsIn: 100 });
    await plant(setting, { name: 'Releasing', phase: 'releasing' });
    await plant(setting, { name: 'Last', endsIn: 23 });
    await plant(setting, { name: 'Dead', endsIn: 120, run: 'over' });
    await plant(setting, { name: 'Failed', phase: 'failed', endsIn: 140, endedAgo: 3 });
    await plant(setting, { name: 'Short', phase: 'restored', error: 'NumbersGone', endedAgo: 200 });
    await plant(setting, { name: 'Stopped', phase: 'interrupted', endsIn: 90, endedAgo: 3 });
    expect(await namesOf(setting)).toEqual([
      ...['Stopped', 'Dead', 'Failed', 'Short'],
      'Last',
      ...['Waiting', 'Releasing'],
      'Done',
    ]);
  });

  it('is told by counts above it', async () => {
    const setting = await openBoard();
    await plant(setting, { phase: 'failed', endedAgo: 1 });
    await plant(setting, { endsIn: 2 });
    await plant(setting, { endsIn: 50 });
    await plant(setting, { endsIn: 50 });
    await plant(setting, { phase: 'restored', endedAgo: 5 });
    expect(textOf(await boardOf(setting))).toMatch(
      /^1 in trouble 1 on the last day 2 under way 1 finished in the last 7 days Looked at /,
    );
  });

  it('is by how soon the numbers go, and then the latest first', async () => {
    const setting = await openBoard();
    await plant(setting, { name: 'later', endsIn: 90 });
    await plant(setting, { name: 'sooner', endsIn: 50 });
    await plant(setting, { name: 'old', phase: 'releasing', startedAt: '2020-01-01T00:00:00.000Z' });
    await plant(setting, { name: 'new', phase: 'releasing' });
    expect(await namesOf(setting)).toEqual(['sooner', 'later', 'new', 'old']);
  });

  it('begins, in trouble, with those whose numbers nobody could count: their time may be nearly up', async () => {
    const setting = await openBoard();
    await plant(setting, { name: 'Soon', phase: 'failed', endsIn: 2, endedAgo: 3 });
    await plant(setting, { name: 'Unread', phase: 'failed', phoneNumbers: 25_001, endedAgo: 3 });
    await plant(setting, { name: 'Waiting', endsIn: 2 });
    await plant(setting, { name: 'Large', phase: 'releasing', phoneNumbers: 25_001 });
    await plant(setting, { name: 'None', phase: 'failed', numbers: { attached: 2 }, endedAgo: 3 });
    expect(await namesOf(setting)).toEqual(['Unread', 'Soon', 'None', 'Waiting', 'Large']);
  });

  it('has the last day begin 24 hours before the window ends, and not end with it', async () => {
    const setting = await openBoard();
    await plant(setting, { name: 'over', endsIn: -5 });
    await plant(setting, { name: 'last', endsIn: 24 });
    await plant(setting, { name: 'not yet', endsIn: 24.01 });
    const rows = rowsIn(await boardOf(setting));
    expect(rows.map((row) => row.includes('Last day'))).toEqual([true, true, false]);
    expect(rows[0]).toContain('over since');
  });
});

describe('Whether a run is alive', () => {
  it('is asked of Step Functions: one that is over is not said to be at work', async () => {
    const setting = await openBoard();
    await plant(setting, { endsIn: 100, run: 'over' });
    const [row] = rowsIn(await boardOf(setting));
    expect(row).toContain('No run at work');
    expect(row).toContain('it was left in its window. Numbers in the deletion queue go all the same');
    expect(row).toContain('Resume it, or restore it.');
  });

  it('is doubted for an hour where Step Functions does not know it yet, and no longer', async () => {
    const setting = await openBoard();
    const fresh = new Date(setting.clock.now().getTime() - 59 * 60_000).toISOString();
    await plant(setting, { name: 'New', phase: 'releasing', run: 'unheard', holderSince: fresh });
    await plant(setting, { name: 'Lost', phase: 'releasing', run: 'unheard' });
    const rows = rowsIn(await boardOf(setting));
    expect(rows.map((row) => [row.split(' ')[0], row.includes('No run at work')])).toEqual([
      ['Lost', true],
      ['New', false],
    ]);
  });

  it('is plain where nobody holds the teardown, whatever its phase says', async () => {
    const setting = await openBoard();
    await plant(setting, { phase: 'releasing', run: 'none' });
    expect(rowsIn(await boardOf(setting))[0]).toContain('No run at work');
    expect(setting.wire.calls.filter(({ operation }) => operation === 'GetItem')).toEqual([]);
  });

  it('is looked up again where the run has closed its teardown meanwhile', async () => {
    const setting = await openBoard();
    const id = await plant(setting, { phase: 'deleting' });
    const endedAt = setting.clock.now().toISOString();
    const closing = await withStates(setting, async (executionArn) => {
      await closeTeardown(connectLedger(setting.edge))(id, executionArn, { phase: 'deleted', endedAt });
      return { status: 200, body: { executionArn, status: 'SUCCEEDED' } };
    });
    const page = await boardOf(closing);
    expect(rowsIn(page)[0]).toContain('Deleted');
    expect(textOf(page)).toContain('1 finished in the last 7 days');
  });

  it.each([
    ['throttled', 400, 'ThrottlingException'],
    ['out of order', 500, 'InternalServerError'],
    ['forbidden', 400, 'AccessDeniedException'],
  ])('is said to be not known where Step Functions is %s', async (_, status, type) => {
    const setting = await openBoard();
    await plantMany(setting, 30, () => ({ endsIn: 100 }));
    let asked = 0;
    const broken = await withStates(setting, async () => {
      asked += 1;
      return { status, body: { __type: type } };
    });
    const rows = rowsIn(await boardOf(broken));
    expect(rows).toHaveLength(30);
    for (const row of rows) expect(row).toContain('whether its run is alive is not known');
    if (type === 'ThrottlingException') expect(asked).toBeLessThan(25);
  });

  it('is asked of 50 at one look, those whose numbers go first', async () => {
    const setting = await openBoard();
    await plantMany(setting, 60, (i) => ({ endsIn: 30 + i, run: 'over' }));
    const page = await boardOf(setting);
    expect(textOf(page)).toMatch(/^50 in trouble 10 under way/);
    expect(
      rowsIn(page)
        .slice(50)
        .every((row) => row.includes('is not known')),
    ).toBe(true);
  });
});

async function namesOf(setting: Setting): Promise<string[]> {
  return rowsIn(await boardOf(setting)).map((row) => row.replace(/ (?:connector|[a-z]+-\d).*$/, ''));
}
