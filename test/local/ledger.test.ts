import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type LocalLedger, startLocalLedger } from '../../local/ledger.ts';
import { table } from '../ledger-table.ts';

const { TableName } = table;
const Key = { voiceConnectorId: 'abc123', item: 'teardown' };
const onlyNew = { ConditionExpression: 'attribute_not_exists(voiceConnectorId)' };

let ledger: LocalLedger;
let client: DynamoDBClient;
let documents: DynamoDBDocumentClient;
/** What the hooks were called for, and what the caller heard, in order. */
let told: string[];

beforeEach(async () => {
  ledger = await startLocalLedger(table);
  client = new DynamoDBClient({ ...ledger.connection, maxAttempts: 1 });
  documents = DynamoDBDocumentClient.from(client);
  told = [];
});
afterEach(async () => {
  client.destroy();
  await ledger.close();
});

describe('Around each write', () => {
  beforeEach(note);

  test.each([
    ['PutItem', () => documents.send(new PutCommand({ TableName, Item: Key }))],
    ['UpdateItem', () => documents.send(new UpdateCommand({ TableName, Key, ...setPhase('open') }))],
    ['DeleteItem', () => documents.send(new DeleteCommand({ TableName, Key }))],
    ['BatchWriteItem', () => documents.send(new BatchWriteCommand({ RequestItems: writing(Key) }))],
  ])('a test is told before and after: %s', async (operation, write) => {
    await write();
    expect(told).toEqual([`before ${operation}`, `after ${operation}`]);
  });

  test.each([
    ['PutItem', () => documents.send(new PutCommand({ TableName, Item: Key, ...onlyNew }))],
    [
      'UpdateItem',
      () => documents.send(new UpdateCommand({ TableName, Key, ...setPhase('open'), ...onlyNew })),
    ],
    ['DeleteItem', () => documents.send(new DeleteCommand({ TableName, Key, ...onlyNew }))],
  ])('there is no after where the condition failed: %s', async (operation, write) => {
    await documents.send(new PutCommand({ TableName, Item: Key }));
    told.length = 0;
    await expect(write()).rejects.toBeInstanceOf(ConditionalCheckFailedException);
    expect(told).toEqual([`before ${operation}`]);
  });

  test('there is no after where the request was refused', async () => {
    const written = documents.send(new PutCommand({ TableName, Item: { item: 'without a connector' } }));
    await expect(written).rejects.toMatchObject({ name: 'ValidationException' });
    expect(told).toEqual(['before PutItem']);
  });

  test('of reading nobody is told', async () => {
    await documents.send(new GetCommand({ TableName, Key }));
    await documents.send(new ScanCommand({ TableName }));
    await documents.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'voiceConnectorId = :id',
        ExpressionAttributeValues: { ':id': 'abc123' },
      }),
    );
    await ledger.items();
    expect(told).toEqual([]);
  });

  test('the first hook comes before the effect, the other after it and before the caller hears of it', async () => {
    const seen: number[] = [];
    ledger.hooks.beforeEffect = async () => void seen.push((await ledger.items()).length);
    ledger.hooks.afterEffect = async () => {
      seen.push((await ledger.items()).length);
      told.push('after');
    };
    await documents.send(new PutCommand({ TableName, Item: Key }));
    told.push('answered');
    expect(seen).toEqual([0, 1]);
    expect(told).toEqual(['after', 'answered']);
  });

  test('hooks may be replaced and taken away while the ledger works', async () => {
    ledger.hooks.beforeEffect = () => void told.push('another');
    ledger.hooks.afterEffect = undefined;
    await documents.send(new PutCommand({ TableName, Item: Key }));
    ledger.hooks.beforeEffect = undefined;
    await documents.send(new PutCommand({ TableName, Item: Key }));
    expect(told).toEqual(['another']);
  });
});

describe('A hook that never comes back leaves the call unanswered', () => {
  const never = () => new Promise<never>(() => undefined);

  test('and undone, where it comes before the effect', async () => {
    ledger.hooks.beforeEffect = never;
    expect(await isAnswered(documents.send(new PutCommand({ TableName, Item: Key })))).toBe(false);
    expect(await ledger.items()).toEqual([]);
  });

  test('though done, where it comes after', async () => {
    ledger.hooks.afterEffect = never;
    expect(await isAnswered(documents.send(new PutCommand({ TableName, Item: Key })))).toBe(false);
    expect(await ledger.items()).toEqual([Key]);
  });

  test('while other calls are answered', async () => {
    ledger.hooks.afterEffect = never;
    expect(await isAnswered(documents.send(new PutCommand({ TableName, Item: Key })))).toBe(false);
    ledger.hooks.afterEffect = undefined;
    await documents.send(new UpdateCommand({ TableName, Key, ...setPhase('closed') }));
    expect(await ledger.items()).toEqual([{ ...Key, phase: 'closed' }]);
  });
});

describe('The items', () => {
  test('are none at first', async () => {
    expect(await ledger.items()).toEqual([]);
  });

  test('are all that was written, as it was written', async () => {
    const item = { ...Key, phase: 'open', counts: [1, 2], by: { name: 'Ada' }, isDone: false, at: null };
    await documents.send(new PutCommand({ TableName, Item: item }));
    expect(await ledger.items()).toEqual([item]);
  });

  test('are all of them where they are more than a page of a megabyte', async () => {
    const text = 'x'.repeat(300 * 1_024);
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const item of names)
      await documents.send(new PutCommand({ TableName, Item: { ...Key, item, text } }));
    const { LastEvaluatedKey } = await documents.send(new ScanCommand({ TableName }));
    expect(LastEvaluatedKey).toBeDefined();
    expect((await ledger.items()).map(({ item }) => item).sort()).toEqual(names);
  });
});

test('A ledger that is closed lets go of calls that it has not answered', async () => {
  ledger.hooks.afterEffect = () => new Promise(() => undefined);
  const written = documents.send(new PutCommand({ TableName, Item: Key }));
  const outcome = written.then(
    () => 'answered',
    () => 'cut off',
  );
  expect(await isAnswered(written)).toBe(false);
  await ledger.close();
  expect(await outcome).toBe('cut off');
  ledger = await startLocalLedger(table);
});

function note(): void {
  ledger.hooks.beforeEffect = (operation) => void told.push(`before ${operation}`);
  ledger.hooks.afterEffect = (operation) => void told.push(`after ${operation}`);
}

function setPhase(phase: string) {
  return { UpdateExpression: 'SET phase = :phase', ExpressionAttributeValues: { ':phase': phase } };
}

function writing(item: Record<string, unknown>) {
  return { [TableName]: [{ PutRequest: { Item: item } }] };
}

/** Whether an answer comes within a time that is long for a database in memory. */
async function isAnswered(call: Promise<unknown>): Promise<boolean> {
  const answered = call.then(
    () => true,
    () => true,
  );
  const patience = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => patience.resolve(false), 300);
  try {
    return await Promise.race([answered, patience.promise]);
  } finally {
    clearTimeout(timer);
  }
}
