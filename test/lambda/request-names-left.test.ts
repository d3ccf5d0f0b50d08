import { describe, expect, it } from '@jest/globals';
import { connectChime } from '../../lambda/chime/client.ts';
import { getNumber, requestNames as request } from '../../lambda/chime/numbers.ts';
import { connectLedger, readBatch, saveBatch } from '../../lambda/ledger/ledger.ts';
import { connect, requestNames } from '../../lambda/request-names.ts';
import type { ChimeSwitches } from '../../local/chime/switches.ts';
import { bringBack, rewrite } from './restore-setting.ts';
import { at, errorOf, run } from './setting.ts';
import { batchOf, openSetting, writes } from './teardown-setting.ts';

const operation = 'BatchUpdatePhoneNumber';

describe('Asking for lost names', () => {
  it('leaves a number alone that has lost none, beside one that has', async () => {
    const { setting, restoring, ask } = await open(2);
    await rewrite(setting, restoring, ({ lost = [], ...number }, i) =>
      i === 0 ? { ...number, lost } : number,
    );
    const [, before] = (await batchOf(setting, restoring)).numbers;
    await ask();
    const [asked, after] = (await batchOf(setting, restoring)).numbers;
    expect(asked).toMatchObject({ requested: ['name'] });
    expect(after).toStrictEqual(before);
  });

  it('is not ended by a number that is gone from the account: its name stays lost', async () => {
    for (const emptyErrors of ['list', 'absent'] as const) {
      const { setting, restoring, ask } = await open(2, { emptyErrors });
      setting.chime.state.removeNumber(at(restoring.e164s, 0));
      await ask();
      const { numbers } = await batchOf(setting, restoring);
      expect(numbers.map(({ lost }) => lost)).toEqual([['name'], undefined]);
    }
  });

  it('asks once for what the service refuses for good, and writes nothing then', async () => {
    const { setting, restoring, ask } = await open(1);
    const e164 = at(restoring.e164s, 0);
    setting.chime.faults.set({ permanent: [{ operation, e164, code: 'Forbidden', message: 'No.' }] });
    const before = setting.wire.calls.length;
    await ask();
    expect(setting.chime.calls()[operation]).toBe(1);
    expect(writes(setting, before)).toEqual(['teardown']);
  });

  it('asks once and reads once for a single number, where the answer has no list of errors', async () => {
    const { setting, ask } = await open(1, { emptyErrors: 'absent' });
    await ask();
    expect(setting.chime.calls()).toMatchObject({ [operation]: 1, GetPhoneNumber: 1 });
  });

  it('makes one call however little time there is, and comes back for the rest', async () => {
    const { setting, restoring } = await open(60);
    const error = await errorOf(withoutTime(setting)(restoring.batch));
    expect(error).toMatchObject({
      name: 'BatchUnfinished',
      message: 'There was no time to ask for every name; the rest follows.',
    });
    expect(setting.chime.requests.map(({ target }) => target.length)).toEqual([50]);
    const { numbers } = await batchOf(setting, restoring);
    expect(numbers.filter(({ lost }) => lost !== undefined)).toHaveLength(10);
  });
});

/** Numbers that are on the connector again, each of which has lost its name. */
async function open(numbers: number, switches: Partial<ChimeSwitches> = {}) {
  const setting = await openSetting({ switches });
  const restoring = await bringBack(setting, { numbers, state: 'attached' });
  await rewrite(setting, restoring, (number, i) => ({ ...number, name: `Desk ${i}`, lost: ['name'] }));
  return { setting, restoring, ask: () => run(setting, connect, restoring.batch) };
}

/** The step in a function whose time is up. */
function withoutTime({ edge }: Awaited<ReturnType<typeof open>>['setting']) {
  const [client, table] = [connectChime(edge), connectLedger(edge)];
  return requestNames({
    chime: { requestNames: request(client), getNumber: getNumber(client) },
    ledger: { readBatch: readBatch(table), saveBatch: saveBatch(table) },
    clock: edge.clock,
    lock: async () => edge.clock.now(),
  });
}
