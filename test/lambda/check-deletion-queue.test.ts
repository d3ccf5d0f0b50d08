import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/check-deletion-queue.ts';
import { type ChimeSwitches, switchPositions } from '../../local/chime/switches.ts';
import { at, changes, errorOf, reply, run, script } from './setting.ts';
import { begin, openSetting, teardownOf, writes } from './teardown-setting.ts';

const hour = 3_600_000;
const day = 24 * hour;
const nothing = { gone: 0, stillQueued: 0, reclaimed: 0, stuck: 0 };
const emptyLists = Array.from({ length: 5 }, () => reply({ PhoneNumbers: [] }));

describe('The numbers are gone', () => {
  it.each(switchPositions.queuedListed)(
    'when the seven days are over and the service knows none (queued ones listed: %s)',
    async (queuedListed) => {
      const { setting, check } = await open(120, { queuedListed });
      await setting.clock.sleep(7 * day);
      expect(await check()).toEqual({ ...nothing, verdict: 'gone', gone: 120 });
    },
  );

  it('as far as the lists say, and one number of every batch is asked for before that is believed', async () => {
    const { setting, check } = await open(120, {}, 50);
    await setting.clock.sleep(7 * day);
    await check();
    expect(setting.chime.calls()).toMatchObject({ ListPhoneNumbers: 5, GetPhoneNumber: 3 });
    const asked = setting.chime.requests.filter(({ operation }) => operation === 'GetPhoneNumber');
    expect(asked.map(({ target }) => target)).toEqual([['+12065550100'], ['+12065550150'], ['+12065550200']]);
  });

  it('only if that one number is: otherwise every number is asked for', async () => {
    const { setting, check } = await open(20, {});
    setting.chime.faults.set(script('ListPhoneNumbers', ...emptyLists));
    expect(await check()).toEqual({ ...nothing, verdict: 'stillQueued', stillQueued: 20 });
  });

  it('only if that one number is, also where the lists show an outdated one', async () => {
    const { setting, begun, check } = await open(20, {});
    const e164 = at(begun.e164s, 7);
    setting.chime.state.removeNumber(e164);
    const outdated = { PhoneNumberId: e164, E164PhoneNumber: e164, Status: 'Unassigned' };
    setting.chime.faults.set(
      script('ListPhoneNumbers', reply({ PhoneNumbers: [outdated] }), ...emptyLists.slice(1)),
    );
    expect(await check()).toEqual({ ...nothing, verdict: 'stillQueued', gone: 1, stillQueued: 19 });
  });

  it.each(switchPositions.numberIdForm)(
    'is found number by number in an account with a large inventory (ids in the form "%s")',
    async (numberIdForm) => {
      const { setting, check } = await open(10, { numberIdForm });
      setting.chime.seedConnector({ numbers: 2_500, firstNumber: '13125550100' });
      await setting.clock.sleep(7 * day);
      expect(await check()).toEqual({ ...nothing, verdict: 'gone', gone: 10 });
      expect(setting.chime.calls().GetPhoneNumber).toBe(10);
      expect(setting.chime.calls().ListPhoneNumbers).toBeLessThanOrEqual(11);
    },
  );

  it('whatever else there is in the queue that is not of this plan', async () => {
    const { setting, check } = await open(20, {});
    await setting.clock.sleep(7 * day);
    const { e164s } = setting.chime.seedConnector({ numbers: 5 });
    for (const e164 of e164s) setting.chime.state.queue(e164);
    expect(await check()).toEqual({ ...nothing, verdict: 'gone', gone: 20 });
  });

  it('and is noted as such: whatever keeps the connector now, there is nothing left to take back', async () => {
    const { setting, begun, check } = await open(3, {});
    await check();
    expect(await teardownOf(setting, begun.voiceConnectorId)).not.toHaveProperty('goneAt');
    for (const e164 of begun.e164s) setting.chime.state.removeNumber(e164);
    await setting.clock.sleep(60_000);
    await check();
    expect(await teardownOf(setting, begun.voiceConnectorId)).toMatchObject({
      goneAt: '2026-01-05T09:01:00.000Z',
    });
  });

  it('and nothing but the lock is changed by finding out', async () => {
    const { setting, check } = await open(20, {});
    const before = setting.wire.calls.length;
    await check();
    expect(changes(setting.chime)).toEqual([]);
    expect(writes(setting, before)).toEqual(['teardown']);
  });
});

