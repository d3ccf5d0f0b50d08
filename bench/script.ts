/**
 * What the documentation of the Amazon Chime SDK tells people to do by hand ("Managing phone numbers", "Deleting a Voice
 * Connector"), as a script: list, disassociate, delete each number, delete the connector; one call after another. It stops
 * at the first call that the SDK's own retries do not save.
 */
import {
  DeletePhoneNumberCommand,
  DeleteVoiceConnectorCommand,
  DisassociatePhoneNumbersFromVoiceConnectorCommand,
  ListPhoneNumbersCommand,
} from '@aws-sdk/client-chime-sdk-voice';
import type { Arena } from './arena.ts';

/** Numbers in one call, as the one documented limit of a bulk call has it. */
const numbersPerCall = 50;

export async function script({ client, voiceConnectorId, holds }: Arena): Promise<void> {
  const numbers: { id: string; e164: string }[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListPhoneNumbersCommand({
        FilterName: 'VoiceConnectorId',
        FilterValue: voiceConnectorId,
        MaxResults: 100,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    for (const { PhoneNumberId: id = '', E164PhoneNumber: e164 = '' } of page.PhoneNumbers ?? [])
      numbers.push({ id, e164 });
    holds(numbers.length);
    token = page.NextToken;
  } while (token !== undefined);
  for (let first = 0; first < numbers.length; first += numbersPerCall) {
    const e164s = numbers.slice(first, first + numbersPerCall).map(({ e164 }) => e164);
    await client.send(
      new DisassociatePhoneNumbersFromVoiceConnectorCommand({
        VoiceConnectorId: voiceConnectorId,
        E164PhoneNumbers: e164s,
      }),
    );
  }
  for (const { id } of numbers) await client.send(new DeletePhoneNumberCommand({ PhoneNumberId: id }));
  await client.send(new DeleteVoiceConnectorCommand({ VoiceConnectorId: voiceConnectorId }));
}
