import {
  AssociatePhoneNumbersWithVoiceConnectorCommand,
  BatchDeletePhoneNumberCommand,
  DeletePhoneNumberCommand,
  ListVoiceConnectorsCommand,
  RestorePhoneNumberCommand,
} from '@aws-sdk/client-chime-sdk-voice';
import { describe, expect, test } from '@jest/globals';
import type { FaultPlan } from '../../../local/chime/faults.ts';
import type { LocalChime } from '../../../local/chime/server.ts';
import { batchDelete, disassociate, getError, getNumber, start, voiceClient } from './setting.ts';

const E164 = '+12065550100';

describe('faults of a whole request', () => {
  test.each([
    ['throttle', 429, 'ThrottledClientException', 'Throttled'],
    ['serviceFailure', 500, 'ServiceFailureException', 'ServiceFailure'],
    ['unavailable', 503, 'ServiceUnavailableException', 'ServiceUnavailable'],
  ] as const)('%s answers %d and nothing happens', async (fault, status, name, errorCode) => {
    const { chime, client } = await start({ faults: { [fault]: 1 } });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    const error = await getError(disassociate(client, voiceConnectorId, [E164]));
    expect(error).toMatchObject({ name, $metadata: { httpStatusCode: status } });
    expect(chime.state.numbersOn(voiceConnectorId)).toBe(1);
    expect(chime.requests).toMatchObject([{ status, errorCode, fault }]);
    expect(chime.throttled).toBe(status === 429 ? 1 : 0);
  });

  test('connectionReset breaks the connection before anything happens', async () => {
    const { chime, client } = await start({ faults: { connectionReset: 1 } });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    await getError(disassociate(client, voiceConnectorId, [E164]));
    expect(chime.state.numbersOn(voiceConnectorId)).toBe(1);
    expect(chime.requests).toMatchObject([{ status: 0, fault: 'connectionReset' }]);
  });

  test('replyLost breaks the connection after the request was carried out', async () => {
    const { chime, client } = await start({ faults: { replyLost: 1 } });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    await getError(disassociate(client, voiceConnectorId, [E164]));
    expect(chime.state.numbersOn(voiceConnectorId)).toBe(0);
    expect(chime.requests).toMatchObject([{ status: 0, fault: 'replyLost' }]);
  });

  test('hang gives no answer until the server closes', async () => {
    const { chime, client } = await start({ faults: { hang: 1 } });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    const call = getError(disassociate(client, voiceConnectorId, [E164]));
    const early = await Promise.race([call, new Promise((resolve) => setTimeout(resolve, 100, 'none'))]);
    expect(early).toBe('none');
    await chime.close();
    await call;
    expect(chime.state.numbersOn(voiceConnectorId)).toBe(1);
    expect(chime.requests).toMatchObject([{ status: 0, fault: 'hang' }]);
  });

  test('are overcome by the retries of the SDK, each of them counted', async () => {
    const fault = 'serviceFailure';
    const { chime } = await start({
      faults: { script: [{ operation: 'ListVoiceConnectors', nth: 1, fault }] },
    });
    await voiceClient(chime, 3).send(new ListVoiceConnectorsCommand({}));
    expect(chime.calls().ListVoiceConnectors).toBe(2);
    expect(chime.requests.map(({ status }) => status)).toEqual([500, 200]);
  });

  test('may be limited to some operations', async () => {
    const { chime, client } = await start({ faults: { throttle: 1, only: ['DeletePhoneNumber'] } });
    chime.seedConnector({ numbers: 1 });
    await getNumber(client, E164);
    const error = await getError(client.send(new DeletePhoneNumberCommand({ PhoneNumberId: E164 })));
    expect(error.name).toBe('ThrottledClientException');
  });

  test('end when their cause is removed while the server runs', async () => {
    const { chime, client } = await start({ faults: { throttle: 1 } });
    chime.seedConnector({ numbers: 1 });
    await getError(getNumber(client, E164));
    chime.faults.set({});
    expect((await getNumber(client, E164))?.E164PhoneNumber).toBe(E164);
  });

  test('need a probability from 0 to 1', async () => {
    const { chime } = await start();
    expect(() => chime.faults.set({ throttle: 1.5 })).toThrow(RangeError);
    expect(() => chime.faults.set({ numberErrors: Number.NaN })).toThrow('numberErrors');
  });
});

