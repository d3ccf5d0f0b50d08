import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChimeClient } from '#chime-api';
import { connectChime } from '../../../lambda/chime/client.ts';
import { getVoiceConnector } from '../../../lambda/chime/connectors.ts';
import { groupsOf, sipRules } from '../../../lambda/chime/groups.ts';
import {
  associateNumbers,
  attachedNumbers,
  disassociateNumbers,
  getNumber,
  queueNumbers,
  requestNames,
  restoreNumber,
} from '../../../lambda/chime/numbers.ts';
import type { BulkReply } from '../../../lambda/ports.ts';
import type { Operation } from '../../../local/chime/operations.ts';
import { type LocalChime, startLocalChime } from '../../../local/chime/server.ts';
import { VirtualClock } from '../../../local/clock.ts';
import { localCredentials } from '../../../local/ledger.ts';
import { loggerTo } from '../../../local/logs.ts';
import { bulkAnswers } from './changes.ts';
import { filledIn, type Meant } from './ground.ts';
import { reads } from './reads.ts';

const clock = new VirtualClock();
let chime: LocalChime;
let client: ChimeClient;
let meant: Meant;
beforeAll(async () => {
  chime = await startLocalChime({ now: () => clock.now().getTime() });
  client = connectChime({
    ...{ env: {}, clock, random: () => 0, log: loggerTo(() => undefined), requestTimeoutMs: 5_000 },
    ...{ dynamodb: {}, states: {}, cloudwatch: {}, events: {} },
    chime: { endpoint: chime.url, region: 'us-east-1', credentials: localCredentials },
  });
  const { voiceConnectorId: connector, e164s } = chime.seedConnector({ numbers: 1 });
  const items = [{ voiceConnectorId: connector, priority: 1 }];
  const { voiceConnectorGroupId: group } = chime.state.addGroup({ name: 'Pool', items });
  meant = { connector, number: e164s[0] ?? '', group, stranger: '+12065559999' };
});
afterAll(async () => {
  clock.close();
  await chime.close();
});

/** How each answer is asked for. */
const asking: Partial<Record<Operation, () => Promise<unknown>>> = {
  GetVoiceConnector: () => getVoiceConnector(client)(meant.connector),
  ListVoiceConnectorGroups: () => groupsOf(client)(meant.connector),
  GetVoiceConnectorGroup: () => groupsOf(client)(meant.connector),
  ListSipRules: () => Array.fromAsync(sipRules(client)()),
  ListPhoneNumbers: () => Array.fromAsync(attachedNumbers(client)(meant.connector)),
  GetPhoneNumber: () => getNumber(client)({ id: meant.number, e164: meant.number }),
  RestorePhoneNumber: () => restoreNumber(client)({ id: meant.number, e164: meant.number }),
};

describe('An answer that is JSON, and not what was asked for, is a MalformedReply:', () => {
  it.each(reads)('%s answers with %s', async (operation, _what, body) => {
    // A second time for the lists: the same token again.
    spoil(operation, body, 2);

    const answer = asking[operation]?.();

    await expect(answer).rejects.toMatchObject({
      name: 'MalformedReply',
      message: expect.stringMatching(/^(reading|listing|restoring) /),
    });
    await expect(answer).rejects.not.toHaveProperty(
      'message',
      expect.stringContaining(meant.number.slice(-7)),
    );
  });
});

/** How the bulk calls are made, about one number. */
const calling: Partial<Record<Operation, () => Promise<BulkReply | undefined>>> = {
  DisassociatePhoneNumbersFromVoiceConnector: () => disassociateNumbers(client)(meant.connector, [number()]),
  BatchDeletePhoneNumber: () => queueNumbers(client)([number()]),
  AssociatePhoneNumbersWithVoiceConnector: () => associateNumbers(client)(meant.connector, [number()]),
  BatchUpdatePhoneNumber: () => requestNames(client)('name', [number()]),
};

describe('No number counts as done by an answer that does not account for it:', () => {
  const cases = Object.keys(calling).flatMap((operation) =>
    bulkAnswers.map(([what, body]) => [operation as Operation, what, body] as const),
  );
  it.each(cases)('%s answers with %s', async (operation, _what, body) => {
    spoil(operation, body, 1);

    const answer = await calling[operation]?.().catch((error: Error) => error);

    const refusal = answer instanceof Error ? undefined : answer?.refusalOf(number());
    const isDone = !(answer instanceof Error) && answer?.account === 'complete' && refusal === undefined;
    expect(isDone).toBe(false);
    if (answer instanceof Error) expect(answer.name).toBe('MalformedReply');
    expect(JSON.stringify(refusal ?? {})).not.toContain(meant.number.slice(-7));
  });
});

function number() {
  return { id: encodeURIComponent(meant.number), e164: meant.number, name: 'Desk' };
}

/** The next requests of an operation are answered with this body. */
function spoil(operation: Operation, body: unknown, times: number): void {
  const fault = { status: 200, contentType: 'application/json', body: filledIn(meant, body) };
  const from = chime.calls()[operation] + 1;
  chime.faults.set({
    script: Array.from({ length: times }, (_, i) => ({ operation, nth: from + i, fault })),
  });
}
