import { describe, expect, it } from '@jest/globals';
import { ListTagsForResourceCommand } from '#chime-api';
import { connectChime } from '../../lambda/chime/client.ts';
import { getVoiceConnector, tagsOf } from '../../lambda/chime/connectors.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { digitsOfANumber, errorOf, openChime, passingFaults, reply, script } from './setting.ts';

const isOlderApi = ListTagsForResourceCommand === undefined;
const operation = 'ListTagsForResource';
const connector = {
  voiceConnectorId: 'abc',
  name: 'Trunk',
  arn: 'arn:aws:chime:us-east-1:111122223333:vc/abc',
};

describe('A connector', () => {
  it('is read with all that the service says of it', async () => {
    const { chime, client } = await open();
    const { voiceConnectorId } = chime.seedConnector({
      ...{ numbers: 0, name: 'Trunk', awsRegion: 'us-west-2' },
      integrationType: 'CONNECT_CALL_TRANSFER_CONNECTOR',
    });
    const onlyInCurrentApi = {
      integrationType: 'CONNECT_CALL_TRANSFER_CONNECTOR',
      networkType: 'IPV4_ONLY',
    };
    expect(await getVoiceConnector(client)(voiceConnectorId)).toEqual({
      voiceConnectorId,
      name: 'Trunk',
      awsRegion: 'us-west-2',
      outboundHostName: `${voiceConnectorId}.voiceconnector.chime.aws`,
      requireEncryption: true,
      arn: `arn:aws:chime:us-east-1:111122223333:vc/${voiceConnectorId}`,
      ...(isOlderApi ? {} : onlyInCurrentApi),
    });
  });

  it('of which the service says little has its id for a name, and nothing that is made up', async () => {
    const { client } = await open({ faults: script('GetVoiceConnector', reply({ VoiceConnector: {} })) });
    expect(await getVoiceConnector(client)('abc')).toEqual({ voiceConnectorId: 'abc', name: 'abc' });
  });

  it('of which the service says nothing, in so many words, is the same', async () => {
    const nothing = { Name: null, AwsRegion: '', OutboundHostName: '', VoiceConnectorArn: '' };
    const more = { RequireEncryption: false, IntegrationType: '', NetworkType: '' };
    const said = reply({ VoiceConnector: { ...nothing, ...more } });
    const { client } = await open({ faults: script('GetVoiceConnector', said) });
    expect(await getVoiceConnector(client)('abc')).toEqual({
      ...{ voiceConnectorId: 'abc', name: 'abc', requireEncryption: false },
    });
  });
});

if (isOlderApi) {
  describe('The tags of a connector through the older API', () => {
    it('are unchecked: it knows none, and is not asked', async () => {
      const { chime, client } = await open();
      const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
      chime.state.tag(voiceConnectorId, { owner: 'voice' });
      expect(await tagsOf(client)({ ...connector, voiceConnectorId })).toBe('unchecked');
      expect(chime.requests).toEqual([]);
    });
  });
} else {
  describe('The tags of a connector', () => {
    it('are known by key, the empty ones too', async () => {
      const { chime, client } = await open();
      const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
      chime.seedConnector({ numbers: 0 });
      chime.state.tag(voiceConnectorId, { owner: 'voice', 'teardown-protection': '' });
      const found = await getVoiceConnector(client)(voiceConnectorId);
      if (found === undefined) throw new Error('There is a connector.');
      expect(await tagsOf(client)(found)).toEqual({ tags: { owner: 'voice', 'teardown-protection': '' } });
    });

    it('may be none', async () => {
      const { client } = await open({ faults: script(operation, reply({ Tags: [] })) });
      expect(await tagsOf(client)(connector)).toEqual({ tags: {} });
    });

    it('are unreadable for want of an ARN, and are not asked for', async () => {
      const { chime, client } = await open();
      const { arn: _none, ...bare } = connector;
      expect(await tagsOf(client)(bare)).toEqual({
        unreadable: 'the service gave no ARN for the connector',
      });
      expect(chime.requests).toEqual([]);
    });

    it('are none where the answer has no list of them', async () => {
      const { client } = await open({ faults: script(operation, reply({})) });
      expect(await tagsOf(client)(connector)).toEqual({ tags: {} });
    });

    it.each(
      switchPositions.errorHeader.flatMap((errorHeader) =>
        (
          [
            [403, 'AccessDenied', 'AccessDeniedException'],
            [403, 'Forbidden', 'ForbiddenException'],
            [401, 'Unauthorized', 'UnauthorizedClientException'],
            [400, 'BadRequest', 'BadRequestException'],
            [404, 'NotFound', 'NotFoundException'],
          ] as const
        ).map((refusal) => [...refusal, errorHeader] as const),
      ),
    )(
      'are unreadable where the service says %d %s: %s (error header %s)',
      async (status, code, name, header) => {
        const message = 'Not with +12065550100.';
        const faults = script(operation, { status, code, message });
        const { chime, client } = await open({ faults, switches: { errorHeader: header } });
        expect(await tagsOf(client)(connector)).toEqual({
          unreadable: `${name}: reading the tags of connector abc: Not with …0100.`,
        });
        expect(chime.requests).toHaveLength(1);
      },
    );

    it.each(passingFaults)('cannot be read just now, by %s: that is thrown as %s', async (fault, name) => {
      const { client } = await open({ faults: { [fault]: 1 } });
      expect((await errorOf(tagsOf(client)(connector))).name).toBe(name);
    });

    it('in an answer that nobody can read are a MalformedReply', async () => {
      const page = reply('<html>+12065550100</html>');
      const { client } = await open({ faults: script(operation, page) });
      const error = await errorOf(tagsOf(client)(connector));
      expect(error.name).toBe('MalformedReply');
      expect(error.message).not.toMatch(digitsOfANumber);
    });
  });
}

async function open(options: Parameters<typeof openChime>[0] = {}) {
  const setting = await openChime(options);
  return { ...setting, client: connectChime(setting.edge) };
}
