import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type LocalLedger, startLocalLedger } from '../../local/ledger.ts';
import type { LedgerFaultPlan } from '../../local/ledger-faults.ts';
import { table } from '../ledger-table.ts';

const { TableName } = table;
const Key = { voiceConnectorId: 'abc123', item: 'teardown' };

let ledger: LocalLedger;
let client: DynamoDBClient;

afterEach(async () => {
  client.destroy();
  await ledger.close();
});

describe('A fault of the local DynamoDB', () => {
  test.each([
    ['throttle', 'ProvisionedThroughputExceededException', 0],
    ['serviceFailure', 'InternalServerError', 0],
    ['connectionReset', 'Error', 0],
    ['replyLost', 'Error', 1],
  ] as const)('%s is heard as %s, and leaves %d items', async (kind, name, items) => {
    const documents = await start({ [kind]: 1 });

    await expect(put(documents)).rejects.toMatchObject({ name });

    expect(ledger.faults.injected).toEqual({ [kind]: 1 });
    ledger.faults.set({});
    expect(await ledger.items()).toHaveLength(items);
  });

  test('meets reads as well, and none is there for tests that look', async () => {
    const documents = await start({ throttle: 1 });
    const read = documents.send(new GetCommand({ TableName, Key }));
    await expect(read).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    expect(await ledger.items()).toEqual([]);
  });

  test('comes by chance, the same for the same seed and another for another', async () => {
    const first = await fates('a');
    expect(new Set(first)).toEqual(new Set(['done', 'failed']));
    expect(await fates('a')).toEqual(first);
    expect(await fates('b')).not.toEqual(first);
  });
});

async function start(faults: LedgerFaultPlan, seed = '1'): Promise<DynamoDBDocumentClient> {
  ledger = await startLocalLedger(table, { seed, faults });
  client = new DynamoDBClient({ ...ledger.connection, maxAttempts: 1 });
  return DynamoDBDocumentClient.from(client);
}

function put(documents: DynamoDBDocumentClient): Promise<unknown> {
  return documents.send(new PutCommand({ TableName, Item: Key }));
}

/** How each of a row of writes ends. */
async function fates(seed: string): Promise<string[]> {
  const documents = await start({ throttle: 0.5 }, seed);
  const ends: string[] = [];
  for (let i = 0; i < 20; i += 1)
    ends.push(
      await put(documents).then(
        () => 'done',
        () => 'failed',
      ),
    );
  client.destroy();
  await ledger.close();
  return ends;
}
