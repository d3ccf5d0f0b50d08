/** Chime's operations on connectors: reading one, its tags, and deleting it. */
import {
  type ChimeClient,
  DeleteVoiceConnectorCommand,
  GetVoiceConnectorCommand,
  ListTagsForResourceCommand,
} from '#chime-api';
import { mapped } from '../aws/aws-error.ts';
import { isPassing, MalformedReply, ServiceError } from '../errors.ts';
import type { ChimePort } from '../ports.ts';
import { orUndefinedIfNotFound } from './client.ts';

/** Reads one connector; undefined where the service does not know it. */
export const getVoiceConnector =
  (client: ChimeClient): ChimePort['getVoiceConnector'] =>
  async (voiceConnectorId) => {
    const doing = `reading connector ${voiceConnectorId}`;
    const reply = await orUndefinedIfNotFound(
      () => client.send(new GetVoiceConnectorCommand({ VoiceConnectorId: voiceConnectorId })),
      doing,
    );
    if (reply === undefined) return undefined;
    const connector = reply.VoiceConnector;
    if (connector === undefined) throw new MalformedReply(`${doing}: the answer holds no connector`);
    const { Name, AwsRegion, OutboundHostName, RequireEncryption, VoiceConnectorArn, ...rest } = connector;
    // Only the current API has these.
    const { IntegrationType, NetworkType } = rest as { IntegrationType?: string; NetworkType?: string };
    return {
      voiceConnectorId,
      name: Name ?? voiceConnectorId,
      ...(AwsRegion ? { awsRegion: AwsRegion } : {}),
      ...(OutboundHostName ? { outboundHostName: OutboundHostName } : {}),
      ...(RequireEncryption === undefined ? {} : { requireEncryption: RequireEncryption }),
      ...(VoiceConnectorArn ? { arn: VoiceConnectorArn } : {}),
      ...(IntegrationType ? { integrationType: IntegrationType } : {}),
      ...(NetworkType ? { networkType: NetworkType } : {}),
    };
  };

/**
 * Reads a connector's tags, by key: `unchecked` through the older API, which knows no tags of connectors; `unreadable`,
 * with AWS's reason, where the service will not show them. Passing trouble is thrown.
 */
export const tagsOf =
  (client: ChimeClient): ChimePort['tagsOf'] =>
  async ({ voiceConnectorId, arn }) => {
    if (ListTagsForResourceCommand === undefined) return 'unchecked';
    if (arn === undefined) return { unreadable: 'the service gave no ARN for the connector' };
    const command = new ListTagsForResourceCommand({ ResourceARN: arn });
    const doing = `reading the tags of connector ${voiceConnectorId}`;
    try {
      // Without any there may be no list; IAM denies by the tag all the same.
      const { Tags = [] } = await mapped(() => client.send(command), doing);
      return { tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])) };
    } catch (error) {
      if (!(error instanceof ServiceError) || isPassing(error)) throw error;
      return { unreadable: `${error.name}: ${error.message}` };
    }
  };

/**
 * Deletes a connector; `gone` where there is none. A refusal that may pass - 409, or 400, the service uses either for
 * "numbers are still associated" - comes back as `blocked` with AWS's reason; any other is thrown.
 */
export const deleteVoiceConnector =
  (client: ChimeClient): ChimePort['deleteVoiceConnector'] =>
  async (voiceConnectorId) => {
    const command = new DeleteVoiceConnectorCommand({ VoiceConnectorId: voiceConnectorId });
    try {
      await mapped(() => client.send(command), `deleting connector ${voiceConnectorId}`);
      return { outcome: 'accepted' };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      if (error.name === 'NotFoundException') return { outcome: 'gone' };
      if (error.name === 'ConflictException' || error.name === 'BadRequestException') {
        return { outcome: 'blocked', reason: `${error.name}: ${error.message}` };
      }
      throw error;
    }
  };
