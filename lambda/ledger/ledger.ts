/**
 * With ./ledger-items.ts and ./ledger-list.ts all that knows how the ledger is stored: one DynamoDB table, under a
 * connector's id one item for its teardown and one for each batch of numbers. Numbers are stored here and nowhere else.
 *
 * Each operation is a function of its own, so that a step's bundle and role contain only what it does.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { mapped } from '../aws/aws-error.ts';
import { clientSettings } from '../aws/client-settings.ts';
import { type Edge, required } from '../edge.ts';
import { LedgerMismatch, LockLost } from '../errors.ts';
import {
  batchItem,
  conditional,
  ifHeld,
  type LedgerKey,
  type LedgerTable,
  queryBatches,
  withoutItem,
  withoutKey,
} from './ledger-items.ts';
import type { Batch, LedgerPort, Teardown, TeardownChange } from './teardown.ts';

/** The client that all operations share. */
export function connectLedger(edge: Edge): LedgerTable {
  const client = new DynamoDBClient(clientSettings(edge, edge.dynamodb));
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return { documents, name: required(edge.env, 'LEDGER_TABLE') };
}

export const readTeardown =
  ({ documents, name }: LedgerTable): LedgerPort['readTeardown'] =>
  async (voiceConnectorId) => {
    const key: LedgerKey = { voiceConnectorId, item: 'teardown' };
    const command = new GetCommand({ TableName: name, Key: key, ConsistentRead: true });
    const { Item } = await mapped(() => documents.send(command), 'reading the teardown in the ledger');
    return Item === undefined ? undefined : withoutItem<Teardown>(Item);
  };

export const draftBatch =
  ({ documents, name }: LedgerTable): LedgerPort['draftBatch'] =>
  async ({ voiceConnectorId, generation, batch: index }, batch) => {
    const key: LedgerKey = { voiceConnectorId, item: batchItem(generation, index) };
    const put = new PutCommand({ TableName: name, Item: { ...key, ...batch } });
    await mapped(() => documents.send(put), 'writing the numbers into the ledger');
  };

export const dropDraft =
  (table: LedgerTable): LedgerPort['dropDraft'] =>
  async (voiceConnectorId, generation) => {
    const items = queryBatches(table, voiceConnectorId, batchItem(generation), keyAttributes);
    for await (const { item } of items) await dropItem(table, voiceConnectorId, String(item));
  };

export const openTeardown =
  (table: LedgerTable): LedgerPort['openTeardown'] =>
  async (teardown, batches, runStartedAt, { drafted = 0, instead } = {}) => {
    const { documents, name } = table;
    const { voiceConnectorId, generation, holder } = teardown;
    for (const batch of batches)
      await draftBatch(table)({ voiceConnectorId, generation, batch: batch.index }, batch);
    // Whoever opened a plan meanwhile has removed the others, of which this may be one.
    if (drafted > 0) await expectAll(table, voiceConnectorId, generation, drafted + batches.length);
    const key: LedgerKey = { voiceConnectorId, item: 'teardown' };
    const isFree = 'phase IN (:deleted, :restored) AND attribute_not_exists(holder)';
    const isWelcome = '(attribute_not_exists(refusesRunsUntil) OR refusesRunsUntil < :runStartedAt)';
    const isNew = `attribute_not_exists(voiceConnectorId) OR (${isFree} AND ${isWelcome})`;
    // Another attempt of the same execution may have opened a plan of its own: holding it is not enough. The plan itself is
    // let through for the sake of a write that is sent twice.
    const isAsRead = 'holder = :holder AND generation IN (:generation, :instead)';
    const put = new PutCommand({
      TableName: name,
      Item: { ...key, ...teardown },
      ConditionExpression: `${isNew} OR (${isAsRead})`,
      ExpressionAttributeValues: {
        ':holder': holder,
        ':generation': generation,
        ':instead': instead ?? generation,
        ':deleted': 'deleted',
        ':restored': 'restored',
        ':runStartedAt': runStartedAt,
      },
    });
    await ifHeld(() => documents.send(put), 'opening the teardown in the ledger', voiceConnectorId);
  };

