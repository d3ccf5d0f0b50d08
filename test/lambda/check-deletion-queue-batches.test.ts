import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/check-deletion-queue.ts';
import type { NumberState } from '../../lambda/ledger/teardown.ts';
import { rewrite } from './restore-setting.ts';
import { at, reply, run, script } from './setting.ts';
import { begin, openSetting } from './teardown-setting.ts';

const week = 7 * 86_400_000;

describe('Numbers that somebody has taken back before', () => {
  it('are none that the check is about', async () => {
    const { setting, begun, check } = await open(12, 12);
    setting.chime.state.restore(at(begun.e164s, 3));
    await rewrite(setting, begun, (number, i) => (i === 3 ? { ...number, state: 'reclaimed' } : number));
    await setting.clock.sleep(week);
    expect(await check()).toMatchObject({ verdict: 'gone', gone: 11, reclaimed: 0 });
  });
});

describe('The number of a batch that is asked for before the batch is believed to be gone', () => {
  it.each<[string, readonly NumberState[], number | undefined]>([
    ['is one that was in the queue', ['gone', 'gone', 'queued', 'queued', 'queued', 'queued'], 2],
    ['is one that was gone, where none was in the queue', Array<NumberState>(6).fill('gone'), 0],
    ['is none, where all of it was taken back', Array<NumberState>(6).fill('reclaimed'), undefined],
  ])('%s', async (_which, states, asked) => {
    const { setting, begun, check } = await open(12, 6);
    await rewrite(setting, begun, (number, i) => ({ ...number, state: at(states, i) }));
    await setting.clock.sleep(week);
    await check();
    const reads = setting.chime.requests.filter(({ operation }) => operation === 'GetPhoneNumber');
    const expected = [asked, 6].flatMap((i) => (i === undefined ? [] : [[at(begun.e164s, i)]]));
    expect(reads.map(({ target }) => target)).toEqual(expected);
  });
});

describe('Before the numbers of many batches are believed to be gone', () => {
  it.each([
    [undefined, [0, 6, 12, 18, 24]],
    [false, [0, 6, 12, 18, 24]],
    [true, [0, 12, 24]],
  ])('where the list has shown them in the queue (%s), these are read: %j', async (isListed, asked) => {
    const { setting, begun, check } = await open(30, 6, isListed);
    await setting.clock.sleep(week);
    expect(await check()).toMatchObject({ verdict: 'gone', gone: 30 });
    const reads = setting.chime.requests.filter(({ operation }) => operation === 'GetPhoneNumber');
    expect(reads.map(({ target }) => target)).toEqual(asked.map((i) => [at(begun.e164s, i)]));
  });

  it.each([true, false])(
    'one that is read and still there has all of them read (listed: %s)',
    async (isListed) => {
      const { setting, begun, check } = await open(30, 6, isListed);
      await setting.clock.sleep(week / 2);
      const empty = reply({ PhoneNumbers: [] });
      setting.chime.faults.set(script('ListPhoneNumbers', empty, empty, empty, empty, empty));
      expect(await check()).toMatchObject({ verdict: 'stillQueued', stillQueued: 30 });
      expect(setting.chime.calls().GetPhoneNumber).toBe(31);
      expect(begun.e164s).toHaveLength(30);
    },
  );

  it('the ledger is read by two batches at a time', async () => {
    const { setting, check } = await open(30, 6);
    await setting.clock.sleep(week);
    await check();
    const pages = setting.wire.calls.filter(({ operation }) => operation === 'Query');
    expect(pages).toHaveLength(3);
  });
});

async function open(numbers: number, batchSize: number, isListed?: boolean) {
  const setting = await openSetting();
  const begun = await begin(setting, { numbers, state: 'queued', batchSize });
  const endsAt = new Date(setting.clock.now().getTime() + week).toISOString();
  const state = { ...begun.inspected, window: { endsAt, isListed } } as Parameters<
    ReturnType<typeof connect>
  >[0];
  return { setting, begun, check: () => run(setting, connect, state) };
}
