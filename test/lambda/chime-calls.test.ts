import { describe, expect, it } from '@jest/globals';
import { connectChime } from '../../lambda/chime/client.ts';
import { getVoiceConnector } from '../../lambda/chime/connectors.ts';
import { disassociateNumbers, queueNumbers } from '../../lambda/chime/numbers.ts';
import type { PhoneNumber } from '../../lambda/ports.ts';
import { type ChimeSwitches, switchPositions } from '../../local/chime/switches.ts';
import { at, changes, digitsOfANumber, errorOf, openChime, reply, script } from './setting.ts';

describe('A bulk call', () => {
  it.each(combinations('numberIdForm', 'emptyErrors'))(
    'takes numbers off the connector and into the queue (%j)',
    async (switches) => {
      const { chime, client, voiceConnectorId, numbers } = await open({ switches });
      const off = await disassociateNumbers(client)(voiceConnectorId, numbers);
      expect(numbers.map((number) => chime.state.number(number.e164)?.status)).toEqual(
        Array(3).fill('Unassigned'),
      );
      const queued = await queueNumbers(client)(numbers);
      expect(chime.remaining().queued).toBe(3);
      const account = switches.emptyErrors === 'absent' ? 'missing' : 'complete';
      expect([off.account, queued.account]).toEqual([account, account]);
      expect(numbers.map((number) => queued.refusalOf(number))).toEqual([undefined, undefined, undefined]);
      expect(changes(chime)).toEqual([
        ['DisassociatePhoneNumbersFromVoiceConnector', 3],
        ['BatchDeletePhoneNumber', 3],
      ]);
    },
  );

  it.each(switchPositions.numberIdForm)(
    'that answers 200 with refusals tells them number by number (ids in the form "%s")',
    async (numberIdForm) => {
      const { chime, client, numbers } = await open({ switches: { numberIdForm } });
      chime.state.disassociate(at(numbers, 0).e164);
      const answer = await queueNumbers(client)(numbers);
      expect(answer.account).toBe('complete');
      expect(numbers.map((number) => answer.refusalOf(number)?.code)).toEqual([
        undefined,
        'PhoneNumberAssociationsExist',
        'PhoneNumberAssociationsExist',
      ]);
      expect(answer.refusalOf(at(numbers, 1))?.message).toMatch(/^Phone number …0101 is associated with/);
    },
  );

  it('never repeats the numbers in the messages of the service', async () => {
    const message = 'Number +12065550100 (%2B12065550100, (206) 555-0100) is on hold.';
    const e164 = '+12065550100';
    const hold = { operation: 'BatchDeletePhoneNumber', e164, code: 'Forbidden', message } as const;
    const { client, numbers } = await open({ faults: { permanent: [hold] } });
    expect((await queueNumbers(client)(numbers)).refusalOf(at(numbers, 0))).toEqual({
      code: 'Forbidden',
      message: 'Number …0100 (…0100, …0100) is on hold.',
    });
  });

  it.each([
    ['an empty body', ''],
    ['an empty object', '{}'],
    ['null for the list', '{"PhoneNumberErrors":null}'],
  ])('answered with %s is not accounted for', async (_what, body) => {
    const { client, numbers } = await open({ faults: script('BatchDeletePhoneNumber', reply(body)) });
    expect((await queueNumbers(client)(numbers)).account).toBe('missing');
  });

  it.each([
    ['a number that nobody asked for', [{ PhoneNumberId: '%2B12065559999', ErrorCode: 'NotFound' }]],
    ['no number at all', [{ ErrorCode: 'NotFound', ErrorMessage: 'Not found.' }]],
    [
      'such a one beside one of ours',
      [
        { PhoneNumberId: '+12065550100', ErrorCode: 'NotFound' },
        { PhoneNumberId: '+12065559999', ErrorCode: 'NotFound' },
      ],
    ],
  ])('whose refusals name %s is muddled', async (_what, PhoneNumberErrors) => {
    const faults = script('BatchDeletePhoneNumber', reply({ PhoneNumberErrors }));
    const { client, numbers } = await open({ faults });
    expect((await queueNumbers(client)(numbers)).account).toBe('muddled');
  });

  it.each(['+12065550100', '%2B12065550100', '%252B12065550100', '12065550100'])(
    'finds the refusal of a number that the service writes %s',
    async (PhoneNumberId) => {
      const refusal = { PhoneNumberId, ErrorCode: 'Gone', ErrorMessage: `${PhoneNumberId} is gone.` };
      const faults = script('BatchDeletePhoneNumber', reply({ PhoneNumberErrors: [refusal] }));
      const { client, numbers } = await open({ faults });
      const answer = await queueNumbers(client)(numbers);
      expect(answer.account).toBe('complete');
      expect(answer.refusalOf(at(numbers, 0))).toEqual({ code: 'Gone', message: '…0100 is gone.' });
      expect(answer.refusalOf(at(numbers, 1))).toBeUndefined();
    },
  );

  it('whose refusal says nothing still refuses', async () => {
    const faults = script(
      'BatchDeletePhoneNumber',
      reply({ PhoneNumberErrors: [{ PhoneNumberId: '+12065550100' }] }),
    );
    const { client, numbers } = await open({ faults });
    const answer = await queueNumbers(client)(numbers);
    expect(answer.refusalOf(at(numbers, 0))).toEqual({ code: 'Unknown', message: 'no message' });
  });

  it('on a connector that is not there says nothing about any number', async () => {
    const { client, numbers } = await open();
    const answer = await disassociateNumbers(client)('nosuchconnector', numbers);
    expect(answer.account).toBe('muddled');
    expect(numbers.map((number) => answer.refusalOf(number))).toEqual(numbers.map(() => undefined));
  });
});

