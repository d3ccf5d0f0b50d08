import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/disassociate-phone-numbers.ts';
import { type ChimeSwitches, switchPositions } from '../../local/chime/switches.ts';
import { at, changes, errorOf, refusing, reply, run, script } from './setting.ts';
import { batchOf, begin, openSetting, statesOf, writes } from './teardown-setting.ts';

const operation = 'DisassociatePhoneNumbersFromVoiceConnector';

describe('Disassociating a batch', () => {
  it('takes its numbers off the connector in calls of at most 50, and writes that down once', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 120 });
    const before = setting.wire.calls.length;
    await disassociate();
    expect(changes(setting.chime)).toEqual([
      [operation, 50],
      [operation, 50],
      [operation, 20],
    ]);
    expect(new Set(await statesOf(setting, begun))).toEqual(new Set(['unassigned']));
    expect(setting.chime.state.numbersOn(begun.voiceConnectorId)).toBe(0);
    expect(writes(setting, before)).toEqual(['teardown', `batch#${begun.batch.generation}#000000`]);
  });

  it('touches no other batch and no other connector', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 4, batchSize: 2 });
    const other = setting.chime.seedConnector({ numbers: 2 });
    await disassociate();
    expect(begun.e164s.map((e164) => setting.chime.state.number(e164)?.status)).toEqual([
      'Unassigned',
      'Unassigned',
      'Assigned',
      'Assigned',
    ]);
    expect(setting.chime.state.numbersOn(other.voiceConnectorId)).toBe(2);
  });

  it('repeats nothing in a second run', async () => {
    const { setting, disassociate } = await open({ numbers: 60 });
    await disassociate();
    const [requests, calls] = [setting.chime.requests.length, setting.wire.calls.length];
    await disassociate();
    expect(setting.chime.requests).toHaveLength(requests);
    expect(writes(setting, calls)).toEqual(['teardown']);
  });

  it('fails where the ledger knows no such batch, and calls nothing', async () => {
    const { setting, begun } = await open({ numbers: 1 });
    const error = await errorOf(run(setting, connect, { ...begun.batch, batch: 9 }));
    expect(error.name).toBe('LedgerMismatch');
    expect(setting.chime.requests).toEqual([]);
  });
});

describe('A number that the service refuses for a passing reason', () => {
  it.each(['Throttled', 'Throttling', 'ServiceFailure', 'ServiceUnavailable'] as const)(
    '(%s) is left for the next run, which takes only that one',
    async (code) => {
      const { setting, begun, disassociate } = await open({ numbers: 3 });
      setting.chime.faults.set(refusing(operation, at(begun.e164s, 1), code));
      const error = await errorOf(disassociate());
      expect(error).toMatchObject({
        name: 'BatchUnfinished',
        message: `The service could not disassociate every number just now: ${code}.`,
      });
      expect(await statesOf(setting, begun)).toEqual(['unassigned', 'attached', 'unassigned']);
      setting.chime.faults.set({});
      await disassociate();
      expect(await statesOf(setting, begun)).toEqual(['unassigned', 'unassigned', 'unassigned']);
      expect(at(setting.chime.requests, -1).target).toEqual([begun.voiceConnectorId, at(begun.e164s, 1)]);
    },
  );

  it('does not keep the calls for the others from being made', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 120 });
    setting.chime.faults.set(refusing(operation, at(begun.e164s, 0), 'Throttled'));
    const before = setting.wire.calls.length;
    expect((await errorOf(disassociate())).name).toBe('BatchUnfinished');
    expect(setting.chime.state.numbersOn(begun.voiceConnectorId)).toBe(1);
    expect(writes(setting, before)).toEqual(['teardown', `batch#${begun.batch.generation}#000000`]);
  });
});

