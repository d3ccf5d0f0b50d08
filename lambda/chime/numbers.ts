/**
 * Chime's operations on phone numbers. This folder is the only place that knows how Chime behaves: pages, limits, number
 * ids in several forms, 200 replies that hold failures, names of errors. What leaves it is in the words of the domain
 * (../ports.ts), with AWS's messages masked.
 *
 * Each operation is a function of its own, so that a bundle contains only the commands that its step calls - and its
 * role needs only those rights.
 */
import {
  AssociatePhoneNumbersWithVoiceConnectorCommand,
  BatchDeletePhoneNumberCommand,
  BatchUpdatePhoneNumberCommand,
  type ChimeClient,
  DisassociatePhoneNumbersFromVoiceConnectorCommand,
  GetPhoneNumberCommand,
  ListPhoneNumbersCommand,
  pageSize,
  RestorePhoneNumberCommand,
} from '#chime-api';
import { mapped } from '../aws/aws-error.ts';
import { isPassing, MalformedReply, ServiceError } from '../errors.ts';
import type { ChimePort, NumberView, QueueStatus } from '../ports.ts';
import { lastFour } from '../words/mask.ts';
import { asBulkReply } from './bulk-reply.ts';
import { orUndefinedIfNotFound, pagesOf } from './client.ts';
import { numberKey } from './number-key.ts';

/** Pages through the numbers that are associated with a connector (at most 100, over the older API 99, a page). */
export const attachedNumbers =
  (client: ChimeClient): ChimePort['attachedNumbers'] =>
  (voiceConnectorId) =>
    pages(client, `listing the numbers of connector ${voiceConnectorId}`, {
      FilterName: 'VoiceConnectorId',
      FilterValue: voiceConnectorId,
    });

/** Pages through every number of the account, or through those in one status. */
export const inventory =
  (client: ChimeClient): ChimePort['inventory'] =>
  (status) =>
    pages(client, 'listing the phone number inventory', status === undefined ? {} : { Status: status });

/** Whether a Voice Connector group has numbers of its own. */
export const hasNumbers =
  (client: ChimeClient): ChimePort['hasNumbers'] =>
  async (groupId) => {
    const found = pages(client, `listing the numbers of Voice Connector group ${groupId}`, {
      FilterName: 'VoiceConnectorGroupId',
      FilterValue: groupId,
    });
    for await (const page of found) if (page.length > 0) return true;
    return false;
  };

/** Reads one number; undefined where it is not (or no longer) in the account. */
export const getNumber =
  (client: ChimeClient): ChimePort['getNumber'] =>
  async (number) => {
    const doing = `reading number ${lastFour(number.e164)}`;
    const reply = await orUndefinedIfNotFound(
      () => client.send(new GetPhoneNumberCommand({ PhoneNumberId: number.id })),
      doing,
    );
    if (reply === undefined) return undefined;
    if (reply.PhoneNumber === undefined) throw new MalformedReply(`${doing}: the answer holds no number`);
    return asView(reply.PhoneNumber, doing);
  };

/** Takes up to 50 numbers off a connector, in one call. */
export const disassociateNumbers =
  (client: ChimeClient): ChimePort['disassociateNumbers'] =>
  async (voiceConnectorId, numbers) => {
    const doing = `disassociating ${numbers.length} numbers from connector ${voiceConnectorId}`;
    const command = new DisassociatePhoneNumbersFromVoiceConnectorCommand({
      VoiceConnectorId: voiceConnectorId,
      E164PhoneNumbers: numbers.map(({ e164 }) => e164),
    });
    const reply = await orUndefinedIfNotFound(() => client.send(command), doing);
    // A connector that is gone has no numbers: where each of them is now must be looked up.
    if (reply === undefined) return { account: 'muddled', refusalOf: () => undefined };
    return asBulkReply(numbers, reply.PhoneNumberErrors);
  };

/** Puts up to 50 numbers into the deletion queue, in one call, by the ids that the service itself gave them. */
export const queueNumbers =
  (client: ChimeClient): ChimePort['queueNumbers'] =>
  async (numbers) => {
    const command = new BatchDeletePhoneNumberCommand({ PhoneNumberIds: numbers.map(({ id }) => id) });
    const reply = await mapped(() => client.send(command), `queueing ${numbers.length} numbers for deletion`);
    return asBulkReply(numbers, reply.PhoneNumberErrors);
  };

