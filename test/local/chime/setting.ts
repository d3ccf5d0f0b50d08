import * as legacy from '@aws-sdk/client-chime';
import * as voice from '@aws-sdk/client-chime-sdk-voice';
import { afterEach } from '@jest/globals';
import type { LocalChime, LocalChimeOptions } from '../../../local/chime/server.ts';
import { startLocalChime } from '../../../local/chime/server.ts';

export const DAY = 24 * 3_600_000;
export const START = Date.parse('2026-11-22T10:00:00.000Z');

/** A clock that stands still until a test moves it. */
class TestClock {
  ms = START;
  readonly now = () => this.ms;
  advance(ms: number) {
    this.ms += ms;
  }
}

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

type Overrides = Partial<LocalChimeOptions>;

/** Local Chime on a clock of its own, with a client of today's namespace; closed after the test. */
export async function start(options: Overrides = {}) {
  const clock = new TestClock();
  const chime = await startLocalChime({ now: clock.now, ...options });
  cleanUps.push(() => chime.close());
  return { clock, chime, client: voiceClient(chime) };
}

function configuration(chime: LocalChime, maxAttempts: number) {
  return {
    endpoint: chime.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts,
  };
}

export function voiceClient(chime: LocalChime, maxAttempts = 1) {
  const client = new voice.ChimeSDKVoiceClient(configuration(chime, maxAttempts));
  cleanUps.push(() => client.destroy());
  return client;
}

export function legacyClient(chime: LocalChime) {
  const client = new legacy.ChimeClient(configuration(chime, 1));
  cleanUps.push(() => client.destroy());
  return client;
}

/** A batch delete of these numbers; answers the entries of `PhoneNumberErrors`, or undefined without that member. */
export async function batchDelete(client: voice.ChimeSDKVoiceClient, ids: readonly string[]) {
  const reply = await client.send(new voice.BatchDeletePhoneNumberCommand({ PhoneNumberIds: [...ids] }));
  return reply.PhoneNumberErrors;
}

export async function disassociate(client: voice.ChimeSDKVoiceClient, id: string, e164s: readonly string[]) {
  const reply = await client.send(
    new voice.DisassociatePhoneNumbersFromVoiceConnectorCommand({
      VoiceConnectorId: id,
      E164PhoneNumbers: [...e164s],
    }),
  );
  return reply.PhoneNumberErrors;
}

export async function associate(
  client: voice.ChimeSDKVoiceClient,
  id: string,
  numbers: readonly string[],
  force = false,
) {
  const input = { VoiceConnectorId: id, E164PhoneNumbers: [...numbers], ForceAssociate: force };
  return (await client.send(new voice.AssociatePhoneNumbersWithVoiceConnectorCommand(input)))
    .PhoneNumberErrors;
}

export async function restore(client: voice.ChimeSDKVoiceClient, id: string) {
  return (await client.send(new voice.RestorePhoneNumberCommand({ PhoneNumberId: id }))).PhoneNumber;
}

/** What a listing of the connector's numbers shows. */
export async function listOn(client: voice.ChimeSDKVoiceClient, id: string) {
  const filter = { FilterName: 'VoiceConnectorId', FilterValue: id } as const;
  const reply = await client.send(new voice.ListPhoneNumbersCommand(filter));
  return reply.PhoneNumbers?.map(({ E164PhoneNumber }) => E164PhoneNumber);
}

export async function getNumber(client: voice.ChimeSDKVoiceClient, id: string) {
  const reply = await client.send(new voice.GetPhoneNumberCommand({ PhoneNumberId: id }));
  return reply.PhoneNumber;
}

const FIRST = '+12065550100';
export type UpdateItem = Omit<voice.UpdatePhoneNumberRequestItem, 'PhoneNumberId'> & {
  PhoneNumberId?: string;
};

/** Items without an id are about the first number that is seeded. */
export async function update(client: voice.ChimeSDKVoiceClient, item: UpdateItem) {
  const command = new voice.UpdatePhoneNumberCommand({ PhoneNumberId: FIRST, ...item });
  return (await client.send(command)).PhoneNumber;
}

export async function batchUpdate(client: voice.ChimeSDKVoiceClient, items: readonly UpdateItem[]) {
  const UpdatePhoneNumberRequestItems = items.map((item) => ({ PhoneNumberId: FIRST, ...item }));
  const command = new voice.BatchUpdatePhoneNumberCommand({ UpdatePhoneNumberRequestItems });
  return (await client.send(command)).PhoneNumberErrors;
}

export async function getError(promise: Promise<unknown>) {
  const outcome = await promise.then(
    () => undefined,
    (error) => error,
  );
  if (!(outcome instanceof Error)) throw new Error('The call was expected to fail.');
  return outcome as Error & { Code?: string; $metadata?: { httpStatusCode?: number } };
}
