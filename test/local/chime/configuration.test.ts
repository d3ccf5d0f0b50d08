import * as legacy from '@aws-sdk/client-chime';
import * as voice from '@aws-sdk/client-chime-sdk-voice';
import { describe, expect, test } from '@jest/globals';
import type { ConfigurationChange } from '../../../local/chime/configuration.ts';
import { configurationParts } from '../../../local/chime/configuration.ts';
import { switchPositions } from '../../../local/chime/switches.ts';
import { getError, legacyClient, start } from './setting.ts';

/** One of each part, as replies of the service have it. */
const full = {
  termination: {
    CpsLimit: 1,
    DefaultPhoneNumber: '+12065550100',
    CallingRegions: ['US'],
    CidrAllowedList: ['203.0.113.0/27'],
    Disabled: false,
  },
  origination: {
    Routes: [{ Host: '203.0.113.5', Port: 5060, Protocol: 'UDP', Priority: 1, Weight: 1 }],
    Disabled: false,
  },
  streamingConfiguration: {
    DataRetentionInHours: 24,
    Disabled: false,
    StreamingNotificationTargets: [{ NotificationTarget: 'EventBridge' }],
  },
  emergencyCallingConfiguration: {
    DNIS: [{ EmergencyPhoneNumber: '+12065550911', CallingCountry: 'US' }],
  },
  loggingConfiguration: { EnableSIPLogs: true, EnableMediaMetricLogs: false },
  proxy: { DefaultSessionExpiryMinutes: 60, Disabled: false, PhoneNumberCountries: ['US'] },
  externalSystemsConfiguration: {
    SessionBorderControllerTypes: ['AUDIOCODES_MEDIANT_SBC'],
    ContactCenterSystemTypes: ['AVAYA_AURA_CALL_CENTER_ELITE'],
  },
} satisfies ConfigurationChange;

const reads = {
  termination: (client, id) =>
    client.send(new voice.GetVoiceConnectorTerminationCommand(id)).then(({ Termination }) => Termination),
  origination: (client, id) =>
    client.send(new voice.GetVoiceConnectorOriginationCommand(id)).then(({ Origination }) => Origination),
  streamingConfiguration: (client, id) =>
    client
      .send(new voice.GetVoiceConnectorStreamingConfigurationCommand(id))
      .then(({ StreamingConfiguration }) => StreamingConfiguration),
  emergencyCallingConfiguration: (client, id) =>
    client
      .send(new voice.GetVoiceConnectorEmergencyCallingConfigurationCommand(id))
      .then(({ EmergencyCallingConfiguration }) => EmergencyCallingConfiguration),
  loggingConfiguration: (client, id) =>
    client
      .send(new voice.GetVoiceConnectorLoggingConfigurationCommand(id))
      .then(({ LoggingConfiguration }) => LoggingConfiguration),
  proxy: (client, id) =>
    client.send(new voice.GetVoiceConnectorProxyCommand(id)).then((reply) => reply.Proxy),
  externalSystemsConfiguration: (client, id) =>
    client
      .send(new voice.GetVoiceConnectorExternalSystemsConfigurationCommand(id))
      .then(({ ExternalSystemsConfiguration }) => ExternalSystemsConfiguration),
} satisfies Record<
  keyof typeof full,
  (client: voice.ChimeSDKVoiceClient, id: { VoiceConnectorId: string }) => Promise<object | undefined>
>;

describe('a part of the configuration', () => {
  test.each(configurationParts)('is read as it was set: %s', async (part) => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
    chime.state.configure(voiceConnectorId, full);
    expect(await reads[part](client, { VoiceConnectorId: voiceConnectorId })).toEqual(full[part]);
    expect(chime.requests).toMatchObject([{ target: [voiceConnectorId], changing: false, status: 200 }]);
  });

  test.each(configurationParts)('that is not set is not found, or an empty reply: %s', async (part) => {
    for (const notConfigured of switchPositions.notConfigured) {
      const { chime, client } = await start({ switches: { notConfigured } });
      const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
      chime.state.configure(voiceConnectorId, { ...full, [part]: undefined });
      const read = reads[part](client, { VoiceConnectorId: voiceConnectorId });
      if (notConfigured === 'empty') expect(await read).toBeUndefined();
      else expect(await getError(read)).toMatchObject({ name: 'NotFoundException', Code: 'NotFound' });
    }
  });

  test.each(configurationParts)('of no connector is not found: %s', async (part) => {
    const { client } = await start({ switches: { notConfigured: 'empty' } });
    const read = reads[part](client, { VoiceConnectorId: 'abcdef1ghij2klmno3pqr4' });
    expect((await getError(read)).name).toBe('NotFoundException');
  });

  test('stays as it is while another one is set or removed', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
    const id = { VoiceConnectorId: voiceConnectorId };
    chime.state.configure(voiceConnectorId, { termination: full.termination, origination: full.origination });
    chime.state.configure(voiceConnectorId, { proxy: full.proxy, origination: undefined });
    expect(await reads.termination(client, id)).toEqual(full.termination);
    expect(await reads.proxy(client, id)).toEqual(full.proxy);
    expect((await getError(reads.origination(client, id))).name).toBe('NotFoundException');
  });

  test('is read by the older client too', async () => {
    const { chime } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
    const client = legacyClient(chime);
    const id = { VoiceConnectorId: voiceConnectorId };
    chime.state.configure(voiceConnectorId, {
      ...full,
      terminationCredentials: ['pbx'],
      origination: undefined,
    });
    const termination = await client.send(new legacy.GetVoiceConnectorTerminationCommand(id));
    const proxy = await client.send(new legacy.GetVoiceConnectorProxyCommand(id));
    const users = await client.send(new legacy.ListVoiceConnectorTerminationCredentialsCommand(id));
    const origination = getError(client.send(new legacy.GetVoiceConnectorOriginationCommand(id)));
    expect(termination.Termination).toEqual(full.termination);
    expect(proxy.Proxy).toEqual(full.proxy);
    expect(users.Usernames).toEqual(['pbx']);
    expect((await origination).name).toBe('NotFoundException');
  });

  test('goes with the connector', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
    chime.state.configure(voiceConnectorId, full);
    await client.send(new voice.DeleteVoiceConnectorCommand({ VoiceConnectorId: voiceConnectorId }));
    const read = reads.termination(client, { VoiceConnectorId: voiceConnectorId });
    expect((await getError(read)).name).toBe('NotFoundException');
    expect(() => chime.state.configure(voiceConnectorId, full)).toThrow(voiceConnectorId);
  });
});