/**
 * Takes one number out of the deletion queue. A refusal has AWS's code and reason, which may also be that it is not in
 * there. Passing trouble is thrown.
 */
export const restoreNumber =
  (client: ChimeClient): ChimePort['restoreNumber'] =>
  async (number) => {
    const command = new RestorePhoneNumberCommand({ PhoneNumberId: number.id });
    const doing = `restoring number ${lastFour(number.e164)}`;
    try {
      const { PhoneNumber } = await mapped(() => client.send(command), doing);
      if (PhoneNumber === undefined) throw new MalformedReply(`${doing}: the answer holds no number`);
      return { view: asView(PhoneNumber, doing) };
    } catch (error) {
      if (!(error instanceof ServiceError) || isPassing(error)) throw error;
      return { refusal: { code: error.name.replace(/Exception$/, ''), message: error.message } };
    }
  };

/**
 * Puts up to 50 numbers onto a connector, in one call, and takes none away from another one; undefined where the
 * connector is gone.
 */
export const associateNumbers =
  (client: ChimeClient): ChimePort['associateNumbers'] =>
  async (voiceConnectorId, numbers) => {
    const doing = `associating ${numbers.length} numbers with connector ${voiceConnectorId}`;
    const command = new AssociatePhoneNumbersWithVoiceConnectorCommand({
      VoiceConnectorId: voiceConnectorId,
      E164PhoneNumbers: numbers.map(({ e164 }) => e164),
      ForceAssociate: false,
    });
    const reply = await orUndefinedIfNotFound(() => client.send(command), doing);
    return reply && asBulkReply(numbers, reply.PhoneNumberErrors);
  };

/**
 * Asks for a name of up to 50 numbers, in one call. One kind of name at a time: the service changes one detail of a number
 * per request. A calling name takes up to 72 hours, and is refused while another one is pending.
 */
export const requestNames =
  (client: ChimeClient): ChimePort['requestNames'] =>
  async (kind, numbers) => {
    const field = kind === 'name' ? 'Name' : 'CallingName';
    const command = new BatchUpdatePhoneNumberCommand({
      UpdatePhoneNumberRequestItems: numbers.map((number) => ({
        PhoneNumberId: number.id,
        [field]: number[kind],
      })),
    });
    const reply = await mapped(() => client.send(command), `naming ${numbers.length} numbers`);
    return asBulkReply(numbers, reply.PhoneNumberErrors);
  };

async function* pages(
  client: ChimeClient,
  doing: string,
  filter: {
    FilterName?: 'VoiceConnectorId' | 'VoiceConnectorGroupId';
    FilterValue?: string;
    Status?: QueueStatus;
  },
): AsyncGenerator<NumberView[]> {
  const found = pagesOf(doing, async (token) => {
    const command = new ListPhoneNumbersCommand({ ...filter, MaxResults: pageSize, ...token });
    const { PhoneNumbers, NextToken } = await client.send(command);
    return { items: PhoneNumbers, NextToken };
  });
  for await (const page of found) yield page.map((number) => asView(number, doing));
}

interface WireNumber {
  PhoneNumberId?: string | undefined;
  E164PhoneNumber?: string | undefined;
  Status?: string | undefined;
  /** Only in the current API. */
  Name?: string | undefined;
  CallingName?: string | undefined;
  Associations?: { Name?: string | undefined; Value?: string | undefined }[] | undefined;
}

function asView(number: WireNumber, doing: string): NumberView {
  const { PhoneNumberId: id, E164PhoneNumber: e164, Status: status, Name, CallingName } = number;
  if (!id || !e164 || !status)
    throw new MalformedReply(`${doing}: a number came without id, E.164 form or status`);
  const associations = (number.Associations ?? []).map(({ Name = '', Value = '' }) => ({
    name: Name,
    value: Value,
  }));
  return {
    ...{ id, e164, key: numberKey(e164), status, associations },
    ...(Name ? { name: Name } : {}),
    ...(CallingName ? { callingName: CallingName } : {}),
  };
}