describe('The numbers are still queued', () => {
  it.each(
    switchPositions.queuedListed.flatMap((listed) => [3, 120].map((numbers) => [listed, numbers] as const)),
  )('within the seven days (queued ones listed: %s, %d numbers)', async (queuedListed, numbers) => {
    const { setting, check } = await open(numbers, { queuedListed });
    await setting.clock.sleep(7 * day - 1);
    expect(await check()).toEqual({ ...nothing, verdict: 'stillQueued', stillQueued: numbers });
  });

  it('by the status DeleteInProgress as well', async () => {
    const { setting, begun, check } = await open(20, {});
    setting.chime.state.setStatus(at(begun.e164s, 3), 'DeleteInProgress');
    expect(await check()).toEqual({ ...nothing, verdict: 'stillQueued', stillQueued: 20 });
  });

  it('until the service sweeps, which may be later', async () => {
    const { setting, check } = await open(20, { purgeLateHours: 30 });
    await setting.clock.sleep(7 * day + 29 * hour);
    expect((await check()).verdict).toBe('stillQueued');
    await setting.clock.sleep(hour);
    expect((await check()).verdict).toBe('gone');
  });

  it('partly, where some were swept and others not', async () => {
    const { setting, begun, check } = await open(20, {});
    for (const e164 of begun.e164s.slice(0, 12)) setting.chime.state.removeNumber(e164);
    expect(await check()).toEqual({ ...nothing, verdict: 'stillQueued', gone: 12, stillQueued: 8 });
  });

  it('for three days more than the window at most; then the run fails and says so', async () => {
    const { setting, begun, check } = await open(20, { purgeLateHours: 1_000 });
    await setting.clock.sleep(10 * day);
    expect((await check()).verdict).toBe('stillQueued');
    await setting.clock.sleep(1);
    expect(await errorOf(check())).toMatchObject({
      name: 'NumbersStillQueued',
      message:
        'More than three days after the window ended (2026-01-12T09:00:00.000Z), still in the deletion queue: ' +
        '20 of 20 numbers (…0100, …0101, …0102, …0103, …0104, and more). ' +
        `Connector ${begun.voiceConnectorId} is untouched.`,
    });
  });
});

describe('Somebody has taken numbers back', () => {
  it.each([3, 120])('out of the queue, of %d', async (numbers) => {
    const { setting, begun, check } = await open(numbers, {});
    setting.chime.state.restore(at(begun.e164s, 1));
    expect(await check()).toEqual({
      ...nothing,
      verdict: 'reclaimed',
      stillQueued: numbers - 1,
      reclaimed: 1,
      failure: {
        Error: 'NumbersReclaimed',
        Cause:
          `Somebody took back 1 of ${numbers} numbers (…0101): in use or in the inventory, and no longer in the ` +
          'deletion queue. Nothing more is touched; the connector stays.',
      },
    });
  });

  it('and onto a connector, also after the others are gone', async () => {
    const { setting, begun, check } = await open(120, {});
    setting.chime.state.associate(at(begun.e164s, 0), begun.voiceConnectorId);
    await setting.clock.sleep(7 * day);
    expect(await check()).toMatchObject({ verdict: 'reclaimed', gone: 119, reclaimed: 1 });
  });

  it('which weighs more than numbers that are stuck', async () => {
    const { setting, begun, check } = await open(120, {});
    setting.chime.state.restore(at(begun.e164s, 0));
    setting.chime.state.setStatus(at(begun.e164s, 1), 'ReleaseFailed');
    expect(await check()).toMatchObject({ verdict: 'reclaimed', reclaimed: 1, stuck: 1, stillQueued: 118 });
  });

  it('only if the number itself says so: a list may lag', async () => {
    const { setting, begun, check } = await open(120, {});
    const e164 = at(begun.e164s, 0);
    const outdated = { PhoneNumberId: e164, E164PhoneNumber: e164, Status: 'Unassigned' };
    setting.chime.faults.set({
      script: [{ operation: 'ListPhoneNumbers', nth: 1, fault: reply({ PhoneNumbers: [outdated] }) }],
    });
    expect(await check()).toMatchObject({ verdict: 'stillQueued', stillQueued: 120 });
  });
});

describe('The service has failed to release numbers', () => {
  it.each([
    ['ReleaseFailed', 3],
    ['ReleaseFailed', 120],
    ['DeleteFailed', 120],
  ] as const)('by the status %s, of %d', async (status, numbers) => {
    const { setting, begun, check } = await open(numbers, { queuedListed: 'byStatus' });
    setting.chime.state.setStatus(at(begun.e164s, 2), status);
    await setting.clock.sleep(7 * day);
    expect(await check()).toEqual({
      ...nothing,
      verdict: 'stuck',
      gone: numbers - 1,
      stuck: 1,
      failure: {
        Error: 'NumbersStuck',
        Cause:
          `The service failed to release 1 of ${numbers} numbers (status ReleaseFailed or DeleteFailed: …0102). ` +
          'Such numbers are still billed: ask AWS Support; the connector stays.',
      },
    });
  });
});

describe('The check', () => {
  it('fails with the error of the service where that does not answer', async () => {
    const { setting, check } = await open(20, {});
    setting.chime.faults.set({ throttle: 1 });
    expect((await errorOf(check())).name).toBe('ThrottledClientException');
  });
});

async function open(numbers: number, switches: Partial<ChimeSwitches>, batchSize = 500) {
  const setting = await openSetting({ switches });
  const begun = await begin(setting, { numbers, state: 'queued', batchSize });
  const window = { endsAt: '2026-01-12T09:00:00.000Z', queued: numbers, gone: 0 };
  return { setting, begun, check: () => run(setting, connect, { ...begun.inspected, window }) };
}
