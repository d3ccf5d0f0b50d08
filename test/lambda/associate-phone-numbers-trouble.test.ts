import { describe, expect, it } from '@jest/globals';
import { retriable } from '../../lambda/errors.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { onConnector, openAssociation } from './restore-setting.ts';
import { at, digitsOfANumber, errorOf, refusing, reply, script } from './setting.ts';
import { batchOf, statesOf } from './teardown-setting.ts';

const operation = 'AssociatePhoneNumbersWithVoiceConnector';

describe('An answer that does not account for the numbers', () => {
  it('is not believed where nothing has happened', async () => {
    const { setting, restoring, associate } = await openAssociation({ numbers: 3 });
    setting.chime.faults.set(script(operation, reply('')));
    expect((await errorOf(associate())).name).toBe('NotYetRestored');
    expect(await statesOf(setting, restoring)).toEqual(['unassigned', 'unassigned', 'unassigned']);
    expect(await batchOf(setting, restoring)).toHaveProperty('begunAt');
    await associate();
    expect(onConnector(setting, restoring)).toEqual([true, true, true]);
  });

  it.each([true, false])(
    'but names a stranger has every number looked at (carried out: %p)',
    async (carriedOut) => {
      const { setting, restoring, associate } = await openAssociation({ numbers: 3 });
      const muddled = { PhoneNumberErrors: [{ PhoneNumberId: '+12065559999', ErrorCode: 'Throttled' }] };
      setting.chime.faults.set(script(operation, reply(muddled, carriedOut)));
      const ended = await associate().catch((error: Error) => error.name);
      expect(ended).toBe(carriedOut ? undefined : 'NotYetRestored');
      const state = carriedOut ? 'attached' : 'unassigned';
      expect(await statesOf(setting, restoring)).toEqual([state, state, state]);
    },
  );

  it.each(switchPositions.repeatedAssociation)(
    'because it was lost on the way is asked for again (%s)',
    async (repeatedAssociation) => {
      const { setting, restoring, associate } = await openAssociation(
        { numbers: 3 },
        { repeatedAssociation },
      );
      setting.chime.faults.set(script(operation, 'replyLost'));
      await associate();
      expect(await statesOf(setting, restoring)).toEqual(['attached', 'attached', 'attached']);
    },
  );
});

describe('A number that the service does not take', () => {
  it.each(['ReleaseFailed', 'DeleteFailed'] as const)(
    'because it is in the queue, and stuck there (%s), is to be taken out first',
    async (status) => {
      const { setting, restoring, associate } = await openAssociation({ numbers: 2 });
      setting.chime.state.queue(at(restoring.e164s, 0));
      setting.chime.state.setStatus(at(restoring.e164s, 0), status);
      await associate();
      expect(await statesOf(setting, restoring)).toEqual(['queued', 'attached']);
    },
  );

  it.each(['Throttled', 'Throttling', 'ServiceFailure', 'ServiceUnavailable'] as const)(
    'for a passing reason (%s) is left for the next run, which takes only that one',
    async (code) => {
      const { setting, restoring, associate } = await openAssociation({ numbers: 3 });
      setting.chime.faults.set(refusing(operation, at(restoring.e164s, 1), code));
      const error = await errorOf(associate());
      expect(error.name).toBe('BatchUnfinished');
      expect(retriable.throttling).toContain(error.name);
      expect(await statesOf(setting, restoring)).toEqual(['attached', 'unassigned', 'attached']);
      setting.chime.faults.set({});
      await associate();
      expect(at(setting.chime.requests, -1).target.slice(1)).toEqual([at(restoring.e164s, 1)]);
      expect(onConnector(setting, restoring)).toEqual([true, true, true]);
    },
  );

  it.each(['AccessDenied', 'Forbidden', 'Unauthorized', 'ResourceLimitExceeded', 'Validation'] as const)(
    "for good (%s) is recorded with the service's code and masked message; the others go on",
    async (code) => {
      const { setting, restoring, associate } = await openAssociation({ numbers: 3 });
      setting.chime.faults.set(refusing(operation, at(restoring.e164s, 1), code));
      await associate();
      const { numbers } = await batchOf(setting, restoring);
      expect(numbers.map(({ state, failure }) => [state, failure])).toEqual([
        ['attached', undefined],
        ['unassigned', { code, message: 'Number …0101 is refused.' }],
        ['attached', undefined],
      ]);
    },
  );

  it.each(['BadRequest', 'Conflict', 'PhoneNumberAssociationsExist', 'PreconditionFailed'] as const)(
    'and shows as unassigned (%s) is tried for five minutes before that is believed',
    async (code) => {
      const { setting, restoring, associate } = await openAssociation({ numbers: 2 });
      setting.chime.faults.set(refusing(operation, at(restoring.e164s, 0), code));
      const error = await errorOf(associate());
      expect(error).toMatchObject({
        name: 'NotYetRestored',
        message: `The service does not associate number …0100 yet: ${code}, Number …0100 is refused.`,
      });
      expect(error.stack).not.toMatch(digitsOfANumber);
      for (let looks = 2; looks <= 8; looks += 1) await errorOf(associate());
      await setting.clock.sleep(5 * 60_000);
      await associate();
      const { numbers } = await batchOf(setting, restoring);
      expect(numbers[0]).toMatchObject({ state: 'unassigned', failure: { code } });
    },
  );
});

describe('A call that fails in the middle of a batch', () => {
  it.each([
    ['AccessDeniedException', { status: 403, code: 'AccessDenied', message: 'Not +12065550150.' }],
    ['ThrottledClientException', 'throttle'],
  ] as const)('(%s) ends the run, and what was done before is saved', async (name, fault) => {
    const { setting, restoring, associate } = await openAssociation({ numbers: 120 });
    setting.chime.faults.set({
      script: [2, 3, 4, 5, 6, 7].map((nth) => ({ operation, nth, fault })),
    });
    const error = await errorOf(associate());
    expect(error.name).toBe(name);
    expect(error.message).not.toMatch(digitsOfANumber);
    expect((await statesOf(setting, restoring)).filter((state) => state === 'attached')).toHaveLength(50);
    setting.chime.faults.set({});
    await associate();
    expect(setting.chime.state.numbersOn(restoring.voiceConnectorId)).toBe(120);
  });
});
