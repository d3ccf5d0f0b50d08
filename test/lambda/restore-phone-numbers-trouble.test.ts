import { describe, expect, it } from '@jest/globals';
import { retriable } from '../../lambda/errors.ts';
import type { FaultPlan } from '../../local/chime/faults.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { openRestore, type Restoring } from './restore-setting.ts';
import { at, changes, digitsOfANumber, errorOf, refusing, reply, script } from './setting.ts';
import { batchOf, statesOf, writes } from './teardown-setting.ts';

const operation = 'RestorePhoneNumber';
const minute = 60_000;

describe('A throttle half-way', () => {
  it('ends the run with what was done before on record; the next one takes only the rest', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 70 });
    setting.chime.faults.set(fromThe(61, 6, 'throttle'));
    expect((await errorOf(restoreThem())).name).toBe('ThrottledClientException');
    const states = await statesOf(setting, restoring);
    expect(states.filter((state) => state === 'unassigned')).toHaveLength(60);
    const requests = setting.chime.requests.length;
    await restoreThem();
    expect(setting.chime.requests.slice(requests).flatMap(({ target }) => target)).toEqual(
      restoring.e164s.slice(60),
    );
    expect(new Set(await statesOf(setting, restoring))).toEqual(new Set(['unassigned']));
  });

  it('of the reads is no different', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 3 });
    setting.chime.state.restore(at(restoring.e164s, 1));
    setting.chime.faults.set({ throttle: 1, only: ['GetPhoneNumber'] });
    expect((await errorOf(restoreThem())).name).toBe('ThrottledClientException');
    expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'queued', 'queued']);
  });

  it('writes nothing but that it has begun where nothing was done', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 1 });
    setting.chime.faults.set({ throttle: 1 });
    await errorOf(restoreThem());
    const before = setting.wire.calls.length;
    await errorOf(restoreThem());
    expect(writes(setting, before)).toEqual(['teardown']);
    expect(await statesOf(setting, restoring)).toEqual(['queued']);
  });

  it.each(['replyLost', 'connectionReset', 'serviceFailure'] as const)(
    'or other trouble (%s) that the call gets over by itself is no matter',
    async (fault) => {
      const { setting, restoring, restoreThem } = await openRestore({ numbers: 2 });
      setting.chime.faults.set(script(operation, fault));
      await restoreThem();
      expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'unassigned']);
    },
  );
});

describe('The time of the function', () => {
  it('is not used up: the run stops before, with its progress saved, and the next one does the rest', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 500 });
    // Each number takes its call about 1 s: five throttles, and the slowest pace after them.
    const throttles = Array.from({ length: 3_000 }, (_, i) => i + 1).filter((nth) => nth % 6 !== 0);
    setting.chime.faults.set({
      script: throttles.map((nth) => ({ operation, nth, fault: 'throttle' as const })),
    });
    const error = await errorOf(restoreThem());
    expect(error).toMatchObject({
      name: 'BatchUnfinished',
      message: expect.stringMatching(/^[23]\d\d of 500 numbers are restored; the rest follows\.$/),
    });
    expect(retriable.throttling).toContain(error.name);
    expect(setting.clock.elapsedSeconds).toBeGreaterThan(240);
    expect(setting.clock.elapsedSeconds).toBeLessThan(300);
    const states = await statesOf(setting, restoring);
    const restored = states.filter((state) => state === 'unassigned').length;
    expect(error.message).toMatch(new RegExp(`^${restored} of 500`));
    setting.chime.faults.set({});
    await restoreThem();
    expect(new Set(await statesOf(setting, restoring))).toEqual(new Set(['unassigned']));
  });
});