describe('A number that the service refuses for good', () => {
  it.each(['AccessDenied', 'Forbidden', 'Unauthorized', 'ResourceLimitExceeded', 'Validation'] as const)(
    "(%s) is recorded with the service's code and masked message; the others go on",
    async (code) => {
      const { setting, begun, disassociate } = await open({ numbers: 3 });
      setting.chime.faults.set(refusing(operation, at(begun.e164s, 1), code));
      await disassociate();
      const { numbers } = await batchOf(setting, begun);
      expect(numbers.map(({ state, failure }) => [state, failure])).toEqual([
        ['unassigned', undefined],
        ['attached', { code, message: 'Number …0101 is refused.' }],
        ['unassigned', undefined],
      ]);
      await disassociate();
      expect(changes(setting.chime)).toEqual([[operation, 3]]);
    },
  );

  it.each(['BadRequest', 'Conflict', 'NotFound', 'PreconditionFailed', 'Unprocessable', 'Gone'] as const)(
    '(%s) while it is on the connector is tried for five minutes before that is believed',
    async (code) => {
      const { setting, begun, disassociate } = await open({ numbers: 2 });
      setting.chime.faults.set(refusing(operation, at(begun.e164s, 0), code));
      const error = await errorOf(disassociate());
      expect(error.name).toBe('NotYetReleased');
      expect(error.message).toContain(`…0100 yet: ${code}, Number …0100 is refused.`);
      expect((await batchOf(setting, begun)).waitingSince).toBe('2026-01-05T09:00:00.000Z');
      await setting.clock.sleep(299_000);
      for (let looks = 2; looks <= 8; looks += 1)
        expect((await errorOf(disassociate())).name).toBe('NotYetReleased');
      expect((await batchOf(setting, begun)).waitingSince).toBe('2026-01-05T09:00:00.000Z');
      await setting.clock.sleep(1_000);
      await disassociate();
      const { numbers, waitingSince } = await batchOf(setting, begun);
      expect(numbers[0]).toMatchObject({ state: 'attached', failure: { code } });
      expect(numbers[1]).toMatchObject({ state: 'unassigned' });
      expect(waitingSince).toBeUndefined();
    },
  );
});

describe('A number that is off the connector already', () => {
  it.each(switchPositions.repeatedDisassociation)(
    'is fine, however the service says so (%s), once it has been seen',
    async (repeatedDisassociation) => {
      const { setting, begun, disassociate } = await open({ numbers: 3 }, { repeatedDisassociation });
      setting.chime.state.disassociate(at(begun.e164s, 1));
      await disassociate();
      expect(await statesOf(setting, begun)).toEqual(['unassigned', 'unassigned', 'unassigned']);
      expect(setting.chime.calls().GetPhoneNumber).toBe(repeatedDisassociation === 'silent' ? 0 : 1);
    },
  );

  it('because somebody queued it counts as queued', async () => {
    const { setting, begun, disassociate } = await open(
      { numbers: 2 },
      { repeatedDisassociation: 'BadRequest' },
    );
    setting.chime.state.queue(at(begun.e164s, 0));
    await disassociate();
    expect(await statesOf(setting, begun)).toEqual(['queued', 'unassigned']);
  });

  it('because the account has it no more counts as gone', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 2 });
    setting.chime.state.removeNumber(at(begun.e164s, 0));
    await disassociate();
    expect(await statesOf(setting, begun)).toEqual(['gone', 'unassigned']);
  });

  it('because it was moved to another connector is left there', async () => {
    const { setting, begun, disassociate } = await open(
      { numbers: 2 },
      { repeatedDisassociation: 'NotFound' },
    );
    const other = setting.chime.seedConnector({ numbers: 0 });
    setting.chime.state.associate(at(begun.e164s, 0), other.voiceConnectorId);
    await disassociate();
    expect((await batchOf(setting, begun)).numbers[0]?.failure).toEqual({
      code: 'Moved',
      message: `The number is now associated with VoiceConnectorId ${other.voiceConnectorId}; it is left there.`,
    });
    expect(setting.chime.state.numbersOn(other.voiceConnectorId)).toBe(1);
  });
});