describe('faults of single numbers', () => {
  test('transient ones are entries in a 200 reply, and those numbers are not changed', async () => {
    const { chime, client } = await start({ faults: { numberErrors: 0.5 } });
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 50 });
    const errors = (await disassociate(client, voiceConnectorId, e164s)) ?? [];
    expect(errors.length).toBeGreaterThan(10);
    expect(errors.length).toBeLessThan(40);
    const codes = new Set(errors.map(({ ErrorCode }) => ErrorCode));
    expect([...codes].sort()).toEqual(['ServiceFailure', 'ServiceUnavailable', 'Throttled']);
    const failed = errors.map(({ PhoneNumberId }) => decodeURIComponent(PhoneNumberId ?? ''));
    const stillThere = e164s.filter((e164) => chime.state.number(e164)?.status === 'Assigned');
    expect(failed).toEqual(stillThere);
    expect(chime.requests).toMatchObject([{ status: 200, fault: 'numberErrors' }]);
  });

  test('transient ones pass when the rest is tried again', async () => {
    const { chime, client } = await start({ faults: { numberErrors: 0.5 } });
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 50 });
    let rest: readonly string[] = e164s;
    for (let attempt = 0; rest.length > 0 && attempt < 50; attempt += 1) {
      const errors = (await disassociate(client, voiceConnectorId, rest)) ?? [];
      rest = errors.map(({ PhoneNumberId }) => decodeURIComponent(PhoneNumberId ?? ''));
    }
    expect(rest).toEqual([]);
  });

  test('permanent ones never pass, and have the code and message they were given', async () => {
    const message = `Phone number ${E164} is under a legal hold.`;
    const { chime, client } = await start({
      faults: {
        permanent: [{ operation: 'BatchDeletePhoneNumber', e164: E164, code: 'Forbidden', message }],
      },
    });
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 2 });
    await disassociate(client, voiceConnectorId, e164s);
    const entry = { PhoneNumberId: '%2B12065550100', ErrorCode: 'Forbidden', ErrorMessage: message };
    expect(await batchDelete(client, e164s)).toEqual([entry]);
    expect(await batchDelete(client, [E164])).toEqual([entry]);
    expect(chime.remaining().queued).toBe(1);
  });

  test('permanent ones are the whole answer where a call is about one number', async () => {
    const fault = { e164: E164, code: 'ResourceLimitExceeded', message: 'The inventory is full.' } as const;
    const { chime, client } = await start({
      faults: { permanent: [{ operation: 'RestorePhoneNumber', ...fault }] },
    });
    chime.seedConnector({ numbers: 1 });
    chime.state.queue(E164);
    const error = await getError(client.send(new RestorePhoneNumberCommand({ PhoneNumberId: E164 })));
    expect(error).toMatchObject({ name: 'ResourceLimitExceededException', Code: 'ResourceLimitExceeded' });
    expect(chime.remaining().queued).toBe(1);
  });
});

describe('scripted faults', () => {
  test('hit the nth request of their operation and no other', async () => {
    const { chime, client } = await start({
      faults: { script: [{ operation: 'GetPhoneNumber', nth: 2, fault: 'throttle' }] },
    });
    chime.seedConnector({ numbers: 1 });
    await client.send(new ListVoiceConnectorsCommand({}));
    await getNumber(client, E164);
    expect((await getError(getNumber(client, E164))).name).toBe('ThrottledClientException');
    await getNumber(client, E164);
  });

  test('can fail all numbers of one call', async () => {
    const { chime, client } = await start({
      faults: { script: [{ operation: 'BatchDeletePhoneNumber', nth: 1, fault: 'numberErrors' }] },
    });
    const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 3 });
    await disassociate(client, voiceConnectorId, e164s);
    expect(await batchDelete(client, e164s)).toHaveLength(3);
    expect(await batchDelete(client, e164s)).toEqual([]);
  });

  test.each([
    [403, 'AccessDenied', 'AccessDeniedException'],
    [403, 'Forbidden', 'ForbiddenException'],
    [401, 'Unauthorized', 'UnauthorizedClientException'],
    [400, 'Conflict', 'BadRequestException'],
    [422, 'SomethingNew', 'UnprocessableEntityException'],
  ])('answer %d %s as %s', async (status, code, name) => {
    const fault = { status, code, message: `No ${E164} for you.` };
    const { client } = await start({ faults: { script: [{ operation: 'GetPhoneNumber', nth: 1, fault }] } });
    expect(await getError(getNumber(client, E164))).toMatchObject({ name, message: fault.message });
  });

  test.each([
    ['an HTML page', { status: 502, contentType: 'text/html', body: '<html>Bad Gateway</html>' }],
    ['truncated JSON', { status: 200, contentType: 'application/json', body: '{"PhoneNumberErrors":[{"Pho' }],
  ])('%s makes the SDK fail, and nothing happened', async (_case, fault) => {
    const { chime, client } = await start({ faults: onBatchDelete(fault) });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    await disassociate(client, voiceConnectorId, [E164]);
    expect((await getError(batchDelete(client, [E164]))).name).toBe('SyntaxError');
    expect(chime.remaining().queued).toBe(0);
  });

  test.each([
    [false, 0],
    [true, 1],
  ])(
    'an empty 200 body looks like success to the SDK, carried out or not (%s)',
    async (carriedOut, queued) => {
      const fault = { status: 200, contentType: 'application/json', body: '', carriedOut };
      const { chime, client } = await start({ faults: onBatchDelete(fault) });
      const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
      await disassociate(client, voiceConnectorId, [E164]);
      expect(await batchDelete(client, [E164])).toBeUndefined();
      expect(chime.remaining().queued).toBe(queued);
    },
  );
});