describe('A service that has not caught up with what it was told', () => {
  const cases = switchPositions.restoreSeconds
    .filter((restoreSeconds) => restoreSeconds > 0)
    .flatMap((restoreSeconds) =>
      switchPositions.restoreNotQueued.map((restoreNotQueued) => ({ restoreSeconds, restoreNotQueued })),
    );

  it.each(cases)('is given time, and asked again (%j)', async (switches) => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 3 }, { switches });
    const error = await errorOf(restoreThem());
    expect(error).toMatchObject({
      name: 'NotYetRestored',
      message: 'The service still shows 3 restored numbers in the deletion queue.',
    });
    expect(retriable.notYetConverged).toContain(error.name);
    expect(await batchOf(setting, restoring)).toMatchObject({ waitingSince: '2026-01-05T09:00:00.000Z' });
    await setting.clock.sleep(switches.restoreSeconds * 1_000 - 1);
    expect((await errorOf(restoreThem())).name).toBe('NotYetRestored');
    expect(await batchOf(setting, restoring)).toMatchObject({ waitingSince: '2026-01-05T09:00:00.000Z' });
    await setting.clock.sleep(1);
    await restoreThem();
    expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'unassigned', 'unassigned']);
    expect(await batchOf(setting, restoring)).not.toHaveProperty('waitingSince');
  });

  it('does not keep the other numbers from being restored, and these are saved', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 3 });
    setting.chime.faults.set(script(operation, unchanged(restoring, 0)));
    expect((await errorOf(restoreThem())).message).toContain('still shows 1 restored number in the');
    expect(await statesOf(setting, restoring)).toEqual(['queued', 'unassigned', 'unassigned']);
    await restoreThem();
    expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'unassigned', 'unassigned']);
  });

  it.each([
    ['silent', 'Unconfirmed', 'The service accepted it, and shows no effect.'],
    ['BadRequest', 'BadRequest', 'restoring number …0100: Phone number …0100 is not in the deletion queue.'],
    ['NotFound', 'NotFound', 'restoring number …0100: Phone number …0100 is not in the deletion queue.'],
  ] as const)(
    'is believed after ten minutes (asked again, it answers: %s)',
    async (restoreNotQueued, code, message) => {
      const switches = { restoreSeconds: 3_600, restoreNotQueued };
      const { setting, restoring, restoreThem } = await openRestore({ numbers: 1 }, { switches });
      expect((await errorOf(restoreThem())).name).toBe('NotYetRestored');
      await setting.clock.sleep(10 * minute - 1);
      for (let looks = 2; looks <= 8; looks += 1)
        expect((await errorOf(restoreThem())).name).toBe('NotYetRestored');
      await setting.clock.sleep(1);
      await restoreThem();
      const { numbers, waitingSince } = await batchOf(setting, restoring);
      expect(numbers[0]).toMatchObject({ state: 'queued', failure: { code, message } });
      expect(waitingSince).toBeUndefined();
    },
  );

  it('is waited for from the first time on, whatever happens in between', async () => {
    const { setting, restoring, restoreThem } = await openRestore(
      { numbers: 2 },
      { switches: { restoreSeconds: 3_600 } },
    );
    expect((await errorOf(restoreThem())).name).toBe('NotYetRestored');
    setting.chime.faults.set({ throttle: 1, only: [operation] });
    expect((await errorOf(restoreThem())).name).toBe('ThrottledClientException');
    expect(await batchOf(setting, restoring)).toMatchObject({ waitingSince: '2026-01-05T09:00:00.000Z' });
  });

  it('does not have the batch written once more for each number that it is waited for', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 60 });
    const late = Array.from({ length: 10 }, (_, i) => ({
      ...{ operation, nth: 51 + i, fault: unchanged(restoring, 50 + i) },
    }));
    setting.chime.faults.set({ script: late } as FaultPlan);
    const before = setting.wire.calls.length;
    expect((await errorOf(restoreThem())).name).toBe('NotYetRestored');
    const batch = `batch#${restoring.batch.generation}#000000`;
    expect(writes(setting, before)).toEqual(['teardown', batch, batch, batch]);
  });
});

describe('A number that the service refuses for good', () => {
  it.each(switchPositions.errorHeader)(
    "is recorded with the service's code and masked message; the others go on (error header %s)",
    async (errorHeader) => {
      const { setting, restoring, restoreThem } = await openRestore(
        { numbers: 3 },
        { switches: { errorHeader } },
      );
      setting.chime.faults.set(refusing(operation, at(restoring.e164s, 1), 'Forbidden'));
      await restoreThem();
      const { numbers } = await batchOf(setting, restoring);
      expect(numbers.map(({ state, failure }) => [state, failure])).toEqual([
        ['unassigned', undefined],
        ['queued', { code: 'Forbidden', message: 'restoring number …0101: Number …0101 is refused.' }],
        ['unassigned', undefined],
      ]);
      const requests = setting.chime.requests.length;
      await restoreThem();
      expect(setting.chime.requests).toHaveLength(requests);
    },
  );

  it('with BadRequest, and is in the queue as before, is tried for ten minutes before that is believed', async () => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 2 });
    setting.chime.faults.set(refusing(operation, at(restoring.e164s, 0), 'BadRequest'));
    expect((await errorOf(restoreThem())).name).toBe('NotYetRestored');
    expect(await statesOf(setting, restoring)).toEqual(['queued', 'unassigned']);
    for (let looks = 2; looks <= 8; looks += 1) await errorOf(restoreThem());
    await setting.clock.sleep(10 * minute);
    await restoreThem();
    expect((await batchOf(setting, restoring)).numbers[0]).toMatchObject({
      state: 'queued',
      failure: { code: 'BadRequest', message: 'restoring number …0100: Number …0100 is refused.' },
    });
  });
});

