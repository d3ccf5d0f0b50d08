import { describe, expect, it } from '@jest/globals';
import { connectLedger, openTeardown, saveBatch } from '../../lambda/ledger/ledger.ts';
import type { Batch, Teardown } from '../../lambda/ledger/teardown.ts';
import { connect } from '../../lambda/open-deletion-window.ts';
import { restoreCommand } from '../../lambda/words/commands.ts';
import { rewrite } from './restore-setting.ts';
import { at, errorOf, reply, run, script } from './setting.ts';
import {
  type Begun,
  batchesOf,
  begin,
  numberOf,
  openSetting,
  restoreMachine,
  type Setting,
  stranger,
  teardownOf,
} from './teardown-setting.ts';

const day = 24 * 3_600_000;

describe('The deletion window', () => {
  it('ends seven days after the last number was queued', async () => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 4, state: 'queued', batchSize: 2 });
    await change(setting, begun, 0, { queuedAt: '2026-01-05T10:30:00.000Z' });
    await setting.clock.sleep(86_400_000);
    expect(await run(setting, connect, begun.inspected)).toMatchObject({
      endsAt: '2026-01-12T10:30:00.000Z',
      queued: 4,
      gone: 0,
    });
    expect(await teardownOf(setting, begun.voiceConnectorId)).toMatchObject({
      phase: 'window',
      windowEndsAt: '2026-01-12T10:30:00.000Z',
    });
  });

  it('ends at a whole second, not before the seven days are over', async () => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 1, state: 'queued' });
    await change(setting, begun, 0, { queuedAt: '2026-01-05T10:30:00.001Z' });
    expect((await run(setting, connect, begun.inspected)).endsAt).toBe('2026-01-12T10:30:01.000Z');
  });

  it('ends at once where no number is in the queue', async () => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 2 });
    await change(setting, begun, 0, { numbers: begun.e164s.map((e164) => numberOf(setting, e164, 'gone')) });
    expect(await run(setting, connect, begun.inspected)).toMatchObject({
      endsAt: '2026-01-05T09:00:00.000Z',
      queued: 0,
      gone: 2,
      announcesLastDay: false,
    });
  });

  it('ends at the same moment when the step runs again', async () => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 2, state: 'queued' });
    const window = await run(setting, connect, begun.inspected);
    await setting.clock.sleep(3_600_000);
    expect(await run(setting, connect, begun.inspected)).toEqual(window);
  });

  it.each([
    [0, true],
    [6 * day - 1, true],
    [6 * day, false],
    [8 * day, false],
  ])('has a last day to announce unless that has begun (%d ms after the queueing)', async (ms, isToCome) => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 1, state: 'queued' });
    await setting.clock.sleep(ms);
    expect(await run(setting, connect, begun.inspected)).toMatchObject({
      endsAt: '2026-01-12T09:00:00.000Z',
      lastDayAt: '2026-01-11T09:00:00.000Z',
      announcesLastDay: isToCome,
    });
  });

  it('is announced with counts, its end, and the way back', async () => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 3, state: 'queued' });
    const { opened, lastDay } = await run(setting, connect, begun.inspected);
    for (const detail of [opened, lastDay]) {
      expect(detail).toMatchObject({
        ...{ workflow: 'teardown', voiceConnectorId: begun.voiceConnectorId, name: 'Trunk', phoneNumbers: 3 },
        ...{ phase: 'window', windowEndsAt: '2026-01-12T09:00:00.000Z' },
        counts: { queued: 3, unassigned: 0, attached: 0, gone: 0, reclaimed: 0 },
        commands: { restore: restoreCommand(restoreMachine, begun.voiceConnectorId) },
      });
    }
    expect(opened.message).toBe(
      `3 numbers of connector Trunk (${begun.voiceConnectorId}) are in the deletion queue, and calls have stopped. ` +
        'After 2026-01-12T09:00:00.000Z they are gone for good; until then a restore brings them back.',
    );
    expect(lastDay.message).toMatch(/^Last day for connector Trunk/);
  });

  it('is announced by who asked for the teardown, and why', async () => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 1, state: 'queued' });
    const teardown = await teardownOf(setting, begun.voiceConnectorId);
    const asked = { ...teardown, requestedBy: 'Ada', reason: 'Moved' } as Teardown & { holder: string };
    await openTeardown(connectLedger(setting.edge))(asked, [], asked.startedAt);
    const { opened, lastDay } = await run(setting, connect, begun.inspected);
    const asker = expect.objectContaining({ requestedBy: 'Ada', reason: 'Moved' });
    expect([opened, lastDay]).toEqual([asker, asker]);
  });

  it('knows from one look whether the service lists what is in the queue', async () => {
    for (const [state, isListed] of [
      ['queued', true],
      ['gone', false],
    ] as const) {
      const setting = await openSetting();
      const begun = await begin(setting, { numbers: 2, state: 'queued' });
      await rewrite(setting, begun, (number) => ({ ...number, state }));
      expect(await run(setting, connect, begun.inspected)).toMatchObject({ isListed });
      const looks = setting.chime.requests.map(({ operation }) => operation);
      expect(looks).toEqual(isListed ? ['ListPhoneNumbers'] : []);
    }
  });

  it.each([
    [
      'shows others in the queue',
      {
        PhoneNumbers: [{ PhoneNumberId: 'x', E164PhoneNumber: '+13125550100', Status: 'ReleaseInProgress' }],
      },
    ],
    ['shows none', { PhoneNumbers: [] }],
    ['is no list', {}],
  ])(
    'takes a list that %s for one that says nothing, and does not wait for a better one',
    async (_what, json) => {
      const setting = await openSetting();
      const begun = await begin(setting, { numbers: 2, state: 'queued' });
      setting.chime.faults.set(script('ListPhoneNumbers', reply(json)));
      expect(await run(setting, connect, begun.inspected)).toMatchObject({ isListed: false, queued: 2 });
      expect(setting.chime.requests).toHaveLength(1);
    },
  );

  it('is not kept from opening by a list that cannot be read', async () => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 2, state: 'queued' });
    const fault = { status: 403, code: 'Forbidden', message: 'No.' };
    setting.chime.faults.set(script('ListPhoneNumbers', fault));
    expect(await run(setting, connect, begun.inspected)).toMatchObject({ isListed: false, queued: 2 });
    expect(setting.log.join()).toContain('is not known');
  });
});