describe('a seed', () => {
  const faults: FaultPlan = {
    throttle: 0.2,
    serviceFailure: 0.1,
    connectionReset: 0.05,
    replyLost: 0.1,
    numberErrors: 0.1,
  };

  test('gives the same faults whatever the concurrency and the form of ids', async () => {
    const oneByOne = await start({ faults, seed: 's' });
    const allAtOnce = await start({ faults, seed: 's', switches: { numberIdForm: 'plus' } });
    const first = await release(oneByOne.chime, 1);
    const second = await release(allAtOnce.chime, 10);
    expect(first.some((outcome) => outcome.includes('throttle'))).toBe(true);
    expect(first.some((outcome) => outcome.includes('numberErrors'))).toBe(true);
    expect(second).toEqual(first);
    expect(allAtOnce.chime.remaining()).toEqual(oneByOne.chime.remaining());
  });

  test('gives other faults than another seed', async () => {
    const first = await release((await start({ faults, seed: 1 })).chime, 1);
    const second = await release((await start({ faults, seed: 2 })).chime, 1);
    expect(second).not.toEqual(first);
  });
});

test('10,000 numbers are released and given back', async () => {
  const { chime, client } = await start();
  const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 10_000 });
  for (const numbers of batches(e164s)) {
    await disassociate(client, voiceConnectorId, numbers);
    await batchDelete(client, numbers);
  }
  expect(chime.remaining().queued).toBe(10_000);
  for (const e164 of e164s) chime.state.restore(e164);
  for (const numbers of batches(e164s)) {
    const input = { VoiceConnectorId: voiceConnectorId, E164PhoneNumbers: numbers };
    await client.send(new AssociatePhoneNumbersWithVoiceConnectorCommand(input));
  }
  expect(chime.state.numbersOn(voiceConnectorId)).toBe(10_000);
});

const onBatchDelete = (fault: {
  status: number;
  contentType: string;
  body: string;
  carriedOut?: boolean;
}) => ({
  script: [{ operation: 'BatchDeletePhoneNumber', nth: 1, fault } as const],
});

/** Releases 1000 numbers in calls of 50, so many batches at a time; answers what each request met, sorted. */
async function release(chime: LocalChime, concurrency: number): Promise<string[]> {
  const client = voiceClient(chime);
  const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 1000 });
  const waiting = batches(e164s);
  if (concurrency > 1) waiting.reverse();
  const work = async () => {
    for (let batch = waiting.pop(); batch; batch = waiting.pop()) {
      const numbers = batch;
      const steps = [
        () => disassociate(client, voiceConnectorId, numbers),
        () => client.send(new BatchDeletePhoneNumberCommand({ PhoneNumberIds: [...numbers].reverse() })),
      ];
      for (const step of steps) for (let i = 0; i < 3; i += 1) await step().catch(String);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return chime.requests
    .map(({ operation, target, status, fault }) => `${operation} ${[...target].sort()} ${status} ${fault}`)
    .sort();
}

function batches(e164s: readonly string[]): string[][] {
  const count = Math.ceil(e164s.length / 50);
  return Array.from({ length: count }, (_, i) => e164s.slice(i * 50, i * 50 + 50));
}
