import { describe, expect, it } from '@jest/globals';
import { asBulkReply } from '../../lambda/chime/bulk-reply.ts';
import { numberKey } from '../../lambda/chime/number-key.ts';

const number = { id: '%2B12065550100', e164: '+12065550100' };
const other = { id: '%2B12065550101', e164: '+12065550101' };
const refusal = { ErrorCode: 'Forbidden', ErrorMessage: 'Number +12065550100 is held.' };

describe('A number', () => {
  it.each(['+12065550100', '%2B12065550100', '%2b12065550100', '%252B12065550100', '12065550100'])(
    'has one key, however it is written: %s',
    (form) => {
      expect(numberKey(form)).toBe('+12065550100');
    },
  );
});

describe('The answer to a bulk call', () => {
  it.each([
    ['in the form of its id', number, number.id],
    ['in its E.164 form', number, number.e164],
    ['by an id that has nothing of its E.164 form', { id: 'a-guid', e164: number.e164 }, 'a-guid'],
  ])('is of the number that it names %s', (_how, asked, PhoneNumberId) => {
    const reply = asBulkReply([asked, other], [{ PhoneNumberId, ...refusal }]);
    expect(reply.account).toBe('complete');
    expect(reply.refusalOf(asked)).toEqual({ code: 'Forbidden', message: 'Number …0100 is held.' });
    expect(reply.refusalOf(other)).toBeUndefined();
  });

  it('is complete where its list is empty, and missing where there is none', () => {
    expect(asBulkReply([number], []).account).toBe('complete');
    expect(asBulkReply([number], undefined).account).toBe('missing');
    expect(asBulkReply([number], undefined).refusalOf(number)).toBeUndefined();
  });

  it.each([undefined, '', '+12065559999'])('is muddled where it names %p, a stranger', (PhoneNumberId) => {
    const reply = asBulkReply([number], [{ PhoneNumberId, ...refusal }]);
    expect(reply.account).toBe('muddled');
    expect(reply.refusalOf(number)).toBeUndefined();
  });

  it('has words of its own where it gives no reason', () => {
    const reply = asBulkReply([number], [{ PhoneNumberId: number.id }]);
    expect(reply.refusalOf(number)).toEqual({ code: 'Unknown', message: 'no message' });
  });

  it('keeps of a long message what five hundred numbers leave room for', () => {
    const errors = [{ PhoneNumberId: number.id, ErrorCode: 'Forbidden', ErrorMessage: 'x'.repeat(1_000) }];
    expect(asBulkReply([number], errors).refusalOf(number)?.message).toBe('x'.repeat(200));
  });
});
