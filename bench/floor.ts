/**
 * The fewest requests that could do the job: pages of 100, bulk calls of 50, one delete of the connector, back to back, and
 * never faster than the limit, which it knows. It remembers nothing, checks nothing and could not be gone on with.
 */
import {
  BatchDeletePhoneNumberCommand,
  DeleteVoiceConnectorCommand,
  DisassociatePhoneNumbersFromVoiceConnectorCommand,
  ListPhoneNumbersCommand,
  type PhoneNumber,
} from '@aws-sdk/client-chime-sdk-voice';
import type { Arena } from './arena.ts';
import { latencyMs } from './case.ts';
import { Turns } from './turns.ts';

const numbersPerPage = 100;
const numbersPerCall = 50;

/** How many requests that is. */
export function floorRequests(numbers: number): number {
  return Math.ceil(numbers / numbersPerPage) + 2 * Math.ceil(numbers / numbersPerCall) + 1;
}

/** Pages are worked on as they come: it never holds more than one. */
export async function floor({ client, clock, voiceConnectorId, perSecond, holds }: Arena): Promise<void> {
  const turns = new Turns(clock, perSecond, latencyMs);
  const inTurn = async <Reply>(send: () => Promise<Reply>): Promise<Reply> => {
    await turns.next();
    return send();
  };
  let token: string | undefined;
  do {
    const list = new ListPhoneNumbersCommand({
      FilterName: 'VoiceConnectorId',
      FilterValue: voiceConnectorId,
      MaxResults: numbersPerPage,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const page = await inTurn(() => client.send(list));
    holds(page.PhoneNumbers?.length ?? 0);
    for (const numbers of inCalls(page.PhoneNumbers ?? [])) {
      const disassociate = new DisassociatePhoneNumbersFromVoiceConnectorCommand({
        VoiceConnectorId: voiceConnectorId,
        E164PhoneNumbers: numbers.map(({ E164PhoneNumber = '' }) => E164PhoneNumber),
      });
      await inTurn(() => client.send(disassociate));
      const queue = new BatchDeletePhoneNumberCommand({
        PhoneNumberIds: numbers.map(({ PhoneNumberId = '' }) => PhoneNumberId),
      });
      await inTurn(() => client.send(queue));
    }
    token = page.NextToken;
  } while (token !== undefined);
  const remove = new DeleteVoiceConnectorCommand({ VoiceConnectorId: voiceConnectorId });
  await inTurn(() => client.send(remove));
}

function inCalls(numbers: readonly PhoneNumber[]): PhoneNumber[][] {
  return Array.from({ length: Math.ceil(numbers.length / numbersPerCall) }, (_, i) =>
    numbers.slice(i * numbersPerCall, (i + 1) * numbersPerCall),
  );
}