/** LockLost where batches of a plan are missing. */
async function expectAll(
  table: LedgerTable,
  voiceConnectorId: string,
  generation: string,
  expected: number,
): Promise<void> {
  const items = queryBatches(table, voiceConnectorId, batchItem(generation), keyAttributes);
  const found = await Array.fromAsync(items);
  if (found.length === expected) return;
  throw new LockLost(
    `Of ${expected} batches of plan ${generation} for connector ${voiceConnectorId}, ${found.length} are in the ledger: ` +
      'another run has removed the others.',
  );
}

export const refuseRuns =
  ({ documents, name }: LedgerTable): LedgerPort['refuseRuns'] =>
  async (marker) => {
    const key: LedgerKey = { voiceConnectorId: marker.voiceConnectorId, item: 'teardown' };
    const put = new PutCommand({
      TableName: name,
      Item: { ...key, ...marker },
      ConditionExpression:
        'attribute_not_exists(voiceConnectorId) OR (phase = :restored AND attribute_not_exists(holder))',
      ExpressionAttributeValues: { ':restored': 'restored' },
    });
    const doing = 'noting in the ledger that a restore was asked for';
    await ifHeld(() => documents.send(put), doing, marker.voiceConnectorId);
  };

export const hasSuperseded =
  (table: LedgerTable): LedgerPort['hasSuperseded'] =>
  async (voiceConnectorId, generation) => {
    for await (const _item of supersededItems(table, voiceConnectorId, generation)) return true;
    return false;
  };

export const dropSuperseded =
  (table: LedgerTable): LedgerPort['dropSuperseded'] =>
  async (voiceConnectorId, generation) => {
    for await (const item of supersededItems(table, voiceConnectorId, generation))
      await dropItem(table, voiceConnectorId, item);
  };

async function dropItem(
  { documents, name }: LedgerTable,
  voiceConnectorId: string,
  item: string,
): Promise<void> {
  const key: LedgerKey = { voiceConnectorId, item };
  const command = new DeleteCommand({ TableName: name, Key: key });
  await mapped(() => documents.send(command), 'removing a superseded plan from the ledger');
}

/** All that it takes to find an item. */
const keyAttributes = ['voiceConnectorId', 'item'] as const;

async function* supersededItems(table: LedgerTable, voiceConnectorId: string, generation: string) {
  const inForce = batchItem(generation);
  for await (const { item } of queryBatches(table, voiceConnectorId, 'batch#', keyAttributes)) {
    if (!String(item).startsWith(inForce)) yield String(item);
  }
}

export const takeOver =
  ({ documents, name }: LedgerTable): LedgerPort['takeOver'] =>
  async ({ voiceConnectorId, phase, holder: old, busyUntil }, holder, since) => {
    const key: LedgerKey = { voiceConnectorId, item: 'teardown' };
    const unchanged = old === undefined ? 'attribute_not_exists(holder)' : 'holder = :old';
    const update = new UpdateCommand({
      TableName: name,
      Key: key,
      UpdateExpression: 'SET holder = :holder, holderSince = :since, clearAt = busyUntil',
      ConditionExpression: `phase = :phase AND busyUntil = :busyUntil AND ${unchanged}`,
      ExpressionAttributeValues: {
        ':holder': holder,
        ':since': since,
        ':phase': phase,
        ':busyUntil': busyUntil,
        ...(old === undefined ? {} : { ':old': old }),
      },
    });
    await ifHeld(() => documents.send(update), 'taking the teardown over in the ledger', voiceConnectorId);
  };

export const hold =
  (table: LedgerTable): LedgerPort['hold'] =>
  async (voiceConnectorId, holder, until) => {
    const key: LedgerKey = { voiceConnectorId, item: 'teardown' };
    const update = new UpdateCommand({
      TableName: table.name,
      Key: key,
      UpdateExpression: 'SET busyUntil = :until',
      ConditionExpression: 'holder = :holder AND busyUntil <= :until',
      ExpressionAttributeValues: { ':holder': holder, ':until': until },
    });
    try {
      await ifHeld(() => table.documents.send(update), 'taking the lock in the ledger', voiceConnectorId);
    } catch (error) {
      if (!(error instanceof LockLost)) throw error;
      // The condition also fails where another of the holder's functions is noted to run for longer: that is enough.
      const now = await readTeardown(table)(voiceConnectorId);
      if (now?.holder !== holder || now.busyUntil < until) throw error;
    }
  };