describe('A call that fails as a whole', () => {
  it.each([
    ['throttle', 'ThrottledClientException', 6],
    ['serviceFailure', 'ServiceFailureException', 4],
    ['unavailable', 'ServiceUnavailableException', 4],
    ['connectionReset', 'ServiceUnreachable', 4],
    ['hang', 'ServiceUnreachable', 4],
  ] as const)('by %s is %s after %d attempts', async (fault, name, attempts) => {
    const { chime, client, numbers } = await open({ faults: { [fault]: 1 }, requestTimeoutMs: 40 });
    expect((await errorOf(queueNumbers(client)(numbers))).name).toBe(name);
    expect(chime.calls().BatchDeletePhoneNumber).toBe(attempts);
    expect(chime.remaining().queued).toBe(0);
  });

  it.each([
    ['BadRequest', 400, 'BadRequestException'],
    ['Unauthorized', 401, 'UnauthorizedClientException'],
    ['AccessDenied', 403, 'AccessDeniedException'],
    ['Forbidden', 403, 'ForbiddenException'],
    ['Conflict', 409, 'ConflictException'],
  ])('by %s (%d) is %s at once, with and without the error header', async (code, status, name) => {
    for (const errorHeader of switchPositions.errorHeader) {
      const message = 'Not with +12065550100, nor with %2B12065550101.';
      const faults = script('BatchDeletePhoneNumber', { status, code, message });
      const { chime, client, numbers } = await open({ faults, switches: { errorHeader } });
      const error = await errorOf(queueNumbers(client)(numbers));
      expect(error).toMatchObject({ name, status });
      expect(error.message).toBe('queueing 3 numbers for deletion: Not with …0100, nor with …0101.');
      expect(error.stack).not.toMatch(digitsOfANumber);
      expect(chime.requests).toHaveLength(1);
    }
  });

  it('but not the next time goes on as if nothing had been, a moment of the clock later', async () => {
    const faults = script('BatchDeletePhoneNumber', 'throttle', 'throttle');
    const { chime, clock, client, voiceConnectorId, numbers } = await open({ faults });
    await disassociateNumbers(client)(voiceConnectorId, numbers);
    const answer = await clock.busy(() => queueNumbers(client)(numbers));
    expect(answer.account).toBe('complete');
    expect(chime.remaining().queued).toBe(3);
    expect(clock.elapsedSeconds).toBeGreaterThan(0.2);
    expect(clock.elapsedSeconds).toBeLessThan(2);
  });

  it('by the HTML page of a gateway is ServiceUnavailable', async () => {
    const page = { status: 502, contentType: 'text/html', body: '<html>+12065550100: Bad Gateway</html>' };
    const { client, numbers } = await open({
      faults: script('BatchDeletePhoneNumber', page, page, page, page),
    });
    const error = await errorOf(queueNumbers(client)(numbers));
    expect(error.name).toBe('ServiceUnavailableException');
    expect(error.message).not.toMatch(digitsOfANumber);
  });

  it('for want of a server is ServiceUnreachable', async () => {
    const { edge } = await openChime();
    const nowhere = connectChime({ ...edge, chime: { ...edge.chime, endpoint: 'http://127.0.0.1:9' } });
    expect((await errorOf(getVoiceConnector(nowhere)('abc'))).name).toBe('ServiceUnreachable');
  });
});

/** Local Chime, a client, and three numbers on a connector. */
async function open(options: Parameters<typeof openChime>[0] = {}) {
  const setting = await openChime(options);
  const { voiceConnectorId, e164s } = setting.chime.seedConnector({ numbers: 3 });
  const isPercent = setting.chime.switches.numberIdForm === 'percent';
  const numbers: PhoneNumber[] = e164s.map((e164) => ({
    id: isPercent ? e164.replace('+', '%2B') : e164,
    e164,
  }));
  return { ...setting, client: connectChime(setting.edge), voiceConnectorId, numbers };
}

/** Every position of one switch with every position of another. */
function combinations<A extends keyof ChimeSwitches, B extends keyof ChimeSwitches>(
  one: A,
  other: B,
): Partial<ChimeSwitches>[] {
  return switchPositions[one].flatMap((a) => switchPositions[other].map((b) => ({ [one]: a, [other]: b })));
}
