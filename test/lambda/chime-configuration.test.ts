import { describe, expect, it } from '@jest/globals';
import { GetVoiceConnectorExternalSystemsConfigurationCommand } from '#chime-api';
import { connectChime } from '../../lambda/chime/client.ts';
import { configurationOf, inWords } from '../../lambda/chime/configuration.ts';
import type { Configuration as Settings } from '../../local/chime/configuration.ts';
import type { Operation } from '../../local/chime/operations.ts';
import { switchPositions } from '../../local/chime/switches.ts';
import { errorOf, openChime, passingFaults, reply, script } from './setting.ts';

const isOlderApi = GetVoiceConnectorExternalSystemsConfigurationCommand === undefined;

const usernames = ['pbx-1', 'pbx-2'];
const origination = { Routes: [{ Host: 'pbx.example.com', Port: 5060 }] };
const settings = {
  termination: { DefaultPhoneNumber: '+12065550100', CpsLimit: 1 },
  terminationCredentials: usernames,
  origination,
  streamingConfiguration: { DataRetentionInHours: 24, Disabled: false },
  emergencyCallingConfiguration: {
    DNIS: [{ EmergencyPhoneNumber: '+12065550911', CallingCountry: 'US' }],
  },
  loggingConfiguration: { EnableSIPLogs: true },
  proxy: { DefaultSessionExpiryMinutes: 60, Disabled: false },
  externalSystemsConfiguration: { SessionBorderControllerTypes: ['CISCO_UNIFIED_BORDER_ELEMENT'] },
} satisfies Settings;

/** Each part, the operation that reads it, and what is set here; the older API knows no external systems. */
const parts: [part: string, operation: Operation, value: object][] = [
  ['termination', 'GetVoiceConnectorTermination', settings.termination],
  ['terminationUsernames', 'ListVoiceConnectorTerminationCredentials', usernames],
  ['origination', 'GetVoiceConnectorOrigination', origination],
  ['streaming', 'GetVoiceConnectorStreamingConfiguration', settings.streamingConfiguration],
  [
    'emergencyCalling',
    'GetVoiceConnectorEmergencyCallingConfiguration',
    settings.emergencyCallingConfiguration,
  ],
  ['logging', 'GetVoiceConnectorLoggingConfiguration', settings.loggingConfiguration],
  ['proxy', 'GetVoiceConnectorProxy', settings.proxy],
];
if (!isOlderApi) {
  parts.push([
    'externalSystems',
    'GetVoiceConnectorExternalSystemsConfiguration',
    settings.externalSystemsConfiguration,
  ]);
}
const known = Object.fromEntries(parts.map(([part, , value]) => [part, value]));

describe('The configuration of a connector', () => {
  it('is read part by part, as the service gives it', async () => {
    const { read } = await open(settings);
    expect(await read()).toEqual(known);
  });

  it('is asked for once a part, and never for a secret', async () => {
    const { chime, read } = await open(settings);
    await read();
    expect(chime.requests.map(({ operation }) => operation)).toEqual(parts.map(([, operation]) => operation));
  });

  it.each(switchPositions.notConfigured)(
    'has no part that is not set (which the service says by %s)',
    async (how) => {
      const { read } = await open({}, { switches: { notConfigured: how } });
      expect(await read()).toEqual({ terminationUsernames: [] });
    },
  );

  it.each(switchPositions.notConfigured)('may have one part and no other (the others: %s)', async (how) => {
    const { read } = await open({ origination }, { switches: { notConfigured: how } });
    expect(await read()).toEqual({ terminationUsernames: [], origination });
  });

  it.each(switchPositions.errorHeader)(
    'of a connector that is gone is empty (error header %s)',
    async (errorHeader) => {
      const { chime, voiceConnectorId, read } = await open(settings, { switches: { errorHeader } });
      chime.state.deleteConnector(voiceConnectorId);
      expect(await read()).toEqual({});
    },
  );
});

describe('A part of the configuration', () => {
  it.each(parts)(
    "that may not be read is named with the service's error; the others are read: %s",
    async (part, operation) => {
      const fault = { status: 403, code: 'AccessDenied', message: 'No right.' };
      const { read } = await open(settings, { faults: script(operation, fault) });
      const { [part]: _unread, ...others } = known;
      expect(await read()).toEqual({ ...others, unreadable: { [part]: 'AccessDeniedException' } });
    },
  );

  it.each(parts)('that is not there is absent, and not unreadable: %s', async (part, operation) => {
    const fault = { status: 404, code: 'NotFound', message: 'There is none.' };
    const { read } = await open(settings, { faults: script(operation, fault) });
    const { [part]: _absent, ...others } = known;
    expect(await read()).toEqual(others);
  });

  it('is not the only one that is unreadable', async () => {
    const fault = { status: 400, code: 'BadRequest', message: 'No.' };
    const script = parts.map(([, operation]) => ({ operation, nth: 1, fault }));
    const { read } = await open(settings, { faults: { script } });
    expect(await read()).toEqual({
      unreadable: Object.fromEntries(parts.map(([part]) => [part, 'BadRequestException'])),
    });
  });

  it.each(passingFaults)('that cannot be read just now, by %s, is thrown as %s', async (fault, name) => {
    const { read } = await open(settings, { faults: { [fault]: 1, only: ['GetVoiceConnectorProxy'] } });
    expect((await errorOf(read())).name).toBe(name);
  });

  it('in an answer that nobody can read is a MalformedReply, which says what was read', async () => {
    const faults = script(
      'GetVoiceConnectorEmergencyCallingConfiguration',
      reply('<html>+12065550100</html>'),
    );
    const { voiceConnectorId, read } = await open(settings, { faults });
    const error = await errorOf(read());
    expect(error.name).toBe('MalformedReply');
    expect(error.message).toContain(`reading the emergency calling of connector ${voiceConnectorId}: `);
    expect(error.message).not.toContain('1206');
  });

  it.each([
    ['proxy', 'proxy'],
    ['emergencyCalling', 'emergency calling'],
    ['terminationUsernames', 'termination usernames'],
  ])('%s is in a sentence the %s', (part, words) => {
    expect(inWords(part)).toBe(words);
  });
});

async function open(configuration: Settings, options: Parameters<typeof openChime>[0] = {}) {
  const setting = await openChime(options);
  const { voiceConnectorId } = setting.chime.seedConnector({ numbers: 0 });
  setting.chime.state.configure(voiceConnectorId, configuration);
  const read = () => configurationOf(connectChime(setting.edge))(voiceConnectorId);
  return { ...setting, voiceConnectorId, read };
}
