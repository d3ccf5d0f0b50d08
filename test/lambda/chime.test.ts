import { describe, expect, it } from '@jest/globals';
import { pageSize } from '#chime-api';
import { connectChime } from '../../lambda/chime/client.ts';
import { deleteVoiceConnector, getVoiceConnector } from '../../lambda/chime/connectors.ts';
import { numberKey } from '../../lambda/chime/number-key.ts';
import { attachedNumbers, getNumber, inventory } from '../../lambda/chime/numbers.ts';
import type { NumberView } from '../../lambda/ports.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { at, changes, digitsOfANumber, errorOf, openChime, reply, script } from './setting.ts';

const number = { id: '%2B12065550100', e164: '+12065550100' };
const wireNumber = { PhoneNumberId: number.id, E164PhoneNumber: number.e164, Status: 'Unassigned' };

describe('A connector', () => {
  it('is read with its name', async () => {
    const { chime, client } = await open();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0, name: 'Trunk' });
    expect(await getVoiceConnector(client)(voiceConnectorId)).toMatchObject({
      voiceConnectorId,
      name: 'Trunk',
    });
  });

  it.each(switchPositions.errorHeader)(
    'that is not there is undefined (error header %s)',
    async (errorHeader) => {
      const { client } = await open({ switches: { errorHeader } });
      expect(await getVoiceConnector(client)('nosuchconnector')).toBeUndefined();
    },
  );

  it('that an answer leaves out is a MalformedReply', async () => {
    const { client } = await open({ faults: script('GetVoiceConnector', reply({})) });
    expect(await errorOf(getVoiceConnector(client)('abc'))).toMatchObject({
      name: 'MalformedReply',
      message: 'reading connector abc: the answer holds no connector',
    });
  });
});

describe('A number that comes without associations', () => {
  it('has none: it is free, and not with somebody', async () => {
    const { client } = await open({ faults: script('GetPhoneNumber', reply({ PhoneNumber: wireNumber })) });
    expect((await getNumber(client)(number))?.associations).toEqual([]);
  });
});

describe('The numbers of a connector', () => {
  it.each([0, 1, pageSize, pageSize + 1, 2 * pageSize + 1])(
    'are all listed where there are %d',
    async (count) => {
      const { chime, client } = await open();
      chime.seedConnector({ numbers: 3 });
      const { voiceConnectorId, e164s } = chime.seedConnector({ numbers: count });
      const pages = await pagesOf(attachedNumbers(client)(voiceConnectorId));
      expect(pages.flat().map(({ e164 }) => e164)).toEqual(e164s);
      expect(chime.calls().ListPhoneNumbers).toBe(Math.max(1, Math.ceil(count / pageSize)));
    },
  );

  it.each([
    ['percent', '%2B12065550100'],
    ['plus', '+12065550100'],
  ] as const)('have their id as the service gave it, in the form "%s"', async (numberIdForm, id) => {
    const { chime, client } = await open({ switches: { numberIdForm } });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    expect(await pagesOf(attachedNumbers(client)(voiceConnectorId))).toEqual([
      [
        {
          id,
          e164: '+12065550100',
          key: '+12065550100',
          status: 'Assigned',
          associations: [{ name: 'VoiceConnectorId', value: voiceConnectorId }],
        },
      ],
    ]);
  });

  it('are read on past a page that is empty', async () => {
    const pages = [reply({ PhoneNumbers: [], NextToken: 'a' }), reply({ PhoneNumbers: [wireNumber] })];
    const { client } = await open({ faults: script('ListPhoneNumbers', ...pages) });
    expect((await pagesOf(attachedNumbers(client)('abc'))).flat()).toHaveLength(1);
  });

  it('end with an empty page token', async () => {
    const page = reply({ PhoneNumbers: [wireNumber], NextToken: '' });
    const { chime, client } = await open({ faults: script('ListPhoneNumbers', page) });
    await pagesOf(attachedNumbers(client)('abc'));
    expect(chime.calls().ListPhoneNumbers).toBe(1);
  });

  it('are a MalformedReply where the service gives the same page token again', async () => {
    const page = reply({ PhoneNumbers: [wireNumber], NextToken: 'again' });
    const { chime, client } = await open({ faults: script('ListPhoneNumbers', page, page, page) });
    expect(await errorOf(pagesOf(attachedNumbers(client)('abc')))).toMatchObject({
      name: 'MalformedReply',
      message: 'listing the numbers of connector abc: the service gave the same page token twice',
    });
    expect(chime.calls().ListPhoneNumbers).toBe(2);
  });

  it.each([
    ['without a list', {}],
    ['with a number without id', { PhoneNumbers: [{ ...wireNumber, PhoneNumberId: undefined }] }],
    ['with a number without E.164 form', { PhoneNumbers: [{ ...wireNumber, E164PhoneNumber: undefined }] }],
    ['with a number without status', { PhoneNumbers: [{ ...wireNumber, Status: undefined }] }],
    ['with a time that is a number', { PhoneNumbers: [{ ...wireNumber, UpdatedTimestamp: 1_767_603_600 }] }],
    ['that breaks off', '{"PhoneNumbers":[{"PhoneNumberId":"+12065550100","E164Ph'],
    ['that is a page of HTML', '<html>+12065550100</html>'],
  ])('are a MalformedReply in an answer %s', async (_what, body) => {
    const { client } = await open({ faults: script('ListPhoneNumbers', reply(body)) });
    const error = await errorOf(pagesOf(attachedNumbers(client)('abc')));
    expect(error.name).toBe('MalformedReply');
    expect(`${error.message} ${error.stack}`).not.toMatch(/1206555/);
  });
});

