import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import type { Connection } from '../lambda/edge.ts';
import type { Synthesis } from './synthesis.ts';

/** A DynamoDB on this machine, in memory, with the ledger's table as the template describes it. */
export interface LocalLedger {
  readonly connection: Connection;
  /** May be set and replaced while running. */
  readonly hooks: LedgerHooks;
  /** Everything in it, for tests and reports. */
  items(): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Called around each operation that writes (`PutItem`, `UpdateItem`, …): a test may act, or let it wait for ever. */
export interface LedgerHooks {
  beforeEffect?: ((operation: string) => void | Promise<void>) | undefined;
  /** Only where it was carried out, and before the caller hears of it. */
  afterEffect?: ((operation: string) => void | Promise<void>) | undefined;
}

/** Credentials that only stand-ins accept. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export async function startLocalLedger(table: Synthesis['table']): Promise<LocalLedger> {
  const database = dynalite({ createTableMs: 0 });
  const hooks: LedgerHooks = {};
  const server = createServer((request, response) => {
    void withHooks(hooks, request, response, () => database.emit('request', request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const connection = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: localCredentials,
  };
  const client = new DynamoDBClient(connection);
  const input = { ...table, BillingMode: 'PAY_PER_REQUEST' } as CreateTableCommandInput;
  await client.send(new CreateTableCommand(input));
  const documents = DynamoDBDocumentClient.from(client);
  return {
    connection,
    hooks,
    items: async () => {
      const found: Record<string, unknown>[] = [];
      let from: Record<string, unknown> | undefined;
      do {
        const command = new ScanCommand({
          TableName: table.TableName,
          ConsistentRead: true,
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        });
        const page = await documents.send(command);
        found.push(...(page.Items ?? []));
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return found;
    },
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function withHooks(
  hooks: LedgerHooks,
  request: IncomingMessage,
  response: ServerResponse,
  answer: () => void,
): Promise<void> {
  const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
  if (!/^((Put|Update|Delete|BatchWrite)Item|TransactWriteItems)$/.test(operation)) return answer();
  await hooks.beforeEffect?.(operation);
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  response.end = ((...args: unknown[]) => {
    const after = response.statusCode === 200 ? hooks.afterEffect?.(operation) : undefined;
    void Promise.resolve(after).then(() => end(...args));
    return response;
  }) as ServerResponse['end'];
  answer();
}
