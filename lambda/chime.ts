/**
 * The only file that knows how Chime behaves: pages, limits, number ids in several forms, 200 replies that hold
 * failures, names of errors. What leaves it is in the words of the domain (./ports.ts), with AWS's messages masked.
 *
 * Each operation is a function of its own, so that a bundle contains only the commands that its step calls - and its
 * role needs only those rights.
 */
import {
  BatchDeletePhoneNumberCommand,
  ChimeClient,
  DeleteVoiceConnectorCommand,
  DisassociatePhoneNumbersFromVoiceConnectorCommand,
  GetPhoneNumberCommand,
  GetVoiceConnectorCommand,
  ListPhoneNumbersCommand,
  pageSize,
} from '#chime-api';
import { mapped } from './aws-error.ts';
import { clientSettings } from './client-settings.ts';
import type { Edge } from './edge.ts';
import { MalformedReply, ServiceError } from './errors.ts';
import { lastFour, maskNumbers } from './mask.ts';
import type { BulkReply, ChimePort, NumberView, PhoneNumber, QueueStatus } from './ports.ts';

/**
 * The client that all operations share.
 */
export function connectChime(edge: Edge): ChimeClient {
  return new ChimeClient(clientSettings(edge, edge.chime));
}

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
    return { voiceConnectorId, name: connector.Name ?? voiceConnectorId };
  };

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

/** How much of AWS's message about a number is kept: 500 of them share a ledger item of 400 KB. */
const longestMessage = 200;

/** One key for every form in which a number is named: `+1206…`, `%2B1206…`, `1206…`. */
export function numberKey(idOrE164: string): string {
  const decoded = idOrE164.replace(/%25/gi, '%').replace(/%2B/gi, '+');
  return decoded.startsWith('+') ? decoded : `+${decoded}`;
}

async function* pages(
  client: ChimeClient,
  doing: string,
  filter: { FilterName?: 'VoiceConnectorId'; FilterValue?: string; Status?: QueueStatus },
): AsyncGenerator<NumberView[]> {
  let token: string | undefined;
  do {
    const page = { ...filter, MaxResults: pageSize, ...(token === undefined ? {} : { NextToken: token }) };
    const reply = await mapped(() => client.send(new ListPhoneNumbersCommand(page)), doing);
    if (reply.PhoneNumbers === undefined) throw new MalformedReply(`${doing}: the answer holds no list`);
    yield reply.PhoneNumbers.map((number) => asView(number, doing));
    if (token !== undefined && reply.NextToken === token) {
      throw new MalformedReply(`${doing}: the service gave the same page token twice`);
    }
    token = reply.NextToken || undefined;
  } while (token !== undefined);
}

interface WireNumber {
  PhoneNumberId?: string | undefined;
  E164PhoneNumber?: string | undefined;
  Status?: string | undefined;
  Associations?: { Name?: string | undefined; Value?: string | undefined }[] | undefined;
}

function asView(number: WireNumber, doing: string): NumberView {
  const { PhoneNumberId: id, E164PhoneNumber: e164, Status: status } = number;
  if (!id || !e164 || !status)
    throw new MalformedReply(`${doing}: a number came without id, E.164 form or status`);
  const associations = (number.Associations ?? []).map(({ Name = '', Value = '' }) => ({
    name: Name,
    value: Value,
  }));
  return { id, e164, key: numberKey(e164), status, associations };
}

function asBulkReply(
  asked: readonly PhoneNumber[],
  errors:
    | {
        PhoneNumberId?: string | undefined;
        ErrorCode?: string | undefined;
        ErrorMessage?: string | undefined;
      }[]
    | undefined,
): BulkReply {
  const refusals = new Map(
    (errors ?? []).map(({ PhoneNumberId = '', ErrorCode = 'Unknown', ErrorMessage = 'no message' }) => [
      numberKey(PhoneNumberId),
      { code: ErrorCode, message: maskNumbers(ErrorMessage).slice(0, longestMessage) },
    ]),
  );
  const known = new Set(asked.flatMap(({ id, e164 }) => [numberKey(id), numberKey(e164)]));
  const isMuddled = [...refusals.keys()].some((key) => !known.has(key));
  return {
    account: errors === undefined ? 'missing' : isMuddled ? 'muddled' : 'complete',
    refusalOf: ({ id, e164 }) => refusals.get(numberKey(e164)) ?? refusals.get(numberKey(id)),
  };
}

async function orUndefinedIfNotFound<T>(send: () => Promise<T>, doing: string): Promise<T | undefined> {
  try {
    return await mapped(send, doing);
  } catch (error) {
    if (error instanceof ServiceError && error.name === 'NotFoundException') return undefined;
    throw error;
  }
}
