/**
 * Beside ./ledger.ts: how the ledger's items are keyed, read page by page, and written on a condition. No operation of its own.
 */
import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mapped } from '../aws/aws-error.ts';
import { LockLost, ServiceError } from '../errors.ts';

/** The table's key attributes. `item` is `teardown`, or `batch#<generation>#<index>`. */
export interface LedgerKey {
  readonly voiceConnectorId: string;
  readonly item: string;
}

/** The ledger's table, and the client to it. */
export interface LedgerTable {
  readonly documents: DynamoDBDocumentClient;
  readonly name: string;
}

/** How many batches are read at once. */
const batchesPerPage = 2;

/** The items of a connector whose sort key begins in a certain way, page by page. */
export async function* queryBatches(
  { documents, name }: LedgerTable,
  voiceConnectorId: string,
  beginning: string,
  attributes?: readonly string[],
): AsyncGenerator<Record<string, unknown>> {
  let from: Record<string, unknown> | undefined;
  do {
    const command = new QueryCommand({
      TableName: name,
      // A page of 1 MB would hold 8,000 numbers.
      ...(attributes === undefined ? { Limit: batchesPerPage } : {}),
      KeyConditionExpression: 'voiceConnectorId = :id AND begins_with(#item, :beginning)',
      ExpressionAttributeNames: { '#item': 'item' },
      ExpressionAttributeValues: { ':id': voiceConnectorId, ':beginning': beginning },
      ConsistentRead: true,
      ...(attributes === undefined
        ? {}
        : { ProjectionExpression: attributes.join(', ').replace('item', '#item') }),
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const page = await mapped(() => documents.send(command), 'reading the batches in the ledger');
    yield* page.Items ?? [];
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
}

/** Sort key of a batch, or the beginning that all batches of a plan share; padded, so that they sort by number. */
export function batchItem(generation: string, index?: number): string {
  const plan = `batch#${generation}#`;
  return index === undefined ? plan : `${plan}${String(index).padStart(6, '0')}`;
}

/** What was put is what comes back: only this file writes to the table. */
export function withoutItem<T>({ item: _item, ...rest }: Record<string, unknown>): T {
  return rest as T;
}

/** Also without the end of its time: a batch that is written again is worked on again. */
export function withoutKey<T>({
  voiceConnectorId: _id,
  item: _item,
  expiresAt: _expires,
  ...rest
}: Record<string, unknown>): T {
  return rest as T;
}

/** Sends a write; where its condition is not met, throws what `otherwise` makes. */
export async function conditional(
  send: () => Promise<unknown>,
  doing: string,
  otherwise: () => Error,
): Promise<void> {
  try {
    await mapped(send, doing);
  } catch (error) {
    if (error instanceof ServiceError && error.name === 'ConditionalCheckFailedException') throw otherwise();
    throw error;
  }
}

/** Sends a write on the condition that an execution holds the teardown; LockLost where it does not. */
export function ifHeld(send: () => Promise<unknown>, doing: string, voiceConnectorId: string): Promise<void> {
  return conditional(
    send,
    doing,
    () =>
      new LockLost(
        `The teardown of connector ${voiceConnectorId} is not, or no longer, in the hands of this execution.`,
      ),
  );
}
