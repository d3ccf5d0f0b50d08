/**
 * The method of the AWS CDK construct library for Chime, written afresh from its description: one page of numbers, one
 * disassociation whose `PhoneNumberErrors` nobody reads, a fixed pause for the service to catch up, one delete for each
 * number, and the connector's delete. The SDK's own retries are all that stands between it and a limit.
 */
import {
  DeletePhoneNumberCommand,
  DeleteVoiceConnectorCommand,
  DisassociatePhoneNumbersFromVoiceConnectorCommand,
  ListPhoneNumbersCommand,
} from '@aws-sdk/client-chime-sdk-voice';
import type { Arena } from './arena.ts';

const pauseMs = 10_000;

export async function construct({ client, clock, voiceConnectorId, holds }: Arena): Promise<void> {
  const { PhoneNumbers: numbers = [] } = await client.send(
    new ListPhoneNumbersCommand({ FilterName: 'VoiceConnectorId', FilterValue: voiceConnectorId }),
  );
  holds(numbers.length);
  await client.send(
    new DisassociatePhoneNumbersFromVoiceConnectorCommand({
      VoiceConnectorId: voiceConnectorId,
      E164PhoneNumbers: numbers.map(({ E164PhoneNumber = '' }) => E164PhoneNumber),
    }),
  );
  await clock.sleep(pauseMs);
  for (const { PhoneNumberId } of numbers) await client.send(new DeletePhoneNumberCommand({ PhoneNumberId }));
  await client.send(new DeleteVoiceConnectorCommand({ VoiceConnectorId: voiceConnectorId }));
}