describe('The deletion window is not opened', () => {
  it('where numbers could not be released: how many, why, and where the others are', async () => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 6 });
    const states = ['attached', 'unassigned', 'unassigned', 'queued', 'queued', 'gone'] as const;
    const numbers = states.map((state, i) => ({
      ...numberOf(setting, at(begun.e164s, i), state),
      ...(i < 2 ? { failure: { code: 'Forbidden', message: `Number …010${i} is on hold.` } } : {}),
    }));
    await change(setting, begun, 0, { numbers });
    const error = await errorOf(run(setting, connect, begun.inspected));
    expect(error.name).toBe('NumbersNotReleased');
    expect(error.message).toBe(
      'Could not release 3 phone numbers: 2 × Forbidden (Number … is on hold.): …0100, …0101; ' +
        '1 × not tried to the end: …0102. 2 are in the deletion queue (1 were gone already), ' +
        `2 are unassigned and billed, 1 still attached; connector ${begun.voiceConnectorId} is untouched.`,
    );
    expect((await teardownOf(setting, begun.voiceConnectorId))?.phase).toBe('releasing');
  });

  it('and names no more than five numbers, by their last four digits', async () => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 400, batchSize: 100 });
    const { message } = await errorOf(run(setting, connect, begun.inspected));
    expect(message).toContain('400 × not tried to the end: …0100, …0101, …0102, …0103, …0104, and more.');
    expect(message).not.toMatch(/\+1\d{10}/);
  });

  it('by an execution that has lost the teardown to another', async () => {
    const setting = await openSetting();
    const begun = await begin(setting, { numbers: 1, state: 'queued', holder: stranger });
    expect((await errorOf(run(setting, connect, begun.inspected))).name).toBe('LockLost');
    expect((await teardownOf(setting, begun.voiceConnectorId))?.phase).toBe('releasing');
  });
});

async function change(setting: Setting, begun: Begun, batch: number, changes: Partial<Batch>): Promise<void> {
  const before = at(await batchesOf(setting, begun), batch);
  await saveBatch(connectLedger(setting.edge))({ ...begun.batch, batch }, { ...before, ...changes });
}
