/** How a connector is configured: read part by part, for the snapshot. Secrets are never asked for. */
import {
  type ChimeClient,
  GetVoiceConnectorEmergencyCallingConfigurationCommand,
  GetVoiceConnectorExternalSystemsConfigurationCommand,
  GetVoiceConnectorLoggingConfigurationCommand,
  GetVoiceConnectorOriginationCommand,
  GetVoiceConnectorProxyCommand,
  GetVoiceConnectorStreamingConfigurationCommand,
  GetVoiceConnectorTerminationCommand,
  ListVoiceConnectorTerminationCredentialsCommand,
} from '#chime-api';
import { isPassing, ServiceError } from '../errors.ts';
import type { ChimePort, Configuration } from '../ports.ts';
import { orUndefinedIfNotFound } from './client.ts';

/**
 * Reads a connector's configuration. What is not set is absent; what the service will not show is named under
 * `unreadable`, with the error's name: a part that nobody may read should not keep a connector for ever. Passing trouble
 * is thrown.
 */
export const configurationOf =
  (client: ChimeClient): ChimePort['configurationOf'] =>
  async (voiceConnectorId) => {
    const input = { VoiceConnectorId: voiceConnectorId };
    const ExternalSystemsCommand = GetVoiceConnectorExternalSystemsConfigurationCommand;
    const readers: { [Part in keyof Parts]: () => Promise<Parts[Part] | undefined> } = {
      termination: async () =>
        (await client.send(new GetVoiceConnectorTerminationCommand(input))).Termination,
      terminationUsernames: async () =>
        (await client.send(new ListVoiceConnectorTerminationCredentialsCommand(input))).Usernames,
      origination: async () =>
        (await client.send(new GetVoiceConnectorOriginationCommand(input))).Origination,
      streaming: async () =>
        (await client.send(new GetVoiceConnectorStreamingConfigurationCommand(input))).StreamingConfiguration,
      emergencyCalling: async () =>
        (await client.send(new GetVoiceConnectorEmergencyCallingConfigurationCommand(input)))
          .EmergencyCallingConfiguration,
      logging: async () =>
        (await client.send(new GetVoiceConnectorLoggingConfigurationCommand(input))).LoggingConfiguration,
      proxy: async () => (await client.send(new GetVoiceConnectorProxyCommand(input))).Proxy,
      externalSystems: async () =>
        ExternalSystemsCommand === undefined
          ? undefined
          : (await client.send(new ExternalSystemsCommand(input))).ExternalSystemsConfiguration,
    };
    const parts: Record<string, unknown> = {};
    const unreadable: Record<string, string> = {};
    for (const [part, read] of Object.entries(readers)) {
      const doing = `reading the ${inWords(part)} of connector ${voiceConnectorId}`;
      try {
        const found = await orUndefinedIfNotFound<unknown>(read, doing);
        if (found !== undefined) parts[part] = found;
      } catch (error) {
        if (!(error instanceof ServiceError) || isPassing(error)) throw error;
        unreadable[part] = error.name;
      }
    }
    return { ...parts, ...(Object.keys(unreadable).length === 0 ? {} : { unreadable }) };
  };

type Parts = Required<Omit<Configuration, 'unreadable'>>;

/** `emergencyCalling` as a sentence has it. */
export function inWords(part: string): string {
  return part.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