describe('An inventory that is full', () => {
  it.each(switchPositions.errorHeader)(
    'stops the batch at once, and says which quota that is (error header %s)',
    async (errorHeader) => {
      const { setting, restoring, restoreThem } = await openRestore(
        { numbers: 5 },
        { switches: { errorHeader } },
      );
      setting.chime.faults.set(refusing(operation, at(restoring.e164s, 2), 'ResourceLimitExceeded'));
      await restoreThem();
      expect(await statesOf(setting, restoring)).toEqual([
        ...['unassigned', 'unassigned'],
        ...['queued', 'queued', 'queued'],
      ]);
      expect(setting.chime.calls()[operation]).toBe(3);
      const { numbers } = await batchOf(setting, restoring);
      const failure = {
        code: 'ResourceLimitExceeded',
        message:
          'the phone number inventory is full: have the quota "Provisioned phone numbers" (L-32405DBA) of Amazon ' +
          'Chime SDK raised in Service Quotas, or release other numbers; then restore again',
      };
      expect(numbers.map((number) => number.failure)).toEqual([
        ...[undefined, undefined],
        ...[failure, failure, failure],
      ]);
    },
  );

  it('says nothing of a number that the service has accepted before, and does not show yet', async () => {
    const { setting, restoring, restoreThem } = await openRestore(
      { numbers: 3 },
      { switches: { restoreSeconds: 20 } },
    );
    setting.chime.faults.set(refusing(operation, at(restoring.e164s, 1), 'ResourceLimitExceeded'));
    expect((await errorOf(restoreThem())).name).toBe('NotYetRestored');
    await setting.clock.sleep(20_000);
    await restoreThem();
    const { numbers } = await batchOf(setting, restoring);
    expect(numbers.map(({ state, failure }) => [state, failure?.code])).toEqual([
      ['unassigned', undefined],
      ['queued', 'ResourceLimitExceeded'],
      ['queued', 'ResourceLimitExceeded'],
    ]);
  });
});

describe('A refusal that concerns the caller', () => {
  it.each([
    ['AccessDenied', 403, 'AccessDeniedException'],
    ['Unauthorized', 401, 'UnauthorizedClientException'],
  ])('(%s) ends the run, with what was done before on record', async (code, status, name) => {
    const { setting, restoring, restoreThem } = await openRestore({ numbers: 4 });
    const fault = { status, code, message: 'No right to +12065550102.' };
    setting.chime.faults.set(fromThe(3, 1, fault));
    const error = await errorOf(restoreThem());
    expect(error).toMatchObject({ name, message: 'restoring number …0102: No right to …0102.' });
    expect(Object.values(retriable).flat()).not.toContain(name);
    expect(error.stack).not.toMatch(digitsOfANumber);
    expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'unassigned', 'queued', 'queued']);
    expect(changes(setting.chime)).toHaveLength(3);
  });
});

/** The same fault at several requests in a row, from the `nth` on. */
function fromThe(
  nth: number,
  times: number,
  fault: NonNullable<FaultPlan['script']>[number]['fault'],
): FaultPlan {
  return { script: Array.from({ length: times }, (_, i) => ({ operation, nth: nth + i, fault })) };
}

/** The answer to a restore that has no effect: the number is shown in the queue as before. */
function unchanged({ e164s }: Restoring, index: number) {
  const e164 = at(e164s, index);
  return reply({ PhoneNumber: { PhoneNumberId: e164, E164PhoneNumber: e164, Status: 'ReleaseInProgress' } });
}