export const readBatch =
  ({ documents, name }: LedgerTable): LedgerPort['readBatch'] =>
  async ({ voiceConnectorId, generation, batch }) => {
    const key: LedgerKey = { voiceConnectorId, item: batchItem(generation, batch) };
    const command = new GetCommand({ TableName: name, Key: key, ConsistentRead: true });
    const { Item } = await mapped(() => documents.send(command), 'reading a batch in the ledger');
    if (Item === undefined) {
      throw new LedgerMismatch(
        `The ledger has no batch ${batch} of plan ${generation} for connector ${voiceConnectorId}.`,
      );
    }
    return withoutKey<Batch>(Item);
  };

export const saveBatch =
  ({ documents, name }: LedgerTable): LedgerPort['saveBatch'] =>
  async ({ voiceConnectorId, generation, batch: index }, batch) => {
    const key: LedgerKey = { voiceConnectorId, item: batchItem(generation, index) };
    const put = new PutCommand({
      TableName: name,
      Item: { ...key, ...batch },
      ConditionExpression: 'attribute_exists(voiceConnectorId)',
    });
    await conditional(
      () => documents.send(put),
      'writing the progress of a batch into the ledger',
      () =>
        new LedgerMismatch(
          `Batch ${index} of plan ${generation} for connector ${voiceConnectorId} is no longer in the ledger.`,
        ),
    );
  };

export const readBatches = (table: LedgerTable): LedgerPort['readBatches'] =>
  async function* (voiceConnectorId, generation) {
    for await (const item of queryBatches(table, voiceConnectorId, batchItem(generation)))
      yield withoutKey<Batch>(item);
  };

export const updateTeardown =
  (table: LedgerTable): LedgerPort['updateTeardown'] =>
  (voiceConnectorId, holder, change) =>
    writeChange(table, voiceConnectorId, holder, change, []);

export const closeTeardown =
  (table: LedgerTable): LedgerPort['closeTeardown'] =>
  (voiceConnectorId, holder, change) =>
    writeChange(table, voiceConnectorId, holder, change, ['holder', 'holderSince', 'clearAt']);

export const expireBatches =
  (table: LedgerTable): LedgerPort['expireBatches'] =>
  async (voiceConnectorId, generation, at) => {
    const items = queryBatches(table, voiceConnectorId, batchItem(generation), keyAttributes);
    for await (const { item } of items) {
      const update = new UpdateCommand({
        TableName: table.name,
        Key: { voiceConnectorId, item },
        UpdateExpression: 'SET expiresAt = :at',
        ConditionExpression: 'attribute_exists(voiceConnectorId)',
        ExpressionAttributeValues: { ':at': at },
      });
      await mapped(() => table.documents.send(update), 'noting when the ledger may forget a batch');
    }
  };

/** Sets the fields of `change` (undefined removes one), and removes `others`, where `holder` holds the lock. */
async function writeChange(
  { documents, name }: LedgerTable,
  voiceConnectorId: string,
  holder: string,
  change: TeardownChange,
  others: readonly string[],
): Promise<void> {
  const key: LedgerKey = { voiceConnectorId, item: 'teardown' };
  const fields = Object.entries(change).filter(([, value]) => value !== undefined);
  const removed = [
    ...Object.keys(change).filter((field) => !fields.some(([set]) => set === field)),
    ...others,
  ];
  const names = [...fields.map(([field]) => field), ...removed];
  const placeOf = (field: string): string => `#f${names.indexOf(field)}`;
  const set = fields.map(([field], i) => `${placeOf(field)} = :v${i}`).join(', ');
  const remove = removed.map(placeOf).join(', ');
  const update = new UpdateCommand({
    TableName: name,
    Key: key,
    UpdateExpression: [set && `SET ${set}`, remove && `REMOVE ${remove}`].filter(Boolean).join(' '),
    ConditionExpression: 'holder = :holder',
    ExpressionAttributeNames: Object.fromEntries(names.map((field) => [placeOf(field), field])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(fields.map(([, value], i) => [`:v${i}`, value])),
      ':holder': holder,
    },
  });
  await ifHeld(() => documents.send(update), 'writing the teardown into the ledger', voiceConnectorId);
}
