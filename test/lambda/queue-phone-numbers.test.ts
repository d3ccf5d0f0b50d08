import { describe, expect, it } from '@jest/globals';
import { connect } from '../../lambda/queue-phone-numbers.ts';
import { type ChimeSwitches, switchPositions } from '../../local/chime/switches.ts';
import { at, changes, digitsOfANumber, errorOf, reply, run, script } from './setting.ts';
import { batchOf, begin, openSetting, statesOf, writes } from './teardown-setting.ts';

const operation = 'BatchDeletePhoneNumber';
const startedAt = '2026-01-05T09:00:00.000Z';

describe('Queueing a batch', () => {
  it.each(switchPositions.numberIdForm)(
    'puts its numbers into the deletion queue in calls of at most 50 (ids in the form "%s")',
    async (numberIdForm) => {
      const { setting, begun, queue } = await open({ numbers: 120 }, { numberIdForm });
      const before = setting.wire.calls.length;
      await setting.clock.sleep(5_000);
      await queue();
      expect(changes(setting.chime)).toEqual([
        [operation, 50],
        [operation, 50],
        [operation, 20],
      ]);
      expect(setting.chime.remaining().queued).toBe(120);
      expect(new Set(await statesOf(setting, begun))).toEqual(new Set(['queued']));
      expect((await batchOf(setting, begun)).queuedAt).toBe('2026-01-05T09:00:05.000Z');
      expect(writes(setting, before)).toEqual(['teardown', `batch#${begun.batch.generation}#000000`]);
    },
  );

  it('repeats nothing in a second run, and the moment of queueing stays', async () => {
    const { setting, begun, queue } = await open({ numbers: 3 });
    await queue();
    const [requests, calls] = [setting.chime.requests.length, setting.wire.calls.length];
    await setting.clock.sleep(60_000);
    await queue();
    expect(setting.chime.requests).toHaveLength(requests);
    expect(writes(setting, calls)).toEqual(['teardown']);
    expect((await batchOf(setting, begun)).queuedAt).toBe(startedAt);
  });

  it('leaves numbers alone that are still on the connector by the ledger', async () => {
    const { setting, begun, queue } = await open({ numbers: 3, state: 'attached' });
    await queue();
    expect(setting.chime.requests).toEqual([]);
    expect(await statesOf(setting, begun)).toEqual(['attached', 'attached', 'attached']);
  });
});

describe('A number that was disassociated a moment ago', () => {
  it.each(switchPositions.deleteAssigned)(
    'is queued as soon as the service has caught up (until then it says %s)',
    async (deleteAssigned) => {
      const { setting, begun, queue } = await open(
        { numbers: 60 },
        { deleteAssigned, convergenceSeconds: 20 },
      );
      const error = await errorOf(queue());
      expect(error.name).toBe('NotYetReleased');
      expect(error.message).toMatch(
        new RegExp(`^The service does not queue number …0\\d{3} yet: ${deleteAssigned}, `),
      );
      expect(error.message).not.toMatch(digitsOfANumber);
      expect(await batchOf(setting, begun)).toMatchObject({ waitingSince: startedAt });
      // One number speaks for the others of its call.
      expect(setting.chime.calls().GetPhoneNumber).toBe(2);
      await setting.clock.sleep(20_000);
      await queue();
      const batch = await batchOf(setting, begun);
      expect(new Set(batch.numbers.map(({ state }) => state))).toEqual(new Set(['queued']));
      expect(batch.waitingSince).toBeUndefined();
      expect(batch.queuedAt).toBe('2026-01-05T09:00:20.000Z');
    },
  );

  it('and has been associated with the connector again is given up after five minutes', async () => {
    const { setting, begun, queue } = await open({ numbers: 2 });
    setting.chime.state.associate(at(begun.e164s, 0), begun.voiceConnectorId);
    expect((await errorOf(queue())).name).toBe('NotYetReleased');
    expect(await statesOf(setting, begun)).toEqual(['unassigned', 'queued']);
    await setting.clock.sleep(299_999);
    for (let looks = 2; looks <= 8; looks += 1) expect((await errorOf(queue())).name).toBe('NotYetReleased');
    await setting.clock.sleep(1);
    await queue();
    const [number] = (await batchOf(setting, begun)).numbers;
    expect(number?.failure?.code).toBe('PhoneNumberAssociationsExist');
    expect(number?.failure?.message).toMatch(/^Phone number …0100 is associated with/);
    expect(setting.chime.state.numbersOn(begun.voiceConnectorId)).toBe(1);
    await queue();
    expect(changes(setting.chime).map(([, count]) => count)).toEqual([2, ...Array(8).fill(1)]);
  });

  it('and was given to another connector stays there', async () => {
    const { setting, begun, queue } = await open({ numbers: 3 });
    const other = setting.chime.seedConnector({ numbers: 0 });
    setting.chime.state.associate(at(begun.e164s, 1), other.voiceConnectorId);
    await queue();
    expect(await statesOf(setting, begun)).toEqual(['queued', 'unassigned', 'queued']);
    expect((await batchOf(setting, begun)).numbers[1]?.failure).toEqual({
      code: 'Moved',
      message: `The number is now associated with VoiceConnectorId ${other.voiceConnectorId}; it is left there.`,
    });
    expect(setting.chime.state.number(at(begun.e164s, 1))?.holder?.value).toBe(other.voiceConnectorId);
  });
});