describe('termination credentials', () => {
  test.each(switchPositions.notConfigured)(
    'are listed by user name, none as an empty list (notConfigured: %s)',
    async (notConfigured) => {
      const { chime, client } = await start({ switches: { notConfigured } });
      const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
      const command = new voice.ListVoiceConnectorTerminationCredentialsCommand({
        VoiceConnectorId: voiceConnectorId,
      });
      const before = await client.send(command);
      chime.state.configure(voiceConnectorId, { terminationCredentials: ['pbx', 'sbc'] });
      const after = await client.send(command);
      expect(before.Usernames).toEqual([]);
      expect(after.Usernames).toEqual(['pbx', 'sbc']);
    },
  );

  test('of no connector are not found', async () => {
    const { client } = await start();
    const input = { VoiceConnectorId: 'abcdef1ghij2klmno3pqr4' };
    const error = await getError(
      client.send(new voice.ListVoiceConnectorTerminationCredentialsCommand(input)),
    );
    expect(error.name).toBe('NotFoundException');
  });
});

describe('tags', () => {
  test('are read by the ARN of the connector, and can be added, changed and removed', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
    const ResourceARN = await arnOf(client, voiceConnectorId);
    const list = () => client.send(new voice.ListTagsForResourceCommand({ ResourceARN }));
    expect((await list()).Tags).toEqual([]);
    chime.state.tag(voiceConnectorId, { team: 'voice', stage: 'test' });
    chime.state.tag(voiceConnectorId, { stage: 'live', owner: 'ops' });
    chime.state.untag(voiceConnectorId, 'team', 'nothing of the kind');
    expect((await list()).Tags).toEqual([
      { Key: 'stage', Value: 'live' },
      { Key: 'owner', Value: 'ops' },
    ]);
  });

  test('of a connector that is gone, or of another kind of resource, are not found', async () => {
    const { chime, client } = await start();
    const { voiceConnectorId } = chime.seedConnector({ numbers: 0 });
    const arn = await arnOf(client, voiceConnectorId);
    chime.state.tag(voiceConnectorId, { team: 'voice' });
    chime.state.deleteConnector(voiceConnectorId);
    const { voiceConnectorId: other } = chime.seedConnector({ numbers: 0 });
    const arns = [arn, (await arnOf(client, other)).replace(':vc/', ':sma/'), other];
    const errors = await Promise.all(
      arns.map((ResourceARN) => getError(client.send(new voice.ListTagsForResourceCommand({ ResourceARN })))),
    );
    expect(errors.map(({ name }) => name)).toEqual(Array(3).fill('NotFoundException'));
  });

  test('cannot be read without an ARN', async () => {
    const { client } = await start();
    const error = await getError(client.send(new voice.ListTagsForResourceCommand({ ResourceARN: '' })));
    expect(error.name).toBe('BadRequestException');
  });
});

test('a connector says which Region its media is in, and that Amazon Connect uses it only where it does', async () => {
  const { chime, client } = await start();
  const plain = chime.seedConnector({ numbers: 0 });
  const integrationType = 'CONNECT_CALL_TRANSFER_CONNECTOR';
  const managed = chime.seedConnector({ numbers: 0, awsRegion: 'us-west-2', integrationType });
  const get = async (id: string) =>
    (await client.send(new voice.GetVoiceConnectorCommand({ VoiceConnectorId: id }))).VoiceConnector;
  expect(await get(plain.voiceConnectorId)).not.toHaveProperty('IntegrationType');
  expect(await get(managed.voiceConnectorId)).toMatchObject({
    AwsRegion: 'us-west-2',
    IntegrationType: integrationType,
  });
});

async function arnOf(client: voice.ChimeSDKVoiceClient, id: string) {
  const reply = await client.send(new voice.GetVoiceConnectorCommand({ VoiceConnectorId: id }));
  return reply.VoiceConnector?.VoiceConnectorArn ?? '';
}