describe('A connector that somebody has deleted meanwhile', () => {
  it('has no numbers any more: each is looked up, and recorded as it is', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 5 });
    const { state } = setting.chime;
    state.deleteConnector(begun.voiceConnectorId);
    state.queue(at(begun.e164s, 1));
    state.removeNumber(at(begun.e164s, 2));
    const other = setting.chime.seedConnector({ numbers: 0 });
    state.associate(at(begun.e164s, 3), other.voiceConnectorId);
    await disassociate();
    const { numbers } = await batchOf(setting, begun);
    expect(numbers.map(({ state, failure }) => [state, failure?.code])).toEqual([
      ['unassigned', undefined],
      ['queued', undefined],
      ['gone', undefined],
      ['attached', 'Moved'],
      ['unassigned', undefined],
    ]);
    expect(setting.chime.calls().GetPhoneNumber).toBe(5);
    expect(state.numbersOn(other.voiceConnectorId)).toBe(1);
  });

  it('in the middle of a batch is no failure either', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 120 });
    setting.chime.hooks.afterEffect = ({ operation: received }) => {
      if (received !== operation) return;
      setting.chime.hooks.afterEffect = undefined;
      setting.chime.state.deleteConnector(begun.voiceConnectorId);
    };
    await disassociate();
    expect(new Set(await statesOf(setting, begun))).toEqual(new Set(['unassigned']));
    expect(setting.chime.calls().GetPhoneNumber).toBe(70);
  });
});

describe('An answer that does not account for the numbers', () => {
  it('for want of a list is believed for no number that was not looked at', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 60 }, { emptyErrors: 'absent' });
    await disassociate();
    expect(new Set(await statesOf(setting, begun))).toEqual(new Set(['unassigned']));
    expect(setting.chime.calls().GetPhoneNumber).toBe(60);
  });

  it('is not believed where nothing has happened', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 3 });
    setting.chime.faults.set(script(operation, reply('')));
    expect((await errorOf(disassociate())).name).toBe('NotYetReleased');
    expect(await statesOf(setting, begun)).toEqual(['attached', 'attached', 'attached']);
    await disassociate();
    expect(await statesOf(setting, begun)).toEqual(['unassigned', 'unassigned', 'unassigned']);
  });

  it.each([
    [true, 'unassigned'],
    [false, 'attached'],
  ])('but names a stranger has every number looked at (carried out: %p)', async (carriedOut, state) => {
    const { setting, begun, disassociate } = await open({ numbers: 3 });
    const muddled = { PhoneNumberErrors: [{ PhoneNumberId: '+12065559999', ErrorCode: 'Throttled' }] };
    setting.chime.faults.set(script(operation, reply(muddled, carriedOut)));
    if (carriedOut) await disassociate();
    else expect((await errorOf(disassociate())).name).toBe('NotYetReleased');
    expect(await statesOf(setting, begun)).toEqual([state, state, state]);
    if (carriedOut) expect(setting.chime.calls().GetPhoneNumber).toBe(3);
  });

  it('because it was lost on the way is asked for again', async () => {
    const { setting, begun, disassociate } = await open(
      { numbers: 3 },
      { repeatedDisassociation: 'NotFound' },
    );
    setting.chime.faults.set(script(operation, 'replyLost'));
    await disassociate();
    expect(await statesOf(setting, begun)).toEqual(['unassigned', 'unassigned', 'unassigned']);
  });
});

describe('A call that fails in the middle of a batch', () => {
  it('ends the run, and what was done before is saved', async () => {
    const { setting, begun, disassociate } = await open({ numbers: 120 });
    const fault = { status: 403, code: 'Forbidden', message: 'No right to +12065550150.' };
    setting.chime.faults.set({ script: [{ operation, nth: 2, fault }] });
    const error = await errorOf(disassociate());
    expect(error.name).toBe('ForbiddenException');
    expect(error.message).toContain('No right to …0150.');
    const states = await statesOf(setting, begun);
    expect(states.filter((state) => state === 'unassigned')).toHaveLength(50);
    expect(changes(setting.chime)).toHaveLength(2);
    await disassociate();
    expect(changes(setting.chime).slice(2)).toEqual([
      [operation, 50],
      [operation, 20],
    ]);
    expect(new Set(await statesOf(setting, begun))).toEqual(new Set(['unassigned']));
  });

  it('keeps the error of the call where nothing was to be saved', async () => {
    const { setting, disassociate } = await open({ numbers: 1 });
    setting.chime.faults.set({ throttle: 1, only: [operation] });
    const before = setting.wire.calls.length;
    expect((await errorOf(disassociate())).name).toBe('ThrottledClientException');
    expect(writes(setting, before)).toEqual(['teardown']);
  });
});

async function open(options: Parameters<typeof begin>[1], switches: Partial<ChimeSwitches> = {}) {
  const setting = await openSetting({ switches });
  const begun = await begin(setting, options);
  return { setting, begun, disassociate: () => run(setting, connect, begun.batch) };
}