describe('A number that is in the queue already', () => {
  it.each(switchPositions.deleteQueued)(
    'is fine, however the service says so (%s), once it has been seen',
    async (deleteQueued) => {
      const { setting, begun, queue } = await open({ numbers: 3 }, { deleteQueued });
      setting.chime.state.queue(at(begun.e164s, 1));
      await queue();
      expect(await statesOf(setting, begun)).toEqual(['queued', 'queued', 'queued']);
      expect(setting.chime.calls().GetPhoneNumber).toBe(deleteQueued === 'silent' ? 0 : 1);
    },
  );

  it.each(switchPositions.deleteQueued)(
    'because the answer to the first call was lost is not taken for a failure (%s)',
    async (deleteQueued) => {
      const { setting, begun, queue } = await open({ numbers: 3 }, { deleteQueued });
      setting.chime.faults.set(script(operation, 'replyLost'));
      await queue();
      expect(await statesOf(setting, begun)).toEqual(['queued', 'queued', 'queued']);
    },
  );

  it('is not believed to be there on the word of the service alone', async () => {
    const { setting, begun, queue } = await open({ numbers: 2 });
    const e164 = at(begun.e164s, 0);
    setting.chime.faults.set({ permanent: [{ operation, e164, code: 'Gone', message: `${e164} is gone.` }] });
    expect((await errorOf(queue())).name).toBe('NotYetReleased');
    expect(await statesOf(setting, begun)).toEqual(['unassigned', 'queued']);
  });

  it('because it left the account counts as gone', async () => {
    const { setting, begun, queue } = await open({ numbers: 2 });
    setting.chime.state.removeNumber(at(begun.e164s, 0));
    await queue();
    expect(await statesOf(setting, begun)).toEqual(['gone', 'queued']);
  });
});

describe('A number that the service refuses', () => {
  it.each(['Throttled', 'ServiceFailure'] as const)(
    'for a passing reason (%s) is left for the next run, which takes only that one',
    async (code) => {
      const { setting, begun, queue } = await open({ numbers: 3 });
      const e164 = at(begun.e164s, 2);
      setting.chime.faults.set({ permanent: [{ operation, e164, code, message: 'Later.' }] });
      const before = setting.wire.calls.length;
      expect((await errorOf(queue())).name).toBe('BatchUnfinished');
      expect(writes(setting, before)).toEqual(['teardown', `batch#${begun.batch.generation}#000000`]);
      expect(await statesOf(setting, begun)).toEqual(['queued', 'queued', 'unassigned']);
      setting.chime.faults.set({});
      await queue();
      expect(changes(setting.chime).map(([, count]) => count)).toEqual([3, 1]);
      expect(setting.chime.remaining().queued).toBe(3);
    },
  );

  it('for good is recorded, and the others are queued', async () => {
    const { setting, begun, queue } = await open({ numbers: 60 });
    const e164 = at(begun.e164s, 0);
    const message = `Number ${e164} is under a legal hold.`;
    setting.chime.faults.set({ permanent: [{ operation, e164, code: 'Forbidden', message }] });
    await queue();
    expect((await batchOf(setting, begun)).numbers[0]).toEqual({
      id: '%2B12065550100',
      e164,
      state: 'unassigned',
      failure: { code: 'Forbidden', message: 'Number …0100 is under a legal hold.' },
    });
    expect(setting.chime.remaining().queued).toBe(59);
  });
});

