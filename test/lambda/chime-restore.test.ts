import { describe, expect, it } from '@jest/globals';
import { ListTagsForResourceCommand } from '#chime-api';
import { connectChime } from '../../lambda/chime/client.ts';
import { associateNumbers, getNumber, requestNames, restoreNumber } from '../../lambda/chime/numbers.ts';
import type { PhoneNumber } from '../../lambda/ports.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { at, changes, errorOf, openChime, passingFaults, reply, script } from './setting.ts';

const isOlderApi = ListTagsForResourceCommand === undefined;
const gone = { id: '%2B13125550199', e164: '+13125550199' };

describe('Taking a number out of the deletion queue', () => {
  it.each(switchPositions.numberIdForm)(
    'shows it as it is then (ids in the form "%s")',
    async (numberIdForm) => {
      const { chime, client, queue, number } = await open({ switches: { numberIdForm } });
      queue(0);
      expect(await restoreNumber(client)(number(0))).toEqual({
        view: { ...number(0), key: number(0).e164, status: 'Unassigned', associations: [] },
      });
      expect(chime.remaining().queued).toBe(0);
      expect(changes(chime)).toEqual([['RestorePhoneNumber', 1]]);
    },
  );

  it('shows it in the queue as long as the service does', async () => {
    const { client, queue, number } = await open({ switches: { restoreSeconds: 20 } });
    queue(0);
    expect(await restoreNumber(client)(number(0))).toMatchObject({ view: { status: 'ReleaseInProgress' } });
  });

  it.each(
    switchPositions.restoreNotQueued.flatMap((how) =>
      switchPositions.errorHeader.map((header) => [how, header] as const),
    ),
  )(
    'that is not in there is a refusal, or shows it as it is (%s, error header %s)',
    async (how, errorHeader) => {
      const { client, number } = await open({ switches: { restoreNotQueued: how, errorHeader } });
      const answer = await restoreNumber(client)(number(0));
      if (how === 'silent') expect(answer).toMatchObject({ view: { status: 'Assigned' } });
      else
        expect(answer).toEqual({
          refusal: {
            code: how,
            message: 'restoring number …0100: Phone number …0100 is not in the deletion queue.',
          },
        });
    },
  );

  it.each(switchPositions.errorHeader)('that is gone is a refusal (error header %s)', async (errorHeader) => {
    const { client } = await open({ switches: { errorHeader } });
    expect(await restoreNumber(client)(gone)).toMatchObject({ refusal: { code: 'NotFound' } });
  });

  it.each([
    [403, 'AccessDenied', 'AccessDenied'],
    [403, 'Forbidden', 'Forbidden'],
    [400, 'ResourceLimitExceeded', 'ResourceLimitExceeded'],
  ])(
    "that may not be done (%d %s) is a refusal with the service's code and masked reason",
    async (status, code, told) => {
      const fault = { status, code, message: 'Not +12065550100.' };
      const { chime, client, number } = await open({ faults: script('RestorePhoneNumber', fault) });
      expect(await restoreNumber(client)(number(0))).toEqual({
        refusal: { code: told, message: 'restoring number …0100: Not …0100.' },
      });
      expect(chime.requests).toHaveLength(1);
    },
  );

  it.each(passingFaults)(
    'that fails just now, by %s, is no refusal: it is thrown as %s',
    async (fault, name) => {
      const { chime, client, queue, number } = await open({ faults: { [fault]: 1 } });
      queue(0);
      expect((await errorOf(restoreNumber(client)(number(0)))).name).toBe(name);
      expect(chime.remaining().queued).toBe(1);
    },
  );

  it.each([
    ['no number', {}],
    ['a number without status', { PhoneNumber: { PhoneNumberId: gone.id, E164PhoneNumber: gone.e164 } }],
  ])('is a MalformedReply where the answer holds %s', async (_what, body) => {
    const { client, number } = await open({ faults: script('RestorePhoneNumber', reply(body)) });
    const error = await errorOf(restoreNumber(client)(number(0)));
    expect(error.name).toBe('MalformedReply');
    expect(error.message).toMatch(/^restoring number …0100: /);
  });
});

