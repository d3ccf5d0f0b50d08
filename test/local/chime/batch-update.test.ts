import { describe, expect, test } from '@jest/globals';
import { switchPositions } from '../../../local/chime/switches.ts';
import type { UpdateItem } from './setting.ts';
import { batchUpdate, getError, getNumber, start } from './setting.ts';

const E164 = '+12065550100';
const OTHER = '+12065550101';

describe('a batch update', () => {
  test('changes what it can, each number its own way, and names the rest', async () => {
    const { chime, client } = await start();
    chime.seedConnector({ numbers: 3 });
    chime.state.queue('+12065550102');
    const errors = await batchUpdate(client, [
      { PhoneNumberId: '%2B12065550100', Name: 'front desk' },
      { PhoneNumberId: OTHER, CallingName: 'ACME' },
      { PhoneNumberId: '+12065550102', Name: 'lift' },
      { PhoneNumberId: '+12065559999', Name: 'nobody' },
    ]);
    expect(errors).toMatchObject([
      { PhoneNumberId: '%2B12065550102', ErrorCode: 'BadRequest' },
      { PhoneNumberId: '%2B12065559999', ErrorCode: 'NotFound' },
    ]);
    expect(await getNumber(client, E164)).toMatchObject({ Name: 'front desk' });
    expect(await getNumber(client, OTHER)).toMatchObject({
      CallingName: 'ACME',
      CallingNameStatus: 'UpdateInProgress',
    });
    expect(chime.state.number('+12065550102')?.name).toBeUndefined();
  });

  test.each<[string, UpdateItem[]]>([
    ['an empty list', []],
    ['a number named twice, in two forms', [{ Name: 'a' }, { PhoneNumberId: '%2B12065550100', Name: 'b' }]],
    ['an id that is none', [{ Name: 'a' }, { PhoneNumberId: 'abc', Name: 'b' }]],
    ['an item without a change', [{ Name: 'a' }, { PhoneNumberId: OTHER }]],
    ['a malformed calling name', [{ Name: 'a' }, { PhoneNumberId: OTHER, CallingName: '!' }]],
  ])('is refused as a whole for %s', async (_case, items) => {
    const { chime, client } = await start();
    chime.seedConnector({ numbers: 2 });
    const before = chime.state.everything();
    expect((await getError(batchUpdate(client, items))).name).toBe('BadRequestException');
    expect(chime.state.everything()).toEqual(before);
  });

  test.each(switchPositions.overLimit)('overLimit: with 51 items it is %s', async (overLimit) => {
    const { chime, client } = await start({ switches: { overLimit } });
    const { e164s } = chime.seedConnector({ numbers: 51 });
    const items = e164s.map((PhoneNumberId) => ({ PhoneNumberId, Name: 'desk' }));
    if (overLimit === 'accepted') expect(await batchUpdate(client, items)).toEqual([]);
    else expect((await getError(batchUpdate(client, items))).name).toBe('BadRequestException');
    expect(await batchUpdate(client, items.slice(1))).toEqual([]);
    expect(chime.state.number(E164)?.name).toBe(overLimit === 'accepted' ? 'desk' : undefined);
  });

  test('emptyErrors: has no list of errors where the switch says so', async () => {
    const { chime, client } = await start({ switches: { emptyErrors: 'absent' } });
    chime.seedConnector({ numbers: 1 });
    expect(await batchUpdate(client, [{ Name: 'desk' }])).toBeUndefined();
  });

  test('fails per number with permanent and transient faults, which leave the number as it was', async () => {
    const fault = { e164: OTHER, code: 'Forbidden', message: 'The number is locked.' } as const;
    const { chime, client } = await start({
      faults: {
        permanent: [{ operation: 'BatchUpdatePhoneNumber', ...fault }],
        script: [{ operation: 'BatchUpdatePhoneNumber', nth: 2, fault: 'numberErrors' }],
      },
    });
    chime.seedConnector({ numbers: 2 });
    const items = [E164, OTHER].map((PhoneNumberId) => ({ PhoneNumberId, Name: 'desk' }));
    const first = await batchUpdate(client, items);
    const second = await batchUpdate(client, [{ PhoneNumberId: E164, Name: 'lift' }]);
    expect(first).toEqual([
      { PhoneNumberId: '%2B12065550101', ErrorCode: 'Forbidden', ErrorMessage: fault.message },
    ]);
    expect(second).toHaveLength(1);
    expect(chime.state.number(E164)?.name).toBe('desk');
    expect(chime.state.number(OTHER)?.name).toBeUndefined();
  });

  test('meets the same faults by chance whatever the order and the form of its items', async () => {
    const outcomes = await Promise.all(
      [false, true].map(async (turned) => {
        const { chime, client } = await start({ faults: { throttle: 0.5 }, seed: 's' });
        const { e164s } = chime.seedConnector({ numbers: 20 });
        const met: string[] = [];
        for (let i = 0; i < 20; i += 2) {
          const items = e164s.slice(i, i + 2).map((e164) => ({ PhoneNumberId: e164, Name: 'desk' }));
          const other = items.map(({ PhoneNumberId, Name }) => ({
            Name,
            PhoneNumberId: PhoneNumberId.replace('+', '%2B'),
          }));
          await batchUpdate(client, turned ? other.reverse() : items).catch(String);
          met.push(String(chime.requests.at(-1)?.fault));
        }
        return met;
      }),
    );
    expect(outcomes[0]).toContain('throttle');
    expect(outcomes[0]).toContain('undefined');
    expect(outcomes[1]).toEqual(outcomes[0]);
  });
});
