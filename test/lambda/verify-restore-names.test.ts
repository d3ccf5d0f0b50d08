import { describe, expect, it } from '@jest/globals';
import type { LedgerNumber } from '../../lambda/ledger/teardown.ts';
import { nothing, openVerification, rewrite, untouch } from './restore-setting.ts';
import { at, changes } from './setting.ts';
import { batchOf } from './teardown-setting.ts';

const names = { name: 'Desk', callingName: 'Acme' };

describe('A number that is on the connector again', () => {
  it('and shows the names that it had owes none, whatever was noted', async () => {
    const { verify, numbers } = await open(names, { lost: ['name'], requested: ['callingName'] });
    expect(await verify()).toMatchObject({ verdict: 'restored', counts: { ...nothing, restored: 2 } });
    const [number] = await numbers();
    expect(number).not.toHaveProperty('lost');
    expect(number).not.toHaveProperty('requested');
  });

  it('without a name that it had, and that nobody has noted as lost, goes round once more, to have it asked for', async () => {
    const { setting, verify, numbers } = await open({ name: 'Desk' });
    expect(await verify()).toMatchObject({ verdict: 'notYet', batches: [0] });
    expect((await numbers())[0]).toMatchObject({ state: 'attached', lost: ['callingName'] });
    expect(changes(setting.chime)).toEqual([]);
  });

  it('that does not show yet what was asked for is told by count, and holds nothing up', async () => {
    const { verify, numbers } = await open({}, { requested: ['name', 'callingName'] });
    expect(await verify()).toEqual({
      ...{ verdict: 'restored', looks: 1 },
      counts: { ...nothing, restored: 2, namesRequested: 1 },
    });
    expect((await numbers())[0]).toMatchObject({ requested: ['name', 'callingName'] });
  });

  it('whose name the service has not taken is told by count, and never turns a restore red', async () => {
    const { verify, numbers } = await open({ name: 'Desk' }, { lost: ['callingName'] });
    expect(await verify()).toEqual({
      ...{ verdict: 'restored', looks: 1 },
      counts: { ...nothing, restored: 2, namesRefused: 1 },
    });
    expect((await numbers())[0]).toMatchObject({ lost: ['callingName'] });
  });

  it('and has another name by now has the one that somebody gave it', async () => {
    const { verify, numbers } = await open({ name: 'Lobby', callingName: 'Acme' });
    expect(await verify()).toMatchObject({ verdict: 'restored', counts: { ...nothing, restored: 2 } });
    expect((await numbers())[0]).toMatchObject({ name: 'Desk' });
  });

  it('and of which nothing was ever touched is as somebody left it', async () => {
    const { setting, restoring, verify } = await open({});
    await untouch(setting, restoring);
    expect(await verify()).toMatchObject({ verdict: 'restored', counts: { ...nothing, restored: 2 } });
  });
});

/** Two numbers on the connector; the first was named by the ledger, and is shown with these names now. */
async function open(
  shown: { name?: string; callingName?: string },
  known: Pick<LedgerNumber, 'lost' | 'requested'> = {},
) {
  const opened = await openVerification({ numbers: 2, state: 'attached' });
  const { setting, restoring } = opened;
  await rewrite(setting, restoring, (number, i) => (i === 0 ? { ...number, ...names, ...known } : number));
  setting.chime.state.rename(at(restoring.e164s, 0), shown);
  return { ...opened, numbers: async () => (await batchOf(setting, restoring)).numbers };
}
