/**
 * Beside ./ledger.ts: the one operation that looks at all connectors. A file of its own, so that no step's bundle and role
 * contain a Scan.
 */
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { mapped } from '../aws/aws-error.ts';
import type { LedgerTable } from './ledger-items.ts';
import type { Teardown } from './teardown.ts';

/** What is listed of a teardown: all but what it takes to build the connector again, which may be large. */
const listed = [
  'voiceConnectorId',
  'name',
  'phase',
  'holder',
  'holderSince',
  'execution',
  'generation',
  'stateMachine',
  'phoneNumbers',
  'startedAt',
  'windowEndsAt',
  'goneAt',
  'endedAt',
  'error',
  'cause',
] as const satisfies readonly (keyof Teardown)[];

/** A teardown, as far as a list of many has it. */
export type ListedTeardown = Pick<Teardown, (typeof listed)[number]>;

/** What was listed. */
export interface TeardownList {
  readonly teardowns: readonly ListedTeardown[];
  /** Whether these are all: not where time was up before the end of the table. */
  readonly isWhole: boolean;
}

/**
 * Lists the teardowns of all connectors, in no order. Eventually consistent: half the price, and a second late at most.
 *
 * @param isTimeUp asked before each page: whether to be content with what has been read
 */
export type ListTeardowns = (isTimeUp: () => boolean) => Promise<TeardownList>;

/**
 * How many parts of the table are read at the same time. A page is 1 MB, and most of it is numbers: 500 connectors of 1,000
 * numbers are some 75 pages.
 */
const segments = 8;

export const listTeardowns =
  (table: LedgerTable): ListTeardowns =>
  async (isTimeUp) => {
    const parts = await Promise.all(
      Array.from({ length: segments }, (_, segment) => scanSegment(table, segment, isTimeUp)),
    );
    return {
      teardowns: parts.flatMap(({ teardowns }) => teardowns),
      isWhole: parts.every(({ isWhole }) => isWhole),
    };
  };

async function scanSegment(
  { documents, name }: LedgerTable,
  segment: number,
  isTimeUp: () => boolean,
): Promise<TeardownList> {
  const teardowns: ListedTeardown[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    if (isTimeUp()) return { teardowns, isWhole: false };
    const command = new ScanCommand({
      TableName: name,
      Segment: segment,
      TotalSegments: segments,
      FilterExpression: '#item = :teardown',
      ProjectionExpression: listed.map((_, i) => `#f${i}`).join(', '),
      // Placeholders throughout: some of the names are words of DynamoDB's own.
      ExpressionAttributeNames: {
        '#item': 'item',
        ...Object.fromEntries(listed.map((field, i) => [`#f${i}`, field])),
      },
      ExpressionAttributeValues: { ':teardown': 'teardown' },
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    const page = await mapped(() => documents.send(command), 'listing the teardowns in the ledger');
    teardowns.push(...((page.Items ?? []) as ListedTeardown[]));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return { teardowns, isWhole: true };
}