describe('Putting numbers onto a connector', () => {
  it.each(switchPositions.emptyErrors)('is one call for all of them (no errors: %s)', async (emptyErrors) => {
    const { chime, client, voiceConnectorId, numbers } = await open({ switches: { emptyErrors } });
    for (const { e164 } of numbers) chime.state.disassociate(e164);
    const answer = await associateNumbers(client)(voiceConnectorId, numbers);
    expect(answer?.account).toBe(emptyErrors === 'absent' ? 'missing' : 'complete');
    expect(chime.state.numbersOn(voiceConnectorId)).toBe(3);
    expect(changes(chime)).toEqual([['AssociatePhoneNumbersWithVoiceConnector', 3]]);
  });

  it('takes none away from another one', async () => {
    const { chime, client, voiceConnectorId, numbers } = await open();
    const { voiceConnectorId: other } = chime.state.addConnector();
    for (const { e164 } of numbers) chime.state.disassociate(e164);
    chime.state.associate(at(numbers, 1).e164, other);
    const answer = await associateNumbers(client)(voiceConnectorId, numbers);
    expect(numbers.map((number) => answer?.refusalOf(number)?.code)).toEqual([
      undefined,
      'PhoneNumberAssociationsExist',
      undefined,
    ]);
    expect(answer?.refusalOf(at(numbers, 1))?.message).toMatch(/^Phone number …0101 is associated with/);
    expect([other, voiceConnectorId].map((id) => chime.state.numbersOn(id))).toEqual([1, 2]);
  });

  it.each(switchPositions.repeatedAssociation)(
    'that are there already is told as the service does: %s',
    async (how) => {
      const { client, voiceConnectorId, numbers } = await open({ switches: { repeatedAssociation: how } });
      const answer = await associateNumbers(client)(voiceConnectorId, numbers);
      const code = how === 'silent' ? undefined : how;
      expect(numbers.map((number) => answer?.refusalOf(number)?.code)).toEqual([code, code, code]);
    },
  );

  it.each(switchPositions.errorHeader)('that is gone is undefined (error header %s)', async (errorHeader) => {
    const { chime, client, voiceConnectorId, numbers } = await open({ switches: { errorHeader } });
    chime.state.deleteConnector(voiceConnectorId);
    expect(await associateNumbers(client)(voiceConnectorId, numbers)).toBeUndefined();
  });

  it('that may not be done is an error', async () => {
    const fault = { status: 403, code: 'Forbidden', message: 'Not +12065550100.' };
    const faults = script('AssociatePhoneNumbersWithVoiceConnector', fault);
    const { client, voiceConnectorId, numbers } = await open({ faults });
    expect(await errorOf(associateNumbers(client)(voiceConnectorId, numbers))).toMatchObject({
      name: 'ForbiddenException',
      message: `associating 3 numbers with connector ${voiceConnectorId}: Not …0100.`,
    });
  });
});

describe('Asking for names', () => {
  const names = { name: 'Front desk', callingName: 'ACME' };

  it('is done for one kind of name at a time, in one call for all numbers', async () => {
    const { chime, client, numbers, e164s } = await open();
    const named = numbers.map((number, i) => ({ ...number, name: `Desk ${i}`, callingName: `ACME ${i}` }));
    const answer = await requestNames(client)('callingName', named);
    expect([answer.account, ...numbers.map((number) => answer.refusalOf(number))]).toEqual([
      'complete',
      ...[undefined, undefined, undefined],
    ]);
    expect(e164s.map((e164) => chime.state.number(e164)?.callingName)).toEqual([
      'ACME 0',
      'ACME 1',
      'ACME 2',
    ]);
    expect(e164s.map((e164) => chime.state.number(e164)?.name)).toEqual([undefined, undefined, undefined]);
    expect(changes(chime)).toEqual([['BatchUpdatePhoneNumber', 3]]);
  });

  it.each(switchPositions.pendingCallingName)(
    'a second time, while one is pending, may be refused: %s',
    async (how) => {
      const { client, numbers } = await open({ switches: { pendingCallingName: how } });
      const named = numbers.map((number) => ({ ...number, ...names }));
      await requestNames(client)('callingName', named);
      const answer = await requestNames(client)('callingName', named);
      const code = how === 'accepted' ? undefined : 'BadRequest';
      expect(numbers.map((number) => answer.refusalOf(number)?.code)).toEqual([code, code, code]);
    },
  );

  it('that may not be done is an error that names no number', async () => {
    const fault = { status: 403, code: 'Forbidden', message: 'Not +12065550100.' };
    const { client, numbers } = await open({ faults: script('BatchUpdatePhoneNumber', fault) });
    const named = numbers.map((number) => ({ ...number, ...names }));
    expect(await errorOf(requestNames(client)('callingName', named))).toMatchObject({
      name: 'ForbiddenException',
      message: 'naming 3 numbers: Not …0100.',
    });
  });

  it('gives a number the calling name that reads then show', async () => {
    const { client, number } = await open();
    await requestNames(client)('callingName', [{ ...number(0), ...names }]);
    expect(await getNumber(client)(number(0))).toMatchObject({ callingName: 'ACME' });
  });

  if (!isOlderApi) {
    it('gives a number its name and nothing else, and reads then show it', async () => {
      const { chime, client, number, e164s } = await open();
      await requestNames(client)('name', [{ ...number(1), ...names }]);
      expect(e164s.map((e164) => chime.state.number(e164)?.name)).toEqual([
        undefined,
        'Front desk',
        undefined,
      ]);
      expect(chime.state.number(number(1).e164)?.callingName).toBeUndefined();
      expect(await getNumber(client)(number(1))).toMatchObject({ name: 'Front desk' });
    });
  }
});

/** Three numbers on a connector. */
async function open(options: Parameters<typeof openChime>[0] = {}) {
  const setting = await openChime(options);
  const { chime } = setting;
  const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: 3 });
  const isPercent = chime.switches.numberIdForm === 'percent';
  const numbers = e164s.map(
    (e164): PhoneNumber => ({
      id: isPercent ? e164.replace('+', '%2B') : e164,
      e164,
    }),
  );
  const queue = (index: number): void => {
    chime.state.disassociate(at(e164s, index));
    chime.state.queue(at(e164s, index));
  };
  return {
    ...setting,
    ...{ client: connectChime(setting.edge), voiceConnectorId, e164s, numbers, queue },
    number: (index: number) => at(numbers, index),
  };
}