describe('An answer that does not account for the numbers', () => {
  it('for want of a list is believed for no number that was not looked at', async () => {
    const { setting, begun, queue } = await open({ numbers: 60 }, { emptyErrors: 'absent' });
    await queue();
    expect(new Set(await statesOf(setting, begun))).toEqual(new Set(['queued']));
    expect(setting.chime.calls().GetPhoneNumber).toBe(60);
  });

  it('is not believed because some of its numbers are queued, or gone, since an attempt before', async () => {
    const { setting, begun, queue } = await open({ numbers: 4 });
    setting.chime.state.removeNumber(at(begun.e164s, 2));
    setting.chime.state.queue(at(begun.e164s, 3));
    setting.chime.faults.set(script(operation, reply('')));

    expect((await errorOf(queue())).name).toBe('NotYetReleased');
    expect((await statesOf(setting, begun)).slice(0, 2)).toEqual(['unassigned', 'unassigned']);
    await queue();

    expect(await statesOf(setting, begun)).toEqual(['queued', 'queued', 'gone', 'queued']);
    expect(setting.chime.remaining()).toMatchObject({ numbers: 3, queued: 3 });
  });

  it('but names a stranger has every number looked at', async () => {
    const { setting, begun, queue } = await open({ numbers: 3 });
    const muddled = { PhoneNumberErrors: [{ PhoneNumberId: '+12065559999', ErrorCode: 'NotFound' }] };
    setting.chime.faults.set(script(operation, reply(muddled, true)));
    await queue();
    expect(await statesOf(setting, begun)).toEqual(['queued', 'queued', 'queued']);
    expect(setting.chime.calls().GetPhoneNumber).toBe(3);
  });
});

describe('The time of the function', () => {
  it('is not used up: the run stops before, with its progress saved, and the next one does the rest', async () => {
    const { setting, begun, queue } = await open({ numbers: 120 }, { emptyErrors: 'absent' });
    // Each number that is looked at takes about 3 s: five throttles, and the slow pace after them.
    const throttles = Array.from({ length: 720 }, (_, i) => i + 1).filter((nth) => nth % 6 !== 0);
    setting.chime.faults.set({
      script: throttles.map((nth) => ({ operation: 'GetPhoneNumber', nth, fault: 'throttle' as const })),
    });

    expect((await errorOf(queue())).name).toBe('BatchUnfinished');

    expect(setting.clock.elapsedSeconds).toBeGreaterThan(240);
    expect(setting.clock.elapsedSeconds).toBeLessThan(300);
    const queued = (await statesOf(setting, begun)).filter((state) => state === 'queued').length;
    expect(queued).toBeGreaterThan(50);
    expect(queued).toBeLessThan(100);
    // The third call was not begun.
    expect(changes(setting.chime)).toHaveLength(2);
    setting.chime.faults.set({});
    await queue();
    expect(new Set(await statesOf(setting, begun))).toEqual(new Set(['queued']));
  });
});

describe('A call that fails in the middle of a batch', () => {
  it('ends the run, and what was queued before is saved with its moment', async () => {
    const { setting, begun, queue } = await open({ numbers: 120 });
    const fault = { status: 400, code: 'BadRequest', message: 'No.' };
    setting.chime.faults.set({ script: [{ operation, nth: 2, fault }] });
    expect((await errorOf(queue())).name).toBe('BadRequestException');
    const { numbers, queuedAt } = await batchOf(setting, begun);
    expect(numbers.filter(({ state }) => state === 'queued')).toHaveLength(50);
    expect(queuedAt).toBe(startedAt);
    await queue();
    expect(changes(setting.chime).map(([, count]) => count)).toEqual([50, 50, 50, 20]);
    expect(setting.chime.remaining().queued).toBe(120);
  });
});

async function open(options: Parameters<typeof begin>[1], switches: Partial<ChimeSwitches> = {}) {
  const setting = await openSetting({ switches });
  const begun = await begin(setting, { state: 'unassigned', ...options });
  return { setting, begun, queue: () => run(setting, connect, begun.batch) };
}