describe('The inventory', () => {
  it('holds the numbers of all connectors and of none', async () => {
    const { chime, client } = await open();
    const { e164s } = chime.seedConnector({ numbers: 3 });
    chime.state.disassociate(at(e164s, 1));
    const views = (await pagesOf(inventory(client)())).flat();
    expect(views.map(({ status }) => status)).toEqual(['Assigned', 'Unassigned', 'Assigned']);
  });

  it.each(switchPositions.queuedListed)(
    'is listed by status (queued ones listed: %s)',
    async (queuedListed) => {
      const { chime, client } = await open({ switches: { queuedListed } });
      const { e164s } = chime.seedConnector({ numbers: 3 });
      chime.state.disassociate(at(e164s, 2));
      chime.state.queue(at(e164s, 2));
      const views = (await pagesOf(inventory(client)('ReleaseInProgress'))).flat();
      expect(views.map(({ key, status }) => [key, status])).toEqual([[at(e164s, 2), 'ReleaseInProgress']]);
    },
  );
});

describe('A number', () => {
  it.each([
    ['percent', '%2B12065550100'],
    ['plus', '+12065550100'],
  ] as const)('is found by its id in the form "%s"', async (numberIdForm, id) => {
    const { chime, client } = await open({ switches: { numberIdForm } });
    chime.seedConnector({ numbers: 1 });
    const view = await getNumber(client)({ id, e164: '+12065550100' });
    expect(view).toMatchObject({ id, e164: '+12065550100', status: 'Assigned' });
  });

  it.each(switchPositions.errorHeader)('that is gone is undefined (error header %s)', async (errorHeader) => {
    const { client } = await open({ switches: { errorHeader } });
    expect(await getNumber(client)(number)).toBeUndefined();
  });

  it('is not gone because a gateway in between knows no such page', async () => {
    const page = { status: 404, contentType: 'text/html', body: '<html>Not Found</html>' };
    const { chime, client } = await open({ faults: script('GetPhoneNumber', page) });
    chime.seedConnector({ numbers: 1 });
    expect((await errorOf(getNumber(client)(number))).name).toBe('MalformedReply');
  });

  it('that an answer leaves out is a MalformedReply that does not name it', async () => {
    const { client } = await open({ faults: script('GetPhoneNumber', reply({})) });
    expect((await errorOf(getNumber(client)(number))).message).toBe(
      'reading number …0100: the answer holds no number',
    );
  });

  it.each(['+12065550100', '%2B12065550100', '%2b12065550100', '%252B12065550100', '12065550100'])(
    'has the same key when it is written %s',
    (form) => {
      expect(numberKey(form)).toBe('+12065550100');
    },
  );
});

describe('Deleting a connector', () => {
  it('is accepted where no number is on it', async () => {
    const { chime, client } = await open();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
    expect(await deleteVoiceConnector(client)(voiceConnectorId)).toEqual({ outcome: 'accepted' });
    expect(chime.remaining().connectors).toBe(0);
  });

  it.each(switchPositions.errorHeader)(
    'that is not there finds it gone (error header %s)',
    async (errorHeader) => {
      const { client } = await open({ switches: { errorHeader } });
      expect(await deleteVoiceConnector(client)('nosuchconnector')).toEqual({ outcome: 'gone' });
    },
  );

  it.each(
    switchPositions.blockedDelete.flatMap((blocked) =>
      switchPositions.errorHeader.map((header) => [blocked, header] as const),
    ),
  )('is blocked by numbers, said as %s (error header %s)', async (blockedDelete, errorHeader) => {
    const { chime, client } = await open({ switches: { blockedDelete, errorHeader } });
    const { voiceConnectorId } = chime.seedConnector({ numbers: 1 });
    const name = blockedDelete.startsWith('409') ? 'ConflictException' : 'BadRequestException';
    expect(await deleteVoiceConnector(client)(voiceConnectorId)).toEqual({
      outcome: 'blocked',
      reason: `${name}: deleting connector ${voiceConnectorId}: Voice Connector ${voiceConnectorId} has associated phone numbers.`,
    });
    expect(chime.remaining().connectors).toBe(1);
    expect(changes(chime)).toEqual([['DeleteVoiceConnector', 0]]);
  });

  it('has the numbers in the reason of a refusal masked', async () => {
    const refusal = { status: 409, code: 'Conflict', message: 'Number +12065550100 is on it.' };
    const { client } = await open({ faults: script('DeleteVoiceConnector', refusal) });
    const deletion = await deleteVoiceConnector(client)('abc');
    expect(deletion).toMatchObject({ outcome: 'blocked', reason: expect.stringContaining('Number …0100') });
  });

  it('that may not be done is an error', async () => {
    const refusal = { status: 403, code: 'Forbidden', message: 'No right to +12065550100.' };
    const { chime, client } = await open({ faults: script('DeleteVoiceConnector', refusal) });
    const error = await errorOf(deleteVoiceConnector(client)('abc'));
    expect(error).toMatchObject({ name: 'ForbiddenException', status: 403 });
    expect(error.message).not.toMatch(digitsOfANumber);
    expect(chime.requests).toHaveLength(1);
  });
});

async function open(options: Parameters<typeof openChime>[0] = {}) {
  const setting = await openChime(options);
  return { ...setting, client: connectChime(setting.edge) };
}

async function pagesOf(pages: AsyncIterable<readonly NumberView[]>): Promise<(readonly NumberView[])[]> {
  const found: (readonly NumberView[])[] = [];
  for await (const page of pages) found.push(page);
  return found;
}
