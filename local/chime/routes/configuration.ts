import type { ConfigurationPart } from '../configuration.ts';
import { badRequest, notFound } from '../errors.ts';
import type { Operation } from '../operations.ts';
import { connectorArn } from '../wire.ts';
import type { Route } from './route.ts';
import { existing } from './voice-connectors.ts';

const CONNECTOR = '/voice-connectors/:id';

/** Where each part of a configuration is read, and the member of the reply that holds it. */
const parts: readonly {
  readonly part: ConfigurationPart;
  readonly operation: Operation;
  readonly path: string;
  readonly member: string;
}[] = [
  {
    part: 'termination',
    operation: 'GetVoiceConnectorTermination',
    path: 'termination',
    member: 'Termination',
  },
  {
    part: 'origination',
    operation: 'GetVoiceConnectorOrigination',
    path: 'origination',
    member: 'Origination',
  },
  {
    part: 'streamingConfiguration',
    operation: 'GetVoiceConnectorStreamingConfiguration',
    path: 'streaming-configuration',
    member: 'StreamingConfiguration',
  },
  {
    part: 'emergencyCallingConfiguration',
    operation: 'GetVoiceConnectorEmergencyCallingConfiguration',
    path: 'emergency-calling-configuration',
    member: 'EmergencyCallingConfiguration',
  },
  {
    part: 'loggingConfiguration',
    operation: 'GetVoiceConnectorLoggingConfiguration',
    path: 'logging-configuration',
    member: 'LoggingConfiguration',
  },
  {
    part: 'proxy',
    operation: 'GetVoiceConnectorProxy',
    path: 'programmable-numbers/proxy',
    member: 'Proxy',
  },
  {
    part: 'externalSystemsConfiguration',
    operation: 'GetVoiceConnectorExternalSystemsConfiguration',
    path: 'external-systems-configuration',
    member: 'ExternalSystemsConfiguration',
  },
];

/** What a connector is set up with: its configuration, part by part, and its tags. */
export const configurationRoutes: readonly Route[] = [
  ...parts.map(
    ({ part, operation, path, member }): Route => ({
      operation,
      method: 'GET',
      path: `${CONNECTOR}/${path}`,
      run({ id }, service) {
        const value = existing(service, id).configuration[part];
        if (value !== undefined) return { status: 200, json: { [member]: value } };
        if (service.switches.notConfigured === 'empty') return { status: 200, json: {} };
        throw notFound(`Voice Connector ${id} has no ${member}.`);
      },
    }),
  ),
  {
    operation: 'ListVoiceConnectorTerminationCredentials',
    method: 'GET',
    path: `${CONNECTOR}/termination/credentials`,
    run({ id }, service) {
      const { terminationCredentials = [] } = existing(service, id).configuration;
      return { status: 200, json: { Usernames: terminationCredentials } };
    },
  },
  {
    operation: 'ListTagsForResource',
    method: 'GET',
    path: '/tags',
    run({ query }, service) {
      const { arn } = query;
      if (arn === undefined || arn === '') throw badRequest('arn must not be empty.');
      const id = arn.split('/').at(-1) ?? '';
      if (arn !== connectorArn(id)) throw notFound(`The resource ${arn} was not found.`);
      const { tags } = existing(service, id);
      return { status: 200, json: { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } };
    },
  },
];
