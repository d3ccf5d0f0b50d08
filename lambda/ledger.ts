/**
 * The only file that knows how the ledger is stored: one DynamoDB table, under a connector's id one item for its
 * teardown and one for each batch of numbers. Numbers are stored here and nowhere else.
 *
 * Each operation is a function of its own, so that a step's bundle and role contain only what it does.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { asStepError } from './aws-error.ts';
import { type Edge, required } from './edge.ts';
import { LedgerMismatch, ServiceError } from './errors.ts';
import type { Batch, LedgerPort, Teardown } from './ports.ts';
import { retryStrategy } from './retry-strategy.ts';

/** The table's key attributes. `item` is `teardown`, or `batch#<generation>#<index>`. */
export interface LedgerKey {
  readonly voiceConnectorId: string;
  readonly item: string;
}

export interface LedgerTable {
  readonly documents: DynamoDBDocumentClient;
  readonly name: string;
}

/** The client that all operations share. Endpoint, Region and credentials come from the SDK's usual chain. */
export function connectLedger(edge: Edge): LedgerTable {
  const client = new DynamoDBClient({
    ...edge.dynamodb,
    retryStrategy: retryStrategy(edge),
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: edge.requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  });
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

export const openTeardown =
  ({ documents, name }: LedgerTable): LedgerPort['openTeardown'] =>
  async (teardown, batches) => {
    const { voiceConnectorId, generation, holder } = teardown;
    for (const batch of batches) {
      const key: LedgerKey = { voiceConnectorId, item: batchItem(generation, batch.index) };
      const put = new PutCommand({ TableName: name, Item: { ...key, ...batch } });
      await mapped(() => documents.send(put), 'writing the numbers into the ledger');
    }
    const key: LedgerKey = { voiceConnectorId, item: 'teardown' };
    const put = new PutCommand({
      TableName: name,
      Item: { ...key, ...teardown },
      ConditionExpression: 'attribute_not_exists(voiceConnectorId) OR holder = :holder OR phase = :deleted',
      ExpressionAttributeValues: { ':holder': holder, ':deleted': 'deleted' },
    });
    await conditional(
      () => documents.send(put),
      'opening the teardown in the ledger',
      `Another execution has opened a teardown of connector ${voiceConnectorId} in the meantime; this one changed nothing.`,
    );
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
      `Batch ${index} of plan ${generation} for connector ${voiceConnectorId} is no longer in the ledger.`,
    );
  };

export const readBatches = ({ documents, name }: LedgerTable): LedgerPort['readBatches'] =>
  async function* (voiceConnectorId, generation) {
    let from: Record<string, unknown> | undefined;
    do {
      const command = new QueryCommand({
        TableName: name,
        KeyConditionExpression: 'voiceConnectorId = :id AND begins_with(#item, :batches)',
        ExpressionAttributeNames: { '#item': 'item' },
        ExpressionAttributeValues: { ':id': voiceConnectorId, ':batches': batchItem(generation) },
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      });
      const page = await mapped(() => documents.send(command), 'reading the batches in the ledger');
      for (const item of page.Items ?? []) yield withoutKey<Batch>(item);
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  };

export const updateTeardown =
  ({ documents, name }: LedgerTable): LedgerPort['updateTeardown'] =>
  async (voiceConnectorId, holder, change) => {
    const key: LedgerKey = { voiceConnectorId, item: 'teardown' };
    const fields = Object.entries(change).filter(([, value]) => value !== undefined);
    const update = new UpdateCommand({
      TableName: name,
      Key: key,
      UpdateExpression: `SET ${fields.map((_, i) => `#f${i} = :v${i}`).join(', ')}`,
      ConditionExpression: 'holder = :holder',
      ExpressionAttributeNames: Object.fromEntries(fields.map(([field], i) => [`#f${i}`, field])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(fields.map(([, value], i) => [`:v${i}`, value])),
        ':holder': holder,
      },
    });
    await conditional(
      () => documents.send(update),
      'writing the teardown into the ledger',
      `The teardown of connector ${voiceConnectorId} is not, or no longer, in the hands of this execution.`,
    );
  };

/** Sort key of a batch, or the beginning that all batches of a plan share; padded, so that they sort by number. */
function batchItem(generation: number, index?: number): string {
  const plan = `batch#${String(generation).padStart(6, '0')}#`;
  return index === undefined ? plan : `${plan}${String(index).padStart(6, '0')}`;
}

/** What was put is what comes back: only this file writes to the table. */
function withoutItem<T>({ item: _item, ...rest }: Record<string, unknown>): T {
  return rest as T;
}

function withoutKey<T>({ voiceConnectorId: _id, item: _item, ...rest }: Record<string, unknown>): T {
  return rest as T;
}

async function mapped<T>(send: () => Promise<T>, doing: string): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw asStepError(error, doing);
  }
}

async function conditional(send: () => Promise<unknown>, doing: string, otherwise: string): Promise<void> {
  try {
    await mapped(send, doing);
  } catch (error) {
    if (error instanceof ServiceError && error.name === 'ConditionalCheckFailedException') {
      throw new LedgerMismatch(otherwise);
    }
    throw error;
  }
}
